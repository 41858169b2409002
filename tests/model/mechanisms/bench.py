"""A small hand-made cluster with pinned parameters, in which a test sets what matters and calls one kernel."""

from __future__ import annotations

import math

import numpy as np
from pinned import PINNED

from clustersim.core.draws import identity, pair, stream, uniform, world_key
from clustersim.model.levers import BILLS, LEVERS
from clustersim.model.network import index_ties
from clustersim.model.parameters import defaults
from clustersim.model.reach import EVERY_CLASS, EVERY_SEGMENT
from clustersim.model.state import (
    CLUSTERS,
    EXTERNAL,
    FREE,
    FUNDER_ROWS,
    HORIZONTAL,
    INSTITUTIONAL,
    OUTSIDE,
    PROGRAMME_ROWS,
    REFORM_ROWS,
    SHOCK_ROWS,
    SME,
    STAGE_ROWS,
    TRACTOR,
    UNIVERSITY,
    VERTICAL,
    WORLDS,
    Programme,
    allocate_actors,
    allocate_meetings,
    allocate_ties,
    table,
)

FIRM = {
    "kind": SME, "segment": 0, "born": -8, "employees": 10.0, "knowledge": 0.0, "technology": 0.5, "absorptive": 0.5,
    "rd_share": 0.03, "productivity": 40.0, "quality": 0.5, "cash": 240.0, "debt": 0.0, "assets": 800.0, "base": 400.0,
    "sales": 400.0, "margin": 0.08, "search": 1.0, "fitness": 1.0,
    "threshold": 0.3, "wariness": 0.3, "climate": 0.5, "climate_start": 0.5,
    "bond": 0.5, "belief": 0.25, "log_size": math.log(11.0), "x": 0.0, "y": 0.0, "member": 0, "project": -1, "top": -1,
}  # fmt: skip


