"""`reproduce`: a result is done again from what it says of itself; one bit that is not what it was is found."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import clustersim
from clustersim import InputError, read_comparison, reproduce, sweep, write_comparison, write_result
from clustersim.results import simulate
from clustersim.results.manifest import FILES
from clustersim.results.storage import RUN
from compare_cases import worlds
from result_cases import recorded, scenario
from sweep_cases import experiment

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(tmp_path):
    """Return the folder of a run with all records."""
    return write_result(recorded(), tmp_path / "small")


def test_a_run_with_records_is_done_again_from_its_folder(run):
    found = reproduce(run)
    assert found.equal and found.differs == {} and (found.runs, found.of) == (3, 3)
    assert [table.name for table in found.tables] == ["indicators", "phases", "spending", "firms", "ties", "events"]
    assert all(table.rows_now > 0 for table in found.tables)


def test_single_replicates_are_done_again_under_their_numbers():
    result = simulate(scenario(), seed=5, replicates=[1, 4], years=1)
    assert reproduce(result).equal


def test_a_run_that_was_changed_in_mid_run_is_done_again_with_its_changes(tmp_path):
    changes = [{"quarter": 3, "key": "parameters.trust.gain", "now": 0.1}, {"quarter": 5, "key": "parameters.trust.loss",
                                                                           "now": 0.2}]  # fmt: skip
    result = simulate(scenario(), replicates=2, years=2, changes=changes)
    assert not result.indicators.equals(simulate(scenario(), replicates=2, years=2).indicators)
    assert reproduce(result).equal and reproduce(write_result(result, tmp_path / "changed")).equal


def test_what_probes_measured_is_said_not_to_be_done_again(tmp_path):
    probes = {"largest": lambda look: look.firms.employees.max()}
    result = simulate(scenario(), years=1, probes=probes, records="firms")
    for found in (reproduce(result), reproduce(write_result(result, tmp_path / "probed"))):
        assert found.equal and found.left == ["probes"] == found.document()["left"]
        assert any(sentence.startswith("probes: not done again") for sentence in found.sentences())
        assert [table.name for table in found.tables] == ["indicators", "phases", "spending", "firms"]


@pytest.mark.parametrize("wrong", [None, 3, b"x", [], {}, pd.DataFrame(), object(), "\0"])
def test_what_is_no_result_is_refused_in_one_sentence(wrong):
    with pytest.raises(InputError) as refused:
        reproduce(wrong)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("numbers", ["a", "", "0-", "0-999999999999", "0,1", "2-0"])
def test_numbers_of_replicates_that_are_not_those_of_the_run_are_damage(run, numbers):
    said = json.loads((run / RUN).read_text(encoding="utf-8"))
    rewritten(run, said | {"replicate_numbers": numbers})
    with pytest.raises(InputError, match=r"run\.json"):
        reproduce(run)


def test_one_bit_is_found_with_its_column_and_size(run):
    path = run / "indicators.parquet"
    frame = pd.read_parquet(path)
    before = frame.loc[7, "trust"]
    frame.loc[7, "trust"] = np.nextafter(before, 2.0)
    frame.to_parquet(path, index=False)
    found = reproduce(read_without_check(run))
    assert not found.equal
    (table,) = (table for table in found.tables if not table.equal)
    (column,) = table.columns
    assert (table.name, column.name, column.cells) == ("indicators", "trust", 1)
    assert column.most == np.nextafter(before, 2.0) - before
    assert 0 < column.relative < 1e-15


def rewritten(folder, said):
    """Let a run say something else of itself, as one without hashes would."""
    said.pop("files")
    (folder / RUN).write_text(json.dumps(said), encoding="utf-8")
    (folder / FILES).unlink()


def read_without_check(folder):
    """Return a run as its tables are, whatever else in the folder says what they should be."""
    tables = {path.stem: pd.read_parquet(path) for path in folder.glob("*.parquet")}
    result = clustersim.RunResult(recorded().scenario, 5, 3, **tables, provenance=recorded().provenance, name="small")
    return result


def test_rows_and_texts_that_differ_are_told(run):
    result = read_without_check(run)
    result.phases = result.phases.iloc[:-1]
    result.events = result.events.assign(event=["entry"] * len(result.events))
    found = {table.name: table for table in reproduce(result).tables}
    assert found["phases"].rows_before == found["phases"].rows_now - 1 and not found["phases"].equal
    assert [column.name for column in found["events"].columns] == ["event"]
    assert found["indicators"].equal


def test_what_is_not_what_it_was_is_named_though_the_numbers_are(run):
    result = read_without_check(run)
    said = json.loads(json.dumps(result.provenance))
    said["versions"]["numpy"], said["model_code"] = "1.0", "0" * 16
    result.provenance = said
    found = reproduce(result)
    assert found.equal and set(found.differs) == {"versions.numpy", "model_code"}
    assert found.differs["versions.numpy"][0] == "1.0"
    assert any("1.0 before" in sentence for sentence in found.sentences())


@pytest.mark.parametrize(("change", "says"), [
    (lambda said: said["versions"].update(clustersim="0.0.1"), "was made by clustersim 0.0.1"),
    (lambda said: said["scenario"]["programme"]["stages"][0]["instruments"][0].update(use="lanterns"), "needs lanterns"),
])  # fmt: skip
def test_what_cannot_be_done_again_is_refused_in_one_sentence(run, call, change, says):
    path = run / RUN
    said = json.loads(path.read_text(encoding="utf-8"))
    change(said)
    rewritten(run, said)
    code, out, err = call("reproduce", run)
    assert (code, out) == (2, "") and says in err and "Traceback" not in err


def test_a_comparison_with_worlds_is_done_again_after_it_was_read(tmp_path):
    found = reproduce(read_comparison(write_comparison(worlds(), tmp_path / "compared")))
    assert found.equal and [table.name for table in found.tables] == ["runs", "differences", "yearly", "worlds"]


def test_a_sweep_is_done_again_whole_or_in_some_points(tmp_path):
    done = sweep(experiment(tmp_path), tmp_path)
    some = reproduce(done.folder, sample=2)
    assert some.equal and some.runs == 2 * done.plan.per_point and some.of == done.plan.runs
    assert reproduce(done).equal and reproduce(done).runs == done.plan.runs
    for wrong in (0, 13, 1.5, "x", True):
        with pytest.raises(InputError, match="from 1 to 12"):
            reproduce(done, sample=wrong)


def test_a_changed_number_of_a_sweep_is_found(tmp_path, monkeypatch):
    from clustersim.studies import reproducing

    done = sweep(experiment(tmp_path), tmp_path)
    rows = reproducing._rows

    def changed(store, runs):
        frame = rows(store, runs)
        if store is done.store:
            frame.loc[3, "employment"] += 1.0
        return frame

    monkeypatch.setattr(reproducing, "_rows", changed)
    (table,) = reproduce(done, sample=1).tables
    assert [(column.name, column.cells, column.most) for column in table.columns] == [("employment", 1, 1.0)]


def test_a_run_of_a_register_is_done_again_from_the_copy_of_its_table(tmp_path, call):
    from clustersim.cli.command_line import main

    source = tmp_path / "register"
    shutil.copytree(ROOT / "examples" / "footwear", source)
    words = ["scenario", "from-firms", source / "empresas.csv", "--activity-map", source / "actividades.csv"]
    assert main([str(word) for word in (*words, "--out", source / "mine.yaml")]) == 0
    result = simulate(source / "mine.yaml", replicates=1, years=0.5)
    folder = write_result(result, tmp_path / "kept")
    compared = clustersim.compare([source / "mine.yaml", source / "mine.yaml"], replicates=1, years=0.5)
    other = write_comparison(compared, tmp_path / "compared")
    shutil.rmtree(source)
    assert reproduce(folder).equal and reproduce(other).equal
    bare = shutil.copytree(folder, tmp_path / "bare", ignore=shutil.ignore_patterns("inputs"))
    code, out, err = call("reproduce", bare)
    assert (code, out) == (2, "") and ".csv" in err and "Traceback" not in err


def test_the_command_says_it_in_words_and_as_json(run, call):
    code, out, _err = call("reproduce", run)
    assert code == 0 and out.startswith("small: reproduced: 3 runs of 3 done again")
    code, out, _err = call("reproduce", run, "--json")
    found = json.loads(out)
    assert code == 0 and found["equal"] and found["kind"] == "run" and len(found["tables"]) == 6
    assert call("reproduce", run, "--sample", 2)[0] == 2
    frame = pd.read_parquet(run / "phases.parquet").iloc[:-1]
    shutil.copytree(run, run.parent / "shorter")
    frame.to_parquet(run.parent / "shorter" / "phases.parquet", index=False)
    code, out, err = call("reproduce", run.parent / "shorter")
    assert code != 0 and "phases" in out + err
