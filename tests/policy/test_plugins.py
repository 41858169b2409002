"""Instruments of one's own: the contract and its faults, what is recorded, installed packages, the template, the examples."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from clustersim.core.errors import InputError
from clustersim.core.words import speaking
from clustersim.experiments import identity
from clustersim.experiments.batch_script import write_script
from clustersim.experiments.dask_backend import do_chunk
from clustersim.experiments.planning import make_plan
from clustersim.experiments.reading import read_sweep
from clustersim.experiments.store import create_store
from clustersim.experiments.sweeping import sweep
from clustersim.model.levers import LEVERS
from clustersim.policy.instruments import INSTRUMENTS
from clustersim.policy.plugins import load_plugin, registry, use_files
from clustersim.policy.plugins.choosing import RecordedInstrument
from clustersim.results import read_run, simulate, write_result
from clustersim.scenario.json_schema import scenario_json_schema
from clustersim.scenario.loading import load_scenario, problems
from clustersim.studies.comparison import compare, read_comparison, write_comparison
from clustersim.testing import check_instrument
from clustersim.views.figures import draw_all
from clustersim.views.report import write_report
from language_cases import left_in_english, told

REPOSITORY = Path(__file__).parents[2]
HEAD = "from typing import Literal\nfrom clustersim.policy.instruments import Effect, Instrument\n\n"
LAMP = '''class Lamp(Instrument):
    """Light on the road to work."""

    use: Literal["lamp"] = "lamp"
    etiqueta = "Farola"
    effects = (Effect("events", 1.0, 50.0, per="hundred firms"),)
    source = "assumed"
'''
SCENARIO = """extends: no_policy
title: Light
horizon: {years: 3}
programme:
  stages:
    - name: light
      quarters: 8
      instruments:
        - {use: lamp, per_year: 60}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text=HEAD + LAMP, name="lamp.py"):
    """Write a file; return its name."""
    Path(name).write_text(text, encoding="utf-8")
    return name


def refusal(text, name="lamp.py"):
    """Return what is said of a plugin that is refused; in Spanish the same is said."""
    error = told(load_plugin, write(text, name))
    assert registry.plugins() == []
    return error


