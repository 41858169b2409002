"""Step 16, phase: the life-cycle phase follows from observed indicators, with hysteresis and a minimum stay; never from a timer.

Phases after ILO §3.1 (Andersson et al. 2004; Menzel & Fornahl 2010): agglomeration, creation, development, maturity,
transformation, or decline, museum, renaissance, dissolved. Indicators are smoothed; a phase is left
below a part of its entry threshold.
"""

from __future__ import annotations

import math

import numpy as np

from clustersim.core.accelerate import kernel
from clustersim.core.draws import PROCESS, stream, uniform
from clustersim.core.schema import Parameter
from clustersim.model.network import acquainted, turn
from clustersim.model.sizes import MEDIUM_FROM
from clustersim.model.state import (
    ACTION,
    AGGLOMERATION,
    COMMERCIAL,
    CONSOLIDATED,
    CREATION,
    DECLINE,
    DEVELOPMENT,
    DISSOLVED,
    FREE,
    INFORMATION,
    INSTITUTIONAL,
    LATENT,
    LINKAGES,
    MATURITY,
    MUSEUM,
    NO_STAGE,
    OUTSIDE,
    POTENTIAL,
    RENAISSANCE,
    SME,
    TRANSFORMATION,
    TRUST,
    UNIVERSITY,
    VISION,
)  # fmt: skip
from clustersim.model.units import TINY, YEAR

CHANCE = "assumed: of places as restless as those of the model and without a trend, one in four is in decline within 20 years"
PARAMETERS = {
    "smoothing": Parameter(0.25, "1/quarter", 0.05, 1.0, "Weight of the newest quarter in smoothed indicators"),
    "reference_speed": Parameter(0.15, "1/quarter", 0.02, 1.0, "Speed at which the nation's employment follows its demand"),
    "stay": Parameter(4.0, "quarters", 0.0, 12.0, "Shortest stay in a phase"),
    "leave": Parameter(0.8, "share", 0.5, 1.0, "Part of an entry threshold below which a phase is left"),
    "creation_firms": Parameter(12.0, "firms", 3.0, 40.0, "Firms for creation"),
    "creation_linked": Parameter(0.30, "share", 0.05, 0.8, "Firms with a cooperative tie for creation"),
    "creation_core": Parameter(0.15, "share", 0.02, 0.6, "Largest linked core for creation"),
    "development_firms": Parameter(20.0, "firms", 5.0, 80.0, "Firms for development"),
    "development_core": Parameter(0.40, "share", 0.1, 0.9, "Largest linked core for development"),
    "development_vision": Parameter(0.25, "1", 0.05, 0.8, "Vision for development"),
    "maturity_growth": Parameter(1.15, "ratio", 0.8, 2.0, "Firms or relative employment over the start's for maturity"),
    "maturity_core": Parameter(0.60, "share", 0.2, 0.95, "Largest linked core for maturity"),
    "maturity_pipelines": Parameter(0.20, "ties/firm", 0.0, 1.0, "Outside links per firm for maturity"),
    "transformation_shift": Parameter(0.06, "turn", 0.01, 0.3, "Distance to the market's technology that a mature cluster "
                                      "must have closed to count as transformed"),
    "decline_trend": Parameter(-0.03, "1/year", -0.1, 0.0, "Four-year trend of relative employment in decline", CHANCE),
    "decline_depth": Parameter(0.70, "share of peak", 0.5, 1.0, "Relative employment over its peak in decline", CHANCE),
    "peak_leak": Parameter(0.003, "1/quarter", 0.0, 0.02, "Rate at which an old peak is forgotten"),
    "trend_memory": Parameter(0.0625, "1/quarter", 0.02, 0.25, "Weight of the newest quarter in the trend (four years)"),
    "museum_stay": Parameter(16.0, "quarters", 4.0, 40.0, "Quarters in decline before a cluster can become a museum"),
    "museum_level": Parameter(0.6, "share of peak", 0.2, 0.9, "Relative employment of a museum over the peak"),
    "renaissance_trend": Parameter(0.015, "1/year", 0.0, 0.1, "Trend of relative employment in renaissance"),
    "renaissance_rise": Parameter(1.05, "ratio", 1.0, 1.5, "Relative employment over the trough in renaissance"),
    "dissolved": Parameter(8.0, "firms", 1.0, 20.0, "Firms below which a cluster is dissolved"),
    "action_stage": Parameter(0.5, "projects", 0.1, 3.0, "Projects begun and recent joint successes above which a cluster acts"),
    "triads_asked": Parameter(16.0, "firms/quarter", 4.0, 64.0, "Firms asked in a quarter whether two of their partners know one "
                              "another"),
    "triads_weight": Parameter(0.1, "1/quarter", 0.02, 1.0, "Weight of the newest quarter in what they say"),
    "trust_stage": Parameter(0.45, "1", 0.2, 0.8, "Mean trust over ties that counts as trust"),
}  # fmt: skip
TRIADS = PROCESS["clustering"]
BETTER = 0.05  # what counts as better than a year before, over its size: a definition of the record, which nothing acts on


