"""Registers in all forms, with nonsense or one wrong cell in them: a plan, or one sentence; never a wrong number in silence."""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from .attack import REPOSITORY, Attack, Fault, judged, worded
from .fuzz import called, new_in, words_in
from .mutation import mutated
from .sheets import FORMS, Table, delimited

FILES = REPOSITORY / "tests" / "scenario" / "registers" / "files"
COMMAND_EVERY, MAKE_EVERY = 40, 5  # cases of which one is asked through the command, or made into a scenario


def firms(count: int, seed: int) -> list[list[str]]:
    """Return a register of firms that do not exist, with English headings, all cells filled in and right."""
    draw = random.Random(seed)
    head = ["id", "name", "municipality", "activity", "employees", "founded", "sales_usd", "exports_usd", "export_share",
        "certified",
            "status", "latitude", "longitude"]  # fmt: skip
    rows = [head]
    for k in range(count):
        people = draw.choice((1, 3, 8, 12, 25, 60, 140, 320))
        sales = round(people * draw.uniform(30_000, 60_000), 2)
        share = round(draw.choice((0.0, 0.0, 0.12, 0.35, 0.8)), 2)
        rows.append([
            f"{k + 1:05d}", f"Firma {k + 1} S.A.", draw.choice(("Ambato", "Cevallos", "Quero")),
            draw.choice(("1410", "1512", "1520")),
            str(people), str(draw.randint(1970, 2022)), f"{sales:.2f}", f"{sales * share:.2f}", f"{share:.2f}",
            draw.choice(("yes", "no")), "ACTIVO", f"{-1.25 + draw.uniform(-0.05, 0.05):.5f}",
            f"{-78.62 + draw.uniform(-0.05, 0.05):.5f}",
        ])  # fmt: skip
    return rows


def spanish(rows: Table) -> list[list[str]]:
    """Return the same register as a Spanish office writes it: headings, points between thousands, decimal commas."""
    head = ["RUC", "Razón social", "Cantón", "CIIU", "Empleados", "Año fundación", "Ventas USD", "Exportaciones USD",
            "Proporción exportada", "Certificada", "Estado", "Latitud", "Longitud"]  # fmt: skip
    turned = str.maketrans(",.", ".,")
    found = [head]
    for row in rows[1:]:
        cells = list(row)
        for k in (6, 7):
            cells[k] = f"{float(cells[k]):,.2f}".translate(turned)
        for k in (8, 11, 12):
            cells[k] = cells[k].replace(".", ",")
        cells[9] = {"yes": "sí", "no": "no"}[cells[9]]
        found.append(cells)
    return found


def directory(rows: Table) -> list[list[str]]:
    """Return the same firms as DENUE lists them: jobs in classes, codes of SCIAN, no money."""
    head = ["id", "clee", "nom_estab", "raz_social", "codigo_act", "nombre_act", "per_ocu", "cve_ent", "entidad", "cve_mun",
            "municipio", "latitud", "longitud", "fecha_alta"]  # fmt: skip
    bounds = ((5, "0 a 5 personas"), (10, "6 a 10 personas"), (30, "11 a 30 personas"), (50, "31 a 50 personas"),
              (100, "51 a 100 personas"), (250, "101 a 250 personas"), (10**9, "251 y más personas"))  # fmt: skip
    found = [head]
    for k, row in enumerate(rows[1:]):
        size = next(text for most, text in bounds if int(row[4]) <= most)
        found.append([
            str(6_000_000 + k), f"09002{k:012d}", row[1], row[1], "316211",
            "Fabricación de calzado con corte de piel y cuero", size,
            "11", "Guanajuato", "020", "León", f"{21.12 + k % 7 / 100:.6f}", f"{-101.68 - k % 5 / 100:.6f}", "2019-07",
        ])  # fmt: skip
    return found


