"""``clustersim sweep``: does what an experiment asks for, says how far it is, and can be ended and resumed at any time."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clustersim.core.errors import InputError, Interrupted

if TYPE_CHECKING:
    from rich.console import Console

    from clustersim.experiments.plan import Plan
    from clustersim.experiments.runner import Progress
    from clustersim.experiments.store import Store

BACKENDS = ("local", "dask", "slurm")


def duration(seconds: float) -> str:
    """Return a time as people say it."""
    if seconds == float("inf"):
        return "unknown time"
    for name, length in (("days", 86400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {name}"
    return f"{seconds:.0f} s"


def size(number: float) -> str:
    """Return bytes as people say them."""
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.3g} {unit}"
        number /= 1000
    return f"{number:.3g} TB"


def line(said: Progress) -> str:
    """Return how far a sweep is, in one line."""
    text = f"{said.done:,} of {said.total:,} runs"
    if said.here:
        text += f", {said.rate:,.1f} runs/s"
    if said.here and said.done < said.total:
        text += f", about {duration(said.left)} left"
    return text + (f", {said.failed:,} failed" if said.failed else "")


class Lines:
    """Progress as plain lines: the first result at once, then one every five seconds."""

    def __init__(self, out: Console) -> None:
        self._out, self._last, self._over = out, -1e9, False

    def __call__(self, said: Progress) -> None:
        """Say how far it is."""
        now = time.monotonic()
        over = said.done >= said.total
        if not said.here or self._over or (not over and now - self._last < 5.0):
            return
        self._last, self._over = now, over
        self._out.print(line(said), soft_wrap=True)


class Bar:
    """Progress as a bar with rate and time left."""

    def __init__(self, out: Console) -> None:
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as RichProgress

        self.rich = RichProgress(BarColumn(), TextColumn("{task.fields[said]}"), console=out, transient=True)
        self._task = self.rich.add_task("", total=1, said="")

    def __call__(self, said: Progress) -> None:
        """Move the bar."""
        self.rich.update(self._task, completed=said.done, total=said.total, said=line(said))


@contextlib.contextmanager
def shown(note: Console) -> Iterator[Any]:
    """Give what shows progress: a bar on a terminal, else lines."""
    if not note.is_terminal:
        yield Lines(note)
        return
    bar = Bar(note)
    with bar.rich:
        yield bar


class Signals:
    """Turns the first Ctrl-C or request to end into a stop sign; a second one ends at once."""

    def __init__(self) -> None:
        self.stop, self.number = threading.Event(), 0

    def _received(self, number: int, frame: object) -> None:
        if self.number:
            raise KeyboardInterrupt
        self.number = number
        self.stop.set()

    @contextlib.contextmanager
    def caught(self) -> Iterator[threading.Event]:
        """Catch signals inside the block."""
        if threading.current_thread() is not threading.main_thread():
            yield self.stop
            return
        old = {number: signal.signal(number, self._received) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield self.stop
        finally:
            for number, handler in old.items():
                signal.signal(number, handler)


def parse_part(text: str | None) -> tuple[int, int] | None:
    """Return ``K/N`` as two numbers."""
    if text is None:
        return None
    first, slash, second = text.partition("/")
    if not (slash and first.isdecimal() and second.isdecimal() and int(first) < int(second)):
        raise InputError("--part", "", f"{text[:40]!r} is not a part; it must be K/N with K from 0 to N - 1, such as 0/4")
    return int(first), int(second)


def run(
    experiment: str, backend: str, workers: int | None, fresh: bool, out: Path, dry_run: bool, chunk: int, part: str | None,
    retry_failed: bool, scheduler: str | None, write_sbatch: int | None, as_json: bool,
) -> bool:  # fmt: skip
    """Sweep, or say what it would take; return whether every run that was asked for is done."""
    from clustersim.cli.actions import compile_if_cold, print_json
    from clustersim.cli.terminal import console
    from clustersim.experiments.planning import make_plan
    from clustersim.experiments.reading import SweepResult
    from clustersim.experiments.sweeping import begin, of_part, run_left
    from clustersim.results.storage import check_writable

    if backend not in BACKENDS:
        raise InputError("--backend", "", f"{backend[:40]!r} is not a backend; allowed: {', '.join(BACKENDS)}")
    asked = parse_part(part)
    note = console(error=True)
    plan, said = make_plan(experiment)
    if dry_run:
        compile_if_cold(note)
        found = foretell(plan, out, workers)
        print_json(found) if as_json else _show(found)
        return True
    check_writable(out)

    def tell(text: str) -> None:
        note.print(text, markup=False, soft_wrap=True)

    store = begin(plan, said, out, fresh, tell)
    if write_sbatch is not None:
        from clustersim.experiments.batch_script import write_script

        script = write_script(store, experiment, out, write_sbatch, workers, chunk)
        print_json({"script": str(script), "elements": write_sbatch}) if as_json else print(f"sbatch {script}")
        return True
    compile_if_cold(note)
    left = of_part(plan, store.pending(retry_failed), asked).size
    _announce(note, store, left)
    signals = Signals()
    try:
        with signals.caught() as stop, shown(note) as progress:
            if backend == "local":
                finished = run_left(store, workers, chunk, retry_failed, asked, None, progress, stop)
            else:
                from clustersim.experiments.dask_backend import run_on_dask

                finished = run_on_dask(store, backend, scheduler, workers, chunk, retry_failed, asked, progress, stop, tell)
    except OSError:
        tell(f"{int(store.done.sum()):,} of {plan.runs:,} runs are kept in {store.folder}; the same command goes on from there.")
        raise
    result = SweepResult(store)
    if not finished and signals.number:
        raise Interrupted(signals.number, f"Stopped: {result.done:,} of {plan.runs:,} runs are kept in {store.folder}; "
                          "the same command goes on from there.")  # fmt: skip
    if as_json:
        print_json(outcome(result))
    else:
        _close(note, result)
    return result.failed == 0


def outcome(result: Any) -> dict[str, Any]:
    """Return how a sweep stands, as a document."""
    return {"experiment": result.name, "folder": str(result.folder), "runs": result.plan.runs, "done": result.done,
            "failed": result.failed, "missing": result.missing, "bytes": result.store.bytes()}  # fmt: skip


def foretell(plan: Plan, out: Path, workers: int | None) -> dict[str, Any]:
    """Return what a plan consists of and what it will take."""
    from clustersim.experiments.estimate import estimate
    from clustersim.experiments.store import is_store, look_into

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


def _show(found: dict[str, Any]) -> None:
    options = found["options"]
    print(f"{found['experiment']}: {found['runs']:,} runs = {len(found['scenarios'])} scenarios × {len(options)} options × "
          f"{found['worlds']:,} worlds × {found['seeds']} seeds × {found['replicates']:,} replicates")  # fmt: skip
    for option in options[:20]:
        print(f"  option: {option}")
    if len(options) > 20:
        print(f"  and {len(options) - 20:,} more options")
    if found["done"]:
        print(f"  already done: {found['done']:,}")
    print(f"  time: about {duration(found['seconds'])} on {found['workers']} threads "
          f"({1e3 * found['seconds_per_run']:.3g} ms a run, measured with {found['measured_runs']} runs)")  # fmt: skip
    print(f"  disk: about {size(found['bytes'])} in {found['folder']}")


def _announce(note: Console, store: Store, left: int) -> None:
    plan = store.plan
    done = int(store.done.sum())
    text = f"{plan.name}: {plan.runs:,} runs"
    if done:
        text += f", {done:,} of them done before"
    if left != plan.runs - done:
        text += f", {left:,} to do here"
    note.print(text, markup=False, soft_wrap=True)


def _close(note: Console, result: Any) -> None:
    if result.missing == 0:
        text = f"Result: {result.folder} ({result.done:,} runs, {size(result.store.bytes())})"
    else:
        text = f"Result so far: {result.folder} ({result.done:,} of {result.plan.runs:,} runs)"
    print(text)
    if result.failed:
        rows = result.failures
        reasons = rows["reason"].value_counts()
        note.print(f"{result.failed:,} runs failed; most often: {reasons.index[0]}", markup=False, soft_wrap=True)
        note.print("See: clustersim results show, and --retry-failed", markup=False, soft_wrap=True)
