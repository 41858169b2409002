"""`evidence`: measures facts on shipped scenarios and says which are met."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from clustersim.core import arguments
from clustersim.core.code import model_code
from clustersim.core.errors import InputError, door
from clustersim.core.version import __version__
from clustersim.core.words import N_, _
from clustersim.results import progress as showing
from clustersim.scenario.keys import did_you_mean
from clustersim.scenario.loading import load_scenario
from clustersim.simulation.batches import Progress
from clustersim.studies.evidence import basque, declared, red_productiva, survey
from clustersim.studies.evidence.facts import facts
from clustersim.studies.evidence.library import library
from clustersim.studies.evidence.measure import FILES, LIBRARY, NOTHING, Apart, Measure, judge
from clustersim.studies.evidence.result import Evidence
from clustersim.studies.evidence.watching import Sample

FULL, QUICK = 100, 20  # replicates of each scenario
MOST = 10_000  # ids that are looked at
MEASURES: Mapping[str, Measure | Apart] = {
    **survey.MEASURES, **basque.MEASURES, **red_productiva.MEASURES, **declared.MEASURES,
}  # fmt: skip
UNDEFINED = N_("The runs hold nothing that the statistic could be taken of.")


def evidence(
    ids: str | Iterable[str] = (), quick: bool = False, seed: int = 1, progress: Progress | bool | None = None
) -> Evidence:
    """Measure what the model gives beside the facts of the sources.

    Parameters
    ----------
    ids : str or iterable of str, optional
        Facts, by the ids that `facts.csv` has; all of them if none is given.
    quick : bool, optional
        20 instead of 100 replicates of each scenario.
    seed : int, optional
        Seed of all runs.
    progress : bool or callable, optional
        True shows a bar in a terminal or a notebook; a callable is called as ``progress(done, total)`` with quarters summed over
        scenarios and replicates.

    Returns
    -------
    Evidence
        A row for each fact: its range, the model's value and band, and whether it is met; or why nothing can be compared.

    Raises
    ------
    InputError
        If there is no such fact, or the seed is not possible.

    Examples
    --------
    >>> from clustersim import evidence
    >>> found = evidence("manager_experience")
    >>> found
    <Evidence one fact of the sources: 0 met, 1 missed, 0 not comparable>
    >>> found.results[0]["distance"] < 0.01
    True
    """
    wanted = check_ids(ids)
    quick, seed = arguments.flag(quick, "quick"), arguments.whole(seed, "seed", 0, arguments.SEED_MAX)
    arguments.listeners(progress, len, None)
    replicates = QUICK if quick else FULL
    with showing.shown(progress) as telling:
        sample = Sample(replicates, seed, None if telling is None else _all_told(telling, scenarios_of(wanted), replicates))
        results = [result(id_, sample) for id_ in wanted]
    return Evidence(results, seed, replicates, __version__, model_code())


def check_ids(given: str | Iterable[str]) -> list[str]:
    """Return the ids that are asked for, each once and in the order of the facts, or all; refuse what is none."""
    known = list(facts())
    where = door(command="--fact", python="ids")
    if isinstance(given, str):
        given = [given]
    elif isinstance(given, list | tuple | set | frozenset) and not given:
        return known
    asked = arguments.several(given, where, _("ids of facts"), MOST)
    for id_ in asked:
        if not isinstance(id_, str) or id_ not in known:
            near = did_you_mean(id_, known) if isinstance(id_, str) else ""
            hint = near or _("The facts are listed by: {command}", command="clustersim evidence --list")
            raise InputError("", where, _("{text} is not a fact", text=arguments.said(id_)), hint)
    return [id_ for id_ in known if id_ in asked]


def _all_told(progress: Progress, names: list[str], replicates: int) -> Callable[[str, int, int], object]:
    """Return what tells `progress` of all scenarios together, from what each of them says while it runs."""
    quarters = {name: replicates * load_scenario(name).quarters for name in names}

    def tell(name: str, done: int, _of: int) -> None:
        progress(sum(quarters[other] for other in names[: names.index(name)]) + done, sum(quarters.values()))

    return tell


def scenarios_of(ids: Iterable[str]) -> list[str]:
    """Return the scenarios that must run for these facts, each once."""
    found: dict[str, None] = {}
    for id_ in ids:
        measure = MEASURES[id_]
        if isinstance(measure, Measure) and measure.band != FILES:
            found |= dict.fromkeys(library() if measure.where == LIBRARY else (measure.where,))
    return list(found)


def listed(ids: Iterable[str]) -> list[dict[str, Any]]:
    """Return what facts say, and how each is measured, or why nothing of the model can stand beside it."""
    rows = []
    for id_ in ids:
        fact, measure = facts()[id_], MEASURES[id_]
        said = {
            "id": id_, "quantity": fact.quantity, "unit": fact.unit, "applies_to": fact.applies_to, "source": fact.source,
            "use": fact.use, "fact": fact.value, "fact_low": fact.low, "fact_high": fact.high,
        }  # fmt: skip
        if isinstance(measure, Apart):
            rows.append(said | {"how": "", "where": "", "band": "", "reason": measure.reason, "bears": ""})
        else:
            rows.append(said | {"how": measure.how, "where": measure.where, "band": measure.band, "reason": "",
                                "bears": measure.bears})  # fmt: skip
    return rows


def result(id_: str, sample: Sample) -> dict[str, Any]:
    """Return what a fact says, what the model gives beside it, and the verdict."""
    fact, measure = facts()[id_], MEASURES[id_]
    (said,) = listed([id_])
    found = NOTHING if isinstance(measure, Apart) else measure.take(sample)
    met, distance = judge(fact, found, said["band"])
    if met is None and not said["reason"]:
        said |= {"reason": said["bears"] or UNDEFINED, "bears": ""}
    return said | {
        "low": found.low, "value": found.value, "high": found.high, "seen": dict(found.seen), "met": met, "distance": distance,
    }  # fmt: skip
