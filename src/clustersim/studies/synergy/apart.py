"""A scenario's programme taken apart: it runs without its parts, with each alone, with several, and with all.

Every part keeps its own money in every corner, so that a synergy is not that one had more to spend: a part that is out has none,
and nothing that moves money between parts (a budget that binds, cuts after an evaluation, a rule) is left to do so.
"""

from __future__ import annotations

import copy
import hashlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from clustersim.core import arguments
from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.experiments import identity
from clustersim.experiments.design import Experiment
from clustersim.experiments.plan import FORMAT, RUNS_MAX, Plan
from clustersim.experiments.planning import REMARKS
from clustersim.experiments.reading import SweepResult
from clustersim.experiments.runner import CHUNK, Progress
from clustersim.experiments.store import Tell, quiet
from clustersim.experiments.sweeping import begin, run_left
from clustersim.policy.plugins.record import uses_in
from clustersim.policy.programme import Programme
from clustersim.results import progress as showing
from clustersim.results.options import check_fits, named, with_run
from clustersim.scenario.changing import scenario_of
from clustersim.scenario.keys import did_you_mean, listed
from clustersim.scenario.model import Scenario
from clustersim.studies.synergy.interactions import Interactions
from clustersim.studies.synergy.reading import interactions

CORNERS = ("full", "pairs", "one-out")
FULL, PAIRS = 4, 8  # parts up to which all corners, or all pairs, are run if nothing is said
MOST = 512  # corners
REPLICATES = 100
OUTPUTS = {
    "indicators": ["employment", "firms", "sales", "exports", "productivity", "formal", "trust", "linked_share", "knowledge"],
    "every": 0, "totals": ["public_spending", "value_added", "projects_succeeded"], "reached": ["development", "maturity"],
}  # fmt: skip
Places = list[tuple[str, str]]  # stage and instrument


@dataclass
class Apart:
    """A plan of corners: what runs, what it is called, and which parts there are."""

    plan: Plan
    experiment: Experiment
    parts: dict[str, Places]


def take_apart(
    scenario: Scenario | str | Path, parts: str | Mapping[str, Sequence[str]] = "instruments", corners: str | None = None,
    replicates: int = REPLICATES, years: float | None = None, seed: int | None = None, out: str | Path = "results",
    workers: int | None = None, progress: Callable[[Progress], object] | bool | None = None, *,
    stop: threading.Event | None = None, tell: Tell = quiet,
) -> Interactions:  # fmt: skip
    """Run a scenario with its programme's parts switched on and off, and tell what they do together beyond the sum of each alone.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A scenario with a programme, the name of a shipped one, or a file.
    parts : str or mapping
        "instruments", "stages", or groups: a name for each, and the instruments or stages that it holds, as a mapping or as text
        (``"links=facilitator+network_incentives,research=rd_tax_credit"``). What is in no group runs in every corner.
    corners : {"full", "pairs", "one-out"}, optional
        All combinations; none, each, each pair and all; or none, each, all but one and all. If not given, all combinations of
        up to four parts, pairs of up to eight, else all but one.
    replicates : int
        Replicates of each corner; replicate k of all corners shares its random draws.
    years : float, optional
        Horizon; the scenario's own if not given.
    seed : int, optional
        Seed; the scenario's own if not given.
    out : str or Path
        Folder that will hold the sweep's own folder. The same call goes on from what is done there.
    workers : int, optional
        Threads; the processors of this machine if not given.
    progress : bool or callable, optional
        As of `clustersim.sweep`.
    stop : Event, optional
        Ends the work in a resumable state when it is set.
    tell : callable, optional
        Called with sentences about what is set aside.

    Returns
    -------
    Interactions

    Raises
    ------
    InputError
        If there is no programme, or fewer than two parts; if an argument is impossible.

    Examples
    --------
    >>> import tempfile
    >>> from clustersim import take_apart
    >>> parts = {"facilitator": ["facilitator"], "events": ["awareness_events"]}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     found = take_apart("designed", parts, replicates=2, years=1, out=folder)
    >>> found.table.query("kind == 'pair' and outcome == 'sales'")["parts"].tolist()
    ['facilitator + events']
    """
    arguments.listeners(progress, tell, stop, told=1)
    workers, folder = arguments.workers(workers), arguments.place(out, "out")
    apart = plan_apart(scenario, parts, corners, replicates, years, seed)
    store = begin(apart.plan, apart.experiment, folder, False, tell)
    if isinstance(progress, bool):
        with showing.shown(progress, showing.RUNS) as bar:
            moving = None if bar is None else lambda said: bar(said.done, said.total)
            run_left(store, workers, CHUNK, progress=moving, stop=stop)
    else:
        run_left(store, workers, CHUNK, progress=progress, stop=stop)
    return interactions(SweepResult(store))


