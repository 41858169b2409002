"""How a cluster begins: docs/odd.md, section 5."""

from __future__ import annotations

import hashlib
import math

from reference.cluster import Cluster
from reference.entities import (
    AssociationOffice,
    Bank,
    FacilitatorTeam,
    Firm,
    GovernmentBody,
    Institution,
    SmallFirm,
    TechnologyCentre,
    TractorFirm,
    University,
)  # fmt: skip
from reference.government import reform
from reference.learning import research_needed
from reference.meetings import meetings
from reference.phase import links, states
from reference.register import listed_firms, listed_ties
from reference.world import World, clip, identity, total, wrap

# By type of activity, the factors in their order.
TYPES = {
    "extractive": (1.3, 1.3, 1.5, 0.8, 0.6, 1.0, 1.0, 0.5),
    "light": (1.2, 1.0, 2.0, 1.2, 1.0, 0.8, 1.0, 1.0),
    "supplier_driven": (1.3, 1.3, 1.5, 0.6, 1.0, 1.2, 1.3, 0.7),
    "specialised_services": (0.7, 0.7, 0.5, 1.2, 1.5, 1.3, 0.5, 1.0),
    "tourism": (0.8, 0.7, 2.0, 1.3, 1.0, 1.2, 0.1, 2.0),
}
ORIENTATION = {"bottom_up": 0.0, "mixed": 0.5, "top_down": 1.0}


def open_cluster(model, world: World, spec, government) -> Cluster:
    """Return a cluster with its actors and books, before they meet."""
    cluster = Cluster(model, world, spec)
    p = cluster.p
    cluster.uid = int.from_bytes(hashlib.blake2b(spec.name.encode(), digest_size=8).digest(), "little")
    reform(cluster, -1)  # before all reforms
    cluster.coordinated = cluster.coordination
    cluster.party_turnover = government.turnover
    cluster.top_down = ORIENTATION[government.orientation]
    cluster.elections = 4 * (government.election_years or 0)
    cluster.trust_start = spec.trust + p.population.place_spread * world.normal("founding_trust", cluster.uid)
    cluster.climate = cluster.trust_start
    cluster.quotient_start = spec.location_quotient
    cluster.share_start = spec.market_share
    cluster.export_pull = spec.export_share
    cluster.radius = spec.radius_km
    cluster.anchors = spec.tractors
    cluster.activity = spec.activity
    cluster.segments = len(spec.segments)
    if spec.type is not None:
        cluster.factors = list(TYPES[spec.type])
    _institutions(cluster, spec)
    _firms(cluster, spec)
    _books(cluster, spec)
    _research(cluster, spec)
    return cluster


def history(clusters: list[Cluster], world: World) -> None:
    """Let the initial actors meet before the start; those that a register says know each other already do."""
    first = -int(world.parameters.population.history)
    world.quarter = first
    listed = {}
    for cluster in clusters:
        listed_ties(cluster)
        listed[cluster] = set(cluster.ties)
    for q in range(first, 0):
        world.quarter = q
        for cluster in clusters:
            meetings(cluster)
            if cluster.spec.ties is not None:
                cluster.ties = [tie for tie in cluster.ties if tie in listed[cluster] or not tie.between_firms]
                for firm in cluster.firms:
                    firm.referrals = 0.0
            cluster.list_ties()
    world.quarter = 0


def stand(cluster: Cluster) -> None:
    """What the record of a quarter shows in which nothing happens yet."""
    p, firms, ties = cluster.p, cluster.firms, [tie for tie in cluster.ties if tie.between_firms]
    for firm in firms:
        if not firm.exports:
            firm.exports = firm.export_share * firm.sales
        firm.wage_bill, firm.profit = firm.employees * cluster.wage, firm.margin * firm.sales
        firm.top = max((tie.level for tie in firm.ties if tie.between_firms), default=-1)
    cluster.climate = total(firm.climate for firm in firms) / len(firms)
    cluster.members = float(total(firm.member for firm in firms))
    if cluster.members and cluster.spec.association is None:
        cluster.formal, cluster.origin, cluster.founded, cluster.board_private = 1, 1, 0, p.association.board_start
    cluster.trust = total(tie.trust_ab + tie.trust_ba for tie in ties) / (2.0 * len(ties)) if ties else 0.0
    cluster.pipelines = float(total(tie.outside for tie in cluster.ties))
    links(cluster)
    states(cluster)


