"""The sparse network of ties: distances, the list of ties by actor, removal of ended ties."""

from __future__ import annotations

import math

from clustersim.core.accelerate import kernel
from clustersim.model.state import ENDED, INFORMATION, INSTITUTIONAL, MEETINGS, OUTSIDE

HEADROOM = 64  # ties beyond what a quarter's meetings can add
BIRTHS, BIRTH_PART = 6, 8  # rows that a quarter's births can take: twice the most of demography's entrants_least and entrants_max


@kernel
def turn(a, b):
    """Return the distance of two positions on the circle of technologies: 0 to one half."""
    distance = abs(a - b)
    return min(distance, 1.0 - distance)


@kernel
def wrap(offset):
    """Return a signed offset on that circle: from minus one half to one half."""
    return offset - math.floor(offset + 0.5)


@kernel
def near(a, b):
    """Return how near two positions on that circle are: 1 at the same place, 0 across it."""
    return 1.0 - 2.0 * turn(a, b)


@kernel(entry=True)
def index_ties(actors, ties, cluster):
    """List the ties by actor, count them, and count whom each asks; called whenever ties were added or removed."""
    first = cluster.ties
    last = first + cluster.tie_count
    for i in range(cluster.first, cluster.last):
        actors.degree[i] = actors.asking[i] = 0
    for t in range(first, last):
        actors.degree[ties.a[t]] += 1
        if ties.b[t] != OUTSIDE:
            actors.degree[ties.b[t]] += 1
    place = 2 * first
    for i in range(cluster.first, cluster.last):
        actors.around[i] = place
        place += actors.degree[i]
        actors.degree[i] = 0
    for t in range(first, last):
        a, b = ties.a[t], ties.b[t]
        ties.by_actor[actors.around[a] + actors.degree[a]] = t
        actors.degree[a] += 1
        if b != OUTSIDE:
            ties.by_actor[actors.around[b] + actors.degree[b]] = t
            actors.degree[b] += 1
        if ties.kind[t] < INSTITUTIONAL and ties.level[t] >= INFORMATION:
            actors.asking[asker(ties, t)] += 1
    for i in range(cluster.first, cluster.last):
        actors.taken[i] = actors.degree[i]


@kernel
def asker(ties, t):
    """Return the row of the one who asks the other for advice."""
    return ties.b[t] if ties.asker[t] == 1 else ties.a[t]


@kernel
def acquainted(actors, ties, a, b):
    """Whether a and b share a tie; looks through the ties of the one that has fewer."""
    i, other = (a, b) if actors.degree[a] <= actors.degree[b] else (b, a)
    for slot in range(actors.around[i], actors.around[i] + actors.degree[i]):
        t = ties.by_actor[slot]
        if ties.a[t] == other or ties.b[t] == other:
            return True
    return False


@kernel
def close_gaps(ties, cluster):
    """Move live ties together, in the order in which they formed."""
    first = cluster.ties
    kept = first
    for t in range(first, first + cluster.tie_count):
        if ties.level[t] == ENDED:
            continue
        if kept < t:
            copy_tie(ties, t, kept)
        kept += 1
    for t in range(kept, first + cluster.tie_count):
        ties.level[t] = ENDED
    cluster.tie_count = kept - first


@kernel
def copy_tie(ties, source, target):
    """Copy one tie row onto another."""
    ties.a[target], ties.b[target], ties.uid[target] = ties.a[source], ties.b[source], ties.uid[source]
    ties.since[target], ties.level[target] = ties.since[source], ties.level[source]
    ties.kind[target], ties.last[target] = ties.kind[source], ties.last[source]
    ties.trust_ab[target], ties.trust_ba[target] = ties.trust_ab[source], ties.trust_ba[source]
    ties.fit[target], ties.value[target] = ties.fit[source], ties.value[source]
    ties.target[target], ties.home[target] = ties.target[source], ties.home[source]
    ties.asker[target] = ties.asker[source]


@kernel
def has_room(cluster):
    """Whether the cluster's rows can take the births and meetings of one quarter, whatever is drawn."""
    births = BIRTHS + (cluster.last - cluster.firms) // BIRTH_PART
    meetings = MEETINGS * (cluster.last - cluster.first)
    return cluster.last + births <= cluster.room and cluster.tie_count + meetings + HEADROOM <= cluster.tie_room
