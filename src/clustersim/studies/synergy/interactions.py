"""`Interactions`: what the options of a sweep do together beyond the sum of each alone, as a table, a document and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from clustersim.core import arguments, numbers
from clustersim.core.numbers import number
from clustersim.core.words import _, _n
from clustersim.experiments.plan import Plan
from clustersim.results.presenting import Block, Presented
from clustersim.scenario.keys import one_of
from clustersim.studies.synergy import naming
from clustersim.studies.synergy.contrasts import KINDS, LEVEL, MEAN, OFF, POWER, Contrast, Judged, contrasts, judge, units_for
from clustersim.studies.synergy.factors import Design, design_of
from clustersim.studies.synergy.values import Values, outcomes_of

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
MAIN = ("employment", "sales", "exports", "productivity")  # shown first, where they are kept
SMALL = 0.01  # of an outcome's level: a synergy of this size is small but worth knowing, and replicates for it are told
MONEY = ("total_public_spending", "public_spending")
SAME_MONEY = 0.01  # part of what is paid by which the whole may differ from the sum of its parts


@dataclass(frozen=True, slots=True)
class Found:
    """A contrast for an outcome, and what it is worked out to be."""

    scenario: str
    outcome: str
    contrast: Contrast
    judged: Judged
    level: float  # mean of the outcome where all is off
    added: float  # what the parts do alone, added up
    paired: float = 0.0  # of three: what their pairs do beyond that, added up

    @property
    def together(self) -> float:
        """What the parts do together, against none of them."""
        return self.added + self.paired + self.judged.estimate


@dataclass(repr=False)
class Interactions(Presented):
    """What switched parts do together.

    Attributes
    ----------
    plan : Plan
        What was run.
    designs : dict of str to Design
        Factors and corners of each scenario.
    found : list of Found
        Every contrast for every outcome.
    worlds : bool
        Whether the pairs are worlds rather than seeds and replicates.
    folder : Path, optional
        Where the sweep lies.
    notes : list of str
        What else a reader must know.
    why_none : str
        Why there is nothing, where `found` is empty.

    Examples
    --------
    >>> import tempfile
    >>> from clustersim import interactions, sweep
    >>> money = "programme.stages.awareness.instruments"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     run = sweep({
    ...         "title": "Two", "scenarios": ["designed"], "replicates": 3, "years": 1,
    ...         "levers": {"keys": {f"{money}.facilitator.per_year": [0, 60], f"{money}.awareness_events.per_year": [0, 40]}},
    ...     }, folder, name="two")
    ...     interactions(run)
    <Interactions two: 2 parts, 4 corners, 3 paired cases>
    """

    plan: Plan
    designs: dict[str, Design]
    found: list[Found]
    worlds: bool = False
    folder: Path | None = None
    notes: list[str] = field(default_factory=list)
    why_none: str = ""

    @property
    def outcomes(self) -> list[str]:
        """Outcomes in order: the main ones first."""
        kept = outcomes_of(self.plan)
        return [name for name in MAIN if name in kept] + [name for name in kept if name not in MAIN]

    def of(self, kind: str, outcome: str | None = None, scenario: str | None = None, others: str = OFF) -> list[Found]:
        """Return the contrasts of a kind, of one outcome or scenario if it is named.

        Parameters
        ----------
        kind : {"alone", "pair", "triple", "whole", "company"}
            Of so many parts; of all; of one beside all others.
        outcome, scenario : str, optional
            One of `outcomes` and of `designs`; all if not given.
        others : {"off", "mean"}
            Whether the other parts are off, or anything.

        Raises
        ------
        InputError
            If there is none of that name.
        """
        one_of(kind, "kind", KINDS)
        one_of(others, "others", (OFF, MEAN))
        if outcome is not None:
            one_of(outcome, "outcome", self.outcomes)
        if scenario is not None:
            one_of(scenario, "scenario", self.designs)
        return [f for f in self.found if f.contrast.kind == kind and f.contrast.others == others
                and outcome in (None, f.outcome) and scenario in (None, f.scenario)]  # fmt: skip

    def pairs(self, outcome: str, scenario: str) -> list[Found]:
        """Return the pairs of an outcome: with the others off, or over all others where there are no such corners."""
        return self.of("pair", outcome, scenario) or self.of("pair", outcome, scenario, MEAN)

    def parts(self, found: Found) -> list[str]:
        """Return the names of the parts of a contrast."""
        factors = self.designs[found.scenario].factors
        return [naming.part(factors[factor], level) for factor, level in found.contrast.parts]

    def said_parts(self, found: Found) -> str:
        """Return the parts of a contrast in the language in force."""
        factors = self.designs[found.scenario].factors
        return " + ".join(naming.said(factors[factor], level) for factor, level in found.contrast.parts)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row for each scenario, outcome and contrast; `told` is "more", "less" or "none" (not told apart)."""
        import pandas as pd

        return pd.DataFrame([self._row(found) for found in self.found], columns=list(COLUMNS))

    def _row(self, found: Found) -> dict[str, Any]:
        told = found.judged
        return {
            "scenario": found.scenario, "outcome": found.outcome, "unit": outcomes_of(self.plan)[found.outcome],
            "kind": found.contrast.kind, "parts": " + ".join(self.parts(found)), "others": found.contrast.others,
            "estimate": told.estimate, "low": told.low, "high": told.high, "p": told.p, "told": told.told,
            "level": found.level, "added": found.added, "together": found.together, "seen_from": told.seen_from,
            "cases": told.units, "cases_for_one_percent": units_for(told, SMALL * abs(found.level)),
        }  # fmt: skip

    def document(self) -> dict[str, Any]:
        """Return all of it as one JSON object; what is undefined is None."""
        rows = [{key: _plain(value) for key, value in self._row(found).items()} for found in self.found]
        factors = {
            name: [{"name": f.name, "instruments": list(f.uses), "levels": list(f.levels)} for f in design.factors]
            for name, design in self.designs.items()
        }
        return {
            "format": FORMAT, "experiment": self.plan.name, "plan": self.plan.hash, "factors": factors,
            "level": LEVEL, "power": POWER, "cases_are": "worlds" if self.worlds else "seeds and replicates",
            "sentences": self.sentences(), "notes": self.notes, "interactions": rows,
        }  # fmt: skip

    def sentences(self, every: bool = True) -> list[str]:
        """Return what was found, in sentences: what is told apart in each outcome, and the smallest synergy to be seen.

        Unless `every`, the main outcomes have their sentences, and of the others it is said how much is told apart.
        """
        every = arguments.flag(every, "every")
        if not self.found:
            return [self.why_none]
        said = []
        for scenario in self.designs:
            head = f"{scenario}: " if len(self.designs) > 1 else ""
            outcomes = [outcome for outcome in self.outcomes if outcome not in MONEY]
            main = outcomes if every else outcomes[: max(1, sum(outcome in MAIN for outcome in outcomes))]
            for outcome in main:
                said += [head + sentence for sentence in self._about(outcome, scenario)]
            rest = []
            for outcome in (name for name in outcomes if name not in main):
                if count := sum(found.judged.told != "none" for found in self.looked_at(outcome, scenario)):
                    rest.append(f"{naming.outcome(outcome)} ({number(count, 0)})")
            if rest:
                outcomes_said = ", ".join(rest)
                said.append(head + _("Told apart in other outcomes as well (how many): {outcomes}.", outcomes=outcomes_said))
        return said

    def _about(self, outcome: str, scenario: str) -> list[str]:
        """Return the sentences of one outcome: what is told apart; of the first also that nothing is, and what could be."""
        looked = self.looked_at(outcome, scenario)
        said = [self._sentence(found) for found in looked if found.judged.told != "none"]
        if outcome == self.outcomes[0]:
            if not said:
                said.append(_("{outcome}: nothing is told apart from the sum of each alone.", outcome=naming.outcome(outcome)))
            said.append(self._seen(looked, outcome))
        return said

    def looked_at(self, outcome: str, scenario: str) -> list[Found]:
        """Return what tells whether parts do more together: pairs, the whole, and each in company where there are no pairs."""
        pairs = self.pairs(outcome, scenario)
        return [*pairs, *self.of("whole", outcome, scenario), *([] if pairs else self.of("company", outcome, scenario))]

    def _sentence(self, found: Found) -> str:
        """Return in words what parts do together."""
        unit, judged = outcomes_of(self.plan)[found.outcome], found.judged
        name, word = naming.outcome(found.outcome), naming.told(found.outcome, judged.told)
        synergy = naming.banded(judged, unit)
        if found.contrast.kind == "company":
            return _("{outcome}: {part} beside all others: {told}; {synergy} against what it does alone.", outcome=name,
                     part=self.said_parts(found), told=word, synergy=synergy)  # fmt: skip
        parts = _("all together") if found.contrast.kind == "whole" else self.said_parts(found)
        if not np.isfinite(found.added):
            return _("{outcome}: {parts}: {told}; synergy {synergy}.", outcome=name, parts=parts, told=word, synergy=synergy)
        return _(
            "{outcome}: {parts}: {told}; together {together}, the sum of each alone {added}, so {synergy}.", outcome=name,
            parts=parts, told=word, together=naming.amount(found.together, unit), added=naming.amount(found.added, unit),
            synergy=synergy,
        )  # fmt: skip

    def _seen(self, looked: Sequence[Found], outcome: str) -> str:
        """Return how large a synergy must be to be seen, and how many replicates would show one of a hundredth."""
        unit, asked = outcomes_of(self.plan)[outcome], [found for found in looked if found.contrast.kind != "whole"] or looked
        widest = max(asked, key=lambda found: found.judged.seen_from if np.isfinite(found.judged.seen_from) else -1.0)
        least, level = widest.judged.seen_from, abs(widest.level)
        if not np.isfinite(least):
            return _("With fewer than two replicates nothing can be told apart.")
        share = numbers.percent(least / level) if level > 0.0 else numbers.NONE
        needed = units_for(widest.judged, SMALL * level)
        return _("{outcome}: a synergy is seen in four of five such designs from {least} on ({share} of the level without the "
                 "parts); one of 1 % of it needs about {needed} paired cases, here are {cases}.", share=share,
                 outcome=naming.outcome(outcome), least=naming.amount(least, unit, sign=False),
                 cases=number(widest.judged.units, 0), needed=numbers.NONE if needed is None else number(needed, 0))  # fmt: skip

    def _heading(self) -> str:
        return self.plan.name

    def _facts(self) -> list[str]:
        parts = max((len(design.factors) for design in self.designs.values()), default=0)
        corners = max((len(design.options) for design in self.designs.values()), default=0)
        units = max((found.judged.units for found in self.found), default=0)
        return [
            _n("one part", "{n} parts", parts, n=number(parts, 0)),
            _n("one corner", "{n} corners", corners, n=number(corners, 0)),
            _n("one paired case", "{n} paired cases", units, n=number(units, 0)),
        ]  # fmt: skip

    def heads(self) -> list[str]:
        """Return the headings of `lines` but the first, which names parts or says what is measured."""
        return [_("Sum of each\nalone"), _("Together"), _("Synergy\n(95 % for all)"), _("What it is"), _("Seen from")]

    def lines(self, outcome: str, scenario: str) -> list[list[str]]:
        """Return for one outcome a line for each pair and for the whole: parts, sum, together, synergy, word, seen from."""
        unit = outcomes_of(self.plan)[one_of(outcome, "outcome", self.outcomes)]
        return [
            [
                _("All") if found.contrast.kind == "whole" else self.said_parts(found), naming.amount(found.added, unit),
                naming.amount(found.together, unit), naming.banded(found.judged, unit),
                naming.told(outcome, found.judged.told), naming.amount(found.judged.seen_from, unit, sign=False),
            ]
            for found in self.looked_at(outcome, scenario)
        ]  # fmt: skip

    def _numbers(self) -> tuple[list[str], list[list[str]]]:
        if not self.found:
            return [self.why_none], []
        head = naming.outcome_with_unit(self.outcomes[0], outcomes_of(self.plan)[self.outcomes[0]])
        return [head, *self.heads()], self.lines(self.outcomes[0], next(iter(self.designs)))

    def _table(self) -> pd.DataFrame:
        return self.table

    def _blocks(self) -> list[Block]:
        dimensions = ("scenario", "outcome", "kind", "parts", "others")
        return [Block(self.table.astype({"cases_for_one_percent": float}), dimensions, {})]


