"""Step 8, joint action: threshold club goods of seven kinds, from joint purchase to R&D consortia.

A firm pledges as a conditional cooperator: trust in its partners times belief in joint action times the gain, against its
part of the cost (threshold public goods: Croson & Marks 1999). A project starts when enough firms pledge and money is
there; its result feeds back to belief, climate, vision and the firms themselves. Belief multiplies trust, so that easy early
wins open the way to hard later projects. Officers write files for outside funds, which approve a few and then share the cost of
projects; action teams look for short and easy projects side by side.
"""

from __future__ import annotations

import math

import numpy as np

from clustersim.core.accelerate import kernel
from clustersim.core.draws import PROCESS, stream, uniform, whole
from clustersim.core.schema import Parameter
from clustersim.model.levers import COFINANCE, CONSORTIA, PLANNING, PREPARATION, PURCHASING, TEAMS
from clustersim.model.network import wrap
from clustersim.model.state import (
    EXPORT,
    FREE,
    PROJECTS_MAX,
    PROMOTION,
    PURCHASE,
    RESEARCH,
    SERVICES,
    STANDARDS,
    TRAINING,
    UNIVERSITY,
)

PARAMETERS = {
    "launch": Parameter(0.40, "1/quarter", 0.0, 1.0, "Chance that an idle association looks for a project, at full vision"),
    "launch_help": Parameter(0.10, "1/quarter", 0.0, 0.5, "Rise of that chance per facilitator"),
    "launch_call": Parameter(0.3, "1/quarter", 0.0, 1.0, "Rise of that chance while a public fund calls for projects"),
    "helpers_most": Parameter(3.0, "persons", 1.0, 10.0, "Facilitators beyond which no more count"),
    "launch_staff": Parameter(4.0, "persons", 0.5, 20.0, "Staff of the association that doubles that chance"),
    "attention": Parameter(0.3, "share", 0.1, 1.0, "Chance that a firm hears of a project in time"),
    "group_attention": Parameter(0.5, "1", 0.0, 3.0, "Relative rise of that chance for members in thematic groups"),
    "spread": Parameter(0.10, "1", 0.03, 0.4, "Softness of the pledge"),
    "choice_spread": Parameter(0.15, "1", 0.03, 0.6, "Softness of the choice of project"),
    "belief_weight": Parameter(1.6, "1", 0.8, 3.0, "Weight of belief beside trust in the pledge"),
    "partners_min": Parameter(3.0, "firms", 2.0, 12.0, "Firms without which a project does not start"),
    "partners_left": Parameter(2.0, "firms", 1.0, 6.0, "Partners still alive at the end without whom a project fails"),
    "cash_over_cost": Parameter(2.0, "1", 1.0, 10.0, "Cash over its part of the cost that a firm must hold to pledge"),
    "aid_most": Parameter(0.95, "share", 0.5, 1.0, "Largest public share of the cost of a project"),
    "gain_easy": Parameter(0.9, "1", 0.3, 2.0, "Expected gain of the easiest project (joint purchase)"),
    "gain_hard": Parameter(2.4, "1", 0.8, 5.0, "Expected gain of the hardest project (R&D consortium)"),
    "burden_easy": Parameter(0.10, "1", 0.0, 0.5, "Perceived cost of the easiest project"),
    "burden_hard": Parameter(0.75, "1", 0.2, 2.0, "Perceived cost of the hardest project"),
    "cost_easy": Parameter(2.0, "kUSD/firm", 0.5, 20.0, "Money cost of the easiest project"),
    "cost_hard": Parameter(60.0, "kUSD/firm", 10.0, 400.0, "Money cost of the hardest project"),
    "quarters_easy": Parameter(2.0, "quarters", 1.0, 6.0, "Duration of the easiest project"),
    "quarters_hard": Parameter(8.0, "quarters", 4.0, 20.0, "Duration of the hardest project"),
    "success": Parameter(0.85, "1", 0.4, 1.0, "Chance of success of the easiest project at full trust and vision"),
    "success_trust": Parameter(0.5, "share", 0.0, 1.0, "Part of that chance that falls with partners' trust"),
    "success_vision": Parameter(0.3, "share", 0.0, 1.0, "Part of that chance that falls with vision"),
    "difficulty": Parameter(0.20, "1", 0.0, 0.6, "Fall of that chance from the easiest to the hardest"),
    "planning": Parameter(0.15, "1", 0.0, 0.5, "Rise of that chance at full effort for a competitiveness plan"),
    "learning": Parameter(0.15, "1", 0.02, 0.4, "Step of partners' belief toward the outcome"),
    "witness": Parameter(0.03, "1", 0.0, 0.15, "Step of other members' belief toward the outcome"),
    "warmth": Parameter(0.03, "1", 0.0, 0.15, "Step of partners' generalised trust toward the outcome"),
    "saving": Parameter(0.03, "share of inputs", 0.0, 0.1, "Input cost saved after a joint purchase of large volume"),
    "volume": Parameter(3.0, "firms", 0.5, 20.0, "Partners at which half of that saving, or of the help to export, is reached"),
    "orders": Parameter(0.03, "log points", 0.0, 0.15, "Rise of the customer base after joint promotion or services"),
    "skill": Parameter(0.05, "1", 0.0, 0.2, "Rise of absorptive capacity after training"),
    "quality": Parameter(0.15, "1", 0.0, 0.5, "Part of the distance to full quality closed by standards"),
    "reach": Parameter(0.8, "1", 0.0, 1.0, "Help toward export after an export project of many firms"),
    "knowledge": Parameter(0.08, "share", 0.0, 0.4, "Part of the distance to the frontier closed by joint R&D"),
    "turnaround": Parameter(0.40, "share", 0.0, 0.8, "Part of the distance to the market's technology closed by joint R&D"),
    "school": Parameter(0.5, "1", 0.0, 2.0, "Relative rise of that part where a university or technology centre takes part"),
    "fading": Parameter(0.04, "1/quarter", 0.0, 0.2, "Rate at which savings and export help fade"),
    "pace": Parameter(1.07, "files/person/quarter", 0.0, 5.0, "Files for outside funds that an officer begins",
                      "RP: 14 officers designed more than 60 projects in less than a year"),
    "preparing": Parameter(2.0, "quarters", 1.0, 12.0, "Quarters that a file is in preparation, on average"),
    "file_value": Parameter(317.0, "kUSD", 10.0, 5000.0, "Money that a file asks for",
                            "RP: 60 projects for 19 million USD"),
    "approval": Parameter(0.105, "share", 0.0, 1.0, "Chance that an outside fund approves a file",
                          "RP: 2 of 19 million USD approved"),
    "outside_share": Parameter(0.5, "share", 0.0, 1.0, "Part of the cost of a joint project that money of outside funds pays"),
    "outside_kept": Parameter(8.0, "quarters", 0.0, 40.0, "Quarters after the programme's last planned money at which what no "
                              "project has used goes back to outside funds"),
    "team_launch": Parameter(0.4, "1/quarter", 0.0, 1.0, "Chance that an action team looks for a project"),
    "team_hardest": Parameter(3.0, "code", 0.0, 6.0, "Hardest kind of project that action teams take up: 0 joint purchase, "
                              "3 standards, 6 R&D consortium",
                              "ILO annex 2 step 7: short, cost-saving, off core business (sign); value assumed"),
    "teams_most": Parameter(8.0, "teams", 0.0, 8.0, "Action teams beyond which no more count"),
}  # fmt: skip
LAUNCH, KIND, PLEDGE, LUCK, SENT, APPROVED, TEAM_LAUNCH, TEAM_KIND, TEAM_PLEDGE = (PROCESS[name] for name in (
    "project_launch", "project_kind", "pledge", "project_luck", "files_sent", "file_approved", "team_launch", "team_kind",
    "team_pledge",
))  # fmt: skip


