"""Results of a run: `simulate` makes one; `write_result` and `read_run` store it.

A result holds plain pandas frames whose columns `clustersim.tables.DATA_DICTIONARY` describes; units are in
``frame.attrs["units"]``.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clustersim.core import arguments
from clustersim.core.errors import InputError
from clustersim.core.numbers import number, years
from clustersim.core.words import _, _n
from clustersim.policy.plugins.choosing import RECORDED
from clustersim.results import progress as showing
from clustersim.results import provenance, register
from clustersim.results.options import RECORDS, check_fits, check_records, named, replicate_numbers, with_run
from clustersim.results.phases import by_quarter
from clustersim.results.presenting import Block, Presented, start_and_end
from clustersim.results.unfinished import Kept, Tell, goes_on, left_at, quiet
from clustersim.scenario.model import Scenario
from clustersim.simulation.batches import Job, Progress, run_batches
from clustersim.simulation.changing import Change, changed, scheduled

if TYPE_CHECKING:
    import pandas as pd

    from clustersim.results.measuring import Measures
    from clustersim.results.probing import Probe, Probes

OPTIONAL = (*RECORDS, "probes", "register")
TABLES = ("indicators", "phases", "spending", *OPTIONAL)


@dataclass(repr=False)
class RunResult(Presented):
    """A finished run: what was simulated, and its tables.

    Attributes
    ----------
    scenario : Scenario
        The scenario as it ran, changes of horizon included.
    seed, replicates : int
        The seed, and how many replicates ran.
    indicators, phases, spending : DataFrame
        Indicators by replicate, cluster and quarter; changes of phase; money by instrument.
    firms, ties, events : DataFrame, optional
        Records of single firms, ties and events, if they were asked for.
    probes : DataFrame, optional
        What probes measured, if there were any.
    register : DataFrame, optional
        Which firm is which in the register, if the scenario's firms come from one.
    provenance : dict
        What ``run.json`` holds: versions, sources, parameters, machine class, time.
    name : str
        Name of the scenario, as it appears in the folder's name.
    kept : Kept, optional
        Finished batches that lie beside the result-to-be; they go when it is written.

    Examples
    --------
    >>> from clustersim import simulate
    >>> result = simulate("organic", replicates=2, years=1)
    >>> sorted(result.tables())
    ['indicators', 'phases', 'spending']
    >>> result.indicators.attrs["units"]["employment"]
    'persons'
    """

    scenario: Scenario
    seed: int
    replicates: int
    indicators: pd.DataFrame
    phases: pd.DataFrame
    spending: pd.DataFrame
    firms: pd.DataFrame | None = None
    ties: pd.DataFrame | None = None
    events: pd.DataFrame | None = None
    probes: pd.DataFrame | None = None
    register: pd.DataFrame | None = None
    provenance: dict[str, Any] = field(default_factory=dict)
    name: str = "scenario"
    kept: Kept | None = field(default=None, repr=False, compare=False)

    @property
    def folder_name(self) -> str:
        """Name of the result's folder: the scenario's name and a hash of all that the result depends on."""
        return _folder_name(self.name, self.provenance)

    @property
    def changes(self) -> list[Change]:
        """What was changed in mid-run; `simulate` takes it as `changes`."""
        return list(self.provenance.get("changes", ()))

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables that this result has, by name."""
        found = {name: getattr(self, name) for name in TABLES}
        return {name: frame for name, frame in found.items() if frame is not None}

    def most_frequent_phase(self, cluster: str | None = None) -> pd.DataFrame:
        """Return the phase that most replicates are in, quarter by quarter, as the figures tell it.

        A phase stays until another one is ahead of it by a tenth of the replicates, and by two of them, so that it does not go to
        and fro where two have nearly equal shares. Of a single replicate these are its own phases.

        Parameters
        ----------
        cluster : str, optional
            Name of a cluster; all of them, each cluster of each replicate a case of its own, if not given.

        Returns
        -------
        DataFrame
            By quarter: ``year`` when it begins, ``phase``, its ``share`` of the replicates, and ``close``, another phase that is
            ahead of it or behind by less than that, if there is one.

        Raises
        ------
        InputError
            If there is no such cluster.

        Examples
        --------
        >>> from clustersim import simulate
        >>> found = simulate("organic", replicates=4, years=1).most_frequent_phase("valley")
        >>> found.columns.tolist(), found["phase"].tolist()
        (['quarter', 'year', 'phase', 'share', 'close'], ['agglomeration', 'agglomeration', 'agglomeration', 'agglomeration'])
        """
        return by_quarter(self.indicators, self.scenario, cluster)

    def _heading(self) -> str:
        return self.scenario.titled()

    def _facts(self) -> list[str]:
        return [
            _n("one replicate", "{n} replicates", self.replicates, n=number(self.replicates, 0)),
            _("{years} from {start}", years=years(self.scenario.quarters), start=self.scenario.horizon.start_year),
            _("seed {seed}", seed=self.seed),
        ]

    def _numbers(self) -> tuple[list[str], list[list[str]]]:
        heads = [_("Indicator"), _("Unit"), _("At the start, median (10–90 %)"), _("At the end, median (10–90 %)")]
        return heads, start_and_end(self.indicators)

    def _table(self) -> pd.DataFrame:
        return self.indicators

    def _blocks(self) -> list[Block]:
        from clustersim.results.measuring import said_columns
        from clustersim.results.tables import units

        known = units("indicators.parquet") | said_columns(self.provenance)
        return [Block(self.indicators, ("replicate", "cluster", "quarter"), known)]


