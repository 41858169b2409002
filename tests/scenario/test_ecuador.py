"""The scenarios of Ecuador say what their sources say: stages, leads, funders and their exits, components, dates, the crisis."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from clustersim.experiments.planning import make_plan
from clustersim.policy.instruments import INSTRUMENTS
from clustersim.results import simulate
from clustersim.scenario.loading import load_scenario

STRATEGY, COMPONENTS = "ecuador_national_strategy", ("dialogue", "investment", "reform", "chains")
PILLARS = ("fdi_attraction", "certification_support")


def yearly(frame, indicator: str):
    """Return the mean of an indicator over all places and replicates of a result, by quarter."""
    return frame.groupby("quarter")[indicator].mean().to_numpy()


# --- the national strategy -----------------------------------------------------------------------------------------


def test_the_public_side_leads_first_and_the_private_one_with_a_multilateral_bank_later():
    scenario = load_scenario(STRATEGY)
    programme = scenario.programme
    assert programme.lead == "public" and [stage.lead for stage in programme.stages] == [None, None, "private", "private"]
    kinds = {funder.name: funder.kind for funder in programme.funders}
    assert kinds == {"treasury": "state", "multilateral_bank": "multilateral"}
    quarters = programme.lag_quarters + sum(stage.quarters for stage in programme.stages[:2])
    bank = [funder for funder in programme.funders if funder.kind == "multilateral"]
    assert 4 * bank[0].from_year == quarters  # when the construction can begin at the earliest
    assert [funder.share for funder in bank] == sorted((funder.share for funder in bank), reverse=True) and bank[-1].until_year


def test_the_bank_pays_its_part_from_the_construction_on_and_leaves_in_two_steps():
    scenario = load_scenario(STRATEGY)
    frame = simulate(scenario, replicates=2).indicators
    paid = frame.groupby("quarter")[["public_spending", "foreign_spending"]].sum()
    part = (paid["foreign_spending"] / paid["public_spending"]).to_numpy()
    launched = round(4 * scenario.programme.announced)
    first, step, last = (launched + round(4 * year) for year in (2.25, 7, 10))
    assert part[launched + 2 : first] == pytest.approx(0.0)
    assert part[first:step] == pytest.approx(0.4)
    assert part[step:last] == pytest.approx(0.2 / 0.9)
    assert part[last:] == pytest.approx(0.0) and (paid["public_spending"].to_numpy()[last:] > 0).all()


def test_each_initiative_has_one_pillar_and_speaks_with_the_government_from_the_begin():
    scenario = load_scenario(STRATEGY)
    names = {cluster.name for cluster in scenario.place.clusters}
    for stage in scenario.programme.stages:
        assert "policy_dialogue" in {one.use for one in stage.instruments}
    for stage in scenario.programme.stages[2:]:
        places = [place for one in stage.instruments if one.use in PILLARS for place in one.clusters]
        assert len(places) == len(set(places)) == 20 and set(places) == names
    assert "single_window" in {one.use for one in scenario.programme.stages[2].instruments}
    (reform,) = scenario.institutions.government.reforms
    assert reform.coordination > scenario.institutions.government.coordination


def test_associations_outlive_the_grant_that_recedes():
    """With the grants of before, eight people were paid for some years and a third of the associations were gone at the end."""
    frame = simulate(STRATEGY, replicates=4).indicators
    formal = yearly(frame, "formal")
    assert formal[-1] > 0.95 * formal.max()
    staff = [frame.loc[(frame["quarter"] == q) & (frame["formal"] > 0), "staff"].median() for q in range(27, 60, 4)]
    assert max(staff) < 5.0 and min(staff) > 1.0 and staff[0] > staff[-1]
    grants = yearly(frame, "income_public")
    assert grants[43:].min() > 0 and grants[59] < 0.5 * grants[27]


# --- Red Productiva ------------------------------------------------------------------------------------------------


def when(year: int, quarter: int) -> int:
    """Return the quarter of the run that a quarter (1 to 4) of a year is."""
    return 4 * (year - load_scenario("ecuador_red_productiva").horizon.start_year) + quarter - 1


def test_red_productiva_runs_from_may_2007_to_september_2010_on_a_donors_money():
    scenario = load_scenario("ecuador_red_productiva")
    assert round(4 * scenario.programme.announced) == when(2007, 2)
    (donor,) = scenario.programme.funders
    assert donor.kind == "donor" and donor.share == 1
    assert round(4 * (scenario.programme.announced + donor.until_year)) == when(2011, 1)
    frame = simulate(scenario, replicates=1).indicators
    paid = frame.groupby("quarter")[["public_spending", "foreign_spending"]].sum()
    assert np.flatnonzero(paid["public_spending"])[[0, -1]].tolist() == [when(2007, 2), when(2010, 3)]
    assert paid["foreign_spending"].to_numpy() == pytest.approx(paid["public_spending"].to_numpy())
    held = frame[frame["cluster"] == "dairy"]["capability"].to_numpy()
    assert held[when(2010, 3)] > 0.2 and held[-1] > 0.5 * held[when(2010, 3)]  # methods outlive the money


def test_red_productiva_has_four_components_with_the_instruments_that_its_report_tells():
    stages = load_scenario("ecuador_red_productiva").programme.stages
    used = {stage.name: {one.use for one in stage.instruments} for stage in stages}
    assert tuple(used) == COMPONENTS
    assert used["dialogue"] == {"policy_dialogue", "awareness_events", "institution_strengthening"}
    assert used["investment"] == {"fdi_attraction"}
    assert used["reform"] == {"single_window", "credit_guarantee", "project_preparation"}
    (officers,) = [one for one in stages[2].instruments if one.use == "project_preparation"]
    full = INSTRUMENTS["project_preparation"].effects[0]
    assert 12 * officers.per_year / full.full_cost * full.strength == pytest.approx(14)
    begin = when(2007, 2) + 2 + officers.start
    assert when(2010, 1) <= begin and begin + officers.quarters - 1 <= when(2010, 3)


def test_seven_agencies_become_twelve_and_two_seek_investors_of_their_own():
    scenario = load_scenario("ecuador_red_productiva")
    dialogue, investment = scenario.programme.stages[:2]
    waves = {one.start: one.clusters for one in dialogue.instruments}
    assert {start: len(places) for start, places in waves.items()} == {0: 7, 11: 5}
    assert when(2007, 2) + 11 == when(2010, 1)
    assert {place for places in waves.values() for place in places} == {cluster.name for cluster in scenario.place.clusters}
    assert all(one.clusters == waves[one.start] for one in dialogue.instruments)
    assert [len(one.clusters or ()) for one in investment.instruments] == [0, 2]


def test_its_chains_are_those_of_the_scenario_of_the_chains_with_the_same_money():
    scenario, alone = load_scenario("ecuador_red_productiva"), load_scenario("ecuador_anchor_chains")
    assert scenario.place.clusters[:9] == alone.place.clusters and scenario.parameters == alone.parameters
    (chains,), (own,) = scenario.programme.stages[3:], alone.programme.stages
    assert chains.quarters == own.quarters and when(2007, 2) + chains.not_before == when(2009, 1)
    for name, scale in alone.programme.scale.items():
        here = [one for one in chains.instruments if one.clusters == (name,)]
        assert [(one.use, one.classes) for one in here] == [(one.use, one.classes) for one in own.instruments]
        assert [one.per_year for one in here] == pytest.approx([scale * one.per_year for one in own.instruments], rel=1e-5)
    assert len(chains.instruments) == 9 * len(own.instruments)


def test_the_crisis_takes_demand_in_2008_and_2009_and_localities_have_their_own_competences_by_then():
    scenario = load_scenario("ecuador_red_productiva")
    (shock,) = scenario.environment.shocks
    assert shock.kind == "demand" and np.exp(shock.size) - 1 == pytest.approx(-0.122, abs=0.001)
    assert (round(4 * shock.year), round(4 * (shock.year + shock.years))) == (when(2008, 4), when(2010, 1))
    (reform,) = scenario.institutions.government.reforms
    assert (round(4 * reform.year), reform.regime) == (when(2008, 4), "decentralised")
    calm = scenario.model_copy(update={"environment": scenario.environment.model_copy(update={"shocks": ()})})
    jobs = [one.indicators.groupby("quarter")["employment"].sum().to_numpy()
            for one in (simulate(scenario, replicates=2, years=4), simulate(calm, replicates=2, years=4))]  # fmt: skip
    before = when(2008, 4)
    assert jobs[0][:before].tolist() == jobs[1][:before].tolist() and jobs[0][when(2009, 4)] < 0.95 * jobs[1][when(2009, 4)]


def test_every_combination_of_the_four_components_is_tried_and_none_of_them_is_no_programme():
    plan, _ = make_plan("red_productiva_components")
    off = [tuple(key.split(".")[2] for key in option["set"]) for option in plan.options]
    assert all(value == [] for option in plan.options for value in option["set"].values())
    every = [left for n in range(4, -1, -1) for left in itertools.combinations(COMPONENTS, n)]
    assert sorted(map(sorted, off)) == sorted(map(sorted, every))
    for option, left in zip(plan.options, off, strict=True):
        on = [name for name in COMPONENTS if name not in left]
        assert option["name"] == {0: "none", 4: "all four"}.get(len(on), " + ".join(on))
    scenario = load_scenario("ecuador_red_productiva")
    empty = tuple(stage.model_copy(update={"instruments": ()}) for stage in scenario.programme.stages)
    frames = [simulate(scenario.model_copy(update={"programme": programme}), replicates=2, years=5).indicators["employment"]
              for programme in (None, scenario.programme.model_copy(update={"stages": empty}))]  # fmt: skip
    assert frames[0].equals(frames[1])
