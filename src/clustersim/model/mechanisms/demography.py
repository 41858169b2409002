"""Step 13, demography: start-ups, spin-offs that inherit, settlers from outside; insolvency, closure and tractor exit.

Start-ups are pulled by the cluster's jobs, strength, markets, profits and incubation; spin-offs come from fit parents and
inherit part of what these know (Klepper 2007); the hazard of closure falls with age and size (Dunne, Roberts & Samuelson 1989),
fitness and margin (Foster, Haltiwanger & Syverson 2008) and the founder's experience (Klepper 2002).
At exit the books are merged: assets are sold, debts paid as far as they go, the rest is written off.
"""

from __future__ import annotations

import math

import numpy as np

from clustersim.core.accelerate import kernel
from clustersim.core.draws import PROCESS, identity, normal, stream, uniform, whole
from clustersim.core.schema import Parameter
from clustersim.model.levers import ATTRACTION, BRAND, COMPETITION, INCUBATION, PAPERWORK, PARK, PREPARATION, VENTURE
from clustersim.model.network import close_gaps, index_ties, wrap
from clustersim.model.population import settle
from clustersim.model.reach import lever
from clustersim.model.state import BANK, ENDED, FREE, OUTSIDE, SME, TRACTOR
from clustersim.model.units import EXPECTED, TINY

PARAMETERS = {
    "startup_rate": Parameter(0.010, "1/quarter", 0.0, 0.05, "Start-ups per quarter and `startup_jobs` jobs at usual margins",
                              "yearly entry of 3 to 8 % in industry registers (from memory)"),
    "startup_jobs": Parameter(25.0, "persons", 5.0, 100.0, "Jobs at which that many start-ups come: founders have "
                              "learnt the trade in the place", "the labour-market view of entry rates: Audretsch & Fritsch 1994"),
    "startup_growth": Parameter(15.0, "quarters", 0.0, 40.0, "Rise of log start-ups with the growth of the place's markets",
                                "many enter while a product spreads: Klepper 1996 (sign); value assumed"),
    "startup_floor": Parameter(0.10, "firms/quarter", 0.0, 2.0, "Start-ups that need no cluster: local skill, entrepreneurs"),
    "startup_margin": Parameter(6.0, "1", 0.0, 20.0, "Rise of start-ups with the mean margin above the usual one"),
    "margin_most": Parameter(0.2, "share of sales", 0.05, 0.5, "Margin above the usual one beyond which start-ups rise no more"),
    "margin_least": Parameter(-0.3, "share of sales", -1.0, -0.05, "The same below the usual one, where they fall no more"),
    "usual_margin": Parameter(0.06, "share of sales", 0.01, 0.2, "Margin at which start-ups come at the usual rate"),
    "easier": Parameter(0.15, "1", 0.0, 1.0, "Rise of start-ups where paperwork is saved or entry kept open"),
    "startup_strength": Parameter(0.2, "1", 0.0, 1.0, "Elasticity of start-ups to the place's location quotient",
                                  "start-ups rise with a cluster's strength: Delgado, Porter & Stern 2010 (sign); value assumed"),
    "startup_gap": Parameter(0.10, "log points", -0.3, 0.6, "Mean distance of a start-up's knowledge to the cluster's mean"),
    "startup_spread": Parameter(0.9, "share", 0.1, 1.0, "Spread of start-ups' technology around the cluster's mean, relative to "
                                "that of initial firms"),
    "entrant_spread": Parameter(0.5, "1", 0.0, 1.5, "Standard deviation of log employment of entrants and spin-offs"),
    "entrant_knowledge": Parameter(0.5, "share", 0.0, 1.5, "Spread of entrants' knowledge, relative to that of initial firms"),
    "spinoff_rate": Parameter(0.0033, "1/quarter", 0.0, 0.02, "Spin-offs per firm of ten employees at the mean of its market",
                              "Klepper: rises with the parent's quality (sign); value assumed"),
    "spinoff_quality": Parameter(2.0, "1", 0.0, 6.0, "Elasticity of that rate to the parent's competitiveness in its market"),
    "spinoff_most": Parameter(2.7, "1", 1.0, 6.0, "Competitiveness beyond which it rises no more"),
    "venture": Parameter(2.0, "1", 0.0, 6.0, "Rise of that rate at full venture money, while the fund lasts: it pays "
                         "the child's cash"),
    "inheritance": Parameter(0.7, "share", 0.0, 1.0, "Part of the parent's lead that a spin-off inherits"),
    "spinoff_spread": Parameter(0.7, "share", 0.0, 1.0, "Spread of spin-offs' technology around their parent's, relative to that "
                                "of initial firms"),
    "attraction_rate": Parameter(0.06, "firms/quarter", 0.0, 1.0, "Firms that settle from outside at full brand"),
    "attraction_call": Parameter(0.02, "firms/quarter", 0.0, 0.2, "Firms that settle at full call for them, whatever the brand"),
    "attraction_park": Parameter(0.5, "1", 0.0, 2.0, "Call for settlers of a full industrial park, over that of attraction"),
    "settler_tractor": Parameter(0.08, "share", 0.0, 0.5, "Share of settlers that are tractor firms"),
    "entrants_max": Parameter(0.05, "share of firms", 0.01, 0.06, "Most start-ups and settlers in a quarter, and "
                              "most spin-offs, beside `entrants_least`"),
    "entrants_least": Parameter(2.0, "firms", 0.0, 3.0, "Entrants, and spin-offs, possible however few firms there are"),
    "seed_loan": Parameter(0.0, "share of assets", 0.0, 0.8, "Debt of a start-up"),
    "closure": Parameter(0.035, "1/quarter", 0.0, 0.15, "Hazard of closure of a new firm of one person"),
    "closure_age": Parameter(0.025, "1/quarter", 0.0, 0.1, "Fall of the log hazard per quarter of age"),
    "closure_old": Parameter(40.0, "quarters", 4.0, 120.0, "Age beyond which the hazard falls no further"),
    "young": Parameter(20.0, "quarters", 4.0, 40.0, "Age below which incubation protects a firm"),
    "incubation": Parameter(0.5, "share", 0.0, 1.0, "Fall of young firms' hazard at full incubation"),
    "closure_size": Parameter(0.35, "1", 0.0, 1.0, "Fall of the log hazard per log point of employment"),
    "closure_fitness": Parameter(1.5, "1", 0.0, 4.0, "Fall of the log hazard per log point of competitiveness in its market",
                                 "unproductive plants close: Foster, Haltiwanger & Syverson 2008 (sign); value assumed"),
    "closure_margin": Parameter(3.0, "1/share of sales", 0.0, 10.0, "Fall of the log hazard with the felt margin above the "
                                "usual one"),
    "closure_experience": Parameter(0.4, "1", 0.0, 1.5, "Fall of the log hazard of a firm whose founder comes from the activity",
                                    "spin-offs live longer: Klepper 2002 (sign); value assumed"),
    "closure_span": Parameter(2.0, "1", 0.0, 3.0, "Most by which these three together move the log hazard, up or down"),
    "patience": Parameter(0.15, "quarters of sales", 0.0, 1.0, "Negative cash at which a firm is insolvent"),
    "liquidation": Parameter(0.5, "share", 0.0, 1.0, "Value of assets when they are sold at exit"),
    "ideas": Parameter(1.5, "ideas/person/quarter", 0.0, 10.0, "Ideas for firms that an officer for projects takes in"),
    "idea_firms": Parameter(0.05, "share", 0.0, 0.5, "Start-ups that come of such an idea", "RP: 299 ideas led to 15 firms"),
}  # fmt: skip
STARTUP, SEGMENT, SPINOFF, ATTRACT, EXIT, KNOWLEDGE, POSITION, SIZE = (
    PROCESS[name]
    for name in (
        "startup", "startup_segment", "spinoff", "attraction", "exit", "founding_knowledge", "founding_position",
        "founding_size",
    )
)  # fmt: skip
INSOLVENCY, CLOSURE, TRACTOR_EXIT = 1, 2, 3


