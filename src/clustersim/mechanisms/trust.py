"""Step 4, trust: partners meet, cooperate or not, and learn.

Cooperation is conditional on trust with a personal threshold (Fischbacher, Gächter & Fehr 2001, "Are people conditionally
cooperative?"). Success raises trust by less than a let-down lowers it (asymmetric learning: Slovic 1993; form as in Pant & Yu
2025). Without contact trust decays toward what the actor expects of strangers, and that expectation follows realised
outcomes, not the mean of surviving ties. Partners talk about third parties (closure: Burt & Knez 1995).
"""

from __future__ import annotations

import math

from clustersim.accelerate import kernel
from clustersim.draws import PROCESS, stream, uniform
from clustersim.levers import EVENTS, FACILITATION
from clustersim.schema import Parameter
from clustersim.state import EXTERNAL, FREE, INFORMATION, OUTSIDE, TRACTOR

PARAMETERS = {
    "gain": Parameter(0.06, "1/success", 0.03, 0.12, "Step of trust toward 1 after a success"),
    "loss": Parameter(0.14, "1/let-down", 0.06, 0.36, "Step of trust toward 0 after a let-down",
                      "2 to 5 times the gain: Pant & Yu 2025 (preprint; one alliance)"),
    "misfortune": Parameter(0.3, "share", 0.0, 1.0, "Part of that loss when both cooperated and the result failed"),
    "spread": Parameter(0.08, "1", 0.04, 0.2, "Softness of the cooperation threshold (logistic scale)"),
    "luck": Parameter(0.92, "1", 0.7, 1.0, "Chance that an effort of two cooperating, well-fitting partners succeeds"),
    "stress": Parameter(0.5, "1", 0.0, 1.0, "Fall of that chance when both firms make no margin"),
    "usual_margin": Parameter(0.06, "share of sales", 0.01, 0.2, "Margin below which a firm is under stress"),
    "contact_0": Parameter(0.2, "1/quarter", 0.05, 0.5, "Chance of contact between acquaintances"),
    "contact_1": Parameter(0.5, "1/quarter", 0.2, 0.9, "The same for partners who exchange information"),
    "contact_2": Parameter(0.9, "1/quarter", 0.5, 1.0, "The same for commercial partners"),
    "contact_3": Parameter(1.0, "1/quarter", 0.7, 1.0, "The same for strategic partners"),
    "decay": Parameter(0.03, "1/quarter", 0.0, 0.1, "Pull of an idle tie's trust toward generalised trust",
                       "yearly discount 0.90 to 0.98 in Jøsang & Ismail 2002 (form); range assumed"),
    "climate_learning": Parameter(0.03, "1/quarter", 0.0, 0.1, "Step of generalised trust toward own success rate"),
    "climate_return": Parameter(0.01, "1/quarter", 0.0, 0.05, "Pull of generalised trust toward its origin"),
    "event_warmth": Parameter(0.004, "1/quarter", 0.0, 0.02, "Step of generalised trust at full intensity of events"),
    "assurance": Parameter(0.08, "1", 0.0, 0.3, "Effective trust that full facilitation adds at low levels of tie"),
    "mediation": Parameter(0.5, "share", 0.0, 1.0, "Part of the loss of trust that full facilitation mends"),
    "firms_served": Parameter(30.0, "firms/person", 10.0, 120.0, "Firms that one facilitator serves fully"),
    "gossip": Parameter(0.1, "1/quarter", 0.0, 0.5, "Chance that a partner is talked about with a common partner"),
    "gossip_weight": Parameter(0.15, "1", 0.0, 0.5, "Step of trust toward what the common partner says"),
}  # fmt: skip
CONTACT, COOPERATE_A, COOPERATE_B, LUCK, GOSSIP, GOSSIP_PARTNER = (
    PROCESS[name] for name in ("contact", "cooperate_a", "cooperate_b", "luck", "gossip", "gossip_partner")
)


@kernel
def interact(actors, ties, cluster, world, p):
    """Let each tie meet, succeed or fail, and update both directions of trust; then the climate of every actor."""
    key, quarter = world.key, world.quarter
    contact, luck = stream(key, quarter, CONTACT), stream(key, quarter, LUCK)
    care_a, care_b = stream(key, quarter, COOPERATE_A), stream(key, quarter, COOPERATE_B)
    served = min(1.0, cluster.levers[FACILITATION] * p.firms_served / max(cluster.firm_count, 1.0))
    for i in range(cluster.first, cluster.last):
        actors.contacts[i] = actors.effect[i] = actors.weight[i] = 0.0
    for t in range(cluster.ties, cluster.ties + cluster.tie_count):
        a, b, who = ties.a[t], ties.b[t], ties.uid[t]
        if uniform(contact, who) < contact_rate(ties.level[t], p):
            outcome = meet_once(actors, ties, t, served, uniform(care_a, who), uniform(care_b, who),
                                uniform(luck, who), p)  # fmt: skip
            ties.last[t] = outcome
            note(actors, a, outcome)
            if b != OUTSIDE:
                note(actors, b, outcome)
        elif b != OUTSIDE:
            ties.trust_ab[t] += p.decay * (actors.climate[a] - ties.trust_ab[t])
            ties.trust_ba[t] += p.decay * (actors.climate[b] - ties.trust_ba[t])
        actors.weight[a] += ties.trust_ab[t]
        if b != OUTSIDE:
            actors.weight[b] += ties.trust_ba[t]
    gossip(actors, ties, cluster, world, p)
    learn_climate(actors, cluster, p)


