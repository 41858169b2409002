"""The answers of a comparison, worked out from paired outcomes: differences, chances, money, who gains, risk, time, chain."""

from __future__ import annotations

import math
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from clustersim.studies.comparison.outcomes import CHAIN, CHANCE, HORIZONS, REACHED
from clustersim.studies.comparison.paired import PairedRuns
from clustersim.studies.comparison.ranking import ranking
from clustersim.studies.comparison.statistics import (
    Interval,
    bootstrap_means,
    first_apart,
    first_lasting,
    mean_interval,
    ratio_interval,
    regrets,
    wilson,
    worst_tenth,
)

MILLION = 1000.0  # kUSD
DRIVERS = 5  # uncertain parameters that are named

Array = NDArray[Any]
Answers = dict[str, Any]


def answer(c: PairedRuns) -> Answers:
    """Return all answers as one JSON object; what is undefined is None."""
    found = {
        "options": {name: _levels(c, name) for name in c.names},
        "reached": {name: _reached(c, name) for name in c.names},
        "differences": {name: _differences(c, name) for name in c.interventions},
        "chances": {row: {column: _chance(c, row, column) for column in c.names if column != row} for row in c.names},
        "money": {name: _money(c, name) for name in c.interventions},
        "displacement": {name: _displacement(c, name) for name in c.interventions} if c.paired else None,
        "time_to_effect": {name: _time_to_effect(c, name) for name in c.interventions},
        "risk": _risk(c),
        "chain": {name: _chain(c, name) for name in c.interventions},
        "drivers": {name: _drivers(c, name) for name in c.interventions} if c.world_count else None,
        "same": [[a, b] for k, a in enumerate(c.names) for b in c.names[k + 1 :] if _identical(c, a, b)],
        "ranking": ranking(c),
    }
    return cast(Answers, _finite(found))


