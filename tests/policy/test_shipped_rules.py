"""Rules that come along: what they see and decide, that money in total stays, that runs stay the same, and what is recorded."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

from clustersim.core.errors import InputError
from clustersim.model.indicators import INDICATORS
from clustersim.model.levers import LEVERS
from clustersim.model.state import TRACTOR
from clustersim.policy.instruments import INSTRUMENTS
from clustersim.policy.rule import Others, Rule, Seen
from clustersim.policy.rules import RULES, GapDriven, StagedExperiment, StopOrScale
from clustersim.policy.rules.gaps import CLOSES, SEVEN, closed_by
from clustersim.results import read_run, simulate, write_result
from clustersim.scenario.loading import load_scenario, problems
from clustersim.scenario.model import Scenario
from clustersim.simulation.engine import Simulation
from clustersim.simulation.mesa_model import ClusterModel
from clustersim.studies.comparison import compare
from clustersim.testing import check_rule

AT = {name: k for k, name in enumerate(INDICATORS)}
MIX = ("facilitator", "training_centre", "export_network", "credit_guarantee", "cluster_linkage")
CASES = [
    {"use": "gap_driven", "focus": 2},
    {"use": "gap_driven", "informed_by": "associations", "every": 2},
    {"use": "staged_experiment", "years_apart": 0.5, "explorers": 2},
    {"use": "stop_or_scale", "keep": 0, "least_years": 0.5, "bar": 0.0},
]


def scenario(rule=None, clusters=4, years=5, **programme):
    """Return a nation of small clusters under two stages of a mix, with an association, a taper and money of private hands."""
    paid = [{"use": use, "per_year": 40.0, "taper": 0.5 * (k == 1)} for k, use in enumerate(MIX)]
    paid[2] |= {"start": 3, "cofinance": 0.25}
    founding = [{"use": "association_founding", "per_year": 20.0}, {"use": "association_grant", "per_year": 30.0}]
    stages = [{"name": "one", "quarters": 9, "instruments": paid + founding},
              {"name": "two", "quarters": 8, "instruments": paid[1:]}]  # fmt: skip
    places = [{"name": f"c{k}", "smes": 14 + 2 * k, "tractors": 1, "trust": 0.3 + 0.03 * k, "export_share": 0.1 + 0.2 * k}
              for k in range(clusters)]  # fmt: skip
    return Scenario.model_validate({
        "title": "t", "horizon": {"years": years}, "place": {"clusters": places},
        "programme": {"stages": stages, "rule": rule, **programme},
    })  # fmt: skip


def seen(now=None, first=None, planned=MIX, **more):
    """Return what a rule sees of a cluster in which every instrument of the mix is planned."""
    gaps = dict.fromkeys(INDICATORS, 0.5)
    closes = {use: closed_by(INSTRUMENTS[use]) for use in MIX}
    money = {use: 10.0 * (use in planned) for use in MIX}
    about = {"announced": 0, "planned": money, "closes": closes, "factors": dict.fromkeys(MIX, 1.0)} | more
    return Seen("here", 16, about.pop("since", 12), gaps | (now or {}), gaps | (first or {}), **about)


# --- what they decide ----------------------------------------------------------------------------------------------


def test_every_channel_says_which_gaps_it_closes():
    assert set(CLOSES) == set(LEVERS) and set(RULES) == {"gap_driven", "staged_experiment", "stop_or_scale"}
    assert {gap for closed in CLOSES.values() for gap in closed} == {gap.removeprefix("gap_") for gap in SEVEN}
    assert closed_by(INSTRUMENTS["supplier_development"]) == ("gap_firms", "gap_market")
    assert closed_by(INSTRUMENTS["competitiveness_plan"]) == ("gap_firms",), "each gap once"
    assert closed_by(INSTRUMENTS["association_grant"]) == ()


@pytest.mark.parametrize("focus", [0.0, 1.0, 3.0])
def test_money_follows_the_widest_gap(focus):
    gaps = dict.fromkeys(SEVEN, 0.3) | {"gap_education": 0.9, "gap_clusters": 0.0}
    answer = GapDriven(focus=focus).decide(seen(gaps))
    mean = (5 * 0.3 + 0.9) / 7
    assert answer["training_centre"] == pytest.approx(min(10, (0.9 / mean) ** focus))
    assert answer["facilitator"] == pytest.approx((0.3 / mean) ** focus)
    assert answer["cluster_linkage"] == pytest.approx((0.01 / mean) ** focus), "a closed gap is taken as a hundredth"
    assert GapDriven(focus=5).decide(seen(gaps | dict.fromkeys(SEVEN[2:], 0.0)))["training_centre"] == 10.0


def test_what_associations_report_counts_where_one_reports():
    rule = GapDriven(informed_by="associations")
    assert rule.decide(seen({"gap_education": 1.0})) == {}
    told = dict.fromkeys(SEVEN, 0.2) | {"gap_market": 0.8}
    answer = rule.decide(seen({"gap_education": 1.0}, reported=told))
    assert max(answer, key=answer.get) == "export_network" and answer["training_centre"] < 1


def test_what_narrows_its_gap_is_scaled_and_the_useless_ends():
    rule = StopOrScale(bar=0.05, keep=0)
    now = {"gap_education": 0.2, "gap_firms": 0.36, "gap_market": 0.34}  # of 0.5, three years after the begin
    answer = rule.decide(seen(now))
    assert answer == {"facilitator": 0.0, "training_centre": 2.0, "export_network": 2.0, "credit_guarantee": 0.0,
                      "cluster_linkage": 0.0}  # fmt: skip
    assert rule.decide(seen(now, since=7)) == {} == rule.decide(seen(now, since=None)), "not before two years"
    assert rule.decide(seen()) == {} == rule.decide(seen(dict.fromkeys(SEVEN, 0.0))), "none works, or all do"
    assert rule.decide(seen(now, planned=("training_centre",))) == {}, "nothing to take from"
    assert "facilitator" not in rule.decide(seen(now, planned=MIX[1:]))


def world(growth, stresses, announced=(0, 6, 12, 18, 24)):
    """Return the sights of a world: each cluster's yearly growth of jobs, the instrument that it stresses, and its turn."""
    sights = []
    for k, (rate, stress, when) in enumerate(zip(growth, stresses, announced, strict=True)):
        since = 30 - when
        jobs = {"employment": 100.0 * np.exp(rate * since / 4)}
        factors = dict.fromkeys(MIX, 0.5) | {use: 1.5 for use in stress}
        sights.append(seen(jobs, {"employment": 100.0}, since=since, announced=when, factors=factors, others=Others(sights, k)))
    return sights


