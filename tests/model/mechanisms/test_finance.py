"""Finance: sales, costs and the help that lowers them; every payment leaves one account and enters another."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from books import CERTIFICATE_COST, EXPORT_COST, one_firm, step

from clustersim.model.mechanisms.finance import operate
from clustersim.model.state import ASSOCIATION, BANK, FACILITATOR, FREE, GOVERNMENT, UNIVERSITY


@pytest.fixture
def firm(make):
    """Return the maker of one firm with plain costs."""
    return partial(one_firm, make)


def profit(case):
    """Return the profit of the only firm."""
    step(case)
    return float(case.get("profit")[0])


def test_random_books_balance(make):
    case = make(30)
    draw = np.random.default_rng(1)
    case.all(
        sales=draw.uniform(100, 900, 30), cash=draw.normal(0, 300, 30), debt=draw.uniform(0, 500, 30),
        assets=draw.uniform(0, 2000, 30), bond=draw.uniform(0, 1, 30), export_share=draw.uniform(0, 0.5, 30),
        cost_saving=0.02, reach=0.3, certified=np.arange(30) % 2, knowledge=draw.normal(0, 0.2, 30), born=0,
    )  # fmt: skip
    case.all(exports=case.get("sales") * case.get("export_share"))
    case.set(0, trade=40.0)
    case.set(1, purchases=40.0)
    case.cluster.loans = case.cluster.bank_capital = case.get("debt").sum()
    case.actors.cash[[FACILITATOR, ASSOCIATION, UNIVERSITY, GOVERNMENT]] = 10.0, 20.0, 30.0, 40.0
    case.lever(rd_support=0.3, guarantee=0.4, export_support=0.5, paperwork=0.5, certification=0.4, venture=0.3)
    case.grant(rd_support=20.0, export_support=1e6, paperwork=0.0, certification=1.0)
    case.cluster.venture_fund, case.cluster.lost, case.cluster.bad_debt = 500.0, 90.0, 0.01
    for _ in range(20):
        step(case)
    assert np.isfinite(case.get("cash")).all()


def test_profit_is_sales_less_costs(firm):
    p = firm().p.finance
    wages = 9.6 * 10
    expected = 400 - 0.55 * 400 - wages - p.overhead * 400 - p.interest * 100
    case = firm(debt=100.0)
    assert profit(case) == pytest.approx(expected)
    assert case.get("wage_bill")[0] == pytest.approx(wages) and case.get("cash")[0] == pytest.approx(240 + expected)


def test_savings_lower_the_bill_for_inputs_bought_outside(firm):
    base = profit(firm())
    assert profit(firm(cost_saving=0.1)) == pytest.approx(base + 0.1 * 220)
    for purchases, cost in ((100.0, 0.0), (300.0, 80.0)):  # bought inside instead; the seller's books are not part of this
        case = firm(purchases=purchases)
        operate(case.actors, case.cluster, case.row(0), BANK, case.p.finance, case.p.market, case.p.knowledge)
        assert case.get("profit")[0] == pytest.approx(base - cost)


def test_research_is_paid_and_supported_up_to_a_limit(firm):
    base = profit(firm())
    assert profit(firm(rd_share=0.1)) == pytest.approx(base - 40)
    for support, share in ((0.5, 0.5), (0.9, 0.1), (5.0, 0.1)):
        case = firm(rd_share=0.1)
        case.lever(rd_support=support)
        case.grant(rd_support=1e6)
        assert profit(case) == pytest.approx(base - 40 * share)


def test_exporters_alone_pay_the_fixed_cost(firm):
    base = profit(firm())
    assert profit(firm(export_share=0.01)) == base
    assert profit(firm(export_share=0.02)) == pytest.approx(base - EXPORT_COST)
    assert profit(firm(export_share=0.02, reach=1.0)) == pytest.approx(base - 0.5 * EXPORT_COST)
    case = firm(export_share=0.02)
    case.lever(export_support=3.0)
    case.grant(export_support=1e6)
    assert profit(case) == pytest.approx(base)


def test_help_reaches_whom_it_is_for(firm):
    base = profit(firm())
    case = firm(rd_share=0.1, export_share=0.02, certified=1)
    case.lever(rd_support=0.9, export_support=1.0, paperwork=1.0, certification=0.9, classes=0b1101)
    case.grant(rd_support=1e6, export_support=1e6, paperwork=1e6, certification=1e6)
    assert profit(case) == pytest.approx(base - 40 - EXPORT_COST - CERTIFICATE_COST)


def test_paperwork_saved_lowers_overheads_up_to_its_part(firm):
    """Overheads are 6 % of sales of 400; full simplification saves three twentieths of them."""
    base = profit(firm())
    for lever, saved in ((0.5, 0.075), (1.0, 0.15), (8.0, 0.15)):
        case = firm()
        case.lever(paperwork=lever)
        case.grant(paperwork=1e6)
        assert profit(case) == pytest.approx(base + saved * 24.0), lever
    case = firm(change={"paperwork": 0.0})
    case.lever(paperwork=1.0)
    case.grant(paperwork=1e6)
    assert profit(case) == base


def test_holding_a_certificate_costs_and_support_pays_a_part_of_it(firm):
    base = profit(firm())
    for lever, part in ((0.0, 1.0), (0.6, 0.4), (0.9, 0.1), (7.0, 0.1)):
        case = firm(certified=1)
        case.lever(certification=lever)
        case.grant(certification=1e6)
        assert profit(case) == pytest.approx(base - part * CERTIFICATE_COST), lever
    case = firm()
    case.lever(certification=0.9)
    case.grant(certification=1e6)
    assert profit(case) == base, "who holds none gets nothing"


def test_exports_bring_money_from_abroad_and_imports_take_it(firm):
    case = firm(exports=100.0, change={"imported": 0.25})
    step(case)
    assert case.cluster.abroad == pytest.approx(0.25 * 220 - 100)
    none = firm(change={"imported": 0.0})
    step(none)
    assert none.cluster.abroad == 0.0


def test_trade_inside_moves_money_between_firms_only(make):
    case = make(2)
    case.set(0, trade=50.0, sales=450.0)
    case.set(1, purchases=50.0)
    for i in (case.row(0), case.row(1)):
        operate(case.actors, case.cluster, i, BANK, case.p.finance, case.p.market, case.p.knowledge)
    alone = make(2)
    for i in (alone.row(0), alone.row(1)):
        operate(alone.actors, alone.cluster, i, BANK, alone.p.finance, alone.p.market, alone.p.knowledge)
    assert case.get("cash")[0] > alone.get("cash")[0]
    assert case.get("cash")[1] == pytest.approx(alone.get("cash")[1])


def test_the_felt_margin_follows_profit_slowly(firm):
    case = firm(margin=0.0)
    made = profit(case)
    assert case.get("margin")[0] == pytest.approx(case.p.finance.smoothing * made / 400)
    assert profit(firm(sales=0.0)) < 0  # no sales: no division by nothing


def test_universities_and_facilitators_spend_what_they_get_and_others_keep_it(firm):
    case = firm()
    case.actors.cash[[FACILITATOR, ASSOCIATION, UNIVERSITY, GOVERNMENT]] = 10.0, 20.0, 30.0, 40.0
    step(case)
    assert list(case.actors.cash[[FACILITATOR, ASSOCIATION, UNIVERSITY, GOVERNMENT]]) == [0.0, 20.0, 0.0, 40.0]


def test_free_rows_pay_nothing(make):
    case = make(2)
    case.set(1, kind=FREE, cash=0.0)
    step(case)
    assert case.get("cash")[1] == 0.0
