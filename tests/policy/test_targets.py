"""Targets of instruments, from the scenario to the money: whom they are for, what is refused, and named winners of rounds."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clustersim.core.errors import InputError
from clustersim.model.levers import LEVERS
from clustersim.model.state import AIMS_MAX
from clustersim.policy.instruments import INSTRUMENTS
from clustersim.policy.programme import Programme
from clustersim.results import simulate
from clustersim.scenario.loading import load_scenario
from clustersim.scenario.model import Scenario
from clustersim.simulation.engine import Simulation

TRAINING = {"use": "training_centre", "per_year": 200, "target": "members"}
CALL = {"every_years": 1, "winners": 5, "by": "merit"}
ASSOCIATION = {"members": 12, "staff": 2, "money": 500}


def scenario(*instruments: dict[str, Any], place: dict[str, Any] | None = None, **programme: Any) -> Scenario:
    """Return a small place with an association and a programme of one stage."""
    spec = {"name": "one", "smes": 25, "tractors": 2, "association": ASSOCIATION} | (place or {})
    stage = {"name": "only", "quarters": 16, "instruments": list(instruments)}
    return Scenario.model_validate({
        "title": "t", "horizon": {"years": 4}, "replicates": 2, "place": {"clusters": [spec]},
        "programme": {"stages": [stage], **programme},
    })  # fmt: skip


def plain(use: str, **more: Any) -> dict[str, Any]:
    return {"use": use, "per_year": 200, **more}


def test_a_programme_knows_its_aims_and_equal_ones_share_a_bit():
    one, other = plain("export_network", target="members"), plain("standards", target="members", classes=["small"])
    calls = [plain("export_network", target="winners", call=CALL)] * 2
    found = scenario(one, one, other, *calls, plain("export_network")).programme
    assert [aim.target for aim in found.aims()] == ["members", "members", "winners", "winners"]
    rows = found.rows("one", ("suppliers", "producers"), lambda *_: (27.0, 500.0))
    by_instrument = {int(row.instrument): int(row.aim) for row in rows}
    assert by_instrument == {0: 0, 1: 0, 2: 1, 3: 2, 4: 3, 5: -1}


def test_the_full_cost_of_an_aim_has_no_number_of_the_start_in_it():
    kinds = [kind for kind in INSTRUMENTS.values() if any(e.per == "hundred firms" and LEVERS[e.channel].reach == "firms"
                                                         for e in kind.effects)]  # fmt: skip
    use = kinds[0].model_fields["use"].default
    programme = scenario(plain(use), plain(use, target="members")).programme
    everyone, members = programme.rows("one", ("a", "b"), lambda *_: (50.0, 9.0))
    assert everyone.per_firm == 0.0 and members.per_firm == pytest.approx(0.01)
    assert everyone.full_cost == pytest.approx(members.full_cost * 0.5)


@pytest.mark.parametrize("target", [
    {"target": "members"}, {"target": "group"}, {"target": "young", "younger_than": 5}, {"target": "winners", "call": CALL},
    {"target": "winners", "call": CALL | {"by": "lottery"}},
])  # fmt: skip
def test_every_target_runs_pays_and_keeps_the_books(target):
    simulation = Simulation(scenario(plain("standards", **target)), seed=1, replicates=[0, 1])
    c, a = simulation.state.clusters, simulation.state.actors

    def money() -> float:
        return float(a.cash.sum() + sum(c[name].sum() for name in ("nation", "abroad", "project_fund", "guarantee_fund",
                                                                  "venture_fund")))  # fmt: skip

    before = money()
    for _ in range(16):
        simulation.advance(1)
    c, a = simulation.state.clusters, simulation.state.actors
    assert money() == pytest.approx(before, abs=1e-6)
    assert (c.aims == 1).all() and (c.aim_firms[:, 1:] == 0.0).all()
    if target["target"] in ("young", "winners"):
        assert (c.aim_firms[:, 0] > 0.0).all()
    if target["target"] == "winners":
        assert (c.aim_firms[:, 0] <= 5.0).all()


def test_members_are_better_off_for_what_is_for_them_alone():
    """Quality rises among members, not among the others, when standards are for members."""
    gains = []
    for target in ({}, {"target": "members"}):
        result = simulate(scenario(plain("standards", per_year=100, **target)), replicates=3, records=("firms",), years=2)
        last = result.firms[result.firms["quarter"] == 7]
        assert last["member"].any() and not last["member"].all()
        gains.append((last[last["member"]]["quality"].mean(), last[~last["member"]]["quality"].mean()))
    everyone, members = gains
    assert members[0] - members[1] > everyone[0] - everyone[1] + 0.005


def test_targets_of_everyone_change_no_number():
    base = simulate(scenario(plain("standards")), replicates=2).indicators
    said = simulate(scenario(plain("standards", target="everyone")), replicates=2).indicators
    assert base.equals(said)


@pytest.mark.parametrize(
    ("instrument", "said"),
    [
        (plain("cluster_brand", target="members"), "acts on the cluster as a whole, so it is for everyone"),
        (plain("export_network", target="winners"), "call: is missing; the target 'winners' needs it"),
        (plain("export_network", target="named"), "firms: is missing; the target 'named' needs it"),
        (plain("export_network", target="young"), "younger_than: is missing; the target 'young' needs it"),
        (plain("export_network", call=CALL), "call: is for the target 'winners' alone"),
        (plain("export_network", target="named", firms=["a"], classes=["small"]), "whatever their size and segment"),
        (plain("export_network", target="mebers"), "target"),
    ],
)
def test_what_cannot_be_a_target_is_refused(instrument, said):
    with pytest.raises(ValueError, match=said):
        scenario(instrument)


def test_there_are_so_many_targets_and_no_more():
    calls = [plain("export_network", target="winners", call=CALL)] * AIMS_MAX
    assert len(scenario(*calls).programme.aims()) == AIMS_MAX
    with pytest.raises(ValueError, match=f"{AIMS_MAX + 1} targets besides everyone; at most {AIMS_MAX}"):
        scenario(*calls, plain("export_network", target="members"))


def test_winners_outlive_a_save_and_another_programme_begins_with_its_own_call(tmp_path):
    of = scenario(plain("standards", target="winners", call=CALL | {"every_years": 2}))
    simulation = Simulation(of, seed=1, replicates=[0])
    simulation.advance(3)
    loaded = Simulation.load(simulation.save(tmp_path / "state"))
    for each in (simulation, loaded):
        each.advance(3)
    assert simulation.state.actors.targets.any()
    assert np.array_equal(simulation.state.actors.targets, loaded.state.actors.targets)
    stage = {"name": "new", "quarters": 8, "instruments": [plain("standards", target="winners", call=CALL | {"winners": 2})]}
    other = simulation.branch(programme=Programme.model_validate({"stages": [stage]}))
    assert not other.state.actors.targets.any() and simulation.state.actors.targets.any()
    other.advance(1)
    assert (other.state.actors.targets > 0).sum() == 2


# --- named firms --------------------------------------------------------------------------------------------------

FILE = """title: T
horizon: {years: 3, start_year: 2020}
replicates: 1
place:
  clusters:
    - name: one
      segments: [a, b]
      firms: {table: firms.csv}
