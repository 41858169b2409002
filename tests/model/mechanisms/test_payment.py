"""Payment: who gets the money of a programme, who pays beside the state, whom a channel reaches, and when money is kept back."""

from __future__ import annotations

import numpy as np
import pytest
from plans import plan, step

from clustersim.model.levers import ASSOCIATION as TO_ASSOCIATION
from clustersim.model.levers import EVENTS, NATION
from clustersim.model.levers import FACILITATOR as TO_FACILITATOR
from clustersim.model.levers import GUARANTEES as TO_GUARANTEES
from clustersim.model.levers import PROJECTS as TO_PROJECTS
from clustersim.model.levers import UNIVERSITY as TO_UNIVERSITY
from clustersim.model.levers import VENTURES as TO_VENTURES
from clustersim.model.reach import lever
from clustersim.model.state import ASSOCIATION, FACILITATOR, FREE, UNIVERSITY


def test_each_recipient_gets_its_money(make):
    rows = [{"recipient": who, "money": 1.0 + who} for who in
            (NATION, TO_FACILITATOR, TO_ASSOCIATION, TO_UNIVERSITY, TO_PROJECTS, TO_GUARANTEES, TO_VENTURES)]  # fmt: skip
    case = plan(make(), *rows, formal=1)
    step(case)
    cash, cluster = case.actors.cash, case.cluster
    assert cash[FACILITATOR] == 1.0 + TO_FACILITATOR
    assert cash[ASSOCIATION] == cluster.income_public == 1.0 + TO_ASSOCIATION
    assert cash[UNIVERSITY] == 1.0 + TO_UNIVERSITY
    assert (cluster.project_fund, cluster.guarantee_fund, cluster.venture_fund) == (5.0, 6.0, 7.0)
    assert cluster.nation == pytest.approx((1.0 + NATION) - cluster.public_spending)


def test_without_a_university_its_money_stays_in_the_nation(make):
    case = plan(make(schools=0), {"recipient": TO_UNIVERSITY})
    before = case.get("cash")
    assert step(case) == [10.0]
    assert case.cluster.nation == 0.0 and (case.get("cash") == before).all()


def test_an_association_grant_needs_an_association(make):
    case = plan(make(), {"recipient": TO_ASSOCIATION})
    assert step(case) == [0.0]
    case.cluster.formal = 1
    assert step(case) == [10.0]


def test_matching_money_limits_what_is_paid(make):
    case = plan(make(), {"cofinance": 0.25, "money": 20.0})
    assert step(case) == [0.0]  # no association, no match
    case.cluster.formal = 1
    case.actors.cash[ASSOCIATION] = 6.0
    assert step(case) == [15.0]
    assert (case.cluster.private_cofinance, case.actors.cash[ASSOCIATION]) == (5.0, 1.0)
    assert case.levers()["events"] == pytest.approx(1.0 * case.cluster.credibility)
    assert step(case) == [3.0]  # the last unit of its own money draws three
    assert case.actors.cash[ASSOCIATION] == 0.0
    assert step(case) == [0.0]


FIRMS = {"payer": 1, "cofinance": 0.5, "money": 40.0, "full_cost": 40.0}


def test_firms_pay_their_part_in_proportion_to_their_cash(make):
    """Half of forty, from four firms that hold 100, 300, nothing and less than nothing, at most a tenth of their cash."""
    case = plan(make(), FIRMS)
    case.all(cash=np.array([100.0, 300.0, 0.0, -50.0]))
    assert step(case) == [20.0]
    assert case.get("cash") == pytest.approx([95.0, 285.0, 0.0, -50.0])
    assert case.cluster.private_cofinance == 20.0 and case.levers()["events"] == pytest.approx(1.0)
    assert case.actors.cash[ASSOCIATION] == 0.0


def test_firms_put_up_a_tenth_of_their_cash_at_most_and_the_state_matches_that(make):
    case = plan(make(2), FIRMS | {"cofinance": 0.25})
    case.all(cash=np.array([20.0, 30.0]))
    assert step(case) == pytest.approx([15.0])  # five from the firms, a quarter of twenty
    assert case.get("cash") == pytest.approx([18.0, 27.0])
    assert case.levers()["events"] == pytest.approx(0.5)


