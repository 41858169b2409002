"""Demography: insolvency, a hazard that falls with age and size, books merged at exit, births that inherit."""

from __future__ import annotations

import numpy as np
import pytest

from clustersim.mechanisms.demography import CLOSURE, INSOLVENCY, liquidate, means, renew
from clustersim.state import BANK, FREE, SME, TRACTOR


@pytest.fixture
def town(make):
    """Return a maker of clusters in which nobody is born and nobody closes: a test switches on what it looks at."""

    def _town(firms=10, change=None, **firm):
        case = make(firms, room=3 * firms + 40)
        p = case.p.demography
        p.closure = p.startup_rate = p.startup_floor = p.spinoff_rate = p.attraction_rate = 0.0
        for name, value in (change or {}).items():
            p[name] = value
        case.p.population.climate_spread = case.p.population.knowledge_spread = case.p.population.technology_spread = 0.0
        case.all(**firm)
        case.cluster.loans = case.cluster.bank_capital = case.get("debt").sum()
        case.cluster.employment = case.get("employees").sum()
        case.world.quarter = 20
        return case

    return _town


def step(case):
    """Let firms leave and come; books and counts balance."""
    before, count = case.books(), float(case.cluster.firm_count)
    renew(case.actors, case.ties, case.cluster, case.world, case.p.demography, case.p.population)
    c = case.cluster
    assert case.books() == pytest.approx(before, abs=1e-6)
    assert c.firm_count == len(case.alive()) == count + c.entries + c.spinoffs - c.exits
    assert case.actors.debt[case.alive()].sum() == pytest.approx(c.loans, abs=1e-6)
    assert case.actors.employees[case.alive()].sum() == pytest.approx(c.employment, abs=1e-6)
    case.world.quarter += 1


def born(case):
    """Return the rows of firms born in the last quarter."""
    return [i for i in case.alive() if case.actors.born[i] == case.world.quarter - 1]


def test_without_hazards_and_births_nothing_changes(town):
    case = town()
    step(case)
    assert case.cluster.exits == case.cluster.entries == case.cluster.spinoffs == 0


def test_firms_that_owe_more_than_patience_allows_are_insolvent(town):
    case = town(3)
    limit = -case.p.demography.patience * 400.0
    case.all(cash=np.array([limit - 0.01, limit, 100.0]))
    step(case)
    assert list(case.get("kind")) == [FREE, SME, SME]
    assert list(case.get("cause")) == [INSOLVENCY, 0, 0]


def closed(town, change=None, incubation=0.0, age=0, **firm):
    """Return how many of many equal firms close in a quarter at a high hazard."""
    case = town(1500, change={"closure": 0.4} | (change or {}), born=20 - age, **firm)
    case.lever(incubation=incubation)
    case.p.demography.entrants_max = 0.0
    step(case)
    assert set(case.get("cause")[case.get("kind") == FREE]) == {CLOSURE}
    return case.cluster.exits / 1500


def test_the_hazard_falls_with_age_up_to_forty_and_with_size(town):
    young, grown, old, older = (closed(town, age=age) for age in (0, 20, 40, 80))
    assert young > grown > old == older
    assert young == pytest.approx(0.4 * 11**-0.35, abs=0.03)
    assert closed(town, employees=1.0) > young > closed(town, employees=100.0)
    assert closed(town, age=40, change={"closure_age": 0.0}) == young
    flat = {"closure_size": 0.0}
    assert closed(town, employees=1.0, change=flat) == closed(town, employees=100.0, change=flat)


def test_incubation_halves_the_hazard_of_young_firms_alone(town):
    assert closed(town, incubation=1.0) == pytest.approx(0.5 * closed(town), rel=0.2)
    assert closed(town, incubation=9.0) == closed(town, incubation=1.0)
    assert closed(town, age=20, incubation=1.0) == closed(town, age=20)


def leave(town, change=None, fund=0.0, **firm):
    """Liquidate firm 0 of two and return the case."""
    case = town(2, change={"liquidation": 0.5} | (change or {}), **firm)
    case.cluster.guarantee_fund = fund
    before = case.books()
    liquidate(case.actors, case.cluster, case.row(0), CLOSURE, case.p.demography)
    assert case.books() == pytest.approx(before)
    assert case.get("debt")[0] == case.get("cash")[0] == case.get("assets")[0] == case.get("employees")[0] == 0.0
    assert case.cluster.loans == pytest.approx(case.get("debt")[1])
    return case


