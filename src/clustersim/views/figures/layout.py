"""The page of a figure: title, whose it is, panels placed in inches, note at the foot, and the files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from clustersim.core.version import __version__
from clustersim.views.figures.data import FigureData
from clustersim.views.figures.style import GREY, NOTE, PANEL, SMALL, TITLE, settings
from clustersim.views.figures.text import shorten, wrap
from clustersim.views.figures.words import Words

WIDTH = 7.2  # inches: two columns of a journal page
MARGIN = 0.12
HEAD = 0.56
DPI = 150


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

    def __init__(
        self, height: float, title: str, whose: str, notes: Sequence[str], source: str, whole: bool = False
    ) -> None:
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
        self.figure = Figure(figsize=(WIDTH, self.height), facecolor="white")
        self._text(MARGIN, 0.10, title, TITLE, weight="bold", va="top")
        self._text(MARGIN, 0.315 + below, whose, PANEL, color=GREY, va="top")
        self._text(MARGIN, self.height - 0.08, foot, NOTE, color=GREY, va="bottom", linespacing=1.25)

    def _text(self, x: float, y: float, text: str, size: float, **look: object) -> None:
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
        self._text(left - 0.42, self.head + top - 0.075, heading, PANEL, weight="bold", va="bottom")
        ax.set_ylabel(wrap(unit, height, SMALL), fontsize=SMALL, color=GREY, labelpad=3)
        return ax


def whose(data: FigureData, say: Words, cluster: str | None) -> str:
    """Return the line that says which scenario and cluster a figure shows."""
    title = data.result.scenario.title
    if cluster is None or len(data.clusters) == 1:
        part = ""
    else:
        part = cluster.replace("_", " ")
    if len(data.clusters) > len(data.shown):
        few = say("first_of", k=len(data.shown), n=len(data.clusters))
        part = f"{part} ({few})" if part else few
    return f"{title} · {part}" if part else title


def source(data: FigureData, say: Words) -> str:
    """Return the line that says how to make the run again."""
    version = data.result.provenance.get("versions", {}).get("clustersim", __version__)
    return say("made_with", version=version, seed=data.result.seed, replicates=say.replicates(len(data.replicates)))


def file_name(figure: str, cluster: str | None = None) -> str:
    """Return the name of a figure's files, without their ending."""
    return figure if cluster is None else f"{figure}_{re.sub(r'[^A-Za-z0-9_]+', '_', cluster)}"


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure as PNG and SVG; the same figure gives the same bytes."""
    paths = [folder / f"{name}.png", folder / f"{name}.svg"]
    with settings():
        figure.savefig(paths[0], dpi=DPI)
        figure.savefig(paths[1], metadata={"Date": None})
    return paths
