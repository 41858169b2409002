"""Whether a firm still is: by the words of registers for it, by codes of a profile, and by dates of closing."""

from __future__ import annotations

import re
from datetime import date

import numpy as np

from clustersim.core.words import _
from clustersim.scenario.keys import clip
from clustersim.scenario.registers.columns import plain
from clustersim.scenario.registers.doubts import Answer, Doubt
from clustersim.scenario.registers.numerals import distinct

# Words of registers in Spanish, English and Portuguese; what follows them ("BAJA DE OFICIO") changes nothing.
ALIVE = {
    "activo", "activa", "activos", "active", "ativo", "ativa", "alive", "live", "vigente", "habilitada", "habilitado",
    "en_operacion", "operando", "operativa", "operativo", "en_funcionamiento", "abierto", "abierta", "abi", "open",
    "registered", "renovada", "matricula_renovada", "reactivada", "reactivado", "regular", "trading", "en_marcha",
    "operational", "operating",
}  # fmt: skip
CLOSED = {
    "cancelado", "cancelada", "cancelled", "canceled", "suspendido", "suspendida", "suspended", "suspension", "suspensa",
    "pasivo", "pasiva", "inactivo", "inactiva", "inactive", "inativo", "inativa", "baja", "baixa", "baixada", "baixado",
    "inapta", "nula", "cerrado", "cerrada", "cer", "closed", "dissolved", "disuelta", "disuelto", "disolucion", "dissolution",
    "liquidacion", "en_liquidacion", "liquidada", "liquidated", "in_liquidation", "liquidation", "extinguida", "extinguido",
    "extinta", "extincion", "cesada", "cesado", "cese", "ceased", "quiebra", "en_quiebra", "bankrupt", "bankruptcy",
    "terminated", "struck_off", "deregistered", "removed", "termino_de_giro", "cierre", "fallido", "encerrada", "encerrado",
    "converted_closed", "defunct", "clausurada", "clausurado", "no_activo", "no_activa", "not_active", "dormant",
}  # fmt: skip
_DATES = (
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})(?:[-/.](?P<d>\d{1,2}))?(?:[T ].*)?"),
    re.compile(r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4})(?:[T ].*)?"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
    re.compile(r"(?P<y>\d{4})(?:[.,]0+)?"),
)  # fmt: skip


def standing(cell: str) -> float:
    """Return 1 for a word that says that a firm is, 0 for one that says that it is no longer, NaN for another.

    Examples
    --------
    >>> from clustersim.scenario.registers.status import standing
    >>> standing("ACTIVO"), standing("BAJA DE OFICIO")
    (1.0, 0.0)
    """
    word = plain(cell)
    words = word.split("_")
    for length in range(len(words), 0, -1):
        first = "_".join(words[:length])
        if first in CLOSED:
            return 0.0
        if first in ALIVE:
            # "Active - proposal to strike off" is active still; "activo en liquidacion" is not.
            return 0.0 if any(part in CLOSED for part in words[length:]) else 1.0
    return np.nan


def day(cell: str) -> tuple[int, int, int] | None:
    """Return year, month and day of a date, with 1 for what it does not tell; None if it is none."""
    for pattern in _DATES:
        if (found := pattern.fullmatch(cell.strip())) is not None:
            parts = found.groupdict()
            month, number = int(parts.get("m") or 1), int(parts.get("d") or 1)
            if month > 12 >= number:
                month, number = number, month
            return (int(parts["y"]), month, number) if 1 <= month <= 12 and 1 <= number <= 31 else None
    return None


def read_standing(cells: np.ndarray, codes: dict[str, float]) -> tuple[np.ndarray, list[str]]:
    """Return what a column of status says of each row (1, 0, NaN), and the words that are not known.

    `codes` are those of a profile, by their plain words.
    """
    words, place = distinct(cells)
    said = np.array([codes.get(plain(word), standing(word)) if word else np.nan for word in words], float)
    known = ~np.isnan(said)
    strange = [word for word, sure in zip(words, known.tolist(), strict=True) if word and not sure]
    return said[place], strange


def read_ends(closed: np.ndarray, reopened: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which rows have a day of closing that has come and was not undone, and which cells are no day."""
    words, place = distinct(closed)
    today = date.today()
    days = [day(word) if word else None for word in words]
    past = np.array(
        [found is not None and 1600 < found[0] and found <= (today.year, today.month, today.day) for found in days], bool
    )
    wrong = np.array([bool(word) and found is None for word, found in zip(words, days, strict=True)], bool)
    ended = past[place]
    if (reopened != "").any():
        for row in np.flatnonzero(ended & (reopened != "")).tolist():
            again, end = day(reopened[row]), days[place[row]]
            ended[row] = not (again is not None and end is not None and again >= end)
    return ended, wrong[place]


def doubt(heading: str, strange: list[str], count: int) -> Doubt:
    """Return the doubt about words of status that are not known."""
    shown = ", ".join(repr(clip(word, 30)) for word in strange[:3])
    found = _(
        "{column} holds words of which it is not known whether such a firm still is: {words} ({n} rows); these firms are kept.",
        column=clip(heading), words=shown, n=count,
    )  # fmt: skip
    return Doubt("status", "status", found, (
        Answer("closed", "leave_out", _("Firms that are closed are left out, those of unknown words stay.")),
        Answer("closed", "keep", _("All firms are used, those that are closed as well.")),
        Answer("ignore", heading, _("The column is not read.")),
    ))  # fmt: skip
