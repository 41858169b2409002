"""One table in all the forms in which offices hand tables over, written without the libraries that read them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from html import escape

Table = Sequence[Sequence[str]]
CONTENT = ('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
           '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
           '<Override PartName="/xl/workbook.xml" '
           'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
           '<Override PartName="/xl/worksheets/sheet1.xml" '
           'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>')  # fmt: skip
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
             f'<Relationship Id="rId1" Type="{RELATED}/{{kind}}" Target="{{target}}"/></Relationships>')  # fmt: skip


def delimited(rows: Table, separator: str = ",", coding: str = "utf-8", end: str = "\n") -> bytes:
    """Return a table of text."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator=end).writerows(rows)
    return stream.getvalue().encode(coding, "replace" if coding not in ("utf-8", "utf-16") else "surrogatepass")


def zipped(members: dict[str, str | bytes]) -> bytes:
    """Return an archive of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content if isinstance(content, bytes) else plain(content))
    return stream.getvalue()


def plain(text: str) -> bytes:
    """Return a text as bytes; half signs stay what they are."""
    return text.encode("utf-8", "surrogatepass")


def is_number(cell: str) -> bool:
    """Whether a workbook would hold a cell as a number: not if it would lose a zero, or the way it is written."""
    try:
        return str(float(cell)) != "nan" and cell.isascii() and cell[0] not in "0+ " and not set(cell) & set("_eE \t")
    except ValueError:
        return False


def sheet_xml(rows: Table) -> str:
    """Return the sheet of a workbook, numbers as numbers."""
    lines = []
    for row in rows:
        cells = "".join(f"<c><v>{cell}</v></c>" if is_number(cell) else f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
                        for cell in row)  # fmt: skip
        lines.append(f"<row>{cells}</row>")
    return f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def workbook(rows: Table) -> bytes:
    """Return an .xlsx workbook of one sheet."""
    book = (f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{RELATED}"><sheets>'
            '<sheet name="Hoja1" sheetId="1" r:id="rId1"/></sheets></workbook>')  # fmt: skip
    return zipped({
        "[Content_Types].xml": CONTENT, "_rels/.rels": RELATIONS.format(kind="officeDocument", target="xl/workbook.xml"),
        "xl/workbook.xml": book, "xl/_rels/workbook.xml.rels": RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": sheet_xml(rows),
    })  # fmt: skip


def open_document(rows: Table) -> bytes:
    """Return an .ods workbook of one sheet."""
    names = "urn:oasis:names:tc:opendocument:xmlns:"
    lines = []
    for row in rows:
        cells = "".join(
            f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
            if is_number(cell) else
            f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>' for cell in row
        )  # fmt: skip
        lines.append(f"<table:table-row>{cells}</table:table-row>")
    content = (f'<office:document-content xmlns:office="{names}office:1.0" xmlns:table="{names}table:1.0" '
               f'xmlns:text="{names}text:1.0" office:version="1.2"><office:body><office:spreadsheet><table:table '
               f'table:name="Hoja1">{"".join(lines)}</table:table></office:spreadsheet></office:body>'
               "</office:document-content>")  # fmt: skip
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (f'<manifest:manifest xmlns:manifest="{names}manifest:1.0"><manifest:file-entry manifest:full-path="/" '
                f'manifest:media-type="{kind}"/><manifest:file-entry manifest:full-path="content.xml" '
                'manifest:media-type="text/xml"/></manifest:manifest>')  # fmt: skip
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def web_page(rows: Table) -> bytes:
    """Return an HTML page that calls itself .xls, as many offices' programs do."""
    lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return plain(f"<html><head><meta charset='utf-8'></head><body><table>{lines}</table></body></html>")


def as_json(rows: Table) -> bytes:
    """Return a list of objects."""
    head, *body = rows
    objects = [{name: float(cell) if is_number(cell) else cell or None for name, cell in zip(head, row)} for row in body]
    return json.dumps(objects).encode()


def geo_json(rows: Table) -> bytes:
    """Return points with properties; all of them lie at one place unless the table has columns of degrees."""
    head, *body = rows
    low = [name.casefold() for name in head]

    def place(row: Sequence[str], *names: str) -> float:
        cells = [cell for name, cell in zip(low, row) if name in names and is_number(cell.lstrip("0") or "0")]
        return float(cells[0]) if cells else 0.0

    features = [
        {"type": "Feature", "properties": dict(zip(head, row)),
         "geometry": {"type": "Point", "coordinates": [place(row, "longitude", "longitud"), place(row, "latitude", "latitud")]}}
        for row in body
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def frame(rows: Table) -> object:
    """Return a pandas frame, columns of numbers as numbers."""
    import pandas as pd

    head, *body = rows
    width = len(head)
    columns = list(zip(*[[*row, *[""] * width][:width] for row in body])) or [()] * width
    found = {}
    for k, (name, cells) in enumerate(zip(head, columns)):
        number = any(cells) and all(is_number(cell) for cell in cells if cell)
        found[name or f"c{k}"] = [float(cell) if cell else None for cell in cells] if number else list(cells)
    return pd.DataFrame(found)


def parquet(rows: Table) -> bytes:
    """Return a Parquet file."""
    stream = io.BytesIO()
    frame(rows).to_parquet(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def stata(rows: Table) -> bytes:
    """Return a .dta file, whose names of columns have 32 plain signs at most."""
    import pandas as pd

    found = frame(rows)
    assert isinstance(found, pd.DataFrame)
    found = found.replace([float("inf"), float("-inf")], float("nan"))  # which Stata cannot hold
    names = ["".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in name)[:30] for name in found.columns]
    found.columns = [f"v{name}" if not name[:1].isalpha() else name for name in names]
    stream = io.BytesIO()
    found.to_stata(stream, write_index=False, version=118)
    return stream.getvalue()


# Each form by its ending, as it is handed over.
FORMS: dict[str, Callable[[Table], bytes]] = {
    "csv": delimited,
    "semicolon.csv": lambda rows: delimited(rows, ";", "cp1252", "\r\n"),
    "tab.txt": lambda rows: delimited(rows, "\t", "utf-16"),
    "pipe.txt": lambda rows: delimited(rows, "|", "cp850"),
    "old.csv": lambda rows: delimited(rows, ";", "mac_roman", "\r"),
    "xlsx": workbook,
    "ods": open_document,
    "xls": web_page,
    "json": as_json,
    "geojson": geo_json,
    "parquet": parquet,
    "dta": stata,
    "zip": lambda rows: zipped({"firms.csv": delimited(rows)}),
    "csv.gz": lambda rows: gzip.compress(delimited(rows), mtime=0),
}
