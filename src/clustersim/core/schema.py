"""How parameters and variables are declared: once, with unit, range, meaning and source.

Documentation, the JSON schema of a scenario, sweep bounds and sensitivity ranges are all read from these declarations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the model.

    Attributes
    ----------
    default : float
        Value used unless a scenario sets another.
    unit : str
        Unit; "1" for a pure number.
    low, high : float
        Plausible range: the bounds of sweeps and of sensitivity analysis, and of what a scenario may set.
    doc : str
        Meaning in one sentence.
    source : str
        Where value and range come from, or "assumed".
    """

    default: float
    unit: str
    low: float
    high: float
    doc: str
    source: str = "assumed"

    def __post_init__(self) -> None:
        if not self.low <= self.default <= self.high:
            raise ValueError(f"default {self.default} outside [{self.low}, {self.high}]: {self.doc}")


@dataclass(frozen=True, slots=True)
class Variable:
    """One column of the state: its NumPy type, unit, meaning, and the value that an empty row holds."""

    dtype: str
    unit: str
    doc: str
    shape: tuple[int, ...] = ()
    empty: float = 0


def record_dtype(variables: dict[str, Variable]) -> np.dtype:
    """Return the aligned record type that holds one value of each variable."""
    fields = [(name, v.dtype, v.shape) if v.shape else (name, v.dtype) for name, v in variables.items()]
    return np.dtype((np.record, np.dtype(fields, align=True)))


def parameter_dtype(groups: dict[str, dict[str, Parameter]]) -> np.dtype:
    """Return the nested record type: one sub-record of float64 for each mechanism."""
    inner = [
        (group, np.dtype((np.record, [(name, "f8") for name in declared]))) for group, declared in groups.items()
    ]
    return np.dtype((np.record, inner))


@dataclass(frozen=True, slots=True)
class Indicator:
    """One number that is recorded for each cluster and quarter: its name in English, unit and formula."""

    label: str
    unit: str
    formula: str


@dataclass(frozen=True, slots=True)
class Lever:
    """One policy channel.

    Attributes
    ----------
    unit : str
        Unit; "1" for a pure number.
    meaning : str
        What it moves, in a few words.
    reach : {"firms", "cluster", "both"}
        Whom it acts on: single firms alone, so that size classes and segments choose among them; the cluster as a whole; or both.
    read_by : tuple of str
        Mechanisms that read it.
    scales : bool
        Whether one that acts on the cluster too costs less where fewer firms are reached, as those on firms alone do.
    """

    unit: str
    meaning: str
    reach: Literal["firms", "cluster", "both"]
    read_by: tuple[str, ...]
    scales: bool = False
