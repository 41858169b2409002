"""The contract of a policy instrument.

An instrument is a frozen pydantic class with a `use` name. It says which channel of `clustersim.model.levers` it moves, by how
much at full cost, who is paid, and where it comes from; it never touches the state. `effects` may name several channels.
A subclass needs only class attributes and a docstring; money, start, duration, target, co-finance and exit are common to all.
A plugin says its name and meaning in Spanish in `etiqueta` and `descripcion`; those of clustersim stand in its catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from clustersim.core.words import N_
from clustersim.model.sizes import CLASSES, SizeClass


@dataclass(frozen=True, slots=True)
class Effect:
    """What the money of an instrument moves.

    Attributes
    ----------
    channel : str
        A channel of `clustersim.model.levers.LEVERS`.
    strength : float
        Movement of the channel, in its unit, at full cost.
    full_cost : float
        Cost in kUSD a year at which `strength` is reached.
    per : {"cluster", "hundred firms", "thousand jobs"}
        What that cost is for; firms and jobs are counted at the start: those reached where the channel acts on single firms
        (`clustersim.model.levers.FIRM_CHANNELS`), else all.

    Examples
    --------
    >>> from clustersim.instruments import INSTRUMENTS, Effect
    >>> isinstance(INSTRUMENTS["facilitator"].effects[0], Effect)
    True
    >>> Effect("events", 1.0, 50.0, per="hundred firms").per
    'hundred firms'
    """

    channel: str
    strength: float
    full_cost: float
    per: Literal["cluster", "hundred firms", "thousand jobs"] = "cluster"


EVALUATION = "evaluation"  # what the money for a programme's evaluation is called in results; no instrument's name

# How well the effect of an instrument is known, best first.
GRADES = {
    "measured": N_("studies with a comparison group measured an effect of the size used here"),
    "reported": N_("a programme's own report gives a figure that sets size or cost; nobody compared with places without it"),
    "argued": N_("a source describes how and why it works, or a programme that used it; the size of the effect is assumed"),
    "assumed": N_("sources no more than name it among usual instruments: what it moves and how much is assumed"),
}


class Instrument(BaseModel):
    """What every instrument takes: when, how long, how much, who shares the cost, and how it ends.

    Examples
    --------
    >>> from typing import Literal
    >>> from clustersim.instruments import Effect, Instrument
    >>> class Breakfasts(Instrument):
    ...     '''A breakfast each month at which firms meet.'''
    ...     use: Literal["breakfasts"] = "breakfasts"
    ...     effects = (Effect("events", 1.0, 50.0, per="hundred firms"),)
    >>> Breakfasts(per_year=30).quarters is None
    True
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    recipient: ClassVar[str] = "nation"
    payer: ClassVar[Literal["association", "firms"]] = "association"
    effects: ClassVar[tuple[Effect, ...]] = ()
    source: ClassVar[str] = "assumed"
    grade: ClassVar[Literal["measured", "reported", "argued", "assumed"]] = "assumed"
    etiqueta: ClassVar[str] = ""
    descripcion: ClassVar[str] = ""

    start: int = Field(0, ge=0, le=400, description="Quarters after the stage begins.")
    quarters: int | None = Field(None, ge=1, le=400, description="Duration in quarters; that of the stage if not given.")
    per_year: float = Field(..., ge=0, le=1e7, description="Cost in kUSD a year, public and private together.")
    taper: float = Field(0.0, ge=0, le=1, description="Last part of the duration over which the money falls to nothing.")
    cofinance: float = Field(0.0, ge=0, le=1, description="Part of the cost that private hands must pay: the association, or "
                             "the firms that an instrument for firms reaches.")
    classes: tuple[SizeClass, ...] = Field(
        CLASSES, min_length=1,
        description="Size classes that it reaches, where it acts on single firms.")
    segments: tuple[str, ...] | None = Field(None, min_length=1, description="Segments that it reaches; all if not given.")
    clusters: tuple[str, ...] | None = Field(
        None, min_length=1, description="Clusters where it is used, by name; all that the programme serves if not given.")
    until_private: float | None = Field(None, gt=0, le=1, description="Not paid while the association's private share of income "
                                        "(smoothed) is at least this: support ends when the cluster sustains itself.")
