"""The firms that a place has at its start, and what becomes of each of them year by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from clustersim.model.indicators import AT
from clustersim.model.sizes import BOUNDS, CLASSES
from clustersim.model.state import Record
from clustersim.results.reading import live_firms
from clustersim.scenario.model import Scenario
from clustersim.simulation.batches import Job, run_batches
from clustersim.simulation.engine import Simulation

FLOWS = ("sales", "exports", "value_added", "research")


@dataclass(frozen=True)
class Firms:
    """The firms of a place at its start in every replicate; those that settle or start later are not among them.

    Attributes
    ----------
    segments : tuple of str
        Names of the segments of the place.
    employees, segment : array (replicate, firm)
        At the start; a replicate that began without a firm has no employees there, and segment -1.
    flows : array (flow, year, replicate, firm)
        In the order of `FLOWS`, kUSD a year, 0 once a firm has closed. Research is R&D intensity times sales.
    jobs : array (year, replicate, firm)
        Persons, mean over the year.
    whole : array (year, replicate, firm)
        Whether the firm is there at the end of all four quarters.
    public : array (year, replicate)
        Public money spent in the place, kUSD.
    """

    segments: tuple[str, ...]
    employees: np.ndarray
    segment: np.ndarray
    flows: np.ndarray
    jobs: np.ndarray
    whole: np.ndarray
    public: np.ndarray

    def __getitem__(self, name: str) -> np.ndarray:
        return self.jobs if name == "jobs" else self.flows[FLOWS.index(name)]

    def of(self, classes: Sequence[str], segments: Sequence[str] | None) -> np.ndarray:
        """Return which firms (replicate, firm) were in these size classes and segments at the start; no segments are all."""
        size = np.searchsorted(BOUNDS, self.employees, side="right")
        chosen = np.isin(size, [CLASSES.index(name) for name in classes]) & (self.segment >= 0)
        if segments is None:
            return chosen
        return chosen & np.isin(self.segment, [self.segments.index(name) for name in segments])


class Watch:
    """The reducer that looks at the firms of the start after each quarter.

    Parameters
    ----------
    simulation : Simulation
        At its start, of a scenario with one cluster.
    """

    every = 1

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        state = simulation.state
        rows, owner = live_firms(state)
        self._uid = np.unique(state.actors.uid[rows])  # a firm of the start has the same identity in all replicates
        shape = len(state.clusters), self._uid.size
        at = owner, np.searchsorted(self._uid, state.actors.uid[rows])
        self._employees, self._segment = np.zeros(shape), np.full(shape, -1)
        self._employees[at], self._segment[at] = state.actors.employees[rows], state.actors.segment[rows]
        self._quarters: list[np.ndarray] = []
        self._years: list[np.ndarray] = []
        self._public: list[np.ndarray] = []

    def note(self, record: Record) -> None:
        """Take note of a quarter."""
        state: Any = self._simulation.state
        actors, (rows, owner) = state.actors, live_firms(state)
        at = np.searchsorted(self._uid, actors.uid[rows])
        known = self._uid[np.minimum(at, self._uid.size - 1)] == actors.uid[rows]
        rows, at = rows[known], (owner[known], at[known])
        seen = (actors.sales, actors.exports, actors.wage_bill + actors.profit, actors.rd_share * actors.sales, actors.employees)
        now = np.zeros((len(seen) + 1, *self._employees.shape))
        for place, column in enumerate(seen):
            now[place][at] = column[rows]
        now[-1][at] = 1.0
        self._quarters.append(now)
        self._public.append(record.indicators[-1, :, AT["public_spending"]])
        if len(self._quarters) == 4:
            self._years.append(np.sum(self._quarters, axis=0))
            self._quarters.clear()

    def end(self) -> Firms:
        """Return what became of the firms in all whole years."""
        years = np.stack(self._years, axis=1)
        public = np.array(self._public)[: 4 * len(self._years)].reshape(len(self._years), 4, -1).sum(axis=1)
        (cluster,) = self._simulation.scenario.place.clusters
        return Firms(cluster.segments, self._employees, self._segment, years[:-2], years[-2] / 4.0, years[-1] == 4.0, public)


def followed(scenario: Scenario, seed: int, replicates: int) -> Firms:
    """Run a scenario with one cluster and return what became of the firms of its start.

    Examples
    --------
    >>> from clustersim.scenario.loading import load_scenario
    >>> firms = followed(load_scenario("no_policy", ["horizon.years=2"]), seed=1, replicates=3)
    >>> firms["sales"].shape, bool((firms["sales"][0].sum(axis=1) > 0).all())
    ((2, 3, 63), True)
    """
    parts = [batch.parts[0] for batch in run_batches([Job(scenario, Watch, seed)], range(replicates))]

    def joined(name: str, axis: int) -> np.ndarray:
        return np.concatenate([getattr(part, name) for part in parts], axis=axis)

    return Firms(
        parts[0].segments, joined("employees", 0), joined("segment", 0), joined("flows", 2), joined("jobs", 1),
        joined("whole", 1), joined("public", 1),
    )  # fmt: skip