@dataclass(frozen=True)
class Seed:
    """A clean register, and how it is handed over.

    Attributes
    ----------
    name : str
        For messages.
    rows : list of list of str
        Headings, and the cells.
    columns : dict
        Position of each column that plants change, by what it means.
    form : callable
        Makes a file of it.
    ending : str
        Of the file.
    given : dict
        What is said of how to read it.
    scaled : bool
        Whether its headings say thousands or millions.
    """

    name: str
    rows: list[list[str]]
    columns: dict[str, int]
    form: Callable[[Table], bytes]
    ending: str
    given: dict[str, Any] = field(default_factory=dict)
    scaled: bool = False


def seeds() -> list[Seed]:
    """Return the clean registers."""
    plain = firms(24, 1)
    known = ("id", "name", "municipality", "activity", "employees", "year", "sales", "exports", "export_share", "certified",
        "status",
             "latitude", "longitude")  # fmt: skip
    full = {name: k for k, name in enumerate(known)}
    without_share = [row[:8] + row[9:] for row in plain]
    short = {name: k for k, name in enumerate(name for name in known if name != "export_share")}
    shares = [row[:7] + row[8:] for row in plain]
    shared = {name: k for k, name in enumerate(name for name in known if name != "exports")}
    listed = {"id": 0, "name": 2, "activity": 4, "size": 6, "municipality": 10, "latitude": 11, "longitude": 12}
    return [
        Seed("English, commas", without_share, short, delimited, "csv"),
        Seed("Spanish, semicolons", [row[:8] + row[9:] for row in spanish(plain)], short,
             lambda rows: delimited(rows, ";", "cp1252", "\r\n"), "csv"),
        Seed("shares, tabs", shares, shared, lambda rows: delimited(rows, "\t"), "txt"),
        Seed("both, workbook", plain, full, FORMS["xlsx"], "xlsx"),
        Seed("directory", directory(plain), listed, delimited, "csv"),
        Seed("directory, ods", directory(plain), listed, FORMS["ods"], "ods"),
        *(public(path) for path in sorted(FILES.iterdir()) if path.stem not in ("county_business_patterns", "eurostat_sbs")),
    ]  # fmt: skip


def public(path: Path) -> Seed:
    """Return a register in the layout of a public one, as its columns are read; what it asks for is said."""
    from clustersim.scenario.registers.plan import read_plan

    plan, given = read_plan(path), {}
    for doubt in plan.doubts():
        answers = {answer.option: answer.value for answer in doubt.answers if answer.value}
        if doubt.code == "currency":
            given |= {"currency": answers.get("currency", "EUR"), "rate": 8.0}
        else:
            option, value = next(iter(answers.items()))
            given[option] = int(value) if option == "year" else value
    register = plan.build.register
    content = path.read_bytes().decode({"Latin-1": "cp1252"}.get(register.sheet.encoding, register.sheet.encoding))
    rows = [row for row in csv.reader(io.StringIO(content, newline=""), delimiter=register.sheet.separator) if any(row)]
    kinds = ("id", "employees", "sales", "exports", "year", "certified", "status", "activity", "latitude", "longitude")
    columns = {name: register.header.found[name] for name in kinds if name in register.header.found}
    if "employees" in register.classes:
        columns["size"] = columns.pop("employees")
    if "sales" in register.classes:
        del columns["sales"]
    coding = {"Latin-1": "cp1252"}.get(register.sheet.encoding, "utf-8")
    return Seed(path.stem, rows, columns, lambda table: delimited(table, register.sheet.separator, coding), path.suffix[1:],
        given,
                any(unit.scale for unit in register.header.units.values()))  # fmt: skip


Check = Callable[[float, float], bool]  # the value that was read, and that of the clean register


DECIMAL_COMMA = re.compile(r"-?[\d.]*,\d{1,2}")


def number(cell: str, comma: bool) -> float:
    """Return the number in a clean cell, 0 if it has none."""
    text = cell.replace(".", "").replace(",", ".") if comma else cell.replace(",", "")
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else 0.0


