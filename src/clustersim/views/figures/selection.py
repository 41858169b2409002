"""The figure of a selection: candidates in order, what each scores by each criterion, and how sure its rank is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from clustersim.core.numbers import NONE, number, shortest
from clustersim.core.version import __version__
from clustersim.core.words import _
from clustersim.studies.selection.criteria import CRITERIA
from clustersim.studies.selection.measures import FEW
from clustersim.studies.selection.ranking import DRAWS, Ranking, written_rank
from clustersim.views.figures.layout import MARGIN, WIDTH, Page, save
from clustersim.views.figures.style import FAINT, GREY, INK, NOTE, ORDERED, SERIES, SMALL, ink_on, styled
from clustersim.views.figures.text import shorten_middle, wrap

SHOWN = 20
STEP, NAMES, HEADS, CELL, RANKS = 0.25, 1.55, 1.42, 0.228, 1.28  # inches
SHADES = LinearSegmentedColormap.from_list("scores", ["#FFFFFF", *ORDERED])


def weights_in_words(ranking: Ranking) -> str:
    """Return the weights, those that differ from 1 by name."""
    if (ranking.weights == ranking.weights[0]).all():
        return _("all criteria weigh the same")
    criteria = ranking.measures.criteria.values()
    named = [f"{_(c.label)} {shortest(w)}" for c, w in zip(criteria, ranking.weights, strict=True) if w != 1.0]
    return _("weights: {texts}", texts=", ".join(named))


@styled
def selection(ranking: Ranking, whose: str, lang: str | None = None) -> Figure:
    """Draw the first candidates: scores by criterion, weighted score, and the span of the rank.

    Parameters
    ----------
    ranking : Ranking
        What was measured and how it ranks.
    whose : str
        The register or run.
    lang : str, optional
        "en" or "es"; the language in force if not given.

    Returns
    -------
    Figure
        The figure.
    """
    order = ranking.order[:SHOWN]
    total = len(ranking.order)
    notes = [
        _(
            "Shade and number: 0 (worst of all candidates) to 10 (best), by each criterion. A dash: not known; its weight is "
            "spread over what is known. A star: less than half of all weight is known, or there are fewer than {few} firms.",
            few=FEW,
        ),
        _(
            "Line: 10th to 90th percentile of the rank under {draws} draws of weights around those set; dot: median.",
            draws=number(DRAWS, 0),
        ),
    ]
    if total > len(order):
        notes.append(_("The first {shown} of {n} are shown.", shown=len(order), n=number(total, 0)))
    height = STEP * len(order)
    source = wrap(f"clustersim {__version__} · {weights_in_words(ranking)}", WIDTH - 2 * MARGIN, NOTE)
    page = Page(HEADS + height + 0.42, _("Candidates by all criteria"), whose, notes, source)
    wide = CELL * len(CRITERIA)
    ax = page.axes(MARGIN + NAMES, HEADS, wide, height)
    _matrix(ax, ranking, order)
    left = MARGIN + NAMES + wide + 0.08
    scores = page.axes(left, HEADS, 0.5, height)
    _scores(scores, ranking, order)
    ranks = page.axes(left + 0.55, HEADS, RANKS - 0.12, height)
    _ranks(ranks, ranking, order)
    return page.figure


def _matrix(ax: Axes, ranking: Ranking, order: np.ndarray) -> None:
    ax.set_xlim(0, len(ranking.measures.criteria))
    ax.set_ylim(len(order), 0)
    for row, candidate in enumerate(order):
        for k in range(len(ranking.measures.criteria)):
            score = ranking.scores[candidate, k]
            if np.isnan(score):
                ax.text(k + 0.5, row + 0.5, NONE, ha="center", va="center", fontsize=SMALL, color=GREY)
                continue
            colour = SHADES(float(score))
            ax.add_patch(Rectangle((k, row), 1, 1, facecolor=colour, edgecolor="white", linewidth=0.8))
            shade = "#" + "".join(f"{round(255 * part):02x}" for part in colour[:3])
            ax.text(k + 0.5, row + 0.5, f"{10 * score:.0f}", ha="center", va="center", fontsize=6.0, color=ink_on(shade))
        name = shorten_middle(f"{written_rank(ranking, candidate)}  {ranking.measures.named(candidate)}", NAMES - 0.1, SMALL)
        star = "*" if ranking.covered[candidate] < 0.5 or ranking.measures.uncertain(candidate) else ""
        ax.text(-0.15, row + 0.5, name + star, ha="right", va="center", fontsize=SMALL, color=INK)
    for k, (criterion, weight) in enumerate(zip(ranking.measures.criteria.values(), ranking.weights, strict=True)):
        known = ~np.isnan(ranking.scores[:, k]).all() and weight > 0.0
        ax.text(k + 0.5, -0.25, _(criterion.label), rotation=55, ha="left", va="bottom", rotation_mode="anchor", fontsize=NOTE,
                color=INK if known else GREY)  # fmt: skip
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)


def _scores(ax: Axes, ranking: Ranking, order: np.ndarray) -> None:
    ax.set_ylim(len(order), 0)
    ax.set_axis_off()
    ax.text(0.5, -0.15, _("Score"), ha="center", va="bottom", fontsize=NOTE, color=GREY, transform=ax.get_yaxis_transform())
    for row, candidate in enumerate(order):
        told = number(ranking.total[candidate], 2)
        ax.text(0.5, row + 0.5, told, ha="center", va="center", fontsize=SMALL, color=INK, transform=ax.get_yaxis_transform())


def _ranks(ax: Axes, ranking: Ranking, order: np.ndarray) -> None:
    most = max(float(ranking.high[order].max()), 2.0)
    ax.set_xlim(0.5, most + 0.5)
    ax.set_ylim(len(order), 0)
    for row, candidate in enumerate(order):
        ax.plot([ranking.low[candidate], ranking.high[candidate]], [row + 0.5] * 2, color=SERIES[0], linewidth=2.0, alpha=0.55)
        ax.plot([ranking.middle[candidate]], [row + 0.5], marker="o", markersize=4.0, color=SERIES[0])
    steps = max(1, round((most - 1) / 4))
    ticks = np.arange(1, most + 0.5, steps)
    ax.set_xticks(ticks, [f"{tick:.0f}" for tick in ticks])
    ax.grid(axis="x", color=FAINT, linewidth=0.4)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(_("Rank, 10–90 %"), fontsize=NOTE, color=GREY, labelpad=2)


def draw_selection(ranking: Ranking, folder: Path, whose: str, lang: str | None = None) -> list[Path]:
    """Write the figure as PNG and SVG into a folder that exists; return the files."""
    return save(selection(ranking, whose, lang), folder, "selection")
