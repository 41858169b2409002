"""Whether this installation works, and how fast it starts."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any


def examine(results: Path) -> dict[str, Any]:
    """Return what there is to know of this installation: versions, machine, compile cache, whether kernels compile.

    Parameters
    ----------
    results : Path
        Folder that results would go to.

    Returns
    -------
    dict
        A JSON document; `ok` says whether scenarios can be run.
    """
    from clustersim.core import accelerate
    from clustersim.core.errors import InputError
    from clustersim.results import provenance
    from clustersim.results.storage import check_writable
    from clustersim.scenario.loading import shipped_scenarios

    warm = accelerate.is_warm()
    found: dict[str, Any] = {
        "versions": provenance.versions(),
        "machine": provenance.machine(),
        "threads": provenance.processors(),
        "kernel_sources": accelerate.source_hash(),
        "cache": {"folder": str(accelerate.CACHE), "warm": warm},
        "scenarios": list(shipped_scenarios()),
    }
    began = time.perf_counter()
    try:
        from clustersim.simulation.compiling import compile_kernels

        compile_kernels()
        found["compile"] = {"works": True, "seconds": round(time.perf_counter() - began, 2), "message": ""}
    except Exception as error:  # the doctor reports whatever goes wrong
        message = f"{type(error).__name__}: {error}".splitlines()[0]
        found["compile"] = {"works": False, "seconds": round(time.perf_counter() - began, 2), "message": message}
    try:
        check_writable(results)
        found["results"] = {"folder": str(results), "writable": True, "message": ""}
    except InputError as error:
        found["results"] = {"folder": str(results), "writable": False, "message": str(error)}
    found["ok"] = bool(found["compile"]["works"] and found["results"]["writable"] and found["scenarios"])
    return found

