"""Step 11, market: demand spreads, shares follow fitness, chains are sourced, buyer and supplier bargain, labour is hired.

Each segment sells on a wide market that grows in an S-curve (Griliches 1957; Bass 1969), where the cluster's firms compete with
one another and with outsiders: a customer base grows with fitness relative to the market's mean (Dosi et al. 2010; Dosi & Nelson
1994), and the customers that a place has not yet won are harder to win (Hornbeck & Moretti 2024). Shocks are common to an
industry, common to a place, or a firm's own: tent-shaped, in lumps that are smaller for large firms (Stanley et al. 1996;
Bottazzi & Secchi 2006). Firms above a cut-off export when it pays its fixed cost (Melitz 2003). Buyers source locally what meets
their standard, from trusted partners and, with less weight and on worse terms, at arm's length; the price follows from bargaining
in which each side's fall-back is what it has besides this partner (Nash; power-dependence: Emerson 1962), or, where suppliers are
organised, what they have as a group. Public goods of the place serve all firms alike. Agglomeration and congestion: Martin, Mayer
& Mayneris; Combes et al. 2018.
"""

from __future__ import annotations

import math

import numpy as np

from clustersim.core.accelerate import kernel
from clustersim.core.draws import PROCESS, laplace, normal, stream, uniform
from clustersim.core.schema import Parameter
from clustersim.model.activity_types import CONTRACT, EXPORT_COST, PLACE_BRAND, SPAN, SURPLUS
from clustersim.model.levers import (
    BARGAINING,
    BRAND,
    GRADUATES,
    INTELLIGENCE,
    PARK,
    PROCUREMENT,
    PUBLIC_GOODS,
    TALENT,
    TRAINING,
)
from clustersim.model.network import near, turn
from clustersim.model.reach import EXPORT_BILL, aid, lever
from clustersim.model.state import ACQUAINTANCE, COMMERCIAL, FREE, SME, TRACTOR, UNIVERSITY, VERTICAL
from clustersim.model.units import TINY

