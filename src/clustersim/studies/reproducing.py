"""`reproduce`: does a finished result again from what it says of itself, and compares every number to the last bit."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from clustersim.core import arguments
from clustersim.core.errors import InputError, door
from clustersim.core.machine import machine_class
from clustersim.core.markup import card
from clustersim.core.numbers import number, shortest
from clustersim.core.version import __version__
from clustersim.core.words import _, _n
from clustersim.experiments import identity
from clustersim.experiments.reading import SweepResult, read_sweep
from clustersim.experiments.rows import finished
from clustersim.experiments.runner import Runner
from clustersim.experiments.store import create_store, provenance_of
from clustersim.policy.plugins.installed import indicator_names as indicators_at_hand
from clustersim.policy.plugins.installed import names as instruments_at_hand
from clustersim.policy.plugins.installed import rule_names as rules_at_hand
from clustersim.policy.plugins.record import hashes_said, uses_in
from clustersim.results import RunResult, read_run, simulate
from clustersim.results import provenance as of_result
from clustersim.results.options import RECORDS
from clustersim.results.provenance import code_said
from clustersim.studies.comparison import Comparison, compare, read_comparison
from clustersim.studies.kept import kind_of

if TYPE_CHECKING:
    import pandas as pd

Tables = dict[str, "pd.DataFrame"]
Tell = Callable[[int, int], object]
PROBES = "probes"
POINTS_SEED = 1  # of the choice of points: the same sample each time


@dataclass(frozen=True)
class Column:
    """A column in which two tables differ: in how many cells, and by how much where it holds numbers."""

    name: str
    cells: int
    most: float | None
    relative: float | None


@dataclass(frozen=True)
class Table:
    """What became of one table: its rows before and now, and the columns that differ."""

    name: str
    rows_before: int
    rows_now: int
    columns: list[Column] = field(default_factory=list)
    only_before: list[str] = field(default_factory=list)
    only_now: list[str] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether every number is equal to the last bit, and every text."""
        return self.rows_before == self.rows_now and not (self.columns or self.only_before or self.only_now)


