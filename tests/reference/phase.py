"""Links, smoothed indicators, growth over a year, triads and the phase: docs/odd.md, section 7.16."""

from __future__ import annotations

import math

from clustersim.model.state import (
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
from reference.cluster import Cluster
from reference.entities import Firm, SmallFirm
from reference.world import total, turn


def phase(cluster: Cluster) -> None:
    """7.16: links, smoothing, next phase, stage of clusterisation."""
    p, world, firms = cluster.p.phase, cluster.world, cluster.firms
    count = max(len(firms), 1)
    links(cluster)
    gap = total(turn(firm.technology, firm.asked) for firm in firms) / count
    demand = (1.0 - cluster.nation_share) * math.exp(world.cycle_local + world.shock_demand)
    demand += cluster.nation_share * cluster.nation_index
    cluster.reference = max(1e-9, cluster.reference + p.reference_speed * (demand - cluster.reference))
    relative = cluster.employment / cluster.reference
    _year_before(cluster)
    _triads(cluster)
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
    states(cluster)
    if world.quarter % 4 == 3:
        _count_growing(cluster)


def _count_growing(cluster: Cluster) -> None:
    """SMEs that did better than a year before; then what each firm is like is kept for the next year."""
    cluster.growing = cluster.growing_small = 0.0
    for firm in cluster.firms:
        earned = (firm.wage_bill + firm.profit) / firm.employees
        if isinstance(firm, SmallFirm) and firm.employees_then > 0.0:
            grows = (
                _better(firm.sales, firm.sales_then)
                or _better(firm.employees, firm.employees_then)
                or _better(earned, firm.earned_then)
            )
            cluster.growing += grows
            cluster.growing_small += grows and firm.employees_then < 50.0
        if firm.wage_bill > 0.0:
            firm.employees_then, firm.sales_then, firm.earned_then = firm.employees, firm.sales, earned
        else:
            firm.employees_then = firm.sales_then = firm.earned_then = 0.0


def _better(now: float, then: float) -> bool:
    return now - then > 0.05 * abs(then)


def links(cluster: Cluster) -> None:
    """Shares of linked firms and of the largest linked core, and firms with a school."""
    firms = cluster.firms
    count = max(len(firms), 1)
    cluster.linked = total(1 for firm in firms if firm.top >= 2) / count
    largest = _largest_component(cluster)
    cluster.component = largest / count if largest > 1 else 0.0
    cluster.schooled = float(total(any(t.level >= 1 and t.other(f) in cluster.schools for t in f.ties) for f in firms))


def states(cluster: Cluster) -> None:
    """State of facilitation and stage of clusterisation."""
    p = cluster.p.phase
    consolidated = cluster.formal and cluster.component >= p.development_core
    cluster.facilitation_state = 2 if consolidated else int(cluster.linked >= p.creation_linked)
    cluster.clusterisation = 0
    for reached in (
        cluster.trust >= p.trust_stage, cluster.linked >= p.creation_linked, cluster.vision >= p.development_vision,
        cluster.projects_started + cluster.wins > p.action_stage,
    ):  # fmt: skip
        if not reached:
            break
        cluster.clusterisation += 1


def _year_before(cluster: Cluster) -> None:
    s = cluster.world.quarter % 4
    sales = total(firm.sales for firm in cluster.firms)
    cluster.jobs_growth = _log_ratio(cluster.employment, cluster.jobs_past[s])
    cluster.sales_growth = _log_ratio(sales, cluster.sales_past[s])
    cluster.jobs_past[s], cluster.sales_past[s] = cluster.employment, sales


def _log_ratio(now: float, before: float) -> float:
    return math.log(now / before) if now > 0.0 and before > 0.0 else 0.0


def _triads(cluster: Cluster) -> None:
    """Ask some firms whether two of their partners know each other."""
    p, world, asked, closed = cluster.p.phase, cluster.world, 0, 0
    for k in range(int(p.triads_asked)):
        firm = cluster.rows[int(world.uniform("clustering", cluster.uid + k) * len(cluster.rows))]
        if firm is None or len(firm.ties) < 2:
            continue
        degree = len(firm.ties)
        d = world.uniform("clustering", cluster.uid + k + int(p.triads_asked)) * degree
        first = firm.ties[int(d)].other(firm)
        second = firm.ties[(int(d) + 1 + int((d - int(d)) * (degree - 1))) % degree].other(firm)
        asked += 1
        if first is not None and second is not None and first.knows(second):
            closed += 1
    if asked:
        cluster.clustering += p.triads_weight * (closed / asked - cluster.clustering)


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
