"""Does runs: batches over threads (kernels hold no interpreter lock), results into the store as they come.

Memory does not grow with the number of runs: few batches wait, and what is finished leaves with the next chunk.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from clustersim.core.errors import InputError, RuleFault, said_by
from clustersim.core.machine import processors
from clustersim.core.words import speaking
from clustersim.experiments.execution import Block, Failure, run_batch
from clustersim.experiments.plan import Plan
from clustersim.experiments.store import Store
from clustersim.scenario.keys import clip
from clustersim.simulation.batches import Stopped, batch_size

CHUNK = 500
CHUNK_MAX = 100_000
FLUSH_SECONDS = 10.0  # what a killed sweep loses at most, beside the batches in work
FLUSH_BYTES = 2**26
REFRESH_SECONDS = 2.0
FIRST = 2  # runs in the first batch of each thread
ATTEMPTS = 3
WAIT_SECONDS = 0.2

Batch = Future[tuple[Block, list[Failure]]]


class Progress(NamedTuple):
    """How far a sweep is: runs done, of how many to do, failed among them; done by this process, in how many seconds."""

    done: int
    total: int
    failed: int
    here: int
    seconds: float

    @property
    def rate(self) -> float:
        """Runs a second of this process."""
        return self.here / self.seconds if self.seconds > 0 else 0.0

    @property
    def left(self) -> float:
        """Seconds that are left, infinite as long as nothing is known."""
        return (self.total - self.done) / self.rate if self.rate > 0 else float("inf")


@dataclass
class Task:
    """Runs of one point and one seed, and how often they were tried."""

    runs: np.ndarray
    attempt: int = 1


def tasks(plan: Plan, runs: np.ndarray, workers: int, order: int | None) -> Iterator[Task]:
    """Yield batches of `runs` (ascending): in the plan's order, or shuffled by `order`.

    The shuffle spreads the first results over the whole design, and lets several processes begin at different places. The first
    batches are small, so that something shows soon, and so are the last ones, so that all threads end at about the same time.
    """
    together = min(workers, processors())  # of this machine: others have memory of their own
    sizes = [batch_size(plan.scenario(k * len(plan.options) * plan.worlds), 1, together) for k in range(len(plan.scenarios))]
    groups, first = np.unique(runs // plan.replicates, return_index=True)
    last = np.append(first[1:], runs.size)
    started, left = 0, runs.size
    places = np.arange(groups.size) if order is None else np.random.default_rng(order).permutation(groups.size)
    for place in places.tolist():
        point = int(groups[place]) // len(plan.seeds)
        most = sizes[point // (len(plan.options) * plan.worlds)]
        begin = int(first[place])
        while begin < last[place]:
            size = min(most, FIRST if started < workers else -(-left // (2 * workers)))
            end = min(begin + size, int(last[place]))
            yield Task(runs[begin:end])
            left -= end - begin
            begin, started = end, started + 1


def _recorded(plan: Plan, point: int, runs: np.ndarray, stop: threading.Event) -> tuple[Block, list[Failure]]:
    """Run a batch; why runs fail is data, which is the same whatever language its maker speaks."""
    with speaking("en"):
        return run_batch(plan, point, runs, stop)


class Runner:
    """Does runs of a store on the threads of this process.

    Parameters
    ----------
    store : Store
        Where results go.
    workers : int, optional
        Threads; the processors of this machine if not given. Results do not depend on it.
    chunk : int, optional
        Runs in a chunk, at most; a chunk is written earlier when much time has passed.
    order : int, optional
        Seed of the order of batches; the plan's order if not given. Results do not depend on it.
    stop : Event, optional
        Ends the work in a resumable state when it is set.
    progress : callable, optional
        Called with a `Progress` now and then.
    watch : bool, optional
        Look now and then at what other processes have done meanwhile.
    """

    def __init__(
        self, store: Store, workers: int | None = None, chunk: int = CHUNK, order: int | None = None,
        stop: threading.Event | None = None, progress: Callable[[Progress], object] | None = None, watch: bool = True,
    ) -> None:  # fmt: skip
        self.store, self.plan = store, store.plan
        self.workers = workers or processors()
        self.chunk, self.order = chunk, order
        self.stop = stop or threading.Event()
        self._halt = threading.Event()
        self._tell, self._watch = progress, watch
        self._blocks: list[Block] = []
        self._failures: list[Failure] = []
        self._buffered = 0
        self._retries: deque[Task] = deque()
        self._here = self._failed = 0
        self._began = self._flushed = self._looked = self._told = time.monotonic()

    def run(self, runs: np.ndarray) -> bool:
        """Do runs; return whether all of them are done or failed, False if it was stopped.

        Parameters
        ----------
        runs : array of int
            Numbers of the runs, ascending.

        Raises
        ------
        OSError
            If a chunk cannot be written; everything written before is kept.
        """
        self._began = self._flushed = self._looked = time.monotonic()
        todo = tasks(self.plan, runs, self.workers, self.order)
        flying: dict[Batch, Task] = {}
        with ThreadPoolExecutor(self.workers, thread_name_prefix="clustersim-sweep") as pool:
            try:
                while not self.stop.is_set():
                    while len(flying) < self.workers + 2 and (task := self._next(todo)) is not None:
                        point = int(task.runs[0]) // self.plan.per_point
                        flying[pool.submit(_recorded, self.plan, point, task.runs, self._halt)] = task
                    if not flying:
                        break
                    self._collect(flying, wait(flying, WAIT_SECONDS, FIRST_COMPLETED).done)
                    self._flush(False)
                    self._report(runs, False)
            finally:
                finished = not self.stop.is_set() and not flying
                self._halt.set()
                for future in flying:
                    future.cancel()
                self._collect(flying, wait(flying).done)
                self._flush(True)
        self._report(runs, True)
        return finished

    def _next(self, todo: Iterator[Task]) -> Task | None:
        """Return the next batch, without what another process has done meanwhile."""
        if self._retries:
            return self._retries.popleft()
        now = time.monotonic()
        if self._watch and now - self._looked > REFRESH_SECONDS:
            self._looked = now
            self.store.refresh()
        for task in todo:
            left = task.runs[~self.store.done[task.runs]]
            if left.size:
                return Task(left)
        return None

    def _collect(self, flying: dict[Batch, Task], done: set[Batch]) -> None:
        for future in done:
            task = flying.pop(future)
            if future.cancelled():
                continue
            error = future.exception()
            if error is None:
                block, failures = future.result()
                self._keep(block, failures)
            elif not isinstance(error, Stopped):  # whatever it is: no run may vanish without a reason
                self._failed_batch(task, error)

    def _keep(self, block: Block, failures: list[Failure]) -> None:
        self._blocks.append(block)
        self._failures += failures
        self._buffered += block.runs.size
        self._here += block.runs.size + len(failures)
        self._failed += len(failures)

    def _failed_batch(self, task: Task, error: BaseException) -> None:
        """Try the runs of a failed batch again, each by itself; give up on what is wrong by its input, or failed often."""
        together = isinstance(error, RuleFault) and task.runs.size > 1  # what one replicate met says nothing of the others
        if together or (not isinstance(error, InputError) and task.attempt < ATTEMPTS):
            self._retries.extend(Task(task.runs[k : k + 1], task.attempt + 1) for k in range(task.runs.size))
            return
        reason = clip(" ".join(str(error).split()), 300) if isinstance(error, InputError) else said_by(error, 300)
        self._failures += [Failure(run, reason, task.attempt) for run in task.runs.tolist()]
        self._here += task.runs.size
        self._failed += task.runs.size

    def _flush(self, everything: bool) -> None:
        """Write full chunks; also one that is not full if `everything`, or when it has waited long or is large."""
        size = sum(block.values.nbytes for block in self._blocks)
        everything |= time.monotonic() - self._flushed > FLUSH_SECONDS or size > FLUSH_BYTES
        while self._buffered >= self.chunk or (everything and (self._buffered or self._failures)):
            now, later, room = [], [], self.chunk
            for block in self._blocks:
                if 0 < room < block.runs.size:
                    now.append(block.part(0, room))
                    later.append(block.part(room, block.runs.size))
                elif room:
                    now.append(block)
                else:
                    later.append(block)
                room -= min(room, block.runs.size)
            self.store.write(now, self._failures)
            self._blocks, self._failures = later, []
            self._buffered = sum(block.runs.size for block in later)
            self._flushed = time.monotonic()

    def _report(self, runs: np.ndarray, last: bool) -> None:
        now = time.monotonic()
        if self._tell is None or (now - self._told < 0.1 and not last):
            return
        self._told = now
        done = int(self.store.done[runs].sum()) + self._buffered + self._failed
        self._tell(Progress(min(done, runs.size), runs.size, self._failed, self._here, now - self._began))
