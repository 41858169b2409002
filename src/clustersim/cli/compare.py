"""``clustersim compare``: runs the options, leaves the result, prints verdict and tables."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clustersim.cli.options import (
    RESULTS,
    AsJson,
    NoFigures,
    OutFolder,
    PluginFiles,
    Workers,
    real,
    use_plugins,
    whole,
)
from clustersim.core import numbers as write
from clustersim.core.words import N_, _, language

if TYPE_CHECKING:
    from rich.console import Console

    from clustersim.studies.comparison import Comparison

DISCOUNT = 0.03
SIDE_BY_SIDE = 3  # alternatives whose differences fit a terminal; the report has all
COSTS = {"cost_per_job": N_("Public cost per additional job"), "cost_per_job_improved": N_("Public cost per job improved, net")}
# The outcomes that the terminal shows; all others are in the result.
SHOWN = (
    "job_years", "improved", "worsened", "improved_net", "sales", "exports", "productivity", "association",
    "development_within_10", "development_within_20", "development_within_40", "maturity_within_20", "maturity_within_40",
    "years_to_development", "years_to_maturity",
)  # fmt: skip


def compare(
    scenarios: Annotated[
        list[str], typer.Argument(metavar="SCENARIO SCENARIO…", help="Two to eight scenarios of one place; one with --parts.")
    ],
    baseline: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="What the others are measured against; the first if not given.")
    ] = None,
    replicates: Annotated[int, typer.Option(parser=whole, metavar="N", help="Replicates of each, paired by number.")] = 100,
    years: Annotated[
        float | None, typer.Option(parser=real, metavar="YEARS", help="Years to simulate; the scenarios' horizon if not given.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(parser=whole, metavar="SEED", help="Seed of all; the first scenario's if not given.")
    ] = None,
    worlds: Annotated[
        int, typer.Option(parser=whole, metavar="N", help="Draws of uncertain parameters, the same for all; 0 for none.")
    ] = 0,
    discount: Annotated[
        float, typer.Option(parser=real, metavar="RATE", help="Discount rate a year, on money and job-years.")
    ] = DISCOUNT,
    parts: Annotated[
        str | None,
        typer.Option(
            metavar="instruments|stages|NAME=A+B,…",
            help="Take one scenario's programme apart: what do its parts do together beyond the sum of each alone?",
        ),
    ] = None,
    corners: Annotated[
        str | None,
        typer.Option(
            metavar="full|pairs|one-out",
            help="With --parts: which combinations run; all of up to four parts, pairs of up to eight, else all but one.",
        ),
    ] = None,
    unpaired: Annotated[bool, typer.Option("--unpaired", help="Independent runs, for different places.")] = False,
    out: OutFolder = RESULTS,
    as_json: AsJson = False,
    no_figures: NoFigures = False,
    workers: Workers = None,
    plugin: PluginFiles = None,
) -> None:
    """Run scenarios, or one programme's parts, side by side under the same draws: which helps, at what cost, how sure."""
    from clustersim.cli.terminal import compile_if_cold, console, literal, print_json, say, with_progress
    from clustersim.results.storage import check_writable
    from clustersim.scenario.loading import shipped_scenarios
    from clustersim.studies.comparison import compare as run_all
    from clustersim.studies.comparison import write_comparison
    from clustersim.studies.comparison.describing import describe
    from clustersim.studies.comparison.options import check_same_place, options_of, position_of

    began = time.perf_counter()
    note = console(error=True)
    use_plugins(plugin)
    if parts is not None or corners is not None:
        from clustersim.cli.taking_apart import check_options, take_apart

        given = {"--baseline": baseline is not None, "--worlds": worlds > 0, "--unpaired": unpaired,
                 "--discount": discount != DISCOUNT}  # fmt: skip
        check_options(scenarios, parts, given)
        take_apart(scenarios[0], parts or "", corners, replicates, years, seed, out, workers, as_json, not no_figures)
        return
    if baseline is not None and Path(baseline).stem not in {Path(name).stem for name in scenarios}:
        if baseline in shipped_scenarios() or Path(baseline).suffix in {".yaml", ".yml"}:
            scenarios = [baseline, *scenarios]  # a baseline may be named by itself
    options = options_of(scenarios, replicates, years, seed)  # what is wrong is said before kernels are compiled
    position_of(baseline, options)
    check_writable(out)
    compile_if_cold(note)
    if not unpaired:
        check_same_place(options)

    def work(progress: Any) -> Any:
        return run_all(
            scenarios, baseline=baseline, replicates=replicates, years=years, seed=seed, worlds=worlds, discount=discount,
            paired=not unpaired, workers=workers, progress=progress, keep=out, tell=lambda text: say(note, text),
        )  # fmt: skip

    found = with_progress(note, work)
    folder = out / found.folder_name
    pictures: list[str] = []

    def draw(place: Path) -> None:
        from clustersim.views.report.figures import draw_all

        pictures.extend(str(folder / "figures" / path.name) for path in draw_all(found, place / "figures", language()))

    with note.status(literal(_("Writing the result…") if no_figures else _("Drawing the figures…"))):
        write_comparison(found, folder, None if no_figures else draw)
    if as_json:
        print_json(describe(found, folder, pictures, time.perf_counter() - began, language()))
    else:
        show(console(), found, folder)


