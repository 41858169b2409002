"""Knowledge, market and labour, finance: docs/odd.md, sections 7.8 to 7.10."""

from __future__ import annotations

import math

from clustersim.state import VERTICAL
from reference.entities import Actor, Cluster, Firm, SmallFirm, Tie, TractorFirm, above_zero, clip, turn, wrap


class Learning:
    """W, F, G, D of one firm."""

    def __init__(self):
        self.weight = self.fit = self.gap = self.drift = 0.0


def knowledge(cluster: Cluster) -> None:
    """7.8."""
    p, world = cluster.p.knowledge, cluster.world
    for school in cluster.schools:
        school.knowledge = world.frontier - p.school_lag
    learnt = {actor: Learning() for actor in cluster.actors}
    for tie in cluster.live_ties:
        if tie.level >= 1:
            _listen(cluster, tie, tie.a, tie.b, learnt[tie.a])
            if tie.b is not None:
                _listen(cluster, tie, tie.b, tie.a, learnt[tie.b])
    firms = cluster.firms
    mean = sum(firm.knowledge for firm in firms) / max(len(firms), 1)
    cluster.innovations = 0.0
    for firm in firms:
        _learn(cluster, firm, learnt[firm], mean)


def _listen(cluster: Cluster, tie: Tie, own: Actor, other: Actor | None, sums: Learning) -> None:
    weight = (0.0, 0.3, 0.6, 1.0)[tie.level] * tie.trust_of(own)
    if other is not None and not tie.between_firms:
        weight *= 1.0 + cluster.p.knowledge.extension * cluster.levers["extension"]
    known = cluster.world.frontier if other is None else other.knowledge
    position = tie.target if other is None else other.technology
    sums.weight += weight
    sums.fit += weight * tie.fit
    sums.gap += weight * above_zero(known - own.knowledge)
    if known >= own.knowledge:
        sums.drift += weight * wrap(position - own.technology)


def _learn(cluster: Cluster, firm: Firm, sums: Learning, mean: float) -> None:
    p, world, levers = cluster.p.knowledge, cluster.world, cluster.levers
    linked = 1.0
    if sums.weight > 0.0:
        linked += p.learning * firm.absorptive * sums.weight / (sums.weight + p.saturation) * sums.fit / sums.weight
    rate = p.research_rate * ((firm.rd_share + 0.0001) / p.usual_rd) ** p.research_elasticity * linked
    rate *= 0.7 + 0.3 * firm.search
    firm.innovated = 1 if world.uniform("innovation", firm.uid) < rate else 0
    cluster.innovations += firm.innovated
    old = firm.knowledge
    if firm.innovated:
        firm.knowledge += p.research * above_zero(world.frontier + p.headroom - old)
    firm.knowledge += p.spillover * above_zero(mean - old)
    firm.knowledge += p.diffusion * firm.absorptive * sums.gap / (1.0 + sums.weight)

    move = p.imitation * sums.drift / (1.0 + sums.weight)
    move += p.pull * firm.absorptive * firm.search * wrap(world.regime - firm.technology)
    move += p.search * firm.search * world.bell("search", firm.uid)
    firm.technology = (firm.technology + move) % 1.0

    effort = firm.rd_share * (1.0 + levers["rd_support"])
    target = min(1.0, 1.3 * effort / (effort + p.usual_rd))
    firm.absorptive += p.capacity_speed * (target - firm.absorptive)
    firm.quality += p.quality_speed * above_zero(target - firm.quality)
    if isinstance(firm, SmallFirm):
        firm.quality += p.supplier_speed * min(1.0, levers["supplier_quality"]) * (1.0 - firm.quality)
    firm.certified = 1 if firm.quality >= p.certificate else 0


def market(cluster: Cluster) -> None:
    """7.9."""
    able, fitness = _fitness(cluster)
    contracted = _sourcing(cluster)
    for firm in cluster.firms:
        _sell(cluster, firm, able[firm], fitness[firm], contracted[firm])
    p, world = cluster.p.market, cluster.world
    cluster.employment = sum(firm.employees for firm in cluster.firms)
    cluster.skilled += p.mobility * (cluster.employment - cluster.skilled) + cluster.levers["graduates"]
    cluster.wage = world.wage * (max(cluster.employment, 1.0) / max(cluster.skilled, 1.0)) ** p.wage_pressure


