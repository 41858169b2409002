"""What is handed over by Python: taken as it is or refused in one sentence, never bent into something else.

A number of replicates of 2.5 is neither 2 nor 3, and true is no number. Each function returns the value as a plain Python
value, and names the argument (for who came by the command line the option) in its error.
"""

from __future__ import annotations

import inspect
import math
import os
from collections.abc import Iterable, Mapping
from itertools import islice
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import numpy as np

from clustersim.core.errors import InputError, door
from clustersim.core.words import _, _n

SEED_MAX = 2**63 - 1
REPLICATES_MAX, WORKERS_MAX, QUARTERS_MAX = 1_000_000, 10_000, 10_000  # quarters of one call
PATH_MAX, NAME_MAX = 4000, 255  # bytes
WIDTH = 60  # characters of a value in a message


def said(value: Any) -> str:
    """Return a value as an error names it, in one short line."""
    if isinstance(value, np.generic):
        value = value.item()
    try:
        text = repr(value)
    except Exception:  # a user's own class, or a number with more digits than Python writes
        text = type(value).__name__
    text = "".join(sign if sign.isprintable() else " " for sign in text[: WIDTH + 1])
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


class Figure(float):
    """A number that messages name as one writes it: 0 rather than 0.0."""

    def __repr__(self) -> str:
        return f"{float(self):.12g}"


def refused(name: str, value: Any, must: str, hint: str = "") -> InputError:
    """Return the error for an argument that is not what it must be."""
    where = door(command="--" + name.strip("-").replace("_", "-"), python=name)
    return InputError("", where, _("{found} is not possible; allowed: {must}", found=said(value), must=must), hint)


def whole(value: Any, name: str, low: int, high: int) -> int:
    """Return a whole number from `low` to `high`.

    Raises
    ------
    InputError
        If it is anything else; a float is no whole number, and true is none either.

    Examples
    --------
    >>> from clustersim.core.arguments import whole
    >>> whole(3, "replicates", 1, 10)
    3
    """
    if isinstance(value, Integral) and not isinstance(value, bool) and low <= int(value) <= high:
        return int(value)
    ends = {"low": low, "high": "2**63 - 1" if high == SEED_MAX else high}
    raise refused(name, value, _("{kind} from {low} to {high}", kind=_("a whole number"), **ends))


def real(value: Any, name: str, low: float, high: float, above: bool = False, hint: str = "") -> float:
    """Return a finite number from `low` (`above`: more than it) to `high`.

    Raises
    ------
    InputError
        If it is anything else.
    """
    if isinstance(value, Real) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number) and low <= number <= high and not (above and number == low):
            return number
    value = Figure(value) if isinstance(value, float) else value
    if above:
        raise refused(name, value, _("more than {low}, up to {high}", low=f"{low:g}", high=f"{high:g}"), hint)
    raise refused(name, value, _("{kind} from {low} to {high}", kind=_("a number"), low=f"{low:g}", high=f"{high:g}"), hint)


def flag(value: Any, name: str) -> bool:
    """Return true or false; nothing else stands for one of them."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    raise refused(name, value, "True, False")


def text(value: Any, name: str) -> str:
    """Return a text."""
    if isinstance(value, str):
        return value
    raise refused(name, value, _("a text"))


def path_text(value: Any, name: str) -> str:
    """Return a path, or a name that may stand in its place, as text."""
    try:
        found = os.fspath(value)
    except TypeError:
        found = None
    if isinstance(found, str):
        return found
    raise refused(name, value, _("a path"))


def place(value: Any, name: str) -> Path:
    """Return the path of a file or folder.

    Raises
    ------
    InputError
        If it is neither text nor a path, or one that no system takes.
    """
    found = path_text(value, name)
    try:
        raw = os.fsencode(found)
    except UnicodeEncodeError:
        raw = b"\0"
    if b"\0" in raw or len(raw) > PATH_MAX or any(len(part) > NAME_MAX for part in raw.split(b"/")):
        raise refused(name, value, _("a path that the system takes"))
    return Path(found)


def called(value: Any, name: str, takes: int = 1) -> Any:
    """Return what can be called with so many arguments.

    What it raises when it is called is its own affair, and comes to its author as it is.
    """
    if not callable(value):
        raise refused(name, value, _("a function"))
    try:
        found = inspect.signature(value)
    except (TypeError, ValueError):
        return value  # one in C that does not say what it takes
    try:
        found.bind(*[None] * takes)
    except TypeError:
        must = _n("a function that takes one argument", "a function that takes {n} arguments", takes, n=takes)
        raise refused(name, value, must) from None
    return value


def listeners(progress: Any, tell: Any, stop: Any, told: int = 2) -> None:
    """Raise `InputError` unless these can be called, and asked whether the work is to end; all but `tell` may be None.

    `progress`, which is told so many things, may also be True or False: whether to show a bar.
    """
    called(tell, "tell")
    if progress is not None and not isinstance(progress, bool):
        called(progress, "progress", told)
    if stop is not None and not callable(getattr(stop, "is_set", None)):
        raise refused("stop", stop, "threading.Event")


def several(value: Any, name: str, must: str, most: int, least: int = 1) -> list[Any]:
    """Return the elements of a collection, `least` to `most` of them; a text is none, nor is a mapping."""
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | bytearray | Mapping):
        try:
            found = list(islice(value, most + 1))
        except TypeError:  # an array of no dimension
            raise refused(name, value, must) from None
        if least <= len(found) <= most:
            return found
    raise refused(name, value, must)


def numbers(value: Any, name: str = "replicates") -> list[int]:
    """Return numbers of replicates, each once, in the order given.

    Raises
    ------
    InputError
        If there are none or too many, one is not a whole number from 0, or stands twice.

    Examples
    --------
    >>> import numpy as np
    >>> from clustersim.core.arguments import numbers
    >>> numbers(np.arange(3))
    [0, 1, 2]
    """
    must = _("{low} to {high} replicates, or the numbers of some", low=1, high=REPLICATES_MAX)
    found = [whole(number, name, 0, SEED_MAX) for number in several(value, name, must, REPLICATES_MAX)]
    if len(set(found)) < len(found):
        twice = max(found, key=found.count) if len(found) < 1000 else sorted(found)[0]
        raise refused(name, twice, _("each number once"))
    return found


def seed(value: Any) -> int:
    """Return a seed."""
    return whole(value, "seed", 0, SEED_MAX)


def workers(value: Any) -> int | None:
    """Return a number of threads, None if it is left open."""
    return None if value is None else whole(value, "workers", 1, WORKERS_MAX)
