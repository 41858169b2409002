"""English in Spanish output: which texts of the catalogue are said in English where Spanish was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

CATALOGUE = Path(__file__).parents[1] / "src" / "clustersim" / "core" / "locale" / "es" / "LC_MESSAGES" / "clustersim.po"
FIELD = re.compile(r"\{\w*(?:![rs])?(?::[^}]*)?\}")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
WORDS_LEAST = 3  # shorter texts may stand in Spanish by right: names, units, single words


def _flat(text: str) -> str:
    return " ".join(text.split())


@cache
def phrases() -> dict[str, str]:
    """Return what can only be English: parts of texts, between their fields, of three words or more; each with its whole text."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="es")
    found: dict[str, str] = {}
    for message in catalogue:
        english = message.id if isinstance(message.id, tuple) else (message.id,)
        spanish = _flat(" ".join(message.string if isinstance(message.string, tuple) else (message.string,)))
        for text in english:
            for part in FIELD.split(text or ""):
                part = _flat(part)
                if len(WORD.findall(part)) >= WORDS_LEAST and part not in spanish:
                    found[part] = text
    return found


def _said(output: str) -> Iterator[str]:
    flat = _flat(re.sub(r"[│╭╮╰╯─━]+", " ", output))
    for part, text in phrases().items():
        if part in flat and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", flat):
            yield text


def english_in(output: str, allowed: tuple[str, ...] = ()) -> list[str]:
    """Return the texts of the catalogue that an output in Spanish says in English.

    Parameters
    ----------
    output : str
        What a command, a page or a file says; line breaks do not matter.
    allowed : tuple of str, optional
        What may stand there in English, such as a scenario's own words.

    Returns
    -------
    list of str
        English texts of three words or more whose Spanish differs; empty if there are none.
    """
    for words in allowed:
        output = output.replace(words, " ")
    return sorted(set(_said(output)))