def test_the_first_clusters_try_variants_and_all_instruments_are_stressed_by_one():
    rule = StagedExperiment(explorers=3, variation=2)
    sights = world([0.0] * 5, [()] * 5)
    answers = [rule.decide(sight) for sight in sights[:3]]
    assert [[use for use in MIX if answer[use] > 1] for answer in answers] == [[MIX[0], MIX[3]], [MIX[1], MIX[4]], [MIX[2]]]
    assert {factor for answer in answers for factor in answer.values()} == {1.0, 3.0}


def test_later_clusters_learn_which_instrument_moved_the_outcome():
    only = [("training_centre",), ("facilitator",), ("export_network",), ("training_centre",), ()]
    rule = StagedExperiment(learning=1)
    answer = rule.decide(world([0.1, 0.0, 0.0, 0.1, 0.0], only)[4])
    assert answer["training_centre"] == pytest.approx(1.5), "four clusters: half of the correlation, which is 1"
    assert answer["facilitator"] < 1 and answer["export_network"] < 1 and answer["credit_guarantee"] < answer["training_centre"]
    turned = rule.decide(world([0.0, 0.1, 0.1, 0.0, 0.0], only)[4])
    assert turned["training_centre"] == pytest.approx(0.5)
    assert set(rule.decide(world([0.1] * 5, only)[4]).values()) == {1.0}, "where all grew alike there is no lesson"
    assert set(StagedExperiment(learning=0).decide(world([0.1, 0, 0, 0.1, 0], only)[4]).values()) == {1.0}


def test_a_lesson_takes_three_clusters_that_have_been_served_for_a_year():
    only = [("training_centre",), ("facilitator",), ("export_network",), (), ()]
    sights = world([0.1, 0.0, 0.05, 0.02, 0.0], only, announced=(0, 6, 12, 27, 29))
    assert StagedExperiment(learning=1).decide(sights[4])["training_centre"] > 1
    young = [*sights[:2], replace(sights[2], since_begin=3), *sights[3:]]
    assert StagedExperiment().decide(replace(sights[4], others=Others(young, 4))) == {}
    gone = [*sights[:2], replace(sights[2], now={"employment": 0.0}), *sights[3:]]
    assert StagedExperiment().decide(replace(sights[4], others=Others(gone, 4))) == {}


