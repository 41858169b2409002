"""The command line of sweeps and of what they leave: options and help; `clustersim.cli` does the work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clustersim.cli.arguments import AsJson, PluginFiles, use_plugins

ResultFolder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a run, a comparison or a sweep.")]

results_app = typer.Typer(
    no_args_is_help=True, help="List, verify, compact and export what runs, comparisons and sweeps have left."
)


def sweep(
    experiment: Annotated[str, typer.Argument(metavar="EXPERIMENT", help="Name of a shipped experiment, or a YAML file.")],
    backend: Annotated[str, typer.Option(metavar="local|dask|slurm", help="Where the runs are done.")] = "local",
    workers: Annotated[int | None, typer.Option(help="Threads, or Dask workers; all processors if not given.")] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh/--resume", help="Begin anew, or go on with what is there; the default is to go on.")
    ] = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder that will hold the sweep's own folder.")] = Path("results"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many runs, how long, how large.")] = False,
    chunk: Annotated[int, typer.Option(help="Runs in a chunk, at most.")] = 500,
    part: Annotated[str | None, typer.Option(metavar="K/N", help="Do the k-th of n parts only, from 0/N to N-1/N.")] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try failed runs again.")] = False,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Dask scheduler; a cluster of its own if not given.")
    ] = None,
    write_sbatch: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=10_000, help="Write a SLURM script of N array elements, run nothing.")
    ] = None,
    as_json: AsJson = False,
    plugin: PluginFiles = None,
) -> None:
    """Do the runs of an experiment that are not done yet; may be stopped and resumed at any time."""
    from clustersim.cli import sweep as sweeping

    use_plugins(plugin)
    if not sweeping.run(
        experiment, backend, workers, fresh, out, dry_run, chunk, part, retry_failed, scheduler, write_sbatch, as_json
    ):  # fmt: skip
        raise typer.Exit(1)


@results_app.command("list")
def results_list(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that holds results.")] = Path("results"),
    as_json: AsJson = False,
) -> None:
    """List runs, comparisons and sweeps."""
    from clustersim.cli import results

    results.list_(folder, as_json)


@results_app.command("show")
def results_show(folder: ResultFolder, as_json: AsJson = False) -> None:
    """Show what a result consists of and how far it is."""
    from clustersim.cli import results

    results.show(folder, as_json)


@results_app.command("verify")
def results_verify(folder: ResultFolder, as_json: AsJson = False) -> None:
    """Verify every chunk of a sweep; status 1 if one is damaged."""
    from clustersim.cli import results

    if not results.verify(folder, as_json):
        raise typer.Exit(1)


@results_app.command("digest")
def results_digest(folder: ResultFolder, as_json: AsJson = False) -> None:
    """Print a hash of the logical content: keys and values of runs, however they are stored."""
    from clustersim.cli import results

    results.digest(folder, as_json)


@results_app.command("compact")
def results_compact(folder: ResultFolder, as_json: AsJson = False) -> None:
    """Write a sweep anew in few large chunks, the same bytes for the same content."""
    from clustersim.cli import results

    results.compact(folder, as_json)


@results_app.command("export")
def results_export(
    folder: ResultFolder,
    form: Annotated[
        str, typer.Argument(metavar="csv|parquet|netcdf", help="Format; netcdf is for sweeps and needs the extra of that name.")
    ],
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="File; named after the folder if not given.")] = None,
    partial: Annotated[bool, typer.Option("--partial", help="Export an unfinished sweep as well.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write all finished runs of a sweep, or the indicators of a run, into one file."""
    from clustersim.cli import results

    results.export(folder, form, to, partial, as_json)