@kernel
def contact_rate(level, p):
    """Return the chance of contact in a quarter at this level of tie."""
    if level >= 2:
        return p.contact_3 if level == 3 else p.contact_2
    return p.contact_1 if level == 1 else p.contact_0


@kernel
def meet_once(actors, ties, t, served, draw_a, draw_b, draw_luck, p):
    """Play one interaction of tie t and update its trust; return 1 for success and -1 for failure."""
    a, b = ties.a[t], ties.b[t]
    shield = p.assurance * served if ties.level[t] <= INFORMATION else 0.0
    a_cares = draw_a < willing(ties.trust_ab[t] + shield, actors.threshold[a], p)
    b_cares, stress = True, strain(actors, a, p)
    if b != OUTSIDE:
        b_cares = draw_b < willing(ties.trust_ba[t] + shield, actors.threshold[b], p)
        stress = 0.5 * (stress + strain(actors, b, p))
    works = draw_luck < p.luck * (0.8 + 0.2 * ties.fit[t]) * (1.0 - p.stress * stress)
    if a_cares and b_cares and works:
        ties.trust_ab[t] += p.gain * (1.0 - ties.trust_ab[t])
        ties.trust_ba[t] += p.gain * (1.0 - ties.trust_ba[t])
        return 1
    loss = p.loss * (1.0 - p.mediation * served)
    ties.trust_ab[t] *= 1.0 - loss * (p.misfortune if b_cares else 1.0)
    ties.trust_ba[t] *= 1.0 - loss * (p.misfortune if a_cares else 1.0)
    return -1


@kernel
def willing(trust, threshold, p):
    """Return the chance that a partner cooperates: a logistic step at its threshold."""
    return 1.0 / (1.0 + math.exp(-(trust - threshold) / p.spread))


@kernel
def strain(actors, i, p):
    """Return the stress of actor i, 0 to 1: how far its margin lies below the usual one; institutions feel none."""
    if actors.kind[i] < TRACTOR:
        return 0.0
    return min(1.0, max(0.0, 1.0 - actors.margin[i] / p.usual_margin))


@kernel
def note(actors, i, outcome):
    """Count one contact of actor i, and its success."""
    actors.contacts[i] += 1.0
    actors.effect[i] += outcome > 0


@kernel
def gossip(actors, ties, cluster, world, p):
    """Move trust toward what a common partner, if one is met, thinks of the same actor."""
    draws = stream(world.key, world.quarter, GOSSIP)
    whom = stream(world.key, world.quarter, GOSSIP_PARTNER)
    for t in range(cluster.ties, cluster.ties + cluster.tie_count):
        who = ties.uid[t]
        if ties.kind[t] >= EXTERNAL or uniform(draws, who) >= p.gossip:
            continue
        a, b = ties.a[t], ties.b[t]
        third = ties.by_actor[actors.around[b] + int(uniform(whom, who) * actors.degree[b])]
        c = ties.b[third] if ties.a[third] == b else ties.a[third]
        if c == a or c == OUTSIDE:
            continue
        said = ties.trust_ba[third] if ties.a[third] == b else ties.trust_ab[third]  # trust of c in b
        for slot in range(actors.around[a], actors.around[a] + actors.degree[a]):
            s = ties.by_actor[slot]
            if ties.a[s] == c or ties.b[s] == c:
                ties.trust_ab[t] += p.gossip_weight * (said - ties.trust_ab[t])
                break


@kernel
def learn_climate(actors, cluster, p):
    """Update generalised trust from realised success, and the mean trust in partners."""
    warmth = p.event_warmth * cluster.levers[EVENTS]
    for i in range(cluster.first, cluster.last):
        if actors.kind[i] == FREE:
            continue
        climate = actors.climate[i]
        change = p.climate_return * (actors.climate_start[i] - climate) + warmth * (1.0 - climate)
        if actors.contacts[i] > 0.0:
            change += p.climate_learning * (actors.effect[i] / actors.contacts[i] - climate)
        actors.climate[i] = min(1.0, max(0.0, climate + change))
        actors.bond[i] = actors.weight[i] / actors.degree[i] if actors.degree[i] > 0 else actors.climate[i]
