"""Trust and ties: trust, ties by level, reach of cooperation, shared vision and belief."""

from __future__ import annotations

from matplotlib.figure import Figure

from clustersim.core.words import N_, _
from clustersim.views.figures.data import FigureData
from clustersim.views.figures.layout import Grid, Panels, page_of
from clustersim.views.figures.names import figure_title
from clustersim.views.figures.panels import Line, band_note, draw_lines, draw_stack, firms_note, layer_note
from clustersim.views.figures.style import styled

# Names at the ends of lines and beside layers.
ENDS = {
    "trust": N_("between\npartners"), "climate": N_("generalised"), "linked_share": N_("cooperating\nfirms"),
    "core_share": N_("largest\nlinked core"), "vision": N_("vision"), "belief": N_("belief"),
}  # fmt: skip
LEVELS = {
    "acquaintances": N_("acquaintance"), "information_ties": N_("information"), "commercial_ties": N_("commercial"),
    "strategic_ties": N_("strategic"),
}  # fmt: skip


@styled
def trust_and_ties(data: FigureData, cluster: str, lang: str | None = None) -> Figure:
    """Draw trust, ties by level, the reach of cooperation and the shared vision of one cluster.

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
    notes = [band_note(data), layer_note(data), firms_note(data, cluster)]
    panels = Panels(page_of(data, cluster, grid.needed(4), figure_title("trust_and_ties"), notes), grid)

    def lines(*names: str, factor: float = 1.0) -> list[Line]:
        return [Line(factor * data.means(name, cluster), _(ENDS[name])) for name in names]

    draw_lines(panels.next(_("Trust"), _("trust (0 to 1)")), data, data.ends, lines("trust", "climate"), top=1.0)
    levels = [Line(data.values(name, cluster), _(text)) for name, text in LEVELS.items()]
    draw_stack(panels.next(_("Ties between firms by level"), _("ties between firms")), data, levels)
    ax = panels.next(_("Reach of cooperation"), _("share of firms (%)"))
    draw_lines(ax, data, data.ends, lines("linked_share", "core_share", factor=100.0), top=100.0)
    ax = panels.next(_("Shared vision and belief in joint action"), _("index (0 to 1)"))
    draw_lines(ax, data, data.ends, lines("vision", "belief"), top=1.0)
    return panels.page.figure
