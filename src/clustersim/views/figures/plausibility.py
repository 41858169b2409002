"""Figures of plausibility and histories: the published range of each item as a band, the model's value and interval on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from clustersim.core.numbers import to
from clustersim.core.version import __version__
from clustersim.core.words import _
from clustersim.views.figures.layout import MARGIN, WIDTH, Page, Rows, made_with, save
from clustersim.views.figures.style import GREY, INK, SERIES, SMALL, styled
from clustersim.views.figures.text import wrap
from clustersim.views.figures.validation import interval, plain

BAND = "#CFE3F3"


def published(result: Mapping[str, Any]) -> str:
    """Return the published range in words; a star marks a range that is in part from memory."""
    low, high = result["published_low"], result["published_high"]
    if low is None:
        text = _("{high} or less", high=plain(high))
    elif high is None:
        text = _("{low} or more", low=plain(low))
    else:
        text = plain(low) if low == high else to(plain(low), plain(high))
    return f"{text} *" if result["from_memory"] else text


def verdict(result: Mapping[str, Any]) -> str:
    """Return in words whether the model's value lies in the published range, and how far from it."""
    if result["inside"] is None:
        return _("not comparable")
    return _("inside") if result["inside"] else _("outside by {distance}", distance=plain(result["distance"]))


def _row(ax: Axes, row: int, result: Mapping[str, Any]) -> None:
    """Draw one item on its own scale, from 0 to 1 over the width of the axes."""
    ends = [result["published_low"], result["published_high"]]
    marks = [result["value"], result["low"], result["high"], *result["scenarios"].values()]
    finite = [end for end in ends if end is not None] + [mark for mark in marks if np.isfinite(mark)]
    least, most = min(finite), max(finite)
    pad = 0.12 * ((most - least) or abs(most) or 1.0)
    first, width = least - pad, most - least + 2.0 * pad

    def at(value: float) -> float:
        return (value - first) / width

    left, right = (edge if end is None else at(end) for end, edge in zip(ends, (0.0, 1.0), strict=True))
    ax.fill_between([left, right], row - 0.36, row + 0.36, color=BAND, linewidth=0, zorder=1)
    for end, place in zip(ends, (left, right), strict=True):
        if end is not None:
            ax.plot([place, place], [row - 0.36, row + 0.36], color=INK, linewidth=0.7, zorder=2)
    if not np.isfinite(result["value"]):
        return
    colour = SERIES[0] if result["inside"] else SERIES[1]
    for value in result["scenarios"].values():
        if np.isfinite(value):
            ax.plot([at(value)] * 2, [row + 0.12, row + 0.32], color=GREY, linewidth=1.0, zorder=3)
    if np.isfinite([result["low"], result["high"]]).all():
        ax.plot([at(result["low"]), at(result["high"])], [row, row], color=colour, linewidth=1.8, solid_capstyle="butt", zorder=4)
    _mark(ax, at(result["value"]), row, result["inside"])


def _mark(ax: Axes, x: float, y: float, inside: bool) -> None:
    colour = SERIES[0] if inside else SERIES[1]
    look: dict[str, Any] = {"marker": "o", "markerfacecolor": colour} if inside else {"marker": "s", "markerfacecolor": "white"}
    ax.plot([x], [y], linestyle="none", markersize=4.8, markeredgewidth=1.2, color=colour, zorder=5, **look)


@styled
def plausibility(results: Sequence[Mapping[str, Any]], seed: int, replicates: int, lang: str | None = None) -> Figure:
    """Draw all items, one row each: the published range, and the model's value and interval."""
    note = _(
        "Lines: from the 5th to the 95th percentile of places that stand alone, each one cluster of one replicate (items that "
        "compare places: bootstrap). * A part of the range is from memory. The range is open where data give only a sign."
    )
    return beside(results, _("Firms of the model beside published data"), note, made_with(seed, replicates))


