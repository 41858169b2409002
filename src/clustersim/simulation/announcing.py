"""Which clusters a programme serves, and from when: by name, or by rounds of selection."""

from __future__ import annotations

import numpy as np

from clustersim.core.draws import PROCESS, normal, stream
from clustersim.policy.programme import Programme
from clustersim.scenario.model import ClusterSpec, Scenario

# Standard deviation of the error in judging a cluster (in standard deviations of merit), and what is left of it after
# each round (ILO §2.4: calls improve; values assumed).
ERRORS = {"politics": (1e6, 1.0), "competitiveness": (0.5, 1.0), "calls": (1.5, 0.6)}


def begins(scenario: Scenario, key: np.uint64, uids: np.ndarray) -> list[int]:
    """Return for each cluster of one world the quarter in which the programme is announced there, -1 for never.

    Parameters
    ----------
    scenario : Scenario
        A scenario with a programme.
    key : np.uint64
        Key of the world's draws.
    uids : array of uint64, shape (clusters,)
        Identities of its clusters.
    """
    programme, specs = scenario.programme, scenario.place.clusters
    assert programme is not None
    first = round(4 * programme.announced)
    eligible = [c for c, spec in enumerate(specs) if programme.clusters is None or spec.name in programme.clusters]
    result = [-1] * len(specs)
    if programme.selection is None:
        for c in eligible:
            result[c] = first
        return result
    merit = merits([specs[c] for c in eligible])
    for c, quarter in _rounds(programme, merit, eligible, key, uids):
        result[c] = first + quarter
    return result


def merits(specs: list[ClusterSpec]) -> np.ndarray:
    """Return how strong each cluster looks at the start: the mean of five standardised features (0 where all are alike)."""
    features = np.array([
        [spec.location_quotient, spec.trust, np.log1p(spec.tractors), spec.export_share, np.log(spec.tractors + spec.smes)]
        for spec in specs
    ])  # fmt: skip
    spread = np.where(np.ptp(features, axis=0) > 0, features.std(axis=0), 1.0)  # equal numbers may have a tiny deviation
    return ((features - features.mean(axis=0)) / spread).mean(axis=1)


def _rounds(
    programme: Programme, merit: np.ndarray, eligible: list[int], key: np.uint64, uids: np.ndarray
) -> list[tuple[int, int]]:
    """Return (cluster, quarters after the announcement) of the clusters taken, round by round."""
    selection = programme.selection
    assert selection is not None
    error, left = ERRORS[selection.mode]
    taken: list[tuple[int, int]] = []
    waiting = list(range(len(eligible)))
    for number, call in enumerate(selection.rounds):
        draws = np.uint64(stream(key, number, PROCESS["selection"]))  # compiled functions give Python integers
        score = {k: merit[k] + error * left**number * normal(draws, uids[eligible[k]]) for k in waiting}
        best = sorted(waiting, key=lambda k: (-score[k], k))[: call.clusters]
        taken += [(eligible[k], round(4 * call.year)) for k in best]
        waiting = [k for k in waiting if k not in best]
    return taken
