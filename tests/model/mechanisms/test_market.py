"""Market: the replicator, what makes a firm fit, agglomeration and congestion."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest
from places import place_of, step

from clustersim.model.mechanisms.market import rate_fitness


@pytest.fixture
def place(make):
    """Return the maker of places in which nothing happens."""
    return partial(place_of, make)


def test_firms_equal_to_outsiders_keep_their_customers(place):
    case = place()
    step(case)
    assert case.get("base") == pytest.approx(400.0)
    assert case.get("sales") == pytest.approx(400.0) and case.get("employees") == pytest.approx(10.0)


def test_where_the_cluster_is_the_market_equals_neither_gain_nor_lose(place):
    case = place(8, knowledge=0.7)
    case.cluster.market[0] = 8 * 400.0
    step(case)
    assert case.get("base") == pytest.approx(400.0)
    assert case.cluster.fitness[0] == pytest.approx(math.exp(0.7))


def test_the_replicator_moves_shares_to_the_fit_and_conserves_their_sum(place):
    case = place(6, knowledge=np.array([-0.3, -0.1, 0.0, 0.1, 0.2, 0.3]))
    case.cluster.market[0] = 6 * 400.0
    case.p.market.selection = 0.001  # a small step, in which the sum of logs is the log of the sum
    step(case)
    base = case.get("base")
    assert (np.diff(base) > 0).all() and base[0] < 400.0 < base[-1]
    assert base.sum() == pytest.approx(2400.0, rel=1e-6)
    case.p.market.selection = 0.0
    step(case)
    assert case.get("base") == pytest.approx(base)


def test_segments_are_markets_of_their_own(place):
    case = place(4)
    case.set(slice(2, 4), segment=1, knowledge=0.5)
    case.cluster.market[:2] = 800.0
    step(case)
    assert case.get("base")[:2] == pytest.approx(400.0)


def test_markets_grow_with_the_world(place):
    case = place()
    case.world.growth = 0.01
    market = case.cluster.market[0]
    step(case)
    assert case.get("base") == pytest.approx(400.0 * math.exp(0.01))
    assert case.cluster.market[0] == pytest.approx(market * math.exp(0.01))


def test_noise_is_tent_shaped_and_smaller_for_large_firms(place):
    case = place(1200, change={"noise": 0.1, "selection": 0.0})
    case.set(slice(0, 600), employees=1.0)
    case.set(slice(600, None), employees=1000.0)
    step(case)
    moves = np.log(case.get("base") / 400.0)
    expected = [math.sqrt(2) * 0.1 * math.exp(-0.16 * math.log(1 + n)) for n in (1.0, 1000.0)]
    assert [moves[:600].std(), moves[600:].std()] == pytest.approx(expected, rel=0.15)
    assert (moves[:600] ** 4).mean() / (moves[:600] ** 2).mean() ** 2 > 4.0  # tails heavier than normal (3), near 6


def test_shocks_come_in_lumps(place):
    """Three firms in ten win or lose customers in a quarter; the others keep theirs."""
    for lump, share in ((0.3, 0.3), (0.05, 0.05)):
        case = place(1000, change={"noise": 0.1, "selection": 0.0, "lump": lump})
        step(case)
        moves = np.log(case.get("base") / 400.0)
        struck = np.abs(moves) > 1e-12
        assert struck.mean() == pytest.approx(share, abs=0.05)
        assert moves[struck].std() == pytest.approx(math.sqrt(2) * 0.1 * 11**-0.16, rel=0.3)


def rated(case):
    """Return each firm's productivity and fitness."""
    rate_fitness(case.actors, case.cluster, case.world, case.p.market)
    return case.get("productivity"), case.get("best")


def test_agglomeration_raises_productivity_and_congestion_lowers_it(place):
    def productivity(employment, **change):
        case = place(change=change)
        case.cluster.employment = employment
        return rated(case)[0][0]

    assert productivity(5000.0, agglomeration=0.05) > productivity(50.0, agglomeration=0.05) > productivity(50.0)
    assert productivity(5000.0, congestion=0.05) < productivity(50.0, congestion=0.05) < 1.0
    assert productivity(5000.0) == productivity(50.0) == 1.0


