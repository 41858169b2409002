"""The bargain: each side falls back on what it has besides the other; trade without cooperation is thin and costs."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from places import chain_of, place_of

from clustersim.model.mechanisms.finance import settle_accounts
from clustersim.model.mechanisms.market import bargain, place_orders, source, trade
from clustersim.model.state import TRACTOR

BILL = 0.55 * 400.0  # what a firm with sales of 400 pays for inputs


@pytest.fixture
def place(make):
    """Return the maker of places in which nothing happens, where one contract may take all of an output."""
    return lambda *words, change=None, **firm: place_of(make, *words, change={"contract_most": 1.0} | (change or {}), **firm)


def buy(case):
    """Source, place orders and bargain over their price."""
    for do in (source, place_orders, bargain):
        do(case.actors, case.ties, case.cluster, case.p.market)


def prices(case):
    """Return what each buyer pays over the list price of what it orders."""
    buy(case)
    buyers = case.get("weight") > 0.0
    return case.get("purchases")[buyers] / case.get("weight")[buyers]


def web(place, buyers, sellers, surplus=0.2, **sales):
    """Return a place in which each of the first firms buys from each of the last ones, with full trust."""
    case = place(buyers + sellers, change={"local_speed": 1.0, "surplus": surplus})
    case.set(slice(0, buyers), segment=1, sales=sales.get("buying", 400.0))
    case.set(slice(buyers, None), sales=sales.get("selling", 400.0))
    for b in range(buyers):
        for s in range(sellers):
            case.tie(b, buyers + s, level=2, trust=1.0)
    return case


def test_a_side_with_one_partner_loses_all_and_with_two_equal_ones_half(place):
    """Each buyer orders `share` of its bill; a supplier's part of its sales is needed from a buyer, halved if there are two."""
    for buyers, sellers in ((1, 1), (2, 1), (1, 2), (2, 2)):
        case = web(place, buyers, sellers)
        share = 0.5 * sellers / (sellers + 1.2)
        value = share * BILL / sellers
        loses_buyer, loses_seller = value / 400.0 / buyers, value / BILL / sellers
        assert prices(case) == pytest.approx([1 - 0.1 * (loses_buyer - loses_seller)] * buyers), (buyers, sellers)


def test_equals_pay_the_full_price(place):
    """A supplier that sells as much as its buyer spends on inputs needs the buyer just as much."""
    for number in (1, 2, 3):
        assert prices(web(place, number, number, selling=BILL)) == pytest.approx([1.0] * number)


def test_the_bargain_is_symmetric(place):
    """What a supplier loses where it needs the buyer so much more, it gains where the buyer needs it so much more."""
    def effect(buying, selling):
        (price,) = prices(web(place, 1, 1, buying=buying, selling=selling))
        return price - 1.0

    dependent = effect(400.0, 110.0)  # an order of 50 is 10/22 of its sales, 5/22 of the buyer's bill
    assert dependent == pytest.approx(-0.1 * (10 / 22 - 5 / 22))
    needed = effect(400.0, 1e9)
    assert needed == pytest.approx(0.1 * 5 / 22, rel=1e-6)
    case = web(place, 1, 1, selling=1e9)
    case.p.market.local_most, case.p.market.local_half = 1.0, 1e-12  # the whole bill from one supplier that hardly notices
    assert prices(case) == pytest.approx([1.1], rel=1e-6)
    case = web(place, 1, 1, buying=1e9, selling=400.0)  # all that it makes for one buyer that hardly notices
    assert prices(case) == pytest.approx([0.9], rel=1e-6)


def test_who_can_turn_to_others_is_squeezed_less(place):
    """The second buyer orders three times as much: of what the supplier needs of the first, a quarter is at stake with it."""
    case = web(place, 2, 1)
    case.set(1, sales=1200.0)
    value = 0.5 / 2.2 * BILL
    expected = [1 - 0.1 * (value / 400.0 / 4 - 5 / 22), 1 - 0.1 * (3 * value / 400.0 * 3 / 4 - 5 / 22)]
    assert prices(case) == pytest.approx(expected) and expected[0] > expected[1]


def test_the_surplus_is_what_is_bargained_over(place):
    assert list(prices(web(place, 1, 1, surplus=0.0, selling=110.0))) == [1.0]
    assert prices(web(place, 1, 1, surplus=0.4, selling=110.0)) == pytest.approx([1 - 0.2 * (10 / 22 - 5 / 22)])


