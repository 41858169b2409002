"""Knowledge and diversity: distance to the frontier, technological diversity, innovations, outside links."""

from __future__ import annotations

from matplotlib.figure import Figure

from clustersim.core.words import _
from clustersim.views.figures.data import FigureData
from clustersim.views.figures.layout import Grid, Panels, page_of
from clustersim.views.figures.names import figure_title, indicator
from clustersim.views.figures.panels import Line, band_note, draw_lines, firms_note
from clustersim.views.figures.style import styled

GRID = Grid(widths=(2.65, 2.65))  # no names at the ends of lines here


@styled
def knowledge(data: FigureData, cluster: str, lang: str | None = None) -> Figure:
    """Draw distance to the frontier, diversity, innovations per firm and outside links of one cluster.

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
    notes = [band_note(data), firms_note(data, cluster)]
    panels = Panels(page_of(data, cluster, GRID.needed(4), figure_title("knowledge"), notes), GRID)
    for name, unit, times, values in (
        ("frontier_gap", _("log points"), data.ends, data.means("frontier_gap", cluster)),
        ("diversity", _("standard deviation (turn)"), data.ends, data.means("diversity", cluster)),
        ("innovations", _("per firm and year"), data.years, data.yearly(data.means("innovations", cluster))),
        ("external_ties", _("links"), data.ends, data.values("external_ties", cluster)),
    ):
        draw_lines(panels.next(indicator(name), unit), data, times, [Line(values)])
    return panels.page.figure
