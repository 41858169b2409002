"""Classes in place of numbers, such as "6 a 10 personas" or "e. 500+": their bounds, and a draw inside them for each firm.

The draw is a pure function of the firm's id: it is the same in each replicate, and whatever else is listed.
"""

from __future__ import annotations

import re

import numpy as np

from clustersim.core.draws import PROCESS, stream, uniforms
from clustersim.scenario.listing import firm_uid
from clustersim.scenario.registers.money import Unit, spelt, take_units

TAIL = 1.06  # exponent of the Pareto tail of firms' sizes (Axtell 2001, doi:10.1126/science.1062081: 1.059), in open classes
# An open class ends at so many times its beginning (assumed): an uncut tail would put a firm of a hundred thousand into a town.
ENDS = 20.0
_STATE = {"employees": "size_class", "sales": "sales_class"}  # the draw of each column

_N = r"(\d[\d.,' ]*)"
_LABEL = re.compile(r"^(?:[a-z]|\d{1,2})\s*[.):]\s+(?=\S)|^(?:estrato|tramo|class|clase|grupo)\s+\w+\s*[:.)-]\s*")
_WORDS = re.compile(
    r"\b(?:personas?|people|persons?|employees?|empleados?|trabajadores?|pessoas?|ocupados?|ocupadas?|workers?|asalariados?|"
    r"vinculos?|puestos?|jobs?|personal|ativos?|empregados?|de ventas|ventas|sales)\b"
)
_RANGES = (
    re.compile(rf"(?:de|desde|entre|between|from)?\s*{_N}\s*(?:a|y|e|to|and|ate|hasta|al|-|–|—|\.\.)\s*(?:menos de\s+)?{_N}"),
)
_OPEN = re.compile(
    rf"(?:desde|de|from|>=|≥|at least|al menos)?\s*{_N}\s*(?:\+|(?:y|o|e|ou|and|or)\s*(?:mas|mais|more|over|above|plus|superior))"
    rf"|(?:>=|≥|at least|al menos|desde|minimo)\s*{_N}"
)
_ABOVE = re.compile(rf"(?:mas de|mais de|over|more than|above|>|superior a|mayor a|mayor de|mayor que)\s*{_N}")
_UP_TO = re.compile(rf"(?:hasta|up to|ate|<=|≤|at most|maximo|no more than)\s*{_N}|{_N}\s*(?:o|or|ou)\s*(?:menos|less|fewer)")
_BELOW = re.compile(rf"(?:menos de|less than|fewer than|under|below|<|menor a|menor de|menor que|inferior a)\s*{_N}")
_NONE = ("sin", "ningun", "ninguno", "no", "none", "nenhum", "zero", "cero")


def bounds(cell: str, whole: bool = True) -> tuple[float, float, Unit] | None:
    """Return the least and the most of a class (the most is infinite in an open one) and its unit; None if it is no class.

    Parameters
    ----------
    cell : str
        As written.
    whole : bool
        Whether the class is one of counts, so that "more than 10" begins at 11.

    Examples
    --------
    >>> from clustersim.scenario.registers.classes import bounds
    >>> bounds("6 a 10 personas")[:2], bounds("e. 500+")[:2], bounds("Menos de 5")[:2]
    ((6.0, 10.0), (500.0, inf), (0.0, 4.0))
    """
    text = _LABEL.sub("", spelt(cell)).strip()
    text = " ".join(_WORDS.sub(" ", text).split())
    if whole and text in _NONE and text != spelt(cell):
        return 0.0, 0.0, Unit()
    words = re.findall(r"[a-z_]+|[^a-z_]+", text)
    unit, rest = take_units([word.strip() if word.strip() in ("", *_UNIT_LIKE) else word for word in words], year=False)
    text = " ".join("".join(f" {word} " if word.isalpha() else word for word in rest).split()).strip(" .")
    step = 1.0 if whole else 0.0
    for pattern in _RANGES:
        if (found := pattern.fullmatch(text)) is not None:
            low, high = _number(found[1], whole), _number(found[2], whole)
            return (low, high, unit) if low is not None and high is not None and low <= high else None
    for pattern, kind in ((_OPEN, "open"), (_ABOVE, "above"), (_UP_TO, "up"), (_BELOW, "below")):
        if (found := pattern.fullmatch(text)) is None:
            continue
        value = _number(next(group for group in found.groups() if group), whole)
        if value is None:
            return None
        if kind in ("open", "above"):
            return value + (step if kind == "above" else 0.0), np.inf, unit
        return 0.0, max(value - (step if kind == "below" else 0.0), 0.0), unit
    return None


_UNIT_LIKE = (
    "usd",
    "eur",
    "gbp",
    "brl",
    "pen",
    "clf",
    "uf",
    "dollarsign",
    "miles",
    "mil",
    "millones",
    "k",
    "mm",
    "m",
    "pesos",
    "euros",
)


def _number(text: str, whole: bool) -> float | None:
    """Return a bound; in whole ones, and where three digits follow, a sign parts thousands."""
    bare = text.strip().rstrip(".,").replace(" ", "").replace("'", "")
    if re.fullmatch(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*", bare) or bare.isdecimal():
        return float(re.sub(r"[.,]", "", bare))
    if whole:
        return None
    if (both := re.fullmatch(r"(\d{1,3}(?:([.,])\d{3})+)(?!\2)[.,](\d+)", bare)) is not None:
        return float(f"{re.sub('[.,]', '', both[1])}.{both[3]}")
    return float(bare.replace(",", ".")) if re.fullmatch(r"\d+[.,]\d+", bare) else None


def inside(ids: list[str], low: np.ndarray, high: np.ndarray, column: str) -> np.ndarray:
    """Return a value inside its class for each firm: log-uniform between the bounds, a Pareto tail in an open class.

    Parameters
    ----------
    ids : list of str
        The firms.
    low, high : ndarray of float
        Bounds of their classes; `high` is infinite in an open one.
    column : {"employees", "sales"}
        Employees are whole numbers from 1 up.

    Examples
    --------
    >>> import numpy as np
    >>> from clustersim.scenario.registers.classes import inside
    >>> value = inside(["0891"], np.array([6.0]), np.array([10.0]), "employees")[0]
    >>> bool(6 <= value <= 10 and value == round(value))
    True
    """
    whole = column == "employees"
    word = np.uint64(stream(np.uint64(0), 0, PROCESS[_STATE[column]]))
    share = np.empty(len(ids))
    uniforms(word, np.array([firm_uid(id_) for id_ in ids], np.uint64), share)
    half = 0.5 if whole else 0.0
    least = np.maximum(low, 1.0) if whole else np.maximum(low, np.where(np.isinf(high), 1.0, high / 100.0))
    closed = np.where(np.isinf(high), least, np.maximum(high, least))
    between = np.exp(np.log(least - half) + share * np.log((closed + half) / (least - half)))
    tail = least * (1.0 - share * (1.0 - ENDS**-TAIL)) ** (-1.0 / TAIL)
    value = np.where(np.isinf(high), tail, between)
    return np.clip(np.rint(value), least, np.where(np.isinf(high), np.inf, closed)) if whole else value


def middle(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the middle of classes, by logarithm; the beginning of open ones."""
    least = np.maximum(low, 1.0)
    return np.where(np.isinf(high), least, np.sqrt(least * np.maximum(high, least)))
