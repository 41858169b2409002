"""Venture money: more capable firms have children while the fund lasts, and it pays for the child's cash."""

from __future__ import annotations

import pytest
from towns import born, step, town_of

from clustersim.core.draws import PROCESS


@pytest.fixture
def family(make):
    """Return a maker of towns in which firm 7 alone may have a child; `times` is its draw over the usual chance."""

    def _family(times=2.0, fund=1e6, venture=2.0, lever=1.0, classes=0b1111, fitness=1.0, **change):
        case = town_of(make, 20, change={"spinoff_quality": 1.0, "venture": venture} | change)
        case.all(log_size=0.0, fitness=fitness)
        case.set(7, log_size=2.4)
        case.p.demography.spinoff_rate = case.draw(PROCESS["spinoff"], case.actors.uid[case.row(7)]) / times
        case.cluster.venture_fund = fund
        case.lever(venture=lever, classes=classes)
        before = float(case.cluster.nation)
        step(case)
        case.paid = before - float(case.cluster.nation)
        return case

    return _family


def test_venture_money_brings_children_that_would_not_have_been(family):
    """The draw is twice the usual chance: full money raises that to three times, half of it to twice."""
    assert family().cluster.spinoffs == 1
    for less in ({"lever": 0.0}, {"venture": 0.0}, {"fund": 0.0}, {"times": 3.01}, {"lever": 0.49}):
        assert family(**less).cluster.spinoffs == 0, less
    assert family(lever=0.51).cluster.spinoffs == family(times=2.99, lever=9.0).cluster.spinoffs == 1
    assert family(times=3.01, lever=9.0).cluster.spinoffs == 0, "one full fund is all there is"


def test_the_fund_pays_for_the_cash_of_such_a_child(family):
    case = family(fund=1000.0)
    (child,) = born(case)
    cash = case.actors.cash[child]
    assert 0.0 < cash < 1000.0
    assert case.cluster.venture_fund == pytest.approx(1000.0 - cash) and case.paid == pytest.approx(0.0)


def test_owners_pay_what_the_fund_cannot(family):
    case = family(fund=5.0)
    (child,) = born(case)
    assert case.cluster.venture_fund == 0.0 and case.paid == pytest.approx(case.actors.cash[child] - 5.0) and case.paid > 0.0


def test_a_child_that_would_have_been_anyway_gets_nothing(family):
    case = family(times=0.99, fund=1000.0)
    (child,) = born(case)
    assert case.cluster.venture_fund == 1000.0 and case.paid == pytest.approx(case.actors.cash[child])


def test_loans_are_the_banks_and_the_fund_pays_cash_alone(family):
    case = family(fund=1000.0, seed_loan=0.4)
    (child,) = born(case)
    debt, cash = case.actors.debt[child], case.actors.cash[child]
    assert debt > 0.0 and case.cluster.venture_fund == pytest.approx(1000.0 - min(cash, 1000.0))
    assert case.paid == pytest.approx(cash - min(cash, 1000.0) - debt)


def test_parents_that_it_does_not_reach_have_the_usual_chance(family):
    assert family(classes=0b0010).cluster.spinoffs == 1
    assert family(classes=0b1101).cluster.spinoffs == 0


def test_it_multiplies_what_competitiveness_brings(family):
    """At twice the mean the usual chance is double: five times the draw is then within the three times of that."""
    assert family(times=5.0, fitness=2.0).cluster.spinoffs == 1
    assert family(times=6.1, fitness=2.0).cluster.spinoffs == 0
    assert family(times=5.0, fitness=1.0).cluster.spinoffs == 0


def test_a_backed_child_is_a_child_like_others(family):
    backed, plain = family(), family(times=0.99)
    (one,), (other,) = born(backed), born(plain)
    for name in ("uid", "parent", "employees", "knowledge", "technology", "cash", "climate", "belief", "capacity"):
        assert getattr(backed.actors, name)[one] == getattr(plain.actors, name)[other], name
