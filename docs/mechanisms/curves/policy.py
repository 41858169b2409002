"""Environment, government, programme, facilitation: what comes from outside, who decides, and what policy delivers."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.figure import Figure

from clustersim.model.levers import LEVERS
from clustersim.model.mechanisms import environment as of_environment
from clustersim.model.mechanisms.facilitation import assign
from clustersim.model.mechanisms.government import govern
from clustersim.model.mechanisms.programme import act
from clustersim.policy.programme import Programme
from clustersim.scenario.model import ClusterSpec, Environment, Government, Institutions, Place, Scenario
from clustersim.simulation.initial import build
from curves.look import COLOURS, axes, band, legend, line, panels
from curves.stage import Stage, plain


def environment() -> Figure:
    """Demand cycles of many worlds; a technology shift and what an observatory can see of it."""
    figure, (a, b) = panels("Demand at home: the cycle alone", "A technology shift in year 10, a demand shock in year 4")
    place, quarters = Place(clusters=(ClusterSpec(name="stage", smes=1),)), 80
    quiet = Scenario(title="stage", place=place)
    state = build(quiet, 1, list(range(200)))
    p, years = plain(state.parameters[0]).environment, np.arange(quarters) / 4.0
    demand = np.empty((200, quarters))
    for w, world in enumerate(state.worlds):
        for q in range(quarters):
            of_environment.update(world, state.plan.shocks, p)
            world.quarter += 1
            demand[w, q] = 100.0 * (math.exp(world.cycle_local) - 1.0)
    band(a, years, demand, "200 worlds: median, 10 to 90 %")
    for k in (0, 1):
        line(a, years, demand[k], f"world {k}", k + 1, linewidth=0.9)
    axes(a, "time (years)", "demand, distance to its mean state (%)", zero=False)
    a.set_ylim(-9.5, 6.5)
    legend(a, where="lower left")

    shocks = [{"kind": "technology", "year": 10, "size": 0.2}, {"kind": "demand", "year": 4, "years": 3, "size": -0.3}]
    dated = Scenario(title="stage", place=place, environment=Environment(shocks=shocks))
    state = build(dated, 1, [0])
    world, seen = state.worlds[0], []
    for _ in range(quarters):
        of_environment.update(world, state.plan.shocks, p)
        world.quarter += 1
        seen.append((world.regime, world.coming, world.shock_demand))
    regime, coming, shock = np.array(seen).T
    line(b, years, regime, "technology asked for (turn)", 0, drawstyle="steps-post")
    line(b, years, coming, "the same as an observatory sees it (turn)", 1, drawstyle="steps-post")
    line(b, years, shock, "shock to demand (log points)", 2, drawstyle="steps-post")
    axes(b, "time (years)", "turn, or log points", zero=False)
    b.set_ylim(-0.4, 1.2)
    legend(b, where="upper left")
    return figure


def government() -> Figure:
    """Coordination that is bought for three years and what stays of it; money over time by who decides."""
    figure, (a, b) = panels("Coordination, bought for three years", "Money that arrives, planned for two years")
    years = np.arange(40) / 4.0
    bought = (("teams", {"coordination": 1.0}), ("departments", {"coordination": 0.5, "capability": 1.0}),
              ("methods of institutions", {"capability": 1.0}))  # fmt: skip
    for k, (label, channels) in enumerate(bought):
        stage, path = Stage(institutions=Institutions(government=Government(coordination=0.3))), []
        for q in range(40):
            stage.lever(**{name: value * (q < 12) for name, value in channels.items()})
            stage.world.quarter = q
            govern(stage.cluster, stage.world, stage.plan, stage.p.government)
            path.append(float(stage.cluster.coordinated))
        line(a, years, path, label, k)
    axes(a, "time since the money began (years)", "coordination of public bodies (1)")
    a.set_ylim(0.0, 1.05)
    legend(a, where="upper right")
    grant = {"use": "awareness_events", "per_year": 40.0}
    plan = Programme.model_validate({"stages": [{"name": "events", "quarters": 8, "instruments": [grant]}]})
    regimes = (("decentralised", 1.0), ("decentralised", 0.5), ("feedback", 1.0), ("centralised", 1.0))
    for k, (regime, autonomy) in enumerate(regimes):
        body = Government(regime=regime, autonomy=autonomy)
        stage, path = Stage(programme=plan, institutions=Institutions(government=body)), []
        for q in range(12):
            stage.world.quarter = q
            govern(stage.cluster, stage.world, stage.plan, stage.p.government)
            act(stage.actors, stage.cluster, stage.world, stage.plan, stage.p.programme)
            path.append(float(stage.cluster.public_spending) / 10.0)
        line(b, years[:12], path, f"{regime}, autonomy {autonomy:g}", k, drawstyle="steps-post")
    axes(b, "time since the stage began (years)", "money paid / money planned", percent=True)
    b.set_ylim(0.0, 1.6)
    legend(b, where="upper right")
    return figure


def programme() -> Figure:
    """Credibility over time by launch lag; what reaches a channel at the first action, by lag and coordination."""
    figure, (a, b) = panels("Credibility after the announcement", "What arrives in the first quarter of action")
    for k, lag in enumerate((0, 4, 8, 16)):
        stage, path = _announced(lag, 0.5), []
        for _ in range(40):
            act(stage.actors, stage.cluster, stage.world, stage.plan, stage.p.programme)
            stage.world.quarter += 1
            path.append(float(stage.cluster.credibility))
        line(a, np.arange(40) / 4.0, path, f"{lag} quarters", k)
    axes(a, "time since the announcement (years)", "credibility (1)")
    legend(a, "launch lag", where="lower right")
    lags = np.arange(0, 25, 2)
    for k, coordination in enumerate((1.0, 0.5, 0.0)):
        arrived = []
        for lag in lags:
            stage = _announced(int(lag), coordination)
            for _ in range(lag + 1):
                act(stage.actors, stage.cluster, stage.world, stage.plan, stage.p.programme)
                stage.world.quarter += 1
            arrived.append(float(stage.cluster.levers[list(LEVERS).index("matching")]))
        line(b, lags, arrived, f"{coordination:g}", k)
    axes(b, "launch lag (quarters)", "channel moved / channel paid for", percent=True)
    b.set_ylim(0.0, 1.05)
    legend(b, "coordination of public bodies")
    return figure


def _announced(lag: int, coordination: float) -> Stage:
    """Return a cluster under a programme that maps the cluster at full effect once it acts."""
    full = {"use": "cluster_mapping", "per_year": 60.0}
    stages = [{"name": "mapping", "quarters": 200, "instruments": [full]}]
    found = Programme.model_validate({"lag_quarters": lag, "stages": stages})
    return Stage(smes=100, programme=found, institutions=Institutions(government=Government(coordination=coordination)))


def facilitation() -> Figure:
    """Where the hours go by state of the cluster; how credibility grows and is lost with the person."""
    figure, (a, b) = panels("Where a facilitator's hours go", "Credibility: median, 10 to 90 % of 200")
    stage = Stage(facilitation__turnover=0.0)
    stage.lever(facilitation=1.0)
    hours = []
    for state in range(3):
        stage.cluster.facilitation_state, stage.cluster.rapport = state, 1.0
        assign(stage.cluster, stage.world, stage.p.facilitation)
        able = float(stage.cluster.rapport) * (1.0 - stage.p.facilitation.partiality * float(stage.cluster.top_down))
        c = stage.cluster
        hours.append([float(v) / able for v in (c.brokers, c.speakers, c.mediators, c.promoters, c.bridgers)])
    for k, (task, hatch) in enumerate((
        ("meetings of firms", ""), ("brand and money", "|||"), ("trust", "///"), ("projects", "xx"),
        ("institutions, outside", "\\\\"),
    )):  # fmt: skip
        at = np.arange(3) + 0.17 * (k - 2)
        a.bar(at, [row[k] for row in hours], 0.15, color=COLOURS[k], hatch=hatch, edgecolor="white", linewidth=0.0, label=task)
    axes(a, "state of the cluster", "effective persons per facilitator")
    a.margins(x=0.05)
    a.set_xticks(range(3), ["potential", "latent", "consolidated"])
    a.set_ylim(0.0, 2.2)
    legend(a, where="upper center", ncols=2)
    for k, (factor, who) in enumerate(((1.0, "usual turnover"), (4.0, "four times the turnover"))):
        paths = np.empty((200, 40))
        for c in range(200):
            stage = stage if c else Stage()
            stage.lever(facilitation=1.0)
            stage.cluster.uid, stage.cluster.rapport, stage.cluster.turnover_factor = np.uint64(c + 1), 0.0, factor
            for q in range(40):
                stage.world.quarter = q
                assign(stage.cluster, stage.world, stage.p.facilitation)
                paths[c, q] = stage.cluster.rapport
        band(b, np.arange(40) / 4.0, paths, who, k)
    axes(b, "time since the facilitator came (years)", "credibility of the facilitator (1)")
    b.set_ylim(0.0, 1.05)
    legend(b, where="lower right")
    return figure