@kernel
def renew(actors, ties, cluster, world, p, population):
    """Let firms leave, then let new ones come; sum up the firms alive."""
    cluster.entries = cluster.spinoffs = cluster.exits = cluster.lost = 0.0
    cluster.settlers = cluster.attracted = cluster.called = 0.0
    leave(actors, ties, cluster, world, p)
    margin, knowledge, technology = means(actors, cluster, world)
    enter(actors, cluster, world, margin, knowledge, technology, p, population)
    spin_off(actors, cluster, world, knowledge, p, population)
    cluster.firm_count += cluster.entries + cluster.spinoffs
    index_ties(actors, ties, cluster)


@kernel
def leave(actors, ties, cluster, world, p):
    """Close insolvent firms and those that the hazard takes; end their ties."""
    draws = stream(world.key, world.quarter, EXIT)
    incubated = 1.0 - p.incubation * min(1.0, cluster.levers[INCUBATION])
    most = p.closure * math.exp(p.closure_span)
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE:
            continue
        draw = uniform(draws, actors.uid[i])
        if actors.cash[i] < -p.patience * actors.sales[i]:
            liquidate(actors, cluster, i, INSOLVENCY, p)
        elif draw < most:  # the largest hazard: most firms need no exponential
            young = world.quarter - actors.born[i] < p.young
            if draw < hazard(actors, i, world.quarter, p) * (incubated if young else 1.0):
                liquidate(actors, cluster, i, CLOSURE, p)
    for _ in range(int(world.departures)):
        depart(actors, cluster, p)
    if cluster.exits > 0.0:
        for t in range(cluster.ties, cluster.ties + cluster.tie_count):
            gone = ties.b[t] != OUTSIDE and actors.kind[ties.b[t]] == FREE
            if gone or actors.kind[ties.a[t]] == FREE:
                ties.level[t] = ENDED
    close_gaps(ties, cluster)


