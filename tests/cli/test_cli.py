"""The command line: what it prints, what it leaves, how it says what is wrong, and how quickly it starts."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import clustersim
from clustersim.cli import command_line as cli
from clustersim.cli import ending
from clustersim.core.errors import InputError
from clustersim.model.indicators import INDICATORS
from clustersim.model.parameters import PARAMETERS
from clustersim.model.state import PHASES
from clustersim.policy.instruments import INSTRUMENTS
from clustersim.results import read_run
from clustersim.results.recorder import Recorder
from clustersim.results.tables import DATA_DICTIONARY
from clustersim.scenario.loading import load_scenario, shipped_scenarios

REPOSITORY = Path(__file__).parents[2]
QUICK = ("--replicates", "3", "--years", "2", "--no-figures")


def _python(code, **environment):
    """Run code in a fresh interpreter that sees the same sources."""
    path = os.pathsep.join([str(REPOSITORY / "src"), os.environ.get("PYTHONPATH", "")])
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300,
        env=os.environ | {"PYTHONPATH": path} | environment,
    )  # fmt: skip
    return found.stdout


# what a run leaves and prints


def test_run_leaves_a_result_and_prints_a_summary(call, tmp_path):
    code, out, err = call("run", "organic", *QUICK)
    assert code == 0
    (folder,) = (tmp_path / "results").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == [
        "files.json", "indicators.parquet", "phases.parquet", "run.json", "spending.parquet",
    ]  # fmt: skip
    result = read_run(folder)
    assert (result.name, result.replicates, result.scenario.quarters) == ("organic", 3, 8)
    assert "share of 3 replicates" in out and "10–90 %" in out and "median" in out
    assert "agglomeration" in out and str(Path("results") / folder.name) in out
    assert "mean" not in out.lower().split()
    assert "24 of 24 quarters" in err and "quarters/s" in err


def test_run_draws_figures_beside_the_tables(call, tmp_path):
    code, out, _ = call("run", "organic", *QUICK[:4], "--lang", "es", "--json")
    assert code == 0
    said = json.loads(out)
    assert {Path(path).suffix for path in said["figures"]} == {".png", ".svg"}
    assert all((tmp_path / path).stat().st_size > 1000 for path in said["figures"])
    assert all((tmp_path / path).is_file() for path in said["files"])


def test_run_prints_one_json_document(call, tmp_path):
    code, out, _ = call("run", "organic", *QUICK, "--seed", 7, "--records", "firms,ties", "--json", "--out", "here")
    said = json.loads(out)
    assert code == 0 and (said["scenario"], said["seed"], said["replicates"], said["quarters"]) == ("organic", 7, 3, 8)
    (cluster,) = said["clusters"]
    for name in PHASES:
        assert len(cluster["phase_shares"][name]) == len(cluster["phase_shares"]["year"]) == 2
    assert sum(cluster["phase_shares"][name][0] for name in PHASES) == pytest.approx(1.0)
    assert [m["name"] for m in cluster["milestones"]] == ["creation", "development", "maturity"]
    for indicator in cluster["indicators"]:
        assert set(indicator["end"]) == {"p10", "p50", "p90"} and indicator["unit"]
    result = read_run(tmp_path / said["folder"])
    assert result.firms is not None and result.ties is not None and result.events is None
    firms = result.indicators.query("quarter == 7")["firms"]
    listed = {indicator["name"]: indicator for indicator in cluster["indicators"]}
    assert listed["firms"]["end"]["p50"] == firms.median()


def test_run_again_replaces_the_same_result_only(call, tmp_path):
    call("run", "organic", *QUICK)
    call("run", "organic", *QUICK)
    assert len(list((tmp_path / "results").iterdir())) == 1
    call("run", "organic", *QUICK, "--set", "parameters.trust.gain=0.08")
    assert len(list((tmp_path / "results").iterdir())) == 2


def test_one_replicate_has_no_band(call):
    code, out, _ = call("run", "organic", "--replicates", 1, "--years", 1, "--no-figures")
    assert code == 0 and "10–90" not in out and "one of many possible histories" in out


def test_a_cold_start_says_that_it_compiles(call, monkeypatch):
    compiled = []
    monkeypatch.setattr("clustersim.core.accelerate.is_warm", lambda: False)
    monkeypatch.setattr("clustersim.simulation.compiling.compile_kernels", lambda: compiled.append(True))
    code, _, err = call("run", "organic", *QUICK)
    assert code == 0 and compiled == [True] and "Compiling the kernels once, about half a minute…" in err


def test_many_clusters_are_pooled(call, tmp_path):
    clusters = "".join(f"    - {{name: c{k}, smes: 8, tractors: 1}}\n" for k in range(6))
    (tmp_path / "many.yaml").write_text(f"title: Many\nplace:\n  clusters:\n{clusters}")
    code, out, _ = call("run", "many.yaml", *QUICK)
    assert code == 0 and "18 cases (6 clusters × 3 replicates)" in out


def test_phase_strip_shows_shares_with_and_without_colour():
    from rich.console import Console

    from clustersim.cli import run_summary
    from clustersim.views.figures.style import PHASE_COLOURS

    assert run_summary.COLOURS == PHASE_COLOURS
    assert len(set(run_summary.LETTERS.values())) == len(PHASES) == len(run_summary.LETTERS)
    phases = np.zeros((10, 16), np.int8)
    phases[:3, 8:] = 1
    cells = run_summary.strip_cells(phases, 2)
    assert cells.shape == (10, 2)
    assert cells[:, 0].tolist() == [0] * 10 and cells[:, 1].tolist() == [1] * 3 + [0] * 7
    assert [run_summary.column_years(4 * years, 80)[0] for years in (2, 10, 26, 40, 80, 200)] == [1, 1, 2, 2, 5, 5]
    for years in (1, 10, 26, 40, 200):
        step, wide = run_summary.column_years(4 * years, 80)
        assert -(-years // step) * wide <= 80

    summary = SimpleNamespace(phases=phases, quarters=16, cases=10, result=SimpleNamespace(scenario=load_scenario("organic")))
    printed = {}
    for system in ("truecolor", "standard", None):
        stream = io.StringIO()
        run_summary.print_strip(Console(file=stream, force_terminal=True, color_system=system, width=80), summary)
        printed[system] = stream.getvalue()
    assert "48;2;136;204;238m" in printed["truecolor"]  # creation, #88CCEE
    assert "48;2" not in printed["standard"] and "aaaaaacccccc" not in printed["truecolor"]
    lines = printed[None].splitlines()
    assert [set(line[8:]) - {" "} for line in lines[:10]] == [{"a", "c"}] * 3 + [{"a"}] * 7
    assert lines[10].split() == ["2000", "2001", "2002", "2003"] and lines[11].split() == [
        "aa", "agglomeration", "cc", "creation",
    ]  # fmt: skip


# scenario, describe, doctor


def test_scenario_list_show_check(call, tmp_path):
    code, out, _ = call("scenario", "list", "--json")
    listed = {entry["name"]: entry for entry in json.loads(out)}
    assert code == 0 and {"basque_machine_tools", "no_policy", "organic"} <= set(listed)
    assert listed["basque_machine_tools"]["firms"] > 100 and listed["no_policy"]["programme"] is False
    assert "organic" in call("scenario", "list")[1]
    code, out, _ = call("scenario", "show", "organic", "--set", "horizon.years=12")
    assert code == 0 and "horizon.years: 12.0    # --set" in out
    assert json.loads(call("scenario", "show", "organic", "--json")[1])["values"]["horizon"]["years"] == 40
    assert call("scenario", "check", "organic")[0] == 0
    (tmp_path / "bad.yaml").write_text("title: Bad\nplace:\n  clusters:\n    - {name: a, smess: 3}\nseeed: 1\n")
    code, out, err = call("scenario", "check", "bad.yaml")
    assert code == 2 and out == "" and "smess" in err and "seeed" in err
    code, out, _ = call("scenario", "check", "bad.yaml", "--json")
    said = json.loads(out)
    assert code == 2 and said["valid"] is False and len(said["problems"]) == 2


def test_scenario_new_writes_one_that_works_at_once(call, tmp_path):
    code, out, _ = call("scenario", "new", "my_valley", "--out", "mine")
    assert code == 0 and "clustersim run mine/my_valley.yaml" in out
    written = load_scenario("mine/my_valley.yaml")
    assert written.title == "My valley" and written.place.clusters[0].name == "my_valley" and written.programme is not None
    code, out, _ = call("scenario", "new", "null", "--extends", "mine/my_valley.yaml", "--out", "other", "--json")
    assert code == 0 and json.loads(out)["files"] == ["other/null.yaml"]
    assert 'extends: "../mine/my_valley.yaml"' in Path("other/null.yaml").read_text(encoding="utf-8")
    assert load_scenario("other/null.yaml").title == "Null" and load_scenario("other/null.yaml").place == written.place
    assert call("run", "other/null.yaml", *QUICK)[0] == 0


@pytest.mark.parametrize("programme", ["pipso_twelve_steps", "oecd_sequence", "designed"])
@pytest.mark.parametrize("extends", [None, "no_policy"])
def test_scenario_new_takes_a_programme_over_with_its_remarks_and_sources(call, programme, extends):
    more = ("--extends", extends) if extends else ()
    assert call("scenario", "new", "mine", "--programme", programme, *more)[0] == 0
    taken, giver = load_scenario("mine.yaml"), load_scenario(programme)
    assert taken.programme == giver.programme
    own = {key: said for key, said in giver.sources.items() if key.startswith("programme")}
    assert own and {key: taken.sources.get(key) for key in own} == own
    assert "programme" not in taken.sources, "what the template said of its own programme"
    theirs, mine = (path.read_text("utf-8").splitlines() for path in (shipped_scenarios()[programme], Path("mine.yaml")))
    assert {line for line in theirs if line.startswith("  ") and "#" in line} <= set(mine)
    assert call("scenario", "check", "mine.yaml")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("My valley",), "'My valley' is not a name; allowed: small letters, digits and underscores"),
        (("organic",), "'organic' is taken by clustersim itself"),
        (("mine", "--extends", "organik"), "Did you mean 'organic'?"),
        (("there",), "there.yaml: exists; nothing was written"),
        (("mine", "--programme", "organik"), "Did you mean 'organic'?"),
        (("mine", "--extends", "designed", "--programme", "oecd_sequence"), "designed: programme: has a programme of its own"),
        (("mine", "--programme", "organic"), "organic: programme: cannot be taken over: a programme must stand whole"),
        (("mine", "--programme", "idb_brazil"), "idb_brazil: programme: cannot be taken over: a programme must stand whole"),
        (("mine", "--programme", "peru_pac"), "it names 'software', which the new place does not have"),
        (("mine", "--programme", "ecuador_anchor_chains"), "it names 'leather', which the new place does not have"),
    ],
)
def test_scenario_new_writes_nothing_that_it_should_not(call, tmp_path, arguments, said):
    (tmp_path / "there.yaml").write_text("mine\n")
    code, out, err = call("scenario", "new", *arguments)
    assert code == 2 and out == "" and said in err
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("there.yaml", "mine\n")]


def test_describe_lists_everything(call):
    parameters = json.loads(call("describe", "parameters", "--json")[1])
    assert len(parameters) == sum(len(declared) for declared in PARAMETERS.values())
    assert all(p["unit"] and p["meaning"] and p["source"] and p["low"] <= p["default"] <= p["high"] for p in parameters)
    assert [i["name"] for i in json.loads(call("describe", "indicators", "--json")[1])] == list(INDICATORS)
    instruments = json.loads(call("describe", "instruments", "--json")[1])
    assert [i["name"] for i in instruments] == list(INSTRUMENTS)
    assert all({"name", "channel", "parameters", "source"} <= set(i) for i in instruments)
    assert "$schema" in json.loads(call("describe", "schema")[1])
    assert list(json.loads(call("describe", "results", "--json")[1])) == list(DATA_DICTIONARY)


@pytest.mark.parametrize("topic", ["parameters", "indicators", "instruments", "results"])
def test_describe_prints_tables(call, topic):
    code, out, _ = call("describe", topic)
    assert code == 0 and len(out.splitlines()) > 20


def test_doctor_examines_this_installation(call, tmp_path):
    code, out, _ = call("doctor", "--json")
    said = json.loads(out)
    assert code == 0 and said["ok"] and said["compile"]["works"] and said["results"]["writable"]
    assert list(tmp_path.iterdir()) == []
    assert "Everything works." in call("doctor")[1]
    (tmp_path / "file").touch()
    code, out, _ = call("doctor", "--out", "file/results")
    assert code == 1 and "NOT WRITABLE" in out


def test_version_is_that_of_the_package(call):
    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["version"] == clustersim.__version__
    assert call("--version") == (0, f"clustersim {clustersim.__version__}\n", "")


# bad input


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "basque_contry"), "Did you mean 'basque_country'?"),
        (("run", "missing.yaml"), "missing.yaml: no such file"),
        (("run",), "Missing argument"),
        (("runn", "organic"), "Did you mean 'run'?"),
        (("run", "organic", "--replicate", "3"), "Did you mean '--replicates'?"),
        (("run", "organic", "--replicates", "many"), "found 'many'; it must be a whole number, such as 1000 or 1e3"),
        (("run", "organic", "--seed", "1.5"), "found '1.5'; it must be a whole number"),
        (("run", "organic", "--years", "soon"), "found 'soon'; it must be a number, such as 2.5 or 1e3"),
        (("run", "organic", "--out", "--no-figures"), "--out: needs a value; found the option '--no-figures'"),
        (("validate", "--pattern", "--quick"), "--pattern: needs a value; found the option '--quick'"),
        (("validate", "--seed", "1e3x"), "--seed'"),
        (("run", "organic", "--replicates", "0"), "replicates: 0 is not possible"),
        (("run", "organic", "--years", "0"), "years: 0 is not possible"),
        (("run", "organic", "--years", "nan"), "years: nan is not possible"),
        (("run", "organic", "--seed", "-1"), "seed: -1 is not possible"),
        (("run", "organic", "--workers", "0"), "--workers"),
        (("run", "organic", "--records", "firm"), "Did you mean 'firms'?"),
        (("run", "organic", "--lang", "fr"), "--lang: 'fr' is not a language that clustersim speaks"),
        (("run", "organic", "--set", "place.clusters[0].smess=10"), "Did you mean 'smes'?"),
        (("run", "organic", "--set", "horizon.years=soon"), "found 'soon'"),
        (("run", "organic", "--set", "place.clusters[0].trust=1.5"), "trust"),
        (("run", "organic", "--set", "parameters.trust.gain=9"), "0.03"),
        (("run", "organic", "--set", "nonsense"), "--set"),
        (("run", "organic", "--set", "place.clusters[0].smes=1000000000000"), "Take fewer firms"),
        (("run", "organic", "--set", "place.clusters[0].smes=10000000000000"), "smes"),
        (("describe", "params"), "Did you mean 'parameters'?"),
        (("scenario", "show", "organik"), "Did you mean 'organic'?"),
    ],
)
def test_bad_input_is_one_clear_sentence(call, tmp_path, arguments, said):
    code, out, err = call(*arguments)
    assert code == 2 and out == "" and said in err
    assert "Traceback" not in err and len(err.splitlines()) <= 3
    assert list(tmp_path.iterdir()) == []


def test_bad_files_name_file_and_key(call, tmp_path):
    for text, said in (
        ("title: T\nplace:\n  clusters:\n    - {name: a, smes: lots}\n", "place.clusters[0].smes"),
        ("title: T\nplace: {clusters: [{name: a}]}\ncolour: red\n", "'colour'"),
        ("title: [unclosed\n", "bad.yaml"),
    ):
        (tmp_path / "bad.yaml").write_text(text)
        code, out, err = call("run", "bad.yaml")
        assert code == 2 and out == "" and err.startswith("bad.yaml") and said in err
        assert [path.name for path in tmp_path.iterdir()] == ["bad.yaml"]


def test_an_unwritable_folder_is_told_before_the_run(call, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr(Recorder, "note", lambda *_: pytest.fail("simulated all the same"))
    code, out, err = call("run", "organic", *QUICK, "--out", "file/deep")
    assert code == 2 and out == "" and "file/deep: cannot write into this folder" in err
    if hasattr(os, "geteuid") and os.geteuid() != 0:
        (tmp_path / "closed").mkdir(mode=0o500)
        code, _, err = call("run", "organic", *QUICK, "--out", "closed")
        assert code == 2 and "closed: cannot write into this folder: permission denied" in err


def test_something_else_in_the_results_place_is_told_before_the_run(call, tmp_path, monkeypatch):
    call("run", "organic", *QUICK, "--seed", "1e3")
    (folder,) = (tmp_path / "results").iterdir()
    for path in folder.iterdir():
        path.unlink()
    (folder / "thesis.txt").write_text("mine")
    monkeypatch.setattr(Recorder, "note", lambda *_: pytest.fail("simulated all the same"))
    code, out, err = call("run", "organic", *QUICK, "--seed", "1000")
    assert code == 2 and out == "" and f"{folder.name}: exists and is not a result" in err
    assert (folder / "thesis.txt").read_text() == "mine"


def test_ctrl_c_leaves_nothing_half_written(call, tmp_path, monkeypatch):
    def interrupted(self, record):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Recorder, "note", interrupted)
        code, out, err = call("run", "organic", "--replicates", 3, "--years", 5, "--no-figures")
    assert code == 1 and out == "" and "Stopped;" in err and "Traceback" not in err
    assert list(tmp_path.iterdir()) == []
    assert call("run", "organic", *QUICK)[0] == 0
    (folder,) = (tmp_path / "results").iterdir()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def draw(result, place, lang="en"):
        place.mkdir()
        (place / "half.png").write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("clustersim.views.figures.draw_all", draw)
        assert call("run", "organic", *QUICK[:4])[0] == 1
    kept = [path.name for path in (tmp_path / "results").iterdir() if path != folder]
    assert len(kept) == 1 and kept[0].startswith(f".{folder.name}.kept-"), "what was done is lost"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    code, _, err = call("run", "organic", *QUICK)
    assert code == 0 and "Goes on from 3 of 3 replicates" in err
    assert [path.name for path in (tmp_path / "results").iterdir()] == [folder.name]
    tables = [name for name in before if name.endswith(".parquet")]
    assert {name: (folder / name).read_bytes() for name in tables} == {name: before[name] for name in tables}


def test_failures_are_one_sentence_and_status_1(call, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("of nothing")

    monkeypatch.setattr(Recorder, "note", fail)
    code, out, err = call("run", "organic", *QUICK)
    assert code == 1 and out == "" and "ZeroDivisionError: of nothing" in err and cli.DEBUG in err
    assert len(err.splitlines()) == 1
    monkeypatch.setenv(cli.DEBUG, "1")
    with pytest.raises(ZeroDivisionError):
        cli.main(["run", "organic", *QUICK])

    monkeypatch.delenv(cli.DEBUG)
    for error in (MemoryError(), ImportError("a.so: failed to map segment from shared object")):

        def full(*_, error=error):
            raise error

        monkeypatch.setattr(Recorder, "note", full)
        assert "Not enough memory" in call("run", "organic", *QUICK)[2]


# start


def test_names_are_lazy():
    assert set(dir(clustersim)) == set(clustersim.__all__)
    assert clustersim.simulate.__module__ == "clustersim.results.running"
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = clustersim.nonsense


HEAVY = ("numba", "numpy", "pandas", "pyarrow", "pydantic", "matplotlib", "mesa", "rich", "yaml")


@pytest.mark.parametrize(("module", "allowed"), [("clustersim", ()), ("clustersim.cli.command_line", ())])
def test_imports_are_light(module, allowed):
    code = f"import sys, {module}; print(*({set(HEAVY) - set(allowed)!r} & set(sys.modules)))"
    assert _python(code).split() == []


def test_the_first_quarter_needs_no_tables_and_no_pictures():
    code = (
        "import sys; from clustersim.results import simulate\n"
        "def look(done, total):\n"
        "    print(*({'pandas', 'pyarrow', 'matplotlib', 'mesa'} & set(sys.modules)))\n"
        "simulate('organic', years=0.25, progress=look)"
    )
    assert _python(code).split() == []


@pytest.mark.parametrize("words", [("0" * 5000,), ("results", "x" * 3000), ("sweep", "launch_lag", "--chunk", "[" * 400),
                                   ("results", "show", "[" * 400), ("run", "organic", f"--{'x' * 900}")])  # fmt: skip
def test_what_is_said_of_long_words_is_short(call, words):
    code, out, err = call(*words)
    assert code in (1, 2) and out == "" and 0 < len(err) <= 500 and "Traceback" not in err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("instead", [ImportError("initialization failed"), InputError("--backend", "", "needs x")])
def test_an_interruption_that_an_import_turns_into_another_error_is_no_failure(call, monkeypatch, number, instead):
    """Extension modules do so when a signal comes while they are imported."""
    def swallowed(*_):
        try:
            os.kill(os.getpid(), number)
            time.sleep(5)
        except KeyboardInterrupt:
            raise instead from None

    before = [(one, signal.getsignal(one)) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)]
    monkeypatch.setattr(Recorder, "note", swallowed)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a process of its own, whatever runs these tests
    ending.listen()
    try:
        code, out, err = call("run", "organic", *QUICK)
    finally:
        for one, handler in before:
            signal.signal(one, handler)
    assert code == 1 and out == "" and "Stopped;" in err and "failure" not in err and "needs x" not in err
    code, out, err = call("run", "nowhere")
    assert code == 2 and "Stopped" not in err, "the next command of the same process was asked nothing"


def test_a_terminal_without_the_characters_is_no_failure(tmp_path):
    command = [sys.executable, "-m", "clustersim", "run", "organic", "--years", "1", "--replicates", "2", "--no-figures"]
    environment = {**os.environ, "PYTHONPATH": str(Path(clustersim.__file__).parents[1]), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
