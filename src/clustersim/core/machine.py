"""What this process may use of its machine: processors and memory, limits of containers and batch jobs included.

A machine of 64 processors may give a process two of them: by its affinity mask (``taskset``, SLURM) or by the quota of its
control group (containers). Linux tells both; control groups are told in two versions, and a limit of any group above counts too.
"""

from __future__ import annotations

import contextlib
import gc
import math
import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

GROUPS, HIERARCHIES = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")
ASSUMED = 2**32  # bytes, where the system does not tell its memory
BATCHES_SHARE = 0.25  # of memory, for all batches that are in work at the same time
BATCH_BYTES_MAX = 2**30  # more at a time makes nothing faster


def _groups(controller: str) -> Iterator[Path]:
    """Yield the folders of this process's control groups and of all above them that may limit a controller."""
    try:
        lines = GROUPS.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return
    for line in lines:
        _, _, rest = line.partition(":")
        names, _, path = rest.partition(":")
        if names == "":
            tops = [HIERARCHIES, HIERARCHIES / "unified"]
        elif controller in names.split(","):
            tops = [HIERARCHIES / controller, HIERARCHIES / names]
        else:
            continue
        parts = [part for part in path.split("/") if part not in ("", "..")]
        for top in tops:
            # Inside a container the path may be that of the host, which is not there: the top is then the group itself.
            yield from (top.joinpath(*parts[:length]) for length in range(len(parts), -1, -1))


def _number(path: Path) -> float | None:
    """Return the number that a file holds; None if there is no such file, or it says ``max`` or -1."""
    try:
        value = float(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return value if value > 0 else None


def _quota(group: Path) -> float | None:
    """Return the processors that a control group may keep busy."""
    try:
        allowed, period = (group / "cpu.max").read_text(encoding="utf-8").split()
        return float(allowed) / float(period)
    except (OSError, ValueError, ZeroDivisionError):
        pass
    quota, length = _number(group / "cpu.cfs_quota_us"), _number(group / "cpu.cfs_period_us")
    return None if quota is None or length is None else quota / length


def processors() -> int:
    """Return how many processors this process may use: those of its affinity mask, no more than its control groups' quotas."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quotas = [quota for group in _groups("cpu") if (quota := _quota(group)) is not None]
    return max(1, min([count, *(math.ceil(quota) for quota in quotas)]))


def memory() -> int:
    """Return the bytes of memory of this machine, or of the part that this process may use; 0 if the system does not tell."""
    try:
        physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return 0
    limits = [limit for group in _groups("memory") for name in ("memory.max", "memory.limit_in_bytes")
              if (limit := _number(group / name)) is not None]  # fmt: skip
    return int(min([physical, *limits]))


def address_space() -> int:
    """Return the bytes of address space that a limit (``ulimit -v``) gives this process; 0 if there is none."""
    try:
        import resource
    except ImportError:
        return 0
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return 0 if limit == resource.RLIM_INFINITY else int(limit)


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Leave out the search for objects in cycles: where millions of cells come to stay, it finds nothing and costs a tenth.

    Examples
    --------
    >>> import gc
    >>> from clustersim.core.machine import uncollected
    >>> with uncollected():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def batch_bytes(together: int = 1) -> int:
    """Return the bytes of memory for a batch of simulations.

    Parameters
    ----------
    together : int, optional
        Batches in work at the same time.
    """
    return int(min(BATCH_BYTES_MAX, BATCHES_SHARE * (memory() or ASSUMED) / together))


def machine_class() -> dict[str, Any]:
    """Return the class of this machine: system, architecture, processors, memory to the power of two above it."""
    gib = memory() / 2**30
    size = f"up to {2 ** max(0, int(gib - 1e-9).bit_length())} GiB" if gib else "unknown"
    return {"system": platform.system(), "architecture": platform.machine(), "processors": processors(), "memory": size}
