"""``clustersim reproduce``: does a result again, and says whether every number is what it was."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from clustersim.cli.options import AsJson, PluginFiles, ResultFolder, Workers, counted, use_plugins


def reproduce(
    result: ResultFolder,
    workers: Workers = None,
    sample: Annotated[
        int | None, typer.Option(parser=counted, metavar="N", help="Of a sweep, do only N points again; all if not given.")
    ] = None,
    as_json: AsJson = False,
    plugin: PluginFiles = None,
) -> None:
    """Do a result again from what it says of itself; status 0 if every number is equal to the last bit, 1 if not."""
    from clustersim.cli.terminal import compile_if_cold, console, print_json, say, with_progress
    from clustersim.results.progress import QUARTERS, RUNS
    from clustersim.studies.kept import kind_of
    from clustersim.studies.reproducing import reproduce as again

    use_plugins(plugin)
    note = console(error=True)
    compile_if_cold(note)

    def work(progress: Any) -> Any:
        return again(result, workers, sample, progress)

    found = with_progress(note, work, RUNS if kind_of(result) == "sweep" else QUARTERS)
    if as_json:
        print_json(found.document())
    else:
        for line in (f"{found.name}: {found.verdict()}", *(f"  {sentence}" for sentence in found.sentences())):
            say(console(), line)
    if not found.equal:
        raise typer.Exit(1)
