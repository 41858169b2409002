"""What phases rest on: links and components, sampled triads, smoothing, growth over a year, jobs against the nation's."""

from __future__ import annotations

import math

import numpy as np
import pytest

from clustersim.model.mechanisms.phase import compare_with_last_year, measure_links, sample_triads, smooth
from clustersim.model.state import FREE


def links(make, firms, *ties, free=()):
    """Return linked share and component share of a hand-made network of ties (a, b, level)."""
    case = make(firms)
    for a, b, level in ties:
        case.tie(a, b, level=level)
        for k in (a, b):
            if b is not None:
                case.set(k, top=max(level, int(case.get("top")[k])))
    case.set(0, top=int(case.get("top")[0]))
    for k in free:
        case.set(k, kind=FREE)
    case.cluster.firm_count = firms - len(free)
    measure_links(case.actors, case.ties, case.cluster)
    return float(case.cluster.linked), float(case.cluster.component)


def test_links_are_cooperative_ties_between_firms(make):
    assert links(make, 10) == (0.0, 0.0)
    assert links(make, 10, (0, 1, 1), (1, 2, 0)) == (0.0, 0.0)
    assert links(make, 10, (0, 1, 2), (2, 3, 3)) == (0.4, 0.2)
    assert links(make, 10, (0, 1, 2), (1, 2, 2), (2, 3, 3), (5, 6, 2)) == pytest.approx((0.6, 0.4))
    assert links(make, 10, (8, 9, 2), (7, 8, 2), (0, 9, 2), (3, 4, 2), (4, 7, 2)) == pytest.approx((0.6, 0.6))
    assert links(make, 10, (0, None, 3)) == (0.0, 0.0)
    assert links(make, 10, (0, 1, 2), free=(8, 9)) == (0.25, 0.25)


def test_ties_to_institutions_link_no_firms(make):
    case = make(4)
    for k in range(4):
        case.school_tie(k, level=2)
    measure_links(case.actors, case.ties, case.cluster)
    assert case.cluster.component == 0.0


def test_a_long_chain_is_one_component(make):
    chain = [(k, k + 1, 2) for k in range(0, 99)]
    assert links(make, 100, *chain) == (1.0, 1.0)
    assert links(make, 100, *reversed(chain)) == (1.0, 1.0)


def test_indicators_are_smoothed_and_employment_is_measured_against_the_nation(make):
    case = make(10)
    c, w = case.cluster, case.world
    c.linked, c.component, c.vision, c.pipelines = 0.8, 0.6, 0.4, 5.0
    c.smooth_vision = 0.2
    case.all(technology=0.7)
    w.cycle_local, w.shock_demand, c.employment = 0.1, 0.1, 150.0
    smooth(case.actors, c, w, case.p.phase)
    assert [c.smooth_linked, c.smooth_component, c.smooth_vision, c.smooth_pipelines, c.smooth_gap] == pytest.approx(
        [0.2, 0.15, 0.25, 0.125, 0.05])  # fmt: skip
    expected = 100.0 + 0.25 * (150.0 / math.exp(0.2) - 100.0)
    assert c.smooth_employment == c.peak == pytest.approx(expected) and c.trough == 100.0
    assert c.trend == pytest.approx(case.p.phase.trend_memory * 4 * math.log(expected / 100.0))


def test_the_nation_follows_its_demand_at_its_speed(make):
    case = make(10)
    case.p.phase.reference_speed = 0.2
    case.world.shock_demand = -0.5
    smooth(case.actors, case.cluster, case.world, case.p.phase)
    assert case.cluster.reference == pytest.approx(1 + 0.2 * (math.exp(-0.5) - 1))


def test_the_peak_leaks_and_the_trough_does_not(make):
    case = make(10)
    case.p.phase.smoothing = 1.0
    case.cluster.peak, case.cluster.trough = 500.0, 20.0
    smooth(case.actors, case.cluster, case.world, case.p.phase)
    assert case.cluster.peak == pytest.approx(500.0 * (1 - case.p.phase.peak_leak)) and case.cluster.trough == 20.0
    case.cluster.employment = 10.0
    smooth(case.actors, case.cluster, case.world, case.p.phase)
    assert case.cluster.trough == 10.0


def test_the_clusters_own_jobs_are_a_part_of_the_nations(make):
    """Half of the nation's jobs are those of its clusters, which have grown by 40 %; the rest follows demand, which fell."""
    case = make(10)
    case.p.phase.reference_speed = 0.5
    case.world.cycle_local = math.log(0.8)
    case.cluster.nation_share, case.cluster.nation_index = 0.5, 1.4
    smooth(case.actors, case.cluster, case.world, case.p.phase)
    assert case.cluster.reference == pytest.approx(1 + 0.5 * (0.5 * 0.8 + 0.5 * 1.4 - 1))
    case.cluster.nation_share, case.cluster.reference = 1.0, 1.0
    smooth(case.actors, case.cluster, case.world, case.p.phase)
    assert case.cluster.reference == pytest.approx(1.2)


def test_the_reference_never_reaches_nothing(make):
    case = make(10)
    case.p.phase.reference_speed, case.world.shock_demand = 1.0, -900.0
    smooth(case.actors, case.cluster, case.world, case.p.phase)
    assert case.cluster.reference == 1e-9 and np.isfinite(case.cluster.smooth_employment)


