"""The world's environment: docs/odd.md, section 7.1."""

from __future__ import annotations

import math

from reference.world import World


def environment(world: World, shocks) -> None:
    """7.1: frontier, demand cycles, shocks."""
    p, q = world.parameters.environment, world.quarter
    world.frontier += p.frontier_growth
    world.wage *= math.exp(p.frontier_growth)
    world.cycle_local = p.demand_persistence * world.cycle_local + p.demand_noise * world.normal("demand_local", world.key)
    world.cycle_export = p.demand_persistence * world.cycle_export + p.demand_noise * world.normal("demand_export", world.key)
    world.regime = (world.regime + p.drift) % 1.0
    if world.uniform("shock_time", world.key) < p.technology_hazard:
        world.regime = (world.regime + p.technology_shift) % 1.0
    world.shock_demand = world.rivalry = world.unrest = world.departures = 0.0
    scheduled = 0.0
    for shock in shocks:
        first = max(round(4 * shock.year), world.begins)
        last = math.inf if shock.years == 0 else first + round(4 * shock.years)
        if shock.kind == "technology":
            if q == first:
                world.regime = (world.regime + shock.size) % 1.0
            if q < first <= q + p.foresight:
                scheduled += shock.size
        elif shock.kind == "tractor_exit":
            if q == first:
                world.departures += shock.size
        elif first <= q < last:
            if shock.kind == "demand":
                world.shock_demand += shock.size
            elif shock.kind == "competitor":
                world.rivalry += shock.size
            else:
                world.unrest += shock.size
    world.coming = (world.regime + scheduled) % 1.0
