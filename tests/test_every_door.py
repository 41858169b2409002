"""Every public function, fed wrong types, extremes and odd orders: a result, or one sentence; never anything else.

The cases are drawn from a seeded generator, so that a fault found once is found again: its message names the call.
"""

from __future__ import annotations

import atexit
import functools
import inspect
import itertools
import math
import random
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

import clustersim
from clustersim import (
    ClusterModel,
    Comparison,
    InputError,
    Interactions,
    RunResult,
    Simulation,
    compare,
    evidence,
    interactions,
    load_scenario,
    make_scenario,
    plugins,
    read_comparison,
    read_plan,
    read_result,
    replicate,
    reproduce,
    simulate,
    sweep,
    take_apart,
    testing,
    write_comparison,
    write_result,
)
from clustersim.core import arguments
from clustersim.experiments.reading import SweepResult
from clustersim.instruments import INSTRUMENTS, Instrument
from clustersim.plugins import Indicator, check, load_plugin, register, use_files
from clustersim.programme_rules import Rule
from clustersim.scenario.model import Scenario
from clustersim.simulation.mesa_model import ActorGone
from clustersim.testing import check_indicator, check_instrument, check_rule

CASES, QUICK = 100_000, 3_000
TINY = Scenario.model_validate({
    "title": "tiny", "horizon": {"years": 0.25}, "place": {"clusters": [{"name": "a", "smes": 3, "tractors": 1}]},
    "replicates": 1,
})  # fmt: skip
PAID = Scenario.model_validate(TINY.model_dump(exclude_unset=True) | {
    "title": "paid", "programme": {"stages": [{"name": "s", "quarters": 1, "instruments": [
        {"use": "facilitator", "per_year": 50}, {"use": "awareness_events", "per_year": 20}]}]},
})  # fmt: skip
OTHER = TINY.with_({"institutions.government.coordination": 0.9}, title="other")


class Rich(Indicator):
    """Firms with more than 100 kUSD in cash."""

    use: Literal["rich_firms"] = "rich_firms"
    unit, etiqueta = "firms", "Empresas con caja"

    def measure(self, look):
        return (look.firms.cash > 100.0).sum()


class Even(Rule):
    """Pay what is planned."""

    use: Literal["even"] = "even"
    etiqueta, source, grade = "Parejo", "assumed", "assumed"

    def decide(self, seen):
        return {}


class Odd:
    """An object that answers nothing, not even with its name."""

    def __repr__(self):
        raise RuntimeError("no name")


class Endless:
    """A collection without an end."""

    def __iter__(self):
        return iter(int, 1)


ODD = [
    None, True, False, 0, 1, -1, 2, 3, 2**31, 2**63 - 1, 2**63, 2**64, -(2**70), 10**400, 0.0, -0.0, 0.5, 1.0, 1.5, 2.5,
    1e-320, 1e308,
    math.nan, math.inf, -math.inf, 1j, Fraction(1, 2), Decimal("1"), Decimal("NaN"), "", " ", "3", "x", "a=b", "seed", "\0",
    "\ud800", "x" * 5000, "../..", "/", b"organic", bytearray(b"x"), [], [1], [0, 1], [1, 1], [0.2, 1.5], [None], ["firms"],
    [[1]],
    (), (0,), (0, 1), (1, 0), {}, {"a": 1}, {1: 2}, {"seed": 3}, {"seed": -3}, {"horizon.years": 0.25},
    {"parameters.trust.gain": 0.1},
    {"parameters.trust.gain": math.nan}, {"parameters.trust": 5}, {"place": None}, {"k": 1}, {"": 1}, {"a": len},
    {"a": lambda look: 1},
    {"a": lambda look: 1 / 0}, set(), {0, 1}, range(2), range(0), range(10**12), np.arange(2), np.arange(2.0), np.array(3),
    np.zeros((2, 2)),
    np.int64(1), np.float64(0.25), np.float32("nan"), np.bool_(True), np.array(["a"]), np.datetime64("2020"), Endless(),
    Odd(), object,
    object(), len, print, Path("."), Path("no/such/place"), Exception("x"), TINY, OTHER, TINY.model_copy(update={"seed": -3}),
    TINY.model_copy(update={"place": None}), TINY.model_copy(update={"parameters": {"trust": {"gain": 9.0}}}),
    TINY.model_copy(update={"replicates": "2"}), TINY.model_copy(update={"horizon": None}), [TINY, OTHER], {"one": TINY,
    "two": OTHER},
    [{"quarter": 0, "key": "parameters.trust.gain", "now": 0.1}], [{"quarter": 0, "key": "seed", "now": 1}], [{}],
    [{"quarter": "a"}],
]  # fmt: skip
REGISTER = Path(__file__).parent / "scenario" / "registers" / "files" / "denue.csv"
NUMBERS = {"seed": [0, 1, 2**63 - 1], "replicates": [1, 2, [1], range(2)], "years": [0.25, 0.5], "workers": [None, 1, 2]}
RUN = {
    **NUMBERS, "records": [(), "firms", ["ties", "events"]], "name": [None, "n"], "progress": [None, print], "keep": [None],
    "probes": [None, {"jobs": lambda look: look.firms.employees.sum()}], "probe_at": [None], "changes": [()], "stop": [None],
    "tell": [len], "indicators": [None, []],
}  # fmt: skip
HEARD = {"progress": [None, False], "stop": [None, threading.Event()], "tell": [len]}
READING = {
    "currency": [None, "MXN", "usd"], "rate": [None, 2.0], "decimal": [None, "comma"], "closed": ["keep"], "year": [None, 2023],
    "swapped": [None, True], "ignore": [(), ["sales"]], "read": [(), ["sales=exports"]], "crs": ["km"],
    "register": [None, "denue"], "table": [None], "by_municipality": [False],
}  # fmt: skip


