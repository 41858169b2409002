"""Politics: accidents and elections that interrupt public money, and how far a lead keeps them away."""

from __future__ import annotations

import numpy as np
import pytest
from plans import plan, step

from clustersim.core.draws import PROCESS, stream, uniform

LONG = {"quarters": 400}


def lasting(make, seed=1, **cluster):
    """Return a cluster with a programme that pays ten in every quarter for as long as a test needs."""
    return plan(make(seed=seed), LONG, stages=(LONG,), **cluster)


def test_politics_interrupts_for_its_time(make):
    case = lasting(make)
    assert step(case, 2) == [10.0, 10.0]
    case.world.unrest = 1.0
    assert step(case) == [0.0]
    assert not case.cluster.levers.any()
    case.world.unrest = 0.0
    assert step(case, 4) == [0.0, 0.0, 0.0, 10.0]


def test_the_hazard_of_interruption_is_per_quarter(make):
    case = lasting(make)
    case.p.programme.interruption_hazard, case.p.programme.interruption_quarters = 0.2, 1.0
    stopped = sum(paid == 0.0 for paid in step(case, 400))
    assert 50 < stopped < 110


def test_an_interruption_costs_credibility_as_delay_does(make):
    case = lasting(make, interrupted=2, credibility=0.8)
    step(case)
    assert case.cluster.credibility == pytest.approx((0.8 + 0.04 * 0.2) * 0.94)


def test_who_leads_decides_how_much_of_politics_comes_through(make):
    stopped = {}
    for exposure in (1.0, 0.5, 0.2, 0.0):
        case = lasting(make, exposure_to_politics=exposure)
        case.p.programme.interruption_hazard, case.p.programme.interruption_quarters = 0.4, 1.0
        stopped[exposure] = sum(paid == 0.0 for paid in step(case, 400)) / 400
    assert [stopped[e] for e in (1.0, 0.5, 0.2, 0.0)] == pytest.approx([0.4, 0.2, 0.08, 0.0], abs=0.06)


def test_elections_come_on_their_dates_and_interrupt_for_certain_at_full_swing(make):
    """Every three quarters, the start excepted: numbers 3, 6, 9; each stops money for two quarters."""
    case = lasting(make, elections=3)
    case.p.programme.swing, case.p.programme.interruption_quarters = 1.0, 2.0
    assert step(case, 9) == [10, 10, 10, 0, 0, 10, 0, 0, 10]


def test_without_elections_or_swing_nothing_stops(make):
    for elections, swing in ((0, 1.0), (3, 0.0)):
        case = lasting(make, elections=elections)
        case.p.programme.swing = swing
        assert step(case, 30) == [10.0] * 30


def test_elections_change_governments_at_their_swing_times_exposure(make):
    for exposure, share in ((1.0, 0.3), (0.5, 0.15)):
        case = lasting(make, elections=1, exposure_to_politics=exposure)
        case.p.programme.interruption_quarters = 1.0
        assert sum(paid == 0.0 for paid in step(case, 400)) / 400 == pytest.approx(share, abs=0.06)


def test_an_election_is_one_draw_for_the_whole_nation(make):
    """Two clusters of one world stop together, whatever their names, in the quarters that the world's draw says."""
    paid = []
    for name in (77, 78):
        case = lasting(make, elections=1)
        case.cluster.uid = np.uint64(name)
        case.p.programme.interruption_quarters = 1.0
        paid.append(step(case, 40))
    election = PROCESS["election"]
    draws = [uniform(stream(case.world.key, quarter, election), case.world.key) for quarter in range(40)]
    assert paid[0] == paid[1] == [0.0 if quarter and draw < 0.3 else 10.0 for quarter, draw in enumerate(draws)]


def test_accidents_are_each_clusters_own(make):
    paid = []
    for name in (77, 78):
        case = lasting(make)
        case.cluster.uid = np.uint64(name)
        case.p.programme.interruption_hazard, case.p.programme.interruption_quarters = 0.3, 1.0
        paid.append(step(case, 60))
    assert paid[0] != paid[1]


def test_an_interruption_counts_no_idle_quarters(make):
    case = lasting(make, interrupted=3)
    step(case, 3)
    assert case.cluster.idle == 0
