"""What a run may be asked for: seed, replicates, horizon, records; refused where impossible or too large."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from clustersim.core import machine
from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.scenario.model import Scenario
from clustersim.simulation.batches import firms_at_start

RECORDS = ("firms", "ties", "events")
BYTES_PER_RECORD = {"firms": 600, "ties": 1500, "events": 900}  # per firm and year, upper bounds


def with_run(scenario: Scenario, seed: int | None = None, replicates: int | None = None, years: float | None = None) -> Scenario:
    """Return the scenario with another seed, number of replicates or horizon, each checked."""
    change: dict[str, Any] = {}
    if seed is not None:
        if not 0 <= seed < 2**63:
            raise InputError("", "seed", _("{seed} is not possible; allowed: a whole number from 0 to 2**63 - 1", seed=seed))
        change["seed"] = int(seed)
    if replicates is not None:
        if not 1 <= replicates <= 1_000_000:
            raise InputError("", "replicates", _("{n} is not possible; allowed: 1 to 1000000", n=replicates))
        change["replicates"] = int(replicates)
    if years is not None:
        if not (math.isfinite(years) and 0 < years <= 200):
            raise InputError("", "years", _("{years:g} is not possible; allowed: more than 0, up to 200", years=years))
        change["horizon"] = scenario.horizon.model_copy(update={"years": float(years)})
    return scenario.model_copy(update=change) if change else scenario


def check_records(records: Iterable[str]) -> tuple[str, ...]:
    """Return the kinds of records asked for, in a fixed order."""
    from clustersim.scenario.keys import did_you_mean

    asked = [records] if isinstance(records, str) else list(records)
    for kind in asked:
        if kind not in RECORDS:
            hint = did_you_mean(kind, RECORDS)
            message = _("{kind!r} is not a kind of record; allowed: {names}", kind=kind, names=", ".join(RECORDS))
            raise InputError("", "records", message, hint)
    return tuple(kind for kind in RECORDS if kind in asked)


def named(scenario: Scenario | str | Path, name: str | None) -> tuple[Scenario, str]:
    """Return a scenario, read if it is a name or a file, and the name that its result gets."""
    if not isinstance(scenario, Scenario):
        from clustersim.scenario.loading import load_scenario

        name = name or Path(scenario).stem
        scenario = load_scenario(str(scenario))
    name = re.sub(r"[^A-Za-z0-9_]+", "_", name or scenario.title.lower()).strip("_")
    return scenario.expanded(), name[:40] or "scenario"


def replicate_numbers(replicates: int | Sequence[int]) -> list[int]:
    """Return the numbers of the replicates: the first so many, or those named."""
    if isinstance(replicates, Sequence):
        numbers = sorted({int(number) for number in replicates})
    elif 1 <= replicates <= 1_000_000:
        return list(range(int(replicates)))
    else:
        raise InputError("", "replicates", _("{n} is not possible; allowed: 1 to 1000000", n=replicates))
    if not numbers or numbers[0] < 0:
        raise InputError("", "replicates", _("expected at least one number, none below 0"))
    return numbers


def check_fits(scenario: Scenario, replicates: int, records: tuple[str, ...]) -> None:
    """Raise `InputError` if the run, or the records asked for, would not fit this machine."""
    from clustersim.scenario.loading import check_size

    check_size(scenario, replicates, scenario.quarters)
    each = sum(BYTES_PER_RECORD[kind] for kind in records) * scenario.quarters / 4
    needed = each * firms_at_start(scenario) * replicates
    if needed > 0.6 * (machine.memory() or 2**34):
        message = _("would take about {size:.0f} GiB of memory for {n} replicates", size=needed / 2**30, n=replicates)
        raise InputError("--records", ",".join(records), message, _("Ask for fewer records, replicates or years."))
