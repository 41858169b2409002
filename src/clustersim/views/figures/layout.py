"""The page of a figure: title, whose it is, panels placed in inches, note at the foot, and the files."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from clustersim.core.files import write as write_file
from clustersim.core.version import __version__
from clustersim.core.words import _
from clustersim.studies.comparison.titles import title
from clustersim.views.figures.data import FigureData
from clustersim.views.figures.names import identifier, replicates
from clustersim.views.figures.style import FAINT, GREY, INK, NOTE, PANEL, SMALL, TITLE, settings
from clustersim.views.figures.text import missing_is_silent, readable, shorten, wrap

WIDTH = 7.2  # inches: two columns of a journal page
MARGIN = 0.12
HEAD = 0.56
LEGEND, NAME = 0.28, 0.35  # above rows, and for the names of rows
DPI = 150


class Picture(Figure):
    """A figure that a notebook shows without further ado; what its font lacks is a box, and no warning."""

    def draw(self, renderer: Any) -> None:
        """Draw the figure, as all do who show or save it."""
        with missing_is_silent():
            super().draw(renderer)

    def _repr_png_(self) -> bytes:
        return png(self)


def png(figure: Figure) -> bytes:
    """Return a figure as PNG."""
    data = io.BytesIO()
    with settings():
        figure.savefig(data, format="png", dpi=DPI)
    return data.getvalue()


def svg(figure: Figure) -> str:
    """Return a figure as SVG, its texts as texts; signs that no such document may hold are boxes."""
    text = io.StringIO()
    with settings():
        figure.savefig(text, format="svg", metadata={"Date": None})
    return readable(text.getvalue())


class Page:
    """A figure of given height below its head and above its foot, on which axes are placed in inches from the top left.

    Parameters
    ----------
    height : float
        Inches that the panels need.
    title, whose : str
        Bold title, and the scenario and cluster below it.
    notes : sequence of str
        Sentences at the foot.
    source : str
        How the figure was made, at the foot's end.
    whole : bool
        Break a long title and the line below it, which is otherwise cut.
    """

    def __init__(self, height: float, title: str, whose: str, notes: Sequence[str], source: str, whole: bool = False) -> None:
        foot = wrap(" ".join(note for note in notes if note), WIDTH - 2 * MARGIN, NOTE)
        foot = f"{foot}\n{source}".strip()
        lines = foot.count("\n") + 1
        room = WIDTH - 2 * MARGIN
        if whole:
            title, whose = wrap(title, room, TITLE, bold=True), wrap(whose, room, PANEL)
        else:
            whose = shorten(whose, room, PANEL)
        below = title.count("\n") * TITLE * 1.25 / 72.0
        self.head = HEAD + below + whose.count("\n") * PANEL * 1.25 / 72.0
        self.height = self.head + height + (lines * NOTE * 1.3) / 72.0 + 0.16
        self.figure: Figure = Picture(figsize=(WIDTH, self.height), facecolor="white")
        self.write(MARGIN, 0.10, title, TITLE, weight="bold", va="top")
        self.write(MARGIN, 0.315 + below, whose, PANEL, color=GREY, va="top")
        self.write(MARGIN, self.height - 0.08, foot, NOTE, color=GREY, va="bottom", linespacing=1.25)

    def write(self, x: float, y: float, text: str, size: float, **look: object) -> None:
        """Write a text at (x, y) inches from the top left."""
        self.figure.text(x / WIDTH, 1.0 - y / self.height, text, fontsize=size, ha="left", **look)  # type: ignore[arg-type]

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Return axes whose top left corner lies at (left, top) inches, the top counted from below the head."""
        bottom = self.height - self.head - top - height
        place = (left / WIDTH, bottom / self.height, width / WIDTH, height / self.height)
        return self.figure.add_axes(place)

    def panel(self, left: float, top: float, width: float, height: float, letter: str, title: str, unit: str) -> Axes:
        """Return axes with a lettered title above and the unit along the axis."""
        ax = self.axes(left, top, width, height)
        heading = f"{letter}  {title}" if letter else title
        self.write(left - 0.42, self.head + top - 0.075, heading, PANEL, weight="bold", va="bottom")
        ax.set_ylabel(wrap(unit, height, SMALL), fontsize=SMALL, color=GREY, labelpad=3)
        return ax


def made_with(seed: int, count: int, version: str = __version__) -> str:
    """Return the line that says how a figure was made."""
    return _("clustersim {version} · seed {seed} · {replicates}", version=version, seed=seed, replicates=replicates(count))


