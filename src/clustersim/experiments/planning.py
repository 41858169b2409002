"""From an experiment to a plan: scenarios resolved, bounds filled in, every value tried once before anything runs."""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from clustersim.core import arguments
from clustersim.core.errors import InputError
from clustersim.core.numbers import localise
from clustersim.core.words import N_, _
from clustersim.experiments import identity
from clustersim.experiments.design import Experiment, check_experiment, load_experiment, placed
from clustersim.experiments.plan import FORMAT, RUNS_MAX, Plan, put
from clustersim.experiments.spaces import Space, combine, extremes, labels, with_bounds
from clustersim.model.indicators import INDICATORS
from clustersim.policy.plugins.record import uses_in
from clustersim.scenario.explain import validate
from clustersim.scenario.json_schema import schema_at
from clustersim.scenario.keys import Key, clip, locate, parse_key, show
from clustersim.scenario.loading import load_scenario, shipped_scenarios
from clustersim.scenario.plain import plain
from clustersim.scenario.yaml_reader import Document, Mark

# Combinations that are tried as wholes beforehand; each value by itself is tried always.
TRIED = 100
NAME_MAX = 100
REMARKS = {"description", "translations", "sources", "seed", "replicates"}
INSTEAD = {"seed": "seeds", "replicates": "replicates"}  # what an experiment says for all its scenarios
IN_SCENARIO = N_("in scenario {name!r}: {fault}")


Given = str | os.PathLike[str] | Mapping[str, Any] | Experiment
GIVEN = "experiment"  # how errors call one that is no file


def make_plan(given: Given, name: str | None = None) -> tuple[Plan, Experiment]:
    """Return the plan of an experiment, and the experiment.

    Parameters
    ----------
    given : str, path, mapping or Experiment
        A shipped experiment by name, a file, or what a file could say; the plan of a mapping is that of such a file.
    name : str, optional
        Name of the sweep, of one that is no file; from its title if not given.

    Raises
    ------
    InputError
        At the first fault of the file, of a scenario, or of a key or value.
    """
    if isinstance(given, Mapping | Experiment):
        return _plan_of_data(given, name)
    if not isinstance(given, str | os.PathLike):
        raise arguments.refused(GIVEN, given, _("the name of a shipped experiment, a file, a mapping, or an Experiment"))
    if name is not None:
        raise InputError("", "name", _("an experiment's file names its sweep; leave it out"))
    experiment, document, path = load_experiment(arguments.path_text(given, GIVEN))
    if path.stem.startswith(".") or not path.stem.isprintable():  # it names the folder of the results
        what = _("the name of an experiment's file must not begin with a dot, nor hold signs that cannot be printed")
        raise InputError(clip(ascii(path.name)[1:-1], 200), "", what)
    return plan_of(experiment, document, path), experiment


def _plan_of_data(given: Mapping[str, Any] | Experiment, name: str | None) -> tuple[Plan, Experiment]:
    """Return the plan of an experiment that no file says; files of scenarios are sought from the working folder."""
    data = given.model_dump(mode="json", exclude_unset=True, warnings=False) if isinstance(given, Experiment) else given
    document = Document(plain(data, GIVEN, ""), {(): Mark(GIVEN, None)})
    experiment = check_experiment(document)
    own = re.sub(r"[^a-z0-9]+", "_", experiment.title.lower()).strip("_")[:40]
    chosen = own if name is None else arguments.text(name, "name")
    if not chosen or chosen.startswith(".") or not chosen.isprintable() or Path(chosen).name != chosen or len(chosen) > NAME_MAX:
        raise arguments.refused("name", chosen, _("a name of a folder, in one line and without dots at its begin"))
    return plan_of(experiment, document, Path.cwd() / f"{chosen}.yaml"), experiment