@kernel
def cooperate(actors, cluster, world, p):
    """Apply to outside funds, end the projects that are due, and let the cluster and its action teams try to start new ones."""
    apply_outside(cluster, world, p)
    cluster.projects_started = cluster.projects_succeeded = cluster.projects_failed = 0.0
    cluster.started[:] = 0.0
    for i in range(cluster.firms, cluster.last):
        actors.cost_saving[i] *= 1.0 - p.fading
        actors.reach[i] *= 1.0 - p.fading
    for slot in range(PROJECTS_MAX):
        if cluster.project_kind[slot] >= 0 and world.quarter >= cluster.project_end[slot]:
            conclude(actors, cluster, world, slot, p)
    seek(actors, cluster, world, p)
    send_teams(actors, cluster, world, p)


@kernel
def apply_outside(cluster, world, p):
    """Let officers write files and send those that are ready; outside funds approve some, and take back what nobody uses."""
    if cluster.levers[PREPARATION] > 0.0:
        cluster.files += p.pace * cluster.levers[PREPARATION]
        ready = cluster.files / p.preparing
        cluster.files -= ready
        sent = whole(stream(world.key, world.quarter, SENT), cluster.uid, ready)
        cluster.applied += sent * p.file_value
        for k in range(sent):
            if uniform(stream(world.key, world.quarter, APPROVED), cluster.uid + np.uint64(k)) < p.approval:
                cluster.approved += p.file_value
                cluster.outside_fund += p.file_value
                cluster.abroad -= p.file_value
    else:
        cluster.files = 0.0
    if cluster.idle > p.outside_kept:
        cluster.abroad += cluster.outside_fund
        cluster.outside_fund = 0.0


