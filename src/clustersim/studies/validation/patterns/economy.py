"""Patterns of knowledge, market and demography: P08, P09, P10, P11, P18."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from scipy import stats

from clustersim.core.words import N_
from clustersim.model.state import ACQUAINTANCE, FREE
from clustersim.simulation.engine import Simulation
from clustersim.studies.validation.lab import Laboratory, Values, bootstrap
from clustersim.studies.validation.pattern import Estimate, Pattern

SHIFT = {"kind": "technology", "year": 20, "size": 0.25}


def dominant_buyer(lab: Laboratory, off: Values) -> Estimate:
    """P08: pull of tractor firms on suppliers' sales and quality, and the squeeze by a single buyer: the weakest of three."""
    years_20_to_25 = slice(80, 100)
    sales, quality, squeezed = {}, {}, {}
    for tractors, size in ((0, 320.0), (4, 320.0)):
        run = lab.run(trust=0.42, tractors=tractors, years=25, off={"population.tractor_size": size, **off})
        sales[tractors], quality[tractors] = (run[x][years_20_to_25].mean(axis=0) for x in ("supplier_sales", "quality"))
    for tractors, size in ((1, 1280.0), (8, 160.0)):
        simulation = lab.simulation(trust=0.42, tractors=tractors, years=25, off={"population.tractor_size": size, **off})
        simulation.advance(99)
        squeezed[tractors] = lost_in_bargaining(simulation, lab.replicates)

    def weakest(who: np.ndarray) -> float:
        pull = float(np.log(sales[4][who].mean() / sales[0][who].mean()))
        lift = float((quality[4] - quality[0])[who].mean())
        return min(pull / 0.5, lift / 0.005, float((squeezed[1] - squeezed[8])[who].mean()) / 0.002)

    return bootstrap(weakest, lab.replicates)


def lost_in_bargaining(simulation: Simulation, replicates: int) -> np.ndarray:
    """Go on by a quarter; return for each replicate the share of list prices that buyers of the place need not pay.

    What trade at arm's length costs suppliers beside the price is no bargain, and left out. Nobody leaves in this quarter: the
    list price of a tie goes with the firm, while what was paid is still counted.
    """
    leaving = simulation._state.parameters.demography  # `change` refuses the sizes of tractor firms of this laboratory
    usual = {name: leaving[name].copy() for name in ("closure", "patience")}
    leaving["closure"], leaving["patience"] = 0.0, np.inf
    simulation.advance(1)
    for name, values in usual.items():
        leaving[name] = values
    actors, ties = simulation.state.actors, simulation.state.ties
    traded = np.flatnonzero((ties.value > 0) & (ties.level >= ACQUAINTANCE))  # a row that is no longer used keeps its value
    a_sells = actors.segment[ties.a[traded]] < actors.segment[ties.b[traded]]
    listed = np.bincount(np.where(a_sells, ties.b[traded], ties.a[traded]), ties.value[traded], actors.uid.size)
    rows = np.flatnonzero((listed > 0) & (actors.kind != FREE))
    world = np.searchsorted(simulation.state.clusters["first"], rows, side="right") - 1
    saved, asked = (np.bincount(world, values[rows], replicates) for values in (listed - actors.purchases, listed))
    return saved / np.maximum(asked, 1e-9)


def lock_in(lab: Laboratory, off: Values) -> Estimate:
    """P09: relative fall of innovation from years 2-7 to years 40-60 in closed dense places, minus that in open ones."""
    fall = []
    for rate in (0.0, 0.04):
        innovation = lab.run(trust=0.5, years=60, off={**off, "meeting.pipeline_rate": rate})["innovations"]
        fall.append(1.0 - innovation[160:].mean(axis=0) / innovation[8:28].mean(axis=0))
    return bootstrap(lambda who: float((fall[0] - fall[1])[who].mean()), lab.replicates)


def transformation(lab: Laboratory, off: Values) -> Estimate:
    """P10: what open, diverse, visionary and redesigned places keep beyond others after a technology shift: least of four."""
    workshops = {"announced": 10, "stages": [
        {"name": "vision", "quarters": 120, "instruments": ({"use": "consensus_workshops", "per_year": 160.0},)}]}  # fmt: skip
    anew: tuple[dict[str, Any], ...] = (
        {"use": "facilitator", "per_year": 160.0}, {"use": "consensus_workshops", "per_year": 80.0},
        {"use": "association_founding", "per_year": 60.0}, {"use": "association_grant", "per_year": 100.0},
        {"use": "project_cofinance", "per_year": 150.0}, {"use": "joint_rd_grant", "per_year": 200.0},
    )  # fmt: skip
    redesign = {"announced": 22, "stages": [{"name": "redesign", "quarters": 32, "instruments": anew}]}

    def kept(**variation: Any) -> np.ndarray:
        """Return jobs 20 years after the shift over jobs before it, relative to the same without a shift."""
        values = {**variation.pop("values", {}), **off}
        hit, calm = (lab.run(trust=0.45, off=values, shocks=shocks, **variation)["employment"] for shocks in ((SHIFT,), ()))
        return np.asarray((hit[159] / hit[79]) / (calm[159] / calm[79]))

    usual = kept()
    gains = (
        kept(values={"meeting.pipeline_rate": 0.04}) - kept(values={"meeting.pipeline_rate": 0.0}),
        kept(values={"population.technology_spread": 0.20}) - kept(values={"population.technology_spread": 0.03}),
        kept(programme=workshops) - usual,
        kept(programme=redesign) - usual,
    )
    return bootstrap(lambda who: min(float(gain[who].mean()) for gain in gains), lab.replicates)


