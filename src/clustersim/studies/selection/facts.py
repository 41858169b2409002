"""Tables beside a register: the nation's employment, sales and exports by activity, and facts known of candidates."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from clustersim.core.errors import InputError, several
from clustersim.core.numbers import shortest
from clustersim.core.words import N_, _, said_in
from clustersim.scenario.keys import clip, did_you_mean
from clustersim.scenario.registers.activities import ActivityMap
from clustersim.scenario.registers.activity_codes import digits
from clustersim.scenario.registers.asking import Asked
from clustersim.scenario.registers.columns import COLUMNS, Column, Header, plain, recognise
from clustersim.scenario.registers.nation import Nation, read_layout
from clustersim.scenario.registers.numerals import COMMA, POINT, evidence, read_numbers
from clustersim.scenario.registers.sheet import Sheet, read_sheet
from clustersim.studies.selection.criteria import ALL, Criterion

_NOTHING = Asked()
NATION_COLUMNS = {name: COLUMNS[name] for name in ("activity", "employees", "sales", "exports")}
# Facts beside those that are named like a criterion and take the place of its value: each with its range.
HELPERS = {
    "world_growth": (-1.0, 10.0, "crecimiento_mundial"), "growth": (-1.0, 10.0, "crecimiento"),
    "indirect_jobs": (0.0, 1e9, "empleos_indirectos"), "technology": (0.0, 1.0, "tecnologia"),
}  # fmt: skip
FACT_COLUMNS = {
    "candidate": Column("text", N_("candidate"), (
        "candidate", "candidato", "activity", "actividad", "cluster", *COLUMNS["activity"].names)),
    **{name: Column("money", c.label, (name, plain(said_in("es", c.label)))) for name, c in ALL.items()},
    **{name: Column("money", name, (name, spanish)) for name, (_low, _high, spanish) in HELPERS.items()},
}  # fmt: skip


def candidate_of(activity: str, chart: ActivityMap | None) -> str:
    """Return the candidate that an activity belongs to: the map's cluster, else its segment; itself without a map."""
    if chart is None:
        return activity
    meant = chart.find(activity) if activity else None
    return (meant[1] or meant[0]) if meant else ""


def read_nation(
    path: Path, chart: ActivityMap | None, asked: Asked = _NOTHING
) -> tuple[dict[str, dict[str, float]], dict[str, float], list[str]]:
    """Read a table by activity: what it sums to for each candidate, and in the whole nation.

    Parameters
    ----------
    path : Path
        The table, in one's own layout or in that of Eurostat or the US Census Bureau.
    chart : ActivityMap, optional
        What activities stand for.
    asked : Asked
        What the user says of how to read it.

    Returns
    -------
    by_candidate : dict
        For "employees", "sales" and "exports", as far as the table has them, the sum by candidate.
    total : dict
        The same over all rows.
    lost : list of str
        Columns of money that are not read, since nothing says what their currency is worth.
    """
    if (layout := read_layout(path, asked)) is not None:
        return *_of_layout(path, layout, chart), layout.lost
    sheet = read_sheet(path, NATION_COLUMNS)
    header = recognise(sheet.headings, NATION_COLUMNS, sheet.file, ("activity",))
    names = [candidate_of(activity, chart) for activity in sheet.cells[header.found["activity"]]]
    by_candidate: dict[str, dict[str, float]] = {}
    total: dict[str, float] = {}
    for name in ("employees", "sales", "exports"):
        if name not in header.found:
            continue
        values = _values(sheet, header, name, 0.0, np.inf) * header.factors.get(name, 0.001 if name != "employees" else 1.0)
        sums: dict[str, float] = {}
        for candidate, value in zip(names, values, strict=True):
            if candidate and not np.isnan(value):
                sums[candidate] = sums.get(candidate, 0.0) + float(value)
        by_candidate[name], total[name] = sums, float(np.nansum(values))
    if not by_candidate:
        message = _("has none of the columns employees, sales, exports (empleados, ventas, exportaciones).")
        raise InputError(sheet.file, "", message, "", 1)
    return by_candidate, total, []


