"""Jobs improved: jobs that are there with and without the programme, in firms that it made more, or less, productive.

Firms keep their identity across paired runs, so that a firm of one option can be held against itself in the baseline. Once the
paths of two runs part, chance alone improves some jobs and worsens others; only the net of both is what the programme did.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from clustersim.core.schema import Parameter
from clustersim.results.reading import live_firms

IMPROVED_FROM = Parameter(
    0.10, "share of the baseline's", 0.02, 0.50,
    "Least difference of a firm's value added per person between two paired runs that counts as improved or worsened",
)  # fmt: skip

Array = NDArray[Any]


class Firms(NamedTuple):
    """The firms alive at the end of some replicates of one option: replicate, cluster, identity, jobs, value added per person.

    Value added is that of the last quarter: wages paid and operating profit after interest.
    """

    replicate: Array
    cluster: Array
    uid: Array
    jobs: Array
    productivity: Array


def firms_at_end(state: Any) -> Firms:
    """Return the firms alive in a state."""
    rows, owner = live_firms(state)
    actors, clusters = state.actors, state.clusters
    jobs = actors.employees[rows]  # at least one
    return Firms(clusters.world[owner], owner, actors.uid[rows], jobs, (actors.wage_bill[rows] + actors.profit[rows]) / jobs)


def improved_jobs(firms: Firms, baseline: Firms, replicates: int, least: float = IMPROVED_FROM.default) -> dict[str, Array]:
    """Return jobs improved, worsened, and the first less the second (replicate).

    A job counts if its firm is alive in both options: the smaller of the two employments. It is improved if the firm's value
    added per person lies above the baseline's by at least `least` of the latter's size, and worsened if it lies so far below.
    """
    cluster = np.concatenate([baseline.cluster, firms.cluster])
    uid = np.concatenate([baseline.uid, firms.uid])
    order = np.lexsort((uid, cluster))  # stable: of two rows of one firm, the baseline's stands first
    same = (np.diff(cluster[order]) == 0) & (uid[order][1:] == uid[order][:-1])
    before, after = order[:-1][same], order[1:][same] - baseline.uid.size
    jobs = np.minimum(baseline.jobs[before], firms.jobs[after])
    usual = baseline.productivity[before]
    change = firms.productivity[after] - usual
    enough = (np.abs(change) >= least * np.abs(usual)) & (change != 0.0)

    def add(chosen: Array) -> Array:
        return np.bincount(firms.replicate[after][chosen], jobs[chosen], minlength=replicates)

    improved, worsened = add(enough & (change > 0.0)), add(enough & (change < 0.0))
    return {"improved": improved, "worsened": worsened, "improved_net": improved - worsened}
