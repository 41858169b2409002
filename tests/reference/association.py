"""Association, vision and joint action: docs/odd.md, sections 7.6 and 7.7."""

from __future__ import annotations

import math

from reference.entities import Cluster, Firm, above_zero, clip, gumbel, logistic
from reference.policy import pay_school

PURCHASE, PROMOTION, TRAINING, STANDARDS, SERVICES, EXPORT, RESEARCH = range(7)


def association(cluster: Cluster) -> None:
    """7.6: vision, founding, recruiting, money, brand."""
    p = cluster.p.association
    _vision(cluster)
    if not cluster.formal:
        _found(cluster)
    if cluster.formal:
        _recruit(cluster)
        _collect_and_spend(cluster)
    gain = p.brand_gain * cluster.vision * (1.0 - cluster.brand) if cluster.formal and cluster.staff > 0.0 else 0.0
    cluster.brand += gain - p.brand_decay * cluster.brand


def _vision(cluster: Cluster) -> None:
    p, firms = cluster.p.association, max(cluster.firm_count, 1.0)
    participation = max(cluster.members / firms, 0.5 * cluster.linked)
    turnover = (cluster.entries + cluster.spinoffs + cluster.exits) / firms
    growth = p.vision_gain * participation * cluster.trust
    growth += p.vision_wins * min(cluster.wins, 3.0) / 3.0
    growth += p.vision_workshops * min(1.0, cluster.levers["consensus"])
    if cluster.public_spending > 0.0:
        growth *= 1.0 - p.politicisation * cluster.top_down
    loss = p.vision_decay + p.vision_turnover * turnover + p.vision_failures * min(cluster.losses, 3.0)
    cluster.vision = clip(cluster.vision + growth * (1.0 - cluster.vision) - loss * cluster.vision, 0.0, 1.0)
    cluster.wins *= 1.0 - p.memory
    cluster.losses *= 1.0 - p.memory


def _found(cluster: Cluster) -> None:
    p, u = cluster.p.association, cluster.world.uniform("association_found", cluster.uid)
    organic = cluster.component >= p.core_needed and cluster.vision >= p.vision_needed and u < p.founding_rate
    designed = cluster.levers["founding"] > 0.0 and u < p.designed_rate
    if organic or designed:
        cluster.formal = 1
        cluster.origin = 3 if cluster.founded >= 0 else 1 if organic else 2
        cluster.founded = cluster.world.quarter
        cluster.distress = 0


def _recruit(cluster: Cluster) -> None:
    p, world = cluster.p.association, cluster.world
    for firm in cluster.firms:
        leaning = firm.belief + cluster.vision + firm.climate + 0.1 * firm.top - p.join_bar
        if firm.member:
            leaves = world.uniform("leave", firm.uid) < p.join_rate * logistic(-leaning / p.join_spread)
            firm.member = 0 if leaves else 1
        else:
            push = 0.2 * min(1.0, cluster.levers["facilitation"])
            joins = world.uniform("join", firm.uid) < p.join_rate * logistic((leaning + push) / p.join_spread)
            firm.member = 1 if joins else 0
    cluster.members = float(sum(firm.member for firm in cluster.firms))


def _collect_and_spend(cluster: Cluster) -> None:
    p, office = cluster.p.association, cluster.association
    for firm in cluster.firms:
        if firm.member:
            due = clip(p.fee * firm.sales, p.fee_floor, p.fee_cap) * (1.0 + p.services * cluster.vision)
            paid = min(due, above_zero(firm.cash))
            firm.cash -= paid
            office.cash += paid
            cluster.income_private += paid
    cost = p.staff_cost * cluster.wage
    cluster.staff += 0.25 * (min(p.staff_max, above_zero(office.cash) / (2.0 * cost)) - cluster.staff)
    office.cash -= cost * cluster.staff
    cluster.nation += cost * cluster.staff
    cluster.distress = cluster.distress + 1 if cluster.staff < 0.5 or cluster.members < p.members_min else 0
    if cluster.distress > p.patience:
        cluster.formal = cluster.distress = 0
        cluster.nation += office.cash
        office.cash = 0.0
        cluster.members = cluster.staff = 0.0
        cluster.vision *= 0.7
        for firm in cluster.firms:
            firm.member = 0


def joint_action(cluster: Cluster) -> None:
    """7.7: projects that end, then one that may start."""
    p = cluster.p.joint_action
    cluster.projects_started = cluster.projects_succeeded = cluster.projects_failed = 0.0
    for firm in cluster.firms:
        firm.cost_saving *= 1.0 - p.fading
        firm.reach *= 1.0 - p.fading
    for slot, kind in enumerate(cluster.project_kind):
        if kind >= 0 and cluster.world.quarter >= cluster.project_end[slot]:
            _end(cluster, slot, kind)
    _start(cluster)


