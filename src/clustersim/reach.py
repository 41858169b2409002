"""Whom a policy channel reaches: size classes and segments of the value chain, as bits of two masks."""

from __future__ import annotations

from clustersim.accelerate import kernel

CLASSES = ("micro", "small", "medium", "large")
EVERY_CLASS, EVERY_SEGMENT = 0b1111, 0b11111111


@kernel
def size_class(employees):
    """Return the size class: 0 micro (under 10), 1 small (under 50), 2 medium (under 250), 3 large."""
    return int(employees >= 10.0) + int(employees >= 50.0) + int(employees >= 250.0)


@kernel
def reached(actors, i, classes, segments):
    """Whether firm i belongs to one of these size classes and to one of these segments."""
    return (classes >> size_class(actors.employees[i])) & (segments >> actors.segment[i]) & 1


@kernel
def lever(actors, cluster, i, channel):
    """Return the value of a channel for firm i: 0 if the programme does not reach it."""
    value = cluster.levers[channel]
    if value != 0.0 and not reached(actors, i, cluster.lever_classes[channel], cluster.lever_segments[channel]):
        return 0.0
    return value