PARAMETERS = {
    "selection": Parameter(0.12, "1/quarter", 0.01, 0.3, "Strength of selection (replicator)",
                           "chi 0.1 to 1 a step in Dosi et al.; measured selection is weak"),
    "rival_lag": Parameter(0.18, "log points", 0.0, 1.0, "Distance of the typical outside competitor to the frontier"),
    "reluctance": Parameter(0.20, "1", 0.0, 1.0, "Fitness lost per log point by which the place's share of a market exceeds its "
                            "first one: the customers that are left are harder to win", "inverse of the elasticity of a "
                            "place's jobs to its productivity, about 4 to 5 (Hornbeck & Moretti 2024, from memory)"),
    "reluctance_most": Parameter(1.5, "log points", 0.2, 4.0, "Fall of that share beyond which it counts no more: the last "
                                 "customers stay for their own reasons"),
    "mature": Parameter(0.75, "1", 0.0, 1.5, "Growth of the demand for a product that all know, over that of productivity"),
    "diffusion": Parameter(0.06, "1/quarter", 0.0, 0.3, "Speed at which a new product finds its buyers (logistic)",
                           "S-shaped diffusion: Griliches 1957, Bass 1969 (form); value assumed"),
    "industry_noise": Parameter(0.02, "log points/quarter", 0.0, 0.1, "Standard deviation of lasting shocks to an industry's "
                                "markets"),
    "place_noise": Parameter(0.02, "log points/quarter", 0.0, 0.1, "Standard deviation of lasting shocks to the customers of all "
                             "firms of a place"),
    "lump": Parameter(0.2, "1/quarter", 0.05, 1.0, "Chance that a firm wins or loses customers beyond what selection does"),
    "noise": Parameter(0.40, "log points", 0.0, 0.8, "Scale of such a shock to a one-person firm's customer base; what is "
                       "won and lost is equal on average"),
    "noise_size": Parameter(0.18, "1", 0.0, 0.4, "Fall of that scale with log size", "Stanley et al. 1996, Amaral et al. 1997: "
                            "0.15 to 0.20"),
    "span": Parameter(0.07, "1", 0.0, 0.3, "Loss of fitness per log point of employment above `span_from` (span of control)"),
    "span_from": Parameter(2.4, "1", 0.0, 5.0, "Log of (1 + employees) above which span of control costs fitness"),
    "fitness_most": Parameter(2.0, "log points", 0.5, 4.0, "Fitness beyond which no firm comes"),
    "fitness_least": Parameter(0.2, "1", 0.05, 0.9, "Least mean fitness of a market, over that of outsiders"),
    "quality_weight": Parameter(0.25, "1", 0.0, 0.9, "Domestic orders that full quality draws over none, relative to usual ones"),
    "quality_usual": Parameter(0.5, "1", 0.0, 1.0, "Quality of the typical outside competitor"),
    "saving_weight": Parameter(1.0, "1", 0.0, 2.0, "Fitness of an input cost saved"),
    "proximity": Parameter(0.15, "1", 0.0, 0.5, "Fitness of a firm that buys all it can from trusted suppliers nearby",
                           "lower cost of transactions in clusters: Porter 1998 (sign); value assumed"),
    "brand_weight": Parameter(0.10, "1", 0.0, 0.5, "Fitness of a full brand"),
    "wage_weight": Parameter(0.4, "1", 0.0, 1.0, "Loss of fitness per log point of wage above the nation's"),
    "mismatch": Parameter(3.0, "log points/turn²", 0.0, 15.0, "Productivity lost per squared distance to the market's "
                          "technology"),
    "agglomeration": Parameter(0.03, "1", 0.0, 0.07, "Elasticity of productivity to own-sector employment",
                               "0.015 to 0.039 over places (Donovan et al. 2024); Melo et al. 2009"),
    "agglomeration_scale": Parameter(500.0, "persons", 50.0, 5000.0, "Employment at which it sets in"),
    "congestion": Parameter(0.05, "1", 0.0, 0.3, "Half the elasticity of productivity lost to density far above the next",
                            "elasticity of urban cost 0.03 to 0.08 (Combes, Duranton & Gobillon 2018); form assumed"),
    "congestion_density": Parameter(8.0, "persons/km²", 2.0, 200.0, "Density of cluster jobs at which it sets in"),
    "park_relief": Parameter(0.5, "share", 0.0, 1.0, "Part of density that a full industrial park takes off"),
    "export_cut": Parameter(0.50, "log points", 0.05, 1.0, "Distance to the frontier beyond which nobody exports"),
    "export_speed": Parameter(0.06, "1/quarter", 0.01, 0.3, "Speed at which exports grow toward their target"),
    "export_margin": Parameter(0.10, "share", 0.02, 0.4, "Margin on exports that must cover the fixed cost"),
    "export_cost": Parameter(12.0, "kUSD/quarter", 0.0, 100.0, "Fixed cost of export"),
    "reach_saving": Parameter(0.5, "share", 0.0, 1.0, "Part of the fixed cost of export that a full joint export project saves"),
    "reach_weight": Parameter(0.15, "log points", 0.0, 0.5, "Shift of the export cut-off by a joint export project"),
    "inputs": Parameter(0.55, "share of sales", 0.3, 0.8, "Input cost over sales"),
    "local_most": Parameter(0.5, "share of inputs", 0.0, 0.9, "Largest share of inputs that can be bought in the cluster"),
    "local_half": Parameter(1.2, "suppliers", 0.2, 6.0, "Trusted qualified suppliers at which half of that is reached"),
    "arms_length": Parameter(0.12, "share", 0.0, 1.0, "Weight of a qualified supplier without cooperation, over a trusted one",
                             "trade is common and needs no trust: Giuliani 2007 (sign); value assumed"),
    "haggling": Parameter(0.04, "share of price", 0.0, 0.2, "Part of the price that trade at arm's length costs the supplier: "
                          "search, tests, lawyers", "transaction costs: Williamson 1979 (form); value assumed"),
    "local_speed": Parameter(0.25, "1/quarter", 0.02, 0.5, "Speed at which sourcing adapts"),
    "standard_tractor": Parameter(0.45, "1", 0.0, 1.0, "Quality that a tractor firm asks of a supplier"),
    "standard_sme": Parameter(0.20, "1", 0.0, 1.0, "Quality that an SME asks of a supplier"),
    "first_base": Parameter(0.2, "share", 0.0, 1.0, "Least part of a firm's first domestic orders that comes from outside the "
                            "cluster"),
    "upgrading": Parameter(0.04, "1/quarter", 0.0, 0.2, "Part of the distance to a tractor firm's quality that a fully trusted "
                           "supplier closes in a quarter", "ILO §3.2, RP: tractor firms pull suppliers (sign); value assumed"),
    "contract_most": Parameter(0.6, "share of output", 0.1, 1.0, "Largest part of a supplier's output one contract takes"),
    "surplus": Parameter(0.30, "share of price", 0.0, 0.5, "Surplus of a contract that its two sides bargain over"),
    "slack": Parameter(1.10, "1", 1.0, 1.5, "Output at full stretch over normal output"),
    "hiring": Parameter(0.50, "1/quarter", 0.05, 0.9, "Speed of hiring"),
    "firing": Parameter(0.40, "1/quarter", 0.05, 0.9, "Speed of dismissal"),
    "capability_weight": Parameter(0.5, "1", 0.5, 1.0, "Part of the capability to export that rests on quality and certificate"),
    "certified_weight": Parameter(0.15, "1", 0.0, 0.5, "Part of the capability to export that a certificate gives"),
    "markup": Parameter(0.06, "share of price", 0.0, 0.3, "Rise of members' domestic prices under full collusion"),
    "procurement_quality": Parameter(0.5, "1", 0.0, 1.0, "Quality that public buyers ask for"),
    "graduates": Parameter(1.0, "persons/quarter", 0.0, 20.0, "Specialists that a fully relevant university gives the pool"),
    "trainees": Parameter(4.0, "persons/quarter", 0.0, 40.0, "Specialists that full training adds to the pool"),
    "wage_pressure": Parameter(0.10, "1", 0.0, 0.5, "Elasticity of the cluster's wage to jobs over skilled labour"),
    "mobility": Parameter(0.03, "1/quarter", 0.0, 0.2, "Speed at which labour moves toward the cluster's jobs"),
    "goods_speed": Parameter(0.10, "1/quarter", 0.0, 0.5, "Part of the missing public goods that full effort builds"),
    "goods_wear": Parameter(0.02, "1/quarter", 0.0, 0.2, "Wear of public goods"),
    "connected": Parameter(0.25, "share", 0.0, 1.0, "Part of the cost of trade at arm's length that full public goods save: "
                           "transport, security, known skills", "DINI: basic factors (sign); value assumed"),
    "norms": Parameter(0.2, "share", 0.0, 1.0, "Part of what a certificate gives for export that full public goods give to all: "
                       "norms that buyers accept", "ILO §2.4: food safety norms (sign); value assumed"),
    "organised": Parameter(0.5, "share", 0.0, 1.0, "Part of what a supplier loses without a tractor firm that a group of "
                           "suppliers takes off", "DINI: vertical networks of organised suppliers (sign); value assumed"),
    "group_cost": Parameter(0.01, "share of price", 0.0, 0.1, "Part of the price that bargaining as a group costs the supplier",
                            "DINI: low efficiency of that model (sign); value assumed"),
    "talents": Parameter(4.0, "persons/quarter", 0.0, 40.0, "Skilled people whom full effort draws to a place with a full brand"),
    "talents_name": Parameter(0.5, "share", 0.0, 1.0, "Part of them who come for the name of the place"),
}  # fmt: skip
ORDERS, LUMP, INDUSTRY, PLACE = (PROCESS[name] for name in ("orders", "lump", "industry", "place"))
INDUSTRIES = 1e6  # activities that agree to this part of a turn are one industry: they share its shocks


