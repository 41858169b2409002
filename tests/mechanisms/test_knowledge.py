"""Knowledge: own research, learning over trusted ties, the circle of technologies, capacity and quality."""

from __future__ import annotations

import numpy as np
import pytest

from clustersim.mechanisms.knowledge import learn
from clustersim.state import FREE, TECHNOLOGY_CENTRE, TRACTOR, UNIVERSITY


@pytest.fixture
def still(make):
    """Return a maker of clusters in which nothing moves: a test switches on what it looks at."""

    def _still(firms=4, ties=0, **change):
        case = make(firms, ties=ties)
        for name in ("research", "diffusion", "spillover", "imitation", "search", "pull", "capacity_speed", "quality_speed"):
            case.p.knowledge[name] = 0.0
        for name, value in change.items():
            case.p.knowledge[name] = value
        return case

    return _still


def step(case):
    """Let a quarter of learning pass."""
    learn(case.actors, case.ties, case.cluster, case.world, case.p.knowledge)
    case.world.quarter += 1


def test_with_everything_off_nothing_moves(still):
    case = still()
    case.tie(0, 1, level=3, trust=1.0)
    case.set(1, knowledge=0.5, technology=0.7)
    before = {name: case.get(name) for name in ("knowledge", "technology", "absorptive", "quality")}
    step(case)
    for name, column in before.items():
        assert (case.get(name) == column).all(), name


def test_innovations_come_at_their_rate_and_close_a_part_of_the_room(still):
    case = still(600, research=0.1)
    case.world.frontier = 0.4
    step(case)
    p = case.p.knowledge
    innovated = case.get("innovated").astype(bool)
    assert innovated.mean() == pytest.approx(p.research_rate * ((0.03 + 1e-4) / p.usual_rd) ** p.research_elasticity, abs=0.04)
    assert case.cluster.innovations == innovated.sum()
    assert case.get("knowledge")[innovated] == pytest.approx(0.1 * (0.4 + p.headroom))
    assert not case.get("knowledge")[~innovated].any()


def test_nobody_goes_beyond_the_headroom(still):
    case = still(50, research=0.2, research_rate=1.0)
    case.all(knowledge=case.p.knowledge.headroom)
    step(case)
    assert case.get("innovated").sum() > 40 and case.get("knowledge") == pytest.approx(case.p.knowledge.headroom)


def innovating(still, fit=1.0, change=None, **firm):
    """Return the share of firms that innovate, each with a trusted partner of the same knowledge."""
    case = still(1000, research_rate=0.2, **(change or {}))
    for k in range(0, 1000, 2):
        t = case.cluster.tie_count
        case.ties.a[t], case.ties.b[t] = case.row(k), case.row(k + 1)
        case.ties.level[t], case.ties.trust_ab[t], case.ties.trust_ba[t], case.ties.fit[t] = 3, 1.0, 1.0, fit
        case.cluster.tie_count += 1
    case.all(**firm)
    step(case)
    return case.get("innovated").mean()


def test_partners_at_a_middle_distance_help_to_innovate(still):
    """The ties' fit is the inverted U of distance: without fit a partner adds nothing, however trusted."""
    alone, middle, full = innovating(still, 0.0), innovating(still, 0.5), innovating(still, 1.0)
    assert alone < middle < full
    assert alone == innovating(still, 1.0, change={"learning": 0.0})
    assert alone == innovating(still, 1.0, absorptive=0.0)


def test_research_and_search_raise_the_rate(still):
    base = innovating(still, 0.0)
    assert innovating(still, 0.0, rd_share=0.12) > 1.6 * base
    assert innovating(still, 0.0, rd_share=0.12, change={"research_elasticity": 0.0}) < 1.1 * base
    assert innovating(still, 0.0, search=0.3) < 0.9 * base


def test_saturation_bounds_what_many_partners_add(still):
    rates = [innovating(still, change={"learning": 3.0, "saturation": saturation}) for saturation in (5.0, 1.5, 0.5)]
    assert rates[0] < rates[1] < rates[2]


def test_the_lesser_partner_learns_in_proportion_to_trust_level_and_capacity(still):
    def learnt(level=3, trust=1.0, absorptive=0.5, diffusion=0.1):
        case = still(diffusion=diffusion)
        case.set(1, knowledge=0.4)
        case.set(0, absorptive=absorptive)
        case.tie(0, 1, level=level, trust=trust)
        step(case)
        assert case.get("knowledge")[1] == 0.4  # the better one learns nothing
        return case.get("knowledge")[0]

    assert learnt() == pytest.approx(0.1 * 0.5 * 0.4 / 2)
    assert learnt(level=0) == 0.0 < learnt(level=1) < learnt(level=2) < learnt()
    assert learnt(trust=0.0) == 0.0 < learnt(trust=0.5) < learnt()
    assert learnt(absorptive=0.0) == 0.0 < learnt(absorptive=0.2) < learnt()
    assert learnt(diffusion=0.0) == 0.0


def test_each_side_learns_by_its_own_trust(still):
    case = still(diffusion=0.1)
    case.set(1, knowledge=0.4)
    case.tie(0, 1, level=3, trust=0.0, back=1.0)
    step(case)
    assert case.get("knowledge")[0] == 0.0


def test_mere_presence_spills_a_little_to_those_behind(still):
    case = still(4, spillover=0.01)
    case.all(knowledge=np.array([0.0, 0.1, 0.2, 0.5]))
    step(case)
    assert case.get("knowledge") == pytest.approx([0.0 + 0.01 * 0.2, 0.1 + 0.01 * 0.1, 0.2, 0.5])


