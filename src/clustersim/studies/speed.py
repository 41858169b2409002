"""Speed and size on this machine, as ratios: against the plain reference model and against the memory's bandwidth.

`measure` gives what ``clustersim benchmark`` prints; nothing here is a timed test. Each figure is the best of several runs,
because other work on the machine only ever adds time. "About ten ties per firm": attention and forgetting are set so (see
`place`).
"""

from __future__ import annotations

import ast
import inspect
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from clustersim.core.machine import processors
from clustersim.core.words import N_, _
from clustersim.model.indicators import INDICATORS
from clustersim.scenario.model import ClusterSpec, Place, Scenario
from clustersim.simulation.engine import Simulation

PACKAGE = Path(__file__).parents[1]
FIRMS = list(INDICATORS).index("firms")
# The public kernel of each mechanism, in the order of a quarter.
MECHANISMS = {
    "programme": "act", "facilitation": "assign", "meeting": "meet", "trust": "interact", "linkage": "negotiate",
    "association": "organise", "joint_action": "cooperate", "conduct": "agree", "knowledge": "learn", "market": "trade",
    "finance": "settle_accounts", "demography": "renew", "complacency": "relax", "diversification": "branch_out",
    "phase": "classify",
}  # fmt: skip
# What is measured: unit, meaning, what it is measured against in words, and as a number where there is one.
FIGURES: dict[str, tuple[str, str, str, float | None]] = {
    "firm_quarters_per_second_200": ("1/s", N_("firm-quarters a second, 200 firms"), N_("1.5 million on one core"), 1.5e6),
    "milliseconds_200_firms_40_years": ("ms", N_("200 firms for 40 years"), N_("about 20"), 20.0),
    "ties_per_firm": (N_("ties/firm"), N_("ties of a firm"), N_("about 10"), None),
    "firm_quarters_per_second_100k": ("1/s", N_("firm-quarters a second, 100,000 firms"), N_("3 million on two cores"), 3e6),
    "bytes_per_firm": (N_("bytes/firm"), N_("memory of a firm"), N_("1,536 at most, ties included"), 1536.0),
    "gigabytes_million_firms": ("GiB", N_("memory of a million firms"), N_("4 at most"), 4.0),
    "sweep_efficiency": (N_("share"), N_("speed of replicates side by side"), N_("0.9 times the threads"), 0.9),
    "ratio_to_reference": (N_("times"), N_("speed over that of the plain Mesa model"), N_("100 times"), 100.0),
    "bandwidth_share": (N_("share"), N_("time at the memory's bandwidth over time taken"), "", None),
}


