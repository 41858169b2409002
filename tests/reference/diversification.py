"""A step into a related activity: docs/odd.md, section 7.15."""

from __future__ import annotations

from clustersim.model.state import SEGMENTS_MAX
from reference.cluster import Cluster
from reference.world import turn


def diversification(cluster: Cluster) -> None:
    """7.15."""
    p, world = cluster.p.diversification, cluster.world
    cluster.diversified = 0.0
    for tie in cluster.live_ties:
        if not tie.outside or tie.home < 0 or tie.level < 1:
            continue
        firm, k = tie.a, tie.home
        if cluster.branch >= 0 and (firm.segment == cluster.branch or cluster.branch_of != k):
            continue
        place = cluster.asked[cluster.branch] if cluster.branch >= 0 else cluster.related_technology[k]
        better = turn(firm.technology, firm.asked) - turn(firm.technology, place) > p.advantage
        if not better or world.uniform("diversification", tie.uid) >= p.rate * firm.search * tie.trust_ab:
            continue
        if cluster.branch < 0 and cluster.segments < SEGMENTS_MAX:
            _branch_out(cluster, k, cluster.rivals[firm.segment])
        if cluster.branch >= 0:
            firm.segment = cluster.branch
            firm.base *= p.kept
            cluster.diversified += 1.0


def _branch_out(cluster: Cluster, k: int, rivals: float) -> None:
    cluster.branch, cluster.branch_of = cluster.segments, k
    cluster.segments += 1
    cluster.asked.append(cluster.related_technology[k])
    cluster.market.append(cluster.p.diversification.market * cluster.related_market[k])
    cluster.adoption.append(1.0)
    cluster.rivals.append(rivals)
    for unknown in (cluster.expansion, cluster.held, cluster.fitness):
        unknown.append(0.0)
