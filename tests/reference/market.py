"""Market and labour: docs/odd.md, section 7.11."""

from __future__ import annotations

import math

from clustersim.model.state import VERTICAL
from reference.cluster import Cluster
from reference.entities import Firm, Tie, TractorFirm, University
from reference.world import above_zero, clip, total, turn


def market(cluster: Cluster) -> None:
    """7.11."""
    _markets(cluster)
    able, fitness = rate(cluster)
    contracted = _sourcing(cluster)
    p, world = cluster.p.market, cluster.world
    luck = p.place_noise * world.normal("place", cluster.uid) - p.place_noise**2 / 2.0
    for firm in cluster.firms:
        firm.fitness = fitness[firm] / cluster.fitness[firm.segment]
        _sell(cluster, firm, able[firm], luck, contracted[firm])
    _labour(cluster)


def held(cluster: Cluster) -> list[float]:
    """What the firms of the place hold of the market of each segment."""
    return [total(firm.base for firm in cluster.firms if firm.segment == s) for s in range(cluster.segments)]


def place_part(cluster: Cluster) -> float:
    """What the place adds to the productivity of its firms."""
    p = cluster.p.market
    density = cluster.employment / (math.pi * cluster.radius**2) / p.congestion_density
    density *= 1.0 - p.park_relief * min(1.0, cluster.levers["park"])
    gained = p.agglomeration * math.log(1.0 + cluster.employment / p.agglomeration_scale)
    return gained - p.congestion * math.log(1.0 + density**2)


def _markets(cluster: Cluster) -> None:
    p, world = cluster.p.market, cluster.world
    luck = p.industry_noise * world.normal("industry", int(1e6 * cluster.activity)) - p.industry_noise**2 / 2.0
    for s in range(cluster.segments):
        spread = p.diffusion * (1.0 - cluster.adoption[s])
        cluster.adoption[s] *= math.exp(spread)
        cluster.expansion[s] = spread + p.mature * world.growth + luck
        cluster.market[s] *= math.exp(cluster.expansion[s])


def _labour(cluster: Cluster) -> None:
    p, world, levers = cluster.p.market, cluster.world, cluster.levers
    cluster.employment = total(firm.employees for firm in cluster.firms)
    cluster.held = held(cluster)
    coming = levers["graduates"] + p.trainees * min(1.0, levers["training"])
    for school in cluster.schools:
        if isinstance(school, University):
            coming += p.graduates * (1.0 - 2.0 * turn(school.technology, cluster.technology))
    cluster.skilled += p.mobility * (cluster.employment - cluster.skilled) + coming
    cluster.wage = world.wage * (max(cluster.employment, 1.0) / max(cluster.skilled, 1.0)) ** p.wage_pressure
    beyond = total(firm.base for firm in cluster.firms) - cluster.share_start * total(cluster.market)
    cluster.displaced = beyond / (world.output * math.exp(world.frontier - p.rival_lag))


def _standing(cluster: Cluster, segment: int) -> float:
    """What a firm of the segment is up against: outsiders, and customers that are the harder to win the more the place has."""
    p, world = cluster.p.market, cluster.world
    grown = math.log(max(cluster.held[segment], 1e-9) / (cluster.share_start * cluster.market[segment]))
    outsiders = world.frontier - p.rival_lag + world.rivalry + cluster.rivals[segment]
    return outsiders + p.reluctance * max(grown, -p.reluctance_most)


def rate(cluster: Cluster) -> tuple[dict[Firm, float], dict[Firm, float]]:
    """What each firm is able to make, and its fitness; the fitness of each market is kept."""
    p, world = cluster.p.market, cluster.world
    place = place_part(cluster)
    standing = [_standing(cluster, s) for s in range(cluster.segments)]
    able, fitness = {}, {}
    for firm in cluster.firms:
        able[firm] = firm.knowledge + place - p.mismatch * turn(firm.technology, firm.asked) ** 2
        score = able[firm] - standing[firm.segment]
        score += p.quality_weight * (firm.quality - p.quality_usual) + p.saving_weight * firm.cost_saving
        score += p.proximity * firm.local_share
        score += p.brand_weight * (cluster.brand + cluster.levers["brand"])
        score -= p.wage_weight * math.log(cluster.wage / world.wage) + p.span * above_zero(firm.log_size - p.span_from)
        score -= p.markup * cluster.collusion if firm.member else 0.0
        fitness[firm] = math.exp(min(score, p.fitness_most))
    for s in range(cluster.segments):
        above = total(f.base / cluster.market[s] * (fitness[f] - 1.0) for f in cluster.firms if f.segment == s)
        cluster.fitness[s] = max(p.fitness_least, 1.0 + above)
    return able, fitness