programme:
  stages:
    - name: only
      quarters: 12
      instruments:
        - {use: standards, per_year: 100, target: named, firms: [F03, FIRMS]}
"""


@pytest.fixture
def file(tmp_path):
    lines = [f"one,F{k:02d},{'ab'[k % 2]},{5 + 3 * k},1" for k in range(12)]
    (tmp_path / "firms.csv").write_text("\n".join(["cluster,id,segment,employees,member", *lines]) + "\n")

    def made(second: str) -> Path:
        path = tmp_path / "place.yaml"
        path.write_text(FILE.replace("FIRMS", second))
        return path

    return made


def test_named_firms_are_those_of_the_table(file):
    simulation = Simulation(load_scenario(file("F07")), seed=1, replicates=[0])
    a, c = simulation.state.actors, simulation.state.clusters[0]
    order = sorted(range(12), key=lambda k: (-(5 + 3 * k >= 250), k))
    bits = a.targets[c.firms : c.last].tolist()
    assert [k for k, bit in zip(order, bits, strict=True) if bit] == [3, 7]
    simulation.advance(2)
    assert simulation.state.clusters[0].aim_firms[0] == 2.0


def test_a_firm_that_no_table_lists_is_told_with_its_line_and_the_nearest_id(file):
    with pytest.raises(InputError) as caught:
        load_scenario(file("F7"))
    said = str(caught.value)
    assert "programme.stages[0].instruments[0].firms[1]" in said and "'F7' is not the id of a firm" in said, said
    assert "Did you mean 'F" in said and caught.value.line == 14


def test_firms_can_be_named_where_tables_are_and_nowhere_else(file):
    good = load_scenario(file("F07"))
    with pytest.raises(InputError, match="'F99' is not the id of a firm"):
        good.with_({"programme.stages.only.instruments": [plain("standards", target="named", firms=["F99"])]})
    with pytest.raises(InputError, match="Firms have ids where a cluster has a table of firms"):
        scenario(TRAINING).with_({"programme.stages.only.instruments": [plain("standards", target="named", firms=["F"])]})


def test_other_firms_can_be_named_in_mid_run(file):
    simulation = Simulation(load_scenario(file("F07")), seed=1, replicates=[0])
    simulation.advance(4)
    before = simulation.state.actors.targets.copy()
    simulation.change({"programme.stages.only.instruments": [plain("standards", target="named", firms=["F01"])]})
    after = simulation.state.actors.targets
    assert before.astype(bool).sum() == 2 and after.astype(bool).sum() == 1 and not (before & after).any()


# --- named winners of rounds --------------------------------------------------------------------------------------


def places(*rounds: dict[str, Any], mode: str = "calls", **programme: Any) -> Scenario:
    clusters = [{"name": name, "smes": 10, "tractors": 1} for name in ("coffee", "software", "furniture", "dairy", "wine")]
    return Scenario.model_validate({
        "title": "t", "place": {"clusters": clusters},
        "programme": {"stages": [{"name": "s", "quarters": 4}], "selection": {"mode": mode, "rounds": list(rounds)}, **programme},
    })  # fmt: skip


def announced(of: Scenario, replicates: int = 12) -> np.ndarray:
    state = Simulation(of, seed=1, replicates=list(range(replicates))).state
    return state.clusters["announced"].reshape(replicates, 5)


def test_named_clusters_win_their_round_and_the_rest_is_drawn():
    found = announced(places({"clusters": 1}, {"year": 2, "clusters": ["software", "wine"]}, {"year": 4, "clusters": 1}))
    assert (found[:, [1, 4]] == 8).all(), "those who are known to win later win no earlier round"
    rest = found[:, [0, 2, 3]]
    assert ((rest == 0).sum(axis=1) == 1).all() and ((rest == 16).sum(axis=1) == 1).all()
    assert len({tuple(row) for row in rest.tolist()}) > 1, "the others are drawn"


@pytest.mark.parametrize(
    ("rounds", "said"),
    [
        (({"clusters": ["cofee"]},), r"rounds\[0\].clusters: 'cofee' is not a cluster of this place. Did you mean 'coffee'"),
        (({"clusters": ["wine"]}, {"clusters": ["wine"]}), r"rounds\[1\].clusters: 'wine' wins twice"),
    ],
)
def test_a_name_that_cannot_win_is_told(rounds, said):
    with pytest.raises(ValueError, match=said):
        places(*rounds)


@pytest.mark.parametrize("value", [0, True, 2.5, "coffee", [], [3], None])
def test_a_round_takes_a_number_or_names(value):
    with pytest.raises(ValueError, match="must be a whole number from 1 to 5000, or a list of names of clusters"):
        places({"clusters": value})


def test_winners_must_be_among_those_whom_the_programme_serves():
    with pytest.raises(ValueError, match="'dairy' is not one of the programme's `clusters`"):
        places({"clusters": ["dairy"]}, clusters=["coffee", "wine"])


def test_copies_of_a_cluster_win_together():
    clusters = [{"name": "town", "smes": 10, "copies": 3}, {"name": "city", "smes": 10}]
    of = Scenario.model_validate({
        "title": "t", "place": {"clusters": clusters},
        "programme": {"stages": [{"name": "s", "quarters": 4}],
                      "selection": {"mode": "calls", "rounds": [{"year": 1, "clusters": ["town"]}]}},
    }).expanded()  # fmt: skip
    assert Simulation(of, seed=1, replicates=[0]).state.clusters["announced"].tolist() == [4, 4, 4, -1]


def test_named_winners_of_a_round_are_read_from_a_file_without_a_warning(tmp_path):
    path = tmp_path / "calls.yaml"
    rounds = "[{year: 0, clusters: [table_grapes_atacama]}, {year: 1, clusters: 1}]"
    path.write_text(f"extends: idb_chile\ntitle: calls\nprogramme:\n  selection: {{mode: calls, rounds: {rounds}}}\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = load_scenario(path)
    assert [one.clusters for one in found.programme.selection.rounds] == [("table_grapes_atacama",), 1]
