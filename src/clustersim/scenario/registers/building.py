"""Builds a scenario from a firm register: its table of firms, its table of ties, and the YAML file that names them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from clustersim.core.errors import InputError
from clustersim.core.numbers import percent
from clustersim.core.words import _
from clustersim.model.parameters import PARAMETERS
from clustersim.scenario.registers.activities import Assignment, assign, read_map
from clustersim.scenario.registers.asking import Asked
from clustersim.scenario.registers.columns import plain
from clustersim.scenario.registers.links import Links, read_links
from clustersim.scenario.registers.places import WITHIN, Territory, locate
from clustersim.scenario.registers.register import Register, read_register, refuse_idle
from clustersim.scenario.tables import NUMBERS

ENOUGH = 20  # known firms from which a cluster's own median or percentile replaces the model's default
EXPORTERS = 5
LOCAL_COST = 0.7  # part of an instrument's cost that is work at the wage of the place (assumed)
PULL_MOST, PULL_PERCENTILE = 0.9, 90.0
_NOTHING = Asked()
DRAWN = ("segment", "employees", "sales", "exports", "year", "certified")  # columns that the model draws where they are empty


@dataclass
class Build:
    """All that is made of a register.

    Attributes
    ----------
    register, assignment, links
        What was read; no links without a table of ties.
    table : dict of ndarray
        Columns of the table of firms, one entry for each row that is used.
    rows : ndarray of int
        Row of the register that each entry of the table stands for.
    drawn : dict of ndarray of bool
        For each column that the model draws where it is empty, and for ``place``, which entries it draws.
    clusters : list of dict
        What the scenario says of each cluster, but for its tables.
    parameters : dict
        Parameters taken from the register.
    price_level : float, optional
        Prices of what instruments buy there, if the register tells.
    sources : dict
        Where each value comes from, by dotted key.
    territories : dict
        Where each cluster lies.
    anonymous : bool
        Whether ids in the tables are running numbers.
    """

    register: Register
    assignment: Assignment
    links: Links | None
    table: dict[str, np.ndarray]
    rows: np.ndarray
    drawn: dict[str, np.ndarray]
    clusters: list[dict[str, Any]] = field(default_factory=list)
    parameters: dict[str, dict[str, float]] = field(default_factory=dict)
    price_level: float | None = None
    sources: dict[str, str] = field(default_factory=dict)
    territories: dict[str, Territory] = field(default_factory=dict)
    anonymous: bool = False


def build(
    firms: Path,
    ties: Path | None = None,
    activity_map: Path | None = None,
    name: str = "",
    by_municipality: bool = False,
    asked: Asked = _NOTHING,
    anonymous: bool = False,
) -> Build:
    """Read a register and all that belongs to it, and decide what the scenario will say.

    Parameters
    ----------
    firms, ties, activity_map : Path
        The register, the table of ties, and what activities stand for.
    name : str
        Name of the cluster where the map gives none; from the register's file if empty.
    by_municipality : bool
        Whether each municipality is a cluster of its own.
    asked : Asked
        What the user says of how to read the register.
    anonymous : bool
        Whether ids will be left out, so that nothing may depend on them.

    Raises
    ------
    InputError
        If a file cannot be used, or no firm is left.
    """
    register = read_register(firms, asked, ("id", "activity") if activity_map else ("id",), anonymous)
    refuse_idle(register, None if ties else register.sheet.headings)  # a table of ties may have the heading
    chart = read_map(activity_map) if activity_map else None
    if by_municipality and "municipality" not in register.header.found:
        message = _("has no column 'municipality' (or 'municipio'), by which to part clusters.")
        raise InputError(register.sheet.file, "", message, "", 1)
    assignment = assign(register, chart, plain(name or firms.stem) or "firms", by_municipality)
    if not register.used.any():
        unmapped = _("names no firm that could be used; no activity stands in the activity map.")
        raise InputError(register.sheet.file, "", unmapped if chart else _("names no firm that could be used."))
    x, y, territories = locate(register, assignment.code, assignment.names)
    rows = np.flatnonzero(register.used)
    table = {"cluster": assignment.cluster[rows], "id": register.texts["id"][rows], "segment": assignment.segment[rows]}
    told = ("employees", "sales", "exports", "year", "certified", "member")
    table |= {column: register.values[column][rows] for column in told}
    table["tractor"] = np.nan_to_num(register.values["tractor"][rows])
    table |= {"x": x[rows], "y": y[rows]}
    drawn = {column: table[column] == "" if column == "segment" else np.isnan(table[column]) for column in DRAWN}
    drawn["place"] = np.isnan(table["x"])
    links = read_links(ties, dict(zip(table["id"], table["cluster"], strict=True)), asked) if ties else None
    found = Build(register, assignment, links, table, rows, drawn, territories=territories)
    _calibrate(found)
    _note_limits(found)
    _describe_clusters(found)
    return found


def _calibrate(found: Build) -> None:
    """Take output and wage per employee from the table: the median firm stands where the model puts a median firm."""
    table = found.table
    known = ~np.isnan(table["sales"]) & ~np.isnan(table["employees"])
    declared = PARAMETERS["population"]
    if known.sum() < ENOUGH:
        return
    per_head = float(np.median(table["sales"][known] / table["employees"][known])) / 4.0
    output = per_head * float(np.exp(declared["knowledge_gap"].default))
    wage = output * declared["wage"].default / declared["output"].default
    said = {}
    for name, value in (("output", output), ("wage", wage)):
        said[name] = float(f"{min(max(value, declared[name].low), declared[name].high):.4g}")
    found.parameters["population"] = said
    source = _("median sales per employee of {firms} firms of the register, {value} kUSD a quarter, at the model's median "
               "knowledge", firms=int(known.sum()), value=f"{per_head:.4g}")  # fmt: skip
    if said["output"] != float(f"{output:.4g}"):
        source = _("{source}, moved into its range (it would be {value})", source=source, value=f"{output:.4g}")
    found.sources["parameters.population.output"] = source
    found.sources["parameters.population.wage"] = _("assumed; in the model's proportion to output")
    found.price_level = float(f"{1.0 + LOCAL_COST * (said['wage'] / declared['wage'].default - 1.0):.3g}")
    found.sources["place.price_level"] = _(
        "assumed; {share} of what instruments buy is work at the wage of the place", share=percent(LOCAL_COST))


def _note_limits(found: Build) -> None:
    """Note firms whose sales per employee the model cannot hold: see `clustersim.model.founding.known_size`."""
    table, declared = found.table, PARAMETERS["population"]
    output = found.parameters.get("population", {}).get("output", declared["output"].default)
    mean = -declared["knowledge_gap"].default + declared["tractor_lead"].default * table["tractor"]
    level = np.log(table["sales"] / 4.0 / (table["employees"] * output))
    beyond = np.abs(level - mean) > declared["listed_reach"].default * declared["knowledge_spread"].default
    found.register.notes.add("limited", found.rows[beyond])


def _describe_clusters(found: Build) -> None:
    table, file = found.table, Path(found.register.sheet.file).name
    code = found.assignment.code[found.rows]
    for k, name in enumerate(found.assignment.names):
        here = code == k
        segments = found.assignment.segments[name]
        spec: dict[str, Any] = {"name": name, "segments": segments}
        cited = {"name": file, "segments": _("activities of {file}", file=file)}
        tractors = here & (table["tractor"] == 1.0)
        if tractors.any():
            names, counts = np.unique(table["segment"][tractors].astype(str), return_counts=True)
            most = str(names[np.argmax(counts)])
            if most in segments:
                spec["tractor_segment"] = most
                cited["tractor_segment"] = _("where most tractor firms of {file} are", file=file)
        radius = found.territories[name].radius
        if radius is not None:
            spec["radius_km"] = radius
            cited["radius_km"] = _("{share} of the firms of {file} lie within", share=percent(WITHIN / 100.0), file=file)
        small = table["employees"][here & (table["tractor"] == 0.0)]
        small = small[~np.isnan(small)]
        if small.size >= ENOUGH:
            spec["size_median"] = float(f"{np.median(small):.4g}")
            cited["size_median"] = _("median of {count} SMEs of {file}", count=small.size, file=file)
        share = table["exports"][here] / table["sales"][here]
        share = share[share > 0.0]
        if share.size >= EXPORTERS:
            spec["export_share"] = float(f"{min(np.percentile(share, PULL_PERCENTILE), PULL_MOST):.3g}")
            cited["export_share"] = _("90th percentile of {count} exporters of {file}", count=share.size, file=file)
        found.clusters.append(spec)
        found.sources |= {f"place.clusters.{name}.{key}": text for key, text in cited.items()}


def counts(found: Build, cluster: str) -> tuple[int, int]:
    """Return how many tractor firms and how many SMEs a cluster has."""
    here = found.assignment.code[found.rows] == found.assignment.names.index(cluster)
    tractors = int(found.table["tractor"][here].sum())
    return tractors, int(here.sum()) - tractors


def cell_texts(values: np.ndarray, name: str) -> list[str]:
    """Return the cells of a column as the table writes them: the shortest text that is read as the same number."""
    if name not in NUMBERS:
        return [str(value) for value in values]
    return ["" if value != value else repr(int(value)) if value.is_integer() else repr(value) for value in values.tolist()]
