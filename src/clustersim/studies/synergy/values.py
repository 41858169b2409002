"""Outcomes of a sweep by option and pair: each output at the end of a run, over the whole place, in the pairs that runs form.

Runs of the same world, seed and replicate share all chance across options. A unit is one seed and replicate, averaged over the
worlds; where there are few of those and more worlds, a unit is a world.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.experiments.execution import describe_values
from clustersim.experiments.plan import Plan
from clustersim.experiments.rows import finished
from clustersim.experiments.store import Store

if TYPE_CHECKING:
    import pandas as pd

# Units of what is added over the clusters of a place; anything else is a mean, weighted by firms where they are kept.
ADDED = (
    "firms", "firms/quarter", "persons", "ties", "organisations", "projects", "projects/quarter", "loans", "loans/quarter",
    "kUSD", "kUSD/quarter",
)  # fmt: skip
FEW = 5  # units of seeds and replicates below which worlds are the units, if there are more of these

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Values:
    """Outcomes of one scenario's options.

    Attributes
    ----------
    scenario : str
        Its name.
    outcomes : dict of str to array (unit, option)
        Each outcome; NaN where a run is missing.
    worlds : bool
        Whether units are worlds rather than seeds and replicates.
    """

    scenario: str
    outcomes: dict[str, Array]
    worlds: bool


def outcomes_of(plan: Plan) -> dict[str, str]:
    """Return the outputs of a plan that are numbers, with their units."""
    return {name: said["unit"] for name, said in describe_values(plan).items() if said["unit"] != "code"}


def values_of(store: Store) -> list[Values]:
    """Return the outcomes of each scenario of a sweep.

    Raises
    ------
    InputError
        If there is no finished run, or a chunk is damaged.
    """
    plan, parts = store.plan, []
    for table in finished(store):
        frame = table.drop_columns(["world", "seed", "replicate", "option"]).to_pandas()
        # Of each run by itself: a lever may set how long it is.
        parts.append(frame[frame["quarter"] == frame.groupby("run")["quarter"].transform("max")])
    if not sum(len(part) for part in parts):
        raise InputError(str(store.folder), "", _("has no finished runs yet"))
    import pandas as pd

    rows = pd.concat(parts, ignore_index=True)
    return [_values(rows[rows["scenario"] == name], plan, name) for name in plan.scenarios]


def _values(rows: pd.DataFrame, plan: Plan, scenario: str) -> Values:
    """Return the outcomes of one scenario from its rows at the end, one for each run and cluster."""
    runs, first = np.unique(rows["run"].to_numpy(), return_inverse=True)
    point, seed, replicate = plan.split(runs)
    rest, world = np.divmod(point, plan.worlds)
    option, unit = rest % len(plan.options), seed * plan.replicates + replicate
    by_worlds = plan.per_point < FEW and plan.worlds > plan.per_point
    firms = rows["firms"].to_numpy(float) if "firms" in rows else np.ones(len(rows))
    found = {}
    for name, counted in outcomes_of(plan).items():
        cells = rows[name].to_numpy(float)
        if name.startswith("years_to_"):
            cells = np.where(np.isnan(cells), (rows["quarter"].to_numpy() + 1) / 4.0, cells)
        whole = np.full((len(plan.options), plan.worlds, plan.per_point), np.nan)
        weight = None if counted in ADDED else firms
        whole[option, world, unit] = _over_clusters(cells, first, weight)
        found[name] = whole.mean(axis=2 if by_worlds else 1).T
    return Values(scenario, found, by_worlds)


def _over_clusters(cells: Array, run: Array, firms: Array | None) -> Array:
    """Return the sum over the clusters of each run, or their mean weighted by firms; of one cluster its value as it is."""
    if firms is None:
        return np.bincount(run, cells)
    weights = np.bincount(run, firms)
    means = np.bincount(run, cells * firms) / np.where(weights > 0.0, weights, 1.0)
    plain = np.bincount(run, cells) / np.bincount(run)
    return np.where((weights > 0.0) & (np.bincount(run) > 1), means, plain)