# --- the contract --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "after", "key", "said"), [
    ("class Lamp(Instrument)", "class Lamp", "class Lamp", "subclass of clustersim.instruments.Instrument"),
    ('    use: Literal["lamp"] = "lamp"\n', "", "class Lamp", "has no use"),
    ('Literal["lamp"] = "lamp"', 'Literal["lamp"] = "lam"', "class Lamp", "Literal of one name"),
    ('Literal["lamp"] = "lamp"', 'str = "lamp"', "class Lamp", "Literal of one name"),
    ('Literal["lamp"] = "lamp"', 'Literal["Lamp 1"] = "Lamp 1"', "class Lamp", "'Lamp 1'; it must be a name of small letters"),
    ('Literal["lamp"] = "lamp"', 'Literal["facilitator"] = "facilitator"', "class Lamp", "taken by clustersim itself"),
    ('    """Light on the road to work."""\n', "", "class Lamp", "has no docstring"),
    ('    source = "assumed"\n', "", "class Lamp", "has no source"),
    ('source = "assumed"', 'source = "  "', "class Lamp", "source: found '  '"),
    ('    etiqueta = "Farola"\n', "", "class Lamp", "has no etiqueta"),
    ('"events"', '"event"', "class Lamp", "found 'event'; it must be one of facilitation, events, "),
    ("1.0, 50.0", "0.0, 50.0", "class Lamp", "strength: found 0.0; it must be a number above 0"),
    ("1.0, 50.0", "1.0, -50.0", "class Lamp", "full_cost: found -50.0; it must be a number above 0, in kUSD a year"),
    ("1.0, 50.0", "1.0, float('nan')", "class Lamp", "full_cost: found nan"),
    ("hundred firms", "firm", "class Lamp", "one of cluster, hundred firms, thousand jobs"),
    ("effects = (", "effects = [", "class Lamp", "it must be a tuple of Effect"),
    ('effects = (Effect("events", 1.0, 50.0, per="hundred firms"),)', "", "class Lamp", "no effects and pays nobody"),
    ("    source", '    recipient = "nobody"\n    source', "class Lamp", "found 'nobody'; it must be one of nation, "),
    ("    source", '    payer = "bank"\n    source', "class Lamp", "payer: found 'bank'; it must be one of association, firms"),
    ("    source", '    grade = "sure"\n    source', "class Lamp", "grade: found 'sure'; it must be one of measured, "),
    ("    source", "    watts: float = 3.0\n    source", "class Lamp", "watts: is a field that nothing reads"),
    ("    source", "    per_year: float = -3.0\n    source", "class Lamp", "per_year: is common to all instruments"),
    ("    source", '    model_config = {"extra": "ignore"}\n    source', "class Lamp", "must stay frozen and forbid"),
    ("    source", "    def apply(self, levers): ...\n    source", "class Lamp", "apply: nothing calls it"),
    ("class Lamp", "clas Lamp", "", "is not valid Python"),
    ('    use: Literal["lamp"]', "    use", "", "non-annotated attribute"),
    (LAMP, "", "", "defines no instrument"),
    (LAMP, "import no_such_module\n", "", "cannot be loaded: ModuleNotFoundError: No module named 'no_such_module'"),
    (LAMP, "raise SystemExit(3)\n", "", "cannot be loaded: SystemExit: 3"),
    (LAMP, "a = 1\nb = a / 0\n", "", "cannot be loaded: ZeroDivisionError"),
])  # fmt: skip
def test_a_plugin_that_breaks_the_contract_is_refused_in_one_sentence(before, after, key, said):
    text = (HEAD + LAMP).replace(before, after)
    if after.startswith("effects = ["):
        text = text.replace("),)", ")]")
    error = refusal(text)
    assert error.file == "lamp.py" and error.key == key and said in error.message and "\n" not in error.message
    if "defines no instrument" not in said:
        assert 1 <= error.line <= len(text.splitlines())


def test_the_nearest_channel_is_named_and_the_line_of_the_fault():
    assert "Did you mean 'events'?" in refusal((HEAD + LAMP).replace('"events"', '"event"')).hint
    assert refusal(HEAD + LAMP + "\n\nx = 1\ny = (\n").line == len((HEAD + LAMP).splitlines()) + 4
    assert refusal(HEAD + LAMP + "\nx = 1 / 0\n").line == len((HEAD + LAMP).splitlines()) + 2


def test_what_is_no_python_file_is_refused(call):
    for name, said in (("none.py", "no such file"), ("lamp.txt", "is not a Python file"), (".", "is not a Python file")):
        code, out, err = call("run", "no_policy", "--plugin", name)
        assert code == 2 and out == "" and said in err and "new instrument NAME" in err
    Path("dir.py").mkdir()
    assert call("run", "no_policy", "--plugin", "dir.py")[2].startswith("dir.py: cannot be read: is a directory")


def test_two_files_cannot_bring_the_same_name_and_one_file_counts_once():
    write()
    write(name="other.py")
    with pytest.raises(InputError, match=r"taken by lamp\.py"):
        use_files(["lamp.py", "other.py"])
    assert len(use_files(["lamp.py", Path("lamp.py").absolute()])) == 1
    assert "another class of" in refusal_of_twins().message


def refusal_of_twins():
    use_files(())
    return refusal(HEAD + LAMP + "\n\n" + LAMP.replace("class Lamp", "class Lantern"))


def test_a_file_that_changed_is_loaded_again_and_one_that_did_not_keeps_its_classes():
    first = load_plugin(write())
    assert load_plugin("lamp.py") is first
    second = load_plugin(write((HEAD + LAMP).replace("1.0, 50.0", "2.0, 50.0")))
    assert second.sha256 != first.sha256 and registry.kinds()["lamp"].effects[0].strength == 2.0
    refused = (HEAD + LAMP).replace('"events"', '"event"')
    Path("lamp.py").write_text(refused)
    with pytest.raises(InputError):
        load_plugin("lamp.py")
    assert registry.kinds()["lamp"] is second.kinds[0], "what was loaded before stays"


