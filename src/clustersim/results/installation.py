"""Whether this installation works: everything that is vouched for is imported and used once, and a small model counted again.

``python -m clustersim.results.installation`` writes the numbers of the small model anew, `known_numbers.json`: after a change of
the model's numbers that is meant.
"""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
import time
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from clustersim.core.errors import InputError, said_by
from clustersim.core.interrupts import answered_as_before
from clustersim.core.words import N_, _

KNOWN = Path(__file__).with_name("known_numbers.json")
CLOSE = 1e-9  # relative, where the C library rounds differently
QUARTERS, REPLICATES, SEED = 8, 2, 1
SMALL: dict[str, Any] = {
    "title": "small",
    "place": {"clusters": [{"name": "first", "tractors": 2, "smes": 20}, {"name": "second", "tractors": 1, "smes": 10}]},
    "programme": {"stages": [{"name": "only", "quarters": QUARTERS, "instruments": [
        {"use": "facilitator", "per_year": 80.0}, {"use": "association_founding", "per_year": 40.0},
        {"use": "rd_tax_credit", "per_year": 100.0}]}]},
}  # fmt: skip
# Why a folder is not used for the compile cache; see `clustersim.core.accelerate.distrust`.
REASONS = {
    "link": N_("it is a link, or lies beyond a link of another user"),
    "owner": N_("it, or a folder above it, belongs to another user"),
    "open": N_("others may write it, or a folder above it"),
    "closed": N_("it cannot be written"),
    "inside": N_("something in it is a link, or another user's, or others may write it"),
}
EXTRAS = {"netcdf": "netCDF4", "dask": "distributed", "jobqueue": "dask_jobqueue", "duckdb": "duckdb", "report": "jinja2"}

Check = Callable[[Path], str]


def examine(results: Path, more: Mapping[str, Check] | None = None) -> dict[str, Any]:
    """Return what there is to know of this installation: versions, machine, compile cache, and what works.

    Parameters
    ----------
    results : Path
        Folder that results would go to.
    more : mapping, optional
        Further checks by name. Each gets an empty folder, returns a remark or nothing, and raises what is wrong.

    Returns
    -------
    dict
        A JSON document; `ok` says whether all of it works. `checks` holds, by name, whether each part is installed and works,
        its version, the seconds that it took, and a message.
    """
    from clustersim.core import accelerate, machine
    from clustersim.results import provenance
    from clustersim.results.storage import check_writable
    from clustersim.scenario.loading import shipped_scenarios

    warm = accelerate.is_warm()
    found: dict[str, Any] = {
        "versions": provenance.versions(),
        "machine": machine.machine_class(),
        "threads": machine.processors(),
        "kernel_sources": accelerate.source_hash(),
        "cache": {"folder": str(accelerate.CACHE), "warm": warm,
                  "refused": [{"folder": str(folder), "reason": _(REASONS[why])} for folder, why in accelerate.REFUSED]},
        "scenarios": list(shipped_scenarios()),
    }  # fmt: skip
    checks = {name: _tried(name, check) for name, check in (CHECKS | dict(more or {})).items()}
    found["compile"] = {key: checks["kernels"][key] for key in ("works", "seconds", "message")}
    found["checks"] = checks
    try:
        check_writable(results)
        found["results"] = {"folder": str(results), "writable": True, "message": ""}
    except InputError as error:
        found["results"] = {"folder": str(results), "writable": False, "message": str(error)}
    works = all(check["works"] or not check["installed"] for check in checks.values())
    found["ok"] = bool(works and found["results"]["writable"] and found["scenarios"])
    return found


def _tried(name: str, check: Check) -> dict[str, Any]:
    """Return what became of a check; a part that is an extra, and not installed, is no fault."""
    package = {"mesa": "mesa", "parquet": "pyarrow", "figures": "matplotlib"}.get(name) or EXTRAS.get(name)
    version = _version(package) if package else ""
    said = {"installed": not (name in EXTRAS and not version), "works": False, "version": version, "seconds": 0.0, "message": ""}
    if not said["installed"]:
        return said
    began = time.perf_counter()
    try:
        with tempfile.TemporaryDirectory(prefix="clustersim-doctor-") as folder:
            said["message"] = check(Path(folder))
        said["works"] = True
    except (Exception, SystemExit) as error:  # the doctor reports whatever goes wrong
        said["message"] = str(error) if isinstance(error, InputError) else said_by(error)
    return said | {"seconds": round(time.perf_counter() - began, 2)}


