"""Step 10, knowledge: own R&D, learning over ties, and the drift of technology positions.

Learning needs absorptive capacity (Cohen & Levinthal 1990) and trusted partners at a middle cognitive distance
(Nooteboom et al. 2007); diffusion closes a part of the gap to better partners (Cowan & Jonard 2004). Innovation lives on the
place's variety, which imitation and convergence on what success looks like use up, and which own search, leaps and outside
pipelines bring back (Menzel & Fornahl 2010). Universities hold knowledge near the frontier, but it
reaches firms through ties only.
"""

from __future__ import annotations

import math

from clustersim.core.accelerate import kernel
from clustersim.core.draws import PROCESS, bell, stream, uniform
from clustersim.core.schema import Parameter
from clustersim.model.levers import (
    EXTENSION,
    OBSERVATORY,
    SERVICES,
    STANDARDS,
    SUPPLIER_QUALITY,
    TRAINING,
)  # fmt: skip
from clustersim.model.network import wrap
from clustersim.model.reach import CERTIFICATE_BILL, aid, lever
from clustersim.model.state import (
    ACQUAINTANCE,
    BANK,
    FREE,
    INFORMATION,
    OUTSIDE,
    STRATEGIC,
    TECHNOLOGY_CENTRE,
    TRACTOR,
    UNIVERSITY,
)
from clustersim.model.units import TINY

PARAMETERS = {
    "research": Parameter(0.10, "1/quarter", 0.0, 0.2, "Part of the room to the frontier that one innovation closes"),
    "research_rate": Parameter(0.075, "1/quarter", 0.01, 0.5, "Innovations per quarter at the usual R&D intensity"),
    "research_elasticity": Parameter(0.5, "1", 0.1, 1.0, "Elasticity of that rate to R&D intensity"),
    "rd_least": Parameter(0.01, "share of sales", 0.0, 0.03, "Learning by doing and using, as R&D intensity, beside R&D",
                          "form: Jensen, Johnson, Lorenz & Lundvall 2007; value assumed"),
    "search_weight": Parameter(0.3, "share", 0.0, 1.0, "Part of the innovation rate that falls with search effort"),
    "headroom": Parameter(0.15, "log points", 0.0, 0.5, "How far ahead of the frontier a leader can come"),
    "usual_rd": Parameter(0.03, "share of sales", 0.005, 0.1, "Usual R&D intensity",
                          "0.04 (0.01 to 0.06) in Dosi et al. K+S, from memory"),
    "variety": Parameter(0.9, "share", 0.0, 1.0, "Part of the innovation rate that lives on the place's variety",
                         "related variety feeds innovation: Frenken, Van Oort & Verburg 2007, Menzel & Fornahl 2010 (sign); "
                         "value assumed"),
    "variety_best": Parameter(0.10, "turn", 0.02, 0.3, "Standard deviation of firms' technology at which that part is whole"),
    "learning": Parameter(3.0, "1", 0.0, 6.0, "Rise of the innovation rate through well-linked, well-fitting partners"),
    "returned": Parameter(0.3, "share", 0.0, 1.0, "What a firm learns from one that asks its advice, over the reverse",
                          "advice is often not returned: Juhász & Lengyel 2018 (sign); value assumed"),
    "weight_1": Parameter(0.3, "1", 0.0, 1.0, "Weight in learning of a partner with whom information is exchanged"),
    "weight_2": Parameter(0.6, "1", 0.0, 1.0, "Weight in learning of a commercial partner"),
    "weight_3": Parameter(1.0, "1", 0.5, 2.0, "Weight in learning of a strategic partner"),
    "saturation": Parameter(1.5, "trusted ties", 0.5, 5.0, "Trusted ties at which half of the most is learnt"),
    "diffusion": Parameter(0.02, "1/quarter", 0.0, 0.1, "Part of the gap to better partners closed in a quarter",
                           "0.1 (0.05 to 0.2) a step in Cowan & Jonard 2004; per quarter assumed"),
    "spillover": Parameter(0.002, "1/quarter", 0.0, 0.03, "Part of the gap to the cluster's mean closed by mere presence"),
    "imitation": Parameter(0.16, "1/quarter", 0.0, 0.4, "Drift of a firm's technology toward better partners"),
    "convergence": Parameter(0.08, "1/quarter", 0.0, 0.3, "Drift of a firm's technology toward that of the place's successful "
                             "firms by mere presence, in a large place, for one that does not look outside",
                             "technologies converge as a cluster grows: Menzel & Fornahl 2010 (sign); value assumed"),
    "convergence_firms": Parameter(15.0, "firms", 1.0, 200.0, "Firms of a place at which half of that is reached"),
    "search": Parameter(0.005, "turn", 0.0, 0.03, "Standard deviation of own search in technology per quarter"),
    "leap": Parameter(0.06, "turn", 0.0, 0.1, "Standard deviation of the move in technology that an innovation brings"),
    "pull": Parameter(0.03, "1/quarter", 0.0, 0.05, "Drift toward the market's technology at full absorptive capacity"),
    "window": Parameter(0.3, "1", 0.0, 12.0, "Relative rise of that drift per trusted partner outside: a window on the market",
                        "pipelines bring what local talk does not: Bathelt et al. 2004 (sign); value assumed"),
    "watch": Parameter(1.0, "1", 0.0, 6.0, "Relative rise of that drift where an observatory tells what the market asks for"),
    "school_lag": Parameter(0.05, "log points", 0.0, 0.5, "Distance of universities to the frontier"),
    "extension": Parameter(2.0, "1", 0.0, 6.0, "Rise of learning from universities at full extension"),
    "capacity_speed": Parameter(0.05, "1/quarter", 0.0, 0.2, "Speed at which absorptive capacity follows R&D"),
    "capacity_most": Parameter(1.3, "1", 1.0, 2.0, "Absorptive capacity and quality that R&D without end would aim at; 1 is the "
                               "limit"),
    "quality_speed": Parameter(0.02, "1/quarter", 0.0, 0.1, "Speed at which quality rises to what research keeps up"),
    "quality_wear": Parameter(0.06, "1/quarter", 0.0, 0.1, "Speed at which quality and practices above that wear off",
                              "practices are given up unless kept up: Bloom et al. 2020 (form); value assumed"),
    "supplier_speed": Parameter(0.08, "1/quarter", 0.0, 0.3, "Part of a supplier's distance to full quality closed in a "
                                "quarter at full supplier development"),
    "service_speed": Parameter(0.03, "1/quarter", 0.0, 0.2, "The same for members at full shared services"),
    "training_speed": Parameter(0.02, "1/quarter", 0.0, 0.1, "Part of the distance to full absorptive capacity closed in a "
                                "quarter at full training"),
    "school_pull": Parameter(0.03, "1/quarter", 0.0, 0.3, "Drift of universities toward the market's technology"),
    "certificate": Parameter(0.55, "1", 0.3, 1.0, "Quality that a certificate asks for"),
    "certificate_cost": Parameter(1.5, "kUSD/quarter", 0.0, 20.0, "Cost of holding a certificate"),
    "certificate_support": Parameter(0.9, "share", 0.0, 1.0, "Most of that cost that support can pay"),
    "certificate_worth": Parameter(0.004, "share of sales", 0.0, 0.05, "What a firm expects of a certificate"),
}  # fmt: skip
INNOVATION, SEARCH = PROCESS["innovation"], PROCESS["search"]


