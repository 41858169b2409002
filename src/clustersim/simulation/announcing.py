"""Which clusters a programme serves, and from when: by name, or by rounds of selection."""

from __future__ import annotations

import numpy as np

from clustersim.core.draws import PROCESS, normal, stream
from clustersim.model.units import YEAR
from clustersim.policy.programme import Programme
from clustersim.policy.rule import Rule
from clustersim.policy.rules import StagedExperiment
from clustersim.scenario.model import ClusterSpec, Scenario

AT_RANDOM = 1e6  # standard deviations of merit: an error that drowns it


def begins(scenario: Scenario, key: np.uint64, uids: np.ndarray, p: np.record) -> list[int]:
    """Return for each cluster of one world the quarter in which the programme is announced there, -1 for never.

    Parameters
    ----------
    scenario : Scenario
        A scenario with a programme.
    key : np.uint64
        Key of the world's draws.
    uids : array of uint64, shape (clusters,)
        Identities of its clusters.
    p : np.record
        Parameters of the mechanism programme.
    """
    programme, specs = scenario.programme, scenario.place.clusters
    assert programme is not None
    first = round(YEAR * programme.announced)
    eligible = [c for c, spec in enumerate(specs) if programme.clusters is None or spec.name in programme.clusters]
    result = [-1] * len(specs)
    if programme.selection is None:
        for c in eligible:
            result[c] = first
        return result
    merit = merits([specs[c] for c in eligible])
    for c, quarter in _rounds(programme, merit, eligible, [spec.name for spec in specs], key, uids, p):
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
    programme: Programme, merit: np.ndarray, eligible: list[int], names: list[str], key: np.uint64, uids: np.ndarray, p: np.record
) -> list[tuple[int, int]]:
    """Return (cluster, quarters after the announcement) of the clusters taken, round by round."""
    selection = programme.selection
    assert selection is not None
    # Standard deviation of the error in judging a cluster, over that of merit, and what is left of it after each round.
    error, left = {
        "politics": (AT_RANDOM, 1.0), "competitiveness": (p.judging_error, 1.0), "calls": (p.calls_error, p.calls_learning),
    }[selection.mode]  # fmt: skip
    taken: list[tuple[int, int]] = []
    waiting = list(range(len(eligible)))
    known = {name for call in selection.rounds if not isinstance(call.clusters, int) for name in call.clusters}
    for number, call in enumerate(selection.rounds):
        if isinstance(call.clusters, int):
            draws = np.uint64(stream(key, number, PROCESS["selection"]))  # compiled functions give Python integers
            drawn = [k for k in waiting if names[eligible[k]] not in known]
            score = {k: merit[k] + error * left**number * normal(draws, uids[eligible[k]]) for k in drawn}
            best = sorted(drawn, key=lambda k: (-score[k], k))[: call.clusters]
        else:  # it is known who won
            best = [k for k in waiting if names[eligible[k]] in call.clusters]
        taken += [(eligible[k], round(YEAR * call.year)) for k in best]
        waiting = [k for k in waiting if k not in best]
    return taken


def taking_turns(rule: Rule | None, announced: list[int]) -> list[int]:
    """Return when the programme is announced in each cluster of a world, if its rule lets them begin one after the other."""
    return rule.turns(announced) if isinstance(rule, StagedExperiment) else announced
