"""Published histories of clusters: the shipped table, looks at places as a census sees them, statistics with known answers."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest

from clustersim.cli import command_line as cli
from clustersim.core.words import said_in
from clustersim.studies.validation import effects, histories, plausibility, validation
from clustersim.studies.validation.histories import ITEMS, items, pool
from clustersim.studies.validation.histories.pool import SOURCES, Histories, Pool, looks
from clustersim.studies.validation.histories.published import facts, span
from clustersim.studies.validation.pattern import Pattern

GOOD = Pattern(
    "P01", "It must emerge", "Share", "Not by chance.", 0.0, lambda _, off: (0.0,) * 3 if off else (1.0,) * 3,
    {"trust.gain": 0.0}, "the mechanism", date(2026, 11, 28), "A sign.",
).check(None)  # fmt: skip
RNG = np.random.default_rng(3)


def seen(firms, jobs, activity=None, industry=None):
    """Return looks at places, each in a run of its own."""
    number = np.arange(len(firms))
    activity = np.zeros(len(firms), int) if activity is None else activity
    return Histories(firms, jobs, number * 0, number, activity, number if industry is None else industry)


def walks(spread, number=20_000, jobs=800.0, firms=30.0):
    """Return places whose jobs and establishments grow by independent normal numbers of this spread."""
    steps = spread * RNG.standard_normal((2, number, 4))
    logs = np.concatenate([np.zeros((2, number, 1)), np.cumsum(steps, axis=2)], axis=2)
    return seen(firms * np.exp(logs[0]), jobs * np.exp(logs[1]))


# the table


def test_the_table_is_whole_and_each_fact_lies_in_its_interval():
    known = facts()
    assert len(known) == 75 and {definition for _, definition in known} == {"D0", "D1", "D2", "D3", "D4", "M", "A"}
    assert all(fact.low <= fact.value <= fact.high and fact.n > 0 for fact in known.values())
    assert known["jobs_growth_sd_plants_50", "D0"] == (0.127, 0.0902, 0.1737, 135)
    assert span("seeds_below_3", "M", "A") == (0.2279, 0.2987) and span("seeds_reach_30", "M") == (0.0, 0.0)


def test_items_have_ids_ranges_and_reasons():
    assert [item.id for item in ITEMS] == [f"H{k:02d}" for k in range(1, len(ITEMS) + 1)]
    for item in ITEMS:
        assert item.low <= item.high and item.read and "County Business Patterns" in item.source


def test_texts_of_items_have_spanish():
    for item in ITEMS:
        for text in (item.statement, item.statistic, item.bears):
            assert said_in("en", text) == text != said_in("es", text), f"{item.id} has no Spanish: {text!r}"


# looks


def test_looks_are_five_first_quarters_from_the_tenth_year_on():
    quarter = np.arange(4.0 * 21)[:, None]
    firms, jobs, place, year = looks(np.concatenate([quarter, quarter + 1000], axis=1), np.concatenate([quarter] * 2, axis=1))
    assert year.tolist() == [10, 10, 15, 15] and place.tolist() == [0, 1, 0, 1]
    assert firms[0].tolist() == [40, 44, 48, 52, 56] and firms[3].tolist() == [1060, 1064, 1068, 1072, 1076]
    assert jobs[3].tolist() == [60, 64, 68, 72, 76]


def test_cells_of_fewer_than_three_establishments_are_not_published():
    firms = np.repeat([3.0, 2.0, 4.0, 5.0, 0.0], 4)[:, None]
    told, jobs, _, _ = looks(np.concatenate([np.full((40, 1), 9.0), firms]), np.full((60, 1), 50.0))
    np.testing.assert_array_equal(told, [[3, np.nan, 4, 5, np.nan]])
    np.testing.assert_array_equal(np.isnan(jobs), np.isnan(told))


def test_clusters_have_ten_establishments_at_first_and_seeds_five_or_fewer():
    made = seen(np.array([[10.0, 2, 2, 2, 2], [9, 20, 20, 20, 20], [5, 9, 9, 9, 9], [np.nan, 4, 4, 4, 4]]), np.ones((4, 5)))
    assert made.clusters.world.tolist() == [0] and made.seeds.world.tolist() == [2]


# statistics


@pytest.mark.parametrize("spread", [0.03, 0.12])
def test_random_walks_give_their_spread_and_no_persistence(spread):
    made = walks(spread)
    assert items.growth_sd(made, items.JOBS) == pytest.approx(spread, rel=0.02)
    assert items.growth_sd(made, items.PLANTS) == pytest.approx(spread, rel=0.02)
    assert items.growth_robust(made) == pytest.approx(spread, rel=0.03)
    assert items.growth_mean(made, items.JOBS) == pytest.approx(0.0, abs=0.003)
    assert items.persistence(made, items.JOBS) == pytest.approx(0.0, abs=0.02)
    assert items.spread_slope(made, "jobs") == pytest.approx(0.0, abs=0.3)


def test_the_robust_spread_does_not_see_a_few_large_moves_and_the_plain_one_does():
    made = walks(0.05)
    made.jobs[:400, 2] *= 8.0
    assert items.growth_robust(made) == pytest.approx(0.05, rel=0.06)
    assert items.growth_sd(made, items.JOBS) > 0.2


def test_jobs_are_compared_over_two_years_and_establishments_over_three():
    logs = np.tile([0.0, 0.9, 1.0, 1.2, 5.0], (25, 1))
    made = seen(30.0 * np.exp(logs), 800.0 * np.exp(logs))
    assert items.growth_mean(made, items.JOBS) == pytest.approx(0.15)
    assert items.growth_mean(made, items.PLANTS) == pytest.approx(0.4)


def test_growth_that_is_carried_on_and_growth_that_is_undone():
    first = 0.1 * RNG.standard_normal(20_000)
    for carried in (0.5, -0.5):
        second = carried * first + 0.1 * np.sqrt(1 - carried**2) * RNG.standard_normal(20_000)
        logs = np.stack([0 * first, 0 * first, first, first + second, first + second], axis=1)
        made = seen(np.full(logs.shape, 30.0), 800.0 * np.exp(logs))
        assert items.persistence(made, items.JOBS) == pytest.approx(carried, abs=0.02)


def test_what_is_common_to_an_industry_is_taken_off():
    made = walks(0.05)
    industry = np.arange(20_000) // 100
    shocks = 0.2 * RNG.standard_normal((200, 5))[industry]
    with_them = seen(made.firms, made.jobs * np.exp(shocks), industry=industry)
    assert items.growth_sd(with_them, items.JOBS) > 0.2
    assert items.growth_net_sd(with_them) == pytest.approx(0.05, rel=0.03)
    alone = seen(made.firms, made.jobs)  # each place an industry of its own
    assert np.isnan(items.growth_net_sd(alone))


def test_sizes_of_establishments():
    logs = np.log(20.0) + 0.5 * RNG.standard_normal(20_000)
    activity = np.arange(20_000) % 2
    firms = np.full((20_000, 5), 25.0)
    made = seen(firms, firms * np.exp(logs + 2.0 * activity)[:, None], activity=activity)
    assert items.plant_size(made, np.std, net=True) == pytest.approx(0.5, rel=0.02)
    assert items.plant_size(seen(firms, firms * np.exp(logs)[:, None]), items.median_size) == pytest.approx(20.0, rel=0.02)


def test_growth_that_calms_with_size_gives_its_slope_and_its_classes():
    jobs = np.exp(RNG.uniform(np.log(60.0), np.log(6000.0), 60_000))
    made = seen(np.full((60_000, 5), 30.0), np.tile(jobs[:, None], 5))
    made.jobs[:, 2] *= np.exp(jobs**-0.15 * RNG.standard_normal(60_000))
    made.jobs[:, 3:] = np.nan  # one year of growth, so that its size is known
    assert items.spread_slope(made, "jobs") == pytest.approx(-0.15, abs=0.03)
    for least, below, size in ((100.0, 120.0, 110.0), (2000.0, 2400.0, 2200.0)):
        assert items.sd_by_size(made, "jobs", least, below) == pytest.approx(size**-0.15, rel=0.06)
    assert np.isnan(items.sd_by_size(made, "firms", 50, np.inf))  # none is that large


def test_seeds_that_grow_and_that_are_no_longer_published():
    last = np.array([10.0] * 3 + [30.0] * 2 + [4.0] * 25 + [np.nan] * 10)
    firms = np.full((40, 5), 4.0)
    firms[:, -1] = last
    made = seen(firms, np.ones((40, 5)))
    assert items.seeds_reach(made, 10) == pytest.approx(5 / 40) and items.seeds_reach(made, 30) == pytest.approx(2 / 40)
    assert items.seeds_below(made) == pytest.approx(0.25)
    assert np.isnan(items.seeds_below(made.at(np.arange(10))))  # too few to say


# the pool, and the command


def test_the_pool_holds_all_sources_and_estimates_over_runs(monkeypatch):
    monkeypatch.setattr(pool, "SOURCES", (SOURCES[0], SOURCES[-1]))
    small = Pool(20, 1)
    held = small.histories
    assert set(held.source.tolist()) == {0, 1} and len(set(held.world.tolist())) == 20 + 2
    assert np.bincount(held.source).tolist() == [20 * 6, 20 * 6]  # looks begin in the years 10, 15, … 35
    _industries, sizes = np.unique(held.industry, return_counts=True)
    assert set(sizes.tolist()) == {1, 10}  # ten copies of one activity in a run and look
    value, low, high = small.estimate(lambda h: float(h.source.mean()))
    assert value == 0.5 and low < 0.5 < high
    assert small.by_source(lambda h: float(h.source.mean())) == {"organic": 0.0, "organic_seeds": 1.0}
    assert items.seeds_below(held) == items.seeds_below(held.at(held.source == 1))


def test_each_source_can_be_loaded():
    from clustersim.scenario.loading import load_scenario

    for source in SOURCES:
        clusters = load_scenario(source.scenario, source.overrides).place.clusters
        assert len(clusters) == source.copies or source.tractors is None


@pytest.mark.parametrize(
    ("arguments", "compared"),
    [((), True), (("--no-histories",), False), (("--pattern", "P01"), False), (("--pattern", "P01", "--histories"), True)],
)
def test_a_named_pattern_alone_compares_no_histories(tmp_path, monkeypatch, capsys, arguments, compared):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(validation, "validate", lambda *_: [GOOD])
    monkeypatch.setattr(plausibility, "compare", lambda *_: [])
    monkeypatch.setattr(pool, "SOURCES", SOURCES[:1])
    monkeypatch.setattr(histories, "QUICK", 3)
    monkeypatch.setattr(effects, "measure", lambda *_: {})
    code = cli.main(["validate", "--quick", "--json", *arguments])
    said = json.loads(capsys.readouterr().out)
    assert code == 0 and said["histories_places"] == 3  # what lies outside does not change the status
    assert [item["id"] for item in said["histories"]] == ([item.id for item in ITEMS] if compared else [])
    assert (tmp_path / "results" / "validation" / "histories.png").exists() is compared


def test_the_table_says_each_reason_once(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(validation, "validate", lambda *_: [GOOD])
    monkeypatch.setattr(pool, "SOURCES", SOURCES[:1])
    monkeypatch.setattr(histories, "QUICK", 8)
    assert cli.main(["validate", "--quick", "--no-plausibility", "--no-effects"]) == 0
    flat = " ".join(capsys.readouterr().out.split())
    assert "22 items:" in flat and "about 8 places each of" in flat and "upper bounds" in flat
    assert flat.count("make real places more restless") == 1
