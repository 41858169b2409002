"""The contract of a policy instrument.

An instrument is a frozen pydantic class with a `use` name. It says which channel of `clustersim.model.levers` it moves, by how
much at full cost, who is paid, and where it comes from; it never touches the state. `effects` may name several channels.
A subclass needs only class attributes and a docstring; money, start, duration, target, co-finance and exit are common to all.
A plugin says its name and meaning in Spanish in `etiqueta` and `descripcion`; those of clustersim stand in its catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from clustersim.core.words import N_, _
from clustersim.model.levers import LEVERS
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


Target = Literal["everyone", "members", "group", "young", "named", "winners"]
# The keys without which a target says nothing; no other target takes them.
NEEDED_BY = {"young": "younger_than", "named": "firms", "winners": "call"}


class Call(BaseModel):
    """A call for firms: how often it is held, and who wins."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    every_years: float = Field(1.0, ge=0.25, le=20, description="Years from one call to the next; winners are helped until then.")
    winners: int = Field(..., ge=1, le=1_000_000, description="Firms that win, in each cluster.")
    by: Literal["merit", "lottery"] = Field("merit", description="By merit, which is productivity and quality, judged with an "
                                            "error; or by lottery.")


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
    paid_by: Literal["association", "firms"] | None = Field(
        None, description="Who pays that part, if not who the instrument says: the association, or the firms of those "
        "classes and segments.")
    classes: tuple[SizeClass, ...] = Field(
        CLASSES, min_length=1,
        description="Size classes that it reaches, where it acts on single firms.")
    segments: tuple[str, ...] | None = Field(None, min_length=1, description="Segments that it reaches; all if not given.")
    target: Target = Field(
        "everyone", description="Which firms of those classes and segments it is for: everyone; members of the association; a "
        "group, firms in a joint project that runs or ended within a year; young firms; named ones; or the winners of a call.")
    younger_than: float | None = Field(None, ge=0.25, le=100, description="Age in years below which a firm is young.")
    firms: tuple[str, ...] | None = Field(None, min_length=1, max_length=10_000, description="Ids of the named firms, as the "
                                          "table of firms has them; whatever their size.")
    call: Call | None = Field(None, description="The call whose winners it is for.")
    clusters: tuple[str, ...] | None = Field(
        None, min_length=1, description="Clusters where it is used, by name; all that the programme serves if not given.")
    until_private: float | None = Field(None, gt=0, le=1, description="Not paid while the association's private share of income "
                                        "(smoothed) is at least this: support ends when the cluster sustains itself.")

    @model_validator(mode="after")
    def _target_is_whole(self) -> Instrument:
        for target, key in NEEDED_BY.items():
            if self.target == target and getattr(self, key) is None:
                raise ValueError(f"{key}: " + _("is missing; the target {target!r} needs it.", target=target))
            if self.target != target and getattr(self, key) is not None:
                raise ValueError(f"{key}: " + _("is for the target {target!r} alone.", target=target))
        if self.target == "named" and (self.segments is not None or self.classes != CLASSES):
            raise ValueError("target: " + _("named firms are reached whatever their size and segment; leave those out."))
        if self.target != "everyone" and self.effects and all(LEVERS[e.channel].reach == "cluster" for e in self.effects):
            raise ValueError("target: " + _("{use!r} acts on the cluster as a whole, so it is for everyone; leave it out.",
                                            use=type(self).model_fields["use"].default))  # fmt: skip
        return self
