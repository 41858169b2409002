"""What was run for each option, side by side: fields of `Comparison`, and the numbers that its answers are worked out from."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from clustersim.model.state import PHASES
from clustersim.results.phases import PhaseShares
from clustersim.results.tables import cluster_names
from clustersim.scenario.keys import one_of
from clustersim.studies.comparison.options import Option
from clustersim.studies.comparison.outcomes import outcomes_for
from clustersim.studies.comparison.statistics import bootstrap_means

if TYPE_CHECKING:
    import pandas as pd


YEARLY_KEYS = ("option", "replicate", "year")  # columns of `yearly` that say which value it is


@dataclass(frozen=True, slots=True)
class Differences:
    """Paired yearly differences to the baseline: mean, the 90 % interval of the mean, and where single runs fall."""

    mean: NDArray[Any]
    low: NDArray[Any]
    high: NDArray[Any]
    p10: NDArray[Any]
    p50: NDArray[Any]
    p90: NDArray[Any]


@dataclass
class PairedRuns:
    """Runs of options side by side; `Comparison`, which adds the answers, says what the fields are."""

    options: list[Option]
    baseline: str
    seed: int
    replicates: int
    paired: bool
    discount: float
    runs: pd.DataFrame
    yearly: pd.DataFrame
    worlds: pd.DataFrame | None = None
    draws: dict[str, NDArray[Any]] = field(default_factory=dict)
    replicates_each: int = 0
    provenance: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._differences: dict[tuple[str, str], Differences] = {}

    @property
    def names(self) -> list[str]:
        """Names of the options."""
        return [option.name for option in self.options]

    @property
    def interventions(self) -> list[str]:
        """Names of the options but the baseline."""
        return [name for name in self.names if name != self.baseline]

    @property
    def quarters(self) -> int:
        """Quarters that each option ran."""
        return self.options[0].scenario.quarters

    @property
    def start_year(self) -> int:
        """Calendar year of the start."""
        return self.options[0].scenario.horizon.start_year

    @property
    def years(self) -> NDArray[Any]:
        """Years after the start at which each yearly value ends, for the tables: 1, 2, and so on."""
        return np.arange(1, -(-self.quarters // 4) + 1)

    @property
    def world_count(self) -> int:
        """Uncertain worlds drawn."""
        return len(next(iter(self.draws.values()))) if self.draws else 0

    @property
    def outcome_names(self) -> list[str]:
        """Names of the outcomes that horizon and pairing allow."""
        return outcomes_for(self.quarters, self.paired)

    def option(self, name: str) -> Option:
        """Return an option by its name."""
        return self.options[self.names.index(one_of(name, "option", self.names))]

    def outcome(self, option: str, name: str) -> NDArray[Any]:
        """Return an outcome of an option (replicate); see `outcome_names`."""
        return self._outcomes[one_of(option, "option", self.names)][one_of(name, "name", self.outcome_names)]

    @cached_property
    def _outcomes(self) -> dict[str, dict[str, NDArray[Any]]]:
        parts = {option: self.runs[self.runs["option"] == option] for option in self.names}
        return {option: {name: part[name].to_numpy(dtype=float) for name in self.outcome_names} for option, part in parts.items()}

    @cached_property
    def _series(self) -> dict[str, pd.DataFrame]:
        return {option: self.yearly[self.yearly["option"] == option] for option in self.names}

    def series(self, option: str, name: str) -> NDArray[Any]:
        """Return a yearly indicator of an option (replicate, year): a column of `yearly`."""
        found = self._series[one_of(option, "option", self.names)]
        name = one_of(name, "name", (column for column in found if column not in YEARLY_KEYS))
        return found[name].to_numpy(dtype=float).reshape(self.replicates, -1)

    def phase_shares(self, option: str) -> PhaseShares:
        """Return how many simulations of an option are in each phase at the end of each year; of all clusters."""
        shares = np.stack([self.series(option, f"in_{phase}").mean(axis=0) for phase in PHASES])
        return PhaseShares(shares, self.replicates * len(cluster_names(self.option(option).scenario)))

    def paired_series(self, option: str, name: str) -> NDArray[Any]:
        """Return the yearly differences of an option to the baseline (replicate, year)."""
        return self.series(option, name) - self.series(self.baseline, name)

    def difference_series(self, option: str, name: str) -> Differences:
        """Return how the yearly differences to the baseline are distributed over replicates."""
        values = self.paired_series(option, name)
        if (option, name) not in self._differences:
            quantiles = np.quantile(values, (0.1, 0.5, 0.9), axis=0)
            self._differences[option, name] = Differences(*bootstrap_means(values), *quantiles)
        return self._differences[option, name]

    @cached_property
    def differences(self) -> pd.DataFrame:
        """One row for each intervention and replicate: outcomes less those of the baseline in the same replicate."""
        import pandas as pd

        base = self._outcomes[self.baseline]
        parts = []
        for option in self.interventions:
            columns = {name: self._outcomes[option][name] - base[name] for name in self.outcome_names}
            parts.append(pd.DataFrame({"option": option, "replicate": np.arange(self.replicates)} | columns))
        found = pd.concat(parts, ignore_index=True)
        found["option"] = pd.Categorical(found["option"], self.interventions)
        return found
