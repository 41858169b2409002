"""The first firms, what they remember of one another, and the first books: kernels that `clustersim.initial` calls."""

from __future__ import annotations

import math

import numpy as np

from clustersim.accelerate import kernel
from clustersim.draws import PROCESS, identity, normal, stream, uniform
from clustersim.mechanisms.meeting import meet
from clustersim.network import has_room, index_ties
from clustersim.population import settle
from clustersim.state import SME, TRACTOR

REGIME_START = 0.5
SIZE, KNOWLEDGE, POSITION, SEGMENT, AGE, PLACE = (
    PROCESS[f"founding_{name}"] for name in ("size", "knowledge", "position", "segment", "age", "trust")
)


@kernel(entry=True)
def populate(actors, cluster, world, p, tractors, smes, tractor_segment, median):
    """Draw the initial firms from the stated distributions."""
    key, population = world.key, p.population
    cluster.trust_start += population.place_spread * normal(stream(key, 0, PLACE), cluster.uid)
    for k in range(tractors + smes):
        uid = identity(cluster.uid, -1, k)
        kind = TRACTOR if k < tractors else SME
        spread = 0.4 if kind == TRACTOR else population.size_spread
        size = (population.tractor_size if kind == TRACTOR else median) * math.exp(
            spread * normal(stream(key, 0, SIZE), uid)
        )
        level = -population.knowledge_gap + population.knowledge_spread * normal(stream(key, 0, KNOWLEDGE), uid)
        level += population.tractor_lead if kind == TRACTOR else 0.0
        place = REGIME_START + population.technology_spread * normal(stream(key, 0, POSITION), uid)
        segment = int(uniform(stream(key, 0, SEGMENT), uid) * cluster.segments)
        segment = tractor_segment if kind == TRACTOR else segment
        age = -population.age_mean * math.log(uniform(stream(key, 0, AGE), uid))
        settle(actors, cluster.firms + k, uid, np.uint64(0), kind, segment, -int(age), size, level, place,
               cluster, world, population)  # fmt: skip
        able = min(1.0, max(0.0, 1.0 + level / p.market.export_cut))
        able *= 0.5 + (0.5 - p.market.certified_weight) * actors.quality[cluster.firms + k]
        share = cluster.export_pull * able
        fixed = p.market.export_margin * actors.base[cluster.firms + k] * share > p.market.export_cost
        actors.export_share[cluster.firms + k] = share if fixed else 0.0


@kernel(entry=True)
def remember(actors, ties, meetings, cluster, world, p, begin):
    """Let the initial actors meet in the quarters from `begin` to the start, so that they begin with acquaintances.

    Returns the quarter that was not done for want of room, 0 if none.
    """
    index_ties(actors, ties, cluster)
    for before in range(begin, 0):
        if not has_room(cluster):
            return before
        world.quarter = before
        meet(actors, ties, meetings, cluster, world, p.meeting)
        world.quarter = 0
        index_ties(actors, ties, cluster)
    return 0


@kernel(entry=True)
def open_books(actors, cluster, population, market_share):
    """Set debts, the bank, market sizes, labour and wage from the initial firms."""
    employment, total, sales, knowledge, offset = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        debt = population.debt * actors.assets[i]
        actors.debt[i] = debt
        cluster.loans += debt
        actors.base[i] *= 1.0 - actors.export_share[i]
        cluster.market[actors.segment[i]] += actors.base[i] / market_share
        total += actors.base[i] / market_share
        employment += actors.employees[i]
        sales += actors.sales[i]
        knowledge += actors.knowledge[i]
        apart = actors.technology[i] - REGIME_START
        offset += apart - math.floor(apart + 0.5)
    cluster.jobs_past[:], cluster.sales_past[:], cluster.asked[:] = employment, sales, REGIME_START
    place = REGIME_START + offset / max(cluster.firm_count, 1.0)
    cluster.knowledge, cluster.technology = knowledge / max(cluster.firm_count, 1.0), place - math.floor(place)
    for s in range(cluster.segments):
        if cluster.market[s] <= 0.0:
            cluster.market[s] = total / cluster.segments
    cluster.bank_capital = cluster.loans
    cluster.employment = cluster.employment_start = cluster.skilled = employment
    cluster.smooth_employment = cluster.peak = cluster.trough = employment
    cluster.wage = population.wage
    cluster.climate = cluster.trust_start
