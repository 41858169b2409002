"""Rules of one's own: when they are asked and what they see, what becomes of the money, their contract and faults, the record."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from clustersim.core.errors import InputError, RuleFault
from clustersim.experiments.planning import make_plan
from clustersim.experiments.reading import read_sweep
from clustersim.experiments.sweeping import sweep
from clustersim.model.indicators import INDICATORS
from clustersim.policy.plugins import load_plugin, registry, use_files
from clustersim.policy.plugins.choosing import RecordedRule
from clustersim.policy.rule import Rule
from clustersim.policy.rules import RULES
from clustersim.results import read_run, simulate, write_result
from clustersim.scenario.json_schema import scenario_json_schema
from clustersim.scenario.loading import load_scenario, problems
from clustersim.scenario.model import Scenario
from clustersim.simulation.engine import Simulation
from clustersim.simulation.mesa_model import ClusterModel
from clustersim.studies.comparison import compare
from clustersim.testing import check_rule
from clustersim.views.report import write_report
from language_cases import told

AT = {name: k for k, name in enumerate(INDICATORS)}
HEAD = '''from typing import Literal
from pydantic import Field
from clustersim.policy.rule import Rule, Seen

class Thrift(Rule):
    """Less for workshops once there are so many jobs."""

    use: Literal["thrift"] = "thrift"
    etiqueta = "Ahorro"
    source = "assumed"
    jobs: float = Field(0.0, ge=0, description="Jobs from which on less is paid.")
'''
DECIDE = '''
    def decide(self, seen: Seen):
        return {"consensus_workshops": 0.25} if seen.now["employment"] >= self.jobs else {}
'''
SCENARIO = """extends: no_policy
title: Thrift
horizon: {years: 4}
place: {clusters: [{name: valley, smes: 12, tractors: 1}]}
programme:
  rule: {use: thrift}
  stages:
    - name: only stage
      quarters: 16
      instruments:
        - {use: consensus_workshops, per_year: 80}
        - {use: awareness_events, per_year: 40}
"""
HEARD = []  # what rules of these tests have seen


class Watcher(Rule):
    """Writes down what it sees; pays a part that depends on it."""

    use: str = "watcher"

    def decide(self, seen):
        HEARD.append(seen)
        return {"consensus_workshops": min(10.0, seen.now["employment"] / 100.0), "awareness_events": 2}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in an empty folder, nothing heard yet."""
    monkeypatch.chdir(tmp_path)
    HEARD.clear()
    return tmp_path


def write(text=HEAD + DECIDE, name="thrift.py"):
    """Write a file; return its name."""
    Path(name).write_text(text, encoding="utf-8")
    return name


def thrift(decide=DECIDE):
    """Load a rule and return the scenario that uses it."""
    load_plugin(write(HEAD + decide))
    return load_scenario(write(SCENARIO, "thrift.yaml"))


def scenario(rule, names="ab", **programme):
    """Return a scenario of small clusters with a programme that a rule steers."""
    paid = [{"use": use, "per_year": 80.0} for use in ("consensus_workshops", "awareness_events", "consensus_workshops")]
    stages = [{"name": "one", "quarters": 8, "instruments": paid}, {"name": "two", "quarters": 8, "instruments": paid[:1]}]
    clusters = [{"name": name, "smes": 12, "tractors": 1} for name in names]
    return Scenario.model_validate({
        "title": "t", "place": {"clusters": clusters}, "programme": {"stages": stages, "rule": rule, **programme},
    })  # fmt: skip


# --- when it is asked, and what it sees ----------------------------------------------------------------------------


