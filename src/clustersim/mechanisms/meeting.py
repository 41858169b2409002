"""Step 3, meetings: who gets to know whom.

A firm that looks for partners draws a small choice set (a partner's partner, an institution, random firms) and picks
from it by logit over closeness, chain adjacency, common partners and cognitive closeness, with coefficients of the advice
network measured by Juhász & Lengyel (2018); sampling the alternatives keeps the choice consistent (McFadden 1978). Facilitators
broker pairs. Some firms look outside and open a pipeline (Bathelt, Malmberg & Maskell 2004). Meetings of a quarter are
put in a drawn order, because attention is bounded and who comes first matters.
"""

from __future__ import annotations

import math

import numpy as np

from clustersim.accelerate import kernel
from clustersim.draws import PAST, PROCESS, pair, stream, uniform
from clustersim.levers import EVENTS, EXTENSION, FACILITATION, MATCHING
from clustersim.network import acquainted, turn
from clustersim.schema import Parameter
from clustersim.state import (
    ACQUAINTANCE,
    BANK,
    EXTERNAL,
    FREE,
    HORIZONTAL,
    INSTITUTIONAL,
    OUTSIDE,
    TRACTOR,
    UNIVERSITY,
    VERTICAL,
)  # fmt: skip

JL = "Juhász & Lengyel 2018 (advice network of a printing cluster)"
PARAMETERS = {
    "rate": Parameter(0.30, "1/quarter", 0.02, 0.6, "Chance that a firm looks for a partner in a quarter",
                      f"{JL}: about 13 changes per firm in three years bound it from above"),
    "member_bonus": Parameter(0.5, "1", 0.0, 2.0, "Relative rise of that chance for members of the association"),
    "event_bonus": Parameter(1.0, "1", 0.0, 3.0, "Relative rise at full intensity of awareness events"),
    "attention": Parameter(4.0, "ties", 1.0, 12.0, "Ties that the smallest firm can keep"),
    "attention_growth": Parameter(2.2, "ties", 0.0, 6.0, "Additional ties per log point of employment"),
    "institution_attention": Parameter(400.0, "ties", 10.0, 5000.0, "Ties that a university or bank can keep"),
    "institution_chance": Parameter(0.12, "share", 0.0, 0.5, "Chance that the choice set holds an institution"),
    "closeness": Parameter(0.08, "1/km", 0.0, 0.3, "Logit weight of distance", JL),
    "chain": Parameter(0.8, "1", 0.0, 2.0, "Logit weight of adjacency in the value chain"),
    "triad": Parameter(0.215, "1", 0.0, 1.0, "Logit weight of a common partner", JL),
    "cognitive": Parameter(0.2, "1", 0.0, 1.0, "Logit weight of cognitive closeness", JL),
    "assurance": Parameter(0.15, "1", 0.0, 0.4, "First-contact trust added by neutral brokerage"),
    "brokered": Parameter(2.0, "meetings/person/quarter", 0.0, 8.0, "Meetings that one facilitator brokers",
                          "RP: 14 officers designed 60 projects in under a year (order of magnitude)"),
    "pipeline_rate": Parameter(0.006, "1/quarter", 0.0, 0.05, "Chance that a firm opens an outside link in a quarter"),
    "pipelines_max": Parameter(3.0, "ties", 0.0, 10.0, "Outside links that a firm can keep"),
    "pipeline_trust": Parameter(0.45, "1", 0.1, 0.9, "Initial trust in an outside partner"),
}  # fmt: skip
HAPPENS, ROUTE, CHOICE, TASTE, PRIORITY, BROKER, PIPELINE, TARGET = (
    PROCESS[name]
    for name in (
        "meeting_happens", "meeting_route", "meeting_choice", "meeting_taste", "meeting_priority", "meeting_broker",
        "pipeline", "pipeline_target",
    )
)  # fmt: skip
ALTERNATIVES = 4
NOBODY = -1
ONE, TWO = np.uint64(1), np.uint64(2)


@kernel
def meet(actors, ties, meetings, cluster, world, p):
    """Gather the quarter's meetings, order them, and add the new ties."""
    count = seek_partners(actors, ties, meetings, cluster, world, p)
    count = broker(actors, meetings, count, cluster, world, p)
    first = 2 * cluster.first
    sort_order(meetings.order[first : first + count], meetings.priority[first : first + count])
    for place in range(first, first + count):
        m = first + meetings.order[place]
        before = meetings.priority[first + meetings.order[max(place - 1, first)]] >> ONE
        repeated = place > first and meetings.priority[m] >> ONE == before
        a, b = meetings.a[m], meetings.b[m]
        free = has_attention(actors, a, p) and (b == OUTSIDE or has_attention(actors, b, p))
        if free and not repeated:
            introduce(actors, ties, a, b, meetings.kind[m], meetings.brokered[m], cluster, world, p)


