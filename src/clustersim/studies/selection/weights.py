"""Weights of criteria: all equal, from a file, or set one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from clustersim.core.errors import InputError
from clustersim.core.numbers import shortest
from clustersim.core.words import N_, _
from clustersim.scenario.keys import clip, did_you_mean, show
from clustersim.scenario.registers.columns import Column, plain, recognise
from clustersim.scenario.registers.numerals import POINT, read_numbers
from clustersim.scenario.registers.sheet import read_sheet
from clustersim.scenario.yaml_reader import read_file
from clustersim.studies.selection.criteria import ALL, Criterion

WEIGHT_COLUMNS = {
    "criterion": Column("text", N_("criterion"), ("criterion", "criterio")),
    "weight": Column("count", N_("weight"), ("weight", "peso")),
}
MOST = 1e6


def read_weights(
    file: Path | None, settings: Sequence[str], own: Mapping[str, Criterion] | None = None
) -> dict[str, float]:
    """Return the weight of each criterion.

    Parameters
    ----------
    file : Path, optional
        YAML with lines ``criterion: weight``, or CSV with columns criterion and weight; criteria that it leaves out have no
        weight.
    settings : sequence of str
        ``criterion=weight``, set after the file.
    own : mapping, optional
        A user's own criteria, by name.

    Raises
    ------
    InputError
        If a name is no criterion, a weight is no number from 0 up, or all are 0.
    """
    known = ALL | dict(own or {})
    weights = {name: criterion.weight for name, criterion in known.items()}
    if file is not None:
        given = _from_yaml(file, known) if file.suffix in (".yaml", ".yml") else _from_csv(file, known)
        weights = dict.fromkeys(known, 0.0) | given
    for text in settings:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals:
            raise InputError("--set", clip(text), _("must have the form CRITERION=WEIGHT, such as employment=2."))
        try:
            number = float(value)
        except ValueError:
            number = np.nan
        weights[_known(name, known, "--set", None)] = _checked(number, value, "--set", name, None)
    if not sum(weights.values()) > 0.0:
        raise InputError(str(file or "--set"), "", _("gives no criterion a weight above 0."))
    return weights


def _from_yaml(file: Path, known: Mapping[str, Criterion]) -> dict[str, float]:
    document = read_file(file, str(file))
    for problem in document.problems:
        raise problem
    found = {}
    for name, value in document.data.items():
        line = document.mark((name,)).line
        number: Any = value if isinstance(value, int | float) and not isinstance(value, bool) else np.nan
        found[_known(name, known, str(file), line)] = _checked(float(number), show(value), str(file), name, line)
    return found


def _from_csv(file: Path, criteria: Mapping[str, Criterion]) -> dict[str, float]:
    sheet = read_sheet(file, WEIGHT_COLUMNS)
    header = recognise(sheet.headings, WEIGHT_COLUMNS, sheet.file, ("criterion", "weight"))
    names, cells = sheet.cells[header.found["criterion"]], sheet.cells[header.found["weight"]]
    values = read_numbers(cells, POINT, never_grouped=True).values
    found: dict[str, float] = {}
    for name, cell, value, line in zip(names, cells, values, sheet.lines.tolist(), strict=True):
        known = _known(name, criteria, sheet.file, line)
        if known in found:
            raise InputError(sheet.file, name, _("stands twice."), "", line)
        found[known] = _checked(float(value), repr(cell), sheet.file, name, line)
    return found


def _known(name: str, known: Mapping[str, Criterion], file: str, line: int | None) -> str:
    for meant in (name, plain(name)):
        if meant in known:
            return meant
    hint = did_you_mean(name, known, _("Criteria: {names}.", names=", ".join(known)))
    raise InputError(file, "", _("{name!r} is not a criterion.", name=clip(name)), hint, line)


def _checked(number: float, said: str, file: str, name: str, line: int | None) -> float:
    if not 0.0 <= number <= MOST:
        message = _("found {value}; a weight must be a number from 0 to {most}.", value=clip(said), most=shortest(MOST))
        raise InputError(file, name, message, "", line)
    return number
