"""Market and labour: docs/odd.md, section 7.11."""

from __future__ import annotations

import math

from clustersim.model.state import VERTICAL
from reference.cluster import Cluster
from reference.entities import Firm, SmallFirm, Tie, TractorFirm, University
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
    built = min(1.0, p.goods_speed * cluster.levers["public_goods"]) * (1.0 - cluster.public_goods)
    cluster.public_goods += built - p.goods_wear * cluster.public_goods


def _labour(cluster: Cluster) -> None:
    p, world, levers = cluster.p.market, cluster.world, cluster.levers
    cluster.employment = total(firm.employees for firm in cluster.firms)
    cluster.held = held(cluster)
    coming = levers["graduates"] + p.trainees * min(1.0, levers["training"])
    for school in cluster.schools:
        if isinstance(school, University):
            coming += p.graduates * (1.0 - 2.0 * turn(school.technology, cluster.technology))
    name = min(1.0, cluster.brand + levers["brand"])
    coming += p.talents * min(1.0, levers["talent"]) * (1.0 - p.talents_name + p.talents_name * name)
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
        score += p.saving_weight * firm.cost_saving
        score += p.proximity * firm.local_share
        score += p.brand_weight * cluster.factor("brand") * (cluster.brand + cluster.levers["brand"])
        score -= p.wage_weight * math.log(cluster.wage / world.wage)
        score -= p.span * cluster.factor("span") * above_zero(firm.log_size - p.span_from)
        score -= p.markup * cluster.collusion if firm.member else 0.0
        fitness[firm] = math.exp(min(score, p.fitness_most))
    for s in range(cluster.segments):
        above = total(f.base / cluster.market[s] * (fitness[f] - 1.0) for f in cluster.firms if f.segment == s)
        cluster.fitness[s] = max(p.fitness_least, 1.0 + above)
    return able, fitness


class Supply:
    """A supply relation: who sells over which tie, and the weight that the buyer gives it."""

    def __init__(self, seller: Firm, buyer: Firm, tie: Tie):
        p = seller.cluster.p.market
        self.seller, self.buyer, self.tie = seller, buyer, tie
        self.weight = tie.trust_of(buyer) if tie.level >= 2 else p.arms_length

    @property
    def meets_standard(self) -> bool:
        p = self.seller.cluster.p.market
        return self.seller.quality >= (p.standard_tractor if isinstance(self.buyer, TractorFirm) else p.standard_sme)


def _supplies(cluster: Cluster) -> list[Supply]:
    """Vertical ties of firms that stand in different segments now, whatever the seller's quality."""
    found = []
    for tie in cluster.live_ties:
        if tie.kind == VERTICAL and tie.a.segment != tie.b.segment:
            seller, buyer = sorted((tie.a, tie.b), key=lambda firm: firm.segment)
            found.append(Supply(seller, buyer, tie))
    return found


def _order(cluster: Cluster, supplies: list[Supply], speed: float) -> None:
    """Let buyers turn to suppliers in the cluster, at this speed, and order: the value of each tie."""
    p = cluster.p.market
    for tie in cluster.live_ties:
        tie.value = 0.0
    for buyer in cluster.firms:
        mine = [supply for supply in supplies if supply.buyer is buyer]
        weight = total(supply.weight for supply in mine)
        buyer.local_share += speed * (p.local_most * weight / (weight + p.local_half) - buyer.local_share)
        offered = total(supply.weight * supply.seller.employees for supply in mine)
        most = min(1.0, p.contract_most * cluster.factor("contract"))
        for supply in mine:
            part = supply.weight * supply.seller.employees / offered if offered > 0.0 else 0.0
            supply.tie.value = min(buyer.local_share * _bill(buyer) * part, most * supply.seller.sales)


def _bill(buyer: Firm) -> float:
    """What a firm spends on inputs, wherever they come from."""
    return buyer.cluster.p.market.inputs * buyer.sales


def _values(cluster: Cluster, supplies: list[Supply], side: str) -> dict[Firm, float]:
    """The value of all that each firm trades in the cluster as a seller or as a buyer."""
    values = dict.fromkeys(cluster.firms, 0.0)
    for supply in supplies:
        values[getattr(supply, side)] += supply.tie.value
    return values


def _drawn(cluster: Cluster, firm: Firm) -> float:
    """Domestic orders over the customer base."""
    p = cluster.p.market
    return 1.0 + firm.referrals + p.quality_weight * (firm.quality - p.quality_usual)


