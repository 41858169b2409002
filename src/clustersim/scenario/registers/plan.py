"""How a register is read, before anything is made of it: what each heading was taken for, what is doubtful, what is drawn."""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from clustersim.core.arguments import flag, place
from clustersim.core.errors import door
from clustersim.core.machine import uncollected
from clustersim.core.words import N_, _
from clustersim.scenario.registers.asking import Asked
from clustersim.scenario.registers.building import Build, build, counts
from clustersim.scenario.registers.columns import COLUMNS, plain
from clustersim.scenario.registers.doubts import Doubt
from clustersim.scenario.registers.links import NOT_USED as LINK_NOT_USED
from clustersim.scenario.registers.notes import NOT_USED
from clustersim.scenario.registers.reading import options, reading, way, ways

# Why a heading was taken for a column, or for none.
WHY = {
    "name": N_("by its name"), "profile": N_("by the register's layout"), "read": N_("as you say"),
    "also": N_("not read: another heading says the same"), "ignored": N_("left out, as you say"),
    "known": N_("not read: the model does not need it"),
    "unknown": N_("not read: it means nothing here"),
}  # fmt: skip
# What was decided for the whole file, by the beginning of a decision's name.
DECIDED = {
    "missing_": N_("{column}: words for nothing count as empty: {found}"), "id": N_("The id is made of {found}"),
    "id_float": N_("Ids that a program took for numbers: {found}"),
    "codes_": N_("{column}: codes that the register's layout explains: {found}"),
    "closed": N_("Closed firms ({found})"), "year_": N_("{column}: the year that is read, of those there are: {found}"),
    "period": N_("Several years: {found}"), "establishments": N_("Firms in several rows ({found})"),
    "repeated_": N_("{column}: each row of a firm repeats its total, which counts once"),
    "price_year_": N_("{column}: in prices of {found}"),
    "activity_scheme": N_("Activities are codes of {found}"),
    "activity_codes": N_("Activities: the texts behind codes are left away: {found}"),
    "coordinates": N_("Coordinates are read as {found}"),
    "table_hidden": N_("The sheet that is read is hidden in the workbook: {found}"),
    "activity_zeros": N_("Activities: zeros that were lost are put back: {found}"),
    "map_leaves": N_("The activity map leaves firms out, of all those used so far: {found}"),
    "unclear_": N_("{column}: numbers that only this convention decides: {found}"), "export_share": N_("Export share: {found}"),
}  # fmt: skip
SHOWN_ELSEWHERE = ("encoding", "separator", "decimal", "start_year", "unit_", "classes_", "centre")
# What lines of a file are that are no firm.
KINDS = {
    "title": N_("title"), "units": N_("row of units"), "heading": N_("repeated heading"), "total": N_("total"),
    "note": N_("note"),
}  # fmt: skip
# Notes on cells that say something and cannot be used.
FAILED = (
    "broken", "not_number", "not_clear", "not_flag", "not_money", "not_date", "not_year", "other_currency", "placeholder",
    "out_of_range", "no_sales", "share_alone",
)  # fmt: skip


@dataclass(frozen=True)
class Heading:
    """What one heading of a register was taken for.

    Attributes
    ----------
    heading : str
        As written.
    column : str
        The column that it stands for, empty if it is not read.
    why : str
        A key of `WHY`.
    samples : tuple of str
        Its first three cells that are not empty.
    unit : str
        Unit of money, or of shares, by which its numbers are read; empty for others.
    failed : int
        Cells that say something which cannot be used.
    """

    heading: str
    column: str
    why: str
    samples: tuple[str, ...]
    unit: str
    failed: int


@dataclass(frozen=True)
class Sources:
    """Files that a plan is made of."""

    firms: Path
    ties: Path | None = None
    activity_map: Path | None = None
    by_municipality: bool = False
    anonymous: bool = False


