"""Who runs a programme, on which levels, and who pays for it; and what follows of that for the kernel."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from clustersim.core.words import _
from clustersim.model.state import DONORS_MAX, FUNDER_ROWS, table
from clustersim.model.units import YEAR

LeadName = Literal["public", "mixed", "private"]
FunderKind = Literal["state", "donor", "multilateral", "private"]
FOREIGN = ("donor", "multilateral")  # whose money comes from abroad
FOR_GOOD = np.iinfo(np.int64).max


class Lead(NamedTuple):
    """What follows from who leads a programme."""

    politics: float  # how much of political change reaches it
    turnover: float  # turnover of facilitators, relative to the usual one
    delay: int  # quarters that a new body needs to find its place


def lead(name: LeadName, p: np.record) -> Lead:
    """Return what follows from who leads; `p` holds the parameters of the mechanism programme."""
    if name == "public":
        return Lead(1.0, 1.0, 0)
    return Lead(p.mixed_politics, 1.0, int(p.mixed_delay)) if name == "mixed" else Lead(p.private_politics, p.private_turnover, 0)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Level(_Strict):
    """One of the three functions of a programme (DINI): who has it, and what that costs."""

    run: LeadName = Field("public", description="Who has this function: public bodies, a mixed body, or private ones.")
    overhead: float = Field(0.0, ge=0, le=0.9, description="Part of the money that reaches this level which it costs itself; it "
                            "is paid as wages.")


class Tender(_Strict):
    """A tender in which the best bid wins, as far as bids can be judged."""

    bidders: int = Field(..., ge=1, le=100, description="How many bid.")
    every_years: float = Field(4.0, ge=0.25, le=50, description="Years from one tender to the next; the first is held when the "
                               "programme is announced.")


class Execution(Level):
    """The level that executes: appointed, or chosen by tender."""

    tender: Tender | None = Field(None, description="How the executor is chosen; appointed when the programme is announced if "
                                  "not given.")


class Levels(_Strict):
    """The levels on which a programme is run, from the centre to the place; each hand-over loses some of what is meant."""

    direction: Level | None = Field(None, description="Strategic direction: raises and assigns the money.")
    coordination: Level | None = Field(None, description="Coordination: finds opportunities, assesses proposals, supervises.")
    execution: Execution = Field(..., description="Execution: does the work in the place.")

    def given(self) -> list[Level]:
        """Return the levels that there are, from the top."""
        return [level for level in (self.direction, self.coordination, self.execution) if level is not None]


class Funder(_Strict):
    """Who pays a part of a programme, and until when."""

    name: str = Field(..., min_length=1, max_length=60, description="Its name; one that is listed again comes back, or pays "
                      "another share from then on.")
    kind: FunderKind = Field(..., description="The state or private funds of the nation, a foreign donor, or a multilateral one; "
                             "money of the last two comes from abroad.")
    share: float = Field(..., gt=0, le=1, description="Part of the planned money that it pays.")
    from_year: float = Field(0.0, ge=0, le=200, description="Years after the programme is announced from which on it pays.")
    until_year: float | None = Field(None, gt=0, le=200, description="Years after that when it ceases to pay; for good if not "
                                     "given.")

    @model_validator(mode="after")
    def _pays_for_a_time(self) -> Funder:
        if self.until_year is not None and self.until_year <= self.from_year:
            said = _("found {found}; must be later than from_year, {begin}.", found=f"{self.until_year:g}",
                     begin=f"{self.from_year:g}")  # fmt: skip
            raise ValueError(f"until_year: {said}")
        begin, end = self.span
        if begin >= end:  # no quarter between them
            said = _("found {found}; must be a quarter of a year (0.25) or more after from_year, {begin}.",
                     found=f"{self.until_year:g}", begin=f"{self.from_year:g}")  # fmt: skip
            raise ValueError(f"until_year: {said}")
        return self

    @property
    def span(self) -> tuple[int, int]:
        """Quarters after the announcement: when it begins to pay, and when it has ceased to."""
        last = FOR_GOOD if self.until_year is None else round(YEAR * self.until_year)
        return round(YEAR * self.from_year), last


class Terms(NamedTuple):
    """What follows from who leads a programme and from its levels, for all of it."""

    lead: Lead
    overhead: float
    handovers: int
    bidders: int
    tender_every: int


def terms(leader: LeadName, levels: Levels | None, p: np.record, own: LeadName | None = None) -> Terms:
    """Return the terms of a programme, or of a stage that names a lead of its `own`.

    Parameters
    ----------
    leader : {"public", "mixed", "private"}
        Who leads the programme, where no levels are given.
    levels : Levels or None
        Its levels.
    p : np.record
        Parameters of the mechanism programme.
    own : {"public", "mixed", "private"}, optional
        Who leads a stage; in a programme with levels, who executes in it.
    """
    if levels is None:
        return Terms(lead(own or leader, p), 0.0, 0, 0, 0)
    each = [lead(level.run, p) for level in levels.given()]
    each[-1] = lead(own or levels.execution.run, p)
    politics = sum(one.politics for one in each) / len(each)
    tender = levels.execution.tender
    return Terms(
        Lead(politics, each[-1].turnover, max(one.delay for one in each)),
        1.0 - prod(1.0 - level.overhead for level in levels.given()),
        len(each) - 1,
        tender.bidders if tender else 1,
        max(1, round(YEAR * tender.every_years)) if tender else 0,
    )


def donors(funders: Sequence[Funder]) -> list[str]:
    """Return the names of foreign funders, each once, in the order in which they are first listed."""
    return list(dict.fromkeys(funder.name for funder in funders if funder.kind in FOREIGN))


def check_funders(funders: Sequence[Funder]) -> None:
    """Raise `ValueError` if funders pay more than there is, one is of two kinds, or there are too many foreign ones."""
    kinds = {funder.name: funder.kind for funder in funders}
    for funder in funders:
        if funder.kind != kinds[funder.name]:
            said = _("{name!r} is called {first} and {second}.", name=funder.name, first=funder.kind, second=kinds[funder.name])
            raise ValueError(f"funders: {said}")
    for begin, _end in (funder.span for funder in funders):
        total = sum(funder.share for funder in funders if funder.span[0] <= begin < funder.span[1])
        if total > 1.0 + np.sqrt(np.finfo(float).eps):
            said = _("in year {year} the shares add up to {total}; at most 1 is possible.", year=f"{begin / YEAR:g}",
                     total=f"{total:g}")  # fmt: skip
            raise ValueError(f"funders: {said}")
    if len(donors(funders)) > DONORS_MAX:
        said = _("{count} come from abroad; at most {most} are possible.", count=len(donors(funders)), most=DONORS_MAX)
        raise ValueError(f"funders: {said}")


def funder_rows(funders: Sequence[Funder]) -> np.recarray:
    """Return the kernel's table of funders."""
    rows, names = table(FUNDER_ROWS, len(funders)), donors(funders)
    for k, funder in enumerate(funders):
        rows[k] = (*funder.span, funder.share, names.index(funder.name) if funder.kind in FOREIGN else -1)
    return rows
