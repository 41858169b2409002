"""The effect table as Markdown for the documentation, which is in English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from clustersim.core.numbers import number
from clustersim.core.words import speaking
from clustersim.studies.validation.effects import saying
from clustersim.studies.validation.effects.estimating import INDICATORS
from clustersim.studies.validation.effects.published import MEASURES


def effect_tables(found: Mapping[str, Any]) -> str:
    """Return what was tried, the effect on each indicator, and the published effects, as `effects.measure` found them."""
    with speaking("en"):
        parts = [_tried(found["instruments"])]
        parts += [f"**{INDICATORS[name]}**\n\n{_effects(found, name)}" for name in INDICATORS]
        parts.append(f"**Beside published effects**\n\n{_published(found['published'])}")
    return "\n\n".join(parts)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows))


def _tried(instruments: Sequence[Mapping[str, Any]]) -> str:
    """Return the table of doses and of whom they reach."""
    rows = []
    for each in instruments:
        aim = ", ".join([*each["classes"], *(each["segments"] or ())]) if each["segments"] else "all"
        acts = "single firms" if each["single_firms"] else "the place"
        beside = ", ".join(f"`{use}`" for use in each["beside"]) or "nothing"
        reached = f"{aim} ({number(each['firms'], 0)})"
        rows.append((f"`{each['instrument']}`", number(each["per_year"], 0), number(each["public"], 0), acts, reached, beside))
    return _table(("instrument", "kUSD a year", "public money, kUSD", "acts on", "firms reached", "in both runs"), rows)


def _effects(found: Mapping[str, Any], name: str) -> str:
    """Return the table of effects on one indicator, the largest in the third year first."""
    years = range(1, found["last_year"] + 1)
    rows = []
    for each in sorted(found["instruments"], key=lambda each: -each["effects"][name][3]["value"]):
        series = each["effects"][name]
        cells = (f"{saying.effect(series[year])} {saying.positive(series[year])}".strip() for year in years)
        rows.append((f"`{each['instrument']}`", *cells))
    return _table(("instrument", *(saying.when(year) for year in years)), rows)


def _published(facts: Sequence[Mapping[str, Any]]) -> str:
    """Return the table of published effects."""
    heads = ("programme", "what", "year", "published", "source", "how known", "instrument", "model [5 %, 95 %]", "the model is")
    rows = []
    for fact in facts:
        instrument = f"`{fact['instrument']}`" + (" (nearest)" if fact["nearest"] else "")
        rows.append((
            fact["what"], MEASURES[fact["indicator"]], saying.when(fact["year"]), saying.published(fact), fact["source"],
            saying.SEEN[fact["seen"]], instrument, saying.measured(fact), saying.verdict(fact),
        ))  # fmt: skip
    return _table(heads, rows)
