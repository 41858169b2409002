"""Work that ended early goes on from the batches that it finished, and ends as if it had not been interrupted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from clustersim.results import read_run, simulate, unfinished, write_result
from clustersim.results.unfinished import Kept
from clustersim.simulation import batches
from clustersim.studies.comparison import compare, write_comparison
from lease_cases import in_a_container
from result_cases import QUARTERS, recorded, scenario

RECORDS = ("firms", "ties", "events")


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(batches, "batch_size", lambda scenario, workers: 2)


def interrupted(work, quarters):
    """Call ``work(progress, tell)`` until so many quarters are done; return what it said."""
    told = []

    def progress(done, total):
        if done > quarters:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work(progress, told.append)
    return told


def hidden(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.startswith(".")]


def content(folder: Path) -> dict[str, bytes]:
    """Return the files of a result, without when it was made."""
    found = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name != "files.json"}
    for name in ("run.json", "comparison.json"):
        if name in found:
            said = json.loads(found[name])
            found[name] = json.dumps({key: said[key] for key in said if key not in ("started", "seconds")}).encode()
    return found


def test_a_request_to_end_when_a_batch_just_lies_there_still_says_that_it_is_kept(tmp_path, monkeypatch):
    write = unfinished.files.write

    def cut(path, data):
        write(path, data)
        raise KeyboardInterrupt

    told = []
    monkeypatch.setattr(unfinished.files, "write", cut)
    with pytest.raises(KeyboardInterrupt):
        simulate(scenario(), seed=5, replicates=7, name="small", keep=tmp_path / "out", tell=told.append)
    assert told == ["2 of 7 replicates are kept; the same command goes on from there."]


def test_a_run_goes_on_and_is_the_same_to_the_byte(tmp_path):
    def run(progress, tell, keep=tmp_path / "out"):
        return simulate(scenario(), seed=5, replicates=7, records=RECORDS, name="small", progress=progress, keep=keep, tell=tell)

    whole = simulate(scenario(), seed=5, replicates=7, records=RECORDS, name="small")
    first = interrupted(run, 5 * QUARTERS)
    assert first == ["4 of 7 replicates are kept; the same command goes on from there."]
    assert [path.name.split(".kept-")[0] for path in hidden(tmp_path / "out")] == [f".{whole.folder_name}"]
    told, seen = [], []
    again = run(lambda done, total: seen.append((done, total)), told.append)
    assert told == ["Goes on from 4 of 7 replicates, which were kept."]
    assert seen[0][0] > 4 * QUARTERS and seen[-1] == (7 * QUARTERS, 7 * QUARTERS)
    assert hidden(tmp_path / "out"), "what is kept goes when the result is written, not before"
    write_result(again, tmp_path / "out" / again.folder_name)
    write_result(whole, tmp_path / "whole" / whole.folder_name)
    assert content(tmp_path / "out" / again.folder_name) == content(tmp_path / "whole" / whole.folder_name)
    assert not hidden(tmp_path / "out")


def test_batches_of_any_size_end_in_the_same_bytes(tmp_path, monkeypatch):
    found = []
    for size in (1, 3, 100):
        monkeypatch.setattr(batches, "batch_size", lambda scenario, workers, size=size: size)
        result = simulate(scenario(), seed=5, replicates=7, records=RECORDS, name="small")
        found.append(content(write_result(result, tmp_path / str(size))))
    assert found[0] == found[1] == found[2]


def test_another_run_finds_nothing_and_touches_nothing(tmp_path):
    def run(progress, tell, **change):
        options = {"seed": 5, "replicates": 7, "name": "small"} | change
        return simulate(scenario(), **options, progress=progress, keep=tmp_path, tell=tell)

    interrupted(run, 3 * QUARTERS)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    for change in ({"seed": 6}, {"replicates": 8}, {"records": ("firms",)}, {"years": 2}):
        told = []
        write_result(run(None, told.append, **change), tmp_path / "other")
        assert not told
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path in before} == before


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: b"", lambda data: data[:40] + b"x" + data[41:]])
def test_damaged_batches_are_done_again(tmp_path, damage):
    def run(progress, tell):
        return simulate(scenario(), seed=5, replicates=7, name="small", progress=progress, keep=tmp_path, tell=tell)

    interrupted(run, 5 * QUARTERS)
    part = sorted(hidden(tmp_path)[0].iterdir())[0]
    part.write_bytes(damage(part.read_bytes()))
    told = []
    again = run(None, told.append)
    assert told == ["Goes on from 2 of 7 replicates, which were kept."]
    whole = simulate(scenario(), seed=5, replicates=7, name="small")
    for name, frame in whole.tables().items():
        pd.testing.assert_frame_equal(again.tables()[name], frame, check_exact=True)


def test_batches_that_overlap_count_once(tmp_path):
    result = recorded()
    kept = Kept(tmp_path, "x")
    for numbers in ([0, 1], [1, 2], [2]):
        tables = {"indicators": result.indicators[result.indicators["replicate"].isin(numbers)].reset_index(drop=True)}
        kept.write("replicates", numbers, tables)
    found = kept.read("replicates")
    assert [numbers for numbers, _ in found] == [[0, 1], [2]]
    assert sorted(path.suffix for path in kept.folder.iterdir()) == [".part"] * 3
    kept.clear()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("paired", [True, False])
def test_a_comparison_goes_on_and_is_the_same_to_the_byte(tmp_path, paired):
    options = {"alone": scenario(programme=None), "supported": scenario()}

    def run(progress, tell, keep=tmp_path / "out"):
        return compare(options, replicates=5, seed=5, worlds=10, paired=paired, progress=progress, keep=keep, tell=tell)

    whole = compare(options, replicates=5, seed=5, worlds=10, paired=paired)
    first = interrupted(run, 5 * QUARTERS)
    said = "2 of 5 replicates and 0 of 10 worlds are kept; the same command goes on from there."
    assert first == ([said] if paired else [])  # unpaired options run one after the other: the second had not begun
    then = interrupted(run, (2 * 5 + 2 * 4 * 6) * QUARTERS)
    assert then[-1] == "5 of 5 replicates and 6 of 10 worlds are kept; the same command goes on from there."
    told = []
    again = run(None, told.append)
    assert told == ["Goes on from 5 of 5 replicates and 6 of 10 worlds, which were kept."]
    write_comparison(again, tmp_path / "out" / again.folder_name)
    write_comparison(whole, tmp_path / "whole" / whole.folder_name)
    assert content(tmp_path / "out" / again.folder_name) == content(tmp_path / "whole" / whole.folder_name)
    assert not hidden(tmp_path / "out")


def test_the_stop_sign_ends_a_run_with_what_is_whole_kept(tmp_path):
    import threading

    stop = threading.Event()

    def progress(done, total):
        if done > 3 * QUARTERS:
            stop.set()

    with pytest.raises(batches.Stopped):
        simulate(scenario(), seed=5, replicates=7, name="small", progress=progress, keep=tmp_path, stop=stop)
    told = []
    simulate(scenario(), seed=5, replicates=7, name="small", keep=tmp_path, tell=told.append)
    assert told == ["Goes on from 4 of 7 replicates, which were kept."]  # the sign came when the second batch was done


def test_a_disk_that_is_full_leaves_what_is_whole(tmp_path, monkeypatch):
    from clustersim.core import files

    plain, written = files.write, []

    def full(path, data, replace=True):
        if len(written) == 2:
            raise OSError(28, "No space left on device")
        written.append(path)
        return plain(path, data, replace)

    monkeypatch.setattr(files, "write", full)
    told = []
    with pytest.raises(OSError, match="No space"):
        simulate(scenario(), seed=5, replicates=7, name="small", keep=tmp_path, tell=told.append)
    assert told == ["4 of 7 replicates are kept; the same command goes on from there."]
    monkeypatch.undo()
    assert len(Kept.read(_kept(tmp_path), "replicates")) == 2


def _kept(folder: Path) -> Kept:
    found = Kept(folder, "x")
    (found.folder,) = hidden(folder)
    return found


ENGLISH = os.environ | {"CLUSTERSIM_LANG": "en"}


def _call(command: str) -> list[str]:
    """Return a command of some seconds."""
    asked = {"run": ["designed", "--lang", "en"], "compare": ["no_policy", "designed"]}[command]
    call = [sys.executable, "-m", "clustersim", command, *asked, "--no-figures"]
    return [*call, "--years", "10", "--replicates", "1500", "--workers", "1"]


@pytest.fixture(scope="module", params=["run", "compare"])
def whole(request, tmp_path_factory):
    """Return a command and the result that it gives when nobody ends it."""
    folder = tmp_path_factory.mktemp("whole")
    said = subprocess.run([*_call(request.param), "--out", "."], cwd=folder, env=ENGLISH, capture_output=True, text=True).stderr
    assert "Goes on from" not in said
    (result,) = folder.iterdir()
    return request.param, result


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_command_that_is_ended_goes_on(tmp_path, whole, number):
    command, other = whole
    call = [*_call(command), "--out", "cut"]
    process = subprocess.Popen(
        call, cwd=tmp_path, env=ENGLISH, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # what runs behind a shell would never be interrupted
    )  # fmt: skip
    deadline = time.monotonic() + 300
    while not list(tmp_path.glob("cut/.*.kept-*/*.part")) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(number)
    said = process.communicate(timeout=60)[1]
    assert process.returncode != 0 and not [p for p in (tmp_path / "cut").iterdir() if not p.name.startswith(".")]
    assert number == signal.SIGKILL or "replicates are kept; the same command goes on from there" in said
    again = subprocess.run(call, cwd=tmp_path, env=ENGLISH, capture_output=True, text=True)
    assert "Goes on from" in again.stderr, again.stderr
    (one,) = (tmp_path / "cut").iterdir()
    assert one.name == other.name and content(one) == content(other)


@pytest.mark.slow
def test_the_same_command_in_two_containers_at_once_ends_well_in_both(tmp_path):
    call = ["-m", "clustersim", "run", "designed", "--no-figures", "--years", "5", "--replicates", "200", "--workers", "1"]
    call += ["--out", "out"]
    running = [in_a_container(call, tmp_path) for _ in range(2)]
    said = [process.communicate(timeout=300) for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    (folder,) = (tmp_path / "out").iterdir()
    read_run(folder)


def test_what_another_keeps_of_the_same_work_stays_when_one_is_done(tmp_path):
    result = recorded()
    ours, theirs = Kept(tmp_path, "x"), Kept(tmp_path, "x")
    ours.write("replicates", [0], {"indicators": result.indicators})
    theirs.write("replicates", [1], {"indicators": result.indicators})
    assert (ours.count("replicates"), theirs.count("replicates")) == (1, 1)
    ours.clear()
    assert [numbers for numbers, _ in Kept(tmp_path, "x").read("replicates")] == [[1]]
    theirs.clear()
    assert not list(tmp_path.iterdir())
    theirs.write("replicates", [2], {"indicators": result.indicators})  # the folder comes again