@kernel
def learn(actors, ties, cluster, world, p):
    """Let firms learn from partners, do R&D, innovate, and move in the space of technologies."""
    refresh_schools(actors, cluster, world, p)
    gather(actors, ties, cluster, world, p)
    mean = survey(actors, cluster, world)
    relative = cluster.variety / p.variety_best
    usual = 1.0 - p.variety + p.variety * max(0.0, relative * (2.0 - relative))
    innovation, search = stream(world.key, world.quarter, INNOVATION), stream(world.key, world.quarter, SEARCH)
    cluster.innovations = 0.0
    ask(cluster, world)
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        trusted, fit = actors.weight[i], 0.0
        if trusted > 0.0:
            fit = actors.contacts[i] / trusted
        linked = usual + p.learning * actors.absorptive[i] * trusted / (trusted + p.saturation) * fit
        effort = math.exp(p.research_elasticity * math.log((actors.rd_share[i] + p.rd_least) / p.usual_rd))
        rate = p.research_rate * effort * linked * (1.0 - p.search_weight + p.search_weight * actors.search[i])
        innovates = uniform(innovation, actors.uid[i]) < rate
        actors.innovated[i] = innovates
        cluster.innovations += innovates
        gap = max(0.0, world.frontier + p.headroom - actors.knowledge[i])
        behind = max(0.0, mean - actors.knowledge[i])
        actors.knowledge[i] += p.research * innovates * gap + p.spillover * behind
        actors.knowledge[i] += p.diffusion * actors.absorptive[i] * actors.effect[i] / (1.0 + trusted)
        move(actors, cluster, i, world, bell(search, actors.uid[i]), p)
        improve(actors, cluster, i, p)


@kernel
def refresh_schools(actors, cluster, world, p):
    """Keep universities and technology centres near the frontier, and let them follow what the market asks for."""
    for i in range(cluster.first, cluster.firms):
        if actors.kind[i] == UNIVERSITY or actors.kind[i] == TECHNOLOGY_CENTRE:
            actors.knowledge[i] = world.frontier - p.school_lag
            asked = wrap(world.regime - actors.technology[i])
            place = actors.technology[i] + min(1.0, p.school_pull * (1.0 + cluster.levers[EXTENSION])) * asked
            actors.technology[i] = place - math.floor(place)


