"""Economy: sales, value added, productivity, wage, trade, profit, credit."""

from __future__ import annotations

from clustersim.core.accelerate import kernel
from clustersim.core.schema import Indicator
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
