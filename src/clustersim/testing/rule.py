"""A test for a user's own rule: a small place under a programme with the rule, and its twin without it."""

from __future__ import annotations

import functools
import io
import types
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from clustersim.core import arguments
from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.model.indicators import INDICATORS
from clustersim.model.levers import RECIPIENTS
from clustersim.policy.plugins.contract import check
from clustersim.policy.plugins.registry import kinds, use_of
from clustersim.policy.rule import Rule, Seen
from clustersim.scenario.model import Scenario
from clustersim.simulation.engine import Simulation
from clustersim.simulation.ruling import factors
from clustersim.studies.validation.lab import Laboratory
from clustersim.testing.place import new_laboratory, place, same

LAG, LEAST, LEFT = 4, 12, 2  # quarters before the first stage, of each stage at least, and after the last
FOUNDING = "association_founding"  # so that an instrument that pays the association finds one
PER_YEAR = 40.0  # kUSD of each instrument
Heard = list[tuple[Seen, dict[str, float]]]


class Decided(NamedTuple):
    """What a rule decided in a small place.

    Attributes
    ----------
    use : str
        Its name.
    decisions : int
        How often it decided, in all replicates.
    factors : dict
        For each instrument the lowest and the highest factor on its money.
    differs : tuple of str
        Indicators that differ in some quarter and replicate from those under the same programme without the rule.

    Examples
    --------
    >>> from clustersim.testing import Decided
    >>> Decided("patience", 8, {"facilitator": (0.5, 1.0)}, ()).decisions
    8
    """

    use: str
    decisions: int
    factors: dict[str, tuple[float, float]]
    differs: tuple[str, ...]


def check_rule(rule: type[Rule], instruments: Sequence[str], replicates: int = 4, seed: int = 1, **fields: Any) -> Decided:
    """Run a small place under a programme with a rule, and without it, under the same random draws.

    Parameters
    ----------
    rule : type
        The rule's class.
    instruments : sequence of str
        Instruments of the programme, in both of its stages: all that the rule may name.
    replicates : int
        Paired replicates.
    seed : int
        Seed of all runs.
    **fields
        What a programme gives the rule, such as ``every=2``.

    Returns
    -------
    Decided
        What it decided.

    Raises
    ------
    InputError
        If the class does not meet the contract, or the rule fails or gives no possible answer.
    AssertionError
        If the same sight does not give the same answer, money is not what the rule made of it, the rule prints, or a replicate
        alone is not what it is among others.

    Examples
    --------
    >>> from typing import Literal
    >>> from clustersim.programme_rules import Rule
    >>> from clustersim.testing import check_rule
    >>> class Patience(Rule):
    ...     '''Pay half until a year of the programme has gone by.'''
    ...     use: Literal["patience"] = "patience"
    ...     etiqueta, source, grade = "Paciencia", "assumed", "assumed"
    ...     def decide(self, seen):
    ...         return {"facilitator": 0.5} if (seen.since_begin or 0) < 4 else {}
    >>> check_rule(Patience, ["facilitator"], replicates=1).factors
    {'facilitator': (0.5, 1.0)}
    """
    check(rule, base=Rule)
    laboratory, use = new_laboratory(replicates, seed), use_of(rule)
    instruments = arguments.several(instruments, "instruments", _("a list of names of instruments"), len(kinds()))
    plain = rule(**fields)
    span = max(LEAST, 2 * plain.every)
    heard: Heard = []
    quarters = LAG + 2 * span + LEFT
    rules = (_listening(rule, heard)(**fields), plain, None)
    listening, ruled, bare = (_scenario(laboratory, instruments, span, rule) for rule in rules)
    told = _run(listening, laboratory, heard, quarters)
    _check_answers(plain, heard, [*instruments, FOUNDING])
    alone = Simulation(ruled, seed, [replicates - 1]).advance(quarters).indicators
    assert same(alone[:, 0], told[:, -1]).all(), _("{use}: a replicate alone is not what it is among others", use=use)
    twin = Simulation(bare, seed, range(replicates)).advance(quarters).indicators
    differs = tuple(name for k, name in enumerate(INDICATORS) if not same(told[:, :, k], twin[:, :, k]).all())
    answers = {one: [answer.get(one, 1.0) for _seen, answer in heard] for one in instruments}
    return Decided(use, len(heard), {one: (min(all_), max(all_)) for one, all_ in answers.items()}, differs)


