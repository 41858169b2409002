"""Tables that a scenario names: its first firms and ties, read from CSV files beside it, and only as plain data.

`clustersim scenario from-firms` writes such tables; a hand may too. They are UTF-8, with commas and decimal points; an empty
cell stands for a value that is not known and will be drawn.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from clustersim.core.cells import original
from clustersim.core.errors import InputError, reason
from clustersim.core.words import N_, _
from clustersim.model.state import ACQUAINTANCE, LEVELS
from clustersim.scenario.keys import clip, did_you_mean, either, listed, must_be, show
from clustersim.scenario.model import NAME
from clustersim.scenario.yaml_reader import not_utf8

BYTES_MAX = 200_000_000
ROWS_MAX = 2_000_000
PART = 10_000  # rows that are held as text at a time
ID_LENGTH = 60
LARGE = 250  # employees from which a firm counts as a tractor firm, unless the table says otherwise

TEXTS = ("cluster", "id", "segment")
# Numbers of a firm, with the least and the most that each may be.
NUMBERS = {
    "tractor": (0.0, 1.0), "employees": (0.0, 1e7), "sales": (0.0, 1e9), "exports": (0.0, 1e9), "year": (1000.0, 3000.0),
    "x": (-2000.0, 2000.0), "y": (-2000.0, 2000.0), "certified": (0.0, 1.0), "member": (0.0, 1.0),
}  # fmt: skip
POSITIVE = ("employees", "sales")
FLAGS = ("tractor", "certified", "member")
TIE_TEXTS = ("a", "b", "level")
TIE_NUMBERS = {"trust_ab": (0.0, 1.0), "trust_ba": (0.0, 1.0)}
MEANINGS = {
    "cluster": N_("cluster that the firm belongs to, as the scenario names it"),
    "id": N_("the register's own id of the firm"),
    "segment": N_("segment of the value chain"),
    "tractor": N_("1 for a tractor firm, 0 for none; by employment if empty"),
    "employees": N_("persons"),
    "sales": N_("kUSD a year"),
    "exports": N_("kUSD a year"),
    "year": N_("year in which it was founded"),
    "x": N_("km east of the cluster's centre"),
    "y": N_("km north of the cluster's centre"),
    "certified": N_("1 with an international certificate, 0 without"),
    "member": N_("1 for a member of the cluster's association, 0 or missing for none"),
    "a": N_("id of one firm"),
    "b": N_("id of the other"),
    "level": N_("acquaintance, information, commercial or strategic"),
    "trust_ab": N_("trust of a in b, 0 to 1"),
    "trust_ba": N_("trust of b in a, 0 to 1"),
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


class _Part(NamedTuple):
    """Some rows of a table: the cells of each known column, empty where the table has none, and the line of each row."""

    cells: dict[str, tuple[str, ...]]
    lines: list[int]


def fingerprint(path: Path, label: str) -> str:
    """Return the SHA-256 of a table's bytes.

    Raises
    ------
    InputError
        If the file cannot be read or is too large.
    """
    return hashlib.sha256(_content(path, label)).hexdigest()


def read_firms(path: Path, sha256: str, label: str = "") -> dict[str, Listing]:
    """Return the firms of a table by cluster; the table must have the hash `sha256`.

    Raises
    ------
    InputError
        Naming file, line and column.
    """
    return _firms(path, sha256, label or path.name)


def read_ties(path: Path, sha256: str, label: str = "") -> list[tuple[str, str, int, float, float]]:
    """Return the ties of a table: ids of both firms, code of the level, trust of each in the other or NaN."""
    return _ties(path, sha256, label or path.name)


@lru_cache(maxsize=8)
def _firms(path: Path, sha256: str, label: str) -> dict[str, Listing]:
    ids: list[str] = []
    lines = array("q")
    clusters: list[str] = []
    segments: list[str] = []
    known: dict[str, str] = {}  # a few names stand in many rows: each is held once
    parts: dict[str, list[np.ndarray]] = {name: [] for name in NUMBERS}
    for part in _parts(path, sha256, label, (*TEXTS, *NUMBERS), ("cluster", "id")):
        numbers = {name: _numbers(part, label, name, NUMBERS) for name in NUMBERS}
        _check_exports(numbers, part, label)
        for name, values in numbers.items():
            parts[name].append(values)
        ids += part.cells["id"]
        lines.extend(part.lines)
        clusters += (known.setdefault(name, name) for name in part.cells["cluster"])
        segments += (known.setdefault(name, name) for name in part.cells["segment"])
    _check_ids(ids, lines, label)
    numbers = {name: np.concatenate([np.empty(0), *parts.pop(name)]) for name in NUMBERS}  # none is held twice
    unknown = np.isnan(numbers["tractor"])
    numbers["tractor"] = np.where(unknown, numbers["employees"] >= LARGE, numbers["tractor"] > 0.5).astype(float)
    names = sorted(set(clusters))
    _check_clusters(clusters, names, lines, label)
    code = {name: k for k, name in enumerate(names)}
    owner = np.fromiter((code[name] for name in clusters), np.int64, len(clusters))
    order = np.lexsort((np.arange(owner.size), -numbers["tractor"], owner))
    edges = np.searchsorted(owner[order], np.arange(len(names) + 1))
    rows = [order[edges[k] : edges[k + 1]] for k in range(len(names))]
    found = {
        name: Listing({"id": [ids[row] for row in here], "segment": [segments[row] for row in here]}, {})
        for name, here in zip(names, rows, strict=True)
    }
    for column in NUMBERS:
        values = numbers.pop(column)
        for name, here in zip(names, rows, strict=True):
            found[name].numbers[column] = values[here]
    return found


@lru_cache(maxsize=8)
def _ties(path: Path, sha256: str, label: str) -> list[tuple[str, str, int, float, float]]:
    found: list[tuple[str, str, int, float, float]] = []
    seen: dict[tuple[str, str], int] = {}
    for part in _parts(path, sha256, label, (*TIE_TEXTS, *TIE_NUMBERS), ("a", "b")):
        found += _ties_of(part, label, seen)
    return found


def _ties_of(part: _Part, label: str, seen: dict[tuple[str, str], int]) -> list[tuple[str, str, int, float, float]]:
    """Return the ties of some rows; `seen` has the line of each pair so far."""
    cells, trust = part.cells, {name: _numbers(part, label, name, TIE_NUMBERS) for name in TIE_NUMBERS}
    found: list[tuple[str, str, int, float, float]] = []
    for a, b, level, ab, ba, line in zip(
        cells["a"], cells["b"], cells["level"], trust["trust_ab"], trust["trust_ba"], part.lines, strict=True
    ):
        if level and level not in LEVELS:
            hint = did_you_mean(level, LEVELS, listed(LEVELS))
            raise InputError(label, "level", _("{level!r} is not a level of tie.", level=clip(level)), hint, line)
        if a == b:
            raise InputError(label, "b", _("the firm {id!r} cannot have a tie with itself.", id=clip(a)), "", line)
        pair = (a, b) if a < b else (b, a)
        if pair in seen:
            message = _("the tie of {a!r} and {b!r} stands in line {line} already.", a=clip(a), b=clip(b), line=seen[pair])
            raise InputError(label, "b", message, "", line)
        seen[pair] = line
        found.append((a, b, LEVELS.index(level) if level else ACQUAINTANCE, float(ab), float(ba)))
    return found


def _content(path: Path, label: str) -> bytes:
    try:
        if not path.is_file():
            raise InputError(label, "", _("there is no such table beside the scenario."))
        with path.open("rb") as stream:
            content = stream.read(BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        raise InputError(label, "", _("cannot be read: {reason}.", reason=reason(error))) from None
    if len(content) > BYTES_MAX:
        message = _("is longer than the {most} MB that a table may have.", most=BYTES_MAX // 1_000_000)
        raise InputError(label, "", message)
    return content


def _parts(
    path: Path, sha256: str, label: str, known: tuple[str, ...], needed: tuple[str, ...]
) -> Iterator[_Part]:
    """Yield the rows of a table in parts, so that no table is held whole as text."""
    content = _content(path, label)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise InputError(label, "", _("is not the table that the scenario was made with: its SHA-256 differs."),
                         _("If it was changed on purpose, write its new hash, or leave `sha256` out."))  # fmt: skip
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline=""))
    try:
        header = next(reader, [])
        _check_header(header, label, known, needed)
        count, escaped = 0, b"'" in content
        while rows := [(row, reader.line_num) for row in islice(reader, PART)]:
            part = [(row, line) for row, line in rows if row]
            count += len(part)
            if count > ROWS_MAX:
                raise InputError(label, "", _("has more than {most} rows, the most that a table may have.", most=ROWS_MAX))
            yield _part(part, header, known, label, escaped)
    except csv.Error as error:
        raise InputError(label, "", _("is not a CSV table: {reason}.", reason=reason(error)), "", reader.line_num) from None
    except UnicodeDecodeError:
        raise InputError(label, "", not_utf8(content, _first_wrong(content))) from None


def _first_wrong(content: bytes) -> int:
    """Return where in a table, of which not all is UTF-8, the first byte stands that is not."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _check_header(header: list[str], label: str, known: tuple[str, ...], needed: tuple[str, ...]) -> None:
    for name in header:
        if name not in known:
            hint = did_you_mean(name, known, listed(known))
            raise InputError(label, clip(name), _("is not a column of this table."), hint, 1)
    for name in needed:
        if name not in header:
            raise InputError(label, name, _("the column is missing."), listed(known), 1)
    if len(set(header)) < len(header):
        raise InputError(label, max(header, key=header.count), _("the column stands twice."), "", 1)


