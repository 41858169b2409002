"""Whom a policy channel reaches, and by how much: size classes and segments, or a target among the firms.

Size classes and segments are bits of two masks. Any other target is an aim of the programme: a bit that firms have or have not.
"""

from __future__ import annotations

import math

import numpy as np

from clustersim.core.accelerate import kernel
from clustersim.core.draws import PROCESS, normal, stream, uniform
from clustersim.model.levers import BILLS, CERTIFICATION, EXPORT_SUPPORT, PAPERWORK, RD_SUPPORT
from clustersim.model.sizes import CLASSES, size_class
from clustersim.model.state import FREE, SEGMENTS_MAX, TARGETS
from clustersim.model.units import YEAR

EVERY_CLASS, EVERY_SEGMENT = 0b1111, 0b11111111
EVERYONE, MEMBERS, GROUP, YOUNG, NAMED, WINNERS = range(len(TARGETS))
RD_BILL, EXPORT_BILL, CERTIFICATE_BILL, PAPERWORK_BILL = (
    BILLS.index(channel) for channel in (RD_SUPPORT, EXPORT_SUPPORT, CERTIFICATION, PAPERWORK)
)
CALL = PROCESS["call"]
NOBODY = -math.inf  # the score of who does not take part in a call


@kernel
def reached(actors, i, classes, segments):
    """Whether firm i belongs to one of these size classes and to one of these segments."""
    return (classes >> size_class(actors.employees[i])) & (segments >> actors.segment[i]) & 1


@kernel
def served(actors, i, row):
    """Whether a row of the programme reaches firm i."""
    if row.aim >= 0:
        return (np.int64(actors.targets[i]) >> row.aim) & 1
    return reached(actors, i, row.classes, row.segments)


@kernel
def lever(actors, cluster, i, channel):
    """Return what reaches firm i of a channel: the sum over instruments that reach its size class and segment, or aim at it."""
    if cluster.levers[channel] == 0.0:
        return 0.0
    value = cluster.aimed[channel, size_class(actors.employees[i]), actors.segment[i]]
    if cluster.aims > 0 and actors.targets[i] > 0:
        for aim in range(cluster.aims):
            if (np.int64(actors.targets[i]) >> aim) & 1:
                value += cluster.picked[channel, aim]
    return value


@kernel
def aid(actors, cluster, i, bill, most):
    """Return the part of a bill that is paid for firm i: what is promised, `most` at most, as far as its money went last."""
    return min(most, lever(actors, cluster, i, BILLS[bill])) * cluster.part[bill]


@kernel
def move(cluster, row, strength):
    """Move a row's channel for the firms that it reaches; the cluster as a whole feels all of it."""
    if row.aim >= 0:
        cluster.levers[row.channel] += strength
        cluster.picked[row.channel, row.aim] += strength
    else:
        pull(cluster, row.channel, strength, row.classes, row.segments)


@kernel
def pull(cluster, channel, strength, classes, segments):
    """Move a channel for the firms of these size classes and segments; the cluster as a whole feels all of it."""
    cluster.levers[channel] += strength
    for size in range(len(CLASSES)):
        for segment in range(SEGMENTS_MAX):
            if (classes >> size) & (segments >> segment) & 1:
                cluster.aimed[channel, size, segment] += strength


@kernel
def full_cost(cluster, row):
    """Return the money at which a row moves its channel by its strength: for an aim, by the firms or jobs within it now."""
    if row.per_firm > 0.0:
        return row.full_cost * max(cluster.aim_firms[row.aim], 1.0) * row.per_firm
    if row.per_job > 0.0:
        return row.full_cost * max(cluster.aim_jobs[row.aim], 1.0) * row.per_job
    return row.full_cost


@kernel
def take_aim(actors, cluster, world, rows, call_error):
    """Note which firms are within each aim now, hold the calls that are due, and count the firms and jobs of each aim."""
    if cluster.aims == 0:
        return
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE and actors.project[i] >= 0:
            actors.together[i] = world.quarter
    last = -1
    for row in range(cluster.rows_first, cluster.rows_last):
        aim = rows[row].aim
        if aim >= 0 and aim != last:  # the rows of one instrument follow each other
            if rows[row].target == WINNERS:
                if due(cluster, world, rows[row]):
                    call(actors, cluster, world, rows[row], call_error)
            elif rows[row].target != NAMED:
                mark(actors, cluster, world, rows[row])
        last = aim
    count(actors, cluster)


