"""Meetings: who meets whom, within bounded attention."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from crowds import column, crowd_of, shares, step

from clustersim.model.mechanisms.meeting import NOBODY, introduce, liking, partner_of_partner
from clustersim.model.state import BANK, FREE, HORIZONTAL, INSTITUTIONAL, TECHNOLOGY_CENTRE, UNIVERSITY, VERTICAL


@pytest.fixture
def crowd(make):
    """Return the maker of clusters in which every firm looks for a partner in every quarter."""
    return partial(crowd_of, make)


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
    case.p.meeting.attention, case.p.meeting.attention_growth = 2.0, 0.25
    case.set(slice(0, 20), employees=1000.0)
    step(case, 60)
    degree = case.get("degree")
    assert degree.max() == np.ceil(2.0 * 1001.0**0.25) == 12
    assert degree[20:].max() == np.ceil(2.0 * 11.0**0.25) == 4
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


def test_free_rows_are_not_met(crowd):
    case = crowd(20)
    case.set(slice(10, None), kind=FREE)
    step(case, 10)
    assert set(column(case, "a")) | set(column(case, "b")) <= set(range(case.row(0), case.row(10)))


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


def test_members_meet_in_thematic_groups(crowd):
    """Half of the firms are members; in groups together they like each other better, and only each other."""
    def together(groups, weight=3.0):
        case = crowd(40)
        case.p.meeting.fellow, case.p.meeting.member_bonus, case.cluster.groups = weight, 0.0, groups
        case.set(slice(0, 20), member=1)
        return shares(case, lambda a, b: case.actors.member[a] and case.actors.member[b], quarters=20)

    alone, all_in = together(0.0), together(1.0)
    assert alone == pytest.approx(0.25, abs=0.05) and alone + 0.03 < together(0.3) < all_in
    assert together(1.0, weight=0.0) == alone
    case = crowd(3)
    case.cluster.groups, case.p.meeting.fellow = 0.5, 0.8
    before = [liking(case.actors, case.row(0), case.row(k), case.cluster, case.p.meeting) for k in (1, 2)]
    case.set(slice(0, 2), member=1)
    after = [liking(case.actors, case.row(0), case.row(k), case.cluster, case.p.meeting) for k in (1, 2)]
    assert after == pytest.approx([before[0] + 0.4, before[1]])


def test_events_reach_whom_they_are_for(crowd):
    case = crowd(200)
    case.p.meeting.rate = 0.2
    case.set(slice(0, 100), employees=100.0)
    case.lever(events=4.0, classes=0b0100)
    step(case, 2)
    degree = case.get("degree")
    assert degree[:100].sum() > 1.5 * degree[100:].sum()


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


def test_introducing_a_pair_that_knows_each_other_does_nothing(make):
    case = make(2)
    t = case.tie(0, 1, level=2, trust=0.8)
    introduce(case.actors, case.ties, case.row(0), case.row(1), VERTICAL, 1, 0, case.cluster, case.world, case.p.meeting)
    assert case.cluster.tie_count == 1 and case.ties.level[t] == 2 and case.ties.trust_ab[t] == 0.8
    assert not case.get("referrals").any()
