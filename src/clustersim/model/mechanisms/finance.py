"""Step 12, finance: every payment leaves one account and enters another (stock-flow consistent: Godley & Lavoie 2007).

Firms collect sales, pay suppliers, wages, R&D, export cost and interest, borrow against collateral, relationship and guarantee
(Petersen & Rajan 1994 on relationships), invest, repay, and hand surplus cash to their owners. The bank lends less freely after
losses; a venture fund buys into young firms that lack collateral; members may guarantee each other's loans out of a pool of their
own. Accounts: each actor's cash, the nation, abroad, the three public funds, that of outside funds, and the pool; their sum never
changes. A programme that pays firms' bills pays no more than the money it has for them.
"""

from __future__ import annotations

import math

from clustersim.core.accelerate import kernel
from clustersim.core.schema import Parameter
from clustersim.model.activity_types import EXPORT_COST
from clustersim.model.levers import BILLS, GUARANTEE, MUTUAL, VENTURE
from clustersim.model.reach import CERTIFICATE_BILL, EXPORT_BILL, RD_BILL, aid, lever
from clustersim.model.state import BANK, FACILITATOR, FREE, UNIVERSITY
from clustersim.model.units import TINY

PARAMETERS = {
    "imported": Parameter(0.5, "share", 0.0, 1.0, "Share of inputs from outside the cluster that comes from abroad"),
    "overhead": Parameter(0.075, "share of sales", 0.0, 0.2, "Overheads beside inputs and wages"),
    "interest": Parameter(0.015, "1/quarter", 0.0, 0.05, "Interest on debt"),
    "depreciation": Parameter(0.020, "1/quarter", 0.005, 0.05, "Depreciation of assets"),
    "assets_target": Parameter(2.0, "quarters of sales", 0.5, 6.0, "Assets that a firm wants"),
    "invest_speed": Parameter(0.08, "1/quarter", 0.01, 0.5, "Part of missing assets bought in a quarter"),
    "buffer": Parameter(0.6, "quarters of sales", 0.1, 2.0, "Cash that a firm wants to hold"),
    "payout": Parameter(0.3, "1/quarter", 0.0, 1.0, "Part of surplus cash paid to owners"),
    "repay": Parameter(0.03, "1/quarter", 0.0, 0.2, "Part of debt repaid when cash allows"),
    "leverage": Parameter(0.5, "share", 0.0, 0.9, "Part of an investment that a firm wants to pay with a loan"),
    "collateral": Parameter(0.5, "share of assets", 0.0, 0.9, "Loan that assets secure"),
    "relationship": Parameter(0.15, "share of assets", 0.0, 0.5, "Additional loan for a firm that its bank knows"),
    "appetite": Parameter(0.7, "share", 0.0, 1.0, "Part of a sound loan request that the bank grants"),
    "caution": Parameter(12.0, "1", 0.0, 60.0, "Fall of the bank's appetite (log) per share of its loans lost in a quarter"),
    "memory": Parameter(0.08, "1/quarter", 0.02, 0.5, "Rate at which the bank forgets losses"),
    "till": Parameter(0.5, "share", 0.0, 1.0, "Part of the cash wanted below which a firm borrows, and down to which it "
                      "repays and invests"),
    "exporter": Parameter(0.01, "share", 0.0, 0.1, "Export share above which a firm bears the fixed cost of export"),
    "support_most": Parameter(0.9, "share", 0.0, 0.95, "Most of the price of R&D that support can pay"),
    "venture_age": Parameter(28.0, "quarters", 4.0, 60.0, "Age up to which a firm can get venture money"),
    "paperwork": Parameter(0.15, "share", 0.0, 0.5, "Part of overheads that full simplification of paperwork saves"),
    "smoothing": Parameter(0.10, "1/quarter", 0.02, 0.5, "Speed at which the margin that a firm feels follows profit"),
    "dues": Parameter(0.001, "share of sales", 0.0, 0.02, "Most that a member pays in a quarter into the pool of guarantees"),
    "gearing": Parameter(24.0, "ratio", 1.0, 60.0, "Promised guarantees, of which members use a part, for which a pool is "
                         "enough, over what it holds"),
    "screening": Parameter(0.7, "share", 0.0, 1.0, "Part of its guarantee that fellow members refuse to a firm without a "
                           "margin: they know each other", "ILO table 5: mutualise risk among firms (form); value assumed"),
    "sound": Parameter(0.05, "share of sales", 0.005, 0.2, "Margin from which on they refuse nothing"),
    "unwinding": Parameter(0.25, "1/quarter", 0.0, 1.0, "Part of a pool paid back in a quarter once it guarantees no more"),
}  # fmt: skip