@kernel
def classify(actors, ties, cluster, world, p):
    """Measure linkage and position, smooth them, and move the phase if its conditions say so."""
    measure_links(actors, ties, cluster)
    sample_triads(actors, ties, cluster, world, p)
    smooth(actors, cluster, world, p)
    after = next_phase(cluster, world, p)
    if after != cluster.phase and world.quarter - cluster.phase_since >= p.stay:
        if after == MATURITY:
            cluster.gap_then = cluster.smooth_gap
        if after == DECLINE:
            cluster.trough = cluster.smooth_employment
        cluster.phase, cluster.phase_since = after, world.quarter
    rate_states(cluster, p)
    if world.quarter % YEAR == YEAR - 1:
        count_growing(actors, cluster)


@kernel
def count_growing(actors, cluster):
    """Count the SMEs that do better than a year before in sales, jobs or value added per job, and note what all are like now."""
    cluster.growing = cluster.growing_small = 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        jobs, sales = actors.employees[i], actors.sales[i]
        earned = (actors.wage_bill[i] + actors.profit[i]) / jobs
        grows = better(sales, actors.sales_then[i]) or better(jobs, actors.employees_then[i])
        if actors.kind[i] == SME and actors.employees_then[i] > 0.0 and (grows or better(earned, actors.earned_then[i])):
            cluster.growing += 1.0
            cluster.growing_small += actors.employees_then[i] < MEDIUM_FROM
        worked = actors.wage_bill[i] > 0.0  # who settled in this quarter has not
        actors.employees_then[i] = jobs if worked else 0.0
        actors.sales_then[i] = sales if worked else 0.0
        actors.earned_then[i] = earned if worked else 0.0


@kernel
def better(now, then):
    """Whether a value is clearly above what it was."""
    return now - then > BETTER * abs(then)


@kernel
def rate_states(cluster, p):
    """Name the state that asks for a facilitator, and how far the cluster has come: trust, linkages, vision, action."""
    cluster.facilitation_state = LATENT if cluster.linked >= p.creation_linked else POTENTIAL
    if cluster.formal and cluster.component >= p.development_core:
        cluster.facilitation_state = CONSOLIDATED
    acts = cluster.projects_started + cluster.wins > p.action_stage
    cluster.clusterisation = NO_STAGE
    if cluster.trust >= p.trust_stage:
        cluster.clusterisation = TRUST
        if cluster.linked >= p.creation_linked:
            cluster.clusterisation = LINKAGES
            if cluster.vision >= p.development_vision:
                cluster.clusterisation = ACTION if acts else VISION


