"""Panels that several figures share: lines with bands and stacks of classes, over years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from clustersim.core.words import _
from clustersim.views.figures.data import FigureData
from clustersim.views.figures.layout import Panels
from clustersim.views.figures.names import replicates
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


@dataclass(frozen=True, slots=True)
class Line:
    """Values (replicate, time) and the name at the line's end; no name for a panel's only line."""

    values: NDArray[Any]
    name: str = ""


def draw_lines(
    ax: Axes,
    data: FigureData,
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
    scale_axes(ax, data.edges[0], data.edges[-1], top=top)
    if all(np.isnan(line.values).all() for line in lines):
        say_nothing(ax, empty or _("no firms left"))
    elif top is None and not any(np.nan_to_num(line.values).any() for line in lines):
        ax.set_ylim(0.0, 1.0)
        say_nothing(ax, _("none in this run"))
    label_ends(ax, ends)


def draw_stack(ax: Axes, data: FigureData, classes: Sequence[Line]) -> None:
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
    scale_axes(ax, data.edges[0], data.edges[-1])
    label_ends(ax, ends, swatch=True)


def stepped(values: NDArray[Any]) -> NDArray[Any]:
    """Return values by quarter as values at the edges of quarters, for drawing in steps."""
    return np.append(values, values[-1])


def say_nothing(ax: Axes, text: str) -> None:
    """Write into an empty panel why it is empty."""
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", fontsize=SMALL, color=GREY, style="italic")


def band_note(data: FigureData) -> str:
    """Return the sentence that says what line and bands are."""
    count = len(data.replicates)
    if count == 1:
        return _("One replicate, so there is no band: a single line is one of many possible histories.")
    return _(
        "Line: median. Dark band: 25th to 75th percentile; light band: 10th to 90th percentile of {replicates}. "
        "Bands show the model's chance variation, not the error of the model itself.",
        replicates=replicates(count),
    )


def layer_note(data: FigureData) -> str:
    """Return the sentence that says what a stack shows."""
    if len(data.replicates) == 1:
        return _("Layers add up to the total.")
    return _(
        "Layers: median of each class (they need not add up to the median total). Dashed lines: 10th and 90th percentile of the "
        "total."
    )


def firms_note(data: FigureData, cluster: str) -> str:
    """Return the sentence on quarters without firms, where there are any."""
    if (data.values("firms", cluster) > 0.0).all():
        return ""
    return _("Means and shares end where fewer than half of the replicates have firms, and leave out those without.")


def money_lines(panels: Panels, heading: str, data: FigureData, lines: Sequence[Line]) -> None:
    """Draw lines of kUSD a year into the next panel, in millions where the values are large."""
    unit, factor = money_unit(max(float(np.nanmax(bands(line.values).high, initial=0.0)) for line in lines))
    draw_lines(panels.next(heading, unit), data, data.years, [Line(line.values * factor, line.name) for line in lines])


def money_unit(largest: float) -> tuple[str, float]:
    """Return the name of the unit and the factor from kUSD to it."""
    return (_("million USD a year"), 1e-3) if largest >= 10_000.0 else (_("thousand USD a year"), 1.0)
