"""``clustersim scenario``: the list of scenarios, all values of one and where they come from, what is wrong with one."""

from __future__ import annotations

import json
from typing import Any

import typer

from clustersim.cli.from_firms import from_firms
from clustersim.cli.help import Commands
from clustersim.cli.new import scenario as new_scenario
from clustersim.cli.options import AsJson, Overrides, PluginFiles, ScenarioName, use_plugins
from clustersim.core.words import _

commands = Commands("List, show, check and begin scenarios.")
commands.command("new")(new_scenario)
commands.command("from-firms")(from_firms)


@commands.command("list")
def list_scenarios(as_json: AsJson = False) -> None:
    """List the scenarios that come with clustersim."""
    from clustersim.cli.terminal import console, count, print_json, print_rows, yes_no
    from clustersim.core.numbers import shortest
    from clustersim.scenario.describing import shipped

    found = shipped()
    if as_json:
        print_json(found)
        return
    lines = [
        (s["name"], _(s["title"]), count(s["clusters"]), count(s["firms"]),
         _("{years} from {start}", years=shortest(s["years"]), start=s["start_year"]), yes_no(s["programme"]))
        for s in found
    ]  # fmt: skip
    heads = (_("Scenario"), _("Title"), _("Clusters"), _("Firms"), _("Years"), _("Programme"))
    print_rows(console(), heads, lines, right=(2, 3))


@commands.command()
def show(scenario: ScenarioName, overrides: Overrides = None, as_json: AsJson = False, plugin: PluginFiles = None) -> None:
    """Show every value of a scenario, and where it came from."""
    from clustersim.cli.terminal import console, print_json, say
    from clustersim.scenario.keys import format_key
    from clustersim.scenario.loading import resolved

    use_plugins(plugin)
    found = resolved(scenario, overrides or ())
    if as_json:
        print_json(found)
        return
    out = console()
    for path, value in _lines(found["values"], ()):
        key = format_key(path)
        # A list of plain values stands in one line; each of its elements may have an origin of its own (`--set`).
        origins = dict.fromkeys(found["origins"].get(format_key((*path, *end)), "") for end in _ends(value))
        if key.startswith("parameters.") and list(origins) == ["default"]:
            continue  # `describe parameters` lists them
        places = [_origin(origin, found["parents"]) for origin in origins]
        source = "" if list(origins) == ["default"] else _source(path, found["sources"])
        remark = "; ".join(part for part in (*places, source) if part)
        say(out, f"{key}: {json.dumps(value, ensure_ascii=False)}    # {remark}")
    say(out, "# " + _("all other parameters: see `clustersim describe parameters`"))


def _origin(origin: str, parents: list[str]) -> str:
    """Return where a value comes from, in short: the file without its folder, and whether the scenario extends it."""
    if origin == "default":
        return _("default")
    place = origin.rsplit("/", 1)[-1]
    return _("{place} (parent)", place=place) if origin.rpartition(":")[0] in parents else place


def _ends(value: Any) -> list[tuple[int, ...]]:
    return [(place,) for place in range(len(value))] if isinstance(value, list) and value else [()]


def _source(path: tuple[str | int, ...], sources: dict[str, str]) -> str:
    """Return what is cited for a value: its own source, or that of the nearest part that holds it."""
    from clustersim.scenario.keys import format_key

    keys = (format_key(path[:length]) for length in range(len(path), 0, -1))
    return next((sources[key] for key in keys if key in sources), "")


def _lines(node: Any, path: tuple[str | int, ...]) -> list[tuple[tuple[str | int, ...], Any]]:
    """Return each value of a scenario with its path, one for each line."""
    if isinstance(node, dict) and node:
        return [line for key, value in node.items() if (path or key != "sources") for line in _lines(value, (*path, key))]
    if isinstance(node, list) and node and any(isinstance(item, dict) for item in node):
        return [line for place, item in enumerate(node) for line in _lines(item, (*path, place))]
    return [(path, node)]


@commands.command()
def check(scenario: ScenarioName, overrides: Overrides = None, as_json: AsJson = False, plugin: PluginFiles = None) -> None:
    """Say all that is wrong with a scenario, and what it says that does nothing."""
    from clustersim.cli.terminal import console, print_json, say
    from clustersim.scenario.describing import checked
    from clustersim.scenario.idle import idle
    from clustersim.scenario.loading import load_scenario, problems

    use_plugins(plugin)
    if as_json:
        found = checked(scenario, overrides or ())
        print_json(found)
        if not found["valid"]:
            raise typer.Exit(2)
        return
    faults = problems(scenario, overrides or ())
    for error in faults:
        say(console(error=True), str(error))
    if faults:
        raise typer.Exit(2)
    say(console(), _("{name}: no problems found.", name=scenario))
    for key, why in idle(load_scenario(scenario, overrides or ())):
        say(console(), _("{key} does nothing: {why}", key=key, why=why))
