"""What the cells of a register are worth: numbers, classes, money, shares, flags and years, each with its unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import numpy as np

from clustersim.core.errors import InputError, door
from clustersim.core.words import N_, _, _n
from clustersim.scenario.keys import clip
from clustersim.scenario.registers.classes import bounds, inside, middle
from clustersim.scenario.registers.columns import COLUMNS, plain
from clustersim.scenario.registers.countries import BY_ID, COUNTRIES
from clustersim.scenario.registers.doubts import Answer, Doubt
from clustersim.scenario.registers.firms import Register
from clustersim.scenario.registers.money import (
    ENOUGH,
    NOTHING,
    PESO,
    PLAUSIBLE,
    PLAUSIBLE_FIRM,
    Unit,
    spelt,
    split,
    spoken_units,
    take_units,
)
from clustersim.scenario.registers.numerals import COMMA, CONFLICT, OPEN, POINT, distinct, evidence, is_grouped, read_numbers
from clustersim.scenario.registers.sheet import Sheet
from clustersim.scenario.registers.status import day

SCALES = {"usd": 1.0, "kusd": 1e3, "musd": 1e6}
YES = {"1", "yes", "y", "true", "t", "x", "si", "s", "v", "verdadero", "verdadera", "cierto", "1_0", "sim", "verdadeiro"}
NO = {"0", "no", "n", "false", "f", "falso", "falsa", "0_0", "nao"}
# Words for "not known", in any column, by their plain words; and those that only signs make.
MISSING = {
    "na", "n_a", "n_d", "nd", "s_d", "sd", "s_i", "n_e", "null", "none", "nan", "nat", "no_aplica", "sin_dato", "sin_datos",
    "sin_informacion", "no_disponible", "not_available", "not_applicable", "no_data", "missing", "no_especificado",
    "nao_informado",
    "nao_disponivel", "nao_se_aplica", "value", "ref", "div_0", "name_error", "blank", "en_blanco", "vacio", "desconocido",
    "unknown",
    "no_informa", "no_consta", "no_reporta", "ignorado",
}  # fmt: skip
MISSING_LONGEST = 24  # characters of the longest of them, with marks around it
_DIGIT = re.compile(r"\d")
_SHORT_FORMS = {"na", "nd", "sd", "value", "ref", "div_0", "name_error", "none", "missing", "blank", "unknown"}
OLDEST = 1600  # no register has a firm that is older; 1015 is 2015 with a slip
# Days that data bases write for "not known"; the first day of 1900 above all.
_PLACEHOLDERS = {
    (1900, 1, 1), (1899, 12, 30), (1899, 12, 31), (1753, 1, 1), (1800, 1, 1), (1901, 1, 1), (1, 1, 1), (9999, 12, 31),
    (1111, 11, 11)
}  # fmt: skip
REPEATED = 3  # times from which the bare year 1900 is a placeholder
_YEAR = re.compile(r"(?<!\d)(1\d{3}|2[01]\d{2})(?!\d)")
_DAY = re.compile(r"(1[6-9]\d{2}|20\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])")
_BARE = re.compile(r"[-+]?(?:\d{1,3}(?:[\s'’]\d{3})+(?:[.,]\d+)?|[\d.,]*\d[.,]?)|[-+]?\d+(?:\.\d+)?[eE][-+]?\d+")
_PEOPLE = re.compile(
    r"([-+]?[\d.,]+)\s*(?:personas?|people|persons?|employees?|empleados?|trabajadores?|pessoas?|workers?)\.?", re.I
)
FEW = 0.1  # part of a column of shares that may be slips
MOST = 0.5


def is_missing(cell: str) -> bool:
    """Whether a cell says that nothing is known: NA, S/D, -, N and so on.

    Examples
    --------
    >>> from clustersim.scenario.registers.values import is_missing
    >>> [is_missing(cell) for cell in ("NA", "s.d.", "--", "Naranja", "no")]
    [True, True, True, False, False]
    """
    if len(cell) > MISSING_LONGEST or (cell[0] != "#" and _DIGIT.search(cell)):
        return False
    word = plain(cell)
    if not word:
        return not any(sign.isalnum() for sign in cell) and len(cell) <= 5
    if word not in MISSING:
        return cell in ("\\N", "#N/A", "#N/D")
    if word in _SHORT_FORMS:  # "na" and "nd" in small letters may be words of another language; marks around them leave no doubt
        return (
            cell.isupper()
            or cell[:1] in "#<(["
            or not cell.isalpha()
            or word in ("none", "missing", "unknown")
            or cell in ("nan", "na")
        )
    return True


def empty_missing(register: Register, cells: dict[str, np.ndarray]) -> None:
    """Empty the cells that say that nothing is known, in every column, and keep in mind how many."""
    for name in register.header.found:
        texts, place = distinct(cells[name])
        lost = np.array([bool(text) and is_missing(text) for text in texts], bool)
        if not lost.any():
            continue
        gone = lost[place]
        register.decisions[f"missing_{name}"] = f"{int(gone.sum())}: " + ", ".join(
            clip(text, 20) for text, out in list(zip(texts, lost.tolist(), strict=True)) if out
        )  # fmt: skip
        cells[name] = np.where(gone, "", cells[name]).astype(object)


@dataclass
class _Apart:
    """Cells of a column, taken apart: number, unit, class."""

    numbers: np.ndarray
    units: list[Unit]
    place: np.ndarray
    strange: np.ndarray
    low: np.ndarray
    high: np.ndarray


def _take_apart(cells: np.ndarray, kind: str) -> _Apart:
    texts, place = distinct(cells)
    numbers, units, strange, low, high = [], [], [], [], []
    for text in texts:
        number, unit, limits = _one(text, kind) if text else ("", NOTHING, None)
        numbers.append("" if unit is None or limits is not None else number)
        units.append(unit or NOTHING)
        strange.append(unit is None)
        low.append(limits[0] if limits else np.nan)
        high.append(limits[1] if limits else np.nan)
    return _Apart(np.array(numbers, object)[place], units, place, np.array(strange, bool)[place], np.array(low, float)[place],
                  np.array(high, float)[place])  # fmt: skip


def _one(text: str, kind: str) -> tuple[str, Unit | None, tuple[float, float] | None]:
    """Return the number, the unit (None if the cell cannot be read) and the class of a cell."""
    if _BARE.fullmatch(text):
        return text, NOTHING, None
    if kind == "coordinate":
        return text, NOTHING, None
    if kind == "count":
        if (people := _PEOPLE.fullmatch(text)) is not None:
            return people[1], NOTHING, None
        found = bounds(text)
        return (text, None, None) if found is None or found[2] != NOTHING else (text, NOTHING, found[:2])
    if kind == "money" and (found := bounds(text, whole=False)) is not None:
        return text, found[2], found[:2]
    number, unit = split(text)
    if kind == "share" and unit is not None and (unit.currency is not None or unit.scale is not None):
        unit = None
    return (number, unit, None) if unit is not None and _BARE.fullmatch(number) else (text, None, None)


def read_values(register: Register, cells: dict[str, np.ndarray]) -> None:
    """Read all columns of numbers and flags."""
    asked, header = register.asked, register.header
    kinds = {name: column.kind for name, column in COLUMNS.items()}
    nothing = np.full(len(register), np.nan)
    for name, kind in kinds.items():
        if name not in header.found and kind in ("count", "money", "share", "coordinate", "flag"):
            register.values[name] = nothing.copy()
    kinds = {name: kind for name, kind in kinds.items() if name in header.found}
    numeric = [name for name, kind in kinds.items() if kind in ("count", "money", "share", "coordinate")]
    apart = {name: _take_apart(cells[name], kinds[name]) for name in numeric}
    shown = {name: evidence(apart[name].numbers) for name in numeric}
    usual, why = _convention(register.sheet, {n: s for n, s in shown.items() if kinds[n] != "coordinate"}, asked.decimal)
    register.decisions |= {"decimal": usual, "decimal_by": why}
    for name in numeric:
        parts, kind = apart[name], kinds[name]
        sign = asked.decimal or (usual if shown.get(name, OPEN) == OPEN else shown[name])
        whole = kind == "count" and not asked.decimal and shown.get(name, OPEN) == OPEN and not _form(register.sheet)
        if whole and _all_grouped(register, name, parts.numbers):
            whole, sign = False, POINT if "." in next(text for text in parts.numbers if text) else COMMA
        read = read_numbers(parts.numbers, sign, kind == "coordinate", whole)
        bad = (read.bad | parts.strange) & (cells[name] != "")
        for code, rows in (("not_clear", bad & read.unclear), ("not_number", bad & ~read.unclear)):
            register.note(code, rows, name, cells[name])
        if (read.unclear & ~read.bad).any():
            first = int(np.argmax(read.unclear & ~read.bad))
            example = f"{cells[name][first]} = {read.values[first]:g}"
            register.decisions[f"unclear_{name}"] = f"{int((read.unclear & ~read.bad).sum())}: {example}"
        register.values[name] = read.values
        if kind in ("count", "money"):
            _refuse_negative(register, name, read.values, cells[name])
        if kind == "count":
            register.note("not_whole", np.nan_to_num(read.values) % 1.0 != 0.0, name, cells[name])
        if ~np.isnan(parts.low).all() and name in ("employees", "sales"):
            register.classes[name] = parts.low, parts.high
        elif (~np.isnan(parts.low)).any():
            register.note("not_number", ~np.isnan(parts.low), name, cells[name])
    if "export_share" in header.found:
        _read_shares(register, apart["export_share"], cells["export_share"])
    _read_money(register, apart, cells)
    for name in (name for name, kind in kinds.items() if kind == "flag"):
        words, place = distinct(cells[name])
        meant = np.array([1.0 if plain(w) in YES else 0.0 if plain(w) in NO else np.nan for w in words])
        register.values[name] = meant[place]
        register.note("not_flag", np.isnan(meant[place]) & (cells[name] != ""), name, cells[name])


def _form(sheet: Sheet) -> str | None:
    return getattr(sheet, "decimal", None)


def _convention(sheet: Sheet, shown: dict[str, str], decimal: str | None) -> tuple[str, str]:
    """Return the decimal sign by which unclear numbers are read where their own column does not tell, and who says so."""
    if decimal:
        return decimal, door(command="--decimal", python="decimal")
    if (form := _form(sheet)) is not None:
        return form, "form"
    signs = {sign for sign in shown.values() if sign in (POINT, COMMA)}
    if len(signs) == 1 and CONFLICT not in shown.values():
        return signs.pop(), "numbers"
    return (COMMA if sheet.separator == ";" else POINT), "separator"


def _all_grouped(register: Register, name: str, numbers: np.ndarray) -> bool:
    """Whether every count is written like 3.400, so that it may be thousands or decimals; that is a doubt."""
    told = numbers[(numbers != "") & register.used]
    if told.size < 3 or not all(is_grouped(text) for text in set(told.tolist())):
        return False
    example = str(told[0])
    sign = "." if "." in example else ","
    found = _("every number of {column} is written like {example}: thousands, or three decimals? Read as decimals.",
              column=clip(register.written(name)), example=example)  # fmt: skip
    register.doubts.append(Doubt("decimal", name, found, (
        Answer("decimal", POINT if sign == "." else COMMA,
               _("{example} is {value}.", example=example, value=example.replace(",", "."))),
        Answer("decimal", COMMA if sign == "." else POINT,
               _("{example} is {value}.", example=example, value=re.sub(r"[.,]", "", example))),
    )))  # fmt: skip
    return True


def _refuse_negative(register: Register, name: str, values: np.ndarray, cells: np.ndarray) -> None:
    negative = (values < 0.0) & register.used
    if negative.any():
        row = int(np.argmax(negative))
        message = _n("found {found!r}, which is negative; it must be 0 or more, or empty.",
                     "found {found!r}, which is negative ({n} rows are); it must be 0 or more, or empty.",
                     int(negative.sum()), found=clip(cells[row]))  # fmt: skip
        raise InputError(register.sheet.file, register.header.written[name], message, "", int(register.sheet.lines[row]))


# --- shares -------------------------------------------------------------------------------------------------------


def _read_shares(register: Register, parts: _Apart, cells: np.ndarray) -> None:
    """Bring shares to fractions: by signs of per cent, by the heading, by what most cells are."""
    values = register.values["export_share"]
    signed = np.array([unit.percent for unit in parts.units], bool)[parts.place]
    heading = register.header.units.get("export_share", NOTHING)
    bare = register.used & ~signed & ~np.isnan(values) & (values != 0.0)
    above = int((bare & (values > 1.0)).sum())
    part = above / max(int(bare.sum()), 1)
    known = int((~np.isnan(values) & register.used).sum())
    asked = register.asked.shares
    if asked is not None:
        percent = asked == "percent"
    elif signed.sum() > known * MOST:
        percent = True
        register.drop("not_clear", bare & (values <= 1.0), "export_share", cells)
        values = register.values["export_share"]
    elif heading.percent or part > MOST:
        percent = True
        if heading.percent and part <= MOST and bare.any():
            name = clip(register.written("export_share"))
            _doubt_shares(
                register, _("{column} says per cent, but most of its cells are 1 or less; read as per cent.", column=name)
            )
    else:
        percent = False
        if above > max(1.0, FEW * bare.sum()):
            name = clip(register.written("export_share"))
            _doubt_shares(register, _("{column} has many cells above 1 and many below; read as fractions.", column=name))
    register.decisions["export_share"] = "percent" if percent or signed.any() else "fraction"
    if percent and asked is None:
        register.note("as_percent", bare & (values <= 1.0), "export_share", cells)
    values = np.where(signed | percent, values / 100.0, values)
    register.values["export_share"] = values
    register.drop("out_of_range", (values < 0.0) | (values > 1.0), "export_share", cells)


def _doubt_shares(register: Register, found: str) -> None:
    register.doubts.append(Doubt("share", "export_share", found, (
        Answer("shares", "percent", _("35 is 35 %, 0.35 is a third of one per cent.")),
        Answer("shares", "fraction", _("0.35 is 35 %; cells above 1 are out of range.")),
    )))  # fmt: skip


# --- money --------------------------------------------------------------------------------------------------------


def _read_money(register: Register, apart: dict[str, _Apart], cells: dict[str, np.ndarray]) -> None:
    lost: dict[str, str] = {}  # columns whose currency needs a rate
    for name in ("sales", "exports"):
        if name not in register.header.found:
            continue
        parts = apart[name]
        _take_percent(register, name, parts, cells[name])
        unit = _unit_of_column(register, name)
        currency = _currency(register, name, parts, unit, cells[name])
        scales = np.array([one.scale or np.nan for one in parts.units], float)[parts.place]
        scale = np.where(np.isnan(scales), unit.scale or 1.0, scales)
        own = ~np.isnan(scales) & register.used
        if own.sum() <= MOST * (register.used & (cells[name] != "")).sum():
            register.note("own_unit", own, name, cells[name])
        factor = _factor(register, name, currency)
        if factor is None:
            lost[name] = str(currency)
        with np.errstate(over="ignore"):  # what is out of range is set aside, and said, later
            worth = 0.001 * scale * (np.nan if factor is None else factor)
            register.values[name] = np.round(register.values[name] * worth, 6)
            if name in register.classes:
                register.classes[name] = tuple(np.round(limit * worth, 6) for limit in register.classes[name])  # type: ignore[assignment]
        register.decisions[f"unit_{name}"] = _said_unit(register, name, unit, currency, lost.get(name))
        if unit.year is not None:
            register.decisions[f"price_year_{name}"] = str(unit.year)
    if lost:
        _doubt_currency(register, lost)


def _take_percent(register: Register, name: str, parts: _Apart, cells: np.ndarray) -> None:
    """A cell of per cent among money is a share of sales if it is one of exports, and else cannot be read."""
    percent = np.array([unit.percent for unit in parts.units], bool)[parts.place] & ~np.isnan(register.values[name])
    if not percent.any():
        return
    share = register.values[name] / 100.0
    values = register.values[name] = np.where(percent, np.nan, register.values[name])
    if name != "exports":
        register.note("not_money", percent, name, cells)
        return
    if percent.sum() > (~np.isnan(values) & (values > 0.0)).sum():
        register.note("not_clear", ~percent & (values > 0.0), name, cells)
        register.values[name] = np.where(values > 0.0, np.nan, values)
    own = register.values["export_share"]
    taken = percent & np.isnan(own)
    register.values["export_share"] = np.where(taken, share, own)
    register.note("as_share", taken, name, cells)
    register.drop("out_of_range", taken & ((share < 0.0) | (share > 1.0)), "export_share", cells)
    register.decisions["export_share"] = f"percent ({register.written(name)})"


def _unit_of_column(register: Register, name: str) -> Unit:
    """Return what heading, row of units, titles, user and profile say of a column's unit, in this order."""
    header, asked = register.header, register.asked
    row = getattr(register.sheet, "units", None) or []
    under = row[header.found[name]] if header.found[name] < len(row) else ""
    below = take_units(re.findall(r"[a-z]+|\d+", spelt(under)))[0] if under else NOTHING
    said = Unit(SCALES[asked.money]) if asked.money else NOTHING
    over = _spoken_unit(register, name, header.units.get(name, NOTHING).over(below))
    money = register.known.money if register.known else None
    usual = Unit(money.scale if money.scale != 1.0 else None, money.currency) if money else NOTHING
    return header.units.get(name, NOTHING).over(below).over(over).over(said).over(usual)


