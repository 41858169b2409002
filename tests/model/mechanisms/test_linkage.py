"""Linkage: ties climb one level at a time where both gain, drop when trust fails, and end when nobody needs them."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np
import pytest

from clustersim.core.draws import PROCESS
from clustersim.model.mechanisms.linkage import cognitive_fit, negotiate
from clustersim.model.state import ENDED, EXTERNAL, FREE


@pytest.fixture
def deal(make):
    """Return two firms of adjacent segments, at the best cognitive distance, that climb at once if both gain."""

    def _deal(a=None, b=None, **tie):
        case = make(2)
        case.set(1, segment=1, technology=0.5 + case.p.linkage.peak)
        case.set(0, **(a or {}))
        case.set(1, **(b or {}))
        case.p.linkage.climb = 1.0
        case.t = case.tie(0, 1, **({"trust": 0.95} | tie))
        return case

    return _deal


def step(case, quarters=1):
    """Negotiate; return the level of the tie after each quarter."""
    levels = []
    for _ in range(quarters):
        negotiate(case.actors, case.ties, case.cluster, case.world, case.p.linkage)
        case.world.quarter += 1
        levels.append(int(case.ties.level[case.t]))
    return levels


def test_a_trusted_tie_climbs_one_level_at_a_time_to_the_top(deal):
    assert step(deal(), 5) == [1, 2, 3, 3, 3]


def test_without_a_chance_to_climb_it_stays(deal):
    case = deal()
    case.p.linkage.climb = 0.0
    case.p.linkage.forget = 0.0
    assert step(case, 5) == [0] * 5


def test_climbing_comes_at_its_rate(make):
    case = make(400)
    case.set(slice(1, None, 2), segment=1, technology=0.5 + case.p.linkage.peak)
    ties = [case.tie(2 * k, 2 * k + 1, trust=0.95) for k in range(200)]
    case.t = ties[0]
    step(case)
    assert (case.ties.level[ties] == 1).mean() == pytest.approx(case.p.linkage.climb, abs=0.1)


@pytest.mark.parametrize("side", ["trust", "back"])
def test_both_sides_must_gain(deal, side):
    assert step(deal(**{side: 0.1})) == [0]


def test_institutions_do_not_go_beyond_contracts(make):
    case = make(1)
    case.p.linkage.climb = 1.0
    case.set(0, technology=0.5 + case.p.linkage.peak)
    case.t = case.school_tie(0, trust=0.95)
    assert step(case, 4) == [1, 2, 2, 2]


def test_a_tie_drops_one_level_when_trust_is_lost(deal):
    case = deal(level=3)
    case.ties.trust_ab[case.t] = 0.05
    assert step(case, 3) == [2, 1, 0]


def test_a_little_loss_is_borne(deal):
    trusts = np.linspace(0.0, 1.0, 101)

    def holds(drop):
        kept = []
        for trust in trusts:
            case = deal(level=3, trust=trust)
            case.p.linkage.drop = drop
            kept.append(step(case)[0] == 3)
        return trusts[np.argmax(kept)]

    assert holds(0.3) < holds(0.1) < holds(0.0)


def least(deal, level, **more):
    """Return the least trust at which a tie of this level climbs."""
    change = more.pop("change", {})
    lever = more.pop("lever", 0.0)

    def climbs(place):
        case = deal(level=level, trust=place / 200, **more)
        case.lever(tie_subsidy=lever)
        for name, value in change.items():
            case.p.linkage[name] = value
        return step(case)[0] == level + 1

    return bisect_left(range(201), True, key=climbs) / 200


def test_each_level_needs_more_trust_than_the_one_before(deal):
    needs = [least(deal, level) for level in (0, 1, 2)]
    assert needs[0] < needs[1] < needs[2] < 1.0


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_wary_sme_that_faces_a_large_partner_climbs_later(deal, level):
    large = {"employees": 1000.0, "wariness": 0.0}
    equals, facing = least(deal, level), least(deal, level, b=large)
    assert facing > equals + 0.02
    bold = {"wariness": 0.0}
    assert least(deal, level, a=bold, b=large) == pytest.approx(least(deal, level, a=bold))
    assert least(deal, level, a=large) > equals + 0.02  # whichever end is the large one


def test_the_large_partner_itself_is_not_afraid(deal):
    case = deal(level=2, trust=0.95, back=0.7, a={"wariness": 1.0, "employees": 1000.0}, b={"wariness": 0.0})
    assert step(case) == [3]


def test_without_exposure_wariness_does_nothing(deal):
    large = {"employees": 1000.0}
    assert least(deal, 2, b=large, change={"exposure_2": 0.0, "exposure_3": 0.0}) == pytest.approx(
        least(deal, 2, change={"exposure_2": 0.0, "exposure_3": 0.0})
    )


def test_a_subsidy_lowers_the_trust_that_is_needed(deal):
    for level in (0, 1, 2):
        assert least(deal, level, lever=1.0) < least(deal, level)
    free = {"cost_1": 0.0, "cost_2": 0.0, "cost_3": 0.0}
    assert least(deal, 2, change=free, lever=0.5) == least(deal, 2, change=free)
    assert least(deal, 2, lever=1.0) == pytest.approx(least(deal, 2, change=free))


def test_rivals_come_to_trade_more_slowly_than_buyers_and_suppliers(deal):
    rivals = deal(level=1, b={"segment": 0})
    rivals.p.linkage.climb_horizontal = 0.0
    assert step(rivals, 3) == [1, 1, 1]
    partners = deal(level=1)
    partners.p.linkage.climb_horizontal = 0.0
    assert step(partners) == [2]
    for level in (0, 2):  # only that one step is slower
        rivals = deal(level=level, b={"segment": 0})
        rivals.p.linkage.climb_horizontal = 0.0
        assert step(rivals) == [level + 1]


def test_fit_is_an_inverted_u_in_cognitive_distance(deal):
    case = deal()
    peak = case.p.linkage.peak

    def fit(distance):
        case.actors.technology[case.ties.b[case.t]] = (0.5 + distance) % 1.0
        return float(cognitive_fit(case.actors, case.ties, case.t, case.p.linkage))

    assert fit(0.0) == fit(2 * peak) == fit(0.4) == 0.0
    assert fit(peak) == fit(-peak) == pytest.approx(1.0)
    assert fit(0.5 * peak) == fit(1.5 * peak) == pytest.approx(0.75)
    assert fit(0.2 * peak) < fit(0.4 * peak) < fit(0.9 * peak) > fit(1.2 * peak) > fit(1.9 * peak)


def test_too_close_and_too_far_need_more_trust(deal):
    best = least(deal, 1)
    assert least(deal, 1, b={"technology": 0.5}) > best
    assert least(deal, 1, b={"technology": 0.9}) > best
    no_need = {"fit_floor": 1.0}
    assert least(deal, 1, b={"technology": 0.5}, change=no_need) == least(deal, 1, change=no_need)


def test_an_outside_link_is_measured_by_its_target(make):
    case = make(1)
    case.t = case.tie(0, None, trust=0.9, target=0.5 + case.p.linkage.peak)
    case.p.linkage.climb = 1.0
    assert step(case, 4) == [1, 2, 3, 3]
    assert case.ties.fit[case.t] == pytest.approx(1.0)
    assert case.ties.kind[case.t] == EXTERNAL and case.cluster.pipelines == 1
    assert case.get("top")[0] == -1 and case.cluster.trust == 0.0  # it counts as no tie inside


def test_acquaintances_without_use_are_forgotten_but_not_at_once(deal):
    case = deal(trust=0.05)
    case.p.linkage.forget, case.p.linkage.persistence = 1.0, 0.0
    case.ties.since[case.t] = case.world.quarter
    assert step(case) == [0]
    assert step(case) == [ENDED]
    assert list(case.get("top")) == [-1, -1]
    case = deal(trust=0.05)
    case.p.linkage.forget = 0.0
    assert step(case, 20) == [0] * 20


def test_fit_makes_acquaintances_last(make):
    def ended(technology):
        case = make(400)
        case.set(slice(1, None, 2), technology=technology)
        case.p.linkage.forget, case.p.linkage.persistence = 0.5, 1.0
        ties = [case.tie(2 * k, 2 * k + 1, trust=0.05) for k in range(200)]
        case.t = ties[0]
        step(case)
        return (case.ties.level[ties] == ENDED).mean()

    assert ended(0.5 + 0.12) == 0.0
    assert ended(0.5) == pytest.approx(0.5, abs=0.12)


def test_forgetting_uses_the_draw_of_the_pair(deal):
    case = deal(trust=0.05)
    draw = case.draw(PROCESS["forget"], case.ties.uid[case.t])
    case.p.linkage.persistence = 0.0
    case.p.linkage.forget = draw * 0.999
    assert step(case) == [0]
    case.world.quarter -= 1
    case.p.linkage.forget = draw * 1.001
    assert step(case) == [ENDED]


def test_levels_above_acquaintance_are_not_forgotten(deal):
    case = deal(level=1, trust=0.4)
    case.p.linkage.climb, case.p.linkage.forget, case.p.linkage.persistence = 0.0, 1.0, 0.0
    assert step(case, 10) == [1] * 10


@pytest.mark.parametrize("level", [1, 2, 3])
def test_ties_of_every_level_end_by_churn(deal, level):
    """People leave and projects end: nothing is left of the tie, not a lower level of it."""
    trust = {1: 0.3, 2: 0.6, 3: 0.7}[level]  # too little to climb, enough to hold
    for churn, expected in ((1.0, ENDED), (0.0, level)):
        case = deal(level=level, trust=trust)
        case.p.linkage.churn, case.p.linkage.persistence = churn, 0.0
        assert step(case) == [expected]


def test_churn_comes_at_its_rate_and_fit_holds_it_off(make):
    def ended(technology, persistence):
        case = make(400)
        case.set(slice(1, None, 2), technology=technology)
        case.p.linkage.churn, case.p.linkage.persistence = 0.3, persistence
        ties = [case.tie(2 * k, 2 * k + 1, level=3, trust=0.8) for k in range(200)]
        case.t = ties[0]
        step(case)
        assert set(case.ties.level[ties].tolist()) <= {3, ENDED}
        return (case.ties.level[ties] == ENDED).mean()

    assert ended(0.62, 0.0) == pytest.approx(0.3, abs=0.09)
    assert ended(0.62, 1.0) == 0.0
    assert ended(0.62, 0.5) == pytest.approx(0.15, abs=0.07)


def test_what_formed_in_this_quarter_neither_churns_nor_is_forgotten(deal):
    case = deal(level=3, trust=0.7)
    case.p.linkage.churn, case.p.linkage.persistence = 1.0, 0.0
    case.ties.since[case.t] = case.world.quarter
    assert step(case) == [3]
    assert step(case) == [ENDED]
    assert list(case.get("top")) == [-1, -1] and case.cluster.trust == 0.0


def test_top_and_trust_sum_up_ties_between_firms(make):
    case = make(5)
    case.p.linkage.climb = case.p.linkage.forget = 0.0
    case.set(slice(1, 3), segment=1)
    case.tie(0, 1, level=2, trust=0.8, back=0.6)
    case.t = case.tie(0, 2, level=1, trust=0.5, back=0.5)
    case.school_tie(3, level=2, trust=1.0)
    case.set(4, kind=FREE)
    step(case)
    assert list(case.get("top")) == [2, 2, 1, -1, -1]
    assert case.cluster.trust == pytest.approx((0.8 + 0.6 + 0.5 + 0.5) / 4)
    assert case.cluster.pipelines == 0