@dataclass(frozen=True, repr=False)
class Plan:
    """How a register is read, and what would be made of it.

    Attributes
    ----------
    sources : Sources
        The files.
    build : Build
        All that was read.
    """

    sources: Sources
    build: Build

    def __repr__(self) -> str:
        register = self.build.register
        return f"<Plan {self.sources.firms.name}: {len(self.build.rows)} of {len(register)} rows, {len(self.doubts())} doubts>"

    def headings(self) -> list[Heading]:
        """Return what each heading was taken for, in the order of the file."""
        register = self.build.register
        header, sheet, asked = register.header, register.sheet, register.asked
        column_at = {position: column for column, position in header.found.items()}
        failed = Counter[str]()
        for (code, column), rows in register.notes.count().items():
            failed[column] += rows if code in FAILED else 0
        ignored = {plain(text) for text in asked.ignore}
        known = {heading for heading, column in register.known.meanings().items() if not column} if register.known else set()
        found = []
        for position, heading in enumerate(sheet.headings):
            column = column_at.get(position, "")
            if column:
                why = header.by[column]
            else:
                word = plain(heading)
                reasons = {"ignored": word in ignored, "also": heading in header.also, "known": word in known, "unknown": True}
                why = next(reason for reason, so in reasons.items() if so)
            unit = register.decisions.get(f"unit_{column}", "") if column else ""
            samples = tuple(sheet.samples.get(position, ()))[:3]
            found.append(Heading(heading, column, why, samples, unit, failed[column] if column else 0))
        return found

    def doubts(self) -> list[Doubt]:
        """Return what can be read in two ways, of the register and of its ties."""
        return [doubt for found in self.doubtful().values() for doubt in found]

    def doubtful(self) -> dict[str, list[Doubt]]:
        """Return what can be read in two ways, by file."""
        found = {self.build.register.sheet.file: list(self.build.register.doubts)}
        if self.build.links is not None:
            found[str(self.sources.ties)] = list(self.build.links.doubts)
        return found

    def jobs(self) -> int:
        """Return of how many firms the register tells the jobs, as a number or as a class."""
        return len(self.build.rows) - int(self.build.drawn["employees"].sum())

    def inside(self) -> dict[str, int]:
        """Return, for each column with classes, of how many firms it was drawn inside the class that the register gives."""
        rows = self.build.rows
        found = {name: int((~np.isnan(low[rows])).sum()) for name, (low, _high) in self.build.register.classes.items()}
        return {name: count for name, count in found.items() if count}

    def decided(self) -> list[str]:
        """Return what was decided for the whole file, in the language in force; what tables show stands there."""
        said = []
        for name, found in self.build.register.decisions.items():
            key = next((key for key in sorted(DECIDED, key=len, reverse=True) if name.startswith(key)), "")
            if key.endswith("_") and (column := name.removeprefix(key)) in COLUMNS:
                said.append(_(DECIDED[key], column=_(COLUMNS[column].label), found=found))
            elif name == key:
                said.append(_(DECIDED[key], found=found))
            elif not name.startswith(SHOWN_ELSEWHERE):
                said.append(f"{name}: {found}")
        return said

    def next(self) -> dict[str, str]:
        """Return the next step: why it is the next, and what is said to do it."""
        if not self.jobs():
            told = reading(read=["HEADING=employees"])
            return {"why": "jobs", "command": self.command(_joined(self.build.register.asked, told))}
        found = [ways(doubt) for doubt in self.doubts() if doubt.answers]
        answers = door(command=" ", python=", ").join(one[0] if len(one) == 1 else f"[{' | '.join(one)}]" for one in found)
        return {"why": "doubts" if self.doubts() else "make", "command": self.command(self.build.register.asked, answers)}

    def command(self, asked: Asked, more: str = "") -> str:
        """Return what makes the scenario, at the door by which one came."""
        firms, ties, chart = self.sources.firms, self.sources.ties, self.sources.activity_map
        words = ["clustersim", "scenario", "from-firms", str(firms), *(("--ties", str(ties)) if ties else ())]
        words += [
            *(("--activity-map", str(chart)) if chart else ()),
            *(["--by-municipality"] if self.sources.by_municipality else []),
            *(["--anonymise"] if self.sources.anonymous else []),
        ]
        line = f"{shlex.join([*words, *options(asked)])} {more}".strip()
        said = [
            repr(str(firms)),
            *([f"ties={str(ties)!r}"] if ties else []),
            *([f"activity_map={str(chart)!r}"] if chart else []),
        ]
        said += ["by_municipality=True"] if self.sources.by_municipality else []
        said += ["anonymise=True"] if self.sources.anonymous else []
        said += [f"{name}={list(value) if isinstance(value, tuple) else value!r}" for name, value in vars(asked).items()
                 if value not in (None, ())]  # fmt: skip
        return door(command=line, python=f"make_scenario({', '.join([*said, *([more] if more else [])])})")

    def document(self) -> dict[str, Any]:
        """Return the whole plan as a document; docs/registers.md says what its keys mean."""
        found, register = self.build, self.build.register
        header, sheet, total = register.header, register.sheet, len(self.build.rows)
        notes = [
            {"code": code, "column": column, "rows": count, "example": str(register.notes.example(code, column)),
             "row_used": code not in NOT_USED}
            for (code, column), count in sorted(register.notes.count().items(), key=lambda item: -item[1])
        ]  # fmt: skip
        document: dict[str, Any] = {
            "file": sheet.file, "form": sheet.form, "encoding": sheet.encoding,
            "separator": register.decisions.get("separator", ""),
            "table": sheet.table, "tables": list(sheet.tables), "register": register.profile,
            "layout": register.known.called() if register.known is not None else "",
            "rows": len(register), "firms": total, "not_used": len(register) - total, "blank": len(sheet.blank),
            "headings": [vars(heading) | {"samples": list(heading.samples)} for heading in self.headings()],
            "columns": dict(header.written), "columns_not_used": header.unused, "columns_also": header.also,
            "decisions": register.decisions,
            "asides": [{"line": aside.line, "kind": aside.kind, "text": aside.text} for aside in register.asides],
            "jobs": self.jobs(),
            "drawn": {column: int(mask.sum()) for column, mask in found.drawn.items()},
            "drawn_inside": self.inside(),
            "notes": notes, "clusters": [self._cluster(name) for name in found.assignment.names],
            "parameters": found.parameters,
            "doubts": [
                {"file": file, "code": doubt.code, "column": doubt.column, "found": doubt.found,
                 "answers": [vars(answer) | {"way": way(answer)} for answer in doubt.answers], "ways": ways(doubt)}
                for file, doubts in self.doubtful().items() for doubt in doubts
            ],
            "next": self.next(),
        }  # fmt: skip
        if found.links is not None:
            lost = sum(code in LINK_NOT_USED for *_ids, code, _found in found.links.remarks)
            document["ties"] = {"rows": found.links.total, "ties": len(found.links.rows), "not_used": lost,
                                "remarks": len(found.links.remarks), "columns_not_used": found.links.unused}  # fmt: skip
        return document

    def _cluster(self, name: str) -> dict[str, Any]:
        found, territory = self.build, self.build.territories[name]
        tractors, smes = counts(found, name)
        here = found.assignment.code[found.rows] == found.assignment.names.index(name)
        return {
            "name": name, "tractors": tractors, "smes": smes, "jobs_known": _sum(found.table["employees"][here]),
            "segments": found.assignment.segments[name], "grouped": found.assignment.grouped.get(name, []),
            "radius_km": territory.radius, "centre": list(territory.centre) if territory.centre is not None else None,
            "centre_unit": "" if territory.centre is None else "degrees" if territory.degrees else "km",
        }  # fmt: skip


