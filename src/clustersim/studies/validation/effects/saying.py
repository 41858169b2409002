"""Effects, and published ones, in the words and numbers of the language in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from clustersim.core.numbers import HARD, NONE, number, percent, signed, to
from clustersim.core.words import N_, _
from clustersim.studies.validation.effects.estimating import JOB_COST, PRIVATE_RD
from clustersim.studies.validation.effects.published import VERDICTS

SEEN = {"yes: fit": N_("seen, for fitting"), "second-hand": N_("second-hand"), "abstract": N_("abstract")}


def effect(year: Mapping[str, Any]) -> str:
    """Return an effect in per cent with its band: two decimals below one per cent, 0 alone where nothing moves.

    Examples
    --------
    >>> effect({"value": 2.31, "low": 1.8, "high": 2.8}), effect({"value": 0.0, "low": 0.0, "high": 0.0})
    ('+2.3 [1.8, 2.8]', '0')
    """
    return " ".join(value_and_band(year)).strip()


def value_and_band(year: Mapping[str, Any], decimals: int | None = None) -> tuple[str, str]:
    """Return an effect and its band apart; the band is empty where there is none to tell."""
    parts = year["value"], year["low"], year["high"]
    if not np.isfinite(parts).all():
        return NONE, ""
    if parts == (0.0, 0.0, 0.0):
        return number(0.0), ""
    if decimals is None:
        decimals = 1 if abs(parts[0]) >= 0.95 else 2
    low, high = (number(end, decimals) for end in parts[1:])
    return signed(parts[0], decimals) if decimals else number(parts[0], 0), _("[{low}, {high}]", low=low, high=high)


def positive(year: Mapping[str, Any]) -> str:
    """Return the share of replicates in which the effect is above 0; nothing where none has one or nothing moves."""
    moves = np.isfinite(year["value"]) and (year["value"], year["low"], year["high"]) != (0.0, 0.0, 0.0)
    return percent(year["positive"]) if moves else ""


def measured(fact: Mapping[str, Any]) -> str:
    """Return what was measured beside a published figure, with its band."""
    return " ".join(value_and_band(fact, {JOB_COST: 0, PRIVATE_RD: 2}.get(fact["indicator"]))).strip()


def published(fact: Mapping[str, Any]) -> str:
    """Return a published value or range in numbers."""
    low, high = (number(end, 1 if abs(end) < 100.0 else 0) for end in (fact["published_low"], fact["published_high"]))
    return low if low == high else to(low, high)


def verdict(fact: Mapping[str, Any]) -> str:
    """Return where the measured band lies beside the published value; a star where parameters may be fitted to it."""
    return _(VERDICTS[fact["verdict"]]) + (f"{HARD}*" if fact["fit"] else "")


def when(year: int) -> str:
    """Return the name of a year: "t", "t+1"."""
    return f"t+{year}" if year else "t"
