"""Fates emerge: equal places part ways, and without ties none leaves agglomeration."""

from __future__ import annotations

import numpy as np
import pytest

from clustersim.model import parameters
from clustersim.model.indicators import INDICATORS
from clustersim.model.state import AGGLOMERATION, CREATION, DECLINE, DEVELOPMENT, DISSOLVED, MATURITY
from clustersim.scenario.loading import load_scenario
from clustersim.simulation.engine import Simulation

REPLICATES, YEARS = 200, 40
NAMES = list(INDICATORS)


def run() -> np.ndarray:
    """Return the indicators of the organic scenario: quarter, replicate, indicator."""
    return Simulation(load_scenario("organic"), 1, range(REPLICATES)).run(4 * YEARS).indicators


@pytest.fixture(scope="module")
def organic() -> np.ndarray:
    """Return a run of the scenario as it is."""
    return run()


@pytest.mark.slow
def test_equal_places_have_different_fates(organic):
    phase = organic[:, :, NAMES.index("phase")]
    developed = ((phase == DEVELOPMENT) | (phase == MATURITY)).any(axis=0)
    assert 0.05 * REPLICATES <= developed.sum() <= 0.95 * REPLICATES, f"{developed.sum()} of {REPLICATES} developed"
    stuck = np.isin(phase, (AGGLOMERATION, CREATION, DISSOLVED)).all(axis=0)
    assert stuck.sum() == REPLICATES - developed.sum()  # decline, too, needs development before it
    when = np.where(developed, (phase >= DEVELOPMENT).argmax(axis=0), -1)
    assert len(set(when[developed])) > 5, "take-off looks timed"
    assert len(set(phase[-1])) >= 3, "replicates end alike"


@pytest.mark.slow
def test_without_ties_no_place_leaves_agglomeration(monkeypatch):
    usual = parameters.defaults

    def without_ties(worlds: int = 1):
        records = usual(worlds)
        records.meeting.rate = records.meeting.pipeline_rate = records.meeting.brokered = 0.0
        records.population.history = 0.0
        return records

    monkeypatch.setattr(parameters, "defaults", without_ties)
    indicators = run()
    assert indicators[:, :, [NAMES.index(name) for name in ("ties", "external_ties", "institutional_ties")]].max() == 0.0
    phase = indicators[:, :, NAMES.index("phase")]
    assert set(np.unique(phase)) <= {AGGLOMERATION, DISSOLVED}
    assert indicators[:, :, NAMES.index("vision")].max() < 0.01
    assert indicators[-1, :, NAMES.index("firms")].max() > 20  # there are still places: they live, but do not cluster


@pytest.mark.slow
def test_phases_follow_their_indicators(organic):
    """No place develops without an association, and none declines that never developed."""
    phase = organic[:, :, NAMES.index("phase")]
    for k in range(REPLICATES):
        enters = np.flatnonzero((phase[1:, k] == DEVELOPMENT) & (phase[:-1, k] < DEVELOPMENT)) + 1
        assert organic[enters, k, NAMES.index("formal")].all()
        falls = np.flatnonzero(phase[:, k] == DECLINE)
        assert falls.size == 0 or (phase[: falls[0], k] >= DEVELOPMENT).any()
