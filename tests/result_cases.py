"""A small world in which everything happens, and its run with all records: shared by the tests of results."""

from __future__ import annotations

import functools

from clustersim.results import RunResult, simulate
from clustersim.scenario.model import Scenario

KEYS = ["replicate", "cluster", "quarter"]
QUARTERS = 22


def scenario(**changes):
    """Return a small world of two clusters in which everything happens: programme, projects, shocks, entry and exit."""
    facilitator = {"use": "facilitator", "per_year": 240}
    data = {
        "title": "Small world",
        "horizon": {"years": QUARTERS / 4, "start_year": 1990},
        "place": {
            "clusters": [
                {"name": "north", "smes": 40, "tractors": 3, "trust": 0.5, "segments": ["parts", "machines"]},
                {"name": "south", "smes": 20, "tractors": 1, "trust": 0.45, "segments": ["machines", "services"]},
            ]
        },
        "environment": {"shocks": [{"kind": "technology", "year": 2, "size": 0.2}]},
        "programme": {
            "stages": [
                {
                    "name": "first",
                    "quarters": 6,
                    "instruments": [facilitator, {"use": "university_programme", "per_year": 90}],
                },
                {
                    "name": "second",
                    "quarters": 20,
                    "instruments": [
                        facilitator,
                        {"use": "association_founding", "per_year": 40, "quarters": 4},
                        {"use": "association_grant", "per_year": 150},
                        {"use": "project_cofinance", "per_year": 100, "cofinance": 0.2},
                    ],
                },
            ]
        },
    }
    return Scenario.model_validate(data | changes)


@functools.cache
def recorded() -> RunResult:
    """Return a run of three replicates with all records; not to be changed."""
    return simulate(scenario(), seed=5, replicates=3, records=("firms", "ties", "events"), name="small")
