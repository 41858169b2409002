"""Files and folders that appear whole or not at all, and files that are read with care.

What is written gets a hidden name that nobody can guess, made new (never through a link that lies there), is put on the disk,
and takes its place at the end. What a killed process left is known by its lease (`leases.py`): half-written files are
removed, and what was set aside for a new folder comes back. A folder without a lease may be anybody's, whatever its name, and is
left alone, unless it is empty.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from clustersim.core import leases
from clustersim.core.errors import InputError, door
from clustersim.core.words import _

PARTIAL, OLD = ".partial-", ".old-"  # what is half-written; what stood there before, which is never swept away
_HIDDEN = re.compile(r"\..*\.(partial|old)-lease-[0-9a-z_]+", re.DOTALL)
TRIES, PAUSE = 20, 0.05  # with others who put their folders in the same place; seconds
_OCCUPIED = {errno.ENOTEMPTY, errno.EEXIST}
_REFUSED = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ENOENT, errno.ELOOP,
    errno.EINVAL,
}  # fmt: skip


# writing


@contextlib.contextmanager
def _hidden_folder(beside: Path, what: str = PARTIAL) -> Iterator[Path]:
    """Make a folder with a name that nobody can guess, and hold its lease; it vanishes with all that is left in it.

    What was set aside does not vanish when something went wrong.
    """
    place, lease = _taken(beside.parent, f".{beside.name.lstrip('.')[:64]}{what}lease-")
    kept = False
    try:
        with leases.held(place, lease):
            try:
                yield place
            except BaseException:
                kept = what == OLD
                raise
            finally:
                if not kept:
                    _empty(place)  # while the lease is held: else others may bring back what is being removed
    finally:
        if not kept or _is_empty(place):
            remove(place)


def _taken(parent: Path, prefix: str) -> tuple[Path, int]:
    """Make a folder with a lease; try again when it is swept away as empty before it has one."""
    for _again in range(TRIES):
        with leases.making(parent):
            place = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
            with contextlib.suppress(FileNotFoundError):
                return place, leases.take(place)
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(parent))


def write(path: Path, data: bytes | str, replace: bool = True) -> Path:
    """Write a file so that it is there whole, and on the disk, or not at all.

    Parameters
    ----------
    path : Path
        The file, in an existing folder.
    data : bytes or str
        Its content; text is written as UTF-8.
    replace : bool, optional
        False raises `FileExistsError` if there is one of that name.

    Raises
    ------
    OSError
        If the system refuses; nothing is left behind.
    """
    with appearing(path, replace) as place, open(place, "xb", buffering=0) as file:
        view = memoryview(data.encode() if isinstance(data, str) else data)
        while view:
            view = view[file.write(view) :]
    return path


@contextlib.contextmanager
def appearing(path: Path, replace: bool = True) -> Iterator[Path]:
    """Give the name of a hidden file to write; it takes the place of `path` when all went well, else it vanishes.

    Raises
    ------
    InputError
        If a device, a pipe or the like stands there: it is nothing to be replaced, and root could.
    """
    if _is_no_file(path):
        raise InputError(str(path), "", _("is a device or a pipe, not a file; nothing was written"), _("Name another file."))
    with _hidden_folder(path) as hidden:
        place = hidden / path.name
        yield place
        _sync(place)
        if replace or not _linked(place, path):
            os.replace(place, path)
    sync_folder(path.parent)


def _is_no_file(path: Path) -> bool:
    """Whether something stands there that is neither file nor folder, or a name of what a process has open (/dev/stdout)."""
    opened = path.is_symlink() and os.readlink(path).startswith("/proc/")
    return opened or (path.exists() and not path.is_file() and not path.is_dir())


def _linked(source: Path, target: Path) -> bool:
    """Give a file a second name, which must be free; return False where the file system knows no such names."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        if target.exists():
            raise FileExistsError(f"{target} is there already") from None
        return False
    return True


