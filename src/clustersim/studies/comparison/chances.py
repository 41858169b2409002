"""Chances told from a finite number of simulations: a share with its interval, or a count and a bound, never certainty."""

from __future__ import annotations

from clustersim.core.numbers import HARD, number, percent, shortest
from clustersim.core.words import _
from clustersim.studies.comparison.statistics import wilson


def simulations(count: int, paired: bool | None = None) -> str:
    """Return a number of simulations with its word: "one simulation", "200 paired simulations"."""
    if count == 1:
        return _("one simulation")
    text = number(count, 0)
    if paired is None:
        return _("{n} simulations", n=text)
    return _("{n} paired simulations", n=text) if paired else _("{n} independent simulations", n=text)


def always_or_never(count: float, of: float) -> bool:
    """Whether something happened in all simulations or in none, so that its chance is a bound."""
    return count <= 0 or count >= of


def counted(count: float, of: float) -> str:
    """Return in how many of the simulations something happened: "10 of 10"."""
    return _("{count} of {of}", count=shortest(count), of=number(of, 0))


def bound(count: float, of: float) -> str:
    """Return what can be said of a chance where something happened in all simulations or in none: "at least 79 %"."""
    found = wilson(count, of)
    return _("at least {share}", share=percent(found.low)) if count > 0 else _("at most {share}", share=percent(found.high))


def chance(count: float, of: float) -> str:
    """Return a share of simulations with its Wilson interval; the count and a bound where it is all or none of them."""
    if always_or_never(count, of):
        return f"{counted(count, of)} ({bound(count, of)})"
    found = wilson(count, of)
    low, high = percent(found.low).removesuffix(f"{HARD}%"), percent(found.high)
    return f"{percent(found.estimate)} ({low}–{high})"
