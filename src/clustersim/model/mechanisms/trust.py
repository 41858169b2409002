"""Step 5, trust: partners meet, cooperate or not, and learn.

Cooperation is conditional on trust with a personal threshold (Fischbacher, Gächter & Fehr 2001, "Are people conditionally
cooperative?"). Success raises trust by less than a let-down lowers it (asymmetric learning: Slovic 1993; form as in Pant & Yu
2025). Without contact trust decays toward what the actor expects of strangers, and that expectation follows realised
outcomes, not the mean of surviving ties. Partners talk about third parties (closure: Burt & Knez 1995).
"""

from __future__ import annotations

import math

from clustersim.core.accelerate import kernel
from clustersim.core.draws import PROCESS, stream, uniform
from clustersim.core.schema import Parameter
from clustersim.model.levers import EVENTS
from clustersim.model.state import ACQUAINTANCE, COMMERCIAL, FREE, INFORMATION, OUTSIDE, STRATEGIC, TRACTOR

PARAMETERS = {
    "gain": Parameter(0.06, "1/success", 0.03, 0.12, "Step of trust toward 1 after a success"),
    "loss": Parameter(0.14, "1/let-down", 0.06, 0.36, "Step of trust toward 0 after a let-down",
                      "2 to 5 times the gain: Pant & Yu 2025 (preprint; one alliance)"),
    "misfortune": Parameter(0.3, "share", 0.0, 1.0, "Part of that loss when both cooperated and the result failed"),
    "spread": Parameter(0.08, "1", 0.04, 0.2, "Softness of the cooperation threshold (logistic scale)"),
    "luck": Parameter(0.92, "1", 0.7, 1.0, "Chance that an effort of two cooperating, well-fitting partners succeeds"),
    "fit_weight": Parameter(0.2, "share", 0.0, 1.0, "Part of that chance that falls with cognitive fit"),
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
    "gossip": Parameter(0.25, "1/quarter", 0.0, 1.0, "Chance that an actor asks a partner about one of that partner's partners"),
    "gossip_weight": Parameter(0.25, "1", 0.0, 0.5, "Step of trust toward what the common partner says"),
}  # fmt: skip
CONTACT, GOSSIP, GOSSIP_PARTNER = PROCESS["contact"], PROCESS["gossip"], PROCESS["gossip_partner"]


@kernel
def interact(actors, ties, cluster, world, p):
    """Let each tie meet, succeed or fail, and update both directions of trust; then the climate of every actor."""
    contact = stream(world.key, world.quarter, CONTACT)
    served = min(1.0, cluster.mediators * p.firms_served / max(cluster.firm_count, 1.0))
    steepness, step = 1.0 / p.spread, p.loss * (1.0 - p.mediation * served)
    gain, decay, misfortune, stress_weight = p.gain, p.decay, p.misfortune, 0.5 * p.stress
    unfit, fit_weight = 1.0 - p.fit_weight, p.fit_weight
    begin(actors, cluster, served, p)
    for t in range(cluster.ties, cluster.ties + cluster.tie_count):
        a, b, level = ties.a[t], ties.b[t], ties.level[t]
        inside = b != OUTSIDE
        other = b if inside else a
        trust_a, trust_b = ties.trust_ab[t], ties.trust_ba[t]
        draw = uniform(contact, ties.uid[t]) * cluster.contact[level]
        if draw < 1.0:
            shield = cluster.shield[level]
            care_a = willing(trust_a + shield - actors.threshold[a], steepness)
            care_b = willing(trust_b + shield - actors.threshold[other], steepness) if inside else 1.0
            calm = 1.0 - stress_weight * (actors.best[a] + actors.best[other])
            chance = p.luck * (unfit + fit_weight * ties.fit[t]) * calm
            success, harm_a, harm_b = outcome(draw, care_a, care_b, chance, misfortune)
            trust_a += success * gain * (1.0 - trust_a) - harm_a * step * trust_a
            trust_b += success * gain * (1.0 - trust_b) - harm_b * step * trust_b
            ties.last[t] = 1 if success > 0.0 else -1
            actors.contacts[a] += 1.0
            actors.effect[a] += success
            actors.contacts[other] += inside
            actors.effect[other] += success * inside
        elif inside:
            trust_a += decay * (actors.climate[a] - trust_a)
            trust_b += decay * (actors.climate[b] - trust_b)
        ties.trust_ab[t], ties.trust_ba[t] = trust_a, trust_b
        actors.weight[a] += trust_a
        actors.weight[other] += trust_b * inside
    gossip(actors, ties, cluster, world, p)
    learn_climate(actors, cluster, p)


