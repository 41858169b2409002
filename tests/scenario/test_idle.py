"""What a scenario says that can do nothing is told by `scenario check`, which finds nothing wrong with it."""

from __future__ import annotations

import json

import pytest

from clustersim import load_scenario
from clustersim.scenario.idle import idle
from clustersim.scenario.loading import shipped_scenarios

FIVE = {"horizon.years": 5}
STAGE = {"name": "help", "quarters": 8, "instruments": [{"use": "facilitator", "per_year": 100}]}
ELSEWHERE = STAGE | {"instruments": [STAGE["instruments"][0] | {"clusters": ["b"]}]}
STATE = {"name": "x", "kind": "state", "share": 0.5}
TWO = {"place.clusters": [{"name": "a"}, {"name": "b"}]}


def shock(**given):
    """Return what sets one shock."""
    return {"environment.shocks": [{"kind": "demand", "year": 1, "size": 1} | given]}


def programme(**given):
    """Return what sets a programme of one stage."""
    return {"programme": {"stages": [STAGE]} | given}


@pytest.mark.parametrize(("change", "keys"), [
    (shock(), []), (shock(year=4.9), ["environment.shocks[0].year"]), (shock(year=4.75), []),
    (shock(kind="technology", year=7), []), (shock(kind="technology", year=8), ["environment.shocks[0].year"]),
    (shock(kind="technology", year=7) | {"parameters": {"environment": {"foresight": 4}}}, ["environment.shocks[0].year"]),
    (shock(kind="technology", years=2), ["environment.shocks[0].years"]), (shock(kind="political", years=2, size=0.5), []),
    (shock(kind="tractor_exit", size=0.5), ["environment.shocks[0].size"]), (shock(kind="tractor_exit"), []),
    ({"institutions.government.reforms": [{"year": 2, "coordination": 0.9}, {"year": 5, "coordination": 0.1}]},
     ["institutions.government.reforms[1].year"]),
    (programme(), []), (programme(announced=5, lag_quarters=40), ["programme.announced"]),
    (programme(announced=4, lag_quarters=4), ["programme.lag_quarters"]), (programme(announced=4, lag_quarters=3), []),
    (programme(selection={"mode": "calls", "rounds": [{"year": 0, "clusters": 1}, {"year": 6, "clusters": 1}]}),
     ["programme.selection.rounds[1].year"]),
    (programme(funders=[STATE, STATE | {"name": "y", "from_year": 5}]), ["programme.funders[1].from_year"]),
    (TWO | programme(clusters=["a"], scale={"b": 2.0}), ["programme.scale"]),
    (TWO | programme(clusters=["a"], stages=[ELSEWHERE]), ["programme.stages.help.instruments[0].clusters"]),
    (TWO | programme(scale={"b": 2.0}, stages=[ELSEWHERE]), []),
])  # fmt: skip
def test_what_can_do_nothing_is_found(change, keys):
    assert [remark.key for remark in idle(load_scenario("organic").with_(FIVE | change))] == keys


def test_no_shipped_scenario_says_anything_in_vain():
    assert {name: found for name in shipped_scenarios() if (found := idle(load_scenario(name)))} == {}


def test_the_check_tells_it_in_both_languages_and_as_json(call, tmp_path):
    (tmp_path / "late.yaml").write_text(
        "extends: organic\nenvironment: {shocks: [{kind: demand, year: 60, size: -0.2}]}\n", encoding="utf-8"
    )
    told = {"en": "environment.shocks[0].year does nothing: comes after the end of the run", "es": "no hace nada: llega después"}
    for lang, words in told.items():
        code, out, err = call("--lang", lang, "scenario", "check", "late.yaml")
        assert (code, err) == (0, "") and words in " ".join(out.split())
    code, out, _ = call("scenario", "check", "late.yaml", "--json")
    said = json.loads(out)
    assert code == 0 and said["valid"] and [remark["key"] for remark in said["remarks"]] == ["environment.shocks[0].year"]