def _sourcing(cluster: Cluster) -> dict[Firm, float]:
    """Contracts over supply relations; returns the list value of what each firm sells over them."""
    p = cluster.p.market
    contracted = dict.fromkeys(cluster.firms, 0.0)
    suppliers: dict[Firm, list[tuple[Firm, Tie]]] = {firm: [] for firm in cluster.firms}
    pulled: dict[Firm, float] = {}
    for tie in cluster.live_ties:
        tie.value = 0.0
        if tie.kind == VERTICAL and tie.level >= 2 and tie.a.segment != tie.b.segment:
            seller, buyer = sorted((tie.a, tie.b), key=lambda firm: firm.segment)
            standard = p.standard_tractor if isinstance(buyer, TractorFirm) else p.standard_sme
            if isinstance(buyer, TractorFirm):
                lead = tie.trust_of(buyer) * (buyer.quality - seller.quality)
                pulled[seller] = max(pulled.get(seller, 0.0), lead)
            if seller.quality >= standard:
                suppliers[buyer].append((seller, tie))
    for firm, lead in pulled.items():
        firm.quality += p.upgrading * lead
    for firm in cluster.firms:
        firm.trade = firm.purchases = firm.dependence = 0.0
    sought = {}  # what each buyer with suppliers wants to buy in the cluster
    for buyer in cluster.firms:
        trusted = total(tie.trust_of(buyer) for _, tie in suppliers[buyer])
        buyer.local_share += p.local_speed * (p.local_most * trusted / (trusted + p.local_half) - buyer.local_share)
        if suppliers[buyer]:
            sought[buyer] = buyer.local_share * p.inputs * buyer.sales
    for buyer in sought:
        dominance = sought[buyer] / max(total(sought.values()), 1e-9)
        offered = total(tie.trust_of(buyer) * seller.employees for seller, tie in suppliers[buyer])
        for seller, tie in suppliers[buyer]:
            part = tie.trust_of(buyer) * seller.employees / offered
            tie.value = min(sought[buyer] * part, p.contract_most * seller.sales)
            needs_buyer = min(1.0, tie.value / max(seller.sales, 1e-9))
            needs_seller = min(1.0, tie.value / max(p.inputs * buyer.sales, 1e-9))
            price = tie.value * (1.0 - 0.5 * p.surplus * (dominance * needs_buyer - needs_seller))
            seller.trade += price
            buyer.purchases += price
            seller.dependence = max(seller.dependence, needs_buyer)
            contracted[seller] += tie.value
    return contracted


def _sell(cluster: Cluster, firm: Firm, able: float, luck: float, contracted: float) -> None:
    p, world = cluster.p.market, cluster.world
    change = p.selection * (firm.fitness - 1.0) + cluster.expansion[firm.segment] + luck
    if world.uniform("lump", firm.uid) < p.lump:
        z = p.noise * math.exp(-p.noise_size * firm.log_size)
        change += z * world.laplace("orders", firm.uid) + math.log(1.0 - z**2)
    firm.base *= math.exp(change)
    firm.productivity = math.exp(able) * world.output

    cut = world.frontier - p.export_cut - p.reach_weight * firm.reach
    able_x = clip((firm.knowledge - cut) / p.export_cut, 0.0, 1.0)
    able_x *= (
        1.0 - p.capability_weight
        + (p.capability_weight - p.certified_weight) * firm.quality
        + p.certified_weight * firm.certified
    )
    target = cluster.export_pull * able_x
    if p.export_margin * firm.base * target / (1.0 - target) < export_cost(cluster, firm):
        target = 0.0
    firm.export_share += min(1.0, p.export_speed * (1.0 + firm.lever("intelligence"))) * (target - firm.export_share)

    domestic = firm.base * math.exp(world.cycle_local + world.shock_demand)
    if firm.quality >= p.procurement_quality:
        domestic *= 1.0 + firm.lever("procurement")
    foreign = firm.base * firm.export_share / (1.0 - firm.export_share) * math.exp(world.cycle_export + world.shock_demand)
    wanted = domestic + foreign
    fill = min(1.0, above_zero(p.slack * firm.productivity * firm.employees - contracted) / wanted)
    firm.exports = fill * foreign
    higher = p.markup * cluster.collusion * domestic if firm.member else 0.0
    firm.sales = fill * (wanted + higher) + firm.trade
    needed = (wanted + contracted) / firm.productivity - firm.employees
    firm.employees = max(1.0, firm.employees + needed * (p.hiring if needed > 0.0 else p.firing))
    firm.log_size = math.log(1.0 + firm.employees)


def export_cost(cluster: Cluster, firm: Firm) -> float:
    p = cluster.p.market
    return p.export_cost * (1.0 - p.reach_saving * firm.reach) * (1.0 - min(1.0, firm.lever("export_support")))