class Case:
    """One cluster of one world: institutions, equal SMEs, no ties.

    Firms are named 0, 1, … by `row`; `tie` adds a tie; `lever` sets a channel; `p` holds the parameters of this case alone.
    """

    def __init__(self, firms: int = 4, schools: int = 1, segments: int = 2, room: int = 40, ties: int = 0, seed: int = 1):
        self.parameters = defaults(1)
        self.p = self.parameters[0]
        for group, values in PINNED.items():
            for name, value in values.items():
                self.p[group][name] = value
        self.worlds, self.clusters = table(WORLDS, 1), table(CLUSTERS, 1)
        self.world, self.cluster = self.worlds[0], self.clusters[0]
        first = UNIVERSITY + schools
        world, cluster = self.world, self.cluster
        world.key, world.last_cluster, world.regime = world_key(seed, 0), 1, 0.5
        world.wage, world.output, world.quarter, world.coming = 9.6, 40.0, 5, 0.5
        cluster.uid = np.uint64(77)
        cluster.firms, cluster.last, cluster.room = first, first + firms, first + firms + room
        cluster.tie_room = 64 + 12 * firms + ties
        cluster.segments, cluster.radius, cluster.announced = segments, 10.0, -1
        cluster.trust_start, cluster.quotient_start, cluster.export_pull = 0.4, 1.5, 0.3
        cluster.firms_start = cluster.firm_count = firms
        cluster.market[:segments] = 20 * 400.0 * max(firms, 1)
        cluster.share_start, cluster.held[:segments] = 0.05, 400.0 * max(firms, 1)
        cluster.employment = cluster.employment_start = cluster.skilled = 10.0 * firms
        cluster.smooth_employment = cluster.peak = cluster.trough = 10.0 * firms
        cluster.wage, cluster.climate, cluster.coordination, cluster.coordinated = 9.6, 0.5, 1.0, 1.0
        cluster.asked[:], cluster.technology = 0.5, 0.5
        self.actors = allocate_actors(int(cluster.room))
        self.ties = allocate_ties(int(cluster.tie_room))
        self.meetings = allocate_meetings(int(cluster.room))
        tables = (PROGRAMME_ROWS, STAGE_ROWS, SHOCK_ROWS, REFORM_ROWS, FUNDER_ROWS)
        self.plan = Programme(*(table(rows, 0) for rows in tables))
        for i in range(first):
            self._institution(i, min(i, UNIVERSITY))
        for k in range(firms):
            self.actors.uid[first + k] = identity(cluster.uid, -1, k)
            self.set(k, **FIRM)
        self.index()

    def _institution(self, i: int, kind: int) -> None:
        a = self.actors
        a.uid[i], a.kind[i], a.segment[i] = identity(self.cluster.uid, -2, i), kind, -1
        a.climate[i] = a.climate_start[i] = a.bond[i] = 0.6
        a.threshold[i], a.absorptive[i], a.technology[i], a.log_size[i] = 0.3, 0.5, 0.5, math.log(101.0)

    def row(self, k: int) -> int:
        """Return the row of firm k."""
        return int(self.cluster.firms) + k

    def set(self, k: int | slice, **values: object) -> None:
        """Set columns of firm k, or of a slice of firms."""
        rows = slice(*k.indices(int(self.cluster.last - self.cluster.firms))) if isinstance(k, slice) else k
        first, last = int(self.cluster.firms), int(self.cluster.last)
        for name, value in values.items():
            getattr(self.actors, name)[first:last][rows] = value
            if name == "employees":
                self.actors.log_size[first:last][rows] = np.log1p(value)

    def all(self, **values: object) -> None:
        """Set columns of all firms."""
        self.set(slice(None), **values)

    def get(self, name: str) -> np.ndarray:
        """Return a copy of a column, over the firms' rows in use."""
        return getattr(self.actors, name)[self.cluster.firms : self.cluster.last].copy()

    def alive(self) -> np.ndarray:
        """Return the rows of the firms alive."""
        rows = np.arange(self.cluster.firms, self.cluster.last)
        return rows[self.actors.kind[rows] != FREE]

    def lever(self, classes: int = EVERY_CLASS, segments: int = EVERY_SEGMENT, **channels: float) -> None:
        """Set policy channels that reach these size classes and segments (bits)."""
        for name, value in channels.items():
            channel = list(LEVERS).index(name)
            self.cluster.levers[channel] = value
            reached = [(classes >> size) & (segments >> segment) & 1 for size in range(4) for segment in range(8)]
            self.cluster.aimed[channel] = value * np.array(reached, float).reshape(4, 8)

    def grant(self, **bills: float) -> None:
        """Set the money that a programme has in the quarter for firms' bills, by channel."""
        for name, money in bills.items():
            self.cluster.granted[BILLS.index(list(LEVERS).index(name))] = money

    def facilitators(self, number: float) -> None:
        """Set the effective facilitators for all five of their tasks."""
        c = self.cluster
        c.brokers = c.bridgers = c.mediators = c.promoters = c.speakers = number

    def levers(self) -> dict[str, float]:
        """Return the policy channels by name."""
        return dict(zip(LEVERS, self.cluster.levers.tolist(), strict=True))

    def tie(self, a: int, b: int | None, level: int = 0, trust: float = 0.5, back: float | None = None, **values: object) -> int:
        """Add a tie from firm a to firm b (None: to the outside) and return its row."""
        c, t = self.cluster, int(self.cluster.ties + self.cluster.tie_count)
        i, j = self.row(a), OUTSIDE if b is None else self.row(b)
        return self._add(t, c, i, j, level, trust, trust if back is None else back, values)

    def school_tie(self, k: int, level: int = 0, trust: float = 0.5, school: int = UNIVERSITY, **values: object) -> int:
        """Add a tie of firm k to an institution, by default the first university."""
        t = int(self.cluster.ties + self.cluster.tie_count)
        return self._add(t, self.cluster, int(self.cluster.first) + school, self.row(k), level, trust, trust, values)

    def _add(self, t: int, c: np.record, i: int, j: int, level: int, trust: float, back: float, values: dict) -> int:
        a, s = self.actors, self.ties
        kind = EXTERNAL if j == OUTSIDE else (VERTICAL if a.segment[i] != a.segment[j] else HORIZONTAL)
        kind = INSTITUTIONAL if j != OUTSIDE and (a.kind[i] < TRACTOR or a.kind[j] < TRACTOR) else kind
        s.a[t], s.b[t], s.level[t], s.kind[t], s.since[t] = i, j, level, kind, 0
        s.uid[t] = pair(a.uid[i], a.uid[j] if j != OUTSIDE else np.uint64(t))
        s.trust_ab[t], s.trust_ba[t], s.fit[t], s.last[t], s.value[t], s.target[t] = trust, back, 0.5, 0, 0.0, 0.5
        s.home[t] = -1
        for name, value in values.items():
            getattr(s, name)[t] = value
        c.tie_count += 1
        self.index()
        return t

    def index(self) -> None:
        """Rebuild the list of ties by actor."""
        index_ties(self.actors, self.ties, self.cluster)

    def live_ties(self) -> range:
        """Return the tie rows in use."""
        return range(int(self.cluster.ties), int(self.cluster.ties + self.cluster.tie_count))

    def draw(self, process: int, who: np.uint64) -> float:
        """Return the uniform draw of this world and quarter."""
        return uniform(stream(self.world.key, self.world.quarter, process), who)

    def books(self) -> float:
        """Return all money: cash of every actor, nation and abroad, public funds, what outside funds gave, and members' pool."""
        c = self.cluster
        return float(self.actors.cash.sum() + c.nation + c.abroad + c.project_fund + c.guarantee_fund + c.venture_fund
                     + c.outside_fund + c.mutual_pool)
