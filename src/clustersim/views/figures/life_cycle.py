"""Life-cycle curve: the dynamism of a cluster, its employment relative to the nation, over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from clustersim.core import numbers
from clustersim.core.words import _
from clustersim.results.phases import LEAD, PhaseShares, Spell, spells
from clustersim.views.figures.data import FigureData
from clustersim.views.figures.layout import WIDTH, page_of
from clustersim.views.figures.names import figure_title
from clustersim.views.figures.panels import band_note
from clustersim.views.figures.phase_strip import LEGEND_STEP, draw_shares, legend_rows, name_blocks, occurring, phase_legend
from clustersim.views.figures.style import (
    FAINT,
    GREY,
    PANEL,
    SERIES,
    SMALL,
    draw_bands,
    scale_axes,
    set_years,
    styled,
)
from clustersim.views.figures.text import shorten_middle, wrap

SAMPLE = 10  # single replicates drawn as thin lines
HEADROOM = 1.6  # thin lines may rise above the 90th percentile by this factor before they leave the picture
LEFT, RIGHT, GAP = 0.72, 0.2, 0.5  # inches, as all below
BAND, BETWEEN, LEGEND_GAP = 0.19, 0.03, 0.32
PART = 0.3  # of the strip's height, which a phase takes that is nearly as frequent as the most frequent one
COLUMNS = {1: 1, 2: 2, 3: 3, 4: 2, 5: 3, 6: 3}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a curve lies: inches from the left, from below the head, and its size."""

    cluster: str | None
    left: float
    top: float
    width: float
    height: float


def places(data: FigureData) -> list[Place]:
    """Return where each curve lies: one large, or a grid, below the curve of all clusters if not all are shown."""
    width = WIDTH - LEFT - RIGHT
    if len(data.clusters) == 1:
        return [Place(data.clusters[0], LEFT, 0.06, width, 2.5)]
    found, top, height = [], 0.2, 1.3
    step = height + BETWEEN + BAND + 0.56
    if len(data.clusters) > len(data.shown):
        found.append(Place(None, LEFT, top, width, height))
        top += step
    columns = COLUMNS[len(data.shown)]
    each = (width - GAP * (columns - 1)) / columns
    for k, name in enumerate(data.shown):
        found.append(Place(name, LEFT + (k % columns) * (each + GAP), top + (k // columns) * step, each, height))
    return found


@styled
def life_cycle(data: FigureData, lang: str | None = None) -> Figure:
    """Draw each cluster's employment relative to the nation, with bands, single replicates and the most frequent phase.

    The thin strip below a curve tells the most frequent phase as `phase_strip` does. Where another one is nearly as frequent, it
    takes the smaller part of the strip's height.

    Parameters
    ----------
    data : FigureData
        A run's tables.
    lang : str, optional
        "en" or "es"; the language in force if not given.

    Returns
    -------
    Figure
        The figure.
    """
    grid = places(data)
    strips = [phase_band(data.phase_shares(place.cluster)) for place in grid]
    codes = occurring([blocks for blocks, _told in strips])
    legend_top = grid[-1].top + grid[-1].height + BETWEEN + BAND + LEGEND_GAP
    height = legend_top + LEGEND_STEP * len(legend_rows(codes)) + 0.06
    page = page_of(data, None, height, figure_title("life_cycle"), notes(data))
    for place, (blocks, told) in zip(grid, strips, strict=True):
        ax = page.axes(place.left, place.top, place.width, place.height)
        draw_curve(ax, data, place.cluster)
        if len(grid) > 1:
            all_of_them = _("all {n} clusters", n=len(data.clusters))
            label = all_of_them if place.cluster is None else place.cluster.replace("_", " ")
            label = shorten_middle(label, place.width, PANEL, bold=True)
            ax.set_title(label, loc="left", fontsize=PANEL, fontweight="bold", pad=4)
        if place.left == LEFT:
            ax.set_ylabel(wrap(_("relative employment (start\u00a0=\u00a0100)"), place.height, SMALL), fontsize=SMALL, color=GREY)
        strip = page.axes(place.left, place.top + place.height + BETWEEN, place.width, BAND)
        draw_shares(strip, blocks, told, data.edges)
        name_blocks(strip, blocks, told, data.edges, place.width, BAND)
        strip.set_yticks([])
        set_years(strip, most=9 if place.width > 4.0 else 5)
    phase_legend(page, codes, legend_top)
    return page.figure


def notes(data: FigureData) -> list[str]:
    """Return the sentences at the foot."""
    count = len(data.replicates)
    spends = any((data.values("public_spending", name) > 0.0).any() for name in data.shown)
    found = [_("Relative employment: jobs relative to the nation's, which follow domestic demand."), band_note(data)]
    if count > 1:
        found.append(_("Thin lines: {k} single replicates.", k=min(SAMPLE, count)))
    if count > 1 or len(data.clusters) > len(data.shown):
        said = _(
            "Strip below: the most frequent phase; smaller part: one that is nearly as frequent (less than {lead} of the "
            "replicates, or than two of them, apart).",
            lead=numbers.percent(LEAD),
        )
        found.append(said)
    else:
        found.append(_("Strip below: the phase."))
    return [*found, _("Grey shade: quarters with public spending.")] if spends else found


def draw_curve(ax: Axes, data: FigureData, cluster: str | None) -> None:
    """Draw bands and a sample of single replicates; shade where at least half of the replicates spend public money."""
    values = data.relative_employment(cluster)
    if len(values) > 1:
        for line in values[:SAMPLE]:
            ax.plot(data.ends, line, color=GREY, linewidth=0.45, alpha=0.6)
    found = draw_bands(ax, data.ends, values, SERIES[0])
    ax.axhline(100.0, color=FAINT, linewidth=0.8, linestyle=(0, (2, 2)), zorder=0.5)
    usual = float(found.high.max())
    highest = max(usual, 100.0, min(float(values[:SAMPLE].max()), HEADROOM * usual))
    scale_axes(ax, data.edges[0], data.edges[-1], top=1.05 * highest)
    ax.tick_params(axis="x", labelbottom=False, length=0)
    ax.spines["bottom"].set_visible(False)
    if cluster is not None:
        spent = np.median(data.values("public_spending", cluster), axis=0) > 0.0
        ax.fill_between(
            data.edges,
            0.0,
            1.0,
            where=np.append(spent, spent[-1]),
            step="post",
            color="#F1F1F1",
            linewidth=0,
            transform=ax.get_xaxis_transform(),
            zorder=0,
        )


def phase_band(found: PhaseShares) -> tuple[NDArray[Any], list[Spell]]:
    """Return the heights of phases in the thin strip (phase, quarter), where one that is close has a part, and the spells."""
    told, close = found.most_frequent(), found.close()
    heights, quarters = np.zeros_like(found.shares), np.arange(len(told))
    heights[told, quarters] = 1.0
    split = close >= 0
    heights[told[split], quarters[split]] = 1.0 - PART
    heights[close[split], quarters[split]] = PART
    return heights, spells(told)
