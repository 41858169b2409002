"""Public support as the accounts of a programme deliver it: what a null model is told of policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from clustersim.model.parameters import PARAMETERS
from clustersim.scenario.model import Government
from clustersim.studies.validation.lab import NoValue
from clustersim.studies.validation.nulls.null import NO_SWITCH

# Yearly money (kUSD) of one unit of each kind of support, and the instruments that give it.
KINDS = {
    "facilitators": (80.0, ("facilitator",)), "workshops": (80.0, ("consensus_workshops",)),
    "founding": (40.0, ("association_founding",)), "grant": (150.0, ("association_grant",)),
    "research": (800.0, ("technology_centre", "joint_rd_grant")),
}  # fmt: skip
UNIT = {use: (kind, money) for kind, (money, uses) in KINDS.items() for use in uses}


class Support:
    """What a programme delivers in the present quarter, by kind: arrays over replicates.

    Parameters
    ----------
    programme, government : dict or None
        As the laboratory takes them; `NoValue` for what the null models have no term for.
    replicates : int
        Stages may begin in another quarter in each.

    Examples
    --------
    >>> stage = {"name": "s", "quarters": 4, "instruments": ({"use": "facilitator", "per_year": 160.0},)}
    >>> support = Support({"stages": [stage]}, {"coordination": 1.0}, 1)
    >>> support.advance(0, np.zeros(1))
    >>> float(support.facilitators[0])
    2.0
    """

    facilitators: np.ndarray
    workshops: np.ndarray
    founding: np.ndarray
    grant: np.ndarray
    research: np.ndarray

    def __init__(self, programme: dict[str, Any] | None, government: dict[str, Any] | None, replicates: int) -> None:
        given = programme or {}
        if given.keys() - {"lag_quarters", "stages"}:
            raise NoValue(NO_SWITCH)
        self._stages = list(given.get("stages", ()))
        self._lag = given.get("lag_quarters", 0)
        for stage in self._stages:
            gate = stage.get("gate")
            if any(each["use"] not in UNIT for each in stage["instruments"]) or (gate and gate["indicator"] != "vision"):
                raise NoValue(NO_SWITCH)
        self._rates = {name: parameter.default for name, parameter in PARAMETERS["programme"].items()}
        floor = self._rates["delivery_floor"]
        self._coordinated = floor + (1.0 - floor) * Government(**(government or {})).coordination
        self._credibility = 1.0
        self._stage, self._began = np.full(replicates, -1), np.zeros(replicates, int)
        for kind in KINDS:
            setattr(self, kind, np.zeros(replicates))

    def advance(self, quarter: int, vision: np.ndarray) -> None:
        """Go on to a quarter: stages begin where their time and their gate have come."""
        if quarter < self._lag:
            self._credibility *= 1.0 - self._rates["delay_loss"]
        else:
            self._credibility += self._rates["delivery_gain"] * (1.0 - self._credibility)
            self._begin(quarter, vision)
        for kind in KINDS:
            setattr(self, kind, np.zeros(self._stage.size))
        for number, stage in enumerate(self._stages):
            done = quarter - self._began
            for each in stage["instruments"]:
                kind, unit = UNIT[each["use"]]
                paid = (self._stage == number) & (done < each.get("quarters", stage["quarters"]))
                delivered = each["per_year"] / unit * self._coordinated * self._credibility
                setattr(self, kind, getattr(self, kind) + np.where(paid, delivered, 0.0))

    def _begin(self, quarter: int, vision: np.ndarray) -> None:
        lasts = np.array([stage["quarters"] for stage in self._stages] or [0])
        free = (self._stage < 0) | (quarter >= self._began + lasts[self._stage])
        for number, stage in enumerate(self._stages):
            wanted = stage.get("gate", {"at_least": -np.inf})["at_least"]
            begins = free & (self._stage == number - 1) & (vision >= wanted)
            self._stage = np.where(begins, number, self._stage)
            self._began = np.where(begins, quarter, self._began)
            free = free & ~begins

    @classmethod
    def planned(cls, programme: dict[str, Any] | None, quarters: int, replicates: int) -> Support:
        """Return the support of all quarters of a programme without gates: arrays (quarter, replicate)."""
        support, kept = cls(programme, None, replicates), []
        for quarter in range(quarters):
            support.advance(quarter, np.zeros(replicates))
            kept.append([getattr(support, kind) for kind in KINDS])
        return support._with(np.array(kept).swapaxes(0, 1))

    @classmethod
    def joined(cls, parts: Sequence[Support]) -> Support:
        """Return several planned supports side by side."""
        return cls(None, None, 1)._with([np.concatenate([getattr(part, kind) for part in parts], axis=1) for kind in KINDS])

    def after_first(self) -> Support:
        """Return a planned support without its first quarter."""
        return Support(None, None, 1)._with([getattr(self, kind)[1:] for kind in KINDS])

    def _with(self, values: Any) -> Support:
        for kind, each in zip(KINDS, values, strict=True):
            setattr(self, kind, each)
        return self
