"""`sweep`: from an experiment to a finished store, on this machine."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from clustersim.core import files
from clustersim.core.errors import InputError
from clustersim.core.machine import machine_class
from clustersim.core.words import _
from clustersim.experiments.design import Experiment
from clustersim.experiments.plan import Plan
from clustersim.experiments.planning import make_plan
from clustersim.experiments.reading import SweepResult
from clustersim.experiments.runner import CHUNK, CHUNK_MAX, Progress, Runner
from clustersim.experiments.store import PROVENANCE, Store, Tell, create_store, provenance_text, quiet
from clustersim.policy.plugins.record import recorded
from clustersim.results import provenance
from clustersim.scenario.size import check_room


def sweep(
    experiment: str | os.PathLike[str],
    out: str | os.PathLike[str] = "results",
    *,
    workers: int | None = None,
    chunk: int = CHUNK,
    fresh: bool = False,
    retry_failed: bool = False,
    part: tuple[int, int] | None = None,
    order: int | None = None,
    progress: Callable[[Progress], object] | None = None,
    stop: threading.Event | None = None,
    tell: Tell = quiet,
) -> SweepResult:
    """Do what an experiment asks for and has not been done yet.

    Parameters
    ----------
    experiment : str or path
        A shipped experiment by name, or a file.
    out : str or path, optional
        Folder that will hold the sweep's own folder, which bears the experiment's name.
    workers : int, optional
        Threads; the processors of this machine if not given. Results do not depend on it.
    chunk : int, optional
        Runs in a chunk, at most.
    fresh : bool, optional
        Begin anew, and keep what is there under another name.
    retry_failed : bool, optional
        Try failed runs again.
    part : (int, int), optional
        Do the k-th of n parts only, k from 0: for jobs that share the work.
    order : int, optional
        Seed of the order of batches; chosen at random if not given. Results do not depend on it.
    progress : callable, optional
        Called with a `Progress` now and then.
    stop : Event, optional
        Ends the work in a resumable state when it is set.
    tell : callable, optional
        Called with sentences about what is set aside.

    Returns
    -------
    SweepResult
        What is in the store now; `missing` is above 0 if the work was stopped or is a part.

    Raises
    ------
    InputError
        If the experiment is faulty, or the folder holds a sweep with another plan.
    OSError
        If a chunk cannot be written (a full disk); everything written before is kept.
    """
    plan, said = make_plan(Path(experiment))
    store = begin(plan, said, Path(out), fresh, tell)
    run_left(store, workers, chunk, retry_failed, part, order, progress, stop)
    return SweepResult(store)


def begin(plan: Plan, said: Experiment, out: Path, fresh: bool = False, tell: Tell = quiet) -> Store:
    """Return the store of a plan, new or as it was left, with a note of where it comes from."""
    check_room()
    store = create_store(out / plan.name, plan, fresh, tell)
    if not (store.folder / PROVENANCE).exists():
        note = {"title": said.title, "question": said.question, "started": datetime.now(UTC).isoformat(timespec="seconds"),
                "versions": provenance.versions(), "plugins": recorded(plan.content["model"].get("plugins", {})),
                "machine": machine_class()}  # fmt: skip
        files.write(store.folder / PROVENANCE, provenance_text(note))
    return store


def run_left(
    store: Store, workers: int | None = None, chunk: int = CHUNK, retry_failed: bool = False, part: tuple[int, int] | None = None,
    order: int | None = None, progress: Callable[[Progress], object] | None = None, stop: threading.Event | None = None,
) -> bool:  # fmt: skip
    """Do the runs of a store that are left, or a part of them; return whether none of these is left. See `sweep`."""
    if not 1 <= chunk <= CHUNK_MAX:
        raise InputError("--chunk", "", _("{n} is not possible; allowed: 1 to {most}", n=chunk, most=CHUNK_MAX))
    if workers is not None and workers < 1:
        raise InputError("--workers", "", _("{n} is not possible; allowed: 1 or more", n=workers))
    runs = of_part(store.plan, store.pending(retry_failed), part)
    if order is None:
        order = int.from_bytes(os.urandom(4), "little")
    return Runner(store, workers, chunk, order, stop, progress).run(runs)


def of_part(plan: Plan, runs: np.ndarray, part: tuple[int, int] | None) -> np.ndarray:
    """Return the runs that belong to a part: whole groups of replicates where there are enough of them.

    The parts depend on the plan only, not on what is done: jobs that start at different times do not overlap.
    """
    if part is None:
        return runs
    number, of = part
    if not 0 <= number < of:
        message = _("{number}/{of} is not possible; allowed: 0/{of} to {last}/{of}", number=number, of=of, last=of - 1)
        raise InputError("--part", "", message)
    groups = plan.points * len(plan.seeds)
    return runs[(runs // plan.replicates if groups >= 4 * of else runs) % of == number]
