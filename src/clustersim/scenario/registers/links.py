"""Ties between the firms of a register: from a second table, with levels in either language."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from clustersim.core.words import N_
from clustersim.model.state import ACQUAINTANCE, COMMERCIAL, INFORMATION, LEVELS, STRATEGIC
from clustersim.scenario.registers.asking import Asked
from clustersim.scenario.registers.columns import TIE_COLUMNS, plain, recognise
from clustersim.scenario.registers.doubts import Doubt
from clustersim.scenario.registers.numerals import COMMA, POINT, evidence, read_numbers
from clustersim.scenario.registers.sheet import read_sheet

WORDS = {
    ACQUAINTANCE: ("0", "acquaintance", "acquainted", "knows", "conocido", "conocidos", "conocimiento", "contacto"),
    INFORMATION: ("1", "information", "advice", "exchange", "informacion", "intercambio", "consejo", "informativo", "horizontal",
                  "association", "asociacion", "gremio"),
    COMMERCIAL: ("2", "commercial", "trade", "buyer", "seller", "supplier", "customer", "vertical", "comercial", "comercio",
                 "proveedor", "cliente", "compra", "venta", "subcontract", "subcontrato", "maquila", "compra_venta"),
    STRATEGIC: ("3", "strategic", "r_d", "rd", "alliance", "joint_venture", "estrategico", "estrategica", "i_d", "id", "alianza"),
}  # fmt: skip
MEANT = {word: level for level, words in WORDS.items() for word in words}
REMARKS = {
    "no_partner": N_("not used: {found!r} is not a firm that is used"),
    "self": N_("not used: a firm has no tie with itself"),
    "apart": N_("not used: the two belong to different clusters"),
    "again": N_("joined with line {found}; the higher level counts"),
    "level": N_("{found!r} is not a level; taken as acquaintance"),
    "no_level": N_("no level; taken as acquaintance"),
    "trust": N_("trust {found!r} is not a number from 0 to 1; taken from the place"),
}
_NOTHING = Asked()
NOT_USED = ("no_partner", "self", "apart")


@dataclass
class Links:
    """Ties, read.

    Attributes
    ----------
    rows : list of tuple
        Id of both firms, level by name, trust of each in the other or NaN.
    remarks : list of tuple
        Line, the two ids as written, key of `REMARKS`, and what was found.
    total : int
        Rows of the file.
    doubts : list of Doubt
        What can be read in two ways.
    unused : list of str
        Headings that are not read.
    """

    rows: list[tuple[str, str, str, float, float]] = field(default_factory=list)
    remarks: list[tuple[int, str, str, str, str]] = field(default_factory=list)
    total: int = 0
    doubts: list[Doubt] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


def read_links(path: Path, cluster_of: dict[str, str], asked: Asked = _NOTHING) -> Links:
    """Read ties between firms whose clusters are known.

    Raises
    ------
    InputError
        If the file is no such table.
    """
    sheet = read_sheet(path, TIE_COLUMNS)
    header = recognise(sheet.headings, TIE_COLUMNS, sheet.file, ("a", "b"))
    empty = np.full(len(sheet), "", object)
    cells = {name: sheet.cells[header.found[name]] if name in header.found else empty for name in TIE_COLUMNS}
    trust = {name: _trust(cells[name], sheet.separator) for name in ("trust", "trust_back")}
    if "trust_back" not in header.found:
        trust["trust_back"] = trust["trust"]
    found = Links(total=len(sheet), unused=header.unused)
    kept: dict[tuple[str, str], tuple[int, int]] = {}
    columns = (cells["a"], cells["b"], cells["level"], trust["trust"], trust["trust_back"], cells["trust"], cells["trust_back"])
    for a, b, word, ab, ba, said_ab, said_ba, line in zip(*columns, sheet.lines.tolist(), strict=True):
        strange = next((id_ for id_ in (a, b) if id_ not in cluster_of), None)
        why = "no_partner" if strange is not None else "self" if a == b else "apart" if cluster_of[a] != cluster_of[b] else ""
        if why:
            found.remarks.append((line, a, b, why, strange or ""))
            continue
        level = MEANT.get(plain(word))
        if level is None:
            found.remarks.append((line, a, b, "level" if word else "no_level", word))
        for value, said in ((ab, said_ab), (ba, said_ba)):
            if said and np.isnan(value):
                found.remarks.append((line, a, b, "trust", said))
        level = ACQUAINTANCE if level is None else level
        pair = (a, b) if a < b else (b, a)
        if pair in kept:
            place, first = kept[pair]
            found.remarks.append((line, a, b, "again", str(first)))
            old = found.rows[place]
            if level > LEVELS.index(old[2]):
                found.rows[place] = (old[0], old[1], LEVELS[level], old[3], old[4])
            continue
        kept[pair] = len(found.rows), line
        found.rows.append((a, b, LEVELS[level], float(ab), float(ba)))
    return found


def _trust(cells: np.ndarray, separator: str) -> np.ndarray:
    sign = evidence(cells)
    values = read_numbers(cells, sign if sign in (POINT, COMMA) else COMMA if separator == ";" else POINT, True).values
    return np.where((values >= 0.0) & (values <= 1.0), values, np.nan)