def _fitness(cluster: Cluster) -> tuple[dict[Firm, float], dict[Firm, float]]:
    p, world = cluster.p.market, cluster.world
    cluster.market = [size * math.exp(world.growth) for size in cluster.market]
    density = cluster.employment / (math.pi * cluster.radius**2) / p.congestion_density
    place = p.agglomeration * math.log(1.0 + cluster.employment / p.agglomeration_scale)
    place -= p.congestion * math.log(1.0 + density**2)
    able, fitness = {}, {}
    for firm in cluster.firms:
        able[firm] = firm.knowledge + place - p.mismatch * turn(firm.technology, world.regime) ** 2
        score = able[firm] - (world.frontier - p.rival_lag + world.rivalry)
        score += p.quality_weight * (firm.quality - 0.5) + p.saving_weight * firm.cost_saving
        score += p.brand_weight * (cluster.brand + cluster.levers["brand"])
        score -= p.wage_weight * math.log(cluster.wage / world.wage) + p.span * above_zero(firm.log_size - 2.4)
        fitness[firm] = math.exp(min(score, 2.0))
    for s in range(cluster.segments):
        above = sum(f.base / cluster.market[s] * (fitness[f] - 1.0) for f in cluster.firms if f.segment == s)
        cluster.fitness[s] = max(0.2, 1.0 + above)
    return able, fitness


def _sourcing(cluster: Cluster) -> dict[Firm, float]:
    """Contracts over supply relations; returns the list value of what each firm sells over them."""
    p = cluster.p.market
    contracted = dict.fromkeys(cluster.firms, 0.0)
    suppliers: dict[Firm, list[tuple[Firm, Tie]]] = {firm: [] for firm in cluster.firms}
    for tie in cluster.live_ties:
        tie.value = 0.0
        if tie.kind == VERTICAL and tie.level >= 2:
            seller, buyer = sorted((tie.a, tie.b), key=lambda firm: firm.segment)
            standard = p.standard_tractor if isinstance(buyer, TractorFirm) else p.standard_sme
            if seller.quality >= standard:
                suppliers[buyer].append((seller, tie))
    for firm in cluster.firms:
        firm.trade = firm.purchases = firm.dependence = 0.0
    for buyer in cluster.firms:
        trusted = sum(tie.trust_of(buyer) for _, tie in suppliers[buyer])
        offered = sum(tie.trust_of(buyer) * seller.employees for seller, tie in suppliers[buyer])
        buyer.local_share += p.local_speed * (p.local_most * trusted / (trusted + p.local_half) - buyer.local_share)
        bill = p.inputs * buyer.sales
        for seller, tie in suppliers[buyer]:
            part = tie.trust_of(buyer) * seller.employees / offered
            tie.value = min(buyer.local_share * bill * part, p.contract_most * seller.sales)
            needs_buyer = min(1.0, tie.value / max(seller.sales, 1e-9))
            needs_seller = min(1.0, tie.value / max(bill, 1e-9))
            price = tie.value * (1.0 - 0.5 * p.surplus * (needs_buyer - needs_seller))
            seller.trade += price
            buyer.purchases += price
            seller.dependence = max(seller.dependence, needs_buyer)
            contracted[seller] += tie.value
    return contracted


