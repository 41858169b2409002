"""Asks the rule of a programme what becomes of the planned money, and writes its answer into the kernel's table.

A rule of the user's is asked under a watch, its answer is read there too, and whatever it does instead of answering is one
sentence that names its file. Those that come along are trusted: they are asked once, without a watch.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from numbers import Real
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from clustersim.core.errors import InputError, RuleFault, said_by
from clustersim.core.words import _
from clustersim.model.indicators import INDICATORS
from clustersim.model.sight import foretell, report
from clustersim.policy.plugins import memory
from clustersim.policy.plugins.contract import shown
from clustersim.policy.plugins.files import line_reached
from clustersim.policy.plugins.registry import owner, use_of
from clustersim.policy.plugins.watching import Overdue, Watch, watched
from clustersim.policy.programme import Programme
from clustersim.policy.rule import FACTOR_MAX, Others, Rule, Seen
from clustersim.policy.rules import RULES
from clustersim.policy.rules.gaps import SEVEN, closed_by
from clustersim.scenario.keys import did_you_mean
from clustersim.simulation.initial import State

INDICATOR_NAMES = tuple(INDICATORS)
GAPS_AT = [INDICATOR_NAMES.index(gap) for gap in SEVEN]


class _Told(NamedTuple):
    """What decisions read of the state, as lists: by cluster first, then by row of the programme."""

    announced: list[int]
    stage: list[int]
    began: list[int]
    first: list[int]
    last: list[int]
    reports: list[list[float]]
    indicators: list[list[float]]
    number: list[int]
    factor: list[float]
    money: list[float]


class Ruling:
    """The rule of a simulation's programme, and what it must be told.

    Decisions fall on multiples of the rule's `every`, counted from the start, so that they do not depend on how far a
    simulation is advanced at a time. There is none in the very first quarter, of which nothing is recorded yet.

    Of a rule that a plugin brings, each time that decisions are due, the first one is asked for twice, and nothing that its code
    may have kept may have changed after the last: a run must be the same alone and among many.
    """

    def __init__(self, rule: Rule, programme: Programme, clusters: Sequence[str]) -> None:
        self.rule, self.clusters = rule, clusters
        self.stages = [stage.name for stage in programme.stages]
        instruments = [instrument for _, instrument in programme.instruments()]
        self.uses = [str(instrument.use) for instrument in instruments]  # type: ignore[attr-defined]
        self.closes = MappingProxyType({use: closed_by(type(one)) for use, one in zip(self.uses, instruments, strict=True)})
        self.last: np.ndarray | None = None
        self._first: dict[int, Mapping[str, float]] = {}
        plugin = owner(use_of(type(rule)))
        self._places = memory.places(rule) if plugin is not None and type(rule) in plugin.rules else None

    def left(self, quarter: int) -> int:
        """Return the quarters from this one to the next decision."""
        return self.rule.every - quarter % self.rule.every

    def note(self, indicators: np.ndarray) -> None:
        """Remember the indicators of the last quarter: an array (cluster, indicator)."""
        self.last = indicators.copy()

    def baselines(self) -> dict[str, dict[str, float]]:
        """Return what the rule saw at its first decision about each cluster, as JSON takes it."""
        return {str(c): dict(seen) for c, seen in self._first.items()}

    def remember(self, last: np.ndarray | None, baselines: Mapping[str, Mapping[str, float]]) -> None:
        """Take up where another ruling of the same rule left off."""
        self.last = last
        self._first = {int(c): MappingProxyType(dict(seen)) for c, seen in baselines.items()}

    def decide(self, state: State) -> None:
        """Ask for each cluster to which the programme was announced, if a decision is due."""
        quarter = int(state.worlds.quarter[0])
        if self.last is None or quarter % self.rule.every:
            return
        told = self._told(state)
        due = [c for c, announced in enumerate(told.announced) if 0 <= announced <= quarter]
        if not due:
            return
        sights, replicates = self._looks(told, quarter), state.worlds["replicate"].tolist()
        count = len(self.clusters)
        answers = ask(self.rule, [(sights[c], replicates[c // count]) for c in due], self.uses, self._places)
        factor, pooled = state.plan.rows["factor"], state.plan.rows["pooled"]
        for c, answer in zip(due, answers, strict=True):
            for row in range(told.first[c], told.last[c]):
                number = told.number[row]
                if number < len(self.uses):  # evaluations come after the instruments, and no rule touches their money
                    factor[row], pooled[row] = answer.get(self.uses[number], 1.0), self.rule.keeps_total

    def _told(self, state: State) -> _Told:
        """Read what is to be seen off the state."""
        clusters, rows = state.clusters, state.plan.rows
        money = np.zeros(len(rows))
        foretell(clusters.copy(), state.worlds, state.plan, state.parameters, money)
        assert self.last is not None
        reports = np.ascontiguousarray(self.last[:, GAPS_AT])
        report(state.actors, state.ties, clusters, state.parameters, reports)
        columns: Any = (clusters["announced"], clusters["stage"], clusters["began"][:, 0], clusters["rows_first"],
                        clusters["rows_last"], reports, self.last, rows["instrument"], rows["factor"], money)  # fmt: skip
        return _Told(*(column.tolist() for column in columns))

    def _looks(self, told: _Told, quarter: int) -> list[Seen]:
        """Return what is to be seen of each cluster; each sees the others of its world."""
        sights: list[Seen] = []
        for first in range(0, len(told.announced), len(self.clusters)):
            world: list[Seen] = []
            for k in range(len(self.clusters)):
                world.append(self._look(told, first + k, quarter, Others(world, k)))
            sights += world
        return sights

    def _look(self, told: _Told, c: int, quarter: int, others: Others) -> Seen:
        name, announced, stage = self.clusters[c % len(self.clusters)], told.announced[c], told.stage[c]
        now = MappingProxyType(dict(zip(INDICATOR_NAMES, told.indicators[c], strict=True)))
        if not 0 <= announced <= quarter:
            return Seen(name, quarter, None, now, MappingProxyType({}), others=others)
        first = self._first.setdefault(c, now)
        begun = (quarter - told.began[c], stage, self.stages[stage]) if stage >= 0 else (None, None, None)
        planned = dict.fromkeys(self.uses, 0.0)
        factors: dict[str, float] = {}
        for row in range(told.first[c], told.last[c]):
            if told.number[row] < len(self.uses):
                use = self.uses[told.number[row]]
                planned[use] += told.money[row]
                factors.setdefault(use, told.factor[row])
        gaps = told.reports[c]
        reported = None if math.isnan(gaps[0]) else MappingProxyType(dict(zip(SEVEN, gaps, strict=True)))
        return Seen(name, quarter, begun[0], now, first, begun[1], begun[2], announced, MappingProxyType(planned), self.closes,
                    MappingProxyType(factors), reported, others)  # fmt: skip


def factors(rule: Rule, seen: Seen, uses: Sequence[str], replicate: int = 0) -> dict[str, float]:
    """Return what a rule answers.

    Parameters
    ----------
    rule : Rule
        The rule.
    seen : Seen
        What it sees.
    uses : sequence of str
        Instruments of the programme.
    replicate : int, optional
        Number of the replicate, which messages name.

    Returns
    -------
    dict
        Factor on the planned money, by name of the instrument.

    Raises
    ------
    RuleFault
        If the rule fails, or its answer is not what `clustersim.policy.rule.Rule.decide` must return.
    """
    return ask(rule, [(seen, replicate)], uses)[0]


def ask(
    rule: Rule, due: Sequence[tuple[Seen, int]], uses: Sequence[str], places: list[memory.Place] | None = None
) -> list[dict[str, float]]:
    """Return what a rule answers to each of several sights, given with the numbers of their replicates.

    Parameters
    ----------
    rule : Rule
        The rule.
    due : sequence of (Seen, int)
        What it sees, and in which replicate.
    uses : sequence of str
        Instruments of the programme.
    places : list, optional
        Where its code could keep something from one decision to the next, which is then held to be forbidden.

    Raises
    ------
    RuleFault
        See `factors`.
    """
    if type(rule) in RULES.values():
        return [dict(rule.decide(seen)) for seen, _replicate in due]
    at = 0

    def work(watch: Watch) -> list[dict[str, float]]:
        nonlocal at
        before = memory.remembered(places) if places is not None else []
        answers = []
        for at, (seen, replicate) in enumerate(due):
            watch.next()
            answers.append(_answer(rule, seen, uses, replicate))
            if at == 0 and places is not None:
                again = _answer(rule, seen, uses, replicate)
                if again != answers[0]:
                    raise _fault(rule, seen, replicate, _("it answers the same sight once with {first} and once with {second}",
                                                          first=shown(answers[0]), second=shown(again)))  # fmt: skip
        watch.next()
        for (label, _holder, _name), old, new in zip(places or (), before, memory.remembered(places or []), strict=True):
            if old != new:
                what = _("it keeps something in {place} from one decision to the next, which a rule cannot", place=label)
                raise _fault(rule, *due[0], what, _("What it needs to know is in what it sees."))
        return answers

    try:
        return watched(work)
    except InputError:
        raise
    except Overdue as error:
        raise _fault(rule, *due[at], _("its decide did not end: {said}", said=str(error))) from None
    except Exception as error:
        raise _fault(rule, *due[at], _("its code failed with {said}", said=said_by(error))) from None


def _answer(rule: Rule, seen: Seen, uses: Sequence[str], replicate: int) -> dict[str, float]:
    """Ask for one decision; all that the answer's own code may do, when it is looked at, counts as the rule's doing."""
    given = replace(seen, now=MappingProxyType(dict(seen.now)), first=MappingProxyType(dict(seen.first)))  # own copies
    try:
        found = rule.decide(given)
    except BaseException as error:
        code = getattr(inspect.unwrap(type(rule).decide), "__code__", None)
        line = line_reached(error, code.co_filename) if code is not None else None
        raise _fault(rule, seen, replicate, _("its decide failed with {said}", said=said_by(error)), "", line) from None
    if given != seen:
        raise _fault(rule, seen, replicate, _("it changed what it was shown, which it can only read"))
    try:
        return _factors(rule, seen, uses, replicate, found)
    except InputError:
        raise
    except BaseException as error:
        what = _("its answer cannot be read, for that fails with {said}", said=said_by(error))
        raise _fault(rule, seen, replicate, what) from None


def _factors(rule: Rule, seen: Seen, uses: Sequence[str], replicate: int, found: Any) -> dict[str, float]:
    if not isinstance(found, Mapping):
        what = _("its decide returned {found}; it must be a mapping of factors by instrument", found=shown(found))
        raise _fault(rule, seen, replicate, what)
    answer = {}
    for use, factor in found.items():
        if not (isinstance(use, str) and use in uses):
            near = did_you_mean(use, uses) if isinstance(use, str) else ""
            known = ", ".join(dict.fromkeys(uses))
            what = _("it names {use}, which the programme does not use; it uses {known}", use=shown(use), known=known)
            raise _fault(rule, seen, replicate, what, near)
        number: Any = factor if isinstance(factor, Real) and not isinstance(factor, bool) else math.nan
        if not 0.0 <= number <= FACTOR_MAX:
            what = _("its factor for {use!r} is {factor}; it must be a number from 0 to {most:g}", use=use, factor=shown(factor),
                     most=FACTOR_MAX)  # fmt: skip
            raise _fault(rule, seen, replicate, what)
        answer[str(use)] = float(number)
    return answer


def _fault(rule: Rule, seen: Seen, replicate: int, what: str, hint: str = "", line: int | None = None) -> RuleFault:
    use = str(type(rule).model_fields["use"].default)
    plugin = owner(use)
    message = _("in cluster {cluster!r}, quarter {quarter}, replicate {replicate}, {what}", cluster=seen.cluster,
                quarter=seen.quarter, replicate=replicate, what=what)  # fmt: skip
    return RuleFault(plugin.label if plugin else "", _("rule {use}", use=use), message, hint, line)