def test_it_is_asked_on_its_quarters_where_the_programme_is_announced_and_sees_what_is_recorded():
    made = scenario(Watcher(every=3), announced=1.0, lag_quarters=3, clusters=["b"])
    record = Simulation(made, 3, (5,)).run(24, chunk=24).indicators
    assert [seen.quarter for seen in HEARD] == [6, 9, 12, 15, 18, 21] and {seen.cluster for seen in HEARD} == {"b"}
    for seen in HEARD:
        assert list(seen.now.values()) == record[seen.quarter - 1, 1].tolist() and list(seen.now) == list(INDICATORS)
        assert list(seen.first.values()) == record[5, 1].tolist()
    # The first stage begins in quarter 7, the second in quarter 15.
    assert [seen.since_begin for seen in HEARD] == [None, 2, 5, 8, 11, 14]
    assert [seen.stage_name for seen in HEARD] == [None, "one", "one", "one", "two", "two"]
    assert [seen.stage for seen in HEARD] == [None, 0, 0, 0, 1, 1]
    with pytest.raises(AttributeError):
        HEARD[0].quarter = 3
    with pytest.raises(TypeError):
        HEARD[0].now["employment"] = 3.0
    assert type(HEARD[0].first) is MappingProxyType


def test_it_is_not_asked_before_anything_is_recorded():
    Simulation(scenario(Watcher(every=1)), 3).advance(3)
    assert [(seen.quarter, seen.cluster) for seen in HEARD] == [(1, "a"), (1, "b"), (2, "a"), (2, "b")]


def test_neither_chunks_nor_batches_nor_threads_change_what_it_does():
    made = scenario(Watcher(every=3))
    whole = Simulation(made, 3, range(4), workers=2).run(20, chunk=20)
    single = Simulation(made, 3, range(4), workers=1).run(20, chunk=1)
    assert np.array_equal(whole.indicators, single.indicators) and np.array_equal(whole.spending, single.spending)
    alone = Simulation(made, 3, (2,), workers=1).run(20, chunk=7)
    assert np.array_equal(alone.indicators, whole.indicators[:, 4:6])
    model = ClusterModel(made, seed=3, replicate=2)
    for row in whole.indicators[:, 4]:
        model.step()
        assert list(model.indicators["a"].values()) == row.tolist()


# --- what becomes of the money -------------------------------------------------------------------------------------


def test_money_is_the_factor_times_what_was_planned_until_the_next_decision():
    made = scenario(Watcher(every=3), names="a")
    found = Simulation(made, 3).run(20)
    jobs = found.indicators[:, 0, AT["employment"]]
    workshops = [1.0 if q < 3 else jobs[q - q % 3 - 1] / 100.0 for q in range(20)]
    events = [1.0 if q < 3 else 2.0 for q in range(20)]
    planned = np.zeros((20, 4))  # the rows: workshops, events and workshops in stage one, workshops in stage two
    planned[:8, :3], planned[8:16, 3] = 20.0, 20.0
    due = planned * np.array([workshops, events, workshops, workshops]).T
    assert np.allclose(found.spending.sum(axis=2), due, rtol=1e-12)
    assert len(set(workshops)) > 4, "the factor changes"


class Idle(Rule):
    """Changes nothing."""

    use: str = "idle"

    def decide(self, seen):
        return {} if seen.quarter % 8 else {"awareness_events": 1}


def test_a_rule_that_changes_nothing_changes_no_number():
    with_it, without = (Simulation(scenario(rule, evaluation=EVALUATION), 3, range(3)).run(20) for rule in (Idle(every=2), None))
    assert np.array_equal(with_it.indicators, without.indicators) and np.array_equal(with_it.spending, without.spending)


EVALUATION = {"every_years": 1, "per_year": 10, "indicator": "linked", "gain": 0.5}


def test_the_money_of_an_evaluation_is_left_alone():
    made = scenario(Watcher(every=1), evaluation=EVALUATION, names="a")
    spent = Simulation(made, 3).advance(4).spending.sum(axis=2)
    assert (spent[:, 4] == 2.5).all() and not (spent[1:, 1] == 20.0).any()


