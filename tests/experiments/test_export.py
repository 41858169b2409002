"""``clustersim results export``: one file of a sweep or a run, the same values in every format, whole or not there."""

from __future__ import annotations

import json
import sys
import tracemalloc

import netCDF4
import numpy as np
import pandas as pd
import pytest

from clustersim.core.errors import InputError
from clustersim.core.version import __version__
from clustersim.experiments import netcdf, reading, runner
from clustersim.experiments.execution import Block, run_batch, value_columns
from clustersim.experiments.planning import make_plan
from clustersim.experiments.reading import export, read_sweep
from clustersim.experiments.store import create_store, open_store
from clustersim.experiments.sweeping import sweep
from clustersim.model.state import PHASES
from clustersim.results import read_run
from clustersim.studies.synergy.values import values_of
from sweep_cases import TINY, experiment, plan

OTHER = """
extends: organic
title: Elsewhere
horizon: {years: 1.5, start_year: 2004}
place:
  clusters:
    - {name: valley, smes: 8, tractors: 1}
    - {name: hills, smes: 5, tractors: 1, copies: 2}
"""
# Two scenarios with other clusters, horizons and start years; levers that are numbers, texts and left alone.
MIXED = """
title: Mixed
question: What if clusters and horizons differ?
scenarios: [organic, other.yaml]
set:
  place.clusters.valley.smes: 8
levers:
  method: list
  options:
    - {name: as it is, set: {}}
    - {name: "región, otro régimen", set: {institutions.government.regime: centralised, parameters.trust.gain: 0.08}}
uncertain:
  method: latin_hypercube
  points: 2
  keys:
    place.clusters.valley.trust: {low: 0.28, high: 0.4}
replicates: 3
seeds: [4]
outputs: {indicators: [phase, employment], every: 2, totals: [public_spending], reached: [creation]}
"""


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """A sweep of two scenarios in small chunks, one of its runs failed; and its exports, read."""
    place = tmp_path_factory.mktemp("mixed")
    (place / "other.yaml").write_text(OTHER.strip(), encoding="utf-8")

    def fails(plan, point, runs, stop):
        if 7 in runs:
            raise ValueError("the machine coughed")
        return run_batch(plan, point, runs, stop)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "run_batch", fails)
        result = sweep(experiment(place, MIXED, "mixed"), place / "out", workers=1, chunk=4, order=3)
    assert (result.done, result.failed) == (23, 1)
    files = {form: place / f"mixed.{form}" for form in reading.FORMATS}
    rows = {form: export(result.store, path, form) for form, path in files.items()}
    assert set(rows.values()) == {len(result.indicators)}
    with netCDF4.Dataset(files["netcdf"]) as file:
        yield result, pd.read_csv(files["csv"]), pd.read_parquet(files["parquet"]), file


def long(file) -> pd.DataFrame:
    """Return a NetCDF file as rows, as CSV has them: all cells that hold an output, with what stands beside them."""
    shape = tuple(file.dimensions[name].size for name in ("run", "cluster", "quarter"))
    there = ~np.ma.getmaskarray(file["employment"][:])
    run, cluster, quarter = np.nonzero(there)
    columns = {"run": file["run"][run], "cluster": file["cluster_name"][:][cluster], "quarter": file["quarter"][quarter]}
    for name in file.variables:
        variable = file[name]
        if variable.dimensions[:1] == ("run",) and name != "run":
            values = np.ma.filled(variable[:], np.nan) if variable.dtype.kind == "f" else np.ma.getdata(variable[:])
            columns[name] = values[there] if values.shape == shape else values[run] if values.ndim == 1 else values[run, quarter]
    return pd.DataFrame(columns)


