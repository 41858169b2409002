"""Public goods of a place, suppliers that bargain as a group, and skilled people from outside."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from places import chain_of, place_of, step

from clustersim.model.mechanisms.finance import settle_accounts
from clustersim.model.mechanisms.market import bargain, export, labour, place_orders, source
from clustersim.model.state import SME, TRACTOR

CHANGE = {"contract_most": 1.0, "arms_length": 0.25, "haggling": 0.1}


@pytest.fixture
def place(make):
    """Return the maker of places in which nothing happens."""
    return partial(place_of, make)


def trade(place, level=0, suppliers=2, bargaining=0.0, goods=0.0, change=None, member=1, buyer=TRACTOR, **more):
    """Return a tractor firm that buys from SMEs, after the bargain."""
    case = chain_of(place, suppliers, 0.9, level, change=CHANGE | (change or {}), buyer={"kind": buyer}, member=member, **more)
    case.lever(bargaining=bargaining)
    case.cluster.public_goods = goods
    for do in (source, place_orders, bargain):
        do(case.actors, case.ties, case.cluster, case.p.market)
    return case


# --- public goods --------------------------------------------------------------------------------------------------


def test_public_goods_grow_toward_one_with_what_is_spent_and_wear(place):
    case = place()
    case.p.market.goods_speed, case.p.market.goods_wear = 0.1, 0.02
    case.lever(public_goods=2.0)
    step(case)
    assert case.cluster.public_goods == pytest.approx(0.2)
    step(case)
    assert case.cluster.public_goods == pytest.approx(0.2 + 0.2 * 0.8 - 0.02 * 0.2)
    case.lever(public_goods=99.0)
    for _ in range(3):
        step(case)
    assert 0.95 < case.cluster.public_goods <= 1.0
    case.lever(public_goods=0.0)
    case.cluster.public_goods = 0.5
    step(case)
    assert case.cluster.public_goods == pytest.approx(0.49)


def test_they_save_a_part_of_what_trade_at_arms_length_costs(place):
    for goods, lost in ((0.0, 0.1), (0.5, 0.08), (1.0, 0.06)):
        case = trade(place, goods=goods)
        paid = case.get("purchases")[0]
        assert case.get("trade").sum() == pytest.approx((1.0 - lost) * paid) and case.cluster.nation == pytest.approx(lost * paid)
    assert trade(place, level=2, goods=1.0).cluster.nation == 0.0, "cooperation costs none as it is"


def test_they_stand_for_a_part_of_a_certificate_in_export(place):
    shares = []
    for certified, goods in ((0, 0.0), (0, 0.5), (0, 1.0), (1, 0.0), (1, 1.0)):
        case = place(1, change={"export_speed": 1.0, "export_cost": 0.0}, quality=0.0, knowledge=9.0, certified=certified)
        case.cluster.public_goods = goods
        export(case.actors, case.cluster, case.world, case.row(0), case.p.market)
        shares.append(float(case.get("export_share")[0]) / 0.3)
    assert shares == pytest.approx([0.5, 0.5 + 0.15 * 0.25, 0.5 + 0.15 * 0.5, 0.65, 0.65])


# --- suppliers as a group ------------------------------------------------------------------------------------------


def test_a_group_takes_off_a_part_of_what_suppliers_lose_without_the_tractor_firm(place):
    alone, group = (trade(place, level=2, bargaining=lever, change={"surplus": 0.4, "group_cost": 0.0}) for lever in (0.0, 1.0))
    value, orders = group.ties.value[:2], group.get("weight")[0]
    assert value.tolist() == alone.ties.value[:2].tolist() and orders == pytest.approx(value.sum())
    gained = 0.5 * 0.4 * (value / group.get("sales")[1:]) * 0.5 * value  # each sells to this buyer alone
    assert group.get("trade")[1:] - alone.get("trade")[1:] == pytest.approx(gained)
    assert gained.min() > 0.0 and group.get("premium")[0] == pytest.approx(gained.sum())
    assert group.get("purchases")[0] - alone.get("purchases")[0] == pytest.approx(gained.sum())
    assert not alone.get("premium").any() and group.get("dependence").tolist() == alone.get("dependence").tolist()


def test_it_costs_a_part_of_the_price_and_saves_haggling(place):
    near = trade(place, level=2, bargaining=1.0)
    assert near.cluster.nation == pytest.approx(0.5 * 0.01 * near.get("purchases")[0])
    far = trade(place, bargaining=1.0)
    assert far.cluster.nation == pytest.approx((0.1 * 0.5 + 0.5 * 0.01) * far.get("purchases")[0])


def test_it_is_for_smes_that_are_members_and_sell_to_a_tractor_firm(place):
    for case in (trade(place, level=2, bargaining=1.0, member=0), trade(place, level=2, bargaining=1.0, buyer=SME)):
        assert not case.get("premium").any() and case.cluster.nation == 0.0
    case = trade(place, level=2, bargaining=9.0)
    assert case.get("premium")[0] == trade(place, level=2, bargaining=1.0).get("premium")[0]


def test_the_buyer_pays_the_premium_and_nobody_else(place):
    """What suppliers get more, less what the group costs, is what the buyer's profit falls by; the outside sells as much."""
    profits, outside = [], []
    for lever in (0.0, 1.0):
        case = trade(place, level=2, bargaining=lever, change={"surplus": 0.4, "group_cost": 0.0})
        nation = float(case.cluster.nation)
        before = case.books()
        settle_accounts(case.actors, case.cluster, case.world, case.p.finance, case.p.market, case.p.knowledge)
        assert case.books() == pytest.approx(before, abs=1e-7)
        profits.append(case.get("profit") - case.get("trade") * (np.arange(3) > 0))  # sales of this quarter are not set anew
        outside.append((float(case.cluster.nation) - nation, float(case.cluster.abroad)))
        premium = float(case.get("premium")[0])
    assert profits[0][0] - profits[1][0] == pytest.approx(premium) and premium > 0.0
    assert outside[0][1] == pytest.approx(outside[1][1]), "no more is bought abroad, and no less"


# --- talent --------------------------------------------------------------------------------------------------------


def test_talent_comes_with_the_effort_and_with_the_name_of_the_place(place):
    came = {}
    for lever, brand in ((0.0, 1.0), (1.0, 0.0), (1.0, 0.5), (1.0, 1.0), (5.0, 1.0), (0.5, 0.0)):
        case = place(3)
        case.p.market.mobility = case.p.market.graduates = 0.0
        case.lever(talent=lever)
        case.cluster.brand = brand
        before = float(case.cluster.skilled)
        labour(case.actors, case.cluster, case.world, case.p.market)
        came[lever, brand] = float(case.cluster.skilled) - before
    assert came == pytest.approx({(0.0, 1.0): 0.0, (1.0, 0.0): 2.0, (1.0, 0.5): 3.0, (1.0, 1.0): 4.0, (5.0, 1.0): 4.0,
                                  (0.5, 0.0): 1.0})  # fmt: skip
