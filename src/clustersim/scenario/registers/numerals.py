"""Numbers as people write them: decimal comma or point, separators of thousands, currency signs; read with care.

'1.234' is a thousand and something in one country and one and something in another. What a column means is decided from its
cells that can be read in one way only, then from the other columns of the file, then from the file's separator; what only
the convention decides is counted, so that it can be said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

_JUNK = re.compile(r"US\$|USD|[\s'’$€£%]", re.IGNORECASE)
_WHOLE = re.compile(r"[-+]?\d+")
_SIMPLE = re.compile(r"[-+]?\d*([.,])\d+")
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}([.,])\d{3}")
_MANY = re.compile(r"[-+]?\d{1,3}([.,])\d{3}(?:\1\d{3})+")
_BOTH = re.compile(r"[-+]?\d{1,3}([.,])\d{3}(?:\1\d{3})*(?!\1)([.,])\d+")
_EXPONENT = re.compile(r"[-+]?\d+(?:\.\d+)?[eE][-+]?\d+")
POINT, COMMA, OPEN, CONFLICT = "point", "comma", "", "conflict"
DECIMAL = {".": POINT, ",": COMMA}
OTHER = {".": COMMA, ",": POINT}


@dataclass
class Numbers:
    """A column read as numbers.

    Attributes
    ----------
    values : ndarray of float
        NaN where the cell is empty or cannot be read.
    bad : ndarray of bool
        Cells with content that is no number.
    unclear : ndarray of bool
        Cells such as '1.234' that only the convention decided, or left unread.
    """

    values: np.ndarray
    bad: np.ndarray
    unclear: np.ndarray


def distinct(cells: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Return the texts of a column, each once, and which of them each cell is.

    Examples
    --------
    >>> import numpy as np
    >>> from clustersim.scenario.registers.numerals import distinct
    >>> distinct(np.array(["a", "b", "a"], object))
    (['a', 'b'], array([0, 1, 0]))
    """
    written = cells.tolist()
    place = {text: k for k, text in enumerate(dict.fromkeys(written))}
    return list(place), np.fromiter(map(place.__getitem__, written), int, len(written))


def evidence(cells: np.ndarray) -> str:
    """Return the decimal sign that a column shows without doubt: "point", "comma", "conflict", or "" for none."""
    seen = set()
    for cell in set(cells):
        text = _JUNK.sub("", cell)
        if (match := _BOTH.fullmatch(text)) is not None:
            seen.add(DECIMAL[match[2]])
        elif (match := _MANY.fullmatch(text)) is not None:
            seen.add(OTHER[match[1]])
        elif not _GROUPED.fullmatch(text) and (match := _SIMPLE.fullmatch(text)) is not None:
            seen.add(DECIMAL[match[1]])
    return CONFLICT if len(seen) > 1 else seen.pop() if seen else OPEN


def is_grouped(text: str) -> bool:
    """Whether a number such as '1.234' can be read in two ways."""
    return _GROUPED.fullmatch(_JUNK.sub("", text)) is not None


def read_numbers(cells: np.ndarray, decimal: str, never_grouped: bool = False, whole: bool = False) -> Numbers:
    """Read a column under a convention; each distinct text is read once.

    Parameters
    ----------
    cells : ndarray of object
        Texts without blanks at their ends.
    decimal : str
        "point" or "comma": what an unclear cell is read by; "conflict" leaves unclear cells unread.
    never_grouped : bool
        Whether thousands are never grouped in such a column (coordinates).
    whole : bool
        Whether numbers are counts, so that '3.400' is 3,400 and not unclear.
    """
    texts, place = distinct(cells)
    read = [_read(text, decimal, never_grouped, whole) for text in texts]
    values = np.array([value for value, _ in read], float)[place]
    unclear = np.array([doubt for _, doubt in read], bool)[place]
    return Numbers(values, np.isnan(values) & (cells != ""), unclear)


def _read(cell: str, decimal: str, never_grouped: bool, whole: bool) -> tuple[float, bool]:
    text = _JUNK.sub("", cell)
    if _WHOLE.fullmatch(text) or _EXPONENT.fullmatch(text):
        return _finite(text), False
    if not never_grouped:
        if (match := _BOTH.fullmatch(text)) is not None:
            return _finite(text.replace(match[1], "").replace(match[2], ".")), False
        if (match := _MANY.fullmatch(text)) is not None:
            return _finite(text.replace(match[1], "")), False
        if (match := _GROUPED.fullmatch(text)) is not None:
            if whole:
                return _finite(text.replace(match[1], "")), False
            if decimal == CONFLICT:
                return np.nan, True
            return _finite(text.replace(match[1], "." if DECIMAL[match[1]] == decimal else "")), True
    return (_finite(text.replace(",", ".")), False) if _SIMPLE.fullmatch(text) else (np.nan, False)


def _finite(text: str) -> float:
    value = float(text)
    return value if np.isfinite(value) else np.nan
