"""The store: chunks are what their names promise or do not count; content does not depend on how it is cut."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clustersim.core import files as disk
from clustersim.core.errors import InputError, Unchecked
from clustersim.experiments import chunks, maintenance
from clustersim.experiments.chunks import Damaged
from clustersim.experiments.execution import Failure, run_batch
from clustersim.experiments.identity import canonical
from clustersim.experiments.planning import make_plan
from clustersim.experiments.reading import read_result, read_sweep
from clustersim.experiments.runner import Runner
from clustersim.experiments.store import create_store, open_store, provenance_text
from clustersim.studies import kept
from clustersim.studies.reproducing import reproduce
from clustersim.studies.synergy import interactions
from clustersim.views.report import write_report
from sweep_cases import TINY, experiment, plan


def filled(folder, found, workers=1, chunk=500, order=None):
    """Return a store in which every run is done."""
    store = create_store(folder, found)
    assert Runner(store, workers, chunk, order).run(store.pending())
    return store


def files(store):
    """Return the bytes of all chunks by name."""
    return {name: (store.chunks / name).read_bytes() for name in store.names()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return a finished store in one chunk."""
    folder = tmp_path_factory.mktemp("whole")
    return filled(folder / "tiny", plan(folder))


@pytest.fixture
def copy(whole, tmp_path):
    """Return a copy of the finished store, cut into chunks of seven runs."""
    return filled(tmp_path / "tiny", whole.plan, chunk=7)


@pytest.fixture
def same(whole, tmp_path):
    """Return a copy of the finished store as it is."""
    return open_store(Path(shutil.copytree(whole.folder, tmp_path / "tiny")))


