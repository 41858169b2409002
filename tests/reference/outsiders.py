"""What a place is up against at the start: docs/odd.md, section 5."""

from __future__ import annotations

import math

from reference.cluster import Cluster
from reference.demography import hazard
from reference.market import held, place_part, rate
from reference.world import above_zero, total, turn


def leave_out_place(cluster: Cluster) -> None:
    """Take the place's part off what firms know."""
    p, firms, place = cluster.p, cluster.firms, place_part(cluster)
    for firm in firms:
        firm.knowledge -= place - p.market.mismatch * turn(firm.technology, firm.asked) ** 2
    cluster.knowledge = total(firm.knowledge for firm in firms) / len(firms)
    cluster.held = held(cluster)


def outsiders(cluster: Cluster) -> None:
    """Make outsiders so strong that the place would hold its first share."""
    p, share, firms = cluster.p, cluster.share_start, cluster.firms
    _, fitness = rate(cluster)
    started = p.demography.startup_floor + p.demography.startup_rate * cluster.employment / p.demography.startup_jobs
    brought = started / cluster.segments * p.population.entrant_size * cluster.world.output * math.exp(cluster.knowledge)
    for s in range(cluster.segments):
        there = [firm for firm in firms if firm.segment == s]
        if there:
            base = total(firm.base for firm in there)
            mean = total(firm.base * fitness[firm] for firm in there) / base
            lost = total(firm.base * hazard(firm) for firm in there)
            needed = 1.0 + above_zero(lost - brought) / base / p.market.selection
            needed = min(needed, p.population.room / share)
            needed *= (1.0 - share) / (1.0 - share * needed)
            cluster.rivals[s] = math.log(mean / needed)
