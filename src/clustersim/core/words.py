"""What the program says, in its reader's language: English stands at the call, Spanish in one gettext catalogue.

``_("{n} firms", n=3)`` is the text in the language in force, its fields filled in. The language in force is that of the
innermost `speaking`, else that of `use`, else the one that ``CLUSTERSIM_LANG`` or the system's locale asks for. A text that is
declared in one place and said in another is marked with `N_` where it is declared, and said with ``_(text)``.

``make words`` collects the texts into ``locale/es/LC_MESSAGES/clustersim.po`` and compiles it; a test finds what is not
translated.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from clustersim.core.errors import InputError
from clustersim.core.language import LANGUAGES, LOCALE, N_, SPEAKING, VARIABLE, _, _c, _n, catalogue, language, put, usual

__all__ = ["LANGUAGES", "LOCALE", "VARIABLE", "N_", "_", "_c", "_n", "checked", "language", "said_in", "speaking", "use", "usual"]


def checked(lang: str, where: str = "lang") -> str:
    """Return a language that exists.

    Raises
    ------
    InputError
        If `lang` is none; `where` is the option or argument that named it.
    """
    if isinstance(lang, str) and lang in LANGUAGES:
        return lang
    found = lang[:40] if isinstance(lang, str) else type(lang).__name__
    raise InputError(where, "", _("{lang!r} is not a language that clustersim speaks", lang=found),
                     _("Allowed: {names}.", names=", ".join(LANGUAGES)))  # fmt: skip


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
    return put(None if lang is None else checked(lang))


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
    token = SPEAKING.set(checked(lang))
    try:
        yield
    finally:
        SPEAKING.reset(token)


def said_in(lang: str, message: str) -> str:
    """Return a declared text in a language, whichever is in force."""
    return catalogue(checked(lang)).gettext(message) if message else ""
