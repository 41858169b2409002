"""The register that a scenario's firms come from: which firm is which, and a copy of its tables beside the result."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from clustersim.results.reading import hex_ids
from clustersim.results.tables import labelled
from clustersim.scenario.listing import firm_uid, listing_of
from clustersim.scenario.model import Scenario, TableFile

if TYPE_CHECKING:
    import pandas as pd

INPUTS = "inputs"
COLUMNS = ("tractor", "employees", "sales", "exports", "year", "certified", "member", "x", "y")


def is_listed(scenario: Scenario) -> bool:
    """Whether the firms of a cluster come from a table."""
    return any(spec.firms is not None for spec in scenario.place.clusters)


def register_frame(scenario: Scenario) -> pd.DataFrame:
    """Return register.parquet: for each listed firm its identity in the run, its id in the register, and what that says."""
    import pandas as pd

    parts: list[dict[str, Any]] = []
    for spec in scenario.place.clusters:
        listing = listing_of(spec)
        if listing is not None:
            ids = listing.texts["id"]
            uid = np.fromiter((firm_uid(id_) for id_ in ids), np.uint64, len(ids))
            texts = {"id": ids, "segment": [text or None for text in listing.texts["segment"]]}
            parts.append({"cluster": [spec.name] * len(ids), "uid": uid, **texts, **listing.numbers})
    found: dict[str, Any] = {name: [text for part in parts for text in part[name]] for name in ("id", "segment")}
    names = [spec.name for spec in scenario.place.clusters]
    found["cluster"] = pd.Categorical([name for part in parts for name in part["cluster"]], categories=names)
    (found["firm"],) = hex_ids(np.concatenate([part["uid"] for part in parts]))
    found |= {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS}
    return labelled(pd.DataFrame(found), "register.parquet")


def keep_inputs(scenario: Scenario, folder: Path) -> None:
    """Copy the tables that a scenario names into a result, so that it can be simulated again from there."""
    for table in _tables(scenario):
        place = folder / INPUTS / _kept_as(table)
        if not place.exists():
            place.parent.mkdir(exist_ok=True)
            shutil.copyfile(table.path, place)


def with_inputs(scenario: Scenario, folder: Path) -> Scenario:
    """Return the scenario of a result with its tables found in the result's folder."""
    if not is_listed(scenario):
        return scenario
    clusters = []
    for spec in scenario.place.clusters:
        named = {"firms": spec.firms, "ties": spec.ties}
        change = {name: _found(table, folder) for name, table in named.items() if table is not None}
        clusters.append(spec.model_copy(update=change))
    return scenario.model_copy(update={"place": scenario.place.model_copy(update={"clusters": tuple(clusters)})})


def _found(table: TableFile, folder: Path) -> TableFile:
    place = folder / INPUTS / _kept_as(table)
    return table.at(place.absolute(), str(table.sha256), str(place))


def _kept_as(table: TableFile) -> str:
    return f"{str(table.sha256)[:16]}.csv"


def _tables(scenario: Scenario) -> Iterator[TableFile]:
    for spec in scenario.place.clusters:
        yield from (table for table in (spec.firms, spec.ties) if table is not None)
