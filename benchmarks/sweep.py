"""Measure sweeps on this machine: throughput against the bare rate, the scan of a resume, the first result, memory.

``python benchmarks/sweep.py [--json] [--peers]`` prints the table. ``--peers`` adds the same runs under joblib, EMA Workbench's
evaluator and Mesa's batch runner, where they are installed. Each rate is the best of several, because other work on the
machine only ever adds time; each share is the median over rounds between single runs, because the machine's speed drifts.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from clustersim.experiments.execution import Block, value_columns
from clustersim.experiments.plan import Plan
from clustersim.experiments.planning import make_plan
from clustersim.experiments.runner import Runner
from clustersim.experiments.store import create_store, open_store
from clustersim.model.indicators import INDICATORS
from clustersim.scenario.model import Scenario
from clustersim.simulation.engine import Simulation

WORKERS = 2
PLACE_OF = {name: k for k, name in enumerate(INDICATORS)}
# 200 firms over 40 years, with about ten ties per firm: the place of `clustersim benchmark`.
PLACE = """
title: Benchmark
scenarios: [organic]
set:
  place.clusters.valley: {name: valley, tractors: 6, smes: 194, trust: 0.4, radius_km: 20}
  parameters.meeting.attention: 4.5
  parameters.linkage.forget: 0.035
uncertain:
  method: grid
  keys:
    parameters.trust.gain: {low: 0.05, high: 0.07, levels: 4}
replicates: 64
years: 40
"""
SHORT = """
title: Short
scenarios: [organic]
set: {place.clusters.valley.smes: 8, place.clusters.valley.tractors: 1}
uncertain: {method: grid, keys: {place.clusters.valley.trust: {low: 0.28, high: 0.4, levels: 100}}}
replicates: 1000
years: 0.25
outputs: {indicators: [employment, trust], every: last}
"""


def plan(folder: Path, text: str, name: str) -> Plan:
    """Return the plan of an experiment."""
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return make_plan(path)[0]


class Beside(NamedTuple):
    """A rate, and its share of what two threads could do at the rate of single runs."""

    rate: float
    share: float


def beside(single: Callable[[], float], work: Callable[[], float], rounds: int = 5) -> Beside:
    """Measure a rate between measurements of single runs, several times: the best rate, and the median share.

    The speed of a shared machine drifts, so each share is of the single runs just before and just after.
    """
    rates, shares, before = [], [], single()
    for _ in range(rounds):
        rates.append(work())
        after = single()
        shares.append(2.0 * rates[-1] / (WORKERS * (before + after)))
        before = after
    return Beside(max(rates), statistics.median(shares))


def bare(scenario: Scenario) -> float:
    """Return runs a second of single runs on one thread, one after the other, set-up included."""
    begin = time.perf_counter()
    for replicate in range(24):
        Simulation(scenario, replicates=[replicate], workers=1).run(chunk=40)
    return 24 / (time.perf_counter() - begin)


def sweeping(found: Plan, folder: Path) -> float:
    """Return runs a second of a sweep on two threads, the store included."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        store = create_store(Path(place) / "sweep", found)
        begin = time.perf_counter()
        assert Runner(store, WORKERS).run(store.pending())
        return found.runs / (time.perf_counter() - begin)


def short_runs(found: Plan, folder: Path) -> dict[str, float]:
    """Return rate, growth of memory and time of the resume scan of 10^5 short runs."""
    store = create_store(folder / "short", found)
    runs = store.pending()
    Runner(store, WORKERS).run(runs[:10_000])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.perf_counter()
    Runner(store, WORKERS).run(runs[10_000:])
    rate = (runs.size - 10_000) / (time.perf_counter() - begin)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    scans = []
    for _ in range(3):
        begin = time.perf_counter()
        assert open_store(store.folder).pending().size == 0
        scans.append(time.perf_counter() - begin)
    return {"short_runs_per_second": rate, "memory_growth_mb_90000_runs": grown, "resume_scan_seconds_100000_runs": min(scans)}


def long_rows(found: Plan, folder: Path) -> float:
    """Return the seconds of a resume scan of 10^5 runs with forty rows each, as a yearly record of forty years has."""
    store = create_store(folder / "long", found)
    draw = np.random.default_rng(1)
    for first in range(0, found.runs, 500):
        runs = np.arange(first, min(first + 500, found.runs))
        rows = 40 * runs.size
        values = draw.random((rows, len(value_columns(found))))
        quarter = np.tile(np.arange(3, 160, 4), runs.size)
        block = Block(runs, np.zeros(runs.size, "V16"), np.full(runs.size, 40), np.zeros(rows, np.int64), quarter, values)
        store.write([block])
    scans = []
    for _ in range(3):
        begin = time.perf_counter()
        assert open_store(store.folder).pending().size == 0
        scans.append(time.perf_counter() - begin)
    return min(scans)


def first_result(folder: Path) -> float:
    """Return the seconds from the start of the command to the first line that counts runs."""
    taken = []
    for k in range(3):
        begin = time.perf_counter()
        out = str(folder / f"first{k}")
        command = [sys.executable, "-m", "clustersim", "sweep", str(folder / "place.yaml"), "--out", out]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        assert process.stderr is not None
        next(line for line in process.stderr if "runs/s" in line)
        taken.append(time.perf_counter() - begin)
        process.terminate()
        process.communicate()
    return min(taken)


