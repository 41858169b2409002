"""A user's own indicators in a run: which are measured and when, watched while they are, and their columns.

They see what a probe sees. Unlike a function they say what they are, so a result records them and can be made again.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterable, Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np

from clustersim.core import arguments
from clustersim.core.errors import InputError, door, said_by
from clustersim.core.words import _
from clustersim.model.state import Record
from clustersim.policy.indicator import Indicator, Look
from clustersim.policy.plugins import memory
from clustersim.policy.plugins.contract import shown
from clustersim.policy.plugins.files import line_reached
from clustersim.policy.plugins.installed import find_indicator, indicator_names
from clustersim.policy.plugins.record import declared_indicator
from clustersim.policy.plugins.registry import measured, owner, use_of
from clustersim.policy.plugins.watching import Overdue, Watch, watched
from clustersim.results.probing import looks
from clustersim.scenario.keys import did_you_mean
from clustersim.simulation.engine import Simulation

ASKED_MOST = 1000  # names, so that an endless list has an end
Taken = tuple[int, dict[str, np.ndarray]]  # a quarter, from 0, and by name a value for each cluster of the state


def chosen(asked: Iterable[str] | None) -> list[type[Indicator]]:
    """Return the indicators that a run measures.

    Parameters
    ----------
    asked : iterable of str or None
        Their names; if None, all that were loaded from files or registered.

    Raises
    ------
    InputError
        If one is not known.

    Examples
    --------
    >>> from clustersim.results.measuring import chosen
    >>> chosen([])
    []
    """
    if asked is None:
        asked = measured()
    where = door(command="--indicator", python="indicators")
    found: list[type[Indicator]] = []
    for name in arguments.several(asked, "indicators", _("names of own indicators"), ASKED_MOST, least=0):
        kind = find_indicator(name)
        if kind is None:
            known = indicator_names()
            said = (_("{name} is not an own indicator; known are {known}", name=shown(name), known=", ".join(known)) if known else
                    _("{name} is not an own indicator, for none is loaded", name=shown(name)))  # fmt: skip
            loader = door(command="--plugin FILE", python="clustersim.plugins.load_plugin(FILE)")
            near = did_you_mean(name, known) if isinstance(name, str) and known else ""
            raise InputError(where, "", said, near or _("One of yours is loaded with {loader}.", loader=loader))
        found += [kind] if kind not in found else []
    return found


class Measures:
    """The indicators of a run, and when they are measured: each every so many quarters, and all at the end.

    Parameters
    ----------
    kinds : sequence of type
        The indicators.
    quarters : int
        Quarters of the run.

    Raises
    ------
    InputError
        If an indicator cannot be made.
    """

    def __init__(self, kinds: Sequence[type[Indicator]], quarters: int) -> None:
        self.quarters = quarters
        self._own = {use_of(kind): _made(kind) for kind in kinds}
        self._places = {name: memory.places(own) for name, own in self._own.items()}
        self.looks = frozenset(done for done in range(1, quarters + 1) if self._due(done))

    def _due(self, done: int) -> list[str]:
        """Return what is measured after so many quarters."""
        return [name for name, own in self._own.items() if done % own.every == 0 or done == self.quarters]

    def take(self, simulation: Simulation, record: Record) -> Taken:
        """Return the values of what is due now in each cluster.

        Raises
        ------
        InputError
            If an indicator fails, does not end, returns something else than a number, or keeps something.
        """
        due, sights = self._due(simulation.quarter), list(looks(simulation, record))
        return simulation.quarter - 1, {name: measure(self._own[name], sights, self._places[name]) for name in due}

    def columns(self, taken: Sequence[Taken], clusters: int) -> dict[str, np.ndarray]:
        """Return a column for each indicator, its rows by cluster and quarter; NaN where it was not measured."""
        found = {name: np.full((clusters, self.quarters), math.nan) for name in self._own}
        for quarter, values in taken:
            for name, value in values.items():
                found[name][:, quarter] = value
        return {name: values.reshape(-1) for name, values in found.items()}

    def units(self) -> dict[str, str]:
        """Return the unit of each column."""
        return {name: own.unit for name, own in self._own.items()}


def said(kinds: Sequence[type[Indicator]]) -> list[dict[str, Any]]:
    """Return what a result says of the indicators that were measured, one mapping each."""
    return [declared_indicator(kind) for kind in kinds]


def said_columns(provenance: Mapping[str, Any]) -> dict[str, str]:
    """Return the unit of each own indicator's column, from what a result says of itself."""
    return {one["use"]: one["unit"] for one in provenance.get("indicators", ())}


