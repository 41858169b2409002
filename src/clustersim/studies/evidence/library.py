"""Which places of the library stand for the initiatives of a worldwide survey: a rule, and what it gives.

The rule was written before anything was measured with it. Every shipped scenario of ten years or more that has a programme
counts, but for those that others extend, whose places these have already; and `organic` counts, for associations that firms
found by themselves. Each cluster of such a scenario is one place, and all places weigh the same.
"""

from __future__ import annotations

from functools import cache

from clustersim.scenario.loading import load_scenario, resolved, shipped_scenarios
from clustersim.scenario.model import Scenario

YEARS_LEAST = 10
ORGANIC = "organic"


@cache
def library() -> tuple[str, ...]:
    """Return the names of the scenarios that the rule takes, in alphabetical order.

    Examples
    --------
    >>> {"designed", "organic", "peru_pac"} <= set(library())
    True
    >>> {"idb_southern_cone", "national_1m", "no_policy"} & set(library())
    set()
    """
    names = sorted(shipped_scenarios())
    extended = {parent for name in names for parent in _parents(name)}
    return tuple(name for name in names if name == ORGANIC or (name not in extended and _counts(load_scenario(name))))


def _parents(name: str) -> list[str]:
    """Return the names of the scenarios that a shipped one extends."""
    return [path.removesuffix(".yaml").rpartition("/")[2] for path in map(str, resolved(name)["parents"])]


def _counts(scenario: Scenario) -> bool:
    return scenario.programme is not None and scenario.horizon.years >= YEARS_LEAST
