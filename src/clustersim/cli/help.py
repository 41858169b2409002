"""The page that ``--help`` prints, in the language in force.

What it says stands where a command is declared, in English: its docstring, and the help of its options. `texts` collects all
of it for the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

from clustersim.core.words import _

if TYPE_CHECKING:
    from rich.table import Table


class Command(TyperCommand):
    """A command whose help is said in the language in force."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the page."""
        show(self, ctx)


class Group(TyperGroup):
    """A group of commands whose help is said in the language in force."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the page."""
        show(self, ctx)


class Commands(typer.Typer):
    """Where commands are declared, so that all of them have this page.

    Parameters
    ----------
    help : str
        What the group is for.
    name : str, optional
        Name of the program, of the outermost group.
    """

    def __init__(self, help: str, name: str | None = None) -> None:
        super().__init__(
            name=name, help=help, cls=Group, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
        )  # fmt: skip

    def command(self, name: str | None = None, **settings: Any) -> Any:
        """Return the decorator that makes a function a command."""
        return super().command(name, cls=Command, **settings)


def walk(command: Any) -> Iterator[Any]:
    """Yield a command and all below it."""
    yield command
    for one in getattr(command, "commands", {}).values():
        yield from walk(one)


def texts(command: Any) -> Iterator[str]:
    """Yield what the pages of a command, and of all below it, say in English."""
    for one in walk(command):
        yield one.help or ""
        for parameter in one.get_params(typer.Context(one)):
            yield getattr(parameter, "help", None) or ""
            if _is_words(parameter.metavar or ""):
                yield parameter.metavar


def _is_words(metavar: str) -> bool:
    """Whether a placeholder is words, such as YEARS; en|es is what to write itself."""
    return metavar != metavar.lower() and "/" not in metavar


def show(command: Any, ctx: Any) -> None:
    """Print how a command is used, what it does, and its arguments, options and commands."""
    from clustersim.cli.terminal import console, literal

    out = console()
    parameters = [one for one in command.get_params(ctx) if not getattr(one, "hidden", False)]
    arguments = [one for one in parameters if one.param_type_name == "argument"]
    options = [one for one in parameters if one.param_type_name == "option"]
    commands = getattr(command, "commands", {})
    pieces = [_("[OPTIONS]"), *(_placeholder(one) if one.required else f"[{_placeholder(one)}]" for one in arguments)]
    pieces += [_("COMMAND [ARGUMENTS]")] * bool(commands)
    usage = literal(" ".join((_("Usage:"), ctx.command_path, *pieces)), "bold")
    out.print(usage, literal(f"\n{_(command.help)}"), sep="\n")
    for title, rows in (
        (_("Arguments"), [(_placeholder(one), "", _told(one)) for one in arguments]),
        (_("Options"), [(_names(one), "" if one.is_flag else _placeholder(one), _told(one)) for one in options]),
        (_("Commands"), [(name, "", _(one.help)) for name, one in commands.items()]),
    ):
        if rows:
            out.print(literal(f"\n{title}", "bold"), _listed(rows), sep="\n")


def _listed(rows: list[tuple[str, str, str]]) -> Table:
    from rich.table import Table

    from clustersim.cli.terminal import literal

    found = Table.grid(padding=(0, 2, 0, 0))
    found.add_column(style="cyan", no_wrap=True)
    for name, placeholder, text in rows:
        head = literal(f"  {name}")
        head.append(f" {placeholder}" if placeholder else "", style="yellow")
        found.add_row(head, literal(text))
    return found


def _placeholder(parameter: Any) -> str:
    return _(parameter.metavar or parameter.name.upper())


def _names(option: Any) -> str:
    return " / ".join((*option.opts, *option.secondary_opts))


def _told(parameter: Any) -> str:
    """Return what a parameter is for, with its default or that it must be given."""
    parts = [_(parameter.help)]
    if parameter.required:
        parts.append(_("[required]"))
    elif parameter.default not in (None, "", ()) and not getattr(parameter, "is_flag", False):
        parts.append(_("[default: {value}]", value=parameter.default))
    return " ".join(parts)
