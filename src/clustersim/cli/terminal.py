"""What is printed in the terminal: the phase strip, tables with bands, progress; plain where there is no colour."""

from __future__ import annotations

import sys
import time
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from clustersim.model.state import PHASES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from clustersim.results import RunResult
    from clustersim.results.summary import Band, Summary

# The palette of the figures; the letter stands for the phase where there is no colour.
COLOURS = {
    "agglomeration": "#D9D9D9", "creation": "#88CCEE", "development": "#0072B2", "maturity": "#004B49",
    "transformation": "#F0E442", "decline": "#D55E00", "museum": "#7F7F7F", "renaissance": "#CC79A7",
    "dissolved": "#FFFFFF",
}  # fmt: skip
LETTERS = {
    "agglomeration": "a", "creation": "c", "development": "d", "maturity": "m", "transformation": "t", "decline": "x",
    "museum": "u", "renaissance": "r", "dissolved": ".",
}  # fmt: skip
HATCHED = {"museum": "/", "dissolved": "."}
ROWS = 10
LANGUAGES = ("en", "es")
TEXTS = {
    "strip": (
        "Life-cycle phase: height is the share of {cases}",
        "Fase del ciclo de vida: la altura es la proporción de {cases}",
    ),
    "replicates": ("{n} replicates", "{n} réplicas"),
    "one": ("one replicate", "una réplica"),
    "pooled": ("{n} cases ({clusters} clusters × {replicates})", "{n} casos ({clusters} clústeres × {replicates})"),
    "indicator": ("Indicator", "Indicador"),
    "unit": ("Unit", "Unidad"),
    "start": ("First quarter, median", "Primer trimestre, mediana"),
    "end": ("End, median", "Final, mediana"),
    "value_start": ("First quarter", "Primer trimestre"),
    "value_end": ("End", "Final"),
    "band": ("10–90 %", "10–90 %"),
    "milestone": ("First reached", "Alcanzada por primera vez"),
    "years": ("After years, median", "Tras años, mediana"),
    "value_years": ("After years", "Tras años"),
    "share": ("Reached by", "Alcanzada por"),
    "of": ("{k} of {n}", "{k} de {n}"),
    "bands": (
        "Bands hold the middle 80 % of the replicates: the model's chance variation, not the model's own error.",
        "Las bandas abarcan el 80 % central de las réplicas: la variación aleatoria, no el error del propio modelo.",
    ),
    "single": (
        "One replicate is one of many possible histories; ask for more with --replicates.",
        "Una réplica es una de muchas historias posibles; pida más con --replicates.",
    ),
    "result": ("Result", "Resultado"),
    "pictures": ("Pictures", "Figuras"),
}


def console(error: bool = False) -> Console:
    """Return a console on stdout or stderr, wide enough for the tables where nobody watches."""
    stream = sys.stderr if error else sys.stdout
    found = Console(file=stream, highlight=False, soft_wrap=False)
    return found if found.is_terminal else Console(file=stream, highlight=False, width=120, no_color=True)


UNITS = {
    "1": ("0 to 1", "0 a 1"), "firms": ("firms", "empresas"), "persons": ("persons", "personas"),
    "share": ("share", "proporción"),
    "ratio": ("ratio", "razón"), "ties": ("ties", "vínculos"), "log points": ("log points", "puntos logarítmicos"),
    "kUSD": ("kUSD", "miles de USD"), "kUSD/quarter": ("kUSD/quarter", "miles de USD/trimestre"),
    "kUSD/person/quarter": ("kUSD/person/quarter", "miles de USD/persona/trimestre"),
    "1/quarter": ("per quarter", "por trimestre"),
}  # fmt: skip


def unit(name: str, lang: str) -> str:
    """Return a unit in words."""
    return UNITS.get(name, (name, name))[lang == "es"]


def say(key: str, lang: str, **values: object) -> str:
    """Return a text in a language, its fields filled in."""
    return TEXTS[key][LANGUAGES.index(lang)].format(**values)


