"""The one loop over replicates: a scenario's replicates in batches, each advanced in stretches and reduced to what is kept of it.

Everything that runs replicates - a run, a comparison, a sweep, the laboratory of the patterns - comes here with a `Job`, which
says what is run and what becomes of it. Replicates are the same whichever others run beside them, so neither the size of
batches nor that of stretches, threads or interruptions change a number.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from clustersim.core import machine
from clustersim.model.indicators import INDICATORS
from clustersim.model.state import Record
from clustersim.scenario.model import Scenario
from clustersim.simulation.engine import Simulation

BYTES_PER_FIRM, BYTES_PER_CLUSTER = 3000, 300_000
BYTES_PER_QUARTER = 16 * len(INDICATORS)  # of each cluster: indicators as they come, and once more when they are put together
# Work of one thread, in quarters of firms: a batch takes it some seconds at most, so that parts come soon and little is lost
# when the work ends early; a stretch takes it a fraction of a second, so that it can be ended and says how far it is.
BATCH_WORK, STRETCH_WORK = 2_000_000, 400_000
STRETCH_MAX = 40  # quarters

P = TypeVar("P")
P_co = TypeVar("P_co", covariant=True)
Progress = Callable[[int, int], object]


class Stopped(Exception):
    """The work is to end; the batch in work was given up."""


class Reducer(Protocol[P_co]):
    """Takes what a batch of replicates does, stretch by stretch, and makes of it what is kept.

    Attributes
    ----------
    every : int
        Quarters after which it must see the state again, such as 4 for the end of each year; 0 if any stretch will do.
    """

    @property
    def every(self) -> int: ...

    def note(self, record: Record) -> None:
        """Take note of the stretch that was simulated last."""

    def end(self) -> P_co:
        """Return what is kept of the batch, at the scenario's horizon."""


@dataclass(frozen=True)
class Job(Generic[P]):
    """A scenario to run, its seed (the scenario's if None), and ``begin``, which returns the reducer of a fresh simulation.

    `changes` are made before the quarter that each is listed under (see `Simulation.change`); at the quarters done of `looks` the
    reducer sees the state, beside those that it asks for itself.
    """

    scenario: Scenario
    begin: Callable[[Simulation], Reducer[P]]
    seed: int | None = None
    changes: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    looks: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Finished(Generic[P]):
    """A batch that is done: numbers of its replicates, and the part that each job made of them."""

    replicates: list[int]
    parts: list[P]


def firms_at_start(scenario: Scenario) -> int:
    """Return the firms of all clusters together."""
    return sum(cluster.copies * (cluster.tractors + cluster.smes) for cluster in scenario.place.clusters)


def bytes_each(scenario: Scenario) -> int:
    """Return the bytes of memory that a replicate takes while it runs."""
    clusters = sum(cluster.copies for cluster in scenario.place.clusters)
    return BYTES_PER_FIRM * firms_at_start(scenario) + clusters * (BYTES_PER_CLUSTER + BYTES_PER_QUARTER * scenario.quarters)


