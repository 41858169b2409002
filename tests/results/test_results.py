"""Results: tables, records, and what is written and read again."""

from __future__ import annotations

import itertools
import json
import os

import numpy as np
import pandas as pd
import pytest

from clustersim.core.errors import InputError
from clustersim.model.indicators import INDICATORS
from clustersim.model.state import PHASES
from clustersim.policy.programme import Programme
from clustersim.results import exporting, manifest, options, read_run, simulate, storage, summary, write_result
from clustersim.results.tables import DATA_DICTIONARY
from clustersim.simulation import batches
from clustersim.studies import kept
from result_cases import KEYS, QUARTERS, recorded, scenario


@pytest.fixture(scope="module")
def result():
    return recorded()


def test_indicators_hold_every_quarter_once(result):
    frame = result.indicators
    assert len(frame) == 3 * 2 * QUARTERS
    assert not frame.duplicated(KEYS).any()
    assert list(frame) == list(DATA_DICTIONARY["indicators.parquet"]["columns"])
    assert set(INDICATORS) <= set(frame)
    assert list(frame["phase"].cat.categories) == list(PHASES)
    assert frame["year"].min() == 1990.0 and frame["year"].max() == 1990 + (QUARTERS - 1) / 4
    assert np.isfinite(frame.select_dtypes("number").to_numpy()).all()


def test_every_table_follows_the_dictionary_and_has_units(result):
    for name, frame in result.tables().items():
        columns = DATA_DICTIONARY[f"{name}.parquet"]["columns"]
        assert list(frame) == list(columns)
        assert frame.attrs["units"] == {key: unit for key, (unit, _) in columns.items()}
        assert not [column for column in frame if frame[column].dtype == object]
        assert all(doc and unit for unit, doc in columns.values())


def test_years_of_yearly_tables(result):
    read = result.firms.groupby("quarter")["year"].agg(["min", "max"])
    assert read.index.tolist() == [3, 7, 11, 15, 19, QUARTERS - 1]
    assert read["min"].tolist() == read["max"].tolist() == [1990, 1991, 1992, 1993, 1994, 1995]


def test_phases_are_the_changes_of_the_phase_column(result):
    frame = result.indicators.sort_values(KEYS)
    before = frame.groupby(["replicate", "cluster"], observed=True)["phase"].shift(fill_value="agglomeration")
    changed = frame[frame["phase"].astype(str) != before.astype(str)]
    assert len(changed) == len(result.phases)
    merged = result.phases.merge(changed, on=KEYS, how="inner")
    assert (merged["to"].astype(str) == merged["phase"].astype(str)).all()


def test_spending_adds_up_to_the_indicator(result):
    spent = result.spending.groupby(KEYS, observed=False)[["public", "private"]].sum()
    frame = result.indicators.set_index(KEYS)["public_spending"]
    paid = spent["public"].reindex(frame.index, fill_value=0.0)
    np.testing.assert_allclose(paid, frame, rtol=1e-9, atol=1e-9)
    assert set(result.spending["instrument"].unique()) <= {
        "facilitator", "university_programme", "association_founding", "association_grant", "project_cofinance",
    }  # fmt: skip
    assert ((result.spending["public"] > 0) | (result.spending["private"] > 0)).all()
    university = result.spending[result.spending["instrument"] == "university_programme"]
    assert university["public"].max() == pytest.approx(90 / 4)  # two effects, paid once


def test_replicates_are_the_same_alone_and_in_any_batch(result, monkeypatch):
    alone = simulate(scenario(), seed=5, replicates=[1], records=("firms",), name="small")
    pd.testing.assert_frame_equal(
        alone.indicators, result.indicators.query("replicate == 1").reset_index(drop=True), check_exact=True
    )
    monkeypatch.setattr(batches, "batch_size", lambda scenario, workers: 1)
    seen = []
    split = simulate(scenario(), seed=5, replicates=3, records=("firms", "ties", "events"),
                     progress=lambda done, total: seen.append((done, total)))  # fmt: skip
    for name, frame in result.tables().items():
        pd.testing.assert_frame_equal(split.tables()[name].astype(str), frame.astype(str), check_exact=True, obj=name)
        assert split.tables()[name].attrs == frame.attrs
    assert seen[-1] == (3 * QUARTERS, 3 * QUARTERS)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})


def test_records_do_not_change_the_run(result):
    plain = simulate(scenario(), seed=5, replicates=3)
    assert plain.firms is None and plain.events is None
    pd.testing.assert_frame_equal(plain.indicators, result.indicators, check_exact=True)
    pd.testing.assert_frame_equal(plain.spending, result.spending, check_exact=True)


