"""Step 4, meetings: who gets to know whom.

A firm that looks for partners draws a small choice set (a partner's partner, an institution, one of whom others speak, a
random firm) and picks from it by logit over closeness, chain adjacency, common partners and cognitive closeness, which an
advice network of printers weighs so (signs: Juhász & Lengyel 2018), and over reach and standing: the periphery asks the core
(Giuliani 2007). How many partners a firm can keep has a heavy tail (Bernard et al. 2022). Sampling the alternatives keeps the
choice consistent (McFadden 1978). A new acquaintance brings orders at once, by referral. Facilitators broker pairs, and links
to institutions and outside. Some firms look outside and open a pipeline (Bathelt, Malmberg & Maskell 2004). Meetings of a
quarter are put in a drawn order, because attention is bounded and who comes first matters.
"""

from __future__ import annotations

import math

import numpy as np

from clustersim.core.accelerate import kernel
from clustersim.core.draws import PAST, PROCESS, pair, stream, uniform
from clustersim.core.schema import Parameter
from clustersim.model.activity_types import CLOSENESS, PIPELINES
from clustersim.model.levers import EVENTS, EXTENSION, LINKING, MATCHING, SUPPLIER_QUALITY
from clustersim.model.network import acquainted, near
from clustersim.model.reach import lever
from clustersim.model.sorting import sort_order
from clustersim.model.state import (
    ACQUAINTANCE,
    BANK,
    EXTERNAL,
    FREE,
    HORIZONTAL,
    INSTITUTIONAL,
    MEETINGS,
    OUTSIDE,
    POTENTIAL,
    RELATED_MAX,
    TRACTOR,
    UNIVERSITY,
    VERTICAL,
)  # fmt: skip