# --- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "after", "said"), [
    ("class Thrift(Rule)", "class Thrift", "subclass of clustersim.programme_rules.Rule"),
    ('    use: Literal["thrift"] = "thrift"\n', "", "has no use"),
    ('"thrift"] = "thrift"', '"facilitator"] = "facilitator"', "taken by clustersim itself"),
    ('    """Less for workshops once there are so many jobs."""\n', "", "has no docstring"),
    ('    source = "assumed"\n', "", "has no source"),
    ('    etiqueta = "Ahorro"\n', "", "has no etiqueta"),
    ("    source", '    grade = "sure"\n    source', "grade: found 'sure'; it must be one of measured, "),
    ("    source", '    grade: str = "assumed"\n    source', "grade: is no parameter"),
    ("    source", "    keeps_total = 1\n    source", "keeps_total: found 1; it must be true or false"),
    ('"thrift"] = "thrift"', '"gap_driven"] = "gap_driven"', "taken by clustersim itself"),
    ("    source", "    every: int = 8\n    source", "every: is common to all rules"),
    ("    source", "    _last: float = 0.0\n    source", "_last: a rule can keep nothing"),
    ("    source", '    model_config = {"frozen": False}\n    source', "must stay frozen"),
    ("    source", "    key: __import__('collections.abc').abc.Callable = print\n    source", "no scenario file can hold"),
    ("def decide(self, seen: Seen)", "def decided(self, seen: Seen)", "has no decide"),
    ("def decide(self, seen: Seen)", "def decide(self)", "decide: must take the rule itself and what it sees"),
    ("def decide(self, seen: Seen)", "async def decide(self, seen: Seen)", "can neither wait nor yield"),
])  # fmt: skip
@pytest.mark.filterwarnings("ignore:Field name")  # pydantic's own remark on a field that hides an attribute
def test_a_rule_that_breaks_the_contract_is_refused_in_one_sentence(before, after, said):
    text = HEAD + DECIDE
    assert before in text
    error = told(load_plugin, write(text.replace(before, after)))
    assert error.file == "thrift.py" and error.key == "class Thrift" and said in error.message
    assert "\n" not in error.message and 1 <= error.line <= 6 and registry.plugins() == []


def test_an_instrument_and_a_rule_may_share_a_file_but_no_name():
    lamp = HEAD[: HEAD.index("class")] + "from clustersim.policy.instruments import Effect, Instrument\n" + '''
class Lamp(Instrument):
    """Light."""

    use: Literal["lamp"] = "lamp"
    etiqueta = "Farola"
    source = "assumed"
    effects = (Effect("events", 1.0, 50.0),)
'''
    plugin = load_plugin(write(lamp + HEAD + DECIDE))
    assert [kind.__name__ for kind in (*plugin.kinds, *plugin.rules)] == ["Lamp", "Thrift"] and plugin.uses == ["lamp", "thrift"]
    with pytest.raises(InputError, match=r"taken by another class of thrift\.py"):
        load_plugin(write(lamp.replace('"lamp"', '"thrift"') + HEAD + DECIDE))


def test_a_scenario_with_it_is_checked_as_any_other(call):
    write(), write(SCENARIO, "thrift.yaml")
    code, _, err = call("scenario", "check", "thrift.yaml")
    assert code == 2 and "thrift.yaml:6: programme.rule.use: 'thrift' is not a rule" in err and "--plugin FILE" in err
    assert call("scenario", "check", "thrift.yaml", "--plugin", "thrift.py")[0] == 0
    assert "programme.rule.every: 4    # default" in call("scenario", "show", "thrift.yaml", "--plugin=thrift.py")[1]
    load_plugin("thrift.py")
    for rule, key, said in (
        ("{use: thrift, jobs: -1}", "programme.rule.jobs", "a number at least 0"),
        ("{use: thrift, every: 41}", "programme.rule.every", "a whole number from 1 to 40"),
        ("{use: thrift, jbos: 1}", "programme.rule.jbos", "not a key here"),
        ("{use: thirft}", "programme.rule.use", "stop_or_scale, thrift. Did you mean 'thrift'?"),
        ("{every: 2}", "programme.rule.use", "the name of a rule"),
        ("thrift", "programme.rule", "a mapping such as {use: NAME}"),
    ):
        (found,) = problems(write(SCENARIO.replace("{use: thrift}", rule), "wrong.yaml"))
        assert (found.key, found.line) == (key, 6) and said in found.message, rule
    assert problems(write("extends: thrift.yaml\nprogramme: {rule: {jobs: 9, every: 2}}\n", "changed.yaml")) == []
    assert load_scenario("changed.yaml").programme.rule.jobs == 9
    assert load_scenario("changed.yaml", ["programme.rule.every=7"]).programme.rule.every == 7


