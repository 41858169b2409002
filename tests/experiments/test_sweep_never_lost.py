"""Nothing lost, nothing twice, nothing silently wrong: sweeps are killed, starved of disk and damaged, and then resumed.

The full form kills at fifty moments (``pytest -m slow``); the fast form does the same a few times.
"""

from __future__ import annotations

import contextlib
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clustersim.experiments import maintenance
from clustersim.experiments.store import open_store
from clustersim.experiments.sweeping import sweep
from sweep_cases import TINY, experiment

pytestmark = pytest.mark.xdist_group("alone")

REPOSITORY = Path(__file__).parents[2]
# About four seconds of work for one process, in many chunks.
TEXT = TINY.replace("years: 2", "years: 10").replace("smes: 8", "smes: 30").replace("replicates: 5", "replicates: 60")
CHUNK = 7


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    """Return digest, compacted files and number of runs of a sweep that nothing happened to."""
    folder = tmp_path_factory.mktemp("unbroken")
    store = sweep(experiment(folder, TEXT), folder / "out").store
    maintenance.compact(store)
    return maintenance.digest(store), {name: (store.chunks / name).read_bytes() for name in store.names()}, store.plan.runs


def started(path, out, **options):
    """Start a sweep in a process of its own."""
    source = os.pathsep.join([str(REPOSITORY / "src"), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-m", "clustersim", "sweep", str(path), "--out", str(out), "--workers", "1", "--chunk", str(CHUNK)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": source}, **options,
    )  # fmt: skip


def written(out, number=1, seconds=60):
    """Wait until there are so many chunks; return them."""
    end = time.monotonic() + seconds
    while len(found := sorted((out / "tiny" / "chunks").glob("*.parquet"))) < number:
        assert time.monotonic() < end, "no chunk was written in time"
        time.sleep(0.02)
    return found


def finish(path, out, unbroken):
    """Resume to the end; check that everything is there once and right."""
    digest, files, runs = unbroken
    result = sweep(path, out, chunk=500)
    assert (result.missing, result.failed, result.done) == (0, 0, runs)
    store = open_store(out / "tiny")
    checked = maintenance.verify(store)
    assert checked["ok"] and checked["done"] == runs
    assert maintenance.digest(store) == digest
    maintenance.compact(store)
    assert {name: (store.chunks / name).read_bytes() for name in store.names()} == files
    assert not [left for left in store.chunks.iterdir() if left.name.startswith(".")]


def killed(path, out, draw, kills, writers=4):
    """Keep so many writers going, and kill one of them at random so many times; return how far the sweep came meanwhile."""
    running = [started(path, out) for _ in range(writers)]
    done = []
    try:
        written(out)
        for _ in range(kills):
            time.sleep(draw.uniform(0.0, 1.2))
            victim = draw.randrange(writers)
            running[victim].send_signal(signal.SIGKILL)
            running[victim].communicate()
            running[victim] = started(path, out)
            done.append(int(open_store(out / "tiny").done.sum()))
    finally:
        for process in running:
            process.send_signal(signal.SIGKILL)
            process.communicate()
    return done


@pytest.mark.slow
@pytest.mark.parametrize("kills", [pytest.param(4, id="4 kills"), pytest.param(50, id="50 kills", marks=pytest.mark.long)])
def test_kills_at_random_moments_with_four_writers(tmp_path, kills):
    text = TEXT.replace("replicates: 60", "replicates: 240" if kills < 10 else "replicates: 1500")
    path, draw = experiment(tmp_path, text), random.Random(kills)
    whole = sweep(path, tmp_path / "unbroken").store
    maintenance.compact(whole)
    facts = (maintenance.digest(whole), {name: (whole.chunks / name).read_bytes() for name in whole.names()}, whole.plan.runs)
    done = killed(path, tmp_path / "out", draw, kills)
    assert done == sorted(done) and 0 < done[0]  # nothing that was done is ever lost
    assert done[0] < facts[2], "the sweep was over before anything was killed"
    finish(path, tmp_path / "out", facts)


@pytest.mark.slow
def test_one_writer_killed_again_and_again_before_it_can_write_much(tmp_path, unbroken):
    path, draw = experiment(tmp_path, TEXT), random.Random(3)
    for _ in range(4):
        before = len(list((tmp_path / "out" / "tiny" / "chunks").glob("*.parquet")))
        process = started(path, tmp_path / "out")
        written(tmp_path / "out", before + 1)
        time.sleep(draw.uniform(0.0, 0.3))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    finish(path, tmp_path / "out", unbroken)


# no room


@contextlib.contextmanager
def small_disk(folder, kilobytes):
    """Mount a small file system of memory, if this user may."""
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", folder], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here ({done.stderr.strip()}); the limit of file size is tested instead")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_ends_it_with_a_sentence_and_loses_nothing(tmp_path, unbroken):
    path = experiment(tmp_path, TEXT)
    with small_disk(tmp_path / "disk", 300) as disk:
        process = started(path, disk / "out")
        _, said = process.communicate(timeout=120)
        assert process.returncode == 1 and "No space left" in said and "the same command goes on" in said, said
        assert "Traceback" not in said
        store = open_store(disk / "out" / "tiny")
        before = int(store.done.sum())
        assert 0 < before < store.plan.runs and not store.bad
        subprocess.run(["mount", "-o", "remount,size=50m", disk], check=True)
        finish(path, disk / "out", unbroken)


@pytest.mark.slow
def test_a_limit_of_file_size_ends_it_with_a_sentence_and_loses_nothing(tmp_path, unbroken):
    path = experiment(tmp_path, TEXT)
    first = started(path, tmp_path / "out")
    written(tmp_path / "out", 5)
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=60)
    sizes = sorted(chunk.stat().st_size for chunk in written(tmp_path / "out"))
    limit = sizes[len(sizes) // 2] - 1

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    process = started(path, tmp_path / "out", preexec_fn=limited)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1 and "File too large" in said and "Traceback" not in said, said
    store = open_store(tmp_path / "out" / "tiny")
    assert not store.bad and not [left for left in store.chunks.iterdir() if left.name.startswith(".")]
    finish(path, tmp_path / "out", unbroken)


# damage


@pytest.mark.slow
@pytest.mark.parametrize("rounds", [pytest.param(2, id="fast"), pytest.param(12, id="full", marks=pytest.mark.long)])
def test_flipped_bits_and_truncation_between_and_during_sweeps(tmp_path, unbroken, rounds):
    path, out, draw = experiment(tmp_path, TEXT), tmp_path / "out", random.Random(rounds)
    for _ in range(rounds):
        before = len(list((out / "tiny" / "chunks").glob("*.parquet")))
        process = started(path, out)
        names = written(out, before + 3)
        for name in draw.sample(names, 3):
            data = bytearray(name.read_bytes())
            if draw.random() < 0.3:
                del data[draw.randrange(len(data)) :]
            else:
                data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
            name.write_bytes(data)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    finish(path, out, unbroken)


def test_a_plan_and_chunks_damaged_at_once(tmp_path, unbroken):
    path, out = experiment(tmp_path, TEXT), tmp_path / "out"
    sweep(path, out, chunk=50)
    plan = out / "tiny" / "plan.json"
    plan.write_bytes(plan.read_bytes()[:-30])
    for chunk in list((out / "tiny" / "chunks").iterdir())[::2]:
        chunk.write_bytes(chunk.read_bytes()[::-1])
    finish(path, out, unbroken)