def evidence_of(ids, **named):
    """Call `evidence`, but not of all facts, which would take minutes."""
    empty = isinstance(ids, list | tuple | dict | set | range | str | bytes) and not len(ids)
    return evidence("no_such" if empty else ids, **named)


# Of each function: what is given by position, and by name; the values that it takes. None runs anything large.
DOORS = {
    load_scenario: ({"name_or_path": ["organic"], "overrides": [(), {}, ["seed=3"], {"seed": 3}]}, {}),
    simulate: ({"scenario": [TINY]}, RUN),
    replicate: ({"scenario": [TINY]}, {"replicates": [None, 1], "seed": [1], "years": [0.25], "workers": [1]}),
    compare: ({"scenarios": [[TINY, OTHER]]}, {"baseline": [None, "tiny"], "replicates": [2], "years": [0.25], "seed": [1],
                                               "worlds": [0], "discount": [0.0, 0.03], "paired": [True], "workers": [1],
                                               "keep": [None], **HEARD}),
    sweep: ({"experiment": [{"title": "t", "scenarios": ["no_such"]}], "out": ["out"]},
            {"name": [None, "s"], "workers": [1], "chunk": [5], "fresh": [False], "part": [None, (0, 1)], "order": [1],
             "retry_failed": [False], **HEARD}),
    read_plan: ({"firms": ["no_such", REGISTER], "ties": [None], "activity_map": [None]},
                {**READING, "anonymise": [True, False]}),
    make_scenario: ({"firms": ["no_such", REGISTER], "out": ["out.yaml", None]},
                    {**READING, "title": [None, "t"], "force": [True], "anonymise": [True, False], "lang": [None, "es"],
                     "ties": [None], "extends": [None, "organic"], "activity_map": [None]}),
    read_result: ({"folder": ["no_such"]}, {"partial": [True, False]}),
    read_comparison: ({"folder": ["no_such"]}, {}),
    write_result: ({"result": [None], "folder": ["out"]}, {"extras": [None]}),
    write_comparison: ({"comparison": [None], "folder": ["out"]}, {"extras": [None]}),
    Simulation: ({"scenario": [TINY]}, {"seed": [None, 1], "replicates": [(0,), [3]], "workers": [1]}),
    ClusterModel: ({"scenario": [TINY]}, {"seed": [None, 1], "replicate": [None, 2], "collect": [False], "workers": [1]}),
    Simulation.load: ({"path": ["no_such"]}, {"workers": [1]}),
    load_plugin: ({"path": ["no_such.py"]}, {}),
    register: ({"brought": [None]}, {}),
    use_files: ({"paths": [(), ["no_such.py"]]}, {}),
    check: ({"kind": [INSTRUMENTS["facilitator"]]}, {"file": [""], "line": [None], "taken": [None, {}], "base": [Instrument]}),
    check_indicator: ({"kind": [Rich]}, {"replicates": [1], "seed": [1]}),
    check_instrument: ({"kind": [INSTRUMENTS["awareness_events"]]}, {"replicates": [1], "seed": [1]}),
    check_rule: ({"rule": [Even], "instruments": [["facilitator"]]}, {"replicates": [1], "seed": [1]}),
    evidence_of: ({"ids": ["no_such", "sme_limit_eu", ["board_private", "key_activities"]]},
                  {"quick": [True, False], "seed": [1, 7], "progress": [None, False]}),
    take_apart: ({"scenario": [PAID, TINY]},
                 {"parts": ["instruments", "stages", {"a": ["facilitator"]}], "corners": [None, "full"], "replicates": [2],
                  "years": [0.25], "seed": [1], "out": ["out"], "workers": [1], **HEARD}),
    interactions: ({"result": ["no_such"]}, {}),
    reproduce: ({"result": ["no_such"]}, {"workers": [None, 1], "sample": [None], "progress": [None, False]}),
}  # fmt: skip
SEEN = {"plot": {"kind": [3], "language": ["xx"]}, "to_csv": {"path": ["out.csv"]}}
# Of each class: what makes or returns one, its methods, and how often they are called.
CLASSES = {
    Simulation: (lambda: Simulation(TINY, workers=1), {
        "advance": {"quarters": [0, 1]}, "run": {"quarters": [None, 0, 1], "progress": [None], "chunk": [8]},
        "change": {"overrides": [{"parameters.trust.gain": 0.1}, {"environment.shocks": []}]},
        "shock": {"kind": ["demand", "technology"], "size": [0.1], "years": [0.0, 1.0]},
        "branch": {"programme": [None, TINY], "changes": [None, {}]}, "save": {"path": ["no/such/folder/x"]},
    }, 80),
    ClusterModel: (lambda: ClusterModel(TINY, workers=1), {
        "change": {"overrides": [{"parameters.trust.gain": 0.1}, {"environment.shocks": []}]}, "actor": {"uid": [1]},
        "shock": {"kind": ["demand", "technology"], "size": [0.1], "years": [0.0, 1.0]},
        "collect_indicators": {"model_reporters": [None, {}], "agent_reporters": [None], "agenttype_reporters": [None]},
    }, 40),
    RunResult: (lambda: result(), {**SEEN, "most_frequent_phase": {"cluster": [None, "a"]}}, 5),
    Comparison: (lambda: compared(), {
        **SEEN, "option": {"name": ["other"]}, "outcome": {"option": ["other"], "name": ["jobs"]},
        "series": {"option": ["other"], "name": ["employment"]}, "paired_series": {"option": ["other"], "name": ["employment"]},
        "difference_series": {"option": ["other"], "name": ["employment"]}, "phase_shares": {"option": ["other"]},
    }, 10),
    SweepResult: (lambda: swept(), SEEN, 5),
    Interactions: (lambda: interactions(swept()), {
        **SEEN, "of": {"kind": ["pair"], "outcome": [None, "jobs"], "scenario": [None, "paid"], "others": ["off"]},
        "pairs": {"outcome": ["jobs"], "scenario": ["paid"]}, "looked_at": {"outcome": ["jobs"], "scenario": ["paid"]},
        "lines": {"outcome": ["jobs"], "scenario": ["paid"]}, "sentences": {"every": [True]},
    }, 10),
    Scenario: (lambda: TINY, {"with_": {"overrides": [None, {}, {"seed": 3}, {"horizon.years": 0.25}]}}, 50),
}  # fmt: skip


