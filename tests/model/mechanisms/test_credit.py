"""Credit: loans that collateral, relationship and guarantees secure, caution after losses, equity, investment, pay-outs."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from books import one_firm, step

from clustersim.model.state import BANK


@pytest.fixture
def firm(make):
    """Return the maker of one firm with plain costs."""
    return partial(one_firm, make)


def profit(case):
    """Return the profit of the only firm."""
    step(case)
    return float(case.get("profit")[0])


def borrowed(firm, cash=-500.0, change=None, guarantee=0.0, classes=0b1111, **values):
    """Return the loan that a firm short of cash is given."""
    case = firm(change={"appetite": 1.0} | (change or {}), cash=cash, **({"bond": 0.0} | values))
    before = float(case.get("debt")[0])
    case.lever(guarantee=guarantee, classes=classes)
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
    assert borrowed(firm, guarantee=0.25, classes=0b1101) == pytest.approx(p.collateral * 800)


def test_loans_are_bound_by_need_and_appetite(firm):
    need = borrowed(firm, cash=0.0)
    assert 0.0 < need < 0.5 * 0.6 * 400 == pytest.approx(need + profit(firm(cash=0.0)))
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


def test_losses_make_the_bank_cautious_for_a_while(firm):
    """Of loans of 400 twenty were lost: a twentieth, of which a quarter is remembered; caution of twelve takes exp(-0.15)."""

    def granted(lost=20.0, loans=380.0, **change):
        case = firm(change={"appetite": 1.0, "memory": 0.25, "caution": 12.0} | change, cash=-100.0, bond=0.0, debt=0.0)
        case.set(0, debt=loans)
        case.cluster.loans = case.cluster.bank_capital = loans
        case.set(0, assets=1e6)
        case.cluster.lost = lost
        step(case)
        return float(case.get("debt")[0]) - loans, float(case.cluster.bad_debt)

    usual, _ = granted(0.0)
    cautious, remembered = granted()
    assert remembered == pytest.approx(0.25 * 0.05) and cautious == pytest.approx(usual * np.exp(-0.15))
    assert granted(caution=0.0)[0] == pytest.approx(usual)
    assert granted(memory=1.0)[0] == pytest.approx(usual * np.exp(-0.6))
    assert granted(20.0, 0.0)[1] == pytest.approx(0.25), "all is lost, and no more than all"
    assert granted(0.0, 0.0)[1] == 0.0


def test_bad_debt_is_forgotten(firm):
    case = firm(change={"memory": 0.08}, debt=100.0)
    case.cluster.bad_debt = 0.1
    step(case)
    assert case.cluster.bad_debt == pytest.approx(0.092)


def test_what_was_asked_for_and_granted_is_counted_anew_each_quarter(make):
    case = make(2)
    case.p.finance.appetite, case.p.finance.invest_speed, case.p.finance.repay = 0.5, 0.0, 0.0
    case.all(rd_share=0.0, bond=0.0, cash=np.array([-200.0, 1e4]))
    step(case)
    wanted = float(case.cluster.credit_wanted)
    assert wanted == pytest.approx(120.0 - (-200.0 + float(case.get("profit")[0])))
    assert case.cluster.credit_granted == pytest.approx(0.5 * wanted) == pytest.approx(case.get("debt")[0])
    case.all(cash=1e4)
    step(case)
    assert (case.cluster.credit_wanted, case.cluster.credit_granted) == (0.0, 0.0)


def invested(firm, cash=1e5, change=None, **values):
    """Return assets, debt and cash of a firm that wants to buy 200 in assets."""
    case = firm(change={"invest_speed": 0.5, "appetite": 1.0} | (change or {}), cash=cash, **({"assets": 400.0} | values))
    step(case)
    return [float(case.get(name)[0]) for name in ("assets", "debt", "cash")], float(case.get("profit")[0])


def test_a_part_of_an_investment_is_paid_with_a_loan(firm):
    (assets, debt, cash), made = invested(firm, change={"leverage": 0.5})
    assert (assets, debt) == pytest.approx((600.0, 100.0)) and cash == pytest.approx(1e5 + made + 100.0 - 200.0)
    (assets, debt, cash), made = invested(firm, change={"leverage": 0.0})
    assert (assets, debt) == pytest.approx((600.0, 0.0)) and cash == pytest.approx(1e5 + made - 200.0)


def test_loans_for_investment_need_collateral_and_appetite(firm):
    assert invested(firm, change={"leverage": 0.5, "appetite": 0.3})[0][1] == pytest.approx(30.0)
    assert invested(firm, change={"leverage": 0.9}, bond=0.0, debt=150.0)[0][1] == pytest.approx(200.0)  # half of assets of 400
    assert invested(firm, change={"leverage": 0.5}, debt=260.0)[0][1] == 260.0


def test_what_the_till_has_taken_is_no_room_for_investment(firm):
    """A firm that is short borrows first; both loans together stay within what its assets secure."""
    (_, debt, _), _ = invested(firm, cash=-100.0, change={"leverage": 0.5}, bond=0.0)
    assert debt == pytest.approx(0.5 * 400.0)


def test_a_loan_lets_a_poor_firm_invest(firm):
    """Without it nothing above half of the buffer is left; with it half of the purchase is paid for."""
    def bought(leverage):
        case = firm(cash=0.0)
        cash = 120.0 - profit(case)  # after its profit it holds just half of its buffer
        return invested(firm, cash=cash, change={"leverage": leverage})[0][0] - 400.0

    assert bought(0.0) == pytest.approx(0.0, abs=1e-9) and bought(0.5) == pytest.approx(100.0)


def financed(firm, venture=0.5, fund=1e6, classes=0b1111, age=4, **values):
    """Return what a firm gets from the venture fund, and what is left there."""
    case = firm(**({"knowledge": 0.2, "cash": 0.0, "bond": 0.0} | values))
    case.cluster.knowledge, case.cluster.venture_fund = 0.1, fund
    case.set(0, born=int(case.world.quarter) - age)
    case.lever(venture=venture, classes=classes)
    step(case)
    got = float(case.get("cash")[0] - case.get("profit")[0]) - values.get("cash", 0.0)
    assert case.cluster.venture_fund == pytest.approx(fund - got)
    return got


def test_the_venture_fund_fills_the_till_of_young_firms_that_know_more_than_most(firm):
    short = 240.0 - profit(firm(cash=0.0))
    assert financed(firm) == pytest.approx(0.5 * short)
    assert financed(firm, venture=1.0) == financed(firm, venture=6.0) == pytest.approx(short)
    assert financed(firm, age=28) == financed(firm) and financed(firm, age=29) == 0.0
    assert financed(firm, knowledge=0.1) == financed(firm) and financed(firm, knowledge=0.09) == 0.0
    assert financed(firm, venture=0.0) == financed(firm, classes=0b1000) == financed(firm, fund=0.0) == 0.0
    assert financed(firm, fund=3.0) == 3.0
    assert financed(firm, cash=1e4) == 0.0, "who is not short gets nothing"


def test_equity_is_no_debt_and_comes_before_investment(firm):
    case = firm(change={"invest_speed": 0.5}, cash=0.0, assets=400.0, knowledge=0.2)
    case.cluster.knowledge, case.cluster.venture_fund = 0.1, 1e6
    case.lever(venture=1.0)
    step(case)
    assert case.get("debt")[0] == 0.0 and case.get("assets")[0] == pytest.approx(400.0 + 120.0)  # above half of the buffer