@kernel
def trade(actors, ties, cluster, world, p):
    """Let markets grow, move shares, source inputs, settle prices, sell, and adapt employment and the wage."""
    shift_markets(cluster, world, p)
    rate_fitness(actors, cluster, world, p)
    source(actors, ties, cluster, p)
    place_orders(actors, ties, cluster, p)
    bargain(actors, ties, cluster, p)
    sell(actors, cluster, world, p)
    labour(actors, cluster, world, p)


@kernel
def shift_markets(cluster, world, p):
    """Let each segment's market grow: fast while its products spread, with productivity later, and with its industry's luck.

    The place's public goods grow with what is spent on them, and wear.
    """
    built = min(1.0, p.goods_speed * cluster.levers[PUBLIC_GOODS]) * (1.0 - cluster.public_goods)
    cluster.public_goods += built - p.goods_wear * cluster.public_goods
    industry = np.uint64(cluster.activity * INDUSTRIES)
    luck = p.industry_noise * normal(stream(world.key, world.quarter, INDUSTRY), industry) - 0.5 * p.industry_noise**2
    for s in range(cluster.segments):
        spread = p.diffusion * (1.0 - cluster.adoption[s])
        cluster.adoption[s] *= math.exp(spread)
        cluster.expansion[s] = spread + p.mature * world.growth + luck
        cluster.market[s] *= math.exp(cluster.expansion[s])


