"""Events of a run: what differs between the states of two quarters that follow each other.

A row of the state may have a new owner within the same quarter, so firms and ties are matched by identity, not by row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from clustersim.model.state import EXIT_CAUSES, KINDS, LEVELS, PHASES, PROJECT_KINDS, SHOCKS, TIE_KINDS
from clustersim.model.units import TINY
from clustersim.results.reading import Arrays, hex_ids, in_order, live_firms, live_ties, partners
from clustersim.results.tables import EVENTS, labelled, when
from clustersim.simulation.engine import Simulation

if TYPE_CHECKING:
    import pandas as pd

ORIGINS = ("", "organic", "designed", "redesigned")
RESULTS = ("failure", "success")
CAUSES = ("unknown", *EXIT_CAUSES[1:])
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Snapshot(NamedTuple):
    """What is kept of a state until the next quarter; `key` names a firm or tie among all clusters."""

    firms: Arrays
    ties: Arrays
    clusters: np.recarray
    regime: np.ndarray


def snapshot(state: Any) -> Snapshot:
    """Copy from a state what events are recognised by."""
    rows, owner = live_firms(state)
    uid = state.actors.uid[rows]
    firms = {"owner": owner, "uid": uid, "key": _key(uid, owner), "place": rows - state.clusters.firms[owner]}
    firms |= {name: getattr(state.actors, name)[rows] for name in ("kind", "parent", "project", "belief")}
    rows, owner = live_ties(state)
    ties = {"owner": owner, "key": _key(state.ties.uid[rows], owner)}
    ties |= {name: getattr(state.ties, name)[rows] for name in ("level", "kind")}
    ties["a"], ties["b"] = partners(state, rows)
    return Snapshot(firms, ties, state.clusters.copy(), state.worlds.regime.copy())


def _key(uid: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """Return 64-bit keys that name a row among all clusters: the same firm lives in many replicates."""
    return uid + (owner.astype(np.uint64) + np.uint64(1)) * _GOLDEN


def _match(before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each key after where it was before (-1: new), and which keys before are gone."""
    import pandas as pd

    source = pd.Index(before).get_indexer(pd.Index(after))
    gone = np.ones(before.size, bool)
    gone[source[source >= 0]] = False
    return source, np.flatnonzero(gone)


