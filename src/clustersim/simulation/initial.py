"""The first state: worlds, clusters and actors laid out and drawn from a scenario; and more room when a cluster grows."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import NamedTuple

import numpy as np

from clustersim.core.draws import identity, world_key
from clustersim.model import parameters as declared
from clustersim.model.activity_types import factors
from clustersim.model.founding import (
    ALL_TIES,
    WHO_LEANS,
    begin_research,
    begin_trade,
    credit_place,
    find_rivals,
    observe,
    open_books,
    populate,
    remember,
    stand,
    tie_listed,
)
from clustersim.model.gates import CODES
from clustersim.model.network import index_ties
from clustersim.model.sizes import BOUNDS
from clustersim.model.state import (
    ACTORS,
    ASSOCIATION,
    BANK,
    CLUSTERS,
    DONOR,
    FACILITATOR,
    GOVERNMENT,
    OUTSIDE,
    PROGRAMME_ROWS,
    REFORM_ROWS,
    REGIMES,
    SHOCK_ROWS,
    SHOCKS,
    STAGE_ROWS,
    TECHNOLOGY_CENTRE,
    TIES,
    TRACTOR,
    UNIVERSITY,
    WORLDS,
    Actors,
    Meetings,
    Programme,
    Ties,
    allocate_actors,
    allocate_meetings,
    allocate_ties,
    table,
)  # fmt: skip
from clustersim.model.units import ORIGIN, YEAR
from clustersim.policy.governance import donors, funder_rows, terms
from clustersim.scenario.listing import firm_uid, listed_firms, listed_ties
from clustersim.scenario.model import AssociationSpec, ClusterSpec, Government, Scenario
from clustersim.simulation.announcing import begins, taking_turns
from clustersim.simulation.neighbours import introduce_nation, relate

ORIENTATIONS = {"bottom_up": 0.0, "mixed": 0.5, "top_down": 1.0}  # a scale: the middle lies midway


class State(NamedTuple):
    """All arrays of a simulation."""

    actors: Actors
    ties: Ties
    meetings: Meetings
    clusters: np.recarray
    worlds: np.recarray
    plan: Programme
    parameters: np.recarray


def build(scenario: Scenario, seed: int, replicates: list[int]) -> State:
    """Return the first state of a scenario: one world for each replicate, each with the scenario's clusters."""
    specs = scenario.place.clusters
    worlds = table(WORLDS, len(replicates))
    clusters = table(CLUSTERS, len(replicates) * len(specs))
    parameters = declared.defaults(len(replicates))
    for group, values in scenario.parameters.items():
        for name, value in values.items():
            parameters[group][name] = value
    for w, replicate in enumerate(replicates):
        world = worlds[w]
        world.key, world.replicate = world_key(seed, replicate), replicate
        world.first_cluster, world.last_cluster = w * len(specs), (w + 1) * len(specs)
        world.regime = world.coming = ORIGIN
        world.shocks_last = len(scenario.environment.shocks)
        world.begins = any(spec.firms is not None for spec in specs)
        world.wage, world.output = parameters[w].population.wage, parameters[w].population.output
        world.growth = parameters[w].environment.frontier_growth
    clusters["uid"] = np.tile([identity_of(spec.name) for spec in specs], len(replicates))
    announce(scenario, clusters, worlds, parameters.programme)
    describe_clusters(scenario, clusters, parameters)
    relate(clusters, len(specs), parameters)
    lay_out(clusters)
    actors = allocate_actors(int(clusters.room[-1]))
    ties = allocate_ties(int(clusters.ties[-1] + clusters.tie_room[-1]))
    meetings = allocate_meetings(actors.uid.size)
    firms = [listed_firms(spec, scenario.horizon.start_year) for spec in specs]
    pairs = [listed_ties(spec) for spec in specs]
    for c in range(len(clusters)):
        spec, w = specs[c % len(specs)], c // len(specs)
        place_institutions(actors, clusters[c], spec, parameters[w].population)
        tractor_segment = spec.segments.index(spec.tractor_segment or spec.segments[-1])
        median = spec.size_median or parameters[w].population.size_median
        populate(actors, clusters[c], worlds[w], parameters[w], spec.tractors, spec.smes, tractor_segment, median,
                 firms[c % len(specs)])  # fmt: skip
        open_books(actors, clusters[c], parameters[w].population, spec.market_share)
        set_research(actors, clusters[c], spec, parameters[w].complacency)
        credit_place(actors, clusters[c], worlds[w], parameters[w].market)
        if spec.association is not None:
            set_association(actors, clusters[c], worlds[w], spec.association, parameters[w])
        if pairs[c % len(specs)].size:
            tie_listed(actors, ties, clusters[c], worlds[w], parameters[w], pairs[c % len(specs)])
    plan = write_plan(scenario, actors, clusters, worlds, parameters.programme)
    point_at_named(scenario, actors, clusters)
    introduce_nation(clusters, worlds, scenario.place.nation_jobs)
    known = [ALL_TIES if spec.ties is None else own.size for spec, own in zip(specs, pairs, strict=True)]
    state = recall(State(actors, ties, meetings, clusters, worlds, plan, parameters), known)
    for cluster in state.clusters:
        world, p = state.worlds[cluster.world], state.parameters[cluster.world]
        begin_trade(state.actors, state.ties, cluster, p.market)
        find_rivals(state.actors, cluster, world, p)
        if world.begins:
            observe(state.actors, state.ties, cluster, p)
    return state


