"""Run the kernels as plain Python, and hand out small hand-made clusters.

Nothing of the package may be imported before the switch is set; so `bench` is imported by the fixture, and the tests after it.
"""

from __future__ import annotations

import os

os.environ["NUMBA_DISABLE_JIT"] = "1"

import numpy as np
import pytest

np.seterr(over="ignore")  # the 64-bit words of the draws wrap around by design; plain NumPy would warn


@pytest.fixture
def make():
    """Return the maker of small clusters."""
    from bench import Case

    return Case
