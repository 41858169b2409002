"""Effects from two runs of the same firms, with an instrument and without it, in paired replicates."""

from __future__ import annotations

from typing import Any

import numpy as np

from clustersim.core.words import N_
from clustersim.studies.comparison.statistics import Interval, ratio_interval, resampling_weights
from clustersim.studies.validation.effects.firms import Firms

INDICATORS = {"sales": N_("Sales"), "jobs": N_("Jobs"), "exports": N_("Exports"), "productivity": N_("Productivity")}
JOB_COST, PRIVATE_RD = "job_cost", "private_rd"
NONE = Interval(float("nan"), float("nan"), float("nan"))

Series = list[dict[str, Any]]  # one mapping for each year


def effects(treated: Firms, plain: Firms, reached: np.ndarray) -> dict[str, Series]:
    """Return the effect on each indicator of the firms reached, in per cent, year by year from t on.

    Parameters
    ----------
    treated, plain : Firms
        The run with the instrument and the one without, the same replicates in both.
    reached : array (replicate, firm)
        Which firms count: the same in both runs, closed ones with no sales and no jobs. Productivity is value added over jobs of
        those that live through the whole year in both.

    Returns
    -------
    dict
        For each of `INDICATORS` a mapping for each year, as `change` returns them.
    """

    def total(run: Firms, name: str, who: np.ndarray) -> np.ndarray:
        return np.asarray((run[name] * who).sum(axis=2))

    sums = [name for name in INDICATORS if name != "productivity"]
    found = {name: change(total(treated, name, reached), total(plain, name, reached)) for name in sums}
    both = reached & treated.whole & plain.whole
    added, jobs = ([total(run, name, both) for run in (treated, plain)] for name in ("value_added", "jobs"))
    return found | {"productivity": change(added[0], added[1], jobs[0], jobs[1])}


def change(
    treated: np.ndarray, plain: np.ndarray, per_treated: np.ndarray | None = None, per_plain: np.ndarray | None = None
) -> Series:
    """Return by how many per cent sums (year, replicate) differ between two runs, or ratios of two sums each.

    Returns
    -------
    list of dict
        For each year: ``year``, from 0; ``value``, of all replicates taken together; ``low`` and ``high``, the 5-95 % interval
        of that value when paired replicates are drawn anew (bootstrap); ``median``, of the replicates; ``positive``, the share
        of replicates in which the effect is above 0. NaN where there is nothing to compare with.

    Examples
    --------
    >>> [round(year["value"], 6) for year in change(np.array([[11.0, 22.0]]), np.array([[10.0, 20.0]]))]
    [10.0]
    """
    one = np.ones_like(plain)
    sums = [treated, one if per_treated is None else per_treated, plain, one if per_plain is None else per_plain]
    weights = np.concatenate(list(resampling_weights(plain.shape[1])))
    drawn = _per_cent(*((weights @ part.T).T for part in sums))
    whole = _per_cent(*(part.sum(axis=1) for part in sums))
    each = _per_cent(*sums)
    found = []
    for year, value in enumerate(whole):
        alone = each[year][np.isfinite(each[year])]
        finite = drawn[year][np.isfinite(drawn[year])]
        usual = np.isfinite(value) and finite.size >= 0.95 * drawn.shape[1]
        low, high = np.percentile(finite, (5, 95)) if usual else (np.nan, np.nan)
        found.append({
            "year": year, "value": float(value), "low": float(low), "high": float(high),
            "median": float(np.median(alone)) if alone.size else float("nan"),
            "positive": float((alone > 0.0).mean()) if alone.size else float("nan"),
        })  # fmt: skip
    return found


def _per_cent(above: np.ndarray, below: np.ndarray, plain_above: np.ndarray, plain_below: np.ndarray) -> np.ndarray:
    """Return by how many per cent one ratio differs from another; NaN where a part of them is not positive."""
    there = (below > 0.0) & (plain_above > 0.0) & (plain_below > 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (above / below) / (plain_above / plain_below)
    return np.where(there, 100.0 * (ratio - 1.0), np.nan)


def job_cost(treated: Firms, plain: Firms, reached: np.ndarray) -> Series:
    """Return for each year the public money of all years, USD, over the jobs that the firms reached have more in it.

    No value where it is not sure that they have more: a cost of no jobs has no meaning.
    """
    jobs = ((treated.jobs - plain.jobs) * reached).sum(axis=2)
    money = 1000.0 * (treated.public - plain.public).sum(axis=0)
    return [_year(year, ratio_interval(money, more) if money.any() else None) for year, more in enumerate(jobs)]


def private_rd(treated: Firms, plain: Firms, reached: np.ndarray) -> Series:
    """Return by how much the R&D that firms pay themselves has risen, for each unit of public money: both of all years so far.

    What firms pay themselves is their R&D less the public money, whoever got it.
    """
    more = ((treated["research"] - plain["research"]) * reached).sum(axis=2).cumsum(axis=0)
    money = (treated.public - plain.public).cumsum(axis=0)
    return [_year(year, ratio_interval(own - paid, paid)) for year, (own, paid) in enumerate(zip(more, money, strict=True))]


def _year(year: int, found: Interval | None) -> dict[str, Any]:
    value = found or NONE
    return {"year": year, "value": value.estimate, "low": value.low, "high": value.high}