def show(out: Console, comparison: Comparison, folder: Path) -> None:
    """Print verdict, options side by side, differences and chances."""
    from clustersim.cli.terminal import literal, print_rows, say
    from clustersim.studies.comparison import verdict
    from clustersim.studies.comparison.titles import option_title
    from clustersim.studies.comparison.verdict import displacement_note

    said, answers = verdict(comparison), comparison.answers
    out.print()
    for sentence in said.sentences:
        out.print(literal(sentence, "bold"))
    out.print(literal(said.rests_on, "dim"))
    heads = [
        _("Option"), _("Jobs at the end,\nmean"), _("Difference\n(90 % interval)"), _("Single runs,\n10–90 %"),
        _("Beats the\nbaseline"), _("Public\nmillion USD"), _("Jobs per\nmillion USD"), _("Effect\nfrom year"),
    ]  # fmt: skip
    print_rows(out, heads, [_option_row(comparison, name) for name in comparison.names], right=range(1, len(heads)))
    if len(comparison.interventions) <= SIDE_BY_SIDE:
        _print_differences(out, comparison)
    if (moved := displacement_note(comparison, said.best)) is not None:
        out.print(literal(moved))
    for a, b in answers["same"]:
        out.print(literal(_("{a} and {b} gave exactly the same outcomes in every run.",
                          a=option_title(comparison, a), b=option_title(comparison, b))))  # fmt: skip
    say(out, "\n" + _("Result: {folder}", folder=folder))
    say(out, _("For the page to read and print: {command}", command=_report_command(folder)))


def _report_command(folder: Path) -> str:
    """Return the command that writes the page in the language that this command speaks."""
    return f"clustersim report {folder}" + ("" if language() == "en" else f" --lang {language()}")


def _print_differences(out: Console, comparison: Comparison) -> None:
    """Print the difference of each alternative to the baseline, outcome by outcome."""
    from clustersim.cli.terminal import print_rows
    from clustersim.studies.comparison import units
    from clustersim.studies.comparison.titles import option_title

    found = comparison.answers["differences"]
    heads = [_("Difference to {base}, mean (90 % interval)", base=option_title(comparison, comparison.baseline))]
    heads += [option_title(comparison, name) for name in comparison.interventions]
    rows = [
        [units.named(name, difference=True),
         *(units.difference(found[option][name], name) for option in comparison.interventions)]
        for name in SHOWN
        if name in comparison.outcome_names
    ]  # fmt: skip
    rows += [[_(said), *(_cost(comparison, name, key) for name in comparison.interventions)] for key, said in COSTS.items()]
    print_rows(out, heads, rows, right=range(1, len(heads)))


def _cost(comparison: Comparison, name: str, key: str) -> str:
    """Return a cost per job with its interval; a dash where it is not sure that there are such jobs, or that they cost more."""
    found = comparison.answers["money"][name][key]
    if found is None:
        return write.NONE
    return f"{write.money(found['estimate'])} ({write.money_range(found['low'], found['high'])})"


def _option_row(comparison: Comparison, name: str) -> list[str]:
    """Return what the terminal says of an option in one line."""
    from clustersim.studies.comparison import units
    from clustersim.studies.comparison.chances import chance
    from clustersim.studies.comparison.titles import option_title

    answers = comparison.answers
    head = option_title(comparison, name)
    jobs = write.whole(answers["options"][name]["jobs"]["mean"])
    cost = write.number(answers["options"][name]["public_cost"]["mean"] / 1000.0, 2)
    if name == comparison.baseline:
        return [head, jobs, _("baseline"), "", "", cost, "", ""]
    gain, chances = answers["differences"][name]["jobs"], answers["chances"][name][comparison.baseline]
    per = answers["money"][name]["jobs_per_million"] if gain["sign"] else None  # with its interval it is in the result
    since = answers["time_to_effect"][name]["years"]
    return [
        head, jobs, units.difference(gain, "jobs"),
        write.to(write.signed_whole(gain["p10"]), write.signed_whole(gain["p90"])),
        _("equal") if chances["ties"] == chances["of"] else chance(chances["wins"], chances["of"]),
        cost, write.NONE if per is None else write.whole(per["estimate"]), write.NONE if since is None else str(since),
    ]  # fmt: skip
