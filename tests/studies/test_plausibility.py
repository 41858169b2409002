"""Plausibility: estimators against data with known answers, the panel against its tables, the declarations, the command."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from test_validate import GOOD, assert_tidy

from clustersim.cli import command_line as cli
from clustersim.core.words import said_in, speaking
from clustersim.results import simulate
from clustersim.scenario.loading import load_scenario
from clustersim.studies.validation import effects, histories, plausibility, validation
from clustersim.studies.validation.plausibility import ITEMS, demography, estimators, firms, networks, performance
from clustersim.studies.validation.plausibility.item import Item, across, judge, pooled
from clustersim.studies.validation.plausibility.markdown import declared_table, measured_table, span
from clustersim.studies.validation.plausibility.panel import panel, together
from clustersim.studies.validation.plausibility.sample import BURN_IN, SCALES, SCENARIOS, Sample
from clustersim.views.figures.plausibility import plausibility as draw
from clustersim.views.figures.plausibility import published, verdict

FIELDS = {
    "id", "statement", "statistic", "value", "low", "high", "scenarios", "published_low", "published_high", "source",
    "from_memory", "inside", "distance", "bears",
}  # fmt: skip
RNG = np.random.default_rng(11)


# estimators


@pytest.mark.parametrize("exponent", [0.8, 1.06, 2.5])
def test_a_pareto_sample_gives_its_exponent(exponent):
    sizes = 10.0 * (1.0 - RNG.random(40_000)) ** (-1.0 / exponent)
    everyone = np.concatenate([sizes, RNG.uniform(1.0, 10.0, 20_000)])
    assert estimators.tail_exponent(everyone, 10.0) == pytest.approx(exponent, rel=0.03)
    assert np.isnan(estimators.tail_exponent(sizes[:5], 10.0))


def test_whole_numbers_with_a_pareto_tail_give_its_exponent():
    counts = np.floor(0.5 + 0.5 * (1.0 - RNG.random(400_000)) ** (-1.0 / 1.3)).astype(int)
    assert estimators.count_tail_exponent(counts, 0.02) == pytest.approx(1.3, rel=0.08)
    assert np.isnan(estimators.count_tail_exponent(np.zeros(0, int), 0.1))


@pytest.mark.parametrize("shape", [0.7, 1.0, 1.5, 2.0])
def test_growth_rates_give_the_shape_of_their_tent(shape):
    rates = 0.05 + 0.1 * stats.gennorm.rvs(shape, size=30_000, random_state=5)
    assert estimators.subbotin_exponent(rates) == pytest.approx(shape, rel=0.06)


def test_laplace_and_normal_growth_are_told_apart():
    assert estimators.subbotin_exponent(RNG.laplace(size=30_000)) == pytest.approx(1.0, abs=0.05)
    assert estimators.subbotin_exponent(RNG.normal(size=30_000)) == pytest.approx(2.0, abs=0.12)
    assert np.isnan(estimators.subbotin_exponent(np.zeros(100)))


def test_a_spread_that_falls_with_size_gives_its_exponent():
    size = np.exp(RNG.normal(3.0, 1.5, 60_000))
    assert estimators.spread_exponent(size, 0.3 * size**-0.18 * RNG.laplace(size=size.size)) == pytest.approx(0.18, abs=0.02)
    assert estimators.spread_exponent(size, RNG.laplace(size=size.size)) == pytest.approx(0.0, abs=0.02)
    assert np.isnan(estimators.spread_exponent(size[:50], size[:50]))


def test_small_estimators():
    assert estimators.slope(np.array([1.0, 2.0, 4.0]), np.array([3.0, 5.0, 9.0])) == pytest.approx(2.0)
    assert np.isnan(estimators.slope(np.ones(5), np.arange(5.0))) and np.isnan(estimators.correlation(np.ones(5), np.arange(5.0)))
    assert estimators.correlation(np.arange(5.0), -np.arange(5.0)) == pytest.approx(-1.0)
    assert estimators.skewness(RNG.exponential(size=100_000)) == pytest.approx(2.0, abs=0.15)
    assert estimators.quantile_ratio(np.log(np.linspace(1.0, 11.0, 101)), 0.1, 0.9) == pytest.approx(5.0)
    assert estimators.gini(np.ones(7)) == pytest.approx(0.0) and estimators.gini(np.array([0.0, 0.0, 0.0, 1.0])) == 0.75
    assert estimators.ratio(3.0, 2.0) == 1.5 and np.isnan(estimators.ratio(1.0, 0.0))
    np.testing.assert_allclose(estimators.centred(np.array([1.0, 5.0, 3.0, 9.0]), np.array([0, 1, 0, 1])), [-1, -2, 1, 2])


def test_network_estimators_agree_with_counting():
    matrix = np.triu(RNG.random((40, 40)) < 0.2, 1)
    a, b = np.nonzero(matrix)
    linked = matrix | matrix.T
    degree = linked.sum(axis=1)
    closed = triples = 0
    for middle in range(40):
        for one, other in itertools.combinations(np.flatnonzero(linked[middle]), 2):
            triples += 1
            closed += linked[one, other]
    assert estimators.triangles(40, a, b) == (closed, triples)
    ends = np.concatenate([degree[a], degree[b]]), np.concatenate([degree[b], degree[a]])
    mixed = estimators.assortativity(degree[a], degree[b], np.zeros(a.size, int))
    assert mixed == pytest.approx(np.corrcoef(*ends)[0, 1])
    whole = np.triu_indices(6, 1)
    assert estimators.triangles(6, *whole) == (60.0, 60.0)
    assert estimators.triangles(31, np.zeros(30, int), np.arange(1, 31)) == (0.0, 435.0)
    assert estimators.assortativity(np.full(30, 30), np.ones(30, int), np.zeros(30, int)) == pytest.approx(-1.0)  # a star


def test_networks_of_different_density_are_not_taken_for_assortative():
    degree = np.repeat([2, 8], 30)  # two rings: in each all have the same degree
    assert np.isnan(estimators.assortativity(degree, degree, np.repeat([0, 1], 30)))


# the panel


def made_tables(replicates=25):
    """Return tables of a place of four firms over three years, the same in each replicate.

    old stays; gone leaves after the first year; new and child come in the second, child of old; child leaves after it.
    """
    rows = [  # firm, year, employees, age, parent
        ("old", 0, 10.0, 20.0, None), ("gone", 0, 4.0, 3.0, None), ("late", 0, 2.0, 6.0, None),
        ("old", 1, 12.0, 21.0, None), ("late", 1, 1.0, 7.0, None), ("new", 1, 2.0, 0.25, None), ("child", 1, 3.0, 0.5, "old"),
        ("old", 2, 12.0, 22.0, None), ("late", 2, 2.0, 8.0, None), ("new", 2, 6.0, 1.25, None),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["firm", "year", "employees", "age", "parent"])
    frame = pd.concat([frame.assign(replicate=k) for k in range(replicates)], ignore_index=True)
    frame["year"] += 2000
    ids = ["child", "gone", "late", "new", "old"]
    frame["firm"] = pd.Categorical(frame["firm"], categories=ids)
    frame["parent"] = pd.Categorical(frame["parent"], categories=["old"])
    frame["cluster"], frame["segment"] = pd.Categorical(["valley"] * len(frame)), pd.Categorical(["parts"] * len(frame))
    for name in ("value_added", "productivity", "sales"):
        frame[name] = frame["employees"] * 10.0
    frame["export_share"] = 0.0
    ties = [  # a, b, year, level, trade; one to an institution and one to the outside, which are left out
        ("old", "gone", 0, "commercial", 5.0), ("late", "old", 0, "information", 0.0), ("old", "bank", 0, "information", 0.0),
        ("old", "late", 1, "information", 1.0), ("old", "new", 1, "acquaintance", 0.0), ("old", "outside", 1, "strategic", 0.0),
        ("old", "late", 2, "acquaintance", 0.0), ("old", "new", 2, "strategic", 2.0),
    ]  # fmt: skip
    links = pd.DataFrame(ties, columns=["a", "b", "year", "level", "trade_value"])
    links = pd.concat([links.assign(replicate=k) for k in range(replicates)], ignore_index=True)
    links["year"] += 2000
    for name in ("a", "b"):
        links[name] = pd.Categorical(links[name], categories=["bank", "gone", "late", "new", "old", "outside"])
    links["level"] = pd.Categorical(links["level"], categories=["acquaintance", "information", "commercial", "strategic"])
    links["cluster"] = pd.Categorical(["valley"] * len(links))
    return frame, links


@pytest.fixture
def made():
    return panel(*made_tables(), since=0, start_year=2000)


def test_firms_are_followed_from_year_to_year(made):
    assert made.place.size == 250 and made.cell.max() == 74
    assert demography.entry_rate(made) == pytest.approx(2 / 10)
    assert demography.exit_rate(made) == pytest.approx(2 / 7)  # of those of the first two years
    assert demography.survival(made, 1) == pytest.approx(1 / 2)
    assert demography.survival(made, 1, made.parent >= 0) == 0.0 and demography.survival(made, 1, made.parent < 0) == 1.0
    assert np.isnan(demography.survival(made, 2))  # nobody born is followed for two years
    assert demography.spinoff_share(made) == pytest.approx(1 / 2)
    assert demography.entrant_size(made) == pytest.approx(2.5 / (49 / 8))
    size = made["employees"]
    assert demography.exit_ratio(made, size < 4.0, size == 4.0) == pytest.approx((1 / 4) / 1)
    assert np.isnan(demography.young_exits(made))  # no old firm leaves


def test_jobs_created_and_destroyed_are_counted_by_hand(made):
    created, destroyed = firms.job_flows(made)
    jobs = ((16 + 18) + (18 + 20)) / 2  # before and after, two years
    assert created == pytest.approx((2 + 2 + 3 + 1 + 4) / jobs) and destroyed == pytest.approx((4 + 1 + 3) / jobs)
    assert firms.micro_share(made) == pytest.approx(7 / 10) and firms.large_share(made) == 0.0 and firms.sme_jobs(made) == 1.0


def test_growth_is_free_of_what_a_place_shares(made):
    rows, rates = firms.growth(made)
    assert rows.size == 125
    np.testing.assert_allclose(np.bincount(made.cell[rows], weights=rates), 0.0, atol=1e-9)
    two = rates[:2]  # old and late of the first year and place
    assert sorted(two - two.mean()) == pytest.approx(sorted([-np.log(2.4) / 2, np.log(2.4) / 2]))


def test_ties_are_followed_and_those_of_others_left_out(made):
    assert made.links.a.size == 25 * 6
    assert networks.kept(made, networks.supplies(made), 1) == 0.0
    assert networks.kept(made, networks.informs(made), 1) == pytest.approx(1 / 3)
    assert networks.kept(made, made.links.level >= 0, 1) == pytest.approx(3 / 4)
    assert networks.kept(made, made.links.level >= 0, 2) == pytest.approx(1 / 2)
    assert networks.business_over_knowledge(made) == pytest.approx(3 / 4)
    assert networks.returned(made) == pytest.approx(4 / 6)
    per_firm = np.bincount(networks.degrees(made, networks.informs(made)), minlength=3) / 25
    assert per_firm.tolist() == [10 - 7, 6, 1]  # old has two partners in the first year
    assert networks.knowledge_partners(made) == pytest.approx(8 / 7)


def test_a_panel_of_panels_keeps_places_and_identities_apart(made):
    both = together([made, made])
    assert np.unique(both.place).size == 50 and np.unique(both.firm).size == 2 * np.unique(made.firm).size
    for statistic in (demography.entry_rate, demography.exit_rate, firms.sme_jobs, networks.business_over_knowledge):
        assert statistic(both) == pytest.approx(statistic(made))
        alone = {round(statistic(place), 12) for place in both.places()}
        assert alone == {round(statistic(made), 12)}
    assert networks.kept(both, networks.informs(both), 1) == pytest.approx(1 / 3)
    assert demography.spinoff_share(both) == pytest.approx(1 / 2)


# the panel of a real run, against pandas on the tables as recorded


@pytest.fixture(scope="module")
def recorded():
    scenario = load_scenario("organic")
    tables = simulate(scenario, 3, 3, years=25, records=("firms", "ties", "events")).tables()
    return tables, panel(tables["firms"], tables["ties"], BURN_IN, scenario.horizon.start_year)


def test_entry_and_exit_agree_with_the_tables(recorded):
    tables, made = recorded
    table = tables["firms"][tables["firms"]["year"] >= 2000 + BURN_IN]
    alive = {year: set(zip(part["replicate"], part["firm"], strict=True)) for year, part in table.groupby("year")}
    years = sorted(alive)
    gone = sum(len(alive[y] - alive[y + 1]) for y in years[:-1])
    assert demography.exit_rate(made) == pytest.approx(gone / sum(len(alive[y]) for y in years[:-1]))
    assert demography.entry_rate(made) == pytest.approx((table["age"] < 1.0).mean())
    events = tables["events"]
    born = events[events["event"].isin(["entry", "spinoff"]) & (events["year"] >= 2000 + BURN_IN)]
    seen = int((made["age"] < 1.0).sum())
    assert 0.9 * len(born) <= seen <= len(born)  # a few come and go within a year
    child = table[(table["age"] < 1.0)]["parent"].notna().mean()
    assert demography.spinoff_share(made) == pytest.approx(child)


def test_ties_agree_with_the_tables(recorded):
    tables, made = recorded
    table = tables["ties"][(tables["ties"]["year"] >= 2000 + BURN_IN)]
    table = table[table["kind"].isin(["vertical", "horizontal"])]
    assert made.links.a.size == len(table)
    pairs = [frozenset(pair) for pair in zip(table["a"], table["b"], strict=True)]
    traded = {
        (replicate, year, pair)
        for replicate, year, pair, trade in zip(table["replicate"], table["year"], pairs, table["trade_value"], strict=True)
        if trade > 0.0
    }
    first = [key for key in traded if key[1] < table["year"].max()]
    stays = sum((replicate, year + 1, pair) in traded for replicate, year, pair in first)
    assert networks.kept(made, networks.supplies(made), 1) == pytest.approx(stays / len(first))


def test_better_parents_agrees_with_the_tables(recorded):
    tables, made = recorded
    table = tables["firms"][tables["firms"]["year"] >= 2000 + BURN_IN].copy()
    keys = ["replicate", "year"]
    table["rank"] = (table.groupby(keys)["productivity"].rank(method="first") - 1) / table.groupby(keys)["firm"].transform("size")
    born = table[(table["age"] < 1.0) & table["parent"].notna()]
    before = table.assign(year=table["year"] + 1)[["replicate", "year", "firm", "rank"]].astype({"firm": str})
    parents = born[["replicate", "year", "parent"]].astype({"parent": str})
    ranks = parents.merge(before, left_on=["replicate", "year", "parent"], right_on=["replicate", "year", "firm"])["rank"]
    followed = table[table["year"] < table["year"].max()]["rank"]
    assert len(ranks) >= estimators.LEAST
    expected = ((ranks >= 2 / 3).sum() / (followed >= 2 / 3).sum()) / ((ranks < 1 / 3).sum() / (followed < 1 / 3).sum())
    assert demography.better_parents(made) == pytest.approx(expected)


def test_performance_is_measured_within_industries(recorded):
    tables, made = recorded
    table = tables["firms"][tables["firms"]["year"] >= 2000 + BURN_IN]
    logs = np.log(table["productivity"])
    group = [table[name] for name in ("replicate", "year", "segment")]
    apart = logs - logs.groupby(group, observed=True).transform("mean")
    assert performance.efficiency_spread(made) == pytest.approx(np.exp(apart.quantile(0.9) - apart.quantile(0.1)))
    assert performance.exporter_share(made) == pytest.approx((table["export_share"] >= 0.01).mean())
    exporters = table["export_share"] >= 0.01
    sizes = np.log(table["employees"])
    sizes = sizes - sizes.groupby(group, observed=True).transform("mean")
    assert performance.size_premium(made) == pytest.approx(sizes[exporters].mean() - sizes[~exporters].mean())


# items and verdicts


def test_a_verdict_says_how_far_outside():
    assert judge(0.5, 0.4, 0.6) == (True, 0.0) and judge(0.4, 0.4, 0.6) == (True, 0.0)
    assert judge(0.9, 0.4, 0.6) == (False, pytest.approx(0.3)) and judge(0.1, 0.4, None) == (False, pytest.approx(0.3))
    assert judge(-5.0, None, 0.0) == (True, 0.0) and judge(5.0, 0.0, None) == (True, 0.0)
    inside, distance = judge(float("nan"), 0.0, 1.0)
    assert inside is None and np.isnan(distance)


class FakeSample:
    """What measures ask of a sample."""

    def __init__(self, made):
        self.panel, self.places, self.panels = made, list(made.places()), {"made": made}


def test_a_pooled_measure_gives_the_interval_between_places(made):
    def statistic(part):  # the number of the place; 50 for all together
        return float(part.place[0]) if np.ptp(part.place) == 0 else 50.0

    (value, low, high), scenarios = pooled(statistic)(FakeSample(made))
    assert value == 50.0 and scenarios == {"made": 50.0}
    assert (low, high) == (pytest.approx(1.2), pytest.approx(22.8))  # of 0, 1, … 24


def test_a_measure_across_places_draws_them_anew():
    x = np.arange(30.0)
    (value, low, high), scenarios = across(lambda _: (x, 2.0 * x + np.sin(7.0 * x)), estimators.slope)(None)
    assert value == pytest.approx(2.0, abs=0.05) and low < value < high and scenarios == {}


def test_an_item_without_a_measure_is_not_comparable():
    item = Item("S99", "A fact", "Nothing", 0.0, 1.0, "Somebody 2000", True, "No such thing.", None)
    found = item.check(None)
    assert set(found) == FIELDS and found["inside"] is None and np.isnan(found["value"]) and found["from_memory"] is False


def test_declarations_are_complete():
    assert [item.id for item in ITEMS] == [f"S{k:02d}" for k in range(1, len(ITEMS) + 1)]
    for item in ITEMS:
        assert item.statement and item.statistic and item.source and item.bears.endswith("."), item.id
        assert item.low is not None or item.high is not None, item.id
        assert item.low is None or item.high is None or item.low < item.high, item.id
        assert re.search(r"\b(19|20)\d\d\b", item.source), f"{item.id}: the source has no year"
        assert item.read is ("memory" not in item.source), f"{item.id}: the source must say what is from memory"
        for text in (item.statement, item.statistic, item.bears):
            assert said_in("es", text) != text, f"{item.id} has no Spanish: {text!r}"
    assert len({item.statement for item in ITEMS}) == len(ITEMS)
    (exporters,) = [item.statistic for item in ITEMS if item.id == "S27"]
    assert f"{performance.EXPORTER:.0%} of sales" in exporters


@pytest.fixture(scope="module")
def results():
    """All items measured on four replicates."""
    sample = Sample(4, seed=2)
    return [item.check(sample) for item in ITEMS]


def test_all_items_that_can_be_compared_have_a_value(results):
    for item, result in zip(ITEMS, results, strict=True):
        assert (result["inside"] is None) == (item.measure is None), item.id
        if item.measure is not None:
            assert np.isfinite([result["value"], result["low"], result["high"]]).all(), item.id
            assert result["low"] <= result["high"] and set(result["scenarios"]) <= set(SCENARIOS), item.id


def test_runs_depend_on_the_seed_alone():
    one, same, other = (Sample(1, seed).panels["organic"] for seed in (1, 1, 2))
    np.testing.assert_array_equal(one["employees"], same["employees"])
    assert one["employees"].size != other["employees"].size or not np.array_equal(one["employees"], other["employees"])
    assert one.year.min() == BURN_IN


def test_places_of_different_size_are_those_of_one_scenario():
    jobs, output = Sample(3, seed=1).sizes
    assert jobs.size == output.size == 3 * len(SCALES)
    means = jobs.reshape(len(SCALES), 3).mean(axis=1)
    assert (np.diff(means) > 0.2).all()


# tables and pictures


def test_markdown_tables_have_a_row_for_each_item(results):
    assert len(declared_table(ITEMS).splitlines()) == len(ITEMS) + 2
    table = measured_table(results).splitlines()
    assert len(table) == len(ITEMS) + 2 and len({line.count("|") for line in table}) == 1
    outside = sum(result["inside"] is False for result in results)
    assert sum("**outside** by" in line for line in table) == outside > 0
    assert [span(0.1, 0.2), span(None, 0.0), span(1.0, None)] == ["0.1 to 0.2", "0 or less", "1 or more"]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_picture_is_tidy(results, monkeypatch, lang):
    assert_tidy(draw(results, 1, 100, lang), monkeypatch)


def test_words_of_range_and_verdict():
    found = {"published_low": 0.5, "published_high": None, "from_memory": True, "inside": False, "distance": 0.125}
    with speaking("en"):
        assert published(found) == "0.5 or more *" and verdict(found) == "outside by 0.125"
    with speaking("es"):
        assert published(found) == "0,5 o más *" and verdict(found | {"inside": None}) == "no comparable"
        assert published(found | {"published_high": 1234.0, "from_memory": False}) == "0,5 a 1230"


# the command


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    """Call ``validate`` in an empty folder with few replicates and one invented pattern; returns status, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(plausibility, "QUICK", 2)
    monkeypatch.setattr(validation, "validate", lambda *_: [GOOD])
    monkeypatch.setattr(histories, "compare", lambda *_: [])
    monkeypatch.setattr(effects, "measure", lambda *_: {})

    def _call(*arguments):
        capsys.readouterr()
        code = cli.main(["validate", "--quick", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return _call


def test_json_has_a_list_of_items_and_the_status_is_that_of_the_patterns(call, tmp_path):
    code, out, err = call("--json", "--seed", 4)
    said = json.loads(out)
    assert code == 0 and said["plausibility_replicates"] == 2
    assert [item["id"] for item in said["plausibility"]] == [item.id for item in ITEMS]
    assert all(set(item) == FIELDS for item in said["plausibility"])
    assert False in [item["inside"] for item in said["plausibility"]]  # and yet the status is 0
    assert all((item["value"] is None) == (item["inside"] is None) for item in said["plausibility"])
    assert f"S01 (1 / {len(ITEMS)})" in err
    folder = tmp_path / "results" / "validation"
    assert json.loads((folder / "validation.json").read_text(encoding="utf-8")) == said | {"files": "validation.files.json"}
    assert (folder / "plausibility.png").read_bytes().startswith(b"\x89PNG") and (folder / "plausibility.svg").exists()


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_second_table_shows_range_verdict_and_reason(call, lang):
    code, out, _ = call("--lang", lang)
    flat = " ".join(out.split())
    assert code == 0
    for text in (
        {"en": ("Plausibility", "inside", "outside by", "1 or more", "not comparable", "2 replicates of organic", "from memory"),
         "es": ("Verosimilitud", "dentro", "fuera por", "1 o más", "no comparable", "2 réplicas de organic", "de memoria")}[lang]
    ):  # fmt: skip
        assert text in flat


@pytest.mark.parametrize(
    ("arguments", "compared"),
    [((), True), (("--no-plausibility",), False), (("--pattern", "P01"), False), (("--pattern", "P01", "--plausibility"), True)],
)
def test_a_named_pattern_alone_compares_nothing(call, monkeypatch, tmp_path, arguments, compared):
    asked = []
    nothing = replace(ITEMS[-1], measure=None).check(None)
    monkeypatch.setattr(plausibility, "compare", lambda *given: asked.append(given[:2]) or [nothing])
    code, out, _ = call(*arguments, "--json")
    assert code == 0 and bool(asked) is compared and len(json.loads(out)["plausibility"]) == compared
    assert (tmp_path / "results" / "validation" / "plausibility.png").exists() is compared
