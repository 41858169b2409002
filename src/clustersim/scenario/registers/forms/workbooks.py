"""Workbooks: .xlsx, .xlsb, .xls and .ods by calamine, in a process of its own; what it does not tell of .xlsx is
looked up in the file itself."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.scenario.registers.forms import workbook_child
from clustersim.scenario.registers.forms.cells import text, two_ways
from clustersim.scenario.registers.forms.guard import check_members, check_xml, whole
from clustersim.scenario.registers.forms.source import Known, Opener, Source, choose

ALONE = {"RUST_BACKTRACE": "0", "PYTHONIOENCODING": "utf-8"}
CELLS_MOST = 60_000_000  # of the smallest rectangle around all cells of a sheet, which calamine holds at once
PART, ROW_MOST = 1 << 22, 1 << 25  # bytes of a sheet at a time, and of a row
STYLES_MOST = 200  # that are looked for by name
PERCENT = (9, 10)  # number formats that need no declaration
_ZEROS = re.compile(r"0{2,30}")  # a format that fills a number up with zeros
_HIDDEN = re.compile(rb'<(?:\w+:)?row\b(?=[^<>]*?\bhidden="(?:1|true)")[^<>]*?\br="(\d{1,15})"')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^<>]*?\br="(\d{1,15})"')
_FAR = re.compile(rb'\br="([A-Z]{2,3})\d+"')
# A cell that failed, to the end of its opening tag; then what it says, or the next cell. No sign is tried twice.
_FAILED = re.compile(rb'<(?:\w++:)?c\b(?=[^<>]*\bt="e")(?>[^<>]*?\br="([A-Z]{1,3})(\d{1,15})")[^<>]*+>')
_SAID = re.compile(rb"<(?:\w++:)?v>([^<]*+)<|</?(?:\w++:)?c\b")
_CURRENCY = re.compile(r"\[\$([^\]-]{1,30})(?:-[0-9A-Fa-f]{1,16})?\]|(US\$|R\$|S/|[$€£¥₡₲])")


def source(open_: Opener, form: str, file: str, known: Known, table: str | None) -> Source:
    """Return the table of a workbook.

    Raises
    ------
    InputError
        If it cannot be read, or python-calamine is missing.
    """
    if not _installed():
        message = _("is a workbook; to read it, {package} is needed.", package="python-calamine")
        hint = _("Install it with: {command}", command="pip install 'clustersim[registers]'")
        raise InputError(file, "", message, hint)
    content = whole(open_, file)
    more = _beside(content, file) if form == "XLSX" else {}
    for name, beside in more.items():
        beside.look(content, file, name)
    child = _Child(content, file)
    said = child.line()
    names: list[str] = said["names"]
    if not names:
        raise InputError(file, "", _("is a workbook without any sheet of cells."))
    chosen = names[0]
    if len(names) > 1:
        shown_first = sorted(said["heads"], key=lambda name: more.get(name, _Beside()).closed)
        heads = {name: lambda rows=said["heads"][name]: ([text(_value(v)) for v in row] for row in rows) for name in shown_first}
        chosen = choose(file, heads, known, table)  # type: ignore[arg-type]
    elif table is not None:
        chosen = choose(file, {chosen: lambda: iter(())}, known, table)
    child.ask(chosen)
    about, beside = child.line(), more.get(chosen, _Beside())
    found = Source(form, (), numbers=True, table=chosen, tables=[name for name in names if name != chosen])
    found.units = beside.currencies(about["left"])
    found.hidden, found.closed = beside.hidden, beside.closed
    found.rows = _rows(child, about["left"], about["joined"], beside, found)
    return found


def _installed() -> bool:
    try:
        import python_calamine  # noqa: F401
    except ImportError:
        return False
    return True


class _Child:
    """A process that reads a workbook, and is gone when it is done or no longer wanted."""

    def __init__(self, content: bytes, file: str) -> None:
        self.file = file
        command = [sys.executable, "-P", workbook_child.__file__]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, **ALONE}
        )
        self._send(len(content).to_bytes(8, "little") + content)

    def _send(self, data: bytes) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(data)
            self.process.stdin.flush()
        except OSError:  # it has ended; what it has said tells why
            pass

    def ask(self, name: str) -> None:
        """Ask for the rows of a sheet."""
        self._send(json.dumps(name).encode() + b"\n")

    def line(self) -> Any:
        """Return what it says next.

        Raises
        ------
        InputError
            If it has ended, or the workbook is locked.
        """
        assert self.process.stdout is not None
        try:
            said = json.loads(self.process.stdout.readline())
        except ValueError:
            self.close()
            hint = _("Open it, and save it again as .xlsx or as CSV (UTF-8).")
            raise InputError(self.file, "", _("is a workbook that cannot be read; it may be damaged."), hint) from None
        if said == "password":
            self.close()
            raise locked(self.file)
        return said

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self.process.wait()

    def __del__(self) -> None:
        if self.process.returncode is None:
            self.close()


def locked(file: str) -> InputError:
    """Return what is said of a workbook with a password."""
    hint = _("Open it, and save it without a password.")
    return InputError(file, "", _("is a workbook that is locked with a password."), hint)


def _value(value: Any) -> Any:
    return value[0] if isinstance(value, list) else value


def _rows(child: _Child, left: int, ranges: list[list[int]], beside: _Beside, found: Source) -> Iterator[tuple[int, list[str]]]:
    """Return the rows of a sheet; a text in cells that are joined downwards stands in each of them."""
    joined: dict[int, list[tuple[int, int]]] = {}
    for top, first, bottom, last in ranges:
        if bottom > top and first == last and first >= left:
            joined.setdefault(top, []).append((first - left, bottom))
    below: dict[int, tuple[int, str]] = {}
    number = 0
    while (row := child.line()) is not None:
        cells = [value if isinstance(value, str) else text(_value(value)) for value in row]
        for place, value in enumerate(row):
            if isinstance(value, str) and value and two_ways(value):
                found.fused.add(place)
        for place in beside.percents.get(number, ()):
            if 0 <= place - left < len(row) and isinstance(row[place - left], float):
                cells[place - left] = f"{text(round(row[place - left] * 100.0, 10))}%"
        for place, digits in beside.zeros.get(number, ()):
            if 0 <= place - left < len(row) and cells[place - left].isdecimal():
                cells[place - left] = cells[place - left].zfill(digits)
        for place, failed in beside.failed.get(number, ()):
            if 0 <= place - left < len(cells):
                cells[place - left] = failed
        for place, (last, said) in list(below.items()):
            if number > last:
                del below[place]
            elif place < len(cells) and not cells[place]:
                cells[place] = said
        for place, last in joined.get(number, ()):
            if place < len(row) and isinstance(row[place], str) and row[place]:
                below[place] = (last, row[place])
        number += 1
        yield number, cells
    child.close()


@dataclass
class _Beside:
    """What calamine does not tell of a sheet of .xlsx: failed formulas, hidden rows, and what formats show: signs and zeros.

    Attributes
    ----------
    part : str
        Where the sheet lies in the file.
    formats : dict
        For each style of cells that shows one, "%", a currency, or as many zeros as a number is filled up to.
    percents : dict
        For each row, columns whose numbers are shown as per cent.
    zeros : dict
        For each row, columns whose numbers are filled up with zeros, and to how many digits.
    hidden : set
        Rows that the sheet does not show, counted from 1.
    closed : bool
        Whether the workbook does not show the sheet.
    failed : dict
        For each row, columns and what stands in them instead of a value.
    shown : dict
        For each column, how often its cells show which currency.
    """

    part: str = ""
    formats: dict[str, str] = field(default_factory=dict)
    percents: dict[int, list[int]] = field(default_factory=dict)
    zeros: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    closed: bool = False
    failed: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    shown: dict[int, Counter[str]] = field(default_factory=dict)

    def look(self, content: bytes, file: str, name: str) -> None:
        """Look through the sheet once; refuse one whose cells lie so far apart that the sheet could not be held.

        Raises
        ------
        InputError
            If that is so.
        """
        part, self.part = self.part, ""
        if not part:
            return
        styled = _numbers_in(self.formats) if self.formats else None
        rows, columns = 1, 26
        for block in _blocks(content, part):
            if marks := _ROW.findall(block):
                rows = max(rows, *map(int, marks))
            self.hidden.update(map(int, _HIDDEN.findall(block)))
            columns = max([columns, *(_column(letters) + 1 for letters in set(_FAR.findall(block)))])
            for style, letters, row in styled.findall(block) if styled else ():
                sign = self.formats.get(style.decode())
                if sign == "%":
                    self.percents.setdefault(int(row) - 1, []).append(_column(letters))
                elif sign is not None and _ZEROS.fullmatch(sign):
                    self.zeros.setdefault(int(row) - 1, []).append((_column(letters), len(sign)))
                elif sign is not None:
                    self.shown.setdefault(_column(letters), Counter())[sign] += 1
            for cell in _FAILED.finditer(block):
                said = _SAID.search(block, cell.end())
                if said is not None and said[1] is not None:
                    self.failed.setdefault(int(cell[2]) - 1, []).append((_column(cell[1]), said[1].decode("utf-8", "replace")))
        if rows * columns > CELLS_MOST:
            message = _("its sheet {name!r} has cells so far apart that it would take {count} million cells.",
                        name=name, count=round(rows * columns / 1e6))  # fmt: skip
            raise InputError(file, "", message, _("Save the table alone, as CSV (UTF-8)."))

    def currencies(self, left: int) -> list[str]:
        """Return the currency that most cells of each column show, from the first column that has content."""
        last = max(self.shown, default=-1)
        return [self.shown[k].most_common(1)[0][0] if k in self.shown else "" for k in range(left, last + 1)]


def _numbers_in(styles: dict[str, str]) -> re.Pattern[bytes]:
    """Return what finds the cells with a number in one of these styles, or in any if they are many."""
    any_ = "|".join(styles).encode() if len(styles) <= STYLES_MOST else rb"\d+"
    texts = rb'(?![^<>]*\bt="(?:s|str|inlineStr|e|b)")'
    return re.compile(rb'<(?:\w+:)?c\b(?=[^<>]*\bs="(' + any_ + rb')")' + texts + rb'[^<>]*?\br="([A-Z]{1,3})(\d{1,15})"')


def _beside(content: bytes, file: str) -> dict[str, _Beside]:
    """Return where each sheet lies, and which styles show per cent or a currency; nothing where the file does not tell."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_members(archive, file)
            book, links, styles = (_tree(archive, part, file) for part in (
                "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"))  # fmt: skip
            if book is None or links is None:
                return {}
            target = {link.get("Id"): (link.get("Target") or "") for link in links}
            formats = _formats(styles) if styles is not None else {}
            found = {}
            for sheet in book.iter():
                if sheet.tag.rpartition("}")[2] == "sheet":
                    link = next((value for key, value in sheet.attrib.items() if key.rpartition("}")[2] == "id"), "")
                    part = target.get(link, "")
                    part = part.lstrip("/") if part.startswith("/") else f"xl/{part}"
                    beside = _Beside(part if part in archive.namelist() else "", formats)
                    beside.closed = sheet.get("state") in ("hidden", "veryHidden")
                    found[sheet.get("name") or ""] = beside
            return found
    except (zipfile.BadZipFile, ElementTree.ParseError, OSError, ValueError, NotImplementedError, EOFError, RuntimeError):
        return {}