@kernel
def hazard(actors, i, quarter, p):
    """Return the chance that a solvent firm closes in a quarter, without incubation."""
    merit = p.closure_fitness * math.log(actors.fitness[i]) + p.closure_margin * (actors.margin[i] - p.usual_margin)
    merit += p.closure_experience * (actors.parent[i] > 0)
    exponent = p.closure_age * min(float(quarter - actors.born[i]), p.closure_old) + p.closure_size * actors.log_size[i]
    return p.closure * math.exp(-exponent - min(max(merit, -p.closure_span), p.closure_span))


@kernel
def depart(actors, cluster, p):
    """Let the largest tractor firm leave the place."""
    largest = cluster.firms
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == TRACTOR and (
            actors.kind[largest] != TRACTOR or actors.employees[i] > actors.employees[largest]
        ):
            largest = i
    if actors.kind[largest] == TRACTOR:
        liquidate(actors, cluster, largest, TRACTOR_EXIT, p)


@kernel
def liquidate(actors, cluster, i, cause, p):
    """Sell a firm's assets, pay its debt as far as money and guarantees go, write off the rest, and free its row."""
    bank = cluster.first + BANK
    proceeds = p.liquidation * actors.assets[i]
    cluster.nation -= proceeds
    actors.cash[i] += proceeds
    repaid = min(actors.debt[i], max(0.0, actors.cash[i]))
    lost = actors.debt[i] - repaid
    pooled = min(lost, cluster.mutual_pool) if actors.member[i] else 0.0
    lost -= pooled
    cover = min(lost, cluster.guarantee_fund)
    actors.cash[bank] += repaid + pooled + cover
    cluster.mutual_pool -= pooled
    cluster.guarantee_fund -= cover
    cluster.loans -= actors.debt[i]
    cluster.written_off += lost - cover
    cluster.lost += lost - cover
    cluster.nation += actors.cash[i] - repaid  # owners keep what is left, or make up what is missing
    cluster.members -= actors.member[i]
    actors.member[i] = 0
    actors.cash[i] = actors.debt[i] = actors.assets[i] = actors.employees[i] = 0.0
    actors.kind[i], actors.cause[i] = FREE, cause
    cluster.exits += 1.0
    cluster.firm_count -= 1.0


@kernel
def means(actors, cluster, world):
    """Return mean margin, knowledge and technology (by offsets from the market's) of the firms, and sum up their jobs."""
    margin, knowledge, offset, jobs = 0.0, 0.0, 0.0, 0.0
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] != FREE:
            jobs += actors.employees[i]
            margin += actors.margin[i]
            knowledge += actors.knowledge[i]
            offset += wrap(actors.technology[i] - world.regime)
    cluster.employment = jobs
    firms = max(cluster.firm_count, 1.0)
    cluster.knowledge = knowledge / firms
    cluster.technology = world.regime + offset / firms - math.floor(world.regime + offset / firms)
    return margin / firms, cluster.knowledge, cluster.technology


