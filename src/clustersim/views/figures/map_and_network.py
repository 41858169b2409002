"""Map and network: where the firms of one replicate are and which ties join them, when each phase was first reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from clustersim.core.numbers import number
from clustersim.core.words import N_, _
from clustersim.model.state import COMMERCIAL, INFORMATION, PHASES, SME, STRATEGIC, TRACTOR
from clustersim.views.figures.data import FigureData
from clustersim.views.figures.layout import WIDTH, Page, page_of
from clustersim.views.figures.names import figure_title, phase
from clustersim.views.figures.snapshots import MOST_FIRMS, Simulate, Snapshot, snapshots
from clustersim.views.figures.style import FAINT, GREY, INK, LABEL, SMALL, LocaleFormatter, phase_look, styled
from clustersim.views.figures.text import shorten

SME_COLOUR, TRACTOR_COLOUR, INSTITUTION_COLOUR = "#0072B2", "#E69F00", "#000000"
# Level: colour, line width and what it is called.
TIE_LOOKS = {
    INFORMATION: ("#B0B0B0", 0.35, N_("information tie")),
    COMMERCIAL: ("#CC79A7", 0.7, N_("commercial tie")),
    STRATEGIC: ("#882255", 1.05, N_("strategic tie")),
}
LARGEST = 60.0  # square points for each square inch of map: area of the largest firm's mark
SMALLEST, INSTITUTION_AREA = 1.8, 13.0  # square points
MANY_TIES = 150  # in a picture with more, all lines are thinner
LEFT, RIGHT, GAP, MOST = 0.5, 0.12, 0.3, 9
LEGEND_WIDTH = 1.45  # inches: at the right of two columns of maps, below three


@dataclass(frozen=True, slots=True)
class Moment:
    """When a picture is taken, and why: the phase then, and whether it is the last quarter."""

    phase: int
    quarter: int
    last: bool = False


def moments(data: FigureData, cluster: str, replicate: int) -> list[Moment]:
    """Return when each phase was first reached, and the end; evenly spaced times if the phase never changes."""
    reached = data.first_reached(cluster, replicate)
    quarters = len(data.ends)
    if len(reached) > 1:
        found = [Moment(phase, quarter) for phase, quarter in reached][:MOST]
        if quarters - found[-1].quarter > 8 and len(found) < MOST:
            codes = data.phases(cluster)[np.searchsorted(data.replicates, replicate)]
            found.append(Moment(int(codes[-1]), quarters, last=True))
        return found
    times = sorted({int(round(q)) for q in np.linspace(1, quarters, 4)})
    return [Moment(reached[0][0], q, last=q == quarters) for q in times]


@styled
def map_and_network(
    data: FigureData, cluster: str, simulate: Simulate, lang: str | None = None, replicate: int | None = None
) -> Figure:
    """Draw map and network of one replicate of a cluster when each phase was first reached.

    Parameters
    ----------
    data : FigureData
        A run's tables.
    cluster : str
        Name of the cluster.
    simulate : callable
        Returns a new `Simulation` of the replicate with the given number alone; it is advanced as far as needed.
    lang : str, optional
        "en" or "es"; the language in force if not given.
    replicate : int, optional
        Number of the replicate; the one nearest the median final employment if not given.

    Returns
    -------
    Figure
        The figure.
    """
    number_of = data.typical_replicate() if replicate is None else replicate
    when = moments(data, cluster, number_of)
    place = [c.name for c in data.result.scenario.place.clusters].index(cluster)
    taken = snapshots(simulate, number_of, [(moment.quarter, place) for moment in when], data.result.changes)
    return draw(data, cluster, number_of, when, [taken[moment.quarter, place] for moment in when])


@styled
def draw(data: FigureData, cluster: str, replicate: int, when: list[Moment], taken: list[Snapshot]) -> Figure:
    """Draw pictures that are taken already; see `map_and_network`."""
    columns = 2 if len(when) in (1, 2, 4) else 3
    side = (WIDTH - LEFT - RIGHT - GAP * (columns - 1) - (LEGEND_WIDTH if columns == 2 else 0.0)) / columns
    rows, step, top = -(-len(when) // columns), side + 0.72, 0.34
    bottom = top + step * (rows - 1) + side + 0.34
    height = bottom + (0.56 if columns == 3 else 0.1)
    page = page_of(data, cluster, height, figure_title("map_and_network"), notes(data, replicate, when, taken))
    biggest = max([1.0, *(float(s.jobs.max(initial=0.0)) for s in taken)])
    area = LARGEST * side**2 / biggest
    ties = max(s.ties for s in taken)
    thin = min(1.0, max(0.45, (MANY_TIES / max(ties, 1)) ** 0.5))
    for k, (moment, snapshot) in enumerate(zip(when, taken, strict=True)):
        column, row = k % columns, k // columns
        ax = page.axes(LEFT + column * (side + GAP), top + row * step, side, side)
        draw_map(ax, snapshot, area, thin)
        write_titles(ax, data, moment, snapshot, side)
        if column == 0:
            ax.set_ylabel(_("km north"), fontsize=SMALL, color=GREY, labelpad=2)
        ax.set_xlabel(_("km east"), fontsize=SMALL, color=GREY, labelpad=2)
    actors, lines = legend_handles(area, biggest)
    if columns == 2:
        draw_legend(page, WIDTH - LEGEND_WIDTH, top, [*actors, *lines], 1)
    else:
        draw_legend(page, LEFT, bottom + 0.06, actors, len(actors))
        draw_legend(page, LEFT, bottom + 0.26, lines, len(lines))
    return page.figure


def notes(data: FigureData, replicate: int, when: list[Moment], taken: list[Snapshot]) -> list[str]:
    """Return the sentences at the foot."""
    if replicate == data.typical_replicate():
        which = _("Replicate {k}, the nearest to the median final employment.", k=replicate)
    else:
        which = _("Replicate {k}, which was chosen.", k=replicate)
    shows = _(
        "Area of a mark: jobs; institutions have a fixed size and stand side by side at the centre. Circle: the cluster's "
        "territory. Ties at level 0 (acquaintances) are not drawn.",
    )  # fmt: skip
    found = [f"{which} {shows}"]
    if any(snapshot.firms > MOST_FIRMS for snapshot in taken):
        found.append(_("Only the {k} largest firms and the ties among them are drawn.", k=number(MOST_FIRMS, 0)))
    if any(snapshot.phase != moment.phase for snapshot, moment in zip(taken, when, strict=True)):
        found.append(
            _("The run was made with another version of the model; simulated again, it has other phases at these times.")
        )
    return found


def write_titles(ax: Axes, data: FigureData, moment: Moment, snapshot: Snapshot, side: float) -> None:
    """Write phase and year, with a dot of the phase's colour, and the counts above a map."""
    year = int(data.edges[moment.quarter - 1])
    title = f"{phase(PHASES[snapshot.phase])}, {year}"
    title = _("{phase_and_year} (end)", phase_and_year=title) if moment.last else title
    ax.text(
        0.13 / side,
        1.0 + 0.2 / side,
        shorten(title, side - 0.13, LABEL, bold=True),
        transform=ax.transAxes,
        fontsize=LABEL,
        fontweight="bold",
        va="baseline",
    )
    look = phase_look(PHASES[snapshot.phase])
    ax.add_patch(
        Circle(
            (0.045 / side, 1.0 + 0.24 / side),
            0.042 / side,
            transform=ax.transAxes,
            clip_on=False,
            **(look | {"edgecolor": look.get("edgecolor", GREY), "linewidth": 0.4}),
        )
    )
    counts = _(
        "{firms} firms · {ties} ties · {outside} outside links",
        firms=number(snapshot.firms, 0),
        ties=number(snapshot.ties, 0),
        outside=number(snapshot.outside, 0),
    )
    ax.text(
        0.0,
        1.0 + 0.06 / side,
        shorten(counts, side + GAP - 0.05, 6.0),
        transform=ax.transAxes,
        fontsize=6.0,
        color=GREY,
        va="baseline",
    )


