"""The report of a register: row by row what was used, changed and drawn, and all of it in a few lines."""

from __future__ import annotations

from typing import Any

import numpy as np

from clustersim.core.numbers import localise
from clustersim.core.words import N_, _, _c, speaking
from clustersim.scenario.registers.building import Build, counts
from clustersim.scenario.registers.columns import COLUMNS
from clustersim.scenario.registers.links import NOT_USED as LINK_NOT_USED
from clustersim.scenario.registers.links import REMARKS, Links
from clustersim.scenario.registers.notes import NOT_USED, say

OTHERS = {"segment": N_("segment"), "place": N_("place")}  # what a report tells of beside the columns of a register


def label(column: str, lang: str | None = None) -> str:
    """Return what a report calls a column, in a language or the one in force."""
    with speaking(lang):
        return _(COLUMNS[column].label if column in COLUMNS else OTHERS.get(column, column))


def remark(found: Build, code: str, column: str, cell: Any, lang: str | None = None) -> str:
    """Return a note on a row in words, in a language or the one in force."""
    with speaking(lang):
        shown = localise(str(cell)) if isinstance(cell, int) else cell
        return say(code, column=label(column), found=shown, start=found.register.start_year)


def report_rows(found: Build) -> list[Any]:
    """Return header and rows of the report: one for each row of the register, blank ones as well."""
    register = found.register
    drawn = _drawn_texts(found)
    yes, no = _("yes"), _("no")
    ids, lines, used = register.texts["id"].tolist(), register.sheet.lines.tolist(), register.used.tolist()
    clusters, segments = found.assignment.cluster.tolist(), found.assignment.segment.tolist()
    rows: list[Any] = []
    for row in range(len(register)):
        notes = register.notes.by_row.get(row, ())
        remarks = "; ".join(remark(found, *note) for note in notes)
        if used[row]:
            rows.append((lines[row], ids[row], yes, clusters[row], segments[row], drawn[row], remarks))
        else:
            rows.append((lines[row], ids[row], no, "", "", "", remarks))
    rows += [(line, "", no, "", "", "", _("blank row")) for line in register.sheet.blank]
    rows.sort(key=lambda row: row[0])
    headings = (_("line"), "id", _c("row", "used"), _("cluster"), _("segment"), _c("values", "drawn"), _("remarks"))
    return [headings, *rows]


def _drawn_texts(found: Build) -> list[str]:
    """Return for each row of the register the columns that are drawn; rows with the same ones share their text."""
    names = [label(column) for column in found.drawn]
    code = sum(mask.astype(np.int64) << k for k, mask in enumerate(found.drawn.values()))
    whole = np.zeros(len(found.register), np.int64)
    whole[found.rows] = code
    texts = {
        int(value): ", ".join(name for k, name in enumerate(names) if value >> k & 1) for value in np.unique(whole).tolist()
    }  # fmt: skip
    return [texts[value] for value in whole.tolist()]


def link_rows(links: Links) -> list[Any]:
    """Return header and rows of the report on ties: one for each remark."""
    rows = [(line, a, b, _(REMARKS[code], found=found)) for line, a, b, code, found in links.remarks]
    return [(_("line"), "a", "b", _("remark")), *rows]


def summary(found: Build) -> dict[str, Any]:
    """Return what was made of a register as a document: counts, decisions, notes, clusters."""
    register = found.register
    total = len(found.rows)
    notes = [
        {"code": code, "column": column, "rows": count, "example": str(register.notes.example(code, column)),
         "row_used": code not in NOT_USED}
        for (code, column), count in sorted(register.notes.count().items(), key=lambda item: -item[1])
    ]  # fmt: skip
    document: dict[str, Any] = {
        "rows": len(register), "firms": total, "not_used": len(register) - total, "blank": len(register.sheet.blank),
        "columns": {name: written for name, written in register.header.written.items()},
        "columns_not_used": register.header.unused, "columns_also": register.header.also, "decisions": register.decisions,
        "drawn": {column: int(mask.sum()) for column, mask in found.drawn.items()}, "notes": notes,
        "clusters": [
            {"name": name, "tractors": counts(found, name)[0], "smes": counts(found, name)[1],
             "segments": found.assignment.segments[name], "grouped": found.assignment.grouped.get(name, []),
             "radius_km": found.territories[name].radius}
            for name in found.assignment.names
        ],
        "parameters": found.parameters,
    }  # fmt: skip
    if found.links is not None:
        lost = sum(code in LINK_NOT_USED for *_ids, code, _found in found.links.remarks)
        document["ties"] = {"rows": found.links.total, "ties": len(found.links.rows), "not_used": lost,
                            "remarks": len(found.links.remarks)}  # fmt: skip
    return document
