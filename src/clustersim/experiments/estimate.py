"""What a sweep will take, from a few of its own runs: seconds and bytes of each."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from clustersim.core.errors import InputError
from clustersim.core.machine import processors
from clustersim.core.words import _
from clustersim.experiments import chunks
from clustersim.experiments.execution import Block, run_batch
from clustersim.experiments.plan import Plan
from clustersim.scenario.size import check_room

EFFICIENCY = 0.93  # of two threads against twice one, measured by benchmarks/sweep.py


@dataclass
class Estimate:
    """Figures of a plan; `measured` runs were done for them."""

    runs: int
    measured: int
    seconds_per_run: float
    bytes_per_run: float
    workers: int

    @property
    def seconds(self) -> float:
        """Seconds for all runs."""
        return self.runs * self.seconds_per_run / (self.workers * (EFFICIENCY if self.workers > 1 else 1.0))

    @property
    def bytes(self) -> float:
        """Bytes on the disk for all runs."""
        return self.runs * self.bytes_per_run


def estimate(plan: Plan, runs: int, workers: int | None = None, budget: float = 2.0) -> Estimate:
    """Run points spread over the plan until `budget` seconds are spent, at least one, and reckon from them.

    Parameters
    ----------
    plan : Plan
        The plan.
    runs : int
        Runs that are left to do.
    workers : int, optional
        Threads that will do them; the processors of this machine if not given.
    budget : float, optional
        Seconds to spend.

    Raises
    ------
    InputError
        If none of the tried points can be run.
    """
    check_room()
    blocks: list[Block] = []
    spent, fault = 0.0, None
    for point in np.random.default_rng(1).permutation(plan.points)[:32].tolist():
        numbers = np.arange(min(plan.replicates, 4)) + point * plan.per_point
        begin = time.perf_counter()
        try:
            blocks.append(run_batch(plan, point, numbers)[0])
        except InputError as error:
            fault = error
            continue
        spent += time.perf_counter() - begin
        if spent > budget:
            break
    measured = sum(block.runs.size for block in blocks)
    if not measured:
        raise fault or InputError(plan.name, "", _("none of the runs tried gave finite numbers"))
    size = len(chunks.encode(plan, blocks, [])) / measured
    return Estimate(runs, measured, spent / measured, size, workers or processors())
