"""The model's long run and its symmetries: what must not drift, and what must not matter."""

from __future__ import annotations

import numpy as np
import pytest

from clustersim.model.indicators import INDICATORS
from clustersim.model.parameters import PARAMETERS
from clustersim.model.state import ACTORS, FREE, OUTSIDE, TIES
from clustersim.simulation.engine import Simulation
from clustersim.studies.validation.lab import Laboratory, Run

REPLICATES = 60


@pytest.fixture(scope="module")
def lab() -> Laboratory:
    return Laboratory(REPLICATES)


def medians(run: Run, name: str, *windows: slice) -> list[float]:
    return [float(np.median(run[name][window])) for window in windows]


@pytest.mark.slow
def test_a_grown_economy_is_stationary_in_shares(lab):
    """Without programme or shocks, shares of years 115-150 and 155-190 differ by less than a few hundredths."""
    run = lab.run(trust=0.36, years=190)
    early, late = slice(460, 600), slice(620, 760)
    for name, most in {
        "linked_share": 0.04, "trust": 0.04, "export_share": 0.02, "margin": 0.01, "young_share": 0.02, "frontier_gap": 0.01,
        "quality": 0.02, "diversity": 0.005,
    }.items():  # fmt: skip
        before, after = medians(run, name, early, late)
        assert abs(after - before) < most, (name, before, after)
    for part, whole, most in (("micro", "firms", 0.03), ("large", "firms", 0.01)):
        share = run[part] / run[whole]
        assert abs(np.median(share[early]) - np.median(share[late])) < most, part
    labour = run["wage"] * run["employment"] / run["value_added"]
    assert abs(np.median(labour[early]) - np.median(labour[late])) < 0.02
    credit = run["credit"] / run["sales"]
    assert abs(np.median(credit[early]) - np.median(credit[late])) < 0.03, "debt does not pile up"
    assert np.median(credit[late]) < np.median(credit[0])


def test_without_demand_everything_dies(lab):
    # Next to nothing is left: on a fiftieth (-4) a few firms could live, since a place that sells less loses less.
    run = lab.run(trust=0.36, shocks=2 * ({"kind": "demand", "year": 2, "size": -5.0},), years=20)
    assert run["firms"][7].min() > 20
    # A few start-ups that need no cluster still try their luck in each quarter, and fail.
    assert np.median(run["firms"][40:]) <= 2
    # In a few of the sixty places one strong firm lives on and takes over what is left of the market.
    assert np.quantile(run["employment"][40:].max(axis=0), 0.75) < 0.10 * np.median(run["employment"][7])
    assert np.median(run["employment"][40:]) < 0.02 * np.median(run["employment"][7])


def test_without_entry_a_cluster_shrinks(lab):
    entry = ("startup_rate", "startup_floor", "spinoff_rate", "attraction_rate")
    run = lab.run(trust=0.36, off={f"demography.{name}": 0.0 for name in entry})
    assert not run["entries"].any() and not run["spinoffs"].any()
    assert (np.diff(run["firms"], axis=0) <= 0).all()
    assert np.median(run["firms"][159]) < 0.5 * np.median(run["firms"][0])


def test_doubling_all_money_units_changes_nothing_real(lab):
    """Powers of two are exact in floating point, so real variables must agree to the last bit."""
    money = {
        f"{group}.{name}": parameter.default
        for group, declared in PARAMETERS.items() for name, parameter in declared.items() if "kUSD" in parameter.unit
    }  # fmt: skip
    assert {"population.wage", "joint_action.cost_hard", "market.export_cost", "knowledge.certificate_cost"} < set(money)
    one = lab.run(trust=0.40, off=money)
    two = lab.run(trust=0.40, off={name: 2.0 * value for name, value in money.items()})
    for name in ("projects_started", "members", "exports", "supplier_sales", "certified_share", "collusion"):
        assert one[name].any(), f"the case must use money in all its ways: {name}"
    worth = {name for name, indicator in INDICATORS.items() if "kUSD" in indicator.unit}
    for name in INDICATORS:
        np.testing.assert_array_equal((2.0 if name in worth else 1.0) * one[name], two[name], err_msg=name)


def reverse_smes(simulation: Simulation) -> None:
    """Put the SMEs of every cluster into the opposite order of rows, with their ties."""
    actors, ties, clusters = simulation._state.actors, simulation._state.ties, simulation._state.clusters
    moved = np.arange(actors.uid.size)
    for cluster in clusters:
        first, last = cluster.firms + 3, cluster.last  # three tractors stand before
        moved[first:last] = moved[first:last][::-1]
    for name in ACTORS:
        column = getattr(actors, name)
        column[:] = column[moved]
    where = np.argsort(moved).astype(np.int32)
    inside = ties.b != OUTSIDE
    ties.a[:], ties.b[inside] = where[ties.a], where[ties.b[inside]]
    swap = inside & (ties.a > ties.b)
    for left, right in (("a", "b"), ("trust_ab", "trust_ba")):
        x, y = getattr(ties, left), getattr(ties, right)
        x[swap], y[swap] = y[swap].copy(), x[swap].copy()
    assert {"a", "b", "trust_ab", "trust_ba"} <= set(TIES) and (actors.kind[moved] != FREE).any()


def test_the_order_of_actors_changes_nothing_in_distribution():
    from scipy.stats import ks_2samp

    from clustersim.model.network import index_ties

    lab = Laboratory(150)
    plain, turned = lab.simulation(trust=0.36), lab.simulation(trust=0.36)
    reverse_smes(turned)
    for cluster in turned._state.clusters:
        index_ties(turned._state.actors, turned._state.ties, cluster)
    one, two = Run(plain.advance(120).indicators), Run(turned.advance(120).indicators)
    assert not np.array_equal(one["trust"][-1], two["trust"][-1]), "rows do matter for single paths"
    for name in ("firms", "employment", "trust", "linked_share", "vision"):
        assert ks_2samp(one[name][-1], two[name][-1]).pvalue > 0.01, name


def test_a_region_twice_as_large_behaves_like_two():
    """Twice the firms on twice the area: per firm the same, but for gains of agglomeration; success is seen as locally.

    Without the mood of a place: two places have two, and one of twice the size swings as a whole.
    """
    lab, mood = Laboratory(200), {"complacency.mood": 0.0}
    one = lab.run(trust=0.36, off=mood)
    seen = {"knowledge.convergence_firms": 2 * PARAMETERS["knowledge"]["convergence_firms"].default}
    two = lab.run(trust=0.36, smes=120, tractors=6, radius_km=12.0 * 2**0.5, off=mood | seen)
    # Of whom one hears in a larger place, fewer are known already: up to a seventh more ties.
    for name, most in {"linked_share": 0.06, "trust": 0.05, "frontier_gap": 0.02, "degree": 1.0}.items():
        for quarter in (80, 159):
            here, there = np.median(one[name][quarter]), np.median(two[name][quarter])
            assert abs(here - there) < most, (name, quarter, here, there)
    ratio = np.median(two["firms"][159]) / np.median(one["firms"][159])
    assert 1.9 < ratio < 2.2, ratio
    gain = np.median(two["productivity"][159]) / np.median(one["productivity"][159])
    assert 1.0 < gain < 1.10, "agglomeration raises productivity a little"
