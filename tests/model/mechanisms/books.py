"""The books of one firm or many: quarters of payments that must balance."""

from __future__ import annotations

import pytest
from pinned import PINNED

from clustersim.model.mechanisms.finance import settle_accounts

EXPORT_COST = PINNED["market"]["export_cost"]
CERTIFICATE_COST = PINNED["knowledge"]["certificate_cost"]
QUIET = ("appetite", "repay", "invest_speed", "payout", "depreciation", "leverage")


def step(case):
    """Settle the quarter; every payment leaves one account and enters another."""
    before = case.books()
    settle_accounts(case.actors, case.cluster, case.world, case.p.finance, case.p.market, case.p.knowledge)
    assert case.books() == pytest.approx(before, abs=1e-7)
    assert case.get("debt").sum() == pytest.approx(case.cluster.loans, abs=1e-9)
    case.world.quarter += 1


def one_firm(make, change=None, **values):
    """Return one firm with plain costs and no credit, investment or pay-out."""
    case = make(1)
    p = case.p.finance
    for name in QUIET:
        p[name] = 0.0
    for name, value in (change or {}).items():
        p[name] = value
    case.all(**({"rd_share": 0.0} | values))
    case.cluster.loans = case.cluster.bank_capital = float(case.get("debt")[0])
    return case
