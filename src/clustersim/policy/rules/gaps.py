"""Which of the seven gaps an instrument closes: those of its channels (ILO §2.6; which channel closes which is assumed)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from clustersim.model.sight import GAPS
from clustersim.policy.instruments import Instrument

SEVEN = tuple(f"gap_{gap}" for gap in GAPS)

# A channel that stands here with none closes none; so does one that is missing.
CLOSES: dict[str, tuple[str, ...]] = {
    "facilitation": ("firms",), "events": ("firms",), "matching": ("firms",), "tie_subsidy": ("firms",), "consensus": ("firms",),
    "founding": ("firms",), "cofinance": ("firms",), "supplier_quality": ("firms", "market"), "rd_support": ("research",),
    "extension": ("research",), "graduates": ("education",), "export_support": ("market",), "brand": ("market",),
    "guarantee": ("capital",), "attraction": ("market",), "incubation": ("capital",), "purchasing": ("firms",),
    "consortia": ("firms", "research"), "planning": ("firms",), "benchmarking": ("market",), "certification": ("market",),
    "services": ("firms",), "training": ("education",), "standards": ("market",), "observatory": ("research",),
    "linking": ("clusters",), "intelligence": ("market",), "procurement": ("government",), "park": (),
    "paperwork": ("government",), "venture": ("capital",), "competition": (), "targeting": ("government",),
    "coordination": ("government",), "capability": ("government",), "dialogue": ("government",), "mutual": ("capital",),
    "public_goods": ("market",), "bargaining": ("firms",), "preparation": ("government",), "teams": ("firms",),
    "talent": ("education",),
}  # fmt: skip


@cache
def closed_by(kind: type[Instrument]) -> tuple[str, ...]:
    """Return the gaps that an instrument closes, as names of indicators.

    Examples
    --------
    >>> from clustersim.instruments import INSTRUMENTS
    >>> from clustersim.policy.rules.gaps import closed_by
    >>> closed_by(INSTRUMENTS["training_centre"])
    ('gap_education',)
    """
    found = [gap for effect in kind.effects for gap in CLOSES.get(effect.channel, ())]
    return tuple(f"gap_{gap}" for gap in dict.fromkeys(found))


def width(gaps: Mapping[str, float], closed: tuple[str, ...]) -> float:
    """Return the mean width of some gaps."""
    return sum(gaps[gap] for gap in closed) / len(closed)