def measure(own: Indicator, sights: Sequence[Look], places: list[memory.Place] | None = None) -> np.ndarray:
    """Return what an indicator measures in each of several clusters.

    Parameters
    ----------
    own : Indicator
        The indicator.
    sights : sequence of Look
        What it sees.
    places : list, optional
        Where its code could keep something from one quarter to the next, which is then held to be forbidden.

    Raises
    ------
    InputError
        If it fails, does not end, returns something else than a number, changes what it is shown, or keeps something.
    """
    at = 0

    def work(watch: Watch) -> np.ndarray:
        nonlocal at
        before, records = memory.remembered(places or []), [look.record.tobytes() for look in sights]
        values = np.zeros(len(sights))
        for at, look in enumerate(sights):
            watch.next()
            values[at] = _value(own, look)
        if sights:
            watch.next()
            at, again = 0, _value(own, sights[0])
            if again != values[0] and not (math.isnan(again) and math.isnan(values[0])):
                raise _fault(own, sights[0], _("it measures the same state once as {first} and once as {second}",
                                               first=shown(float(values[0])), second=shown(again)))  # fmt: skip
        if records != [look.record.tobytes() for look in sights]:
            raise _fault(own, sights[0], _("it changed what it was shown, which it can only read"))
        for (label, _holder, _name), old, new in zip(places or (), before, memory.remembered(places or []), strict=True):
            if old != new:
                what = _("it keeps something in {place} from one quarter to the next, which an indicator cannot", place=label)
                raise _fault(own, sights[0], what, _("What it needs to know is in what it sees."))
        return values

    try:
        return watched(work)
    except InputError:
        raise
    except Overdue as error:
        raise _fault(own, sights[at], _("its measure did not end: {said}", said=str(error))) from None
    except Exception as error:
        raise _fault(own, sights[at], _("its code failed with {said}", said=said_by(error))) from None


def _made(kind: type[Indicator]) -> Indicator:
    try:
        return watched(lambda watch: kind())
    except Exception as error:
        plugin, name = owner(use_of(kind)), _("indicator {use}", use=use_of(kind))
        message = _("its code failed with {said}", said=said_by(error))
        raise InputError(plugin.label if plugin else "", name, message) from None


def _value(own: Indicator, look: Look) -> float:
    """Ask for one number; all that the number's own code may do, when it is looked at, counts as the indicator's doing."""
    try:
        found: Any = own.measure(look)
    except BaseException as error:
        code = getattr(inspect.unwrap(type(own).measure), "__code__", None)
        line = line_reached(error, code.co_filename) if code is not None else None
        raise _fault(own, look, _("its measure failed with {said}", said=said_by(error)), line=line) from None
    try:
        value = float(found) if isinstance(found, Real | np.bool_) else math.inf
    except BaseException as error:
        raise _fault(own, look, _("its answer cannot be read, for that fails with {said}", said=said_by(error))) from None
    if math.isinf(value):
        raise _fault(own, look, _("its measure returned {found}; it must be a number, or NaN where there is none",
                                  found=shown(found)))  # fmt: skip
    return value


def _fault(own: Indicator, look: Look, what: str, hint: str = "", line: int | None = None) -> InputError:
    use = use_of(type(own))
    plugin = owner(use)
    message = _("in cluster {cluster!r}, quarter {quarter}, replicate {replicate}, {what}", cluster=look.cluster,
                quarter=look.quarter, replicate=look.replicate, what=what)  # fmt: skip
    return InputError(plugin.label if plugin else "", _("indicator {use}", use=use), message, hint, line)
