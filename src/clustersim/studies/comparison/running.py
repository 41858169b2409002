"""Running a comparison: every option with the same seed and replicate numbers, reduced to outcomes batch by batch."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from clustersim.model.indicators import INDICATORS
from clustersim.results.options import check_fits, firms_at_start
from clustersim.results.running import BYTES_PER_CLUSTER, BYTES_PER_FIRM
from clustersim.scenario.model import Scenario
from clustersim.simulation.engine import Simulation
from clustersim.studies.comparison import worlds as uncertainty
from clustersim.studies.comparison.comparison import Comparison
from clustersim.studies.comparison.improved import Firms, firms_at_end, improved_jobs
from clustersim.studies.comparison.options import (
    Given,
    Option,
    check_numbers,
    check_same_place,
    options_of,
    position_of,
)
from clustersim.studies.comparison.outcomes import CHANCE, Batch, jobs_by_group, outcomes_for
from clustersim.studies.comparison.provenance import describe

if TYPE_CHECKING:
    import pandas as pd

REPLICATES = 100
DISCOUNT = 0.03
BATCH_BYTES = 2**29  # of state and indicators held at a time
CHUNK = 16  # quarters between two reports of progress

Progress = Callable[[int, int], None]
Parts = tuple[dict[str, Any], dict[str, Any]]


def compare(
    scenarios: Sequence[Given] | Mapping[str, Given], baseline: str | None = None, replicates: int = REPLICATES,
    years: float | None = None, seed: int | None = None, worlds: int = 0, discount: float = DISCOUNT, paired: bool = True,
    workers: int | None = None, progress: Progress | None = None,
) -> Comparison:  # fmt: skip
    """Run scenarios side by side under common random numbers, and keep what a comparison needs of them.

    Parameters
    ----------
    scenarios : sequence or mapping
        Two to eight scenarios, names of shipped ones, or files; a mapping gives each its name.
    baseline : str, optional
        Name of the option that the others are measured against; the first if not given.
    replicates : int
        Replicates of each option; replicate k of all options shares its random draws.
    years : float, optional
        Horizon; the scenarios' own if not given, which must then agree.
    seed : int, optional
        Seed of all options; the first scenario's if not given.
    worlds : int
        Draws of uncertain parameters, the same for all options; 0 for none.
    discount : float
        Discount rate a year, on money and on job-years.
    paired : bool
        False runs each option with a seed of its own, for scenarios that begin with different places.
    workers : int, optional
        Threads; the processors of this machine if not given. Results do not depend on it.
    progress : callable, optional
        Called as ``progress(done, total)`` with quarters summed over runs.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        If an argument is impossible, the options begin with different places, or the runs would not fit this machine.

    Examples
    --------
    >>> from clustersim import compare
    >>> found = compare(["no_policy", "designed"], replicates=50)  # doctest: +SKIP
    >>> found.answers["differences"]["designed"]["jobs"]  # doctest: +SKIP
    """
    began, started = time.perf_counter(), datetime.now(UTC)
    options = options_of(scenarios, replicates, years, seed)
    chosen = position_of(baseline, options)
    check_numbers(discount, worlds)
    if paired:
        check_same_place(options)
    for option in options:
        check_fits(option.scenario, replicates, ())
    shared = options[0].scenario.seed
    seeds = [shared if paired else shared + k for k in range(len(options))]
    draws, each = {}, 0
    if worlds:
        draws = uncertainty.draw([option.scenario for option in options], worlds, shared)
        each = uncertainty.replicates_in_each(replicates, worlds)
    count = _Counter(progress, len(options) * (replicates + worlds * each) * options[0].scenario.quarters)
    runner = _Runner(seeds, chosen if paired else None, discount, workers, count)
    parts = runner.run([option.scenario for option in options], replicates)
    found = Comparison(
        options=options, baseline=options[chosen].name, seed=shared, replicates=replicates, paired=paired, discount=discount,
        runs=_stack([_runs_frame(*some, paired) for some in zip(options, seeds, parts, strict=True)]),
        yearly=_stack([_yearly_frame(*some) for some in zip(options, parts, strict=True)]),
        worlds=_run_worlds(runner, options, chosen, draws, worlds, each) if worlds else None, draws=draws, replicates_each=each,
    )  # fmt: skip
    found.provenance = describe(found) | {
        "started": started.isoformat(timespec="seconds"), "seconds": round(time.perf_counter() - began, 3),
    }  # fmt: skip
    return found


class _Counter:
    """Adds up quarters of all runs for the caller's progress."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def add(self, quarters: int) -> None:
        self._done += quarters
        if self._progress is not None:
            self._progress(self._done, self._total)


