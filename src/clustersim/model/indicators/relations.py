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
    VERTICAL,
)  # fmt: skip

INDICATORS = {
    "trust": Indicator("Trust between partners", "1",
                       "mean of both directions over ties between firms"),
    "climate": Indicator("Generalised trust", "1", "mean over firms of what they expect of strangers"),
    "ties": Indicator("Ties between firms", "ties", "vertical and horizontal ties"),
    "acquaintances": Indicator("Acquaintances", "ties", "ties between firms at level 0"),
    "information_ties": Indicator("Information ties", "ties", "ties between firms at level 1"),
    "commercial_ties": Indicator("Commercial ties", "ties", "ties between firms at level 2"),
    "strategic_ties": Indicator("Strategic ties", "ties", "ties between firms at level 3"),
    "trading_ties": Indicator("Ties with trade", "ties", "ties between firms over which goods were sold, at arm's length too"),
    "vertical_ties": Indicator("Vertical ties", "ties", "ties between firms of different segments"),
    "horizontal_ties": Indicator("Horizontal ties", "ties", "ties between firms of one segment"),
    "institutional_ties": Indicator("Ties to institutions", "ties",
                                    "ties of firms to universities, technology centres and banks at level 1 or more"),
    "external_ties": Indicator("Outside links", "ties", "ties to partners outside the cluster"),
    "mean_level": Indicator("Mean level of ties", "1", "mean level over ties between firms"),
    "degree": Indicator("Ties per firm", "ties/firm", "2 * ties between firms / firms"),
    "density": Indicator("Density", "share", "ties between firms / pairs of firms"),
    "linked_share": Indicator("Cooperating firms", "share",
                              "firms with a tie to a firm at level 2 or more / firms"),
    "core_share": Indicator("Linked core", "share",
                            "firms in the largest component of ties at level 2 or more / firms"),
    "dependence": Indicator("Supplier dependence", "share",
                            "mean over firms that sell in the cluster of the largest cluster buyer's share of sales"),
    "clustering": Indicator("Clustering", "share",
                            "pairs of a firm's partners that know each other: some firms asked a quarter, smoothed"),
    "university_links": Indicator("Firms linked to universities", "share",
                                  "firms with a tie to a university or technology centre at level 1 or more / firms"),
    "home_links": Indicator("Links to related clusters", "ties",
                            "outside links to related clusters of the nation"),
    "network_institutions": Indicator("Institutions in the network", "organisations",
                                      "universities, technology centres and banks with a tie to a firm at level 1 or more, and "
                                      "an association with members"),
    "network_organisations": Indicator("Organisations in the network", "organisations",
                                       "those, and the firms that are members or have a tie to a university, technology centre "
                                       "or bank at level 1 or more"),
}  # fmt: skip


@kernel
def measure(actors, ties, cluster, out):
    """Fill the family."""
    external, home, institutional, between, levels, trading = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    acquainted, informed, commercial, strategic, vertical, horizontal = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for t in range(cluster.ties, cluster.ties + cluster.tie_count):
        level, kind = ties.level[t], ties.kind[t]
        if kind == EXTERNAL:
            external += 1.0
            home += ties.home[t] >= 0
        elif kind == INSTITUTIONAL:
            institutional += level >= INFORMATION
        else:
            between += 1.0
            acquainted += level == ACQUAINTANCE
            informed += level == INFORMATION
            commercial += level == COMMERCIAL
            strategic += level == STRATEGIC
            vertical += kind == VERTICAL
            horizontal += kind == HORIZONTAL
            levels += level
            trading += ties.value[t] > 0.0
    firms = max(cluster.firm_count, 1.0)
    out.trust, out.climate, out.clustering = cluster.trust, cluster.climate, cluster.clustering
    out.ties, out.vertical_ties, out.horizontal_ties = between, vertical, horizontal
    out.acquaintances, out.information_ties = acquainted, informed
    out.commercial_ties, out.strategic_ties, out.trading_ties = commercial, strategic, trading
    out.institutional_ties, out.external_ties, out.home_links = institutional, external, home
    out.mean_level = levels / between if between > 0.0 else 0.0
    out.degree = 2.0 * between / firms
    out.density = 2.0 * between / (firms * (firms - 1.0)) if firms > 1.0 else 0.0
    out.linked_share, out.core_share = cluster.linked, cluster.component
    out.dependence = mean_dependence(actors, cluster)
    out.university_links = cluster.schooled / firms
    out.network_institutions, firms_there = networked(actors, ties, cluster)
    out.network_organisations = out.network_institutions + firms_there


@kernel
def networked(actors, ties, cluster):
    """Return how many institutions firms are linked to, the association included, and how many firms are linked to one."""
    institutions, firms = 1.0 if cluster.formal and cluster.members > 0.0 else 0.0, 0.0
    for i in range(cluster.first, cluster.firms):
        institutions += advised(actors, ties, i)
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE:
            firms += actors.member[i] == 1 or advised(actors, ties, i)
    return institutions, firms


@kernel
def advised(actors, ties, i):
    """Whether an actor has a tie between a firm and an institution at level 1 or more."""
    for slot in range(actors.around[i], actors.around[i] + actors.degree[i]):
        t = ties.by_actor[slot]
        if ties.kind[t] == INSTITUTIONAL and ties.level[t] >= INFORMATION:
            return True
    return False


@kernel
def mean_dependence(actors, cluster):
    """Return the mean dependence of the firms that sell to cluster buyers."""
    total, sellers = 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE and actors.dependence[i] > 0.0:
            total += actors.dependence[i]
            sellers += 1.0
    return total / max(sellers, 1.0)