@kernel
def seek(actors, cluster, world, p):
    """Let the association, helpers and an open call look for a project."""
    free = free_slot(cluster)
    helpers = min(cluster.promoters, p.helpers_most)
    if free < 0 or (not cluster.formal and helpers <= 0.0 and not called(cluster)):
        return
    own = p.launch * cluster.vision * (1.0 + cluster.staff / p.launch_staff) * cluster.formal + p.launch_help * helpers
    draw = uniform(stream(world.key, world.quarter, LAUNCH), cluster.uid)
    if draw < own + p.launch_call * called(cluster):
        propose(actors, cluster, world, free, draw >= own, p)


@kernel
def send_teams(actors, cluster, world, p):
    """Let each action team look for a short and easy project; each has draws of its own, so that firms choose among them."""
    team = 0
    while team < int(p.teams_most) and team < cluster.levers[TEAMS]:
        number, free = np.uint64(team), free_slot(cluster)
        chance = p.team_launch * min(1.0, cluster.levers[TEAMS] - team)
        if free >= 0 and uniform(stream(world.key, world.quarter, TEAM_LAUNCH), cluster.uid + number) < chance:
            draws = stream(world.key + number, world.quarter, TEAM_KIND)
            kind = best_kind(actors, cluster, draws, False, int(p.team_hardest), p)
            start(actors, cluster, world, free, kind, stream(world.key + number, world.quarter, TEAM_PLEDGE), p)
        team += 1


@kernel
def free_slot(cluster):
    """Return a free project slot, or -1."""
    for slot in range(PROJECTS_MAX):
        if cluster.project_kind[slot] < 0:
            return slot
    return -1


@kernel
def called(cluster):
    """Whether a public or outside fund calls for projects: all firms can then take part in those that it pays for."""
    promised = cluster.levers[COFINANCE] + cluster.levers[PURCHASING] + cluster.levers[CONSORTIA]
    return cluster.outside_fund > 0.0 or (cluster.project_fund > 0.0 and promised > 0.0)


@kernel
def entitled(actors, cluster, i):
    """Whether firm i may take part: members only where there is an association and no open call."""
    return actors.kind[i] != FREE and (actors.member[i] == 1 or not cluster.formal or called(cluster))


@kernel
def scale(easy, hard, kind):
    """Return the value of a project kind between the easiest and the hardest, on a straight line."""
    return easy + (hard - easy) * kind / RESEARCH


@kernel
def aid(cluster, kind, p):
    """Return the public share of the cost of a project of this kind."""
    share = cluster.levers[COFINANCE]
    if kind == PURCHASE:
        share += cluster.levers[PURCHASING]
    elif kind == RESEARCH:
        share += cluster.levers[CONSORTIA]
    return min(p.aid_most, share)


@kernel
def outside_aid(cluster, kind, p):
    """Return the share of that cost that outside funds pay beside it, while what they approved lasts."""
    return min(p.outside_share, p.aid_most - aid(cluster, kind, p)) if cluster.outside_fund > 0.0 else 0.0


@kernel
def propose(actors, cluster, world, slot, answer, p):
    """Choose a kind of project, in answer to a call one that it pays for, and start it if enough firms pledge."""
    kind = choose_kind(actors, cluster, world, answer, p)
    start(actors, cluster, world, slot, kind, stream(world.key, world.quarter, PLEDGE), p)


@kernel
def start(actors, cluster, world, slot, kind, pledges, p):
    """Count the pledges for a project of this kind, drawn from a stream, and start it if they suffice."""
    price = scale(p.cost_easy, p.cost_hard, kind)
    count = 0.0
    for i in range(cluster.firms, cluster.last):
        if pledged(actors, cluster, i, kind, price, pledges, p):
            count += 1.0
    if count < p.partners_min:
        return
    public = min(aid(cluster, kind, p) * price * count, cluster.project_fund)
    foreign = min(outside_aid(cluster, kind, p) * price * count, cluster.outside_fund)
    share = (price * count - public - foreign) / count
    for i in range(cluster.firms, cluster.last):
        if pledged(actors, cluster, i, kind, price, pledges, p):
            actors.cash[i] -= share
            actors.project[i] = slot
    cluster.project_fund -= public
    cluster.outside_fund -= foreign
    cluster.private_cofinance += share * count
    school = cluster.first + UNIVERSITY
    if kind == RESEARCH and school < cluster.firms - cluster.donors:
        actors.cash[school] += price * count
    else:
        cluster.nation += price * count
    cluster.project_kind[slot], cluster.project_partners[slot] = kind, count
    cluster.project_end[slot] = world.quarter + int(scale(p.quarters_easy, p.quarters_hard, kind))
    cluster.projects_started += 1.0
    cluster.started[kind] += 1.0


