"""The simulated places that stand beside published clusters: shipped scenarios, of several sizes, looked at as a census would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from clustersim.model.indicators import AT
from clustersim.scenario.loading import load_scenario
from clustersim.studies.validation.histories.published import LEAST_PUBLISHED
from clustersim.studies.validation.lab import bootstrap, indicators_of

FIRST, EVERY, WINDOW = 10, 5, 5  # years: the first that is looked at, from one look to the next, and how many each look holds
CLUSTER_FROM, SEED_TO = 10, 5  # establishments in a look's first year: a cluster has as many or more, a seed as many or fewer


@dataclass(frozen=True)
class Source:
    """Places that are run: a shipped scenario, or equal copies of the place of `organic` with other numbers of firms."""

    name: str
    scenario: str
    tractors: int | None = None
    smes: int = 0
    copies: int = 1

    @property
    def overrides(self) -> list[str]:
        """What is set in the scenario."""
        if self.tractors is None:
            return []
        values = {"tractors": self.tractors, "smes": self.smes, "copies": self.copies}
        return [f"place.clusters.valley.{key}={value}" for key, value in values.items()]


SOURCES = (
    Source("organic", "organic"),
    Source("designed", "designed"),
    Source("basque_machine_tools", "basque_machine_tools"),
    Source("ecuador_national_strategy", "ecuador_national_strategy"),
    Source("organic_fifth", "organic", 1, 12, 10),
    Source("organic_half", "organic", 2, 30, 10),
    Source("organic_double", "organic", 6, 120, 10),
    Source("organic_seeds", "organic", 0, 4, 10),
)


@dataclass(frozen=True)
class Histories:
    """What was seen of places in looks of five years, a row each.

    Attributes
    ----------
    firms, jobs : array (look, year)
        In the first quarter of each year; NaN where the cell would not be published.
    source, world, activity, industry : array of int
        Number of the source; of the run (one replicate of a source); of what the place makes, within its source; and of the
        industry: places of one activity in one run and look.
    """

    firms: np.ndarray
    jobs: np.ndarray
    source: np.ndarray
    world: np.ndarray
    activity: np.ndarray
    industry: np.ndarray

    def __len__(self) -> int:
        return len(self.source)

    def at(self, rows: np.ndarray) -> Histories:
        """Return some rows: numbers, or which to keep."""
        return Histories(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    @cached_property
    def clusters(self) -> Histories:
        """The looks at places that are clusters in their first year."""
        return self.at(self.firms[:, 0] >= CLUSTER_FROM)

    @cached_property
    def seeds(self) -> Histories:
        """The looks at places that are seeds in their first year."""
        return self.at(self.firms[:, 0] <= SEED_TO)

    def growth(self, of: str, first: int, last: int) -> np.ndarray:
        """Return log growth of "jobs" or "firms" in the years after the years `first` to `last` of a look: (look, year)."""
        values = np.log(getattr(self, of))
        return np.asarray(np.diff(values, axis=1)[:, first : last + 1])


def looks(firms: np.ndarray, jobs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return firms and jobs of all looks (look, year), and the place and first year of each, from arrays (quarter, place).

    Examples
    --------
    >>> firms = np.full((60, 1), 12.0)
    >>> seen, jobs, place, year = looks(firms, 10 * firms)
    >>> seen.tolist(), place.tolist(), year.tolist()
    ([[12.0, 12.0, 12.0, 12.0, 12.0]], [0], [10])
    """
    march = slice(0, None, 4)
    told = firms[march] >= LEAST_PUBLISHED
    yearly = [np.where(told, values[march], np.nan) for values in (firms, jobs)]
    begins = list(range(FIRST, len(told) - WINDOW + 1, EVERY))
    cut = [np.concatenate([values[b : b + WINDOW].T for b in begins]) for values in yearly]
    places = np.tile(np.arange(firms.shape[1]), len(begins))
    return cut[0], cut[1], places, np.repeat(begins, firms.shape[1])


class Pool:
    """Runs of all sources, made when they are asked for.

    Parameters
    ----------
    places : int
        Places of each source, about.
    seed : int
        Of all runs.
    """

    def __init__(self, places: int, seed: int = 1) -> None:
        self.places = places
        self.seed = seed

    @cached_property
    def histories(self) -> Histories:
        """What is seen of all places."""
        parts, worlds = [], 0
        for number, source in enumerate(SOURCES):
            scenario = load_scenario(source.scenario, source.overrides)
            clusters = scenario.place.clusters
            count, runs = len(clusters), max(2, round(self.places / len(clusters)))
            record = indicators_of(scenario, self.seed, runs, np.float32)
            firms, jobs, place, year = looks(*(record[:, :, AT[name]].astype(float) for name in ("firms", "employment")))
            world = worlds + place // count
            activity = np.zeros(place.size, int) if source.copies > 1 else place % count
            industry = (world * 1000 + year) * count + activity
            parts.append(Histories(firms, jobs, np.full(place.size, number), world, number * 1000 + activity, industry))
            worlds += runs
        names = Histories.__dataclass_fields__
        return Histories(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def estimate(self, statistic: Callable[[Histories], float]) -> tuple[float, float, float]:
        """Return the statistic over all places, and its 5-95 % interval when whole runs are drawn anew (bootstrap)."""
        everyone = self.histories
        order = np.argsort(everyone.world, kind="stable")
        runs = np.split(order, np.flatnonzero(np.diff(everyone.world[order])) + 1)
        return bootstrap(lambda who: statistic(everyone.at(np.concatenate([runs[w] for w in who]))), len(runs), draws=100)

    def by_source(self, statistic: Callable[[Histories], float]) -> dict[str, float]:
        """Return the statistic of each source by itself."""
        everyone = self.histories
        return {source.name: float(statistic(everyone.at(everyone.source == k))) for k, source in enumerate(SOURCES)}