def same(read: float, clean: float) -> bool:
    """Whether a value is as it was."""
    return read == clean or (read != read and clean != clean) or abs(read - clean) <= 1e-9 * abs(clean)


def gone(read: float, clean: float) -> bool:
    """Whether a value is not known."""
    return read != read


def exactly(value: float) -> Check:
    """Return whether a value is this one."""
    return lambda read, clean: abs(read - value) <= 1e-6 * max(1.0, abs(value))


def within(low: float, high: float) -> Check:
    """Return whether a value lies between two."""
    return lambda read, clean: low <= read <= high


def scaled(factor: float) -> Check:
    """Return whether a value is the clean one, so many times."""
    return lambda read, clean: same(read, clean * factor)


@dataclass(frozen=True)
class Kind:
    """A kind of wrong cell.

    Attributes
    ----------
    column : str
        What it stands in.
    cells : tuple
        What may stand there in place of the right cell, ``{0}`` for that itself, and what may be read from it without a word:
        nothing if None.
    """

    column: str
    cells: tuple[tuple[str, Check | None], ...]


KINDS: dict[str, Kind] = {
    "headcount with separators of thousands": Kind("employees", (("3.400", exactly(3400)), ("3,400", exactly(3400)),
                                                                 ("1 250", exactly(1250)), ("12.500", exactly(12500)))),
    "headcount with a fraction": Kind("employees", (("3.4", None), ("12,5", None), ("0.5", None), ("7.25", None))),
    "negative number": Kind("employees", (("-5", None), ("(12)", None), ("12-", None), ("−7", None))),
    "number in words": Kind("employees", (("doce", None), ("twelve", None), ("varios", None), ("aprox. 12", None),
                                             ("~12", None))),
    "number with a remark": Kind("employees", (("12*", exactly(12)), ("12?", None), ("12 personas", exactly(12)),
                                               ("12 trabajadores", exactly(12)), (">250", None), ("12/15", None),
                                               ("12 (2019)", None))),
    "class in a column of numbers": Kind("employees", (("11-50", None), ("6 a 10", None), ("11 a 30 personas", None),
                                                       ("menos de 5", None), ("500+", None), ("e. 500+", None))),
    "another class": Kind("size", (("251 y más personas", within(250, np.inf)), ("6 a 10 personas", within(6, 10)),
                                   ("0 a 5 personas", within(1, 5)), ("e. 500+", within(500, np.inf)), ("10-49", within(10, 49)),
                                   ("N/D", gone), ("Menos de 5", within(1, 4)))),
    "no class in a column of classes": Kind("size", (("6 a personas", None), ("muchas", None), ("10 a 6 personas", None),
                                                     ("6 a 10 millones", None), ("-5", None), ("12", exactly(12)))),
    "class that became a date": Kind("employees", (("6-oct", None), ("2010-10-06", None), ("06/10/2024", None),
                                                   ("oct-06", None))),
    "headcount beyond any firm": Kind("employees", (("1e9", None), ("99999999999", None), ("593991234567", None))),
    "odd digits": Kind("employees", (("1O", None), ("l2", None), ("１２", exactly(12)), ("1e1", exactly(10)), ("0x10", None))),
    "word for missing": Kind("employees", tuple((word, gone) for word in
                             ("NA", "N/D", "S/D", "-", "--", ".", "n.a.", "NULL", "\\N", "#N/A", "No aplica", "Sin dato",
                                 "s.d."))),
    "sales: foreign currency": Kind("sales", (("€ {0}", None), ("{0} €", None), ("S/ {0}", None), ("MXN {0}", None),
        ("{0} pesos", None),
                                              ("R$ {0}", None), ("£{0}", None), ("COP {0}", None))),
    "sales: dollar signs": Kind("sales", (("US$ {0}", same), ("{0} USD", same), ("$ {0}", same), ("USD {0}", same))),
    "sales: per cent": Kind("sales", (("35%", None), ("12 %", None))),
    "sales: thousands and millions in the cell": Kind("sales", (("{0} miles", scaled(1e3)), ("{0} M", None),
                                                                ("{0} millones", None),
                                                               ("MM$ {0}", None), ("{0}k", scaled(1e3)))),
    "sales: negative": Kind("sales", (("-{0}", None), ("({0})", None), ("{0}-", None))),
    "sales: a thousand times too large": Kind("sales", (("{0}*1000", None),)),
    "sales: the other decimal sign": Kind("sales", (("{0}~", same),)),
    "sales: two ways": Kind("sales", (("1.234", None), ("12,345", None), ("1.234.567,8.9", None))),
    "sales: nothing": Kind("sales", (("0", None), ("s/d", gone), ("-", gone), ("no declara", None))),
    "exports: per cent": Kind("exports", (("35%", exactly(0.35)), ("100 %", exactly(1)), ("0%", exactly(0)))),
    "exports: above sales": Kind("exports", (("{0}*1000000", None),)),
    "share: above one": Kind("export_share", (("1.05", None), ("45", None), ("350", None), ("-0.2", None), ("1,5", None))),
    "share: per cent in one cell": Kind("export_share", (("35%", exactly(0.35)), ("105%", None), ("7 %", exactly(0.07)))),
    "date that stands for none": Kind("year", tuple((text, gone) for text in ("s/f", "0", "NA")) + tuple(
        (text, None) for text in ("1900-01-01", "01/01/1900", "9999-12-31", "0001-01-01", "1015", "2105", "19999", "99"))),
    "date as people write it": Kind("year", (("12/05/1998", exactly(1998)), ("1998-05-12", exactly(1998)),
                                             ("mayo de 1998", exactly(1998)),
                                             ("1998.0", exactly(1998)), ("1,998", None), ("1998-2003", None))),
    "flag": Kind("certified", (("t", exactly(1)), ("V", exactly(1)), ("SI", exactly(1)), ("X", exactly(1)), ("f", exactly(0)),
                               ("N", exactly(0)), ("tal vez", None), ("2", None), ("en trámite", None))),
    "coordinate: lost sign": Kind("longitude", (("{0}+", None),)),
    "coordinate: lost decimal sign": Kind("latitude", (("{0}.", None), ("999", None), ("-125", None))),
    "coordinate: zero": Kind("latitude", (("0", None), ("-", gone))),
    "coordinate: degrees and minutes": Kind("latitude", (("1°14'56\"S", None), ("-1° 14.9", None), ("S 1.25", None))),
    "coordinate: another place": Kind("latitude", (("{0}^", None),)),
    "coordinate: swapped": Kind("latitude", (("swap", None),)),
    "id: twice": Kind("id", (("other", None),)),
    "id: none": Kind("id", (("", None), ("   ", None))),
    "id: rounded by a spreadsheet": Kind("id", (("1.79E+12", None), ("1,79E+12", None))),
    "status: closed": Kind("status", (("CANCELADO", None), ("Baja definitiva", None), ("Dissolved", None), ("SUSPENDIDO", None),
                                      ("liquidada", None), ("CERRADO", None))),
    "status: unknown word": Kind("status", (("ZX-9", None), ("en revisión", None))),
    "activity: another spelling": Kind("activity", (("{0} ", same), (" {0}", same))),
    "activity: word for missing": Kind("activity", (("NA", gone), ("S/D", gone), ("-", gone), ("no aplica", gone))),
    "row: too many cells": Kind("row", (("more", None),)),
    "row: total": Kind("row", (("TOTAL", None), ("Subtotal", None), ("Total general", None), ("Suma", None))),
    "row: note": Kind("row", (("Fuente: registro de firmas", None), ("Nota: datos preliminares", None), ("* provisional", None))),
    "row: headings again": Kind("row", (("headings", None),)),
}  # fmt: skip


