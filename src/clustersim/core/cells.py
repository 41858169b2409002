"""Cells of CSV files, which spreadsheets open: a text that would count as a formula there gets an apostrophe before it.

A scenario, an option or a firm may be called ``=HYPERLINK(…)``; whoever opens an exported table must not run that. All CSV files
of clustersim are written here, or with `safe`; `original` takes the apostrophe away again. Numbers stay as they are.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

# What makes spreadsheets calculate; the wide forms count for some of them. An apostrophe that stands before such a sign is kept
# apart from ours by one more.
_SIGNS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(f"'*[{re.escape(_SIGNS)}]")
_APOSTROPHE = frozenset(f"'{_SIGNS}")  # with what a cell must begin to be looked at
_NUMBER = re.compile(r"[+-]?(\d++\.?\d*+|\.\d++)([eE][+-]?\d++)?")  # no sign is tried twice


def safe(cell: Any) -> Any:
    """Return a cell as it is to be written: texts that spreadsheets would calculate begin with an apostrophe.

    Examples
    --------
    >>> from clustersim.core.cells import safe
    >>> safe("=1+1"), safe("-1.5"), safe("valley"), safe(-2)
    ("'=1+1", '-1.5', 'valley', -2)
    """
    if isinstance(cell, str) and cell[:1] in _APOSTROPHE and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def original(cell: str) -> str:
    """Return what `safe` was given.

    Examples
    --------
    >>> from clustersim.core.cells import original, safe
    >>> [original(safe(cell)) for cell in ("=1+1", "'=1+1", "'t", "-5")]
    ['=1+1', "'=1+1", "'t", '-5']
    """
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell


def write_rows(stream: TextIO, rows: Iterable[Sequence[Any]]) -> None:
    """Write rows of cells as CSV."""
    plain = csv.writer(stream, lineterminator="\n")
    quoted = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)  # some readers end a row at a bare return
    for row in rows:
        cells = [safe(cell) for cell in row]
        (quoted if any(isinstance(cell, str) and "\r" in cell for cell in cells) else plain).writerow(cells)


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
