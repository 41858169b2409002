"""What is counted for the record alone: income by source, joint projects by kind, loans, settlers, growing firms, the network."""

from __future__ import annotations

import books
import clubs
import numpy as np
import plans
import pytest
import towns

from clustersim.model.indicators import INDICATORS, by_name, measure
from clustersim.model.levers import ASSOCIATION as TO_ASSOCIATION
from clustersim.model.levers import NATION
from clustersim.model.mechanisms.association import collect_fees
from clustersim.model.mechanisms.phase import classify, count_growing
from clustersim.model.population import clear
from clustersim.model.state import BANK, FREE, PROJECT_KINDS, PROMOTION, RESEARCH, TRACTOR, UNIVERSITY


def measured(case):
    """Return all indicators by name."""
    out = by_name(np.zeros((1, len(INDICATORS))))
    measure(case.actors, case.ties, case.cluster, case.world, out[0])
    return dict(zip(INDICATORS, out[0].tolist(), strict=True))


def paid_in(make, members=4, speakers=0.0, cash=240.0):
    """Return an association of small firms that has collected its quarter's money."""
    case = make(6)
    p = case.p.association
    p.fee_small, p.services, p.raised = 0.05, 0.5, 0.4
    case.cluster.formal, case.cluster.members, case.cluster.vision, case.cluster.speakers = 1, members, 0.4, speakers
    case.all(cash=cash)
    case.set(slice(0, members), member=1)
    collect_fees(case.actors, case.cluster, p)
    return case


def test_private_income_is_fees_services_and_sponsors(make):
    """Four members pay 0.05 wages of 9.6, and a fifth of that for services; two who speak raise 0.4 wages each, by vision."""
    found = measured(paid_in(make, speakers=2.0))
    assert found["income_fees"] == pytest.approx(4 * 0.05 * 9.6)
    assert found["income_services"] == pytest.approx(4 * 0.05 * 9.6 * 0.2)
    assert found["income_sponsors"] == pytest.approx(2 * 0.4 * 9.6 * 0.4)
    assert sum(found[f"income_{name}"] for name in ("fees", "services", "sponsors")) == pytest.approx(found["income_private"])


def test_what_a_poor_member_can_pay_is_divided_as_all_that_is_paid(make):
    found = measured(paid_in(make, cash=0.12))
    assert (found["income_fees"], found["income_services"]) == pytest.approx((0.4, 0.08))
    assert measured(paid_in(make, members=0))["income_fees"] == 0.0


def public(make, own=1.0, arrives=0.0, wait=0, quarters=1, **cluster):
    """Return, by quarter, local, national and foreign income of an association that is granted 10 for four quarters."""
    row = {"recipient": TO_ASSOCIATION, "quarters": 4}
    case = plans.plan(make(), row, {"recipient": NATION}, formal=1, own=own, arrives=arrives, wait=wait, **cluster)
    found = []
    for _ in range(quarters):
        plans.step(case)
        now = measured(case)
        found.append(tuple(now[f"income_{name}"] for name in ("local", "national", "foreign")))
        assert sum(found[-1]) == pytest.approx(now["income_public"], abs=1e-12)
    return found


def test_public_income_is_of_the_place_the_centre_and_donors(make):
    assert public(make) == [(10.0, 0.0, 0.0)]
    assert public(make, own=0.0, arrives=0.9) == [pytest.approx((0.0, 9.0, 0.0))]
    assert public(make, own=0.25, arrives=0.75 * 0.8)[0] == pytest.approx((2.5, 6.0, 0.0))
    assert public(make, own=0.25, arrives=0.6, foreign=0.4)[0] == pytest.approx((1.5, 3.6, 3.4))
    assert public(make, foreign=1.0) == [pytest.approx((0.0, 0.0, 10.0))]


def test_money_from_the_centre_comes_later(make):
    """The place pays four quarters from the first on, the centre four from the third on."""
    found = public(make, own=0.5, arrives=0.4, wait=2, quarters=7)
    assert [local for local, _, _ in found] == pytest.approx([5.0] * 4 + [0.0] * 3)
    assert [national for _, national, _ in found] == pytest.approx([0.0] * 2 + [4.0] * 4 + [0.0], abs=1e-12)


def test_levels_of_a_programme_cost_all_payers_alike(make):
    assert public(make, own=0.25, arrives=0.6, overhead=0.2)[0] == pytest.approx((2.0, 4.8, 0.0))


def test_a_closed_purse_forgets_the_quarter_before(make):
    case = paid_in(make, speakers=1.0)
    case.cluster.income_local = 3.0
    plans.step(case)
    found = measured(case)
    assert [found[f"income_{name}"] for name in ("fees", "services", "sponsors", "local", "national", "foreign")] == [0.0] * 6


def test_joint_projects_are_counted_by_kind_as_they_start(make):
    case = clubs.club(make, 20)
    clubs.step(case)
    (kind,) = clubs.running(case)
    found = measured(case)
    started = [found[f"started_{name}"] for name in PROJECT_KINDS]
    assert started == [float(k == kind) for k in range(len(PROJECT_KINDS))]
    assert 0 < found["project_partners"] == (case.get("project") >= 0).sum() <= 20
    case.p.joint_action.launch = 0.0
    clubs.step(case)
    assert measured(case)["project_partners"] == found["project_partners"]
    assert case.cluster.started.sum() == case.cluster.projects_started == 0.0