# --- scenarios -----------------------------------------------------------------------------------------------------


def test_a_scenario_with_it_is_checked_as_any_other(call):
    write(), write(SCENARIO, "light.yaml")
    code, _, err = call("scenario", "check", "light.yaml")
    assert code == 2 and "'lamp' is not an instrument" in err and "--plugin FILE" in err and "Did you mean" not in err
    assert call("scenario", "check", "light.yaml", "--plugin", "lamp.py")[0] == 0
    assert "programme.stages[0].instruments[0].per_year: 60" in call("scenario", "show", "light.yaml", "--plugin=lamp.py")[1]
    assert call("scenario", "check", "light.yaml")[0] == 2, "the next command begins without it"
    load_plugin("lamp.py")
    write(SCENARIO.replace("per_year: 60", "per_year: '60', taperr: 1"), "light.yaml")
    found = {problem.key: problem for problem in problems("light.yaml")}
    at = "programme.stages[0].instruments[0]."
    assert set(found) == {at + "per_year", at + "taperr"} and all(problem.line == 9 for problem in found.values())
    assert "'taper'" in found[at + "taperr"].hint and "a number from 0 to" in found[at + "per_year"].message
    write(SCENARIO.replace("lamp", "lammp"), "light.yaml")
    assert "Did you mean 'lamp'?" in problems("light.yaml")[0].hint


def test_what_fails_inside_a_plugin_is_told_as_the_plugins_own(call):
    code = "    @model_validator(mode='after')\n    def check(self):\n        raise KeyError('inside')\n"
    write("from pydantic import model_validator\n" + HEAD + LAMP + code), write(SCENARIO, "light.yaml")
    status, out, err = call("run", "light.yaml", "--plugin", "lamp.py")
    assert status == 2 and out == "" and "Traceback" not in err
    said = "light.yaml: programme.stages[0].instruments[0]: the plugin's own check of 'lamp' failed with KeyError: 'inside'"
    assert err.startswith(said)


def test_the_json_schema_holds_it_when_it_is_loaded_and_else_not(call):
    plain = scenario_json_schema()
    write()
    _, out, _ = call("describe", "schema", "--plugin", "lamp.py")
    held = json.loads(out)["$defs"]
    assert "Lamp" in held and held["Lamp"]["properties"]["use"]["const"] == "lamp" and held["Lamp"]["required"][0] == "use"
    instruments = held["Stage"]["properties"]["instruments"]["items"]
    assert instruments["discriminator"]["mapping"]["lamp"] == "#/$defs/Lamp" and len(instruments["oneOf"]) == len(INSTRUMENTS) + 1
    assert call("describe", "schema")[1] == json.dumps(plain, indent=1, ensure_ascii=False) + "\n"


def test_no_scenario_can_name_a_plugin():
    write()
    write(SCENARIO + "plugin: lamp.py\n", "light.yaml")
    said = {problem.key for problem in problems("light.yaml")}
    assert "plugin" in said and registry.plugins() == []


def test_what_a_plugin_prints_does_not_spoil_json(call):
    write("print('noise')\n" + HEAD + LAMP)
    code, out, err = call("describe", "instruments", "--json", "--plugin", "lamp.py")
    assert code == 0 and json.loads(out)[-1]["name"] == "lamp" and "noise" in err


# --- what is recorded ----------------------------------------------------------------------------------------------