def plan_of(experiment: Experiment, document: Document, path: Path) -> Plan:
    """Return the plan of a checked experiment that was read from `path`."""
    _refuse_idle(experiment, document)
    scenarios = _scenarios(experiment, document, path.parent)
    levers = _bounded(experiment.levers, "levers", scenarios, document)
    uncertain = _bounded(experiment.uncertain, "uncertain", scenarios, document)
    _refuse_twice(experiment, levers, uncertain, scenarios, document)
    sets = _combined(levers, "levers", scenarios, document)
    named = [option.name for option in levers.options] if levers else []
    options = [{"name": name or label, "set": chosen}
               for chosen, label, name in zip(sets, labels(sets), named or [""] * len(sets), strict=True)]  # fmt: skip
    names = [option["name"] for option in options]
    if len(set(names)) < len(names):
        twice = max(names, key=names.count)
        raise placed(document, ("levers",), _("two options are called {name!r}; give them names.", name=twice))
    worlds = _combined(uncertain, "uncertain", scenarios, document)
    keys = list(worlds[0])
    if any(set(world) != set(keys) for world in worlds):
        raise placed(document, ("uncertain", "options"), _("all worlds must set the same keys."))
    outputs = experiment.outputs
    indicators = list(INDICATORS) if outputs.indicators == "all" else list(dict.fromkeys(outputs.indicators))
    plan = Plan(path.stem, {
        "format": FORMAT,
        "model": identity.model(uses_in([scenarios, options, worlds])),
        "scenarios": [{"name": name, "data": data} for name, data in scenarios.items()],
        "options": options,
        "worlds": {"keys": keys, "rows": [[world[key] for key in keys] for world in worlds]},
        "seeds": list(experiment.seeds),
        "replicates": experiment.replicates,
        "outputs": {"indicators": indicators, "every": {"yearly": 4, "last": 0}.get(str(outputs.every), outputs.every),
                    "totals": list(dict.fromkeys(outputs.totals)), "reached": list(dict.fromkeys(outputs.reached))},
    })  # fmt: skip
    if plan.runs > RUNS_MAX:
        many, most = localise(str(plan.runs)), localise(str(RUNS_MAX))
        raise placed(document, (), _("the design has {count} runs; allowed are {most}.", count=many, most=most))
    _try_combinations(plan, document)
    return plan


def _scenarios(experiment: Experiment, document: Document, beside: Path) -> dict[str, Any]:
    """Return the resolved scenarios by name, what is set in all of them included."""
    found: dict[str, Any] = {}
    for place, name in enumerate(experiment.scenarios):
        shipped = name in shipped_scenarios()
        try:
            scenario = load_scenario(name if shipped else beside / name)
        except InputError as error:
            raise placed(document, ("scenarios", place), f"{show(name)}: {error.key}{': ' if error.key else ''}{error.message}",
                         error.hint) from None  # fmt: skip
        short = Path(name).stem
        if short in found:
            raise placed(document, ("scenarios", place), _("two scenarios are called {name!r}.", name=short))
        data = scenario.model_dump(mode="json", exclude=REMARKS) | {"title": short}
        for key, value in experiment.set.items():
            data = _tried(data, {key: value}, document, ("set", key), short)
        if experiment.years is not None:
            data["horizon"]["years"] = experiment.years
        found[short] = data
    return found


def _tried(data: dict[str, Any], values: dict[str, Any], document: Document, where: Key, scenario: str) -> dict[str, Any]:
    """Return a scenario with values set by dotted key; raise the first fault as one of the experiment's file."""
    changed = copy.deepcopy(data)
    try:
        for key, value in sorted(values.items()):
            put(changed, key, value)
    except InputError as error:
        raise placed(document, where, _(IN_SCENARIO, name=scenario, fault=error.message), error.hint) from None
    faults = validate(Document(copy.deepcopy(changed), {}))[1]
    if faults:
        said = f"{faults[0].key}: {faults[0].message}" if faults[0].key else faults[0].message
        raise placed(document, where, _(IN_SCENARIO, name=scenario, fault=said), faults[0].hint)
    return changed


def _keys(space: Space | None) -> list[str]:
    if space is None:
        return []
    return list(dict.fromkeys([*space.keys, *(key for option in space.options for key in option.set)]))


