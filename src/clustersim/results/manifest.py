"""The hashes of a result's files, which lie beside them: what is read is checked, and damage is told.

``files.json`` holds for each file of the folder, pictures and pages too, its size and its SHA-256, and at the end the hash of
what it says itself. Files that it does not name are the user's own.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from clustersim.core.errors import FILE_MOST, InputError, Unchecked, caution, cut
from clustersim.core.files import appearing_together, refusal, write
from clustersim.core.words import _

FORMAT = 1
FILES = "files.json"
SEALS = {name: f"{name}.{FILES}" for name in ("selection", "validation", "evidence")}  # what may lie among a user's own files

Entries = dict[str, dict[str, Any]]  # by name of the file, with slashes: bytes, sha256


def seal(folder: Path, before: Path | None = None, name: str = FILES) -> Path:
    """Write the hashes of all files in a folder.

    Parameters
    ----------
    folder : Path
        The folder, with everything in it.
    before : Path, optional
        An older folder, whose other files will be taken over: they keep their hashes.
    name : str, optional
        Name of the file that holds the hashes.
    """
    there = [path for path in sorted(folder.rglob("*")) if path.is_file() and path != folder / name]
    entries = {_name(path, folder): _entry(path) for path in there}
    if before is not None:
        with contextlib.suppress(InputError):
            old = entries_of(before, name) or {}
            entries |= {file: said for file, said in old.items() if not (folder / file.partition("/")[0]).exists()}
    return write(folder / name, _rendered(entries))


@contextlib.contextmanager
def adding(folder: Path) -> Iterator[Path]:
    """Give a hidden folder to fill, of which all takes its place in `folder` together, the hashes last; those of others stay."""
    with _alone(folder), appearing_together(folder, last=FILES) as place:
        yield place
        seal(place, before=folder)


def add(folder: Path, path: Path, make: Callable[[], object], begin: bool = False) -> None:
    """Call `make`, which writes the file `path` of a sealed folder, and note its hash.

    A folder without hashes stays without, unless they are to `begin` with this file.
    """
    with _alone(folder):
        entries = entries_of(folder)
        if entries is None and begin:
            entries = {}
        if entries is None:
            make()
            return
        file = _name(path, folder)
        try:
            if entries.pop(file, None):  # until the new one is whole it is nobody's: a kill leaves no hash of another page
                write(folder / FILES, _rendered(entries))
            make()
            write(folder / FILES, _rendered(entries | {file: _entry(path)}))
        except OSError as error:
            raise refusal(folder, error) from error


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let others who add to the same folder wait, where the system knows locks of folders."""
    try:
        import fcntl

        file = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        yield
        return
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def entries_of(folder: Path, name: str = FILES) -> Entries | None:
    """Return what is said of each file; None if there are no hashes.

    Raises
    ------
    InputError
        If the file that holds the hashes is damaged.
    """
    path = folder / name
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(str(path), "", _("cannot be read: {reason}", reason=error.strerror)) from error
    try:
        content = json.loads(data)
        form, entries = content["format"], content["files"]
        sound = form != FORMAT or data == _rendered(entries)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        sound = False
    if not sound:
        raise InputError(str(path), "", _("is damaged: its content does not match its hash"))
    if form != FORMAT:
        raise InputError(str(path), "", _("this version cannot read it"))
    return dict(entries)


def read(folder: Path, file: str) -> bytes:
    """Return the bytes of a file of a result, checked against its hash.

    Where there is none, a warning says so: `Unchecked`.

    Raises
    ------
    InputError
        If it is missing, or not what was written.
    """
    entries = entries_of(folder)
    while True:
        try:
            data = (folder / file).read_bytes()
            reason = _fault(entries[file], len(data), hashlib.sha256(data).hexdigest()) if entries and file in entries else ""
        except FileNotFoundError:
            data, reason = b"", _("is missing from the result")
        except OSError as error:
            raise InputError(str(folder / file), "", _("cannot be read: {reason}", reason=error.strerror)) from error
        if not reason:
            break
        before, entries = entries, entries_of(folder)
        if entries == before:  # else a newer result has taken the place meanwhile
            raise InputError(str(folder / file), "", reason)
    if entries is not None and file not in entries:
        warn(folder / file)
    return data


def warn(path: Path) -> None:
    """Say that a result, or a file of it, cannot be checked."""
    said = _("{path} was written without hashes; whether it is damaged cannot be told", path=cut(str(path), FILE_MOST))
    caution(said, Unchecked, stacklevel=3)


def check_sealed(folder: Path, said: Any) -> None:
    """Raise `InputError` if the hashes of a result are gone; warn if it never had any.

    Parameters
    ----------
    folder : Path
        The result's folder.
    said : dict
        What the result says of itself; under ``files``, where its hashes are.
    """
    if entries_of(folder) is None:
        if said.get("files") == FILES:
            raise InputError(str(folder / FILES), "", _("is missing from the result"))
        warn(folder)


def damaged(folder: Path, name: str = FILES) -> list[dict[str, str]]:
    """Return the files of a sealed folder that are missing, or not what was written: ``file`` and ``reason`` of each."""
    try:
        entries = entries_of(folder, name)
    except InputError as error:
        return [{"file": name, "reason": error.message}]
    found = []
    for file, said in (entries or {}).items():
        path = folder / file
        try:
            reason = _fault(said, path.stat().st_size, _entry(path)["sha256"])
        except FileNotFoundError:
            reason = _("is missing from the result")
        except OSError as error:
            reason = _("cannot be read: {reason}", reason=error.strerror)
        if reason:
            found.append({"file": file, "reason": reason})
    return found


def check(folder: Path) -> None:
    """Raise `InputError` if a file of a result is missing, or not what was written."""
    for said in damaged(folder):
        raise InputError(str(folder / said["file"]), "", said["reason"])


def _fault(said: dict[str, Any], size: int, hash_: str) -> str:
    if size != said["bytes"]:
        return _("is damaged: it has {n} bytes, and had {before} when it was written", n=size, before=said["bytes"])
    return "" if hash_ == said["sha256"] else _("is damaged: its bytes are not those that were written")


def _entry(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _rendered(entries: Entries) -> bytes:
    """Return the bytes of the file that holds hashes; there are no others of the same content."""
    files = {file: {key: said[key] for key in ("bytes", "sha256")} for file, said in entries.items()}
    content = {"format": FORMAT, "files": files}
    own = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return (json.dumps(content | {"sha256": own}, indent=1) + "\n").encode()
