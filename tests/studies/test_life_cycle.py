"""Patterns of the life cycle: each statistic on made data with a known answer, and what is missing with its reason."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from clustersim.model.indicators import INDICATORS
from clustersim.model.parameters import PARAMETERS
from clustersim.studies.validation.lab import COLUMN, Laboratory, NoValue, Run
from clustersim.studies.validation.nulls import Gibrat, ThreeEquations
from clustersim.studies.validation.patterns import life_cycle as lc

T = np.arange(80.0)[:, None]
RNG = np.random.default_rng(5)


def hill(peak, top=50.0, width=12.0):
    """Return yearly jobs that rise from 10 to `top` in the year `peak`, and fall."""
    return 10.0 + (top - 10.0) * np.exp(-(((T - peak) / width) ** 2))


class MadeLab:
    """A laboratory whose runs are made: one for each set of switches, by `jobs` and other yearly columns."""

    seed = 1

    def __init__(self, runs):
        self.runs = runs
        self.replicates = next(iter(runs.values()))["employment"].shape[1]

    def run(self, *, off=None, **variation):
        columns = self.runs[tuple(sorted(off or {}))]
        record = np.zeros((4 * len(columns["employment"]), self.replicates, len(INDICATORS)))
        for name, values in columns.items():
            record[:, :, COLUMN[name]] = np.repeat(values, 4, axis=0)
        return Run(record)


def test_years_are_means_of_their_quarters():
    assert lc.yearly(np.arange(16.0).reshape(8, 2)).tolist() == [[3.0, 4.0], [11.0, 12.0]]


@pytest.mark.parametrize(
    ("jobs", "is_one"),
    [
        (hill(30), True), (hill(11, width=6), True), (hill(59, width=8), True),
        (hill(5, width=3), False),  # too early a peak
        (hill(66, width=5), False),  # too late
        (hill(30, top=19.0), False),  # it never doubled
        (np.minimum(10.0 + 2.0 * T, 60.0), False),  # it stays at its peak
        (hill(30) * 0.0 + 10.0, False),
        (np.maximum(hill(30), 40.5 * (T > 30)), False),  # it keeps 0.81 of the peak
        (np.maximum(hill(30), 39.5 * (T > 30)), True),
    ],
)  # fmt: skip
def test_a_hump_rises_peaks_inside_and_falls(jobs, is_one):
    assert lc.humps(jobs).tolist() == [is_one]


def test_the_share_of_humps_is_that_of_the_places_that_have_one():
    jobs = np.concatenate([hill(30)] * 3 + [10.0 + T] * 7, axis=1)
    assert lc.humps(jobs).mean() == pytest.approx(0.3)


def test_random_walks_have_the_humps_of_random_walks():
    """Places that are random walks themselves have no hump beyond them; a steady rise has none at all."""
    growth = 0.03 + 0.12 * RNG.standard_normal((79, 3000))
    jobs = 30.0 * np.exp(np.concatenate([np.zeros((1, 3000)), np.cumsum(growth, axis=0)]))
    share = lc.humps(jobs).mean()
    assert 0.05 < share < 0.6 and lc.walking_humps(jobs, 1) == pytest.approx(share, abs=0.03)
    assert lc.walking_humps(np.tile(10.0 * 1.05**T, 20), 1) == 0.0


def made_hills(number, share):
    """Return places of which a share has a hump that no walk would have: all others stay where they are."""
    wobble = np.exp(0.01 * RNG.standard_normal((80, number)))
    return np.where(np.arange(number) < share * number, hill(30), 10.0) * wobble


def test_p19_takes_off_what_walks_and_a_moving_frontier_do():
    off = tuple(sorted(lc.ALIKE))
    only_inside = MadeLab({(): {"employment": made_hills(100, 0.6)}, off: {"employment": made_hills(100, 0.0)}})
    value, low, _high = lc.life_cycle(only_inside, {})
    assert value > 0.3 and low > 0.10
    assert lc.life_cycle(only_inside, lc.ALIKE)[0] == 0.0
    drift = MadeLab({(): {"employment": made_hills(100, 0.6)}, off: {"employment": made_hills(100, 0.6)}})
    assert lc.life_cycle(drift, {})[0] == pytest.approx(0.0, abs=0.05)
    assert lc.life_cycle(drift, lc.ALIKE)[0] > 0.3  # humps stay without the mechanism: the ablation does not vanish


def test_p19_gains_nothing_where_places_without_the_mechanism_have_fewer_humps_than_walks():
    walks = 30.0 * np.exp(np.cumsum(0.03 + 0.2 * RNG.standard_normal((80, 200)), axis=0))
    walks[:, lc.humps(walks)] = 30.0 * np.exp(0.2 * RNG.standard_normal((80, lc.humps(walks).sum())))
    flat = np.tile(30.0 + 0.0 * T, 200)
    lab = MadeLab({(): {"employment": flat}, tuple(sorted(lc.ALIKE)): {"employment": walks}})
    assert lc.life_cycle(lab, lc.ALIKE)[0] < 0.0 and lc.life_cycle(lab, {})[0] == 0.0


def sameness_lab(gap, cases=60):
    """Return places that fall and places that stay at one size, the former less diverse by `gap` five years before the peak."""
    stays = np.minimum(hill(30), 1e9) * (T <= 30) + 50.0 * (T > 30)
    jobs = np.concatenate([hill(30)] * cases + [stays] * cases, axis=1)
    diversity = 0.1 + 0.01 * RNG.standard_normal(jobs.shape)
    diversity[25, :cases] -= gap
    return MadeLab({(): {"employment": jobs, "diversity": diversity}})


def test_p20_is_the_chance_that_falls_are_foretold():
    assert lc.sameness_first(sameness_lab(0.0), {})[0] == pytest.approx(0.5, abs=0.08)
    assert lc.sameness_first(sameness_lab(0.2), {})[0] == 1.0
    assert lc.sameness_first(sameness_lab(-0.2), {})[0] == 0.0
    known = lc.sameness_first(sameness_lab(0.01, 300), {})[0]
    assert known == pytest.approx(0.76, abs=0.05)  # normal scores one standard deviation apart: Phi(1 / sqrt 2)


def test_p20_compares_equal_sizes_only_and_says_when_it_cannot():
    lab = sameness_lab(0.2)
    lab.runs[()]["employment"][:, 60:] *= 2.0
    with pytest.raises(NoValue, match="too few places"):
        lc.sameness_first(lab, {})
    with pytest.raises(NoValue, match="too few places"):
        lc.sameness_first(sameness_lab(0.2, cases=lc.CASES_LEAST - 1), {})


def test_p22_holds_size_and_is_undefined_where_nothing_differs():
    ties, jobs = RNG.normal(5.0, 1.0, 400), RNG.normal(6.0, 0.4, 400)
    jobs += 0.3 * ties  # connected places are large, too
    assert lc.held_slope(2.0 * jobs, ties, jobs) == pytest.approx(0.0, abs=1e-9)
    assert lc.held_slope(2.0 * jobs - 3.0 * ties, ties, jobs) == pytest.approx(-3.0 * ties.std())
    assert np.isnan(lc.held_slope(jobs, np.ones(400), jobs)) and np.isnan(lc.held_slope(jobs[:2], ties[:2], jobs[:2]))


def test_p23_a_herfindahl_index_of_known_shares():
    assert lc.herfindahl(np.array([[1.0] * 10, [1.0] + [0.0] * 9])).tolist() == pytest.approx([0.1, 1.0])
    assert lc.herfindahl(np.array([4.0, 3.0, 2.0, 1.0])) == pytest.approx(0.30)
    assert np.isnan(lc.herfindahl(np.zeros(3)))


def test_p23_divides_concentration_with_spinoffs_by_that_without():
    even, uneven = np.tile(np.ones(10), (60, 4)), np.tile([11.0] + [1.0] * 9, (60, 4))
    base, off = tuple(sorted(lc.AGGLOMERATION)), tuple(sorted({**lc.AGGLOMERATION, **lc.SPINOFFS}))
    lab = MadeLab({base: {"employment": uneven}, off: {"employment": even}})
    lab.run, lab.replicates = lambda off, **_: MadeLab.run(_wide(lab), off=off), 4
    assert lc.heritage(lab, {})[0] == pytest.approx((11.0**2 + 9.0) / 400.0 / 0.1)


def _wide(lab):
    """Return a laboratory of the same runs, with a column for each region of each replicate."""
    return SimpleNamespace(runs=lab.runs, replicates=4 * lc.REGIONS)


def test_p24_innovations_lean_to_the_cluster_beyond_its_jobs():
    innovations = np.array([[[6.0, 1.0, 3.0], [1.0, 1.0, 2.0]]] * 3)
    jobs = np.array([[[50.0, 25.0, 25.0], [50.0, 25.0, 25.0]]] * 3)
    assert lc.leaning(innovations, jobs).tolist() == pytest.approx([0.1, -0.25])


def test_p24_young_and_mature_nations_differ():
    lab = Laboratory(2)
    young, mature = (lc.nation(lab, stage, {}) for stage in (lc.YOUNG, lc.MATURE))
    assert young.shape == mature.shape == (2,) and (np.abs(young) <= 1.0).all() and not np.array_equal(young, mature)


def test_p26_distance_is_on_the_circle_to_the_firms_that_were_there():
    world, new = np.array([0, 0, 0, 1, 1]), np.array([False, False, True, False, True])
    place = np.array([0.95, 0.05, 0.5, 0.30, 0.20])
    assert lc.far_apart(world, place, new, 2).tolist() == pytest.approx([0.5, 0.1])
    assert np.isnan(lc.far_apart(np.array([0]), np.array([0.3]), np.array([True]), 1)).all()  # nobody was there


def test_p26_divides_means_and_says_when_nobody_came():
    world, outside = np.array([0, 0, 1, 1]), np.array([True, False, True, False])
    distance = np.array([0.3, 0.1, 0.2, 0.1])
    assert lc.farther(world, outside, distance, np.array([0, 1])) == pytest.approx(2.5)
    assert lc.farther(world, outside, distance, np.array([0, 0])) == pytest.approx(3.0)
    with pytest.raises(NoValue, match="too few firms"):
        lc.farther(world, np.ones(4, bool), distance, np.array([0, 1]))


@pytest.mark.slow
def test_all_of_them_run_in_the_model():
    lab = Laboratory(3)
    for p in lc.PATTERNS:
        found = p.check(lab, [Gibrat(lab)])
        told = [found["reason"], found["ablated_reason"]]
        assert all(np.isfinite(found[k]) or why for k, why in zip(("value", "ablated_value"), told, strict=True)), p.id


def test_what_is_switched_off_is_declared():
    for switches in (lc.ALIKE, lc.AGGLOMERATION, lc.SPINOFFS, lc.HEREDITY, lc.STARTUPS, lc.NEARNESS, lc.LEARNING):
        for dotted in switches:
            group, name = dotted.split(".")
            assert name in PARAMETERS[group], dotted


def test_gibrats_null_is_fitted_to_each_variation_and_the_three_equations_know_no_seeds():
    lab = Laboratory(3)
    jobs = Gibrat(lab).run(years=4, off=lc.ALIKE, **lc.SEED)["employment"]
    np.testing.assert_allclose(jobs[0], lab.run(years=4, off=lc.ALIKE, **lc.SEED)["employment"][0], rtol=1e-6)
    with pytest.raises(NoValue, match="no other scenario"):
        ThreeEquations(lab).run(years=4, **lc.SEED)
