"""Targets: which firms an aim of the programme holds, who wins a call, and what is paid for them and reaches them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from plans import plan, step

from clustersim.core.draws import PROCESS, normal, stream, uniform
from clustersim.model.reach import GROUP, MEMBERS, NAMED, WINNERS, YOUNG, lever, take_aim, take_best
from clustersim.model.state import FREE, LONG_AGO

EVENTS, TRAINING = 1, 22


def aimed(make, target, firms=6, rows=1, **row):
    """Return a cluster whose programme has instruments with aims of their own, one after the other."""
    case = plan(make(firms), *({"aim": k, "target": target, "channel": "training"} | row for k in range(rows)), aims=rows)
    case.cluster.began[0] = 0
    return case


def within(case, aim=0):
    """Return which firms hold the bit of an aim."""
    return [bool(bits >> aim & 1) for bits in case.get("targets").tolist()]


def take(case):
    take_aim(case.actors, case.cluster, case.world, case.plan.rows, case.p.programme.call_error)
    return within(case)


def test_members_are_those_who_are_members_now(make):
    case = aimed(make, MEMBERS, firms=3)
    case.set(1, member=1)
    assert take(case) == [False, True, False]
    case.set(1, member=0)
    case.set(2, member=1)
    assert take(case) == [False, False, True]
    case.set(2, kind=FREE)
    take(case)
    assert (case.cluster.aim_firms[0], case.cluster.aim_jobs[0]) == (0.0, 0.0)


def test_an_aim_keeps_to_size_classes_and_segments(make):
    case = aimed(make, MEMBERS, firms=4, classes=0b0010, segments=0b01)
    case.all(member=1)
    case.set(1, employees=5.0)
    case.set(2, segment=1)
    assert take(case) == [True, False, False, True]
    assert (case.cluster.aim_firms[0], case.cluster.aim_jobs[0]) == (2.0, 20.0)


def test_a_group_is_in_a_joint_project_or_was_within_a_year(make):
    case = aimed(make, GROUP, firms=2)
    case.set(0, project=3)
    case.set(1, together=LONG_AGO)
    case.world.quarter = 7
    assert take(case) == [True, False]
    case.set(0, project=-1)
    found = []
    for quarter in range(8, 14):
        case.world.quarter = quarter
        found.append(take(case)[0])
    assert found == [True] * 4 + [False] * 2


def test_young_firms_are_below_the_age(make):
    case = aimed(make, YOUNG, firms=3, younger_than=8.0)
    case.world.quarter = 10
    for k, born in enumerate((2, 3, 10)):
        case.set(k, born=born)
    assert take(case) == [False, True, True]


def test_named_firms_keep_their_bit(make):
    case = aimed(make, NAMED, firms=3)
    case.set(2, targets=1)
    case.all(member=1)
    assert take(case) == take(case) == [False, False, True]
    assert case.cluster.aim_firms[0] == 1.0


def test_the_best_win_and_keep_it_until_the_next_call(make):
    case = aimed(make, WINNERS, winners=2, call_every=4, by_merit=1)
    case.p.programme.call_error = 0.0
    case.set(1, quality=0.9)
    case.set(4, productivity=80.0)
    won = [False, True, False, False, True, False]
    assert take(case) == won
    case.set(1, quality=0.1)
    for quarter in (1, 2, 3):
        case.world.quarter = quarter
        assert take(case) == won
    case.world.quarter = 4
    assert take(case)[1] is False and sum(within(case)) == 2


def test_merit_is_judged_with_an_error_of_the_spread_of_merit(make):
    case = aimed(make, WINNERS, firms=20, winners=8, call_every=1, by_merit=1)
    case.p.programme.call_error = 1.5
    case.all(quality=np.linspace(0.1, 0.9, 20), productivity=np.linspace(30.0, 60.0, 20))
    merit = np.log(case.get("productivity")) + case.get("quality")
    draws = stream(case.world.key, 0, PROCESS["call"])
    score = merit + 1.5 * merit.std() * np.array([normal(draws, uid) for uid in case.get("uid")])
    won = np.flatnonzero(take(case)).tolist()
    assert won == sorted(np.argsort(-score)[:8].tolist()) and won != list(range(12, 20)), "the error matters here"


def test_a_lottery_draws_and_two_calls_draw_apart(make):
    case = aimed(make, WINNERS, firms=40, rows=2, winners=10, call_every=1)
    take(case)
    draws = stream(case.world.key, 0, PROCESS["call"])
    for aim in (0, 1):
        score = np.array([uniform(draws, uid + np.uint64(aim)) for uid in case.get("uid")])
        assert within(case, aim) == np.isin(np.arange(40), np.argsort(-score)[:10]).tolist()
    assert within(case, 0) != within(case, 1)


def test_no_call_is_held_before_the_stage_or_after_the_instrument(make):
    case = aimed(make, WINNERS, winners=1, call_every=4, start=2, quarters=3)
    held = []
    for quarter in range(8):
        case.world.quarter = quarter
        case.all(targets=0)
        held.append(any(take(case)))
    assert held == [quarter == 2 for quarter in range(8)]
    case.cluster.began[0] = -1
    case.world.quarter = 2
    assert not any(take(case))


@pytest.mark.parametrize("wanted", [0, 1, 3, 7, 20])
def test_the_best_are_found_whatever_the_scores(make, wanted):
    for scores in ([1.0] * 7, [3.0, 1.0, 3.0, 2.0, 2.0, 1e-300, -5.0], [1e15, 1e15 + 0.125, 0.0, -1e9, 4.0, 4.0, 4.0],
                   [0.5, -math.inf, 0.25, -math.inf, 0.75, 0.5, 0.5]):  # fmt: skip
        case = make(7)
        case.all(effect=np.array(scores))
        take_best(case.actors, case.cluster, wanted)
        ranked = sorted((k for k in range(7) if scores[k] > -math.inf), key=lambda k: (-scores[k], k))
        assert np.flatnonzero(case.get("effect")).tolist() == sorted(ranked[:wanted])


def test_money_for_an_aim_reaches_those_within_it_beside_what_reaches_all(make):
    case = plan(make(3), {"channel": "training"}, {"channel": "training", "aim": 0, "target": MEMBERS, "money": 20.0}, aims=1)
    case.set(1, member=1)
    step(case)
    one = 0.5 * case.cluster.credibility
    reaches = [lever(case.actors, case.cluster, row, TRAINING) for row in case.alive()]
    assert reaches == pytest.approx([one, 3.0 * one, one])
    assert case.levers()["training"] == pytest.approx(3.0 * one), "the cluster as a whole feels all of it"


def test_the_cost_goes_by_the_firms_or_jobs_within_the_aim_now(make):
    for per, size, members in (("per_firm", 100.0, 2), ("per_firm", 100.0, 4), ("per_job", 1000.0, 3)):
        row = {"channel": "training", "aim": 0, "target": MEMBERS, per: 1.0 / size, "full_cost": 500.0}
        case = plan(make(5), row, aims=1)
        case.set(slice(0, members), member=1)
        step(case)
        count = members * (10.0 if per == "per_job" else 1.0)
        expected = 10.0 / (500.0 * count / size) * case.cluster.credibility
        assert lever(case.actors, case.cluster, case.row(0), TRAINING) == pytest.approx(expected)


def test_nothing_is_paid_where_nobody_is_within_the_aim(make):
    case = aimed(make, MEMBERS)
    assert step(case, 2) == [0.0, 0.0]
    case.set(0, member=1)
    assert step(case) == [10.0]


def test_those_within_the_aim_pay_their_part(make):
    case = aimed(make, MEMBERS, firms=3, payer=1, cofinance=0.5)
    case.set(1, member=1)
    step(case)
    assert case.get("cash") == pytest.approx([240.0, 235.0, 240.0])


def test_without_aims_bits_are_not_looked_at(make):
    case = plan(make(2), {"channel": "training"})
    case.all(targets=1)
    case.cluster.picked[TRAINING, 0] = 9.0
    step(case)
    assert lever(case.actors, case.cluster, case.row(0), TRAINING) == pytest.approx(0.5 * case.cluster.credibility)
