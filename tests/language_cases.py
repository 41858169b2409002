"""What the tests of messages share: each fault is told in both languages, of the same place, with nothing left in English."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from clustersim.core.errors import InputError
from clustersim.core.language import catalogue
from clustersim.core.words import speaking

WORDS = 3  # of a piece of text from which it cannot stand in Spanish by chance


@cache
def english_pieces() -> list[str]:
    """Return what stands between the fields of all English texts, as far as no Spanish text holds it."""
    texts: dict[Any, str] = catalogue("es")._catalog  # type: ignore[attr-defined]
    spanish = "\n".join(texts.values())
    found = set()
    for key in texts:
        message = key[0] if isinstance(key, tuple) else key.rpartition("\x04")[2]
        for piece in re.split(r"\{[^}]*\}", message):
            piece = piece.strip(" .,;:()'")
            if len(re.findall(r"[A-Za-z]{2,}", piece)) >= WORDS and piece not in spanish:
                found.add(piece)
    return sorted(found, key=len, reverse=True)


def left_in_english(text: str) -> list[str]:
    """Return the pieces of English texts that a text holds."""
    return [piece for piece in english_pieces() if piece in text]


def compare(english: InputError, spanish: InputError) -> None:
    """Assert that two errors are one fault, told in English and in Spanish."""
    assert (spanish.file, spanish.key, spanish.line, spanish.others) == (english.file, english.key, english.line, english.others)
    assert spanish.message != english.message and bool(spanish.hint) == bool(english.hint)
    assert not left_in_english(str(spanish)), str(spanish)


def told(call: Any, *arguments: Any, **options: Any) -> InputError:
    """Return the `InputError` that a call raises; it must raise the same in Spanish."""
    with speaking("en"), pytest.raises(InputError) as english:
        call(*arguments, **options)
    with speaking("es"), pytest.raises(InputError) as spanish:
        call(*arguments, **options)
    compare(english.value, spanish.value)
    return english.value


def listed(call: Any, *arguments: Any) -> list[InputError]:
    """Return the errors that a call lists; it must list the same in Spanish."""
    with speaking("en"):
        english = call(*arguments)
    with speaking("es"):
        spanish = call(*arguments)
    assert len(english) == len(spanish)
    for pair in zip(english, spanish, strict=True):
        compare(*pair)
    return english