def whose(data: FigureData, cluster: str | None) -> str:
    """Return the line that says which scenario and cluster a figure shows."""
    parts = [title(data.result.scenario)]
    if cluster is not None and len(data.clusters) > 1:
        parts.append(cluster.replace("_", " "))
    text = " · ".join(parts)
    if len(data.clusters) == len(data.shown):
        return text
    counts = {"k": len(data.shown), "n": len(data.clusters)}
    first = list(data.shown) == list(data.clusters)[: len(data.shown)]
    few = _("first {k} of {n} clusters", **counts) if first else _("{k} of {n} clusters", **counts)
    return f"{text} · {few}" if len(parts) == 1 else f"{text} ({few})"


def page_of(data: FigureData, cluster: str | None, height: float, heading: str, notes: Sequence[str]) -> Page:
    """Return the page of a run's figure, of one cluster or of all."""
    version = data.result.provenance.get("versions", {}).get("clustersim", __version__)
    return Page(height, heading, whose(data, cluster), notes, made_with(data.result.seed, len(data.replicates), version))


@dataclass(frozen=True, slots=True)
class Grid:
    """Two columns of panels, in inches: where the columns begin and how wide their panels are, and height and step of rows."""

    lefts: tuple[float, float] = (0.62, 4.22)  # each with room for the names at the lines' ends
    widths: tuple[float, float] = (2.05, 2.05)
    height: float = 1.45
    step: float = 2.02
    top: float = 0.2

    def needed(self, panels: int) -> float:
        """Return the height of so many panels with what stands below them."""
        return self.top + self.step * (-(-panels // 2)) - 0.28


class Panels:
    """The panels of a page, lettered in the order in which they are asked for."""

    def __init__(self, page: Page, grid: Grid) -> None:
        self.page, self._grid, self._count = page, grid, 0

    def next(self, heading: str, unit: str) -> Axes:
        """Return the axes of the next panel, with its title above and its unit along the axis."""
        row, column = divmod(self._count, 2)
        letter, grid = "abcdefgh"[self._count], self._grid
        self._count += 1
        place = (grid.lefts[column], grid.top + grid.step * row, grid.widths[column], grid.height)
        return self.page.panel(*place, letter, heading, unit)


class Rows:
    """Rows of a page: each has its name and statement at the left, a place in axes that all share, and what is told of it.

    Parameters
    ----------
    page : Page
        Where they stand, below a legend.
    count : int
        How many.
    step, names, plot : float
        Height of a row, width of the names, and of the axes, in inches.
    """

    def __init__(self, page: Page, count: int, step: float, names: float, plot: float) -> None:
        self.page, self._step, self._names = page, step, names
        self.left = MARGIN + names
        self.ax = page.axes(self.left, LEGEND, plot, step * max(count, 1))
        self.ax.set_ylim(max(count, 1) - 0.5, -0.5)

    def write(self, row: int, name: str, statement: str, told: Sequence[tuple[float, str]], colour: str = INK) -> None:
        """Write name, statement and what is told at some inches from the left; a rule parts a row from the one above."""
        y = self.page.head + LEGEND + (row + 0.5) * self._step
        self.page.write(MARGIN, y, name, SMALL, weight="bold", va="center")
        for x, text in ((MARGIN + NAME, wrap(statement, self._names - NAME - 0.1, SMALL)), *told):
            self.page.write(x, y, text, SMALL, color=colour, va="center", linespacing=1.05)
        if row:
            self.ax.axhline(row - 0.5, color=FAINT, linewidth=0.4, zorder=0)

    def legend(self) -> Axes:
        """Return axes above the rows, a unit of which is an inch wide."""
        width = WIDTH - self.left - MARGIN
        ax = self.page.axes(self.left, 0.0, width, 0.22)
        ax.set_axis_off()
        ax.set_xlim(0.0, width)
        ax.set_ylim(0.0, 1.0)
        return ax


def file_name(figure: str, cluster: str | None = None) -> str:
    """Return the name of a figure's files, without their ending: of all clusters, or of one (or of a scenario) that is named."""
    return figure if cluster is None else f"{figure}_{identifier(cluster)}"


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure as PNG and SVG, each whole or not at all; the same figure gives the same bytes."""
    return [write_file(folder / f"{name}.png", png(figure)), write_file(folder / f"{name}.svg", svg(figure))]
