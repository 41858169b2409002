"""What kind of file bytes are, whatever the ending of its name says."""

from __future__ import annotations

import re
import zipfile

from clustersim.core.words import N_
from clustersim.scenario.registers.forms.source import Opener

BEGIN = 1 << 16  # bytes that are looked at

# Beginnings of files that hold no table that can be read here: what they are called, and what to do.
SAVE = N_("Open it in the program it comes from, and save the table as CSV (UTF-8).")
TYPED = N_("Ask the office for the table itself: a workbook or CSV.")
STRANGE = (
    (b"%PDF", N_("a PDF document"), TYPED),
    (b"{\\rtf", N_("a text document (RTF)"), TYPED),
    (b"\x89PNG", N_("a picture"), TYPED),
    (b"\xff\xd8\xff", N_("a picture"), TYPED),
    (b"GIF8", N_("a picture"), TYPED),
    (b"BM", N_("a picture"), TYPED),
    (b"II*\0", N_("a picture"), TYPED),
    (b"MM\0*", N_("a picture"), TYPED),
    (b"$FL2", N_("a file of SPSS"), SAVE),
    (b"$FL3", N_("a file of SPSS"), SAVE),
    (b"\0" * 12 + b"\xc2\xea\x81\x60", N_("a file of SAS"), SAVE),
    (b"HEADER RECORD*", N_("a file of SAS"), SAVE),
    (b"RDX2\n", N_("a file of R"), SAVE),
    (b"RDX3\n", N_("a file of R"), SAVE),
    (b"RDA2\n", N_("a file of R"), SAVE),
    (b"RDA3\n", N_("a file of R"), SAVE),
    (b"X\n\0", N_("a file of R"), SAVE),
    (b"SQLite format 3", N_("a database (SQLite)"), SAVE),
    (b"\0\1\0\0Standard", N_("a database (Access)"), SAVE),
    (b"\0\0'\n", N_("a map (shapefile)"), SAVE),
    (b"7z\xbc\xaf", N_("a 7z archive"), N_("Unpack it first.")),
    (b"Rar!", N_("a RAR archive"), N_("Unpack it first.")),
    (b"BZh", N_("a bzip2 archive"), N_("Unpack it first.")),
    (b"\xfd7zXZ", N_("an xz archive"), N_("Unpack it first.")),
    (b"\x28\xb5\x2f\xfd", N_("a Zstandard archive"), N_("Unpack it first.")),
    (b"ARROW1", N_("an Arrow file"), SAVE),
    (b"\x89HDF", N_("an HDF5 file"), SAVE),
)
_DBF = re.compile(rb"[\x02\x03\x30\x31\x83\x8b\xf5][\x00-\xff][\x01-\x0c][\x01-\x1f]", re.DOTALL)
_STATA = re.compile(rb"<stata_dta>|[\x66-\x73][\x01\x02]\x01\x00", re.DOTALL)
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_PAGE = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body|table|meta|style|div|font|center|br)\b", re.IGNORECASE)
_PAJEK = re.compile(rb"\s*+(?:%[^\n]*+\n\s*+)*+\*(?:network|vertices|arcs|edges)", re.IGNORECASE)
_GML = re.compile(rb"\s*+(?:(?:#|[Cc]reator|[Vv]ersion|[Cc]omment)[^\n]*+\n\s*+)*+graph\s*+\[")


def kind(open_: Opener) -> str:
    """Return what a file is: "text", "zip", "gzip", "ole", "html", "spreadsheet xml", "graphml" and so on, or "" if unknown."""
    with open_() as stream:
        begins = stream.read(BEGIN)
    bare = begins.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if begins.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if begins.startswith(b"\x1f\x8b"):
        return "gzip"
    if begins.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    if begins.startswith(b"PAR1"):
        return "parquet"
    if _STATA.match(begins):
        return "stata"
    if _PAGE.match(bare):
        return "html"
    if bare.startswith(b"<"):
        return _markup(bare)
    if bare.startswith((b"{", b"[")) and bare[1:].lstrip()[:1] in b'{["]}tfn-0123456789':
        return "json"
    if _PAJEK.match(bare):
        return "pajek"
    if _GML.match(bare):
        return "gml"
    return "text"


def _markup(bare: bytes) -> str:
    found = _ROOT.search(bare)
    root = found[1].lower() if found else b""
    named = {b"workbook": "spreadsheet xml", b"graphml": "graphml", b"gexf": "gexf", b"html": "html", b"table": "html"}
    if root in named:
        return named[root]
    return "html" if b"<table" in bare.lower() else "xml" if bare.startswith(b"<?xml") or root else "text"


def strange(open_: Opener) -> tuple[str, str] | None:
    """Return what a file is called that holds no table that can be read here, and what to do; None for others."""
    with open_() as stream:
        begins = stream.read(512)
    for mark, called, way in STRANGE:
        if begins.startswith(mark):
            if mark == b"BM" and begins[6:10] != b"\0\0\0\0":
                continue
            return called, way
    if _DBF.match(begins) and b"\0" in begins[:32] and len(begins) > 32:
        return N_("a dBase table (DBF)"), SAVE
    return None


def inside(archive: zipfile.ZipFile) -> str:
    """Return what a zip archive is: "XLSX", "XLSB" or "ODS", "document" for a text, or "" for an archive of files."""
    names = set(archive.namelist())
    if "mimetype" in names:
        said = archive.open("mimetype").read(200).decode("ascii", "replace")
        if "opendocument.spreadsheet" in said:
            return "ODS"
        return "document" if "opendocument" in said or "epub" in said else ""
    if "[Content_Types].xml" in names:
        if any(name.startswith("xl/") for name in names):
            return "XLSB" if any(name.endswith("workbook.bin") for name in names) else "XLSX"
        return "document"
    return ""