JL = "sign: Juhász & Lengyel 2018 (advice network of a printing cluster); value assumed"
PERIPHERY = "the periphery asks the core: Giuliani 2007 (sign); value assumed"
PARAMETERS = {
    "rate": Parameter(0.30, "1/quarter", 0.02, 0.6, "Chance that a firm looks for a partner in a quarter",
                      "about 13 changes per firm in three years (Juhász & Lengyel 2018) bound it from above"),
    "member_bonus": Parameter(0.5, "1", 0.0, 2.0, "Relative rise of that chance for members of the association"),
    "event_bonus": Parameter(1.0, "1", 0.0, 3.0, "Relative rise at full intensity of awareness events"),
    "attention": Parameter(1.5, "ties", 0.5, 12.0, "Ties that the least able firm can keep, at no size"),
    "attention_growth": Parameter(0.6, "1", 0.0, 1.0, "Elasticity of the ties that a firm can keep to its size",
                                  "larger firms have more customers: Bernard et al. 2022 (sign); value assumed"),
    "institution_attention": Parameter(400.0, "ties", 10.0, 5000.0, "Ties that a university or bank can keep"),
    "alternatives": Parameter(4.0, "actors", 2.0, 8.0, "Actors among whom a firm that looks for a partner chooses"),
    "standing": Parameter(1.0, "1/log point", 0.0, 4.0, "Logit weight of a firm's lead in knowledge", PERIPHERY),
    "reach": Parameter(1.2, "1", 0.0, 2.0, "Logit weight of the log of one plus a firm's ties", PERIPHERY),
    "public": Parameter(2.0, "1", 0.0, 6.0, "The same of an institution: about that of a firm with five ties"),
    "referral": Parameter(0.012, "share", 0.0, 0.1, "Domestic orders that a new acquaintance of one's size brings, over others",
                          "form: Cai & Szeidl 2018; value assumed"),
    "referral_fading": Parameter(0.08, "1/quarter", 0.0, 0.5, "Rate at which such orders fade"),
    "institution_chance": Parameter(0.12, "share", 0.0, 0.5, "Chance that the choice set holds an institution"),
    "closeness": Parameter(0.08, "1/km", 0.0, 0.3, "Logit weight of distance", JL),
    "chain": Parameter(0.8, "1", 0.0, 2.0, "Logit weight of adjacency in the value chain"),
    "triad": Parameter(0.215, "1", 0.0, 1.0, "Logit weight of a common partner", JL),
    "cognitive": Parameter(0.2, "1", 0.0, 1.0, "Logit weight of cognitive closeness", JL),
    "fellow": Parameter(0.8, "1", 0.0, 2.0, "Logit weight of sitting in a thematic group of the association together"),
    "assurance": Parameter(0.15, "1", 0.0, 0.4, "First-contact trust added by neutral brokerage"),
    "brokered": Parameter(2.0, "meetings/person/quarter", 0.0, 8.0, "Meetings that one facilitator brokers",
                          "RP: 14 officers designed 60 projects in under a year (order of magnitude)"),
    "brokered_most": Parameter(0.25, "meetings/firm/quarter", 0.05, 0.5, "Most meetings that facilitators broker"),
    "brokered_pairs": Parameter(2.0, "pairs", 1.0, 8.0, "Pairs of firms of which a facilitator brings the fitting one together"),
    "tractors_first": Parameter(0.5, "share", 0.0, 1.0, "Brokered pairs of a potential cluster in which one is to be a tractor",
                                "tractor firms first (sign): Red Productiva; value assumed"),
    "willing": Parameter(0.4, "1", 0.0, 1.0, "Chance that a tractor firm without belief in joint action lets itself be brokered"),
    "bridged": Parameter(1.5, "meetings/person/quarter", 0.0, 8.0, "Meetings with institutions and partners outside that one "
                         "facilitator brokers"),
    "fit_start": Parameter(0.5, "1", 0.0, 1.0, "Cognitive fit of two who have just met, until they know better"),
    "contract_rate": Parameter(0.60, "1/quarter", 0.0, 1.0, "Chance that full supplier development brings an SME to an anchor",
                               "RP: one firm opens the market for many small suppliers (form); value assumed"),
    "contract_attention": Parameter(4.0, "1", 0.0, 20.0, "Relative rise of tractor firms' attention at full supplier "
                                    "development"),
    "pipeline_rate": Parameter(0.008, "1/quarter", 0.0, 0.05, "Chance that a firm opens an outside link in a quarter"),
    "pipelines_max": Parameter(3.0, "ties", 0.0, 10.0, "Outside links that a firm can keep"),
    "pipeline_trust": Parameter(0.45, "1", 0.1, 0.9, "Initial trust in an outside partner"),
    "pipeline_spread": Parameter(0.35, "turn", 0.05, 0.5, "Half the spread of outside partners around the technology that the "
                                 "market asks for"),
    "domestic": Parameter(0.4, "share", 0.0, 1.0, "Outside links that lead to a related cluster of the nation, where one is "
                          "fully related"),
    "domestic_spread": Parameter(0.05, "turn", 0.0, 0.2, "Half the spread of such partners around their cluster's mean "
                                 "technology"),
}  # fmt: skip
HAPPENS, ROUTE, CHOICE, TASTE, PRIORITY, BROKER, PIPELINE, TARGET, HOME, CONTRACT, ANCHOR, WILLING, BRIDGE = (
    PROCESS[name]
    for name in (
        "meeting_happens", "meeting_route", "meeting_choice", "meeting_taste", "meeting_priority", "meeting_broker",
        "pipeline", "pipeline_target", "pipeline_home", "contract", "contract_anchor", "willing", "bridge",
    )
)  # fmt: skip
NOBODY = -1
FINE = 9007199254740992.0  # 2**53: a drawn priority as a whole number, to the last bit of the draw
ONE, TWO = np.uint64(1), np.uint64(2)


@kernel
def meet(actors, ties, meetings, cluster, world, p):
    """Gather the quarter's meetings, order them, and add the new ties."""
    for i in range(cluster.firms, cluster.last):
        actors.referrals[i] *= 1.0 - p.referral_fading
    count = seek_partners(actors, ties, meetings, cluster, world, p)
    count = broker(actors, meetings, count, cluster, world, p)
    count = bridge(actors, meetings, count, cluster, world, p)
    first = MEETINGS * cluster.first
    sort_order(meetings.order[first : first + count], meetings.priority[first : first + count])
    for place in range(first, first + count):
        m = first + meetings.order[place]
        before = meetings.priority[first + meetings.order[max(place - 1, first)]] >> ONE
        repeated = place > first and meetings.priority[m] >> ONE == before
        a, b = meetings.a[m], meetings.b[m]
        free = has_attention(actors, a, cluster, p) and (b == OUTSIDE or has_attention(actors, b, cluster, p))
        if free and not repeated:
            introduce(actors, ties, a, b, meetings.kind[m], meetings.brokered[m], meetings.seeker[m], cluster, world, p)


