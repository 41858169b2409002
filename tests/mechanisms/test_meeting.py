"""Meetings: who meets whom, within bounded attention, in a drawn order; brokers and pipelines."""

from __future__ import annotations

import numpy as np
import pytest

from clustersim.draws import PROCESS, pair, stream
from clustersim.mechanisms.meeting import NOBODY, arrange, introduce, liking, meet, partner_of_partner, sort_order
from clustersim.state import BANK, EXTERNAL, FREE, HORIZONTAL, INSTITUTIONAL, OUTSIDE, TECHNOLOGY_CENTRE, UNIVERSITY, VERTICAL


@pytest.fixture
def crowd(make):
    """Return a maker of clusters in which every firm looks for a partner in every quarter, and nobody outside."""

    def _crowd(firms=60, **cluster):
        case = make(firms, ties=firms * 20, **cluster)
        p = case.p.meeting
        p.rate, p.pipeline_rate, p.institution_chance = 1.0, 0.0, 0.0
        case.set(slice(0, None, 2), segment=1)
        return case

    return _crowd


def step(case, quarters=1, reindex=True):
    """Let quarters of meetings pass; return the number of new ties."""
    before = int(case.cluster.tie_count)
    for _ in range(quarters):
        meet(case.actors, case.ties, case.meetings, case.cluster, case.world, case.p.meeting)
        case.world.quarter += 1
        if reindex:
            case.index()
    return int(case.cluster.tie_count) - before


def column(case, name):
    """Return a column of the ties in use."""
    return getattr(case.ties, name)[list(case.live_ties())]


def test_without_a_wish_to_meet_nobody_meets(crowd):
    case = crowd()
    case.p.meeting.rate = 0.0
    assert step(case, 5) == 0


def test_new_ties_are_acquaintances_that_trust_as_strangers(crowd):
    case = crowd()
    case.set(3, climate=0.9)
    assert step(case) > 30
    a, b = column(case, "a"), column(case, "b")
    assert (a < b).all() and (a >= case.cluster.firms).all()
    assert not column(case, "level").any() and not column(case, "value").any() and not column(case, "last").any()
    assert (column(case, "since") == case.world.quarter - 1).all() and (column(case, "fit") == 0.5).all()
    assert (column(case, "trust_ab") == case.actors.climate[a]).all()
    assert (column(case, "trust_ba") == case.actors.climate[b]).all()
    different = case.actors.segment[a] != case.actors.segment[b]
    assert (column(case, "kind") == np.where(different, VERTICAL, HORIZONTAL)).all()


def test_meetings_scale_with_search_members_and_events(crowd):
    def ties(**change):
        case = crowd(200)
        case.p.meeting.rate = 0.2
        case.all(**{k: v for k, v in change.items() if k != "events"})
        case.lever(events=change.get("events", 0.0))
        return step(case, 3)

    usual = ties()
    assert ties(search=0.3) < 0.5 * usual
    assert ties(member=1) > 1.25 * usual
    assert ties(events=1.0) > 1.6 * usual
    assert ties(search=0.0) == 0


def test_without_their_bonus_members_and_events_change_nothing(crowd):
    counts = []
    for helped in (False, True):
        case = crowd(100)
        case.p.meeting.rate, case.p.meeting.member_bonus, case.p.meeting.event_bonus = 0.2, 0.0, 0.0
        case.all(member=int(helped))
        case.lever(events=float(helped))
        counts.append(step(case, 3))
    assert counts[0] == counts[1]


def test_attention_is_bounded_and_grows_with_size(crowd):
    case = crowd(40)
    case.p.meeting.attention, case.p.meeting.attention_growth = 2.0, 1.0
    case.set(slice(0, 20), employees=1000.0)
    step(case, 60)
    degree = case.get("degree")
    assert degree.max() < 2.0 + np.log(1001.0) + 1.0
    assert degree[20:].max() < 2.0 + np.log(11.0) + 1.0
    assert degree[:20].mean() > degree[20:].mean() + 2
    assert (case.get("taken") == degree).all()


def test_attention_binds_within_a_quarter(crowd):
    """All firms want to meet firm 0, which can take one tie: one of them is lucky, by the drawn order."""
    case = crowd(30)
    case.p.meeting.attention, case.p.meeting.attention_growth, case.p.meeting.closeness = 1.0, 0.0, 50.0
    case.all(x=np.arange(30.0))
    step(case, reindex=False)
    ends = np.concatenate([column(case, "a"), column(case, "b")])
    assert np.bincount(ends).max() == 1


