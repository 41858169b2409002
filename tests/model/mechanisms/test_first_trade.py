"""First trade: a place begins with suppliers and orders, and sells at first what its sales say."""

from __future__ import annotations

import numpy as np
import pytest
from places import place_of, step

from clustersim.model.founding import begin_trade
from clustersim.model.state import SME, TRACTOR

LOCAL = 0.5 / 2.2  # what a buyer with one fully trusted supplier wants to buy nearby, of its bill
BILL = 0.55 * 400.0


def begun(make, firms=4, change=None, ties=((0, 2, 2),), **firm):
    """Return a place of two buyers and some suppliers with these ties (buyer, supplier, level), after first trade."""
    case = place_of(make, firms, change={"local_speed": 0.0, "upgrading": 0.5} | (change or {}), **firm)
    case.set(slice(0, 2), segment=1)
    for buyer, seller, level in ties:
        case.tie(buyer, seller, level=level, trust=1.0)
    case.cluster.held[:2] = [case.get("base")[case.get("segment") == s].sum() for s in (0, 1)]
    case.market = case.cluster.market[:2].copy()
    case.before = {name: case.get(name) for name in ("base", "sales", "quality", "trade", "purchases", "dependence", "cash")}
    begin_trade(case.actors, case.ties, case.cluster, case.p.market)
    return case


def test_buyers_source_at_once_what_their_suppliers_allow(make):
    case = begun(make)
    assert case.get("local_share") == pytest.approx([LOCAL, 0.0, 0.0, 0.0])
    assert case.ties.value[0] == case.get("weight")[0] == case.get("contacts")[2] == pytest.approx(LOCAL * BILL)
    thin = begun(make, change={"arms_length": 0.3}, ties=((0, 2, 0),))
    assert thin.get("local_share")[0] == pytest.approx(0.5 * 0.3 / 1.5)


def test_a_suppliers_customers_outside_are_fewer_by_what_the_cluster_orders(make):
    case = begun(make)
    assert case.get("base") == pytest.approx([400.0, 400.0, 400.0 - LOCAL * BILL, 400.0])
    assert (case.get("sales") == 400.0).all()


def test_a_part_of_the_customers_is_outside_at_least(make):
    """Two buyers order an eighth of its output each: three quarters are left, and if nine tenths are the least, those."""
    case = begun(make, change={"first_base": 0.3}, ties=((0, 2, 2), (1, 2, 2)))
    assert case.get("base")[2] == pytest.approx(400.0 - 2 * LOCAL * BILL)
    case = begun(make, change={"first_base": 0.9}, ties=((0, 2, 2), (1, 2, 2)))
    assert case.get("base")[2] == pytest.approx(0.9 * 400.0)
    assert begun(make, change={"first_base": 1.0}).get("base")[2] == 400.0


def test_what_acquaintances_refer_is_not_counted_twice(make):
    case = begun(make, referrals=np.array([0.25, 0.0, 0.1, 0.0]))
    assert case.get("base") == pytest.approx([320.0, 400.0, (400.0 - LOCAL * BILL) / 1.1, 400.0])


def test_each_market_shrinks_with_what_the_place_holds_of_it(make):
    case = begun(make, referrals=np.array([0.25, 0.0, 0.0, 0.0]))
    held = [800.0 - LOCAL * BILL, 720.0]
    assert case.cluster.held[:2] == pytest.approx(held)
    assert case.cluster.market[:2] == pytest.approx(case.market * np.array(held) / 800.0)


def test_a_market_without_firms_stays(make):
    case = place_of(make, 2)
    case.cluster.held[:2] = 800.0, 0.0
    case.cluster.market[:2] = 9000.0, 7000.0
    case.all(referrals=0.25)
    begin_trade(case.actors, case.ties, case.cluster, case.p.market)
    assert case.cluster.market[:2] == pytest.approx([7200.0, 7000.0]) and case.cluster.held[1] == 0.0


def test_no_price_is_settled_and_no_quality_pulled(make):
    case = begun(make, kind=np.array([TRACTOR, TRACTOR, SME, SME]), quality=np.array([0.9, 0.9, 0.5, 0.5]))
    for name in ("sales", "quality", "trade", "purchases", "cash"):
        assert (case.get(name) == case.before[name]).all(), name
    assert case.cluster.nation == 0.0


def test_first_sales_are_what_they_were(make):
    """In a still place the first quarter's sales are those of the start: customers, referrals and orders of the cluster."""
    case = begun(make, change={"surplus": 0.0, "upgrading": 0.0}, referrals=np.array([0.2, 0.0, 0.1, 0.0]))
    step(case)
    assert case.get("sales") == pytest.approx(400.0)
    assert case.get("employees") == pytest.approx(10.0)
