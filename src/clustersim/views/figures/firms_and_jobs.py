"""Firms and jobs: firms by size, jobs, entries and exits, sales and exports."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from clustersim.core.words import _
from clustersim.model.sizes import BOUNDS, CLASSES
from clustersim.views.figures.data import FigureData
from clustersim.views.figures.layout import Grid, Panels, page_of
from clustersim.views.figures.names import figure_title
from clustersim.views.figures.panels import Line, band_note, draw_lines, draw_stack, layer_note, money_lines
from clustersim.views.figures.style import styled

_SMALL, _MEDIUM, _LARGE = (int(bound) for bound in BOUNDS)
_EMPLOYEES = (f"<{_SMALL}", f"{_SMALL}–{_MEDIUM - 1}", f"{_MEDIUM}–{_LARGE - 1}", f"≥{_LARGE}")
SIZES = dict(zip(CLASSES, _EMPLOYEES, strict=True))


@styled
def firms_and_jobs(data: FigureData, cluster: str, lang: str | None = None) -> Figure:
    """Draw firms by size class, jobs, entries and exits by year, and sales and exports by year of one cluster.

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
    grid = Grid()
    notes = [band_note(data), layer_note(data), _("Money in constant USD.")]
    panels = Panels(page_of(data, cluster, grid.needed(4), figure_title("firms_and_jobs"), notes), grid)
    sizes = [Line(data.values(name, cluster), text) for name, text in SIZES.items()]
    draw_stack(panels.next(_("Firms by number of employees"), _("firms")), data, sizes)
    draw_lines(panels.next(_("Jobs"), _("persons")), data, data.ends, [Line(data.values("employment", cluster))])
    entries = np.add(data.values("entries", cluster), data.values("spinoffs", cluster))
    turnover = [
        Line(data.yearly(entries), _("entries and\nspin-offs")),
        Line(data.yearly(data.values("exits", cluster)), _("exits")),
    ]
    draw_lines(panels.next(_("Entries and exits"), _("firms a year")), data, data.years, turnover)
    sales = [
        Line(data.yearly(data.values("sales", cluster)), _("sales")),
        Line(data.yearly(data.values("exports", cluster)), _("exports")),
    ]
    money_lines(panels, _("Sales and exports"), data, sales)
    return panels.page.figure
