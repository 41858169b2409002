"""Pictures of one replicate at chosen times, taken by simulating it again, so that no record of all firms is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clustersim.model.levers import FACILITATION
from clustersim.model.state import ASSOCIATION, EXTERNAL, FACILITATOR, FREE, INFORMATION, SME, TRACTOR
from clustersim.simulation.changing import Change, scheduled
from clustersim.simulation.engine import Simulation

MOST_FIRMS = 1500  # more would not be seen in a picture; the largest are kept

Simulate = Callable[[int], Simulation]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One cluster at one time; ties hold places in the arrays of actors.

    Attributes
    ----------
    x, y : array
        Places in km from the cluster's centre; institutions stand at the centre.
    kind : array
        Kinds of actor, as in `clustersim.model.state`.
    jobs : array
        Employees.
    a, b, level : array
        Ties inside the cluster at level 1 or more.
    outside : int
        Ties to partners outside the cluster.
    firms, ties : int
        How many there are, drawn or not.
    radius : float
        Radius of the territory in km.
    phase : int
        Code of the life-cycle phase.
    """

    x: NDArray[Any]
    y: NDArray[Any]
    kind: NDArray[Any]
    jobs: NDArray[Any]
    a: NDArray[Any]
    b: NDArray[Any]
    level: NDArray[Any]
    outside: int
    firms: int
    ties: int
    radius: float
    phase: int


def snapshots(
    simulate: Simulate, replicate: int, moments: Iterable[tuple[int, int]], changes: Sequence[Change] = ()
) -> dict[tuple[int, int], Snapshot]:
    """Simulate one replicate as far as needed and return the pictures taken on the way.

    Parameters
    ----------
    simulate : callable
        Returns a new `Simulation` of the replicate with the given number alone.
    replicate : int
        Number of the replicate.
    moments : iterable of (int, int)
        Quarters done and place of the cluster in the scenario, for each picture.
    changes : sequence of dict, optional
        What was changed in mid-run, as the result says it.

    Returns
    -------
    dict
        The picture for each moment.
    """
    wanted = sorted(set(moments))
    simulation = simulate(replicate)
    due = scheduled(changes, simulation.scenario.quarters)
    found = {}
    for quarter, cluster in wanted:
        for stop in sorted({quarter, *(begin for begin in due if begin < quarter)}):
            if stop > simulation.quarter:
                simulation.advance(stop - simulation.quarter)
            if stop < quarter and stop in due:
                simulation.change(due.pop(stop))
        found[quarter, cluster] = take(simulation, cluster)
    return found


def take(simulation: Simulation, cluster: int) -> Snapshot:
    """Return the picture of a cluster as it is now."""
    state = simulation.state
    actors: Any = state.actors
    ties: Any = state.ties
    record = state.clusters[cluster]
    first, last = int(record.first), int(record.last)
    kind = actors.kind[first:last]
    firm = (kind == TRACTOR) | (kind == SME)
    shown = keep_largest(firm, actors.employees[first:last]) | ((kind != FREE) & ~firm)
    shown[ASSOCIATION] = record.formal != 0
    shown[FACILITATOR] = record.levers[FACILITATION] > 0.0
    rows = np.flatnonzero(shown)
    new = np.full(last - first, -1)
    new[rows] = np.arange(len(rows))
    live = slice(int(record.ties), int(record.ties + record.tie_count))
    level, inside = ties.level[live], ties.kind[live] != EXTERNAL
    linked = inside & (level >= INFORMATION)
    a, b = new[ties.a[live][linked] - first], new[ties.b[live][linked] - first]
    both = (a >= 0) & (b >= 0)
    x, y = actors.x[first:last][rows].copy(), actors.y[first:last][rows].copy()
    return Snapshot(
        x,
        y,
        kind[rows].copy(),
        actors.employees[first:last][rows].copy(),
        a[both],
        b[both],
        level[linked][both].copy(),
        int(np.sum(~inside & (level >= 0))),
        int(firm.sum()),
        int(linked.sum()),
        float(record.radius),
        int(record.phase),
    )


def keep_largest(firm: NDArray[Any], jobs: NDArray[Any]) -> NDArray[Any]:
    """Return which firms are drawn: all, or the largest."""
    if firm.sum() <= MOST_FIRMS:
        return firm.copy()
    kept = np.zeros_like(firm)
    kept[np.argsort(np.where(firm, -jobs, 1.0), kind="stable")[:MOST_FIRMS]] = True
    return kept