@styled
def histories(results: Sequence[Mapping[str, Any]], seed: int, places: int, lang: str | None = None) -> Figure:
    """Draw all items of clusters' histories in the same way."""
    note = _(
        "Lines: from the 5th to the 95th percentile when runs are drawn anew (bootstrap). Cells that are not published and added "
        "noise make the published spreads of jobs upper bounds."
    )
    made = _(
        "clustersim {version} · seed {seed} · about {places} places of each scenario and size",
        version=__version__, seed=seed, places=places,
    )  # fmt: skip
    return beside(results, _("Places of the model beside published histories of clusters"), note, made)


def beside(results: Sequence[Mapping[str, Any]], heading: str, note: str, made: str, what: str = "") -> Figure:
    """Draw items, one row each: ranges that are published, and the model's value and interval on them.

    Parameters
    ----------
    results : sequence of mappings
        As `clustersim.studies.validation.plausibility.compare` returns them.
    heading, note, made : str
        What stands above, what explains the picture, and what it was made with.
    what : str, optional
        What rows show; published data that nothing is fitted to, if not given.

    Returns
    -------
    Figure
        The figure.
    """
    step, names, plot, values = 0.37, 2.62, 1.75, 1.62
    what = what or _("Each item on its own scale: published range, and what the model gives without being fitted to it")
    height = step * len(results) + 0.34
    page = Page(height, heading, what, [note], made, whole=True)
    rows = Rows(page, len(results), step, names, plot)
    rows.ax.set_axis_off()
    rows.ax.set_xlim(0.0, 1.0)
    left = rows.left + plot + 0.08
    for row, result in enumerate(results):
        _row(rows.ax, row, result)
        told = interval(result) + "\n" + _("published: {range}", range=published(result))
        seen = wrap(verdict(result), WIDTH - MARGIN - left - values, SMALL)
        rows.write(row, result["id"], _(result["statement"]), [(left, told), (left + values, seen)])
    _legend(rows.legend(), any(result["scenarios"] for result in results))
    return page.figure


def _legend(ax: Axes, scenarios: bool) -> None:
    """Name band and marks."""
    ax.fill_between([0.0, 0.2], 0.25, 0.85, color=BAND, linewidth=0)
    ax.text(0.26, 0.5, _("published range"), fontsize=SMALL, va="center", color=INK)
    _mark(ax, 1.33, 0.55, True)
    _mark(ax, 1.48, 0.55, False)
    ax.text(1.57, 0.5, _("model, all places") if scenarios else _("model"), fontsize=SMALL, va="center", color=INK)
    if scenarios:
        ax.plot([2.98, 2.98], [0.3, 0.8], color=GREY, linewidth=1.0)
        ax.text(3.05, 0.5, _("each scenario"), fontsize=SMALL, va="center", color=INK)


def draw_plausibility(
    results: Sequence[Mapping[str, Any]], folder: Path, seed: int, replicates: int, lang: str | None = None
) -> list[Path]:
    """Write the figure of all items as PNG and SVG.

    Parameters
    ----------
    results : sequence of mappings
        What `clustersim.studies.validation.plausibility.compare` returned.
    folder : Path
        Where to write; it exists.
    seed, replicates : int
        Of all runs; shown at the foot.
    lang : str, optional
        "en" or "es"; the language in force if not given.

    Returns
    -------
    list of Path
        The files.
    """
    return save(plausibility(results, seed, replicates, lang), folder, "plausibility")


def draw_histories(
    results: Sequence[Mapping[str, Any]], folder: Path, seed: int, places: int, lang: str | None = None
) -> list[Path]:
    """Write the figure of all items of clusters' histories as PNG and SVG.

    Parameters
    ----------
    results : sequence of mappings
        What `clustersim.studies.validation.histories.compare` returned.
    folder : Path
        Where to write; it exists.
    seed, places : int
        Seed of all runs, and places of each source; shown at the foot.
    lang : str, optional
        "en" or "es"; the language in force if not given.

    Returns
    -------
    list of Path
        The files.
    """
    return save(histories(results, seed, places, lang), folder, "histories")
