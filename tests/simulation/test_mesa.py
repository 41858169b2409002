"""The Mesa model: the numbers of a headless run; AgentSet, DataCollector and the documentation at work."""

from __future__ import annotations

import dataclasses
import gc
import importlib.util
import math
import pickle
import re
import sys
import types
import weakref
from pathlib import Path

import mesa
import numpy as np
import pytest

from clustersim.core.errors import InputError
from clustersim.model.indicators import INDICATORS
from clustersim.model.state import KINDS, PHASES
from clustersim.model.state import SME as SME_KIND
from clustersim.simulation import mesa_agents
from clustersim.simulation.engine import Simulation
from clustersim.simulation.mesa_model import (
    SME,
    ClusterAssociation,
    ClusterModel,
    Firm,
    Institution,
    TechnologyCentre,
    TractorFirm,
    University,
)
from mesa_cases import columns, growing, live, nth, run, scenario

pytestmark = pytest.mark.filterwarnings("error")  # no deprecated use of Mesa goes unnoticed
DOCS = Path(__file__).parents[2] / "docs" / "mesa.md"


@pytest.mark.parametrize("looks", [False, True])
@pytest.mark.parametrize("make", [scenario, growing])
def test_mesa_run_equals_headless_run(make, looks):
    model, headless = ClusterModel(make(), seed=7), Simulation(make(), 7)
    record = headless.run(40)
    rows = []
    for _ in range(40):
        model.step()
        rows.append([list(values.values()) for values in model.indicators.values()])
        if looks:
            model.agents.shuffle_do(lambda agent: agent.trust)
            assert len(model.agents) == live(model).size
    assert np.array(rows).tobytes() == record.indicators.tobytes()
    for c in range(len(headless.state.clusters)):  # cluster by cluster: how much room is left over may differ
        assert columns(model.simulation, c) == columns(headless, c)


def test_replicate_is_the_same_alone_and_among_others():
    model, headless = ClusterModel(scenario(), seed=3, replicate=2), Simulation(scenario(), 3, (0, 1, 2))
    headless.run(20)
    for _ in range(20):
        model.step()
    assert columns(model.simulation, 0) == columns(headless, 2)


def test_two_models_do_not_disturb_each_other():
    first, second = ClusterModel(scenario(), seed=1), ClusterModel(scenario(), seed=2)
    one, other = nth(first.agents_by_type[SME]), nth(second.agents_by_type[SME])
    before = other.knowledge
    one.knowledge = 1.25
    assert (one.knowledge, other.knowledge) == (1.25, before)
    one.knowledge = float(ClusterModel(scenario(), seed=1).agents_by_type[SME][0].knowledge)
    for _ in range(12):
        first.step()
        second.step()
    assert columns(first.simulation) == columns(run(scenario(), 1, 12))
    assert columns(second.simulation) == columns(run(scenario(), 2, 12))
    assert {agent.model for agent in first.agents} == {first}
    with pytest.raises(ValueError, match="another model"):
        nth(first.agents).trust_in(nth(second.agents))


def test_models_can_be_freed():
    model = ClusterModel(scenario())
    model.agents.get("employees")
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


def test_model_survives_pickling():
    model = ClusterModel(scenario(), seed=4, collect=True)
    firm = nth(model.agents_by_type[TractorFirm])
    model.step()
    copy = pickle.loads(pickle.dumps(model))
    for each in (model, copy):
        each.step()
    assert columns(model.simulation) == columns(copy.simulation)
    twin = copy.actor(firm.uid)
    assert twin is not firm and twin.model is copy and twin.employees == firm.employees
    assert len(copy.agents) == len(model.agents)


def test_agents_by_type_equal_the_arrays():
    model = ClusterModel(growing(), seed=6)
    smes, everyone = model.agents_by_type[SME], model.agents
    made = len(everyone)
    for _ in range(40):
        model.step()
        made += sum(int(values["entries"] + values["spinoffs"]) for values in model.indicators.values())
        kinds = np.bincount(model.simulation.state.actors.kind[live(model)], minlength=len(KINDS)).tolist()
        counts = {kind: len(agents) for kind, agents in model.agents_by_type.items()}
        assert [counts.get(kind, 0) for kind in mesa_agents.CLASSES] == kinds
        assert sum(values["firms"] for values in model.indicators.values()) == counts[SME] + counts[TractorFirm]
    assert smes is model.agents_by_type[SME] and len(smes) == kinds[SME_KIND]  # sets stay in step
    assert everyone is model.agents and len(everyone) == sum(kinds)
    assert max(agent.unique_id for agent in model.agents) == made  # a view is made once, for each that came