@kernel
def measure_links(actors, ties, cluster):
    """Find the firms with a cooperative tie, those in the largest component of such ties, and those linked to universities."""
    for i in range(cluster.firms, cluster.last):
        actors.root[i] = i
        actors.effect[i] = 0.0
    for t in range(cluster.ties, cluster.ties + cluster.tie_count):
        if ties.level[t] >= COMMERCIAL and ties.kind[t] < INSTITUTIONAL:
            a, b = find(actors, ties.a[t]), find(actors, ties.b[t])
            actors.root[max(a, b)] = min(a, b)
    largest, linked = 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE:
            linked += actors.top[i] >= COMMERCIAL
            root = find(actors, i)
            actors.effect[root] += 1.0
            largest = max(largest, actors.effect[root])
    firms = max(cluster.firm_count, 1.0)
    cluster.linked = linked / firms
    cluster.component = largest / firms if largest > 1.0 else 0.0
    cluster.schooled = served_by_schools(actors, ties, cluster)


@kernel
def served_by_schools(actors, ties, cluster):
    """Return the number of firms with a tie to a university or technology centre at level 1 or more."""
    for i in range(cluster.firms, cluster.last):
        actors.contacts[i] = 0.0
    for t in range(cluster.ties, cluster.ties + cluster.tie_count):
        if ties.kind[t] == INSTITUTIONAL and ties.level[t] >= INFORMATION and actors.kind[ties.a[t]] >= UNIVERSITY:
            actors.contacts[ties.b[t]] = 1.0  # the institution is the end with the lower row
    served = 0.0
    for i in range(cluster.firms, cluster.last):
        served += actors.contacts[i]
    return served


@kernel
def sample_triads(actors, ties, cluster, world, p):
    """Ask a few firms whether two of their partners know each other; all partners count, outside ones never do."""
    draws = stream(world.key, world.quarter, TRIADS)
    closed, asked, most = 0.0, 0.0, int(p.triads_asked)
    for k in range(most):
        who = cluster.uid + np.uint64(k)
        i = cluster.firms + int(uniform(draws, who) * (cluster.last - cluster.firms))
        if actors.kind[i] == FREE or actors.degree[i] < 2:
            continue
        draw = uniform(draws, who + np.uint64(most)) * actors.degree[i]
        other = int(draw) + 1 + int((draw - int(draw)) * (actors.degree[i] - 1))
        t, s = ties.by_actor[actors.around[i] + int(draw)], ties.by_actor[actors.around[i] + other % actors.degree[i]]
        a = ties.b[t] if ties.a[t] == i else ties.a[t]
        b = ties.b[s] if ties.a[s] == i else ties.a[s]
        asked += 1.0
        closed += a != OUTSIDE and b != OUTSIDE and acquainted(actors, ties, a, b)
    if asked > 0.0:
        cluster.clustering += p.triads_weight * (closed / asked - cluster.clustering)


@kernel
def find(actors, i):
    """Return the representative of i's component, halving the path on the way (Tarjan & van Leeuwen 1984)."""
    while actors.root[i] != i:
        actors.root[i] = actors.root[actors.root[i]]
        i = actors.root[i]
    return i


@kernel
def smooth(actors, cluster, world, p):
    """Smooth the indicators that phases rest on; employment is measured against the nation's."""
    gap, sales = 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE:
            sales += actors.sales[i]
            gap += turn(actors.technology[i], cluster.asked[actors.segment[i]])
    compare_with_last_year(cluster, world.quarter % YEAR, sales)
    firms = max(cluster.firm_count, 1.0)
    s = p.smoothing
    cluster.smooth_linked += s * (cluster.linked - cluster.smooth_linked)
    cluster.smooth_component += s * (cluster.component - cluster.smooth_component)
    cluster.smooth_vision += s * (cluster.vision - cluster.smooth_vision)
    cluster.smooth_pipelines += s * (cluster.pipelines / firms - cluster.smooth_pipelines)
    cluster.smooth_gap += s * (gap / firms - cluster.smooth_gap)
    demand = math.exp(world.cycle_local + world.shock_demand)
    nation = (1.0 - cluster.nation_share) * demand + cluster.nation_share * cluster.nation_index
    cluster.reference = max(TINY, cluster.reference + p.reference_speed * (nation - cluster.reference))
    relative = cluster.employment / cluster.reference
    before = cluster.smooth_employment
    cluster.smooth_employment += s * (relative - before)
    growth = YEAR * math.log(max(cluster.smooth_employment, 1.0) / max(before, 1.0))
    cluster.trend += p.trend_memory * (growth - cluster.trend)
    cluster.peak = max(cluster.smooth_employment, cluster.peak * (1.0 - p.peak_leak))
    cluster.trough = min(cluster.trough, cluster.smooth_employment)
    if cluster.phase == MATURITY:
        cluster.gap_then = max(cluster.gap_then, cluster.smooth_gap)


