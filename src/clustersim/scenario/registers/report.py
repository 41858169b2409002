"""The report of a register: row by row what was used, changed and drawn."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge
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


def report_rows(found: Build) -> Iterator[list[Any]]:
    """Yield header and rows of the report: one for each row of the register, blank ones and those that are no firm as well.

    Where ids were replaced by running numbers, a last column has the number of each firm.
    """
    last = [_("number")] if found.anonymous else []
    yield [_("line"), "id", _c("row", "used"), _("cluster"), _("segment"), _c("values", "drawn"), _("remarks"), *last]
    empty = ["", _("no"), "", "", ""]
    others = [(line, _("blank row")) for line in found.register.sheet.blank]
    others += [
        (aside.line, _("not used: no firm, but a line of the kind {kind}: {text}", kind=_(KINDS.get(aside.kind, aside.kind)),
                       text=aside.text))
        for aside in found.register.asides
    ]  # fmt: skip
    beside = ([line, *empty, said, *([""] if last else [])] for line, said in sorted(others))
    yield from merge(_firm_rows(found), beside, key=lambda row: row[0])


def _firm_rows(found: Build) -> Iterator[list[Any]]:
    """Yield the rows of the report that stand for a row of the register."""
    register, drawn = found.register, _drawn_texts(found)
    number = dict(zip(found.rows.tolist(), found.table["id"].tolist(), strict=True)) if found.anonymous else None
    yes, no, lines, used, notes = _("yes"), _("no"), register.sheet.lines, register.used, register.notes.by_row()
    for row in range(len(register)):
        remarks = "; ".join(remark(found, *note) for note in notes.get(row, ()))
        named = (found.assignment.cluster[row], found.assignment.segment[row], drawn[row]) if used[row] else ("", "", "")
        last = [] if number is None else [number.get(row, "")]
        yield [int(lines[row]), register.texts["id"][row], yes if used[row] else no, *named, remarks, *last]


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

