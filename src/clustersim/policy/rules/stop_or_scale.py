"""What narrowed its gaps gets more, what did not gets less or ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from clustersim.model.units import YEAR
from clustersim.policy.rule import Rule, Seen
from clustersim.policy.rules.gaps import width


class StopOrScale(Rule):
    """Instruments whose gaps have narrowed fast enough since the baseline get more, at the cost of those whose gaps have not."""

    use: Literal["stop_or_scale"] = "stop_or_scale"
    source = "ILO: baseline and evaluation; EC, measurement and evaluation; the rule and its numbers assumed"
    grade = "assumed"
    keeps_total = True

    bar: float = Field(0.01, ge=-1, le=1, description="Narrowing a year since the baseline, mean over the gaps that an "
                       "instrument closes, from which on it works.")
    scale: float = Field(2.0, ge=1, le=10, description="Factor on the money of what works, before the total is kept.")
    keep: float = Field(0.25, ge=0, le=1, description="Factor on the money of what does not, before the total is kept; 0 ends it "
                        "until it is judged again.")
    least_years: float = Field(2.0, ge=0.25, le=20, description="Years of the programme before the first judgement.")

    def decide(self, seen: Seen) -> Mapping[str, float]:
        """Return the factor on each instrument that is judged; nothing while all work, or none does.

        Examples
        --------
        >>> from clustersim.policy.rules import StopOrScale
        >>> from clustersim.programme_rules import Seen
        >>> closes = {"training_centre": ("gap_education",), "trade_fairs": ("gap_clusters",)}
        >>> now, first = {"gap_education": 0.3, "gap_clusters": 0.8}, {"gap_education": 0.6, "gap_clusters": 0.8}
        >>> seen = Seen("valley", 12, 8, now, first, planned=dict.fromkeys(closes, 10.0), closes=closes)
        >>> StopOrScale(keep=0).decide(seen)
        {'training_centre': 2.0, 'trade_fairs': 0.0}
        """
        if seen.since_begin is None or seen.since_begin < YEAR * self.least_years:
            return {}
        years = seen.since_begin / YEAR
        works = {
            use: (width(seen.first, closed) - width(seen.now, closed)) / years >= self.bar
            for use, closed in seen.closes.items() if closed and seen.planned[use] > 0.0
        }  # fmt: skip
        if all(works.values()) or not any(works.values()):
            return {}
        return {use: self.scale if good else self.keep for use, good in works.items()}
