"""Reads a scenario: finds the file, lays it over what it extends, applies overrides, checks it, traces its values."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from clustersim.core.arguments import path_text
from clustersim.core.errors import InputError
from clustersim.core.words import N_, _
from clustersim.model.parameters import PARAMETERS
from clustersim.scenario.attaching import attach
from clustersim.scenario.explain import PROBLEMS_MAX, validate
from clustersim.scenario.json_schema import scenario_json_schema, schema_at
from clustersim.scenario.keys import Key, clip, did_you_mean, exists, format_key, locate, must_be, nearest, parse_key, show
from clustersim.scenario.merging import apply_all, merge
from clustersim.scenario.model import Scenario
from clustersim.scenario.size import check_size
from clustersim.scenario.version import SCENARIO, bring_up
from clustersim.scenario.yaml_reader import SET, Document, read_file

__all__ = ["load_scenario", "problems", "resolved", "shipped_scenarios", "check_size", "scenario_json_schema"]

CHAIN_MAX = 10
Overrides = Sequence[str] | Mapping[str, Any]
NOTHING = N_("{key!r} names nothing in this scenario.")


def load_scenario(name_or_path: str | os.PathLike[str], overrides: Overrides = ()) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    name_or_path : str or path
        Name of a shipped scenario, or a YAML file.
    overrides : sequence of str, or mapping
        Values to set, each ``KEY=VALUE`` with a dotted key; an element of a list is called by its position or its name:
        ``place.clusters[0].smes=200`` or ``place.clusters.machine_tools.smes=200``. A mapping has keys of the same form, and
        values of Python's: numbers, texts, lists, mappings, true and false, None.

    Returns
    -------
    Scenario
        The complete scenario, frozen, with all copies of clusters written out.

    Raises
    ------
    InputError
        At the first fault; it counts the others.

    Examples
    --------
    >>> from clustersim import load_scenario
    >>> load_scenario("organic", {"place.clusters.valley.smes": 200, "horizon.years": 10})
    <Scenario Organic agglomeration: one cluster, 203 firms, 10 years from 2000, seed 1>
    """
    return _load_or_raise(name_or_path, overrides)[0].expanded()


def problems(name_or_path: str | os.PathLike[str], overrides: Overrides = ()) -> list[InputError]:
    """Return everything that is wrong with a scenario, each with its line where it has one; empty if nothing is."""
    try:
        return _load(name_or_path, overrides)[2]
    except InputError as error:
        return [error]


def resolved(name_or_path: str | os.PathLike[str], overrides: Overrides = ()) -> dict[str, Any]:
    """Return every value of a scenario, defaults and parameters included, and where each came from.

    Returns
    -------
    dict
        ``values``: the scenario as a mapping; ``origins``: for the dotted key of each single value, the file and line
        that set it, ``--set``, the table of firms that decided it, or ``default``; ``parents``: the files that the scenario
        extends; ``sources``: what it cites, by dotted key.

    Raises
    ------
    InputError
        As `load_scenario` does.
    """
    scenario, document = _load_or_raise(name_or_path, overrides)
    values = _values(scenario)
    origins = {
        format_key(path): str(document.mark(path)) if exists(document.data, path) else "default"
        for path in _leaves(values, ())
        if path[0] != "sources"
    }
    sources = {format_key(locate(values, parse_key(key))): text for key, text in scenario.sources.items()}
    own = (_label(_find(os.fspath(name_or_path), None)), SET, "")
    parents = sorted({mark.file for mark in document.marks.values() if mark.line and mark.file not in own})
    return {"values": values, "origins": origins, "parents": parents, "sources": sources}


def shipped_scenarios() -> dict[str, Path]:
    """Return the scenarios that come with clustersim: file by name."""
    package = Path(__file__).resolve().parents[1]
    folder = package / "scenarios"
    if not folder.is_dir():
        folder = package.parents[1] / "scenarios"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def _load_or_raise(name_or_path: str | os.PathLike[str], overrides: Overrides) -> tuple[Scenario, Document]:
    """Load; raise the first fault, with its line and the count of the others."""
    try:
        scenario, document, found = _load(name_or_path, overrides)
    except InputError as error:
        scenario, found = None, [error]
    if scenario is None:
        raise found[0].counted(len(found) - 1)
    return scenario, document


def _load(
    name_or_path: str | os.PathLike[str], overrides: Overrides
) -> tuple[Scenario | None, Document, list[InputError]]:
    path = _find(path_text(name_or_path, "name_or_path"), None)
    document = _read(path, ())
    apply_all(document, overrides)
    scenario, found = validate(document)
    if scenario is None:
        found += _strange_sources(document, _label(path), bool(overrides))
        found.sort(key=lambda problem: (problem.file, problem.line or 0))
        return None, document, found[:PROBLEMS_MAX]
    scenario, found = attach(scenario, document)
    sources, strange = _checked_sources(scenario, document, _label(path), bool(overrides))
    found += strange
    return (None if found else scenario.model_copy(update={"sources": sources})), document, found


