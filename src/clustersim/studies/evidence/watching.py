"""The runs that facts are measured on, made when they are asked for: indicators that measures read, and members beside others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from clustersim.model.indicators import AT
from clustersim.model.state import Record
from clustersim.model.units import YEAR
from clustersim.results.reading import live_firms
from clustersim.scenario.loading import load_scenario
from clustersim.scenario.model import Scenario
from clustersim.simulation.batches import Job, Progress, run_batches
from clustersim.simulation.engine import Simulation
from clustersim.studies.evidence.library import library

READ = (
    "formal", "formal_membership", "association_age", "members", "staff", "entry_point", "facilitators", "programme_stage",
    "income_fees", "income_services", "income_private", "income_public", "income_foreign", "project_partners", "projects_running",
    "started_purchase", "started_promotion", "started_training", "started_standards", "started_services", "started_export",
    "started_research", "sales", "exports", "private_cofinance", "growing_small", "loans_guaranteed", "network_organisations",
    "applied", "approved", "investment_called",
)  # fmt: skip
COLUMNS = [AT[name] for name in READ]
LOOKED_YEARS = 5  # the last years of a run, in which members are looked at beside other firms
TRAITS = ("quality", "export_share", "innovated", "growth")
OTHERS, MEMBERS = range(2)


class Watch:
    """The reducer of a batch: keeps what `READ` names, and traits of members and of other firms at the end of the last years.

    Parameters
    ----------
    simulation : Simulation
        At its start.
    """

    every = YEAR

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self._record: list[np.ndarray] = []
        self._sides: list[np.ndarray] = []
        self._before: tuple[np.ndarray, ...] | None = None

    def note(self, record: Record) -> None:
        """Keep a stretch; look at firms at a year's end."""
        self._record.append(record.indicators[:, :, COLUMNS].astype(np.float32))
        left = self.simulation.scenario.quarters - self.simulation.quarter
        if self.simulation.quarter % YEAR == 0 and left <= LOOKED_YEARS * YEAR:
            self._look()

    def _look(self) -> None:
        """Take the mean traits of members and others of each cluster; growth is that of firms that were there a year before."""
        state = self.simulation.state
        rows, owner = live_firms(state)
        actors = state.actors
        member = actors.member[rows].astype(np.int64)
        sales, exports = actors.sales[rows], actors.exports[rows]
        share = np.divide(exports, sales, out=np.full(sales.shape, np.nan), where=sales > 0.0)
        now = {"quality": actors.quality[rows], "export_share": share, "innovated": actors.innovated[rows].astype(float)}
        names = np.stack([owner.astype(np.uint64), actors.uid[rows]], axis=1)
        count = len(state.clusters)
        if self._before is not None:
            was_names, was_member, was_jobs = self._before
            both, here, there = _common(names, was_names)
            growth = np.log(actors.employees[rows][here] / was_jobs[there])
            means = [_means(now[name], owner, member, count) for name in TRAITS if name in now]
            means.append(_means(growth, both, was_member[there], count))
            self._sides.append(np.stack(means))
        self._before = names, member, actors.employees[rows].copy()

    def end(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the indicators (quarter, cluster, indicator) and the traits (year, trait, cluster, side)."""
        sides = np.stack(self._sides) if self._sides else np.empty((0, len(TRAITS), len(self.simulation.state.clusters), 2))
        return np.concatenate(self._record), sides


def _common(now: np.ndarray, before: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the cluster of each firm that stands in both tables of names, and its rows in them."""
    pairs = [np.ascontiguousarray(names).view([("owner", "u8"), ("uid", "u8")])[:, 0] for names in (now, before)]
    both, here, there = np.intersect1d(pairs[0], pairs[1], assume_unique=True, return_indices=True)
    return both["owner"].astype(np.int64), here, there


def _means(values: np.ndarray, owner: np.ndarray, side: np.ndarray, clusters: int) -> np.ndarray:
    """Return the mean over the firms of each cluster and side that have a value: an array (cluster, side), NaN without any.

    Examples
    --------
    >>> _means(np.array([1.0, 3.0, np.nan]), np.array([0, 0, 0]), np.array([1, 1, 0]), 1).tolist()
    [[nan, 2.0]]
    """
    known = np.isfinite(values)
    cell = (2 * owner + side)[known]
    count = np.bincount(cell, minlength=2 * clusters)
    total = np.bincount(cell, values[known], minlength=2 * clusters)
    means = np.divide(total, count, out=np.full(2 * clusters, np.nan), where=count > 0)
    return means.reshape(clusters, 2)


@dataclass(frozen=True)
class Seen:
    """What was seen of a scenario.

    Attributes
    ----------
    scenario : Scenario
        As it ran.
    record : mapping of str to array (quarter, replicate, cluster)
        The indicators that `READ` names.
    sides : array (year, trait, replicate, cluster, side)
        Mean `TRAITS` of other firms and of members at the end of the last years, NaN without such firms.
    """

    scenario: Scenario
    record: Mapping[str, np.ndarray]
    sides: np.ndarray

    def __getitem__(self, indicator: str) -> np.ndarray:
        return self.record[indicator]

    def ends(self, indicator: str) -> np.ndarray:
        """Return an indicator at the end of each year: an array (year, replicate, cluster)."""
        return self.record[indicator][YEAR - 1 :: YEAR]

    def yearly(self, indicator: str) -> np.ndarray:
        """Return the sum of an indicator over each whole year: an array (year, replicate, cluster)."""
        values = self.record[indicator]
        whole = values[: len(values) // YEAR * YEAR].astype(float)
        return whole.reshape(-1, YEAR, *values.shape[1:]).sum(axis=1)

    def until(self, year: float) -> int:
        """Return the number of quarters that end by a date, such as 2010.75; all of them if the run ends before.

        Raises
        ------
        ValueError
            If the run begins after it.
        """
        quarters = round((year - self.scenario.horizon.start_year) * YEAR)
        if quarters <= 0:
            raise ValueError(f"{self.scenario.title} begins after {year}")
        return min(quarters, self.scenario.quarters)


class Sample:
    """Runs of shipped scenarios.

    Parameters
    ----------
    replicates : int
        Of each scenario.
    seed : int
        Of all runs.
    progress : callable, optional
        Called with a scenario's name, and quarters done and in all, summed over replicates, while it runs.
    """

    def __init__(self, replicates: int, seed: int = 1, progress: Callable[[str, int, int], object] | None = None) -> None:
        self.replicates = replicates
        self.seed = seed
        self._progress = progress
        self._seen: dict[str, Seen] = {}
        self._survey: Survey | None = None

    def of(self, name: str) -> Seen:
        """Return what was seen of a shipped scenario, which is run once."""
        if name not in self._seen:
            scenario = load_scenario(name)
            told: Progress | None = None if self._progress is None else partial(self._progress, name)
            parts = [batch.parts[0] for batch in run_batches([Job(scenario, Watch, self.seed)], range(self.replicates),
                                                             progress=told)]  # fmt: skip
            record = np.concatenate([part[0] for part in parts], axis=1)
            sides = np.concatenate([part[1] for part in parts], axis=2)
            count = len(scenario.place.clusters)
            split = record.reshape(len(record), self.replicates, count, len(READ))
            shaped = sides.reshape(*sides.shape[:2], self.replicates, count, 2)
            self._seen[name] = Seen(scenario, {name: split[..., k] for k, name in enumerate(READ)}, shaped)
        return self._seen[name]

    @property
    def survey(self) -> Survey:
        """The initiatives of all places of the library."""
        if self._survey is None:
            self._survey = Survey({name: self.of(name) for name in library()})
        return self._survey


class Survey:
    """A look at the initiative of each place of the library at the end of each year, as a worldwide survey would ask.

    An initiative is there where an association exists or facilitators work. A look weighs one over the replicates and years of
    its scenario, so that all places count the same, whatever their horizon.

    Parameters
    ----------
    seen : mapping of str to Seen
        By scenario.
    """

    def __init__(self, seen: Mapping[str, Seen]) -> None:
        columns: dict[str, list[np.ndarray]] = {}
        places = 0
        for one in seen.values():
            years, replicates, clusters = one.ends("formal").shape
            looks = {"place": np.broadcast_to(places + np.arange(clusters), (years, replicates, clusters))}
            looks["weight"] = np.full((years, replicates, clusters), 1.0 / (years * replicates))
            looks |= {name: one.ends(name) for name in ENDS}
            looks |= {name: one.yearly(name) for name in SUMS}
            for name, values in looks.items():
                columns.setdefault(name, []).append(values.ravel())
            places += clusters
        self.places = places
        whole = {name: np.concatenate(parts) for name, parts in columns.items()}
        there = (whole["formal"] > 0) | (whole["facilitators"] > 0)
        self.columns = {name: values[there] for name, values in whole.items()}

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]


ENDS = ("formal", "formal_membership", "association_age", "members", "staff", "entry_point", "facilitators", "project_partners")
SUMS = ("income_fees", "income_services", "income_private", "income_public", "income_foreign",
        *(name for name in READ if name.startswith("started_")))  # fmt: skip