@pytest.mark.parametrize("workers", [1, 2, 8])
@pytest.mark.parametrize("chunk", [1, 7, 500])
@pytest.mark.parametrize("order", [None, 5])
def test_content_depends_neither_on_workers_nor_on_chunks_nor_on_order(whole, tmp_path, workers, chunk, order):
    store = filled(tmp_path / "tiny", whole.plan, workers, chunk, order)
    assert len(store.names()) >= -(-whole.plan.runs // chunk)
    assert maintenance.digest(store) == maintenance.digest(whole)
    maintenance.compact(store)
    maintenance.compact(whole)
    assert files(store) == files(whole)
    assert maintenance.digest(store) == maintenance.digest(open_store(whole.folder))


def test_compaction_leaves_chunks_of_the_asked_size_in_the_order_of_the_plan(copy):
    before = maintenance.digest(copy)
    assert maintenance.compact(copy, 50) == (18, 3)
    assert maintenance.digest(copy) == before
    tables = sorted((pq.read_table(copy.chunks / name) for name in copy.names()), key=lambda table: table["run"][0].as_py())
    runs = pa.concat_tables(tables)["run"].to_numpy()
    assert np.array_equal(np.unique(runs), np.arange(copy.plan.runs)) and np.all(np.diff(runs) >= 0)
    assert maintenance.compact(copy, 50) == (3, 3)


def test_the_digest_tells_any_value_and_any_missing_run(whole, tmp_path):
    found = whole.plan
    block, _ = run_batch(found, 0, np.arange(5))
    digests = set()
    for variant in range(4):
        store = create_store(tmp_path / f"{variant}" / "tiny", found)
        if variant == 1:
            block.values[3, 1] += 1e-9
        store.write([block] if variant < 2 else [block.part(0, 4)], [Failure(4, "lost", 1)] if variant == 3 else [])
        digests.add(maintenance.digest(store))
    assert len(digests) == 4


# damage


def flips(data, number, seed):
    """Return copies of bytes, each with one bit flipped."""
    draw = random.Random(seed)
    for _ in range(number):
        place = draw.randrange(len(data))
        yield data[:place] + bytes([data[place] ^ (1 << draw.randrange(8))]) + data[place + 1 :]


def test_every_flipped_bit_and_every_truncation_is_found(copy):
    name = copy.names()[0]
    data = (copy.chunks / name).read_bytes()
    draw = random.Random(2)
    broken = [*flips(data, 300, 1), *(data[: draw.randrange(len(data))] for _ in range(50)), b"", data + b"\0"]
    silent = 0
    for bad in broken:
        (copy.chunks / name).write_bytes(bad)
        with pytest.raises(Damaged):
            chunks.read_bytes(copy.chunks / name)
        try:
            silent += pq.read_table(copy.chunks / name) is not None
        except Exception:
            continue
    assert silent > 0  # Parquet alone would not have told


def test_damaged_chunks_are_set_aside_and_their_runs_done_again(copy, whole):
    broken = copy.names()[:3]
    lost = sum(chunks.contents((copy.chunks / name).read_bytes(), copy.plan).done.size for name in broken)
    for name, bad in zip(broken, (b"", (copy.chunks / broken[1]).read_bytes()[:-9], b"PAR1" * 9), strict=True):
        (copy.chunks / name).write_bytes(bad)
    with pytest.raises(InputError, match="is damaged"):
        read_sweep(copy.folder)
    checked = maintenance.verify(open_store(copy.folder))
    assert not checked["ok"] and {some["chunk"] for some in checked["damaged"]} == set(broken)
    told = []
    again = create_store(copy.folder, copy.plan, tell=told.append)
    assert len(told) == 3 and again.pending().size == lost
    assert sorted(path.name for path in (copy.folder / "damaged").iterdir()) == sorted(broken)
    assert Runner(again).run(again.pending())
    assert maintenance.digest(again) == maintenance.digest(whole) and maintenance.verify(again)["ok"]


def test_a_chunk_of_another_plan_does_not_count(copy, tmp_path):
    other = filled(tmp_path / "other" / "tiny", plan(tmp_path, TINY.replace("replicates: 5", "replicates: 2")))
    for name in other.names():
        shutil.copy(other.chunks / name, copy.chunks / name)
    found = open_store(copy.folder)
    assert [reason for _, reason in found.bad] == ["it belongs to another plan"]
    assert found.pending().size == 0


def test_rows_that_are_not_those_of_the_footer_are_found_by_verify(copy):
    name = copy.names()[0]
    table = pq.read_table(copy.chunks / name)
    told = chunks.contents((copy.chunks / name).read_bytes(), copy.plan)
    copy.write_bytes(chunks.to_bytes(copy.plan, table.slice(2), told))
    assert "footer" in maintenance.verify(open_store(copy.folder))["damaged"][0]["reason"]


def test_a_damaged_plan_is_written_again_from_the_experiment(copy):
    path = copy.folder / "plan.json"
    data = path.read_bytes()
    path.write_bytes(data.replace(b'"replicates":5', b'"replicates":7'))
    with pytest.raises(InputError, match="does not match its hash"):
        open_store(copy.folder)
    told = []
    assert create_store(copy.folder, copy.plan, tell=told.append).pending().size == 0
    assert path.read_bytes() == data and "written again" in told[0]


# writing


def test_a_file_appears_whole_or_not_at_all(tmp_path, monkeypatch):
    def refuse(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk.os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        disk.write(tmp_path / "x", b"abc")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_is_there_is_not_replaced_unless_wanted(tmp_path, monkeypatch, links):
    def refuse(*_, **__):
        raise PermissionError(1, "Operation not permitted")

    if not links:  # as on file systems that know no second names
        monkeypatch.setattr(disk.os, "link", refuse)
    disk.write(tmp_path / "x", b"first", replace=False)
    with pytest.raises(FileExistsError):
        disk.write(tmp_path / "x", b"second", replace=False)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"first"]


def test_leftovers_of_processes_that_are_gone_are_removed(copy):
    left = copy.chunks / ".x.partial-lease-cc"
    left.mkdir()
    for name in ("half", ".lease"):
        (left / name).write_bytes(b"")
    with disk.appearing(copy.chunks / "x.parquet") as ours:  # in work
        ours.write_bytes(b"half")
        create_store(copy.folder, copy.plan)
        assert left.exists() and ours.exists()
        for path in (left / ".lease", left):
            os.utime(path, (0, 0))
        create_store(copy.folder, copy.plan)
        assert not left.exists() and ours.exists()


def test_something_else_is_not_written_into(tmp_path):
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "diary.txt").write_text("mine")
    for fresh in (False, True):
        with pytest.raises(InputError, match="is not a sweep"):
            create_store(tmp_path / "tiny", plan(tmp_path), fresh)
    assert [path.name for path in (tmp_path / "tiny").iterdir()] == ["diary.txt"]


