"""Cells of CSV files, which spreadsheets open: a text that would count as a formula there gets an apostrophe before it.

A scenario, an option or a firm may be called ``=HYPERLINK(…)``; whoever opens an exported table must not run that. Nor may a part
of a text become a formula: a spreadsheet that splits rows at semicolons, tabs or bars begins a cell after each of them, whatever
quotes stand around it, for quotes count only where a cell begins. So an apostrophe stands there too. All CSV files of clustersim
are written here, or with `safe`; `original` takes the apostrophes away again. Numbers stay as they are.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

# What makes spreadsheets calculate; the wide forms count for some of them. An apostrophe that stands before such a sign is kept
# apart from ours by one more.
_CALCULATE = re.escape("=+-@\uff1d\uff0b\uff0d\uff20")
_FORMULA = re.compile(f"'*[{_CALCULATE}\t\r\n]")
_PARTED = r"(?<=[;|\t\r\n])"  # here other readers than ours may begin a cell, and lose its quotes
_WITHIN = re.compile(f"""{_PARTED}(?=['"]*[{_CALCULATE}])""")
_WITHIN_SAFE = re.compile(f"""{_PARTED}'(?=['"]*[{_CALCULATE}])""")
_QUOTED = re.compile(r"[;|\t\r]")  # quotes around it help those who heed them; some readers end a row at a bare return
_APOSTROPHE = frozenset("'=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # with what a cell must begin to be looked at
_NUMBER = re.compile(r"[+-]?(\d++\.?\d*+|\.\d++)([eE][+-]?\d++)?")  # no sign is tried twice


def safe(cell: Any) -> Any:
    """Return a cell as it is to be written: texts, and parts of them, that spreadsheets would calculate begin with an apostrophe.

    Examples
    --------
    >>> from clustersim.core.cells import safe
    >>> safe("=1+1"), safe("-1.5"), safe("valley;=1+1"), safe(-2)
    ("'=1+1", '-1.5', "valley;'=1+1", -2)
    """
    if not isinstance(cell, str):
        return cell
    cell = _WITHIN.sub("'", cell)
    if cell[:1] in _APOSTROPHE and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def original(cell: str) -> str:
    """Return what `safe` was given.

    Examples
    --------
    >>> from clustersim.core.cells import original, safe
    >>> [original(safe(cell)) for cell in ("=1+1", "'=1+1", "'t", "a;=1", "-5")]
    ['=1+1', "'=1+1", "'t", 'a;=1', '-5']
    """
    return _WITHIN_SAFE.sub("", cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell)


def write_rows(stream: TextIO, rows: Iterable[Sequence[Any]]) -> None:
    """Write rows of cells as CSV."""
    plain = csv.writer(stream, lineterminator="\n")
    quoted = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    for row in rows:
        cells = [safe(cell) for cell in row]
        (quoted if any(isinstance(cell, str) and _QUOTED.search(cell) for cell in cells) else plain).writerow(cells)


def csv_text(rows: Iterable[Sequence[Any]]) -> str:
    """Return rows of cells as CSV.

    Examples
    --------
    >>> from clustersim.core.cells import csv_text
    >>> csv_text([["name", "jobs"], ["@valley", 3]])
    "name,jobs\\n'@valley,3\\n"
    """
    stream = io.StringIO(newline="")
    write_rows(stream, rows)
    return stream.getvalue()
