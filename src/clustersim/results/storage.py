"""The folder of a result: it appears whole or not at all; what is read from it is checked."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clustersim.core.errors import InputError
from clustersim.core.files import appearing_folder, check_writable, comes_true, json_object, write
from clustersim.core.words import _
from clustersim.results import manifest
from clustersim.results.tables import DATA_DICTIONARY

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "COMPARISON", "RUN", "check_free", "check_numbers", "check_writable", "has", "is_result", "read_document", "read_facts",
    "read_parquet", "read_table", "replaced", "unreadable", "write_tables",
]  # fmt: skip

TEXTS = ("name", "id", "text")  # what stands for a unit where a column holds no numbers
RUN, COMPARISON = "run.json", "comparison.json"  # what tells the folder of a run and of a comparison


def is_result(folder: Path) -> bool:
    """Whether a folder holds a result: a run or a comparison."""
    return any((folder / name).is_file() for name in (RUN, COMPARISON))


def check_free(folder: Path) -> None:
    """Raise `InputError` if something other than a result stands where a result is to be written."""

    def free() -> bool:
        return not folder.exists() or (folder.is_dir() and (is_result(folder) or not any(folder.iterdir())))

    if not (free() or (folder.is_dir() and comes_true(free))):
        raise InputError(str(folder), "", _("exists and is not a result; nothing was written"), _("Name another folder."))


@contextlib.contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """Give a hidden folder to write a result into; it takes the place of `folder` when all went well, else it vanishes.

    What an earlier result of the same run holds beside what is written anew (other records, pictures, a user's notes) is
    taken over. Leftovers of processes that were killed are removed.
    """
    check_free(folder)
    with appearing_folder(folder) as place:
        yield place


def write_tables(
    folder: Path, tables: dict[str, pd.DataFrame], name: str, document: str, extras: Callable[[Path], object] | None
) -> Path:
    """Write a result as a folder, whole or not at all: its tables, its document, what `extras` adds, and the hashes of all."""
    with replaced(folder) as place:
        for table, frame in tables.items():
            frame.to_parquet(place / f"{table}.parquet", engine="pyarrow", compression="zstd", index=False)
        write(place / name, document + "\n")
        if extras is not None:
            extras(place)
        manifest.seal(place, before=folder)
    return folder


def read_document(folder: Path, name: str) -> dict[str, Any]:
    """Return what the document of a result says, checked against its hash.

    Raises
    ------
    InputError
        If it is missing or damaged.
    """
    said = json_object(folder / name, manifest.read(folder, name))
    manifest.check_sealed(folder, said)
    return said


def read_facts(folder: Path) -> dict[str, Any]:
    """Return what ``run.json`` of a result says.

    Raises
    ------
    InputError
        If there is none, or it is damaged.
    """
    if not folder.is_dir():
        raise InputError(str(folder), "", _("there is no such folder"))
    if (folder / COMPARISON).is_file():
        raise InputError(str(folder), "", _("is a comparison, not a run"), _("Read it with clustersim.read_comparison."))
    if not (folder / RUN).is_file():
        raise InputError(str(folder), "", _("is not a result: it has no {name}", name=RUN))
    return read_document(folder, RUN)


def has(folder: Path, name: str) -> bool:
    """Whether a result has a file, or had one when it was written."""
    return (folder / name).exists() or name in (manifest.entries_of(folder) or {})


def read_parquet(folder: Path, name: str) -> pd.DataFrame:
    """Return the table that a Parquet file of a result holds, checked against its hash.

    Raises
    ------
    InputError
        If it is missing or damaged, or would not fit this machine's memory.
    """
    from clustersim.results.parquet import frame_of

    return frame_of(manifest.read(folder, f"{name}.parquet"), folder / f"{name}.parquet")


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """Return one table of a run, with its units.

    Raises
    ------
    InputError
        If it is missing or damaged.
    """
    path, frame = folder / f"{name}.parquet", read_parquet(folder, name)
    for column in ("cluster", "firm") if name == "register" else ("replicate", "cluster", "quarter"):
        if column not in frame:
            raise InputError(str(path), "", _("is damaged: it has no column {column!r}", column=column))
    if name != "register":
        check_numbers(frame, DATA_DICTIONARY[f"{name}.parquet"]["columns"], path)
    return frame


def check_numbers(frame: pd.DataFrame, columns: dict[str, tuple[str, str]], path: Path, whole: bool = False) -> None:
    """Raise `InputError` if a column that is declared as numbers holds something else or, if `whole`, is not there."""
    from pandas.api.types import is_numeric_dtype

    kinds = frame.dtypes  # to take each column out of the frame would copy what is said of all of them
    for column, (unit, _meaning) in columns.items():
        if column not in kinds:
            if whole:
                raise InputError(str(path), "", _("is damaged: it has no column {column!r}", column=column))
        elif unit not in TEXTS and not is_numeric_dtype(kinds[column]):
            raise InputError(str(path), "", _("is damaged: its column {column!r} does not hold numbers", column=column))


def unreadable(path: Path, said: dict[str, Any]) -> InputError:
    """Return the error that says that a document is not as this version writes it."""
    found = said.get("versions")
    version = found.get("clustersim", "unknown") if isinstance(found, dict) else "unknown"
    return InputError(str(path), "", _("this version cannot read it (written by clustersim {version})", version=version))
