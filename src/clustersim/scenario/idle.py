"""What a scenario says that can do nothing in any of its runs: it is sound, and may not be what was meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from clustersim.core.numbers import shortest
from clustersim.core.words import _
from clustersim.model.parameters import PARAMETERS
from clustersim.model.units import YEAR
from clustersim.policy.programme import Programme
from clustersim.scenario.keys import clip
from clustersim.scenario.model import Scenario

AT_ONCE = ("technology", "tractor_exit")  # shocks that move something once, and do not last


class Remark(NamedTuple):
    """A key, and why what it says does nothing."""

    key: str
    message: str


def idle(scenario: Scenario) -> list[Remark]:
    """Return what a scenario says that can do nothing in any of its runs.

    Parameters
    ----------
    scenario : Scenario
        The scenario; its horizon counts as it is.

    Examples
    --------
    >>> from clustersim import load_scenario
    >>> from clustersim.scenario.idle import idle
    >>> shock = {"kind": "demand", "year": 50, "size": -0.2}
    >>> [remark.key for remark in idle(load_scenario("organic").with_({"environment.shocks": [shock]}))]
    ['environment.shocks[0].year']
    """
    found = [*_shocks(scenario), *_reforms(scenario)]
    return found + list(_programme(scenario, scenario.programme)) if scenario.programme else found


def _too_late(scenario: Scenario, key: str, quarter: int) -> Iterator[Remark]:
    if quarter >= scenario.quarters:
        yield Remark(key, _("comes after the end of the run, which takes {years} years.", years=shortest(scenario.horizon.years)))


def _shocks(scenario: Scenario) -> Iterator[Remark]:
    declared = PARAMETERS["environment"]["foresight"].default
    foresight = scenario.parameters.get("environment", {}).get("foresight", declared)
    for k, shock in enumerate(scenario.environment.shocks):
        seen = foresight if shock.kind == "technology" else 0.0  # an observatory tells of it before it comes
        yield from _too_late(scenario, f"environment.shocks[{k}].year", round(YEAR * shock.year) - int(seen))
        if shock.kind in AT_ONCE and shock.years > 0.0:
            yield Remark(f"environment.shocks[{k}].years", _("a shock of this kind comes at once and does not last."))
        if shock.kind == "tractor_exit" and shock.size < 1.0:
            yield Remark(f"environment.shocks[{k}].size", _("is the number of tractor firms that leave: fewer than one is none."))


def _reforms(scenario: Scenario) -> Iterator[Remark]:
    for k, reform in enumerate(scenario.institutions.government.reforms):
        yield from _too_late(scenario, f"institutions.government.reforms[{k}].year", round(YEAR * reform.year))


def _programme(scenario: Scenario, programme: Programme) -> Iterator[Remark]:
    first = round(YEAR * programme.announced)
    if first >= scenario.quarters:
        yield from _too_late(scenario, "programme.announced", first)
        return
    if first + programme.lag_quarters >= scenario.quarters:
        yield Remark("programme.lag_quarters", _("the first stage would begin after the end of the run."))
    for k, one in enumerate(programme.selection.rounds if programme.selection else ()):
        yield from _too_late(scenario, f"programme.selection.rounds[{k}].year", first + round(YEAR * one.year))
    for k, funder in enumerate(programme.funders):
        yield from _too_late(scenario, f"programme.funders[{k}].from_year", first + round(YEAR * funder.from_year))
    if programme.clusters is not None:
        named = [("programme.scale", tuple(programme.scale))]
        named += [(f"programme.stages.{stage.name}.instruments[{k}].clusters", instrument.clusters or ())
                  for stage in programme.stages for k, instrument in enumerate(stage.instruments)]  # fmt: skip
        for key, names in named:
            if others := [name for name in names if name not in programme.clusters]:
                yield Remark(key, _("{cluster!r} is not served by the programme.", cluster=clip(others[0])))
