"""Step 6, linkage: ties climb, hold, drop or end, one level at a time.

The net benefit of a level weighs what partners can gain (an inverted U in cognitive distance: Nooteboom et al. 2007), by trust,
against coordination cost and exposure, which an SME facing a larger partner feels more. Creation and ending are
separate processes: meetings create, cognitive fit and use make ties last (Juhász & Lengyel 2018). Advice is asked for, and a firm
asks only so many others.
"""

from __future__ import annotations

from clustersim.core.accelerate import kernel
from clustersim.core.draws import PROCESS, stream, uniform
from clustersim.core.schema import Parameter
from clustersim.model.levers import TIE_SUBSIDY
from clustersim.model.network import asker, turn
from clustersim.model.state import (
    ACQUAINTANCE,
    COMMERCIAL,
    ENDED,
    EXTERNAL,
    HORIZONTAL,
    INFORMATION,
    INSTITUTIONAL,
    OUTSIDE,
    STRATEGIC,
    TRACTOR,
)  # fmt: skip

PARAMETERS = {
    "benefit_1": Parameter(1.0, "1", 0.5, 2.0, "Benefit of exchanging information"),
    "benefit_2": Parameter(1.6, "1", 0.8, 3.0, "Benefit of a commercial tie"),
    "benefit_3": Parameter(2.6, "1", 1.3, 5.0, "Benefit of a strategic tie"),
    "cost_1": Parameter(0.10, "1", 0.0, 0.5, "Coordination cost of exchanging information"),
    "cost_2": Parameter(0.20, "1", 0.0, 1.0, "Coordination cost of a commercial tie"),
    "cost_3": Parameter(0.50, "1", 0.0, 2.0, "Coordination cost of a strategic tie"),
    "exposure_1": Parameter(0.25, "1", 0.0, 1.0, "What a partner can spoil at the level of information"),
    "exposure_2": Parameter(0.40, "1", 0.0, 2.0, "What a partner can spoil at the commercial level"),
    "exposure_3": Parameter(1.20, "1", 0.0, 4.0, "What a partner can spoil at the strategic level"),
    "peak": Parameter(0.12, "turn", 0.03, 0.4, "Cognitive distance at which learning together is best",
                      "form: Nooteboom et al. 2007 (994 alliances); place of the peak assumed"),
    "fit_floor": Parameter(0.8, "share", 0.0, 1.0, "Part of the benefit that does not need cognitive fit"),
    "climb": Parameter(0.25, "1/quarter", 0.05, 0.6, "Chance of climbing when both sides gain"),
    "climb_horizontal": Parameter(0.5, "share", 0.0, 1.0, "The same for rivals who would trade, relative to buyer and "
                                  "supplier"),
    "advisers": Parameter(1.5, "firms", 0.0, 10.0, "Firms that a firm of no size can ask for advice"),
    "advisers_growth": Parameter(1.0, "firms", 0.0, 5.0, "Additional ones per log point of employment"),
    "drop": Parameter(0.1, "share of benefit", 0.0, 0.5, "Net loss at which a level is given up"),
    "forget": Parameter(0.06, "1/quarter", 0.01, 0.2, "Chance that an acquaintance without fit is forgotten",
                        "links that survive a year: 0.45 to 0.93 (Reisch et al. 2025; Mizuno et al. 2015) bound it"),
    "churn": Parameter(0.03, "1/quarter", 0.0, 0.1, "Chance that a tie without fit ends for reasons outside it: people leave, "
                       "projects end"),
    "persistence": Parameter(0.6, "share", 0.0, 1.0, "Fall of both chances at perfect fit",
                             "cognitive closeness drives persistence: Juhász & Lengyel 2018 (sign); value assumed"),
}  # fmt: skip
CLIMB, FORGET = PROCESS["climb"], PROCESS["forget"]
BEYOND = STRATEGIC + 1  # the place of a level that does not exist
FORBIDDEN = 1e9  # its cost: more than any benefit


