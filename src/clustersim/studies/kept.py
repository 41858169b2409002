"""What is kept in folders: runs, comparisons and sweeps, whichever of them a folder holds."""

from __future__ import annotations

import contextlib
import hashlib
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from clustersim.core import files
from clustersim.core.errors import InputError, Unchecked, door
from clustersim.core.words import _
from clustersim.results import manifest
from clustersim.results.storage import COMPARISON, RUN, is_result, read_facts

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
        why, where one cannot be read. What a killed process left set aside is of the kind "set aside".

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
            if _any_kind(path) == "damaged":
                found.append({"folder": str(path), "kind": "damaged"} | _unread(path, _lost(path)))
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Unchecked)  # a list checks nothing
                said = {"run": _run, "comparison": _comparison, "sweep": _sweep}[kind](path)
        except InputError as error:
            kind, said = None, _unread(path, error.message)
        found.append({"folder": str(path), "kind": kind or "damaged"} | said)
    for _old, place in files.set_aside(folder):
        found.append({"folder": str(place), "kind": "set aside"} | _unread(place, _set_aside(folder)))
    return found


def _unread(path: Path, problem: str) -> dict[str, Any]:
    return {"name": path.name, "runs": None, "done": None, "failed": None, "problem": problem}


def _lost(folder: Path) -> str:
    """Return what a result is without that does not say any more what it is."""
    from clustersim.experiments.store import PLAN

    try:
        written = manifest.entries_of(folder) or {}
    except InputError as error:
        return error.message
    name = next((name for name in (RUN, COMPARISON) if name in written), PLAN)
    return f"{name}: " + _("is missing from the result")


def _set_aside(folder: Path) -> str:
    back = door(command=f"clustersim results verify {folder} --mend", python=f"clustersim.studies.kept.mend({str(folder)!r})")
    return _("a process that was killed left it set aside; the next result written there brings it back, or: {command}",
             command=back)  # fmt: skip


def _run(path: Path) -> dict[str, Any]:
    said = read_facts(path)
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
    if kind in ("run", "comparison"):
        manifest.check(folder)
    if kind == "run":
        return read_facts(folder)
    if kind == "comparison":
        from clustersim.studies.comparison.storage import read_comparison

        return read_comparison(folder).document()
    from clustersim.experiments.describing import describe as of_sweep
    from clustersim.experiments.reading import SweepResult

    return of_sweep(SweepResult(sweep_in(folder)))


def mend(folder: str | Path) -> None:
    """Bring back what killed processes left set aside in a folder, or in the one that holds it; remove what is half-written."""
    for place in (Path(folder), Path(folder).absolute().parent):
        if place.is_dir():
            files.sweep_leftovers(place)


def verify(folder: Path) -> dict[str, Any]:
    """Check every file of a result, or of all results in a folder, against the hashes that were written with them.

    Parameters
    ----------
    folder : Path
        The folder of a run, a comparison, a sweep, a selection or a validation, or one that holds many.

    Returns
    -------
    dict
        Of a sweep what `clustersim.experiments.maintenance.verify` returns; of another result ``folder``, ``kind``, ``files`` and
        ``bytes`` (checked), ``hashed`` (False of one that was written without hashes; then whether it can be read counts),
        ``damaged`` (list of file and reason), ``unchecked`` (documents beside them that have no hashes) and ``ok``; of many
        ``results`` (each with folder and kind) and ``ok``.

    Raises
    ------
    InputError
        If there is no result.
    """
    if not folder.is_dir():
        raise InputError(str(folder), "", _("there is no such folder"))
    if (kind := _any_kind(folder)) is not None:
        return _verified(folder, kind)
    found = []
    for path in sorted(folder.iterdir()):
        if not path.name.startswith(".") and path.is_dir() and (kind := _any_kind(path)) is not None:
            try:
                found.append({"folder": str(path), "kind": kind} | _verified(path, kind))
            except InputError as error:
                found.append({"folder": str(path), "kind": kind, "damaged": [_said(path, error)], "ok": False})
    for _old, place in files.set_aside(folder):
        missing = {"file": place.name, "reason": _set_aside(folder)}
        found.append({"folder": str(place), "kind": "set aside", "damaged": [missing], "ok": False})
    if not found:
        raise InputError(str(folder), "", _("holds no result"))
    return {"folder": str(folder), "results": found, "ok": all(said["ok"] for said in found)}


def _any_kind(folder: Path) -> str | None:
    """Return what a folder holds, be it a selection, a validation or evidence, which may lie among other files."""
    from clustersim.experiments.store import CHUNKS, PROVENANCE

    if (kind := kind_of(folder)) is not None:
        return kind
    if (folder / manifest.FILES).is_file() or ((folder / CHUNKS).is_dir() and (folder / PROVENANCE).is_file()):
        return "damaged"  # a result that has lost what it says of itself
    return next((kind for kind, name in manifest.SEALS.items() if (folder / name).is_file()), None) or next(
        iter(_unsealed(folder)), None
    )