def _spoken_unit(register: Register, name: str, own: Unit) -> Unit:
    """Return what titles and notes say of the unit of money; where they disagree, and nothing else tells, that is a doubt."""
    told = [unit for one in register.asides if one.kind in ("title", "note") for unit in spoken_units(one.text)]
    whole = {unit.scale or 1.0 for unit in told if unit.currency is not None}
    scales = {unit.scale for unit in told if unit.scale is not None} | (whole if len(whole) > 1 else set())
    currencies = {unit.currency for unit in told if unit.currency}
    if len(scales) < 2 and len(currencies) < 2:
        return Unit(min(scales, default=None), min(currencies, default="" if whole else None))
    if (own.scale is None or not own.currency) and not register.asked.money:
        lines = ", ".join(repr(one.text) for one in register.asides if spoken_units(one.text))
        found = _("{column} does not say its unit, and titles and notes say several: {lines}. Read as US dollars.",
                  column=clip(register.written(name)), lines=clip(lines, 200))  # fmt: skip
        register.doubts.append(Doubt("money", name, found, (
            Answer("money", "usd", _("They are US dollars.")),
            Answer("money", "kusd", _("They are thousands of US dollars.")),
            Answer("ignore", register.written(name), _("The column is not read.")),
        )))  # fmt: skip
    return NOTHING


