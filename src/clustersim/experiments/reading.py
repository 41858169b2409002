"""Sweeps as pandas frames, and as one CSV, Parquet or NetCDF file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from clustersim.core import arguments
from clustersim.core.errors import InputError, door
from clustersim.core.files import appearing, name_of
from clustersim.core.numbers import number
from clustersim.core.words import _, _n
from clustersim.experiments.execution import describe_values
from clustersim.experiments.plan import Plan
from clustersim.experiments.rows import finished, lever_values, uncertain_values
from clustersim.experiments.store import Store, is_store, open_store
from clustersim.model.state import PHASES
from clustersim.results.exporting import TABLE_FORMATS, write_tables
from clustersim.results.presenting import Block, Presented, span

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from clustersim.results import RunResult

FORMATS = (*TABLE_FORMATS, "netcdf")
SUMMED_UP = 100_000  # finished runs up to which a notebook shows medians over all of them


class SweepResult(Presented):
    """A sweep that was read: its plan, and its rows as frames.

    Parameters
    ----------
    store : Store
        Its store, as of now.

    Attributes
    ----------
    plan : Plan
        What was to be run.
    folder : Path
        Where it is.
    """

    def __init__(self, store: Store) -> None:
        self.store, self.plan, self.folder = store, store.plan, store.folder

    @property
    def name(self) -> str:
        """Name of the experiment: that of the folder."""
        return name_of(self.folder)

    @property
    def done(self) -> int:
        """Number of finished runs."""
        return int(self.store.done.sum())

    @property
    def failed(self) -> int:
        """Number of runs that failed."""
        return len(self.store.attempts)

    @property
    def missing(self) -> int:
        """Number of runs that are neither finished nor failed."""
        return self.plan.runs - self.done - self.failed

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """One row for each run, cluster and recorded quarter; ``attrs`` has ``units``, and how many ``runs`` are done or missing.

        Columns: scenario, option, world, seed, replicate, cluster, quarter, year, and the outputs of the experiment.
        """
        import pandas as pd
        import pyarrow as pa

        tables = list(finished(self.store))
        if not tables:
            raise InputError(str(self.folder), "", _("has no finished runs yet"))
        frame: pd.DataFrame = pa.concat_tables(tables).sort_by("run").to_pandas(strings_to_categorical=True)
        frame = _ordered(frame, self.plan)
        said = describe_values(self.plan)
        if "phase" in frame:
            frame["phase"] = pd.Categorical.from_codes(frame["phase"].astype(int), categories=list(PHASES))
        frame.attrs["units"] = {"quarter": "quarter", "year": "year"} | {name: some["unit"] for name, some in said.items()}
        frame.attrs["runs"] = {"planned": self.plan.runs, "done": self.done, "failed": self.failed, "missing": self.missing}
        return frame

    def frame(self) -> pd.DataFrame:
        """Return `indicators` with one more column for each lever and each uncertain number, by its dotted key."""
        frame, plan = self.indicators.copy(), self.plan
        option, world = frame["option"].cat.codes.to_numpy(), frame["world"].to_numpy()
        for codes, columns in ((option, lever_values(plan)), (world, uncertain_values(plan))):
            for key, values in columns.items():
                frame[key] = np.array(values, dtype=object if any(isinstance(v, str) for v in values) else float)[codes]
        return frame

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row for each point: scenario, option, world, and the value of each lever and uncertain number."""
        import pandas as pd

        plan = self.plan
        rows = []
        for place in range(plan.points):
            where = plan.point(place)
            option = plan.options[where.option]
            rows.append({"scenario": where.scenario, "option": option["name"], "world": where.world}
                        | option["set"] | plan.world(where.world))  # fmt: skip
        return pd.DataFrame(rows)

    @cached_property
    def failures(self) -> pd.DataFrame:
        """One row for each failed run, with its reason; damaged chunks are left out, as they are of what is done."""
        import pyarrow as pa
        import pyarrow.compute as pc

        columns = ["run", "ok", "scenario", "option", "world", "seed", "replicate", "attempts", "reason"]
        damaged = {name for name, _ in self.store.bad}
        sound = [name for name in self.store.names() if name not in damaged]
        parts = [table.filter(pc.invert(table["ok"])) for found, table in self.store.read(columns, sound) if found.failed.size]
        if not parts:
            from clustersim.experiments.chunks import schema

            parts = [schema(self.plan).empty_table().select(columns)]
        frame = pa.concat_tables(parts).drop_columns(["ok"]).to_pandas()
        left = frame["run"].isin(list(self.store.attempts))
        return frame[left].sort_values(["run", "attempts"]).drop_duplicates("run", keep="last").reset_index(drop=True)


    def _heading(self) -> str:
        return self.name

    def _facts(self) -> list[str]:
        plan = self.plan
        counts = {"done": self.done, "runs": plan.runs, "failed": self.failed}
        options, worlds, replicates = len(plan.options), plan.worlds, plan.replicates
        return [
            _("{done} of {runs} runs done, {failed} failed", **{name: number(n, 0) for name, n in counts.items()}),
            _n("one option", "{n} options", options, n=number(options, 0)),
            _n("one world", "{n} worlds", worlds, n=number(worlds, 0)),
            _n("one replicate", "{n} replicates", replicates, n=number(replicates, 0)),
        ]

    def _numbers(self) -> tuple[list[str], list[list[str]]]:
        """Return outputs with their unit, and the median over all runs in the last quarter of each where there are not many."""
        said = describe_values(self.plan)
        ends = {name: "" for name in said}
        if 0 < self.done <= SUMMED_UP:
            last = self.indicators.drop_duplicates(["scenario", "option", "world", "seed", "replicate", "cluster"], keep="last")
            ends |= {name: span(last[name]) for name in said if name != "phase"}
        rows = [[name, _(about["unit"]), ends[name]] for name, about in said.items()]
        return [_("Output"), _("Unit"), _("At the end, median (10–90 %)")], rows

    def _write_csv(self, path: Path) -> None:
        export(self.store, path, "csv")

    def _blocks(self) -> list[Block]:
        dimensions = ("scenario", "option", "world", "seed", "replicate", "cluster", "quarter")
        return [Block(self.indicators, dimensions, {name: said["unit"] for name, said in describe_values(self.plan).items()})]

    def _labels(self) -> dict[str, tuple[str, Sequence[Any]]]:
        levers = {key: ("option", values) for key, values in lever_values(self.plan).items()}
        return levers | {key: ("world", values) for key, values in uncertain_values(self.plan).items()}