@kernel
def seek_partners(actors, ties, meetings, cluster, world, p):
    """Let firms look for partners, inside and outside; return the number of meetings."""
    key, quarter = world.key, world.quarter
    happens, route = stream(key, quarter, HAPPENS), stream(key, quarter, ROUTE)
    choice, taste = stream(key, quarter, CHOICE), stream(key, quarter, TASTE)
    priority, pipeline = stream(key, quarter, PRIORITY), stream(key, quarter, PIPELINE)
    outward = p.pipeline_rate * cluster.factors[PIPELINES] * (1.0 + cluster.levers[LINKING])
    count = 0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        uid = actors.uid[i]
        event = 1.0 + p.event_bonus * lever(actors, cluster, i, EVENTS)
        rate = p.rate * actors.search[i] * event * (1.0 + p.member_bonus * actors.member[i])
        j, led = anchor_for(actors, i, cluster, world, p), 1
        if j == NOBODY and uniform(happens, uid) < rate and has_attention(actors, i, cluster, p):
            j, led = choose(actors, ties, i, route, choice, taste, cluster, p), 0
        if j != NOBODY and not acquainted(actors, ties, i, j):
            arrange(meetings, count, i, j, kind_of(actors, i, j), led, priority, pair(uid, actors.uid[j]), cluster)
            count += 1
        opens = outward * actors.search[i] * actors.absorptive[i] * actors.log_size[i]
        if uniform(pipeline, uid) < opens:
            arrange(meetings, count, i, OUTSIDE, EXTERNAL, 0, priority, uid, cluster)
            count += 1
    return count


@kernel
def anchor_for(actors, i, cluster, world, p):
    """Return the tractor firm of the start before which supplier development brings SME i in this quarter, or NOBODY."""
    help_ = lever(actors, cluster, i, SUPPLIER_QUALITY)
    if help_ == 0.0 or actors.kind[i] == TRACTOR or cluster.anchors == 0:
        return NOBODY
    if uniform(stream(world.key, world.quarter, CONTRACT), actors.uid[i]) >= p.contract_rate * min(1.0, help_):
        return NOBODY
    draw = uniform(stream(world.key, world.quarter, ANCHOR), actors.uid[i])
    j = cluster.firms + int(draw * cluster.anchors)
    supplies = actors.kind[j] == TRACTOR and actors.segment[i] < actors.segment[j]
    return j if supplies and has_attention(actors, i, cluster, p) else NOBODY


@kernel
def choose(actors, ties, i, route, choice, taste, cluster, p):
    """Return the row that firm i approaches, or NOBODY: a logit choice among a few sampled alternatives."""
    uid = actors.uid[i]
    best, chosen = -math.inf, NOBODY
    for k in range(int(p.alternatives)):
        who = uid + np.uint64(k)
        u = uniform(choice, who)
        if k == 0 and actors.degree[i] > 0:
            j = partner_of_partner(actors, ties, i, u, uniform(route, who))
        elif k == 1 and uniform(route, who) < p.institution_chance:
            j = institution(cluster, u)
        elif k == 2:
            j = heard_of(actors, ties, u, cluster)
        else:
            j = cluster.firms + int(u * (cluster.last - cluster.firms))
        if j == NOBODY or j == i or actors.kind[j] == FREE:
            continue
        gumbel = -math.log(-math.log(uniform(taste, who)))
        utility = gumbel + liking(actors, i, j, cluster, p) + (p.triad if k == 0 and actors.degree[i] > 0 else 0.0)
        utility += esteem(actors, j, cluster, p)
        if utility > best:
            best, chosen = utility, j
    return chosen


@kernel
def heard_of(actors, ties, u, cluster):
    """Return a firm of which others speak: of a random tie's ends the firm with more ties; a random one where there is no tie."""
    if cluster.tie_count == 0:
        return cluster.firms + int(u * (cluster.last - cluster.firms))
    t = cluster.ties + int(u * cluster.tie_count)
    a, b = ties.a[t], ties.b[t]
    if b == OUTSIDE or actors.kind[a] < TRACTOR:  # institutions stand in the lower rows, so that they are the first end
        return max(a, b)
    return a if actors.degree[a] >= actors.degree[b] else b


@kernel
def esteem(actors, j, cluster, p):
    """Return the logit utility of approaching j for its reach and standing, whoever asks; all know the institutions."""
    if actors.kind[j] < TRACTOR:
        return p.public
    return p.reach * math.log(1.0 + actors.degree[j]) + p.standing * (actors.knowledge[j] - cluster.knowledge)


