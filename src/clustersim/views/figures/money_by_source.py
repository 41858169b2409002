"""Money by source: the association's income, its public share, public spending by instrument, private co-finance."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from clustersim.views.figures.data import FigureData
from clustersim.views.figures.layout import Page, source, whose
from clustersim.views.figures.panels import (
    LEFTS,
    PLOT_HEIGHT,
    ROW,
    TOP,
    Line,
    band_note,
    draw_lines,
    money_lines,
    money_unit,
    say_nothing,
)
from clustersim.views.figures.style import INK, MANY, OTHER, SMALL, bands, label_ends, scale_axes, styled
from clustersim.views.figures.text import shorten, wrap
from clustersim.views.figures.words import Words

# The left panels have names at the ends of their lines, those of instruments long ones.
LEFT_WIDTH, RIGHT_LEFT, RIGHT_WIDTH = 2.3, 5.02, 2.02
LABEL_WIDTH = 1.3  # inches


@styled
def money_by_source(data: FigureData, cluster: str, lang: str = "en") -> Figure:
    """Draw an association's income by source, public spending by instrument and private co-finance, by year.

    Parameters
    ----------
    data : FigureData
        A run's tables.
    cluster : str
        Name of the cluster.
    lang : str
        "en" or "es".

    Returns
    -------
    Figure
        The figure.
    """
    say = Words(lang)
    spending_note = say("note_spending" if len(data.replicates) > 1 else "note_spending_one")
    notes = [band_note(data, say), spending_note, say("note_money")]
    page = Page(TOP + 2 * ROW - 0.28, say("money_by_source"), whose(data, say, cluster), notes, source(data, say))
    public, private = (data.yearly(data.values(name, cluster)) for name in ("income_public", "income_private"))
    money_lines(
        page,
        (LEFTS[0], TOP, LEFT_WIDTH, PLOT_HEIGHT),
        "a",
        say("panel_income"),
        data,
        say,
        [Line(public, say("end_income_public")), Line(private, say("end_income_private"))],
    )
    draw_public_share(page, data, say, public, private)
    draw_instruments(page, data, say, cluster)
    money_lines(
        page,
        (RIGHT_LEFT, TOP + ROW, RIGHT_WIDTH, PLOT_HEIGHT),
        "d",
        say.indicator("private_cofinance"),
        data,
        say,
        [Line(data.yearly(data.values("private_cofinance", cluster)))],
    )
    return page.figure


def draw_public_share(page: Page, data: FigureData, say: Words, public: NDArray[Any], private: NDArray[Any]) -> None:
    """Draw the public share of the association's income, undefined in years without income."""
    income = public + private
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(income > 0.0, 100.0 * public / income, np.nan)
    ax = page.panel(RIGHT_LEFT, TOP, RIGHT_WIDTH, PLOT_HEIGHT, "b", say("panel_public_share"), say("axis_share_income"))
    draw_lines(ax, data, say, data.years, [Line(share)], top=100.0, empty=say("no_income"))


def draw_instruments(page: Page, data: FigureData, say: Words, cluster: str) -> None:
    """Draw public spending by instrument in bars by year, the mean over replicates, with the band of the total."""
    spending = data.spending(cluster)
    total = spending.public.sum(axis=0)
    found = bands(total)
    unit, factor = money_unit(float(np.max(found.high, initial=0.0)), say)
    ax = page.panel(LEFTS[0], TOP + ROW, LEFT_WIDTH, PLOT_HEIGHT, "c", say("panel_instruments"), unit)
    ends = draw_bars(
        ax, data.years, spending.public.mean(axis=1) * factor, [say.instrument(k) for k in spending.instruments], say
    )
    if ends and len(data.replicates) > 1:
        ax.vlines(data.years, found.low * factor, found.high * factor, color=INK, linewidth=0.8)
    scale_axes(ax, say.lang, data.edges[0], data.edges[-1])
    ax.grid(visible=False, axis="x")
    if not ends:
        say_nothing(ax, say("nothing"))
    label_ends(ax, ends, swatch=True)


def draw_bars(ax: Axes, years: NDArray[Any], means: NDArray[Any], names: list[str], say: Words) -> list[tuple[float, str, str]]:
    """Draw stacked bars, the smallest instruments together as "other", and return their labels from the bottom up."""
    if len(means) > len(MANY):
        kept = len(MANY) - 1
        means = np.concatenate([means[:kept], means[kept:].sum(axis=0, keepdims=True)])
        names = [*names[:kept], say("other")]
    below, ends = np.zeros(len(years)), []
    for k, (mean, name) in enumerate(zip(means, names, strict=True)):
        colour = OTHER if name == say("other") else MANY[k]
        ax.bar(years, mean, width=0.86, bottom=below, color=colour, linewidth=0)
        below = below + mean
        ends.append((k, two_lines(name), colour))
    top = max(float(below.max()), 1e-9) if len(years) else 1.0
    return [(top * (k + 0.5) / len(ends), name, colour) for k, name, colour in ends]


def two_lines(name: str) -> str:
    """Return a name on one line or, if it is too long, on two."""
    first, _, rest = wrap(name, LABEL_WIDTH, SMALL).partition("\n")
    lines = [first, rest.replace("\n", " ")] if rest else [first]
    return "\n".join(shorten(line, LABEL_WIDTH, SMALL) for line in lines)
