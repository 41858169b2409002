"""Comparisons: what is run, how it is paired, what the outcomes are, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import clustersim
from clustersim.core.errors import InputError
from clustersim.model.parameters import PARAMETERS
from clustersim.model.state import PHASES
from clustersim.results import simulate
from clustersim.scenario.loading import load_scenario
from clustersim.simulation import batches
from clustersim.studies.comparison import compare, outcomes
from clustersim.studies.comparison.improved import IMPROVED_FROM, Firms, improved_jobs
from clustersim.studies.comparison.outcomes import PAIRED
from clustersim.studies.comparison.verdict import alternatives, verdict
from clustersim.studies.comparison.worlds import NARROW, draw, in_world, latin_hypercube, varied
from compare_cases import REPLICATES, alone, small, supported, worlds
from result_cases import QUARTERS


@pytest.fixture(scope="module")
def found():
    return small()


@pytest.fixture(scope="module")
def plain():
    """The supported option as a plain run with firms: computed by another path than the comparison's."""
    return simulate(supported(), seed=5, replicates=REPLICATES, records=("firms",), name="supported")


# pairing


def test_a_scenario_compared_with_itself_differs_by_exactly_nothing(found):
    own = found.differences[found.differences["option"] == "again"]
    assert len(own) == REPLICATES
    assert (own[found.outcome_names].to_numpy() == 0.0).all()
    for series in ("employment", "trust", "sales", "in_creation"):
        assert (found.paired_series("again", series) == 0.0).all()
    said = found.answers["differences"]["again"]
    assert all(said[name][key] == 0.0 for name in found.outcome_names for key in ("estimate", "low", "high", "p10", "p90"))
    chance = found.answers["chances"]["again"]["alone"]
    assert (chance["wins"], chance["ties"], chance["of"]) == (0, REPLICATES, REPLICATES)
    assert ["alone", "again"] in found.answers["same"] and ["alone", "supported"] not in found.answers["same"]
    assert found.answers["time_to_effect"]["again"] == {"years": None, "sign": 0}


def test_replicates_are_those_of_a_plain_run(found, plain):
    last = plain.indicators.query(f"quarter >= {QUARTERS - 2}")  # the last year has two quarters
    sums = last.groupby(["replicate", "quarter"])[["employment", "firms", "sales", "exports"]].sum().groupby("replicate").mean()
    assert len(sums) == REPLICATES
    columns = (("jobs", "employment", 1), ("firms", "firms", 1), ("sales", "sales", 4), ("exports", "exports", 4))
    for name, column, factor in columns:
        np.testing.assert_allclose(found.outcome("supported", name), factor * sums[column], err_msg=name)