@kernel
def liking(actors, i, j, cluster, p):
    """Return the logit utility of approaching j, but for the common partner."""
    distance = math.sqrt((actors.x[i] - actors.x[j]) ** 2 + (actors.y[i] - actors.y[j]) ** 2)
    utility = -p.closeness * cluster.factors[CLOSENESS] * distance
    if actors.kind[j] >= TRACTOR:
        adjacent = abs(actors.segment[i] - actors.segment[j]) == 1
        close = near(actors.technology[i], actors.technology[j])
        utility += p.chain * (1.0 + cluster.levers[MATCHING]) * adjacent + p.cognitive * close
        utility += p.fellow * cluster.groups * actors.member[i] * actors.member[j]
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
    schools = cluster.firms - cluster.donors - cluster.first - UNIVERSITY
    pick = int(u * (schools + 1))
    return cluster.first + (BANK if pick == schools else UNIVERSITY + pick)


@kernel
def kind_of(actors, i, j):
    """Return the kind of tie between two actors of the cluster."""
    if actors.kind[i] < TRACTOR or actors.kind[j] < TRACTOR:
        return INSTITUTIONAL
    return VERTICAL if actors.segment[i] != actors.segment[j] else HORIZONTAL


@kernel
def has_attention(actors, i, cluster, p):
    """Whether actor i can keep one tie more: attention grows with size, differs, and rises with help to deal with suppliers."""
    if actors.kind[i] < TRACTOR:
        return actors.taken[i] < p.institution_attention
    limit = p.attention * actors.capacity[i] * math.exp(p.attention_growth * actors.log_size[i])
    if actors.kind[i] == TRACTOR:
        limit *= 1.0 + p.contract_attention * min(1.0, cluster.levers[SUPPLIER_QUALITY])
    return actors.taken[i] < limit


@kernel
def broker(actors, meetings, count, cluster, world, p):
    """Add the meetings that facilitators broker between pairs of firms; the fitting one of two sampled pairs is taken."""
    draws, willing = stream(world.key, world.quarter, BROKER), stream(world.key, world.quarter, WILLING)
    priority = stream(world.key, world.quarter, PRIORITY)
    firms = cluster.last - cluster.firms
    limit = min(p.brokered * cluster.brokers, p.brokered_most * cluster.firm_count)
    wanted = int(limit) + (uniform(draws, cluster.uid) < limit - int(limit))
    pairs = int(p.brokered_pairs)
    for k in range(wanted):
        best, chosen_a, chosen_b = -math.inf, NOBODY, NOBODY
        for option in range(pairs):
            who = cluster.uid + np.uint64(2 * (pairs * k + option) + 1)  # two draws for each pair
            a = approached(cluster, uniform(draws, who), p)
            b = cluster.firms + int(uniform(draws, who + np.uint64(1)) * firms)
            if a == b or actors.kind[a] == FREE or actors.kind[b] == FREE:
                continue
            if actors.kind[a] == TRACTOR and uniform(willing, who) >= p.willing + actors.belief[a]:
                continue
            utility = liking(actors, a, b, cluster, p)
            if utility > best:
                best, chosen_a, chosen_b = utility, a, b
        if chosen_a != NOBODY and count < MEETINGS * (cluster.last - cluster.first):  # the work space of the quarter
            who = pair(actors.uid[chosen_a], actors.uid[chosen_b])
            kind = kind_of(actors, chosen_a, chosen_b)
            if actors.knowledge[chosen_b] < actors.knowledge[chosen_a]:  # who knows less seeks the other
                chosen_a, chosen_b = chosen_b, chosen_a
            arrange(meetings, count, chosen_a, chosen_b, kind, 1, priority, who, cluster)
            count += 1
    return count


@kernel
def approached(cluster, u, p):
    """Return the firm that a facilitator approaches first: in a potential cluster often a tractor firm of the start."""
    share = p.tractors_first * (cluster.facilitation_state == POTENTIAL) * (cluster.anchors > 0)
    if u < share:
        return cluster.firms + int(u / share * cluster.anchors)
    return cluster.firms + int((u - share) / (1.0 - share) * (cluster.last - cluster.firms))


