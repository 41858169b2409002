"""What a scenario may say of the place as it is at the start: an association, habits of research, a type of activity."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from clustersim.core.draws import PROCESS, stream, uniform
from clustersim.core.errors import InputError
from clustersim.model.activity_types import FACTORS, QUANTITIES, SPAN, TYPES, factors
from clustersim.model.mechanisms.association import REDESIGNED
from clustersim.model.state import ASSOCIATION, TRACTOR
from clustersim.results import simulate
from clustersim.scenario.loading import load_scenario
from clustersim.scenario.model import Scenario
from clustersim.simulation.engine import Simulation

TABLE = "cluster,id,segment,employees,member\n" + "".join(f"one,F{k:02d},a,{5 + k},{int(k < 6)}\n" for k in range(20))
FILE = """title: T
horizon: {years: 2, start_year: 2020}
place:
  clusters:
    - name: one
      segments: [a, b]
      firms: {table: firms.csv}
      association: {staff: 2, years: 8, board_private: 0.9}
"""


def place(smes: int = 40, parameters: dict[str, Any] | None = None, **spec: Any) -> Scenario:
    return Scenario.model_validate({
        "title": "t", "place": {"clusters": [{"name": "one", "smes": smes, "tractors": 3, **spec}]},
        "parameters": parameters or {},
    })  # fmt: skip


def first(of: Scenario, replicate: int = 0) -> Any:
    return Simulation(of, seed=1, replicates=[replicate]).state


def firms(state: Any, name: str) -> np.ndarray:
    c = state.clusters[0]
    return getattr(state.actors, name)[c.firms : c.last]


# --- association --------------------------------------------------------------------------------------------------


def test_an_association_stands_as_it_is_stated():
    said = {"members": 17, "staff": 2.5, "years": 7.5, "vision": 0.4, "money": 123.0, "board_private": 0.7}
    state = first(place(association=said))
    c = state.clusters[0]
    assert (c.formal, c.origin, c.founded, c.members, c.staff) == (1, 1, -30, 17, 2.5)
    assert (c.vision, c.board_private, c.board_large, c.distress) == (0.4, 0.7, 0.0, 0)
    assert firms(state, "member").sum() == 17
    assert state.actors.cash[c.first + ASSOCIATION] == 123.0 and c.nation == -123.0
    assert c.groups == pytest.approx(min(1.0, 12.0 * 2.5 / 17))


def test_what_is_not_stated_follows_from_what_is_declared():
    state = first(place(association={}))
    c, p = state.clusters[0], state.parameters[0].association
    assert (c.staff, c.founded, c.vision, c.board_private) == (3.0, -20, 0.3, p.board_start)
    assert state.actors.cash[c.first + ASSOCIATION] == pytest.approx(p.staff_reserve * p.staff_cost * c.wage * 3.0)
    draws = np.uint64(stream(state.worlds[0].key, 0, PROCESS["founding_member"]))  # compiled functions give Python integers
    u = np.array([uniform(draws, uid) for uid in firms(state, "uid")])
    leaning = firms(state, "belief") + 0.3 + firms(state, "climate") - p.join_bar
    score = leaning / p.join_spread - np.log((1 - u) / u)
    assert firms(state, "member").tolist() == (score > 0.0).astype(int).tolist() and 0 < c.members < 43
    numbered = first(place(association={"members": 11}))
    assert np.flatnonzero(firms(numbered, "member")).tolist() == sorted(np.argsort(-score)[:11].tolist())


def test_as_many_lean_to_it_as_would_stay_in_the_long_run():
    """Members drawn at the start neither flood in nor out in the first year, where vision stays as it is."""
    still = {"association": {"vision_gain": 0.0, "vision_decay": 0.0, "vision_turnover": 0.0, "join_partners": 0.0,
                             "fee_micro": 0.0, "members_min": 1.0, "join_help": 0.0}}  # fmt: skip
    state = Simulation(place(300, still, association={"money": 1e5}), seed=3, replicates=range(4))
    before = state.state.clusters["members"].mean()
    state.advance(4)
    assert state.state.clusters["members"].mean() == pytest.approx(before, rel=0.15)


def test_money_of_the_association_comes_from_somewhere():
    simulation = Simulation(place(association={"money": 777.0}), seed=1, replicates=[0])

    def total() -> float:
        s = simulation.state
        accounts = ("nation", "abroad", "project_fund", "guarantee_fund", "venture_fund")
        return float(s.actors.cash.sum() + sum(s.clusters[name].sum() for name in accounts))

    with_it, without = total(), float(first(place()).actors.cash.sum())
    assert with_it == pytest.approx(without)
    simulation.advance(8)
    assert total() == pytest.approx(with_it, abs=1e-6)


def test_one_that_closes_is_followed_by_a_redesigned_one():
    poor = {"association": {"patience": 1.0, "members_min": 20.0}}
    programme = {"stages": [{"name": "s", "quarters": 40, "instruments": [{"use": "association_founding", "per_year": 40}]}]}
    of = place(parameters=poor, association={"members": 3, "years": 9}).with_({"programme": programme})
    simulation = Simulation(of, seed=1, replicates=[0])
    formal = []
    for _ in range(12):
        simulation.advance(1)
        formal.append(int(simulation.state.clusters[0].formal))
    assert formal[0] == 1 and 0 in formal and simulation.state.clusters[0].origin == REDESIGNED


@pytest.fixture
def file(tmp_path):
    (tmp_path / "firms.csv").write_text(TABLE)

    def made(association: str = "{staff: 2, years: 8, board_private: 0.9}") -> Any:
        path = tmp_path / "place.yaml"
        path.write_text(FILE.replace("{staff: 2, years: 8, board_private: 0.9}", association))
        return path

    return made


def test_members_of_a_register_are_the_members(file):
    state = first(load_scenario(file()))
    c = state.clusters[0]
    assert (c.members, c.founded, c.board_private, c.staff) == (6, -32, 0.9, 2.0)
    result = simulate(load_scenario(file()), replicates=1).indicators
    assert result["members"].iloc[0] == 6 and result["formal"].iloc[0] == 1 and result["staff"].iloc[0] == 2.0


def test_a_number_of_members_must_be_the_registers(file):
    with pytest.raises(InputError, match=r"found 9, but .*firms\.csv lists 6; leave it out") as caught:
        load_scenario(file("{members: 9}"))
    assert caught.value.line == 8
    assert load_scenario(file("{members: 6}")).place.clusters[0].association.members == 6


def test_no_more_members_than_firms():
    with pytest.raises(ValueError, match=r"association\.members: found 44; it must be at most the 43 firms there are"):
        place(association={"members": 44})
    assert first(place(association={"members": 43})).clusters[0].members == 43
    assert first(place(association={"members": 0})).clusters[0].members == 0


# --- research -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.02, 0.25, 0.6, 1.0])
def test_as_many_firms_do_research_at_the_start_as_is_stated(share):
    state = first(place(57, research_share=share))
    doing = firms(state, "rd_share") > 0.0
    assert doing.sum() == max(1, round(60 * share))
    aim = np.where(firms(state, "kind") == TRACTOR, 1.3, 1.0) * firms(state, "sales")
    assert aim[doing].min() >= aim[~doing].max(initial=0.0), "those for whom it is worth most"


def test_research_intensity_is_that_of_the_firms_that_do_any():
    state = first(place(research_intensity=0.02))
    found, small = firms(state, "rd_share"), firms(state, "kind") != TRACTOR
    assert set(np.round(found[small], 12)) == {0.0, 0.02} and found[~small] == pytest.approx(0.026)
    assert not firms(first(place(research_intensity=0.0)), "rd_share").any()


def test_a_place_keeps_its_habits_of_research():
    """Ten years on a place that began with little research still does less of it, by both measures."""
    last = {}
    for name, habits in {"usual": {}, "few": {"research_share": 0.15}, "little": {"research_intensity": 0.012}}.items():
        table = simulate(place(**habits), replicates=4, years=10).indicators
        last[name] = table[table["quarter"] == 39][["research_share", "rd_share"]].mean()
    assert last["few"]["research_share"] < last["usual"]["research_share"] - 0.15
    assert last["little"]["rd_share"] < 0.6 * last["usual"]["rd_share"]


# --- types --------------------------------------------------------------------------------------------------------


def test_the_table_of_types_is_whole():
    assert set(FACTORS) == set(TYPES)
    for name, own in FACTORS.items():
        assert set(own) <= set(QUANTITIES), name
        assert all(0.0 < factor <= 3.0 and factor != 1.0 and source for factor, source in own.values()), name
    assert factors(None) == [1.0] * len(QUANTITIES)


def test_the_odd_says_the_table_that_the_model_has():
    text = (Path(__file__).parents[2] / "docs" / "odd.md").read_text(encoding="utf-8")
    assert "| type | " + " | ".join(QUANTITIES) + " |" in text
    for name in TYPES:
        assert f"| {name} | " + " | ".join(f"{value:g}" for value in factors(name)) + " |" in text, name


def test_without_a_type_and_habits_nothing_changes():
    base, said = (simulate(of, replicates=2, years=3).indicators for of in (place(), place(type=None)))
    assert base.equals(said)


def test_a_type_changes_what_it_says_and_no_more():
    """One factor moved by hand moves what its parameter moves."""
    plain = first(place(type="supplier_driven")).clusters[0]
    assert plain.factors[SPAN] == 0.6 and math.prod(first(place()).clusters[0].factors) == 1.0
    outward = first(place()).parameters[0].meeting.pipeline_rate
    results = {}
    for name, of in {
        "type": place(type="tourism"),
        "parameters": place(parameters={
            "market": {"surplus": 0.30 * 0.8, "contract_most": 0.6 * 0.7, "span": 0.07 * 1.3, "export_cost": 12.0 * 0.1,
                       "brand_weight": 0.10 * 2.0},
            "complacency": {"rd_staff": 0.5 * 2.0}, "meeting": {"pipeline_rate": outward * 1.2},
        }),
    }.items():  # fmt: skip
        results[name] = simulate(of, replicates=2, years=5).indicators[["employment", "export_share", "rd_share", "trust"]]
    assert np.allclose(results["type"], results["parameters"], rtol=1e-9)


def test_a_type_that_there_is_not_is_told():
    with pytest.raises(ValueError, match="tourism"):
        place(type="turism")
    with pytest.raises(InputError, match="turism"):
        place().with_({"place.clusters.one.type": "turism"})
