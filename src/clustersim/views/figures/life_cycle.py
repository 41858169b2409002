"""Life-cycle curve: the dynamism of a cluster, its employment relative to the nation, over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from clustersim.core.words import _
from clustersim.model.state import PHASES
from clustersim.views.figures.data import FigureData
from clustersim.views.figures.layout import WIDTH, page_of
from clustersim.views.figures.names import figure_title, phase
from clustersim.views.figures.panels import band_note
from clustersim.views.figures.phase_strip import LEGEND_STEP, legend_rows, most_frequent, name_blocks, phase_legend
from clustersim.views.figures.style import (
    FAINT,
    GREY,
    PANEL,
    SERIES,
    SMALL,
    draw_bands,
    phase_look,
    scale_axes,
    set_years,
    styled,
)
from clustersim.views.figures.text import shorten_middle, wrap

SAMPLE = 10  # single replicates drawn as thin lines
HEADROOM = 1.6  # thin lines may rise above the 90th percentile by this factor before they leave the picture
LEFT, RIGHT, GAP = 0.72, 0.2, 0.5  # inches, as all below
BAND, BETWEEN, LEGEND_GAP = 0.16, 0.03, 0.32
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
    codes = sorted({code for place in grid for code, _first, _last in most_frequent(data.phase_shares(place.cluster))})
    legend_top = grid[-1].top + grid[-1].height + BETWEEN + BAND + LEGEND_GAP
    height = legend_top + LEGEND_STEP * len(legend_rows(codes)) + 0.06
    page = page_of(data, None, height, figure_title("life_cycle"), notes(data))
    for place in grid:
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
        draw_phase_band(strip, data, place)
    phase_legend(page, codes, legend_top)
    return page.figure


def notes(data: FigureData) -> list[str]:
    """Return the sentences at the foot."""
    count = len(data.replicates)
    spends = any((data.values("public_spending", name) > 0.0).any() for name in data.shown)
    found = [_("Relative employment: jobs relative to the nation's, which follow domestic demand."), band_note(data)]
    if count > 1:
        found.append(_("Thin lines: {k} single replicates. Strip below: the most frequent phase.", k=min(SAMPLE, count)))
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


def draw_phase_band(ax: Axes, data: FigureData, place: Place) -> None:
    """Draw the most frequent phase in a thin strip, with years below."""
    shares = data.phase_shares(place.cluster)
    alone = np.zeros_like(shares)
    for code, first, last in most_frequent(shares):
        ax.axvspan(data.edges[first], data.edges[last], **phase_look(PHASES[code]))
        alone[code, first:last] = 1.0
    ax.set_xlim(data.edges[0], data.edges[-1])
    ax.set_ylim(0.0, 1.0)
    ax.set_yticks([])
    set_years(ax, most=9 if place.width > 4.0 else 5)
    name_blocks(ax, alone, data.edges, [phase(name) for name in PHASES], place.width, BAND)
    ax.spines[:].set_visible(True)