def _currency(register: Register, name: str, parts: _Apart, unit: Unit, cells: np.ndarray) -> str | None:
    """Return the currency of a column: of its heading, or of most of its cells; cells of others are set aside."""
    codes = np.array([one.currency or "" for one in parts.units], object)[parts.place]
    told = codes[register.used & (codes != "")]
    main = unit.currency or None
    # Marks of some cells say nothing of the others: these cells alone are of another currency.
    few = told.size <= MOST * (register.used & (cells != "")).sum() and main in (None, PESO)
    if told.size and few and main is None:
        register.drop("other_currency", (codes != "") & (codes != "USD") & ~np.isnan(register.values[name]), name, cells)
        main = ""
    elif told.size:
        names, counts = np.unique(told.astype(str), return_counts=True)
        most = str(names[np.argmax(counts)])
        main = most if main in (None, PESO) else main
        strange = (codes != "") & (codes != main) & ~((codes == PESO) & (main not in ("USD", "EUR", "GBP")))
        register.drop("other_currency", strange & ~np.isnan(register.values[name]), name, cells)
        if name in register.classes:
            register.classes[name] = tuple(np.where(strange, np.nan, limit) for limit in register.classes[name])  # type: ignore[assignment]
    elif main is None and (unit.currency == "" or any(one.currency == "" for one in parts.units)):
        main = ""
    asked = register.asked.currency
    if asked is not None:
        if main not in (None, "", PESO, asked):
            message = _(
                "{column} is marked as {found}, not {asked}.", column=clip(register.written(name)), found=main, asked=asked
            )
            hint = _("Say {found}, or leave the column out with {way}.", found=main,
                     way=door(command=f"--ignore '{register.written(name)}'",
                              python=f"ignore=({register.written(name)!r},)"))  # fmt: skip
            raise InputError(door(command="--currency", python="currency"), "", message, hint)
        main = asked
    return main


