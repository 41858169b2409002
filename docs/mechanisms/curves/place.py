"""Phase and nation: where the phases lie, and what clusters of one nation know of each other."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from clustersim.model.mechanisms.phase import next_phase
from clustersim.model.state import AGGLOMERATION, DECLINE, MATURITY, PHASES
from clustersim.scenario.model import ClusterSpec, Place, Scenario
from clustersim.simulation.engine import Simulation
from clustersim.simulation.initial import build
from clustersim.views.figures.style import INK, PHASE_COLOURS, PHASE_HATCHES, SMALL
from curves.look import axes, legend, line, panels
from curves.stage import Stage


def phase() -> Figure:
    """Which phase a growing cluster reaches and a shrinking one leaves; where decline leads."""
    figure, (a, b) = panels("A grown, open cluster with an association", "Decline, and where it leads")
    stage = Stage(smes=60)
    c, p = stage.cluster, stage.p.phase
    c.firm_count, c.firms_start, c.formal, c.smooth_pipelines = 60.0, 40.0, 1, 0.4
    c.smooth_employment = c.employment_start = c.peak = c.trough = 1000.0
    cores, visions = np.linspace(0.0, 1.0, 101), np.linspace(0.0, 0.6, 61)
    up, down = (np.zeros((visions.size, cores.size)) for _ in range(2))
    for row, vision in enumerate(visions):
        for column, core in enumerate(cores):
            c.smooth_component, c.smooth_linked, c.smooth_vision = core, min(1.0, core + 0.15), vision
            up[row, column], down[row, column] = _settles(stage, AGGLOMERATION), _settles(stage, MATURITY)
    _fill(a, cores, visions, up)
    a.contour(cores, visions, down, levels=[0.5, 1.5, 2.5], colors=INK, linewidths=1.0, linestyles="dashed")
    axes(a, "firms in the largest linked core (share)", "shared vision (1)", zero=False)
    a.xaxis.set_major_formatter("{x:g}")
    keys = [*_keys(np.unique(up)), Line2D([], [], color=INK, linestyle="dashed", linewidth=1.0, label="left below")]
    a.legend(handles=keys, fontsize=SMALL, loc="upper left", framealpha=0.95, edgecolor="none")

    trends, heights = np.linspace(-0.06, 0.04, 101), np.linspace(0.3, 1.1, 81)
    enters, leads = (np.zeros((heights.size, trends.size)) for _ in range(2))
    c.peak, c.trough, c.smooth_component, c.smooth_linked, c.smooth_vision = 1000.0, 450.0, 0.8, 0.9, 0.5
    stage.world.quarter = 1000  # whatever asks for a long stay has had it
    for row, height in enumerate(heights):
        for column, trend in enumerate(trends):
            c.trend, c.smooth_employment = trend, 1000.0 * height
            for found, begin in ((enters, MATURITY), (leads, DECLINE)):
                c.phase = begin
                found[row, column] = next_phase(c, stage.world, p)
    _fill(b, 100.0 * trends, 100.0 * heights, leads)
    b.contour(100.0 * trends, 100.0 * heights, enters == DECLINE, levels=[0.5], colors=INK, linewidths=1.0, linestyles="dashed")
    axes(b, "trend of jobs against the nation (% a year)", "jobs against the nation (% of peak)", zero=False)
    keys = [*_keys(np.unique(leads)), Line2D([], [], color=INK, linestyle="dashed", linewidth=1.0, label="decline begins")]
    b.legend(handles=keys, fontsize=SMALL, loc="lower left", framealpha=0.95, edgecolor="none", title="from decline to",
             title_fontsize=SMALL)  # fmt: skip
    return figure


def _settles(stage: Stage, begin: int) -> int:
    """Return the phase at which a cluster ends up that starts from one and keeps its indicators."""
    stage.cluster.phase, before = begin, -1
    while stage.cluster.phase != before:
        before = int(stage.cluster.phase)
        stage.cluster.phase = next_phase(stage.cluster, stage.world, stage.p.phase)
    return before


def _fill(ax: Axes, x: np.ndarray, y: np.ndarray, found: np.ndarray) -> None:
    """Fill the zones of a map of phases."""
    for code in np.unique(found):  # one by one: between two zones lies no third one
        name = PHASES[int(code)]
        hatch = [PHASE_HATCHES.get(name)]
        ax.contourf(x, y, found == code, levels=[0.5, 1.5], colors=[PHASE_COLOURS[name]], hatches=hatch)
    ax.grid(visible=False)


def _keys(codes: np.ndarray) -> list[Patch]:
    names = [PHASES[int(code)] for code in codes]
    edge = {"edgecolor": "#808080", "linewidth": 0.3}
    return [Patch(facecolor=PHASE_COLOURS[n], hatch=PHASE_HATCHES.get(n), label=n, **edge) for n in names]


def nation() -> Figure:
    """Relatedness over the distance of activities; a related cluster as it is and as it is published."""
    figure, (a, b) = panels("How related two clusters are", "Two related clusters in one nation")
    distances = np.linspace(0.0, 0.5, 51)
    line(a, distances, [_relatedness(distance) for distance in distances], "nearest three clusters only", 0)
    axes(a, "distance of the two activities (turn)", "relatedness (1)")
    a.set_ylim(0.0, 1.05)
    specs = tuple(ClusterSpec(name=name, smes=30, tractors=2, activity=place) for name, place in (("one", 0.0), ("other", 0.1)))
    simulation = Simulation(Scenario(title="two", place=Place(clusters=specs)), workers=1)
    rows = []
    for _ in range(28):
        one, other = simulation.state.clusters
        rows.append((float(other.knowledge), float(one.related_knowledge[0])))
        simulation.advance(1)
    actual, seen = np.array(rows).T
    years = np.arange(len(rows)) / 4.0
    line(b, years, actual, "as it is", 0)
    line(b, years, seen, "as published, once a year", 1, drawstyle="steps-post")
    axes(b, "time (years)", "mean knowledge of the other (log points)", zero=False)
    legend(b)
    return figure


def _relatedness(distance: float) -> float:
    """Return how related two clusters are whose activities lie so far apart."""
    specs = tuple(ClusterSpec(name=name, smes=1, activity=place) for name, place in (("one", 0.0), ("other", float(distance))))
    return float(build(Scenario(title="two", place=Place(clusters=specs)), 1, [0]).clusters[0].relatedness[0])
