"""What is kept in folders: runs, comparisons and sweeps, whichever of them a folder holds."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.results.storage import COMPARISON, is_result, read_run

if TYPE_CHECKING:
    import pandas as pd

    from clustersim.experiments.store import Store

Kind = Literal["run", "comparison", "sweep"]


def kind_of(folder: Path) -> Kind | None:
    """Return what a folder holds; None if it is no result."""
    from clustersim.experiments.store import is_store

    if is_store(folder):
        return "sweep"
    if (folder / COMPARISON).is_file():
        return "comparison"
    return "run" if is_result(folder) else None


def listed(folder: Path) -> list[dict[str, Any]]:
    """Return all runs, comparisons and sweeps in a folder.

    Parameters
    ----------
    folder : Path
        Folder that holds results, such as ``results``.

    Returns
    -------
    list of dict
        Of each ``folder``, ``kind``, ``name``, and runs planned, done and failed; the kind is "damaged", and ``problem`` says
        why, where one cannot be read.

    Raises
    ------
    InputError
        If there is no such folder.
    """
    if not folder.is_dir():
        raise InputError(str(folder), "", _("there is no such folder"))
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or not path.is_dir():
            continue
        kind = kind_of(path)
        if kind is None:
            continue
        try:
            said = {"run": _run, "comparison": _comparison, "sweep": _sweep}[kind](path)
        except InputError as error:
            kind = None
            said = {"name": path.name, "runs": None, "done": None, "failed": None, "problem": error.message}
        found.append({"folder": str(path), "kind": kind or "damaged"} | said)
    return found


def _run(path: Path) -> dict[str, Any]:
    said = read_run(path)
    return {"name": said.get("name"), "runs": said.get("replicates"), "done": said.get("replicates"), "failed": 0}


def _comparison(path: Path) -> dict[str, Any]:
    from clustersim.studies.comparison.storage import read_comparison

    found = read_comparison(path)
    return {"name": " / ".join(found.names), "runs": len(found.runs), "done": len(found.runs), "failed": 0}


def _sweep(path: Path) -> dict[str, Any]:
    from clustersim.experiments.store import open_store

    store = open_store(path)
    done = int(store.done.sum())
    return {"name": path.name, "runs": store.plan.runs, "done": done, "failed": len(store.attempts)}


def sweep_in(folder: Path) -> Store:
    """Return the store in a folder; raise `InputError` if it holds none."""
    from clustersim.experiments.store import open_store

    if kind_of(folder) in ("run", "comparison"):
        raise InputError(str(folder), "", _("is the result of a run or a comparison; this works on sweeps"))
    return open_store(folder)


def describe(folder: Path) -> dict[str, Any]:
    """Return what a result consists of: ``run.json``, ``comparison.json``, or `clustersim.experiments.describing.describe`.

    Raises
    ------
    InputError
        If the folder holds no result, or one that is damaged.
    """
    kind = kind_of(folder)
    if kind == "run":
        return read_run(folder)
    if kind == "comparison":
        from clustersim.studies.comparison.storage import read_comparison

        return read_comparison(folder).document()
    from clustersim.experiments.describing import describe as of_sweep
    from clustersim.experiments.reading import SweepResult

    return of_sweep(SweepResult(sweep_in(folder)))


def digest(folder: Path) -> str:
    """Return the hash of the logical content of a result: keys and values, however they are stored.

    Raises
    ------
    InputError
        If the folder holds no result, or one that is damaged.
    """
    kind = kind_of(folder)
    if kind == "run":
        from clustersim.results import read_result

        return _digest(read_result(folder).tables())
    if kind == "comparison":
        from clustersim.studies.comparison.storage import read_comparison

        found = read_comparison(folder)
        return _digest({"runs": found.runs, "yearly": found.yearly} | ({} if found.worlds is None else {"worlds": found.worlds}))
    from clustersim.experiments.maintenance import digest as of_sweep

    return of_sweep(sweep_in(folder))


def _digest(tables: dict[str, pd.DataFrame]) -> str:
    """Return the hash of tables: their rows, in whatever order."""
    import numpy as np
    import pandas as pd

    whole = hashlib.sha256()
    for name, frame in sorted(tables.items()):
        whole.update(f"{name}\0{'|'.join(frame.columns)}\0".encode())
        whole.update(np.sort(pd.util.hash_pandas_object(frame, index=False).to_numpy()).tobytes())
    return whole.hexdigest()


def export(folder: Path, path: Path, form: str, partial: bool = False) -> int:
    """Write a result into one file.

    Parameters
    ----------
    folder : Path
        The result: of a run its indicators are written, of a comparison the outcomes of each option and replicate, of a sweep
        its finished runs.
    path : Path
        The file, which appears whole or not at all.
    form : {"csv", "parquet", "netcdf"}
        Its format; netcdf is for sweeps.
    partial : bool, optional
        Write an unfinished sweep as well.

    Returns
    -------
    int
        Rows written.

    Raises
    ------
    InputError
        If the format is not possible, or the folder holds no result, an unfinished one, or one that is damaged.
    """
    from clustersim.experiments.reading import FORMATS, read_sweep
    from clustersim.experiments.reading import export as of_sweep
    from clustersim.results.exporting import TABLE_FORMATS, export_run, write_frame

    if form not in FORMATS:
        raise InputError("export", "", _("{form!r} is not a format; allowed: {names}", form=form[:40], names=", ".join(FORMATS)))
    kind = kind_of(folder)
    if kind in ("run", "comparison") and form not in TABLE_FORMATS:
        names = ", ".join(TABLE_FORMATS)
        said = _("{form} is for sweeps; for a run or a comparison: {names}", form=form, names=names)
        raise InputError("export", "", said)
    if kind == "run":
        return export_run(folder, path, form)
    if kind == "comparison":
        from clustersim.studies.comparison.storage import read_comparison

        return write_frame(read_comparison(folder).runs, path, form)
    return of_sweep(read_sweep(folder, partial).store, path, form)
