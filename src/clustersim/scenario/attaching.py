"""Finds the tables of firms and ties that a scenario names, checks them against it, and ties them to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from clustersim.core.errors import InputError, several
from clustersim.core.words import _
from clustersim.scenario.keys import Key, clip, did_you_mean, format_key, show
from clustersim.scenario.model import ClusterSpec, Scenario, TableFile
from clustersim.scenario.tables import Listing, fingerprint, read_firms, read_ties
from clustersim.scenario.yaml_reader import SET, Document, Mark


def attach(scenario: Scenario, document: Document) -> tuple[Scenario, list[InputError]]:
    """Return the scenario with its tables found, its numbers of firms taken from them, and what is wrong with them.

    `document` gets the numbers of firms as well, marked as coming from the table.
    """
    specs: list[ClusterSpec] = []
    hashes: dict[str, str] = {}
    problems: list[InputError] = []
    names = [spec.name for spec in scenario.place.clusters]
    for k, spec in enumerate(scenario.place.clusters):
        if spec.firms is not None or spec.ties is not None:
            try:
                spec = _attached(spec, ("place", "clusters", k), document, hashes)
                _check_spelling(spec, names)
            except InputError as error:
                problems.append(error)
        specs.append(spec)
    if any(new is not old for new, old in zip(specs, scenario.place.clusters, strict=True)):
        scenario = scenario.model_copy(update={"place": scenario.place.model_copy(update={"clusters": tuple(specs)})})
    if not problems:
        for problem, path in unknown_firms(scenario):
            mark = document.mark(path)
            problems.append(InputError(mark.place, problem.key, problem.message, problem.hint, mark.line))
    return scenario, problems


def unknown_firms(scenario: Scenario) -> list[tuple[InputError, Key]]:
    """Return what is wrong with the firms that the programme names, and where: each must stand in a table of firms."""
    named = [
        (id_, ("programme", "stages", s, "instruments", k, "firms", place))
        for s, stage in enumerate(scenario.programme.stages if scenario.programme else ())
        for k, instrument in enumerate(stage.instruments)
        for place, id_ in enumerate(instrument.firms or ())
    ]
    ids: set[str] = set()
    for spec in scenario.place.clusters if named else ():
        if spec.firms is not None:
            listing = read_firms(spec.firms.path, str(spec.firms.sha256), spec.firms.label).get(spec.name)
            ids.update(listing.texts["id"] if listing else ())
    found: list[tuple[InputError, Key]] = []
    for id_, path in named:
        if id_ not in ids:
            message = _("{id!r} is not the id of a firm of this place.", id=clip(id_))
            without = _("Firms have ids where a cluster has a table of firms, in `firms`.")
            found.append((InputError("", format_key(path), message, did_you_mean(id_, ids) if ids else without), path))
    return found


def _attached(spec: ClusterSpec, path: Key, document: Document, hashes: dict[str, str]) -> ClusterSpec:
    if spec.firms is None:
        mark = document.mark((*path, "ties"))
        message = _("ties need a table of firms in `firms` as well.")
        raise InputError(mark.place, format_key((*path, "ties")), message, "", mark.line)
    firms = _found(spec.firms, (*path, "firms"), document, hashes)
    listing = read_firms(firms.path, str(firms.sha256), firms.label).get(spec.name)
    mark = document.mark((*path, "firms"))
    key = format_key((*path, "firms"))
    if listing is None:
        known = list(read_firms(firms.path, str(firms.sha256), firms.label))
        hint = did_you_mean(spec.name, known, _("Its clusters: {names}.", names=several(map(clip, known), 200)))
        message = _("{table} lists no firm of the cluster {name!r}.", table=firms.label, name=spec.name)
        raise InputError(mark.place, key, message, hint, mark.line)
    _check_segments(spec, listing, firms, mark, key)
    _check_members(spec, listing, firms, path, document)
    counts = {"tractors": listing.tractors, "smes": len(listing) - listing.tractors}
    data: Any = document.data["place"]["clusters"][path[-1]]
    for name, count in counts.items():
        if name in data and data[name] != count:
            at = document.mark((*path, name))
            message = _("found {found}, but {table} lists {count}; leave it out: the table decides.", found=show(data[name]),
                        table=firms.label, count=count)  # fmt: skip
            raise InputError(at.place, format_key((*path, name)), message, "", at.line)
        data[name] = count
        document.marks.setdefault((*path, name), Mark(firms.label, None))
    data["firms"]["sha256"] = firms.sha256
    document.marks.setdefault((*path, "firms", "sha256"), Mark(firms.label, None))
    change: dict[str, Any] = {"firms": firms, **counts}
    if spec.ties is not None:
        ties = _found(spec.ties, (*path, "ties"), document, hashes)
        _check_partners(ties, firms, hashes)
        data["ties"]["sha256"] = ties.sha256
        document.marks.setdefault((*path, "ties", "sha256"), Mark(ties.label, None))
        change["ties"] = ties
    return spec.model_copy(update=change)


def _check_spelling(spec: ClusterSpec, names: list[str]) -> None:
    """Refuse firms of a cluster that is one of the scenario's but for capital letters: they would be left out."""
    assert spec.firms is not None
    usual = {name.casefold(): name for name in names}
    for name in read_firms(spec.firms.path, str(spec.firms.sha256), spec.firms.label):
        if name not in names and name.casefold() in usual:
            message = _("{name!r} is not a cluster of this place.", name=name)
            raise InputError(spec.firms.label, "cluster", message, did_you_mean(name, [usual[name.casefold()]]))