def test_turns_follow_one_another_in_the_order_of_announcement():
    assert StagedExperiment(years_apart=1.5).turns([4, 4, -1, 4]) == [4, 10, -1, 16]
    assert StagedExperiment(years_apart=1, at_a_time=2).turns([8, 4, 4, 4]) == [12, 4, 4, 8]
    assert StagedExperiment(years_apart=0.375).turns([0, 0, 0]) == [0, 2, 3], "1.5 and 3 quarters, rounded to the even number"


def test_the_others_are_all_but_oneself():
    names = list("abcd")
    others = Others([Seen(name, 4, None, {}, {}) for name in names], 1)
    assert [one.cluster for one in others] == ["a", "c", "d"] and len(others) == 3 and others[-1].cluster == "d"
    assert [one.cluster for one in others[1:]] == ["c", "d"]
    with pytest.raises(IndexError):
        others[3]


# --- what they see, in a run ---------------------------------------------------------------------------------------

HEARD = []


class Listener(Rule):
    """Writes down what it sees, and moves money so that factors differ."""

    use: str = "listener"

    def decide(self, seen):
        HEARD.append(seen)
        return {"facilitator": 0.5 + 0.1 * int(seen.cluster[1:])}


def test_a_rule_sees_what_is_planned_in_force_and_known_of_the_other_clusters_and_no_future():
    HEARD.clear()
    made = scenario(Listener(every=2), announced=0.5, selection={"mode": "politics", "rounds": [{"year": 0, "clusters": 2},
                    {"year": 2, "clusters": 1}]})  # fmt: skip
    simulation = Simulation(made, 3, (0, 1))
    record = simulation.advance(20).indicators
    assert len(HEARD) == 2 * (2 * 9 + 5)
    for one in HEARD:
        assert [other.cluster for other in one.others] == [f"c{k}" for k in range(4) if f"c{k}" != one.cluster]
        assert list(one.planned) == [*MIX, "association_founding", "association_grant"] == list(one.factors)
        for other in one.others:
            served = other.announced is not None
            rows = [w * 4 + int(other.cluster[1:]) for w in range(2)]
            assert list(other.now.values()) in [record[one.quarter - 1, row].tolist() for row in rows], "of its own world, now"
            assert served == bool(other.first) == bool(other.planned) and (not served or other.announced <= one.quarter)
            if served and other.quarter > other.announced + 1:
                assert other.factors["facilitator"] == pytest.approx(0.5 + 0.1 * int(other.cluster[1:]))
            with pytest.raises(TypeError):
                other.now["employment"] = 0.0


def test_what_is_planned_is_what_is_spent_over_the_factor_in_force():
    made = scenario(Listener(every=1), clusters=2)
    names = [instrument.use for _, instrument in made.programme.instruments()]
    simulation = Simulation(made, 3)
    simulation.advance(1)
    for quarter in range(1, 18):
        HEARD.clear()
        spent = simulation.advance(1).spending[0, :, 0] / simulation.state.plan.rows.factor
        for one, paid in zip(HEARD, np.split(spent, 2), strict=True):
            for use in set(names) - {"export_network"}:  # whose private part may fall short
                due = sum(money for money, name in zip(paid, names, strict=True) if name == use)
                assert one.planned[use] == pytest.approx(due, rel=1e-12, abs=1e-12), (quarter, use)


def test_members_see_other_gaps_than_statistics_and_only_through_an_association_with_staff():
    HEARD.clear()
    simulation = Simulation(scenario(Listener(every=1), clusters=3, years=8), 3, range(2))
    narrower = []
    for _quarter in range(24):
        HEARD.clear()
        state = simulation.state
        formal, staff, member = state.clusters.formal.copy(), state.clusters.staff.copy(), state.actors.member.copy()
        top, kind, clusters = state.actors.top.copy(), state.actors.kind.copy(), state.clusters.copy()
        simulation.advance(1)
        for c, one in enumerate(HEARD):
            rows = slice(clusters[c].firms, clusters[c].last)
            members = (member[rows] == 1) & (kind[rows] >= TRACTOR)
            assert (one.reported is not None) == bool(formal[c] and staff[c] >= 0.5 and members.any())
            if one.reported is not None:
                assert list(one.reported) == list(SEVEN) and all(0 <= gap <= 1 for gap in one.reported.values())
                assert one.reported["gap_firms"] == pytest.approx(1 - (top[rows][members] >= 2).mean())
                assert all(one.reported[gap] == one.now[gap] for gap in ("gap_education", "gap_government", "gap_capital"))
                narrower.append(one.now["gap_firms"] - one.reported["gap_firms"])
    assert np.mean(narrower) > 0, "members are linked more than the others"


