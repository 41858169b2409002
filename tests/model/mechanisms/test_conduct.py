"""Conduct: price agreements need trust, closure and members who make the market; competition policy breaks them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from clustersim.model.mechanisms.conduct import agree
from clustersim.model.state import FREE


def target(make, competition=0.0, change=None, trust=0.6, pipelines=0.0, members=4, **firm):
    """Return the strength of agreements that a cluster of four firms comes to at once."""
    case = make(4)
    case.p.conduct.speed = 1.0
    for name, value in (change or {}).items():
        case.p.conduct[name] = value
    case.cluster.trust, case.cluster.pipelines = trust, pipelines
    case.set(slice(0, members), member=1)
    case.all(**firm)
    case.lever(competition=competition)
    agree(case.actors, case.cluster, case.p.conduct)
    return float(case.cluster.collusion)


def test_at_the_turning_point_of_trust_half_would_agree(make):
    assert target(make) == pytest.approx(0.5)
    assert target(make, trust=0.65) == pytest.approx(1 / (1 + math.exp(-1.0)))
    assert target(make, trust=0.3) < 0.01 and target(make, trust=0.9) > 0.99
    assert target(make, change={"trust": 0.9}) < 0.01


def test_softness_of_that_turn(make):
    assert target(make, trust=0.62, change={"spread": 0.02}) == pytest.approx(target(make, trust=0.65))


def test_links_to_the_outside_open_a_club(make):
    """Four firms with two outside links: half a link each, and a tenth halves the agreement."""
    assert target(make, trust=99.0, pipelines=0.4) == pytest.approx(0.5)
    assert target(make, trust=99.0, pipelines=2.0) == pytest.approx(1 / 6)
    assert target(make, trust=99.0, pipelines=2.0, change={"openness": 0.5}) == pytest.approx(0.5)


def test_members_count_by_their_sales(make):
    assert target(make, trust=99.0, members=1) == pytest.approx(0.25)
    assert target(make, trust=99.0, members=1, sales=np.array([900.0, 50.0, 25.0, 25.0])) == pytest.approx(0.9)
    assert target(make, members=0) == 0.0


def test_where_nothing_is_sold_there_is_nothing_to_agree_on(make):
    assert target(make, trust=99.0, sales=0.0) == 0.0


def test_competition_policy_breaks_agreements_in_proportion(make):
    full = target(make, trust=0.8)
    assert target(make, trust=0.8, competition=0.25) == pytest.approx(0.75 * full)
    assert target(make, trust=0.8, competition=1.0) == target(make, trust=0.8, competition=9.0) == 0.0


def test_agreements_form_and_break_slowly(make):
    case = make(2)
    case.cluster.trust = 99.0
    case.all(member=1)
    path = [0.0]
    for _ in range(3):
        agree(case.actors, case.cluster, case.p.conduct)
        path.append(float(case.cluster.collusion))
    assert path == pytest.approx([0.0, 0.04, 0.04 + 0.04 * 0.96, 1 - 0.96**3])
    case.lever(competition=1.0)
    agree(case.actors, case.cluster, case.p.conduct)
    assert case.cluster.collusion == pytest.approx(path[-1] * 0.96)
    case.p.conduct.speed = 0.0
    agree(case.actors, case.cluster, case.p.conduct)
    assert case.cluster.collusion == pytest.approx(path[-1] * 0.96)


def test_free_rows_have_no_part_in_it(make):
    case = make(3)
    case.p.conduct.speed, case.cluster.trust = 1.0, 99.0
    case.set(0, member=1)
    case.set(2, kind=FREE, sales=1e9)
    agree(case.actors, case.cluster, case.p.conduct)
    assert case.cluster.collusion == pytest.approx(0.5)
