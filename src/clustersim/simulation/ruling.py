"""Asks the rule of a programme what becomes of the planned money, and writes its answer into the kernel's table."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from numbers import Real
from types import MappingProxyType

import numpy as np

from clustersim.core.errors import RuleFault
from clustersim.core.words import _
from clustersim.model.indicators import INDICATORS
from clustersim.policy.plugins.contract import shown
from clustersim.policy.plugins.files import line_reached
from clustersim.policy.plugins.registry import owner
from clustersim.policy.programme import Programme
from clustersim.policy.rule import FACTOR_MAX, Rule, Seen
from clustersim.scenario.keys import clip, did_you_mean
from clustersim.simulation.initial import State

INDICATOR_NAMES = tuple(INDICATORS)


class Ruling:
    """The rule of a simulation's programme, and what it must be told.

    Decisions fall on multiples of the rule's `every`, counted from the start, so that they do not depend on how far a
    simulation is advanced at a time. There is none in the very first quarter, of which nothing is recorded yet.
    """

    def __init__(self, rule: Rule, programme: Programme, clusters: Sequence[str]) -> None:
        self.rule, self.clusters = rule, clusters
        self.stages = [stage.name for stage in programme.stages]
        self.uses = [str(instrument.use) for _, instrument in programme.instruments()]  # type: ignore[attr-defined]
        self.last: np.ndarray | None = None
        self._first: dict[int, Mapping[str, float]] = {}

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
        numbers, written = state.plan.rows["instrument"], state.plan.rows["factor"]
        for c, cluster in enumerate(state.clusters):
            if not 0 <= cluster.announced <= quarter:
                continue
            seen = self._look(c, cluster, quarter)
            answer = factors(self.rule, seen, self.uses, int(state.worlds.replicate[cluster.world]))
            for row in range(cluster.rows_first, cluster.rows_last):
                number = numbers[row]  # evaluations come after the instruments, and no rule touches their money
                written[row] = answer.get(self.uses[number], 1.0) if number < len(self.uses) else 1.0

    def _look(self, c: int, cluster: np.record, quarter: int) -> Seen:
        assert self.last is not None
        now = MappingProxyType(dict(zip(INDICATOR_NAMES, self.last[c].tolist(), strict=True)))
        first = self._first.setdefault(c, now)
        name, stage, began = self.clusters[c % len(self.clusters)], int(cluster.stage), int(cluster.began[0])
        if stage < 0:
            return Seen(name, quarter, None, now, first)
        return Seen(name, quarter, quarter - began, now, first, stage, self.stages[stage])


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
    try:
        found = rule.decide(seen)
        answer = dict(found) if isinstance(found, Mapping) else None
    except (Exception, SystemExit) as error:
        first = (str(error).strip().splitlines() or [""])[0].rstrip(".")
        said = f"{type(error).__name__}: {clip(first, 200)}" if first else type(error).__name__
        line = line_reached(error, inspect.unwrap(type(rule).decide).__code__.co_filename)
        raise _fault(rule, seen, replicate, _("its decide failed with {said}", said=said), "", line) from None
    if answer is None:
        what = _("its decide returned {found}; it must be a mapping of factors by instrument", found=shown(found))
        raise _fault(rule, seen, replicate, what)
    for use, factor in answer.items():
        if use not in uses:
            near = did_you_mean(use, uses) if isinstance(use, str) else ""
            known = ", ".join(dict.fromkeys(uses))
            what = _("it names {use}, which the programme does not use; it uses {known}", use=shown(use), known=known)
            raise _fault(rule, seen, replicate, what, near)
        if not (isinstance(factor, Real) and not isinstance(factor, bool) and 0.0 <= float(factor) <= FACTOR_MAX):
            what = _("its factor for {use!r} is {factor}; it must be a number from 0 to {most:g}", use=use, factor=shown(factor),
                     most=FACTOR_MAX)  # fmt: skip
            raise _fault(rule, seen, replicate, what)
    return {use: float(factor) for use, factor in answer.items()}


def _fault(rule: Rule, seen: Seen, replicate: int, what: str, hint: str = "", line: int | None = None) -> RuleFault:
    use = str(type(rule).model_fields["use"].default)
    plugin = owner(use)
    message = _("in cluster {cluster!r}, quarter {quarter}, replicate {replicate}, {what}", cluster=seen.cluster,
                quarter=seen.quarter, replicate=replicate, what=what)  # fmt: skip
    return RuleFault(plugin.label if plugin else "", _("rule {use}", use=use), message, hint, line)
