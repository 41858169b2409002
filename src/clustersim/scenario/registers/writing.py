"""Writes what was made of a register: scenario, tables and report, all of them or none."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from clustersim.core.cells import write_rows
from clustersim.core.errors import FILE_MOST, InputError, cut, door
from clustersim.core.files import appearing_together, refusal
from clustersim.core.machine import uncollected
from clustersim.core.numbers import percent
from clustersim.core.words import _, _n, speaking
from clustersim.scenario.loading import load_scenario, shipped_scenarios
from clustersim.scenario.registers.building import Build, cell_texts, counts
from clustersim.scenario.registers.places import WITHIN
from clustersim.scenario.registers.report import link_rows, report_rows
from clustersim.scenario.tables import NUMBERS, TEXTS, TIE_NUMBERS, TIE_TEXTS
from clustersim.scenario.yaml_reader import BYTES_MAX

PART = 5_000  # rows that are turned into text at a time
CITED_MAX = 50  # clusters above which their sources are cited together


def anonymise(found: Build) -> None:
    """Put running numbers in the place of ids, in the table of firms and in that of ties, in the order of the register."""
    ids = found.table["id"].tolist()
    number = dict(zip(ids, map(str, range(1, len(ids) + 1)), strict=True))
    found.table["id"] = np.array([number[id_] for id_ in ids], object)
    if found.links is not None:
        found.links.rows = [(number[a], number[b], *rest) for a, b, *rest in found.links.rows]
    found.anonymous = True


def _another() -> str:
    """Return the hint to write elsewhere."""
    return _("Name another with {out}.", out=door(command="--out", python="files"))


def outputs(scenario: Path, ties: bool) -> dict[str, Path]:
    """Return the files that belong to a scenario of this name."""
    stem = scenario.with_suffix("")
    names = {"scenario": scenario, "firms": Path(f"{stem}_firms.csv"), "report": Path(f"{stem}_report.csv")}
    if ties:
        names |= {"ties": Path(f"{stem}_ties.csv"), "ties_report": Path(f"{stem}_ties_report.csv")}
    return names


def check_outputs(files: dict[str, Path], inputs: list[Path], force: bool) -> None:
    """Refuse to write over what is read, or over what exists unless `force` says so.

    Raises
    ------
    InputError
        Naming the file.
    """
    read = {path.resolve() for path in inputs}
    for path in files.values():
        if path.resolve() in read:
            raise InputError(str(path), "", _("is read and would be written over; name another scenario."), _another())
        if path.exists() and (not force or path.is_dir()):
            ways = {"out": door(command="--out", python="files"), "force": door(command="--force", python="force=True")}
            hint = _("Name another with {out}, or add {force}.", **ways)
            raise InputError(str(path), "", _("exists; nothing was written."), hint)


def write(
    found: Build, files: dict[str, Path], title: str, extends: str | None, lang: str | None = None
) -> dict[str, Path]:
    """Write all files through temporary ones beside them, and load the scenario before it takes its place.

    Report and remarks are in the language `lang`, or the one in force.

    Raises
    ------
    InputError
        If the folder cannot be written into, or `extends` is no scenario that this place fits.
    """
    with speaking(lang), uncollected():
        return _write(found, files, title, extends)


def _write(found: Build, files: dict[str, Path], title: str, extends: str | None) -> dict[str, Path]:
    folder = files["scenario"].parent
    made, done = not folder.exists(), False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with appearing_together(folder, files["scenario"].name) as place:
            _write_into(place, found, files, title, extends)
        done = True
    except OSError as error:
        raise refusal(folder, error) from error
    finally:
        if made and not done:
            with contextlib.suppress(OSError):
                folder.rmdir()
    return files


def _write_into(place: Path, found: Build, files: dict[str, Path], title: str, extends: str | None) -> None:
    """Write all files into a folder, and load the scenario from there."""
    tables: dict[str, Iterable[Sequence[Any]]] = {"firms": firm_rows(found), "report": report_rows(found)}
    if found.links is not None:
        tables["ties"] = [[*TIE_TEXTS, *TIE_NUMBERS], *([*row[:3], *map(_cell, row[3:])] for row in found.links.rows)]
        tables["ties_report"] = link_rows(found.links)
    for kind, rows in tables.items():
        with (place / files[kind].name).open("w", encoding="utf-8", newline="") as stream:
            write_rows(stream, rows)
    hashes = {kind: hashlib.sha256((place / files[kind].name).read_bytes()).hexdigest() for kind in tables}
    draft = place / files["scenario"].name
    text = scenario_text(found, files, hashes, title, _from(extends, place))
    if len(text.encode()) > BYTES_MAX:
        message = _("makes {count} clusters, more than a scenario of 1 MB can hold.", count=len(found.clusters))
        raise InputError(found.register.sheet.file, "", message, _("Group them, for instance with an activity map."))
    draft.write_text(text, encoding="utf-8")
    try:
        load_scenario(draft)
    except InputError as error:
        written = (str(place), os.path.relpath(place))  # errors name a file by the shorter way
        if error.file not in {cut(os.path.join(way, path.name), FILE_MOST) for way in written for path in files.values()}:
            raise
        # What it names is gone by then; the user knows the register.
        fault = ": ".join(part for part in (error.key, error.message) if part)
        for way in written:
            fault = fault.replace(f"{way}{os.sep}", "")
        message = _("would make a scenario that cannot be used: {fault}", fault=fault)
        raise InputError(found.register.sheet.file, "", message, error.hint) from None
    if (at_home := _from(extends, files["scenario"].parent)) != _from(extends, place):
        draft.write_text(scenario_text(found, files, hashes, title, at_home), encoding="utf-8")


def _from(extends: str | None, folder: Path) -> str | None:
    """Return how a file in `folder` names the scenario that it extends."""
    if extends is None or extends in shipped_scenarios():
        return extends
    if not Path(extends).is_file():
        message = _("{name!r}: no such file, and no shipped scenario has this name.", name=extends)
        hint = _("Shipped scenarios: {names}.", names=", ".join(shipped_scenarios()))
        raise InputError(door(command="--extends", python="extends"), "", message, hint)
    return Path(os.path.relpath(Path(extends).resolve(), folder.resolve())).as_posix()


def firm_rows(found: Build) -> Iterator[Sequence[str]]:
    """Yield header and rows of the table of firms."""
    names = (*TEXTS, *NUMBERS)
    yield names
    for start in range(0, len(found.rows), PART):
        yield from zip(*(cell_texts(found.table[name][start : start + PART], name) for name in names), strict=True)


def _cell(value: float) -> str:
    return "" if value != value else repr(value)


class _Plain(yaml.SafeDumper):
    """Lists in one line, mappings in many; no aliases; quotes around what a scenario would read as a number (0891, 1e3)."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write equal values out each time."""
        return True


