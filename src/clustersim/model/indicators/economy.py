"""Economy: sales, value added, productivity, wage, trade, profit, credit."""

from __future__ import annotations

from clustersim.core.accelerate import kernel
from clustersim.core.schema import Indicator
from clustersim.model.state import FREE, TRACTOR

INDICATORS = {
    "sales": Indicator("Sales", "Ventas", "kUSD/quarter", "sum over firms, final and to cluster buyers"),
    "exports": Indicator("Exports", "Exportaciones", "kUSD/quarter", "sum over firms"),
    "export_share": Indicator("Export share", "Cuota exportada", "share", "exports / sales"),
    "value_added": Indicator("Value added", "Valor añadido", "kUSD/quarter",
                             "wages + profit after interest, sum over firms (interest counts as an input)"),
    "productivity": Indicator("Productivity", "Productividad", "kUSD/person/quarter", "value added / employment"),
    "wage": Indicator("Wage", "Salario", "kUSD/person/quarter", "wage cost per employee in the cluster"),
    "local_sourcing": Indicator("Local sourcing", "Compras locales", "share",
                                "share of inputs sought in the cluster, mean over firms weighted by sales"),
    "profit": Indicator("Profit", "Beneficio", "kUSD/quarter", "operating profit after interest, sum over firms"),
    "margin": Indicator("Margin", "Margen", "share of sales", "profit / sales"),
    "credit": Indicator("Credit", "Crédito", "kUSD", "debt of firms to the cluster's bank"),
    "assets": Indicator("Assets", "Activos", "kUSD", "machines and buildings of firms at book value"),
    "cash": Indicator("Liquidity", "Liquidez", "kUSD", "cash of firms"),
    "supplier_sales": Indicator("Sales to cluster buyers", "Ventas a compradores del clúster", "kUSD/quarter",
                                "sum over firms, after discounts"),
    "anchor_sales": Indicator("Sales of tractor firms", "Ventas de las tractoras", "kUSD/quarter", "sum over tractor firms"),
    "supplier_margin": Indicator("Margin of suppliers", "Margen de los proveedores", "share of sales",
                                 "profit / sales of the SMEs that sell to cluster buyers"),
    "specialists": Indicator("Specialised labour", "Mano de obra especializada", "persons", "pool of skilled labour"),
    "displaced": Indicator("Jobs displaced in the nation", "Empleo desplazado en la nación", "persons",
                           "(domestic orders - first market share * size of the markets) / output per employee of the typical "
                           "outside competitor; an upper bound, negative where the cluster lost ground"),
}  # fmt: skip


@kernel
def measure(actors, cluster, out):
    """Fill the family in the declared order."""
    out[:] = 0.0
    local, wages, sold, earned = 0.0, 0.0, 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        out[0] += actors.sales[i]
        out[1] += actors.exports[i]
        out[7] += actors.profit[i]
        out[9] += actors.debt[i]
        out[10] += actors.assets[i]
        out[11] += actors.cash[i]
        wages += actors.wage_bill[i]
        local += actors.local_share[i] * actors.sales[i]
        out[12] += actors.trade[i]
        if actors.kind[i] == TRACTOR:
            out[13] += actors.sales[i]
        elif actors.trade[i] > 0.0:
            sold += actors.sales[i]
            earned += actors.profit[i]
    out[2] = out[1] / out[0] if out[0] > 0.0 else 0.0
    out[3] = wages + out[7]
    out[4] = out[3] / cluster.employment if cluster.employment > 0.0 else 0.0
    out[5] = cluster.wage
    out[6] = local / out[0] if out[0] > 0.0 else 0.0
    out[8] = out[7] / out[0] if out[0] > 0.0 else 0.0
    out[14] = earned / sold if sold > 0.0 else 0.0
    out[15], out[16] = cluster.skilled, cluster.displaced