def test_written_and_read_again(result, tmp_path):
    folder = write_result(result, tmp_path / "out" / result.folder_name)
    read = read_run(folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["files.json", "run.json", *(f"{name}.parquet" for name in result.tables())]
    )
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    for name, frame in result.tables().items():
        pd.testing.assert_frame_equal(read.tables()[name], frame, check_exact=True)
        assert read.tables()[name].attrs == frame.attrs
    assert (read.scenario, read.seed, read.replicates, read.name) == (result.scenario, 5, 3, "small")
    assert read.folder_name == result.folder_name == folder.name


def test_run_json_says_where_the_result_comes_from(result, tmp_path):
    folder = write_result(result, tmp_path / "r")
    text = (folder / "run.json").read_text()
    run = json.loads(text)
    assert run["scenario"] == result.scenario.model_dump(mode="json")
    assert run["seed"] == run["scenario"]["seed"] == 5
    assert {"clustersim", "python", "numba", "numpy"} <= set(run["versions"])
    assert len(run["model_code"]) == 16 and run["quarters"] == QUARTERS
    assert run["parameters"]["trust"]["gain"] > 0 and len(run["parameters_hash"]) == 16
    assert set(run["machine"]) == {"system", "architecture", "processors", "memory"}
    assert str(tmp_path) not in text and "/" not in json.dumps(run["machine"])


def test_folder_name_follows_what_the_result_depends_on(result):
    def name(**change):
        return simulate(scenario(), **({"seed": 5, "replicates": 1, "years": 0.5, "name": "small"} | change)).folder_name

    first = name()
    assert first == name() and first.startswith("small-")
    assert len({first, name(seed=6), name(replicates=2), name(years=1), result.folder_name}) == 5


def test_a_failing_write_leaves_the_older_result(result, tmp_path):
    folder = write_result(result, tmp_path / "r")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def fail(place):
        (place / "half.png").write_bytes(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_result(result, folder, fail)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["r"]
    with pytest.raises(KeyboardInterrupt):
        write_result(result, tmp_path / "new" / "deep", fail)
    assert [path.name for path in tmp_path.iterdir()] == ["r"]
    write_result(result, folder, lambda place: (place / "figures").mkdir())
    assert (folder / "figures").is_dir() and [path.name for path in tmp_path.iterdir()] == ["r"]


def test_a_folder_that_is_no_result_is_never_replaced(result, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("words")
    with pytest.raises(InputError, match="is not a result"):
        write_result(result, tmp_path / "thesis")
    with pytest.raises(InputError, match="cannot write"):
        write_result(result, tmp_path / "thesis" / "chapter.txt" / "r")
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "words"


def test_a_result_whose_document_a_network_shows_late_is_one(result, tmp_path, monkeypatch):
    write_result(result, tmp_path / "r")
    looks, is_result = iter(range(10)), storage.is_result
    monkeypatch.setattr(storage, "is_result", lambda folder: next(looks) > 3 and is_result(folder))
    storage.check_free(tmp_path / "r")
    assert next(looks) == 5


def test_check_writable_leaves_nothing(tmp_path):
    storage.check_writable(tmp_path / "a" / "b")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="not a folder"):
        storage.check_writable(tmp_path / "file" / "b")
    with pytest.raises(InputError, match="cannot write"):
        storage.check_writable(tmp_path / ("x" * 300))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_damaged_results_are_told(result, tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        read_run(tmp_path / "none")
    with pytest.raises(InputError, match=r"no run\.json"):
        read_run(tmp_path)
    folder = write_result(result, tmp_path / "r")
    for name, content, words, sealed in (
        ("phases.parquet", b"PAR1", "has 4 bytes, and had", "not a Parquet file"),
        ("run.json", b'{"scenario": {}}', "has 16 bytes, and had", "cannot read it"),
        ("run.json", b"{", "has 1 bytes, and had", "not a JSON"),
    ):
        before = (folder / name).read_bytes()
        (folder / name).write_bytes(content)
        with pytest.raises(InputError, match=words):
            read_run(folder)
        manifest.seal(folder)  # the hashes are right, and what they are of is wrong
        with pytest.raises(InputError, match=sealed):
            read_run(folder)
        (folder / name).write_bytes(before)
        manifest.seal(folder)
    (folder / "phases.parquet").unlink()
    with pytest.raises(InputError, match="is missing"):
        read_run(folder)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"seed": -1}, "seed"),
        ({"replicates": 0}, "replicates"),
        ({"replicates": [-1]}, "replicates"),
        ({"years": float("nan")}, "years"),
        ({"years": 201}, "years"),
        ({"records": ("firm",)}, "Did you mean 'firms'"),
    ],
)
def test_impossible_arguments(change, match):
    with pytest.raises(InputError, match=match):
        simulate(scenario(), **change)


