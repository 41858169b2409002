"""Esteem: the periphery asks the core; of some firms others speak; and who of two acquaintances asks the other."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest
from crowds import column, crowd_of, shares, step

from clustersim.core.draws import PROCESS, stream
from clustersim.model.founding import LISTED_TIE, asks_first, tie_listed
from clustersim.model.mechanisms.meeting import choose, esteem, heard_of
from clustersim.model.network import asker, copy_tie
from clustersim.model.state import BANK, FREE, INSTITUTIONAL, OUTSIDE, TRACTOR, UNIVERSITY


@pytest.fixture
def crowd(make):
    """Return the maker of clusters in which every firm looks for a partner in every quarter."""
    return partial(crowd_of, make)


def test_esteem_rises_with_ties_and_with_the_lead_in_knowledge(make):
    case = make(5)
    p = case.p.meeting
    p.reach, p.standing, p.public = 1.2, 0.7, 2.5
    case.cluster.knowledge = 0.1
    case.set(0, knowledge=0.4)
    case.set(1, knowledge=-0.3)
    for other in (1, 2, 3):
        case.tie(0, other)
    found = [esteem(case.actors, case.row(k), case.cluster, p) for k in (0, 1, 4)]
    assert found == pytest.approx([1.2 * math.log(4) + 0.7 * 0.3, 1.2 * math.log(2) - 0.7 * 0.4, -0.7 * 0.1])


def test_all_know_the_institutions_however_many_ties_they_have(make):
    case = make(2)
    case.p.meeting.public, case.p.meeting.reach, case.p.meeting.standing = 2.5, 9.0, 9.0
    case.school_tie(0)
    case.actors.knowledge[UNIVERSITY] = 3.0
    assert [esteem(case.actors, row, case.cluster, case.p.meeting) for row in (UNIVERSITY, BANK)] == [2.5, 2.5]


def test_firms_seek_those_who_know_more(crowd):
    def learned(weight):
        case = crowd(60)
        case.p.meeting.standing = weight
        case.set(slice(0, 15), knowledge=0.5)
        return shares(case, lambda a, b: case.actors.knowledge[a] + case.actors.knowledge[b] > 0.0, quarters=15)

    indifferent = learned(0.0)
    assert indifferent == pytest.approx(1 - 0.75**2, abs=0.06) and learned(4.0) > indifferent + 0.15


def test_institutions_are_met_more_the_better_they_are_known(crowd):
    def met(public):
        case = crowd(60)
        case.p.meeting.institution_chance, case.p.meeting.closeness, case.p.meeting.public = 1.0, 0.0, public
        step(case, 3)
        return np.mean(column(case, "kind") == INSTITUTIONAL)

    assert met(-20.0) == 0.0 < met(0.0) < met(3.0)


def test_of_a_ties_two_firms_others_speak_of_the_one_with_more_ties(make):
    """Ties in order: 0-1, 2-0, 3-4, 5 to the outside, the university to 1. Firms 0 and 1 have two each, the others one."""
    case = make(7)
    case.tie(0, 1)
    case.tie(2, 0)
    case.tie(3, 4)
    case.tie(5, None)
    case.school_tie(1)
    spoken = [heard_of(case.actors, case.ties, (t + 0.5) / 5, case.cluster) for t in range(5)]
    assert spoken == [case.row(k) for k in (0, 0, 3, 5, 1)], "of equals the first is named"
    case.tie(1, 6)
    assert heard_of(case.actors, case.ties, 0.5 / 6, case.cluster) == case.row(1)


def test_without_any_tie_anybody_is_named(make):
    case = make(4)
    assert [heard_of(case.actors, case.ties, (k + 0.5) / 4, case.cluster) for k in range(4)] == [case.row(k) for k in range(4)]


def chosen(make, alternatives):
    """Return the share of 56 firms without ties that choose the one hub of a star, where reach is all that counts."""
    case = make(60)
    case.p.meeting.reach, case.p.meeting.institution_chance, case.p.meeting.alternatives = 1e3, 0.0, alternatives
    for other in (1, 2, 3):
        case.tie(0, other)
    draws = [stream(case.world.key, 5, PROCESS[f"meeting_{name}"]) for name in ("route", "choice", "taste")]
    return np.mean([choose(case.actors, case.ties, case.row(k), *draws, case.cluster, case.p.meeting) == case.row(0)
                    for k in range(4, 60)])  # fmt: skip


def test_word_of_mouth_is_the_third_of_the_alternatives(make):
    assert chosen(make, 3.0) == 1.0
    assert chosen(make, 2.0) < 0.2


def seeker(make, k):
    """Return who asks in the ties of a cluster in which firm k alone looks for partners."""
    case = crowd_of(make, 9)
    case.all(search=0.0)
    case.set(k, search=1.0)
    assert step(case, 3) >= 2
    return {asker(case.ties, t) - case.row(0) for t in case.live_ties()}


def test_who_seeks_the_other_asks(make):
    for k in (0, 4, 8):  # whether its row is the first or the second of the tie
        assert seeker(make, k) == {k}


def test_who_is_led_to_an_anchor_asks_it(make):
    case = make(6)
    case.p.meeting.rate, case.p.meeting.contract_rate = 0.0, 1.0
    case.cluster.anchors = 1
    case.set(0, kind=TRACTOR, segment=1, knowledge=-9.0)  # what it knows does not matter
    case.lever(supplier_quality=1.0)
    assert step(case) == 5
    assert (column(case, "asker") == 1).all() and (column(case, "a") == case.row(0)).all()


def test_who_knows_less_of_a_brokered_pair_asks(crowd):
    case = crowd(60)
    case.p.meeting.rate, case.cluster.brokers = 0.0, 50.0
    case.all(knowledge=np.random.default_rng(3).normal(0.0, 0.3, 60))
    assert step(case) > 10
    known = case.actors.knowledge
    for t in case.live_ties():
        asks = asker(case.ties, t)
        assert known[asks] == min(known[case.ties.a[t]], known[case.ties.b[t]])
    assert set(column(case, "asker").tolist()) == {0, 1}


def test_of_equals_the_one_whom_the_facilitator_approached_asks(crowd):
    for quarter in range(12):
        case = crowd(60)
        case.world.quarter = quarter
        case.p.meeting.rate, case.p.meeting.brokered_pairs, case.cluster.brokers = 0.0, 1.0, 0.5
        first = case.row(int(case.draw(PROCESS["meeting_broker"], case.cluster.uid + np.uint64(1)) * 60))
        if step(case):
            assert asker(case.ties, 0) == first


def test_an_outside_partner_is_asked(crowd):
    case = crowd(5)
    case.p.meeting.rate, case.p.meeting.pipeline_rate = 0.0, 10.0
    assert step(case) == 5
    assert (column(case, "b") == OUTSIDE).all() and (column(case, "asker") == 0).all()


def test_of_listed_partners_who_knows_less_asks(make):
    case = make(3)
    case.all(knowledge=np.array([0.1, -0.1, 0.1]))
    assert [asks_first(case.actors, case.row(a), case.row(b)) for a, b in ((0, 1), (1, 2), (0, 2))] == [1, 0, 0]
    listed = np.rec.array(np.array([(0, 1, 1, np.nan, np.nan), (1, 2, 2, 0.8, 0.7), (0, 2, 0, np.nan, np.nan)], LISTED_TIE))
    tie_listed(case.actors, case.ties, case.cluster, case.world, case.p, listed)
    assert [int(asker(case.ties, t)) - case.row(0) for t in case.live_ties()] == [1, 1, 0]
    assert list(column(case, "level")) == [1, 2, 0] and column(case, "trust_ab")[1] == 0.8 and column(case, "trust_ba")[1] == 0.7
    assert list(case.get("asking")) == [0, 2, 0], "only those with whom information is exchanged are asked"
    assert (column(case, "since") == -12).all() and case.world.quarter == 0


def test_a_tie_that_moves_to_another_row_keeps_its_asker(make):
    case = make(3)
    t = case.tie(0, 1, asker=1)
    other = case.tie(1, 2)
    copy_tie(case.ties, t, other)
    assert case.ties.asker[other] == 1 and asker(case.ties, other) == case.row(1)


def test_nobody_who_left_is_chosen(make):
    case = make(3)
    case.p.meeting.institution_chance = 0.0
    case.set(slice(1, 3), kind=FREE)
    draws = [stream(case.world.key, 5, PROCESS[f"meeting_{name}"]) for name in ("route", "choice", "taste")]
    assert choose(case.actors, case.ties, case.row(0), *draws, case.cluster, case.p.meeting) == -1
