"""A laboratory for patterns: variations of one place, run in paired replicates, with mechanisms that can be switched off.

All variations share seed and replicates, so that two of them differ only by what was varied (common random numbers).
An ablation sets parameters to values outside their declared ranges; only the laboratory may do so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from clustersim.model.indicators import INDICATORS
from clustersim.model.state import DEVELOPMENT, DISSOLVED, RENAISSANCE
from clustersim.scenario.model import Scenario
from clustersim.simulation.batches import Indicators, Job, run_batches
from clustersim.simulation.engine import Simulation

COLUMN = {name: k for k, name in enumerate(INDICATORS)}
Values = Mapping[str, float]  # dotted parameter names

PLACE = {"name": "valley", "segments": ("suppliers", "producers"), "tractors": 3, "smes": 60, "location_quotient": 1.5}


class Run:
    """Indicators of one variation: arrays of (quarter, replicate)."""

    def __init__(self, record: np.ndarray) -> None:
        self.record = record

    def __getitem__(self, indicator: str) -> np.ndarray:
        return self.record[:, :, COLUMN[indicator]]

    def developed(self, quarter: int) -> np.ndarray:
        """Return, for each replicate, whether it reached development or beyond before `quarter`."""
        phase = self["phase"][:quarter]
        return ((phase >= DEVELOPMENT) & (phase <= RENAISSANCE) & (phase != DISSOLVED)).any(axis=0)

    def first(self, indicator: str, level: float) -> np.ndarray:
        """Return, for each replicate, the first quarter in which the indicator reaches `level`; NaN if never."""
        there = self[indicator] >= level
        return np.where(there.any(axis=0), there.argmax(axis=0).astype(float), np.nan)


class Laboratory:
    """Runs variations of one place and remembers them.

    Parameters
    ----------
    replicates : int
        Paired replicates of each variation.
    seed : int
        Seed of all variations.
    """

    def __init__(self, replicates: int, seed: int = 1) -> None:
        self.replicates = replicates
        self.seed = seed
        self.quarters_run = 0
        self._runs: dict[str, Run] = {}

    def scenario(
        self, *, years: float = 40, programme: dict[str, Any] | None = None, shocks: tuple[dict[str, Any], ...] = (),
        government: dict[str, Any] | None = None, off: Values | None = None, **place: Any,
    ) -> Scenario:  # fmt: skip
        """Return a variation of the place; `off` sets parameters beyond their ranges."""
        scenario = Scenario.model_validate({
            "title": "laboratory", "horizon": {"years": years}, "place": {"clusters": [PLACE | place]},
            "environment": {"shocks": shocks}, "programme": programme,
            "institutions": {"government": government or {"orientation": "bottom_up"}},
        })  # fmt: skip
        return with_values(scenario, off or {})

    def simulation(self, **variation: Any) -> Simulation:
        """Return the simulation of a variation at its start."""
        return Simulation(self.scenario(**variation), self.seed, range(self.replicates))

    def run(self, **variation: Any) -> Run:
        """Return the run of a variation; the same variation is run once."""
        key = repr(sorted(variation.items()))
        if key not in self._runs:
            self._runs[key] = self.run_of(self.scenario(**variation), np.float32)  # half the memory
            self.quarters_run += self._runs[key].record.shape[0] * self.replicates
        return self._runs[key]

    def run_of(self, scenario: Scenario, kind: Any = np.float64) -> Run:
        """Return the run of a scenario, with the laboratory's seed and replicates; `kind` is the data type of its record."""
        return Run(indicators_of(scenario, self.seed, self.replicates, kind))

    def forget(self) -> None:
        """Let go of all runs, which take much memory."""
        self._runs.clear()


def indicators_of(scenario: Scenario, seed: int, replicates: int, kind: Any = np.float64) -> np.ndarray:
    """Return the indicators of a scenario's first replicates: an array (quarter, replicate and cluster, indicator)."""
    job = Job(scenario, partial(Indicators, kind=kind), seed)
    return np.concatenate([batch.parts[0] for batch in run_batches([job], range(replicates))], axis=1)


def with_values(scenario: Scenario, values: Values) -> Scenario:
    """Return the scenario with these parameters, also where they lie outside their declared ranges."""
    groups = {group: dict(named) for group, named in scenario.parameters.items()}
    for dotted, value in values.items():
        group, name = dotted.split(".")
        groups.setdefault(group, {})[name] = value
    return scenario.model_copy(update={"parameters": groups})


def bootstrap(statistic: Callable[[np.ndarray], float], replicates: int, draws: int = 400) -> tuple[float, float, float]:
    """Return the statistic over all replicates and its 5-95 % interval, resampling replicates.

    `statistic` takes the numbers of the replicates to use.
    """
    rng = np.random.default_rng(7)
    values = [statistic(rng.integers(0, replicates, replicates)) for _ in range(draws)]
    finite = np.array([v for v in values if np.isfinite(v)])
    if finite.size < draws // 2:
        return float("nan"), float("nan"), float("nan")
    low, high = np.percentile(finite, (5, 95))
    return float(statistic(np.arange(replicates))), float(low), float(high)


def advantage(score: np.ndarray, truth: np.ndarray) -> float:
    """Return the chance that a true case scores above a false one (area under the ROC curve); NaN without both."""
    positive, negative = score[truth], score[~truth]
    if positive.size == 0 or negative.size == 0:
        return float("nan")
    return float((positive[:, None] > negative[None, :]).mean() + 0.5 * (positive[:, None] == negative[None, :]).mean())
