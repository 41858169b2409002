"""Technology: the circle on which partners, the market and own search move firms and schools."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from stills import step, still_life

from clustersim.model.state import TECHNOLOGY_CENTRE, UNIVERSITY


@pytest.fixture
def still(make):
    """Return the maker of clusters in which nothing moves."""
    return partial(still_life, make)


def test_partners_who_do_better_pull_technology_along_the_short_way(still):
    """A tenth of a turn apart across the zero, at a weight of one: half of a fifth of it is covered, by the lesser one alone."""
    case = still(imitation=0.2)
    case.all(technology=np.array([0.95, 0.05, 0.5, 0.5]), productivity=np.array([40.0, 50.0, 40.0, 40.0]))
    case.tie(0, 1, level=3, trust=1.0)
    step(case)
    assert case.get("technology") == pytest.approx([0.96, 0.05, 0.5, 0.5])


def test_equals_pull_each_other(still):
    case = still(2, imitation=0.2)
    case.all(technology=np.array([0.95, 0.05]))
    case.tie(0, 1, level=3, trust=1.0)
    step(case)
    assert case.get("technology") == pytest.approx([0.96, 0.04])


def test_who_does_worse_pulls_nobody_whatever_it_knows(still):
    case = still(2, imitation=0.2)
    case.all(technology=np.array([0.6, 0.4]), productivity=np.array([50.0, 40.0]), knowledge=np.array([0.0, 0.9]))
    case.tie(0, 1, level=3, trust=1.0)
    step(case)
    assert case.get("technology") == pytest.approx([0.6, 0.42])


@pytest.mark.parametrize("extension", [0.0, 1.0])
def test_schools_pull_firms_and_firms_schools_whatever_they_make(still, extension):
    """A fifth of a turn apart: at a weight of one a tenth of it is covered; outreach doubles the weight: two fifteenths."""
    case = still(1, imitation=0.2)
    case.all(technology=0.7, productivity=1e9)
    case.school_tie(0, level=3, trust=1.0)
    case.lever(extension=extension)
    step(case)
    weight = 1.0 + extension
    assert case.get("technology")[0] == pytest.approx(0.7 - 0.2 * 0.2 * weight / (1.0 + weight))
    assert case.actors.best[UNIVERSITY] == pytest.approx(weight * 0.2), "its firms count for a school in turn"


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


def test_trusted_partners_outside_are_a_window_on_the_market(still):
    """Without links a firm drifts by 0.1 × 0.5 of its distance; strategic links of full trust raise that by two each."""
    def moved(links, level=3, trust=1.0, home=-1, **change):
        case = still(1, pull=0.1, **change)
        case.all(technology=0.3)
        for _ in range(links):
            case.tie(0, None, level=level, trust=trust, home=home)
        step(case)
        return (case.get("technology")[0] - 0.3) / 0.2

    assert moved(0) == pytest.approx(0.05)
    assert moved(1) == moved(1, home=0) == pytest.approx(0.15)
    assert moved(2) == moved(4, trust=0.5) == pytest.approx(0.25)
    assert moved(1, level=1) == pytest.approx(0.05 * 1.6) and moved(1, level=2) == pytest.approx(0.05 * 2.2)
    assert moved(1, level=0) == moved(1, window=0.0) == moved(0)
    assert moved(9, window=12.0) == pytest.approx(1.0), "not beyond what the market asks for"


def test_ties_inside_are_no_window(still):
    case = still(2, pull=0.1)
    case.all(technology=0.3)
    case.tie(0, 1, level=3, trust=1.0)
    step(case)
    assert case.get("technology") == pytest.approx(0.31)


def test_each_segment_is_asked_for_what_the_market_wants_but_a_branch_for_its_own(still):
    case = still(3, pull=0.1)
    case.cluster.segments, case.cluster.branch, case.cluster.asked[2] = 3, 2, 0.9
    case.all(segment=np.array([0, 1, 2]), technology=0.7)
    case.world.regime = case.world.coming = 0.6
    step(case)
    assert case.cluster.asked[:3] == pytest.approx([0.6, 0.6, 0.9])
    assert case.get("technology") == pytest.approx([0.695, 0.695, 0.71])


def observed(still, lever, coming=0.7, **change):
    """Return where firms drift at once that fully follow the market at 0.5, of which something is seen to come."""
    case = still(1, pull=2.0, **change)
    case.world.coming = coming
    case.lever(observatory=lever)
    step(case)
    return float(case.get("technology")[0])


def test_an_observatory_shows_what_is_coming(still):
    assert observed(still, 0.0) == 0.5
    assert observed(still, 0.5) == pytest.approx(0.6)
    assert observed(still, 1.0) == observed(still, 9.0) == pytest.approx(0.7)
    assert observed(still, 1.0, coming=0.1) == pytest.approx(0.1) and observed(still, 1.0, coming=0.95) == pytest.approx(0.95)
    assert observed(still, 1.0, coming=0.5) == 0.5, "no news"


def test_an_observatory_hurries_the_drift_toward_what_the_market_asks_for(still):
    """Firms drift by 0.1 × 0.5 of their distance; told all of it at a rise of two, by three times that; half, by twice."""
    def moved(lever, links=0, **change):
        case = still(1, **({"pull": 0.1, "watch": 2.0} | change))
        case.all(technology=0.3)
        case.lever(observatory=lever)
        for _ in range(links):
            case.tie(0, None, level=3, trust=1.0)
        step(case)
        return (case.get("technology")[0] - 0.3) / 0.2

    assert moved(0.0) == moved(1.0, watch=0.0) == pytest.approx(0.05)
    assert moved(1.0) == moved(9.0) == pytest.approx(0.15) and moved(0.5) == pytest.approx(0.1)
    assert moved(1.0, links=1) == pytest.approx(0.25), "it adds to the window that partners outside are"
    assert moved(1.0, pull=9.0) == pytest.approx(1.0), "not beyond what the market asks for"


def test_a_branch_hears_of_the_same_shift(still):
    case = still(1, pull=2.0)
    case.cluster.segments, case.cluster.branch, case.cluster.asked[2] = 3, 2, 0.1
    case.all(segment=2)
    case.world.coming = 0.7
    case.lever(observatory=1.0)
    step(case)
    assert case.get("technology")[0] == pytest.approx(0.3) and case.cluster.asked[2] == 0.1


def test_schools_follow_what_the_market_asks_for_and_extension_hurries_them(still):
    """A tenth of the distance in a quarter, twice that at an extension of one, and never beyond."""
    for extension, place in ((0.0, 0.98), (1.0, 0.96), (99.0, 0.8)):
        case = still(1, school_pull=0.1, schools=2)
        case.actors.kind[UNIVERSITY + 1] = TECHNOLOGY_CENTRE
        case.actors.technology[UNIVERSITY : UNIVERSITY + 2] = 0.0
        case.world.regime = 0.8
        case.lever(extension=extension)
        step(case)
        assert case.actors.technology[UNIVERSITY : UNIVERSITY + 2] == pytest.approx([place, place]), extension
    still_school = still(1)
    still_school.world.regime = 0.8
    step(still_school)
    assert still_school.actors.technology[UNIVERSITY] == 0.5
