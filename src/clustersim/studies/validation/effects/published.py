"""Published effects of programmes that resemble an instrument: the shipped table, and where the model's effect lies beside them.

The first six columns of the table are as in the publications; the others say which instrument of the catalogue the programme
resembles (``nearest`` where it is another one, for want of its own), and which indicator, year and range stand beside it. Of R&D
subsidies the abstract tells a sign alone; the range is the one that `clustersim.policy.instruments.firms` names for it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from clustersim.core.words import N_

TABLE = Path(__file__).with_name("published_effects.csv")
WHAT = (
    N_("supplier development programme (Chile PDP)"), N_("anchor-firm chains (Red Productiva)"),
    N_("regional investment grants (UK RSA)"), N_("R&D subsidies"),
)  # fmt: skip
MEASURES = {
    "sales": N_("sales, per cent"), "jobs": N_("jobs, per cent"), "exports": N_("exports, per cent"),
    "productivity": N_("productivity, per cent"), "job_cost": N_("public money for a job, USD"),
    "private_rd": N_("firms' own R&D for a unit of public money"),
}  # fmt: skip
INSIDE, ABOVE, BELOW, NOTHING = "inside", "above", "below", "none"
VERDICTS = {INSIDE: N_("inside"), ABOVE: N_("above"), BELOW: N_("below"), NOTHING: "–"}


class Published(NamedTuple):
    """One published figure, and what of the model stands beside it."""

    what: str
    measure: str
    value: str
    unit: str
    source: str
    seen: str
    instrument: str
    nearest: bool
    indicator: str
    year: int
    low: float
    high: float

    @property
    def fit(self) -> bool:
        """Whether parameters may be fitted to it, so that agreement is no test."""
        return "fit" in self.seen

    def beside(self, series: Mapping[str, Any]) -> dict[str, Any]:
        """Return it as a mapping, with the measured effect of its year and the verdict.

        ``verdict`` says where the model's band lies: it holds the published value ("inside"), or lies wholly "above" or "below"
        it; "none" where the model has no value.
        """
        year: Mapping[str, float] = series[self.indicator][self.year]
        value, low, high = (year[key] for key in ("value", "low", "high"))
        return self._asdict() | {
            "published_low": self.low, "published_high": self.high, "value": value, "low": low, "high": high,
            "published": self.value, "fit": self.fit, "verdict": verdict(low, high, self.low, self.high),
        }  # fmt: skip


def verdict(low: float, high: float, published_low: float, published_high: float) -> str:
    """Return where a measured band lies beside a published value or range.

    Examples
    --------
    >>> verdict(7.0, 9.0, 8.5, 8.5), verdict(9.0, 11.0, 8.5, 8.5), verdict(-1.0, 1.0, 2.0, 5.0)
    ('inside', 'above', 'below')
    """
    if not np.isfinite((low, high)).all():
        return NOTHING
    if low > published_high:
        return ABOVE
    return BELOW if high < published_low else INSIDE


@cache
def published() -> tuple[Published, ...]:
    """Return all published figures.

    Examples
    --------
    >>> first = published()[0]
    >>> first.instrument, first.indicator, first.year, first.low, first.fit
    ('supplier_development', 'sales', 1, 16.0, True)
    """
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        Published(**row | {
            "nearest": row["nearest"] == "yes", "year": int(row["year"]), "low": float(row["low"]), "high": float(row["high"]),
        })
        for row in rows
    )  # fmt: skip
