"""What a comparison leaves and prints: the folder, the command line, figures."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest

from clustersim.core.errors import InputError
from clustersim.results import manifest, read_run
from clustersim.studies.comparison import answers, compare, read_comparison, write_comparison
from clustersim.studies.comparison.storage import TABLES
from clustersim.studies.comparison.verdict import rests_on
from compare_cases import REPLICATES, alone, small, worlds

QUICK = ("--replicates", "4", "--years", "2", "--no-figures")


def test_a_comparison_is_read_as_it_was_written(tmp_path):
    for made in (small(), worlds()):
        folder = write_comparison(made, tmp_path / made.folder_name)
        again = read_comparison(folder)
        assert again.answers == made.answers and again.provenance == made.provenance
        assert again.folder_name == made.folder_name and again.names == made.names
        for name in made.outcome_names:
            np.testing.assert_array_equal(again.outcome("supported", name), made.outcome("supported", name))
        np.testing.assert_array_equal(again.series("supported", "trust"), made.series("supported", "trust"))
        assert again.world_count == made.world_count
        for path in folder.glob("*.parquet"):
            known = set(TABLES[path.name]["columns"]) | set(made.draws)
            assert set(pd.read_parquet(path)) <= known, path.name


def test_options_that_begin_in_other_years_are_read_back_and_it_is_said(tmp_path):
    later = alone(horizon={"years": 1, "start_year": 2010})
    made = compare({"first": alone(horizon={"years": 1, "start_year": 1990}), "later": later}, replicates=2, seed=5)
    again = read_comparison(write_comparison(made, tmp_path / "here"))
    pd.testing.assert_frame_equal(again.yearly, made.yearly, check_dtype=False)
    assert set(again.yearly["year"]) == {1990, 2010}
    said = rests_on(again)
    assert re.search(r"Calendar years are those of [^;,]*first\S*, which begins in 1990; .*\([^;]*later\S*: 2010\)", said), said
    assert "Calendar years" not in rests_on(small())


def test_the_document_is_strict_json_without_names_of_machines_or_paths(tmp_path):
    folder = write_comparison(small(), tmp_path / "here")
    text = (folder / "comparison.json").read_text(encoding="utf-8")

    def refuse(word):
        raise AssertionError(f"{word} in JSON")

    said = json.loads(text, parse_constant=refuse)
    assert said["command"].startswith("clustersim compare alone supported again ")
    assert {option["name"] for option in said["options"]} == {"alone", "supported", "again"}
    assert said["options"][1]["scenario"]["title"] == "With help & <care>" and said["seed"] == 5
    assert not re.search(r"(/home/|/root|/tmp|/work|localhost)", text) and str(tmp_path) not in text


def test_differences_are_runs_less_the_baseline(tmp_path):
    folder = write_comparison(small(), tmp_path / "here")
    runs, stored = (pd.read_parquet(folder / f"{name}.parquet") for name in ("runs", "differences"))
    wide = runs.pivot(index="replicate", columns="option", values="exports")
    expected = wide["supported"] - wide["alone"]
    np.testing.assert_array_equal(stored.query("option == 'supported'")["exports"], expected)
    assert len(stored) == 2 * REPLICATES


def test_nothing_is_written_over_something_else(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(InputError, match="is not a result"):
        write_comparison(small(), tmp_path / "mine")
    folder = write_comparison(small(), tmp_path / "result")
    (folder / "notes.txt").write_text("keep", encoding="utf-8")
    write_comparison(small(), folder)
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "keep"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "result"]


def test_a_failure_leaves_nothing(tmp_path):
    def fail(place):
        raise RuntimeError("no figures")

    with pytest.raises(RuntimeError):
        write_comparison(small(), tmp_path / "result", fail)
    assert not list(tmp_path.iterdir())


def _written_before(path):
    """Give a comparison the format that had no jobs improved."""
    path.write_text(path.read_text(encoding="utf-8").replace('"format": 2', '"format": 1'), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: (folder / "comparison.json").write_text("{"), "is not a JSON document"),
        (lambda folder: (folder / "comparison.json").write_text("{}"), "this version cannot read it"),
        (lambda folder: _written_before(folder / "comparison.json"), "this version cannot read it .written by clustersim 0.1.0"),
        (lambda folder: (folder / "runs.parquet").unlink(), "is missing from the result"),
        (lambda folder: (folder / "yearly.parquet").write_bytes(b"PAR1"), "is not a Parquet file"),
        (lambda folder: (folder / "comparison.json").unlink(), "is not a comparison"),
    ],
)
def test_a_damaged_comparison_is_named(tmp_path, spoil, words):
    folder = write_comparison(small(), tmp_path / "result")
    spoil(folder)
    with pytest.raises(InputError):
        read_comparison(folder)
    manifest.seal(folder)  # the hashes are right, and what they are of is wrong
    with pytest.raises(InputError, match=words):
        read_comparison(folder)


@pytest.mark.parametrize("table", ["runs", "yearly", "worlds"])
def test_rows_in_another_order_are_the_same_and_rows_that_stand_twice_are_damage(tmp_path, table):
    before = worlds()
    folder = write_comparison(before, tmp_path / "result")
    frame = pd.read_parquet(folder / f"{table}.parquet")
    frame.sample(frac=1.0, random_state=1).to_parquet(folder / f"{table}.parquet", index=False)
    manifest.seal(folder)
    after = read_comparison(folder)
    pd.testing.assert_frame_equal(getattr(after, table), getattr(before, table))
    pd.concat([frame.drop(index=1), frame.iloc[[2]]]).to_parquet(folder / f"{table}.parquet", index=False)
    manifest.seal(folder)
    with pytest.raises(InputError, match="does not hold each combination of option, "):
        read_comparison(folder)


# the command line


def test_compare_prints_verdict_and_tables_and_leaves_a_folder(call, tmp_path):
    code, out, err = call("compare", "no_policy", "designed", "organic", *QUICK)
    assert code == 0
    (folder,) = (tmp_path / "results").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == [
        "comparison.json", "differences.parquet", "files.json", "runs.parquet", "yearly.parquet",
    ]  # fmt: skip
    assert "not uncertainty about the model itself" in " ".join(out.split())
    assert "No policy and Organic agglomeration gave exactly the same outcomes" in out
    assert f"clustersim report {folder.relative_to(tmp_path)}" in out and "quarters/s" in err
    words = ("Designed from above", "baseline", "Job-years", "equal", "mean (90 % interval)", "Jobs improved", "Jobs worsened",
             "Public cost per additional job", "Public cost per job improved, net")  # fmt: skip
    for word in words:
        assert word in out


def test_the_terminal_says_what_a_job_costs_where_that_is_sure(call, monkeypatch):
    cost = {"estimate": 12.3, "low": 10.0, "high": 20.0}
    plain = answers._money
    monkeypatch.setattr(answers, "_money", lambda c, option: plain(c, option) | {"cost_per_job_improved": cost})
    for lang, text in (("en", "USD 12,000 (USD 10,000 to USD 20,000)"), ("es", "12 000 USD (10 000 USD a 20 000 USD)")):
        code, out, _ = call("compare", "no_policy", "designed", *QUICK, "--lang", lang)
        line = next(line for line in out.splitlines() if "USD" in line and ("job improved" in line or "empleo mejorado" in line))
        assert code == 0 and text in line.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_a_comparison_is_listed_shown_and_digested_among_results(call):
    made = [call("compare", "no_policy", "designed", *QUICK, "--seed", seed, "--json")[1] for seed in (3, 4)]
    folders = [json.loads(text)["folder"] for text in made]
    listed = json.loads(call("results", "list", "--json")[1])
    assert [(said["kind"], said["name"], said["done"]) for said in listed] == [("comparison", "no_policy / designed", 8)] * 2
    assert json.loads(call("results", "show", folders[0])[1])["kind"] == "comparison"
    first, again, other = (call("results", "digest", folder)[1].strip() for folder in (folders[0], *folders))
    assert len(first) == 64 and first == again != other
    for command in ("compact",):
        code, _, err = call("results", command, folders[0])
        assert code == 2 and "works on sweeps" in err
    with pytest.raises(InputError, match="read_comparison"):
        read_run(folders[0])


def test_compare_in_spanish(call):
    code, out, _ = call("compare", "no_policy", "designed", *QUICK, "--lang", "es")
    assert code == 0
    for word in ("Diseñado desde arriba", "Sin política", "simulaciones", "Diferencia", "Resultado", "Empleos mejorados"):
        assert word in out


def test_compare_prints_one_json_document(call, tmp_path):
    code, out, _ = call("compare", "no_policy", "designed", *QUICK, "--json", "--discount", 0.1, "--seed", 9, "--worlds", 10)
    said = json.loads(out)
    assert code == 0 and said["discount"] == 0.1 and said["seed"] == 9 and said["worlds"]["count"] == 10
    assert len(said["verdict"]["sentences"]) == 2 and said["answers"]["risk"]["cases"] == "worlds"
    assert all((tmp_path / path).is_file() for path in said["files"]) and len(said["files"]) == 6
    assert said["command"] == (
        "clustersim compare no_policy designed --replicates 4 --years 2 --seed 9 --discount 0.1 --worlds 10"
    )


def test_the_command_that_is_left_gives_the_same_numbers(call):
    _, out, _ = call("compare", "designed", "no_policy", "--baseline", "no_policy", *QUICK, "--json")
    first = json.loads(out)
    words = first["command"].split()[1:]
    _, out, _ = call(*words, "--no-figures", "--json", "--out", "other")
    second = json.loads(out)
    assert second["answers"] == first["answers"] and second["folder"].split("/")[-1] == first["folder"].split("/")[-1]


def test_compare_draws_figures(call, tmp_path):
    code, out, _ = call("compare", "no_policy", "designed", *QUICK[:4], "--json")
    said = json.loads(out)
    assert code == 0
    stems = {path.rsplit("/", 1)[-1] for path in said["figures"]}
    names = ("phases", "paired", "forest", "risk", "chain", "who", "trajectories")
    assert {f"{name}.{kind}" for name in names for kind in ("png", "svg")} <= stems
    assert all((tmp_path / path).stat().st_size > 1000 for path in said["figures"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no_policy"], "found 1 scenario"),
        (["no_policy", "designed", "--lang", "fr"], "'fr' is not a language"),
        (["no_policy", "designed", "--workers", "0"], "--workers"),
        (["no_policy", "basque_machine_tools", "--years", "2"], "begin with different places"),
        (["no_policy", "designed", "--baseline", "organics"], "is not among the scenarios compared"),
    ],
)
def test_bad_input_is_one_sentence(call, tmp_path, arguments, words):
    code, out, err = call("compare", *arguments)
    assert code == 2 and words in err and "Traceback" not in err and not out
    assert not list(tmp_path.iterdir())
