"""Every public function, fed wrong types, extremes and odd orders: a result, or one sentence; never anything else.

The cases are drawn from a seeded generator, so that a fault found once is found again: its message names the call.
"""

from __future__ import annotations

import functools
import math
import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from clustersim import (
    ClusterModel,
    InputError,
    RunResult,
    Simulation,
    compare,
    evidence,
    interactions,
    load_scenario,
    make_scenario,
    read_comparison,
    read_plan,
    read_result,
    replicate,
    reproduce,
    simulate,
    sweep,
    take_apart,
    write_comparison,
    write_result,
)
from clustersim.plugins import load_plugin, register
from clustersim.scenario.model import Scenario
from clustersim.simulation.mesa_model import ActorGone

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
    "tell": [len],
}  # fmt: skip
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
                                               "keep": [None]}),
    sweep: ({"experiment": [{"title": "t", "scenarios": ["no_such"]}], "out": ["out"]},
            {"name": [None, "s"], "workers": [1], "chunk": [5], "fresh": [False], "part": [None, (0, 1)], "order": [1]}),
    read_plan: ({"firms": ["no_such", REGISTER], "ties": [None], "activity_map": [None]}, READING),
    make_scenario: ({"firms": ["no_such", REGISTER], "out": ["out.yaml", None]},
                    {**READING, "title": [None, "t"], "force": [True], "anonymise": [True, False], "lang": [None, "es"],
                     "ties": [None], "extends": [None, "organic"]}),
    read_result: ({"folder": ["no_such"]}, {"partial": [True, False]}),
    read_comparison: ({"folder": ["no_such"]}, {}),
    write_result: ({"result": [None], "folder": ["out"]}, {"extras": [None]}),
    write_comparison: ({"comparison": [None], "folder": ["out"]}, {}),
    Simulation: ({"scenario": [TINY]}, {"seed": [None, 1], "replicates": [(0,), [3]], "workers": [1]}),
    ClusterModel: ({"scenario": [TINY]}, {"seed": [None, 1], "replicate": [None, 2], "collect": [False], "workers": [1]}),
    Simulation.load: ({"path": ["no_such"]}, {"workers": [1]}),
    load_plugin: ({"path": ["no_such.py"]}, {}),
    register: ({"kind": [None]}, {}),
    evidence_of: ({"ids": ["no_such", "sme_limit_eu", ["board_private", "key_activities"]]},
                  {"quick": [True, False], "seed": [1, 7], "progress": [None, False]}),
    take_apart: ({"scenario": [PAID, TINY]},
                 {"parts": ["instruments", "stages", {"a": ["facilitator"]}], "corners": [None, "full"], "replicates": [2],
                  "years": [0.25], "seed": [1], "out": ["out"], "workers": [1], "progress": [None, False]}),
    interactions: ({"result": ["no_such"]}, {}),
    reproduce: ({"result": ["no_such"]}, {"workers": [None, 1], "sample": [None], "progress": [None, False]}),
}  # fmt: skip
METHODS = {
    "advance": {"quarters": [0, 1]}, "run": {"quarters": [None, 0, 1], "progress": [None], "chunk": [8]},
    "change": {"overrides": [{"parameters.trust.gain": 0.1}, {"environment.shocks": []}]},
    "shock": {"kind": ["demand", "technology"], "size": [0.1], "years": [0.0, 1.0]},
    "branch": {"programme": [None, TINY], "changes": [None, {}]}, "save": {"path": ["no/such/folder/x"]},
}  # fmt: skip
OF_MODEL = {
    "change": METHODS["change"], "shock": METHODS["shock"], "actor": {"uid": [1]},
    "collect_indicators": {"model_reporters": [None, {}], "agent_reporters": [None]},
}  # fmt: skip
OF_RESULT = {
    "plot": {"kind": [3], "language": ["xx"]}, "to_csv": {"path": ["out.csv"]},
}  # fmt: skip
OF_SCENARIO = {"with_": {"overrides": [None, {}, {"seed": 3}, {"horizon.years": 0.25}]}}


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
        shown = ", ".join([*(_said(value) for value in positional), *(f"{name}={_said(value)}" for name,
        value in named.items())])
        name = getattr(function, "__qualname__", function)
        raise AssertionError(f"{name}({shown}): {type(error).__name__}: {error}") from error
    return True


def _said(value) -> str:
    try:
        return repr(value)[:300]
    except RuntimeError:
        return "Odd()"


@functools.cache
def result() -> RunResult:
    """Return a small result; it is only read."""
    return simulate(TINY, workers=1)


def attack(rng: random.Random) -> bool:
    """Call one function or method with drawn arguments."""
    pick = rng.random()
    if pick < 0.8:
        function = rng.choices(list(DOORS), WEIGHTS)[0]
        positional, named = DOORS[function]
        # Some arguments only: what is left out has its default, and wrong ones come singly as well as together.
        chosen = {name: named[name] for name in rng.sample(list(named), rng.randint(0, min(3, len(named))))}
        wrong = rng.choice([0.5, 0.9])
        first = drawn(rng, positional, wrong if not chosen else 0.3)
        return called(function, *first.values(), **drawn(rng, chosen, wrong))
    if pick < 0.88:
        methods, target = METHODS, Simulation(TINY, workers=1)
    elif pick < 0.92:
        methods, target = OF_MODEL, ClusterModel(TINY, workers=1)
    elif pick < 0.925:
        methods, target = OF_RESULT, result()
    else:
        methods, target = OF_SCENARIO, TINY
    name = rng.choice(list(methods))
    return called(getattr(target, name), **drawn(rng, methods[name], 0.6))


@pytest.mark.parametrize("cases", [QUICK, pytest.param(CASES, marks=pytest.mark.slow)])
def test_every_call_gives_a_result_or_one_sentence(cases, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = random.Random(cases)
    results = sum(attack(rng) for _ in range(cases))
    assert 0.02 * cases < results < 0.9 * cases  # both are met: what is taken, and what is refused
    # Nothing half-written: what is hidden are finished batches that `keep` asked for.
    hidden = {path.name for path in tmp_path.rglob(".*")}
    assert all(".kept-" in name for name in hidden), hidden
