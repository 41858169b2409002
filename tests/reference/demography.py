"""Demography: docs/odd.md, section 7.13."""

from __future__ import annotations

import math

from clustersim.model.state import EXIT_CAUSES
from reference.cluster import Cluster
from reference.entities import Firm, SmallFirm, TractorFirm
from reference.opening import settle
from reference.world import above_zero, clip, identity, total, wrap

_, INSOLVENCY, CLOSURE, TRACTOR_EXIT = range(len(EXIT_CAUSES))


def demography(cluster: Cluster) -> None:
    """7.13: exits, then entries, then spin-offs."""
    _exits(cluster)
    _means(cluster)
    _births(cluster)
    cluster.firm_count = float(len(cluster.firms))
    cluster.employment = total(firm.employees for firm in cluster.firms)
    cluster.list_ties()


def _exits(cluster: Cluster) -> None:
    p, world = cluster.p.demography, cluster.world
    cluster.lost = 0.0
    gone: dict[Firm, int] = {}
    for firm in cluster.firms:
        protected = 1.0
        if world.quarter - firm.born < p.young:
            protected -= p.incubation * min(1.0, cluster.levers["incubation"])
        if firm.cash < -p.patience * firm.sales:
            gone[firm] = INSOLVENCY
        elif world.uniform("exit", firm.uid) < hazard(firm) * protected:
            gone[firm] = CLOSURE
    for _ in range(int(world.departures)):
        tractors = [firm for firm in cluster.firms if isinstance(firm, TractorFirm) and firm not in gone]
        if tractors:
            gone[max(tractors, key=lambda firm: firm.employees)] = TRACTOR_EXIT
    for firm, cause in gone.items():
        _wind_up(cluster, firm)
        cluster.take_away(firm, cause)
    cluster.exits = float(len(gone))
    cluster.ties = [tie for tie in cluster.live_ties if tie.a not in gone and tie.b not in gone]


def hazard(firm: Firm) -> float:
    """Hazard of closure in a quarter, where nothing protects the firm."""
    p, age = firm.cluster.p.demography, firm.cluster.world.quarter - firm.born
    merit = p.closure_fitness * math.log(firm.fitness) + p.closure_margin * (firm.margin - p.usual_margin)
    if firm.parent:
        merit += p.closure_experience
    fall = p.closure_age * min(age, p.closure_old) + p.closure_size * firm.log_size
    return p.closure * math.exp(-fall - clip(merit, -p.closure_span, p.closure_span))


def _means(cluster: Cluster) -> None:
    """Mean knowledge and technology of the firms that remain."""
    firms, regime = cluster.firms, cluster.world.regime
    divisor = max(len(firms), 1)
    cluster.knowledge = total(firm.knowledge for firm in firms) / divisor
    cluster.technology = (regime + total(wrap(firm.technology - regime) for firm in firms) / divisor) % 1.0


def _wind_up(cluster: Cluster, firm: Firm) -> None:
    sold = cluster.p.demography.liquidation * firm.assets
    cluster.nation -= sold
    firm.cash += sold
    repaid = min(firm.debt, above_zero(firm.cash))
    lost = firm.debt - repaid
    vouched = min(lost, cluster.mutual_pool) if firm.member else 0.0
    covered = min(lost - vouched, cluster.guarantee_fund)
    firm.cash -= repaid
    cluster.mutual_pool -= vouched
    cluster.guarantee_fund -= covered
    cluster.bank.cash += repaid + vouched + covered
    cluster.loans -= firm.debt
    cluster.written_off += lost - vouched - covered
    cluster.lost += lost - vouched - covered
    cluster.nation += firm.cash
    firm.cash = 0.0
    cluster.members -= firm.member