@dataclass(frozen=True, repr=False)
class Reproduction:
    """A result that was done again.

    Attributes
    ----------
    kind, name : str
        Run, comparison or sweep, and its name.
    tables : list of Table
        What became of each table.
    differs : dict
        What is not the same as when the result was made: before and now, by name, such as ``versions.numpy``.
    runs, of : int
        Runs that were done again, and all finished ones of the result.
    left : list of str
        Tables that cannot be made again: those of probes, since a result does not hold a user's functions.

    Examples
    --------
    >>> from clustersim import reproduce, simulate
    >>> found = reproduce(simulate("organic", replicates=2, years=1))
    >>> found.equal, [table.name for table in found.tables]
    (True, ['indicators', 'phases', 'spending'])
    """

    kind: str
    name: str
    tables: list[Table]
    differs: dict[str, tuple[Any, Any]]
    runs: int
    of: int
    left: list[str] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether every table is equal to the last bit."""
        return all(table.equal for table in self.tables)

    def document(self) -> dict[str, Any]:
        """Return all of it as one JSON object."""
        return {
            "kind": self.kind, "name": self.name, "equal": self.equal, "runs": self.runs, "of": self.of, "left": self.left,
            "tables": [asdict(table) | {"equal": table.equal} for table in self.tables],
            "differs": {key: {"before": before, "now": now} for key, (before, now) in self.differs.items()},
        }  # fmt: skip

    def sentences(self) -> list[str]:
        """Return what was found, one sentence for each table and each thing that is not what it was."""
        left = [_("{table}: not done again, since a result does not hold your functions", table=name) for name in self.left]
        return [*map(said_of, self.tables), *left, *(_differs(key, *values) for key, values in self.differs.items())]

    def __repr__(self) -> str:
        return f"<Reproduction {self.name}: {self.verdict()}>"

    def _repr_html_(self) -> str:
        rows = [[sentence] for sentence in self.sentences()]
        return card(self.name, [self.verdict()], [_("What was found")], rows)

    def verdict(self) -> str:
        """Return in one sentence whether it was reproduced."""
        runs = _n("one run of {of}", "{n} runs of {of}", self.runs, n=number(self.runs, 0), of=number(self.of, 0))
        if self.equal:
            return _("reproduced: {runs} done again, every number is equal to the last bit", runs=runs)
        count = sum(not table.equal for table in self.tables)
        return _n("not reproduced: {runs} done again, one table differs", "not reproduced: {runs} done again, {n} tables differ",
                  count, runs=runs)  # fmt: skip


def reproduce(
    result: RunResult | Comparison | SweepResult | str | os.PathLike[str], workers: int | None = None, sample: int | None = None,
    progress: Tell | bool | None = None,
) -> Reproduction:  # fmt: skip
    """Do a result again from what it says of itself, and compare every number.

    Parameters
    ----------
    result : RunResult, Comparison, SweepResult, str or path
        A result, or its folder.
    workers : int, optional
        Threads; the processors of this machine if not given. Results do not depend on it.
    sample : int, optional
        Of a sweep, how many points are done again; all if not given.
    progress : bool or callable, optional
        True shows a bar; a callable is called as ``progress(done, total)``.

    Returns
    -------
    Reproduction

    Raises
    ------
    InputError
        If it cannot be done again: another version made it, or a plugin or a table of firms that it needs is not at hand.

    Examples
    --------
    >>> from clustersim import reproduce, simulate
    >>> reproduce(simulate("organic", replicates=2, years=1))
    <Reproduction organic: reproduced: 2 runs of 2 done again, every number is equal to the last bit>
    """
    if isinstance(result, str | os.PathLike):
        result = _read(arguments.place(result, "result"))
    if not isinstance(result, RunResult | Comparison | SweepResult):
        raise arguments.refused("result", result, _("a run, a comparison or a sweep, or the folder of one"))
    if sample is not None and not isinstance(result, SweepResult):
        raise InputError(door(command="--sample", python="sample"), "", _("is for sweeps; this is a run or a comparison"))
    if isinstance(result, SweepResult):
        return _sweep(result, workers, sample, progress)
    return _run(result, workers, progress) if isinstance(result, RunResult) else _comparison(result, workers, progress)


def _read(folder: Path) -> RunResult | Comparison | SweepResult:
    kind = kind_of(folder)
    if kind == "comparison":
        return read_comparison(folder)
    return read_sweep(folder, partial=True) if kind == "sweep" else read_run(folder)


def _run(result: RunResult, workers: int | None, progress: Tell | bool | None) -> Reproduction:
    said = result.provenance
    own = said.get("indicators", [])
    _check(result.name, said.get("versions", {}).get("clustersim"), [said.get("scenario"), own])
    asked = [name for name in RECORDS if getattr(result, name) is not None]
    numbers = of_result.numbers_said(said)
    again = simulate(
        result.scenario, result.seed, numbers, records=asked, workers=workers, progress=progress, name=result.name,
        indicators=[one["use"] for one in own], changes=result.changes,
    )  # fmt: skip
    before = {name: frame for name, frame in result.tables().items() if name != PROBES}
    left = [PROBES] if result.probes is not None else []
    tables = _compared(before, again.tables())
    return Reproduction("run", result.name, tables, _provenance(said, again.provenance), len(numbers), len(numbers), left)


def _comparison(result: Comparison, workers: int | None, progress: Tell | bool | None) -> Reproduction:
    said, name = result.provenance, " / ".join(result.names)
    _check(name, said.get("versions", {}).get("clustersim"), said.get("options"))
    again = compare(
        {option.name: option.scenario for option in result.options}, result.baseline, result.replicates, seed=result.seed,
        worlds=result.world_count, discount=result.discount, paired=result.paired, workers=workers, progress=progress,
    )  # fmt: skip
    before, now = (
        {"runs": c.runs, "differences": c.differences, "yearly": c.yearly} | ({} if c.worlds is None else {"worlds": c.worlds})
        for c in (result, again)
    )
    runs = len(result.names) * result.replicates
    return Reproduction("comparison", name, _compared(before, now), _provenance(said, again.provenance), runs, runs)


def _sweep(result: SweepResult, workers: int | None, sample: int | None, progress: Tell | bool | None) -> Reproduction:
    from clustersim.results import progress as showing

    plan, store, note = result.plan, result.store, provenance_of(result.folder)
    if not result.done:
        raise InputError(str(result.folder), "", _("has no finished runs to do again"))
    _check(result.name, plan.content["model"].get("version"), plan.content)
    runs = np.flatnonzero(store.done)
    if sample is not None:
        points = np.unique(runs // plan.per_point)
        sample = arguments.whole(sample, "sample", 1, points.size)
        chosen = np.random.default_rng(POINTS_SEED).choice(points, sample, replace=False)
        runs = runs[np.isin(runs // plan.per_point, chosen)]
    with tempfile.TemporaryDirectory(prefix="clustersim-") as place, showing.shown(progress, showing.RUNS) as telling:
        again = create_store(Path(place) / plan.name, plan)
        moving = None if telling is None else lambda said: telling(said.done, said.total)
        Runner(again, workers, progress=moving).run(runs)
        tables = _compared({"runs": _rows(store, runs)}, {"runs": _rows(again, runs)})
    return Reproduction("sweep", result.name, tables, _sweep_provenance(result, note), runs.size, result.done)


def _rows(store: Any, runs: np.ndarray) -> pd.DataFrame:
    """Return the rows of these runs, ordered by run, cluster and quarter."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = [table.filter(pc.is_in(table["run"], pa.array(runs))) for table in finished(store)]
    if not parts:
        raise InputError(str(store.folder), "", _("no run could be done again; each failed"))
    return pa.concat_tables(parts).sort_by([(name, "ascending") for name in ("run", "cluster", "quarter")]).to_pandas()