def draw_map(ax: Axes, snapshot: Snapshot, area: float, thin: float) -> None:
    """Draw one map: territory, ties from the lowest level up, then the actors.

    ``area`` is that of a mark in square points a job, ``thin`` scales the width of lines.
    """
    x, y = side_by_side(snapshot)
    ax.add_patch(Circle((0.0, 0.0), snapshot.radius, facecolor="#FAFAFA", edgecolor=FAINT, linewidth=0.6, zorder=0))
    ends = np.stack([np.column_stack([x, y])[snapshot.a], np.column_stack([x, y])[snapshot.b]], axis=1)
    for level, (colour, width, _name) in TIE_LOOKS.items():
        ax.add_collection(
            LineCollection(
                ends[snapshot.level == level],
                colors=colour,
                linewidths=width * thin,
                alpha=0.5 + 0.3 * thin,
                zorder=level,
            ),
            autolim=False,
        )
    firm: dict[str, Any] = {"edgecolors": "white", "linewidths": 0.25}
    for kind, marker, colour in ((SME, "o", SME_COLOUR), (TRACTOR, "^", TRACTOR_COLOUR)):
        which = snapshot.kind == kind
        ax.scatter(
            x[which],
            y[which],
            s=np.maximum(area * snapshot.jobs[which], SMALLEST),
            marker=marker,
            c=colour,
            clip_on=False,
            zorder=5 if kind == SME else 6,
            **firm,
        )
    other = (snapshot.kind != SME) & (snapshot.kind != TRACTOR)
    ax.scatter(x[other], y[other], s=INSTITUTION_AREA, marker="s", c=INSTITUTION_COLOUR, zorder=7, **firm)
    reach = 1.04 * snapshot.radius
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    ax.spines[:].set_visible(False)
    ax.tick_params(length=2, labelsize=6.0, pad=1.5)
    ticks = [-round_down(snapshot.radius), 0.0, round_down(snapshot.radius)]
    ax.set_xticks(ticks)
    ax.set_yticks(ticks)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(LocaleFormatter())


