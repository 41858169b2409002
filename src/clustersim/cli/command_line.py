"""The command line, ``clustersim``: its commands in one place, the language they speak, and errors as sentences.

A command is declared in the module of its name, with its options and what it does; heavy modules are imported by the commands
that need them.
"""

from __future__ import annotations

import errno
import os
import sys
import warnings
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Annotated, Any

import typer

from clustersim.cli import ending, new, results, scenario
from clustersim.cli.benchmark import benchmark
from clustersim.cli.compare import compare
from clustersim.cli.describe import describe
from clustersim.cli.doctor import doctor
from clustersim.cli.evidence import evidence
from clustersim.cli.help import Commands, walk
from clustersim.cli.options import Language
from clustersim.cli.report import report
from clustersim.cli.reproduce import reproduce
from clustersim.cli.run import run
from clustersim.cli.select import select
from clustersim.cli.sweep import sweep
from clustersim.cli.usage import UsageError, check_values, sentence
from clustersim.cli.validate import validate
from clustersim.core.errors import WHOLE, InputError, Interrupted, Unchecked, cut, entering, fitted, visible
from clustersim.core.words import _, checked, use

DONE, FAILURE, BAD_INPUT = 0, 1, 2
DEBUG = "CLUSTERSIM_DEBUG"
NAME_MAX = 200  # characters that are said of a file's name, and of a failure

app = Commands("Simulate the life cycle of industrial clusters and the policies that support them.", name="clustersim")
for command in (run, compare, report, reproduce, sweep, select, describe, validate, evidence, doctor, benchmark):
    app.command()(command)
for name, group in (("scenario", scenario.commands), ("results", results.commands), ("new", new.commands)):
    app.add_typer(group, name=name)


def _version(asked: bool) -> None:
    if asked:
        from clustersim.core.version import __version__

        print(f"clustersim {__version__}")
        raise typer.Exit(DONE)


@app.callback()
def _common(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
    lang: Language = None,
) -> None:
    pass


def commands() -> Any:
    """Return the tree of commands, each of which takes ``--lang``."""
    root = typer.main.get_command(app)
    (lang,) = (parameter for parameter in root.params if parameter.name == "lang")
    lang.expose_value = False  # `main` reads it, before anything is said
    for one in walk(root):
        if one is not root:
            one.params.append(lang)
    return root


def asked_language(arguments: Sequence[str]) -> str | None:
    """Return the language that a command line asks for.

    Raises
    ------
    InputError
        If clustersim does not speak it.
    """
    found = None
    for word, following in zip(arguments, (*arguments[1:], ""), strict=True):
        if word == "--":
            break
        if word == "--lang" and following and not following.startswith("--"):
            found = following
        elif word.startswith("--lang="):
            found = word.removeprefix("--lang=")
    return None if found is None else checked(found, "--lang")


@entering("command")
def main(arguments: list[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : list of str, optional
        Those of this process if not given.

    Returns
    -------
    int
        0 done, 2 bad input, 1 failure or interruption; 128 + signal for a sweep that can be resumed.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows a question mark
    words = sys.argv[1:] if arguments is None else arguments
    before = use(None)
    try:
        use(asked_language(words) or before)
        with warnings.catch_warnings():
            warnings.simplefilter("default", Unchecked)
            warnings.showwarning = _warn
            return _call(words)
    except InputError as error:
        return _complain(str(error), BAD_INPUT)
    finally:
        use(before)


def _call(arguments: Sequence[str]) -> int:
    """Run a command line in the language in force; return the exit status."""
    try:
        with ending.heeded():
            code = _run(arguments)
        return _interrupted() if code == 130 else code  # what Typer makes of Ctrl-C
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except InputError as error:
        return _interrupted() if ending.asked() else _complain(str(error), BAD_INPUT)
    except Interrupted as interruption:
        return _complain(str(interruption), interruption.status)
    except UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            return BAD_INPUT  # the page has been printed
        return _complain(sentence(error), BAD_INPUT)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        if ending.asked():
            return _interrupted()
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            from clustersim.core.arguments import said

            allowed = {"found": said(error.filename), "must": _("a path that the system takes")}
            return _complain(_("{found} is not possible; allowed: {must}", **allowed), BAD_INPUT)
        if os.environ.get(DEBUG):
            raise
        return _complain(_unexpected(error), FAILURE)


def _run(arguments: Sequence[str]) -> int:
    command = commands()
    check_values(command, arguments)
    code = command(args=list(arguments), prog_name="clustersim", standalone_mode=False)
    return code if isinstance(code, int) else DONE


def _warn(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, file: object = None, line: str | None = None
) -> None:
    """Say what clustersim warns of as a sentence; what others warn of is said as Python says it."""
    own = category.__module__.startswith("clustersim.")
    text = fitted(str(message), WHOLE) if own else warnings.formatwarning(message, category, filename, lineno, line)
    print(visible(text), file=sys.stderr)


def _complain(text: str, code: int) -> int:
    """Say what is wrong, in so many characters as an error has; a control sign of what was found must not reach the terminal."""
    print(visible(fitted(text, WHOLE)), file=sys.stderr)
    return code


def _interrupted() -> int:
    ending.answered()
    return _complain("\n" + _("Stopped; no result was left half-written."), FAILURE)


def _unexpected(error: Exception) -> str:
    traceback = _("For the traceback set {variable}=1.", variable=DEBUG)
    no_room = isinstance(error, ImportError) and "failed to map segment" in str(error)  # for a library that is there
    if isinstance(error, MemoryError) or no_room:
        return _("Not enough memory for this run; take fewer firms, replicates, years or records.")
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.strerror} ({cut(str(error.filename), NAME_MAX)})" if error.filename else error.strerror
        return _("The system refused: {reason}; no result was left half-written.", reason=where) + f" {traceback}"
    said = str(error).strip().splitlines()
    what = f"{type(error).__name__}: {cut(said[0], NAME_MAX)}" if said else type(error).__name__
    return _("Unexpected failure, which is a fault of clustersim: {what}.", what=what) + f" {traceback}"
