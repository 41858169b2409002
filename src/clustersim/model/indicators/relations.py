"""Relations: trust, ties by level and kind, reach of cooperation, dependence on buyers."""

from __future__ import annotations

from clustersim.core.accelerate import kernel
from clustersim.core.schema import Indicator
from clustersim.model.state import (
    ACQUAINTANCE,
    COMMERCIAL,
    EXTERNAL,
    FREE,
    HORIZONTAL,
    INFORMATION,
    INSTITUTIONAL,
    STRATEGIC,
    UNIVERSITY,
    VERTICAL,
)  # fmt: skip

INDICATORS = {
    "trust": Indicator("Trust between partners", "Confianza entre socios", "1",
                       "mean of both directions over ties between firms"),
    "climate": Indicator("Generalised trust", "Confianza generalizada", "1", "mean over firms of what they expect of strangers"),
    "ties": Indicator("Ties between firms", "Vínculos entre empresas", "ties", "vertical and horizontal ties"),
    "acquaintances": Indicator("Acquaintances", "Conocidos", "ties", "ties between firms at level 0"),
    "information_ties": Indicator("Information ties", "Vínculos de información", "ties", "ties between firms at level 1"),
    "commercial_ties": Indicator("Commercial ties", "Vínculos comerciales", "ties", "ties between firms at level 2"),
    "strategic_ties": Indicator("Strategic ties", "Vínculos estratégicos", "ties", "ties between firms at level 3"),
    "vertical_ties": Indicator("Vertical ties", "Vínculos verticales", "ties", "ties between firms of different segments"),
    "horizontal_ties": Indicator("Horizontal ties", "Vínculos horizontales", "ties", "ties between firms of one segment"),
    "institutional_ties": Indicator("Ties to institutions", "Vínculos con instituciones", "ties",
                                    "ties of firms to universities, technology centres and banks at level 1 or more"),
    "external_ties": Indicator("Outside links", "Vínculos externos", "ties", "ties to partners outside the cluster"),
    "mean_level": Indicator("Mean level of ties", "Nivel medio de los vínculos", "1", "mean level over ties between firms"),
    "degree": Indicator("Ties per firm", "Vínculos por empresa", "ties/firm", "2 * ties between firms / firms"),
    "density": Indicator("Density", "Densidad", "share", "ties between firms / pairs of firms"),
    "linked_share": Indicator("Cooperating firms", "Empresas que cooperan", "share",
                              "firms with a tie to a firm at level 2 or more / firms"),
    "core_share": Indicator("Linked core", "Núcleo vinculado", "share",
                            "firms in the largest component of ties at level 2 or more / firms"),
    "dependence": Indicator("Supplier dependence", "Dependencia de proveedores", "share",
                            "mean over firms that sell in the cluster of the largest cluster buyer's share of sales"),
    "clustering": Indicator("Clustering", "Agrupamiento", "share",
                            "pairs of a firm's partners that know each other: 16 firms asked a quarter, smoothed (weight 0.1)"),
    "university_links": Indicator("Firms linked to universities", "Empresas vinculadas a universidades", "share",
                                  "firms with a tie to a university or technology centre at level 1 or more / firms"),
    "home_links": Indicator("Links to related clusters", "Vínculos con clústeres afines", "ties",
                            "outside links to related clusters of the nation"),
}  # fmt: skip


@kernel
def measure(actors, ties, cluster, out):
    """Fill the family in the declared order."""
    out[:] = 0.0
    levels, home = 0.0, 0.0
    for t in range(cluster.ties, cluster.ties + cluster.tie_count):
        level, kind = ties.level[t], ties.kind[t]
        if kind == EXTERNAL:
            out[10] += 1.0
            home += ties.home[t] >= 0
        elif kind == INSTITUTIONAL:
            out[9] += level >= INFORMATION
        else:
            out[2] += 1.0
            out[3] += level == ACQUAINTANCE
            out[4] += level == INFORMATION
            out[5] += level == COMMERCIAL
            out[6] += level == STRATEGIC
            out[7] += kind == VERTICAL
            out[8] += kind == HORIZONTAL
            levels += level
    firms = max(cluster.firm_count, 1.0)
    out[0], out[1] = cluster.trust, cluster.climate
    out[11] = levels / out[2] if out[2] > 0.0 else 0.0
    out[12] = 2.0 * out[2] / firms
    out[13] = 2.0 * out[2] / (firms * (firms - 1.0)) if firms > 1.0 else 0.0
    out[14], out[15] = cluster.linked, cluster.component
    out[16], out[17] = mean_dependence(actors, cluster), cluster.clustering
    out[18], out[19] = served_by_universities(actors, ties, cluster) / firms, home


@kernel
def served_by_universities(actors, ties, cluster):
    """Return the number of firms with a tie to a university or technology centre at level 1 or more."""
    for i in range(cluster.firms, cluster.last):
        actors.contacts[i] = 0.0
    for t in range(cluster.ties, cluster.ties + cluster.tie_count):
        if ties.kind[t] == INSTITUTIONAL and ties.level[t] >= INFORMATION and actors.kind[ties.a[t]] >= UNIVERSITY:
            actors.contacts[ties.b[t]] = 1.0  # the institution is the end with the lower row
    served = 0.0
    for i in range(cluster.firms, cluster.last):
        served += actors.contacts[i]
    return served


@kernel
def mean_dependence(actors, cluster):
    """Return the mean dependence of the firms that sell to cluster buyers."""
    total, sellers = 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE and actors.dependence[i] > 0.0:
            total += actors.dependence[i]
            sellers += 1.0
    return total / max(sellers, 1.0)
