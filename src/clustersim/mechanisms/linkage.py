"""Step 5, linkage: ties climb, hold, drop or end, one level at a time.

The net benefit of a level weighs what partners can gain (an inverted U in cognitive distance: Nooteboom et al. 2007), by trust,
against coordination cost and exposure, which an SME facing a larger partner feels more. Creation and ending are
separate processes: meetings create, cognitive fit and use make ties last (Juhász & Lengyel 2018).
"""

from __future__ import annotations

import math

from clustersim.accelerate import kernel
from clustersim.draws import PROCESS, stream, uniform
from clustersim.levers import TIE_SUBSIDY
from clustersim.network import close_gaps, index_ties, turn
from clustersim.schema import Parameter
from clustersim.state import (
    ACQUAINTANCE, COMMERCIAL, ENDED, FREE, HORIZONTAL, INFORMATION, INSTITUTIONAL, OUTSIDE, STRATEGIC, TRACTOR,
)  # fmt: skip

PARAMETERS = {
    "benefit_1": Parameter(1.0, "1", 0.5, 2.0, "Benefit of exchanging information"),
    "benefit_2": Parameter(1.6, "1", 0.8, 3.0, "Benefit of a commercial tie"),
    "benefit_3": Parameter(2.6, "1", 1.3, 5.0, "Benefit of a strategic tie"),
    "cost_1": Parameter(0.10, "1", 0.0, 0.5, "Coordination cost of exchanging information"),
    "cost_2": Parameter(0.25, "1", 0.0, 1.0, "Coordination cost of a commercial tie"),
    "cost_3": Parameter(0.50, "1", 0.0, 2.0, "Coordination cost of a strategic tie"),
    "exposure_1": Parameter(0.25, "1", 0.0, 1.0, "What a partner can spoil at the level of information"),
    "exposure_2": Parameter(0.50, "1", 0.0, 2.0, "What a partner can spoil at the commercial level"),
    "exposure_3": Parameter(1.20, "1", 0.0, 4.0, "What a partner can spoil at the strategic level"),
    "peak": Parameter(0.12, "turn", 0.03, 0.4, "Cognitive distance at which learning together is best",
                      "form: Nooteboom et al. 2007 (994 alliances); place of the peak assumed"),
    "fit_floor": Parameter(0.4, "share", 0.0, 1.0, "Part of the benefit that does not need cognitive fit"),
    "climb": Parameter(0.25, "1/quarter", 0.05, 0.6, "Chance of climbing when both sides gain"),
    "climb_horizontal": Parameter(0.5, "share", 0.0, 1.0, "The same for rivals who would trade, relative to buyer and "
                                  "supplier"),
    "drop": Parameter(0.1, "share of benefit", 0.0, 0.5, "Net loss at which a level is given up"),
    "forget": Parameter(0.06, "1/quarter", 0.01, 0.2, "Chance that an acquaintance without fit is forgotten",
                        "links that survive a year: 0.45 to 0.93 (Reisch et al. 2025; Mizuno et al. 2015) bound it"),
    "persistence": Parameter(0.6, "share", 0.0, 1.0, "Fall of that chance at perfect fit",
                             "cognitive closeness drives persistence: Juhász & Lengyel 2018 (sign); value assumed"),
}  # fmt: skip
CLIMB, FORGET = PROCESS["climb"], PROCESS["forget"]


@kernel
def negotiate(actors, ties, cluster, world, p):
    """Move every tie at most one level up or down, forget idle ones, and close the gaps."""
    climb, forget = stream(world.key, world.quarter, CLIMB), stream(world.key, world.quarter, FORGET)
    subsidy = min(1.0, cluster.levers[TIE_SUBSIDY])
    for t in range(cluster.ties, cluster.ties + cluster.tie_count):
        ties.fit[t] = cognitive_fit(actors, ties, t, p)
        level = ties.level[t]
        if level > ACQUAINTANCE and loses(actors, ties, t, level, subsidy, p):
            ties.level[t] = level - 1
        elif level < ceiling(ties.kind[t]) and gains(actors, ties, t, level + 1, subsidy, p):
            chance = p.climb
            if ties.kind[t] == HORIZONTAL and level == INFORMATION:
                chance *= p.climb_horizontal
            ties.level[t] = level + (uniform(climb, ties.uid[t]) < chance)
        elif level == ACQUAINTANCE and ties.since[t] < world.quarter:
            fading = p.forget * (1.0 - p.persistence * ties.fit[t])
            if uniform(forget, ties.uid[t]) < fading:
                ties.level[t] = ENDED
    close_gaps(ties, cluster)
    index_ties(actors, ties, cluster)
    highest_levels(actors, ties, cluster)


