"""What the options of a sweep switch: instruments, stages or other levers, and which corners of their combinations there are.

An instrument is off where it is missing, has no money, or where there is no programme at all; so it does not matter whether an
experiment takes it out, sets its money to zero, or sets ``programme: null``. What always moves together is one factor.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clustersim.experiments.plan import Plan, put
from clustersim.scenario.keys import locate, parse_key

ENDS = 4  # levels of a number up to which all are held against the first; of more only the last one
PROGRAMME, OFF, ON = "programme", "off", "on"


@dataclass(frozen=True, slots=True)
class Factor:
    """What options switch.

    Attributes
    ----------
    name : str
        An instrument, a stage, several joined by plus signs, or a dotted key.
    uses : tuple of str
        The instruments that it is; empty for other levers.
    levels : tuple of str
        How its levels are called, the one that the others are held against first.
    """

    name: str
    uses: tuple[str, ...]
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Design:
    """Factors, and the option of each combination of their levels that there is."""

    factors: tuple[Factor, ...]
    options: dict[tuple[int, ...], int]


@dataclass(frozen=True, slots=True)
class _Column:
    """A lever of a plan: its value in each option, as something to compare and something to say; `place` is an instrument's."""

    name: str
    values: tuple[Any, ...]
    place: tuple[str, str] | None = None  # stage and instrument


def design_of(plan: Plan, scenario: str) -> Design:
    """Return the factors of a plan's options in one of its scenarios, with the corners that there are.

    Examples
    --------
    >>> from clustersim.experiments.planning import make_plan
    >>> from clustersim.studies.synergy.factors import design_of
    >>> found = design_of(make_plan("rd_support_and_links")[0], "no_policy")
    >>> [factor.name for factor in found.factors], sorted(found.options)
    (['links', 'research'], [(0, 0), (0, 1), (1, 0), (1, 1)])
    """
    groups: dict[Hashable, list[_Column]] = {}
    for column in _columns(plan, scenario):
        order = list(dict.fromkeys(map(_key, column.values)))
        if len(order) > 1:
            groups.setdefault(tuple(order.index(_key(value)) for value in column.values), []).append(column)
    codes, levels = [], []
    for group in groups.values():
        levels.append(_levels(group[0]))
        keys = [_key(level) for level in levels[-1]]
        codes.append([keys.index(_key(value)) if _key(value) in keys else -1 for value in group[0].values])
    corners = {number: corner for number, corner in enumerate(zip(*codes, strict=True)) if -1 not in corner}
    vary = [k for k in range(len(codes)) if len({corner[k] for corner in corners.values()}) > 1]
    parts, varied = plan.content.get("parts") or {}, [list(groups.values())[k] for k in vary]
    named = list(zip(vary, varied, _names(varied, parts), strict=True))
    named.sort(key=lambda one: list(parts).index(one[2]) if one[2] in parts else len(parts))
    options: dict[tuple[int, ...], int] = {}
    for number, corner in corners.items():
        options.setdefault(tuple(corner[k] for k, _group, _name in named), number)
    factors = [Factor(name, _uses(group), tuple(_said(group[0], level) for level in levels[k])) for k, group, name in named]
    return Design(tuple(factors), options)


def _key(value: Any) -> str:
    """Return a text that equal values share, however a file writes their numbers: 1 and 1.0 are one level."""
    return json.dumps(_counted(value), sort_keys=True)


