"""What may change while a simulation runs, and what a change writes into its state.

Parameters, what a programme pays, scheduled shocks and how public bodies act are read by the kernels in every quarter, so they
can change from one quarter to the next. All else is used up when the first state is made: a change of it would be taken and
have no effect, so it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from clustersim.core.arguments import refused, several, whole
from clustersim.core.errors import InputError
from clustersim.core.words import N_, _
from clustersim.model.parameters import PARAMETERS
from clustersim.model.units import YEAR
from clustersim.policy.rules import StagedExperiment
from clustersim.scenario.keys import clip, did_you_mean, exists, format_key, locate, parse_key
from clustersim.scenario.model import Scenario
from clustersim.scenario.plain import plain
from clustersim.simulation.initial import State, build, point_at_named

Change = dict[str, Any]  # quarter, key, before, now: as results say it
CHANGES_MAX = 10_000
EXAMPLE = '{"quarter": 8, "key": "parameters.trust.gain", "now": 0.1}'

# Parameters that only the first state, or the announcement of a programme, reads.
START_ONLY = {
    "population": (
        "output", "wage", "size_median", "size_spread", "tractor_spread", "knowledge_gap", "tractor_lead", "place_spread",
        "history", "age_mean", "debt", "institution_climate", "institution_threshold", "listed_reach", "uncertified",
        "listed_exports", "room",
    ),
    "programme": (
        "coordination_feedback", "coordination_centre", "mixed_politics", "private_politics", "private_turnover", "mixed_delay",
        "judging_error", "calls_error", "calls_learning",
    ),
    "market": ("first_base",),
    "nation": ("reach",),
}  # fmt: skip
CHANGEABLE = ("parameters.MECHANISM.NAME", "programme.stages", "programme.budget", "programme.scale", "programme.evaluation",
              "environment.shocks", "institutions.government")  # fmt: skip
# Keys of a stage that are read when it is announced, or when its programme is.
ANNOUNCED = ("name", "lead")
PUBLIC_BODIES = ("coordination", "top_down", "elections", "regime", "autonomy", "party_turnover")
BUDGET = ("budget", "evaluated", "evaluated_for", "evaluated_gain", "evaluated_keep")
# What a programme has in the record of a cluster; what it did there before is kept where only its money changes.
PLANNED = (*BUDGET, "rows_first", "rows_last", "stages_first", "stages", "lag", "announced", "launched", "exposure_to_politics",
           "turnover_factor", "overhead", "handovers", "bidders", "tender_every")  # fmt: skip
DONE = ("stage", "began", "kept", "baseline", "idle", "ability")
OTHER = N_("other instruments or stages are another programme: change it as a whole, or go on under it with branch(programme)")


def changed(scenario: Scenario, overrides: Mapping[str, Any], quarter: int) -> tuple[Scenario, list[Change]]:
    """Return the scenario from a quarter on, and what changed in it.

    Parameters
    ----------
    scenario : Scenario
        As it was until then.
    overrides : mapping
        Values by dotted key.
    quarter : int
        Quarters done.

    Raises
    ------
    InputError
        If a value is not possible, or nothing of the kind can change in mid-run.
    """
    if not isinstance(overrides, Mapping) or not overrides:
        raise refused("overrides", overrides, _("a mapping of dotted key to value"))
    new = scenario.with_(overrides)
    before, after = (_values(some) for some in (scenario, new))
    found = []
    for key in overrides:
        path = locate(before, parse_key(key))
        _check(path, key)
        found.append({"quarter": quarter, "key": format_key(path), "before": _at(before, path),
                      "now": plain(overrides[key], "overrides", key)})  # fmt: skip
    if "programme" not in overrides:
        _check_programmes(before["programme"], after["programme"])
    _check_shocks(before["environment"]["shocks"], after["environment"]["shocks"], quarter)
    _check_reforms(before["institutions"]["government"], after["institutions"]["government"], quarter)
    return new, found


def written(state: State, scenario: Scenario, first: Scenario, seed: int, replicates: Sequence[int]) -> State:
    """Return the state from now on under a changed scenario.

    Parameters
    ----------
    state : State
        As of now; its tables of parameters, clusters and worlds are written.
    scenario, first : Scenario
        As it is from now on, and as it began.
    seed : int
        Seed of the run.
    replicates : sequence of int
        Numbers of the replicates.
    """
    values = _values(scenario)["parameters"]
    for group, own in values.items():
        for name, value in own.items():
            state.parameters[group][name] = value
    state.worlds["growth"] = values["environment"]["frontier_growth"]
    fresh = _fresh(scenario, first, seed, replicates)
    for name in (*BUDGET, *PUBLIC_BODIES):
        state.clusters[name] = fresh.clusters[name]
    rows = fresh.plan.rows
    was = state.plan.rows
    if len(rows) != len(was) or any(not np.array_equal(rows[name], was[name]) for name in ("instrument", "channel")):
        raise InputError("", "programme", _(OTHER))
    for name in ("factor", "pooled", "public", "private"):  # what a rule decided, and what the last quarter paid
        rows[name] = was[name]
    if any(not np.array_equal(rows[name], was[name]) for name in ("aim", "target")):
        state.actors.targets[:] = 0  # winners of a call that is another one now
    point_at_named(scenario, state.actors, state.clusters)
    state.worlds["shocks_last"] = len(fresh.plan.shocks)
    return state._replace(plan=fresh.plan)


def under(state: State, scenario: Scenario, first: Scenario, seed: int, replicates: Sequence[int], quarter: int) -> State:
    """Return the state with another programme from now on: as if it had been the scenario's, announced now at the earliest."""
    fresh = _fresh(scenario, first, seed, replicates)
    for name in (*PLANNED, *DONE, *PUBLIC_BODIES):
        state.clusters[name] = fresh.clusters[name]
    _at_the_earliest(state.clusters, scenario, quarter)
    state.actors.targets[:] = 0
    point_at_named(scenario, state.actors, state.clusters)
    state.worlds["shocks_last"] = len(fresh.plan.shocks)
    return state._replace(plan=fresh.plan)


