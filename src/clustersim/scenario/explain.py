"""Checks a document against the scenario model and says each fault in one sentence: what was found, what is allowed.

Names of clusters and segments that fit nothing, and parameters, are checked on what the file says, whatever else is wrong: the
model checks them too, but only once every single value is right, and stops at the first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from clustersim.core.errors import InputError, door, several
from clustersim.core.words import N_, _, _n
from clustersim.policy.plugins.installed import names
from clustersim.scenario.json_schema import allowed, keys_of, number, schema_at
from clustersim.scenario.keys import Key, clip, did_you_mean, format_key, listed, must_be, parse_key, show
from clustersim.scenario.model import ClusterSpec, Scenario
from clustersim.scenario.yaml_reader import Document

PROBLEMS_MAX, CLASH_MOST = 100, 150
LOADER = "clustersim.plugins.load_plugin(FILE)"

# How pydantic calls what has no `use` that is known, and what is no mapping.
_NO_INSTRUMENT = ("union_tag_invalid", "union_tag_not_found", "dict_type", "model_attributes_type")
# A validator's sentence may begin with the key that it is about.
_ABOUT = re.compile(r"([\w.\[\]]+): (.*)", re.DOTALL)


def validate(document: Document) -> tuple[Scenario | None, list[InputError]]:
    """Return the scenario that a document describes, or None and its faults, at most `PROBLEMS_MAX` of them."""
    problems = list(document.problems)
    faults = _parameter_faults(document) + _misfits(document.data)
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
            problems.append(fault.placed(mark.place, mark.line))
    problems.sort(key=lambda problem: (problem.file, problem.line or 0))
    return (None if problems else scenario), problems[:PROBLEMS_MAX]


def clash(error: ValidationError, data: Any) -> str:
    """Return what the model says of values that were set in a checked scenario: as many faults as a message holds."""
    faults = [_explain(detail, _path(detail["loc"], data), data)[1] for detail in error.errors(include_url=False)]
    return several([": ".join(filter(None, (one.key, one.message.rstrip(".")))) for one in faults], CLASH_MOST, "; ")


def _whole(value: Any) -> Any:
    """Return the value with 1e6 written 1000000, so that it may stand where a whole number is due."""
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**63:
        return int(value)
    return value


def _path(loc: tuple[int | str, ...], data: Any) -> Key:
    """Return where an error is: its location less the names of instruments that pydantic puts in."""
    path: Key = ()
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


def _explain(detail: ErrorDetails, path: Key, data: Any) -> tuple[Key, InputError]:
    kind, found = detail["type"], detail["input"]
    node = schema_at(path, data)
    meaning = node.get("description", "")
    may = allowed(node)
    if kind == "extra_forbidden":
        return path, _unknown_key(path, data)
    if kind == "missing":
        message, hint = _("is missing; it must be {must}.", must=may) if may else _("is missing."), meaning
        if path == ("place",):
            hint = _("To take the place of another scenario, begin with a line such as `extends: organic`.")
    elif path[-2:-1] == ("instruments",) and kind in _NO_INSTRUMENT:
        return _instrument(path, found)
    elif kind == "value_error":
        hint, message = meaning, str(detail.get("ctx", {}).get("error", detail["msg"]))
        if match := _ABOUT.fullmatch(message):
            path = (*path, *parse_key(match[1]))
            return path, InputError("", format_key(path), match[2])
    else:
        message, hint = wrong_value(found, node)
    return path, InputError("", format_key(path), message, hint)


def wrong_value(found: Any, node: dict[str, Any]) -> tuple[str, str]:
    """Return the sentence for a value that a part of a schema does not allow, and a hint."""
    may, hint = allowed(node), node.get("description", "")
    if "enum" in node and isinstance(found, str):
        return must_be(show(found), may), did_you_mean(found, node["enum"], hint)
    if node.get("type") in ("integer", "number") and isinstance(found, str) and _reads_as_number(found):
        hint = _("Write a number without quotes, blanks or separators of thousands.")
    elif node.get("type") == "string" and isinstance(found, int | float):
        hint = _("Put it in quotes.")
    return must_be(_found(found), may or _("something else")), hint


def _unknown_key(path: Key, data: Any) -> InputError:
    last, outer = str(path[-1]), schema_at(path[:-1], data)
    keys = keys_of(outer)
    text = N_("{name!r} is not a key here.") if len(path) > 1 else N_("{name!r} is not a key of a scenario.")
    return InputError("", format_key(path), _(text, name=clip(last)), did_you_mean(last, keys, listed(keys, 2000)))


def _instrument(path: Key, found: Any) -> tuple[Key, InputError]:
    see = _("See: {command}", command="clustersim describe instruments")
    name = found.get("use") if isinstance(found, dict) else found
    near = did_you_mean(name, names()) if isinstance(name, str) else ""
    own = _("One of your own comes with {loader}.", loader=door(command="--plugin FILE", python=LOADER))
    hint = f"{near} {see}" if near else f"{see}. {own}"
    if isinstance(found, dict) and "use" not in found:
        message = _("is missing; it must be {must}.", must=_("the name of an instrument"))
    elif isinstance(found, dict):
        message = _("{name} is not an instrument.", name=show(name))
    else:
        known = isinstance(name, str) and name in names()
        example = f"{{use: {name if known else 'facilitator'}, per_year: 80}}"
        message = must_be(show(found), _("a mapping such as {example}", example=example))
        return path, InputError("", format_key(path), message, see if known else hint)
    path = (*path, "use")
    return path, InputError("", format_key(path), message, hint)


def _parameter_faults(document: Document) -> list[tuple[Key, InputError]]:
    """Return what is wrong with the names and values of parameters."""
    faults: list[tuple[Key, InputError]] = []
    groups = document.data.get("parameters")
    known = schema_at(("parameters",), None)["properties"]
    for group, values in groups.items() if isinstance(groups, dict) else ():
        path: Key = ("parameters", group)
        if group not in known:
            hint = did_you_mean(group, known, listed(known, 2000))
            message = _("{name!r} is not a mechanism with parameters.", name=clip(group))
            faults.append((path, InputError("", format_key(path), message, hint)))
            continue
        declared = known[group]["properties"]
        for name, value in values.items() if isinstance(values, dict) else ():
            path = ("parameters", group, name)
            see = _("See: {command}", command="clustersim describe parameters")
            if name not in declared:
                hint = f"{did_you_mean(name, declared)} {see}".strip()
                message = _("{name!r} is not a parameter of {group}.", name=clip(name), group=group)
                faults.append((path, InputError("", format_key(path), message, hint)))
            elif isinstance(value, int | float) and not isinstance(value, bool):
                low, high, unit = (declared[name][key] for key in ("minimum", "maximum", "unit"))
                if not low <= value <= high:
                    must = _("{kind} from {low} to {high}", kind=_("a number"), low=number(low), high=number(high))
                    message = must_be(show(value), must + (" " + _(unit) if unit != "1" else ""))
                    faults.append((path, InputError("", format_key(path), message, declared[name]["description"])))
    return faults


def _misfits(data: dict[str, Any]) -> list[tuple[Key, InputError]]:
    """Return the names of clusters and segments in a scenario's data that stand twice, or for nothing."""
    clusters = [item for item in _list(_mapping(data.get("place")).get("clusters")) if isinstance(item, dict)]
    if not clusters:
        return []
    programme = _mapping(data.get("programme"))
    return [*_twice(data), *_strange_clusters(programme, clusters), *_strange_segments(programme, clusters)]


