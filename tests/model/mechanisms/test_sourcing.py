"""Sourcing: who supplies whom, the price of dependence, and tractor firms that pull their suppliers' quality."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from places import chain_of, place_of

from clustersim.model.mechanisms.market import bargain, place_orders, source
from clustersim.model.state import SME, TRACTOR, VERTICAL


@pytest.fixture
def place(make):
    """Return the maker of places in which nothing happens."""
    return partial(place_of, make)


def buy(case):
    """Source, place orders and bargain over their price."""
    for do in (source, place_orders, bargain):
        do(case.actors, case.ties, case.cluster, case.p.market)


def test_sourcing_follows_the_number_and_trust_of_qualified_suppliers(place):
    def share(suppliers, trust):
        case = chain_of(place, suppliers, trust)
        buy(case)
        return case.get("local_share")[0]

    p = place().p.market
    assert share(2, 0.5) == share(1, 1.0) == pytest.approx(p.local_most / (1 + p.local_half))
    assert 0.0 == share(3, 0.0) < share(1, 0.5) < share(1, 1.0) < share(5, 1.0) < p.local_most


def test_sourcing_adapts_at_its_speed(place):
    case = chain_of(place, change={"local_speed": 0.1})
    for quarters in (1, 2, 3):
        buy(case)
        assert case.get("local_share")[0] == pytest.approx((1 - 0.9**quarters) * 0.5 / 2.2)
    still = chain_of(place, change={"local_speed": 0.0})
    buy(still)
    assert still.get("local_share")[0] == 0.0


@pytest.mark.parametrize(("level", "segment", "trades"), [(2, 0, True), (3, 0, True), (1, 0, False), (2, 1, False)])
def test_only_commercial_ties_along_the_chain_trade(place, level, segment, trades):
    case = chain_of(place, level=level, segment=segment)
    case.cluster.tie_count = 0
    case.tie(0, 1, level=level, trust=1.0)
    buy(case)
    assert (case.get("trade")[1] > 0.0) == trades == (case.ties.value[0] > 0.0)


def test_goods_flow_downstream_whichever_end_comes_first(place):
    case = place(2, change={"local_speed": 1.0})
    case.set(1, segment=1)  # now the later row buys
    case.tie(0, 1, level=2, trust=0.2, back=1.0)
    buy(case)
    assert case.get("trade")[0] > 0.0 == case.get("trade")[1]
    assert case.get("local_share")[1] == pytest.approx(0.5 / 2.2)  # by the buyer's trust


def test_tractors_ask_for_more_quality_than_smes(place):
    p = place().p.market
    quality = (p.standard_sme + p.standard_tractor) / 2
    assert chain_trade(place, quality=quality) > 0.0
    assert chain_trade(place, quality=p.standard_sme - 0.01) == 0.0
    assert chain_trade(place, buyer={"kind": TRACTOR}, quality=quality) == 0.0
    assert chain_trade(place, buyer={"kind": TRACTOR}, quality=p.standard_tractor) > 0.0


def chain_trade(place, **more):
    """Return what the only supplier sells to its buyer."""
    case = chain_of(place, **more)
    buy(case)
    return case.get("trade")[1]


def test_what_one_firm_sells_the_other_buys(place):
    case = chain_of(place, suppliers=3, trust=0.7)
    case.set(2, employees=40.0)
    buy(case)
    assert case.get("trade").sum() == pytest.approx(case.get("purchases")[0])
    assert case.get("trade")[2] > 3.5 * case.get("trade")[1] > 0.0  # by size


def price(place, buyer_sales, seller_sales, surplus=0.2):
    """Return price paid over list price, and the seller's dependence."""
    case = chain_of(place, buyer={"sales": buyer_sales}, change={"surplus": surplus, "contract_most": 1.0}, sales=seller_sales)
    buy(case)
    return case.get("trade")[1] / case.ties.value[0], case.get("dependence")[1]


def test_a_dependent_supplier_is_paid_less(place):
    """Monopsony: the more of its sales one buyer takes, the lower the price; where the buyer needs it more, the higher."""
    prices = [price(place, sales, 400.0) for sales in (400.0, 1600.0, 3200.0)]
    assert prices[0][0] > prices[1][0] > prices[2][0]
    assert prices[0][1] < prices[1][1] < prices[2][1] == 1.0
    needs_buyer, needs_seller = 1.0, 0.5 / 2.2
    assert price(place, 3200.0, 400.0 * 1.0)[0] == pytest.approx(1 - 0.1 * (needs_buyer - 400.0 / (0.55 * 3200.0)), rel=1e-9)
    big_seller = price(place, 400.0, 40_000.0)
    assert big_seller[0] == pytest.approx(1 - 0.1 * (0.55 * 400 * needs_seller / 40_000 - needs_seller)) and big_seller[0] > 1.0


