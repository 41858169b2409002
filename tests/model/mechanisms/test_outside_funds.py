"""Files for outside funds: officers write and send them, a few are approved, and what is approved shares the cost of projects."""

from __future__ import annotations

from functools import partial

import clubs
import pytest
from clubs import running, step
from towns import step as renew_town
from towns import town_of

from clustersim.core.draws import PROCESS, stream
from clustersim.model.mechanisms.joint_action import PURCHASE, RESEARCH, aid, called, outside_aid, scale, start


@pytest.fixture
def club(make):
    """Return the maker of clusters whose association looks for no project of its own."""

    def idle(**change):
        case = clubs.club(make)
        case.p.joint_action.launch = 0.0
        for name, value in change.items():
            case.p.joint_action[name] = value
        return case

    return idle


def test_officers_begin_files_and_send_a_part_of_them_each_quarter(club):
    case = club(pace=2.0, preparing=4.0, approval=0.0)
    case.lever(preparation=3.0)
    expected, sent = 0.0, 0.0
    for _ in range(12):
        step(case)
        expected = 0.75 * (expected + 6.0)
        sent += expected / 3.0
        assert case.cluster.files == pytest.approx(expected)
    assert case.cluster.applied == pytest.approx(300.0 * sent, abs=12 * 300.0) and case.cluster.applied % 300.0 == 0.0
    assert case.cluster.approved == case.cluster.outside_fund == case.cluster.abroad == 0.0


def test_what_is_approved_comes_from_abroad(club):
    case = club(pace=2.0, approval=1.0, outside_share=0.0)
    case.lever(preparation=3.0)
    step(case, 4)
    assert case.cluster.approved == case.cluster.applied == case.cluster.outside_fund == -case.cluster.abroad > 0.0


def test_by_value_a_tenth_is_approved(club):
    case = club(pace=30.0, preparing=1.0, approval=0.105, outside_share=0.0)
    case.lever(preparation=10.0)
    step(case, 20)
    assert case.cluster.applied == pytest.approx(20 * 300 * 300.0)
    assert case.cluster.approved / case.cluster.applied == pytest.approx(0.105, abs=0.01)


def test_without_officers_what_is_being_written_is_lost_and_nothing_is_sent(club):
    case = club()
    case.lever(preparation=3.0)
    step(case)
    assert case.cluster.files > 0.0
    applied = float(case.cluster.applied)
    case.lever(preparation=0.0)
    step(case)
    assert case.cluster.files == 0.0 and case.cluster.applied == applied


def test_outside_money_calls_all_firms_and_pays_its_part_until_it_is_used(club):
    case = club(outside_share=0.4)
    assert not called(case.cluster)
    case.cluster.outside_fund = 25.0
    p = case.p.joint_action
    assert called(case.cluster) and outside_aid(case.cluster, PURCHASE, p) == 0.4 and aid(case.cluster, PURCHASE, p) == 0.0
    before = case.books()
    start(case.actors, case.cluster, case.world, 0, PURCHASE, stream(case.world.key, 5, PROCESS["pledge"]), p)
    cost = scale(p.cost_easy, p.cost_hard, PURCHASE) * case.cluster.project_partners[0]
    outside = min(25.0, 0.4 * cost)
    assert outside > 0.0 and case.cluster.outside_fund == pytest.approx(25.0 - outside)
    assert 20 * 1e6 - case.get("cash").sum() == pytest.approx(cost - outside) == case.cluster.private_cofinance
    assert case.books() == pytest.approx(before, rel=1e-12)


def test_state_and_outside_funds_together_pay_no_more_than_the_most(club):
    case = club(outside_share=0.5, aid_most=0.95)
    case.lever(cofinance=0.7)
    case.cluster.outside_fund = case.cluster.project_fund = 1e6
    p = case.p.joint_action
    assert outside_aid(case.cluster, RESEARCH, p) == pytest.approx(0.25) and aid(case.cluster, RESEARCH, p) == 0.7
    case.lever(cofinance=0.0)
    start(case.actors, case.cluster, case.world, 0, RESEARCH, stream(case.world.key, 5, PROCESS["pledge"]), p)
    assert case.cluster.project_fund == 1e6, "the state's fund pays only the state's part"


def test_what_nobody_uses_goes_back_abroad_after_the_programme(club):
    case = club(outside_share=0.0)
    case.cluster.outside_fund, case.cluster.idle = 100.0, 8
    step(case)
    assert case.cluster.outside_fund == 100.0
    case.cluster.idle = 9
    step(case)
    assert case.cluster.outside_fund == 0.0 and case.cluster.abroad == 100.0 and running(case) == []


def test_ideas_become_firms_through_the_founding_rate(make):
    """Four officers take in 1.5 ideas each, of which a quarter becomes a firm: 1.5 start-ups a quarter, and draws as before."""
    came = []
    for officers in (0.0, 4.0):
        case = partial(town_of, make)(100, change={"idea_firms": 0.25, "entrants_max": 0.5, "startup_floor": 0.5})
        case.lever(preparation=officers)
        entries = 0.0
        for _ in range(40):
            renew_town(case)
            entries += case.cluster.entries
        came.append(entries / 40.0)
    assert came[0] == pytest.approx(0.5, abs=0.2) and came[1] - came[0] == pytest.approx(1.5, abs=0.2)
