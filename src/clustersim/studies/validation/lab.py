"""A laboratory for patterns: variations of one place, run in paired replicates, with mechanisms that can be switched off.

All variations share seed and replicates, so that two of them differ only by what was varied (common random numbers).
An ablation sets parameters to values outside their declared ranges; only the laboratory may do so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from clustersim.model.indicators import INDICATORS
from clustersim.model.state import DEVELOPMENT, DISSOLVED, RENAISSANCE, TRACTOR
from clustersim.scenario.model import Scenario
from clustersim.simulation.batches import Indicators, Job, run_batches
from clustersim.simulation.engine import Simulation

COLUMN = {name: k for k, name in enumerate(INDICATORS)}
Values = Mapping[str, float]  # dotted parameter names

PLACE = {"name": "valley", "segments": ("suppliers", "producers"), "tractors": 3, "smes": 60, "location_quotient": 1.5}


class NoValue(Exception):
    """What a statistic asks for is not there: in a null model that has no such output, or in the model itself.

    Parameters
    ----------
    reason : str
        Why, as a text of the catalogue.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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


@dataclass(frozen=True)
class Census:
    """All live firms of all replicates at one time: replicate, identity, employees and quarter of birth of each."""

    world: np.ndarray
    uid: np.ndarray
    employees: np.ndarray
    born: np.ndarray


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
        return Simulation.taken(self.scenario(**variation), self.seed, range(self.replicates))

    def simulation_of(self, scenario: Scenario, replicates: int) -> Simulation:
        """Return the simulation of another scenario at its start, with the laboratory's seed."""
        return Simulation.taken(scenario, self.seed, range(replicates))

    def run(self, **variation: Any) -> Run:
        """Return the run of a variation; the same variation is run once."""
        key = repr(sorted(variation.items()))
        if key not in self._runs:
            self._runs[key] = self.run_of(self.scenario(**variation), np.float32)  # half the memory
            self.quarters_run += self._runs[key].record.shape[0] * self.replicates
        return self._runs[key]

    def census(self, *quarters: int, **variation: Any) -> list[Census]:
        """Return the live firms of a variation at each of these quarters, in rising order."""
        simulation, found, now = self.simulation(**variation), [], 0
        for quarter in quarters:
            simulation.advance(quarter - now)
            found.append(_census(simulation))
            now = quarter
        return found

    def pushed(self, push: float, at: int, quarters: int, **variation: Any) -> tuple[Run, Run]:
        """Return the `quarters` after quarter `at` without and with a push of all trust, in ties and in strangers, at `at`."""
        calm, hit = (self.simulation(**variation) for _ in range(2))
        for simulation in (calm, hit):
            simulation.advance(at)
        ties, actors = hit._state.ties, hit._state.actors  # what nothing in the model does, and nobody else may
        for trust in (ties.trust_ab, ties.trust_ba):
            trust[trust > 0] = np.minimum(1.0, trust[trust > 0] + push)
        actors.climate[:] = np.minimum(1.0, actors.climate + push * (actors.kind >= 0))
        return Run(calm.advance(quarters).indicators), Run(hit.advance(quarters).indicators)

    def run_of(self, scenario: Scenario, kind: Any = np.float64) -> Run:
        """Return the run of a scenario, with the laboratory's seed and replicates; `kind` is the data type of its record."""
        return Run(indicators_of(scenario, self.seed, self.replicates, kind))

    def forget(self) -> None:
        """Let go of all runs, which take much memory."""
        self._runs.clear()


def _census(simulation: Simulation) -> Census:
    actors, clusters = simulation.state.actors, simulation.state.clusters
    rows = np.flatnonzero(actors.kind >= TRACTOR)
    world = np.searchsorted(clusters["first"], rows, side="right") - 1
    return Census(world, actors.uid[rows].copy(), actors.employees[rows].copy(), actors.born[rows].copy())


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

    `statistic` takes the numbers of the replicates to use. All three are NaN where it has no value over all replicates, or none
    in more than one resample in twenty: an interval of what happens to be there would be one of chosen samples.

    Examples
    --------
    >>> bootstrap(lambda who: 3.0, 10)
    (3.0, 3.0, 3.0)
    """
    rng = np.random.default_rng(7)
    values = np.array([statistic(rng.integers(0, replicates, replicates)) for _ in range(draws)])
    value, finite = float(statistic(np.arange(replicates))), values[np.isfinite(values)]
    if not np.isfinite(value) or finite.size < 0.95 * draws:
        return float("nan"), float("nan"), float("nan")
    low, high = np.percentile(finite, (5, 95))
    return value, float(low), float(high)


def advantage(score: np.ndarray, truth: np.ndarray) -> float:
    """Return the chance that a true case scores above a false one (area under the ROC curve); NaN without both."""
    positive, negative = score[truth], score[~truth]
    if positive.size == 0 or negative.size == 0:
        return float("nan")
    return float((positive[:, None] > negative[None, :]).mean() + 0.5 * (positive[:, None] == negative[None, :]).mean())
