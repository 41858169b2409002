"""Environment: growth, cycles, and shocks that come from their table alone."""

from __future__ import annotations

import math

import numpy as np
import pytest

from clustersim.model.mechanisms.environment import COMPETITOR, DEMAND, POLITICAL, TECHNOLOGY, TRACTOR_EXIT, update
from clustersim.model.state import SHOCK_ROWS, table


@pytest.fixture
def case(make):
    """Return a world without noise and without shocks."""
    case = make()
    case.p.environment.demand_noise = 0.0
    case.world.quarter = 0
    return case


def shocks(case, *rows):
    """Schedule shocks: kind, quarter, quarters, size."""
    case.table = table(SHOCK_ROWS, len(rows))
    for k, row in enumerate(rows):
        case.table[k] = row
    case.world.shocks_last = len(rows)


def step(case):
    """Advance the environment by one quarter."""
    update(case.world, getattr(case, "table", case.plan.shocks), case.p.environment)
    case.world.quarter += 1


def test_the_frontier_and_the_wage_grow_together(case):
    for _ in range(10):
        step(case)
    assert case.world.frontier == pytest.approx(10 * case.p.environment.frontier_growth)
    assert case.world.wage == pytest.approx(9.6 * math.exp(case.world.frontier))


def test_without_growth_they_stay(case):
    case.p.environment.frontier_growth = 0.0
    step(case)
    assert case.world.frontier == 0.0 and case.world.wage == 9.6


def test_cycles_fade_without_noise(case):
    case.world.cycle_local = case.world.cycle_export = 0.1
    step(case)
    assert case.world.cycle_local == case.world.cycle_export == pytest.approx(0.1 * case.p.environment.demand_persistence)


def test_cycles_have_the_spread_of_their_autoregression_and_differ(case):
    p = case.p.environment
    p.demand_noise = 0.02
    states = []
    for _ in range(4000):
        step(case)
        states.append((case.world.cycle_local, case.world.cycle_export))
    local, export = np.array(states).T
    expected = p.demand_noise / math.sqrt(1 - p.demand_persistence**2)
    assert local.std() == pytest.approx(expected, rel=0.15) and export.std() == pytest.approx(expected, rel=0.15)
    assert abs(np.corrcoef(local, export)[0, 1]) < 0.15


@pytest.mark.parametrize(("kind", "field"), [(DEMAND, "shock_demand"), (COMPETITOR, "rivalry"), (POLITICAL, "unrest")])
def test_a_shock_lasts_its_quarters_and_leaves_nothing(case, kind, field):
    shocks(case, (kind, 2, 3, -0.25), (kind, 3, 1, 0.1))
    seen = []
    for _ in range(7):
        step(case)
        seen.append(float(case.world[field]))
    assert seen == pytest.approx([0, 0, -0.25, -0.15, -0.25, 0, 0])
    assert {"shock_demand", "rivalry", "unrest"} - {field} == {
        name for name in ("shock_demand", "rivalry", "unrest") if name != field and case.world[name] == 0.0
    }


def test_a_shock_without_duration_stays_for_good(case):
    shocks(case, (COMPETITOR, 1, 0, 0.3))
    seen = []
    for _ in range(50):
        step(case)
        seen.append(float(case.world.rivalry))
    assert seen == [0.0] + [0.3] * 49


def test_a_technology_shock_moves_the_market_once_and_around_the_circle(case):
    shocks(case, (TECHNOLOGY, 1, 4, 0.7))
    seen = []
    for _ in range(6):
        step(case)
        seen.append(float(case.world.regime))
    assert seen == pytest.approx([0.5] + [0.2] * 5)


def test_unscheduled_shifts_come_at_their_hazard(case):
    p = case.p.environment
    p.technology_shift = 0.25
    for hazard, share in ((0.0, 0.0), (1.0, 1.0), (0.3, 0.3)):
        p.technology_hazard = hazard
        moves = 0
        for _ in range(400):
            before = float(case.world.regime)
            step(case)
            moves += case.world.regime != before
        assert moves / 400 == pytest.approx(share, abs=0.08 if 0 < share < 1 else 0)


def test_a_tractor_exit_asks_for_its_firms_in_its_first_quarter_alone(case):
    shocks(case, (TRACTOR_EXIT, 2, 8, 1.0), (TRACTOR_EXIT, 2, 0, 2.0), (TRACTOR_EXIT, 4, 0, 1.0), (DEMAND, 2, 0, -0.1))
    seen = []
    for _ in range(7):
        step(case)
        seen.append(float(case.world.departures))
    assert seen == [0, 0, 3, 0, 1, 0, 0]
    assert case.world.regime == 0.5 and case.world.shock_demand == -0.1


def coming(case, quarters=8):
    """Return what is seen to come in each quarter."""
    seen = []
    for _ in range(quarters):
        step(case)
        seen.append(float(case.world.coming))
    return seen


def test_what_is_scheduled_is_seen_to_come_as_far_as_foresight_goes(case):
    """A shift by a quarter turn in the sixth quarter (number 5) is seen from three quarters before."""
    case.p.environment.foresight = 3.0
    shocks(case, (TECHNOLOGY, 5, 0, 0.25), (DEMAND, 5, 0, 0.9))
    assert coming(case) == pytest.approx([0.5, 0.5] + [0.75] * 6)
    assert case.world.regime == 0.75


def test_shifts_within_foresight_add_up_around_the_circle(case):
    case.p.environment.foresight = 40.0
    shocks(case, (TECHNOLOGY, 2, 0, 0.3), (TECHNOLOGY, 4, 0, 0.4))
    assert coming(case, 5) == pytest.approx([0.2] * 5)
    assert case.world.regime == pytest.approx(0.2)


def test_without_foresight_nothing_is_seen_before_it_is_there(case):
    case.p.environment.foresight = 0.0
    shocks(case, (TECHNOLOGY, 2, 0, 0.25))
    assert coming(case, 4) == [0.5, 0.5, 0.75, 0.75]


def test_unscheduled_shifts_are_seen_by_nobody_before_they_come(case):
    case.p.environment.technology_hazard = 1.0
    assert coming(case, 3) == [0.75, 0.0, 0.25]
    assert case.world.regime == 0.25
