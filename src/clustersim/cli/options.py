"""Options and arguments that commands share, each declared once, and how their values are read and checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from clustersim.core.errors import InputError
from clustersim.core.words import _

RESULTS = Path("results")


def whole(text: str | int) -> int:
    """Return a whole number; 1e3 is one, as in a scenario."""
    try:
        return int(text)
    except ValueError:
        number = _number(text)
    if number is None or not number.is_integer():
        raise typer.BadParameter(_("found {text!r}; it must be a whole number, such as 1000 or 1e3", text=text))
    return int(number)


def real(text: str | float) -> float:
    """Return a number."""
    number = _number(text)
    if number is None:
        raise typer.BadParameter(_("found {text!r}; it must be a number, such as 2.5 or 1e3", text=text))
    return number


def _number(text: str | float) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def counted(text: str | int) -> int:
    """Return a whole number from 1 up."""
    number = whole(text)
    if number < 1:
        raise typer.BadParameter(_("{n} is not possible; allowed: 1 or more", n=number))
    return number


def check_choice(option: str, given: str | None, allowed: Sequence[str]) -> None:
    """Refuse a word that an option does not know."""
    if given is not None and given not in allowed:
        raise InputError(option, "", _("{word!r} is not possible; allowed: {names}", word=given[:40], names=", ".join(allowed)))


def check_between(option: str, given: float | None, low: float, high: float) -> None:
    """Refuse a number outside of what an option can be."""
    if given is not None and not low <= given <= high:
        said = _("{value:g} is not possible; allowed: {low:g} to {high:g}", value=given, low=low, high=high)
        raise InputError(option, "", said)


def use_plugins(files: Sequence[Path] | None) -> None:
    """Let runs use what these files bring, and nothing of others that this process has loaded before."""
    from clustersim.policy.plugins import use_files

    use_files(files or ())


# What is worked on
ScenarioName = Annotated[str, typer.Argument(metavar="SCENARIO", help="Name of a shipped scenario, or a YAML file.")]
ResultFolder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a run, a comparison or a sweep.")]
Overrides = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a value, by dotted key; may be repeated.")
]
PluginFiles = Annotated[
    list[Path] | None,
    typer.Option("--plugin", metavar="FILE", help="Python file with instruments, rules or indicators of yours; its code is run."),
]
# How
Years = Annotated[
    float | None, typer.Option(parser=real, metavar="YEARS", help="Years to simulate; the scenario's horizon if not given.")
]
Seed = Annotated[
    int | None, typer.Option(parser=whole, metavar="SEED", help="Seed of all random draws; the scenario's if not given.")
]
Workers = Annotated[
    int | None, typer.Option(parser=counted, metavar="N", help="Threads; all processors if not given. Results do not change.")
]
NoFigures = Annotated[bool, typer.Option("--no-figures", help="Draw no figures.")]
# Where to, and in which form
OutFolder = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder that will hold the result's own folder.")]
FilesFolder = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the files.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else.")]
Language = Annotated[
    str | None,
    typer.Option("--lang", metavar="en|es", help="Language of all that is said; that of CLUSTERSIM_LANG or the system else."),
]
# Registers of firms
ActivityMap = Annotated[
    Path | None,
    typer.Option("--activity-map", metavar="MAP.csv", help="What activities stand for: activity, segment, cluster."),
]
