"""Opens a file as a table, whatever its form: told by its bytes, not by the ending of its name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clustersim.core.errors import InputError, reason
from clustersim.core.words import _
from clustersim.scenario.registers.forms import text
from clustersim.scenario.registers.forms.source import Known, Source


@contextmanager
def opened(path: Path, file: str, known: Known, table: str | None) -> Iterator[Source]:
    """Open a file as a table.

    Raises
    ------
    InputError
        If it is of no known form.
    """
    begins = _begins(path, file)
    if begins.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise InputError(file, "", _("is a workbook or an archive, not a table of text."), _("Save it as CSV (UTF-8)."))
    yield text.source(lambda: path.open("rb"), file, known)


def _begins(path: Path, file: str) -> bytes:
    try:
        if not path.is_file():
            raise InputError(file, "", _("there is no such file."))
        with path.open("rb") as stream:
            return stream.read(4096)
    except (OSError, ValueError) as error:
        raise InputError(file, "", _("cannot be read: {reason}.", reason=reason(error))) from None
