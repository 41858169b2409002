"""Outcomes and their differences written with their units: shares in percent, money in words, persons whole."""

from __future__ import annotations

from typing import Any

from clustersim.studies.comparison import numbers as write
from clustersim.studies.comparison.outcomes import OUTCOMES

UNITS = {
    "jobs": ("jobs", "empleos"),
    "person-years": ("person-years", "años-persona"),
    "firms": ("firms", "empresas"),
    "kUSD": ("thousand USD", "miles de USD"),
    "kUSD/year": ("thousand USD a year", "miles de USD al año"),
    "kUSD/person/year": ("thousand USD per person and year", "miles de USD por persona y año"),
    "years": ("years", "años"),
    "projects": ("projects", "proyectos"),
    "share": ("%", "%"),
}
POINTS = ("percentage points", "puntos porcentuales")
WHOLE = ("jobs", "person-years")


def label(name: str, lang: str) -> str:
    """Return the name of an outcome."""
    said = OUTCOMES[name]
    return said.label if lang == "en" else said.etiqueta


def unit(name: str, lang: str) -> str:
    """Return the unit of an outcome in words."""
    return UNITS[OUTCOMES[name].unit][lang == "es"]


def unit_of_difference(name: str, lang: str) -> str:
    """Return the unit of a difference of an outcome: shares differ by percentage points."""
    return POINTS[lang == "es"] if OUTCOMES[name].unit == "share" else unit(name, lang)


def named(name: str, lang: str, difference: bool = False) -> str:
    """Return the name of an outcome with its unit, where the name does not say it already."""
    if OUTCOMES[name].unit in ("jobs", "firms", "years", "projects"):
        return label(name, lang)
    return f"{label(name, lang)} ({unit_of_difference(name, lang) if difference else unit(name, lang)})"


def value(amount: float | None, name: str, lang: str) -> str:
    """Return a value of an outcome, without its unit but for the percent sign."""
    kind = OUTCOMES[name].unit
    if kind == "share":
        return write.percent(amount, lang)
    return write.whole(amount, lang) if kind in WHOLE else write.number(amount, lang)


def change(amount: float | None, name: str, lang: str, like: float | None = None) -> str:
    """Return a difference of an outcome with its sign, rounded as `like` is where it is given."""
    kind = OUTCOMES[name].unit
    if amount is None:
        return write.NONE
    if kind == "share":
        return write.signed(100.0 * amount, lang, 0 if abs(100.0 * (amount if like is None else like)) >= 9.95 else 1)
    if kind in WHOLE and like is None:
        return write.signed_whole(amount, lang)
    size = amount if like is None else like
    decimals = 0 if kind in WHOLE and abs(size) >= 9.95 else min(write.decimals_for(size), 2)
    return write.signed(amount, lang, decimals)


def difference(found: dict[str, Any], name: str, lang: str) -> str:
    """Return a mean difference with its 90 % interval: "+225 (+195 to +255)"; the mean alone where there is none."""
    mean = change(found["estimate"], name, lang)
    if found["low"] is None or found["low"] == found["high"]:
        return mean
    low, high = (change(found[end], name, lang, like=found["estimate"]) for end in ("low", "high"))
    return f"{mean} ({write.to(low, high, lang)})"
