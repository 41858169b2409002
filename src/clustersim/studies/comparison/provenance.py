"""Where a comparison comes from, and the command that makes it again; never a host name or a path."""

from __future__ import annotations

import shlex
from typing import Any

from clustersim.core.code import model_code
from clustersim.core.machine import machine_class
from clustersim.core.numbers import plain
from clustersim.policy.plugins.record import recorded, uses_in
from clustersim.policy.plugins.registry import paths
from clustersim.results.manifest import FILES
from clustersim.results.provenance import code_said, parameter_values, plugin_part, short_hash, versions
from clustersim.studies.comparison.paired import PairedRuns
from clustersim.studies.comparison.worlds import NARROW

FORMAT = 2


def describe(comparison: PairedRuns) -> dict[str, Any]:
    """Return what ``comparison.json`` says of how a comparison was made, but for its start and duration."""
    return {
        "format": FORMAT,
        "kind": "comparison",
        "files": FILES,
        "command": command(comparison),
        "versions": versions(),
        "model_code": model_code(),
        "seed": comparison.seed,
        "replicates": comparison.replicates,
        "quarters": comparison.quarters,
        "start_year": comparison.start_year,
        "paired": comparison.paired,
        "discount": comparison.discount,
        "baseline": comparison.baseline,
        "options": [
            {
                "name": option.name, "called": option.called, "file": option.file, "title": option.title,
                "scenario": option.scenario.model_dump(mode="json"),
                "parameters_hash": short_hash(parameter_values(option.scenario)),
            }
            for option in comparison.options
        ],
        "worlds": {"count": comparison.world_count, "replicates_each": comparison.replicates_each, "narrow": NARROW,
                   "parameters": list(comparison.draws)},
        "plugins": recorded(uses_in([option.scenario.model_dump(mode="json") for option in comparison.options])),
        "machine": machine_class(),
    }  # fmt: skip


def command(comparison: PairedRuns) -> str:
    """Return the command that makes the comparison again; files are called by their name, without their folder."""
    words = ["clustersim", "compare", *(option.called for option in comparison.options)]
    chosen = next(option for option in comparison.options if option.name == comparison.baseline)
    if chosen is not comparison.options[0]:
        called = [option.called for option in comparison.options]  # names given in Python are unknown to the command line
        words += ["--baseline", chosen.called if called.count(chosen.called) == 1 else chosen.name]
    words += ["--replicates", str(comparison.replicates), "--years", plain(chosen.scenario.horizon.years)]
    words += ["--seed", str(comparison.seed), "--discount", plain(comparison.discount)]
    if comparison.world_count:
        words += ["--worlds", str(comparison.world_count)]
    if not comparison.paired:
        words.append("--unpaired")
    words += [f"--plugin={path.name}" for path in paths()]
    return shlex.join(words)


def comparison_hash(provenance: dict[str, Any]) -> str:
    """Return the eight digits that end a comparison's folder name: all that its numbers depend on."""
    keys = ("options", "baseline", "seed", "replicates", "quarters", "paired", "discount", "worlds")
    return short_hash([*(provenance[key] for key in keys), code_said(provenance), *plugin_part(provenance)], 8)
