"""How a firm comes into being: the columns of a row when a firm settles there, at the start or later."""

from __future__ import annotations

import math

from clustersim.core.accelerate import kernel
from clustersim.core.draws import PROCESS, normal, stream, uniform
from clustersim.core.schema import Parameter
from clustersim.model.state import LONG_AGO, SME, TRACTOR

PARAMETERS = {
    "output": Parameter(40.0, "kUSD/person/quarter", 4.0, 120.0, "Gross output per employee at zero knowledge"),
    "wage": Parameter(9.6, "kUSD/person/quarter", 1.0, 40.0, "National wage cost per employee at the start"),
    "size_median": Parameter(12.0, "persons", 2.0, 60.0, "Median employment of an initial SME"),
    "size_spread": Parameter(1.0, "1", 0.5, 1.5, "Standard deviation of log employment of initial SMEs",
                             "skewed, near log-normal sizes: Cabral & Mata 2003 (form); value assumed"),
    "tractor_spread": Parameter(0.4, "1", 0.1, 1.0, "Standard deviation of log employment of initial tractor firms"),
    "tractor_size": Parameter(320.0, "persons", 250.0, 3000.0, "Median employment of a tractor firm"),
    "entrant_size": Parameter(6.0, "persons", 1.0, 20.0, "Median employment of a start-up"),
    "knowledge_gap": Parameter(0.30, "log points", 0.0, 1.5, "Mean distance of initial SMEs to the frontier"),
    "knowledge_spread": Parameter(0.28, "log points", 0.0, 0.6, "Standard deviation of initial knowledge"),
    "tractor_lead": Parameter(0.20, "log points", 0.0, 0.6, "Lead of tractor firms over SMEs in knowledge"),
    "technology_spread": Parameter(0.09, "turn", 0.01, 0.3, "Standard deviation of initial technology positions"),
    "climate_spread": Parameter(0.05, "1", 0.0, 0.2, "Standard deviation of generalised trust between actors"),
    "place_spread": Parameter(0.03, "1", 0.0, 0.2, "Standard deviation of generalised trust between replicates"),
    "threshold": Parameter(0.28, "1", 0.1, 0.6, "Mean trust at which a firm cooperates half of the time"),
    "threshold_spread": Parameter(0.08, "1", 0.0, 0.2, "Standard deviation of that threshold between firms"),
    "wariness": Parameter(0.30, "1", 0.0, 1.0, "Weight of an SME's fear of larger partners (per log size ratio)",
                          "ILO §3.3: SMEs fear to lose know-how to large firms (sign); value assumed"),
    "history": Parameter(12.0, "quarters", 0.0, 80.0, "Quarters in which the initial actors have met before the start"),
    "belief": Parameter(0.25, "1", 0.0, 1.0, "Initial belief that joint action succeeds"),
    "age_mean": Parameter(40.0, "quarters", 4.0, 120.0, "Mean age of initial firms"),
    "cash": Parameter(0.6, "quarters of sales", 0.1, 2.0, "Cash of a new firm"),
    "assets": Parameter(2.0, "quarters of sales", 0.5, 6.0, "Assets that a firm works with"),
    "debt": Parameter(0.3, "share of assets", 0.0, 0.8, "Debt of an initial firm"),
    "climate_margin": Parameter(0.01, "1", 0.0, 0.1, "Distance from 0 and from 1 that a new firm's generalised trust keeps"),
    "absorptive": Parameter(0.5, "1", 0.0, 1.0, "Absorptive capacity of a new firm"),
    "rd_share": Parameter(0.03, "share of sales", 0.0, 0.1, "R&D intensity of a new firm in its first quarter"),
    "quality": Parameter(0.35, "1", 0.0, 1.0, "Quality of a new SME"),
    "tractor_quality": Parameter(0.7, "1", 0.0, 1.0, "Quality of a new tractor firm"),
    "margin": Parameter(0.05, "share of sales", -0.1, 0.3, "Margin that a new firm feels at first"),
    "capacity_tail": Parameter(1.2, "1", 1.05, 4.0, "Exponent of the Pareto tail of the partners that firms of one size can keep",
                               "numbers of customers have a heavy tail, larger firms have more: Bernard et al. 2022 (form); "
                               "value assumed"),
    "capacity_most": Parameter(30.0, "1", 1.0, 200.0, "Most partners that a firm can keep, over those of the least able of its "
                               "size"),
    "institution_climate": Parameter(0.6, "1", 0.0, 1.0, "Generalised trust of institutions at the start: they trust by mandate"),
    "institution_threshold": Parameter(0.3, "1", 0.1, 0.6, "Trust at which an institution cooperates half of the time"),
    "room": Parameter(0.95, "share", 0.5, 0.99, "Most of a market to which firms that make up for closures are thought to grow, "
                      "when outsiders' strength at the start is found"),
    "listed_reach": Parameter(3.0, "1", 1.0, 6.0, "Standard deviations of knowledge within which sales per employee can place a "
                              "firm of a register"),
    "uncertified": Parameter(0.9, "share", 0.5, 1.0, "Most quality of a firm that a register lists without certificate, over "
                             "what a certificate asks for"),
    "listed_exports": Parameter(0.95, "share", 0.5, 0.99, "Largest export share of a firm of a register; below 1, so that it "
                                "keeps a domestic customer base"),
}  # fmt: skip
PLACE_X, PLACE_Y, THRESHOLD, CLIMATE, CAPACITY = (
    PROCESS[f"founding_{name}"] for name in ("x", "y", "threshold", "climate", "capacity")
)


