"""The contract of a rule: code of the user's that looks at a cluster every few quarters and steers its programme's money.

A rule is a frozen pydantic class with a `use` name. It sees what is recorded of a cluster, and nothing else; it answers with a
factor on the planned money of each instrument that it names. It writes nothing, draws nothing, and keeps nothing from one
decision to the next, so a run with a rule is the same alone and among many. No rule ships with clustersim: see
docs/extending.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

FACTOR_MAX = 10.0


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

    every: int = Field(4, ge=1, le=40, description="Quarters from one decision to the next, counted from the start of the run.")

    def decide(self, seen: Seen) -> Mapping[str, float]:
        """Return factors on the planned money, 0 to 10, by name of the instrument; who is not named is paid as planned."""
        raise NotImplementedError