def test_the_distance_is_to_what_ones_own_segment_is_asked_for(make):
    case = make(2)
    case.p.phase.smoothing = 1.0
    case.all(technology=np.array([0.6, 0.95]))
    case.set(1, segment=1)
    case.cluster.asked[1] = 0.05
    smooth(case.actors, case.cluster, case.world, case.p.phase)
    assert case.cluster.smooth_gap == pytest.approx(0.1)
    case.set(1, kind=FREE, technology=0.55, sales=1e9)
    case.cluster.firm_count = 1
    smooth(case.actors, case.cluster, case.world, case.p.phase)
    assert case.cluster.smooth_gap == pytest.approx(0.1) and case.cluster.sales_past[1] == 400.0


def test_growth_is_measured_against_the_same_quarter_of_the_year_before(make):
    case = make(1)
    c = case.cluster
    c.jobs_past[:], c.sales_past[:] = (10.0, 20.0, 40.0, 80.0), (1.0, 2.0, 4.0, 8.0)
    for quarter, (jobs, sales) in enumerate(((10.0, 2.0), (40.0, 2.0), (20.0, 4.0), (80.0, 1.0), (5.0, 4.0)), start=8):
        before = [float(c.jobs_past[quarter % 4]), float(c.sales_past[quarter % 4])]
        c.employment = jobs
        case.all(sales=sales)
        case.world.quarter = quarter
        smooth(case.actors, c, case.world, case.p.phase)
        assert [c.jobs_growth, c.sales_growth] == pytest.approx([math.log(jobs / before[0]), math.log(sales / before[1])])
        assert (c.jobs_past[quarter % 4], c.sales_past[quarter % 4]) == (jobs, sales)
    assert c.jobs_past.tolist() == [5.0, 40.0, 20.0, 80.0], "the fifth quarter is compared with the first"


@pytest.mark.parametrize(("before", "now"), [(0.0, 5.0), (5.0, 0.0), (0.0, 0.0)])
def test_there_is_no_growth_from_nothing_or_to_nothing(make, before, now):
    case = make(1)
    case.cluster.jobs_growth = case.cluster.sales_growth = 9.0
    compare_with_last_year_of(case, before, now)
    assert (case.cluster.jobs_growth, case.cluster.sales_growth) == (0.0, 0.0)


def compare_with_last_year_of(case, before, now):
    """Let jobs and sales have been `before` and be `now`."""
    case.cluster.jobs_past[:], case.cluster.sales_past[:], case.cluster.employment = before, before, now
    compare_with_last_year(case.cluster, 2, now)


def clustering(make, firms, *ties, quarters=400, outside=(), schools=()):
    """Return the share of closed triads that many quarters of asking come to."""
    case = make(firms, ties=3 * firms)
    for a, b in ties:
        case.tie(a, b)
    for k in outside:
        case.tie(k, None)
    for k in schools:
        case.school_tie(k)
    values = []
    for quarter in range(quarters):
        case.world.quarter = quarter
        sample_triads(case.actors, case.ties, case.cluster, case.world, case.p.phase)
        values.append(float(case.cluster.clustering))
    return np.mean(values[quarters // 2 :])


def test_triads_are_closed_where_all_partners_know_each_other(make):
    everybody = [(a, b) for a in range(5) for b in range(a)]
    assert clustering(make, 5, *everybody) == pytest.approx(1.0)
    star = [(0, k) for k in range(1, 6)]
    assert clustering(make, 6, *star) == 0.0
    assert clustering(make, 6, *star, (1, 2)) == pytest.approx(0.7, abs=0.1)  # the hub one pair in ten, its two friends all


def test_any_two_partners_may_be_asked_about_and_never_one_and_itself(make):
    """Four partners of a hub, listed in order: of six pairs the two that are not neighbours in the list know each other."""
    case = make(5)
    for a, b in ((0, 1), (0, 2), (0, 3), (0, 4), (1, 3), (2, 4)):
        case.tie(a, b)
    case.set(slice(1, None), kind=FREE)  # only the hub is asked
    values = []
    for case.world.quarter in range(600):
        sample_triads(case.actors, case.ties, case.cluster, case.world, case.p.phase)
        values.append(float(case.cluster.clustering))
    assert np.mean(values[100:]) == pytest.approx(1 / 3, abs=0.05)


def test_firms_with_one_partner_or_none_are_not_asked(make):
    case = make(3)
    case.cluster.clustering = 0.37
    sample_triads(case.actors, case.ties, case.cluster, case.world, case.p.phase)
    case.tie(0, 1)
    sample_triads(case.actors, case.ties, case.cluster, case.world, case.p.phase)
    assert case.cluster.clustering == 0.37
    case.tie(1, 2)
    case.tie(0, 2)
    case.set(slice(0, 3), kind=FREE)
    sample_triads(case.actors, case.ties, case.cluster, case.world, case.p.phase)
    assert case.cluster.clustering == 0.37


def test_partners_outside_are_known_to_nobody_and_institutions_count_as_partners(make):
    triangle = [(0, 1), (0, 2), (1, 2)]
    assert clustering(make, 3, *triangle) == pytest.approx(1.0)
    assert clustering(make, 3, *triangle, outside=(0, 1, 2)) == pytest.approx(1 / 3, abs=0.08)  # one pair in three is inside
    assert clustering(make, 2, (0, 1), schools=(0, 1)) == pytest.approx(1.0)  # two firms and their university


def test_clustering_is_smoothed_by_a_tenth(make):
    case = make(3)
    for a, b in ((0, 1), (0, 2), (1, 2)):
        case.tie(a, b)
    path = []
    for _ in range(3):
        sample_triads(case.actors, case.ties, case.cluster, case.world, case.p.phase)
        path.append(float(case.cluster.clustering))
    assert path == pytest.approx([0.1, 0.19, 0.271])