@kernel
def compare_with_last_year(cluster, season, sales):
    """Note the growth of jobs and sales over a year; 0 where there was or is nothing."""
    jobs, before, earned = cluster.employment, cluster.jobs_past[season], cluster.sales_past[season]
    cluster.jobs_growth = math.log(jobs / before) if jobs > 0.0 and before > 0.0 else 0.0
    cluster.sales_growth = math.log(sales / earned) if sales > 0.0 and earned > 0.0 else 0.0
    cluster.jobs_past[season], cluster.sales_past[season] = jobs, sales


@kernel
def next_phase(cluster, world, p):
    """Return the phase that the conditions ask for, from the present one."""
    phase, firms = cluster.phase, cluster.firm_count
    if firms < p.dissolved:
        return DISSOLVED
    if phase == DISSOLVED:
        return AGGLOMERATION if firms >= p.creation_firms else DISSOLVED
    falls = cluster.trend < p.decline_trend and cluster.smooth_employment < p.decline_depth * cluster.peak
    if phase == DECLINE or phase == MUSEUM:
        return after_decline(cluster, world, p)
    if falls and phase >= DEVELOPMENT:
        return DECLINE
    reached = reach(cluster, phase, p)
    if phase == TRANSFORMATION or phase == RENAISSANCE:
        settled = world.quarter - cluster.phase_since >= p.museum_stay
        return reached if settled else phase
    if phase == MATURITY and cluster.gap_then - cluster.smooth_gap >= p.transformation_shift:
        return TRANSFORMATION
    return reached


@kernel
def after_decline(cluster, world, p):
    """Return where decline leads: renaissance on recovery, museum when it settles low."""
    recovers = cluster.trend > p.renaissance_trend and cluster.smooth_employment > p.renaissance_rise * cluster.trough
    if recovers:
        return RENAISSANCE
    low = cluster.smooth_employment < p.museum_level * cluster.peak
    flat = abs(cluster.trend) < -p.decline_trend
    long = world.quarter - cluster.phase_since >= p.museum_stay
    return MUSEUM if cluster.phase == MUSEUM or (low and flat and long) else DECLINE


@kernel
def reach(cluster, phase, p):
    """Return the highest of agglomeration, creation, development and maturity whose conditions hold."""
    k = p.leave if phase >= CREATION else 1.0
    core = cluster.smooth_component
    if cluster.firm_count < k * p.creation_firms or cluster.smooth_linked < k * p.creation_linked:
        return AGGLOMERATION
    if core < k * p.creation_core:
        return AGGLOMERATION
    k = p.leave if phase >= DEVELOPMENT else 1.0
    developed = core >= k * p.development_core and cluster.smooth_vision >= k * p.development_vision
    if not developed or not cluster.formal or cluster.firm_count < k * p.development_firms:
        return CREATION
    k = p.leave if phase >= MATURITY else 1.0
    growth = max(cluster.firm_count / cluster.firms_start, cluster.smooth_employment / cluster.employment_start)
    open_ = cluster.smooth_pipelines >= k * p.maturity_pipelines
    if phase >= DEVELOPMENT and growth >= k * p.maturity_growth and core >= k * p.maturity_core and open_:
        return MATURITY
    return DEVELOPMENT