def _twice(data: dict[str, Any]) -> Iterator[tuple[Key, InputError]]:
    seen: set[str] = set()
    for k, cluster in enumerate(data["place"]["clusters"]):
        name = _mapping(cluster).get("name")
        if isinstance(name, str) and name in seen:
            yield _fault(("place", "clusters", k, "name"), _("two are called {name!r}.", name=name))
        elif isinstance(name, str):
            seen.add(name)


def _strange_clusters(programme: dict[str, Any], clusters: list[dict[str, Any]]) -> Iterator[tuple[Key, InputError]]:
    names = _texts(cluster.get("name") for cluster in clusters)
    served: list[tuple[Key, Any]] = [(("clusters", k), name) for k, name in enumerate(_list(programme.get("clusters")))]
    used: list[tuple[Key, Any]] = [
        (("stages", s, "instruments", i, "clusters", k), name) for s, i, instrument in _instruments(programme)
        for k, name in enumerate(_list(instrument.get("clusters")))
    ]  # fmt: skip
    scaled: list[tuple[Key, Any]] = [(("scale", name), name) for name in _mapping(programme.get("scale"))]
    for path, name in (*served, *scaled, *used):
        if isinstance(name, str) and name not in names:
            hint = did_you_mean(name, names, _("Its clusters: {names}.", names=_some(names)) if names else "")
            yield _fault(("programme", *path), _("{name} is not a cluster of this place.", name=show(name)), hint)


def _strange_segments(programme: dict[str, Any], clusters: list[dict[str, Any]]) -> Iterator[tuple[Key, InputError]]:
    usual = ClusterSpec.model_fields["segments"].default
    segments = _texts(name for cluster in clusters for name in _list(cluster.get("segments", usual)))
    for s, i, instrument in _instruments(programme):
        for k, name in enumerate(_list(instrument.get("segments"))):
            if isinstance(name, str) and name not in segments:
                path = ("programme", "stages", s, "instruments", i, "segments", k)
                hint = did_you_mean(name, segments, _("Their segments: {names}.", names=_some(segments)) if segments else "")
                yield _fault(path, _("{name} is a segment of no cluster.", name=show(name)), hint)


def _instruments(programme: dict[str, Any]) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Yield each instrument with its stage's place and its own."""
    for s, stage in enumerate(_list(programme.get("stages"))):
        for i, instrument in enumerate(_list(_mapping(stage).get("instruments"))):
            yield s, i, _mapping(instrument)


def _fault(path: Key, message: str, hint: str = "") -> tuple[Key, InputError]:
    return path, InputError("", format_key(path), message, hint)


def _some(names: dict[str, None]) -> str:
    return several(map(clip, names), 200)


def _texts(values: Any) -> dict[str, None]:
    return dict.fromkeys(value for value in values if isinstance(value, str))


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _found(value: Any) -> str:
    if isinstance(value, list | tuple) and value:
        return _n("a list of {n} element", "a list of {n} elements", len(value))
    return _("text of {n} characters", n=len(value)) if isinstance(value, str) and len(value) > 60 else show(value)


def _reads_as_number(text: str) -> bool:
    try:
        float(re.sub(r"[\s_,']", "", text))
    except ValueError:
        return False
    return True
