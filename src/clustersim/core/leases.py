"""Whether somebody still works in a hidden folder: on this machine, in another container, or on another machine.

A process number means nothing elsewhere, and in a container the next process may have the same. So whoever makes a hidden folder
puts a lease into it: a file that he keeps locked, and whose time he renews. The lock goes with its holder, however he ends. It
proves something where both sides see the folder through the same kernel and the same mount; a network may know no locks, or keep
them to itself, and there only the time counts. It is the file system's own, so clocks need not agree.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import json
import os
import platform
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # no such locks on this system; times count
    fcntl = None  # type: ignore[assignment]

LEASE = ".lease"
BEAT_SECONDS = 30.0  # between two renewals
OLD_SECONDS = 86400.0  # without renewal, after which a folder counts as left where no lock proves it: a machine may have slept
_BOOT = Path("/proc/sys/kernel/random/boot_id")  # the same in all containers of a kernel


def take(folder: Path) -> int:
    """Put a lease into a folder that was just made, and return its open file.

    It appears whole and locked where the system can do that. So a folder is empty until it has its lease, and empty folders may
    be removed by anybody.

    Raises
    ------
    FileNotFoundError
        If somebody did remove it.
    """
    try:
        return _written(folder, os.open(folder, os.O_RDWR | os.O_TMPFILE | os.O_CLOEXEC, 0o600), folder / LEASE)
    except (OSError, AttributeError):  # files without a name are not known everywhere
        file = os.open(folder / LEASE, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o600)
        return _written(folder, file)


def _written(folder: Path, file: int, name: Path | None = None) -> int:
    """Lock an open file, say in it where that holds, and give it its name if it has none yet."""
    try:
        # That it is locked is written behind the lock: nobody tries a lock that is not had yet.
        os.write(file, json.dumps(_seen_through(folder) if _lock(file) else {}).encode())
        if name:
            os.link(f"/proc/self/fd/{file}", name, src_dir_fd=file)  # so given, the link of the process is followed
    except BaseException:
        os.close(file)
        raise
    return file


@contextlib.contextmanager
def held(folder: Path, file: int) -> Iterator[None]:
    """Hold the lease of a folder that was taken; give it back at the end."""
    try:
        with _beating(folder / LEASE):
            yield
    finally:
        os.close(file)


@contextlib.contextmanager
def making(folder: Path, alone: bool = False) -> Iterator[bool]:
    """Tell others that hidden folders are being made in a folder; say whether `alone`, with nobody who makes one.

    Only where folders can be locked; elsewhere, and while somebody else has locked this one, whoever loses an empty one makes
    another. Nobody waits: he who has locked the folder may be the same process, which writes into it.
    """
    with contextlib.ExitStack() as stack:
        locked = False
        with contextlib.suppress(OSError):
            file = os.open(folder, os.O_RDONLY)
            stack.callback(os.close, file)
            if fcntl is not None:
                fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
                locked = True
        yield locked


def has_one(folder: Path) -> bool:
    """Whether a folder has a lease, and so is of this program's making."""
    lease = folder / LEASE
    return lease.is_file() and not lease.is_symlink()


def is_left(folder: Path, old_seconds: float = OLD_SECONDS) -> bool:
    """Whether nobody works in a hidden folder any more; where that is not sure, or it has no lease, somebody does.

    Parameters
    ----------
    folder : Path
        The folder.
    old_seconds : float, optional
        Seconds without a sign of life after which it counts as left where no lock can prove it.
    """
    if not has_one(folder):
        return False
    said = _said(folder / LEASE)
    if said:
        with contextlib.suppress(OSError):
            file = os.open(folder / LEASE, os.O_RDWR)
            try:
                locked = _lock(file)
            finally:
                os.close(file)
            if locked is False:
                return False
            if locked and said == _seen_through(folder):
                return True
    try:
        with tempfile.TemporaryFile(prefix=".clustersim-clock-", dir=folder.parent) as clock:
            now = os.fstat(clock.fileno()).st_mtime
        signs = [path.stat().st_mtime for path in (folder, folder / LEASE) if path.exists()]
    except OSError:
        return False
    return bool(signs) and now - max(signs) > old_seconds


def _said(lease: Path) -> dict[str, object]:
    try:
        found = json.loads(lease.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _seen_through(folder: Path) -> dict[str, object]:
    """Return through which kernel and which mount this process sees a folder."""
    return {"kernel": _kernel(), "device": folder.stat().st_dev}


@functools.cache
def _kernel() -> str:
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return platform.node()


def _lock(file: int) -> bool | None:
    """Lock an open file, without waiting; False if another has locked it, None if it is not known here what is locked."""
    if fcntl is None:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in (errno.EWOULDBLOCK, errno.EACCES) else None
    return True


@contextlib.contextmanager
def _beating(path: Path) -> Iterator[None]:
    """Renew the time of a file every so often."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(BEAT_SECONDS):
            with contextlib.suppress(OSError):
                os.utime(path)

    with contextlib.suppress(RuntimeError):  # no thread can be had: the lock remains, or a day
        threading.Thread(target=beat, name="lease", daemon=True).start()
    try:
        yield
    finally:
        over.set()