def _sum(values: np.ndarray) -> float | None:
    """Return the sum of what is known, None if nothing is."""
    return None if np.isnan(values).all() else float(np.nansum(values))


def _joined(asked: Asked, more: Asked) -> Asked:
    """Return what was asked, with more headings told."""
    return Asked(**(vars(asked) | {"read": (*asked.read, *more.read)}))


def read_plan(
    firms: str | Path, ties: str | Path | None = None, activity_map: str | Path | None = None, *, by_municipality: bool = False,
    anonymise: bool = False, **given: Any,
) -> Plan:  # fmt: skip
    """Read a register of firms, and say how: nothing is written.

    Parameters
    ----------
    firms : str or Path
        The register, as the office gives it.
    ties, activity_map : str or Path, optional
        Ties between the firms, and what their activities stand for.
    by_municipality : bool, optional
        Make each municipality a cluster.
    anonymise : bool, optional
        As `make_scenario` will be told: nothing that is drawn depends on ids then.
    **given
        What is said of how to read: the fields of `clustersim.scenario.registers.asking.Asked`, such as ``currency="MXN",
        rate=17.1``.

    Returns
    -------
    Plan
        ``document()`` has all of it: what each heading was taken for, rows that are not used, what will be drawn, doubts.

    Raises
    ------
    InputError
        If a file cannot be used, or no firm is left.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from clustersim import read_plan
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "firms.csv"
    ...     _ = path.write_text("id,employees,colour\\nA,12,red\\nB,30,blue\\n")
    ...     plan = read_plan(path)
    >>> [(heading.heading, heading.column) for heading in plan.headings()]
    [('id', 'id'), ('employees', 'employees'), ('colour', '')]
    >>> plan.document()["drawn"]["sales"]
    2
    """
    asked = reading(**given)
    sources = Sources(
        place(firms, "firms"), None if ties is None else place(ties, "ties"),
        None if activity_map is None else place(activity_map, "activity_map"), flag(by_municipality, "by_municipality"),
        flag(anonymise, "anonymise"),
    )  # fmt: skip
    return plan_of(sources, asked, plain(sources.firms.stem)[:40] or "place")


def plan_of(sources: Sources, asked: Asked, name: str) -> Plan:
    """Return the plan of files that are read as it was asked; `name` is the cluster's where nothing else names it."""
    with uncollected():
        found = build(sources.firms, sources.ties, sources.activity_map, name, sources.by_municipality, asked,
                      sources.anonymous)  # fmt: skip
    return Plan(sources, found)