def test_without_a_surplus_dependence_costs_nothing(place):
    for sales in (400.0, 3200.0):
        assert price(place, sales, 400.0, surplus=0.0)[0] == 1.0


def test_who_has_come_to_the_segment_of_its_partner_trades_with_it_no_more(place):
    """A vertical tie stays one when its ends move into the same branch, but neither is upstream of the other then."""
    case = place(2, change={"local_speed": 1.0, "upgrading": 0.5}, segment=1)
    case.set(0, kind=TRACTOR, quality=0.9)
    case.tie(0, 1, level=2, trust=1.0, kind=VERTICAL)
    buy(case)
    assert not case.get("trade").any() and not case.get("local_share").any() and case.get("quality")[1] == 0.5


def test_a_contract_takes_a_part_of_the_suppliers_output_at_most(place):
    case = chain_of(place, buyer={"sales": 1e6})
    buy(case)
    assert case.ties.value[0] == pytest.approx(case.p.market.contract_most * 400.0)
    assert case.get("dependence")[1] == pytest.approx(case.p.market.contract_most)


def pulled(place, change=None, trust=0.5, level=2, **case):
    """Return what the pull of a tractor firm of quality 0.9 makes of a supplier's quality in a quarter."""
    buyer = {"kind": TRACTOR, "quality": 0.9} | case.pop("buyer", {})
    made = chain_of(place, trust=trust, level=level, buyer=buyer, change={"upgrading": 0.1} | (change or {}), **case)
    buy(made)
    return float(made.get("quality")[1])


def test_tractor_firms_pull_their_suppliers_quality(place):
    """From one half toward 0.9, by a tenth of the distance times trust."""
    assert pulled(place) == pytest.approx(0.5 + 0.1 * 0.5 * 0.4)
    assert pulled(place, trust=1.0) == pytest.approx(0.54) and pulled(place, trust=0.0) == 0.5
    assert pulled(place, change={"upgrading": 0.0}) == 0.5
    assert pulled(place, buyer={"kind": SME}) == 0.5, "only tractor firms pull"
    assert pulled(place, level=1) == 0.5, "only those whom they buy from"
    assert pulled(place, quality=0.95) == 0.95, "nobody is pulled down"


def test_who_does_not_meet_the_standard_yet_is_pulled_all_the_same(place):
    assert pulled(place, quality=0.1) == pytest.approx(0.1 + 0.1 * 0.5 * 0.8)


def test_the_strongest_pull_counts_and_not_the_sum(place):
    case = place(4, change={"upgrading": 0.1})
    case.set(slice(0, 3), segment=1, kind=TRACTOR)
    case.all(quality=np.array([0.9, 0.7, 0.6, 0.5]))
    for buyer, trust in ((0, 0.2), (1, 0.9), (2, 1.0)):
        case.tie(buyer, 3, level=2, trust=trust)
    buy(case)
    assert case.get("quality") == pytest.approx([0.9, 0.7, 0.6, 0.5 + 0.1 * 0.9 * 0.2])


def test_qualities_are_pulled_as_they_stood_before(place):
    """A chain of three: the middle firm is pulled itself, but the last one by what it was."""
    case = place(3, change={"upgrading": 0.5}, kind=TRACTOR)
    case.cluster.segments, case.cluster.market[2] = 3, 8000.0
    case.all(segment=np.array([2, 1, 0]), quality=np.array([1.0, 0.6, 0.4]))
    case.tie(0, 1, level=2, trust=1.0)
    case.tie(1, 2, level=2, trust=1.0)
    buy(case)
    assert case.get("quality") == pytest.approx([1.0, 0.8, 0.5])


def test_the_pull_leaves_no_trace_in_dependence(place):
    case = chain_of(place, trust=1.0, level=2, buyer={"kind": TRACTOR, "quality": 0.9}, quality=0.1)
    source(case.actors, case.ties, case.cluster, case.p.market)
    assert (case.get("dependence") == 0.0).all()
