"""A small cluster in which one kernel can be watched: the real first state of a scenario, with equal firms and no history.

Kernels run as plain Python here (``NUMBA_DISABLE_JIT=1``, set by `draw.py`), so that each can be called by itself.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from clustersim.model.levers import LEVERS
from clustersim.model.mechanisms.meeting import introduce, kind_of
from clustersim.model.network import index_ties
from clustersim.model.state import EXTERNAL, OUTSIDE, SME, UNIVERSITY
from clustersim.scenario.model import ClusterSpec, Institutions, Place, Scenario
from clustersim.simulation.initial import build

# Nothing differs between firms unless a picture sets it, and nobody has met before the start.
EQUAL = {"population": {"history": 0.0, "place_spread": 0.0, "climate_spread": 0.0, "threshold_spread": 0.0,
                        "knowledge_spread": 0.0, "technology_spread": 0.01, "capacity_most": 1.0}}  # fmt: skip


class Stage:
    """One cluster of `smes` equal firms (after `tractors`, which keep their size), each SME with ten employees.

    Firms are named 0, 1, … in the order of rows, tractors first. `p` holds the model's parameters, but for those named in
    `change` (``trust__luck=1.0`` sets the parameter `luck` of the group `trust`).
    """

    def __init__(
        self, smes: int = 2, tractors: int = 0, schools: int = 0, segments: int = 2, programme: object = None,
        institutions: Institutions | None = None, seed: int = 1, **change: float,
    ) -> None:  # fmt: skip
        spec = ClusterSpec(
            name="stage", smes=smes, tractors=tractors, universities=schools, radius_km=20.0,
            segments=tuple(f"segment {k}" for k in range(segments)),
        )  # fmt: skip
        scenario = Scenario(
            title="stage", place=Place(clusters=(spec,)), parameters=EQUAL, programme=programme,
            institutions=institutions or Institutions(),
        )  # fmt: skip
        self.state = build(scenario, seed, [0])
        self.actors, self.ties, self.meetings = self.state.actors, self.state.ties, self.state.meetings
        self.cluster, self.world, self.plan = self.state.clusters[0], self.state.worlds[0], self.state.plan
        self.p = plain(self.state.parameters[0])
        for name, value in change.items():
            group, _, parameter = name.partition("__")
            if not hasattr(getattr(self.p, group), parameter):
                raise AttributeError(f"no parameter {group}.{parameter}")
            setattr(getattr(self.p, group), parameter, value)
        self.smes = np.flatnonzero(self.actors.kind == SME)
        self.first = int(self.cluster.firms)
        for i in self.smes:
            self.set(int(i) - self.first, employees=10.0, log_size=np.log(11.0), segment=0, x=0.0, y=0.0)

    def set(self, k: int | None = None, **values: Any) -> Stage:
        """Set columns of firm k, or of all firms."""
        rows = slice(self.first, int(self.cluster.last)) if k is None else self.first + k
        for name, value in values.items():
            getattr(self.actors, name)[rows] = value
        return self

    def get(self, name: str) -> np.ndarray:
        """Return a copy of a column over the firms."""
        return getattr(self.actors, name)[self.first : int(self.cluster.last)].copy()

    def lever(self, **channels: float) -> Stage:
        """Set policy channels; they reach every firm."""
        for name, value in channels.items():
            k = list(LEVERS).index(name)
            self.cluster.levers[k] = value
            self.cluster.aimed[k] = self.cluster.levers[k]
        return self

    def tie(self, a: int, b: int | None, **values: Any) -> int:
        """Let firm a meet firm b (None: a partner outside) and set what the picture needs of their tie; return its row."""
        i, j = self.first + a, OUTSIDE if b is None else self.first + b
        return self._introduce(min(i, j) if b is not None else i, max(i, j) if b is not None else j, values)

    def school_tie(self, k: int, **values: Any) -> int:
        """Let firm k meet the first university."""
        return self._introduce(int(self.cluster.first) + UNIVERSITY, self.first + k, values)

    def _introduce(self, i: int, j: int, values: dict[str, Any]) -> int:
        kind = EXTERNAL if j == OUTSIDE else kind_of(self.actors, i, j)
        t = int(self.cluster.ties + self.cluster.tie_count)
        introduce(self.actors, self.ties, i, j, kind, 0, 0, self.cluster, self.world, self.p.meeting)
        for name, value in values.items():
            getattr(self.ties, name)[t] = value
        index_ties(self.actors, self.ties, self.cluster)
        return t


def plain(record: np.record) -> SimpleNamespace:
    """Return a record of parameters as plain objects, which Python reads far faster."""
    return SimpleNamespace(**{
        group: SimpleNamespace(**{name: float(record[group][name]) for name in record[group].dtype.names})
        for group in record.dtype.names
    })  # fmt: skip
