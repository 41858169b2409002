"""The JSON Schema of a scenario file: what editors complete and check by, and what errors say is allowed."""

from __future__ import annotations

import copy
import functools
from typing import Any

from clustersim.core.errors import several
from clustersim.core.words import N_, _, _n, language
from clustersim.model.parameters import PARAMETERS
from clustersim.policy.instruments import Instrument
from clustersim.policy.plugins.registry import kinds, rules
from clustersim.policy.programme import STAGE_NAME
from clustersim.policy.rule import Rule
from clustersim.policy.rules import RULES
from clustersim.scenario.keys import Key
from clustersim.scenario.model import NAME, NAME_MAX, TABLE, Scenario

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def scenario_json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file.

    Returns
    -------
    dict
        Every key with its meaning (in the language in force), unit, range and default; `parameters` holds each parameter of
        each mechanism; instruments and rules are those of clustersim and of the plugins that are loaded now.
    """
    return copy.deepcopy(_schema())


def complete_json_schema() -> dict[str, Any]:
    """Return the schema of a scenario that extends nothing: each part says which keys it must have."""
    return _complete()


def _schema() -> dict[str, Any]:
    return _schema_with((*kinds().values(), *rules().values()), language())


@functools.lru_cache(maxsize=8)
def _schema_with(known: tuple[type[Instrument] | type[Rule], ...], lang: str) -> dict[str, Any]:
    """Return the schema with these instruments and rules, which are those known now, in this language, which is in force."""
    schema = _complete()
    schema["anyOf"] = [{"required": ["extends"]}, _asked_for(schema, schema["$defs"])]
    return schema


def _complete() -> dict[str, Any]:
    schema = Scenario.model_json_schema()
    for definition in (schema, *schema["$defs"].values()):
        if "use" in definition.get("properties", ()):
            definition["required"] = list(dict.fromkeys(["use", *definition.get("required", [])]))
            paid = "per_year" in definition["properties"]
            definition["properties"]["use"]["description"] = N_("Name of the instrument.") if paid else N_("Name of the rule.")
    translate(schema)
    properties = schema["properties"]
    properties["parameters"] = _parameters()
    extends = {
        "type": "string",
        "description": _("Scenario that this one starts from: a shipped one by name, or a path relative to this file. "
                         "Mappings are merged; lists are replaced; null removes a programme."),
    }
    schema["properties"] = {"extends": extends, **properties}
    return {"$schema": _DIALECT, **schema}


def translate(schema: dict[str, Any]) -> None:
    """Write the descriptions of a schema in the language in force, in place."""
    if isinstance(schema.get("description"), str):
        schema["description"] = _(schema["description"])
    for value in schema.values():
        for node in value if isinstance(value, list) else (value,):
            if isinstance(node, dict):
                translate(node)


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
                "description": _("{meaning} [{unit}]. Default {default}. Source: {source}.", meaning=_(p.doc), unit=_(p.unit),
                                 default=f"{p.default:g}", source=_(p.source)),
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


def schema_at(path: Key, data: Any, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the part of a schema (the scenario's if none is given) that describes `path`, empty if none does.

    `data` tells which instrument it is.
    """
    schema = schema or _schema()
    defined = schema["$defs"]
    node = _follow(schema, data, defined)
    for part in path:
        if isinstance(part, int):
            node = node.get("items", {})
            data = data[part] if isinstance(data, list) and part < len(data) else None
        else:
            properties = node.get("properties", {})
            node = properties.get(part, node.get("additionalProperties") or {})
            data = data.get(part) if isinstance(data, dict) else None
        node = _follow(node, data, defined)
    return node


def _follow(node: dict[str, Any], data: Any, defined: dict[str, Any]) -> dict[str, Any]:
    """Resolve references, optional values and the kind of an instrument; outer descriptions win."""
    if "$ref" in node:
        target = defined[node["$ref"].rpartition("/")[2]]
        return _follow({**target, **{key: value for key, value in node.items() if key != "$ref"}}, data, defined)
    if "discriminator" in node and isinstance(data, dict):
        target = node["discriminator"]["mapping"].get(str(data.get("use")))
        return _follow({"$ref": target}, data, defined) if target else node
    parts = [part for part in node.get("anyOf", ()) if {"type", "$ref", "discriminator"} & part.keys()]
    some = [part for part in parts if part.get("type") != "null"]
    if len(some) == 1:
        rest = {key: value for key, value in node.items() if key != "anyOf"}
        return {**_follow(some[0], data, defined), **rest, "nullable": len(some) < len(parts)}
    return node


def keys_of(node: dict[str, Any]) -> list[str]:
    """Return the keys that a part of the schema knows."""
    return [key for key in node.get("properties", ()) if key != "extends"]


def allowed(node: dict[str, Any]) -> str:
    """Return in words what a part of the schema allows; empty when it does not say."""
    words = _allowed(node)
    return _("{allowed}, or null", allowed=words) if words and node.get("nullable") else words


def _allowed(node: dict[str, Any]) -> str:
    if "const" in node:
        return str(node["const"])
    if "enum" in node:
        return _("one of {names}", names=", ".join(str(value) for value in node["enum"]))
    if "discriminator" in node:
        if next(iter(RULES)) in node["discriminator"]["mapping"]:
            return _("a rule, such as {example}", example="{use: gap_driven}")
        return _("an instrument, such as {example}", example="{use: facilitator, per_year: 80}")
    kind = node.get("type")
    if kind in ("integer", "number"):
        return _in_range(_("a whole number") if kind == "integer" else _("a number"), node)
    if kind == "string":
        if node.get("pattern") == NAME:
            return _("a name of letters, digits and underscores, beginning with a letter, of at most {n} characters", n=NAME_MAX)
        if node.get("pattern") == STAGE_NAME:
            return _("a name of letters, digits, blanks, hyphens and underscores, beginning with a letter, of at most {n} "
                     "characters", n=node["maxLength"])  # fmt: skip
        if node.get("pattern") == TABLE:
            return _("the path of a CSV file, relative, without colon or backslash, and ending in .csv")
        return _("text of at most {n} characters", n=node["maxLength"]) if "maxLength" in node else _("text")
    if kind == "array":
        low, high = node.get("minItems", 0), node.get("maxItems")
        if high is not None:
            return _("a list of {low} to {high} elements", low=low, high=high)
        return _n("a list of at least {n} element", "a list of at least {n} elements", low) if low else _("a list")
    if kind == "object":
        keys = several(keys_of(node), 200)
        return _("a mapping with keys among {names}", names=keys) if keys else _("a mapping")
    return _("true or false") if kind == "boolean" else ""


def _in_range(kind: str, node: dict[str, Any]) -> str:
    low, above, high = node.get("minimum"), node.get("exclusiveMinimum"), node.get("maximum")
    below = node.get("exclusiveMaximum")
    if low is not None and high is not None:
        return _("{kind} from {low} to {high}", kind=kind, low=number(low), high=number(high))
    said = ((N_("above {value}"), above), (N_("at least {value}"), low), (N_("below {value}"), below),
            (N_("at most {value}"), high))  # fmt: skip
    ends = [_(text, value=number(value)) for text, value in said if value is not None]
    if len(ends) == 2:
        ends = [_("{first} and {last}", first=ends[0], last=ends[1])]
    return " ".join([kind, *ends])


def number(value: float) -> str:
    """Return a bound as people write it."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e16 else f"{value:g}"
