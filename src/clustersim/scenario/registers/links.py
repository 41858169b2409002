"""Ties between the firms of a register: from a second table, with levels in either language and trust on any stated scale."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from clustersim.core.errors import InputError
from clustersim.core.words import N_, _, _n
from clustersim.model.state import ACQUAINTANCE, COMMERCIAL, INFORMATION, LEVELS, STRATEGIC
from clustersim.scenario.keys import clip
from clustersim.scenario.registers.asking import Asked
from clustersim.scenario.registers.columns import plain
from clustersim.scenario.registers.doubts import Answer, Doubt
from clustersim.scenario.registers.ends import Ends
from clustersim.scenario.registers.numerals import COMMA, POINT, evidence, read_numbers
from clustersim.scenario.registers.tie_tables import TieTable, read_ties

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
    "scale": N_("trust {found!r} is not on the scale of the column; taken from the place"),
    "respelt": N_("{found}: the only firm whose id a spreadsheet leaves like this"),
}
_FLOAT = re.compile(r"(\d)[.,]0+")  # a level of a spreadsheet
_NOTHING = Asked()
# Scales of trust: least and most, and in whose words.
SCALES = {
    "0-1": (0.0, 1.0, N_("Trust is a number from 0 to 1.")), "1-5": (1.0, 5.0, N_("Trust is from 1, none, to 5, full.")),
    "0-10": (0.0, 10.0, N_("Trust is from 0, none, to 10, full.")), "percent": (0.0, 100.0, N_("Trust is in per cent.")),
}  # fmt: skip
LIKELY = ("1-5", "0-10", "percent")  # in this order, the first that holds all values is the likeliest
NOT_USED = ("no_partner", "self", "apart")
Row = tuple[str, str, str, float, float]


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

    rows: list[Row] = field(default_factory=list)
    remarks: list[tuple[int, str, str, str, str]] = field(default_factory=list)
    total: int = 0
    doubts: list[Doubt] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


def read_links(path: Path, cluster_of: dict[str, str], asked: Asked = _NOTHING) -> Links:
    """Read ties between firms whose clusters are known.

    Parameters
    ----------
    path : Path
        A list of ties, a file of a network program or a matrix.
    cluster_of : dict
        Cluster of each firm, by its id.
    asked : Asked
        What the user says of how to read them.

    Raises
    ------
    InputError
        If the file is no such table, or none of its ties is between firms that are used.
    """
    ends = Ends(cluster_of)
    table = read_ties(path, ends, asked)
    found = Links(total=len(table), unused=table.unused)
    ab, ba = _trust(table, asked, found)
    kept: dict[tuple[str, str], tuple[int, int]] = {}
    mirrored: set[int] = set()  # ties that tell the trust of one side, which counts for the other until it tells its own
    wrong = "trust" if _scale_of(table, asked)[0] == "0-1" else "scale"
    columns = (table.a, table.b, table.level, ab.tolist(), ba.tolist(), table.trust, table.trust_back, table.directed)
    known = 0
    for one, other, word, ab_, ba_, said_ab, said_ba, way, line in zip(*columns, table.lines.tolist(), strict=True):
        a, b = ends.firm(one), ends.firm(other)
        strange = one if a is None else other if b is None else None
        if a is None or b is None:
            found.remarks.append((line, one, other, "no_partner", strange or ""))
            continue
        known += 1
        if changed := [f"{written} = {id_}" for written, id_ in ((one, a), (other, b)) if written != id_]:
            found.remarks.append((line, one, other, "respelt", "; ".join(changed)))
        if why := "self" if a == b else "apart" if cluster_of[a] != cluster_of[b] else "":
            found.remarks.append((line, one, other, why, ""))
            continue
        level = MEANT.get(plain(_FLOAT.sub(r"\1", word)))
        if level is None:
            found.remarks.append((line, one, other, "level" if word else "no_level", word))
        for value, said in ((ab_, said_ab), (ba_, said_ba if table.told_back else "")):
            if said and np.isnan(value):
                found.remarks.append((line, one, other, wrong, said))
        level = ACQUAINTANCE if level is None else level
        pair = (a, b) if a < b else (b, a)
        if pair in kept:
            place, first = kept[pair]
            found.remarks.append((line, one, other, "again", str(first)))
            if place in mirrored and a != found.rows[place][0] and not np.isnan(ab_):
                mirrored.discard(place)
                found.rows[place] = (*found.rows[place][:4], ab_)
            found.rows[place] = _joined(found.rows[place], (a, b, LEVELS[level], ab_, ba_))
            continue
        kept[pair] = len(found.rows), line
        if not table.told_back and way == -1 and not np.isnan(ba_):
            mirrored.add(len(found.rows))
        found.rows.append((a, b, LEVELS[level], ab_, ba_))
    if not known:
        raise _none_fits(table, ends)
    return found


def _joined(old: Row, new: Row) -> Row:
    """Return two rows on one pair as one: the higher level, and trust as the first says it, else the second."""
    ab, ba = (new[3], new[4]) if new[0] == old[0] else (new[4], new[3])
    level = max(old[2], new[2], key=LEVELS.index)
    return old[0], old[1], level, ab if np.isnan(old[3]) else old[3], ba if np.isnan(old[4]) else old[4]


def _none_fits(table: TieTable, ends: Ends) -> InputError:
    """Return what is said of ties none of which is between two firms that are used."""
    strange = _strange(table, ends)
    message = _n("its one tie is not between two firms that are used: it has {found!r}; firms have ids such as {like!r}.",
                 "none of its {n} ties is between two firms that are used: it has {found!r}; firms have ids such as {like!r}.",
                 len(table), found=clip(strange), like=clip(ends.like(strange)))  # fmt: skip
    several = [id_ for id_ in {*table.a.tolist(), *table.b.tolist()} if ends.several(id_)]
    hint = _("All would fit with zeros before them, but then several firms do.") if several else ""
    return InputError(table.file, "", message, hint, int(table.lines[0]))


def _strange(table: TieTable, ends: Ends) -> str:
    return next((id_ for pair in zip(table.a, table.b, strict=True) for id_ in pair if ends.firm(id_) is None), "")


def _trust(table: TieTable, asked: Asked, found: Links) -> tuple[np.ndarray, np.ndarray]:
    """Return trust of each end in the other from 0 to 1, NaN where it is not told; a scale that is not sure is a doubt."""
    scale, sure = _scale_of(table, asked)
    least, most, _meaning = SCALES[scale]
    read = [_numbers(cells, table.separator) for cells in (table.trust, table.trust_back)]
    if not sure:
        found.doubts.append(_doubt(np.concatenate(read), scale))
    ab, ba = (np.where((v >= least) & (v <= most), (v - least) / (most - least), np.nan) for v in read)
    if not table.told_back:
        # A tie that goes one way tells the trust of the one; what is not said to go one way tells that of both.
        ba = np.where(table.directed == 1, np.nan, ab)
    return ab, ba


def _scale_of(table: TieTable, asked: Asked) -> tuple[str, bool]:
    """Return the scale on which trust is told, and whether that is sure."""
    if asked.trust is not None:
        return asked.trust, True
    said = [cell for cell in {*table.trust.tolist(), *table.trust_back.tolist()} if cell]
    if "%" in table.trust_heading or (said and all("%" in cell for cell in said)):
        return "percent", True
    values = np.concatenate([_numbers(cells, table.separator) for cells in (table.trust, table.trust_back)])
    values = values[~np.isnan(values)]
    inside = (values > 0.0) & (values < 1.0)
    # Surveys count in whole steps: where most numbers lie between 0 and 1, another is a slip and no other scale.
    if not values.size or 2 * inside.sum() >= values.size or (inside.any() and ((values >= 0.0) & (values <= 1.0)).all()):
        return "0-1", True
    if ((values >= 0.0) & (values <= 1.0)).all():
        return "0-1", False
    return next((name for name in LIKELY if _holds(values, name)), "0-1"), False


def _holds(values: np.ndarray, scale: str) -> bool:
    least, most, _meaning = SCALES[scale]
    return bool(((values >= least) & (values <= most)).all())


def _doubt(values: np.ndarray, scale: str) -> Doubt:
    values = values[~np.isnan(values)]
    found = _("Trust goes from {least} to {most}, so its scale is not sure.", least=f"{values.min():g}", most=f"{values.max():g}")
    names = [name for name in SCALES if _holds(values, name)] or list(SCALES)
    order = sorted(names, key=lambda name: name != scale)
    return Doubt("trust", "trust", found, tuple(Answer("trust", name, _(SCALES[name][2])) for name in order))


def _numbers(cells: np.ndarray, separator: str) -> np.ndarray:
    sign = evidence(cells)
    return read_numbers(cells, sign if sign in (POINT, COMMA) else COMMA if separator == ";" else POINT, True).values
