"""Intervals: bootstrap over replicates for means and ratios, Wilson for shares; the worst tenth and regret of cases.

Replicates are independent of one another and paired across options, so the bootstrap resamples whole replicates: every option
keeps its partner in each resample. It is not SciPy's bootstrap, which draws anew for each statistic: here one set of resamples,
which depends on the number of replicates alone, serves all answers. So a ratio and its parts, and the years of one band, are of
the same resamples; an interval does not depend on what else is asked; and all outcomes are one matrix product.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.90
RESAMPLES, LEAST_RESAMPLES = 2000, 400
WORST = 0.10  # the part of cases that "the worst tenth" means
_CELLS = 8_000_000  # of resampling weights held at a time
_SEED = 20  # of the resampling only; replicates have the run's own seed

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with the ends of its 90 % interval; NaN where it cannot be computed."""

    estimate: float
    low: float
    high: float

    @property
    def sign(self) -> int:
        """1 or -1 where the interval lies wholly above or below zero, else 0."""
        return int(self.low > 0.0) - int(self.high < 0.0)

    def document(self) -> dict[str, float]:
        """Return it as a mapping."""
        return {"estimate": self.estimate, "low": self.low, "high": self.high}


def resamples_for(replicates: int) -> int:
    """Return how many resamples are drawn: fewer where replicates are so many that the interval is narrow anyway."""
    return RESAMPLES if replicates * RESAMPLES <= _CELLS else max(LEAST_RESAMPLES, _CELLS // replicates)


def resampling_weights(replicates: int) -> Iterator[Array]:
    """Yield arrays (some resamples, replicate): how often each replicate is drawn; always the same for a number of replicates."""
    resamples = resamples_for(replicates)
    if replicates * resamples <= _CELLS:
        yield _held(replicates)
        return
    rng, shares = np.random.default_rng(_SEED), np.full(replicates, 1.0 / replicates)
    part = max(1, _CELLS // replicates)
    for first in range(0, resamples, part):
        yield rng.multinomial(replicates, shares, size=min(part, resamples - first)).astype(float)


@lru_cache(maxsize=2)
def _held(replicates: int) -> Array:
    """Return all weights at once; kept, since every answer of a comparison draws the same."""
    shares = np.full(replicates, 1.0 / replicates)
    weights = np.random.default_rng(_SEED).multinomial(replicates, shares, size=resamples_for(replicates)).astype(float)
    weights.flags.writeable = False
    return weights


def bootstrap_means(values: Array) -> tuple[Array, Array, Array]:
    """Return means over replicates and the ends of their 90 % percentile intervals.

    Parameters
    ----------
    values : array
        (replicate, ...); NaN values are left out of a mean. One replicate gives an undefined interval.

    Returns
    -------
    tuple of array
        Mean, low and high, each with the shape of one replicate.
    """
    shape = values.shape[1:]
    drawn = resampled_means(values)
    flat = values.reshape(len(values), -1)
    with np.errstate(invalid="ignore"):
        mean = np.where(np.isnan(flat), 0.0, flat).sum(axis=0) / (~np.isnan(flat)).sum(axis=0)
    constant = (flat == flat[0]).all(axis=0)
    mean[constant] = flat[0, constant]
    low, high = _ends(drawn, len(values))
    return mean.reshape(shape), low.reshape(shape), high.reshape(shape)


def resampled_means(values: Array) -> Array:
    """Return the means of all resamples (resample, flattened rest); NaN values are left out of a mean."""
    flat = values.reshape(len(values), -1).astype(float)
    there = ~np.isnan(flat)
    filled = np.where(there, flat, 0.0)
    parts = []
    for weights in resampling_weights(len(flat)):
        with np.errstate(invalid="ignore", divide="ignore"):
            parts.append((weights @ filled) / (weights @ there.astype(float)))
    drawn = np.concatenate(parts)
    constant = (flat == flat[0]).all(axis=0)  # means of equal numbers differ by rounding, which would have a width
    drawn[:, constant] = flat[0, constant]
    return drawn


def _ends(drawn: Array, replicates: int) -> tuple[Array, Array]:
    """Return the ends of percentile intervals; undefined with one replicate, or where a twentieth of resamples is undefined."""
    tails = [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0]
    ends = np.full((2, drawn.shape[1]), np.nan)
    usable = (np.isnan(drawn).mean(axis=0) <= 0.05) & (replicates > 1)
    if usable.any():
        ends[:, usable] = np.nanquantile(drawn[:, usable], tails, axis=0)
    return ends[0], ends[1]


def mean_interval(values: Array) -> Interval:
    """Return the mean over replicates with its 90 % bootstrap interval."""
    mean, low, high = bootstrap_means(values[:, None])
    return Interval(float(mean[0]), float(low[0]), float(high[0]))


def ratio_interval(above: Array, below: Array) -> Interval | None:
    """Return the ratio of two means over the same replicates with its interval.

    None where the mean below is not surely positive, its own interval reaching down to zero: the ratio then has no meaning.
    """
    drawn = resampled_means(np.stack([above, below], axis=1))
    if len(below) < 2 or np.quantile(drawn[:, 1], (1.0 - LEVEL) / 2.0) <= 0.0:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(drawn[:, 1] > 0.0, drawn[:, 0] / drawn[:, 1], np.copysign(np.inf, drawn[:, 0]))
    low, high = np.quantile(ratio, [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0])
    return Interval(float(above.mean() / below.mean()), float(low), float(high))


def wilson(successes: float, trials: float, level: float = LEVEL) -> Interval:
    """Return a share with its Wilson (1927) score interval.

    Notes
    -----
    It never has zero width: all of 200 gives 0.987 to 1, not certainty. Where several clusters share a place, a replicate counts
    by the share of its clusters, and successes need not be whole: SciPy's `binomtest`, which gives the same for whole ones,
    does not take them.
    """
    if trials <= 0:
        return Interval(math.nan, math.nan, math.nan)
    z = NormalDist().inv_cdf((1.0 + level) / 2.0)
    share = successes / trials
    centre = (share + z * z / (2.0 * trials)) / (1.0 + z * z / trials)
    half = z / (1.0 + z * z / trials) * math.sqrt(share * (1.0 - share) / trials + z * z / (4.0 * trials * trials))
    low = 0.0 if successes <= 0 else max(0.0, centre - half)
    high = 1.0 if successes >= trials else min(1.0, centre + half)
    return Interval(share, low, high)


def worst_tenth(values: Array) -> float:
    """Return the mean of the worst (lowest) tenth of the cases, at least one case."""
    count = max(1, math.ceil(WORST * len(values) - 1e-9))
    return float(np.sort(values)[:count].mean())


def regrets(values: Array) -> Array:
    """Return the regret (case, option): the best option's value in that case less this option's."""
    return values.max(axis=1, keepdims=True) - values


def first_lasting(low: Array, high: Array) -> int | None:
    """Return the first position from which an interval stays on the same side of zero until the end; None if none."""
    side = np.where(low > 0.0, 1, np.where(high < 0.0, -1, 0))
    if side.size == 0 or side[-1] == 0:
        return None
    other = np.flatnonzero(side != side[-1])
    return int(other[-1]) + 1 if other.size else 0


def first_apart(values: Array) -> int | None:
    """Return the first position at which a mean over replicates is surely not zero; None if none.

    Parameters
    ----------
    values : array
        (replicate, position).

    Notes
    -----
    The band holds for all positions together (bootstrap of the largest deviation in units of its standard error): of 40 years
    that chance alone moves, some lie outside a 90 % interval of their own nearly always.
    """
    if len(values) < 2:
        return None
    drawn, mean = resampled_means(values), values.mean(axis=0)
    error = drawn.std(axis=0)
    varies = error > 0.0
    off = np.abs(drawn[:, varies] - mean[varies]) / error[varies]
    reach = float(np.quantile(off.max(axis=1), LEVEL)) if varies.any() else 0.0
    apart = np.flatnonzero(np.abs(mean) > reach * error)
    return int(apart[0]) if apart.size else None
