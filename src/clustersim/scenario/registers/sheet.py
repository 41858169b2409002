"""Reads a table as offices export it: any of the usual encodings and separators; every row keeps its line number."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clustersim.core.errors import InputError, reason
from clustersim.core.words import _
from clustersim.scenario.keys import clip
from clustersim.scenario.registers.columns import Column, meaning

BYTES_MAX = 500_000_000
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}


@dataclass
class Sheet:
    """A table of text.

    Attributes
    ----------
    file : str
        How messages call it.
    encoding, separator : str
        "UTF-8", "UTF-16" or "Latin-1"; the character between cells.
    headings : list of str
        The first row.
    cells : ndarray of object, shape (columns, rows)
        All other rows, without blanks at the ends; empty where a row is too short.
    lines : ndarray of int, shape (rows,)
        Line of each row in the file.
    blank : list of int
        Lines of rows without any content.
    too_long, too_short : ndarray of bool, shape (rows,)
        Rows with more, or fewer, cells than the header.
    """

    file: str
    encoding: str
    separator: str
    headings: list[str]
    cells: np.ndarray
    lines: np.ndarray
    blank: list[int]
    too_long: np.ndarray
    too_short: np.ndarray


def read_sheet(path: Path, columns: dict[str, Column]) -> Sheet:
    """Read a table; the separator is the one with which most headings mean something among `columns`.

    Raises
    ------
    InputError
        If the file cannot be read as a table of text.
    """
    file = str(path)
    text, encoding = _decode(_content(path, file), file)
    separator = _separator(text, columns, file)
    rows: list[list[str]] = []
    lines: list[int] = []
    blank: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        headings = [heading.strip() for heading in next(reader, [])]
        before = reader.line_num
        for row in reader:
            before = _check_quotes(row, before + 1, reader.line_num, separator, file)
            if any(cell and not cell.isspace() for cell in row):
                rows.append(row)
                lines.append(reader.line_num)
            else:
                blank.append(reader.line_num)
    except csv.Error as error:
        raise InputError(file, "", _("is not a table of text: {reason}.", reason=reason(error)), "", reader.line_num) from None
    while headings and not headings[-1]:
        headings.pop()
    if not text.strip():
        raise InputError(file, "", _("is empty."))
    if len(headings) < 2:
        raise InputError(file, "", _("has a single column; cells must be parted by commas, semicolons or tabs."))
    if not rows:
        raise InputError(file, "", _("has a header but no rows."))
    wide = len(headings)
    content = np.array([_length(row) for row in rows])
    given = np.array([len(row) for row in rows])
    full = [row if len(row) == wide else (row + [""] * wide)[:wide] for row in rows]
    cells = np.empty((wide, len(rows)), object)
    for k, column in enumerate(zip(*full, strict=True)):
        cells[k] = [cell.strip() for cell in column]
    return Sheet(file, encoding, separator, headings, cells, np.array(lines), blank, content > wide, given < wide)


def _check_quotes(row: list[str], first: int, last: int, separator: str, file: str) -> int:
    """Refuse a row over several lines that holds whole other rows, which an unclosed quotation mark swallows; return `last`."""
    if last > first and any("\n" in cell and cell.count(separator) >= 2 for cell in row):
        message = _("a quotation mark is not closed: it would swallow the rows up to line {line}.", line=last)
        raise InputError(file, "", message, _("Close it, or remove it."), first)
    return last


def _length(row: list[str]) -> int:
    """Return the cells of a row, less empty ones at its end."""
    length = len(row)
    while length and not row[length - 1].strip():
        length -= 1
    return length


def _content(path: Path, file: str) -> bytes:
    try:
        if not path.is_file():
            raise InputError(file, "", _("there is no such file."))
        with path.open("rb") as stream:
            content = stream.read(BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        raise InputError(file, "", _("cannot be read: {reason}.", reason=reason(error))) from None
    if len(content) > BYTES_MAX:
        raise InputError(file, "", _("is longer than {most} MB.", most=BYTES_MAX // 1_000_000))
    return content


def _decode(content: bytes, file: str) -> tuple[str, str]:
    hint = _("Save it as CSV (UTF-8).")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise InputError(file, "", _("is a workbook or an archive, not a table of text."), hint)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError:
            raise InputError(file, "", _("begins like UTF-16 text, but is not."), hint) from None
    if b"\0" in content:
        raise InputError(file, "", _("holds zero bytes, so it is not a table of text."), hint)
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        # Windows' Latin-1 has letters where the standard's has control characters.
        text = content.decode("cp1252", errors="replace")
        if "\ufffd" in text:
            found = _("is neither UTF-8 nor Latin-1 text: byte {byte} at position {position}.",
                      byte=f"0x{content[error.start]:02x}", position=error.start)  # fmt: skip
            raise InputError(file, "", found, hint) from None
        return text, "Latin-1"


def _separator(text: str, columns: dict[str, Column], file: str) -> str:
    first = text.lstrip("\r\n").split("\n", 1)[0][:100_000]

    def known(separator: str) -> tuple[int, int]:
        headings = next(csv.reader([first.rstrip("\r")], delimiter=separator), [])
        return sum(meaning(heading, columns)[0] is not None for heading in headings), len(headings)

    try:
        return max(SEPARATORS, key=known)
    except csv.Error:
        raise InputError(file, "", _("the header {text!r} is not a row of a table.", text=clip(first))) from None
