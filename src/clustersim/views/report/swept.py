"""The page of a sweep: what its parts do together, and its options over time."""

from __future__ import annotations

from typing import Any

from clustersim.core import numbers
from clustersim.core.words import _, _n, language
from clustersim.experiments.execution import describe_values
from clustersim.experiments.reading import SweepResult
from clustersim.studies.synergy import Interactions, interactions, naming
from clustersim.studies.synergy.interactions import COLUMNS, Found
from clustersim.studies.synergy.values import outcomes_of
from clustersim.views.figures import interactions as matrix
from clustersim.views.figures import sweeps
from clustersim.views.figures.names import identifier
from clustersim.views.report.page import Block, Page, Section
from clustersim.views.report.svg import inline
from clustersim.views.report.tables import Table


def sweep_page(result: SweepResult) -> Page:
    """Return the page of a sweep in the language in force."""
    found = interactions(result)
    plan = result.plan
    options, worlds = len(plan.options), plan.worlds
    subtitle = " · ".join([
        ", ".join(plan.scenarios), _n("one option", "{n} options", options, n=numbers.number(options, 0)),
        _n("one world", "{n} worlds", worlds, n=numbers.number(worlds, 0)),
        _n("one replicate", "{n} replicates", plan.per_point, n=numbers.number(plan.per_point, 0)),
    ])  # fmt: skip
    sections = [_together(found, scenario) for scenario in found.designs if found.looked_at(found.outcomes[0], scenario)]
    if plan.outputs["every"] and (drawable := sweeps.drawable(result)):
        sections.append(Section("time", _("Options over time"), [_over_time(result, drawable)]))
    sections.append(Section("reading", _("How to read the numbers"), [Block("terms", pairs=_terms(found))]))
    rests = _("Intervals show chance between replicates, not uncertainty about the model.")
    kind = _("Sweep of an experiment")
    return Page(language(), kind, result.name, subtitle, [], found.sentences(every=False), rests, found.notes, sections)


def _together(found: Interactions, scenario: str) -> Section:
    """Return what the parts of one scenario do together."""
    blocks, outcomes = [], [name for name in found.outcomes if found.looked_at(name, scenario)]
    tables = [_table(found, outcome, scenario) for outcome in outcomes]
    heading = _("What parts do together")
    if found.pairs(outcomes[0], scenario):
        figure = matrix.interactions(found, scenario=scenario, lang=language())
        svg = inline(figure, f"together-{scenario}", heading, " ".join(found.sentences(every=False)))
        blocks.append(Block("figure", "", svg, [_raw(found, scenario)]))
    blocks.append(Block("table", tables=tables[:1]))
    if len(tables) > 1:
        blocks.append(Block("details", _("All other outcomes"), tables=tables[1:]))
    head = heading if len(found.designs) == 1 else f"{heading}: {scenario}"
    return Section(identifier(f"together-{scenario}"), head, blocks)


def _table(found: Interactions, outcome: str, scenario: str) -> Table:
    """Return for one outcome what each part does alone, each pair, three together, the whole, and each beside all others."""
    unit = outcomes_of(found.plan)[outcome]
    rows = []
    kinds = {"alone": _("alone"), "pair": "", "triple": _("beyond their pairs"), "whole": _("all, beyond the sum"),
             "company": _("beside all others, beyond alone")}  # fmt: skip
    for kind, said in kinds.items():
        several = found.pairs(outcome, scenario) if kind == "pair" else found.of(kind, outcome, scenario)
        rows += [_row(found, one, unit, said) for one in several]
    heads = [_("Parts"), _("Sum of each alone"), _("Together"), _("Synergy, or effect alone (95 % for all of a kind)"),
             _("What it is"), _("Seen from")]  # fmt: skip
    return Table(naming.outcome_with_unit(outcome, unit), heads, rows)


