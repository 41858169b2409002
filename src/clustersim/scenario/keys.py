"""Dotted keys such as `place.clusters.machine_tools.smes` or `place.clusters[0].smes`, and names that nearly match."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

from clustersim.core import arguments
from clustersim.core.errors import InputError, several
from clustersim.core.words import N_, _, _n

Key = tuple[str | int, ...]
NOT_A_KEY = N_("is not a key; expected names joined by dots, such as horizon.years.")

_SEGMENT = re.compile(r"([^.\[\]]+)((?:\[\d{1,9}\])*)")
# Keys by which an element of a list may be called instead of by its position.
_NAMES = ("name", "use")


def format_key(path: Key) -> str:
    """Return a path as a user writes it: ``place.clusters[0].smes``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{clip(part)}" if text else clip(part)
    return text


def parse_key(text: str) -> Key:
    """Return the parts of a dotted key.

    Raises
    ------
    InputError
        If it is not a dotted key.
    """
    parts: list[str | int] = []
    position = 0
    while True:
        match = _SEGMENT.match(text, position)
        if match is None:
            raise InputError("", clip(text), _(NOT_A_KEY))
        parts.append(match[1].strip())
        parts.extend(int(number) for number in re.findall(r"\d+", match[2]))
        position = match.end()
        if position == len(text):
            return tuple(parts)
        if text[position] != ".":
            raise InputError("", clip(text), _(NOT_A_KEY))
        position += 1


def locate(data: Any, parts: Key) -> Key:
    """Return the path of a key in `data`: elements of lists that are called by their name get their position.

    Parts of mappings that are not there are kept as they are.

    Raises
    ------
    InputError
        If a list has no such element, or the key leads into a plain value.
    """
    path: Key = ()
    node = data
    for part in parts:
        if isinstance(node, list):
            part = _position(node, part, path)
            node = node[part]
        elif isinstance(node, dict) and isinstance(part, str):
            node = node.get(part)
        elif node is None and isinstance(part, str):
            pass
        else:
            message = (
                _("{place} has no part {part!r}: there is no such list.", place=format_key(path), part=part)
                if node is None or isinstance(node, dict)
                else _("{place} has no part {part!r}: it is {value}.", place=format_key(path), part=part, value=show(node))
            )
            raise InputError("", format_key(parts), message)
        path += (part,)
    return path


def exists(data: Any, path: Key) -> bool:
    """Whether `data` holds something at `path`."""
    node = data
    for part in path:
        if isinstance(node, dict) and part in node:
            node = node[part]
        elif isinstance(node, list) and isinstance(part, int) and part < len(node):
            node = node[part]
        else:
            return False
    return True


def nearest(word: str, names: Iterable[str]) -> str | None:
    """Return the name most like `word`, or None if none is like it."""
    plain = {_plain(name): name for name in names}
    found = difflib.get_close_matches(_plain(word[:60]), plain, 1, 0.6)
    return plain[found[0]] if found else None


def did_you_mean(word: str, names: Iterable[str], otherwise: str = "") -> str:
    """Return ``Did you mean 'name'?``, or `otherwise` when no name is near."""
    name = nearest(word, names)
    return _("Did you mean {name!r}?", name=name) if name else otherwise


def one_of(value: Any, argument: str, names: Iterable[str]) -> str:
    """Return a name that is among those allowed; raise `InputError`, with the nearest one, if it is not."""
    names = list(names)
    if isinstance(value, str) and value in names:
        return value
    raise arguments.refused(argument, value, ", ".join(names), did_you_mean(value, names) if isinstance(value, str) else "")


def must_be(found: str, must: str) -> str:
    """Return the sentence for a value that is not what it must be; both are in words, see `show`."""
    return _("found {found}; it must be {must}.", found=found, must=must)


def either(texts: Iterable[str]) -> str:
    """Return alternatives in words: ``a, b or c``."""
    *first, last = texts
    return _("{first} or {last}", first=", ".join(first), last=last) if first else last


def listed(names: Iterable[str], most: int = 200) -> str:
    """Return ``Allowed: a, b, c.``, with as many names as `most` characters hold."""
    return _("Allowed: {names}.", names=several(map(clip, names), most))


def show(value: Any) -> str:
    """Return a value as an error names it."""
    if isinstance(value, dict):
        return _("a mapping") if value else _("an empty mapping")
    if isinstance(value, list | tuple):
        return _("a list") if value else _("an empty list")
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return repr(clip(value)) if isinstance(value, str) else clip(f"{value}")


def clip(text: str, length: int = 60) -> str:
    """Return a text in one printable line, cut to `length` characters."""
    text = "".join(sign if sign.isprintable() else " " for sign in text[: length + 1])
    return text if len(text) <= length else text[: length - 1] + "…"


def _plain(word: str) -> str:
    return word.casefold().replace("-", "_").replace(" ", "_")


def _position(items: list[Any], part: str | int, path: Key) -> int:
    if isinstance(part, str) and part.isdecimal():
        part = int(part)
    if isinstance(part, int):
        if part < len(items):
            return part
        message = _n("{place} has {n} element, counted from 0.", "{place} has {n} elements, counted from 0.", len(items),
                     place=format_key(path))  # fmt: skip
        raise InputError("", format_key((*path, part)), message)
    names: dict[str, list[int]] = {}
    for position, item in enumerate(items):
        for key in _NAMES:
            if isinstance(item, dict) and isinstance(item.get(key), str):
                names.setdefault(item[key], []).append(position)
    found = names.get(part, [])
    if len(found) == 1:
        return found[0]
    if found:
        message = _("{count} elements are called {part!r}; say {positions}.", count=len(found), part=part,
                    positions=either(f"[{position}]" for position in found))  # fmt: skip
        raise InputError("", format_key((*path, part)), message)
    message = _("{place} has no element {part!r}.", place=format_key(path), part=part)
    allowed = listed(names) if names else _("Elements are counted from 0: [0].")
    raise InputError("", format_key((*path, part)), message, did_you_mean(part, names, allowed))
