"""From a register of firms to a scenario on disk, with its tables, its report row by row, and a summary of what was made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from clustersim.core.errors import InputError
from clustersim.core.words import _, language, speaking
from clustersim.scenario.registers.asking import Asked
from clustersim.scenario.registers.building import Build, build
from clustersim.scenario.registers.columns import plain
from clustersim.scenario.registers.report import summary
from clustersim.scenario.registers.writing import check_outputs, outputs, write


def make_scenario(
    firms: Path, out: Path | None = None, *, ties: Path | None = None, activity_map: Path | None = None, title: str | None = None,
    extends: str | None = None, start_year: int | None = None, money: str | None = None, decimal: str | None = None,
    ignore: Sequence[str] = (), by_municipality: bool = False, force: bool = False, lang: str | None = None,
) -> tuple[Build, dict[str, Any]]:  # fmt: skip
    """Build a scenario from a register of real firms, and write it.

    Parameters
    ----------
    firms : Path
        The register, with headings in English or Spanish.
    out : Path, optional
        The scenario, a YAML file; named after the register in the working folder if not given. Its tables lie beside it.
    ties, activity_map : Path, optional
        Ties between the firms, and what their activities stand for.
    title : str, optional
        Title of the scenario.
    extends : str, optional
        Scenario whose programme it takes over.
    start_year : int, optional
        Year whose beginning the register shows.
    money : {"usd", "kusd", "musd"}, optional
        Unit of money where headings do not tell.
    decimal : {"comma", "point"}, optional
        Decimal sign; found out if not given.
    ignore : sequence of str, optional
        Columns to leave out.
    by_municipality : bool, optional
        Make each municipality a cluster.
    force : bool, optional
        Write over files that exist.
    lang : str, optional
        Language of report and title; the one in force if not given.

    Returns
    -------
    Build
        What was made of each row.
    dict
        The summary as a JSON document, with the files written.

    Raises
    ------
    InputError
        If a file cannot be used, no firm is left, or a file exists; then nothing is written.
    """
    word = (plain(title or firms.stem) or "place")[:40]
    scenario = out or Path(f"{word if word[0].isalpha() else f'place_{word}'}.yaml")
    if scenario.suffix not in (".yaml", ".yml"):
        raise InputError("--out", "", _("{name!r} must end in .yaml.", name=str(scenario)))
    files = outputs(scenario, ties is not None)
    check_outputs(files, [path for path in (firms, ties, activity_map) if path is not None], force)
    found = build(
        firms, ties, activity_map, word, by_municipality,
        Asked(start_year=start_year, money=money, decimal=decimal, ignore=tuple(ignore)),
    )  # fmt: skip
    with speaking(lang):
        write(found, files, title or _("Firms of {file}", file=firms.name), extends, language())
    return found, summary(found) | {"files": {kind: str(path) for kind, path in files.items()}}