BY_FEWER = {"given"}  # `read_plan` and `make_scenario` take the tables as one argument or as three
INNER = {"parts", "said_parts"}  # methods that take what another one returned
HEAVY = {compare: 1, simulate: 2, replicate: 2, take_apart: 1}  # how often these are called, where others are ten times
WEIGHTS = [HEAVY.get(function, 10) for function in DOORS]


def drawn(rng: random.Random, takes: dict[str, list], wrong: float) -> dict:
    """Return an argument for each name: one that is taken, or with some chance anything."""
    return {name: rng.choice(ODD) if rng.random() < wrong else rng.choice(good) for name, good in takes.items()}


def called(function, *positional, **named) -> bool:
    """Call; return whether a result came. Anything but a result or one sentence fails, and says what was called."""
    try:
        function(*positional, **named)
    except ActorGone:
        return False  # its own sentence
    except InputError as error:
        text = str(error)
        assert error.message and len(error.message.splitlines()) == 1 and "Traceback" not in text and "pydantic" not in text, text
        assert len(text) < 6000, text[:200]
        return False
    except BaseException as error:
        if named.get("progress") is len:
            return False  # a function of one argument, which raises by itself; that is its author's to see
        shown = ", ".join([*(_said(value) for value in positional), *(f"{name}={_said(value)}" for name, value in named.items())])
        name = getattr(function, "__qualname__", function)
        raise AssertionError(f"{name}({shown}): {type(error).__name__}: {arguments.said(error)}") from error
    return True


