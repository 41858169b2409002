"""Entry: start-ups, settlers and spin-offs: how many come, what they inherit, and who pays for them."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from towns import born, step, town_of

from clustersim.model.state import BANK, FREE, SME, TRACTOR


@pytest.fixture
def town(make):
    """Return the maker of towns in which nobody is born and nobody closes."""
    return partial(town_of, make)


def starts(town, quarters=40, change=None, lever=None, firms=100, **firm):
    """Return the start-ups per quarter of a cluster that is kept as it is."""
    case = town(firms, change=change, **({"margin": 0.06} | firm))
    case.p.demography.entrants_max = 0.5
    case.lever(**(lever or {}))
    last, count = int(case.cluster.last), 0.0
    for _ in range(quarters):
        step(case)
        count += case.cluster.entries
        for i in range(last, int(case.cluster.last)):  # undo
            case.actors.kind[i] = FREE
            case.cluster.employment -= case.actors.employees[i]
            case.actors.cash[i] = 0.0
        case.cluster.last, case.cluster.firm_count = last, firms
    return count / quarters


def test_start_ups_come_with_firms_margins_and_incubation(town):
    rate = {"startup_rate": 0.02}
    base = starts(town, change=rate)
    assert base == pytest.approx(2.0)
    assert starts(town, change=rate, firms=50) == pytest.approx(1.0)
    assert starts(town, change=rate, margin=0.16) == pytest.approx(2.0 * np.exp(0.6), abs=0.2)
    assert starts(town, change=rate, margin=-0.5) == pytest.approx(2.0 * np.exp(-1.8), abs=0.15)
    assert starts(town, change=rate | {"startup_margin": 0.0}, margin=0.16) == pytest.approx(2.0)
    assert starts(town, change=rate, lever={"incubation": 0.5}) == pytest.approx(3.0)
    assert starts(town, change={"startup_floor": 0.25}) == pytest.approx(0.25, abs=0.2)


def test_less_paperwork_and_open_entry_bring_start_ups(town):
    rate = {"startup_rate": 0.02, "easier": 0.5}
    assert starts(town, change=rate, lever={"paperwork": 1.0}) == pytest.approx(3.0)
    assert starts(town, change=rate, lever={"competition": 1.0}) == pytest.approx(3.0)
    assert starts(town, change=rate, lever={"paperwork": 1.0, "competition": 1.0}) == pytest.approx(4.0)
    assert starts(town, change=rate, lever={"paperwork": 1.0, "incubation": 0.5}) == pytest.approx(4.0)
    assert starts(town, change=rate | {"easier": 0.0}, lever={"paperwork": 1.0, "competition": 1.0}) == pytest.approx(2.0)


def test_settlers_come_with_the_brand_and_attraction(town):
    rate = {"attraction_rate": 0.5}
    assert starts(town, change=rate) == 0.0
    assert starts(town, change=rate, lever={"brand": 0.6}) == pytest.approx(0.3, abs=0.2)
    assert starts(town, change=rate, lever={"brand": 0.6, "attraction": 2.0}) == pytest.approx(0.94, abs=0.25)
    assert starts(town, change={"attraction_rate": 0.0}, lever={"attraction": 50.0}) == pytest.approx(1.0)
    assert starts(town, change={"attraction_rate": 0.0}, lever={"park": 100.0}) == pytest.approx(1.0)  # half as much
    assert starts(town, change=rate, lever={"brand": 0.6, "park": 4.0}) == pytest.approx(0.94, abs=0.25)


def test_births_are_bounded(town):
    case = town(100, change={"startup_floor": 60.0})
    step(case)
    assert case.cluster.entries == 2 + int(0.05 * 100)


def test_a_start_up_is_small_young_and_behind_the_mean(town):
    case = town(50, change={"startup_floor": 4.0}, knowledge=0.3, technology=0.6)
    step(case)
    for i in born(case):
        a = case.actors
        assert a.kind[i] == SME and a.parent[i] == 0 and 0.5 < a.employees[i] < 50
        assert a.knowledge[i] == pytest.approx(0.3 - case.p.demography.startup_gap)
        assert a.technology[i] == pytest.approx(0.6)
        assert a.climate[i] == a.bond[i] == pytest.approx(case.cluster.trust_start)
        assert 0 <= a.segment[i] < case.cluster.segments
        assert a.x[i] ** 2 + a.y[i] ** 2 <= case.cluster.radius**2
    assert len(born(case)) == 4
    assert len({float(case.actors.employees[i]) for i in born(case)}) == 4


def test_sizes_of_new_firms_scatter_around_their_median(town):
    for change in ({"startup_floor": 60.0}, {"spinoff_rate": 1e9}):
        case = town(200, change=change | {"entrants_max": 0.3})
        step(case)
        sizes = np.log(case.actors.employees[born(case)] / case.p.population.entrant_size)
        assert len(sizes) >= 60 and abs(np.median(sizes)) < 0.2 and sizes.std() == pytest.approx(0.5, abs=0.12)


def test_settlers_know_as_much_as_the_mean_and_some_are_tractors(town):
    case = town(400, change={"attraction_rate": 1.0, "settler_tractor": 0.5}, knowledge=0.3)
    case.cluster.brand = 20.0
    step(case)
    kinds = [int(case.actors.kind[i]) for i in born(case)]
    assert len(kinds) == 20 and 3 < kinds.count(TRACTOR) < 17
    small, large = (np.mean([case.actors.employees[i] for i in born(case) if case.actors.kind[i] == k]) for k in (SME, TRACTOR))
    assert large > 10 * small
    assert all(case.actors.knowledge[i] == pytest.approx(0.3) for i in born(case))
    none = town(400, change={"attraction_rate": 1.0, "settler_tractor": 0.0})
    none.cluster.brand = 20.0
    step(none)
    assert {int(none.actors.kind[i]) for i in born(none)} == {SME}


def test_owners_and_bank_pay_for_a_new_firms_cash(town):
    for loan in (0.0, 0.4):
        case = town(10, change={"startup_floor": 1.0, "seed_loan": loan})
        step(case)
        (i,) = born(case)
        assert case.actors.debt[i] == pytest.approx(loan * case.actors.assets[i])
        assert case.actors.cash[BANK] == pytest.approx(-case.actors.debt[i])
        assert case.cluster.nation == pytest.approx(case.actors.debt[i] - case.actors.cash[i])
        assert case.actors.cash[i] == pytest.approx(case.p.population.cash * case.actors.sales[i])


def lineage(town, **change):
    """Return a cluster in which the one leader among 40 firms has a child."""
    case = town(40, change={"spinoff_rate": 1e9} | change)
    case.p.demography.spinoff_quality = 0.0
    case.all(log_size=0.0)
    case.set(7, knowledge=0.4, technology=0.8, segment=1, climate=0.83, belief=0.66, log_size=2.4)
    step(case)
    (child,) = born(case)
    return case, child


def test_a_spin_off_inherits_from_its_parent(town):
    case, child = lineage(town)
    a, parent = case.actors, case.row(7)
    mean = 0.4 / 40
    assert a.knowledge[child] == pytest.approx(mean + case.p.demography.inheritance * (0.4 - mean))
    assert a.parent[child] == a.uid[parent] and a.segment[child] == 1 and a.kind[child] == SME
    assert a.technology[child] == pytest.approx(0.8)
    assert (a.climate[child], a.bond[child], a.belief[child]) == (0.83, 0.83, 0.66)
    assert case.cluster.spinoffs == 1


def test_without_inheritance_a_spin_off_knows_the_mean(town):
    case, child = lineage(town, inheritance=0.0)
    assert case.actors.knowledge[child] == pytest.approx(0.01)
    case, child = lineage(town, inheritance=1.0)
    assert case.actors.knowledge[child] == pytest.approx(0.4)


def test_better_and_larger_parents_have_more_children(town):
    def children(quality=2.0, incubation=0.0, rate=0.05, **firm):
        case = town(2000, change={"spinoff_rate": rate, "entrants_max": 0.5, "spinoff_quality": quality})
        case.all(fitness=np.exp(np.tile([-0.3, 0.3], 1000)), **firm)
        case.cluster.employment = case.get("employees").sum()
        case.lever(incubation=incubation)
        step(case)
        parents = {int(case.actors.parent[i]) for i in born(case)}
        better = sum(int(uid) in parents for uid in case.get("uid")[1:2000:2])
        return len(parents), better / max(len(parents), 1)

    count, better = children()
    assert 80 < count < 180 and better == pytest.approx(1 / (1 + np.exp(-1.2)), abs=0.1)
    assert children(quality=0.0)[1] == pytest.approx(0.5, abs=0.12)
    assert children(employees=100.0)[0] > 1.5 * count
    assert children(incubation=1.0)[0] > 1.6 * count
    assert children(rate=0.0)[0] == 0


def test_a_newborn_has_no_child_in_its_first_quarter(town):
    case = town(20, change={"startup_floor": 3.0, "spinoff_rate": 1e9, "entrants_max": 0.06})
    case.all(log_size=0.0)
    step(case)
    assert case.cluster.entries == 3 and case.cluster.spinoffs == 0
    step(case)
    parents = {int(case.actors.parent[i]) for i in born(case)} - {0}
    assert len(parents) == case.cluster.spinoffs == 3  # two and a twentieth of twenty-three firms


def scattered(town, settlers, **change):
    """Return the technologies of many newcomers to a cluster at 0.2, where the market asks for 0.7."""
    kind = {"attraction_rate": 1.0, "settler_tractor": 0.0} if settlers else {"startup_floor": 60.0}
    case = town(200, change=kind | {"entrants_max": 0.3} | change, technology=0.2)
    case.world.regime, case.cluster.brand = 0.7, 60.0 * settlers
    case.p.population.technology_spread = 0.04
    step(case)
    return case.actors.technology[born(case)]


def test_start_ups_scatter_around_the_cluster_and_settlers_around_what_the_market_asks_for(town):
    """The spread of start-ups is half of that of the first firms; settlers bring all of it."""
    own, foreign = scattered(town, 0), scattered(town, 1)
    assert len(own) == len(foreign) == 60
    assert own.mean() == pytest.approx(0.2, abs=0.01) and own.std() == pytest.approx(0.02, rel=0.3)
    assert foreign.mean() == pytest.approx(0.7, abs=0.02) and foreign.std() == pytest.approx(0.04, rel=0.3)
    assert scattered(town, 0, startup_spread=0.0) == pytest.approx(0.2)


def test_newcomers_may_begin_in_a_branch(town):
    case = town(200, change={"startup_floor": 60.0, "entrants_max": 0.3})
    case.cluster.segments = 3
    step(case)
    assert set(case.actors.segment[born(case)]) == {0, 1, 2}
