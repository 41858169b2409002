"""The first firms, what they remember of one another, and the first books: kernels that `clustersim.simulation.initial` calls."""

from __future__ import annotations

import math

import numpy as np

from clustersim.core.accelerate import kernel
from clustersim.core.draws import PROCESS, identity, normal, stream, uniform
from clustersim.model.activity_types import EXPORT_COST
from clustersim.model.mechanisms.association import ORGANIC
from clustersim.model.mechanisms.complacency import aspired, least_research
from clustersim.model.mechanisms.demography import hazard
from clustersim.model.mechanisms.market import advantages, drawn, find_suppliers, place_orders, rate_fitness, sourced
from clustersim.model.mechanisms.meeting import introduce, kind_of, meet
from clustersim.model.mechanisms.phase import measure_links, rate_states
from clustersim.model.network import close_gaps, has_room, index_ties, turn, wrap
from clustersim.model.population import settle
from clustersim.model.reach import NOBODY, take_best
from clustersim.model.state import ASSOCIATION, ENDED, EXTERNAL, FREE, INSTITUTIONAL, SME, TRACTOR
from clustersim.model.units import ORIGIN

# What a register says of a firm; NaN, and -1 for segment and certificate, stand for what it does not say.
LISTED = np.dtype([
    ("uid", "u8"), ("segment", "i8"), ("certified", "i8"), ("member", "i8"), ("age", "f8"), ("employees", "f8"), ("sales", "f8"),
    ("exports", "f8"), ("x", "f8"), ("y", "f8"),
])  # fmt: skip
ALL_TIES = -1  # where no register says which ties there are between firms
# A tie that a register lists: rows counted from the cluster's first firm; NaN for trust that it does not say.
LISTED_TIE = np.dtype([("a", "i8"), ("b", "i8"), ("level", "i8"), ("trust_ab", "f8"), ("trust_ba", "f8")])

SIZE, KNOWLEDGE, POSITION, SEGMENT, AGE, PLACE, MEMBER = (
    PROCESS[f"founding_{name}"] for name in ("size", "knowledge", "position", "segment", "age", "trust", "member")
)
WHO_LEANS = -1  # members of a first association where the scenario gives no number: all firms that lean to it


@kernel(entry=True)
def populate(actors, cluster, world, p, tractors, smes, tractor_segment, median, listed):
    """Take the initial firms from a register, if there is one, and draw the rest from the stated distributions."""
    key, population = world.key, p.population
    cost = p.market.export_cost * cluster.factors[EXPORT_COST]
    cluster.trust_start += population.place_spread * normal(stream(key, 0, PLACE), cluster.uid)
    for k in range(tractors + smes):
        uid = listed[k].uid if k < listed.size else identity(cluster.uid, -1, k)
        kind = TRACTOR if k < tractors else SME
        spread = population.tractor_spread if kind == TRACTOR else population.size_spread
        size = (population.tractor_size if kind == TRACTOR else median) * math.exp(
            spread * normal(stream(key, 0, SIZE), uid)
        )
        level = -population.knowledge_gap + population.knowledge_spread * normal(stream(key, 0, KNOWLEDGE), uid)
        level += population.tractor_lead if kind == TRACTOR else 0.0
        place = ORIGIN + population.technology_spread * normal(stream(key, 0, POSITION), uid)
        segment = int(uniform(stream(key, 0, SEGMENT), uid) * cluster.segments)
        segment = tractor_segment if kind == TRACTOR else segment
        age = -population.age_mean * math.log(uniform(stream(key, 0, AGE), uid))
        if k < listed.size:
            size, level = known_size(listed[k], size, level, kind, population)
            segment = listed[k].segment if listed[k].segment >= 0 else segment
            age = age if math.isnan(listed[k].age) else listed[k].age
        settle(actors, cluster.firms + k, uid, np.uint64(0), kind, segment, -int(age), size, level, place,
               cluster, world, population)  # fmt: skip
        able = min(1.0, max(0.0, 1.0 + level / p.market.export_cut))
        able *= 1.0 - p.market.capability_weight\
        + (p.market.capability_weight - p.market.certified_weight) * actors.quality[cluster.firms + k]
        share = cluster.export_pull * able
        fixed = p.market.export_margin * actors.base[cluster.firms + k] * share > cost
        actors.export_share[cluster.firms + k] = share if fixed else 0.0
        if k < listed.size:
            write_listed(actors, cluster.firms + k, listed[k], p.knowledge.certificate, population)


