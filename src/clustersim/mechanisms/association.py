"""Step 6, association and vision: consensus grows with participation and early wins, and an institution forms on it.

The association is founded by a linked core with a minimum of consensus (organic), by the programme (designed), or again after it
closed (redesigned). Firms join when belief, vision and their partners' example outweigh the fee; the association lives on
fees, services and public money, keeps as much staff as it can pay, and closes when it cannot pay (ILO §2.5, §3.7).
"""

from __future__ import annotations

import math

from clustersim.accelerate import kernel
from clustersim.draws import PROCESS, stream, uniform
from clustersim.levers import CONSENSUS, FACILITATION, FOUNDING
from clustersim.schema import Parameter
from clustersim.state import ASSOCIATION, FREE

PARAMETERS = {
    "vision_gain": Parameter(0.15, "1/quarter", 0.0, 0.3, "Growth of vision at full participation and full trust"),
    "vision_wins": Parameter(0.03, "1/quarter", 0.0, 0.1, "Growth of vision per recent joint success, up to three"),
    "vision_workshops": Parameter(0.05, "1/quarter", 0.0, 0.2, "Growth of vision at full intensity of workshops"),
    "vision_decay": Parameter(0.03, "1/quarter", 0.0, 0.1, "Decay of vision"),
    "vision_turnover": Parameter(0.5, "1", 0.0, 3.0, "Loss of vision per share of firms that enter or leave"),
    "vision_failures": Parameter(0.02, "1/quarter", 0.0, 0.1, "Loss of vision per recent joint failure"),
    "politicisation": Parameter(0.5, "share", 0.0, 1.0, "Part of the growth of vision lost while top-down policy pays",
                                "DINI: dispersion and politicisation (sign); value assumed"),
    "memory": Parameter(0.10, "1/quarter", 0.02, 0.3, "Rate at which successes and failures are forgotten"),
    "core_needed": Parameter(0.25, "share", 0.05, 0.6, "Linked core that founds an association"),
    "vision_needed": Parameter(0.12, "1", 0.02, 0.5, "Vision that founds an association"),
    "founding_rate": Parameter(0.15, "1/quarter", 0.02, 1.0, "Chance of founding when both are there"),
    "designed_rate": Parameter(0.5, "1/quarter", 0.1, 1.0, "Chance of founding when the programme founds"),
    "join_rate": Parameter(0.12, "1/quarter", 0.01, 0.5, "Chance that a firm considers joining or leaving"),
    "join_bar": Parameter(1.2, "1", 0.0, 3.0, "Sum of belief, vision and climate at which half would join"),
    "join_spread": Parameter(0.30, "1", 0.05, 1.0, "Softness of that bar"),
    "fee": Parameter(0.0002, "share of sales", 0.0, 0.005, "Membership fee"),
    "fee_floor": Parameter(0.15, "kUSD/quarter", 0.0, 2.0, "Smallest fee"),
    "fee_cap": Parameter(4.0, "kUSD/quarter", 1.0, 50.0, "Largest fee"),
    "services": Parameter(0.5, "share of fees", 0.0, 2.0, "Income from sold services when every member uses them",
                          "ILO §2.1 graph 8: fees and services 0.34 of income"),
    "staff_cost": Parameter(1.6, "wages", 1.0, 3.0, "Cost of one staff member, office included, in cluster wages"),
    "staff_max": Parameter(15.0, "persons", 1.0, 60.0, "Largest staff", "ILO §2.1: mean 4, median 3"),
    "members_min": Parameter(5.0, "firms", 1.0, 20.0, "Members below which it closes", "smallest Basque one has 8"),
    "patience": Parameter(6.0, "quarters", 1.0, 16.0, "Quarters without staff, or short of members, before it closes"),
    "brand_gain": Parameter(0.010, "1/quarter", 0.0, 0.05, "Growth of the brand with vision while an association acts"),
    "brand_decay": Parameter(0.015, "1/quarter", 0.0, 0.05, "Decay of the brand"),
}  # fmt: skip
FOUND, JOIN, LEAVE = PROCESS["association_found"], PROCESS["join"], PROCESS["leave"]
ORGANIC, DESIGNED, REDESIGNED = 1, 2, 3