@kernel
def rate_fitness(actors, cluster, world, p):
    """Compute productivity and competitiveness of each firm, and the mean competitiveness of each segment's market."""
    place, common = advantages(cluster, world, p)
    for s in range(cluster.segments):
        cluster.fitness[s] = 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        s = actors.segment[i]
        apart = turn(actors.technology[i], cluster.asked[s])
        able = actors.knowledge[i] + place - p.mismatch * apart * apart
        actors.productivity[i] = math.exp(able)  # in units of output per employee at zero knowledge
        score = able + common - standing(cluster, world, s, p) + appeal(actors, cluster, i, p)
        actors.best[i] = math.exp(min(score, p.fitness_most))
        cluster.fitness[s] += actors.base[i] / cluster.market[s] * (actors.best[i] - 1.0)
    for s in range(cluster.segments):
        cluster.fitness[s] = max(p.fitness_least, 1.0 + cluster.fitness[s])


@kernel
def advantages(cluster, world, p):
    """Return what the place adds to productivity, agglomeration less congestion, and to what customers think of its firms."""
    density = cluster.employment / (math.pi * cluster.radius * cluster.radius) / p.congestion_density
    density *= 1.0 - p.park_relief * min(1.0, cluster.levers[PARK])
    place = p.agglomeration * math.log(1.0 + cluster.employment / p.agglomeration_scale)
    place -= p.congestion * math.log(1.0 + density * density)
    common = p.brand_weight * cluster.factors[PLACE_BRAND] * (cluster.brand + cluster.levers[BRAND])
    common -= p.wage_weight * math.log(cluster.wage / world.wage)
    return place, common


@kernel
def standing(cluster, world, s, p):
    """Return what a firm must reach to hold its customers in a segment: outsiders' level, and more where the place sells more."""
    grown = math.log(max(cluster.held[s], TINY) / (cluster.share_start * cluster.market[s]))
    return world.frontier - p.rival_lag + world.rivalry + cluster.rivals[s] + p.reluctance * max(grown, -p.reluctance_most)


@kernel
def appeal(actors, cluster, i, p):
    """Return what customers see in a firm beside its productivity: savings, suppliers nearby, less size and prices."""
    score = p.saving_weight * actors.cost_saving[i]
    score += p.proximity * actors.local_share[i]
    score -= p.span * cluster.factors[SPAN] * max(0.0, actors.log_size[i] - p.span_from)
    return score - p.markup * cluster.collusion * actors.member[i]


@kernel
def source(actors, ties, cluster, p):
    """Find each buyer's qualified suppliers, let its local share follow them, and let tractor firms pull suppliers' quality."""
    find_suppliers(actors, ties, cluster, p)
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE:
            actors.local_share[i] += p.local_speed * (sourced(actors, i, p) - actors.local_share[i])
            actors.quality[i] += p.upgrading * actors.dependence[i]
            actors.dependence[i] = actors.weight[i] = 0.0


@kernel
def sourced(actors, i, p):
    """Return the share of its inputs that a buyer wants from the qualified suppliers that it has, weighed in `weight`."""
    return p.local_most * actors.weight[i] / (actors.weight[i] + p.local_half)


