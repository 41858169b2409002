"""Null models: what is fitted is found again, what they lack has a reason, and no pattern reaches past them to the model."""

from __future__ import annotations

import numpy as np
import pytest

from clustersim.studies.validation.lab import Census, Laboratory, NoValue
from clustersim.studies.validation.nulls import NULLS, Gibrat, ThreeEquations, three_equations
from clustersim.studies.validation.nulls.gibrat import Demography, Growth
from clustersim.studies.validation.nulls.support import Support
from clustersim.studies.validation.pattern import facilitator
from clustersim.studies.validation.patterns import PATTERNS
from clustersim.studies.validation.patterns.anchors import skill
from clustersim.studies.validation.patterns.takeoff import change_of_slope

# Gibrat


@pytest.mark.parametrize("growth", [Growth(0.02, 0.1, 0.4), Growth(-0.03, 0.05, -0.2), Growth(0.0, 0.2, 0.0)])
def test_moments_of_growth_are_found_again(growth):
    jobs = growth.series(np.full(400, 100.0), 4 * 60 + 1, np.random.default_rng(1))
    found = Growth.of(jobs)
    assert jobs.shape == (241, 400) and (jobs[0] == 100.0).all()
    assert found.mean == pytest.approx(growth.mean, abs=0.005)
    assert found.spread == pytest.approx(growth.spread, rel=0.03)
    assert found.persistence == pytest.approx(growth.persistence, abs=0.03)


def test_years_without_jobs_are_left_out():
    jobs = np.repeat([[100.0, 100.0], [110.0, 0.0], [121.0, 0.0]], 4, axis=0)
    found = Growth.of(jobs)
    assert (found.mean, found.spread, found.persistence) == (pytest.approx(np.log(1.1)), pytest.approx(0.0), 0.0)


def test_entry_and_exit_are_found_again():
    rng = np.random.default_rng(2)
    truth = Demography(Growth(0.01, 0.2, 0.3), 3.0, np.log(6.0), 0.5, 0.05)
    start = Census(np.repeat(np.arange(100), 60), np.arange(6000), np.exp(rng.normal(2.5, 1.0, 6000)), np.zeros(6000, int))
    censuses = truth.grown(start, 3, 100, rng)
    found = Demography.of(censuses[1:], 100)
    assert found.leaving == pytest.approx(0.05, abs=0.005) and found.entrants == pytest.approx(3.0, rel=0.1)
    assert found.size == pytest.approx(np.log(6.0), abs=0.1) and found.growth.spread == pytest.approx(0.2, rel=0.03)
    assert found.growth.persistence == pytest.approx(0.3, abs=0.05)
    for census in censuses:
        assert np.unique(census.uid).size == census.uid.size == census.world.size == census.born.size
    assert censuses[2].born.max() == 8


def test_gibrat_grows_the_places_of_the_laboratory_and_answers_to_nothing():
    null = Gibrat(Laboratory(4))
    jobs = null.run(trust=0.36, years=8)["employment"]
    assert jobs.shape == (32, 4)
    np.testing.assert_array_equal(jobs[0], null.lab.run(trust=0.36, years=8)["employment"][0])
    np.testing.assert_array_equal(jobs, Gibrat(Laboratory(4)).run(trust=0.36, years=8)["employment"])
    shocks = ({"kind": "demand", "year": 1, "size": 1},)
    for asked in ({"programme": facilitator(2)}, {"shocks": shocks}):
        with pytest.raises(NoValue):
            null.run(trust=0.36, years=8, **asked)
    with pytest.raises(NoValue):
        null.run(trust=0.36, years=8)["trust"]


# three equations


def test_support_is_delivered_as_the_model_delivers_it():
    """Coordination, the lag's loss of credibility and its return are those of the model's programme."""
    programme, government = facilitator(5, 160.0, 8), {"coordination": 0.3, "orientation": "bottom_up"}
    run = Laboratory(2).run(trust=0.34, years=8, programme=programme, government=government)
    support = Support(programme, government, 2)
    for quarter in range(32):
        support.advance(quarter, np.zeros(2))
        np.testing.assert_allclose(support.facilitators, run["facilitators"][quarter], rtol=1e-3, atol=1e-6)
    assert run["facilitators"][8].min() > 0 == run["facilitators"][7].max()


def test_a_gate_holds_support_back_until_vision_is_there():
    stages = [
        {"name": "a", "quarters": 2, "instruments": ({"use": "facilitator", "per_year": 80.0},)},
        {"name": "b", "quarters": 3, "gate": {"indicator": "vision", "at_least": 0.2},
         "instruments": ({"use": "association_grant", "per_year": 150.0, "quarters": 2},)},
    ]  # fmt: skip
    support, grants = Support({"stages": stages}, None, 2), []
    for quarter, vision in enumerate(([0, 0], [0, 0.3], [0, 0.3], [0.2, 0.3], [0.2, 0], [0, 0], [0, 0], [0, 0])):
        support.advance(quarter, np.array(vision, float))
        grants.append((support.grant > 0).tolist())
    assert grants == [[False, False]] * 2 + [[False, True], [True, True], [True, False]] + [[False, False]] * 3


