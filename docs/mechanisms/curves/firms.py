"""Knowledge, complacency, diversification: how a firm learns, how hard it searches, when it moves to a related activity."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from clustersim.model.mechanisms.complacency import relax
from clustersim.model.mechanisms.diversification import branch_out
from clustersim.model.mechanisms.environment import update
from clustersim.model.mechanisms.knowledge import improve, learn
from clustersim.model.network import turn
from clustersim.model.parameters import PARAMETERS
from clustersim.model.reach import RD_BILL
from curves.look import axes, band, legend, line, panels
from curves.stage import Stage


def knowledge() -> Figure:
    """What variety gives and what uses it up; catching up; following a shift of technology; what keeps quality up."""
    figure, (a, b, c, d, e, f) = panels(
        "Variety brings innovations (200 firms)", "Convergence uses variety up", "Distance to the frontier",
        "Distance to the market", "Capacity and quality that R&D keeps up", "Quality, with help in years 2 to 5", rows=3,
    )  # fmt: skip
    spreads = np.linspace(0.0, 0.2, 21)
    for k, (label, steps, fit) in enumerate((
        ("4 partners, best fit", 2, 1.0), ("4 partners, fit 0.3", 2, 0.3), ("no partner", 0, 0.0))):  # fmt: skip
        stage = _ring(200, steps, fit)
        line(a, spreads, [_innovations(stage, spread) for spread in spreads], label, k)
    axes(a, "variety (turn)", "innovations (1/year/firm)")
    a.set_ylim(0.0, 0.9)
    legend(a, where="upper left")
    for k, (label, firms, outside, converge) in enumerate((
        ("100 firms, no convergence", 100, 0, False), ("10 firms", 10, 0, True),
        ("100 firms, 1 partner outside each", 100, 1, True), ("100 firms", 100, 0, True))):  # fmt: skip
        line(b, np.arange(121) / 4.0, _variety(firms, outside, converge), label, k)
    axes(b, "time (years)", "variety (turn)")
    b.set_ylim(0.0, 0.16)
    legend(b, where="upper right")
    for k, (label, school, extension) in enumerate((
        ("university, extension", True, 1.0), ("university", True, 0.0), ("no tie", False, 0.0))):  # fmt: skip
        gaps, _ = _years(school=school, extension=extension)
        band(c, np.arange(gaps.shape[1]) / 4.0, gaps, label, k)
    axes(c, "time (years)", "gap to the frontier (log points)")
    c.set_ylim(0.0, 0.7)
    legend(c, where="upper left")
    for k, (label, outside, observatory) in enumerate((
        ("2 partners outside", 2, 0.0), ("no partner, an observatory", 0, 1.0), ("no partner", 0, 0.0))):  # fmt: skip
        _, apart = _years(outside=outside, observatory=observatory)
        band(d, np.arange(apart.shape[1]) / 4.0, apart, label, k)
    axes(d, "time since a shift (years)", "distance to what is asked (turn)")
    d.set_ylim(0.0, 0.6)
    legend(d, where="upper right")
    shares = np.linspace(0.0, 0.1, 41)
    for k, (label, change) in enumerate((("with learning by doing", {}), ("R&D alone", {"knowledge__rd_least": 0.0}))):
        stage = Stage(smes=shares.size, knowledge__capacity_speed=1.0, **change)
        stage.set(rd_share=shares)
        for i in range(stage.first, int(stage.cluster.last)):
            improve(stage.actors, stage.cluster, i, stage.p.knowledge)
        line(e, 100.0 * shares, stage.get("absorptive"), label, k)
    axes(e, "R&D (% of sales)", "level that is kept up (1)")
    e.set_ylim(0.0, 1.1)
    legend(e, where="lower right")
    for k, (label, share) in enumerate((("R&D of 3 % of sales", 0.03), ("no R&D", 0.0))):
        line(f, np.arange(49) / 4.0, _quality(share), label, k)
    axes(f, "time (years)", "quality of a supplier (1)")
    f.set_ylim(0.0, 1.1)
    legend(f, where="lower right")
    return figure


def _quality(share: float, quarters: int = 48) -> list[float]:
    """Return the quality over time of a supplier with this R&D, developed at full effect from year 2 to year 5."""
    stage = Stage(smes=1).set(rd_share=share, quality=0.35)
    path = [0.35]
    for q in range(quarters):
        stage.lever(supplier_quality=1.0 if 8 <= q < 20 else 0.0)
        improve(stage.actors, stage.cluster, stage.first, stage.p.knowledge)
        path.append(float(stage.get("quality")[0]))
    return path


def _ring(firms: int, steps: int, fit: float = 1.0) -> Stage:
    """Return firms on a ring, each with commercial partners up to so many steps to either side, trusted at 0.6."""
    stage = Stage(smes=firms)
    for step in range(1, steps + 1):
        for i in range(firms):
            stage.tie(i, (i + step) % firms, level=2, trust_ab=0.6, trust_ba=0.6, fit=fit)
    return stage


def _spread(stage: Stage, deviation: float, seed: int = 1) -> None:
    """Give the firms technologies with this standard deviation around the middle of the circle."""
    drawn = np.random.default_rng(seed).normal(size=stage.get("technology").size)
    stage.set(technology=0.5 + deviation * (drawn - drawn.mean()) / drawn.std())


def _innovations(stage: Stage, spread: float, quarters: int = 10) -> float:
    """Return innovations a year and firm at usual R&D in a place whose firms' technologies have this standard deviation."""
    found = []
    for q in range(quarters):
        stage.world.quarter = q
        stage.set(rd_share=stage.p.knowledge.usual_rd, absorptive=0.5, knowledge=-0.3)
        _spread(stage, spread)
        learn(stage.actors, stage.ties, stage.cluster, stage.world, stage.p.knowledge)
        found.append(4.0 * float(stage.cluster.innovations) / stage.smes.size)
    return float(np.mean(found))


