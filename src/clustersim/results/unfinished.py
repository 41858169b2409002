"""Finished batches of work in progress, kept beside the result-to-be, so that work that ended early goes on from there.

They lie in a hidden folder that bears the result's name and a hash of all that they depend on: the same command finds them, and
no other. Each batch is a file named by the hash of its bytes; what does not match its name, or repeats what is there, does not
count. The folder goes when the result is written, unless the same command runs elsewhere and keeps batches of its own there.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clustersim.core import files
from clustersim.core.words import _
from clustersim.results.provenance import short_hash, versions

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
SUFFIX, ABOUT = ".part", "part.json"

Tables = dict[str, "pd.DataFrame"]
Tell = Callable[[str], object]


def quiet(text: str) -> None:
    """Say nothing."""


class Kept:
    """The finished batches of one piece of work.

    Parameters
    ----------
    out : Path
        Folder that will hold the result's own folder.
    name : str
        Name of that folder.
    depends : object
        What the batches depend on beside that name's own hash, as JSON takes it, such as which records are kept.

    Raises
    ------
    InputError
        If nothing can be written there.
    """

    def __init__(self, out: Path, name: str, depends: Any = None) -> None:
        files.check_writable(out)
        self.folder = out / f".{name}.kept-{short_hash([FORMAT, name, depends, versions()])}"
        self._files: dict[str, dict[Path, list[int]]] = {}  # that were read or written here, by kind, and what they hold

    def read(self, kind: str) -> list[tuple[list[int], Tables]]:
        """Return what is there of one kind: the numbers that each batch holds, and its tables; no number twice.

        Damaged files are removed; what they held is to be done again.
        """
        found: list[tuple[list[int], Tables]] = []
        seen: set[int] = set()
        for path in sorted(self.folder.glob(f"{kind}-*{SUFFIX}")):
            try:
                numbers, tables = _unpacked(path)
            except (OSError, ValueError, KeyError, zipfile.BadZipFile):
                files.remove(path)
                continue
            self._note(kind, path, numbers)
            if not seen.intersection(numbers):
                seen.update(numbers)
                found.append((numbers, tables))
        return sorted(found, key=lambda part: part[0])

    def write(self, kind: str, numbers: Sequence[int], tables: Tables) -> None:
        """Keep a batch.

        Raises
        ------
        OSError
            If the system refuses; everything kept before is whole.
        """
        data = _packed(numbers, tables)
        path = self.folder / f"{kind}-{min(numbers):07d}-{len(numbers)}-{hashlib.sha256(data).hexdigest()}{SUFFIX}"
        for attempt in range(files.TRIES):
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                files.write(path, data)
                break
            except FileNotFoundError:  # the same work, done elsewhere at the same time, is over and cleared
                if attempt == files.TRIES - 1:
                    raise
            finally:  # a request to end may come when the file is there and this has not been told yet
                if path.exists():
                    self._note(kind, path, numbers)

    def _note(self, kind: str, path: Path, numbers: Sequence[int]) -> None:
        self._files.setdefault(kind, {})[path] = list(numbers)

    def count(self, kind: str) -> int:
        """Return how many numbers of one kind were found or are kept from this work."""
        return len({number for numbers in self._files.get(kind, {}).values() for number in numbers})

    def clear(self) -> None:
        """Remove what was found or kept: the result is written. What others keep of the same work stays theirs."""
        for path in [path for found in self._files.values() for path in found]:
            files.remove(path)
        if self.folder.is_dir():
            files.sweep_leftovers(self.folder)
        with contextlib.suppress(OSError):
            self.folder.rmdir()


def _packed(numbers: Sequence[int], tables: Tables) -> bytes:
    import pyarrow as pa

    out, compressed = io.BytesIO(), pa.ipc.IpcWriteOptions(compression="zstd")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        file.writestr(ABOUT, json.dumps({"numbers": list(numbers), "tables": list(tables)}))
        for name, frame in tables.items():
            table = io.BytesIO()
            columns = pa.Table.from_pandas(frame, preserve_index=False)
            batch = pa.RecordBatch.from_arrays([column.combine_chunks() for column in columns.columns], schema=columns.schema)
            with pa.ipc.new_file(table, batch.schema, options=compressed) as writer:
                writer.write_batch(batch)  # one, though it were empty: without any its categories would be lost
            file.writestr(f"{name}.arrow", table.getvalue())
    return out.getvalue()


def _unpacked(path: Path) -> tuple[list[int], Tables]:
    """Return the numbers and tables of a batch.

    Raises
    ------
    OSError, ValueError, KeyError, BadZipFile
        If the file is not what its name promises.
    """
    import pyarrow as pa

    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != path.stem.rpartition("-")[2]:
        raise ValueError("its bytes do not match its name")
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        about = json.loads(file.read(ABOUT))
        tables = {name: pa.ipc.open_file(io.BytesIO(file.read(f"{name}.arrow"))) for name in about["tables"]}
        return about["numbers"], {name: table.get_batch(0).to_pandas() for name, table in tables.items()}


def goes_on(done: int, of: int, worlds: int = 0, of_worlds: int = 0) -> str:
    """Return the sentence that says from where work goes on."""
    if of_worlds:
        return _("Goes on from {k} of {n} replicates and {worlds} of {of_worlds} worlds, which were kept.",
                 k=done, n=of, worlds=worlds, of_worlds=of_worlds)  # fmt: skip
    return _("Goes on from {k} of {n} replicates, which were kept.", k=done, n=of)


def left_at(done: int, of: int, worlds: int = 0, of_worlds: int = 0) -> str:
    """Return the sentence that says what was kept of work that ended early."""
    if of_worlds:
        return _("{k} of {n} replicates and {worlds} of {of_worlds} worlds are kept; the same command goes on from there.",
                 k=done, n=of, worlds=worlds, of_worlds=of_worlds)  # fmt: skip
    return _("{k} of {n} replicates are kept; the same command goes on from there.", k=done, n=of)
