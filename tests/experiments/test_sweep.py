"""``clustersim sweep`` and ``results``: resuming, stopping, failing, and what is printed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import clustersim
from clustersim.experiments import maintenance, runner
from clustersim.experiments.execution import run_batch
from clustersim.experiments.reading import read_sweep
from clustersim.experiments.runner import Runner, tasks
from clustersim.experiments.store import create_store, open_store
from clustersim.experiments.sweeping import of_part, sweep
from sweep_cases import TINY, experiment, plan

REPOSITORY = Path(__file__).parents[2]
LONG = TINY.replace("years: 2", "years: 40").replace("replicates: 5", "replicates: 200").replace("smes: 8", "smes: 60")


@pytest.fixture
def call(call, tmp_path):
    """Call the command line in a folder with the tiny experiment; returns exit status, stdout and stderr."""
    experiment(tmp_path)
    return call


def started(folder, *arguments):
    """Start the command line in a process of its own."""
    path = os.pathsep.join([str(REPOSITORY / "src"), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-m", "clustersim", *map(str, arguments)], cwd=folder, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": path},
    )  # fmt: skip


# the command


def test_a_sweep_runs_everything_once_and_says_where_it_is(call, tmp_path):
    code, out, err = call("sweep", "tiny.yaml")
    assert code == 0 and out.startswith(f"Result: {Path('results') / 'tiny'} (120 runs")
    assert "120 of 120 runs" in err and "runs/s" in err
    before = sorted((tmp_path / "results" / "tiny" / "chunks").iterdir())
    code, out, err = call("sweep", "tiny.yaml", "--json")
    assert code == 0 and "120 of them done before" in err
    said = json.loads(out)
    assert (said["runs"], said["done"], said["failed"], said["missing"]) == (120, 120, 0, 0)
    assert sorted((tmp_path / "results" / "tiny" / "chunks").iterdir()) == before


def test_dry_run_tells_runs_time_and_disk_and_writes_nothing(call, tmp_path):
    code, out, _ = call("sweep", "tiny.yaml", "--dry-run")
    assert code == 0 and "120 runs = 2 scenarios × 2 options × 3 worlds × 2 seeds × 5 replicates" in out
    assert "time: about" in out and "disk: about" in out and "coordination=0.8" in out
    assert not (tmp_path / "results").exists()
    said = json.loads(call("sweep", "tiny.yaml", "--dry-run", "--json")[1])
    assert said["runs"] == 120 and said["seconds"] > 0 and said["bytes"] > 0 and said["measured_runs"] > 0
    call("sweep", "tiny.yaml")
    assert json.loads(call("sweep", "tiny.yaml", "--dry-run", "--json")[1])["done"] == 120
    chunk = next((tmp_path / "results" / "tiny" / "chunks").iterdir())
    chunk.write_bytes(chunk.read_bytes()[:-1])
    left = chunk.with_name(".a.partial-lease-aa")
    left.mkdir()
    assert json.loads(call("sweep", "tiny.yaml", "--dry-run", "--json")[1])["done"] < 120
    assert chunk.exists() and left.exists() and not (tmp_path / "results" / "tiny" / "damaged").exists()


def test_a_changed_plan_is_refused_with_what_differs_unless_fresh(call, tmp_path):
    call("sweep", "tiny.yaml")
    experiment(tmp_path, TINY.replace("replicates: 5", "replicates: 6"))
    code, _, err = call("sweep", "tiny.yaml")
    assert code == 2 and "replicates: 5 before, 6 now" in err and "--fresh" in err
    assert call("sweep", "tiny.yaml", "--dry-run")[::2] == (code, err)
    code, out, err = call("sweep", "tiny.yaml", "--fresh")
    assert code == 0 and "144 runs" in out and "is now in results/tiny.before-1" in err
    assert json.loads(call("results", "verify", "results/tiny.before-1", "--json")[1])["done"] == 120


@pytest.mark.parametrize(("arguments", "said"), [
    (("nowhere",), "no shipped experiment"),
    (("tiny.yaml", "--backend", "cloud"), "local, dask, slurm"),
    (("tiny.yaml", "--workers", "0"), "1 or more"),
    (("tiny.yaml", "--chunk", "0"), "1 to"),
    (("tiny.yaml", "--part", "4/4"), "K/N"),
    (("tiny.yaml", "--out", "tiny.yaml"), "not a folder"),
])  # fmt: skip
def test_bad_input_gets_a_sentence_and_status_2(call, arguments, said):
    code, out, err = call("sweep", *arguments)
    assert code == 2 and said in err and "Traceback" not in err and out == ""


def test_results_are_listed_shown_verified_digested_compacted_and_exported(call, tmp_path):
    call("sweep", "tiny.yaml", "--chunk", "9")
    call("run", "organic", "--replicates", "2", "--years", "1", "--no-figures")
    listed = json.loads(call("results", "list", "--json")[1])
    assert [(some["kind"], some["runs"]) for some in listed] == [("run", 2), ("sweep", 120)]
    code, out, _ = call("results", "show", "results/tiny")
    assert code == 0 and "120 of 120 runs done" in out and "output employment [persons]" in out
    assert json.loads(call("results", "show", "results/tiny", "--json")[1])["worlds"] == 3
    code, out, _ = call("results", "verify", "results/tiny")
    assert code == 0 and "0 chunks damaged" in out
    before = call("results", "digest", "results/tiny")[1]
    assert len(before.strip()) == 64
    assert json.loads(call("results", "compact", "results/tiny", "--json")[1])["chunks_after"] == 1
    assert call("results", "digest", "results/tiny")[1] == before
    assert len(call("results", "digest", listed[0]["folder"])[1].strip()) == 64
    assert call("results", "export", "results/tiny", "csv")[0] == 0
    assert call("results", "export", "results/tiny", "parquet", "--to", "all.parquet")[0] == 0
    csv, parquet = pd.read_csv(tmp_path / "tiny.csv"), pd.read_parquet(tmp_path / "all.parquet")
    trust = "place.clusters.valley.trust"
    assert len(csv) == len(parquet) == 240 and set(csv[trust]) == set(parquet[trust])
    assert set(csv["institutions.government.coordination"]) == {0.2, 0.8} and "agglomeration" in set(csv["phase"])
    name = sorted((tmp_path / "results" / "tiny" / "chunks").iterdir())[0]
    name.write_bytes(name.read_bytes()[:-1])
    code, out, _ = call("results", "verify", "results/tiny")
    assert code == 1 and "1 chunks damaged" in out
    code, out, _ = call("results", "show", "results/tiny")
    assert code == 0 and f"damaged {name.name}: its bytes do not match its name" in out
    for command in ("export", "digest"):
        code, _, err = call("results", command, "results/tiny", *(["csv"] if command == "export" else []))
        assert code == 2 and "is damaged" in err
    assert call("results", "export", "results/tiny", "xls")[0] == 2
    assert call("results", "show", "results/nowhere")[0] == 2


def test_the_public_functions_sweep_and_read(tmp_path):
    result = clustersim.sweep(experiment(tmp_path), tmp_path / "out", workers=1)
    assert result.missing == 0 and len(result.indicators) == 240
    again = clustersim.read_result(tmp_path / "out" / "tiny")
    pd.testing.assert_frame_equal(again.indicators, result.indicators)


# parts, order, other writers


def test_parts_cover_all_runs_once_and_do_not_depend_on_what_is_done(tmp_path):
    found = plan(tmp_path)
    for of in (1, 3, 7, 50):
        parts = [of_part(found, np.arange(found.runs), (k, of)) for k in range(of)]
        assert np.array_equal(np.sort(np.concatenate(parts)), np.arange(found.runs))
        left = np.arange(17, found.runs, 3)
        assert set(of_part(found, left, (0, of))) == set(parts[0]) & set(left)
    for k in range(3):
        sweep(experiment(tmp_path), tmp_path / "parts", part=(k, 3))
    assert maintenance.digest(read_sweep(tmp_path / "parts" / "tiny").store) == maintenance.digest(
        sweep(experiment(tmp_path), tmp_path / "whole").store
    )


@pytest.mark.parametrize("order", [None, 3])
def test_batches_cover_all_runs_once_and_hold_one_point_and_seed_each(tmp_path, order):
    found = plan(tmp_path)
    runs = np.arange(3, found.runs, 2)
    batches = [task.runs for task in tasks(found, runs, 2, order)]
    assert np.array_equal(np.sort(np.concatenate(batches)), runs)
    for batch in batches:
        point, seed, _ = found.split(batch)
        assert np.unique(point).size == np.unique(seed).size == 1


def test_what_another_process_has_done_meanwhile_is_not_done_again(tmp_path, monkeypatch):
    found = plan(tmp_path)
    other = create_store(tmp_path / "tiny", found)
    store = create_store(tmp_path / "tiny", found)
    pending = store.pending()
    Runner(other, 1).run(pending[:100])
    monkeypatch.setattr(runner, "REFRESH_SECONDS", -1.0)
    done = []

    def noted(plan, point, runs, stop):
        done.extend(runs)
        return run_batch(plan, point, runs, stop)

    monkeypatch.setattr(runner, "run_batch", noted)
    assert Runner(store, 1).run(pending)
    assert sorted(done) == list(range(100, 120)) and open_store(store.folder).pending().size == 0


# failures


def test_a_failed_run_is_a_row_with_its_reason_and_never_the_end(call, tmp_path, monkeypatch):
    tried = []

    def fails(plan, point, runs, stop):
        if 17 in runs:
            tried.append(len(runs))
            raise ValueError("the machine coughed")
        return run_batch(plan, point, runs, stop)

    monkeypatch.setattr(runner, "run_batch", fails)
    code, _, err = call("sweep", "tiny.yaml")
    assert code == 1 and "one run failed: ValueError: the machine coughed" in err
    assert len(tried) == runner.ATTEMPTS and tried[1:] == [1, 1]
    result = read_sweep(tmp_path / "results" / "tiny")
    assert (result.done, result.failed, result.missing) == (119, 1, 0)
    row = result.failures.iloc[0]
    assert (row["run"], row["attempts"], row["reason"]) == (17, runner.ATTEMPTS, "ValueError: the machine coughed")
    digest = call("results", "digest", "results/tiny")[1]
    monkeypatch.setattr(runner, "run_batch", run_batch)
    assert call("sweep", "tiny.yaml")[0] == 1  # failed runs count as done …
    call("results", "compact", "results/tiny")
    assert call("results", "digest", "results/tiny")[1] == digest
    assert read_sweep(tmp_path / "results" / "tiny").failures.iloc[0]["attempts"] == runner.ATTEMPTS
    assert call("sweep", "tiny.yaml", "--retry-failed")[0] == 0  # … until they are asked for
    whole = sweep(experiment(tmp_path), tmp_path / "whole")
    assert call("results", "digest", "results/tiny")[1].strip() == maintenance.digest(whole.store)


def test_values_that_clash_in_one_point_fail_there_only(tmp_path):
    text = TINY.replace("{low: 0.28, high: 0.4}", "{low: 0.28, high: 0.4}\n    environment.shocks: [[]]")
    found = plan(tmp_path, text)
    found.content["worlds"]["rows"][1][2] = [{"kind": "flood"}]  # as a plan written by hand might have
    store = create_store(tmp_path / "out" / "tiny", found)
    assert Runner(store, 2).run(store.pending())
    assert len(store.attempts) == 40 and store.done.sum() == 80
    result = read_sweep(store.folder)
    assert set(result.failures["world"]) == {1} and set(result.failures["attempts"]) == {1}
    assert result.failures["reason"].str.contains("clash").all()


def test_numbers_that_are_not_finite_are_a_failure(tmp_path, monkeypatch):
    from clustersim.experiments import execution

    found = plan(tmp_path)
    plain = execution.Rows.gathered

    def spoilt(reducer):
        record = plain(reducer)
        record[7, 2, execution.PLACE["employment"]] = np.nan
        return record

    monkeypatch.setattr(execution.Rows, "gathered", spoilt)
    block, failures = run_batch(found, 0, np.arange(5))
    assert block.runs.tolist() == [0, 1, 3, 4]
    assert [(some.run, some.reason) for some in failures] == [(2, "employment is not a finite number in quarter 7")]


# stopping


def test_the_stop_sign_leaves_a_resumable_state(tmp_path):
    stop = threading.Event()
    seen = []

    def watch(said):
        seen.append(said)
        if said.done >= 30:
            stop.set()

    first = sweep(experiment(tmp_path), tmp_path / "out", workers=1, stop=stop, progress=watch)
    assert 30 <= first.done < 120 and first.missing == 120 - first.done
    second = sweep(experiment(tmp_path), tmp_path / "out")
    assert second.missing == 0
    whole = sweep(experiment(tmp_path), tmp_path / "whole")
    assert maintenance.digest(second.store) == maintenance.digest(whole.store)
    assert seen[0].rate >= 0 and seen[-1].left >= 0


@pytest.mark.xdist_group("alone")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_end_it_with_one_sentence_and_their_status(tmp_path, number, status):
    experiment(tmp_path, LONG)
    process = started(tmp_path, "sweep", "tiny.yaml", "--workers", "1")
    for line in process.stderr:
        if "left" in line:  # the first result
            break
    begin = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == status and time.monotonic() - begin < 10
    assert err.strip().splitlines()[-1].startswith("Stopped: ") and "the same command goes on from there" in err
    assert "Traceback" not in err and out == ""
    store = open_store(tmp_path / "results" / "tiny")
    assert 0 < store.done.sum() < store.plan.runs and not store.bad
    assert not [path for path in store.chunks.iterdir() if path.name.startswith(".")]


@pytest.mark.xdist_group("alone")
def test_the_first_result_is_on_the_screen_at_once(tmp_path):
    """About 2 s on an idle machine (benchmarks/sweep.py); on any, when less than a hundredth of the work is done."""
    experiment(tmp_path, LONG)
    process = started(tmp_path, "sweep", "tiny.yaml")
    first = next(line for line in process.stderr if "of 4,800 runs" in line)
    then = next(line for line in process.stderr if "runs/s" in line)
    process.terminate()
    process.communicate(timeout=60)
    assert int(first.partition(" of ")[0]) < 48 and "left" in then


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_runs(tmp_path, monkeypatch):
    import tracemalloc

    from clustersim.experiments import runner

    monkeypatch.setattr(runner, "batch_size", lambda *_: 8)  # what a batch holds does grow, to a limit

    text = TINY.replace("points: 3", "points: 8").replace("years: 2", "years: 0.25")
    sizes = []
    for replicates in (10, 60):
        found = plan(tmp_path, text.replace("replicates: 5", f"replicates: {replicates}"))
        store = create_store(tmp_path / f"{replicates}" / "tiny", found)
        Runner(store, 1, chunk=100).run(store.pending()[:100])
        tracemalloc.start()
        Runner(store, 1, chunk=100).run(store.pending())
        sizes.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert store.done.all()
    assert sizes[1] < sizes[0] + 2_000_000, sizes
