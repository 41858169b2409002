"""The facts: numbers that the source documents tell of clusters and of policy for them, each with its place and its use.

``use`` says what a fact may do: ``calibrate``, parameters may be moved until the model meets it; ``parameter``, it fixes or
bounds an input; ``check``, it is compared and reported, never fitted. A fact has a range, one end of a range, or a number alone.
Ranges of shares in the worldwide survey that the source does not give are those of 95 samples of 356 answers in a hundred.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

TABLE = Path(__file__).with_name("facts.csv")
CALIBRATE, CHECK, PARAMETER = USES = ("calibrate", "check", "parameter")


class Fact(NamedTuple):
    """One number of a source: what it is of, its range where it has one, where it stands, and what it may be used for."""

    id: str
    quantity: str
    value: float
    low: float | None
    high: float | None
    unit: str
    applies_to: str
    source: str
    use: str

    @property
    def ranged(self) -> bool:
        """Whether it has a range, open at one side or not; a number alone has none."""
        return self.low is not None or self.high is not None


@cache
def facts() -> Mapping[str, Fact]:
    """Return all facts by id, in the order of the table.

    Examples
    --------
    >>> facts()["members_20_99"][2:5], facts()["staff_median"].ranged
    ((0.53, 0.48, 0.58), False)
    """
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return MappingProxyType({
        row["id"]: Fact(row["id"], row["quantity"], float(row["value"]), _end(row["low"]), _end(row["high"]), row["unit"],
                        row["applies_to"], row["source"], row["use"])
        for row in rows
    })  # fmt: skip


def _end(text: str) -> float | None:
    return float(text) if text else None
