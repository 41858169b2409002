"""Mesa agents that are live views of the actors in a simulation's arrays; `mesa_model` makes them.

A view holds its cluster, its place in the cluster and its actor's identity, nothing else: it looks the arrays up in its
own model, follows them when they grow, and raises `ActorGone` once its place is free or has a new owner.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from numbers import Real
from typing import Any, NamedTuple

import mesa
import numpy as np

from clustersim.core.arguments import refused, said
from clustersim.core.words import _
from clustersim.model.state import (
    ACTORS,
    CLUSTERS,
    EXIT_CAUSES,
    FREE,
    INFORMATION,
    LAYERS,
    LEVELS,
    OUTSIDE,
    TIE_KINDS,
    layer,
)

# Columns that only the kernels use.
INTERNAL = ("effect", "weight", "contacts", "best", "taken", "around", "root", "log_size", "cause")
# What may be written between two steps, with its range; all else follows from the model's rules.
INSTITUTION_WRITES = {"climate": (0.0, 1.0), "threshold": (-1.0, 2.0), "cash": (-1e12, 1e12)}
FIRM_WRITES = INSTITUTION_WRITES | {
    "x": (-1e4, 1e4), "y": (-1e4, 1e4), "employees": (1.0, 1e7), "knowledge": (-10.0, 10.0),
    "technology": (0.0, 1.0 - 2.0**-53), "absorptive": (0.0, 1.0), "rd_share": (0.0, 1.0), "quality": (0.0, 1.0),
    "assets": (0.0, 1e12), "base": (1e-3, 1e12), "export_share": (0.0, 0.9), "search": (0.0, 10.0),
    "wariness": (0.0, 10.0), "climate_start": (0.0, 1.0), "belief": (0.0, 1.0),
}  # fmt: skip


class ActorGone(LookupError):
    """The actor that a view shows has left the cluster.

    Examples
    --------
    >>> from clustersim.mesa_model import ActorGone
    >>> issubclass(ActorGone, LookupError)
    True
    """


class Tie(NamedTuple):
    """One tie as its owner sees it, at the moment of asking; `clustersim.model.state.TIES` says what the values mean.

    `partner` is None for a partner outside the cluster; `trust` is the owner's in the partner, `trusted` the other way; `layer`
    is one of `LAYERS`; `asks` says whether the owner asks the partner for advice (not the other way round), None below that
    level.

    Examples
    --------
    >>> from clustersim.mesa_model import ClusterModel, Firm, Tie
    >>> model = ClusterModel("organic")
    >>> ties = [tie for firm in model.agents.select(agent_type=Firm) for tie in firm.ties]
    >>> isinstance(ties[0], Tie), 0 <= ties[0].trust <= 1
    (True, True)
    """

    partner: Actor | None
    level: str
    kind: str
    since: int
    trust: float
    trusted: float
    fit: float
    value: float
    layer: str
    asks: bool | None


class _Column:
    """One declared variable of an actor; it can be written where it has a range."""

    def __init__(self, name: str, limits: tuple[float, float] | None = None) -> None:
        variable = ACTORS[name]
        self.name, self.limits, self.flag, self.unit = name, limits, variable.unit == "flag", variable.unit
        self.__doc__ = f"{variable.doc[0].upper()}{variable.doc[1:]} ({variable.unit})."

    def __get__(self, agent: Actor | None, owner: type | None = None) -> Any:
        if agent is None:
            return self
        row = agent._row()
        value = getattr(agent.model._state.actors, self.name).item(row)
        return bool(value) if self.flag else value

    def __set__(self, agent: Actor, value: float) -> None:
        if self.limits is None:
            raise AttributeError(f"{self.name} of {agent!r} follows from the model's rules and cannot be set")
        row, (low, high) = agent._row(), self.limits
        if not (isinstance(value, Real) and not isinstance(value, bool) and low <= value <= high):
            raise ValueError(f"{self.name} of {agent!r}: {said(value)} is outside [{low:g}, {high:g}] {self.unit}")
        state = agent.model._state
        column = getattr(state.actors, self.name)
        if self.name == "cash":  # the nation pays or receives the difference, so that the books stay closed
            state.clusters[agent._cluster].nation -= value - column[row]
        elif self.name == "employees":
            state.actors.log_size[row] = math.log(1.0 + value)
        column[row] = value


class _ClusterColumn:
    """One variable of the cluster that belongs to one of its institutions; to be read only."""

    def __init__(self, name: str) -> None:
        self.name, self.flag = name, CLUSTERS[name].unit == "flag"
        self.__doc__ = f"{CLUSTERS[name].doc[0].upper()}{CLUSTERS[name].doc[1:]} ({CLUSTERS[name].unit})."

    def __get__(self, agent: Actor | None, owner: type | None = None) -> Any:
        if agent is None:
            return self
        agent._row()
        value = agent.model._state.clusters[self.name].item(agent._cluster)
        return bool(value) if self.flag else value

    def __set__(self, agent: Actor, value: float) -> None:
        raise AttributeError(f"{self.name} of {agent!r} follows from the model's rules and cannot be set")


class _Numbers:
    """Numbers of views, kept by their model: Mesa 3.3 has a table in its class, which keeps every model alive."""

    def __getitem__(self, model: mesa.Model) -> Iterator[int]:
        model._numbered += 1
        return iter((model._numbered,))


class Actor(mesa.Agent):
    """A live view of one actor; made by its model, never by hand.

    Every variable declared in `clustersim.model.state.ACTORS` is an attribute (but for the kernels' work space). `uid` is the
    actor's identity in every run that has it; Mesa's `unique_id` numbers the views of one model as they were made.

    Raises
    ------
    ActorGone
        On any use of a view whose actor has left, also when its row has a new owner; `alive` tells without raising.

    Examples
    --------
    >>> from clustersim.mesa_model import ClusterModel, Actor
    >>> model = ClusterModel("organic")
    >>> actor = model.agents[0]
    >>> isinstance(actor, Actor), actor.alive
    (True, True)
    """

    __slots__ = ("_cluster", "_offset", "_uid")
    _ids = _Numbers()

    def __init__(self, model: mesa.Model, cluster: int, offset: int, uid: int) -> None:
        self._cluster, self._offset, self._uid = cluster, offset, uid
        super().__init__(model)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.unique_id} of {self.cluster}{'' if self.alive else ', gone'}>"

    @property
    def alive(self) -> bool:
        """Whether the actor is still in the cluster."""
        row, actors = self.model._row_of(self._cluster, self._offset), self.model._state.actors
        return actors.uid.item(row) == self._uid and actors.kind.item(row) != FREE

    def _row(self) -> int:
        """Return the row that the actor holds now."""
        row, actors = self.model._row_of(self._cluster, self._offset), self.model._state.actors
        same = actors.uid.item(row) == self._uid
        if same and actors.kind.item(row) != FREE:
            return row
        how = EXIT_CAUSES[actors.cause.item(row)] if same else "its place has been taken since"
        raise ActorGone(f"{self!r} has left the cluster ({how}); `alive` tells, `model.agents` are those who are there")

    @property
    def cluster(self) -> str:
        """Name of its cluster."""
        return self.model.cluster_names[self._cluster]

    @property
    def pos(self) -> tuple[float, float]:
        """Its place in the model's space (km): that of `x` and `y`, several clusters side by side."""
        row, actors = self._row(), self.model._state.actors
        return actors.x.item(row) + self.model._centres()[self._cluster], actors.y.item(row)

    @pos.setter
    def pos(self, value: Any) -> None:
        if value is None:  # Mesa says so of every new agent
            return
        from clustersim.simulation.mesa_space import place_of

        x, y = place_of(value)
        for name, number in (("x", x - self.model._centres()[self._cluster]), ("y", y)):
            setattr(self, name, number)  # declared for each class below

    @property
    def trust(self) -> float:
        """Mean trust in its partners, or without any what it expects of a stranger."""
        sides = self._sides()
        ties = self.model._state.ties
        return sum(getattr(ties, own).item(t) for t, own, _, _ in sides) / len(sides) if sides else self.climate

    @property
    def ties(self) -> list[Tie]:
        """Its ties, oldest first, those to partners outside included."""
        ties, agents = self.model._state.ties, self.model._synced_views()
        return [
            Tie(
                partner=None if other == OUTSIDE else agents[other],
                level=LEVELS[ties.level[t]],
                kind=TIE_KINDS[ties.kind[t]],
                since=ties.since.item(t),
                trust=getattr(ties, own).item(t),
                trusted=getattr(ties, back).item(t),
                fit=ties.fit.item(t),
                value=ties.value.item(t),
                layer=LAYERS[int(layer(ties.level[t], ties.value[t]))],
                asks=bool(ties.asker[t]) == (own == "trust_ba") if ties.level[t] >= INFORMATION else None,
            )
            for t, own, back, other in self._sides()
        ]

    def partners(self, level: str = LEVELS[0]) -> list[Actor]:
        """Return the actors of the cluster with whom it has a tie at this level or above: see `LEVELS`."""
        if level not in LEVELS:
            raise ValueError(f"no level of ties is called {level!r}; there are {', '.join(LEVELS)}")
        ties, agents = self.model._state.ties, self.model._synced_views()
        least = LEVELS.index(level)
        return [agents[other] for t, _, _, other in self._sides() if other != OUTSIDE and ties.level[t] >= least]

    def in_layer(self, name: str) -> list[Actor]:
        """Return the actors of the cluster with whom it has a tie of this layer: see `LAYERS`."""
        if name not in LAYERS:
            raise ValueError(f"no layer of ties is called {name!r}; there are {', '.join(LAYERS)}")
        return [tie.partner for tie in self.ties if tie.layer == name and tie.partner is not None]

    @property
    def advisers(self) -> list[Actor]:
        """The actors whose advice it asks, oldest tie first."""
        return [tie.partner for tie in self.ties if tie.asks and tie.partner is not None]

    def trust_in(self, other: Actor) -> float | None:
        """Return its trust in another actor, None if the two have no tie."""
        place = self._tie_with(other)
        return None if place is None else place[0].item(place[1])

    def set_trust_in(self, other: Actor, value: float) -> None:
        """Set its trust in a partner, between 0 and 1; the two must have a tie."""
        place = self._tie_with(other)
        if place is None:
            raise ValueError(f"{self!r} and {other!r} have no tie")
        if not (isinstance(value, Real) and not isinstance(value, bool) and 0.0 <= value <= 1.0):
            raise ValueError(f"trust {said(value)} is outside [0, 1]")
        place[0][place[1]] = value

    def _tie_with(self, other: Actor) -> tuple[np.ndarray, int] | None:
        if not isinstance(other, Actor):
            raise refused("other", other, _("an actor of the same model"))
        if other.model is not self.model:
            raise ValueError(f"{other!r} belongs to another model")
        row, ties = other._row(), self.model._state.ties
        return next(((getattr(ties, own), t) for t, own, _, partner in self._sides() if partner == row), None)

    def _sides(self) -> list[tuple[int, str, str, int]]:
        """Return for each tie its row, the names of own trust and of the partner's, and the partner's row."""
        row, actors, ties = self._row(), self.model._state.actors, self.model._state.ties
        first = actors.around.item(row)
        rows = ties.by_actor[first : first + actors.degree.item(row)].tolist()
        pairs = ((t, ties.a.item(t), ties.b.item(t)) for t in rows if ties.level[t] >= 0)
        return [(t, "trust_ab", "trust_ba", b) if a == row else (t, "trust_ba", "trust_ab", a) for t, a, b in pairs]

    def remove(self) -> None:
        """Take the view of an actor that has left out of the model; only the model's rules make an actor leave."""
        if self.alive:
            raise RuntimeError(f"{self!r} is a view: its actor leaves by the model's rules, not by remove()")
        super().remove()


class Firm(Actor):
    """A firm, of either kind.

    Examples
    --------
    >>> from clustersim.mesa_model import ClusterModel, Firm
    >>> model = ClusterModel("organic")
    >>> firms = model.agents.select(agent_type=Firm)
    >>> len(firms), firms[0].employees > 0
    (63, True)
    """


class Institution(Actor):
    """An actor that is not a firm.

    Examples
    --------
    >>> from clustersim.mesa_model import ClusterModel, Institution
    >>> model = ClusterModel("organic")
    >>> len(model.agents.select(agent_type=Institution)) >= 5
    True
    """


class TractorFirm(Firm):
    """A large firm that pulls a chain of suppliers.

    Examples
    --------
    >>> from clustersim.mesa_model import ClusterModel, TractorFirm
    >>> model = ClusterModel("organic")
    >>> len(model.agents.select(agent_type=TractorFirm))
    3
    """


class SME(Firm):
    """A micro, small or medium firm.

    Examples
    --------
    >>> from clustersim.mesa_model import ClusterModel, SME
    >>> model = ClusterModel("organic")
    >>> len(model.agents.select(agent_type=SME))
    60
    """


class University(Institution):
    """A university.

    Examples
    --------
    >>> from clustersim.mesa_model import ClusterModel, University
    >>> model = ClusterModel("organic")
    >>> len(model.agents.select(agent_type=University))
    1
    """


class TechnologyCentre(Institution):
    """A technology centre.

    Examples
    --------
    >>> from clustersim.mesa_model import ClusterModel, TechnologyCentre
    >>> model = ClusterModel("organic")
    >>> len(model.agents.select(agent_type=TechnologyCentre))
    0
    """


class Donor(Institution):
    """A foreign funder of the programme: `name` is its name there, `paid` what it has paid so far (kUSD).

    Examples
    --------
    >>> from clustersim import load_scenario
    >>> from clustersim.mesa_model import ClusterModel, Donor
    >>> funders = [{"name": "agency", "kind": "donor", "share": 0.6}]
    >>> model = ClusterModel(load_scenario("designed").with_({"programme.funders": funders}))
    >>> model.step()
    >>> donor = model.agents.select(agent_type=Donor)[0]
    >>> donor.name, donor.paid >= 0
    ('agency', True)
    """

    @property
    def _number(self) -> int:
        """Which of the cluster's donors it is; they stand in the last rows of the institutions."""
        row, cluster = self._row(), self.model._state.clusters[self._cluster]
        return int(row - (cluster.firms - cluster.donors))

    @property
    def name(self) -> str:
        """Its name in the programme under which the simulation began."""
        return self.model.donor_names[self._number]

    @property
    def paid(self) -> float:
        """What it has paid in this cluster since the start (kUSD)."""
        return float(self.model._state.clusters["donated"][self._cluster, self._number])


class Government(Institution):
    """The public bodies that run the programme.

    Examples
    --------
    >>> from clustersim.mesa_model import ClusterModel, Government
    >>> model = ClusterModel("organic")
    >>> model.agents.select(agent_type=Government)[0].coordination
    0.5
    """


class Facilitator(Institution):
    """The neutral facilitator.

    Examples
    --------
    >>> from clustersim.mesa_model import ClusterModel, Facilitator
    >>> model = ClusterModel("organic")
    >>> len(model.agents.select(agent_type=Facilitator))
    1
    """


class Bank(Institution):
    """The cluster's bank.

    Examples
    --------
    >>> from clustersim.mesa_model import ClusterModel, Bank
    >>> model = ClusterModel("organic")
    >>> model.agents.select(agent_type=Bank)[0].loans >= 0
    True
    """


class ClusterAssociation(Institution):
    """The association of the cluster; `formal` tells whether it exists now.

    Examples
    --------
    >>> from clustersim.mesa_model import ClusterModel, ClusterAssociation
    >>> model = ClusterModel("organic")
    >>> model.agents.select(agent_type=ClusterAssociation)[0].formal
    False
    """


# In the order of KINDS.
CLASSES = (Government, Facilitator, Bank, ClusterAssociation, University, TechnologyCentre, Donor, TractorFirm, SME)
# What the cluster's record holds of these institutions.
CLUSTER_VIEWS = {
    ClusterAssociation: ("formal", "founded", "members", "staff", "vision", "brand", "income_public", "income_private",
                         "mutual_pool"),
    Bank: ("loans", "bank_capital", "written_off"),
    Government: ("coordination", "top_down", "budget", "public_spending", "credibility", "regime", "autonomy", "coordinated",
                 "teams", "capability", "known", "ability", "foreign_spending"),
}  # fmt: skip

for _name in (name for name in ACTORS if name not in INTERNAL):
    setattr(Actor, _name, _Column(_name))
for _class, _writes in ((Firm, FIRM_WRITES), (Institution, INSTITUTION_WRITES)):
    for _name, _limits in _writes.items():
        setattr(_class, _name, _Column(_name, _limits))
for _owner, _names in CLUSTER_VIEWS.items():
    for _name in _names:
        setattr(_owner, _name, _ClusterColumn(_name))