@kernel
def cognitive_fit(actors, ties, t, p):
    """Return the inverted U in cognitive distance: 1 at the peak, 0 for twins, falling for strangers."""
    place = ties.target[t] if ties.b[t] == OUTSIDE else actors.technology[ties.b[t]]
    relative = turn(actors.technology[ties.a[t]], place) / p.peak
    square = relative * relative
    return square * math.exp(1.0 - square)


@kernel
def ceiling(kind):
    """Return the highest level that a kind of tie can reach: institutions and outside partners do not trade."""
    return STRATEGIC if kind != INSTITUTIONAL else COMMERCIAL


@kernel
def net_benefit(trust, fit, level, fear, subsidy, p):
    """Return one side's net benefit of a tie at `level`, 1 to 3."""
    if level == INFORMATION:
        benefit, cost, exposure = p.benefit_1, p.cost_1, p.exposure_1
    elif level == COMMERCIAL:
        benefit, cost, exposure = p.benefit_2, p.cost_2, p.exposure_2
    else:
        benefit, cost, exposure = p.benefit_3, p.cost_3, p.exposure_3
    worth = benefit * (p.fit_floor + (1.0 - p.fit_floor) * fit) * trust
    return worth - cost * (1.0 - subsidy) - exposure * (1.0 - trust) * fear


@kernel
def fear(actors, i, j):
    """Return the weight of exposure for i: 1, and more where a wary firm faces a larger firm."""
    if j == OUTSIDE or actors.kind[j] < TRACTOR:
        return 1.0
    return 1.0 + actors.wariness[i] * max(0.0, actors.log_size[j] - actors.log_size[i])


@kernel
def gains(actors, ties, t, level, subsidy, p):
    """Whether both sides gain from `level`."""
    a, b, fit = ties.a[t], ties.b[t], ties.fit[t]
    if net_benefit(ties.trust_ab[t], fit, level, fear(actors, a, b), subsidy, p) <= 0.0:
        return False
    return b == OUTSIDE or net_benefit(ties.trust_ba[t], fit, level, fear(actors, b, a), subsidy, p) > 0.0


@kernel
def loses(actors, ties, t, level, subsidy, p):
    """Whether either side loses enough at `level` to give it up."""
    limit = -p.drop * (p.benefit_1 if level == 1 else p.benefit_2 if level == 2 else p.benefit_3)
    a, b, fit = ties.a[t], ties.b[t], ties.fit[t]
    if net_benefit(ties.trust_ab[t], fit, level, fear(actors, a, b), subsidy, p) < limit:
        return True
    return b != OUTSIDE and net_benefit(ties.trust_ba[t], fit, level, fear(actors, b, a), subsidy, p) < limit


@kernel
def highest_levels(actors, ties, cluster):
    """Note each actor's highest level of tie inside the cluster, and sum up how trustful firms are."""
    total = pairs = climate = 0.0
    for i in range(cluster.first, cluster.last):
        actors.top[i] = -1
        climate += actors.climate[i] if i >= cluster.firms and actors.kind[i] != FREE else 0.0
    for t in range(cluster.ties, cluster.ties + cluster.tie_count):
        if ties.kind[t] >= INSTITUTIONAL:
            continue
        a, b = ties.a[t], ties.b[t]
        actors.top[a] = max(actors.top[a], ties.level[t])
        actors.top[b] = max(actors.top[b], ties.level[t])
        total += ties.trust_ab[t] + ties.trust_ba[t]
        pairs += 2.0
    cluster.trust = total / pairs if pairs > 0.0 else 0.0
    cluster.climate = climate / max(cluster.firm_count, 1.0)