@kernel
def outcome(draw, care_a, care_b, chance, misfortune):
    """Return success (1 or 0) and the harm to the trust of a and of b, from one uniform draw.

    The unit interval is cut into: both care and it works; both care but it fails; only a cares; only b cares; neither.
    """
    both = care_a * care_b
    success = 1.0 if draw < both * chance else 0.0
    together = 1.0 if draw < both else 0.0
    only_a = 1.0 if draw < care_a else 0.0  # up to here a cares
    either = 1.0 if draw < care_a + care_b - both else 0.0
    full_a = 1.0 - together - (either - only_a)  # b did not care: only a, or neither
    full_b = 1.0 - only_a  # a did not care: only b, or neither
    failed = 1.0 - success
    return success, failed * max(full_a, misfortune), failed * max(full_b, misfortune)


@kernel
def begin(actors, cluster, served, p):
    """Clear the sums over ties; find each firm's stress: how far its margin lies below the usual one; set terms by level."""
    cluster.contact[ACQUAINTANCE], cluster.contact[INFORMATION] = 1.0 / p.contact_0, 1.0 / p.contact_1
    cluster.contact[COMMERCIAL], cluster.contact[STRATEGIC] = 1.0 / p.contact_2, 1.0 / p.contact_3
    cluster.shield[:] = 0.0
    cluster.shield[ACQUAINTANCE] = cluster.shield[INFORMATION] = p.assurance * served
    for i in range(cluster.first, cluster.last):
        actors.contacts[i] = actors.effect[i] = actors.weight[i] = actors.best[i] = 0.0
        if actors.kind[i] >= TRACTOR:
            actors.best[i] = min(1.0, max(0.0, 1.0 - actors.margin[i] / p.usual_margin))


@kernel
def willing(lead, steepness):
    """Return the chance that a partner cooperates whose trust leads its threshold by `lead`: a logistic step."""
    return 1.0 / (1.0 + math.exp(-lead * steepness))


@kernel
def gossip(actors, ties, cluster, world, p):
    """Let actors ask a partner about a third one; who is tied to that one too moves toward what is said."""
    asks = stream(world.key, world.quarter, GOSSIP)
    whom = stream(world.key, world.quarter, GOSSIP_PARTNER)
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE or actors.degree[i] < 2 or uniform(asks, actors.uid[i]) >= p.gossip:
            continue
        draw = uniform(whom, actors.uid[i]) * actors.degree[i]
        pick = int(draw)
        t = ties.by_actor[actors.around[i] + pick]
        partner = ties.b[t] if ties.a[t] == i else ties.a[t]
        if partner == OUTSIDE:
            continue
        s = ties.by_actor[actors.around[partner] + int((draw - pick) * actors.degree[partner])]
        third = ties.b[s] if ties.a[s] == partner else ties.a[s]
        if third == i or third == OUTSIDE:
            continue
        said = ties.trust_ab[s] if ties.a[s] == partner else ties.trust_ba[s]
        listen(ties, i, third, said, actors.around[i], actors.degree[i], p.gossip_weight)


@kernel
def listen(ties, i, third, said, around, degree, weight):
    """Move i's trust in `third`, if the two share a tie, toward what was said."""
    for slot in range(around, around + degree):
        t = ties.by_actor[slot]
        if ties.a[t] == i and ties.b[t] == third:
            ties.trust_ab[t] += weight * (said - ties.trust_ab[t])
            return
        if ties.b[t] == i and ties.a[t] == third:
            ties.trust_ba[t] += weight * (said - ties.trust_ba[t])
            return


@kernel
def learn_climate(actors, cluster, p):
    """Update generalised trust from realised success, and the mean trust in partners."""
    warmth = p.event_warmth * cluster.levers[EVENTS]
    total = 0.0
    for i in range(cluster.first, cluster.last):
        if actors.kind[i] == FREE:
            continue
        climate = actors.climate[i]
        change = p.climate_return * (actors.climate_start[i] - climate) + warmth * (1.0 - climate)
        if actors.contacts[i] > 0.0:
            change += p.climate_learning * (actors.effect[i] / actors.contacts[i] - climate)
        actors.climate[i] = min(1.0, max(0.0, climate + change))
        actors.bond[i] = actors.weight[i] / actors.taken[i] if actors.taken[i] > 0 else actors.climate[i]
        total += actors.climate[i] if i >= cluster.firms else 0.0
    cluster.climate = total / max(cluster.firm_count, 1.0)