def round_down(value: float) -> float:
    """Return the largest of 1, 2 or 5 times a power of ten that is not above ``value``."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(max(k * power for k in (1.0, 2.0, 5.0) if k * power <= value * (1.0 + 1e-9)))


def side_by_side(snapshot: Snapshot) -> tuple[np.ndarray, np.ndarray]:
    """Return places in km, with the institutions, which have none of their own, in a row at the centre."""
    x, y = snapshot.x.copy(), snapshot.y.copy()
    other = np.flatnonzero((snapshot.kind != SME) & (snapshot.kind != TRACTOR))
    per_row = max(4, int(np.ceil(np.sqrt(len(other)))))
    rows = -(-len(other) // per_row)
    for k, i in enumerate(other):
        in_row = min(per_row, len(other) - (k // per_row) * per_row)
        x[i] = (k % per_row - (in_row - 1) / 2.0) * 0.085 * snapshot.radius
        y[i] = ((rows - 1) / 2.0 - k // per_row) * 0.085 * snapshot.radius
    return x, y


def legend_handles(area: float, biggest: float) -> tuple[list[Line2D], list[Line2D]]:
    """Return what the legend shows: kinds and sizes of actors, and levels of ties."""

    def mark(marker: str, colour: str, size: float, label: str) -> Line2D:
        return Line2D([], [], linestyle="none", marker=marker, color=colour, markersize=size**0.5, markeredgewidth=0, label=label)

    jobs = round_down(max(1.0, biggest / 2.0))
    sizes = [n for n in (jobs / 10.0, jobs) if n >= 1.0]
    actors = [
        mark("o", SME_COLOUR, 30.0, _("SME")),
        mark("^", TRACTOR_COLOUR, 40.0, _("tractor firm")),
        mark("s", INSTITUTION_COLOUR, INSTITUTION_AREA, _("institution")),
        *(mark("o", "#A0A0A0", max(area * n, SMALLEST), _("{n} jobs", n=number(n, 0))) for n in sizes),
    ]
    lines = [Line2D([], [], color=colour, linewidth=width, label=_(name)) for colour, width, name in TIE_LOOKS.values()]
    return actors, lines


def draw_legend(page: Page, left: float, top: float, handles: list[Line2D], columns: int) -> None:
    """Draw a legend whose top left corner lies at (left, top) inches."""
    ax = page.axes(left, top, 1.0, 0.2)
    ax.axis("off")
    ax.legend(
        handles=handles,
        loc="upper left",
        ncols=columns,
        frameon=False,
        fontsize=SMALL,
        borderpad=0.0,
        borderaxespad=0.0,
        handletextpad=0.8,
        columnspacing=1.4,
        labelspacing=1.0,
        labelcolor=INK,
    )