def _scale(easy: float, hard: float, kind: int) -> float:
    return easy + (hard - easy) * kind / 6.0


def _entitled(cluster: Cluster) -> list[Firm]:
    """Members; all firms without an association."""
    return [firm for firm in cluster.firms if firm.member or not cluster.formal]


def _end(cluster: Cluster, slot: int, kind: int) -> None:
    p = cluster.p.joint_action
    partners = [firm for firm in cluster.firms if firm.project == slot]
    bond = sum(firm.bond for firm in partners) / max(len(partners), 1)
    chance = (p.success - p.difficulty * kind / 6.0) * (0.5 + 0.5 * bond) * (0.7 + 0.3 * cluster.vision)
    lucky = cluster.world.uniform("project_luck", cluster.uid + slot) < chance
    outcome = 1.0 if lucky and len(partners) >= 2 else 0.0
    for firm in _entitled(cluster):
        if firm not in partners:
            firm.belief += p.witness * (outcome - firm.belief)
    for firm in partners:
        firm.project = -1
        firm.belief += p.learning * (outcome - firm.belief)
        firm.climate += p.warmth * (outcome - firm.climate)
        if outcome:
            _reward(cluster, firm, kind)
    cluster.wins += outcome
    cluster.losses += 1.0 - outcome
    cluster.projects_succeeded += outcome
    cluster.projects_failed += 1.0 - outcome
    cluster.project_kind[slot] = -1


def _reward(cluster: Cluster, firm: Firm, kind: int) -> None:
    p = cluster.p.joint_action
    if kind == PURCHASE:
        firm.cost_saving = max(firm.cost_saving, p.saving)
    elif kind in (PROMOTION, SERVICES):
        firm.base *= math.exp(p.orders)
    elif kind == TRAINING:
        firm.absorptive += p.skill * (1.0 - firm.absorptive)
    elif kind == STANDARDS:
        firm.quality += p.quality * (1.0 - firm.quality)
    elif kind == EXPORT:
        firm.reach = max(firm.reach, p.reach)
    elif kind == RESEARCH:
        firm.knowledge += p.knowledge * above_zero(cluster.world.frontier - firm.knowledge)


def _start(cluster: Cluster) -> None:
    p, world = cluster.p.joint_action, cluster.world
    helpers = min(cluster.levers["facilitation"], 3.0)
    if -1 not in cluster.project_kind or not (cluster.formal or helpers > 0.0):
        return
    chance = p.launch * cluster.vision * (1.0 + cluster.staff / 4.0) * cluster.formal + p.launch_help * helpers
    if world.uniform("project_launch", cluster.uid) >= chance:
        return
    kind = _choose_kind(cluster)
    price = _scale(p.cost_easy, p.cost_hard, kind)
    share = min(0.95, cluster.levers["cofinance"])
    gain = _scale(p.gain_easy, p.gain_hard, kind)
    burden = _scale(p.burden_easy, p.burden_hard, kind) * (1.0 - share)
    pledges = []
    for firm in _entitled(cluster):
        if firm.project >= 0 or firm.cash < 2.0 * price:
            continue
        will = p.attention * logistic((_prospect(cluster, firm) * gain - burden) / p.spread)
        if world.uniform("pledge", firm.uid) < will:
            pledges.append(firm)
    if len(pledges) < p.partners_min:
        return
    total = price * len(pledges)
    public = min(share * total, cluster.project_fund)
    slot = cluster.project_kind.index(-1)
    cluster.project_fund -= public
    for firm in pledges:
        firm.cash -= (total - public) / len(pledges)
        firm.project = slot
    cluster.private_cofinance += total - public
    if kind == RESEARCH:
        pay_school(cluster, total)
    else:
        cluster.nation += total
    cluster.project_kind[slot] = kind
    cluster.project_end[slot] = world.quarter + int(_scale(p.quarters_easy, p.quarters_hard, kind))
    cluster.project_partners[slot] = len(pledges)
    cluster.projects_started = 1.0


def _prospect(cluster: Cluster, firm: Firm) -> float:
    return firm.bond * min(1.0, cluster.p.joint_action.belief_weight * firm.belief)


def _choose_kind(cluster: Cluster) -> int:
    p, entitled = cluster.p.joint_action, _entitled(cluster)
    prospect = sum(_prospect(cluster, firm) for firm in entitled) / max(len(entitled), 1)
    best, highest = 0, -math.inf
    for kind in range(7):
        burden = _scale(p.burden_easy, p.burden_hard, kind) * (1.0 - min(0.95, cluster.levers["cofinance"]))
        value = (prospect * _scale(p.gain_easy, p.gain_hard, kind) - burden) / p.choice_spread
        value += gumbel(cluster.world.uniform("project_kind", cluster.uid + kind))
        if value > highest:
            best, highest = kind, value
    return best
