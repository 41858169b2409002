"""Figures of a comparison: the same drawings stand in the result's folder and in the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from clustersim._version import __version__
from clustersim.comparison import Comparison, units
from clustersim.comparison import numbers as write
from clustersim.comparison.outcomes import CHAIN
from clustersim.comparison.titles import title
from clustersim.comparison.verdict import alternatives
from clustersim.figures.layout import WIDTH, Page, save
from clustersim.figures.phase_strip import legend_rows, most_frequent, name_blocks, occurring, phase_legend
from clustersim.figures.style import (
    DASHES,
    GREY,
    INK,
    LINE,
    PANEL,
    SMALL,
    LocaleFormatter,
    bands,
    label_ends,
    phase_look,
    scale_axes,
    set_years,
    styled,
)
from clustersim.figures.text import shorten, wrap
from clustersim.figures.words import Words
from clustersim.report.words import say
from clustersim.state import PHASES

BASE = GREY
COLOURS = ("#0072B2", "#D55E00", "#882255", "#117733", "#332288", "#8A6D00", "#44AA99")  # Okabe & Ito, Tol
MOST_BANDS = 3  # options whose bands still can be told apart
TRAJECTORIES = ("employment", "firms", "sales", "exports", "productivity", "trust")
WHO = ("jobs_tractors", "jobs_micro", "jobs_small", "jobs_medium", "jobs_large", "jobs_new")
FOREST = ("jobs", "sales", "exports", "productivity")
LEFTS, PLOT_WIDTH, PLOT_HEIGHT, ROW = (0.62, 4.22), 1.95, 1.3, 1.85

Array = NDArray[Any]


class Bare(Page):
    """A page without head and foot: in the report, the text around it says what they would."""

    def __init__(self, height: float) -> None:
        self.head, self.height = 0.06, height + 0.1
        self.figure = Figure(figsize=(WIDTH, self.height), facecolor="white")


class Drawing:
    """What all figures of one comparison in one language share."""

    def __init__(self, comparison: Comparison, lang: str, bare: bool = False) -> None:
        self.c, self.lang, self.bare = comparison, lang, bare
        self.words = Words(lang)
        self.years = comparison.start_year + comparison.years - 0.5  # the middle of each year
        self.first, self.last = float(comparison.start_year), comparison.start_year + comparison.quarters / 4.0
        others = comparison.interventions
        self.colour = {comparison.baseline: BASE} | dict(zip(others, COLOURS, strict=False))
        self.dash = {comparison.baseline: DASHES[1]} | {name: DASHES[k % len(DASHES)] for k, name in enumerate(others)}

    def say(self, key: str, **values: object) -> str:
        """Return a text of the report."""
        return say(key, self.lang, **values)

    def name(self, option: str) -> str:
        """Return an option's title."""
        return title(self.c, option, self.lang)

    def page(self, height: float, figure: str) -> Page:
        """Return a page with title and notes, or a bare one for the report."""
        if self.bare:
            return Bare(height)
        whose = self.say("against", base=self.name(self.c.baseline))
        source = self.words("made_with", version=__version__, seed=self.c.seed, replicates=self.words.replicates(self.c.replicates))
        notes = [self.say(f"note_{figure}"), self.say("bands_note")]
        return Page(height, self.say(f"title_{figure}"), whose, notes, source)

    def ends(self, ax: Axes, values: Sequence[tuple[str, Array]]) -> None:
        """Write each option's title at the end of its line."""
        room = WIDTH - LEFTS[1] - PLOT_WIDTH - 0.22
        found = []
        for option, line in values:
            text = wrap(self.name(option), room, SMALL)
            lines = [shorten(part, room, SMALL) for part in text.split("\n")[:3]]
            found.append((float(line[-1]), "\n".join(lines), self.colour[option]))
        label_ends(ax, found)


