"""The small place in which a user's own instruments, rules and indicators are tried."""

from __future__ import annotations

from typing import Any

import numpy as np

from clustersim.core import arguments
from clustersim.scenario.model import Scenario
from clustersim.studies.validation.lab import Laboratory

PLACE: dict[str, Any] = {"smes": 40, "tractors": 3, "trust": 0.5, "radius_km": 5.0}
REPLICATES_MOST = 1000
# An association is founded at once, so that an instrument that pays it finds one.
FOUNDED = {"association.designed_rate": 1.0, "association.join_rate": 0.5, "association.join_bar": 0.0}


def new_laboratory(replicates: int, seed: int) -> Laboratory:
    """Return a laboratory of so many replicates; raise `InputError` if there cannot be as many."""
    return Laboratory(arguments.whole(replicates, "replicates", 1, REPLICATES_MOST), arguments.seed(seed))


def place(laboratory: Laboratory, programme: dict[str, Any]) -> Scenario:
    """Return the place with a programme."""
    government = {"coordination": 1.0, "orientation": "bottom_up"}
    return laboratory.scenario(programme=programme, off=FOUNDED, government=government, **PLACE)


def same(here: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Return where two arrays are the same, missing numbers included."""
    return (here == there) | (np.isnan(here) & np.isnan(there))
