"""An item: a regularity of published firm data, the statistic that shows it, its published range, and a verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from clustersim.studies.validation.lab import bootstrap
from clustersim.studies.validation.plausibility.panel import Panel
from clustersim.studies.validation.plausibility.sample import Sample

Estimate = tuple[float, float, float]  # value, and the 5-95 % interval between places
Measure = Callable[[Any], tuple[Estimate, dict[str, float]]]  # from a sample: the estimate, and the value of each scenario


@dataclass(frozen=True)
class Item:
    """One regularity of published data.

    Attributes
    ----------
    id, statement : str
        Name and what the data show.
    statistic : str
        What is computed from the runs.
    low, high : float or None
        Published range; None leaves that side open, for a fact that only has a sign.
    source : str
        The publication.
    read : bool
        True if the whole range was read in the publication or its abstract; False if a part of it is from memory.
    bears : str
        What in the model brings the value about, or keeps it from the range.
    measure : callable or None
        Returns the estimate; None if the model has nothing to compare.
    """

    id: str
    statement: str
    statistic: str
    low: float | None
    high: float | None
    source: str
    read: bool
    bears: str
    measure: Measure | None

    def check(self, sample: Any) -> dict[str, Any]:
        """Return value, interval, published range and verdict.

        ``inside`` is None where nothing can be compared: no measure, or a statistic without a value. ``distance`` is how
        far the value lies from the nearest end of the range, 0 inside it.
        """
        nothing = (float("nan"),) * 3
        (value, low, high), scenarios = self.measure(sample) if self.measure is not None else (nothing, {})
        inside, distance = judge(value, self.low, self.high)
        return {
            "id": self.id, "statement": self.statement, "statistic": self.statistic, "value": value, "low": low, "high": high,
            "scenarios": scenarios, "published_low": self.low, "published_high": self.high, "source": self.source,
            "from_memory": not self.read, "inside": inside, "distance": distance, "bears": self.bears,
        }  # fmt: skip


def judge(value: float, low: float | None, high: float | None) -> tuple[bool | None, float]:
    """Return whether a value lies in a range (None if it has no value), and its distance to the range."""
    if not np.isfinite(value):
        return None, float("nan")
    below = low - value if low is not None else 0.0
    above = value - high if high is not None else 0.0
    distance = max(below, above, 0.0)
    return distance == 0.0, distance


def pooled(statistic: Callable[[Panel], float]) -> Measure:
    """Return the measure of a statistic over all firms together, its interval between places that stand alone.

    All places have the same weight by firm; a place for which the statistic has no value is left out of the interval.
    """

    def measure(sample: Sample) -> tuple[Estimate, dict[str, float]]:
        alone = np.array([statistic(place) for place in sample.places])
        alone = alone[np.isfinite(alone)]
        low, high = np.percentile(alone, (5, 95)) if alone.size else (float("nan"), float("nan"))
        value = statistic(sample.panel)
        return (float(value), float(low), float(high)), {name: statistic(part) for name, part in sample.panels.items()}

    return measure


def across(points: Callable[[Sample], tuple[np.ndarray, np.ndarray]], relation: Callable[..., float]) -> Measure:
    """Return the measure of a relation over places, one point each; its interval draws the places anew (bootstrap)."""

    def measure(sample: Sample) -> tuple[Estimate, dict[str, float]]:
        x, y = points(sample)
        return bootstrap(lambda who: relation(x[who], y[who]), x.size), {}

    return measure
