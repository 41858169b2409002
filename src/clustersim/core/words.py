"""What the program says, in its reader's language: English stands at the call, Spanish in one gettext catalogue.

``_("{n} firms", n=3)`` is the text in the language in force, its fields filled in. The language in force is that of the
innermost `speaking`, else that of `use`, else the one that ``CLUSTERSIM_LANG`` or the system's locale asks for. A text that is
declared in one place and said in another is marked with `N_` where it is declared, and said with ``_(text)``.

``make words`` collects the texts into ``locale/es/LC_MESSAGES/clustersim.po`` and compiles it; a test finds what is not
translated.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from clustersim.core.errors import InputError

LANGUAGES = ("en", "es")
VARIABLE = "CLUSTERSIM_LANG"
LOCALE, DOMAIN = Path(__file__).parent / "locale", "clustersim"

_speaking: ContextVar[str | None] = ContextVar("speaking", default=None)
_used: str | None = None


def checked(lang: str, where: str = "lang") -> str:
    """Return a language that exists.

    Raises
    ------
    InputError
        If `lang` is none; `where` is the option or argument that named it.
    """
    if lang in LANGUAGES:
        return lang
    raise InputError(where, "", _("{lang!r} is not a language that clustersim speaks", lang=str(lang)[:40]),
                     _("Allowed: {names}.", names=", ".join(LANGUAGES)))  # fmt: skip


def usual() -> str:
    """Return the language that the environment asks for: ``CLUSTERSIM_LANG``, else the system's locale, else English."""
    asked = os.environ.get(VARIABLE)
    if asked in LANGUAGES:
        return asked
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "es" if locale.lower().startswith("es") else "en"


def language() -> str:
    """Return the language in force."""
    return _speaking.get() or _used or usual()


def use(lang: str | None) -> str | None:
    """Set the language of this process, None for the environment's; return the one before.

    Examples
    --------
    >>> from clustersim.core import words
    >>> before = words.use("es")
    >>> words.language()
    'es'
    >>> words.use(before)
    'es'
    """
    global _used
    before, _used = _used, None if lang is None else checked(lang)
    return before


@contextmanager
def speaking(lang: str | None) -> Iterator[None]:
    """Let a language hold inside a ``with`` block, for this thread or task alone; None changes nothing.

    Examples
    --------
    >>> from clustersim.core.words import language, speaking
    >>> with speaking("es"):
    ...     language()
    'es'
    """
    if lang is None:
        yield
        return
    token = _speaking.set(checked(lang))
    try:
        yield
    finally:
        _speaking.reset(token)


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    return gettext.NullTranslations() if lang == "en" else gettext.translation(DOMAIN, LOCALE, [lang])


def _(message: str, **values: object) -> str:
    """Return a text in the language in force, its fields filled in where there are values."""
    text = _catalogue(language()).gettext(message) if message else ""
    return text.format(**values) if values else text


def _n(one: str, many: str, count: int, **values: object) -> str:
    """Return a text that depends on a count; the field ``{n}`` is the count unless `values` say otherwise."""
    return _catalogue(language()).ngettext(one, many, count).format(**{"n": count} | values)


def _c(context: str, message: str, **values: object) -> str:
    """Return a text that one language writes alike, and another differently, in different contexts."""
    text = _catalogue(language()).pgettext(context, message)
    return text.format(**values) if values else text


def N_(message: str) -> str:
    """Mark a text that is declared here and said elsewhere with ``_``."""
    return message


def said_in(lang: str, message: str) -> str:
    """Return a declared text in a language, whichever is in force."""
    return _catalogue(checked(lang)).gettext(message) if message else ""
