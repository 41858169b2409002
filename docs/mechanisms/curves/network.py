"""Meeting, trust, linkage: who meets whom, how trust moves, how far ties climb."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from clustersim.model.mechanisms.linkage import cognitive_fit, fears, prospects, set_terms
from clustersim.model.mechanisms.meeting import has_attention, liking
from clustersim.model.mechanisms.trust import interact, willing
from clustersim.model.population import PARAMETERS
from clustersim.model.state import HORIZONTAL, INSTITUTIONAL, LEVELS
from clustersim.views.figures.style import ORDERED
from curves.look import axes, legend, level, line, panels
from curves.stage import Stage


def meeting() -> Figure:
    """Odds of being approached over distance; ties that a firm can keep over its size."""
    figure, (a, b) = panels("Odds of being approached", "Ties that a firm can keep")
    stage = Stage(smes=2)
    next_door = _utility(stage, 0.0)
    distances = np.linspace(0.0, 40.0, 21)
    for k, (label, segment, apart, matching) in enumerate((
        ("next step of the chain, map of the cluster", 1, 0.0, 1.0),
        ("next step of the chain", 1, 0.0, 0.0),
        ("same segment", 0, 0.0, 0.0),
        ("same segment, technology half a turn away", 0, 0.5, 0.0),
    )):  # fmt: skip
        stage.lever(matching=matching).set(1, segment=segment, technology=(stage.actors.technology[stage.first] + apart) % 1.0)
        line(a, distances, [np.exp(_utility(stage, d) - next_door) for d in distances], label, k)
    axes(a, "distance (km)", "odds (1 = rival next door)")
    legend(a)
    stage = Stage(smes=1, tractors=1)
    sizes = np.geomspace(1.0, 2000.0, 60)
    for k, (label, firm, help_) in enumerate((
        ("SME", 1, 0.0), ("tractor firm", 0, 0.0), ("tractor firm, supplier development", 0, 1.0))):  # fmt: skip
        stage.lever(supplier_quality=help_)
        kept = []
        for size in sizes if firm else sizes[sizes >= 250.0]:
            stage.set(firm, log_size=np.log1p(size), taken=0)
            while has_attention(stage.actors, stage.first + firm, stage.cluster, stage.p.meeting):
                stage.actors.taken[stage.first + firm] += 1
            kept.append(int(stage.actors.taken[stage.first + firm]))
        line(b, sizes if firm else sizes[sizes >= 250.0], kept, label, k)
    b.set_xscale("log")
    axes(b, "employees (persons)", "ties")
    b.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
    legend(b, where="upper left")
    return figure


def _utility(stage: Stage, distance: float) -> float:
    stage.set(1, x=distance)
    return float(liking(stage.actors, stage.first, stage.first + 1, stage.cluster, stage.p.meeting))


def trust() -> Figure:
    """Trust after successes, let-downs and silence; the chance of cooperating over trust."""
    figure, (a, b) = panels("Trust in a partner, quarter by quarter", "Chance that a firm cooperates")
    always, never = {"threshold": -20.0}, {"threshold": 20.0}
    for k, (label, other, contact, lucky, start) in enumerate((
        ("a success in each", always, 1.0, 1.0, 0.4),
        ("a let-down in each", never, 1.0, 1.0, 0.8),
        ("both care, each fails", always, 1.0, 0.0, 0.8),
        ("no contact, climate 0.4", always, 0.0, 1.0, 0.8),
    )):  # fmt: skip
        rates = {f"trust__contact_{n}": max(contact, 1e-12) for n in range(4)}
        stage = Stage(trust__luck=lucky, trust__gossip=0.0, trust__climate_return=0.0, trust__climate_learning=0.0, **rates)
        stage.set(0, **always).set(1, **other).set(climate=0.4)
        t = stage.tie(0, 1, trust_ab=start, trust_ba=start, fit=1.0)
        path = [start]
        for _ in range(24):
            interact(stage.actors, stage.ties, stage.cluster, stage.world, stage.p.trust)
            stage.world.quarter += 1
            path.append(float(stage.ties.trust_ab[t]))
        line(a, range(25), path, label, k)
    axes(a, "quarters", "trust (1)")
    a.set_ylim(0.0, 1.2)
    legend(a, where="upper center", ncols=2)
    p, population = Stage().p.trust, Stage().p.population
    values, spread = np.linspace(0.0, 1.0, 101), PARAMETERS["threshold_spread"].default
    for k, (label, shift) in enumerate((
        ("usual threshold", 0.0), ("full facilitation, low levels", p.assurance), ("threshold one deviation higher", -spread))):
        line(b, values, [willing(v + shift - population.threshold, 1.0 / p.spread) for v in values], label, k)
    level(b, 0.5)
    axes(b, "trust in the partner (1)", "chance to cooperate", percent=True)
    b.set_ylim(0.0, 1.02)
    legend(b, where="lower right")
    return figure


def linkage() -> Figure:
    """Fit over cognitive distance; how far a tie climbs over trust and the difference in size."""
    figure, (a, b) = panels("Cognitive fit of two partners", "Level that a tie of an SME (10 persons) climbs to, best fit")
    stage, distances = Stage(smes=2, schools=1), np.linspace(0.0, 0.5, 101)
    t = stage.tie(0, 1)
    for k, (label, kind) in enumerate((
        ("two firms, or a partner outside", HORIZONTAL), ("a firm and an institution", INSTITUTIONAL))):  # fmt: skip
        stage.ties.kind[t] = kind
        fits = []
        for d in distances:
            stage.set(0, technology=0.2).set(1, technology=0.2 + d)
            fits.append(cognitive_fit(stage.actors, stage.ties, t, stage.p.linkage))
        line(a, distances, fits, label, k)
    axes(a, "cognitive distance (turn)", "fit (1)")
    legend(a)
    set_terms(stage.cluster, stage.p.linkage)
    trusts, ratios = np.linspace(0.0, 1.0, 201), np.geomspace(1.0, 300.0, 60)
    reached = np.zeros((ratios.size, trusts.size))
    for row, ratio in enumerate(ratios):
        stage.set(1, log_size=np.log1p(10.0 * ratio))
        fear, other = fears(stage.actors, stage.first, stage.first + 1)
        reached[row] = [_climbs(stage, value, fear, other) for value in trusts]
    b.contourf(trusts, ratios, reached, levels=[-0.5, 0.5, 1.5, 2.5, 3.5], colors=ORDERED)
    b.contour(trusts, ratios, reached, levels=[0.5, 1.5, 2.5], colors="white", linewidths=0.8)
    b.set_yscale("log")
    axes(b, "trust of each side (1)", "partner's size / own size", zero=False)
    b.set_yticks([1, 10, 100], ["1", "10", "100"])
    b.legend(handles=[Patch(color=ORDERED[k], label=name) for k, name in enumerate(LEVELS)], fontsize=7, loc="upper left",
             framealpha=0.95, edgecolor="none", borderpad=0.4)  # fmt: skip
    return figure


def _climbs(stage: Stage, trust_: float, fear_a: float, fear_b: float) -> int:
    """Return the level at which climbing ends."""
    for at in range(3):
        lost, gained = prospects(trust_, trust_, 1.0, at, fear_a, fear_b, stage.cluster, stage.p.linkage)
        if lost or not gained:
            return at
    return 3
