"""Knowledge and diversity: distance to the frontier, technological diversity, innovations, outside links."""

from __future__ import annotations

from matplotlib.figure import Figure

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
    firms_note,
)
from clustersim.views.figures.style import styled
from clustersim.views.figures.words import Words

WIDE = PLOT_WIDTH + 0.6  # no names at the ends of lines here


@styled
def knowledge(data: FigureData, cluster: str, lang: str = "en") -> Figure:
    """Draw distance to the frontier, diversity, innovations per firm and outside links of one cluster.

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
    notes = [band_note(data, say), firms_note(data, say, cluster)]
    page = Page(TOP + 2 * ROW - 0.28, say("knowledge"), whose(data, say, cluster), notes, source(data, say))
    panels = [
        ("frontier_gap", "axis_log_points", data.ends, data.means("frontier_gap", cluster)),
        ("diversity", "axis_turn", data.ends, data.means("diversity", cluster)),
        ("innovations", "axis_innovations", data.years, data.yearly(data.means("innovations", cluster))),
        ("external_ties", "axis_links", data.ends, data.values("external_ties", cluster)),
    ]
    for k, (name, unit, times, values) in enumerate(panels):
        place = (LEFTS[k % 2], TOP + ROW * (k // 2), WIDE, PLOT_HEIGHT)
        ax = page.panel(*place, "abcd"[k], say.indicator(name), say(unit))
        draw_lines(ax, data, say, times, [Line(values)])
    return page.figure
