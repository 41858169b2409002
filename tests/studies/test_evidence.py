"""Evidence: facts and their measures, verdicts, statistics by hand, the command and its files, and the documentation's page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from clustersim import InputError, evidence, load_scenario
from clustersim.cli import command_line as cli
from clustersim.core.words import speaking
from clustersim.scenario.loading import shipped_scenarios
from clustersim.studies.evidence import MEASURES, basque, counted, declared, measuring, red_productiva, saying, survey, watching
from clustersim.studies.evidence.facts import CALIBRATE, CHECK, PARAMETER, USES, Fact, facts
from clustersim.studies.evidence.library import library
from clustersim.studies.evidence.markdown import declared as said_of
from clustersim.studies.evidence.markdown import fact_tables
from clustersim.studies.evidence.measure import FILES, LIBRARY, PLACES, REPLICATES, Apart, Estimate, Measure, across, judge
from clustersim.studies.evidence.watching import READ, Sample, Seen, Survey

PAGE = Path(__file__).parents[2] / "docs" / "evidence.md"
FIELDS = {
    "id", "quantity", "unit", "applies_to", "source", "use", "fact", "fact_low", "fact_high", "how", "where", "band", "reason",
    "bears", "low", "value", "high", "seen", "met", "distance",
}  # fmt: skip
SMALL = ("simple_network",)


# facts and their measures


def test_every_fact_has_a_measure_or_a_reason_and_nothing_is_measured_that_is_no_fact():
    assert set(MEASURES) == set(facts())
    for id_, measure in MEASURES.items():
        if isinstance(measure, Apart):
            assert len(measure.reason) > 20, id_
        else:
            assert measure.how and measure.band in (REPLICATES, PLACES, FILES), id_
            assert measure.where == LIBRARY or measure.where in shipped_scenarios() or measure.band == FILES, id_


def test_facts_are_whole():
    for fact in facts().values():
        assert fact.use in USES and re.match(r"(ILO §|RP$|DINI$|ILO annex)", fact.source), fact
        if fact.low is not None:
            assert fact.low <= fact.value, fact
        if fact.high is not None:
            assert fact.value <= fact.high, fact
    uses = [fact.use for fact in facts().values()]
    assert all(uses.count(use) > 10 for use in (CALIBRATE, CHECK, PARAMETER))


def test_the_library_follows_its_rule():
    names = library()
    assert list(names) == sorted(names) and "organic" in names
    for name in set(shipped_scenarios()) - {"organic"}:
        scenario = load_scenario(name)
        if name in names:
            assert scenario.programme is not None and scenario.horizon.years >= 10
    assert not {"idb_southern_cone", "no_policy", "national_1m", "ecuador_anchor_chains"} & set(names)
    assert {"basque_country", "basque_machine_tools", "idb_chile", "oecd_sequence", "peru_pac"} <= set(names)


# verdicts


def fact(value=3.0, low=None, high=None):
    """Return an invented fact."""
    return Fact("x", "an invented number", value, low, high, "1", "nobody", "ILO §0", CHECK)


@pytest.mark.parametrize(("made", "found", "band", "met", "distance"), [
    (fact(3, 2, 4), (0, 4, 9), REPLICATES, True, 0), (fact(3, 2, 4), (2, 4.5, 9), PLACES, False, 0.5),
    (fact(3, 2, 4), (0, 1, 9), REPLICATES, False, 1), (fact(3, 3, None), (2, 3, 9), REPLICATES, True, 0),
    (fact(3, 3, None), (4, 2, 9), REPLICATES, False, 1), (fact(3, None, 3), (0, 5, 9), REPLICATES, False, 2),
    (fact(), (2, 2.5, 3), REPLICATES, True, 0), (fact(), (1, 2, 2.5), REPLICATES, False, 0.5),
    (fact(), (4, 5, 6), PLACES, False, 1),
    (fact(60), (59.9, 59.9, 59.9), FILES, True, 0), (fact(1), (2, 2, 2), PLACES, False, 1),
    (fact(3, 2, 4), (1, 3, 5), FILES, False, 1), (fact(3, 2, 4), (2, 3, 4), FILES, True, 0),
    (fact(12, 9, 15), (9, np.inf, np.inf), REPLICATES, False, np.inf),
])  # fmt: skip
def test_a_fact_is_met_or_missed_by_how_much(made, found, band, met, distance):
    assert judge(made, Estimate(*map(float, found)), band) == (met, pytest.approx(distance))


def test_without_a_value_there_is_no_verdict_and_counting_tells_the_three_apart():
    met, distance = judge(fact(), Estimate(*(np.nan,) * 3), REPLICATES)
    assert met is None and np.isnan(distance)
    assert counted([{"met": one} for one in (True, False, None, False)]) == {"met": 1, "missed": 2, "not_comparable": 1}


def test_a_number_that_most_replicates_lack_is_none():
    assert np.isnan(across(np.array([1.0, np.nan, np.nan])).value) and across(np.array([1.0, 1.0, np.nan])).value == 1.0


# statistics, by hand


def seen(name=basque.WHERE, quarters=24, replicates=1, sides=None, **columns):
    """Return what would be seen of a scenario of which these indicators are known, each (quarter, replicate, cluster)."""
    scenario = load_scenario(name)
    clusters = next(iter(columns.values())).shape[-1] if columns else 1
    nothing = np.zeros((quarters, replicates, clusters))
    return Seen(scenario, {key: columns.get(key, nothing) for key in READ}, sides)


def over_quarters(*rows, quarters=24):
    """Return an array (quarter, one replicate, cluster) that is the same in all quarters."""
    return np.tile(np.array(rows, float), (quarters, 1, 1))


def test_budgets_count_association_years():
    one = seen(formal=over_quarters([1, 1, 0]), income_public=over_quarters([100.0, 300.0, 900.0]),
               income_private=over_quarters([30.0, 300.0, 0.0]))  # fmt: skip
    assert basque.budget_within(-np.inf, 500.0)(one).tolist() == [0.5]  # 520 and 2,400 kUSD a year at 1.1 USD a euro
    assert basque.budget_within(2000.0, np.inf)(one).tolist() == [0.5]


def test_the_public_share_is_that_of_mature_associations():
    one = seen(formal=over_quarters([1, 1]), association_age=over_quarters([12, 3]), income_public=over_quarters([1.0, 9.0]),
               income_private=over_quarters([3.0, 0.0]))  # fmt: skip
    assert basque.public_share(one).tolist() == [0.25] and basque.mature(one).tolist() == [1.0]


def test_members_and_exports_are_taken_over_clusters():
    one = seen(formal=over_quarters([1, 1, 0]), members=over_quarters([9, 50, 0]), sales=over_quarters([10.0, 30.0, 0.0]),
               exports=over_quarters([2.0, 14.0, 0.0]))  # fmt: skip
    assert basque.members(np.min, np.inf)(one).tolist() == [9] and basque.members(np.max, -np.inf)(one).tolist() == [50]
    assert basque.export_share(one).tolist() == [0.4]


def test_months_count_from_the_launch_until_the_association_works_without_a_facilitator():
    stage, helped, staff = (np.zeros((12, 1, 3)) for _ in range(3))
    stage[:, 0] = -1.0
    stage[4:, 0, 0], stage[6:, 0, 1] = 0.0, 0.0  # the third is never launched
    helped[4:7, 0, 0], helped[6:10, 0, 1] = 1.0, 1.0
    staff[:, 0] = 2.0
    one = seen(quarters=12, programme_stage=stage, facilitators=helped, staff=staff, formal=np.ones((12, 1, 3)))
    assert basque.months_to_run(one).tolist() == [9.0]  # from quarter 4 to 7; the second takes 12
    never = seen(quarters=12, programme_stage=stage, facilitators=helped, staff=0 * staff, formal=np.ones((12, 1, 3)))
    assert np.isinf(basque.months_to_run(never)).all()


def test_members_are_ahead_by_the_mean_gap_of_clusters_that_have_both():
    sides = np.full((2, len(watching.TRAITS), 1, 2, 2), np.nan)
    sides[:, 0, 0, 0] = (0.4, 0.6)  # others, members
    sides[:, 0, 0, 1, 1] = 9.0  # a cluster without others
    assert basque.ahead("quality")(seen(sides=sides)) == pytest.approx([0.2])
    assert np.isnan(basque.ahead("growth")(seen(sides=sides))).all()


def test_sums_of_red_productiva_end_with_the_programme():
    flow = np.ones((32, 2, 12))
    one = seen(red_productiva.WHERE, 32, 2, private_cofinance=flow, investment_called=flow, approved=2 * flow, applied=8 * flow)
    quarters = round((2010.75 - one.scenario.horizon.start_year) * 4)
    assert red_productiva.total("private_cofinance")(one).tolist() == [12 * quarters] * 2
    called = red_productiva.total("investment_called", 1000.0, red_productiva.CALLED)(one)
    assert called == pytest.approx([2 * quarters / 1000] * 2)
    assert red_productiva.approved_share(one).tolist() == [0.25] * 2
    assert set(red_productiva.CALLED) <= {cluster.name for cluster in one.scenario.place.clusters}
    with pytest.raises(ValueError, match="begins after"):
        one.until(1900.0)


def made_survey(**columns):
    """Return the survey of one scenario with four years, one replicate and four clusters."""
    return Survey({"x": seen(quarters=16, **{name: over_quarters(row, quarters=16) for name, row in columns.items()})})


def test_an_initiative_is_there_where_an_association_exists_or_facilitators_work():
    one = made_survey(formal=[1, 0, 0, 1], formal_membership=[1, 0, 0, 0], facilitators=[0, 2, 0, 0])
    assert survey.initiatives("formal")(one, one["weight"]) == pytest.approx(2 / 3)
    assert survey.initiatives("formal_membership")(one, one["weight"]) == pytest.approx(1 / 3)
    assert one.places == 4 and sorted(set(one["place"].tolist())) == [0, 1, 3] and one["weight"].sum() == pytest.approx(3.0)


def test_places_weigh_the_same_whatever_their_horizon():
    long = seen(quarters=40, formal=over_quarters([1], quarters=40), staff=over_quarters([2], quarters=40))
    short = seen(quarters=4, formal=over_quarters([1], quarters=4), staff=over_quarters([6], quarters=4))
    both = Survey({"long": long, "short": short})
    assert survey.staffed(survey.mean)(both, both["weight"]) == pytest.approx(4.0)


def test_members_and_income_are_those_of_associations():
    one = made_survey(
        formal=[1, 1, 1, 0], formal_membership=[1, 1, 0, 0], facilitators=[0, 0, 0, 1], members=[19, 100, 0, 0],
        income_public=[8.0, 1.0, 5.0, 0.0], income_foreign=[8.0, 0.0, 0.0, 0.0], income_private=[2.0, 9.0, 5.0, 0.0],
        income_fees=[1.0, 4.0, 3.0, 0.0], income_services=[0.0, 1.0, 2.0, 0.0], entry_point=[1, 2, 3, 0],
    )  # fmt: skip
    weight = one["weight"]
    assert [survey.with_members(*ends)(one, weight) for ends in ((0, 20), (20, 100), (100, np.inf))] == [0.5, 0.0, 0.5]
    assert survey.income("public")(one, weight) == pytest.approx((0.8 + 0.1 + 0.5) / 3)
    assert survey.income("fees and services")(one, weight) == pytest.approx((0.1 + 0.5 + 0.5) / 3)
    shares = [survey.mainly(*source)(one, weight) for source in (("home",), ("private",), ("foreign",), ())]
    assert shares == pytest.approx([0.0, 1 / 3, 1 / 3, 1 / 3])
    assert survey.designed(one, weight) == pytest.approx(1 / 3)


def test_ranks_count_projects_begun_at_an_age():
    sample = Sample(1)
    sample._survey = made_survey(formal=[1, 1, 1, 0], association_age=[2, 2, 12, 2], facilitators=[1, 1, 1, 1],
                                 started_promotion=[3.0, 2.0, 0.0, 99.0], started_purchase=[1.0, 2.0, 1.0, 0.0],
                                 started_research=[0.0, 0.0, 4.0, 0.0])  # fmt: skip
    young, old = survey.ranked("promotion", 0, 4)(sample), survey.ranked("research", 10, np.inf)(sample)
    assert young.value == 1.0 and young.seen[0][0] == "promotion" and young.seen[0][1] == pytest.approx(5 / 8)
    assert old.value == 1.0 and dict(old.seen)["purchase"] == pytest.approx(1 / 5)
    assert survey.ranked("purchase", 10, np.inf)(sample).value == 2.0
    none = survey.ranked("", 0, 4)(sample)
    assert np.isnan(none.value) and none.seen and np.isnan(survey.ranked("research", 5, 10)(sample).value)


def test_declared_values_are_those_of_the_files():
    assert set(declared.launch_intervals()) <= {1.0, 1.5, 2.0} and len(declared.launch_intervals()) == 11
    found = {one["id"]: one for one in evidence(["manager_experience", "rp_projects_designed", "lac_launch_lag_max"]).results}
    assert found["manager_experience"]["value"] == pytest.approx(0.97**12) and not found["manager_experience"]["met"]
    assert found["rp_projects_designed"]["met"] and found["lac_launch_lag_max"]["high"] <= 3.0


def test_members_beside_others_are_read_off_the_state():
    """What the reducer notes is what the tables of firms of the same run say."""
    from clustersim import simulate
    from clustersim.simulation.batches import Job, run_batch

    scenario = load_scenario("simple_network", {"horizon.years": 8})
    _record, sides = run_batch(Job(scenario, watching.Watch, 1), [0])
    firms = simulate(scenario, seed=1, replicates=1, records=("firms",)).firms
    last = firms[firms["quarter"] == 31]
    quality = last.groupby("member")["quality"].mean()
    assert sides.shape == (5, 4, 1, 2)
    assert sides[-1, 0, 0] == pytest.approx([quality.get(False, np.nan), quality.get(True, np.nan)], nan_ok=True)
    before = firms[firms["quarter"] == 27].set_index("firm")[["employees", "member"]]
    both = last.set_index("firm").join(before.add_suffix("_before"), how="inner")
    growth = np.log(both["employees"] / both["employees_before"]).groupby(both["member_before"]).mean()
    assert sides[-1, 3, 0] == pytest.approx([growth.get(False, np.nan), growth.get(True, np.nan)], nan_ok=True)


# the study, the command and its files


@pytest.fixture
def small(monkeypatch):
    """Let the library be one scenario, and runs few."""
    for module in (measuring, watching):
        monkeypatch.setattr(module, "library", lambda: SMALL)
    monkeypatch.setattr(measuring, "QUICK", 2)


@pytest.fixture
def call(small, tmp_path, monkeypatch, capsys):
    """Return a function that runs the command, and returns status, output and what was said beside it."""
    monkeypatch.chdir(tmp_path)

    def _call(*arguments):
        capsys.readouterr()
        code = cli.main(["evidence", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return _call


def test_json_is_one_document_with_the_fields_that_scripts_rely_on(call, tmp_path):
    asked = ("priority_old", "staff_median", "lq_strong", "priority_middle")
    code, out, _err = call(*(word for id_ in asked for word in ("--fact", id_)), "--quick", "--seed", 3, "--json")
    said = json.loads(out)
    assert code == 0 and (said["seed"], said["replicates"]) == (3, 2)
    assert [one["id"] for one in said["facts"]] == ["staff_median", "priority_middle", "priority_old", "lq_strong"]
    assert all(set(one) == FIELDS for one in said["facts"])
    staff, middle, old, strong = said["facts"]
    assert staff["low"] <= staff["value"] <= staff["high"] and staff["met"] in (True, False) and staff["where"] == "library"
    assert strong["value"] is None and strong["met"] is None and strong["reason"]
    assert middle["met"] is None and middle["reason"] and old["bears"] in (survey.MEASURES["priority_old"].bears, "")
    assert sum(said["counted"]["compared"].values()) == 3
    assert said["counted"]["inputs"] == {"met": 0, "missed": 0, "not_comparable": 1}
    folder = tmp_path / "results" / "evidence"
    assert json.loads((folder / "evidence.json").read_text(encoding="utf-8")) | {"files": said["files"]} == said
    assert {path.name for path in folder.iterdir()} == {
        "evidence.json", "evidence.csv", "evidence.png", "evidence.svg", "evidence.files.json",
    }  # fmt: skip
    assert cli.main(["results", "verify", str(folder.parent)]) == 0  # which says what the folder holds
    assert (folder / "evidence.csv").read_text(encoding="utf-8").splitlines()[0].startswith('"id","quantity",')


def test_the_table_says_what_is_met_and_what_is_missed(call):
    code, out, _err = call("--fact", "manager_experience", "--fact", "board_private", "--fact", "key_activities")
    flat = " ".join(out.split())
    assert code == 0 and "missed by 0.00616" in flat and "2 facts: 1 met, 0 missed, 1 not comparable." in flat
    assert "key_activities: A strategy is one number in the model" in flat and "One fact: 0 met, 1 missed" in flat


def test_the_list_needs_no_run_and_has_all_facts(call, tmp_path):
    code, out, _err = call("--list", "--json")
    rows = json.loads(out)["facts"]
    assert code == 0 and [row["id"] for row in rows] == list(facts()) and not (tmp_path / "results").exists()
    assert all(bool(row["how"]) != bool(row["reason"]) for row in rows)
    code, out, _err = call("--list", "--fact", "basque_export_share")
    assert code == 0 and "basque_country" in out and "staff_mean" not in out


@pytest.mark.parametrize(("words", "said"), [
    (("--fact", "staff_medain"), "--fact: 'staff_medain' is not a fact\n  Did you mean 'staff_median'?"),
    (("--fact", "xyz"), "--fact: 'xyz' is not a fact\n  The facts are listed by: clustersim evidence --list"),
    (("--seed", "-1"), "--seed: -1 is not possible"), (("--seed", "x"), "must be a whole number"),
])  # fmt: skip
def test_bad_input_gets_one_sentence(call, tmp_path, words, said):
    code, out, err = call(*words)
    assert code == 2 and not out and said in err and not (tmp_path / "results").exists()


@pytest.mark.parametrize("ids", [3, None, b"staff_mean", {"staff_mean": 1}, [3], [None], ["staff_mean", "no"], np.array(3), len])
def test_python_refuses_what_names_no_fact(ids):
    with pytest.raises(InputError, match="ids"):
        evidence(ids)


@pytest.mark.parametrize("wrong", [{"seed": -1}, {"seed": True}, {"quick": 1}, {"progress": 3}])
def test_python_refuses_other_arguments(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        evidence("sme_share", **wrong)


def test_progress_is_told_over_all_scenarios(small):
    told = []
    found = evidence(["staff_median", "members_quality"], quick=True, progress=lambda done, total: told.append((done, total)))
    quarters = sum(2 * load_scenario(name).quarters for name in (*SMALL, basque.WHERE))
    assert told[-1] == (quarters, quarters) and told == sorted(told) and {total for _done, total in told} == {quarters}
    assert [one["band"] for one in found.results] == [PLACES, REPLICATES]
    again = evidence("members_quality", quick=True)
    assert again.results[0] == found.results[1]  # a fact is the same alone and among others


@pytest.mark.slow
def test_all_facts_are_measured(small):
    found = evidence(quick=True)
    assert [one["id"] for one in found.results] == list(facts())
    for one in found.results:
        assert (one["met"] is None) == (one["reason"] != ""), one["id"]
    assert len(found.compared) + len(found.inputs) == len(facts())


def test_a_result_shows_itself(tmp_path):
    found = evidence(["sme_limit_eu", "lq_strong"])
    assert repr(found) == "<Evidence 2 facts of the sources: 1 met, 0 missed, 1 not comparable>"
    assert "employees that bound an SME" in found._repr_html_() and len(found.table) == 2
    assert found.to_csv(tmp_path / "x.csv").read_text(encoding="utf-8").count("\n") == 3
    assert found.plot().axes
    with pytest.raises(InputError, match="evidence"):
        found.plot("life_cycle")
    assert evidence("lq_strong").table["met"].isna().all() and evidence("lq_strong").plot().axes
    xarray = pytest.importorskip("xarray")
    assert isinstance(found.to_xarray(), xarray.Dataset) and found.to_xarray()["met"].values[0] == 1.0


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_reached_number_and_one_that_is_not_are_said(lang):
    with speaking(lang):
        row = {"low": 9.0, "value": np.inf, "high": np.inf, "seen": {}, "met": False, "distance": np.inf}
        assert saying.plain(np.inf) in saying.model(row) and "inf" not in saying.model(row).replace(saying.plain(np.inf), "")


# the page


def test_the_page_holds_all_facts_as_they_are_declared():
    text = PAGE.read_text(encoding="utf-8")
    part = text[text.index("<!-- written: facts -->") :].partition("<!-- end -->")[0]
    cut = (line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| `"))
    rows = {cells[0].strip("`"): cells for cells in cut}
    assert set(rows) == set(facts())
    for one in measuring.listed(facts()):
        assert tuple(rows[one["id"]][: len(said_of(one))]) == said_of(one), one["id"]
    for use in USES:
        verdicts = [cells[-1].strip("*") for id_, cells in rows.items() if facts()[id_].use == use]
        said = [sum(verdict.startswith(word) for verdict in verdicts) for word in ("met", "missed", "not comparable")]
        assert sum(said) == len(verdicts)
        assert f"({len(verdicts)}: {said[0]} met, {said[1]} missed, {said[2]} not comparable)" in part
    assert all(f"`{name}`" in part.split("\n\n")[0] for name in library())
    assert "MISSED" not in text


def test_tables_are_written_from_results():
    text = fact_tables(evidence(["manager_experience", "sme_share"]))
    assert "**Facts to check, which nothing may be fitted to** (1: 0 met, 1 missed, 0 not comparable)" in text
    assert "| 0.694 | **missed by 0.00616** |" in text and text.index("check") < text.index("fix or bound inputs")
    assert isinstance(MEASURES["manager_experience"], Measure)
