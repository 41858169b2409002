"""The most frequent phase of many replicates, quarter by quarter, told so that it does not go to and fro between two.

The plain mode changes whenever a single replicate does, as long as two phases have nearly equal shares. So the phase that is told
stays until another one is clearly ahead of it; where one is nearly as frequent, that is told as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from clustersim.core import arguments
from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.model.state import PHASES
from clustersim.results.tables import cluster_names
from clustersim.scenario.keys import did_you_mean, listed

if TYPE_CHECKING:
    import pandas as pd

    from clustersim.scenario.model import Scenario

# How far another phase must be ahead of the one told to take its place, as a share of the replicates. It is a choice of how
# results are read, and changes none: a tenth is what chance alone puts between two equally frequent phases of a hundred
# replicates (one standard deviation).
LEAD = 0.1
# Two replicates at least: a single one that goes to and fro between two phases moves their difference by no more.
FEWEST = 2
NEARLY = 1e-9  # shares are sums, so that a tenth may come out as a little less


class Spell(NamedTuple):
    """A phase that lasts: its code, the first quarter, and one past the last."""

    phase: int
    first: int
    end: int


def spells(codes: NDArray[np.integer]) -> list[Spell]:
    """Return the stretches of equal codes, one after the other.

    Examples
    --------
    >>> import numpy as np
    >>> from clustersim.results.phases import spells
    >>> [tuple(spell) for spell in spells(np.array([0, 0, 1, 0]))]
    [(0, 0, 2), (1, 2, 3), (0, 3, 4)]
    """
    edges = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
    return [Spell(int(codes[first]), first, end) for first, end in pairwise(edges)]


def lead(cases: int) -> float:
    """Return how far a phase must be ahead to be told instead of another, as a share of so many cases.

    Examples
    --------
    >>> from clustersim.results.phases import lead
    >>> [lead(cases) for cases in (1, 2, 8, 20, 100)]
    [1.0, 1.0, 0.25, 0.1, 0.1]
    """
    return min(1.0, max(LEAD, FEWEST / cases))


@dataclass(frozen=True, slots=True)
class PhaseShares:
    """How many of the replicates are in each phase.

    Parameters
    ----------
    shares : array
        The share of the cases in each phase (phase, quarter).
    cases : int
        How many cases there are: replicates, or all clusters of all of them.

    Examples
    --------
    The second of two phases takes the place of the first, and keeps it while they take turns by a few replicates of fifty.

    >>> import numpy as np
    >>> from clustersim.results.phases import PhaseShares
    >>> second = np.array([0.2, 0.6, 0.48, 0.54, 0.4])
    >>> found = PhaseShares(np.stack([1.0 - second, second]), 50)
    >>> found.most_frequent().tolist(), found.close().tolist()
    ([0, 1, 1, 1, 0], [-1, -1, 0, 0, -1])
    """

    shares: NDArray[np.floating]
    cases: int

    @classmethod
    def of(cls, codes: NDArray[np.integer]) -> PhaseShares:
        """Return the shares of single cases, whose phases are given as codes (case, quarter)."""
        return cls(np.stack([(codes == code).mean(axis=0) for code in range(len(PHASES))]), len(codes))

    @property
    def lead(self) -> float:
        """How far a phase must be ahead to be told instead of another."""
        return lead(self.cases) - NEARLY

    def most_frequent(self) -> NDArray[np.int8]:
        """Return the code of the phase that is told of each quarter; it stays until another one is ahead of it by the lead."""
        told = np.empty(self.shares.shape[1], dtype=np.int8)
        now = int(self.shares[:, 0].argmax())
        for quarter, each in enumerate(self.shares.T):
            first = int(each.argmax())
            if each[first] - each[now] >= self.lead:
                now = first
            told[quarter] = now
        return told

    def close(self) -> NDArray[np.int8]:
        """Return the code of the next phase where it is ahead of the one told, or behind by less than the lead; else -1."""
        told = self.most_frequent()
        quarters, others = np.arange(len(told)), self.shares.copy()
        others[told, quarters] = -1.0
        following = others.argmax(axis=0)
        behind = self.shares[told, quarters] - self.shares[following, quarters]
        return np.where(behind < self.lead, following, -1).astype(np.int8)


def by_quarter(frame: pd.DataFrame, scenario: Scenario, cluster: str | None = None) -> pd.DataFrame:
    """Return the most frequent phase from a run's indicators; see `RunResult.most_frequent_phase`."""
    import pandas as pd

    names = cluster_names(scenario)
    if cluster is not None:
        if not isinstance(cluster, str) or cluster not in names:
            said = _("{name} is not a cluster of this result", name=arguments.said(cluster))
            hint = f"{did_you_mean(cluster, names) if isinstance(cluster, str) else ''} {listed(names)}".strip()
            raise InputError("most_frequent_phase", "cluster", said, hint)
        frame = frame[frame["cluster"] == cluster]
    phases = pd.Categorical(frame["phase"], PHASES)
    counts = pd.crosstab(frame["quarter"], phases, dropna=False).reindex(columns=PHASES, fill_value=0)
    cases = int(counts.iloc[0].sum())
    found = PhaseShares(counts.to_numpy().T / cases, cases)
    told, quarters = found.most_frequent(), counts.index.to_numpy()
    return pd.DataFrame({
        "quarter": quarters,
        "year": scenario.horizon.start_year + quarters / 4.0,
        "phase": pd.Categorical.from_codes(told, PHASES),
        "share": found.shares[told, np.arange(len(told))],
        "close": pd.Categorical.from_codes(found.close(), PHASES),
    })  # fmt: skip