def test_a_run_records_it_and_is_read_without_it(call):
    write(), write(SCENARIO, "light.yaml")
    code, out, _ = call("run", "light.yaml", "--plugin", "lamp.py", "--replicates", 2, "--no-figures", "--json")
    assert code == 0
    place = Path(json.loads(out)["folder"])
    (said,) = json.loads((place / "run.json").read_text())["plugins"]
    assert said["file"] == "lamp.py" and len(said["sha256"]) == 64
    assert said["instruments"][0] | {"use": "lamp", "source": "assumed", "grade": "assumed"} == said["instruments"][0]
    assert str(Path.cwd()) not in (place / "run.json").read_text()
    with_it = call("run", "light.yaml", "--plugin", "lamp.py", "--replicates", 2, "--no-figures", "--json")[1]
    assert json.loads(with_it)["folder"] == str(place)
    write(HEAD + LAMP + "# a remark\n")
    changed = call("run", "light.yaml", "--plugin", "lamp.py", "--replicates", 2, "--no-figures", "--json")[1]
    assert json.loads(changed)["folder"] != str(place), "another code, another name"

    use_files(())
    Path("lamp.py").unlink()
    result = read_run(place)
    ((_, instrument),) = result.scenario.programme.instruments()
    assert isinstance(instrument, RecordedInstrument) and instrument.use == "lamp" and instrument.per_year == 60
    assert set(result.spending["instrument"]) == {"lamp"} and result.provenance["plugins"] == [said]
    assert result.folder_name == place.name
    page = write_report(place).read_text(encoding="utf-8")
    assert "--plugin=lamp.py" in page and said["sha256"][:16] in page
    drawn = draw_all(result, "figures", lang="es")
    assert drawn and not any("map" in path.name for path in drawn), "its replicate cannot be simulated again"
    assert result.scenario.model_dump(mode="json") == json.loads((place / "run.json").read_text())["scenario"]
    with pytest.raises(InputError, match="'lamp' comes from a plugin that is not loaded"):
        simulate(result.scenario, replicates=1)


def test_a_result_is_read_with_the_plugin_as_it_is_now_or_else_as_it_was(folder):
    load_plugin(write())
    result = simulate(load_scenario(write(SCENARIO, "light.yaml")), replicates=1)
    place = write_result(result, folder / result.folder_name)
    assert type(read_run(place).scenario.programme.stages[0].instruments[0]) is registry.kinds()["lamp"]
    narrow = ('    @__import__("pydantic").field_validator("per_year")\n    def _much(cls, value):\n'
              '        assert value > 100\n        return value\n')  # fmt: skip
    load_plugin(write(HEAD + LAMP + narrow))
    assert isinstance(read_run(place).scenario.programme.stages[0].instruments[0], RecordedInstrument)


def test_without_plugins_nothing_is_said_and_names_stay_what_they_are():
    result = simulate("no_policy", replicates=1, years=1)
    assert result.provenance["plugins"] == []
    before = {key: value for key, value in result.provenance.items() if key != "plugins"}
    result.provenance = before
    assert result.folder_name == simulate("no_policy", replicates=1, years=1).folder_name
    assert set(identity.model()) == {"version", "code"}


def test_a_plugin_changes_the_numbers_as_its_effect_says():
    """The same effect under two names gives the same numbers; twice the strength gives others."""
    twin = INSTRUMENTS["awareness_events"].effects[0]
    text = HEAD + LAMP.replace("1.0, 50.0", f"{twin.strength}, {twin.full_cost}")
    load_plugin(write(text))
    mine = simulate(load_scenario(write(SCENARIO, "light.yaml")), replicates=3)
    theirs = simulate(load_scenario(write(SCENARIO.replace("lamp", "awareness_events"), "events.yaml")), replicates=3)
    assert mine.indicators.equals(theirs.indicators)
    load_plugin(write(text.replace(f"{twin.strength}, {twin.full_cost}", f"{2 * twin.strength}, {twin.full_cost}")))
    assert not simulate(load_scenario("light.yaml"), replicates=3).indicators.equals(mine.indicators)


