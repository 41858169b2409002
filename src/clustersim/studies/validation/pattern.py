"""A pattern: a named behaviour that must emerge, a statistic that shows it, an ablation under which it must vanish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from clustersim.studies.validation.lab import Laboratory, Values

Estimate = tuple[float, float, float]  # value, and its 5-95 % bootstrap interval over replicates


@dataclass(frozen=True)
class Pattern:
    """One behaviour of the list P01-P18.

    Attributes
    ----------
    id, statement : str
        Name and what must emerge.
    statistic, why : str
        What is computed, and why it shows the pattern.
    threshold : float
        The pattern is shown if the whole interval lies above it.
    measure : callable
        ``measure(laboratory, off)`` returns the estimate, with the parameters `off` switched off.
    off : mapping
        The ablation: parameters of the responsible mechanism.
    mechanism : str
        What the ablation switches off, in words.
    threshold_set, threshold_why : date, str
        The day on which the threshold was written down, and its reason.
    """

    id: str
    statement: str
    statistic: str
    why: str
    threshold: float
    measure: Callable[[Laboratory, Values], Estimate]
    off: Values
    mechanism: str
    threshold_set: date
    threshold_why: str

    def check(self, lab: Laboratory) -> dict[str, Any]:
        """Return value, interval and verdict, with and without the responsible mechanism."""
        value, low, high = self.measure(lab, {})
        ablated = self.measure(lab, self.off)
        return {
            "id": self.id, "statement": self.statement, "statistic": self.statistic, "value": value, "low": low, "high": high,
            "threshold": self.threshold, "passed": bool(low > self.threshold), "ablated_value": ablated[0],
            "ablated_low": ablated[1], "ablated_high": ablated[2],
            "ablation_vanishes": not ablated[1] > self.threshold, "mechanism": self.mechanism, "why": self.why,
        }  # fmt: skip


def facilitator(years: float, per_year: float = 80.0, lag: int = 0, extra: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """Return a programme with one stage that pays a facilitator and whatever else is given."""
    instruments = ({"use": "facilitator", "per_year": per_year}, *extra)
    return {"lag_quarters": lag, "stages": [{"name": "support", "quarters": round(4 * years), "instruments": instruments}]}
