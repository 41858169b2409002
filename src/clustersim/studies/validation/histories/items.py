"""The items: each statistic of published clusters, measured on simulated places by the same definition."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from clustersim.core.words import N_
from clustersim.studies.validation.histories.pool import Histories, Pool
from clustersim.studies.validation.histories.published import SOURCE, span
from clustersim.studies.validation.plausibility import estimators as est
from clustersim.studies.validation.plausibility.item import Estimate, Item, Measure

INDUSTRY_LEAST = 5  # clusters of an industry from which its own mean is taken off
JOBS, PLANTS = ("jobs", 1, 2), ("firms", 0, 2)  # the data compare 2018 with 2019 with 2020, and plants from 2017 on


def enough(values: np.ndarray, statistic: Callable[[np.ndarray], float]) -> float:
    """Return the statistic of the values that are known; NaN of too few."""
    known = values[np.isfinite(values)]
    return float(statistic(known)) if known.size >= est.LEAST else est.NAN


def robust(values: np.ndarray) -> float:
    """Return the interquartile range over 1.349, which is the standard deviation of normal numbers.

    Examples
    --------
    >>> round(robust(np.random.default_rng(1).normal(0.0, 2.0, 100_000)), 1)
    2.0
    """
    low, high = np.percentile(values, (25, 75))
    return float(high - low) / 1.349


def growth_mean(seen: Histories, of: tuple[str, int, int]) -> float:
    """Return mean yearly log growth."""
    return enough(seen.clusters.growth(*of), np.mean)


def growth_sd(seen: Histories, of: tuple[str, int, int]) -> float:
    """Return the standard deviation of yearly log growth."""
    return enough(seen.clusters.growth(*of), np.std)


def growth_robust(seen: Histories) -> float:
    """Return the robust standard deviation of yearly log growth of jobs."""
    return enough(seen.clusters.growth(*JOBS), robust)


def _net(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return values less the mean of their group, of those that are known in groups of five or more."""
    known = np.isfinite(values)
    values, group = values[known], group[known]
    number, size = np.unique(group, return_inverse=True, return_counts=True)[1:]
    kept = size[number] >= INDUSTRY_LEAST
    return est.centred(values[kept], number[kept]) if kept.any() else values[:0]


def growth_net_sd(seen: Histories) -> float:
    """Return the standard deviation of yearly log growth of jobs, less the mean of the industry in the year."""
    clusters = seen.clusters
    growth = clusters.growth(*JOBS)
    years = clusters.industry[:, None] * growth.shape[1] + np.arange(growth.shape[1])
    return enough(_net(growth.ravel(), years.ravel()), np.std)


def persistence(seen: Histories, of: tuple[str, int, int]) -> float:
    """Return the correlation of yearly log growth with that of the year before."""
    growth = seen.clusters.growth(*of)
    pairs = np.stack([growth[:, :-1].ravel(), growth[:, 1:].ravel()])
    pairs = pairs[:, np.isfinite(pairs).all(axis=0)]
    return est.correlation(*pairs) if pairs.shape[1] >= est.LEAST else est.NAN


def plant_size(seen: Histories, statistic: Callable[[np.ndarray], float], net: bool = False) -> float:
    """Return a statistic of the log of mean jobs per establishment in the third year, net of the activity's mean or not."""
    clusters = seen.clusters
    logs = np.log(clusters.jobs[:, 2] / clusters.firms[:, 2])
    return enough(_net(logs, clusters.activity) if net else logs, statistic)


def median_size(logs: np.ndarray) -> float:
    """Return the median of sizes, from their logs."""
    return float(np.exp(np.median(logs)))


def _sized(seen: Histories, by: str) -> tuple[np.ndarray, np.ndarray]:
    """Return growth of jobs, and the "firms" or "jobs" that the place had before."""
    clusters = seen.clusters
    return clusters.growth(*JOBS).ravel(), getattr(clusters, by)[:, 1:3].ravel()


def sd_by_size(seen: Histories, by: str, least: float, below: float) -> float:
    """Return the standard deviation of yearly log growth of jobs in places of some size."""
    growth, size = _sized(seen, by)
    return enough(growth[(size >= least) & (size < below)], np.std)


