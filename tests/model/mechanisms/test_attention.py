"""Attention: how many partners a firm can keep, by its capacity, which has a heavy tail, and by its size."""

from __future__ import annotations

import numpy as np
import pytest

from clustersim.core.draws import PROCESS, identity, stream, uniform
from clustersim.model.mechanisms.meeting import has_attention
from clustersim.model.population import clear, settle
from clustersim.model.state import SME, TRACTOR, UNIVERSITY


def settled(make, number=1500, tail=2.0, most=1e9, quarter=0, kind=SME):
    """Return the capacities of many firms that settle, and a fresh case."""
    case = make(1)
    case.p.population.capacity_tail, case.p.population.capacity_most = tail, most
    found = []
    for k in range(number):
        uid = identity(case.cluster.uid, quarter, k)
        settle(case.actors, case.row(0), uid, 0, kind, 0, quarter, 10.0, 0.0, 0.5, case.cluster, case.world, case.p.population)
        found.append(float(case.get("capacity")[0]))
    return np.array(found)


def test_capacity_has_a_pareto_tail(make):
    """With an exponent of 2 a quarter of the firms can keep more than twice, a ninth more than three times the least."""
    capacity = settled(make)
    assert capacity.min() >= 1.0
    assert [np.mean(capacity > x) for x in (1.5, 2.0, 3.0)] == pytest.approx([1 / 2.25, 1 / 4, 1 / 9], abs=0.04)
    assert np.mean(settled(make, tail=1.0) > 2.0) == pytest.approx(1 / 2, abs=0.04)


def test_capacity_is_bounded(make):
    free, bound = settled(make), settled(make, most=3.0)
    assert bound.max() == 3.0 and (bound == np.minimum(free, 3.0)).all()
    assert (settled(make, 50, most=1.0) == 1.0).all(), "then all are alike"


def test_capacity_is_drawn_from_the_firm_itself(make):
    """Whatever its kind, its quarter or its row: its own draw to the power of minus one over the exponent."""
    case = make(1)
    uid = identity(case.cluster.uid, 0, 0)
    draw = uniform(stream(case.world.key, 0, PROCESS["founding_capacity"]), uid)
    assert settled(make, 1)[0] == settled(make, 1, kind=TRACTOR)[0] == pytest.approx(draw**-0.5)
    assert settled(make, 1, tail=4.0)[0] == pytest.approx(draw**-0.25)


def room_for(case, k):
    """Return the number of ties that firm k can keep."""
    taken = 0
    while has_attention(case.actors, case.row(k), case.cluster, case.p.meeting):
        taken += 1
        case.set(k, taken=taken)
    return taken


def test_attention_is_capacity_times_a_power_of_size(make):
    """Two for the least able at no size; with 3, 24 and 99 employees, by a square root, twice, five and ten times that."""
    case = make(3)
    case.p.meeting.attention, case.p.meeting.attention_growth = 1.99, 0.5
    case.all(employees=np.array([3.0, 24.0, 99.0]))
    assert [room_for(case, k) for k in range(3)] == [4, 10, 20]
    case.all(employees=24.0, capacity=np.array([1.0, 2.0, 6.0]), taken=0)
    assert [room_for(case, k) for k in range(3)] == [10, 20, 60]
    case.p.meeting.attention_growth = 0.0
    case.all(taken=0)
    assert [room_for(case, k) for k in range(3)] == [2, 4, 12]


def test_help_with_suppliers_widens_what_capacity_leaves_a_tractor(make):
    case = make(1, schools=1)
    case.p.meeting.attention, case.p.meeting.attention_growth, case.p.meeting.contract_attention = 1.99, 0.0, 2.0
    case.all(kind=TRACTOR, capacity=3.0)
    case.lever(supplier_quality=0.5)
    assert room_for(case, 0) == 12


def test_institutions_have_an_attention_of_their_own(make):
    case = make(1)
    case.p.meeting.institution_attention = 7.0
    for taken, room in ((6, True), (7, False)):
        case.actors.taken[UNIVERSITY] = taken
        assert has_attention(case.actors, UNIVERSITY, case.cluster, case.p.meeting) == room


def test_a_row_that_is_left_keeps_no_referrals_and_asks_nobody(make):
    case = make(1)
    case.all(referrals=0.3, asking=4, degree=5)
    clear(case.actors, case.row(0))
    assert [float(case.get(name)[0]) for name in ("referrals", "asking", "degree")] == [0, 0, 0]
