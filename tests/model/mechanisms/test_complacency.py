"""Complacency: search falls with the felt margin along an S-curve, sight of the frontier lifts it, R&D follows search."""

from __future__ import annotations

import numpy as np
import pytest

from clustersim.model.mechanisms.complacency import relax
from clustersim.model.reach import RD_BILL
from clustersim.model.state import FREE, TRACTOR


def settled(make, margins, **change):
    """Return the search effort that firms with these margins come to."""
    case = make(len(margins))
    case.p.complacency.speed = 1.0
    for name, value in change.items():
        case.p.complacency[name] = value
    case.all(margin=np.array(margins))
    relax(case.actors, case.cluster, case.world, case.p.complacency, case.p.finance)
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


def test_a_firm_shares_the_mood_of_its_place_and_large_firms_make_it(make):
    case = make(3)
    case.p.complacency.speed = 1.0
    case.p.complacency.mood = 1.0
    case.all(margin=np.array([0.2, -0.1, -0.1]), sales=np.array([900.0, 50.0, 50.0]))
    relax(case.actors, case.cluster, case.world, case.p.complacency, case.p.finance)
    alike = case.get("search").copy()
    p = case.p.complacency
    content = 1.0 / (1.0 + np.exp(-(0.17 - p.turning) / p.spread))
    assert alike == pytest.approx(np.full(3, p.most - (p.most - p.least) * content))
    case.p.complacency.mood = 0.5
    relax(case.actors, case.cluster, case.world, case.p.complacency, case.p.finance)
    search = case.get("search")
    assert search[1] == search[2] > search[0] and p.least < search[0]


def test_without_a_range_success_changes_nothing(make):
    assert (settled(make, [-0.2, 0.0, 0.3], least=1.0, most=1.0) == 1.0).all()


def test_it_adapts_at_its_speed(make):
    case = make(1)
    case.set(0, margin=1.0)
    path = [1.0]
    for _ in range(3):
        relax(case.actors, case.cluster, case.world, case.p.complacency, case.p.finance)
        path.append(float(case.get("search")[0]))
    p = case.p.complacency
    assert np.diff(path) == pytest.approx(p.speed * (p.least - np.array(path[:-1])))
    case.p.complacency.speed = 0.0
    relax(case.actors, case.cluster, case.world, case.p.complacency, case.p.finance)
    assert case.get("search")[0] == path[-1]


def test_research_follows_search_and_tractors_do_more(make):
    case = make(3)
    case.p.complacency.speed = 0.0
    case.set(1, search=0.5)
    case.set(2, kind=TRACTOR)
    relax(case.actors, case.cluster, case.world, case.p.complacency, case.p.finance)
    p = case.p.complacency
    assert case.get("rd_share") == pytest.approx([p.rd_share, 0.5 * p.rd_share, p.rd_tractor * p.rd_share])


def test_free_rows_are_left_alone(make):
    case = make(2)
    case.set(1, kind=FREE, search=0.77, margin=0.5)
    relax(case.actors, case.cluster, case.world, case.p.complacency, case.p.finance)
    assert case.get("search")[1] == 0.77


def shown(make, benchmarking=0.0, frontier=0.3, benchmark=2.0, speed=1.0, **masks):
    """Return the search efforts of three contented firms at, behind and far behind the frontier, and of a micro firm behind."""
    case = make(4)
    case.p.complacency.speed, case.p.complacency.benchmark = speed, benchmark
    case.world.frontier = frontier
    case.all(margin=9.0, knowledge=np.array([frontier, frontier - 0.2, frontier - 0.9, frontier - 0.2]))
    case.set(3, employees=5.0)
    case.lever(benchmarking=benchmarking, **masks)
    relax(case.actors, case.cluster, case.world, case.p.complacency, case.p.finance)
    return case.get("search")


def test_sight_of_the_frontier_lifts_search_with_the_distance_to_it(make):
    """Two per log point: 0.2 behind lifts it by two fifths of the way to the most, half a log point and more all the way."""
    assert shown(make) == pytest.approx(0.35)
    assert shown(make, 1.0) == pytest.approx([0.35, 0.35 + 0.4 * 0.85, 1.2, 0.35 + 0.4 * 0.85])
    assert shown(make, 0.5) == pytest.approx([0.35, 0.35 + 0.2 * 0.85, 0.35 + 0.9 * 0.85, 0.35 + 0.2 * 0.85])
    assert (shown(make, 1.0) == shown(make, 9.0)).all(), "one benchmark shows all there is"
    assert (shown(make, 1.0, benchmark=0.0) == shown(make)).all()
    assert shown(make, 1.0, frontier=-2.0) == pytest.approx(shown(make, 1.0)), "the distance counts, not the level"