def _institutions(cluster: Cluster, spec) -> None:
    kinds: list[type[Institution]] = [GovernmentBody, FacilitatorTeam, Bank, AssociationOffice]
    kinds += [University] * spec.universities + [TechnologyCentre] * spec.technology_centres
    for k, kind in enumerate(kinds):
        institution = kind(cluster, identity(cluster.uid, -2, k))
        institution.row = k
        cluster.institutions.append(institution)


def _firms(cluster: Cluster, spec) -> None:
    p, world = cluster.p, cluster.world
    tractor_segment = spec.segments.index(spec.tractor_segment) if spec.tractor_segment is not None else cluster.segments - 1
    size_median = p.population.size_median if spec.size_median is None else spec.size_median
    listed = listed_firms(spec)
    for k in range(spec.tractors + spec.smes):
        tractor = k < spec.tractors
        uid = listed[k].uid if listed else identity(cluster.uid, -1, k)
        firm = TractorFirm(cluster, uid) if tractor else SmallFirm(cluster, uid)
        median = p.population.tractor_size if tractor else size_median
        spread = p.population.tractor_spread if tractor else p.population.size_spread
        firm.employees = max(1.0, median * math.exp(spread * world.normal("founding_size", uid)))
        firm.knowledge = -p.population.knowledge_gap + p.population.knowledge_spread * world.normal("founding_knowledge", uid)
        if tractor:
            firm.knowledge += p.population.tractor_lead
        firm.technology = (0.5 + p.population.technology_spread * world.normal("founding_position", uid)) % 1.0
        firm.segment = tractor_segment if tractor else int(world.uniform("founding_segment", uid) * cluster.segments)
        firm.born = -int(-p.population.age_mean * math.log(world.uniform("founding_age", uid)))
        if listed:
            listed[k].before_settling(firm, spec, cluster.model.given.horizon.start_year)
        settle(firm)
        able = clip(1.0 + firm.knowledge / p.market.export_cut, 0.0, 1.0)
        able *= 1.0 - p.market.capability_weight + (p.market.capability_weight - p.market.certified_weight) * firm.quality
        share = cluster.export_pull * able
        fixed = p.market.export_cost * cluster.factor("export_cost")
        firm.export_share = share if p.market.export_margin * firm.base * share > fixed else 0.0
        if listed:
            listed[k].after_settling(firm)
        firm.base *= 1.0 - firm.export_share
        firm.debt = p.population.debt * firm.assets
        cluster.put(firm)


def settle(firm: Firm) -> None:
    """Give a new firm, whose size, knowledge, technology and segment are known, all the rest."""
    cluster = firm.cluster
    world, p = cluster.world, cluster.p.population
    tractor = isinstance(firm, TractorFirm)
    distance = cluster.radius * math.sqrt(world.uniform("founding_x", firm.uid, 0))
    angle = 2.0 * math.pi * world.uniform("founding_y", firm.uid, 0)
    firm.x, firm.y = distance * math.cos(angle), distance * math.sin(angle)
    firm.threshold = p.threshold + p.threshold_spread * world.normal("founding_threshold", firm.uid, 0)
    climate = cluster.trust_start + p.climate_spread * world.normal("founding_climate", firm.uid, 0)
    firm.climate = firm.climate_start = firm.bond = clip(climate, p.climate_margin, 1.0 - p.climate_margin)
    firm.capacity = min(p.capacity_most, world.uniform("founding_capacity", firm.uid, 0) ** (-1.0 / p.capacity_tail))
    firm.wariness = 0.0 if tractor else p.wariness
    firm.belief = p.belief
    firm.log_size = math.log(1.0 + firm.employees)
    firm.absorptive = p.absorptive
    firm.rd_share = p.rd_share
    firm.quality = p.tractor_quality if tractor else p.quality
    firm.productivity = world.output * math.exp(firm.knowledge)
    firm.sales = firm.base = firm.employees * firm.productivity
    firm.export_share = 0.0
    firm.cash = p.cash * firm.sales
    firm.assets = p.assets * firm.sales
    firm.debt = 0.0
    firm.margin = p.margin
    firm.search = firm.fitness = 1.0


