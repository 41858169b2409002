"""The places of a model's actors as a continuous space of Mesa's, for its drawing functions and for questions about neighbours.

It holds no positions: they lie in the arrays of the engine, and `pos` of an actor shows them. Clusters have no place in a common
country, so several are laid side by side, each around a centre of its own.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from mesa.space import ContinuousSpace

from clustersim.core import arguments
from clustersim.core.words import _
from clustersim.model.state import FREE

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = 0.1  # between two clusters, over the width of the wider one


def centres(model: Any) -> list[float]:
    """Return how far east each cluster of a model is drawn."""
    radii = [_reach(model, c) for c in range(len(model.cluster_names))]
    found = [0.0]
    for before, after in pairwise(radii):
        found.append(found[-1] + before + after + 2.0 * GAP * max(before, after))
    return found


def _reach(model: Any, c: int) -> float:
    """Return the distance from its centre within which a cluster's first actors lie."""
    state = model._state
    cluster = state.clusters[c]
    rows = slice(int(cluster.first), int(cluster.last))
    far = max(float(np.abs(column[rows]).max(initial=0.0)) for column in (state.actors.x, state.actors.y))
    return max(float(cluster.radius), far)


class Space(ContinuousSpace):
    """Where the actors of a model are, in km.

    Parameters
    ----------
    model : ClusterModel
        The model; its actors are the agents of the space, always as they are now.
    """

    def __init__(self, model: Any) -> None:
        self._model, self._centres = model, model._centres()
        first, last, most = _reach(model, 0), _reach(model, len(self._centres) - 1), max(
            _reach(model, c) for c in range(len(self._centres))
        )  # fmt: skip
        super().__init__(self._centres[-1] + last, most, False, -first, -most)

    @property
    def agents(self) -> Any:
        """All actors, as the model has them."""
        return self._model.agents

    def get_neighbors(self, pos: Sequence[float], radius: float, include_center: bool = True) -> list[Any]:
        """Return the actors within a distance (km) of a place; without those exactly there if `include_center` is false."""
        x, y = place_of(pos)
        far = arguments.real(radius, "radius", 0.0, 1e9)
        state, views = self._model._state, self._model._synced_views()
        rows = np.flatnonzero(state.actors.kind != FREE)
        owner = np.searchsorted(state.clusters["first"], rows, side="right") - 1
        east = state.actors.x[rows] + np.asarray(self._centres)[owner]
        apart = np.hypot(east - x, state.actors.y[rows] - y)
        near = (apart <= far) & (True if arguments.flag(include_center, "include_center") else apart > 0.0)
        return [views[row] for row in rows[near].tolist()]

    def move_agent(self, agent: Any, pos: Sequence[float]) -> None:
        """Move a firm to another place of its cluster."""
        agent.pos = pos

    def place_agent(self, agent: Any, pos: Any) -> None:
        """Refuse: only the model's rules bring actors."""
        raise RuntimeError(f"{agent!r} is a view: actors come by the model's rules, not by place_agent(); see move_agent()")

    def remove_agent(self, agent: Any) -> None:
        """Refuse: only the model's rules make actors leave."""
        raise RuntimeError(f"{agent!r} is a view: its actor leaves by the model's rules, not by remove_agent()")


def place_of(pos: Any) -> tuple[float, float]:
    """Return a place as two numbers (km)."""
    must = _("two finite numbers, in km")
    found = arguments.several(pos, "pos", must, 2)
    if len(found) < 2:
        raise arguments.refused("pos", pos, must)
    x, y = found
    return arguments.real(x, "pos", -1e9, 1e9), arguments.real(y, "pos", -1e9, 1e9)
