"""What was made of each row, gathered while a register is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from clustersim.core.words import N_, _

# Why a row is not used, and what was changed in one that is.
TEXTS = {
    "no_id": N_("not used: it has no id"),
    "too_long": N_("not used: it has more cells than the header"),
    "other_year": N_("not used: it is of {found}, another year"),
    "closed": N_("not used: the firm is no longer ({column}: {found!r})"),
    "not_kept": N_("not used: {found!r} is none of what this register counts"),
    "total": N_("not used: {found!r} is the total of the others"),
    "duplicate": N_("not used: the same row stands above"),
    "joined": N_("not used by itself: joined with the other rows of {found!r}"),
    "unmapped": N_("not used: the activity {found!r} is not in the activity map"),
    "no_cluster": N_("not used: without {column} its cluster is not known"),
    "too_short": N_("has fewer cells than the header; the last ones count as empty"),
    "hidden": N_("its row is hidden in the sheet, as by a filter; it is used all the same"),
    "broken": N_("{column}: {found!r} is a formula that failed; it counts as empty"),
    "not_number": N_("{column}: {found!r} is not a number"),
    "not_clear": N_("{column}: {found!r} can be read in two ways, and the column shows both"),
    "not_flag": N_("{column}: {found!r} is neither yes nor no"),
    "not_whole": N_("{column}: {found!r} is no whole number; it counts as it stands"),
    "not_money": N_("{column}: {found!r} is per cent, not money"),
    "own_unit": N_("{column}: {found!r} is read with its own unit, unlike the others"),
    "as_share": N_("{column}: {found!r} is read as a share of sales"),
    "as_percent": N_("{column}: {found!r} is read as per cent, as the others are"),
    "id_float": N_("the id {found!r} is read without .0, which a program has put behind it"),
    "rounded_id": N_("the id {found!r} looks rounded by a spreadsheet"),
    "short_id": N_("the id {found!r} is shorter than the others: a spreadsheet may have taken its zero"),
    "other_currency": N_("{column}: {found!r} is in another currency than the others"),
    "in_class": N_("{column}: drawn inside its class"),
    "joins": N_("several rows of this firm are put together"),
    "partly": N_("{column}: not all rows of this firm tell it; those that do are added up"),
    "not_date": N_("{column}: {found!r} is no date"),
    "closed_day": N_("{column}: {found!r} has passed, but its status says that the firm is; it counts as one that is"),
    "placeholder": N_("{column}: {found!r} stands for a year that is not known"),
    "not_year": N_("{column}: {found!r} is not a year up to {start}"),
    "out_of_range": N_("{column}: {found!r} is out of range"),
    "respelt": N_("{column}: {found!r} counts as its commonest spelling"),
    "no_sales": N_("{column}: a firm with sales of 0 cannot be simulated"),
    "raised": N_("{column}: {found!r} counts as 1, the owner"),
    "above_sales": N_("{column}: {found!r} is above sales, and counts as all of them"),
    "share_alone": N_("{column}: {found!r} cannot be used without sales"),
    "no_place": N_("latitude, longitude: 0, 0 stands for none"),
    "zero": N_("latitude or longitude: 0, far from the others, stands for none"),
    "mirrored": N_("its place lies {found} km from the others, and among them with the other sign; it is not used"),
    "apart": N_("its place lies {found} km from the middle, apart from most; it is used"),
    "far": N_("its place lies {found} km from the others"),
    "municipality": N_("placed in the middle of its municipality"),
    "limited": N_("sales per employee beyond what the model can hold: employment will move toward what sales need"),
    "control": N_("{column}: {found!r} holds control characters; they count as spaces"),
    "grouped": N_("activity {found!r} is one of those grouped as 'other'"),
}

NOT_USED = ("no_id", "too_long", "other_year", "closed", "not_kept", "total", "duplicate", "joined", "unmapped", "no_cluster")


class Note(NamedTuple):
    """The same of several rows: a key of `TEXTS`, the column, the rows' numbers, and what was found in each, if anything."""

    code: str
    column: str
    rows: np.ndarray
    found: list[Any]


@dataclass
class Notes:
    """Notes on rows of a register.

    Attributes
    ----------
    told : list of Note
        What is to be said, in the order in which it was found.
    """

    told: list[Note] = field(default_factory=list)

    def add(self, code: str, rows: np.ndarray, column: str = "", found: Iterable[Any] = ()) -> None:
        """Note the same of several rows, given as a mask or as numbers."""
        numbers = np.flatnonzero(rows) if rows.dtype == bool else rows
        if len(numbers):
            self.told.append(Note(code, column, numbers, list(found)))

    def by_row(self) -> dict[int, list[tuple[str, str, Any]]]:
        """Return for each row that has any its notes: code, column, and what was found."""
        found: dict[int, list[tuple[str, str, Any]]] = {}
        for code, column, rows, cells in self.told:
            for row, cell in zip(rows.tolist(), cells or [""] * len(rows), strict=True):
                found.setdefault(row, []).append((code, column, cell))
        return found

    def count(self) -> dict[tuple[str, str], int]:
        """Return how many rows have each note, by its code and column."""
        found: dict[tuple[str, str], int] = {}
        for code, column, rows, _cells in self.told:
            found[code, column] = found.get((code, column), 0) + len(rows)
        return found

    def example(self, code: str, column: str) -> Any:
        """Return what was found in the first row with a note."""
        alike = [note for note in self.told if (note.code, note.column) == (code, column)]
        first = min(alike, key=lambda note: note.rows.min())
        return first.found[int(np.argmin(first.rows))] if first.found else ""


def say(code: str, **values: object) -> str:
    """Return the text of a note."""
    return _(TEXTS[code], **values)
