"""The contract of a user's own indicator: code that looks at a cluster at the end of a quarter and returns a number.

An indicator is a frozen pydantic class with a `use` name, which is the name of its column in a run's table of indicators. It
sees the cluster's firms, ties and record, all to be read only; it draws nothing and keeps nothing, so its numbers are the same
alone and among many, and no number of the run depends on it. None ships with clustersim: see docs/extending.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict

EVERY_MAX = 400  # quarters


class Columns:
    """The columns of some rows, each an attribute: an array of its own, which may be written without effect on the run."""

    def __init__(self, columns: Any, rows: np.ndarray) -> None:
        self._columns, self._rows = columns, rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getattr__(self, name: str) -> np.ndarray:
        if name.startswith("_"):
            raise AttributeError(name)
        found: np.ndarray = getattr(self._columns, name)[self._rows]
        return found


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Look:
    """What an indicator or a probe sees: one cluster of one replicate at the end of a quarter, to be read only.

    Attributes
    ----------
    cluster, replicate, quarter : str, int, int
        Whose state it is, and the quarter that has closed, from 0.
    indicators : mapping
        Its indicators of that quarter, by name.
    record : numpy.record
        What is kept of the cluster; see `clustersim.model.state.CLUSTERS`.
    firms, actors, ties : Columns
        Its firms, all its actors, and its ties: ``look.firms.employees`` is an array with a number for each firm alive
        (`clustersim.model.state.ACTORS` and `TIES` say what the columns are).

    Examples
    --------
    >>> from clustersim import simulate
    >>> from clustersim.plugins import Look
    >>> def largest(look: Look) -> float:
    ...     return look.firms.employees.max() if look.indicators["firms"] else 0.0
    >>> simulate("organic", years=1, probes={"largest": largest}).probes["quarter"].tolist()
    [3]
    """

    cluster: str
    replicate: int
    quarter: int
    indicators: Mapping[str, float]
    record: Any
    firms: Any
    actors: Any
    ties: Any


class Indicator(BaseModel):
    """What every indicator of the user's own has, and the one method that it must have.

    Examples
    --------
    >>> from typing import Literal
    >>> from clustersim.plugins import Indicator, Look
    >>> from clustersim.testing import check_indicator
    >>> class Largest(Indicator):
    ...     '''Share of the largest firm in the cluster's employment.'''
    ...     use: Literal["largest_share"] = "largest_share"
    ...     unit, etiqueta, every = "share", "Peso de la empresa mayor", 4
    ...     def measure(self, look: Look) -> float:
    ...         return look.firms.employees.max() / look.firms.employees.sum()
    >>> found = check_indicator(Largest, replicates=1)
    >>> found.use, found.values, 0.0 < found.least <= found.most < 1.0
    ('largest_share', 3, True)
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    unit: ClassVar[str] = ""
    etiqueta: ClassVar[str] = ""
    descripcion: ClassVar[str] = ""
    every: ClassVar[int] = 1  # quarters from one measure to the next; it is measured at the end of the run as well

    def measure(self, look: Look) -> float:
        """Return the number of one cluster at the end of a quarter; NaN where it has none."""
        raise NotImplementedError
