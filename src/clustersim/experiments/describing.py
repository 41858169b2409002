"""Sweeps as documents: what a plan will take, how a sweep stands, and what it consists of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clustersim.experiments.estimate import estimate
from clustersim.experiments.execution import describe_values
from clustersim.experiments.maintenance import damaged_beside
from clustersim.experiments.plan import Plan
from clustersim.experiments.reading import SweepResult
from clustersim.experiments.store import is_store, look_into


def foretell(plan: Plan, out: Path, workers: int | None = None) -> dict[str, Any]:
    """Return what a plan consists of and what it will take; a few of its runs are done to find out.

    Parameters
    ----------
    plan : Plan
        The plan of an experiment.
    out : Path
        Folder that will hold the sweep's own folder; what is done there already is not done again.
    workers : int, optional
        Threads; the processors of this machine if not given.
    """
    folder, done = out / plan.name, 0
    if is_store(folder):
        done = plan.runs - look_into(folder, plan).pending().size
    left = estimate(plan, plan.runs - done, workers)
    return {
        "experiment": plan.name, "folder": str(folder), "scenarios": plan.scenarios, "options": [o["name"] for o in plan.options],
        "worlds": plan.worlds, "seeds": len(plan.seeds), "replicates": plan.replicates, "runs": plan.runs, "done": done,
        "seconds": left.seconds, "bytes": left.bytes, "workers": left.workers, "measured_runs": left.measured,
        "seconds_per_run": left.seconds_per_run,
    }  # fmt: skip


def outcome(result: SweepResult) -> dict[str, Any]:
    """Return how a sweep stands: runs done, failed and missing, and its size on the disk."""
    return {"experiment": result.name, "folder": str(result.folder), "runs": result.plan.runs, "done": result.done,
            "failed": result.failed, "missing": result.missing, "bytes": result.store.bytes()}  # fmt: skip


def describe(result: SweepResult) -> dict[str, Any]:
    """Return what a sweep consists of and how it stands: also its options, worlds, outputs, damaged chunks and failed runs."""
    plan = result.plan
    failures = result.failures[["run", "scenario", "option", "world", "replicate", "attempts", "reason"]]
    return outcome(result) | {
        "model": plan.content["model"], "scenarios": plan.scenarios, "options": plan.options, "worlds": plan.worlds,
        "uncertain": plan.content["worlds"]["keys"], "seeds": len(plan.seeds), "replicates": plan.replicates,
        "outputs": describe_values(plan), "chunks": len(result.store.names()),
        "damaged": [{"chunk": name, "reason": reason} for name, reason in result.store.bad] + damaged_beside(result.folder),
        "failures": failures.to_dict("records"),
    }  # fmt: skip
