"""Gibrat's null model: firms and places that grow at random, whatever they do.

Yearly growth of log size has the mean, the spread and the persistence that the model shows, and nothing else: it depends on
neither size nor age nor partners (Gibrat 1931). Firms enter at the model's rate and leave by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from clustersim.core.words import N_
from clustersim.studies.validation.lab import Census, NoValue, Run
from clustersim.studies.validation.nulls.null import NO_SWITCH, Null, NullRun

FITTED_AT = (40, 44, 48)  # quarters of the three censuses that firms are fitted to: none that a pattern reads


@dataclass(frozen=True)
class Growth:
    """Moments of yearly growth in logs.

    Attributes
    ----------
    mean, spread, persistence : float
        Mean and standard deviation, and correlation with the year before.

    Examples
    --------
    >>> growth = Growth(0.02, 0.0, 0.0)
    >>> growth.series(np.array([100.0]), 9, np.random.default_rng(1))[[0, 4, 8], 0].round(1).tolist()
    [100.0, 102.0, 104.1]
    """

    mean: float
    spread: float
    persistence: float

    @classmethod
    def of(cls, jobs: np.ndarray) -> Growth:
        """Return the moments of places' jobs: an array (quarter, place), of which each year's first quarter is read.

        Years in which a place has no jobs are left out.
        """
        return cls.of_years(np.diff(np.log(np.where(jobs[::4] > 0, jobs[::4], np.nan)), axis=0))

    @classmethod
    def of_years(cls, growth: np.ndarray) -> Growth:
        """Return the moments of yearly growth: an array (year, unit), with NaN where it is unknown."""
        known = growth[np.isfinite(growth)]
        mean, spread = (float(known.mean()), float(known.std())) if known.size else (0.0, 0.0)
        pairs = (growth[1:] - mean) * (growth[:-1] - mean)
        pairs = pairs[np.isfinite(pairs)]
        persistence = float(pairs.mean()) / spread**2 if pairs.size and spread > 0 else 0.0
        return cls(mean, spread, float(np.clip(persistence, -0.99, 0.99)))

    def first(self, number: int, rng: np.random.Generator) -> np.ndarray:
        """Return the growth of a first year."""
        return self.mean + self.spread * rng.standard_normal(number)

    def next(self, growth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return the growth of the year after one with this growth."""
        new = self.spread * np.sqrt(1.0 - self.persistence**2) * rng.standard_normal(growth.size)
        return self.mean + self.persistence * (growth - self.mean) + new

    def series(self, jobs: np.ndarray, quarters: int, rng: np.random.Generator) -> np.ndarray:
        """Return the jobs of places that begin with `jobs`: an array (quarter, place); within a year growth is even."""
        years = -(-(quarters - 1) // 4)
        growth = [self.first(jobs.size, rng)]
        for _year in range(1, years):
            growth.append(self.next(growth[-1], rng))
        logs = np.concatenate([np.zeros((1, jobs.size)), np.cumsum(np.repeat(growth, 4, axis=0) / 4.0, axis=0)])
        return np.asarray(jobs * np.exp(logs[:quarters]))


@dataclass(frozen=True)
class Demography:
    """Random growth of firms, entry and exit.

    Attributes
    ----------
    growth : Growth
        Of a firm's employees.
    entrants, size, spread : float
        Entrants per place and year, and mean and standard deviation of their log employees.
    leaving : float
        Chance to leave in a year, for every firm.
    """

    growth: Growth
    entrants: float
    size: float
    spread: float
    leaving: float

    @classmethod
    def of(cls, censuses: list[Census], places: int) -> Demography:
        """Return what censuses a year apart show."""
        tables = [dict(zip(zip(c.world.tolist(), c.uid.tolist(), strict=True), c.employees, strict=True)) for c in censuses]
        logs = np.array([[np.log(table.get(firm, np.nan)) for firm in tables[0]] for table in tables])
        new = [np.log(now[firm]) for was, now in pairwise(tables) for firm in now.keys() - was.keys()]
        stayed = [len(was.keys() & now.keys()) / len(was) for was, now in pairwise(tables)]
        return cls(
            Growth.of_years(np.diff(logs, axis=0)), len(new) / (places * (len(tables) - 1)),
            float(np.mean(new)) if new else 0.0, float(np.std(new)) if new else 0.0, 1.0 - float(np.mean(stayed)),
        )  # fmt: skip

    def grown(self, start: Census, years: int, places: int, rng: np.random.Generator) -> list[Census]:
        """Return the firms at the start, and after each of the years."""
        world, born, logs = start.world, start.born, np.log(start.employees)
        growth, uid = self.growth.first(logs.size, rng), np.arange(logs.size)
        next_uid = logs.size
        found = [Census(world, uid, np.exp(logs), born)]
        for year in range(1, years + 1):
            logs, growth = logs + growth, self.growth.next(growth, rng)
            stays = rng.random(logs.size) >= self.leaving
            new = np.repeat(np.arange(places), rng.poisson(self.entrants, places))
            world, born = np.append(world[stays], new), np.append(born[stays], np.full(new.size, 4 * year))
            logs = np.append(logs[stays], self.size + self.spread * rng.standard_normal(new.size))
            growth = np.append(growth[stays], self.growth.first(new.size, rng))
            uid = np.append(uid[stays], next_uid + np.arange(new.size))
            next_uid += new.size
            found.append(Census(world, uid, np.exp(logs), born))
        return found


class Gibrat(Null):
    """Random growth of firms and places, as those of a variation grow; it answers to no policy and no shock."""

    id = "gibrat"
    name = N_("Gibrat: random growth")

    def run(self, *, off: Any = None, programme: Any = None, shocks: Any = (), government: Any = None, **place: Any) -> Run:
        if programme or shocks or government:
            raise NoValue(NO_SWITCH)
        jobs = self.lab.run(off=off, **place)["employment"]  # fitted to each variation by itself: kinder than it need be
        rng = np.random.default_rng([self.seed, 1])
        return NullRun({"employment": Growth.of(jobs).series(jobs[0].astype(float), jobs.shape[0], rng)})

    def census(self, *quarters: int, off: Any = None, **variation: Any) -> list[Census]:
        if off or variation.keys() & {"programme", "shocks", "government"}:
            raise NoValue(NO_SWITCH)
        start, *fitted = self.lab.census(0, *FITTED_AT, **variation)
        found = Demography.of(fitted, self.replicates).grown(
            start, max(quarters) // 4, self.replicates, np.random.default_rng([self.seed, 2])
        )
        return [found[quarter // 4] for quarter in quarters]
