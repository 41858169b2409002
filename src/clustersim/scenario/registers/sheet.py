"""Reads a table in whatever form offices hand it out; every row keeps its line number, and what is no row is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from operator import itemgetter
from pathlib import Path

import numpy as np

from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.scenario.registers.columns import Column
from clustersim.scenario.registers.forms.asides import Aside, Reader, Suspect, aside, is_units, sums
from clustersim.scenario.registers.forms.guard import SWOLLEN, check_made, check_size
from clustersim.scenario.registers.forms.opening import opened
from clustersim.scenario.registers.forms.source import HEAD, Known, Source, filled
from clustersim.scenario.registers.forms.text import SEPARATORS
from clustersim.scenario.registers.numerals import COMMA, POINT

__all__ = ["SEPARATORS", "Aside", "Sheet", "read_sheet"]

Keep = Callable[[list[str], list[str]], Collection[int]]
PART, PART_CELLS = 5_000, 2_000_000  # rows, and cells, that are put into columns at a time
CELLS_MOST = 400_000_000  # that are held: some 3 GB
POOL_LEAST = 4_000  # different cells of a column from which it is asked whether keeping each once is worth it
SAMPLES = 3
# What spreadsheets write into a cell whose formula failed, in English, Spanish and Portuguese.
_BROKEN = re.compile(
    r"#(?:N/A|N/D|N/DISP|¡?REF!|¡?DIV/0!|¡?VALUE!|¡?VALOR!|¿?NAME\?|¿?NOMBRE\?|NOME\?|¡?NUM!|¡?N[UÚ]M!|¡?NULL!|¡?NULO!|SPILL!|CALC!|"
    r"¡?DESBORDAMIENTO!|GETTING_DATA|FIELD!)"
)


@dataclass
class Sheet:
    """A table of text.

    Attributes
    ----------
    file : str
        How messages call it.
    encoding, separator : str
        "UTF-8", "UTF-16", "Latin-1", "CP850" or "Mac Roman"; the character between cells. Empty where the form has none.
    headings : list of str
        The row of headings.
    cells : mapping of int to ndarray of object, shape (rows,)
        For each position that was wanted, its cells without blanks at the ends; empty where a row is too short.
    lines : ndarray of int, shape (rows,)
        Line of each row in the file, or row in the sheet.
    blank : list of int
        Lines of rows without any content.
    too_long, too_short : ndarray of bool, shape (rows,)
        Rows with more, or fewer, cells than the header.
    form : str
        "CSV", "XLSX", "XLS", "HTML", "ODS", "Stata", "Parquet", "JSON", "GeoJSON" and so on.
    decimal : str, optional
        "point" where the form itself holds numbers.
    units : list of str
        What a row of units says under each heading; empty where it says nothing.
    asides : list of Aside
        Lines that are no row of the table.
    table : str
        Which of several tables was read.
    tables : list of str
        The others, that could be read instead.
    samples : dict
        First three cells with content of every column, by position.
    broken : list of tuple
        Row, position and text of cells whose formula failed (#N/A); they count as empty.
    hidden : set of int
        Lines that the file does not show, such as those that a filter leaves out.
    closed : bool
        Whether the file does not show the table.
    """

    file: str
    encoding: str
    separator: str
    headings: list[str]
    cells: Mapping[int, np.ndarray]
    lines: np.ndarray
    blank: list[int]
    too_long: np.ndarray
    too_short: np.ndarray
    form: str = "CSV"
    decimal: str | None = None
    units: list[str] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    table: str = ""
    tables: list[str] = field(default_factory=list)
    samples: dict[int, list[str]] = field(default_factory=dict)
    broken: list[tuple[int, int, str]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    closed: bool = False

    def __len__(self) -> int:
        return len(self.lines)


def read_sheet(path: Path, columns: dict[str, Column], *, keep: Keep | None = None, table: str | None = None) -> Sheet:
    """Read a table from a file of any known form.

    Separator, row of headings and, of several tables, the one to read are those with which most headings mean something among
    `columns`.

    Parameters
    ----------
    path : Path
        The file.
    columns : dict
        Columns that are known.
    keep : callable, optional
        Takes headings and units, and returns the positions whose cells are wanted; all if not given. No others are held.
    table : str, optional
        Sheet of a workbook, or member of an archive, to read.

    Raises
    ------
    InputError
        If the file cannot be read as a table.
    """
    file, known = str(path), Known(columns)
    with opened(path, file, known, table) as source:
        return _gather(source, file, known, keep)


def _gather(source: Source, file: str, known: Known, keep: Keep | None) -> Sheet:
    flow = iter(source.rows)
    head = _head(flow)
    if not head:
        raise InputError(file, "", _("is empty."))
    place = 0 if source.headed else _headings_at([row for _line, row in head], known)
    headings = [" ".join(cell.split("\n")).strip() for cell in head[place][1]]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) < 2:
        raise InputError(file, "", _("has a single column; cells must be parted by commas, semicolons, tabs or bars."))
    asides = [aside(line, "title", row) for line, row in head[:place] if filled(row)]
    titles = [found.text for found in asides]
    units, below = source.units, head[place + 1 :]
    said = next(((line, row) for line, row in below if filled(row)), None)
    if said is not None and not source.headed and is_units(said[1]):
        told = [cell.strip() for cell in said[1]]
        units = [*(cell or shown for cell, shown in zip_longest(told, units, fillvalue=""))]
        asides.append(aside(said[0], "units", said[1]))
        below = [(line, row) for line, row in below if line != said[0]]
    units = (units + [""] * len(headings))[: len(headings)]
    reader = Reader(headings, known, titles, units, [row for _line, row in below])
    wanted = sorted(keep(headings, units)) if keep is not None else list(range(len(headings)))
    columns = _Columns(wanted, len(headings), file)
    blank, suspects = columns.read(chain(below, flow), reader, asides)
    if not len(columns):
        raise InputError(file, "", _("has a header but no rows."))
    if reader.totals:
        convention = COMMA if source.separator == ";" else POINT
        columns.leave_out(sums(columns.cells, headings, known, suspects, convention), asides)
    asides.sort(key=lambda found: found.line)
    return Sheet(
        file, source.encoding, source.separator, headings, columns.arrays(), np.array(columns.lines), blank,
        np.array(columns.long, bool), np.array(columns.short, bool), source.form,
        POINT if source.numbers and not source.fused.intersection(wanted) else None, units, asides, source.table, source.tables,
        columns.samples, columns.broken, source.hidden, source.closed,
    )  # fmt: skip


def _head(flow: Iterator[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Return the first rows, from the first with content; blank ones between them as well."""
    head: list[tuple[int, list[str]]] = []
    content = 0
    for line, row in flow:
        if filled(row):
            content += 1
        elif not head:
            continue
        head.append((line, row))
        if content >= HEAD or len(head) >= 4 * HEAD:
            break
    return head


def _headings_at(rows: Sequence[Sequence[str]], known: Known) -> int:
    """Return which row has the headings: the one that names most columns, or the first with several cells."""
    counts = [known.count(row) for row in rows]
    first = next((k for k, row in enumerate(rows) if filled(row) > 1), 0)
    best = max(range(len(rows)), key=lambda k: (counts[k], -k))
    return best if counts[best] > 1 or best < first else first


class _Columns:
    """Columns that grow by rows."""

    def __init__(self, wanted: Sequence[int], wide: int, file: str) -> None:
        self.wanted, self.wide, self.file = list(wanted), wide, file
        self.cells: dict[int, list[str]] = {place: [] for place in wanted}
        self.pools: dict[int, dict[str, str] | None] = {place: {} for place in wanted}
        self.lines: list[int] = []
        self.long: list[bool] = []
        self.short: list[bool] = []
        self.samples: dict[int, list[str]] = {place: [] for place in range(wide)}
        self.broken: list[tuple[int, int, str]] = []

    def __len__(self) -> int:
        return len(self.lines)

    def read(self, rows: Iterator[tuple[int, list[str]]], reader: Reader, asides: list[Aside]) -> tuple[list[int], list[Suspect]]:
        """Take all rows of a table; return lines without content, and rows that may be totals."""
        blank: list[int] = []
        suspects: list[Suspect] = []
        lines, long, short, wide = self.lines, self.long, self.short, self.wide
        open_, part, picked = list(range(wide)), [], self._pick()
        missing = 0
        held = max(len(self.wanted), 1)
        step, packed, size = max(min(PART, PART_CELLS // held), 1), Path(self.file).stat().st_size, 0
        for line, row in rows:
            text = "".join(row)
            size += len(text)
            if size > SWOLLEN:  # a text that a file holds once may stand in any number of cells
                check_size(self.file, size, packed, _("Save it as CSV (UTF-8)."))
            if not text or text.isspace():
                blank.append(line)
                continue
            if kind := reader.kind(row, text):
                if kind != "?":
                    asides.append(aside(line, kind, row))
                    continue
                suspects.append(Suspect(len(lines), line, row))
            given = len(row)
            long.append(given > wide and any(cell and not cell.isspace() for cell in row[wide:]))
            short.append(given < wide)
            if given < wide:
                missing += wide - given
                check_made(self.file, missing, len(lines))
                row = row + [""] * (wide - given)
            lines.append(line)
            if open_:
                for place in open_:
                    if (cell := row[place]) and (cell := cell.strip()):
                        self.samples[place].append(cell)
                open_ = [place for place in open_ if len(self.samples[place]) < SAMPLES]
            part.append(picked(row))
            if len(part) == step:
                if len(lines) * held > CELLS_MOST:
                    message = _("has more than {most} million cells that would be read.", most=CELLS_MOST // 1_000_000)
                    raise InputError(self.file, "", message)
                self._take(part)
                part = []
        self._take(part)
        return blank, suspects

    def _pick(self) -> Callable[[list[str]], Sequence[str]]:
        if len(self.wanted) == 1:
            (place,) = self.wanted
            return lambda row: (row[place],)
        return itemgetter(*self.wanted) if self.wanted else lambda row: ()

    def _take(self, part: list[Sequence[str]]) -> None:
        """Put rows into their columns; a cell that comes again is held once, where that is worth it."""
        if not part or not self.wanted:
            return
        for place, column in zip(self.wanted, zip(*part, strict=True), strict=True):
            cells = self.cells[place]
            found = list(map(str.strip, column))
            if broken := {cell for cell in set(found) if cell[:1] == "#" and _BROKEN.fullmatch(cell.upper())}:
                before = len(cells)
                self.broken += [(before + k, place, cell) for k, cell in enumerate(found) if cell in broken]
                found = ["" if cell in broken else cell for cell in found]
            if (pool := self.pools[place]) is not None:
                found = [pool.setdefault(cell, cell) for cell in found]
                if len(pool) > POOL_LEAST and 2 * len(pool) > len(cells):
                    self.pools[place] = None
            cells += found

    def leave_out(self, rows: Sequence[int], asides: list[Aside]) -> None:
        """Take out rows that turned out to be totals."""
        for row in sorted(rows, reverse=True):
            text = [cells[row] for cells in self.cells.values() if cells[row]]
            asides.append(aside(self.lines[row], "total", text))
            for column in (self.lines, self.long, self.short, *self.cells.values()):
                del column[row]  # type: ignore[attr-defined]
            self.broken = [(r - (r > row), place, cell) for r, place, cell in self.broken if r != row]

    def arrays(self) -> dict[int, np.ndarray]:
        """Return the columns, which are given up here one by one."""
        found = {}
        for place in self.wanted:
            cells = self.cells.pop(place)
            found[place] = np.empty(len(cells), object)
            found[place][:] = cells
        return found
