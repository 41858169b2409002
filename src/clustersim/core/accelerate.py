"""The one way to compile a function, and the compile cache that cannot go stale.

Numba keys a cached kernel by its own file only, so editing a kernel that another cached kernel calls would leave the
old answer. The cache folder is therefore keyed by a hash of *all* kernel sources and of the Numba, NumPy and Python
versions: any edit starts a fresh folder. The folder lies in the user's cache directory, so a read-only installation
works; ``CLUSTERSIM_CACHE`` names another place.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import tempfile
from pathlib import Path

import numba
import numpy as np
from platformdirs import user_cache_path

PACKAGE = Path(__file__).parents[1]
KEEP_CACHES = 4


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


def cache_root() -> Path:
    """Return the first writable of: ``CLUSTERSIM_CACHE``, the user's cache directory, a temporary folder."""
    asked = os.environ.get("CLUSTERSIM_CACHE")
    candidates = [Path(asked)] if asked else []
    users = user_cache_path("clustersim")  # ~/.cache/clustersim on Linux; unless a home is known it is no absolute path
    candidates += [users] if users.is_absolute() else []
    for folder in candidates:
        if _writable(folder):
            return folder
    return Path(tempfile.mkdtemp(prefix="clustersim-cache-"))


# Wrappers let Python call a kernel directly; they take most of the time that a kernel needs to compile, so only entry points
# have them. Tests of single kernels ask for all of them through this variable.
ALL_ENTRIES = os.environ.get("CLUSTERSIM_ALL_ENTRIES", "") == "1"


def _cache_folder() -> Path:
    versions = (numba.__version__, np.__version__, sys.version.split()[0], platform.machine())
    key = "|".join((source_hash(), str(ALL_ENTRIES), *versions))
    return cache_root() / hashlib.sha256(key.encode()).hexdigest()[:16]


CACHE = _cache_folder()
_COMPLETE = CACHE / "complete"


def is_warm() -> bool:
    """Whether a complete set of compiled kernels for exactly these sources is in the cache."""
    return _COMPLETE.exists() or bool(numba.config.DISABLE_JIT)


def mark_warm() -> None:
    """Note that all kernels are compiled, and drop the caches of older sources but the last few."""
    if numba.config.DISABLE_JIT or _COMPLETE.exists() or not _writable(CACHE):
        return
    _COMPLETE.touch()
    older = sorted((p for p in CACHE.parent.iterdir() if p.is_dir() and p != CACHE), key=lambda p: p.stat().st_mtime)
    for folder in older[: -KEEP_CACHES or None]:
        for path in sorted(folder.rglob("*"), reverse=True):
            path.unlink() if not path.is_dir() else path.rmdir()
        folder.rmdir()


if _writable(CACHE):
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
