"""Statistics of comparisons against SciPy and closed forms, and the answers worked out with them."""

from __future__ import annotations

import copy
import functools
import math

import numpy as np
import pytest
from scipy import stats

from clustersim.core import numbers
from clustersim.core.words import speaking
from clustersim.studies.comparison import answers, ranking
from clustersim.studies.comparison import statistics as own
from clustersim.studies.comparison.chances import chance
from clustersim.studies.comparison.improved import IMPROVED_FROM
from clustersim.studies.comparison.outcomes import COLUMN, OUTCOMES, Batch
from clustersim.studies.comparison.verdict import verdict
from compare_cases import REPLICATES, small, worlds


@pytest.fixture(scope="module")
def found():
    return small()


def test_many_replicates_take_fewer_resamples():
    assert own.resamples_for(200) == own.RESAMPLES
    many = np.random.default_rng(8).normal(1.0, 2.0, 30_000)
    assert own.resamples_for(many.size) == own.LEAST_RESAMPLES
    found = own.mean_interval(many)
    assert found.high - found.low == pytest.approx(2 * 1.645 * 2.0 / math.sqrt(many.size), rel=0.15)


def test_the_bootstrap_agrees_with_scipy():
    values = np.random.default_rng(1).gamma(2.0, 30.0, 120)
    theirs = stats.bootstrap((values,), np.mean, confidence_level=0.9, method="percentile", n_resamples=20_000, rng=2)
    ours = own.mean_interval(values)
    assert ours.estimate == pytest.approx(values.mean())
    width = theirs.confidence_interval.high - theirs.confidence_interval.low
    assert ours.low == pytest.approx(theirs.confidence_interval.low, abs=0.06 * width)
    assert ours.high == pytest.approx(theirs.confidence_interval.high, abs=0.06 * width)
    half = stats.norm.ppf(0.95) * values.std(ddof=1) / math.sqrt(values.size)  # central limit theorem
    assert ours.high - ours.low == pytest.approx(2 * half, rel=0.08)


def test_the_bootstrap_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(5)
    samples = rng.normal(3.0, 10.0, (60, 300))
    _, low, high = own.bootstrap_means(samples)
    assert 0.84 < ((low <= 3.0) & (high >= 3.0)).mean() < 0.95


def test_chance_alone_seldom_moves_any_year_surely():
    noise = np.random.default_rng(6).normal(size=(200, 50, 40)).cumsum(axis=2)  # (trial, replicate, year)
    sure = np.mean([own.first_apart(trial) is not None for trial in noise])
    assert 0.04 < sure < 0.17
    effect = np.where(np.arange(40) >= 12, 3.0, 0.0)
    moved = noise[0] - noise[0].mean(axis=0) + effect * np.sqrt(np.arange(1, 41))
    assert own.first_apart(moved) == 12
    assert own.first_apart(np.zeros((50, 4))) is None and own.first_apart(noise[0, :1]) is None
    assert own.first_apart(np.tile([0.0, 2.0], (50, 1))) == 1  # the same in every replicate


def test_shares_are_rounded_as_they_are_meant():
    said = [numbers.percent(share).removesuffix("\N{NO-BREAK SPACE}%") for share in (0.575, 0.595, 0.425, 0.405)]
    assert said == ["58", "60", "42", "40"]
    lost = [numbers.percent(share).removesuffix("\N{NO-BREAK SPACE}%") for share in (-0.004, -0.014, -0.3, -0.996, -1.0, -1.5)]
    assert lost == ["−0.4", "−1.4", "−30", "−99.6", "−100", "−150"]


@pytest.mark.parametrize(("share", "en", "es"), [(0.025, "2.5", "2,5"), (0.125, "12.5", "12,5"), (0.03, "3", "3"), (0, "0", "0")])
def test_a_chosen_rate_is_told_with_all_its_digits(share, en, es):
    found = copy.copy(small())
    found.discount = share
    for lang, said in (("en", f"discounted at {en}"), ("es", f"descontado al {es}")):
        assert f"{said}\N{NO-BREAK SPACE}%" in verdict(found, lang).rests_on


def test_bootstrap_of_many_columns_at_once_is_that_of_each():
    values = np.random.default_rng(2).normal(size=(40, 2, 3))
    mean, low, high = own.bootstrap_means(values)
    alone = own.mean_interval(values[:, 1, 2])
    assert (mean[1, 2], low[1, 2], high[1, 2]) == pytest.approx((alone.estimate, alone.low, alone.high))
    missing = np.where(np.arange(40)[:, None] % 4 == 0, np.nan, values[:, 0, :1])
    mean, low, high = own.bootstrap_means(missing)
    assert mean[0] == pytest.approx(np.nanmean(missing)) and low[0] < mean[0] < high[0]


