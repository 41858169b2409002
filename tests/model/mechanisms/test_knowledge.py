"""Knowledge: own research, learning over trusted ties, what schools know."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from stills import step, still_life

from clustersim.model.state import BANK, FREE, TECHNOLOGY_CENTRE, UNIVERSITY


@pytest.fixture
def still(make):
    """Return the maker of clusters in which nothing moves."""
    return partial(still_life, make)


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
        case.all(productivity=1e9)  # schools count as better whatever a firm makes
        case.world.frontier = 0.6
        case.lever(extension=extension)
        if tie:
            case.school_tie(0, level=2, trust=0.5)
        step(case)
        assert case.actors.knowledge[UNIVERSITY] == pytest.approx(0.6 - case.p.knowledge.school_lag)
        return case.get("knowledge")[0]

    assert learnt(False) == 0.0 < learnt(True) < learnt(True, extension=1.0)
    assert learnt(True, extension=1.0, weight=0.0) == learnt(True)


def test_the_bank_teaches_nobody(still):
    """Firms trade with it and trust it, but what it knows of technology is nothing to learn from, nor to weigh."""
    case = still(1, diffusion=0.1, imitation=0.2)
    case.actors.knowledge[BANK], case.actors.technology[BANK] = 0.9, 0.7
    case.school_tie(0, level=2, trust=1.0, school=BANK)
    step(case)
    assert case.get("knowledge")[0] == 0.0 and case.get("technology")[0] == 0.5 and case.get("weight")[0] == 0.0


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


def test_a_partner_abroad_is_at_the_frontier_and_one_in_a_related_cluster_knows_what_is_published(still):
    """At the strategic level and full trust, half of a tenth of the distance is learnt: by absorptive capacity and 1 + weight."""
    for home, known in ((-1, 0.8), (0, 0.3), (2, 0.5)):
        case = still(2, diffusion=0.1)
        case.world.frontier = 0.8
        case.cluster.related_knowledge[:] = 0.3, 9.0, 0.5
        case.tie(0, None, level=3, trust=1.0, home=home)
        step(case)
        assert case.get("knowledge") == pytest.approx([0.1 * 0.5 * known / 2, 0.0]), home
    case = still(1, diffusion=0.1)
    case.cluster.related_knowledge[0] = -0.4  # who knows less teaches nothing
    case.tie(0, None, level=3, trust=1.0, home=0)
    step(case)
    assert case.get("knowledge")[0] == 0.0


def test_levels_count_for_learning_as_they_do_for_meeting_minds(still):
    learnt = []
    for level in (1, 2, 3):
        case = still(2, diffusion=0.1)
        case.set(1, knowledge=1.0)
        case.tie(0, 1, level=level, trust=0.5)
        step(case)
        learnt.append(float(case.get("knowledge")[0]))
    assert learnt == pytest.approx([0.05 * w / (1 + w) for w in (0.15, 0.3, 0.5)])
