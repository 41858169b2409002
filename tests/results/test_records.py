"""Records of firms, ties and events: indicators can be recomputed from them, and events account for every change."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from clustersim.results import simulate
from clustersim.results.recorder import RELATED, Recorder
from clustersim.results.tables import EVENTS
from clustersim.scenario.loading import load_scenario, shipped_scenarios
from clustersim.simulation.batches import firms_at_start
from clustersim.simulation.engine import Simulation
from result_cases import KEYS, recorded


@pytest.fixture(scope="module")
def result():
    return recorded()


@pytest.fixture(scope="module")
def at_year_end(result):
    """Indicators at the quarters in which firms and ties were read, by replicate, cluster and quarter."""
    frame = result.indicators
    return frame[frame["quarter"].isin(result.firms["quarter"].unique())].set_index(KEYS).sort_index()


def _hhi(sales):
    return (sales**2).sum() / sales.sum() ** 2


FROM_FIRMS = {
    "firms": lambda f: len(f),
    "tractors": lambda f: (f["kind"] == "tractor").sum(),
    "micro": lambda f: (f["employees"] < 10).sum(),
    "small": lambda f: f["employees"].between(10, 50, inclusive="left").sum(),
    "medium": lambda f: f["employees"].between(50, 250, inclusive="left").sum(),
    "large": lambda f: (f["employees"] >= 250).sum(),
    "employment": lambda f: f["employees"].sum(),
    "productivity": lambda f: f["value_added"].sum() / f["employees"].sum(),
    "young_share": lambda f: (f["age"] <= 5).mean(),
    "concentration": lambda f: _hhi(f["sales"]),
    "dependence": lambda f: f["dependence"][f["dependence"] > 0].mean() if (f["dependence"] > 0).any() else 0.0,
    "belief": lambda f: f["belief"].mean(),
    "knowledge": lambda f: f["knowledge"].mean(),
    "absorptive": lambda f: f["absorptive"].mean(),
    "rd_share": lambda f: f["rd_share"].mean(),
    "innovations": lambda f: f["innovated"].mean(),
    "certified_share": lambda f: f["certified"].mean(),
    "quality": lambda f: f["quality"].mean(),
    "search": lambda f: f["search"].mean(),
    "sales": lambda f: f["sales"].sum(),
    "exports": lambda f: (f["export_share"] * f["sales"]).sum(),
    "export_share": lambda f: (f["export_share"] * f["sales"]).sum() / f["sales"].sum(),
    "value_added": lambda f: f["value_added"].sum(),
    "local_sourcing": lambda f: (f["local_share"] * f["sales"]).sum() / f["sales"].sum(),
    "profit": lambda f: f["profit"].sum(),
    "margin": lambda f: f["profit"].sum() / f["sales"].sum(),
    "credit": lambda f: f["debt"].sum(),
    "assets": lambda f: f["assets"].sum(),
    "cash": lambda f: f["cash"].sum(),
}


@pytest.mark.parametrize("name", FROM_FIRMS)
def test_indicator_recomputed_from_firms(result, at_year_end, name):
    groups = result.firms.groupby(KEYS, observed=True)
    found = pd.Series({key: FROM_FIRMS[name](frame) for key, frame in groups}).sort_index()
    assert len(found) == len(at_year_end)
    np.testing.assert_allclose(found.to_numpy(), at_year_end[name].to_numpy(), rtol=1e-9, atol=1e-9)


LEVEL = {"acquaintance": 0, "information": 1, "commercial": 2, "strategic": 3}
FROM_TIES = {
    "ties": lambda t: len(t),
    "acquaintances": lambda t: (t["level"] == "acquaintance").sum(),
    "information_ties": lambda t: (t["level"] == "information").sum(),
    "commercial_ties": lambda t: (t["level"] == "commercial").sum(),
    "strategic_ties": lambda t: (t["level"] == "strategic").sum(),
    "trading_ties": lambda t: (t["trade_value"] > 0.0).sum(),
    "vertical_ties": lambda t: (t["kind"] == "vertical").sum(),
    "horizontal_ties": lambda t: (t["kind"] == "horizontal").sum(),
    "mean_level": lambda t: t["level"].map(LEVEL).astype(float).mean() if len(t) else 0.0,
}


@pytest.mark.parametrize("name", [*FROM_TIES, "institutional_ties", "external_ties"])
def test_indicator_recomputed_from_ties(result, at_year_end, name):
    ties = result.ties
    if name == "external_ties":
        ties, count = ties[ties["b"] == "outside"], len
    elif name == "institutional_ties":
        ties, count = ties[(ties["kind"] == "institutional") & (ties["level"] != "acquaintance")], len
    else:
        ties, count = ties[ties["kind"].isin(["vertical", "horizontal"])], FROM_TIES[name]
    found = pd.Series({key: count(frame) for key, frame in ties.groupby(KEYS, observed=True)})
    found = found.reindex(at_year_end.index, fill_value=0)
    np.testing.assert_allclose(found.to_numpy(float), at_year_end[name].to_numpy(), rtol=1e-9, atol=1e-9)
    assert found.sum() > 0


def test_a_tie_is_of_one_layer_by_its_level_and_trade(result):
    ties = result.ties
    level, trade = ties["level"].cat.codes, ties["trade_value"]
    said = np.select([level >= 2, level == 1, trade > 0.0], ["cooperation", "advice", "trade"], "contact")
    assert (ties["layer"].astype(str) == said).all() and set(said) == set(ties["layer"].cat.categories)


def test_of_advice_the_first_partner_asks():
    """Of ties between firms at the level of information or above `a` is the one whom the model knows as the asker."""
    simulation = Simulation(load_scenario("organic"), replicates=range(4))
    recorder = Recorder(simulation, ("ties",))
    recorder.note(simulation.advance(40))
    found = recorder.end()["ties"]
    ties, actors = simulation.state.ties, simulation.state.actors
    live = np.concatenate([np.arange(c.ties, c.ties + c.tie_count) for c in simulation.state.clusters])
    live = live[(ties.level[live] >= 1) & (ties.kind[live] < 2)]
    asks = np.where(ties.asker[live] == 1, ties.b[live], ties.a[live])
    between = found[found["level"].ge("information") & found["kind"].isin(["vertical", "horizontal"])]
    assert between["a"].astype(str).tolist() == [f"{uid:016x}" for uid in actors.uid[asks].tolist()]
    trust = np.where(ties.asker[live] == 1, ties.trust_ba[live], ties.trust_ab[live])
    assert between["trust_ab"].to_numpy() == pytest.approx(trust, rel=1e-6)
    assert 0 < (ties.asker[live] == 1).sum() < live.size


def test_partners_of_ties_are_known_firms(result):
    known = set(zip(result.firms["replicate"], result.firms["quarter"], result.firms["firm"].astype(str), strict=True))
    ties = result.ties
    for side in ("a", "b"):
        firms = ties[ties[f"{side}_kind"].isin(["tractor", "sme"])]
        assert set(zip(firms["replicate"], firms["quarter"], firms[side].astype(str), strict=True)) <= known
    assert ((ties["b"] == "outside") == (ties["kind"] == "external")).all()
    assert ties["trust_ab"].between(0, 1).all() and ties["trust_ba"].between(0, 1).all()


def _counted(result, event, **where):
    frame = result.events[result.events["event"] == event]
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return frame.groupby(KEYS, observed=False).size().reindex(result.indicators.set_index(KEYS).index, fill_value=0)


@pytest.mark.parametrize(
    ("indicator", "event", "where"),
    [
        ("entries", "entry", {}),
        ("spinoffs", "spinoff", {}),
        ("exits", "exit", {}),
        ("projects_started", "project_started", {}),
        ("projects_succeeded", "project_ended", {"after": "success"}),
        ("projects_failed", "project_ended", {"after": "failure"}),
    ],
)
def test_events_count_as_the_indicators_do(result, indicator, event, where):
    counted = _counted(result, event, **where)
    np.testing.assert_array_equal(counted, result.indicators.set_index(KEYS)[indicator])
    assert counted.sum() > 0


def test_ties_change_by_what_formed_and_ended(result):
    formed = sum(_counted(result, "tie_formed", detail=kind) for kind in ("vertical", "horizontal"))
    ended = sum(_counted(result, "tie_ended", detail=kind) for kind in ("vertical", "horizontal"))
    ties = result.indicators.set_index(KEYS)["ties"]
    change = ties - ties.groupby(level=[0, 1], observed=True).shift()
    later = change.notna()  # the first firms know each other before the first quarter
    np.testing.assert_array_equal((formed - ended)[later], change[later])


def test_levels_of_ties_follow_their_events(result):
    up = result.events[result.events["event"] == "tie_climbed"]
    down = result.events[result.events["event"] == "tie_dropped"]
    assert len(up) and len(down)
    assert (up["after"].astype(str).map(LEVEL) - up["before"].astype(str).map(LEVEL) == 1).all()
    assert (down["after"].astype(str).map(LEVEL) < down["before"].astype(str).map(LEVEL)).all()


def test_events_tell_stages_shocks_phases_and_associations(result):
    events = result.events
    assert set(events["event"].unique()) <= set(EVENTS)
    stages = events[events["event"] == "stage_begun"]
    assert (stages.groupby("detail", observed=True).size() == 6).all() and set(stages["detail"]) == {"first", "second"}
    shocks = events[events["event"] == "shock"]
    assert len(shocks) == 6 and set(shocks["quarter"]) == {8} and set(shocks["detail"]) == {"technology"}
    assert (events["event"] == "phase_changed").sum() == len(result.phases)
    formal = result.indicators.set_index(KEYS)["formal"]
    change = formal - formal.groupby(level=[0, 1], observed=True).shift(fill_value=0.0)
    np.testing.assert_array_equal(_counted(result, "association_founded") - _counted(result, "association_closed"), change)


def test_births_and_exits_name_the_firm(result):
    events = result.events
    born = events[events["event"].isin(["entry", "spinoff"])]
    assert born["firm"].notna().all()
    assert (born["other"].notna() == (born["event"] == "spinoff")).all()
    exits = events[events["event"] == "exit"]
    assert exits["firm"].notna().all() and exits["after"].notna().all()
    assert not exits.duplicated(["replicate", "cluster", "firm"]).any()
    assert (exits["after"] != "unknown").any()


@pytest.mark.slow
@pytest.mark.parametrize("name", shipped_scenarios())
def test_every_firm_of_every_shipped_scenario_has_a_segment(name):
    made = load_scenario(name)
    big = firms_at_start(made) > 50_000
    result = simulate(made, replicates=1 if big else 2, years=1 if big else 20, records=("firms",), name=name)
    assert result.firms is not None
    known = {spec.name.rpartition("_")[0] or spec.name: set(spec.segments) for spec in made.place.clusters}
    known |= {spec.name: set(spec.segments) for spec in result.scenario.place.clusters}
    assert not result.firms["segment"].isna().any()
    for cluster, segments in result.firms.groupby("cluster", observed=True)["segment"].unique().items():
        assert set(segments) <= known[cluster] | {RELATED}


def test_firms_that_branched_out_are_in_the_related_activity():
    result = simulate("ecuador_anchor_chains", replicates=2, years=20, records=("firms",))
    branched = result.firms[result.firms["segment"] == RELATED]
    assert 0 < len(branched) < len(result.firms)
    assert branched["year"].min() > result.firms["year"].min()  # nobody begins there
    assert list(result.firms["segment"].cat.categories)[-1] == RELATED