def test_equal_values_have_no_width_and_one_value_has_no_interval():
    assert own.mean_interval(np.full(50, 0.1)) == own.Interval(0.1, 0.1, 0.1)
    one = own.mean_interval(np.array([4.0]))
    assert one.estimate == 4.0 and math.isnan(one.low) and math.isnan(one.high) and one.sign == 0


@pytest.mark.parametrize(("wins", "trials"), [(0, 20), (1, 20), (7, 20), (92, 100), (200, 200)])
def test_wilson_agrees_with_scipy(wins, trials):
    theirs = stats.binomtest(wins, trials).proportion_ci(0.9, method="wilson")
    ours = own.wilson(wins, trials)
    assert (ours.estimate, ours.low, ours.high) == pytest.approx((wins / trials, theirs.low, theirs.high))
    assert ours.low < 1.0 and ours.high > 0.0


def test_ratios():
    rng = np.random.default_rng(3)
    below = rng.uniform(0.5, 1.5, 200)
    exact = own.ratio_interval(7.0 * below, below)
    assert (exact.estimate, exact.low, exact.high) == pytest.approx((7.0, 7.0, 7.0))
    above = rng.normal(10.0, 5.0, 200)
    theirs = stats.bootstrap((above, below), lambda a, b, axis: a.mean(axis=axis) / b.mean(axis=axis), paired=True,
                             vectorized=True, confidence_level=0.9, method="percentile", n_resamples=9999, rng=4)  # fmt: skip
    ours = own.ratio_interval(above, below)
    assert (ours.low, ours.high) == pytest.approx(tuple(theirs.confidence_interval), rel=0.02)
    assert own.ratio_interval(above, rng.normal(-0.5, 1.0, 200)) is None
    assert own.ratio_interval(above, np.zeros(200)) is None


def test_tails_and_regret_by_hand():
    values = np.array([5.0, -3.0, 1.0, 9.0, 4.0, 2.0, 8.0, 7.0, 6.0, 0.0, -1.0, 3.0])
    assert own.worst_tenth(values) == pytest.approx(np.mean([-3.0, -1.0]))  # a tenth of twelve, rounded up
    assert own.worst_tenth(np.arange(10.0)) == 0.0
    np.testing.assert_array_equal(own.regrets(np.array([[1.0, 4.0], [3.0, 2.0]])), [[3.0, 0.0], [0.0, 1.0]])


@pytest.mark.parametrize(
    ("low", "high", "first"),
    [
        ([-1, 1, 2, 3], [1, 2, 3, 4], 1),
        ([1, 1, -1, 3], [2, 2, 3, 4], 3),
        ([1, 1, 1, -1], [2, 2, 2, 1], None),
        ([-3, -3], [-2, -1], 0),
        ([1, -2, -2], [2, -1, -1], 1),
        ([math.nan, 1], [math.nan, 2], 1),
        ([], [], None),
    ],
)
def test_the_first_lasting_effect(low, high, first):
    assert own.first_lasting(np.array(low, float), np.array(high, float)) == first


# answers


def test_differences_are_paired_means(found):
    gain = found.outcome("supported", "jobs") - found.outcome("alone", "jobs")
    said = found.answers["differences"]["supported"]["jobs"]
    assert said["estimate"] == pytest.approx(gain.mean()) and said["p50"] == pytest.approx(np.median(gain))
    assert said["low"] <= said["estimate"] <= said["high"]
    stored = found.differences.query("option == 'supported'")["jobs"]
    np.testing.assert_array_equal(stored, gain)


def test_chances_of_both_sides_and_ties_add_up(found):
    for row in found.names:
        for column in found.names:
            if row != column:
                one, other = found.answers["chances"][row][column], found.answers["chances"][column][row]
                assert one["wins"] + other["wins"] + one["ties"] == one["of"] == REPLICATES


def test_money(found):
    paid = found.answers["money"]["supported"]
    jobs = (found.outcome("supported", "jobs") - found.outcome("alone", "jobs")).mean()
    cost = found.outcome("supported", "public_cost").mean()
    assert paid["public_cost"]["estimate"] == pytest.approx(cost)
    assert paid["jobs_per_million"]["estimate"] == pytest.approx(jobs / (cost / 1000.0))
    assert (paid["cost_per_job"] is not None) == (paid["jobs_sign"] > 0)
    if paid["cost_per_job"] is not None:
        assert paid["cost_per_job"]["estimate"] == pytest.approx(cost / jobs)
    free = found.answers["money"]["again"]
    assert free["jobs_per_million"] is None and free["cost_per_job"] is None


