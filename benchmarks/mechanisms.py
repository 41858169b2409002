"""What each mechanism costs: nanoseconds per firm and quarter, and its share of a quarter, in clusters of 200 firms.

The quarter itself is timed: a kernel calls the mechanisms in the order of `clustersim.model.quarter` and reads the clock
between them, so that each finds the state and the caches as it does in a run. (Called one by one from Python, handing
over sixty arrays would take longer than most of the work.) The same quarters are run again and again; since they are the
same to the last bit, the shortest time of each mechanism in each quarter is what it costs, and the rest is
other work on the machine. ::

    python benchmarks/mechanisms.py              # prints the table
    python benchmarks/mechanisms.py --write      # and keeps it in docs/mechanisms/cost.json, which the pages show
"""

from __future__ import annotations

import datetime
import json
import os
import sys
import time
from pathlib import Path

import numpy as np
from numba import types
from run import processor

from clustersim import load_scenario
from clustersim.core.accelerate import kernel
from clustersim.model import quarter as order
from clustersim.model.indicators import AT, INDICATORS, by_name
from clustersim.model.mechanisms import (
    association,
    complacency,
    conduct,
    demography,
    diversification,
    facilitation,
    finance,
    government,
    joint_action,
    knowledge,
    linkage,
    market,
    meeting,
    phase,
    programme,
    trust,
)  # fmt: skip
from clustersim.model.mechanisms.nation import YEAR, publish
from clustersim.model.network import has_room
from clustersim.model.state import Record
from clustersim.scenario.model import Scenario
from clustersim.simulation.engine import Simulation
from clustersim.simulation.initial import make_room
from clustersim.studies.speed import place

NAMES = (
    "government", "programme", "facilitation", "meeting", "trust", "linkage", "association", "joint_action", "conduct",
    "knowledge", "market", "finance", "demography", "complacency", "diversification", "phase", "record",
)  # fmt: skip
GROW, MEASURED, ROUNDS, CALIBRATION = 40, 24, 100, 1000
ANNOUNCED = 6  # years: the association of the shipped programme is paid for in all measured quarters
CLOCK_MONOTONIC = 1
KEPT = Path(__file__).parents[1] / "docs" / "mechanisms" / "cost.json"
clock_gettime = types.ExternalFunction("clock_gettime", types.int32(types.int32, types.intp))


@kernel
def nanoseconds(time_spec):
    """Return the system's monotonic clock."""
    clock_gettime(CLOCK_MONOTONIC, time_spec.ctypes.data)
    return time_spec[0] * 1_000_000_000 + time_spec[1]


@kernel
def lap(spent, time_spec, k):
    """Add the time since the last reading to mechanism k, and read the clock anew."""
    now = nanoseconds(time_spec)
    spent[k] += now - spent[-1]
    spent[-1] = nanoseconds(time_spec)


@kernel(entry=True)
def read_often(spent, time_spec, times):
    """Read the clock many times between nothing and nothing: what reading costs."""
    spent[-1] = nanoseconds(time_spec)
    for _ in range(times):
        lap(spent, time_spec, 0)


@kernel(entry=True)
def timed(actors, ties, meetings, clusters, path, plan, parameters, out, spent, time_spec, q):
    """Advance the one cluster from quarter `q` of its world's path on and time each mechanism; return where it needs room."""
    cluster, p = clusters[0], parameters[0]
    while q < path.shape[1] and has_room(cluster):
        world, laps = path[0, q], spent[q]
        laps[-1] = nanoseconds(time_spec)
        government.govern(cluster, world, plan, p.government)
        lap(laps, time_spec, 0)
        programme.act(actors, cluster, world, plan, p.programme)
        lap(laps, time_spec, 1)
        facilitation.assign(cluster, world, p.facilitation)
        lap(laps, time_spec, 2)
        meeting.meet(actors, ties, meetings, cluster, world, p.meeting)
        lap(laps, time_spec, 3)
        trust.interact(actors, ties, cluster, world, p.trust)
        lap(laps, time_spec, 4)
        linkage.negotiate(actors, ties, cluster, world, p.linkage)
        lap(laps, time_spec, 5)
        association.organise(actors, cluster, world, p.association)
        lap(laps, time_spec, 6)
        joint_action.cooperate(actors, cluster, world, p.joint_action)
        lap(laps, time_spec, 7)
        conduct.agree(actors, cluster, p.conduct)
        lap(laps, time_spec, 8)
        knowledge.learn(actors, ties, cluster, world, p.knowledge)
        lap(laps, time_spec, 9)
        market.trade(actors, ties, cluster, world, p.market)
        lap(laps, time_spec, 10)
        finance.settle_accounts(actors, cluster, world, p.finance, p.market, p.knowledge)
        lap(laps, time_spec, 11)
        demography.renew(actors, ties, cluster, world, p.demography, p.population)
        lap(laps, time_spec, 12)
        complacency.relax(actors, cluster, world, p.complacency, p.finance)
        lap(laps, time_spec, 13)
        diversification.branch_out(actors, ties, cluster, world, p.diversification)
        lap(laps, time_spec, 14)
        phase.classify(actors, ties, cluster, world, p.phase)
        lap(laps, time_spec, 15)
        order.note(actors, ties, cluster, 0, world, plan, out, q)
        lap(laps, time_spec, 16)
        q += 1
    return q


def with_programme() -> Scenario:
    """Return the place of the benchmark under the shipped programme from above."""
    shipped = load_scenario("designed")
    assert shipped.programme is not None
    programme = shipped.programme.model_copy(update={"announced": ANNOUNCED})
    return place(1).model_copy(update={"programme": programme, "institutions": shipped.institutions})