def _tree(archive: zipfile.ZipFile, part: str, file: str) -> ElementTree.Element | None:
    if part not in archive.namelist():
        return None
    data = archive.read(part)
    check_xml(lambda: io.BytesIO(data), file)
    return ElementTree.fromstring(data)


def _formats(styles: ElementTree.Element) -> dict[str, str]:
    custom: dict[int, str] = {}
    for item in styles.iter():
        if item.tag.rpartition("}")[2] == "numFmt":
            custom[int(item.get("numFmtId") or 0)] = item.get("formatCode") or ""
    cells = next((item for item in styles.iter() if item.tag.rpartition("}")[2] == "cellXfs"), ())
    found = {}
    for number, style in enumerate(cells):
        code = int(style.get("numFmtId") or 0)
        said = custom.get(code, "")
        if code in PERCENT or "%" in re.sub(r'"[^"]*"|\\.', "", said):
            found[str(number)] = "%"
        elif _ZEROS.fullmatch(said):
            found[str(number)] = said
        elif (sign := _CURRENCY.search(said)) is not None:
            found[str(number)] = (sign[1] or sign[2]).strip()
    return found


def _blocks(content: bytes, part: str) -> Iterator[bytes]:
    """Return a part of the file in pieces that end where rows end."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(part) as stream:
            rest = b""
            while more := stream.read(PART):
                rest += more
                end = max(rest.rfind(b"</row>"), rest.rfind(b":row>"))
                if end < 0 and len(rest) > ROW_MOST:
                    end = len(rest)
                if end >= 0:
                    yield rest[:end]
                    rest = rest[end:]
            yield rest
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, RuntimeError):
        return  # calamine says what is wrong with it


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1
