"""A programme: instruments strung into stages with gates, a launch lag and a budget; and its table for the kernel."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from clustersim.instruments import INSTRUMENTS, Instrument
from clustersim.levers import LEVERS, RECIPIENTS
from clustersim.state import GATES, PROGRAMME_ROWS, STAGE_ROWS, STAGES_MAX, table

if TYPE_CHECKING:
    AnyInstrument: TypeAlias = Instrument
else:
    AnyInstrument = Annotated[reduce(or_, INSTRUMENTS.values()), Field(discriminator="use")]


class Gate(BaseModel):
    """What the cluster must have reached before a stage begins."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    indicator: Literal["climate", "linked", "vision", "members"]
    at_least: float = Field(..., ge=0, le=1e6)


class Stage(BaseModel):
    """A part of a programme: it begins after the one before, when its date and its gate allow."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(..., max_length=60)
    quarters: int = Field(..., ge=1, le=400, description="Duration in quarters.")
    not_before: int = Field(0, ge=0, le=400, description="Earliest begin, in quarters after the programme's start.")
    gate: Gate | None = None
    instruments: tuple[AnyInstrument, ...] = ()


class Budget(BaseModel):
    """The most public money that a programme spends."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    per_year: float = Field(..., gt=0, le=1e8, description="kUSD a year; all instruments shrink in proportion above it.")


class Programme(BaseModel):
    """A policy programme for the clusters of a scenario."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    announced: float = Field(0.0, ge=0, le=200, description="Years after the start when it is announced.")
    lag_quarters: int = Field(0, ge=0, le=40, description="Quarters from announcement to the first stage.")
    budget: Budget | None = None
    stages: tuple[Stage, ...] = Field(..., min_length=1, max_length=STAGES_MAX)

    def instruments(self) -> list[tuple[int, Instrument]]:
        """Return (stage, instrument) in order; the position is the instrument's number in results."""
        return [(s, instrument) for s, stage in enumerate(self.stages) for instrument in stage.instruments]

    def rows(self, firms: int) -> np.recarray:
        """Return the kernel's table of instruments for a cluster of `firms` firms.

        An instrument with several effects is paid once, on its first row; its other rows ride on that row's number.
        """
        lines = []
        for number, (s, instrument) in enumerate(self.instruments()):
            quarters = instrument.quarters or self.stages[s].quarters
            effects = instrument.effects or (None,)
            for effect in effects:
                full, strength, channel = 0.0, 0.0, 0
                if effect is not None:
                    scale = max(firms, 1) / 100.0 if effect.per_hundred_firms else 1.0
                    full, strength = effect.full_cost * scale / 4.0, effect.strength
                    channel = list(LEVERS).index(effect.channel)
                money = instrument.per_year / 4.0 / len(effects)
                lines.append(
                    (number, channel, RECIPIENTS.index(instrument.recipient), s, instrument.start, quarters, money,
                     full / len(effects), strength, instrument.taper, instrument.cofinance, 0.0, 0.0)
                )  # fmt: skip
        rows = table(PROGRAMME_ROWS, len(lines))
        for k, line in enumerate(lines):
            rows[k] = line
        return rows

    def stage_rows(self) -> np.recarray:
        """Return the kernel's table of stages."""
        rows = table(STAGE_ROWS, len(self.stages))
        for k, stage in enumerate(self.stages):
            gate = stage.gate
            code = GATES.index(gate.indicator) if gate else 0
            rows[k] = (stage.quarters, code, gate.at_least if gate else 0.0, stage.not_before)
        return rows
