"""Sweeps as one NetCDF file (needs the extra ``netcdf``): outputs over run, cluster and quarter, after the CF conventions.

Finished runs stand in the order of the plan, whatever chunks they come from. Chunks are read one at a time, and their rows go
to their places in the file at once: of all runs only their numbers are held.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from clustersim.core.errors import InputError
from clustersim.core.version import __version__
from clustersim.core.words import _
from clustersim.experiments.execution import describe_values
from clustersim.experiments.rows import finished, lever_values, uncertain_values
from clustersim.experiments.store import Store, provenance_of
from clustersim.model.parameters import PARAMETERS
from clustersim.model.state import PHASES

if TYPE_CHECKING:
    import pyarrow as pa

CONVENTIONS = "CF-1.11"
CELLS = 2**13  # values of a variable that are compressed together
RUNS = 2**16  # runs whose names and numbers are written at a time
NO_PHASE = np.int8(-1)


def write_netcdf(store: Store, path: Path) -> int:
    """Write all finished runs of a sweep; return how many rows (run, cluster and recorded quarter) they have.

    Raises
    ------
    InputError
        If the package is missing, a chunk is damaged, or chunks vanish meanwhile.
    """
    try:
        import netCDF4
    except ImportError:
        message = _("{what} needs {package}, which is not installed.", what="netcdf", package="netCDF4")
        hint = _("Install the extra: {command}", command="pip install 'clustersim[netcdf]'")
        raise InputError("export", "", message, hint) from None
    with netCDF4.Dataset(path, "w", format="NETCDF4") as file:
        return _Writer(store, file).write()


class _Writer:
    """Lays out one file and fills it."""

    def __init__(self, store: Store, file: Any) -> None:
        self.store, self.plan, self.file = store, store.plan, file
        self.runs = np.flatnonzero(store.done)
        self.place = np.full(self.plan.runs, -1, np.int32)  # of each run of the plan in the file
        self.place[self.runs] = np.arange(self.runs.size, dtype=np.int32)
        bases = [self.plan.base(name) for name in self.plan.scenarios]
        self.clusters = list(dict.fromkeys(cluster["name"] for base in bases for cluster in base["place"]["clusters"]))
        self.quarters = np.zeros(0, np.int64)
        for _found, table in store.read(["quarter"]):  # levers may change the horizon, so only the rows tell
            found = table["quarter"].combine_chunks().drop_null().to_numpy()
            self.quarters = np.union1d(self.quarters, found).astype(np.int64)
        self.step = max(1, CELLS // (len(self.clusters) * self.quarters.size))

    def write(self) -> int:
        """Write everything; return the number of rows."""
        self.file.setncatts(_about(self.store, self.runs.size))
        for name, size in (("run", self.runs.size), ("cluster", len(self.clusters)), ("quarter", self.quarters.size)):
            self.file.createDimension(name, size)
        self._variable("run", "i8", ["run"], long_name="number of the run in the plan")[:] = self.runs
        beside = [*self._who(), *self._where_and_when()]
        outputs = {
            name: self._output(name, said["unit"], said["meaning"], " ".join(beside))
            for name, said in describe_values(self.plan).items()
        }
        rows, written = 0, 0
        for table in finished(self.store):
            place = self.place[table["run"].to_numpy()]
            if (place < 0).any():  # done since the file was begun
                table, place = table.filter(place >= 0), place[place >= 0]
            self._fill(outputs, table, place)
            rows, written = rows + place.size, written + np.unique(place).size
        if written != self.runs.size:
            raise InputError(str(self.store.folder), "", _("changed while it was read"), _("Export it again."))
        return rows

    def _variable(self, name: str, kind: str, dimensions: Sequence[str], fill: Any = None, **said: Any) -> Any:
        """Return a new variable, compressed in blocks of runs."""
        sizes = [len(self.file.dimensions[dimension]) for dimension in dimensions]
        sizes[0] = min(sizes[0], self.step if dimensions[-1] == "quarter" else RUNS)
        variable = self.file.createVariable(
            name, kind, tuple(dimensions), fill_value=fill, compression="zlib", complevel=1, chunksizes=sizes
        )
        variable.set_auto_maskandscale(False)
        variable.set_auto_chartostring(False)
        variable.setncatts(said)
        return variable

    def _texts(self, name: str, dimension: str, values: Sequence[str | None], **said: str) -> tuple[Any, np.ndarray]:
        """Return a new variable of texts, and the characters of `values` as it takes them; a missing text is empty."""
        coded = np.array([(value or "").encode() for value in values])
        length = max(1, coded.dtype.itemsize)
        if f"text{length}" not in self.file.dimensions:
            self.file.createDimension(f"text{length}", length)
        variable = self._variable(name, "S1", [dimension, f"text{length}"], _Encoding="utf-8", **said)
        return variable, coded.astype(f"S{length}").view("S1").reshape(-1, length)

    def _where_and_when(self) -> tuple[str, str]:
        """Write names of clusters, quarters and calendar years; return the names of the auxiliary coordinates."""
        names, known = self._texts("cluster_name", "cluster", self.clusters, long_name="cluster, as the scenario names it")
        names[:] = known
        said = {"units": "quarter", "long_name": "quarter of the run, from 0; the state is read at its end"}
        self._variable("quarter", "i8", ["quarter"], **said)[:] = self.quarters
        said = {"units": "year", "long_name": "calendar year: start year + quarter / 4, the date at which the quarter begins"}
        after = self.quarters / 4.0
        if np.unique(self.plan.starts).size == 1:
            self._variable("year", "f8", ["quarter"], **said)[:] = self.plan.starts[0] + after
        else:
            year = self._variable("year", "f8", ["run", "quarter"], **said)
            for part, _codes in self._parts():
                year[part] = self.plan.starts[self.plan.split(self.runs[part])[0]][:, None] + after
        return "cluster_name", "year"

    def _who(self) -> list[str]:
        """Write what each run is: scenario, option, world, seed, replicate, and the values that these set; return the names."""
        plan, numbers = self.plan, ("world", "seed", "replicate")
        said = ("world, from 0: one draw of the uncertain numbers", "seed of the random draws", "replicate, from 0")
        own = [self._variable(name, "i8", ["run"], long_name=text) for name, text in zip(numbers, said, strict=True)]
        columns = [
            (0, *self._texts("scenario", "run", plan.scenarios, long_name="scenario")),
            (1, *self._texts("option", "run", [option["name"] for option in plan.options], long_name="option of the policy")),
        ]
        taken = {*describe_values(plan), *numbers, "run", "scenario", "option", "cluster", "quarter", "cluster_name", "year"}
        for role, place, found in (("lever", 1, lever_values(plan)), ("uncertain number", 2, uncertain_values(plan))):
            for key, values in found.items():
                name, about = _free(key, taken), {"key": key, "role": role} | _said(key)
                if any(isinstance(value, str) for value in values):
                    columns.append((place, *self._texts(name, "run", values, **about)))
                else:
                    known = np.array([np.nan if value is None else value for value in values], float)
                    columns.append((place, self._variable(name, "f8", ["run"], np.nan, **about), known))
        for part, codes in self._parts():
            for variable, column in zip(own, codes[2:], strict=True):
                variable[part] = column
            for place, variable, known in columns:
                variable[part] = known[codes[place]]
        return [*numbers, *(variable.name for _place, variable, _known in columns)]

    def _parts(self) -> Iterator[tuple[slice, tuple[np.ndarray, ...]]]:
        """Yield stretches of the runs, with place of scenario, place of option, world, seed and replicate of each run."""
        for first in range(0, self.runs.size, RUNS):
            part = slice(first, first + RUNS)
            point, seed, replicate = self.plan.split(self.runs[part])
            rest, world = np.divmod(point, self.plan.worlds)
            scenario, option = np.divmod(rest, len(self.plan.options))
            yield part, (scenario, option, world, np.array(self.plan.seeds, np.int64)[seed], replicate)

    def _output(self, name: str, unit: str, meaning: str, coordinates: str) -> Any:
        """Return the variable of an output, with nothing in it yet."""
        dimensions, said = ["run", "cluster", "quarter"], {"long_name": meaning, "coordinates": coordinates}
        if name != "phase":
            return self._variable(name, "f8", dimensions, np.nan, units=unit, **said)
        codes = np.arange(len(PHASES), dtype=np.int8)
        return self._variable(name, "i1", dimensions, NO_PHASE, flag_values=codes, flag_meanings=" ".join(PHASES), **said)

    def _fill(self, outputs: dict[str, Any], table: pa.Table, place: np.ndarray) -> None:
        """Write the rows of a chunk, block by block of what is compressed together; rows are ordered by run."""
        coded = table["cluster"].combine_chunks().dictionary_encode()
        cluster = np.array([self.clusters.index(name) for name in coded.dictionary.to_pylist()], np.int64)
        where = cluster[coded.indices.to_numpy()], np.searchsorted(self.quarters, table["quarter"].to_numpy())
        values = {name: table[name].to_numpy() for name in outputs}
        block = place // self.step
        edges = np.flatnonzero(np.diff(block, prepend=-1, append=-1))
        for begin, end in pairwise(edges):
            first, last = int(place[begin]), int(place[end - 1]) + 1
            cells = place[begin:end] - first, where[0][begin:end], where[1][begin:end]
            for name, variable in outputs.items():
                held = variable[first:last]  # runs in between may have come with another chunk
                held[cells] = values[name][begin:end]
                variable[first:last] = held


def _about(store: Store, runs: int) -> dict[str, Any]:
    """Return the global attributes: what was asked, by which version, from what."""
    note, plan, now = provenance_of(store.folder), store.plan, datetime.now(UTC).isoformat(timespec="seconds")
    said = {"Conventions": CONVENTIONS, "title": note.get("title") or plan.name}
    if note.get("question"):
        said["question"] = note["question"]
    return said | {
        "source": f"clustersim {plan.content['model']['version']}", "model_hash": plan.content["model"]["code"],
        "plan_hash": plan.hash, "history": f"{now}: clustersim {__version__} results export netcdf",
        "runs_planned": plan.runs, "runs_here": runs, "runs_failed": len(store.attempts),
    }  # fmt: skip


def _free(key: str, taken: set[str]) -> str:
    """Return a name for a dotted key that CF allows and that is not taken yet, and take it."""
    name = re.sub(r"\W+", "_", key, flags=re.ASCII).strip("_")
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _said(key: str) -> dict[str, str]:
    """Return meaning and unit of a lever or an uncertain number, as far as they are declared."""
    top, _, rest = key.partition(".")
    group, _, name = rest.partition(".")
    declared = PARAMETERS.get(group, {}).get(name) if top == "parameters" else None
    return {"long_name": key} if declared is None else {"long_name": declared.doc, "units": declared.unit}