def first_trade(cluster: Cluster) -> None:
    """Section 5: what firms buy from each other at the start, taken off what they sell to others."""
    p = cluster.p.market
    supplies = [supply for supply in _supplies(cluster) if supply.meets_standard]
    _order(cluster, supplies, speed=1.0)
    contracted = _values(cluster, supplies, "seller")
    for firm in cluster.firms:
        firm.base = max(firm.base - contracted[firm], p.first_base * firm.base) / _drawn(cluster, firm)
    for s, (before, now) in enumerate(zip(cluster.held, held(cluster))):
        if before > 0.0:
            cluster.market[s] *= now / before
    cluster.held = held(cluster)


def _sourcing(cluster: Cluster) -> dict[Firm, float]:
    """Trade over supply relations; returns the list value of what each firm sells over them."""
    p = cluster.p.market
    all_supplies = _supplies(cluster)
    supplies = [supply for supply in all_supplies if supply.meets_standard]
    pulled: dict[Firm, float] = {}
    for supply in all_supplies:
        if supply.tie.level >= 2 and isinstance(supply.buyer, TractorFirm):
            lead = supply.weight * (supply.buyer.quality - supply.seller.quality)
            pulled[supply.seller] = max(pulled.get(supply.seller, 0.0), lead)
    for firm, lead in pulled.items():
        firm.quality += p.upgrading * lead
    _order(cluster, supplies, p.local_speed)
    contracted, ordered = (_values(cluster, supplies, side) for side in ("seller", "buyer"))
    for firm in cluster.firms:
        firm.trade = firm.purchases = firm.premium = firm.dependence = 0.0
    for supply in supplies:
        seller, buyer, value = supply.seller, supply.buyer, supply.tie.value
        needs_buyer = min(1.0, value / max(seller.sales, 1e-9))
        needs_seller = min(1.0, value / max(_bill(buyer), 1e-9))
        loses_buyer = needs_buyer * value / max(contracted[seller], 1e-9)
        loses_seller = needs_seller * value / max(ordered[buyer], 1e-9)
        group, surplus = _group(supply), p.surplus * cluster.factor("surplus")
        price = value * (1.0 - 0.5 * surplus * (loses_buyer * (1.0 - group) - loses_seller))
        buyer.premium += 0.5 * surplus * loses_buyer * group * value
        haggling = p.haggling if supply.tie.level < 2 else 0.0
        haggling *= (1.0 - p.connected * cluster.public_goods) * (1.0 - group)
        spent = price * (haggling + p.group_cost * group)
        buyer.purchases += price
        seller.trade += price - spent
        cluster.nation += spent
        seller.dependence = max(seller.dependence, needs_buyer)
    return contracted


def _group(supply: Supply) -> float:
    """The part of what a supplier loses without its buyer that a group of suppliers takes off."""
    seller = supply.seller
    if not (isinstance(seller, SmallFirm) and seller.member and isinstance(supply.buyer, TractorFirm)):
        return 0.0
    return seller.cluster.p.market.organised * min(1.0, seller.lever("bargaining"))


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
        + p.certified_weight * max(firm.certified, p.norms * cluster.public_goods)
    )
    target = cluster.export_pull * able_x
    fixed = export_bill(cluster, firm) * (1.0 - firm.aid("export_support", 1.0))
    if p.export_margin * firm.base * target / (1.0 - target) < fixed:
        target = 0.0
    firm.export_share += min(1.0, p.export_speed * (1.0 + firm.lever("intelligence"))) * (target - firm.export_share)

    domestic = firm.base * _drawn(cluster, firm) * math.exp(world.cycle_local + world.shock_demand)
    if firm.quality >= p.procurement_quality:
        domestic *= 1.0 + firm.lever("procurement")
    foreign = firm.base * firm.export_share / (1.0 - firm.export_share) * math.exp(world.cycle_export + world.shock_demand)
    wanted = domestic + foreign
    room = above_zero(p.slack * firm.productivity * firm.employees - contracted)
    fill = min(1.0, room / wanted) if wanted > 0.0 else 1.0  # nobody wants anything of a firm that lives of contracts alone
    firm.exports = fill * foreign
    higher = p.markup * cluster.collusion * domestic if firm.member else 0.0
    firm.sales = fill * (wanted + higher) + firm.trade
    needed = (wanted + contracted) / firm.productivity - firm.employees
    firm.employees = max(1.0, firm.employees + needed * (p.hiring if needed > 0.0 else p.firing))
    firm.log_size = math.log(1.0 + firm.employees)


def export_bill(cluster: Cluster, firm: Firm) -> float:
    p = cluster.p.market
    return p.export_cost * cluster.factor("export_cost") * (1.0 - p.reach_saving * firm.reach)
