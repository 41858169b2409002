"""What results say of the plugins that they were made with: names and hashes of code, never a path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from clustersim.instruments import INSTRUMENTS, Instrument
from clustersim.plugins.installed import find
from clustersim.plugins.registry import Plugin, owner, plugins, use_of


def uses_in(content: Any) -> set[str]:
    """Return the instruments that a scenario, or anything that holds scenarios, names; given as plain data."""
    return set(_uses(content))


def _uses(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        if isinstance(content.get("use"), str):
            yield content["use"]
        for value in content.values():
            yield from _uses(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _uses(value)


def behind(uses: Iterable[str]) -> list[Plugin]:
    """Return the plugins behind results with these instruments.

    A file counts once it is loaded, whether its instruments are used or not: its code has run. An installed package counts if
    one of its instruments is used.
    """
    asked = [plugin for use in sorted(uses) if use not in INSTRUMENTS and find(use) and (plugin := owner(use)) is not None]
    return list(dict.fromkeys([*(plugin for plugin in plugins() if plugin.path is not None), *asked]))


def recorded(uses: Iterable[str]) -> list[dict[str, Any]]:
    """Return what provenance says of the plugins behind results with these instruments, one mapping for each."""
    found = []
    for plugin in behind(uses):
        said: dict[str, Any] = {"file": plugin.label} if plugin.path else {"package": plugin.label, "version": plugin.version}
        found.append(said | {"sha256": plugin.sha256, "instruments": [declared(kind) for kind in plugin.kinds]})
    return found


def declared(kind: type[Instrument]) -> dict[str, Any]:
    """Return what a class says of its instrument, so that it can be understood without its code."""
    return {
        "use": use_of(kind), "etiqueta": kind.etiqueta, "meaning": " ".join((kind.__doc__ or "").split()),
        "effects": [asdict(effect) for effect in kind.effects], "recipient": kind.recipient, "payer": kind.payer,
        "grade": kind.grade, "source": kind.source,
    }  # fmt: skip


def code_hashes(uses: Iterable[str]) -> dict[str, str]:
    """Return the hash (16 hex digits) of the code behind each instrument of a plugin; see `behind`."""
    return {use_of(kind): plugin.sha256[:16] for plugin in behind(uses) for kind in plugin.kinds}


def hashes_said(said: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Return the same from what `recorded` has said."""
    return {instrument["use"]: plugin["sha256"][:16] for plugin in said for instrument in plugin["instruments"]}
