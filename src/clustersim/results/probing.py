"""Probes: measures of the user's own, taken from the state at chosen quarters of a run that is at full speed otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from numbers import Real
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from clustersim.core import arguments
from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.model.indicators import INDICATORS
from clustersim.model.state import FREE, Record
from clustersim.policy.indicator import Columns, Look
from clustersim.results.reading import Arrays, in_order, live_firms, live_ties
from clustersim.results.tables import DATA_DICTIONARY, cluster_names, when
from clustersim.simulation.engine import Simulation

if TYPE_CHECKING:
    import pandas as pd

FILE = "probes.parquet"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
PROBES_MAX = 1000
Probe = Callable[[Look], float]


def looks(simulation: Simulation, record: Record) -> Iterator[Look]:
    """Yield what there is to see of each cluster of each replicate now; `record` is of the stretch that has ended."""
    state, names = simulation.state, cluster_names(simulation.scenario)
    count = np.arange(len(state.clusters) + 1)
    (firms, of_firms), (ties, of_ties) = live_firms(state), live_ties(state)
    clusters = state.clusters.copy()  # whoever makes it writable does not reach the run
    clusters.flags.writeable = False
    begin_firms, begin_ties = np.searchsorted(of_firms, count), np.searchsorted(of_ties, count)
    for c, (cluster, values) in enumerate(zip(clusters, record.indicators[-1].tolist(), strict=True)):
        first, last = int(cluster.first), int(cluster.last)
        yield Look(
            names[c % len(names)], simulation.replicates[c // len(names)], simulation.quarter - 1,
            MappingProxyType(dict(zip(INDICATORS, values, strict=True))), cluster,
            Columns(state.actors, firms[begin_firms[c] : begin_firms[c + 1]]),
            Columns(state.actors, first + np.flatnonzero(state.actors.kind[first:last] != FREE)),
            Columns(state.ties, ties[begin_ties[c] : begin_ties[c + 1]]),
        )  # fmt: skip


class Probes:
    """The probes of a run, and when they look.

    Parameters
    ----------
    asked : mapping
        Functions of a `Look` that return a number, by name.
    at : int or iterable of int, optional
        Every so many quarters, and at the end; or the quarters, from 0. Each fourth if not given: the ends of years.
    quarters : int
        Quarters of the run.

    Raises
    ------
    InputError
        If a name or a quarter is not possible.
    """

    def __init__(self, asked: Mapping[str, Probe], at: int | Iterable[int] | None, quarters: int) -> None:
        must = _("a mapping of name to function; a name has letters, digits and underscores, and begins with a letter")
        if not isinstance(asked, Mapping) or not 1 <= len(asked) <= PROBES_MAX:
            raise arguments.refused("probes", asked, must)
        taken = DATA_DICTIONARY[FILE]["columns"]
        for name, probe in asked.items():
            if not isinstance(name, str) or not NAME.fullmatch(name) or name in taken or not callable(probe):
                raise arguments.refused("probes", name if callable(probe) else probe, must)
        self.asked = dict(asked)
        if at is None or not isinstance(at, Iterable):
            every = 4 if at is None else arguments.whole(at, "probe_at", 1, arguments.QUARTERS_MAX)
            self.looks = frozenset([*range(every, quarters, every), quarters])
        else:
            must = _("quarters of the run, from {low} to {high}", low=0, high=quarters - 1)
            chosen = arguments.several(at, "probe_at", must, quarters)
            self.looks = frozenset(arguments.whole(quarter, "probe_at", 0, quarters - 1) + 1 for quarter in chosen)

    def take(self, simulation: Simulation, record: Record) -> Arrays:
        """Return the value of each probe in each cluster now.

        Raises
        ------
        InputError
            If a probe fails, or returns something else than a number.
        """
        count = len(simulation.state.clusters)
        found: Arrays = {"owner": np.arange(count), "quarter": np.full(count, simulation.quarter - 1)}
        found |= {name: np.zeros(count) for name in self.asked}
        for c, look in enumerate(looks(simulation, record)):
            for name, probe in self.asked.items():
                found[name][c] = _value(name, probe, look)
        return found

    def frame(self, simulation: Simulation, parts: list[Arrays]) -> pd.DataFrame:
        """Return probes.parquet from what was taken."""
        import pandas as pd

        columns = in_order(parts)
        head = when(simulation, columns.pop("owner"), columns.pop("quarter"))
        frame = pd.DataFrame(head | columns)
        frame.attrs["units"] = {name: unit for name, (unit, _meaning) in DATA_DICTIONARY[FILE]["columns"].items()}
        return frame


def _value(name: str, probe: Probe, look: Look) -> float:
    try:
        found = probe(look)
    except (Exception, SystemExit) as error:
        first = (str(error).strip().splitlines() or [""])[0].rstrip(".")
        raise _fault(name, look, _("it failed with {said}", said=f"{type(error).__name__}: {first[:200]}")) from None
    if not isinstance(found, Real | np.bool_):
        raise _fault(name, look, _("it returned {found}; it must be a number", found=arguments.said(found)))
    return float(found)


def _fault(name: str, look: Look, what: str) -> InputError:
    message = _("in cluster {cluster!r}, quarter {quarter}, replicate {replicate}, {what}", cluster=look.cluster,
                quarter=look.quarter, replicate=look.replicate, what=what)  # fmt: skip
    return InputError("probes", name, message)