@pytest.mark.parametrize("sign", [1, 0, -1])
def test_the_cost_of_a_job_improved_needs_a_sure_sign(found, monkeypatch, sign):
    outcomes = copy.deepcopy(found._outcomes)
    net = np.array([4.0, 6.0, 5.0, 7.0, 3.0, 5.0]) if sign else np.array([4.0, -6.0, 5.0, -7.0, 3.0, -1.0])
    outcomes["supported"]["improved_net"] = net * (sign or 1)
    monkeypatch.setitem(found.__dict__, "_outcomes", outcomes)
    paid = answers._money(found, "supported")
    assert paid["improved_sign"] == sign and (paid["cost_per_job_improved"] is not None) == (sign > 0)
    cost = found.outcome("supported", "public_cost")
    if sign > 0:
        interval = paid["cost_per_job_improved"]
        assert interval["estimate"] == pytest.approx(cost.mean() / 5.0)
        assert cost.min() / 7.0 < interval["low"] < interval["estimate"] < interval["high"] < cost.max() / 3.0
    outcomes["supported"]["public_cost"] = -cost  # an option that saves money has no cost per job
    assert answers._money(found, "supported")["cost_per_job_improved"] is None


def test_displacement_is_what_is_ordered_at_home(found):
    said = found.answers["displacement"]["supported"]
    taken = found.outcome("supported", "displaced") - found.outcome("alone", "displaced")
    assert said["displaced_at_most"]["estimate"] == pytest.approx(max(0.0, taken.mean()))
    assert said["net_at_least"]["estimate"] == pytest.approx(said["gained"]["estimate"] - said["displaced_at_most"]["estimate"])


def test_risk_over_replicates_and_over_worlds(found):
    risk = found.answers["risk"]
    assert (risk["cases"], risk["count"]) == ("replicates", REPLICATES)
    best = np.stack([found.outcome(name, "jobs") for name in found.names]).max(axis=0)
    for name in found.names:
        assert risk["options"][name]["regret_mean"] == pytest.approx((best - found.outcome(name, "jobs")).mean())
    other = worlds()
    assert (other.answers["risk"]["cases"], other.answers["risk"]["count"]) == ("worlds", 12)
    assert all(set(d) == {"parameter", "correlation", "beyond_chance"} for d in other.answers["drivers"]["supported"])
    assert other.answers["ranking"][-1]["yardstick"] == "jobs_in_worlds"


def test_ranking_orders_by_value_and_joins_equals(found):
    for entry in found.answers["ranking"]:
        flat = [name for group in entry["order"] for name in group]
        assert sorted(flat) == sorted(found.names)
        values = [entry["values"][group[0]] for group in entry["order"]]
        assert values == sorted(values, reverse=True)
        assert any({"alone", "again"} <= set(group) for group in entry["order"])
    rows = {(entry["yardstick"], entry["detail"]): entry for entry in found.answers["ranking"]}
    assert ("job_years", 0.0) in rows and ("job_years", 0.03) in rows
    at_zero = ranking._job_years(found, "supported", 0.0).mean()
    jobs = found.series("supported", "employment")
    assert at_zero == pytest.approx((jobs[:, :5].sum(axis=1) + 0.5 * jobs[:, 5]).mean())  # the last year has two quarters


# what is said


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_verdict_says_the_numbers_and_what_they_rest_on(found, lang):
    said = verdict(found, lang)
    gains = {name: found.answers["differences"][name]["jobs"] for name in ("supported", "again")}
    assert said.best == max(gains, key=lambda name: gains[name]["estimate"]) and len(said.sentences) == 2
    gain = gains[said.best]
    with speaking(lang):
        size = numbers.whole(abs(gain["estimate"]))
    assert gain["sign"] == 0 or said.sentences[0].startswith(size)
    text = " ".join([*said.sentences, said.rests_on])
    assert "100\N{NO-BREAK SPACE}%" not in text and "{" not in text
    words = {"en": "chance between simulations, not uncertainty", "es": "el azar entre simulaciones, no la incertidumbre"}
    assert words[lang] in said.rests_on
    assert {"en": "With fewer than 30", "es": "Con menos de 30"}[lang] in said.rests_on


@pytest.mark.parametrize(
    ("wins", "lang", "said"),
    [
        (200, "en", "200 of 200 (at least 98.7\N{NO-BREAK SPACE}%)"),
        (0, "es", "0 de 200 (como máximo un 1,3\N{NO-BREAK SPACE}%)"),
        (100, "en", "50\N{NO-BREAK SPACE}% (44–56\N{NO-BREAK SPACE}%)"),
        (100, "es", "50\N{NO-BREAK SPACE}% (44–56\N{NO-BREAK SPACE}%)"),
    ],
)
def test_all_or_none_is_a_count_with_a_bound(wins, lang, said):
    with speaking(lang):
        assert chance(wins, 200) == said


