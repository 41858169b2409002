"""``clustersim compare SCENARIO --parts …``: runs the corners of one programme, and tells what its parts do together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from clustersim.core.errors import InputError, Interrupted
from clustersim.core.words import _


def check_options(scenarios: list[str], parts: str | None, given: dict[str, bool]) -> None:
    """Refuse what does not go with one programme that is taken apart."""
    if parts is None:
        raise InputError("--corners", "", _("needs --parts, which says what is taken apart"))
    if len(scenarios) != 1:
        said = _("found {n} scenarios; with --parts one is taken apart", n=len(scenarios))
        raise InputError("compare", "", said, _("Name the one whose programme is meant."))
    for option, there in given.items():
        if there:
            raise InputError(option, "", _("does not go with --parts, which holds a programme against its own parts"))


def take_apart(
    scenario: str, parts: str, corners: str | None, replicates: int, years: float | None, seed: int | None, out: Path,
    workers: int | None, as_json: bool, figures: bool,
) -> None:  # fmt: skip
    """Run the corners and show what was found."""
    from clustersim.cli import synergy_summary
    from clustersim.cli.sweep import Signals, kept, shown
    from clustersim.cli.terminal import compile_if_cold, console, count, duration, print_json, say
    from clustersim.experiments.describing import foretell
    from clustersim.experiments.reading import SweepResult
    from clustersim.experiments.sweeping import begin, run_left
    from clustersim.results.storage import check_writable
    from clustersim.studies.synergy.apart import plan_apart

    note = console(error=True)
    apart = plan_apart(scenario, parts, corners, replicates, years, seed)  # what is wrong is said before kernels are compiled
    check_writable(out)
    compile_if_cold(note)
    takes = foretell(apart.plan, out, workers)
    say(note, _("{parts}: {corners} corners × {replicates} replicates = {runs} runs, {done} done before; about {time}",
                parts=", ".join(apart.parts), corners=count(len(apart.plan.options)), replicates=count(replicates),
                runs=count(takes["runs"]), done=count(takes["done"]), time=duration(takes["seconds"])))  # fmt: skip

    def tell(text: str) -> None:
        say(note, text)

    store, signals = begin(apart.plan, apart.experiment, out, tell=tell), Signals()
    with signals.caught() as stop, shown(note) as progress:
        finished = run_left(store, workers, progress=progress, stop=stop)
    if not finished and signals.number:
        raise Interrupted(signals.number, _("Stopped: {kept}", kept=kept(store)))
    result = SweepResult(store)
    found, files = synergy_summary.leave(result, figures)
    said: dict[str, Any] = synergy_summary.document(found, result.folder, files)
    print_json(said) if as_json else synergy_summary.show(console(), found, result.folder)
    if result.failed:
        raise typer.Exit(1)
