"""Chunks: Parquet files of finished runs, each named by the hash of its bytes; what does not match its name does not count.

A chunk appears under its name whole and on the disk, or not at all. Which runs it holds stands in its footer, so that
reading what is done needs no rows.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from clustersim.core.words import _
from clustersim.experiments.execution import Block, Failure, value_columns
from clustersim.experiments.plan import Plan
from clustersim.results.parquet import check_fits, unpacked

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIX = ".parquet"
_PLAN, _DONE, _FAILED, _ATTEMPTS = (f"clustersim.{name}".encode() for name in ("plan", "done", "failed", "attempts"))
TEXTS = ("scenario", "option", "cluster", "reason")


class Damaged(Exception):
    """A chunk whose bytes are not those that its name promises, or that belongs to another plan."""


class Contents(NamedTuple):
    """Which runs a chunk holds."""

    done: np.ndarray
    failed: np.ndarray
    attempts: np.ndarray


def encode(plan: Plan, blocks: Sequence[Block], failures: Sequence[Failure]) -> bytes:
    """Return the bytes of a chunk; the same runs give the same bytes, in whatever order they come."""
    import pyarrow as pa

    block = _in_order(plan, blocks)
    failed = sorted({failure.run: failure for failure in failures}.values(), key=lambda failure: failure.run)
    contents = Contents(block.runs, np.array([f.run for f in failed], np.int64), np.array([f.attempts for f in failed], np.int64))
    return to_bytes(plan, pa.concat_tables([_rows(plan, block), _failed_rows(plan, failed)]), contents)


def to_bytes(plan: Plan, table: pa.Table, contents: Contents) -> bytes:
    """Return a chunk of rows that are in order already."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    said = {_PLAN: plan.hash.encode()}
    said |= {key: _packed(column) for key, column in zip((_DONE, _FAILED, _ATTEMPTS), contents, strict=True)}
    out = pa.BufferOutputStream()
    pq.write_table(
        table.replace_schema_metadata(said), out, compression="zstd", use_dictionary=["key", *TEXTS],
        use_byte_stream_split=value_columns(plan), write_statistics=["run"], row_group_size=2**20,
    )  # fmt: skip
    return out.getvalue().to_pybytes()


def _packed(column: np.ndarray) -> bytes:
    return base64.b64encode(zlib.compress(np.diff(column, prepend=0).astype("<i8").tobytes(), 6))


def _unpacked(text: bytes, most: int) -> np.ndarray:
    """Return at most so many numbers, and one more if there are more."""
    data = zlib.decompressobj().decompress(base64.b64decode(text), 8 * (most + 1))
    return np.cumsum(np.frombuffer(data, "<i8")).astype(np.int64)


def _in_order(plan: Plan, blocks: Sequence[Block]) -> Block:
    """Return blocks as one, ordered by run, each run once."""
    if not blocks:
        none = np.zeros(0, np.int64)
        return Block(none, np.zeros(0, "V16"), none, none, none, np.zeros((0, len(value_columns(plan)))))
    names = ("runs", "keys", "count", "cluster", "quarter", "values")
    whole = Block(*(np.concatenate([getattr(block, name) for block in blocks]) for name in names))
    runs, first = np.unique(whole.runs, return_index=True)
    begin = (np.cumsum(whole.count) - whole.count)[first]
    count = whole.count[first]
    rows = np.repeat(begin - (np.cumsum(count) - count), count) + np.arange(count.sum())
    return Block(runs, whole.keys[first], count, whole.cluster[rows], whole.quarter[rows], whole.values[rows])


def schema(plan: Plan) -> pa.Schema:
    """Return the columns of a chunk."""
    import pyarrow as pa

    return pa.schema([
        ("run", pa.int64()), ("key", pa.binary(16)), ("ok", pa.bool_()), ("scenario", pa.string()), ("option", pa.string()),
        ("world", pa.int64()), ("seed", pa.int64()), ("replicate", pa.int64()), ("cluster", pa.string()), ("quarter", pa.int64()),
        *((name, pa.float64()) for name in value_columns(plan)), ("attempts", pa.int64()), ("reason", pa.string()),
    ])  # fmt: skip


