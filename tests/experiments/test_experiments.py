"""Experiment files: what they may say, which points they stand for, and what a run is called."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import numpy as np
import pytest

from clustersim.core.errors import InputError
from clustersim.core.words import speaking
from clustersim.experiments import identity, store
from clustersim.experiments.batch_script import write_script
from clustersim.experiments.execution import recorded_quarters, run_batch, value_columns
from clustersim.experiments.plan import Plan, differences
from clustersim.experiments.planning import make_plan
from clustersim.experiments.spaces import Range, Space, combine, labels
from clustersim.experiments.store import create_store
from clustersim.experiments.sweeping import sweep
from clustersim.model.indicators import INDICATORS
from clustersim.model.parameters import PARAMETERS
from clustersim.simulation.engine import Simulation
from language_cases import told
from sweep_cases import TINY, experiment, plan


def whole(key):
    return key.endswith("smes")


# spaces


def test_a_grid_holds_all_combinations_with_both_bounds():
    space = Space(keys={"a": Range(values=(1, "x")), "b": Range(low=0, high=2, levels=3), "smes": Range(low=1, high=4, levels=3)})
    found = combine(space, whole)
    assert [tuple(point.values()) for point in found] == list(itertools.product([1, "x"], [0.0, 1.0, 2.0], [1, 2, 4]))


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol"])
def test_samples_fill_the_space_evenly_and_are_the_same_each_time(method):
    keys = {"a": Range(low=-1, high=3), "b": Range(low=0.01, high=100, scale="log"), "smes": Range(low=10, high=17)}
    space = Space(method=method, points=64, seed=3, keys=keys)
    found = combine(space, whole)
    assert found == combine(space, whole)
    assert found != combine(space.model_copy(update={"seed": 4}), whole)
    a, b, smes = (np.array([point[key] for point in found]) for key in keys)
    assert sorted(np.floor((a + 1) / 4 * 64)) == list(range(64))  # one in each stratum
    assert sorted(np.floor((np.log10(b) + 2) / 4 * 64)) == list(range(64))
    assert all(isinstance(point["smes"], int) for point in found)
    assert np.array_equal(np.unique(smes, return_counts=True)[1], np.full(8, 8))


def test_whole_numbers_keep_to_their_bounds_and_to_a_scale_of_logarithms():
    """A scale that is asked for is kept, and no number lies below 2.5 because it is rounded."""
    def values(method, spec, **more):
        return [point["smes"] for point in combine(Space(method=method, keys={"smes": spec}, **more), whole)]

    assert values("grid", Range(low=1, high=1000, levels=4, scale="log")) == [1, 10, 100, 1000]
    assert values("grid", Range(low=2.5, high=4.5, levels=2)) == [3, 4]
    drawn = values("latin_hypercube", Range(low=1, high=1023, scale="log"), points=100)
    assert sum(value < 32 for value in drawn) == 50 and min(drawn) == 1 and max(drawn) <= 1023
    assert set(values("latin_hypercube", Range(low=2.5, high=5.5), points=60)) == {3, 4, 5}
    keys = {"place.clusters.valley.smes": {"low": 8.2, "high": 8.8, "levels": 2}}
    with pytest.raises(InputError, match=r"no whole number between 8\.2 and 8\.8"):
        make_plan({"title": "t", "scenarios": ["organic"], "levers": {"keys": keys}})


def test_a_sample_of_values_takes_each_equally_often():
    found = combine(Space(method="latin_hypercube", points=30, keys={"a": Range(values=("x", "y", None))}), whole)
    assert sorted(str(point["a"]) for point in found) == ["None"] * 10 + ["x"] * 10 + ["y"] * 10


def test_labels_tell_options_apart_with_as_little_as_possible():
    points = [{"programme.announced": 1, "programme.stages.first.quarters": 4, "programme.stages.last.quarters": None}]
    assert labels(points) == ["announced=1, first.quarters=4, last.quarters=none"]
    assert labels([{}]) == ["as it is"]


# plans


def test_a_plan_crosses_scenarios_options_worlds_seeds_and_replicates(tmp_path):
    found = plan(tmp_path)
    assert found.runs == 2 * 2 * 3 * 2 * 5 and found.points == 12
    points, seeds, replicates = found.split(np.arange(found.runs))
    assert np.array_equal(points, np.repeat(np.arange(12), 10))
    assert np.array_equal(seeds[:10], np.repeat([0, 1], 5)) and np.array_equal(replicates[:5], np.arange(5))
    assert found.point(7) == ("designed", 0, 1)
    scenario = found.scenario(7)
    assert (scenario.place.clusters[0].smes, scenario.institutions.government.coordination, scenario.quarters) == (8, 0.2, 8)
    assert scenario.place.clusters[0].trust == found.world(1)["place.clusters.valley.trust"]
    assert scenario.programme is not None and found.scenario(1).programme is None


def test_bounds_default_to_the_declared_range(tmp_path):
    declared = PARAMETERS["trust"]["gain"]
    grid = TINY[: TINY.index("uncertain:")] + "uncertain: {keys: {parameters.trust.gain: {levels: 2}}}\n"
    rows = plan(tmp_path, grid).content["worlds"]["rows"]
    assert rows == [[declared.low], [declared.high]]


def test_a_plan_is_the_same_bytes_each_time_and_knows_its_own_damage(tmp_path):
    found = plan(tmp_path)
    again = Plan.read("tiny", found.data)
    assert again.data == found.data == plan(tmp_path).data and again.hash == found.hash
    for damaged in (found.data.replace(b'"replicates":5', b'"replicates":6'), found.data[:-20], b"[]", b"{}"):
        with pytest.raises(ValueError):
            Plan.read("tiny", damaged)


def test_title_and_question_are_no_part_of_the_plan(tmp_path):
    assert plan(tmp_path, TINY.replace("Tiny", "Small").replace("Does", "Will")).hash == plan(tmp_path).hash


def test_differences_of_plans_are_named(tmp_path):
    old, new = plan(tmp_path), plan(tmp_path, TINY.replace("replicates: 5", "replicates: 6").replace("0.8]", "0.9]"))
    found = differences(old.content, new.content)
    assert "replicates: 5 before, 6 now" in found
    assert any(line.startswith("options[1].set.institutions.government.coordination: 0.8 before, 0.9 now") for line in found)
    longer = plan(tmp_path, TINY.replace("points: 3", "points: 4"))
    assert "worlds.rows: 3 elements before, 4 now" in differences(old.content, longer.content)


def test_a_sweep_whose_plan_a_network_shows_late_is_one(tmp_path, monkeypatch):
    create_store(tmp_path / "tiny", plan(tmp_path))
    looks, is_dir = iter(range(99)), Path.is_dir
    monkeypatch.setattr(Path, "is_dir", lambda path: (path.name != "chunks" or next(looks) > 3) and is_dir(path))
    monkeypatch.setattr(store, "is_store", lambda folder: False)
    assert create_store(tmp_path / "tiny", plan(tmp_path)).plan.runs and next(looks) >= 5
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a").touch()
    with pytest.raises(InputError, match="exists and is not a sweep"):
        create_store(tmp_path / "other", plan(tmp_path))


@pytest.mark.parametrize(("lang", "more"), [("en", r"\n    and \d+ more\n"), ("es", r"\n    y \d+ más\n")])
def test_of_a_plan_that_differs_in_much_as_much_is_told_as_has_room_and_how_much_more_there_is(tmp_path, lang, more):
    create_store(tmp_path / ("long" * 30) / "tiny", plan(tmp_path))
    text = TINY.replace("replicates: 5", "replicates: 6").replace("0.8]", "0.9]").replace("low: 0.28", "low: 0.3")
    other = plan(tmp_path, text)
    with speaking(lang), pytest.raises(InputError) as caught:
        create_store(tmp_path / ("long" * 30) / "tiny", other)
    said = str(caught.value)
    assert len(said) <= 500 and re.search(more, said) and "…" not in caught.value.message


@pytest.mark.parametrize(("lang", "more"), [("en", "tractor_exit; and 26 more"), ("es", "tractor_exit; y 26 más")])
def test_values_of_a_point_that_clash_are_told_in_the_words_of_scenarios(tmp_path, lang, more):
    found = plan(tmp_path)
    found.content["scenarios"][0]["data"]["environment"] = {"shocks": [{"kind": "flood"}] * 9}
    with speaking(lang), pytest.raises(InputError) as caught:
        found.scenario(0)
    said = str(caught.value)
    assert "environment.shocks[0]" in said and more in said and len(said) <= 300
    assert "validation" not in said and "pydantic" not in said


def test_named_options_set_several_keys_together(tmp_path):
    text = """
