"""Lays one document over another: what a scenario changes in the one it extends, and what `--set` or a mapping changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from clustersim.core.arguments import refused, several
from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.scenario.keys import Key, clip, locate, parse_key
from clustersim.scenario.plain import plain
from clustersim.scenario.yaml_reader import SET, Document, Mark, overrides, read_value

OVERRIDES_MAX = 100_000


def merge(parent: Document, child: Document) -> Document:
    """Return the parent with the child laid over it: mappings merge, everything else is replaced.

    Sources of the parent for values that the child sets anew are dropped, and translations of texts that it says anew.
    """
    replaced: set[Key] = set()
    below = _still_said(parent.data, child.data)
    if "sources" in below:
        below["sources"] = _still_true(parent.data, child.data)
    data = _laid_over(below, child.data, (), replaced)
    marks = {
        path: mark
        for path, mark in parent.marks.items()
        if not any(path[:length] in replaced for length in range(1, len(path) + 1))
    }
    return Document(data, marks | child.marks, parent.problems + child.problems)


def apply_all(document: Document, given: Iterable[str] | Mapping[str, Any]) -> None:
    """Set values of a document: from texts ``KEY=VALUE``, or from a mapping of dotted key to value.

    Raises
    ------
    InputError
        If a key leads nowhere, or a value is none that a scenario can hold.
    """
    if isinstance(given, Mapping):
        for key, value in given.items():
            if not isinstance(key, str):
                raise refused(overrides(), key, _("a dotted key, such as horizon.years"))
            put(document, key.strip(), plain(value, overrides(), key))
        return
    must = _("texts of the form KEY=VALUE, or a mapping of key to value")
    empty = isinstance(given, list | tuple) and not given
    for override in [] if empty else several(given, overrides(), must, OVERRIDES_MAX):
        if not isinstance(override, str):
            raise refused(overrides(), override, must)
        apply(document, override)


def apply(document: Document, override: str) -> None:
    """Set one value of a document from ``KEY=VALUE``.

    Raises
    ------
    InputError
        If the text has another form, or the key leads nowhere.
    """
    key, equals, text = override.partition("=")
    key = key.strip()
    if not equals or not key:
        raise InputError(overrides(), clip(override), _("must have the form KEY=VALUE, such as horizon.years=20."))
    if not text.strip():
        raise InputError(overrides(), clip(key), _("has no value; to remove something, set it to null."))
    put(document, key, read_value(text, overrides(), clip(key)))


def put(document: Document, key: str, value: Any) -> None:
    """Set one value of a document by its dotted key.

    Raises
    ------
    InputError
        If the key leads nowhere.
    """
    try:
        path = _target(document.data, key)
    except InputError as error:
        raise error.placed(overrides()) from None
    if len(path) == 1:
        document.data.update(_still_said(document.data, {str(path[0]): value}))
    if path[0] != "sources" and "sources" in document.data:
        change: Any = value
        for part in reversed(path):
            change = {part: change}
        document.data["sources"] = _still_true(document.data, change)
    node: Any = document.data
    for part in path[:-1]:
        if isinstance(node, dict) and node.get(str(part)) is None:
            node[str(part)] = {}
        node = node[part]
    node[path[-1]] = value
    for old in [old for old in document.marks if old[: len(path)] == path]:
        del document.marks[old]
    for length in range(1, len(path) + 1):
        document.marks.setdefault(path[:length], Mark(SET, None))


def _target(data: dict[str, Any], key: str) -> Key:
    parts = parse_key(key)
    if parts[0] == "extends":
        raise InputError("", "extends", _("cannot be set here; write a file that extends another."))
    if parts[0] == "sources" and len(parts) > 1:
        return "sources", key.partition(".")[2]
    return locate(data, parts)


def _laid_over(below: Any, above: Any, path: Key, replaced: set[Key]) -> Any:
    if not (isinstance(below, dict) and isinstance(above, dict)):
        replaced.add(path)
        return above
    merged = dict(below)
    for key, value in above.items():
        merged[key] = _laid_over(below[key], value, (*path, key), replaced) if key in below else value
    return merged


def _still_said(data: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Return the data without translations of what `change` says anew: title or description."""
    languages = data.get("translations")
    if not isinstance(languages, dict):
        return dict(data)
    left = {
        lang: {name: text for name, text in said.items() if name not in change} if isinstance(said, dict) else said
        for lang, said in languages.items()
    }
    return {**data, "translations": left}


def _still_true(data: dict[str, Any], change: Any) -> Any:
    """Return the sources in `data` less those of values that `change` sets anew."""
    sources = data["sources"]
    if not isinstance(sources, dict):
        return sources
    return {key: text for key, text in sources.items() if not _sets(change, key, data)}


def _sets(change: Any, key: str, data: dict[str, Any]) -> bool:
    """Whether `change` sets anew what a source of `data` is about."""
    try:
        path = locate(data, parse_key(key))
    except InputError:
        return False
    node = change
    for part in path:
        if not isinstance(node, dict):
            return True
        if part not in node:
            return False
        node = node[part]
    return not isinstance(node, dict)
