"""Running a comparison: every option with the same seed and replicate numbers, reduced to outcomes batch by batch."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from clustersim.core import arguments
from clustersim.results import progress as showing
from clustersim.results.options import check_fits
from clustersim.results.unfinished import Kept, Tell, goes_on, left_at, quiet
from clustersim.simulation.batches import Gathering, Job, Progress, run_batches
from clustersim.simulation.engine import Simulation
from clustersim.studies.comparison import worlds as uncertainty
from clustersim.studies.comparison.comparison import Comparison
from clustersim.studies.comparison.improved import Firms, firms_at_end, improved_jobs
from clustersim.studies.comparison.options import (
    Given,
    Option,
    check_same_place,
    count_of_worlds,
    options_of,
    position_of,
    rate,
)
from clustersim.studies.comparison.outcomes import CHANCE, Batch, jobs_by_group, outcomes_for
from clustersim.studies.comparison.provenance import describe

if TYPE_CHECKING:
    import pandas as pd

    from clustersim.results.unfinished import Tables

REPLICATES = 100
DISCOUNT = 0.03
KEEP_SECONDS = 2.0  # of work on uncertain worlds between two files of what is kept


def compare(
    scenarios: Sequence[Given] | Mapping[str, Given], baseline: str | None = None, replicates: int = REPLICATES,
    years: float | None = None, seed: int | None = None, worlds: int = 0, discount: float = DISCOUNT, paired: bool = True,
    workers: int | None = None, progress: Progress | bool | None = None, *, stop: threading.Event | None = None,
    keep: str | Path | None = None, tell: Tell = quiet,
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
    progress : bool or callable, optional
        True shows a bar in a terminal or a notebook; a callable is called as ``progress(done, total)`` with quarters summed over
        runs.
    stop : Event, optional
        Ends the work when it is set.
    keep : str or Path, optional
        Folder that will hold the comparison's own folder. Finished batches are kept in a hidden folder there, so that the same
        call goes on from them if this one ends early; `write_comparison` removes them. The comparison is the same.
    tell : callable, optional
        Called with a sentence about what was kept.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        If an argument is impossible, the options begin with different places, or the runs would not fit this machine.
    Stopped
        If `stop` was set.

    Examples
    --------
    >>> from clustersim import compare
    >>> found = compare(["no_policy", "designed"], replicates=2, years=1)
    >>> found.names
    ['no_policy', 'designed']
    >>> round(found.answers["differences"]["designed"]["jobs"]["estimate"], 1)
    0.0
    """
    import pandas as pd

    began, started = time.perf_counter(), datetime.now(UTC)
    options = options_of(scenarios, replicates, years, seed)
    chosen = position_of(baseline, options)
    discount, worlds = rate(discount), count_of_worlds(worlds)
    replicates = options[0].scenario.replicates
    workers, paired = arguments.workers(workers), arguments.flag(paired, "paired")
    arguments.listeners(progress, tell, stop)
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
    found = Comparison(
        options=options, baseline=options[chosen].name, seed=shared, replicates=replicates, paired=paired, discount=discount,
        runs=pd.DataFrame(), yearly=pd.DataFrame(), draws=draws, replicates_each=each,
    )  # fmt: skip
    found.provenance = describe(found)
    found.kept = None if keep is None else Kept(arguments.place(keep, "keep"), found.folder_name)
    with showing.shown(progress) as telling:
        _Work(found, seeds, chosen, workers, telling, stop, tell).run()
    found.provenance |= {"started": started.isoformat(timespec="seconds"), "seconds": round(time.perf_counter() - began, 3)}
    return found


