"""Reports: a result as one page to read and print."""

from __future__ import annotations

from pathlib import Path

from clustersim.core.errors import InputError


def write_report(result: str | Path, out: str | Path | None = None, lang: str = "en") -> Path:
    """Write the report of a comparison or of a run: one HTML file without scripts or outside requests.

    Parameters
    ----------
    result : str or Path
        The folder that `write_comparison` or `write_result` wrote.
    out : str or Path, optional
        The file; ``report_en.html`` or ``report_es.html`` in the result's folder if not given.
    lang : str
        "en" or "es".

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If the folder holds no result, Jinja2 is missing, or the file cannot be written.
    """
    from clustersim.results.storage import COMPARISON, RUN
    from clustersim.views.report import page

    folder = Path(result)
    target = Path(out) if out is not None else folder / f"report_{lang}.html"
    if (folder / COMPARISON).is_file():
        from clustersim.studies.comparison import read_comparison
        from clustersim.views.report.compared import comparison_page

        made = comparison_page(read_comparison(folder), lang)
    elif (folder / RUN).is_file():
        from clustersim.results import read_run
        from clustersim.views.report.single import run_page

        made = run_page(read_run(folder), lang)
    else:
        what = "is not a result: it has neither comparison.json nor run.json" if folder.is_dir() else "there is no such folder"
        raise InputError(str(folder), "", what, "Name the folder that `clustersim compare` or `clustersim run` printed.")
    return page.write(page.render(made), target)


__all__ = ["write_report"]
