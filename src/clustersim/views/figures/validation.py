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
NULL = "null_"  # the null model that comes nearest
LOOKS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("", {"marker": "o", "color": SERIES[0], "markerfacecolor": SERIES[0]}),
    ("ablated_", {"marker": "s", "color": SERIES[1], "markerfacecolor": "white"}),
    (NULL, {"marker": "D", "color": GREY, "markerfacecolor": "white"}),
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


def verdicts(result: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return in words whether a pattern is shown, vanishes without its mechanism, and is passed by a null model."""
    shown = _("shown") if result["passed"] else _("no value") if result["reason"] else _("not shown")
    gone = _("vanishes") if result["ablation_vanishes"] else _("no value") if result["ablated_reason"] else _("stays")
    passes = {True: _("one passes"), False: _("none passes"), None: _("none can tell")}[result["null_passes"]]
    return _("retired ({verdict})", verdict=shown) if result["retired"] else shown, gone, passes


def best_null(result: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the null model that comes nearest to a pattern, or goes farthest beyond it; None where none has such an output."""
    return max((null for null in result["nulls"] if null["reason"] is None), key=lambda null: null["low"], default=None)


def _estimate(ax: Axes, row: float, values: Sequence[float], look: Mapping[str, Any]) -> None:
    value, low, high = values
    ax.plot([low, high], [row, row], color=look["color"], linewidth=2.0, solid_capstyle="butt", zorder=3)
    ax.plot([value], [row], linestyle="none", markersize=5.5, markeredgewidth=1.3, zorder=4, **look)


def _plot_shaded(ax: Axes, threshold: float) -> None:
    low, high = ax.get_xlim()
    ax.axvspan(threshold, high, color=SHADE, linewidth=0, zorder=0)
    ax.axvline(threshold, color=INK, linewidth=0.9, linestyle=(0, (4, 2)), zorder=2)
    ax.set_xlim(low, high)


def values(result: Mapping[str, Any], which: str) -> list[float]:
    """Return value, low and high of the whole model, without the mechanism, or of the nearest null; NaN where missing."""
    source: Mapping[str, Any] | None = best_null(result) if which == NULL else result
    prefix = "" if which == NULL else which
    return [float(source[f"{prefix}{part}"]) if source else np.nan for part in ("value", "low", "high")]


def interval_note() -> str:
    """Return the sentence that says what lines are, and how they are judged."""
    return _(
        "Lines: 5-95 % bootstrap interval over replicates. A pattern is shown if its whole interval lies in the shaded part, "
        "above the threshold, and vanishes if the interval without the mechanism does not. A missing value is a failure. A "
        "pattern that a null model passes is no evidence for the mechanism."
    )


def _names() -> tuple[str, str, str]:
    return _("whole model"), _("mechanism off"), _("null model")


@styled
def pattern(result: Mapping[str, Any], seed: int, replicates: int, lang: str | None = None) -> Figure:
    """Draw one pattern against its threshold: the whole model, the one without the mechanism, the nearest null model."""
    notes = [_(result["why"]), _("Switched off: {mechanism}.", mechanism=_(result["mechanism"])), interval_note()]
    null = best_null(result)
    if null is not None:
        notes.insert(2, _("Null model: {name}.", name=_(null["name"])))
    if result["retired"]:
        notes.insert(0, _("Retired: {reason}", reason=_(result["retired_why"])))
    title = f"{result['id']}  {_(result['statement'])}"
    page = Page(2.04, title, _(result["statistic"]), notes, made_with(seed, replicates), whole=True)
    left, right = 1.35, 1.85
    ax = page.axes(left, 0.30, WIDTH - left - right, 1.32)
    measured = {which: values(result, which) for which, _look in LOOKS}
    finite = [value for value in (result["threshold"], *np.ravel(list(measured.values()))) if np.isfinite(value)]
    span = max(finite) - min(finite) or 1.0
    whole = len(finite) == 1 + 3 * len(LOOKS)
    ax.set_xlim(min(finite) - (0.08 if whole else 0.9) * span, max(finite) + 0.08 * span)
    ax.set_ylim(-0.6, 2.6)
    _plot_shaded(ax, result["threshold"])
    for row, (which, look), name, verdict in zip((2.0, 1.0, 0.0), LOOKS, _names(), verdicts(result), strict=True):
        height = (row + 0.6) / 3.2
        ax.text(-0.03, height, name, transform=ax.transAxes, ha="right", va="center", fontsize=LABEL, color=look["color"])
        told = verdict
        if np.isfinite(measured[which]).all():
            _estimate(ax, row, measured[which], look)
            told = f"{interval(null if which == NULL and null else result, '' if which == NULL else which)}\n{verdict}"
        elif which != NULL:
            missing = wrap(_("undefined: the statistic has no value"), 1.5, SMALL)
            ax.text(0.02, height, missing, transform=ax.transAxes, ha="left", va="center", fontsize=SMALL, color=GREY)
        ax.text(1.03, height, told, transform=ax.transAxes, ha="left", va="center", fontsize=LABEL, color=INK)
    said = _("threshold {value}", value=plain(result["threshold"]))
    ax.text(result["threshold"], 2.68, said, ha="center", va="bottom", fontsize=SMALL, color=INK)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(LocaleFormatter())
    ax.set_xlabel(_("value of the statistic"), fontsize=SMALL, color=GREY, labelpad=2)
    return page.figure


def scaled(result: Mapping[str, Any], which: str) -> list[float]:
    """Return value, low and high over the threshold; with a threshold of 0, one more than their ratio to the whole value."""
    threshold, whole = result["threshold"], abs(result["value"])
    found = values(result, which)
    if threshold != 0.0:
        return [value / threshold for value in found]
    return [1.0 + value / whole if whole > 0.0 else 1.0 for value in found]


@styled
def overview(
    results: Sequence[Mapping[str, Any]], missing: Mapping[str, str], seed: int, replicates: int, lang: str | None = None
) -> Figure:
    """Draw all patterns, one row each, over their thresholds: whole model, mechanism off, nearest null model."""
    step, names, right = 0.42, 2.66, 1.42
    shown = sorted([*results, *({"id": id_, "statement": text} for id_, text in missing.items())], key=lambda r: r["id"])
    notes = [interval_note()]
    if any(result["threshold"] == 0.0 for result in results):
        notes.append(_("* Its threshold is 0: the scale is 1 at the threshold and 2 at the value of the whole model."))
    what = _("Measured value over its threshold: the model whole, with the responsible mechanism switched off, and a null model")
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
    """Draw the estimates of a pattern; return its verdicts."""
    for shift, (which, look) in zip((-0.22, 0.0, 0.22), LOOKS, strict=True):
        found = scaled(result, which)
        if np.isfinite(found).all():
            _estimate(ax, row + shift, found, look)
    shown, gone, null = verdicts(result)
    return f"{shown}\n{gone}\n" + _("null models: {verdict}", verdict=null)


def _legend(ax: Axes) -> None:
    """Name the marks and the threshold."""
    for x, (_which, look), name in zip((0.1, 1.4, 2.7), LOOKS, _names(), strict=True):
        ax.plot([x - 0.08, x + 0.08], [0.55, 0.55], color=look["color"], linewidth=2.0)
        ax.plot([x], [0.55], linestyle="none", markersize=5.5, markeredgewidth=1.3, **look)
        ax.text(x + 0.14, 0.5, name, fontsize=SMALL, va="center", color=look["color"])
    ax.plot([3.75, 3.75], [0.05, 1.0], color=INK, linewidth=0.9, linestyle=(0, (4, 2)))
    ax.text(3.83, 0.5, _("threshold"), fontsize=SMALL, va="center", color=INK)


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
