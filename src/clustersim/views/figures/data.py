"""What the figures draw, taken once from a run's tables: arrays by cluster, replicate and quarter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clustersim.model.state import PHASES
from clustersim.results.phases import PhaseShares

if TYPE_CHECKING:
    from clustersim.results import RunResult

MOST_CLUSTERS = 6  # figures show the first clusters only, and say so


@dataclass(frozen=True, slots=True)
class Spending:
    """Public money by instrument: names in order of size, and kUSD a year by instrument, replicate and year."""

    instruments: list[str]
    public: NDArray[Any]


class FigureData:
    """Arrays for the figures of one run.

    Parameters
    ----------
    result : RunResult
        A finished run. `indicators` must hold every replicate, quarter and cluster once.

    Attributes
    ----------
    clusters : list of str
        Names in the scenario's order; `shown` is the part that figures draw.
    replicates : array
        Numbers of the replicates.
    ends : array
        The end of each quarter, as a calendar year with fraction; `edges` adds the start.
    """

    def __init__(self, result: RunResult) -> None:
        self.result = result
        frame = result.indicators
        present = set(frame["cluster"].astype(str).unique())
        self.clusters = [c.name for c in result.scenario.place.clusters if c.name in present]
        self.shown = self.clusters[:MOST_CLUSTERS]
        codes = pd.Categorical(frame["cluster"].astype(str), self.clusters).codes
        replicate, quarter = frame["replicate"].to_numpy(), frame["quarter"].to_numpy()
        self.replicates, self.first_quarter = np.unique(replicate), int(quarter.min())
        quarters = int(quarter.max()) - self.first_quarter + 1
        self._shape = (len(self.clusters), len(self.replicates), quarters)
        if len(frame) != np.prod(self._shape):
            expected = " × ".join(str(n) for n in self._shape)
            raise ValueError(f"indicators has {len(frame)} rows; clusters × replicates × quarters = {expected}")
        self._order = np.lexsort((quarter, replicate, codes))
        self.start = float(result.scenario.horizon.start_year)
        self.edges = self.start + np.arange(quarters + 1) / 4.0
        self.ends = self.edges[1:]

    def _column(self, name: str) -> NDArray[Any]:
        return self.result.indicators[name].to_numpy(dtype=float)[self._order].reshape(self._shape)

    def values(self, name: str, cluster: str) -> NDArray[Any]:
        """Return an indicator (replicate, quarter)."""
        return self._column(name)[self.clusters.index(cluster)]

    def means(self, name: str, cluster: str) -> NDArray[Any]:
        """Return an indicator that is a mean or a share (replicate, quarter), undefined where the cluster has no firms.

        It is undefined for all replicates while fewer than half of them have firms: a few survivors are not typical.
        """
        alive = self.values("firms", cluster) > 0.0
        return np.where(alive & (alive.mean(axis=0) >= 0.5), self.values(name, cluster), np.nan)

    @cached_property
    def _phases(self) -> NDArray[np.int8]:
        column = self.result.indicators["phase"]
        if isinstance(column.dtype, pd.CategoricalDtype) or not pd.api.types.is_numeric_dtype(column):
            column = pd.Series(pd.Categorical(column.astype(str), PHASES).codes)
        return column.to_numpy(dtype=np.int8)[self._order].reshape(self._shape)

    def phases(self, cluster: str | None) -> NDArray[np.int8]:
        """Return the codes of phases (replicate, quarter); for no cluster, the replicates of all clusters."""
        if cluster is None:
            return self._phases.reshape(-1, self._shape[2])
        return self._phases[self.clusters.index(cluster)]

    def phase_shares(self, cluster: str | None) -> PhaseShares:
        """Return how many replicates are in each phase; for no cluster, of all clusters."""
        return PhaseShares.of(self.phases(cluster))

    def relative_employment(self, cluster: str | None) -> NDArray[Any]:
        """Return relative employment, start = 100 (replicate, quarter); for no cluster, of all clusters together."""
        at_start = {c.name: c.location_quotient for c in self.result.scenario.place.clusters}
        if cluster is not None:
            return 100.0 * self.values("location_quotient", cluster) / at_start[cluster]
        quotients = self._column("location_quotient") / np.array([at_start[name] for name in self.clusters])[:, None, None]
        weights = self._column("employment")[:, :, :1] / np.maximum(quotients[:, :, :1], 1e-12)
        return 100.0 * (weights * quotients).sum(axis=0) / np.maximum(weights.sum(axis=0), 1e-12)

    @cached_property
    def years(self) -> NDArray[Any]:
        """The middle of each full year; of what there is, if the run is shorter than a year."""
        return self.start + np.arange(max(1, self._shape[2] // 4)) + min(0.5, self._shape[2] / 8.0)

    def yearly(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return amounts a year in each full year (replicate, year) of values by quarter."""
        full = values[:, : 4 * len(self.years)]
        return self._a_year * full.reshape(len(full), len(self.years), -1).sum(axis=2)

    @property
    def _a_year(self) -> float:
        """What makes an amount a year of a sum over one of `years`: more than 1 if the run is shorter than a year."""
        return 4.0 / min(4, self._shape[2])

    def spending(self, cluster: str) -> Spending:
        """Return public spending by instrument and year, the largest first; instruments without money are left out."""
        frame = self.result.spending
        years = len(self.years)
        year = (frame["quarter"].to_numpy(dtype=int) - self.first_quarter) // 4
        kept = (frame["cluster"].astype(str).to_numpy() == cluster) & (year >= 0) & (year < years)
        names, instrument = np.unique(frame["instrument"].astype(str).to_numpy()[kept], return_inverse=True)
        replicate = np.searchsorted(self.replicates, frame["replicate"].to_numpy()[kept])
        public = np.zeros((len(names), len(self.replicates), years))
        np.add.at(public, (instrument, replicate, year[kept]), self._a_year * frame["public"].to_numpy(dtype=float)[kept])
        totals = public.sum(axis=(1, 2))
        order = [k for k in np.argsort(-totals, kind="stable") if totals[k] > 0.0]
        return Spending([str(names[k]) for k in order], public[order])

    def typical_replicate(self) -> int:
        """Return the number of the replicate whose final employment, all clusters together, is nearest the median."""
        final = self._column("employment")[:, :, -1].sum(axis=0)
        return int(self.replicates[np.argmin(np.abs(final - np.median(final)))])

    def first_reached(self, cluster: str, replicate: int) -> list[tuple[int, int]]:
        """Return (code of phase, quarters done) where the replicate first was in each phase, in that order."""
        codes = self.phases(cluster)[np.searchsorted(self.replicates, replicate)]
        found, places = np.unique(codes, return_index=True)
        return sorted(zip(found.tolist(), (places + 1).tolist(), strict=True), key=lambda pair: pair[1])
