"""A programme: instruments strung into stages with gates, a launch lag, a lead and a budget; and its table for the kernel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema, model_validator

from clustersim.core.errors import InputError, door
from clustersim.core.words import _
from clustersim.model.gates import CODES, GATES, OPEN, Observed
from clustersim.model.levers import FIRM_CHANNELS, LEVERS, RECIPIENTS
from clustersim.model.reach import EVERY_CLASS, EVERY_SEGMENT
from clustersim.model.sizes import CLASSES
from clustersim.model.state import AIMS_MAX, PROGRAMME_ROWS, STAGE_ROWS, STAGES_MAX, TARGETS, table
from clustersim.model.units import YEAR
from clustersim.policy.governance import Funder, LeadName, Levels, check_funders, terms
from clustersim.policy.instruments import Instrument
from clustersim.policy.instruments.base import EVALUATION, Call, Target
from clustersim.policy.plugins.choosing import AnyInstrument, AnyRule, RecordedInstrument, RecordedRule

# Latin letters, with accents drawn into them or behind them. No dot and no bracket, so that dotted keys can call a stage.
_LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_SIGN = f"{_LETTER}\u0300-\u036f0-9_-"
STAGE_NAME = f"^[{_LETTER}]([ {_SIGN}]*[{_SIGN}])?$"


OBSERVED = "What it reads: " + "; ".join(f"{name}, {meaning}" for name, meaning in GATES.items()) + "."


class Aim(NamedTuple):
    """A target other than everyone: which firms are within it. Instruments with the same one share it; each call has its own."""

    target: Target
    classes: tuple[str, ...]
    segments: tuple[str, ...] | None
    younger_than: float | None
    firms: tuple[str, ...] | None
    call: tuple[int, Call] | None  # with the number of the instrument that holds it


# Where the full cost goes by number and only single firms are reached, those within an aim are counted as they are paid for.
COUNTED_NOW = {"hundred firms": {"per_firm": 1.0 / 100.0}, "thousand jobs": {"per_job": 1.0 / 1000.0}}


def _aim(number: int, instrument: Instrument) -> Aim | None:
    """Return the aim of an instrument, the `number`-th of its programme; None if it is for everyone."""
    if instrument.target == "everyone":
        return None
    classes = tuple(name for name in CLASSES if name in instrument.classes)
    segments = instrument.segments and tuple(sorted(instrument.segments))
    called = (number, instrument.call) if instrument.call is not None else None
    firms = instrument.firms and tuple(sorted(set(instrument.firms)))
    return Aim(instrument.target, classes, segments, instrument.younger_than, firms, called)


def _aim_columns(aim: Aim) -> dict[str, float]:
    """Return what the kernel's table says of an aim."""
    columns: dict[str, float] = {"target": TARGETS.index(aim.target), "younger_than": YEAR * (aim.younger_than or 0.0)}
    if aim.call is not None:
        call = aim.call[1]
        columns |= {"call_every": max(1, round(YEAR * call.every_years)), "winners": call.winners,
                    "by_merit": call.by == "merit"}  # fmt: skip
    return columns


class Gate(BaseModel):
    """What the cluster must have reached before a stage begins."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    indicator: Observed = Field(..., description=OBSERVED)
    at_least: float = Field(..., ge=0, le=1e6, description="Value that it must reach.")


class Stage(BaseModel):
    """A part of a programme: it begins after the one before, when its date and its gate allow."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(..., max_length=60, pattern=STAGE_NAME, description="Letters, digits, blanks, hyphens and underscores.")
    quarters: int = Field(..., ge=1, le=400, description="Duration in quarters.")
    not_before: int = Field(0, ge=0, le=400, description="Earliest begin, in quarters after the programme's start.")
    gate: Gate | None = Field(None, description="What the cluster must have reached before it begins.")
    lead: LeadName | None = Field(None, description="Who leads it; who leads the programme if not given.")
    instruments: tuple[AnyInstrument, ...] = Field((), description="What is done and paid in it.")


