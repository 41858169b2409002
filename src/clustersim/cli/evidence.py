"""``clustersim evidence``: every fact of the sources beside the model: two tables, one JSON document, a table and a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clustersim.cli.options import RESULTS, AsJson, whole
from clustersim.core.words import _, _n, language

if TYPE_CHECKING:
    from rich.console import Console

    from clustersim.studies.evidence import Evidence

FOLDER = RESULTS / "evidence"


def evidence(
    fact: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="A fact to measure; may be repeated. All if not given.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer replicates: 20 instead of 100 of each scenario.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="Only list the facts, and how each is measured.")] = False,
    seed: Annotated[int, typer.Option(parser=whole, metavar="SEED", help="Seed of all random draws.")] = 1,
    as_json: AsJson = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for evidence.json, evidence.csv and the picture.")] = FOLDER,
) -> None:
    """Compare the model with the facts of the sources, fact by fact; nothing is fitted, and a missed fact is no failure."""
    from clustersim.cli.terminal import compile_if_cold, console, print_json, with_progress
    from clustersim.core import arguments
    from clustersim.results.storage import check_writable
    from clustersim.studies.evidence.measuring import check_ids, evidence, listed, scenarios_of
    from clustersim.studies.evidence.writing import write_evidence

    wanted = check_ids(fact or ())
    arguments.whole(seed, "seed", 0, arguments.SEED_MAX)
    if list_:
        rows = listed(wanted)
        print_json({"facts": rows}) if as_json else _show_list(console(), rows)
        return
    check_writable(out)
    note = console(error=True)
    if scenarios_of(wanted):
        compile_if_cold(note)
        found = with_progress(note, lambda progress: evidence(wanted, quick, seed, progress))
    else:
        found = evidence(wanted, quick, seed)

    def draw(place: Path) -> list[Path]:
        from clustersim.views.figures.evidence import draw_evidence

        return draw_evidence(found, place, language())

    written = write_evidence(found, out, draw)
    if as_json:
        print_json(found.document() | {"files": [str(path) for path in written]})
    else:
        _show(console(), found, written)


def _show_list(out: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    """Print facts, and how each is measured or why it is not."""
    from clustersim.cli.terminal import print_rows
    from clustersim.studies.evidence import saying

    heads = (_("Id"), _("Use"), _("Fact"), _("Published"), _("Source"), _("How it is measured, or why not"))
    print_rows(out, heads, [
        (row["id"], _(saying.USES[row["use"]]), _(row["quantity"]), saying.told(row), row["source"], saying.measured(row))
        for row in rows
    ])  # fmt: skip


def _show(out: Console, found: Evidence, written: Sequence[Path]) -> None:
    from clustersim.cli.terminal import cases, say
    from clustersim.studies.evidence import counted

    groups = ((_("Compared"), found.compared), (_("Facts that fix or bound inputs"), found.inputs))
    for name, results in groups:
        if results:
            _print_facts(out, name, results)
            number = counted(results)
            say(out, _n(
                "One fact: {met} met, {missed} missed, {not_comparable} not comparable.",
                "{n} facts: {met} met, {missed} missed, {not_comparable} not comparable.", len(results), n=len(results), **number,
            ))  # fmt: skip
    say(out, _(
        "{replicates} of each scenario, seed {seed}. In brackets: 10 to 90 % of replicates, or of places drawn anew; for inputs "
        "the least and the most that is shipped. Met: the model's value lies in the fact's range; a number alone, in the model's "
        "band. No value of the model was moved for it, and what is missed does not change the exit status.",
        replicates=cases(found.replicates), seed=found.seed,
    ))  # fmt: skip
    say(out, _("Intervals and bands show chance between simulations, not uncertainty about the model itself."))
    say(out, _("Written: {files}", files=", ".join(str(path) for path in written)))


def _print_facts(out: Console, name: str, results: Sequence[Mapping[str, Any]]) -> None:
    """Print facts beside the model, then what bears on them, once for all facts of which it is true."""
    from clustersim.cli.terminal import print_rows, say
    from clustersim.studies.evidence import saying

    print_rows(out, (name, _("Use"), _("Source"), _("Published"), _("Model (10 to 90 %)"), _("Verdict")), [
        (f"{one['id']}: {_(one['quantity'])}", _(saying.USES[one["use"]]), one["source"],
         saying.told_in_unit(one), saying.model(one), saying.verdict(one))
        for one in results
    ])  # fmt: skip
    shared: dict[str, list[str]] = {}
    for one in results:
        if text := saying.remark(one):
            shared.setdefault(text, []).append(one["id"])
    for text, ids in shared.items():
        say(out, f"{', '.join(ids)}: {text}")
    out.print()
