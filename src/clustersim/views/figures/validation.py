"""Figures of validation: each pattern against its threshold, with and without its mechanism, and all of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator

from clustersim.core.numbers import NONE, shortest
from clustersim.core.words import _, speaking
from clustersim.views.figures.layout import MARGIN, WIDTH, Page, Rows, made_with, save
from clustersim.views.figures.style import GREY, INK, LABEL, SERIES, SMALL, LocaleFormatter, styled
from clustersim.views.figures.text import wrap

SHADE = "#EAF3FA"
LOOKS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("", {"marker": "o", "color": SERIES[0], "markerfacecolor": SERIES[0]}),
    ("ablated_", {"marker": "s", "color": SERIES[1], "markerfacecolor": "white"}),
)
TICKS = (-50.0, -20.0, -10.0, -5.0, -2.0, -1.0, 0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)


def plain(value: float) -> str:
    """Return a number with three significant digits and at most five decimals."""
    return shortest(round(float(value), 5), 3)


def interval(result: Mapping[str, Any], which: str = "") -> str:
    """Return a value with its interval in brackets; `which` is empty, or ``ablated_``."""
    if not np.isfinite(result[f"{which}value"]):
        return NONE
    value, low, high = (plain(result[f"{which}{part}"]) for part in ("value", "low", "high"))
    return _("{value} [{low}, {high}]", value=value, low=low, high=high)


def verdicts(result: Mapping[str, Any]) -> tuple[str, str]:
    """Return in words whether the pattern is shown, and whether it vanishes without its mechanism."""
    return (
        _("shown") if result["passed"] else _("not shown"),
        _("vanishes") if result["ablation_vanishes"] else _("stays"),
    )


def _estimate(ax: Axes, row: float, values: Sequence[float], look: Mapping[str, Any]) -> None:
    value, low, high = values
    ax.plot([low, high], [row, row], color=look["color"], linewidth=2.0, solid_capstyle="butt", zorder=3)
    ax.plot([value], [row], linestyle="none", markersize=5.5, markeredgewidth=1.3, zorder=4, **look)


def _plot_shaded(ax: Axes, threshold: float) -> None:
    low, high = ax.get_xlim()
    ax.axvspan(threshold, high, color=SHADE, linewidth=0, zorder=0)
    ax.axvline(threshold, color=INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=2)
    ax.set_xlim(low, high)


def interval_note() -> str:
    """Return the sentence that says what lines are, and how they are judged."""
    return _(
        "Lines: 5-95 % bootstrap interval over replicates. A pattern is shown if its whole interval lies in the shaded part, "
        "above the threshold, and vanishes if the interval without the mechanism does not."
    )


def _names() -> tuple[str, str]:
    return _("whole model"), _("mechanism off")


@styled
def pattern(result: Mapping[str, Any], seed: int, replicates: int, lang: str | None = None) -> Figure:
    """Draw the value of one pattern with its interval against the threshold, beside that without the mechanism."""
    notes = (_(result["why"]), _("Switched off: {mechanism}.", mechanism=_(result["mechanism"])), interval_note())
    title = f"{result['id']}  {_(result['statement'])}"
    page = Page(1.64, title, _(result["statistic"]), notes, made_with(seed, replicates), whole=True)
    left, right = 1.35, 1.85
    ax = page.axes(left, 0.30, WIDTH - left - right, 0.92)
    finite = [result["threshold"], *(result[f"{which}{part}"] for which, _look in LOOKS for part in ("value", "low", "high"))]
    finite = [value for value in finite if np.isfinite(value)]
    span = max(finite) - min(finite) or 1.0
    whole = len(finite) == 1 + 3 * len(LOOKS)
    ax.set_xlim(min(finite) - (0.08 if whole else 0.9) * span, max(finite) + 0.08 * span)
    ax.set_ylim(-0.6, 1.6)
    _plot_shaded(ax, result["threshold"])
    for row, (which, look), name, verdict in zip((1.0, 0.0), LOOKS, _names(), verdicts(result), strict=True):
        values = [result[f"{which}{part}"] for part in ("value", "low", "high")]
        height = (row + 0.6) / 2.2
        ax.text(-0.03, height, name, transform=ax.transAxes, ha="right", va="center", fontsize=LABEL, color=look["color"])
        told = f"{interval(result, which)}\n{verdict}"
        if np.isfinite(values).all():
            _estimate(ax, row, values, look)
        else:
            told = _("undefined") + f"\n{verdict}"
            missing = wrap(_("undefined: the statistic has no value"), 1.5, SMALL)
            ax.text(0.02, height, missing, transform=ax.transAxes, ha="left", va="center", fontsize=SMALL, color=GREY)
        ax.text(1.03, height, told, transform=ax.transAxes, ha="left", va="center", fontsize=LABEL, color=INK)
    said = _("threshold {value}", value=plain(result["threshold"]))
    ax.text(result["threshold"], 1.68, said, ha="center", va="bottom", fontsize=SMALL, color=INK)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(LocaleFormatter())
    ax.set_xlabel(_("value of the statistic"), fontsize=SMALL, color=GREY, labelpad=2)
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
    results: Sequence[Mapping[str, Any]], missing: Mapping[str, str], seed: int, replicates: int, lang: str | None = None
) -> Figure:
    """Draw all patterns, one row each: values over thresholds with their intervals, whole model and mechanism off."""
    step, names, right = 0.36, 2.66, 1.42
    shown = sorted([*results, *({"id": id_, "statement": text} for id_, text in missing.items())], key=lambda r: r["id"])
    notes = [interval_note()]
    if any(result["threshold"] == 0.0 for result in results):
        notes.append(_("* Its threshold is 0: the scale is 1 at the threshold and 2 at the value of the whole model."))
    what = _("Measured value over its threshold, with the model whole and with the responsible mechanism switched off")
    height = step * max(len(shown), 1) + 0.68
    page = Page(height, _("Patterns that must emerge"), what, notes, made_with(seed, replicates), whole=True)
    rows = Rows(page, len(shown), step, names, WIDTH - MARGIN - names - right)
    ax = rows.ax
    ax.set_xscale("symlog", linthresh=1.0, linscale=0.7)
    ends = [value for result in results for which, _look in LOOKS for value in scaled(result, which) if np.isfinite(value)]
    low, high = min([0.0, *ends]) * 1.25 - 0.2, max([2.0, *ends]) * 1.25
    ax.set_xlim(low, high)
    _plot_shaded(ax, 1.0)
    for row, result in enumerate(shown):
        measured = "value" in result
        star = "*" if measured and result["threshold"] == 0.0 else ""
        told = _row(ax, row, result) if measured else _("not measured")
        place = (WIDTH - right + 0.08, told)
        rows.write(row, f"{result['id']}{star}", _(result["statement"]), [place], INK if measured else GREY)
    _legend(rows.legend())
    ticks = [tick for tick in TICKS if low <= tick <= high]
    ax.set_xticks(ticks, [shortest(tick) for tick in ticks])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlabel(_("value / threshold (logarithmic beyond ±1)"), fontsize=SMALL, color=GREY, labelpad=2)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    return page.figure


def _row(ax: Axes, row: int, result: Mapping[str, Any]) -> str:
    """Draw the two estimates of a pattern; return its verdicts."""
    told = list(verdicts(result))
    for place, shift, (which, look) in zip((0, 1), (-0.16, 0.16), LOOKS, strict=True):
        values = scaled(result, which)
        if np.isfinite(values).all():
            _estimate(ax, row + shift, values, look)
        else:
            told[place] = _("{verdict} (undefined)", verdict=told[place])
    return "\n".join(told) if len(" · ".join(told)) > 18 else " · ".join(told)


def _legend(ax: Axes) -> None:
    """Name the two marks and the threshold."""
    for x, (_which, look), name in zip((0.1, 1.4), LOOKS, _names(), strict=True):
        ax.plot([x - 0.08, x + 0.08], [0.55, 0.55], color=look["color"], linewidth=2.0)
        ax.plot([x], [0.55], linestyle="none", markersize=5.5, markeredgewidth=1.3, **look)
        ax.text(x + 0.14, 0.5, name, fontsize=SMALL, va="center", color=look["color"])
    ax.plot([2.75, 2.75], [0.05, 1.0], color=INK, linewidth=0.9, linestyle=(0, (4, 2)))
    ax.text(2.83, 0.5, _("threshold"), fontsize=SMALL, va="center", color=INK)


def draw_validation(
    results: Sequence[Mapping[str, Any]], missing: Mapping[str, str], folder: Path, seed: int, replicates: int,
    lang: str | None = None,
) -> list[Path]:  # fmt: skip
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
    lang : str, optional
        "en" or "es"; the language in force if not given.

    Returns
    -------
    list of Path
        The files.
    """
    with speaking(lang):
        paths = save(overview(results, missing, seed, replicates), folder, "overview")
        for result in results:
            paths += save(pattern(result, seed, replicates), folder, result["id"])
    return paths