class Budget(BaseModel):
    """The most public money that a programme spends."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    per_year: float = Field(..., gt=0, le=1e8, description="kUSD a year; all instruments shrink in proportion above it.")
    shared: bool = Field(False, description="Whether it is the nation's, shared equally among the clusters served.")


class Evaluation(BaseModel):
    """A baseline when the first stage begins, and evaluations that compare with it and may cut the money.

    Programmes are to set a baseline and to evaluate (ILO; EC, consolidation); this rule and its numbers are assumed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    every_years: float = Field(2.0, ge=0.25, le=20, description="Years from one evaluation to the next.")
    per_year: float = Field(..., gt=0, le=1e6, description="Cost in kUSD a year, all of it public.")
    indicator: Observed = Field(..., description="What is compared with the baseline: see the gate of a stage.")
    gain: float = Field(..., ge=0, le=1e6, description="Least rise above the baseline, in the indicator's unit.")
    keep: float = Field(0.5, ge=0, le=1, description="Part of the planned money that is paid after an evaluation that found "
                        "less, until the next; 0 ends the programme.")


ROUND_MOST = 5000


def _number_or_names(value: Any) -> int | tuple[str, ...]:
    """Return how many clusters win a round, or their names; one sentence for what is neither."""
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= ROUND_MOST:
        return value
    if isinstance(value, list | tuple) and 0 < len(value) <= ROUND_MOST and all(isinstance(name, str) for name in value):
        return tuple(value)
    must = _("a whole number from 1 to {most}, or a list of names of clusters", most=ROUND_MOST)
    raise ValueError(_("found {found}; it must be {must}.", found=f"{value!r:.60}", must=must))


def _as_it_is(value: Any) -> Any:
    """Return what the round takes, for files too: what is not yet checked may be a list."""
    return value


class Round(BaseModel):
    """One round of selection: when, and how many clusters are taken."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    year: float = Field(0.0, ge=0, le=200, description="Years after the programme is announced.")
    clusters: Annotated[int | tuple[str, ...], PlainValidator(_number_or_names), WithJsonSchema({"anyOf": [
        {"type": "integer", "minimum": 1, "maximum": ROUND_MOST},
        {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": ROUND_MOST},
    ]}), PlainSerializer(_as_it_is)] = Field(
        ..., description="Clusters taken in this round: how many, or their names where it is known who won.")


class Selection(BaseModel):
    """How a programme chooses the clusters that it serves.

    By politics the choice is drawn at random; by competitiveness the strongest are taken, with small errors; public calls
    begin with larger errors and learn from round to round (ILO §2.4).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    mode: Literal["politics", "competitiveness", "calls"] = Field(
        ..., description="By politics (at random), by competitiveness (the strongest, with small errors), or by public calls "
        "(with larger errors that shrink from round to round).")
    rounds: tuple[Round, ...] = Field(..., min_length=1, max_length=40, description="When, and how many at a time.")


