"""One look for all figures: palette, fonts, numbers along axes, bands, labels at the line's end.

The palette is safe for colour-blind readers (Okabe & Ito 2008; Tol 2021), and no colour stands alone: lines differ in
dashes and carry their name at the end, museum and dissolved are hatched, kinds of actor differ in shape.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar, cast

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, ScalarFormatter
from numpy.typing import NDArray

from clustersim.core.numbers import localise
from clustersim.core.words import language, speaking

P = ParamSpec("P")
T = TypeVar("T")

PHASE_COLOURS = {
    "agglomeration": "#D9D9D9",
    "creation": "#88CCEE",
    "development": "#0072B2",
    "maturity": "#004B49",
    "transformation": "#F0E442",
    "decline": "#D55E00",
    "museum": "#7F7F7F",
    "renaissance": "#CC79A7",
    "dissolved": "#FFFFFF",
}
PHASE_HATCHES = {"museum": "////", "dissolved": "...."}
BASELINE = "#7F7F7F"
SERIES = ("#0072B2", "#D55E00", "#882255")
DASHES: tuple[Any, ...] = ("solid", (0, (5, 1.6)), (0, (1.2, 1.2)))
ORDERED = ("#DCE9F5", "#9CC4E4", "#3F8FC5", "#0B3C6F")  # classes with an order, light to dark
MANY = ("#332288", "#88CCEE", "#117733", "#DDCC77", "#CC6677", "#44AA99", "#882255", "#999933")
OTHER = "#BBBBBB"
INK, GREY, FAINT = "#1A1A1A", "#595959", "#D0D0D0"

TITLE, PANEL, LABEL, SMALL, NOTE = 11.0, 8.5, 7.5, 7.0, 6.5  # points
LINE = 1.4

RC: dict[str, Any] = {
    "font.family": ["DejaVu Sans", "sans-serif"],  # it travels with matplotlib: the same picture on every machine
    "font.sans-serif": ["DejaVu Sans", "Verdana"],  # for SVG viewers without it, the nearest in width
    "font.size": LABEL,
    "text.color": INK,
    "text.parse_math": False,
    "text.hinting": "none",  # widths as `text_width` computes them, at any resolution
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.labelsize": LABEL,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "hatch.linewidth": 0.6,
    "svg.fonttype": "none",
    "svg.hashsalt": "clustersim",
    "path.simplify": True,
}


def settings() -> AbstractContextManager[None]:
    """Return the context in which matplotlib's settings are those of this module; they return to what they were."""
    return matplotlib.rc_context(cast(Any, RC))


def styled(function: Callable[P, T]) -> Callable[P, T]:
    """Let the settings of this module hold inside a function, and the language that its argument ``lang`` names, if any."""
    takes = signature(function)

    @wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> T:
        with settings(), speaking(takes.bind(*args, **kwargs).arguments.get("lang")):
            return function(*args, **kwargs)

    return inside


@dataclass(frozen=True, slots=True)
class Bands:
    """The 10th, 25th, 50th, 75th and 90th percentile across replicates, one value for each time."""

    low: NDArray[Any]
    lower: NDArray[Any]
    median: NDArray[Any]
    upper: NDArray[Any]
    high: NDArray[Any]


def bands(values: NDArray[Any]) -> Bands:
    """Return the percentiles of ``values`` (replicate, time); undefined values are left out."""
    found = np.full((5, values.shape[1]), np.nan)
    some = ~np.isnan(values).all(axis=0)
    if some.any():
        kept = values[:, some]
        quantile = np.nanpercentile if np.isnan(kept).any() else np.percentile
        found[:, some] = quantile(kept, [10, 25, 50, 75, 90], axis=0)
    return Bands(*found)


def draw_bands(ax: Axes, times: NDArray[Any], values: NDArray[Any], colour: str, dash: Any = "solid") -> Bands:
    """Draw the median and, for two replicates or more, the 10-90 and 25-75 % bands of ``values`` (replicate, time)."""
    found = bands(values)
    alone = len(times) == 1  # a single time: its value holds over the whole width
    if values.shape[0] > 1:
        for low, high, alpha in ((found.low, found.high, 0.16), (found.lower, found.upper, 0.28)):
            if alone:
                ax.axhspan(low[0], high[0], color=colour, alpha=alpha, linewidth=0)
            else:
                ax.fill_between(times, low, high, color=colour, alpha=alpha, linewidth=0)
    if alone:
        ax.axhline(found.median[0], color=colour, linestyle=dash, linewidth=LINE)
    else:
        ax.plot(times, found.median, color=colour, linestyle=dash, linewidth=LINE)
    return found


