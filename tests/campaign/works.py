"""The work that is attacked: a small run, a comparison and a sweep; what comes of them undisturbed; whether it is the same."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from .attack import Fault
from .children import Child

SMALL = """
title: Small
place:
  clusters:
    - {name: north, smes: 14, tractors: 1, trust: 0.5, segments: [parts, machines]}
    - {name: south, smes: 8, tractors: 1, segments: [machines, services]}
"""
SUPPORTED = (
    SMALL
    + """
programme:
  stages:
    - {name: first, quarters: 6, instruments: [{use: facilitator, per_year: 240}]}
"""
)
TINY = """
title: Tiny
question: Does a small design work?
scenarios: [organic]
set: {place.clusters.valley.smes: 8, place.clusters.valley.tractors: 1}
levers:
  keys: {institutions.government.coordination: [0.2, 0.8]}
uncertain:
  method: latin_hypercube
  points: 3
  seed: 4
  keys: {parameters.trust.gain: }
replicates: 4
seeds: [1, 9]
years: 2
outputs: {indicators: [phase, employment], totals: [public_spending], reached: [creation]}
"""
COMMON = ("--workers", "1", "--out")
QUICK = ("--years", "1", "--no-figures", *COMMON)
COMMANDS = {
    "run": ("run", "small.yaml", "--replicates", "6", "--records", "events", *QUICK),
    "comparison": ("compare", "small.yaml", "supported.yaml", "--replicates", "3", "--worlds", "10", *QUICK),
    "sweep": ("sweep", "tiny.yaml", "--chunk", "7", *COMMON),
}
TIMES = ("started", "seconds")  # that differ though the results are the same
HASHES = {"files.json"}  # of files that hold such times
MANIFESTS = {"run.json", "comparison.json", "provenance.json"}


def write_inputs(folder: Path) -> None:
    """Write the scenarios and the experiment into a folder."""
    for name, text in (("small.yaml", SMALL), ("supported.yaml", SUPPORTED), ("tiny.yaml", TINY)):
        (folder / name).write_text(text, "utf-8")


def small_batches() -> None:
    """Let replicates be done two at a time, so that there is something to keep of work that ends early."""
    from clustersim.experiments import runner
    from clustersim.simulation import batches

    batches.batch_size = runner.batch_size = lambda scenario, workers, *rest: 2


def command(kind: str, out: Path, *more: str) -> list[str]:
    """Return the command line of a kind of work."""
    return [*COMMANDS[kind], str(out), *more]


def result_in(out: Path, kind: str) -> Path | None:
    """Return the folder of the result, None if there is none."""
    found = [path for path in out.iterdir() if path.is_dir() and not path.name.startswith(".")] if out.is_dir() else []
    wanted = {"run": lambda name: name.startswith("small-"), "comparison": lambda name: name.startswith("compare-"),
              "sweep": lambda name: name == "tiny"}[kind]  # fmt: skip
    found = [path for path in found if wanted(path.name)]
    return found[0] if len(found) == 1 else None


def content(folder: Path) -> dict[str, str]:
    """Return a hash of each file of a result, but for the times in it; of a sweep, whose chunks may differ, of its plan alone."""
    found = {}
    sweep = (folder / "plan.json").is_file()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or name in HASHES or (sweep and name != "plan.json"):
            continue
        data = path.read_bytes()
        if name in MANIFESTS:
            said = json.loads(data)
            data = json.dumps({key: said[key] for key in said if key not in TIMES}).encode()
        found[name] = hashlib.sha256(data).hexdigest()
    return found


def digest(folder: Path) -> str:
    """Return the hash of the logical content, as ``results digest`` gives it."""
    from clustersim.studies.kept import digest as of

    return of(folder)


class Whole:
    """What comes of a kind of work to which nothing happens.

    Parameters
    ----------
    kind : {"run", "comparison", "sweep"}
        The kind.
    folder : Path
        Where it is done.
    """

    def __init__(self, kind: str, folder: Path) -> None:
        import time

        self.kind = kind
        out = folder / f"whole-{kind}"
        seconds = []
        for _ in range(2):  # the second time everything is warm
            began = time.monotonic()
            child = Child(command(kind, out, *(("--fresh",) if kind == "sweep" else ())), folder / f"whole-{kind}.txt")
            if child.end(120):
                raise RuntimeError(f"{kind}: {child.words()}")
            seconds.append(time.monotonic() - began)
        self.seconds = seconds[-1]
        found = result_in(out, kind) or out / "tiny"
        self.folder, self.content, self.digest = found, content(found), digest(found)

    def differs(self, out: Path, others: str = "") -> list[Fault]:
        """Return what is wrong with a result that should be the same, but for files, of such names, that others put beside it."""
        found = result_in(out, self.kind)
        if found is None:
            return [Fault("lost", f"no result in {sorted(path.name for path in out.iterdir()) if out.is_dir() else out.name}")]
        try:
            now, value = content(found), digest(found)
        except Exception as error:
            return [Fault("lost", f"the result cannot be read: {error}")]
        if value != self.digest:
            return [Fault("wrong", f"another digest: {value[:12]}, not {self.digest[:12]}")]
        odd = sorted(
            name for name in now.keys() | self.content.keys()
            if now.get(name) != self.content.get(name) and not fnmatch(name, others)
        )  # fmt: skip
        return [Fault("wrong", f"other files: {', '.join(odd)}")] if odd else []


def hidden(out: Path) -> list[Path]:
    """Return what is hidden anywhere in a folder."""
    return [path for path in out.rglob(".*") if not path.name.endswith(".lock")] if out.is_dir() else []


def age(paths: list[Path], seconds: float = 3 * 86400.0) -> None:
    """Make files and folders as old as if their makers had been dead for days."""
    for top in paths:
        for path in [*top.rglob("*"), top] if top.is_dir() else [top]:
            with contextlib.suppress(OSError):
                then = path.stat().st_mtime - seconds
                os.utime(path, (then, then))


def facts(value: Any) -> str:
    """Return a hash of anything that a reader gives: frames to the bit, all else by its text."""
    import pandas as pd

    whole = hashlib.sha256()

    def add(one: Any) -> None:
        if isinstance(one, pd.DataFrame):
            whole.update("|".join(map(str, one.columns)).encode())
            for name in one:
                column = one[name]
                text = column.astype(str) if isinstance(column.dtype, pd.CategoricalDtype) or column.dtype == object else column
                whole.update(pd.util.hash_pandas_object(text, index=False).to_numpy().tobytes())
        elif isinstance(one, dict):
            for key in one:
                whole.update(str(key).encode() + b"\0")
                add(one[key])
        elif isinstance(one, list | tuple):
            for part in one:
                add(part)
        else:
            whole.update(repr(one).encode() + b"\0")

    add(value)
    return whole.hexdigest()
