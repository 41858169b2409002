"""What can be done with a store beside filling it: verify, digest, compact."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from clustersim.core import files
from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.experiments import chunks
from clustersim.experiments.chunks import Contents, Damaged
from clustersim.experiments.execution import value_columns
from clustersim.experiments.store import PROVENANCE, Store, read_note
from clustersim.results import manifest

COMPACT_RUNS = 5000
INTERACTIONS = "interactions.json"
WRITTEN_BESIDE = (INTERACTIONS, "interactions.csv", "interactions.parquet", "figures/interactions*.png",
                  "figures/interactions*.svg", "report_??.html")  # fmt: skip


def verify(store: Store) -> dict[str, Any]:
    """Check every chunk: bytes against name, rows against footer, keys of runs that stand in several against each other.

    What was written beside the chunks, interactions, pictures and reports, is checked against its hashes.

    Returns
    -------
    dict
        ``chunks``, ``bytes``, ``runs`` (planned), ``done``, ``failed``, ``missing``, ``twice`` (runs that several chunks hold),
        ``damaged`` (list of name, under ``chunk`` or ``file``, and reason), ``unchecked`` (files that were written without
        hashes), ``ok``.
    """
    done, failed = np.zeros(store.plan.runs, np.int32), np.zeros(store.plan.runs, bool)
    damaged: list[dict[str, str]] = []
    seen: dict[int, bytes] = {}
    names, size = store.names(), 0
    for name in names:
        try:
            data = chunks.read_bytes(store.chunks / name)
            found = chunks.contents(data, store.plan)
            size += len(data)
            for run, value in _run_hashes(store, chunks.rows(data), found):
                if seen.setdefault(run, value) != value:
                    raise Damaged(_("its run {run} differs from the same run in another chunk", run=run))
        except (Damaged, OSError) as error:
            damaged.append({"chunk": name, "reason": str(error)})
            continue
        done[found.done] += 1
        failed[found.failed] = True
    note, reason = read_note(store.folder)
    if reason is not None:
        damaged.append({"chunk": PROVENANCE, "reason": reason})
    damaged += damaged_beside(store.folder)
    failed &= done == 0
    missing = int((~failed & (done == 0)).sum())
    return {
        "chunks": len(names), "bytes": size, "runs": store.plan.runs, "done": int((done > 0).sum()), "failed": int(failed.sum()),
        "missing": missing, "twice": int((done > 1).sum()), "damaged": damaged,
        "unchecked": ([PROVENANCE] if note and "sha256" not in note else []) + unchecked_beside(store.folder), "ok": not damaged,
    }  # fmt: skip


def damaged_beside(folder: Path) -> list[dict[str, str]]:
    """Return what is damaged of that which was written beside the chunks of a sweep: ``file`` and ``reason`` of each."""
    found = manifest.damaged(folder)
    if (folder / INTERACTIONS).is_file() and not (folder / manifest.FILES).exists():
        try:
            said = files.json_object(folder / INTERACTIONS, (folder / INTERACTIONS).read_bytes())
        except InputError as error:
            return [{"file": INTERACTIONS, "reason": error.message}]
        except OSError as error:
            return [{"file": INTERACTIONS, "reason": _("cannot be read: {reason}", reason=error.strerror)}]
        if said.get("files") == manifest.FILES:
            found.append({"file": manifest.FILES, "reason": _("is missing from the result")})
    return found


def unchecked_beside(folder: Path) -> list[str]:
    """Return the files that were written beside the chunks of a sweep without hashes."""
    with contextlib.suppress(InputError):
        known = manifest.entries_of(folder) or {}
        there = {path.relative_to(folder).as_posix() for pattern in WRITTEN_BESIDE for path in folder.glob(pattern)}
        return sorted(there - known.keys())
    return []


def _run_hashes(store: Store, table: Any, found: Contents) -> Iterator[tuple[int, bytes]]:
    """Yield each finished run of a chunk with the hash of its key and values.

    Raises
    ------
    Damaged
        If the rows are not those of the runs that the footer names.
    """
    ok = table["ok"].to_numpy()
    run = table["run"].to_numpy()[ok]
    first = np.flatnonzero(np.diff(run, prepend=-1) != 0)
    if not np.array_equal(run[first], found.done):
        raise Damaged(_("its rows are not those of the runs that its footer names"))
    count = np.diff(np.append(first, run.size))
    cluster = table["cluster"].combine_chunks().dictionary_encode()
    names = cluster.dictionary.to_pylist()
    code = cluster.indices.to_numpy(zero_copy_only=False)[ok].astype(np.int64)
    quarter = np.ascontiguousarray(table["quarter"].to_numpy()[ok].astype("<i8"))
    values = np.stack([table[name].to_numpy()[ok] for name in value_columns(store.plan)], axis=1).astype("<f8") + 0.0
    values[np.isnan(values)] = np.nan  # one bit pattern
    keys = table["key"].combine_chunks().filter(table["ok"].combine_chunks()).take(first).to_pylist()
    for number, begin, size, key in zip(run[first].tolist(), first.tolist(), count.tolist(), keys, strict=True):
        rows = slice(begin, begin + size)
        digest = hashlib.sha256(key)
        digest.update("\0".join(names[c] for c in code[rows]).encode())
        digest.update(quarter[rows].tobytes())
        digest.update(values[rows].tobytes())
        yield number, key + digest.digest()[:16]


def digest(store: Store) -> str:
    """Return the hash of the logical content: keys and values of all finished runs, and which runs failed.

    It depends neither on chunks nor on their order, nor on how many processes wrote them.

    Raises
    ------
    InputError
        If a chunk is damaged.
    """
    seen = np.zeros(store.plan.runs, bool)
    failed: set[int] = set()
    hashes: list[bytes] = []
    for found, table in store.read():
        new = ~seen[found.done]
        hashes += [value for (_run, value), fresh in zip(_run_hashes(store, table, found), new, strict=True) if fresh]
        seen[found.done] = True
        failed.update(found.failed.tolist())
    store.check_seen(seen)
    hashes.sort()
    whole = hashlib.sha256("\0".join(value_columns(store.plan)).encode())
    for value in hashes:
        whole.update(value)
    for run in sorted(run for run in failed if not seen[run]):
        whole.update(b"failed" + run.to_bytes(8, "little"))
    return whole.hexdigest()


def compact(store: Store, runs: int = COMPACT_RUNS) -> tuple[int, int]:
    """Write all runs anew in the plan's order, so many in a chunk, and remove the chunks that they came from.

    Two stores with the same logical content have the same files, byte for byte, afterwards. A process that is killed
    meanwhile leaves runs that stand twice, which count once.

    Returns
    -------
    int, int
        Chunks before and after.

    Raises
    ------
    InputError
        If a chunk is damaged.
    """
    old: list[str] = []
    held: list[Contents] = []
    for name in store.names():
        for found, _table in store.read(columns=["run"], names=[name]):  # none if another process has removed it meanwhile
            old.append(name)
            held.append(found)
    store.check_seen(np.bincount(np.concatenate([np.zeros(0, np.int64), *(found.done for found in held)]),
                                 minlength=store.plan.runs) > 0)  # fmt: skip
    owner = np.full(store.plan.runs, -1, np.int32)
    loser = np.full(store.plan.runs, -1, np.int32)
    for place, found in enumerate(held):
        owner[found.done[owner[found.done] < 0]] = place
        loser[found.failed[loser[found.failed] < 0]] = place
    loser[owner >= 0] = -1
    there = np.flatnonzero((owner >= 0) | (loser >= 0))
    new = set()
    for first in range(0, there.size, runs):
        new.add(_gather(store, old, owner, loser, there[first : first + runs], held))
    gone = [name for name in old if name not in new]
    for name in gone:
        with contextlib.suppress(FileNotFoundError):
            (store.chunks / name).unlink()
    files.sync_folder(store.chunks)
    return len(old), len(new)


def _gather(store: Store, names: list[str], owner: np.ndarray, loser: np.ndarray, part: np.ndarray, held: list[Contents]) -> str:
    """Write a chunk of some runs, taken from the chunks that hold them; return its name."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = []
    for place in np.unique(np.concatenate([owner[part], loser[part]])):
        if place < 0:
            continue
        read = list(store.read(names=[names[place]]))
        if not read:
            raise InputError(str(store.chunks / names[place]), "", _("went while the sweep was compacted"),
                             _("Another process compacts it; nothing was lost, try again."))  # fmt: skip
        ((_contents, table),) = read
        for ok, of in ((True, owner), (False, loser)):
            wanted = pa.array(part[of[part] == place])
            found.append(table.filter(pc.and_(pc.equal(table["ok"], ok), pc.is_in(table["run"], wanted))))
    whole = pa.concat_tables(found)
    # Failed runs stand behind the others, as in any chunk; within a run the order of rows stays.
    order = np.lexsort((np.arange(len(whole)), whole["run"].to_numpy(), ~whole["ok"].to_numpy()))
    whole = whole.take(order).combine_chunks()
    done, failed = part[owner[part] >= 0], part[loser[part] >= 0]
    attempts = whole["attempts"].to_numpy()[len(whole) - failed.size :]
    return store.write_bytes(chunks.to_bytes(store.plan, whole, Contents(done, failed, attempts)))
