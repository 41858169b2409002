"""What is compared: options by name, the baseline, and whether they can be compared at all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from clustersim.core import arguments
from clustersim.core.errors import InputError, door
from clustersim.core.numbers import shortest
from clustersim.core.words import _, _n
from clustersim.results import with_run
from clustersim.results.options import named
from clustersim.scenario.keys import did_you_mean, show
from clustersim.scenario.model import Scenario
from clustersim.simulation.initial import State, build

MOST = 8  # options that a table and a figure can hold side by side
LISTED_MOST = 1000  # that are counted before they are refused
WORLDS_LEAST, WORLDS_MOST = 10, 10_000
# A cluster's remark says nothing about the place.
REMARKS = ("founded_before",)


@dataclass(frozen=True, slots=True)
class Option:
    """One scenario of a comparison: the name it goes by, and the scenario as it runs."""

    name: str
    scenario: Scenario
    called: str  # how the command line names it
    file: bool = True  # whether it was given as a name or a file, so that a command can make it again

    @property
    def title(self) -> str:
        """Title of the scenario."""
        return self.scenario.title


Given = Scenario | str | Path


def options_of(
    scenarios: Sequence[Given] | Mapping[str, Given], replicates: int, years: float | None, seed: int | None
) -> list[Option]:
    """Return the options, each with its own name and all with one seed, horizon and number of replicates.

    Raises
    ------
    InputError
        If there are fewer than two or more than eight, or their horizons differ.
    """
    if isinstance(scenarios, str | Path | Scenario):
        scenarios = [scenarios]
    given: list[tuple[str | None, Given]]
    if isinstance(scenarios, Mapping):
        given = [(arguments.text(name, "scenarios"), scenario) for name, scenario in scenarios.items()]
    else:
        must = _("a list or mapping of scenarios")
        empty = isinstance(scenarios, list | tuple) and not scenarios
        given = [(None, scenario) for scenario in ([] if empty else arguments.several(scenarios, "scenarios", must, LISTED_MOST))]
    if not 2 <= len(given) <= MOST:
        if len(given) < 2:
            apart = door(command="--parts instruments", python="clustersim.take_apart")
            hint = _("Name a baseline and at least one other; or take one programme apart: {apart}.", apart=apart)
        else:
            own = door(command="`clustersim sweep`", python="clustersim.sweep")
            hint = _("For more, use an experiment and {sweep}.", sweep=own)
        message = _n(
            "found {n} scenario; allowed: 2 to {most}", "found {n} scenarios; allowed: 2 to {most}", len(given), most=MOST
        )
        raise InputError("compare", "", message, hint)
    options: list[Option] = []
    for name, scenario in given:
        loaded, plain = named(scenario, name)
        shown = plain
        file = isinstance(scenario, str | Path)
        called = Path(scenario).name if isinstance(scenario, str | Path) else plain
        while shown in {option.name for option in options}:
            ending = re.search(r"_(\d+)$", shown)
            shown = f"{plain}_{int(ending[1]) + 1 if ending and shown != plain else 2}"
        options.append(Option(shown, loaded, called, file))
    replicates = arguments.whole(replicates, "replicates", 1, arguments.REPLICATES_MAX)
    first = options[0].scenario
    common = first.seed if seed is None else seed
    options = [replace(o, scenario=with_run(o.scenario, common, replicates, years)) for o in options]
    for option in options[1:]:
        if option.scenario.quarters != options[0].scenario.quarters:
            here, there = options[0].scenario.horizon.years, option.scenario.horizon.years
            message = _(
                "{one} runs {here} years and {other} {there}: they must run the same time",
                one=options[0].name, here=shortest(here), other=option.name, there=shortest(there),
            )  # fmt: skip
            hint = _("Give one number of years for all: {years}.", years=door(command="--years", python="years"))
            raise InputError("compare", "horizon.years", message, hint)
    return options


def position_of(baseline: str | None, options: Sequence[Option]) -> int:
    """Return which option is the baseline: the first, or the one named as the user or the result calls it."""
    if baseline is None:
        return 0
    baseline = arguments.text(baseline, "baseline")
    for k, option in enumerate(options):
        if baseline in (option.name, option.called) or Path(baseline).stem == option.name:
            return k
    names = [option.name for option in options]
    message = _("{name!r} is not among the scenarios compared; allowed: {names}", name=baseline[:60], names=", ".join(names))
    raise InputError(door(command="--baseline", python="baseline"), "", message, did_you_mean(baseline, names))


def rate(discount: float) -> float:
    """Return a discount rate a year; raise `InputError` if it is not possible."""
    return arguments.real(discount, "discount", 0.0, 1.0, hint=_("0.03 is 3 % a year."))


def count_of_worlds(worlds: int) -> int:
    """Return how many worlds to draw; raise `InputError` if it is not possible."""
    worlds = arguments.whole(worlds, "worlds", 0, WORLDS_MOST)
    if 0 < worlds < WORLDS_LEAST:
        raise arguments.refused("worlds", worlds, _("0, or {low} to {high}", low=WORLDS_LEAST, high=WORLDS_MOST))
    return worlds


def check_same_place(options: Sequence[Option]) -> None:
    """Raise `InputError` unless all options begin with the same place: the same firms and the same ties.

    Raises
    ------
    InputError
        Naming the first value that differs.
    """
    first = options[0]
    place = _place(first.scenario)
    start = None
    for other in options[1:]:
        different = _differs(place, _place(other.scenario), "place")
        if different is None and first.scenario.parameters != other.scenario.parameters:
            start = start or _start(first.scenario)
            if not _same(start, _start(other.scenario)):
                different = _differs(_parameters(first.scenario), _parameters(other.scenario), "parameters")
        if different is not None:
            key, here, there = different
            message = _(
                "{one} and {other} begin with different places ({here} in the one, {there} in the other), so their runs cannot "
                "be paired", one=first.name, other=other.name, here=show(here), there=show(there),
            )  # fmt: skip
            hint = _("Compare programmes for one place; or take independent runs, which needs more replicates: {argument}.",
                     argument=door(command="--unpaired", python="paired=False"))  # fmt: skip
            raise InputError("compare", key, message, hint)


def _place(scenario: Scenario) -> Any:
    found = scenario.place.model_dump(mode="json")
    for cluster in found["clusters"]:
        for remark in REMARKS:
            cluster.pop(remark)
    return found


def _parameters(scenario: Scenario) -> dict[str, dict[str, float]]:
    return {group: dict(values) for group, values in scenario.parameters.items()}


def _differs(here: Any, there: Any, key: str) -> tuple[str, Any, Any] | None:
    """Return the first key at which two values differ, and both values."""
    if isinstance(here, dict) and isinstance(there, dict):
        for part in dict.fromkeys([*here, *there]):
            if (found := _differs(here.get(part), there.get(part), f"{key}.{part}")) is not None:
                return found
        return None
    if isinstance(here, list) and isinstance(there, list) and len(here) == len(there):
        pairs = enumerate(zip(here, there, strict=True))
        return next((found for k, (a, b) in pairs if (found := _differs(a, b, f"{key}[{k}]")) is not None), None)
    return None if here == there else (key, here, there)


def _start(scenario: Scenario) -> State:
    return build(scenario, scenario.seed, [0])


def _same(one: State, other: State) -> bool:
    """Whether two first states hold the same actors and ties."""
    pairs = [(one.actors, other.actors), (one.ties, other.ties)]
    return all(np.array_equal(a, b) for left, right in pairs for a, b in zip(left, right, strict=True))
