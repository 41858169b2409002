"""A place that begins with a register: the record of its first quarter is the register, and time begins after it."""

from __future__ import annotations

import csv
import json
import random

import numpy as np
import pandas as pd
import pytest

from clustersim.core.errors import InputError
from clustersim.model.indicators import INDICATORS
from clustersim.model.state import LEVELS
from clustersim.results import simulate
from clustersim.scenario.loading import load_scenario
from clustersim.simulation.engine import Simulation
from clustersim.simulation.mesa_model import ClusterModel
from oracle_register import footwear

SEGMENTS = {"north": ["hides", "soles", "shoes"], "south": ["cloth", "wear"]}
COLUMNS = ("cluster", "id", "segment", "tractor", "employees", "sales", "exports", "year", "x", "y", "certified", "member")
START = 2020


def write(path, columns, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, columns, restval="", extrasaction="ignore")
        table.writeheader()
        table.writerows(rows)


@pytest.fixture
def place(tmp_path):
    """Write a register of two clusters with ties, and return a scenario of them and of a third that no register knows."""
    rng = random.Random(5)
    firms = []
    for cluster, segments in SEGMENTS.items():
        for k in range(60):
            sales = round(rng.lognormvariate(6.5, 1.2), 2)
            firms.append({
                "cluster": cluster, "id": f"{cluster}{k:02d}", "segment": rng.choice(segments), "tractor": int(k % 20 == 7),
                "employees": 0.5 if k == 3 else round(rng.lognormvariate(2.5, 1.0)) + 1, "sales": sales,
                "exports": rng.choice((0, 0, round(0.3 * sales, 2), sales)), "year": rng.randint(1960, START - 1),
                "x": rng.uniform(-9, 9), "y": rng.uniform(-9, 9), "certified": rng.choice((0, 1)),
                "member": int(cluster == "north" and rng.random() < 0.4),
            })  # fmt: skip
    rng.shuffle(firms)
    write(tmp_path / "firms.csv", COLUMNS, firms)
    ties = []
    for cluster in SEGMENTS:
        own = sorted(firm["id"] for firm in firms if firm["cluster"] == cluster)
        pairs = sorted({tuple(sorted(rng.sample(own, 2))) for _ in range(90)})
        ties += [{"a": a, "b": b, "level": rng.choice(LEVELS), "trust_ab": 0.6, "trust_ba": 0.3} for a, b in pairs]
    write(tmp_path / "ties.csv", ("a", "b", "level", "trust_ab", "trust_ba"), ties)
    tables = {"firms": {"table": "firms.csv"}, "ties": {"table": "ties.csv"}}
    clusters = [{"name": name, "segments": segments, **tables} for name, segments in SEGMENTS.items()]

    def made(drawn=True, **more):
        third = [{"name": "drawn", "segments": ["one", "two"], "tractors": 2, "smes": 30}] if drawn else []
        text = {"title": "register", "horizon": {"start_year": START, "years": 3}, "place": {"clusters": clusters + third}}
        (tmp_path / "place.yaml").write_text(json.dumps(text | more), encoding="utf-8")
        return load_scenario(tmp_path / "place.yaml")

    return made


def tables_of(scenario):
    """Return the tables of firms and ties of a scenario as pandas reads them."""
    spec = scenario.place.clusters[0]
    return tuple(pd.read_csv(table.path, dtype={name: str for name in ("id", "a", "b")}) for table in (spec.firms, spec.ties))


def programme(announced=0.0, per_year=100.0):
    stage = {"name": "first", "quarters": 4, "instruments": [{"use": "awareness_events", "per_year": per_year}]}
    return {"announced": announced, "lag_quarters": 0, "stages": [stage]}