# --- money, and sameness -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", CASES, ids=lambda rule: rule["use"])
def test_the_planned_money_of_every_quarter_stays(rule):
    made = scenario(rule, years=7, evaluation={"every_years": 1, "per_year": 8, "indicator": "linked", "gain": 0.01})
    simulation, moved = Simulation(made, 3, range(2)), 0.0
    for _quarter in range(28):
        formal = simulation.state.clusters.formal.copy()
        simulation.advance(1)
        state = simulation.state
        for c, cluster in enumerate(state.clusters):
            rows = state.plan.rows[cluster.rows_first : cluster.rows_last]
            began = cluster.began[rows.stage]
            done = simulation.quarter - 1 - began - rows.start
            asks = (began >= 0) & (done >= 0) & (done < rows.quarters) & ((rows.recipient != 2) | (formal[c] == 1))
            tail, left = rows.taper * rows.quarters, rows.quarters - done
            public = asks * rows.money * np.where(left <= tail, left / (tail + 1), 1.0) * (1 - rows.cofinance)
            assert abs((public * rows.factor).sum() - public.sum()) <= 1e-9 * public.sum(), simulation.quarter
            moved += np.abs(public * (rows.factor - 1)).sum()
            assert (rows.factor[rows.instrument >= 11] == 1.0).all(), "evaluations keep their money"
    assert moved > 1.0


@pytest.mark.parametrize("rule", CASES, ids=lambda rule: rule["use"])
def test_neither_chunks_nor_batches_nor_threads_nor_saving_change_what_it_does(rule, tmp_path):
    made = scenario(rule)
    whole = Simulation(made, 3, range(3), workers=2).run(20, chunk=20)
    single = Simulation(made, 3, range(3), workers=1).run(20, chunk=1)
    assert np.array_equal(whole.indicators, single.indicators) and np.array_equal(whole.spending, single.spending)
    alone = Simulation(made, 3, (2,), workers=1).run(20, chunk=7)
    assert np.array_equal(alone.indicators, whole.indicators[:, 8:12])
    half = Simulation(made, 3, range(3), workers=1)
    half.advance(11)
    half.save(tmp_path / "half.npz")
    for rest in (Simulation.load(tmp_path / "half.npz"), half.branch()):
        assert np.array_equal(rest.advance(9).spending, whole.spending[11:])
    model = ClusterModel(made, seed=3, replicate=2)
    for row in whole.indicators[:, 9]:
        model.step()
        assert list(model.indicators["c1"].values()) == row.tolist()


def test_a_rule_without_effect_changes_no_number():
    for rule in ({"use": "gap_driven", "focus": 0}, {"use": "stop_or_scale", "least_years": 20}):
        found, bare = (Simulation(scenario(one), 3, range(2)).run(20) for one in (rule, None))
        assert np.array_equal(found.indicators, bare.indicators) and np.array_equal(found.spending, bare.spending)


def test_clusters_of_a_staged_experiment_begin_in_turn_and_are_paid_as_planned_from_then_on():
    rule = {"use": "staged_experiment", "years_apart": 1, "variation": 0, "learning": 0}
    record = Simulation(scenario(rule, announced=1), 3).run(40)
    spent = record.spending[:, :, 0].reshape(40, 4, 11).sum(axis=2)
    assert [int(np.flatnonzero(column)[0]) for column in spent.T] == [4, 8, 12, 16]
    assert [int(np.flatnonzero(column)[-1]) for column in spent.T] == [23, 27, 31, 35]
    here = Simulation(scenario(None), 3)
    here.advance(12)
    later = here.branch(scenario(rule).programme)
    assert later.state.clusters.announced.tolist() == [12, 16, 20, 24]


class Favourite(Rule):
    """Gives everything to what only the first stage has, and keeps the total."""

    use: str = "favourite"
    keeps_total = True

    def decide(self, seen):
        return dict.fromkeys(seen.planned, 0.0) | {"facilitator": 1.0}


