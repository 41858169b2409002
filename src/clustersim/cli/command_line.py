"""The command line, ``clustersim``: heavy modules are imported by the commands that need them."""

from __future__ import annotations

import difflib
import os
import signal
import sys
import threading
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer

from clustersim.cli import answers, new, places
from clustersim.cli.arguments import (
    AsJson,
    Overrides,
    PluginFiles,
    ScenarioName,
    check_language,
    plainly,
    real,
    refuse_swallowed,
    use_plugins,
    whole,
)
from clustersim.cli.batch_app import results_app, sweep
from clustersim.core.errors import InputError, Interrupted, entering

DONE, FAILURE, BAD_INPUT = 0, 1, 2
DEBUG = "CLUSTERSIM_DEBUG"
UsageError: Any = typer.BadParameter.__mro__[1]  # its home differs between versions of Typer

app = typer.Typer(
    name="clustersim", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="Simulate the life cycle of industrial clusters and the policies that support them.",
)  # fmt: skip
scenario_app = typer.Typer(no_args_is_help=True, help="List, show, check and begin scenarios.")
app.add_typer(scenario_app, name="scenario")
app.command()(answers.compare)
app.command()(answers.report)
app.command()(sweep)
app.add_typer(results_app, name="results")

app.add_typer(new.new_app, name="new")

scenario_app.command("new")(new.scenario)
scenario_app.command("from-firms")(places.from_firms)


def _version(asked: bool) -> None:
    if asked:
        from clustersim.core.version import __version__

        print(f"clustersim {__version__}")
        raise typer.Exit(DONE)


