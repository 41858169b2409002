"""Hold the kernel's state against the oracle's: discrete values exactly, floats to rounding."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from clustersim.model.indicators import INDICATORS
from clustersim.model.levers import LEVERS
from clustersim.model.state import ACTORS, CLUSTERS, FREE, PROGRAMME_ROWS, TIES, WORLDS
from clustersim.simulation.engine import Simulation
from reference.cluster import Cluster
from reference.model import ReferenceModel
from reference.world import total, turn

RELATIVE = 1e-9
FLOOR = 1e-12


def _compared(variables: dict, *left_out: str) -> list[str]:
    """Names of the single columns that are no work space of the kernel."""
    names = [name for name, v in variables.items() if not v.shape and not v.doc.startswith("work space")]
    return [name for name in names if name not in left_out]


# Left out: identities that pair the two, positions in the kernel's arrays, and terms of the programme, which the oracle reads
# off the scenario.
ACTOR_COLUMNS = _compared(ACTORS, "uid", "cause", "degree", "taken", "around", "root")
TIE_COLUMNS = _compared(TIES, "a", "b", "uid")
CLUSTER_COLUMNS = _compared(
    CLUSTERS, "world", "uid", "first", "firms", "last", "room", "ties", "tie_count", "tie_room", "rows_first", "rows_last",
    "stages_first", "stages", "evaluated", "evaluated_for", "evaluated_gain", "evaluated_keep",
)  # fmt: skip
CLUSTER_ARRAYS = [name for name, v in CLUSTERS.items() if v.shape and not v.doc.startswith("work space")]
BY_SEGMENT = {"market", "expansion", "adoption", "held", "rivals", "fitness", "asked"}  # the kernel has room for more segments
OF_PROJECTS = {"project_end", "project_partners"}  # of running projects
WORLD_COLUMNS = _compared(WORLDS, "key", "replicate", "first_cluster", "last_cluster", "shocks_first", "shocks_last")
ON_THE_CIRCLE = {"technology", "regime", "coming", "target", "asked", "recipe", "related_technology"}
MONEY = {
    "cash", "debt", "assets", "base", "sales", "exports", "trade", "purchases", "wage_bill", "profit", "value", "nation",
    "abroad", "project_fund", "guarantee_fund", "written_off", "bank_capital", "loans", "income_public", "income_private",
    "public_spending", "private_cofinance", "association_cash", "value_added", "credit", "venture_fund", "lost", "credit_wanted",
    "credit_granted", "returned", "outside_fund", "mutual_pool", "premium", "applied", "approved", "foreign_spending", "donated",
    "granted", "funds", "income_fees", "income_services", "income_sponsors", "income_local", "income_national", "income_foreign",
    "attracted", "called", "sales_then", "domestic_sales", "investment_attracted", "investment_called",
    "sales_past", "market", "held", "related_market", "supplier_sales", "anchor_sales",
}  # fmt: skip
PEOPLE = {
    "employees_then", "employment", "skilled", "smooth_employment", "peak", "trough", "displaced", "jobs_past", "specialists",
}  # fmt: skip


class Difference(NamedTuple):
    """One value on which the two disagree."""

    quarter: int
    cluster: str
    actor: str
    variable: str
    kernel: object
    oracle: object

    def __str__(self) -> str:
        at = f"quarter {self.quarter}, cluster {self.cluster}, {self.actor}"
        return f"{at}: {self.variable} is {self.kernel!r} in the kernel, {self.oracle!r} in the oracle"


class Comparison:
    """Runs the two side by side and collects what differs after each quarter."""

    def __init__(self, scenario, seed: int = 1, replicate: int = 0):
        self.kernel = Simulation(scenario, seed, replicates=[replicate], workers=1)
        self.oracle = ReferenceModel(scenario, seed, replicate)
        self.money = 1.0  # what money is measured against: the most sales and assets so far
        self.thin = 1.0  # the same over the smallest loans so far: how much less well a share of them is known
        self.seed = seed
        self.found: list[Difference] = []
        self.quarter = -1  # -1: the start
        self._compare()

    def advance(self) -> None:
        """Advance both by a quarter and compare all of their state."""
        self.quarter += 1
        self.record = self.kernel.advance(1)
        self.oracle.step()
        self._compare()

    def _compare(self) -> None:
        state = self.kernel.state
        for name in WORLD_COLUMNS:
            self._check("", "world", name, state.worlds[0][name], getattr(self.oracle.world, name))
        for k, cluster in enumerate(self.oracle.clusters):
            now = 1.0 + total(firm.sales + firm.assets for firm in cluster.firms)
            self.money = max(self.money, now)
            if cluster.loans + cluster.lost > 1e-9:
                self.thin = max(self.thin, self.money / (cluster.loans + cluster.lost))
            self._compare_actors(state, state.clusters[k], cluster)
            self._compare_ties(state, state.clusters[k], cluster)
            self._compare_cluster(state.clusters[k], cluster)
            if self.quarter >= 0:
                self._compare_spending(state.clusters[k], cluster)
                self._compare_indicators(k, cluster)

    def _compare_actors(self, state, record, cluster: Cluster) -> None:
        rows = [row for row in range(record.first, record.last) if state.actors.kind[row] != FREE]
        there = {int(state.actors.uid[row]): row for row in rows}
        mine = {actor.uid: actor for actor in cluster.actors}
        for row in range(record.firms, record.last):
            if state.actors.kind[row] == FREE:
                where = row - int(record.first)
                self._check(cluster.name, f"row {where}", "cause", state.actors.cause[row], cluster.causes.get(where))
        for uid in there.keys() ^ mine.keys():
            self._add(cluster, f"actor {uid}", "alive", uid in there, uid in mine)
        both = [uid for uid in there if uid in mine]
        rows, actors = [there[uid] for uid in both], [mine[uid] for uid in both]
        theirs = {name: [getattr(actor, name) for actor in actors] for name in ("row", "taken", *ACTOR_COLUMNS)}
        for name, oracle in (theirs | {"degree": [len(actor.ties) for actor in actors]}).items():
            kernel = np.array(rows) - int(record.first) if name == "row" else getattr(state.actors, name)[rows]
            self._check_all(cluster.name, name, kernel, oracle, lambda k, name=name: (f"actor {both[k]}", name))

    def _compare_ties(self, state, record, cluster: Cluster) -> None:
        t, uids = state.ties, state.actors.uid
        rows = np.arange(int(record.ties), int(record.ties + record.tie_count))
        rows = rows[t.level[rows] >= 0]
        far = np.where(t.b[rows] >= 0, uids[t.b[rows]], 0)  # 0: outside
        there = dict(zip(zip(uids[t.a[rows]].tolist(), far.tolist(), t.uid[rows].tolist()), rows.tolist()))
        mine = {(tie.a.uid, tie.b.uid if tie.b else 0, tie.uid): tie for tie in cluster.ties}
        for ends in there.keys() ^ mine.keys():
            self._add(cluster, f"tie {ends}", "exists", ends in there, ends in mine)
        both = [ends for ends in there if ends in mine]
        rows, ties = [there[ends] for ends in both], [mine[ends] for ends in both]
        for name in TIE_COLUMNS:
            oracle = [getattr(tie, name) for tie in ties]
            self._check_all(cluster.name, name, getattr(t, name)[rows], oracle, lambda k, name=name: (f"tie {both[k]}", name))
        if there.keys() == mine.keys() and list(there) != list(mine):
            self._add(cluster, "ties", "order", list(there), list(mine))

    def _compare_cluster(self, record, cluster: Cluster) -> None:
        for name in CLUSTER_COLUMNS:
            self._check(cluster.name, "cluster", name, record[name], getattr(cluster, name))
        for name in CLUSTER_ARRAYS:
            kernel, oracle = record[name], getattr(cluster, name)
            if isinstance(oracle, dict):  # by channel
                assert list(oracle) == list(LEVERS)
                oracle = list(oracle.values())
            mine = np.array(oracle)
            if name in BY_SEGMENT:
                assert len(mine) == cluster.segments
            elif mine.shape != kernel.shape:
                self._add(cluster, "cluster", name, kernel.shape, mine.shape)
            there = np.ones(mine.shape, bool)
            if name in OF_PROJECTS:
                there[np.array(cluster.project_kind) < 0] = False
            kernel, places = kernel[tuple(map(slice, mine.shape))], np.argwhere(there)
            self._check_all(
                cluster.name, name, kernel[there], mine[there],
                lambda k, name=name, places=places: ("cluster", f"{name}{places[k].tolist()}"),
            )  # fmt: skip

    def _compare_spending(self, record, cluster: Cluster) -> None:
        rows = range(int(record.rows_first), int(record.rows_last))
        if len(rows) != len(cluster.plan):
            self._add(cluster, "programme", "rows", len(rows), len(cluster.plan))
        for k, row, mine in zip(range(len(rows)), rows, cluster.plan):
            for place, name in enumerate(("public", "private")):
                assert name in PROGRAMME_ROWS
                self._check(cluster.name, f"programme row {k}", name, self.record.spending[0, row, place], getattr(mine, name))
            self._check(cluster.name, f"programme row {k}", "factor", self.kernel._state.plan.rows.factor[row], mine.factor)

    def _compare_indicators(self, k: int, cluster: Cluster) -> None:
        for place, name in enumerate(INDICATORS):
            value = self.record.indicators[0, k, place]
            self._check(cluster.name, "indicator", name, value, cluster.indicators.get(name, math.nan))

    def _check_all(self, cluster: str, name: str, kernel: np.ndarray, oracle, where: Callable[[int], tuple[str, str]]) -> None:
        """Check many values of one variable; ``where(k)`` says whose the k-th is, and its label."""
        if kernel.dtype.kind != "f":
            same = np.array([int(one) == int(other) for one, other in zip(kernel.tolist(), oracle)], bool)
        elif name in ON_THE_CIRCLE:
            same = np.array([abs(turn(one, other)) <= RELATIVE for one, other in zip(kernel.tolist(), oracle)], bool)
        else:
            other = np.array(oracle, float)
            slack = np.maximum(RELATIVE * np.maximum(np.abs(kernel), np.abs(other)), FLOOR * self._scale(name))
            with np.errstate(invalid="ignore"):  # infinite less infinite
                apart = np.abs(kernel - other)
            same = (kernel == other) | ((apart <= slack) & (apart < np.inf))
        for k in np.flatnonzero(~same).tolist():
            self.found.append(Difference(self.quarter, cluster, *where(k), kernel[k].item(), oracle[k]))

    def _scale(self, name: str) -> float:
        """Return what a variable's absolute tolerance is measured against."""
        if name == "bad_debt":
            return self.thin
        return self.money if name in MONEY else 1e6 if name in PEOPLE else 1.0

    def _check(self, cluster: str, who: str, name: str, kernel, oracle) -> None:
        """Check a single value, more quickly."""
        if not isinstance(kernel, (float, np.floating)):
            same = int(kernel) == int(oracle)
        elif name in ON_THE_CIRCLE:
            same = abs(turn(float(kernel), float(oracle))) <= RELATIVE
        else:
            same = math.isclose(kernel, oracle, rel_tol=RELATIVE, abs_tol=FLOOR * self._scale(name))
        if not same:
            plain = kernel.item() if isinstance(kernel, np.generic) else kernel
            self.found.append(Difference(self.quarter, cluster, who, name, plain, oracle))

    def _add(self, cluster: Cluster, who: str, name: str, kernel, oracle) -> None:
        self.found.append(Difference(self.quarter, cluster.name, who, name, kernel, oracle))