def simulate(
    scenario: Scenario | str | Path,
    seed: int | None = None,
    replicates: int | Iterable[int] = 1,
    years: float | None = None,
    records: Iterable[str] = (),
    workers: int | None = None,
    progress: Progress | bool | None = None,
    name: str | None = None,
    *,
    probes: Mapping[str, Probe] | None = None,
    probe_at: int | Iterable[int] | None = None,
    indicators: Iterable[str] | None = None,
    changes: Sequence[Change] = (),
    stop: threading.Event | None = None,
    keep: str | Path | None = None,
    tell: Tell = quiet,
) -> RunResult:
    """Run a scenario.

    Parameters
    ----------
    scenario : Scenario or str or Path
        A scenario, the name of a shipped one, or a file.
    seed : int, optional
        Seed; the scenario's if not given.
    replicates : int or iterable of int
        How many replicates, or which numbers; replicate k is the same alone and among many.
    years : float, optional
        Horizon; the scenario's if not given.
    records : iterable of {"firms", "ties", "events"}
        Records of single firms and ties (yearly) and of events to keep beside the indicators.
    workers : int, optional
        Threads; the processors of this machine if not given. Results do not depend on it.
    progress : bool or callable, optional
        True shows a bar in a terminal or a notebook; a callable is called as ``progress(done, total)`` with quarters summed over
        replicates.
    name : str, optional
        Name of the result; from the scenario's name or title if not given.
    probes : mapping, optional
        Measures of your own: functions of a `clustersim.results.probing.Look` that return a number, by name. Their values stand
        in the result's table ``probes``.
    probe_at : int or iterable of int, optional
        When probes look: every so many quarters, or at these quarters (from 0); at the end of each year if not given.
    indicators : iterable of str, optional
        Names of own indicators to measure (see docs/extending.md), each a further column of the result's table ``indicators``;
        all that were loaded from files or registered if not given.
    changes : sequence of dict, optional
        Changes in mid-run, each with ``quarter`` (from 0: it begins with the change), ``key`` and ``now``, such as those that
        `Simulation.changes` lists; see `Simulation.change`.
    stop : Event, optional
        Ends the work when it is set.
    keep : str or Path, optional
        Folder that will hold the result's own folder. Finished batches are kept in a hidden folder there, so that the same call
        goes on from them if this one ends early; `write_result` removes them. The result is the same.
    tell : callable, optional
        Called with a sentence about what was kept.

    Returns
    -------
    RunResult

    Raises
    ------
    InputError
        If an argument is impossible, or the run would not fit this machine.
    Stopped
        If `stop` was set.

    Examples
    --------
    >>> from clustersim import simulate
    >>> result = simulate("organic", replicates=2, years=1)
    >>> result
    <RunResult Organic agglomeration: 2 replicates, 1 year from 2000, seed 1>
    >>> result.indicators.groupby("quarter")["trust"].median().round(2).tolist()
    [0.33, 0.33, 0.33, 0.33]

    A measure of one's own, and a change in the third year:

    >>> large = simulate(
    ...     "organic", years=3, workers=1, probes={"largest": lambda look: look.firms.employees.max()}, probe_at=[7, 11],
    ...     changes=[{"quarter": 8, "key": "parameters.trust.gain", "now": 0.1}],
    ... )
    >>> large.probes.columns.tolist(), large.probes["quarter"].tolist()
    (['replicate', 'quarter', 'year', 'cluster', 'largest'], [7, 11])
    >>> large.provenance["changes"]
    [{'quarter': 8, 'key': 'parameters.trust.gain', 'before': 0.06, 'now': 0.1}]
    """
    from clustersim.results import measuring

    began, started = time.perf_counter(), datetime.now(UTC)
    scenario, name = named(scenario, name)
    numbers = replicate_numbers(replicates)
    scenario = with_run(scenario, seed, len(numbers), years)
    wanted = check_records(records)
    asked = _asked(probes, probe_at, keep, scenario.quarters)
    own = measuring.chosen(indicators)
    measures = measuring.Measures(own, scenario.quarters) if own else None
    planned = scheduled(changes, scenario.quarters)
    workers = arguments.workers(workers)
    arguments.listeners(progress, tell, stop)
    check_fits(scenario, len(numbers), wanted)
    said = provenance.describe(scenario, name, scenario.seed, numbers, measuring.said(own))
    if planned:
        said["changes"] = _told(scenario, planned)
    kept = None if keep is None else Kept(arguments.place(keep, "keep"), _folder_name(name, said), wanted)
    with showing.shown(progress) as telling:
        frames = _run_batches(scenario, numbers, wanted, workers, telling, stop, kept, tell, planned, asked, measures)
    if register.is_listed(scenario):
        frames["register"] = register.register_frame(scenario)
    said |= {"started": started.isoformat(timespec="seconds"), "seconds": round(time.perf_counter() - began, 3)}
    return RunResult(scenario, scenario.seed, len(numbers), **frames, provenance=said, name=name, kept=kept)