def spread_slope(seen: Histories, by: str) -> float:
    """Return the slope of log |yearly log growth of jobs| on log size."""
    growth, size = _sized(seen, by)
    known = np.isfinite(growth) & (growth != 0.0)
    return est.slope(np.log(size[known]), np.log(np.abs(growth[known]))) if known.sum() >= est.LEAST else est.NAN


def seeds_reach(seen: Histories, firms: float) -> float:
    """Return the share of seeds that have this many establishments or more four years later."""
    return enough(np.nan_to_num(seen.seeds.firms[:, -1]) >= firms, np.mean)


def seeds_below(seen: Histories) -> float:
    """Return the share of seeds that are no longer published four years later."""
    return enough(np.isnan(seen.seeds.firms[:, -1]), np.mean)


def measured(statistic: Callable[[Histories], float]) -> Measure:
    """Return the measure of a statistic over the pool and over each source."""

    def measure(pool: Pool) -> tuple[Estimate, dict[str, float]]:
        return pool.estimate(statistic), pool.by_source(statistic)

    return measure


def _item(
    number: int, statement: str, text: str, fact: str, definitions: str, bears: str, statistic: Callable[[Histories], float]
) -> Item:
    low, high = span(fact, *definitions.split())
    source = f"{SOURCE}, {definitions.replace(' ', ', ')}"
    return Item(f"H{number:02d}", statement, text, low, high, source, True, bears, measured(statistic))


CALM = N_(
    "Shocks common to an industry and to a place are inputs; lumpy openings and moves of large plants, which the model has not, "
    "make real places more restless. "
    "Suppressed cells and added noise make the published spread an upper bound."
)
SIZES = N_("The sizes of firms at the start and of entrants are inputs.")
TREND = N_("The trend is that of US manufacturing in these years; here demand for a known product grows less than productivity.")
TURNOVER = N_("Entry and exit of firms are inputs near published rates; start-ups follow the luck of their industry in a year.")
CARRIED = N_("Jobs follow orders over several quarters, so growth is carried on; in data lumps and noise undo it.")
SCALE = N_("Large places hold more firms whose luck evens out; shocks common to a place, an input, do not.")
SMALL = N_("Rates of start-ups, spin-offs and closures in places of a handful of firms.")