def _found(table: TableFile, path: Key, document: Document, hashes: dict[str, str]) -> TableFile:
    """Return the table with its place known, relative to the file that names it, and its hash checked or filled in.

    `hashes` keeps those of the files that were read already: many clusters may share one table.
    """
    mark = document.mark((*path, "table"))
    folder = Path(mark.file).parent if mark.file != SET else Path()
    label = str(folder / table.table)
    try:
        found = hashes[label] = hashes.get(label) or fingerprint(folder / table.table, label)
    except InputError as error:
        raise InputError(mark.place, format_key((*path, "table")), f"{label}: {error.message}", "", mark.line) from None
    if table.sha256 is not None and table.sha256 != found:
        at = document.mark((*path, "sha256"))
        message = _("{table} is not the table that the scenario was made with: its SHA-256 is {found}.", table=label, found=found)
        hint = _("If it was changed on purpose, write this hash, or leave `sha256` out.")
        raise InputError(at.place, format_key((*path, "sha256")), message, hint, at.line)
    return table.at((folder / table.table).absolute(), found, label)


def _check_segments(spec: ClusterSpec, listing: Listing, firms: TableFile, mark: Mark, key: str) -> None:
    strange = sorted(set(listing.texts["segment"]) - {"", *spec.segments})
    if strange:
        message = _("{table} puts firms of {name!r} into the segment {segment!r}, which the cluster has not.", table=firms.label,
                    name=spec.name, segment=clip(strange[0]))  # fmt: skip
        hint = did_you_mean(strange[0], spec.segments, _("Its segments: {names}.", names=", ".join(spec.segments)))
        raise InputError(mark.place, key, message, hint, mark.line)


def _check_members(spec: ClusterSpec, listing: Listing, firms: TableFile, path: Key, document: Document) -> None:
    """Refuse a number of members of the association that is not the table's, or more than it has firms."""
    stated = spec.association.members if spec.association else None
    members = int(np.nansum(listing.numbers["member"]))
    if stated is None or stated == members or (members == 0 and stated <= len(listing)):
        return
    at = document.mark((*path, "association", "members"))
    message = (
        _("found {found}, but {table} lists {count}; leave it out: the table decides.", found=stated, table=firms.label,
          count=members)
        if members
        else _("found {found}, but {table} lists {count} firms.", found=stated, table=firms.label, count=len(listing))
    )  # fmt: skip
    raise InputError(at.place, format_key((*path, "association", "members")), message, "", at.line)


def _check_partners(ties: TableFile, firms: TableFile, hashes: dict[str, str]) -> None:
    """Refuse ties whose partners no cluster of the table lists, or that join two clusters; look at each table once."""
    checked = f"{ties.label} with {firms.label}"
    if hashes.get(checked) == ties.sha256:
        return
    listings = read_firms(firms.path, str(firms.sha256), firms.label)
    owner = {id_: name for name, listing in listings.items() for id_ in listing.texts["id"]}
    for a, b, *_rest in read_ties(ties.path, str(ties.sha256), ties.label):
        for id_ in (a, b):
            if id_ not in owner:
                message = _("{id!r} is not the id of a firm in {table}.", id=clip(id_), table=firms.label)
                raise InputError(ties.label, "", message)
        if owner[a] != owner[b]:
            message = _("the firms {a!r} and {b!r} belong to two clusters; a tie joins firms of one.", a=clip(a), b=clip(b))
            raise InputError(ties.label, "", message)
    hashes[checked] = str(ties.sha256)
