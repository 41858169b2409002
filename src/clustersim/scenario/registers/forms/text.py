"""Tables of text: their separator, their quotes and their line ends; read as a stream, never held whole."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from clustersim.core.errors import InputError, reason
from clustersim.core.words import _
from clustersim.scenario.keys import clip
from clustersim.scenario.registers.forms.pages import Look, look
from clustersim.scenario.registers.forms.source import HEAD, Known, Opener, Source, filled

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", "": "form"}
HEAD_CHARACTERS, HEAD_LINES = 1 << 18, 20 * HEAD
_SAID = re.compile(r'\ufeff?\s*"?sep=([,;|\t])"?[,;|\s]*')
_NONE = re.compile(r"(^|[,;|\t])\\N(?=[,;|\t\r\n]|$)")
NEXT_LINE = "\x85"  # a line end of mainframes, which Python does not take for one

Lines = Callable[[], Iterator[str]]


def source(open_: Opener, file: str, known: Known) -> Source:
    """Return a table of text.

    Raises
    ------
    InputError
        If it is no text, or holds no table.
    """
    seen = look(open_, file)
    lines = _lines(open_, seen)
    head = _head(lines, file, seen)
    if end := seen.end or (NEXT_LINE if any(NEXT_LINE in line for line in head) else ""):
        lines = _ended(lines, end)
        head = _head(lines, file, seen)
    if not any(line.strip("\ufeff \t\r\n") for line in head) and not any(line.strip() for line in lines()):
        raise InputError(file, "", _("is empty."))
    said = _SAID.fullmatch(head[0]) if head else None
    skipped = 1 if said else 0
    separator = said[1] if said else _separator(head, known, file, seen.escaped)
    return Source("CSV", _rows(lines, separator, skipped, seen, file), seen.name, separator)


def _lines(open_: Opener, seen: Look) -> Lines:
    def lines() -> Iterator[str]:
        with io.TextIOWrapper(open_(), seen.coding, errors=seen.errors, newline="") as stream:
            if not seen.none:
                yield from stream
            else:
                for line in stream:
                    yield _NONE.sub(r"\1", line) if "\\N" in line else line

    return lines


def _ended(lines: Lines, end: str) -> Lines:
    """Return lines that also end where a sign says so."""

    def parts() -> Iterator[str]:
        for line in lines():
            *whole, last = line.split(end)
            yield from (f"{part}\n" for part in whole)
            if last.strip("\r\n") or not whole:
                yield last

    return parts


def _head(lines: Lines, file: str, seen: Look) -> list[str]:
    head: list[str] = []
    size = 0
    try:
        for line in lines():
            head.append(line)
            size += len(line)
            if size > HEAD_CHARACTERS or len(head) > HEAD_LINES:
                break
    except UnicodeError as error:
        raise _no_text(file, seen, error) from None
    return head


def _no_text(file: str, seen: Look, error: UnicodeError) -> InputError:
    hint = _("Save it as CSV (UTF-8).")
    if seen.name.startswith("UTF-16"):
        return InputError(file, "", _("begins like UTF-16 text, but is not."), hint)
    return InputError(file, "", _("is not a table of text: {reason}.", reason=reason(error)), hint)


def _separator(head: list[str], known: Known, file: str, escaped: bool) -> str:
    """Return the separator with which some row names most known columns, and most rows have as many cells."""
    best, most = "", (-1, False, 0.0, 0)
    for separator in ",;\t|":
        try:
            reader = csv.reader(head, delimiter=separator, escapechar="\\" if escaped else None)
            rows = list(islice((row for row in reader if filled(row)), HEAD))
        except csv.Error:
            continue
        wide, count = Counter(map(len, rows)).most_common(1)[0] if rows else (0, 0)
        score = (known.best(rows), wide > 1, count / max(len(rows), 1) if wide > 1 else 0.0, wide)
        if score > most:
            best, most = separator, score
    if not best:
        first = next((line for line in head if line.strip()), "")
        raise InputError(file, "", _("the header {text!r} is not a row of a table.", text=clip(first.rstrip("\r\n"))))
    return best


def _rows(lines: Lines, separator: str, skipped: int, seen: Look, file: str) -> Iterator[tuple[int, list[str]]]:
    flow: Iterable[str] = islice(lines(), skipped, None)
    reader = csv.reader(flow, delimiter=separator, escapechar="\\" if seen.escaped else None)
    before = 0
    try:
        for row in reader:
            last = reader.line_num
            if last - before > 1:
                _check_quotes(row, before + 1 + skipped, last + skipped, separator, file)
            before = last
            yield last + skipped, row
    except csv.Error as error:
        line = reader.line_num + skipped
        raise InputError(file, "", _("is not a table of text: {reason}.", reason=reason(error)), "", line) from None
    except UnicodeError as error:
        raise _no_text(file, seen, error) from None


def _check_quotes(row: list[str], first: int, last: int, separator: str, file: str) -> None:
    """Refuse a row over several lines that holds whole other rows, which an unclosed quotation mark swallows."""
    if any(("\n" in cell or "\r" in cell) and cell.count(separator) >= 2 for cell in row):
        message = _("a quotation mark is not closed: it would swallow the rows up to line {line}.", line=last)
        raise InputError(file, "", message, _("Close it, or remove it."), first)
