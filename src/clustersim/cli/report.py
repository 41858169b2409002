"""``clustersim report``: writes the page of a run, a comparison or a sweep."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from clustersim.core.words import _, language


def report(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="Folder that `run`, `compare` or `sweep` left.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The page; report_en.html or report_es.html in the result if not given.")
    ] = None,
) -> None:
    """Write a result as one page to read and print: self-contained HTML, no script, no outside request."""
    from clustersim.cli.terminal import console, literal, say
    from clustersim.views.report import write_report

    with console(error=True).status(literal(_("Writing the report…"))):
        path = write_report(result, out, language())
    say(console(), str(path))
