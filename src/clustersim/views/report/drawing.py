"""What all figures of one comparison share: colours, the page, panels, and names at the ends of lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from numpy.typing import NDArray

from clustersim.core.words import _
from clustersim.studies.comparison import Comparison
from clustersim.studies.comparison.titles import option_title
from clustersim.views.figures.layout import WIDTH, Grid, Page, Panels, Picture, made_with
from clustersim.views.figures.names import indicator
from clustersim.views.figures.style import DASHES, GREY, LINE, SMALL, label_ends
from clustersim.views.figures.text import shorten, shorten_middle, wrap
from clustersim.views.report.captions import CAPTIONS, UNITS

# After Okabe & Ito and Tol, darkened until names in these colours read on white (WCAG 4.5 to 1).
COLOURS = ("#0072B2", "#B84F00", "#882255", "#117733", "#332288", "#806600", "#00798C")
MOST_WRAPPED = 4  # names at the ends of lines that have room for more than one line each
MOST_BANDS = 3  # options whose bands still can be told apart
TRAJECTORIES = ("employment", "firms", "sales", "exports", "productivity", "trust")
WHO = ("jobs_tractors", "jobs_micro", "jobs_small", "jobs_medium", "jobs_large", "jobs_new")
FOREST = ("jobs", "sales", "exports", "productivity")
GRID = Grid(widths=(1.95, 1.95), height=1.3, step=1.85)

Array = NDArray[Any]


class Bare(Page):
    """A page without head and foot: in the report, the text around it says what they would."""

    def __init__(self, height: float) -> None:
        self.head, self.height = 0.06, height + 0.1
        self.figure = Picture(figsize=(WIDTH, self.height), facecolor="white")


class Drawing:
    """What all figures of one comparison share."""

    def __init__(self, comparison: Comparison, bare: bool = False) -> None:
        self.c, self.bare = comparison, bare
        self.years = comparison.start_year + comparison.years - 0.5  # the middle of each year
        self.first, self.last = float(comparison.start_year), comparison.start_year + comparison.quarters / 4.0
        others = comparison.interventions
        self.colour = {comparison.baseline: GREY} | dict(zip(others, COLOURS, strict=False))
        self.dash = {comparison.baseline: DASHES[1]} | {name: DASHES[k % len(DASHES)] for k, name in enumerate(others)}

    def name(self, option: str) -> str:
        """Return an option's title."""
        return option_title(self.c, option)

    def page(self, height: float, figure: str) -> Page:
        """Return a page with title and notes, or a bare one for the report."""
        if self.bare:
            return Bare(height)
        caption = CAPTIONS[figure]
        whose = _("Options against {base}", base=self.name(self.c.baseline))
        bands = _("Intervals and bands show chance between simulations, not uncertainty about the model itself.")
        made = made_with(self.c.seed, self.c.replicates)
        return Page(height, _(caption.title), whose, [caption.noted(), bands], made)

    def ends(self, ax: Axes, values: Sequence[tuple[str, Array]]) -> None:
        """Write each option's title at the end of its line."""
        room = WIDTH - GRID.lefts[1] - GRID.widths[1] - 0.22
        found = []
        for option, line in values:
            text = self.name(option)
            if len(values) <= MOST_WRAPPED:
                text = "\n".join(shorten(part, room, SMALL) for part in wrap(text, room, SMALL).split("\n")[:3])
            else:
                text = shorten_middle(text, room, SMALL)
            found.append((float(line[-1]), text, self.colour[option]))
        label_ends(ax, found)

    def panels(self, figure: str, names: Sequence[str]) -> tuple[Page, list[Axes]]:
        """Return a page with a panel for each yearly indicator, with title and unit each."""
        page = self.page(GRID.needed(len(names)) + 0.13, figure)
        panels = Panels(page, GRID)
        return page, [panels.next(indicator(name), _(UNITS[name])) for name in names]

    def line(self, ax: Axes, option: str, times: Array, values: Array) -> None:
        """Draw an option's line; a single year is a point."""
        marker = "o" if len(times) == 1 else None
        look: dict[str, Any] = {"color": self.colour[option], "linestyle": self.dash[option], "linewidth": LINE}
        ax.plot(times, values, marker=marker, markersize=3, **look)


def gains(c: Comparison, option: str) -> Array:
    """Return the differences in jobs of single cases: uncertain worlds where there are some, else replicates."""
    if c.worlds is None:
        return c.outcome(option, "jobs") - c.outcome(c.baseline, "jobs")
    jobs = {name: c.worlds.loc[c.worlds["option"] == name, "jobs"].to_numpy(dtype=float) for name in (option, c.baseline)}
    return jobs[option] - jobs[c.baseline]


def factor(name: str) -> float:
    """Return the factor from a yearly series to the unit that a panel shows."""
    return {"sales": 1e-3, "exports": 1e-3, "linked_share": 100.0}.get(name, 1.0)
