"""Reads a firm register: every usable cell as a value, every other one noted, and what can be read in two ways as a doubt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from clustersim.core.errors import InputError, door, several
from clustersim.core.words import _, _n
from clustersim.scenario.keys import clip, did_you_mean
from clustersim.scenario.registers.activity_codes import digits, read_codes
from clustersim.scenario.registers.asking import Asked, checked
from clustersim.scenario.registers.columns import COLUMNS, Header, plain, recognise
from clustersim.scenario.registers.coordinates import settle
from clustersim.scenario.registers.doubts import Answer, Doubt
from clustersim.scenario.registers.firms import Register
from clustersim.scenario.registers.numerals import distinct
from clustersim.scenario.registers.panel import years_of
from clustersim.scenario.registers.profiles.profiles import Profile, named, recognised, widened
from clustersim.scenario.registers.rows import join_rows, keep_rows, leave_closed, leave_years
from clustersim.scenario.registers.sheet import SEPARATORS, read_sheet
from clustersim.scenario.registers.values import check_plausible, draw_inside, empty_missing, read_values, read_years
from clustersim.scenario.tables import ID_LENGTH, LARGE, NUMBERS
from clustersim.scenario.yaml_reader import CONTROL

__all__ = ["Register", "read_register"]

_NOTHING = Asked()
_ROUNDED = re.compile(r"(?<![\w.,])\d[.,]\d+[eE]\+?\d+(?!\w)")  # also where it is one part of an id of several columns
CODE_LEAST = 4  # digits from which codes of activities are one, with a letter and dots or without
SAME_LENGTH = 0.9  # part of the ids that must be of one length for a shorter one to be told
_FLOAT = re.compile(r"\d+\.0")
_NUMBER = re.compile(r"\d+(?:\.0)?")
ID_LEAST = 8  # digits of the shortest tax numbers: ids that count firms have more and more of them


@dataclass
class _Understood:
    """What the headings of a file say."""

    header: Header
    name: str | None
    profile: Profile | None
    parts: list[int]  # positions of the columns that make the id together
    kept: dict[int, list[str]]  # for the positions of columns that say which rows are kept, their values


def read_register(
    path: Path, asked: Asked = _NOTHING, needed: Iterable[str] = ("id",), anonymous: bool = False
) -> Register:
    """Read a firm register.

    Parameters
    ----------
    path : Path
        A file of any known form; see `COLUMNS` for what its headings may be.
    asked : Asked
        What the user says of how to read it.
    needed : iterable of str
        Columns that the file must have.
    anonymous : bool
        Whether what is drawn must not depend on ids.

    Returns
    -------
    Register
        What can be read in two ways is read in the likelier one, and is listed in its `doubts`.

    Raises
    ------
    InputError
        If the file is no register, ids repeat, or a number is negative that cannot be.

    Examples
    --------
    >>> from pathlib import Path
    >>> from clustersim.scenario.registers.register import read_register
    >>> _ = Path("firms.csv").write_text("id,empleados\\nA,6 a 10 personas\\nB,3\\n")
    >>> register = read_register(Path("firms.csv"))
    >>> register.values["employees"][1], [len(register), register.doubts]
    (np.float64(3.0), [2, []])
    >>> Path("firms.csv").unlink()
    """
    checked(asked)
    own = named(asked.register) if asked.register else None
    file, needed = str(path), tuple(needed)

    def understand(headings: list[str]) -> _Understood:
        return _understand(headings, file, asked, needed, own)

    def keep(headings: list[str], units: list[str]) -> list[int]:
        found = understand(headings)
        return sorted({*found.header.found.values(), *found.parts, *found.kept})

    sheet = read_sheet(path, widened(COLUMNS), keep=keep, table=asked.table)
    told = understand(sheet.headings)
    header, rows = told.header, len(sheet.lines)
    empty = np.full(rows, "", object)
    cells = {name: sheet.cells[header.found[name]] if name in header.found else empty for name in COLUMNS}
    found = Register(sheet, header, ~sheet.too_long, {}, {}, 0, asked=asked, profile=told.name, known=told.profile,
                     anonymous=anonymous)  # fmt: skip
    found.notes.add("too_long", sheet.too_long)
    found.notes.add("too_short", sheet.too_short & found.used)
    for row, place, said in sheet.broken:
        for name in (name for name, at in header.found.items() if at == place):
            found.notes.add("broken", np.array([row]), name, [said])
    found.notes.add("hidden", np.isin(sheet.lines, list(sheet.hidden)) & found.used)
    empty_missing(found, cells)
    _read_ids(found, cells, told)
    _decode(found, cells)
    keep_rows(found, told.kept)
    read_codes(found, cells)
    found.texts = {name: cells[name] for name in ("id", "name", "municipality", "activity", "establishment")}
    for name in ("name", "municipality", "activity"):
        _without_controls(found, name)
    if "id" in header.found:
        found.leave_out("no_id", found.texts["id"] == "")
    period = leave_years(found, cells)
    leave_closed(found, cells)
    _one_spelling(found, "municipality", _without_accents)
    _one_spelling(found, "activity", _as_maps_read)
    read_values(found, cells)
    found.start_year = read_years(found, cells["year"], period)
    if "id" in header.found:
        join_rows(found)
        _check_ids(found)
        _note_ids(found)
    check_plausible(found)
    settle(found)
    _mend(found, cells)
    _ask_of_total(found)
    if sheet.closed:
        found.decisions["table_hidden"] = sheet.table
    found.decisions |= {"encoding": sheet.encoding, "separator": SEPARATORS.get(sheet.separator, sheet.separator)}
    return found


def refuse_idle(register: Register, headings: Iterable[str] | None = None) -> None:
    """Refuse what was asked and nothing in a register answers to, so that it is not thought to be done.

    Parameters
    ----------
    register : Register
        What was read.
    headings : iterable of str, optional
        All headings there are; where they are given, those that are to be left out must be among them.

    Raises
    ------
    InputError
        For a year that it does not tell, a rate that no money needs, a heading to leave out that is not there.
    """
    asked, header, decisions = register.asked, register.header, register.decisions
    if asked.year is not None:
        told = {year for unit in header.units.values() if (year := unit.year) is not None}
        told |= {year for years in header.years.values() for year in years}
        if "period" in header.found:
            told |= {int(year) for year in years_of(register.sheet.cells[header.found["period"]]) if year == year}
        if asked.year not in told:
            shown = several([str(year) for year in sorted(told, reverse=True)], 200)
            hint = (_("Its years: {years}.", years=shown) if told else
                    _("No column tells years. The year that it shows is said with {way}.",
                      way=door(command="--start-year", python="start_year")))  # fmt: skip
            raise InputError(door(command="--year", python="year"), "", _("{year} is no year of this register.", year=asked.year),
                             hint)  # fmt: skip
    money = [said for name in ("sales", "exports") if (said := decisions.get(f"unit_{name}"))]
    if asked.rate is not None and asked.currency is None and not any(" / " in said or said.endswith("?") for said in money):
        message = _("no money is said to be in another currency than US dollars, so that no rate is used.")
        hint = _("Say which it is with {way}.", way=door(command="--currency", python="currency"))
        raise InputError(door(command="--rate", python="rate"), "", message, hint)
    known = {plain(heading) for heading in headings or ()}
    for text in asked.ignore if headings is not None else ():
        if plain(text) not in known:
            there = _("Its columns: {names}.", names=several(map(clip, register.sheet.headings), 200))
            message = _("{heading!r} is no column.", heading=clip(text))
            raise InputError(door(command="--ignore", python="ignore"), "", message,
                             did_you_mean(text, register.sheet.headings, there))  # fmt: skip


def _understand(headings: list[str], file: str, asked: Asked, needed: tuple[str, ...], own: Profile | None) -> _Understood:
    known = ("", own) if own is not None else recognised(headings)
    name, profile = (asked.register if own is not None else known[0], known[1]) if known else (None, None)
    at = {plain(heading): position for position, heading in reversed(list(enumerate(headings)))}
    given = profile.meanings() if profile is not None else None
    numbered = profile is not None and profile.numbered
    header = recognise(headings, COLUMNS, file, [one for one in needed if not (numbered and one == "id")], asked.ignore,
                       read=asked.read, given=given, year=asked.year)  # fmt: skip
    parts, kept = [], {}
    if profile is not None and profile.id is not None and header.by.get("id") == "profile":
        parts = [at[plain(heading)] for heading in profile.id.headings if plain(heading) in at]
    if profile is not None:
        kept = {at[plain(heading)]: values for heading, values in profile.keep.items() if plain(heading) in at}
    return _Understood(header, name, profile, parts, kept)


def _read_ids(register: Register, cells: dict[str, np.ndarray], told: _Understood) -> None:
    """Put ids together that several columns make, number rows without any, and take ".0" from those that became floats."""
    profile = told.profile
    if profile is not None and profile.id is not None and len(told.parts) > 1:
        columns = [register.sheet.cells[position].tolist() for position in told.parts]
        whole = [profile.id.joiner.join(row) if all(row) else "" for row in zip(*columns, strict=True)]
        cells["id"] = np.array(whole, object)
        register.decisions["id"] = " + ".join(register.sheet.headings[position] for position in told.parts)
    elif profile is not None and profile.numbered and "id" not in register.header.found:
        cells["id"] = np.array([f"row{line}" for line in register.sheet.lines.tolist()], object)
        register.decisions["id"] = "numbered"
    ids = cells["id"].tolist()
    floats = np.array([_FLOAT.fullmatch(text) is not None for text in ids], bool)
    if floats.any() and all(_NUMBER.fullmatch(text) for text in ids if text):
        cells["id"] = np.array([text.removesuffix(".0") for text in ids], object)
        if floats.sum() == sum(map(bool, ids)):
            register.decisions["id_float"] = f"{ids[int(np.argmax(floats))]} = {cells['id'][int(np.argmax(floats))]}"
        else:
            register.note("id_float", floats, "id", np.array(ids, object))


def _decode(register: Register, cells: dict[str, np.ndarray]) -> None:
    """Put in place of a profile's codes what they stand for."""
    for name, codes in (register.known.codes if register.known is not None else {}).items():
        if name not in register.header.found:
            continue
        texts, place = distinct(cells[name])
        short = {code.lstrip("0"): meant for code, meant in codes.items()}
        meant = [codes.get(bare, short.get(bare.lstrip("0"), text) if bare else text)
                 for text, bare in ((text, re.sub(r"\.0$", "", text)) for text in texts)]  # fmt: skip
        cells[name] = np.array(meant, object)[place]
        decoded = sum(new != old for new, old in zip(meant, texts, strict=True))
        if decoded:
            register.decisions[f"codes_{name}"] = str(decoded)


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
        way = door(command="--establishments sum", python="establishments='sum'")
        hint = (_("A spreadsheet has rounded it: save the column as text.") if _ROUNDED.search(id_)
                else _("If they are establishments of one firm, {way} adds them up.", way=way))  # fmt: skip
        message = _n("{id!r} stands in lines {first} and {second}; an id names one firm.",
                     "{id!r} stands in lines {first} and {second} ({n} rows repeat an id); an id names one firm.",
                     len(again), id=clip(id_), first=first, second=line)  # fmt: skip
        raise InputError(file, heading, message, hint, line)


