"""Phase strip: the share of replicates in each life-cycle phase, quarter by quarter."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from clustersim.model.state import PHASES
from clustersim.views.figures.data import FigureData
from clustersim.views.figures.layout import WIDTH, Page, source, whose
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
from clustersim.views.figures.words import Words

LEFT, RIGHT = 0.72, 0.2
LEGEND_STEP = 0.17
SHORTEST = 4  # quarters: a shorter spell of the most frequent phase is not marked as a block


def most_frequent(shares: NDArray[Any]) -> list[tuple[int, int, int]]:
    """Return the spells (phase, first quarter, one past the last) of the most frequent phase, short ones absorbed."""
    codes = shares.argmax(axis=0)
    edges = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
    spells: list[tuple[int, int, int]] = []
    for first, last in pairwise(edges):
        code = int(codes[first])
        if spells and (last - first < SHORTEST or spells[-1][0] == code):
            spells[-1] = (spells[-1][0], spells[-1][1], last)
        else:
            spells.append((code, first, last))
    return spells


def draw_shares(ax: Axes, shares: NDArray[Any], edges: NDArray[Any]) -> None:
    """Fill the stacked shares, one step for each quarter; black lines show where the most frequent phase changes."""
    tops = np.cumsum(shares, axis=0)
    tops = np.concatenate([tops, tops[:, -1:]], axis=1)
    below = np.zeros(tops.shape[1])
    for code, phase in enumerate(PHASES):
        if shares[code].any():
            ax.fill_between(edges, below, tops[code], step="post", **phase_look(phase))
            if tops[code].min() < 1.0 - 1e-9:
                ax.plot(edges, tops[code], drawstyle="steps-post", color="white", linewidth=0.4)
        below = tops[code]
    for _, first, _ in most_frequent(shares)[1:]:
        ax.axvline(edges[first], color=INK, linewidth=0.8)
    ax.set_xlim(edges[0], edges[-1])
    ax.set_ylim(0.0, 1.0)
    ax.spines[:].set_visible(True)


def name_blocks(ax: Axes, shares: NDArray[Any], edges: NDArray[Any], names: list[str], width: float, height: float) -> None:
    """Write the most frequent phase's name into its block where it fits; the axes measure ``width`` by ``height``."""
    tops = np.concatenate([np.zeros((1, shares.shape[1])), np.cumsum(shares, axis=0)])
    quarters = shares.shape[1]
    for code, first, last in most_frequent(shares):
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


def phase_legend(page: Page, codes: list[int], say: Words, top: float, left: float = LEFT) -> None:
    """Draw the legend of phases in rows, ``top`` inches below the head."""
    for row, line in enumerate(legend_rows(codes, say, left)):
        ax = page.axes(left, top + row * LEGEND_STEP, WIDTH - left, LEGEND_STEP)
        ax.set_xlim(0.0, WIDTH - left)
        ax.set_ylim(0.0, LEGEND_STEP)
        ax.axis("off")
        for x, code in line:
            look = phase_look(PHASES[code]) | {"linewidth": 0.4}
            edge = look.pop("edgecolor", None)
            ax.add_patch(Rectangle((x, 0.03), 0.15, 0.105, edgecolor=edge or look["facecolor"], **look))
            ax.add_patch(Rectangle((x, 0.03), 0.15, 0.105, facecolor="none", edgecolor="#8C8C8C", linewidth=0.4))
            ax.text(x + 0.2, 0.083, say.phase(PHASES[code]), fontsize=SMALL, va="center_baseline")


def legend_rows(codes: list[int], say: Words, left: float = LEFT) -> list[list[tuple[float, int]]]:
    """Return the legend's rows: (place in inches, code of phase)."""
    rows: list[list[tuple[float, int]]] = [[]]
    x = 0.0
    for code in codes:
        width = text_width(say.phase(PHASES[code]), SMALL) + 0.33
        if x + width > WIDTH - left:
            rows.append([])
            x = 0.0
        rows[-1].append((x, code))
        x += width
    return rows


def occurring(shares: list[NDArray[Any]]) -> list[int]:
    """Return the codes of the phases that occur at all."""
    return [k for k in range(len(PHASES)) if any(s[k].any() for s in shares)]


@styled
def phase_strip(data: FigureData, lang: str = "en") -> Figure:
    """Draw the share of replicates in each phase, one strip for each cluster (and one for all, if not all are shown).

    Parameters
    ----------
    data : FigureData
        A run's tables.
    lang : str
        "en" or "es".

    Returns
    -------
    Figure
        The figure.
    """
    say = Words(lang)
    rows: list[str | None] = list(data.shown)
    if len(data.clusters) > len(data.shown):
        rows.insert(0, None)
    several, count = len(rows) > 1, len(data.replicates)
    height, step = (0.62, 0.92) if several else (0.95, 0.95)
    shares = [data.phase_shares(name) for name in rows]
    codes = occurring(shares)
    below = 0.28 + LEGEND_STEP * len(legend_rows(codes, say)) + 0.06
    top = 0.22 if several else 0.06
    page = Page(
        top + step * (len(rows) - 1) + height + below,
        say("phase_strip"),
        whose(data, say, None),
        [say("note_strip", replicates=say.replicates(count)) if count > 1 else ""],
        source(data, say),
    )
    names = [say.phase(phase) for phase in PHASES]
    width = WIDTH - LEFT - RIGHT
    for k, (name, share) in enumerate(zip(rows, shares, strict=True)):
        ax = page.axes(LEFT, top + k * step, width, height)
        draw_shares(ax, share, data.edges)
        name_blocks(ax, share, data.edges, names, width, height)
        ax.set_yticks([0.0, 0.5, 1.0], ["0", "50", "100"])
        set_years(ax, most=9)
        ax.tick_params(axis="x", labelbottom=k == len(rows) - 1)
        if several:
            label = say("all_clusters", n=len(data.clusters)) if name is None else name.replace("_", " ")
            ax.set_title(shorten(label, width, PANEL, bold=True), loc="left", fontsize=PANEL, fontweight="bold", pad=3)
        if k == len(rows) // 2 or not several:
            ax.set_ylabel(say("share_of", n=count) if count > 1 else say("share_of_one"), fontsize=SMALL, color=GREY)
    phase_legend(page, codes, say, top + step * (len(rows) - 1) + height + 0.28)
    return page.figure
