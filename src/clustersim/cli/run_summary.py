"""The summary of a run in the terminal: the phase strip, milestones and key indicators with their bands."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from clustersim.cli.terminal import cases, count, literal, span, table
from clustersim.core.numbers import number
from clustersim.core.words import N_, _, language
from clustersim.model.state import PHASES

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

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
# How units are said, and by how much a value of it is multiplied: money flows by the year, as a comparison tells it.
UNITS = {
    "1": (N_("0 to 1"), 1.0), "kUSD": (N_("thousand USD"), 1.0), "kUSD/quarter": (N_("thousand USD a year"), 4.0),
    "kUSD/person/quarter": (N_("thousand USD per person and year"), 4.0), "1/quarter": (N_("per quarter"), 1.0),
}  # fmt: skip


def print_summary(out: Console, found: list[Summary]) -> None:
    """Print strip, milestones and indicators of each cluster, or of all pooled."""
    result: RunResult = found[0].result
    out.print(literal("\n" + result.scenario.titled(), "bold"))
    for summary in found:
        where = f"{summary.cluster} · " if len(found) > 1 else ""
        head = _("Life-cycle phase: height is the share of {cases}", cases=_cases(summary))
        out.print(literal(f"\n{where}{head}\n"))
        print_strip(out, summary)
        out.print()
        print_milestones(out, summary.document(), summary.cases == 1)
        print_indicators(out, summary.document(), summary.cases == 1)
    out.print(literal(_note(result.replicates), "dim"))


def _note(replicates: int) -> str:
    if replicates == 1:
        return _("One replicate is one of many possible histories; ask for more with --replicates.")
    return _("Bands hold the middle 80 % of the replicates: the model's chance variation, not the model's own error.")


def _cases(summary: Summary) -> str:
    replicates = summary.result.replicates
    if summary.cases == replicates:
        return cases(replicates)
    return _(
        "{n} cases ({clusters} clusters × {replicates})",
        n=count(summary.cases), clusters=count(summary.cases // replicates), replicates=cases(replicates),
    )  # fmt: skip


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


def print_strip(out: Console, summary: Summary) -> None:
    """Print the phase strip: shares of cases in each phase, stacked, by columns of one, two or five years."""
    years, wide = column_years(summary.quarters, out.width)
    cells = strip_cells(summary.phases, years)
    coloured = out.color_system in ("256", "truecolor") and not out.no_color  # eight colours cannot tell nine phases apart
    rows = ROWS if summary.cases > 1 else 2
    for row in range(rows):
        share = {0: "100 %", rows // 2: " 50 %"}.get(row, "") if rows == ROWS else ""
        line = literal(f"{share:>7} ")
        for code, same in groupby(cells[row]):
            line.append_text(_block(PHASES[code], wide * len(list(same)), coloured))
        out.print(line)
    line = literal(" " * 8)
    start, step = summary.result.scenario.horizon.start_year, max(1, -(-6 // wide))
    for column in range(0, cells.shape[1], step):
        line.append(f"{start + column * years:<{wide * step}}")
    out.print(line, no_wrap=True, crop=True)
    legend = literal(" " * 8)
    for code in np.unique(cells):
        legend.append_text(_block(PHASES[code], 2, coloured))
        legend.append(f" {_(PHASES[code])}   ")
    out.print(legend)


def _block(phase: str, wide: int, coloured: bool) -> Text:
    if not coloured:
        return literal(LETTERS[phase] * wide)
    ink = "#FFFFFF" if phase == "museum" else "#595959"
    return literal(HATCHED.get(phase, " ") * wide, f"{ink} on {COLOURS[phase]}")


def print_indicators(out: Console, found: dict[str, Any], one: bool) -> None:
    """Print the key indicators at start and end; with one case there is no band to show."""
    heads = [_("Indicator"), _("Unit")]
    heads += [_("First quarter"), _("End")] if one else [_("First quarter, median"), _("End, median"), _("10–90 %")]
    shown = table(*heads, right=(2, 3, 4))
    for said in found["indicators"]:
        if said["start"] is None and not said["end"]["p90"]:
            continue  # a run without a programme spends nothing
        unit, times = UNITS.get(said["unit"], (said["unit"], 1.0))
        start, end = (_times(said[when], times) for when in ("start", "end"))
        line = [said["label" if language() == "en" else "etiqueta"], _(unit), number(start["p50"]) if said["start"] else ""]
        shown.add_row(*map(literal, [*line, number(end["p50"]), *([] if one else [span(end["p10"], end["p90"])])]))
    out.print(shown)


def _times(band: Band | None, times: float) -> Band:
    return {key: None if value is None else times * value for key, value in (band or {}).items()}


def print_milestones(out: Console, found: dict[str, Any], one: bool) -> None:
    """Print how long it took to creation, development and maturity, and how many got there."""
    heads = [_("First reached"), _("After years") if one else _("After years, median")]
    shown = table(*heads, *([] if one else [_("10–90 %")]), _("Reached by"), right=(1, 2, 3))
    for said in found["milestones"]:
        line = [_(said["name"]), number(said["years"]["p50"])]
        line += [] if one else [span(said["years"]["p10"], said["years"]["p90"])]
        shown.add_row(*map(literal, [*line, _("{k} of {n}", k=count(said["reached"]), n=count(said["cases"]))]))
    out.print(shown)
