"""The folder of a result: it appears whole or not at all; what is read from it is checked."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from clustersim.core.errors import InputError
from clustersim.core.files import appearing_folder, check_writable, comes_true, json_object, write
from clustersim.core.words import _
from clustersim.model.state import PHASES
from clustersim.results import manifest
from clustersim.results.provenance import numbers_said
from clustersim.results.tables import DATA_DICTIONARY

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "COMPARISON", "RUN", "check_free", "check_numbers", "check_writable", "has", "is_result", "places_in", "read_document",
    "read_facts", "read_indicators", "read_parquet", "read_table", "replaced", "unreadable", "write_tables",
]  # fmt: skip

TEXTS = ("name", "id", "text")  # what stands for a unit where a column holds no numbers
WITH_PHASES = {"indicators": ("phase",), "phases": ("from", "to")}  # tables and their columns
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
    for column in WITH_PHASES.get(name, ()):
        if column not in frame:
            raise InputError(str(path), "", _("is damaged: it has no column {column!r}", column=column))
        frame[column] = _as_phases(frame[column], path)
    return frame


def read_indicators(folder: Path, said: dict[str, Any]) -> pd.DataFrame:
    """Return the indicators of a run that says so of itself: each replicate, cluster and quarter once.

    Raises
    ------
    InputError
        If they are missing or damaged.
    KeyError, TypeError, ValueError
        If the run does not say what replicates, clusters and quarters it has.
    """
    frame, path = read_table(folder, "indicators"), folder / "indicators.parquet"
    if not (0 < said["replicates"] <= len(frame) and 0 < said["quarters"] <= len(frame)):
        raise ValueError("replicates, quarters")
    clusters = [cluster["name"] for cluster in said["scenario"]["place"]["clusters"]]
    places_in({"replicate": numbers_said(said), "cluster": clusters, "quarter": range(said["quarters"])}, frame, path)
    return frame


def places_in(grid: Mapping[str, Sequence[Any]], frame: pd.DataFrame, path: Path) -> NDArray[np.int64]:
    """Return the place of each row of a table in the grid of the values of some columns, which must be the whole of it.

    Raises
    ------
    InputError
        If the table does not hold each combination of these values exactly once: its numbers would be taken for others.
    """
    import pandas as pd

    place, size, sound = np.zeros(len(frame), np.int64), 1, True
    for column, values in grid.items():
        values = list(dict.fromkeys(values))
        found = pd.Categorical(frame[column])  # looks each value up once, however many rows there are
        codes = np.append(pd.Index(values).get_indexer(found.categories), -1)[found.codes]
        place, size, sound = place * len(values) + codes, size * len(values), sound and bool((codes >= 0).all())
    if not (sound and len(frame) == size and (np.bincount(place, minlength=size) == 1).all()):
        said = _("is damaged: it does not hold each combination of {columns} once", columns=", ".join(grid))
        raise InputError(str(path), "", said)
    return place


def _as_phases(column: pd.Series, path: Path) -> pd.Series:
    """Return phases as categories in the order of the model, whatever order another program gave them."""
    import pandas as pd

    found = pd.Categorical(column.astype(object).where(column.isin(PHASES)), categories=PHASES)
    if (found.codes < 0).any():
        raise InputError(str(path), "", _("is damaged: its column {column!r} does not hold phases", column=str(column.name)))
    return pd.Series(found, column.index, name=column.name)


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