def _asked(probes: Any, probe_at: Any, keep: Any, quarters: int) -> Probes | None:
    """Return the probes of a run, checked; what they measure cannot be kept, since nothing says what a function does."""
    if probes is None:
        if probe_at is not None:
            raise InputError("", "probe_at", _("there are no probes that could look"))
        return None
    from clustersim.results.probing import Probes

    if keep is not None:
        raise InputError("", "keep", _("a run with probes cannot be kept: leave keep out, or the probes"))
    return Probes(probes, probe_at, quarters)


def _told(scenario: Scenario, planned: Mapping[int, Mapping[str, Any]]) -> list[Change]:
    """Return changes as provenance says them, each checked against what the scenario is by then."""
    told: list[Change] = []
    for quarter, overrides in planned.items():
        if "programme" in overrides:  # its spending would be a table of other rows
            message = _("a run keeps its programme; Simulation.branch(programme) goes on under another")
            raise InputError("changes", "programme", message)
        scenario, found = changed(scenario, overrides, quarter)
        told += found
    return told


def replicate(scenario: Scenario | str | Path, replicates: int | Iterable[int] | None = None, **options: Any) -> RunResult:
    """Run many replicates of a scenario: as many as it asks for, unless `replicates` says otherwise; see `simulate`.

    Examples
    --------
    >>> from clustersim import replicate
    >>> replicate("organic", [3, 5], years=0.5).indicators["replicate"].unique().tolist()
    [3, 5]
    """
    loaded, name = named(scenario, options.pop("name", None))
    return simulate(loaded, replicates=loaded.replicates if replicates is None else replicates, name=name, **options)


def planned_folder_name(scenario: Scenario, name: str, indicators: Iterable[str] | None = None) -> str:
    """Return the name of the folder that the result of a scenario will get, before it runs.

    Parameters
    ----------
    scenario : Scenario
        With the seed, replicates and horizon of the run.
    name : str
        Name of the result.
    indicators : iterable of str, optional
        Own indicators to measure; see `simulate`.
    """
    from clustersim.results import measuring

    scenario, name = named(scenario, name)
    return _folder_name(name, provenance.describe(scenario, name, scenario.seed, list(range(scenario.replicates)),
                                                   measuring.said(measuring.chosen(indicators))))  # fmt: skip


