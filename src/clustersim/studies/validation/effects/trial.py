"""What is tried: each instrument at a usual dose for two years, in one place, beside the same place without it.

The place is that of `no_policy`: an ordinary valley of 63 firms with middling trust, which nothing else helps and nothing shakes,
so that what differs is the instrument's. It is also where tests/policy/test_money.py counts what each instrument brings to the
books. Public bodies coordinate there by half, so that 0.7 of the full effect arrives.

The usual dose is what full effect costs in that place, as the instrument declares it (`full_cost`). An instrument without effects
of its own has no such cost: for a grant it is 80 kUSD a year, what one facilitator costs here (assumed).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from clustersim.model.levers import FIRM_CHANNELS
from clustersim.model.sizes import CLASSES
from clustersim.policy.instruments import INSTRUMENTS, Instrument
from clustersim.scenario.loading import load_scenario
from clustersim.scenario.model import Scenario
from clustersim.studies.validation.effects.firms import Firms

SCENARIO = "no_policy"
PAID, LAST = 2, 8  # years in which the money is paid, and the last year that is read; t is year 0
GRANT = 80.0  # kUSD a year
FOUNDING = {"use": "association_founding", "per_year": 40.0}
STAFF = {"use": "association_grant", "per_year": GRANT}
BROKER = {"use": "facilitator", "per_year": GRANT}
# What acts through members, through joint projects (which an association starts) or through the association itself.
THROUGH_ASSOCIATION, BY_ASSOCIATION = ("association", "projects"), ("services", "planning", "mutual", "bargaining")
# What acts by what other instruments achieve.
ON_OTHERS = ("coordination", "capability", "dialogue")


@dataclass(frozen=True)
class Trial:
    """One instrument, and whom it is for.

    Attributes
    ----------
    use : str
        The instrument.
    classes, segments : tuple of str
        Size classes and segments that it is aimed at; no segments are all.

    Examples
    --------
    >>> Trial("facilitator").beside, Trial("joint_rd_grant").beside[0]["use"]
    ((), 'association_founding')
    """

    use: str
    classes: tuple[str, ...] = CLASSES
    segments: tuple[str, ...] | None = None

    @property
    def kind(self) -> type[Instrument]:
        """The class of the instrument."""
        return INSTRUMENTS[self.use]

    @property
    def meaning(self) -> str:
        """What the instrument does, as a text of the catalogue."""
        return " ".join((self.kind.__doc__ or "").split())

    @property
    def channels(self) -> set[str]:
        """The channels that it moves."""
        return {effect.channel for effect in self.kind.effects}

    @property
    def beside(self) -> tuple[Mapping[str, Any], ...]:
        """What is paid in both runs, without which it would do nothing: an association with staff, or a facilitator."""
        if self.use == STAFF["use"]:
            return (FOUNDING,)
        if self.channels & set(ON_OTHERS):
            return (BROKER,)
        needs = self.kind.recipient in THROUGH_ASSOCIATION or self.channels & set(BY_ASSOCIATION)
        return (FOUNDING, STAFF) if needs else ()

    def dose(self, firms: Firms) -> float:
        """Return what full effect costs a year in the place (kUSD), from its firms at the start; `GRANT` without effects."""
        reached = firms.of(self.classes, self.segments)
        costs = [0.0]
        for effect in self.kind.effects:
            of = reached if effect.channel in FIRM_CHANNELS else firms.of(CLASSES, None)
            jobs, number = (firms.employees * of).sum(axis=1).mean(), of.sum(axis=1).mean()
            scale = {"cluster": 1.0, "hundred firms": number / 100.0, "thousand jobs": jobs / 1000.0}[effect.per]
            costs.append(effect.full_cost * float(scale))
        return max(costs) or GRANT

    def scenario(self, per_year: float | None = None) -> Scenario:
        """Return the place with the instrument at this price, kUSD a year, or without it."""
        if per_year is None:
            return place(*self.beside)
        own: dict[str, Any] = {"use": self.use, "per_year": per_year, "classes": self.classes, "segments": self.segments}
        return place(*self.beside, own)


# Help to suppliers is for the SMEs upstream of tractor firms; all others are for whoever is there.
AIMED = {"supplier_development": Trial("supplier_development", ("micro", "small", "medium"), ("suppliers",))}
TRIALS = tuple(AIMED.get(use, Trial(use)) for use in INSTRUMENTS)


def place(*paid: Mapping[str, Any]) -> Scenario:
    """Return the place, with what is paid in its first years.

    Examples
    --------
    >>> place().programme is None, place({"use": "facilitator", "per_year": 80}).programme.stages[0].quarters
    (True, 8)
    """
    plain = _plain()
    if not paid:
        return plain
    stage = {"name": "support", "quarters": 4 * PAID, "instruments": list(paid)}
    return Scenario.model_validate(plain.model_dump(mode="json") | {"programme": {"stages": [stage]}})


@cache
def _plain() -> Scenario:
    return load_scenario(SCENARIO, [f"horizon.years={LAST + 1}"])
