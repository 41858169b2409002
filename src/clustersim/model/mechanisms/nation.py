"""Once a year, the nation: clusters of one world learn what the statistics say of their related clusters and of all jobs.

Clusters run side by side and never look into each other; what passes between them is published at the end of a year, as national
accounts are: jobs of all clusters (for location quotients), and for each related cluster its mean knowledge, its technology
and its market (for links between clusters and for diversification).
"""

from __future__ import annotations

import math

from clustersim.core.accelerate import kernel
from clustersim.core.schema import Parameter
from clustersim.model.state import RELATED_MAX
from clustersim.model.units import YEAR as YEAR  # quarters between two publications

PARAMETERS = {
    "reach": Parameter(0.25, "turn", 0.01, 0.5, "Distance of two activities at which they are no longer related"),
}


@kernel(entry=True)
def publish(clusters, worlds):
    """Publish the year's figures to all clusters of each world."""
    for w in range(worlds.size):
        first, last = worlds[w].first_cluster, worlds[w].last_cluster
        jobs, start = 0.0, 0.0
        for c in range(first, last):
            jobs += clusters[c].employment
            start += clusters[c].employment_start
        for c in range(first, last):
            cluster = clusters[c]
            cluster.nation_index = jobs / max(start, 1.0)
            for slot in range(RELATED_MAX):
                if cluster.related[slot] >= 0:
                    report(cluster, clusters[cluster.related[slot]], slot)


@kernel
def report(cluster, other, slot):
    """Write down what `cluster` sees of a related cluster; a branch of that cluster is not counted in its market."""
    cluster.related_knowledge[slot] = other.knowledge
    place = other.technology + other.activity - cluster.activity
    cluster.related_technology[slot] = place - math.floor(place)
    size = 0.0
    for s in range(other.segments):
        size += other.market[s] if s != other.branch else 0.0
    cluster.related_market[slot] = size