def _find(name: str, beside: Path | None) -> Path:
    """Return the file of a scenario: a shipped one by its bare name, or a path, relative to `beside` if given."""
    shipped = shipped_scenarios()
    if name in shipped:
        return shipped[name]
    path = beside / name if beside else Path(name)
    try:
        if path.is_file():
            return path
        if path.exists():
            raise InputError(name or ascii(name), "", _("is not a file."))
    except (OSError, ValueError):
        pass
    hint = did_you_mean(Path(name).stem or name, shipped, _("Shipped scenarios: {names}.", names=", ".join(shipped)))
    raise InputError(clip(name, 200), "", _("no such file, and no shipped scenario has this name."), hint)


def _label(path: Path) -> str:
    """Return how messages call a file: from here if it lies below the working folder."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (OSError, ValueError):
        return str(path)


def _read(path: Path, chain: tuple[Path, ...]) -> Document:
    """Read a file and all that it extends, merged."""
    label = _label(path)
    if path.suffix.lower() == ".csv":
        hint = _("For a scenario of a register of firms: clustersim scenario from-firms {file}", file=label)
        raise InputError(label, "", _("is a table, not a scenario."), hint)
    document = read_file(path, label)
    bring_up(document, SCENARIO)
    if "extends" not in document.data:
        return document
    line = document.mark(("extends",)).line
    name = document.data.pop("extends")
    chain = (*chain, path.resolve())
    if not isinstance(name, str) or not name.strip() or Path(name).is_absolute():
        message = must_be(show(name), _("the name of a shipped scenario, or a path relative to this file"))
        raise InputError(label, "extends", message, "", line)
    try:
        parent = _find(name, path.parent)
    except InputError as error:
        message = _("{name}: no such file beside this one, and no shipped scenario has this name.", name=show(name))
        raise InputError(label, "extends", message, error.hint, line) from None
    if parent.resolve() in chain:
        message = _("{name} leads back to where it began, in a circle.", name=show(name))
        raise InputError(label, "extends", message, "", line)
    if len(chain) >= CHAIN_MAX:
        message = _("more than {most} scenarios extend each other.", most=CHAIN_MAX)
        raise InputError(label, "extends", message, "", line)
    return merge(_read(parent, chain), document)


def _checked_sources(
    scenario: Scenario, document: Document, file: str, changed: bool
) -> tuple[dict[str, str], list[InputError]]:
    """Return the sources that are about something in the scenario, and what is wrong with those of its own file."""
    values = _values(scenario)
    sources: dict[str, str] = {}
    found: list[InputError] = []
    for key, text in scenario.sources.items():
        try:
            path, hint = locate(values, parse_key(key)), ""
        except InputError as error:
            path, hint = (), error.hint
        mark = document.mark(("sources", key))
        if path and exists(values, path):
            sources[key] = text
        elif (mark.file == SET or (mark.file == file and not changed)) and len(found) < PROBLEMS_MAX:
            hint = hint or _nearest_key(key, path, values)
            found.append(InputError(mark.place, "sources", _(NOTHING, key=clip(key)), hint, mark.line))
    return sources, found


def _strange_sources(document: Document, file: str, changed: bool) -> list[InputError]:
    """Return the sources of a file that is faulty elsewhere too which are about nothing that it holds or could hold."""
    sources = document.data.get("sources")
    found: list[InputError] = []
    for key in sources if isinstance(sources, dict) else ():
        mark = document.mark(("sources", key))
        if not (mark.file == SET or (mark.file == file and not changed)):
            continue
        try:
            path, hint = locate(document.data, parse_key(key)), ""
        except InputError as error:
            path, hint = (), error.hint
        if not path or not (exists(document.data, path) or schema_at(path, document.data)):
            found.append(InputError(mark.place, "sources", _(NOTHING, key=clip(key)), hint, mark.line))
    return found


def _nearest_key(key: str, path: Key, values: Any) -> str:
    """Return a hint at the key that was meant, as written up to the first part that is not there."""
    for position, part in enumerate(path):
        if not exists(values, path[: position + 1]):
            node = values
            for known in path[:position]:
                node = node[known]
            near = nearest(str(part), node) if isinstance(node, dict) else None
            return _("Did you mean {name!r}?", name=format_key((*parse_key(key)[:position], near))) if near else ""
    return ""


def _values(scenario: Scenario) -> dict[str, Any]:
    values = scenario.model_dump(mode="json")
    values["parameters"] = {
        group: {name: p.default for name, p in declared.items()} | values["parameters"].get(group, {})
        for group, declared in PARAMETERS.items()
    }
    return values


def _leaves(node: Any, path: Key) -> Iterator[Key]:
    """Yield the path of each single value, empty mapping and empty list."""
    if not isinstance(node, dict | list) or not node:
        yield path
        return
    for part, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield from _leaves(value, (*path, part))
