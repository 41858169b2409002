"""``clustersim doctor``: whether this installation works, and how fast it starts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from clustersim.cli.options import RESULTS, AsJson
from clustersim.core.words import N_, _

LABELS = {
    "package": N_("public names"), "numbers": N_("a small model"), "mesa": "Mesa", "parquet": "Parquet", "netcdf": "NetCDF",
    "duckdb": "DuckDB", "jobqueue": "SLURM", "figures": N_("figures"), "dask": "Dask", "report": N_("reports"),
}  # fmt: skip

def doctor(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder that results would go to.")] = RESULTS,
    as_json: AsJson = False,
) -> None:
    """Check this installation: use once all that it offers, count a small model again, and tell versions and folders."""
    from clustersim.cli.terminal import print_json
    from clustersim.results.installation import examine

    found = examine(out, {"package": names, "figures": _figures, "dask": _dask, "report": _report})
    if as_json:
        print_json(found)
    else:
        _show(found)
    if not found["ok"]:
        raise typer.Exit(1)


def names(folder: Path) -> str:
    """Import every name that the documentation promises."""
    from importlib import import_module

    package = import_module("clustersim")
    for name in package.__all__:
        getattr(package, name)
    for face in ("errors", "instruments", "mesa_model", "plugins", "programme_rules", "testing"):
        import_module(f"clustersim.{face}")
    return ""


def _small_run() -> Any:
    from clustersim.results import simulate
    from clustersim.results.installation import SMALL
    from clustersim.scenario.model import Scenario

    return simulate(Scenario.model_validate(SMALL), replicates=2, years=2)


def _figures(folder: Path) -> str:
    from clustersim.views.figures import life_cycle
    from clustersim.views.figures.data import FigureData
    from clustersim.views.figures.layout import save

    save(life_cycle(FigureData(_small_run())), folder, "figure")
    return ""


def _report(folder: Path) -> str:
    from clustersim.results import write_result
    from clustersim.views.report import write_report

    write_report(write_result(_small_run(), folder / "run"))
    return ""


def _dask(folder: Path) -> str:
    """Start a scheduler and a worker in this process, and let them do one task; certificates are made as for others."""
    from clustersim.experiments.dask_backend import needed

    distributed = needed("distributed")
    needed("cryptography")
    distributed.Security.temporary()
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False, protocol="inproc://", silence_logs=40,
                                 dashboard_address=None, worker_dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):  # fmt: skip
        if client.submit(max, 1, 2).result(timeout=30) != 2:
            raise ValueError("1 is more than 2")
    return ""


def _told(check: dict[str, Any]) -> str:
    """Return what became of a check, in one line."""
    from clustersim.core.numbers import shortest

    if not check["installed"]:
        return _("not installed; it is an extra")
    if not check["works"]:
        return _("FAILED: {reason}", reason=check["message"])
    parts = [check["version"], _("works ({seconds} s)", seconds=shortest(check["seconds"])), check["message"]]
    return ", ".join(part for part in parts if part)


def _show(found: dict[str, Any]) -> None:
    from clustersim.cli.terminal import console, print_rows, say
    from clustersim.core.numbers import shortest

    compiled, results, machine = found["compile"], found["results"], found["machine"]
    if not compiled["works"]:
        kernels = _("FAILED: {reason}", reason=compiled["message"])
    elif found["cache"]["warm"]:
        kernels = _("loaded from the cache and ran in {seconds} s", seconds=shortest(compiled["seconds"]))
    else:
        kernels = _("compiled and ran in {seconds} s", seconds=shortest(compiled["seconds"]))
    cache = _("{folder} (warm)") if found["cache"]["warm"] else _("{folder} (was cold)")
    folder = _("{folder}: writable") if results["writable"] else _("{folder}: NOT WRITABLE: {message}")
    most = machine["memory"].removeprefix("up to ")
    system = f"{machine['system']} {machine['architecture']}"
    lines = [
        *found["versions"].items(),
        (_("machine"), system if most == "unknown" else _("{system}, memory up to {most}", system=system, most=most)),
        (_("threads"), str(found["threads"])),
        (_("compile cache"), cache.format(**found["cache"])),
        *((_("not used as cache"), f"{one['folder']}: {one['reason']}") for one in found["cache"]["refused"]),
        (_("kernels"), kernels),
        *((_(LABELS[name]), _told(check)) for name, check in found["checks"].items() if name != "kernels"),
        (_("results"), folder.format(**results)),
        (_("scenarios"), ", ".join(found["scenarios"]) or _("NONE FOUND")),
    ]
    print_rows(console(), ("", ""), lines)
    say(console(), _("Everything works.") if found["ok"] else _("Something is wrong: see the lines in capitals."))
