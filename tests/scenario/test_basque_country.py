"""The cluster policy of the Basque Country: what its sources say of it stands in the scenario, and the run keeps its dates."""

from __future__ import annotations

import numpy as np
import pytest

from clustersim.results import simulate
from clustersim.scenario.loading import load_scenario, resolved


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("basque_country")


@pytest.fixture(scope="module")
def cycle(scenario):
    """Instruments of the yearly cycle by name."""
    found = {}
    for instrument in scenario.programme.stages[-1].instruments:
        found.setdefault(instrument.use, []).append(instrument)
    return found


def test_twelve_clusters_begin_one_by_one_over_more_than_fifteen_years(scenario):
    rounds = scenario.programme.selection.rounds
    assert [one.clusters for one in rounds] == [(cluster.name,) for cluster in scenario.place.clusters]
    apart = np.diff([one.year for one in rounds])
    assert len(rounds) == 12 and ((apart >= 1) & (apart <= 2)).all() and apart.sum() > 15


def test_policy_stays_for_25_years_and_is_shared_between_levels(scenario):
    assert scenario.horizon.years - scenario.programme.announced == 25
    assert sum(stage.quarters for stage in scenario.programme.stages) == 100
    assert scenario.institutions.government.regime == "feedback"
    assert "ILO §2.3" in resolved("basque_country")["sources"]["institutions.government.regime"]


def test_the_study_is_public_and_firms_lead_from_the_working_groups_on(scenario):
    assert [(stage.name, stage.quarters, stage.lead) for stage in scenario.programme.stages] == [
        ("tractor_study", 1, "public"), ("working_groups", 2, "private"), ("own_operation", 1, "private"),
        ("yearly_cycle", 96, "private"),
    ]  # fmt: skip


def test_the_consultant_is_gone_once_the_cluster_runs_by_itself(scenario):
    consulted = [any(i.use == "facilitator" for i in stage.instruments) for stage in scenario.programme.stages]
    assert consulted == [True, True, True, False]


def test_grants_are_paid_on_a_report_and_recede_to_what_stays(cycle):
    first, staying = cycle["association_grant"]
    assert first.report and staying.report
    assert (first.quarters, first.taper) == (40, 1.0) and (staying.quarters, staying.taper) == (None, 0.0)


def test_the_instruments_of_the_country_are_there_and_reach_whom_they_were_for(scenario, cycle):
    named = {"venture_fund", "certification_support", "standards", "industrial_park", "technology_centre", "export_network",
             "cluster_linkage", "rd_tax_credit", "policy_dialogue"}  # fmt: skip
    assert named <= set(cycle)
    assert cycle["rd_tax_credit"][0].target == "members"
    assert cycle["venture_fund"][0].target == "young"
    centres = {cluster.name: cluster.technology_centres for cluster in scenario.place.clusters}
    assert all(centres[name] > 0 for name in cycle["industrial_park"][0].clusters)


def test_associations_are_evaluated_each_year(scenario):
    assert scenario.programme.evaluation.every_years == 1


def test_money_follows_the_square_root_of_the_number_of_firms(scenario):
    for cluster in scenario.place.clusters:
        firms = cluster.tractors + cluster.smes
        assert scenario.programme.scale[cluster.name] == pytest.approx(np.sqrt(firms / 100), abs=0.026)


def test_places_are_of_very_different_size(scenario):
    firms = [cluster.tractors + cluster.smes for cluster in scenario.place.clusters]
    assert min(firms) < 8 * 4 and max(firms) > 240


def test_no_money_comes_to_a_cluster_before_its_turn(scenario):
    frame = simulate(scenario, replicates=1).indicators
    begun = {}
    for number, cluster in enumerate(scenario.place.clusters):
        own = frame[frame["cluster"].astype(str) == cluster.name].sort_values("quarter")
        paid = own["quarter"][own["public_spending"] > 0]
        begun[cluster.name] = (int(paid.min()), int(own["quarter"][own["programme_stage"] >= 0].min()))
        assert begun[cluster.name] == (4 + 6 * number,) * 2