def test_agent_sets_select_and_aggregate():
    model = ClusterModel(scenario())
    for _ in range(30):
        model.step()
    actors, rows = model.simulation.state.actors, live(model)
    large = model.agents.select(lambda agent: agent.employees >= 50, agent_type=Firm)
    assert len(large) == (actors.employees[rows] >= 50).sum() and isinstance(large, type(model.agents.select()))
    assert model.agents.agg("employees", sum) == pytest.approx(actors.employees[rows].sum())
    assert model.agents_by_type[SME].agg("climate", [min, max])[0] <= actors.climate[rows].max()
    groups = model.agents.select(agent_type=Firm).groupby("segment").count()
    segments, firms = np.unique(actors.segment[rows][actors.segment[rows] >= 0], return_counts=True)
    assert groups == dict(zip(segments, firms, strict=True))
    assert len(model.agents.select(agent_type=Institution)) == 6
    assert {type(agent) for agent in model.agents_by_type[University]} == {University}
    assert len(model.agents_by_type[TechnologyCentre]) == 1
    model.agents.select(agent_type=Firm).set("belief", 0.5)
    assert set(model.agents.select(agent_type=Firm).get("belief")) == {0.5}
    assert nth(model.agents.sort("employees")).employees == actors.employees.max()


def test_data_collector():
    model, headless = ClusterModel(scenario(), seed=7), Simulation(scenario(), 7)
    model.collect_indicators(
        model_reporters={"universities": lambda m: len(m.agents_by_type[University]), "phase_name": "phase"},
        agent_reporters={"uid": "uid", "employees": "employees", "trust": "trust"},
        agenttype_reporters={ClusterAssociation: {"members": "members"}, Firm: {"cash": "cash"}},
    )
    record, jobs = headless.run(12), []
    for _ in range(12):
        model.step()
        jobs.append(model.simulation.state.actors.employees[live(model)].sum())
    table = model.datacollector.get_model_vars_dataframe()
    assert table[list(INDICATORS)].to_numpy().tobytes() == record.indicators[:, 0].tobytes()
    assert table["quarter"].tolist() == list(range(1, 13))
    assert table["universities"].tolist() == [1] * 12
    assert table["phase_name"].tolist() == [PHASES[int(code)] for code in table["phase"]]
    agents = model.datacollector.get_agent_vars_dataframe()
    np.testing.assert_allclose(agents.groupby(level="Step")["employees"].sum(), jobs, rtol=1e-12)
    assert agents["uid"].nunique() == table["firms"].iloc[0] + 6 + (table["entries"] + table["spinoffs"])[1:].sum()
    members = model.datacollector.get_agenttype_vars_dataframe(ClusterAssociation)["members"]
    assert members.tolist() == table["members"].tolist()
    firms = model.datacollector.get_agenttype_vars_dataframe(Firm).groupby(level="Step").size()
    assert firms.tolist() == table["firms"].tolist()


def test_data_collector_names_clusters():
    model = ClusterModel(growing(), collect=True)
    model.step()
    table = model.datacollector.get_model_vars_dataframe()
    assert table["two.firms"].iloc[-1] == model.indicators["two"]["firms"]
    assert set(model.phases) == {"one", "two", "three"}
    with pytest.raises(ValueError, match="phases"):
        _ = model.phase


def test_run_model_ends_at_the_horizon():
    model = ClusterModel(scenario(years=3))
    assert np.isnan(list(model.indicators["alpha"].values())).all()
    model.run_model()
    assert model.quarter == 12 and not model.running and model.phase in PHASES


def test_names_clash_neither_with_mesa_nor_with_later_lines():
    own = {name for name in vars(ClusterModel) if not name.startswith("_")}
    overridden = {"step", "agents", "agents_by_type", "agent_types"}
    assert own & set(dir(mesa.Model)) - {"observables"} == overridden  # Mesa 3.5 gives each class its `observables`
    assert not own & {"scenario", "time", "steps", "run_for", "run_until", "schedule_event", "schedule_recurring"}
    shown = {name for name in vars(mesa_agents.Actor) if not name.startswith("_")}
    assert shown & set(dir(mesa.Agent)) == {"remove"}
    assert not shown & {"model", "unique_id", "scenario", "random", "rng", "step", "advance"}


