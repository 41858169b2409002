"""Outcomes and their differences written with their units: shares in percent, money in words, persons whole."""

from __future__ import annotations

from typing import Any

from clustersim.core import numbers
from clustersim.core.words import N_, _
from clustersim.studies.comparison.outcomes import OUTCOMES

UNITS = {
    "jobs": N_("jobs"),
    "person-years": N_("person-years"),
    "firms": N_("firms"),
    "kUSD": N_("thousand USD"),
    "kUSD/year": N_("thousand USD a year"),
    "kUSD/person/year": N_("thousand USD per person and year"),
    "years": N_("years"),
    "projects": N_("projects"),
    "share": "%",
}
WHOLE = ("jobs", "person-years")


def label(name: str) -> str:
    """Return the name of an outcome."""
    return _(OUTCOMES[name].label)


def unit(name: str) -> str:
    """Return the unit of an outcome in words."""
    return _(UNITS[OUTCOMES[name].unit])


def unit_of_difference(name: str) -> str:
    """Return the unit of a difference of an outcome: shares differ by percentage points."""
    return _("percentage points") if OUTCOMES[name].unit == "share" else unit(name)


def named(name: str, difference: bool = False) -> str:
    """Return the name of an outcome with its unit, where the name does not say it already."""
    if OUTCOMES[name].unit in ("jobs", "firms", "years", "projects"):
        return label(name)
    return f"{label(name)} ({unit_of_difference(name) if difference else unit(name)})"


def value(amount: float | None, name: str) -> str:
    """Return a value of an outcome, without its unit but for the percent sign."""
    kind = OUTCOMES[name].unit
    if kind == "share":
        return numbers.percent(amount)
    return numbers.whole(amount) if kind in WHOLE else numbers.number(amount)


def change(amount: float | None, name: str, like: float | None = None) -> str:
    """Return a difference of an outcome with its sign, rounded as `like` is where it is given."""
    kind = OUTCOMES[name].unit
    if amount is None:
        return numbers.NONE
    if kind == "share":
        return numbers.signed(100.0 * amount, 0 if abs(100.0 * (amount if like is None else like)) >= 9.95 else 1)
    if kind in WHOLE and like is None:
        return numbers.signed_whole(amount)
    size = amount if like is None else like
    decimals = 0 if kind in WHOLE and abs(size) >= 9.95 else min(numbers.decimals_for(size), 2)
    return numbers.signed(amount, decimals)


def difference(found: dict[str, Any], name: str) -> str:
    """Return a mean difference with its 90 % interval: "+225 (+195 to +255)"; the mean alone where there is none."""
    mean = change(found["estimate"], name)
    if found["low"] is None or found["low"] == found["high"]:
        return mean
    low, high = (change(found[end], name, like=found["estimate"]) for end in ("low", "high"))
    return f"{mean} ({numbers.to(low, high)})"