def _listening(rule: type[Rule], heard: Heard) -> type[Rule]:
    """Return the same rule, but that it writes down what it sees and what it answers."""

    @functools.wraps(rule.decide)
    def decide(self: Rule, seen: Seen) -> Mapping[str, float]:
        answer = rule.decide(self, seen)
        heard.append((seen, dict(answer) if isinstance(answer, Mapping) else {}))
        return answer

    return types.new_class(rule.__name__, (rule,), exec_body=lambda body: body.update(decide=decide, __module__=rule.__module__))


def _scenario(laboratory: Laboratory, instruments: Sequence[str], span: int, rule: Rule | None) -> Scenario:
    """Return the small place with two stages of `span` quarters in which each instrument gets the same money."""
    for use in instruments:
        if not isinstance(use, str) or use not in kinds():
            hint = _("See: {command}", command="clustersim describe instruments")
            raise InputError("", "check_rule", _("{name} is not an instrument.", name=arguments.said(use)), hint)
    paid = [{"use": use, "per_year": PER_YEAR} for use in dict.fromkeys([*instruments, FOUNDING])]
    stages = [{"name": name, "quarters": span, "instruments": paid} for name in ("first", "second")]
    return place(laboratory, {"lag_quarters": LAG, "stages": stages, "rule": rule})


def _check_answers(rule: Rule, heard: Heard, uses: Sequence[str]) -> None:
    """Ask again, in another order, and about a cluster in which all indicators are at their lowest or highest."""
    said = io.StringIO()
    with redirect_stdout(said):
        for seen, answer in reversed(heard):
            again = factors(rule, seen, uses)
            assert again == answer, _("{use}: the same sight gives {first} and {second}", use=use_of(type(rule)), first=answer,
                                      second=again)  # fmt: skip
        for bound in (min, max):
            now = {name: bound(seen.now[name] for seen, _answer in heard) for name in INDICATORS}
            factors(rule, replace(heard[-1][0], now=now), uses)
    assert not said.getvalue(), _("{use}: it prints, which spoils what commands say in JSON", use=use_of(type(rule)))


def _run(scenario: Scenario, laboratory: Laboratory, heard: Heard, quarters: int) -> np.ndarray:
    """Run quarter by quarter and hold the money against the answers; return indicators (quarter, replicate, indicator)."""
    assert scenario.programme is not None
    uses = [name for _stage, name in scenario.programme.paid_for()]
    simulation = Simulation(scenario, laboratory.seed, range(laboratory.replicates))
    rows = simulation.state.plan.rows
    owner = np.repeat(np.arange(laboratory.replicates), len(rows) // laboratory.replicates)
    told: list[np.ndarray] = []
    for _quarter in range(quarters):
        formal = simulation.state.clusters.formal.copy()
        record = simulation.advance()
        told.append(record.indicators[0])
        answers = [answer for _seen, answer in heard[-laboratory.replicates :]] or [{}] * laboratory.replicates
        began = simulation.state.clusters.began[owner, rows.stage]
        active = (began >= 0) & (simulation.quarter - 1 - began < rows.quarters)
        active &= (rows.recipient != RECIPIENTS.index("association")) | (formal[owner] == 1)
        factor = np.array([answers[c].get(uses[number], 1.0) for c, number in zip(owner, rows.instrument, strict=True)])
        if rows.pooled.any():  # the rule keeps the total: its answers say how that is divided
            part = np.bincount(owner, active * rows.money * factor)
            whole = np.bincount(owner, active * rows.money)
            factor *= np.where(part > 0.0, whole / np.maximum(part, np.finfo(float).tiny), 0.0)[owner]
            factor += (part == 0.0)[owner]  # where nothing is left to give it to, all is paid as planned
        paid, due = record.spending[0].sum(axis=1), active * rows.money * factor
        said = _("{paid} kUSD were spent, {due} are what the rule made of it", paid=f"{paid.sum():g}", due=f"{due.sum():g}")
        assert np.allclose(paid, due, rtol=1e-9), said
    return np.array(told)
