"""How the suite runs: the unit tests of the mechanisms as plain Python, everything else with compiled kernels.

Single kernels have no Python wrappers when they are compiled, and compiled lines are not counted as covered. So ``tests/mechanisms``
runs with ``NUMBA_DISABLE_JIT=1`` in a process of its own: ``tests/test_coverage.py`` starts it, and ``pytest tests/mechanisms``
(nothing else beside it) does the same by hand.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).parent
MECHANISMS = HERE / "mechanisms"


def _only_mechanisms(config: pytest.Config) -> bool:
    asked = [(config.invocation_params.dir / str(word).partition("::")[0]).resolve() for word in config.args]
    return bool(asked) and all(path.is_relative_to(MECHANISMS) for path in asked)


def pytest_configure(config: pytest.Config) -> None:
    """Switch compilation off before anything of the package is imported, where only mechanisms are tested."""
    if _only_mechanisms(config):
        os.environ["NUMBA_DISABLE_JIT"] = "1"
    if os.environ.get("NUMBA_DISABLE_JIT") == "1":
        np.seterr(over="ignore")  # the 64-bit words of the draws wrap around by design; plain NumPy would warn


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the unit tests of the mechanisms to their own process."""
    return True if collection_path == MECHANISMS and not _only_mechanisms(config) else None
