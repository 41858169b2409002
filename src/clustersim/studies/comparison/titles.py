"""Titles of options in a language: the shipped scenarios have Spanish ones, others show as their author wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clustersim.studies.comparison.comparison import Comparison

SPANISH = {
    "No policy": "Sin política",
    "Organic agglomeration": "Aglomeración orgánica",
    "Designed from above": "Diseñado desde arriba",
    "Machine tools, Basque Country": "Máquinas herramienta, País Vasco",
    "Nine anchor-firm chains, Ecuador": "Nueve cadenas con empresa ancla, Ecuador",
    "Redesigned after a break": "Rediseñado tras una ruptura",
    "National strategy of competitiveness, Ecuador": "Estrategia Nacional de Competitividad, Ecuador",
    "Three competitive calls, Peru": "Tres concursos, Perú",
    "Ten clusters of the Southern Cone": "Diez clústeres del Cono Sur",
    "Chosen by politics, Argentina": "Elegidos por la política, Argentina",
    "Chosen by politics, Chile": "Elegidos por la política, Chile",
    "Chosen by competitiveness, Brazil": "Elegidos por competitividad, Brasil",
    "Chosen by calls, Uruguay": "Elegidos por concurso, Uruguay",
    "Simple network": "Red simple",
    "Complex network": "Red compleja",
    "Cluster project": "Proyecto de clúster",
    "Technology shock": "Choque tecnológico",
    "A nation of one million firms": "Una nación de un millón de empresas",
}


def in_language(text: str, lang: str) -> str:
    """Return the title of a shipped scenario in a language; any other title as it is."""
    return SPANISH.get(text, text) if lang == "es" else text


def title(comparison: Comparison, name: str, lang: str) -> str:
    """Return the title of an option, with its name where two options have the same title."""
    text = comparison.option(name).title
    shared = sum(option.title == text for option in comparison.options) > 1
    shown = in_language(text, lang)
    return f"{shown} ({name})" if shared else shown
