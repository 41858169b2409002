"""Patterns of the life cycle: P19, P20, P22, P23, P24, P26.

What they ask for, and why, was written down before it was measured (docs/life_cycle_patterns.md).
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import numpy as np

from clustersim.core.words import N_
from clustersim.model.state import TRACTOR
from clustersim.scenario.model import ClusterSpec, Place
from clustersim.studies.validation.lab import PLACE, Laboratory, NoValue, Values, bootstrap
from clustersim.studies.validation.nulls.gibrat import Growth
from clustersim.studies.validation.pattern import Estimate, Pattern

# The mechanisms that are switched off, all in one place.
ALIKE = {"knowledge.imitation": 0.0, "knowledge.convergence": 0.0}  # what makes the technologies of a place alike
AGGLOMERATION = {"market.agglomeration": 0.0, "demography.startup_strength": 0.0}  # what makes a firm of a large place stronger
SPINOFFS = {"demography.spinoff_rate": 0.0}
HEREDITY = {"demography.spinoff_quality": 0.0, "demography.inheritance": 0.0}
STARTUPS = {"demography.startup_rate": 0.0, "demography.startup_floor": 0.0}
NEARNESS = {"demography.spinoff_spread": 3.0}  # spin-offs begin as far from their parents as a settler may from anybody
LEARNING = {"knowledge.learning": 0.0}

SEED: dict[str, Any] = {"tractors": 0, "smes": 5}
YEARS, PEAK_FROM, PEAK_TO = 80, 10, 60
RISE, FALL = 2.0, 0.8  # a hump's peak over the first year, and its end over the peak
WALKS = 10  # random walks for each place
BEFORE, ALIKE_JOBS, CASES_LEAST = 5, 0.25, 20  # years, log points, cases

TRUSTS, SHIFT_YEAR, FOLLOWED, BACK = (0.30, 0.36, 0.42), 20, 30, 0.95
SHIFT = {"kind": "technology", "year": SHIFT_YEAR, "size": 0.25}
REGIONS, REGION_YEARS = 10, 60
REGION: dict[str, Any] = {"tractors": 0, "smes": 12, "copies": REGIONS}
STAGE, SEEDS, STAGE_YEARS = "adoption", 12, 10  # the scenario's key for how far an industry's product has spread
YOUNG, MATURE = 0.05, 1.0
ENTRY_FROM, ENTRY_TO = 20, 40

FEW_FALLS = N_("too few places rise and fall beside places of the same size that do not")
NO_ENTRANTS = N_("too few firms came from outside, or from the place itself")

SET = date(2026, 11, 28)


def yearly(values: np.ndarray) -> np.ndarray:
    """Return means over the four quarters of each year of an array (quarter, place)."""
    return np.asarray(values, float).reshape(-1, 4, values.shape[1]).mean(axis=1)


def humps(jobs: np.ndarray) -> np.ndarray:
    """Return which places rise and fall, from yearly jobs (year, place).

    Examples
    --------
    >>> years = np.arange(80.0)
    >>> humps(np.stack([10 + 40 * np.exp(-(((years - 30) / 12) ** 2)), 10 + years], axis=1)).tolist()
    [True, False]
    """
    peak = jobs.argmax(axis=0)
    top = jobs.max(axis=0)
    return (peak >= PEAK_FROM) & (peak <= PEAK_TO) & (top >= RISE * jobs[0]) & (jobs[-1] < FALL * top)


def counted(jobs: np.ndarray) -> np.ndarray:
    """Return jobs with less than one counted as one, so that a place that dies has a growth rate."""
    return np.maximum(jobs, 1.0)


def walking_humps(jobs: np.ndarray, seed: int) -> float:
    """Return the share of humps among random walks that begin like these places, with their mean, spread and persistence."""
    growth = Growth.of_years(np.diff(np.log(jobs), axis=0))
    rng = np.random.default_rng([seed, 19])
    walks = growth.series(np.tile(jobs[0], WALKS), 4 * (len(jobs) - 1) + 1, rng)[::4]
    return float(humps(counted(walks)).mean())


def life_cycle(lab: Laboratory, off: Values) -> Estimate:
    """P19: humps beyond a random walk's, less the same without what makes firms alike; with `off`, beyond the walk's alone."""

    def beyond(values: Values) -> np.ndarray:
        jobs = counted(yearly(lab.run(years=YEARS, off=values, **SEED)["employment"]))
        return humps(jobs) - walking_humps(jobs, lab.seed)

    if off:
        alone = beyond(off)
        return bootstrap(lambda who: float(alone[who].mean()), lab.replicates)
    full, drift = beyond({}), beyond(ALIKE)
    return bootstrap(lambda who: float(full[who].mean() - max(drift[who].mean(), 0.0)), lab.replicates)


def sameness(jobs: np.ndarray, diversity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each place that rises and falls, and each place (columns): may it be compared with, and is it more diverse.

    Both arrays hold years and places. Places that end near their peak are compared with if they had about as many jobs, five
    years before the other's peak; a tie in diversity counts half.

    Examples
    --------
    >>> years = np.arange(80.0)
    >>> falls, stays = 10 + 40 * np.exp(-(((years - 30) / 12) ** 2)), np.minimum(10 + 1.2 * years, 48)
    >>> pairs, more = sameness(np.stack([falls, stays], axis=1), np.tile([0.02, 0.05], (80, 1)))
    >>> pairs.tolist(), more.tolist()
    ([[False, True]], [[0.5, 1.0]])
    """
    cases = np.flatnonzero(humps(jobs))
    stays = jobs[-1] >= FALL * jobs.max(axis=0)
    when = jobs[:, cases].argmax(axis=0) - BEFORE
    apart = np.abs(np.log(jobs[when]) - np.log(jobs[when, cases])[:, None])
    own = diversity[when, cases][:, None]
    more = (diversity[when] > own) + 0.5 * (diversity[when] == own)
    return stays & (apart <= ALIKE_JOBS), more