def with_joblib(scenario: Scenario, single: Callable[[], float]) -> Beside | None:
    """Measure the same runs under joblib's process pool, started and warmed beforehand."""
    try:
        from joblib import Parallel, delayed
    except ImportError:
        return None
    with Parallel(n_jobs=WORKERS) as pool:
        pool(delayed(one_run)(scenario, k) for k in range(2 * WORKERS))

        def rate() -> float:
            begin = time.perf_counter()
            pool(delayed(one_run)(scenario, k) for k in range(96))
            return 96 / (time.perf_counter() - begin)

        return beside(single, rate)


def one_run(scenario: Scenario, replicate: int) -> np.ndarray:
    """Do one run as a pool's task; return its record."""
    return Simulation(scenario, replicates=[replicate], workers=1).run(chunk=40).indicators


def with_ema(scenario: Scenario, single: Callable[[], float]) -> Beside | None:
    """Measure the same runs under EMA Workbench's evaluator with two processes, its start left out."""
    try:
        from ema_workbench import IntegerParameter, Model, MultiprocessingEvaluator, ScalarOutcome
    except ImportError:
        return None
    model = Model("clustersim", function=partial(last_employment, scenario))
    model.uncertainties = [IntegerParameter("replicate", 0, 10**6)]
    model.outcomes = [ScalarOutcome("employment")]
    with MultiprocessingEvaluator(model, n_processes=WORKERS) as evaluator:
        evaluator.perform_experiments(scenarios=2 * WORKERS)

        def rate() -> float:
            begin = time.perf_counter()
            evaluator.perform_experiments(scenarios=96)
            return 96 / (time.perf_counter() - begin)

        return beside(single, rate)


def last_employment(scenario: Scenario, replicate: int = 0) -> dict[str, float]:
    """Do one run as a model of EMA Workbench; return its outcome."""
    return {"employment": float(one_run(scenario, int(replicate))[-1, 0, PLACE_OF["employment"]])}


def with_mesa(scenario: Scenario, single: Callable[[], float]) -> Beside | None:
    """Measure the same runs under Mesa's own batch runner, which starts its processes each time."""
    try:
        from mesa.batchrunner import batch_run
    except ImportError:
        return None
    model = sys.modules[__name__].Batched
    design = {"scenario": [scenario], "replicate": list(range(48))}

    def rate() -> float:
        begin = time.perf_counter()
        batch_run(model, design, number_processes=WORKERS, iterations=1, max_steps=scenario.quarters, data_collection_period=-1,
                  display_progress=False)  # fmt: skip
        return 48 / (time.perf_counter() - begin)

    return beside(single, rate, 3)


def _batched() -> type:
    from mesa import DataCollector

    from clustersim.simulation.mesa_model import ClusterModel

    class Batched(ClusterModel):
        """The Mesa model as its batch runner wants it: parameters by name, `rng` taken and left aside."""

        def __init__(self, scenario: Scenario, replicate: int, rng: object = None, seed: object = None) -> None:
            super().__init__(scenario, seed=1, replicate=replicate)
            self.datacollector = DataCollector({"quarter": "steps"})  # its batch runner asks for one

        def step(self) -> None:
            super().step()
            self.datacollector.collect(self)

    Batched.__module__, Batched.__qualname__ = __name__, "Batched"
    return Batched


def __getattr__(name: str) -> type:
    """Build the class for Mesa when it is first asked for, also in a child process that unpickles it."""
    if name == "Batched":
        globals()[name] = _batched()
        return globals()[name]  # type: ignore[no-any-return]
    raise AttributeError(name)


def measure(peers: bool) -> list[dict[str, object]]:
    """Return all figures, one mapping each: name, value, unit, aim."""
    os.environ.setdefault("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        found = plan(folder, PLACE, "place")
        scenario = found.scenario(0)
        Simulation(scenario, workers=1).advance(1)
        single = partial(bare, scenario)
        swept = beside(single, lambda: sweeping(found, folder))
        rows: list[dict[str, object]] = [
            {"name": "single_runs_per_second", "value": max(single() for _ in range(3)), "unit": "runs/s", "aim": ""},
            {"name": "sweep_runs_per_second", "value": swept.rate, "unit": "runs/s", "aim": "90"},
            {"name": "sweep_over_twice_single", "value": swept.share, "unit": "1", "aim": "0.9"},
            {"name": "first_result", "value": first_result(folder), "unit": "s", "aim": "3"},
        ]
        short = plan(folder, SHORT, "short")
        said = {"short_runs_per_second": ("runs/s", ""), "memory_growth_mb_90000_runs": ("MB", "0"),
                "resume_scan_seconds_100000_runs": ("s", "1")}  # fmt: skip
        for name, value in short_runs(short, folder).items():
            rows.append({"name": name, "value": value, "unit": said[name][0], "aim": said[name][1]})
        scan = long_rows(short, folder)
        rows.append({"name": "resume_scan_seconds_100000_runs_of_40_rows", "value": scan, "unit": "s", "aim": "1"})
        if peers:
            for name, peer in (("joblib", with_joblib), ("ema_workbench", with_ema), ("mesa_batch_run", with_mesa)):
                if (measured := peer(scenario, single)) is not None:
                    rows.append({"name": f"{name}_runs_per_second", "value": measured.rate, "unit": "runs/s", "aim": ""})
                    rows.append({"name": f"{name}_over_twice_single", "value": measured.share, "unit": "1", "aim": ""})
        return rows


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--peers", action="store_true")
    asked = parser.parse_args()
    rows = measure(asked.peers)
    if asked.json:
        print(json.dumps({"results": rows}, indent=1))
        return
    for row in rows:
        print(f"{row['name']:<46} {row['value']:>12,.3f} {row['unit']:<7} {'aim ' + str(row['aim']) if row['aim'] else ''}")


if __name__ == "__main__":
    main()
