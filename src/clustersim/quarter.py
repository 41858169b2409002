"""The order of a quarter, on one screen, and the two drivers that repeat it.

Both drivers take a range, so that a few threads share the work; they hold no interpreter lock.

Each call is one process of the model, in the order of the ODD description (docs/odd.md). It reads and writes the columns of
`actors` and `ties`, the record of its `cluster` and the record of its `world`; `p` holds the parameters of its own mechanism.
"""

from __future__ import annotations

from clustersim.accelerate import kernel
from clustersim.indicators import record
from clustersim.mechanisms import (
    association,
    complacency,
    demography,
    environment,
    finance,
    joint_action,
    knowledge,
    linkage,
    market,
    meeting,
    phase,
    programme,
    trust,
)  # fmt: skip
from clustersim.network import has_room

DONE, NEEDS_ROOM = 0, 1


@kernel
def quarter(actors, ties, meetings, cluster, world, plan, p):
    """Advance one cluster by one quarter."""
    programme.act(actors, cluster, world, plan, p.programme)
    meeting.meet(actors, ties, meetings, cluster, world, p.meeting)
    trust.interact(actors, ties, cluster, world, p.trust)
    linkage.negotiate(actors, ties, cluster, world, p.linkage)
    association.organise(actors, cluster, world, p.association)
    joint_action.cooperate(actors, cluster, world, p.joint_action)
    knowledge.learn(actors, ties, cluster, world, p.knowledge)
    market.trade(actors, ties, cluster, world, p.market)
    finance.settle_accounts(actors, cluster, p.finance, p.market.inputs, p.market.export_cost)
    demography.renew(actors, ties, cluster, world, p.demography, p.population)
    complacency.relax(actors, cluster, p.complacency)
    phase.classify(actors, ties, cluster, world, p.phase)


@kernel
def note(actors, ties, cluster, c, world, plan, out, line):
    """Write down the indicators of a cluster and what its programme spent."""
    record(actors, ties, cluster, world, out.indicators[line, c])
    for row in range(cluster.rows_first, cluster.rows_last):
        out.spending[line, row, 0] = plan.rows[row].public
        out.spending[line, row, 1] = plan.rows[row].private


@kernel(entry=True)
def all_have_room(clusters, first, last):
    """Whether clusters `first` to `last` (excluded) have room for one quarter."""
    for c in range(first, last):
        if not has_room(clusters[c]):
            return False
    return True


@kernel(entry=True)
def advance_worlds(actors, ties, meetings, clusters, worlds, plan, parameters, until, out, status, first, last):
    """Advance worlds `first` to `last` (excluded) to quarter `until`, or to where a cluster of theirs needs room."""
    for w in range(first, last):
        status[w] = DONE
        world = worlds[w]
        while world.quarter < until and status[w] == DONE:
            if not all_have_room(clusters, world.first_cluster, world.last_cluster):
                status[w] = NEEDS_ROOM
            else:
                line = world.quarter - (until - out.indicators.shape[0])
                environment.update(world, plan.shocks, parameters[w].environment)
                for c in range(world.first_cluster, world.last_cluster):
                    quarter(actors, ties, meetings, clusters[c], world, plan, parameters[w])
                    note(actors, ties, clusters[c], c, world, plan, out, line)
                world.quarter += 1


@kernel(entry=True)
def advance_clusters(actors, ties, meetings, clusters, worlds, plan, parameters, out, first, last):
    """Advance clusters `first` to `last` (excluded) of one world by one quarter; environment and room are the caller's."""
    for c in range(first, last):
        quarter(actors, ties, meetings, clusters[c], worlds[0], plan, parameters[0])
        note(actors, ties, clusters[c], c, worlds[0], plan, out, 0)
