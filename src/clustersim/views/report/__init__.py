"""Reports: a result as one page to read and print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from clustersim.core.errors import InputError
from clustersim.core.words import _, language, speaking
from clustersim.results.manifest import add
from clustersim.studies.kept import check_beside

if TYPE_CHECKING:
    from clustersim.views.report.page import Page


def write_report(result: str | Path, out: str | Path | None = None, lang: str | None = None) -> Path:
    """Write the report of a comparison, a run or a sweep: one HTML file without scripts or outside requests.

    Parameters
    ----------
    result : str or Path
        The folder that `write_comparison`, `write_result` or `sweep` wrote.
    out : str or Path, optional
        The file; ``report_en.html`` or ``report_es.html`` in the result's folder if not given.
    lang : str, optional
        "en" or "es"; the language in force if not given.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If the folder holds no result, Jinja2 is missing, or the file cannot be written.
    """
    from clustersim.experiments.store import is_store
    from clustersim.views.report import page

    folder = Path(result)
    with speaking(lang):
        target = Path(out) if out is not None else folder / f"report_{language()}.html"
        check_beside(folder, target, also=".html")
        text = page.render(_page(folder))
        place = target.parent.resolve() / target.name
        if not place.is_relative_to(folder.resolve()):
            return page.write(text, target)
        add(folder.resolve(), place, lambda: page.write(text, target), begin=is_store(folder))
        return target


def _of_comparison(folder: Path) -> Page:
    from clustersim.studies.comparison import read_comparison
    from clustersim.views.report.compared import comparison_page

    return comparison_page(read_comparison(folder))


def _of_run(folder: Path) -> Page:
    from clustersim.results import read_run
    from clustersim.views.report.single import run_page

    return run_page(read_run(folder))


def _of_sweep(folder: Path) -> Page:
    from clustersim.experiments.reading import read_sweep
    from clustersim.views.report.swept import sweep_page

    return sweep_page(read_sweep(folder))


def _page(folder: Path) -> Page:
    """Return the page of the result in a folder."""
    from clustersim.results.storage import COMPARISON, RUN, read_document, unreadable

    for name, page_of in ((COMPARISON, _of_comparison), (RUN, _of_run)):
        if (folder / name).is_file():
            try:
                return page_of(folder)
            except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
                raise unreadable(folder / name, read_document(folder, name)) from error
    from clustersim.experiments.store import is_store

    if is_store(folder):
        return _of_sweep(folder)
    if folder.is_dir():
        what = _("is not a result: it has neither comparison.json nor run.json, nor the plan of a sweep")
    else:
        what = _("there is no such folder")
    raise InputError(str(folder), "", what, _("Name the folder that `clustersim compare`, `run` or `sweep` printed."))


__all__ = ["write_report"]
