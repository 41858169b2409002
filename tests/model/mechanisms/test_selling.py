"""Selling: orders at home and abroad, capacity and jobs, specialists and wages, public buyers and price agreements."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest
from places import chain_of, place_of, step

from clustersim.model.mechanisms.market import labour, rate_fitness, sell
from clustersim.model.state import FREE, TECHNOLOGY_CENTRE, UNIVERSITY


@pytest.fixture
def place(make):
    """Return the maker of places in which nothing happens."""
    return partial(place_of, make)


def test_local_trade_adds_to_sales_and_takes_capacity(place):
    case = chain_of(place, suppliers=2, buyer={"sales": 4000.0})
    step(case)
    contracted, able = case.get("contacts")[1], case.p.market.slack * 400.0
    assert case.get("sales")[1] == pytest.approx(min(400.0, able - contracted) + case.get("trade")[1])
    assert case.get("employees")[1] > 10.0


def exports(place, quarters=1, change=None, classes=0b1111, support=0.0, intelligence=0.0, **firm):
    """Return the export share that a firm without exports comes to; it has full quality and a certificate."""
    firm = {"quality": 1.0, "certified": 1} | firm
    case = place(1, change={"export_speed": 1.0, "export_cost": 0.0} | (change or {}), **firm)
    case.lever(export_support=support, intelligence=intelligence, classes=classes)
    for _ in range(quarters):
        step(case)
    return float(case.get("export_share")[0])


def test_exports_need_capability_above_the_cut(place):
    p = place().p.market
    assert exports(place, knowledge=-p.export_cut) == exports(place, knowledge=-0.9) == 0.0
    assert 0.0 < exports(place, knowledge=-0.5 * p.export_cut) < exports(place, knowledge=0.0) == pytest.approx(0.3)
    assert exports(place, knowledge=1.0) == pytest.approx(0.3)
    assert exports(place, quality=0.0, certified=0) == pytest.approx(0.15)


def test_a_certificate_is_a_part_of_the_capability_to_export(place):
    """Of the half that quality makes up, 0.15 stand for the certificate and 0.35 for the quality itself."""
    assert exports(place, certified=0) == pytest.approx(0.3 * 0.85)
    assert exports(place, quality=0.0) == pytest.approx(0.3 * 0.65)
    assert exports(place, quality=0.6) == pytest.approx(0.3 * (0.65 + 0.35 * 0.6))
    assert exports(place, certified=0, change={"certified_weight": 0.0}) == pytest.approx(0.3)


def test_knowledge_of_markets_hurries_exports(place):
    slow = {"export_speed": 0.1}
    assert exports(place, change=slow) == pytest.approx(0.03)
    assert exports(place, change=slow, intelligence=1.0) == pytest.approx(0.06)
    assert exports(place, change=slow, intelligence=0.5) == pytest.approx(0.045)
    assert exports(place, change=slow, intelligence=99.0) == pytest.approx(0.3), "at once, and no further"
    assert exports(place, change=slow, intelligence=1.0, classes=0b1101) == pytest.approx(0.03)


def test_exports_must_pay_their_fixed_cost(place):
    gain = 0.10 * 400.0 * 0.3 / 0.7
    assert exports(place, change={"export_cost": gain * 1.01}) == 0.0
    assert exports(place, change={"export_cost": gain * 0.99}) == pytest.approx(0.3)
    assert exports(place, change={"export_cost": gain * 1.5}, support=0.5) == pytest.approx(0.3)
    assert exports(place, change={"export_cost": gain * 1.5}, support=0.5, classes=0b1101) == 0.0
    assert exports(place, change={"export_cost": gain * 1.5}, reach=1.0) == pytest.approx(0.3)


def test_a_joint_export_project_shifts_the_cut(place):
    p = place().p.market
    almost = -p.export_cut - 0.05
    assert exports(place, knowledge=almost) == 0.0 < exports(place, knowledge=almost, reach=1.0)
    assert exports(place, knowledge=almost, reach=1.0, change={"reach_weight": 0.0}) == 0.0


def test_exports_grow_at_their_speed_and_come_on_top_of_domestic_sales(place):
    case = place(1, change={"export_speed": 0.1, "export_cost": 0.0, "slack": 1.5}, quality=1.0, certified=1)
    case.p.market.quality_weight = 0.0
    step(case)
    assert case.get("export_share")[0] == pytest.approx(0.03)
    again = place(1, change={"export_speed": 0.1, "export_cost": 0.0}, quality=1.0, certified=1, export_share=0.2)
    step(again)
    assert again.get("export_share")[0] == pytest.approx(0.2 + 0.1 * 0.1)
    assert case.get("sales")[0] == pytest.approx(400.0 / 0.97) and case.get("exports")[0] == pytest.approx(400.0 * 0.03 / 0.97)


def test_demand_moves_sales_and_jobs_follow_slowly(place):
    case = place(3)
    case.world.shock_demand = -0.2
    step(case)
    assert case.get("sales") == pytest.approx(400.0 * math.exp(-0.2))
    fall = 10.0 * (1 - math.exp(-0.2))
    assert case.get("employees") == pytest.approx(10.0 - case.p.market.firing * fall)
    case = place(3)
    case.world.cycle_local = 0.2
    step(case)
    assert case.get("sales") == pytest.approx(400.0 * 1.1)  # capacity binds at full stretch
    assert case.get("employees") == pytest.approx(10.0 + case.p.market.hiring * 10.0 * (math.exp(0.2) - 1))
    assert case.get("log_size") == pytest.approx(np.log1p(case.get("employees")))


def test_a_firm_keeps_at_least_one_job(place):
    case = place(1, change={"firing": 0.6}, base=0.001)
    for _ in range(10):
        step(case)
    assert case.get("employees")[0] == 1.0


def test_wages_rise_when_jobs_outgrow_skilled_labour_and_graduates_help(place):
    def wage(graduates=0.0, pressure=0.1):
        case = place(change={"wage_pressure": pressure})
        case.all(employees=50.0)
        case.lever(graduates=graduates)
        labour(case.actors, case.cluster, case.world, case.p.market)
        assert case.cluster.employment == 200.0
        return float(case.cluster.wage)

    assert wage() == pytest.approx(9.6 * (200.0 / (40.0 + 0.03 * 160.0)) ** 0.1)
    assert wage() > wage(graduates=20.0) > 9.6 == pytest.approx(wage(pressure=0.0))


def pool(place, kinds=(), technology=0.5, graduates=2.0, mobility=0.0, trainees=4.0, **levers):
    """Return the pool of specialists of a cluster of 40 jobs, with schools of these kinds and technology."""
    case = place(schools=len(kinds), change={"graduates": graduates, "mobility": mobility, "trainees": trainees})
    first = int(case.cluster.first) + UNIVERSITY
    for k, kind in enumerate(kinds):
        case.actors.kind[first + k], case.actors.technology[first + k] = kind, technology
    case.lever(**levers)
    case.cluster.technology, case.cluster.skilled = 0.9, 30.0
    labour(case.actors, case.cluster, case.world, case.p.market)
    return float(case.cluster.skilled)


def test_the_pool_of_specialists_follows_jobs(place):
    assert pool(place) == 30.0
    assert pool(place, mobility=0.1) == pytest.approx(31.0)


def test_universities_add_graduates_by_their_relevance_and_technology_centres_none(place):
    """Two a quarter where its technology is that of the cluster, none at half a turn from it."""
    assert pool(place, (UNIVERSITY,), 0.9) == pytest.approx(32.0)
    assert pool(place, (UNIVERSITY,), 0.4) == pytest.approx(30.0)
    assert pool(place, (UNIVERSITY,), 0.15) == pytest.approx(31.0)  # a quarter of a turn across the zero
    assert pool(place, (UNIVERSITY, TECHNOLOGY_CENTRE, UNIVERSITY), 0.9) == pytest.approx(34.0)
    assert pool(place, (TECHNOLOGY_CENTRE,), 0.9) == pool(place, (UNIVERSITY,), 0.9, graduates=0.0) == 30.0


def test_programmes_add_graduates_and_trainees(place):
    assert pool(place, graduates=0.0, **{"training": 0.5}) == pytest.approx(32.0)
    assert pool(place, training=1.0) == pool(place, training=5.0) == pytest.approx(34.0)
    assert pool(place, training=1.0, trainees=0.0) == 30.0
    case = place(schools=0)
    case.lever(graduates=7.0)
    case.p.market.mobility = 0.0
    labour(case.actors, case.cluster, case.world, case.p.market)
    assert case.cluster.skilled == pytest.approx(47.0)


def test_what_the_cluster_sells_beyond_its_first_share_displaces_others(place):
    """Four firms sell 1600 of a market of 32 000, of which they had 4 %: 320 too much, the output of eight others."""
    case = place()
    case.cluster.share_start = 0.04
    case.cluster.market[:2] = 30_000.0, 2_000.0
    labour(case.actors, case.cluster, case.world, case.p.market)
    assert case.cluster.displaced == pytest.approx(8.0)
    case.world.frontier, case.p.market.rival_lag = 0.3, 0.1  # competitors make more with fewer
    labour(case.actors, case.cluster, case.world, case.p.market)
    assert case.cluster.displaced == pytest.approx(8.0 / math.exp(0.2))
    case.cluster.share_start = 0.06
    labour(case.actors, case.cluster, case.world, case.p.market)
    assert case.cluster.displaced == pytest.approx(-8.0 / math.exp(0.2))


def sold(place, lever=0.0, collusion=0.0, member=1, **firm):
    """Return sales and exports of a firm with slack and an export share of a fifth."""
    case = place(1, change={"slack": 1.5}, **({"export_share": 0.2, "member": member} | firm))
    case.cluster.market[:2] = 1e15  # shares do not move
    case.p.market.selection, case.cluster.collusion = 0.0, collusion
    case.lever(procurement=lever)
    step(case)
    return float(case.get("sales")[0]), float(case.get("exports")[0])


def test_public_buyers_ask_firms_of_quality_for_more(place):
    """Domestic orders of 400 rise by a tenth; exports of 100 do not, nor do the orders of firms below the quality asked for."""
    assert sold(place) == pytest.approx((500.0, 100.0))
    assert sold(place, 0.1, quality=0.5) == pytest.approx((540.0, 100.0))
    assert sold(place, 0.1, quality=0.49) == pytest.approx((499.0, 100.0))  # a hundredth below the usual quality, at 0.25


@pytest.mark.parametrize(("quality", "orders"), [(0.9, 400.0 * 1.1), (0.5, 400.0), (0.1, 400.0 * 0.9)])
def test_quality_draws_domestic_orders_and_no_exports(place, quality, orders):
    """A quarter of the lead over the usual quality of one half."""
    assert sold(place, quality=quality) == pytest.approx((orders + 100.0, 100.0))


def test_public_orders_reach_whom_they_are_for_and_need_capacity(place):
    case = place(2, change={"slack": 1.0, "selection": 0.0})
    case.set(1, employees=20.0)
    case.lever(procurement=0.5, classes=0b0010, segments=0b01)
    step(case)
    assert case.get("sales") == pytest.approx([400.0, 600.0])
    assert case.get("employees")[0] == pytest.approx(10.0 + 0.2 * 5.0), "but it hires for them"
    case = place(2, change={"slack": 2.0, "selection": 0.0})
    case.set(1, segment=1)
    case.lever(procurement=0.5, segments=0b10)
    step(case)
    assert case.get("sales") == pytest.approx([400.0, 600.0])


def test_price_agreements_raise_what_members_earn_at_home(place):
    """Six per cent at full strength on domestic sales of 400; nothing on exports, nothing for others, no more goods."""
    assert sold(place, collusion=1.0) == pytest.approx((524.0, 100.0))
    assert sold(place, collusion=0.5) == pytest.approx((512.0, 100.0))
    assert sold(place, collusion=1.0, member=0) == pytest.approx((500.0, 100.0))
    case = place(1, change={"slack": 1.5, "selection": 0.0}, member=1)
    case.cluster.collusion = 1.0
    step(case)
    assert case.get("employees")[0] == pytest.approx(10.0), "dearer goods need no more hands"


def test_free_rows_neither_sell_nor_count(place):
    case = place(3)
    case.set(2, kind=FREE, sales=0.0, employees=0.0, base=0.0)
    step(case)
    assert case.get("sales")[2] == 0.0 and case.cluster.employment == pytest.approx(20.0)


def test_selling_needs_capacity(place):
    case = place(1, employees=5.0)
    rate_fitness(case.actors, case.cluster, case.world, case.p.market)
    case.all(contacts=0.0, trade=0.0)
    sell(case.actors, case.cluster, case.world, case.p.market)
    assert case.get("sales")[0] == pytest.approx(1.1 * 40.0 * 5.0)
