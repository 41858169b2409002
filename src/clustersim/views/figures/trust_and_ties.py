"""Trust and ties: trust, ties by level, reach of cooperation, shared vision and belief."""

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
    draw_stack,
    firms_note,
    layer_note,
)
from clustersim.views.figures.style import styled
from clustersim.views.figures.words import Words

LEVEL_COUNTS = ("acquaintances", "information_ties", "commercial_ties", "strategic_ties")


@styled
def trust_and_ties(data: FigureData, cluster: str, lang: str = "en") -> Figure:
    """Draw trust, ties by level, the reach of cooperation and the shared vision of one cluster.

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
    notes = [band_note(data, say), layer_note(data, say), firms_note(data, say, cluster)]
    page = Page(TOP + 2 * ROW - 0.28, say("trust_and_ties"), whose(data, say, cluster), notes, source(data, say))

    def lines(*names: str, factor: float = 1.0) -> list[Line]:
        return [Line(factor * data.means(name, cluster), say(f"end_{name}")) for name in names]

    ax = page.panel(LEFTS[0], TOP, PLOT_WIDTH, PLOT_HEIGHT, "a", say("panel_trust"), say("axis_trust"))
    draw_lines(ax, data, say, data.ends, lines("trust", "climate"), top=1.0)
    ax = page.panel(LEFTS[1], TOP, PLOT_WIDTH, PLOT_HEIGHT, "b", say("panel_ties"), say("axis_ties"))
    draw_stack(ax, data, say, [Line(data.values(name, cluster), say(f"end_{name}")) for name in LEVEL_COUNTS])
    ax = page.panel(LEFTS[0], TOP + ROW, PLOT_WIDTH, PLOT_HEIGHT, "c", say("panel_reach"), say("axis_share_firms"))
    draw_lines(ax, data, say, data.ends, lines("linked_share", "core_share", factor=100.0), top=100.0)
    ax = page.panel(LEFTS[1], TOP + ROW, PLOT_WIDTH, PLOT_HEIGHT, "d", say("panel_vision"), say("axis_index"))
    draw_lines(ax, data, say, data.ends, lines("vision", "belief"), top=1.0)
    return page.figure
