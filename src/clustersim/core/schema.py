"""How parameters and variables are declared: once, with unit, range, meaning and source.

Documentation, the JSON schema of a scenario, sweep bounds and sensitivity ranges are all read from these declarations.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    """One number that is recorded for each cluster and quarter: names in English and Spanish, unit and formula."""

    label: str
    etiqueta: str
    unit: str
    formula: str