def _factor(register: Register, name: str, currency: str | None) -> float | None:
    """Return the US dollars that one unit of a currency is worth; None without a rate."""
    if currency in (None, "", "USD"):
        return 1.0
    rate, asked = register.asked.rate, register.asked.currency
    return 1.0 / rate if rate is not None and (asked == currency or (asked is None and currency != PESO)) else None


def _said_unit(register: Register, name: str, unit: Unit, currency: str | None, lost: str | None) -> str:
    if lost is not None:
        return f"{lost} ?"
    if currency not in (None, "", "USD"):
        return f"{currency} / {register.asked.rate:g}"
    own = register.header.units.get(name, NOTHING)
    if own.scale is not None or own.currency == "USD":
        return "heading"
    if register.asked.money:
        return register.asked.money
    return "usd" if currency == "USD" else "usd (assumed)"


def country_of(register: Register) -> str | None:
    """Return the country of a register: its profile's, or the one whose tax number names its firms."""
    if register.known is not None and register.known.country:
        return register.known.country
    return BY_ID.get(plain(register.header.written.get("id", "")))


def _doubt_currency(register: Register, lost: dict[str, str]) -> None:
    name, currency = next(iter(lost.items()))
    columns = ", ".join(clip(register.written(one)) for one in lost)
    home = COUNTRIES[country].currency if (country := country_of(register)) else ""
    code = currency if currency != PESO else home if home not in ("", "USD") else ""
    if currency == PESO:
        found = _(
            "{columns} is in pesos, and nothing says whose, nor what one is worth in US dollars; not read.", columns=columns
        )
    else:
        found = _("{columns} is in {currency}, and nothing says what one is worth in US dollars; not read.", columns=columns,
                  currency=currency)  # fmt: skip
    register.doubts.append(Doubt("currency", name, found, _rate_answers(code)))


