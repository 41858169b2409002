"""Exit: insolvency, a hazard that falls with age and size, tractor firms that leave, books merged, rows freed."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from towns import born, step, town_of

from clustersim.model.mechanisms.demography import CLOSURE, INSOLVENCY, TRACTOR_EXIT, liquidate, means
from clustersim.model.state import BANK, FREE, SME, TRACTOR


@pytest.fixture
def town(make):
    """Return the maker of towns in which nobody is born and nobody closes."""
    return partial(town_of, make)


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
    assert (case.actors.cash[BANK], case.cluster.written_off, case.cluster.lost) == (400.0, 600.0, 600.0)
    case = leave(town, fund=250.0, cash=0.0, debt=1000.0, assets=800.0)
    assert (case.actors.cash[BANK], case.cluster.written_off, case.cluster.guarantee_fund) == (650.0, 350.0, 0.0)
    assert case.cluster.lost == 350.0
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
    margin, knowledge, technology = means(case.actors, case.cluster, case.world)
    assert (margin, knowledge) == pytest.approx((0.2, 0.3)) and min(technology, 1.0 - technology) < 1e-12
    assert (case.cluster.knowledge, case.cluster.technology) == (knowledge, technology)
    case.all(technology=np.array([0.95, 0.05, 0.3, 0.4]))
    assert means(case.actors, case.cluster, case.world)[2] == pytest.approx(0.1)
    assert case.cluster.employment == 30.0


def test_losses_are_those_of_the_quarter(town):
    case = town(4, change={"liquidation": 0.0}, debt=100.0, cash=0.0)
    for quarter, lost in ((0, 200.0), (1, 100.0), (2, 0.0)):
        if quarter < 2:
            case.set(slice(2 * quarter, 2 * quarter + 2 - quarter), cash=-1e6)
        step(case)
        assert case.cluster.lost == lost
    assert case.cluster.written_off == 300.0


def anchored(town, *employees, leave=1.0, **firm):
    """Return a town whose first firms are tractors of these sizes, of which some leave in this quarter."""
    case = town(5, **firm)
    for k, size in enumerate(employees):
        case.set(k, kind=TRACTOR, employees=size)
    case.cluster.employment = case.get("employees").sum()
    case.world.departures = leave
    step(case)
    return case


def test_the_largest_tractor_firm_leaves(town):
    assert list(anchored(town, 300.0, 900.0, 500.0).get("kind")) == [TRACTOR, FREE, TRACTOR, SME, SME]
    case = anchored(town, 300.0, 900.0, 500.0, leave=2.0)
    assert list(case.get("kind")) == [TRACTOR, FREE, FREE, SME, SME] and case.cluster.exits == 2
    assert list(case.get("cause")) == [0, TRACTOR_EXIT, TRACTOR_EXIT, 0, 0]
    assert list(anchored(town, 500.0, 500.0).get("kind")) == [FREE, TRACTOR, SME, SME, SME], "the first of equals"


def test_no_more_tractors_leave_than_there_are_and_never_an_sme(town):
    assert list(anchored(town, 300.0, leave=9.0).get("kind")) == [FREE, SME, SME, SME, SME]
    assert anchored(town, leave=3.0).cluster.exits == 0
    assert anchored(town, 300.0, leave=0.9).cluster.exits == 0, "whole firms leave"


def test_the_first_firm_need_not_be_the_tractor(town):
    case = town(4)
    case.set(2, kind=TRACTOR, employees=400.0)
    case.cluster.employment = case.get("employees").sum()
    case.world.departures = 1.0
    step(case)
    assert list(case.get("kind")) == [SME, SME, FREE, SME]


def test_a_tractor_that_leaves_settles_its_debt_and_ends_its_ties(town):
    case = town(3, debt=100.0, cash=0.0, assets=800.0)
    case.set(0, kind=TRACTOR, employees=400.0)
    case.cluster.employment = case.get("employees").sum()
    case.tie(0, 1, level=3)
    case.tie(1, 2)
    case.world.departures = 1.0
    step(case)
    assert case.actors.cash[BANK] == 100.0 and case.cluster.lost == 0.0
    assert case.cluster.tie_count == 1 and list(case.get("degree")) == [0, 1, 1]