@kernel
def organise(actors, cluster, world, p):
    """Update vision; found, fill, finance or close the association."""
    share_vision(cluster, p)
    if not cluster.formal:
        found(cluster, world, p)
    if cluster.formal:
        recruit(actors, cluster, world, p)
        collect_and_pay(actors, cluster, p)
    acting = 1.0 if cluster.formal and cluster.staff > 0.0 else 0.0
    cluster.brand += p.brand_gain * acting * cluster.vision * (1.0 - cluster.brand) - p.brand_decay * cluster.brand


@kernel
def share_vision(cluster, p):
    """Let consensus grow with participation, trust, workshops and wins, and wear with failures and turnover."""
    firms = max(cluster.firm_count, 1.0)
    participation = max(cluster.members / firms, 0.5 * cluster.linked)
    turnover = (cluster.entries + cluster.spinoffs + cluster.exits) / firms
    growth = p.vision_gain * participation * cluster.trust + p.vision_wins * min(cluster.wins, 3.0) / 3.0
    growth += p.vision_workshops * min(1.0, cluster.levers[CONSENSUS])
    growth *= 1.0 - p.politicisation * cluster.top_down * (cluster.public_spending > 0.0)
    loss = p.vision_decay + p.vision_turnover * turnover + p.vision_failures * min(cluster.losses, 3.0)
    cluster.vision += growth * (1.0 - cluster.vision) - loss * cluster.vision
    cluster.vision = min(1.0, max(0.0, cluster.vision))
    cluster.wins *= 1.0 - p.memory
    cluster.losses *= 1.0 - p.memory


@kernel
def found(cluster, world, p):
    """Found an association, by the firms or by the programme."""
    draw = uniform(stream(world.key, world.quarter, FOUND), cluster.uid)
    organic = cluster.component >= p.core_needed and cluster.vision >= p.vision_needed and draw < p.founding_rate
    designed = cluster.levers[FOUNDING] > 0.0 and draw < p.designed_rate
    if organic or designed:
        cluster.origin = REDESIGNED if cluster.founded >= 0 else (ORGANIC if organic else DESIGNED)
        cluster.formal, cluster.founded, cluster.distress = 1, world.quarter, 0


@kernel
def recruit(actors, cluster, world, p):
    """Let firms join and leave: belief, vision and climate against a bar; facilitators and partners help."""
    join, leave = stream(world.key, world.quarter, JOIN), stream(world.key, world.quarter, LEAVE)
    help_ = 0.2 * min(1.0, cluster.levers[FACILITATION])
    members = 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        draw = uniform(leave if actors.member[i] else join, actors.uid[i])
        if draw < p.join_rate:  # the firm considers it
            leaning = actors.belief[i] + cluster.vision + actors.climate[i] + 0.1 * actors.top[i] - p.join_bar
            against = leaning if actors.member[i] else -(leaning + help_)
            if draw < p.join_rate / (1.0 + math.exp(against / p.join_spread)):
                actors.member[i] = 1 - actors.member[i]
        members += actors.member[i]
    cluster.members = members


@kernel
def collect_and_pay(actors, cluster, p):
    """Collect fees and pay for services, pay staff, adapt staff to income, and close when staff cannot be paid."""
    association = cluster.first + ASSOCIATION
    income = 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE and actors.member[i]:
            fee = min(max(p.fee * actors.sales[i], p.fee_floor), p.fee_cap)
            fee *= 1.0 + p.services * cluster.vision
            fee = min(fee, max(actors.cash[i], 0.0))
            actors.cash[i] -= fee
            income += fee
    actors.cash[association] += income
    cluster.income_private = income
    cost = p.staff_cost * cluster.wage
    affordable = min(p.staff_max, max(actors.cash[association], 0.0) / (2.0 * cost))
    cluster.staff += 0.25 * (affordable - cluster.staff)
    wages = cost * cluster.staff
    actors.cash[association] -= wages
    cluster.nation += wages
    weak = cluster.staff < 0.5 or cluster.members < p.members_min
    cluster.distress = cluster.distress + 1 if weak else 0
    if cluster.distress > p.patience:
        close(actors, cluster)


@kernel
def close(actors, cluster):
    """Dissolve the association: members are free, what it holds goes back to the nation."""
    association = cluster.first + ASSOCIATION
    cluster.nation += actors.cash[association]
    actors.cash[association] = 0.0
    cluster.formal, cluster.members, cluster.staff, cluster.distress = 0, 0.0, 0.0, 0
    cluster.vision *= 0.7
    for i in range(cluster.firms, cluster.last):
        actors.member[i] = 0
