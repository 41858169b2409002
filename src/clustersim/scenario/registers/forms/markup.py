"""Tables of web pages, which many offices call .xls, and of Excel's XML of 2003."""

from __future__ import annotations

import codecs
import io
import re
from html import unescape
from html.parser import HTMLParser
from itertools import islice
from xml.etree import ElementTree

from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.scenario.registers.forms.cells import text, two_ways
from clustersim.scenario.registers.forms.guard import check_made, check_xml, no_xml, whole
from clustersim.scenario.registers.forms.pages import look
from clustersim.scenario.registers.forms.source import HEAD, Known, Opener, Source, choose

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
WIDE_MOST = 1000  # columns, or rows, that one cell may be said to cover
COLUMNS_MOST = 16_384  # of a sheet of a workbook: no cell is put further to the right than that
UNENDED_MOST = 100  # tags and comments without an end that are taken for text; for each the rest of the page is read again
SPREAD_MOST = 5_000_000  # cells of a page that joined ones are spread over, unless the page is that long
LONG = 20  # characters of a text that count as one more cell wherever it stands again
Rows = list[tuple[int, list[str]]]


class _Tables(HTMLParser):
    """Gathers the tables of a page; a cell over several rows stands in each of them, if it is no number."""

    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.file = file
        self.rows = self.made = 0
        self.tables: list[list[list[str]]] = []
        self.open: list[int] = []
        self.row: list[str] | None = None
        self.cell: list[str] | None = None
        self.span = (1, 1)
        self.below: dict[int, dict[int, tuple[int, str]]] = {}
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        if tag in ("style", "script"):
            self.silent += 1
        elif tag == "table":
            self._end_row()
            self.tables.append([])
            self.open.append(len(self.tables) - 1)
        elif tag == "tr" and self.open:
            self._end_row()
            self.row = []
        elif tag in ("td", "th") and self.open:
            self._end_cell()
            if self.row is None:
                self.row = []
            self._fill()
            said = dict(attrs)
            self.span = (_number(said.get("rowspan")), _number(said.get("colspan")))
            self.cell = []
        elif tag == "br" and self.cell is not None:
            self.cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """End a table, a row or a cell."""
        if tag in ("style", "script"):
            self.silent = max(self.silent - 1, 0)
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag == "table" and self.open:
            self._end_row()
            self.below.pop(self.open.pop(), None)

    def handle_data(self, data: str) -> None:
        """Take text of a cell."""
        if self.cell is not None and not self.silent:
            self.cell.append(data)

    def close(self) -> None:
        """End what the page left open.

        Raises
        ------
        InputError
            If that is so much that it would take for ever: the base class reads all that follows again for each.
        """
        for _again in range(UNENDED_MOST):
            left = self.rawdata
            if not left or self.cdata_elem:
                break
            end = left.find(">", 1) + 1 or len(left)
            self.updatepos(0, end)
            self.rawdata = ""
            self.handle_data(unescape(left[:end]))
            self.feed(left[end:])
        else:
            found = _("has more than {most} tags or comments that do not end.", most=UNENDED_MOST)
            raise InputError(self.file, "", found, _("Save it as CSV (UTF-8)."), self.getpos()[0])
        self._end_row()

    def _make(self, cells: int) -> None:
        """Count cells that joined ones are spread over."""
        self.made += cells
        check_made(self.file, self.made, self.rows, SPREAD_MOST)

    def _fill(self) -> None:
        """Put cells of rows above, which reach down here, before the next cell."""
        below = self.below.get(self.open[-1], {})
        while self.row is not None and len(self.row) in below:
            place = len(self.row)
            left, said = below[place]
            self.row.append(said)
            self.made += 1 + len(said) // LONG
            if left > 1:
                below[place] = (left - 1, said)
            else:
                del below[place]

    def _end_cell(self) -> None:
        if self.cell is None or self.row is None:
            return
        said = " ".join("".join(self.cell).split())
        down, across = self.span
        across = min(across, max(COLUMNS_MOST - len(self.row), 1))
        self._make(across - 1)
        # A number that covers several rows is told once, so that it is not added up again.
        again = "" if re.fullmatch(r"[\d.,\s$€%-]*", said) else said
        for k in range(across):
            if down > 1:
                self.below.setdefault(self.open[-1], {})[len(self.row)] = (down - 1, "" if k else again)
            self.row.append("" if k else said)
        self.cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self.row is not None and self.open:
            self._fill()
            self.rows += 1
            self._make(0)
            self.tables[self.open[-1]].append(self.row)
        self.row = None


