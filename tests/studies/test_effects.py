"""Effects of instruments: pairs of runs, the firms that count, doses, published figures, tables, picture and command."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_validate import GOOD, assert_tidy

from clustersim.cli import command_line as cli
from clustersim.core.words import said_in, speaking
from clustersim.model.sizes import CLASSES
from clustersim.model.state import FREE
from clustersim.policy.instruments import INSTRUMENTS
from clustersim.scenario.loading import load_scenario
from clustersim.simulation.engine import Simulation
from clustersim.studies.validation import effects, histories, plausibility, validation
from clustersim.studies.validation.effects import estimating, saying
from clustersim.studies.validation.effects.estimating import change, job_cost, private_rd
from clustersim.studies.validation.effects.firms import FLOWS, Firms, followed
from clustersim.studies.validation.effects.markdown import effect_tables
from clustersim.studies.validation.effects.published import MEASURES, WHAT, published, verdict
from clustersim.studies.validation.effects.trial import LAST, TRIALS, place
from clustersim.views.figures.effects import effects as draw

PAGE = Path(__file__).parents[2] / "docs" / "validation.md"
TRIED = {trial.use: trial for trial in TRIALS}
INTERESTING = ("facilitator", "supplier_development", "joint_rd_grant", "cluster_mapping", "association_grant")
RNG = np.random.default_rng(5)


def made_firms(**changes):
    """Return three firms in two replicates over two years: the last is in the second segment, and closes in the second year."""
    shape = (2, 2, 3)
    flows = np.ones((len(FLOWS), *shape))
    whole = np.ones(shape, bool)
    flows[:, 1, :, 2], whole[1, :, 2] = 0.0, False
    jobs = 10.0 * whole
    employees = np.array([[4.0, 30.0, 10.0], [9.99, 300.0, 60.0]])
    made = Firms(("parts", "goods"), employees, np.array([[0, 0, 1]] * 2), flows, jobs, whole, np.zeros((2, 2)))
    return replace(made, **changes)


def year(value=1.0, low=0.5, high=1.5, number=0, positive=0.9):
    """Return an effect in a year."""
    return {"year": number, "value": value, "low": low, "high": high, "median": value, "positive": positive}


def made_found(nothing=("venture_fund",)):
    """Return what a study might have found of all instruments, with one that does nothing at all."""
    instruments = []
    for place_, (use, trial) in enumerate(TRIED.items()):
        size = 0.0 if use in nothing else 12.0 - place_
        series = [year(size, size - abs(size) / 3, size + abs(size) / 3, k, float(size > 0)) for k in range(LAST + 1)]
        instruments.append({
            "instrument": use, "per_year": 80.0, "beside": [each["use"] for each in trial.beside], "classes": list(trial.classes),
            "segments": trial.segments and list(trial.segments), "single_firms": False, "firms": 63.0, "public": 160.0,
            "effects": dict.fromkeys([*estimating.INDICATORS, "job_cost", "private_rd"], series),
        })  # fmt: skip
    series = {each["instrument"]: each["effects"] for each in instruments}
    facts = [fact.beside(series[fact.instrument]) for fact in published()]
    return {"scenario": "no_policy", "paid_years": 2, "last_year": LAST, "replicates": 200, "instruments": instruments,
            "published": facts}  # fmt: skip


# pairs of runs


@pytest.mark.parametrize("use", INTERESTING)
def test_without_money_the_effect_is_exactly_nothing(use):
    trial = TRIED[use]
    found = effects.tried(trial, followed(trial.scenario(), 3, 2), 3, per_year=0.0)
    assert found["public"] == 0.0
    for name in estimating.INDICATORS:
        told = found["effects"][name]
        assert [each["year"] for each in told] == list(range(LAST + 1))
        assert {each[key] for each in told for key in ("value", "low", "high", "median", "positive")} == {0.0}, name
    assert np.isnan([each["value"] for each in found["effects"]["job_cost"]]).all()


def test_with_money_something_happens_and_the_money_is_spent_in_two_years():
    trial = TRIED["supplier_development"]
    twin = followed(trial.scenario(), 3, 3)
    found = effects.tried(trial, twin, 3)
    assert found["effects"]["sales"][3]["value"] > 0.0 and found["classes"] == ["micro", "small", "medium"]
    assert found["public"] == pytest.approx(2 * found["per_year"]) and found["single_firms"]
    spent = followed(trial.scenario(found["per_year"]), 3, 3).public
    assert (spent[:2] > 0).all() and not spent[2:].any()


# the firms that count


def test_firms_are_followed_by_identity_and_those_of_later_are_not_among_them():
    firms, simulation = followed(place(), 2, 2), Simulation(place(), seed=2, replicates=range(2))
    state = simulation.state
    first = {(c, uid) for c, uid, *_ in live(state)}
    seen = {name: np.zeros((LAST + 1, 2)) for name in ("sales", "jobs", "exports", "value_added")}
    alive = np.zeros((LAST + 1, 2))
    for quarter in range(4 * (LAST + 1)):
        simulation.advance()
        for c, uid, row in live(simulation.state):
            if (c, uid) in first:
                actors, at = simulation.state.actors, (quarter // 4, c)
                seen["sales"][at] += actors.sales[row]
                seen["jobs"][at] += actors.employees[row] / 4.0
                seen["exports"][at] += actors.exports[row]
                seen["value_added"][at] += actors.wage_bill[row] + actors.profit[row]
                alive[at] += 0.25
    for name, values in seen.items():
        np.testing.assert_allclose(firms[name].sum(axis=2), values, err_msg=name)
    assert alive[-1].max() < 63 and (firms.whole.sum(axis=2) <= alive).all()
    born = sum((c, uid) not in first for c, uid, _ in live(simulation.state))
    assert born > 0  # and yet none of them was counted


def live(state):
    """Return replicate, identity and row of each live firm, the plain way."""
    rows = [(c, row) for c, cluster in enumerate(state.clusters) for row in range(cluster.firms, cluster.last)]
    return [(c, int(state.actors.uid[row]), row) for c, row in rows if state.actors.kind[row] != FREE]


def test_firms_are_reached_by_class_and_segment_at_the_start():
    firms = made_firms()
    assert firms.of(CLASSES, None).all()
    assert firms.of(["micro"], None).tolist() == [[True, False, False], [True, False, False]]
    assert firms.of(["small", "medium"], None).tolist() == [[False, True, True], [False, False, True]]
    assert firms.of(CLASSES, ["goods"]).tolist() == [[False, False, True]] * 2
    assert not firms.of(["large"], ["goods"]).any()
    absent = made_firms(segment=np.array([[0, 0, 1], [0, 0, -1]]))
    assert absent.of(CLASSES, None)[1].tolist() == [True, True, False]


def test_closed_firms_count_with_nothing_and_productivity_is_of_those_that_live_in_both():
    plain = made_firms()
    flows = plain.flows.copy()
    flows[FLOWS.index("value_added")] *= 1.1
    flows[:, 1, :, 2], whole = 5.0, np.ones_like(plain.whole)  # with help the third firm lives
    found = estimating.effects(made_firms(flows=flows, whole=whole, jobs=10.0 * whole), plain, plain.of(CLASSES, None))
    assert [each["value"] for each in found["sales"]] == [0.0, pytest.approx(250.0)]
    assert [each["value"] for each in found["jobs"]] == [0.0, pytest.approx(50.0)]
    assert [each["value"] for each in found["productivity"]] == pytest.approx([10.0, 10.0])


# doses


@pytest.fixture(scope="module")
def start():
    """Return the firms of the place in two replicates."""
    return followed(load_scenario("no_policy", ["horizon.years=1"]), 1, 2)


@pytest.mark.parametrize("use", [use for use, kind in INSTRUMENTS.items() if kind.effects])
def test_the_usual_dose_is_what_full_effect_costs(start, use):
    trial = TRIED[use]
    rows = Simulation(trial.scenario(trial.dose(start)), seed=1, replicates=range(2)).state.plan.rows
    own = rows[rows.instrument == len(trial.beside)]
    assert own.full_cost.mean() == pytest.approx(own.money.mean()) and set(own.quarters.tolist()) == {8}


def test_a_grant_without_effects_has_a_declared_price_and_an_association_stands_beside_what_needs_one(start):
    grant = TRIED["association_grant"]
    assert grant.dose(start) == 80.0 and [each["use"] for each in grant.beside] == ["association_founding"]
    assert {use for use, trial in TRIED.items() if len(trial.beside) == 2} == {
        "project_cofinance", "joint_purchasing", "joint_rd_grant", "competitiveness_plan", "shared_services_centre",
        "mutual_guarantee", "organised_suppliers",
    }  # fmt: skip
    assert {use for use, trial in TRIED.items() if [each["use"] for each in trial.beside] == ["facilitator"]} == {
        "inter_agency_teams", "cluster_departments", "institution_strengthening", "policy_dialogue",
    }  # fmt: skip
    assert TRIED.keys() == INSTRUMENTS.keys()
    assert all((trial.scenario().programme is None) is (not trial.beside) for trial in TRIALS)


# estimates


def test_a_change_has_value_band_median_and_share_of_replicates():
    plain = RNG.uniform(50.0, 150.0, (2, 60))
    raised = plain * np.where(np.arange(60) < 45, 1.2, 0.9)
    first, second = change(np.stack([plain[0], raised[1]]), plain)
    assert (first["value"], first["low"], first["high"], first["positive"]) == (0.0, 0.0, 0.0, 0.0)
    assert second["value"] == pytest.approx(100.0 * (raised[1].sum() / plain[1].sum() - 1.0))
    assert second["low"] < second["value"] < second["high"] < 20.0
    assert second["median"] == pytest.approx(20.0) and second["positive"] == 0.75
    noise = (raised[1] - (1 + second["value"] / 100) * plain[1]).std() / plain[1].mean() / np.sqrt(60) * 100
    assert second["high"] - second["low"] == pytest.approx(2 * 1.645 * noise, rel=0.2)


def test_a_change_from_nothing_has_no_value():
    (told,) = change(np.array([[1.0, 2.0]]), np.zeros((1, 2)))
    assert np.isnan([told[key] for key in ("value", "low", "high", "median", "positive")]).all()
    (told,) = change(np.array([[1.0, 3.0]]), np.array([[0.0, 2.0]]))  # in the second replicate there is something
    assert told["value"] == 100.0 and told["median"] == 50.0 and told["positive"] == 1.0


def test_a_job_costs_all_public_money_over_jobs_that_are_surely_there():
    plain = made_firms()
    reached = plain.of(CLASSES, None)
    treated = made_firms(jobs=plain.jobs + 2.0, public=np.full((2, 2), 30.0))
    assert [each["value"] for each in job_cost(treated, plain, reached)] == pytest.approx([10_000.0, 10_000.0])
    worse = made_firms(jobs=plain.jobs - 1.0, public=np.full((2, 2), 30.0))
    assert np.isnan([each["value"] for each in job_cost(worse, plain, reached)]).all()


def test_own_rd_is_what_firms_pay_beside_the_public_money():
    plain = made_firms()
    flows = plain.flows.copy()
    flows[FLOWS.index("research"), 0] += 1.0  # three firms: 3 more in the first year, and 2 of public money
    treated = made_firms(flows=flows, public=np.array([[2.0, 2.0], [0.0, 0.0]]))
    assert [each["value"] for each in private_rd(treated, plain, plain.of(CLASSES, None))] == pytest.approx([0.5, 0.5])


# published effects


def test_published_effects_are_read_with_source_and_match():
    facts = published()
    assert [(fact.indicator, fact.year, fact.low) for fact in facts if fact.what == WHAT[0]] == [
        ("sales", 1, 16.0), ("sales", 2, 11.2), ("sales", 3, 8.5), ("jobs", 1, 8.0), ("jobs", 2, 9.3), ("jobs", 3, 9.6),
    ]  # fmt: skip
    for fact in facts:
        assert fact.instrument in INSTRUMENTS and fact.indicator in MEASURES and fact.what in WHAT and fact.source
        assert 0 <= fact.year <= LAST and fact.low <= fact.high and fact.seen in saying.SEEN
    assert {fact.what for fact in facts if fact.fit} == set(WHAT[:2])
    assert {fact.instrument for fact in facts if fact.nearest} == {"credit_guarantee", "rd_tax_credit"}


def test_the_verdict_says_where_the_measured_band_lies():
    assert [verdict(*band, 8.0, 9.0) for band in ((7.0, 8.0), (9.0, 12.0), (9.1, 12.0), (1.0, 7.9))] == [
        "inside", "inside", "above", "below"]  # fmt: skip
    assert verdict(float("nan"), float("nan"), 0.0, 0.0) == "none"
    fact = published()[1].beside({"sales": [year(), year(), year(11.0, 10.0, 12.0, 2)]})
    assert (fact["verdict"], fact["value"], fact["published_low"], fact["fit"]) == ("inside", 11.0, 11.2, True)


# words and tables


def test_numbers_are_short_signed_and_say_where_nothing_moves():
    with speaking("en"):
        assert saying.effect(year(12.34, 11.0, 14.0)) == "+12.3 [11.0, 14.0]"
        assert saying.effect(year(-0.123, -0.2, 0.05)) == "−0.12 [−0.20, 0.05]"
        assert saying.effect(year(0.0, 0.0, 0.0)) == "0" and saying.positive(year(0.0, 0.0, 0.0, positive=0.0)) == ""
        assert saying.effect(year(float("nan"))) == "–" and saying.positive(year(positive=0.65)) == "65\N{NO-BREAK SPACE}%"
        found = {fact["what"]: fact for fact in made_found()["published"]}
        assert saying.published(found[WHAT[1]]) == "562 to 37,500" and saying.verdict(found[WHAT[1]])[-1] == "*"


def test_the_markdown_has_a_row_for_each_instrument_the_largest_effect_first():
    text = effect_tables(made_found())
    tables = [part for part in text.split("\n\n") if part.startswith("|")]
    assert len(tables) == 6 and [table.count("\n") - 1 for table in tables] == [len(TRIALS)] * 5 + [len(published())]
    assert "| instrument | t+1 | t+2 | t+3 | t+4 | t+5 | t+6 | t+7 | t+8 |" in tables[1]
    first = tables[1].splitlines()[2]
    assert first.startswith(f"| `{TRIALS[0].use}` | +12.0 [8.0, 16.0] 100") and first.count("|") == 10
    assert "| `venture_fund` | 0 | 0 |" in tables[1]
    assert "micro, small, medium, suppliers (63)" in tables[0] and "`rd_tax_credit` (nearest)" in tables[5]


def test_the_page_holds_the_table_of_all_instruments():
    text = PAGE.read_text(encoding="utf-8")
    part = text[text.index("<!-- written: effects -->") :].partition("<!-- end -->")[0]
    assert all(part.count(f"\n| `{use}` |") == 5 for use in INSTRUMENTS)
    assert all(fact.source in part for fact in published())


def test_texts_have_spanish():
    for text in (*WHAT, *MEASURES.values(), *saying.SEEN.values(), *estimating.INDICATORS.values(), "above", "below"):
        assert said_in("es", text) != text == said_in("en", text), f"no Spanish: {text!r}"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_picture_is_tidy(monkeypatch, lang):
    assert_tidy(draw(made_found(), 1, lang), monkeypatch)


# the study and the command


@pytest.fixture
def small(monkeypatch):
    """Let the study try the instruments with published effects and one more, in three replicates."""
    chosen = tuple(TRIED[use] for use in ("facilitator", "supplier_development", "rd_tax_credit", "credit_guarantee"))
    monkeypatch.setattr(effects, "TRIALS", chosen)
    monkeypatch.setattr(effects, "QUICK", 3)
    return [trial.use for trial in chosen]


def test_the_study_has_all_years_and_says_how_far_it_is(small):
    told = []
    found = effects.measure(quick=True, seed=2, progress=told.append)
    assert told == small == [each["instrument"] for each in found["instruments"]]
    assert (found["scenario"], found["paid_years"], found["last_year"], found["replicates"]) == ("no_policy", 2, 8, 3)
    for each in found["instruments"]:
        assert [[k["year"] for k in series] for series in each["effects"].values()] == [list(range(9))] * len(each["effects"])
        assert each["firms"] == 63 or (each["instrument"] == "supplier_development" and 0 < each["firms"] < 60)
    assert len(found["published"]) == len(published()) and found == effects.measure(quick=True, seed=2)


@pytest.fixture
def call(tmp_path, monkeypatch, capsys, small):
    """Call ``validate`` in an empty folder with one invented pattern; returns status, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(validation, "validate", lambda *_: [GOOD])
    for study in (plausibility, histories):
        monkeypatch.setattr(study, "compare", lambda *_: [])

    def _call(*arguments):
        capsys.readouterr()
        code = cli.main(["validate", "--quick", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return _call


@pytest.mark.parametrize(
    ("arguments", "tried"),
    [((), True), (("--no-effects",), False), (("--pattern", "P01"), False), (("--pattern", "P01", "--effects"), True)],
)
def test_a_named_pattern_alone_tries_no_instrument(call, tmp_path, small, arguments, tried):
    code, out, err = call("--json", *arguments)
    said = json.loads(out)
    assert code == 0 and [each["instrument"] for each in said["effects"].get("instruments", ())] == (small if tried else [])
    folder = tmp_path / "results" / "validation"
    assert (folder / "effects.png").exists() is (folder / "effects.svg").exists() is tried
    assert json.loads((folder / "validation.json").read_text(encoding="utf-8")) == said | {"files": "validation.files.json"}
    if tried:
        assert "facilitator (1 / 4): Neutral brokers" in err and "credit_guarantee (4 / 4)" in err and "left" in err


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_fourth_table_shows_instruments_and_published_effects(call, monkeypatch, lang):
    monkeypatch.setattr(effects, "measure", lambda *_: made_found())
    code, out, _ = call("--lang", lang)
    flat = " ".join(out.split())
    assert code == 0
    for text in {"en": ("+12.0 100", "[8.0, 16.0]", "below *", "562 to 37,500", "200 paired replicates"),
                 "es": ("+12,0 100", "[8,0; 16,0]", "por debajo *", "200 réplicas pareadas")}[lang]:  # fmt: skip
        assert text in flat.replace("\N{NO-BREAK SPACE}", " "), text


@pytest.mark.slow
def test_every_instrument_can_be_tried(monkeypatch):
    monkeypatch.setattr(effects, "QUICK", 2)
    found = effects.measure(quick=True)
    for each in found["instruments"]:
        assert each["public"] > 0 and all(np.isfinite(k["value"]) for k in each["effects"]["sales"]), each["instrument"]
