"""Where a result comes from: versions, sources, scenario, parameters, machine class; never a host name or a path."""

from __future__ import annotations

import hashlib
import json
import platform
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


def describe(scenario: Scenario, name: str, seed: int, replicates: list[int]) -> dict[str, Any]:
    """Return what ``run.json`` says of a run, but for its start and duration."""
    values = parameter_values(scenario)
    in_a_row = replicates == list(range(replicates[0], replicates[-1] + 1))
    numbers = f"{replicates[0]}-{replicates[-1]}" if in_a_row else ",".join(map(str, replicates))
    resolved = scenario.model_dump(mode="json")
    return {
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
        "plugins": recorded(uses_in(resolved)),
        "machine": machine_class(),
    }


def check(said: dict[str, Any], replicates: int) -> None:
    """Raise `KeyError`, `TypeError` or `ValueError` if what a run says of itself is not of the kinds that `describe` gives."""
    kinds = {"name": str, "seed": int, "replicates": int, "replicate_numbers": str, "quarters": int, "versions": dict}
    for key, kind in kinds.items():
        if not isinstance(said[key], kind) or isinstance(said[key], bool):
            raise TypeError(key)
    if said["replicates"] != replicates:
        raise ValueError("replicates")
    result_hash(said)


def result_hash(provenance: dict[str, Any]) -> str:
    """Return the eight digits that end a result's folder name: scenario, seed, replicates, model, plugins."""
    keys = ("scenario", "seed", "replicates", "replicate_numbers", "quarters")
    own = (*plugin_part(provenance), *changes_part(provenance))
    return short_hash([*(provenance[key] for key in keys), code_said(provenance), *own], 8)


def code_said(provenance: dict[str, Any]) -> str:
    """Return the hash of the model's code in what a result says of itself; older ones have that of the kernels only."""
    return str(provenance.get("model_code", provenance.get("kernel_sources", "")))


def changes_part(provenance: dict[str, Any]) -> list[Any]:
    """Return what changes in mid-run add to what is hashed: nothing where there are none, as with plugins."""
    return [provenance["changes"]] if provenance.get("changes") else []


def plugin_part(provenance: dict[str, Any]) -> list[dict[str, str]]:
    """Return what plugins add to what is hashed: nothing where there are none, so that other names stay what they are."""
    found = hashes_said(provenance.get("plugins", ()))
    return [found] if found else []