def test_netcdf_holds_the_values_of_csv_parquet_and_frame(mixed):
    result, csv, parquet, file = mixed
    found = long(file).sort_values(["run", "cluster", "quarter"], ignore_index=True)
    order = ["run", "cluster", "quarter"]
    for table in (csv, parquet):
        table = table.sort_values(order, ignore_index=True)
        assert len(found) == len(table)
        for name in [*order, "scenario", "option", "world", "seed", "replicate"]:
            assert found[name].tolist() == table[name].tolist(), name
        for name in value_columns(result.plan)[1:]:
            np.testing.assert_array_equal(found[name], table[name], err_msg=name)
        assert [PHASES[code] for code in found["phase"]] == table["phase"].tolist()
        for name, key in (("parameters_trust_gain", "parameters.trust.gain"),
                          ("place_clusters_valley_trust", "place.clusters.valley.trust")):  # fmt: skip
            np.testing.assert_array_equal(found[name], table[key], err_msg=key)
        texts = table["institutions.government.regime"].fillna("").tolist()
        assert found["institutions_government_regime"].tolist() == texts and {"", "centralised"} == set(texts)
    run = np.sort(parquet["run"].to_numpy())
    frame = result.indicators.assign(run=run, cluster=lambda f: f["cluster"].astype(str))
    frame = frame.sort_values(order, ignore_index=True)
    np.testing.assert_array_equal(found["employment"], frame["employment"])
    np.testing.assert_array_equal(found["year"], frame["year"])


def test_runs_without_a_cluster_or_quarter_are_filled_and_failed_runs_left_out(mixed):
    _, _, _, file = mixed
    assert file["run"][:].tolist() == [run for run in range(24) if run != 7]
    assert (file.runs_planned, file.runs_here, file.runs_failed) == (24, 23, 1)
    names = file["cluster_name"][:].tolist()
    assert names[0] == "valley" and len(names) == 3 and all("hills" in name for name in names[1:])
    jobs, scenario = file["employment"][:], file["scenario"][:]
    assert jobs.mask[scenario == "organic", 1:].all() and not jobs.mask[scenario == "organic", 0].any()
    short = file["quarter"][:] < 6
    assert not jobs.mask[scenario == "other"][:, :, short].any() and jobs.mask[scenario == "other"][:, :, ~short].all()
    assert (file["phase"][:].mask == jobs.mask).all() and np.isnan(file["employment"]._FillValue)
    assert file["year"].dimensions == ("run", "quarter")


def test_the_layout_follows_cf(mixed):
    result, _, _, file = mixed
    assert file.Conventions.startswith("CF-1.") and (file.title, file.question) == ("Mixed", result_question(result))
    assert file.source == f"clustersim {__version__}" and file.model_hash == result.plan.content["model"]["code"]
    assert f"clustersim {__version__} results export netcdf" in file.history and file.plan_hash == result.plan.hash
    assert str(result.folder.parent) not in str(file)
    assert file["phase"].flag_meanings.split() == list(PHASES) and file["phase"].flag_values.tolist() == list(range(9))
    for name in value_columns(result.plan):
        assert file[name].dimensions == ("run", "cluster", "quarter") and file[name].long_name
        assert set(file[name].coordinates.split()) <= set(file.variables)
        assert name == "phase" or file[name].units == result.indicators.attrs["units"][name]
    for name, variable in file.variables.items():
        assert name.isidentifier() and variable.long_name
    lever = file["parameters_trust_gain"]
    assert (lever.role, lever.key, lever.units) == ("lever", "parameters.trust.gain", "1/success")
    assert file["place_clusters_valley_trust"].role == "uncertain number"


def result_question(result) -> str:
    """Return the question as the sweep noted it."""
    return json.loads((result.folder / "provenance.json").read_text(encoding="utf-8"))["question"]