@kernel
def choose_kind(actors, cluster, world, answer, p):
    """Return the kind of project that the cluster looks for."""
    return best_kind(actors, cluster, stream(world.key, world.quarter, KIND), answer, RESEARCH, p)


@kernel
def best_kind(actors, cluster, draws, answer, hardest, p):
    """Return the kind of project with the best prospect among the firms of the cluster, with some noise (logit)."""
    prospect, firms = 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if entitled(actors, cluster, i):
            prospect += actors.bond[i] * min(1.0, p.belief_weight * actors.belief[i])
            firms += 1.0
    prospect /= max(firms, 1.0)
    best, chosen = -math.inf, PURCHASE
    for kind in range(hardest + 1):
        helped = aid(cluster, kind, p) + outside_aid(cluster, kind, p)
        if answer and helped == 0.0:
            continue
        gumbel = -math.log(-math.log(uniform(draws, cluster.uid + np.uint64(kind))))
        worth = prospect * scale(p.gain_easy, p.gain_hard, kind)
        burden = scale(p.burden_easy, p.burden_hard, kind) * (1.0 - helped)
        utility = (worth - burden) / p.choice_spread + gumbel
        if utility > best:
            best, chosen = utility, kind
    return chosen


@kernel
def pledged(actors, cluster, i, kind, price, pledges, p):
    """Whether firm i takes part: idle, able to pay, and drawn by trust, belief and gain against its burden."""
    if not entitled(actors, cluster, i) or actors.project[i] >= 0 or actors.cash[i] < p.cash_over_cost * price:
        return False
    worth = actors.bond[i] * min(1.0, p.belief_weight * actors.belief[i]) * scale(p.gain_easy, p.gain_hard, kind)
    burden = scale(p.burden_easy, p.burden_hard, kind) * (1.0 - aid(cluster, kind, p) - outside_aid(cluster, kind, p))
    heard = min(1.0, p.attention * (1.0 + p.group_attention * cluster.groups))
    chance = heard / (1.0 + math.exp(-(worth - burden) / p.spread))
    return uniform(pledges, actors.uid[i]) < chance


@kernel
def conclude(actors, cluster, world, slot, p):
    """End a project: draw its result, reward the partners, and let beliefs, climate and vision follow."""
    kind = cluster.project_kind[slot]
    bond, partners = 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE and actors.project[i] == slot:
            bond += actors.bond[i]
            partners += 1.0
    bond /= max(partners, 1.0)
    chance = p.success - p.difficulty * kind / RESEARCH + p.planning * min(1.0, cluster.levers[PLANNING])
    chance *= (1.0 - p.success_trust + p.success_trust * bond) * (1.0 - p.success_vision + p.success_vision * cluster.vision)
    volume = partners / (partners + p.volume)
    draw = uniform(stream(world.key, world.quarter, LUCK), cluster.uid + np.uint64(slot))
    outcome = 1.0 if draw < chance and partners >= p.partners_left else 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        if actors.project[i] == slot:
            actors.project[i] = -1
            actors.belief[i] += p.learning * (outcome - actors.belief[i])
            actors.climate[i] += p.warmth * (outcome - actors.climate[i])
            if outcome > 0.0:
                reward(actors, cluster, world, i, kind, volume, p)
        elif actors.member[i] or not cluster.formal:
            actors.belief[i] += p.witness * (outcome - actors.belief[i])
    cluster.project_kind[slot] = -1
    cluster.wins += outcome
    cluster.losses += 1.0 - outcome
    cluster.projects_succeeded += outcome
    cluster.projects_failed += 1.0 - outcome


@kernel
def reward(actors, cluster, world, i, kind, volume, p):
    """Give partner i what a successful project of this kind yields; purchase and export need volume."""
    if kind == PURCHASE:
        actors.cost_saving[i] = max(actors.cost_saving[i], p.saving * volume)
    elif kind == PROMOTION or kind == SERVICES:
        actors.base[i] *= math.exp(p.orders)
    elif kind == TRAINING:
        actors.absorptive[i] += p.skill * (1.0 - actors.absorptive[i])
    elif kind == STANDARDS:
        actors.quality[i] += p.quality * (1.0 - actors.quality[i])
    elif kind == EXPORT:
        actors.reach[i] = max(actors.reach[i], p.reach * volume)
    else:
        part = p.knowledge * (1.0 + p.school * (cluster.first + UNIVERSITY < cluster.firms - cluster.donors))
        actors.knowledge[i] += min(1.0, part) * max(0.0, world.frontier - actors.knowledge[i])
        place = actors.technology[i] + p.turnaround * wrap(cluster.asked[actors.segment[i]] - actors.technology[i])
        actors.technology[i] = place - math.floor(place)
