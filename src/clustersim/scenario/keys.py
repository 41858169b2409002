"""Dotted keys such as `place.clusters.machine_tools.smes` or `place.clusters[0].smes`, and names that nearly match."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

from clustersim.core.errors import InputError

Path = tuple[str | int, ...]

_SEGMENT = re.compile(r"([^.\[\]]+)((?:\[\d{1,9}\])*)")
# Keys by which an element of a list may be called instead of by its position.
_NAMES = ("name", "use")


def format_key(path: Path) -> str:
    """Return a path as a user writes it: ``place.clusters[0].smes``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{clip(part)}" if text else clip(part)
    return text


def parse_key(text: str) -> Path:
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
            raise InputError("", clip(text), "is not a key; expected names joined by dots, such as horizon.years.")
        parts.append(match[1].strip())
        parts.extend(int(number) for number in re.findall(r"\d+", match[2]))
        position = match.end()
        if position == len(text):
            return tuple(parts)
        if text[position] != ".":
            raise InputError("", clip(text), "is not a key; expected names joined by dots, such as horizon.years.")
        position += 1


def locate(data: Any, parts: Path) -> Path:
    """Return the path of a key in `data`: elements of lists that are called by their name get their position.

    Parts of mappings that are not there are kept as they are.

    Raises
    ------
    InputError
        If a list has no such element, or the key leads into a plain value.
    """
    path: Path = ()
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
            what = "there is no such list" if node is None or isinstance(node, dict) else f"it is {show(node)}"
            raise InputError("", format_key(parts), f"{format_key(path)} has no part {part!r}: {what}.")
        path += (part,)
    return path


def exists(data: Any, path: Path) -> bool:
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
    return f"Did you mean {name!r}?" if name else otherwise


def show(value: Any) -> str:
    """Return a value as an error names it."""
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return repr(clip(value)) if isinstance(value, str) else clip(f"{value}")


def clip(text: str, length: int = 60) -> str:
    """Return a text in one printable line, cut to `length` characters."""
    text = "".join(sign if sign.isprintable() else " " for sign in text[: length + 1])
    return text if len(text) <= length else text[: length - 1] + "…"


def _plain(word: str) -> str:
    return word.casefold().replace("-", "_").replace(" ", "_")


def _position(items: list[Any], part: str | int, path: Path) -> int:
    if isinstance(part, str) and part.isdecimal():
        part = int(part)
    if isinstance(part, int):
        if part < len(items):
            return part
        count = "1 element" if len(items) == 1 else f"{len(items)} elements"
        raise InputError("", format_key((*path, part)), f"{format_key(path)} has {count}, counted from 0.")
    names: dict[str, list[int]] = {}
    for position, item in enumerate(items):
        for key in _NAMES:
            if isinstance(item, dict) and isinstance(item.get(key), str):
                names.setdefault(item[key], []).append(position)
    found = names.get(part, [])
    if len(found) == 1:
        return found[0]
    if found:
        positions = " or ".join(f"[{position}]" for position in found)
        raise InputError("", format_key((*path, part)), f"{len(found)} elements are called {part!r}; say {positions}.")
    allowed = f"Allowed: {clip(', '.join(names), 200)}." if names else "Elements are counted from 0: [0]."
    raise InputError("", format_key((*path, part)), f"{format_key(path)} has no element {part!r}.",
                     did_you_mean(part, names, allowed))  # fmt: skip
