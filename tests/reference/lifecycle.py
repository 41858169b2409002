"""Demography, complacency and phase: docs/odd.md, sections 7.11 to 7.13."""

from __future__ import annotations

import math

from clustersim.state import (
    AGGLOMERATION,
    CREATION,
    DECLINE,
    DEVELOPMENT,
    DISSOLVED,
    MATURITY,
    MUSEUM,
    RENAISSANCE,
    TRANSFORMATION,
)  # fmt: skip
from reference.entities import Cluster, Firm, SmallFirm, TractorFirm, above_zero, clip, identity, logistic, turn, wrap
from reference.opening import settle


def demography(cluster: Cluster) -> None:
    """7.11: exits, then entries, then spin-offs."""
    _exits(cluster)
    _births(cluster)
    cluster.firm_count = float(len(cluster.firms))
    cluster.employment = sum(firm.employees for firm in cluster.firms)
    cluster.list_ties()


def _exits(cluster: Cluster) -> None:
    p, world = cluster.p.demography, cluster.world
    gone = []
    for firm in cluster.firms:
        age = world.quarter - firm.born
        hazard = p.closure * math.exp(-(p.closure_age * min(age, 40) + p.closure_size * firm.log_size))
        if age < 20:
            hazard *= 1.0 - 0.5 * min(1.0, cluster.levers["incubation"])
        if firm.cash < -p.patience * firm.sales or world.uniform("exit", firm.uid) < hazard:
            gone.append(firm)
    for firm in gone:
        _wind_up(cluster, firm)
        cluster.rows[cluster.rows.index(firm)] = None
        firm.remove()
    cluster.exits = float(len(gone))
    cluster.ties = [tie for tie in cluster.live_ties if tie.a not in gone and tie.b not in gone]


def _wind_up(cluster: Cluster, firm: Firm) -> None:
    sold = cluster.p.demography.liquidation * firm.assets
    cluster.nation -= sold
    firm.cash += sold
    repaid = min(firm.debt, above_zero(firm.cash))
    lost = firm.debt - repaid
    covered = min(lost, cluster.guarantee_fund)
    firm.cash -= repaid
    cluster.guarantee_fund -= covered
    cluster.bank.cash += repaid + covered
    cluster.loans -= firm.debt
    cluster.written_off += lost - covered
    cluster.nation += firm.cash
    firm.cash = 0.0
    cluster.members -= firm.member