@kernel
def known_size(line, size, level, kind, population):
    """Return employment and knowledge of a listed firm: as listed, and as sales per employee imply, within the model's range."""
    if not math.isnan(line.employees):
        size = line.employees
    elif not math.isnan(line.sales):
        size = line.sales / (population.output * math.exp(level))
    if not math.isnan(line.sales) and not math.isnan(line.employees):
        mean = -population.knowledge_gap + (population.tractor_lead if kind == TRACTOR else 0.0)
        level = math.log(line.sales / (size * population.output))
        reach = population.listed_reach * population.knowledge_spread
        level = min(max(level, mean - reach), mean + reach)
    return size, level


@kernel
def write_listed(actors, i, line, certificate, population):
    """Write what a register says of a firm over what was drawn for it; cash and assets keep their ratio to sales."""
    if not math.isnan(line.x):
        actors.x[i], actors.y[i] = line.x, line.y
    if line.certified == 1:
        actors.certified[i], actors.quality[i] = 1, max(actors.quality[i], certificate)
    elif line.certified == 0:
        actors.certified[i], actors.quality[i] = 0, min(actors.quality[i], population.uncertified * certificate)
    actors.member[i] = line.member
    if not math.isnan(line.employees):  # below 1 as well, until the first quarter's hiring
        actors.employees[i], actors.log_size[i] = line.employees, math.log(1.0 + line.employees)
    sales = actors.sales[i] if math.isnan(line.sales) else line.sales
    if not math.isnan(line.exports):
        sales = max(sales, line.exports)
        actors.exports[i], actors.export_share[i] = line.exports, min(population.listed_exports, line.exports / sales)
    ratio = sales / actors.sales[i]
    actors.sales[i] = actors.base[i] = sales
    actors.cash[i] *= ratio
    actors.assets[i] *= ratio


@kernel(entry=True)
def tie_listed(actors, ties, cluster, world, p, listed):
    """Add the ties that a register lists, as old as the memory of the initial actors."""
    index_ties(actors, ties, cluster)
    world.quarter = -int(p.population.history)
    for k in range(listed.size):
        a, b = cluster.firms + listed[k].a, cluster.firms + listed[k].b
        introduce(actors, ties, a, b, kind_of(actors, a, b), 0, asks_first(actors, a, b), cluster, world, p.meeting)
        t = cluster.ties + cluster.tie_count - 1
        ties.level[t] = listed[k].level
        if not math.isnan(listed[k].trust_ab):
            ties.trust_ab[t] = listed[k].trust_ab
        if not math.isnan(listed[k].trust_ba):
            ties.trust_ba[t] = listed[k].trust_ba
    world.quarter = 0
    index_ties(actors, ties, cluster)


@kernel(entry=True)
def remember(actors, ties, meetings, cluster, world, p, begin, listed):
    """Let the initial actors meet in the quarters from `begin` to the start, so that they begin with acquaintances.

    Where a register lists the ties between firms, `listed` of them, no other ones come of it. Returns the quarter that was not
    done for want of room, 0 if none.
    """
    index_ties(actors, ties, cluster)
    for before in range(begin, 0):
        if not has_room(cluster):
            return before
        world.quarter = before
        meet(actors, ties, meetings, cluster, world, p.meeting)
        world.quarter = 0
        if listed != ALL_TIES:
            forget_unlisted(actors, ties, cluster, listed)
        index_ties(actors, ties, cluster)
    return 0


@kernel
def asks_first(actors, a, b):
    """Return which of two listed partners is taken to ask the other: who knows less."""
    return 1 if actors.knowledge[b] < actors.knowledge[a] else 0


