"""Phase strip: the share of replicates in each life-cycle phase, quarter by quarter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from clustersim.core import numbers
from clustersim.core.words import _
from clustersim.model.state import PHASES
from clustersim.results.phases import LEAD, PhaseShares, Spell, spells
from clustersim.views.figures.data import FigureData
from clustersim.views.figures.layout import WIDTH, Page, page_of
from clustersim.views.figures.names import figure_title, phase, replicates
from clustersim.views.figures.style import (
    GREY,
    INK,
    PANEL,
    PHASE_COLOURS,
    PHASE_HATCHES,
    SMALL,
    ink_on,
    phase_look,
    set_years,
    styled,
)
from clustersim.views.figures.text import shorten, text_width

LEFT, RIGHT = 0.72, 0.2
LEGEND_STEP = 0.17


def draw_shares(ax: Axes, shares: NDArray[Any], told: Sequence[Spell], edges: NDArray[Any]) -> None:
    """Fill the stacked shares, one step for each change; black lines show where the most frequent phase changes."""
    changes = np.append(0, np.flatnonzero((np.diff(shares, axis=1) != 0.0).any(axis=0)) + 1)
    times, kept = np.append(edges[changes], edges[-1]), shares[:, changes]
    tops = np.cumsum(kept, axis=0)
    tops = np.concatenate([tops, tops[:, -1:]], axis=1)
    below = np.zeros(tops.shape[1])
    for code, name in enumerate(PHASES):
        if kept[code].any():
            ax.fill_between(times, below, tops[code], step="post", **phase_look(name))
            if tops[code].min() < 1.0 - 1e-9:
                ax.plot(times, tops[code], drawstyle="steps-post", color="white", linewidth=0.4)
        below = tops[code]
    for spell in told[1:]:
        ax.axvline(edges[spell.first], color=INK, linewidth=0.8)
    ax.set_xlim(edges[0], edges[-1])
    ax.set_ylim(0.0, 1.0)
    ax.spines[:].set_visible(True)


def name_blocks(ax: Axes, shares: NDArray[Any], told: Sequence[Spell], edges: NDArray[Any], width: float, height: float) -> None:
    """Write the most frequent phase's name into its block where it fits; the axes measure ``width`` by ``height``."""
    names = [phase(name) for name in PHASES]
    tops = np.concatenate([np.zeros((1, shares.shape[1])), np.cumsum(shares, axis=0)])
    quarters = shares.shape[1]
    for code, first, last in told:
        room = int(np.ceil((text_width(names[code], SMALL, bold=True) + 0.1) / width * quarters))
        if room > last - first:
            continue
        # The largest clear rectangle of the text's width: between the highest floor and the lowest ceiling over it.
        windows = np.lib.stride_tricks.sliding_window_view(tops[code : code + 2, first:last], room, axis=1)
        floor, ceiling = windows[0].max(axis=1), windows[1].min(axis=1)
        clear = ceiling - floor
        middle = np.abs(np.arange(len(clear)) - (len(clear) - 1) / 2.0)
        best = int(np.lexsort((middle, -np.round(clear, 3)))[0])
        if clear[best] * height < SMALL * 1.25 / 72.0:
            continue
        at = edges[first + best] + room / 8.0
        colour = PHASE_COLOURS[PHASES[code]]
        halo = {"facecolor": colour, "edgecolor": "none", "pad": 1.0} if PHASES[code] in PHASE_HATCHES else None
        ax.text(
            at,
            (floor[best] + ceiling[best]) / 2.0,
            names[code],
            ha="center",
            va="center_baseline",
            fontsize=SMALL,
            fontweight="bold",
            color=ink_on(colour),
            bbox=halo,
        )


def phase_legend(page: Page, codes: list[int], top: float, left: float = LEFT) -> None:
    """Draw the legend of phases in rows, ``top`` inches below the head."""
    for row, line in enumerate(legend_rows(codes, left)):
        ax = page.axes(left, top + row * LEGEND_STEP, WIDTH - left, LEGEND_STEP)
        ax.set_xlim(0.0, WIDTH - left)
        ax.set_ylim(0.0, LEGEND_STEP)
        ax.axis("off")
        for x, code in line:
            look = phase_look(PHASES[code]) | {"linewidth": 0.4}
            edge = look.pop("edgecolor", None)
            ax.add_patch(Rectangle((x, 0.03), 0.15, 0.105, edgecolor=edge or look["facecolor"], **look))
            ax.add_patch(Rectangle((x, 0.03), 0.15, 0.105, facecolor="none", edgecolor="#8C8C8C", linewidth=0.4))
            ax.text(x + 0.2, 0.083, phase(PHASES[code]), fontsize=SMALL, va="center_baseline")