def _of_layout(path: Path, layout: Nation, chart: ActivityMap | None) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """Return sums of a nation's table in a known layout; without a map by the digits of codes, at each of their levels."""
    by_candidate: dict[str, dict[str, float]] = {}
    total: dict[str, float] = {}
    for name, values in layout.values.items():
        sums: dict[str, float] = {}
        for code, value, finest in zip(layout.codes, values.tolist(), layout.finest.tolist(), strict=True):
            candidate = code if chart is None else candidate_of(code, chart) if finest else ""
            if candidate and value == value:
                sums[candidate] = sums.get(candidate, 0.0) + value
        by_candidate[name], total[name] = sums, float(np.nansum(values[layout.finest]))
    if not by_candidate:
        raise InputError(str(path), "", _("tells neither employees nor money whose worth in US dollars is known."))
    return by_candidate, total


def of_nation(sums: dict[str, float], candidate: str) -> float:
    """Return the nation's sum for a candidate, by its name or by the digits of its code; NaN if there is none."""
    return sums.get(candidate, sums.get(digits(candidate) or candidate, np.nan))


def read_facts(path: Path, candidates: list[str], own: dict[str, Criterion] | None = None) -> dict[str, np.ndarray]:
    """Read facts of candidates: for each column that the table has, one value for each candidate, NaN where it gives none.

    `own` are a user's own criteria: columns of their names must be there, with any numbers.

    Raises
    ------
    InputError
        If a row is of no candidate, a column is missing, or a value is out of range.
    """
    columns = FACT_COLUMNS | {name: Column("count", c.label, (name,)) for name, c in (own or {}).items()}
    sheet = read_sheet(path, columns)
    header = recognise(sheet.headings, columns, sheet.file, ("candidate", *(own or ())))
    place: dict[str, int] = {}
    for row, name in enumerate(sheet.cells[header.found["candidate"]]):
        line = int(sheet.lines[row])
        if name not in candidates:
            hint = did_you_mean(name, candidates, _("Candidates: {names}.", names=several(map(clip, candidates), 200)))
            raise InputError(
                sheet.file, header.written["candidate"], _("{name!r} is not a candidate.", name=clip(name)), hint, line
            )
        if name in place:
            raise InputError(sheet.file, header.written["candidate"], _("{name!r} stands twice.", name=clip(name)), "", line)
        place[name] = row
    rows = np.array([place.get(name, -1) for name in candidates])
    found = {}
    for name in header.found:
        if name == "candidate":
            continue
        signed = name in ("dynamism", "latent_potential") or name in (own or ())
        unlimited = (-np.inf, np.inf) if signed else (0.0, np.inf)
        low, high = HELPERS[name][:2] if name in HELPERS else unlimited
        values = _values(sheet, header, name, low, high, shares=True) * (header.units[name].scale or 1.0)
        found[name] = np.where(rows >= 0, values[rows], np.nan)
    return found


def _values(sheet: Sheet, header: Header, name: str, low: float, high: float, shares: bool = False) -> np.ndarray:
    """Read a column of numbers; per cent are hundredths where there may be `shares`, and no numbers elsewhere."""
    cells = sheet.cells[header.found[name]]
    sign = evidence(cells)
    read = read_numbers(cells, sign if sign in (POINT, COMMA) else COMMA if sheet.separator == ";" else POINT)
    per_cent = np.array(["%" in cell for cell in cells], bool)
    values = np.where(per_cent, read.values / 100.0, read.values)
    wrong = read.bad | (values < low) | (values > high) | (per_cent & (not shares))
    if wrong.any():
        row = int(np.argmax(wrong))
        found = clip(cells[row])
        if np.isfinite(high):
            message = _(
                "found {value!r}; it must be a number from {low} to {high}, or empty.",
                value=found, low=shortest(low), high=shortest(high),
            )  # fmt: skip
        elif np.isfinite(low):
            message = _("found {value!r}; it must be a number from {low} up, or empty.", value=found, low=shortest(low))
        else:
            message = _("found {value!r}; it must be a number, or empty.", value=found)
        raise InputError(sheet.file, header.written[name], message, "", int(sheet.lines[row]))
    return values
