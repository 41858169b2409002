"""The notation of docs/odd.md, and the world: what its clusters share, and the draws (sections 2 and 4)."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np

from clustersim.core import draws

WORD = 2**64


def total(values):
    """Sum from left to right, as the equations are read; Python's own sum compensates for rounding from 3.12 on."""
    found = 0
    for value in values:
        found += value
    return found


def above_zero(x: float) -> float:
    """[x]+ of the notation."""
    return x if x > 0.0 else 0.0


def clip(x: float, low: float, high: float) -> float:
    return min(max(x, low), high)


def logistic(x: float) -> float:
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    return math.exp(x) / (1.0 + math.exp(x))


def turn(a: float, b: float) -> float:
    """Distance of two positions on the circle of technologies."""
    return min(abs(a - b), 1.0 - abs(a - b))


def wrap(x: float) -> float:
    """Signed offset on that circle, in [-1/2, 1/2)."""
    return x - math.floor(x + 0.5)


def gumbel(u: float) -> float:
    return -math.log(-math.log(u))


class World:
    """What the clusters share; it also gives the draws of the present quarter."""

    def __init__(self, seed: int, replicate: int, parameters: SimpleNamespace):
        self.key = draws.world_key(seed, replicate)
        self.parameters = parameters
        self.quarter = self.begins = 0
        self.frontier = 0.0
        self.regime = self.coming = 0.5
        self.cycle_local = self.cycle_export = 0.0
        self.shock_demand = self.rivalry = self.unrest = self.departures = 0.0
        self.wage = parameters.population.wage
        self.output = parameters.population.output
        self.growth = parameters.environment.frontier_growth

    def _stream(self, name: str, quarter: int | None, number: int = 0):
        key = np.uint64((int(self.key) + number) % WORD)
        return np.uint64(draws.stream(key, self.quarter if quarter is None else quarter, draws.PROCESS[name]))

    def uniform(self, name: str, who: int, quarter: int | None = None, number: int = 0) -> float:
        """A draw; the number is added to the world's key, where several draws of a process are for the same."""
        return draws.uniform(self._stream(name, quarter, number), np.uint64(who % WORD))

    def normal(self, name: str, who: int, quarter: int | None = None) -> float:
        return draws.normal(self._stream(name, quarter), np.uint64(who % WORD))

    def laplace(self, name: str, who: int) -> float:
        return draws.laplace(self._stream(name, None), np.uint64(who % WORD))

    def bell(self, name: str, who: int) -> float:
        return draws.bell(self._stream(name, None), np.uint64(who % WORD))

    def whole(self, name: str, who: int, mean: float) -> int:
        return int(draws.whole(self._stream(name, None), np.uint64(who % WORD), mean))


def identity(parent: int, quarter: int, number: int) -> int:
    return int(draws.identity(np.uint64(parent), quarter, number))


def pair(a: int, b: int) -> int:
    return int(draws.pair(np.uint64(a % WORD), np.uint64(b % WORD)))