def _births(cluster: Cluster) -> None:
    p, population, world, levers = cluster.p.demography, cluster.p.population, cluster.world, cluster.levers
    q, firms = world.quarter, cluster.firms
    count, divisor = len(firms), max(len(firms), 1)
    mean_margin = sum(firm.margin for firm in firms) / divisor
    mean_knowledge = sum(firm.knowledge for firm in firms) / divisor
    mean_technology = world.regime + sum(wrap(firm.technology - world.regime) for firm in firms) / divisor
    most = 2 + int(p.entrants_max * count)

    # Start-ups and settlers
    pull = math.exp(p.startup_margin * clip(mean_margin - p.usual_margin, -0.3, 0.2)) * (1.0 + levers["incubation"])
    starts = world.whole("startup", cluster.uid, p.startup_floor + p.startup_rate * count * pull)
    attraction = p.attraction_rate * (cluster.brand + levers["brand"]) * (1.0 + levers["attraction"])
    settlers = world.whole("attraction", cluster.uid, attraction + 0.02 * levers["attraction"])
    cluster.entries = float(min(starts + settlers, most))
    for k in range(int(cluster.entries)):
        uid = identity(cluster.uid, q, k)
        tractor = k >= starts and world.uniform("founding_knowledge", uid + 1) < p.settler_tractor
        firm = TractorFirm(cluster, uid) if tractor else SmallFirm(cluster, uid)
        size = population.tractor_size if tractor else population.entrant_size
        firm.employees = max(1.0, size * math.exp(0.5 * world.normal("founding_size", uid)))
        firm.knowledge = mean_knowledge + 0.5 * population.knowledge_spread * world.normal("founding_knowledge", uid)
        if k < starts:
            firm.knowledge -= p.startup_gap
        spread = population.technology_spread
        firm.technology = (mean_technology + spread * world.normal("founding_position", uid)) % 1.0
        firm.segment = int(world.uniform("startup_segment", uid) * cluster.segments)
        settle(firm)
        _found(cluster, firm)

    # Spin-offs
    cluster.spinoffs = 0.0
    for parent in cluster.firms:
        if parent.born == q or cluster.spinoffs >= most:
            continue
        lead = parent.knowledge - mean_knowledge
        chance = p.spinoff_rate * parent.log_size / 2.4 * math.exp(p.spinoff_quality * min(lead, 1.0))
        chance *= 1.0 + levers["incubation"]
        if world.uniform("spinoff", parent.uid) < chance:
            child = SmallFirm(cluster, identity(parent.uid, q, 0))
            child.parent = parent.uid
            child.segment = parent.segment
            child.employees = max(1.0, population.entrant_size * math.exp(0.5 * world.normal("founding_size", child.uid)))
            child.knowledge = mean_knowledge + p.inheritance * lead
            step = 0.3 * population.technology_spread * world.normal("founding_position", child.uid)
            child.technology = (parent.technology + step) % 1.0
            settle(child)
            child.climate = child.bond = parent.climate
            child.belief = parent.belief
            _found(cluster, child)
            cluster.spinoffs += 1.0


def _found(cluster: Cluster, firm: Firm) -> None:
    firm.born = cluster.world.quarter
    firm.debt = cluster.p.demography.seed_loan * firm.assets
    cluster.bank.cash -= firm.debt
    cluster.loans += firm.debt
    cluster.nation -= firm.cash - firm.debt
    cluster.put(firm)


def complacency(cluster: Cluster) -> None:
    """7.12."""
    p = cluster.p.complacency
    for firm in cluster.firms:
        target = p.most - (p.most - p.least) * logistic((firm.margin - p.turning) / p.spread)
        firm.search += p.speed * (target - firm.search)
        firm.rd_share = p.rd_share * firm.search * (p.rd_tractor if isinstance(firm, TractorFirm) else 1.0)


def phase(cluster: Cluster) -> None:
    """7.13: links, smoothing, next phase, stage of clusterisation."""
    p, world, firms = cluster.p.phase, cluster.world, cluster.firms
    count = max(len(firms), 1)
    cluster.linked = sum(1 for firm in firms if firm.top >= 2) / count
    largest = _largest_component(cluster)
    cluster.component = largest / count if largest > 1 else 0.0
    gap = sum(turn(firm.technology, world.regime) for firm in firms) / count
    cluster.reference += p.reference_speed * (math.exp(world.cycle_local + world.shock_demand) - cluster.reference)
    relative = cluster.employment / cluster.reference
    old = cluster.smooth_employment
    for name, value in (
        ("linked", cluster.linked), ("component", cluster.component), ("vision", cluster.vision),
        ("pipelines", cluster.pipelines / count), ("gap", gap), ("employment", relative),
    ):  # fmt: skip
        smoothed = getattr(cluster, f"smooth_{name}")
        setattr(cluster, f"smooth_{name}", smoothed + p.smoothing * (value - smoothed))
    growth = 4.0 * math.log(max(cluster.smooth_employment, 1.0) / max(old, 1.0))
    cluster.trend += p.trend_memory * (growth - cluster.trend)
    cluster.peak = max(cluster.smooth_employment, cluster.peak * (1.0 - p.peak_leak))
    cluster.trough = min(cluster.trough, cluster.smooth_employment)
    if cluster.phase == MATURITY:
        cluster.gap_then = max(cluster.gap_then, cluster.smooth_gap)

    lasted = world.quarter - cluster.phase_since
    following = _next_phase(cluster, lasted)
    if following != cluster.phase and lasted >= p.stay:
        cluster.phase, cluster.phase_since = following, world.quarter
        if following == MATURITY:
            cluster.gap_then = cluster.smooth_gap
        elif following == DECLINE:
            cluster.trough = cluster.smooth_employment

    consolidated = cluster.formal and cluster.component >= p.development_core
    cluster.facilitation_state = 2 if consolidated else int(cluster.linked >= p.creation_linked)
    cluster.clusterisation = 0
    for reached in (
        cluster.trust >= p.trust_stage, cluster.linked >= p.creation_linked, cluster.vision >= p.development_vision,
        cluster.projects_started + cluster.wins > 0.5,
    ):  # fmt: skip
        if not reached:
            break
        cluster.clusterisation += 1


