"""Runs a scenario with and without its programme under the same draws, and puts what was found into sentences."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from clustersim.model.state import PHASES
from clustersim.results import RunResult, simulate
from clustersim.scenario.model import Scenario

SURE = 0.75  # share of cases with more jobs from which on a cost per job is given
DEVELOPED = ("development", "maturity", "transformation", "decline", "museum", "renaissance")


def number(value: float) -> str:
    """Return a number with three digits that count, thousands marked."""
    if not np.isfinite(value):
        return "none"
    if abs(value) >= 100 or float(value).is_integer():
        return f"{value:,.0f}".replace("-", "−")
    return f"{value:.3g}".replace("-", "−")


def band(values: np.ndarray) -> str:
    """Return the median, and the 10th and 90th percentile in brackets."""
    low, middle, high = np.quantile(np.asarray(values, float), (0.1, 0.5, 0.9))
    return f"{number(middle)} ({number(low)} to {number(high)})"


def percent(values: np.ndarray) -> str:
    """Return the share of true values in per cent."""
    return f"{100 * np.mean(values):.0f} %"


class Run:
    """Indicators of a run as arrays (replicate, cluster, quarter)."""

    def __init__(self, result: RunResult) -> None:
        self.result = result
        self.clusters = [cluster.name for cluster in result.scenario.place.clusters]
        frame = result.indicators
        place = frame["cluster"].astype(str).map({name: k for k, name in enumerate(self.clusters)}).to_numpy()
        self._order = np.lexsort((frame["quarter"].to_numpy(), place, frame["replicate"].to_numpy()))
        self._shape = (frame["replicate"].nunique(), len(self.clusters), -1)

    def __getitem__(self, indicator: str) -> np.ndarray:
        return self.result.indicators[indicator].to_numpy(dtype=float)[self._order].reshape(self._shape)

    @cached_property
    def phases(self) -> np.ndarray:
        """Codes of phases."""
        return self.result.indicators["phase"].cat.codes.to_numpy()[self._order].reshape(self._shape)

    @property
    def jobs(self) -> np.ndarray:
        """Jobs of all clusters together (replicate, quarter)."""
        return self["employment"].sum(axis=1)

    def developed(self) -> np.ndarray:
        """Whether a place has reached development or beyond (replicate, cluster)."""
        return np.isin(self.phases, [PHASES.index(name) for name in DEVELOPED]).any(axis=2)

    def started(self, stage: int = 0) -> np.ndarray:
        """Return the quarter in which a stage began (replicate, cluster), −1 where it did not."""
        there = self["programme_stage"] >= stage
        return np.where(there.any(axis=2), there.argmax(axis=2), -1)


class Pair:
    """A scenario run with its programme, and the same places without it under the same draws.

    Parameters
    ----------
    name : str
        Name of the scenario.
    scenario : Scenario
        The scenario, copies of clusters written out.
    replicates : int
        Replicates of both.
    """

    def __init__(self, name: str, scenario: Scenario, replicates: int) -> None:
        self.name, self.scenario, self.replicates = name, scenario, replicates
        self.run = Run(simulate(scenario, replicates=replicates, name=name))

    @cached_property
    def without(self) -> Run:
        """The same places without the programme."""
        return self.varied(programme=None)

    def varied(self, **change: object) -> Run:
        """Run the scenario with something changed."""
        return Run(simulate(self.scenario.model_copy(update=change), replicates=self.replicates))


def general(pair: Pair) -> list[str]:
    """Return the sentences that every page has."""
    run, scenario = pair.run, pair.scenario
    jobs, years = run.jobs, scenario.horizon.years
    places = f"{len(run.clusters):,} places" if len(run.clusters) > 1 else "the place"
    whole = "together " if len(run.clusters) > 1 else ""
    said = []
    if pair.replicates > 1:
        said.append(f"Medians of {pair.replicates} replicates (seed {scenario.seed}), 10th and 90th percentile in brackets.")
        said.append(f"{places[0].upper()}{places[1:]} {whole}{'begin' if whole else 'begins'} with {band(jobs[:, 0])} jobs and "
                    f"{'have' if whole else 'has'} {band(jobs[:, -1])} after {years:g} years.")  # fmt: skip
    else:
        each = run["employment"][0]
        said.append(f"One replicate (seed {scenario.seed}); medians over the {places}, 10th and 90th percentile in brackets.")
        said.append(f"A place begins with {band(each[:, 0])} jobs and has {band(each[:, -1])} after {years:g} years; all "
                    f"together have {number(jobs[0, -1])}.")  # fmt: skip
    last = run.phases[:, :, -1]
    shares = sorted(((float((last == code).mean()), name) for code, name in enumerate(PHASES)), reverse=True)
    listed = ", ".join(f"{name} in {100 * share:.0f} %" for share, name in shares if share >= 0.005)
    of = "replicates" if len(run.clusters) == 1 else "cases (places in replicates)"
    said.append(f"The phase at the end, by share of {of}: {listed}.")
    if scenario.programme is not None:
        said += effect(pair, pair.without, "the same places without the programme")
    else:
        said.append(f"Development or beyond is reached at some time in {percent(run.developed())}; an association exists at the "
                    f"end in {percent(run['formal'][:, :, -1])}.")  # fmt: skip
    return said


def effect(pair: Pair, other: Run, called: str) -> list[str]:
    """Return what the programme changes against another run under the same draws."""
    run = pair.run
    if pair.replicates > 1:
        gain = run.jobs[:, -1] - other.jobs[:, -1]
        spent = run["public_spending"].sum(axis=(1, 2)) - other["public_spending"].sum(axis=(1, 2))
        cases = "replicates"
    else:
        served = run.started()[0] >= 0
        gain = (run["employment"] - other["employment"])[0, served, -1]
        spent = run["public_spending"].sum(axis=2)[0, served]
        cases = f"{served.sum():,} places served"
    if np.mean(gain > 0) >= SURE:
        each = f"which is {number(1000 * spent.sum() / gain.sum())} USD for each job more (sum over sum)"
    else:
        each = "too uncertain a gain for a cost per job"
    formal = [percent(which["formal"][:, :, -1]) for which in (run, other)]
    return [
        f"Against {called}, jobs at the end differ by {band(gain)}, and are higher in {percent(gain > 0)} of the {cases}; public "
        f"money is higher by {band(spent)} kUSD in all, {each}.",
        f"Development or beyond is reached at some time in {percent(run.developed())} (there {percent(other.developed())}), and "
        f"an association exists at the end in {formal[0]} (there {formal[1]}).",
    ]