def _note_ids(register: Register) -> None:
    """Tell ids that a spreadsheet seems to have rounded, or taken a zero from."""
    ids = register.texts["id"]
    register.note("rounded_id", np.array([_ROUNDED.search(text) is not None for text in ids.tolist()], bool), "id", ids)
    told = ids[register.used].tolist()
    if not all(map(str.isdecimal, told)):
        return
    lengths = np.array([len(text) for text in ids.tolist()])
    usual = int(np.median(lengths[register.used])) if told else 0
    if usual >= ID_LEAST and (lengths[register.used] == usual).mean() >= SAME_LENGTH:
        register.note("short_id", lengths < usual, "id", ids)


def _without_accents(text: str) -> str:
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(bare.casefold().split())


def _as_maps_read(activity: str) -> str:
    number = digits(activity)
    return number if len(number) >= CODE_LEAST else activity.casefold()


def _one_spelling(register: Register, name: str, alike: Callable[[str], str]) -> None:
    """Write cells of a column that are alike as most of them are, so that AMBATO and Ambato are one town; say so."""
    cells = register.texts[name]
    texts, place = distinct(cells)
    count = np.bincount(place, minlength=len(texts))
    usual: dict[str, int] = {}
    for k in sorted(range(len(texts)), key=texts.__getitem__):
        best = usual.setdefault(alike(texts[k]), k)
        if count[k] > count[best]:
            usual[alike(texts[k])] = k
    chosen = np.array([usual[alike(text)] for text in texts], int)[place]
    register.note("respelt", chosen != place, name, cells)
    register.texts[name] = np.array(texts, object)[chosen]


