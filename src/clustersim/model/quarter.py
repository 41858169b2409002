"""The order of a quarter, on one screen, and the driver that repeats it.

The driver takes a range of clusters, so that a few threads share the work; it holds no interpreter lock.

Each call is one process of the model, in the order of the ODD description (docs/odd.md). It reads and writes the columns of
`actors` and `ties`, the record of its `cluster` and the record of its `world`; `p` holds the parameters of its own mechanism.
"""

from __future__ import annotations

from clustersim.core.accelerate import kernel
from clustersim.model.indicators import measure
from clustersim.model.mechanisms import (
    association,
    complacency,
    conduct,
    demography,
    diversification,
    environment,
    facilitation,
    finance,
    government,
    joint_action,
    knowledge,
    linkage,
    market,
    meeting,
    phase,
    programme,
    trust,
)  # fmt: skip
from clustersim.model.network import has_room


@kernel
def quarter(actors, ties, meetings, cluster, world, plan, p):
    """Advance one cluster by one quarter."""
    government.govern(cluster, world, plan, p.government)
    programme.act(actors, cluster, world, plan, p.programme)
    facilitation.assign(cluster, world, p.facilitation)
    meeting.meet(actors, ties, meetings, cluster, world, p.meeting)
    trust.interact(actors, ties, cluster, world, p.trust)
    linkage.negotiate(actors, ties, cluster, world, p.linkage)
    association.organise(actors, cluster, world, p.association)
    joint_action.cooperate(actors, cluster, world, p.joint_action)
    conduct.agree(actors, cluster, p.conduct)
    knowledge.learn(actors, ties, cluster, world, p.knowledge)
    market.trade(actors, ties, cluster, world, p.market)
    finance.settle_accounts(actors, cluster, world, p.finance, p.market, p.knowledge)
    demography.renew(actors, ties, cluster, world, p.demography, p.population)
    complacency.relax(actors, cluster, world, p.complacency, p.finance)
    diversification.branch_out(actors, ties, cluster, world, p.diversification)
    phase.classify(actors, ties, cluster, world, p.phase)


@kernel
def note(actors, ties, cluster, c, world, plan, out, line):
    """Write down the indicators of a cluster, by name, and what its programme spent."""
    measure(actors, ties, cluster, world, out.indicators[line, c])
    for row in range(cluster.rows_first, cluster.rows_last):
        out.spending[line, row, 0] = plan.rows[row].public
        out.spending[line, row, 1] = plan.rows[row].private


@kernel(entry=True)
def foresee(worlds, shocks, parameters, path):
    """Advance all worlds and write down what each is like in each of the coming quarters.

    Nothing in a cluster feeds back into its world before the nation publishes, once a year, so a cluster can run through the
    quarters in between while its state is near in memory. Before the world begins, it stands.
    """
    for w in range(path.shape[0]):
        for line in range(path.shape[1]):
            if worlds[w].quarter >= worlds[w].begins:
                environment.update(worlds[w], shocks, parameters[w].environment)
            path[w, line] = worlds[w]
            worlds[w].quarter += 1


@kernel(entry=True)
def advance(actors, ties, meetings, clusters, path, plan, parameters, out, done, first, last):
    """Advance clusters `first` to `last` (excluded) along the path of their worlds, or to where one needs room.

    `done` counts each cluster's quarters, so that the caller can make room and go on. Of a quarter before the world begins, which
    a register describes, only the record is made.
    """
    for c in range(first, last):
        cluster = clusters[c]
        w = cluster.world
        while done[c] < path.shape[1] and has_room(cluster):
            world = path[w, done[c]]
            if world.quarter >= world.begins:
                quarter(actors, ties, meetings, cluster, world, plan, parameters[w])
            note(actors, ties, cluster, c, world, plan, out, done[c])
            done[c] += 1
