"""The one hash of what decides numbers: every file of core, model, policy, scenario and simulation, taken whole.

Nothing lists single modules, so nothing can be forgotten. What a plugin adds is hashed by `clustersim.policy.plugins.record`.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from pathlib import Path

from clustersim.core.accelerate import PACKAGE

ROOMS = ("core", "model", "policy", "scenario", "simulation")
NO_NUMBERS = ("locale", "__pycache__")  # folders: translations, and what Python makes of the sources


def code_files(package: Path = PACKAGE) -> Iterator[Path]:
    """Yield every file that numbers depend on, modules and shipped data alike, in a fixed order."""
    for room in ROOMS:
        for path in sorted((package / room).rglob("*")):
            inside = path.relative_to(package).parts
            if path.is_file() and not any(part in NO_NUMBERS or part.startswith(".") for part in inside):
                yield path


@functools.cache
def model_code() -> str:
    """Return the hash (16 hex digits) of all that decides the numbers of a run; results, comparisons and sweeps carry it."""
    digest = hashlib.sha256()
    for path in code_files():
        content = path.read_bytes()
        digest.update(f"{path.relative_to(PACKAGE).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]
