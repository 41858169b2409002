"""P08, P21 and P25: each statistic on made data with a known answer, and what is missing with its reason."""

from __future__ import annotations

import numpy as np
import pytest

from clustersim.model.indicators import INDICATORS
from clustersim.studies.validation.lab import COLUMN, Laboratory, NoValue, Run
from clustersim.studies.validation.nulls import NULLS, three_equations
from clustersim.studies.validation.patterns import economy, networks, policy
from clustersim.studies.validation.plausibility import estimators

RNG = np.random.default_rng(11)


# P08


def test_p08_nothing_is_lost_in_bargaining_where_nobody_bargains():
    lab = Laboratory(6)
    off = {"population.tractor_size": 160.0, "market.surplus": 0.0}
    quiet, usual = (
        lab.simulation(trust=0.42, tractors=8, years=12, off={**off, "market.surplus": surplus}) for surplus in (0.0, 0.3)
    )
    for simulation in (quiet, usual):
        simulation.advance(30)
    lost = np.stack([economy.lost_in_bargaining(quiet, 6) for _ in range(12)])
    assert quiet.quarter == 42 and np.abs(lost).max() < 1e-12
    moved = np.stack([economy.lost_in_bargaining(usual, 6) for _ in range(12)])
    assert 1e-4 < np.abs(moved).max() < 0.15  # half of the surplus is the most that either side can win


# P21


def star(leaves, first=0):
    """Return the ends of the ties of one firm to all others."""
    return np.full(leaves, first), first + 1 + np.arange(leaves)


def test_p21_a_star_is_disassortative_and_cliques_of_two_sizes_are_assortative():
    small, large = np.array(np.triu_indices(4, 1)), np.array(np.triu_indices(6, 1)) + 4
    a, b = np.concatenate([np.stack(star(12)), np.concatenate([small, large], axis=1) + 13, [[40, 41], [41, 42]]], axis=1)
    place = np.repeat([0, 1, 3], (12, 21, 2))  # nothing in the third, too few ties in the fourth
    np.testing.assert_allclose(networks.degree_correlation(a, b, place, 4), [-1.0, 1.0, np.nan, np.nan])


def test_p21_a_place_of_equals_has_no_degree_correlation():
    ring = np.arange(20)
    assert np.isnan(networks.degree_correlation(ring, (ring + 1) % 20, np.zeros(20, int), 1)).all()


def test_p21_the_degree_correlation_is_the_one_of_plausibility():
    a, b = (RNG.integers(0, 30, 120) for _ in range(2))
    degree = np.bincount(np.concatenate([a, b]))
    expected = estimators.assortativity(degree[a], degree[b], np.zeros(120, int))
    assert networks.degree_correlation(a, b, np.zeros(120, int), 1)[0] == pytest.approx(expected)


def test_p21_reads_ties_that_carry_knowledge_between_firms_of_a_place():
    lab = Laboratory(5)
    simulation = lab.simulation(trust=0.42, years=5)
    simulation.advance(20)
    found = networks.knowledge_mixing(simulation, 5)
    assert found.shape == (5,) and np.isfinite(found).all() and (np.abs(found) <= 1.0).all()
    simulation._state.ties.level[:] = 0  # acquaintances tell each other nothing
    assert np.isnan(networks.knowledge_mixing(simulation, 5)).all()


def test_p21_size_and_level_are_held_and_a_missing_place_is_left_out():
    size = RNG.normal(size=(3, 800))
    shape, other = size + RNG.normal(size=(3, 800)), size + RNG.normal(size=(3, 800))
    assert networks.held_rank_correlation(shape, other, 0.0 * size + np.arange(800)) > 0.4
    assert networks.held_rank_correlation(shape, other, size) == pytest.approx(0.0, abs=0.06)
    level = np.array([[0.0], [50.0], [100.0]])  # what differs by trust alone is no correlation
    assert networks.held_rank_correlation(RNG.normal(size=(3, 800)) + level, RNG.normal(size=(3, 800)) + level, size) < 0.06
    known = shape.copy()
    known[:, ::2] = np.nan
    part = networks.held_rank_correlation(shape[:, 1::2], other[:, 1::2], size[:, 1::2])
    assert networks.held_rank_correlation(known, other, size) == pytest.approx(part)
    assert np.isnan(networks.held_rank_correlation(np.full((3, 800), np.nan), other, size))
    assert np.isnan(networks.held_rank_correlation(np.ones((3, 800)), other, size))