def test_where_nothing_is_left_to_give_it_to_money_is_paid_as_planned():
    found, bare = (Simulation(scenario(rule, clusters=1), 3).run(17) for rule in (Favourite(every=1), None))
    assert found.spending[4, :, 0].max() == pytest.approx(bare.spending[4, :, 0].sum(), rel=0.1)
    assert np.allclose(found.spending[9:, 7:, 0], bare.spending[9:, 7:, 0]), "the second stage has no facilitator"


@pytest.mark.parametrize(("rule", "fields"), [
    (GapDriven, {"focus": 3}), (StopOrScale, {"least_years": 1, "keep": 0}), (StagedExperiment, {"explorers": 2}),
])  # fmt: skip
def test_they_pass_what_is_asked_of_a_user_s_rule(rule, fields):
    own = type("Own", (rule,), {
        "__annotations__": {"use": Literal["own_rule"]}, "use": "own_rule", "etiqueta": "Propia", "__doc__": "Mine.",
        "source": "assumed", "__module__": __name__,
    })  # fmt: skip
    found = check_rule(own, ["training_centre", "export_network", "project_cofinance"], replicates=2, **fields)
    assert found.decisions > 0


# --- named in scenarios, comparisons and records -------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "key", "said"), [
    ("{use: gap_drive}", "programme.rule.use", "Did you mean 'gap_driven'?"),
    ("{use: gap_driven, focus: 6}", "programme.rule.focus", "a number from 0 to 5"),
    ("{use: gap_driven, informed_by: rumour}", "programme.rule.informed_by", "one of statistics, associations"),
    ("{use: gap_driven, focsu: 1}", "programme.rule.focsu", "not a key here"),
    ("{use: staged_experiment, outcome: jobs}", "programme.rule.outcome", "'jobs' is not an indicator."),
    ("{use: staged_experiment, explorers: 1}", "programme.rule.explorers", "a whole number from 2 to 40"),
    ("{use: stop_or_scale, keep: 2}", "programme.rule.keep", "a number from 0 to 1"),
])  # fmt: skip
def test_a_field_that_cannot_be_is_one_sentence(tmp_path, rule, key, said):
    path = tmp_path / "own.yaml"
    path.write_text(f"extends: designed\nprogramme:\n  rule: {rule}\n", encoding="utf-8")
    (found,) = problems(path)
    assert (found.key, found.line) == (key, 3) and said in f"{found.message} {found.hint}" and "\n" not in found.message


def test_commands_take_them_by_name(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = {one["name"]: one for one in json.loads(call("describe", "rules", "--json")[1])}
    assert list(told) == list(RULES) and all(one["keeps_total"] and one["plugin"] is None for one in told.values())
    assert [p["name"] for p in told["gap_driven"]["parameters"]] == ["every", "focus", "informed_by"]
    assert load_scenario("designed", ["programme.rule={use: stop_or_scale, bar: 0.1}"]).programme.rule == StopOrScale(bar=0.1)
    code, _out, err = call("run", "designed", "--set", "programme.rule={use: gap_driven}", "--replicates", 1, "--years", 2,
                           "--no-figures", "--lang", "en")  # fmt: skip
    assert code == 0, err
    (place,) = (tmp_path / "results").iterdir()
    assert read_run(place).scenario.programme.rule == GapDriven()


def test_a_result_records_the_rule_so_that_it_can_be_made_again(tmp_path):
    made = scenario({"use": "stop_or_scale", "least_years": 0.5})
    result = simulate(made, replicates=2)
    place = write_result(result, tmp_path / result.folder_name)
    said = json.loads((place / "run.json").read_text(encoding="utf-8"))
    assert said["scenario"]["programme"]["rule"] == StopOrScale(least_years=0.5).model_dump(mode="json")
    again = simulate(read_run(place).scenario, replicates=2)
    assert again.indicators.equals(result.indicators) and again.provenance["model_code"] == result.provenance["model_code"]
    assert simulate(scenario({"use": "stop_or_scale"}), replicates=2).folder_name != result.folder_name


def test_options_can_be_rules():
    found = compare([scenario(), scenario({"use": "gap_driven", "focus": 3})], replicates=3)
    assert found.runs["public_paid"].nunique() > 1


def test_a_programme_refuses_what_is_no_rule():
    with pytest.raises(Exception, match="must be the name of a rule"):
        scenario({"every": 3})
    with pytest.raises(InputError, match="'happiness' is not an indicator"):
        load_scenario("designed", ["programme.rule={use: staged_experiment, outcome: happiness}"])
