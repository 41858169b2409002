"""Economy: sales inside and outside, value added, productivity, wage, trade, profit, credit, growth, investment from outside."""

from __future__ import annotations

from clustersim.core.accelerate import kernel
from clustersim.core.schema import Indicator
from clustersim.model.sizes import MEDIUM_FROM
from clustersim.model.state import FREE, TRACTOR

INDICATORS = {
    "sales": Indicator("Sales", "kUSD/quarter", "sum over firms, final and to cluster buyers"),
    "exports": Indicator("Exports", "kUSD/quarter", "sum over firms"),
    "export_share": Indicator("Export share", "share", "exports / sales"),
    "value_added": Indicator("Value added", "kUSD/quarter",
                             "wages + profit after interest, sum over firms (interest counts as an input)"),
    "productivity": Indicator("Productivity", "kUSD/person/quarter", "value added / employment"),
    "wage": Indicator("Wage", "kUSD/person/quarter", "wage cost per employee in the cluster"),
    "local_sourcing": Indicator("Local sourcing", "share",
                                "share of inputs sought in the cluster, mean over firms weighted by sales"),
    "profit": Indicator("Profit", "kUSD/quarter", "operating profit after interest, sum over firms"),
    "margin": Indicator("Margin", "share of sales", "profit / sales"),
    "credit": Indicator("Credit", "kUSD", "debt of firms to the cluster's bank"),
    "assets": Indicator("Assets", "kUSD", "machines and buildings of firms at book value"),
    "cash": Indicator("Liquidity", "kUSD", "cash of firms"),
    "supplier_sales": Indicator("Sales to cluster buyers", "kUSD/quarter",
                                "sum over firms, after discounts"),
    "anchor_sales": Indicator("Sales of tractor firms", "kUSD/quarter", "sum over tractor firms"),
    "supplier_margin": Indicator("Margin of suppliers", "share of sales",
                                 "profit / sales of the SMEs that sell to cluster buyers"),
    "specialists": Indicator("Specialised labour", "persons", "pool of skilled labour"),
    "displaced": Indicator("Jobs displaced in the nation", "persons",
                           "(domestic orders - first market share * size of the markets) / output per employee of the typical "
                           "outside competitor; an upper bound, negative where the cluster lost ground"),
    "domestic_sales": Indicator("Sales in the nation", "kUSD/quarter",
                                "final sales in the nation: sales - exports - sales to cluster buyers"),
    "outside_share": Indicator("Sales outside the cluster", "share", "(sales in the nation + exports) / sales"),
    "productivity_members": Indicator("Productivity of members", "kUSD/person/quarter",
                                      "value added / employment of the members that paid wages in the quarter"),
    "productivity_others": Indicator("Productivity of other firms", "kUSD/person/quarter",
                                     "value added / employment of the firms without membership that paid wages in the quarter"),
    "loans_placed": Indicator("Loans placed", "loans/quarter", "firms that got new credit in the quarter"),
    "loans_guaranteed": Indicator("Loans under guarantee", "loans/quarter",
                                  "those of them that then owe more than their own collateral and relationship secure"),
    "growing_firms": Indicator("Growing SMEs", "firms",
                               "SMEs whose sales, jobs or value added per job were more than 5 % above those of a year before, "
                               "as counted at the end of the last year"),
    "growing_small": Indicator("Growing micro and small firms", "firms",
                               f"those of them that had fewer than {int(MEDIUM_FROM)} employees a year before"),
    "investment_attracted": Indicator("Investment attracted", "kUSD/quarter",
                                      "machines and buildings that settlers from outside bring"),
    "investment_called": Indicator("Investment that promotion called", "kUSD/quarter",
                                   "expected part of it that the lever attraction called"),
}  # fmt: skip


@kernel
def measure(actors, cluster, out):
    """Fill the family."""
    sales, exports, profit, debt, assets, cash, trade, anchors = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    local, wages, sold, earned = 0.0, 0.0, 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        sales += actors.sales[i]
        exports += actors.exports[i]
        profit += actors.profit[i]
        debt += actors.debt[i]
        assets += actors.assets[i]
        cash += actors.cash[i]
        wages += actors.wage_bill[i]
        local += actors.local_share[i] * actors.sales[i]
        trade += actors.trade[i]
        if actors.kind[i] == TRACTOR:
            anchors += actors.sales[i]
        elif actors.trade[i] > 0.0:
            sold += actors.sales[i]
            earned += actors.profit[i]
    out.sales, out.exports, out.profit = sales, exports, profit
    out.credit, out.assets, out.cash = debt, assets, cash
    out.supplier_sales, out.anchor_sales = trade, anchors
    out.export_share = exports / sales if sales > 0.0 else 0.0
    out.value_added = wages + profit
    out.productivity = out.value_added / cluster.employment if cluster.employment > 0.0 else 0.0
    out.wage = cluster.wage
    out.local_sourcing = local / sales if sales > 0.0 else 0.0
    out.margin = profit / sales if sales > 0.0 else 0.0
    out.supplier_margin = earned / sold if sold > 0.0 else 0.0
    out.specialists, out.displaced = cluster.skilled, cluster.displaced
    out.domestic_sales = sales - exports - trade
    out.outside_share = (sales - trade) / sales if sales > 0.0 else 0.0
    out.productivity_members, out.productivity_others = earned_per_job(actors, cluster, 1), earned_per_job(actors, cluster, 0)
    out.loans_placed, out.loans_guaranteed = cluster.loans_placed, cluster.loans_guaranteed
    out.growing_firms, out.growing_small = cluster.growing, cluster.growing_small
    out.investment_attracted, out.investment_called = cluster.attracted, cluster.called


@kernel
def earned_per_job(actors, cluster, member):
    """Return value added per job of the members, or of the others, that paid wages in the quarter: who has just come has not."""
    earned, jobs = 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE and actors.member[i] == member and actors.wage_bill[i] > 0.0:
            earned += actors.wage_bill[i] + actors.profit[i]
            jobs += actors.employees[i]
    return earned / jobs if jobs > 0.0 else 0.0