@kernel
def enter(actors, cluster, world, margin, knowledge, technology, p, population):
    """Let start-ups and settlers from outside come."""
    key, quarter, who = world.key, world.quarter, cluster.uid
    pull = math.exp(p.startup_margin * min(p.margin_most, max(p.margin_least, margin - p.usual_margin)))
    strength = cluster.quotient_start * cluster.employment / cluster.employment_start / cluster.reference
    pull *= math.exp(p.startup_strength * math.log(max(strength, TINY)))
    growth = 0.0
    for s in range(cluster.segments):
        growth += cluster.expansion[s] / cluster.segments
    pull *= math.exp(p.startup_growth * growth)
    pull *= 1.0 + cluster.levers[INCUBATION] + p.easier * (cluster.levers[PAPERWORK] + cluster.levers[COMPETITION])
    usual = p.startup_rate * cluster.employment / p.startup_jobs
    ideas = p.ideas * p.idea_firms * cluster.levers[PREPARATION]
    starts = whole(stream(key, quarter, STARTUP), who, p.startup_floor + usual * pull + ideas)
    call = cluster.levers[ATTRACTION] + p.attraction_park * cluster.levers[PARK]
    draw = p.attraction_rate * (cluster.brand + cluster.levers[BRAND]) * (1.0 + call) + p.attraction_call * call
    invited = (p.attraction_rate * (cluster.brand + cluster.levers[BRAND]) + p.attraction_call) * cluster.levers[ATTRACTION]
    settlers = whole(stream(key, quarter, ATTRACT), who, draw)
    most = int(p.entrants_least) + int(p.entrants_max * cluster.firm_count)
    row = cluster.firms
    for k in range(min(starts + settlers, most)):
        uid = identity(cluster.uid, quarter, k)
        settler = k >= starts
        kind = TRACTOR if settler and uniform(stream(key, quarter, KNOWLEDGE), uid + ONE) < p.settler_tractor else SME
        size = population.tractor_size if kind == TRACTOR else population.entrant_size
        size *= math.exp(p.entrant_spread * normal(stream(key, quarter, SIZE), uid))
        level = knowledge - (0.0 if settler else p.startup_gap)
        level += p.entrant_knowledge * population.knowledge_spread * normal(stream(key, quarter, KNOWLEDGE), uid)
        spread = population.technology_spread * (1.0 if settler else p.startup_spread)
        place = (world.regime if settler else technology) + spread * normal(stream(key, quarter, POSITION), uid)
        segment = int(uniform(stream(key, quarter, SEGMENT), uid) * cluster.segments)
        row = free_row(actors, cluster, row)
        settle(actors, row, uid, np.uint64(0), kind, segment, quarter, size, level, place, cluster, world, population)
        endow(actors, cluster, row, p.seed_loan)
        cluster.entries += 1.0
        if settler:
            cluster.settlers += 1.0
            cluster.attracted += actors.assets[row]
            cluster.called += actors.assets[row] * invited / draw


@kernel
def spin_off(actors, cluster, world, knowledge, p, population):
    """Let capable firms have children nearby in knowledge and technology."""
    key, quarter = world.key, world.quarter
    draws = stream(key, quarter, SPINOFF)
    row, most = cluster.firms, int(p.entrants_least) + int(p.entrants_max * cluster.firm_count)
    ceiling = math.exp(p.spinoff_quality * math.log(p.spinoff_most)) * (1.0 + p.venture * (cluster.venture_fund > 0.0))
    for i in range(cluster.firms, cluster.last):
        if actors.kind[i] == FREE or actors.born[i] == quarter or cluster.spinoffs >= most:
            continue
        usual = p.spinoff_rate * actors.log_size[i] / EXPECTED * (1.0 + cluster.levers[INCUBATION])
        draw = uniform(draws, actors.uid[i])
        if draw >= usual * ceiling:  # the largest chance at this size: most firms need no exponential
            continue
        lead = actors.knowledge[i] - knowledge
        rate = usual * math.exp(p.spinoff_quality * math.log(min(actors.fitness[i], p.spinoff_most)))
        backed = draw >= rate and cluster.venture_fund > 0.0
        if draw < rate * (1.0 + backed * p.venture * min(1.0, lever(actors, cluster, i, VENTURE))):
            uid = identity(actors.uid[i], quarter, 0)
            size = population.entrant_size * math.exp(p.entrant_spread * normal(stream(key, quarter, SIZE), uid))
            level = knowledge + p.inheritance * lead
            spread = p.spinoff_spread * population.technology_spread
            place = actors.technology[i] + spread * normal(stream(key, quarter, POSITION), uid)
            row = free_row(actors, cluster, row)
            settle(actors, row, uid, actors.uid[i], SME, actors.segment[i], quarter, size, level, place, cluster, world,
                   population)  # fmt: skip
            endow(actors, cluster, row, p.seed_loan)
            equity = min(actors.cash[row], cluster.venture_fund) if backed else 0.0
            cluster.venture_fund -= equity
            cluster.nation += equity
            actors.climate[row] = actors.bond[row] = actors.climate[i]
            actors.belief[row] = actors.belief[i]
            cluster.spinoffs += 1.0


@kernel
def endow(actors, cluster, i, seed_loan):
    """Count a new firm's jobs, and let its owners (the nation) and the bank pay for its cash."""
    cluster.employment += actors.employees[i]
    loan = seed_loan * actors.assets[i]
    actors.debt[i] = loan
    actors.cash[cluster.first + BANK] -= loan
    cluster.loans += loan
    cluster.nation -= actors.cash[i] - loan


@kernel
def free_row(actors, cluster, row):
    """Return the first free row from `row` on; the driver has made sure that the cluster has room."""
    while row < cluster.last and actors.kind[row] != FREE:
        row += 1
    if row == cluster.last:
        cluster.last += 1
    return row


ONE = np.uint64(1)
