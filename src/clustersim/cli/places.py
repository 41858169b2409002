"""The commands about a user's own place, as the command line reads them: from a register, and choosing where to act."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clustersim.cli.arguments import AsJson, PluginFiles, check_choice, check_language, real, use_plugins, whole
from clustersim.core.errors import InputError


def from_firms(
    firms: Annotated[Path, typer.Argument(metavar="FIRMS.csv", help="Register of firms, with headings in English or Spanish.")],
    ties: Annotated[Path | None, typer.Option(metavar="TIES.csv", help="Ties between them: a, b, level, trust.")] = None,
    activity_map: Annotated[
        Path | None, typer.Option(metavar="MAP.csv", help="What activities stand for: activity, segment, cluster.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE.yaml", help="The scenario; after the register if not given.")] = None,
    name: Annotated[str | None, typer.Option(help="Title of the scenario.")] = None,
    extends: Annotated[str | None, typer.Option(metavar="SCENARIO", help="Scenario whose programme it takes over.")] = None,
    start_year: Annotated[
        int | None, typer.Option(parser=whole, metavar="YEAR", help="Year whose beginning the register shows.")
    ] = None,
    money: Annotated[str | None, typer.Option(metavar="usd|kusd|musd", help="Unit of money where headings do not tell.")] = None,
    decimal: Annotated[str | None, typer.Option(metavar="comma|point", help="Decimal sign; found out if not given.")] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="COLUMN", help="A column to leave out; may be repeated.")] = None,
    by_municipality: Annotated[bool, typer.Option("--by-municipality", help="Make each municipality a cluster.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over files that exist.")] = False,
    lang: Annotated[str, typer.Option(metavar="en|es", help="Language of report and summary.")] = "en",
    as_json: AsJson = False,
    plugin: PluginFiles = None,
) -> None:
    """Build a scenario from a register of real firms, and say what was made of each row."""
    from clustersim.cli import from_firms as commands

    check_language(lang)
    check_choice("--money", money, ("usd", "kusd", "musd"))
    check_choice("--decimal", decimal, ("comma", "point"))
    if start_year is not None and not 1000 <= start_year <= 3000:
        raise InputError("--start-year", "", f"{start_year} is not possible; allowed: 1000 to 3000")
    use_plugins(plugin)
    commands.run(firms, ties, activity_map, out, name, extends, start_year, money, decimal, ignore or (), by_municipality,
                   force, lang, as_json)  # fmt: skip


def select(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="Register of firms, or the folder of a finished run.")],
    weights: Annotated[Path | None, typer.Option(metavar="FILE", help="Weights of criteria, YAML or CSV.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="CRITERION=WEIGHT", help="Weight of a criterion; may be repeated.")
    ] = None,
    activity_map: Annotated[
        Path | None, typer.Option(metavar="MAP.csv", help="What activities stand for; its clusters are the candidates.")
    ] = None,
    nation: Annotated[
        Path | None, typer.Option(metavar="NATION.csv", help="The nation by activity: employees, exports, sales.")
    ] = None,
    facts: Annotated[Path | None, typer.Option(metavar="FACTS.csv", help="What else is known of candidates.")] = None,
    before: Annotated[Path | None, typer.Option(metavar="FIRMS.csv", help="An earlier register, for growth.")] = None,
    years: Annotated[float, typer.Option(parser=real, metavar="YEARS", help="Years between the two registers.")] = 5.0,
    start_year: Annotated[
        int | None, typer.Option(parser=whole, metavar="YEAR", help="Year whose beginning the register shows.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="COLUMN", help="A column to leave out; may be repeated.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for tables and figure.")] = None,
    as_json: AsJson = False,
    lang: Annotated[str, typer.Option(metavar="en|es", help="Language of figure and tables.")] = "en",
) -> None:
    """Rank candidate activities by the criteria for choosing where to act."""
    from clustersim.cli import select as choice

    check_language(lang)
    if not 0.0 < years <= 100.0:
        raise InputError("--years", "", f"{years:g} is not possible; allowed: more than 0, up to 100")
    tables = {"activity_map": activity_map, "nation": nation, "facts": facts, "before": before, "years": years}
    choice.run(table, weights, set_ or (), tables, {"start_year": start_year, "ignore": ignore or ()}, out, lang, as_json)