def number(value: float | None, lang: str = "en") -> str:
    """Return a number with three or more significant digits, written as the language does."""
    if value is None:
        return "–"
    if value == 0.0:
        return "0"
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3
    text = f"{value:,.{digits}f}"
    if lang == "es":
        text = text.translate(str.maketrans(",.", "\N{NARROW NO-BREAK SPACE},"))
    return text


def span(value: Band, lang: str) -> str:
    """Return the 10th and the 90th percentile."""
    if value["p10"] is None:
        return "–"
    return f"{number(value['p10'], lang)} – {number(value['p90'], lang)}"


def phase_name(name: str, lang: str) -> str:
    """Return the name of a phase."""
    if lang == "en":
        return name
    from clustersim.core.words import speaking
    from clustersim.views.figures.names import phase

    with speaking(lang):
        return phase(name).lower()


def _cases(summary: Summary, lang: str) -> str:
    replicates = summary.result.replicates
    words = say("one", lang) if replicates == 1 else say("replicates", lang, n=replicates)
    if summary.cases == replicates:
        return words
    return say("pooled", lang, n=summary.cases, clusters=summary.cases // replicates, replicates=words)


def column_years(quarters: int, width: int) -> tuple[int, int]:
    """Return the years that one column of the strip stands for, and its width in characters."""
    years = 1 if quarters <= 40 else 2 if quarters <= 200 else 5
    columns = -(-quarters // (4 * years))
    return years, max(2, min(6, (width - 12) // columns))


def strip_cells(phases: np.ndarray, years: int) -> np.ndarray:
    """Return codes of phases (row from the top, column): each row is a tenth of the cases, ordered by phase."""
    columns = []
    for first in range(0, phases.shape[1], 4 * years):
        seen = np.sort(phases[:, first : first + 4 * years], axis=None)
        places = ((np.arange(ROWS) + 0.5) / ROWS * seen.size).astype(int)
        columns.append(seen[places][::-1])
    return np.stack(columns, axis=1)


def print_strip(out: Console, summary: Summary, lang: str) -> None:
    """Print the phase strip: shares of cases in each phase, stacked, by columns of one, two or five years."""
    years, wide = column_years(summary.quarters, out.width)
    cells = strip_cells(summary.phases, years)
    coloured = out.color_system in ("256", "truecolor") and not out.no_color  # eight colours cannot tell nine phases apart
    rows = ROWS if summary.cases > 1 else 2
    for row in range(rows):
        share = {0: "100 %", rows // 2: " 50 %"}.get(row, "") if rows == ROWS else ""
        line = Text(f"{share:>7} ")
        for code, same in groupby(cells[row]):
            line.append_text(_block(PHASES[code], wide * len(list(same)), coloured))
        out.print(line)
    line = Text(" " * 8)
    start, step = summary.result.scenario.horizon.start_year, max(1, -(-6 // wide))
    for column in range(0, cells.shape[1], step):
        line.append(f"{start + column * years:<{wide * step}}")
    out.print(line, no_wrap=True, crop=True)
    legend = Text(" " * 8)
    for code in np.unique(cells):
        legend.append_text(_block(PHASES[code], 2, coloured))
        legend.append(f" {phase_name(PHASES[code], lang)}   ")
    out.print(legend)


def _block(phase: str, wide: int, coloured: bool) -> Text:
    if not coloured:
        return Text(LETTERS[phase] * wide)
    ink = "#FFFFFF" if phase == "museum" else "#595959"
    return Text(HATCHED.get(phase, " ") * wide, style=f"{ink} on {COLOURS[phase]}")


def table(*headings: str, right: Sequence[int] = ()) -> Table:
    """Return an empty table with a ruled heading; columns numbered in `right` are aligned to the right."""
    from rich.box import SIMPLE_HEAD

    found = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for place, heading in enumerate(headings):
        found.add_column(heading, justify="right" if place in right else "left", overflow="fold")
    return found


def print_indicators(out: Console, summary: Summary, lang: str) -> None:
    """Print the key indicators at start and end; with one replicate there is no band to show."""
    one = summary.cases == 1
    heads = [say("indicator", lang), say("unit", lang), say("value_start" if one else "start", lang)]
    heads.append(say("value_end" if one else "end", lang))
    shown = table(*heads, *([] if one else [say("band", lang)]), right=(2, 3, 4))
    for said in summary.indicators():
        if said["start"] is None and not said["end"]["p90"]:
            continue  # a run without a programme spends nothing
        start = number(said["start"]["p50"], lang) if said["start"] else ""
        line = [said["label" if lang == "en" else "etiqueta"], unit(said["unit"], lang), start, number(said["end"]["p50"], lang)]
        shown.add_row(*line, *([] if one else [span(said["end"], lang)]))
    out.print(shown)


def print_milestones(out: Console, summary: Summary, lang: str) -> None:
    """Print how long it took to creation, development and maturity, and how many got there."""
    one = summary.cases == 1
    heads = [say("milestone", lang), say("value_years" if one else "years", lang)]
    shown = table(*heads, *([] if one else [say("band", lang)]), say("share", lang), right=(1, 2, 3))
    for said in summary.milestones():
        line = [phase_name(said["name"], lang), number(said["years"]["p50"], lang)]
        line += [] if one else [span(said["years"], lang)]
        shown.add_row(*line, say("of", lang, k=said["reached"], n=said["cases"]))
    out.print(shown)


def print_summary(out: Console, found: list[Summary], lang: str) -> None:
    """Print strip, milestones and indicators of each cluster, or of all pooled."""
    result: RunResult = found[0].result
    out.print(Text(f"\n{result.scenario.title}", style="bold"))
    for summary in found:
        where = f"{summary.cluster} · " if len(found) > 1 else ""
        out.print(Text(f"\n{where}{say('strip', lang, cases=_cases(summary, lang))}\n"))
        print_strip(out, summary, lang)
        out.print()
        print_milestones(out, summary, lang)
        print_indicators(out, summary, lang)
    out.print(Text(say("single" if result.replicates == 1 else "bands", lang), style="dim"))


class PlainProgress:
    """Progress as a few plain lines, for logs: at most one every two seconds, and one at the end."""

    def __init__(self, out: Console) -> None:
        self._out, self._began, self._last = out, time.monotonic(), time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """Say how far it is."""
        now = time.monotonic()
        if done < total and now - self._last < 2.0:
            return
        self._last = now
        rate = done / max(now - self._began, 1e-9)
        left = "" if done == total else f", about {(total - done) / rate:.0f} s left"
        self._out.print(f"{done} of {total} quarters, {rate:,.0f} quarters/s{left}", soft_wrap=True)


class BarProgress:
    """A bar with rate and time left; use it as a context."""

    def __init__(self, out: Console) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        done = TextColumn("{task.completed:.0f} of {task.total:.0f} quarters")
        columns = TextColumn("{task.description}"), BarColumn(), done, TextColumn("{task.fields[rate]}")
        self._progress = Progress(*columns, TimeRemainingColumn(), console=out, transient=True)
        self._task = self._progress.add_task("Simulating", total=1, rate="")
        self._began = time.monotonic()

    def __enter__(self) -> BarProgress:
        self._progress.start()
        self._began = time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def __call__(self, done: int, total: int) -> None:
        """Move the bar."""
        rate = done / max(time.monotonic() - self._began, 1e-9)
        self._progress.update(self._task, completed=done, total=total, rate=f"{rate:,.0f} quarters/s")


def with_progress(out: Console, work: Callable[[Any], Any]) -> Any:
    """Call ``work(progress)`` with a bar, or with plain lines where nobody watches."""
    if not out.is_terminal:
        return work(PlainProgress(out))
    with BarProgress(out) as bar:
        return work(bar)


def print_rows(out: Console, headings: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Print rows as a table."""
    shown = table(*headings, right=right)
    for row in rows:
        shown.add_row(*(Text(cell) for cell in row))
    out.print(shown)
