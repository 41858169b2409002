"""Opens a file as a table, whatever its form: told by its bytes, not by the ending of its name."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from clustersim.core.errors import InputError, reason
from clustersim.core.words import _
from clustersim.scenario.registers.forms import columnar, documents, markup, networks, text, workbooks
from clustersim.scenario.registers.forms.guard import Counted, check_members, check_size, damaged, whole
from clustersim.scenario.registers.forms.kinds import inside, kind, strange
from clustersim.scenario.registers.forms.source import Known, Opener, Source, check_shape, choose

Reads = Callable[[Opener, str, Known, str | None], Source]
READS: dict[str, Reads] = {
    "text": lambda open_, file, known, _table: text.source(open_, file, known),
    "html": markup.html,
    "spreadsheet xml": markup.spreadsheet,
    "json": lambda open_, file, known, _table: documents.source(open_, file, known),
    "stata": lambda open_, file, _known, _table: columnar.stata(open_, file),
    "parquet": lambda open_, file, _known, _table: columnar.parquet(open_, file),
    "graphml": lambda open_, file, _known, _table: networks.graphml(open_, file),
    "gexf": lambda open_, file, _known, _table: networks.gexf(open_, file),
    "pajek": lambda open_, file, _known, _table: networks.pajek(open_, file),
    "gml": lambda open_, file, _known, _table: networks.gml(open_, file),
}
BROKEN_OFF = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
DAMAGED = (*BROKEN_OFF, ValueError, LookupError, OverflowError, struct.error)  # what Python raises of archives
_HIDDEN = ("__MACOSX/", ".")


@contextmanager
def opened(path: Path, file: str, known: Known, table: str | None) -> Iterator[Source]:
    """Open a file as a table.

    Raises
    ------
    InputError
        If it is of no known form.
    """
    try:
        if not path.is_file():
            raise InputError(file, "", _("there is no such file."))
        with path.open("rb"):
            pass
    except (OSError, ValueError) as error:
        raise InputError(file, "", _("cannot be read: {reason}.", reason=reason(error))) from None
    found = _source(lambda: path.open("rb"), file, known, table)
    found.rows = _readable(found.rows, file)
    yield found


def _readable(rows: object, file: str) -> Iterator[tuple[int, list[str]]]:
    """Return rows; what goes wrong under way is one sentence, and so is a table without an end."""
    try:
        for number, (line, row) in enumerate(cast("Iterator[tuple[int, list[str]]]", rows)):
            check_shape(file, len(row), number)
            yield line, row
    except BROKEN_OFF as error:
        raise damaged(file, error) from None


def _source(open_: Opener, file: str, known: Known, table: str | None, within: bool = False) -> Source:
    try:
        what = kind(open_)
        if (odd := strange(open_)) is not None:
            called, way = odd
            raise InputError(file, "", _("is {kind}, which cannot be read as a table.", kind=_(called)), _(way))
        if what == "zip":
            return _zipped(open_, file, known, table, within)
        if what == "gzip":
            return _gzipped(open_, file, known, table, within)
        if what == "ole":
            return _compound(open_, file, known, table)
        if what == "xml":
            raise InputError(file, "", _("is XML of a kind that is not known here."), _("Save it as CSV (UTF-8)."))
        return READS[what](open_, file, known, table)
    except DAMAGED as error:
        raise damaged(file, error) from None


def _compound(open_: Opener, file: str, known: Known, table: str | None) -> Source:
    """Return the table of a file of Microsoft's older form, which may also hold a locked workbook or a document."""
    content = whole(open_, file)
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise workbooks.locked(file)
    if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        raise InputError(file, "", _("is {kind}, which cannot be read as a table.", kind=_("a document of Microsoft Office")),
                         _("Open it in the program it comes from, and save the table as CSV (UTF-8)."))  # fmt: skip
    return workbooks.source(lambda: io.BytesIO(content), "XLS", file, known, table)


def _gzipped(open_: Opener, file: str, known: Known, table: str | None, within: bool) -> Source:
    if within:
        raise _nested(file)
    with open_() as stream:
        packed = stream.seek(0, io.SEEK_END)

    def unpacked() -> BinaryIO:
        return io.BufferedReader(Counted(cast(BinaryIO, gzip.open(open_())), packed, file))

    return _source(unpacked, file, known, table, True)


def _nested(file: str) -> InputError:
    return InputError(file, "", _("is an archive within an archive."), _("Unpack it first."))


def _zipped(open_: Opener, file: str, known: Known, table: str | None, within: bool) -> Source:
    if within:  # a stream out of an archive cannot be read from its end, where a zip archive says what it holds
        content = whole(open_, file)
        open_ = lambda: io.BytesIO(content)  # noqa: E731
    with zipfile.ZipFile(open_()) as archive:
        form = inside(archive)
        if form == "document":
            raise InputError(file, "", _("is {kind}, which cannot be read as a table.", kind=_("a text document")),
                             _("Ask the office for the table itself: a workbook or CSV."))  # fmt: skip
        if form:
            check_members(archive, file)
            return workbooks.source(open_, form, file, known, table)
        if within:
            raise _nested(file)
        infos = [info for info in archive.infolist() if not info.is_dir() and info.file_size
                 and not info.filename.startswith(_HIDDEN) and not info.filename.rpartition("/")[2].startswith(".")]  # fmt: skip
        if any(info.flag_bits & 1 for info in infos):
            raise InputError(file, "", _("is an archive that is locked with a password."), _("Unpack it first."))
    if not infos:
        raise InputError(file, "", _("is an archive without any file."))

    def member(info: zipfile.ZipInfo) -> Opener:
        def unpacked() -> BinaryIO:
            check_size(file, info.file_size, info.compress_size)
            inner = cast(BinaryIO, zipfile.ZipFile(open_()).open(info))
            return io.BufferedReader(Counted(inner, info.compress_size, file))

        return unpacked

    def head(info: zipfile.ZipInfo) -> Iterator[Sequence[str]]:
        try:
            for _line, row in _source(member(info), file, known, None, True).rows:
                yield row
        except (InputError, *DAMAGED):
            return

    named = {info.filename: info for info in infos}
    chosen = infos[0].filename
    if len(infos) > 1 or (table is not None and not _is_workbook(member(infos[0]))):
        chosen = choose(file, {name: lambda info=info: head(info) for name, info in named.items()}, known, table)  # type: ignore[misc]
        table = None
    found = _source(member(named[chosen]), file, known, table, True)
    if len(infos) > 1:
        found.table, found.tables = chosen, [name for name in named if name != chosen]
    return found


def _is_workbook(open_: Opener) -> bool:
    return kind(open_) in ("zip", "ole")
