"""The indicators: docs/odd.md, section 7.14 and its table."""

from __future__ import annotations

import math

from clustersim.state import HORIZONTAL, VERTICAL
from reference.entities import Actor, Bank, Cluster, TractorFirm, turn, wrap


def share(part: float, whole: float) -> float:
    return part / whole if whole > 0.0 else 0.0


def record(cluster: Cluster) -> dict[str, float]:
    """7.14: return the indicators of the quarter by name."""
    result: dict[str, float] = {}
    for part in (_life, _structure, _relations, _institution, _knowledge, _economy):
        result |= part(cluster)
    return result


def _life(cluster: Cluster) -> dict[str, float]:
    return {
        name: getattr(cluster, name)
        for name in (
            "phase", "clusterisation", "entries", "spinoffs", "exits", "formal", "members", "vision", "projects_started",
            "projects_succeeded", "projects_failed", "staff", "income_public", "income_private", "brand", "public_spending",
            "private_cofinance", "credibility", "wage", "employment", "facilitation_state",
        )
    }  # fmt: skip


def _mean(cluster: Cluster, name: str) -> float:
    return sum(getattr(firm, name) for firm in cluster.firms) / max(len(cluster.firms), 1)


def _total(cluster: Cluster, name: str) -> float:
    return sum(getattr(firm, name) for firm in cluster.firms)


def _structure(cluster: Cluster) -> dict[str, float]:
    firms, q = cluster.firms, cluster.world.quarter
    relative = cluster.employment / cluster.reference
    sales = _total(cluster, "sales")
    return {
        "firms": len(firms),
        "tractors": sum(isinstance(firm, TractorFirm) for firm in firms),
        "micro": sum(firm.employees < 10 for firm in firms),
        "small": sum(10 <= firm.employees < 50 for firm in firms),
        "medium": sum(50 <= firm.employees < 250 for firm in firms),
        "large": sum(firm.employees >= 250 for firm in firms),
        "young_share": share(sum(q - firm.born <= 20 for firm in firms), len(firms)),
        "location_quotient": cluster.quotient_start * relative / cluster.employment_start,
        "concentration": sum(share(firm.sales, sales) ** 2 for firm in firms),
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
        "acquaintances": sum(tie.level == 0 for tie in inner),
        "information_ties": sum(tie.level == 1 for tie in inner),
        "commercial_ties": sum(tie.level == 2 for tie in inner),
        "strategic_ties": sum(tie.level == 3 for tie in inner),
        "vertical_ties": sum(tie.kind == VERTICAL for tie in inner),
        "horizontal_ties": sum(tie.kind == HORIZONTAL for tie in inner),
        "institutional_ties": sum(tie.level >= 1 and (helps(tie.a) or helps(tie.b)) for tie in ties),
        "external_ties": sum(tie.outside for tie in ties),
        "mean_level": share(sum(tie.level for tie in inner), len(inner)),
        "degree": share(2.0 * len(inner), firms),
        "density": share(len(inner), firms * (firms - 1) / 2.0),
        "linked_share": cluster.linked,
        "core_share": cluster.component,
        "dependence": share(sum(firm.dependence for firm in sellers), len(sellers)),
    }


def _institution(cluster: Cluster) -> dict[str, float]:
    return {
        "belief": _mean(cluster, "belief"),
        "projects_running": sum(kind >= 0 for kind in cluster.project_kind),
        "research_running": sum(kind == 6 for kind in cluster.project_kind),
        "association_cash": cluster.association.cash,
        "public_share": share(cluster.income_public, cluster.income_public + cluster.income_private),
        "facilitators": cluster.levers["facilitation"],
    }


def _knowledge(cluster: Cluster) -> dict[str, float]:
    firms, world = cluster.firms, cluster.world
    count = max(len(firms), 1)
    knowledge = _mean(cluster, "knowledge")
    offsets = [wrap(firm.technology - world.regime) for firm in firms]
    centre = sum(offsets) / count
    return {
        "knowledge": knowledge,
        "frontier_gap": world.frontier - knowledge,
        "regime_gap": sum(turn(firm.technology, world.regime) for firm in firms) / count,
        "diversity": math.sqrt(sum((offset - centre) ** 2 for offset in offsets) / count),
        "absorptive": _mean(cluster, "absorptive"),
        "rd_share": _mean(cluster, "rd_share"),
        "innovations": _mean(cluster, "innovated"),
        "certified_share": _mean(cluster, "certified"),
        "quality": _mean(cluster, "quality"),
        "search": _mean(cluster, "search"),
    }


def _economy(cluster: Cluster) -> dict[str, float]:
    sales, exports, profit = (_total(cluster, name) for name in ("sales", "exports", "profit"))
    value_added = _total(cluster, "wage_bill") + profit
    return {
        "sales": sales,
        "exports": exports,
        "export_share": share(exports, sales),
        "value_added": value_added,
        "productivity": share(value_added, cluster.employment),
        "local_sourcing": share(sum(firm.local_share * firm.sales for firm in cluster.firms), sales),
        "profit": profit,
        "margin": share(profit, sales),
        "credit": _total(cluster, "debt"),
        "assets": _total(cluster, "assets"),
        "cash": _total(cluster, "cash"),
    }