@kernel
def find_suppliers(actors, ties, cluster, p):
    """Weigh each buyer's qualified suppliers (`weight`, and `effect` by size), and find what pulls suppliers' quality."""
    for i in range(cluster.firms, cluster.last):
        actors.weight[i] = actors.effect[i] = actors.contacts[i] = 0.0
        actors.trade[i] = actors.purchases[i] = actors.premium[i] = actors.dependence[i] = 0.0
    for t in range(cluster.ties, cluster.ties + cluster.tie_count):
        ties.value[t] = 0.0
        if ties.kind[t] != VERTICAL or ties.level[t] < ACQUAINTANCE:
            continue
        a, b = ties.a[t], ties.b[t]
        if actors.segment[a] == actors.segment[b]:  # both have moved into the related activity
            continue
        down = actors.segment[a] > actors.segment[b]
        buyer, seller = (a, b) if down else (b, a)
        weight = p.arms_length
        if ties.level[t] >= COMMERCIAL:
            weight = ties.trust_ab[t] if down else ties.trust_ba[t]
            pull = weight * (actors.quality[buyer] - actors.quality[seller]) * (actors.kind[buyer] == TRACTOR)
            actors.dependence[seller] = max(actors.dependence[seller], pull)  # until bargaining: the strongest pull
        if actors.quality[seller] >= (p.standard_tractor if actors.kind[buyer] == TRACTOR else p.standard_sme):
            ties.value[t] = weight * actors.employees[seller]
            actors.weight[buyer] += weight
            actors.effect[buyer] += ties.value[t]


@kernel
def place_orders(actors, ties, cluster, p):
    """Split local purchases over suppliers by weight and size, and sum up what each sells and buys in the cluster.

    Orders fill the work spaces `contacts` of the seller and `weight` of the buyer.
    """
    most = min(1.0, p.contract_most * cluster.factors[CONTRACT])
    for t in range(cluster.ties, cluster.ties + cluster.tie_count):
        if ties.value[t] > 0.0:
            buyer, seller = chain(actors, ties, t)
            bill = p.inputs * actors.sales[buyer]
            asked = actors.local_share[buyer] * bill * ties.value[t] / actors.effect[buyer]
            ties.value[t] = min(asked, most * actors.sales[seller])
            actors.contacts[seller] += ties.value[t]
            actors.weight[buyer] += ties.value[t]


@kernel
def bargain(actors, ties, cluster, p):
    """Settle the price of each order: it follows from what each side would lose without the other.

    Who trades with others as well can turn to them, so that a side loses its part of sales or inputs, times this partner's part
    of all that it trades in the cluster. Organised suppliers lose less without a tractor firm, which pays them a premium for it.
    Trade at arm's length costs the supplier a part of the price, and so does the group.
    """
    surplus = p.surplus * cluster.factors[SURPLUS]
    haggling = p.haggling * (1.0 - p.connected * cluster.public_goods)
    for t in range(cluster.ties, cluster.ties + cluster.tie_count):
        value = ties.value[t]
        if value > 0.0:
            buyer, seller = chain(actors, ties, t)
            needs_buyer = min(1.0, value / max(actors.sales[seller], TINY))
            needs_seller = min(1.0, value / max(p.inputs * actors.sales[buyer], TINY))
            loses_buyer, loses_seller = needs_buyer * value / actors.contacts[seller], needs_seller * value / actors.weight[buyer]
            group = grouped(actors, cluster, buyer, seller, p)
            paid = value * (1.0 - 0.5 * surplus * (loses_buyer * (1.0 - group) - loses_seller))
            lost = paid * (haggling * (ties.level[t] < COMMERCIAL) * (1.0 - group) + p.group_cost * group)
            actors.premium[buyer] += 0.5 * surplus * loses_buyer * group * value
            actors.trade[seller] += paid - lost
            cluster.nation += lost
            actors.purchases[buyer] += paid
            actors.dependence[seller] = max(actors.dependence[seller], needs_buyer)


@kernel
def grouped(actors, cluster, buyer, i, p):
    """Return the part of its dependence on a tractor firm that bargaining as a group takes off supplier i, a member."""
    if actors.kind[buyer] != TRACTOR or actors.kind[i] != SME or not actors.member[i]:
        return 0.0
    return p.organised * min(1.0, lever(actors, cluster, i, BARGAINING))


@kernel
def chain(actors, ties, t):
    """Return buyer and seller of a tie along the chain: who stands further down it buys."""
    a, b = ties.a[t], ties.b[t]
    return (a, b) if actors.segment[a] > actors.segment[b] else (b, a)


