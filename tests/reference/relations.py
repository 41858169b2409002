"""Trust and the ladder of ties: docs/odd.md, sections 7.5 and 7.6."""

from __future__ import annotations

from clustersim.model.state import ENDED, HORIZONTAL, INSTITUTIONAL
from reference.cluster import Cluster
from reference.entities import Actor, Tie
from reference.world import above_zero, clip, logistic, total, turn


class Tally:
    """Contacts and successes of one actor in the quarter, and its trust in partners."""

    def __init__(self):
        self.contacts = self.successes = self.partners = 0
        self.trust = 0.0


def trust(cluster: Cluster) -> None:
    """7.5: contact, outcome, gossip, climate."""
    p, levers = cluster.p.trust, cluster.levers
    served = min(1.0, cluster.mediators * p.firms_served / max(cluster.firm_count, 1.0))
    tallies = {actor: Tally() for actor in cluster.actors}
    for tie in cluster.live_ties:
        _interact(cluster, tie, served, tallies)
    for tie in cluster.live_ties:
        for end in (tie.a, tie.b):
            if end is not None:
                tallies[end].partners += 1
                tallies[end].trust += tie.trust_of(end)
    for firm in cluster.firms:
        _gossip(firm)
    for actor, tally in tallies.items():
        change = p.climate_return * (actor.climate_start - actor.climate)
        change += p.event_warmth * levers["events"] * (1.0 - actor.climate)
        if tally.contacts:
            change += p.climate_learning * (tally.successes / tally.contacts - actor.climate)
        actor.climate = clip(actor.climate + change, 0.0, 1.0)
        actor.bond = tally.trust / tally.partners if tally.partners else actor.climate
    cluster.climate = total(firm.climate for firm in cluster.firms) / max(cluster.firm_count, 1.0)


def _stress(cluster: Cluster, actor: Actor) -> float:
    if not actor.is_firm:
        return 0.0
    return clip(1.0 - actor.margin / cluster.p.trust.usual_margin, 0.0, 1.0)


def _interact(cluster: Cluster, tie: Tie, served: float, tallies: dict[Actor, Tally]) -> None:
    p, a, b = cluster.p.trust, tie.a, tie.b
    rate = (p.contact_0, p.contact_1, p.contact_2, p.contact_3)[tie.level]
    draw = cluster.world.uniform("contact", tie.uid) / rate
    if draw >= 1.0:
        if b is not None:
            tie.trust_ab += p.decay * (a.climate - tie.trust_ab)
            tie.trust_ba += p.decay * (b.climate - tie.trust_ba)
        return

    shield = p.assurance * served if tie.level <= 1 else 0.0
    care_a = logistic((tie.trust_ab + shield - a.threshold) / p.spread)
    care_b = 1.0 if b is None else logistic((tie.trust_ba + shield - b.threshold) / p.spread)
    stress = _stress(cluster, a) if b is None else 0.5 * (_stress(cluster, a) + _stress(cluster, b))
    chance = p.luck * (1.0 - p.fit_weight + p.fit_weight * tie.fit) * (1.0 - p.stress * stress)
    success = draw < care_a * care_b * chance
    if success:
        tie.trust_ab += p.gain * (1.0 - tie.trust_ab)
        tie.trust_ba += p.gain * (1.0 - tie.trust_ba)
        tie.last = 1
    else:
        if draw < care_a * care_b:
            cared_a, cared_b = True, True
        elif draw < care_a:
            cared_a, cared_b = True, False
        elif draw < care_a + care_b - care_a * care_b:
            cared_a, cared_b = False, True
        else:
            cared_a, cared_b = False, False
        step = p.loss * (1.0 - p.mediation * served)
        tie.trust_ab -= (p.misfortune if cared_b else 1.0) * step * tie.trust_ab
        tie.trust_ba -= (p.misfortune if cared_a else 1.0) * step * tie.trust_ba
        tie.last = -1
    for end in (a, b):
        if end is not None:
            tallies[end].contacts += 1
            tallies[end].successes += 1 if success else 0