def _rate_answers(code: str) -> tuple[Answer, ...]:
    return (
        Answer("currency", code, _("Money is in this currency (ISO code, such as {example}).", example=code or "MXN")),
        Answer("rate", "", _("So many units of it are one US dollar.")),
    )  # fmt: skip


def check_plausible(register: Register) -> None:
    """Ask for the currency where unmarked money can hardly be US dollars; such money is then not read."""
    asked = register.asked
    told = {name: register.decisions.get(f"unit_{name}") for name in ("sales", "exports")}
    if asked.currency or asked.money or (told["sales"] != "usd (assumed)" and not _only_scaled(register)):
        return
    sales = _known(register, "sales")
    people = _known(register, "employees")
    both = register.used & (sales > 0.0) & (people > 0.0)
    alone = register.used & (sales > 0.0)
    if both.sum() >= ENOUGH:
        with np.errstate(over="ignore"):  # what is out of range is set aside, and said, later
            median = float(np.median(sales[both] / people[both]))
        if PLAUSIBLE[0] <= median <= PLAUSIBLE[1]:
            return
        found = _(
            "{column} does not say its currency, and as US dollars the median firm would sell {median} a year for each employee "
            "(from {low} to {high} is usual); not read.",
            column=clip(register.written("sales")), median=_dollars(median), low=_dollars(PLAUSIBLE[0]),
            high=_dollars(PLAUSIBLE[1]),
        )  # fmt: skip
    elif alone.sum() >= ENOUGH and both.sum() == 0:
        median = float(np.median(sales[alone]))
        if median <= PLAUSIBLE_FIRM:
            return
        found = _("{column} does not say its currency, and as US dollars the median firm would sell {median} a year; not read.",
                  column=clip(register.written("sales")), median=_dollars(median))  # fmt: skip
    else:
        return
    home = COUNTRIES[country].currency if (country := country_of(register)) else ""
    answers = (Answer("currency", "USD", _("They are US dollars.")), *_rate_answers("" if home == "USD" else home))
    if not _only_scaled(register):
        answers += (Answer("money", "kusd", _("They are thousands of US dollars.")),)
    register.doubts.append(Doubt("currency", "sales", found, answers))
    for name in ("sales", "exports"):
        if told[name] == "usd (assumed)" or (told[name] == "heading" and _only_scaled(register, name)):
            register.values[name] = np.full(len(register), np.nan)
            register.classes.pop(name, None)
            register.decisions[f"unit_{name}"] = "?"