def sameness_first(lab: Laboratory, off: Values) -> Estimate:
    """P20: chance that a place that will fall was less diverse than one of its size that will not."""
    run = lab.run(years=YEARS, off=off, **SEED)
    jobs = counted(yearly(run["employment"]))
    pairs, more = sameness(jobs, yearly(run["diversity"]))
    if pairs.any(axis=1).sum() < CASES_LEAST:
        raise NoValue(FEW_FALLS)
    cases = np.flatnonzero(humps(jobs))

    def chance(who: np.ndarray) -> float:
        weight = np.bincount(who, minlength=lab.replicates).astype(float)
        compared, lower = pairs @ weight, (pairs * more) @ weight
        used = compared > 0
        mine = weight[cases][used]
        return float(np.average(lower[used] / compared[used], weights=mine)) if mine.sum() else float("nan")

    return bootstrap(chance, lab.replicates)


def held_slope(lost: np.ndarray, connected: np.ndarray, jobs: np.ndarray) -> float:
    """Return the least-squares slope on `connected`, by its standard deviation, with `jobs` held.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> ties, jobs = rng.normal(4.0, 2.0, 500), rng.normal(6.0, 0.5, 500)
    >>> round(float(held_slope(3.0 * ties - 2.0 * jobs, ties, jobs) / ties.std()), 6)
    3.0
    """
    spread = connected.std()
    if lost.size < 4 or spread == 0.0 or jobs.std() == 0.0:
        return float("nan")
    table = np.stack([np.ones(lost.size), (connected - connected.mean()) / spread, jobs - jobs.mean()], axis=1)
    return float(np.linalg.lstsq(table, lost, rcond=None)[0][1])


def slow_recovery(lab: Laboratory, off: Values) -> Estimate:
    """P22: years lost after a shift of technology by how connected the place was, size held."""
    years = SHIFT_YEAR + FOLLOWED
    lost, ties, jobs = [], [], []
    for trust in TRUSTS:
        hit, calm = (lab.run(years=years, trust=trust, off=off, shocks=shocks) for shocks in ((SHIFT,), ()))
        usual, shaken = (yearly(run["employment"]) for run in (calm, hit))
        lost.append((shaken[SHIFT_YEAR:] < BACK * usual[SHIFT_YEAR:]).sum(axis=0))
        ties.append(yearly(calm["degree"])[SHIFT_YEAR - 1])
        jobs.append(np.log(counted(usual[SHIFT_YEAR - 1])))
    columns = [np.stack(column) for column in (lost, ties, jobs)]
    return bootstrap(lambda who: held_slope(*(column[:, who].ravel() for column in columns)), lab.replicates)


