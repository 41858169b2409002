"""Step 9, conduct: members of a closed, trusting association may agree on prices instead of competing.

A group can slide into a cartel in place of a cluster (ILO §3.3 note 19). Agreements hold where members make most of the sales,
trust each other, and nobody from outside looks in; competition policy breaks them. They raise domestic prices and cost
customers in the market, so that what they do to the cluster follows through margins, search and market shares.
"""

from __future__ import annotations

import math

from clustersim.core.accelerate import kernel
from clustersim.core.schema import Parameter
from clustersim.model.levers import COMPETITION
from clustersim.model.state import FREE

PARAMETERS = {
    "trust": Parameter(0.60, "1", 0.3, 0.9, "Mean trust between partners at which half of the members would agree on prices"),
    "spread": Parameter(0.05, "1", 0.01, 0.2, "Softness of that trust"),
    "openness": Parameter(0.10, "ties/firm", 0.01, 1.0, "Outside links per firm that halve the agreement"),
    "speed": Parameter(0.04, "1/quarter", 0.0, 0.3, "Speed at which agreements form and break"),
}  # fmt: skip


@kernel
def agree(actors, cluster, p):
    """Move the strength of price agreements toward what members' weight, trust and closure allow."""
    members, total = 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE:
            total += actors.sales[i]
            members += actors.sales[i] * actors.member[i]
    trusting = 1.0 / (1.0 + math.exp(-(cluster.trust - p.trust) / p.spread))
    closed = 1.0 / (1.0 + cluster.pipelines / max(cluster.firm_count, 1.0) / p.openness)
    free = 1.0 - min(1.0, cluster.levers[COMPETITION])
    target = trusting * closed * free * members / total if total > 0.0 else 0.0
    cluster.collusion += p.speed * (target - cluster.collusion)