def _only_scaled(register: Register, name: str = "sales") -> bool:
    """Whether a heading tells thousands or millions, but no currency."""
    unit = register.header.units.get(name, NOTHING)
    return unit.scale is not None and unit.currency in (None, "")


def _known(register: Register, name: str) -> np.ndarray:
    """Return values of a column, or the middle of their classes."""
    values = register.values[name]
    if name in register.classes:
        low, high = register.classes[name]
        values = np.where(np.isnan(values), middle(low, high), values)
    return values


def _dollars(kusd: float) -> str:
    return f"{float(f'{1000.0 * kusd:.3g}'):,.0f}"


def draw_inside(register: Register) -> None:
    """Give each firm whose employees or sales stand in a class a value inside it."""
    ids = register.texts["id"]
    for name, (low, high) in register.classes.items():
        rows = register.used & ~np.isnan(low) & np.isnan(register.values[name])
        if name == "sales":
            register.note("no_sales", rows & (high == 0.0), name)
            rows &= high > 0.0
        if not rows.any():
            continue
        # What is drawn from an id says whose it is to whoever draws for all ids there are.
        told = np.full(len(register), "", object) if register.anonymous else ids
        who = [told[row] or str(register.sheet.lines[row]) for row in np.flatnonzero(rows).tolist()]
        values = register.values[name].copy()
        values[rows] = inside(who, low[rows], high[rows], name)
        register.values[name] = values
        register.note("in_class", rows, name)
        register.decisions[f"classes_{name}"] = str(int(rows.sum()))


