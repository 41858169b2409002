"""Diversification: who sees a related market over a trusted link and fits it better may go there, and others may follow."""

from __future__ import annotations

import numpy as np
import pytest

from clustersim.core.draws import PROCESS
from clustersim.model.mechanisms.diversification import branch_out
from clustersim.model.state import SEGMENTS_MAX

HERE, THERE = 0.5, 0.8  # what the own market and the related one ask for


@pytest.fixture
def linked(make):
    """Return a maker of clusters in which each firm has a link to the related cluster of slot 1 and fits there alone."""

    def _linked(firms=3, change=None, segments=2, **tie):
        case = make(firms, ties=firms, segments=segments)
        p = case.p.diversification
        p.rate = 2.0  # comes for certain at full search and trust
        for name, value in (change or {}).items():
            p[name] = value
        c = case.cluster
        c.related[:2], c.related_technology[:2], c.related_market[:2] = (5, 6), (0.1, THERE), (9000.0, 5000.0)
        case.all(technology=THERE)
        for k in range(firms):
            case.tie(k, None, **({"level": 1, "trust": 1.0, "home": 1, "target": THERE} | tie))
        return case

    return _linked


def step(case, quarters=1):
    """Let firms move; return the segments of all."""
    for _ in range(quarters):
        branch_out(case.actors, case.ties, case.cluster, case.world, case.p.diversification)
        case.world.quarter += 1
    return case.get("segment").tolist()


def test_the_first_to_go_opens_the_branch_and_the_others_follow(linked):
    case = linked()
    market = case.cluster.market.copy()
    assert step(case) == [2, 2, 2]
    c = case.cluster
    assert (c.segments, c.branch, c.branch_of, c.diversified) == (3, 2, 1, 3)
    assert c.asked[2] == THERE and c.market[2] == pytest.approx(0.1 * 5000.0)
    assert (c.market[:2] == market[:2]).all(), "the old markets stay"
    assert case.get("base") == pytest.approx(0.7 * 400.0)


def test_who_is_there_moves_no_more_and_opens_nothing_new(linked):
    case = linked()
    step(case)
    case.cluster.market[2] = 123.0
    assert step(case, 3) == [2, 2, 2]
    assert case.cluster.diversified == 0.0 and case.cluster.segments == 3
    assert case.cluster.market[2] == 123.0 and case.get("base") == pytest.approx(280.0)


@pytest.mark.parametrize(
    "tie", [{"home": -1}, {"level": 0}, {"trust": 0.0}], ids=["partner abroad", "acquaintance", "not trusted"]
)
def test_it_takes_a_trusted_link_to_a_related_cluster(linked, tie):
    case = linked(**tie)
    assert step(case, 5) == [0, 0, 0]
    assert case.cluster.branch == -1 and case.cluster.segments == 2


def test_ties_inside_lead_nowhere(linked):
    case = linked()
    case.cluster.tie_count = 0
    case.tie(0, 1, level=3, trust=1.0, home=1)
    assert step(case, 5) == [0, 0, 0]


def test_it_must_fit_better_there_by_its_advantage(linked):
    """At 0.8 a firm is 0.3 from home and at the related market; the gain in fit must exceed the parameter."""
    assert step(linked(1, {"advantage": 0.29})) == [2]
    assert step(linked(1, {"advantage": 0.31})) == [0]
    case = linked(1)
    case.all(technology=HERE)
    assert step(case) == [0]
    case.all(technology=0.66)  # 0.16 from home, 0.14 from there: better, but not enough
    assert step(case) == [0]
    case.all(technology=0.69)  # 0.19 from home, 0.11 from there
    assert step(case) == [2]


def test_home_is_what_ones_own_segment_is_asked_for(linked):
    case = linked(2)
    case.set(1, segment=1)
    case.cluster.asked[1] = THERE
    assert step(case) == [2, 1]


def test_it_comes_at_a_rate_in_proportion_to_search_and_trust(linked):
    def moved(rate, trust=1.0, search=1.0):
        case = linked(250, {"rate": rate}, trust=trust)
        case.all(search=search)
        return np.mean(np.array(step(case)) == 2)

    assert moved(0.0) == 0.0
    assert moved(0.4) == pytest.approx(0.4, abs=0.08)
    assert moved(0.4, trust=0.5) == moved(0.4, search=0.5) == moved(0.2)


def test_a_move_uses_the_draw_of_its_link(linked):
    case = linked(1)
    draw = case.draw(PROCESS["diversification"], case.ties.uid[0])
    case.p.diversification.rate = draw * 0.999
    assert step(case) == [0]
    case.world.quarter -= 1
    case.p.diversification.rate = draw * 1.001
    assert step(case) == [2]


def test_once_begun_it_is_the_branch_that_asks_and_links_to_other_places_do_not_count(linked):
    case = linked(3)
    case.ties.home[1] = 0  # the second firm looks at another related cluster
    assert step(case) == [2, 0, 2]
    case = linked(2)
    c = case.cluster
    c.segments, c.branch, c.branch_of, c.asked[2] = 3, 2, 1, 0.45  # its market has moved near home meanwhile
    assert step(case, 3) == [0, 0]


def test_a_chain_of_eight_segments_has_no_room_for_a_branch(linked):
    case = linked(2, segments=SEGMENTS_MAX)
    assert step(case, 5) == [0, 0]
    assert case.cluster.branch == -1 and case.cluster.segments == SEGMENTS_MAX and case.get("base") == pytest.approx(400.0)
    assert step(linked(2, segments=SEGMENTS_MAX - 1)) == [7, 7]


def test_without_market_or_orders_kept_the_newcomers_start_from_nothing(linked):
    case = linked(1, {"market": 0.0, "kept": 1.0})
    step(case)
    assert case.cluster.market[2] == 0.0 and case.get("base")[0] == 400.0
