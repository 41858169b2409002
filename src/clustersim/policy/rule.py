"""The contract of a rule: code that looks at a cluster every few quarters and steers the money of its programme.

A rule is a frozen pydantic class with a `use` name. It sees what is recorded of a cluster and of the others of its world, and
nothing else; it answers with a factor on the planned money of each instrument that it names. It writes nothing, draws nothing,
and keeps nothing from one decision to the next, so a run with a rule is the same alone and among many. Those that come along
stand in `clustersim.policy.rules`; for one of your own see docs/extending.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal, overload

from pydantic import BaseModel, ConfigDict, Field

FACTOR_MAX = 10.0


class Others(Sequence["Seen"]):
    """All clusters of a world but one, which share one list however many they are.

    Examples
    --------
    >>> from clustersim.programme_rules import Others, Seen
    >>> world = [Seen(name, 8, None, {}, {}) for name in ("valley", "coast", "port")]
    >>> [other.cluster for other in Others(world, 1)]
    ['valley', 'port']
    """

    __slots__ = ("_left_out", "_world")

    def __init__(self, world: Sequence[Seen], left_out: int) -> None:
        self._world, self._left_out = world, left_out

    def __len__(self) -> int:
        return len(self._world) - 1

    @overload
    def __getitem__(self, at: int) -> Seen: ...

    @overload
    def __getitem__(self, at: slice) -> list[Seen]: ...

    def __getitem__(self, at: int | slice) -> Seen | list[Seen]:
        places = range(len(self))[at]
        if isinstance(places, range):
            return [self[k] for k in places]
        return self._world[places + (places >= self._left_out)]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a rule sees when it decides; all of it can only be read.

    Attributes
    ----------
    cluster : str
        Name of the cluster.
    quarter : int
        Quarters done since the start; the decision is about the money from now on.
    since_begin : int or None
        Quarters since the programme's first stage began there; None before it begins.
    now : mapping
        Indicators of the last quarter, by name (`clustersim describe indicators`).
    first : mapping
        The same at the rule's first decision about this cluster: its baseline.
    stage : int or None
        Place of the current stage in the programme, from 0; None before the first.
    stage_name : str or None
        Name of that stage.
    announced : int or None
        Quarter in which the programme was announced there; None before, or if the cluster is not served.
    planned : mapping
        Public money (kUSD) that each instrument of the programme asks for in the coming quarter if no rule changes it; 0 for what
        nobody could be paid for, such as a grant to an association that does not exist.
    closes : mapping
        The gaps that each instrument closes, as names of indicators (`gap_firms`), by its channels; none for some.
    factors : mapping
        Factor on the money of each instrument now in force.
    reported : mapping or None
        The seven gaps (`gap_firms` and so on) as the members of its association see them; None where no association with
        staff reports.
    others : sequence of Seen
        The other clusters of the same world, in the order of the scenario, as they are now; those where the programme is not
        announced have no `first`, `planned` and `factors`.

    Examples
    --------
    >>> from clustersim.programme_rules import Seen
    >>> seen = Seen("valley", 8, 2, now={"linked_share": 0.2}, first={"linked_share": 0.1})
    >>> seen.now["linked_share"] > seen.first["linked_share"]
    True
    """

    cluster: str
    quarter: int
    since_begin: int | None
    now: Mapping[str, float]
    first: Mapping[str, float]
    stage: int | None = None
    stage_name: str | None = None
    announced: int | None = None
    planned: Mapping[str, float] = field(default_factory=dict)
    closes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    reported: Mapping[str, float] | None = None
    others: Sequence[Seen] = field(default=(), repr=False)


class Rule(BaseModel):
    """What every rule takes, and the one method that it must have.

    Examples
    --------
    >>> from typing import Literal
    >>> from clustersim.programme_rules import Rule, Seen
    >>> class Patience(Rule):
    ...     '''Pay half until a year of the programme has gone by.'''
    ...     use: Literal["patience"] = "patience"
    ...     etiqueta, source, grade = "Paciencia", "assumed", "assumed"
    ...     def decide(self, seen):
    ...         return {"facilitator": 0.5} if (seen.since_begin or 0) < 4 else {}
    >>> Patience().decide(Seen("valley", 3, 1, {}, {}))
    {'facilitator': 0.5}
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: ClassVar[str] = "assumed"
    grade: ClassVar[Literal["measured", "reported", "argued", "assumed"]] = "assumed"
    etiqueta: ClassVar[str] = ""
    descripcion: ClassVar[str] = ""
    keeps_total: ClassVar[bool] = False  # whether the planned public money of the quarter stays, and factors only divide it anew

    every: int = Field(4, ge=1, le=40, description="Quarters from one decision to the next, counted from the start of the run.")

    def decide(self, seen: Seen) -> Mapping[str, float]:
        """Return factors on the planned money, 0 to 10, by name of the instrument; who is not named is paid as planned."""
        raise NotImplementedError
