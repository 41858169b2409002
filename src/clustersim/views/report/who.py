"""The section on who gains, and at whose expense: jobs by group of firms, jobs improved and worsened, displacement."""

from __future__ import annotations

from clustersim.core.numbers import percent
from clustersim.core.words import N_, _
from clustersim.studies.comparison import Comparison, units
from clustersim.studies.comparison.improved import IMPROVED_FROM
from clustersim.studies.comparison.outcomes import PAIRED
from clustersim.studies.comparison.titles import option_title
from clustersim.views.report.drawing import WHO
from clustersim.views.report.page import Block
from clustersim.views.report.tables import Table

DISPLACEMENT = {
    "gained": N_("Jobs gained in the cluster"),
    "displaced_at_most": N_("Jobs lost elsewhere, at most"),
    "net_at_least": N_("Left for the country, at least"),
}


def blocks(c: Comparison, figure: Block) -> list[Block]:
    """Return the blocks of the section, with the figure of jobs by group among them."""
    heads = [_("Measure"), *(option_title(c, name) for name in c.interventions)]
    lead = _(
        "Difference in jobs by who employs them at the end. A firm that grows moves to the next class, so a class can lose what "
        "the next one gains."
    )
    by_group = _differences(c, (*WHO, "jobs_members", "jobs_outside"))
    found = [Block("text", lead), _table(_("Jobs by group of firms at the end"), heads, by_group), figure]
    if c.paired:
        lead = _(
            "Jobs improved: jobs in firms that are alive at the end both in the option and in the baseline, and whose value "
            "added per person (wages and profit of the last quarter) is at least {least} above what it is in the baseline. Jobs "
            "worsened: at least {least} below. Chance alone makes some of both once two histories part, so the last row is what "
            "the option did. The {least} are assumed.",
            least=percent(IMPROVED_FROM.default),
        )
        found += [Block("text", lead), _table(_("Jobs improved and worsened"), heads, _differences(c, PAIRED))]
    displaced = c.answers["displacement"]
    if displaced is not None:
        lead = _(
            "Displacement: what the cluster sells at home beyond the baseline is taken from other firms of the country, which "
            "face the same market in both simulations. The model has no firms outside the cluster, so the figure is an upper "
            "bound: it counts all additional home orders as taken, also those that replace imports."
        )
        rows = [
            [_(text), *(units.difference(displaced[name][key], "jobs") for name in c.interventions)]
            for key, text in DISPLACEMENT.items()
        ]
        found += [Block("text", lead), _table(_("Jobs gained here and lost elsewhere, at most"), heads, rows)]
    return found


def _differences(c: Comparison, outcomes: tuple[str, ...]) -> list[list[str]]:
    """Return one row for each outcome: its difference in every alternative."""
    found = c.answers["differences"]
    return [
        [units.label(name), *(units.difference(found[option][name], name) for option in c.interventions)] for name in outcomes
    ]


def _table(caption: str, heads: list[str], rows: list[list[str]]) -> Block:
    return Block("table", tables=[Table(caption, heads, rows)])
