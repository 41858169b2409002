"""The command line of answers: comparisons and reports; `clustersim.cli` does the work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clustersim.cli.arguments import AsJson, PluginFiles, check_language, real, use_plugins, whole
from clustersim.core.errors import InputError


def compare(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO SCENARIO…", help="Two to eight scenarios of one place.")],
    baseline: Annotated[str | None, typer.Option(help="What the others are measured against; the first if not given.")] = None,
    replicates: Annotated[int, typer.Option(help="Replicates of each, paired by number.")] = 100,
    years: Annotated[
        float | None, typer.Option(parser=real, metavar="YEARS", help="Years to simulate; the scenarios' horizon if not given.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(parser=whole, metavar="SEED", help="Seed of all; the first scenario's if not given.")
    ] = None,
    worlds: Annotated[int, typer.Option(help="Draws of uncertain parameters, the same for all; 0 for none.")] = 0,
    discount: Annotated[float, typer.Option(help="Discount rate a year, on money and job-years.")] = 0.03,
    unpaired: Annotated[bool, typer.Option("--unpaired", help="Independent runs, for different places.")] = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder that will hold the result's own folder.")] = Path("results"),
    lang: Annotated[str, typer.Option(metavar="en|es", help="Language of figures and tables.")] = "en",
    as_json: AsJson = False,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Draw no figures.")] = False,
    workers: Annotated[int | None, typer.Option(help="Threads; all processors if not given. Results do not change.")] = None,
    plugin: PluginFiles = None,
) -> None:
    """Run scenarios side by side under the same random draws: which programme, at what cost, how sure."""
    from clustersim.cli import compare as comparing

    check_language(lang)
    if workers is not None and workers < 1:
        raise InputError("--workers", "", f"{workers} is not possible; allowed: 1 or more")
    use_plugins(plugin)
    comparing.run(
        scenarios, baseline, replicates, years, seed, worlds, discount, not unpaired, out, lang, as_json, not no_figures, workers
    )  # fmt: skip


def report(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="Folder that `run` or `compare` left.")],
    lang: Annotated[str, typer.Option(metavar="en|es", help="Language of the page.")] = "en",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="The page; report_en.html in the result if not given.")] = None,
) -> None:
    """Write a result as one page to read and print: self-contained HTML, no script, no outside request."""
    from clustersim.cli import report as reporting

    check_language(lang)
    reporting.run(result, lang, out)
