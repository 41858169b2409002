"""Governments that act, from the scenario to what arrives: coordination is bought, regimes and parties change, funders leave."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from clustersim import InputError
from clustersim.model.indicators import by_name
from clustersim.model.state import DONOR
from clustersim.scenario.json_schema import scenario_json_schema
from clustersim.scenario.loading import load_scenario
from clustersim.scenario.model import Scenario
from clustersim.simulation.engine import Simulation
from clustersim.simulation.mesa_model import ClusterModel, Donor, Government
from clustersim.studies.validation.lab import Laboratory
from scenario_cases import problems, write  # noqa: F401

REPLICATES, YEARS = 6, 8
FACILITATOR = {"use": "facilitator", "per_year": 80.0}
AGENCY = {"name": "agency", "kind": "donor", "share": 0.6, "until_year": 2}
TREASURY = {"name": "treasury", "kind": "state", "share": 0.4}
ACCOUNTS = ("nation", "abroad", "project_fund", "guarantee_fund", "venture_fund")


def place(*instruments: dict[str, Any], quarters: int = 16, government: Any = None, parameters: Any = None, **programme: Any):
    """Return a small place with a programme of one stage."""
    listed = [FACILITATOR, *instruments]
    return Scenario.model_validate({
        "title": "t", "horizon": {"years": YEARS}, "place": {"clusters": [{"name": "one", "smes": 20}]},
        "institutions": {"government": {"coordination": 0.3} | (government or {})}, "parameters": parameters or {},
        "programme": {"stages": [{"name": "s", "quarters": quarters, "instruments": listed}]} | programme,
    })  # fmt: skip


def run(scenario: Scenario) -> np.recarray:
    """Return the indicators of all replicates: records (quarter, replicate)."""
    return by_name(Simulation(scenario, 2, range(REPLICATES), workers=1).run().indicators)


def test_what_is_not_asked_for_changes_nothing():
    named = {"autonomy": 1.0, "turnover": 0.0, "reforms": []}
    plain, said = (run(place(government=given)).tobytes() for given in ({}, named))
    assert plain == said
    assert run(place(funders=[TREASURY | {"share": 1.0}])).tobytes() == plain


def test_teams_raise_what_arrives_while_they_are_paid_and_capability_stays():
    none, teams, methods = (
        run(place(*extra))
        for extra in ((), [{"use": "inter_agency_teams", "per_year": 120, "quarters": 8}],
                      [{"use": "institution_strengthening", "per_year": 100, "quarters": 8}])
    )  # fmt: skip
    paid, later, over = slice(2, 9), slice(13, 16), slice(24, 32)
    assert (teams.facilitators[paid] > 1.15 * none.facilitators[paid]).all()
    assert teams.facilitators[15] == pytest.approx(none.facilitators[15], rel=0.04)
    assert (methods.facilitators[later] > 1.05 * none.facilitators[later]).all()
    assert teams.coordination[over] == pytest.approx(0.3, abs=0.01)
    assert methods.capability[31] == pytest.approx(methods.capability[10] * 0.99**21)
    assert methods.coordination[over] == pytest.approx(0.3 + 0.7 * 0.4 * methods.capability[over])
    assert (methods.coordination[over] > 0.35).all()
    assert (none.gap_government - teams.gap_government)[paid].min() > 0.1
    assert (none.coordination == 0.3).all() and (none.local_knowledge == 1.0).all()


def test_departments_are_slower_than_teams_and_last():
    teams, departments = (
        run(place({"use": use, "per_year": money, "quarters": 8}))
        for use, money in (("inter_agency_teams", 120), ("cluster_departments", 200))
    )
    assert (teams.coordination[2] > departments.coordination[2]).all()
    assert (departments.coordination[24] > teams.coordination[24] + 0.02).all()


def test_money_for_teams_pays_in_a_large_programme_and_not_in_a_small_one():
    """Measured: 400 kUSD a year are too few for teams of 120 where coordination is 0.3, and 1600 enough."""
    lab = Laboratory(20, seed=3)

    def facilitated(money: float, teams: float) -> float:
        rest = money - teams
        paid = [{"use": "facilitator", "per_year": 0.4 * rest}, {"use": "supplier_development", "per_year": 0.6 * rest}]
        paid += [{"use": "inter_agency_teams", "per_year": teams}] if teams else []
        stage = {"name": "s", "quarters": 32, "instruments": paid}
        found = lab.run(years=8, programme={"stages": [stage]}, government={"coordination": 0.3})
        assert found["public_spending"].sum(axis=0) == pytest.approx(8 * money)
        return float(found["facilitators"].mean())

    small, large = (facilitated(money, 120.0) / facilitated(money, 0.0) for money in (400.0, 1600.0))
    assert small < 0.95 and large > 1.1


@pytest.mark.parametrize(("regime", "known", "first", "whole"), [
    ("decentralised", 1.0, 20.0, 1.0), ("feedback", 1.0, 10.0, 0.95), ("centralised", 0.8, 18.0, 0.9)])  # fmt: skip
def test_who_decides_changes_knowledge_time_and_money(regime, known, first, whole):
    found = run(place(government={"regime": regime}))
    assert (found.local_knowledge == known).all()
    assert found.public_spending[0] == pytest.approx(first)
    assert found.public_spending.sum(axis=0) == pytest.approx(whole * 16 * 20.0)
    late = found.public_spending[16] > 0
    assert late.all() if regime == "feedback" else not late.any()


def test_dialogue_makes_the_centre_listen():
    talk = {"use": "policy_dialogue", "per_year": 40}
    deaf, told = (run(place(*extra, government={"regime": "centralised"})) for extra in ((), (talk,)))
    assert (told.local_knowledge[8:16] > deaf.local_knowledge[8:16] + 0.02).all()


def test_autonomy_is_what_localities_can_pay_themselves():
    spent = [run(place(government={"autonomy": part})).public_spending.sum(axis=0)[0] for part in (0.0, 0.5, 1.0)]
    assert spent == pytest.approx([0.9 * 320, 0.95 * 320, 320])


def test_reforms_are_dated_and_overlay_one_another():
    reforms = [{"year": 4, "coordination": 0.9}, {"year": 2, "regime": "feedback"}]
    found = run(place(government={"reforms": reforms}))
    due = np.array([[0.3, 0.3, 0.45, 0.45, 1.0, 1.0]]).T
    assert found.coordination[[0, 7, 8, 15, 16, 31]] == pytest.approx(due + np.zeros(REPLICATES))


def test_parties_change_and_some_end_the_programme():
    lab = {"election_years": 1, "turnover": 1.0}
    kept = run(place({"use": "inter_agency_teams", "per_year": 120}, government=lab, parameters={
        "government": {"party_ends": 0.0}, "programme": {"swing": 0.0}}))  # fmt: skip
    quiet = run(place({"use": "inter_agency_teams", "per_year": 120}, government=lab | {"turnover": 0.0}, parameters={
        "programme": {"swing": 0.0}}))  # fmt: skip
    assert (kept.coordination[4] < quiet.coordination[4]).all() and (kept.credibility[4] < quiet.credibility[4]).all()
    assert (kept.public_spending == quiet.public_spending).all()
    ended = run(place(government=lab, parameters={"government": {"party_ends": 1.0}, "programme": {"swing": 0.0}}))
    assert (ended.public_spending[4:] == 0.0).all() and (ended.kept[4:] == 0.0).all() and (ended.public_spending[:4] > 0.0).all()


def levels(**execution: Any) -> dict[str, Any]:
    return {"direction": {"overhead": 0.1}, "coordination": {"run": "mixed", "overhead": 0.1}, "execution": execution}


def test_levels_cost_money_and_lose_what_is_meant():
    alone, chain = (run(place(levels=given, lag_quarters=2)) for given in ({"execution": {"run": "mixed"}}, levels(run="mixed")))
    assert (alone.public_spending == chain.public_spending).all()
    # two hand-overs, and a tenth of the money on each of two levels
    assert chain.facilitators[4] == pytest.approx(0.81 * (1 - 0.15 * 0.7) ** 2 * alone.facilitators[4])


def test_the_executor_brings_turnover_and_all_levels_politics():
    state = Simulation(place(levels=levels(run="private")), 1).state
    assert state.clusters.turnover_factor[0] == 1.5 and state.clusters.lag[0] == 2
    assert state.clusters.exposure_to_politics[0] == pytest.approx((1.0 + 0.5 + 0.2) / 3)


def test_a_tender_of_many_brings_a_better_executor_than_an_appointment():
    tender = {"bidders": 8, "every_years": 2}
    chosen, appointed = (run(place(levels={"execution": given})) for given in ({"tender": tender}, {}))
    best, first = (Simulation(place(levels={"execution": given}), 1, range(60), 1) for given in ({"tender": tender}, {}))
    for one in (best, first):
        one.advance()
    assert best.state.clusters.ability.mean() > first.state.clusters.ability.mean() + 0.1
    assert not np.array_equal(chosen.facilitators, appointed.facilitators)


def test_a_funder_that_leaves_takes_its_part_along_and_money_from_abroad_is_told():
    found = run(place(funders=[AGENCY, TREASURY]))
    assert found.public_spending[:16] == pytest.approx(np.repeat([[20.0], [8.0]], 8, axis=0) + np.zeros(REPLICATES))
    assert found.foreign_spending[:16] == pytest.approx(np.repeat([[12.0], [0.0]], 8, axis=0) + np.zeros(REPLICATES))
    another = run(place(funders=[AGENCY, TREASURY, {"name": "bank", "kind": "multilateral", "share": 0.6, "from_year": 2}]))
    assert another.public_spending[:16] == pytest.approx(20.0) and another.foreign_spending[:16] == pytest.approx(12.0)


def test_the_accounts_add_up_with_money_from_abroad_and_every_level():
    simulation = Simulation(place(
        {"use": "project_cofinance", "per_year": 60, "cofinance": 0.4}, funders=[AGENCY, TREASURY], levels=levels(run="private"),
        government={"regime": "feedback", "election_years": 2, "turnover": 0.5}), 3, range(4), 1)  # fmt: skip

    def money() -> list[float]:
        state = simulation.state
        held = ([*state.actors.cash[c.first : c.room].tolist(), *(float(c[name]) for name in ACCOUNTS)] for c in state.clusters)
        return [math.fsum(one) for one in held]

    before = money()
    for _ in range(16):
        simulation.advance()
        assert money() == pytest.approx(before, abs=1e-6)
    clusters = simulation.state.clusters
    assert (clusters.donated[:, 0] > 0.0).all()


def test_donors_are_actors_only_where_they_pay_and_schools_are_none_of_them():
    two = {"place.clusters": [{"name": name, "smes": 20} for name in ("one", "two")], "programme.clusters": ["one"]}
    simulation = Simulation(place(funders=[AGENCY, TREASURY]).with_(two), 1)
    a, (one, other) = simulation.state.actors, simulation.state.clusters
    assert a.kind[one.first : one.firms].tolist() == [0, 1, 2, 3, 4, DONOR] and one.donors == 1
    assert DONOR not in a.kind[other.first : other.last] and other.donors == 0
    simulation.advance(24)
    ties = simulation.state.ties
    assert not (simulation.state.actors.kind[ties.a[ties.level >= 0]] == DONOR).any()


def test_the_mesa_model_shows_donors_and_government():
    model = ClusterModel(place(funders=[AGENCY, TREASURY]), seed=1)
    for _ in range(4):
        model.step()
    (donor,), (government,) = model.agents_by_type[Donor], model.agents_by_type[Government]
    assert donor.name == "agency" and donor.paid == pytest.approx(48.0) and donor.cash == 0.0
    assert government.foreign_spending == pytest.approx(12.0) and government.coordinated == government.coordination


def test_government_changes_in_mid_run_and_what_was_is_left_alone(tmp_path):
    scenario = place(government={"reforms": [{"year": 1, "regime": "centralised"}, {"year": 5, "autonomy": 0.5}]})
    simulation = Simulation(scenario, 1)
    simulation.advance(8)
    with pytest.raises(InputError, match="a reform has set it anew") as caught:
        simulation.change({"institutions.government.regime": "feedback"})
    assert "{year: 2, regime: feedback}" in caught.value.hint
    with pytest.raises(InputError, match="reforms before year 2 have been"):
        simulation.change({"institutions.government.reforms": []})
    now = [*scenario.model_dump(mode="json")["institutions"]["government"]["reforms"], {"year": 2, "regime": "feedback"}]
    simulation.change({"institutions.government.reforms": now})
    simulation.advance()
    assert simulation.state.clusters.regime[0] == 1
    path = simulation.save(tmp_path / "kept")
    assert Simulation.load(path).advance(16).indicators.tobytes() == simulation.advance(16).indicators.tobytes()


def test_a_programme_that_begins_in_mid_run_counts_its_funders_from_then():
    base = Simulation(place(announced=150), 1)
    base.advance(8)
    helped = base.branch(place(funders=[AGENCY, TREASURY]).programme)
    found = by_name(helped.advance(12).indicators)
    assert found.foreign_spending[:, 0] == pytest.approx([12.0] * 8 + [0.0] * 4)
    assert helped.state.clusters.donated[0, 0] == pytest.approx(96.0)


def test_the_schema_says_what_there_is():
    schema = scenario_json_schema()["$defs"]
    assert {"autonomy", "turnover", "reforms"} <= schema["Government"]["properties"].keys()
    assert set(schema["Levels"]["properties"]) == {"direction", "coordination", "execution"}
    assert schema["Funder"]["properties"]["kind"]["enum"] == ["state", "donor", "multilateral", "private"]
    assert schema["Tender"]["properties"]["bidders"]["maximum"] == 100


HEAD = "title: T\nplace: {clusters: [{name: one, smes: 9}]}\n"
PROGRAMME = HEAD + "programme: {%s, stages: [{name: s, quarters: 4}]}\n"


@pytest.mark.parametrize(("text", "key", "message"), [
    (HEAD + "institutions: {government: {turnover: 0.4}}", "institutions.government.turnover",
     "found 0.4; parties change at elections only, so election_years must be given."),
    (HEAD + "institutions: {government: {reforms: [{year: 3}]}}", "institutions.government.reforms[0].year",
     "a reform must name at least one of regime, coordination and autonomy."),
    (HEAD + "institutions: {government: {reforms: [{year: 3, regime: central}]}}",
     "institutions.government.reforms[0].regime",
     "found 'central'; it must be one of decentralised, feedback, centralised, or null."),
    (PROGRAMME % "funders: [{name: a, kind: donor, share: 0.7}, {name: b, kind: state, share: 0.5, from_year: 2}]",
     "programme.funders", "in year 2 the shares add up to 1.2; at most 1 is possible."),
    (PROGRAMME % "funders: [{name: a, kind: donor, share: 0.7, from_year: 2, until_year: 1}]",
     "programme.funders[0].until_year", "found 1; must be later than from_year, 2."),
    (PROGRAMME % "funders: [{name: a, kind: donor, share: 0.7, from_year: 1, until_year: 1.1}]",
     "programme.funders[0].until_year", "found 1.1; must be a quarter of a year (0.25) or more after from_year, 1."),
    (HEAD + "environment: {shocks: [{kind: demand, year: 1, years: 0.1, size: -0.2}]}", "environment.shocks[0].years",
     "found 0.1; it must be 0, which is for good, or a quarter of a year (0.25) or more."),
    (PROGRAMME % "funders: [{name: a, kind: donor, share: 0.2}, {name: a, kind: state, share: 0.5}]",
     "programme.funders", "'a' is called donor and state."),
    (PROGRAMME % "funders: [{name: a, kind: doner, share: 0.2}]", "programme.funders[0].kind",
     "found 'doner'; it must be one of state, donor, multilateral, private."),
    (PROGRAMME % "levels: {direction: {}}", "programme.levels.execution", None),
    (PROGRAMME % "levels: {execution: {tender: {bidders: 0}}}", "programme.levels.execution.tender.bidders",
     "found 0; it must be a whole number from 1 to 100."),
])  # fmt: skip
def test_bad_input_is_one_sentence(write, text, key, message):  # noqa: F811
    (found,) = problems(write(text))
    assert found.key == key
    assert message is None or found.message == message


def test_shipped_programmes_name_no_level_and_no_funder():
    for name in ("designed", "peru_pac"):
        programme = load_scenario(name).programme
        assert programme.levels is None and programme.funders == ()