def test_ten_of_ten_pairs_are_told_as_a_count(found, monkeypatch):
    answers = copy.deepcopy(found.answers)
    monkeypatch.setitem(found.__dict__, "answers", answers)
    answers["differences"]["supported"]["jobs"] |= {"estimate": 50.0, "low": 40.0, "high": 60.0, "sign": 1}
    answers["differences"]["again"]["jobs"] |= {"estimate": -1e9}
    answers["chances"]["supported"]["alone"] |= {"wins": 10, "ties": 0, "of": 10}
    for lang, start, end in (
        ("en", "It ends with more jobs in 10 of 10 paired simulations, ", "so the chance of that is at least 79 %;"),
        ("es", "Termina con más empleo en 10 de 10 simulaciones pareadas, ", "la probabilidad de ello es de al menos un 79 %;"),
    ):
        said = verdict(found, lang).sentences[1].replace("\N{NO-BREAK SPACE}", " ")
        assert said.startswith(start) and end in said


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_verdict_fits_every_outcome(found, lang, monkeypatch):
    gain = found.answers["differences"]["supported"]["jobs"]
    said_before = copy.deepcopy(found.answers)
    monkeypatch.setitem(found.__dict__, "answers", said_before)
    for sign, words in (
        (1, ("more jobs than", "empleos más que")), (-1, ("fewer jobs than", "empleos menos que")),
        (0, ("No sure difference", "Sin diferencia segura")),
    ):  # fmt: skip
        size = abs(gain["estimate"]) + 10.0
        ends = {1: (size - 5, size + 5), -1: (-size - 5, -size + 5), 0: (-5.0, 5.0)}[sign]
        said = {"estimate": size * sign, "low": ends[0], "high": ends[1], "sign": sign}
        said_before["differences"]["supported"]["jobs"] |= said
        said_before["differences"]["again"]["jobs"] |= {"estimate": -1e9}
        sentence = verdict(found, lang).sentences[0]
        assert words[lang == "es"] in sentence and "{" not in sentence
        assert "USD" in sentence and (", about" in sentence or "es decir, unos" in sentence) == (sign > 0)


def edited(change):
    """Return the comparison as if the runs of the baseline had been otherwise; `change` gets its rows of both tables."""
    found, kind = copy.copy(small()), type(small())
    for name in [name for name in found.__dict__ if isinstance(getattr(kind, name, None), functools.cached_property)]:
        del found.__dict__[name]
    found.runs, found.yearly, found._differences = found.runs.copy(), found.yearly.copy(), {}
    rows = {name: (frame["option"] == found.baseline).to_numpy() for name, frame in (("r", found.runs), ("y", found.yearly))}
    change(found, rows["r"], rows["y"])
    return found


def test_jobs_where_there_were_none_are_no_share_of_them():
    def die_out(found, runs, _years):
        found.runs.loc[runs, "jobs"] = 0.0

    found = edited(die_out)
    assert "(from none)" in verdict(found, "en").sentences[0] and "(desde ninguno)" in verdict(found, "es").sentences[0]


def test_a_change_is_measured_by_what_varies_without_it_and_by_nothing_else():
    def no_vision(found, _runs, years):
        found.yearly.loc[years, "vision"] = 0.0  # in all replicates
        found.yearly.loc[years, "trust"] = np.where(found.yearly.loc[years, "year"] == found.start_year, 0.25,
                                                    found.yearly.loc[years, "trust"])  # fmt: skip

    chain = edited(no_vision).answers["chain"]["supported"]
    assert chain["vision"]["peak"] > 0.0 and chain["vision"]["first_moved"] is not None
    assert chain["vision"]["peak_scaled"] is None and chain["vision"]["end_scaled"] is None
    assert chain["trust"]["peak_years"] > 1 and abs(chain["trust"]["peak_scaled"]) > 0.0
    again = small().answers["chain"]["again"]["vision"]
    assert (again["peak_scaled"], again["end_scaled"], again["peak_years"]) == (0.0, 0.0, 1)


def test_labels_name_the_least_improvement_that_is_declared():
    least = f"{100.0 * IMPROVED_FROM.default:g} % or more"
    assert all(least in OUTCOMES[name].label for name in ("improved", "worsened"))


@pytest.mark.parametrize(("quarters", "last"), [(3, [0, 1, 2]), (5, [4]), (8, [4, 5, 6, 7])])
def test_jobs_and_jobs_displaced_are_of_the_same_last_year(quarters, last):
    """What is lost elsewhere is set against what is there at the end: of a year that is not whole, of that part of it."""
    record = np.random.default_rng(quarters).random((quarters, 2, len(COLUMN)))
    batch = Batch(record, 2)
    found = batch.outcomes(batch.yearly(), {}, 0.03)
    for outcome, indicator in (("jobs", "employment"), ("displaced", "displaced")):
        np.testing.assert_array_equal(found[outcome], record[last, :, COLUMN[indicator]].mean(axis=0))