@contextlib.contextmanager
def appearing_together(folder: Path, last: str = "") -> Iterator[Path]:
    """Give a hidden folder inside `folder`, which must exist; its files take their places there when all went well, else vanish.

    Folders in it are kept, one deep; a link in the place of one makes way. Files of the same names are replaced, one after the
    other; `last` is the name of the one that speaks of the others.
    """
    with _hidden_folder(folder / "files") as hidden:
        place = hidden / "files"
        place.mkdir()
        yield place
        made = sorted((path for path in place.rglob("*") if path.is_file()), key=lambda path: (path == place / last, path))
        for path in made:
            _sync(path)
        for path in made:
            target = folder / path.relative_to(place)
            if target.parent != folder and target.parent.is_symlink():
                target.parent.unlink()
            target.parent.mkdir(exist_ok=True)
            os.replace(path, target)
    for target in {folder, *(folder / path.relative_to(place).parent for path in made)}:
        sync_folder(target)


def comes_true(test: Callable[[], bool]) -> bool:
    """Whether a test holds within a second: a network shows late, and one by one, the files that another machine wrote."""
    for _again in range(TRIES):
        if test():
            return True
        time.sleep(PAUSE)
    return test()


@contextlib.contextmanager
def appearing_folder(folder: Path) -> Iterator[Path]:
    """Give a hidden folder to fill; it takes the place of `folder` when all went well, else it vanishes.

    An older folder stays untouched until then; what only it holds is taken over. Folders above are made if need be.

    Raises
    ------
    InputError
        If the system refuses that anything is written there.
    """
    shown, folder = folder, folder.absolute()
    made = [parent for parent in (folder.parent, *folder.parent.parents) if not parent.exists()]
    done = False
    try:
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            sweep_leftovers(folder.parent)
        except OSError as error:
            raise refusal(shown.parent, error) from error
        with _hidden_folder(folder) as hidden:
            place = hidden / folder.name
            place.mkdir()
            yield place
            for path in place.rglob("*"):
                _sync(path)
            _take_place(place, folder)
            done = True
        sync_folder(folder.parent)
    except OSError as error:
        if error.errno in _REFUSED:
            raise refusal(shown, error) from error
        raise
    finally:
        if not done:
            for parent in made:
                with contextlib.suppress(OSError):
                    parent.rmdir()


def _take_place(place: Path, folder: Path) -> None:
    """Put one folder where another stood, if it did, whose other content it takes over.

    Others may do the same at the same time: what one finds there then is set aside as well, and the last one stays.
    """
    with contextlib.ExitStack() as stack:
        olds: list[Path] = []
        try:
            for attempt in range(TRIES):
                try:
                    place.rename(folder)
                    break
                except OSError as error:
                    if attempt == TRIES - 1 or not (error.errno in _OCCUPIED or folder.is_symlink()):
                        raise
                olds.append(stack.enter_context(_hidden_folder(folder, OLD)) / folder.name)
                with contextlib.suppress(FileNotFoundError):  # another was faster
                    folder.rename(olds[-1])
        except BaseException:
            for old in olds:
                with contextlib.suppress(OSError):  # if it cannot go back it stays where it is: see `sweep_leftovers`
                    old.rename(folder)
            raise
        for old in olds:
            _take_over(old, folder)


def _take_over(old: Path, new: Path) -> None:
    """Move what only the old folder has into the new one, which another may replace at the same time.

    Where the old one was a link only the link was here: what it leads to is somebody's, and stays where it is.
    """
    for _again in range(TRIES):  # another, whose new folder this was, may just be moving something into it
        if not old.is_dir() or old.is_symlink():
            break
        for entry in sorted(old.iterdir()):
            _take_one_over(entry, new)
        with contextlib.suppress(OSError):
            old.rmdir()


def _take_one_over(entry: Path, new: Path) -> None:
    """Move a file or folder of an old folder into the new one, or remove it if there is one of that name."""
    for attempt in range(TRIES):
        if (new / entry.name).exists():
            break
        try:
            entry.rename(new / entry.name)
            return
        except OSError as error:
            if error.errno in _OCCUPIED:
                break
            if not isinstance(error, FileNotFoundError) or attempt == TRIES - 1:
                raise
            time.sleep(PAUSE)
    with contextlib.suppress(OSError):
        remove(entry)


