"""Where a life cycle comes from: products that spread, reluctant customers, variety that wears out, selection that looks."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest
from places import place_of
from places import step as trade
from stills import step as learn
from stills import still_life
from towns import step as renew
from towns import town_of

from clustersim.core.draws import PROCESS, normal, stream
from clustersim.model.mechanisms.demography import hazard
from clustersim.model.mechanisms.environment import update
from clustersim.model.mechanisms.market import standing


@pytest.fixture
def place(make):
    """Return the maker of places in which nothing happens."""
    return partial(place_of, make)


@pytest.fixture
def town(make):
    """Return the maker of towns in which nobody is born and nobody closes."""
    return partial(town_of, make)


@pytest.fixture
def still(make):
    """Return the maker of clusters in which nothing moves."""
    return partial(still_life, make)


def test_a_new_product_spreads_along_a_logistic_and_its_market_grows_with_it(place):
    case = place(change={"diffusion": 0.06, "mature": 0.0, "wage_weight": 0.0})
    case.cluster.adoption[0] = 0.05
    market, adoption = [case.cluster.market[0]], [0.05]
    for _ in range(200):
        trade(case)
        market.append(case.cluster.market[0])
        adoption.append(case.cluster.adoption[0])
    expected = 1 / (1 + 19 * np.exp(-0.06 * np.arange(201)))
    assert adoption == pytest.approx(list(expected), abs=0.02)
    assert np.array(market) / market[0] == pytest.approx(np.array(adoption) / 0.05)
    assert adoption[-1] < 1.0 and case.get("base") == pytest.approx(400.0 * adoption[-1] / 0.05)


def test_demand_for_what_all_know_grows_slower_than_productivity(place):
    case = place(change={"mature": 0.75})
    case.world.growth = 0.004
    market = case.cluster.market[0]
    trade(case)
    assert case.cluster.market[0] == pytest.approx(market * math.exp(0.003))
    assert case.get("base") == pytest.approx(400.0 * math.exp(0.003))


def test_the_more_a_place_sells_the_better_a_firm_must_be(place):
    case = place(change={"reluctance": 0.2, "reluctance_most": 1.0})
    first = 0.05 * case.cluster.market[0]
    stands = []
    for grown in (0.01, 0.5, 1.0, math.exp(0.5), math.exp(1.0), 90.0):
        case.cluster.held[0] = first * grown
        stands.append(standing(case.cluster, case.world, 0, case.p.market))
    assert stands == pytest.approx([-0.2, 0.2 * math.log(0.5), 0.0, 0.1, 0.2, 0.2 * math.log(90.0)])


def test_a_place_that_gains_productivity_finds_a_new_share_and_stays_there(place):
    """With elasticity 1/0.25 = 4, firms 0.1 better than before sell 1.49 times as much in the end, not ever more."""
    case = place(change={"reluctance": 0.25, "selection": 0.3, "slack": 1.5, "hiring": 0.9}, knowledge=0.1)
    for _ in range(400):
        trade(case)
    base = case.get("base")[0]
    assert base == pytest.approx(400.0 * math.exp(0.1 / 0.25), rel=0.02)
    trade(case)
    assert case.get("base")[0] == pytest.approx(base, rel=1e-3)


def test_an_industry_has_its_luck_and_a_place_its_own(place):
    case = place(change={"industry_noise": 0.05})
    key, quarter, market = case.world.key, case.world.quarter, case.cluster.market[0]
    case.cluster.activity = 0.25
    luck = 0.05 * normal(stream(key, quarter, PROCESS["industry"]), np.uint64(250_000)) - 0.05**2 / 2
    trade(case)
    assert math.log(case.cluster.market[0] / market) == pytest.approx(luck)
    assert case.get("base") == pytest.approx(400.0 * math.exp(luck))
    case = place(change={"place_noise": 0.05})
    luck = 0.05 * normal(stream(key, quarter, PROCESS["place"]), case.cluster.uid) - 0.05**2 / 2
    trade(case)
    assert case.cluster.market[0] == pytest.approx(market) and case.get("base") == pytest.approx(400.0 * math.exp(luck))


def test_lumps_are_fair(place):
    """What is won and lost is equal on average, however wide the shocks are."""
    case = place(4000, change={"noise": 0.6, "noise_size": 0.0, "selection": 0.0, "lump": 1.0})
    bases = []
    for _ in range(20):
        case.all(base=400.0)
        trade(case)
        bases.append(case.get("base").mean())
    assert np.mean(bases) == pytest.approx(400.0, rel=0.02)


def test_innovation_lives_on_variety(still):
    def rate(spread, **change):
        case = still(400, research_rate=0.2, learning=0.0, search_weight=0.0, **({"variety": 0.8, "variety_best": 0.1} | change))
        case.all(technology=0.5 + spread * np.tile([-1.0, 1.0], 200), rd_share=0.0299)
        count = 0
        for _ in range(30):
            learn(case)
            count += case.cluster.innovations
        assert case.cluster.variety == pytest.approx(spread)
        return count / 30 / 400

    assert rate(0.1) == pytest.approx(0.2, rel=0.05)
    assert rate(0.05) == pytest.approx(0.2 * (0.2 + 0.8 * 0.75), rel=0.06)
    assert rate(0.0) == pytest.approx(0.2 * 0.2, rel=0.12)
    assert rate(0.25) == rate(0.0)  # too far apart to learn from one another
    assert rate(0.0, variety=0.0) == pytest.approx(0.2, rel=0.05)


def test_firms_converge_on_what_success_looks_like_unless_they_look_outside(still):
    case = still(4, convergence=0.2, convergence_firms=4.0, window=3.0)
    case.all(technology=np.array([0.4, 0.4, 0.5, 0.5]), sales=np.array([100.0, 100.0, 800.0, 800.0]))
    case.tie(1, None, level=3, trust=1.0, target=0.4)
    recipe = 0.5 + (-0.1 * 200) / 1800
    learn(case)
    moved = case.get("technology")
    assert case.cluster.recipe == pytest.approx(recipe)
    assert moved[0] - 0.4 == pytest.approx(0.2 * 0.5 * (recipe - 0.4))
    assert moved[1] - 0.4 == pytest.approx((moved[0] - 0.4) / (1 + 3.0 * case.p.knowledge.weight_3))
    assert moved[2] - 0.5 == pytest.approx(0.1 * (recipe - 0.5))


def test_convergence_is_slower_in_a_small_place(still):
    def moved(firms):
        case = still(firms, convergence=0.2, convergence_firms=10.0)
        case.set(0, technology=0.4, sales=1e-9)
        learn(case)
        return case.get("technology")[0] - 0.4

    assert moved(10) / moved(30) == pytest.approx(0.5 / 0.75, rel=1e-6)


def test_an_innovation_moves_the_firm(still):
    case = still(2000, leap=0.02, research_rate=0.5, variety=0.0, search_weight=0.0)
    learn(case)
    moved, innovated = case.get("technology") - 0.5, case.get("innovated") > 0
    assert (moved[~innovated] == 0).all() and moved[innovated].std() == pytest.approx(0.02, rel=0.1)


def test_the_hazard_of_closure_looks_at_competitiveness_margin_and_experience(town):
    case = town(1, change={"closure": 0.03, "closure_fitness": 1.5, "closure_margin": 3.0, "closure_experience": 0.4})
    i, p = case.row(0), case.p.demography

    def chance(fitness=1.0, margin=0.06, parent=0):
        case.set(0, fitness=fitness, margin=margin, parent=parent)
        return hazard(case.actors, i, case.world.quarter, p)

    usual = chance()
    assert chance(fitness=1.2) / usual == pytest.approx(1.2**-1.5)
    assert chance(margin=0.16) / usual == pytest.approx(math.exp(-0.3))
    assert chance(parent=5) / usual == pytest.approx(math.exp(-0.4))
    assert chance(fitness=9.0) / usual == pytest.approx(math.exp(-1.0))
    assert chance(fitness=0.1) / usual == pytest.approx(math.exp(1.0))


def test_weak_firms_close_first(town):
    case = town(2000, change={"closure": 0.3, "closure_fitness": 1.5})
    case.all(fitness=np.tile([0.7, 1.4], 1000))
    renew(case)
    gone = case.get("cause")[:2000] > 0
    assert gone[::2].sum() > 2 * gone[1::2].sum() > 0


def test_start_ups_come_with_jobs_strength_and_growing_markets(town):
    def starts(quotient=1.5, growth=0.0, jobs=10.0):
        case = town(400, change={"startup_rate": 0.02, "startup_strength": 0.5, "startup_growth": 15.0}, margin=0.06,
                    employees=jobs)  # fmt: skip
        case.p.demography.entrants_max = 0.5
        case.cluster.employment_start, case.cluster.quotient_start = 400 * jobs, quotient
        case.cluster.reference, case.cluster.expansion[:2] = 1.0, growth
        renew(case)
        return case.cluster.entries

    assert starts(quotient=1.0) == pytest.approx(8, abs=1)
    assert starts(quotient=4.0) == pytest.approx(16, abs=1)
    assert starts(quotient=1.0, growth=0.06) == pytest.approx(8 * math.exp(0.9), abs=1)
    assert starts(quotient=1.0, jobs=20.0) == pytest.approx(16, abs=1)


def test_what_the_market_asks_for_moves_on(make):
    case = make()
    case.p.environment.drift = 0.002
    for _ in range(10):
        update(case.worlds[0], case.plan.shocks, case.p.environment)
    assert case.world.regime == pytest.approx(0.52) and case.world.coming == pytest.approx(0.52)