def test_a_comparison_records_it_and_is_read_without_it(folder):
    load_plugin(write())
    write(SCENARIO, "light.yaml")
    found = compare(["no_policy", "light.yaml"], replicates=4, years=3)
    assert "--plugin=lamp.py" in found.provenance["command"]
    assert [said["file"] for said in found.provenance["plugins"]] == ["lamp.py"]
    place = write_comparison(found, folder / found.folder_name)
    load_plugin(write(HEAD + LAMP + "# a remark\n"))
    again = compare(["no_policy", "light.yaml"], replicates=4, years=3)
    assert again.folder_name != found.folder_name and again.runs.equals(found.runs)
    use_files(())
    read = read_comparison(place)
    assert read.folder_name == found.folder_name and read.provenance["plugins"] == found.provenance["plugins"]
    assert "lamp.py" in write_report(place).read_text(encoding="utf-8")


# --- sweeps --------------------------------------------------------------------------------------------------------

DESIGN = """title: Light
question: How much light?
scenarios: [light.yaml]
levers: {keys: {programme.stages.light.instruments.lamp.per_year: [0, 60]}}
replicates: 2
years: 1
outputs: {indicators: [employment]}
"""


def test_a_sweep_refuses_another_code_and_its_keys_change_with_it(call):
    write(), write(SCENARIO, "light.yaml"), write(DESIGN, "design.yaml")
    code, _, err = call("sweep", "design.yaml")
    assert code == 2 and "'lamp' is not an instrument" in err
    load_plugin("lamp.py")
    first = sweep("design.yaml", "results").indicators
    plan = make_plan("design.yaml")[0]
    assert plan.content["model"]["plugins"] == {"lamp": registry.plugins()[0].sha256[:16]}
    note = json.loads(Path("results/design/provenance.json").read_text())
    assert note["plugins"][0]["file"] == "lamp.py" and str(Path.cwd()) not in Path("results/design/plan.json").read_text()
    use_files(())
    assert read_sweep(Path("results/design")).indicators.equals(first), "read without it"
    write(HEAD + LAMP + "# a remark\n")
    code, _, err = call("sweep", "design.yaml", "--plugin", "lamp.py")
    assert code == 2 and "model.plugins.lamp" in err
    other = make_plan("design.yaml")[0]
    name = identity.scenario_hash(plan.scenario(0))
    keys = {identity.run_key(p.content["model"], name, 1, 0) for p in (plan, other)}
    keys.add(identity.run_key(identity.model(), name, 1, 0) if registry.plugins() == [] else b"")
    assert len(keys) == 3


def test_a_plan_without_plugins_has_the_key_that_it_had():
    text = identity.canonical(["v", "c", "s", 1, 0]).encode()
    assert identity.run_key({"version": "v", "code": "c"}, "s", 1, 0) == hashlib.sha256(text).digest()[:16]


def test_workers_load_what_the_command_line_names_and_refuse_another_code(folder):
    write(), write(SCENARIO, "light.yaml"), write(DESIGN, "design.yaml")
    path = str(load_plugin("lamp.py").path)
    plan = make_plan("design.yaml")[0]
    store = create_store(folder / "design", plan)
    use_files(())  # as in a fresh process
    with pytest.raises(InputError, match="of a plugin"):
        do_chunk(str(store.folder), plan.hash, [0], 5)
    assert do_chunk(str(store.folder), plan.hash, [0, 1], 5, [path]) == 0 and registry.paths() == [Path(path)]
    store.refresh()
    assert store.done.tolist() == [True, True, False, False]
    use_files(())
    write(HEAD + LAMP + "# a remark\n")
    with pytest.raises(InputError, match="of a plugin"):
        do_chunk(str(store.folder), plan.hash, [2], 5, [path])
    assert f"--plugin={path}" in write_script(store, "design.yaml", folder, 2, None, 5).read_text()


# --- installed packages --------------------------------------------------------------------------------------------


