"""Figures of validation: each pattern against its threshold, with and without its mechanism, and all of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from clustersim.core.version import __version__
from clustersim.studies.validation.spanish import translate
from clustersim.views.figures.layout import MARGIN, WIDTH, Page, save
from clustersim.views.figures.style import FAINT, GREY, INK, LABEL, SERIES, SMALL, LocaleFormatter, localise, styled
from clustersim.views.figures.text import wrap
from clustersim.views.figures.words import Words

SHADE = "#EAF3FA"
LOOKS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("", {"marker": "o", "color": SERIES[0], "markerfacecolor": SERIES[0]}),
    ("ablated_", {"marker": "s", "color": SERIES[1], "markerfacecolor": "white"}),
)
TICKS = (-50.0, -20.0, -10.0, -5.0, -2.0, -1.0, 0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


def plain(value: float, lang: str) -> str:
    """Return a number with three significant digits and at most five decimals."""
    if not np.isfinite(value):
        return "–"
    short = np.format_float_positional(round(float(value), 5) + 0.0, precision=3, fractional=False, trim="-")
    return localise(short, lang)


def interval(result: Mapping[str, Any], which: str, lang: str) -> str:
    """Return a value with its interval in brackets; `which` is empty, or ``ablated_``."""
    if not np.isfinite(result[f"{which}value"]):
        return "–"
    separator = ", " if lang == "en" else "; "
    value, low, high = (plain(result[f"{which}{part}"], lang) for part in ("value", "low", "high"))
    return f"{value} [{low}{separator}{high}]"


def verdicts(result: Mapping[str, Any], say: Words) -> tuple[str, str]:
    """Return in words whether the pattern is shown, and whether it vanishes without its mechanism."""
    return (
        say("pattern_shown" if result["passed"] else "pattern_not_shown"),
        say("pattern_vanishes" if result["ablation_vanishes"] else "pattern_stays"),
    )


def _estimate(ax: Axes, row: float, values: Sequence[float], look: Mapping[str, Any]) -> None:
    value, low, high = values
    ax.plot([low, high], [row, row], color=look["color"], linewidth=2.0, solid_capstyle="butt", zorder=3)
    ax.plot([value], [row], linestyle="none", markersize=5.5, markeredgewidth=1.3, zorder=4, **look)


def _source(say: Words, seed: int, replicates: int) -> str:
    return say("made_with", version=__version__, seed=seed, replicates=say.replicates(replicates))


def _plot_shaded(ax: Axes, threshold: float) -> None:
    low, high = ax.get_xlim()
    ax.axvspan(threshold, high, color=SHADE, linewidth=0, zorder=0)
    ax.axvline(threshold, color=INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=2)
    ax.set_xlim(low, high)


@styled
def pattern(result: Mapping[str, Any], seed: int, replicates: int, lang: str = "en") -> Figure:
    """Draw the value of one pattern with its interval against the threshold, beside that without the mechanism."""
    say = Words(lang)
    texts = {key: translate(result[key], lang) for key in ("statement", "statistic", "why", "mechanism")}
    notes = (texts["why"], say("note_switched_off", mechanism=texts["mechanism"]), say("note_intervals"))
    title = f"{result['id']}  {texts['statement']}"
    page = Page(1.64, title, texts["statistic"], notes, _source(say, seed, replicates), whole=True)
    left, right = 1.35, 1.85
    ax = page.axes(left, 0.30, WIDTH - left - right, 0.92)
    finite = [result["threshold"], *(result[f"{w}{part}"] for w, _ in LOOKS for part in ("value", "low", "high"))]
    finite = [value for value in finite if np.isfinite(value)]
    span = max(finite) - min(finite) or 1.0
    whole = len(finite) == 1 + 3 * len(LOOKS)
    ax.set_xlim(min(finite) - (0.08 if whole else 0.9) * span, max(finite) + 0.08 * span)
    ax.set_ylim(-0.6, 1.6)
    _plot_shaded(ax, result["threshold"])
    names = (say("pattern_whole"), say("pattern_ablated"))
    for row, (which, look), name, verdict in zip((1.0, 0.0), LOOKS, names, verdicts(result, say), strict=True):
        values = [result[f"{which}{part}"] for part in ("value", "low", "high")]
        height = (row + 0.6) / 2.2
        ax.text(-0.03, height, name, transform=ax.transAxes, ha="right", va="center", fontsize=LABEL, color=look["color"])
        told = f"{interval(result, which, lang)}\n{verdict}"
        if np.isfinite(values).all():
            _estimate(ax, row, values, look)
        else:
            told = f"{say('pattern_undefined_short')}\n{verdict}"
            missing = wrap(say("pattern_undefined"), 1.5, SMALL)
            ax.text(0.02, height, missing, transform=ax.transAxes, ha="left", va="center", fontsize=SMALL, color=GREY)
        ax.text(1.03, height, told, transform=ax.transAxes, ha="left", va="center", fontsize=LABEL, color=INK)
    said = say("pattern_threshold", value=plain(result["threshold"], lang))
    ax.text(result["threshold"], 1.68, said, ha="center", va="bottom", fontsize=SMALL, color=INK)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(LocaleFormatter(lang))
    ax.set_xlabel(say("pattern_axis"), fontsize=SMALL, color=GREY, labelpad=2)
    return page.figure


def scaled(result: Mapping[str, Any], which: str) -> list[float]:
    """Return value, low and high over the threshold; with a threshold of 0, one more than their ratio to the whole value."""
    threshold, whole = result["threshold"], abs(result["value"])
    values = [result[f"{which}{part}"] for part in ("value", "low", "high")]
    if threshold != 0.0:
        return [value / threshold for value in values]
    return [1.0 + value / whole if whole > 0.0 else 1.0 for value in values]


@styled
def overview(
    results: Sequence[Mapping[str, Any]], missing: Mapping[str, str], seed: int, replicates: int, lang: str = "en"
) -> Figure:
    """Draw all patterns, one row each: values over thresholds with their intervals, whole model and mechanism off."""
    say = Words(lang)
    step, names, right = 0.36, 2.66, 1.42
    rows = sorted([*results, *({"id": id_, "statement": text} for id_, text in missing.items())], key=lambda r: r["id"])
    zero = any(result["threshold"] == 0.0 for result in results)
    notes = (say("note_intervals"), say("note_zero_threshold") if zero else "")
    height = step * max(len(rows), 1)
    page = Page(height + 0.68, say("patterns"), say("patterns_whose"), notes, _source(say, seed, replicates), whole=True)
    ax = page.axes(MARGIN + names, 0.28, WIDTH - MARGIN - names - right, height)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xscale("symlog", linthresh=1.0, linscale=0.7)
    ends = [value for result in results for which, _ in LOOKS for value in scaled(result, which) if np.isfinite(value)]
    ax.set_xlim(min([0.0, *ends]) * 1.25 - 0.2, max([2.0, *ends]) * 1.25)
    _plot_shaded(ax, 1.0)
    for row, result in enumerate(rows):
        measured = "value" in result
        star = "*" if measured and result["threshold"] == 0.0 else ""
        told = _row(ax, row, result, say) if measured else say("pattern_missing")
        text = wrap(translate(result["statement"], lang), names - 0.45, SMALL)
        place = page.head + 0.28 + (row + 0.5) * step
        page._text(MARGIN, place, f"{result['id']}{star}", SMALL, weight="bold", va="center")
        page._text(MARGIN + 0.36, place, text, SMALL, color=INK if measured else GREY, va="center", linespacing=1.05)
        page._text(WIDTH - right + 0.08, place, told, SMALL, color=INK if measured else GREY, va="center", linespacing=1.05)
        if row:
            ax.axhline(row - 0.5, color=FAINT, linewidth=0.4, zorder=1)
    _legend(page, MARGIN + names, say)
    low, high = ax.get_xlim()
    ax.xaxis.set_major_locator(FixedLocator([tick for tick in TICKS if low <= tick <= high]))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: localise(f"{x:g}", lang)))
    ax.set_xlabel(say("pattern_axis_scaled"), fontsize=SMALL, color=GREY, labelpad=2)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    return page.figure


def _row(ax: Axes, row: int, result: Mapping[str, Any], say: Words) -> str:
    """Draw the two estimates of a pattern; return its verdicts."""
    told = list(verdicts(result, say))
    for place, shift, (which, look) in zip((0, 1), (-0.16, 0.16), LOOKS, strict=True):
        values = scaled(result, which)
        if np.isfinite(values).all():
            _estimate(ax, row + shift, values, look)
        else:
            told[place] += f" ({say('pattern_undefined_short')})"
    return "\n".join(told) if len(" · ".join(told)) > 18 else " · ".join(told)


def _legend(page: Page, left: float, say: Words) -> None:
    """Name the two marks and the threshold above the axes."""
    ax = page.axes(left, 0.0, WIDTH - left - MARGIN, 0.22)
    ax.set_axis_off()
    ax.set_xlim(0.0, WIDTH - left - MARGIN)
    ax.set_ylim(0.0, 1.0)
    for x, (_, look), key in zip((0.1, 1.4), LOOKS, ("pattern_whole", "pattern_ablated"), strict=True):
        ax.plot([x - 0.08, x + 0.08], [0.55, 0.55], color=look["color"], linewidth=2.0)
        ax.plot([x], [0.55], linestyle="none", markersize=5.5, markeredgewidth=1.3, **look)
        ax.text(x + 0.14, 0.5, say(key), fontsize=SMALL, va="center", color=look["color"])
    ax.plot([2.75, 2.75], [0.05, 1.0], color=INK, linewidth=0.9, linestyle=(0, (4, 2)))
    ax.text(2.83, 0.5, say("pattern_thresholds"), fontsize=SMALL, va="center", color=INK)


def draw_validation(
    results: Sequence[Mapping[str, Any]], missing: Mapping[str, str], folder: Path, seed: int, replicates: int, lang: str = "en"
) -> list[Path]:
    """Write a figure for each pattern, and one of all, as PNG and SVG.

    Parameters
    ----------
    results : sequence of mappings
        What `clustersim.studies.validation.validation.validate` returned.
    missing : mapping
        Reasons by the id of patterns that are not measured.
    folder : Path
        Where to write; it exists.
    seed, replicates : int
        Of all runs; shown at the foot.
    lang : str
        "en" or "es".

    Returns
    -------
    list of Path
        The files.
    """
    paths = save(overview(results, missing, seed, replicates, lang), folder, "overview")
    for result in results:
        paths += save(pattern(result, seed, replicates, lang), folder, result["id"])
    return paths
