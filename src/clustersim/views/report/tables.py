"""The tables of the report: cells as a reader sees them, and the same as CSV with points for machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from clustersim.core import numbers
from clustersim.core.cells import csv_text
from clustersim.core.words import _
from clustersim.model.state import PHASES
from clustersim.studies.comparison import Comparison, units
from clustersim.studies.comparison.titles import option_title
from clustersim.views.figures.names import indicator, phase
from clustersim.views.figures.style import bands
from clustersim.views.report.captions import UNITS
from clustersim.views.report.drawing import FOREST, TRAJECTORIES, WHO, factor, gains

MOST_ROWS, MOST_ROWS_WIDE, WIDE = 41, 21, 4  # rows by year; fewer where there are more than so many columns
Array = NDArray[Any]


@dataclass
class Table:
    """A table: the first cell of a row is its heading.

    Attributes
    ----------
    caption : str
        What it shows.
    heads : list of str
        Heading of each column.
    rows : list of list of str
        Cells as a reader sees them.
    raw : list of list
        Rows for the CSV file, its heading first; no file where empty.
    """

    caption: str
    heads: list[str]
    rows: list[list[str]]
    raw: list[list[Any]] = field(default_factory=list)
    name: str = "table"
    text: bool = False  # cells are words, not numbers

    @property
    def link(self) -> str:
        """The CSV file as a link that needs no request."""
        text = csv_text([_plain(cell) for cell in row] for row in self.raw)
        return "data:text/csv;charset=utf-8," + quote(text)


def _plain(cell: Any) -> Any:
    """Return a number with at most six digits that count, whatever the locale."""
    if isinstance(cell, float | np.floating):
        return "" if not np.isfinite(cell) else f"{cell:.6g}"
    return cell


def kept_years(years: Array, columns: int = 1) -> Array:
    """Return which years a table shows: all, or evenly spaced ones and the last, so that the page stays small."""
    step = -(-len(years) // (MOST_ROWS if columns <= WIDE else MOST_ROWS_WIDE))
    return np.unique(np.append(np.arange(step - 1, len(years), step), len(years) - 1))


class DataTables:
    """The tables behind the charts of one comparison."""

    def __init__(self, comparison: Comparison) -> None:
        self.c = comparison
        self.kept = kept_years(comparison.years, len(comparison.options))
        self.calendar = comparison.start_year + self.kept

    def name(self, option: str) -> str:
        return option_title(self.c, option)

    def behind(self, figure: str) -> list[Table]:
        """Return the tables behind a figure."""
        made: dict[str, Any] = {
            "forest": lambda: [self._ends("forest", FOREST)], "who": lambda: [self._ends("who", WHO)], "risk": self._risk,
            "phases": self._phases, "money": self._money,
            "trajectories": lambda: [self._medians(name) for name in TRAJECTORIES],
            "paired": lambda: [self._differences(name, "paired") for name in TRAJECTORIES],
        }  # fmt: skip
        found: list[Table] = made[figure]()
        return found

    def chain(self, names: Sequence[str]) -> list[Table]:
        """Return the yearly differences of the links of the chain."""
        return [self._differences(name, "chain") for name in names]

    def _series(self, caption: str, name: str, cells: Mapping[str, tuple[Array, ...]], parts: Sequence[str]) -> Table:
        """Return one row for each year: middle and two ends for each option; what else there is stands in the CSV only."""
        options = list(cells)
        decimals = _decimals(np.concatenate([values[0][self.kept] for values in cells.values()]))
        rows: list[list[str]] = []
        raw: list[list[Any]] = [["year", *(f"{option}_{part}" for option in options for part in parts)]]
        for k, year in zip(self.kept, self.calendar, strict=True):
            row = [str(year)]
            line: list[Any] = [int(year)]
            for values in cells.values():
                text = [numbers.number(float(part[k]), decimals) for part in values[:3]]
                row.append(text[0] if numbers.NONE in text[1:] else f"{text[0]} ({numbers.to(text[1], text[2])})")
                line += [float(part[k]) for part in values]
            rows.append(row)
            raw.append(line)
        return Table(caption, [_("Year"), *(self.name(option) for option in options)], rows, raw, name)

    def _medians(self, name: str) -> Table:
        cells = {}
        for option in self.c.names:
            found = bands(self.c.series(option, name) * factor(name))
            cells[option] = (found.median, found.low, found.high)
        caption = _("{what}: median (10–90 %)", what=self._said(name))
        return self._series(caption, f"trajectory_{name}", cells, ("median", "p10", "p90"))

    def _differences(self, name: str, figure: str) -> Table:
        cells, parts = {}, ("mean", "low", "high", *(("p10", "p90") if figure == "paired" else ()))
        for option in self.c.interventions:
            found, scale = self.c.difference_series(option, name), factor(name)
            cells[option] = tuple(scale * getattr(found, part) for part in parts)
        caption = _("{what}: mean difference (90 % interval)", what=self._said(name))
        return self._series(caption, f"{figure}_{name}", cells, parts)

    def _said(self, name: str) -> str:
        return f"{indicator(name)} ({_(UNITS[name])})"

    def _money(self) -> list[Table]:
        cells = {}
        for option in self.c.names:
            values = self.c.series(option, "public_spending")
            if values.any():
                found = bands(values)
                cells[option] = (values.mean(axis=0), found.low, found.high)
        caption = _("Public spending a year: thousand USD, mean (10–90 %)")
        return [self._series(caption, "spending", cells, ("mean", "p10", "p90"))]

    def _phases(self) -> list[Table]:
        found = []
        for option in self.c.names:
            shares = dict(zip(PHASES, self.c.phase_shares(option).shares, strict=True))
            shown = [phase for phase in PHASES if shares[phase].any()]
            rows = [
                [str(year), *(numbers.number(100.0 * shares[phase][k], 0) for phase in shown)]
                for k, year in zip(self.kept, self.calendar, strict=True)
            ]
            raw: list[list[Any]] = [["year", *shown]]
            raw += [[int(y), *(float(shares[p][k]) for p in shown)] for k, y in zip(self.kept, self.calendar, strict=True)]
            caption = _("{what}: % of the simulations", what=self.name(option))
            found.append(Table(caption, [_("Year"), *(phase(p) for p in shown)], rows, raw, f"phases_{option}"))
        return found

    def _risk(self) -> list[Table]:
        shares = np.array([1, 5, 10, 25, 50, 75, 90, 95, 99])
        values = {option: np.quantile(gains(self.c, option), shares / 100.0) for option in self.c.interventions}
        rows = [[f"{s}", *(numbers.signed_whole(float(v[k])) for v in values.values())] for k, s in enumerate(shares)]
        raw: list[list[Any]] = [["share_of_cases_percent", *values]]
        raw += [[int(s), *(float(v[k]) for v in values.values())] for k, s in enumerate(shares)]
        heads = [_("Share of cases below (%)"), *(self.name(option) for option in values)]
        return [Table(_("difference in jobs by share of cases"), heads, rows, raw, "risk")]

    def _ends(self, name: str, outcomes: Sequence[str]) -> Table:
        """Return mean differences at the end with interval and percentiles, one row for each outcome."""
        found = self.c.answers["differences"]
        rows = [
            [
                units.named(outcome, difference=True),
                *(units.difference(found[option][outcome], outcome) for option in self.c.interventions),
            ]
            for outcome in outcomes
        ]
        keys = ("estimate", "low", "high", "p10", "p50", "p90")
        raw: list[list[Any]] = [["outcome", *(f"{option}_{key}" for option in self.c.interventions for key in keys)]]
        raw += [[o, *(found[option][o][key] for option in self.c.interventions for key in keys)] for o in outcomes]
        heads = [_("Measure"), *(self.name(option) for option in self.c.interventions)]
        return Table(_("mean difference (90 % interval)"), heads, rows, raw, name)


def _decimals(values: Array) -> int:
    """Return the decimals that suit a whole column: three digits for its largest value."""
    return numbers.decimals_for(float(np.nanmax(np.abs(values), initial=0.0)))
