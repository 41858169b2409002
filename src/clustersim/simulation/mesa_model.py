"""`ClusterModel`: a simulation as a Mesa model, its actors as Mesa agents.

The agents are views (`mesa_agents`): what they show, and what is written to them, lies in the arrays of the one engine,
`Simulation`, so a Mesa run and a headless run are the same numbers. Views are made when `agents` is first asked for and
kept in step from then on; a run that never looks at agents never pays for them. Only what Mesa 3.3 and Mesa 4 share is
used: no `seed=` to Mesa, no `model.steps`; and no attribute is called `scenario` or `time`, which are Mesa's own from 3.4 on.
"""

from __future__ import annotations

import inspect
import math
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import mesa
import numpy as np

from clustersim.core import arguments
from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.model.indicators import INDICATORS
from clustersim.model.state import FREE, PHASES
from clustersim.policy.governance import donors
from clustersim.scenario.model import Scenario
from clustersim.simulation.changing import Change
from clustersim.simulation.engine import Simulation
from clustersim.simulation.mesa_agents import (
    CLASSES,
    SME,
    Actor,
    ActorGone,
    Bank,
    ClusterAssociation,
    Donor,
    Facilitator,
    Firm,
    Government,
    Institution,
    TechnologyCentre,
    Tie,
    TractorFirm,
    University,
)

__all__ = [
    "ClusterModel", "Actor", "Firm", "TractorFirm", "SME", "Institution", "University", "TechnologyCentre",
    "Government", "Facilitator", "Bank", "ClusterAssociation", "Donor", "Tie", "ActorGone",
]  # fmt: skip

STALE = -1
BATCH = "mesa.batchrunner"


def _latest(model: ClusterModel, cluster: int, place: int) -> float:
    """Return one indicator of the last quarter."""
    return model._indicators.item(cluster, place)


