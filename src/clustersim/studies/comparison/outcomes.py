"""Outcomes of one replicate, and its yearly series: what a comparison keeps of a run, computed from indicators and last state.

All clusters of a place count together: persons, firms and money are added, means are weighted by firms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clustersim.core.words import N_
from clustersim.model.indicators import INDICATORS
from clustersim.model.sizes import BOUNDS, CLASSES
from clustersim.model.state import PHASES, TRACTOR
from clustersim.results.reading import live_firms
from clustersim.results.summary import MILESTONES
from clustersim.studies.comparison.improved import IMPROVED_FROM

Array = NDArray[Any]
COLUMN = {name: k for k, name in enumerate(INDICATORS)}
HORIZONS = (10, 20, 40)  # years within which a phase is asked to be reached
REACHED = ("development", "maturity")
SIZES = tuple(zip(CLASSES, (0.0, *BOUNDS), (*BOUNDS, np.inf), strict=True))

# Yearly series: sums over clusters (flows as amounts a year), and means weighted by firms.
LEVELS = ("firms", "tractors", "micro", "small", "medium", "large", "employment", "members", "projects_running")
FLOWS = ("sales", "exports", "value_added", "public_spending", "private_cofinance", "projects_succeeded", "entries", "exits")
MEANS = ("trust", "linked_share", "vision", "belief", "knowledge", "innovations", "wage", "formal")
CHANCE = "jobs_chance"  # variance that chance gives a world's mean difference in jobs to the baseline
CHAIN = ("trust", "linked_share", "vision", "projects_succeeded", "knowledge", "employment")


@dataclass(frozen=True, slots=True)
class Outcome:
    """A number that one replicate leaves: name, unit, meaning, and which direction is better (1, -1, or 0 for neither)."""

    label: str
    unit: str
    doc: str
    better: int = 1


JOBS, LAST = "jobs", "mean of the last year"
SAME = "last quarter; smaller employment of a firm alive in this option and in the baseline, if its value added per person"
LEAST_SHARE = f"{100.0 * IMPROVED_FROM.default:g} %"
FIRST = "years until {phase} is first reached; the horizon where it is not, so that every run counts"
WITHIN = "1 where {phase} is reached in the first {years} years; several clusters: their share"

OUTCOMES: dict[str, Outcome] = {
    "jobs": Outcome(N_("Jobs at the end"), JOBS, f"employees of all firms, {LAST}"),
    "job_years": Outcome(N_("Job-years, discounted"), "person-years", "employees summed over time, discounted to the start"),
    "firms": Outcome(N_("Firms"), "firms", f"firms alive, {LAST}"),
    "sales": Outcome(N_("Sales"), "kUSD/year", "sum over firms in the last year"),
    "exports": Outcome(N_("Exports"), "kUSD/year", "sum over firms in the last year"),
    "displaced": Outcome(N_("Jobs displaced elsewhere, at most"), JOBS,
                         f"jobs of outside firms whose home orders the cluster holds beyond its first share, {LAST}", 0),
    "productivity": Outcome(N_("Productivity"), "kUSD/person/year", "value added over employment, last year"),
    "wage": Outcome(N_("Wage cost per employee"), "kUSD/person/year", "mean of the last year, weighted by firms"),
    "association": Outcome(N_("Association alive at the end"), "share",
                           "1 where an association exists in the last quarter; several clusters: their share"),
    "association_years": Outcome(N_("Years with an association"), "years",
                                 "years of the horizon in which an association existed"),
    "projects": Outcome(N_("Joint projects that succeeded"), "projects", "over the whole horizon"),
    "public_cost": Outcome(N_("Public money, discounted"), "kUSD", "public money paid, discounted to the start", -1),
    "public_paid": Outcome(N_("Public money, not discounted"), "kUSD", "public money paid", -1),
    "private_cost": Outcome(N_("Private co-finance, discounted"), "kUSD",
                            "private money beside public money and into joint projects, discounted to the start", 0),
    "years_to_development": Outcome(N_("Years to development"), "years", FIRST.format(phase="development"), -1),
    "development_within_10": Outcome(N_("Reaches development within 10 years"), "share",
                                     WITHIN.format(phase="development", years=10)),
    "development_within_20": Outcome(N_("Reaches development within 20 years"), "share",
                                     WITHIN.format(phase="development", years=20)),
    "development_within_40": Outcome(N_("Reaches development within 40 years"), "share",
                                     WITHIN.format(phase="development", years=40)),
    "years_to_maturity": Outcome(N_("Years to maturity"), "years", FIRST.format(phase="maturity"), -1),
    "maturity_within_10": Outcome(N_("Reaches maturity within 10 years"), "share", WITHIN.format(phase="maturity", years=10)),
    "maturity_within_20": Outcome(N_("Reaches maturity within 20 years"), "share", WITHIN.format(phase="maturity", years=20)),
    "maturity_within_40": Outcome(N_("Reaches maturity within 40 years"), "share", WITHIN.format(phase="maturity", years=40)),
    "jobs_tractors": Outcome(N_("Jobs in tractor firms"), JOBS, "last quarter; kind tractor"),
    "jobs_micro": Outcome(N_("Jobs in micro SMEs (<10)"), JOBS, "last quarter; other firms with fewer than 10 employees"),
    "jobs_small": Outcome(N_("Jobs in small SMEs (10–49)"), JOBS,
                          "last quarter; other firms with 10 to fewer than 50 employees"),
    "jobs_medium": Outcome(N_("Jobs in medium SMEs (50–249)"), JOBS,
                           "last quarter; other firms with 50 to fewer than 250 employees"),
    "jobs_large": Outcome(N_("Jobs in firms grown beyond SME size (≥250)"), JOBS,
                          "last quarter; other firms with 250 employees or more"),
    "jobs_new": Outcome(N_("Jobs in firms founded since the start"), JOBS, "last quarter; of any kind, born after the start"),
    "jobs_members": Outcome(N_("Jobs in members of the association"), JOBS, "last quarter; firms that are members"),
    "jobs_outside": Outcome(N_("Jobs in firms outside the association"), JOBS, "last quarter; firms that are not members"),
    "improved": Outcome(N_("Jobs improved (value added per person up 10 % or more)"), JOBS,
                        f"{SAME} is at least {LEAST_SHARE} above that in the baseline"),
    "worsened": Outcome(N_("Jobs worsened (down 10 % or more)"), JOBS,
                        f"{SAME} is at least {LEAST_SHARE} below that in the baseline", -1),
    "improved_net": Outcome(N_("Jobs improved less jobs worsened"), JOBS,
                            "what the option does: chance alone makes about as many of the one as of the other"),
}  # fmt: skip
PAIRED = ("improved", "worsened", "improved_net")  # need the same firms in the baseline
WHO = tuple(name for name in OUTCOMES if name.startswith("jobs_"))
YEARLY: dict[str, str] = {
    **{name: INDICATORS[name].unit for name in LEVELS},
    **{name: INDICATORS[name].unit.replace("quarter", "year") for name in FLOWS},
    **{name: INDICATORS[name].unit.replace("quarter", "year") for name in MEANS},
    "productivity": "kUSD/person/year",
    **{f"in_{phase}": "share" for phase in PHASES},
}


def outcomes_for(quarters: int, paired: bool) -> list[str]:
    """Return the outcomes that a horizon and the pairing allow: no share "within 20 years" where only 10 are run."""
    found = [name for name in OUTCOMES if "_within_" not in name or 4 * int(name.rpartition("_")[2]) <= quarters]
    return [name for name in found if paired or name not in PAIRED]


def discounting(quarters: int, rate: float) -> Array:
    """Return the factor of each quarter at a yearly rate, counted from the start to the middle of the quarter."""
    return (1.0 + rate) ** (-(np.arange(quarters) + 0.5) / 4.0)


def added(values: Array) -> Array:
    """Return the sum over quarters, always in the same order: a replicate's sums do not depend on those beside it."""
    total: Array = np.add.accumulate(values, axis=0)[-1]
    return total


