"""What every form of file gives: rows of text, one after another, and what is known of all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.scenario.keys import did_you_mean
from clustersim.scenario.registers.columns import Column, meaning

Opener = Callable[[], BinaryIO]
HEAD = 60  # rows with content among which the headings must be
HEADING_MOST = 100  # characters of a cell that can be a heading
ASKED_MOST = 50_000  # different cells that are asked about: some 3 seconds
COLUMNS_MOST = 16_384  # of a table in any form, as in a sheet of a workbook
ROWS_MOST = 20_000_000  # of a table in any form; the largest public registers come in files of several millions
_LETTER = re.compile(r"[^\W\d_]")


@dataclass
class Source:
    """A table, not yet held in memory.

    Attributes
    ----------
    form : str
        "CSV", "XLSX", "HTML" and so on.
    rows : iterable
        Line (or row of the sheet) and cells of each row, in order.
    encoding, separator : str
        Of text; empty where the form has none.
    headed : bool
        Whether the form itself names its columns, in the first of `rows`.
    units : list of str
        What the form says of its columns beside their names.
    numbers : bool
        Whether the form itself holds numbers.
    fused : set of int
        Columns with a number written as text that can be read in two ways; filled while rows are read.
    table : str
        Name of the table that is read, where the file has several.
    tables : list of str
        Names of the others.
    hidden : set of int
        Rows that the file holds, and does not show; filled at the latest while rows are read.
    closed : bool
        Whether the file does not show the table.
    """

    form: str
    rows: Iterable[tuple[int, list[str]]]
    encoding: str = ""
    separator: str = ""
    headed: bool = False
    units: list[str] = field(default_factory=list)
    numbers: bool = False
    fused: set[int] = field(default_factory=set)
    table: str = ""
    tables: list[str] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    closed: bool = False


class Known:
    """Which of the columns of a table a row of headings names; each cell is asked once."""

    def __init__(self, columns: dict[str, Column]) -> None:
        self.columns = columns
        self._of: dict[str, str | None] = {}

    def __call__(self, heading: str) -> str | None:
        """Return the column that a heading names."""
        if heading not in self._of:
            if not 0 < len(heading) <= HEADING_MOST or len(self._of) >= ASKED_MOST or not _LETTER.search(heading):
                return None
            self._of[heading] = meaning(heading, self.columns)[0]
        return self._of[heading]

    def count(self, row: Sequence[str]) -> int:
        """Return how many different columns a row names; one that is too wide for a table names none."""
        if len(row) > COLUMNS_MOST:
            return 0
        return len({name for cell in row if (name := self(cell.strip())) is not None})

    def best(self, rows: Iterable[Sequence[str]]) -> int:
        """Return how many the best of the first rows names."""
        return max((self.count(row) for row in islice(rows, HEAD)), default=0)


def check_shape(file: str, columns: int, rows: int = 0) -> None:
    """Refuse a table of more columns or rows than any has that is read here.

    Raises
    ------
    InputError
        Naming the most that it may have.
    """
    if columns > COLUMNS_MOST:
        raise InputError(file, "", _("has more than {most} columns.", most=COLUMNS_MOST))
    if rows > ROWS_MOST:
        raise InputError(file, "", _("has more than {most} rows, the most that a table may have.", most=ROWS_MOST))


def filled(row: Sequence[str]) -> int:
    """Return how many cells of a row have content."""
    return sum(1 for cell in row if cell and not cell.isspace())


def choose(file: str, heads: dict[str, Callable[[], Iterator[Sequence[str]]]], known: Known, wanted: str | None) -> str:
    """Return which of several tables is read: the one that is asked for, or whose headings name most of what is known.

    Parameters
    ----------
    file : str
        How messages call the file.
    heads : dict
        For each table a function that gives its first rows.
    known : Known
        What is known.
    wanted : str, optional
        The table that is asked for.

    Raises
    ------
    InputError
        If it is not there.
    """
    if wanted is not None:
        for same in (str.strip, str.casefold):
            for name in heads:
                if same(name) == same(wanted):
                    return name
        there = _("Its tables: {names}.", names=", ".join(map(repr, heads)))
        hint = f"{did_you_mean(wanted, list(heads))} {there}".strip()
        raise InputError(file, "", _("has no table {name!r}.", name=wanted), hint)
    best, most = "", (-1, -1)
    for name, head in heads.items():
        rows = [list(row) for row in islice(head(), HEAD)]
        score = (known.best(rows), min(len([row for row in rows if filled(row) > 1]), 2))
        if score > most:
            best, most = name, score
    return best