@kernel
def settle_accounts(actors, cluster, world, p, market, knowledge):
    """Make all payments of the quarter; inputs and the fixed costs of export and of a certificate are other mechanisms'."""
    bank = cluster.first + BANK
    cluster.credit_wanted = cluster.credit_granted = cluster.loans_placed = cluster.loans_guaranteed = 0.0
    share_out(actors, cluster, p, market, knowledge)
    pool_risk(actors, cluster, p)
    if cluster.loans + cluster.lost > TINY:
        cluster.bad_debt += p.memory * (cluster.lost / (cluster.loans + cluster.lost) - cluster.bad_debt)
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        operate(actors, cluster, i, bank, p, market, knowledge)
        own = secured(actors, i, p)
        room = max(0.0, credit_limit(actors, cluster, i, p) - actors.debt[i])
        lent = borrow_and_repay(actors, cluster, i, bank, room, p)
        take_equity(actors, cluster, world, i, p)
        lent += invest_and_distribute(actors, cluster, i, bank, room - lent, p)
        cluster.loans_placed += lent > 0.0
        cluster.loans_guaranteed += lent > 0.0 and actors.debt[i] > own
    pass_on(actors, cluster, bank)


@kernel
def share_out(actors, cluster, p, market, knowledge):
    """Find what part of the promised aid to firms' bills the money for it pays; what is not claimed goes back to the nation."""
    for bill in range(len(BILLS)):
        if cluster.levers[BILLS[bill]] > 0.0:
            cluster.part[bill], claimed = 1.0, 0.0
            for i in range(cluster.firms, cluster.last):
                if actors.kind[i] != FREE:
                    claimed += aided(actors, cluster, i, bill, p, market, knowledge)
            cluster.part[bill] = min(1.0, cluster.granted[bill] / max(claimed, TINY))
            cluster.returned += max(0.0, cluster.granted[bill] - claimed)
        else:
            cluster.part[bill] = 1.0


@kernel
def aided(actors, cluster, i, bill, p, market, knowledge):
    """Return the money that firm i gets toward a bill (kUSD): research, export, certificate or paperwork."""
    if cluster.levers[BILLS[bill]] == 0.0:
        return 0.0
    if bill == RD_BILL:
        return aid(actors, cluster, i, bill, p.support_most) * actors.rd_share[i] * actors.sales[i]
    if bill == EXPORT_BILL:
        return aid(actors, cluster, i, bill, 1.0) * export_bill(actors, cluster, i, p, market)
    if bill == CERTIFICATE_BILL:
        return aid(actors, cluster, i, bill, knowledge.certificate_support) * knowledge.certificate_cost * actors.certified[i]
    return aid(actors, cluster, i, bill, 1.0) * p.paperwork * p.overhead * actors.sales[i]


@kernel
def pool_risk(actors, cluster, p):
    """Let members pay into the pool as far as their guarantees need it, and find what part of these it backs; or wind it up."""
    if not cluster.formal or not moved(cluster, MUTUAL):
        cluster.backing = 0.0
        if cluster.mutual_pool > 0.0:
            wind_up(actors, cluster, p)
        return
    promised, dues = 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        promised += promise(actors, cluster, i, p)
        dues += due(actors, cluster, i, p)
    part = min(1.0, max(0.0, promised / p.gearing - cluster.mutual_pool) / max(dues, TINY))
    for i in range(cluster.firms, cluster.last):
        paid = part * due(actors, cluster, i, p)
        actors.cash[i] -= paid
        cluster.mutual_pool += paid
    cluster.backing = min(1.0, p.gearing * cluster.mutual_pool / max(promised, TINY))


@kernel
def moved(cluster, channel):
    """Whether a programme moves a channel of firms in this quarter, whomever it reaches."""
    return cluster.levers[channel] > 0.0


@kernel
def promise(actors, cluster, i, p):
    """Return the loan for which fellow members vouch: as far as they trust, and less for a firm that does badly (kUSD)."""
    if actors.kind[i] == FREE or not actors.member[i]:
        return 0.0
    weak = min(1.0, max(0.0, 1.0 - actors.margin[i] / p.sound))
    vouched = min(1.0, lever(actors, cluster, i, MUTUAL)) * actors.climate[i] * (1.0 - p.screening * weak)
    return vouched * secured(actors, i, p)


@kernel
def due(actors, cluster, i, p):
    """Return the most that a firm pays into the pool: a part of its sales if fellow members vouch for it (kUSD)."""
    vouched = promise(actors, cluster, i, p) > 0.0
    return min(p.dues * actors.sales[i], max(actors.cash[i], 0.0)) if vouched else 0.0


@kernel
def wind_up(actors, cluster, p):
    """Pay a part of the pool back to members, in equal parts, or to the nation where there is none."""
    members, back = 0.0, p.unwinding * cluster.mutual_pool
    for i in range(cluster.firms, cluster.last):
        members += actors.member[i]
    for i in range(cluster.firms, cluster.last):
        if actors.member[i]:
            actors.cash[i] += back / members
    cluster.nation += back if members == 0.0 else 0.0
    cluster.mutual_pool -= back


