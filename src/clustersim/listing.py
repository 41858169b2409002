"""Turns the tables of a scenario into the records that the founding kernels take, and names each listed firm."""

from __future__ import annotations

import hashlib

import numpy as np

from clustersim.errors import InputError
from clustersim.founding import LISTED, LISTED_TIE
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
        raise InputError(table.label, "", f"does not list the {spec.tractors + spec.smes} firms of {spec.name!r}.")
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
        raise InputError(spec.firms.label if spec.firms else "", "id", "two ids have the same hash; change one of them.")
    place = {name: k for k, name in enumerate(spec.segments)}
    records.segment = [place.get(name, -1) for name in listing.texts["segment"]]
    numbers = listing.numbers
    records.certified = np.where(np.isnan(numbers["certified"]), -1, numbers["certified"])
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
    listing = listing_of(spec)
    if spec.ties is None or listing is None:
        return np.zeros(0, LISTED_TIE).view(np.recarray)
    place = {id_: k for k, id_ in enumerate(listing.texts["id"])}
    found = read_ties(spec.ties.path, str(spec.ties.sha256), spec.ties.label)
    own = []
    for a, b, level, ab, ba in found:
        if a in place and b in place:
            i, j = place[a], place[b]
            own.append((i, j, level, ab, ba) if i < j else (j, i, level, ba, ab))
    return np.array(own, LISTED_TIE).view(np.recarray)
