"""Mutual guarantee: members pay into a pool, vouch for one another as far as they trust, and the pool pays defaults first."""

from __future__ import annotations

import numpy as np
import pytest
from books import step
from towns import town_of

from clustersim.model.mechanisms.demography import CLOSURE, liquidate
from clustersim.model.mechanisms.finance import credit_limit, pool_risk, promise, secured
from clustersim.model.state import BANK

SECURED = 800.0 * (0.5 + 0.15 * 0.5)  # of a firm with assets of 800 and the usual bond


@pytest.fixture
def club(make):
    """Return the maker of four members with an association."""

    def members(change=None, lever=1.0, classes=0b1111, **firm):
        case = make(4)
        for name, value in (change or {}).items():
            case.p.finance[name] = value
        case.cluster.formal = 1
        case.all(**({"member": 1, "cash": 1000.0} | firm))
        case.lever(mutual=lever, classes=classes)
        return case

    return members


def pool(case):
    """Pay into the pool and return what it holds; books balance."""
    before = case.books()
    pool_risk(case.actors, case.cluster, case.p.finance)
    assert case.books() == pytest.approx(before)
    return float(case.cluster.mutual_pool)


def limit(case, k=0):
    return credit_limit(case.actors, case.cluster, case.row(k), case.p.finance)


def test_members_pay_a_part_of_their_sales_until_the_pool_is_enough(club):
    case = club()
    assert pool(case) == pytest.approx(4 * 0.002 * 400.0)
    assert case.get("cash") == pytest.approx(1000.0 - 0.8)
    promised = 4 * 0.5 * SECURED
    assert case.cluster.backing == pytest.approx(8.0 * 3.2 / promised)
    for _ in range(200):
        pool(case)
    assert case.cluster.mutual_pool == pytest.approx(promised / 8.0) and case.cluster.backing == pytest.approx(1.0)


def test_who_has_no_cash_pays_nothing(club):
    case = club(cash=np.array([-5.0, 0.0, 0.3, 1000.0]))
    assert pool(case) == pytest.approx(0.3 + 0.8)
    assert case.get("cash")[0] == -5.0


def test_a_guarantee_adds_to_the_limit_as_far_as_members_trust_and_the_pool_goes(club):
    for climate, backing in ((0.5, 1.0), (0.2, 1.0), (0.5, 0.25)):
        case = club(climate=climate)
        case.cluster.backing = backing
        assert limit(case) == pytest.approx(SECURED * (1.0 + backing * climate))
    assert limit(club()) == pytest.approx(SECURED), "without a pool it is what it is"


def test_it_stands_beside_a_public_guarantee(club):
    case = club()
    case.cluster.backing = 1.0
    case.lever(guarantee=0.25)
    assert limit(case) == pytest.approx(SECURED * 1.75)


def test_fellow_members_refuse_a_part_to_firms_that_do_badly(club):
    p = club().p.finance
    for margin, refused in ((0.05, 0.0), (0.2, 0.0), (0.025, 0.35), (0.0, 0.7), (-0.4, 0.7)):
        case = club(margin=margin)
        row = case.row(0)
        assert promise(case.actors, case.cluster, row, p) == pytest.approx(0.5 * (1.0 - refused) * SECURED), margin
        assert secured(case.actors, row, p) == pytest.approx(SECURED)


def test_it_is_for_members_of_an_association_whom_it_reaches(club):
    case = club(member=np.array([1, 1, 0, 0]))
    pool(case)
    assert case.get("cash") == pytest.approx([999.2, 999.2, 1000.0, 1000.0])
    case.cluster.backing = 1.0
    assert limit(case, 1) == pytest.approx(SECURED * 1.5) and limit(case, 2) == pytest.approx(SECURED)
    assert pool(club(classes=0b1101)) == 0.0, "the firms are small"
    alone = club()
    alone.cluster.formal = 0
    assert pool(alone) == 0.0 == alone.cluster.backing


def test_firms_short_of_cash_borrow_more_with_it(club):
    lent = []
    for backing in (0.0, 1.0):
        case = club(change={"dues": 0.0, "appetite": 1.0, "gearing": 1.0}, cash=-2000.0)
        case.cluster.mutual_pool = 1e9 * backing
        step(case)
        lent.append(case.get("debt")[0])
    assert lent[1] / lent[0] == pytest.approx(1.5, rel=0.02)


def test_the_pool_pays_defaults_of_members_first(make):
    for member, pooled in ((1, 100.0), (0, 0.0)):
        case = town_of(make, 2, change={"liquidation": 0.5}, cash=0.0, debt=1000.0, assets=800.0, member=member)
        case.cluster.mutual_pool, case.cluster.guarantee_fund = 100.0, 250.0
        before = case.books()
        liquidate(case.actors, case.cluster, case.row(0), CLOSURE, case.p.demography)
        assert case.books() == pytest.approx(before)
        assert case.cluster.mutual_pool == 100.0 - pooled and case.cluster.guarantee_fund == 0.0
        assert case.actors.cash[BANK] == 400.0 + pooled + 250.0 and case.cluster.lost == 350.0 - pooled


def test_a_pool_that_guarantees_no_more_goes_back_to_members(club):
    case = club(lever=0.0, member=np.array([1, 1, 1, 0]))
    case.cluster.mutual_pool, case.cluster.backing = 120.0, 1.0
    assert pool(case) == 90.0 and case.cluster.backing == 0.0
    assert case.get("cash") == pytest.approx([1010.0, 1010.0, 1010.0, 1000.0])
    case.all(member=0)
    assert pool(case) == 67.5 and case.cluster.nation == 22.5