def _check(name: str, version: str | None, content: Any) -> None:
    """Refuse what this installation cannot do again, in one sentence."""
    if version != __version__:
        said = _("was made by clustersim {before}, and this is {now}, which may count otherwise", before=version or "?",
                 now=__version__)  # fmt: skip
        raise InputError(name, "", said, _("Install clustersim {version} to do it again.", version=version or "?"))
    missing = sorted(uses_in(content) - {*instruments_at_hand(), *rules_at_hand(), *indicators_at_hand()})
    if missing:
        said = _("needs {names}, which no plugin at hand brings", names=", ".join(missing))
        how = door(command="--plugin FILE", python="clustersim.plugins.load_plugin(FILE)")
        raise InputError(name, "", said, _("Give the plugin with {how}.", how=how))


def _compared(before: Tables, now: Tables) -> list[Table]:
    """Return what became of each table."""
    return [_table(name, before.get(name), now.get(name)) for name in dict.fromkeys([*before, *now])]


def _table(name: str, before: pd.DataFrame | None, now: pd.DataFrame | None) -> Table:
    if before is None or now is None:
        return Table(name, 0 if before is None else len(before), 0 if now is None else len(now),
                     only_before=[] if before is None else list(before), only_now=[] if now is None else list(now))  # fmt: skip
    shared = [column for column in before if column in now] if len(before) == len(now) else []
    found = (_column(column, before[column], now[column]) for column in shared)
    return Table(
        name, len(before), len(now), [column for column in found if column is not None],
        [column for column in before if column not in now], [column for column in now if column not in before],
    )  # fmt: skip


def _column(name: str, before: pd.Series, now: pd.Series) -> Column | None:
    """Return in what a column differs, None if in nothing: floats bit by bit, a missing one being like another."""
    import pandas as pd

    if all(pd.api.types.is_float_dtype(part) for part in (before, now)):
        one, other = (part.to_numpy(np.float64) for part in (before, now))
        unequal = (one.view(np.uint64) != other.view(np.uint64)) & ~(np.isnan(one) & np.isnan(other))
    elif all(pd.api.types.is_numeric_dtype(part) for part in (before, now)):
        one, other = before.to_numpy(), now.to_numpy()
        unequal = one != other
    else:
        one, other = (part.astype(object).where(part.notna(), None).to_numpy() for part in (before, now))
        unequal = np.array([a != b for a, b in zip(one, other, strict=True)], bool)
        return Column(name, int(unequal.sum()), None, None) if unequal.any() else None
    if not unequal.any():
        return None
    left, right = (part[unequal].astype(float) for part in (one, other))
    gap, size = np.abs(left - right), np.maximum(np.abs(left), np.abs(right))
    relative = np.divide(gap, size, out=np.zeros_like(gap), where=size > 0.0)
    most = [float(np.nanmax(part)) if np.isfinite(part).any() else None for part in (gap, relative)]
    return Column(name, int(unequal.sum()), *most)


def _provenance(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what differs in versions, model, plugins and machine, before and now."""
    found = {f"{part}.{key}": (before.get(part, {}).get(key), value)
             for part in ("versions", "machine") for key, value in now[part].items()}  # fmt: skip
    found["model_code"] = (code_said(dict(before)), now["model_code"])
    had, has = hashes_said(before.get("plugins", ())), hashes_said(now["plugins"])
    found |= {f"plugins.{use}": (had.get(use), has.get(use)) for use in dict.fromkeys([*had, *has])}
    return {key: values for key, values in found.items() if values[0] != values[1]}


def _sweep_provenance(result: SweepResult, note: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the same of a sweep: its plan has the model and the plugins, its note versions and machine."""
    content = result.plan.content
    now = {"versions": of_result.versions(), "machine": machine_class()}
    found = {f"{part}.{key}": (note[part].get(key), value) for part in now if part in note for key, value in now[part].items()}
    model = identity.model(uses_in(content))
    found["model_code"] = (content["model"]["code"], model["code"])
    had, has = content["model"].get("plugins", {}), model.get("plugins", {})
    found |= {f"plugins.{use}": (had.get(use), has.get(use)) for use in dict.fromkeys([*had, *has])}
    return {key: values for key, values in found.items() if values[0] != values[1]}


def said_of(table: Table) -> str:
    """Return in one sentence what became of a table."""
    if table.equal:
        return _("{table}: {rows} rows, equal to the last bit", table=table.name, rows=number(table.rows_now, 0))
    if table.rows_before != table.rows_now:
        return _("{table}: {before} rows before, {now} now", table=table.name, before=number(table.rows_before, 0),
                 now=number(table.rows_now, 0))  # fmt: skip
    parts = [_("{column} in {n} cells{much}", column=one.name, n=number(one.cells, 0), much=_much(one)) for one in table.columns]
    parts += [_("{column} is not there any more", column=name) for name in table.only_before]
    parts += [_("{column} was not there before", column=name) for name in table.only_now]
    return _("{table}: differs: {columns}", table=table.name, columns="; ".join(parts))


def _much(column: Column) -> str:
    if column.most is None:
        return ""
    share = "" if not column.relative else _(", {share} of the value", share=f"{column.relative:.1e}")
    return " " + _("(by {most} at most{share})", most=shortest(column.most), share=share)


def _differs(key: str, before: Any, now: Any) -> str:
    none = _("nothing")
    return _("{key}: {before} before, {now} now", key=key, before=none if before is None else before,
             now=none if now is None else now)  # fmt: skip
