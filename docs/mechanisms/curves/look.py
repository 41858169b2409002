"""How the pictures of the mechanisms look: panels side by side, units on the axes, lines that differ in colour and dashes."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter
from PIL import Image

from clustersim.views.figures.style import FAINT, GREY, INK, LABEL, LINE, NOTE, PANEL, SMALL, Bands, bands

COLOURS = ("#0072B2", "#D55E00", "#882255", "#117733", "#777777")
DASHES: tuple[Any, ...] = ("solid", (0, (5, 1.6)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)))
WIDTH, HEIGHT, DPI, PALETTE = 7.6, 2.9, 110, 256


def panels(*titles: str, widths: Sequence[float] | None = None, rows: int = 1) -> tuple[Figure, list[Axes]]:
    """Return a figure with one panel for each title, in so many rows."""
    figure = Figure(figsize=(WIDTH, (HEIGHT - 0.4 * (rows - 1)) * rows), facecolor="white", layout="constrained")
    figure.get_layout_engine().set(w_pad=0.09, h_pad=0.05)
    columns = len(titles) // rows
    found = figure.subplots(rows, columns, width_ratios=widths, squeeze=False).ravel()
    room = int(92 / columns)
    for ax, letter, title in zip(found, "abcdef", titles, strict=False):
        ax.set_title(textwrap.fill(f"{letter}  {title}", room), fontsize=PANEL, fontweight="bold", loc="left", color=INK)
        ax.grid(color="#EAEAEA", linewidth=0.5)
        ax.yaxis.set_major_locator(MaxNLocator(5))
    return figure, list(found)


def axes(ax: Axes, x: str, y: str, percent: bool = False, zero: bool = True) -> None:
    """Name the axes with their units; show shares as per cent where asked, and let the vertical axis begin at zero."""
    ax.set_xlabel(x, fontsize=LABEL)
    ax.set_ylabel(y, fontsize=LABEL)
    ax.margins(x=0.0)
    if percent:
        ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    if zero:
        ax.set_ylim(bottom=0.0)


def line(ax: Axes, x: Any, y: Any, label: str, k: int = 0, **look: Any) -> None:
    """Draw the k-th line of a panel."""
    style = {"color": COLOURS[k], "linestyle": DASHES[k], "linewidth": LINE, "label": label}
    ax.plot(x, y, **(style | look))


def band(ax: Axes, x: Any, values: np.ndarray, label: str, k: int = 0) -> Bands:
    """Draw the median and the 10-90 % band of `values` (run or firm, time)."""
    found = bands(values)
    ax.fill_between(x, found.low, found.high, color=COLOURS[k], alpha=0.16, linewidth=0)
    line(ax, x, found.median, label, k)
    return found


def legend(ax: Axes, title: str = "", where: str = "best", **look: Any) -> None:
    """Say what the lines are."""
    box = ax.legend(title=title or None, loc=where, fontsize=SMALL, title_fontsize=SMALL, frameon=True, framealpha=0.85,
                    edgecolor="none", handlelength=2.6, borderpad=0.3, labelspacing=0.3, **look)  # fmt: skip
    box.get_title().set_color(GREY)
    box._legend_box.align = "left"


def mark(ax: Axes, text: str, x: float, y: float, **look: Any) -> None:
    """Write a short remark into a panel, at data coordinates."""
    ax.text(x, y, text, fontsize=NOTE, color=GREY, **look)


def level(ax: Axes, y: float) -> None:
    """Draw a thin line at a reference value."""
    ax.axhline(y, color=FAINT, linewidth=0.8, zorder=0.5)


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write the picture as SVG and PNG; the same picture gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.svg", folder / f"{name}.png"]
    figure.savefig(paths[0], metadata={"Date": None})
    figure.savefig(paths[1], dpi=DPI)
    Image.open(paths[1]).convert("RGB").quantize(PALETTE).save(paths[1], optimize=True)  # bands take a third of the room so
    return paths
