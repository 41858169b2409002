"""What a run may be asked for: seed, replicates, horizon, records; refused where impossible or too large."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from clustersim.core import arguments, machine
from clustersim.core.errors import InputError, door
from clustersim.core.words import _
from clustersim.scenario.changing import scenario_of
from clustersim.scenario.model import Scenario
from clustersim.simulation.batches import firms_at_start

RECORDS = ("firms", "ties", "events")
ASKED_MOST = 1000  # names, so that an endless list has an end
YEARS_MAX = 200
BYTES_PER_RECORD = {"firms": 600, "ties": 1500, "events": 900}  # per firm and year, upper bounds


def with_run(scenario: Scenario, seed: int | None = None, replicates: int | None = None, years: float | None = None) -> Scenario:
    """Return the scenario with another seed, number of replicates or horizon, each checked."""
    change: dict[str, Any] = {}
    if seed is not None:
        change["seed"] = arguments.seed(seed)
    if replicates is not None:
        change["replicates"] = arguments.whole(replicates, "replicates", 1, arguments.REPLICATES_MAX)
    if years is not None:
        years = arguments.real(years, "years", 0, YEARS_MAX, above=True)
        change["horizon"] = scenario.horizon.model_copy(update={"years": years})
    return scenario.model_copy(update=change) if change else scenario


def check_records(records: Iterable[str]) -> tuple[str, ...]:
    """Return the kinds of records asked for, in a fixed order."""
    from clustersim.scenario.keys import did_you_mean

    must = ", ".join(RECORDS)
    asked = [records] if isinstance(records, str) else arguments.several(records, "records", must, ASKED_MOST, least=0)
    for kind in asked:
        if not isinstance(kind, str):
            raise arguments.refused("records", kind, must)
        if kind not in RECORDS:
            hint = did_you_mean(kind, RECORDS)
            message = _("{kind!r} is not a kind of record; allowed: {names}", kind=kind, names=must)
            raise InputError("", "records", message, hint)
    return tuple(kind for kind in RECORDS if kind in asked)


def named(scenario: Scenario | str | Path, name: str | None) -> tuple[Scenario, str]:
    """Return a scenario, read if it is a name or a file, and the name that its result gets."""
    found = scenario_of(scenario)
    if name is not None:
        name = arguments.text(name, "name")
    if not isinstance(scenario, Scenario):
        name = name or Path(scenario).stem
    scenario = found
    name = re.sub(r"[^A-Za-z0-9_]+", "_", name or scenario.title.lower()).strip("_")
    return scenario.expanded(), name[:40] or "scenario"


def replicate_numbers(replicates: int | Iterable[int]) -> list[int]:
    """Return the numbers of the replicates, in order: the first so many, or those named.

    Raises
    ------
    InputError
        If it is neither a number from 1 nor a collection of numbers from 0, each once.

    Examples
    --------
    >>> from clustersim.results.options import replicate_numbers
    >>> replicate_numbers(2), replicate_numbers([7, 3])
    ([0, 1], [3, 7])
    """
    if isinstance(replicates, Iterable):
        return sorted(arguments.numbers(replicates))
    return list(range(arguments.whole(replicates, "replicates", 1, arguments.REPLICATES_MAX)))


def check_fits(scenario: Scenario, replicates: int, records: tuple[str, ...]) -> None:
    """Raise `InputError` if the run, or the records asked for, would not fit this machine."""
    from clustersim.scenario.loading import check_size

    check_size(scenario, replicates, scenario.quarters)
    each = sum(BYTES_PER_RECORD[kind] for kind in records) * scenario.quarters / 4
    needed = each * firms_at_start(scenario) * replicates
    if needed > 0.6 * (machine.memory() or 2**34):
        message = _("would take about {size:.0f} GiB of memory for {n} replicates", size=needed / 2**30, n=replicates)
        where = door(command="--records", python="records")
        raise InputError(where, ",".join(records), message, _("Ask for fewer records, replicates or years."))