def recall(state: State, known: list[int]) -> State:
    """Return the state after the quarters before the start, in which the initial actors met.

    `known` says for each cluster of a world how many ties between firms a register lists, `ALL_TIES` where it has none.
    """
    for c in range(len(state.clusters)):
        w, listed = int(state.clusters[c].world), known[c % len(known)]
        begin = -int(state.parameters[w].population.history)
        while begin < 0:
            s = state
            begin = remember(s.actors, s.ties, s.meetings, s.clusters[c], s.worlds[w], s.parameters[w], begin, listed)
            if begin < 0:
                state = make_room(state)
    return state


def write_plan(
    scenario: Scenario, actors: Actors, clusters: np.recarray, worlds: np.recarray, parameters: np.recarray
) -> Programme:
    """Write the programme's tables: stages and shocks once, instrument rows for each cluster, and when it begins where.

    `parameters` are those of the mechanism programme, one record for each world. What is dated before a world begins, begins with
    it.
    """
    shocks = table(SHOCK_ROWS, len(scenario.environment.shocks))
    for k, shock in enumerate(scenario.environment.shocks):
        quarter = max(round(YEAR * shock.year), worlds[0].begins)
        shocks[k] = (SHOCKS.index(shock.kind), quarter, round(YEAR * shock.years), shock.size)
    reforms = write_reforms(scenario.institutions.government, worlds[0].begins, parameters[0])
    if scenario.programme is None:
        return Programme(table(PROGRAMME_ROWS, 0), table(STAGE_ROWS, 0), shocks, reforms, funder_rows(()))
    programme, specs, parts, at = scenario.programme, scenario.place.clusters, [], 0
    for c, cluster in enumerate(clusters):
        spec = specs[c % len(specs)]
        rows = programme.rows(spec.name, spec.segments, partial(count_reached, actors, cluster),
                              scenario.place.price_level)
        cluster.rows_first, cluster.rows_last = at, at + len(rows)
        at += len(rows)
        parts.append(rows)
    for world in worlds:
        own = slice(world.first_cluster, world.last_cluster)
        served = max(1, int((clusters["announced"][own] >= 0).sum()))
        if programme.budget:
            clusters["budget"][own] = programme.budget.per_year / YEAR / (served if programme.budget.shared else 1)
    p = parameters[0]  # the programme is one for all worlds
    led = terms(programme.lead, programme.levels, p)
    clusters.stages, clusters.lag = len(programme.stages), programme.lag_quarters + led.lead.delay
    clusters.exposure_to_politics, clusters.turnover_factor = led.lead.politics, led.lead.turnover
    clusters.overhead, clusters.handovers = led.overhead, led.handovers
    clusters.bidders, clusters.tender_every = led.bidders, led.tender_every
    clusters.launched = max(round(YEAR * programme.announced), worlds[0].begins)
    if (rule := programme.evaluation) is not None:
        clusters.evaluated, clusters.evaluated_for = max(1, round(YEAR * rule.every_years)), CODES[rule.indicator]
        clusters.evaluated_gain, clusters.evaluated_keep = rule.gain, rule.keep
    rows, funders = np.concatenate(parts).view(np.recarray), funder_rows(programme.funders)
    return Programme(rows, programme.stage_rows(p), shocks, reforms, funders)


