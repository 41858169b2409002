"""The nation at the start: which clusters are related, and what part of the nation's jobs they hold."""

from __future__ import annotations

import numpy as np

from clustersim.model.mechanisms.nation import publish
from clustersim.model.state import RELATED_MAX


def relate(clusters: np.recarray, count: int, parameters: np.recarray) -> None:
    """Find for each cluster the ones of its world that are nearest in activity, within reach.

    Neighbours are sought in the order of activities, so that the work grows with the number of clusters and not its square.
    """
    order = np.argsort(clusters.activity[:count], kind="stable")
    for place, c in enumerate(order):
        near = {int(order[(place + step) % count]) for step in range(-RELATED_MAX, RELATED_MAX + 1)} - {int(c)}
        apart = sorted((_turn(float(clusters.activity[c]), float(clusters.activity[k])), k) for k in near)
        for slot, (distance, k) in enumerate(apart[:RELATED_MAX]):
            for w in range(len(parameters)):
                nearness = 1.0 - distance / parameters[w].nation.reach
                if nearness > 0.0:
                    clusters[w * count + c].related[slot] = w * count + k
                    clusters[w * count + c].relatedness[slot] = nearness


def _turn(a: float, b: float) -> float:
    return min(abs(a - b), 1.0 - abs(a - b))


def introduce_nation(clusters: np.recarray, worlds: np.recarray, nation_jobs: float | None) -> None:
    """Say what part of the nation's jobs the clusters hold, and publish the first figures of a nation with several clusters."""
    if len(clusters) == len(worlds):
        return
    for world in worlds:
        own = slice(world.first_cluster, world.last_cluster)
        jobs = float(clusters["employment"][own].sum())
        clusters["nation_share"][own] = min(1.0, jobs / nation_jobs) if nation_jobs else 0.0
    publish(clusters, worlds)