# Meaning of each column of the table, for the data dictionary of the documentation.
COLUMNS = {
    "scenario": "scenario of the experiment", "outcome": "output of the experiment, in the last quarter", "unit": "its unit",
    "kind": "alone, pair, triple, whole or company", "parts": "names of the parts",
    "others": "off: all other parts at their first level; mean: averaged over all combinations of the others",
    "estimate": "the contrast, mean over paired cases", "low": "lower end of the band that holds for all of the kind together",
    "high": "its upper end", "p": "probability under chance alone, times the contrasts looked at", "told": "more, less or none",
    "level": "mean of the outcome where all is off", "added": "sum of what the parts do alone",
    "together": "what the parts do together", "seen_from": "size that is seen in four of five such designs",
    "cases": "paired cases that have all corners",
    "cases_for_one_percent": "paired cases that would show one of 1 % of the level",
}  # fmt: skip


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not np.isfinite(value) else value


def tells(plan: Plan) -> bool:
    """Whether a plan's options hold all corners of at least one pair, or of a whole and each of its parts alone."""
    designs = (design_of(plan, scenario) for scenario in plan.scenarios)
    return any(contrast.kind in ("pair", "whole") for design in designs for contrast in contrasts(design))


def work_out(plan: Plan, values: Sequence[Values], folder: Path | None = None) -> Interactions:
    """Return the interactions in the outcomes of a plan; see `clustersim.studies.synergy.interactions_in`."""
    designs = {each.scenario: design_of(plan, each.scenario) for each in values}
    found: list[Found] = []
    for each in values:
        design = designs[each.scenario]
        every = contrasts(design)
        families = dict.fromkeys((contrast.kind, contrast.others) for contrast in every)
        for outcome, cells in each.outcomes.items():
            for family in families:
                chosen = [contrast for contrast in every if (contrast.kind, contrast.others) == family]
                for contrast, judged in zip(chosen, judge(chosen, cells), strict=True):
                    found.append(Found(each.scenario, outcome, contrast, judged, *_context(contrast, every, design, cells)))
    made = Interactions(plan, designs, found, any(each.worlds for each in values), folder)
    if not any(one.contrast.kind in ("pair", "whole") for one in found):
        made.found, made.why_none = [], naming.why_none(plan, designs)
    changed = [name for name in plan.content.get("changed", ()) if name in naming.CHANGED]
    made.notes += [_(naming.CHANGED[name]) for name in changed] + _money_note(made)
    return made


