"""What becomes of a batch: some replicates of one point, reduced to the rows that are kept."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from clustersim.experiments.identity import run_key, scenario_hash
from clustersim.experiments.plan import Plan
from clustersim.model.indicators import INDICATORS
from clustersim.model.state import PHASES
from clustersim.results.summary import MILESTONES
from clustersim.scenario.loading import check_size
from clustersim.simulation import batches
from clustersim.simulation.batches import Gathering, Job
from clustersim.simulation.engine import Simulation

PLACE = {name: k for k, name in enumerate(INDICATORS)}


@dataclass
class Block:
    """Rows of finished runs, ordered by run, cluster and quarter.

    Attributes
    ----------
    runs, keys : array
        Numbers (int64) and keys (16 bytes) of the runs.
    count : array
        Rows of each run.
    cluster, quarter : array
        Of each row: place of the cluster in its scenario, quarter from 0.
    values : array (row, value column)
        See `value_columns`.
    """

    runs: np.ndarray
    keys: np.ndarray
    count: np.ndarray
    cluster: np.ndarray
    quarter: np.ndarray
    values: np.ndarray

    def part(self, first: int, last: int) -> Block:
        """Return the runs from place `first` to `last`, excluded."""
        edges = np.concatenate([[0], np.cumsum(self.count)])
        rows = slice(int(edges[first]), int(edges[min(last, self.count.size)]))
        by_run = (column[first:last] for column in (self.runs, self.keys, self.count))
        return Block(*by_run, *(column[rows] for column in (self.cluster, self.quarter, self.values)))


@dataclass
class Failure:
    """A run that could not be done, why, and how often it was tried."""

    run: int
    reason: str
    attempts: int


def value_columns(plan: Plan) -> list[str]:
    """Return the names of the value columns: indicators, totals, years until phases were reached."""
    outputs = plan.outputs
    return [*outputs["indicators"], *(f"total_{name}" for name in outputs["totals"]),
            *(f"years_to_{name}" for name in outputs["reached"])]  # fmt: skip


def recorded_quarters(quarters: int, every: int) -> np.ndarray:
    """Return the quarters (from 0) that are kept: the last of every `every`, and always the very last."""
    ends = np.arange(every - 1, quarters, every) if every else np.zeros(0, np.int64)
    return np.unique(np.append(ends, quarters - 1))


def run_batch(plan: Plan, point: int, runs: np.ndarray, stop: threading.Event | None = None) -> tuple[Block, list[Failure]]:
    """Run some replicates of one point and one seed on one thread.

    Parameters
    ----------
    plan : Plan
        The plan.
    point : int
        Number of the point.
    runs : array of int
        Numbers of the runs, ascending, all of that point and of one seed.
    stop : Event, optional
        The batch is given up when it is set.

    Returns
    -------
    Block, list of Failure
        The finished runs; and runs whose numbers are not finite, which are failures.

    Raises
    ------
    Stopped
        If `stop` was set.
    """
    scenario = plan.scenario(point)
    check_size(scenario, len(runs), scenario.quarters, file=plan.name)
    _point, seeds, replicates = plan.split(runs)
    job = Job(scenario, partial(Rows, plan, runs), plan.seeds[int(seeds[0])])
    return batches.run_batch(job, replicates.tolist(), workers=1, stop=stop)


class Rows(Gathering):
    """Reduces a batch to the rows of its runs that are kept, and the failures of runs whose numbers are not finite."""

    def __init__(self, plan: Plan, runs: np.ndarray, simulation: Simulation) -> None:
        super().__init__(simulation)
        self.plan, self.runs = plan, runs

    def end(self) -> tuple[Block, list[Failure]]:
        """Return the finished runs, and those that are failures."""
        plan, runs, scenario, seed = self.plan, self.runs, self.simulation.scenario, self.simulation.seed
        replicates = np.array(self.simulation.replicates)
        clusters = len(scenario.place.clusters)
        kept = recorded_quarters(scenario.quarters, plan.outputs["every"])
        values = _values(plan, self.gathered(), kept)  # (quarter, cluster of replicate, column)
        rows = values.transpose(1, 0, 2).reshape(len(runs), clusters * len(kept), -1)
        faults = _faults(plan, rows, clusters, kept)
        good = np.array([int(run) not in faults for run in runs]) if faults else np.ones(len(runs), bool)
        names = scenario_hash(scenario)
        keys = b"".join(run_key(plan.content["model"], names, seed, int(replicate)) for replicate in replicates[good])
        count = int(good.sum())
        block = Block(
            runs[good], np.frombuffer(keys, "V16"), np.full(count, clusters * len(kept)),
            np.tile(np.repeat(np.arange(clusters), len(kept)), count), np.tile(kept, clusters * count),
            rows[good].reshape(-1, rows.shape[2]),
        )  # fmt: skip
        return block, [Failure(int(runs[place]), reason, 1) for place, reason in faults.items()]


def _values(plan: Plan, record: np.ndarray, kept: np.ndarray) -> np.ndarray:
    outputs = plan.outputs
    parts = [record[kept][:, :, [PLACE[name] for name in outputs["indicators"]]]]
    if outputs["totals"]:
        parts.append(np.cumsum(record[:, :, [PLACE[name] for name in outputs["totals"]]], axis=0)[kept])
    phases = record[:, :, PLACE["phase"]]
    for name in outputs["reached"]:
        # Known in the end only, but written into every row, so that any row tells the whole.
        inside = np.isin(phases, MILESTONES.get(name, (PHASES.index(name),)))
        years = np.where(inside.any(axis=0), inside.argmax(axis=0) / 4.0, np.nan)
        parts.append(np.broadcast_to(years[None, :, None], (len(kept), years.size, 1)))
    return np.concatenate(parts, axis=2)


def _faults(plan: Plan, rows: np.ndarray, clusters: int, kept: np.ndarray) -> dict[int, str]:
    """Return for each place in the batch whose numbers are not finite, which one is not."""
    checked = len(plan.outputs["indicators"]) + len(plan.outputs["totals"])
    bad = ~np.isfinite(rows[:, :, :checked])
    found: dict[int, str] = {}
    for place in np.flatnonzero(bad.any(axis=(1, 2))):
        row, column = np.argwhere(bad[place])[0]
        name, quarter = value_columns(plan)[column], kept[row % len(kept)]
        found[int(place)] = f"{name} is not a finite number in quarter {quarter}"
    return found


def describe_values(plan: Plan) -> dict[str, dict[str, Any]]:
    """Return unit and meaning of each value column."""
    found = {}
    for name in value_columns(plan):
        if name.startswith("years_to_"):
            phase = name.removeprefix("years_to_")
            found[name] = {"unit": "years", "meaning": f"years until {phase} was first reached; missing if never"}
            continue
        total = name.startswith("total_")
        said = INDICATORS[name.removeprefix("total_")]
        unit, meaning = said.unit, f"{said.label}: {said.formula}"
        if total:
            unit, meaning = unit.removesuffix("/quarter"), f"{said.label}, summed from the start"
        found[name] = {"unit": unit, "meaning": meaning}
    return found