def place(clusters: int, firms: int = 200) -> Scenario:
    """Return a scenario of equal clusters with about ten ties per firm and a stable number of firms."""
    specs = tuple(
        ClusterSpec(name=f"c{k}", tractors=max(1, firms // 33), smes=firms - max(1, firms // 33), trust=0.4, radius_km=20)
        for k in range(clusters)
    )
    parameters = {"meeting": {"attention": 4.5}, "linkage": {"forget": 0.035}}
    return Scenario(title="benchmark", place=Place(clusters=specs), parameters=parameters)


def best(work: Callable[[], float], repeats: int) -> float:
    """Return the largest of several measured rates."""
    return max(work() for _ in range(repeats))


def small() -> tuple[float, float, float]:
    """Return firm-quarters a second on one core, milliseconds for 160 quarters, and ties per firm, at 200 firms."""
    taken, rates, ties = [], [], 0.0
    for _repeat in range(5):
        simulation = Simulation(place(1), workers=1)
        begin = time.perf_counter()
        firms = simulation.advance(160).indicators[:, 0, FIRMS].sum()
        taken.append(time.perf_counter() - begin)
        rates.append(firms / taken[-1])
        cluster = simulation.state.clusters[0]
        ties = 2.0 * cluster.tie_count / cluster.firm_count
    return max(rates), 1e3 * min(taken), ties


def large(clusters: int, quarters: int, workers: int | None) -> tuple[float, float]:
    """Return firm-quarters a second and bytes per firm of one world of clusters of 200 firms."""
    simulation = Simulation(place(clusters), workers=workers)
    simulation.advance(20)

    def rate() -> float:
        begin = time.perf_counter()
        firms = simulation.advance(quarters).indicators[:, :, FIRMS].sum()
        return float(firms / (time.perf_counter() - begin))

    speed = best(rate, 3)
    state = simulation.state
    size = sum(a.nbytes for part in (state.actors, state.ties, state.meetings) for a in part) + state.clusters.nbytes
    return speed, size / float(state.clusters.firm_count.sum())


def sweep_efficiency(workers: int) -> float:
    """Return the throughput of replicates over `workers` threads, relative to `workers` times that of one thread."""

    def rate(threads: int) -> float:
        simulation = Simulation(place(1), replicates=range(32), workers=threads)
        begin = time.perf_counter()
        firms = simulation.advance(80).indicators[:, :, FIRMS].sum()
        return float(firms / (time.perf_counter() - begin))

    return best(lambda: rate(workers), 3) / (workers * best(lambda: rate(1), 3))


def reference_ratio() -> float | None:
    """Return kernel speed over the speed of the plain Mesa model of the same rules; None outside a source checkout."""
    tests = PACKAGE.parents[1] / "tests"
    if not (tests / "reference" / "model.py").exists():
        return None
    sys.path.insert(0, str(tests))
    try:
        from reference.model import ReferenceModel
    finally:
        sys.path.remove(str(tests))
    scenario, quarters = place(1), 3
    model = ReferenceModel(scenario, seed=1, replicate=0)
    begin = time.perf_counter()
    for _quarter in range(quarters):
        model.step()
    slow = time.perf_counter() - begin
    simulation = Simulation(scenario, seed=1, workers=1)
    simulation.advance(quarters)

    def rate() -> float:
        again = Simulation(scenario, seed=1, workers=1)
        start = time.perf_counter()
        again.advance(quarters)
        return 1.0 / (time.perf_counter() - start)

    return slow * best(rate, 5)


def bandwidth() -> float:
    """Return the memory bandwidth of one core in bytes a second (triad on arrays larger than the caches)."""
    a, b, c = (np.ones(16_000_000) for _ in range(3))

    def rate() -> float:
        begin = time.perf_counter()
        np.multiply(c, 3.0, out=a)
        np.add(a, b, out=a)
        return 5.0 * a.nbytes / (time.perf_counter() - begin)

    return best(rate, 4)


def bytes_moved(mechanism: str, ties_per_firm: float) -> float:
    """Return the bytes per firm that a mechanism must read or write at least once: the columns that its source names."""
    from clustersim.model.state import ACTORS, TIES

    tree = ast.parse((PACKAGE / "model" / "mechanisms" / f"{mechanism}.py").read_text(encoding="utf-8"))
    used = {(n.value.id, n.attr) for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)}
    actor = sum(np.dtype(v.dtype).itemsize for name, v in ACTORS.items() if ("actors", name) in used)
    tie = sum(np.dtype(v.dtype).itemsize for name, v in TIES.items() if ("ties", name) in used)
    return actor + tie * ties_per_firm / 2.0


def by_mechanism() -> dict[str, Any]:
    """Return nanoseconds per firm and share of the bandwidth bound for each mechanism, from a process of its own."""
    environment = {**os.environ, "CLUSTERSIM_ALL_ENTRIES": "1"}
    done = subprocess.run(
        [sys.executable, "-c", "from clustersim.studies.speed import time_mechanisms; time_mechanisms()"],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout))


