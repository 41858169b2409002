"""``clustersim report``: writes the page of a run or a comparison."""

from __future__ import annotations

from pathlib import Path


def run(result: Path, lang: str, out: Path | None) -> None:
    """Write the page of a result and say where it is."""
    from clustersim.cli.terminal import console
    from clustersim.views.report import write_report

    note = console(error=True)
    with note.status("Writing the report…"):
        path = write_report(result, out, lang)
    console().print(str(path), markup=False, soft_wrap=True)
