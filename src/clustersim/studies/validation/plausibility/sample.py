"""The runs that are compared with published data: shipped scenarios as they are, after a burn-in, many replicates."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from clustersim.model.indicators import INDICATORS
from clustersim.results import simulate
from clustersim.scenario.loading import load_scenario
from clustersim.studies.validation.lab import indicators_of
from clustersim.studies.validation.plausibility.panel import Panel, panel, together

SCENARIOS = ("organic", "designed", "basque_machine_tools")
BURN_IN = 10  # years: the first six or so show a shake-out of firms that were drawn, not grown
SCALES = (0.5, 1.0, 2.0, 4.0)  # sizes of the place of `organic`, for what changes with size
SCALED = "organic"


class Sample:
    """Runs of the shipped scenarios, made when they are asked for.

    Parameters
    ----------
    replicates : int
        Of each scenario.
    seed : int
        Of all runs.
    """

    def __init__(self, replicates: int, seed: int = 1) -> None:
        self.replicates = replicates
        self.seed = seed

    @cached_property
    def panels(self) -> dict[str, Panel]:
        """The firms and ties of each scenario after the burn-in."""
        found = {}
        for name in SCENARIOS:
            scenario = load_scenario(name)
            tables = simulate(scenario, self.seed, self.replicates, records=("firms", "ties"), name=name, indicators=()).tables()
            found[name] = panel(tables["firms"], tables["ties"], BURN_IN, scenario.horizon.start_year)
        return found

    @cached_property
    def panel(self) -> Panel:
        """All scenarios together."""
        return together(list(self.panels.values()))

    @cached_property
    def places(self) -> list[Panel]:
        """Each place by itself."""
        return list(self.panel.places())

    @cached_property
    def sizes(self) -> tuple[np.ndarray, np.ndarray]:
        """Log of jobs and log of value added per job, means after the burn-in, of places of different size.

        The places are those of one scenario with half, once, twice and four times as many firms at the start.
        """
        scenario = load_scenario(SCALED)
        (cluster,) = scenario.place.clusters
        names = list(INDICATORS)
        jobs, output = [], []
        for scale in SCALES:
            overrides = [
                f"place.clusters.{cluster.name}.{kind}={round(scale * getattr(cluster, kind))}" for kind in ("tractors", "smes")
            ]
            record = indicators_of(load_scenario(SCALED, overrides), self.seed, self.replicates)
            employment = record[4 * BURN_IN :, :, names.index("employment")].mean(axis=0)
            added = record[4 * BURN_IN :, :, names.index("value_added")].mean(axis=0)
            alive = (employment > 0.0) & (added > 0.0)
            jobs.append(np.log(employment[alive]))
            output.append(np.log(added[alive] / employment[alive]))
        return np.concatenate(jobs), np.concatenate(output)