def test_the_json_schema_holds_it_when_it_is_loaded_beside_those_that_come_along(call):
    plain = scenario_json_schema()["$defs"]["Programme"]["properties"]["rule"]["anyOf"][0]
    assert list(plain["discriminator"]["mapping"]) == list(RULES)
    write()
    held = json.loads(call("describe", "schema", "--plugin", "thrift.py")[1])["$defs"]
    assert held["Thrift"]["required"] == ["use"] and held["Thrift"]["properties"]["jobs"]["minimum"] == 0
    assert held["Programme"]["properties"]["rule"]["anyOf"][0]["discriminator"]["mapping"]["thrift"] == "#/$defs/Thrift"
    *own, told = json.loads(call("describe", "rules", "--plugin", "thrift.py", "--json")[1])
    assert [one["name"] for one in own] == list(RULES) and told["name"] == "thrift"
    assert [p["name"] for p in told["parameters"]] == ["every", "jobs"]
    assert "jobs (a number at least 0; 0.0)" in call("describe", "instruments", "--plugin", "thrift.py")[1]
    assert json.loads(call("describe", "rules", "--json")[1]) == own


@pytest.mark.parametrize(("answer", "said"), [
    ("return 3", "returned 3; it must be a mapping"),
    ("return None", "returned None; it must be a mapping"),
    ("return {'consensus_workshop': 1}", "names 'consensus_workshop', which the programme does not use; it uses consensus"),
    ("return {'facilitator': 1}", "names 'facilitator', which the programme does not use"),
    ("return {3: 1}", "names 3, which the programme does not use"),
    ("return {'awareness_events': -0.1}", "factor for 'awareness_events' is -0.1; it must be a number from 0 to 10"),
    ("return {'awareness_events': 10.1}", "is 10.1; it must be a number from 0 to 10"),
    ("return {'awareness_events': float('nan')}", "is nan; it must be a number"),
    ("return {'awareness_events': True}", "is True; it must be a number"),
    ("return {'awareness_events': '1'}", "is '1'; it must be a number"),
    ("return {'awareness_events': 1 / (seen.stage or 0)}", "decide failed with ZeroDivisionError: "),
    ("return {'awareness_events': seen.now['jobs']}", "decide failed with KeyError: 'jobs'"),
    ("raise SystemExit(3)", "decide failed with SystemExit: 3"),
    ("seen.now['employment'] = 1", "decide failed with TypeError"),
])  # fmt: skip
def test_a_bad_answer_is_one_sentence_that_names_file_rule_cluster_and_quarter(call, answer, said):
    write(f"{HEAD}\n    def decide(self, seen):\n        {answer}\n"), write(SCENARIO, "thrift.yaml")
    status, _, err = call("run", "thrift.yaml", "--plugin", "thrift.py", "--replicates", 2, "--no-figures")
    told = err.splitlines()[-2:] if "Did you mean" in err else err.splitlines()[-1:]
    assert status == 2 and "Traceback" not in err and not Path("results").exists()
    assert "rule thrift: in cluster 'valley', quarter 4, replicate 0, its " in told[0] or "replicate 0, it names" in told[0]
    assert told[0].startswith("thrift.py:14: " if "failed" in said else "thrift.py: ") and said in told[0]
    assert ("Did you mean 'consensus_workshops'?" in err) == ("'consensus_workshop'," in said)


