"""What commands share in reading the command line: common options, numbers as scenarios write them, checks of words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from clustersim.core.errors import InputError

LANGUAGES = ("en", "es")
NUMBERS = {"integer": "a whole number, such as 1000 or 1e3", "number": "a number, such as 2.5 or 1e3"}
_UNREAD = re.compile(r"(?:Input should be a valid|'[^']*' is not a valid) (integer|number|float).*", re.DOTALL)


def check_language(lang: str) -> None:
    """Refuse a language that nothing is written in."""
    if lang not in LANGUAGES:
        raise InputError("--lang", "", f"{lang!r} is not a language; allowed: {', '.join(LANGUAGES)}")


def check_choice(option: str, given: str | None, allowed: tuple[str, ...]) -> None:
    """Refuse a word that an option does not know."""
    if given is not None and given not in allowed:
        raise InputError(option, "", f"{given!r} is not possible; allowed: {', '.join(allowed)}")


def use_plugins(files: Sequence[Path] | None) -> None:
    """Let scenarios use the instruments and rules of these files, and of no others that this process has loaded before."""
    from clustersim.policy.plugins import use_files

    use_files(files or ())


def whole(text: str | int) -> int:
    """Return a whole number; 1e3 is one, as in a scenario."""
    try:
        return int(text)
    except ValueError:
        number = real(text, "integer")
    if not number.is_integer():
        raise typer.BadParameter(f"found {text!r}; it must be {NUMBERS['integer']}")
    return int(number)


def real(text: str | float, kind: str = "number") -> float:
    """Return a number; `kind` is what a text that is none should have been."""
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(f"found {text!r}; it must be {NUMBERS[kind]}") from None


def plainly(message: str) -> str:
    """Return what Typer says of a value in the words that are used here."""
    return _UNREAD.sub(lambda match: f"it must be {NUMBERS['integer' if match[1] == 'integer' else 'number']}", message)


def refuse_swallowed(command: Any, arguments: Sequence[str]) -> None:
    """Refuse an option where the value of another is due, which would otherwise be taken for that value.

    Parameters
    ----------
    command : click.Command
        The command, or the group of commands.
    arguments : sequence of str
        Its command line.

    Raises
    ------
    InputError
        Naming both options.
    """
    place = 0
    while place < len(arguments) and arguments[place] in getattr(command, "commands", {}):
        command = command.commands[arguments[place]]
        place += 1
    valued = {
        name
        for parameter in command.params
        for name in parameter.opts
        if name.startswith("-") and not getattr(parameter, "is_flag", False)
    }
    while place < len(arguments) and arguments[place] != "--":
        if arguments[place] not in valued:
            place += 1
            continue
        option, value = arguments[place], arguments[place + 1 : place + 2]
        if value and value[0].startswith("--"):
            hint = f"A value that begins with -- is written {option}={value[0]}"
            raise InputError(option, "", f"needs a value; found the option {value[0]!r}", hint)
        place += 2


ScenarioName = Annotated[str, typer.Argument(metavar="SCENARIO", help="Name of a shipped scenario, or a YAML file.")]
Overrides = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a value, by dotted key; may be repeated.")
]
PluginFiles = Annotated[
    list[Path] | None,
    typer.Option("--plugin", metavar="FILE", help="Python file with instruments or rules of your own; its code is run."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else.")]
