"""A scenario as Python hands it over: checked again at each door, since copies and attributes may have changed it, or set anew.

`Scenario.with_` is this module's `with_values`: what explains faults reads the class's own schema, so the class cannot import it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from clustersim.core.arguments import REPLICATES_MAX, path_text, refused, said, seed, whole
from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.policy.plugins.choosing import RECORDED
from clustersim.scenario.attaching import unknown_firms
from clustersim.scenario.explain import validate
from clustersim.scenario.loading import load_scenario
from clustersim.scenario.merging import apply_all
from clustersim.scenario.model import ClusterSpec, Scenario, TableFile
from clustersim.scenario.yaml_reader import Document, Mark

WHERE = "scenario"


def scenario_of(given: Scenario | str | os.PathLike[str]) -> Scenario:
    """Return the scenario that is meant: one that is checked again, or a shipped one by its name, or a file.

    Raises
    ------
    InputError
        If it is faulty, or nothing of the kind.

    Examples
    --------
    >>> from clustersim.scenario.changing import scenario_of
    >>> scenario_of("organic").titled()
    'Organic agglomeration'
    """
    if isinstance(given, Scenario):
        return checked(given)
    if not isinstance(given, str | os.PathLike):
        raise refused(WHERE, given, _("a Scenario, the name of a shipped one, or a file"))
    return load_scenario(path_text(given, WHERE))


def checked(scenario: Scenario) -> Scenario:
    """Return the scenario itself if all its values are still possible.

    Pydantic checks a scenario when it is made; `model_copy`, and what is written into its dictionaries, goes by that check.

    Raises
    ------
    InputError
        Naming the first value that is not.
    """
    data = _data(scenario)
    try:
        Scenario.model_validate_json(json.dumps(data), strict=True, context=RECORDED)
    except ValidationError:
        _made(Document(data, {(): Mark(WHERE, None)}))
        raise InputError(WHERE, "", _("its values are not those of a scenario")) from None
    seed(scenario.seed)  # true counts as 1 in what was checked above
    whole(scenario.replicates, "replicates", 1, REPLICATES_MAX)
    return scenario


def with_values(scenario: Scenario, overrides: Mapping[str, Any] | None, more: Mapping[str, Any]) -> Scenario:
    """Return the scenario with values set by dotted key; see `Scenario.with_`."""
    if overrides is not None and not isinstance(overrides, Mapping):
        raise refused("overrides", overrides, _("a mapping of dotted key to value"))
    document = Document(_data(checked(scenario)), {(): Mark(WHERE, None)})
    apply_all(document, {**(overrides or {}), **more})
    made = _with_tables(_made(document), scenario)
    for problem, _path in unknown_firms(made):
        raise problem
    return made.expanded()


def _data(scenario: Scenario) -> dict[str, Any]:
    try:
        return scenario.model_dump(mode="json", warnings=False)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        message = _("its values are not those of a scenario: {said}", said=said(str(error)))
        raise InputError(WHERE, "", message) from None


def _made(document: Document) -> Scenario:
    scenario, found = validate(document)
    if scenario is None:
        raise found[0]
    return scenario


def _with_tables(made: Scenario, of: Scenario) -> Scenario:
    """Return the scenario with the tables that clusters had before: a table that is only named is not at hand."""
    had = {spec.name: spec for spec in of.place.clusters}

    def named(table: TableFile | None) -> dict[str, Any] | None:
        return None if table is None else table.model_dump()  # what it is called: where it lies is known of the old one only

    def tables(spec: ClusterSpec) -> ClusterSpec:
        old = had.get(spec.name)
        same = {name: table for name in ("firms", "ties")
                if old and (table := getattr(old, name)) is not None and named(table) == named(getattr(spec, name))}  # fmt: skip
        return spec.model_copy(update=same) if same else spec

    clusters = tuple(tables(spec) for spec in made.place.clusters)
    return made.model_copy(update={"place": made.place.model_copy(update={"clusters": clusters})})


Scenario.lay_over = staticmethod(with_values)
