"""The one way to compile a function, and the compile cache that cannot go stale.

Numba keys a cached kernel by its own file only, so editing a kernel that another cached kernel calls would leave the
old answer. The cache folder is therefore keyed by a hash of *all* kernel sources and of the Numba, NumPy and Python
versions: any edit starts a fresh folder. The folder lies in the user's cache directory, so a read-only installation
works; ``CLUSTERSIM_CACHE`` names another place.

What lies in the cache is loaded and executed. A folder that anybody else may write, or put another in the place of, is therefore
not used, nor one inside it, whoever named it: not by ``CLUSTERSIM_CACHE``, not by ``XDG_CACHE_HOME``, not in a home that a group
may write. ``NUMBA_CACHE_DIR`` counts for nothing here.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import shutil
import stat
import sys
import tempfile
import time
from pathlib import Path

import numba
import numpy as np
from platformdirs import user_cache_path

PACKAGE = Path(__file__).parents[1]
KEEP_CACHES, KEEP_SECONDS = 4, 86400.0


def kernel_sources() -> list[Path]:
    """Every source file whose code ends up inside a compiled kernel, in a fixed order."""
    found = [PACKAGE / "core" / f"{name}.py" for name in ("accelerate", "draws", "schema")]
    return [*(path for path in found if path.exists()), *sorted((PACKAGE / "model").rglob("*.py"))]


def source_hash() -> str:
    """Return the hash (16 hex digits) of the kernel sources: the compile cache's own key."""
    digest = hashlib.sha256()
    for path in kernel_sources():
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def distrust(folder: Path) -> str:
    """Return why what lies in an existing folder may be somebody else's work; nothing if it can only be this user's or root's.

    Returns
    -------
    str
        ``link`` where the folder is a link, or lies beyond one of another user; ``owner`` where it, or one above, is another
        user's; ``open`` where others may write it, or one above without the sticky bit; else nothing.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from clustersim.core.accelerate import distrust
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     before = distrust(Path(folder))
    ...     Path(folder).chmod(0o777)
    ...     before, distrust(Path(folder))
    ('', 'open')
    """
    if os.name == "nt":
        return ""  # there a user's folders are closed to others unless he opens them
    folder = Path(os.path.abspath(folder))
    if folder.is_symlink():
        return "link"
    trusted = (0, os.getuid())
    for path in folder.parents:
        if path.is_symlink() and path.lstat().st_uid not in trusted:
            return "link"
    real = Path(os.path.realpath(folder))
    for path in (real, *real.parents):
        about = path.stat()
        if about.st_uid not in trusted:
            return "owner"
        others = about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if others and (path == real or not about.st_mode & stat.S_ISVTX):  # sticky: only owners rename what is there
            return "open"
    return ""


def _distrusted_inside(folder: Path) -> bool:
    """Whether something that lies in a folder may be somebody else's work, though the folder itself is not."""
    if os.name == "nt":
        return False
    entered = folder.stat().st_mode & (stat.S_IXGRP | stat.S_IXOTH)  # else nobody else reaches what is in it
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):  # another process has just given it its name
            about = path.lstat()
            others = entered and about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
            if others or stat.S_ISLNK(about.st_mode) or about.st_uid not in (0, os.getuid()):
                return True
    return False


def _usable(folder: Path) -> bool:
    """Make a folder of this user's own; whether it can be used. What speaks against it is noted in `REFUSED`."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        why = distrust(folder) or ("" if _writable(folder) else "closed")
    except OSError:
        why = "closed"
    if why:
        REFUSED.append((folder, why))
    return not why


REFUSED: list[tuple[Path, str]] = []  # folders that were not used for the cache, and why: see `distrust`, ``closed``, ``inside``


def cache_folder(key: str) -> Path:
    """Return a folder `key` in the first that can be used, with all that is in it, for kernels are loaded from there.

    The first of ``CLUSTERSIM_CACHE``, the user's cache directory, and his own in the temporary folder.
    """
    REFUSED.clear()
    asked = os.environ.get("CLUSTERSIM_CACHE")
    candidates = [Path(asked)] if asked else []
    users = user_cache_path("clustersim")  # ~/.cache/clustersim on Linux; unless a home is known it is no absolute path
    candidates += [users] if users.is_absolute() else []
    candidates += [Path(tempfile.gettempdir()) / f"clustersim-cache-{os.getuid()}"] if hasattr(os, "getuid") else []
    for folder in candidates:
        place = folder / key
        if _usable(folder) and _usable(place):
            if not _distrusted_inside(place):
                return place
            REFUSED.append((place, "inside"))
    return Path(tempfile.mkdtemp(prefix="clustersim-cache-")) / key


# Wrappers let Python call a kernel directly; they take most of the time that a kernel needs to compile, so only entry points
# have them. Tests of single kernels ask for all of them through this variable.
ALL_ENTRIES = os.environ.get("CLUSTERSIM_ALL_ENTRIES", "") == "1"


def _key() -> str:
    """Return the name of the folder for exactly these sources and versions."""
    versions = (numba.__version__, np.__version__, sys.version.split()[0], platform.machine())
    key = "|".join((source_hash(), str(ALL_ENTRIES), *versions))
    return hashlib.sha256(key.encode()).hexdigest()[:16]


CACHE = cache_folder(_key())
_COMPLETE = CACHE / "complete"


def is_warm() -> bool:
    """Whether a complete set of compiled kernels for exactly these sources is in the cache."""
    with contextlib.suppress(OSError):
        os.utime(_COMPLETE)  # so that it counts as used: see `mark_warm`
        return True
    return bool(numba.config.DISABLE_JIT)


def mark_warm() -> None:
    """Note that all kernels are compiled, and drop caches of other sources that nobody has used for a day, but the last few."""
    if numba.config.DISABLE_JIT or _COMPLETE.exists() or not _writable(CACHE):
        return
    _COMPLETE.touch()
    older = sorted((_last_used(path), path) for path in CACHE.parent.iterdir() if path.is_dir() and path != CACHE)
    for used, folder in older[: -KEEP_CACHES or None]:
        if time.time() - used > KEEP_SECONDS:  # a process of another version may still compile into it
            shutil.rmtree(folder, ignore_errors=True)


def _last_used(folder: Path) -> float:
    """Return when something was written into a cache last, or its kernels were asked for: in seconds since the epoch."""
    times = [0.0]
    for path in (folder, *folder.glob("*")):
        with contextlib.suppress(OSError):  # another process has just removed it
            times.append(path.stat().st_mtime)
    return max(times)


# Set in any case: else Numba would look where ``NUMBA_CACHE_DIR`` says, or beside the sources.
numba.config.CACHE_DIR = str(CACHE)


def kernel(function=None, *, entry: bool = False):
    """Compile a function: cached, without fastmath, with C division rules, releasing the interpreter lock.

    Numba's reference counting is left out (``_nrt=False``): handing sixty arrays to a helper would else cost sixty atomic
    operations, ten times the model's own work. A kernel therefore allocates nothing, which is wanted anyway.

    Parameters
    ----------
    function
        A function of arrays, records and numbers.
    entry
        True where Python itself calls the function; else only other kernels can.
    """
    inner = not (entry or ALL_ENTRIES)
    wrap = numba.njit(
        cache=True, error_model="numpy", nogil=True, fastmath=False, no_cpython_wrapper=inner, no_cfunc_wrapper=True, _nrt=False
    )
    return wrap if function is None else wrap(function)
