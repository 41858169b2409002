"""Sweeps on a real SLURM: as an array job and through Dask, with killed workers and cancelled elements, against a local run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from clustersim.experiments import maintenance
from clustersim.experiments.reading import read_sweep
from clustersim.experiments.store import open_store
from clustersim.experiments.sweeping import sweep
from slurm.cluster import SlurmCluster, missing
from sweep_cases import TINY, experiment

REPOSITORY = Path(__file__).parents[3]
# Some ten seconds of work on one processor: long enough to be interrupted.
TEXT = TINY.replace("years: 2", "years: 30").replace("smes: 8", "smes: 60").replace("replicates: 5", "replicates: 70")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("alone"),
    pytest.mark.skipif(bool(missing()), reason=missing() or "SLURM is there"),
]


@pytest.fixture(scope="module")
def slurm():
    """Return a running cluster."""
    with tempfile.TemporaryDirectory(prefix="cs-slurm-") as folder:
        cluster = SlurmCluster(Path(folder))
        path = os.pathsep.join([str(REPOSITORY / "src"), os.environ.get("PYTHONPATH", "")])
        cluster.environment["PYTHONPATH"] = path
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """Return the digest of an unbroken local run."""
    folder = tmp_path_factory.mktemp("local")
    return maintenance.digest(sweep(experiment(folder, TEXT), folder / "out").store)


def command(*arguments):
    """Return the command line of clustersim."""
    return [sys.executable, "-m", "clustersim", "sweep", *map(str, arguments)]


def until(condition, seconds=90):
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.2)


def test_an_array_job_with_a_cancelled_and_a_killed_element_is_made_good_by_submitting_again(slurm, local, tmp_path):
    path = experiment(tmp_path, TEXT)
    made = subprocess.run(command(path, "--out", tmp_path / "out", "--write-sbatch", 3, "--chunk", 20), env=slurm.environment,
                          capture_output=True, text=True, check=True, timeout=120)  # fmt: skip
    script = made.stdout.split()[-1]
    job = slurm.call("sbatch", "--parsable", script)
    folder = tmp_path / "out" / "tiny"
    until(lambda: len(open_store(folder).names()) >= 3)
    slurm.call("scancel", f"{job}_1")
    slurm.call("scancel", "--signal=KILL", "--full", f"{job}_2")
    slurm.wait()
    store = open_store(folder)
    assert 0 < store.done.sum() < store.plan.runs and not store.bad
    slurm.call("sbatch", "--parsable", script)
    slurm.wait()
    store = open_store(folder)
    assert store.pending().size == 0 and maintenance.verify(store)["ok"]
    assert maintenance.digest(store) == local


def test_blanks_quotes_and_per_cents_in_names_reach_the_job_as_they_are(slurm, tmp_path):
    folder = tmp_path / "a b% \"ñ\" 'c' %j $HOME"
    folder.mkdir()
    path = experiment(folder)
    named = path.with_name("tiny $(touch pwned) %A.yaml")
    path.rename(named)
    writing = command(named, "--out", folder / "out", "--write-sbatch", 1)
    subprocess.run(writing, env=slurm.environment, capture_output=True, text=True, check=True, timeout=120)
    store = folder / "out" / named.stem
    slurm.call("sbatch", "--parsable", str(store / "sweep.sbatch"))
    slurm.wait()
    found = open_store(store)
    assert found.pending().size == 0, [log.read_text() for log in (store / "logs").iterdir()]
    assert len(list((store / "logs").glob("*_0.txt"))) == 1
    assert not list(tmp_path.rglob("pwned"))


def test_dask_on_slurm_survives_the_death_of_a_worker_and_of_the_client(slurm, local, tmp_path):
    pytest.importorskip("dask_jobqueue")
    path, folder = experiment(tmp_path, TEXT), tmp_path / "out" / "tiny"
    arguments = (path, "--out", tmp_path / "out", "--backend", "slurm", "--workers", 2, "--chunk", 25)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    client = subprocess.Popen(command(*arguments), env=slurm.environment, **pipes)
    until(lambda: (folder / "plan.json").is_file() and len(open_store(folder).names()) >= 2)  # it comes after the folder
    slurm.call("scancel", slurm.jobs("-t", "R")[0])  # one worker
    count = len(open_store(folder).names())
    until(lambda: len(open_store(folder).names()) > count)
    client.send_signal(signal.SIGTERM)
    _, said = client.communicate(timeout=60)
    assert client.returncode == 143 and "tls://" in said and "goes on from there" in said, said
    slurm.wait()
    before = int(open_store(folder).done.sum())
    assert 0 < before < open_store(folder).plan.runs
    done = subprocess.run(command(*arguments), env=slurm.environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    slurm.wait()
    assert maintenance.digest(read_sweep(folder).store) == local