def _largest_component(cluster: Cluster) -> int:
    """Firms in the largest connected component over ties at level 2 or more between firms."""
    partners: dict[Firm, list[Firm]] = {firm: [] for firm in cluster.firms}
    for tie in cluster.live_ties:
        if tie.level >= 2 and tie.between_firms:
            partners[tie.a].append(tie.b)
            partners[tie.b].append(tie.a)
    seen: set[Firm] = set()
    largest = 0
    for firm in cluster.firms:
        if firm in seen:
            continue
        seen.add(firm)
        reached, size = [firm], 0
        while reached:
            size += 1
            for partner in partners[reached.pop()]:
                if partner not in seen:
                    seen.add(partner)
                    reached.append(partner)
        largest = max(largest, size)
    return largest


def _next_phase(cluster: Cluster, lasted: int) -> int:
    p, now, employment = cluster.p.phase, cluster.phase, cluster.smooth_employment
    if cluster.firm_count < p.dissolved:
        return DISSOLVED
    if now == DISSOLVED:
        return AGGLOMERATION if cluster.firm_count >= p.creation_firms else DISSOLVED
    if now in (DECLINE, MUSEUM):
        if cluster.trend > p.renaissance_trend and employment > p.renaissance_rise * cluster.trough:
            return RENAISSANCE
        still = employment < p.museum_level * cluster.peak and abs(cluster.trend) < -p.decline_trend
        return MUSEUM if now == MUSEUM or (still and lasted >= p.museum_stay) else DECLINE
    if now >= DEVELOPMENT and cluster.trend < p.decline_trend and employment < p.decline_depth * cluster.peak:
        return DECLINE
    if now in (TRANSFORMATION, RENAISSANCE) and lasted < p.museum_stay:
        return now
    if now == MATURITY and cluster.gap_then - cluster.smooth_gap >= p.transformation_shift:
        return TRANSFORMATION
    return _reach(cluster)


def _reach(cluster: Cluster) -> int:
    """The highest of the first four phases whose conditions, and those of the phases below it, hold."""
    p, now, firms = cluster.p.phase, cluster.phase, cluster.firm_count
    k = p.leave if now >= CREATION else 1.0
    if (
        firms < k * p.creation_firms
        or cluster.smooth_linked < k * p.creation_linked
        or cluster.smooth_component < k * p.creation_core
    ):
        return AGGLOMERATION
    k = p.leave if now >= DEVELOPMENT else 1.0
    if (
        cluster.smooth_component < k * p.development_core
        or cluster.smooth_vision < k * p.development_vision
        or not cluster.formal
        or firms < k * p.development_firms
    ):
        return CREATION
    k = p.leave if now >= MATURITY else 1.0
    growth = max(firms / cluster.firms_start, cluster.smooth_employment / cluster.employment_start)
    if (
        now < DEVELOPMENT
        or growth < k * p.maturity_growth
        or cluster.smooth_component < k * p.maturity_core
        or cluster.smooth_pipelines < k * p.maturity_pipelines
    ):
        return DEVELOPMENT
    return MATURITY
