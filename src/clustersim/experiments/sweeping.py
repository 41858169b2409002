"""`sweep`: from an experiment to a finished store, on this machine."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from clustersim.core import arguments, files
from clustersim.core.machine import machine_class
from clustersim.core.words import _
from clustersim.experiments.design import Experiment
from clustersim.experiments.plan import Plan
from clustersim.experiments.planning import Given, make_plan
from clustersim.experiments.reading import SweepResult
from clustersim.experiments.runner import CHUNK, CHUNK_MAX, Progress, Runner
from clustersim.experiments.store import PROVENANCE, Store, Tell, create_store, provenance_text, quiet
from clustersim.policy.plugins.record import recorded
from clustersim.results import progress as showing
from clustersim.results import provenance
from clustersim.scenario.size import check_room


def sweep(
    experiment: Given,
    out: str | os.PathLike[str] = "results",
    *,
    name: str | None = None,
    workers: int | None = None,
    chunk: int = CHUNK,
    fresh: bool = False,
    retry_failed: bool = False,
    part: tuple[int, int] | None = None,
    order: int | None = None,
    progress: Callable[[Progress], object] | bool | None = None,
    stop: threading.Event | None = None,
    tell: Tell = quiet,
) -> SweepResult:
    """Do what an experiment asks for and has not been done yet.

    Parameters
    ----------
    experiment : str, path, mapping or Experiment
        A shipped experiment by name, a file, or what a file could say: a mapping, or an `Experiment`
        (`clustersim.experiments.design`). A mapping is the same sweep as such a file of the same name.
    out : str or path, optional
        Folder that will hold the sweep's own folder, which bears the experiment's name.
    name : str, optional
        That name, of an experiment that is no file; from its title if not given.
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
    progress : bool or callable, optional
        True shows a bar in a terminal or a notebook; a callable is called with a `Progress` now and then.
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

    Examples
    --------
    >>> import tempfile
    >>> from clustersim import sweep
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sweep({
    ...         "title": "Trust", "scenarios": ["organic"], "replicates": 2, "years": 1,
    ...         "levers": {"keys": {"place.clusters.valley.trust": [0.3, 0.4]}},
    ...     }, folder, name="trust")
    <SweepResult trust: 4 of 4 runs done, 0 failed, 2 options, one world, 2 replicates>
    """
    fresh, retry_failed = arguments.flag(fresh, "fresh"), arguments.flag(retry_failed, "retry_failed")
    arguments.listeners(progress, tell, stop, told=1)
    folder = arguments.place(out, "out")
    check_work(workers, chunk, part, order)
    plan, said = make_plan(experiment, name)
    store = begin(plan, said, folder, fresh, tell)
    if isinstance(progress, bool):
        with showing.shown(progress, showing.RUNS) as bar:
            moving = None if bar is None else lambda said: bar(said.done, said.total)
            run_left(store, workers, chunk, retry_failed, part, order, moving, stop)
    else:
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
    check_work(workers, chunk, part, order)
    runs = of_part(store.plan, store.pending(retry_failed), part)
    if order is None:
        order = int.from_bytes(os.urandom(4), "little")
    return Runner(store, workers, chunk, order, stop, progress).run(runs)


def check_work(workers: int | None, chunk: int, part: tuple[int, int] | None, order: int | None) -> None:
    """Raise `InputError` unless the work can be done so."""
    arguments.workers(workers)
    arguments.whole(chunk, "chunk", 1, CHUNK_MAX)
    if order is not None:
        arguments.whole(order, "order", 0, arguments.SEED_MAX)
    if part is None:
        return
    if not isinstance(part, tuple | list) or len(part) != 2:
        raise arguments.refused("part", part, _("two whole numbers: which part, from 0, and of how many"))
    number, of = part
    of = arguments.whole(of, "part", 1, arguments.SEED_MAX)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < of:
        raise arguments.refused("part", f"{number}/{of}", _("0/{of} to {last}/{of}", of=of, last=of - 1))


def of_part(plan: Plan, runs: np.ndarray, part: tuple[int, int] | None) -> np.ndarray:
    """Return the runs that belong to a part: whole groups of replicates where there are enough of them.

    The parts depend on the plan only, not on what is done: jobs that start at different times do not overlap.
    """
    if part is None:
        return runs
    number, of = part
    groups = plan.points * len(plan.seeds)
    return runs[(runs // plan.replicates if groups >= 4 * of else runs) % of == number]