def plan_apart(
    scenario: Scenario | str | Path, parts: str | Mapping[str, Sequence[str]] = "instruments", corners: str | None = None,
    replicates: int = REPLICATES, years: float | None = None, seed: int | None = None,
) -> Apart:  # fmt: skip
    """Return the plan of a scenario's corners; see `take_apart`."""
    short = named(scenario, None)[1]
    chosen = with_run(scenario_of(scenario), seed, replicates, years)
    replicates = chosen.replicates
    if chosen.programme is None:
        raise InputError(short, "programme", _("there is no programme to take apart"))
    check_fits(chosen, replicates, ())
    groups = _groups(chosen.programme, parts)
    sets = _corners(list(groups), corners)
    data = chosen.model_dump(mode="json", exclude=REMARKS) | {"title": short}
    programme, changed = _own_money(data["programme"], chosen.programme)
    options = [{"name": _named(on, groups), "set": {"programme": _only(programme, groups, on)}} for on in sets]
    content = {
        "format": FORMAT, "model": identity.model(uses_in([data, options])),
        "scenarios": [{"name": short, "data": data}], "options": options, "worlds": {"keys": [], "rows": [[]]},
        "seeds": [chosen.seed], "replicates": replicates, "outputs": OUTPUTS,
        "parts": {name: [list(place) for place in places] for name, places in groups.items()}, "changed": changed,
    }  # fmt: skip
    hashed = hashlib.sha256(identity.canonical(content).encode()).hexdigest()[:8]
    plan = Plan(f"apart-{short}-{hashed}", content)
    if plan.runs > RUNS_MAX:
        raise arguments.refused("replicates", replicates, _("{most} runs in all", most=RUNS_MAX))
    title = _("{scenario}, taken apart", scenario=chosen.titled())[:200]
    return Apart(plan, Experiment(title=title, scenarios=(short,), replicates=replicates), groups)


def _named(on: Sequence[str], groups: Mapping[str, Any]) -> str:
    """Return what a corner is called."""
    if not on or len(on) == len(groups):
        return "all" if on else "none"
    out = [name for name in groups if name not in on]
    return f"all but {out[0]}" if len(out) == 1 and len(groups) > 2 else " + ".join(on)


def _groups(programme: Programme, parts: str | Mapping[str, Sequence[str]]) -> dict[str, Places]:
    """Return the parts of a programme by name, in its order; instruments without money are none."""
    stages = programme.stages
    places = [(stages[s].name, str(i.use)) for s, i in programme.instruments() if i.per_year > 0.0]  # type: ignore[attr-defined]
    places = list(dict.fromkeys(places))
    found: dict[str, Places] = {}
    if isinstance(parts, str) and parts in ("instruments", "stages"):
        for place in places:
            found.setdefault(place[parts == "instruments"], []).append(place)
    else:
        for name, members in _read(parts).items():
            found[name] = [place for member in members for place in _members(member, places)]
    twice = [place for name in found for place in found[name]]
    if len(set(twice)) < len(twice):
        again = max(twice, key=twice.count)
        raise arguments.refused("parts", again[1], _("each instrument in one part only"))
    if len(found) < 2:
        shown = listed(list(dict.fromkeys(use for _stage, use in places)))
        raise arguments.refused("parts", ", ".join(found) or "0", _("two parts or more that are paid for"), shown)
    return found