@kernel
def export_bill(actors, cluster, i, p, market):
    """Return the fixed cost of export that firm i bears, 0 if it does not export."""
    cost = market.export_cost * cluster.factors[EXPORT_COST]
    return (actors.export_share[i] > p.exporter) * cost * (1.0 - market.reach_saving * actors.reach[i])


@kernel
def operate(actors, cluster, i, bank, p, market, knowledge):
    """Collect sales and pay running costs; note profit and margin."""
    sales, exports = actors.sales[i], actors.exports[i]
    domestic = sales - exports - actors.trade[i]
    supplied = actors.purchases[i] - actors.premium[i]  # a dearer price buys no more
    bought = max(0.0, market.inputs * sales * (1.0 - actors.cost_saving[i]) - supplied)
    wages = cluster.wage * actors.employees[i]
    research = actors.rd_share[i] * sales
    overhead = p.overhead * sales + knowledge.certificate_cost * actors.certified[i]
    overhead += export_bill(actors, cluster, i, p, market)
    for bill in range(len(BILLS)):
        overhead -= aided(actors, cluster, i, bill, p, market, knowledge)
    interest = p.interest * actors.debt[i]
    profit = sales - bought - actors.purchases[i] - wages - research - overhead - interest
    actors.cash[i] += profit  # trade and purchases cancel out between the firms of the cluster
    cluster.nation += (1.0 - p.imported) * bought + wages + research + overhead - domestic
    cluster.abroad += p.imported * bought - exports
    actors.cash[bank] += interest
    actors.wage_bill[i], actors.profit[i] = wages, profit
    actors.margin[i] += p.smoothing * (profit / max(sales, TINY) - actors.margin[i])


@kernel
def credit_limit(actors, cluster, i, p):
    """Return the debt that collateral, relationship and guarantees secure (kUSD)."""
    limit = secured(actors, i, p) * (1.0 + min(1.0, lever(actors, cluster, i, GUARANTEE)))
    return limit + cluster.backing * promise(actors, cluster, i, p) if cluster.backing > 0.0 else limit


@kernel
def secured(actors, i, p):
    """Return the debt that collateral and relationship alone secure (kUSD)."""
    return actors.assets[i] * (p.collateral + p.relationship * min(actors.bond[i], 1.0))


@kernel
def lend(actors, cluster, i, bank, asked, room, p):
    """Grant a part of the loan that a firm asks for, within its room for debt; return it."""
    granted = p.appetite * math.exp(-p.caution * cluster.bad_debt) * min(asked, room)
    actors.debt[i] += granted
    actors.cash[i] += granted
    actors.cash[bank] -= granted
    cluster.loans += granted
    cluster.credit_wanted += asked
    cluster.credit_granted += granted
    return granted


@kernel
def borrow_and_repay(actors, cluster, i, bank, room, p):
    """Borrow when the till is short, else repay from surplus cash; return what was borrowed."""
    wanted = p.buffer * actors.sales[i]
    short = p.till * wanted - actors.cash[i]
    if short > 0.0:
        return lend(actors, cluster, i, bank, short, room, p)
    repaid = min(p.repay * actors.debt[i], max(0.0, actors.cash[i] - p.till * wanted))
    actors.debt[i] -= repaid
    actors.cash[i] -= repaid
    actors.cash[bank] += repaid
    cluster.loans -= repaid
    return 0.0


@kernel
def take_equity(actors, cluster, world, i, p):
    """Let the venture fund fill the till of a young firm that the bank leaves short and that knows more than most."""
    young = world.quarter - actors.born[i] <= p.venture_age
    if cluster.venture_fund > 0.0 and young and actors.knowledge[i] >= cluster.knowledge:
        short = max(0.0, p.buffer * actors.sales[i] - actors.cash[i])
        paid = min(min(1.0, lever(actors, cluster, i, VENTURE)) * short, cluster.venture_fund)
        actors.cash[i] += paid
        cluster.venture_fund -= paid


@kernel
def invest_and_distribute(actors, cluster, i, bank, room, p):
    """Replace and add assets out of cash and loans, and pay out what is left above the buffer; return what was borrowed."""
    actors.assets[i] *= 1.0 - p.depreciation
    buffer = p.buffer * actors.sales[i]
    wanted = p.invest_speed * max(0.0, p.assets_target * actors.sales[i] - actors.assets[i])
    lent = lend(actors, cluster, i, bank, p.leverage * wanted, room, p) if p.leverage * wanted > 0.0 else 0.0
    bought = min(wanted, max(0.0, actors.cash[i] - p.till * buffer))
    actors.assets[i] += bought
    paid = p.payout * max(0.0, actors.cash[i] - bought - buffer)
    actors.cash[i] -= bought + paid
    cluster.abroad += p.imported * bought
    cluster.nation += (1.0 - p.imported) * bought + paid
    return lent


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