def test_without_cash_firms_get_nothing(make):
    case = plan(make(2), FIRMS)
    case.all(cash=np.array([0.0, -9.0]))
    assert step(case) == [0.0]
    assert not case.cluster.levers.any() and case.cluster.private_cofinance == 0.0


def test_only_firms_that_are_reached_pay_and_by_their_present_size(make):
    case = plan(make(4), FIRMS | {"classes": 0b0010, "segments": 0b01})
    case.all(cash=400.0)
    case.set(1, employees=5.0)
    case.set(2, segment=1)
    case.set(3, kind=FREE)
    assert step(case) == [20.0]
    assert case.get("cash") == pytest.approx([380.0, 400.0, 400.0, 400.0])
    case.set(0, employees=60.0)  # it has grown out of reach: nobody is left who pays
    assert step(case) == [0.0]


def test_each_firm_gets_of_a_channel_what_the_rows_that_reach_it_pay_for(make):
    """A row for micro firms upstream, one of twice the money for larger SMEs downstream, one for small firms anywhere."""
    rows = ({"classes": 0b0001, "segments": 0b01}, {"classes": 0b0110, "segments": 0b10, "money": 20.0},
            {"classes": 0b0010, "segments": 0b11}, {"channel": "brand", "classes": 0b1000})  # fmt: skip
    case = plan(make(), *rows)
    step(case)
    one = 0.5 * case.cluster.credibility
    expected = np.zeros((4, 8))
    expected[0, 0], expected[1, 0], expected[1, 1], expected[2, 1] = one, one, 3 * one, 2 * one
    assert case.cluster.aimed[EVENTS] == pytest.approx(expected)
    assert case.levers()["events"] == pytest.approx(4 * one), "the cluster as a whole feels all of it"
    assert np.flatnonzero(case.cluster.aimed.any(axis=(1, 2))).size == 2


def test_a_firm_that_grows_out_of_a_class_loses_what_reached_it(make):
    case = plan(make(2), {"classes": 0b0010})
    step(case)
    case.all(employees=20.0)
    case.set(1, employees=60.0)
    reached = [lever(case.actors, case.cluster, row, EVENTS) for row in case.alive()]
    assert reached == pytest.approx([0.5 * case.cluster.credibility, 0.0])


def test_what_is_not_planned_or_moves_nothing_reaches_nobody(make):
    case = plan(make(), {"money": 0.0}, {"full_cost": 0.0})
    step(case)
    assert not case.cluster.aimed.any()


def reporting(make, quarters=8, **cluster):
    """Return the spending of two years of a grant that asks for a report."""
    case = plan(make(), {"report": 1, "start": 1, "quarters": 12}, stages=({"quarters": 20},), formal=1)
    for name, value in cluster.items():
        case.cluster[name] = value
    return step(case, 1 + quarters)


def test_the_second_half_of_each_year_is_paid_on_a_report_of_staff_and_projects(make):
    full, half = [0] + [10] * 8, [0, 10, 10, 0, 0, 10, 10, 0, 0]
    assert reporting(make) == half
    assert reporting(make, staff=0.5, wins=0.06) == reporting(make, staff=0.5, losses=0.06) == full
    assert reporting(make, staff=0.49, wins=1.0) == reporting(make, staff=3.0, wins=0.05) == half
    running = [-1] * 8
    running[5] = 2
    assert reporting(make, staff=1.0, project_kind=running) == full
    assert reporting(make, staff=0.0, project_kind=running) == half


def test_a_grant_without_reports_is_paid_all_year(make):
    assert step(plan(make(), {}), 6) == [10] * 6


def test_support_ends_while_the_cluster_sustains_itself(make):
    case = plan(make(), {"until": 0.5})
    seen = []
    for formal, private in ((0, 0.9), (1, 0.49), (1, 0.5), (1, 0.9), (1, 0.4), (0, 0.4)):
        case.cluster.formal, case.cluster.board_private = formal, private
        seen += step(case)
    assert seen == [10, 10, 0, 0, 10, 10]
    without = plan(make(), {"until": 0.0}, formal=1, board_private=1.0)
    assert step(without) == [10]


