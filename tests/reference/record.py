"""The indicators: docs/odd.md, section 7.17 and its table."""

from __future__ import annotations

import math

from clustersim.model.state import HORIZONTAL, VERTICAL
from reference.cluster import Cluster
from reference.entities import Actor, Bank, Firm, SmallFirm, TractorFirm
from reference.world import above_zero, clip, total, turn, wrap

PROJECTS = ("purchase", "promotion", "training", "standards", "services", "export", "research")


def share(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else 0.0


def record(cluster: Cluster) -> dict[str, float]:
    """7.17: return the indicators of the quarter by name."""
    result: dict[str, float] = {}
    for part in (_life, _structure, _relations, _institution, _knowledge, _economy):
        result |= part(cluster)
    result |= _success(cluster, result)
    result |= _gaps(cluster, result)
    return result


def _life(cluster: Cluster) -> dict[str, float]:
    return {
        name: getattr(cluster, name)
        for name in (
            "phase", "clusterisation", "entries", "spinoffs", "exits", "formal", "members", "vision", "projects_started",
            "projects_succeeded", "projects_failed", "staff", "income_public", "income_private", "brand", "public_spending",
            "private_cofinance", "credibility", "wage", "employment", "facilitation_state", "board_private", "board_large",
            "collusion", "groups", "rapport", "returned", "kept", "mapped", "displaced", "clustering",
            "applied", "approved", "outside_fund", "mutual_pool", "public_goods", "settlers", "income_fees", "income_services",
            "income_sponsors", "loans_placed", "loans_guaranteed",
        )
    }  # fmt: skip


def _mean(cluster: Cluster, name: str) -> float:
    return total(getattr(firm, name) for firm in cluster.firms) / max(len(cluster.firms), 1)


def _total(cluster: Cluster, name: str) -> float:
    return total(getattr(firm, name) for firm in cluster.firms)


def _structure(cluster: Cluster) -> dict[str, float]:
    firms, q = cluster.firms, cluster.world.quarter
    relative = cluster.employment / cluster.reference
    sales = _total(cluster, "sales")
    return {
        "firms": len(firms),
        "tractors": total(isinstance(firm, TractorFirm) for firm in firms),
        "micro": total(firm.employees < 10 for firm in firms),
        "small": total(10 <= firm.employees < 50 for firm in firms),
        "medium": total(50 <= firm.employees < 250 for firm in firms),
        "large": total(firm.employees >= 250 for firm in firms),
        "young_share": share(total(q - firm.born <= 20 for firm in firms), len(firms)),
        "location_quotient": cluster.quotient_start * relative / cluster.employment_start,
        "concentration": total(share(firm.sales, sales) ** 2 for firm in firms),
        "programme_stage": cluster.stage,
        "entry_point": cluster.origin,
    }


def _relations(cluster: Cluster) -> dict[str, float]:
    firms, ties = len(cluster.firms), cluster.live_ties
    inner = [tie for tie in ties if tie.kind in (VERTICAL, HORIZONTAL)]
    sellers = [firm for firm in cluster.firms if firm.trade > 0.0]

    def helps(actor: Actor | None) -> bool:
        return isinstance(actor, Bank) or actor in cluster.schools

    return {
        "trust": cluster.trust,
        "climate": cluster.climate,
        "ties": len(inner),
        "acquaintances": total(tie.level == 0 for tie in inner),
        "information_ties": total(tie.level == 1 for tie in inner),
        "commercial_ties": total(tie.level == 2 for tie in inner),
        "trading_ties": total(tie.value > 0.0 for tie in inner),
        "strategic_ties": total(tie.level == 3 for tie in inner),
        "vertical_ties": total(tie.kind == VERTICAL for tie in inner),
        "horizontal_ties": total(tie.kind == HORIZONTAL for tie in inner),
        "institutional_ties": total(tie.level >= 1 and (helps(tie.a) or helps(tie.b)) for tie in ties),
        "external_ties": total(tie.outside for tie in ties),
        "mean_level": share(total(tie.level for tie in inner), len(inner)),
        "degree": share(2.0 * len(inner), firms),
        "density": share(len(inner), firms * (firms - 1) / 2.0),
        "linked_share": cluster.linked,
        "core_share": cluster.component,
        "university_links": share(cluster.schooled, firms),
        "home_links": total(tie.outside and tie.home >= 0 for tie in ties),
        "dependence": share(total(firm.dependence for firm in sellers), len(sellers)),
        **_network(cluster),
    }


def _network(cluster: Cluster) -> dict[str, float]:
    """Institutions with a firm's tie, and the firms that they reach."""
    places, reached = set(), {firm for firm in cluster.firms if firm.member}
    for tie in cluster.live_ties:
        for one, other in ((tie.a, tie.b), (tie.b, tie.a)):
            if tie.level >= 1 and (isinstance(one, Bank) or one in cluster.schools) and other is not None and other.is_firm:
                places.add(one)
                reached.add(other)
    institutions = len(places) + (cluster.formal > 0 and cluster.members > 0)
    return {"network_institutions": institutions, "network_organisations": institutions + len(reached)}


def _institution(cluster: Cluster) -> dict[str, float]:
    running = [partners for kind, partners in zip(cluster.project_kind, cluster.project_partners) if kind >= 0]
    foreign = cluster.foreign * cluster.income_public
    local = (1.0 - cluster.foreign) * cluster.income_local
    return {
        "member_share": share(cluster.members, len(cluster.firms)),
        "formal_membership": cluster.formal > 0 and cluster.members > 0,
        "association_age": (cluster.world.quarter - cluster.founded) / 4.0 if cluster.formal else 0.0,
        "project_partners": share(total(running), len(running)),
        **{f"started_{name}": number for name, number in zip(PROJECTS, cluster.started)},
        "income_local": local,
        "income_national": above_zero(cluster.income_public - local - foreign),
        "income_foreign": foreign,
        "belief": _mean(cluster, "belief"),
        "projects_running": total(kind >= 0 for kind in cluster.project_kind),
        "research_running": total(kind == 6 for kind in cluster.project_kind),
        "association_cash": cluster.association.cash,
        "public_share": share(cluster.income_public, cluster.income_public + cluster.income_private),
        "funds": cluster.project_fund + cluster.guarantee_fund + cluster.venture_fund,
        "facilitators": cluster.levers["facilitation"],
        "coordination": cluster.coordinated,
        "capability": cluster.capability,
        "local_knowledge": cluster.known,
        "foreign_spending": cluster.foreign_spending,
    }


def _knowledge(cluster: Cluster) -> dict[str, float]:
    firms, world = cluster.firms, cluster.world
    count = max(len(firms), 1)
    knowledge = _mean(cluster, "knowledge")
    offsets = [wrap(firm.technology - firm.asked) for firm in firms]
    centre = total(offsets) / count
    return {
        "knowledge": knowledge,
        "frontier_gap": world.frontier - knowledge,
        "regime_gap": total(turn(firm.technology, firm.asked) for firm in firms) / count,
        "diversity": math.sqrt(total((offset - centre) ** 2 for offset in offsets) / count),
        "absorptive": _mean(cluster, "absorptive"),
        "rd_share": _mean(cluster, "rd_share"),
        "research_share": total(firm.rd_share > 0.0 for firm in cluster.firms) / max(cluster.firm_count, 1),
        "innovations": _mean(cluster, "innovated"),
        "certified_share": _mean(cluster, "certified"),
        "quality": _mean(cluster, "quality"),
        "search": _mean(cluster, "search"),
        "branch_share": share(total(firm.segment == cluster.branch for firm in firms), len(firms)),
    }


def _economy(cluster: Cluster) -> dict[str, float]:
    sales, exports, profit = (_total(cluster, name) for name in ("sales", "exports", "profit"))
    value_added = _total(cluster, "wage_bill") + profit
    suppliers = [firm for firm in cluster.firms if isinstance(firm, SmallFirm) and firm.trade > 0.0]
    inside = _total(cluster, "trade")
    return {
        "domestic_sales": sales - exports - inside,
        "outside_share": share(sales - inside, sales),
        "productivity_members": _earned([firm for firm in cluster.firms if firm.member]),
        "productivity_others": _earned([firm for firm in cluster.firms if not firm.member]),
        "growing_firms": cluster.growing,
        "growing_small": cluster.growing_small,
        "investment_attracted": cluster.attracted,
        "investment_called": cluster.called,
        "sales": sales,
        "exports": exports,
        "export_share": share(exports, sales),
        "value_added": value_added,
        "productivity": share(value_added, cluster.employment),
        "local_sourcing": share(total(firm.local_share * firm.sales for firm in cluster.firms), sales),
        "profit": profit,
        "margin": share(profit, sales),
        "credit": _total(cluster, "debt"),
        "assets": _total(cluster, "assets"),
        "cash": _total(cluster, "cash"),
        "supplier_sales": _total(cluster, "trade"),
        "anchor_sales": total(firm.sales for firm in cluster.firms if isinstance(firm, TractorFirm)),
        "supplier_margin": share(total(firm.profit for firm in suppliers), total(firm.sales for firm in suppliers)),
        "specialists": cluster.skilled,
    }


def _earned(firms: list[Firm]) -> float:
    """Value added per job of those that paid wages."""
    paid = [firm for firm in firms if firm.wage_bill > 0.0]
    return share(total(firm.wage_bill + firm.profit for firm in paid), total(firm.employees for firm in paid))


def _success(cluster: Cluster, so_far: dict[str, float]) -> dict[str, float]:
    """Six metrics, and their mean on a scale from 0 to 1."""
    debt, assets = so_far["credit"], so_far["assets"]
    held = total(above_zero(firm.cash) for firm in cluster.firms)
    metrics = {
        "employment_growth": cluster.jobs_growth,
        "turnover_growth": cluster.sales_growth,
        "profitability": share(4.0 * so_far["profit"], assets + held),
        "liquidity": share(held, _total(cluster, "wage_bill") + debt / 5.0),
        "solvency": share(assets + held - debt, assets + held),
    }
    scaled = [clip(so_far["young_share"] / 0.5, 0.0, 1.0)]
    for name, low, high in (
        ("employment_growth", -0.1, 0.1), ("turnover_growth", -0.1, 0.1), ("profitability", 0.0, 0.3), ("liquidity", 0.0, 3.0),
        ("solvency", 0.0, 1.0),
    ):  # fmt: skip
        scaled.append(clip((metrics[name] - low) / (high - low), 0.0, 1.0))
    return metrics | {"success": total(scaled) / 6.0}


def _gaps(cluster: Cluster, so_far: dict[str, float]) -> dict[str, float]:
    pull, wanted, jobs = cluster.export_pull, cluster.credit_wanted, cluster.employment
    reached = so_far["export_share"] / pull if pull > 0.0 and so_far["sales"] > 0.0 else 1.0
    return {
        "gap_education": clip(2.0 * (1.0 - cluster.skilled / jobs), 0.0, 1.0) if jobs > 0.0 else 0.0,
        "gap_government": 1.0 - cluster.coordinated * cluster.credibility,
        "gap_firms": 1.0 - cluster.linked,
        "gap_market": clip(1.0 - reached, 0.0, 1.0),
        "gap_capital": 1.0 - cluster.credit_granted / wanted if wanted > 0.0 else 0.0,
        "gap_research": 1.0 - so_far["university_links"],
        "gap_clusters": above_zero(1.0 - cluster.pipelines / max(so_far["firms"], 1)),
    }