@dataclass
class Reading:
    """What was read of a register.

    Attributes
    ----------
    values : dict
        For each column, its value by id; texts stand as they are.
    ids : list of str
        Of each row, empty for one that is not used.
    rows_of : dict
        How many rows each id has, used or not.
    lines : list of int
        Of each row, its line in the file.
    told : set
        What is said: of lines, of doubts, and of columns.
    refused : str
        The sentence, if it was refused.
    """

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    rows_of: Counter[str] = field(default_factory=Counter)
    lines: list[int] = field(default_factory=list)
    told: set[tuple[Any, ...]] = field(default_factory=set)
    refused: str = ""


NUMBERS = ("employees", "sales", "exports", "year", "certified", "latitude", "longitude")


def read(path: Path, given: dict[str, Any]) -> tuple[Reading, list[Fault]]:
    """Read a register as a plan."""
    from clustersim.core.errors import InputError
    from clustersim.scenario.registers.plan import read_plan

    try:
        plan = read_plan(path, **given)
    except InputError as error:
        return Reading(refused=str(error)), worded(str(error))
    found, register = Reading(), plan.build.register
    ids = register.texts["id"][plan.build.rows].tolist()
    for name in NUMBERS:
        there = plan.build.table[name] if name in ("employees", "sales", "exports", "year", "certified") else None
        values = there if there is not None else register.values[name][plan.build.rows]
        found.values[name] = dict(zip(ids, np.asarray(values, float).tolist()))
    found.values["segment"] = dict(zip(ids, plan.build.table["segment"].tolist()))
    found.ids = [id_ if used else "" for id_, used in zip(register.texts["id"].tolist(), register.used.tolist())]
    found.rows_of = Counter(register.texts["id"].tolist())
    lines = found.lines = register.sheet.lines.tolist()
    found.told |= {("row", lines[row], *note[:2]) for row, notes in register.notes.by_row().items() for note in notes}
    found.told |= {("aside", aside.line) for aside in register.asides}
    found.told |= {("doubt", doubt.code, doubt.column) for doubt in plan.doubts()}
    found.told |= {
        ("unclear", name, said) for name, said in register.decisions.items() if name.startswith(("unclear_", "missing_"))
    }
    return found, []


