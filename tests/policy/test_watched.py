"""Whatever the user's code raises, however long it takes, and whatever it keeps: one sentence, and no run without a reason."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from clustersim.core.errors import InputError, RuleFault
from clustersim.experiments.sweeping import sweep
from clustersim.policy.plugins import load_plugin
from clustersim.policy.plugins.contract import shown
from clustersim.policy.plugins.watching import VARIABLE, Escaped, Overdue, watched
from clustersim.scenario.loading import load_scenario
from clustersim.simulation.engine import Simulation

HEAD = '''import random
from collections import Counter
from typing import Literal
from clustersim.policy.rule import Rule, Seen

class Bad(BaseException): pass
class Mute(Exception):
    def __str__(self): raise Bad
class Odd(float):
    def __repr__(self): raise Bad
    def __float__(self): raise Bad
    def __le__(self, other): raise Bad
    __ge__ = __lt__ = __gt__ = __le__

SEEN, COUNT, LAST = [], Counter(), None
class Box: inside = 0
def note(value): Box.inside += value

class Thrift(Rule):
    """Less."""

    use: Literal["thrift"] = "thrift"
    etiqueta = "Ahorro"
    source = "assumed"
    parts: list[float] = [1.0]

    def decide(self, seen: Seen, _kept=[]):
'''
SCENARIO = """extends: no_policy
title: Thrift
horizon: {years: 2}
place: {clusters: [{name: valley, smes: 8, tractors: 1}]}
programme:
  rule: {use: thrift, every: 2}
  stages: [{name: only, quarters: 8, instruments: [{use: awareness_events, per_year: 40}]}]
