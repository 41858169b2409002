"""Which rows of a register are firms of today: those of one year, not closed, and each firm once."""

from __future__ import annotations

import numpy as np

from clustersim.core.errors import InputError, door, several
from clustersim.core.words import _
from clustersim.scenario.keys import clip
from clustersim.scenario.registers.classes import middle
from clustersim.scenario.registers.columns import plain
from clustersim.scenario.registers.doubts import Answer, Doubt
from clustersim.scenario.registers.firms import Register
from clustersim.scenario.registers.panel import groups_of, repeats_total, years_of
from clustersim.scenario.registers.status import doubt, read_ends, read_standing

ALIVE_PART = 0.5  # part of the words of a column that must be known for it to be one of status


def keep_rows(register: Register, kept: dict[int, list[str]]) -> None:
    """Leave out rows that a profile does not count as firms."""
    for position, values in kept.items():
        allowed = {plain(value) for value in values}
        column = register.sheet.cells[position]
        other = np.array([plain(cell) not in allowed for cell in column.tolist()], bool)
        register.leave_out("not_kept", other, "", column)


def leave_closed(register: Register, cells: dict[str, np.ndarray]) -> None:
    """Leave out firms that are no longer, by words of status and days of closing, unless the user keeps them."""
    header, asked = register.header, register.asked.closed
    codes = {}
    if register.known is not None:
        codes = {plain(word): 1.0 for word in register.known.status.open} | {
            plain(word): 0.0 for word in register.known.status.closed
        }
    alive = np.zeros(len(register), bool)
    shut: dict[str, np.ndarray] = {}
    for name in ("status", "place_status"):
        if name not in header.found:
            continue
        said, strange = read_standing(cells[name], codes)
        told = (cells[name] != "") & register.used
        known = ~np.isnan(said) & register.used
        if not known.any() and header.by.get(name) == "name":
            # "Estado" is a part of a country in half of the registers that have such a column.
            header.unused.append(header.written[name])
            for of in (header.found, header.written, header.by, header.units):
                of.pop(name, None)
            continue
        unknown = int((told & ~known).sum())
        if unknown and asked is None:
            register.doubts.append(doubt(register.written(name), strange, unknown))
        shut[name] = (said == 0.0) & register.used
        if name == "status":
            alive = said == 1.0
    if "closed" in header.found:
        ended, wrong = read_ends(cells["closed"], cells["reopened"])
        register.note("not_date", wrong, "closed", cells["closed"])
        register.note("closed_day", ended & alive, "closed", cells["closed"])
        shut["closed"] = ended & ~alive & register.used
    total = np.zeros(len(register), bool)
    for rows in shut.values():
        total |= rows
    if not shut:
        return
    if asked == "keep":
        register.decisions["closed"] = f"keep: {int(total.sum())}"
        return
    for name, rows in shut.items():
        register.leave_out("closed", rows, name, cells[name])
    register.decisions["closed"] = f"leave_out: {int(total.sum())}"


def leave_years(register: Register, cells: dict[str, np.ndarray]) -> int | None:
    """Of several years keep one, the latest if the user names none; return it, None if rows tell no year."""
    asked, header = register.asked, register.header
    for name, years in header.years.items():
        read = header.units[name].year
        register.decisions[f"year_{name}"] = f"{read}: " + ", ".join(str(year) for year in years)
        if asked.year is None and name in header.found:
            found = _("{column} stands there for several years ({years}); the latest is read.",
                      column=clip(register.written(name)), years=", ".join(map(str, years)))  # fmt: skip
            register.doubts.append(
                Doubt("panel", name, found, tuple(Answer("year", str(y), _("{year} is read.", year=y)) for y in years))
            )
    if "period" not in header.found:
        return None
    period = years_of(cells["period"])
    told = sorted({int(year) for year in period[register.used & ~np.isnan(period)].tolist()}, reverse=True)
    if not told:
        return None
    if len(told) == 1:
        return told[0]
    _head, groups = groups_of(register.texts["id"], np.flatnonzero(register.used & (register.texts["id"] != "")))
    by_firm = [group for group in groups if len(set(period[group].tolist())) > 1]
    if not by_firm and asked.year is None and not (register.known is not None and register.known.period):
        # Each firm stands in one row: a year of something else, such as that of the last declaration.
        register.decisions["period"] = f"one row a firm: {told[-1]}-{told[0]}"
        return None
    if asked.year is not None and asked.year not in told:
        message = _("{year} is not a year of {column}.", year=asked.year, column=clip(register.written("period")))
        raise InputError(
            door(command="--year", python="year"), "", message, _("Its years: {years}.", years=several(map(str, told), 200))
        )
    chosen = asked.year or told[0]
    register.leave_out("other_year", period != chosen, "period", cells["period"])
    register.decisions["period"] = f"{chosen}: {told[-1]}-{told[0]}"
    if asked.year is None and not (register.known is not None and register.known.period):
        found = _("{column} shows several years of the same firms ({years}); the latest is read.",
                  column=clip(register.written("period")), years=several(map(str, told), 60))  # fmt: skip
        answers = tuple(Answer("year", str(year), _("{year} is read.", year=year)) for year in told[:5])
        register.doubts.append(Doubt("panel", "period", found, answers))
    return chosen