def test_the_leader_sees_nothing_to_catch_up_with(make):
    case = make(1)
    case.p.complacency.speed = 1.0
    case.set(0, knowledge=0.5, margin=9.0)
    case.lever(benchmarking=1.0)
    relax(case.actors, case.cluster, case.world, case.p.complacency, case.p.finance)
    assert case.get("search")[0] == pytest.approx(0.35)


def test_a_benchmark_is_seen_by_those_whom_it_reaches(make):
    assert shown(make, 1.0, classes=0b0010) == pytest.approx([0.35, 0.69, 1.2, 0.35])  # small firms alone
    assert shown(make, 1.0, segments=0b10) == pytest.approx(0.35)


def test_in_crisis_there_is_nothing_left_to_lift(make):
    case = make(1)
    case.p.complacency.speed, case.world.frontier = 1.0, 0.9
    case.set(0, margin=-9.0)
    case.lever(benchmarking=1.0)
    relax(case.actors, case.cluster, case.world, case.p.complacency, case.p.finance)
    assert case.get("search")[0] == pytest.approx(1.2)


def research(make, support=0.0, part=1.0, classes=0b1111, most=0.9, **change):
    """Return the R&D intensities of a small and a large firm that search as usual."""
    case = make(2)
    case.p.complacency.speed, case.p.finance.support_most = 0.0, most
    for name, value in change.items():
        case.p.complacency[name] = value
    case.set(1, employees=300.0, sales=12_000.0)
    case.lever(rd_support=support, classes=classes)
    case.cluster.part[RD_BILL] = part
    relax(case.actors, case.cluster, case.world, case.p.complacency, case.p.finance)
    return case.get("rd_share")


def test_research_answers_to_its_price(make):
    """At an elasticity of one, half of the price paid doubles it, nine tenths, the most, makes it tenfold."""
    assert research(make, rd_price=1.0) == pytest.approx([0.03, 0.03])
    assert research(make, 0.5, rd_price=1.0) == pytest.approx([0.06, 0.06])
    for support in (0.9, 5.0):
        assert research(make, support, rd_price=1.0) == pytest.approx([0.3, 0.3])
    assert research(make, 5.0, most=0.75, rd_price=1.0) == pytest.approx([0.12, 0.12])
    assert research(make, 0.75, rd_price=0.5) == pytest.approx([0.06, 0.06])
    assert research(make, 0.9, rd_price=0.0) == pytest.approx([0.03, 0.03])


def test_support_for_research_lowers_the_price_for_whom_it_is(make):
    assert research(make, 0.5, classes=0b1000, rd_price=1.0) == pytest.approx([0.03, 0.06])


def test_money_that_fell_short_lowers_the_price_by_its_part(make):
    assert research(make, 0.5, part=0.4, rd_price=1.0) == pytest.approx([0.0375, 0.0375])
    assert research(make, 0.5, part=0.0, rd_price=1.0) == pytest.approx([0.03, 0.03])


def test_research_below_its_least_scale_is_not_begun(make):
    """Three hundredths of sales of 400 are 12; of a person at 9.6 that pays for one and a quarter."""
    assert research(make, rd_staff=1.24) == pytest.approx([0.03, 0.03])
    assert research(make, rd_staff=1.26) == pytest.approx([0.0, 0.03]), "the large firm has thirty times as much for it"
    assert research(make, 0.5, rd_staff=1.26, rd_price=1.0) == pytest.approx([0.06, 0.06]), "support makes it worth while"
    assert research(make, rd_staff=0.0) == pytest.approx([0.03, 0.03])


def test_dearer_staff_raises_the_least_scale(make):
    for wage, share in ((9.5, 0.03), (12.1, 0.0)):
        case = make(1)
        case.p.complacency.speed, case.p.complacency.rd_staff, case.cluster.wage = 0.0, 1.0, wage
        relax(case.actors, case.cluster, case.world, case.p.complacency, case.p.finance)
        assert case.get("rd_share")[0] == pytest.approx(share)