def _sync(path: Path) -> None:
    """Have the content of a file put on the disk."""
    if not path.is_file():
        return
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Have the entries of a folder put on the disk."""
    if os.name == "nt":
        return  # a folder cannot be opened there
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep_leftovers(folder: Path, old_seconds: float = leases.OLD_SECONDS) -> None:
    """Remove what was left half-written in a folder, and bring back what was left set aside; touch nothing that is in work.

    Parameters
    ----------
    folder : Path
        The folder.
    old_seconds : float, optional
        Seconds without a sign of life after which something counts as left where no lock can prove it.
    """
    for path, what in _hidden_folders(folder):
        with contextlib.suppress(OSError):
            if not _removed_empty(path) and leases.is_left(path, old_seconds):
                remove(path) if what == PARTIAL else _bring_back(path)


def _hidden_folders(folder: Path) -> list[tuple[Path, str]]:
    """Return what in a folder is named as `_hidden_folder` names, and what each is: `PARTIAL` or `OLD`."""
    found = [(path, _HIDDEN.fullmatch(path.name)) for path in sorted(folder.glob(".*"))]
    return [(path, f".{name[1]}-") for path, name in found if name and path.is_dir() and not path.is_symlink()]


def _removed_empty(folder: Path) -> bool:
    """Remove a folder if nothing is in it: its maker was killed before it had a lease, or when nothing else was left."""
    with leases.making(folder.parent, alone=True) as alone, contextlib.suppress(OSError):
        if alone:
            folder.rmdir()
            return True
    return False


def _bring_back(aside: Path) -> None:
    """Put what was set aside into its place; where there is a newer folder this takes over what only the old one has."""
    for old in [entry for entry in aside.iterdir() if entry.name != leases.LEASE]:
        place = aside.parent / old.name
        try:
            old.rename(place)
        except OSError:
            if place.is_symlink() or not (old.is_dir() and place.is_dir()):
                raise
            _take_over(old, place)
    remove(aside)


def set_aside(folder: Path) -> list[tuple[Path, Path]]:
    """Return what was set aside in a folder and is not in its place: where it is, and where it belongs."""
    found = []
    for aside, what in _hidden_folders(folder):
        with contextlib.suppress(OSError):
            if what == OLD and leases.has_one(aside):
                found += [(old, folder / old.name) for old in aside.iterdir() if old.name != leases.LEASE]
    return [(old, place) for old, place in found if not os.path.lexists(place)]


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it, its lease last; a link is removed, not what it leads to."""
    if path.is_dir() and not path.is_symlink():
        _empty(path)
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _empty(folder: Path) -> None:
    """Remove all that is in a folder but its lease."""
    with contextlib.suppress(OSError):
        for entry in folder.iterdir():
            if entry.name != leases.LEASE:
                remove(entry)


def _is_empty(folder: Path) -> bool:
    """Whether there is nothing in a folder but its lease."""
    return not folder.is_dir() or all(entry.name == leases.LEASE for entry in folder.iterdir())


def check_writable(folder: Path) -> None:
    """Raise `InputError` unless files can be written into `folder`, which need not exist yet; leave nothing behind."""
    try:
        nearest = folder.absolute()
        while not nearest.exists() and nearest != nearest.parent:
            nearest = nearest.parent
        if not nearest.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, _("{name} is not a folder", name=nearest.name))
        with _hidden_folder(nearest / "clustersim"):
            pass
    except OSError as error:
        raise refusal(folder, error) from error


def refusal(folder: Path, error: OSError) -> InputError:
    """Return the error that says why nothing can be written into a folder."""
    if isinstance(error, NotADirectoryError) and not error.filename:
        reason = str(error.strerror)
    else:
        reason = error.strerror or _("it cannot be written")
        reason = reason[0].lower() + reason[1:]
    return InputError(str(folder), "", _("cannot write into this folder: {reason}", reason=reason),
                      door(command=_("Name another with --out."), python=""))  # fmt: skip


# reading


def name_of(folder: Path) -> str:
    """Return the name of a folder, also of one that is called ``.`` or ``..``.

    Examples
    --------
    >>> from pathlib import Path
    >>> from clustersim.core.files import name_of
    >>> name_of(Path("results/organic")), name_of(Path(".")) == Path.cwd().resolve().name
    ('organic', True)
    """
    return folder.resolve().name if folder.name in ("", "..") else folder.name


def json_object(path: Path, data: bytes) -> dict[str, Any]:
    """Return the JSON object that the bytes of a file are.

    Raises
    ------
    InputError
        If they are none.
    """
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(str(path), "", _("is damaged: it is not a JSON document")) from error
    if not isinstance(found, dict):
        raise InputError(str(path), "", _("is damaged: it is not a JSON object"))
    return found
