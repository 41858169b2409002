"""Scenarios and comparisons that the tests of the Mesa model share."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import numpy as np

from clustersim.model.state import ACTORS, CLUSTERS, FREE, TIES, WORLDS
from clustersim.scenario.model import Scenario
from clustersim.simulation.engine import Simulation
from clustersim.simulation.mesa_model import Actor, ClusterModel


def scenario(*clusters: dict, years: float = 40.0, **parameters: dict) -> Scenario:
    """Return a scenario of these clusters, by default of one with 60 SMEs."""
    parts = clusters or ({"name": "alpha", "smes": 60, "tractors": 3, "universities": 1, "technology_centres": 1},)
    return Scenario.model_validate(
        {"title": "test", "horizon": {"years": years}, "place": {"clusters": parts}, "parameters": parameters}
    )


def growing() -> Scenario:
    """Return a scenario of three clusters that outgrow their arrays."""
    names = ({"name": name, "smes": 30, "tractors": 1} for name in ("one", "two", "three"))
    return scenario(*names, demography={"startup_rate": 0.05, "startup_floor": 2.0, "closure": 0.003})


def columns(simulation: Simulation, c: int | None = None) -> dict[str, bytes]:
    """Return every number of the state, or of one cluster's actors, as bytes by name."""
    state = simulation.state
    rows = slice(None) if c is None else slice(int(state.clusters[c].first), int(state.clusters[c].last))
    found = {f"actors.{name}": getattr(state.actors, name)[rows].tobytes() for name in ACTORS}
    if c is None:
        found |= {f"ties.{name}": getattr(state.ties, name).tobytes() for name in TIES}
        found |= {f"clusters.{name}": state.clusters[name].tobytes() for name in CLUSTERS}
        found |= {f"worlds.{name}": state.worlds[name].tobytes() for name in WORLDS}
    else:
        for name in {"root", "around"}:  # positions in the arrays, which depend on who else is there
            del found[f"actors.{name}"]
    return found


def live(model: ClusterModel) -> np.ndarray:
    """Return the rows of the actors alive."""
    return np.flatnonzero(model.simulation.state.actors.kind != FREE)


def run(scenario: Scenario, seed: int, quarters: int) -> Simulation:
    """Return a headless simulation after some quarters."""
    simulation = Simulation(scenario, seed)
    simulation.run(quarters)
    return simulation


def nth(agents: Iterable[Actor], place: int = 0) -> Actor:
    """Return one agent of a set; Mesa 4 sets have no index."""
    return next(islice(agents, place, None))