@pytest.mark.parametrize(
    "programme",
    [
        {"stages": [{"name": "a", "quarters": 4, "instruments": ({"use": "incubator", "per_year": 80.0},)}]},
        {"announced": 3, "stages": []},
    ],
)
def test_support_refuses_what_the_null_has_no_term_for(programme):
    with pytest.raises(NoValue):
        Support(programme, None, 1)


def test_chances_and_noises_are_found_again():
    rng = np.random.default_rng(3)
    z = np.vstack([np.ones(50_000), rng.normal(size=50_000)])
    happened = rng.random(50_000) < 1.0 / (1.0 + np.exp(3.0 - 1.5 * z[1]))
    np.testing.assert_allclose(three_equations._log_odds(z, happened), (-3.0, 1.5), atol=0.1)
    places = 20 * three_equations.REPLICATES
    left = 0.5 * rng.normal(size=(2, 1, places)) + 2.0 * rng.normal(size=(2, 100, places))
    lasting, noise = three_equations._two_noises(left)
    np.testing.assert_allclose(lasting, 0.5 * np.eye(2), atol=0.1)
    np.testing.assert_allclose(noise, 2.0 * np.eye(2), atol=0.1)


@pytest.mark.slow
def test_the_null_of_three_equations_goes_where_the_model_goes(monkeypatch):
    """It imitates means of the model that it was not fitted to: other trust, other replicates, another programme."""
    monkeypatch.setattr(three_equations, "REPLICATES", 8)
    lab = Laboratory(30, seed=5)
    null = ThreeEquations(lab)
    for programme in (None, facilitator(10)):
        model, other = (each.run(trust=0.38, programme=programme) for each in (lab, null))
        for name in ("trust", "linked_share", "vision"):
            assert model.record.shape[0] == other[name].shape[0] == 160
            np.testing.assert_allclose(other[name][[79, 159]].mean(axis=1), model[name][[79, 159]].mean(axis=1), atol=0.12)
    calm, hit = null.pushed(0.1, 20, 8, trust=0.38)
    np.testing.assert_allclose((hit["trust"] - calm["trust"])[0], 0.1, atol=0.01)
    assert calm["vision"].shape == (8, 30)


# patterns and nulls


@pytest.mark.slow
def test_no_pattern_reaches_past_a_null_to_the_model(monkeypatch):
    """Each measure either has what it asks for, or a reason; it never runs the model itself under a null's name."""
    monkeypatch.setattr(three_equations, "REPLICATES", 2)
    lab = Laboratory(4)
    nulls = [null(lab) for null in NULLS]
    known, fit, starts = lab.run(trust=0.36), three_equations.fitted({}), []
    monkeypatch.setattr(three_equations, "fitted", lambda place: fit)
    monkeypatch.setattr(Laboratory, "run", lambda *_, **__: known)  # what nulls are fitted to
    monkeypatch.setattr(Laboratory, "census", lambda *_, **__: (_ for _ in ()).throw(NoValue("fitted to the model")))
    monkeypatch.setattr("clustersim.simulation.engine.Simulation.__init__", lambda *_: starts.append("the model"))
    answered = {(p.id, null.id) for p in PATTERNS for null in nulls if p._scored(null)["passes"] is not None}
    assert starts == []
    assert {f"P{k:02d}" for k in (1, 2, 4, 5, 12, 13, 14, 17)} <= {id_ for id_, null in answered if null == "three_equations"}
    untold = {f"P{k:02d}" for k in (6, 7, 8, 9, 10, 11, 15, 16, 18, 21, 25)}
    assert not untold & {id_ for id_, _null in answered}


def test_log_odds_that_only_add_up_show_no_change_of_slope_though_shares_do():
    level, dose = np.meshgrid([-6.0, -3.0, 0.0, 3.0, 6.0], [0.0, 1.0, 2.0], indexing="ij")
    shares = 1.0 / (1.0 + np.exp(-(level + dose)))
    rise = shares[:, 1] - shares[:, 0]
    assert rise[2] - max(rise[0], rise[4]) > 0.2  # what P04 asked for in 0.1.0
    assert abs(change_of_slope(1e7 * shares, 10**7)) < 0.01
    steeper = 1.0 / (1.0 + np.exp(-(level + dose * (1.0 - 0.5 * level / level.std()))))
    assert change_of_slope(1e7 * steeper, 10**7) == pytest.approx(-0.5, abs=0.01)


def test_a_chain_is_told_by_predictions_and_not_by_a_constant_factor():
    seen = np.log([37500.0, 562.0, 2007.0, 3399.0, 595.0, 2262.0])
    near = seen + np.array([0.2, -0.3, 0.1, 0.3, -0.2, -0.1])
    assert skill({"cost": seen}, {"cost": near}) > 0.5
    assert skill({"cost": seen}, {"cost": near + np.log(10)}) < 0 and skill({"cost": seen}, {"cost": near - np.log(10)}) < 0
    assert skill({"cost": seen}, {"cost": np.full(6, seen.mean())}) == 0.0  # one number for all tells nothing, even in hindsight
    one_off = near.copy()
    one_off[0] += 6.0
    assert skill({"cost": seen}, {"cost": one_off}) < skill({"cost": seen}, {"cost": near})
    unknown = {"cost": seen, "growth": np.array([0.1, np.nan, 0.2, np.nan, np.nan, 0.3])}
    assert np.isfinite(skill(unknown, {"cost": near, "growth": np.full(6, 0.2)}))
