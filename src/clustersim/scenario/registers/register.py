"""A firm register, read: every usable cell as a value, every other one noted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from clustersim.core.errors import InputError, door
from clustersim.core.words import N_, _, _n
from clustersim.scenario.keys import clip
from clustersim.scenario.registers.asking import Asked
from clustersim.scenario.registers.columns import COLUMNS, Header, plain, recognise
from clustersim.scenario.registers.doubts import Doubt
from clustersim.scenario.registers.notes import Notes
from clustersim.scenario.registers.numerals import COMMA, CONFLICT, OPEN, POINT, evidence, read_numbers
from clustersim.scenario.registers.sheet import SEPARATORS, Sheet, read_sheet
from clustersim.scenario.tables import ID_LENGTH, LARGE, NUMBERS

UNITS = {"usd": 0.001, "kusd": 1.0, "musd": 1000.0}
YES = {"1", "yes", "y", "true", "x", "si", "s", "verdadero", "cierto", "1_0"}
NO = {"0", "no", "n", "false", "f", "falso", "0_0"}
_YEAR = re.compile(r"(?<!\d)(1\d{3}|2[01]\d{2})(?!\d)")
_NOTHING = Asked()
_ROUNDED = re.compile(r"\d[.,]\d+[eE]\+?\d+")


@dataclass
class Register:
    """A firm register.

    Attributes
    ----------
    sheet, header
        The table of text, and which column is which.
    used : ndarray of bool, shape (rows,)
        Rows that name a firm.
    texts : dict of ndarray of object
        ``id``, ``name``, ``municipality``, ``activity``; empty where nothing is said.
    values : dict of ndarray of float
        Employees (persons), year, sales and exports (kUSD a year), latitude and longitude (degrees), x and y (km), and the flags
        0 or 1; NaN where nothing is said.
    start_year : int
        The year whose beginning the register shows.
    notes : Notes
        What is to be said of rows.
    decisions : dict
        What was decided for the whole file: encoding, separator, decimal sign, unit of money, and why.
    asked : Asked
        What the user said of how to read it.
    doubts : list of Doubt
        What can be read in two ways, and was read in the likelier one.
    profile : str, optional
        The public register that it was recognised as.
    """

    sheet: Sheet
    header: Header
    used: np.ndarray
    texts: dict[str, np.ndarray]
    values: dict[str, np.ndarray]
    start_year: int
    notes: Notes = field(default_factory=Notes)
    decisions: dict[str, str] = field(default_factory=dict)
    asked: Asked = field(default_factory=Asked)
    doubts: list[Doubt] = field(default_factory=list)
    profile: str | None = None

    @property
    def asides(self) -> list[Any]:
        """Lines of the file that are no firm."""
        return list(getattr(self.sheet, "asides", ()))

    def __len__(self) -> int:
        return len(self.used)


def read_register(path: Path, asked: Asked = _NOTHING, needed: Iterable[str] = ("id",)) -> Register:
    """Read a firm register.

    Parameters
    ----------
    path : Path
        A CSV file; see `COLUMNS` for what its headings may be.
    asked : Asked
        What the user says of how to read it.
    needed : iterable of str
        Columns that the file must have.

    Raises
    ------
    InputError
        If the file is no register, ids repeat, or a number is negative that cannot be.
    """
    sheet = read_sheet(path, COLUMNS)
    header = recognise(sheet.headings, COLUMNS, sheet.file, needed, asked.ignore)
    rows = len(sheet)
    empty = np.full(rows, "", object)
    cells = {name: sheet.cells[header.found[name]] if name in header.found else empty for name in COLUMNS}
    found = Register(sheet, header, ~sheet.too_long, {}, {}, 0, asked=asked)
    found.notes.add("too_long", sheet.too_long)
    found.notes.add("too_short", sheet.too_short & found.used)
    found.texts = {name: cells[name] for name, column in COLUMNS.items() if column.kind in ("id", "text")}
    unnamed = found.used & (found.texts["id"] == "") if "id" in header.found else np.zeros(rows, bool)
    found.notes.add("no_id", unnamed)
    found.used &= ~unnamed
    if "id" in header.found:
        _check_ids(found)
    _one_spelling(found, "municipality", _without_accents)
    _one_spelling(found, "activity", str.casefold)  # as activity maps are read
    _read_values(found, cells, asked.decimal, asked.money)
    found.start_year = _read_years(found, cells["year"], asked.start_year)
    _mend(found, cells)
    found.decisions |= {"encoding": sheet.encoding, "separator": SEPARATORS[sheet.separator]}
    return found


def _check_ids(register: Register) -> None:
    seen: dict[str, int] = {}
    again: list[tuple[str, int, int]] = []
    ids, lines, file = register.texts["id"], register.sheet.lines, register.sheet.file
    heading = register.header.written["id"]
    for row in np.flatnonzero(register.used).tolist():
        id_ = ids[row]
        if len(id_) > ID_LENGTH or not id_.isprintable():
            message = _("found {found!r}; an id has at most {most} printable characters.", found=clip(id_), most=ID_LENGTH)
            raise InputError(file, heading, message, "", int(lines[row]))
        if id_ in seen:
            again.append((id_, seen[id_], int(lines[row])))
        seen.setdefault(id_, int(lines[row]))
    if again:
        id_, first, line = again[0]
        hint = _("A spreadsheet has rounded it: save the column as text.") if _ROUNDED.fullmatch(id_) else ""
        message = _n("{id!r} stands in lines {first} and {second}; an id names one firm.",
                     "{id!r} stands in lines {first} and {second} ({n} rows repeat an id); an id names one firm.",
                     len(again), id=clip(id_), first=first, second=line)  # fmt: skip
        raise InputError(file, heading, message, hint, line)


def _without_accents(text: str) -> str:
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(bare.casefold().split())


def _one_spelling(register: Register, name: str, alike: Callable[[str], str]) -> None:
    """Write cells of a column that are alike as most of them are, so that AMBATO and Ambato are one town; say so."""
    cells = register.texts[name]
    distinct, place, count = np.unique(cells.astype(str), return_inverse=True, return_counts=True)
    usual: dict[str, int] = {}
    for k, text in enumerate(distinct.tolist()):
        best = usual.setdefault(alike(text), k)
        if count[k] > count[best]:
            usual[alike(text)] = k
    chosen = np.array([usual[alike(text)] for text in distinct.tolist()], int)[place]
    _note(register, "respelt", chosen != place, name, cells)
    register.texts[name] = distinct.astype(object)[chosen]


def _read_values(register: Register, cells: dict[str, np.ndarray], decimal: str | None, money: str | None) -> None:
    kinds = {name: column.kind for name, column in COLUMNS.items()}
    numeric = [name for name, kind in kinds.items() if kind in ("count", "money", "share", "coordinate")]
    shown = {name: evidence(cells[name]) for name in numeric if name in register.header.found}
    usual, why = _convention(register.sheet, {n: s for n, s in shown.items() if kinds[n] != "coordinate"}, decimal)
    register.decisions |= {"decimal": usual, "decimal_by": why}
    for name in numeric:
        sign = decimal or (usual if shown.get(name, OPEN) == OPEN else shown[name])
        read = read_numbers(cells[name], sign, kinds[name] == "coordinate")
        for code, rows in (("not_clear", read.bad & read.unclear), ("not_number", read.bad & ~read.unclear)):
            _note(register, code, rows, name, cells[name])
        if (read.unclear & ~read.bad).any():
            first = int(np.argmax(read.unclear & ~read.bad))
            example = f"{cells[name][first]} = {read.values[first]:g}"
            register.decisions[f"unclear_{name}"] = f"{int((read.unclear & ~read.bad).sum())}: {example}"
        values = read.values
        if kinds[name] in ("count", "money"):
            _refuse_negative(register, name, values, cells[name])
        if kinds[name] == "money":
            with np.errstate(over="ignore"):  # what is out of range is set aside, and said, below
                values = np.round(values * register.header.factors.get(name, UNITS[money or "usd"]), 6)
            if name in register.header.found:
                told = name in register.header.factors
                register.decisions[f"unit_{name}"] = "heading" if told else (money or "usd") + ("" if money else " (assumed)")
        register.values[name] = values
    for name in (name for name, kind in kinds.items() if kind == "flag"):
        words, place = np.unique(cells[name].astype(str), return_inverse=True)
        meant = np.array([1.0 if plain(w) in YES else 0.0 if plain(w) in NO else np.nan for w in words])
        register.values[name] = meant[place]
        _note(register, "not_flag", np.isnan(meant[place]) & (cells[name] != ""), name, cells[name])


def _convention(sheet: Sheet, shown: dict[str, str], decimal: str | None) -> tuple[str, str]:
    """Return the decimal sign by which unclear numbers are read where their own column does not tell, and who says so."""
    if decimal:
        return decimal, door(command="--decimal", python="decimal")
    signs = {sign for sign in shown.values() if sign in (POINT, COMMA)}
    if len(signs) == 1 and CONFLICT not in shown.values():
        return signs.pop(), "numbers"
    return (COMMA if sheet.separator == ";" else POINT), "separator"


def _note(register: Register, code: str, rows: np.ndarray, name: str, cells: np.ndarray) -> None:
    rows = rows & register.used
    register.notes.add(code, rows, name, cells[rows])


def _refuse_negative(register: Register, name: str, values: np.ndarray, cells: np.ndarray) -> None:
    negative = (values < 0.0) & register.used
    if negative.any():
        row = int(np.argmax(negative))
        message = _n("found {found!r}, which is negative; it must be 0 or more, or empty.",
                     "found {found!r}, which is negative ({n} rows are); it must be 0 or more, or empty.",
                     int(negative.sum()), found=clip(cells[row]))  # fmt: skip
        raise InputError(register.sheet.file, register.header.written[name], message, "", int(register.sheet.lines[row]))


def _read_years(register: Register, cells: np.ndarray, start_year: int | None) -> int:
    """Read years, also out of dates; return the year of the start."""
    distinct, place = np.unique(cells.astype(str), return_inverse=True)
    years = np.full(distinct.size, np.nan)
    for k, text in enumerate(distinct):
        found = _YEAR.findall(re.sub(r"[.,]0+$", "", text))
        if len(found) == 1:
            years[k] = float(found[0])
    values = years[place]
    last = start_year or date.today().year
    possible = values[(values <= last) & register.used]
    start = start_year or (int(possible.max()) + 1 if possible.size else date.today().year)
    wrong = (cells != "") & ~(values <= start)
    rows = wrong & register.used
    register.notes.add("not_year", rows, "year", cells[rows])
    register.values["year"] = np.where(wrong, np.nan, values)
    said = door(command="--start-year", python="start_year")
    by = said if start_year else N_("latest founding") if possible.size else N_("today")
    register.decisions |= {"start_year": str(start), "start_year_by": by}
    return start


def _mend(register: Register, cells: dict[str, np.ndarray]) -> None:
    """Set aside values that no firm can have, and put together what two columns say."""
    values = register.values
    for name in ("employees", "sales", "exports"):
        most = NUMBERS[name][1]
        _drop(register, "out_of_range", values[name] > most, name, cells)
    _note(register, "raised", values["employees"] < 1.0, "employees", cells["employees"])
    values["employees"] = np.maximum(values["employees"], 1.0)
    _drop(register, "no_sales", values["sales"] == 0.0, "sales", cells)
    share = values["export_share"]
    if (share > 1.0).any() or any(
        "%" in text for text in {*cells["export_share"], register.header.written.get("export_share", "")}
    ):
        share = values["export_share"] = share / 100.0
        register.decisions["export_share"] = "percent"
    _drop(register, "out_of_range", (share < 0.0) | (share > 1.0), "export_share", cells)
    share = values["export_share"]
    said = np.isnan(values["exports"]) & ~np.isnan(share)
    _note(register, "share_alone", said & np.isnan(values["sales"]), "export_share", cells["export_share"])
    values["exports"] = np.where(said, share * values["sales"], values["exports"])
    above = values["exports"] > values["sales"] * (1.0 + 1e-9)
    _note(register, "above_sales", above, "exports", cells["exports"])
    values["exports"] = np.where(values["exports"] > values["sales"], values["sales"], values["exports"])
    flagged = values["tractor"]
    large = np.where(np.isnan(values["employees"]), np.nan, values["employees"] >= LARGE)
    values["tractor"] = np.where(np.isnan(flagged), large, np.fmax(flagged, np.nan_to_num(large)))


def _drop(register: Register, code: str, rows: np.ndarray, name: str, cells: dict[str, np.ndarray]) -> None:
    _note(register, code, rows, name, cells[name])
    register.values[name] = np.where(rows, np.nan, register.values[name])
