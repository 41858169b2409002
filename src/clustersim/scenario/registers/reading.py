"""What a user says of how a register is to be read, checked, and how an answer to a doubt is said at either door."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, NoReturn

from clustersim.core.arguments import flag, real, refused, text, whole
from clustersim.core.errors import InputError, door
from clustersim.core.words import _, _n
from clustersim.scenario.keys import did_you_mean, either, listed
from clustersim.scenario.registers.asking import CHOICES, Asked, checked
from clustersim.scenario.registers.doubts import Answer, Doubt

YEARS = (1000, 3000)
# What stands for a value that the user must give.
OPEN = {"currency": "CODE", "rate": "NUMBER", "year": "YEAR", "start_year": "YEAR", "crs": "EPSG:CODE", "read": "HEADING=COLUMN",
        "ignore": "HEADING", "register": "NAME", "table": "NAME"}  # fmt: skip
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_CRS = re.compile(r"degrees|km|EPSG:\d{4,6}", re.IGNORECASE)


def reading(**given: Any) -> Asked:
    """Return what a user says of how to read, each value checked; None is not said.

    Raises
    ------
    InputError
        Naming the option, or the argument.

    Examples
    --------
    >>> from clustersim.scenario.registers.reading import reading
    >>> reading(currency="mxn", rate=17).currency
    'MXN'
    """
    names = [field.name for field in fields(Asked)]
    for name in given:
        if name not in names:
            raise InputError(name, "", _("is no argument of reading."), did_you_mean(name, names, listed(names)))
    said: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    for name, value in said.items():
        said[name] = _checked(name, value)
    return checked(Asked(**said))


def _checked(name: str, value: Any) -> Any:
    """Return a value of `Asked`, as it is kept."""
    if name in CHOICES:
        if not isinstance(value, str) or value not in CHOICES[name]:
            raise refused(name, value, ", ".join(CHOICES[name]))
        return value
    if name in ("start_year", "year"):
        return whole(value, name, *YEARS)
    if name == "rate":
        return real(value, name, 0.0, 1e12, above=True)
    if name == "swapped":
        return flag(value, name)
    if name in ("ignore", "read"):
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise refused(name, value, _("a list of texts"))
        return tuple(text(one, name) for one in value)
    said = text(value, name)
    if name == "currency":
        if not _CURRENCY.fullmatch(said):
            raise refused(name, value, _("a code of three letters, such as MXN"))
        return said.upper()
    if name == "crs":
        if not _CRS.fullmatch(said):
            raise refused(name, value, "degrees, km, EPSG:32717")
        return said if said in ("degrees", "km") else said.upper() if ":" in said else said.lower()
    if not said.strip():
        raise refused(name, value, _("a text"))
    return said


def way(answer: Answer) -> str:
    """Return how an answer is said on the command line, or in Python.

    Examples
    --------
    >>> from clustersim.core.errors import entering
    >>> from clustersim.scenario.registers.doubts import Answer
    >>> from clustersim.scenario.registers.reading import way
    >>> way(Answer("currency", "MXN", "Pesos."))
    "currency='MXN'"
    >>> with entering("command"):
    ...     way(Answer("currency", "MXN", "Pesos.")), way(Answer("rate", "", "What a dollar is."))
    ('--currency MXN', '--rate NUMBER')
    """
    value = answer.value or OPEN.get(answer.option, "VALUE")
    if answer.option == "swapped":
        yes = answer.value.casefold() in ("", "true", "yes", "1")
        return door(command="--swapped" if yes else "--not-swapped", python=f"swapped={yes}")
    bare = not answer.value or answer.option in ("rate", "year", "start_year")
    several = answer.option in ("ignore", "read")
    python = value if bare else f"[{value!r}]" if several else repr(value)
    return door(command=f"--{answer.option.replace('_', '-')} {shlex.quote(value) if answer.value else value}",
                python=f"{answer.option}={python}")  # fmt: skip


def ways(doubt: Doubt) -> list[str]:
    """Return all that may be said to end a doubt; a currency and its rate are said together.

    Examples
    --------
    >>> from clustersim.scenario.registers.doubts import Answer, Doubt
    >>> from clustersim.scenario.registers.reading import ways
    >>> ways(Doubt("currency", "sales", "Pesos?", (Answer("currency", "MXN", "Pesos."), Answer("rate", "", "What a dollar is."))))
    ["currency='MXN', rate=NUMBER"]
    """
    said: list[str] = []
    before = ""
    for answer in doubt.answers:
        together = answer.option == "rate" and before == "currency"
        if together:
            said[-1] += door(command=" ", python=", ") + way(answer)
        else:
            said.append(way(answer))
        before = answer.option
    return list(dict.fromkeys(said))


def options(asked: Asked) -> list[str]:
    """Return what was asked as words of the command line."""
    words: list[str] = []
    for field in fields(asked):
        value, option = getattr(asked, field.name), "--" + field.name.replace("_", "-")
        if isinstance(value, tuple):
            words += [word for one in value for word in (option, one)]
        elif isinstance(value, bool):
            words.append(option if value else f"--not-{field.name}")
        elif value is not None:
            words += [option, f"{value:g}" if isinstance(value, float) and value == float(f"{value:g}") else str(value)]
    return words


def refuse_doubts(doubts: Mapping[str, Sequence[Doubt]], see: str = "") -> None:
    """Raise `InputError` for the first doubt, by its file, if there is one; it says how many more there are, and what shows them.

    Parameters
    ----------
    doubts : dict of sequence of Doubt
        For each file, what can be read in two ways.
    see : str
        What shows all of them.
    """
    several = [(file, doubt) for file, found in doubts.items() for doubt in found]
    if several:
        _refuse(*several[0], len(several) - 1, see)


def _refuse(file: str, doubt: Doubt, more: int, see: str) -> NoReturn:
    answers = _("Say {answers}.", answers=either(ways(doubt))) if doubt.answers else ""
    others = _n("One more doubt.", "{n} more doubts.", more, n=more) if more else ""
    shown = _("{see} shows how all is read.", see=see) if see else ""
    raise InputError(file, "", doubt.found, " ".join(part for part in (answers, others, shown) if part))
