"""Probes: measures of the user's own, taken from the state at chosen quarters of a run that is at full speed otherwise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from clustersim.core import arguments
from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.model.indicators import INDICATORS
from clustersim.model.state import FREE, Record
from clustersim.results.reading import Arrays, in_order, live_firms, live_ties
from clustersim.results.tables import DATA_DICTIONARY, cluster_names, when
from clustersim.simulation.engine import Simulation

if TYPE_CHECKING:
    import pandas as pd

FILE = "probes.parquet"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
PROBES_MAX = 1000
Probe = Callable[["Look"], float]


class Columns:
    """The columns of some rows, each an attribute: an array of its own, which may be written without effect on the run."""

    def __init__(self, columns: Any, rows: np.ndarray) -> None:
        self._columns, self._rows = columns, rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getattr__(self, name: str) -> np.ndarray:
        if name.startswith("_"):
            raise AttributeError(name)
        found: np.ndarray = getattr(self._columns, name)[self._rows]
        return found


class Look:
    """What a probe sees: one cluster of one replicate at the end of a quarter, to be read only.

    Attributes
    ----------
    cluster, replicate, quarter : str, int, int
        Whose state it is, and the quarter that has closed, from 0.
    indicators : dict
        Its indicators of that quarter, by name.
    record : numpy.record
        What is kept of the cluster; see `clustersim.model.state.CLUSTERS`.
    firms, actors, ties : Columns
        Its firms, all its actors, and its ties: ``look.firms.employees`` is an array with a number for each firm alive
        (`clustersim.model.state.ACTORS` and `TIES` say what the columns are).
    """

    def __init__(self, simulation: Simulation, c: int, owners: tuple[np.ndarray, ...], rows: tuple[np.ndarray, ...],
                 indicators: np.ndarray) -> None:  # fmt: skip
        state, names = simulation.state, cluster_names(simulation.scenario)
        self.cluster, self.quarter = names[c % len(names)], simulation.quarter - 1
        self.replicate = simulation.replicates[c // len(names)]
        self.record = state.clusters[c]
        self.indicators = dict(zip(INDICATORS, indicators[c].tolist(), strict=True))
        self.firms, self.ties = (Columns(part, own[owner == c]) for part, own, owner in
                                 zip((state.actors, state.ties), rows, owners, strict=True))  # fmt: skip
        first, last = int(self.record.first), int(self.record.last)
        self.actors = Columns(state.actors, first + np.flatnonzero(state.actors.kind[first:last] != FREE))


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
        (firms, of_firms), (ties, of_ties) = live_firms(simulation.state), live_ties(simulation.state)
        count = len(simulation.state.clusters)
        found: Arrays = {"owner": np.arange(count), "quarter": np.full(count, simulation.quarter - 1)}
        found |= {name: np.zeros(count) for name in self.asked}
        for c in range(count):
            look = Look(simulation, c, (of_firms, of_ties), (firms, ties), record.indicators[-1])
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