def _part(rows: list[tuple[list[str], int]], header: list[str], known: tuple[str, ...], label: str, escaped: bool) -> _Part:
    """Return rows by column; `escaped` if a cell may be quoted against being taken for a formula."""
    for row, line in rows:
        if len(row) != len(header):
            message = _("has {count} cells where the header has {due}.", count=len(row), due=len(header))
            raise InputError(label, "", message, "", line)
    cells = [[original(cell) for cell in row] if escaped else row for row, _line in rows]
    columns = dict(zip(header, zip(*cells, strict=True), strict=True)) if cells else {}
    empty = ("",) * len(rows)
    return _Part({name: columns.get(name, empty) for name in known}, [line for _row, line in rows])


def _numbers(part: _Part, label: str, name: str, ranges: dict[str, Any]) -> np.ndarray:
    """Return the numbers of a column, NaN for an empty cell."""
    cells, lines = part.cells[name], part.lines
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
        least = _("above {value}", value=f"{low:g}") if name in POSITIVE else f"{low:g}"
        must = either(("0", "1")) if name in FLAGS else _("a number from {low} to {high}", low=least, high=f"{high:g}")
        message = _("found {found}; it must be {must} ({meaning}), or empty.", found=repr(clip(cells[at])), must=must,
                    meaning=_(MEANINGS[name]))  # fmt: skip
        raise InputError(label, name, message, "", lines[at])
    return values


