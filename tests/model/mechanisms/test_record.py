"""All indicators of a small town are filled, and filling them leaves the state as it was."""

from __future__ import annotations

import copy

import numpy as np


def test_every_indicator_is_filled_and_the_state_is_left_alone(make):
    from clustersim.model.indicators import INDICATORS, by_name, measure

    case = make(4)
    case.tie(0, 1, level=2)
    case.school_tie(2, level=1)
    array = np.full((1, len(INDICATORS)), np.nan)
    before = [column.copy() for column in (*case.actors, *case.ties)], copy.deepcopy(case.clusters), copy.deepcopy(case.worlds)
    measure(case.actors, case.ties, case.cluster, case.world, by_name(array)[0])
    assert {name for name, value in zip(INDICATORS, array[0].tolist(), strict=True) if np.isnan(value)} == set()
    for one, other in zip((*case.actors, *case.ties), before[0], strict=True):
        assert np.array_equal(one, other)
    assert case.clusters.tobytes() == before[1].tobytes() and case.worlds.tobytes() == before[2].tobytes()
