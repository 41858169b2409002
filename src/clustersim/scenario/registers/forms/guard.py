"""Care with files that are made to be more than they seem: XML that declares entities, archives that swell."""

from __future__ import annotations

import io
import zipfile
from typing import BinaryIO
from xml.parsers import expat

from clustersim.core.errors import InputError, reason
from clustersim.core.words import _
from clustersim.scenario.registers.forms.source import Opener

WHOLE_MOST = 500_000_000  # bytes of a file of a form that is held whole
SWELLS = 200  # times that a member may be larger than its archive says, from `SWOLLEN` bytes on: tables shrink by 5 to 50 times
SWOLLEN = 100_000_000
MADE, MADE_PER_ROW = 10_000_000, 100  # cells that a table may have beyond those that stand in its file: so many, or for each row


def whole(open_: Opener, file: str) -> bytes:
    """Return all bytes of a file that must be held whole.

    Raises
    ------
    InputError
        If it is too long for that.
    """
    with open_() as stream:
        content = stream.read(WHOLE_MOST + 1)
    if len(content) > WHOLE_MOST:
        raise InputError(file, "", _("is longer than {most} MB.", most=WHOLE_MOST // 1_000_000), _("Save it as CSV (UTF-8)."))
    return content


def check_size(file: str, size: int, packed: int, hint: str = "") -> None:
    """Refuse what an archive, or another packed file, would become, if that is out of all proportion.

    Raises
    ------
    InputError
        Naming the size it would have.
    """
    if size > SWOLLEN and size > SWELLS * max(packed, 1):
        message = _("would unpack {packed} MB into {size} MB or more, which no table does.",
                    packed=f"{packed / 1e6:.3g}", size=round(size / 1e6))  # fmt: skip
        raise InputError(file, "", message, hint or _("Unpack it yourself if you trust it."))


def check_members(archive: zipfile.ZipFile, file: str) -> None:
    """Refuse a workbook whose parts swell out of all proportion."""
    check_size(file, sum(info.file_size for info in archive.infolist()), sum(info.compress_size for info in archive.infolist()))


def check_made(file: str, cells: int, rows: int, most: int = MADE) -> None:
    """Refuse a table most of whose cells stand nowhere in the file: joined, passed over, or missing at the ends of its rows.

    Raises
    ------
    InputError
        If they are out of all proportion.
    """
    if cells > most and cells > MADE_PER_ROW * rows:
        message = _("would have more than {most} million cells that stand nowhere in the file.", most=most // 1_000_000)
        raise InputError(file, "", message, _("Save it as CSV (UTF-8)."))


class Counted(io.RawIOBase):
    """A stream out of an archive, refused when it has become far longer than what it came from."""

    def __init__(self, inner: BinaryIO, packed: int, file: str) -> None:
        self.inner, self.packed, self.file, self.size = inner, packed, file, 0

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Read the next bytes."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self.inner.read(len(view))
        view[: len(data)] = data
        self.size += len(data)
        check_size(self.file, self.size, self.packed)
        return len(data)

    def close(self) -> None:
        """Close what it reads from."""
        self.inner.close()
        super().close()


class _Entity(Exception):
    pass


def check_xml(open_: Opener, file: str) -> None:
    """Refuse XML that declares entities, which can swell to any size or name other files; data never need them.

    Raises
    ------
    InputError
        If it does, or does not begin as XML.
    """
    parser = expat.ParserCreate()
    begun = []

    def declared(*_what: object) -> None:
        raise _Entity

    parser.EntityDeclHandler = declared
    parser.StartElementHandler = lambda *_what: begun.append(True)
    try:
        with open_() as stream:
            while not begun and (block := stream.read(1 << 16)):
                parser.Parse(block, False)
    except _Entity:
        raise InputError(file, "", _("declares entities of XML, which no table needs; it is not read.")) from None
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise no_xml(file, error) from None


def no_xml(file: str, error: BaseException) -> InputError:
    """Return what is said of XML that cannot be read."""
    line = getattr(error, "lineno", None) or (getattr(error, "position", None) or (None,))[0]
    return InputError(file, "", _("is not well-formed XML."), _("Save it again, or save it as CSV (UTF-8)."), line)


def damaged(file: str, error: BaseException) -> InputError:
    """Return what is said of a file that breaks off, or is not what its beginning says."""
    if getattr(error, "strerror", None):
        return InputError(file, "", _("cannot be read: {reason}.", reason=reason(error)))
    hint = _("Get it again, or save it as CSV (UTF-8).")
    if isinstance(error, zipfile.BadZipFile):
        return InputError(file, "", _("is a workbook or an archive that is damaged."), hint)
    return InputError(file, "", _("is damaged, and cannot be read to its end."), hint)