def _finite(node: Any) -> Any:
    """Return the answers with None where a number is undefined."""
    if isinstance(node, dict):
        return {key: _finite(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_finite(value) for value in node]
    return None if isinstance(node, float) and not math.isfinite(node) else node


def _levels(c: PairedRuns, option: str) -> Answers:
    """Return mean and percentiles of each outcome of an option."""
    return {name: _spread(c.outcome(option, name)) for name in c.outcome_names}


def _spread(values: Array) -> Answers:
    low, middle, high = np.quantile(values, (0.1, 0.5, 0.9))
    return {"mean": float(values.mean()), "p10": float(low), "p50": float(middle), "p90": float(high)}


def _share(values: Array) -> Answers:
    """Return a share of the replicates with its Wilson interval."""
    return wilson(float(values.sum()), len(values)).document() | {"count": float(values.sum()), "of": len(values)}


def _reached(c: PairedRuns, option: str) -> Answers:
    """Return the chance that phases are reached in time and that the association is alive at the end."""
    found: Answers = {"association": _share(c.outcome(option, "association"))}
    for phase in REACHED:
        years = [years for years in HORIZONS if 4 * years <= c.quarters]
        found[phase] = {str(n): _share(c.outcome(option, f"{phase}_within_{n}")) for n in years}
    return found


def _differences(c: PairedRuns, option: str) -> Answers:
    """Return the paired difference of each outcome to the baseline: mean, its interval, where single runs fall."""
    values = np.stack([c.outcome(option, name) - c.outcome(c.baseline, name) for name in c.outcome_names], axis=1)
    means, lows, highs = bootstrap_means(values)
    found = {}
    for k, name in enumerate(c.outcome_names):
        interval = Interval(float(means[k]), float(lows[k]), float(highs[k]))
        found[name] = interval.document() | _spread(values[:, k]) | {"sign": interval.sign}
        del found[name]["mean"]
    return found


def _chance(c: PairedRuns, row: str, column: str) -> Answers:
    """Return the chance that one option ends with more jobs than another, with its Wilson interval; ties are told apart."""
    gain = c.outcome(row, "jobs") - c.outcome(column, "jobs")
    wins, ties = int((gain > 0.0).sum()), int((gain == 0.0).sum())
    return wilson(wins, len(gain)).document() | {"wins": wins, "ties": ties, "of": len(gain)}


def _identical(c: PairedRuns, one: str, other: str) -> bool:
    """Whether two options have the same outcomes in every replicate."""
    return all(np.array_equal(c.outcome(one, name), c.outcome(other, name)) for name in c.outcome_names)


def _document(interval: Interval | None) -> Answers | None:
    return None if interval is None else interval.document()


def _money(c: PairedRuns, option: str) -> Answers:
    """Return public cost, jobs and job-years per million USD, and the cost per job created or improved where that is sure.

    Options that are not paired begin with different places, which the money did not buy: there are no rates then.
    """
    cost, jobs, years = (
        c.outcome(option, name) - c.outcome(c.baseline, name) for name in ("public_cost", "jobs", "job_years")
    )
    improved = c.outcome(option, "improved_net") if c.paired else None  # the baseline's is zero

    def per(gain: Array | None) -> tuple[int, Interval | None]:
        if gain is None:
            return 0, None
        sign = mean_interval(gain).sign
        return sign, ratio_interval(cost, gain) if c.paired and sign > 0 and mean_interval(cost).sign > 0 else None

    (jobs_sign, per_job), (improved_sign, per_improved) = per(jobs), per(improved)
    return {
        "public_cost": mean_interval(cost).document(),
        "jobs_per_million": _document(ratio_interval(jobs, cost / MILLION)) if c.paired else None,
        "job_years_per_million": _document(ratio_interval(years, cost / MILLION)) if c.paired else None,
        "cost_per_job": _document(per_job),
        "jobs_sign": jobs_sign,
        "cost_per_job_improved": _document(per_improved),
        "improved_sign": improved_sign,
    }


def _displacement(c: PairedRuns, option: str) -> Answers:
    """Return jobs gained, the most that the rest of the nation can lose for them, and what is left at least.

    Both runs face the same home market, so whatever is ordered at home beyond the baseline is taken from others there; how many
    jobs it fed is reckoned at the productivity of the typical outside competitor. All of it counts, also what replaces
    imports: an upper bound.
    """
    jobs = c.outcome(option, "jobs") - c.outcome(c.baseline, "jobs")
    lost = c.outcome(option, "displaced") - c.outcome(c.baseline, "displaced")
    most = max(0.0, float(lost.mean()))
    lost = lost if most > 0.0 else np.zeros_like(lost)
    return {
        "gained": mean_interval(jobs).document(),
        "displaced_at_most": mean_interval(lost).document(),
        "net_at_least": mean_interval(jobs - lost).document(),
    }


def _time_to_effect(c: PairedRuns, option: str) -> Answers:
    """Return the first year from which the interval of the difference in jobs stays on one side of zero to the end."""
    found = c.difference_series(option, "employment")
    first = first_lasting(found.low, found.high)
    if first is None:
        return {"years": None, "sign": 0}
    return {"years": int(c.years[first]), "sign": 1 if found.low[-1] > 0.0 else -1}


def _risk(c: PairedRuns) -> Answers:
    """Return the worst tenth and the regret of each option, over uncertain worlds where there are some, else over replicates."""
    if c.worlds is not None:
        cases = {name: c.worlds.loc[c.worlds["option"] == name, "jobs"].to_numpy(dtype=float) for name in c.names}
    else:
        cases = {name: c.outcome(name, "jobs") for name in c.names}
    values = np.stack([cases[name] for name in c.names], axis=1)
    regret = regrets(values)
    found = {}
    for k, name in enumerate(c.names):
        gain = values[:, k] - cases[c.baseline]
        found[name] = {
            "worst_tenth_jobs": worst_tenth(values[:, k]),
            "worst_tenth_difference": worst_tenth(gain),
            "best_tenth_difference": -worst_tenth(-gain),
            "gains": _share(gain > 0.0),
            "loses": _share(gain < 0.0),
            "regret_mean": float(regret[:, k].mean()),
            "regret_p90": float(np.quantile(regret[:, k], 0.9)),
            "regret_most": float(regret[:, k].max()),
            "chance_share": None if c.worlds is None or name == c.baseline else _chance_share(c, name, gain),
        }
    return {"cases": "replicates" if c.worlds is None else "worlds", "count": len(values), "options": found}


def _chance_share(c: PairedRuns, option: str, gain: Array) -> float | None:
    """Return which part of the variance of a difference in jobs between worlds is chance within them."""
    assert c.worlds is not None
    spread = float(gain.var(ddof=1))
    within = float(c.worlds.loc[c.worlds["option"] == option, CHANCE].mean())
    return min(1.0, within / spread) if spread > 0.0 and np.isfinite(within) else None


def _chain(c: PairedRuns, option: str) -> Answers:
    """Return, for each link from trust to jobs, when it first moved, how far it moved at most, and how far at the end.

    Differences are also given in standard deviations of the baseline's replicates in the same year, so that links compare.
    Where those do not differ from one another, as a single one does not, a difference has no such measure.
    """
    found = {}
    for name in CHAIN:
        series = c.difference_series(option, name)
        first = first_apart(c.paired_series(option, name))
        spread = c.series(c.baseline, name).std(axis=0)
        without = np.where(series.mean == 0.0, 0.0, np.nan)
        scaled = np.divide(series.mean, spread, out=without, where=spread > 1e-12)
        measured = np.nanmax(np.abs(scaled), initial=0.0) > 0.0
        peak = int(np.nanargmax(np.abs(scaled if measured else series.mean)))
        found[name] = {
            "first_moved": None if first is None else int(c.years[first]),
            "peak_years": int(c.years[peak]),
            "peak": float(series.mean[peak]),
            "peak_scaled": float(scaled[peak]),
            "end": {"estimate": float(series.mean[-1]), "low": float(series.low[-1]), "high": float(series.high[-1])},
            "end_scaled": float(scaled[-1]),
        }
    return found


def _drivers(c: PairedRuns, option: str) -> list[Answers]:
    """Return the uncertain parameters whose draws go most with the difference in jobs (Spearman rank correlation)."""
    import pandas as pd

    assert c.worlds is not None
    jobs = {name: c.worlds.loc[c.worlds["option"] == name, "jobs"].to_numpy(dtype=float) for name in c.names}
    gain = pd.Series(jobs[option] - jobs[c.baseline])
    if gain.nunique() < 2:
        return []
    draws = pd.DataFrame(c.draws)
    correlation = draws.rank().corrwith(gain.rank())
    # What pure chance gives the strongest of so many parameters: a two-sided 10 % bound shared between them (Bonferroni).
    bound = _chance_bound(len(gain), draws.shape[1])
    strongest = correlation.reindex(correlation.abs().sort_values(ascending=False).index)[:DRIVERS]
    return [
        {"parameter": str(name), "correlation": float(value), "beyond_chance": bool(abs(value) > bound)}
        for name, value in strongest.items()
    ]


def _chance_bound(cases: int, parameters: int) -> float:
    """Return the correlation that the strongest of so many idle parameters exceeds with 10 % chance (normal approximation)."""
    from statistics import NormalDist

    return NormalDist().inv_cdf(1.0 - 0.05 / parameters) / float(np.sqrt(cases - 1))
