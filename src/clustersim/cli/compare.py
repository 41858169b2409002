"""``clustersim compare``: runs the options, leaves the result, prints verdict and tables."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clustersim.core import numbers as write
from clustersim.studies.comparison import units

if TYPE_CHECKING:
    from rich.console import Console

    from clustersim.studies.comparison import Comparison

TEXTS = {
    "options": ("Option", "Opción"),
    "jobs": ("Jobs at the end,\nmean", "Empleo final,\npromedio"),
    "difference": ("Difference\n(90 % interval)", "Diferencia\n(intervalo 90 %)"),
    "runs": ("Single runs,\n10–90 %", "Simulaciones,\n10–90 %"),
    "chance": ("Beats the\nbaseline", "Supera a la\nbase"),
    "cost": ("Public\nmillion USD", "Millones USD\npúblicos"),
    "per_million": ("Jobs per\nmillion USD", "Empleos por\nmillón USD"),
    "effect": ("Effect\nfrom year", "Efecto\ndesde año"),
    "baseline": ("baseline", "base"),
    "cost_per_job": ("Public cost per additional job", "Costo público por empleo adicional"),
    "cost_per_job_improved": ("Public cost per job improved, net", "Costo público por empleo mejorado, neto"),
    "answer": ("Difference to {base}, mean (90 % interval)", "Diferencia con {base}, promedio (intervalo 90 %)"),
    "same": ("{a} and {b} gave exactly the same outcomes in every run.",
             "{a} y {b} dieron exactamente los mismos resultados en todas las simulaciones."),
    "equal": ("equal", "igual"),
    "result": ("Result", "Resultado"),
    "next": ("For the page to read and print: clustersim report {folder}", "Para la página que se lee e imprime: "
             "clustersim report {folder} --lang es"),
}  # fmt: skip
SIDE_BY_SIDE = 3  # alternatives whose differences fit a terminal; the report has all
COSTS = ("cost_per_job", "cost_per_job_improved")
# The outcomes that the terminal shows; all others are in the result.
SHOWN = (
    "job_years", "improved", "worsened", "improved_net", "sales", "exports", "productivity", "association",
    "development_within_10", "development_within_20", "development_within_40", "maturity_within_20", "maturity_within_40",
    "years_to_development", "years_to_maturity",
)  # fmt: skip


def run(
    scenarios: Sequence[str], baseline: str | None, replicates: int, years: float | None, seed: int | None, worlds: int,
    discount: float, paired: bool, out: Path, lang: str, as_json: bool, figures: bool, workers: int | None,
) -> None:  # fmt: skip
    """Compare scenarios, write the result, print what it says."""
    from clustersim.cli.actions import compile_if_cold, print_json
    from clustersim.cli.terminal import console, with_progress
    from clustersim.core.words import speaking
    from clustersim.results.storage import check_writable
    from clustersim.scenario.loading import shipped_scenarios
    from clustersim.studies.comparison import compare, verdict, write_comparison
    from clustersim.studies.comparison.options import check_same_place, options_of, position_of

    began = time.perf_counter()
    note = console(error=True)
    if baseline is not None and Path(baseline).stem not in {Path(name).stem for name in scenarios}:
        if baseline in shipped_scenarios() or Path(baseline).suffix in {".yaml", ".yml"}:
            scenarios = [baseline, *scenarios]  # a baseline may be named by itself
    options = options_of(scenarios, replicates, years, seed)  # what is wrong is said before kernels are compiled
    position_of(baseline, options)
    check_writable(out)
    compile_if_cold(note)
    if paired:
        check_same_place(options)
    found = with_progress(
        note,
        lambda progress: compare(
            scenarios, baseline=baseline, replicates=replicates, years=years, seed=seed, worlds=worlds, discount=discount,
            paired=paired, workers=workers, progress=progress, keep=out,
            tell=lambda text: note.print(text, markup=False, soft_wrap=True),
        ),
    )  # fmt: skip
    folder = out / found.folder_name
    pictures: list[str] = []

    def draw(place: Path) -> None:
        from clustersim.views.report.figures import draw_all

        pictures.extend(str(folder / "figures" / path.name) for path in draw_all(found, place / "figures", lang))

    with note.status("Drawing the figures…" if figures else "Writing the result…"):
        answers = found.answers
        write_comparison(found, folder, draw if figures else None)
    said = verdict(found, lang)
    if as_json:
        names = ["comparison.json", *sorted(path.name for path in folder.glob("*.parquet"))]
        print_json(found.provenance | {
            "seconds": round(time.perf_counter() - began, 3), "folder": str(folder), "files": [str(folder / n) for n in names],
            "figures": sorted(pictures), "verdict": {"sentences": said.sentences, "rests_on": said.rests_on, "best": said.best},
            "answers": answers,
        })  # fmt: skip
        return
    with speaking(lang):
        show(console(), found, folder, lang)


def show(out: Console, comparison: Comparison, folder: Path, lang: str) -> None:
    """Print verdict, options side by side, differences and chances."""
    from rich.text import Text

    from clustersim.cli.terminal import print_rows
    from clustersim.studies.comparison import verdict
    from clustersim.studies.comparison.titles import option_title
    from clustersim.studies.comparison.verdict import displacement_note

    def say(key: str, **values: object) -> str:
        return TEXTS[key][lang == "es"].format(**values)

    said, answers = verdict(comparison), comparison.answers
    out.print()
    for sentence in said.sentences:
        out.print(Text(sentence, style="bold"))
    out.print(Text(said.rests_on, style="dim"))
    heads = ("options", "jobs", "difference", "runs", "chance", "cost", "per_million", "effect")
    rows = [_option_row(comparison, name, lang, say) for name in comparison.names]
    print_rows(out, [say(head) for head in heads], rows, right=range(1, len(heads)))
    if len(comparison.interventions) <= SIDE_BY_SIDE:
        _print_differences(out, comparison, lang, say)
    if (moved := displacement_note(comparison, said.best)) is not None:
        out.print(Text(moved))
    for a, b in answers["same"]:
        out.print(Text(say("same", a=option_title(comparison, a), b=option_title(comparison, b))))
    out.print(Text(f"\n{say('result')}: {folder}\n{say('next', folder=folder)}"), soft_wrap=True)


def _print_differences(out: Console, comparison: Comparison, lang: str, say: Any) -> None:
    """Print the difference of each alternative to the baseline, outcome by outcome."""
    from clustersim.cli.terminal import print_rows
    from clustersim.studies.comparison.titles import option_title

    found = comparison.answers["differences"]
    heads = [say("answer", base=option_title(comparison, comparison.baseline))]
    heads += [option_title(comparison, name) for name in comparison.interventions]
    rows = [
        [units.named(name, difference=True),
         *(units.difference(found[option][name], name) for option in comparison.interventions)]
        for name in SHOWN
        if name in comparison.outcome_names
    ]  # fmt: skip
    rows += [[say(key), *(_cost(comparison, name, key, lang) for name in comparison.interventions)] for key in COSTS]
    print_rows(out, heads, rows, right=range(1, len(heads)))


def _cost(comparison: Comparison, name: str, key: str, lang: str) -> str:
    """Return a cost per job with its interval; a dash where it is not sure that there are such jobs, or that they cost more."""
    found = comparison.answers["money"][name][key]
    if found is None:
        return write.NONE
    return f"{write.money(found['estimate'])} ({write.money_range(found['low'], found['high'])})"


def _option_row(comparison: Comparison, name: str, lang: str, say: Any) -> list[str]:
    """Return what the terminal says of an option in one line."""
    from clustersim.studies.comparison.chances import chance
    from clustersim.studies.comparison.titles import option_title

    answers = comparison.answers
    jobs = write.whole(answers["options"][name]["jobs"]["mean"])
    cost = write.number(answers["options"][name]["public_cost"]["mean"] / 1000.0, 2)
    if name == comparison.baseline:
        return [option_title(comparison, name), jobs, say("baseline"), "", "", cost, "", ""]
    gain, chances = answers["differences"][name]["jobs"], answers["chances"][name][comparison.baseline]
    per = answers["money"][name]["jobs_per_million"] if gain["sign"] else None  # with its interval it is in the result
    since = answers["time_to_effect"][name]["years"]
    return [
        option_title(comparison, name), jobs, units.difference(gain, "jobs"),
        write.to(write.signed_whole(gain["p10"]), write.signed_whole(gain["p90"])),
        say("equal") if chances["ties"] == chances["of"] else chance(chances["wins"], chances["of"]),
        cost, write.NONE if per is None else write.whole(per["estimate"]), write.NONE if since is None else str(since),
    ]  # fmt: skip
