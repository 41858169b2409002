"""Checks a document against the scenario model and says each fault in one sentence: what was found, what is allowed."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from clustersim.core.errors import InputError
from clustersim.policy.plugins.installed import names
from clustersim.scenario.fitting import misfits
from clustersim.scenario.json_schema import allowed, keys_of, number, schema_at
from clustersim.scenario.keys import Path, clip, did_you_mean, format_key, parse_key, show
from clustersim.scenario.model import Scenario
from clustersim.scenario.yaml_reader import Document

PROBLEMS_MAX = 100

# How pydantic calls what has no `use` that is known, and what is no mapping.
_NO_INSTRUMENT = ("union_tag_invalid", "union_tag_not_found", "dict_type", "model_attributes_type")
# A validator's sentence may begin with the key that it is about.
_ABOUT = re.compile(r"([\w.\[\]]+): (.*)", re.DOTALL)


def validate(document: Document) -> tuple[Scenario | None, list[InputError]]:
    """Return the scenario that a document describes, or None and its faults, at most `PROBLEMS_MAX` of them."""
    problems = list(document.problems)
    faults = _parameter_faults(document) + misfits(document.data)
    scenario = None
    try:
        # JSON rather than Python values: its strict mode takes a list for a tuple, but neither '3' nor true for 3.
        scenario = Scenario.model_validate_json(json.dumps(_whole(document.data)), strict=True)
    except ValidationError as error:
        repeated = {path[:1] if path[0] == "place" else () for path, _ in faults}
        details = error.errors(include_url=False)
        paths = [_path(detail["loc"], document.data) for detail in details]
        for detail, path in zip(details, paths, strict=True):
            # A list with a faulty element counts as too short as well; the model repeats faults of parameters and misfits.
            echo = detail["type"] == "too_short" and any(p != path and p[: len(path)] == path for p in paths)
            echo |= detail["type"] == "value_error" and path in repeated
            if not echo and len(problems) + len(faults) < PROBLEMS_MAX:
                faults.append(_explain(detail, path, document.data))
    unread = {problem.key for problem in problems}
    for path, fault in faults:
        mark = document.mark(path)
        if fault.key not in unread:
            problems.append(fault.placed(mark.file, mark.line))
    problems.sort(key=lambda problem: (problem.file, problem.line or 0))
    return (None if problems else scenario), problems[:PROBLEMS_MAX]


def _whole(value: Any) -> Any:
    """Return the value with 1e6 written 1000000, so that it may stand where a whole number is due."""
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**63:
        return int(value)
    return value


def _path(loc: tuple[int | str, ...], data: Any) -> Path:
    """Return where an error is: its location less the names of instruments that pydantic puts in."""
    path: Path = ()
    node = data
    for part in loc:
        element = isinstance(node, dict) and bool(path) and isinstance(path[-1], int)
        if element and part == node.get("use") and part not in node:
            continue
        path += (part,)
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            node = None
    return path


def _explain(detail: ErrorDetails, path: Path, data: Any) -> tuple[Path, InputError]:
    kind, found = detail["type"], detail["input"]
    node = schema_at(path, data)
    meaning = node.get("description", "")
    may = allowed(node)
    hint = meaning
    if kind == "extra_forbidden":
        return path, _unknown_key(path, data)
    if kind == "missing":
        message = f"is missing; it must be {may}." if may else "is missing."
        if path == ("place",):
            hint = "To take the place of another scenario, begin with a line such as `extends: organic`."
    elif path[-2:-1] == ("instruments",) and kind in _NO_INSTRUMENT:
        return _instrument(path, found)
    elif kind == "value_error":
        message = str(detail.get("ctx", {}).get("error", detail["msg"]))
        if match := _ABOUT.fullmatch(message):
            path = (*path, *parse_key(match[1]))
            return path, InputError("", format_key(path), match[2])
    else:
        message = f"found {_found(found)}; it must be {may or 'something else'}."
        if "enum" in node and isinstance(found, str):
            message = f"found {show(found)}; it must be {may}."
            hint = did_you_mean(found, node["enum"], meaning)
        elif node.get("type") in ("integer", "number") and isinstance(found, str) and _reads_as_number(found):
            hint = "Write a number without quotes, blanks or separators of thousands."
        elif node.get("type") == "string" and isinstance(found, int | float):
            hint = "Put it in quotes."
    return path, InputError("", format_key(path), message, hint)


def _unknown_key(path: Path, data: Any) -> InputError:
    last, outer = str(path[-1]), schema_at(path[:-1], data)
    keys = keys_of(outer)
    message = f"{clip(last)!r} is not a key {'here' if len(path) > 1 else 'of a scenario'}."
    return InputError("", format_key(path), message, did_you_mean(last, keys, f"Allowed: {', '.join(keys)}."))


def _instrument(path: Path, found: Any) -> tuple[Path, InputError]:
    see = "See: clustersim describe instruments"
    name = found.get("use") if isinstance(found, dict) else found
    near = did_you_mean(name, names()) if isinstance(name, str) else ""
    hint = f"{near} {see}" if near else f"{see}. One of your own comes with --plugin FILE."
    if isinstance(found, dict) and "use" not in found:
        message = "is missing; it must be the name of an instrument."
    elif isinstance(found, dict):
        message = f"{show(name)} is not an instrument."
    else:
        known = isinstance(name, str) and name in names()
        example = f"{{use: {name if known else 'facilitator'}, per_year: 80}}"
        return path, InputError("", format_key(path), f"found {show(found)}; it must be a mapping such as {example}.",
                                see if known else hint)  # fmt: skip
    path = (*path, "use")
    return path, InputError("", format_key(path), message, hint)


def _parameter_faults(document: Document) -> list[tuple[Path, InputError]]:
    """Return what is wrong with the names and values of parameters."""
    faults: list[tuple[Path, InputError]] = []
    groups = document.data.get("parameters")
    known = schema_at(("parameters",), None)["properties"]
    for group, values in groups.items() if isinstance(groups, dict) else ():
        path: Path = ("parameters", group)
        if group not in known:
            hint = did_you_mean(group, known, f"Allowed: {', '.join(known)}.")
            message = f"{clip(group)!r} is not a mechanism with parameters."
            faults.append((path, InputError("", format_key(path), message, hint)))
            continue
        declared = known[group]["properties"]
        for name, value in values.items() if isinstance(values, dict) else ():
            path = ("parameters", group, name)
            see = "See: clustersim describe parameters"
            if name not in declared:
                hint = f"{did_you_mean(name, declared)} {see}".strip()
                message = f"{clip(name)!r} is not a parameter of {group}."
                faults.append((path, InputError("", format_key(path), message, hint)))
            elif isinstance(value, int | float) and not isinstance(value, bool):
                low, high, unit = (declared[name][key] for key in ("minimum", "maximum", "unit"))
                if not low <= value <= high:
                    bounds = f"from {number(low)} to {number(high)}" + (f" {unit}" if unit != "1" else "")
                    message = f"found {show(value)}; it must be a number {bounds}."
                    faults.append((path, InputError("", format_key(path), message, declared[name]["description"])))
    return faults


def _found(value: Any) -> str:
    if isinstance(value, list | tuple) and value:
        return "a list of 1 element" if len(value) == 1 else f"a list of {len(value)} elements"
    return f"text of {len(value)} characters" if isinstance(value, str) and len(value) > 60 else show(value)


def _reads_as_number(text: str) -> bool:
    try:
        float(re.sub(r"[\s_,']", "", text))
    except ValueError:
        return False
    return True
