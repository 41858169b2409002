"""What holds in every quarter of every scenario: books, bounds, counts, the network's bookkeeping."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from clustersim.model.state import SHOCKS
from clustersim.policy.instruments import INSTRUMENTS
from clustersim.scenario.model import Scenario
from clustersim.simulation.engine import Simulation
from invariant_cases import Watch, scenarios, watch


@pytest.mark.slow
@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(scenario=scenarios())
def test_invariants_hold_in_any_scenario(scenario):
    watch(scenario)


@pytest.mark.parametrize("use", sorted(INSTRUMENTS))
def test_invariants_hold_with_each_instrument(use):
    stages = [{"name": "s", "quarters": 40, "instruments": [{"use": use, "per_year": 800.0, "taper": 0.2},
               {"use": "association_founding", "per_year": 40.0}]}]  # fmt: skip
    place = {"clusters": [{"name": "a", "smes": 40, "trust": 0.5}]}
    simulation = watch(Scenario.model_validate({"title": "t", "place": place, "programme": {"stages": stages}}), 40)
    assert simulation.state.clusters[0].nation != 0.0


def test_invariants_hold_over_a_long_run_with_everything():
    """Forty years with growth, association, projects, every instrument and every shock."""
    instruments = [{"use": use, "per_year": 300.0, "cofinance": 0.2 * (k % 2)} for k, use in enumerate(sorted(INSTRUMENTS))]
    instruments.append({"use": "association_founding", "per_year": 40.0})
    shocks = [{"kind": kind, "year": 4 + 6 * k, "years": 2, "size": 1.0 if kind == "tractor_exit" else 0.2}
              for k, kind in enumerate(SHOCKS)]  # fmt: skip
    scenario = Scenario.model_validate(
        {
            "title": "t",
            "place": {"clusters": [{"name": "a", "smes": 60, "trust": 0.5}, {"name": "b", "smes": 12, "activity": 0.06}]},
            "programme": {"stages": [{"name": "s", "quarters": 100, "instruments": instruments}]},
            "environment": {"shocks": shocks}, "parameters": {"demography": {"startup_rate": 0.03}},
        }
    )  # fmt: skip
    simulation = watch(scenario, 160)
    assert simulation.state.clusters[0].projects_succeeded >= 0
    assert simulation.state.clusters[0].founded >= 0


def test_books_notice_what_is_lost():
    """The check itself can fail: take one thousandth of a cent from a million."""
    simulation = Simulation(Scenario.model_validate({"title": "t", "place": {"clusters": [{"name": "a"}]}}), workers=1)
    one = Watch(simulation, 0)
    simulation.advance(4)
    one.books()
    simulation._state.actors.cash[int(one.cluster.firms)] += 1e-8 * one.money()[1]
    with pytest.raises(AssertionError):
        one.books()


CROWDED = """
from clustersim.scenario.model import Scenario
from clustersim.simulation.engine import Simulation
from invariant_cases import Watch
most = {"attention": 12.0, "attention_growth": 1.0, "rate": 0.6, "pipelines_max": 10.0, "pipeline_rate": 0.05}
clusters = [{"name": name, "smes": 60} for name in ("a", "b")]
simulation = Simulation(Scenario.model_validate({"title": "t", "place": {"clusters": clusters},
                        "parameters": {"meeting": most, "population": {"history": 80.0}}}), workers=1)
for c in (0, 1):
    Watch(simulation, c).network()
"""


def test_a_long_history_of_meetings_stays_within_its_room():
    """In a process of its own, because ties written beyond the arrays break the interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", CROWDED], env=os.environ, cwd=Path(__file__).parents[1], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
