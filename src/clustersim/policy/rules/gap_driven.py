"""Money follows the widest of the seven gaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from clustersim.policy.rule import FACTOR_MAX, Rule, Seen
from clustersim.policy.rules.gaps import SEVEN, width

LEAST = 0.01  # a gap that is closed is taken as this wide, so that none divides by nothing


class GapDriven(Rule):
    """Money follows the widest of the seven gaps: each instrument gets more, the wider the gaps that it closes are."""

    use: Literal["gap_driven"] = "gap_driven"
    source = "ILO §2.6, the seven gaps; that money follows them, how strongly, and which channel closes which, assumed"
    grade = "argued"
    keeps_total = True

    focus: float = Field(1.0, ge=0, le=5, description="How strongly money follows a gap: factor = (width of the gaps that an "
                         "instrument closes / mean width of all seven) to this power; 0 leaves the programme as it is.")
    informed_by: Literal["statistics", "associations"] = Field(
        "statistics", description="Whose view of the gaps counts: that of statistics on all firms, or that of the members of the "
        "cluster's association, where one has staff to report it; without a report nothing is changed.")

    def decide(self, seen: Seen) -> Mapping[str, float]:
        """Return for each instrument how wide its gaps are over the mean.

        Examples
        --------
        >>> from clustersim.policy.rules import GapDriven
        >>> from clustersim.programme_rules import Seen
        >>> gaps = {f"gap_{name}": 0.2 for name in ("education", "government", "firms", "market", "capital", "research")}
        >>> seen = Seen("valley", 8, 4, gaps | {"gap_clusters": 0.9}, {}, closes={"trade_fairs": ("gap_clusters",)})
        >>> GapDriven(focus=2).decide(seen)
        {'trade_fairs': 9.0}
        """
        gaps = seen.now if self.informed_by == "statistics" else seen.reported
        if gaps is None:
            return {}
        mean = max(LEAST, width(gaps, SEVEN))
        return {
            use: min(FACTOR_MAX, (max(LEAST, width(gaps, closed)) / mean) ** self.focus)
            for use, closed in seen.closes.items() if closed
        }  # fmt: skip