# --- years --------------------------------------------------------------------------------------------------------


def read_years(register: Register, cells: np.ndarray, period: int | None) -> int:
    """Read years, also out of dates; return the year of the start."""
    texts, place = distinct(cells)
    years, held = np.full(len(texts), np.nan), np.zeros(len(texts), bool)
    times = np.bincount(place, minlength=len(texts))
    for k, text in enumerate(texts):
        years[k], held[k] = _year(text, int(times[k])) if text else (np.nan, False)
    values, placeholder = years[place], held[place]
    values[placeholder] = np.nan
    last = register.asked.start_year or date.today().year
    possible = values[(values <= last) & register.used]
    latest = int(possible.max()) + 1 if possible.size else 0
    start = register.asked.start_year or max(latest, period + 1 if period else 0) or date.today().year
    wrong = (cells != "") & ~(values <= start) & ~placeholder
    register.note("not_year", wrong, "year", cells)
    register.note("placeholder", placeholder, "year", cells)
    register.values["year"] = np.where(wrong | placeholder, np.nan, values)
    said = door(command="--start-year", python="start_year")
    asked = register.asked.start_year is not None
    by = (
        said
        if asked
        else N_("year of the rows")
        if period and start == period + 1
        else N_("latest founding")
        if latest
        else N_("today")
    )
    register.decisions |= {"start_year": str(start), "start_year_by": by}
    return start


def _year(text: str, times: int) -> tuple[float, bool]:
    """Return the year of a cell, and whether it stands for none."""
    bare = re.sub(r"[.,]0+$", "", text)
    when = day(bare)
    if (when is not None and len(re.findall(r"\d+", bare)) > 1) or (when is not None and _DAY.fullmatch(bare)):
        return float(when[0]), when in _PLACEHOLDERS or not OLDEST <= when[0] < 2200
    found = _YEAR.findall(bare)
    if len(found) == 1:
        year = int(found[0])
        return float(year), year < OLDEST or (bare == "1900" and times >= REPEATED)
    short = bare.lstrip("0") or "0"  # zeros may be more than Python makes a number of
    if bare and re.fullmatch(r"[0-9]{1,4}", short) and (int(short) in (0, 1, 1111) or int(short) >= 2200):
        return float(short), True
    return np.nan, False
