"""What was made of each row: texts in English and Spanish, gathered while a register is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

LANGUAGES = ("en", "es")

# Why a row is not used, and what was changed in one that is.
TEXTS = {
    "no_id": ("not used: it has no id", "no usada: no tiene id"),
    "too_long": ("not used: it has more cells than the header", "no usada: tiene más celdas que el encabezado"),
    "unmapped": (
        "not used: the activity {found!r} is not in the activity map",
        "no usada: la actividad {found!r} no está en el mapa de actividades",
    ),
    "no_cluster": (
        "not used: without {column} its cluster is not known",
        "no usada: sin {column} no se conoce su clúster",
    ),
    "too_short": ("has fewer cells than the header; the last ones count as empty", "tiene menos celdas que el encabezado; "
                  "las últimas cuentan como vacías"),
    "not_number": ("{column}: {found!r} is not a number", "{column}: {found!r} no es un número"),
    "not_clear": (
        "{column}: {found!r} can be read in two ways, and the column shows both",
        "{column}: {found!r} se puede leer de dos maneras, y la columna muestra ambas",
    ),
    "not_flag": ("{column}: {found!r} is neither yes nor no", "{column}: {found!r} no es ni sí ni no"),
    "not_year": ("{column}: {found!r} is not a year up to {start}", "{column}: {found!r} no es un año hasta {start}"),
    "out_of_range": ("{column}: {found!r} is out of range", "{column}: {found!r} está fuera de rango"),
    "respelt": ("{column}: {found!r} counts as its commonest spelling", "{column}: {found!r} cuenta como su forma más frecuente"),
    "no_sales": ("{column}: a firm with sales of 0 cannot be simulated", "{column}: una empresa con ventas de 0 no se "
                 "puede simular"),
    "raised": ("{column}: {found!r} counts as 1, the owner", "{column}: {found!r} cuenta como 1, el dueño"),
    "above_sales": ("{column}: {found!r} is above sales, and counts as all of them", "{column}: {found!r} supera las "
                    "ventas, y cuenta como todas ellas"),
    "share_alone": ("{column}: {found!r} cannot be used without sales", "{column}: {found!r} no se puede usar sin ventas"),
    "no_place": ("latitude, longitude: 0, 0 stands for none", "latitud, longitud: 0, 0 significa ninguna"),
    "far": ("its place lies {found} km from the others", "su lugar está a {found} km de las demás"),
    "municipality": ("placed in the middle of its municipality", "ubicada en el centro de su municipio"),
    "limited": ("sales per employee beyond what the model can hold: employment will move toward what sales need",
                "ventas por empleado fuera de lo que admite el modelo: el empleo se moverá hacia lo que piden las ventas"),
    "grouped": ("activity {found!r} is one of those grouped as 'other'", "la actividad {found!r} está entre las agrupadas "
                "como 'other'"),
}  # fmt: skip

NOT_USED = ("no_id", "too_long", "unmapped", "no_cluster")


@dataclass
class Notes:
    """Notes on rows of a register: for each row, what is to be said of it.

    Attributes
    ----------
    by_row : dict
        For a row's number, its notes: a key of `TEXTS`, the column, and what was found.
    """

    by_row: dict[int, list[tuple[str, str, Any]]] = field(default_factory=dict)

    def add(self, code: str, rows: np.ndarray, column: str = "", found: Iterable[Any] = ()) -> None:
        """Note the same of several rows, given as a mask or as numbers."""
        numbers = np.flatnonzero(rows) if rows.dtype == bool else rows
        cells = list(found) or [""] * len(numbers)
        for number, cell in zip(numbers.tolist(), cells, strict=True):
            self.by_row.setdefault(number, []).append((code, column, cell))

    def count(self) -> dict[tuple[str, str], int]:
        """Return how many rows have each note, by its code and column."""
        found: dict[tuple[str, str], int] = {}
        for notes in self.by_row.values():
            for code, column, _ in notes:
                found[code, column] = found.get((code, column), 0) + 1
        return found

    def example(self, code: str, column: str) -> Any:
        """Return what was found in the first row with a note."""
        return next(found for row in sorted(self.by_row) for c, name, found in self.by_row[row] if (c, name) == (code, column))


def say(code: str, lang: str, **values: object) -> str:
    """Return the text of a note."""
    return TEXTS[code][LANGUAGES.index(lang)].format(**values)