def _unsealed(folder: Path) -> list[str]:
    """Return which of a selection, a validation or evidence a folder holds without the hashes that are written with it."""
    return [kind for kind, name in manifest.SEALS.items()
            if (folder / f"{kind}.json").is_file() and not (folder / name).exists()]  # fmt: skip


def _documents(folder: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Return the selections, validations and evidence of a folder that cannot be checked, and what of them is damaged."""
    unchecked, damaged = [], []
    for kind in _unsealed(folder):
        path = folder / f"{kind}.json"
        try:
            said = files.json_object(path, path.read_bytes())
        except InputError as error:
            damaged.append(_said(folder, error))
        except OSError as error:
            damaged.append({"file": path.name, "reason": _("cannot be read: {reason}", reason=error.strerror)})
        else:
            if said.get("files") == manifest.SEALS[kind]:
                damaged.append({"file": manifest.SEALS[kind], "reason": _("is missing from the result")})
            else:
                unchecked.append(path.name)
    return unchecked, damaged


def _verified(folder: Path, kind: str) -> dict[str, Any]:
    from clustersim.experiments.store import PLAN

    if kind == "sweep":
        from clustersim.experiments.maintenance import verify as of_sweep

        found = of_sweep(sweep_in(folder))
        unchecked, damaged = _documents(folder)
        damaged += [said for name in manifest.SEALS.values() for said in manifest.damaged(folder, name)]
        return found | {"damaged": found["damaged"] + damaged, "unchecked": found["unchecked"] + unchecked,
                        "ok": found["ok"] and not damaged}  # fmt: skip
    names = [name for name in (manifest.FILES, *manifest.SEALS.values()) if (folder / name).is_file()]
    unchecked, damaged = _documents(folder)
    damaged = [said for name in names for said in manifest.damaged(folder, name)] + damaged
    if kind == "damaged" and not damaged:
        damaged.append({"file": PLAN, "reason": _("is missing from the result")})
    sizes: list[int] = []
    for name in names:
        with contextlib.suppress(InputError):
            sizes += [said["bytes"] for said in (manifest.entries_of(folder, name) or {}).values()]
    if kind in ("run", "comparison") and not damaged:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Unchecked)
                _read(folder, kind)
        except InputError as error:
            damaged.append(_said(folder, error))
    return {"folder": str(folder), "kind": kind, "files": len(sizes), "bytes": sum(sizes), "hashed": bool(names),
            "damaged": damaged, "unchecked": unchecked, "ok": not damaged}  # fmt: skip


def _read(folder: Path, kind: str) -> None:
    """Read the whole of a run or a comparison."""
    from clustersim.results import read_run
    from clustersim.studies.comparison.storage import read_comparison

    read_run(folder) if kind == "run" else read_comparison(folder)


def _said(folder: Path, error: InputError) -> dict[str, str]:
    """Return what an error says of a file in a folder."""
    path = Path(error.file)
    return {"file": path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name, "reason": error.message}


def digest(folder: Path) -> str:
    """Return the hash of the logical content of a result: keys and values, however they are stored.

    Raises
    ------
    InputError
        If the folder holds no result, or one that is damaged.
    """
    kind = kind_of(folder)
    if kind == "run":
        from clustersim.results import read_run

        return _digest(read_run(folder).tables())
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


def check_beside(folder: Path, path: Path, also: str = "") -> None:
    """Raise `InputError` if a file to be written would take the place of a part of a result.

    Parameters
    ----------
    folder : Path
        The result that is read; another one that the file would lie in is looked at as well.
    path : Path
        The file.
    also : str, optional
        The ending of files that may be replaced though the result has their hashes, such as an earlier page.
    """
    from clustersim.experiments.store import CHUNKS, PLAN, PROVENANCE

    place = path.parent.resolve() / path.name
    if also and path.suffix == also:
        return
    others = [above for above in place.parents[:2] if kind_of(above) is not None]  # parts lie one deep at most
    for result in dict.fromkeys((folder.resolve(), *others)):
        if not place.is_relative_to(result):
            continue
        name = place.relative_to(result)
        own = {RUN, COMPARISON, PLAN, PROVENANCE, manifest.FILES, *manifest.SEALS.values(), *(manifest.entries_of(result) or {})}
        for seal in manifest.SEALS.values():
            own |= set(manifest.entries_of(result, seal) or {})
        if name.as_posix() in own or CHUNKS in name.parts[:1]:
            raise InputError(str(path), "", _("is part of the result; nothing was written"), _("Name another file."))


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
    check_beside(folder, path)
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