def _folder_name(name: str, said: dict[str, Any]) -> str:
    return f"{name}-{provenance.result_hash(said)}"


def _run_batches(
    scenario: Scenario, numbers: list[int], records: tuple[str, ...], workers: int | None, progress: Progress | None,
    stop: threading.Event | None, kept: Kept | None, tell: Tell, changes: Mapping[int, Mapping[str, Any]], probes: Probes | None,
    measures: Measures | None,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """Run the replicates that are not kept from before, and return the tables of all of them."""
    from clustersim.results.recorder import Recorder
    from clustersim.results.tables import stack

    parts = kept.read("replicates") if kept is not None else []
    before = {number for found, _tables in parts for number in found}
    left = [number for number in numbers if number not in before]
    of = len(numbers)
    if before:
        tell(goes_on(len(before), of))

    def said(now: int, _left: int) -> None:
        if progress is not None:
            progress(scenario.quarters * len(before) + now, scenario.quarters * of)

    try:
        looks = frozenset[int]().union(*(part.looks for part in (probes, measures) if part is not None))
        job = Job(scenario, lambda simulation: Recorder(simulation, records, probes, measures), scenario.seed, changes, looks)
        for batch in run_batches([job], left, workers, said, stop):
            parts.append((batch.replicates, batch.parts[0]))
            if kept is not None:
                kept.write("replicates", *parts[-1])
        if len(parts) == 1:
            return parts[0][1]
        return {name: stack([tables[name] for _numbers, tables in parts]) for name in parts[0][1]}
    except BaseException:
        if kept is not None and (done := kept.count("replicates")):
            tell(left_at(done, of))
        raise


def write_result(result: RunResult, folder: str | Path, extras: Callable[[Path], object] | None = None) -> Path:
    """Write a result as a folder, whole or not at all.

    Everything is written into a hidden folder beside `folder`, which takes its place at the end; an older result there
    stays untouched until then.

    Parameters
    ----------
    result : RunResult
        A finished run.
    folder : str or Path
        The result's own folder, such as ``Path("results") / result.folder_name``.
    extras : callable, optional
        Called with the hidden folder, to add files such as pictures.

    Returns
    -------
    Path
        `folder`.

    Examples
    --------
    >>> import tempfile
    >>> from clustersim import read_result, simulate, write_result
    >>> result = simulate("organic", replicates=2, years=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     read_result(write_result(result, f"{folder}/{result.folder_name}")).replicates
    2
    """
    from clustersim.results.storage import RUN, write_tables

    if not isinstance(result, RunResult):
        raise arguments.refused("result", result, _("what simulate returned"))
    folder = arguments.place(folder, "folder")
    if extras is not None:
        arguments.called(extras, "extras")

    def add(place: Path) -> None:
        register.keep_inputs(result.scenario, place)
        if extras is not None:
            extras(place)

    write_tables(Path(folder), result.tables(), RUN, json.dumps(result.provenance, indent=1, ensure_ascii=False), add)
    if result.kept is not None:
        result.kept.clear()
    return Path(folder)


def read_run(folder: str | Path) -> RunResult:
    """Read a result that `write_result` wrote.

    Parameters
    ----------
    folder : str or Path
        The result's folder.

    Returns
    -------
    RunResult

    Raises
    ------
    InputError
        If the folder holds no result, or one that is damaged.
    """
    from clustersim.results.storage import RUN, has, read_facts, read_indicators, read_table, unreadable

    folder = arguments.place(folder, "folder")
    run = read_facts(folder)
    try:
        scenario = register.with_inputs(Scenario.model_validate(run["scenario"], context=RECORDED), folder)
        frames = {"indicators": read_indicators(folder, run)}
        frames |= {name: read_table(folder, name) for name in TABLES if name not in OPTIONAL and name not in frames}
        frames |= {name: read_table(folder, name) for name in OPTIONAL if has(folder, f"{name}.parquet")}
        provenance.check(run, frames["indicators"]["replicate"].nunique())
        return RunResult(scenario, run["seed"], run["replicates"], **frames, provenance=run, name=run["name"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise unreadable(folder / RUN, run) from error
