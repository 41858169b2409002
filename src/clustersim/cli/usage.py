"""What is wrong with a command line, in one sentence of the language in force."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import typer

from clustersim.core.errors import InputError, cut
from clustersim.core.words import N_, _

UsageError: Any = typer.BadParameter.__mro__[1]  # its home differs between versions of Typer
# What Typer says of commands, which has no fields: how to recognise it, and how it is said here.
SENTENCES = {
    re.compile(r"No such command ['\"](?P<name>.*?)['\"]\.?(?: Did you mean .*)?$", re.DOTALL): N_("no such command: {name!r}"),
    re.compile(r"Missing command.*"): N_("a command is missing"),
    re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((?P<words>.*)\).*", re.DOTALL): N_("not understood: {words}"),
    re.compile(r"Option '?(?P<name>[^\s']+)'? requires .*"): N_("{name}: needs a value"),
    re.compile(r"Option '?(?P<name>[^\s']+)'? does not take a value.*"): N_("{name}: takes no value"),
}


SAID_MAX = 300  # characters, whatever the command line holds


def sentence(error: Any) -> str:
    """Return what Typer found wrong with the command line, and where to look."""
    path = error.ctx.command_path if error.ctx is not None else "clustersim"
    return f"{path}: {cut(_said(error), SAID_MAX)}\n  " + _("See: {command} --help", command=path)


def _said(error: Any) -> str:
    kind = type(error).__name__
    if kind == "NoSuchOption":
        return _near(_("no such option: {name}", name=error.option_name), error.option_name, error.possibilities or ())
    if kind == "MissingParameter":
        if error.param.param_type_name == "argument":
            return _("Missing argument {name}", name=repr(_(error.param.metavar or error.param.name)))
        return _("Missing option {name}", name=repr(error.param.opts[0]))
    if kind == "BadParameter":
        name = error.param.opts[0] if error.param.param_type_name == "option" else _(error.param.metavar or error.param.name)
        return _("Invalid value for {name!r}: {reason}", name=name, reason=error.message)
    for pattern, text in SENTENCES.items():
        found = pattern.fullmatch(error.message.strip())
        if found:
            fields = found.groupdict()
            said = _(text, **fields) if fields else _(text)
            known = getattr(error.ctx.command, "commands", ()) if error.ctx is not None else ()
            return _near(said, fields["name"], known) if known and "name" in fields else said
    return str(error.message).strip().rstrip(".")


def _near(said: str, name: str, names: Iterable[str]) -> str:
    from clustersim.scenario.keys import did_you_mean

    return f"{said}. {did_you_mean(name, names)}".removesuffix(". ")


def check_values(command: Any, arguments: Sequence[str]) -> None:
    """Refuse an option without its value, also where another option stands in its place and would be taken for it.

    Parameters
    ----------
    command : click.Command
        The command, or the group of commands.
    arguments : sequence of str
        Its command line.

    Raises
    ------
    InputError
        Naming the option, and the other one.
    """
    place = 0
    valued = _valued(command)
    while place < len(arguments) and arguments[place] != "--":
        word = arguments[place]
        if word in getattr(command, "commands", {}):
            command = command.commands[word]
            valued = _valued(command)
        elif word in valued:
            value = arguments[place + 1 : place + 2]
            if value and value[0].startswith("--"):
                hint = _("A value that begins with -- is written {option}={value}", option=word, value=value[0])
                raise InputError(word, "", _("needs a value; found the option {name!r}", name=value[0]), hint)
            place += 1
        place += 1


def _valued(command: Any) -> set[str]:
    """Return the options of a command that have a value."""
    return {
        name
        for parameter in command.params
        for name in parameter.opts
        if name.startswith("-") and not getattr(parameter, "is_flag", False)
    }
