"""Firms and jobs: firms by size, jobs, entries and exits, sales and exports."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from clustersim.model.sizes import CLASSES
from clustersim.views.figures.data import FigureData
from clustersim.views.figures.layout import Page, source, whose
from clustersim.views.figures.panels import (
    LEFTS,
    PLOT_HEIGHT,
    PLOT_WIDTH,
    ROW,
    TOP,
    Line,
    band_note,
    draw_lines,
    draw_stack,
    layer_note,
    money_lines,
)
from clustersim.views.figures.style import styled
from clustersim.views.figures.words import Words


@styled
def firms_and_jobs(data: FigureData, cluster: str, lang: str = "en") -> Figure:
    """Draw firms by size class, jobs, entries and exits by year, and sales and exports by year of one cluster.

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
    notes = [band_note(data, say), layer_note(data, say), say("note_money")]
    page = Page(TOP + 2 * ROW - 0.28, say("firms_and_jobs"), whose(data, say, cluster), notes, source(data, say))
    ax = page.panel(LEFTS[0], TOP, PLOT_WIDTH, PLOT_HEIGHT, "a", say("panel_sizes"), say("axis_firms"))
    draw_stack(ax, data, say, [Line(data.values(name, cluster), say(f"end_{name}")) for name in CLASSES])
    ax = page.panel(LEFTS[1], TOP, PLOT_WIDTH, PLOT_HEIGHT, "b", say("panel_jobs"), say("axis_persons"))
    draw_lines(ax, data, say, data.ends, [Line(data.values("employment", cluster))])
    ax = page.panel(LEFTS[0], TOP + ROW, PLOT_WIDTH, PLOT_HEIGHT, "c", say("panel_turnover"), say("axis_firms_year"))
    entries = np.add(data.values("entries", cluster), data.values("spinoffs", cluster))
    exits = data.values("exits", cluster)
    turnover = [Line(data.yearly(entries), say("end_entries")), Line(data.yearly(exits), say("end_exits"))]
    draw_lines(ax, data, say, data.years, turnover)
    sales = [Line(data.yearly(data.values(name, cluster)), say(f"end_{name}")) for name in ("sales", "exports")]
    money_lines(page, (LEFTS[1], TOP + ROW, PLOT_WIDTH, PLOT_HEIGHT), "d", say("panel_sales"), data, say, sales)
    return page.figure