def _replicate(asked: int | None, seed: Any) -> int:
    """Return the replicate to make: the one asked for, in `mesa.batch_run` that of the iteration's number, else the first.

    Mesa makes all iterations with the same arguments (from 3.4 on with no seed either), so that without this they would be one
    run told several times. Which iteration it makes stands only in its own frame.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__") != BATCH:
        frame = frame.f_back
    if frame is None:
        return 0 if asked is None else arguments.whole(asked, "replicate", 0, arguments.SEED_MAX)
    iteration = frame.f_locals.get("iteration")
    if not isinstance(iteration, int):
        if asked is None:
            message = _("this version of Mesa does not say which iteration it makes: list the replicates")
            raise InputError("", "replicate", message)
        return arguments.whole(asked, "replicate", 0, arguments.SEED_MAX)
    if asked is None:
        return iteration
    own_seeds = seed is not None and "rng" in inspect.signature(mesa.batch_run).parameters
    if iteration and not own_seeds:
        message = _("iterations of one replicate would be equal runs; leave replicate out, and each iteration is a replicate")
        raise InputError("", "replicate", message)
    return arguments.whole(asked, "replicate", 0, arguments.SEED_MAX)


class ClusterModel(mesa.Model):
    """One replicate of a scenario as a Mesa model; a step is a quarter.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A checked scenario, the name of a shipped one, or a file.
    seed : int, optional
        Seed; the scenario's if not given.
    replicate : int, optional
        Number of the replicate: the same numbers as in a headless run of many. The first if not given; in ``mesa.batch_run`` the
        number of the iteration.
    collect : bool
        Whether to collect all indicators after each step; see `collect_indicators`.
    workers : int, optional
        Threads, for scenarios of several clusters; see `Simulation`.

    Attributes
    ----------
    simulation : Simulation
        The engine and its arrays.
    datacollector : mesa.DataCollector or None
        Collects after each step if it is set.
    running : bool
        False from the scenario's horizon on, which ends `run_model`.
    changes : list of dict
        What `change` and `shock` did so far; see `Simulation.change`.

    Raises
    ------
    InputError
        If an argument is impossible.

    Examples
    --------
    >>> from clustersim import ClusterModel
    >>> model = ClusterModel("organic")
    >>> model.step()
    >>> model.quarter, len(model.agents) > 60
    (1, True)
    """

    def __init__(
        self,
        scenario: Scenario | str | Path,
        seed: int | None = None,
        replicate: int | None = None,
        *,
        collect: bool = False,
        workers: int | None = None,
    ) -> None:
        collect = arguments.flag(collect, "collect")
        simulation = Simulation(scenario, seed, (_replicate(replicate, seed),), workers)
        # Mesa's own generators only shuffle agent sets: nothing in the model draws from them.
        super().__init__(rng=simulation.state.worlds["key"].item(0))
        self.simulation = simulation
        self.cluster_names = [spec.name for spec in simulation.scenario.place.clusters]
        programme = simulation.scenario.programme
        self.donor_names = donors(programme.funders) if programme else []
        self.datacollector: mesa.DataCollector | None = None
        self._indicators = np.full((len(self.cluster_names), len(INDICATORS)), math.nan)
        self._numbered = 0
        self._looked_at = False  # whether anyone has asked for agents
        self._synced = STALE  # quarter at which the views were last in step with the arrays
        self._actors: Any = None  # the arrays that the four below are laid out for
        self._firsts: list[int] = []
        self._held = np.zeros(0, np.uint64)  # identity shown by the view of each row, 0 for none
        self._east: list[float] | None = None  # how far east each cluster is drawn
        self._space: Any = None
        self._views: list[Any] = []  # not an object array: Python's cycle collector does not look into those
        if collect:
            self.collect_indicators()

    def step(self) -> None:
        """Advance by one quarter."""
        self._indicators = self.simulation.advance(1).indicators[0]
        if self._looked_at:
            self._sync()
        self.running = self.quarter < self.simulation.scenario.quarters
        if self.datacollector is not None:
            self.datacollector.collect(self)

    @property
    def quarter(self) -> int:
        """Quarters done since the start."""
        return self.simulation.quarter

    @property
    def indicators(self) -> dict[str, dict[str, float]]:
        """The last quarter's indicators by cluster and name; NaN before the first step."""
        rows = (dict(zip(INDICATORS, row.tolist(), strict=True)) for row in self._indicators)
        return dict(zip(self.cluster_names, rows, strict=True))

    @property
    def phases(self) -> dict[str, str]:
        """Life-cycle phase now, by cluster."""
        names = (PHASES[code] for code in self._state.clusters.phase)
        return dict(zip(self.cluster_names, names, strict=True))

    @property
    def phase(self) -> str:
        """Life-cycle phase of the only cluster."""
        if len(self.cluster_names) > 1:
            raise ValueError(f"this model has {len(self.cluster_names)} clusters: ask `phases`")
        return next(iter(self.phases.values()))

    @property
    def space(self) -> Any:
        """Where the actors are, as a continuous space of Mesa's whose agents are the model's own."""
        if self._space is None:
            from clustersim.simulation.mesa_space import Space

            self._space = Space(self)
        return self._space

    def _centres(self) -> list[float]:
        if self._east is None:
            from clustersim.simulation.mesa_space import centres

            self._east = centres(self)
        return self._east

    @property
    def changes(self) -> list[Change]:
        """What was changed since the start: a headless ``simulate(changes=...)`` does the same again."""
        return self.simulation.changes

    def change(self, overrides: Mapping[str, Any]) -> None:
        """Change the world, or policy, from the coming step on; see `Simulation.change`."""
        self.simulation.change(overrides)

    def shock(self, kind: str, size: float, years: float = 0.0) -> None:
        """Let a shock begin in the coming step; see `Simulation.shock`."""
        self.simulation.shock(kind, size, years)

    def collect_indicators(
        self,
        model_reporters: Mapping[str, Any] | None = None,
        agent_reporters: Mapping[str, Any] | None = None,
        agenttype_reporters: Mapping[type, Mapping[str, Any]] | None = None,
    ) -> mesa.DataCollector:
        """Collect, after every step from now on, the quarter, all indicators, and what the given reporters add.

        Returns
        -------
        mesa.DataCollector
            Also at `datacollector`. Columns are called as the indicators, with several clusters ``cluster.indicator``.
        """
        for given, name in ((model_reporters, "model_reporters"), (agent_reporters, "agent_reporters"),
                            (agenttype_reporters, "agenttype_reporters")):  # fmt: skip
            if given is not None and not isinstance(given, Mapping):
                raise arguments.refused(name, given, _("a mapping of column to reporter"))
        for kind, added in (agenttype_reporters or {}).items():
            if not (isinstance(kind, type) and issubclass(kind, Actor) and isinstance(added, Mapping)):
                must = _("a mapping of class of actors to a mapping of column to reporter")
                raise arguments.refused("agenttype_reporters", {kind: added}, must)
        reporters: dict[str, Any] = {"quarter": "quarter"}
        for c, cluster in enumerate(self.cluster_names):
            for place, name in enumerate(INDICATORS):
                column = name if len(self.cluster_names) == 1 else f"{cluster}.{name}"
                reporters[column] = partial(_latest, cluster=c, place=place)
        reporters.update(model_reporters or {})
        self.datacollector = mesa.DataCollector(
            model_reporters=reporters, agent_reporters=agent_reporters, agenttype_reporters=agenttype_reporters
        )
        return self.datacollector

    def actor(self, uid: int) -> Actor:
        """Return the view of the actor with this identity."""
        uid = arguments.whole(uid, "uid", 0, 2**64 - 1)
        self._sync()
        for row in np.flatnonzero(self._held == np.uint64(uid)) if uid else ():
            return self._views[row]
        raise ActorGone(f"no actor of this model has the identity {uid} now")

    @property
    def agents(self) -> Any:
        """All actors, as a Mesa AgentSet that stays in step."""
        self._sync()
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """The actors of each class, as Mesa AgentSets that stay in step."""
        self._sync()
        return super().agents_by_type

    @property
    def agent_types(self) -> list[type]:
        """The classes that have or had an actor."""
        self._sync()
        return super().agent_types

    @property
    def _state(self) -> Any:
        return self.simulation._state

    def _row_of(self, cluster: int, offset: int) -> int:
        """Return the row of a place in a cluster, as the arrays lie now."""
        if self._state.actors is not self._actors:
            self._follow_rows()
        return self._firsts[cluster] + offset

    def _synced_views(self) -> list[Any]:
        """Return the view of each row, None for a free one."""
        self._sync()
        return self._views

    def _follow_rows(self) -> None:
        """Carry the views over to new arrays: the simulation makes some when a cluster needs more room."""
        firsts, held, views = self._firsts, self._held, self._views
        self._actors, self._synced = self._state.actors, STALE
        self._firsts = self._state.clusters.first.tolist()
        self._held = np.zeros(self._actors.uid.size, np.uint64)
        self._views = [None] * self._held.size
        rooms = np.diff([*firsts, held.size]), np.diff([*self._firsts, self._held.size])
        for old, new, room_then, room_now in zip(firsts, self._firsts, *rooms, strict=False):
            room = min(room_then, room_now)
            self._held[new : new + room] = held[old : old + room]
            self._views[new : new + room] = views[old : old + room]

    def _sync(self) -> None:
        """Make views of actors that came, drop those of actors that left; all others cost a comparison of arrays."""
        self._looked_at = True
        if self._state.actors is not self._actors:
            self._follow_rows()
        if self._synced == self.quarter:
            return
        self._synced = self.quarter
        kind, uid = self._actors.kind, self._actors.uid
        now = np.where(kind != FREE, uid, np.uint64(0))
        changed = np.flatnonzero(now != self._held)
        clusters = np.searchsorted(self._firsts, changed, side="right") - 1
        left = {view._uid: view for row in changed.tolist() if (view := self._views[row]) is not None}
        self._held = now
        for row, c in zip(changed.tolist(), clusters.tolist(), strict=True):
            who, place, view = now.item(row), row - self._firsts[c], None
            if who:
                view = left.pop(who, None) or CLASSES[kind.item(row)](self, c, place, who)
                view._cluster, view._offset = c, place
            self._views[row] = view
        for view in left.values():
            view.remove()
