"""Instruments and rules of a notebook: known by their names, recorded by their text, replaced with a word, refused elsewhere."""

from __future__ import annotations

import hashlib
import inspect
import warnings
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from clustersim.core.errors import InputError, RuleFault
from clustersim.experiments.batch_script import write_script
from clustersim.experiments.planning import make_plan
from clustersim.experiments.store import create_store
from clustersim.experiments.sweeping import sweep
from clustersim.instruments import Effect, Instrument
from clustersim.plugins import register, use_files
from clustersim.policy.plugins import registry
from clustersim.policy.plugins.registering import check_files
from clustersim.policy.rules import RULES
from clustersim.programme_rules import Rule, Seen
from clustersim.results import read_run, simulate, write_result
from clustersim.scenario.loading import load_scenario, problems
from clustersim.simulation.engine import Simulation
from clustersim.testing import check_instrument, check_rule

SCENARIO = """extends: no_policy
title: Light
horizon: {years: 2}
place: {clusters: [{name: valley, smes: 8, tractors: 1}]}
programme:
  rule: {use: thrift, every: 2}
  stages: [{name: only, quarters: 8, instruments: [{use: lamp, per_year: 40}]}]
"""
DESIGN = "title: t\nquestion: q\nscenarios: [s.yaml]\nreplicates: 3\nlevers: {keys: {programme.rule.every: [2, 4]}}\n"
SEEN: list[int] = []


class Lamp(Instrument):
    """Light on the road to work."""

    use: Literal["lamp"] = "lamp"
    etiqueta = "Farola"
    effects = (Effect("events", 1.0, 50.0, per="hundred firms"),)
    source = "assumed"


class Thrift(Rule):
    """Half of it."""

    use: Literal["thrift"] = "thrift"
    etiqueta = "Ahorro"
    source = "assumed"

    def decide(self, seen: Seen):
        return {"lamp": 0.5}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in an empty folder with a scenario and a design."""
    monkeypatch.chdir(tmp_path)
    Path("s.yaml").write_text(SCENARIO)
    Path("design.yaml").write_text(DESIGN)
    return tmp_path


def test_scenarios_use_them_by_name_on_one_thread_and_on_several_and_results_say_what_they_were(folder):
    assert {fault.key for fault in problems("s.yaml")} == {"programme.rule.use", "programme.stages[0].instruments[0].use"}
    assert register(Lamp) is Lamp and register(Thrift) is Thrift
    assert registry.registered() == ["lamp", "thrift"] and problems("s.yaml") == []
    one, two = (Simulation(load_scenario("s.yaml"), 3, range(4), workers=n).run().indicators for n in (1, 2))
    assert np.array_equal(one, two)
    found = simulate("s.yaml", replicates=2)
    said = {plugin["sha256"]: plugin for plugin in found.provenance["plugins"]}
    lamp, thrift = (hashlib.sha256(inspect.getsource(kind).encode()).hexdigest() for kind in (Lamp, Thrift))
    assert said.keys() == {lamp, thrift} and said[lamp]["file"] == "registered in Python"
    assert said[lamp]["instruments"][0]["use"] == "lamp" and said[thrift]["rules"][0]["use"] == "thrift"
    spent = found.tables()["indicators"].groupby("replicate")["public_spending"].sum()
    assert spent.iloc[0] < 2 * 40.0, "the rule halves it"
    place = write_result(found, folder / "r")
    registry.forget_registered()
    assert read_run(place).scenario.programme.rule.use == "thrift", "a result is read without them"


def test_they_pass_the_checks_for_ones_own():
    register(Lamp), register(Thrift)
    assert check_instrument(Lamp).use == "lamp" and check_rule(Thrift, ["lamp"]).factors["lamp"] == (0.5, 0.5)


def test_an_object_stands_for_its_class_and_what_is_not_named_leaves_results_alone():
    plain = simulate("no_policy", years=1, replicates=1)
    register(Thrift(every=3))
    assert registry.rules() == RULES | {"thrift": Thrift}
    again = simulate("no_policy", years=1, replicates=1)
    assert again.folder_name == plain.folder_name and again.provenance["plugins"] == []


def test_registering_again_replaces_with_a_word_unless_the_text_is_the_same():
    register(Thrift)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        register(Thrift)
    first = Thrift

    class Other(Rule):
        """Nothing of it."""

        use: Literal["thrift"] = "thrift"
        etiqueta = "Nada"
        source = "assumed"

        def decide(self, seen: Seen):
            return {"lamp": 0.0}

    with pytest.warns(UserWarning, match="'thrift' is now the class that was registered last"):
        register(Other)
    assert registry.rules()["thrift"] is Other is not first


class Hidden(Instrument):
    """Another facilitator."""

    use: Literal["facilitator"] = "facilitator"
    etiqueta = "Otro"
    effects = (Effect("events", 1.0, 50.0),)
    source = "assumed"


def test_it_hides_nothing_that_ships_and_nothing_of_a_file():
    with pytest.raises(InputError, match="'facilitator' is taken by clustersim itself"):
        register(Hidden)
    Path("lamp.py").write_text("from typing import Literal\nfrom clustersim.instruments import Effect, Instrument\n\n"
                               + inspect.getsource(Lamp))  # fmt: skip
    use_files(["lamp.py"])
    with pytest.raises(InputError, match=r"'lamp' is taken by lamp\.py"):
        register(Lamp)
    use_files(())
    assert registry.registered() == []


def test_a_class_without_a_text_is_refused():
    names = {"__doc__": "Light.", "__module__": "nowhere", "__annotations__": {"use": Literal["lamp"]}, "use": "lamp",
             "etiqueta": "F", "source": "assumed", "effects": Lamp.effects}  # fmt: skip
    with pytest.raises(InputError, match="its source text is not at hand"):
        register(type(Instrument)("Lamp", (Instrument,), names))


class Keeper(Rule):
    """Remembers."""

    use: Literal["thrift"] = "thrift"
    etiqueta = "Guarda"
    source = "assumed"

    def decide(self, seen: Seen):
        SEEN.append(seen.quarter)
        return {}


def test_a_rule_of_a_notebook_keeps_nothing_either():
    register(Lamp), register(Keeper)
    with pytest.raises(RuleFault, match=r"registered in Python: rule thrift: .* it keeps something in SEEN"):
        Simulation(load_scenario("s.yaml")).advance(6)


def test_sweeps_on_threads_use_them_and_other_processes_are_told_that_they_cannot(folder):
    register(Lamp), register(Thrift)
    found = sweep("design.yaml", "results", workers=2)
    assert found.done == 6 and set(found.plan.content["model"]["plugins"]) == {"lamp", "thrift"}
    store = create_store(folder / "again", make_plan("design.yaml")[0])
    with pytest.raises(InputError, match="'lamp' was registered in Python, and workers in other processes cannot see it"):
        write_script(store, "design.yaml", folder, 2, 1, 10)
    with pytest.raises(InputError, match="it must be a file"):
        check_files(["awareness_events", "thrift"])
    check_files(["awareness_events"])