def _variety(firms: int, outside: int, converge: bool, quarters: int = 120) -> list[float]:
    """Return the variety of a place over time in which nobody is born or leaves; the market stays where it is."""
    deviation = PARAMETERS["population"]["technology_spread"].default
    places = []
    for seed in range(1, 1 + max(2, 100 // firms)):
        stage = Stage(smes=firms, seed=seed, environment__drift=0.0, **({} if converge else {"knowledge__convergence": 0.0}))
        _spread(stage, deviation, seed)
        stage.set(sales=1000.0)
        for k in range(firms * outside):
            stage.tie(k % firms, None, level=2, trust_ab=0.6, fit=1.0)
        path = [deviation]
        for q in range(quarters):
            stage.world.quarter = q
            learn(stage.actors, stage.ties, stage.cluster, stage.world, stage.p.knowledge)
            path.append(float(stage.get("technology").std()))
        places.append(path)
    return np.mean(places, axis=0).tolist()


def _years(
    school: bool = False, extension: float = 0.0, outside: int = 0, observatory: float = 0.0, firms: int = 50, quarters: int = 60,
) -> tuple:  # fmt: skip
    """Return gap to the frontier and distance to the market's technology after a shift, by firm and quarter."""
    stage = Stage(smes=firms, schools=1).lever(extension=extension, observatory=observatory)
    stage.world.regime = 0.8
    _spread(stage, PARAMETERS["population"]["technology_spread"].default)
    stage.set(knowledge=-0.4, absorptive=0.5, rd_share=0.03)
    for k in range(firms):
        if school:
            stage.school_tie(k, level=2, trust_ab=0.6, trust_ba=0.6, fit=1.0)
        for _ in range(outside):
            stage.tie(k, None, level=2, trust_ab=0.6, trust_ba=0.6, fit=1.0, target=0.8)
    gaps, apart = np.empty((firms, quarters)), np.empty((firms, quarters))
    for q in range(quarters):
        update(stage.world, stage.plan.shocks, stage.p.environment)
        learn(stage.actors, stage.ties, stage.cluster, stage.world, stage.p.knowledge)
        stage.world.quarter += 1
        gaps[:, q] = float(stage.world.frontier) - stage.get("knowledge")
        apart[:, q] = [turn(float(place), float(stage.world.regime)) for place in stage.get("technology")]
    return gaps, apart


def complacency() -> Figure:
    """Where search settles over a firm's own margin, and how slowly it follows; R&D over its price and over size."""
    figure, (a, b, c, d) = panels(
        "Where search effort settles", "Search effort after a fall of the margin", "R&D by what support pays of it",
        "R&D by size", rows=2,
    )  # fmt: skip
    margins = np.linspace(-0.02, 0.18, 41)
    sales = np.append(np.zeros(margins.size), 1.0)  # a firm beside them that is all of the place's sales
    for k, (label, place, sight) in enumerate((
        ("2 %", 0.02, 0.0), ("6 %", 0.06, 0.0), ("10 %", 0.10, 0.0), ("10 %, benchmarking, 0.4 log points behind", 0.10, 1.0),
    )):  # fmt: skip
        stage = Stage(smes=sales.size).lever(benchmarking=sight)
        stage.set(margin=np.append(margins, place), sales=sales, knowledge=-0.4)
        for _ in range(400):
            relax(stage.actors, stage.cluster, stage.world, stage.p.complacency, stage.p.finance)
        line(a, 100.0 * margins, stage.get("search")[:-1], label, k)
    axes(a, "own margin (% of sales)", "search effort (1)")
    a.set_ylim(0.0, 2.6)
    legend(a, "margin of the place", where="upper right")
    for k, after in enumerate((0.0, 0.06, 0.10)):
        stage, path = Stage(smes=1), []
        stage.set(margin=0.15)
        for q in range(-200, 60):
            if q == 0:
                stage.set(margin=after)
            if q >= -8:
                path.append(float(stage.get("search")[0]))
            relax(stage.actors, stage.cluster, stage.world, stage.p.complacency, stage.p.finance)
        line(b, np.arange(-8, 60) / 4.0, path, f"{100 * after:g} %", k)
    axes(b, "time since the fall (years)", "search effort (1)")
    b.set_ylim(0.0, 2.0)
    legend(b, "margin falls from 15 % to", where="upper left")
    supports = np.linspace(0.0, 0.8, 41)
    for k, part in enumerate((1.0, 0.5)):
        line(c, supports, [_research(support, part, 50.0) for support in supports], f"{100 * part:g} %", k)
    axes(c, "promised part of the price", "R&D (% of sales)")
    c.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    legend(c, "of that was paid last", where="upper left")
    sizes = np.geomspace(1.0, 1000.0, 400)
    for k, (label, support) in enumerate((("half of the price paid", 0.5), ("no support", 0.0))):
        line(d, sizes, [_research(support, 1.0, size) for size in sizes], label, k)
    d.set_xscale("log")
    axes(d, "employees (persons)", "R&D (% of sales)")
    d.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
    d.set_ylim(0.0, 9.0)
    legend(d, where="upper left")
    return figure


def _research(support: float, part: float, size: float) -> float:
    """Return the R&D intensity (%) of a firm at search effort 1, where support promises a part of the price and paid `part`."""
    stage = Stage(smes=1, complacency__speed=0.0).lever(rd_support=support)
    stage.cluster.part[RD_BILL] = part
    stage.set(search=1.0, employees=size, sales=size * stage.get("productivity")[0])
    relax(stage.actors, stage.cluster, stage.world, stage.p.complacency, stage.p.finance)
    return 100.0 * float(stage.get("rd_share")[0])


def diversification() -> Figure:
    """Who goes over to a related activity whose market asks for what the firm can do."""
    figure, (a, b) = panels("Part of 300 linked firms that has moved", "Part that moves within ten years")
    for k, (label, search, trust) in enumerate((
        ("search 1.2, trust 0.7", 1.2, 0.7), ("search 0.5, trust 0.7", 0.5, 0.7), ("search 0.5, trust 0.4", 0.5, 0.4),
    )):  # fmt: skip
        line(a, np.arange(81) / 4.0, _moved(0.2, search, trust, 300, 80), label, k)
    axes(a, "time since a shift by 0.2 turn (years)", "part of the firms", percent=True)
    a.set_ylim(0.0, 1.0)
    legend(a, where="upper left")
    shifts = np.linspace(0.0, 0.15, 31)
    for k, search in enumerate((1.2, 0.5)):
        line(b, shifts, [_moved(shift, search, 0.7, 60, 40)[-1] for shift in shifts], f"search {search:g}, trust 0.7", k,
             drawstyle="steps-mid")  # fmt: skip
    axes(b, "shift of the home market (turn)", "part of the firms", percent=True)
    b.set_ylim(0.0, 1.0)
    legend(b, where="upper left")
    return figure


def _moved(shift: float, search: float, trust: float, firms: int, quarters: int) -> list[float]:
    """Return the share of firms in the related activity, whose market asks for the technology that they have."""
    stage = Stage(smes=firms)
    c = stage.cluster
    c.related_technology[0], c.related_market[0] = 0.5, 1e6
    c.asked[:] = 0.5 + shift
    stage.set(technology=0.5, search=search)
    for k in range(firms):
        stage.tie(k, None, level=1, trust_ab=trust, home=0)
    moved = [0.0]
    for _ in range(quarters):
        branch_out(stage.actors, stage.ties, c, stage.world, stage.p.diversification)
        stage.world.quarter += 1
        moved.append(float((stage.get("segment") == c.branch).mean()) if c.branch >= 0 else 0.0)
    return moved