def time_mechanisms(firms: int = 4000, quarters: int = 12) -> None:
    """Time every mechanism of one cluster too large for the caches and print the result as JSON."""
    from importlib import import_module

    kernels = {name: getattr(import_module(f"clustersim.model.mechanisms.{name}"), work) for name, work in MECHANISMS.items()}
    wanted = {name: list(inspect.signature(getattr(work, "py_func", work)).parameters) for name, work in kernels.items()}
    scenario = place(1, firms)
    simulation = Simulation(scenario.model_copy(update={"place": wide(scenario.place)}), workers=1)
    simulation.advance(20)
    spent = dict.fromkeys(MECHANISMS, 0.0)
    total = 0.0
    for q in range(quarters + 1):
        simulation.advance(1)
        s = simulation.state
        p, cluster = s.parameters[0], s.clusters[0]
        there = {
            "actors": s.actors, "ties": s.ties, "meetings": s.meetings, "cluster": cluster, "world": s.worlds[0],
            "programme": s.plan, "population": p.population, "inputs": p.market.inputs, "export_cost": p.market.export_cost,
            "certificate_cost": p.knowledge.certificate_cost,
        }  # fmt: skip
        for name, work in kernels.items():
            handed = [p[name] if argument == "p" else there[argument] for argument in wanted[name]]
            begin = time.perf_counter()
            work(*handed)
            spent[name] += (time.perf_counter() - begin) * (q > 0)  # the first quarter compiles
        total += cluster.firm_count * (q > 0)
    ties = 2.0 * cluster.tie_count / cluster.firm_count
    speed = bandwidth()
    table = {}
    for name in MECHANISMS:
        seconds = spent[name] / total
        table[name] = {"ns_per_firm": 1e9 * seconds, "bandwidth_share": bytes_moved(name, ties) / speed / seconds}
    whole = sum(spent.values()) / total
    table["quarter"] = {
        "ns_per_firm": 1e9 * whole,
        "bandwidth_share": sum(bytes_moved(name, ties) for name in MECHANISMS) / speed / whole,
    }
    print(json.dumps(table))


def wide(where: Place) -> Place:
    """Return the same place on a territory wide enough for its firms."""
    return Place(clusters=tuple(c.model_copy(update={"radius_km": 90.0}) for c in where.clusters))


def measure(progress: Callable[[str], object] | None = None) -> dict[str, Any]:
    """Measure speed and memory of the simulator on this machine; it takes some minutes.

    Parameters
    ----------
    progress : callable, optional
        Called with what is measured next, in the language in force.

    Returns
    -------
    dict
        ``results``: of each figure its name, meaning, value, unit, what it is measured against, and the ratio to that;
        ``mechanisms``: nanoseconds per firm and share of the bandwidth bound.
    """
    cores = min(2, processors())
    results: list[dict[str, Any]] = []

    def tell(text: str) -> None:
        if progress is not None:
            progress(text)

    def add(name: str, value: float | None) -> None:
        unit, meaning, reference, target = FIGURES[name]
        if value is not None:
            ratio = value / target if target else None
            results.append({
                "name": name, "meaning": meaning, "value": value, "unit": unit, "reference": reference, "ratio": ratio,
            })  # fmt: skip

    tell(_("one cluster of 200 firms"))
    large(2, 2, None)  # compiles
    speed, taken, ties = small()
    add("firm_quarters_per_second_200", speed)
    add("milliseconds_200_firms_40_years", taken)
    add("ties_per_firm", ties)
    tell(_("100,000 firms in 500 clusters"))
    speed, size = large(500, 8, cores)
    add("firm_quarters_per_second_100k", speed)
    add("bytes_per_firm", size)
    add("gigabytes_million_firms", size * 1e6 / 2**30)
    tell(_("replicates side by side"))
    add("sweep_efficiency", sweep_efficiency(cores))
    tell(_("the plain reference model"))
    add("ratio_to_reference", reference_ratio())
    tell(_("each mechanism, compiled to be called on its own"))
    mechanisms = by_mechanism()
    add("bandwidth_share", mechanisms["quarter"]["bandwidth_share"])
    return {"cores": cores, "results": results, "mechanisms": mechanisms}
