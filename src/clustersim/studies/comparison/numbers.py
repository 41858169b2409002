"""Numbers as people write them in English and Spanish, with no more digits than a simulation can stand for."""

from __future__ import annotations

import math
from typing import Any

from clustersim.studies.comparison.statistics import Interval, wilson

LANGUAGES = ("en", "es")
NONE = "–"
THIN = "\N{NARROW NO-BREAK SPACE}"
HARD = "\N{NO-BREAK SPACE}"
KINDS = {"": ("", ""), "paired": ("paired ", " pareadas"), "unpaired": ("independent ", " independientes")}
MINUS = "\N{MINUS SIGN}"


def localise(text: str, lang: str) -> str:
    """Write a number that is in plain notation the way the language does: 12,345.6 or 12 345,6 (Spanish: RAE)."""
    sign, digits = (MINUS, text[1:]) if text[:1] in ("-", MINUS) else ("", text)
    whole, _, part = digits.partition(".")
    separator, point, shortest = (",", ".", 4) if lang == "en" else (THIN, ",", 5)
    if len(whole) >= shortest:
        whole = f"{int(whole):,}".replace(",", separator)
    return sign + whole + (point + part if part else "")


def decimals_for(size: float) -> int:
    """Return how many decimals a number of this size deserves: about three digits."""
    size = abs(size)
    return 0 if size >= 100.0 or size == 0.0 else 1 if size >= 10.0 else 2 if size >= 1.0 else 3


def number(value: float | None, lang: str, decimals: int | None = None) -> str:
    """Return a number; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return NONE
    text = f"{value:.{decimals_for(value) if decimals is None else decimals}f}"
    if float(text) == 0.0:
        text = text.lstrip("-")
    return localise(text, lang)


def signed(value: float | None, lang: str, decimals: int | None = None) -> str:
    """Return a number with its sign, plus as well."""
    text = number(value, lang, decimals)
    return text if text == NONE or value is None or text[0] == MINUS or not text.strip("0.,") else f"+{text}"


def years(quarters: int, lang: str) -> str:
    """Return a time in years with its word: "1 year", "12.5 years"."""
    text = localise(f"{quarters / 4.0:g}", lang)
    word = ("year" if quarters == 4 else "years") if lang == "en" else ("año" if quarters == 4 else "años")
    return f"{text} {word}"


def simulations(count: int, lang: str, kind: str = "") -> str:
    """Return a number of simulations with its word: "one simulation", "200 paired simulations"."""
    if count == 1:
        return "one simulation" if lang == "en" else "una simulación"
    text = number(count, lang, 0)
    if lang == "en":
        return f"{text} {KINDS[kind][0]}simulations"
    return f"{text} simulaciones{KINDS[kind][1]}"


def whole(value: float | None, lang: str) -> str:
    """Return persons, firms or jobs: whole from ten on, with one decimal below."""
    return number(value, lang, None if value is None else 0 if abs(value) >= 9.95 or value == 0.0 else 1)


def signed_whole(value: float | None, lang: str) -> str:
    """Return persons, firms or jobs with their sign."""
    return signed(value, lang, None if value is None else 0 if abs(value) >= 9.95 or value == 0.0 else 1)


def to(low: str, high: str, lang: str) -> str:
    """Return two ends joined by a word."""
    if NONE in (low, high):
        return NONE
    return f"{low} {'to' if lang == 'en' else 'a'} {high}"


def percent(share: float | None, lang: str) -> str:
    """Return a share in percent, whole but near 0 and 1."""
    if share is None or not math.isfinite(share):
        return NONE
    value = round(100.0 * share, 9)  # 0.575 is 57.49999999999999 %, which would be written as 57
    near = min(value, 100.0 - value)
    return number(value, lang, 1 if 0.0 < near < 2.0 else 0) + f"{HARD}%"


def chance(count: float, of: float, lang: str, ends: bool = True) -> str:
    """Return a share of runs with its Wilson interval; all or none of them is a bound, never certainty."""
    found = wilson(count, of)
    if count >= of:
        return f"{'over' if lang == 'en' else 'más del'} {percent(found.low, lang)}"
    if count <= 0:
        return f"{'under' if lang == 'en' else 'menos del'} {percent(found.high, lang)}"
    text = percent(found.estimate, lang)
    if not ends:
        return text
    low, high = percent(found.low, lang).removesuffix(f"{HARD}%"), percent(found.high, lang)
    return f"{text} ({low}–{high})"


def chance_said(count: float, of: float, lang: str) -> str:
    """Return the same as it stands after "the chance is": Spanish asks for an article there."""
    text = chance(count, of, lang)
    if lang == "en":
        return text
    return f"de {text}" if text.startswith(("más", "menos")) else f"del {text}"


def money(kusd: float | None, lang: str) -> str:
    """Return an amount in USD, in words that fit its size, from thousands of USD."""
    if kusd is None or not math.isfinite(kusd):
        return NONE
    size = abs(kusd)
    if size >= 1000.0:
        text = number(kusd / 1000.0, lang, 0 if size >= 100_000 else 1 if size >= 10_000 else 2)
        return f"USD{HARD}{text}{HARD}million" if lang == "en" else f"{text}{HARD}millones de USD"
    dollars = round(kusd * 1000.0, -3 if size >= 10.0 else -2)
    text = number(dollars, lang, 0)
    return f"USD{HARD}{text}" if lang == "en" else f"{text}{HARD}USD"


def money_range(low: float, high: float, lang: str) -> str:
    """Return two amounts joined by a word."""
    return to(money(low, lang), money(high, lang), lang)


def interval_of(said: dict[str, Any] | None) -> Interval | None:
    """Return the interval that a mapping of the answers holds; None where it is undefined."""
    if said is None or said["estimate"] is None:
        return None
    ends = (math.nan if said[key] is None else said[key] for key in ("estimate", "low", "high"))
    return Interval(*ends)
