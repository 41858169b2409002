"""Market: replicator, agglomeration, sourcing, bargaining, export, orders and labour."""

from __future__ import annotations

import math

import numpy as np
import pytest

from clustersim.mechanisms.market import bargain, labour, rate_fitness, sell, source, trade
from clustersim.state import FREE, TRACTOR


@pytest.fixture
def place(make):
    """Return a maker of clusters without noise, growth, congestion, agglomeration and exports."""

    def _place(firms=4, change=None, **firm):
        case = make(firms)
        p = case.p.market
        p.noise = p.agglomeration = p.congestion = p.span = p.rival_lag = p.export_speed = 0.0
        for name, value in (change or {}).items():
            p[name] = value
        case.all(**({"quality": 0.5} | firm))
        return case

    return _place


def step(case):
    """Let a quarter of trade pass."""
    trade(case.actors, case.ties, case.cluster, case.world, case.p.market)
    case.world.quarter += 1


def test_firms_equal_to_outsiders_keep_their_customers(place):
    case = place()
    step(case)
    assert case.get("base") == pytest.approx(400.0)
    assert case.get("sales") == pytest.approx(400.0) and case.get("employees") == pytest.approx(10.0)


def test_where_the_cluster_is_the_market_equals_neither_gain_nor_lose(place):
    case = place(8, knowledge=0.7)
    case.cluster.market[0] = 8 * 400.0
    step(case)
    assert case.get("base") == pytest.approx(400.0)
    assert case.cluster.fitness[0] == pytest.approx(math.exp(0.7))


def test_the_replicator_moves_shares_to_the_fit_and_conserves_their_sum(place):
    case = place(6, knowledge=np.array([-0.3, -0.1, 0.0, 0.1, 0.2, 0.3]))
    case.cluster.market[0] = 6 * 400.0
    case.p.market.selection = 0.001  # a small step, in which the sum of logs is the log of the sum
    step(case)
    base = case.get("base")
    assert (np.diff(base) > 0).all() and base[0] < 400.0 < base[-1]
    assert base.sum() == pytest.approx(2400.0, rel=1e-6)
    case.p.market.selection = 0.0
    step(case)
    assert case.get("base") == pytest.approx(base)


def test_segments_are_markets_of_their_own(place):
    case = place(4)
    case.set(slice(2, 4), segment=1, knowledge=0.5)
    case.cluster.market[:2] = 800.0
    step(case)
    assert case.get("base")[:2] == pytest.approx(400.0)
    assert list(case.cluster.headcount[:2]) == [2, 2]


def test_markets_grow_with_the_world(place):
    case = place()
    case.world.growth = 0.01
    step(case)
    assert case.get("base") == pytest.approx(400.0 * math.exp(0.01))


def test_noise_is_tent_shaped_and_smaller_for_large_firms(place):
    case = place(1200, change={"noise": 0.1, "selection": 0.0})
    case.set(slice(0, 600), employees=1.0)
    case.set(slice(600, None), employees=1000.0)
    step(case)
    moves = np.log(case.get("base") / 400.0)
    expected = [math.sqrt(2) * 0.1 * math.exp(-0.16 * math.log(1 + n)) for n in (1.0, 1000.0)]
    assert [moves[:600].std(), moves[600:].std()] == pytest.approx(expected, rel=0.15)
    assert (moves[:600] ** 4).mean() / (moves[:600] ** 2).mean() ** 2 > 4.0  # tails heavier than normal (3), near 6


def rated(case):
    """Return each firm's productivity and fitness."""
    rate_fitness(case.actors, case.cluster, case.world, case.p.market)
    return case.get("productivity"), case.get("best")


def test_agglomeration_raises_productivity_and_congestion_lowers_it(place):
    def productivity(employment, **change):
        case = place(change=change)
        case.cluster.employment = employment
        return rated(case)[0][0]

    assert productivity(5000.0, agglomeration=0.05) > productivity(50.0, agglomeration=0.05) > productivity(50.0)
    assert productivity(5000.0, congestion=0.05) < productivity(50.0, congestion=0.05) < 1.0
    assert productivity(5000.0) == productivity(50.0) == 1.0