def test_partners_are_a_mean_over_the_projects_that_run(make):
    case = make(9)
    case.cluster.project_partners[:] = 99.0  # of projects that have ended
    assert measured(case)["project_partners"] == 0.0
    case.cluster.project_kind[[1, 4]], case.cluster.project_partners[[1, 4]] = (PROMOTION, RESEARCH), (3.0, 8.0)
    assert measured(case)["project_partners"] == 5.5


def loans(make, guarantee=0.0, **firm):
    """Return the loans placed and those under guarantee of a firm that may owe up to half of its assets of 800."""
    case = books.one_firm(make, {"appetite": 1.0}, **({"bond": 0.0, "cash": -5000.0} | firm))
    case.lever(guarantee=guarantee)
    books.step(case)
    found = measured(case)
    assert (found["loans_placed"] > 0.0) == (case.cluster.credit_granted > 0.0)
    return found["loans_placed"], found["loans_guaranteed"]


def test_a_loan_is_under_guarantee_if_the_firm_could_not_owe_so_much_without(make):
    assert loans(make) == (1.0, 0.0)
    assert loans(make, guarantee=0.25) == (1.0, 1.0)
    assert loans(make, guarantee=0.25, assets=8e4) == (1.0, 0.0)  # enough of its own
    assert loans(make, cash=1000.0, guarantee=0.25) == (0.0, 0.0)
    assert loans(make, debt=400.0) == loans(make, debt=900.0) == (0.0, 0.0)
    assert loans(make, debt=400.0, guarantee=0.25) == (1.0, 1.0)


def test_two_loans_of_a_firm_in_a_quarter_are_one(make):
    """It borrows for its till and for its investment; a second firm does nothing."""
    case = make(2)
    p = case.p.finance
    p.appetite, p.repay, p.payout, p.invest_speed, p.leverage = 1.0, 0.0, 0.0, 0.5, 0.5
    case.all(rd_share=0.0, cash=np.array([0.0, 1e5]), assets=np.array([800.0, 1e5]))
    case.cluster.loans = case.cluster.bank_capital = 0.0
    books.step(case)
    assert case.get("debt")[0] > 0.0 and measured(case)["loans_placed"] == 1.0
    p.appetite = 0.0
    books.step(case)
    assert measured(case)["loans_placed"] == 0.0


def settled(make, quarters=30, **levers):
    """Return a town in which settlers have come, and the sums over its quarters of what is measured of them."""
    case = towns.town_of(make, 40, change={"attraction_rate": 1.0, "settler_tractor": 0.2, "entrants_max": 0.06})
    case.lever(**levers)
    total = np.zeros(4)
    for _ in range(quarters):
        towns.step(case)
        found, here = measured(case), towns.born(case)
        assert found["settlers"] == found["entries"] == len(here)
        assert found["investment_attracted"] == pytest.approx(case.actors.assets[here].sum())
        total += [found[name] for name in ("settlers", "entries", "investment_attracted", "investment_called")]
    return total


def test_investment_attracted_is_the_buildings_and_machines_of_settlers(make):
    came, _, brought, called = settled(make, brand=0.5)
    assert came > 5 and brought > 0.0 and called == 0.0


def test_the_part_that_promotion_called_follows_the_rates(make):
    """At a brand of one half and a full effort as many come for the brand as for the call for it, and 0.02 besides."""
    _, _, brought, called = settled(make, brand=0.5, attraction=1.0)
    assert called == pytest.approx(brought * 0.52 / 1.02)
    _, _, brought, called = settled(make, brand=0.5, park=1.0)
    assert brought > called == 0.0


def test_start_ups_are_no_settlers(make):
    case = towns.town_of(make, 40, change={"startup_floor": 3.0})
    towns.step(case)
    found = measured(case)
    assert found["entries"] > 0.0 == found["settlers"] == found["investment_attracted"]


def grown(make, **now):
    """Return how many of four firms, and of those that were micro or small, count as growing after a year."""
    case = make(4)
    case.all(wage_bill=96.0, profit=30.0)
    count_growing(case.actors, case.cluster)
    assert (case.cluster.growing, case.cluster.growing_small) == (0.0, 0.0)  # nothing to compare with yet
    case.all(**now)
    count_growing(case.actors, case.cluster)
    found = measured(case)
    return found["growing_firms"], found["growing_small"]


def test_firms_grow_in_sales_jobs_or_value_added_per_job(make):
    assert grown(make) == (0.0, 0.0)
    assert grown(make, sales=np.array([400.0, 419.0, 421.0, 300.0])) == (1.0, 1.0)
    assert grown(make, employees=np.array([10.4, 10.6, 9.0, 10.0]), profit=1000.0) == (4.0, 4.0)
    assert grown(make, employees=np.array([10.4, 10.6, 9.0, 10.0]), profit=-90.0) == (1.0, 1.0)
    assert grown(make, profit=np.array([30.0, 36.2, 36.4, 20.0])) == (1.0, 1.0)  # 126 + 6.3


