"""``clustersim scenario from-firms``: builds a scenario from a firm register and says what was made of each row."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Any

import typer

from clustersim.cli.options import (
    ActivityMap,
    AsJson,
    Ignored,
    PluginFiles,
    StartYear,
    check_between,
    check_choice,
    use_plugins,
)
from clustersim.core.words import N_, _, language

# What a register's decisions are called; other decisions, such as a year or an encoding, stand for themselves.
DECISIONS = {
    "comma": N_("comma"), "semicolon": N_("semicolon"), "tab": N_("tab"), "point": N_("point"),
    "numbers": N_("the numbers themselves"), "separator": N_("the separator"), "latest founding": N_("latest founding"),
    "today": N_("today"), "heading": N_("as the heading says"), "usd": "USD", "kusd": N_("thousands of USD"),
    "musd": N_("millions of USD"), "usd (assumed)": N_("USD (assumed)"),
}  # fmt: skip


def from_firms(
    firms: Annotated[Path, typer.Argument(metavar="FIRMS.csv", help="Register of firms, with headings in English or Spanish.")],
    ties: Annotated[Path | None, typer.Option(metavar="TIES.csv", help="Ties between them: a, b, level, trust.")] = None,
    activity_map: ActivityMap = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE.yaml", help="The scenario; after the register if not given.")] = None,
    name: Annotated[str | None, typer.Option(metavar="TITLE", help="Title of the scenario.")] = None,
    extends: Annotated[str | None, typer.Option(metavar="SCENARIO", help="Scenario whose programme it takes over.")] = None,
    start_year: StartYear = None,
    money: Annotated[str | None, typer.Option(metavar="usd|kusd|musd", help="Unit of money where headings do not tell.")] = None,
    decimal: Annotated[str | None, typer.Option(metavar="comma|point", help="Decimal sign; found out if not given.")] = None,
    ignore: Ignored = None,
    by_municipality: Annotated[bool, typer.Option("--by-municipality", help="Make each municipality a cluster.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over files that exist.")] = False,
    as_json: AsJson = False,
    plugin: PluginFiles = None,
) -> None:
    """Build a scenario from a register of real firms, and say what was made of each row."""
    from clustersim.cli.terminal import print_json
    from clustersim.scenario.registers.making import make_scenario

    check_choice("--money", money, ("usd", "kusd", "musd"))
    check_choice("--decimal", decimal, ("comma", "point"))
    check_between("--start-year", start_year, 1000, 3000)
    use_plugins(plugin)
    found, document = make_scenario(
        firms, out, ties=ties, activity_map=activity_map, title=name, extends=extends, start_year=start_year, money=money,
        decimal=decimal, ignore=ignore or (), by_municipality=by_municipality, force=force,
    )  # fmt: skip
    if as_json:
        print_json(document)
    else:
        _show(found, document, firms)


def _show(found: Any, document: dict[str, Any], firms: Path) -> None:
    from clustersim.cli.terminal import console, count, print_rows, say
    from clustersim.scenario.registers.report import label, remark

    out, lang = console(), language()
    words = {name: _(DECISIONS.get(str(text), str(text))) for name, text in document["decisions"].items()}
    counts = {name: count(document[name]) for name in ("rows", "firms", "blank")} | {"lost": count(document["not_used"])}
    say(out, f"{firms}: " + _("{rows} rows, {firms} firms used, {lost} rows not used, {blank} blank", **counts))
    say(out, _(
        "Read as {encoding}, {separator}, decimal {decimal} (by {by}); starts in {year} ({year_by})",
        encoding=words["encoding"], separator=words["separator"], decimal=words["decimal"], by=words["decimal_by"],
        year=words["start_year"], year_by=words["start_year_by"],
    ))  # fmt: skip
    for column in document["columns"]:
        called = label(column, lang)
        if f"unit_{column}" in words:
            say(out, _("{column}: unit of money {unit}", column=called, unit=words[f"unit_{column}"]))
        if f"unclear_{column}" in words:
            found_there = words[f"unclear_{column}"]
            say(out, _("{column}: numbers that only this convention decides: {found}", column=called, found=found_there))
    if document["columns_not_used"]:
        say(out, _("Columns that mean nothing here: {names}", names=", ".join(document["columns_not_used"])))
    if document["columns_also"]:
        names = ", ".join(document["columns_also"])
        say(out, _("Columns not read, because another one of the same meaning is: {names}", names=names))
    rows = [(c["name"], count(c["tractors"]), count(c["smes"]), ", ".join(c["segments"])) for c in document["clusters"][:20]]
    print_rows(out, (_("Cluster"), _("Tractor firms"), _("SMEs"), _("Segments, upstream first")), rows, (1, 2))
    total = document["firms"]
    drawn = [(label(column, lang), count(total - n), count(n)) for column, n in document["drawn"].items()]
    print_rows(out, (_("Column"), _("From the register"), _("Drawn by the model")), drawn, (1, 2))
    notes = found.register.notes
    told = []
    for note in document["notes"]:
        code, column = note["code"], note["column"]
        told.append((remark(found, code, column, notes.example(code, column), lang), count(note["rows"])))
    if told:
        print_rows(out, (_("Remark (first case)"), _("Rows")), told, (1,))
    for cluster in document["clusters"]:
        if cluster["grouped"]:
            names = ", ".join(cluster["grouped"][:20])
            say(out, _("{cluster}: grouped as 'other': {names}", cluster=cluster["name"], names=names))
    if "ties" in document:
        ties = document["ties"]
        counts = {name: count(ties[name]) for name in ("ties", "rows", "remarks")} | {"lost": count(ties["not_used"])}
        say(out, _("{ties} ties from {rows} rows, {lost} rows not used, {remarks} remarks", **counts))
    say(out, _("Written: {files}", files=", ".join(document["files"].values())))
    command = f"clustersim run {shlex.quote(document['files']['scenario'])}"
    say(out, _("Next: {command}", command=command))