def test_schools_keep_near_the_frontier_and_reach_firms_through_ties_only(still):
    def learnt(tie, extension=0.0, weight=1.0):
        case = still(2, diffusion=0.1, extension=weight)
        case.world.frontier = 0.6
        case.lever(extension=extension)
        if tie:
            case.school_tie(0, level=2, trust=0.5)
        step(case)
        assert case.actors.knowledge[UNIVERSITY] == pytest.approx(0.6 - case.p.knowledge.school_lag)
        return case.get("knowledge")[0]

    assert learnt(False) == 0.0 < learnt(True) < learnt(True, extension=1.0)
    assert learnt(True, extension=1.0, weight=0.0) == learnt(True)


def test_technology_centres_are_schools_too(still):
    case = still(1)
    case.actors.kind[UNIVERSITY] = TECHNOLOGY_CENTRE
    case.world.frontier = 0.5
    step(case)
    assert case.actors.knowledge[UNIVERSITY] == pytest.approx(0.45)


def test_extension_does_not_touch_ties_between_firms(still):
    results = []
    for extension in (0.0, 2.0):
        case = still(diffusion=0.1)
        case.lever(extension=extension)
        case.set(1, knowledge=0.4)
        case.tie(0, 1, level=2)
        step(case)
        results.append(case.get("knowledge")[0])
    assert results[0] == results[1]


def test_better_partners_pull_technology_along_the_short_way(still):
    case = still(imitation=0.2)
    case.all(technology=np.array([0.95, 0.05, 0.5, 0.5]), knowledge=np.array([0.0, 0.3, 0.0, 0.0]))
    case.tie(0, 1, level=3, trust=1.0)
    step(case)
    assert case.get("technology") == pytest.approx([(0.95 + 0.2 * 0.1 / 2) % 1.0, 0.05, 0.5, 0.5])


def test_an_outside_partner_brings_technology_but_no_knowledge(still):
    case = still(imitation=0.2, diffusion=0.1)
    case.tie(0, None, level=2, trust=1.0, target=0.8)
    step(case)
    assert case.get("technology")[0] == pytest.approx(0.5 + 0.2 * 0.6 * 0.3 / 1.6)
    assert case.get("knowledge")[0] == 0.0


def test_the_market_pulls_those_who_search_and_can_absorb(still):
    case = still(3, pull=0.1)
    case.all(technology=0.9, search=np.array([1.0, 0.5, 1.0]), absorptive=np.array([0.5, 0.5, 0.0]))
    case.world.regime = 0.1
    step(case)
    assert case.get("technology") == pytest.approx([0.91, 0.905, 0.9])


def test_own_search_spreads_technology_and_stays_on_the_circle(still):
    case = still(1000, search=0.01)
    case.all(technology=0.0)
    step(case)
    moved = (case.get("technology") + 0.5) % 1.0 - 0.5
    assert moved.std() == pytest.approx(0.01, rel=0.1) and abs(moved.mean()) < 0.0015
    assert ((case.get("technology") >= 0.0) & (case.get("technology") < 1.0)).all()
    lazy = still(1000, search=0.01)
    lazy.all(search=0.0)
    step(lazy)
    assert (lazy.get("technology") == 0.5).all()


def test_absorptive_capacity_and_quality_follow_research(still):
    case = still(3, capacity_speed=0.1, quality_speed=0.1)
    case.all(rd_share=np.array([0.0, 0.03, 0.12]), absorptive=0.5, quality=0.3)
    step(case)
    targets = np.minimum(1.0, 1.3 * np.array([0.0, 0.03, 0.12]) / (np.array([0.0, 0.03, 0.12]) + 0.03))
    assert case.get("absorptive") == pytest.approx(0.5 + 0.1 * (targets - 0.5))
    assert case.get("quality") == pytest.approx([0.3, 0.3 + 0.1 * 0.35, 0.3 + 0.1 * 0.7])  # it does not fall


def test_support_for_research_raises_the_effort(still):
    gains = []
    for support in (0.0, 0.5):
        case = still(capacity_speed=0.1)
        case.lever(rd_support=support)
        step(case)
        gains.append(case.get("absorptive")[0])
    assert gains[1] > gains[0]


def test_supplier_development_lifts_smes_alone(still):
    case = still(2)
    case.set(1, kind=TRACTOR)
    case.lever(supplier_quality=1.0)
    step(case)
    assert case.get("quality") == pytest.approx([0.5 + case.p.knowledge.supplier_speed * 0.5, 0.5])
    case.lever(supplier_quality=50.0)  # not more than all
    before = case.get("quality")[0]
    step(case)
    assert case.get("quality")[0] == pytest.approx(before + case.p.knowledge.supplier_speed * (1 - before))


def test_firms_of_high_quality_are_certified(still):
    case = still(3)
    p = case.p.knowledge
    case.all(quality=np.array([p.certificate - 0.01, p.certificate, 0.99]))
    step(case)
    assert list(case.get("certified")) == [0, 1, 1]


def test_gathering_weighs_levels_and_leaves_acquaintances_out(still):
    case = still(5)
    for other, level in ((1, 0), (2, 1), (3, 2), (4, 3)):
        case.tie(0, other, level=level, trust=0.5, fit=0.8)
    step(case)
    assert case.get("weight")[0] == pytest.approx(0.5 * (0.3 + 0.6 + 1.0))
    assert case.get("contacts")[0] == pytest.approx(0.8 * 0.5 * 1.9)
    assert case.get("weight")[1] == 0.0


def test_free_rows_do_not_count(still):
    case = still(3, spillover=0.5, research_rate=1.0)
    case.set(2, kind=FREE, knowledge=9.0)
    step(case)
    assert (case.get("knowledge")[:2] == 0.0).all() and case.get("innovated")[2] == 0