def _context(contrast: Contrast, every: Sequence[Contrast], design: Design, cells: Any) -> tuple[float, float, float]:
    """Return the level of an outcome where all is off, and what the parts of a contrast do alone, and in pairs, added up."""
    none = design.options.get((0,) * len(design.factors))
    level = float(np.nanmean(cells[:, none])) if none is not None and np.isfinite(cells[:, none]).any() else float("nan")
    if contrast.kind in ("alone", "company"):
        return level, 0.0 if contrast.kind == "alone" else float("nan"), 0.0
    alone = _fewer("alone", contrast, every)
    kept = cells[np.isfinite(cells[:, list(contrast.weights)]).all(axis=1)]
    if contrast.others == MEAN or len(alone) < len(contrast.parts) or not len(kept):
        return level, float("nan"), 0.0
    # What three do together is more than they do alone and this one contrast: their pairs stand between (of all parts, the
    # contrast is all that they do beyond the sum of each alone).
    pairs = _fewer("pair", contrast, every) if contrast.kind == "triple" else []
    added, paired = (
        float(np.sum([(kept[:, list(one.weights)] @ np.array(list(one.weights.values()))).mean() for one in several]))
        for several in (alone, pairs)
    )
    return level, added, paired


def _fewer(kind: str, contrast: Contrast, every: Sequence[Contrast]) -> list[Contrast]:
    """Return the contrasts of a kind that are of some of another's parts, at the same levels and the same others."""
    parts = set(contrast.parts)
    return [one for one in every if one.kind == kind and one.others == contrast.others and parts.issuperset(one.parts)]


def _money_note(made: Interactions) -> list[str]:
    """Return a sentence where the parts together were paid another sum than each alone: then money is part of the synergy."""
    notes = []
    for scenario in made.designs if MONEY[0] in made.outcomes else ():
        whole = made.of("whole", MONEY[0], scenario) or made.of("pair", MONEY[0], scenario)
        if len(whole) == 1 and abs(whole[0].judged.estimate) > SAME_MONEY * abs(whole[0].added):
            notes.append(_("Money: all together were paid {together} thousand USD, the sum of each alone {added}; the "
                           "difference is part of what is called synergy here.", together=number(whole[0].together, 0),
                           added=number(whole[0].added, 0)))  # fmt: skip
    return notes
