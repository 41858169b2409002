"""The rows of a sweep's finished runs, and what levers and uncertain numbers were in them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from clustersim.experiments.execution import value_columns
from clustersim.experiments.plan import Plan
from clustersim.experiments.store import LOOKS, PAUSE, Store

if TYPE_CHECKING:
    import pyarrow as pa


def finished(store: Store) -> Iterator[pa.Table]:
    """Yield the rows of finished runs chunk by chunk, each run once, however many chunks hold it.

    Raises
    ------
    InputError
        If a chunk is damaged.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = ["run", "ok", "scenario", "option", "world", "seed", "replicate", "cluster", "quarter", *value_columns(store.plan)]
    seen = np.zeros(store.plan.runs, bool)
    for look in range(LOOKS):
        for found, table in store.read(columns):
            fresh = found.done[~seen[found.done]]
            seen[fresh] = True
            keep = table["ok"]
            if fresh.size < found.done.size:
                keep = pc.and_(keep, pc.is_in(table["run"], pa.array(fresh)))
            if not look or fresh.size:
                yield table.filter(keep).drop_columns(["ok"])
        if not (store.done & ~seen).any():  # else chunks went meanwhile, as when another process compacts: theirs are new ones
            return
        time.sleep(PAUSE)
    store.check_seen(seen)


def lever_values(plan: Plan) -> dict[str, list[Any]]:
    """Return for each lever its value in every option, by dotted key; None where an option leaves it alone."""
    keys = dict.fromkeys(key for option in plan.options for key in option["set"])
    return {key: _column([option["set"].get(key) for option in plan.options]) for key in keys}


def uncertain_values(plan: Plan) -> dict[str, list[Any]]:
    """Return for each uncertain number its value in every world, by dotted key."""
    worlds = [plan.world(number) for number in range(plan.worlds)]
    return {key: _column([world.get(key) for world in worlds]) for key in plan.content["worlds"]["keys"]}


def _column(values: list[Any]) -> list[Any]:
    """Return values of one type: numbers if all are (or missing), else texts."""
    if all(v is None or (isinstance(v, int | float) and not isinstance(v, bool)) for v in values):
        return [None if v is None else float(v) for v in values]
    return [None if v is None else v if isinstance(v, str) else str(v) for v in values]
