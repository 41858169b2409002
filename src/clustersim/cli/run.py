"""``clustersim run``: simulates a scenario, leaves tables and figures, prints a summary."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from clustersim.cli.options import (
    RESULTS,
    AsJson,
    NoFigures,
    OutFolder,
    Overrides,
    PluginFiles,
    ScenarioName,
    Seed,
    Workers,
    Years,
    use_plugins,
    whole,
)
from clustersim.core.words import _, language


def run(
    scenario: ScenarioName,
    replicates: Annotated[
        int | None, typer.Option(parser=whole, metavar="N", help="Replicates; the scenario's number if not given.")
    ] = None,
    years: Years = None,
    seed: Seed = None,
    overrides: Overrides = None,
    records: Annotated[
        list[str] | None,
        typer.Option(metavar="firms,ties,events", help="Single firms, ties and events to keep as well."),
    ] = None,
    indicators: Annotated[
        list[str] | None,
        typer.Option("--indicator", metavar="NAME", help="Own indicator to measure; all of --plugin if not given."),
    ] = None,
    out: OutFolder = RESULTS,
    as_json: AsJson = False,
    no_figures: NoFigures = False,
    workers: Workers = None,
    plugin: PluginFiles = None,
) -> None:
    """Simulate a scenario, leave tables and figures in results/, and print a summary."""
    from clustersim.cli.terminal import compile_if_cold, console, literal, print_json, say, with_progress
    from clustersim.results import check_records, simulate, with_run, write_result
    from clustersim.results.running import planned_folder_name
    from clustersim.results.storage import check_free, check_writable
    from clustersim.results.summary import document
    from clustersim.scenario.loading import check_size, load_scenario

    began = time.perf_counter()
    note = console(error=True)
    use_plugins(plugin)
    wanted = check_records(part.strip() for given in records or () for part in given.split(",") if part.strip())
    loaded = with_run(load_scenario(scenario, overrides or ()), seed, replicates, years)
    name = Path(scenario).stem
    check_size(loaded, loaded.replicates, loaded.quarters, file=scenario)
    check_writable(out)
    check_free(out / planned_folder_name(loaded, name, indicators))
    compile_if_cold(note)

    def work(progress: Any) -> Any:
        return simulate(
            loaded, replicates=loaded.replicates, records=wanted, workers=workers, progress=progress, name=name, keep=out,
            indicators=indicators, tell=lambda text: say(note, text),
        )  # fmt: skip

    result = with_progress(note, work)
    folder = out / result.folder_name
    pictures: list[str] = []

    def draw(place: Path) -> None:
        from clustersim.views.figures import draw_all

        drawn = draw_all(result, place / "figures", lang=language())
        pictures.extend(str(folder / "figures" / Path(path).name) for path in drawn)

    with note.status(literal(_("Writing the result…") if no_figures else _("Drawing the figures…"))):
        write_result(result, folder, None if no_figures else draw)
    if as_json:
        print_json(document(result, folder, pictures, time.perf_counter() - began))
    else:
        _show(result, folder, pictures)


def _show(result: Any, folder: Path, pictures: list[str]) -> None:
    from clustersim.cli.run_summary import print_summary
    from clustersim.cli.terminal import console, say
    from clustersim.results.summary import summaries

    out = console()
    print_summary(out, summaries(result))
    files = ", ".join(["run.json", *(f"{name}.parquet" for name in result.tables())])
    say(out, "\n" + _("Result: {folder}", folder=folder) + f"\n  {files}")
    if pictures:
        kinds = len({Path(path).stem for path in pictures})
        say(out, _("Pictures: {folder} ({kinds} × PNG, SVG)", folder=folder / "figures", kinds=kinds))
