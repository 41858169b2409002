"""Several clusters as a nation: docs/odd.md, section 5 (related clusters) and 7.18."""

from __future__ import annotations

from clustersim.model.state import RELATED_MAX
from reference.cluster import Cluster
from reference.world import total, turn


def relate(clusters: list[Cluster], reach: float, nation_jobs: float | None) -> None:
    """Fill the slots of related clusters and the share in the nation's jobs."""
    n = len(clusters)
    if n == 1:
        return
    circle = sorted(range(n), key=lambda k: clusters[k].activity)
    for place, k in enumerate(circle):
        near = {circle[(place + step) % n] for step in range(-3, 4)} - {k}

        def distance(j: int, k: int = k) -> float:
            return turn(clusters[k].activity, clusters[j].activity)

        nearest = sorted(near, key=lambda j: (distance(j), j))[:RELATED_MAX]
        for slot, j in enumerate(nearest):
            relatedness = 1.0 - distance(j) / reach
            if relatedness > 0.0:
                clusters[k].related[slot], clusters[k].relatedness[slot] = j, relatedness
    if nation_jobs is not None:
        share = min(1.0, total(cluster.employment_start for cluster in clusters) / nation_jobs)
        for cluster in clusters:
            cluster.nation_share = share


def publish(clusters: list[Cluster]) -> None:
    """7.18: what the clusters see of each other for the next year."""
    if len(clusters) == 1:
        return
    start = total(cluster.employment_start for cluster in clusters)
    index = total(cluster.employment for cluster in clusters) / max(start, 1.0)
    for cluster in clusters:
        cluster.nation_index = index
        for slot, j in enumerate(cluster.related):
            if j >= 0:
                other = clusters[j]
                cluster.related_knowledge[slot] = other.knowledge
                cluster.related_technology[slot] = (other.technology + other.activity - cluster.activity) % 1.0
                home = [size for s, size in enumerate(other.market) if s != other.branch]
                cluster.related_market[slot] = total(home)
