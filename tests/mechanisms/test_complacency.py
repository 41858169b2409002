"""Complacency: search falls with the felt margin along an S-curve, and R&D with search."""

from __future__ import annotations

import numpy as np
import pytest

from clustersim.mechanisms.complacency import relax
from clustersim.state import FREE, TRACTOR


def settled(make, margins, **change):
    """Return the search effort that firms with these margins come to."""
    case = make(len(margins))
    case.p.complacency.speed = 1.0
    for name, value in change.items():
        case.p.complacency[name] = value
    case.all(margin=np.array(margins))
    relax(case.actors, case.cluster, case.p.complacency)
    return case.get("search")


def test_search_falls_with_the_margin_from_most_to_least(make):
    search = settled(make, np.linspace(-0.2, 0.3, 26))
    p = make().p.complacency
    assert (np.diff(search) < 0).all()
    assert search[0] == pytest.approx(p.most, abs=1e-4) and search[-1] == pytest.approx(p.least, abs=1e-4)


def test_it_is_midway_at_the_turning_point_and_steepest_there(make):
    p = make().p.complacency
    search = settled(make, [p.turning - 0.02, p.turning - 0.01, p.turning, p.turning + 0.01, p.turning + 0.02])
    assert search[2] == pytest.approx((p.most + p.least) / 2)
    steps = -np.diff(search)
    assert steps[1] > steps[0] and steps[2] > steps[3] and steps[1] == pytest.approx(steps[2])


def test_without_a_range_success_changes_nothing(make):
    assert (settled(make, [-0.2, 0.0, 0.3], least=1.0, most=1.0) == 1.0).all()


def test_it_adapts_at_its_speed(make):
    case = make(1)
    case.set(0, margin=1.0)
    path = [1.0]
    for _ in range(3):
        relax(case.actors, case.cluster, case.p.complacency)
        path.append(float(case.get("search")[0]))
    p = case.p.complacency
    assert np.diff(path) == pytest.approx(p.speed * (p.least - np.array(path[:-1])))
    case.p.complacency.speed = 0.0
    relax(case.actors, case.cluster, case.p.complacency)
    assert case.get("search")[0] == path[-1]


def test_research_follows_search_and_tractors_do_more(make):
    case = make(3)
    case.p.complacency.speed = 0.0
    case.set(1, search=0.5)
    case.set(2, kind=TRACTOR)
    relax(case.actors, case.cluster, case.p.complacency)
    p = case.p.complacency
    assert case.get("rd_share") == pytest.approx([p.rd_share, 0.5 * p.rd_share, p.rd_tractor * p.rd_share])


def test_free_rows_are_left_alone(make):
    case = make(2)
    case.set(1, kind=FREE, search=0.77, margin=0.5)
    relax(case.actors, case.cluster, case.p.complacency)
    assert case.get("search")[1] == 0.77
