"""Figure of plausibility: the published range of each item as a band, and the model's value and interval on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from clustersim.core.version import __version__
from clustersim.studies.validation.spanish import translate
from clustersim.views.figures.layout import MARGIN, WIDTH, Page, save
from clustersim.views.figures.style import FAINT, GREY, INK, SERIES, SMALL, styled
from clustersim.views.figures.text import wrap
from clustersim.views.figures.validation import interval, plain
from clustersim.views.figures.words import Words

BAND = "#CFE3F3"
LANGUAGES = ("en", "es")
TEXTS = {
    "title": ("Firms of the model beside published data", "Las empresas del modelo junto a los datos publicados"),
    "whose": (
        "Each item on its own scale: published range, and what the model gives without being fitted to it",
        "Cada elemento en su propia escala: rango publicado y lo que da el modelo sin ajustarse a él",
    ),
    "inside": ("inside", "dentro"),
    "outside": ("outside by {distance}", "fuera por {distance}"),
    "none": ("not comparable", "no comparable"),
    "range": ("{low} to {high}", "de {low} a {high}"),
    "above": ("{low} or more", "{low} o más"),
    "below": ("{high} or less", "{high} o menos"),
    "published": ("published: {range}", "publicado: {range}"),
    "memory": ("{range} *", "{range} *"),
    "band": ("published range", "rango publicado"),
    "model": ("model, all places", "modelo, todos los lugares"),
    "scenarios": ("each scenario", "cada escenario"),
    "notes": (
        "Lines: from the 5th to the 95th percentile of places that stand alone, each one cluster of one replicate (items that "
        "compare places: bootstrap). * A part of the range is from memory. The range is open where data give only a sign.",
        "Líneas: del percentil 5 al 95 de lugares por separado, cada uno un clúster de una réplica (elementos que comparan "
        "lugares: bootstrap). * Una parte del rango es de memoria. El rango queda abierto donde los datos solo dan un signo.",
    ),
}


def say(key: str, lang: str, **values: object) -> str:
    """Return a text in a language, its fields filled in."""
    return TEXTS[key][LANGUAGES.index(lang)].format(**values)


def published(result: Mapping[str, Any], lang: str) -> str:
    """Return the published range in words; a star marks a range that is in part from memory."""
    low, high = (plain(end, lang) if end is not None else None for end in (result["published_low"], result["published_high"]))
    key = "below" if low is None else "above" if high is None else "range"
    text = say(key, lang, low=low, high=high)
    return say("memory", lang, range=text) if result["from_memory"] else text


def verdict(result: Mapping[str, Any], lang: str) -> str:
    """Return in words whether the model's value lies in the published range, and how far from it."""
    if result["inside"] is None:
        return say("none", lang)
    return say("inside" if result["inside"] else "outside", lang, distance=plain(result["distance"], lang))


def _row(ax: Axes, row: int, result: Mapping[str, Any]) -> None:
    """Draw one item on its own scale, from 0 to 1 over the width of the axes."""
    ends = [result["published_low"], result["published_high"]]
    marks = [result["value"], result["low"], result["high"], *result["scenarios"].values()]
    finite = [end for end in ends if end is not None] + [mark for mark in marks if np.isfinite(mark)]
    least, most = min(finite), max(finite)
    pad = 0.12 * ((most - least) or abs(most) or 1.0)
    first, width = least - pad, most - least + 2.0 * pad

    def at(value: float) -> float:
        return (value - first) / width

    left, right = (edge if end is None else at(end) for end, edge in zip(ends, (0.0, 1.0), strict=True))
    ax.fill_between([left, right], row - 0.36, row + 0.36, color=BAND, linewidth=0, zorder=1)
    for end, place in zip(ends, (left, right), strict=True):
        if end is not None:
            ax.plot([place, place], [row - 0.36, row + 0.36], color=INK, linewidth=0.7, zorder=2)
    if not np.isfinite(result["value"]):
        return
    colour = SERIES[0] if result["inside"] else SERIES[1]
    for value in result["scenarios"].values():
        if np.isfinite(value):
            ax.plot([at(value)] * 2, [row + 0.12, row + 0.32], color=GREY, linewidth=1.0, zorder=3)
    if np.isfinite([result["low"], result["high"]]).all():
        ax.plot([at(result["low"]), at(result["high"])], [row, row], color=colour, linewidth=1.8, solid_capstyle="butt", zorder=4)
    _mark(ax, at(result["value"]), row, result["inside"])


