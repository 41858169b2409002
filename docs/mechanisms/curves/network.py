"""Meeting, trust, linkage: who meets whom, how trust moves, how far ties climb."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from clustersim.core.draws import identity
from clustersim.model.mechanisms.linkage import asks, cognitive_fit, fears, negotiate, prospects, set_terms
from clustersim.model.mechanisms.meeting import esteem, has_attention, liking, meet, refer
from clustersim.model.mechanisms.trust import interact, willing
from clustersim.model.population import PARAMETERS, settle
from clustersim.model.state import ACQUAINTANCE, COMMERCIAL, ENDED, HORIZONTAL, INSTITUTIONAL, LEVELS, SME, UNIVERSITY
from clustersim.views.figures.style import ORDERED
from curves.look import axes, legend, level, line, panels
from curves.stage import Stage


def meeting() -> Figure:
    """Odds of being approached over distance, ties and knowledge; ties that a firm can keep; orders by referral."""
    figure, (a, b, c, d) = panels(
        "Odds of being approached, by place", "Odds of being approached, by standing", "Ties that a firm can keep",
        "Orders that acquaintances bring", rows=2,
    )  # fmt: skip
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
        line(a, distances, [np.exp(_utility(stage, far) - next_door) for far in distances], label, k)
    axes(a, "distance (km)", "odds (1 = rival next door)")
    a.set_ylim(0.0, 7.0)
    legend(a)
    stage, degrees = Stage(smes=1, schools=1), np.arange(31)
    unknown = _esteem(stage, stage.first, 0)
    for k, (label, lead) in enumerate((("firm 0.3 log points ahead", 0.3), ("firm of mean knowledge", 0.0))):
        stage.set(0, knowledge=float(stage.cluster.knowledge) + lead)
        line(b, degrees, [np.exp(_esteem(stage, stage.first, degree) - unknown) for degree in degrees], label, k)
    line(b, degrees, [np.exp(_esteem(stage, UNIVERSITY, degree) - unknown) for degree in degrees], "institution", 2)
    axes(b, "ties that it has", "odds (1 = firm without ties)")
    legend(b, where="upper left")
    _keeps(c)
    for k, (label, size, every) in enumerate((
        ("one of 10 persons each year", 10.0, 4), ("one of 250 persons", 250.0, 99), ("one of 10 persons", 10.0, 99),
    )):  # fmt: skip
        line(d, np.arange(41) / 4.0, _orders(size, every), label, k)
    axes(d, "time (years)", "more orders at home (%)")
    d.set_ylim(0.0, 5.5)
    legend(d, "a firm of 10 persons gets to know", where="upper left")
    return figure


def _utility(stage: Stage, distance: float) -> float:
    stage.set(1, x=distance)
    return float(liking(stage.actors, stage.first, stage.first + 1, stage.cluster, stage.p.meeting))


def _esteem(stage: Stage, row: int, degree: int) -> float:
    stage.actors.degree[row] = degree
    return float(esteem(stage.actors, row, stage.cluster, stage.p.meeting))


def _keeps(ax: Axes) -> None:
    """Draw the ties that firms of a size can keep, by their capacity."""
    stage = Stage(smes=1, tractors=1, population__capacity_most=PARAMETERS["capacity_most"].default)
    uids = [identity(stage.cluster.uid, 1, k) for k in range(1000)]
    able = []
    for uid in uids:
        settle(stage.actors, stage.first + 1, uid, uid, SME, 0, 1, 10.0, 0.0, 0.5, stage.cluster, stage.world, stage.p.population)
        able.append(float(stage.actors.capacity[stage.first + 1]))
    sizes = np.geomspace(1.0, 2000.0, 60)
    for k, (label, capacity, firm, help_) in enumerate((
        ("tractor firm of median capacity, supplier development", np.median(able), 0, 1.0),
        ("one in ten", np.quantile(able, 0.9), 1, 0.0),
        ("median", np.median(able), 1, 0.0),
        ("least able", 1.0, 1, 0.0),
    )):  # fmt: skip
        stage.lever(supplier_quality=help_)
        drawn, kept = sizes if firm else sizes[sizes >= 250.0], []
        for size in drawn:
            stage.set(firm, log_size=np.log1p(size), taken=0, capacity=capacity)
            while has_attention(stage.actors, stage.first + firm, stage.cluster, stage.p.meeting):
                stage.actors.taken[stage.first + firm] += 1
            kept.append(int(stage.actors.taken[stage.first + firm]))
        line(ax, drawn, kept, label, k)
    ax.set_xscale("log")
    ax.set_yscale("log")
    axes(ax, "employees (persons)", "ties", zero=False)
    ax.set_ylim(1.0, 30_000.0)
    ax.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
    ax.set_yticks([1, 10, 100, 1000, 10_000], ["1", "10", "100", "1,000", "10,000"])
    legend(ax, where="upper left")


def _orders(size: float, every: int, quarters: int = 40) -> list[float]:
    """Return orders (%) that a firm of ten persons gets by referral, with a new acquaintance in each so many quarters."""
    stage = Stage(smes=2, meeting__rate=0.0, meeting__pipeline_rate=0.0)
    stage.set(1, log_size=np.log1p(size))
    path = [0.0]
    for q in range(quarters):
        meet(stage.actors, stage.ties, stage.meetings, stage.cluster, stage.world, stage.p.meeting)
        if q % every == 0:
            refer(stage.actors, stage.first, stage.first + 1, stage.p.meeting)
        path.append(100.0 * float(stage.get("referrals")[0]))
    return path


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
    """Fit over cognitive distance; how far a tie climbs; how many a firm asks for advice; how long ties last."""
    figure, (a, b, c, d) = panels(
        "Cognitive fit of two partners", "Level that a tie of an SME (10 persons) climbs to, best fit",
        "Firms that a firm asks for advice", "Ties that are left", rows=2,
    )  # fmt: skip
    stage, distances = Stage(smes=2, schools=1), np.linspace(0.0, 0.5, 101)
    t = stage.tie(0, 1)
    for k, (label, kind) in enumerate((
        ("two firms, or a partner outside", HORIZONTAL), ("a firm and an institution", INSTITUTIONAL))):  # fmt: skip
        stage.ties.kind[t] = kind
        fits = []
        for apart in distances:
            stage.set(0, technology=0.2).set(1, technology=0.2 + apart)
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
    stage, sizes = Stage(smes=1), np.geomspace(1.0, 2000.0, 200)
    asked = []
    for size in sizes:
        stage.set(log_size=np.log1p(size), asking=0)
        while asks(stage.actors, stage.first, stage.p.linkage):
            pass
        asked.append(int(stage.get("asking")[0]))
    line(c, sizes, asked, "firms", drawstyle="steps-post")
    c.set_xscale("log")
    axes(c, "employees (persons)", "firms asked for advice")
    c.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
    for k, (label, at, fits) in enumerate((
        ("cooperation, best fit", COMMERCIAL, True), ("acquaintance, best fit", ACQUAINTANCE, True),
        ("cooperation, no fit", COMMERCIAL, False), ("acquaintance, no fit", ACQUAINTANCE, False))):  # fmt: skip
        line(d, np.arange(41) / 4.0, _left(at, fits), label, k)
    axes(d, "time (years)", "ties that are left", percent=True)
    d.set_ylim(0.0, 1.5)
    legend(d, where="upper center", ncols=2)
    return figure


def _left(at: int, fits: bool, pairs: int = 200, quarters: int = 40) -> list[float]:
    """Return the share of ties at a level that are left over time, at a trust that holds them but lets none climb."""
    stage = Stage(smes=2 * pairs)
    apart = stage.p.linkage.peak if fits else 0.0
    for k in range(2 * pairs):
        stage.set(k, technology=0.5 + apart * (k % 2))
    trusted = 0.2 if at == ACQUAINTANCE else 0.5
    rows = [stage.tie(2 * k, 2 * k + 1, level=at, trust_ab=trusted, trust_ba=trusted) for k in range(pairs)]
    path, lost = [1.0], np.zeros(pairs, bool)
    for q in range(1, quarters + 1):
        stage.world.quarter = q
        stage.ties.level[rows] = at  # one that has ended is counted, and its row serves on
        negotiate(stage.actors, stage.ties, stage.cluster, stage.world, stage.p.linkage)
        lost |= stage.ties.level[rows] == ENDED
        path.append(1.0 - float(lost.mean()))
    return path


def _climbs(stage: Stage, trust_: float, fear_a: float, fear_b: float) -> int:
    """Return the level at which climbing ends."""
    for at in range(3):
        lost, gained = prospects(trust_, trust_, 1.0, at, fear_a, fear_b, stage.cluster, stage.p.linkage)
        if lost or not gained:
            return at
    return 3
