"""Which option leads by which yardstick, and whether it surely does: what would change the ranking."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from clustersim.studies.comparison.outcomes import HORIZONS, OUTCOMES
from clustersim.studies.comparison.paired import PairedRuns
from clustersim.studies.comparison.statistics import mean_interval, worst_tenth

RATES = (0.0, 0.10)  # discount rates tried beside the chosen one
OTHERS = ("sales", "exports", "productivity", "association", "development_within_20", "maturity_within_40")

Array = NDArray[Any]


def ranking(c: PairedRuns) -> list[dict[str, Any]]:
    """Return one entry for each yardstick: values, order (options that are exactly equal stand together), and how sure it is.

    The first entry is the main yardstick, jobs at the end. ``sure`` says whether the 90 % interval of the paired difference
    between the leader and the next lies above zero; None where it is not a mean over replicates.
    """
    found = [_entry(c, "jobs", None, {name: c.outcome(name, "jobs") for name in c.names})]
    for years in HORIZONS:
        if 4 * years < c.quarters:
            at = {name: c.series(name, "employment")[:, years - 1] for name in c.names}
            found.append(_entry(c, "jobs_after", float(years), at))
    found.append(_entry(c, "job_years", c.discount, {name: c.outcome(name, "job_years") for name in c.names}))
    for rate in RATES:
        if rate != c.discount:
            found.append(_entry(c, "job_years", rate, {name: _job_years(c, name, rate) for name in c.names}))
    for outcome in OTHERS:
        if outcome in c.outcome_names:
            found.append(_entry(c, outcome, None, {name: c.outcome(name, outcome) for name in c.names}))
    worst = {name: worst_tenth(c.outcome(name, "jobs")) for name in c.names}
    found.append(_described("worst_tenth", None, worst, None, c))
    if c.worlds is not None:
        within = {name: c.worlds.loc[c.worlds["option"] == name, "jobs"].to_numpy(dtype=float) for name in c.names}
        found.append(_entry(c, "jobs_in_worlds", None, within))
    return found


def _job_years(c: PairedRuns, option: str, rate: float) -> Array:
    """Return job-years discounted at another rate (replicate), from yearly jobs."""
    jobs = c.series(option, "employment")
    lengths = np.full(jobs.shape[1], 1.0)
    lengths[-1] = (c.quarters - 4 * (jobs.shape[1] - 1)) / 4.0
    middle = np.arange(jobs.shape[1]) + lengths / 2.0
    return jobs @ (lengths * (1.0 + rate) ** -middle)


def _entry(c: PairedRuns, yardstick: str, detail: float | None, values: dict[str, Array]) -> dict[str, Any]:
    """Return a yardstick that is a mean over replicates."""
    means = {name: float(given.mean()) for name, given in values.items()}
    return _described(yardstick, detail, means, values, c)


def _described(
    yardstick: str, detail: float | None, means: dict[str, float], values: dict[str, Array] | None, c: PairedRuns
) -> dict[str, Any]:
    better = OUTCOMES[yardstick].better if yardstick in OUTCOMES else 1
    order: list[list[str]] = []
    for name in sorted(c.names, key=lambda name: (-better * means[name], c.names.index(name))):
        if order and means[order[-1][0]] == means[name]:
            order[-1].append(name)
        else:
            order.append([name])
    sure = None
    if values is not None and len(order) > 1:
        sure = mean_interval(better * (values[order[0][0]] - values[order[1][0]])).sign > 0
    return {"yardstick": yardstick, "detail": detail, "values": means, "order": order, "sure": sure}
