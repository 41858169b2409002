"""Mesa agents are live views: they show the arrays, follow them when they grow, and notice that their actor left."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pytest

from clustersim.model.state import ACTORS, COMMERCIAL, FREE, KINDS, LAYERS, LEVELS
from clustersim.simulation import mesa_agents
from clustersim.simulation.mesa_model import (
    SME,
    ActorGone,
    Bank,
    ClusterAssociation,
    ClusterModel,
    Firm,
    Government,
)
from mesa_cases import columns, growing, live, nth, run, scenario

pytestmark = pytest.mark.filterwarnings("error")  # no deprecated use of Mesa goes unnoticed


def test_every_column_is_shown():
    model = ClusterModel(scenario())
    for _ in range(8):
        model.step()
    state = model.simulation.state
    rows = live(model)
    for name in ACTORS:
        if name not in mesa_agents.INTERNAL:
            assert model.agents.get(name) == getattr(state.actors, name)[rows].tolist(), name
            assert ACTORS[name].unit in getattr(SME, name).__doc__
    assert [KINDS[kind] for kind in state.actors.kind[rows]] == [
        {"ClusterAssociation": "association", "TechnologyCentre": "technology_centre", "TractorFirm": "tractor"}.get(
            type(agent).__name__, type(agent).__name__.lower()
        )
        for agent in model.agents
    ]
    for owner, names in mesa_agents.CLUSTER_VIEWS.items():
        for name in names:
            assert model.agents_by_type[owner].get(name) == [state.clusters[name][0]]


def test_views_are_live_and_can_be_written():
    model = ClusterModel(scenario(), seed=5)
    firm = nth(model.agents_by_type[SME], 4)
    row = int(np.flatnonzero(model.simulation.state.actors.uid == firm.uid)[0])
    actors, cluster = model.simulation._state.actors, model.simulation._state.clusters[0]
    actors.knowledge[row] = -0.5
    assert firm.knowledge == -0.5
    for name, (low, high) in mesa_agents.FIRM_WRITES.items():
        setattr(firm, name, 0.5 * (max(low, -3.0) + min(high, 3.0)))
        assert getattr(actors, name)[row] == getattr(firm, name)
        for wrong in (np.nextafter(high, np.inf), np.nextafter(low, -np.inf), np.nan, np.inf):
            with pytest.raises(ValueError, match=name):
                setattr(firm, name, wrong)
    assert actors.log_size[row] == np.log(1.0 + firm.employees)
    money = actors.cash.sum() + cluster.nation
    firm.cash += 100.0
    nth(model.agents_by_type[Bank]).cash += 50.0
    assert actors.cash.sum() + cluster.nation == pytest.approx(money, rel=1e-12)
    for name in ("uid", "sales", "debt", "kind", "member"):
        with pytest.raises(AttributeError, match="cannot be set"):
            setattr(firm, name, 1)
    with pytest.raises(AttributeError, match="cannot be set"):
        nth(model.agents_by_type[Government]).employees = 5.0
    with pytest.raises(AttributeError, match="cannot be set"):
        nth(model.agents_by_type[ClusterAssociation]).members = 5.0
    with pytest.raises(RuntimeError, match="is a view"):
        firm.remove()
    model.step()
    assert columns(model.simulation) != columns(run(scenario(), 5, 1))


def test_views_of_leavers_and_of_reused_rows_raise():
    model = ClusterModel(scenario(), seed=9)
    firms = list(model.agents_by_type[SME])
    places = {firm: firm._row() for firm in firms}
    for _ in range(24):
        model.step()
    actors = model.simulation.state.actors
    gone = [firm for firm in firms if not firm.alive]
    reused = [firm for firm in gone if actors.kind[places[firm]] != FREE]
    free = [firm for firm in gone if actors.kind[places[firm]] == FREE]
    assert reused and free and len(gone) < len(firms)
    for firm in gone:
        why = "taken since" if actors.uid[places[firm]] != firm._uid else "insolvency|closure"
        for use in (lambda f: f.employees, lambda f: f.ties, lambda f: setattr(f, "climate", 0.5)):
            with pytest.raises(ActorGone, match=why):
                use(firm)
        assert firm not in model.agents and firm not in model.agents_by_type[SME] and "gone" in repr(firm)
        with pytest.raises(ActorGone):
            model.actor(firm._uid)
    owner = model.actor(actors.uid.item(places[reused[0]]))
    assert owner.alive and owner is not reused[0] and owner.born > 0


def test_views_survive_the_growth_of_arrays():
    model = ClusterModel(growing(), seed=2)
    first = model.simulation._state.actors
    firms = list(model.agents_by_type[SME])
    names, born = [firm.cluster for firm in firms], [firm.born for firm in firms]
    moved = 0
    for _ in range(40):
        before = model.simulation._state.actors
        rows = [firm._row() if firm.alive else -1 for firm in firms]
        model.step()
        if model.simulation._state.actors is not before:  # look before any sync: a view follows by itself
            moved += any(firm.alive and firm._row() != row for firm, row in zip(firms, rows, strict=True))
        assert [agent.uid for agent in model.agents] and len(model.agents) == live(model).size
    assert moved and model.simulation._state.actors is not first
    there = [k for k, firm in enumerate(firms) if firm.alive]
    assert [firms[k].cluster for k in there] == [names[k] for k in there]
    assert [firms[k].born for k in there] == [born[k] for k in there]
    assert sorted(model.agents.get("uid")) == sorted(model.simulation.state.actors.uid[live(model)].tolist())


def test_growth_is_followed_before_anyone_syncs():
    model = ClusterModel(growing(), seed=2)
    firm = next(agent for agent in model.agents_by_type[SME] if agent.cluster == "three")
    born = firm.born
    before = model.simulation._state.actors
    model.simulation.run(30)  # behind the model's back
    assert model.simulation._state.actors is not before
    assert not firm.alive or firm.born == born
    assert len(model.agents) == live(model).size


def test_views_are_made_only_when_asked_for():
    model = ClusterModel(scenario())
    for _ in range(4):
        model.step()
    assert not model._views
    assert len(model.agents) == sum(view is not None for view in model._views) > 60


def test_ties_and_trust():
    model = ClusterModel(scenario(), seed=8)
    for _ in range(40):
        model.step()
    state = model.simulation.state
    ties, cluster = state.ties, state.clusters[0]
    seen = 0
    for agent in model.agents:
        row = agent._row()
        mine = [t for t in range(cluster.tie_count) if row in (ties.a[t], ties.b[t])]
        assert len(agent.ties) == len(mine) == agent.degree
        assert len(agent.partners()) == sum(ties.b[t] >= 0 for t in mine)
        assert len(agent.partners("commercial")) == sum(ties.b[t] >= 0 and ties.level[t] >= COMMERCIAL for t in mine)
        for tie in agent.ties:
            seen += 1
            if tie.partner is not None:
                assert agent.trust_in(tie.partner) == tie.trust and tie.partner.trust_in(agent) == tie.trusted
                assert tie.level in LEVELS and 0.0 <= tie.trust <= 1.0
        assert 0.0 <= agent.trust <= 1.0
        if mine:
            assert agent.trust == pytest.approx(np.mean([tie.trust for tie in agent.ties]))
        else:
            assert agent.trust == agent.climate
    assert seen
    friend = next(agent for agent in model.agents if agent.partners())
    other = friend.partners()[0]
    back = other.trust_in(friend)
    friend.set_trust_in(other, 0.75)
    assert (friend.trust_in(other), other.trust_in(friend)) == (0.75, back)
    stranger = next(agent for agent in model.agents if agent is not friend and agent not in friend.partners())
    assert friend.trust_in(stranger) is None
    with pytest.raises(ValueError, match="no tie"):
        friend.set_trust_in(stranger, 0.5)
    with pytest.raises(ValueError, match="outside"):
        friend.set_trust_in(other, 1.5)
    with pytest.raises(ValueError, match="acquaintance"):
        friend.partners("friendly")


def test_layers_of_ties_and_whom_a_firm_asks():
    model = ClusterModel("organic")
    for _ in range(20):
        model.step()
    firms = list(model.agents.select(agent_type=Firm))
    found = {tie.layer for firm in firms for tie in firm.ties}
    assert found == set(LAYERS)
    for firm in firms:
        for name in LAYERS:
            assert firm.in_layer(name) == [tie.partner for tie in firm.ties if tie.layer == name and tie.partner is not None]
        for tie in firm.ties:
            assert (tie.asks is None) == (tie.layer in ("contact", "trade"))
            if tie.asks is not None and tie.partner is not None:
                back = next(other for other in tie.partner.ties if other.partner is firm)
                assert back.asks != tie.asks, "one of two asks"
        assert firm.advisers == [tie.partner for tie in firm.ties if tie.asks and tie.partner is not None]
    assert sum(len(firm.advisers) for firm in firms) > 0
    with pytest.raises(ValueError, match="cooperation"):
        firms[0].in_layer("friendship")


@pytest.mark.xdist_group("alone")
def test_cost_of_views(capsys):
    model = ClusterModel(scenario({"name": "big", "smes": 4000, "tractors": 20, "radius_km": 150}))
    model.step()
    tracemalloc.start()
    start = time.perf_counter()
    model.agents  # noqa: B018
    made = time.perf_counter() - start
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    start = time.perf_counter()
    for _ in range(4):
        model._synced = -1
        model._sync()
    unchanged = (time.perf_counter() - start) / 4
    start = time.perf_counter()
    model.agents.get("employees")
    read = time.perf_counter() - start
    number = len(model.agents)
    with capsys.disabled():
        print(
            f"\nviews: {size / number:.0f} bytes and {1e6 * made / number:.1f} us each to make (traced), "
            f"{1e9 * unchanged / number:.1f} ns each to keep, {1e6 * read / number:.2f} us a read"
        )
    assert size / number < 1000  # a view holds places, no numbers
