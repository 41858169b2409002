"""Estimators of the statistics that are compared with published data; they know nothing of the model."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

NAN = float("nan")
LEAST = 20  # observations below which an estimate is not given


def tail_exponent(values: np.ndarray, least: float) -> float:
    """Return the exponent of a Pareto tail, P(X > x) ~ x^-exponent, above `least` by maximum likelihood (Hill 1975)."""
    tail = values[values >= least]
    logs = np.log(tail / least)
    return float(tail.size / logs.sum()) if tail.size >= LEAST and logs.sum() > 0.0 else NAN


def count_tail_exponent(counts: np.ndarray, share: float) -> float:
    """Return the exponent of a Pareto tail of whole numbers, above the quantile 1 - `share` (at least 1).

    Counts are whole, so the tail begins half a unit below its least count (Clauset, Shalizi & Newman 2009).
    """
    if counts.size == 0:
        return NAN
    least = max(float(np.quantile(counts, 1.0 - share, method="higher")), 1.0)
    return tail_exponent(counts[counts >= least].astype(float), least - 0.5)


def subbotin_exponent(values: np.ndarray) -> float:
    """Return the shape b of a Subbotin density ~ exp(-|x - m|^b / (b a^b)): 1 Laplace, 2 normal; m is the median.

    Maximum likelihood over b in [0.2, 5] with the scale a profiled out (Bottazzi & Secchi 2006).
    `scipy.stats.gennorm.fit` searches over both without bounds: it gives the same to three digits only, and takes longer.
    """
    if values.size < LEAST:
        return NAN
    apart = np.abs(values - np.median(values))
    apart = apart[apart > 0.0]
    if apart.size < LEAST:
        return NAN
    logs = np.log(apart)

    def cost(b: float) -> float:
        moment = float(np.exp(b * logs).mean())  # a^b
        return math.log(2.0) + math.log(b) / b + math.lgamma(1.0 + 1.0 / b) + math.log(moment) / b + 1.0 / b

    low, high = 0.2, 5.0
    golden = (math.sqrt(5.0) - 1.0) / 2.0
    while high - low > 1e-3:  # the likelihood has one peak over b
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, right) if cost(left) < cost(right) else (left, high)
    return (low + high) / 2.0


def spread_exponent(size: np.ndarray, growth: np.ndarray, bins: int = 10) -> float:
    """Return beta of sd(growth) ~ size^-beta, by least squares over bins with equally many firms."""
    if size.size < LEAST * bins:
        return NAN
    parts = np.array_split(np.argsort(size, kind="stable"), bins)
    spreads = np.array([growth[part].std() for part in parts])
    sizes = np.array([np.log(size[part]).mean() for part in parts])
    if (spreads <= 0.0).any() or np.ptp(sizes) <= 0.0:
        return NAN
    return float(-slope(sizes, np.log(spreads)))


def slope(x: np.ndarray, y: np.ndarray) -> float:
    """Return the slope of y on x by least squares."""
    return float(stats.linregress(x, y).slope) if x.size >= 3 and np.ptp(x) > 0.0 else NAN


def correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Return the correlation; NaN for less than three pairs or a constant."""
    if x.size < 3 or np.ptp(x) == 0.0 or np.ptp(y) == 0.0:
        return NAN
    return float(np.corrcoef(x, y)[0, 1])


def skewness(values: np.ndarray) -> float:
    """Return the third standardised moment."""
    if values.size < LEAST or np.ptp(values) == 0.0:
        return NAN
    return float(stats.skew(values))


def quantile_ratio(logs: np.ndarray, low: float, high: float) -> float:
    """Return the ratio of two quantiles of a quantity given in logs."""
    if logs.size < LEAST:
        return NAN
    ends = np.quantile(logs, (low, high))
    return float(np.exp(ends[1] - ends[0]))


def gini(values: np.ndarray) -> float:
    """Return the Gini coefficient: 0 if all are equal, near 1 if one has all."""
    total = float(values.sum())
    if values.size < 2 or total <= 0.0:
        return NAN
    rank = 2.0 * np.arange(1, values.size + 1) - values.size - 1.0
    return float(rank @ np.sort(values) / (values.size * total))


def ratio(above: float, below: float) -> float:
    """Return a quotient; NaN if the divisor is not positive."""
    return float(above / below) if below > 0.0 else NAN


def centred(values: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return values minus the mean of their group; `group` holds whole numbers from 0."""
    if values.size == 0:
        return values
    count = np.bincount(group)
    return values - (np.bincount(group, weights=values) / np.maximum(count, 1))[group]


def assortativity(a: np.ndarray, b: np.ndarray, group: np.ndarray) -> float:
    """Return the correlation of the degrees at both ends of ties, within groups (Newman 2002).

    Parameters
    ----------
    a, b : array of int
        Degrees at the two ends of each tie.
    group : array of int
        Network that each tie belongs to.
    """
    ends, others = np.concatenate([a, b]).astype(float), np.concatenate([b, a]).astype(float)
    both = np.concatenate([group, group])
    here, there = centred(ends, both), centred(others, both)
    square = float((here**2).sum())
    return float((here * there).sum() / square) if a.size >= LEAST and square > 0.0 else NAN


def triangles(size: int, a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """Return the closed and all connected triples of a network of `size` nodes with undirected ties a-b."""
    matrix = np.zeros((size, size), np.float32)
    matrix[a, b] = matrix[b, a] = 1.0
    degree = matrix.sum(axis=1, dtype=np.float64)
    return float(((matrix @ matrix) * matrix).sum(dtype=np.float64)) / 2.0, float((degree * (degree - 1.0)).sum()) / 2.0
