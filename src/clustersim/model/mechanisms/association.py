"""Step 7, association and vision: consensus grows with participation and early wins, and an institution forms on it.

The association is founded by a linked core with a minimum of consensus (organic), by the programme (designed), or again after it
closed (redesigned). Firms join when belief, vision and their partners' example outweigh a bar, which a board of large firms
raises for small ones; the association lives on fees by size class, services and public money, keeps as much staff as it
can pay, lets staff run thematic groups, and closes when it cannot pay (ILO §2.5, §3.7). Who pays sits on the board.
"""

from __future__ import annotations

import math

from clustersim.core.accelerate import kernel
from clustersim.core.draws import PROCESS, stream, uniform
from clustersim.core.schema import Parameter
from clustersim.model.levers import CONSENSUS, FOUNDING
from clustersim.model.sizes import EXTENT, LARGE_FROM, MEDIUM_FROM, SMALL_FROM
from clustersim.model.state import ASSOCIATION, FREE, SME

PARAMETERS = {
    "vision_gain": Parameter(0.15, "1/quarter", 0.0, 0.3, "Growth of vision at full participation and full trust"),
    "vision_wins": Parameter(0.03, "1/quarter", 0.0, 0.1, "Growth of vision with as many recent joint successes as count"),
    "vision_workshops": Parameter(0.05, "1/quarter", 0.0, 0.2, "Growth of vision at full intensity of workshops"),
    "vision_decay": Parameter(0.03, "1/quarter", 0.0, 0.1, "Decay of vision"),
    "vision_turnover": Parameter(0.5, "1", 0.0, 3.0, "Loss of vision per share of firms that enter or leave"),
    "vision_failures": Parameter(0.02, "1/quarter", 0.0, 0.1, "Loss of vision per recent joint failure"),
    "vision_links": Parameter(0.5, "1", 0.0, 1.0, "Weight of cooperating firms beside members in participation"),
    "outcomes_most": Parameter(3.0, "projects", 1.0, 10.0, "Recent joint successes, and failures, beyond which no more count"),
    "vision_kept": Parameter(0.7, "share", 0.0, 1.0, "Part of vision that outlives a closing association"),
    "politicisation": Parameter(0.7, "share", 0.0, 1.0, "Part of the growth of vision lost while top-down policy pays and "
                                "public seats fill the board", "DINI: dispersion and politicisation (sign); value assumed"),
    "memory": Parameter(0.10, "1/quarter", 0.02, 0.3, "Rate at which successes and failures are forgotten"),
    "core_needed": Parameter(0.25, "share", 0.05, 0.6, "Linked core that founds an association"),
    "vision_needed": Parameter(0.12, "1", 0.02, 0.5, "Vision that founds an association"),
    "founding_rate": Parameter(0.15, "1/quarter", 0.02, 1.0, "Chance of founding when both are there"),
    "designed_rate": Parameter(0.5, "1/quarter", 0.1, 1.0, "Chance of founding when the programme founds"),
    "join_rate": Parameter(0.12, "1/quarter", 0.01, 0.5, "Chance that a firm considers joining or leaving"),
    "join_bar": Parameter(1.2, "1", 0.0, 3.0, "Sum of belief, vision and climate at which half would join"),
    "join_spread": Parameter(0.30, "1", 0.05, 1.0, "Softness of that bar"),
    "join_help": Parameter(0.2, "1", 0.0, 1.0, "Fall of that bar for firms outside where a facilitator mediates"),
    "join_partners": Parameter(0.1, "1/level", 0.0, 0.5, "Fall of that bar per level of a firm's highest tie"),
    "capture": Parameter(0.25, "1", 0.0, 1.0, "Rise of that bar for an SME where large firms hold the whole board",
                         "ILO §3.3: gains captured by a few spoil trust (sign); value assumed"),
    "fee_micro": Parameter(0.016, "wages/quarter", 0.0, 0.2, f"Fee of a member with {EXTENT['micro']}"),
    "fee_small": Parameter(0.022, "wages/quarter", 0.0, 0.5, f"Fee of a member with {EXTENT['small']}"),
    "fee_medium": Parameter(0.08, "wages/quarter", 0.0, 2.0, f"Fee of a member with {EXTENT['medium']}"),
    "fee_large": Parameter(0.30, "wages/quarter", 0.0, 10.0, f"Fee of a member with {EXTENT['large']}"),
    "services": Parameter(0.5, "share of fees", 0.0, 2.0, "Income from sold services when every member uses them",
                          "ILO §2.1 graph 8: fees and services 0.34 of income"),
    "raised": Parameter(0.4, "wages/person/quarter", 0.0, 4.0, "Money from sponsors that a facilitator raises for the "
                        "association, at full vision",
                        "fund raising is a task in every state: ILO §3.4 table 6 (sign); value assumed"),
    "staff_cost": Parameter(1.6, "wages", 1.0, 3.0, "Cost of one staff member, office included, in cluster wages"),
    "staff_max": Parameter(15.0, "persons", 1.0, 60.0, "Largest staff", "ILO §2.1: mean 4, median 3"),
    "staff_speed": Parameter(0.25, "1/quarter", 0.05, 1.0, "Speed at which staff follows what the association can pay"),
    "staff_reserve": Parameter(2.0, "quarters", 1.0, 8.0, "Quarters of staff cost that it wants to hold"),
    "staff_least": Parameter(0.5, "persons", 0.0, 3.0, "Staff below which it is in distress"),
    "board_start": Parameter(0.61, "share", 0.0, 1.0, "Private seats on the board of a new association", "ILO §2.1 graph 12"),
    "board_speed": Parameter(0.06, "1/quarter", 0.01, 0.5, "Speed at which seats follow who pays"),
    "group_members": Parameter(12.0, "firms/person", 2.0, 40.0, "Members in thematic groups that one staff member runs"),
    "members_min": Parameter(5.0, "firms", 1.0, 20.0, "Members below which it closes", "smallest Basque one has 8"),
    "patience": Parameter(6.0, "quarters", 1.0, 16.0, "Quarters without staff, or short of members, before it closes"),
    "brand_gain": Parameter(0.010, "1/quarter", 0.0, 0.05, "Growth of the brand with vision while an association acts"),
    "brand_told": Parameter(0.001, "1/person/quarter", 0.0, 0.02, "The same for each facilitator who speaks for the cluster"),
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
        collect_fees(actors, cluster, p)
        pay_staff(actors, cluster, p)
    acting = 1.0 if cluster.formal and cluster.staff > 0.0 else 0.0
    told = p.brand_gain * acting * cluster.vision + p.brand_told * cluster.speakers
    cluster.brand += min(1.0, told) * (1.0 - cluster.brand) - p.brand_decay * cluster.brand


@kernel
def share_vision(cluster, p):
    """Let consensus grow with participation, trust, workshops and wins, and wear with failures and turnover."""
    firms = max(cluster.firm_count, 1.0)
    participation = max(cluster.members / firms, p.vision_links * cluster.linked)
    turnover = (cluster.entries + cluster.spinoffs + cluster.exits) / firms
    growth = p.vision_gain * participation * cluster.trust
    growth += p.vision_wins * min(cluster.wins, p.outcomes_most) / p.outcomes_most
    growth += p.vision_workshops * min(1.0, cluster.levers[CONSENSUS])
    public_seats = 1.0 - cluster.board_private * cluster.formal
    growth *= 1.0 - p.politicisation * cluster.top_down * public_seats * (cluster.public_spending > 0.0)
    loss = p.vision_decay + p.vision_turnover * turnover + p.vision_failures * min(cluster.losses, p.outcomes_most)
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
        cluster.origin = REDESIGNED if cluster.origin > 0 else (ORGANIC if organic else DESIGNED)
        cluster.formal, cluster.founded, cluster.distress = 1, world.quarter, 0
        cluster.board_private, cluster.board_large = p.board_start, 0.0


@kernel
def recruit(actors, cluster, world, p):
    """Let firms join and leave: belief, vision and climate against a bar; facilitators and partners help."""
    join, leave = stream(world.key, world.quarter, JOIN), stream(world.key, world.quarter, LEAVE)
    help_ = p.join_help * min(1.0, cluster.mediators)
    members = 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        draw = uniform(leave if actors.member[i] else join, actors.uid[i])
        if draw < p.join_rate:  # the firm considers it
            bar = p.join_bar + p.capture * cluster.board_large * (actors.kind[i] == SME)
            leaning = actors.belief[i] + cluster.vision + actors.climate[i] + p.join_partners * actors.top[i] - bar
            against = leaning if actors.member[i] else -(leaning + help_)
            if draw < p.join_rate / (1.0 + math.exp(against / p.join_spread)):
                actors.member[i] = 1 - actors.member[i]
        members += actors.member[i]
    cluster.members = members


@kernel
def fee_of(employees, p):
    """Return the fee of a member of this size (wages a quarter): a tier for each size class."""
    if employees < SMALL_FROM:
        return p.fee_micro
    if employees < MEDIUM_FROM:
        return p.fee_small
    return p.fee_medium if employees < LARGE_FROM else p.fee_large


@kernel
def collect_fees(actors, cluster, p):
    """Collect fees and pay for services; seats on the board follow who pays."""
    income, large = 0.0, 0.0
    served = 1.0 + p.services * cluster.vision
    services = cluster.wage * (1.0 + p.services * cluster.vision)
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE and actors.member[i]:
            fee = min(services * fee_of(actors.employees[i], p), max(actors.cash[i], 0.0))
            actors.cash[i] -= fee
            income += fee
            large += fee if actors.employees[i] >= LARGE_FROM else 0.0
    cluster.income_fees = income / served
    cluster.income_services = income - cluster.income_fees
    gifts = p.raised * cluster.wage * cluster.speakers * cluster.vision
    cluster.nation -= gifts
    income += gifts
    actors.cash[cluster.first + ASSOCIATION] += income
    cluster.income_private, cluster.income_sponsors = income, gifts
    budget = income + cluster.income_public
    if budget > 0.0:
        cluster.board_private += p.board_speed * (income / budget - cluster.board_private)
        cluster.board_large += p.board_speed * (large / budget - cluster.board_large)


@kernel
def pay_staff(actors, cluster, p):
    """Adapt staff to what the association holds, pay it, run thematic groups, and close when staff cannot be paid."""
    association = cluster.first + ASSOCIATION
    cost = p.staff_cost * cluster.wage
    affordable = min(p.staff_max, max(actors.cash[association], 0.0) / (p.staff_reserve * cost))
    cluster.staff += p.staff_speed * (affordable - cluster.staff)
    wages = cost * cluster.staff
    actors.cash[association] -= wages
    cluster.nation += wages
    cluster.groups = min(1.0, p.group_members * cluster.staff / max(cluster.members, 1.0))
    weak = cluster.staff < p.staff_least or cluster.members < p.members_min
    cluster.distress = cluster.distress + 1 if weak else 0
    if cluster.distress > p.patience:
        close(actors, cluster, p)


@kernel
def close(actors, cluster, p):
    """Dissolve the association: members are free, what it holds goes back to the nation."""
    association = cluster.first + ASSOCIATION
    cluster.nation += actors.cash[association]
    actors.cash[association] = 0.0
    cluster.formal, cluster.members, cluster.staff, cluster.distress = 0, 0.0, 0.0, 0
    cluster.groups = cluster.board_private = cluster.board_large = 0.0
    cluster.vision *= p.vision_kept
    for i in range(cluster.firms, cluster.last):
        actors.member[i] = 0