@pytest.fixture
def filled(tmp_path):
    """Return a function that makes a store of made-up rows, in chunks of 100 runs whose runs lie apart."""

    def _filled(replicates: int):
        found = plan(tmp_path, TINY.replace("replicates: 5", f"replicates: {replicates}"))
        store = create_store(tmp_path / f"{replicates}" / "tiny", found)
        runs = np.random.default_rng(1).permutation(found.runs)
        for first in range(0, runs.size, 100):
            part = np.sort(runs[first : first + 100])
            size, columns = part.size, len(value_columns(found))
            values = np.repeat(part.astype(float), 2)[:, None] * np.ones(columns) + np.tile([0.25, 0.5], size)[:, None]
            values[:, 0] = np.repeat(part % len(PHASES), 2)
            keys = np.array([int(run).to_bytes(16, "big") for run in part], "V16")
            store.write([Block(part, keys, np.full(size, 2), np.zeros(2 * size, np.int64), np.tile([3, 7], size), values)])
        return store

    return _filled


@pytest.mark.parametrize("cells", [1, 26, 2**13])
def test_chunks_whose_runs_lie_apart_come_into_place(filled, tmp_path, monkeypatch, cells):
    store = filled(40)
    monkeypatch.setattr(netcdf, "CELLS", cells)
    monkeypatch.setattr(netcdf, "RUNS", 100)
    export(store, tmp_path / "a.nc", "netcdf")
    with netCDF4.Dataset(tmp_path / "a.nc") as file:
        runs = np.arange(store.plan.runs)
        np.testing.assert_array_equal(file["employment"][:, 0, :], runs[:, None] + [0.25, 0.5])
        np.testing.assert_array_equal(file["phase"][:, 0, 1], runs % len(PHASES))
        np.testing.assert_array_equal(file["replicate"][:], runs % 40)
        assert file["year"].dimensions == ("quarter",) and (file["year"][:] % 1.0 == [0.75, 0.75]).all()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_runs(filled, tmp_path, monkeypatch):
    monkeypatch.setattr(netcdf, "RUNS", 500)
    sizes = []
    for replicates in (100, 800):
        store = filled(replicates)
        export(store, tmp_path / "warm.nc", "netcdf")
        tracemalloc.start()
        export(store, tmp_path / "a.nc", "netcdf")
        sizes.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    more = 16_800  # runs
    assert sizes[1] < sizes[0] + 30 * more, sizes  # their numbers and places, not their values


@pytest.mark.parametrize("form", reading.FORMATS)
def test_an_interrupted_export_leaves_nothing_and_keeps_what_was_there(mixed, tmp_path, monkeypatch, form):
    result, *_ = mixed
    (tmp_path / "a").write_text("an earlier export", encoding="utf-8")
    plain = reading.finished

    def stops(store):
        yield next(iter(plain(store)))
        raise KeyboardInterrupt

    for module in (reading, netcdf):
        monkeypatch.setattr(module, "finished", stops)
    with pytest.raises(KeyboardInterrupt):
        export(result.store, tmp_path / "a", form)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_text(encoding="utf-8") == "an earlier export"


def test_a_chunk_that_vanishes_meanwhile_is_told(filled, tmp_path):
    store = filled(20)
    (store.chunks / store.names()[1]).unlink()
    with pytest.raises(InputError, match="went while it was read"):
        export(store, tmp_path / "a.nc", "netcdf")
    assert not (tmp_path / "a.nc").exists()
    assert export(open_store(store.folder), tmp_path / "a.nc", "netcdf") > 0


def test_without_the_package_a_sentence_names_the_extra(mixed, tmp_path, monkeypatch):
    result, *_ = mixed
    monkeypatch.setitem(sys.modules, "netCDF4", None)
    with pytest.raises(InputError, match="netCDF4, which is not installed") as caught:
        export(result.store, tmp_path / "a.nc", "netcdf")
    assert "pip install 'clustersim[netcdf]'" in str(caught.value) and not list(tmp_path.iterdir())


# the command


def test_a_sweep_is_exported_under_its_own_name(call, mixed, tmp_path):
    result, *_ = mixed
    code, out, _ = call("results", "export", result.folder, "netcdf", "--json")
    assert code == 0 and json.loads(out) == {"file": "mixed.nc", "rows": len(read_sweep(result.folder).indicators)}
    with netCDF4.Dataset(tmp_path / "mixed.nc") as file:
        assert file.dimensions["run"].size == 23
    assert "netcdf" in call("results", "export", "--help")[1]