def test_congestion_is_a_matter_of_jobs_over_the_area(place):
    def productivity(radius, employment):
        case = place(change={"congestion": 0.1})
        case.cluster.radius, case.cluster.employment = radius, employment
        return rated(case)[0][0]

    assert productivity(2.0, 4000.0) == pytest.approx(productivity(1.0, 1000.0))
    assert productivity(4.0, 1000.0) > productivity(2.0, 1000.0) > productivity(1.0, 1000.0)


def test_technology_apart_from_the_market_costs_productivity_and_fitness(place):
    case = place(3, technology=np.array([0.5, 0.7, 0.9]))
    productivity, fitness = rated(case)
    assert np.log(productivity) == pytest.approx([0.0, -3.0 * 0.04, -3.0 * 0.16])
    assert (np.diff(fitness) < 0).all()
    case.p.market.mismatch = 0.0
    assert rated(case)[0] == pytest.approx(1.0)


def test_each_segment_has_its_own_market_to_fit(place):
    case = place(2, technology=0.5)
    case.set(1, segment=1)
    case.cluster.asked[:2] = 0.5, 0.9
    case.cluster.market[:2] = 8000.0
    assert np.log(rated(case)[0]) == pytest.approx([0.0, -3.0 * 0.16])


def test_a_park_takes_half_of_the_crowding_away(place):
    """Full infrastructure halves the density that is felt; without crowding it changes nothing."""
    def productivity(park, employment, congestion=0.1):
        case = place(change={"congestion": congestion})
        case.cluster.radius, case.cluster.employment = 1.0, employment
        case.lever(park=park)
        return rated(case)[0][0]

    assert productivity(1.0, 4000.0) == productivity(9.0, 4000.0) == pytest.approx(productivity(0.0, 2000.0))
    assert productivity(0.5, 4000.0) == pytest.approx(productivity(0.0, 3000.0))
    assert productivity(1.0, 4000.0, congestion=0.0) == 1.0


def test_price_agreements_cost_members_customers(place):
    case = place(2)
    case.set(0, member=1)
    case.cluster.collusion = 0.5
    assert np.log(rated(case)[1]) == pytest.approx([-0.5 * 0.06, 0.0])
    case.p.market.markup = 0.0
    assert np.log(rated(case)[1]) == pytest.approx([0.0, 0.0])


def test_buying_nearby_makes_fit(place):
    case = place(2, change={"proximity": 0.2})
    case.set(0, local_share=0.5)
    assert np.log(rated(case)[1]) == pytest.approx([0.1, 0.0])
    case.p.market.proximity = 0.0
    assert np.log(rated(case)[1])[0] == 0.0


@pytest.mark.parametrize(
    ("column", "value", "weight", "log_gain"),
    [("quality", 0.9, None, 0.0), ("cost_saving", 0.05, "saving_weight", 0.05), ("knowledge", 0.2, None, 0.2),
     ("employees", 100.0, "span", -0.045 * (math.log(101.0) - 2.4))],
)  # fmt: skip
def test_what_makes_a_firm_fit(place, column, value, weight, log_gain):
    case = place(2)
    case.p.market.span = 0.045
    case.set(0, **{column: value})
    assert np.log(rated(case)[1]) == pytest.approx([log_gain, 0.0], abs=1e-12)
    if weight:
        case.p.market[weight] = 0.0
        assert np.log(rated(case)[1])[0] == pytest.approx(0.0, abs=1e-12)


def test_brand_and_cheap_labour_help_all_and_rivals_hurt_all(place):
    case = place(2)
    case.cluster.brand = 0.5
    case.lever(brand=0.5)
    assert np.log(rated(case)[1]) == pytest.approx(case.p.market.brand_weight)
    case = place(2)
    case.cluster.wage = case.world.wage * 1.1
    assert np.log(rated(case)[1]) == pytest.approx(-case.p.market.wage_weight * math.log(1.1))
    case = place(2)
    case.world.rivalry, case.world.frontier = 0.1, 0.2
    assert np.log(rated(case)[1]) == pytest.approx(-0.3)


def test_fitness_is_bounded(place):
    case = place(2, knowledge=np.array([50.0, -50.0]))
    case.cluster.market[0] = 400.0
    assert rated(case)[1][0] == pytest.approx(math.exp(2.0))
    case = place(2, knowledge=-50.0)
    case.cluster.market[0] = 800.0
    rated(case)
    assert case.cluster.fitness[0] == 0.2
