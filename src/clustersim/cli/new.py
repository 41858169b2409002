"""``clustersim new`` and ``scenario new``: what an extension or a scenario of one's own begins with, working at once."""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from pathlib import Path
from string import Template
from typing import Annotated

import typer

from clustersim.cli.help import Commands
from clustersim.cli.options import AsJson, FilesFolder
from clustersim.core.errors import InputError
from clustersim.core.words import _, language

IMPORTED = {"Effect", "Field", "Indicator", "Instrument", "Literal", "Look", "Mapping", "Rule", "Seen"}  # by templates
TEMPLATES = Path(__file__).parent / "templates"

commands = Commands("Write a template of your own extension.")
HERE = Path(".")


@commands.command()
def instrument(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name in programmes, such as street_lights.")],
    out: FilesFolder = HERE,
    as_json: AsJson = False,
) -> None:
    """Write NAME.py, a test beside it, and a scenario that uses it; nothing is overwritten."""
    plugin, test, path = files = write_instrument(name, out)
    _tell(name, files, as_json, _trying(plugin, test, path, "instruments", "no_policy"))


@commands.command()
def rule(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name in programmes, such as linked_first.")],
    out: FilesFolder = HERE,
    as_json: AsJson = False,
) -> None:
    """Write NAME.py, a rule that steers a programme's money, a test beside it, and a scenario; nothing is overwritten."""
    plugin, test, path = files = write_rule(name, out)
    _tell(name, files, as_json, _trying(plugin, test, path, "rules", "designed"))


@commands.command()
def indicator(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of its column, such as five_largest.")],
    out: FilesFolder = HERE,
    as_json: AsJson = False,
) -> None:
    """Write NAME.py, an indicator that runs measure as well, a test beside it, and a scenario; nothing is overwritten."""
    plugin, test, path = files = write_indicator(name, out)
    trying = [f"clustersim describe indicators --plugin {plugin}", f"python -m pytest {test}",
              f"clustersim run {path} --plugin {plugin}"]  # fmt: skip
    _tell(name, files, as_json, trying)


def _trying(plugin: Path, test: Path, path: Path, topic: str, baseline: str) -> list[str]:
    return [f"clustersim describe {topic} --plugin {plugin}", f"python -m pytest {test}",
            f"clustersim compare {baseline} {path} --plugin {plugin}"]  # fmt: skip


def scenario(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name, such as my_valley.")],
    extends: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="Scenario that it starts from; a place of its own if not given.")
    ] = None,
    programme: Annotated[
        str | None,
        typer.Option(metavar="SCENARIO", help="Scenario whose programme it takes over, such as pipso_twelve_steps."),
    ] = None,
    out: FilesFolder = HERE,
    as_json: AsJson = False,
) -> None:
    """Write NAME.yaml, a scenario with comments to begin from; nothing is overwritten."""
    path = write_scenario(name, extends, out, programme)
    _tell(name, [path], as_json, [f"clustersim scenario check {path}", f"clustersim run {path}"])


def _tell(name: str, files: list[Path], as_json: bool, commands: list[str]) -> None:
    """Say which files were written, and how to try them."""
    from clustersim.cli.terminal import console, print_json, say

    if as_json:
        print_json({"name": name, "files": [str(path) for path in files]})
        return
    for line in (*map(str, files), _("Try it:"), *(f"  {command}" for command in commands)):
        say(console(), line)


