"""Figures of a comparison: the same drawings stand in the result's folder and in the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from clustersim.core import numbers
from clustersim.core.words import _, speaking
from clustersim.results.phases import PhaseShares
from clustersim.studies.comparison import Comparison
from clustersim.studies.comparison.outcomes import CHAIN
from clustersim.views.figures.layout import WIDTH, save
from clustersim.views.figures.phase_strip import Layout, draw_strips
from clustersim.views.figures.style import (
    GREY,
    INK,
    SMALL,
    LocaleFormatter,
    bands,
    scale_axes,
    styled,
)
from clustersim.views.report import forests
from clustersim.views.report.drawing import MOST_BANDS, TRAJECTORIES, Drawing, factor, gains

Array = NDArray[Any]
STRIPS = Layout(height=0.66, step=0.98, top=0.24, left=0.62)


@styled
def phases(d: Drawing) -> Figure:
    """Draw the share of replicates in each phase, one strip for each option."""
    strips = {}
    for name in d.c.names:
        found = d.c.phase_shares(name)
        strips[d.name(name)] = PhaseShares(np.repeat(found.shares, 4, axis=1), found.cases)
    edges = d.first + np.arange(4 * len(d.years) + 1) / 4.0
    return draw_strips(lambda height: d.page(height, "phases"), strips, edges, ["%"] * len(strips), STRIPS)


@styled
def trajectories(d: Drawing) -> Figure:
    """Draw medians of all options over time, with 10-90 % bands while they can be told apart."""
    page, axes = d.panels("trajectories", TRAJECTORIES)
    for name, ax in zip(TRAJECTORIES, axes, strict=True):
        ends = []
        for option in d.c.names:
            found = bands(d.c.series(option, name) * factor(name))
            if len(d.c.names) <= MOST_BANDS and d.c.replicates > 1:
                ax.fill_between(d.years, found.low, found.high, color=d.colour[option], alpha=0.13, linewidth=0)
            d.line(ax, option, d.years, found.median)
            ends.append((option, found.median))
        scale_axes(ax, d.first, d.last)
        d.ends(ax, ends)
    return page.figure


@styled
def paired(d: Drawing) -> Figure:
    """Draw the paired differences to the baseline over time: mean, its interval, and where single runs fall."""
    page, axes = d.panels("paired", TRAJECTORIES)
    _differences(d, axes, TRAJECTORIES, runs=True)
    return page.figure


@styled
def chain(d: Drawing) -> Figure:
    """Draw the paired differences along the chain from trust to jobs."""
    page, axes = d.panels("chain", CHAIN)
    _differences(d, axes, CHAIN, runs=False)
    return page.figure


def _differences(d: Drawing, axes: Sequence[Axes], names: Sequence[str], runs: bool) -> None:
    single = len(d.c.interventions) <= MOST_BANDS
    for name, ax in zip(names, axes, strict=True):
        ends, scale = [], factor(name)
        for option in d.c.interventions:
            found, colour = d.c.difference_series(option, name), d.colour[option]
            if runs and single and d.c.replicates > 1:
                ax.fill_between(d.years, scale * found.p10, scale * found.p90, color=colour, alpha=0.13, linewidth=0)
            if np.isfinite(found.low).all():
                ax.fill_between(d.years, scale * found.low, scale * found.high, color=colour, alpha=0.35, linewidth=0)
            d.line(ax, option, d.years, scale * found.mean)
            ends.append((option, scale * found.mean))
        ax.axhline(0.0, color=INK, linewidth=0.7)
        scale_axes(ax, d.first, d.last, zero=False)
        d.ends(ax, ends)


@styled
def risk(d: Drawing) -> Figure:
    """Draw the differences in jobs of single cases in order of size, the worst tenth shaded."""
    page = d.page(2.3, "risk")
    ax = page.panel(0.75, 0.2, WIDTH - 0.75 - 1.35, 1.7, "", _("Difference in jobs at the end, case by case"), _("jobs"))
    ends, cases = [], 0
    for option in d.c.interventions:
        values = np.sort(gains(d.c, option))
        cases = len(values)
        share = 100.0 * (np.arange(cases) + 0.5) / cases
        d.line(ax, option, share, values)
        ends.append((option, values))
    ax.axvspan(0.0, 10.0, color="#F2D9C9", linewidth=0)
    ax.axhline(0.0, color=INK, linewidth=0.7)
    ax.set_xlim(0.0, 100.0)
    ax.yaxis.set_major_formatter(LocaleFormatter())
    ax.grid(axis="y", color="#E6E6E6", linewidth=0.5)
    worlds = d.c.answers["risk"]["cases"] == "worlds"
    count = numbers.number(cases, 0)
    if worlds:
        below = _("uncertain worlds in order of their difference (%, of {n})", n=count)
    else:
        below = _("simulations in order of their difference (%, of {n})", n=count)
    ax.set_xlabel(below, fontsize=SMALL, color=GREY)
    d.ends(ax, ends)
    return page.figure


@styled
def money(d: Drawing) -> Figure:
    """Draw public spending a year, mean of the replicates with their 10-90 % band."""
    page = d.page(1.95, "money")
    ax = page.panel(0.75, 0.2, WIDTH - 0.75 - 1.35, 1.4, "", _("Public spending a year"), _("thousand USD a year"))
    ends = []
    for option in d.c.names:
        values = d.c.series(option, "public_spending")
        if not values.any():
            continue
        found = bands(values)
        if d.c.replicates > 1:
            ax.fill_between(d.years, found.low, found.high, color=d.colour[option], alpha=0.13, linewidth=0)
        d.line(ax, option, d.years, values.mean(axis=0))
        ends.append((option, values.mean(axis=0)))
    scale_axes(ax, d.first, d.last)
    d.ends(ax, ends)
    return page.figure


FIGURES: dict[str, Callable[[Drawing], Figure]] = {
    "forest": forests.forest, "risk": risk, "phases": phases, "trajectories": trajectories, "paired": paired,
    "who": forests.who, "chain": chain, "money": money,
}  # fmt: skip


def drawn(comparison: Comparison) -> list[str]:
    """Return the figures that a comparison has: no spending to draw where none is spent."""
    spent = comparison.yearly["public_spending"].to_numpy().any()
    return [name for name in FIGURES if name != "money" or spent]


def draw_all(comparison: Comparison, folder: Path, lang: str | None = None) -> list[Path]:
    """Draw all figures of a comparison and write each as PNG and SVG.

    Parameters
    ----------
    comparison : Comparison
        A finished comparison.
    folder : Path
        Where to write; made if it does not exist.
    lang : str, optional
        "en" or "es"; the language in force if not given.

    Returns
    -------
    list of Path
        The files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawing = Drawing(comparison)
    with speaking(lang):
        return [path for name in drawn(comparison) for path in save(FIGURES[name](drawing), folder, name)]
