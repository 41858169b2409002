"""Every key that a scenario file may hold, with what it allows, its default and its meaning: read off the JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from clustersim.core.numbers import localise
from clustersim.core.words import N_, _
from clustersim.scenario.json_schema import complete_json_schema
from clustersim.scenario.keys import either

# Told elsewhere, each in a table of its own: instruments, and parameters of the mechanisms.
ELSEWHERE = ("programme.stages[].instruments", "parameters")
_TYPES = {"string": N_("text"), "integer": N_("whole number"), "number": N_("number"), "boolean": N_("true or false"),
          "object": N_("mapping")}  # fmt: skip


class Entry(NamedTuple):
    """A key: as dots and brackets write it, what it allows, its default ("" for none), and what it means."""

    key: str
    allowed: str
    default: str
    meaning: str


def keys() -> list[Entry]:
    """Return all keys in the order of the schema."""
    schema = complete_json_schema()
    return list(_walk(schema["properties"], set(), schema["$defs"], ""))


def _walk(properties: dict[str, Any], required: set[str], defined: dict[str, Any], before: str) -> Iterator[Entry]:
    for name, node in properties.items():
        node = _resolved(node, defined)
        items = _resolved(node["items"], defined) if "items" in node else None
        key = f"{before}{name}" + ("[]" if items is not None and "properties" in items else "")
        default = _("required") if name in required else _default(node.get("default"))
        yield Entry(key, _allowed(node, defined), default, node.get("description", ""))
        inner = _together(items if items is not None else node, defined)
        if "properties" in inner and key.removesuffix("[]") not in ELSEWHERE:
            yield from _walk(inner["properties"], set(inner.get("required", ())), defined, f"{key}.")


def _resolved(node: dict[str, Any], defined: dict[str, Any]) -> dict[str, Any]:
    """Return a node with its reference followed, and without the alternative of being absent."""
    if "anyOf" in node:
        node = {**node, **next(part for part in node["anyOf"] if part.get("type") != "null")}
    if "$ref" in node:
        node = {**defined[node["$ref"].rpartition("/")[2]], **{k: v for k, v in node.items() if k != "$ref"}}
    return node


def _together(node: dict[str, Any], defined: dict[str, Any]) -> dict[str, Any]:
    """Return one mapping with the keys of all kinds of a thing that has a `use`."""
    if "discriminator" not in node:
        return node
    kinds = {use: defined[ref.rpartition("/")[2]]["properties"] for use, ref in node["discriminator"]["mapping"].items()}
    first = next(iter(kinds.values()))
    common = {name: prop for name, prop in first.items() if all(name in properties for properties in kinds.values())}
    own = {name: {**prop, "description": f"`{use}`: {prop.get('description', '')}"}
           for use, properties in kinds.items() for name, prop in properties.items() if name not in common}  # fmt: skip
    named = {"enum": list(kinds), "description": first["use"]["description"]}
    return {"properties": {"use": named, **{k: v for k, v in common.items() if k != "use"}, **own}, "required": ["use"]}


def _allowed(node: dict[str, Any], defined: dict[str, Any]) -> str:
    parts = [part for part in node.get("anyOf", ()) if part.get("type") != "null"]
    if len(parts) > 1:
        return either(_allowed(part, defined) for part in parts)
    if "enum" in node:
        return ", ".join(f"`{value}`" for value in node["enum"])
    if node.get("type") == "array":
        items = _resolved(node["items"], defined)
        if "properties" in items or "oneOf" in items:
            return _("list")
        return _("list of {items}", items=_allowed(items, defined))
    text = _(_TYPES.get(node.get("type", "object"), ""))
    low, above = node.get("minimum"), node.get("exclusiveMinimum")
    high, below = node.get("maximum"), node.get("exclusiveMaximum")
    ends = ((N_("above {value}"), above), (N_("from {value}"), low), (N_("to below {value}"), below), (N_("to {value}"), high))
    return " ".join([text, *(_(end, value=_number(value)) for end, value in ends if value is not None)])


def _number(value: float) -> str:
    return localise(f"{value:.15g}" if isinstance(value, float) else str(value))


def _default(value: Any) -> str:
    if value is None or value in ([], {}) or isinstance(value, dict):
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value).lower() if value != "" else ""