# reading


def test_runs_that_stand_twice_count_once(whole, copy):
    for name in whole.names():
        shutil.copy(whole.chunks / name, copy.chunks / name)
    store = open_store(copy.folder)
    assert maintenance.verify(store)["twice"] == copy.plan.runs
    assert maintenance.digest(store) == maintenance.digest(whole)
    assert len(read_sweep(copy.folder).indicators) == len(read_sweep(whole.folder).indicators)
    maintenance.compact(store)
    assert maintenance.verify(open_store(copy.folder))["twice"] == 0


def test_a_sweep_is_read_into_frames(whole):
    result = read_result(whole.folder)
    frame, points = result.indicators, result.points
    assert (result.done, result.failed, result.missing) == (whole.plan.runs, 0, 0)
    assert len(frame) == 2 * whole.plan.runs and len(points) == 12
    assert list(frame.columns) == ["scenario", "option", "world", "seed", "replicate", "cluster", "quarter", "year", "phase",
                                   "employment", "total_public_spending", "years_to_creation"]  # fmt: skip
    assert set(frame["year"]) == {2000.75, 2001.75} and set(frame["seed"]) == {1, 9}
    assert frame.attrs["units"]["total_public_spending"] == "kUSD" and frame["phase"].dtype == "category"
    assert set(points["institutions.government.coordination"]) == {0.2, 0.8}
    spent = frame[frame["quarter"] == 7].groupby("scenario", observed=True)["total_public_spending"].sum()
    assert spent["organic"] == 0 < spent["designed"]


def test_an_unfinished_sweep_is_read_only_when_that_is_wanted(whole, tmp_path):
    store = create_store(tmp_path / "tiny", whole.plan)
    Runner(store, 1).run(np.arange(20))
    with pytest.raises(InputError, match="100 of 120 runs are missing"):
        read_result(store.folder)
    result = read_sweep(store.folder, partial=True)
    assert result.missing == 100 and len(result.indicators) == 40


