"""Finance: books that balance, loans that collateral, relationship and guarantees secure, investment, pay-outs."""

from __future__ import annotations

import numpy as np
import pytest

from clustersim.mechanisms.finance import operate, settle_accounts
from clustersim.state import ASSOCIATION, BANK, FACILITATOR, FREE, GOVERNMENT, UNIVERSITY

INPUTS, EXPORT_COST = 0.55, 12.0


def step(case):
    """Settle the quarter; every payment leaves one account and enters another."""
    before = case.books()
    settle_accounts(case.actors, case.cluster, case.p.finance, INPUTS, EXPORT_COST)
    assert case.books() == pytest.approx(before, abs=1e-7)
    assert case.get("debt").sum() == pytest.approx(case.cluster.loans, abs=1e-9)


@pytest.fixture
def firm(make):
    """Return a maker of one firm with plain costs and no credit, investment or pay-out."""

    def _firm(change=None, **values):
        case = make(1)
        p = case.p.finance
        p.appetite = p.repay = p.invest_speed = p.payout = p.depreciation = 0.0
        for name, value in (change or {}).items():
            p[name] = value
        case.all(**({"rd_share": 0.0} | values))
        case.cluster.loans = case.cluster.bank_capital = float(case.get("debt")[0])
        return case

    return _firm


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
        cost_saving=0.02, reach=0.3,
    )  # fmt: skip
    case.all(exports=case.get("sales") * case.get("export_share"))
    case.set(0, trade=40.0)
    case.set(1, purchases=40.0)
    case.cluster.loans = case.cluster.bank_capital = case.get("debt").sum()
    case.actors.cash[[FACILITATOR, ASSOCIATION, UNIVERSITY, GOVERNMENT]] = 10.0, 20.0, 30.0, 40.0
    case.lever(rd_support=0.3, guarantee=0.4, export_support=0.5)
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
        operate(case.actors, case.cluster, case.row(0), BANK, case.p.finance, INPUTS, EXPORT_COST)
        assert case.get("profit")[0] == pytest.approx(base - cost)


def test_research_is_paid_and_supported_up_to_a_limit(firm):
    base = profit(firm())
    assert profit(firm(rd_share=0.1)) == pytest.approx(base - 40)
    for support, share in ((0.5, 0.5), (0.9, 0.1), (5.0, 0.1)):
        case = firm(rd_share=0.1)
        case.lever(rd_support=support)
        assert profit(case) == pytest.approx(base - 40 * share)


def test_exporters_alone_pay_the_fixed_cost(firm):
    base = profit(firm())
    assert profit(firm(export_share=0.01)) == base
    assert profit(firm(export_share=0.02)) == pytest.approx(base - EXPORT_COST)
    assert profit(firm(export_share=0.02, reach=1.0)) == pytest.approx(base - 0.5 * EXPORT_COST)
    case = firm(export_share=0.02)
    case.lever(export_support=3.0)
    assert profit(case) == pytest.approx(base)


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
        operate(case.actors, case.cluster, i, BANK, case.p.finance, INPUTS, EXPORT_COST)
    alone = make(2)
    for i in (alone.row(0), alone.row(1)):
        operate(alone.actors, alone.cluster, i, BANK, alone.p.finance, INPUTS, EXPORT_COST)
    assert case.get("cash")[0] > alone.get("cash")[0]
    assert case.get("cash")[1] == pytest.approx(alone.get("cash")[1])


def test_the_felt_margin_follows_profit_slowly(firm):
    case = firm(margin=0.0)
    made = profit(case)
    assert case.get("margin")[0] == pytest.approx(case.p.finance.smoothing * made / 400)
    assert profit(firm(sales=0.0)) < 0  # no sales: no division by nothing


def borrowed(firm, cash=-500.0, change=None, guarantee=0.0, **values):
    """Return the loan that a firm short of cash is given."""
    case = firm(change={"appetite": 1.0} | (change or {}), cash=cash, **({"bond": 0.0} | values))
    before = float(case.get("debt")[0])
    case.lever(guarantee=guarantee)
    step(case)
    return float(case.get("debt")[0]) - before


def test_loans_are_bound_by_collateral_relationship_and_guarantee(firm):
    p = firm().p.finance
    assert borrowed(firm) == pytest.approx(p.collateral * 800)
    assert borrowed(firm, bond=1.0) == pytest.approx((p.collateral + p.relationship) * 800)
    assert borrowed(firm, guarantee=0.25) == pytest.approx(1.25 * p.collateral * 800)
    assert borrowed(firm, cash=-5000.0, guarantee=9.0) == pytest.approx(2 * p.collateral * 800)
    assert borrowed(firm, debt=300.0) == pytest.approx(p.collateral * 800 - 300)
    assert borrowed(firm, debt=900.0) == 0.0
    assert borrowed(firm, assets=0.0) == 0.0


def test_loans_are_bound_by_need_and_appetite(firm):
    need = borrowed(firm, cash=0.0)
    assert 0.0 < need < 0.5 * 0.6 * 400
    assert borrowed(firm, cash=0.0, change={"appetite": 0.5}) == pytest.approx(0.5 * need)
    assert borrowed(firm, cash=1000.0) == 0.0


def test_debt_is_repaid_when_cash_allows(firm):
    case = firm(change={"repay": 0.1}, debt=200.0, cash=1000.0)
    step(case)
    assert case.get("debt")[0] == pytest.approx(180.0)
    short = firm(change={"repay": 0.1}, debt=200.0, cash=-1000.0)
    step(short)
    assert short.get("debt")[0] == 200.0


def test_assets_wear_and_are_replaced_out_of_cash(firm):
    worn = firm(change={"depreciation": 0.02})
    step(worn)
    assert worn.get("assets")[0] == pytest.approx(784.0)
    case = firm(change={"invest_speed": 0.5}, assets=400.0, cash=1e5)
    step(case)
    assert case.get("assets")[0] == pytest.approx(400 + 0.5 * (2.0 * 400 - 400))
    poor = firm(change={"invest_speed": 0.5}, assets=400.0, cash=-1e5)
    step(poor)
    assert poor.get("assets")[0] == 400.0


def test_owners_get_a_part_of_what_is_above_the_buffer(firm):
    kept = firm(cash=1000.0)
    made = profit(kept)
    case = firm(change={"payout": 0.3}, cash=1000.0)
    step(case)
    assert case.get("cash")[0] == pytest.approx(1000 + made - 0.3 * (1000 + made - 0.6 * 400))
    busy = firm(change={"payout": 0.3, "invest_speed": 0.5}, cash=1000.0, assets=400.0)
    step(busy)
    assert busy.get("cash")[0] == pytest.approx(1000 + made - 200 - 0.3 * (1000 + made - 200 - 0.6 * 400))
    poor = firm(change={"payout": 0.3}, cash=0.0)
    assert poor.get("cash")[0] + profit(poor) == pytest.approx(poor.get("cash")[0])


def test_the_bank_hands_out_what_it_earns_and_keeps_its_capital(firm):
    case = firm(debt=400.0)
    nation = case.cluster.nation
    step(case)
    assert case.actors.cash[BANK] + case.cluster.loans == pytest.approx(case.cluster.bank_capital)
    assert case.cluster.nation != nation
    hurt = firm(debt=400.0)
    hurt.cluster.bank_capital = 1000.0  # after losses it refills first
    step(hurt)
    assert hurt.actors.cash[BANK] == pytest.approx(hurt.p.finance.interest * 400.0)


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
