"""What parts do together, in the terminal: sentences, and a line for each pair of the first outcome; and the files of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from clustersim.core.words import _, language

if TYPE_CHECKING:
    from rich.console import Console

    from clustersim.experiments.reading import SweepResult
    from clustersim.studies.synergy import Interactions

MOST = 45  # lines of a table: the pairs of ten parts


def leave(result: SweepResult, figures: bool = True) -> tuple[Interactions, list[Path]]:
    """Work out the interactions of a finished sweep and write them into its folder; return them with the files."""
    from clustersim.studies.synergy import interactions
    from clustersim.studies.synergy.reading import write_interactions

    found = interactions(result)

    def draw(place: Path) -> list[Path]:
        from clustersim.views.figures.interactions import draw_interactions

        return draw_interactions(found, place / "figures", language())

    return found, write_interactions(found, draw if figures else None)


def show(out: Console, found: Interactions, folder: Path) -> None:
    """Print what was found."""
    from clustersim.cli.terminal import literal, print_rows, say
    from clustersim.studies.synergy import naming
    from clustersim.studies.synergy.values import outcomes_of

    outcome = found.outcomes[0]
    out.print()
    for sentence in found.sentences(every=False):
        out.print(literal(sentence, "bold"))
    for note in found.notes:
        out.print(literal(note))
    for scenario in found.designs:
        rows = found.lines(outcome, scenario)
        if rows:
            head = naming.outcome_with_unit(outcome, outcomes_of(found.plan)[outcome])
            head = f"{scenario}: {head}" if len(found.designs) > 1 else head
            print_rows(out, [head, *found.heads()], rows[:MOST], right=(1, 2, 3, 5))
    say(out, "\n" + _("Result: {folder}", folder=folder))
    say(out, _("For the page to read and print: {command}", command=report_command(folder)))


def report_command(folder: Path) -> str:
    """Return the command that writes the page in the language that this command speaks."""
    return f"clustersim report {folder}" + ("" if language() == "en" else f" --lang {language()}")


def document(found: Interactions, folder: Path, files: list[Path]) -> dict[str, Any]:
    """Return what was found as one JSON document."""
    return found.document() | {"folder": str(folder), "files": sorted(map(str, files))}
