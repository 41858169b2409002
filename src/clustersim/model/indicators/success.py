"""Success and diagnosis: the six metrics of cluster performance and their mean (Temouri 2012; ILO §2.6), and the seven gaps.

Each metric is scaled to 0 to 1 between the two bounds that its formula names (assumed) before the mean is taken. A gap is 0
where it is closed and 1 where it is wide (the seven gaps of the ILO manual, §2.6; formulas are this model's).
"""

from __future__ import annotations

from clustersim.core.accelerate import kernel
from clustersim.core.schema import Indicator
from clustersim.model.state import FREE

INDICATORS = {
    "employment_growth": Indicator("Growth of jobs", "Crecimiento del empleo", "1/year", "log jobs - log jobs a year before"),
    "turnover_growth": Indicator("Growth of sales", "Crecimiento de las ventas", "1/year", "log sales - log sales a year before"),
    "profitability": Indicator("Return on assets", "Rentabilidad de los activos", "1/year", "4 * profit / (assets + [cash]+)"),
    "liquidity": Indicator("Liquidity ratio", "Razón de liquidez", "1",
                           "[cash]+ / (a quarter's wages + a year's part of debt, one fifth); stocks are not modelled"),
    "solvency": Indicator("Solvency", "Solvencia", "share", "(assets + [cash]+ - debt) / (assets + [cash]+)"),
    "success": Indicator("Success of the cluster", "Éxito del clúster", "1",
                         "mean of six metrics scaled to 0..1: young firms 0..0.5; growth of jobs and of sales -0.1..0.1; "
                         "return on assets 0..0.3; liquidity 0..3; solvency 0..1"),
    "gap_education": Indicator("Gap: education", "Brecha: educación", "1", "clip(2 * (1 - specialists / jobs), 0, 1)"),
    "gap_government": Indicator("Gap: government", "Brecha: gobierno", "1", "1 - coordination of public bodies * credibility"),
    "gap_firms": Indicator("Gap: firm to firm", "Brecha: entre empresas", "1", "1 - share of cooperating firms"),
    "gap_market": Indicator("Gap: global market", "Brecha: mercado global", "1",
                            "1 - export share / share that a capable firm reaches, clipped to 0..1; 0 where none can"),
    "gap_capital": Indicator("Gap: capital", "Brecha: capital", "1", "1 - loans granted / loans asked for; 0 if none was"),
    "gap_research": Indicator("Gap: research", "Brecha: investigación", "1", "1 - share of firms linked to universities"),
    "gap_clusters": Indicator("Gap: cluster to cluster", "Brecha: entre clústeres", "1",
                              "1 - outside links per firm, not below 0"),
}  # fmt: skip


@kernel
def measure(actors, cluster, young, university_links, sales, exports, out):
    """Fill the family in the declared order; the four numbers come from other families of the same quarter."""
    profit, assets, cash, debt, wages = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE:
            profit += actors.profit[i]
            assets += actors.assets[i]
            cash += max(0.0, actors.cash[i])
            debt += actors.debt[i]
            wages += actors.wage_bill[i]
    held, due = assets + cash, wages + 0.2 * debt
    out[0], out[1] = cluster.jobs_growth, cluster.sales_growth
    out[2] = 4.0 * profit / held if held > 0.0 else 0.0
    out[3] = cash / due if due > 0.0 else 0.0
    out[4] = (held - debt) / held if held > 0.0 else 0.0
    total = scaled(young, 0.0, 0.5) + scaled(out[0], -0.1, 0.1) + scaled(out[1], -0.1, 0.1)
    total += scaled(out[2], 0.0, 0.3) + scaled(out[3], 0.0, 3.0) + scaled(out[4], 0.0, 1.0)
    out[5] = total / 6.0
    jobs, pull = cluster.employment, cluster.export_pull
    out[6] = scaled(1.0 - cluster.skilled / jobs, 0.0, 0.5) if jobs > 0.0 else 0.0
    out[7] = 1.0 - cluster.coordination * cluster.credibility
    out[8] = 1.0 - cluster.linked
    out[9] = scaled(1.0 - exports / sales / pull, 0.0, 1.0) if sales > 0.0 and pull > 0.0 else 0.0
    out[10] = 1.0 - cluster.credit_granted / cluster.credit_wanted if cluster.credit_wanted > 0.0 else 0.0
    out[11] = 1.0 - university_links
    out[12] = max(0.0, 1.0 - cluster.pipelines / max(cluster.firm_count, 1.0))


@kernel
def scaled(value, low, high):
    """Return where a value lies between two bounds, 0 to 1."""
    return min(1.0, max(0.0, (value - low) / (high - low)))
