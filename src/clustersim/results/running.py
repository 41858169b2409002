"""Results of a run: `simulate` makes one; `write_result` and `read_run` store it.

A result holds plain pandas frames whose columns `clustersim.tables.DATA_DICTIONARY` describes; units are in
``frame.attrs["units"]``.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.policy.plugins.choosing import RECORDED
from clustersim.results import provenance, register
from clustersim.results.options import RECORDS, check_fits, check_records, named, replicate_numbers, with_run
from clustersim.results.unfinished import Kept, Tell, goes_on, left_at, quiet
from clustersim.scenario.model import Scenario
from clustersim.simulation.batches import Job, Progress, run_batches

if TYPE_CHECKING:
    import pandas as pd

OPTIONAL = (*RECORDS, "register")
TABLES = ("indicators", "phases", "spending", *OPTIONAL)


@dataclass
class RunResult:
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
    register : DataFrame, optional
        Which firm is which in the register, if the scenario's firms come from one.
    provenance : dict
        What ``run.json`` holds: versions, sources, parameters, machine class, time.
    name : str
        Name of the scenario, as it appears in the folder's name.
    kept : Kept, optional
        Finished batches that lie beside the result-to-be; they go when it is written.
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
    register: pd.DataFrame | None = None
    provenance: dict[str, Any] = field(default_factory=dict)
    name: str = "scenario"
    kept: Kept | None = field(default=None, repr=False, compare=False)

    @property
    def folder_name(self) -> str:
        """Name of the result's folder: the scenario's name and a hash of all that the result depends on."""
        return _folder_name(self.name, self.provenance)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables that this result has, by name."""
        found = {name: getattr(self, name) for name in TABLES}
        return {name: frame for name, frame in found.items() if frame is not None}


def simulate(
    scenario: Scenario | str | Path,
    seed: int | None = None,
    replicates: int | Sequence[int] = 1,
    years: float | None = None,
    records: Iterable[str] = (),
    workers: int | None = None,
    progress: Progress | None = None,
    name: str | None = None,
    *,
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
    replicates : int or sequence of int
        How many replicates, or which numbers; replicate k is the same alone and among many.
    years : float, optional
        Horizon; the scenario's if not given.
    records : iterable of {"firms", "ties", "events"}
        Records of single firms and ties (yearly) and of events to keep beside the indicators.
    workers : int, optional
        Threads; the processors of this machine if not given. Results do not depend on it.
    progress : callable, optional
        Called as ``progress(done, total)`` with quarters summed over replicates.
    name : str, optional
        Name of the result; from the scenario's name or title if not given.
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
    >>> result = simulate("organic", replicates=20, years=10)  # doctest: +SKIP
    >>> result.indicators.groupby("quarter")["trust"].median()  # doctest: +SKIP
    """
    began, started = time.perf_counter(), datetime.now(UTC)
    scenario, name = named(scenario, name)
    numbers = replicate_numbers(replicates)
    scenario = with_run(scenario, seed, len(numbers), years)
    wanted = check_records(records)
    check_fits(scenario, len(numbers), wanted)
    said = provenance.describe(scenario, name, scenario.seed, numbers)
    kept = None if keep is None else Kept(Path(keep), _folder_name(name, said), wanted)
    frames = _run_batches(scenario, numbers, wanted, workers, progress, stop, kept, tell)
    if register.is_listed(scenario):
        frames["register"] = register.register_frame(scenario)
    said |= {"started": started.isoformat(timespec="seconds"), "seconds": round(time.perf_counter() - began, 3)}
    return RunResult(scenario, scenario.seed, len(numbers), **frames, provenance=said, name=name, kept=kept)


def replicate(scenario: Scenario | str | Path, replicates: int | Sequence[int] | None = None, **options: Any) -> RunResult:
    """Run many replicates of a scenario: as many as it asks for, unless `replicates` says otherwise; see `simulate`."""
    loaded, name = named(scenario, options.pop("name", None))
    return simulate(loaded, replicates=replicates or loaded.replicates, name=name, **options)


def planned_folder_name(scenario: Scenario, name: str) -> str:
    """Return the name of the folder that the result of a scenario will get, before it runs.

    Parameters
    ----------
    scenario : Scenario
        With the seed, replicates and horizon of the run.
    name : str
        Name of the result.
    """
    scenario, name = named(scenario, name)
    return _folder_name(name, provenance.describe(scenario, name, scenario.seed, list(range(scenario.replicates))))


def _folder_name(name: str, said: dict[str, Any]) -> str:
    return f"{name}-{provenance.result_hash(said)}"


def _run_batches(
    scenario: Scenario, numbers: list[int], records: tuple[str, ...], workers: int | None, progress: Progress | None,
    stop: threading.Event | None, kept: Kept | None, tell: Tell,
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
        job = Job(scenario, lambda simulation: Recorder(simulation, records), scenario.seed)
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
    """
    from clustersim.results.storage import RUN, write_tables

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
    from clustersim.results.storage import has, read_facts, read_table

    folder = Path(folder)
    run = read_facts(folder)
    try:
        scenario = register.with_inputs(Scenario.model_validate(run["scenario"], context=RECORDED), folder)
        frames = {name: read_table(folder, name) for name in TABLES if name not in OPTIONAL}
        frames |= {name: read_table(folder, name) for name in OPTIONAL if has(folder, f"{name}.parquet")}
        return RunResult(scenario, run["seed"], run["replicates"], **frames, provenance=run, name=run["name"])
    except (KeyError, TypeError, ValueError) as error:
        version = run.get("versions", {}).get("clustersim", "unknown") if isinstance(run.get("versions"), dict) else "unknown"
        message = _("this version cannot read it (written by clustersim {version})", version=version)
        raise InputError(str(folder / "run.json"), "", message) from error
