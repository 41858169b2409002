"""Turns the tables of a scenario into the records that the founding kernels take, and names each listed firm."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import numpy as np

from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.model.founding import LISTED, LISTED_TIE
from clustersim.scenario.model import ClusterSpec
from clustersim.scenario.tables import Listing, read_firms, read_ties

QUARTERS = 4.0


def firm_uid(id_: str) -> int:
    """Return the identity of the firm that a register calls `id_`: it keys the firm's draws, whatever else is listed."""
    digest = hashlib.blake2b(id_.encode(), digest_size=8, person=b"register").digest()
    return int.from_bytes(digest, "little")


def listing_of(spec: ClusterSpec) -> Listing | None:
    """Return the listed firms of a cluster, in the order of their rows; None if the cluster has no table.

    Raises
    ------
    InputError
        If the table is not at hand: a scenario that names one must come from a file or a result.
    """
    if spec.firms is None:
        return None
    table = spec.firms
    listing = read_firms(table.path, str(table.sha256), table.label).get(spec.name)
    if listing is None or len(listing) != spec.tractors + spec.smes:
        message = _("does not list the {count} firms of {name!r}.", count=spec.tractors + spec.smes, name=spec.name)
        raise InputError(table.label, "", message)
    return listing


def listed_firms(spec: ClusterSpec, start_year: int) -> np.recarray:
    """Return one `LISTED` record for each listed firm, none if the cluster has no table."""
    listing = listing_of(spec)
    records = np.zeros(0 if listing is None else len(listing), LISTED).view(np.recarray)
    if listing is None:
        return records
    ids = listing.texts["id"]
    records.uid = np.fromiter((firm_uid(id_) for id_ in ids), np.uint64, len(ids))
    if np.unique(records.uid).size < len(ids) or records.uid.min() < 2:
        raise InputError(spec.firms.label if spec.firms else "", "id", _("two ids have the same hash; change one of them."))
    place = {name: k for k, name in enumerate(spec.segments)}
    records.segment = [place.get(name, -1) for name in listing.texts["segment"]]
    numbers = listing.numbers
    records.certified = np.where(np.isnan(numbers["certified"]), -1, numbers["certified"])
    records.member = np.nan_to_num(numbers["member"])
    # A firm was founded in the middle of its year.
    records.age = np.maximum(QUARTERS * (start_year - numbers["year"]) - 2.0, 0.0)
    records.employees = numbers["employees"]
    for name in ("sales", "exports"):
        records[name] = numbers[name] / QUARTERS
    here = ~(np.isnan(numbers["x"]) | np.isnan(numbers["y"]))
    for name in ("x", "y"):
        records[name] = np.where(here, numbers[name], np.nan)
    return records


def listed_ties(spec: ClusterSpec) -> np.recarray:
    """Return one `LISTED_TIE` record for each listed tie, by the places of its firms among the cluster's."""
    nothing = np.zeros(0, LISTED_TIE).view(np.recarray)
    if spec.ties is None or spec.firms is None:
        return nothing
    files = [(table.path, str(table.sha256), table.label) for table in (spec.firms, spec.ties)]
    return _ties_by_cluster(*files).get(spec.name, nothing)


@lru_cache(maxsize=4)
def _ties_by_cluster(firms: tuple[Path, str, str], ties: tuple[Path, str, str]) -> dict[str, np.recarray]:
    """Return the ties of each cluster; those between two clusters are of none."""
    place = {id_: (name, k) for name, listing in read_firms(*firms).items() for k, id_ in enumerate(listing.texts["id"])}
    own: dict[str, list[tuple[int, int, int, float, float]]] = {}
    for a, b, level, ab, ba in read_ties(*ties):
        (cluster, i), (other, j) = place[a], place[b]
        if cluster == other:
            own.setdefault(cluster, []).append((i, j, level, ab, ba) if i < j else (j, i, level, ba, ab))
    return {name: np.array(rows, LISTED_TIE).view(np.recarray) for name, rows in own.items()}