def batch_size(scenario: Scenario) -> int:
    """Return how many replicates run at a time: as many as the memory set aside for a batch holds."""
    clusters = len(scenario.place.clusters)
    record = 8 * len(INDICATORS) * clusters * scenario.quarters
    return max(1, BATCH_BYTES // (BYTES_PER_FIRM * firms_at_start(scenario) + BYTES_PER_CLUSTER * clusters + record))


class _Runner:
    """Runs the replicates of options, as many at a time as memory holds.

    Paired options run a batch of replicates one after the other, the baseline first: the firms that it ends with are kept
    until the others have been held against them, and no longer.
    """

    def __init__(
        self, seeds: Sequence[int], baseline: int | None, discount: float, workers: int | None, count: _Counter
    ) -> None:
        self.seeds, self.baseline, self.discount, self.workers, self.count = seeds, baseline, discount, workers, count

    def run(self, scenarios: Sequence[Scenario], replicates: int) -> list[list[Parts]]:
        """Return for each option the outcomes and yearly series of each batch."""
        every = list(range(len(scenarios)))
        if self.baseline is None:
            groups = [[k] for k in every]
        else:
            groups = [sorted(every, key=lambda k: k != self.baseline)]
        found: list[list[Parts]] = [[] for _ in scenarios]
        for group in groups:
            size = min(batch_size(scenarios[k]) for k in group)
            for first in range(0, replicates, size):
                numbers = range(first, min(first + size, replicates))
                firms = None
                for k in group:
                    parts, own = self._batch(scenarios[k], self.seeds[k], numbers, firms)
                    firms = own if firms is None else firms
                    found[k].append(parts)
        return found

    def _batch(self, scenario: Scenario, seed: int, numbers: range, baseline: Firms | None) -> tuple[Parts, Firms]:
        """Run some replicates of one option; return what is kept of them, and their firms at the end."""
        simulation = Simulation(scenario, seed, numbers, self.workers)
        parts = []
        while simulation.quarter < scenario.quarters:
            parts.append(simulation.advance(min(CHUNK, scenario.quarters - simulation.quarter)).indicators)
            self.count.add(len(parts[-1]) * len(numbers))
        batch, firms = Batch(np.concatenate(parts), len(numbers)), firms_at_end(simulation.state)
        at_end = jobs_by_group(simulation.state, len(numbers))
        if self.baseline is not None:
            at_end |= improved_jobs(firms, firms if baseline is None else baseline, len(numbers))
        yearly = batch.yearly()
        return (batch.outcomes(yearly, at_end, self.discount), yearly), firms


def _runs_frame(option: Option, seed: int, parts: list[Parts], paired: bool) -> pd.DataFrame:
    """Return one row for each replicate."""
    import pandas as pd

    names = outcomes_for(option.scenario.quarters, paired)
    columns = {name: np.concatenate([outcomes[name] for outcomes, _ in parts]) for name in names}
    count = len(columns["jobs"])
    head = {"option": [option.name] * count, "replicate": np.arange(count), "seed": np.full(count, seed, np.int64)}
    return pd.DataFrame(head | columns)


def _yearly_frame(option: Option, parts: list[Parts]) -> pd.DataFrame:
    """Return one row for each replicate and year."""
    import pandas as pd

    columns = {name: np.concatenate([series[name] for _, series in parts]) for name in parts[0][1]}
    count, years = columns["employment"].shape
    head = {
        "option": [option.name] * (count * years),
        "replicate": np.repeat(np.arange(count), years),
        "year": np.tile(option.scenario.horizon.start_year + np.arange(years), count),
    }
    return pd.DataFrame(head | {name: values.ravel() for name, values in columns.items()})


def _stack(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return frames one below the other, the option as a category in the order given."""
    import pandas as pd

    stacked = pd.concat(frames, ignore_index=True)
    stacked["option"] = pd.Categorical(stacked["option"], [frame["option"].iloc[0] for frame in frames])
    return stacked


def _run_worlds(
    runner: _Runner, options: list[Option], baseline: int, draws: dict[str, Any], worlds: int, each: int
) -> pd.DataFrame:
    """Return one row for each option and world: the mean of its replicates, which share their draws across options.

    Beside them stands the variance that chance gives the mean difference in jobs to the baseline.
    """
    import pandas as pd

    rows: list[list[dict[str, Any]]] = [[] for _ in options]
    for world in range(worlds):
        scenarios = [uncertainty.in_world(option.scenario, draws, world) for option in options]
        found = [{name: np.concatenate([outcomes[name] for outcomes, _ in parts]) for name in parts[0][0]}
                 for parts in runner.run(scenarios, each)]  # fmt: skip
        for own, option, values in zip(rows, options, found, strict=True):
            gain = values["jobs"] - found[baseline]["jobs"]
            chance = float(gain.var(ddof=1) / each) if each > 1 else float("nan")
            means = {name: float(column.mean()) for name, column in values.items()}
            own.append({"option": option.name, "world": world, **means, CHANCE: chance})
    frame = pd.DataFrame([row for own in rows for row in own])
    frame["option"] = pd.Categorical(frame["option"], [option.name for option in options])
    return frame
