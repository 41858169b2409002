"""What results say of the plugins that they were made with: names and hashes of code, never a path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from clustersim.policy.indicator import Indicator
from clustersim.policy.instruments import INSTRUMENTS, Instrument
from clustersim.policy.plugins.installed import find, find_indicator, find_rule
from clustersim.policy.plugins.registry import REGISTERED, Plugin, owner, plugins, use_of
from clustersim.policy.rule import Rule


def uses_in(content: Any) -> set[str]:
    """Return the instruments and rules that a scenario, or anything that holds scenarios, names; given as plain data."""
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
    """Return the plugins behind results with these instruments, rules and indicators.

    A file counts once it is loaded, whether what it brings is used or not: its code has run. An installed package, and what
    was registered from Python, counts if something of it is used.
    """
    named = [use for use in sorted(uses) if use not in INSTRUMENTS and (find(use) or find_rule(use) or find_indicator(use))]
    asked = [plugin for use in named if (plugin := owner(use)) is not None]
    return list(dict.fromkeys([*(plugin for plugin in plugins() if plugin.path is not None), *asked]))


def recorded(uses: Iterable[str]) -> list[dict[str, Any]]:
    """Return what provenance says of the plugins behind results with these names, one mapping for each."""
    found = []
    for plugin in behind(uses):
        file = plugin.path is not None or plugin.label == REGISTERED
        said: dict[str, Any] = {"file": plugin.label} if file else {"package": plugin.label, "version": plugin.version}
        said |= {"sha256": plugin.sha256, "instruments": [declared(kind) for kind in plugin.kinds]}
        said |= {"rules": [declared_rule(rule) for rule in plugin.rules]} if plugin.rules else {}
        said |= {"indicators": [declared_indicator(one) for one in plugin.indicators]} if plugin.indicators else {}
        found.append(said)
    return found


def declared(kind: type[Instrument]) -> dict[str, Any]:
    """Return what a class says of its instrument, so that it can be understood without its code."""
    return {
        "use": use_of(kind), "etiqueta": kind.etiqueta, "meaning": " ".join((kind.__doc__ or "").split()),
        "effects": [asdict(effect) for effect in kind.effects], "recipient": kind.recipient, "payer": kind.payer,
        "grade": kind.grade, "source": kind.source,
    }  # fmt: skip


def declared_rule(rule: type[Rule]) -> dict[str, str]:
    """Return what a class says of its rule; what it does stands in its code alone, which is why that is hashed."""
    return {"use": use_of(rule), "etiqueta": rule.etiqueta, "meaning": " ".join((rule.__doc__ or "").split()),
            "grade": rule.grade, "source": rule.source}  # fmt: skip


def declared_indicator(indicator: type[Indicator]) -> dict[str, Any]:
    """Return what a class says of its indicator, so that its column can be understood without its code."""
    return {"use": use_of(indicator), "etiqueta": indicator.etiqueta, "unit": indicator.unit,
            "meaning": " ".join((indicator.__doc__ or "").split()), "every": indicator.every}  # fmt: skip


def brought(said: dict[str, Any]) -> list[str]:
    """Return the names of all that a plugin brings, from what `recorded` says of it."""
    return [one["use"] for part in ("instruments", "rules", "indicators") for one in said.get(part, ())]


def code_hashes(uses: Iterable[str]) -> dict[str, str]:
    """Return the hash (16 hex digits) of the code behind each name of a plugin; see `behind`."""
    return {use: plugin.sha256[:16] for plugin in behind(uses) for use in plugin.uses}


def hashes_said(said: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Return the same from what `recorded` has said."""
    return {use: plugin["sha256"][:16] for plugin in said for use in brought(plugin)}
