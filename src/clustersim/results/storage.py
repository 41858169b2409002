"""Folders and files of results: a folder appears whole or not at all; what is read is checked."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clustersim.core.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

RUN, COMPARISON = "run.json", "comparison.json"  # what tells the folder of a run and of a comparison
_REFUSED = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ENOENT, errno.ELOOP,
    errno.EINVAL,
}  # fmt: skip


def _refusal(folder: Path, error: OSError) -> InputError:
    reason = error.strerror or "it cannot be written"
    if not reason.endswith("is not a folder"):
        reason = reason[0].lower() + reason[1:]
    return InputError(str(folder), "", f"cannot write into this folder: {reason}", "Name another with --out.")


def check_writable(folder: Path) -> None:
    """Raise `InputError` unless files can be written into `folder`, which need not exist yet; leave nothing behind."""
    try:
        nearest = folder.absolute()
        while not nearest.exists() and nearest != nearest.parent:
            nearest = nearest.parent
        if not nearest.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, f"{nearest.name} is not a folder")
        with tempfile.TemporaryDirectory(prefix=".clustersim-", dir=nearest):
            pass
    except OSError as error:
        raise _refusal(folder, error) from error


def is_result(folder: Path) -> bool:
    """Whether a folder holds a result: a run or a comparison."""
    return any((folder / name).is_file() for name in (RUN, COMPARISON))


@contextlib.contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """Give a hidden folder to write into; it takes the place of `folder` when all went well, else it vanishes.

    What an earlier result of the same run holds beside what is written anew (other records, pictures, a user's notes) is
    taken over. Leftovers of processes that were killed are removed.
    """
    shown, folder = folder, folder.absolute()
    check_free(shown)
    _sweep(folder.parent)
    made = [parent for parent in (folder.parent, *folder.parent.parents) if not parent.exists()]
    place = folder.parent / f".{folder.name}.partial-{os.getpid()}"
    aside = folder.parent / f".{folder.name}.old-{os.getpid()}"
    done = False
    try:
        try:
            place.mkdir(parents=True)
        except OSError as error:
            raise _refusal(shown.parent, error) from error
        yield place
        if folder.exists():
            folder.rename(aside)
        place.rename(folder)
        done = True
        if aside.exists():
            _take_over(aside, folder)
    except OSError as error:
        if error.errno in _REFUSED:
            raise _refusal(shown, error) from error
        raise
    finally:
        if not done and aside.exists() and not folder.exists():
            aside.rename(folder)
        shutil.rmtree(place, ignore_errors=True)
        shutil.rmtree(aside, ignore_errors=True)
        if not done:
            for parent in made:
                with contextlib.suppress(OSError):
                    parent.rmdir()


def check_free(folder: Path) -> None:
    """Raise `InputError` if something other than a result stands where a result is to be written."""
    if folder.exists() and not (folder.is_dir() and (is_result(folder) or not any(folder.iterdir()))):
        raise InputError(str(folder), "", "exists and is not a result; nothing was written", "Name another folder.")


def _take_over(old: Path, new: Path) -> None:
    """Move what only the old folder has into the new one."""
    for entry in sorted(old.iterdir()):
        if not (new / entry.name).exists():
            entry.rename(new / entry.name)


def _sweep(folder: Path) -> None:
    """Remove hidden leftovers of processes that no longer run."""
    for left in folder.glob(".*.partial-*"):
        number = left.name.rpartition("-")[2]
        if number.isdigit() and not _runs(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def read_run(folder: Path) -> dict[str, Any]:
    """Return what ``run.json`` of a result says.

    Raises
    ------
    InputError
        If there is none, or it is damaged.
    """
    path = folder / RUN
    if not folder.is_dir():
        raise InputError(str(folder), "", "there is no such folder")
    if (folder / COMPARISON).is_file():
        raise InputError(str(folder), "", "is a comparison, not a run", "Read it with clustersim.read_comparison.")
    if not path.is_file():
        raise InputError(str(folder), "", "is not a result: it has no run.json")
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(str(path), "", "is damaged: it is not a JSON document") from error
    if not isinstance(run, dict):
        raise InputError(str(path), "", "is damaged: it is not a JSON object")
    return run


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """Return one table of a result, with its units.

    Raises
    ------
    InputError
        If it is missing or damaged.
    """
    import pandas as pd
    import pyarrow

    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise InputError(str(path), "", "is missing from the result")
    try:
        frame = pd.read_parquet(path, engine="pyarrow")
    except (OSError, pyarrow.ArrowException) as error:
        raise InputError(str(path), "", "is damaged: it is not a Parquet file") from error
    for column in ("cluster", "firm") if name == "register" else ("replicate", "cluster", "quarter"):
        if column not in frame:
            raise InputError(str(path), "", f"is damaged: it has no column {column!r}")
    return frame