@pytest.fixture
def install(folder, monkeypatch):
    """Install a package whose entry points are given, as files on the path of modules."""
    monkeypatch.syspath_prepend(str(folder / "site"))

    def _install(code, entries, name="lightworks"):
        place, about = folder / "site" / name, folder / "site" / f"{name}-1.2.dist-info"
        place.mkdir(parents=True), about.mkdir()
        (place / "__init__.py").write_text("")
        (place / "lights.py").write_text(code)
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
        lines = [f"{use} = {name}.lights:{kind}" for use, kind in entries.items()]
        (about / "entry_points.txt").write_text("[clustersim.instruments]\n" + "\n".join(lines) + "\n")

    yield _install
    for name in [name for name in sys.modules if name.partition(".")[0] in ("lightworks", "brokenworks")]:
        del sys.modules[name]


def test_an_installed_instrument_is_there_when_a_programme_names_it(install, call):
    install(HEAD + LAMP, {"lamp": "Lamp"})
    assert simulate("no_policy", replicates=1, years=1).provenance["plugins"] == []
    assert "lightworks" not in sys.modules, "not before it is named"
    write(SCENARIO, "light.yaml")
    assert call("scenario", "check", "light.yaml")[0] == 0 and "lightworks.lights" in sys.modules
    (said,) = simulate("light.yaml", replicates=1).provenance["plugins"]
    assert (said["package"], said["version"]) == ("lightworks", "1.2") and len(said["sha256"]) == 64
    assert simulate("no_policy", replicates=1, years=1).provenance["plugins"] == [], "loaded, but not used there"
    write(DESIGN, "design.yaml")
    assert make_plan("design.yaml")[0].content["model"]["plugins"] == {"lamp": said["sha256"][:16]}
    assert json.loads(call("describe", "instruments", "--json")[1])[-1]["plugin"] == "lightworks"
    write(SCENARIO.replace("lamp", "lammp"), "light.yaml")
    assert "Did you mean 'lamp'?" in problems("light.yaml")[0].hint


def test_reading_a_result_does_not_import_an_installed_package(install, folder):
    load_plugin(write())
    result = simulate(load_scenario(write(SCENARIO, "light.yaml")), replicates=1)
    place = write_result(result, folder / result.folder_name)
    use_files(())
    install("raise RuntimeError('imported')\n", {"lamp": "Lamp"})
    assert isinstance(read_run(place).scenario.programme.stages[0].instruments[0], RecordedInstrument)


@pytest.mark.parametrize(("code", "entry", "said"), [
    ("raise ImportError('no lamps')\n", {"lamp": "Lamp"}, "cannot be loaded: ImportError: no lamps"),
    (HEAD + LAMP, {"lamp": "Lantern"}, "cannot be loaded: AttributeError"),
    ("class Lamp:\n    pass\n", {"lamp": "Lamp"}, "subclass of clustersim.instruments.Instrument"),
    ((HEAD + LAMP).replace('"events"', '"event"'), {"lamp": "Lamp"}, "found 'event'"),
    ((HEAD + LAMP).replace('"lamp"', '"light"'), {"lamp": "Lamp"}, "use: found 'light'; it must be as the entry point is called"),
])  # fmt: skip
def test_an_installed_instrument_that_breaks_the_contract(install, call, code, entry, said):
    install(code, entry, "brokenworks")
    write(SCENARIO, "light.yaml")
    status, out, err = call("run", "light.yaml", "--replicates", 1)
    assert status == 2 and out == "" and said in err and err.startswith("brokenworks (entry point lamp)")
    with speaking("es"):
        spanish = call("run", "light.yaml", "--replicates", 1)[2]
    assert spanish.startswith("brokenworks (punto de entrada lamp)") and not left_in_english(spanish), spanish
    status, out, err = call("describe", "instruments", "--json")
    assert status == 0 and said in err and [i["name"] for i in json.loads(out)] == list(INSTRUMENTS), "the others are there"


def test_a_file_goes_before_an_installed_instrument_of_its_name(install):
    install((HEAD + LAMP).replace("1.0, 50.0", "9.0, 50.0"), {"lamp": "Lamp"})
    load_plugin(write())
    scenario = load_scenario(write(SCENARIO, "light.yaml"))
    assert scenario.programme.stages[0].instruments[0].effects[0].strength == 1.0


# --- template, test helper, examples -------------------------------------------------------------------------------


