"""``clustersim validate``: patterns, plausibility, histories and effects: a table of each, one JSON document, and pictures."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clustersim.cli.options import RESULTS, AsJson, whole
from clustersim.core.words import _, language

if TYPE_CHECKING:
    from rich.console import Console

FOLDER, FILE = RESULTS / "validation", "validation.json"


def validate(
    pattern: Annotated[list[str] | None, typer.Option(metavar="P04", help="A pattern to measure; may be repeated.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer replicates: 200 instead of 600.")] = False,
    plausibility: Annotated[
        bool | None,
        typer.Option("--plausibility/--no-plausibility", help="Compare firms with published data; with --pattern only if asked."),
    ] = None,
    histories: Annotated[
        bool | None,
        typer.Option("--histories/--no-histories", help="Compare places with published histories; with --pattern only if asked."),
    ] = None,
    effects: Annotated[
        bool | None,
        typer.Option("--effects/--no-effects",
                     help="Measure what each instrument does to firms, half a minute; with --pattern only if asked."),
    ] = None,
    seed: Annotated[int, typer.Option(parser=whole, metavar="SEED", help="Seed of all random draws.")] = 1,
    as_json: AsJson = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for validation.json and the pictures.")] = FOLDER,
) -> None:
    """Measure the patterns that must emerge, each with its mechanism and without; status 1 if one is not shown."""
    from clustersim.cli.terminal import compile_if_cold, console, print_json
    from clustersim.results.storage import check_writable
    from clustersim.studies.validation.describing import check, measure

    note = console(error=True)
    wanted = check(pattern or (), seed)
    check_writable(out)
    compile_if_cold(note)
    found = _watched(note, lambda progress: measure(wanted, quick, seed, plausibility, progress, histories, effects))
    written = _write(out, found)
    if as_json:
        print_json(found)
    else:
        _show(console(), found, written)
    if not found["ok"]:
        raise typer.Exit(1)


def _watched(note: Console, work: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """Call ``work(progress)``, with a line for each pattern, or one that changes where somebody watches."""
    from clustersim.cli.terminal import duration, say
    from clustersim.policy.instruments import INSTRUMENTS

    began = time.monotonic()

    def line(id_: str, statement: str, place: int, of: int) -> str:
        nonlocal began
        said = f"{id_} ({place} / {of}): {_(statement)}"
        if place == 1:
            began = time.monotonic()
        elif id_ in INSTRUMENTS:  # which take about the same time each, so that the time left can be told
            left = (time.monotonic() - began) / (place - 1) * (of - place + 1)
            said += f" {_('about {time} left', time=duration(left))}"
        return said

    if not note.is_terminal:
        return work(lambda *told: say(note, line(*told)))
    with note.status("") as status:
        return work(lambda *told: status.update(line(*told)))


def _write(out: Path, found: dict[str, Any]) -> list[Path]:
    """Write the document and the pictures; a file takes the place of an older one when all of them are done."""
    from clustersim.core.files import appearing_together
    from clustersim.results.describing import json_text
    from clustersim.results.manifest import SEALS, seal
    from clustersim.views.figures.effects import draw_effects
    from clustersim.views.figures.plausibility import draw_histories, draw_plausibility
    from clustersim.views.figures.validation import draw_validation

    lang = language()
    out.mkdir(parents=True, exist_ok=True)
    with appearing_together(out, last=SEALS["validation"]) as place:
        made = [place / FILE]
        made[0].write_text(json_text(found | {"files": SEALS["validation"]}) + "\n", encoding="utf-8")
        made += draw_validation(found["patterns"], found["missing"], place, found["seed"], found["replicates"], lang)
        if found["plausibility"]:
            made += draw_plausibility(found["plausibility"], place, found["seed"], found["plausibility_replicates"], lang)
        if found["histories"]:
            made += draw_histories(found["histories"], place, found["seed"], found["histories_places"], lang)
        if found["effects"]:
            made += draw_effects(found["effects"], place, found["seed"], lang)
        made.append(seal(place, name=SEALS["validation"]))
    return [out / path.name for path in made]


def reasons(result: Mapping[str, Any]) -> list[str]:
    """Return why a pattern is not shown, and why its ablation does not make it vanish; nothing if all is well."""
    from clustersim.views.figures.validation import interval, plain

    full, ablated = (interval(result, which) for which in ("", "ablated_"))
    threshold, mechanism = plain(result["threshold"]), _(result["mechanism"])
    found = []
    if result["reason"]:
        found.append(_("no value: {reason}", reason=_(result["reason"])))
    elif not result["passed"]:
        said = _("the interval {interval} does not lie above the threshold {threshold}", interval=full, threshold=threshold)
        found.append(said)
    if result["ablated_reason"]:
        said = _("no value without {mechanism}: {reason}", mechanism=mechanism, reason=_(result["ablated_reason"]))
        found.append(said)
    elif not result["ablation_vanishes"]:
        found.append(_(
            "without {mechanism} it stays: {interval} lies above the threshold {threshold}",
            mechanism=mechanism, interval=ablated, threshold=threshold,
        ))  # fmt: skip
    return found


def remarks(result: Mapping[str, Any]) -> list[str]:
    """Return what else bears on how a pattern counts: that it is retired, that a null model passes it, how it was ablated."""
    from clustersim.views.figures.validation import interval

    found = [_("retired: {reason}", reason=_(result["retired_why"]))] if result["retired"] else []
    found += [
        _("a null model passes as well: {name}, {interval}", name=_(null["name"]), interval=interval(null))
        for null in result["nulls"] if null["passes"]
    ]  # fmt: skip
    if result["only_channel"]:
        found.append(_("its ablation switches off the only channel, so that it must vanish"))
    return found


def _show(out: Console, found: Mapping[str, Any], written: Sequence[Path]) -> None:
    from clustersim.cli.terminal import count, say

    results, counted = found["patterns"], found["counted"]
    _print_patterns(out, found)
    lines = [f"{result['id']}: {said.removesuffix('.')}." for result in results for said in (*reasons(result), *remarks(result))]
    lines += [f"{id_}: {_('not measured')}: {_(why)}." for id_, why in found["missing"].items()]
    lines.append(_(
        "{n} measured with {replicates} replicates and seed {seed}, of which {counted} count: {shown} shown, {vanish} vanish "
        "without their mechanism. Shown, vanishing and beyond the nulls: {beyond}; and where no null model has such an output: "
        "{no_null}.",
        n=len(results), replicates=count(found["replicates"]), seed=found["seed"], counted=counted["patterns"],
        shown=counted["shown"], vanish=counted["vanish"], beyond=counted["beyond_nulls"], no_null=counted["no_null"],
    ))  # fmt: skip
    for line in lines:
        say(out, line)
    if found["plausibility"]:
        out.print()
        _print_plausibility(out, found["plausibility"], found["plausibility_replicates"])
    if found["histories"]:
        out.print()
        _print_histories(out, found["histories"], found["histories_places"])
    if found["effects"]:
        out.print()
        _print_effects(out, found["effects"])
    kinds = len({path.stem for path in written}) - 1
    files = f"{written[0].parent} ({FILE}, {kinds} × PNG, SVG)"
    say(out, _("Written: {files}", files=files))


def _print_patterns(out: Console, found: Mapping[str, Any]) -> None:
    """Print the table of patterns."""
    from rich.text import Text

    from clustersim.cli.terminal import table
    from clustersim.views.figures.validation import interval, plain, verdicts

    rows = {
        result["id"]: (
            _(result["statement"]), interval(result), plain(result["threshold"]),
            *verdicts(result),
        )
        for result in found["patterns"]
    }  # fmt: skip
    rows |= {id_: ("", "–", "–", _("not measured"), "–", "–") for id_ in found["missing"]}
    heads = (
        _("Pattern"), _("What must emerge"), _("Value [5 %, 95 %]"), _("Threshold"), _("Verdict"), _("Ablation"),
        _("Null models"),
    )  # fmt: skip
    shown = table(*heads, right=(3,))
    shown.columns[1].ratio = 1
    for place in (0, 3):
        shown.columns[place].no_wrap = True
    for id_ in sorted(rows):
        shown.add_row(id_, *(Text(cell) for cell in rows[id_]))
    out.print(shown)


def _print_plausibility(out: Console, results: Sequence[Mapping[str, Any]], replicates: int) -> None:
    """Print what the model gives beside the published range of each item, and what bears on those outside of theirs."""
    from clustersim.cli.terminal import count, say
    from clustersim.studies.validation.plausibility.sample import BURN_IN, SCENARIOS

    _print_items(out, _("Plausibility"), results)
    if any(result["from_memory"] for result in results):
        say(out, _("* A part of the range is from memory."))
    verdicts = [result["inside"] for result in results]
    say(out, _(
        "{n} items: {inside} inside the published range, {outside} outside, {none} not comparable ({replicates} replicates of "
        "{runs}, after {years} years; nothing is fitted to these ranges, and they do not change the exit status).",
        n=len(results), inside=verdicts.count(True), outside=verdicts.count(False), none=verdicts.count(None),
        replicates=count(replicates), runs=", ".join(SCENARIOS), years=BURN_IN,
    ))  # fmt: skip


def _print_histories(out: Console, results: Sequence[Mapping[str, Any]], places: int) -> None:
    """Print the same of published histories of clusters."""
    from clustersim.cli.terminal import count, say
    from clustersim.studies.validation.histories.pool import FIRST, SOURCES

    _print_items(out, _("Histories"), results)
    verdicts = [result["inside"] for result in results]
    say(out, _(
        "{n} items: {inside} inside the published range, {outside} outside, {none} not comparable (about {places} places each of "
        "{runs}, after {years} years; nothing is fitted to these ranges, and they do not change the exit status). Cells that are "
        "not published and added noise make the published spreads of jobs upper bounds.",
        n=len(results), inside=verdicts.count(True), outside=verdicts.count(False), none=verdicts.count(None),
        places=count(places), runs=", ".join(source.name for source in SOURCES), years=FIRST,
    ))  # fmt: skip


COLUMNS = (("sales", 1), ("sales", 3), ("sales", 8), ("jobs", 3), ("exports", 3), ("productivity", 3))


def _print_effects(out: Console, found: Mapping[str, Any]) -> None:
    """Print what instruments do to the firms that they reach, and published effects beside it."""
    from clustersim.cli.terminal import count, print_rows, say
    from clustersim.studies.validation.effects import saying
    from clustersim.studies.validation.effects.estimating import INDICATORS
    from clustersim.studies.validation.effects.published import MEASURES
    from clustersim.views.catalogue import label

    heads = [f"{_(INDICATORS[name])} {saying.when(year)}" for name, year in COLUMNS]
    rows = []
    for each in sorted(found["instruments"], key=lambda each: -each["effects"]["sales"][3]["value"]):
        told = []
        for year in (each["effects"][name][year] for name, year in COLUMNS):
            value, band = saying.value_and_band(year)
            told.append(f"{value} {saying.positive(year)}\n{band}".strip())
        rows.append((label(each["instrument"]), count(each["per_year"]), *told))
    print_rows(out, (_("Effects"), "kUSD", *heads), rows, right=(1,))
    say(out, _(
        "What the firms reached have more than without the instrument, per cent; its price is in kUSD a year, paid for {paid} "
        "years from t on in {scenario}. {replicates} paired replicates taken together, how many of them lie above 0, and the "
        "5-95 % interval of the value (bootstrap). The effects do not change the exit status.",
        paid=found["paid_years"], scenario=found["scenario"], replicates=count(found["replicates"]),
    ))  # fmt: skip
    out.print()
    facts = [
        (_(fact["what"]), f"{_(MEASURES[fact['indicator']])}, {saying.when(fact['year'])}", saying.published(fact),
         label(fact["instrument"]), saying.measured(fact), saying.verdict(fact)) for fact in found["published"]
    ]  # fmt: skip
    heads = [_("Published effects"), "", _("Published"), _("Instrument"), _("Model [5 %, 95 %]"), _("The model is")]
    print_rows(out, heads, facts)
    say(out, _("* Parameters may be fitted to it, so that agreement is no test."))


def _print_items(out: Console, name: str, results: Sequence[Mapping[str, Any]]) -> None:
    """Print the table of items, and what bears on each that is not inside its range."""
    from rich.text import Text

    from clustersim.cli.terminal import say, table
    from clustersim.views.figures.plausibility import published, verdict
    from clustersim.views.figures.validation import interval

    heads = (name, _("What data show"), _("Model [5 %, 95 %]"), _("Published"), _("Verdict"))
    shown = table(*heads)
    shown.columns[1].ratio = 1
    for place in (0, 4):
        shown.columns[place].no_wrap = True
    for result in results:
        cells = (_(result["statement"]), interval(result), published(result), verdict(result))
        shown.add_row(result["id"], *(Text(cell) for cell in cells))
    out.print(shown)
    shared: dict[str, list[str]] = {}
    for result in results:
        if result["inside"] is not True:
            shared.setdefault(result["bears"], []).append(f"{result['id']} {verdict(result)}")
    for bears, found in shared.items():
        say(out, f"{', '.join(found)}. {_(bears)}")