def _counted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _counted(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_counted(one) for one in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _columns(plan: Plan, scenario: str) -> list[_Column]:
    """Return all that options set: instruments of the programme first, each by its stage, then other keys."""
    base = plan.base(scenario)
    programmes, others = [], []
    for option in plan.options:
        data = {PROGRAMME: copy.deepcopy(base.get(PROGRAMME))}
        rest = {}
        for key, value in sorted(option["set"].items()):
            if parse_key(key)[0] == PROGRAMME:
                put(data, key, value)
            else:
                rest[key] = value
        programmes.append(data[PROGRAMME])
        others.append(rest)
    keys = dict.fromkeys(key for rest in others for key in rest)
    found = _instruments(programmes) + _settings(programmes)
    return found + [_Column(key, tuple(rest.get(key, _at(base, key)) for rest in others)) for key in keys]


def _at(data: Any, key: str) -> Any:
    """Return what stands at a dotted key; None where nothing does."""
    node = data
    for part in locate(data, parse_key(key)):
        node = node.get(part) if isinstance(node, dict) else node[part]
        if node is None:
            return None
    return node


def _instruments(programmes: Sequence[Any]) -> list[_Column]:
    """Return for each instrument of each stage its money in every option, None where it is off, and what else differs."""
    found: list[dict[tuple[str, str, int], dict[str, Any]]] = []
    for programme in programmes:
        there: dict[tuple[str, str, int], dict[str, Any]] = {}
        for stage in (programme or {}).get("stages", ()):
            for instrument in stage.get("instruments") or ():
                count = sum(place[:2] == (stage["name"], instrument["use"]) for place in there)
                there[stage["name"], instrument["use"], count] = instrument
        found.append(there)
    columns = []
    for place in dict.fromkeys(place for there in sorted(found, key=len, reverse=True) for place in there):
        own = [there.get(place, {}) for there in found]
        columns.append(_Column(place[1], tuple(one.get("per_year") or None for one in own), place[:2]))
        for key in dict.fromkeys(key for one in own for key in one if key != "per_year"):
            values = tuple(one.get(key) if one.get("per_year") else OFF for one in own)
            if len({_key(value) for value in values if value != OFF}) > 1:
                columns.append(_Column(f"{PROGRAMME}.stages.{place[0]}.instruments.{place[1]}.{key}", values))
    return columns


def _settings(programmes: Sequence[Any]) -> list[_Column]:
    """Return what else of the programme differs between options that have one."""
    found = []
    flat = [_flat(programme or {}) for programme in programmes]
    for key in dict.fromkeys(key for some in flat for key in some):
        known = [some.get(key) for some, programme in zip(flat, programmes, strict=True) if programme is not None]
        if len(set(map(_key, known))) > 1:
            there = (programme is not None for programme in programmes)
            values = tuple(some.get(key) if some_there else OFF for some, some_there in zip(flat, there, strict=True))
            found.append(_Column(f"{PROGRAMME}.{key}", values))
    return found


def _flat(programme: dict[str, Any]) -> dict[str, Any]:
    """Return settings of a programme by dotted key, its instruments left out."""
    found = {key: value for key, value in programme.items() if key != "stages"}
    for stage in programme.get("stages", ()):
        found |= {f"stages.{stage['name']}.{key}": value for key, value in stage.items() if key not in ("name", "instruments")}
    return found


def _uses(group: Sequence[_Column]) -> tuple[str, ...]:
    """Return the instruments that a factor is; none where it is more than instruments."""
    return tuple(dict.fromkeys(column.name for column in group)) if all(column.place for column in group) else ()


def _names(groups: Sequence[Sequence[_Column]], given: Mapping[str, Sequence[Sequence[str]]]) -> list[str]:
    """Return what factors are called: as the plan says; after the stage that one is the whole of; or all that it is."""
    places: list[set[Any]] = [{column.place for column in group} for group in groups]
    switched: dict[str, set[Any]] = {}
    for place in set().union(*places) - {None}:
        switched.setdefault(place[0], set()).add(place)
    whole = [next((stage for stage, its in switched.items() if its == own), "") for own in places]
    by_stage = len(switched) > 1 and all(stage or None in own for stage, own in zip(whole, places, strict=True))
    found = []
    for group, own, stage in zip(groups, places, whole, strict=True):
        name = next((name for name, parts in given.items() if {tuple(part) for part in parts} == own), "")
        uses = " + ".join(dict.fromkeys(column.name if column.place else _short(column.name) for column in group))
        found.append(name or (stage if by_stage or (stage and len(own) > 1) else "") or uses)
    twice = {name for name in found if found.count(name) > 1}
    return [f"{name} ({_stages(own)})" if name in twice else name for name, own in zip(found, places, strict=True)]


def _short(key: str) -> str:
    """Return the end of a dotted key, which tells what it is: ``association_grant.taper``."""
    return ".".join(key.split(".")[-2:]) if key.startswith(f"{PROGRAMME}.stages.") else key


def _stages(places: set[Any]) -> str:
    """Return the stages of instruments, to tell two of the same name apart."""
    return ", ".join(sorted({place[0] for place in places if place}))


def _levels(column: _Column) -> list[Any]:
    """Return the levels of a lever, what the others are held against first: off, the least number, or the first one."""
    values = list({_key(value): value for value in column.values if column.place or value != OFF}.values())
    numbers = all(isinstance(value, int | float) or (value is None and column.place) for value in values)
    if numbers:
        values.sort(key=lambda value: float(value or 0.0))
    elif None in values:
        values.sort(key=lambda value: value is not None)
    return [values[0], values[-1]] if numbers and len(values) > ENDS else values


def _said(column: _Column, level: Any) -> str:
    """Return how a level is called."""
    if column.place and level is None:
        return OFF
    if column.place and len({value for value in column.values if value is not None}) == 1:
        return ON
    if isinstance(level, float | int) and not isinstance(level, bool):
        return f"{level:g}"
    return level if isinstance(level, str) else json.dumps(level, sort_keys=True)[:60]