"""
DESIGN = "title: t\nquestion: q\nscenarios: [s.yaml]\nreplicates: 3\nlevers: {keys: {programme.rule.every: [2, 4]}}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def load(*lines):
    """Load the rule whose decision is these lines; return the scenario."""
    Path("thrift.py").write_text(HEAD + "".join(f"        {line}\n" for line in lines), encoding="utf-8")
    Path("s.yaml").write_text(SCENARIO, encoding="utf-8")
    load_plugin("thrift.py")
    return load_scenario("s.yaml")


RAISED = [
    ("raise KeyboardInterrupt", "its decide failed with KeyboardInterrupt"),
    ("raise GeneratorExit", "its decide failed with GeneratorExit"),
    ("raise SystemExit(0)", "its decide failed with SystemExit: 0"),
    ("raise Bad('x')", "its decide failed with Bad: x"),
    ("raise Mute", "its decide failed with Mute: what it says cannot be read, for that fails with thrift.Bad"),
    ("raise ValueError('x' * 1_000_000)", "its decide failed with ValueError: xxx"),
    ("return {'awareness_events': 10**400}", "is 1000000"),
    ("return {'awareness_events': 10**5000}", "is <int>"),
    ("return {'awareness_events': float('nan')}", "is nan"),
    ("return {'awareness_events': Odd(1)}", "its answer cannot be read"),
    ("return list(range(3_000_000))", "returned [0, 1, 2"),
    ("return {k: 1.0 for k in range(300_000)}", "it names 0, which"),
    ("return Odd(3)", "returned <"),
    ("seen.now['employment'] = 1", "failed with TypeError"),
    ("object.__setattr__(seen, 'quarter', 0); return {}", "it changed what it was shown"),
    ("__import__('gc').get_referents(seen.now)[0]['employment'] = 0.0; return {}", "it changed what it was shown"),
]


@pytest.mark.parametrize(("line", "said"), RAISED)
def test_whatever_it_does_is_one_sentence_with_its_file(line, said):
    with pytest.raises(RuleFault) as caught:
        Simulation(load(line), replicates=range(2)).advance(6)
    text = str(caught.value)
    assert text.startswith("thrift.py") and "rule thrift: in cluster 'valley', quarter 2, replicate 0, " in text
    assert said.replace("thrift.Bad", "") in text and "\n" not in caught.value.message and len(text) < 500


KEPT = [
    ("SEEN.append(seen.quarter); return {}", "SEEN"),
    ("COUNT[seen.cluster] += 1; return {}", "COUNT"),
    ("global LAST; LAST = seen.quarter; return {}", "LAST"),
    ("note(1); return {}", "Box.inside"),
    ("_kept.append(1); return {}", "the defaults of decide"),
    ("type(self).total = getattr(type(self), 'total', 0) + 1; type(self).decide.calls = 1; return {}", None),
    ("self.parts.append(2.0); return {}", "self.parts"),
    ("object.__setattr__(self, 'parts', [2.0]); return {}", "self.parts"),
]


@pytest.mark.parametrize(("line", "place"), [one for one in KEPT if one[1]])
def test_what_it_keeps_from_one_decision_to_the_next_is_found_and_refused(line, place):
    with pytest.raises(RuleFault, match=f"it keeps something in {place} from one decision to the next"):
        Simulation(load(line), replicates=range(2)).advance(6)


def test_what_it_draws_at_random_is_found_and_refused():
    with pytest.raises(RuleFault, match=r"it answers the same sight once with \{'awareness_events': 0"):
        Simulation(load("return {'awareness_events': random.random()}")).advance(6)


def test_tables_that_it_only_reads_are_no_state():
    made = load("return {'awareness_events': 1.0 / (1 + len(SEEN) + Box.inside + sum(self.parts))}")
    alone, among = (Simulation(made, 3, numbers).advance(8).indicators for numbers in ([1], range(3)))
    assert np.array_equal(alone[:, 0], among[:, 1])


@pytest.mark.parametrize("line", ["raise KeyboardInterrupt", "raise Bad", "SEEN.append(1); return {}"])
def test_in_a_sweep_no_run_fails_without_its_reason(line, call):
    load(line)
    Path("design.yaml").write_text(DESIGN)
    found = sweep("design.yaml", "results", workers=2)
    assert found.done == 0 and found.failed == 6 and found.missing == 0
    assert found.failures["reason"].str.startswith("thrift.py").all()
    status, _out, err = call("sweep", "design.yaml", "--out", "other", "--plugin", "thrift.py")
    assert status == 1 and "6 runs failed; most often: thrift.py" in err and "Traceback" not in err


@pytest.mark.parametrize("line", ["while True: pass", "__import__('time').sleep(1e6)"])
def test_what_does_not_end_is_a_fault_after_the_time_that_is_allowed(monkeypatch, line):
    made = load(line)
    monkeypatch.setenv(VARIABLE, "0.3")
    began = time.monotonic()
    with pytest.raises(RuleFault, match=r"its decide did not end: it was not done after 0\.3 s; CLUSTERSIM_PLUGIN_SECONDS"):
        Simulation(made).advance(6)
    assert time.monotonic() - began < 10.0


@pytest.mark.parametrize("said", ["", "0", "-1", "nan", "inf", "soon"])
def test_an_impossible_time_is_refused(monkeypatch, said):
    monkeypatch.setenv(VARIABLE, said)
    with pytest.raises(InputError, match=r"CLUSTERSIM_PLUGIN_SECONDS: found .*must be a number of seconds above 0"):
        load("return {}")


@pytest.mark.parametrize(("line", "said"), [
    ("raise KeyboardInterrupt", "KeyboardInterrupt"), ("raise GeneratorExit('g')", "GeneratorExit: g"),
    ("raise BaseException('b')", "BaseException: b"), ("raise SystemExit(0)", "SystemExit: 0"),
    ("class E(Exception):\n    def __str__(self): raise KeyboardInterrupt\nraise E", "E: what it says cannot be read"),
    ("class M(type):\n    @property\n    def __mro__(cls): raise GeneratorExit\nraise ValueError('x' * 10**6)", "ValueError: x"),
    ("while True: pass", r"it was not done after 0\.5 s"),
])  # fmt: skip
def test_a_file_that_fails_while_it_is_loaded_is_one_sentence(monkeypatch, line, said):
    monkeypatch.setenv(VARIABLE, "0.5")
    Path("bad.py").write_text(line + "\n")
    with pytest.raises(InputError, match=f"cannot be loaded: {said}") as caught:
        load_plugin("bad.py")
    assert caught.value.file == "bad.py" and len(str(caught.value)) < 500


def test_errors_and_values_come_back_and_what_is_no_exception_is_told_apart():
    assert watched(lambda watch: 3) == 3
    with pytest.raises(ZeroDivisionError):
        watched(lambda watch: 1 / 0)
    with pytest.raises(Escaped, match="KeyboardInterrupt"):
        watched(lambda watch: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(Overdue):
        watched(lambda watch: time.sleep(5), 0.05)


def test_the_time_counts_anew_for_each_call():
    def work(watch):
        for _ in range(5):
            watch.next()
            time.sleep(0.2)
        return True

    assert watched(work, 0.8)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_ends_it_as_before(folder):
    load("print('asked', flush=True, file=__import__('sys').stderr); __import__('time').sleep(1e6)")
    child = subprocess.Popen([sys.executable, "-m", "clustersim", "run", "s.yaml", "--plugin", "thrift.py", "--no-figures"],
                             stderr=subprocess.PIPE, text=True)  # fmt: skip
    assert child.stderr is not None
    said = ""
    while "asked" not in said:
        said = child.stderr.readline()
    child.send_signal(signal.SIGINT)
    assert "Stopped; no result was left half-written." in child.communicate(timeout=30)[1] and child.returncode == 1
    assert not Path("results").exists()


HUGE = [10**5000, [[1] * 10**6] * 3, {k: k for k in range(10**5)}, "x" * 10**6, object()]


@pytest.mark.parametrize("value", HUGE, ids=["number", "lists", "mapping", "text", "object"])
def test_any_value_is_shown_in_one_short_line(value):
    assert 1 <= len(shown(value)) <= 60