def herfindahl(jobs: np.ndarray) -> np.ndarray:
    """Return the sum of squared shares over the last axis.

    Examples
    --------
    >>> herfindahl(np.array([[5.0, 5.0], [10.0, 0.0]])).tolist()
    [0.5, 1.0]
    """
    total = jobs.sum(axis=-1, keepdims=True)
    return np.asarray(((jobs / np.where(total > 0.0, total, np.nan)) ** 2).sum(axis=-1))


def heritage(lab: Laboratory, off: Values) -> Estimate:
    """P23: concentration of an industry over equal regions with spin-offs over without."""

    def concentration(values: Values) -> np.ndarray:
        jobs = yearly(lab.run(years=REGION_YEARS, off={**AGGLOMERATION, **values}, **REGION)["employment"])[-1]
        return herfindahl(jobs.reshape(lab.replicates, -1))

    with_them, without = concentration(off), concentration({**off, **SPINOFFS})
    return bootstrap(lambda who: float(with_them[who].mean() / without[who].mean()), lab.replicates)


def leaning(innovations: np.ndarray, jobs: np.ndarray) -> np.ndarray:
    """Return the first place's share of innovations less its share of jobs, from arrays (quarter, replicate, place).

    Examples
    --------
    >>> leaning(np.array([[[3.0, 1.0]]]), np.array([[[50.0, 50.0]]])).tolist()
    [0.25]
    """
    shares = [values.sum(axis=0)[:, 0] / np.maximum(values.sum(axis=(0, 2)), 1e-9) for values in (innovations, jobs)]
    return np.asarray(shares[0] - shares[1])


def nation(lab: Laboratory, stage: float, off: Values) -> np.ndarray:
    """Return how far innovations lean to the cluster of a nation with small places, in an industry of that stage."""
    first = lab.scenario(years=STAGE_YEARS, off=off)
    places = (PLACE, PLACE | SEED | {"name": "seed", "copies": SEEDS})
    clusters = [ClusterSpec.model_validate({**place, STAGE: stage}) for place in places]
    run = lab.run_of(first.model_copy(update={"place": Place(clusters=tuple(clusters))}))
    shape = (4 * STAGE_YEARS, lab.replicates, 1 + SEEDS)
    innovations, firms, jobs = (run[name].reshape(shape) for name in ("innovations", "firms", "employment"))
    return leaning(innovations * firms, jobs)


def young_innovate(lab: Laboratory, off: Values) -> Estimate:
    """P24: how far innovations lean to the cluster, in a young industry minus a mature one."""
    young, mature = (nation(lab, stage, off) for stage in (YOUNG, MATURE))
    return bootstrap(lambda who: float((young - mature)[who].mean()), lab.replicates)


def far_apart(world: np.ndarray, place: np.ndarray, new: np.ndarray, worlds: int) -> np.ndarray:
    """Return each new firm's distance, in turns of the circle of technologies, to the mean of the others of its world.

    Examples
    --------
    >>> far_apart(np.zeros(3, int), np.array([0.98, 0.02, 0.10]), np.array([False, False, True]), 1).round(3).tolist()
    [0.1]
    """
    angle = np.exp(2j * np.pi * place)
    centre = np.zeros(worlds, complex)
    np.add.at(centre, world[~new], angle[~new])
    turned = np.angle(angle[new] * np.conj(centre[world[new]])) / (2.0 * np.pi)
    return np.asarray(np.where(centre[world[new]] == 0.0, np.nan, np.abs(turned)))


def outsiders(lab: Laboratory, off: Values) -> Estimate:
    """P26: distance to the place's technologies of firms from outside over that of spin-offs."""
    attraction = {"stages": [{"name": "attraction", "quarters": 4 * ENTRY_TO, "instruments": [
        {"use": "fdi_attraction", "per_year": 250.0}]}]}  # fmt: skip
    simulation = lab.simulation(years=ENTRY_TO, programme=attraction, off={**STARTUPS, **off})
    simulation.advance(4 * ENTRY_FROM)
    worlds, outside, distance = [], [], []
    for _year in range(ENTRY_FROM, ENTRY_TO):
        simulation.advance(4)
        actors, clusters = simulation.state.actors, simulation.state.clusters
        rows = np.flatnonzero(actors.kind >= TRACTOR)
        world = np.searchsorted(clusters["first"], rows, side="right") - 1
        new = actors.born[rows] >= simulation.quarter - 4
        distance.append(far_apart(world, actors.technology[rows], new, lab.replicates))
        worlds.append(world[new])
        outside.append(actors.parent[rows][new] == 0)
    return bootstrap(partial(farther, *(np.concatenate(part) for part in (worlds, outside, distance))), lab.replicates)


