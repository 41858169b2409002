"""Weights of criteria: all equal, from a file, or set one by one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from clustersim.core.errors import InputError
from clustersim.core.words import N_
from clustersim.scenario.keys import clip, did_you_mean, show
from clustersim.scenario.registers.columns import Column, recognise
from clustersim.scenario.registers.numerals import POINT, read_numbers
from clustersim.scenario.registers.sheet import read_sheet
from clustersim.scenario.yaml_reader import read_file
from clustersim.studies.selection.criteria import CRITERIA

WEIGHT_COLUMNS = {
    "criterion": Column("text", N_("criterion"), ("criterion", "criterio")),
    "weight": Column("count", N_("weight"), ("weight", "peso")),
}
MOST = 1e6


def read_weights(file: Path | None, settings: Sequence[str]) -> dict[str, float]:
    """Return the weight of each criterion.

    Parameters
    ----------
    file : Path, optional
        YAML with lines ``criterion: weight``, or CSV with columns criterion and weight; criteria that it leaves out have no
        weight.
    settings : sequence of str
        ``criterion=weight``, set after the file.

    Raises
    ------
    InputError
        If a name is no criterion, a weight is no number from 0 up, or all are 0.
    """
    weights = dict.fromkeys(CRITERIA, 1.0)
    if file is not None:
        given = _from_yaml(file) if file.suffix in (".yaml", ".yml") else _from_csv(file)
        weights = dict.fromkeys(CRITERIA, 0.0) | given
    for text in settings:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals:
            raise InputError("--set", clip(text), "must have the form CRITERION=WEIGHT, such as employment=2.")
        try:
            number = float(value)
        except ValueError:
            number = np.nan
        weights[_known(name, "--set", None)] = _checked(number, value, "--set", name, None)
    if not sum(weights.values()) > 0.0:
        raise InputError(str(file or "--set"), "", "gives no criterion a weight above 0.")
    return weights


def _from_yaml(file: Path) -> dict[str, float]:
    document = read_file(file, str(file))
    for problem in document.problems:
        raise problem
    found = {}
    for name, value in document.data.items():
        line = document.mark((name,)).line
        number: Any = value if isinstance(value, int | float) and not isinstance(value, bool) else np.nan
        found[_known(name, str(file), line)] = _checked(float(number), show(value), str(file), name, line)
    return found


def _from_csv(file: Path) -> dict[str, float]:
    sheet = read_sheet(file, WEIGHT_COLUMNS)
    header = recognise(sheet.headings, WEIGHT_COLUMNS, sheet.file, ("criterion", "weight"))
    names, cells = sheet.cells[header.found["criterion"]], sheet.cells[header.found["weight"]]
    values = read_numbers(cells, POINT, never_grouped=True).values
    found: dict[str, float] = {}
    for name, cell, value, line in zip(names, cells, values, sheet.lines.tolist(), strict=True):
        known = _known(name, sheet.file, line)
        if known in found:
            raise InputError(sheet.file, name, "stands twice.", "", line)
        found[known] = _checked(float(value), repr(cell), sheet.file, name, line)
    return found


def _known(name: str, file: str, line: int | None) -> str:
    if name not in CRITERIA:
        hint = did_you_mean(name, CRITERIA, f"Criteria: {', '.join(CRITERIA)}.")
        raise InputError(file, "", f"{clip(name)!r} is not a criterion.", hint, line)
    return name


def _checked(number: float, said: str, file: str, name: str, line: int | None) -> float:
    if not 0.0 <= number <= MOST:
        raise InputError(file, name, f"found {clip(said)}; a weight must be a number from 0 to {MOST:g}.", "", line)
    return number
