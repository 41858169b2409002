"""Step 1, environment: the technology frontier, what markets ask for, demand at home and abroad, scheduled and random shocks."""

from __future__ import annotations

import math

from clustersim.core.accelerate import kernel
from clustersim.core.draws import PROCESS, normal, stream, uniform
from clustersim.core.schema import Parameter

PARAMETERS = {
    "frontier_growth": Parameter(0.003, "log points/quarter", 0.0, 0.01, "Growth of the technology frontier"),
    "drift": Parameter(0.004, "turn/quarter", 0.0, 0.01, "Steady movement of the technology that the market asks for"),
    "demand_persistence": Parameter(0.90, "1/quarter", 0.5, 0.99, "Persistence of the demand cycle (AR(1))"),
    "demand_noise": Parameter(0.012, "log points/quarter", 0.0, 0.05, "Standard deviation of demand innovations"),
    "technology_hazard": Parameter(0.0, "1/quarter", 0.0, 0.05, "Chance per quarter of an unscheduled technology shift"),
    "technology_shift": Parameter(0.25, "turn", 0.0, 0.5, "Size of an unscheduled technology shift"),
    "foresight": Parameter(12.0, "quarters", 0.0, 40.0, "How far ahead an observatory sees scheduled technology shifts"),
}
DEMAND_LOCAL, DEMAND_EXPORT = PROCESS["demand_local"], PROCESS["demand_export"]
SHOCK_TIME = PROCESS["shock_time"]
DEMAND, TECHNOLOGY, COMPETITOR, POLITICAL, TRACTOR_EXIT = range(5)


@kernel(entry=True)
def update(world, shocks, p):
    """Advance the world's frontier and cycles by one quarter and recompute the scheduled shocks from their table."""
    quarter, key = world.quarter, world.key
    world.frontier += p.frontier_growth
    world.wage *= math.exp(p.frontier_growth)
    world.cycle_local *= p.demand_persistence
    world.cycle_local += p.demand_noise * normal(stream(key, quarter, DEMAND_LOCAL), key)
    world.cycle_export *= p.demand_persistence
    world.cycle_export += p.demand_noise * normal(stream(key, quarter, DEMAND_EXPORT), key)
    shift_regime(world, p.drift)
    if uniform(stream(key, quarter, SHOCK_TIME), key) < p.technology_hazard:
        shift_regime(world, p.technology_shift)
    world.shock_demand = world.rivalry = world.unrest = world.departures = 0.0
    coming = 0.0
    for row in range(world.shocks_first, world.shocks_last):
        shock = shocks[row]
        lasts = shock.quarters == 0 or quarter < shock.quarter + shock.quarters
        if shock.kind == TECHNOLOGY and quarter < shock.quarter <= quarter + p.foresight:
            coming += shock.amount
        if quarter >= shock.quarter and lasts:
            if shock.kind == DEMAND:
                world.shock_demand += shock.amount
            elif shock.kind == COMPETITOR:
                world.rivalry += shock.amount
            elif shock.kind == POLITICAL:
                world.unrest += shock.amount
            elif quarter == shock.quarter and shock.kind == TRACTOR_EXIT:
                world.departures += shock.amount
            elif quarter == shock.quarter:
                shift_regime(world, shock.amount)
    world.coming = world.regime + coming - math.floor(world.regime + coming)


@kernel
def shift_regime(world, size):
    """Move the technology that the market asks for along its circle."""
    moved = world.regime + size
    world.regime = moved - math.floor(moved)
