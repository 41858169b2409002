"""Makes small files of the forms in which offices hand out tables, without the programs that write them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

Rows = Sequence[Sequence[Any]]
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_HEAD = '<?xml version="1.0"?>'


def archive(members: dict[str, bytes | str]) -> bytes:
    """Return a zip archive of members by name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return stream.getvalue()


class Styled(tuple):
    """A number and the style that shows it."""

    def __new__(cls, value: float, style: int) -> Styled:
        """Return the pair."""
        return super().__new__(cls, (value, style))


def letters(column: int) -> str:
    """Return the letters of a column of a sheet."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _xlsx_cell(value: Any, place: str) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, Styled):
        return f'<c r="{place}" s="{value[1]}"><v>{value[0]!r}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    if value.startswith("#"):
        return f'<c r="{place}" t="e"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def xlsx(sheets: dict[str, Rows], formats: Sequence[str] = (), joined: Sequence[str] = ()) -> bytes:
    """Return a workbook; style 1 is the first of `formats`, and so on; `joined` are ranges of the first sheet, as "B2:B4"."""
    files: dict[str, bytes | str] = {}
    parts = "".join(f'<Override PartName="/xl/worksheets/sheet{k}.xml" ContentType="{_TYPE}worksheet+xml"/>'
                    for k in range(1, len(sheets) + 1))  # fmt: skip
    files["[Content_Types].xml"] = (
        f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}content-types"><Default Extension="rels" ContentType="application/vnd.'
        'openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName='
        '"/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        f"{parts}</Types>"
    )
    files["_rels/.rels"] = (f'{_HEAD}<Relationships xmlns="{_PACKAGE}relationships"><Relationship Id="r" Type="{_OFFICE}'
                            '/officeDocument" Target="xl/workbook.xml"/></Relationships>')  # fmt: skip
    listed = "".join(f'<sheet name="{escape(name)}" sheetId="{k}" r:id="r{k}"/>' for k, name in enumerate(sheets, 1))
    files["xl/workbook.xml"] = (
        f'<?xml version="1.0"?><workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
    )
    links = "".join(f'<Relationship Id="r{k}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{k}.xml"/>'
                    for k in range(1, len(sheets) + 1))  # fmt: skip
    links += f'<Relationship Id="s" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    files["xl/_rels/workbook.xml.rels"] = (
        f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}relationships">{links}</Relationships>'
    )
    codes = "".join(
        f'<numFmt numFmtId="{170 + k}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>' for k, code in enumerate(formats)
    )
    styles = "".join(f'<xf numFmtId="{170 + k}"/>' for k in range(len(formats)))
    files["xl/styles.xml"] = (f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts>{codes}</numFmts><cellXfs><xf numFmtId="0"/>'
                              f"{styles}</cellXfs></styleSheet>")  # fmt: skip
    for k, rows in enumerate(sheets.values(), 1):
        body = "".join(f'<row r="{r}">' + "".join(_xlsx_cell(v, f"{letters(c)}{r}") for c, v in enumerate(row)) + "</row>"
                       for r, row in enumerate(rows, 1) if row)  # fmt: skip
        merged = "".join(f'<mergeCell ref="{one}"/>' for one in joined) if k == 1 and joined else ""
        merged = merged and f"<mergeCells>{merged}</mergeCells>"
        files[f"xl/worksheets/sheet{k}.xml"] = (
            f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData>{merged}</worksheet>'
        )
    return archive(files)


def ods(rows: Rows) -> bytes:
    """Return a workbook of LibreOffice."""

    def cell(value: Any) -> str:
        if isinstance(value, int | float):
            return (
                f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
            )
        if not value:
            return "<table:table-cell/>"
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'

    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    body = "".join("<table:table-row>" + "".join(map(cell, row)) + "</table:table-row>" for row in rows)
    return archive({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f"{_HEAD}<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="
                       f'"Hoja1">{body}</table:table></office:spreadsheet></office:body></office:document-content>',
        "META-INF/manifest.xml": f'{_HEAD}<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
    })  # fmt: skip


def compound(streams: dict[str, bytes]) -> bytes:
    """Return a file of Microsoft's older form with streams of 4,096 bytes or more."""
    sectors: list[bytes] = []
    starts = {}
    chains: list[int] = []
    for name, data in streams.items():
        data = data.ljust(max(4096, -(-len(data) // 512) * 512), b"\0")
        starts[name] = (len(sectors), len(data))
        pieces = [data[k : k + 512] for k in range(0, len(data), 512)]
        chains += [len(sectors) + k + 1 for k in range(len(pieces) - 1)] + [0xFFFFFFFE]
        sectors += pieces

    def entry(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        head = text.ljust(64, b"\0") + struct.pack("<HBBiii", len(text), kind, 1, -1, right, child)
        return head + b"\0" * 36 + struct.pack("<IQ", start, size)

    names = list(streams)
    entries = [entry("Root Entry", 5, 1, -1, 0xFFFFFFFE, 0)]
    entries += [entry(name, 2, -1, k + 2 if k + 1 < len(names) else -1, *starts[name]) for k, name in enumerate(names)]
    folder = b"".join(entries).ljust(-(-len(entries) // 4) * 512, b"\0")
    first = len(sectors)
    pieces = [folder[k : k + 512] for k in range(0, len(folder), 512)]
    chains += [first + k + 1 for k in range(len(pieces) - 1)] + [0xFFFFFFFE]
    sectors += pieces
    table = len(sectors)
    chains.append(0xFFFFFFFD)
    assert len(chains) <= 128, "one sector of the table is enough for tests"
    sectors.append(struct.pack("<128I", *chains, *[0xFFFFFFFF] * (128 - len(chains))))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIII", 0, 1, first, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    return head + struct.pack("<109I", table, *[0xFFFFFFFF] * 108) + b"".join(sectors)


def xls(rows: Rows) -> bytes:
    """Return a workbook of Excel 97."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def text(value: str, size: str) -> bytes:
        return struct.pack(size, len(value)) + b"\1" + value.encode("utf-16-le")

    def begin(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0, 6))

    sheet = begin(0x10) + record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, int | float):
                sheet += record(0x203, struct.pack("<HHHd", r, c, 0, value))
            elif value:
                sheet += record(0x204, struct.pack("<HHH", r, c, 0) + text(value, "<H"))
    sheet += record(0x0A, b"")
    name = record(0x85, struct.pack("<IH", 0, 0) + text("Hoja1", "<B"))
    book = begin(0x05) + name + record(0x0A, b"")
    name = record(0x85, struct.pack("<IH", len(book), 0) + text("Hoja1", "<B"))
    return compound({"Workbook": begin(0x05) + name + record(0x0A, b"") + sheet})


def xlsb(rows: Rows) -> bytes:
    """Return a binary workbook."""

    def record(kind: int, data: bytes = b"") -> bytes:
        name = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        size, rest = b"", len(data)
        while True:
            size += bytes([rest & 0x7F | (0x80 if rest > 127 else 0)])
            rest >>= 7
            if not rest:
                return name + size + data

    def text(value: str) -> bytes:
        return struct.pack("<I", len(value)) + value.encode("utf-16-le")

    sheet = record(129) + record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)) + record(145)
    for r, row in enumerate(rows):
        sheet += record(0, struct.pack("<IIHBBBI", r, 0, 300, 0, 0, 0, 0))
        for c, value in enumerate(row):
            if isinstance(value, int | float):
                sheet += record(5, struct.pack("<IId", c, 0, value))
            elif value:
                sheet += record(6, struct.pack("<II", c, 0) + text(value))
    sheet += record(146) + record(130)
    book = (
        record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + text("r1") + text("Hoja1")) + record(144) + record(132)
    )
    link = f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.bin"/>'
    return archive({
        "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{_PACKAGE}content-types"/>',
        "xl/workbook.bin": book, "xl/worksheets/sheet1.bin": sheet,
        "xl/_rels/workbook.bin.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}relationships">{link}</Relationships>',
    })  # fmt: skip