def _at_the_earliest(clusters: np.recarray, scenario: Scenario, quarter: int) -> None:
    """Date a programme that begins in mid-run now at the earliest; where clusters take turns, these stay apart."""
    announced = clusters["announced"]
    served = announced >= 0
    if isinstance(scenario.programme and scenario.programme.rule, StagedExperiment) and served.any():
        announced[served] += max(0, quarter - announced[served].min())
    for name in ("announced", "launched"):
        clusters[name] = np.where(clusters[name] >= 0, np.maximum(clusters[name], quarter), clusters[name])


def scheduled(changes: Any, quarters: int) -> dict[int, dict[str, Any]]:
    """Return values by dotted key, by quarter, from the changes that a result says or a user lists.

    Raises
    ------
    InputError
        If one has no quarter within the run, or no key.
    """
    if changes is None or (isinstance(changes, Sequence) and len(changes) == 0):
        return {}
    must = _("a list of changes such as {example}", example=EXAMPLE)
    found: dict[int, dict[str, Any]] = {}
    for change in several(changes, "changes", must, CHANGES_MAX):
        if not isinstance(change, Mapping) or not {"quarter", "key", "now"} <= set(change) or not isinstance(change["key"], str):
            raise refused("changes", change, must)
        quarter = whole(change["quarter"], "changes", 0, quarters - 1)
        found.setdefault(quarter, {})[change["key"]] = change["now"]
    return dict(sorted(found.items()))


def shock_list(scenario: Scenario, kind: str, size: float, years: float, quarter: int) -> list[dict[str, Any]]:
    """Return the scheduled shocks of a scenario and one more."""
    shocks = [shock.model_dump(mode="json") for shock in scenario.environment.shocks]
    return [*shocks, {"kind": kind, "year": quarter / YEAR, "years": years, "size": size}]


def _fresh(scenario: Scenario, first: Scenario, seed: int, replicates: Sequence[int]) -> State:
    """Return the first state of a scenario, for what it plans: numbers of firms reached are those of the start, as ever."""
    return build(scenario.model_copy(update={"parameters": first.parameters}), seed, list(replicates))


def _values(scenario: Scenario) -> dict[str, Any]:
    data = scenario.model_dump(mode="json")
    data["parameters"] = {
        group: {name: p.default for name, p in declared.items()} | data["parameters"].get(group, {})
        for group, declared in PARAMETERS.items()
    }
    return data


def _at(values: Any, path: tuple[str | int, ...]) -> Any:
    if not exists(values, path):
        return None
    for part in path:
        values = values[part]
    return values


def _check(path: tuple[str | int, ...], key: str) -> None:
    """Raise `InputError` if what a key names is used up at the start."""
    head, second = (*path, "")[:2]
    if head == "parameters":
        group, name = (*path, "", "")[1:3]
        if not name:
            raise _settled(key, _("name one parameter at a time, such as parameters.trust.gain"))
        if name in START_ONLY.get(str(group), ()):
            raise _settled(key, _("only the first state reads this parameter"))
    elif head == "programme" and second in ("stages", "budget", "scale", "evaluation"):
        if len(path) > 3 and path[3] in ANNOUNCED:
            raise _settled(key, _("this is decided when the programme is announced"))
    elif path != ("programme",) and (head, second) not in (("environment", "shocks"), ("institutions", "government")):
        raise _settled(key, _("this is decided at the start"), did_you_mean(key, CHANGEABLE))


def _settled(key: str, why: str, hint: str = "") -> InputError:
    return InputError("", clip(key), _("cannot change in mid-run: {why}", why=why),
                      hint or _("What can: {names}.", names=", ".join(CHANGEABLE)))  # fmt: skip


def _check_programmes(before: Any, after: Any) -> None:
    """Raise `InputError` unless two programmes have the same instruments in the same stages."""

    def outline(programme: Any) -> Any:
        return programme and [[i["use"] for i in stage["instruments"]] for stage in programme["stages"]]

    if outline(before) != outline(after) or bool(before and before["evaluation"]) != bool(after and after["evaluation"]):
        raise InputError("", "programme", _(OTHER))


def _check_shocks(before: list[Any], after: list[Any], quarter: int) -> None:
    """Raise `InputError` if shocks that have begun would change, or one would begin in the past."""

    if _past(before, quarter) != _past(after, quarter):
        message = _("shocks before year {year} have been; only later ones can change", year=f"{quarter / YEAR:g}")
        raise InputError("", "environment.shocks", message)


def _check_reforms(before: Any, after: Any, quarter: int) -> None:
    """Raise `InputError` if reforms that have been would change, or a value that one of them has replaced since."""
    done = _past(before["reforms"], quarter)
    if done != _past(after["reforms"], quarter):
        message = _("reforms before year {year} have been; only later ones can change", year=f"{quarter / YEAR:g}")
        raise InputError("", "institutions.government.reforms", message)
    for name in ("regime", "coordination", "autonomy"):
        if before[name] != after[name] and any(reform[name] is not None for reform in done):
            hint = _("Add a reform that is dated now: {example}", example=f"{{year: {quarter / YEAR:g}, {name}: {after[name]}}}")
            raise _settled(f"institutions.government.{name}", _("a reform has set it anew since the start"), hint)


def _past(dated: list[Any], quarter: int) -> list[Any]:
    """Return the shocks or reforms that began before a quarter."""
    return [one for one in dated if round(YEAR * one["year"]) < quarter]
