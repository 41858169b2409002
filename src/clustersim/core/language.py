"""The language in force, and texts in it: what `clustersim.core.words` offers, below the errors that it may raise."""

from __future__ import annotations

import gettext
import os
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "es")
VARIABLE = "CLUSTERSIM_LANG"
LOCALE, DOMAIN = Path(__file__).parent / "locale", "clustersim"

SPEAKING: ContextVar[str | None] = ContextVar("speaking", default=None)  # the language of a block; None: the process's
_used: str | None = None


def usual() -> str:
    """Return the language that the environment asks for: ``CLUSTERSIM_LANG``, else the system's locale, else English."""
    asked = os.environ.get(VARIABLE)
    if asked in LANGUAGES:
        return asked
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "es" if locale.lower().startswith("es") else "en"


def language() -> str:
    """Return the language in force."""
    return SPEAKING.get() or _used or usual()


def put(lang: str | None) -> str | None:
    """Set the language of this process, None for the environment's; return the one before."""
    global _used
    before, _used = _used, lang
    return before


@cache
def catalogue(lang: str) -> gettext.NullTranslations:
    """Return the texts of a language."""
    return gettext.NullTranslations() if lang == "en" else gettext.translation(DOMAIN, LOCALE, [lang])


def _(message: str, **values: object) -> str:
    """Return a text in the language in force, its fields filled in where there are values."""
    text = catalogue(language()).gettext(message) if message else ""
    return text.format(**values) if values else text


def _n(one: str, many: str, count: int, **values: object) -> str:
    """Return a text that depends on a count; the field ``{n}`` is the count unless `values` say otherwise."""
    return catalogue(language()).ngettext(one, many, count).format(**{"n": count} | values)


def _c(context: str, message: str, **values: object) -> str:
    """Return a text that one language writes alike, and another differently, in different contexts."""
    text = catalogue(language()).pgettext(context, message)
    return text.format(**values) if values else text


def N_(message: str) -> str:
    """Mark a text that is declared here and said elsewhere with ``_``."""
    return message
