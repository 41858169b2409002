"""Every file of every result has a hash: no flipped bit, missing file or wrong value passes a reader without a sentence."""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustersim.cli.command_line import main
from clustersim.core import machine
from clustersim.core.errors import InputError, Unchecked
from clustersim.results import manifest, read_run, simulate, write_result
from clustersim.results.storage import COMPARISON, RUN
from clustersim.studies import kept
from clustersim.studies.comparison import compare, read_comparison, write_comparison
from clustersim.views import report
from clustersim.views.report import write_report
from result_cases import recorded, scenario

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the folders of a small run and a small comparison, each with something like a picture."""
    out = tmp_path_factory.mktemp("made")

    def draw(place):
        (place / "figures").mkdir()
        (place / "figures" / "trust.png").write_bytes(bytes(range(64)))

    run = simulate(scenario(), seed=3, replicates=2, years=1, records=("firms",), name="small")
    both = compare({"alone": scenario(programme=None), "supported": scenario()}, replicates=2, years=2, seed=3, worlds=10)
    return {
        "run": write_result(run, out / "run", draw), "comparison": write_comparison(both, out / "comparison", draw),
    }  # fmt: skip


@pytest.fixture(params=["run", "comparison"])
def result(request, made, tmp_path):
    """Return a copy of a result that can be damaged, and its kind."""
    return Path(shutil.copytree(made[request.param], tmp_path / request.param)), request.param


def read(folder, kind):
    return read_run(folder) if kind == "run" else read_comparison(folder)


def flips(data, most=60):
    """Yield copies of some bytes with one bit of one byte turned: the last byte, and one drawn from each stretch."""
    draw, step = random.Random(len(data)), max(1, len(data) // most)
    for place in [*(draw.randrange(first, min(first + step, len(data))) for first in range(0, len(data), step)), len(data) - 1]:
        yield data[:place] + bytes([data[place] ^ 1 << draw.randrange(8)]) + data[place + 1 :]


def test_all_files_have_a_hash_and_pass(result):
    folder, kind = result
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(manifest.entries_of(folder)) == there - {"files.json"} and "figures/trust.png" in there
    found = kept.verify(folder)
    assert found["ok"] and found["hashed"] and found["files"] == len(there) - 1 and found["kind"] == kind
    read(folder, kind)
    assert kept.describe(folder) and kept.digest(folder) and not manifest.damaged(folder)


def test_no_flipped_bit_passes_and_the_right_file_is_named(result):
    folder, kind = result
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data, name = path.read_bytes(), path.relative_to(folder).as_posix()
        for number, damaged in enumerate(flips(data)):
            path.write_bytes(damaged)
            found = kept.verify(folder)
            assert not found["ok"] and [said["file"] for said in found["damaged"]] == [name]
            if number % 20 == 0 and not name.startswith("figures/"):
                if name != "differences.parquet":  # worked out again, not read
                    with pytest.raises(InputError, match="is damaged"):
                        read(folder, kind)
                with pytest.raises(InputError, match="is damaged"):
                    kept.describe(folder)
        path.write_bytes(data)
    assert kept.verify(folder)["ok"]


def test_a_missing_file_is_damage_and_an_extra_one_is_none(result):
    folder, kind = result
    (folder / "notes.txt").write_text("mine")
    assert kept.verify(folder)["ok"]
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "notes.txt"):
        data = path.read_bytes()
        path.unlink()
        if path.name in (RUN, COMPARISON):
            assert kept.verify(folder)["damaged"][0]["file"] == path.name
        else:
            (said,) = kept.verify(folder)["damaged"]
            assert said["file"] == path.relative_to(folder).as_posix() and "is missing" in said["reason"]
        if path.suffix == ".parquet" and path.stem != "differences":
            with pytest.raises(InputError, match="is missing from the result"):
                read(folder, kind)
        path.write_bytes(data)


def test_a_report_gets_a_hash_and_breaks_none(result, monkeypatch):
    from clustersim.views.report import page

    folder, count = result[0], itertools.count()
    monkeypatch.setattr(report, "_page", lambda folder: None)
    monkeypatch.setattr(page, "render", lambda found: f"<p>{next(count)}</p>")
    for lang in ("en", "es", "en"):
        path = write_report(folder, lang=lang)
        assert kept.verify(folder)["ok"]
    assert {"report_en.html", "report_es.html"} <= set(manifest.entries_of(folder))
    path.write_bytes(path.read_bytes().replace(b"<", b">", 1))
    assert [said["file"] for said in kept.verify(folder)["damaged"]] == ["report_en.html"]
    write_report(folder, lang="en")
    write_report(folder, folder.parent / "elsewhere.html", lang="en")
    assert kept.verify(folder)["ok"]


def test_a_repeated_run_keeps_the_hashes_of_what_it_takes_over(made, tmp_path):
    folder = Path(shutil.copytree(made["run"], tmp_path / "run"))
    (folder / "notes.txt").write_text("mine")
    write_result(simulate(scenario(), seed=3, replicates=2, years=1, name="small"), folder)
    assert {"firms.parquet", "figures/trust.png"} <= set(manifest.entries_of(folder)) and kept.verify(folder)["ok"]
    assert (folder / "notes.txt").exists() and read_run(folder).firms is not None
    (folder / "firms.parquet").write_bytes(b"x")
    with pytest.raises(InputError, match="is damaged"):
        read_run(folder)


def legacy(folder, document):
    """Make a result as it was before there were hashes."""
    (folder / "files.json").unlink()
    said = json.loads((folder / document).read_text())
    del said["files"]
    (folder / document).write_text(json.dumps(said))


def test_a_result_without_hashes_is_read_with_a_warning(result, capsys):
    folder, kind = result
    legacy(folder, RUN if kind == "run" else COMPARISON)
    with pytest.warns(Unchecked, match="was written without hashes"):
        read(folder, kind)
    found = kept.verify(folder)
    assert found["ok"] and not found["hashed"]
    assert main(["results", "digest", str(folder)]) == 0
    assert capsys.readouterr().err == f"{folder} was written without hashes; whether it is damaged cannot be told\n"
    assert main(["results", "verify", str(folder)]) == 0 and "without hashes" in capsys.readouterr().out
    (folder / ("indicators.parquet" if kind == "run" else "runs.parquet")).write_bytes(b"x")
    assert not kept.verify(folder)["ok"]


def test_the_command_verifies_one_and_many(made, tmp_path, capsys):
    for kind in made:
        shutil.copytree(made[kind], tmp_path / "out" / kind)
    assert main(["results", "verify", str(tmp_path / "out")]) == 0
    capsys.readouterr()
    (tmp_path / "out" / "run" / "figures" / "trust.png").write_bytes(b"x")
    (tmp_path / "out" / "comparison" / "files.json").unlink()
    assert main(["results", "verify", str(tmp_path / "out"), "--json"]) == 1
    found = {Path(said["folder"]).name: said for said in json.loads(capsys.readouterr().out)["results"]}
    assert [said["file"] for said in found["run"]["damaged"]] == ["figures/trust.png"]
    assert [said["file"] for said in found["comparison"]["damaged"]] == ["files.json"]
    for words in (["show"], ["digest"], ["export", "csv", "--to", str(tmp_path / "x.csv")]):
        assert main(["results", words[0], str(tmp_path / "out" / "comparison"), *words[1:]]) == 2
        assert "files.json: is missing from the result" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert main(["results", "verify", str(tmp_path / "empty")]) == 2 and "holds no result" in capsys.readouterr().err


def test_what_has_lost_what_it_says_of_itself_is_listed_as_damaged(made, tmp_path):
    for kind, document in (("run", RUN), ("comparison", COMPARISON)):
        (Path(shutil.copytree(made[kind], tmp_path / kind)) / document).unlink()
    (tmp_path / "sweep" / "chunks").mkdir(parents=True)
    (tmp_path / "sweep" / "provenance.json").write_text("{}")
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / manifest.FILES).write_text("{")
    (tmp_path / "mine" / "chunks").mkdir(parents=True)  # a user's
    found = {said["name"]: said for said in kept.listed(tmp_path)}
    assert found.keys() == {"run", "comparison", "sweep", "torn"} and {said["kind"] for said in found.values()} == {"damaged"}
    for name, lost in (("run", RUN), ("comparison", COMPARISON), ("sweep", "plan.json")):
        assert found[name]["problem"] == f"{lost}: is missing from the result" and found[name]["done"] is None
    assert found["torn"]["problem"] == kept.verify(tmp_path / "torn")["damaged"][0]["reason"]


def test_a_result_set_aside_is_listed_and_comes_back(made, tmp_path, capsys):
    out = tmp_path / "out"
    shutil.copytree(made["run"], out / ".run.old-lease-ab" / "run")
    (out / ".run.old-lease-ab" / ".lease").touch()
    for path in (out / ".run.old-lease-ab" / ".lease", out / ".run.old-lease-ab"):
        os.utime(path, (0, 0))
    assert main(["results", "list", str(out)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "set aside" in said and "--mend" in said
    assert main(["results", "verify", str(out)]) == 1
    assert main(["results", "verify", str(out), "--mend"]) == 0
    assert [path.name for path in out.iterdir()] == ["run"]
    read_run(out / "run")


def test_selections_have_hashes_among_a_users_files(tmp_path, made, capsys):
    (tmp_path / "files.txt").write_text("mine")
    assert main(["select", str(made["run"]), "--out", str(tmp_path / "s"), "--json"]) == 0
    assert "selection.files.json" in capsys.readouterr().out
    assert main(["results", "verify", str(tmp_path)]) == 0
    assert kept.verify(tmp_path / "s")["kind"] == "selection"
    for path in (path for path in (tmp_path / "s").iterdir() if path.is_file()):
        data = path.read_bytes()
        for damaged in flips(data, 20):
            path.write_bytes(damaged)
            assert [said["file"] for said in kept.verify(tmp_path / "s")["damaged"]] == [path.name]
        path.write_bytes(data)
    path = tmp_path / "s" / "selection.csv"
    path.write_bytes(path.read_bytes()[:-1])
    assert main(["results", "verify", str(tmp_path / "s")]) == 1 and "selection.csv" in capsys.readouterr().out


# wrong content


def readers(folder, kind):
    """Yield by name all that reads a result."""
    yield "read", lambda: read(folder, kind)
    yield "list", lambda: kept.listed(folder.parent)
    yield "describe", lambda: kept.describe(folder)
    yield "digest", lambda: kept.digest(folder)
    yield "verify", lambda: kept.verify(folder)
    yield "export", lambda: kept.export(folder, folder.parent / "x.csv", "csv")
    yield "report", lambda: report._page(folder)


WRONG = (None, "", "x", -1, 1.5, True, [], [1], {}, {"a": 1}, 10**30)


def changed(content, depth=2):
    """Yield copies of a JSON object, each with a key dropped or a value of another kind, down to a depth."""
    for key, value in content.items():
        yield f"-{key}", {name: said for name, said in content.items() if name != key}
        for wrong in WRONG:
            if type(wrong) is not type(value):
                yield f"{key}={str(wrong)[:9]}", content | {key: wrong}
        if depth > 1 and isinstance(value, dict):
            for what, inner in changed(value, depth - 1):
                yield f"{key}.{what}", content | {key: inner}
        if depth > 1 and isinstance(value, list) and value and isinstance(value[0], dict):
            for what, inner in changed(value[0], depth - 1):
                yield f"{key}[0].{what}", content | {key: [inner, *value[1:]]}


def whom(count, often):
    """Return which readers are asked in a case: those named often; in every tenth all but the report, in every fiftieth that too.

    To draw a page takes longer than all else together; the campaign does it in more cases.
    """
    others = ("read", "list", "describe", "digest", "verify", "export")
    return None if count % 50 == 0 else others if count % 10 == 0 else often


def faults(folder, kind, what, asked=None):
    """Ask all readers, or those named; return which of them neither answers nor refuses with a sentence."""
    found = []
    for name, ask in readers(folder, kind):
        if asked and name not in asked:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ask()
        except InputError as error:
            assert error.message
            if name == "read" and (asked is None or "verify" in asked):
                asked = ("list", "describe")  # the others read as it does
        except Exception as error:
            found.append(f"{what}: {name}: {type(error).__name__}: {error}"[:200])
    return found


# Of each key every third wrong value, in turn; the campaign (`fuzz-folders`) draws of more of them, at any depth.
@pytest.mark.parametrize("every", [pytest.param(23, id="some"), pytest.param(3, id="each-key", marks=pytest.mark.slow)])
def test_what_a_result_says_of_itself_may_be_anything(result, every):
    folder, kind = result
    path = folder / (RUN if kind == "run" else COMPARISON)
    legacy(folder, path.name)
    content, found, count = json.loads(path.read_text()), [], itertools.count()
    sharp = ("versions=", "name=", "-replicate_numbers", "replicates=", "options[0].name", "baseline")
    for number, (what, wrong) in enumerate(changed(content)):
        if number % every == 0 or what.startswith(sharp):
            path.write_text(json.dumps(wrong))
            found += faults(folder, kind, what, whom(next(count), ("read", "list", "describe")))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("every", [pytest.param(41, id="some"), pytest.param(1, id="all", marks=pytest.mark.slow)])
def test_tables_without_columns_and_with_texts_are_refused_with_a_sentence(result, every):
    folder, kind = result
    legacy(folder, RUN if kind == "run" else COMPARISON)
    found, number, count = [], 0, itertools.count()
    for path in sorted(folder.glob("*.parquet")):
        data, frame = path.read_bytes(), pd.read_parquet(path)
        for column in list(frame)[:: 30 if path.stem == "draws" else 1]:  # hundreds of draws, all read alike
            for what, wrong in (("-", frame.drop(columns=column)), ("=", frame.assign(**{column: "x"}))):
                number += 1
                if number % every == 0:
                    wrong.to_parquet(path)
                    found += faults(folder, kind, f"{path.stem}.{column} {what}", whom(next(count), ("digest",)))  # reads all
        path.write_bytes(data)
    assert not found, "\n".join(found)


def test_a_small_file_of_many_numbers_is_refused_with_its_size(result, monkeypatch):
    folder, kind = result
    legacy(folder, RUN if kind == "run" else COMPARISON)
    path = folder / ("indicators.parquet" if kind == "run" else "runs.parquet")
    pd.DataFrame({"replicate": np.zeros(300_000), "text": "x" * 1000}).to_parquet(path, compression="zstd")
    assert path.stat().st_size < 100_000
    monkeypatch.setattr(machine, "memory", lambda: 400_000_000)
    with pytest.warns(Unchecked), pytest.raises(InputError, match=r"would take about 3\d\d MB of memory; .* has 400 MB"):
        read(folder, kind)


# beside a user's files


@pytest.mark.parametrize("kind", manifest.SEALS)
def test_a_document_without_its_hashes_is_damaged_or_said_not_to_be_checked(kind, tmp_path, capsys):
    folder = tmp_path / "out" / kind
    folder.mkdir(parents=True)
    (folder / f"{kind}.json").write_text(json.dumps({"files": manifest.SEALS[kind]}))
    manifest.seal(folder, name=manifest.SEALS[kind])
    assert kept.verify(folder)["ok"] and kept.verify(folder)["kind"] == kind
    (folder / manifest.SEALS[kind]).unlink()
    for place in (folder, folder.parent):
        assert main(["results", "verify", str(place)]) == 1
        assert f"damaged {manifest.SEALS[kind]}: is missing from the result" in " ".join(capsys.readouterr().out.split())
    (folder / f"{kind}.json").write_text("{}")  # as it was written before
    for place in (folder, folder.parent):
        assert main(["results", "verify", str(place)]) == 0
        assert f"{kind}.json was written without hashes; whether" in " ".join(capsys.readouterr().out.split())
    (folder / f"{kind}.json").write_text("{")
    assert main(["results", "verify", str(folder.parent)]) == 1 and "not a JSON document" in capsys.readouterr().out


def test_a_document_beside_a_run_is_looked_at_too(result, capsys):
    folder, _kind = result
    (folder / "evidence.json").write_text(json.dumps({"files": manifest.SEALS["evidence"]}))
    assert main(["results", "verify", str(folder)]) == 1 and "damaged evidence.files.json" in capsys.readouterr().out


def test_what_is_written_says_where_its_hashes_are(made, tmp_path):
    assert main(["select", str(made["run"]), "--out", str(tmp_path), "--json"]) == 0
    assert json.loads((tmp_path / "selection.json").read_text())["files"] == "selection.files.json"


def test_no_page_and_no_export_takes_the_place_of_a_part_of_a_result(call, tmp_path):
    folder = write_result(recorded(), tmp_path / "result")
    other = write_result(recorded(), tmp_path / "other")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for words in (("report", folder, "--out", folder / "run.json"), ("report", folder, "--out", folder / "files.json"),
                  ("results", "export", folder, "parquet", "--to", folder / "indicators.parquet"),
                  ("results", "export", folder, "parquet", "--to", other / "indicators.parquet"),
                  ("results", "export", folder, "csv", "--to", folder / "." / "phases.parquet")):  # fmt: skip
        code, _, err = call(*map(str, words))
        assert code == 2 and "is part of the result; nothing was written" in err
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    for words in (("report", folder), ("report", folder), ("results", "export", folder, "csv", "--to", folder / "own.csv")):
        assert call(*map(str, words))[0] == 0
    assert kept.verify(folder)["ok"]