def pytest_in(place):
    """Run the tests of a folder in a process of their own."""
    sources = os.pathsep.join([str(REPOSITORY / "src"), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(place)], cwd=place, capture_output=True, text=True,
        timeout=300, env=os.environ | {"PYTHONPATH": sources, "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip


def test_the_template_works_at_once(call, folder):
    code, out, _ = call("new", "instrument", "street_lights", "--out", "mine", "--json")
    assert code == 0 and json.loads(out)["files"] == [
        "mine/street_lights.py", "mine/test_street_lights.py", "mine/street_lights.yaml",
    ]  # fmt: skip
    assert call("scenario", "check", "mine/street_lights.yaml", "--plugin", "mine/street_lights.py")[0] == 0
    done = pytest_in(folder / "mine")
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout
    before = {path.name: path.read_bytes() for path in (folder / "mine").iterdir() if path.is_file()}
    code, _, err = call("new", "instrument", "street_lights", "--out", "mine")
    assert code == 2 and "exists; nothing was written" in err
    assert {path.name: path.read_bytes() for path in (folder / "mine").iterdir() if path.is_file()} == before


@pytest.mark.parametrize("name", ["instrument", "effect", "literal", "class", "a__b2", "x" * 40])
def test_the_template_works_under_any_name(call, name):
    code, out, _ = call("new", "instrument", name)
    assert code == 0 and f"--plugin {name}.py" in out
    assert load_plugin(f"{name}.py").kinds[0].model_fields["use"].default == name


@pytest.mark.parametrize("name", ["Street", "2nd", "a-b", "../a", "x" * 41, "facilitator"])
def test_the_template_is_not_written_under_a_name_that_is_not_possible(call, folder, name):
    code, out, err = call("new", "instrument", name)
    assert code == 2 and out == "" and ("is not a name" in err or "is taken" in err) and not list(folder.iterdir())


@pytest.mark.parametrize("use", ["facilitator", "association_grant", "university_programme", "project_cofinance",
                                 "supplier_development"])  # fmt: skip
def test_the_helper_passes_instruments_that_work(use):
    found = check_instrument(INSTRUMENTS[use])
    assert found.use == use and found.public > 0.0 and "public_spending" in found.differs
    assert set(found.moved) == {effect.channel for effect in INSTRUMENTS[use].effects} <= set(LEVERS)
    assert all(value > 0.0 for value in found.moved.values())


def test_the_helper_takes_a_class_that_no_plugin_brings_and_forgets_it():
    kind = load_plugin(write()).kinds[0]
    use_files(())
    half = check_instrument(kind, cofinance=0.5)
    assert 0.0 < half.public < check_instrument(kind).public
    assert "lamp" not in registry.kinds()


def test_the_helper_finds_what_is_wrong():
    kind = load_plugin(write()).kinds[0]
    with pytest.raises(AssertionError, match="were planned"):
        check_instrument(kind, start=5)
    with pytest.raises(AssertionError, match="were planned"):
        check_instrument(kind, taper=0.5)
    with pytest.raises(InputError, match="no docstring"):
        check_instrument(type("Dark", (kind,), {}))


@pytest.mark.slow
def test_the_examples_work(folder):
    place = REPOSITORY / "examples" / "plugins"
    done = pytest_in(place)
    assert done.returncode == 0 and "4 passed" in done.stdout, done.stdout
    load_plugin(place / "quality_seal.py")
    assert problems(place / "quality_seal.yaml") == []
    sources = os.pathsep.join([str(REPOSITORY / "src"), os.environ.get("PYTHONPATH", "")])
    ruled = [subprocess.run([sys.executable, place / "own_rule.py", "3"], capture_output=True, text=True, timeout=300,
                            env=os.environ | {"PYTHONPATH": sources}).stdout for _ in range(2)]  # fmt: skip
    assert "3 paired replicates" in ruled[0] and ruled[0] == ruled[1]
    assert "+0.0, median +0.0, 90 % +0.0" not in ruled[0], "the rule changes something"
