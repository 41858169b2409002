"""``clustersim sweep``: does what an experiment asks for, says how far it is, and can be ended and resumed at any time."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clustersim.cli.options import RESULTS, AsJson, PluginFiles, check_between, check_choice, counted, use_plugins, whole
from clustersim.core.errors import FILE_MOST, InputError, Interrupted, cut
from clustersim.core.words import _, _n

if TYPE_CHECKING:
    from rich.console import Console

    from clustersim.experiments.runner import Progress
    from clustersim.experiments.store import Store

BACKENDS = ("local", "dask", "slurm")
OPTIONS_MAX = 20  # named in the terminal
ARRAY_MAX = 10_000  # elements of a SLURM array


def sweep(
    experiment: Annotated[str, typer.Argument(metavar="EXPERIMENT", help="Name of a shipped experiment, or a YAML file.")],
    backend: Annotated[str, typer.Option(metavar="local|dask|slurm", help="Where the runs are done.")] = "local",
    workers: Annotated[
        int | None, typer.Option(parser=counted, metavar="N", help="Threads, or Dask workers; all processors if not given.")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh/--resume", help="Begin anew, or go on with what is there; the default is to go on.")
    ] = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder that will hold the sweep's own folder.")] = RESULTS,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many runs, how long, how large.")] = False,
    chunk: Annotated[int, typer.Option(parser=whole, metavar="N", help="Runs in a chunk, at most.")] = 500,
    part: Annotated[str | None, typer.Option(metavar="K/N", help="Do the k-th of n parts only, from 0/N to N-1/N.")] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try failed runs again.")] = False,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Dask scheduler; a cluster of its own if not given.")
    ] = None,
    write_sbatch: Annotated[
        int | None, typer.Option(parser=counted, metavar="N", help="Write a SLURM script of N array elements, run nothing.")
    ] = None,
    as_json: AsJson = False,
    plugin: PluginFiles = None,
) -> None:
    """Do the runs of an experiment that are not done yet; may be stopped and resumed at any time."""
    from clustersim.cli.terminal import compile_if_cold, console, print_json, say
    from clustersim.experiments.describing import foretell, outcome
    from clustersim.experiments.planning import make_plan
    from clustersim.experiments.reading import SweepResult
    from clustersim.experiments.sweeping import begin, of_part, run_left
    from clustersim.results.storage import check_writable

    use_plugins(plugin)
    check_choice("--backend", backend, BACKENDS)
    check_between("--write-sbatch", write_sbatch, 1, ARRAY_MAX)
    asked = parse_part(part)
    note = console(error=True)
    plan, said = make_plan(experiment)
    if dry_run:
        compile_if_cold(note)
        found = foretell(plan, out, workers)
        print_json(found) if as_json else _show(found)
        return
    check_writable(out)

    def tell(text: str) -> None:
        say(note, text)

    store = begin(plan, said, out, fresh, tell)
    if write_sbatch is not None:
        from clustersim.experiments.batch_script import write_script

        script = write_script(store, experiment, out, write_sbatch, workers, chunk)
        print_json({"script": str(script), "elements": write_sbatch}) if as_json else say(console(), f"sbatch {script}")
        return
    compile_if_cold(note)
    _announce(note, store, of_part(plan, store.pending(retry_failed), asked).size)
    signals = Signals()
    try:
        with signals.caught() as stop, shown(note) as progress:
            if backend == "local":
                finished = run_left(store, workers, chunk, retry_failed, asked, None, progress, stop)
            else:
                from clustersim.experiments.dask_backend import run_on_dask

                finished = run_on_dask(store, backend, scheduler, workers, chunk, retry_failed, asked, progress, stop, tell)
    except OSError:
        tell(kept(store))
        raise
    result = SweepResult(store)
    if not finished and signals.number:
        raise Interrupted(signals.number, _("Stopped: {kept}", kept=kept(store)))
    from clustersim.cli.synergy_summary import leave, show
    from clustersim.studies.synergy.interactions import tells

    together = leave(result) if result.missing == 0 and not result.failed and tells(plan) else None
    if as_json:
        print_json(outcome(result) | ({} if together is None else {"interactions": together[0].document()}))
    else:
        _close(note, result)
        if together is not None:
            show(console(), together[0], result.folder)
    if result.failed:
        raise typer.Exit(1)


def parse_part(text: str | None) -> tuple[int, int] | None:
    """Return ``K/N`` as two numbers."""
    if text is None:
        return None
    first, slash, second = text.partition("/")
    if not (slash and first.isdecimal() and second.isdecimal() and int(first) < int(second)):
        said = _("{text!r} is not a part; it must be K/N with K from 0 to N - 1, such as 0/4", text=text[:40])
        raise InputError("--part", "", said)
    return int(first), int(second)


def kept(store: Store) -> str:
    """Return how many runs are kept, and that the same command goes on."""
    from clustersim.cli.terminal import count

    done, runs = count(int(store.done.sum())), count(store.plan.runs)
    return _("{done} of {runs} runs are kept in {folder}; the same command goes on from there.", done=done, runs=runs,
             folder=cut(str(store.folder), FILE_MOST))  # fmt: skip


def line(said: Progress) -> str:
    """Return how far a sweep is, in one line."""
    from clustersim.cli.terminal import count, duration, far_enough
    from clustersim.core.numbers import number

    parts = [_("{done} of {total} runs", done=count(said.done), total=count(said.total))]
    if said.here and (said.done >= said.total or far_enough(said.here, said.total, said.seconds)):
        parts.append(_("{rate} runs/s", rate=number(said.rate, 1)))
        if said.done < said.total:
            parts.append(_("about {time} left", time=duration(said.left)))
    if said.failed:
        parts.append(_("{n} failed", n=count(said.failed)))
    return ", ".join(parts)


class Lines:
    """Progress as plain lines: the first result at once, then one every five seconds."""

    def __init__(self, out: Console) -> None:
        self._out, self._last, self._over = out, -1e9, False

    def __call__(self, said: Progress) -> None:
        """Say how far it is."""
        from clustersim.cli.terminal import say

        now = time.monotonic()
        over = said.done >= said.total
        if not said.here or self._over or (not over and now - self._last < 5.0):
            return
        self._last, self._over = now, over
        say(self._out, line(said))


class Bar:
    """Progress as a bar with rate and time left."""

    def __init__(self, out: Console) -> None:
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as RichProgress

        self.rich = RichProgress(BarColumn(), TextColumn("{task.fields[said]}", markup=False), console=out, transient=True)
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


def _show(found: dict[str, Any]) -> None:
    """Print what a sweep consists of and what it will take."""
    from clustersim.cli.terminal import console, count, duration, say, size
    from clustersim.core.numbers import shortest

    options = found["options"]
    counts = {name: count(found[name]) for name in ("runs", "worlds", "seeds", "replicates")}
    lines = [
        f"{found['experiment']}: "
        + _("{runs} runs = {scenarios} scenarios × {options} options × {worlds} worlds × {seeds} seeds × {replicates} replicates",
            scenarios=count(len(found["scenarios"])), options=count(len(options)), **counts),
        *("  " + _("option: {name}", name=option) for option in options[:OPTIONS_MAX]),
    ]  # fmt: skip
    if (more := len(options) - OPTIONS_MAX) > 0:
        lines.append("  " + _n("and one more option", "and {n} more options", more, n=count(more)))
    if found["done"]:
        lines.append("  " + _("already done: {n}", n=count(found["done"])))
    lines.append("  " + _(
        "time: about {time} on {workers} threads ({milliseconds} ms a run, measured with {runs} runs)",
        time=duration(found["seconds"]), workers=count(found["workers"]), runs=count(found["measured_runs"]),
        milliseconds=shortest(1e3 * found["seconds_per_run"], 3),
    ))  # fmt: skip
    lines.append("  " + _("disk: about {size} in {folder}", size=size(found["bytes"]), folder=found["folder"]))
    for text in lines:
        say(console(), text)


def _announce(note: Console, store: Store, left: int) -> None:
    from clustersim.cli.terminal import count, say

    plan, done = store.plan, int(store.done.sum())
    parts = [_n("one run", "{n} runs", plan.runs, n=count(plan.runs))]
    if done:
        parts.append(_("{n} of them done before", n=count(done)))
    if left != plan.runs - done:
        parts.append(_("{n} to do here", n=count(left)))
    say(note, f"{plan.name}: {', '.join(parts)}")


def _close(note: Console, result: Any) -> None:
    from clustersim.cli.terminal import console, count, say, size

    counts = {"done": count(result.done), "runs": count(result.plan.runs), "folder": result.folder}
    if result.missing == 0:
        say(console(), _("Result: {folder} ({done} runs, {size})", size=size(result.store.bytes()), **counts))
    else:
        say(console(), _("Result so far: {folder} ({done} of {runs} runs)", **counts))
    if result.failed:
        often = result.failures["reason"].value_counts().index[0]
        say(note, _n("one run failed: {reason}", "{n} runs failed; most often: {reason}", result.failed, n=count(result.failed),
                     reason=often))  # fmt: skip
        say(note, _("See: clustersim results show, and --retry-failed"))