def test_no_side_needs_the_other_more_than_wholly(place):
    """An order beyond the supplier's sales, or a supplier without any, counts as all that it has."""
    case = web(place, 1, 1)
    buy(case)
    case.all(trade=0.0, purchases=0.0, dependence=0.0)
    case.set(1, sales=0.0)
    bargain(case.actors, case.ties, case.cluster, case.p.market)
    assert case.get("purchases")[0] / case.ties.value[0] == pytest.approx(1 - 0.1 * (1.0 - 5 / 22))
    assert case.get("dependence")[1] == 1.0


def test_dependence_is_on_the_largest_buyer(place):
    for larger in (0, 1):  # the first or the last of its ties
        case = web(place, 2, 1)
        case.set(larger, sales=1200.0)
        buy(case)
        assert case.get("dependence")[2] == pytest.approx(3 * 0.5 / 2.2 * BILL / 400.0)


def thin(place, level=0, weight=0.25, haggling=0.1, suppliers=1, **more):
    """Return a buyer that trades at arm's length."""
    change = {"arms_length": weight, "haggling": haggling, "contract_most": 1.0}
    return chain_of(place, suppliers, 0.9, level, change=change | more.pop("change", {}), **more)


@pytest.mark.parametrize("level", [0, 1])
def test_an_acquaintance_supplies_with_little_weight_whatever_the_trust(place, level):
    case = thin(place, level)
    buy(case)
    assert case.get("local_share")[0] == pytest.approx(0.5 * 0.25 / (0.25 + 1.2))
    assert case.get("trade")[1] > 0.0
    close = thin(place, 2)
    buy(close)
    assert close.get("local_share")[0] == pytest.approx(0.5 * 0.9 / (0.9 + 1.2)), "cooperation counts by trust"


def test_without_weight_nobody_trades_at_arms_length(place):
    case = thin(place, weight=0.0)
    buy(case)
    assert not case.get("trade").any() and not case.get("local_share").any() and case.ties.value[0] == 0.0


def test_orders_are_split_by_weight_and_size(place):
    """A trusted supplier of ten against three acquaintances of ten, twenty and forty: 0.9 × 10 to a quarter of each size."""
    case = thin(place, suppliers=4)
    case.ties.level[0] = 2
    case.set(slice(1, None), employees=np.array([10.0, 10.0, 20.0, 40.0]), sales=1e6)
    buy(case)
    values = case.ties.value[:4]
    assert values / values.sum() == pytest.approx(np.array([9.0, 2.5, 5.0, 10.0]) / 26.5)
    assert values.sum() == pytest.approx(case.get("local_share")[0] * BILL)
    assert case.get("weight")[0] == pytest.approx(values.sum()) and case.get("contacts")[1:] == pytest.approx(values)


def test_haggling_costs_the_supplier_a_part_of_the_price(place):
    case = thin(place)
    buy(case)
    paid = case.get("purchases")[0]
    assert case.get("trade")[1] == pytest.approx(0.9 * paid) and case.cluster.nation == pytest.approx(0.1 * paid)
    for free in (thin(place, haggling=0.0), thin(place, level=2)):
        buy(free)
        assert free.get("trade")[1] == pytest.approx(free.get("purchases")[0]) and free.cluster.nation == 0.0


def test_the_standard_holds_at_arms_length_too(place):
    for quality, trades in ((0.44, False), (0.45, True)):
        case = thin(place, buyer={"kind": TRACTOR}, quality=quality)
        buy(case)
        assert (case.get("trade")[1] > 0.0) == trades


def test_nobody_is_pulled_at_arms_length(place):
    case = thin(place, buyer={"kind": TRACTOR, "quality": 0.9}, change={"upgrading": 0.5})
    buy(case)
    assert case.get("trade")[1] > 0.0 and case.get("quality")[1] == 0.5


def test_no_money_is_lost_between_haggling_and_the_books(make):
    """Quarters of trade over ties of all levels, and of payments: the sum of all accounts is what it was."""
    case = thin(partial(place_of, make), suppliers=7)
    case.ties.level[:7] = np.arange(7) % 4
    for _ in range(3):
        before, spent = case.books(), case.cluster.nation
        trade(case.actors, case.ties, case.cluster, case.world, case.p.market)
        lost = case.cluster.nation - spent
        assert lost > 0.0 and case.get("trade").sum() + lost == pytest.approx(case.get("purchases").sum())
        settle_accounts(case.actors, case.cluster, case.world, case.p.finance, case.p.market, case.p.knowledge)
        assert case.books() == pytest.approx(before, abs=1e-7)