@kernel
def mark(actors, cluster, world, row):
    """Set the bit of an aim for the members, the firms of a group or the young firms, as they stand."""
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        if row.target == MEMBERS:
            there = actors.member[i] == 1
        elif row.target == GROUP:
            there = actors.project[i] >= 0 or world.quarter - actors.together[i] <= YEAR
        else:
            there = world.quarter - actors.born[i] < row.younger_than
        set_bit(actors, i, row.aim, there and reached(actors, i, row.classes, row.segments))


@kernel
def set_bit(actors, i, aim, there):
    """Set or clear the bit of an aim for firm i."""
    bits = np.int64(actors.targets[i]) & ~(np.int64(1) << aim)
    actors.targets[i] = bits | (np.int64(1) << aim if there else np.int64(0))


@kernel
def count(actors, cluster):
    """Count the firms within each aim, and their jobs."""
    cluster.aim_firms[:], cluster.aim_jobs[:] = 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE and actors.targets[i] > 0:
            for aim in range(cluster.aims):
                if (np.int64(actors.targets[i]) >> aim) & 1:
                    cluster.aim_firms[aim] += 1.0
                    cluster.aim_jobs[aim] += actors.employees[i]


@kernel
def due(cluster, world, row):
    """Whether an instrument holds a call in this quarter."""
    began = cluster.began[row.stage]
    done = world.quarter - began - row.start
    return began >= 0 and 0 <= done < row.quarters and done % row.call_every == 0


@kernel
def call(actors, cluster, world, row, error):
    """Hold a call: the applicants with the highest scores win, and keep it until the next one."""
    judge(actors, cluster, world, row, error)
    take_best(actors, cluster, row.winners)
    for i in range(cluster.firms, cluster.last):
        set_bit(actors, i, row.aim, actors.effect[i] > 0.0)


@kernel
def judge(actors, cluster, world, row, error):
    """Score the applicants of a call in `effect`: by lottery, or by productivity and quality, judged with an error."""
    draws, add = stream(world.key, world.quarter, CALL), np.uint64(row.aim)
    applicants, total, squares = 0.0, 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        actors.effect[i] = NOBODY
        if actors.kind[i] != FREE and reached(actors, i, row.classes, row.segments):
            merit = math.log(actors.productivity[i]) + actors.quality[i]
            actors.effect[i] = merit if row.by_merit else uniform(draws, actors.uid[i] + add)
            applicants += 1.0
            total += merit
    mean = total / max(applicants, 1.0)
    for i in range(cluster.firms, cluster.last):
        if row.by_merit and actors.effect[i] > NOBODY:
            squares += (actors.effect[i] - mean) ** 2
    spread = math.sqrt(squares / max(applicants, 1.0))
    for i in range(cluster.firms, cluster.last):
        if row.by_merit and actors.effect[i] > NOBODY:
            actors.effect[i] += error * spread * normal(draws, actors.uid[i] + add)


@kernel
def take_best(actors, cluster, wanted):
    """Turn the scores in `effect` into 1 for the `wanted` firms with the highest ones (of equal ones the lower row), else 0."""
    least, sure = cut(actors, cluster, wanted)
    left = wanted
    for i in range(cluster.firms, cluster.last):
        left -= actors.effect[i] > sure
    for i in range(cluster.firms, cluster.last):
        best = actors.effect[i] > sure
        if left > 0 and least < actors.effect[i] <= sure:
            best = True
            left -= 1
        actors.effect[i] = 1.0 if best else 0.0


@kernel
def cut(actors, cluster, wanted):
    """Return two scores: above the second are `wanted` firms at most, above the first at least; both below all if all get it."""
    least, sure, here = math.inf, NOBODY, 0
    for i in range(cluster.firms, cluster.last):
        if actors.effect[i] > NOBODY:
            least, sure = min(least, actors.effect[i]), max(sure, actors.effect[i])
            here += 1
    if here <= wanted:
        return NOBODY, NOBODY
    least -= 1.0
    while True:
        middle = least + 0.5 * (sure - least)
        if middle <= least or middle >= sure:
            return least, sure
        above = 0
        for i in range(cluster.firms, cluster.last):
            above += actors.effect[i] > middle
        if above == wanted:
            return middle, middle
        if above > wanted:
            least = middle
        else:
            sure = middle
