"""What a run is called: a hash of everything that its numbers depend on, and of nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from clustersim.core.code import model_code
from clustersim.core.version import __version__
from clustersim.policy.plugins.record import code_hashes
from clustersim.scenario.model import Scenario

# What a scenario says without a consequence for its runs; seed and replicate stand in the key by themselves.
_REMARKS = {"title", "description", "translations", "sources", "seed", "replicates"}


def canonical(content: Any) -> str:
    """Return content as JSON that is the same for equal content: keys in order, no blanks, shortest numbers."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def model(uses: Iterable[str] = ()) -> dict[str, Any]:
    """Return what identifies the model: version and hash of its sources, and of the plugins behind the instruments used, if any.

    Parameters
    ----------
    uses : iterable of str
        Names of the instruments that the runs use.
    """
    plugins = code_hashes(uses)
    return {"version": __version__, "code": model_code()} | ({"plugins": plugins} if plugins else {})


def scenario_hash(scenario: Scenario) -> str:
    """Return the hash of a complete scenario, parameters and horizon included, without its remarks."""
    content = scenario.model_dump(mode="json", exclude=_REMARKS)
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def run_key(said: dict[str, Any], scenario: str, seed: int, replicate: int) -> bytes:
    """Return the key (16 bytes) of a run.

    Parameters
    ----------
    said : dict
        What `model` returns.
    scenario : str
        What `scenario_hash` returns.
    seed, replicate : int
        Seed and number of the replicate.
    """
    plugins = [said["plugins"]] if "plugins" in said else []
    text = canonical([said["version"], said["code"], scenario, seed, replicate, *plugins])
    return hashlib.sha256(text.encode()).digest()[:16]
