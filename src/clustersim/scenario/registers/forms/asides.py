"""Lines of a table that are no firm: titles, units, repeated headings, notes, totals.

A word alone does not make a total: there are firms called Total. A row that is called so is one if it has no id, or if its
numbers are the sums of other rows; a row that is not called anything is one only if its numbers are the sums of all others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from clustersim.scenario.registers.forms.source import Known, filled
from clustersim.scenario.registers.numerals import COMMA, POINT, evidence, read_numbers

TEXT_MOST = 120  # characters that are kept of such a line

_TOTAL = re.compile(
    r"\W*(?P<sub>sub[\s_-]*)?(?:(?:gran|grand)[\s_-]+)?(?:total|totales|totals|totais|suma|sumas|sum|soma|guztira)\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_OF_ALL = re.compile(
    r"\W*+(?:(?:de|of|all|the|las?|los|general|geral|nacional|national|global|overall|pa[ií]s|country|provincial?|cant[oó]n|"
    r"municipio|empresas?|firms?|firmas?|companies|registros?|filas|rows|records|trabajadores|empleados|employees|ventas|sales|"
    r"\d++)(?!\w)\W*+)*+",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"(?<!\w)(?:s\.?\s?a\.?(?:\s?[sbcl]\.?)?|s\.?\s?l\.?(?:\s?u\.?)?|s\.?\s?r\.?\s?l\.?|s\.?\s?c\.?|c\.?\s?a\.?|ltda?|c[ií]a|inc|"
    r"llc|gmbh|corp|e\.?i\.?r\.?l|e\.?i\.?|plc|hnos|hermanos|hijos)\.?(?!\w)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[-+($€£\s]*+\d[\d.,'’\s]*+(?:[eE]\+?\d+)?[\s%€$)]*+")
_NOTE = re.compile(
    r"\W*(?:fuentes?|fontes?|sources?|notas?|notes?|elaboraci[oó]n|elaborado|elabora[cç][aã]o|observaci[oó]n(?:es)?|obs|"
    r"aclaraci[oó]n(?:es)?|advertencia|actualizado|fecha de (?:corte|actualizaci[oó]n|descarga|consulta)|unidad(?: de medida)?)"
    r"(?:\s+\w+){0,3}\s*[:：]",
    re.IGNORECASE,
)
_FOOT = re.compile(
    r"\*+\s*\S|\(\*+\)|\(?\d{1,2}[/)]\s+\D|\([a-z]\)\s|p[aá]g(?:ina|e)?\.?\s*\d|page\s+\d|hoja\s+\d", re.IGNORECASE
)
_UNIT = re.compile(
    r"\W*?(?:(?:en|in|de|of|por|per|a|al|miles|millones|millions?|thousands?|mil|milhões|unidad(?:es)?|units?|n[uú]mero|number|n[º°o]|"
    r"núm|personas?|persons?|people|pessoas|trabajadores|empleados|employees|workers|empleos|jobs|usd|us|eur|mxn|cop|clp|pen|ars|"
    r"brl|uyu|d[oó]lares|dollars|euros?|pesos|soles|reais|guaran[ií]es|pib|grados?|degrees?|decimales|decimal|metros?|m2|km|"
    r"kil[oó]metros?|kilomet(?:re|er)s?|a[nñ]os?|years?|fecha|date|dd|mm|aaaa|yyyy|texto?|c[oó]digo|code|ciiu|isic|"
    r"naics|scian|nace|cnae|porcentaje|percent|cent|ciento|corrientes|current|constantes|k|kusd|musd|usd/\w+)(?!\w)[\W_]*+|"
    r"[$€£%#]++[\W_]*+)++|\([^()]{1,40}\)|\[[^\[\]]{1,40}\]",
    re.IGNORECASE,
)
_FILL = re.compile(r"(?:\W*+(?:en|in|de|of|por|per|a|al|k|us|mil|text|code)(?!\w))++\W*", re.IGNORECASE)  # that alone are no unit
ADDED = ("count", "money")  # kinds of columns that totals add up
LEAST = 50.0  # of a sum that is told by its value alone


@dataclass(frozen=True)
class Aside:
    """A line of the file that is no firm.

    Attributes
    ----------
    line : int
        Line, or row of the sheet.
    kind : str
        "title", "units", "heading", "total" or "note".
    text : str
        The beginning of what it says.
    """

    line: int
    kind: str
    text: str


def aside(line: int, kind: str, row: Sequence[str]) -> Aside:
    """Return a line that is no firm, with the beginning of its text."""
    text = " ".join(" ".join(row).split())
    return Aside(line, kind, text if len(text) <= TEXT_MOST else text[: TEXT_MOST - 1] + "…")


def is_units(row: Sequence[str]) -> bool:
    """Return whether a row under the headings says units and nothing else.

    Examples
    --------
    >>> from clustersim.scenario.registers.forms.asides import is_units
    >>> is_units(["", "(personas)", "miles de USD"]), is_units(["17", "Ambato", "3"])
    (True, False)
    """
    said = [cell.strip() for cell in row if cell.strip()]
    return bool(said) and all(_UNIT.fullmatch(cell) and not _FILL.fullmatch(cell) for cell in said)


@dataclass(frozen=True)
class Suspect:
    """A row that is called a total, and may be a firm of that name."""

    row: int
    line: int
    cells: list[str]


class Reader:
    """Tells rows of a table from lines that are none.

    Parameters
    ----------
    headings : sequence of str
        The headings.
    known : Known
        Which columns they may name.
    titles : sequence of str
        Texts of the lines above the headings.
    units : sequence of str
        Cells of the row of units, if there is one.
    first : sequence of rows
        Some rows, to see how the table writes its first column.
    """

    def __init__(
        self, headings: Sequence[str], known: Known, titles: Sequence[str], units: Sequence[str], first: Sequence[Sequence[str]]
    ) -> None:
        self.headings = list(headings)
        self.titles = {" ".join(title.split()) for title in titles}
        self.units = list(units)
        self.totals = any(column.kind in ADDED for column in known.columns.values())
        self.id = _position("id", headings, known)
        lone = [row[0].split() for row in first if row and filled(row) > 1]
        # Where the first column holds single words, a sentence in it alone is no name.
        self.free = len(headings) > 2 and bool(lone) and max(map(len, lone)) < 3

    def kind(self, row: Sequence[str], text: str) -> str:
        """Return what a row is if it is surely no firm: "heading", "units", "title", "note" or "total"; "?" if it may be a total.

        Parameters
        ----------
        row : sequence of str
            Its cells.
        text : str
            All of them, together.
        """
        if row[0].strip() == self.headings[0] and _stripped(row) == self.headings:
            return "heading"
        low = text.lower()
        few = len(row) - row.count("") <= 2
        if few or "fuente" in low or "source" in low or "nota" in low or "note" in low or "fonte" in low or "elabora" in low:
            cells = [cell.strip() for cell in row if cell and not cell.isspace()]
            first = cells[0]
            if _NOTE.match(first):
                return "note"
            if len(cells) == 1:
                if _FOOT.match(first) and len(self.headings) > 1:
                    return "note"
                if " ".join(first.split()) in self.titles:
                    return "title"
            if len(cells) == 1 and self.free and len(first.split()) > 3 and row[0].strip() == first and not _LEGAL.search(first):
                return "note"
            if self.units and _stripped(row) == self.units:
                return "units"
        if self.totals and ("total" in low or "tota" in low or "sum" in low or "soma" in low or "guztira" in low):
            return self._total(row)
        return ""

    def _total(self, row: Sequence[str]) -> str:
        cells = [cell.strip() for cell in row[: len(self.headings)]]
        for place, cell in enumerate(cells):
            match = _TOTAL.fullmatch(cell) if len(cell) <= 100 else None
            if match is None:
                continue
            legal = _LEGAL.search(cell) is not None
            sure = not legal and (match["sub"] is not None or _OF_ALL.fullmatch(match["rest"]) is not None)
            texts = [k for k, other in enumerate(cells) if k != place and other and not _NUMBER.fullmatch(other)]
            numbers = [k for k, other in enumerate(cells) if k not in (place, self.id) and _NUMBER.fullmatch(other)]
            named = self.id is not None and self.id < len(cells) and cells[self.id] != "" and place != self.id
            if sure and (place == self.id or (not named and (numbers or self.id is not None))):
                return "total"
            if not sure and not legal and not named and not texts and numbers:
                return "total"
            return "?"
        return ""


def _position(name: str, headings: Sequence[str], known: Known) -> int | None:
    """Return the column that is the likeliest to be a known one."""
    names = known.columns[name].names if name in known.columns else ()
    places = [k for k, heading in enumerate(headings) if known(heading) == name]
    likely = {word: k for k, word in enumerate(names)}
    return min(places, key=lambda k: likely.get(headings[k].casefold(), len(names)), default=None)


def _stripped(row: Sequence[str]) -> list[str]:
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


@np.errstate(over="ignore")  # numbers that none holds are no sums
def sums(
    cells: Mapping[int, list[str]], headings: Sequence[str], known: Known, suspects: Sequence[Suspect], convention: str
) -> list[int]:
    """Return rows that are sums of other rows: those that are called totals, and one that is not called so.

    Parameters
    ----------
    cells : mapping
        Columns by position.
    headings : sequence of str
        The headings.
    known : Known
        Which columns they may name.
    suspects : sequence of Suspect
        Rows that are called totals.
    convention : str
        "point" or "comma", for columns that do not tell.
    """
    found = []
    for suspect in suspects:
        for place in cells:
            if place >= len(suspect.cells) or not _NUMBER.fullmatch(suspect.cells[place].strip() or "-"):
                continue
            if _is_coordinate(known, headings[place]):
                continue
            values = _values(cells[place], convention)
            if _adds_up(values, suspect.row, [other.row for other in suspects]):
                found.append(suspect.row)
                break
    return sorted({*found, *_unnamed(cells, headings, known, convention)})


def _is_coordinate(known: Known, heading: str) -> bool:
    name = known(heading)
    return name is not None and known.columns[name].kind not in ADDED


def _values(column: Sequence[str], convention: str) -> np.ndarray:
    distinct = [text for text in dict.fromkeys(column) if text and len(text) < 40]
    array = np.array(distinct, object)
    sign = evidence(array) if distinct else ""
    read = read_numbers(array, sign if sign in (POINT, COMMA) else convention).values if distinct else np.empty(0)
    value = dict(zip(distinct, np.nan_to_num(read).tolist(), strict=True))
    return np.array([value.get(text, 0.0) for text in column])


def _adds_up(values: np.ndarray, row: int, others: Sequence[int]) -> bool:
    """Return whether a row's value is the sum of all others, of all above it, or of its group above or below."""
    value = values[row]
    if value <= 0.0:
        return False
    before = max((other + 1 for other in others if other < row), default=0)
    after = min((other for other in others if other > row), default=len(values))
    parts = (values[before:row], values[row + 1 : after], values[:row], np.delete(values, row))
    return any(np.count_nonzero(part) > 1 and _same(float(part.sum()), float(value)) for part in parts)


def _same(total: float, value: float) -> bool:
    return abs(total - value) <= max(1e-6 * abs(total), 1.0 if total >= 20.0 * LEAST else 0.011)


def _unnamed(cells: Mapping[int, list[str]], headings: Sequence[str], known: Known, convention: str) -> list[int]:
    """Return a row whose numbers are, in several columns, the sums of all other rows."""
    added = [k for k in cells if (name := known(headings[k])) is not None and known.columns[name].kind in ADDED]
    count = len(cells[added[0]]) if added else 0
    if len(added) < 2 or count < 4:
        return []
    # A sum of all others has as many signs as the longest cell, but for marks of thousands: so most tables are done here.
    longest = {k: max(map(len, cells[k])) for k in added}
    likely = [row for row in (0, count - 1) if sum(len(cells[k][row]) >= max(longest[k] - 2, 2) for k in added) > 1]
    if not likely:
        return []
    values = {k: _values(cells[k], convention) for k in added}
    found = []
    for row in likely:
        told = {float(v[row]) for v in values.values() if v[row] >= LEAST and np.count_nonzero(v) > 3
                and _same(float(v.sum() - v[row]), float(v[row]))}  # fmt: skip
        if len(told) > 1:
            found.append(row)
    return found