def test_a_firm_that_loses_less_grows(make):
    """Value added of -20 and then of -18, a tenth better though below nothing; of another one -20.5, which is worse."""
    case = make(2)
    case.all(wage_bill=96.0, profit=-116.0)
    count_growing(case.actors, case.cluster)
    case.all(profit=np.array([-114.0, -116.5]))
    count_growing(case.actors, case.cluster)
    assert case.cluster.growing == 1.0


def test_firms_are_counted_at_the_end_of_a_year_against_the_end_of_the_last(make):
    """Sales rise by a fifth as the second year begins: the count of its last quarter says so, until a year later."""
    case, found = make(4), []
    case.all(wage_bill=96.0)
    for quarter in range(13):
        case.world.quarter = quarter
        if quarter == 4:
            case.all(sales=480.0)
        classify(case.actors, case.ties, case.cluster, case.world, case.p.phase)
        found.append(measured(case)["growing_firms"])
    assert found == [0.0] * 7 + [4.0] * 4 + [0.0] * 2


def test_only_smes_grow_and_only_the_small_count_as_small(make):
    case = make(4)
    case.all(wage_bill=96.0, employees=np.array([49.0, 50.0, 400.0, 400.0]))
    case.set(3, kind=TRACTOR)
    count_growing(case.actors, case.cluster)
    case.all(sales=900.0)
    count_growing(case.actors, case.cluster)
    assert (case.cluster.growing, case.cluster.growing_small) == (3.0, 1.0)


def test_who_was_not_there_a_year_before_is_not_compared(make):
    """One firm has just come and has paid no wages; a row has a new owner; one firm has left."""
    case = make(4)
    case.all(wage_bill=np.array([96.0, 0.0, 96.0, 96.0]))
    count_growing(case.actors, case.cluster)
    clear(case.actors, case.row(2))
    case.all(sales=900.0, wage_bill=96.0)
    case.set(3, kind=FREE)
    count_growing(case.actors, case.cluster)
    assert case.cluster.growing == 1.0
    case.all(sales=1800.0)
    count_growing(case.actors, case.cluster)
    assert case.cluster.growing == 3.0


def test_the_network_is_linked_institutions_and_the_firms_linked_to_them(make):
    case = make(6, schools=2)
    assert (measured(case)["network_institutions"], measured(case)["network_organisations"]) == (0.0, 0.0)
    case.school_tie(0, level=1)
    case.school_tie(0, level=2, school=BANK)
    case.school_tie(1, level=0, school=UNIVERSITY + 1)  # an acquaintance only
    case.tie(2, 3, level=3)
    case.tie(4, None, level=2)
    assert (measured(case)["network_institutions"], measured(case)["network_organisations"]) == (2.0, 3.0)
    case.set(slice(0, 2), member=1)
    case.cluster.formal, case.cluster.members = 1, 2.0
    assert (measured(case)["network_institutions"], measured(case)["network_organisations"]) == (3.0, 5.0)
    case.set(0, kind=FREE)
    assert measured(case)["network_organisations"] == 4.0


def test_membership_is_formal_where_there_are_members(make):
    case = make(4)
    case.cluster.founded = -11
    found = measured(case)
    assert (found["formal_membership"], found["member_share"], found["association_age"]) == (0.0, 0.0, 0.0)
    case.cluster.formal = 1
    assert (measured(case)["formal_membership"], measured(case)["association_age"]) == (0.0, 4.0)
    case.cluster.members = 3.0
    assert (measured(case)["formal_membership"], measured(case)["member_share"]) == (1.0, 0.75)


def test_sales_are_inside_the_cluster_in_the_nation_or_abroad(make):
    case = make(3)
    case.all(sales=np.array([400.0, 200.0, 9e9]), exports=np.array([100.0, 0.0, 9e9]), trade=np.array([50.0, 150.0, 9e9]))
    case.set(2, kind=FREE)
    found = measured(case)
    assert (found["supplier_sales"], found["domestic_sales"], found["exports"]) == (200.0, 300.0, 100.0)
    assert found["supplier_sales"] + found["domestic_sales"] + found["exports"] == found["sales"]
    assert found["outside_share"] == pytest.approx(400 / 600)
    case.all(sales=0.0, exports=0.0, trade=0.0)
    assert measured(case)["outside_share"] == 0.0


def test_members_and_others_are_measured_apart(make):
    """Two members earn 30 and 50 with ten jobs each, others 20 with 10; one more has just come and has not worked yet."""
    case = make(4)
    case.all(wage_bill=np.array([20.0, 20.0, 15.0, 0.0]), profit=np.array([10.0, 30.0, 5.0, 0.0]))
    found = measured(case)
    assert (found["productivity_members"], found["productivity_others"]) == pytest.approx((0.0, 100 / 30))
    case.set(slice(0, 2), member=1)
    found = measured(case)
    assert (found["productivity_members"], found["productivity_others"]) == (4.0, 2.0)
