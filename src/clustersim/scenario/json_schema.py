"""The JSON Schema of a scenario file: what editors complete and check by, and what errors say is allowed."""

from __future__ import annotations

import copy
import functools
from typing import Any

from clustersim.core.numbers import shortest
from clustersim.core.words import _, language
from clustersim.model.parameters import PARAMETERS
from clustersim.policy.instruments import Instrument
from clustersim.policy.plugins.registry import kinds, rules
from clustersim.policy.programme import STAGE_NAME
from clustersim.policy.rule import Rule
from clustersim.scenario.keys import Path, clip
from clustersim.scenario.model import NAME, TABLE, Scenario

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def scenario_json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file.

    Returns
    -------
    dict
        Every key with its meaning (in the language in force), unit, range and default; `parameters` holds each parameter of
        each mechanism; instruments and rules are those of the plugins that are loaded now as well.
    """
    return copy.deepcopy(_schema())


def complete_json_schema() -> dict[str, Any]:
    """Return the schema of a scenario that extends nothing: each part says which keys it must have."""
    return _complete()


def _schema() -> dict[str, Any]:
    return _schema_with((*kinds().values(), *rules().values()), language())


@functools.lru_cache(maxsize=8)
def _schema_with(known: tuple[type[Instrument] | type[Rule], ...], lang: str) -> dict[str, Any]:
    """Return the schema with these instruments and rules, which are those known now (pydantic finds them by itself), in a
    language, which is the one in force.
    """
    schema = _complete()
    schema["anyOf"] = [{"required": ["extends"]}, _asked_for(schema, schema["$defs"])]
    return schema


def _complete() -> dict[str, Any]:
    schema = _said(Scenario.model_json_schema())
    for definition in (schema, *schema["$defs"].values()):
        if "use" in definition.get("properties", ()):
            definition["required"] = list(dict.fromkeys(["use", *definition.get("required", [])]))
            what = _("Name of the instrument.") if "per_year" in definition["properties"] else _("Name of the rule.")
            definition["properties"]["use"]["description"] = what
    properties = schema["properties"]
    properties["parameters"] = _parameters()
    extends = {
        "type": "string",
        "description": _("Scenario that this one starts from: a shipped one by name, or a path relative to this file. "
                         "Mappings are merged; lists are replaced; null removes a programme."),
    }
    schema["properties"] = {"extends": extends, **properties}
    return {"$schema": _DIALECT, **schema}


def _said(node: Any) -> Any:
    """Return a part of the schema with its descriptions in the language in force."""
    if isinstance(node, dict):
        return {key: _(value) if key == "description" and isinstance(value, str) else _said(value) for key, value in node.items()}
    return [_said(part) for part in node] if isinstance(node, list) else node


def _asked_for(node: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Take out of a mapping, and of those in it, which keys must be there; return that as a schema of its own.

    A file that extends another may leave them to it. Elements of lists stay as they are, for lists are replaced as a whole.
    """
    asked: dict[str, Any] = {}
    if "required" in node:
        asked["required"] = node.pop("required")
    below = {}
    for key, value in node.get("properties", {}).items():
        for kind in (value, *value.get("anyOf", ())):
            if "$ref" in kind and (inner := _asked_for(definitions[kind["$ref"].rpartition("/")[2]], definitions)):
                below[key] = inner
    return {**asked, "properties": below} if below else asked


def _parameters() -> dict[str, Any]:
    groups = {}
    for group, declared in PARAMETERS.items():
        values = {
            name: {
                "type": "number",
                "description": _("{doc} [{unit}]. Default {default}. Source: {source}.", doc=_(p.doc), unit=_(p.unit),
                                 default=shortest(p.default), source=_(p.source)),
                "default": p.default,
                "minimum": p.low,
                "maximum": p.high,
                "unit": p.unit,
            }
            for name, p in declared.items()
        }
        groups[group] = {
            "type": "object",
            "description": _("Parameters of the mechanism {name}.", name=group),
            "additionalProperties": False,
            "properties": values,
        }
    return {
        "type": "object",
        "description": _("Overrides of the model's parameters: mechanism, then parameter."),
        "additionalProperties": False,
        "properties": groups,
    }


