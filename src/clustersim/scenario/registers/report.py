"""The report of a register: row by row what was used, changed and drawn."""

from __future__ import annotations

from typing import Any

import numpy as np

from clustersim.core.numbers import localise
from clustersim.core.words import N_, _, _c, speaking
from clustersim.scenario.registers.building import Build
from clustersim.scenario.registers.columns import COLUMNS
from clustersim.scenario.registers.links import REMARKS, Links
from clustersim.scenario.registers.notes import say
from clustersim.scenario.registers.plan import KINDS

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
    """Return header and rows of the report: one for each row of the register, blank ones and those that are no firm as well.

    Where ids were replaced by running numbers, a last column has the number of each firm.
    """
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
    number = dict(zip(found.rows.tolist(), found.table["id"].tolist(), strict=True)) if found.anonymous else {}
    told = [[*row, number[k]] if k in number else list(row) for k, row in enumerate(rows)]
    told += [[line, "", no, "", "", "", _("blank row")] for line in register.sheet.blank]
    told += [
        [aside.line, "", no, "", "", "", _("not used: no firm, but a line of the kind {kind}: {text}",
                                          kind=_(KINDS.get(aside.kind, aside.kind)), text=aside.text)]
        for aside in register.asides
    ]  # fmt: skip
    told.sort(key=lambda row: row[0])
    headings = [_("line"), "id", _c("row", "used"), _("cluster"), _("segment"), _c("values", "drawn"), _("remarks")]
    return [headings + ([_("number")] if found.anonymous else []), *told]


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