def funds(case):
    """Return what the three public funds hold."""
    return [float(case.cluster[name]) for name in ("project_fund", "guarantee_fund", "venture_fund")]


def test_unspent_funds_go_back_when_the_programme_has_been_over_for_a_while(make):
    """Money for two quarters; then nothing is planned, and after three such quarters what is left goes back in the fourth."""
    rows = [{"recipient": who, "quarters": 2, "money": 1.0 + who} for who in (TO_PROJECTS, TO_GUARANTEES, TO_VENTURES)]
    case = plan(make(), *rows)
    case.p.programme.return_after = 3.0
    step(case, 5)
    assert funds(case) == [10.0, 12.0, 14.0] and case.cluster.idle == 3 and case.cluster.returned == 0.0
    nation = float(case.cluster.nation)
    step(case)
    assert funds(case) == [0.0, 0.0, 0.0]
    assert case.cluster.returned == 36.0 and case.cluster.nation == pytest.approx(nation + 36.0)
    step(case)
    assert case.cluster.returned == 0.0


def test_funds_stay_while_money_is_planned_even_if_none_is_paid(make):
    case = plan(make(), {"recipient": TO_PROJECTS, "cofinance": 0.5, "quarters": 30}, project_fund=7.0)
    case.p.programme.return_after = 0.0
    assert step(case, 6) == [0.0] * 6
    assert case.cluster.idle == 0 and funds(case)[0] == 7.0


def test_with_patience_zero_funds_go_back_in_the_first_idle_quarter(make):
    case = plan(make(), {"recipient": TO_PROJECTS, "quarters": 1})
    case.p.programme.return_after = 0.0
    step(case)
    assert funds(case)[0] == 10.0
    step(case)
    assert funds(case)[0] == 0.0 and case.cluster.returned == 10.0


def test_a_stage_in_between_keeps_the_funds(make):
    stages = ({"quarters": 1}, {"quarters": 9, "not_before": 3})
    case = plan(make(), {"recipient": TO_PROJECTS, "quarters": 1}, {"stage": 1, "quarters": 1}, stages=stages)
    case.p.programme.return_after = 2.0
    step(case, 4)
    assert case.cluster.idle == 0 and funds(case)[0] == 10.0


def granted(case):
    """Return the money for each of the firms' bills."""
    return case.cluster.granted.tolist()


def test_what_is_paid_for_firms_bills_is_the_money_for_them(make):
    """Rows of ten and thirty on research and ten on paperwork, of which so much arrives as the programme delivers."""
    rows = [{"channel": "rd_support"}, {"channel": "rd_support", "money": 30.0}, {"channel": "paperwork"}, {"channel": "events"}]
    case = plan(make(), *rows, credibility=0.6)
    step(case)
    arrives = 2 * case.levers()["events"]
    assert 0.0 < arrives < 1.0
    assert granted(case) == pytest.approx([40.0 * arrives, 0.0, 0.0, 10.0 * arrives])


def test_no_more_arrives_than_was_paid(make):
    case = plan(make(), {"channel": "export_support"}, {"channel": "certification"}, credibility=3.0)
    step(case)
    assert case.levers()["certification"] > 0.5  # a programme that delivers more than it promised
    assert granted(case) == pytest.approx([0.0, 10.0, 10.0, 0.0])


def test_money_for_bills_is_counted_anew_in_each_quarter_and_only_where_it_is_paid(make):
    case = plan(make(), {"channel": "rd_support", "quarters": 1}, {"channel": "paperwork", "full_cost": 0.0})
    step(case)
    assert granted(case)[0] > 0.0 == granted(case)[3]
    step(case)
    assert granted(case) == [0.0] * 4


def test_firms_own_part_is_money_for_their_bills_too(make):
    case = plan(make(), FIRMS | {"channel": "rd_support"}, credibility=1.0)
    case.all(cash=1e6)
    assert step(case) == [20.0]
    assert granted(case)[0] == pytest.approx(40.0)
