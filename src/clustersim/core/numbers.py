"""The one writer of numbers: as people write them in the language in force, with no more digits than a simulation can stand for.

English writes 12,345.6; Spanish writes 12 345,6 after the Real Academia Española: a thin space from five digits on, and a decimal
comma. A negative number has a minus sign, not a hyphen; a number that does not exist is a dash.
"""

from __future__ import annotations

import math
from datetime import date as Date
from decimal import Decimal

from clustersim.core.words import N_, _, _n, language

NONE = "–"
THIN = "\N{NARROW NO-BREAK SPACE}"
HARD = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
# Separator of thousands, decimal sign, and the digits from which thousands are separated.
NOTATION = {"en": (",", ".", 4), "es": (THIN, ",", 5)}
MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"), N_("September"),
    N_("October"), N_("November"), N_("December"),
)  # fmt: skip


def localise(text: str) -> str:
    """Write a number that is in plain notation, such as "-12345.6", the way the language does."""
    sign, digits = (MINUS, text[1:]) if text[:1] in ("-", MINUS) else ("", text)
    whole, _point, part = digits.partition(".")
    separator, point, shortest = NOTATION[language()]
    if whole.isdigit() and len(whole) >= shortest:
        whole = f"{int(whole):,}".replace(",", separator)
    return sign + whole + (point + part if part else "")


def decimals_for(size: float) -> int:
    """Return how many decimals a number of this size deserves: about three digits."""
    size = abs(size)
    return 0 if size >= 100.0 or size == 0.0 else 1 if size >= 10.0 else 2 if size >= 1.0 else 3


def number(value: float | None, decimals: int | None = None) -> str:
    """Return a number, with about three digits unless `decimals` are given; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return NONE
    text = f"{value:.{decimals_for(value) if decimals is None else decimals}f}"
    if float(text) == 0.0:
        text = text.lstrip("-")
    return localise(text)


def shortest(value: float | None, digits: int = 6) -> str:
    """Return a number with the digits that it needs, at most so many: 0.25, 12, 1,500."""
    if value is None or not math.isfinite(value):
        return NONE
    return localise(f"{Decimal(f'{value + 0.0:.{digits}g}'):f}")  # never as a power of ten


def plain(value: float) -> str:
    """Return a number as programs read it, with all the digits that make it and no more: 3, 2.25, 0.0312345678."""
    return repr(float(value)).removesuffix(".0")


def signed(value: float | None, decimals: int | None = None) -> str:
    """Return a number with its sign, plus as well."""
    text = number(value, decimals)
    return text if text == NONE or text[0] == MINUS or not text.strip("0.,") else f"+{text}"


def _whole_decimals(value: float | None) -> int | None:
    return None if value is None else 0 if abs(value) >= 9.95 or value == 0.0 else 1


def whole(value: float | None) -> str:
    """Return persons, firms or jobs: whole from ten on, with one decimal below."""
    return number(value, _whole_decimals(value))


def signed_whole(value: float | None) -> str:
    """Return persons, firms or jobs with their sign."""
    return signed(value, _whole_decimals(value))


def to(low: str, high: str) -> str:
    """Return two ends joined by a word."""
    return NONE if NONE in (low, high) else _("{low} to {high}", low=low, high=high)


def percent(share: float | None) -> str:
    """Return a share in percent, whole but near 0 and 1, or -1 where it is one that is lost."""
    if share is None or not math.isfinite(share):
        return NONE
    value = round(100.0 * share, 9)  # 0.575 is 57.49999999999999 %, which would be written as 57
    near = min(abs(value), 100.0 - abs(value))
    return number(value, 1 if 0.0 < near < 2.0 else 0) + f"{HARD}%"


def rate(share: float) -> str:
    """Return a share that somebody chose, such as a discount rate, in percent with all its digits: 2.5 % is not 2 %."""
    return f"{shortest(100.0 * share)}{HARD}%"


def years(quarters: int) -> str:
    """Return a time in years with its word: "1 year", "12.5 years"."""
    return _n("{n} year", "{n} years", 1 if quarters == 4 else 2, n=localise(f"{quarters / 4.0:g}"))


def money(kusd: float | None) -> str:
    """Return an amount in USD, in words that fit its size, from thousands of USD."""
    if kusd is None or not math.isfinite(kusd):
        return NONE
    size = abs(kusd)
    if size >= 1000.0:
        text = number(kusd / 1000.0, 0 if size >= 100_000 else 1 if size >= 10_000 else 2)
        return _("USD {amount} million", amount=text).replace(" ", HARD)
    dollars = round(kusd * 1000.0, -3 if size >= 10.0 else -2)
    return _("USD {amount}", amount=number(dollars, 0)).replace(" ", HARD)


def money_range(low: float, high: float) -> str:
    """Return two amounts joined by a word."""
    return to(money(low), money(high))


def date(day: Date) -> str:
    """Return a date in words: "28 November 2026"."""
    return _("{day} {month} {year}", day=day.day, month=_(MONTHS[day.month - 1]), year=day.year)