def batch_size(scenario: Scenario, workers: int = 1, together: int = 1) -> int:
    """Return how many replicates of a scenario run together: as many as are some seconds' work, and as memory holds.

    Parameters
    ----------
    scenario : Scenario
        As it runs.
    workers : int, optional
        Threads that share a batch.
    together : int, optional
        Batches in work at the same time.
    """
    work = workers * BATCH_WORK // max(1, firms_at_start(scenario) * scenario.quarters)
    return max(1, min(max(work, 2 * workers), machine.batch_bytes(together) // bytes_each(scenario)))


def run_batch(
    job: Job[P], replicates: Sequence[int], workers: int | None = None, advanced: Callable[[int], object] | None = None,
    stop: threading.Event | None = None,
) -> P:  # fmt: skip
    """Run some replicates of a job together, from the start to the horizon; return its part.

    Parameters
    ----------
    job : Job
        What is run.
    replicates : sequence of int
        Numbers of the replicates.
    workers : int, optional
        Threads; those that this process may use if not given.
    advanced : callable, optional
        Called after each stretch with the quarters done in it, summed over replicates.
    stop : Event, optional
        The batch is given up when it is set.

    Raises
    ------
    Stopped
        If `stop` was set.
    """
    if stop is not None and stop.is_set():
        raise Stopped
    seed = job.scenario.seed if job.seed is None else job.seed
    simulation = Simulation.taken(job.scenario, seed, replicates, workers)
    reducer = job.begin(simulation)
    firms = max(1, firms_at_start(simulation.scenario) * len(replicates))
    most = max(1, min(STRETCH_MAX, simulation.workers * STRETCH_WORK // firms))
    total = simulation.scenario.quarters
    stops = sorted({*job.changes, *job.looks})
    while simulation.quarter < total:
        if stop is not None and stop.is_set():
            raise Stopped
        if (due := job.changes.get(simulation.quarter)) is not None:
            simulation.change(due)
        step = min(most, total - simulation.quarter)
        step = min([step, *(stop - simulation.quarter for stop in stops if stop > simulation.quarter)])
        if reducer.every:
            step = min(step, reducer.every - simulation.quarter % reducer.every)
        reducer.note(simulation.advance(step))
        if advanced is not None:
            advanced(step * len(replicates))
    return reducer.end()


def run_batches(
    jobs: Sequence[Job[P]], replicates: Sequence[int], workers: int | None = None, progress: Progress | None = None,
    stop: threading.Event | None = None, size: int | None = None,
) -> Iterator[Finished[P]]:  # fmt: skip
    """Run replicates of jobs side by side, batch by batch, and yield each batch when it is done.

    The caller may stop after any batch, show what has come, and ask for the missing replicates later.

    Parameters
    ----------
    jobs : sequence of Job
        What is run: in each batch one after the other, in this order.
    replicates : sequence of int
        Numbers of the replicates.
    workers : int, optional
        Threads; those that this process may use if not given. Results do not depend on it.
    progress : callable, optional
        Called as ``progress(done, total)`` with quarters summed over jobs and replicates.
    stop : Event, optional
        Ends the work when it is set.
    size : int, optional
        Replicates in a batch; see `batch_size` for what is chosen if not given.

    Yields
    ------
    Finished
        The numbers of a batch, and its parts in the order of the jobs.

    Raises
    ------
    Stopped
        If `stop` was set; what was yielded before is whole.
    """
    workers = workers or machine.processors()
    size = size or min(batch_size(job.scenario, workers) for job in jobs)
    total, done = len(replicates) * sum(job.scenario.quarters for job in jobs), 0

    def advanced(quarters: int) -> None:
        nonlocal done
        done += quarters
        if progress is not None:
            progress(done, total)

    for first in range(0, len(replicates), size):
        now = list(replicates[first : first + size])
        yield Finished(now, [run_batch(job, now, workers, advanced, stop) for job in jobs])


class Gathering:
    """What reducers have in common that need all indicators of a batch.

    Parameters
    ----------
    simulation : Simulation
        At its start.
    kind : data type, optional
        Of the indicators.
    """

    every = 0

    def __init__(self, simulation: Simulation, kind: Any = np.float64) -> None:
        self.simulation, self._kind = simulation, kind
        self._stretches: list[np.ndarray] = []

    def note(self, record: Record) -> None:
        """Keep the indicators of a stretch."""
        self._stretches.append(record.indicators.astype(self._kind, copy=False))

    def gathered(self) -> np.ndarray:
        """Return the indicators so far: an array (quarter, replicate and cluster, indicator)."""
        return np.concatenate(self._stretches)


class Indicators(Gathering):
    """The reducer that keeps all indicators: an array (quarter, replicate and cluster, indicator)."""

    def end(self) -> np.ndarray:
        """Return the indicators of all quarters."""
        return self.gathered()