def last_value(values: NDArray[Any]) -> float | None:
    """Return the last defined value, or None."""
    defined = np.flatnonzero(np.isfinite(values))
    return float(values[defined[-1]]) if defined.size else None


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float = 0.0, high: float = 1.0) -> list[float]:
    """Return centres for labels of these sizes, in the order of ``wanted`` and near it, apart while there is room."""
    if not wanted:
        return []
    order = np.argsort(np.asarray(wanted), kind="stable")
    size = np.asarray(sizes, float)[order]
    offsets = np.concatenate([[0.0], np.cumsum((size[:-1] + size[1:]) / 2.0)])
    offsets *= min(1.0, (high - low) / max(offsets[-1], 1e-12))
    # Least squares under "at least gap apart" is isotonic regression of the positions less their offsets.
    blocks: list[tuple[float, int]] = []
    for value in np.asarray(wanted, float)[order] - offsets:
        blocks.append((float(value), 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (b, m), (a, n) = blocks.pop(), blocks.pop()
            blocks.append(((a * n + b * m) / (n + m), n + m))
    level = np.clip(np.concatenate([np.full(n, value) for value, n in blocks]), low, high - offsets[-1])
    placed = np.empty(len(size))
    placed[order] = level + offsets
    return placed.tolist()


def label_ends(ax: Axes, labels: Sequence[tuple[float, str, str]], swatch: bool = False) -> None:
    """Write names beside the right edge, at the height of each line's end, moved apart where they would overlap.

    Parameters
    ----------
    labels : sequence of (float, str, str)
        Height in data units, text (may have several lines) and colour.
    swatch : bool
        Put a square of the colour before a dark text, for colours too light to read.
    """
    if not labels:
        return
    height = ax.get_position().height * ax.figure.get_figure(root=True).get_size_inches()[1] * 72.0
    low, high = ax.get_ylim()
    sizes = [((text.count("\n") + 1) * SMALL * 1.15 + 2.0) / height for _, text, _ in labels]
    wanted = [min(max((y - low) / (high - low), 0.0), 1.0) for y, _, _ in labels]
    for place, (_, text, colour) in zip(spread(wanted, sizes, low=0.45 * sizes[int(np.argmin(wanted))]), labels, strict=True):
        x = 1.03
        if swatch:
            ax.plot(
                [x + 0.01],
                [place],
                marker="s",
                markersize=4.5,
                color=colour,
                markeredgecolor=GREY,
                markeredgewidth=0.3,
                transform=ax.transAxes,
                clip_on=False,
            )
            x += 0.06
        ax.text(
            x,
            place,
            text,
            transform=ax.transAxes,
            color=INK if swatch else colour,
            fontsize=SMALL,
            va="center",
            ha="left",
            linespacing=1.05,
        )


def ink_on(colour: str) -> str:
    """Return black or white, whichever reads better on the colour (WCAG relative luminance)."""
    channels = [int(colour[k : k + 2], 16) / 255.0 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (luminance + 0.05) ** 2 > 0.05 * 1.05 else "#FFFFFF"


def phase_look(phase: str) -> dict[str, Any]:
    """Return the face colour and hatching of a phase, as keywords of a patch or filled area."""
    look: dict[str, Any] = {"facecolor": PHASE_COLOURS[phase], "linewidth": 0.0}
    if phase in PHASE_HATCHES:
        look |= {"hatch": PHASE_HATCHES[phase], "edgecolor": "#FFFFFF" if phase == "museum" else "#8C8C8C"}
    return look


class LocaleFormatter(ScalarFormatter):
    """Tick labels in the notation of the language in which the figure was made, never with an offset or a power of ten."""

    def __init__(self) -> None:
        super().__init__(useOffset=False, useMathText=False)
        self.set_scientific(False)
        self._lang = language()  # ticks are written when the figure is saved

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the label of a tick."""
        with speaking(self._lang):
            return localise(super().__call__(x, pos))


def set_years(ax: Axes, most: int = 5) -> None:
    """Put at most ``most`` whole years below the axes."""
    low, high = ax.get_xlim()
    first, last = int(np.ceil(low - 1e-9)), int(np.floor(high + 1e-9))
    step = next((s for s in (1, 2, 5, 10, 20, 50) if last // s - -(-first // s) < most), 100)
    years = list(range(-(-first // step) * step, last + 1, step))
    ax.set_xticks(years, [str(year) for year in years])


def scale_axes(ax: Axes, first: float, last: float, zero: bool = True, top: float | None = None) -> None:
    """Set years below, numbers at the left, light rules, and zero as the lowest value."""
    ax.set_xlim(first, last)
    set_years(ax)
    ax.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    ax.yaxis.set_major_formatter(LocaleFormatter())
    ax.grid(axis="y", color="#E6E6E6", linewidth=0.5)
    low, high = ax.get_ylim()
    if top is not None:
        high = top
    if (zero and low < 0.0 <= ax.dataLim.y0) or (zero and low > 0.0):
        low = 0.0
    ax.set_ylim(low, high if high > low else low + 1.0)