@pytest.mark.parametrize("processes", [1, 2])
def test_iterations_of_a_batch_are_replicates(processes):
    asked = {"scenario": [scenario()], "collect": True}
    rows = mesa.batch_run(ClusterModel, asked, iterations=3, number_processes=processes, max_steps=4, display_progress=False)
    record = Simulation(scenario(), replicates=range(3)).run(8).indicators
    place = list(INDICATORS).index("employment")
    for row in rows:
        assert row["employment"] == record[int(row["quarter"]) - 1, row["iteration"], place]
    assert len({row["employment"] for row in rows}) == 3


def test_a_batch_of_one_replicate_many_times_is_refused():
    asked = {"scenario": [scenario()], "collect": True, "replicate": 2}
    assert mesa.batch_run(ClusterModel, asked, iterations=1, max_steps=2, display_progress=False)
    with pytest.raises(InputError, match="leave replicate out"):
        mesa.batch_run(ClusterModel, asked, iterations=2, max_steps=2, display_progress=False)


@pytest.mark.parametrize("given", [{"seed": 2**64}, {"seed": -1}, {"seed": 1.5}, {"replicate": -1}, {"replicate": True},
                                   {"collect": 1}, {"workers": 0}])  # fmt: skip
def test_a_model_takes_values_as_they_are_or_refuses_them(given):
    with pytest.raises(InputError, match=rf"^{next(iter(given))}: .* is not possible"):
        ClusterModel(scenario(), **given)


def drawing():
    """Return Mesa's drawing module, which its package would load with a browser's tools."""
    folder = Path(mesa.__file__).parent / "visualization"
    spec = importlib.util.spec_from_file_location("mesa_drawing", folder / "mpl_space_drawing.py")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def portrayals():
    """Stand in for the one class of Mesa's visualization that its drawing needs."""
    style = types.ModuleType("mesa.visualization.components")
    fields = [(name, object, dataclasses.field(default=value)) for name, value in
              (("x", None), ("y", None), ("color", "tab:blue"), ("marker", "o"), ("size", 50), ("zorder", 1), ("alpha", 1.0),
               ("edgecolors", None), ("linewidths", 1.0))]  # fmt: skip
    style.AgentPortrayalStyle = dataclasses.make_dataclass("AgentPortrayalStyle", fields)
    return {"mesa.visualization": types.ModuleType("mesa.visualization"), style.__name__: style}


@pytest.mark.parametrize("make", [scenario, growing])
def test_mesa_draws_the_actors_where_they_are(make, monkeypatch):
    import matplotlib

    matplotlib.use("Agg")
    for name, module in portrayals().items():
        monkeypatch.setitem(sys.modules, name, module)
    model = ClusterModel(make(), seed=2)
    model.step()
    style = sys.modules["mesa.visualization.components"].AgentPortrayalStyle
    ax = drawing().draw_space(model.space, lambda agent: style())
    drawn = np.concatenate([points.get_offsets() for points in ax.collections])
    assert sorted(map(tuple, drawn)) == sorted(agent.pos for agent in model.agents)
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    assert (drawn[:, 0] > west).all() and (drawn[:, 0] < east).all() and (abs(drawn[:, 1]) < max(-south, north)).all()


def test_places_are_views_and_neighbours_are_those_near():
    model = ClusterModel(growing(), seed=2)
    firms = list(model.agents.select(agent_type=Firm))
    first = firms[0]
    near = model.space.get_neighbors(first.pos, 3.0)
    assert set(near) == {agent for agent in model.agents if math.dist(agent.pos, first.pos) <= 3.0} and first in near
    assert first not in model.space.get_neighbors(first.pos, 3.0, include_center=False)
    other = next(firm for firm in firms if firm.cluster != first.cluster)
    x, y = other.pos
    model.space.move_agent(other, (x + 1.0, y))
    assert other.pos == (x + 1.0, y)
    for refuse in (lambda: model.space.place_agent(first, (0, 0)), lambda: model.space.remove_agent(first)):
        with pytest.raises(RuntimeError, match="is a view"):
            refuse()
    with pytest.raises(InputError, match="two finite numbers"):
        first.pos = (1.0, math.nan)[:1]


def test_documentation_runs():
    blocks = re.findall(r"^```python\n(.*?)^```$", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 5
    names: dict = {}
    for block in blocks:
        exec(compile(block, str(DOCS), "exec"), names)