@kernel(entry=True)
def begin_trade(actors, ties, cluster, p):
    """Let the first firms source from whom they know, and set customer bases so that each sells at first what its sales say."""
    find_suppliers(actors, ties, cluster, p)
    for i in range(cluster.firms, cluster.last):
        actors.local_share[i] = sourced(actors, i, p)
        actors.weight[i] = 0.0
        actors.dependence[i] = 0.0
    place_orders(actors, ties, cluster, p)
    for s in range(cluster.segments):
        held = 0.0
        for i in range(cluster.firms, cluster.last):
            if actors.segment[i] == s:
                kept = max(actors.base[i] - actors.contacts[i], p.first_base * actors.base[i])
                actors.base[i] = kept / drawn(actors, i, p)
                held += actors.base[i]
        if held > 0.0:
            cluster.market[s] *= held / cluster.held[s]
            cluster.held[s] = held


@kernel
def forget_unlisted(actors, ties, cluster, listed):
    """End the ties between firms but the `listed` first ones, and what those that end have brought."""
    for t in range(cluster.ties + listed, cluster.ties + cluster.tie_count):
        if ties.kind[t] < INSTITUTIONAL:
            ties.level[t] = ENDED
    close_gaps(ties, cluster)
    for i in range(cluster.firms, cluster.last):
        actors.referrals[i] = 0.0


@kernel(entry=True)
def observe(actors, ties, cluster, p):
    """Read off the first state what the mechanisms note in each quarter, for the record of one in which they do not act.

    What it takes from no table, profits and wages, is what the firms expect and the place pays.
    """
    climate, members, total, pairs = 0.0, 0.0, 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.exports[i] == 0.0:  # not said: a said one leaves no share, or is above 0
            actors.exports[i] = actors.export_share[i] * actors.sales[i]
        actors.wage_bill[i], actors.profit[i] = actors.employees[i] * cluster.wage, actors.margin[i] * actors.sales[i]
        climate += actors.climate[i]
        members += actors.member[i]
    cluster.climate, cluster.members = climate / max(cluster.firm_count, 1.0), members
    if members > 0.0 and not cluster.formal:  # an association that stood before any programme
        cluster.formal, cluster.founded, cluster.origin, cluster.board_private = 1, 0, ORGANIC, p.association.board_start
    for t in range(cluster.ties, cluster.ties + cluster.tie_count):
        if ties.kind[t] < INSTITUTIONAL:
            for i in (ties.a[t], ties.b[t]):
                actors.top[i] = max(actors.top[i], ties.level[t])
            total += ties.trust_ab[t] + ties.trust_ba[t]
            pairs += 2.0
        cluster.pipelines += ties.kind[t] == EXTERNAL
    cluster.trust = total / pairs if pairs > 0.0 else 0.0
    measure_links(actors, ties, cluster)
    rate_states(cluster, p.phase)


@kernel(entry=True)
def open_books(actors, cluster, population, market_share):
    """Set debts, the bank, market sizes, labour and wage from the initial firms."""
    employment, total, sales, knowledge, offset = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        debt = population.debt * actors.assets[i]
        actors.debt[i] = debt
        cluster.loans += debt
        actors.base[i] *= 1.0 - actors.export_share[i]
        cluster.held[actors.segment[i]] += actors.base[i]
        cluster.market[actors.segment[i]] += actors.base[i] / market_share
        total += actors.base[i] / market_share
        employment += actors.employees[i]
        sales += actors.sales[i]
        knowledge += actors.knowledge[i]
        offset += wrap(actors.technology[i] - ORIGIN)
    cluster.jobs_past[:], cluster.sales_past[:], cluster.asked[:] = employment, sales, ORIGIN
    place = ORIGIN + offset / max(cluster.firm_count, 1.0)
    cluster.knowledge, cluster.technology = knowledge / max(cluster.firm_count, 1.0), place - math.floor(place)
    for s in range(cluster.segments):
        if cluster.market[s] <= 0.0:
            cluster.market[s] = total / cluster.segments
    cluster.bank_capital = cluster.loans
    cluster.employment = cluster.employment_start = cluster.skilled = employment
    cluster.smooth_employment = cluster.peak = cluster.trough = employment
    cluster.wage = population.wage
    cluster.climate = cluster.trust_start


