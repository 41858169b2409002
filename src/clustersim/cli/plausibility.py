"""The second table of ``clustersim validate``: what the model gives beside the published range of each item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

LANGUAGES = ("en", "es")
TEXTS = {
    "title": ("Plausibility", "Verosimilitud"),
    "statement": ("What data show", "Qué muestran los datos"),
    "value": ("Model [5 %, 95 %]", "Modelo [5 %, 95 %]"),
    "published": ("Published", "Publicado"),
    "verdict": ("Verdict", "Veredicto"),
    "bears": ("{id} {verdict}. {bears}", "{id} {verdict}. {bears}"),
    "sum": (
        "{n} items: {inside} inside the published range, {outside} outside, {none} not comparable ({replicates} replicates of "
        "{runs}, after {years} years; nothing is fitted to these ranges, and they do not change the exit status).",
        "{n} elementos: {inside} dentro del rango publicado, {outside} fuera, {none} no comparables ({replicates} réplicas de "
        "{runs}, tras {years} años; nada se ajusta a estos rangos, y no cambian el código de salida).",
    ),
    "memory": ("* A part of the range is from memory.", "* Una parte del rango es de memoria."),
}


def say(key: str, lang: str, **values: object) -> str:
    """Return a text in a language, its fields filled in."""
    return TEXTS[key][LANGUAGES.index(lang)].format(**values)


def show(out: Console, results: Sequence[Mapping[str, Any]], replicates: int, lang: str) -> None:
    """Print the table, and for each item outside its range what in the model bears on it."""
    from rich.text import Text

    from clustersim.cli.terminal import table
    from clustersim.core.words import _
    from clustersim.studies.validation.plausibility.sample import BURN_IN, SCENARIOS
    from clustersim.views.figures.plausibility import published, verdict
    from clustersim.views.figures.validation import interval

    shown = table(say("title", lang), *(say(key, lang) for key in ("statement", "value", "published", "verdict")))
    shown.columns[1].overflow = "fold"
    shown.columns[1].ratio = 1
    for place in (0, 4):
        shown.columns[place].no_wrap = True
    for result in results:
        cells = (_(result["statement"]), interval(result), published(result), verdict(result))
        shown.add_row(result["id"], *(Text(cell) for cell in cells))
    out.print(shown)
    verdicts = [result["inside"] for result in results]
    lines = [
        say("bears", lang, id=result["id"], verdict=verdict(result), bears=_(result["bears"]))
        for result in results if result["inside"] is not True
    ]  # fmt: skip
    if any(result["from_memory"] for result in results):
        lines.append(say("memory", lang))
    lines.append(say(
        "sum", lang, n=len(results), inside=verdicts.count(True), outside=verdicts.count(False), none=verdicts.count(None),
        replicates=replicates, runs=", ".join(SCENARIOS), years=BURN_IN,
    ))  # fmt: skip
    for line in lines:
        out.print(Text(line), soft_wrap=True)
