"""What is found of a fact, in words and in the language in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from clustersim.core.numbers import NONE, percent, shortest, to
from clustersim.core.words import N_, _
from clustersim.studies.evidence.facts import CALIBRATE, CHECK, PARAMETER
from clustersim.studies.evidence.measure import BANDS, LIBRARY

USES = {CALIBRATE: N_("calibrate"), CHECK: N_("check"), PARAMETER: N_("parameter")}
KINDS = {
    "purchase": N_("joint purchase"), "promotion": N_("joint promotion"), "training": N_("joint training"),
    "standards": N_("joint standards"), "services": N_("joint services"), "export": N_("joint export"),
    "research": N_("R&D consortia"),
}  # fmt: skip
BARE = ("1", "share", "rank")
ALL_PLACES = N_("all places of the library")
NEVER = N_("not reached")


def plain(value: float) -> str:
    """Return a number with three significant digits and at most five decimals."""
    if np.isinf(value):
        return _(NEVER)
    return shortest(value, 4 if abs(value) >= 1000.0 else 3) if abs(value) >= 1.0 else shortest(round(float(value), 5), 3)


def told(result: Mapping[str, Any]) -> str:
    """Return a fact's number, with its range where it has one.

    Examples
    --------
    >>> told({"fact": 0.53, "fact_low": 0.48, "fact_high": 0.58}), told({"fact": 3, "fact_low": None, "fact_high": None})
    ('0.53 (0.48 to 0.58)', '3')
    >>> told({"fact": 0.7, "fact_low": 0.7, "fact_high": None})
    '0.7 or more'
    """
    low, high = result["fact_low"], result["fact_high"]
    if low is not None and high is not None:
        return f"{plain(result['fact'])} ({to(plain(low), plain(high))})"
    if low is not None:
        return _("{low} or more", low=plain(low))
    if high is not None:
        return _("{high} or less", high=plain(high))
    return plain(result["fact"])


def told_in_unit(result: Mapping[str, Any]) -> str:
    """Return the same with the unit, unless it is one that the number needs not."""
    return told(result) if result["unit"] in BARE else f"{told(result)} {_(result['unit'])}"


def model(result: Mapping[str, Any]) -> str:
    """Return the model's value with its band; what a rank is among; a dash where there is nothing.

    Examples
    --------
    >>> model({"low": 2.0, "value": 3.0, "high": 4.5, "seen": {}}), model({"low": 5.0, "value": 5.0, "high": 5.0, "seen": {}})
    ('3 (2 to 4.5)', '5')
    """
    text = NONE
    if not np.isnan(result["value"]):
        text = plain(result["value"])
        if not result["low"] == result["high"]:
            text = f"{text} ({to(plain(result['low']), plain(result['high']))})"
    if result["seen"]:
        shares = ", ".join(f"{_(KINDS[kind])} {percent(share)}" for kind, share in result["seen"].items())
        text = f"{text}; {shares}" if text != NONE else shares
    return text


def verdict(result: Mapping[str, Any]) -> str:
    """Return in words whether a fact is met, and how far the model is from it."""
    if result["met"] is None:
        return _("not comparable")
    return _("met") if result["met"] else _("missed by {distance}", distance=plain(result["distance"]))


def measured(result: Mapping[str, Any]) -> str:
    """Return how a fact is measured and where, or why nothing can be compared."""
    if not result["how"]:
        return _(result["reason"])
    where = _(ALL_PLACES) if result["where"] == LIBRARY else result["where"]
    return f"{_(result['how'])} ({where})."


def remark(result: Mapping[str, Any]) -> str:
    """Return what bears on a comparison, or why there is none; nothing where there is nothing to say."""
    return _(result["bears"] or result["reason"]) if result["bears"] or result["reason"] else ""


def band(result: Mapping[str, Any]) -> str:
    """Return what the band of a value is of."""
    return _(BANDS[result["band"]]) if result["band"] else NONE
