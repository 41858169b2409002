"""The contract of a policy instrument.

An instrument is a frozen pydantic class with a `use` name. It says which channel of `clustersim.levers` it moves, by how
much at full cost, who is paid, and where it comes from; it never touches the state. `effects` may name several channels.
A subclass needs only class attributes and a docstring; money, start, duration, taper and co-finance are common to all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field


@dataclass(frozen=True, slots=True)
class Effect:
    """What the money of an instrument moves.

    Attributes
    ----------
    channel : str
        A channel of `clustersim.levers.LEVERS`.
    strength : float
        Movement of the channel, in its unit, at full cost.
    full_cost : float
        Cost in kUSD a year at which `strength` is reached; for each hundred firms if `per_hundred_firms`.
    """

    channel: str
    strength: float
    full_cost: float
    per_hundred_firms: bool = False


class Instrument(BaseModel):
    """What every instrument takes: when, how long, how much, who shares the cost, and how it ends."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    recipient: ClassVar[str] = "nation"
    effects: ClassVar[tuple[Effect, ...]] = ()
    source: ClassVar[str] = "assumed"
    etiqueta: ClassVar[str] = ""

    start: int = Field(0, ge=0, le=400, description="Quarters after the stage begins.")
    quarters: int | None = Field(None, ge=1, le=400, description="Duration in quarters; that of the stage if not given.")
    per_year: float = Field(..., ge=0, le=1e7, description="Cost in kUSD a year, public and private together.")
    taper: float = Field(0.0, ge=0, le=1, description="Last part of the duration over which the money falls to nothing.")
    cofinance: float = Field(0.0, ge=0, le=1, description="Part of the cost that the association must pay.")
