"""``clustersim doctor``: whether this installation works, and how fast it starts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from clustersim.cli.options import RESULTS, AsJson
from clustersim.core.words import _


def doctor(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder that results would go to.")] = RESULTS,
    as_json: AsJson = False,
) -> None:
    """Check this installation: versions, compile cache, threads, results folder, and whether kernels compile."""
    from clustersim.cli.terminal import print_json
    from clustersim.results.installation import examine

    found = examine(out)
    if as_json:
        print_json(found)
    else:
        _show(found)
    if not found["ok"]:
        raise typer.Exit(1)


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
        (_("kernels"), kernels),
        (_("results"), folder.format(**results)),
        (_("scenarios"), ", ".join(found["scenarios"]) or _("NONE FOUND")),
    ]
    print_rows(console(), ("", ""), lines)
    say(console(), _("Everything works.") if found["ok"] else _("Something is wrong: see the lines in capitals."))
