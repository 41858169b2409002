"""Reads ties from what people have: lists of ties, the edges of network programs, or a matrix of who is tied to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.scenario.registers.asking import Asked
from clustersim.scenario.registers.columns import TIE_COLUMNS, meaning, plain, recognise
from clustersim.scenario.registers.ends import Ends
from clustersim.scenario.registers.forms.networks import pairs
from clustersim.scenario.registers.sheet import Sheet, read_sheet

DIRECTED = {"directed", "dirigido", "dirigida", "dirigidos", "arc", "arco", "one_way", "asymmetric"}
UNDIRECTED = {"undirected", "no_dirigido", "no_dirigida", "mutual", "mutuo", "mutua", "edge", "arista", "symmetric", "reciprocal"}
NONE = {"", "0", "no", "-", "n", "false", "falso", "none", "ninguno", "."}
MARKS = {"x", "si", "s", "yes", "y", "true", "sim", "verdadero"}
MATRIX_LEAST = 0.5  # of the columns of a matrix whose headings are ids of its rows
CELLS_MOST = 50_000_000


@dataclass
class TieTable:
    """Ties as a table: what stands in each row, before it is judged.

    Attributes
    ----------
    file, separator : str
        As of a `Sheet`.
    a, b, level, trust, trust_back : ndarray of object
        Cells; empty where the file has no such column.
    directed : ndarray of int
        For each row 1 if it goes from a to b alone, 0 if both ways, -1 if the file does not tell.
    lines : ndarray of int
        Line of each row.
    told_back : bool
        Whether trust of b in a has a column of its own.
    unused : list of str
        Headings that are not read.
    trust_heading : str
        Heading of the column of trust.
    """

    file: str
    separator: str
    a: np.ndarray
    b: np.ndarray
    level: np.ndarray
    trust: np.ndarray
    trust_back: np.ndarray
    directed: np.ndarray
    lines: np.ndarray
    told_back: bool = False
    unused: list[str] = field(default_factory=list)
    trust_heading: str = ""

    def __len__(self) -> int:
        return len(self.lines)


def read_ties(path: Path, ends: Ends, asked: Asked) -> TieTable:
    """Read ties from a list, a file of a network program or a matrix.

    Raises
    ------
    InputError
        If the file is no such table.
    """
    sheet = read_sheet(path, TIE_COLUMNS, keep=_wanted)
    places = _matrix(sheet)
    return _listed(sheet, ends, asked) if places is None else _from_matrix(sheet, places)


def _wanted(headings: list[str], _units: list[str]) -> Sequence[int]:
    """Return the columns of a list of ties that may be read; all of what may be a matrix."""
    named = {meaning(heading, TIE_COLUMNS)[0] for heading in headings}
    if not {"a", "b"} <= named:
        return range(len(headings))
    ends = {name for pair in pairs(headings) for name in pair}
    return [k for k, heading in enumerate(headings)
            if heading in ends or plain(heading) == "direction" or meaning(heading, TIE_COLUMNS)[0] is not None]  # fmt: skip


def _listed(sheet: Sheet, ends: Ends, asked: Asked) -> TieTable:
    empty = np.full(len(sheet), "", object)
    directed = np.full(len(sheet), -1)
    beside = [name for pair in pairs(sheet.headings) for name in pair]
    ways = []
    for place, heading in enumerate(sheet.headings):
        if place in sheet.cells and meaning(heading, TIE_COLUMNS)[0] in (None, "level"):
            said = {plain(cell) for cell in set(sheet.cells[place])} - {""}
            if said and said <= DIRECTED | UNDIRECTED:
                ways.append(heading)
                words = [plain(cell) for cell in sheet.cells[place]]
                directed = np.array([1 if w in DIRECTED else 0 if w in UNDIRECTED else -1 for w in words], int)
    numbered = [heading for heading in sheet.headings if plain(heading) == "id"]  # of the tie, not of a firm
    header = recognise(sheet.headings, TIE_COLUMNS, sheet.file, ("a", "b"), (*asked.ignore, *beside, *ways, *numbered))
    cells = {name: sheet.cells[header.found[name]] if name in header.found else empty for name in TIE_COLUMNS}
    a, b = cells["a"], cells["b"]
    # The program's own numbers may stand for firms whose ids it keeps beside them.
    best = _fit(ends, a, b)
    for one, other in pairs(sheet.headings):
        these = sheet.cells[sheet.headings.index(one)], sheet.cells[sheet.headings.index(other)]
        if (fit := _fit(ends, *these)) > best:
            (a, b), best = these, fit
    unused = [heading for heading in (*header.unused, *header.also) if heading not in beside and heading not in ways]
    return TieTable(
        sheet.file, sheet.separator, a, b, cells["level"], cells["trust"], cells["trust_back"], directed, sheet.lines,
        "trust_back" in header.found, unused, header.written.get("trust", ""),
    )  # fmt: skip


def _fit(ends: Ends, a: np.ndarray, b: np.ndarray) -> int:
    return ends.count(set(a.tolist()) | set(b.tolist()))


def _matrix(sheet: Sheet) -> list[int] | None:
    """Return the columns of a matrix whose headings are the ids of its rows; None if it is none."""
    if len(sheet.cells) < len(sheet.headings) or len(sheet.headings) < 3:
        return None
    rows = {cell.casefold() for cell in sheet.cells[0] if cell}
    columns = [k for k, heading in enumerate(sheet.headings) if k and heading and heading.casefold() in rows]
    return columns if len(columns) > 1 and len(columns) >= MATRIX_LEAST * (len(sheet.headings) - 1) else None


def _from_matrix(sheet: Sheet, places: list[int]) -> TieTable:
    if len(sheet) * len(places) > CELLS_MOST:
        message = _("is a matrix of more than {most} million cells.", most=CELLS_MOST // 1_000_000)
        raise InputError(sheet.file, "", message, _("Write it as a list of ties: a, b, level, trust."))
    names = sheet.cells[0].tolist()
    found = [(names[row], sheet.headings[place], cell, int(sheet.lines[row]))
             for place in places for row, cell in enumerate(sheet.cells[place].tolist()) if _is_tie(cell)]  # fmt: skip
    if not found:
        raise InputError(sheet.file, "", _("is a network without any tie."))
    there = {(a.casefold(), b.casefold()): cell for a, b, cell, _line in found}
    both = all(there.get((b, a)) == cell for (a, b), cell in there.items())
    if both:
        found = [one for one in found if one[0].casefold() <= one[1].casefold()]
    found.sort(key=lambda one: one[3])
    values = {cell for *_ends, cell, _line in found}
    numbers = all(_number(cell) is not None for cell in values)
    unused = [*(h for k, h in enumerate(sheet.headings) if k and k not in places and h)]
    if numbers and len(values) > 1:
        unused.append(_("weights of the matrix"))
    empty = _objects([""] * len(found))
    marks = numbers or all(plain(value) in MARKS for value in values)  # that there is a tie, and not which
    level = empty if marks else _objects([cell for *_ends, cell, _line in found])
    directed = np.full(len(found), 0 if both else 1)
    lines = np.array([one[3] for one in found], int)
    a, b = _objects([one[0] for one in found]), _objects([one[1] for one in found])
    return TieTable(sheet.file, sheet.separator, a, b, level, empty, empty, directed, lines, unused=unused)


def _objects(cells: list[str]) -> np.ndarray:
    found = np.empty(len(cells), object)
    found[:] = cells
    return found


def _is_tie(cell: str) -> bool:
    return cell.casefold() not in NONE and _number(cell) != 0.0


def _number(cell: str) -> float | None:
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return None
