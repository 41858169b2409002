"""The section on who gains, and at whose expense: jobs by group of firms, jobs improved and worsened, displacement."""

from __future__ import annotations

from clustersim.studies.comparison import Comparison, units
from clustersim.studies.comparison import numbers as write
from clustersim.studies.comparison.improved import IMPROVED_FROM
from clustersim.studies.comparison.outcomes import PAIRED
from clustersim.studies.comparison.titles import title
from clustersim.views.report.drawing import WHO
from clustersim.views.report.page import Block
from clustersim.views.report.tables import Table
from clustersim.views.report.words import say

DISPLACEMENT = (("gained", "gained"), ("displaced", "displaced_at_most"), ("net", "net_at_least"))


def blocks(c: Comparison, lang: str, figure: Block) -> list[Block]:
    """Return the blocks of the section, with the figure of jobs by group among them."""
    heads = [say("measure", lang), *(title(c, name, lang) for name in c.interventions)]
    found = [
        Block("text", say("who_lead", lang)),
        _table(say("who_caption", lang), heads, _differences(c, lang, (*WHO, "jobs_members", "jobs_outside"))),
        figure,
    ]
    if c.paired:
        lead = say("improved_lead", lang, least=write.percent(IMPROVED_FROM.default, lang))
        found += [Block("text", lead), _table(say("improved_caption", lang), heads, _differences(c, lang, PAIRED))]
    displaced = c.answers["displacement"]
    if displaced is not None:
        rows = [
            [say(text, lang), *(units.difference(displaced[name][key], "jobs", lang) for name in c.interventions)]
            for text, key in DISPLACEMENT
        ]
        found += [Block("text", say("displacement_lead", lang)), _table(say("displacement_caption", lang), heads, rows)]
    return found


def _differences(c: Comparison, lang: str, outcomes: tuple[str, ...]) -> list[list[str]]:
    """Return one row for each outcome: its difference in every alternative."""
    found = c.answers["differences"]
    return [
        [units.label(name, lang), *(units.difference(found[option][name], name, lang) for option in c.interventions)]
        for name in outcomes
    ]


def _table(caption: str, heads: list[str], rows: list[list[str]]) -> Block:
    return Block("table", tables=[Table(caption, heads, rows)])