def _ordered(frame: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Return the frame with the year beside the quarter, and categories in the plan's order."""
    year = plan.starts[plan.split(frame["run"].to_numpy())[0]] + frame["quarter"] / 4.0
    frame.insert(frame.columns.get_loc("quarter") + 1, "year", year)
    for name, order in (("scenario", plan.scenarios), ("option", [option["name"] for option in plan.options])):
        frame[name] = frame[name].cat.set_categories(order)
    return frame.drop(columns="run")


def read_sweep(folder: str | os.PathLike[str], partial: bool = False) -> SweepResult:
    """Read a sweep.

    Parameters
    ----------
    folder : str or Path
        Its folder.
    partial : bool, optional
        Whether an unfinished sweep will do.

    Raises
    ------
    InputError
        If the folder holds no sweep, one that is damaged, or, unless `partial`, one with runs missing.
    """
    store = open_store(arguments.place(folder, "folder"))
    if store.bad and not partial:
        name, reason = store.bad[0]
        raise InputError(str(store.chunks / name), "", _("is damaged: {reason}", reason=reason),
                         _("Resume the sweep: it sets the chunk aside and does its runs again."))  # fmt: skip
    result = SweepResult(store)
    if result.missing and not partial:
        message = _("is not finished: {missing} of {runs} runs are missing", missing=result.missing, runs=result.plan.runs)
        there = _("Resume the sweep, or read what is there with {argument}.", argument="partial=True")
        raise InputError(str(folder), "", message, door(command=_("Resume the sweep."), python=there))
    return result


def read_result(folder: str | os.PathLike[str], partial: bool = False) -> RunResult | SweepResult:
    """Read what a run or a sweep left.

    Parameters
    ----------
    folder : str or Path
        The result's folder.
    partial : bool, optional
        Whether an unfinished sweep will do; ``indicators.attrs["runs"]`` says how many runs are missing then.

    Returns
    -------
    RunResult or SweepResult

    Raises
    ------
    InputError
        If the folder holds no result, one that is damaged, or an unfinished sweep (see `read_sweep`).

    Examples
    --------
    >>> import tempfile
    >>> from clustersim import read_result, simulate, write_result
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     read_result(write_result(simulate("organic", replicates=2, years=1), f"{folder}/organic"))
    <RunResult Organic agglomeration: 2 replicates, 1 year from 2000, seed 1>
    """
    place, partial = arguments.place(folder, "folder"), arguments.flag(partial, "partial")
    if is_store(place):
        return read_sweep(place, partial)
    from clustersim.results import read_run

    return read_run(place)


def export(store: Store, path: Path, form: str) -> int:
    """Write all finished runs into one file, with the values of levers and uncertain numbers.

    Parameters
    ----------
    store : Store
        The sweep.
    path : Path
        The file, which appears whole or not at all.
    form : {"csv", "parquet", "netcdf"}
        Its format; numbers in CSV have decimal points in every locale. Levers and uncertain numbers have columns of their
        own in CSV and Parquet, and variables by run in NetCDF (see `clustersim.experiments.netcdf`).

    Returns
    -------
    int
        Rows written: one for each run, cluster and recorded quarter.

    Raises
    ------
    InputError
        If there is no finished run, a chunk is damaged, or a package is missing.
    """
    if not store.done.any():
        raise InputError(str(store.folder), "", _("has no finished runs to export"))
    if form == "netcdf":
        from clustersim.experiments.netcdf import write_netcdf

        with appearing(path) as place:
            return write_netcdf(store, place)
    return write_tables((_with_values(table, store.plan) for table in finished(store)), path, form)


def _with_values(table: pa.Table, plan: Plan) -> pa.Table:
    """Return the rows with one column for each lever and each uncertain number, and the phase by name."""
    import pyarrow as pa

    point, *_rest = plan.split(table["run"].to_numpy())
    rest, world = np.divmod(point, plan.worlds)
    option = rest % len(plan.options)
    if "phase" in table.column_names:
        codes = pa.array(table["phase"].to_numpy().astype(np.int64))
        table = table.set_column(table.column_names.index("phase"), "phase", pa.array(PHASES).take(codes))
    for codes, columns in ((option, lever_values(plan)), (world, uncertain_values(plan))):
        for key, values in columns.items():
            table = table.append_column(key, pa.array(values).take(pa.array(codes)))
    return table