def _without_controls(register: Register, name: str) -> None:
    """Put spaces in the place of control characters, which no scenario may hold; say so."""
    cells = register.texts[name]
    texts, place = distinct(cells)
    mended = [" ".join(CONTROL.sub(" ", text).split()) if CONTROL.search(text) else text for text in texts]
    clean = np.array(mended, object)[place]
    register.note("control", clean != cells, name, cells)
    register.texts[name] = clean


def _mend(register: Register, cells: dict[str, np.ndarray]) -> None:
    """Set aside values that no firm can have, and put together what two columns say."""
    values = register.values
    for name in ("employees", "sales", "exports"):
        most = NUMBERS[name][1]
        register.drop("out_of_range", values[name] > most, name, cells[name])
    register.note("raised", values["employees"] < 1.0, "employees", cells["employees"])
    values["employees"] = np.maximum(values["employees"], 1.0)
    register.drop("no_sales", values["sales"] == 0.0, "sales", cells["sales"])
    draw_inside(register)
    share = values["export_share"]
    said = np.isnan(values["exports"]) & ~np.isnan(share)
    register.note("share_alone", said & np.isnan(values["sales"]), "export_share")
    values["exports"] = np.where(said, share * values["sales"], values["exports"])
    above = values["exports"] > values["sales"] * (1.0 + 1e-9)
    register.note("above_sales", above, "exports", cells["exports"])
    values["exports"] = np.where(values["exports"] > values["sales"], values["sales"], values["exports"])
    flagged = values["tractor"]
    large = np.where(np.isnan(values["employees"]), np.nan, values["employees"] >= LARGE)
    values["tractor"] = np.where(np.isnan(flagged), large, np.fmax(flagged, np.nan_to_num(large)))


def _ask_of_total(register: Register) -> None:
    """Ask whether a row whose employees are the sum of all others is a firm or a total."""
    values = np.where(register.used, np.nan_to_num(register.values["employees"]), 0.0)
    told = register.used & ~np.isnan(register.values["employees"])
    if told.sum() < 4 or "employees" in register.classes:
        return
    row = int(np.argmax(values))
    if abs(2.0 * values[row] - values.sum()) > 0.5:
        return
    id_, asked = register.texts["id"][row], register.asked.total
    if asked == "leave_out":
        rows = np.zeros(len(register), bool)
        rows[row] = True
        register.leave_out("total", rows, "employees", register.texts["id"])
    if asked is not None:
        return
    found = _("line {line} ({id}) has as many employees as all others together, {n}: a firm, or a total? Read as a firm.",
              line=int(register.sheet.lines[row]), id=clip(id_), n=int(values[row]))  # fmt: skip
    register.doubts.append(Doubt("total", "employees", found, (
        Answer("total", "leave_out", _("It is a total, and is not used.")), Answer("total", "keep", _("It is a firm.")),
    )))  # fmt: skip