@kernel
def negotiate(actors, ties, cluster, world, p):
    """Move every tie at most one level up or down, end forgotten ones, and note each actor's highest level."""
    climb, forget = stream(world.key, world.quarter, CLIMB), stream(world.key, world.quarter, FORGET)
    total, pairs, pipelines = 0.0, 0.0, 0.0
    set_terms(cluster, p)
    for i in range(cluster.first, cluster.last):
        actors.top[i] = -1
    for t in range(cluster.ties, cluster.ties + cluster.tie_count):
        fit = cognitive_fit(actors, ties, t, p)
        level, kind = ties.level[t], ties.kind[t]
        fear_a, fear_b = fears(actors, ties.a[t], ties.b[t])
        lost, gained = prospects(ties.trust_ab[t], ties.trust_ba[t], fit, level, fear_a, fear_b, cluster, p)
        if lost:
            level -= 1
        elif gained and level < ceiling(kind):
            rivals = kind == HORIZONTAL and level == INFORMATION
            climbs = uniform(climb, ties.uid[t]) < p.climb * (p.climb_horizontal if rivals else 1.0)
            if climbs and level == ACQUAINTANCE and kind < INSTITUTIONAL:
                climbs = asks(actors, asker(ties, t), p)
            level += climbs
        elif ties.since[t] < world.quarter:
            loose = p.forget if level == ACQUAINTANCE else p.churn
            level = ENDED if uniform(forget, ties.uid[t]) < loose * (1.0 - p.persistence * fit) else level
        ties.fit[t], ties.level[t] = fit, level
        pipelines += kind == EXTERNAL and level >= ACQUAINTANCE
        if kind < INSTITUTIONAL and level >= ACQUAINTANCE:
            a, b = ties.a[t], ties.b[t]
            actors.top[a] = max(actors.top[a], level)
            actors.top[b] = max(actors.top[b], level)
            total += ties.trust_ab[t] + ties.trust_ba[t]
            pairs += 2.0
    cluster.pipelines = pipelines
    cluster.trust = total / pairs if pairs > 0.0 else 0.0


@kernel
def asks(actors, i, p):
    """Whether firm i can ask one more for advice; if so, it does."""
    if actors.asking[i] >= p.advisers + p.advisers_growth * actors.log_size[i]:
        return False
    actors.asking[i] += 1
    return True


@kernel
def cognitive_fit(actors, ties, t, p):
    """Return novelty, which rises with cognitive distance, times absorbability, which falls: an inverted U, 1 at the peak.

    What institutions know is new to a firm wherever it stands, so that only absorbability counts with them.
    """
    place = ties.target[t] if ties.b[t] == OUTSIDE else actors.technology[ties.b[t]]
    relative = turn(actors.technology[ties.a[t]], place) / p.peak
    if ties.kind[t] == INSTITUTIONAL:
        return max(0.0, 1.0 - 0.5 * relative)
    return max(0.0, relative * (2.0 - relative))


@kernel
def ceiling(kind):
    """Return the highest level that a kind of tie can reach: institutions do not go beyond contracts."""
    return STRATEGIC if kind != INSTITUTIONAL else COMMERCIAL


@kernel
def fears(actors, a, b):
    """Return each side's weight of exposure: 1, and more for a wary firm that faces a larger firm."""
    if b == OUTSIDE or actors.kind[a] < TRACTOR or actors.kind[b] < TRACTOR:
        return 1.0, 1.0
    lead = actors.log_size[b] - actors.log_size[a]
    return 1.0 + actors.wariness[a] * max(0.0, lead), 1.0 + actors.wariness[b] * max(0.0, -lead)


@kernel
def set_terms(cluster, p):
    """Write down benefit, cost and exposure by level for this quarter; above the highest level nothing is worth its cost."""
    paid = 1.0 - min(1.0, cluster.levers[TIE_SUBSIDY])
    benefit, cost, exposure = cluster.benefit, cluster.cost, cluster.exposure
    benefit[ACQUAINTANCE] = cost[ACQUAINTANCE] = exposure[ACQUAINTANCE] = 0.0
    benefit[INFORMATION], benefit[COMMERCIAL], benefit[STRATEGIC] = p.benefit_1, p.benefit_2, p.benefit_3
    cost[INFORMATION], cost[COMMERCIAL], cost[STRATEGIC] = p.cost_1 * paid, p.cost_2 * paid, p.cost_3 * paid
    exposure[INFORMATION], exposure[COMMERCIAL], exposure[STRATEGIC] = p.exposure_1, p.exposure_2, p.exposure_3
    benefit[BEYOND], cost[BEYOND], exposure[BEYOND] = 0.0, FORBIDDEN, 0.0


@kernel
def net_benefit(cluster, level, worth, trust, fear):
    """Return one side's net benefit of a level of tie."""
    gain = cluster.benefit[level] * worth * trust
    return gain - cluster.cost[level] - cluster.exposure[level] * (1.0 - trust) * fear


@kernel
def prospects(trust_a, trust_b, fit, level, fear_a, fear_b, cluster, p):
    """Return whether either side loses too much at `level`, and whether both gain from the next one over it and over nothing."""
    worth = p.fit_floor + (1.0 - p.fit_floor) * fit
    now_a = net_benefit(cluster, level, worth, trust_a, fear_a)
    now_b = net_benefit(cluster, level, worth, trust_b, fear_b)
    next_a = net_benefit(cluster, level + 1, worth, trust_a, fear_a)
    next_b = net_benefit(cluster, level + 1, worth, trust_b, fear_b)
    lost = min(now_a, now_b) < -p.drop * cluster.benefit[level]
    return lost, min(next_a - max(0.0, now_a), next_b - max(0.0, now_b)) > 0.0
