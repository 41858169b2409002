"""The world's environment and the programme: docs/odd.md, sections 7.1 and 7.2."""

from __future__ import annotations

import math

from reference.entities import Cluster, Institution, World, above_zero


def environment(world: World, shocks) -> None:
    """7.1: frontier, demand cycles, shocks."""
    p, q = world.parameters.environment, world.quarter
    world.frontier += p.frontier_growth
    world.wage *= math.exp(p.frontier_growth)
    world.cycle_local = p.demand_persistence * world.cycle_local + p.demand_noise * world.normal("demand_local", world.key)
    world.cycle_export = p.demand_persistence * world.cycle_export + p.demand_noise * world.normal("demand_export", world.key)
    if world.uniform("shock_time", world.key) < p.technology_hazard:
        world.regime = (world.regime + p.technology_shift) % 1.0
    world.shock_demand = world.rivalry = world.unrest = 0.0
    for shock in shocks:
        first = round(4 * shock.year)
        last = math.inf if shock.years == 0 else first + round(4 * shock.years)
        if shock.kind == "technology":
            if q == first:
                world.regime = (world.regime + shock.size) % 1.0
        elif first <= q < last:
            if shock.kind == "demand":
                world.shock_demand += shock.size
            elif shock.kind == "competitor":
                world.rivalry += shock.size
            else:
                world.unrest += shock.size


class Row:
    """One effect of an instrument (or the instrument, if it has none)."""

    def __init__(self, stage: int, instrument, effect, effects: int, duration: int, firms: int):
        self.stage, self.start, self.duration = stage, instrument.start, duration
        self.taper, self.cofinance, self.recipient = instrument.taper, instrument.cofinance, instrument.recipient
        self.money = instrument.per_year / 4.0 / effects
        self.channel, self.strength, self.full_cost = "", 0.0, 0.0
        if effect is not None:
            hundreds = max(firms, 1) / 100.0 if effect.per_hundred_firms else 1.0
            self.channel, self.strength = effect.channel, effect.strength
            self.full_cost = effect.full_cost * hundreds / 4.0 / effects
        self.public = self.private = 0.0

    def planned(self, cluster: Cluster, q: int) -> float:
        """Planned money of this quarter, before the budget."""
        begin = cluster.began[self.stage]
        if begin < 0:
            return 0.0
        done = q - begin - self.start
        if not 0 <= done < self.duration:
            return 0.0
        tail = self.taper * self.duration
        left = self.duration - done
        return self.money * (left / (tail + 1.0) if left <= tail else 1.0)


def programme_rows(cluster: Cluster) -> list[Row]:
    if cluster.programme is None:
        return []
    rows = []
    for s, stage in enumerate(cluster.programme.stages):
        for instrument in stage.instruments:
            duration = stage.quarters if instrument.quarters is None else instrument.quarters
            effects = instrument.effects or (None,)
            rows += [Row(s, instrument, e, len(effects), duration, int(cluster.firms_start)) for e in effects]
    return rows


def programme(cluster: Cluster) -> None:
    """7.2: levers reset; stages, money, levers set."""
    p, world, q = cluster.p.programme, cluster.world, cluster.world.quarter
    for channel in cluster.levers:
        cluster.levers[channel] = 0.0
    cluster.public_spending = cluster.private_cofinance = cluster.income_public = cluster.income_private = 0.0
    for row in cluster.plan:
        row.public = row.private = 0.0
    if cluster.programme is None or q < cluster.announced:
        return

    start = cluster.announced + cluster.lag
    if q < start:
        cluster.credibility -= p.delay_loss * cluster.credibility
    else:
        cluster.credibility += p.delivery_gain * (1.0 - cluster.credibility)
        _next_stage(cluster, start)
    if world.uniform("politics", cluster.uid) < p.interruption_hazard + world.unrest:
        cluster.interrupted = q + int(p.interruption_quarters)
    if q < cluster.interrupted:
        return

    planned = [row.planned(cluster, q) for row in cluster.plan]
    asked = sum(money * (1.0 - row.cofinance) for money, row in zip(planned, cluster.plan))
    if cluster.budget > 0.0 and asked > cluster.budget:
        planned = [money * cluster.budget / asked for money in planned]
    delivery = (p.delivery_floor + (1.0 - p.delivery_floor) * cluster.coordination) * cluster.credibility
    for money, row in zip(planned, cluster.plan):
        _pay(cluster, row, money, delivery)


def _next_stage(cluster: Cluster, start: int) -> None:
    q, stages, now = cluster.world.quarter, cluster.programme.stages, cluster.stage
    if now + 1 == len(stages):
        return
    if now >= 0 and q < cluster.began[now] + stages[now].quarters:
        return
    following = stages[now + 1]
    if q < start + following.not_before:
        return
    if following.gate is not None and getattr(cluster, following.gate.indicator) < following.gate.at_least:
        return
    cluster.stage = now + 1
    cluster.began[now + 1] = q


def _pay(cluster: Cluster, row: Row, money: float, delivery: float) -> None:
    if money <= 0.0 or (row.recipient == "association" and not cluster.formal):
        return
    private = min(row.cofinance * money, above_zero(cluster.association.cash)) if cluster.formal else 0.0
    paid = min(money, private / row.cofinance) if row.cofinance > 0.0 else money
    public = paid - private
    cluster.association.cash -= private
    cluster.nation -= public
    if row.recipient == "association":
        cluster.association.cash += paid
        cluster.income_public += public
    elif row.recipient == "facilitator":
        cluster.facilitator.cash += paid
    elif row.recipient == "projects":
        cluster.project_fund += paid
    elif row.recipient == "guarantees":
        cluster.guarantee_fund += paid
    elif row.recipient == "university":
        pay_school(cluster, paid)
    else:
        cluster.nation += paid
    row.public, row.private = public, private
    cluster.public_spending += public
    cluster.private_cofinance += private
    if row.full_cost > 0.0:
        cluster.levers[row.channel] += row.strength * delivery * paid / row.full_cost


def pay_school(cluster: Cluster, money: float) -> None:
    """To the first university (or technology centre), to the nation if there is none."""
    schools: list[Institution] = cluster.schools
    if schools:
        schools[0].cash += money
    else:
        cluster.nation += money
