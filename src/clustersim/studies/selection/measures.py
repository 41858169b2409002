"""What the criteria measure: values of candidates, in one sample or many, with what is missing and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from clustersim.core.words import language
from clustersim.studies.selection.criteria import CRITERIA, Criterion

# Firms below which what is measured of a candidate is marked as uncertain: a share or a percentile of fewer moves by more than a
# tenth when one firm comes or goes, or when one row of the register is wrong.
FEW = 10


@dataclass
class Measures:
    """Values of all criteria for all candidates.

    Attributes
    ----------
    candidates : list of str
        Their names.
    values : ndarray, shape (samples, candidates, criteria)
        In the order of `criteria`; NaN where missing. One sample from a register, one for each replicate of a run.
    from_run : bool
        Whether the formulas are those of a run.
    used : dict
        For each criterion how its values came about: "computed", "given" or, where some were given, "partly given".
    missing : dict
        For each criterion that no candidate has, what would be needed.
    notes : list of str
        Keys and fields of what is to be said of the data: see `clustersim.studies.selection.describing`.
    criteria : dict
        The criteria that are measured: the fifteen, and those that are added.
    names : dict
        What candidates that are codes of a known classification are called in each language, by code.
    firms : ndarray, shape (candidates,)
        Firms of each candidate; empty where nobody counted them.
    """

    candidates: list[str]
    values: np.ndarray
    from_run: bool
    used: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    criteria: dict[str, Criterion] = field(default_factory=lambda: dict(CRITERIA))

    def add(self, more: dict[str, Criterion]) -> None:
        """Add criteria, without any value, behind those that there are."""
        new = {name: criterion for name, criterion in more.items() if name not in self.criteria}
        self.criteria |= new
        self.values = np.concatenate([self.values, np.full((*self.values.shape[:2], len(new)), np.nan)], axis=2)

    def column(self, name: str) -> int:
        """Return the place of a criterion."""
        return list(self.criteria).index(name)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    firms: np.ndarray = field(default_factory=lambda: np.empty(0))

    def named(self, candidate: int) -> str:
        """Return a candidate as people read it: ``1410 clothing`` where its code has a name."""
        code = self.candidates[candidate]
        return f"{code} {self.names.get(code, {}).get(language(), '')}".strip()

    def uncertain(self, candidate: int) -> bool:
        """Return whether a candidate has too few firms for its measures to be sure."""
        return candidate < len(self.firms) and bool(self.firms[candidate] < FEW)

    def median(self) -> np.ndarray:
        """Return the median over samples: shape (candidates, criteria), NaN where no sample has a value."""
        found = np.full(self.values.shape[1:], np.nan)
        some = ~np.isnan(self.values).all(axis=0)
        found[some] = np.nanmedian(self.values[:, some], axis=0)
        return found


def blank(candidates: list[str], samples: int, from_run: bool) -> Measures:
    """Return measures without any value."""
    return Measures(candidates, np.full((samples, len(candidates), len(CRITERIA)), np.nan), from_run)


def column(name: str) -> int:
    """Return the place of one of the fifteen criteria."""
    return list(CRITERIA).index(name)


def ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Return above / below, NaN where there is nothing below."""
    return np.divide(above, below, out=np.full(np.shape(above), np.nan), where=np.asarray(below) > 0.0)
