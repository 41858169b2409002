"""Whom a policy channel reaches: size classes and segments of the value chain, as bits of two masks; and by how much."""

from __future__ import annotations

from clustersim.core.accelerate import kernel
from clustersim.model.levers import BILLS, CERTIFICATION, EXPORT_SUPPORT, PAPERWORK, RD_SUPPORT
from clustersim.model.sizes import CLASSES, size_class
from clustersim.model.state import SEGMENTS_MAX

EVERY_CLASS, EVERY_SEGMENT = 0b1111, 0b11111111
RD_BILL, EXPORT_BILL, CERTIFICATE_BILL, PAPERWORK_BILL = (
    BILLS.index(channel) for channel in (RD_SUPPORT, EXPORT_SUPPORT, CERTIFICATION, PAPERWORK)
)


@kernel
def reached(actors, i, classes, segments):
    """Whether firm i belongs to one of these size classes and to one of these segments."""
    return (classes >> size_class(actors.employees[i])) & (segments >> actors.segment[i]) & 1


@kernel
def lever(actors, cluster, i, channel):
    """Return what reaches firm i of a channel: the sum over the instruments that reach its size class and segment."""
    if cluster.levers[channel] == 0.0:
        return 0.0
    return cluster.aimed[channel, size_class(actors.employees[i]), actors.segment[i]]


@kernel
def aid(actors, cluster, i, bill, most):
    """Return the part of a bill that is paid for firm i: what is promised, `most` at most, as far as its money went last."""
    return min(most, lever(actors, cluster, i, BILLS[bill])) * cluster.part[bill]


@kernel
def pull(cluster, channel, strength, classes, segments):
    """Move a channel for the firms of these size classes and segments; the cluster as a whole feels all of it."""
    cluster.levers[channel] += strength
    for size in range(len(CLASSES)):
        for segment in range(SEGMENTS_MAX):
            if (classes >> size) & (segments >> segment) & 1:
                cluster.aimed[channel, size, segment] += strength