def announce(scenario: Scenario, clusters: np.recarray, worlds: np.recarray, parameters: np.recarray) -> None:
    """Write when the programme is announced in each cluster, -1 for never; `parameters` are those of the mechanism programme."""
    clusters.announced = -1
    if scenario.programme is None:
        return
    for world, p in zip(worlds, parameters, strict=True):
        own = slice(world.first_cluster, world.last_cluster)
        announced = np.array(begins(scenario, world.key, clusters["uid"][own], p))
        announced = np.where(announced >= 0, np.maximum(announced, world.begins), announced)
        clusters["announced"][own] = taking_turns(scenario.programme.rule, announced.tolist())  # turns stay as far apart


def write_reforms(government: Government, begins: int, p: np.record) -> np.recarray:
    """Return the kernel's table of reforms in the order of their dates, each with all that it leaves standing."""
    listed = sorted(government.reforms, key=lambda reform: reform.year)
    rows, now = table(REFORM_ROWS, len(listed)), government
    for k, reform in enumerate(listed):
        now = now.model_copy(update=reform.model_dump(exclude={"year"}, exclude_none=True))
        rows[k] = (max(round(YEAR * reform.year), begins), REGIMES.index(now.regime), coordination(now, p), now.autonomy)
    return rows


def coordination(government: Government, p: np.record) -> float:
    """Return how far public bodies coordinate, with what the regime adds; `p` holds the parameters of the mechanism programme."""
    regime = {"decentralised": 0.0, "feedback": p.coordination_feedback, "centralised": p.coordination_centre}
    return min(1.0, max(0.0, government.coordination + regime[government.regime]))


def count_reached(actors: Actors, cluster: np.record, classes: int, segments: int) -> tuple[float, float]:
    """Return the numbers of initial firms and of jobs in the given size classes and segments (bit masks)."""
    jobs = actors.employees[cluster.firms : cluster.last]
    size = np.searchsorted(BOUNDS, jobs, side="right")
    segment = actors.segment[cluster.firms : cluster.last].astype(np.int64)
    there = (classes >> size) & (segments >> segment) & 1
    return float(there.sum()), float((jobs * there).sum())


