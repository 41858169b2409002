"""What `simulate` and its like take: values as they are, or one sentence; and measures of one's own at chosen quarters."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from clustersim import InputError, load_scenario, read_result, replicate, simulate, write_result
from clustersim.core.errors import door, entering
from clustersim.results.tables import DATA_DICTIONARY
from clustersim.scenario.model import Scenario

TINY = Scenario.model_validate({
    "title": "tiny", "horizon": {"years": 2}, "place": {"clusters": [{"name": n, "smes": 8, "tractors": 1} for n in ("a",
    "b")]},
})  # fmt: skip
LOOK = {"jobs": lambda look: look.firms.employees.sum(), "ties": lambda look: len(look.ties)}


@pytest.mark.parametrize("given", [
    {"replicates": 2.5}, {"replicates": "3"}, {"replicates": [0.2, 0.9, 1.5]}, {"replicates": True}, {"replicates": 0},
    {"replicates": []}, {"replicates": [1, 1]}, {"replicates": [-1]}, {"replicates": np.arange(2.0)},
    {"replicates": float("nan")},
    {"seed": 1.5}, {"seed": "x"}, {"seed": True}, {"seed": -1}, {"seed": 2**63}, {"years": "a"}, {"years": float("nan")},
    {"years": float("inf")}, {"years": True}, {"workers": 1.5}, {"workers": -1}, {"workers": False}, {"records": 5},
    {"records": [5]},
    {"name": 5}, {"progress": 5}, {"tell": None}, {"keep": 5}, {"stop": 5}, {"changes": 5}, {"probes": 5}, {"probe_at": 2},
    {"probes": LOOK, "probe_at": [9]}, {"probes": LOOK, "probe_at": 0}, {"probes": {"quarter": len}}, {"probes": LOOK,
    "keep": "out"},
])  # fmt: skip
def test_what_is_no_such_value_is_refused_and_never_bent(given):
    with pytest.raises(InputError) as caught:
        simulate(TINY, **given)
    text = str(caught.value)
    assert "--" not in text and list(given)[-1] in text and len(caught.value.message.splitlines()) == 1


def test_numbers_of_replicates_come_as_any_collection():
    for given in (np.arange(3), range(3), (2, 0, 1), {0, 1, 2}, iter([0, 1, 2])):
        assert simulate(TINY, years=0.25, replicates=given).indicators["replicate"].unique().tolist() == [0, 1, 2]
    assert replicate(TINY, np.int64(2), years=0.25).replicates == 2
    with pytest.raises(InputError):
        replicate(TINY, 0)


def test_a_scenario_that_was_altered_is_checked_again_before_anything_is_written(tmp_path):
    for update in ({"seed": -3}, {"seed": True}, {"replicates": "2"}, {"place": None}, {"parameters": {"trust": {"gain": 9.0}}},
                   {"horizon": TINY.horizon.model_copy(update={"years": float("nan")})}):  # fmt: skip
        with pytest.raises(InputError):
            simulate(TINY.model_copy(update=update))
    inside = load_scenario("designed", {"parameters.trust.gain": 0.1})
    inside.parameters["trust"]["gain"] = 9.0
    with pytest.raises(InputError, match=r"parameters\.trust\.gain"):
        simulate(inside, years=0.25)
    good = TINY.model_copy(update={"seed": 3})
    assert read_result(write_result(simulate(good, years=0.25), tmp_path / "r")).seed == 3


def test_each_side_is_told_in_its_own_words():
    with entering("command"), pytest.raises(InputError, match="--seed"):
        simulate(TINY, seed=-1)
    with pytest.raises(InputError, match=r"^seed: -1 is not possible"):
        simulate(TINY, seed=-1)
    assert door(command="a", python="b") == "b"


def test_probes_measure_at_chosen_quarters_and_change_no_number(tmp_path):
    plain = simulate(TINY, seed=1, replicates=3, workers=1)
    probed = simulate(TINY, seed=1, replicates=3, workers=2, probes=LOOK, probe_at=[0, 5])
    assert probed.indicators.equals(plain.indicators) and probed.folder_name == plain.folder_name
    assert probed.probes.columns.tolist() == [*DATA_DICTIONARY["probes.parquet"]["columns"], "jobs", "ties"]
    held = probed.probes.merge(plain.indicators[["replicate", "cluster", "quarter", "employment"]])
    assert len(held) == 3 * 2 * 2 and np.allclose(held["jobs"], held["employment"])
    again = read_result(write_result(probed, tmp_path / "r"))
    assert again.probes.equals(probed.probes) and plain.probes is None
    assert sorted(simulate(TINY, probes=LOOK, probe_at=3).probes["quarter"].unique()) == [2, 5, 7]


def test_a_probe_that_fails_is_told_in_one_sentence():
    for probe, said in ((lambda look: 1 / 0, "ZeroDivisionError"), (lambda look: "x", "it returned 'x'"),
                        (lambda look: look.record.__setitem__("wage", 1.0), "read-only"), (lambda look: look.firms.nothing,
                        "nothing")):  # fmt: skip
        with pytest.raises(InputError, match=r"probes: own: in cluster 'a', quarter 3, replicate 0, it .*") as caught:
            simulate(TINY, probes={"own": probe})
        assert said in str(caught.value)


def test_probes_of_several_threads_do_not_meet():
    found = {}

    def work(k):
        found[k] = simulate(TINY, seed=k, probes={"seed": lambda look: look.firms.cash.sum() + k},
        probe_at=1).probes["seed"].tolist()

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k in range(4):
        assert found[k] == simulate(TINY, seed=k, probes={"seed": lambda look, k=k: look.firms.cash.sum() + k},
                                    probe_at=1).probes["seed"].tolist()  # fmt: skip