@kernel
def settle(actors, i, uid, parent, kind, segment, quarter, employees, knowledge, technology, cluster, world, p):
    """Fill row `i` with a new firm; its place, threshold, climate and capacity for partners are drawn from its identity."""
    key = world.key
    actors.uid[i], actors.parent[i] = uid, parent
    actors.kind[i], actors.segment[i], actors.born[i] = kind, segment, quarter
    radius = cluster.radius * math.sqrt(uniform(stream(key, 0, PLACE_X), uid))
    angle = math.tau * uniform(stream(key, 0, PLACE_Y), uid)
    actors.x[i], actors.y[i] = radius * math.cos(angle), radius * math.sin(angle)
    actors.threshold[i] = p.threshold + p.threshold_spread * normal(stream(key, 0, THRESHOLD), uid)
    climate = cluster.trust_start + p.climate_spread * normal(stream(key, 0, CLIMATE), uid)
    actors.climate_start[i] = min(max(climate, p.climate_margin), 1.0 - p.climate_margin)
    actors.climate[i] = actors.climate_start[i]
    actors.bond[i] = actors.climate[i]
    draw = uniform(stream(key, 0, CAPACITY), uid)
    actors.capacity[i] = min(p.capacity_most, math.exp(-math.log(draw) / p.capacity_tail))
    actors.wariness[i] = p.wariness if kind == SME else 0.0
    actors.belief[i] = p.belief
    employees = max(employees, 1.0)
    actors.employees[i], actors.log_size[i] = employees, math.log(1.0 + employees)
    actors.knowledge[i], actors.technology[i] = knowledge, technology - math.floor(technology)
    actors.absorptive[i], actors.rd_share[i] = p.absorptive, p.rd_share
    actors.quality[i] = p.tractor_quality if kind == TRACTOR else p.quality
    actors.productivity[i] = p.output * math.exp(knowledge)
    sales = employees * actors.productivity[i]
    actors.base[i], actors.export_share[i] = sales, 0.0
    actors.sales[i], actors.cash[i], actors.assets[i], actors.debt[i] = sales, p.cash * sales, p.assets * sales, 0.0
    actors.margin[i], actors.search[i], actors.fitness[i] = p.margin, 1.0, 1.0
    clear(actors, i)


@kernel
def clear(actors, i):
    """Set to nothing what a new firm has not done yet."""
    actors.certified[i] = actors.member[i] = actors.innovated[i] = 0
    actors.project[i] = actors.top[i] = -1
    actors.local_share[i] = actors.exports[i] = actors.trade[i] = actors.purchases[i] = actors.premium[i] = 0.0
    actors.dependence[i] = actors.wage_bill[i] = actors.profit[i] = actors.cost_saving[i] = actors.reach[i] = 0.0
    actors.referrals[i] = 0.0
    actors.degree[i] = actors.asking[i] = actors.targets[i] = 0
    actors.together[i] = LONG_AGO
    actors.employees_then[i] = actors.sales_then[i] = actors.earned_then[i] = 0.0