@kernel
def gather(actors, ties, cluster, world, p):
    """Sum over the ties of each actor: trusted weight, weighted fit, gap to better partners, and their direction."""
    for i in range(cluster.first, cluster.last):
        actors.weight[i] = actors.contacts[i] = actors.effect[i] = actors.best[i] = actors.outside[i] = 0.0
    outreach = 1.0 + p.extension * cluster.levers[EXTENSION]
    for t in range(cluster.ties, cluster.ties + cluster.tie_count):
        level = ties.level[t]
        if level <= ACQUAINTANCE:
            continue
        strength = p.weight_1 if level == INFORMATION else (p.weight_3 if level == STRATEGIC else p.weight_2)
        a, b = ties.a[t], ties.b[t]
        if b == OUTSIDE:
            known = world.frontier if ties.home[t] < 0 else cluster.related_knowledge[ties.home[t]]
            hear(actors, a, strength * ties.trust_ab[t], ties.fit[t], known, ties.target[t], True)
            actors.outside[a] += strength * ties.trust_ab[t]
            continue
        if actors.kind[a] == BANK:  # institutions stand in the lower rows, so that they are the first end
            continue
        firms = actors.kind[a] >= TRACTOR
        boost = 1.0 if firms else outreach
        weight_a, weight_b = boost * strength * ties.trust_ab[t], boost * strength * ties.trust_ba[t]
        if firms and level == INFORMATION:
            weight_a *= p.returned if ties.asker[t] == 1 else 1.0
            weight_b *= p.returned if ties.asker[t] == 0 else 1.0
        lead = actors.productivity[b] - actors.productivity[a] if firms else 0.0
        hear(actors, a, weight_a, ties.fit[t], actors.knowledge[b], actors.technology[b], lead >= 0.0)
        hear(actors, b, weight_b, ties.fit[t], actors.knowledge[a], actors.technology[a], lead <= 0.0)


@kernel
def hear(actors, i, weight, fit, knowledge, technology, better):
    """Add what actor i can learn from one partner; one who does better also pulls its technology."""
    actors.weight[i] += weight
    actors.contacts[i] += weight * fit
    gap = max(0.0, knowledge - actors.knowledge[i])
    actors.effect[i] += weight * gap
    actors.best[i] += weight * wrap(technology - actors.technology[i]) * better


@kernel
def survey(actors, cluster, world):
    """Return the mean knowledge of the cluster's firms; note how various their technologies are and what success looks like."""
    total, firms, offset, squares, led, sales = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE:
            total += actors.knowledge[i]
            apart = wrap(actors.technology[i] - world.regime)
            offset += apart
            squares += apart * apart
            led += apart * actors.sales[i]
            sales += actors.sales[i]
            firms += 1.0
    firms = max(firms, 1.0)
    recipe = world.regime + led / max(sales, TINY)
    cluster.recipe = recipe - math.floor(recipe)
    cluster.variety = math.sqrt(max(0.0, squares / firms - (offset / firms) ** 2))
    return total / firms


@kernel
def ask(cluster, world):
    """Note the technology that each segment's market asks for; a branch in a related activity has its own."""
    for s in range(cluster.segments):
        if s != cluster.branch:
            cluster.asked[s] = world.regime


@kernel
def move(actors, cluster, i, world, draw, p):
    """Move a firm's technology: toward better partners, toward the market as it is signalled, and by its own search."""
    signal = min(1.0, cluster.levers[OBSERVATORY]) * wrap(world.coming - world.regime)
    asked = wrap(cluster.asked[actors.segment[i]] + signal - actors.technology[i])
    place = actors.technology[i] + p.imitation * actors.best[i] / (1.0 + actors.weight[i])
    view = 1.0 + p.window * actors.outside[i]
    seen_here = cluster.firm_count / (cluster.firm_count + p.convergence_firms)
    place += p.convergence * seen_here / view * wrap(cluster.recipe - actors.technology[i])
    seen = p.pull * actors.absorptive[i] * (view + p.watch * min(1.0, cluster.levers[OBSERVATORY]))
    wander = p.search * actors.search[i] + p.leap * actors.innovated[i]
    place += min(1.0, seen * actors.search[i]) * asked + wander * draw
    actors.technology[i] = place - math.floor(place)


@kernel
def improve(actors, cluster, i, p):
    """Let absorptive capacity follow R&D and training; quality rises with them, standards and help, and wears off without."""
    effort = actors.rd_share[i] + p.rd_least
    target = min(1.0, p.capacity_most * effort / (effort + p.usual_rd))
    actors.absorptive[i] += p.capacity_speed * (target - actors.absorptive[i])
    actors.absorptive[i] += p.training_speed * min(1.0, lever(actors, cluster, i, TRAINING)) * (1.0 - actors.absorptive[i])
    lift = p.service_speed * min(1.0, lever(actors, cluster, i, SERVICES)) * actors.member[i]
    if actors.kind[i] != TRACTOR:
        lift += p.supplier_speed * min(1.0, lever(actors, cluster, i, SUPPLIER_QUALITY))
    speed = min(1.0, p.quality_speed * (1.0 + lever(actors, cluster, i, STANDARDS)))
    short = target - actors.quality[i]
    actors.quality[i] += speed * max(0.0, short) - p.quality_wear * max(0.0, -short)
    actors.quality[i] += min(1.0, lift) * (1.0 - actors.quality[i])
    cost = p.certificate_cost * (1.0 - aid(actors, cluster, i, CERTIFICATE_BILL, p.certificate_support))
    actors.certified[i] = actors.quality[i] >= p.certificate and p.certificate_worth * actors.sales[i] > cost
