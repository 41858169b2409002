"""``clustersim select``: measures fifteen criteria for candidate activities, ranks them, and leaves tables and a figure."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from clustersim.cli.options import RESULTS, ActivityMap, AsJson, real
from clustersim.cli.reading import reads_registers
from clustersim.core.errors import InputError
from clustersim.core.words import _, _n, language

SHOWN = 20


@reads_registers
def select(
    source: Annotated[Path, typer.Argument(metavar="TABLE", help="Register of firms, or the folder of a finished run.")],
    weights: Annotated[Path | None, typer.Option(metavar="FILE", help="Weights of criteria, YAML or CSV.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="CRITERION=WEIGHT", help="Weight of a criterion; may be repeated.")
    ] = None,
    own: Annotated[
        list[str] | None, typer.Option(
            "--criterion", metavar="NAME[=less]", help="A criterion of your own: a column of --facts, where more is "
            "better, or less. May be repeated.")
    ] = None,
    activity_map: ActivityMap = None,
    nation: Annotated[
        Path | None, typer.Option(metavar="NATION", help="The nation by activity: employees, exports, sales.")
    ] = None,
    facts: Annotated[Path | None, typer.Option(metavar="FACTS.csv", help="What else is known of candidates.")] = None,
    before: Annotated[Path | None, typer.Option(metavar="FIRMS.csv", help="An earlier register, for growth.")] = None,
    years: Annotated[float, typer.Option(parser=real, metavar="YEARS", help="Years between the two registers.")] = 5.0,
    given: dict[str, Any] | None = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for tables and figure.")] = None,
    as_json: AsJson = False,
) -> None:
    """Rank candidate activities by the criteria for choosing where to act."""
    from clustersim.cli.terminal import print_json
    from clustersim.results.storage import check_writable
    from clustersim.scenario.registers.reading import reading
    from clustersim.studies.selection import from_register, from_result
    from clustersim.studies.selection.criteria import MORE, own_criteria
    from clustersim.studies.selection.describing import describe, write_selection
    from clustersim.studies.selection.ranking import rank
    from clustersim.studies.selection.weights import read_weights

    if not 0.0 < years <= 100.0:
        raise InputError("--years", "", _("{value:g} is not possible; allowed: more than 0, up to 100", value=years))
    asked = reading(**given or {})
    named = own_criteria(own or ())
    if named and (facts is None or source.is_dir()):
        message = _("needs a register of firms, and --facts with a column of that name.")
        raise InputError("--criterion", next(iter(named)), message)
    if source.is_dir():
        beside = {"--activity-map": activity_map, "--nation": nation, "--facts": facts, "--before": before}
        idle = [option for option, value in beside.items() if value is not None]
        idle += [f"--{name.replace('_', '-')}" for name, value in (given or {}).items() if value not in (None, (), [])]
        if idle:
            raise InputError(idle[0], "", _("is for registers of firms; {source} is a folder, with a finished run.",
                                            source=repr(str(source))))  # fmt: skip
    chosen = read_weights(weights, settings or (), named)
    criteria = {name: criterion for name, criterion in MORE.items() if chosen[name] > 0.0} | named
    folder = out or RESULTS / f"selection-{source.stem}"
    check_writable(folder)
    if source.is_dir():
        measures = from_result.measure(source, criteria)
    else:
        tables = from_register.Tables(activity_map=activity_map, nation=nation, facts=facts, before=before, years=years,
                                      criteria=criteria)  # fmt: skip
        measures = from_register.measure(source, tables, asked)
    ranking = rank(measures, chosen)
    document = describe(ranking)

    def draw(place: Path) -> list[Path]:
        from clustersim.views.figures.selection import draw_selection

        return draw_selection(ranking, place, source.name, language())

    written = write_selection(document, folder, draw)
    if as_json:
        print_json(document | {"files": [str(path) for path in written]})
    else:
        _show(document, written)


def _show(document: dict[str, Any], written: list[Path]) -> None:
    from clustersim.cli.terminal import console, count, print_rows, say
    from clustersim.core.numbers import number, percent, shortest

    out = console()
    rows = [
        (f"{count(c['rank'])}{'=' if c['tied'] else ''}", f"{count(c['rank_p10'])} – {count(c['rank_p90'])}",
         f"{c['candidate']} {c['name' if language() == 'en' else 'nombre']}".strip() + ("*" if c["uncertain"] else ""),
         number(c["score"]),
         percent(c["weight_known"]), percent(c["first_share"]))
        for c in document["candidates"][:SHOWN]
    ]  # fmt: skip
    heads = [_("Rank"), _("10–90 %"), _("Candidate"), _("Score"), _("Weight known"), _("First in")]
    print_rows(out, heads, rows, (0, 1, 3, 4, 5))
    total = len(document["candidates"])
    lines = [
        (c["label" if language() == "en" else "etiqueta"], shortest(c["weight"]), f"{count(c['candidates'])} / {count(total)}",
         _how(c))
        for c in document["criteria"]
    ]  # fmt: skip
    heads = [_("Criterion"), _("Weight"), _("Candidates with a value"), _("Formula, or what is missing")]
    print_rows(out, heads, lines, (1, 2))
    if (more := total - SHOWN) > 0:
        say(out, _n("One more candidate is in selection.csv.", "{n} more candidates are in selection.csv.", more, n=count(more)))
    for sentence in document["sentences"]:
        say(out, sentence)
    say(out, _("Written: {files}", files=", ".join(str(path) for path in written)))


def _how(criterion: dict[str, Any]) -> str:
    """Return how a criterion was measured, or what is missing for it."""
    formula = _(criterion["formula"]) if criterion["formula"] else ""
    if criterion["used"] == "given":
        return _("given")
    if criterion["used"] == "partly given":
        return _("partly given; else: {formula}", formula=formula or "–")
    if criterion["missing"]:
        return _("missing: {what}", what=_(criterion["missing"]))
    return formula