class Plants(Attack):
    """One wrong cell in a clean register."""

    name = "register-plants"
    what = "clean registers with one wrong cell: it is told, or what is read is right, and no other firm is changed"
    short, long = 400, 10_000
    gigabytes = 8.0

    def prepare(self, folder: Path) -> None:
        self.folder = folder
        self.seeds = seeds()
        self.tally: Counter[str] = Counter()
        self.clean = []
        for seed in self.seeds:
            reading, _ = read(self.write(seed, seed.rows), seed.given)
            if reading.refused or any(told[0] == "doubt" for told in reading.told):
                raise RuntimeError(f"{seed.name}: {reading.refused or reading.told}")
            self.clean.append(reading)

    def write(self, seed: Seed, rows: Table) -> Path:
        """Write a register; return its file."""
        path = self.folder / f"firms.{seed.ending}"
        path.write_bytes(seed.form(rows))
        return path

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        name = list(KINDS)[number % len(KINDS)]
        kind = KINDS[name]
        fitting = [k for k, seed in enumerate(self.seeds)
                   if self.fits(seed, name, kind) and self.rows_for(seed, self.clean[k], kind.column)]  # fmt: skip
        which = draw.choice(fitting)
        seed, clean = self.seeds[which], self.clean[which]
        rows = [list(row) for row in seed.rows]
        at = draw.choice(self.rows_for(seed, clean, kind.column))
        cell, check = draw.choice(kind.cells)
        changed = self.plant(seed, clean, rows, at, kind.column, cell, draw)
        path = self.write(seed, rows)
        reading, faults = read(path, seed.given)
        said = f"{name}: {changed!r} in {seed.name}, row {at}"
        verdict = self.judge(seed, at, changed, kind.column, cell, check, clean, reading)
        self.tally[f"{name}: {'wrong' if verdict else 'told' if self.is_told(clean, reading) else 'right'}"] += 1
        return [fault._replace(what=f"{said}: {fault.what}") for fault in faults] + (
            [Fault("wrong", f"{said}: {verdict}")] if verdict else []
        )

    @staticmethod
    def fits(seed: Seed, name: str, kind: Kind) -> bool:
        """Whether a kind can be tried on a register: it has the column, and its money is in US dollars where that matters."""
        if "currency" in seed.given and name.startswith(
            ("sales: foreign", "sales: dollar", "sales: thousands", "sales: a thousand")
        ):
            return False
        if seed.scaled and name.startswith("sales: thousands"):
            return False
        return kind.column == "row" or kind.column in seed.columns

    @staticmethod
    def rows_for(seed: Seed, clean: Reading, column: str) -> list[int]:
        """Return the rows that can be planted in: of firms that stand there once, and say something in the column."""
        limited = {told[1] for told in clean.told if column == "sales" and told[0] == "row" and told[2] == "limited"}
        there = [
            k
            for k, id_ in enumerate(clean.ids, start=1)
            if id_ and clean.rows_of[id_] == 1 and clean.lines[k - 1] not in limited
        ]
        if column == "row":
            return there
        known = clean.values.get(column, {})
        filled = [k for k in there if seed.rows[k][seed.columns[column]].strip()]
        return [k for k in filled if (value := known.get(clean.ids[k - 1], 0.0)) == value]

    def plant(
        self, seed: Seed, clean: Reading, rows: list[list[str]], at: int, column: str, cell: str, draw: random.Random
    ) -> str:
        """Change one cell, or put in one row; return what was written."""
        if column == "row":
            return self.plant_row(seed, rows, at, cell)
        position = seed.columns[column]
        old = rows[at][position]
        comma = DECIMAL_COMMA.fullmatch(old) is not None
        if cell.endswith("*1000") or cell.endswith("*1000000"):
            value = number(old, comma) * float(cell.partition("*")[2]) or 5e12
            cell = f"{value:.2f}".replace(".", "," if comma else ".")
        elif cell == "{0}~":
            turned = old.translate(str.maketrans(",.", ".,"))
            whole, sign, part = turned.rpartition("." if comma else ",")
            cell = f"{whole.replace(',', '').replace('.', '')}{sign}{part}"
        elif cell == "{0}+":
            cell = old.lstrip("-")
        elif cell == "{0}.":
            cell = old.replace(".", "").replace(",", "")
        elif cell == "{0}^":
            whole = re.match(r"-?\d+", old)
            assert whole is not None
            cell = f"{int(whole[0]) - 2}{old[whole.end() :]}"
        elif cell == "swap":
            other = seed.columns["longitude"]
            rows[at][other], cell = old, rows[at][other]
        elif cell == "other":
            cell = rows[draw.choice([k for k in self.rows_for(seed, clean, column) if k != at])][position]
        else:
            cell = cell.replace("{0}", old)
        rows[at][position] = cell
        return cell

    @staticmethod
    def plant_row(seed: Seed, rows: list[list[str]], at: int, cell: str) -> str:
        """Put a row in that is no firm, or a cell too many."""
        if cell == "more":
            rows[at] = [*rows[at], "7"]
            return "a cell more"
        if cell == "headings":
            rows.append(list(rows[0]))
            return "headings"
        row = [""] * len(rows[0])
        row[0] = cell
        if "otal" in cell.lower() or cell == "Suma":
            for name in ("employees", "sales"):
                if name in seed.columns:
                    k = seed.columns[name]
                    comma = any(DECIMAL_COMMA.fullmatch(r[k]) for r in rows[1:])
                    total = sum(number(r[k], comma) for r in rows[1:])
                    row[k] = f"{total:.2f}".replace(".", ",") if comma else f"{total:.10g}"
        rows.append(row)
        return cell

    @staticmethod
    def is_told(clean: Reading, reading: Reading) -> bool:
        """Whether something is said that was not said of the clean register."""
        return bool(reading.refused or reading.told - clean.told)

    def judge(self, seed: Seed, at: int, copied: str, column: str, cell: str, check: Check | None, clean: Reading,
              reading: Reading) -> str:  # fmt: skip
        """Return what is wrong, empty if nothing is."""
        if reading.refused or any(told[0] == "doubt" for told in reading.told - clean.told):
            return ""
        told = self.is_told(clean, reading)
        planted = clean.ids[at - 1] if column != "row" else ""
        strange = set(reading.values["employees"]) - set(clean.values["employees"])
        if strange and not told:
            return f"a firm that is none: {sorted(strange)[:3]}"
        if column == "row" and strange:
            return f"a firm that is none, though something is told: {sorted(strange)[:3]}"
        for name, values in clean.values.items():
            for id_, value in values.items():
                if id_ == planted or (column == "id" and told and id_ == copied):
                    continue
                now = reading.values[name].get(id_)
                if now is None and column == "row" and told:
                    continue
                if now is None:
                    return f"another firm, {id_}, is gone"
                if not (same(now, value) if isinstance(value, float) else now == value):
                    return f"{name} of another firm, {id_}, is {now} in place of {value}"
        if told or column == "row":
            return "" if told else "nothing is said"
        both = "exports" in seed.columns and "export_share" in seed.columns
        return self.judge_cell(both, planted, column, cell, check, clean, reading)

    @staticmethod
    def judge_cell(both: bool, id_: str, column: str, cell: str, check: Check | None, clean: Reading, reading: Reading) -> str:
        """Return what is wrong with what was read, without a word, from the cell itself."""
        name = {"activity": "segment", "export_share": "exports", "size": "employees"}.get(column, column)
        if name not in reading.values:
            return "nothing is said"
        now, before = reading.values[name].get(id_), clean.values[name].get(id_)
        if name == "exports" and both and now is not None and abs(now - before) <= 1e-5:
            return ""  # the other of the two columns says it
        if check is None or now is None:
            return f"nothing is said; {name} is {now} in place of {before}"
        if name == "segment":
            fine = now == "" if check is gone else now == before
        elif column == "export_share" or (column == "exports" and "%" in cell):
            sales = reading.values["sales"][id_]
            fine = check(now / sales, before / sales)
        else:
            fine = check(now, before)
        return "" if fine else f"nothing is said; {name} is {now} in place of {before}"


