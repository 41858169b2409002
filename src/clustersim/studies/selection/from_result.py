"""Measures the criteria at the end of a finished run: one candidate for each cluster, one sample for each replicate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from clustersim.core.words import N_
from clustersim.results import RunResult, read_run
from clustersim.studies.selection.criteria import Criterion
from clustersim.studies.selection.measures import Measures, blank, column, ratio

if TYPE_CHECKING:
    import pandas as pd

BACK = 20  # quarters over which growth is measured
OLD = 90.0
WITHOUT = N_("the model does not hold it")
SERIES = (
    "employment", "firms", "sales", "export_share", "local_sourcing", "location_quotient", "projects_started", "formal",
)  # fmt: skip
OF_FIRMS = ("experience", "tractor_firms_willing", "value_chain_links", "non_local_demand")
COUNTED = ("tractor_firms_willing", "value_chain_links")  # of no firm 0, as firms and jobs are; the others have no value then
RECORDS = N_("a run with --records firms")


def measure(folder: Path, more: dict[str, Criterion] | None = None) -> Measures:
    """Measure all criteria that a run tells of.

    Parameters
    ----------
    folder : Path
        The result's folder.
    more : dict, optional
        Criteria beside the fifteen that have a weight; a run tells of none.

    Raises
    ------
    InputError
        If the folder holds no result.
    """
    result = read_run(folder)
    names = [cluster.name for cluster in result.scenario.place.clusters]
    found = blank(names, result.replicates, True)
    found.add(more or {})
    measured = _from_indicators(result, names)
    if result.firms is not None:
        measured |= _from_firms(result, result.firms, names)
    for name, values in measured.items():
        found.values[:, :, column(name)] = values
        found.used[name] = "computed"
    found.firms = np.median(measured["critical_mass"], axis=0)
    for name, criterion in found.criteria.items():
        if name not in measured or np.isnan(measured[name]).all():
            found.missing[name] = RECORDS if criterion.run else WITHOUT
            found.used.pop(name, None)
    return found


def _from_indicators(result: RunResult, names: list[str]) -> dict[str, np.ndarray]:
    table = result.indicators
    last = int(table["quarter"].max())
    series = {
        name: table.pivot_table(index="quarter", columns=["replicate", "cluster"], values=name, observed=False).to_numpy()
        for name in SERIES
    }
    shape = (result.replicates, len(names))
    end = {name: values[-1].reshape(shape) for name, values in series.items()}
    firms = end["firms"]
    found = {
        "exports": end["export_share"], "employment": end["employment"], "domestic_value_added": end["local_sourcing"],
        "economic_weight": ratio(end["sales"], np.broadcast_to(end["sales"].sum(axis=1, keepdims=True), shape)),
        "coordination_experience": 100.0 * ratio(series["projects_started"].sum(axis=0).reshape(shape), firms),
        "guild_experience": series["formal"].sum(axis=0).reshape(shape) / 4.0, "critical_mass": firms,
        "geographic_concentration": end["location_quotient"],
    }  # fmt: skip
    if last >= BACK:
        before = series["employment"][last - BACK].reshape(shape)
        found["dynamism"] = ratio(end["employment"], before) ** (4.0 / BACK) - 1.0
    return found


def _from_firms(result: RunResult, firms: pd.DataFrame, names: list[str]) -> dict[str, np.ndarray]:
    shape = (result.replicates, len(names))
    numbers = sorted(result.indicators["replicate"].unique().tolist())
    found = {name: np.full(shape, 0.0 if name in COUNTED else np.nan) for name in OF_FIRMS}
    at_end = firms[firms["quarter"] == result.indicators["quarter"].max()]
    for (replicate, cluster), own in at_end.groupby(["replicate", "cluster"], observed=True):
        place = numbers.index(replicate), names.index(cluster)
        found["experience"][place] = np.percentile(own["age"], OLD)
        found["tractor_firms_willing"][place] = float(((own["kind"] == "tractor") & own["member"]).sum())
        found["value_chain_links"][place] = float(own["segment"].nunique())
        found["non_local_demand"][place] = float((own["exports"] > 0.0).mean())
    return found