@kernel
def bridge(actors, meetings, count, cluster, world, p):
    """Add the meetings that facilitators broker between firms and institutions, or partners outside, one half each."""
    draws = stream(world.key, world.quarter, BRIDGE)
    priority = stream(world.key, world.quarter, PRIORITY)
    limit = min(p.bridged * cluster.bridgers, p.brokered_most * cluster.firm_count)
    wanted = int(limit) + (uniform(draws, cluster.uid) < limit - int(limit))
    for k in range(wanted):
        who = cluster.uid + np.uint64(2 * k + 1)  # two draws for each
        i = cluster.firms + int(uniform(draws, who) * (cluster.last - cluster.firms))
        u = 2.0 * uniform(draws, who + np.uint64(1))
        if actors.kind[i] == FREE or count >= MEETINGS * (cluster.last - cluster.first):
            continue
        if u < 1.0:
            j = institution(cluster, u)
            arrange(meetings, count, i, j, INSTITUTIONAL, 1, priority, pair(actors.uid[i], actors.uid[j]), cluster)
        else:
            arrange(meetings, count, i, OUTSIDE, EXTERNAL, 1, priority, actors.uid[i], cluster)
        count += 1
    return count


@kernel
def arrange(meetings, count, a, b, kind, brokered, priority, who, cluster):
    """Write down that a seeks b, with its drawn priority: equal only for the same pair, a brokered one before the other."""
    m = MEETINGS * cluster.first + count
    inside = b != OUTSIDE
    meetings.a[m], meetings.b[m] = (min(a, b), max(a, b)) if inside else (a, b)
    meetings.kind[m], meetings.brokered[m], meetings.seeker[m] = kind, brokered, 1 if inside and b < a else 0
    meetings.priority[m] = np.uint64(uniform(priority, who) * FINE) * TWO + np.uint64(1 - brokered)


@kernel
def introduce(actors, ties, a, b, kind, brokered, seeker, cluster, world, p):
    """Add the tie of two actors who meet, and what it brings at once; a pair that knows each other is left alone."""
    who = pair(actors.uid[a], actors.uid[b]) if b != OUTSIDE else pair(actors.uid[a], np.uint64(world.quarter + PAST))
    if b == OUTSIDE:
        if pipelines(actors, ties, a) >= p.pipelines_max:
            return
    elif acquainted(actors, ties, a, b):
        return
    t = cluster.ties + cluster.tie_count
    cluster.tie_count += 1
    ties.a[t], ties.b[t], ties.uid[t], ties.since[t] = a, b, who, world.quarter
    ties.level[t], ties.kind[t], ties.asker[t], ties.last[t] = ACQUAINTANCE, kind, seeker, 0
    ties.value[t], ties.fit[t], ties.target[t], ties.home[t] = 0.0, p.fit_start, 0.0, -1
    warmth = p.assurance * brokered
    if b == OUTSIDE:
        ties.trust_ab[t] = ties.trust_ba[t] = p.pipeline_trust
        look_out(ties, t, cluster, world, p)
    else:
        ties.trust_ab[t] = actors.climate[a] + warmth * (1.0 - actors.climate[a])
        ties.trust_ba[t] = actors.climate[b] + warmth * (1.0 - actors.climate[b])
        actors.taken[b] += 1
        if kind < INSTITUTIONAL:
            refer(actors, a, b, p)
    actors.taken[a] += 1


@kernel
def refer(actors, a, b, p):
    """Let two firms that meet bring each other orders; the larger brings more than it gets."""
    both = actors.log_size[a] + actors.log_size[b]
    actors.referrals[a] += 2.0 * p.referral * actors.log_size[b] / both
    actors.referrals[b] += 2.0 * p.referral * actors.log_size[a] / both


@kernel
def look_out(ties, t, cluster, world, p):
    """Place an outside partner: around the technology that the market asks for, or in a related cluster of the nation."""
    place, spread, draw = world.regime, p.pipeline_spread, uniform(stream(world.key, world.quarter, HOME), ties.uid[t])
    ties.home[t] = -1
    for slot in range(RELATED_MAX):
        chance = p.domestic * cluster.relatedness[slot] / RELATED_MAX
        if 0.0 <= draw < chance:
            place, spread = cluster.related_technology[slot], p.domestic_spread
            ties.home[t] = slot
        draw -= chance
    place += spread * (2.0 * uniform(stream(world.key, world.quarter, TARGET), ties.uid[t]) - 1.0)
    ties.target[t] = place - math.floor(place)


@kernel
def pipelines(actors, ties, i):
    """Return the number of outside links of actor i, as listed when the quarter's meetings began."""
    count = 0
    for slot in range(actors.around[i], actors.around[i] + actors.degree[i]):
        t = ties.by_actor[slot]
        count += ties.a[t] == i and ties.kind[t] == EXTERNAL
    return count
