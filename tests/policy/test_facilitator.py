"""What a facilitator does beside brokering firms to one another: each task moves what it is for, and only through its hours."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from clustersim.scenario.loading import load_scenario
from clustersim.scenario.model import Scenario
from clustersim.studies.validation.lab import COLUMN, indicators_of

REPLICATES, YEARS, SEED = 20, 8, 1
PAID = ({"use": "facilitator", "per_year": 240.0}, {"use": "association_founding", "per_year": 40.0})


@cache
def told(helped: bool, *off: tuple[str, float]) -> np.ndarray:
    """Return the indicators of the place with or without three facilitators, with these parameters changed."""
    place = load_scenario("no_policy", [f"horizon.years={YEARS}", *(f"parameters.{key}={value}" for key, value in off)])
    content: dict[str, Any] = place.model_dump(mode="json")
    paid = PAID if helped else PAID[1:]
    content["programme"] = {"stages": [{"name": "all", "quarters": 4 * YEARS, "instruments": list(paid)}]}
    return indicators_of(Scenario.model_validate(content), SEED, REPLICATES)


def gain(indicator: str, *off: tuple[str, float]) -> float:
    """Return what the facilitators add to an indicator, mean over quarters and replicates."""
    return float((told(True, *off) - told(False, *off))[:, :, COLUMN[indicator]].mean())


@pytest.mark.parametrize(("indicator", "off", "left"), [
    ("external_ties", ("meeting.bridged", 0.0), 0.7),
    ("institutional_ties", ("meeting.bridged", 0.0), 0.7),
    ("brand", ("association.brand_told", 0.0), 0.5),
    ("income_private", ("association.raised", 0.0), 0.9),
])  # fmt: skip
def test_each_task_moves_what_it_is_for(indicator, off, left):
    usual = gain(indicator)
    assert usual > 0.0
    assert gain(indicator, off) < left * usual


def test_tractor_firms_are_asked_first_where_the_cluster_is_potential():
    first, last = ("meeting.tractors_first", 0.9), ("meeting.tractors_first", 0.0)
    assert gain("anchor_sales", first) > gain("anchor_sales", last)
