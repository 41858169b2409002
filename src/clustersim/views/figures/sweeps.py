"""A sweep's outputs over time: for each option the median over worlds and replicates, with bands while they can be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from clustersim.core.numbers import number
from clustersim.core.words import _
from clustersim.experiments.execution import describe_values
from clustersim.experiments.reading import SweepResult
from clustersim.model.indicators import INDICATORS
from clustersim.views.figures.layout import WIDTH, Grid, Page, Panels
from clustersim.views.figures.style import DASHES, LINE, MANY, SMALL, label_ends, scale_axes, styled
from clustersim.views.figures.text import shorten_middle

if TYPE_CHECKING:
    import pandas as pd

PANELS = 8  # outputs
LINES, BANDS = len(MANY), 3  # options that are drawn, and up to which bands still can be told apart
GRID = Grid(widths=(1.95, 1.95))


def drawable(result: SweepResult) -> list[str]:
    """Return the outputs of a sweep that are numbers over time."""
    return [name for name in describe_values(result.plan) if name != "phase" and not name.startswith("years_to_")]


@styled
def sweep_lines(result: SweepResult, outputs: list[str], lang: str | None = None) -> Figure:
    """Draw outputs over the calendar years, a line for each option.

    Parameters
    ----------
    result : SweepResult
        A sweep with finished runs.
    outputs : list of str
        Which outputs, see `drawable`.
    lang : str, optional
        "en" or "es"; the language in force if not given.

    Returns
    -------
    Figure
        The figure.
    """
    frame, said = result.indicators, describe_values(result.plan)
    options = [option["name"] for option in result.plan.options]
    drawn = options[:LINES]
    groups = {option: part for option, part in frame.groupby("option", observed=True) if option in drawn}
    notes = [_("Lines: medians over scenarios, clusters, worlds and replicates; bands: 10th to 90th percentile.")
             if len(groups) <= BANDS else _("Lines: medians over scenarios, clusters, worlds and replicates.")]  # fmt: skip
    if len(drawn) < len(options):
        notes.append(_("The first {k} of {n} options are drawn.", k=number(len(drawn), 0), n=number(len(options), 0)))
    source = _("clustersim {version} · {runs} runs", version=result.plan.content["model"]["version"], runs=number(result.done, 0))
    page = Page(GRID.needed(len(outputs)) + 0.13, _("Options over time"), result.name, notes, source)
    panels = Panels(page, GRID)
    for name in outputs:
        ends, ax = [], panels.next(_label(name), _(said[name]["unit"]))
        for k, (option, part) in enumerate(groups.items()):
            years, found = _quantiles(part, name)
            if len(groups) <= BANDS:
                ax.fill_between(years, found[0], found[2], color=MANY[k], alpha=0.15, linewidth=0)
            look: dict[str, Any] = {"color": MANY[k], "linestyle": DASHES[k % len(DASHES)], "linewidth": LINE}
            ax.plot(years, found[1], marker="o" if len(years) == 1 else None, markersize=3, **look)
            text = shorten_middle(str(option), WIDTH - GRID.lefts[1] - GRID.widths[1] - 0.22, SMALL)
            ends.append((float(found[1][-1]), text, MANY[k]))
        first, last = float(frame["year"].min()), float(frame["year"].max())
        scale_axes(ax, first, last if last > first else first + 1.0, zero=False)
        label_ends(ax, [end for end in ends if np.isfinite(end[0])])
    return page.figure


def _quantiles(part: pd.DataFrame, name: str) -> tuple[Any, Any]:
    """Return calendar years, and the 10th, 50th and 90th percentile at each."""
    found = part.groupby("year")[name].quantile([0.1, 0.5, 0.9]).unstack()
    return found.index.to_numpy(dtype=float), found.to_numpy(dtype=float).T


def _label(name: str) -> str:
    if name.startswith("total_"):
        return _("{indicator}, total", indicator=_(INDICATORS[name.removeprefix("total_")].label))
    return _(INDICATORS[name].label)