def test_a_sound_firm_repays_its_debt_and_leaves_the_rest_to_its_owners(town):
    case = leave(town, cash=100.0, debt=300.0, assets=800.0)
    assert case.actors.cash[BANK] == 300.0
    assert case.cluster.nation == pytest.approx(-400 + 200)
    assert case.cluster.written_off == 0.0


def test_what_is_lost_is_covered_by_the_guarantee_fund_and_else_written_off(town):
    case = leave(town, cash=0.0, debt=1000.0, assets=800.0)
    assert (case.actors.cash[BANK], case.cluster.written_off) == (400.0, 600.0)
    case = leave(town, fund=250.0, cash=0.0, debt=1000.0, assets=800.0)
    assert (case.actors.cash[BANK], case.cluster.written_off, case.cluster.guarantee_fund) == (650.0, 350.0, 0.0)
    case = leave(town, fund=5000.0, cash=-900.0, debt=1000.0, assets=800.0)
    assert (case.actors.cash[BANK], case.cluster.written_off, case.cluster.guarantee_fund) == (1000.0, 0.0, 4000.0)
    assert case.cluster.nation == pytest.approx(-400 - 500)  # owners make up what is missing


def test_a_firm_that_leaves_is_no_member_any_more(town):
    case = town(5, member=1)
    case.cluster.members = 5
    case.set(3, cash=-1e6)
    step(case)
    assert case.cluster.members == 4 == case.get("member").sum()


def test_without_liquidation_value_assets_save_nothing(town):
    assert leave(town, change={"liquidation": 0.0}, cash=0.0, debt=100.0).cluster.written_off == 100.0


def test_ties_end_with_their_firms_and_the_others_keep_their_order(town):
    case = town(4)
    for a, b in ((0, 1), (2, 3), (1, 3), (0, 3)):
        case.tie(a, b, trust=0.1 * (a + b))
    case.tie(1, None)
    case.tie(3, None)
    case.set(1, cash=-1e6)
    step(case)
    first = int(case.cluster.firms)
    live = list(case.live_ties())
    assert [(int(case.ties.a[t]) - first, int(case.ties.b[t]) - first if case.ties.b[t] >= 0 else -1) for t in live] == [
        (2, 3), (0, 3), (3, -1)]  # fmt: skip
    assert case.ties.trust_ab[live][:2] == pytest.approx([0.5, 0.3])
    assert list(case.get("degree")) == [1, 0, 1, 3]


def test_ended_ties_are_removed_even_when_nobody_leaves(town):
    case = town(3)
    case.tie(0, 1)
    case.tie(1, 2)
    case.ties.level[0] = -1
    step(case)
    assert case.cluster.tie_count == 1 and list(case.get("degree")) == [0, 1, 1]


def test_a_freed_row_is_taken_by_the_next_firm_which_remembers_nothing(town):
    case = town(5)
    case.set(2, cash=-1e6, member=1, project=3, cost_saving=0.5, reach=0.5, certified=1)
    case.p.demography.startup_floor = 1.0
    step(case)
    assert born(case) == [case.row(2)] and case.cluster.last == case.row(5)
    new = {name: case.get(name)[2] for name in ("member", "project", "cost_saving", "reach", "certified")}
    assert new == {"member": 0, "project": -1, "cost_saving": 0.0, "reach": 0.0, "certified": 0}
    step(case)
    assert born(case) == [case.row(5)] and case.cluster.last == case.row(6)
    assert len(set(case.get("uid"))) == 6


def test_means_are_over_firms_and_around_the_circle(town):
    case = town(4, margin=np.array([0.1, 0.2, 0.3, 9.0]), knowledge=np.array([0.0, 0.3, 0.6, 9.0]),
                technology=np.array([0.95, 0.05, 0.0, 0.4]))  # fmt: skip
    case.set(3, kind=FREE)
    case.cluster.firm_count = 3
    case.world.regime = 0.02
    assert means(case.actors, case.cluster, case.world) == pytest.approx((0.2, 0.3, 0.0))


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


def test_settlers_come_with_the_brand_and_attraction(town):
    rate = {"attraction_rate": 0.5}
    assert starts(town, change=rate) == 0.0
    assert starts(town, change=rate, lever={"brand": 0.6}) == pytest.approx(0.3, abs=0.2)
    assert starts(town, change=rate, lever={"brand": 0.6, "attraction": 2.0}) == pytest.approx(0.94, abs=0.25)
    assert starts(town, change={"attraction_rate": 0.0}, lever={"attraction": 50.0}) == pytest.approx(1.0)


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
        case.all(knowledge=np.tile([-0.3, 0.3], 1000), **firm)
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