def test_the_indicators_of_a_single_run_are_exported(call, tmp_path):
    call("run", "organic", "--replicates", "2", "--years", "1", "--no-figures")
    (folder,) = (tmp_path / "results").iterdir()
    frame = read_run(folder).indicators
    for form, read in (("csv", pd.read_csv), ("parquet", pd.read_parquet)):
        code, out, _ = call("results", "export", folder.relative_to(tmp_path), form)
        assert code == 0 and out == f"{folder.name}.{form}: 8 rows\n"
        found = read(tmp_path / f"{folder.name}.{form}")
        assert list(found) == list(frame)
        for name in frame:
            expected = frame[name].astype(str) if frame[name].dtype == "category" else frame[name]
            assert found[name].tolist() == expected.tolist(), name
    code, _, err = call("results", "export", folder, "netcdf")
    assert code == 2 and "netcdf is for sweeps" in err
    (folder / "indicators.parquet").write_bytes(b"PAR1")
    code, _, err = call("results", "export", folder, "csv")
    assert code == 2 and "is damaged" in err


def test_a_damaged_comparison_is_told(call, tmp_path):
    (tmp_path / "told").mkdir()
    (tmp_path / "told" / "comparison.json").write_text("{}", encoding="utf-8")
    code, _, err = call("results", "export", "told", "csv")
    assert code == 2 and "comparison.json: this version cannot read it" in err


def test_the_year_is_that_of_the_run_where_a_lever_sets_when_it_starts_and_how_long_it_is(tmp_path):
    """Start and length of a run are levers like others: year, last quarter and horizon are the run's, not its scenario's."""
    keys = {"horizon.start_year": [1990, 2010], "horizon.years": [0.5, 1]}
    what = {"title": "When", "scenarios": ["organic"], "set": {"place.clusters.valley.smes": 8}, "levers": {"keys": keys},
            "replicates": 2, "outputs": {"indicators": ["employment"], "every": 1, "reached": ["maturity"]}}  # fmt: skip
    result = sweep(what, tmp_path, workers=1)
    options = {option["name"]: option["set"] for option in result.plan.options}
    frame = result.indicators
    start = [options[name]["horizon.start_year"] for name in frame["option"]]
    assert (frame["year"] == start + frame["quarter"] / 4.0).all() and set(start) == {1990, 2010}
    export(result.store, tmp_path / "when.nc", "netcdf")
    with netCDF4.Dataset(tmp_path / "when.nc") as file:
        found = long(file)
    known = frame.sort_values(["option", "replicate", "quarter"])
    found = found.sort_values(["option", "replicate", "quarter"])
    assert found["year"].tolist() == known["year"].tolist() and found["option"].tolist() == known["option"].astype(str).tolist()
    (values,) = values_of(result.store)
    years = [given["horizon.years"] for given in options.values()]
    assert values.outcomes["years_to_maturity"].tolist() == [years, years]
    last = frame.groupby(["replicate", "option"], observed=True)["employment"].last().unstack()
    assert values.outcomes["employment"].tolist() == last[list(options)].to_numpy().tolist()


def test_when_a_point_starts():
    """What encloses a value is set before it, in whatever order the two are written; and a world may set it as well."""
    base = {"title": "When", "scenarios": ["organic"], "replicates": 1, "years": 1}
    options = [{"name": f"n{k}", "set": given} for k, given in enumerate((
        {}, {"horizon.start_year": 1990}, {"horizon": {"years": 2}}, {"horizon": {"start_year": 1970}},
        {"horizon.start_year": 1980, "horizon": {"start_year": 1970}}))]  # fmt: skip
    made = make_plan(base | {"levers": {"method": "list", "options": options}})[0]
    assert made.starts.tolist() == [made.scenario(point).horizon.start_year for point in range(made.points)]
    assert made.starts.tolist()[1:] == [1990, 2000, 1970, 1980]
