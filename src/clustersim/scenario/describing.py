"""Scenarios as documents: the shipped ones in a list, and what is wrong with one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from clustersim.scenario.idle import idle
from clustersim.scenario.loading import load_scenario, problems, shipped_scenarios


def shipped() -> list[dict[str, Any]]:
    """Return the scenarios that come with clustersim, one mapping each: name, title, size, years, whether it has a programme."""
    found = []
    for name in shipped_scenarios():
        scenario = load_scenario(name)
        firms = sum(cluster.tractors + cluster.smes for cluster in scenario.place.clusters)
        found.append({
            "name": name, "title": scenario.title, "description": scenario.description,
            "clusters": len(scenario.place.clusters), "firms": firms, "years": scenario.horizon.years,
            "start_year": scenario.horizon.start_year, "replicates": scenario.replicates,
            "programme": scenario.programme is not None,
        })  # fmt: skip
    return found


def checked(name_or_path: str | os.PathLike[str], overrides: Sequence[str] = ()) -> dict[str, Any]:
    """Return all that is wrong with a scenario, and what it says that does nothing.

    Parameters
    ----------
    name_or_path : str or path
        Name of a shipped scenario, or a YAML file.
    overrides : sequence of str
        Values to set, as in `clustersim.load_scenario`.

    Returns
    -------
    dict
        ``valid``; ``problems``: of each the file, line, key, message and hint; and, of a valid scenario, ``remarks``: of each the
        key of what can do nothing in any of its runs, and why.
    """
    found = problems(name_or_path, overrides)
    remarks = [] if found else [remark._asdict() for remark in idle(load_scenario(name_or_path, overrides))]
    listed = [{"file": e.file, "line": e.line, "key": e.key, "message": e.message, "hint": e.hint} for e in found]
    return {"scenario": str(name_or_path), "valid": not found, "problems": listed, "remarks": remarks}