def test_batches_and_threads_change_nothing(found, monkeypatch):
    monkeypatch.setattr(batches, "batch_size", lambda scenario, workers: 1)
    seen = []
    again = compare(
        {"alone": alone(), "supported": supported()}, replicates=REPLICATES, seed=5, workers=1,
        progress=lambda done, total: seen.append((done, total)),
    )  # fmt: skip
    kept = found.runs[found.runs["option"] != "again"].reset_index(drop=True)
    for name in found.outcome_names:
        np.testing.assert_array_equal(kept[name], again.runs[name], err_msg=name)
    assert seen[-1] == (2 * REPLICATES * QUARTERS,) * 2 and [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_the_place_of_the_baseline_among_the_options_changes_nothing(found, monkeypatch):
    monkeypatch.setattr(batches, "batch_size", lambda scenario, workers: 4)
    again = compare({"supported": supported(), "alone": alone()}, baseline="alone", replicates=REPLICATES, seed=5)
    for option in ("supported", "alone"):
        for name in found.outcome_names:
            np.testing.assert_array_equal(again.outcome(option, name), found.outcome(option, name), err_msg=name)


def test_unpaired_options_have_seeds_of_their_own():
    free = compare({"a": alone(), "b": alone()}, replicates=3, seed=5, years=2, paired=False)
    assert free.runs.groupby("option", observed=True)["seed"].unique().map(list).to_dict() == {"a": [5], "b": [6]}
    assert (free.differences["jobs"] != 0.0).all()
    assert free.answers["displacement"] is None
    assert not set(PAIRED) & {*free.outcome_names, *free.runs, *free.differences}
    paid = free.answers["money"]["b"]
    assert paid["cost_per_job_improved"] is None and paid["improved_sign"] == 0
    assert "mix the programme with the place" in verdict(free).rests_on


def test_money_buys_no_difference_between_places():
    free = compare({"a": alone(), "b": supported()}, replicates=3, seed=5, years=2, paired=False)
    paid = free.answers["money"]["b"]
    assert paid["public_cost"]["estimate"] > 0.0
    assert paid["jobs_per_million"] is paid["job_years_per_million"] is paid["cost_per_job"] is None


def test_options_that_are_equal_are_one_alternative():
    found = compare({"base": supported(), "a": alone(), "b": alone()}, replicates=3, seed=5, years=2)
    assert alternatives(found) == ["a"] and "alternatives" not in verdict(found).sentences[0]


# outcomes


def test_outcomes_follow_from_the_indicators(found, plain):
    frame = plain.indicators
    quarters = np.arange(QUARTERS)
    factor = pd.Series(1.03 ** (-(quarters + 0.5) / 4.0), quarters)
    columns = ["employment", "public_spending", "private_cofinance", "projects_succeeded"]
    by = frame.groupby(["replicate", "quarter"])[columns].sum()
    weight = by.index.get_level_values("quarter").map(factor)
    expected = {
        "job_years": (by["employment"] / 4.0 * weight).groupby("replicate").sum(),
        "public_cost": (by["public_spending"] * weight).groupby("replicate").sum(),
        "public_paid": by["public_spending"].groupby("replicate").sum(),
        "private_cost": (by["private_cofinance"] * weight).groupby("replicate").sum(),
        "projects": by["projects_succeeded"].groupby("replicate").sum(),
        "association": frame[frame["quarter"] == QUARTERS - 1].groupby("replicate")["formal"].mean(),
        "association_years": frame.groupby("replicate")["formal"].sum() / 2.0 / 4.0,
    }
    for name, values in expected.items():
        np.testing.assert_allclose(found.outcome("supported", name), values, err_msg=name)
    assert (found.outcome("alone", "public_paid") == 0.0).all() and found.outcome("supported", "public_paid").min() > 0.0


def test_time_to_a_phase_counts_the_horizon_where_it_is_not_reached(found, plain):
    frame = plain.indicators.sort_values(["replicate", "cluster", "quarter"])
    there = frame["phase"].isin(["development", "maturity", "transformation", "decline", "museum", "renaissance"])
    first = frame.assign(quarter=frame["quarter"].where(there)).groupby(["replicate", "cluster"], observed=True)["quarter"].min()
    years = first.fillna(QUARTERS) / 4.0
    np.testing.assert_allclose(found.outcome("supported", "years_to_development"), years.groupby("replicate").mean())
    assert not [name for name in found.outcome_names if "_within_" in name]  # 22 quarters hold none of the horizons
    longer = compare({"a": alone(), "b": supported()}, replicates=2, years=10)
    assert [name for name in longer.outcome_names if "_within_" in name] == ["development_within_10", "maturity_within_10"]


def test_jobs_by_group_add_up(found, plain):
    end = plain.firms[plain.firms["quarter"] == QUARTERS - 1]
    total = end.groupby("replicate")["employees"].sum()
    classes = ("jobs_tractors", "jobs_micro", "jobs_small", "jobs_medium", "jobs_large")
    np.testing.assert_allclose(sum(found.outcome("supported", name) for name in classes), total)
    both = found.outcome("supported", "jobs_members") + found.outcome("supported", "jobs_outside")
    np.testing.assert_allclose(both, total)
    young = end[end["age"] <= (QUARTERS - 1) / 4].groupby("replicate")["employees"].sum()
    np.testing.assert_allclose(found.outcome("supported", "jobs_new"), young.reindex(range(REPLICATES), fill_value=0.0))


def test_jobs_improved_follow_from_the_firms_of_two_plain_runs(found, plain):
    base = simulate(alone(), seed=5, replicates=REPLICATES, records=("firms",), name="alone")
    keys = ["replicate", "cluster", "firm"]
    ends = [
        run.firms[run.firms["quarter"] == QUARTERS - 1].assign(
            each=lambda firms: firms["value_added"] / firms["employees"],
            cluster=lambda firms: firms["cluster"].astype(str), firm=lambda firms: firms["firm"].astype(str),
        )[[*keys, "employees", "each"]]
        for run in (base, plain)
    ]  # fmt: skip
    both = ends[0].merge(ends[1], on=keys, suffixes=("_base", ""))
    assert 100 < len(both) < min(map(len, ends))  # some firms live in one of the two only
    both["jobs"] = both[["employees_base", "employees"]].min(axis=1)
    change, least = both["each"] - both["each_base"], 0.10 * both["each_base"].abs()
    moved = change != 0.0  # a firm born in the last quarter has not earned anything yet, in neither run
    better, worse = moved & (change >= least), moved & (change <= -least)
    expected = [both["jobs"].where(chosen, 0.0).groupby(both["replicate"]).sum() for chosen in (better, worse)]
    assert min(column.sum() for column in expected) > 0.0
    np.testing.assert_allclose(found.outcome("supported", "improved"), expected[0])
    np.testing.assert_allclose(found.outcome("supported", "worsened"), expected[1])
    np.testing.assert_allclose(found.outcome("supported", "improved_net"), expected[0] - expected[1])


def test_jobs_improved_by_hand():
    def firms(*rows):
        columns = [np.array(column) for column in zip(*rows, strict=True)]
        return Firms(columns[0], columns[1], columns[2].astype(np.uint64), columns[3].astype(float), columns[4].astype(float))

    least = IMPROVED_FROM
    assert (least.default, least.source) == (0.10, "assumed") and least.low < least.default < least.high
    baseline = firms(
        # replicate, cluster, identity, jobs, value added per person
        (0, 0, 7, 10, 100), (0, 0, 8, 20, 100), (0, 1, 7, 30, 100), (1, 2, 7, 40, 100), (1, 2, 5, 50, -100), (1, 2, 4, 60, 0),
        (1, 3, 9, 70, 100), (1, 3, 3, 80, -100),
    )  # fmt: skip
    option = firms(
        (0, 0, 8, 15, 90),  # worsened: exactly a tenth below, and the smaller employment counts
        (0, 0, 7, 12, 110),  # improved: exactly a tenth above
        (0, 1, 8, 99, 500),  # the baseline has no such firm in this cluster
        (0, 1, 7, 33, 109),  # not enough
        (1, 2, 4, 60, 0),  # nothing in both: no change
        (1, 2, 5, 45, -90),  # loses a tenth less
        (1, 2, 7, 41, 91),  # not enough
        (1, 3, 3, 80, -111),  # loses more
        (2, 4, 9, 70, 900),  # another replicate's
    )
    found = improved_jobs(option, baseline, 3)
    assert {name: values.tolist() for name, values in found.items()} == {
        "improved": [10.0, 45.0, 0.0], "worsened": [15.0, 80.0, 0.0], "improved_net": [-5.0, -35.0, 0.0],
    }  # fmt: skip
    same = improved_jobs(baseline, baseline, 2)
    assert all(values.tolist() == [0.0, 0.0] for values in same.values())


def test_yearly_series(found, plain):
    frame = plain.indicators
    year = frame[frame["quarter"].between(8, 11)]
    jobs = year.groupby(["replicate", "quarter"])["employment"].sum().groupby("replicate").mean()
    np.testing.assert_allclose(found.series("supported", "employment")[:, 2], jobs)
    quarters = [
        frame[frame["quarter"] == q].assign(w=lambda f: f["firms"] * f["trust"]).groupby("replicate")[["w", "firms"]].sum()
        for q in range(8, 12)
    ]
    trust = np.mean([part["w"] / part["firms"] for part in quarters], axis=0)
    np.testing.assert_allclose(found.series("supported", "trust")[:, 2], trust)
    shares = np.stack([found.series("supported", f"in_{phase}") for phase in PHASES])
    np.testing.assert_allclose(shares.sum(axis=0), 1.0)
    told = found.phase_shares("supported")
    np.testing.assert_allclose(told.shares, shares.mean(axis=1))
    assert told.cases == found.replicates * len(plain.scenario.place.clusters)
    ends = plain.indicators[plain.indicators["quarter"] == 11]["phase"].value_counts(normalize=True)
    np.testing.assert_allclose(told.shares[:, 2], [ends.get(phase, 0.0) for phase in PHASES])
    assert found.years.tolist() == [1, 2, 3, 4, 5, 6]
    assert found.yearly["year"].min() == 1990 and found.yearly["year"].max() == 1995


def test_discounting_by_hand():
    np.testing.assert_allclose(outcomes.discounting(8, 0.0), 1.0)
    np.testing.assert_allclose(outcomes.discounting(8, 0.21)[[0, 4]], [1.21**-0.125, 1.21**-1.125])
    free = compare({"a": alone(), "b": supported()}, replicates=2, seed=5, discount=0.0)
    np.testing.assert_allclose(free.outcome("b", "public_cost"), free.outcome("b", "public_paid"))


# uncertain worlds


def test_a_latin_hypercube_fills_every_part_once():
    points = latin_hypercube(20, 7, seed=3)
    assert points.shape == (20, 7)
    np.testing.assert_array_equal(np.sort((points * 20).astype(int), axis=0), np.tile(np.arange(20)[:, None], 7))
    assert not np.array_equal(points, latin_hypercube(20, 7, seed=4))


def test_worlds_are_the_same_for_all_options_and_leave_alone_what_is_set():
    place = load_scenario("no_policy", ["parameters.trust.gain=0.08"])
    names = varied([place, load_scenario("designed")])
    assert ("trust", "gain") not in names and not [name for group, name in names if group == "phase"]
    draws = draw([place], 15, seed=1)
    for dotted, values in draws.items():
        p = PARAMETERS[dotted.split(".")[0]][dotted.split(".")[1]]
        assert p.default - NARROW * (p.default - p.low) - 1e-12 <= values.min()
        assert values.max() <= p.default + NARROW * (p.high - p.default) + 1e-12
    first = in_world(place, draws, 0)
    assert first.parameters["trust"]["gain"] == 0.08
    assert first.parameters["market"]["noise"] == draws["market.noise"][0]
    assert place.parameters == {"trust": {"gain": 0.08}}


def test_a_world_is_a_plain_run_with_its_parameters():
    found = worlds()
    scenario = in_world(found.option("supported").scenario, found.draws, 7)
    plain = compare({"a": alone(parameters=scenario.parameters, horizon={"years": 3, "start_year": 1990}), "b": scenario},
                    replicates=found.replicates_each, seed=5)  # fmt: skip
    kept = found.worlds.query("option == 'supported' and world == 7")
    for name in ("jobs", *PAIRED):
        np.testing.assert_allclose(kept[name], [plain.outcome("b", name).mean()], err_msg=name)
    gain = plain.outcome("b", "jobs") - plain.outcome("a", "jobs")
    np.testing.assert_allclose(kept["jobs_chance"], [gain.var(ddof=1) / gain.size])


def test_the_part_of_chance_in_the_differences_between_worlds_is_told():
    found = worlds()
    frame = found.worlds.pivot(index="world", columns="option", values="jobs")
    gain = frame["supported"] - frame["alone"]
    share = found.worlds.query("option == 'supported'")["jobs_chance"].mean() / gain.var()
    said = found.answers["risk"]["options"]
    assert said["supported"]["chance_share"] == pytest.approx(min(1.0, share)) and 0.0 < share
    assert said["alone"]["chance_share"] is None
    assert (found.worlds.query("option == 'alone'")["jobs_chance"] == 0.0).all()


# what is refused


@pytest.mark.parametrize(
    ("scenarios", "options", "key", "words"),
    [
        (["no_policy"], {}, "", "found 1 scenario; allowed: 2 to 8"),
        (["no_policy"] * 9, {}, "", "found 9 scenarios"),
        (["no_policy", "basque_machine_tools"], {}, "horizon.years", "no_policy runs 40 years and basque_machine_tools 26"),
        (["no_policy", "basque_machine_tools"], {"years": 1}, "place.clusters[0].name", "'valley' in the one, 'machine_tools'"),
        (["no_policy", "designed"], {"baseline": "designd"}, "", "Did you mean 'designed'?"),
        (["no_policy", "designed"], {"discount": 3.0}, "discount", "3 is not possible; allowed: a number from 0 to 1"),
        (["no_policy", "designed"], {"discount": float("nan")}, "discount", "a number from 0 to 1"),
        (["no_policy", "designed"], {"worlds": 3}, "worlds", "allowed: 0, or 10 to"),
        (["no_policy", "designed"], {"replicates": 0}, "replicates", "from 1 to"),
        (["no_policy", "desined"], {}, "", "Did you mean 'designed'?"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(scenarios, options, key, words):
    with pytest.raises(InputError) as caught:
        compare(scenarios, **options)
    assert caught.value.key == key and words in str(caught.value)


def test_places_that_differ_through_a_parameter_are_refused_too():
    other = load_scenario("no_policy", ["parameters.population.size_median=20"])
    with pytest.raises(InputError, match=r"parameters\.population"):
        compare({"a": "no_policy", "b": other}, replicates=1, years=1)
    later = load_scenario("no_policy", ["parameters.environment.demand_noise=0.02"])  # acts only after the start
    assert compare({"a": "no_policy", "b": later}, replicates=2, years=1).names == ["a", "b"]


def test_names_and_baseline():
    found = compare(["no_policy", "no_policy", "designed"], baseline="designed", replicates=1, years=1)
    assert found.names == ["no_policy", "no_policy_2", "designed"]
    assert found.baseline == "designed" and found.interventions == ["no_policy", "no_policy_2"]
    assert "--baseline designed" in found.provenance["command"]


def test_the_command_calls_files_by_their_own_names_and_tells_all_digits():
    found = compare({"a": "no_policy", "b": "designed"}, "b", replicates=1, years=1, discount=0.0312345678)
    assert found.provenance["command"] == (
        "clustersim compare no_policy designed --baseline designed --replicates 1 --years 1 --seed 1 --discount 0.0312345678"
    )
    twice = compare(["no_policy", "no_policy"], "no_policy_2", replicates=1, years=1)
    assert "--baseline no_policy_2" in twice.provenance["command"]


def test_the_package_offers_it_lazily():
    assert clustersim.compare is compare
    assert {"compare", "Comparison", "read_comparison", "write_comparison"} <= set(dir(clustersim))
