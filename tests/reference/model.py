"""`ReferenceModel`: the oracle.

A slow, plain, per-agent Mesa model of the rules of docs/odd.md, written from that page alone. It shares with the product only
the random draws and the declarations of scenarios, instruments and parameters; the tests hold the two against each other.
"""

from __future__ import annotations

from types import SimpleNamespace

import mesa

from clustersim.parameters import PARAMETERS
from clustersim.scenario.model import Scenario
from reference.association import association, joint_action
from reference.business import finance, knowledge, market
from reference.entities import Cluster, World
from reference.lifecycle import complacency, demography, phase
from reference.meetings import meetings
from reference.opening import open_cluster
from reference.policy import environment, programme, programme_rows
from reference.record import record
from reference.relations import linkage, trust

# Section 3, steps 2 to 13; the record follows.
PROCESSES = (
    programme, meetings, trust, linkage, association, joint_action, knowledge, market, finance, demography, complacency, phase,
)  # fmt: skip


def parameters_of(scenario: Scenario) -> SimpleNamespace:
    """Return the parameters of a scenario by group."""
    groups = {}
    for group, declared in PARAMETERS.items():
        values = {name: parameter.default for name, parameter in declared.items()}
        groups[group] = SimpleNamespace(**(values | scenario.parameters.get(group, {})))
    return SimpleNamespace(**groups)


class ReferenceModel(mesa.Model):
    """One replicate of a scenario; a step is a quarter."""

    def __init__(self, given: Scenario, seed: int | None = None, replicate: int = 0):
        super().__init__(rng=0)  # Mesa's own generator is not used
        self.given = given
        self.world = World(given.seed if seed is None else seed, replicate, parameters_of(given))
        self.clusters: list[Cluster] = []
        for spec in given.place.clusters:
            cluster = open_cluster(self, self.world, spec, given.institutions.government, given.programme)
            cluster.plan = programme_rows(cluster)
            self.clusters.append(cluster)

    def step(self) -> None:
        """Advance one quarter."""
        environment(self.world, self.given.environment.shocks)
        for cluster in self.clusters:
            for process in PROCESSES:
                process(cluster)
            cluster.indicators = record(cluster)
        self.world.quarter += 1
