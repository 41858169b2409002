"""Joint action: docs/odd.md, section 7.8."""

from __future__ import annotations

import math
from typing import NamedTuple

from reference.cluster import Cluster
from reference.entities import Firm
from reference.world import above_zero, gumbel, logistic, total, wrap

PURCHASE, PROMOTION, TRAINING, STANDARDS, SERVICES, EXPORT, RESEARCH = range(7)


def joint_action(cluster: Cluster) -> None:
    """7.8: files for outside funds, projects that end, one that may start, and those of action teams."""
    p = cluster.p.joint_action
    _prepare(cluster)
    cluster.projects_started = cluster.projects_succeeded = cluster.projects_failed = 0.0
    cluster.started = [0.0] * len(cluster.started)
    for firm in cluster.firms:
        firm.cost_saving *= 1.0 - p.fading
        firm.reach *= 1.0 - p.fading
    for slot, kind in enumerate(cluster.project_kind):
        if kind >= 0 and cluster.world.quarter >= cluster.project_end[slot]:
            _end(cluster, slot, kind)
    _start(cluster)
    for k in range(int(p.teams_most)):
        if cluster.levers["teams"] > k:
            _team(cluster, k)


def _prepare(cluster: Cluster) -> None:
    """Files are written and sent; outside funds approve some, and take back what is left when the programme is over."""
    p, world, officers = cluster.p.joint_action, cluster.world, cluster.levers["preparation"]
    if officers > 0.0:
        cluster.files += p.pace * officers
        sent = cluster.files / p.preparing
        cluster.files -= sent
        number = world.whole("files_sent", cluster.uid, sent)
        cluster.applied += number * p.file_value
        for k in range(number):
            if world.uniform("file_approved", cluster.uid + k) < p.approval:
                cluster.approved += p.file_value
                cluster.outside_fund += p.file_value
                cluster.abroad -= p.file_value
    else:
        cluster.files = 0.0
    if cluster.idle > p.outside_kept:
        cluster.abroad += cluster.outside_fund
        cluster.outside_fund = 0.0


def _scale(easy: float, hard: float, kind: int) -> float:
    return easy + (hard - easy) * kind / 6.0


def _entitled(cluster: Cluster, call: bool = False) -> list[Firm]:
    """Members; all firms without an association or with an open call."""
    return [firm for firm in cluster.firms if firm.member or not cluster.formal or call]


def _open_call(cluster: Cluster) -> bool:
    levers = cluster.levers
    if cluster.outside_fund > 0.0:
        return True
    return cluster.project_fund > 0.0 and levers["cofinance"] + levers["purchasing"] + levers["consortia"] > 0.0


def _end(cluster: Cluster, slot: int, kind: int) -> None:
    p = cluster.p.joint_action
    partners = [firm for firm in cluster.firms if firm.project == slot]
    bond = total(firm.bond for firm in partners) / max(len(partners), 1)
    chance = p.success - p.difficulty * kind / 6.0 + p.planning * min(1.0, cluster.levers["planning"])
    chance *= 1.0 - p.success_trust + p.success_trust * bond
    chance *= 1.0 - p.success_vision + p.success_vision * cluster.vision
    lucky = cluster.world.uniform("project_luck", cluster.uid + slot) < chance
    outcome = 1.0 if lucky and len(partners) >= p.partners_left else 0.0
    for firm in _entitled(cluster):
        if firm not in partners:
            firm.belief += p.witness * (outcome - firm.belief)
    for firm in partners:
        firm.project = -1
        firm.belief += p.learning * (outcome - firm.belief)
        firm.climate += p.warmth * (outcome - firm.climate)
        if outcome:
            _reward(cluster, firm, kind, len(partners))
    cluster.wins += outcome
    cluster.losses += 1.0 - outcome
    cluster.projects_succeeded += outcome
    cluster.projects_failed += 1.0 - outcome
    cluster.project_kind[slot] = -1


def _reward(cluster: Cluster, firm: Firm, kind: int, partners: int) -> None:
    p = cluster.p.joint_action
    volume = partners / (partners + p.volume)
    if kind == PURCHASE:
        firm.cost_saving = max(firm.cost_saving, p.saving * volume)
    elif kind in (PROMOTION, SERVICES):
        firm.base *= math.exp(p.orders)
    elif kind == TRAINING:
        firm.absorptive += p.skill * (1.0 - firm.absorptive)
    elif kind == STANDARDS:
        firm.quality += p.quality * (1.0 - firm.quality)
    elif kind == EXPORT:
        firm.reach = max(firm.reach, p.reach * volume)
    elif kind == RESEARCH:
        part = min(1.0, p.knowledge * (1.0 + (p.school if cluster.schools else 0.0)))
        firm.knowledge += part * above_zero(cluster.world.frontier - firm.knowledge)
        firm.technology = (firm.technology + p.turnaround * wrap(firm.asked - firm.technology)) % 1.0


