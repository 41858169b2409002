"""Association and vision, and what members agree on in prices: docs/odd.md, sections 7.7 and 7.9."""

from __future__ import annotations

from reference.cluster import Cluster
from reference.entities import Firm, SmallFirm, size_class
from reference.world import above_zero, clip, logistic, total


def association(cluster: Cluster) -> None:
    """7.7: vision, founding, recruiting, money, brand."""
    p = cluster.p.association
    _vision(cluster)
    if not cluster.formal:
        _found(cluster)
    if cluster.formal:
        _recruit(cluster)
        _collect_and_spend(cluster)
    told = p.brand_told * cluster.speakers
    if cluster.formal and cluster.staff > 0.0:
        told += p.brand_gain * cluster.vision
    cluster.brand += min(1.0, told) * (1.0 - cluster.brand) - p.brand_decay * cluster.brand


def _vision(cluster: Cluster) -> None:
    p, firms = cluster.p.association, max(cluster.firm_count, 1.0)
    participation = max(cluster.members / firms, p.vision_links * cluster.linked)
    turnover = (cluster.entries + cluster.spinoffs + cluster.exits) / firms
    growth = p.vision_gain * participation * cluster.trust
    growth += p.vision_wins * min(cluster.wins, p.outcomes_most) / p.outcomes_most
    growth += p.vision_workshops * min(1.0, cluster.levers["consensus"])
    if cluster.public_spending > 0.0:
        growth *= 1.0 - p.politicisation * cluster.top_down * (1.0 - cluster.board_private * cluster.formal)
    loss = p.vision_decay + p.vision_turnover * turnover + p.vision_failures * min(cluster.losses, p.outcomes_most)
    cluster.vision = clip(cluster.vision + growth * (1.0 - cluster.vision) - loss * cluster.vision, 0.0, 1.0)
    cluster.wins *= 1.0 - p.memory
    cluster.losses *= 1.0 - p.memory


def _found(cluster: Cluster) -> None:
    p, u = cluster.p.association, cluster.world.uniform("association_found", cluster.uid)
    organic = cluster.component >= p.core_needed and cluster.vision >= p.vision_needed and u < p.founding_rate
    designed = cluster.levers["founding"] > 0.0 and u < p.designed_rate
    if organic or designed:
        cluster.formal = 1
        cluster.origin = 3 if cluster.origin != 0 else 1 if organic else 2
        cluster.founded = cluster.world.quarter
        cluster.distress = 0
        cluster.board_private, cluster.board_large = p.board_start, 0.0


def _recruit(cluster: Cluster) -> None:
    p, world = cluster.p.association, cluster.world
    for firm in cluster.firms:
        leaning = firm.belief + cluster.vision + firm.climate + p.join_partners * firm.top - p.join_bar
        if isinstance(firm, SmallFirm):
            leaning -= p.capture * cluster.board_large
        if firm.member:
            leaves = world.uniform("leave", firm.uid) < p.join_rate * logistic(-leaning / p.join_spread)
            firm.member = 0 if leaves else 1
        else:
            push = p.join_help * min(1.0, cluster.mediators)
            joins = world.uniform("join", firm.uid) < p.join_rate * logistic((leaning + push) / p.join_spread)
            firm.member = 1 if joins else 0
    cluster.members = float(total(firm.member for firm in cluster.firms))


def _collect_and_spend(cluster: Cluster) -> None:
    p, office = cluster.p.association, cluster.association
    large = 0.0
    for firm in cluster.firms:
        if firm.member:
            paid = min(_fee(cluster, firm), above_zero(firm.cash))
            firm.cash -= paid
            office.cash += paid
            cluster.income_private += paid
            cluster.income_fees += paid / (1.0 + p.services * cluster.vision)
            cluster.income_services += paid - paid / (1.0 + p.services * cluster.vision)
            large += paid if size_class(firm.employees) == 3 else 0.0
    raised = p.raised * cluster.wage * cluster.speakers * cluster.vision
    cluster.nation -= raised
    office.cash += raised
    cluster.income_private += raised
    cluster.income_sponsors += raised
    budget = cluster.income_private + cluster.income_public
    if budget > 0.0:
        cluster.board_private += p.board_speed * (cluster.income_private / budget - cluster.board_private)
        cluster.board_large += p.board_speed * (large / budget - cluster.board_large)
    cost = p.staff_cost * cluster.wage
    cluster.staff += p.staff_speed * (min(p.staff_max, above_zero(office.cash) / (p.staff_reserve * cost)) - cluster.staff)
    office.cash -= cost * cluster.staff
    cluster.nation += cost * cluster.staff
    cluster.groups = min(1.0, p.group_members * cluster.staff / max(cluster.members, 1.0))
    cluster.distress = cluster.distress + 1 if cluster.staff < p.staff_least or cluster.members < p.members_min else 0
    if cluster.distress > p.patience:
        _close(cluster)


def _fee(cluster: Cluster, firm: Firm) -> float:
    p = cluster.p.association
    fee = (p.fee_micro, p.fee_small, p.fee_medium, p.fee_large)[size_class(firm.employees)]
    return fee * cluster.wage * (1.0 + p.services * cluster.vision)


def _close(cluster: Cluster) -> None:
    cluster.formal = cluster.distress = 0
    cluster.nation += cluster.association.cash
    cluster.association.cash = 0.0
    cluster.members = cluster.staff = cluster.groups = cluster.board_private = cluster.board_large = 0.0
    cluster.vision *= cluster.p.association.vision_kept
    for firm in cluster.firms:
        firm.member = 0


def conduct(cluster: Cluster) -> None:
    """7.9: price agreements among members."""
    p = cluster.p.conduct
    sales = total(firm.sales for firm in cluster.firms)
    share = total(firm.sales for firm in cluster.firms if firm.member) / sales if sales > 0.0 else 0.0
    open_ties = cluster.pipelines / max(cluster.firm_count, 1.0)
    target = logistic((cluster.trust - p.trust) / p.spread) / (1.0 + open_ties / p.openness)
    target *= (1.0 - min(1.0, cluster.levers["competition"])) * share
    cluster.collusion += p.speed * (target - cluster.collusion)
