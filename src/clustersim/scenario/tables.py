"""Tables that a scenario names: its first firms and ties, read from CSV files beside it, and only as plain data.

`clustersim scenario from-firms` writes such tables; a hand may too. They are UTF-8, with commas and decimal points; an empty
cell stands for a value that is not known and will be drawn.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any

import numpy as np

from clustersim.core.errors import InputError
from clustersim.model.state import ACQUAINTANCE, LEVELS
from clustersim.scenario.keys import clip, did_you_mean

BYTES_MAX = 200_000_000
ROWS_MAX = 2_000_000
ID_LENGTH = 60
LARGE = 250  # employees from which a firm counts as a tractor firm, unless the table says otherwise

TEXTS = ("cluster", "id", "segment")
# Numbers of a firm, with the least and the most that each may be.
NUMBERS = {
    "tractor": (0.0, 1.0), "employees": (0.0, 1e7), "sales": (0.0, 1e9), "exports": (0.0, 1e9), "year": (1000.0, 3000.0),
    "x": (-2000.0, 2000.0), "y": (-2000.0, 2000.0), "certified": (0.0, 1.0),
}  # fmt: skip
POSITIVE = ("employees", "sales")
FLAGS = ("tractor", "certified")
TIE_TEXTS = ("a", "b", "level")
TIE_NUMBERS = {"trust_ab": (0.0, 1.0), "trust_ba": (0.0, 1.0)}
MEANINGS = {
    "cluster": "cluster that the firm belongs to, as the scenario names it",
    "id": f"the register's own id of the firm, at most {ID_LENGTH} characters",
    "segment": "segment of the value chain",
    "tractor": "1 for a tractor firm, 0 for none; by employment if empty",
    "employees": "persons",
    "sales": "kUSD a year",
    "exports": "kUSD a year",
    "year": "year in which it was founded",
    "x": "km east of the cluster's centre",
    "y": "km north of the cluster's centre",
    "certified": "1 with an international certificate, 0 without",
    "a": "id of one firm",
    "b": "id of the other",
    "level": "acquaintance, information, commercial or strategic",
    "trust_ab": "trust of a in b, 0 to 1",
    "trust_ba": "trust of b in a, 0 to 1",
}


@dataclass(frozen=True, eq=False)
class Listing:
    """The firms of one cluster in a table: one entry each, tractor firms first; NaN, or empty text, where nothing is known."""

    texts: dict[str, list[str]]
    numbers: dict[str, np.ndarray]

    @property
    def tractors(self) -> int:
        """Number of tractor firms."""
        return int(self.numbers["tractor"].sum())

    def __len__(self) -> int:
        return len(self.texts["id"])


def fingerprint(path: FilePath, label: str) -> str:
    """Return the SHA-256 of a table's bytes.

    Raises
    ------
    InputError
        If the file cannot be read or is too large.
    """
    return hashlib.sha256(_content(path, label)).hexdigest()


def read_firms(path: FilePath, sha256: str, label: str = "") -> dict[str, Listing]:
    """Return the firms of a table by cluster; the table must have the hash `sha256`.

    Raises
    ------
    InputError
        Naming file, line and column.
    """
    return _firms(path, sha256, label or path.name)


def read_ties(path: FilePath, sha256: str, label: str = "") -> list[tuple[str, str, int, float, float]]:
    """Return the ties of a table: ids of both firms, code of the level, trust of each in the other or NaN."""
    return _ties(path, sha256, label or path.name)


@lru_cache(maxsize=8)
def _firms(path: FilePath, sha256: str, label: str) -> dict[str, Listing]:
    cells, lines = _columns(path, sha256, label, (*TEXTS, *NUMBERS), ("cluster", "id"))
    numbers = {name: _numbers(cells[name], lines, label, name, NUMBERS) for name in NUMBERS}
    _check_ids(cells["id"], lines, label)
    unknown = np.isnan(numbers["tractor"])
    numbers["tractor"] = np.where(unknown, numbers["employees"] >= LARGE, numbers["tractor"] > 0.5).astype(float)
    names, owner = np.unique(np.array(cells["cluster"], dtype=str), return_inverse=True)
    found = {}
    order = np.lexsort((np.arange(owner.size), -numbers["tractor"], owner))
    edges = np.searchsorted(owner[order], np.arange(names.size + 1))
    for k, name in enumerate(names):
        rows = order[edges[k] : edges[k + 1]]
        texts = {column: [cells[column][row] for row in rows] for column in ("id", "segment")}
        found[str(name)] = Listing(texts, {column: values[rows] for column, values in numbers.items()})
    return found


@lru_cache(maxsize=8)
def _ties(path: FilePath, sha256: str, label: str) -> list[tuple[str, str, int, float, float]]:
    cells, lines = _columns(path, sha256, label, (*TIE_TEXTS, *TIE_NUMBERS), ("a", "b"))
    trust = {name: _numbers(cells[name], lines, label, name, TIE_NUMBERS) for name in TIE_NUMBERS}
    found: list[tuple[str, str, int, float, float]] = []
    seen: dict[tuple[str, str], int] = {}
    for a, b, level, ab, ba, line in zip(
        cells["a"], cells["b"], cells["level"], trust["trust_ab"], trust["trust_ba"], lines, strict=True
    ):
        if level and level not in LEVELS:
            hint = did_you_mean(level, LEVELS, f"Allowed: {', '.join(LEVELS)}.")
            raise InputError(label, "level", f"{clip(level)!r} is not a level of tie.", hint, line)
        if a == b:
            raise InputError(label, "b", f"the firm {clip(a)!r} cannot have a tie with itself.", "", line)
        pair = (a, b) if a < b else (b, a)
        if pair in seen:
            raise InputError(label, "b", f"the tie of {clip(a)!r} and {clip(b)!r} stands in line {seen[pair]} already.", "", line)
        seen[pair] = line
        found.append((a, b, LEVELS.index(level) if level else ACQUAINTANCE, float(ab), float(ba)))
    return found


def _content(path: FilePath, label: str) -> bytes:
    try:
        if not path.is_file():
            raise InputError(label, "", "there is no such table beside the scenario.")
        with path.open("rb") as stream:
            content = stream.read(BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        raise InputError(label, "", f"cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    if len(content) > BYTES_MAX:
        raise InputError(label, "", f"is longer than the {BYTES_MAX // 1_000_000} MB that a table may have.")
    return content


def _columns(
    path: FilePath, sha256: str, label: str, known: tuple[str, ...], needed: tuple[str, ...]
) -> tuple[dict[str, Any], list[int]]:
    """Return the cells of each known column, empty where the table has none, and the line of each row."""
    content = _content(path, label)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise InputError(label, "", "is not the table that the scenario was made with: its SHA-256 differs.",
                         "If it was changed on purpose, write its new hash, or leave `sha256` out.")  # fmt: skip
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(label, "", f"is not UTF-8 text: byte 0x{content[error.start]:02x} at {error.start}.") from None
    reader = csv.reader(io.StringIO(text, newline=""))
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        header = next(reader, [])
        for row in reader:
            if row:
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        raise InputError(label, "", f"is not a CSV table: {error}.", "", reader.line_num) from None
    for name in header:
        if name not in known:
            raise InputError(label, clip(name), "is not a column of this table.",
                             did_you_mean(name, known, f"Allowed: {', '.join(known)}."), 1)  # fmt: skip
    for name in needed:
        if name not in header:
            raise InputError(label, name, "the column is missing.", f"Allowed: {', '.join(known)}.", 1)
    if len(set(header)) < len(header):
        raise InputError(label, max(header, key=header.count), "the column stands twice.", "", 1)
    if len(rows) > ROWS_MAX:
        raise InputError(label, "", f"has {len(rows)} rows; a table may have {ROWS_MAX}.")
    for row, line in zip(rows, lines, strict=True):
        if len(row) != len(header):
            raise InputError(label, "", f"has {len(row)} cells where the header has {len(header)}.", "", line)
    columns = dict(zip(header, zip(*rows, strict=True), strict=True)) if rows else {}
    return {name: columns.get(name, ("",) * len(rows)) for name in known}, lines


def _numbers(cells: tuple[str, ...], lines: list[int], label: str, name: str, ranges: dict[str, Any]) -> np.ndarray:
    """Return the numbers of a column, NaN for an empty cell."""
    low, high = ranges[name]
    try:
        values = np.array([cell or "nan" for cell in cells], dtype=float)
    except ValueError:
        values = np.array([_number(cell) for cell in cells], dtype=float)
    given = np.array([bool(cell) for cell in cells], dtype=bool)
    wrong = given & ~((values >= low) & (values <= high))
    if name in POSITIVE:
        wrong |= given & (values == 0.0)
    if name in FLAGS:
        wrong |= given & (values != 0.0) & (values != 1.0)
    if wrong.any():
        at = int(np.argmax(wrong))
        least = f"above {low:g}" if name in POSITIVE else f"{low:g}"
        must = "0 or 1" if name in FLAGS else f"a number from {least} to {high:g}"
        allowed = f"it must be {must} ({MEANINGS[name]}), or empty."
        raise InputError(label, name, f"found {clip(cells[at])!r}; {allowed}", "", lines[at])
    return values


def _number(cell: str) -> float:
    try:
        return float(cell) if cell else math.nan
    except ValueError:
        return math.inf


def _check_ids(ids: tuple[str, ...], lines: list[int], label: str) -> None:
    seen: dict[str, int] = {}
    for id_, line in zip(ids, lines, strict=True):
        if not id_.strip() or len(id_) > ID_LENGTH or not id_.isprintable():
            message = f"found {clip(id_)!r}; an id is text of 1 to {ID_LENGTH} printable characters."
            raise InputError(label, "id", message, "", line)
        if id_ in seen:
            raise InputError(label, "id", f"{id_!r} stands in lines {seen[id_]} and {line}; an id names one firm.", "", line)
        seen[id_] = line