def write_scenario(name: str, extends: str | None, folder: Path, programme: str | None = None) -> Path:
    """Write the template of a scenario.

    Parameters
    ----------
    name : str
        Name of the scenario, and of its cluster.
    extends : str, optional
        Scenario that it starts from: a shipped one by name, or a path from the working folder.
    folder : Path
        Where to; made if it does not exist.
    programme : str, optional
        Scenario whose programme it takes over, as `extends`.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If the name is not possible or taken, another scenario cannot be used, or the file exists; then nothing is written.
    """
    from clustersim.scenario.loading import load_scenario, shipped_scenarios
    from clustersim.scenario.taking_over import with_programme_of

    _check_name("scenario new", name, "my_valley", shipped_scenarios())
    words = {"name": name, "title": name.replace("_", " ").capitalize()}
    names = {name, "suppliers", "producers"}  # of the template's place
    if extends is not None:
        parent = load_scenario(extends)
        if programme is not None and parent.programme is not None:
            said = _("has a programme of its own, with which the other would be mixed")
            hint = _("Extend a scenario without one, such as {example}.", example="no_policy")
            raise InputError(extends, "programme", said, hint)
        names = {word for one in parent.place.clusters for word in (one.name, *one.segments)}
        below = Path(os.path.relpath(extends, folder)).as_posix()  # as the file itself must name it
        words["extends"] = extends if extends in shipped_scenarios() else json.dumps(below, ensure_ascii=False)
    path = folder / f"{name}.yaml"
    text = _text("place.yaml.txt" if extends is None else "extending.yaml.txt", words)
    _write({path: text if programme is None else with_programme_of(programme, text, names)}, folder)
    return path


def write_instrument(name: str, folder: Path) -> list[Path]:
    """Write the template of an instrument, its test and its scenario.

    Parameters
    ----------
    name : str
        Name of the instrument.
    folder : Path
        Where to; made if it does not exist.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    InputError
        If the name is not possible or taken, or a file of that name exists; then nothing is written.
    """
    return _write_plugin("instrument", name, "street_lights", folder)


def write_rule(name: str, folder: Path) -> list[Path]:
    """Write the template of a rule, its test and its scenario; see `write_instrument`."""
    return _write_plugin("rule", name, "linked_first", folder)


def write_indicator(name: str, folder: Path) -> list[Path]:
    """Write the template of an indicator, its test and its scenario; see `write_instrument`."""
    return _write_plugin("indicator", name, "five_largest", folder)


def _write_plugin(what: str, name: str, example: str, folder: Path) -> list[Path]:
    from clustersim.policy.instruments import INSTRUMENTS
    from clustersim.policy.plugins.contract import COLUMNS

    _check_name(f"new {what}", name, example, {*INSTRUMENTS, *(COLUMNS if what == "indicator" else ())})
    kind = "".join(part.capitalize() for part in name.split("_"))
    kind = f"My{kind}" if kind in IMPORTED else kind
    words = {"name": name, "kind": kind, "title": name.replace("_", " ")}
    files = {folder / f"{name}.py": f"{what}.py.txt", folder / f"test_{name}.py": f"{what}_test.py.txt",
             folder / f"{name}.yaml": f"{what}_scenario.yaml.txt"}  # fmt: skip
    _write({path: _text(template, words) for path, template in files.items()}, folder)
    return list(files)


def _check_name(command: str, name: str, example: str, taken: Collection[str]) -> None:
    from clustersim.policy.plugins.contract import NAME

    if not NAME.fullmatch(name):
        said = _("{name!r} is not a name; allowed: small letters, digits and underscores, beginning with a letter, at most 40 "
                 "characters", name=name[:60])  # fmt: skip
        raise InputError(command, "", said, _("Such as {example}.", example=example))
    if name in taken:
        raise InputError(command, "", _("{name!r} is taken by clustersim itself", name=name), _("Choose another name."))


def _text(template: str, words: dict[str, str]) -> str:
    """Return a template with its words filled in, and with remarks in the language in force where there is such a one."""
    own = TEMPLATES / language() / template
    source = own if own.is_file() else TEMPLATES / template
    return Template(source.read_text(encoding="utf-8")).substitute(words)


def _write(files: dict[Path, str], folder: Path) -> None:
    """Write each file with its text, all or, where one exists, none."""
    from clustersim.core.files import write
    from clustersim.results.storage import check_writable

    for path in files:
        if path.exists():
            raise InputError(str(path), "", _("exists; nothing was written"),
                             _("Choose another name, or another folder with --out."))  # fmt: skip
    check_writable(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        write(path, text, replace=False)
