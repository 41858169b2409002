"""Patterns of knowledge, market and demography: P08, P09, P10, P11, P18."""

from __future__ import annotations

from typing import Any

import numpy as np

from clustersim.analysis.lab import Laboratory, Values, bootstrap
from clustersim.analysis.pattern import Estimate, Pattern
from clustersim.state import SME, TRACTOR

PRICE_RANGE = 0.25  # widest range of prices that bargaining can reach, with a margin
SHIFT = {"kind": "technology", "year": 20, "size": 0.25}


def dominant_buyer(lab: Laboratory, off: Values) -> Estimate:
    """P08: price cut (share of list price) that SMEs grant on contracts where they depend most on one buyer, minus least."""
    simulation = lab.simulation(trust=0.42, tractors=4, off=off, years=25)
    simulation.advance(100)
    actors, ties, clusters = simulation.state.actors, simulation.state.ties, simulation.state.clusters
    traded = np.flatnonzero(ties.value > 0)
    a_sells = actors.segment[ties.a[traded]] < actors.segment[ties.b[traded]]
    seller = np.where(a_sells, ties.a[traded], ties.b[traded])
    listed = np.bincount(seller, ties.value[traded], actors.uid.size)
    rows = np.flatnonzero((listed > 0) & (actors.kind == SME))
    cut = 1.0 - actors.trade[rows] / listed[rows]
    whole = np.abs(cut) <= 0.5 * PRICE_RANGE  # all contracts are still listed: no buyer left in this quarter
    rows, cut = rows[whole], cut[whole]
    dependence = actors.dependence[rows]
    world = np.searchsorted(clusters["first"], rows, side="right") - 1
    high, low = dependence >= np.quantile(dependence, 0.8), dependence <= np.quantile(dependence, 0.2)

    def by_world(which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return (
            np.bincount(world[which], cut[which], lab.replicates), np.bincount(world[which], minlength=lab.replicates),
        )  # fmt: skip

    (high_sum, high_count), (low_sum, low_count) = by_world(high), by_world(low)
    return bootstrap(
        lambda who: float(high_sum[who].sum() / high_count[who].sum() - low_sum[who].sum() / low_count[who].sum()),
        lab.replicates,
    )


def lock_in(lab: Laboratory, off: Values) -> Estimate:
    """P09: relative fall of innovation from years 2-7 to years 40-60 in closed dense places, minus that in open ones."""
    fall = []
    for rate in (0.0, 0.04):
        # Search is held constant: open places succeed more and grow complacent (P11), which is another pattern.
        run = lab.run(trust=0.5, years=60, off={**off, "meeting.pipeline_rate": rate, "complacency.speed": 0.0})
        innovation = run["innovations"]
        fall.append(1.0 - innovation[160:].mean(axis=0) / innovation[8:28].mean(axis=0))
    return bootstrap(lambda who: float((fall[0] - fall[1])[who].mean()), lab.replicates)


def transformation(lab: Laboratory, off: Values) -> Estimate:
    """P10: employment 20 years after a technology shift over before, open minus closed places."""
    kept = []
    for rate in (0.04, 0.0):
        jobs = lab.run(trust=0.45, shocks=(SHIFT,), off={**off, "meeting.pipeline_rate": rate})["employment"]
        kept.append(jobs[159] / jobs[79])
    return bootstrap(lambda who: float((kept[0] - kept[1])[who].mean()), lab.replicates)


def complacency(lab: Laboratory, off: Values) -> Estimate:
    """P11: search effort of the start minus after 30 years of success."""
    search = lab.run(trust=0.5, tractors=5, off=off)["search"]
    return bootstrap(lambda who: float(np.median((search[0] - search[119])[who])), lab.replicates)


def demography(lab: Laboratory, off: Values) -> Estimate:
    """P18: the weakest of three ratios to what data show (see the pattern's statistic)."""
    simulation = lab.simulation(trust=0.36, off=off, years=30)
    simulation.advance(100)
    before = _firms(simulation, lab.replicates)
    simulation.advance(4)
    after = {(w, u): e for w, u, e, _ in zip(*_firms(simulation, lab.replicates), strict=True)}
    world, uid, size, born = before
    then = np.array([after.get((w, u), np.nan) for w, u in zip(world, uid, strict=True)])
    gone, growth = np.isnan(then), np.log(then / size)
    small, old = size < np.median(size), born < np.median(born)

    def weakest(who: np.ndarray) -> float:
        weight = np.bincount(who, minlength=lab.replicates)[world].astype(float)
        skewed = np.average(size, weights=weight) / np.median(np.repeat(size, weight.astype(int))) / 1.5
        stayed = np.repeat(growth[~gone], weight[~gone].astype(int))
        middle = stayed - stayed.mean()
        heavy = (middle**4).mean() / (middle**2).mean() ** 2 / 3.6
        exits = [np.average(gone[g], weights=weight[g]) for g in (small, ~small, ~old, old)]
        return float(min(skewed, heavy, exits[0] / exits[1] / 1.3, exits[2] / exits[3] / 1.1))

    return bootstrap(weakest, lab.replicates, draws=100)


def _firms(simulation: Any, replicates: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return replicate, identity, employees and birth quarter of all live firms."""
    actors, clusters = simulation.state.actors, simulation.state.clusters
    rows = np.flatnonzero(actors.kind >= TRACTOR)
    world = np.searchsorted(clusters["first"], rows, side="right") - 1
    return world, actors.uid[rows], actors.employees[rows].copy(), actors.born[rows].copy()


PATTERNS = (
    Pattern(
        "P08", "Where one buyer dominates, its suppliers get lower prices",
        "Price cut on local contracts: the fifth of SMEs that depend most on one buyer minus the fifth that depends least",
        "Prices follow from bargaining; nothing in the bargain names size or dominance.",
        0.003, dominant_buyer, {"market.surplus": 0.0}, "bargaining over the surplus of a contract",
    ),
    Pattern(
        "P09", "Dense ties closed to the outside lower innovation in the end; outside links prevent that",
        "Relative fall of innovations per firm from years 2-7 to years 40-60: closed places minus open ones",
        "The same dense place, with and without outside links; search effort is held constant, because open places succeed more "
        "and then search less (P11).",
        0.005, lock_in, {"knowledge.imitation": 0.0, "knowledge.learning": 0.0}, "imitation and learning from partners",
    ),
    Pattern(
        "P10", "After a technology shift open clusters keep more than closed ones",
        "Employment 20 years after the shift over employment before: open places minus closed ones",
        "The same shift, the same place, with and without outside links.",
        0.02, transformation, {"knowledge.diffusion": 0.0, "knowledge.imitation": 0.0, "knowledge.learning": 0.0},
        "learning, diffusion and imitation over ties",
    ),
    Pattern(
        "P11", "Long success lowers search",
        "Median fall of search effort over 30 years in a successful place",
        "Search follows felt margins only.",
        0.05, complacency, {"complacency.speed": 0.0}, "adaptation of search to felt margins",
    ),
    Pattern(
        "P18", "Firm demography looks like real data",
        "The smallest of: mean over median employment / 1.5; kurtosis of yearly growth / 3.6; exit rate of the smaller half "
        "over the larger / 1.3; of the younger half over the older / 1.1",
        "Each ratio is 1 at a lenient bound below what firm registers show (from memory: Cabral & Mata 2003; Stanley et al. "
        "1996; Dunne, Roberts & Samuelson 1989).",
        1.0, demography, {"demography.closure_age": 0.0, "demography.closure_size": 0.0}, "hazards that fall with age and size",
    ),
)  # fmt: skip