title: t
scenarios: [designed]
years: 2
levers:
  method: list
  options:
    - {name: none, set: {programme: null}}
    - {name: late, set: {programme.announced: 4, programme.lag_quarters: 6}}
    - {set: {programme.announced: 2}}
"""
    found = plan(tmp_path, text)
    assert [option["name"] for option in found.options] == ["none", "late", "announced=2"]
    assert found.scenario(0).programme is None and found.scenario(1).programme.lag_quarters == 6


def test_the_example_of_the_documentation_is_one(tmp_path):
    text = (Path(__file__).parents[2] / "docs" / "experiments.md").read_text(encoding="utf-8")
    example = text.split("```yaml\n")[1].split("```")[0]
    found = plan(tmp_path, example)
    assert (len(found.options), found.worlds, found.replicates) == (3, 32, 12)


# what can be wrong


@pytest.mark.parametrize(("before", "after", "key", "said", "hint"), [
    ("title: Tiny", "titel: Tiny", "titel", "is not a key here", "title"),
    ("title: Tiny\n", "", "title", "is missing", ""),
    ("[organic, designed]", "[orgánic]", "scenarios[0]", "no shipped scenario", "organic"),
    ("[organic, designed]", "[]", "scenarios", "a list of 1 to 50 elements", ""),
    ("replicates: 5", "replicates: five", "replicates", "'five'", ""),
    ("replicates: 5", "replicates: 0", "replicates", "found 0", ""),
    ("seeds: [1, 9]", "seeds: [1, 1]", "seeds", "twice", ""),
    ("seeds: [1, 9]", "seeds: [-1]", "seeds[0]", "-1", ""),
    ("coordination: [0.2, 0.8]", "coördination: [0.2]", "levers.keys.institutions.government.coördination", "not a key",
     "coordination"),
    ("coordination: [0.2, 0.8]", "coordination: [0.2, 8]", "levers.keys.institutions.government.coordination", "8", ""),
    ("coordination: [0.2, 0.8]", "coordination: [0.2, 0.2]", "levers", "two options", ""),
    ("coordination: [0.2, 0.8]", "coordination: {low: 0.2, high: 0.8}", "levers.keys.institutions.government.coordination",
     "levels", ""),
    ("parameters.trust.gain:", "parameters.trust.gian:", "uncertain.keys.parameters.trust.gian", "is not a parameter",
     "parameters.trust.gain"),
    ("parameters.trust.gain:", "parameters.trust.gain: {low: 0.001}", "uncertain.keys.parameters.trust.gain", "0.001", ""),
    ("parameters.trust.gain:", "parameters.trust.gain: {lo: 0.04}", "uncertain.keys.parameters.trust.gain.lo", "not a key",
     "low"),
    ("parameters.trust.gain:", "place.clusters.valley.radius_km:", "uncertain.keys.place.clusters.valley.radius_km",
     "needs low and high", ""),
    ("{low: 0.28, high: 0.4}", "{low: 0.4, high: 0.28}", "uncertain.keys.place.clusters.valley.trust", "not below", ""),
    ("valley.trust:", "hill.trust:", "uncertain.keys.place.clusters.hill.trust", "no element", ""),
    ("latin_hypercube", "latin_square", "uncertain.method", "'latin_square'", ""),
    ("latin_hypercube", "sobol", "uncertain", "power of two", ""),
    ("  points: 3\n", "", "uncertain", "needs their number", ""),
    ("[phase, employment]", "[phase, emploiment]", "outputs.indicators[1]", "is not an indicator", "employment"),
    ("totals: [public_spending]", "totals: [trust]", "outputs.totals[0]", "not a flow", ""),
    ("reached: [creation]", "reached: [creatoin]", "outputs.reached[0]", "is not a phase", "creation"),
    ("years: 2", "years: 2\nset: {}", "set", "twice", ""),
])  # fmt: skip
def test_each_fault_gets_one_clear_sentence(tmp_path, before, after, key, said, hint):
    assert before in TINY
    error = told(make_plan, experiment(tmp_path, TINY.replace(before, after)))
    assert error.key == key and said in error.message and hint in error.hint
    assert error.file.endswith("tiny.yaml") and "\n" not in error.message and "Traceback" not in str(error)


PLAIN = {"title": "Plain", "scenarios": ["organic"], "replicates": 1, "years": 1}
SMES, ALIAS = "place.clusters[0].smes", "place.clusters.valley.smes"


@pytest.mark.parametrize(("change", "said"), [
    ({"set": {"seed": 5}}, "'seed' has no effect here; the experiment says it in `seeds`"),
    ({"levers": {"keys": {"replicates": [1, 2]}}}, "'replicates' has no effect here"),
    ({"set": {"sources.seed": "me"}}, "it is a remark"),
    ({"levers": {"keys": {"title": ["a", "b"]}}}, "it is a remark"),
    ({"set": {"horizon.years": 5}}, "stands here and in `years`"),
    ({"uncertain": {"keys": {"horizon.years": [1, 2]}}}, "stands here and in `years`"),
    ({"set": {SMES: 5, ALIAS: 6}}, "are the same value"),
    ({"levers": {"keys": {SMES: [10, 20], ALIAS: [30, 40]}}}, "are the same value"),
    ({"levers": {"keys": {SMES: [10, 20]}}, "uncertain": {"keys": {ALIAS: [30, 40]}}}, "are the same value"),
    ({"levers": {"method": "list", "options": [{"set": {SMES: 5, ALIAS: 7}}]}}, "are the same value"),
    ({"levers": {"method": "sobol", "points": 4, "keys": {SMES: {"low": 10, "high": 12, "levels": 3}}}}, "levels belong to"),
    ({"levers": {"seed": 3, "keys": {SMES: [10, 20]}}}, "the method grid takes none"),
    ({"levers": {"keys": {"place.clusters.valley.trust": {"values": [0.1, 0.2], "scale": "log"}}}}, "values and an interval"),
])  # fmt: skip
def test_what_would_change_nothing_is_refused(change, said):
    assert make_plan(PLAIN)[0].runs == 1
    assert said in told(make_plan, PLAIN | change).message


def test_a_key_cannot_be_lever_and_uncertain(tmp_path):
    text = TINY.replace("institutions.government.coordination", "place.clusters.valley.trust").replace("[0.2, 0.8]", "[0.3]")
    with pytest.raises(InputError, match="lever as well"):
        plan(tmp_path, text)


def test_an_experiment_that_is_not_there_names_the_nearest(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="no shipped experiment"):
        make_plan("nowhere")


# runs


def test_a_batch_gives_what_the_simulation_gives(tmp_path):
    found = plan(tmp_path)
    runs = np.arange(75, 80)  # second seed of point 7
    block, failures = run_batch(found, 7, runs)
    record = Simulation(found.scenario(7), seed=9, replicates=range(5), workers=1).advance(8).indicators
    place = {name: k for k, name in enumerate(INDICATORS)}
    assert not failures and np.array_equal(block.runs, runs) and block.values.shape == (10, 4)
    for k in range(5):
        rows = block.values[2 * k : 2 * k + 2]
        assert np.array_equal(rows[:, 1], record[[3, 7], k, place["employment"]])
        assert np.allclose(rows[:, 2], np.cumsum(record[:, k, place["public_spending"]])[[3, 7]])
    assert list(block.quarter[:4]) == [3, 7, 3, 7]
    assert value_columns(found) == ["phase", "employment", "total_public_spending", "years_to_creation"]


def test_recorded_quarters_always_hold_the_last():
    assert recorded_quarters(10, 4).tolist() == [3, 7, 9]
    assert recorded_quarters(8, 4).tolist() == [3, 7]
    assert recorded_quarters(8, 0).tolist() == [7]
    assert recorded_quarters(2, 4).tolist() == [1]


def test_the_key_of_a_run_depends_on_all_that_its_numbers_depend_on(tmp_path):
    found = plan(tmp_path)
    keys = {run_batch(found, point, np.arange(10 * point, 10 * point + 2))[0].keys.tobytes() for point in range(found.points)}
    assert len(keys) == found.points
    scenario = found.scenario(0)
    said, name = identity.model(), identity.scenario_hash(scenario)
    assert name == identity.scenario_hash(scenario.model_copy(update={"title": "other", "seed": 5, "replicates": 3}))
    variants = [
        identity.run_key(said, name, 1, 0), identity.run_key(said, name, 1, 1), identity.run_key(said, name, 2, 0),
        identity.run_key(said | {"code": "0"}, name, 1, 0), identity.run_key(said | {"version": "0"}, name, 1, 0),
        identity.run_key(said, identity.scenario_hash(found.scenario(1)), 1, 0),
    ]  # fmt: skip
    assert len(set(variants)) == len(variants) and {len(key) for key in variants} == {16}


def test_canonical_json_refuses_what_is_no_number():
    assert identity.canonical({"b": 1.0, "a": [0.1]}) == '{"a":[0.1],"b":1.0}'
    with pytest.raises(ValueError):
        identity.canonical(float("nan"))
    assert json.loads(identity.canonical({"ñ": "é"})) == {"ñ": "é"}


@pytest.mark.parametrize("name", ["...yaml", "..yaml", ".hidden.yaml", "two\nlines.yaml", "bell\a.yaml"])
def test_a_name_that_would_write_elsewhere_or_break_a_line_is_refused(tmp_path, name):
    path = experiment(tmp_path)
    path.rename(path.with_name(name))
    with pytest.raises(InputError, match="must not begin with a dot, nor hold signs") as caught:
        sweep(path.with_name(name), tmp_path / "out")
    assert "\n" not in str(caught.value) and not (tmp_path / "out").exists()


@pytest.mark.parametrize("folder", ["two\nlines", "#SBATCH\r--wrap"])
def test_a_batch_script_takes_no_line_of_its_own_from_a_folder(tmp_path, folder):
    store = create_store(tmp_path / folder / "tiny", plan(tmp_path))
    with pytest.raises(InputError, match="cannot stand in a batch script"):
        write_script(store, experiment(tmp_path), tmp_path / folder, 2, None, 10)
