"""Figures of a comparison: the same drawings stand in the result's folder and in the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from clustersim.model.state import PHASES
from clustersim.studies.comparison import Comparison
from clustersim.studies.comparison import numbers as write
from clustersim.studies.comparison.outcomes import CHAIN
from clustersim.views.figures.layout import WIDTH, save
from clustersim.views.figures.phase_strip import legend_rows, most_frequent, name_blocks, occurring, phase_legend
from clustersim.views.figures.style import (
    GREY,
    INK,
    PANEL,
    SMALL,
    LocaleFormatter,
    bands,
    phase_look,
    scale_axes,
    set_years,
    styled,
)
from clustersim.views.figures.text import shorten
from clustersim.views.report import forests
from clustersim.views.report.drawing import MOST_BANDS, TRAJECTORIES, Drawing, factor, gains

Array = NDArray[Any]


@styled
def phases(d: Drawing) -> Figure:
    """Draw the share of replicates in each phase, one strip for each option."""
    shares = {n: np.stack([d.c.series(n, f"in_{phase}").mean(axis=0) for phase in PHASES]) for n in d.c.names}
    quarterly = {name: np.repeat(share, 4, axis=1) for name, share in shares.items()}
    edges = d.first + np.arange(quarterly[d.c.baseline].shape[1] + 1) / 4.0
    codes = occurring(list(shares.values()))
    left, step, tall = 0.62, 0.98, 0.66
    rows = len(legend_rows(codes, d.words, left))
    top = 0.24
    bottom = top + step * (len(shares) - 1) + tall
    page = d.page(bottom + 0.34 + 0.17 * rows, "phases")
    width = WIDTH - left - 0.2
    labels = [d.words.phase(phase) for phase in PHASES]
    for k, (name, share) in enumerate(quarterly.items()):
        ax = page.axes(left, top + k * step, width, tall)
        _strip(ax, shares[name], share, edges)
        name_blocks(ax, share, edges, labels, width, tall)
        ax.set_yticks([0.0, 0.5, 1.0], ["0", "50", "100"])
        set_years(ax, most=9)
        ax.tick_params(axis="x", labelbottom=k == len(shares) - 1)
        ax.set_title(shorten(d.name(name), width, PANEL, bold=True), loc="left", fontsize=PANEL, fontweight="bold", pad=3)
        ax.set_ylabel("%", fontsize=SMALL, color=GREY)
    phase_legend(page, codes, d.words, bottom + 0.28, left)
    return page.figure


def _strip(ax: Axes, yearly: Array, quarterly: Array, edges: Array) -> None:
    """Fill the stacked shares, one step for each year, and mark where the most frequent phase changes."""
    steps = edges[::4]
    below = np.zeros(len(steps))
    for code, phase in enumerate(PHASES):
        top = below + np.append(yearly[code], yearly[code, -1])
        if yearly[code].any():
            ax.fill_between(steps, below, top, step="post", **phase_look(phase))
            ax.plot(steps, top, drawstyle="steps-post", color="white", linewidth=0.4)
        below = top
    for _, first, _ in most_frequent(quarterly)[1:]:
        ax.axvline(edges[first], color=INK, linewidth=0.8)
    ax.set_xlim(edges[0], edges[-1])
    ax.set_ylim(0.0, 1.0)
    ax.spines[:].set_visible(True)


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
        scale_axes(ax, d.lang, d.first, d.last)
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
        scale_axes(ax, d.lang, d.first, d.last, zero=False)
        d.ends(ax, ends)


@styled
def risk(d: Drawing) -> Figure:
    """Draw the differences in jobs of single cases in order of size, the worst tenth shaded."""
    page = d.page(2.3, "risk")
    ax = page.panel(0.75, 0.2, WIDTH - 0.75 - 1.35, 1.7, "", d.say("axis_risk_title"), d.say("axis_jobs"))
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
    ax.yaxis.set_major_formatter(LocaleFormatter(d.lang))
    ax.grid(axis="y", color="#E6E6E6", linewidth=0.5)
    worlds = d.c.answers["risk"]["cases"] == "worlds"
    below = d.say("axis_worlds" if worlds else "axis_replicates", n=write.number(cases, d.lang, 0))
    ax.set_xlabel(below, fontsize=SMALL, color=GREY)
    d.ends(ax, ends)
    return page.figure


@styled
def money(d: Drawing) -> Figure:
    """Draw public spending a year, mean of the replicates with their 10-90 % band."""
    page = d.page(1.95, "money")
    ax = page.panel(0.75, 0.2, WIDTH - 0.75 - 1.35, 1.4, "", d.say("axis_money_title"), d.words("axis_kusd"))
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
    scale_axes(ax, d.lang, d.first, d.last)
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


def draw_all(comparison: Comparison, folder: Path, lang: str = "en") -> list[Path]:
    """Draw all figures of a comparison and write each as PNG and SVG.

    Parameters
    ----------
    comparison : Comparison
        A finished comparison.
    folder : Path
        Where to write; made if it does not exist.
    lang : str
        "en" or "es".

    Returns
    -------
    list of Path
        The files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawing = Drawing(comparison, lang)
    return [path for name in drawn(comparison) for path in save(FIGURES[name](drawing), folder, name)]