@pytest.mark.parametrize("records", [range(10**12), itertools.repeat("firms"), np.array("firms"), {"firms": True}])
def test_records_that_are_no_list_of_names_are_refused(records):
    with pytest.raises(InputError, match="is not possible; allowed: firms, ties, events"):
        simulate("organic", records=records)


def test_records_that_do_not_fit_are_refused(monkeypatch):
    monkeypatch.setattr(options, "BYTES_PER_RECORD", {"firms": 10**12, "ties": 1, "events": 1})
    with pytest.raises(InputError, match="GiB of memory"):
        simulate(scenario(), records=("firms",))


def test_a_scenario_without_programme_spends_nothing():
    result = simulate(scenario(programme=None), years=0.5, records=("events",))
    assert result.spending.empty and list(result.spending) == list(DATA_DICTIONARY["spending.parquet"]["columns"])
    assert isinstance(scenario().programme, Programme)


def test_a_repeated_run_keeps_what_it_does_not_write_anew(tmp_path):
    first = simulate(scenario(), seed=3, replicates=1, years=2, records=("firms",))
    folder = write_result(first, tmp_path / first.folder_name)
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    again = simulate(scenario(), seed=3, replicates=1, years=2)
    assert write_result(again, tmp_path / again.folder_name) == folder
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine" and (folder / "firms.parquet").exists()
    assert [path.name for path in tmp_path.iterdir()] == [folder.name], "nothing is left beside it"


def test_leftovers_of_killed_processes_are_removed(tmp_path):
    dead, young = tmp_path / ".organic-0000.partial-lease-ab", tmp_path / ".organic-0000.partial-lease-aa"
    for folder in (dead, young):
        folder.mkdir()
        for name in ("x", ".lease"):
            (folder / name).write_text("", encoding="utf-8")
    for path in (dead / ".lease", dead):
        os.utime(path, (0, 0))
    result = simulate(scenario(), seed=3, replicates=1, years=1)
    write_result(result, tmp_path / result.folder_name)
    assert not dead.exists() and young.exists()


def _rewritten(folder, table, change):
    """Write a table of a result otherwise, as another program would, with hashes that fit."""
    path = folder / f"{table}.parquet"
    change(pd.read_parquet(path)).to_parquet(path, index=False)
    manifest.seal(folder)


@pytest.mark.parametrize("change", [
    lambda frame: frame.drop(index=5),
    lambda frame: pd.concat([frame.drop(index=5), frame.iloc[[6]]]),  # as many rows as there must be
    lambda frame: frame.assign(quarter=frame["quarter"] + 1),
    lambda frame: frame.assign(cluster=frame["cluster"].cat.rename_categories({"north": "nord"})),
    lambda frame: frame.assign(replicate=frame["replicate"] + 0.5),
])  # fmt: skip
def test_a_table_that_does_not_hold_every_quarter_once_is_damaged(tmp_path, change):
    folder = write_result(recorded(), tmp_path / "result")
    _rewritten(folder, "indicators", change)
    for reader in (read_run, lambda place: exporting.export_run(place, tmp_path / "x.csv", "csv")):
        with pytest.raises(InputError, match="each combination of replicate, cluster, quarter once"):
            reader(folder)
    assert not kept.verify(folder)["ok"] and not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize("as_written", [
    lambda column: column.astype(str),
    lambda column: column.cat.remove_unused_categories(),
    lambda column: column.cat.reorder_categories(list(PHASES)[::-1]),
])  # fmt: skip
def test_phases_are_read_by_their_names_whatever_order_another_program_gave_them(tmp_path, as_written):
    before = recorded()
    folder = write_result(before, tmp_path / "result")
    said = summary.document(read_run(folder))["clusters"]
    _rewritten(folder, "indicators", lambda frame: frame.assign(phase=as_written(frame["phase"])))
    _rewritten(folder, "phases", lambda frame: frame.assign(to=as_written(frame["to"])))
    after = read_run(folder)
    assert summary.document(after)["clusters"] == said
    pd.testing.assert_series_equal(after.phases["to"], before.phases["to"])
    _rewritten(folder, "phases", lambda frame: frame.assign(to="nonsense"))
    with pytest.raises(InputError, match="its column 'to' does not hold phases"):
        read_run(folder)
