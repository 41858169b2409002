"""Uncertain worlds: the same draws of the model's parameters for every option.

A Latin hypercube (McKay, Beckman & Conover 1979) over the declared ranges, narrowed around each parameter's value. The thresholds
by which phases are read are no part of the world and stay; so does every parameter that a scenario sets itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clustersim.model.parameters import PARAMETERS
from clustersim.scenario.model import Scenario

NARROW = 0.1  # how far from the default toward each declared bound
MEASURING = ("phase",)  # mechanisms whose parameters are the yardstick, not the world
LEAST_REPLICATES = 4  # in each world


def varied(scenarios: Sequence[Scenario]) -> list[tuple[str, str]]:
    """Return (mechanism, parameter) of all that is drawn: what no scenario sets, less the yardstick."""
    fixed = {(group, name) for scenario in scenarios for group, values in scenario.parameters.items() for name in values}
    return [
        (group, name)
        for group, declared in PARAMETERS.items()
        if group not in MEASURING
        for name in declared
        if (group, name) not in fixed
    ]


def latin_hypercube(worlds: int, dimensions: int, seed: int) -> NDArray[Any]:
    """Return points (world, dimension) in the unit cube: in each dimension, one in each of `worlds` equal parts."""
    rng = np.random.default_rng(seed)
    parts = rng.permuted(np.tile(np.arange(worlds), (dimensions, 1)), axis=1)
    return ((parts + rng.random(parts.shape)) / worlds).T


def draw(scenarios: Sequence[Scenario], worlds: int, seed: int, narrow: float = NARROW) -> dict[str, NDArray[Any]]:
    """Return the value of each varied parameter in each world, by dotted name.

    Parameters
    ----------
    scenarios : sequence of Scenario
        The options compared.
    worlds : int
        How many worlds.
    seed : int
        Seed of the draws.
    narrow : float
        Part of the way from the default to each declared bound that is drawn from, 0 to 1.
    """
    names = varied(scenarios)
    points = latin_hypercube(worlds, len(names), seed)
    found = {}
    for k, (group, name) in enumerate(names):
        p = PARAMETERS[group][name]
        low, high = p.default - narrow * (p.default - p.low), p.default + narrow * (p.high - p.default)
        found[f"{group}.{name}"] = low + points[:, k] * (high - low)
    return found


def in_world(scenario: Scenario, draws: dict[str, NDArray[Any]], world: int) -> Scenario:
    """Return the scenario with the parameters of one world."""
    parameters = {group: dict(values) for group, values in scenario.parameters.items()}
    for dotted, values in draws.items():
        group, name = dotted.split(".")
        parameters.setdefault(group, {})[name] = float(values[world])
    return scenario.model_copy(update={"parameters": parameters})


def replicates_in_each(replicates: int, worlds: int) -> int:
    """Return how many replicates run in each world: together about as many as in the comparison itself."""
    return max(LEAST_REPLICATES, -(-replicates // worlds))