def legend_rows(codes: list[int], left: float = LEFT) -> list[list[tuple[float, int]]]:
    """Return the legend's rows: (place in inches, code of phase)."""
    rows: list[list[tuple[float, int]]] = [[]]
    x = 0.0
    for code in codes:
        width = text_width(phase(PHASES[code]), SMALL) + 0.33
        if x + width > WIDTH - left:
            rows.append([])
            x = 0.0
        rows[-1].append((x, code))
        x += width
    return rows


def occurring(shares: Sequence[NDArray[Any]]) -> list[int]:
    """Return the codes of the phases that occur at all."""
    return [k for k in range(len(PHASES)) if any(s[k].any() for s in shares)]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where strips lie, in inches: the height of one, the step to the next, and what stands above and left of them."""

    height: float
    step: float
    top: float
    left: float = LEFT


def draw_strips(
    open_page: Callable[[float], Page],
    strips: Mapping[str, PhaseShares],
    edges: NDArray[Any],
    units: Sequence[str],
    layout: Layout,
) -> Figure:
    """Draw strips of shares below one another, with the years below the last and the legend of all phases that occur.

    Parameters
    ----------
    open_page : callable
        Returns a page with room for a height in inches.
    strips : mapping
        For each title, which may be empty, how many cases are in each phase.
    edges : array
        Of quarters, as calendar years.
    units : sequence of str
        What stands along the axis of each strip.
    layout : Layout
        Where they lie.
    """
    codes = occurring([strip.shares for strip in strips.values()])
    bottom = layout.top + layout.step * (len(strips) - 1) + layout.height
    page = open_page(bottom + 0.34 + LEGEND_STEP * len(legend_rows(codes, layout.left)))
    width = WIDTH - layout.left - RIGHT
    for k, ((title, strip), unit) in enumerate(zip(strips.items(), units, strict=True)):
        ax = page.axes(layout.left, layout.top + k * layout.step, width, layout.height)
        told = spells(strip.most_frequent())
        draw_shares(ax, strip.shares, told, edges)
        name_blocks(ax, strip.shares, told, edges, width, layout.height)
        ax.set_yticks([0.0, 0.5, 1.0], ["0", "50", "100"])
        set_years(ax, most=9)
        ax.tick_params(axis="x", labelbottom=k == len(strips) - 1)
        ax.set_title(shorten(title, width, PANEL, bold=True), loc="left", fontsize=PANEL, fontweight="bold", pad=3)
        ax.set_ylabel(unit, fontsize=SMALL, color=GREY)
    phase_legend(page, codes, bottom + 0.28, layout.left)
    return page.figure


@styled
def phase_strip(data: FigureData, lang: str | None = None) -> Figure:
    """Draw the share of replicates in each phase, one strip for each cluster (and one for all, if not all are shown).

    Blocks and black lines tell the most frequent phase. It stays until another one is ahead of it by a tenth of the replicates,
    and by two of them (`clustersim.results.phases`), so that it does not go to and fro where two have nearly equal shares.

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
    count, strips = len(data.replicates), {}
    if len(data.clusters) > len(data.shown):
        strips[_("all {n} clusters", n=len(data.clusters))] = data.phase_shares(None)
    strips |= {name.replace("_", " "): data.phase_shares(name) for name in data.shown}
    if len(strips) == 1:
        strips, layout = {"": data.phase_shares(data.shown[0])}, Layout(0.95, 0.95, 0.06)
    else:
        layout = Layout(0.62, 0.92, 0.22)
    unit = _("share of {n}\nreplicates (%)", n=count) if count > 1 else _("the one\nreplicate (%)")
    units = [unit if k == len(strips) // 2 else "" for k in range(len(strips))]
    note = _(
        "Height of a colour: share of {replicates} in that phase. Name in a block: the most frequent phase, until another one "
        "leads by {lead} of the replicates (at least two); black lines: where it changes.",
        replicates=replicates(count),
        lead=numbers.percent(LEAD),
    )

    def open_page(height: float) -> Page:
        return page_of(data, None, height, figure_title("phase_strip"), [note] if count > 1 else [])

    return draw_strips(open_page, strips, data.edges, units, layout)