def _version(package: str) -> str:
    names = metadata.packages_distributions().get(package, ())
    return metadata.version(names[0]) if names else ""


# What is tried; each check raises where something is wrong.


def _kernels(folder: Path) -> str:
    from clustersim.simulation.compiling import compile_kernels

    compile_kernels()
    return ""


def small_model() -> np.ndarray:
    """Return the indicators of the small model: an array (quarter, replicate and cluster, indicator)."""
    from clustersim.scenario.model import Scenario
    from clustersim.simulation.engine import Simulation

    return Simulation(Scenario.model_validate(SMALL), SEED, range(REPLICATES)).advance(QUARTERS).indicators


def rounding() -> str:
    """Return a fingerprint of how this machine's C library rounds."""
    values = [f(1.0 + k / 977.0) for k in range(4000) for f in (math.exp, math.log, math.cos, lambda x: x**0.37)]
    return hashlib.sha256(np.array(values).tobytes()).hexdigest()[:16]


def known(record: np.ndarray) -> dict[str, Any]:
    """Return what is kept of the small model: a digest of every bit, and the numbers of its last quarter."""
    return {"rounding": rounding(), "digest": hashlib.sha256(np.ascontiguousarray(record).tobytes()).hexdigest(),
            "last": record[-1].tolist()}  # fmt: skip


def _numbers(folder: Path) -> str:
    """Compare the small model with what is kept: to the last bit where the C library is the same, else closely."""
    kept, here = json.loads(KNOWN.read_text(encoding="utf-8")), known(small_model())
    if here["digest"] == kept["digest"]:
        return _("the same to the last bit")
    then, now = np.array(kept["last"]), np.array(here["last"])
    gap = np.abs(now - then) / np.maximum(1.0, np.abs(then))
    most = float(np.nanmax(gap)) if gap.size and then.shape == now.shape else math.inf
    if kept["rounding"] != here["rounding"] and most <= CLOSE:
        return _("the same within {close:g}; the C library of this machine rounds differently", close=CLOSE)
    raise InputError("", "", _("a small model gives other numbers than it should: they differ by up to {most:g}", most=most))


def _mesa(folder: Path) -> str:
    from clustersim.scenario.model import Scenario
    from clustersim.simulation.mesa_model import ClusterModel

    model, due = ClusterModel(Scenario.model_validate(SMALL), seed=SEED, replicate=1), small_model()[:, 2]
    for row in due[:4]:
        model.step()
        if list(model.indicators["first"].values()) != row.tolist():
            raise InputError("", "", _("the Mesa model gives other numbers than the engine"))
    return ""


def _parquet(folder: Path) -> str:
    from clustersim.results import read_run, simulate, write_result
    from clustersim.scenario.model import Scenario

    result = simulate(Scenario.model_validate(SMALL), replicates=2, years=QUARTERS / 4, indicators=())
    write_result(result, folder / "run")
    read = read_run(folder / "run")
    if not read.indicators.equals(result.indicators):
        raise InputError("", "", _("a result is read otherwise than it was written"))
    return ""


def _netcdf(folder: Path) -> str:
    import netCDF4

    with netCDF4.Dataset(folder / "t.nc", "w") as file:
        file.createDimension("x", 3)
        file.createVariable("x", "f8", ("x",))[:] = [1.0, 2.0, 3.0]
    with netCDF4.Dataset(folder / "t.nc") as file:
        if file["x"][:].tolist() != [1.0, 2.0, 3.0]:
            raise InputError("", "", _("a file is read otherwise than it was written"))
    return ""


def _duckdb(folder: Path) -> str:
    import duckdb

    if duckdb.connect().execute("SELECT 6 * 7").fetchall() != [(42,)]:
        raise InputError("", "", _("a query gives another answer"))
    return ""


def _jobqueue(folder: Path) -> str:
    import shutil

    with answered_as_before():
        from dask_jobqueue import SLURMCluster

    assert SLURMCluster.job_cls is not None
    return "" if shutil.which("sbatch") else _("there is no sbatch on this machine")


CHECKS: dict[str, Check] = {
    "kernels": _kernels, "numbers": _numbers, "mesa": _mesa, "parquet": _parquet, "netcdf": _netcdf,
    "duckdb": _duckdb, "jobqueue": _jobqueue,
}  # fmt: skip


if __name__ == "__main__":
    KNOWN.write_text(json.dumps(known(small_model())) + "\n", encoding="utf-8")
    print(KNOWN)