def test_congestion_is_a_matter_of_jobs_over_the_area(place):
    def productivity(radius, employment):
        case = place(change={"congestion": 0.1})
        case.cluster.radius, case.cluster.employment = radius, employment
        return rated(case)[0][0]

    assert productivity(2.0, 4000.0) == pytest.approx(productivity(1.0, 1000.0))
    assert productivity(4.0, 1000.0) > productivity(2.0, 1000.0) > productivity(1.0, 1000.0)


def test_technology_apart_from_the_market_costs_productivity_and_fitness(place):
    case = place(3, technology=np.array([0.5, 0.7, 0.9]))
    productivity, fitness = rated(case)
    assert np.log(productivity) == pytest.approx([0.0, -3.0 * 0.04, -3.0 * 0.16])
    assert (np.diff(fitness) < 0).all()
    case.p.market.mismatch = 0.0
    assert rated(case)[0] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("column", "value", "weight", "log_gain"),
    [("quality", 0.9, "quality_weight", 0.25 * 0.4), ("cost_saving", 0.05, "saving_weight", 0.05),
     ("knowledge", 0.2, None, 0.2), ("employees", 100.0, "span", -0.045 * (math.log(101.0) - 2.4))],
)  # fmt: skip
def test_what_makes_a_firm_fit(place, column, value, weight, log_gain):
    case = place(2)
    case.p.market.span = 0.045
    case.set(0, **{column: value})
    assert np.log(rated(case)[1]) == pytest.approx([log_gain, 0.0], abs=1e-12)
    if weight:
        case.p.market[weight] = 0.0
        assert np.log(rated(case)[1])[0] == pytest.approx(0.0, abs=1e-12)


def test_brand_and_cheap_labour_help_all_and_rivals_hurt_all(place):
    case = place(2)
    case.cluster.brand = 0.5
    case.lever(brand=0.5)
    assert np.log(rated(case)[1]) == pytest.approx(case.p.market.brand_weight)
    case = place(2)
    case.cluster.wage = case.world.wage * 1.1
    assert np.log(rated(case)[1]) == pytest.approx(-case.p.market.wage_weight * math.log(1.1))
    case = place(2)
    case.world.rivalry, case.world.frontier = 0.1, 0.2
    assert np.log(rated(case)[1]) == pytest.approx(-0.3)


def test_fitness_is_bounded(place):
    case = place(2, knowledge=np.array([50.0, -50.0]))
    case.cluster.market[0] = 400.0
    assert rated(case)[1][0] == pytest.approx(math.exp(2.0))
    case = place(2, knowledge=-50.0)
    case.cluster.market[0] = 800.0
    rated(case)
    assert case.cluster.fitness[0] == 0.2


def chain(place, suppliers=1, trust=1.0, level=2, buyer=None, change=None, **seller):
    """Return a buyer (firm 0, downstream) with suppliers, which sources all that it can at once."""
    case = place(1 + suppliers, change={"local_speed": 1.0} | (change or {}))
    case.set(0, segment=1, **(buyer or {}))
    case.set(slice(1, None), **seller)
    for k in range(1, 1 + suppliers):
        case.tie(0, k, level=level, trust=trust)
    return case


def buy(case):
    """Source and bargain."""
    source(case.actors, case.ties, case.cluster, case.p.market)
    bargain(case.actors, case.ties, case.cluster, case.p.market)


def test_sourcing_follows_the_number_and_trust_of_qualified_suppliers(place):
    def share(suppliers, trust):
        case = chain(place, suppliers, trust)
        buy(case)
        return case.get("local_share")[0]

    p = place().p.market
    assert share(2, 0.5) == share(1, 1.0) == pytest.approx(p.local_most / (1 + p.local_half))
    assert 0.0 == share(3, 0.0) < share(1, 0.5) < share(1, 1.0) < share(5, 1.0) < p.local_most


def test_sourcing_adapts_at_its_speed(place):
    case = chain(place, change={"local_speed": 0.1})
    for quarters in (1, 2, 3):
        buy(case)
        assert case.get("local_share")[0] == pytest.approx((1 - 0.9**quarters) * 0.5 / 2.2)
    still = chain(place, change={"local_speed": 0.0})
    buy(still)
    assert still.get("local_share")[0] == 0.0


@pytest.mark.parametrize(("level", "segment", "trades"), [(2, 0, True), (3, 0, True), (1, 0, False), (2, 1, False)])
def test_only_commercial_ties_along_the_chain_trade(place, level, segment, trades):
    case = chain(place, level=level, segment=segment)
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
    case = chain(place, **more)
    buy(case)
    return case.get("trade")[1]


