"""The key `version`: older files are brought up to date and say so, newer ones are refused; nothing else depends on it."""

from __future__ import annotations

import warnings

import pytest

from clustersim import InputError, load_scenario
from clustersim.cli.new import write_scenario
from clustersim.core.errors import entering
from clustersim.experiments import identity
from clustersim.experiments.design import load_experiment
from clustersim.results import provenance
from clustersim.scenario import version
from clustersim.scenario.json_schema import scenario_json_schema
from clustersim.scenario.loading import problems, resolved
from clustersim.scenario.yaml_reader import read_text
from sweep_cases import TINY, experiment


def file(folder, text, name="place"):
    """Write a scenario file; return its path."""
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_no_hash_depends_on_it(tmp_path):
    plain = load_scenario(file(tmp_path, "extends: organic\ntitle: A\n", "plain"))
    said = load_scenario(file(tmp_path, "version: 1\nextends: organic\ntitle: A\n", "said"))
    hashes = [provenance.result_hash(provenance.describe(s, "a", 1, [0])) for s in (plain, said)]
    assert hashes[0] == hashes[1] and identity.scenario_hash(plain) == identity.scenario_hash(said)
    assert "version" not in said.model_dump() and "version" not in resolved(tmp_path / "said.yaml")["values"]


def test_a_newer_file_is_refused_in_one_sentence(tmp_path, call):
    path = file(tmp_path, "title: A\nversion: 7\nnew_key: of that format\n")
    with pytest.raises(InputError, match="format 7, which takes a newer clustersim") as caught:
        load_scenario(path)
    assert (caught.value.key, caught.value.line) == ("version", 2)
    assert [problem.key for problem in problems(path)] == ["version"], "what a newer format says is not judged by this one"
    code, out, err = call("run", path)
    assert (code, out) == (2, "") and "reads formats up to 1" in err
    child = file(tmp_path, f"extends: {path.name}\ntitle: B\n", "child")
    with pytest.raises(InputError, match="format 7") as caught:
        load_scenario(child)
    assert caught.value.file.endswith("place.yaml")


@pytest.mark.parametrize("value", ["0", "one", "true", "1.5", "-1", "null"])
def test_what_is_no_version_is_refused(tmp_path, value):
    with pytest.raises(InputError, match="a whole number from 1 to 1"):
        load_scenario(file(tmp_path, f"version: {value}\nextends: organic\ntitle: A\n"))


def test_an_older_file_is_read_with_a_word_on_what_changed():
    change = version.Change("`name` is called `title` now.", lambda data: data.update(title=data.pop("name")))
    document = read_text("version: 1\nname: Old\nextends: organic\n", "old.yaml")
    with pytest.warns(version.OlderFormat, match="old.yaml is of an older format .* `name` is called `title` now"):
        version.bring_up(document, {1: change}, 2)
    assert document.data == {"version": 2, "title": "Old", "extends": "organic"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        version.bring_up(read_text("title: New\n", "new.yaml"), {1: change}, 2)


def test_every_format_between_is_gone_through():
    steps = {n: version.Change(f"step {n}", lambda data, n=n: data.setdefault("steps", []).append(n)) for n in (1, 2, 3)}
    document = read_text("version: 2\ntitle: A\n", "a.yaml")
    with pytest.warns(version.OlderFormat) as said:
        version.bring_up(document, steps, 4)
    assert document.data["steps"] == [2, 3] and document.data["version"] == 4 and len(said) == 2


def test_each_change_of_format_can_be_gone_through():
    for changes in (version.SCENARIO, version.EXPERIMENT):
        assert set(changes) == set(range(1, version.CURRENT))


def test_the_command_says_it_as_a_sentence(call, capsys):
    from clustersim.cli.command_line import _warn

    _warn(version.OlderFormat("old.yaml is of an older format."), version.OlderFormat, "x.py", 3)
    _warn(UserWarning("other"), UserWarning, "x.py", 3)
    said = capsys.readouterr().err
    assert said.startswith("old.yaml is of an older format.\n") and "x.py:3: UserWarning: other" in said


def test_experiments_have_it_too(tmp_path):
    assert load_experiment(experiment(tmp_path, f"version: 1{TINY}"))[0].version == 1
    with pytest.raises(InputError, match="format 3, which takes a newer"), entering("python"):
        load_experiment(experiment(tmp_path, f"version: 3{TINY}"))
    with pytest.raises(InputError, match="version"):
        load_experiment(experiment(tmp_path, f"version: 0{TINY}"))


def test_schema_and_templates_have_it(tmp_path):
    assert scenario_json_schema()["properties"]["version"] | {"description": ""} == {
        "type": "integer", "minimum": 1, "maximum": 1, "default": 1, "title": "Version", "description": "",
    }  # fmt: skip
    for extends in (None, "organic"):
        path = write_scenario(f"mine_{extends or 'own'}", extends, tmp_path)
        assert "version: 1 " in path.read_text(encoding="utf-8") and not problems(path)
