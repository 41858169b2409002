"""Knowledge, and how success slackens search: docs/odd.md, sections 7.10 and 7.14."""

from __future__ import annotations

import math

from reference.cluster import Cluster
from reference.entities import Actor, Bank, Firm, SmallFirm, Tie, TractorFirm
from reference.world import above_zero, logistic, total, wrap


class Learning:
    """W, F, G, D, O of one actor."""

    def __init__(self):
        self.weight = self.fit = self.gap = self.drift = self.outside = 0.0


def knowledge(cluster: Cluster) -> None:
    """7.10."""
    p, world = cluster.p.knowledge, cluster.world
    for school in cluster.schools:
        school.knowledge = world.frontier - p.school_lag
        step = min(1.0, p.school_pull * (1.0 + cluster.levers["extension"]))
        school.technology = (school.technology + step * wrap(world.regime - school.technology)) % 1.0
    learnt = {actor: Learning() for actor in cluster.actors}
    for tie in cluster.live_ties:
        if tie.level >= 1 and not isinstance(tie.a, Bank):  # the bank stands in the lower row
            _listen(cluster, tie, tie.a, tie.b, learnt[tie.a])
            if tie.b is not None:
                _listen(cluster, tie, tie.b, tie.a, learnt[tie.b])
    for s in range(cluster.segments):
        if s != cluster.branch:
            cluster.asked[s] = world.regime
    firms = cluster.firms
    mean = total(firm.knowledge for firm in firms) / max(len(firms), 1)
    _look_around(cluster)
    cluster.innovations = 0.0
    for firm in firms:
        _learn(cluster, firm, learnt[firm], mean)


def _look_around(cluster: Cluster) -> None:
    """How much the firms' technologies differ, and which of them sell."""
    firms, regime = cluster.firms, cluster.world.regime
    count, sales = max(len(firms), 1), max(total(firm.sales for firm in firms), 1e-9)
    offsets = [wrap(firm.technology - regime) for firm in firms]
    square = total(offset**2 for offset in offsets) / count
    cluster.variety = math.sqrt(above_zero(square - (total(offsets) / count) ** 2))
    weighted = total(offset * firm.sales for offset, firm in zip(offsets, firms)) / sales
    cluster.recipe = (regime + weighted) % 1.0


def _listen(cluster: Cluster, tie: Tie, own: Actor, other: Actor | None, sums: Learning) -> None:
    p = cluster.p.knowledge
    weight = (0.0, p.weight_1, p.weight_2, p.weight_3)[tie.level] * tie.trust_of(own)
    if other is None:
        known = cluster.world.frontier if tie.home < 0 else cluster.related_knowledge[tie.home]
        position = tie.target
        sums.outside += weight
    else:
        if not tie.between_firms:
            weight *= 1.0 + cluster.p.knowledge.extension * cluster.levers["extension"]
        elif tie.level == 1 and tie.seeker is not own:
            weight *= p.returned
        known, position = other.knowledge, other.technology
    sums.weight += weight
    sums.fit += weight * tie.fit
    sums.gap += weight * above_zero(known - own.knowledge)
    if not tie.between_firms or other.productivity >= own.productivity:
        sums.drift += weight * wrap(position - own.technology)


def _learn(cluster: Cluster, firm: Firm, sums: Learning, mean: float) -> None:
    p, world = cluster.p.knowledge, cluster.world
    r = cluster.variety / p.variety_best
    linked = 1.0 - p.variety + p.variety * above_zero(r * (2.0 - r))
    if sums.weight > 0.0:
        linked += p.learning * firm.absorptive * sums.weight / (sums.weight + p.saturation) * sums.fit / sums.weight
    rate = p.research_rate * ((firm.rd_share + p.rd_least) / p.usual_rd) ** p.research_elasticity * linked
    rate *= 1.0 - p.search_weight + p.search_weight * firm.search
    firm.innovated = 1 if world.uniform("innovation", firm.uid) < rate else 0
    cluster.innovations += firm.innovated
    old = firm.knowledge
    if firm.innovated:
        firm.knowledge += p.research * above_zero(world.frontier + p.headroom - old)
    firm.knowledge += p.spillover * above_zero(mean - old)
    firm.knowledge += p.diffusion * firm.absorptive * sums.gap / (1.0 + sums.weight)

    signal = min(1.0, cluster.levers["observatory"]) * wrap(world.coming - world.regime)
    view = 1.0 + p.window * sums.outside
    presence = cluster.firm_count / (cluster.firm_count + p.convergence_firms)
    watch = p.watch * min(1.0, cluster.levers["observatory"])
    pull = min(1.0, p.pull * firm.absorptive * (view + watch) * firm.search)
    move = p.imitation * sums.drift / (1.0 + sums.weight)
    move += p.convergence * presence / view * wrap(cluster.recipe - firm.technology)
    move += pull * wrap(firm.asked + signal - firm.technology)
    move += (p.search * firm.search + p.leap * firm.innovated) * world.bell("search", firm.uid)
    firm.technology = (firm.technology + move) % 1.0
    _improve(cluster, firm)


def _improve(cluster: Cluster, firm: Firm) -> None:
    """Absorptive capacity, quality, certificate."""
    p = cluster.p.knowledge
    effort = firm.rd_share + p.rd_least
    target = min(1.0, p.capacity_most * effort / (effort + p.usual_rd))
    firm.absorptive += p.capacity_speed * (target - firm.absorptive)
    firm.absorptive += p.training_speed * min(1.0, firm.lever("training")) * (1.0 - firm.absorptive)
    rise = min(1.0, p.quality_speed * (1.0 + firm.lever("standards"))) * above_zero(target - firm.quality)
    firm.quality += rise - p.quality_wear * above_zero(firm.quality - target)
    lift = p.service_speed * min(1.0, firm.lever("services")) if firm.member else 0.0
    if isinstance(firm, SmallFirm):
        lift += p.supplier_speed * min(1.0, firm.lever("supplier_quality"))
    firm.quality += min(1.0, lift) * (1.0 - firm.quality)
    cost = p.certificate_cost * (1.0 - firm.aid("certification", p.certificate_support))
    worth = p.certificate_worth * firm.sales > cost
    firm.certified = 1 if firm.quality >= p.certificate and worth else 0


def research_needed(cluster: Cluster) -> float:
    """Employees for whose wages research must be worth while."""
    if cluster.research_from >= 0.0:
        return cluster.research_from
    return cluster.p.complacency.rd_staff * cluster.factor("research_from")


def complacency(cluster: Cluster) -> None:
    """7.14."""
    p = cluster.p.complacency
    sales = sum(firm.sales for firm in cluster.firms)
    mood = sum(firm.margin * firm.sales for firm in cluster.firms) / sales if sales > 0.0 else 0.0
    for firm in cluster.firms:
        felt = (1.0 - p.mood) * firm.margin + p.mood * mood
        target = p.most - (p.most - p.least) * logistic((felt - p.turning) / p.spread)
        sight = min(1.0, firm.lever("benchmarking")) * above_zero(cluster.world.frontier - firm.knowledge)
        target += min(1.0, p.benchmark * sight) * (p.most - target)
        firm.search += p.speed * (target - firm.search)
        wanted = p.rd_share * cluster.research * firm.search * (p.rd_tractor if isinstance(firm, TractorFirm) else 1.0)
        wanted *= (1.0 - firm.aid("rd_support", cluster.p.finance.support_most)) ** -p.rd_price
        firm.rd_share = wanted if wanted * firm.sales >= research_needed(cluster) * cluster.wage else 0.0