class EventLog:
    """Gathers the events of a simulation, quarter by quarter.

    Parameters
    ----------
    simulation : Simulation
        At its start.
    """

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        programme = simulation.scenario.programme
        self._stages = tuple(stage.name for stage in programme.stages) if programme else ()
        words: tuple[str, ...] = (
            "",
            *KINDS,
            *CAUSES,
            *LEVELS,
            *TIE_KINDS,
            *PHASES,
            *PROJECT_KINDS,
            *SHOCKS,
            *ORIGINS,
            *RESULTS,
        )
        words += ("unscheduled", *self._stages)
        self._words = list(dict.fromkeys(words))
        self._parts: list[Arrays] = []
        self._before = snapshot(simulation.state)

    def compare(self) -> None:
        """Note the events of the quarter that was simulated last."""
        before, after = self._before, snapshot(self.simulation.state)
        source, gone = _match(before.firms["key"], after.firms["key"])
        self._births(after, np.flatnonzero(source < 0))
        self._exits(before, gone)
        self._ties(before, after)
        self._projects(before, after, source)
        self._institutions(before, after)
        self._shocks(before, after)
        self._before = after

    def _add(self, event: str, owner: np.ndarray, firm: Any = 0, other: Any = 0, detail: Any = 0, before: Any = 0,
             after: Any = 0) -> None:  # fmt: skip
        """Note events of one kind; `firm` and `other` are identities, the rest are codes of words."""
        if owner.size == 0:
            return
        given = {"event": EVENTS.index(event), "detail": detail, "before": before, "after": after}
        part = {name: np.broadcast_to(np.asarray(value, np.int16), owner.shape) for name, value in given.items()}
        part |= {
            name: np.broadcast_to(np.asarray(value, np.uint64), owner.shape) for name, value in (("firm", firm), ("other", other))
        }
        self._parts.append(part | {"owner": owner, "quarter": np.full(owner.size, self.simulation.quarter - 1)})

    def _codes(self, names: tuple[str, ...], values: Any) -> np.ndarray:
        """Return the codes of words for `values` that point into `names`."""
        return np.array([self._words.index(name) for name in names], np.int16)[np.asarray(values, np.int64)]

    def _births(self, after: Snapshot, new: np.ndarray) -> None:
        born = {name: column[new] for name, column in after.firms.items()}
        kind = self._codes(KINDS, born["kind"])
        child = born["parent"] != 0
        for event, chosen in (("entry", ~child), ("spinoff", child)):
            self._add(event, born["owner"][chosen], born["uid"][chosen], born["parent"][chosen], kind[chosen])

    def _exits(self, before: Snapshot, gone: np.ndarray) -> None:
        state: Any = self.simulation.state
        left = {name: column[gone] for name, column in before.firms.items()}
        cause = state.actors.cause[state.clusters.firms[left["owner"]] + left["place"]]
        kind = self._codes(KINDS, left["kind"])
        self._add("exit", left["owner"], left["uid"], detail=kind, after=self._codes(CAUSES, cause))

    def _ties(self, before: Snapshot, after: Snapshot) -> None:
        source, gone = _match(before.ties["key"], after.ties["key"])
        new = np.flatnonzero(source < 0)
        self._note_ties("tie_formed", after, new, None, after.ties["level"][new])
        self._note_ties("tie_ended", before, gone, before.ties["level"][gone], None)
        kept = np.flatnonzero(source >= 0)
        was, now = before.ties["level"][source[kept]], after.ties["level"][kept]
        for event, moved in (("tie_climbed", now > was), ("tie_dropped", now < was)):
            self._note_ties(event, after, kept[moved], was[moved], now[moved])

    def _note_ties(self, event: str, seen: Snapshot, rows: np.ndarray, was: Any, now: Any) -> None:
        ties = {name: column[rows] for name, column in seen.ties.items()}
        levels = [0 if level is None else self._codes(LEVELS, level) for level in (was, now)]
        self._add(event, ties["owner"], ties["a"], ties["b"], self._codes(TIE_KINDS, ties["kind"]), *levels)

    def _projects(self, before: Snapshot, after: Snapshot, source: np.ndarray) -> None:
        """Note joint projects; a slot may end one and start the next in the same quarter."""
        quarter = self.simulation.quarter - 1
        old, new = before.clusters, after.clusters
        ended = (old.project_kind >= 0) & (quarter >= old.project_end)
        owner, slot = np.nonzero(ended)
        won = self._outcomes(before, after, source, ended)[owner, slot]
        kind = self._codes(PROJECT_KINDS, old.project_kind[owner, slot])
        self._add("project_ended", owner, detail=kind, after=self._codes(RESULTS, won))
        owner, slot = np.nonzero((new.project_kind >= 0) & ((old.project_kind < 0) | ended))
        self._add("project_started", owner, detail=self._codes(PROJECT_KINDS, new.project_kind[owner, slot]))

    @staticmethod
    def _outcomes(before: Snapshot, after: Snapshot, source: np.ndarray, ended: np.ndarray) -> np.ndarray:
        """Return which projects succeeded: as many as the cluster counted, those whose partners gained most belief."""
        kept = source >= 0
        was = source[kept]
        slot, owner = before.firms["project"][was], before.firms["owner"][was]
        gain = after.firms["belief"][kept] - before.firms["belief"][was]
        took_part = slot >= 0
        total, partners_ = np.zeros(ended.shape), np.zeros(ended.shape)
        np.add.at(total, (owner[took_part], slot[took_part]), gain[took_part])
        np.add.at(partners_, (owner[took_part], slot[took_part]), 1.0)
        mean = np.where(ended & (partners_ > 0), total / np.maximum(partners_, 1.0), -np.inf)
        rank = np.argsort(np.argsort(-mean, axis=1, kind="stable"), axis=1, kind="stable")
        return ended & (rank < after.clusters.projects_succeeded[:, None])

    def _institutions(self, before: Snapshot, after: Snapshot) -> None:
        old, new = before.clusters, after.clusters
        founded = np.flatnonzero((old.formal == 0) & (new.formal == 1))
        self._add("association_founded", founded, after=self._codes(ORIGINS, new.origin[founded]))
        self._add("association_closed", np.flatnonzero((old.formal == 1) & (new.formal == 0)))
        owner, stage = np.nonzero((old.began < 0) & (new.began >= 0))
        if owner.size:
            self._add("stage_begun", owner, detail=self._codes(self._stages, stage))
        moved = np.flatnonzero(old.phase != new.phase)
        self._add(
            "phase_changed",
            moved,
            before=self._codes(PHASES, old.phase[moved]),
            after=self._codes(PHASES, new.phase[moved]),
        )
        self._add("money_interrupted", np.flatnonzero(old.interrupted != new.interrupted))

    def _shocks(self, before: Snapshot, after: Snapshot) -> None:
        """Note scheduled shocks, and unscheduled shifts of the market's technology, in every cluster that they hit."""
        shocks = self.simulation.state.plan.shocks
        due = shocks.kind[shocks.quarter == self.simulation.quarter - 1]
        everywhere = np.arange(len(after.clusters))
        for kind in due:
            self._add("shock", everywhere, detail=self._codes(SHOCKS, kind))
        beyond = after.regime - before.regime - self.simulation.state.parameters.environment.drift
        shifted = (np.abs(beyond - np.round(beyond)) > TINY)[after.clusters.world]  # on a circle of one turn
        if SHOCKS.index("technology") not in due:
            detail = self._codes(SHOCKS, SHOCKS.index("technology"))
            self._add("shock", np.flatnonzero(shifted), detail=detail, after=self._words.index("unscheduled"))

    def frame(self) -> pd.DataFrame:
        """Return events.parquet."""
        import pandas as pd

        empty = {name: np.zeros(0, np.int16) for name in ("event", "detail", "before", "after")}
        empty |= {name: np.zeros(0, np.uint64) for name in ("firm", "other")}
        empty |= {name: np.zeros(0, np.int64) for name in ("owner", "quarter")}
        columns = in_order([empty, *self._parts])
        found = when(self.simulation, columns["owner"], columns["quarter"])
        found["event"] = pd.Categorical.from_codes(columns["event"], categories=list(EVENTS))
        found["firm"], found["other"] = hex_ids(columns["firm"], columns["other"])
        for name in ("detail", "before", "after"):
            found[name] = pd.Categorical.from_codes(columns[name].astype(np.int64) - 1, categories=self._words[1:])
        return labelled(pd.DataFrame(found), "events.parquet")
