"""What the figures of a comparison are called, what their marks mean, and what they show those who do not see them."""

from __future__ import annotations

from typing import NamedTuple

from clustersim.core import numbers
from clustersim.core.words import N_, _
from clustersim.results.phases import LEAD


class Caption(NamedTuple):
    """Title of a figure, note on its marks, and description."""

    title: str
    note: str
    shows: str

    def noted(self) -> str:
        """Return the note in the language in force."""
        return _(self.note, lead=numbers.percent(LEAD))


CAPTIONS = {
    "forest": Caption(
        N_("What each option changes by the end"),
        N_(
            "Dot: mean difference to the baseline. Thick bar: its 90 % interval. Thin line: the middle 80 % of single "
            "simulations."
        ),
        N_("Differences to {base} at the end, as dots with intervals, for jobs, sales, exports and productivity. {facts}"),
    ),
    "risk": Caption(
        N_("Best and worst cases"),
        N_("Single cases in order of their difference in jobs; shaded: the worst tenth."),
        N_("Curves of single cases in order of their difference in jobs to {base}. {facts}"),
    ),
    "phases": Caption(
        N_("Life-cycle phase of each option"),
        N_(
            "Height of a colour: share of the simulations in that phase. Name in a block: the most frequent phase, until another "
            "one leads by {lead} of the simulations (at least two); black lines: where it changes."
        ),
        N_(
            "Stacked areas, one strip for each option: share of simulations in each life-cycle phase from {first} to "
            "{last}. {facts}"
        ),
    ),
    "trajectories": Caption(
        N_("Options over time"),
        N_("Line: median. Band (up to three options): the middle 80 % of the simulations. Equal options lie on one another."),
        N_(
            "Six line charts from {first} to {last}: jobs, firms, sales, exports, productivity and trust, one line for "
            "each option. {facts}"
        ),
    ),
    "paired": Caption(
        N_("Differences to the baseline over time"),
        N_(
            "Line: mean difference to the baseline between simulations with the same draws. Dark band: its 90 % "
            "interval; light band: the middle 80 % of single simulations."
        ),
        N_(
            "Six line charts from {first} to {last}: differences to {base} in jobs, firms, sales, exports, "
            "productivity and trust. {facts}"
        ),
    ),
    "who": Caption(
        N_("Who gains jobs"),
        N_(
            "Dot: mean difference to the baseline. Thick bar: its 90 % interval. Thin line: the middle 80 % of single "
            "simulations. Classes are those at the end: a firm that grows moves to the next."
        ),
        N_("Differences in jobs to {base} by group of firms, as dots with intervals. {facts}"),
    ),
    "chain": Caption(
        N_("From trust to jobs"),
        N_("Line: mean difference to the baseline between simulations with the same draws. Band: its 90 % interval."),
        N_(
            "Six line charts from {first} to {last}: differences to {base} in trust, cooperating firms, vision, "
            "projects, knowledge and jobs. {facts}"
        ),
    ),
    "money": Caption(
        N_("Public money over time"),
        N_("Line: mean of the simulations. Band: their middle 80 %. Not discounted."),
        N_("Line chart of public spending a year from {first} to {last}. {facts}"),
    ),
}

# Units in which panels show yearly indicators.
UNITS = {
    "employment": N_("jobs"),
    "firms": N_("firms"),
    "sales": N_("million USD a year"),
    "exports": N_("million USD a year"),
    "productivity": N_("thousand USD per person and year"),
    "trust": N_("0 to 1"),
    "linked_share": N_("% of firms"),
    "vision": N_("0 to 1"),
    "projects_succeeded": N_("projects a year"),
    "knowledge": N_("log points"),
}