def complacency(lab: Laboratory, off: Values) -> Estimate:
    """P11: search effort of the start minus after 30 years of success."""
    search = lab.run(trust=0.5, tractors=5, off=off)["search"]
    return bootstrap(lambda who: float(np.median((search[0] - search[119])[who])), lab.replicates)


def demography(lab: Laboratory, off: Values) -> Estimate:
    """P18: the weakest of three ratios to what data show (see the pattern's statistic)."""
    now, later = lab.census(100, 104, trust=0.36, off=off, years=30)
    world, size, born = now.world, now.employees, now.born
    after = dict(zip(zip(later.world, later.uid, strict=True), later.employees, strict=True))
    then = np.array([after.get(firm, np.nan) for firm in zip(world, now.uid, strict=True)])
    gone, growth = np.isnan(then), np.log(then / size)
    small, old = size < np.median(size), born < np.median(born)

    def weakest(who: np.ndarray) -> float:
        weight = np.bincount(who, minlength=lab.replicates)[world].astype(float)
        skewed = np.average(size, weights=weight) / np.median(np.repeat(size, weight.astype(int))) / 1.5
        stayed = np.repeat(growth[~gone], weight[~gone].astype(int))
        heavy = stats.kurtosis(stayed, fisher=False) / 3.6
        exits = [np.average(gone[g], weights=weight[g]) for g in (small, ~small, ~old, old)]
        return float(min(skewed, heavy, exits[0] / exits[1] / 1.3, exits[2] / exits[3] / 1.1))

    return bootstrap(weakest, lab.replicates, draws=100)


PATTERNS = (
    Pattern(
        "P08",
        N_("Tractor firms pull suppliers' sales and quality; where one buyer dominates, bargaining costs suppliers margin"),
        N_(
            "The smallest of: log sales of suppliers with four tractor firms over without / 0.5; quality of firms with minus "
            "without / 0.005; price cut on local contracts with one large buyer minus with eight small ones / 0.002"
        ),
        N_("The same SMEs in all; one large buyer has as many jobs as eight small ones, so that only their number differs."),
        1.0,
        dominant_buyer,
        {"market.surplus": 0.0},
        N_("bargaining over the surplus of a contract"),
        date(2026, 11, 20),
        N_("Each part is divided by what the authors took for a clear effect; not taken from data."),
        only_channel=True,
    ),
    Pattern(
        "P09",
        N_("Dense ties closed to the outside lower innovation in the end; outside links prevent that"),
        N_("Relative fall of innovations per firm from years 2-7 to years 40-60: closed places minus open ones"),
        N_("The same dense place, with and without outside links."),
        0.005,
        lock_in,
        {"knowledge.imitation": 0.0, "knowledge.learning": 0.0},
        N_("imitation and learning from partners"),
        date(2026, 11, 20),
        N_("Half a percent of innovations: small, so that any clear effect passes; not taken from data."),
    ),
    Pattern(
        "P10",
        N_("After a technology shift open, diverse, visionary and redesigned clusters keep more"),
        N_(
            "Jobs kept 20 years after a shift (relative to the same place without a shift), the smallest of four differences: "
            "many outside links minus none; technologies spread widely minus narrowly; with consensus workshops minus without; "
            "redesigned after the shift minus not"
        ),
        N_("Each pair of places differs in one respect, and each place is compared with itself without the shift."),
        0.002,
        transformation,
        {"knowledge.window": 0.0, "knowledge.imitation": 0.0, "joint_action.turnaround": 0.0},
        N_("windows on the market, imitation of partners that do better, and joint R&D toward the market's technology"),
        date(2026, 11, 20),
        N_("Two jobs in a thousand for the weakest of four ways: small, so that any clear effect passes; not taken from data."),
    ),
    Pattern(
        "P11",
        N_("Long success lowers search"),
        N_("Median fall of search effort over 30 years in a successful place"),
        N_("Search follows felt margins only."),
        0.05,
        complacency,
        {"complacency.speed": 0.0},
        N_("adaptation of search to felt margins"),
        date(2026, 11, 20),
        N_("A twentieth of full search effort."),
        only_channel=True,
        retired=True,
        retired_why=N_("It repeats one equation of the model: search follows the felt margin."),
    ),
    Pattern(
        "P18",
        N_("Firm demography looks like real data"),
        N_(
            "The smallest of: mean over median employment / 1.5; kurtosis of yearly growth / 3.6; exit rate of the smaller half "
            "over the larger / 1.3; of the younger half over the older / 1.1"
        ),
        N_(
            "Each ratio is 1 at a lenient bound below what firm registers show (from memory: Cabral & Mata 2003; Stanley et al. "
            "1996; Dunne, Roberts & Samuelson 1989)."
        ),
        1.0,
        demography,
        {"demography.closure_age": 0.0},
        N_("hazards that fall with age; they still fall with size, and firms without cash close"),
        date(2026, 11, 20),
        N_("Each part is scaled so that 1 is a lenient bound below what registers show."),
    ),
)
