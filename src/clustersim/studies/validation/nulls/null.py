"""What a null model offers to a pattern: the face of the laboratory, and a reason for what it has not."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from clustersim.core.words import N_
from clustersim.scenario.model import Scenario
from clustersim.studies.validation.lab import Census, Laboratory, NoValue, Run

NO_OUTPUT = N_("it has no such output")
NO_STATE = N_("it has no firms and ties to look at")
NO_SCENARIO = N_("it knows the laboratory's place only, no other scenario")
NO_SWITCH = N_("it has no such mechanism or parameter")


class Null(ABC):
    """A model without the mechanism of any pattern, which a pattern can measure as it measures the laboratory.

    Parameters
    ----------
    lab : Laboratory
        The laboratory whose places it imitates: it is fitted to runs of the model there, and has its replicates and seed.

    Attributes
    ----------
    id, name : str
        Its key in documents, and its name.
    """

    id: ClassVar[str]
    name: ClassVar[str]

    def __init__(self, lab: Laboratory) -> None:
        self.lab = lab
        self.replicates = lab.replicates
        self.seed = lab.seed

    @abstractmethod
    def run(self, **variation: Any) -> Run:
        """Return a run of a variation; raise `NoValue` if it is one that the null has no term for."""

    def census(self, *quarters: int, **variation: Any) -> list[Census]:
        """Return the live firms at each of these quarters."""
        raise NoValue(NO_STATE)

    def pushed(self, push: float, at: int, quarters: int, **variation: Any) -> tuple[Run, Run]:
        """Return what follows without a push of trust and with it."""
        raise NoValue(NO_STATE)

    def simulation(self, **variation: Any) -> Any:
        """Raise `NoValue`: a null model has no state."""
        raise NoValue(NO_STATE)

    def simulation_of(self, scenario: Scenario, replicates: int) -> Any:
        """Raise `NoValue`: a null model knows the laboratory's place only."""
        raise NoValue(NO_SCENARIO)

    def scenario(self, **variation: Any) -> Scenario:
        """Raise `NoValue`: a null model is no scenario."""
        raise NoValue(NO_STATE)

    def run_of(self, scenario: Scenario, kind: Any = np.float64) -> Run:
        """Raise `NoValue`: a null model knows the laboratory's place only."""
        raise NoValue(NO_SCENARIO)


class NullRun(Run):
    """Indicators that a null model has: arrays of (quarter, replicate); `NoValue` for any other."""

    def __init__(self, columns: Mapping[str, np.ndarray]) -> None:
        super().__init__(np.empty((*next(iter(columns.values())).shape, 0)))
        self.columns = columns

    def __getitem__(self, indicator: str) -> np.ndarray:
        if indicator not in self.columns:
            raise NoValue(NO_OUTPUT)
        return self.columns[indicator]
