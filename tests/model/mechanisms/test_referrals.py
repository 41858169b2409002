"""Referrals: firms that become acquainted send each other customers, by their sizes, and that fades."""

from __future__ import annotations

import math

import numpy as np
import pytest
from crowds import crowd_of
from crowds import step as meet_up
from places import place_of
from places import step as trade_on

from clustersim.model.mechanisms.meeting import introduce, refer
from clustersim.model.state import EXTERNAL, INSTITUTIONAL, OUTSIDE, UNIVERSITY, VERTICAL


def test_equals_bring_each_other_the_same(make):
    case = make(2)
    case.p.meeting.referral = 0.02
    refer(case.actors, case.row(0), case.row(1), case.p.meeting)
    assert case.get("referrals") == pytest.approx([0.02, 0.02])
    refer(case.actors, case.row(1), case.row(0), case.p.meeting)
    assert case.get("referrals") == pytest.approx([0.04, 0.04])


def test_the_larger_brings_more_than_it_gets(make):
    """Log sizes of one and three: a quarter and three quarters of twice 0.02; the two together bring the same as equals."""
    case = make(2)
    case.p.meeting.referral = 0.02
    case.all(employees=np.expm1([1.0, 3.0]))
    refer(case.actors, case.row(0), case.row(1), case.p.meeting)
    assert case.get("referrals") == pytest.approx([0.03, 0.01])


@pytest.mark.parametrize(("other", "kind"), [(UNIVERSITY, INSTITUTIONAL), (OUTSIDE, EXTERNAL)])
def test_institutions_and_partners_outside_refer_nobody(make, other, kind):
    case = make(1)
    case.p.meeting.referral = 0.02
    ends = (other, case.row(0)) if other != OUTSIDE else (case.row(0), other)
    introduce(case.actors, case.ties, *ends, kind, 0, 0, case.cluster, case.world, case.p.meeting)
    assert case.cluster.tie_count == 1 and not case.actors.referrals.any()


def test_who_knows_the_other_already_is_referred_no_more(make):
    case = make(2)
    case.p.meeting.referral = 0.02
    for _ in range(2):
        introduce(case.actors, case.ties, case.row(0), case.row(1), VERTICAL, 0, 0, case.cluster, case.world, case.p.meeting)
        case.index()
    assert case.cluster.tie_count == 1 and case.get("referrals") == pytest.approx([0.02, 0.02])


def test_referrals_fade_at_their_rate_before_new_ones_come(make):
    case = crowd_of(make, 3)
    case.p.meeting.referral, case.p.meeting.referral_fading, case.p.meeting.rate = 0.02, 0.25, 0.0
    case.all(referrals=0.08)
    meet_up(case)
    assert case.get("referrals") == pytest.approx(0.06)
    meet_up(case)
    assert case.get("referrals") == pytest.approx(0.045)
    case.p.meeting.rate = 1.0
    made = meet_up(case)
    assert made > 0 and case.get("referrals").sum() == pytest.approx(3 * 0.045 * 0.75 + made * 0.04)


def selling(make, referrals, **firm):
    """Return sales, exports and jobs of a firm with slack and an export share of a fifth."""
    case = place_of(make, 1, change={"slack": 1.5, "selection": 0.0}, **({"export_share": 0.2, "referrals": referrals} | firm))
    trade_on(case)
    return [float(case.get(name)[0]) for name in ("sales", "exports", "employees", "base")]


def test_referrals_are_orders_at_home(make):
    """A tenth on domestic orders of 400; exports of 100 and the customer base do not move, and jobs follow the orders."""
    sales, exports, jobs, base = selling(make, 0.1)
    assert (sales, exports, base) == pytest.approx((540.0, 100.0, 400.0))
    assert jobs == pytest.approx(10.0 + 0.2 * (540.0 / 40.0 - 10.0))
    assert selling(make, 0.0)[0] == pytest.approx(500.0)


def test_referrals_multiply_with_the_cycle_and_need_hands(make):
    case = place_of(make, 1, change={"slack": 1.5, "selection": 0.0}, referrals=0.1)
    case.world.cycle_local = 0.1
    trade_on(case)
    assert case.get("sales")[0] == pytest.approx(440.0 * math.exp(0.1))
    full = place_of(make, 1, change={"slack": 1.0, "selection": 0.0}, referrals=0.1)
    trade_on(full)
    assert full.get("sales")[0] == pytest.approx(400.0)