def _row(found: Interactions, one: Found, unit: str, said: str) -> list[str]:
    kind, outcome = one.contrast.kind, one.outcome
    parts = said if kind == "whole" else f"{found.said_parts(one)} ({said})" if said else found.said_parts(one)
    both = kind in ("pair", "triple", "whole")
    word = naming.told(outcome, one.judged.told)
    if kind == "alone":
        word = _("not told apart") if one.judged.told == "none" else _("surely not zero")
    return [
        parts, naming.amount(one.added, unit) if both else numbers.NONE,
        naming.amount(one.together, unit) if both else numbers.NONE, naming.banded(one.judged, unit), word,
        naming.amount(one.judged.seen_from, unit, sign=False),
    ]  # fmt: skip


def _raw(found: Interactions, scenario: str) -> Table:
    """Return all contrasts of the drawn outcomes, and everything as a file."""
    frame = found.table[found.table["scenario"] == scenario]
    raw: list[list[Any]] = [list(COLUMNS), *frame.astype(object).where(frame.notna(), "").to_numpy().tolist()]
    pairs = frame[(frame["kind"] == "pair") & frame["outcome"].isin(found.outcomes[: matrix.PANELS])]
    others = {"off": _("all others off"), "mean": _("mean over the others")}
    rows = [
        [str(row["parts"]), naming.outcome(row["outcome"]), others[row["others"]],
         naming.amount(row["estimate"], row["unit"]), naming.told(row["outcome"], row["told"])]
        for _n, row in pairs.iterrows()
    ]  # fmt: skip
    heads = [_("Parts"), _("Measure"), _("Others"), _("Synergy"), _("What it is")]
    return Table(_("What parts do together"), heads, rows, raw, f"interactions_{scenario}")


def _over_time(result: SweepResult, outputs: list[str]) -> Block:
    """Return medians of the options over the years."""
    drawn = outputs[: sweeps.PANELS]
    svg = inline(sweeps.sweep_lines(result, drawn, language()), "time-lines", _("Options over time"), ", ".join(drawn))
    said = describe_values(result.plan)
    frame, several = result.indicators, len(result.plan.scenarios) > 1
    # Each scenario has its own last quarter, unless levers or worlds set it, and a place of its own: a median over several
    # would tell of none.
    ends = frame.groupby(["scenario", "option", "world"], observed=True)["quarter"].transform("max")
    last = frame[frame["quarter"] == ends]
    medians = last.groupby(["scenario", "option"], observed=True)[drawn].median()
    rows = [
        [f"{scenario}, {option}" if several else str(option), *(numbers.number(float(row[name])) for name in drawn)]
        for (scenario, option), row in medians.iterrows()
    ]
    heads = [_("Option"), *(f"{naming.outcome(name)} ({_(said[name]['unit'])})" for name in drawn)]
    return Block("figure", "", svg, [Table(_("Median in the last quarter, over clusters, worlds and replicates"), heads, rows)])


def _terms(found: Interactions) -> list[tuple[str, str]]:
    """Return what the words of the page mean."""
    pairs = _("Runs of different options that share their world, seed and replicate, and with it all chance. Every difference is "
              "taken within a case.")  # fmt: skip
    if found.worlds:
        pairs += " " + _("Here the cases are worlds, so what differs between worlds is part of the band.")
    else:
        pairs += " " + _("Of several worlds a case is the mean: its band shows chance, not what nobody knows.")
    synergy = _("What two parts do together, less what each does alone: (both − neither) − (one − neither) − (other − neither). "
                "Of three parts: what is left beyond their pairs. Of all: all on, less the sum of each alone.")  # fmt: skip
    band = _("Student's t over the paired cases, widened so that it holds with 95 % for all synergies of the same kind and "
             "outcome at once (Bonferroni). A word is said only where it leaves zero out. Each outcome is looked at by itself: "
             "of twenty outcomes without any synergy, one shows something by chance.")  # fmt: skip
    return [
        (_("Paired cases"), pairs), (_("Synergy"), synergy), (_("Band"), band),
        (_("Seen from"), _("Size that a synergy must have to be told apart in four of five such designs.")),
        (_("Complements, substitutes"), _("More, or less, than the sum of each alone. It says nothing about cost.")),
    ]  # fmt: skip