@kernel
def sort_order(order, priority):
    """Fill `order` with the positions of `priority` from smallest to largest (heap sort: in place, no allocation)."""
    size = order.size
    for k in range(size):
        order[k] = k
    for start in range(size // 2 - 1, -1, -1):
        sift(order, priority, start, size)
    for end in range(size - 1, 0, -1):
        order[0], order[end] = order[end], order[0]
        sift(order, priority, 0, end)


@kernel
def sift(order, priority, root, end):
    """Let the entry at `root` sink to its place in the heap of the first `end` entries."""
    while 2 * root + 1 < end:
        child = 2 * root + 1
        if child + 1 < end and priority[order[child]] < priority[order[child + 1]]:
            child += 1
        if priority[order[root]] >= priority[order[child]]:
            return
        order[root], order[child] = order[child], order[root]
        root = child


@kernel
def seek_partners(actors, ties, meetings, cluster, world, p):
    """Let firms look for partners, inside and outside; return the number of meetings."""
    key, quarter = world.key, world.quarter
    happens, route = stream(key, quarter, HAPPENS), stream(key, quarter, ROUTE)
    choice, taste = stream(key, quarter, CHOICE), stream(key, quarter, TASTE)
    priority, pipeline = stream(key, quarter, PRIORITY), stream(key, quarter, PIPELINE)
    event = 1.0 + p.event_bonus * cluster.levers[EVENTS]
    count = 0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        uid = actors.uid[i]
        rate = p.rate * actors.search[i] * event * (1.0 + p.member_bonus * actors.member[i])
        if uniform(happens, uid) < rate and has_attention(actors, i, p):
            j = choose(actors, ties, i, route, choice, taste, cluster, p)
            if j != NOBODY and not acquainted(actors, ties, i, j):
                arrange(meetings, count, i, j, kind_of(actors, i, j), 0, priority, pair(uid, actors.uid[j]), cluster)
                count += 1
        opens = p.pipeline_rate * actors.search[i] * actors.absorptive[i] * actors.log_size[i]
        if uniform(pipeline, uid) < opens:
            arrange(meetings, count, i, OUTSIDE, EXTERNAL, 0, priority, uid, cluster)
            count += 1
    return count


@kernel
def choose(actors, ties, i, route, choice, taste, cluster, p):
    """Return the row that firm i approaches, or NOBODY: a logit choice among a few sampled alternatives."""
    uid = actors.uid[i]
    best, chosen = -1e300, NOBODY
    for k in range(ALTERNATIVES):
        who = uid + np.uint64(k)
        u = uniform(choice, who)
        if k == 0 and actors.degree[i] > 0:
            j = partner_of_partner(actors, ties, i, u, uniform(route, who))
        elif k == 1 and uniform(route, who) < p.institution_chance:
            j = institution(cluster, u)
        else:
            j = cluster.firms + int(u * (cluster.last - cluster.firms))
        if j == NOBODY or j == i or actors.kind[j] == FREE:
            continue
        gumbel = -math.log(-math.log(uniform(taste, who)))
        utility = gumbel + liking(actors, i, j, cluster, p) + (p.triad if k == 0 and actors.degree[i] > 0 else 0.0)
        if utility > best:
            best, chosen = utility, j
    return chosen


@kernel
def liking(actors, i, j, cluster, p):
    """Return the logit utility of approaching j, but for the common partner."""
    distance = math.sqrt((actors.x[i] - actors.x[j]) ** 2 + (actors.y[i] - actors.y[j]) ** 2)
    utility = -p.closeness * distance
    if actors.kind[j] >= TRACTOR:
        adjacent = abs(actors.segment[i] - actors.segment[j]) == 1
        apart = turn(actors.technology[i], actors.technology[j])
        utility += p.chain * (1.0 + cluster.levers[MATCHING]) * adjacent + p.cognitive * (1.0 - 2.0 * apart)
    elif actors.kind[j] >= UNIVERSITY:
        utility += cluster.levers[EXTENSION]
    return utility


@kernel
def partner_of_partner(actors, ties, i, u, v):
    """Return a random partner of a random partner inside the cluster, or NOBODY."""
    t = ties.by_actor[actors.around[i] + int(u * actors.degree[i])]
    j = ties.b[t] if ties.a[t] == i else ties.a[t]
    if j == OUTSIDE or actors.degree[j] == 0:
        return NOBODY
    s = ties.by_actor[actors.around[j] + int(v * actors.degree[j])]
    k = ties.b[s] if ties.a[s] == j else ties.a[s]
    return NOBODY if k == OUTSIDE else k


@kernel
def institution(cluster, u):
    """Return the bank or one of the universities and technology centres."""
    schools = cluster.firms - cluster.first - UNIVERSITY
    pick = int(u * (schools + 1))
    return cluster.first + (BANK if pick == schools else UNIVERSITY + pick)


@kernel
def kind_of(actors, i, j):
    """Return the kind of tie between two actors of the cluster."""
    if actors.kind[i] < TRACTOR or actors.kind[j] < TRACTOR:
        return INSTITUTIONAL
    return VERTICAL if actors.segment[i] != actors.segment[j] else HORIZONTAL


@kernel
def has_attention(actors, i, p):
    """Whether actor i can keep one tie more; attention grows slowly with size."""
    limit = p.attention + p.attention_growth * actors.log_size[i]
    return actors.taken[i] < (limit if actors.kind[i] >= TRACTOR else p.institution_attention)


@kernel
def broker(actors, meetings, count, cluster, world, p):
    """Add the meetings that facilitators broker between pairs of firms; the fitting one of two sampled pairs is taken."""
    draws = stream(world.key, world.quarter, BROKER)
    priority = stream(world.key, world.quarter, PRIORITY)
    firms = cluster.last - cluster.firms
    limit = min(p.brokered * cluster.levers[FACILITATION], 0.25 * cluster.firm_count)
    wanted = int(limit) + (uniform(draws, cluster.uid) < limit - int(limit))
    for k in range(wanted):
        best, chosen_a, chosen_b = -1e300, NOBODY, NOBODY
        for option in range(2):
            who = cluster.uid + np.uint64(4 * k + 2 * option + 1)
            a = cluster.firms + int(uniform(draws, who) * firms)
            b = cluster.firms + int(uniform(draws, who + np.uint64(1)) * firms)
            if a == b or actors.kind[a] == FREE or actors.kind[b] == FREE:
                continue
            utility = liking(actors, a, b, cluster, p)
            if utility > best:
                best, chosen_a, chosen_b = utility, a, b
        if chosen_a != NOBODY and count < 2 * (cluster.last - cluster.first):  # the work space of the quarter
            who = pair(actors.uid[chosen_a], actors.uid[chosen_b])
            kind = kind_of(actors, chosen_a, chosen_b)
            arrange(meetings, count, chosen_a, chosen_b, kind, 1, priority, who, cluster)
            count += 1
    return count


@kernel
def arrange(meetings, count, a, b, kind, brokered, priority, who, cluster):
    """Write one meeting down with its drawn priority: equal only for the same pair, a brokered one before the other."""
    m = 2 * cluster.first + count
    inside = b != OUTSIDE
    meetings.a[m], meetings.b[m] = (min(a, b), max(a, b)) if inside else (a, b)
    meetings.kind[m], meetings.brokered[m] = kind, brokered
    meetings.priority[m] = np.uint64(uniform(priority, who) * 9007199254740992.0) * TWO + np.uint64(1 - brokered)


@kernel
def introduce(actors, ties, a, b, kind, brokered, cluster, world, p):
    """Add the tie of two actors who meet; a pair that knows each other is left alone."""
    who = pair(actors.uid[a], actors.uid[b]) if b != OUTSIDE else pair(actors.uid[a], np.uint64(world.quarter + PAST))
    if b == OUTSIDE:
        if pipelines(actors, ties, a) >= p.pipelines_max:
            return
    elif acquainted(actors, ties, a, b):
        return
    t = cluster.ties + cluster.tie_count
    cluster.tie_count += 1
    ties.a[t], ties.b[t], ties.uid[t], ties.since[t] = a, b, who, world.quarter
    ties.level[t], ties.kind[t], ties.last[t] = ACQUAINTANCE, kind, 0
    ties.value[t], ties.fit[t] = 0.0, 0.5
    ties.target[t] = uniform(stream(world.key, world.quarter, TARGET), who)
    warmth = p.assurance * brokered
    if b == OUTSIDE:
        ties.trust_ab[t] = ties.trust_ba[t] = p.pipeline_trust
    else:
        ties.trust_ab[t] = actors.climate[a] + warmth * (1.0 - actors.climate[a])
        ties.trust_ba[t] = actors.climate[b] + warmth * (1.0 - actors.climate[b])
        actors.taken[b] += 1
    actors.taken[a] += 1


@kernel
def pipelines(actors, ties, i):
    """Return the number of outside links of actor i, as listed when the quarter's meetings began."""
    count = 0
    for slot in range(actors.around[i], actors.around[i] + actors.degree[i]):
        t = ties.by_actor[slot]
        count += ties.a[t] == i and ties.kind[t] == EXTERNAL
    return count
