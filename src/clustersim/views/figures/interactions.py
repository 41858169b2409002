"""Matrix of pairs: what two parts do together beyond the sum of each alone, for up to four outcomes.

Below the diagonal all other parts are off; above it stands the mean over all combinations of the others, where a design holds
them. On the diagonal stands what each part does alone. Colour and sign say the same; what is not told apart has no colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from clustersim.core.numbers import number
from clustersim.core.words import _
from clustersim.studies.synergy import Interactions, naming
from clustersim.studies.synergy.contrasts import MEAN, OFF
from clustersim.studies.synergy.interactions import Found
from clustersim.studies.synergy.values import outcomes_of
from clustersim.views.figures.layout import MARGIN, WIDTH, Page, file_name, save
from clustersim.views.figures.style import FAINT, GREY, INK, LABEL, SMALL, ink_on, styled
from clustersim.views.figures.text import shorten

PANELS, MOST = 4, 12  # outcomes, and parts that are drawn
MORE, LESS = ("#9CC4E4", "#3F8FC5", "#0B3C6F"), ("#F5C9A6", "#E08A4B", "#A04000")  # blue and orange, light to dark
NAMES, GAP = 1.62, 0.2  # inches: names of the rows, and between two panels
ALONE = "#EFEFEF"
SIGN = {"more": "▲", "less": "▼"}
LETTERS = "ABCDEFGHIJKL"

Part = tuple[int, int]


@styled
def interactions(
    found: Interactions, outcomes: Sequence[str] = (), scenario: str | None = None, lang: str | None = None
) -> Figure:
    """Draw the pairs of a sweep's parts.

    Parameters
    ----------
    found : Interactions
        With at least one pair.
    outcomes : sequence of str, optional
        Which outcomes; the first four if not given.
    scenario : str, optional
        Which of the experiment's scenarios; the first if not given.
    lang : str, optional
        "en" or "es"; the language in force if not given.

    Returns
    -------
    Figure
        The figure.
    """
    scenario = scenario or next(iter(found.designs))
    drawn = list(outcomes or [name for name in found.outcomes if found.pairs(name, scenario)][:PANELS])
    parts = list(dict.fromkeys(part for one in found.of("alone", drawn[0], scenario) + found.of("alone", drawn[0], scenario, MEAN)
                               for part in one.contrast.parts))  # fmt: skip
    shown = sorted(parts)[:MOST]
    side = (WIDTH - 2 * MARGIN - NAMES - 0.3 - GAP) / 2.0
    rows = -(-len(drawn) // 2)
    units = max((one.judged.units for one in found.found), default=0)
    notes = [
        _("Below the diagonal: what two parts do together beyond the sum of each alone, all others off; above it: the mean over "
          "all combinations of the others. On the diagonal, in grey: what each does alone."),
        _("▲ and blue: complements, more than the sum; ▼ and orange: substitutes, less; the darker, the larger. No colour: not "
          "told apart, by a band that holds with 95 % for all pairs of a half."),
        _("The first {k} of {n} parts are drawn.", k=number(MOST, 0), n=number(len(parts), 0)) if len(parts) > MOST else "",
    ]  # fmt: skip
    source = _("clustersim {version} · {n} paired cases", version=found.plan.content["model"]["version"], n=number(units, 0))
    title, whose = _("What parts do together"), found.plan.name if len(found.designs) == 1 else f"{found.plan.name}: {scenario}"
    page = Page(rows * (side + 0.55) + 0.02, title, whose, notes, source)
    factors = found.designs[scenario].factors
    names = [naming.said(factors[factor], level) for factor, level in shown]
    for k, outcome in enumerate(drawn):
        row, column = divmod(k, 2)
        left = MARGIN + NAMES + column * (side + GAP + 0.3)
        ax = page.axes(left, 0.3 + row * (side + 0.55), side, side)
        name = shorten(naming.outcome(outcome), side, LABEL, bold=True)
        ax.set_title(name, fontsize=LABEL, fontweight="bold", loc="left", pad=4)
        unit = naming.unit(outcomes_of(found.plan)[outcome])
        ax.set_xlabel(shorten(unit, side, SMALL), fontsize=SMALL, color=GREY, labelpad=2)
        _matrix(ax, found, outcome, scenario, shown)
        lettered = [LETTERS[place] for place in range(len(shown))]
        ax.set_xticks(range(len(shown)), lettered)
        if column == 0:
            lettered = [f"{shorten(name, NAMES - 0.3, SMALL)}  {letter}" for name, letter in zip(names, lettered, strict=True)]
        ax.set_yticks(range(len(shown)), lettered)
    return page.figure


def _matrix(ax: Axes, found: Interactions, outcome: str, scenario: str, parts: Sequence[Part]) -> None:
    """Draw the cells of one outcome."""
    unit, place = outcomes_of(found.plan)[outcome], {part: k for k, part in enumerate(parts)}
    size = min(LABEL, 34.0 / len(parts))
    every = {(others, one.contrast.parts): one for others in (OFF, MEAN) for kind in ("alone", "pair")
             for one in found.of(kind, outcome, scenario, others)}  # fmt: skip
    largest = max((abs(one.judged.estimate) for (_o, two), one in every.items() if len(two) == 2 and one.judged.told != "none"),
                  default=0.0)  # fmt: skip
    for (others, cell), one in every.items():
        if not all(part in place for part in cell):
            continue
        at = [place[part] for part in cell]
        if len(at) == 1:
            if others == OFF or (OFF, cell) not in every:
                text = naming.amount(one.judged.estimate, unit)
                ax.add_patch(Rectangle((at[0] - 0.5, at[0] - 0.5), 1.0, 1.0, facecolor=ALONE, linewidth=0.0))
                ax.text(at[0], at[0], text, ha="center", va="center", fontsize=size, color=GREY, style="italic")
            continue
        x, y = (min(at), max(at)) if others == OFF else (max(at), min(at))
        _cell(ax, x, y, one, unit, size, largest)
    ax.set_xlim(-0.5, len(parts) - 0.5)
    ax.set_ylim(len(parts) - 0.5, -0.5)
    for edge in np.arange(0.5, len(parts) - 1.0):
        ax.axhline(edge, color=FAINT, linewidth=0.5)
        ax.axvline(edge, color=FAINT, linewidth=0.5)
    ax.spines[["top", "right"]].set_visible(True)
    ax.tick_params(length=0)


def _cell(ax: Axes, x: int, y: int, one: Found, unit: str, size: float, largest: float) -> None:
    """Draw one pair: its synergy, and colour and sign where it is told apart."""
    told, amount = one.judged.told, naming.amount(one.judged.estimate, unit)
    look: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": size}
    if told == "none":
        ax.text(x, y, amount, color=INK, **look)
        return
    step = min(2, int(3.0 * abs(one.judged.estimate) / largest)) if largest > 0.0 else 0
    colour = (MORE if told == "more" else LESS)[step]
    ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1.0, 1.0, facecolor=colour, linewidth=0.0))
    ax.text(x, y, f"{SIGN[told]}\n{amount}", color=ink_on(colour), weight="bold", linespacing=1.0, **look)


def draw_interactions(found: Interactions, folder: Path, lang: str | None = None) -> list[Path]:
    """Write the figure as PNG and SVG, one for each scenario that has pairs; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    several = len(found.designs) > 1
    files = []
    for scenario in found.designs:
        if found.pairs(found.outcomes[0], scenario):
            name = file_name("interactions", scenario if several else None)
            files += save(interactions(found, scenario=scenario, lang=lang), folder, name)
    return files