def _births(cluster: Cluster) -> None:
    p, population, world, levers = cluster.p.demography, cluster.p.population, cluster.world, cluster.levers
    q, firms = world.quarter, cluster.firms
    count = len(firms)
    mean_margin = total(firm.margin for firm in firms) / max(count, 1)
    mean_knowledge, mean_technology = cluster.knowledge, cluster.technology
    most = int(p.entrants_least) + int(p.entrants_max * count)

    # Start-ups and settlers
    pull = math.exp(p.startup_margin * clip(mean_margin - p.usual_margin, p.margin_least, p.margin_most))
    employment = total(firm.employees for firm in firms)
    strength = cluster.quotient_start * employment / cluster.employment_start / cluster.reference
    pull *= max(strength, 1e-9) ** p.startup_strength
    pull *= math.exp(p.startup_growth * total(cluster.expansion) / cluster.segments)
    pull *= 1.0 + levers["incubation"] + p.easier * (levers["paperwork"] + levers["competition"])
    wanted = p.startup_floor + p.startup_rate * employment / p.startup_jobs * pull
    starts = world.whole("startup", cluster.uid, wanted + p.ideas * p.idea_firms * levers["preparation"])
    call = levers["attraction"] + p.attraction_park * levers["park"]
    attraction = p.attraction_rate * (cluster.brand + levers["brand"]) * (1.0 + call)
    mean = attraction + p.attraction_call * call
    settlers = world.whole("attraction", cluster.uid, mean)
    called = p.attraction_rate * (cluster.brand + levers["brand"]) + p.attraction_call
    cluster.settlers = cluster.attracted = cluster.called = 0.0
    cluster.entries = float(min(starts + settlers, most))
    for k in range(int(cluster.entries)):
        uid = identity(cluster.uid, q, k)
        tractor = k >= starts and world.uniform("founding_knowledge", uid + 1) < p.settler_tractor
        firm = TractorFirm(cluster, uid) if tractor else SmallFirm(cluster, uid)
        size = population.tractor_size if tractor else population.entrant_size
        firm.employees = max(1.0, size * math.exp(p.entrant_spread * world.normal("founding_size", uid)))
        spread = p.entrant_knowledge * population.knowledge_spread
        firm.knowledge = mean_knowledge + spread * world.normal("founding_knowledge", uid)
        step = population.technology_spread * world.normal("founding_position", uid)
        if k < starts:
            firm.knowledge -= p.startup_gap
            firm.technology = (mean_technology + p.startup_spread * step) % 1.0
        else:
            firm.technology = (world.regime + step) % 1.0
        firm.segment = int(world.uniform("startup_segment", uid) * cluster.segments)
        settle(firm)
        if k >= starts:
            cluster.settlers += 1.0
            cluster.attracted += firm.assets
            cluster.called += firm.assets * called * levers["attraction"] / mean
        _found(cluster, firm)

    # Spin-offs
    cluster.spinoffs = 0.0
    cluster.backed = 0
    for parent in cluster.firms:
        if parent.born == q or cluster.spinoffs >= most:
            continue
        lead = parent.knowledge - mean_knowledge
        chance = p.spinoff_rate * parent.log_size / 2.4 * min(parent.fitness, p.spinoff_most) ** p.spinoff_quality
        chance *= 1.0 + levers["incubation"]
        u = world.uniform("spinoff", parent.uid)
        backing = 1.0 + p.venture * min(1.0, parent.lever("venture")) if cluster.venture_fund > 0.0 else 1.0
        if u < chance * backing:
            child = SmallFirm(cluster, identity(parent.uid, q, 0))
            child.parent = parent.uid
            child.segment = parent.segment
            size = population.entrant_size * math.exp(p.entrant_spread * world.normal("founding_size", child.uid))
            child.employees = max(1.0, size)
            child.knowledge = mean_knowledge + p.inheritance * lead
            step = p.spinoff_spread * population.technology_spread * world.normal("founding_position", child.uid)
            child.technology = (parent.technology + step) % 1.0
            settle(child)
            child.climate = child.bond = parent.climate
            child.belief = parent.belief
            equity = min(child.cash, cluster.venture_fund) if u >= chance else 0.0
            cluster.backed += u >= chance
            cluster.venture_fund -= equity
            cluster.nation += equity
            _found(cluster, child)
            cluster.spinoffs += 1.0


def _found(cluster: Cluster, firm: Firm) -> None:
    firm.born = cluster.world.quarter
    firm.debt = cluster.p.demography.seed_loan * firm.assets
    cluster.bank.cash -= firm.debt
    cluster.loans += firm.debt
    cluster.nation -= firm.cash - firm.debt
    cluster.put(firm)
