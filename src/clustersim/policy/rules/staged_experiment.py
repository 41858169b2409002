"""Clusters begin one after the other: the first try variants of the mix, the later ones follow what moved the outcome there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field, field_validator

from clustersim.core.words import _
from clustersim.model.indicators import INDICATORS
from clustersim.model.units import YEAR
from clustersim.policy.rule import FACTOR_MAX, Rule, Seen

FEWEST = 3  # clusters that a lesson takes: a line goes through any two
SMALLEST = 1e-12  # sum of squares below which numbers do not differ


class StagedExperiment(Rule):
    """Clusters begin one by one; the first try variants of the mix, later ones stress what moved the outcome most in those."""

    use: Literal["staged_experiment"] = "staged_experiment"
    source = "ILO: clusters one by one, 1-2 years apart, to learn and correct; discovery process; form and numbers assumed"
    grade = "argued"
    keeps_total = True

    years_apart: float = Field(1.5, ge=0.25, le=20, description="Years from one begin to the next; what is planned for a cluster "
                               "is not spent before its turn, and as planned from then on.")
    at_a_time: int = Field(1, ge=1, le=5000, description="Clusters that begin together, in the order of the scenario.")
    explorers: int = Field(3, ge=2, le=40, description="Begins that try variants: each stresses other instruments of the mix.")
    variation: float = Field(1.0, ge=0, le=9, description="What a variant adds to the factor of what it stresses.")
    outcome: str = Field("employment", description="Indicator whose yearly growth since the baseline tells what worked.")
    learning: float = Field(1.0, ge=0, le=9, description="Change of an instrument's factor where stress on it and the outcome go "
                            "fully together; smaller the fewer clusters have been served: 1 - 2/n of it with n.")

    @field_validator("outcome")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in INDICATORS:
            raise ValueError(_("{name!r} is not an indicator.", name=value[:60]))
        return value

    def turns(self, announced: Sequence[int]) -> list[int]:
        """Return when the programme is announced in each cluster, from when it would be; -1 for never."""
        served = sorted((quarter, c) for c, quarter in enumerate(announced) if quarter >= 0)
        found = list(announced)
        for place, (quarter, c) in enumerate(served):
            found[c] = quarter + round(YEAR * self.years_apart * (place // self.at_a_time))
        return found

    def decide(self, seen: Seen) -> Mapping[str, float]:
        """Return a variant of the mix to the first, and to later ones what those before them teach.

        Examples
        --------
        >>> from clustersim.policy.rules import StagedExperiment
        >>> from clustersim.programme_rules import Seen
        >>> money = {"training_centre": 10.0, "trade_fairs": 10.0}
        >>> StagedExperiment(explorers=2).decide(Seen("valley", 8, 0, {}, {}, announced=8, planned=money))
        {'training_centre': 2.0, 'trade_fairs': 1.0}
        """
        assert seen.announced is not None
        before = [other for other in seen.others if other.announced is not None and other.announced < seen.announced]
        cohort = len({other.announced for other in before})
        if cohort < self.explorers:
            return {use: 1.0 + self.variation * (i % self.explorers == cohort) for i, use in enumerate(seen.planned)}
        told = [other for other in before if self._teaches(other)]
        if len(told) < FEWEST:
            return {}
        growth = [math.log(one.now[self.outcome] / one.first[self.outcome]) / (one.since_begin / YEAR)  # type: ignore[operator]
                  for one in told]  # fmt: skip
        trust = self.learning * (1.0 - 2.0 / len(told))
        stress = [_relative(one.factors) for one in told]
        return {
            use: min(FACTOR_MAX, max(0.0, 1.0 + trust * _correlation([one[use] for one in stress], growth)))
            for use in seen.planned
        }  # fmt: skip

    def _teaches(self, other: Seen) -> bool:
        if other.since_begin is None or other.since_begin < YEAR:
            return False
        return other.first[self.outcome] > 0.0 and other.now[self.outcome] > 0.0


def _relative(factors: Mapping[str, float]) -> dict[str, float]:
    mean = sum(factors.values()) / len(factors)
    return {use: factor / mean if mean > 0.0 else 1.0 for use, factor in factors.items()}


def _correlation(x: list[float], y: list[float]) -> float:
    """Return the correlation of two lists, 0 where either does not differ."""
    over_x, over_y = sum(x) / len(x), sum(y) / len(y)
    spread_x, spread_y = sum((one - over_x) ** 2 for one in x), sum((one - over_y) ** 2 for one in y)
    if spread_x <= SMALLEST or spread_y <= SMALLEST:
        return 0.0
    return sum((a - over_x) * (b - over_y) for a, b in zip(x, y, strict=True)) / math.sqrt(spread_x * spread_y)
