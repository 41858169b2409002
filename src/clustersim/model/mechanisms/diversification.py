"""Step 15, diversification: firms move into a related activity of the nation when their technology is asked there.

A firm with a trusted link to a related cluster sees what that cluster's market asks for. Where it would fit better there than in
its own market, it may go, and others can follow: regions branch into activities related to what they know (Frenken &
Boschma 2007; Neffke, Henning & Boschma 2011). It is one way for a cluster to outlive a change of technology.
"""

from __future__ import annotations

from clustersim.core.accelerate import kernel
from clustersim.core.draws import PROCESS, stream, uniform
from clustersim.core.schema import Parameter
from clustersim.model.network import turn
from clustersim.model.state import EXTERNAL, INFORMATION, SEGMENTS_MAX

PARAMETERS = {
    "rate": Parameter(0.02, "1/quarter", 0.0, 0.2, "Chance that a fully searching firm with a fully trusted link takes the step"),
    "advantage": Parameter(0.05, "turn", 0.0, 0.3, "How much better its technology must fit there than at home"),
    "market": Parameter(0.10, "share", 0.0, 0.5, "Part of the related activity's market that the newcomers can reach"),
    "kept": Parameter(0.7, "share", 0.1, 1.0, "Part of its orders that a firm keeps in the move"),
}  # fmt: skip
MOVE = PROCESS["diversification"]


@kernel
def branch_out(actors, ties, cluster, world, p):
    """Let linked firms move into the related activity that the cluster has begun, or begin one."""
    draws = stream(world.key, world.quarter, MOVE)
    cluster.diversified = 0.0
    for t in range(cluster.ties, cluster.ties + cluster.tie_count):
        if ties.kind[t] != EXTERNAL or ties.home[t] < 0 or ties.level[t] < INFORMATION:
            continue
        i, slot = ties.a[t], ties.home[t]
        if actors.segment[i] == cluster.branch or (cluster.branch >= 0 and cluster.branch_of != slot):
            continue
        place = cluster.asked[cluster.branch] if cluster.branch >= 0 else cluster.related_technology[slot]
        home = turn(actors.technology[i], cluster.asked[actors.segment[i]])
        better = home - turn(actors.technology[i], place) > p.advantage
        if better and uniform(draws, ties.uid[t]) < p.rate * actors.search[i] * ties.trust_ab[t]:
            if cluster.branch < 0:
                found_branch(cluster, slot, actors.segment[i], p)
            if cluster.branch >= 0:
                actors.segment[i] = cluster.branch
                actors.base[i] *= p.kept
                cluster.diversified += 1.0


@kernel
def found_branch(cluster, slot, home, p):
    """Open a segment for the related activity, if the value chain has room; outsiders are as strong there as in the founder's."""
    if cluster.segments < SEGMENTS_MAX:
        cluster.branch, cluster.branch_of = cluster.segments, slot
        cluster.asked[cluster.branch] = cluster.related_technology[slot]
        cluster.market[cluster.branch] = p.market * cluster.related_market[slot]
        cluster.rivals[cluster.branch], cluster.adoption[cluster.branch] = cluster.rivals[home], 1.0
        cluster.segments += 1