def _refuse_idle(experiment: Experiment, document: Document) -> None:
    """Refuse to set what no run of a sweep reads from its scenario: remarks, and what the experiment itself says."""
    spaces = (("levers", experiment.levers), ("uncertain", experiment.uncertain))
    told: list[tuple[Key, str]] = [(("set", key), key) for key in experiment.set]
    told += [((name,), key) for name, space in spaces for key in _keys(space)]
    for where, key in told:
        first = key.partition(".")[0].strip()
        if first in INSTEAD:
            message = _("{key!r} has no effect here; the experiment says it in `{other}`.", key=clip(key), other=INSTEAD[first])
            raise placed(document, where, message)
        if first in REMARKS | {"title", "version"}:
            raise placed(document, where, _("{key!r} has no effect: it is a remark, which no run reads.", key=clip(key)))
        if key == "horizon.years" and experiment.years is not None:
            raise placed(document, where, _("{key!r} stands here and in `{other}`; keep one of them.", key=key, other="years"))


def _refuse_twice(
    experiment: Experiment, levers: Space | None, uncertain: Space | None, scenarios: dict[str, Any], document: Document
) -> None:
    """Refuse two keys of one run that lead to the same value: the last would win, and the other do nothing."""
    both = set(_keys(levers)) & set(_keys(uncertain))
    if both:
        raise placed(document, ("uncertain",), _("{key!r} is a lever as well; it can be one of them only.", key=min(both)))
    runs = [(mine, others) for mine in _together(levers) for others in _together(uncertain)]
    for scenario, data in scenarios.items():
        for mine, others in [(tuple(experiment.set), ()), *runs]:
            seen: dict[Key, str] = {}
            for key in (*mine, *others):
                try:
                    path = locate(data, parse_key(key))
                except InputError:
                    continue  # said where it is tried
                if path in seen:
                    same = _("{key!r} and {other!r} are the same value; keep one of them.", key=clip(seen[path]), other=clip(key))
                    where = "set" if key in experiment.set else "uncertain" if key in others else "levers"
                    raise placed(document, (where,), _(IN_SCENARIO, name=scenario, fault=same))
                seen[path] = key


def _together(space: Space | None) -> list[tuple[str, ...]]:
    """Return the sets of keys that a space sets at a time, each once."""
    if space is None:
        return [()]
    return list(dict.fromkeys(tuple(option.set) for option in space.options)) if space.options else [tuple(space.keys)]


def _bounded(space: Space | None, name: str, scenarios: dict[str, Any], document: Document) -> Space | None:
    """Return the space with all bounds, each of its values tried alone in each scenario."""
    if space is None:
        return None
    keys = {}
    for key, spec in space.keys.items():
        where: Key = (name, "keys", key)
        try:
            keys[key] = with_bounds(key, spec, space.method == "grid")
            ends = extremes(key, keys[key], _whole(key, scenarios))
        except InputError as error:
            raise placed(document, where, error.message, error.hint) from None
        for value in ends:
            for scenario, data in scenarios.items():
                _tried(data, {key: value}, document, where, scenario)
    return space.model_copy(update={"keys": keys})


def _whole(key: str, scenarios: dict[str, Any]) -> bool:
    """Whether a dotted key takes whole numbers only, as the scenario's schema says."""
    data = next(iter(scenarios.values()))
    try:
        return bool(schema_at(locate(data, parse_key(key)), data).get("type") == "integer")
    except InputError:
        return False


def _combined(space: Space | None, name: str, scenarios: dict[str, Any], document: Document) -> list[dict[str, Any]]:
    if space is None:
        return [{}]
    try:
        return combine(space, lambda key: _whole(key, scenarios))
    except InputError as error:
        raise placed(document, (name, *parse_key(error.key)), error.message, error.hint) from None


def _try_combinations(plan: Plan, document: Document) -> None:
    """Try the first options, each as a whole and in the first world, so that a clash of values is found before the start."""
    world = plan.world(0)
    for scenario in plan.scenarios:
        for place, option in enumerate(plan.options[:TRIED]):
            where: Key = ("levers", "options", place, "set")
            if (document.data.get("levers") or {}).get("method") != "list":
                where = ("levers",)
            data = _tried(plan.base(scenario), option["set"], document, where, scenario)
            _tried(data, world, document, ("uncertain",), scenario)
