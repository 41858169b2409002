"""Sweeps from a mapping or an `Experiment`: the plan of such a file, levers as columns, unfinished ones read."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import yaml

from clustersim import InputError, read_result, sweep
from clustersim.experiments.design import Experiment
from clustersim.experiments.planning import make_plan
from clustersim.experiments.reading import export
from clustersim.studies.synergy.values import values_of
from clustersim.views.report.swept import sweep_page

WHAT = {
    "title": "Trust", "scenarios": ["organic"], "years": 1, "replicates": 2,
    "levers": {"keys": {"institutions.government.coordination": [0.2, 0.8]}},
    "uncertain": {"keys": {"parameters.trust.gain": [0.04, 0.1]}}, "outputs": {"indicators": ["employment"], "every": "last"},
}  # fmt: skip


def test_the_plan_is_that_of_the_same_file(tmp_path):
    (tmp_path / "own.yaml").write_text(yaml.safe_dump(WHAT), encoding="utf-8")
    from_file = make_plan(tmp_path / "own.yaml")[0]
    tuples = WHAT | {"scenarios": ("organic",)}
    for given in (WHAT, tuples, Experiment.model_validate(WHAT | {"levers": {"keys": {
            "institutions.government.coordination": {"values": [0.2, 0.8]}}}, "uncertain": {"keys": {
                "parameters.trust.gain": {"values": [0.04, 0.1]}}}})):  # fmt: skip
        assert make_plan(given, "own")[0].data == from_file.data
    assert make_plan(WHAT)[0].name == "trust"


def test_levers_and_uncertain_numbers_are_columns(tmp_path):
    found = sweep(WHAT, tmp_path, name="own", workers=1)
    frame = found.frame()
    assert len(frame) == 8 and found.folder == tmp_path / "own"
    sets = frame[["institutions.government.coordination", "parameters.trust.gain"]].drop_duplicates().to_numpy().tolist()
    assert sorted(sets) == [[0.2, 0.04], [0.2, 0.1], [0.8, 0.04], [0.8, 0.1]]
    assert frame.attrs["runs"] == {"planned": 8, "done": 8, "failed": 0, "missing": 0}
    assert read_result(tmp_path / "own").frame().equals(frame)


def test_an_unfinished_sweep_is_read_with_partial_as_its_error_says(tmp_path):
    sweep(WHAT, tmp_path, name="own", workers=1, part=(0, 2))
    with pytest.raises(InputError, match="partial=True"):
        read_result(tmp_path / "own")
    found = read_result(tmp_path / "own", partial=True)
    runs = found.indicators.attrs["runs"]
    assert runs["missing"] > 0 and runs["done"] + runs["missing"] == 8 == runs["planned"]
    stopped = threading.Event()
    stopped.set()
    empty = sweep(WHAT, tmp_path, name="none", workers=1, stop=stopped)
    with pytest.raises(InputError, match="no finished runs"):
        _ = empty.indicators


@pytest.mark.parametrize(("given", "options", "said"), [
    (5, {}, "a shipped experiment"), ({"title": "t"}, {}, "scenarios: is missing"), ({"title": "t", "scenarios": ["organc"]},
    {}, "organic"),
    (WHAT | {"levres": 1}, {}, "Did you mean 'levers'"), (WHAT, {"chunk": 0}, "chunk: 0"), (WHAT, {"workers": 1.5},
    "workers: 1.5"),
    (WHAT, {"part": (3, 2)}, "part:"), (WHAT, {"part": 5}, "part: 5"), (WHAT, {"fresh": 1}, "fresh: 1"), (WHAT,
    {"name": "../x"}, "name:"),
    (WHAT, {"order": "a"}, "order:"), ("launch_lag", {"name": "x"}, "leave it out"), (WHAT | {"years": float("nan")}, {},
    "years"),
    (WHAT | {"set": {"parameters.trust.gain": object()}}, {}, "parameters.trust.gain"),
])  # fmt: skip
def test_what_is_no_experiment_is_refused_in_one_sentence(given, options, said, tmp_path):
    with pytest.raises(InputError) as caught:
        sweep(given, tmp_path / "out", **options)
    assert said in str(caught.value) and "--" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_levers_and_worlds_that_set_the_horizon_are_heeded_by_all_that_reads(tmp_path):
    design = {"title": "Time", "scenarios": ["organic"], "set": {"place.clusters.valley.smes": 8}, "replicates": 2,
              "levers": {"keys": {"horizon.years": {"values": [1, 2]}, "parameters.trust.gain": {"values": [0.06, 0.1]}}},
              "uncertain": {"method": "list", "options": [{"set": {"horizon.start_year": year}} for year in (2000, 2010)]},
              "outputs": {"indicators": ["employment"], "reached": ["maturity"], "every": "yearly"}}  # fmt: skip
    run = sweep(design, tmp_path, name="time")
    frame = run.indicators
    assert ((frame["world"] == 1) == (frame["year"] >= 2010)).all()
    assert (frame["year"] == 2000 + 10 * frame["world"] + frame["quarter"] / 4).all()
    ends = frame[frame["quarter"] == np.where(frame["option"].str.startswith("years=1"), 3, 7)]
    found = values_of(run.store)[0].outcomes
    assert np.array_equal(found["years_to_maturity"], np.tile([1.0, 1.0, 2.0, 2.0], (2, 1)))
    means = ends.groupby(["replicate", "option"], observed=True)["employment"].mean().unstack().to_numpy()
    assert np.allclose(found["employment"], means, rtol=1e-12)
    (over_time,) = [section.blocks[0] for section in sweep_page(run).sections if section.name == "time"]
    assert len(over_time.tables[0].rows) == 4
    netCDF4 = pytest.importorskip("netCDF4")
    export(run.store, tmp_path / "time.nc", "netcdf")
    with netCDF4.Dataset(tmp_path / "time.nc") as file:
        starts = file["year"][:][:, 0] - file["quarter"][0] / 4
        assert (starts == 2000 + 10 * file["world"][:]).all()