def identity_of(name: str) -> np.uint64:
    """Return the identity of the cluster that has this name."""
    return np.uint64(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little"))


def describe_clusters(scenario: Scenario, clusters: np.recarray, parameters: np.recarray) -> None:
    """Copy what the scenario says of each cluster into its record."""
    specs = scenario.place.clusters
    government = scenario.institutions.government
    foreign = donors(scenario.programme.funders) if scenario.programme else []
    for c in range(len(clusters)):
        spec, cluster = specs[c % len(specs)], clusters[c]
        cluster.world = c // len(specs)
        p = parameters[cluster.world].programme
        cluster.segments, cluster.radius = len(spec.segments), spec.radius_km
        cluster.factors = factors(spec.type)
        cluster.trust_start, cluster.quotient_start = spec.trust, spec.location_quotient
        cluster.adoption = spec.adoption
        cluster.export_pull, cluster.share_start, cluster.activity = spec.export_share, spec.market_share, spec.activity
        cluster.coordination = cluster.coordinated = coordination(government, p)
        cluster.regime, cluster.autonomy = REGIMES.index(government.regime), government.autonomy
        cluster.party_turnover = government.turnover
        cluster.top_down, cluster.elections = ORIENTATIONS[government.orientation], YEAR * (government.election_years or 0)
        cluster.donors = len(foreign) if cluster.announced >= 0 else 0
        institutions = UNIVERSITY + spec.universities + spec.technology_centres + cluster.donors
        firms = spec.tractors + spec.smes
        cluster.firms, cluster.last = institutions, institutions + firms  # relative until laid out
        cluster.room = institutions + firms + firms // 8 + 24
        cluster.tie_room = 7 * firms + 384 + listed_ties(spec).size
        cluster.firms_start, cluster.firm_count, cluster.anchors = firms, firms, spec.tractors


def set_research(actors: Actors, cluster: np.record, spec: ClusterSpec, p: np.record) -> None:
    """Give a place its own habits of research where the scenario states them; `p` holds the parameters of complacency."""
    if spec.research_intensity is None and spec.research_share is None:
        return
    if spec.research_intensity is not None:
        cluster.research = spec.research_intensity / p.rd_share
    if spec.research_share is not None:
        rows = slice(cluster.firms, cluster.last)
        aim = p.rd_share * cluster.research * np.where(actors.kind[rows] == TRACTOR, p.rd_tractor, 1.0)
        money = np.append(-np.sort(-aim * actors.sales[rows]), 0.0)  # largest first, and nobody behind the last
        k = max(1, round(spec.research_share * (money.size - 1)))
        cluster.research_from = money[k - 1 : k + 1].mean() / cluster.wage
    begin_research(actors, cluster, p)


def set_association(actors: Actors, cluster: np.record, world: np.record, spec: AssociationSpec, p: np.record) -> None:
    """Let the association that a scenario states stand at the start."""
    cluster.vision, cluster.staff, cluster.founded = spec.vision, spec.staff, -round(YEAR * spec.years)
    cluster.board_private = p.association.board_start if spec.board_private is None else spec.board_private
    money = p.association.staff_reserve * p.association.staff_cost * cluster.wage * spec.staff
    stand(actors, cluster, world, money if spec.money is None else spec.money,
          WHO_LEANS if spec.members is None else spec.members, p.association)  # fmt: skip


def point_at_named(scenario: Scenario, actors: Actors, clusters: np.recarray) -> None:
    """Count the aims of the programme, and give the firms that it names the bits of theirs, and nobody else."""
    aims = scenario.programme.aims() if scenario.programme is not None else []
    clusters["aims"] = len(aims)
    for k, aim in enumerate(aims):
        if aim.firms:
            named = np.isin(actors.uid, np.array([firm_uid(id_) for id_ in aim.firms], np.uint64))
            bit = actors.targets.dtype.type(1 << k)
            actors.targets[:] = np.where(named, actors.targets | bit, actors.targets & ~bit)


def lay_out(clusters: np.recarray) -> None:
    """Turn the sizes that the records hold into rows, one cluster after the other."""
    row, tie = 0, 0
    for cluster in clusters:
        rows, room = cluster.last, cluster.room
        cluster.first, cluster.firms, cluster.last = row, row + cluster.firms, row + rows
        cluster.room = row + room
        cluster.ties = tie
        row += room
        tie += cluster.tie_room


def place_institutions(actors: Actors, cluster: np.record, spec: ClusterSpec, population: np.record) -> None:
    """Put government, facilitator, bank, association, universities and technology centres into the first rows."""
    kinds = [GOVERNMENT, FACILITATOR, BANK, ASSOCIATION]
    kinds += [UNIVERSITY] * spec.universities + [TECHNOLOGY_CENTRE] * spec.technology_centres + [DONOR] * int(cluster.donors)
    for k, kind in enumerate(kinds):
        i = cluster.first + k
        actors.uid[i], actors.kind[i], actors.segment[i] = identity(cluster.uid, -2, k), kind, -1
        actors.climate[i] = actors.climate_start[i] = actors.bond[i] = population.institution_climate
        actors.threshold[i], actors.technology[i] = population.institution_threshold, ORIGIN


def make_room(state: State) -> State:
    """Return the same state with half as much room again for every cluster that is short of it."""
    old = state.clusters.copy()
    clusters = state.clusters
    for cluster in clusters:
        rows, firms = cluster.last - cluster.first, cluster.last - cluster.firms
        room = cluster.room - cluster.first
        tight = rows + 8 + firms // 4 > room
        cluster.firms -= cluster.first
        cluster.last = rows
        cluster.room = max(room, rows + rows // 3 + 16) if tight else room
        if cluster.tie_count + 2 * rows + 96 > cluster.tie_room:
            cluster.tie_room = cluster.tie_count + cluster.tie_count // 8 + 3 * rows + 256
    lay_out(clusters)
    actors = allocate_actors(int(clusters.room[-1]))
    ties = allocate_ties(int(clusters.ties[-1] + clusters.tie_room[-1]))
    for before, cluster in zip(old, clusters, strict=True):
        source, target = slice(before.first, before.last), slice(cluster.first, cluster.last)
        for name in ACTORS:
            getattr(actors, name)[target] = getattr(state.actors, name)[source]
        source = slice(before.ties, before.ties + before.tie_count)
        target = slice(cluster.ties, cluster.ties + cluster.tie_count)
        for name in TIES:
            getattr(ties, name)[target] = getattr(state.ties, name)[source]
        moved = cluster.first - before.first
        ties.a[target] += moved
        ties.b[target] += np.where(ties.b[target] != OUTSIDE, moved, 0).astype(np.int32)
        index_ties(actors, ties, cluster)
    return state._replace(actors=actors, ties=ties, meetings=allocate_meetings(actors.uid.size))
