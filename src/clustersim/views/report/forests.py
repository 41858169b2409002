"""Differences at the end as rows of dots with intervals: by outcome, and by who gains."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matplotlib.figure import Figure

from clustersim.studies.comparison import units
from clustersim.studies.comparison.verdict import alternatives
from clustersim.views.figures.layout import WIDTH
from clustersim.views.figures.style import GREY, INK, PANEL, SMALL, LocaleFormatter, styled
from clustersim.views.figures.text import wrap
from clustersim.views.report.drawing import FOREST, WHO, Drawing


@styled
def forest(d: Drawing) -> Figure:
    """Draw the differences at the end, one row for each alternative, one panel for each outcome."""
    return _forest(d, "forest", d.c.interventions, FOREST, lambda option, outcome: (option, outcome))


@styled
def who(d: Drawing) -> Figure:
    """Draw the differences in jobs by group of firms, one panel for each alternative (at most four)."""
    shown = (alternatives(d.c) or d.c.interventions)[:4]
    return _forest(d, "who", WHO, shown, lambda outcome, option: (option, outcome))


def _forest(
    d: Drawing, figure: str, rows: Sequence[str], columns: Sequence[str], which: Callable[[str, str], tuple[str, str]]
) -> Figure:
    """Draw rows of mean, 90 % interval and 10-90 % of the runs, in panels side by side that share their rows."""
    left, gap = 1.62, 0.22
    lines = [wrap(d.name(row) if row in d.c.names else units.label(row), left - 0.25, SMALL) for row in rows]
    tall = max(0.5, 0.42 * len(rows))
    page = d.page(tall + 0.85, figure)
    wide = (WIDTH - left - 0.18 - gap * (len(columns) - 1)) / len(columns)
    for k, column in enumerate(columns):
        ax = page.axes(left + k * (wide + gap), 0.4, wide, tall)
        outcome = which(rows[0], column)[1]
        heading = units.label(column) if column in units.OUTCOMES else d.name(column)
        ax.set_title(wrap(heading, wide, PANEL, bold=True), fontsize=PANEL, fontweight="bold", loc="left", pad=4)
        for place, row in enumerate(rows):
            option, name = which(row, column)
            found = d.c.answers["differences"][option][name]
            colour = d.colour[option]
            ax.plot([found["p10"], found["p90"]], [place, place], color=colour, linewidth=1.0)
            if found["low"] is not None:
                ends = [found["low"], found["high"]]
                ax.plot(ends, [place, place], color=colour, linewidth=5.0, alpha=0.45, solid_capstyle="butt")
            ax.plot([found["estimate"]], [place], marker="o", markersize=4.5, color=colour)
        ax.axvline(0.0, color=INK, linewidth=0.7)
        low, high = ax.get_xlim()
        if high - low < 1e-6:
            ax.set_xlim(-1.0, 1.0)
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.set_yticks(range(len(rows)), lines if k == 0 else [""] * len(rows))
        ax.tick_params(axis="y", length=0)
        ax.locator_params(axis="x", nbins=3)
        ax.xaxis.set_major_formatter(LocaleFormatter())
        ax.grid(axis="x", color="#E6E6E6", linewidth=0.5)
        ax.set_xlabel(wrap(units.unit_of_difference(outcome), wide, SMALL), fontsize=SMALL, color=GREY)
    return page.figure
