"""Advice: a firm asks only so many others, larger ones more; and who is asked learns less from the one that asks."""

from __future__ import annotations

import math

import pytest
from stills import step as learn
from stills import still_life

from clustersim.model.mechanisms.linkage import negotiate
from clustersim.model.state import ENDED


def star(make, leaves=4, advisers=2.0, growth=0.0, level=0, **tie):
    """Return a firm with ties to others at which both sides gain, and which climb at once as far as advice allows."""
    case = make(1 + leaves)
    p = case.p.linkage
    p.climb, p.climb_horizontal, p.advisers, p.advisers_growth = 1.0, 1.0, advisers, growth
    case.set(slice(1, None), technology=0.5 + p.peak)
    for k in range(leaves):
        case.tie(0, 1 + k, level=level, trust=0.95, **tie)
    return case


def step(case):
    """Negotiate once; return the levels of all ties and whom each firm asks."""
    negotiate(case.actors, case.ties, case.cluster, case.world, case.p.linkage)
    case.world.quarter += 1
    return [int(case.ties.level[t]) for t in case.live_ties()], case.get("asking").tolist()


def test_a_firm_asks_so_many_others_and_no_more(make):
    """Ties in order: the first two are taken."""
    case = star(make)
    assert step(case) == ([1, 1, 0, 0], [2, 0, 0, 0, 0])
    case.index()
    assert step(case) == ([2, 2, 0, 0], [2, 0, 0, 0, 0]), "what has begun climbs on"


@pytest.mark.parametrize(("advisers", "most"), [(0.0, 0), (0.5, 1), (1.0, 1), (1.5, 2), (9.0, 4)])
def test_a_part_of_an_adviser_is_one_more(make, advisers, most):
    assert step(star(make, advisers=advisers))[0] == [1] * most + [0] * (4 - most)


def test_larger_firms_ask_more(make):
    """Log sizes of log 11 and log 1001: 2.4 makes three, 6.9 makes seven."""
    for employees, most in ((10.0, 3), (1000.0, 7)):
        case = star(make, leaves=9, advisers=0.0, growth=1.0)
        case.set(0, employees=employees)
        case.set(slice(1, None), employees=1.0)
        assert math.ceil(case.get("log_size")[0]) == most
        assert sum(step(case)[0]) == most


def test_the_limit_is_that_of_the_asker(make):
    """Here the leaves ask the centre, one each; how many ask it does not matter."""
    case = star(make, advisers=1.0, asker=1)
    assert step(case) == ([1, 1, 1, 1], [0, 1, 1, 1, 1])
    assert step(star(make, advisers=0.0, asker=1)) == ([0] * 4, [0] * 5)


def test_cooperation_needs_no_place_for_one_more_adviser(make):
    for level in (1, 2):
        case = star(make, advisers=0.0, level=level)
        assert step(case)[0] == [level + 1] * 4


def test_institutions_and_partners_outside_are_no_advisers(make):
    case = make(1)
    p = case.p.linkage
    p.climb, p.advisers = 1.0, 0.0
    case.set(0, technology=0.5 + p.peak)
    case.school_tie(0, trust=0.95)
    case.tie(0, None, trust=0.95, target=0.5)
    assert step(case) == ([1, 1], [0])


def test_who_asks_enough_others_does_not_forget_whom_it_would_ask(make):
    """A tie that both sides would climb is neither forgotten nor churned, whether or not there is place."""
    case = star(make, advisers=1.0)
    case.p.linkage.forget, case.p.linkage.persistence = 1.0, 0.0
    assert step(case)[0] == [1, 0, 0, 0]
    assert step(case)[0] == [2, 0, 0, 0]


def test_a_place_is_free_again_when_a_tie_has_ended(make):
    case = star(make, advisers=1.0)
    assert step(case)[0] == [1, 0, 0, 0]
    case.ties.level[0] = 0  # it lost its trust
    case.ties.trust_ab[0] = 0.0
    assert step(case)[0] == [0, 0, 0, 0], "counted anew only when ties are listed anew"
    case.index()
    assert list(case.get("asking")) == [0] * 5
    assert step(case)[0] == [0, 1, 0, 0]


def test_ties_between_firms_from_level_one_count_as_advice(make):
    case = make(6)
    for other, level, asks in ((1, 0, 0), (2, 1, 0), (3, 3, 0), (4, 2, 1)):
        case.tie(0, other, level=level, asker=asks)
    case.tie(0, 5, level=ENDED)
    case.school_tie(0, level=2, asker=1)
    case.tie(0, None, level=3)
    assert list(case.get("asking")) == [2, 0, 0, 0, 1, 0]


def weights(make, level=1, asker=0, returned=0.25, school=False):
    """Return the weights in learning of the two ends of a tie of trust 0.8."""
    case = still_life(make, 2, returned=returned)
    t = case.school_tie(0, level=level, trust=0.8, asker=asker) if school else case.tie(0, 1, level=level, trust=0.8, asker=asker)
    ends = [case.ties.a[t], case.ties.b[t]]
    learn(case)
    return [float(case.actors.weight[end]) for end in ends]


def test_who_is_asked_learns_a_part_of_what_the_asker_does(make):
    """Information weighs 0.3 of trust 0.8; a quarter of that is returned."""
    assert weights(make) == pytest.approx([0.24, 0.06])
    assert weights(make, asker=1) == pytest.approx([0.06, 0.24])
    assert weights(make, returned=0.0) == pytest.approx([0.24, 0.0])
    assert weights(make, returned=1.0) == pytest.approx([0.24, 0.24])


def test_partners_who_cooperate_learn_from_each_other(make):
    assert weights(make, level=2) == pytest.approx([0.48, 0.48]) and weights(make, level=3) == pytest.approx([0.8, 0.8])
    assert weights(make, level=0) == [0.0, 0.0]


def test_with_institutions_nothing_is_returned_less(make):
    for asker in (0, 1):
        assert weights(make, asker=asker, school=True) == pytest.approx([0.24, 0.24])


def test_what_is_returned_sets_what_is_learnt(make):
    """The one that is asked knows less here: it learns by absorptive capacity and its own weight, 0.06 over 1.06."""
    case = still_life(make, 2, returned=0.25, diffusion=0.1)
    case.set(0, knowledge=0.5)
    case.tie(0, 1, level=1, trust=0.8)
    learn(case)
    assert case.get("knowledge") == pytest.approx([0.5, 0.1 * 0.5 * 0.06 * 0.5 / 1.06])