def _gossip(i: Actor) -> None:
    p, world, degree = i.cluster.p.trust, i.cluster.world, len(i.ties)
    if degree < 2 or world.uniform("gossip", i.uid) >= p.gossip:
        return
    d = world.uniform("gossip_partner", i.uid) * degree
    k = int(d)
    h = i.ties[k].other(i)
    if h is None:
        return
    heard = h.ties[int((d - k) * len(h.ties))]
    j = heard.other(h)
    if j is None or j is i:
        return
    mine = i.tie_with(j)
    if mine is not None:
        own = mine.trust_of(i)
        mine.set_trust_of(i, own + p.gossip_weight * (heard.trust_of(h) - own))


def linkage(cluster: Cluster) -> None:
    """7.6: climb, drop, forget."""
    for tie in cluster.live_ties:
        _reconsider(cluster, tie)
    between = [tie for tie in cluster.live_ties if tie.between_firms]
    for actor in cluster.actors:
        actor.top = -1
    for tie in between:
        tie.a.top = max(tie.a.top, tie.level)
        tie.b.top = max(tie.b.top, tie.level)
    trust = total(tie.trust_ab + tie.trust_ba for tie in between)
    cluster.trust = trust / (2.0 * len(between)) if between else 0.0
    cluster.pipelines = float(total(1 for tie in cluster.live_ties if tie.outside))


def _fear(own: Actor, other: Actor | None) -> float:
    if other is None or not (own.is_firm and other.is_firm):
        return 1.0
    return 1.0 + own.wariness * above_zero(other.log_size - own.log_size)


def _net(cluster: Cluster, tie: Tie, level: int) -> tuple[float, float]:
    """Net benefit of a level for both sides."""
    p = cluster.p.linkage
    if level == 0:
        return 0.0, 0.0
    benefit = (0.0, p.benefit_1, p.benefit_2, p.benefit_3)[level] * (p.fit_floor + (1.0 - p.fit_floor) * tie.fit)
    cost = (0.0, p.cost_1, p.cost_2, p.cost_3)[level] * (1.0 - min(1.0, cluster.levers["tie_subsidy"]))
    exposure = (0.0, p.exposure_1, p.exposure_2, p.exposure_3)[level]
    fear_a = _fear(tie.a, tie.b)
    fear_b = 1.0 if tie.b is None else _fear(tie.b, tie.a)
    return (
        benefit * tie.trust_ab - cost - exposure * (1.0 - tie.trust_ab) * fear_a,
        benefit * tie.trust_ba - cost - exposure * (1.0 - tie.trust_ba) * fear_b,
    )


def _reconsider(cluster: Cluster, tie: Tie) -> None:
    p, world = cluster.p.linkage, cluster.world
    r = turn(tie.a.technology, tie.target if tie.b is None else tie.b.technology) / p.peak
    tie.fit = above_zero(1.0 - r / 2.0) if tie.kind == INSTITUTIONAL else above_zero(r * (2.0 - r))
    now = _net(cluster, tie, tie.level)
    ceiling = 2 if tie.kind == INSTITUTIONAL else 3
    if tie.level >= 1 and min(now) < -p.drop * (0.0, p.benefit_1, p.benefit_2, p.benefit_3)[tie.level]:
        tie.level -= 1
        return
    if tie.level < ceiling:
        following = _net(cluster, tie, tie.level + 1)
        if all(new > 0.0 and new > old for new, old in zip(following, now)):
            chance = p.climb * (p.climb_horizontal if tie.kind == HORIZONTAL and tie.level == 1 else 1.0)
            if world.uniform("climb", tie.uid) < chance and _may_ask(tie):
                if tie.level == 0 and tie.between_firms:
                    tie.seeker.asking += 1
                tie.level += 1
            return
    if tie.since < world.quarter:
        hazard = p.forget if tie.level == 0 else p.churn
        if world.uniform("forget", tie.uid) < hazard * (1.0 - p.persistence * tie.fit):
            tie.level = ENDED


def _may_ask(tie: Tie) -> bool:
    """Whether nothing but the draw keeps the tie from climbing: from a contact to advice who asks must have time for it."""
    if tie.level > 0 or not tie.between_firms:
        return True
    p, seeker = tie.a.cluster.p.linkage, tie.seeker
    return seeker.asking < p.advisers + p.advisers_growth * seeker.log_size