def test_what_one_firm_sells_the_other_buys(place):
    case = chain(place, suppliers=3, trust=0.7)
    case.set(2, employees=40.0)
    buy(case)
    assert case.get("trade").sum() == pytest.approx(case.get("purchases")[0])
    assert case.get("trade")[2] > 3.5 * case.get("trade")[1] > 0.0  # by size


def price(place, buyer_sales, seller_sales, surplus=0.2):
    """Return price paid over list price, and the seller's dependence."""
    case = chain(place, buyer={"sales": buyer_sales}, change={"surplus": surplus, "contract_most": 1.0}, sales=seller_sales)
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


def test_a_contract_takes_a_part_of_the_suppliers_output_at_most(place):
    case = chain(place, buyer={"sales": 1e6})
    buy(case)
    assert case.ties.value[0] == pytest.approx(case.p.market.contract_most * 400.0)
    assert case.get("dependence")[1] == pytest.approx(case.p.market.contract_most)


def test_local_trade_adds_to_sales_and_takes_capacity(place):
    case = chain(place, suppliers=2, buyer={"sales": 4000.0})
    step(case)
    contracted, able = case.get("contacts")[1], case.p.market.slack * 400.0
    assert case.get("sales")[1] == pytest.approx(min(400.0, able - contracted) + case.get("trade")[1])
    assert case.get("employees")[1] > 10.0


def exports(place, quarters=1, change=None, lever=0.0, **firm):
    """Return the export share that a firm without exports comes to."""
    case = place(1, change={"export_speed": 1.0, "export_cost": 0.0} | (change or {}), **({"quality": 1.0} | firm))
    case.lever(export_support=lever)
    for _ in range(quarters):
        step(case)
    return float(case.get("export_share")[0])


def test_exports_need_capability_above_the_cut(place):
    p = place().p.market
    assert exports(place, knowledge=-p.export_cut) == exports(place, knowledge=-0.9) == 0.0
    assert 0.0 < exports(place, knowledge=-0.5 * p.export_cut) < exports(place, knowledge=0.0) == pytest.approx(0.3)
    assert exports(place, knowledge=1.0) == pytest.approx(0.3)
    assert exports(place, quality=0.0) == pytest.approx(0.15)


def test_exports_must_pay_their_fixed_cost(place):
    gain = 0.10 * 400.0 * 0.3 / 0.7
    assert exports(place, change={"export_cost": gain * 1.01}) == 0.0
    assert exports(place, change={"export_cost": gain * 0.99}) == pytest.approx(0.3)
    assert exports(place, change={"export_cost": gain * 1.5}, lever=0.5) == pytest.approx(0.3)
    assert exports(place, change={"export_cost": gain * 1.5}, reach=1.0) == pytest.approx(0.3)


def test_a_joint_export_project_shifts_the_cut(place):
    p = place().p.market
    almost = -p.export_cut - 0.05
    assert exports(place, knowledge=almost) == 0.0 < exports(place, knowledge=almost, reach=1.0)
    assert exports(place, knowledge=almost, reach=1.0, change={"reach_weight": 0.0}) == 0.0


def test_exports_grow_at_their_speed_and_come_on_top_of_domestic_sales(place):
    case = place(1, change={"export_speed": 0.1, "export_cost": 0.0, "slack": 1.5}, quality=1.0)
    case.p.market.quality_weight = 0.0
    step(case)
    assert case.get("export_share")[0] == pytest.approx(0.03)
    again = place(1, change={"export_speed": 0.1, "export_cost": 0.0}, quality=1.0, export_share=0.2)
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


def test_free_rows_neither_sell_nor_count(place):
    case = place(3)
    case.set(2, kind=FREE, sales=0.0, employees=0.0, base=0.0)
    step(case)
    assert case.get("sales")[2] == 0.0 and case.cluster.headcount[0] == 2 and case.cluster.employment == pytest.approx(20.0)


def test_selling_needs_capacity(place):
    case = place(1, employees=5.0)
    rate_fitness(case.actors, case.cluster, case.world, case.p.market)
    case.all(contacts=0.0, trade=0.0)
    sell(case.actors, case.cluster, case.world, case.p.market)
    assert case.get("sales")[0] == pytest.approx(1.1 * 40.0 * 5.0)