COUNT_THREADS = """
import os, sys
from pathlib import Path
from clustersim.experiments.store import open_store
store = open_store(Path(sys.argv[1]))
before = set(os.listdir("/proc/self/task"))
assert sum(len(rows) for _, rows in store.read())
print(len(set(os.listdir("/proc/self/task")) - before))
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in /proc")
def test_reading_rows_leaves_no_thread_that_could_abort_the_process_at_its_end(whole):
    command = [sys.executable, "-c", COUNT_THREADS, str(whole.folder)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert said.stdout.strip() == "0"


def test_duckdb_reads_the_chunks_as_they_are(whole):
    duckdb = pytest.importorskip("duckdb")
    chosen = f"from '{whole.chunks}/*.parquet' where ok group by scenario order by scenario"
    found = duckdb.sql(f"select scenario, count(*), sum(employment) {chosen}").fetchall()
    frame = read_result(whole.folder).indicators
    assert [row[:2] for row in found] == [("designed", 120), ("organic", 120)]
    assert sum(row[2] for row in found) == pytest.approx(frame["employment"].sum())


def test_the_experiment_of_a_store_may_be_gone(whole, tmp_path):
    path = experiment(tmp_path)
    found = make_plan(path)[0]
    store = create_store(tmp_path / "tiny", found)
    path.unlink()
    opened = open_store(store.folder)
    assert opened.plan.hash == found.hash and Runner(opened).run(opened.pending())
    assert maintenance.digest(opened) == maintenance.digest(whole)


# nothing passes, nothing goes


@pytest.mark.slow
def test_no_flipped_bit_in_any_file_of_a_sweep_passes(copy, monkeypatch):
    monkeypatch.setattr("clustersim.experiments.store.PAUSE", 0.0)
    write_provenance(copy)
    assert maintenance.verify(open_store(copy.folder))["ok"]
    for path in sorted(path for path in copy.folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        for place in sorted({*range(0, len(data), max(1, len(data) // 8)), len(data) - 1}):
            for bit in (0x20, 1 << place % 8):  # 0x20 makes small letters large: 1e-05 stays the same number
                path.write_bytes(data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :])
                try:
                    found = maintenance.verify(open_store(copy.folder))
                except InputError as error:
                    assert "is damaged" in error.message
                else:
                    assert [said["chunk"] for said in found["damaged"]] == [path.name], (path.name, place)
        path.write_bytes(data)
    assert maintenance.verify(open_store(copy.folder))["ok"]


def write_provenance(store):
    from clustersim.experiments.store import PROVENANCE, provenance_text

    (store.folder / PROVENANCE).write_text(provenance_text({"title": "Tiny", "machine": {"small": 1e-05}}), encoding="utf-8")


def test_a_chunk_that_shows_late_is_looked_for_again(copy):
    path = copy.chunks / copy.names()[0]
    whole, data = open_store(copy.folder).done, path.read_bytes()
    store = open_store(copy.folder)
    store._seen.clear()
    store.done[:] = False
    names, store.names = store.names(), lambda: names
    path.unlink()  # its name is known, but the file cannot be opened yet
    store.refresh()
    assert store.done.sum() < whole.sum()
    path.write_bytes(data)
    store.refresh()
    assert np.array_equal(store.done, whole)


def test_a_chunk_of_which_only_a_part_shows_yet_is_not_set_aside(copy, monkeypatch):
    path = copy.chunks / copy.names()[0]
    plain, short = chunks.read_bytes, [path.name]

    def late(place):
        if place.name in short:
            short.remove(place.name)
            raise Damaged("its bytes do not match its name")
        return plain(place)

    monkeypatch.setattr(chunks, "read_bytes", late)
    store = open_store(copy.folder, repair=True)
    assert not store.bad and path.exists() and not short


def test_chunks_that_go_while_they_are_read_are_no_silent_loss(copy):
    from clustersim.experiments.rows import finished

    store = open_store(copy.folder)
    whole = sum(len(table) for table in finished(store))
    other = open_store(copy.folder)
    begun = finished(store)
    rows = len(next(begun))
    maintenance.compact(other, runs=7)  # by another process
    assert rows + sum(len(table) for table in begun) == whole
    for path in list(store.chunks.iterdir())[:1]:
        path.unlink()
    for ask in (lambda: list(finished(store)), lambda: maintenance.digest(store), lambda: maintenance.compact(store)):
        before = sorted(store.names())
        with pytest.raises(InputError, match="went while"):
            ask()
        assert sorted(store.names()) == before


def test_a_footer_that_unpacks_to_gigabytes_is_refused(copy):
    import base64
    import zlib

    bomb = base64.b64encode(zlib.compress(bytes(200_000_000)))
    assert len(bomb) < 300_000 and chunks._unpacked(bomb, 1000).size == 1001


def with_plan(store, change):
    """Change the plan of a store, and make the hashes of plan and chunks fit it."""
    content = json.loads((store.folder / "plan.json").read_bytes())
    del content["sha256"]
    change(content)
    said = canonical(content).encode()
    own = hashlib.sha256(said).hexdigest()
    (store.folder / "plan.json").write_text(canonical(content | {"sha256": own}) + "\n")
    for name in store.names():
        table = pq.read_table(store.chunks / name)
        out = pa.BufferOutputStream()
        pq.write_table(table.replace_schema_metadata(table.schema.metadata | {b"clustersim.plan": own.encode()}), out)
        (store.chunks / name).unlink()
        (store.chunks / chunks.file_name(out.getvalue().to_pybytes())).write_bytes(out.getvalue().to_pybytes())


@pytest.mark.parametrize(("where", "change"), [
    ("outputs.totals[0]", lambda plan: plan["outputs"].update(totals=["a"])),
    ("outputs.reached[0]", lambda plan: plan["outputs"].update(reached=["a"])),
    ("outputs.indicators", lambda plan: plan["outputs"].update(indicators=["phase", "phase"])),
    ("outputs.every", lambda plan: plan["outputs"].update(every=1e308)),
    ("outputs", lambda plan: plan.update(outputs="x")),
    ("seeds", lambda plan: plan.update(seeds=-1)),
    ("seeds[0]", lambda plan: plan.update(seeds=[-1])),
    ("replicates", lambda plan: plan.update(replicates=-1)),
    ("", lambda plan: plan.update(replicates=10**12)),
    ("options[0]", lambda plan: plan["options"].__setitem__(0, "")),
    ("options[0].set.a", lambda plan: plan["options"][0]["set"].update(a=10**400)),
    ("", lambda plan: plan["options"][0].update(name=plan["options"][1]["name"])),
    ("worlds", lambda plan: plan["worlds"]["rows"].append([])),
    ("scenarios[0].data.horizon.years", lambda plan: plan["scenarios"][0]["data"]["horizon"].update(years="2")),
    ("scenarios[0].data.place.clusters", lambda plan: plan["scenarios"][0]["data"]["place"].update(clusters=[])),
    ("scenarios[0].data.horizon.start_year", lambda plan: plan["scenarios"][0]["data"]["horizon"].pop("start_year")),
    ("model", lambda plan: plan.update(model=None)),
])  # fmt: skip
def test_a_plan_that_does_not_hold_together_is_refused_with_its_place(same, where, change):
    with_plan(same, change)
    said = f"it does not hold together at {where}" if where else "it does not hold together"
    asked = (kept.describe, kept.digest, kept.verify, write_report, reproduce)
    for ask in (*asked, lambda folder: kept.export(folder, folder, "csv")):
        with pytest.raises(InputError) as refused:
            ask(same.folder)
        assert refused.value.message == f"is damaged: {said}"


@pytest.mark.parametrize("data", [b"[" * 100_000, b"{", b'{"format": 1, "a": NaN}', b'{"format": 1, "a": "\\ud800"}', b"3"])
def test_a_plan_that_is_none_is_refused(same, data):
    (same.folder / "plan.json").write_bytes(data)
    with pytest.raises(InputError, match="is damaged: it"):
        open_store(same.folder)


def test_chunks_of_other_columns_than_the_plan_says_are_damaged(same):
    with_plan(same, lambda plan: plan["outputs"].update(totals=["sales"]))
    found = maintenance.verify(open_store(same.folder))
    assert not found["ok"] and {said["reason"] for said in found["damaged"]} == {"its columns are not those of the plan"}


def test_the_folder_that_one_is_in_has_a_name(whole, monkeypatch):
    monkeypatch.chdir(whole.folder)
    for here in (".", "chunks/.."):
        assert read_sweep(here).name == read_sweep(here).plan.name == whole.folder.name
        assert reproduce(here, sample=1).name == whole.folder.name


@pytest.mark.parametrize("change", [{"title": "Another"}, {"versions": "x", "machine": 3}])
def test_a_note_that_is_not_what_was_written_is_refused(same, change, tmp_path):
    write_provenance(same)
    note = json.loads((same.folder / "provenance.json").read_text())
    (same.folder / "provenance.json").write_text(json.dumps(note | change))
    refusals(same.folder, "provenance.json: is damaged: its content does not match its hash")
    (same.folder / "provenance.json").write_text(provenance_text({"title": "Tiny", "versions": "x"}))
    refusals(same.folder, "provenance.json: is damaged: it does not hold together at versions")
    (same.folder / "provenance.json").write_text('{"title": "Tiny"}')  # as it was written before
    with pytest.warns(Unchecked, match="provenance.json was written without hashes"):
        assert reproduce(same.folder, sample=1).equal
    assert maintenance.verify(open_store(same.folder))["unchecked"] == ["provenance.json"]


def refusals(folder, said):
    with pytest.raises(InputError) as refused:
        reproduce(folder, sample=1)
    assert str(refused.value).endswith(said)
    assert not maintenance.verify(open_store(folder))["ok"]


def test_chunks_of_more_runs_than_the_plan_has_are_damaged(same):
    with_plan(same, lambda plan: plan["seeds"].pop())
    found = maintenance.verify(open_store(same.folder))
    assert not found["ok"] and {said["reason"] for said in found["damaged"]} == {"it names runs that the plan does not have"}


def test_a_programme_that_is_none_is_told_when_interactions_are_asked_for(same):
    with_plan(same, lambda plan: plan["scenarios"][0]["data"].update(programme="x"))
    with pytest.raises(InputError, match="is damaged: it does not hold together"):
        interactions(same.folder)
