"""Figure of effects: each instrument's effect on the sales of the firms that it reaches, over the years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from clustersim.core.words import _
from clustersim.views.catalogue import label
from clustersim.views.figures.layout import Page, made_with, save
from clustersim.views.figures.style import DASHES, GREY, INK, LINE, SERIES, SMALL, LocaleFormatter, styled
from clustersim.views.figures.text import wrap

COLUMNS, LEFT, PANEL_WIDTH, STEP_X = 5, 0.46, 1.0, 1.36  # inches, as are those that follow
TOP, PANEL_HEIGHT, STEP_Y = 0.32, 0.62, 1.14
SHOWN, SORTED_BY = "sales", 3  # the indicator, and the year after t by which panels are in order
LEAST_SPAN = 0.2  # per cent: smaller effects are not blown up


@styled
def effects(found: Mapping[str, Any], seed: int, lang: str | None = None) -> Figure:
    """Draw small multiples, the largest effect first."""
    shown = sorted(found["instruments"], key=lambda each: -each["effects"][SHOWN][SORTED_BY]["value"])
    rows = -(-len(shown) // COLUMNS)
    what = _(
        "Effect on the sales of the firms reached, per cent, by years after t, the first of {paid} paid years, at a usual dose",
        paid=found["paid_years"],
    )  # fmt: skip
    note = _(
        "Line: all replicates taken together; band: 5-95 % bootstrap interval of that value. Grey and dashed: the band holds 0 "
        "in every year after t. Diamonds: published effects of a programme of the kind. Each panel has its own scale; they stand "
        "in the order of the effect at t+{year}.",
        year=SORTED_BY,
    )
    made = made_with(seed, found["replicates"])
    page = Page(TOP + STEP_Y * rows - 0.2, _("What instruments do to the sales of firms"), what, [note], made, whole=True)
    for place, each in enumerate(shown):
        row, column = divmod(place, COLUMNS)
        left, top = LEFT + STEP_X * column, TOP + STEP_Y * row
        _panel(page.axes(left, top, PANEL_WIDTH, PANEL_HEIGHT), each, _published(each, found["published"]))
        name = wrap(label(each["instrument"]), STEP_X - 0.06, SMALL, bold=True)
        page.write(left, page.head + top - 0.07, name, SMALL, weight="bold", va="bottom", linespacing=1.0)
    return page.figure


def _published(each: Mapping[str, Any], facts: Sequence[Mapping[str, Any]]) -> list[tuple[int, float]]:
    """Return year and value of the published effects on what is shown, of this very instrument."""
    return [
        (fact["year"], fact["published_low"]) for fact in facts
        if (fact["instrument"], fact["indicator"]) == (each["instrument"], SHOWN) and not fact["nearest"]
    ]  # fmt: skip


def _panel(ax: Axes, each: Mapping[str, Any], published: Sequence[tuple[int, float]]) -> None:
    """Draw the effect of one instrument."""
    series = each["effects"][SHOWN]
    years, values, lows, highs = (np.array([year[key] for year in series]) for key in ("year", "value", "low", "high"))
    apart = ((lows > 0.0) | (highs < 0.0))[1:].any()
    colour, dash = (SERIES[0], DASHES[0]) if apart else (GREY, DASHES[1])
    ax.axhline(0.0, color=INK, linewidth=0.6, zorder=1)
    ax.fill_between(years, lows, highs, color=colour, alpha=0.25, linewidth=0, zorder=2)
    ax.plot(years, values, color=colour, linestyle=dash, linewidth=LINE, zorder=3)
    if published:
        ax.plot(*zip(*published, strict=True), linestyle="none", marker="D", markersize=4, color=SERIES[1],
                markerfacecolor="white", zorder=4)  # fmt: skip
    finite = [0.0, *(value for value in (*lows, *highs, *(value for _year, value in published)) if np.isfinite(value))]
    low, high = min(finite), max(finite)
    pad = max(0.08 * (high - low), (LEAST_SPAN - (high - low)) / 2.0)
    ax.set_ylim(low - pad, high + pad)
    ax.set_xlim(0, years[-1])
    ax.set_xticks(range(0, int(years[-1]) + 1, 2))
    ax.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    ax.yaxis.set_major_formatter(LocaleFormatter())
    ax.grid(axis="y", color="#E6E6E6", linewidth=0.5)


def draw_effects(found: Mapping[str, Any], folder: Path, seed: int, lang: str | None = None) -> list[Path]:
    """Write the figure as PNG and SVG.

    Parameters
    ----------
    found : mapping
        What `clustersim.studies.validation.effects.measure` returned.
    folder : Path
        Where to write; it exists.
    seed : int
        Of all runs; shown at the foot.
    lang : str, optional
        "en" or "es"; the language in force if not given.

    Returns
    -------
    list of Path
        The files.
    """
    return save(effects(found, seed, lang), folder, "effects")