def _list(dumper: yaml.SafeDumper, data: list[Any]) -> yaml.Node:
    flat = not any(isinstance(item, dict) for item in data)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=flat)


def _text(dumper: yaml.SafeDumper, data: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style="'" if data[:1] in "+-.0123456789" else None)


_Plain.add_representer(list, _list)
_Plain.add_representer(str, _text)


def in_one_line(text: str) -> str:
    """Return a text as it may stand in a comment, whatever a file or a place is called: in one line, with printable signs alone.

    Examples
    --------
    >>> from clustersim.scenario.registers.writing import in_one_line
    >>> in_one_line("firms\\nseed: 666\\n#.csv")
    'firms seed: 666 #.csv'
    """
    return "".join(sign if sign.isprintable() else " " for sign in text)


def scenario_text(found: Build, files: dict[str, Path], hashes: dict[str, str], title: str, extends: str | None) -> str:
    """Return the scenario as YAML."""
    register = found.register
    source = in_one_line(Path(register.sheet.file).name)
    said = [
        _("Made by `clustersim scenario from-firms` from {file}: {used} of {rows} rows are used;", file=source,
          used=len(found.rows), rows=len(register)),
        _("{file} tells of each row what was used, changed and drawn.", file=files["report"].name),
        _("An empty cell of {file} is drawn by the model in each replicate.", file=files["firms"].name),
        _("Money is in thousands of US dollars (kUSD), there and here."),
        *([_("Ids are running numbers; {file} says whose they are, and must not be shared.", file=files["report"].name)]
          if found.anonymous else []),
    ]  # fmt: skip
    for name in found.assignment.names:
        tractors, smes = counts(found, name)
        place = found.territories[name]
        firms = _("{name}: {tractors} tractor firms and {smes} SMEs", name=name, tractors=tractors, smes=smes)
        if place.centre is not None:
            unit = _("degrees") if place.degrees else "km"
            middle = f"{place.centre[0]:.6g}, {place.centre[1]:.6g} {unit}"
            firms = _("{firms}; its middle lies at {place}", firms=firms, place=middle)
        said.append(f"{firms}.")
        for group in found.assignment.grouped.get(name, ())[:1]:
            several = len(found.assignment.grouped[name])
            said.append(_n("{n} small activity, {example}, is grouped as 'other'.",
                           "{n} small activities, such as {example}, are grouped as 'other'.", several,
                           example=" ".join(group.split())))  # fmt: skip
    place_tables = {"firms": {"table": files["firms"].name, "sha256": hashes["firms"]}}
    if "ties" in hashes:
        place_tables["ties"] = {"table": files["ties"].name, "sha256": hashes["ties"]}
    document: dict[str, Any] = {"extends": extends} if extends else {}
    document["title"] = in_one_line(title)
    start = {"start_year": register.start_year}
    document["horizon"] = start if extends else {"years": 20, **start}
    document["place"] = {"clusters": [spec | place_tables for spec in found.clusters]}
    if found.price_level is not None:
        document["place"]["price_level"] = found.price_level
    if found.parameters:
        document["parameters"] = found.parameters
    cited = {"horizon.start_year": _(register.decisions["start_year_by"]) + f" ({source})"}
    cited |= {} if extends else {"horizon.years": _("assumed")}
    for key, text in found.sources.items():
        if key.startswith("place.clusters.") and len(found.clusters) > CITED_MAX:
            key = "place.clusters"
            text = _("all from {file}: radius of {share} of the firms, medians, 90th percentile of exporters", file=source,
                     share=percent(WITHIN / 100.0))  # fmt: skip
        cited[key] = in_one_line(text)
    document["sources"] = cited
    text = yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110, default_flow_style=False)
    return "".join(f"# {in_one_line(line)}\n" for line in said) + text