def test_nobody_meets_twice_or_itself(crowd):
    case = crowd(6)
    case.p.meeting.attention = 50.0
    step(case, 200)
    ends = list(zip(column(case, "a"), column(case, "b"), strict=True))
    assert len(ends) == len(set(ends)) == 15  # every pair, once
    assert step(case, 20) == 0


def test_a_pair_that_is_arranged_twice_in_a_quarter_meets_once_as_brokered(make):
    case = make(2)
    case.p.meeting.rate, case.p.meeting.institution_chance, case.p.meeting.assurance = 1.0, 0.0, 0.3
    case.lever(facilitation=10.0)
    case.cluster.firm_count = 40.0  # let it broker more than the quarter of the firms
    assert step(case, reindex=False) == 1
    assert column(case, "trust_ab")[0] == pytest.approx(0.5 + 0.3 * 0.5)
    first, second = (case.actors.uid[case.row(k)] for k in (0, 1))
    draws = stream(case.world.key, 9, PROCESS["meeting_priority"])
    for brokered in (0, 1):
        arrange(case.meetings, brokered, case.row(0), case.row(1), VERTICAL, brokered, draws, pair(first, second), case.cluster)
    low, high = sorted(case.meetings.priority[:2].tolist())
    assert high == low + 1 and case.meetings.priority[1] == low  # the brokered one comes first


def test_free_rows_are_not_met(crowd):
    case = crowd(20)
    case.set(slice(10, None), kind=FREE)
    step(case, 10)
    assert set(column(case, "a")) | set(column(case, "b")) <= set(range(case.row(0), case.row(10)))


def shares(case, wanted, quarters=30):
    """Return the share of the first ties of many quarters for which `wanted(a, b)` holds."""
    found = []
    for _ in range(quarters):
        case.cluster.tie_count = 0
        case.index()
        step(case)
        found += [wanted(a, b) for a, b in zip(column(case, "a"), column(case, "b"), strict=True)]
    return np.mean(found)


def test_neighbours_are_preferred(crowd):
    def near(weight):
        case = crowd(40)
        case.p.meeting.closeness = weight
        case.set(slice(0, 20), x=10.0)
        return shares(case, lambda a, b: case.actors.x[a] == case.actors.x[b])

    indifferent, local = near(0.0), near(0.3)
    assert 0.4 < indifferent < 0.6 and local > indifferent + 0.2


def test_buyers_and_suppliers_are_preferred_and_mapping_helps(crowd):
    def vertical(weight, matching=0.0):
        case = crowd(40)
        case.p.meeting.chain = weight
        case.lever(matching=matching)
        return shares(case, lambda a, b: case.actors.segment[a] != case.actors.segment[b])

    indifferent, usual, mapped = vertical(0.0), vertical(0.8), vertical(0.8, matching=1.0)
    assert 0.4 < indifferent < 0.6 and usual > indifferent + 0.08 and mapped > usual + 0.05


def test_like_minds_are_preferred(crowd):
    def alike(weight):
        case = crowd(40)
        case.p.meeting.cognitive = weight
        case.set(slice(0, None, 4), technology=0.0)
        case.set(slice(1, None, 4), technology=0.0)
        return shares(case, lambda a, b: case.actors.technology[a] == case.actors.technology[b])

    assert alike(3.0) > alike(0.0) + 0.1


def test_partners_of_partners_are_preferred(crowd):
    def closed(weight):
        case = crowd(60)
        case.p.meeting.triad, case.p.meeting.attention = weight, 50.0
        count = total = 0
        for k in range(0, 60, 3):
            case.tie(k, k + 1)
            case.tie(k, k + 2)
        step(case)
        for a, b in list(zip(column(case, "a"), column(case, "b"), strict=True))[40:]:
            total += 1
            count += (a - case.cluster.firms) // 3 == (b - case.cluster.firms) // 3
        return count / total

    assert closed(5.0) > closed(0.0) + 0.1 and closed(0.0) > 2 / 59


def test_institutions_are_met_at_their_chance(crowd):
    counts = {}
    for chance in (0.0, 1.0):
        case = crowd(60, schools=2)
        case.actors.kind[UNIVERSITY + 1] = TECHNOLOGY_CENTRE
        case.p.meeting.institution_chance = chance
        case.p.meeting.closeness = 0.0
        step(case, 4)
        counts[chance] = (column(case, "kind") == INSTITUTIONAL).sum()
        met = set(column(case, "a")[column(case, "kind") == INSTITUTIONAL])
        assert met == ({BANK, UNIVERSITY, UNIVERSITY + 1} if chance else set())
    assert counts[1.0] > 20 and counts[0.0] == 0


