"""Bridging: facilitators bring firms to institutions and to partners outside, one half each, as far as their time goes."""

from __future__ import annotations

import numpy as np
import pytest
from crowds import column, crowd_of, step

from clustersim.core.draws import PROCESS
from clustersim.model.mechanisms.meeting import bridge
from clustersim.model.state import (
    BANK,
    EXTERNAL,
    FREE,
    INSTITUTIONAL,
    MEETINGS,
    OUTSIDE,
    TECHNOLOGY_CENTRE,
    UNIVERSITY,
)  # fmt: skip


@pytest.fixture
def crowd(make):
    """Return the maker of clusters in which facilitators alone bring anybody together, at one meeting for each of them."""

    def _crowd(firms=60, bridgers=0.0, schools=1, **change):
        case = crowd_of(make, firms, schools=schools)
        p = case.p.meeting
        p.rate, p.bridged, p.brokered_most = 0.0, 1.0, 1.0
        for name, value in change.items():
            p[name] = value
        case.cluster.bridgers = bridgers
        return case

    return _crowd


def bridged(case, count=0):
    """Return the number of meetings after facilitators have brokered theirs, `count` before."""
    return bridge(case.actors, case.meetings, count, case.cluster, case.world, case.p.meeting)


def test_half_of_the_meetings_are_with_institutions_and_half_outside(crowd):
    """The bank and three schools get alike of the first half."""
    case = crowd(600, 600.0, schools=3)
    case.actors.kind[UNIVERSITY + 2] = TECHNOLOGY_CENTRE
    count = bridged(case)
    assert count == 600
    a, b, kind = case.meetings.a[:count], case.meetings.b[:count], case.meetings.kind[:count]
    inside = kind == INSTITUTIONAL
    assert inside.mean() == pytest.approx(0.5, abs=0.06) and (kind[~inside] == EXTERNAL).all()
    assert (b[~inside] == OUTSIDE).all() and (a[~inside] >= case.row(0)).all()
    met = np.bincount(a[inside])
    assert np.flatnonzero(met).tolist() == [BANK, UNIVERSITY, UNIVERSITY + 1, UNIVERSITY + 2]
    assert met[met > 0] / inside.sum() == pytest.approx([0.25] * 4, abs=0.07)
    assert case.meetings.brokered[:count].all()
    assert (case.meetings.seeker[:count] == inside).all(), "the firm is who seeks"


def test_bridged_meetings_become_ties_with_assurance_inside_alone(crowd):
    case = crowd(40, 40.0, assurance=0.3)
    assert step(case) > 20
    inside = column(case, "kind") == INSTITUTIONAL
    assert 5 < inside.sum() < len(inside) - 5
    assert column(case, "trust_ab")[inside] == pytest.approx(0.6 + 0.3 * 0.4)
    assert column(case, "trust_ba")[inside] == pytest.approx(0.5 + 0.3 * 0.5)
    assert (column(case, "trust_ab")[~inside] == case.p.meeting.pipeline_trust).all()
    assert (column(case, "level") == 0).all() and not case.get("referrals").any()


def test_each_meeting_takes_two_draws(crowd):
    """The first says which firm, the second whether to an institution, and to which."""
    for quarter in range(8):
        case = crowd(50, 1.0, schools=2)
        case.world.quarter = quarter
        assert bridged(case) == 1
        first, second = (case.draw(PROCESS["bridge"], case.cluster.uid + np.uint64(k)) for k in (1, 2))
        firm = case.row(int(first * 50))
        if second < 0.5:
            pick = int(2.0 * second * 3)
            assert (case.meetings.a[0], case.meetings.b[0]) == (BANK if pick == 2 else UNIVERSITY + pick, firm)
        else:
            assert (case.meetings.a[0], case.meetings.b[0]) == (firm, OUTSIDE)


@pytest.mark.parametrize(
    ("bridgers", "change", "most"),
    [(2.0, {"bridged": 3.0}, 6), (1000.0, {"brokered_most": 0.25}, 15), (1000.0, {"bridged": 0.0}, 0), (0.0, {}, 0)],
    ids=str,
)  # fmt: skip
def test_time_and_the_number_of_firms_limit_them(crowd, bridgers, change, most):
    assert bridged(crowd(60, bridgers, **change)) == most


def test_a_part_of_a_person_bridges_as_often(crowd):
    case = crowd(60, 0.3)
    count = 0
    for _ in range(300):
        count += bridged(case)
        case.world.quarter += 1
    assert count == pytest.approx(90, abs=22)


def test_free_rows_are_brought_nowhere(crowd):
    case = crowd(40, 40.0)
    case.set(slice(20, None), kind=FREE)
    case.cluster.firm_count = 40.0
    count = bridged(case)
    assert 10 <= count <= 30
    assert (np.where(case.meetings.b[:count] == OUTSIDE, case.meetings.a[:count], case.meetings.b[:count]) < case.row(20)).all()


def test_it_stops_where_there_is_no_room_for_more_meetings(crowd):
    case = crowd(40, 40.0)
    full = MEETINGS * int(case.cluster.last - case.cluster.first)
    assert bridged(case, full) == full and bridged(case, full - 2) == full


def test_who_knows_the_institution_or_has_links_enough_is_not_brought_there_again(crowd):
    case = crowd(4, 4.0, pipelines_max=2.0, bridged=9.0, brokered_most=9.0)
    step(case, 60)
    kinds = column(case, "kind")
    assert (kinds == INSTITUTIONAL).sum() == 4 * 2, "each firm knows the university and the bank, once"
    assert (kinds == EXTERNAL).sum() == 4 * 2
    assert step(case, 10) == 0


def test_a_firm_without_attention_is_brought_in_vain(crowd):
    case = crowd(20, 20.0, attention=0.0)
    assert step(case) == 0
    case = crowd(20, 20.0, institution_attention=0.0)
    step(case)
    assert (column(case, "kind") == EXTERNAL).all()