def _sell(cluster: Cluster, firm: Firm, able: float, fitness: float, contracted: float) -> None:
    p, world = cluster.p.market, cluster.world
    change = p.selection * (fitness / cluster.fitness[firm.segment] - 1.0) + world.growth
    change += p.noise * math.exp(-p.noise_size * firm.log_size) * world.laplace("orders", firm.uid)
    firm.base *= math.exp(change)
    firm.productivity = math.exp(able) * world.output

    cut = world.frontier - p.export_cut - p.reach_weight * firm.reach
    able_x = clip((firm.knowledge - cut) / p.export_cut, 0.0, 1.0) * (0.5 + 0.5 * firm.quality)
    target = cluster.export_pull * able_x
    if p.export_margin * firm.base * target / (1.0 - target) < export_cost(cluster, firm):
        target = 0.0
    firm.export_share += p.export_speed * (target - firm.export_share)

    domestic = firm.base * math.exp(world.cycle_local + world.shock_demand)
    foreign = firm.base * firm.export_share / (1.0 - firm.export_share) * math.exp(world.cycle_export + world.shock_demand)
    wanted = domestic + foreign
    fill = min(1.0, above_zero(p.slack * firm.productivity * firm.employees - contracted) / wanted)
    firm.exports = fill * foreign
    firm.sales = fill * wanted + firm.trade
    needed = (wanted + contracted) / firm.productivity - firm.employees
    firm.employees = max(1.0, firm.employees + needed * (p.hiring if needed > 0.0 else p.firing))
    firm.log_size = math.log(1.0 + firm.employees)


def export_cost(cluster: Cluster, firm: Firm) -> float:
    return cluster.p.market.export_cost * (1.0 - 0.5 * firm.reach) * (1.0 - min(1.0, cluster.levers["export_support"]))


def finance(cluster: Cluster) -> None:
    """7.10."""
    for firm in cluster.firms:
        _trade(cluster, firm)
        wanted = cluster.p.finance.buffer * firm.sales
        _credit(cluster, firm, wanted)
        _invest(cluster, firm, wanted)
    for institution in (cluster.facilitator, *cluster.schools):
        cluster.nation += institution.cash
        institution.cash = 0.0
    surplus = cluster.bank.cash + cluster.loans - cluster.bank_capital
    if surplus > 0.0:
        cluster.bank.cash -= surplus
        cluster.nation += surplus


def _trade(cluster: Cluster, firm: Firm) -> None:
    p, levers = cluster.p.finance, cluster.levers
    outside = above_zero(cluster.p.market.inputs * firm.sales * (1.0 - firm.cost_saving) - firm.purchases)
    wages = cluster.wage * firm.employees
    research = firm.rd_share * firm.sales * (1.0 - min(0.9, levers["rd_support"]))
    overhead = p.overhead * firm.sales
    if firm.export_share > 0.01:
        overhead += export_cost(cluster, firm)
    interest = p.interest * firm.debt
    firm.wage_bill = wages
    firm.profit = firm.sales - outside - firm.purchases - wages - research - overhead - interest
    firm.cash += firm.profit
    cluster.nation -= firm.sales - firm.exports - firm.trade
    cluster.abroad -= firm.exports
    cluster.abroad += p.imported * outside
    cluster.nation += (1.0 - p.imported) * outside + wages + research + overhead
    cluster.bank.cash += interest
    firm.margin += p.smoothing * (firm.profit / max(firm.sales, 1e-9) - firm.margin)


def _credit(cluster: Cluster, firm: Firm, wanted: float) -> None:
    p = cluster.p.finance
    short = 0.5 * wanted - firm.cash
    if short > 0.0:
        limit = firm.assets * (p.collateral + p.relationship * min(firm.bond, 1.0))
        limit *= 1.0 + min(1.0, cluster.levers["guarantee"])
        change = p.appetite * min(short, above_zero(limit - firm.debt))
    else:
        change = -min(p.repay * firm.debt, above_zero(firm.cash - 0.5 * wanted))
    firm.debt += change
    firm.cash += change
    cluster.loans += change
    cluster.bank.cash -= change


def _invest(cluster: Cluster, firm: Firm, wanted: float) -> None:
    p = cluster.p.finance
    firm.assets *= 1.0 - p.depreciation
    missing = above_zero(p.assets_target * firm.sales - firm.assets)
    bought = min(p.invest_speed * missing, above_zero(firm.cash - 0.5 * wanted))
    owners = p.payout * above_zero(firm.cash - bought - wanted)
    firm.assets += bought
    firm.cash -= bought + owners
    cluster.abroad += p.imported * bought
    cluster.nation += (1.0 - p.imported) * bought + owners
