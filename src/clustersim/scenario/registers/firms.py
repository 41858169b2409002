"""A register of firms as it stands in memory: each usable cell as a value, and what is to be said of the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from clustersim.scenario.registers.asking import Asked
from clustersim.scenario.registers.columns import Header
from clustersim.scenario.registers.doubts import Doubt
from clustersim.scenario.registers.notes import Notes
from clustersim.scenario.registers.profiles.profiles import Profile
from clustersim.scenario.registers.sheet import Sheet


@dataclass
class Register:
    """A firm register.

    Attributes
    ----------
    sheet, header
        The table of text, and which column is which.
    used : ndarray of bool, shape (rows,)
        Rows that name a firm.
    texts : dict of ndarray of object
        ``id``, ``name``, ``municipality``, ``activity``; empty where nothing is said.
    values : dict of ndarray of float
        Employees (persons), year, sales and exports (kUSD a year), latitude and longitude (degrees), x and y (km), and the flags
        0 or 1; NaN where nothing is said.
    start_year : int
        The year whose beginning the register shows.
    notes : Notes
        What is to be said of rows.
    decisions : dict
        What was decided for the whole file: encoding, separator, decimal sign, unit of money, and why.
    asked : Asked
        What the user said of how to read it.
    doubts : list of Doubt
        What can be read in two ways, and was read in the likelier one.
    profile : str, optional
        The public register that it was recognised as.
    known : Profile, optional
        That register's profile.
    anonymous : bool
        Whether nothing that is made of it may depend on ids.
    classes : dict
        For employees and sales, as far as they stand in classes, the least and the most of each row's class, NaN where there is a
        number or nothing; values then hold what was drawn inside.
    """

    sheet: Sheet
    header: Header
    used: np.ndarray
    texts: dict[str, np.ndarray]
    values: dict[str, np.ndarray]
    start_year: int
    notes: Notes = field(default_factory=Notes)
    decisions: dict[str, str] = field(default_factory=dict)
    asked: Asked = field(default_factory=Asked)
    doubts: list[Doubt] = field(default_factory=list)
    profile: str | None = None
    known: Profile | None = None
    anonymous: bool = False
    classes: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)

    @property
    def asides(self) -> list[Any]:
        """Lines of the file that are no firm."""
        return list(getattr(self.sheet, "asides", ()))

    def __len__(self) -> int:
        return len(self.used)

    def note(self, code: str, rows: np.ndarray, column: str = "", cells: np.ndarray | None = None) -> None:
        """Note something of rows that are used, with what their cells say."""
        rows = rows & self.used
        if rows.any():
            self.notes.add(code, rows, column, () if cells is None else cells[rows])

    def leave_out(self, code: str, rows: np.ndarray, column: str = "", cells: np.ndarray | None = None) -> None:
        """Note why rows are not used, and use them no more."""
        self.note(code, rows, column, cells)
        self.used &= ~rows

    def drop(self, code: str, rows: np.ndarray, name: str, cells: np.ndarray) -> None:
        """Note values that cannot be, and set them aside."""
        self.note(code, rows, name, cells)
        self.values[name] = np.where(rows, np.nan, self.values[name])

    def written(self, name: str) -> str:
        """Return the heading of a column."""
        return " ".join(self.header.written.get(name, name).split())