def _number(said: str | None) -> int:
    return min(max(int(said), 1), WIDE_MOST) if said and said.strip().isdecimal() and len(said) < 8 else 1


def html(open_: Opener, file: str, known: Known, table: str | None) -> Source:
    """Return the table of a web page.

    Raises
    ------
    InputError
        If it has none.
    """
    content = whole(open_, file)
    page, name = _decoded(content, open_, file)
    parser = _Tables(file)
    try:
        parser.feed(page)
        parser.close()
    except (AssertionError, ValueError, IndexError) as error:
        raise no_xml(file, error) from None
    found = [rows for rows in parser.tables if rows]
    if not found:
        raise InputError(file, "", _("is a web page without a table."), _("Save it as CSV (UTF-8)."))
    named = {str(k + 1): list(enumerate(rows, 1)) for k, rows in enumerate(found)}
    return _chosen("HTML", named, file, known, table, name)


def _chosen(form: str, named: dict[str, Rows], file: str, known: Known, table: str | None, encoding: str = "") -> Source:
    chosen = next(iter(named))
    if len(named) > 1 or table is not None:
        heads = {name: lambda rows=rows: (cells for _line, cells in islice(rows, HEAD)) for name, rows in named.items()}
        chosen = choose(file, heads, known, table)  # type: ignore[arg-type]
    others = [name for name in named if name != chosen]
    return Source(form, named[chosen], encoding, table=chosen if others else "", tables=others)


def _decoded(content: bytes, open_: Opener, file: str) -> tuple[str, str]:
    """Return a page as text: in UTF-8 if it is that, else in the code page that it says, or that its words tell."""
    seen = look(open_, file)
    said = _CHARSET.search(content[:4096])
    if said and seen.name not in ("UTF-8", "UTF-16", "UTF-32"):
        try:
            coding = codecs.lookup(said[1].decode("ascii", "replace")).name
            if coding not in ("utf-8", "iso8859-1", "cp1252", "ascii"):
                return content.decode(coding), coding.upper()
        except (LookupError, UnicodeError):
            pass
    try:
        return content.decode(seen.coding, seen.errors), seen.name
    except UnicodeError as error:
        raise no_xml(file, error) from None


def spreadsheet(open_: Opener, file: str, known: Known, table: str | None) -> Source:
    """Return the table of a workbook in Excel's XML of 2003.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    check_xml(open_, file)
    content = whole(open_, file)
    found = Source("XLS", (), numbers=True)
    named: dict[str, Rows] = {}
    try:
        for _event, item in ElementTree.iterparse(io.BytesIO(content)):
            if _bare(item.tag) == "Worksheet":
                name = _attribute(item, "Name") or str(len(named) + 1)
                named[name] = _sheet(item, found, file)
                item.clear()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise no_xml(file, error) from None
    if not any(named.values()):
        raise InputError(file, "", _("is a workbook without any sheet of cells."))
    chosen = _chosen("XLS", named, file, known, table)
    chosen.numbers, chosen.fused = True, found.fused
    return chosen


def _sheet(sheet: ElementTree.Element, found: Source, file: str) -> Rows:
    rows: Rows = []
    number = made = 0
    for row in (item for item in sheet.iter() if _bare(item.tag) == "Row"):
        number = max(_index(row), number + 1)
        cells: list[str] = []
        for cell in row:
            place = min(_index(cell), COLUMNS_MOST) - 1
            made += max(place - len(cells), 0)
            check_made(file, made, len(rows))
            cells += [""] * (place - len(cells))
            data = next((item for item in cell if _bare(item.tag) == "Data"), None)
            said = "" if data is None else "".join(data.itertext())
            kind = "" if data is None else _attribute(data, "Type")
            if kind == "Number":
                said = text(float(said)) if said.strip() else ""
            elif kind == "DateTime":
                said = said.removesuffix("T00:00:00.000").replace("T", " ")
            elif two_ways(said):
                found.fused.add(len(cells))
            cells.append(said)
        rows.append((number, cells))
    return rows


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def _attribute(item: ElementTree.Element, name: str) -> str:
    return next((value for key, value in item.attrib.items() if _bare(key) == name), "")


def _index(item: ElementTree.Element) -> int:
    said = _attribute(item, "Index")
    return int(said) if said.isdecimal() and len(said) < 8 else 0