def test_p21_is_shown_where_shape_tells_and_not_where_it_does_not(monkeypatch):
    lab, shape, jobs = Laboratory(200), RNG.normal(size=(3, 200)), RNG.lognormal(6.0, 0.4, (3, 200))
    for kept, shown in ((0.8 + 0.1 * shape + 0.1 * RNG.normal(size=(3, 200)), True), (RNG.normal(size=(3, 200)), False)):
        monkeypatch.setattr(networks, "shape_and_shift", lambda *_, kept=kept: (shape, kept, jobs))
        assert (networks.disassortative(lab, {})[1] > 0.15) is shown
    monkeypatch.setattr(networks, "shape_and_shift", lambda *_: (np.full((3, 200), np.nan), kept, jobs))
    with pytest.raises(NoValue, match="too few places"):
        networks.disassortative(lab, {})


def test_p21_the_place_is_one_place_until_the_shift():
    lab = Laboratory(3)
    apart, kept, before = networks.shape_and_shift(lab, {})
    assert apart.shape == kept.shape == before.shape == (3, 3)
    assert (kept > 0.0).all() and (kept != 1.0).any() and (before > 1.0).all()


# P25


class MadePlaces:
    """A laboratory whose places have these jobs, by the first instrument that is paid ("" for none)."""

    def __init__(self, jobs, replicates=50):
        self.jobs, self.replicates, self.asked = jobs, replicates, []

    def run(self, *, programme=None, off=None, **place):
        first = programme["stages"][0]["instruments"][0]["use"] if programme else ""
        self.asked.append((first, place["trust"]))
        record = np.zeros((120, self.replicates, len(INDICATORS)))
        record[:, :, COLUMN["employment"]] = self.jobs[first]
        return Run(record)


@pytest.mark.parametrize(
    ("fits", "reverse", "ratio"),
    [(122.0, 120.0, 1.1), (110.0, 120.0, 0.5), (99.0, 90.0, 1.0), (105.0, 80.0, 5.0), (90.0, 104.0, 0.25)],
)
def test_p25_is_the_ratio_of_two_gains_and_less_than_a_job_counts_as_one(fits, reverse, ratio):
    lab = MadePlaces({"incubator": fits, "facilitator": reverse, "": 100.0})
    assert policy.help_fits_the_phase(lab, {}) == pytest.approx((ratio,) * 3)
    assert len(lab.asked) == len(set(lab.asked)) == 3 * len(policy.TRUSTS)


def test_p25_both_orders_have_the_same_money():
    lab = Laboratory(8)
    paid = [
        lab.run(trust=0.36, programme=policy.help_in_order(*order), **policy.EMERGING)["public_spending"]
        for order in (("incubator", "facilitator"), ("facilitator", "incubator"))
    ]
    for part in paid:
        years = part.reshape(30, 4, 8).sum(axis=1)
        np.testing.assert_allclose(years[:20], policy.MONEY, rtol=0.01)
        assert years[20:].max() == 0.0


def test_p25_a_null_says_what_it_lacks_before_anything_is_fitted(monkeypatch):
    monkeypatch.setattr(three_equations, "fitted", lambda place: pytest.fail("fitted"))
    lab = Laboratory(2)
    for null in (null(lab) for null in NULLS):
        for pattern in (*networks.PATTERNS, next(p for p in policy.PATTERNS if p.id == "P25")):
            found = pattern._scored(null)
            assert found["passes"] is None and found["reason"]
    assert lab.quarters_run == 0