def _number(cell: str) -> float:
    try:
        return float(cell) if cell else math.nan
    except ValueError:
        return math.inf


def _check_exports(numbers: dict[str, np.ndarray], part: _Part, label: str) -> None:
    above = numbers["exports"] > numbers["sales"]
    if above.any():
        at = int(np.argmax(above))
        message = _("found {exports}, which is above the firm's sales, {sales}; exports are a part of sales.",
                    exports=clip(part.cells["exports"][at]), sales=clip(part.cells["sales"][at]))  # fmt: skip
        raise InputError(label, "exports", message, "", part.lines[at])


def _check_clusters(clusters: Sequence[str], names: Collection[str], lines: Sequence[int], label: str) -> None:
    """Refuse names that no cluster can have, such as one with a blank behind it: its firms would be nobody's."""
    for name in names:
        if not re.fullmatch(NAME, name):
            said = must_be(show(name), _("the name of a cluster: letters, digits and underscores"))
            hint = did_you_mean(name.strip(), [other for other in names if other != name])
            raise InputError(label, "cluster", said, hint, lines[clusters.index(name)])


def _check_ids(ids: Sequence[str], lines: Sequence[int], label: str) -> None:
    seen: dict[str, int] = {}
    for id_, line in zip(ids, lines, strict=True):
        if not id_.strip() or len(id_) > ID_LENGTH or not id_.isprintable():
            message = _("found {found!r}; an id is text of 1 to {most} printable characters.", found=clip(id_), most=ID_LENGTH)
            raise InputError(label, "id", message, "", line)
        if id_ in seen:
            message = _("{id!r} stands in lines {first} and {second}; an id names one firm.", id=id_, first=seen[id_],
                        second=line)  # fmt: skip
            raise InputError(label, "id", message, "", line)
        seen[id_] = line