def _who(plan: Plan, runs: np.ndarray) -> dict[str, Any]:
    """Return the columns that a run's number stands for."""
    point, seed, replicate = plan.split(runs)
    rest, world = np.divmod(point, plan.worlds)
    scenario, option = np.divmod(rest, len(plan.options))
    return {
        "run": runs, "scenario": _words(scenario, plan.scenarios), "option": _words(option, [o["name"] for o in plan.options]),
        "world": world, "seed": np.array(plan.seeds, np.int64)[seed], "replicate": replicate,
    }  # fmt: skip


def _words(codes: np.ndarray, names: Sequence[str]) -> Any:
    """Return a column of texts from their places in `names`."""
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int64()), pa.array(names, pa.string())).cast(pa.string())


def _rows(plan: Plan, block: Block) -> pa.Table:
    import pyarrow as pa

    size = block.cluster.size
    columns = _who(plan, np.repeat(block.runs, block.count))
    keys = np.repeat(block.keys, block.count)
    names = [[c["name"] for c in plan.base(name)["place"]["clusters"]] for name in plan.scenarios]
    begin = np.cumsum([0, *(len(some) for some in names)])
    scenario = plan.split(np.repeat(block.runs, block.count))[0] // (plan.worlds * len(plan.options))
    columns |= {
        "key": pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), size, [None, pa.py_buffer(keys.tobytes())]),
        "ok": np.ones(size, bool), "quarter": block.quarter, "attempts": np.ones(size, np.int64),
        "cluster": _words(begin[scenario] + block.cluster, [name for some in names for name in some]),
        "reason": pa.nulls(size, pa.string()),
    }  # fmt: skip
    for k, name in enumerate(value_columns(plan)):
        column = np.ascontiguousarray(block.values[:, k])
        columns[name] = pa.array(column, mask=np.isnan(column)) if name.startswith("years_to_") else pa.array(column)
    return pa.table([columns[name] for name in schema(plan).names], schema=schema(plan))


def _failed_rows(plan: Plan, failures: Sequence[Failure]) -> pa.Table:
    import pyarrow as pa

    columns = _who(plan, np.array([failure.run for failure in failures], np.int64))
    columns |= {"ok": np.zeros(len(failures), bool), "attempts": [failure.attempts for failure in failures],
                "reason": [failure.reason for failure in failures]}  # fmt: skip
    return pa.table([columns[field.name] if field.name in columns else pa.nulls(len(failures), field.type)
                     for field in schema(plan)], schema=schema(plan))  # fmt: skip


def file_name(data: bytes) -> str:
    """Return the name that a chunk of these bytes bears."""
    return hashlib.sha256(data).hexdigest() + SUFFIX


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a chunk.

    Raises
    ------
    Damaged
        If they are not those that its name promises.
    FileNotFoundError
        If it is gone (another process has compacted the store, or found it damaged).
    """
    data = path.read_bytes()
    if file_name(data) != path.name:
        raise Damaged(_("its bytes do not match its name"))
    return data


def contents(data: bytes, plan: Plan) -> Contents:
    """Return which runs a chunk holds, from its footer.

    Raises
    ------
    Damaged
        If it is no chunk of this plan.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        footer = pq.read_metadata(pa.BufferReader(data))
        said = footer.metadata or {}
        found = Contents(*(_unpacked(said[key], plan.runs) for key in (_DONE, _FAILED, _ATTEMPTS)))
    except (pa.ArrowException, KeyError, ValueError, zlib.error, OSError) as error:
        raise Damaged(_("it is not a chunk of a sweep")) from error
    if said[_PLAN].decode() != plan.hash:
        raise Damaged(_("it belongs to another plan"))
    if not footer.schema.to_arrow_schema().remove_metadata().equals(schema(plan)):
        raise Damaged(_("its columns are not those of the plan"))
    for part in (found.done, found.failed):
        if part.size and not (0 <= part.min() and part.max() < plan.runs):
            raise Damaged(_("it names runs that the plan does not have"))
    if found.failed.size != found.attempts.size:
        raise Damaged(_("it is not a chunk of a sweep"))
    return found


def rows(data: bytes, columns: Sequence[str] | None = None) -> pa.Table:
    """Return the rows of a chunk whose bytes were verified.

    Read on this thread alone. A thread of Arrow's could let go of the bytes, a Python object, while the interpreter ends, and
    the process would then abort after its work was done.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    check_fits(unpacked(data, spell=False), Path("chunks") / file_name(data))
    file = pq.ParquetFile(pa.BufferReader(data), pre_buffer=False)
    return file.read(list(columns) if columns is not None else None, use_threads=False)