def _state_aid(cluster: Cluster, kind: int) -> float:
    """The state's share of the cost of a project of this kind."""
    levers = cluster.levers
    aid = levers["cofinance"]
    if kind == PURCHASE:
        aid += levers["purchasing"]
    elif kind == RESEARCH:
        aid += levers["consortia"]
    return min(cluster.p.joint_action.aid_most, aid)


def _outside_aid(cluster: Cluster, kind: int) -> float:
    """The share of outside funds."""
    p = cluster.p.joint_action
    return min(p.outside_share, p.aid_most - _state_aid(cluster, kind)) if cluster.outside_fund > 0.0 else 0.0


def _aid(cluster: Cluster, kind: int) -> float:
    return _state_aid(cluster, kind) + _outside_aid(cluster, kind)


def _start(cluster: Cluster) -> None:
    """A project that the association, facilitators or an open call bring about."""
    p, world = cluster.p.joint_action, cluster.world
    helpers = min(cluster.promoters, p.helpers_most)
    call = _open_call(cluster)
    if -1 not in cluster.project_kind or not (cluster.formal or helpers > 0.0 or call):
        return
    own = p.launch * cluster.vision * (1.0 + cluster.staff / p.launch_staff) * cluster.formal + p.launch_help * helpers
    draw = world.uniform("project_launch", cluster.uid)
    if draw < own + (p.launch_call if call else 0.0):
        kinds = [kind for kind in range(7) if draw < own or _aid(cluster, kind) > 0.0]
        _look_for_partners(cluster, kinds, Draws("project_kind", "pledge", 0))


def _team(cluster: Cluster, k: int) -> None:
    """A short and easy project that an action team looks for."""
    p, teams = cluster.p.joint_action, cluster.levers["teams"]
    chance = p.team_launch * min(1.0, teams - k)
    if -1 in cluster.project_kind and cluster.world.uniform("team_launch", cluster.uid + k) < chance:
        _look_for_partners(cluster, list(range(int(p.team_hardest) + 1)), Draws("team_kind", "team_pledge", k))


class Draws(NamedTuple):
    """Processes of the draws, and the number of the team."""

    kind: str
    pledge: str
    number: int


def _look_for_partners(cluster: Cluster, kinds: list[int], draws: Draws) -> None:
    """Choose among these kinds of project, and start it if enough firms pledge."""
    p, world = cluster.p.joint_action, cluster.world
    entitled = _entitled(cluster, _open_call(cluster))
    kind = _choose_kind(cluster, entitled, kinds, draws)
    price = _scale(p.cost_easy, p.cost_hard, kind)
    heard = min(1.0, p.attention * (1.0 + p.group_attention * cluster.groups))
    gain = _scale(p.gain_easy, p.gain_hard, kind)
    burden = _scale(p.burden_easy, p.burden_hard, kind) * (1.0 - _aid(cluster, kind))
    pledges = []
    for firm in entitled:
        if firm.project >= 0 or firm.cash < p.cash_over_cost * price:
            continue
        will = heard * logistic((_prospect(cluster, firm) * gain - burden) / p.spread)
        if world.uniform(draws.pledge, firm.uid, number=draws.number) < will:
            pledges.append(firm)
    if len(pledges) >= p.partners_min:
        _begin(cluster, kind, pledges)


def _begin(cluster: Cluster, kind: int, pledges: list[Firm]) -> None:
    p = cluster.p.joint_action
    cost = _scale(p.cost_easy, p.cost_hard, kind) * len(pledges)
    state, outside = _state_aid(cluster, kind), _outside_aid(cluster, kind)
    public, foreign = min(state * cost, cluster.project_fund), min(outside * cost, cluster.outside_fund)
    slot = cluster.project_kind.index(-1)
    cluster.project_fund -= public
    cluster.outside_fund -= foreign
    own = cost - public - foreign
    for firm in pledges:
        firm.cash -= own / len(pledges)
        firm.project = slot
    cluster.private_cofinance += own
    if kind == RESEARCH:
        cluster.pay_school(cost)
    else:
        cluster.nation += cost
    cluster.project_kind[slot] = kind
    cluster.project_end[slot] = cluster.world.quarter + int(_scale(p.quarters_easy, p.quarters_hard, kind))
    cluster.project_partners[slot] = len(pledges)
    cluster.projects_started += 1.0
    cluster.started[kind] += 1.0


def _prospect(cluster: Cluster, firm: Firm) -> float:
    return firm.bond * min(1.0, cluster.p.joint_action.belief_weight * firm.belief)


def _choose_kind(cluster: Cluster, entitled: list[Firm], kinds: list[int], draws: Draws) -> int:
    p = cluster.p.joint_action
    prospect = total(_prospect(cluster, firm) for firm in entitled) / max(len(entitled), 1)
    best, highest = 0, -math.inf
    for kind in kinds:
        burden = _scale(p.burden_easy, p.burden_hard, kind) * (1.0 - _aid(cluster, kind))
        value = (prospect * _scale(p.gain_easy, p.gain_hard, kind) - burden) / p.choice_spread
        value += gumbel(cluster.world.uniform(draws.kind, cluster.uid + kind, number=draws.number))
        if value > highest:
            best, highest = kind, value
    return best