LARGE = float("inf")
ITEMS = (
    _item(
        1, N_("Clusters shrank slowly"),
        N_("Mean yearly log growth of jobs"),
        "jobs_growth_mean", "D0 D1", TREND, partial(growth_mean, of=JOBS),
    ),
    _item(
        2, N_("Jobs of clusters move by a fifth a year"),
        N_("Standard deviation of yearly log growth of jobs"),
        "jobs_growth_sd", "D0 D1", CALM, partial(growth_sd, of=JOBS),
    ),
    _item(
        3, N_("Jobs of a typical cluster move by a ninth a year"),
        N_("Interquartile range of yearly log growth of jobs / 1.349"),
        "jobs_growth_robust", "D0 D1", CALM, growth_robust,
    ),
    _item(
        4, N_("Little of that is common to an industry"),
        N_("Standard deviation of yearly log growth of jobs, less the mean of industry and year"),
        "jobs_growth_net_sd", "D0 D1", CALM, growth_net_sd,
    ),
    _item(
        5, N_("Establishments became fewer"),
        N_("Mean yearly log growth of establishments"),
        "plants_growth_mean", "D0 D1", TREND, partial(growth_mean, of=PLANTS),
    ),
    _item(
        6, N_("Establishments move by an eighth a year"),
        N_("Standard deviation of yearly log growth of establishments"),
        "plants_growth_sd", "D0 D1", TURNOVER, partial(growth_sd, of=PLANTS),
    ),
    _item(
        7, N_("A year's growth of jobs is partly undone in the next"),
        N_("Correlation of yearly log growth of jobs with that of the year before"),
        "jobs_growth_lag", "D0 D1", CARRIED, partial(persistence, of=JOBS),
    ),
    _item(
        8, N_("Growth of establishments hardly persists"),
        N_("Correlation of yearly log growth of establishments with that of the year before"),
        "plants_growth_lag", "D0 D1", TURNOVER, partial(persistence, of=PLANTS),
    ),
    _item(
        9, N_("An establishment has twenty to thirty jobs"),
        N_("Median over places of mean jobs per establishment"),
        "plant_size_median", "D0 D1", SIZES, partial(plant_size, statistic=median_size),
    ),
    _item(
        10, N_("Clusters of one industry differ in the size of establishments"),
        N_("Standard deviation of log mean jobs per establishment, less the mean of the activity"),
        "plant_size_net_sd", "D0 D1", SIZES, partial(plant_size, statistic=np.std, net=True),
    ),
    _item(
        11, N_("Growth varies less where there are more jobs"),
        N_("Slope of log |yearly log growth of jobs| on log jobs"),
        "spread_slope_jobs", "D0", SCALE, partial(spread_slope, by="jobs"),
    ),
    _item(
        12, N_("Growth varies less where there are more establishments"),
        N_("Slope of log |yearly log growth of jobs| on log establishments"),
        "spread_slope_plants", "D0", SCALE, partial(spread_slope, by="firms"),
    ),
    _item(
        13, N_("Jobs of places with 10 to 19 establishments move by a quarter"),
        N_("Standard deviation of yearly log growth of jobs, places of 10 to 19 establishments"),
        "jobs_growth_sd_plants_10_19", "D0", CALM, partial(sd_by_size, by="firms", least=10, below=20),
    ),
    _item(
        14, N_("With 20 to 49 establishments they move by a sixth"),
        N_("Standard deviation of yearly log growth of jobs, places of 20 to 49 establishments"),
        "jobs_growth_sd_plants_20_49", "D0", CALM, partial(sd_by_size, by="firms", least=20, below=50),
    ),
    _item(
        15, N_("With 50 establishments or more they move by an eighth"),
        N_("Standard deviation of yearly log growth of jobs, places of 50 establishments or more"),
        "jobs_growth_sd_plants_50", "D0", CALM, partial(sd_by_size, by="firms", least=50, below=LARGE),
    ),
    _item(
        16, N_("Places below 100 jobs are the most restless"),
        N_("Standard deviation of yearly log growth of jobs, places below 100 jobs"),
        "jobs_growth_sd_jobs_1_99", "D0", CALM, partial(sd_by_size, by="jobs", least=1, below=100),
    ),
    _item(
        17, N_("Places of 100 to 499 jobs are less so"),
        N_("Standard deviation of yearly log growth of jobs, places of 100 to 499 jobs"),
        "jobs_growth_sd_jobs_100_499", "D0", CALM, partial(sd_by_size, by="jobs", least=100, below=500),
    ),
    _item(
        18, N_("Places of 500 to 1999 jobs hardly differ from them"),
        N_("Standard deviation of yearly log growth of jobs, places of 500 to 1999 jobs"),
        "jobs_growth_sd_jobs_500_1999", "D0", CALM, partial(sd_by_size, by="jobs", least=500, below=2000),
    ),
    _item(
        19, N_("Places of 2000 jobs or more are the calmest, and not calm"),
        N_("Standard deviation of yearly log growth of jobs, places of 2000 jobs or more"),
        "jobs_growth_sd_jobs_2000", "D0", CALM, partial(sd_by_size, by="jobs", least=2000, below=LARGE),
    ),
    _item(
        20, N_("Of seeds, one in a hundred or fewer has ten establishments four years later"),
        N_("Share of places of 3 to 5 establishments with ten or more four years later"),
        "seeds_reach_10", "M A", SMALL, partial(seeds_reach, firms=10),
    ),
    _item(
        21, N_("No seed has thirty"),
        N_("Share of places of 3 to 5 establishments with thirty or more four years later"),
        "seeds_reach_30", "M A", SMALL, partial(seeds_reach, firms=30),
    ),
    _item(
        22, N_("A quarter of seeds has fewer than three"),
        N_("Share of places of 3 to 5 establishments with fewer than three four years later"),
        "seeds_below_3", "M A", SMALL, seeds_below,
    ),
)  # fmt: skip