class Programme(BaseModel):
    """A policy programme for the clusters of a scenario."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    announced: float = Field(0.0, ge=0, le=200, description="Years after the start when it is announced.")
    lag_quarters: int = Field(0, ge=0, le=40, description="Quarters from announcement to the first stage.")
    lead: LeadName = Field(
        "public", description="Who leads it: public bodies (open to politics), a mixed body (half as much, but it needs "
        "two quarters to find its place), or private ones (hardly, but facilitators leave more often).")
    levels: Levels | None = Field(None, description="On which levels it is run, if that is to matter; who executes takes the "
                                  "place of `lead` then.")
    funders: tuple[Funder, ...] = Field((), max_length=40, description="Who pays which part of the planned money and until when; "
                                        "the state pays all if none is given, and until the first begins to.")
    budget: Budget | None = Field(None, description="The most that it spends; no limit if not given.")
    scale: dict[str, Annotated[float, Field(ge=0, le=1e6)]] = Field(
        default_factory=dict, description="Money of all instruments relative to what they say, by name of the cluster; 1 if not "
        "named.")
    clusters: tuple[str, ...] | None = Field(None, min_length=1, description="Names of the clusters served; all if not given.")
    selection: Selection | None = Field(None, description="How the clusters served are chosen, if not all are.")
    evaluation: Evaluation | None = Field(None, description="How the programme is evaluated, and what follows.")
    rule: AnyRule | None = Field(None, description="A rule that steers its money: one of those that `clustersim describe "
                                 "rules` lists, or one of your own (docs/extending.md).")
    stages: tuple[Stage, ...] = Field(..., min_length=1, max_length=STAGES_MAX, description="Its stages, in order.")

    @model_validator(mode="after")
    def _funders_pay_at_most_all(self) -> Programme:
        check_funders(self.funders)
        return self

    @model_validator(mode="after")
    def _aims_fit(self) -> Programme:
        if len(self.aims()) > AIMS_MAX:
            said = _("{count} targets besides everyone; at most {most} are possible.", count=len(self.aims()), most=AIMS_MAX)
            raise ValueError(f"stages: {said}")
        return self

    def instruments(self) -> list[tuple[int, Instrument]]:
        """Return (stage, instrument) in order; the position is the instrument's number in results."""
        return [(s, instrument) for s, stage in enumerate(self.stages) for instrument in stage.instruments]

    def aims(self) -> list[Aim]:
        """Return the programme's aims, in the order of the instruments that have them first; an aim's place is its bit."""
        found = [_aim(number, instrument) for number, (_stage, instrument) in enumerate(self.instruments())]
        return list(dict.fromkeys(aim for aim in found if aim is not None))

    def not_at_hand(self) -> list[str]:
        """Return the instruments, and the rule, whose plugin is not loaded, of a programme that was read from a result."""
        found = [i.use for _stage, i in self.instruments() if isinstance(i, RecordedInstrument)]
        return found + ([self.rule.use] if isinstance(self.rule, RecordedRule) else [])

    def with_copies(self, copies: dict[str, list[str]]) -> Programme:
        """Return the programme with every name of a cluster replaced by those of its copies."""

        def written_out(names: tuple[str, ...] | None) -> tuple[str, ...] | None:
            return names and tuple(one for name in names for one in copies[name])

        def in_copies(stage: Stage) -> Stage:
            own = (i.model_copy(update={"clusters": written_out(i.clusters)}) for i in stage.instruments)
            return stage.model_copy(update={"instruments": tuple(own)})

        def chosen(one: Round) -> Round:
            return one if isinstance(one.clusters, int) else one.model_copy(update={"clusters": written_out(one.clusters)})

        rounds = self.selection and tuple(chosen(one) for one in self.selection.rounds)
        return self.model_copy(update={
            "clusters": written_out(self.clusters),
            "selection": self.selection and self.selection.model_copy(update={"rounds": rounds}),
            "scale": {one: money for name, money in self.scale.items() for one in copies[name]},
            "stages": tuple(in_copies(stage) for stage in self.stages),
        })  # fmt: skip

    def paid_for(self) -> list[tuple[int, str]]:
        """Return (stage, name) of all that money is spent on, by the number that results know it by."""
        found = [(s, str(instrument.use)) for s, instrument in self.instruments()]  # type: ignore[attr-defined]
        return found + [(s, EVALUATION) for s in range(len(self.stages)) if self.evaluation]

    def rows(
        self, name: str, segments: tuple[str, ...], count: Callable[[int, int], tuple[float, float]], prices: float = 1.0
    ) -> np.recarray:
        """Return the kernel's table of instruments for a cluster.

        Parameters
        ----------
        name : str
            Name of the cluster.
        segments : tuple of str
            Segments of its value chain.
        count : callable
            Numbers of firms and of jobs at the start in the given size classes and segments (two bit masks).
        prices : float, optional
            Prices there, relative to those of the instruments' full costs.

        Raises
        ------
        InputError
            If the plugin of an instrument or of the rule is not loaded.
        """
        if missing := self.not_at_hand():
            message = _("{name!r} comes from a plugin that is not loaded, so it can be read but not run", name=missing[0])
            loader = door(command="--plugin FILE", python="clustersim.plugins.load_plugin(FILE)")
            hint = _("One of yours is loaded with {loader}.", loader=loader)
            raise InputError("", "programme", message, hint)
        lines: list[tuple[float, ...]] = []
        aimed: list[dict[str, float]] = []
        aims = self.aims()
        for number, (s, instrument) in enumerate(self.instruments()):
            quarters = instrument.quarters or self.stages[s].quarters
            payer = instrument.paid_by or instrument.payer
            classes = sum(1 << CLASSES.index(name) for name in set(instrument.classes))
            where = EVERY_SEGMENT
            if instrument.segments is not None:
                where = sum(1 << k for k, name in enumerate(segments) if name in instrument.segments)
            common = (instrument.taper, instrument.cofinance, int(payer == "firms"), classes, where,
                      int(getattr(instrument, "report", False)), instrument.until_private or 0.0, 1.0, 0.0, 0.0)  # fmt: skip
            effects = instrument.effects or (None,)
            own = _aim(number, instrument)
            aim = {} if own is None else {"aim": aims.index(own), **_aim_columns(own)}
            for effect in effects:
                full, strength, channel = 0.0, 0.0, 0
                if effect is not None:
                    firms, jobs = count(*((classes, where) if effect.channel in FIRM_CHANNELS else (EVERY_CLASS, EVERY_SEGMENT)))
                    scale = {"cluster": 1.0, "hundred firms": max(firms, 1.0) / 100.0, "thousand jobs": max(jobs, 1.0) / 1000.0}
                    count_now = aim and effect.channel in FIRM_CHANNELS and effect.per in COUNTED_NOW
                    full = prices * effect.full_cost * (1.0 if count_now else scale[effect.per]) / 4.0
                    strength = effect.strength
                    channel = list(LEVERS).index(effect.channel)
                here = where != 0 and (instrument.clusters is None or name in instrument.clusters)
                money = instrument.per_year / 4.0 / len(effects) * self.scale.get(name, 1.0) * here
                recipient = RECIPIENTS.index(instrument.recipient)
                lines.append((number, channel, recipient, s, instrument.start, quarters, money, full / len(effects),
                              strength, *common))  # fmt: skip
                aimed.append(aim | (COUNTED_NOW[effect.per] if effect is not None and count_now else {}))
        lines += self._evaluation_lines(len(self.instruments()), self.scale.get(name, 1.0))
        rows = table(PROGRAMME_ROWS, len(lines))
        for k, line in enumerate(lines):
            for column, value in zip(PROGRAMME_ROWS, line, strict=False):  # what aims say stands behind, and is empty without
                rows[column][k] = value
        for k, columns in enumerate(aimed):
            for column, value in columns.items():
                rows[column][k] = value
        return rows

    def _evaluation_lines(self, first: int, scale: float) -> list[tuple[float, ...]]:
        """Return one line of money for the evaluation in each stage: it moves no channel."""
        if self.evaluation is None:
            return []
        money, nation = self.evaluation.per_year / 4.0 * scale, RECIPIENTS.index("nation")
        rest = (0.0, 0.0, 0, EVERY_CLASS, EVERY_SEGMENT, 0, 0.0, 1.0, 0.0, 0.0)
        return [(first + s, 0, nation, s, 0, stage.quarters, money, 0.0, 0.0, *rest) for s, stage in enumerate(self.stages)]

    def stage_rows(self, p: np.record) -> np.recarray:
        """Return the kernel's table of stages; `p` holds the parameters of the mechanism programme."""
        rows = table(STAGE_ROWS, len(self.stages))
        for k, stage in enumerate(self.stages):
            gate = stage.gate
            code = CODES[gate.indicator] if gate else OPEN
            led = terms(self.lead, self.levels, p, stage.lead).lead
            rows[k] = (stage.quarters, code, gate.at_least if gate else 0.0, stage.not_before, led.politics, led.turnover)
        return rows