@kernel(entry=True)
def credit_place(actors, cluster, world, market):
    """Take what the place adds out of the first firms' knowledge, so that each makes at first what its sales say."""
    place, _common = advantages(cluster, world, market)
    total = 0.0
    for i in range(cluster.firms, cluster.last):
        apart = turn(actors.technology[i], cluster.asked[actors.segment[i]])
        actors.knowledge[i] -= place - market.mismatch * apart * apart
        total += actors.knowledge[i]
    cluster.knowledge = total / max(cluster.firm_count, 1.0)


@kernel(entry=True)
def begin_research(actors, cluster, p):
    """Let the first firms do the research that the place is used to, where it is said: those for which it is enough."""
    for i in range(cluster.firms, cluster.last):
        wanted = aspired(actors, cluster, i, p)
        actors.rd_share[i] = wanted if wanted * actors.sales[i] >= least_research(cluster, p) * cluster.wage else 0.0


@kernel(entry=True)
def stand(actors, cluster, world, money, members, p):
    """Let an association stand at the start: its members if no register names any, its groups, and its money, from the nation."""
    listed = 0.0
    for i in range(cluster.firms, cluster.last):
        listed += actors.member[i]
    if listed == 0.0:
        enlist(actors, cluster, world, members, p)
    for i in range(cluster.firms, cluster.last):
        cluster.members += actors.member[i]
    cluster.formal, cluster.origin = 1, ORGANIC
    cluster.groups = min(1.0, p.group_members * cluster.staff / max(cluster.members, 1.0))
    actors.cash[cluster.first + ASSOCIATION] = money
    cluster.nation -= money


@kernel
def enlist(actors, cluster, world, members, p):
    """Make those firms members who lean most to the association, by belief, vision, climate and a draw (work space `effect`)."""
    draws = stream(world.key, 0, MEMBER)
    for i in range(cluster.firms, cluster.last):
        draw = uniform(draws, actors.uid[i])
        leaning = actors.belief[i] + cluster.vision + actors.climate[i] - p.join_bar
        score = leaning / p.join_spread - math.log((1.0 - draw) / draw)
        actors.effect[i] = score if score > 0.0 or members != WHO_LEANS else NOBODY
    take_best(actors, cluster, members if members != WHO_LEANS else cluster.last - cluster.firms)
    for i in range(cluster.firms, cluster.last):
        actors.member[i] = actors.effect[i] > 0.0


@kernel(entry=True)
def find_rivals(actors, cluster, world, p):
    """Set how strong outsiders are in each segment: such that the place as it is now would hold its first share.

    Firms that stay must win what closures lose beyond what new firms bring, as expected in the first quarter.
    """
    for i in range(cluster.firms, cluster.last):
        actors.weight[i] = actors.productivity[i]
    rate_fitness(actors, cluster, world, p.market)
    for s in range(cluster.segments):
        lost, reached, base = 0.0, 0.0, 0.0
        for i in range(cluster.firms, cluster.last):
            if actors.segment[i] == s and actors.kind[i] != FREE:
                base += actors.base[i]
                reached += actors.base[i] * actors.best[i]
                lost += actors.base[i] * hazard(actors, i, 0, p.demography)
        if base > 0.0:
            new = p.demography.startup_floor + p.demography.startup_rate * cluster.employment / p.demography.startup_jobs
            brought = new / cluster.segments * p.population.entrant_size * p.population.output * math.exp(cluster.knowledge)
            needed = 1.0 + max(0.0, lost - brought) / base / p.market.selection
            needed = min(needed, p.population.room / cluster.share_start)
            needed *= (1.0 - cluster.share_start) / (1.0 - cluster.share_start * needed)
            cluster.rivals[s] = math.log(reached / base / needed)
    for i in range(cluster.firms, cluster.last):
        actors.productivity[i] = actors.weight[i]  # stays in money until the first quarter's market
