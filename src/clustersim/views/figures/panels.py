"""Panels that several figures share: lines with bands and stacks of classes, over years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from clustersim.views.figures.data import FigureData
from clustersim.views.figures.layout import Page
from clustersim.views.figures.style import (
    DASHES,
    GREY,
    INK,
    ORDERED,
    SERIES,
    SMALL,
    bands,
    draw_bands,
    label_ends,
    last_value,
    scale_axes,
)
from clustersim.views.figures.words import Words

# Two columns of panels, each with room for the names at the lines' ends.
LEFTS, PLOT_WIDTH, PLOT_HEIGHT, ROW = (0.62, 4.22), 2.05, 1.45, 2.02
TOP = 0.2


@dataclass(frozen=True, slots=True)
class Line:
    """Values (replicate, time) and the name at the line's end; no name for a panel's only line."""

    values: NDArray[Any]
    name: str = ""


def draw_lines(
    ax: Axes,
    data: FigureData,
    say: Words,
    times: NDArray[Any],
    lines: Sequence[Line],
    top: float | None = None,
    empty: str = "",
) -> None:
    """Draw one to three lines with their bands, and their names at their ends."""
    ends = []
    for line, colour, dash in zip(lines, SERIES, DASHES, strict=False):
        found = draw_bands(ax, times, line.values, colour, dash)
        last = last_value(found.median)
        if last is not None and line.name:
            ends.append((last, line.name, colour))
    scale_axes(ax, say.lang, data.edges[0], data.edges[-1], top=top)
    if all(np.isnan(line.values).all() for line in lines):
        say_nothing(ax, empty or say("no_firms"))
    elif top is None and not any(np.nan_to_num(line.values).any() for line in lines):
        ax.set_ylim(0.0, 1.0)
        say_nothing(ax, say("nothing"))
    label_ends(ax, ends)


def draw_stack(ax: Axes, data: FigureData, say: Words, classes: Sequence[Line]) -> None:
    """Draw the medians of ordered classes one above the other, and the 10th and 90th percentile of their total."""
    below = np.zeros(len(data.edges))  # steps: each quarter's value holds from its start to its end
    ends = []
    for line, colour in zip(classes, ORDERED, strict=True):
        layer = stepped(bands(line.values).median)
        ax.fill_between(data.edges, below, below + layer, step="post", facecolor=colour, edgecolor="white", linewidth=0.3)
        ends.append((float(below[-1] + layer[-1] / 2.0), line.name, colour))
        below = below + layer
    if len(data.replicates) > 1:
        total = bands(np.sum([line.values for line in classes], axis=0))
        for edge in (stepped(total.low), stepped(total.high)):
            ax.plot(data.edges, edge, drawstyle="steps-post", color="white", linewidth=1.7, alpha=0.8)
            ax.plot(data.edges, edge, drawstyle="steps-post", color=INK, linewidth=0.9, linestyle=(0, (3, 2)))
    scale_axes(ax, say.lang, data.edges[0], data.edges[-1])
    label_ends(ax, ends, swatch=True)


def stepped(values: NDArray[Any]) -> NDArray[Any]:
    """Return values by quarter as values at the edges of quarters, for drawing in steps."""
    return np.append(values, values[-1])


def say_nothing(ax: Axes, text: str) -> None:
    """Write into an empty panel why it is empty."""
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", fontsize=SMALL, color=GREY, style="italic")


def band_note(data: FigureData, say: Words) -> str:
    """Return the sentence that says what line and bands are."""
    count = len(data.replicates)
    return say("note_one") if count == 1 else say("note_bands", replicates=say.replicates(count))


def layer_note(data: FigureData, say: Words) -> str:
    """Return the sentence that says what a stack shows."""
    return say("note_layers_one" if len(data.replicates) == 1 else "note_layers")


def firms_note(data: FigureData, say: Words, cluster: str) -> str:
    """Return the sentence on quarters without firms, where there are any."""
    return say("note_no_firms") if (data.values("firms", cluster) <= 0.0).any() else ""


def money_lines(
    page: Page,
    place: tuple[float, float, float, float],
    letter: str,
    title: str,
    data: FigureData,
    say: Words,
    lines: Sequence[Line],
) -> Axes:
    """Draw lines of kUSD a year, in millions where the values are large."""
    unit, factor = money_unit(max(float(np.nanmax(bands(line.values).high, initial=0.0)) for line in lines), say)
    ax = page.panel(*place, letter, title, unit)
    draw_lines(ax, data, say, data.years, [Line(line.values * factor, line.name) for line in lines])
    return ax


def money_unit(largest: float, say: Words) -> tuple[str, float]:
    """Return the name of the unit and the factor from kUSD to it."""
    return (say("axis_musd"), 1e-3) if largest >= 10_000.0 else (say("axis_kusd"), 1.0)