def farther(world: np.ndarray, outside: np.ndarray, distance: np.ndarray, who: np.ndarray) -> float:
    """Return the mean distance of firms from outside over that of others, with the replicates `who`."""
    weight = np.bincount(who, minlength=int(world.max(initial=0)) + 1)[world].astype(float)
    weight[~np.isfinite(distance)] = 0.0
    groups = [weight * group for group in (outside, ~outside)]
    if min(group.sum() for group in groups) == 0.0:
        raise NoValue(NO_ENTRANTS)
    return float(np.divide(*(np.average(np.nan_to_num(distance), weights=group) for group in groups)))


PATTERNS = (
    Pattern(
        "P19",
        N_("A place that grew from a seed rises and falls without a shock"),
        N_(
            "Share of seeds whose jobs peak in years 10 to 60 at twice the first year's or more and end below 0.8 of the peak, "
            "minus that share in random walks of the same mean, spread and persistence; minus the same difference without what "
            "makes firms alike, where it is positive"
        ),
        N_("Random walks have humps, and so do places that a moving frontier leaves behind; both are taken off."),
        0.10,
        life_cycle,
        ALIKE,
        N_("what makes the technologies of a place alike, while the frontier moves on"),
        SET,
        N_("One place in ten has a cycle of its own; a trial model with such a cycle gave 0.15, and 0 without its cause."),
    ),
    Pattern(
        "P20",
        N_("Sameness comes before decline"),
        N_(
            "Chance that a place that will rise and fall was less diverse, five years before its peak, than one with about as "
            "many jobs that will not fall"
        ),
        N_("Places of the same size in the same year differ only by what is to come."),
        0.6,
        sameness_first,
        ALIKE,
        N_("what makes the technologies of a place alike"),
        SET,
        N_("One half is chance; at 0.6 the reading is of use to somebody who has to tell."),
    ),
    Pattern(
        "P22",
        N_("Connected places take longer to recover"),
        N_(
            "Years out of thirty after a shift of technology in which jobs lie below 0.95 of those without the shift: rise by "
            "standard deviation of ties per firm before it, jobs held"
        ),
        N_("The same places with and without the shift, at three levels of trust; ties may also help, so the sign is open."),
        0.0,
        slow_recovery,
        ALIKE,
        N_("what makes the technologies of a place alike"),
        SET,
        N_("Theory gives a sign only."),
    ),
    Pattern(
        "P23",
        N_("Spin-offs concentrate an industry"),
        N_(
            "Herfindahl index of jobs over ten equal regions after 60 years, with spin-offs over without; gains from "
            "agglomeration off in both"
        ),
        N_("The regions are equal at the start, and nothing makes a firm of a large region stronger."),
        1.2,
        heritage,
        HEREDITY,
        N_("heredity: good firms have no more spin-offs than others, and pass nothing on"),
        SET,
        N_("A fifth more than what chance does without spin-offs."),
    ),
    Pattern(
        "P24",
        N_("Young industries innovate in clusters"),
        N_(
            "A cluster's share of innovations less its share of jobs in a nation with twelve small places, first ten years: "
            "young industry minus mature one"
        ),
        N_("Innovations follow production; what is beyond its share is taken."),
        0.05,
        young_innovate,
        LEARNING,
        N_("learning from partners in the innovation rate"),
        SET,
        N_("Five innovations of a hundred."),
    ),
    Pattern(
        "P26",
        N_("Outsiders bring unrelated change"),
        N_(
            "Distance to the mean technology of the firms of the place of entrants from outside over that of spin-offs, in the "
            "year of birth"
        ),
        N_(
            "Start-ups are switched off, so that a firm without a parent comes from outside. Where entrants begin is an input; "
            "how alike the place has become is not."
        ),
        1.2,
        outsiders,
        NEARNESS,
        N_("nearness of spin-offs to their parents"),
        SET,
        N_("A fifth farther."),
        only_channel=True,
    ),
)  # fmt: skip
