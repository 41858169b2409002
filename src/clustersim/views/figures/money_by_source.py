"""Money by source: the association's income, its public share, public spending by instrument, private co-finance."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from clustersim.core.words import _
from clustersim.views.figures.data import FigureData
from clustersim.views.figures.layout import Grid, Panels, page_of
from clustersim.views.figures.names import figure_title, indicator, instrument
from clustersim.views.figures.panels import Line, band_note, draw_lines, money_lines, money_unit, say_nothing
from clustersim.views.figures.style import INK, MANY, OTHER, SMALL, bands, label_ends, scale_axes, styled
from clustersim.views.figures.text import shorten, wrap

# The left panels have names at the ends of their lines, those of instruments long ones.
GRID = Grid(lefts=(0.62, 5.02), widths=(2.3, 2.02))
LABEL_WIDTH = 1.3  # inches


@styled
def money_by_source(data: FigureData, cluster: str, lang: str | None = None) -> Figure:
    """Draw an association's income by source, public spending by instrument and private co-finance, by year.

    Parameters
    ----------
    data : FigureData
        A run's tables.
    cluster : str
        Name of the cluster.
    lang : str, optional
        "en" or "es"; the language in force if not given.

    Returns
    -------
    Figure
        The figure.
    """
    notes = [band_note(data), spending_note(data), _("Money in constant USD.")]
    panels = Panels(page_of(data, cluster, GRID.needed(4), figure_title("money_by_source"), notes), GRID)
    public, private = (data.yearly(data.values(name, cluster)) for name in ("income_public", "income_private"))
    income = [Line(public, _("public\ngrants")), Line(private, _("fees and\nservices"))]
    money_lines(panels, _("The association's income"), data, income)
    draw_public_share(panels, data, public, private)
    draw_instruments(panels, data, cluster)
    money_lines(panels, indicator("private_cofinance"), data, [Line(data.yearly(data.values("private_cofinance", cluster)))])
    return panels.page.figure


def spending_note(data: FigureData) -> str:
    """Return the sentence that says what bars are."""
    if len(data.replicates) == 1:
        return _("Bars: public spending by instrument.")
    return _("Bars: mean of the replicates by instrument; whiskers: 10th to 90th percentile of the total.")


def draw_public_share(panels: Panels, data: FigureData, public: NDArray[Any], private: NDArray[Any]) -> None:
    """Draw the public share of the association's income, undefined in years without income."""
    income = public + private
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(income > 0.0, 100.0 * public / income, np.nan)
    ax = panels.next(_("Public share of that income"), _("share of income (%)"))
    draw_lines(ax, data, data.years, [Line(share)], top=100.0, empty=_("no income"))


def draw_instruments(panels: Panels, data: FigureData, cluster: str) -> None:
    """Draw public spending by instrument in bars by year, the mean over replicates, with the band of the total."""
    spending = data.spending(cluster)
    found = bands(spending.public.sum(axis=0))
    unit, factor = money_unit(float(np.max(found.high, initial=0.0)))
    ax = panels.next(_("Public spending by instrument"), unit)
    means = spending.public.mean(axis=1) * factor
    ends = draw_bars(ax, data.years, means, [instrument(name) for name in spending.instruments])
    if ends and len(data.replicates) > 1:
        ax.vlines(data.years, found.low * factor, found.high * factor, color=INK, linewidth=0.8)
    scale_axes(ax, data.edges[0], data.edges[-1])
    ax.grid(visible=False, axis="x")
    if not ends:
        say_nothing(ax, _("none in this run"))
    label_ends(ax, ends, swatch=True)


def draw_bars(ax: Axes, years: NDArray[Any], means: NDArray[Any], names: list[str]) -> list[tuple[float, str, str]]:
    """Draw stacked bars, the smallest instruments together as "other", and return their labels from the bottom up."""
    colours = list(MANY[: len(means)])
    if len(means) > len(MANY):
        kept = len(MANY) - 1
        means = np.concatenate([means[:kept], means[kept:].sum(axis=0, keepdims=True)])
        names, colours = [*names[:kept], _("other")], [*MANY[:kept], OTHER]
    below, ends = np.zeros(len(years)), []
    for k, (mean, name, colour) in enumerate(zip(means, names, colours, strict=True)):
        ax.bar(years, mean, width=0.86, bottom=below, color=colour, linewidth=0)
        below = below + mean
        ends.append((k, two_lines(name), colour))
    top = max(float(below.max()), 1e-9) if len(years) else 1.0
    return [(top * (k + 0.5) / len(ends), name, colour) for k, name, colour in ends]


def two_lines(name: str) -> str:
    """Return a name on one line or, if it is too long, on two."""
    first, *rest = wrap(name, LABEL_WIDTH, SMALL).split("\n")
    lines = [first, " ".join(rest)] if rest else [first]
    return "\n".join(shorten(line, LABEL_WIDTH, SMALL) for line in lines)
