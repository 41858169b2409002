"""``clustersim validate``: measures patterns and plausibility, prints a table of each, leaves validation.json and pictures."""

from __future__ import annotations

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
    quick: Annotated[bool, typer.Option("--quick", help="Fewer replicates: about a minute instead of two.")] = False,
    plausibility: Annotated[
        bool | None,
        typer.Option("--plausibility/--no-plausibility", help="Compare firms with published data; with --pattern only if asked."),
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
    found = _watched(note, lambda progress: measure(wanted, quick, seed, plausibility, progress))
    written = _write(out, found)
    if as_json:
        print_json(found)
    else:
        _show(console(), found, written)
    if not found["ok"]:
        raise typer.Exit(1)


def _watched(note: Console, work: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """Call ``work(progress)``, with a line for each pattern, or one that changes where somebody watches."""
    from clustersim.cli.terminal import say

    def line(id_: str, statement: str, place: int, of: int) -> str:
        return f"{id_} ({place} / {of}): {_(statement)}"

    if not note.is_terminal:
        return work(lambda *told: say(note, line(*told)))
    with note.status("") as status:
        return work(lambda *told: status.update(line(*told)))


def _write(out: Path, found: dict[str, Any]) -> list[Path]:
    """Write the document and the pictures; a file takes the place of an older one when all of them are done."""
    from clustersim.core.files import appearing_together
    from clustersim.results.describing import json_text
    from clustersim.results.manifest import SEALS, seal
    from clustersim.views.figures.plausibility import draw_plausibility
    from clustersim.views.figures.validation import draw_validation

    lang = language()
    out.mkdir(parents=True, exist_ok=True)
    with appearing_together(out, last=SEALS["validation"]) as place:
        made = [place / FILE]
        made[0].write_text(json_text(found) + "\n", encoding="utf-8")
        made += draw_validation(found["patterns"], found["missing"], place, found["seed"], found["replicates"], lang)
        if found["plausibility"]:
            made += draw_plausibility(found["plausibility"], place, found["seed"], found["plausibility_replicates"], lang)
        made.append(seal(place, name=SEALS["validation"]))
    return [out / path.name for path in made]


def reasons(result: Mapping[str, Any]) -> list[str]:
    """Return why a pattern is not shown, and why its ablation does not make it vanish; nothing if all is well."""
    from clustersim.views.figures.validation import interval, plain

    full, ablated = (interval(result, which) for which in ("", "ablated_"))
    threshold = plain(result["threshold"])
    found = []
    if not result["passed"] and full == "–":
        found.append(_("the statistic has no value in most bootstrap samples"))
    elif not result["passed"]:
        said = _("the interval {interval} does not lie above the threshold {threshold}", interval=full, threshold=threshold)
        found.append(said)
    if not result["ablation_vanishes"]:
        found.append(_(
            "without {mechanism} it stays: {interval} lies above the threshold {threshold}",
            mechanism=_(result["mechanism"]), interval=ablated, threshold=threshold,
        ))  # fmt: skip
    return found


def _show(out: Console, found: Mapping[str, Any], written: Sequence[Path]) -> None:
    from clustersim.cli.terminal import count, say

    results = found["patterns"]
    _print_patterns(out, found)
    lines = [f"{result['id']}: {reason}." for result in results for reason in reasons(result)]
    lines += [f"{id_}: {_('not measured')}: {_(why)}." for id_, why in found["missing"].items()]
    lines.append(_(
        "{n} measured with {replicates} replicates and seed {seed}: {shown} shown, {vanish} vanish without their mechanism.",
        n=len(results), replicates=count(found["replicates"]), seed=found["seed"], shown=sum(r["passed"] for r in results),
        vanish=sum(r["ablation_vanishes"] for r in results),
    ))  # fmt: skip
    for line in lines:
        say(out, line)
    if found["plausibility"]:
        out.print()
        _print_plausibility(out, found["plausibility"], found["plausibility_replicates"])
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
    rows |= {id_: ("", "–", "–", _("not measured"), "–") for id_ in found["missing"]}
    heads = (_("Pattern"), _("What must emerge"), _("Value [5 %, 95 %]"), _("Threshold"), _("Verdict"), _("Ablation"))
    shown = table(*heads, right=(3,))
    shown.columns[1].ratio = 1
    for place in (0, 3, 4, 5):
        shown.columns[place].no_wrap = True
    for id_ in sorted(rows):
        shown.add_row(id_, *(Text(cell) for cell in rows[id_]))
    out.print(shown)


def _print_plausibility(out: Console, results: Sequence[Mapping[str, Any]], replicates: int) -> None:
    """Print what the model gives beside the published range of each item, and what bears on those outside of theirs."""
    from rich.text import Text

    from clustersim.cli.terminal import count, say, table
    from clustersim.studies.validation.plausibility.sample import BURN_IN, SCENARIOS
    from clustersim.views.figures.plausibility import published, verdict
    from clustersim.views.figures.validation import interval

    heads = (_("Plausibility"), _("What data show"), _("Model [5 %, 95 %]"), _("Published"), _("Verdict"))
    shown = table(*heads)
    shown.columns[1].ratio = 1
    for place in (0, 4):
        shown.columns[place].no_wrap = True
    for result in results:
        cells = (_(result["statement"]), interval(result), published(result), verdict(result))
        shown.add_row(result["id"], *(Text(cell) for cell in cells))
    out.print(shown)
    for result in results:
        if result["inside"] is not True:
            say(out, f"{result['id']} {verdict(result)}. {_(result['bears'])}")
    if any(result["from_memory"] for result in results):
        say(out, _("* A part of the range is from memory."))
    verdicts = [result["inside"] for result in results]
    say(out, _(
        "{n} items: {inside} inside the published range, {outside} outside, {none} not comparable ({replicates} replicates of "
        "{runs}, after {years} years; nothing is fitted to these ranges, and they do not change the exit status).",
        n=len(results), inside=verdicts.count(True), outside=verdicts.count(False), none=verdicts.count(None),
        replicates=count(replicates), runs=", ".join(SCENARIOS), years=BURN_IN,
    ))  # fmt: skip