@kernel
def sell(actors, cluster, world, p):
    """Move customer bases, decide on export, fill orders up to capacity, and adapt employment."""
    noise, lump = stream(world.key, world.quarter, ORDERS), stream(world.key, world.quarter, LUMP)
    home = math.exp(world.cycle_local + world.shock_demand)
    abroad = math.exp(world.cycle_export + world.shock_demand)
    luck = p.place_noise * normal(stream(world.key, world.quarter, PLACE), cluster.uid) - 0.5 * p.place_noise**2
    dearer = p.markup * cluster.collusion
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        s = actors.segment[i]
        actors.fitness[i] = actors.best[i] / cluster.fitness[s]
        change = p.selection * (actors.fitness[i] - 1.0) + cluster.expansion[s] + luck
        if uniform(lump, actors.uid[i]) < p.lump:
            scale = p.noise * math.exp(-p.noise_size * actors.log_size[i])
            change += scale * laplace(noise, actors.uid[i]) + math.log(1.0 - scale * scale)  # fair: its exponential has mean 1
        actors.base[i] *= math.exp(change)
        actors.productivity[i] *= world.output
        export(actors, cluster, world, i, p)
        ratio = actors.export_share[i] / (1.0 - actors.export_share[i])
        domestic, foreign = actors.base[i] * home * drawn(actors, i, p), actors.base[i] * ratio * abroad
        domestic *= 1.0 + lever(actors, cluster, i, PROCUREMENT) * (actors.quality[i] >= p.procurement_quality)
        able = p.slack * actors.productivity[i] * actors.employees[i]
        wanted = domestic + foreign
        fill = min(1.0, max(0.0, able - actors.contacts[i]) / max(wanted, TINY))
        actors.exports[i] = fill * foreign
        actors.sales[i] = fill * (wanted + dearer * actors.member[i] * domestic) + actors.trade[i]
        needed = (wanted + actors.contacts[i]) / actors.productivity[i] - actors.employees[i]
        actors.employees[i] = max(1.0, actors.employees[i] + needed * (p.hiring if needed > 0.0 else p.firing))
        actors.log_size[i] = math.log(1.0 + actors.employees[i])


@kernel
def drawn(actors, i, p):
    """Return the domestic orders of a firm over its customer base: more by what acquaintances bring, and by its quality."""
    return 1.0 + actors.referrals[i] + p.quality_weight * (actors.quality[i] - p.quality_usual)


@kernel
def export(actors, cluster, world, i, p):
    """Move the export share toward what capability allows, if the margin on it pays the fixed cost."""
    cut = world.frontier - p.export_cut - p.reach_weight * actors.reach[i]
    able = min(1.0, max(0.0, (actors.knowledge[i] - cut) / p.export_cut))
    able *= 1.0 - p.capability_weight + (p.capability_weight - p.certified_weight) * actors.quality[i]\
        + p.certified_weight * max(actors.certified[i], p.norms * cluster.public_goods)
    target = cluster.export_pull * able
    fixed = p.export_cost * cluster.factors[EXPORT_COST] * (1.0 - p.reach_saving * actors.reach[i])
    fixed *= 1.0 - aid(actors, cluster, i, EXPORT_BILL, 1.0)
    if p.export_margin * actors.base[i] * target / (1.0 - target) < fixed:
        target = 0.0
    speed = min(1.0, p.export_speed * (1.0 + lever(actors, cluster, i, INTELLIGENCE)))
    actors.export_share[i] += speed * (target - actors.export_share[i])


@kernel
def labour(actors, cluster, world, p):
    """Sum employment, let the pool of specialists follow jobs and training, set the wage, and count what is displaced."""
    total, base, size = 0.0, 0.0, 0.0
    for s in range(cluster.segments):
        cluster.held[s] = 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE:
            total += actors.employees[i]
            base += actors.base[i]
            cluster.held[actors.segment[i]] += actors.base[i]
    cluster.employment = total
    taught = cluster.levers[GRADUATES] + p.trainees * min(1.0, cluster.levers[TRAINING])
    for i in range(cluster.first + UNIVERSITY, cluster.firms):
        taught += p.graduates * near(actors.technology[i], cluster.technology) * (actors.kind[i] == UNIVERSITY)
    name = 1.0 - p.talents_name + p.talents_name * min(1.0, cluster.brand + cluster.levers[BRAND])
    taught += p.talents * min(1.0, cluster.levers[TALENT]) * name
    cluster.skilled += p.mobility * (total - cluster.skilled) + taught
    cluster.wage = world.wage * math.exp(p.wage_pressure * math.log(max(total, 1.0) / max(cluster.skilled, 1.0)))
    for s in range(cluster.segments):
        size += cluster.market[s]
    rival = world.output * math.exp(world.frontier - p.rival_lag)
    cluster.displaced = (base - cluster.share_start * size) / rival