def _mark(ax: Axes, x: float, y: float, inside: bool) -> None:
    colour = SERIES[0] if inside else SERIES[1]
    look: dict[str, Any] = {"marker": "o", "markerfacecolor": colour} if inside else {"marker": "s", "markerfacecolor": "white"}
    ax.plot([x], [y], linestyle="none", markersize=4.8, markeredgewidth=1.2, color=colour, zorder=5, **look)


@styled
def plausibility(results: Sequence[Mapping[str, Any]], seed: int, replicates: int, lang: str = "en") -> Figure:
    """Draw all items, one row each: the published range, and the model's value and interval."""
    words = Words(lang)
    step, names, plot, numbers = 0.37, 2.62, 1.75, 1.62
    made = words("made_with", version=__version__, seed=seed, replicates=words.replicates(replicates))
    height = step * len(results)
    page = Page(height + 0.34, say("title", lang), say("whose", lang), (say("notes", lang),), made, whole=True)
    ax = page.axes(MARGIN + names, 0.28, plot, height)
    ax.set_axis_off()
    ax.set_xlim(0.0, 1.0)
    ax.set_ylim(len(results) - 0.5, -0.5)
    for row, result in enumerate(results):
        _row(ax, row, result)
        place = page.head + 0.28 + (row + 0.5) * step
        look: dict[str, Any] = {"va": "center", "linespacing": 1.05}
        page._text(MARGIN, place, result["id"], SMALL, weight="bold", va="center")
        text = wrap(translate(result["statement"], lang), names - 0.42, SMALL)
        page._text(MARGIN + 0.32, place, text, SMALL, color=INK, **look)
        told = f"{interval(result, '', lang)}\n{say('published', lang, range=published(result, lang))}"
        page._text(MARGIN + names + plot + 0.08, place, told, SMALL, color=INK, **look)
        seen = wrap(verdict(result, lang), WIDTH - 2 * MARGIN - names - plot - numbers - 0.08, SMALL)
        page._text(MARGIN + names + plot + numbers + 0.08, place, seen, SMALL, color=INK, **look)
        if row:
            ax.axhline(row - 0.5, color=FAINT, linewidth=0.4, zorder=0)
    _legend(page, MARGIN + names, lang)
    return page.figure


def _legend(page: Page, left: float, lang: str) -> None:
    """Name band and marks above the rows."""
    width = WIDTH - left - MARGIN
    ax = page.axes(left, 0.0, width, 0.22)
    ax.set_axis_off()
    ax.set_xlim(0.0, width)
    ax.set_ylim(0.0, 1.0)
    ax.fill_between([0.0, 0.2], 0.25, 0.85, color=BAND, linewidth=0)
    ax.text(0.26, 0.5, say("band", lang), fontsize=SMALL, va="center", color=INK)
    _mark(ax, 1.33, 0.55, True)
    _mark(ax, 1.48, 0.55, False)
    ax.text(1.57, 0.5, say("model", lang), fontsize=SMALL, va="center", color=INK)
    ax.plot([2.98, 2.98], [0.3, 0.8], color=GREY, linewidth=1.0)
    ax.text(3.05, 0.5, say("scenarios", lang), fontsize=SMALL, va="center", color=INK)


def draw_plausibility(
    results: Sequence[Mapping[str, Any]], folder: Path, seed: int, replicates: int, lang: str = "en"
) -> list[Path]:
    """Write the figure of all items as PNG and SVG.

    Parameters
    ----------
    results : sequence of mappings
        What `clustersim.studies.validation.plausibility.compare` returned.
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
    return save(plausibility(results, seed, replicates, lang), folder, "plausibility")
