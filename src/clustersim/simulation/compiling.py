"""Compiles every kernel once, so that a run that follows starts at once."""

from __future__ import annotations

from clustersim.core import accelerate
from clustersim.scenario.model import Scenario
from clustersim.scenario.size import check_room
from clustersim.simulation.engine import Simulation


def compile_kernels() -> None:
    """Compile (or load from the cache) all kernels by running both drivers for one quarter, and note that it is done.

    Many worlds with one cluster use one driver, one world with many clusters the other; the processes are shared.
    """
    check_room()
    one, two = ({"name": name, "smes": 3, "tractors": 1} for name in ("first", "second"))
    for clusters, replicates in (([one], range(2)), ([one, two], range(1))):
        scenario = Scenario.model_validate({"title": "compile", "place": {"clusters": clusters}})
        Simulation(scenario, replicates=replicates, workers=1).advance(1)
    accelerate.mark_warm()