def numbers(simulation, quarters, chunk=None):
    parts = [simulation.advance(chunk or quarters) for _ in range(quarters // (chunk or quarters))]
    return np.concatenate([part.indicators for part in parts])


def at(array, name):
    return array[..., list(INDICATORS).index(name)]


def by_segment(result, table):
    """Return what a run recorded of each listed firm in its first quarter, beside what the table says of it."""
    there = result.firms[(result.firms["quarter"] == 0) & (result.firms["replicate"] == 0)]
    there = there.astype({"segment": str, "cluster": str})
    names = result.register[["firm", "id"]]
    both = there.merge(names, on="firm").merge(table, on=["id", "cluster"], suffixes=("", "_said"))
    return there, both.sort_values("id")


def test_the_first_quarter_is_the_register_by_segment(place):
    scenario = place(environment={"shocks": [{"kind": "tractor_exit", "year": 0, "size": 2}]}, programme=programme())
    table, ties = tables_of(scenario)
    result = simulate(scenario, replicates=2, records=("firms", "ties"))
    there, both = by_segment(result, table)
    listed = there[there["cluster"] != "drawn"]
    assert len(listed) == len(both) == len(table) == 120
    groups = ["cluster", "segment"]
    found = both.groupby(groups)
    said = table.sort_values("id").groupby(groups)
    assert (found.size() == said.size()).all() and len(said) == 5
    for column in ("certified", "member"):
        assert (found[column].sum() == said[column].sum()).all()
    for column, part in (("employees", 1.0), ("sales", 4.0), ("exports", 4.0)):
        assert (found[column].sum() == (table.assign(**{column: table[column] / part}).sort_values("id")
                                        .groupby(groups)[column].sum())).all()  # fmt: skip
        assert (both[column] == both[f"{column}_said"] / part).all()  # a quarter of a year's money, to the last digit
    assert (both["x"] == both["x_said"]).all() and ((both["kind"] == "tractor") == (both["tractor"] == 1)).all()
    assert (np.floor(START - both["age"]) == both["year_said"]).all()

    segment = dict(zip(both["firm"], both["cluster"] + "/" + both["segment"], strict=True))
    recorded = result.ties[(result.ties["quarter"] == 0) & (result.ties["replicate"] == 0)]
    between = recorded[recorded["kind"].isin(("vertical", "horizontal")) & (recorded["cluster"] != "drawn")]
    firm = dict(zip(result.register["id"], result.register["firm"], strict=True))

    def counted(frame, name):
        ends = [tuple(sorted((segment[name(a)], segment[name(b)]))) for a, b in zip(frame["a"], frame["b"], strict=True)]
        return pd.Series(1, [ends, frame["level"].astype(str)]).groupby(level=[0, 1]).sum()

    pd.testing.assert_series_equal(counted(between, str), counted(ties, firm.get))
    assert set(between["trust_ab"]) | set(between["trust_ba"]) == {0.6, 0.3}


def added(values):
    """Return the sum of values added one after the other: some versions of Python make good for rounding in theirs."""
    return np.cumsum(values.to_numpy())[-1]


def test_the_indicators_of_the_first_quarter_are_those_of_the_register(place):
    scenario = place()
    table, ties = tables_of(scenario)
    record = numbers(Simulation(scenario, replicates=range(3)), 1)[0].reshape(3, 3, -1)
    for c, (cluster, own) in enumerate((name, table[table["cluster"] == name]) for name in SEGMENTS):
        inside = ties[ties["a"].isin(own["id"])]
        in_rows = own.sort_values("tractor", ascending=False, kind="stable")  # as they are added up
        for name, value in {
            "firms": len(own), "tractors": own["tractor"].sum(), "employment": own["employees"].sum(),
            "sales": added(in_rows["sales"] / 4.0), "exports": added(in_rows["exports"] / 4.0),
            "certified_share": own["certified"].sum() / len(own), "members": own["member"].sum(),
            "formal": int(own["member"].any()), "entry_point": int(own["member"].any()), "ties": len(inside),
            "acquaintances": (inside["level"] == "acquaintance").sum(),
            "information_ties": (inside["level"] == "information").sum(),
            "commercial_ties": (inside["level"] == "commercial").sum(),
            "strategic_ties": (inside["level"] == "strategic").sum(),
            "linked_share": pd.concat([inside.loc[inside["level"].isin(LEVELS[2:]), end] for end in "ab"]).nunique() / len(own),
            "young_share": (own["year"] >= START - 5).sum() / len(own), "public_spending": 0, "entries": 0, "exits": 0,
            "employment_growth": 0, "turnover_growth": 0,
        }.items():  # fmt: skip
            assert (at(record[:, c], name) == value).all(), (cluster, name)
        assert at(record[:, c], "trust") == pytest.approx(0.45)
        wages = own["employees"].sum() * at(record[:, c], "wage")
        assert at(record[:, c], "value_added") == pytest.approx(wages + at(record[:, c], "profit"))
    assert at(record, "clusterisation").max() >= 2.0  # what the ties say is seen at once


def test_a_cluster_of_the_same_place_that_no_register_knows_waits_too(place):
    simulation = Simulation(place())
    before = simulation.state.actors.employees.copy()
    first = numbers(simulation, 1)[0]
    assert (simulation.state.actors.employees == before).all() and simulation.state.worlds.frontier[0] == 0.0
    assert at(first[2], "firms") == 32 and at(first[2], "sales") > at(first[2], "exports") > 0.0
    assert Simulation("organic").state.worlds.begins[0] == 0


def test_time_begins_in_the_second_quarter(place):
    record = numbers(Simulation(place()), 2)
    for name in ("employment", "sales", "exports", "trust", "knowledge", "cash"):
        assert (at(record[1], name) != at(record[0], name)).all(), name
    assert at(record[1], "employment_growth") == pytest.approx(np.log(at(record[1], "employment") / at(record[0], "employment")))


def test_what_is_dated_in_the_first_quarter_begins_with_time(place):
    def told(year):
        shocks = [
            {"kind": "demand", "year": year, "years": 0.25, "size": -0.2}, {"kind": "tractor_exit", "year": year, "size": 1},
            {"kind": "technology", "year": year, "size": 0.2},
        ]  # fmt: skip
        simulation = Simulation(place(environment={"shocks": shocks}, programme=programme(year)))
        return simulation.advance(8)

    at_once, later = told(0.0), told(0.25)
    assert (at_once.indicators == later.indicators).all() and (at_once.spending == later.spending).all()
    left = at(at_once.indicators, "tractors")
    assert (left[0] == (3, 3, 2)).all() and (left[1] < left[0]).all()
    spent = at_once.spending.sum(axis=(1, 2))
    assert spent == pytest.approx([0, 75, 75, 75, 75, 0, 0, 0])  # three clusters, a quarter of 100 each: none lost, none twice


def test_a_programme_that_is_announced_later_keeps_its_date(place):
    assert Simulation(place(programme=programme(1.0))).state.clusters.announced.tolist() == [4, 4, 4]


def test_a_branch_at_the_start_begins_with_time_too(place):
    base = Simulation(place())
    branch = base.branch(place(programme=programme()).programme)
    one, whole = branch.advance(6), Simulation(place(programme=programme())).advance(6)
    assert (one.indicators == whole.indicators).all() and (one.spending == whole.spending).all()
    base.shock("demand", -0.2, 0.25)
    assert (at(base.advance(2).indicators, "sales")[1] < at(whole.indicators, "sales")[1]).all()


@pytest.mark.parametrize("done", [0, 1])
def test_numbers_depend_on_no_thread_chunk_or_file(place, tmp_path, done):
    scenario = place()
    whole = numbers(Simulation(scenario, replicates=range(3), workers=1), 8)
    assert (numbers(Simulation(scenario, replicates=range(3), workers=3), 8, chunk=1) == whole).all()
    simulation = Simulation(scenario, replicates=range(3))
    simulation.advance(done)
    again = Simulation.load(simulation.save(tmp_path / "saved.npz"))
    assert (again.advance(8 - done).indicators == whole[done:]).all()


def test_agents_of_mesa_stand_in_the_first_step(place):
    model = ClusterModel(place(drawn=False))
    table, _ties = tables_of(model.simulation.scenario)
    assert sum(firm.employees for firm in model.agents if hasattr(firm, "employees")) == table["employees"].sum()
    model.step()
    assert sum(firm.employees for firm in model.agents if hasattr(firm, "employees")) == table["employees"].sum()
    assert model.indicators["north"]["members"] == table["member"].sum()
    model.step()
    assert model.indicators["north"]["employment"] != table.loc[table["cluster"] == "north", "employees"].sum()


def test_what_a_table_does_not_say_is_filled(tmp_path):
    write(tmp_path / "f.csv", ("cluster", "id", "sales"), [{"cluster": "one", "id": f"F{k}", "sales": 4000} for k in range(30)])
    place = {"clusters": [{"name": "one", "segments": ["a", "b"], "firms": {"table": "f.csv"}}]}
    (tmp_path / "p.yaml").write_text(json.dumps({"title": "t", "place": place}), encoding="utf-8")
    (first,) = numbers(Simulation(load_scenario(tmp_path / "p.yaml")), 1)[0]
    assert at(first, "sales") == 30000.0 and at(first, "formal") == at(first, "members") == 0.0
    assert 0.0 < at(first, "exports") < 30000.0 and at(first, "ties") > 0.0 and at(first, "employment") > 30.0


def test_exports_above_sales_are_refused(tmp_path):
    write(tmp_path / "f.csv", ("cluster", "id", "sales", "exports"), [{"cluster": "one", "id": "A", "sales": 5, "exports": 6}])
    place = {"clusters": [{"name": "one", "segments": ["a"], "firms": {"table": "f.csv"}}]}
    (tmp_path / "p.yaml").write_text(json.dumps({"title": "t", "place": place}), encoding="utf-8")
    with pytest.raises(InputError, match=r"f\.csv: exports: found 6, which is above the firm's sales, 5; exports are a part of"):
        load_scenario(tmp_path / "p.yaml")


@pytest.mark.parametrize("name", [None, "asociacion", "proveedores"])
def test_the_example_begins_with_its_register(tmp_path, name):
    scenario = footwear(tmp_path, name)
    table, ties = tables_of(scenario)
    result = simulate(scenario, replicates=1, years=1, records=("firms", "ties"))
    there, both = by_segment(result, table)
    assert len(there) == len(both) == len(table)
    for column, part in (("employees", 1.0), ("sales", 4.0), ("exports", 4.0), ("certified", 1.0)):
        said = both[f"{column}_said"].notna()
        assert said.any() and (both.loc[said, column] == both.loc[said, f"{column}_said"] / part).all(), column
    known = both["segment_said"].notna()
    assert (both.loc[known, "segment"] == both.loc[known, "segment_said"]).all()
    first = result.indicators[result.indicators["quarter"] == 0].iloc[0]
    for level, indicator in zip(LEVELS, ("acquaintances", "information_ties", "commercial_ties", "strategic_ties"), strict=True):
        assert first[indicator] == (ties["level"] == level).sum()
    spent = result.spending[result.spending["quarter"] == 0]
    assert spent.empty or spent[["public", "private"]].to_numpy().sum() == 0.0