DESIGN = """title: Thrift
question: How much is enough?
scenarios: [thrift.yaml]
levers: {keys: {programme.rule.jobs: [0, 1000]}}
replicates: 4
outputs: {indicators: [employment], every: last, totals: [public_spending]}
"""


def test_in_a_sweep_only_the_replicates_in_which_it_fails_have_failed():
    jobs = Simulation(thrift(), replicates=range(24)).advance(4).indicators[-1, :, AT["employment"]]
    bar = float(np.sort(jobs)[-2:].mean())
    fails = f'''
    def decide(self, seen):
        if self.jobs == 0 and seen.quarter == 4 and seen.now["employment"] > {bar!r}:
            raise ValueError("too many")
        return {{}}
'''
    load_plugin(write(HEAD + fails))
    write(DESIGN.replace("replicates: 4", "replicates: 24"), "design.yaml")
    found = sweep("design.yaml", "results", workers=1)  # in batches of several runs
    assert found.failures["run"].tolist() == [int(jobs.argmax())] and found.done == 47
    reason = str(found.failures["reason"].iloc[0])
    assert reason.startswith("thrift.py:15: rule thrift: in cluster 'valley', quarter 4") and "ValueError: too many" in reason


# --- what is recorded ----------------------------------------------------------------------------------------------


def test_a_run_records_it_and_is_read_without_it(folder):
    result = simulate(thrift(), replicates=2)
    place = write_result(result, folder / result.folder_name)
    (said,) = result.provenance["plugins"]
    assert said["file"] == "thrift.py" and len(said["sha256"]) == 64 and said["instruments"] == []
    assert said["rules"] == [{"use": "thrift", "etiqueta": "Ahorro", "meaning": "Less for workshops once there are so many jobs.",
                              "grade": "assumed", "source": "assumed"}]  # fmt: skip
    assert type(read_run(place).scenario.programme.rule) is registry.rules()["thrift"]
    load_plugin(write(HEAD + DECIDE + "# a remark\n"))
    assert simulate("thrift.yaml", replicates=2).folder_name != result.folder_name, "another code, another name"
    use_files(())
    Path("thrift.py").unlink()
    read = read_run(place)
    assert isinstance(read.scenario.programme.rule, RecordedRule) and read.scenario.programme.rule.jobs == 0.0
    assert read.scenario.model_dump(mode="json") == json.loads((place / "run.json").read_text())["scenario"]
    page = write_report(place).read_text(encoding="utf-8")
    assert said["sha256"][:16] in page and "steers the money of the others every 1 year (jobs: 0)" in page
    with pytest.raises(InputError, match="'thrift' comes from a plugin that is not loaded"):
        simulate(read.scenario, replicates=1)


def test_comparisons_and_sweeps_run_it_and_record_it():
    thrift()
    write(SCENARIO.replace("  rule: {use: thrift}\n", ""), "plain.yaml")
    found = compare(["plain.yaml", "thrift.yaml"], replicates=4)
    assert [said["file"] for said in found.provenance["plugins"]] == ["thrift.py"]
    paid = found.runs.groupby("option", observed=True)["public_paid"].mean()
    assert paid["thrift"] < paid["plain"]
    write(DESIGN, "design.yaml")
    sweep("design.yaml", "results")
    assert make_plan("design.yaml")[0].content["model"]["plugins"] == {"thrift": registry.plugins()[0].sha256[:16]}
    use_files(())
    last = read_sweep(Path("results/design")).indicators
    spent = last.groupby("option", observed=True)["total_public_spending"].mean()
    # 120 kUSD a year for four years; from the second on a quarter of the 80 for workshops where it is thrifty.
    assert spent.tolist() == pytest.approx([480.0 - 3 * 60.0, 480.0])


# --- installed packages, template, test helper ---------------------------------------------------------------------