def _read(parts: str | Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the groups that were named."""
    must = _("instruments, stages, or groups such as {such}", such="links=facilitator+network_incentives,research=rd_tax_credit")
    if isinstance(parts, str):
        groups = [group.partition("=") for group in parts.split(",")]
        if not all(name.strip() and sign and members.strip() for name, sign, members in groups):
            raise arguments.refused("parts", parts, must, did_you_mean(parts, ("instruments", "stages")))
        if len({name.strip() for name, _sign, _members in groups}) < len(groups):
            raise arguments.refused("parts", parts, _("each name once"))
        return {name.strip(): [one.strip() for one in members.split("+")] for name, _sign, members in groups}
    if not isinstance(parts, Mapping) or not all(isinstance(name, str) and name for name in parts):
        raise arguments.refused("parts", parts, must)
    return {
        name: [arguments.text(one, "parts") for one in arguments.several(members, "parts", must, 1000)]
        for name, members in parts.items()
    }


def _members(member: str, places: Places) -> Places:
    """Return the instruments that a member of a group is: an instrument in all stages, or a stage."""
    found = [place for place in places if member in place]
    if not found:
        known = list(dict.fromkeys(word for place in places for word in (place[1], place[0])))
        hint = did_you_mean(member, known, listed(known))
        raise arguments.refused("parts", member, _("an instrument or a stage of the programme that is paid for"), hint)
    return found


def _corners(parts: list[str], corners: str | None) -> list[tuple[str, ...]]:
    """Return which parts are on in each corner, from none to all."""
    if corners is None:
        corners = "full" if len(parts) <= FULL else "pairs" if len(parts) <= PAIRS else "one-out"
    if not isinstance(corners, str) or corners not in CORNERS:
        near = did_you_mean(corners, CORNERS) if isinstance(corners, str) else ""
        raise arguments.refused("corners", corners, ", ".join(CORNERS), near)
    count = len(parts)
    orders: Iterable[int] = {"full": range(count + 1), "pairs": {0, 1, 2, count}, "one-out": {0, 1, count - 1, count}}[corners]
    if corners == "full" and 2**count > MOST:
        said = _("{n} corners; allowed: {most}", n=2**count, most=MOST)
        raise InputError("corners", "", said, _("Take fewer parts, or the corners {names}.", names="pairs, one-out"))
    found = [on for order in sorted(orders) for on in combinations(parts, order)]
    if len(found) > MOST:
        said = _("{n} corners; allowed: {most}", n=len(found), most=MOST)
        raise InputError("corners", "", said, _("Take fewer parts, or the corners {names}.", names="one-out"))
    return found


def _only(programme: dict[str, Any], groups: Mapping[str, Places], on: Sequence[str]) -> dict[str, Any]:
    """Return the programme with money only for the parts that are on, and for what is in no part."""
    held = {place for places in groups.values() for place in places}
    paid = {place for name in on for place in groups[name]}
    found = copy.deepcopy(programme)
    for stage in found["stages"]:
        for instrument in stage["instruments"]:
            place = (stage["name"], instrument["use"])
            if place in held and place not in paid:
                instrument["per_year"] = 0.0
    return found


def _own_money(data: dict[str, Any], programme: Programme) -> tuple[dict[str, Any], list[str]]:
    """Return the programme in which each instrument keeps its money whatever else is paid, and names for what was changed."""
    found, changed = copy.deepcopy(data), []
    if programme.rule is not None:
        found["rule"] = None
        changed.append("rule")
    if programme.evaluation is not None and programme.evaluation.keep < 1.0:
        found["evaluation"]["keep"] = 1.0
        changed.append("evaluation")
    if programme.budget is None or not _binds(programme):
        return found, changed
    if not _even(programme):
        return found, [*changed, "budget_left"]
    for stage, said in zip(programme.stages, found["stages"], strict=True):
        share = min(1.0, _room(programme) / max(_asked(stage), 1e-12))
        for instrument in said["instruments"]:
            instrument["per_year"] *= share
    found["budget"] = None
    return found, [*changed, "budget"]


def _asked(stage: Any) -> float:
    """Return the public money (kUSD a year) that a stage asks for at most."""
    return sum(instrument.per_year * (1.0 - instrument.cofinance) for instrument in stage.instruments)


def _room(programme: Programme) -> float:
    """Return the budget (kUSD a year) less what the evaluation costs."""
    cost = programme.evaluation.per_year if programme.evaluation else 0.0
    return max(0.0, programme.budget.per_year - cost) if programme.budget else float("inf")


def _binds(programme: Programme) -> bool:
    return any(_asked(stage) > _room(programme) for stage in programme.stages)


def _even(programme: Programme) -> bool:
    """Whether what each stage asks for stays the same as long as it lasts: then its instruments' shares are known."""
    steady = all(
        i.start == 0 and (i.quarters is None or i.quarters >= stage.quarters) and i.taper == 0.0 and i.until_private is None
        and not getattr(i, "report", False) and i.target == "everyone"
        for stage in programme.stages for i in stage.instruments
    )  # fmt: skip
    alike = not programme.scale and programme.levels is None and all(i.clusters is None for _s, i in programme.instruments())
    return steady and alike and programme.budget is not None and not programme.budget.shared