def schema_at(path: Path, data: Any) -> dict[str, Any]:
    """Return the part of the schema that describes `path`, empty if none does; `data` tells which instrument it is."""
    node = _follow(_schema(), data)
    for part in path:
        if isinstance(part, int):
            node = node.get("items", {})
            data = data[part] if isinstance(data, list) and part < len(data) else None
        else:
            properties = node.get("properties", {})
            node = properties.get(part, node.get("additionalProperties") or {})
            data = data.get(part) if isinstance(data, dict) else None
        node = _follow(node, data)
    return node


def _follow(node: dict[str, Any], data: Any) -> dict[str, Any]:
    """Resolve references, optional values and the kind of an instrument; outer descriptions win."""
    if "$ref" in node:
        target = _schema()["$defs"][node["$ref"].rpartition("/")[2]]
        return _follow({**target, **{key: value for key, value in node.items() if key != "$ref"}}, data)
    if "discriminator" in node and isinstance(data, dict):
        target = node["discriminator"]["mapping"].get(str(data.get("use")))
        return _follow({"$ref": target}, data) if target else node
    parts = [part for part in node.get("anyOf", ()) if {"type", "$ref", "discriminator"} & part.keys()]
    some = [part for part in parts if part.get("type") != "null"]
    if len(some) == 1:
        rest = {key: value for key, value in node.items() if key != "anyOf"}
        return {**_follow(some[0], data), **rest, "nullable": len(some) < len(parts)}
    return node


def keys_of(node: dict[str, Any]) -> list[str]:
    """Return the keys that a part of the schema knows."""
    return [key for key in node.get("properties", ()) if key != "extends"]


def allowed(node: dict[str, Any]) -> str:
    """Return in words what a part of the schema allows; empty when it does not say."""
    words = _allowed(node)
    return f"{words}, or null" if words and node.get("nullable") else words


def _allowed(node: dict[str, Any]) -> str:
    if "const" in node:
        return str(node["const"])
    if "enum" in node:
        return "one of " + ", ".join(str(value) for value in node["enum"])
    if "discriminator" in node:
        return "an instrument, such as {use: facilitator, per_year: 80}"
    kind = node.get("type")
    if kind in ("integer", "number"):
        return ("a whole number" if kind == "integer" else "a number") + _range(node)
    if kind == "string":
        if node.get("pattern") == NAME:
            return "a name of letters, digits and underscores, beginning with a letter, of at most 40 characters"
        if node.get("pattern") == STAGE_NAME:
            return ("a name of letters, digits, blanks, hyphens and underscores, beginning with a letter, of at most "
                    f"{node['maxLength']} characters")  # fmt: skip
        if node.get("pattern") == TABLE:
            return "the path of a CSV file, relative, without colon or backslash, and ending in .csv"
        return "text" + (f" of at most {node['maxLength']} characters" if "maxLength" in node else "")
    if kind == "array":
        low, high = node.get("minItems", 0), node.get("maxItems")
        if high is not None:
            return f"a list of {low} to {high} elements"
        return f"a list of at least {low} elements" if low else "a list"
    if kind == "object":
        keys = clip(", ".join(keys_of(node)), 200)
        return f"a mapping with keys among {keys}" if keys else "a mapping"
    return ""


def _range(node: dict[str, Any]) -> str:
    low, above, high = node.get("minimum"), node.get("exclusiveMinimum"), node.get("maximum")
    below = node.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f" from {number(low)} to {number(high)}"
    ends = [
        f"above {number(above)}" if above is not None else f"at least {number(low)}" if low is not None else "",
        f"below {number(below)}" if below is not None else f"at most {number(high)}" if high is not None else "",
    ]
    text = " and ".join(end for end in ends if end)
    return f" {text}" if text else ""


def number(value: float) -> str:
    """Return a bound as people write it."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e16 else f"{value:g}"
