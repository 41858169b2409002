"""Whom a policy channel reaches: size classes and segments of the value chain, as bits of two masks; and by how much."""

from __future__ import annotations

from clustersim.core.accelerate import kernel
from clustersim.model.sizes import CLASSES, size_class
from clustersim.model.state import SEGMENTS_MAX

EVERY_CLASS, EVERY_SEGMENT = 0b1111, 0b11111111


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
def pull(cluster, channel, strength, classes, segments):
    """Move a channel for the firms of these size classes and segments; the cluster as a whole feels all of it."""
    cluster.levers[channel] += strength
    for size in range(len(CLASSES)):
        for segment in range(SEGMENTS_MAX):
            if (classes >> size) & (segments >> segment) & 1:
                cluster.aimed[channel, size, segment] += strength