def _books(cluster: Cluster, spec) -> None:
    firms = cluster.firms
    cluster.loans = cluster.bank_capital = total(firm.debt for firm in firms)
    cluster.market = [
        total(firm.base / spec.market_share for firm in firms if firm.segment == s) for s in range(cluster.segments)
    ]
    mean = total(cluster.market) / cluster.segments
    for s in range(cluster.segments):
        if not any(firm.segment == s for firm in firms):
            cluster.market[s] = mean
    cluster.fitness = [0.0] * cluster.segments
    cluster.expansion = [0.0] * cluster.segments
    cluster.adoption = [spec.adoption] * cluster.segments
    cluster.held = [0.0] * cluster.segments
    cluster.rivals = [0.0] * cluster.segments
    cluster.asked = [0.5] * cluster.segments
    employment = total(firm.employees for firm in firms)
    cluster.employment = cluster.employment_start = cluster.skilled = employment
    cluster.smooth_employment = cluster.peak = cluster.trough = employment
    cluster.wage = cluster.p.population.wage
    cluster.firm_count = cluster.firms_start = float(len(firms))
    cluster.jobs_past = [employment] * 4
    cluster.sales_past = [total(firm.sales for firm in firms)] * 4
    cluster.knowledge = total(firm.knowledge for firm in firms) / len(firms)
    cluster.technology = (0.5 + total(wrap(firm.technology - 0.5) for firm in firms) / len(firms)) % 1.0


def _research(cluster: Cluster, spec) -> None:
    """How much firms of the place do research, where the scenario says it."""
    p, firms = cluster.p.complacency, cluster.firms
    if spec.research_share is None and spec.research_intensity is None:
        return
    if spec.research_intensity is not None:
        cluster.research = spec.research_intensity / p.rd_share
    aim = {firm: p.rd_share * cluster.research * (p.rd_tractor if isinstance(firm, TractorFirm) else 1.0) for firm in firms}
    if spec.research_share is not None:
        spent = [*sorted((aim[firm] * firm.sales for firm in firms), reverse=True), 0.0]
        k = max(1, round(spec.research_share * len(firms)))
        cluster.research_from = (spent[k - 1] + spent[k]) / 2.0 / cluster.p.population.wage
    need = research_needed(cluster) * cluster.p.population.wage
    for firm in firms:
        firm.rd_share = aim[firm] if aim[firm] * firm.sales >= need else 0.0


def stand_by(cluster: Cluster) -> None:
    """Give the place the association that stands at the start."""
    stated, p, firms = cluster.spec.association, cluster.p.association, cluster.firms
    if stated is None:
        return
    cluster.formal, cluster.origin, cluster.founded = 1, 1, -round(4 * stated.years)
    cluster.vision, cluster.staff = stated.vision, stated.staff
    cluster.board_private = p.board_start if stated.board_private is None else stated.board_private
    if not any(firm.member for firm in firms):
        _first_members(cluster, stated.members)
    cluster.members = float(total(firm.member for firm in firms))
    wanted = p.staff_reserve * p.staff_cost * cluster.p.population.wage * cluster.staff
    cluster.association.cash = wanted if stated.money is None else stated.money
    cluster.nation -= cluster.association.cash
    cluster.groups = min(1.0, p.group_members * cluster.staff / max(cluster.members, 1.0))


def _first_members(cluster: Cluster, number: int | None) -> None:
    p, score = cluster.p.association, {}
    for firm in cluster.firms:
        u = cluster.world.uniform("founding_member", firm.uid, 0)
        leaning = firm.belief + cluster.vision + firm.climate - p.join_bar
        score[firm] = leaning / p.join_spread - math.log((1.0 - u) / u)
    best = sorted(cluster.firms, key=lambda firm: (-score[firm], firm.row))
    for firm in best if number is None else best[:number]:
        firm.member = int(number is not None or score[firm] > 0.0)
