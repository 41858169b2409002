"""Step 14, complacency: long success lowers search and openness, crisis raises them.

Search effort follows an S-curve of the felt margin (problemistic search: Cyert & March 1963; success breeds inertia:
Miller 1990). R&D intensity, meetings, pipelines and technological search all scale with it. R&D answers to its price, and
firms for which it would be too little do none.
"""

from __future__ import annotations

import math

from clustersim.core.accelerate import kernel
from clustersim.core.schema import Parameter
from clustersim.model.activity_types import RESEARCH_FROM
from clustersim.model.levers import BENCHMARKING
from clustersim.model.reach import RD_BILL, aid, lever
from clustersim.model.state import FREE, TRACTOR
from clustersim.model.units import TINY

PARAMETERS = {
    "most": Parameter(1.6, "1", 1.0, 2.0, "Search effort in crisis"),
    "least": Parameter(0.35, "1", 0.0, 1.0, "Search effort after long success"),
    "turning": Parameter(0.05, "share of sales", 0.02, 0.2, "Felt margin at which search is midway"),
    "spread": Parameter(0.006, "share of sales", 0.002, 0.1, "Softness of that turn"),
    "mood": Parameter(0.7, "share", 0.0, 1.0, "Part of what a firm feels that is how the place does, not how it does itself",
                      "cognitive lock-in of a region by common views: Grabher 1993 (sign); value assumed"),
    "speed": Parameter(0.03, "1/quarter", 0.005, 0.1, "Speed at which search adapts"),
    "benchmark": Parameter(2.0, "1/log point", 0.0, 8.0, "How far sight of the distance to the frontier lifts search"),
    "rd_staff": Parameter(0.5, "persons", 0.0, 4.0, "Research below the cost of so many employees is not begun",
                          "many firms do none: Cohen & Klepper 1996 (sign); value assumed"),
    "rd_price": Parameter(1.0, "1", 0.0, 2.0, "Fall of log R&D with its log price",
                          "about 1 in the long run: Hall & Van Reenen 2000 (from memory)"),
    "rd_share": Parameter(0.03, "share of sales", 0.005, 0.1, "R&D intensity of a firm at search effort 1",
                          "0.04 (0.01 to 0.06) in Dosi et al. K+S, from memory"),
    "rd_tractor": Parameter(1.3, "1", 0.5, 3.0, "The same for tractor firms, relative to SMEs"),
}  # fmt: skip


@kernel
def relax(actors, cluster, world, p, finance):
    """Move each firm's search effort toward what its felt margin asks for, and set its R&D intensity."""
    usual = margin_here(actors, cluster)
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        felt = actors.margin[i] + p.mood * (usual - actors.margin[i])
        content = 1.0 / (1.0 + math.exp(-(felt - p.turning) / p.spread))
        target = p.most - (p.most - p.least) * content
        shown = p.benchmark * min(1.0, lever(actors, cluster, i, BENCHMARKING))
        behind = min(1.0, shown * max(0.0, world.frontier - actors.knowledge[i]))
        target += behind * (p.most - target)
        actors.search[i] += p.speed * (target - actors.search[i])
        price = 1.0 - aid(actors, cluster, i, RD_BILL, finance.support_most)
        wanted = aspired(actors, cluster, i, p) * actors.search[i]
        if price < 1.0:
            wanted *= math.exp(-p.rd_price * math.log(price))
        actors.rd_share[i] = wanted if wanted * actors.sales[i] >= least_research(cluster, p) * cluster.wage else 0.0


@kernel
def aspired(actors, cluster, i, p):
    """Return the R&D intensity that firm i aims at when its search effort is the usual one."""
    return p.rd_share * cluster.research * (p.rd_tractor if actors.kind[i] == TRACTOR else 1.0)


@kernel
def least_research(cluster, p):
    """Return the employees below whose cost research is not begun: the place's own bound, or the usual one of its type."""
    return cluster.research_from if cluster.research_from >= 0.0 else p.rd_staff * cluster.factors[RESEARCH_FROM]


@kernel
def margin_here(actors, cluster):
    """Return the felt margin of the cluster's firms, weighted by sales."""
    earned, sales = 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE:
            earned += actors.margin[i] * actors.sales[i]
            sales += actors.sales[i]
    return earned / max(sales, TINY)
