"""Results of a run: `simulate` makes one; `write_result` and `read_result` store it.

A result holds plain pandas frames whose columns `clustersim.tables.DATA_DICTIONARY` describes; units are in
``frame.attrs["units"]``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clustersim.core.errors import InputError
from clustersim.policy.plugins.choosing import RECORDED
from clustersim.results import provenance, register
from clustersim.results.options import (
    RECORDS,
    check_fits,
    check_records,
    firms_at_start,
    named,
    replicate_numbers,
    with_run,
)
from clustersim.scenario.model import Scenario

if TYPE_CHECKING:
    import pandas as pd

OPTIONAL = (*RECORDS, "register")
TABLES = ("indicators", "phases", "spending", *OPTIONAL)
BATCH_BYTES = 2**30  # memory for the replicates that are in work at the same time
BYTES_PER_FIRM, BYTES_PER_CLUSTER = 3000, 300_000

Progress = Callable[[int, int], None]


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

    @property
    def folder_name(self) -> str:
        """Name of the result's folder: the scenario's name and a hash of all that the result depends on."""
        return f"{self.name}-{provenance.result_hash(self.provenance)}"

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

    Returns
    -------
    RunResult

    Raises
    ------
    InputError
        If an argument is impossible, or the run would not fit this machine.

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
    frames = _run_batches(scenario, numbers, wanted, workers, progress)
    if register.is_listed(scenario):
        frames["register"] = register.register_frame(scenario)
    said = provenance.describe(scenario, name, scenario.seed, numbers)
    said |= {"started": started.isoformat(timespec="seconds"), "seconds": round(time.perf_counter() - began, 3)}
    return RunResult(scenario, scenario.seed, len(numbers), **frames, provenance=said, name=name)


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
    said = provenance.describe(scenario, name, scenario.seed, list(range(scenario.replicates)))
    return f"{name}-{provenance.result_hash(said)}"


def _run_batches(
    scenario: Scenario, numbers: list[int], records: tuple[str, ...], workers: int | None, progress: Progress | None
) -> dict[str, pd.DataFrame]:
    """Run the replicates, as many at a time as memory holds, and return the tables of all of them."""
    from clustersim.results.recorder import Recorder
    from clustersim.results.tables import stack
    from clustersim.simulation.engine import Simulation

    size = BYTES_PER_FIRM * firms_at_start(scenario) + BYTES_PER_CLUSTER * len(scenario.place.clusters)
    batch = max(1, min(len(numbers), BATCH_BYTES // size))
    chunk = max(1, min(8, 2_000_000 // (batch * firms_at_start(scenario))))
    total, done = scenario.quarters * len(numbers), 0
    parts: list[dict[str, pd.DataFrame]] = []
    for first in range(0, len(numbers), batch):
        now = numbers[first : first + batch]
        recorder = Recorder(Simulation(scenario, scenario.seed, now, workers), records)
        while recorder.quarter < scenario.quarters:
            done += len(now) * recorder.advance(min(chunk, scenario.quarters - recorder.quarter))
            if progress is not None:
                progress(done, total)
        parts.append(recorder.frames())
    if len(parts) == 1:
        return parts[0]
    return {name: stack([part[name] for part in parts]) for name in parts[0]}


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
    from clustersim.results.storage import replaced

    with replaced(Path(folder)) as place:
        for name, frame in result.tables().items():
            frame.to_parquet(place / f"{name}.parquet", engine="pyarrow", compression="zstd", index=False)
        text = json.dumps(result.provenance, indent=1, ensure_ascii=False)
        (place / "run.json").write_text(text + "\n", encoding="utf-8")
        register.keep_inputs(result.scenario, place)
        if extras is not None:
            extras(place)
    return Path(folder)


def read_result(folder: str | Path) -> RunResult:
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
    from clustersim.results.storage import read_run, read_table

    folder = Path(folder)
    run = read_run(folder)
    try:
        scenario = register.with_inputs(Scenario.model_validate(run["scenario"], context=RECORDED), folder)
        frames = {name: read_table(folder, name) for name in TABLES if name not in OPTIONAL}
        frames |= {name: read_table(folder, name) for name in OPTIONAL if (folder / f"{name}.parquet").exists()}
        return RunResult(scenario, run["seed"], run["replicates"], **frames, provenance=run, name=run["name"])
    except (KeyError, TypeError, ValueError) as error:
        version = run.get("versions", {}).get("clustersim", "unknown") if isinstance(run.get("versions"), dict) else "unknown"
        raise InputError(
            str(folder / "run.json"), "", f"this version cannot read it (written by clustersim {version})"
        ) from error
