"""Facilitation: credibility that takes time, hours that follow the state of the cluster, the price of being sent from above."""

from __future__ import annotations

import pytest

from clustersim.core.draws import PROCESS
from clustersim.model.mechanisms.facilitation import HOURS, assign

POTENTIAL, LATENT, CONSOLIDATED = 0, 1, 2


@pytest.fixture
def office(make):
    """Return a maker of clusters with facilitators who are believed fully and are never replaced."""

    def _office(staff=2.0, change=None, **cluster):
        case = make()
        p = case.p.facilitation
        p.turnover, p.rapport_start = 0.0, 1.0
        for name, value in (change or {}).items():
            p[name] = value
        case.lever(facilitation=staff)
        for name, value in cluster.items():
            case.cluster[name] = value
        return case

    return _office


def step(case, quarters=1):
    """Let facilitators work; return what is left of them for meetings, trust and projects."""
    for _ in range(quarters):
        assign(case.cluster, case.world, case.p.facilitation)
        case.world.quarter += 1
    c = case.cluster
    return [float(c.brokers), float(c.mediators), float(c.promoters)]


def test_nobody_works_without_money_and_all_credit_is_gone(office):
    case = office(0.0, rapport=0.9, brokers=1.0, mediators=1.0, promoters=1.0)
    assert step(case) == [0.0, 0.0, 0.0]
    assert case.cluster.rapport == 0.0


@pytest.mark.parametrize(
    ("state", "hours"),
    [(POTENTIAL, (2.8, 2.0, 1.2)), (LATENT, (1.6, 2.8, 1.6)), (CONSOLIDATED, (1.2, 2.0, 2.8))],
)  # fmt: skip
def test_hours_follow_the_state_of_the_cluster(office, state, hours):
    """Two persons of whom two fifths of the hours move: to meetings, then trust, then projects."""
    assert step(office(facilitation_state=state)) == pytest.approx(hours)
    assert step(office(facilitation_state=state, change={"focus": 0.0})) == pytest.approx([2.0, 2.0, 2.0])


def test_a_fully_focused_office_leaves_one_task_undone(office):
    assert step(office(facilitation_state=POTENTIAL, change={"focus": 1.0})) == pytest.approx([4.0, 2.0, 0.0])
    assert step(office(facilitation_state=CONSOLIDATED, change={"focus": 1.0})) == pytest.approx([0.0, 2.0, 4.0])


@pytest.mark.parametrize(
    ("state", "bridges", "voice"), [(POTENTIAL, 1.2, 2.8), (LATENT, 2.0, 2.0), (CONSOLIDATED, 2.8, 1.2)],
)  # fmt: skip
def test_hours_for_bridges_and_for_speaking_follow_the_state_too(office, state, bridges, voice):
    """In a potential cluster the brand and money come first, in a consolidated one links to institutions and outside."""
    case = office(facilitation_state=state)
    step(case)
    assert (case.cluster.bridgers, case.cluster.speakers) == pytest.approx((bridges, voice))
    even = office(facilitation_state=state, change={"focus": 0.0})
    step(even)
    assert (even.cluster.bridgers, even.cluster.speakers) == (2.0, 2.0)


def test_hours_are_limited(office):
    """What one task gains the others lose: over five tasks the hours of two persons stay two each."""
    assert [sum(row) for row in HOURS] == [0.0] * 3 and {len(row) for row in HOURS} == {5}
    for state in (POTENTIAL, LATENT, CONSOLIDATED):
        case = office(facilitation_state=state)
        total = sum(step(case)) + float(case.cluster.bridgers) + float(case.cluster.speakers)
        assert total == pytest.approx(10.0)


def test_without_money_nobody_bridges_and_nobody_speaks(office):
    case = office(0.0, bridgers=1.0, speakers=1.0)
    step(case)
    assert (case.cluster.bridgers, case.cluster.speakers) == (0.0, 0.0)


def test_a_new_facilitator_has_to_earn_its_credit(office):
    """From 0.6 a tenth of what is missing is gained in each quarter, the first included."""
    case = office(1.0, change={"rapport_start": 0.6, "rapport_gain": 0.1, "focus": 0.0})
    path = []
    for _ in range(3):
        assert step(case)[1] == pytest.approx(float(case.cluster.rapport))
        path.append(float(case.cluster.rapport))
    assert path == pytest.approx([1 - 0.4 * 0.9, 1 - 0.4 * 0.81, 1 - 0.4 * 0.729])


def test_without_gain_credit_stays_what_it_was_at_first(office):
    case = office(change={"rapport_start": 0.6, "rapport_gain": 0.0})
    step(case, 20)
    assert case.cluster.rapport == pytest.approx(0.6)


def test_who_takes_over_begins_anew(office):
    case = office(change={"rapport_start": 0.6, "turnover": 1.0}, rapport=0.95)
    step(case)
    assert case.cluster.rapport == pytest.approx(0.64)


def test_turnover_comes_at_its_rate_times_that_of_the_lead(office):
    for factor, share in ((1.0, 0.1), (1.5, 0.15), (0.0, 0.0)):
        case = office(change={"rapport_gain": 0.0, "rapport_start": 0.6, "turnover": 0.1}, turnover_factor=factor)
        replaced = 0
        for _ in range(600):
            case.cluster.rapport = 0.9
            step(case)
            replaced += case.cluster.rapport != 0.9
        assert replaced / 600 == pytest.approx(share, abs=0.035), factor


def test_turnover_uses_the_draw_of_the_cluster(office):
    draw = office().draw(PROCESS["facilitator_turnover"], office().cluster.uid)
    for rate, rapport in ((draw * 0.999, 0.9), (draw * 1.001, 0.6)):
        case = office(change={"rapport_gain": 0.0, "rapport_start": 0.6, "turnover": rate}, rapport=0.9)
        step(case)
        assert case.cluster.rapport == rapport


def test_who_is_sent_from_above_is_trusted_less(office):
    """Three tenths of the effect are lost where policy is wholly top-down, half of that where it is mixed."""
    for top_down, kept in ((0.0, 1.0), (0.5, 0.85), (1.0, 0.7)):
        assert step(office(1.0, top_down=top_down, change={"focus": 0.0})) == pytest.approx([kept] * 3)
    assert step(office(1.0, top_down=1.0, change={"focus": 0.0, "partiality": 0.0})) == pytest.approx([1.0] * 3)


def test_a_gap_in_funding_costs_the_credit_that_was_earned(office):
    case = office(1.0, change={"rapport_start": 0.6})
    step(case, 30)
    earned = float(case.cluster.rapport)
    case.lever(facilitation=0.0)
    step(case)
    case.lever(facilitation=1.0)
    step(case)
    assert earned > 0.95 and case.cluster.rapport == pytest.approx(0.64)
