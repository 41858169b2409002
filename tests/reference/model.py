"""`ReferenceModel`: the oracle.

A slow, plain, per-agent Mesa model of the rules of docs/odd.md, written from that page alone. It shares with the product only
the random draws and the declarations of scenarios, instruments and parameters; the tests hold the two against each other.
"""

from __future__ import annotations

from types import SimpleNamespace

import mesa

from clustersim.model.parameters import PARAMETERS
from clustersim.scenario.model import Scenario
from reference.announcing import serve
from reference.association import association, conduct
from reference.cluster import Cluster
from reference.demography import demography
from reference.diversification import diversification
from reference.environment import environment
from reference.finance import finance
from reference.government import government
from reference.joint_action import joint_action
from reference.learning import complacency, knowledge
from reference.market import first_trade, market
from reference.meetings import meetings
from reference.nation import publish, relate
from reference.opening import history, open_cluster, stand, stand_by
from reference.outsiders import leave_out_place, outsiders
from reference.phase import phase
from reference.policy import facilitation, programme, programme_rows
from reference.record import record
from reference.relations import linkage, trust
from reference.rules import decide, take_turns
from reference.targets import aims, name_firms
from reference.world import World

# Section 3, steps 2 to 16; the record follows.
PROCESSES = (
    government, programme, facilitation, meetings, trust, linkage, association, joint_action, conduct, knowledge, market, finance,
    demography, complacency, diversification, phase,
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
        self.world.begins = int(any(spec.firms is not None for spec in given.place.clusters))
        self.clusters: list[Cluster] = []
        for spec in given.place.clusters:
            cluster = open_cluster(self, self.world, spec, given.institutions.government)
            leave_out_place(cluster)
            stand_by(cluster)
            self.clusters.append(cluster)
        serve(self.clusters, given.programme)
        if given.programme is not None and getattr(given.programme.rule, "use", "") == "staged_experiment":
            take_turns(self.clusters, given.programme.rule)
        for cluster in self.clusters:
            cluster.stages = () if given.programme is None else given.programme.stages
            cluster.evaluation = None if given.programme is None else given.programme.evaluation
            cluster.plan = programme_rows(cluster, given.programme, given.place.price_level)
            if given.programme is not None:
                cluster.aim_list = aims(cluster, given.programme)[0]
                name_firms(cluster)
        relate(self.clusters, self.world.parameters.nation.reach, given.place.nation_jobs)
        publish(self.clusters)
        history(self.clusters, self.world)
        for cluster in self.clusters:
            first_trade(cluster)
            outsiders(cluster)
        if self.world.begins:
            for cluster in self.clusters:
                stand(cluster)

    def step(self) -> None:
        """Advance one quarter."""
        begun = self.world.quarter >= self.world.begins
        if self.given.programme is not None:
            decide(self.clusters, self.given.programme, self.world.quarter)
        if begun:
            environment(self.world, self.given.environment.shocks)
        for cluster in self.clusters:
            for process in PROCESSES if begun else ():
                process(cluster)
            cluster.indicators = record(cluster)
        self.world.quarter += 1
        if self.world.quarter % 4 == 0:
            publish(self.clusters)