class Files(Attack):
    """Files of registers in all forms."""

    name = "fuzz-register-files"
    what = "registers in fourteen forms with changed bytes, parts and tables, made into plans; some into scenarios"
    short, long = 300, 100_000
    gigabytes = 8.0

    def prepare(self, folder: Path) -> None:
        self.folder = folder
        self.tables = [firms(12, 2), spanish(firms(12, 3)), directory(firms(12, 4))]
        self.files = {ending: [form(table) for table in self.tables] for ending, form in FORMS.items()}
        self.words = [*words_in([delimited(table).decode() for table in self.tables]), ",", ";", "|", "\t", "empleados", "TOTAL",
                      "Fuente:", "id", "#N/A", "sep=;", "€", "%", "6 a 10 personas"]  # fmt: skip
        self.before = {path.name for path in folder.iterdir()}

    def case(self, number: int, draw: random.Random) -> list[Fault]:
        from clustersim.core.errors import InputError
        from clustersim.scenario.registers.making import make_scenario
        from clustersim.scenario.registers.plan import read_plan

        ending = draw.choice(list(FORMS))
        how = draw.random()
        if how < 0.4:
            content = self.damaged(draw.choice(self.files[ending]), draw)
        elif how < 0.6 and ending in ("xlsx", "ods", "zip"):
            content = self.inside(draw.choice(self.files[ending]), draw)
        else:
            content = FORMS[ending](self.other_table(draw))
        name = ending if draw.random() < 0.9 else draw.choice([*FORMS, "pdf", "", "sav"])
        path = self.folder / f"case.{name}"
        path.write_bytes(content)
        plan, found = judged(lambda: read_plan(path), InputError)
        if plan is not None:
            found += judged(plan.document, ())[1]
        if number % MAKE_EVERY == 0:
            made, faults = judged(lambda: make_scenario(path, self.folder / "made.yaml", force=True), InputError)
            found += faults
            left = new_in(self.before | {path.name})
            if made is None and left:
                found.append(Fault("left", ", ".join(left)))
        if number % COMMAND_EVERY == 1:
            found += called(["scenario", "from-firms", path.name, "--dry-run"])[2]
        for left in new_in(self.before):
            (self.folder / left).unlink()
        return [fault._replace(what=f"{path.name}: {fault.what}") for fault in found]

    def other_table(self, draw: random.Random) -> Table:
        """Return a table with some cells, rows and headings changed; as wide as its headings, as most forms need."""
        rows = [list(row) for row in draw.choice(self.tables)]
        for _ in range(draw.choice((1, 1, 2, 5))):
            at, k = draw.randrange(len(rows)), draw.randrange(len(rows[0]))
            what = draw.randrange(6)
            if what < 3:
                cell = mutated(rows[at][k], draw, self.words, self.words) if draw.random() < 0.6 else draw.choice(self.words)
                rows[at][k] = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", cell)[:2000]
            elif what == 3:
                rows.insert(at, list(draw.choice(rows)))
            elif what == 4 and len(rows) > 2:
                del rows[max(1, at)]
            else:
                rows[at] = [draw.choice(("TOTAL", "Fuente: x", "", "1")), *[""] * (len(rows[0]) - 1)]
        for k, name in enumerate(rows[0]):
            rows[0][k] = name if name and name not in rows[0][:k] else f"c{k}"
        return rows

    def damaged(self, content: bytes, draw: random.Random) -> bytes:
        """Return a file with some of its bytes changed, gone, doubled, or of another file."""
        found = bytearray(content)
        for _ in range(draw.choice((1, 1, 2, 4))):
            at = draw.randrange(len(found) + 1)
            what, length = draw.randrange(6), draw.choice((1, 1, 4, 40, 400))
            if what == 0:
                del found[at : at + length]
            elif what == 1:
                found[at:at] = bytes(draw.randrange(256) for _ in range(length))
            elif what == 2 and at < len(found):
                found[at] ^= 1 << draw.randrange(8)
            elif what == 3:
                found[at:at] = found[at : at + length] * draw.choice((1, 3, 50))
            elif what == 4:
                del found[at:]
            else:
                other = draw.choice(self.files[draw.choice(list(FORMS))])
                place = draw.randrange(len(other) or 1)
                found[at:at] = other[place : place + length]
        return bytes(found)

    def inside(self, content: bytes, draw: random.Random) -> bytes:
        """Return an archive with one of its members changed, gone, or twice."""
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        name = draw.choice(list(members))
        what = draw.random()
        if what < 0.1:
            del members[name]
        elif what < 0.2:
            members[f"other/{name}"] = members[name]
        else:
            text = members[name].decode("utf-8", "replace")
            entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
            changed: Sequence[str] = (mutated(text, draw, self.words, self.words), entities + text.replace("Firma", "&b;"))
            members[name] = changed[draw.random() < 0.15].encode("utf-8", "replace")
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for one, inner in members.items():
                archive.writestr(one, inner)
        return stream.getvalue()
