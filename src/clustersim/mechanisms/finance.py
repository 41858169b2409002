"""Step 10, finance: every payment leaves one account and enters another (stock-flow consistent: Godley & Lavoie 2007).

Firms collect sales, pay suppliers, wages, R&D, export cost and interest, borrow against collateral, relationship and guarantee
(Petersen & Rajan 1994 on relationships), invest, repay, and hand surplus cash to their owners. Accounts: each actor's cash, the
nation, abroad, and the two public funds; their sum never changes.
"""

from __future__ import annotations

from clustersim.accelerate import kernel
from clustersim.levers import EXPORT_SUPPORT, GUARANTEE, RD_SUPPORT
from clustersim.schema import Parameter
from clustersim.state import BANK, FACILITATOR, FREE, UNIVERSITY

PARAMETERS = {
    "imported": Parameter(0.5, "share", 0.0, 1.0, "Share of inputs from outside the cluster that comes from abroad"),
    "overhead": Parameter(0.06, "share of sales", 0.0, 0.2, "Overheads beside inputs and wages"),
    "interest": Parameter(0.015, "1/quarter", 0.0, 0.05, "Interest on debt"),
    "depreciation": Parameter(0.020, "1/quarter", 0.005, 0.05, "Depreciation of assets"),
    "assets_target": Parameter(2.0, "quarters of sales", 0.5, 6.0, "Assets that a firm wants"),
    "invest_speed": Parameter(0.08, "1/quarter", 0.01, 0.5, "Part of missing assets bought in a quarter"),
    "buffer": Parameter(0.6, "quarters of sales", 0.1, 2.0, "Cash that a firm wants to hold"),
    "payout": Parameter(0.3, "1/quarter", 0.0, 1.0, "Part of surplus cash paid to owners"),
    "repay": Parameter(0.04, "1/quarter", 0.0, 0.2, "Part of debt repaid when cash allows"),
    "collateral": Parameter(0.5, "share of assets", 0.0, 0.9, "Loan that assets secure"),
    "relationship": Parameter(0.15, "share of assets", 0.0, 0.5, "Additional loan for a firm that its bank knows"),
    "appetite": Parameter(0.7, "share", 0.0, 1.0, "Part of a sound loan request that the bank grants"),
    "smoothing": Parameter(0.10, "1/quarter", 0.02, 0.5, "Speed at which the margin that a firm feels follows profit"),
}  # fmt: skip


@kernel
def settle_accounts(actors, cluster, p, inputs, export_cost):
    """Make all payments of the quarter; `inputs` and `export_cost` are the market's input share and fixed cost."""
    bank = cluster.first + BANK
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        operate(actors, cluster, i, bank, p, inputs, export_cost)
        borrow_and_repay(actors, cluster, i, bank, p)
        invest_and_distribute(actors, cluster, i, p)
    pass_on(actors, cluster, bank)


@kernel
def operate(actors, cluster, i, bank, p, inputs, export_cost):
    """Collect sales and pay running costs; note profit and margin."""
    sales, exports = actors.sales[i], actors.exports[i]
    domestic = sales - exports - actors.trade[i]
    bought = max(0.0, inputs * sales * (1.0 - actors.cost_saving[i]) - actors.purchases[i])
    wages = cluster.wage * actors.employees[i]
    support = min(0.9, cluster.levers[RD_SUPPORT])
    research = actors.rd_share[i] * sales * (1.0 - support)
    overhead = p.overhead * sales
    if actors.export_share[i] > 0.01:
        overhead += export_cost * (1.0 - 0.5 * actors.reach[i]) * (1.0 - min(1.0, cluster.levers[EXPORT_SUPPORT]))
    interest = p.interest * actors.debt[i]
    profit = sales - bought - actors.purchases[i] - wages - research - overhead - interest
    actors.cash[i] += profit  # trade and purchases cancel out between the firms of the cluster
    cluster.nation += (1.0 - p.imported) * bought + wages + research + overhead - domestic
    cluster.abroad += p.imported * bought - exports
    actors.cash[bank] += interest
    actors.wage_bill[i], actors.profit[i] = wages, profit
    actors.margin[i] += p.smoothing * (profit / max(sales, 1e-9) - actors.margin[i])


@kernel
def borrow_and_repay(actors, cluster, i, bank, p):
    """Repay from surplus cash, or borrow up to what collateral, relationship and guarantee secure."""
    wanted = p.buffer * actors.sales[i]
    short = 0.5 * wanted - actors.cash[i]
    if short > 0.0:
        limit = actors.assets[i] * (p.collateral + p.relationship * min(actors.bond[i], 1.0))
        limit *= 1.0 + min(1.0, cluster.levers[GUARANTEE])
        change = p.appetite * min(short, max(0.0, limit - actors.debt[i]))
    else:
        change = -min(p.repay * actors.debt[i], max(0.0, actors.cash[i] - 0.5 * wanted))
    actors.debt[i] += change
    actors.cash[i] += change
    actors.cash[bank] -= change
    cluster.loans += change


@kernel
def invest_and_distribute(actors, cluster, i, p):
    """Replace and add assets out of cash, and pay out what is left above the buffer."""
    actors.assets[i] *= 1.0 - p.depreciation
    wanted = max(0.0, p.assets_target * actors.sales[i] - actors.assets[i])
    bought = min(p.invest_speed * wanted, max(0.0, actors.cash[i] - 0.5 * p.buffer * actors.sales[i]))
    actors.assets[i] += bought
    paid = p.payout * max(0.0, actors.cash[i] - bought - p.buffer * actors.sales[i])
    actors.cash[i] -= bought + paid
    cluster.abroad += p.imported * bought
    cluster.nation += (1.0 - p.imported) * bought + paid


@kernel
def pass_on(actors, cluster, bank):
    """Let facilitator, universities and bank spend what they received: salaries, research, and the bank's earnings."""
    for i in range(cluster.first + FACILITATOR, cluster.firms):
        if i == cluster.first + FACILITATOR or i >= cluster.first + UNIVERSITY:
            cluster.nation += actors.cash[i]
            actors.cash[i] = 0.0
    earned = actors.cash[bank] + cluster.loans - cluster.bank_capital
    if earned > 0.0:
        actors.cash[bank] -= earned
        cluster.nation += earned