class Batch:
    """Some replicates of one option: indicators (quarter, replicate, cluster, indicator), read in several ways.

    Parameters
    ----------
    indicators : array
        (quarter, replicate and cluster, indicator), as `Simulation.run` returns it.
    replicates : int
        How many replicates.
    """

    def __init__(self, indicators: Array, replicates: int) -> None:
        quarters, owners, count = indicators.shape
        self.values = indicators.reshape(quarters, replicates, owners // replicates, count)
        self.quarters = quarters
        ends = np.append(np.arange(4, quarters, 4), quarters)
        self.years = [slice(4 * k, int(end)) for k, end in enumerate(ends)]

    def each(self, name: str) -> Array:
        """Return an indicator (quarter, replicate, cluster)."""
        return self.values[..., COLUMN[name]]

    def total(self, name: str) -> Array:
        """Return the sum over clusters (quarter, replicate)."""
        return self.each(name).sum(axis=2)

    def mean(self, name: str) -> Array:
        """Return the mean over clusters, weighted by firms (quarter, replicate); 0 where there are none."""
        weight = self.each("firms")
        return (self.each(name) * weight).sum(axis=2) / np.maximum(weight.sum(axis=2), 1e-12)

    def yearly(self) -> dict[str, Array]:
        """Return the yearly series (replicate, year): flows as amounts a year, levels as means, phases at the year's end."""
        found = {name: self._by_year(self.total(name)) for name in LEVELS}
        found |= {name: 4.0 * self._by_year(self.total(name)) for name in FLOWS}
        for name in MEANS:
            per = 4.0 if "quarter" in INDICATORS[name].unit else 1.0
            found[name] = per * self._by_year(self.mean(name))
        found["productivity"] = found["value_added"] / np.maximum(found["employment"], 1e-12)
        phases = np.stack([self.each("phase")[year.stop - 1] for year in self.years])
        for code, phase in enumerate(PHASES):
            found[f"in_{phase}"] = (phases == code).mean(axis=2).T
        return found

    def _by_year(self, values: Array) -> Array:
        return np.stack([values[year].mean(axis=0) for year in self.years], axis=1)

    def outcomes(self, yearly: dict[str, Array], firms: dict[str, Array], rate: float) -> dict[str, Array]:
        """Return each outcome (replicate); `firms` holds those that are read off the firms at the end."""
        factor = discounting(self.quarters, rate)[:, None]
        last = {name: values[:, -1] for name, values in yearly.items()}
        formal = self.each("formal")
        found = {
            "jobs": last["employment"],
            "job_years": added(self.total("employment") / 4.0 * factor),
            **{name: last[name] for name in ("firms", "sales", "exports", "productivity", "wage")},
            "displaced": self._by_year(self.total("displaced"))[:, -1],
            "association": formal[-1].mean(axis=1),
            "association_years": formal.mean(axis=2).sum(axis=0) / 4.0,
            "projects": added(self.total("projects_succeeded")),
            "public_cost": added(self.total("public_spending") * factor),
            "public_paid": added(self.total("public_spending")),
            "private_cost": added(self.total("private_cofinance") * factor),
        }
        for name in REACHED:
            there = np.maximum.accumulate(np.isin(self.each("phase").astype(int), MILESTONES[name]), axis=0)
            found[f"years_to_{name}"] = ((~there).sum(axis=0) / 4.0).mean(axis=1)
            for years in HORIZONS:
                if 4 * years <= self.quarters:
                    found[f"{name}_within_{years}"] = there[4 * years - 1].mean(axis=1)
        found |= firms
        return {name: found[name] for name in OUTCOMES if name in found}


def jobs_by_group(state: Any, replicates: int) -> dict[str, Array]:
    """Return the jobs of each group of firms in a state (replicate): who they work for at the end."""
    rows, owner = live_firms(state)
    actors = state.actors
    world = state.clusters.world[owner]
    jobs = actors.employees[rows]
    tractor = actors.kind[rows] == TRACTOR
    member = actors.member[rows] == 1

    def add(chosen: Array) -> Array:
        return np.bincount(world[chosen], jobs[chosen], minlength=replicates)

    found = {"jobs_tractors": add(tractor)}
    found |= {f"jobs_{name}": add(~tractor & (jobs >= low) & (jobs < high)) for name, low, high in SIZES}
    return found | {"jobs_new": add(actors.born[rows] >= 0), "jobs_members": add(member), "jobs_outside": add(~member)}
