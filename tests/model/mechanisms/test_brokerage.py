"""Brokerage: meetings that facilitators and supplier development arrange, and the drawn order in which all are handled."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from crowds import column, crowd_of, shares, step

from clustersim.core.draws import PROCESS, pair, stream
from clustersim.model.mechanisms.meeting import approached, arrange, broker, has_attention
from clustersim.model.sorting import sort_order
from clustersim.model.state import FREE, MEETINGS, SME, TRACTOR, VERTICAL


@pytest.fixture
def crowd(make):
    """Return the maker of clusters in which every firm looks for a partner in every quarter."""
    return partial(crowd_of, make)


def test_facilitators_broker_warmer_meetings(crowd):
    case = crowd()
    case.p.meeting.rate = 0.0
    case.cluster.brokers = 2.0
    made = step(case)
    assert 2 <= made <= 4  # four pairs, of which some may be the same or void
    w = case.p.meeting.assurance
    assert column(case, "trust_ab") == pytest.approx(0.5 + w * 0.5)
    assert column(case, "trust_ba") == pytest.approx(0.5 + w * 0.5)
    case.p.meeting.assurance = 0.0
    step(case)
    assert column(case, "trust_ab")[made:] == pytest.approx(0.5)


def test_brokerage_is_limited_to_a_quarter_of_the_firms_and_can_be_off(crowd):
    case = crowd(40)
    case.p.meeting.rate = 0.0
    case.cluster.brokers = 1000.0
    assert step(case) <= 10
    case.p.meeting.brokered = 0.0
    assert step(case, 10) == 0


def test_brokers_pick_the_fitting_one_of_two_pairs(crowd):
    def adjacent(weight):
        case = crowd(60)
        case.p.meeting.rate, case.p.meeting.chain = 0.0, weight
        case.cluster.brokers = 5.0
        return shares(case, lambda a, b: case.actors.segment[a] != case.actors.segment[b], quarters=40)

    assert adjacent(5.0) > adjacent(0.0) + 0.12


def test_a_part_of_a_broker_brokers_as_often(crowd):
    """A tenth of a person brokers a fifth of a meeting in a quarter."""
    case = crowd()
    case.p.meeting.rate, case.cluster.brokers, case.p.meeting.attention = 0.0, 0.1, 90.0
    assert step(case, 200) == pytest.approx(40, abs=15)


@pytest.fixture
def anchored(make):
    """Return a maker of clusters of ten suppliers, a buyer and an anchor, where contracts alone bring anybody together."""

    def _anchored(help_=1.0, rate=1.0, classes=0b1111, segments=0b11, **anchor):
        case = make(12)
        p = case.p.meeting
        p.rate, p.pipeline_rate, p.contract_rate = 0.0, 0.0, rate
        case.cluster.anchors = 1
        case.set(0, **({"kind": TRACTOR, "segment": 1, "employees": 300.0} | anchor))
        case.set(1, segment=1)
        case.lever(supplier_quality=help_, classes=classes, segments=segments)
        return case

    return _anchored


def test_supplier_development_brings_smes_upstream_to_an_anchor(anchored):
    case = anchored()
    assert step(case) == 10
    assert (column(case, "a") == case.row(0)).all() and sorted(column(case, "b")) == list(range(case.row(2), case.row(12)))
    assert column(case, "trust_ab") == pytest.approx(0.5 + case.p.meeting.assurance * 0.5), "led by hand, as by a broker"
    assert (column(case, "kind") == VERTICAL).all()
    assert step(case, 5) == 0, "who knows the anchor is led there no more"


@pytest.mark.parametrize(
    "change",
    [{"help_": 0.0}, {"rate": 0.0}, {"kind": SME}, {"segment": 0}, {"kind": FREE}, {"classes": 0b1101}, {"segments": 0b10}],
    ids=str,
)  # fmt: skip
def test_contracts_need_help_and_an_anchor_downstream(anchored, change):
    assert step(anchored(**change), 5) == 0


def test_a_place_that_began_without_tractors_has_no_anchors(anchored):
    case = anchored()
    case.cluster.anchors = 0
    assert step(case, 5) == 0


def test_contracts_come_at_their_rate_with_the_help(make):
    def led(help_, rate=0.4):
        case = make(400)
        case.p.meeting.rate, case.p.meeting.contract_rate, case.p.meeting.contract_attention = 0.0, rate, 1e9
        case.cluster.anchors = 1
        case.set(0, kind=TRACTOR, segment=1)
        case.lever(supplier_quality=help_)
        return step(case) / 399

    assert led(1.0) == led(7.0) == pytest.approx(0.4, abs=0.07)
    assert led(0.5) == led(1.0, rate=0.2) == pytest.approx(0.2, abs=0.06)


def test_anchors_are_drawn_alike(make):
    case = make(600, ties=3000)
    case.p.meeting.rate, case.p.meeting.contract_rate, case.p.meeting.contract_attention = 0.0, 1.0, 1e9
    case.cluster.anchors = 3
    case.p.meeting.pipeline_rate = 0.0
    case.set(slice(0, 3), kind=TRACTOR, segment=1)
    case.lever(supplier_quality=1.0)
    step(case)
    met = np.bincount(column(case, "a") - case.row(0), minlength=3)
    assert met.sum() == 597 and met.min() > 160


def test_help_makes_tractor_firms_and_them_alone_attend_to_more_partners(anchored):
    """Four times the size to the power of 0.6; five times that for a tractor at full help."""
    case = anchored(help_=0.0)
    limit = 4.0 * 301.0**0.6
    for help_, most in ((0.0, limit), (0.5, 3 * limit), (1.0, 5 * limit), (3.0, 5 * limit)):
        case.lever(supplier_quality=help_)
        for taken, room in ((int(most), True), (int(most) + 1, False)):
            case.set(0, taken=taken)
            assert has_attention(case.actors, case.row(0), case.cluster, case.p.meeting) == room, (help_, taken)
    small = 4.0 * 11.0**0.6
    case.set(2, taken=int(small))
    assert has_attention(case.actors, case.row(2), case.cluster, case.p.meeting)
    case.set(2, taken=int(small) + 1)
    assert not has_attention(case.actors, case.row(2), case.cluster, case.p.meeting)


def test_a_supplier_without_attention_looks_for_nobody(anchored):
    case = anchored()
    case.set(2, taken=99)
    assert step(case) == 9


def test_who_has_a_contract_in_view_does_not_look_elsewhere(anchored):
    case = anchored()
    case.p.meeting.rate, case.p.meeting.institution_chance = 1.0, 0.0
    step(case)
    ends = column(case, "b")
    assert set(range(case.row(2), case.row(12))) <= set(ends[column(case, "a") == case.row(0)])


def test_a_pair_that_is_arranged_twice_in_a_quarter_meets_once_as_brokered(make):
    case = make(2)
    case.p.meeting.rate, case.p.meeting.institution_chance, case.p.meeting.assurance = 1.0, 0.0, 0.3
    case.cluster.brokers = 10.0
    case.cluster.firm_count = 40.0  # let it broker more than the quarter of the firms
    assert step(case, reindex=False) == 1
    assert column(case, "trust_ab")[0] == pytest.approx(0.5 + 0.3 * 0.5)
    first, second = (case.actors.uid[case.row(k)] for k in (0, 1))
    draws = stream(case.world.key, 9, PROCESS["meeting_priority"])
    for brokered in (0, 1):
        arrange(case.meetings, brokered, case.row(0), case.row(1), VERTICAL, brokered, draws, pair(first, second), case.cluster)
    low, high = sorted(case.meetings.priority[:2].tolist())
    assert high == low + 1 and case.meetings.priority[1] == low  # the brokered one comes first


def test_sort_order_sorts():
    for size in (0, 1, 2, 3, 10, 257):
        priority = (np.arange(size, dtype=np.uint64) * np.uint64(2654435761)) % np.uint64(1009)
        order = np.full(size, -1, np.int32)
        sort_order(order, priority)
        assert sorted(order.tolist()) == list(range(size))
        assert (np.diff(priority[order].astype(float)) >= 0).all()


def test_in_a_potential_cluster_tractor_firms_are_approached_first(make):
    """Two anchors of ten firms get four tenths of the draws, one half each; the rest goes to all ten alike."""
    case = make(10)
    p, cluster = case.p.meeting, case.cluster
    p.tractors_first, cluster.anchors = 0.4, 2

    def rows():
        return [int(approached(cluster, (k + 0.5) / 100, p)) - case.row(0) for k in range(100)]

    first = rows()
    assert first[:20] == [0] * 20 and first[20:40] == [1] * 20
    assert np.bincount(first[40:]).tolist() == [6] * 10
    for change, value in (("anchors", 0), ("facilitation_state", 1), ("facilitation_state", 2)):
        before = cluster[change]
        cluster[change] = value
        assert np.bincount(rows()).tolist() == [10] * 10, (change, value)
        cluster[change] = before
    p.tractors_first = 1.0
    assert set(rows()) == {0, 1}


@pytest.mark.parametrize(("kind", "belief"), [(TRACTOR, 0.0), (TRACTOR, 0.2), (SME, 0.0)])
def test_a_tractor_firm_must_be_willing(make, kind, belief):
    """A facilitator has time for one meeting; the tractor firm agrees if its draw is below `willing` and its belief together."""
    case = make(40, segments=2)
    p = case.p.meeting
    p.brokered_pairs, p.brokered_most, case.cluster.brokers = 1.0, 0.5, 0.5
    case.all(kind=kind, belief=belief)
    draw = case.draw(PROCESS["willing"], case.cluster.uid + np.uint64(1))
    assert draw > 0.25
    for edge, agrees in ((0.999, 0), (1.001, 1)):
        p.willing = draw * edge - belief if kind == TRACTOR else 0.0
        count = broker(case.actors, case.meetings, 0, case.cluster, case.world, p)
        assert count == (agrees if kind == TRACTOR else 1)


def test_who_is_brought_to_a_tractor_firm_need_not_be_asked_whether_it_is_willing(make):
    """Of a pair only the one that is approached decides: with half of the firms tractors that never agree, half of the pairs."""
    case = make(200)
    p = case.p.meeting
    p.willing, p.brokered_pairs, p.brokered_most, case.cluster.brokers = 0.0, 1.0, 1.0, 100.0
    case.set(slice(0, None, 2), kind=TRACTOR, belief=0.0)
    count = broker(case.actors, case.meetings, 0, case.cluster, case.world, p)
    assert count == pytest.approx(100, abs=20)
    ends = case.actors.kind[np.stack([case.meetings.a[:count], case.meetings.b[:count]])]
    assert (ends == TRACTOR).any(axis=0).mean() == pytest.approx(0.5, abs=0.15)
    assert not (ends == TRACTOR).all(axis=0).any()


def test_more_meetings_than_there_is_room_for_are_not_brokered(make):
    case = make(10)
    p = case.p.meeting
    p.brokered_most, case.cluster.brokers = 1.0, 5.0
    full = MEETINGS * int(case.cluster.last - case.cluster.first)
    assert broker(case.actors, case.meetings, full, case.cluster, case.world, p) == full
    assert broker(case.actors, case.meetings, full - 3, case.cluster, case.world, p) == full


def test_equal_priorities_keep_the_order_in_which_they_stand():
    priority = np.array([5, 3, 5, 3, 3, 9, 5, 3], np.uint64)
    order = np.zeros(priority.size, np.int32)
    sort_order(order, priority)
    assert order.tolist() == [1, 3, 4, 7, 0, 2, 6, 5]


def test_many_equal_priorities_too():
    priority = np.full(40, 7, np.uint64)
    order = np.zeros(priority.size, np.int32)
    sort_order(order, priority)
    assert order.tolist() == list(range(40))
