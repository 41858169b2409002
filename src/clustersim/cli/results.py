"""``clustersim results``: what runs, comparisons and sweeps have left; verify, digest, compact, export."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clustersim.core.errors import InputError

if TYPE_CHECKING:
    from clustersim.experiments.store import Store

SUFFIXES = {"netcdf": "nc"}  # of file names, where they are not the name of the format


def found_in(folder: Path) -> list[dict[str, Any]]:
    """Return all runs, comparisons and sweeps in a folder, one mapping each.

    Raises
    ------
    InputError
        If there is no such folder.
    """
    from clustersim.experiments.store import is_store
    from clustersim.results.storage import COMPARISON, is_result, read_facts

    if not folder.is_dir():
        raise InputError(str(folder), "", "there is no such folder")
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or not path.is_dir():
            continue
        try:
            if is_store(path):
                found.append(_of_sweep(path))
            elif (path / COMPARISON).is_file():
                found.append(_of_comparison(path))
            elif is_result(path):
                said = read_facts(path)
                found.append({"folder": str(path), "kind": "run", "name": said.get("name"), "runs": said.get("replicates"),
                              "done": said.get("replicates"), "failed": 0})  # fmt: skip
        except InputError as error:
            found.append({"folder": str(path), "kind": "damaged", "name": path.name, "runs": None, "done": None, "failed": None,
                          "problem": error.message})  # fmt: skip
    return found


def _of_sweep(path: Path) -> dict[str, Any]:
    from clustersim.experiments.store import open_store

    store = open_store(path)
    return {"folder": str(path), "kind": "sweep", "name": path.name, "runs": store.plan.runs, "done": int(store.done.sum()),
            "failed": len(store.attempts)}  # fmt: skip


def _of_comparison(path: Path) -> dict[str, Any]:
    from clustersim.studies.comparison.storage import read_comparison

    found = read_comparison(path)
    return {"folder": str(path), "kind": "comparison", "name": " / ".join(found.names), "runs": len(found.runs),
            "done": len(found.runs), "failed": 0}  # fmt: skip


def list_(folder: Path, as_json: bool) -> None:
    """List runs, comparisons and sweeps."""
    from clustersim.cli.actions import print_json
    from clustersim.cli.terminal import console, print_rows

    found = found_in(folder)
    if as_json:
        print_json(found)
        return
    lines = [(s["folder"], s["kind"], *("–" if s[k] is None else f"{s[k]:,}" for k in ("runs", "done", "failed"))) for s in found]
    print_rows(console(), ("Folder", "Kind", "Runs", "Done", "Failed"), lines, right=(2, 3, 4))


def sweep_in(folder: Path) -> Store:
    """Return the store in a folder; raise `InputError` if it holds none."""
    from clustersim.experiments.store import is_store, open_store
    from clustersim.results.storage import is_result

    if is_result(folder) and not is_store(folder):
        raise InputError(str(folder), "", "is the result of a run or a comparison; this works on sweeps")
    return open_store(folder)


def show(folder: Path, as_json: bool) -> None:
    """Show what a sweep consists of and how far it is, or what a run or a comparison is."""
    from clustersim.cli.actions import print_json
    from clustersim.experiments.store import is_store
    from clustersim.results.storage import COMPARISON, is_result, read_facts

    if (folder / COMPARISON).is_file():
        from clustersim.studies.comparison.storage import read_comparison

        print_json(read_comparison(folder).document())
        return
    if is_result(folder) and not is_store(folder):
        print_json(read_facts(folder))
        return
    from clustersim.cli.sweep import outcome
    from clustersim.experiments.execution import describe_values
    from clustersim.experiments.reading import SweepResult

    result = SweepResult(sweep_in(folder))
    plan = result.plan
    said = outcome(result) | {
        "model": plan.content["model"], "scenarios": plan.scenarios, "options": plan.options, "worlds": plan.worlds,
        "uncertain": plan.content["worlds"]["keys"], "seeds": len(plan.seeds), "replicates": plan.replicates,
        "outputs": describe_values(plan), "chunks": len(result.store.names()),
        "damaged": [{"chunk": name, "reason": reason} for name, reason in result.store.bad],
        "failures": result.failures[["run", "scenario", "option", "world", "replicate", "attempts", "reason"]].to_dict("records"),
    }  # fmt: skip
    if as_json:
        print_json(said)
        return
    print(f"{said['experiment']}: {said['done']:,} of {said['runs']:,} runs done, {said['failed']:,} failed, "
          f"{said['missing']:,} missing; {said['chunks']:,} chunks, {said['bytes']:,} bytes")  # fmt: skip
    print(f"model: {plan.content['model']['version']} ({plan.content['model']['code']})")
    print(f"scenarios: {', '.join(plan.scenarios)}")
    print(f"options ({len(plan.options):,}): " + "; ".join(option["name"] for option in plan.options[:12]))
    print(f"worlds ({plan.worlds:,}): {', '.join(said['uncertain']) or 'one'}")
    print(f"seeds: {said['seeds']}, replicates: {said['replicates']}")
    for name, some in said["outputs"].items():
        print(f"output {name} [{some['unit']}]: {some['meaning']}")
    for some in said["damaged"]:
        print(f"damaged {some['chunk']}: {some['reason']}")
    for some in said["failures"][:20]:
        print(f"failed run {some['run']} ({some['option']}, world {some['world']}): {some['reason']}")


def verify(folder: Path, as_json: bool) -> bool:
    """Verify every chunk of a sweep; return whether all are sound."""
    from clustersim.cli.actions import print_json
    from clustersim.experiments.maintenance import verify as check

    said = check(sweep_in(folder))
    if as_json:
        print_json(said)
    else:
        for some in said["damaged"]:
            print(f"damaged {some['chunk']}: {some['reason']}")
        print(f"{said['chunks']:,} chunks, {said['bytes']:,} bytes: {said['done']:,} of {said['runs']:,} runs done, "
              f"{said['failed']:,} failed, {said['missing']:,} missing, {said['twice']:,} in several chunks, "
              f"{len(said['damaged'])} chunks damaged")  # fmt: skip
    return bool(said["ok"])


def digest(folder: Path, as_json: bool) -> None:
    """Print the hash of the logical content of a sweep, a run or a comparison."""
    from clustersim.cli.actions import print_json
    from clustersim.experiments.maintenance import digest as of_sweep
    from clustersim.experiments.store import is_store
    from clustersim.results.storage import is_result

    if is_result(folder) and not is_store(folder):
        value = _of_run(folder)
    else:
        value = of_sweep(sweep_in(folder))
    print_json({"folder": str(folder), "digest": value}) if as_json else print(value)


def _of_run(folder: Path) -> str:
    """Return the hash of the tables of a run or a comparison: their rows, in whatever order."""
    import numpy as np
    import pandas as pd

    from clustersim.results import read_run
    from clustersim.results.storage import COMPARISON
    from clustersim.studies.comparison import read_comparison

    if (folder / COMPARISON).is_file():
        found = read_comparison(folder)
        tables = {"runs": found.runs, "yearly": found.yearly} | ({} if found.worlds is None else {"worlds": found.worlds})
    else:
        tables = read_run(folder).tables()
    whole = hashlib.sha256()
    for name, frame in sorted(tables.items()):
        whole.update(f"{name}\0{'|'.join(frame.columns)}\0".encode())
        whole.update(np.sort(pd.util.hash_pandas_object(frame, index=False).to_numpy()).tobytes())
    return whole.hexdigest()


def compact(folder: Path, as_json: bool) -> None:
    """Write a sweep's runs anew in few large chunks."""
    from clustersim.cli.actions import print_json
    from clustersim.experiments.maintenance import compact as pack

    before, after = pack(sweep_in(folder))
    said = {"folder": str(folder), "chunks_before": before, "chunks_after": after}
    print_json(said) if as_json else print(f"{before:,} chunks became {after:,}")


def export(folder: Path, form: str, to: Path | None, partial: bool, as_json: bool) -> None:
    """Write the finished runs of a sweep, or the indicators of a run, into one file."""
    from clustersim.cli.actions import print_json
    from clustersim.experiments.reading import FORMATS, read_sweep
    from clustersim.experiments.reading import export as write
    from clustersim.experiments.store import is_store
    from clustersim.results.exporting import TABLE_FORMATS, export_run
    from clustersim.results.storage import is_result

    if form not in FORMATS:
        raise InputError("export", "", f"{form[:40]!r} is not a format; allowed: {', '.join(FORMATS)}")
    path = to or Path(f"{folder.absolute().name}.{SUFFIXES.get(form, form)}")
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise InputError("--to", "", f"{path} is a folder, or lies in one that does not exist")
    if is_result(folder) and not is_store(folder):
        if form not in TABLE_FORMATS:
            raise InputError("export", "", f"{form} is for sweeps; for a single run: {', '.join(TABLE_FORMATS)}")
        rows = export_run(folder, path, form)
    else:
        rows = write(read_sweep(folder, partial).store, path, form)
    print_json({"file": str(path), "rows": rows}) if as_json else print(f"{path}: {rows:,} rows")