def test_extension_brings_firms_to_universities(make):
    case = make(2)
    i, school = case.row(0), UNIVERSITY
    before = liking(case.actors, i, school, case.cluster, case.p.meeting)
    case.lever(extension=1.5)
    assert liking(case.actors, i, school, case.cluster, case.p.meeting) == pytest.approx(before + 1.5)
    assert liking(case.actors, i, BANK, case.cluster, case.p.meeting) == pytest.approx(before)


def test_liking_falls_with_distance_in_any_direction_and_rises_along_the_chain(make):
    case = make(2)
    p = case.p.meeting

    def likes():
        return liking(case.actors, case.row(0), case.row(1), case.cluster, p)

    case.all(x=3.0, y=-2.0)
    assert likes() == pytest.approx(p.cognitive)
    case.set(1, x=6.0, y=2.0, technology=0.9)
    assert likes() == pytest.approx(-5 * p.closeness + p.cognitive * 0.2)
    case.set(1, segment=1)
    case.lever(matching=0.5)
    assert likes() == pytest.approx(-5 * p.closeness + p.cognitive * 0.2 + 1.5 * p.chain)


def test_any_partner_of_any_partner_may_be_proposed(make):
    case = make(9)
    for hub in (1, 2):
        case.tie(0, hub)
        for leaf in range(3):
            case.tie(hub, 3 * hub + leaf)
    draws = [(k + 0.5) / 8 for k in range(8)]
    found = {partner_of_partner(case.actors, case.ties, case.row(0), u, v) - case.row(0) for u in draws for v in draws}
    assert found == {0, 3, 4, 5, 6, 7, 8}
    case.tie(8, None)
    ends = {partner_of_partner(case.actors, case.ties, case.row(8), u, v) for u in draws for v in draws}
    assert ends == {NOBODY, case.row(0), case.row(6), case.row(7), case.row(8)}


def test_facilitators_broker_warmer_meetings(crowd):
    case = crowd()
    case.p.meeting.rate = 0.0
    case.lever(facilitation=2.0)
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
    case.lever(facilitation=1000.0)
    assert step(case) <= 10
    case.p.meeting.brokered = 0.0
    assert step(case, 10) == 0


def test_brokers_pick_the_fitting_one_of_two_pairs(crowd):
    def adjacent(weight):
        case = crowd(60)
        case.p.meeting.rate, case.p.meeting.chain = 0.0, weight
        case.lever(facilitation=5.0)
        return shares(case, lambda a, b: case.actors.segment[a] != case.actors.segment[b], quarters=40)

    assert adjacent(5.0) > adjacent(0.0) + 0.12


def test_pipelines_open_to_the_outside_up_to_their_limit(crowd):
    case = crowd(30)
    p = case.p.meeting
    p.rate, p.pipeline_rate, p.pipelines_max = 0.0, 1.0, 2.0
    assert step(case) == 30
    assert (column(case, "kind") == EXTERNAL).all() and (column(case, "b") == OUTSIDE).all()
    assert (column(case, "trust_ab") == p.pipeline_trust).all()
    target = column(case, "target")
    assert len(set(target)) == 30 and 0.0 < target.min() < 0.3 and 0.7 < target.max() < 1.0
    assert step(case, 5) == 30
    assert (case.get("degree") == 2).all()
    assert len(set(column(case, "uid"))) == 60


def test_pipelines_need_search_capacity_and_size(crowd):
    counts = {}
    changes = {"usual": {}, "complacent": {"search": 0.3}, "dull": {"absorptive": 0.1}, "tiny": {"employees": 1.0}}
    for name, change in changes.items():
        case = crowd(400)
        case.p.meeting.rate, case.p.meeting.pipeline_rate = 0.0, 0.3
        case.all(**change)
        counts[name] = step(case)
    assert all(counts[name] < 0.6 * counts["usual"] for name in counts if name != "usual")
    case.p.meeting.pipeline_rate = 0.0
    assert step(case, 5) == 0


def test_introducing_a_pair_that_knows_each_other_does_nothing(make):
    case = make(2)
    t = case.tie(0, 1, level=2, trust=0.8)
    introduce(case.actors, case.ties, case.row(0), case.row(1), VERTICAL, 1, case.cluster, case.world, case.p.meeting)
    assert case.cluster.tie_count == 1 and case.ties.level[t] == 2 and case.ties.trust_ab[t] == 0.8


def test_sort_order_sorts():
    for size in (0, 1, 2, 3, 10, 257):
        priority = (np.arange(size, dtype=np.uint64) * np.uint64(2654435761)) % np.uint64(1009)
        order = np.full(size, -1, np.int32)
        sort_order(order, priority)
        assert sorted(order.tolist()) == list(range(size))
        assert (np.diff(priority[order].astype(float)) >= 0).all()
