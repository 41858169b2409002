"""Where a result comes from: versions, sources, scenario, parameters, machine class; never a host name or a path."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Sequence
from importlib import metadata
from typing import Any

from clustersim.core.code import model_code
from clustersim.core.machine import machine_class
from clustersim.core.version import __version__
from clustersim.model import parameters
from clustersim.policy.plugins.record import hashes_said, recorded, uses_in
from clustersim.results.manifest import FILES
from clustersim.scenario.model import Scenario

FORMAT = 1
PACKAGES = ("numba", "llvmlite", "numpy", "pandas", "pyarrow", "pydantic")


def short_hash(content: Any, digits: int = 16) -> str:
    """Return the hash of what can be written as JSON; equal content gives equal hashes, whatever the order of keys."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def versions() -> dict[str, str]:
    """Return the versions of clustersim, Python and the packages that results depend on."""
    found = {"clustersim": __version__, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "unknown"
    return found


def parameter_values(scenario: Scenario) -> dict[str, dict[str, float]]:
    """Return the value of every parameter in the scenario, by mechanism."""
    return {
        group: {name: float(scenario.parameters.get(group, {}).get(name, p.default)) for name, p in declared.items()}
        for group, declared in parameters.PARAMETERS.items()
    }


def describe(
    scenario: Scenario, name: str, seed: int, replicates: list[int], indicators: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """Return what ``run.json`` says of a run and its own indicators, but for its start and duration."""
    values = parameter_values(scenario)
    in_a_row = replicates == list(range(replicates[0], replicates[-1] + 1))
    numbers = f"{replicates[0]}-{replicates[-1]}" if in_a_row else ",".join(map(str, replicates))
    resolved = scenario.model_dump(mode="json")
    uses = uses_in(resolved) | {one["use"] for one in indicators}
    found = {
        "format": FORMAT,
        "name": name,
        "files": FILES,
        "seed": seed,
        "replicates": len(replicates),
        "replicate_numbers": numbers,
        "quarters": scenario.quarters,
        "versions": versions(),
        "model_code": model_code(),
        "scenario": resolved,
        "parameters": values,
        "parameters_hash": short_hash(values),
        "plugins": recorded(uses),
        "machine": machine_class(),
    }
    return found | ({"indicators": list(indicators)} if indicators else {})


def numbers_said(said: dict[str, Any]) -> list[int]:
    """Return the numbers of the replicates of a run, which it says as ``0-19`` or ``3,7``.

    Raises
    ------
    ValueError
        If they are not as many as it says it has.
    """
    first, dash, last = said["replicate_numbers"].partition("-")
    found = range(int(first), int(last) + 1) if dash else [int(number) for number in first.split(",")]
    if len(found) != said["replicates"]:
        raise ValueError("replicate_numbers")
    return list(found)


def check(said: dict[str, Any], replicates: int) -> None:
    """Raise `KeyError`, `TypeError` or `ValueError` if what a run says of itself is not of the kinds that `describe` gives."""
    kinds = {"name": str, "seed": int, "replicates": int, "replicate_numbers": str, "quarters": int, "versions": dict}
    for key, kind in kinds.items():
        if not isinstance(said[key], kind) or isinstance(said[key], bool):
            raise TypeError(key)
    if said["replicates"] != replicates:
        raise ValueError("replicates")
    numbers_said(said)
    if not isinstance(said.get("changes", []), list):
        raise TypeError("changes")
    result_hash(said)


def result_hash(provenance: dict[str, Any]) -> str:
    """Return the eight digits that end a result's folder name: scenario, seed, replicates, model, plugins."""
    keys = ("scenario", "seed", "replicates", "replicate_numbers", "quarters")
    own = (*plugin_part(provenance), *changes_part(provenance), *indicators_part(provenance))
    return short_hash([*(provenance[key] for key in keys), code_said(provenance), *own], 8)


def code_said(provenance: dict[str, Any]) -> str:
    """Return the hash of the model's code in what a result says of itself; older ones have that of the kernels only."""
    return str(provenance.get("model_code", provenance.get("kernel_sources", "")))


def changes_part(provenance: dict[str, Any]) -> list[Any]:
    """Return what changes in mid-run add to what is hashed: nothing where there are none, as with plugins."""
    return [provenance["changes"]] if provenance.get("changes") else []


def indicators_part(provenance: dict[str, Any]) -> list[list[str]]:
    """Return what own indicators add to what is hashed: their names, nothing where there are none."""
    return [[one["use"] for one in provenance["indicators"]]] if provenance.get("indicators") else []


def plugin_part(provenance: dict[str, Any]) -> list[dict[str, str]]:
    """Return what plugins add to what is hashed: nothing where there are none, so that other names stay what they are."""
    found = hashes_said(provenance.get("plugins", ()))
    return [found] if found else []
