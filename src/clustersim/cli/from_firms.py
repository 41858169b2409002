"""``clustersim scenario from-firms``: shows how a register is read, builds a scenario from it, and says what was made of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clustersim.cli.options import ActivityMap, AsJson, PluginFiles, use_plugins
from clustersim.cli.reading import reads_registers
from clustersim.core.words import N_, _, _n, language

if TYPE_CHECKING:
    from clustersim.scenario.registers.plan import Plan

# What a register's decisions are called; other decisions, such as a year or an encoding, stand for themselves.
DECISIONS = {
    "comma": N_("comma"), "semicolon": N_("semicolon"), "tab": N_("tab"), "point": N_("point"), "pipe": N_("vertical bar"),
    "numbers": N_("the numbers themselves"), "separator": N_("the separator"), "latest founding": N_("latest founding"),
    "today": N_("today"), "year of the rows": N_("year of the rows"), "form": N_("the form itself"),
    "heading": N_("as the heading says"), "usd": "USD", "kusd": N_("thousands of USD"),
    "musd": N_("millions of USD"), "usd (assumed)": N_("USD (assumed)"), "percent": N_("per cent"), "fraction": N_("fractions"),
}  # fmt: skip
SHOWN = 20  # clusters, and names in a list
NARROW = 100  # characters of a line below which a table of headings cannot be read


@reads_registers
def from_firms(
    firms: Annotated[Path, typer.Argument(metavar="FIRMS", help="Register of firms, as the office gives it.")],
    ties: Annotated[Path | None, typer.Option(metavar="TIES", help="Ties between them: a, b, level, trust.")] = None,
    activity_map: ActivityMap = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE.yaml", help="The scenario; after the register if not given.")] = None,
    name: Annotated[str | None, typer.Option(metavar="TITLE", help="Title of the scenario.")] = None,
    extends: Annotated[str | None, typer.Option(metavar="SCENARIO", help="Scenario whose programme it takes over.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show how all is read, what is doubtful and what would be drawn; write nothing.")
    ] = False,
    given: dict[str, Any] | None = None,
    by_municipality: Annotated[bool, typer.Option("--by-municipality", help="Make each municipality a cluster.")] = False,
    anonymise: Annotated[
        bool, typer.Option("--anonymise", help="Write running numbers in place of ids; only the reports say whose they are.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over files that exist.")] = False,
    as_json: AsJson = False,
    plugin: PluginFiles = None,
) -> None:
    """Build a scenario from a register of real firms, and say what was made of each row."""
    from clustersim.cli.terminal import print_json
    from clustersim.scenario.registers.making import make_scenario
    from clustersim.scenario.registers.plan import read_plan

    use_plugins(plugin)
    if dry_run:
        plan = read_plan(firms, ties, activity_map, by_municipality=by_municipality, anonymise=anonymise, **given or {})
        document = plan.document()
    else:
        plan, document = make_scenario(
            firms, out, ties=ties, activity_map=activity_map, title=name, extends=extends, by_municipality=by_municipality,
            anonymise=anonymise, force=force, **given or {},
        )  # fmt: skip
    if as_json:
        print_json(document)
    else:
        _show(plan, document)


def _show(plan: Plan, document: dict[str, Any]) -> None:
    from clustersim.cli.terminal import console, say

    out, dry = console(), "files" not in document
    _show_file(out, plan, document)
    _show_headings(out, plan, document, dry)
    _show_rows(out, plan, document)
    _show_place(out, document)
    for doubt in document["doubts"]:
        say(out, _("To be confirmed: {found}", found=doubt["found"]), style="bold")
        for answer in doubt["answers"]:
            say(out, f"  {answer['way']}: {answer['meaning']}")
    if not dry:
        say(out, _("Written: {files}", files=", ".join(document["files"].values())))
    for file in document.get("private", ()):
        say(out, _("Do not share {file}: it holds the ids that the numbers stand for.", file=file), style="bold")
    _show_next(out, document)


def _show_file(out: Any, plan: Plan, document: dict[str, Any]) -> None:
    """Say what kind of file it is, how many of its rows are firms, and what was decided for all of it."""
    from clustersim.cli.terminal import count, say

    words = {name: _(DECISIONS.get(str(text), str(text))) for name, text in document["decisions"].items()}
    counts = {name: count(document[name]) for name in ("rows", "firms", "blank")} | {"lost": count(document["not_used"])}
    say(out, f"{document['file']}: " + _("{rows} rows, {firms} firms used, {lost} rows not used, {blank} blank", **counts))
    how = ", ".join(part for part in (document["form"], document["encoding"], words.get("separator", "")) if part)
    say(out, _(
        "Read as {how}, decimal {decimal} (by {by}); starts in {year} ({year_by})",
        how=how, decimal=words["decimal"], by=words["decimal_by"], year=words["start_year"], year_by=words["start_year_by"],
    ))  # fmt: skip
    if document["register"]:
        say(out, _("Layout: {title} ({register})", title=document["layout"], register=document["register"]))
    if document["tables"]:
        say(out, _("Other tables in it, which --table NAME reads: {names}", names=", ".join(document["tables"][:SHOWN])))
    if document["asides"]:
        from clustersim.scenario.registers.plan import KINDS

        kinds = Counter(aside["kind"] for aside in document["asides"])
        told = ", ".join(f"{_(KINDS.get(kind, kind))} {count(n)}" for kind, n in kinds.items())
        first = document["asides"][0]
        say(out, _("Lines that are no firm: {kinds}; the first is line {line}: {text}", kinds=told, line=first["line"],
                   text=first["text"][:60]))  # fmt: skip


def _show_headings(out: Any, plan: Plan, document: dict[str, Any], every: bool) -> None:
    """Show what each heading was taken for: all of them, or only those that are read."""
    from clustersim.cli.terminal import count, print_rows, say
    from clustersim.scenario.registers.plan import WHY
    from clustersim.scenario.registers.report import label

    rows, bare = [], []
    for heading in document["headings"]:
        if not heading["column"] and not heading["samples"]:
            bare.append(heading["heading"])
        elif heading["column"] or every:
            unit = _(DECISIONS.get(heading["unit"], heading["unit"]))
            read_as = label(heading["column"]) if heading["column"] else "–"
            samples = " · ".join(text[:24] for text in heading["samples"])
            rows.append((heading["heading"], read_as, _(WHY[heading["why"]]), samples,
                         unit, count(heading["failed"]) if heading["column"] else ""))  # fmt: skip
    heads = (_("Heading"), _("Read as"), _("Why"), _("First values"), _("Unit"), _("Cells not read"))
    if out.width >= NARROW:
        print_rows(out, heads, rows, (5,))
    else:
        for name, read_as, why, samples, unit, failed in rows:
            failed = _("{n} cells not read", n=failed) if failed not in ("", "0") else ""
            say(out, f"{name} → {read_as} ({why}): {'; '.join(part for part in (samples, unit, failed) if part)}")
    for decided in plan.decided():
        say(out, decided)
    if bare and every:
        say(out, _("Columns without any content: {names}", names=", ".join(bare)))
    if document["columns_not_used"] and not every:
        say(out, _("Columns that mean nothing here: {names}", names=", ".join(document["columns_not_used"])))
    if document["columns_also"] and not every:
        names = ", ".join(document["columns_also"])
        say(out, _("Columns not read, because another one of the same meaning is: {names}", names=names))


def _show_rows(out: Any, plan: Plan, document: dict[str, Any]) -> None:
    """Show what is known and what is drawn, and the remarks on rows."""
    from clustersim.cli.terminal import count, print_rows
    from clustersim.scenario.registers.report import label, remark

    total, inside = document["firms"], document["drawn_inside"]
    drawn = [
        (label(column), count(total - n - inside.get(column, 0)), count(inside.get(column, 0)), count(n))
        for column, n in document["drawn"].items()
    ]
    heads = (_("Column"), _("From the register"), _("Drawn inside its class"), _("Drawn by the model"))
    print_rows(out, heads, drawn, (1, 2, 3))
    found, notes = plan.build, plan.build.register.notes
    told = []
    for note in document["notes"]:
        code, column = note["code"], note["column"]
        told.append((remark(found, code, column, notes.example(code, column), language()), count(note["rows"])))
    if told:
        print_rows(out, (_("Remark (first case)"), _("Rows")), told, (1,))


def _show_place(out: Any, document: dict[str, Any]) -> None:
    """Show clusters, where they lie, and ties."""
    from clustersim.cli.terminal import count, print_rows, say
    from clustersim.core.numbers import number

    rows = []
    for c in document["clusters"][:SHOWN]:
        place = "–"
        if c["centre"]:
            unit = "°" if c["centre_unit"] == "degrees" else " km"
            middle = ", ".join(f"{number(value, 3)}{unit}" for value in c["centre"])
            place = _("{middle}; radius {radius} km", middle=middle, radius=number(c["radius_km"], 1))
        rows.append((c["name"], count(c["tractors"]), count(c["smes"]), count(c["jobs_known"]), ", ".join(c["segments"]), place))
    heads = (_("Cluster"), _("Tractor firms"), _("SMEs"), _("Jobs known"), _("Segments, upstream first"), _("Middle"))
    print_rows(out, heads, rows, (1, 2, 3))
    if (more := len(document["clusters"]) - SHOWN) > 0:
        say(out, _n("One more cluster.", "{n} more clusters.", more, n=count(more)))
    for cluster in document["clusters"]:
        if cluster["grouped"]:
            names = ", ".join(cluster["grouped"][:SHOWN])
            say(out, _("{cluster}: grouped as 'other': {names}", cluster=cluster["name"], names=names))
    if "ties" in document:
        ties = document["ties"]
        counts = {name: count(ties[name]) for name in ("ties", "rows", "remarks")} | {"lost": count(ties["not_used"])}
        say(out, _("{ties} ties from {rows} rows, {lost} rows not used, {remarks} remarks", **counts))
        if ties["columns_not_used"]:
            say(out, _("Columns of ties that are not read: {names}", names=", ".join(ties["columns_not_used"])))


def _show_next(out: Any, document: dict[str, Any]) -> None:
    from clustersim.cli.terminal import say

    why, command = document["next"]["why"], document["next"]["command"]
    if why == "jobs":
        say(
            out,
            _("No column gives jobs: the model would draw all of them, and a run would say nothing of this place."),
            style="bold",
        )
        say(out, _("Next: find a file with jobs, or say which heading has them: {command}", command=command))
    elif why == "doubts":
        say(out, _("Next, once you have decided what is doubtful: {command}", command=command))
    else:
        say(out, _("Next: {command}", command=command))
