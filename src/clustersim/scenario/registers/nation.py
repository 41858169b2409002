"""A nation's table by activity, as statistics offices publish it: Eurostat's and the US Census Bureau's layouts, or one's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clustersim.core.errors import InputError, several
from clustersim.core.words import _
from clustersim.scenario.keys import clip
from clustersim.scenario.registers.activity_codes import digits
from clustersim.scenario.registers.asking import Asked
from clustersim.scenario.registers.columns import COLUMNS, plain
from clustersim.scenario.registers.numerals import POINT, evidence, read_numbers
from clustersim.scenario.registers.panel import years_of
from clustersim.scenario.registers.profiles.profiles import Profile, recognised, widened
from clustersim.scenario.registers.sheet import Sheet, read_sheet

_NOTHING = Asked()
NAMES = ("employees", "sales", "exports")


@dataclass(frozen=True)
class Nation:
    """A nation's table, one entry for each activity.

    Attributes
    ----------
    profile : str
        The layout.
    codes : list of str
        The digits of each activity's code.
    values : dict of ndarray
        Employees (persons), sales and exports (kUSD a year), as far as the table tells them and their currency is known.
    finest : ndarray of bool
        Activities that no other one of the table is a part of: only these may be added up.
    lost : list of str
        Columns that are not read, since nothing says what their currency is worth.
    """

    profile: str
    codes: list[str]
    values: dict[str, np.ndarray]
    finest: np.ndarray
    lost: list[str]


def read_layout(path: Path, asked: Asked = _NOTHING) -> Nation | None:
    """Return a nation's table in a layout that is known; None if it is in none.

    Raises
    ------
    InputError
        If it holds several countries.
    """
    sheet = read_sheet(path, widened({name: COLUMNS[name] for name in ("activity", *NAMES)}, "nation"))
    known = recognised(sheet.headings, "nation")
    if known is None:
        return None
    name, profile = known
    at = {plain(heading): position for position, heading in enumerate(sheet.headings)}
    meant = {column: at[word] for word, column in profile.meanings().items() if column and word in at}
    codes = [digits(cell.replace("-", "").replace("/", "")) for cell in sheet.cells[meant["activity"]].tolist()]
    rows = _of_one_year(sheet, meant.get("period"), asked)
    if profile.indicators is not None:
        values = _by_indicator(sheet, profile, at, rows)
    else:
        values = {column: np.where(rows, _numbers(sheet.cells[meant[column]]), np.nan) for column in NAMES if column in meant}
    rate, currency = asked.rate, profile.money.currency if profile.money else "USD"
    worth = 1.0 if currency == "USD" else 1.0 / rate if rate is not None and asked.currency == currency else None
    lost: list[str] = [column for column in ("sales", "exports") if column in values and worth is None]
    kept = {}
    for column, numbers in values.items():
        if column not in lost:
            scale = 1.0 if column == "employees" else 0.001 * (worth or 1.0) * (profile.money.scale if profile.money else 1.0)
            kept[column] = numbers * scale
    places = {code: k for k, code in reversed(list(enumerate(codes))) if code and rows[k]}
    table = {column: _added(codes, numbers, places) for column, numbers in kept.items()}
    known_codes = list(places)
    finest = np.array([not any(other != code and other.startswith(code) for other in known_codes) for code in known_codes], bool)
    return Nation(name, known_codes, table, finest, lost)


def _of_one_year(sheet: Sheet, position: int | None, asked: Asked) -> np.ndarray:
    if position is None:
        return np.ones(len(sheet.lines), bool)
    years = years_of(sheet.cells[position])
    chosen = asked.year if asked.year is not None else np.nanmax(years) if not np.isnan(years).all() else np.nan
    return years == chosen


def _by_indicator(sheet: Sheet, profile: Profile, at: dict[str, int], rows: np.ndarray) -> dict[str, np.ndarray]:
    said = profile.indicators
    assert said is not None
    where = next((at[plain(heading)] for heading in said.headings if plain(heading) in at), None)
    if where is None:
        raise InputError(sheet.file, "", _("has no column {name}.", name=" / ".join(said.headings)), "", 1)
    countries = sorted({cell for cell in sheet.cells[at[plain(said.place)]].tolist() if cell})
    if len(countries) > 1:
        message = _("holds several countries ({names}); leave the rows of one.", names=several(map(clip, countries), 60))
        raise InputError(sheet.file, said.place, message)
    indicators, numbers = sheet.cells[where], _numbers(sheet.cells[at[plain(said.value)]])
    found = {}
    for column, codes in said.columns.items():
        scale = np.array([codes.get(cell, np.nan) for cell in indicators.tolist()], float)
        values = np.where(rows, numbers * scale, np.nan)
        if not np.isnan(values).all():
            found[str(column)] = values
    return found


def _numbers(cells: np.ndarray) -> np.ndarray:
    """Return numbers; offices mark some with a letter behind ("1234 b") and write ":" where they have none."""
    bare = np.array([cell.split(" ")[0] if cell[-1:].isalpha() else cell for cell in cells.tolist()], object)
    return read_numbers(bare, evidence(bare) or POINT).values


def _added(codes: list[str], numbers: np.ndarray, places: dict[str, int]) -> np.ndarray:
    """Return the sum of each activity's rows (states, counties), NaN where it has none."""
    number = {code: k for k, code in enumerate(places)}
    total = np.full(len(places), np.nan)
    for code, value in zip(codes, numbers.tolist(), strict=True):
        if code in number and value == value:
            k = number[code]
            total[k] = value if total[k] != total[k] else total[k] + value
    return total