@app.callback()
def _common(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    pass


@app.command()
def run(
    scenario: ScenarioName,
    replicates: Annotated[
        int | None, typer.Option(parser=whole, metavar="N", help="Replicates; the scenario's number if not given.")
    ] = None,
    years: Annotated[
        float | None, typer.Option(parser=real, metavar="YEARS", help="Years to simulate; the scenario's horizon if not given.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(parser=whole, metavar="SEED", help="Seed of all random draws; the scenario's if not given.")
    ] = None,
    set_: Overrides = None,
    records: Annotated[
        list[str] | None,
        typer.Option(metavar="firms,ties,events", help="Single firms, ties and events to keep as well."),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder that will hold the result's own folder.")] = Path("results"),
    as_json: AsJson = False,
    lang: Annotated[str, typer.Option(metavar="en|es", help="Language of figures and tables.")] = "en",
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Draw no figures.")] = False,
    workers: Annotated[
        int | None, typer.Option(parser=whole, metavar="N", help="Threads; all processors if not given. Results do not change.")
    ] = None,
    plugin: PluginFiles = None,
) -> None:
    """Simulate a scenario, leave tables and figures in results/, and print a summary."""
    from clustersim.cli import actions as commands

    check_language(lang)
    if workers is not None and workers < 1:
        raise InputError("--workers", "", f"{workers} is not possible; allowed: 1 or more")
    use_plugins(plugin)
    commands.run(
        scenario, replicates, years, seed, set_ or (), records or (), out, as_json, lang, not no_figures, workers
    )  # fmt: skip


@scenario_app.command("list")
def scenario_list(as_json: AsJson = False) -> None:
    """List the scenarios that come with clustersim."""
    from clustersim.cli import actions as commands

    commands.scenario_list(as_json)


@scenario_app.command("show")
def scenario_show(
    scenario: ScenarioName, set_: Overrides = None, as_json: AsJson = False, plugin: PluginFiles = None
) -> None:
    """Show every value of a scenario, and where it came from."""
    from clustersim.cli import actions as commands

    use_plugins(plugin)
    commands.scenario_show(scenario, set_ or (), as_json)


@scenario_app.command("check")
def scenario_check(
    scenario: ScenarioName, set_: Overrides = None, as_json: AsJson = False, plugin: PluginFiles = None
) -> None:
    """Say all that is wrong with a scenario."""
    from clustersim.cli import actions as commands

    use_plugins(plugin)
    if not commands.scenario_check(scenario, set_ or (), as_json):
        raise typer.Exit(BAD_INPUT)


@app.command()
def describe(
    topic: Annotated[str, typer.Argument(metavar="TOPIC", help="parameters, indicators, instruments, rules, schema or results")],
    as_json: AsJson = False,
    lang: Annotated[str, typer.Option(metavar="en|es", help="Language of the catalogue of instruments.")] = "en",
    plugin: PluginFiles = None,
) -> None:
    """Describe parameters, indicators, instruments, rules, the scenario schema, or the files of a result."""
    from clustersim.cli import actions as commands
    from clustersim.cli import describe as topics

    check_language(lang)
    use_plugins(plugin)
    if topic not in topics.TOPICS:
        near = difflib.get_close_matches(topic, topics.TOPICS, 1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Allowed: {', '.join(topics.TOPICS)}."
        raise InputError("describe", "", f"{topic[:60]!r} is not a topic", hint)
    if as_json or topic == "schema":
        commands.print_json(topics.document(topic))
    else:
        topics.show(topic, lang)


@app.command()
def doctor(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder that results would go to.")] = Path("results"),
    as_json: AsJson = False,
) -> None:
    """Check this installation: versions, compile cache, threads, results folder, and whether kernels compile."""
    from clustersim.cli import actions as commands
    from clustersim.cli import doctor as practice

    found = practice.examine(out)
    if as_json:
        commands.print_json(found)
    else:
        practice.show(found)
    if not found["ok"]:
        raise typer.Exit(FAILURE)


@app.command()
def validate(
    pattern: Annotated[list[str] | None, typer.Option(metavar="P04", help="A pattern to measure; may be repeated.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer replicates: about a minute instead of two.")] = False,
    plausibility: Annotated[
        bool | None,
        typer.Option("--plausibility/--no-plausibility", help="Compare firms with published data; with --pattern only if asked."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of all random draws.")] = 1,
    as_json: AsJson = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for validation.json and the pictures.")] = Path(
        "results/validation"
    ),
    lang: Annotated[str, typer.Option(metavar="en|es", help="Language of pictures and table.")] = "en",
) -> None:
    """Measure the patterns that must emerge, each with its mechanism and without; status 1 if one is not shown."""
    from clustersim.cli import validate as validation

    check_language(lang)
    if not validation.run(pattern or (), quick, seed, as_json, out, lang, plausibility):
        raise typer.Exit(FAILURE)


app.command()(places.select)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def benchmark(context: typer.Context, as_json: AsJson = False) -> None:
    """Measure the speed and the memory of the simulator on this machine."""
    from importlib import import_module

    code = import_module("clustersim.cli.benchmark").main([*(["--json"] if as_json else []), *context.args])
    raise typer.Exit(int(code or DONE))


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
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _terminate)
    try:
        command = typer.main.get_command(app)
        refuse_swallowed(command, sys.argv[1:] if arguments is None else arguments)
        code = command(args=arguments, prog_name="clustersim", standalone_mode=False)
        if code == 130:  # what Typer makes of Ctrl-C
            return _interrupted()
        return code if isinstance(code, int) else DONE
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except InputError as error:
        return _complain(str(error), BAD_INPUT)
    except Interrupted as interruption:
        return _complain(str(interruption), interruption.status)
    except UsageError as error:
        return _complain(_usage(error), BAD_INPUT)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        return _complain(_unexpected(error), FAILURE)


def _terminate(number: int, frame: object) -> None:
    """Let a request to end (a batch scheduler's, say) clean up as Ctrl-C does."""
    raise KeyboardInterrupt


def _complain(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code


def _interrupted() -> int:
    return _complain("\nStopped; no result was left half-written.", FAILURE)


def _usage(error: Any) -> str:
    """Return what is wrong with the command line, in one sentence, and where to look."""
    command = error.ctx.command_path if error.ctx is not None else "clustersim"
    if type(error).__name__ == "NoArgsIsHelpError":
        return str(error.format_message())
    message = plainly(str(error.format_message()).strip().rstrip("."))
    possible = getattr(error, "possibilities", None)
    if possible:
        message = f"{error.message.rstrip('.')}. Did you mean {possible[0]!r}?"
    return f"{command}: {message}\n  See: {command} --help"


def _unexpected(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "Not enough memory for this run; take fewer firms, replicates, years or records."
    if isinstance(error, OSError) and error.strerror:
        where = f" ({error.filename})" if error.filename else ""
        return f"The system refused: {error.strerror}{where}; no result was left half-written. For the traceback set {DEBUG}=1."
    said = str(error).strip().splitlines()
    what = f"{type(error).__name__}: {said[0]}" if said else type(error).__name__
    return f"Unexpected failure, which is a fault of clustersim: {what}. For the traceback set {DEBUG}=1."


if __name__ == "__main__":
    sys.exit(main())