def once(scenario: Scenario) -> tuple[np.ndarray, float]:
    """Return nanoseconds by quarter and mechanism of one run over the measured quarters, and its firm-quarters."""
    simulation = Simulation(scenario, workers=1)
    simulation.advance(GROW)
    s = simulation._state
    path = np.zeros((1, MEASURED), s.worlds.dtype).view(np.recarray)
    order.foresee(s.worlds, s.plan.shocks, s.parameters, path)
    out = Record(np.zeros((MEASURED, 1, len(INDICATORS))), np.zeros((MEASURED, len(s.plan.rows), 2)))
    time_spec, idle, spent = np.zeros(2, np.int64), np.zeros(2, np.int64), np.zeros((MEASURED, len(NAMES) + 1), np.int64)
    read_often(idle, time_spec, CALIBRATION)
    done, named = 0, out._replace(indicators=by_name(out.indicators))
    while done < MEASURED:
        done = timed(s.actors, s.ties, s.meetings, s.clusters, path, s.plan, s.parameters, named, spent, time_spec, done)
        s = make_room(s) if done < MEASURED else s
    firms = out.indicators[:, 0, AT["firms"]].sum()
    return np.maximum(spent[:, :-1] - idle[0] / CALIBRATION, 0.0), float(firms)


def by_mechanism(scenario: Scenario) -> tuple[dict[str, float], float, float]:
    """Return nanoseconds per firm and quarter of each mechanism, the sum of a median run, and the mean number of firms."""
    once(scenario)  # compiles
    runs = [once(scenario) for _ in range(ROUNDS)]
    firms = runs[0][1]
    if any(found != firms for _, found in runs):
        raise RuntimeError("two runs of the same seed differ: they cannot be compared")
    least = np.minimum.reduce([taken for taken, _ in runs]).sum(axis=0) / firms
    usual = float(np.median([taken.sum() for taken, _ in runs]) / firms)
    return dict(zip(NAMES, least.tolist(), strict=True)), usual, firms / MEASURED


def untimed(scenario: Scenario) -> float:
    """Return nanoseconds per firm and quarter of the same quarters in one call that reads no clock: the control."""

    def run() -> float:
        simulation = Simulation(scenario, workers=1)
        simulation.advance(GROW)
        begin = time.perf_counter_ns()
        out = simulation.advance(MEASURED)
        taken = time.perf_counter_ns() - begin
        return taken / float(out.indicators[:, 0, AT["firms"]].sum())

    return min(run() for _ in range(ROUNDS))


def shortest(work, repeats: int = 30) -> float:
    """Return the least nanoseconds of several calls."""
    taken = []
    for _ in range(repeats):
        begin = time.perf_counter_ns()
        work()
        taken.append(time.perf_counter_ns() - begin)
    return float(min(taken))


def of_worlds(firms: float) -> dict[str, float]:
    """Return the same for environment (one world for each cluster) and nation (five hundred clusters, once a year)."""
    s = Simulation(place(1), replicates=range(50), workers=1)._state
    path = np.zeros((50, MEASURED), s.worlds.dtype).view(np.recarray)
    environment = shortest(lambda: order.foresee(s.worlds, s.plan.shocks, s.parameters, path)) / (50 * MEASURED)
    nation = Simulation(place(500), workers=1)._state
    return {
        "environment": environment / firms,
        "nation": shortest(lambda: publish(nation.clusters, nation.worlds)) / (500 * YEAR * firms),
    }


def measure() -> dict:
    """Return the table with the machine and the date."""
    table: dict[str, dict[str, float]] = {}
    columns = {"alone": place(1), "programme": with_programme()}
    firms, usual, control = {}, {}, {}
    for column, scenario in columns.items():
        print(f"  measuring {column} …", file=sys.stderr)
        cost, usual[column], firms[column] = by_mechanism(scenario)
        control[column] = round(untimed(scenario), 1)
        cost |= of_worlds(firms[column])
        for name, value in cost.items():
            table.setdefault(name, {})[column] = round(value, 2)
    return {
        "machine": f"{processor()}, one thread", "date": datetime.date.today().isoformat(), "rounds": ROUNDS,
        "load": round(os.getloadavg()[0], 1), "firms": {k: round(v) for k, v in firms.items()},
        "median_over_least": {c: round(usual[c] / sum(row[c] for row in table.values()), 2) for c in columns},
        "untimed": control, "ns_per_firm_and_quarter": table,
    }  # fmt: skip


def main(arguments: list[str]) -> int:
    """Print the table, and keep it with ``--write``; return the exit status."""
    found = measure()
    rows = found["ns_per_firm_and_quarter"]
    whole = {c: sum(row[c] for row in rows.values()) for c in ("alone", "programme")}
    print(f"{found['machine']}, {found['date']}, {found['rounds']} rounds, load {found['load']}")
    print(f"{'mechanism':16s} {'alone':>10s} {'':>7s} {'programme':>12s}")
    for name, row in rows.items():
        print(f"{name:16s} {row['alone']:7.1f} ns {100 * row['alone'] / whole['alone']:5.1f} % "
              f"{row['programme']:9.1f} ns {100 * row['programme'] / whole['programme']:5.1f} %")  # fmt: skip
    print(f"{'all':16s} {whole['alone']:7.1f} ns {'':7s} {whole['programme']:9.1f} ns")
    print(f"{'without clock':16s} {found['untimed']['alone']:7.1f} ns {'':7s} {found['untimed']['programme']:9.1f} ns")
    if "--write" in arguments:
        KEPT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        print(f"kept in {KEPT.name}; python docs/mechanisms/draw.py --tables puts it into the pages", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