def _panels(page: Page, names: Sequence[str], head: Callable[[str], tuple[str, str]]) -> list[Axes]:
    """Return axes in two columns, with letter, title and unit each."""
    found = []
    for k, name in enumerate(names):
        heading, unit = head(name)
        place = (LEFTS[k % 2], 0.2 + ROW * (k // 2), PLOT_WIDTH, PLOT_HEIGHT)
        found.append(page.panel(*place, chr(65 + k), heading, unit))
    return found


def _height(panels: int) -> float:
    return 0.2 + ROW * (-(-panels // 2)) - 0.15


@styled
def phases(d: Drawing) -> Figure:
    """Draw the share of replicates in each phase, one strip for each option."""
    shares = {n: np.stack([d.c.series(n, f"in_{phase}").mean(axis=0) for phase in PHASES]) for n in d.c.names}
    quarterly = {name: np.repeat(share, 4, axis=1) for name, share in shares.items()}
    edges = d.first + np.arange(quarterly[d.c.baseline].shape[1] + 1) / 4.0
    codes = occurring(list(shares.values()))
    left, step, tall = 0.62, 0.98, 0.66
    rows = len(legend_rows(codes, d.words, left))
    top = 0.24
    bottom = top + step * (len(shares) - 1) + tall
    page = d.page(bottom + 0.34 + 0.17 * rows, "phases")
    width = WIDTH - left - 0.2
    labels = [d.words.phase(phase) for phase in PHASES]
    for k, (name, share) in enumerate(quarterly.items()):
        ax = page.axes(left, top + k * step, width, tall)
        _strip(ax, shares[name], share, edges)
        name_blocks(ax, share, edges, labels, width, tall)
        ax.set_yticks([0.0, 0.5, 1.0], ["0", "50", "100"])
        set_years(ax, most=9)
        ax.tick_params(axis="x", labelbottom=k == len(shares) - 1)
        ax.set_title(shorten(d.name(name), width, PANEL, bold=True), loc="left", fontsize=PANEL, fontweight="bold", pad=3)
        ax.set_ylabel("%", fontsize=SMALL, color=GREY)
    phase_legend(page, codes, d.words, bottom + 0.28, left)
    return page.figure


def _strip(ax: Axes, yearly: Array, quarterly: Array, edges: Array) -> None:
    """Fill the stacked shares, one step for each year, and mark where the most frequent phase changes."""
    steps = edges[::4]
    below = np.zeros(len(steps))
    for code, phase in enumerate(PHASES):
        top = below + np.append(yearly[code], yearly[code, -1])
        if yearly[code].any():
            ax.fill_between(steps, below, top, step="post", **phase_look(phase))
            ax.plot(steps, top, drawstyle="steps-post", color="white", linewidth=0.4)
        below = top
    for _, first, _ in most_frequent(quarterly)[1:]:
        ax.axvline(edges[first], color=INK, linewidth=0.8)
    ax.set_xlim(edges[0], edges[-1])
    ax.set_ylim(0.0, 1.0)
    ax.spines[:].set_visible(True)


@styled
def trajectories(d: Drawing) -> Figure:
    """Draw medians of all options over time, with 10-90 % bands while they can be told apart."""
    page = d.page(_height(len(TRAJECTORIES)), "trajectories")
    for name, ax in zip(TRAJECTORIES, _panels(page, TRAJECTORIES, lambda n: _said(d, n)), strict=True):
        ends = []
        for option in d.c.names:
            found = bands(d.c.series(option, name) * factor(name))
            if len(d.c.names) <= MOST_BANDS and d.c.replicates > 1:
                ax.fill_between(d.years, found.low, found.high, color=d.colour[option], alpha=0.13, linewidth=0)
            _line(ax, d.years, found.median, d.colour[option], d.dash[option])
            ends.append((option, found.median))
        scale_axes(ax, d.lang, d.first, d.last)
        d.ends(ax, ends)
    return page.figure


@styled
def paired(d: Drawing) -> Figure:
    """Draw the paired differences to the baseline over time: mean, its interval, and where single runs fall."""
    page = d.page(_height(len(TRAJECTORIES)), "paired")
    _differences(d, _panels(page, TRAJECTORIES, lambda n: _said(d, n)), TRAJECTORIES, runs=True)
    return page.figure


@styled
def chain(d: Drawing) -> Figure:
    """Draw the paired differences along the chain from trust to jobs."""
    page = d.page(_height(len(CHAIN)), "chain")
    _differences(d, _panels(page, CHAIN, lambda n: _said(d, n)), CHAIN, runs=False)
    return page.figure


def _differences(d: Drawing, axes: Sequence[Axes], names: Sequence[str], runs: bool) -> None:
    single = len(d.c.interventions) <= MOST_BANDS
    for name, ax in zip(names, axes, strict=True):
        ends, scale = [], factor(name)
        for option in d.c.interventions:
            found, colour = d.c.difference_series(option, name), d.colour[option]
            if runs and single and d.c.replicates > 1:
                ax.fill_between(d.years, scale * found.p10, scale * found.p90, color=colour, alpha=0.13, linewidth=0)
            if np.isfinite(found.low).all():
                ax.fill_between(d.years, scale * found.low, scale * found.high, color=colour, alpha=0.35, linewidth=0)
            _line(ax, d.years, scale * found.mean, colour, d.dash[option])
            ends.append((option, scale * found.mean))
        ax.axhline(0.0, color=INK, linewidth=0.7)
        scale_axes(ax, d.lang, d.first, d.last, zero=False)
        d.ends(ax, ends)


def _line(ax: Axes, times: Array, values: Array, colour: str, dash: Any) -> None:
    marker = "o" if len(times) == 1 else None  # a single year is a point
    ax.plot(times, values, color=colour, linestyle=dash, linewidth=LINE, marker=marker, markersize=3)


@styled
def forest(d: Drawing) -> Figure:
    """Draw the differences at the end, one row for each alternative, one panel for each outcome."""
    return _forest(d, "forest", d.c.interventions, FOREST, lambda option, outcome: (option, outcome))


@styled
def who(d: Drawing) -> Figure:
    """Draw the differences in jobs by group of firms, one panel for each alternative (at most four)."""
    shown = (alternatives(d.c) or d.c.interventions)[:4]
    return _forest(d, "who", WHO, shown, lambda outcome, option: (option, outcome))


def _forest(
    d: Drawing, figure: str, rows: Sequence[str], columns: Sequence[str], which: Callable[[str, str], tuple[str, str]]
) -> Figure:
    """Draw rows of mean, 90 % interval and 10-90 % of the runs, in panels side by side that share their rows."""
    left, gap = 1.62, 0.22
    lines = [wrap(d.name(row) if row in d.c.names else units.label(row, d.lang), left - 0.25, SMALL) for row in rows]
    tall = max(0.5, 0.42 * len(rows))
    page = d.page(tall + 0.85, figure)
    wide = (WIDTH - left - 0.18 - gap * (len(columns) - 1)) / len(columns)
    for k, column in enumerate(columns):
        ax = page.axes(left + k * (wide + gap), 0.4, wide, tall)
        outcome = which(rows[0], column)[1]
        heading = units.label(column, d.lang) if column in units.OUTCOMES else d.name(column)
        ax.set_title(wrap(heading, wide, PANEL, bold=True), fontsize=PANEL, fontweight="bold", loc="left", pad=4)
        for place, row in enumerate(rows):
            option, name = which(row, column)
            found = d.c.answers["differences"][option][name]
            colour = d.colour[option]
            ax.plot([found["p10"], found["p90"]], [place, place], color=colour, linewidth=1.0)
            if found["low"] is not None:
                ax.plot([found["low"], found["high"]], [place, place], color=colour, linewidth=5.0, alpha=0.45, solid_capstyle="butt")
            ax.plot([found["estimate"]], [place], marker="o", markersize=4.5, color=colour)
        ax.axvline(0.0, color=INK, linewidth=0.7)
        low, high = ax.get_xlim()
        if high - low < 1e-6:
            ax.set_xlim(-1.0, 1.0)
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.set_yticks(range(len(rows)), lines if k == 0 else [""] * len(rows))
        ax.tick_params(axis="y", length=0)
        ax.locator_params(axis="x", nbins=3)
        ax.xaxis.set_major_formatter(LocaleFormatter(d.lang))
        ax.grid(axis="x", color="#E6E6E6", linewidth=0.5)
        ax.set_xlabel(wrap(units.unit_of_difference(outcome, d.lang), wide, SMALL), fontsize=SMALL, color=GREY)
    return page.figure


@styled
def risk(d: Drawing) -> Figure:
    """Draw the differences in jobs of single cases in order of size, the worst tenth shaded."""
    page = d.page(2.3, "risk")
    ax = page.panel(0.75, 0.2, WIDTH - 0.75 - 1.35, 1.7, "", d.say("axis_risk_title"), d.say("axis_jobs"))
    ends, cases = [], 0
    for option in d.c.interventions:
        values = np.sort(gains(d.c, option))
        cases = len(values)
        share = 100.0 * (np.arange(cases) + 0.5) / cases
        _line(ax, share, values, d.colour[option], d.dash[option])
        ends.append((option, values))
    ax.axvspan(0.0, 10.0, color="#F2D9C9", linewidth=0)
    ax.axhline(0.0, color=INK, linewidth=0.7)
    ax.set_xlim(0.0, 100.0)
    ax.yaxis.set_major_formatter(LocaleFormatter(d.lang))
    ax.grid(axis="y", color="#E6E6E6", linewidth=0.5)
    worlds = d.c.answers["risk"]["cases"] == "worlds"
    ax.set_xlabel(d.say("axis_worlds" if worlds else "axis_replicates", n=write.number(cases, d.lang, 0)), fontsize=SMALL, color=GREY)
    d.ends(ax, ends)
    return page.figure


def gains(c: Comparison, option: str) -> Array:
    """Return the differences in jobs of single cases: uncertain worlds where there are some, else replicates."""
    if c.worlds is None:
        return c.outcome(option, "jobs") - c.outcome(c.baseline, "jobs")
    jobs = {name: c.worlds.loc[c.worlds["option"] == name, "jobs"].to_numpy(dtype=float) for name in (option, c.baseline)}
    return jobs[option] - jobs[c.baseline]


@styled
def money(d: Drawing) -> Figure:
    """Draw public spending a year, mean of the replicates with their 10-90 % band."""
    page = d.page(1.95, "money")
    ax = page.panel(0.75, 0.2, WIDTH - 0.75 - 1.35, 1.4, "", d.say("axis_money_title"), d.words("axis_kusd"))
    ends = []
    for option in d.c.names:
        values = d.c.series(option, "public_spending")
        if not values.any():
            continue
        found = bands(values)
        if d.c.replicates > 1:
            ax.fill_between(d.years, found.low, found.high, color=d.colour[option], alpha=0.13, linewidth=0)
        _line(ax, d.years, values.mean(axis=0), d.colour[option], d.dash[option])
        ends.append((option, values.mean(axis=0)))
    scale_axes(ax, d.lang, d.first, d.last)
    d.ends(ax, ends)
    return page.figure


def factor(name: str) -> float:
    """Return the factor from a yearly series to the unit that a panel shows."""
    return {"sales": 1e-3, "exports": 1e-3, "linked_share": 100.0}.get(name, 1.0)


def _said(d: Drawing, name: str) -> tuple[str, str]:
    """Return a panel's title and unit."""
    return d.words.indicator(name), d.say(f"unit_{name}")


FIGURES: dict[str, Callable[[Drawing], Figure]] = {
    "forest": forest, "risk": risk, "phases": phases, "trajectories": trajectories, "paired": paired, "who": who, "chain": chain,
    "money": money,
}  # fmt: skip


def drawn(comparison: Comparison) -> list[str]:
    """Return the figures that a comparison has: no spending to draw where none is spent."""
    spent = comparison.yearly["public_spending"].to_numpy().any()
    return [name for name in FIGURES if name != "money" or spent]


def draw_all(comparison: Comparison, folder: Path, lang: str = "en") -> list[Path]:
    """Draw all figures of a comparison and write each as PNG and SVG.

    Parameters
    ----------
    comparison : Comparison
        A finished comparison.
    folder : Path
        Where to write; made if it does not exist.
    lang : str
        "en" or "es".

    Returns
    -------
    list of Path
        The files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawing = Drawing(comparison, lang)
    return [path for name in drawn(comparison) for path in save(FIGURES[name](drawing), folder, name)]