class _Work:
    """Runs what a comparison consists of, but for what is kept from before.

    Paired options run a batch of replicates one after the other, the baseline first: the firms that it ends with are kept
    until the others have been held against them, and no longer.
    """

    def __init__(
        self, found: Comparison, seeds: Sequence[int], baseline: int, workers: int | None, progress: Progress | None,
        stop: threading.Event | None, tell: Tell,
    ) -> None:  # fmt: skip
        self.found, self.seeds, self.baseline, self.workers, self.stop, self.tell = found, seeds, baseline, workers, stop, tell
        every = list(range(len(found.options)))
        self.groups = [sorted(every, key=lambda k: k != baseline)] if found.paired else [[k] for k in every]
        kept = found.kept
        self.parts = [kept.read(f"options{number}") if kept is not None else [] for number in range(len(self.groups))]
        self.world_parts = kept.read("worlds") if kept is not None and found.world_count else []
        self._progress, self._done = progress, 0
        self._total = len(every) * found.quarters * (found.replicates + found.world_count * found.replicates_each)

    def _advanced(self, base: int, done: int, _total: int) -> None:
        self._done = base + done
        if self._progress is not None:
            self._progress(self._done, self._total)

    def _batches(self, group: list[int], options: list[Option], replicates: Sequence[int]) -> Iterator[tuple[list[int], Tables]]:
        """Run replicates of the options of a group side by side; yield numbers and tables of each batch."""
        reference = _Reference()
        jobs = [
            Job(options[k].scenario, partial(_Reducer, options[k], self.seeds[k], self.found, reference), self.seeds[k])
            for k in group
        ]
        progress = partial(self._advanced, self._done)
        for batch in run_batches(jobs, replicates, self.workers, progress, self.stop):
            reference.firms = None
            yield (
                batch.replicates,
                {f"{table}_{k}": frame for k, part in zip(group, batch.parts, strict=True) for table, frame in part.items()},
            )

    def run(self) -> None:
        """Run everything, and put the tables into the comparison."""
        counts = [sum(len(numbers) for numbers, _tables in parts) for parts in (*self.parts, self.world_parts)]
        replicates, worlds = min(counts[:-1]), counts[-1]
        if replicates or worlds:
            self.tell(goes_on(replicates, self.found.replicates, worlds, self.found.world_count))
        try:
            self.found.runs, self.found.yearly = self.run_replicates()
            if self.found.world_count:
                self.found.worlds = self.run_worlds()
        except BaseException:
            if (kept := self.found.kept) is not None:
                replicates = min(kept.count(f"options{number}") for number in range(len(self.groups)))
                if replicates:
                    self.tell(left_at(replicates, self.found.replicates, kept.count("worlds"), self.found.world_count))
            raise

    def _keep(self, kind: str, parts: list[tuple[list[int], Tables]], numbers: list[int], tables: Tables) -> None:
        if self.found.kept is not None:
            self.found.kept.write(kind, numbers, tables)
        parts.append((numbers, tables))

    def run_replicates(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return one row for each option and replicate, and one for each option, replicate and year."""
        for number, (group, parts) in enumerate(zip(self.groups, self.parts, strict=True)):
            before = {replicate for numbers, _tables in parts for replicate in numbers}
            self._done += len(group) * len(before) * self.found.quarters
            left = [replicate for replicate in range(self.found.replicates) if replicate not in before]
            for numbers, tables in self._batches(group, self.found.options, left):
                self._keep(f"options{number}", parts, numbers, tables)
        every = [tables for parts in self.parts for _numbers, tables in parts]
        return self._stack(every, "runs"), self._stack(every, "yearly")

    def _stack(self, parts: list[Tables], table: str) -> pd.DataFrame:
        """Return the tables of all batches one below the other: options in the order given, replicates in order."""
        import pandas as pd

        names, columns = self.found.names, []
        for k, name in enumerate(names):
            own = pd.concat([part[f"{table}_{k}"] for part in parts if f"{table}_{k}" in part], ignore_index=True)
            own = own.sort_values("replicate", kind="stable", ignore_index=True)
            own.insert(0, "option", name)
            columns.append(own)
        stacked = pd.concat(columns, ignore_index=True)
        stacked["option"] = pd.Categorical(stacked["option"], names)
        return stacked

    def run_worlds(self) -> pd.DataFrame:
        """Return one row for each option and world: the mean of its replicates, which share their draws across options.

        Beside them stands the variance that chance gives the mean difference in jobs to the baseline.
        """
        import pandas as pd

        parts, names = self.world_parts, self.found.names
        before = {world for worlds, _tables in parts for world in worlds}
        self._done += len(before) * len(names) * self.found.quarters * self.found.replicates_each
        waiting: dict[int, pd.DataFrame] = {}
        since = time.monotonic()

        def put_down() -> None:
            if waiting:
                self._keep("worlds", parts, list(waiting), {"worlds": pd.concat(waiting.values(), ignore_index=True)})
                waiting.clear()

        try:
            for world in range(self.found.world_count):
                if world not in before:
                    waiting[world] = self._world(world)
                if time.monotonic() - since > KEEP_SECONDS:
                    put_down()
                    since = time.monotonic()
        finally:
            put_down()
        frame = pd.concat([tables["worlds"] for _worlds, tables in parts], ignore_index=True)
        frame["option"] = pd.Categorical(frame["option"].astype(str), names)
        return frame.sort_values(["option", "world"], kind="stable", ignore_index=True)

    def _world(self, world: int) -> pd.DataFrame:
        """Return one row for each option in one world."""
        import pandas as pd

        each = self.found.replicates_each
        options = [replace(o, scenario=uncertainty.in_world(o.scenario, self.found.draws, world)) for o in self.found.options]
        tables = [tables for group in self.groups for _numbers, tables in self._batches(group, options, range(each))]
        runs = self._stack(tables, "runs")
        columns = [name for name in runs if name not in ("option", "replicate", "seed")]
        values = [{name: part[name].to_numpy() for name in columns} for _, part in runs.groupby("option", observed=False)]
        rows = []
        for name, own in zip(self.found.names, values, strict=True):
            gain = own["jobs"] - values[self.baseline]["jobs"]
            chance = float(gain.var(ddof=1) / each) if each > 1 else float("nan")
            means = {outcome: float(column.mean()) for outcome, column in own.items()}
            rows.append({"option": name, "world": world, **means, CHANCE: chance})
        return pd.DataFrame(rows)


class _Reference:
    """The firms with which the baseline ended the batch in work."""

    firms: Firms | None = None


class _Reducer(Gathering):
    """Reduces a batch of one option to its outcomes and yearly series."""

    def __init__(self, option: Option, seed: int, found: Comparison, reference: _Reference, simulation: Simulation) -> None:
        super().__init__(simulation)
        self.option, self.seed, self.found, self.reference = option, seed, found, reference

    def end(self) -> Tables:
        """Return one row for each replicate, and one for each replicate and year."""
        state, replicates = self.simulation.state, self.simulation.replicates
        batch, firms = Batch(self.gathered(), len(replicates)), firms_at_end(state)
        at_end = jobs_by_group(state, len(replicates))
        if self.found.paired:
            if self.reference.firms is None:
                self.reference.firms = firms
            at_end |= improved_jobs(firms, self.reference.firms, len(replicates))
        yearly = batch.yearly()
        outcomes = batch.outcomes(yearly, at_end, self.found.discount)
        return {"runs": self._runs(replicates, outcomes), "yearly": self._yearly(replicates, yearly)}

    def _runs(self, replicates: list[int], outcomes: dict[str, Any]) -> pd.DataFrame:
        import pandas as pd

        names = outcomes_for(self.found.quarters, self.found.paired)
        head = {"replicate": np.array(replicates), "seed": np.full(len(replicates), self.seed, np.int64)}
        return pd.DataFrame(head | {name: outcomes[name] for name in names})

    def _yearly(self, replicates: list[int], yearly: dict[str, Any]) -> pd.DataFrame:
        import pandas as pd

        count, years = yearly["employment"].shape
        start = self.option.scenario.horizon.start_year
        head = {"replicate": np.repeat(replicates, years), "year": np.tile(start + np.arange(years), count)}
        return pd.DataFrame(head | {name: values.ravel() for name, values in yearly.items()})
