"""Success and diagnosis: the six metrics of cluster performance and their mean (Temouri 2012; ILO §2.6), and the seven gaps.

Each metric is scaled to 0 to 1 between the two bounds that its formula names (assumed) before the mean is taken. A gap is 0
where it is closed and 1 where it is wide (the seven gaps of the ILO manual, §2.6; formulas are this model's).
"""

from __future__ import annotations

from clustersim.core.accelerate import kernel
from clustersim.core.schema import Indicator
from clustersim.model.state import FREE
from clustersim.model.units import YEAR

# Definitions of what is measured, which the formulas below name; nothing in the model acts on them.
DUE = 0.2  # part of a debt that is due within a year
METRICS = 6.0
YOUNG_FIRMS, GROWTH, RETURN, LIQUIDITY, SHORTAGE, WHOLE = (0.0, 0.5), (-0.1, 0.1), (0.0, 0.3), (0.0, 3.0), (0.0, 0.5), (0.0, 1.0)

INDICATORS = {
    "employment_growth": Indicator("Growth of jobs", "1/year", "log jobs - log jobs a year before"),
    "turnover_growth": Indicator("Growth of sales", "1/year", "log sales - log sales a year before"),
    "profitability": Indicator("Return on assets", "1/year", "4 * profit / (assets + [cash]+)"),
    "liquidity": Indicator("Liquidity ratio", "1",
                           "[cash]+ / (a quarter's wages + a year's part of debt, one fifth); stocks are not modelled"),
    "solvency": Indicator("Solvency", "share", "(assets + [cash]+ - debt) / (assets + [cash]+)"),
    "success": Indicator("Success of the cluster", "1",
                         "mean of six metrics scaled to 0..1: young firms 0..0.5; growth of jobs and of sales -0.1..0.1; "
                         "return on assets 0..0.3; liquidity 0..3; solvency 0..1"),
    "gap_education": Indicator("Gap: education", "1", "clip(2 * (1 - specialists / jobs), 0, 1)"),
    "gap_government": Indicator("Gap: government", "1", "1 - coordination of public bodies (bought included) * credibility"),
    "gap_firms": Indicator("Gap: firm to firm", "1", "1 - share of cooperating firms"),
    "gap_market": Indicator("Gap: global market", "1",
                            "1 - export share / share that a capable firm reaches, clipped to 0..1; 0 where none can"),
    "gap_capital": Indicator("Gap: capital", "1", "1 - loans granted / loans asked for; 0 if none was"),
    "gap_research": Indicator("Gap: research", "1", "1 - share of firms linked to universities"),
    "gap_clusters": Indicator("Gap: cluster to cluster", "1",
                              "1 - outside links per firm, not below 0"),
}  # fmt: skip


@kernel
def measure(actors, cluster, out):
    """Fill the family; four numbers are those of other families, which are filled before."""
    profit, assets, cash, debt, wages = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE:
            profit += actors.profit[i]
            assets += actors.assets[i]
            cash += max(0.0, actors.cash[i])
            debt += actors.debt[i]
            wages += actors.wage_bill[i]
    held, due = assets + cash, wages + DUE * debt
    out.employment_growth, out.turnover_growth = cluster.jobs_growth, cluster.sales_growth
    out.profitability = YEAR * profit / held if held > 0.0 else 0.0
    out.liquidity = cash / due if due > 0.0 else 0.0
    out.solvency = (held - debt) / held if held > 0.0 else 0.0
    total = scaled(out.young_share, YOUNG_FIRMS) + scaled(cluster.jobs_growth, GROWTH) + scaled(cluster.sales_growth, GROWTH)
    total += scaled(out.profitability, RETURN) + scaled(out.liquidity, LIQUIDITY) + scaled(out.solvency, WHOLE)
    out.success = total / METRICS
    jobs, pull = cluster.employment, cluster.export_pull
    out.gap_education = scaled(1.0 - cluster.skilled / jobs, SHORTAGE) if jobs > 0.0 else 0.0
    out.gap_government = 1.0 - cluster.coordinated * cluster.credibility
    out.gap_firms = 1.0 - cluster.linked
    out.gap_market = scaled(1.0 - out.exports / out.sales / pull, WHOLE) if out.sales > 0.0 and pull > 0.0 else 0.0
    out.gap_capital = 1.0 - cluster.credit_granted / cluster.credit_wanted if cluster.credit_wanted > 0.0 else 0.0
    out.gap_research = 1.0 - out.university_links
    out.gap_clusters = max(0.0, 1.0 - cluster.pipelines / max(cluster.firm_count, 1.0))


@kernel
def scaled(value, bounds):
    """Return where a value lies between two bounds, 0 to 1."""
    low, high = bounds
    return min(1.0, max(0.0, (value - low) / (high - low)))