def _said(value) -> str:
    try:
        return repr(value)[:300]
    except Exception:
        return type(value).__name__


@functools.cache
def result() -> RunResult:
    """Return a small result; it is only read."""
    return simulate(TINY, workers=1)


@functools.cache
def compared() -> Comparison:
    """Return a small comparison; it is only read."""
    return compare([TINY, OTHER], replicates=2, workers=1)


@functools.cache
def swept() -> SweepResult:
    """Return a small sweep of two parts; it is only read."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, True)
    return read_result(take_apart(PAID, replicates=2, out=folder, workers=1).folder)


def attack(rng: random.Random) -> bool:
    """Call one function or method with drawn arguments."""
    if rng.random() < 0.8:
        function = rng.choices(list(DOORS), WEIGHTS)[0]
        positional, named = DOORS[function]
        # Some arguments only: what is left out has its default, and wrong ones come singly as well as together.
        chosen = {name: named[name] for name in rng.sample(list(named), rng.randint(0, min(3, len(named))))}
        wrong = rng.choice([0.5, 0.9])
        first = drawn(rng, positional, wrong if not chosen else 0.3)
        return called(function, *first.values(), **drawn(rng, chosen, wrong))
    one, methods, _ = rng.choices(list(CLASSES.values()), [often for *_, often in CLASSES.values()])[0]
    name = rng.choice(list(methods))
    return called(getattr(one(), name), **drawn(rng, methods[name], 0.6))


@pytest.mark.parametrize("cases", [QUICK, pytest.param(CASES, marks=pytest.mark.long)])
def test_every_call_gives_a_result_or_one_sentence(cases, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = random.Random(cases)
    results = sum(attack(rng) for _ in range(cases))
    assert 0.02 * cases < results < 0.9 * cases  # both are met: what is taken, and what is refused
    # Nothing half-written: what is hidden are finished batches that `keep` asked for.
    hidden = {path.name for path in tmp_path.rglob(".*")}
    assert all(".kept-" in name for name in hidden), hidden


def _singly(odd: list) -> Iterator[tuple[Callable, list, dict]]:
    """Yield calls with one argument in turn each of the odd ones: all others given and taken, or as few as can be given."""
    for function, (positional, named) in DOORS.items():
        first, rest = ({name: good[0] for name, good in given.items()} for given in (positional, named))
        for name, value in itertools.product([*first, *rest], odd):
            changed = {name: value}
            placed = [changed.get(k, v) for k, v in first.items()]
            yield function, placed, {k: changed.get(k, v) for k, v in rest.items()}
            yield function, placed, changed if name in rest else {}
    for one, methods, _ in CLASSES.values():
        for method, takes in methods.items():
            for name, value in itertools.product(takes, odd):
                yield getattr(one(), method), [], {k: value if k == name else good[0] for k, good in takes.items()}


@pytest.mark.parametrize("odd", [[None, True, "x"], pytest.param(ODD, marks=pytest.mark.slow)], ids=["few", "all"])
def test_one_odd_argument_among_good_ones_gives_a_result_or_one_sentence(odd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    results = [called(function, *positional, **named) for function, positional, named in _singly(odd)]
    assert 0 < sum(results) < len(results)


def _public(owner: object) -> Iterator[str]:
    """Yield the names of a class's own methods that take anything, as its users call them."""
    for name, method in vars(owner).items():
        if not name.startswith("_") and inspect.isfunction(method) and len(inspect.signature(method).parameters) > 1:
            yield name


def test_every_public_function_method_and_argument_is_fed():
    functions = [getattr(module, name) for module in (clustersim, plugins, testing) for name in module.__all__]
    fed = {evidence if function is evidence_of else function: takes for function, takes in DOORS.items()}
    for function in filter(inspect.isfunction, functions):
        positional, named = fed[function]
        extra = {"fields"} | ({"options"} if function is replicate else set())  # what only passes through
        assert set(inspect.signature(function).parameters) - extra <= {*positional, *named} | BY_FEWER, function
    for owner, (_, methods, _) in CLASSES.items():
        for name in set(_public(owner)) - INNER:
            assert set(inspect.signature(getattr(owner, name)).parameters) - {"self", "more"} == set(methods[name]), (owner, name)