def test_an_installed_rule_is_there_when_a_programme_names_it(folder, monkeypatch):
    place, about = folder / "site" / "thriftworks", folder / "site" / "thriftworks-1.2.dist-info"
    place.mkdir(parents=True), about.mkdir()
    monkeypatch.syspath_prepend(str(folder / "site"))
    (place / "__init__.py").write_text(HEAD + DECIDE)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: thriftworks\nVersion: 1.2\n")
    (about / "entry_points.txt").write_text("[clustersim.rules]\nthrift = thriftworks:Thrift\nlamp = thriftworks:Rule\n")
    write(SCENARIO, "thrift.yaml")
    (said,) = simulate("thrift.yaml", replicates=1).provenance["plugins"]
    assert (said["package"], said["version"]) == ("thriftworks", "1.2") and said["rules"][0]["use"] == "thrift"
    with pytest.raises(InputError, match=r"thriftworks \(entry point lamp\): class Rule: is not a rule"):
        load_scenario(write(SCENARIO.replace("thrift}", "lamp}"), "lamp.yaml"))
    del sys.modules["thriftworks"]


@pytest.mark.parametrize("name", ["linked_first", "rule", "seen", "mapping"])
def test_the_template_works_at_once(call, name):
    code, out, _ = call("new", "rule", name, "--json")
    assert code == 0 and json.loads(out)["files"] == [f"{name}.py", f"test_{name}.py", f"{name}.yaml"]
    (rule,) = load_plugin(f"{name}.py").rules
    assert problems(f"{name}.yaml") == []
    assert check_rule(rule, ["awareness_events", "project_cofinance"]).use == name
    code, _, err = call("new", "rule", name)
    assert code == 2 and "exists; nothing was written" in err


def test_the_example_of_the_page_is_a_rule():
    page = (Path(__file__).parents[2] / "docs" / "extending.md").read_text(encoding="utf-8")
    (code,) = [text for text in re.findall(r"```python\n(.*?)```", page, re.S) if "(Rule)" in text]
    (rule,) = load_plugin(write(code, "linked_first.py")).rules
    assert check_rule(rule, ["awareness_events", "project_cofinance"], every=2, enough=0.4).decisions > 0


def test_the_helper_passes_a_rule_that_works_and_tells_what_it_did():
    thrift()
    rule = registry.rules()["thrift"]
    found = check_rule(rule, ["consensus_workshops", "association_grant"], replicates=3, every=5)
    assert found.use == "thrift" and found.decisions == 3 * 5 and "public_spending" in found.differs
    assert found.factors == {"consensus_workshops": (0.25, 0.25), "association_grant": (1.0, 1.0)}
    idle = check_rule(rule, ["consensus_workshops"], jobs=1e9)
    assert idle.factors == {"consensus_workshops": (1.0, 1.0)} and idle.differs == ()


MEMORY = '''
    def decide(self, seen):
        COUNT.append(seen)
        return {"consensus_workshops": min(10, len(COUNT) / 10)}

COUNT = []
'''


@pytest.mark.parametrize(("decide", "kind", "said"), [
    (MEMORY, AssertionError, "the same sight gives"),
    ("\n    def decide(self, seen):\n        print(seen.quarter)\n        return {}\n", AssertionError, "it prints"),
    ("\n    def decide(self, seen):\n        return {'facilitator': 1}\n", RuleFault, "names 'facilitator'"),
    ("\n    def decide(self, seen):\n        return {'consensus_workshops': 1 / seen.now['firms']}\n", None, ""),
])  # fmt: skip
def test_the_helper_finds_what_is_wrong(decide, kind, said):
    thrift(decide)
    rule = registry.rules()["thrift"]
    if kind is None:
        check_rule(rule, ["consensus_workshops"])
        return
    with pytest.raises(kind, match=said):
        check_rule(rule, ["consensus_workshops"])


def test_the_helper_refuses_what_is_no_rule_and_no_instrument():
    with pytest.raises(InputError, match="use must be a Literal"):
        check_rule(Watcher, ["consensus_workshops"])
    thrift()
    with pytest.raises(InputError, match="'workshop' is not an instrument"):
        check_rule(registry.rules()["thrift"], ["workshop"])
