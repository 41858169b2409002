"""What the terminal shows: tables, progress, sizes and times; plain where there is no colour."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from clustersim.core.errors import escaped, visible
from clustersim.core.numbers import localise, number
from clustersim.core.words import _, _n
from clustersim.results.progress import QUARTERS, duration, far_enough, progress_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = [
    "BarProgress", "PlainProgress", "cases", "compile_if_cold", "console", "count", "duration", "far_enough", "literal",
    "print_json", "print_rows", "progress_line", "say", "size", "span", "table", "with_progress", "yes_no",
]  # fmt: skip


def console(error: bool = False) -> Console:
    """Return a console on stdout or stderr, wide enough for the tables where nobody watches."""
    stream = sys.stderr if error else sys.stdout
    settings: dict[str, Any] = {"file": stream, "highlight": False, "markup": False, "emoji": False}
    found = Console(**settings)
    return found if found.is_terminal else Console(**settings, width=120, no_color=True)


def literal(text: str, style: str = "") -> Text:
    """Return a text to print, in which nothing is markup and nothing commands the terminal; all that is shown goes by here."""
    return Text(visible(text), style=style)


def say(out: Console, text: str, style: str = "") -> None:
    """Print a text as it is, wrapped by the terminal only."""
    out.print(literal(text, style), soft_wrap=True)


def print_json(content: Any) -> None:
    """Print one JSON document on stdout; what is not a number becomes null, and what commands a terminal is escaped."""
    from clustersim.results.describing import json_text

    print(escaped(json_text(content)))


def count(value: float | None) -> str:
    """Return a whole number as the language writes it; a dash where there is none."""
    return number(value, 0)


def span(low: float | None, high: float | None) -> str:
    """Return the two ends of a range; a dash where there is none."""
    return number(None) if low is None or high is None else f"{number(low)} – {number(high)}"


def yes_no(value: bool) -> str:
    """Return the word for what is so, or not."""
    return _("yes") if value else _("no")


def size(bytes_: float) -> str:
    """Return bytes as people say them."""
    digits, unit = decimal(int(bytes_)).split(" ")
    return f"{localise(digits.replace(',', ''))} {unit}"


def table(*headings: str, right: Sequence[int] = ()) -> Table:
    """Return an empty table with a ruled heading; columns numbered in `right` are aligned to the right."""
    from rich.box import SIMPLE_HEAD

    found = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for place, heading in enumerate(headings):
        found.add_column(literal(heading), justify="right" if place in right else "left", overflow="fold")
    return found


def print_rows(out: Console, headings: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Print rows as a table."""
    shown = table(*headings, right=right)
    for row in rows:
        shown.add_row(*map(literal, row))
    out.print(shown)


def compile_if_cold(note: Console) -> None:
    """Compile the kernels now, and say so, if they are not in the cache."""
    from clustersim.core import accelerate
    from clustersim.simulation.compiling import compile_kernels

    if accelerate.is_warm():
        return
    text = _("Compiling the kernels once, about half a minute…")
    if note.is_terminal:
        with note.status(literal(text)):
            compile_kernels()
    else:
        say(note, text)
        compile_kernels()


class PlainProgress:
    """Progress as a few plain lines, for logs: at most one every two seconds, and one at the end."""

    def __init__(self, out: Console, of: tuple[str, str] = QUARTERS) -> None:
        self._of = of
        self._out, self._began, self._last = out, time.monotonic(), time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """Say how far it is."""
        now = time.monotonic()
        if done < total and now - self._last < 2.0:
            return
        self._last = now
        say(self._out, progress_line(done, total, now - self._began, self._of))


class BarProgress:
    """A bar with rate and time left; use it as a context."""

    def __init__(self, out: Console, of: tuple[str, str] = QUARTERS) -> None:
        from rich.progress import BarColumn, Progress, TextColumn

        columns = TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[said]}", markup=False)
        self._of = of
        self._progress = Progress(*columns, console=out, transient=True)
        self._task = self._progress.add_task(_("Simulating"), total=1, said="")
        self._began = time.monotonic()

    def __enter__(self) -> BarProgress:
        self._progress.start()
        self._began = time.monotonic()
        return self

    def __exit__(self, *caught: object) -> None:
        self._progress.stop()

    def __call__(self, done: int, total: int) -> None:
        """Move the bar."""
        said = progress_line(done, total, time.monotonic() - self._began, self._of)
        self._progress.update(self._task, completed=done, total=total, said=said)


def with_progress(out: Console, work: Callable[[Any], Any], of: tuple[str, str] = QUARTERS) -> Any:
    """Call ``work(progress)`` with a bar, or with plain lines where nobody watches; `of` says what is counted."""
    if not out.is_terminal:
        return work(PlainProgress(out, of))
    with BarProgress(out, of) as bar:
        return work(bar)


def cases(replicates: int) -> str:
    """Return a number of replicates with its word."""
    return _n("one replicate", "{n} replicates", replicates, n=count(replicates))