def join_rows(register: Register) -> None:
    """Put together the rows of a firm that stands in several: the same row again, or its establishments."""
    ids = register.texts["id"]
    _head, groups = groups_of(ids, np.flatnonzero(register.used & (ids != "")))
    if not groups:
        return
    _drop_duplicates(register, groups)
    groups = [rows for group in groups if (rows := group[register.used[group]]).size > 1]
    asked = register.asked.establishments
    known = register.known.establishments if register.known is not None else None
    if not groups or not (asked or known or "establishment" in register.header.found):
        return
    if (asked or known) == "each":
        _each(register, groups)
        return
    _sum(register, groups)
    if asked is None and known is None:
        found = _("{n} firms stand in several rows, one for each {column}; their employees and sales are added up.",
                  n=len(groups), column=clip(register.written("establishment")))  # fmt: skip
        register.doubts.append(Doubt("establishments", "establishment", found, (
            Answer("establishments", "sum", _("Rows of one firm are added up; it stands where the largest is.")),
            Answer("establishments", "each", _("Each row is a firm of its own.")),
        )))  # fmt: skip


def _drop_duplicates(register: Register, groups: list[np.ndarray]) -> None:
    """Leave out rows that say the same as one above, in every column that is read."""
    columns = [register.sheet.cells[position] for position in sorted(set(register.header.found.values()))]
    again = np.zeros(len(register), bool)
    for group in groups:
        seen = set()
        for row in group.tolist():
            content = tuple(column[row] for column in columns)
            again[row] = content in seen
            seen.add(content)
    # Two rows that hold only an id may well be two establishments, but nothing is lost with the second.
    register.leave_out("duplicate", again, "id", register.texts["id"])


def _each(register: Register, groups: list[np.ndarray]) -> None:
    ids = register.texts["id"].copy()
    taken = set(ids.tolist())
    for group in groups:
        for number, row in enumerate(group.tolist(), start=1):
            part = register.texts["establishment"][row] or str(number)
            name = f"{ids[row]}-{part}"
            while name in taken:
                number += 1
                name = f"{ids[row]}-{part}-{number}"
            taken.add(name)
            ids[row] = name
    register.texts["id"] = ids
    register.decisions["establishments"] = f"each: {len(groups)}"


def _sum(register: Register, groups: list[np.ndarray]) -> None:
    """Add up employees, sales and exports of each firm, in the row of its largest establishment."""
    values = register.values
    totals = {
        name
        for name in ("employees", "sales", "exports")
        if name in register.header.found and repeats_total(values[name], groups)
    }
    joined = np.zeros(len(register), bool)
    heads = np.zeros(len(register), bool)
    partly = {name: np.zeros(len(register), bool) for name in ("employees", "sales", "exports") if name in register.header.found}
    for group in groups:
        size = np.nan_to_num(_size(register, group), nan=-1.0)
        largest = int(group[int(np.argmax(size))])
        values["export_share"][largest] = _share(register, group, largest)
        for column, rows in partly.items():
            told = _told(register, column, group)
            rows[largest] = column not in totals and bool(told.any()) and not told.all()
        for name in ("employees", "sales", "exports"):
            known = values[name][group][~np.isnan(values[name][group])]
            total = known[0] if known.size and name in totals else known.sum() if known.size else np.nan
            if name in register.classes:
                total = _sum_classes(register, name, group, largest, total)
            values[name][largest] = total
        for name in ("certified", "member", "tractor", "willing", "foreign"):
            values[name][largest] = np.fmax.reduce(values[name][group])
        values["year"][largest] = np.fmin.reduce(values["year"][group])
        joined[group] = True
        joined[largest], heads[largest] = False, True
    register.note("joins", heads, "id")
    for column, rows in partly.items():
        register.note("partly", rows, column)
    register.leave_out("joined", joined, "id", register.texts["id"])
    register.decisions["establishments"] = f"sum: {len(groups)}"
    for name in sorted(totals):
        register.decisions[f"repeated_{name}"] = "once"


def _told(register: Register, name: str, group: np.ndarray) -> np.ndarray:
    """Return which rows of a firm say something in a column, as a number or as a class."""
    told = ~np.isnan(register.values[name][group])
    return told | ~np.isnan(register.classes[name][0][group]) if name in register.classes else told


def _share(register: Register, group: np.ndarray, largest: int) -> float:
    """Return the share of all sales of a firm that is exported: the mean of its rows' shares, by their sales."""
    share, sales = register.values["export_share"][group], register.values["sales"][group]
    if "sales" in register.classes:
        low, high = register.classes["sales"]
        sales = np.where(np.isnan(sales), middle(low[group], high[group]), sales)
    both = ~np.isnan(share) & (sales > 0.0)
    if not both.any() or np.ptp(share[both]) == 0.0:
        return float(share[both][0] if both.any() else register.values["export_share"][largest])
    return float((share[both] * sales[both]).sum() / sales[both].sum())


def _size(register: Register, group: np.ndarray) -> np.ndarray:
    for name in ("employees", "sales"):
        sizes = register.values[name][group]
        if name in register.classes:
            sizes = np.where(np.isnan(sizes), register.classes[name][0][group], sizes)
        if not np.isnan(sizes).all():
            return sizes
    return np.zeros(group.size)


def _sum_classes(register: Register, name: str, group: np.ndarray, largest: int, total: float) -> float:
    """Add up classes by their bounds, numbers among them as they are; return the number, NaN where it will be drawn."""
    low, high = register.classes[name]
    inside = ~np.isnan(low[group]) & np.isnan(register.values[name][group])
    if not inside.any():
        return total
    base = 0.0 if np.isnan(total) else total
    low[largest] = base + low[group][inside].sum()
    high[largest] = base + high[group][inside].sum()
    return float("nan")
