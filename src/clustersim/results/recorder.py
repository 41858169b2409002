"""What a run keeps of a batch: the tables of its indicators, and records of single firms, ties and events.

Nothing in the kernels knows of records: firms and ties are read at the end of each year, events are found by comparing
each quarter's state with the one before (`clustersim.results.events`). With no records asked for, it only gathers what the
simulation itself notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from clustersim.model.state import INFORMATION, KINDS, LAYERS, LEVELS, OUTSIDE, SME, TIE_KINDS, TRACTOR, Record, layer
from clustersim.results.events import EventLog
from clustersim.results.measuring import Measures, Taken
from clustersim.results.probing import Probes
from clustersim.results.reading import OUTSIDE_NAME, Arrays, hex_ids, in_order, live_firms, live_ties, partners
from clustersim.results.tables import FIRM_FLAGS, FIRM_STATE, indicators_frame, labelled, phases_frame, spending_frame, when
from clustersim.simulation.engine import Simulation

if TYPE_CHECKING:
    import pandas as pd


# The segment of firms that moved into an activity of the nation related to their cluster's, which no scenario names.
RELATED = "related"
FIRM_KINDS = [KINDS[TRACTOR], KINDS[SME]]


class Recorder:
    """The reducer of a run: keeps what is to be recorded of a simulation and makes tables of it.

    Parameters
    ----------
    simulation : Simulation
        At its start.
    records : sequence of {"firms", "ties", "events"}
        What to record beside the indicators.
    probes : Probes, optional
        Measures of the user's own.
    measures : Measures, optional
        Indicators of the user's own.
    """

    def __init__(self, simulation: Simulation, records: tuple[str, ...] = (), probes: Probes | None = None,
                 measures: Measures | None = None) -> None:  # fmt: skip
        self.simulation = simulation
        self.records = records
        self.probes = probes
        self.measures = measures
        self._notes: list[Record] = []
        self._taken: list[Arrays] = []
        self._measured: list[Taken] = []
        self._firms: list[Arrays] = []
        self._ties: list[Arrays] = []
        self._events = EventLog(simulation) if "events" in records else None
        if simulation.state.worlds.begins.any():  # a register is the first quarter, in which nothing changes it
            self._read()

    @property
    def every(self) -> int:
        """Quarters after which it looks at the state: events each quarter, firms and ties at the end of each year."""
        return 1 if self._events is not None else 4 if self.records else 0

    def note(self, record: Record) -> None:
        """Keep the stretch that was simulated last, and read from the state what is to be recorded."""
        self._notes.append(record)
        if self._events is not None:
            self._events.compare()
        quarter = self.simulation.quarter
        if self.probes is not None and quarter in self.probes.looks:
            self._taken.append(self.probes.take(self.simulation, record))
        if self.measures is not None and quarter in self.measures.looks:
            self._measured.append(self.measures.take(self.simulation, record))
        if quarter % 4 == 0 or quarter == self.simulation.scenario.quarters:
            self._read()

    def _read(self) -> None:
        if "firms" in self.records:
            self._firms.append(self._read_firms())
        if "ties" in self.records:
            self._ties.append(self._read_ties())

    def _read_firms(self) -> Arrays:
        state = self.simulation.state
        rows, owner = live_firms(state)
        names = ("uid", "parent", "kind", "segment", "born", *FIRM_STATE, *FIRM_FLAGS)
        found = {name: getattr(state.actors, name)[rows] for name in names}
        return found | {"owner": owner, "quarter": self._quarters(rows.size)}

    def _read_ties(self) -> Arrays:
        state: Any = self.simulation.state
        rows, owner = live_ties(state)
        names = ("level", "kind", "since", "trust_ab", "trust_ba", "value")
        found = {name: getattr(state.ties, name)[rows] for name in names}
        found["a"], found["b"] = partners(state, rows)
        a, b = state.ties.a[rows], state.ties.b[rows]
        found["a_kind"] = state.actors.kind[a]
        found["b_kind"] = np.where(b == OUTSIDE, len(KINDS), state.actors.kind[b]).astype(np.int8)
        asked = (state.ties.asker[rows] == 1) & (found["level"] >= INFORMATION) & (b != OUTSIDE)
        for first, second in (("a", "b"), ("a_kind", "b_kind"), ("trust_ab", "trust_ba")):  # a asks b
            found[first], found[second] = (
                np.where(asked, found[second], found[first]), np.where(asked, found[first], found[second])
            )  # fmt: skip
        return found | {"owner": owner, "quarter": self._quarters(rows.size)}

    def _quarters(self, rows: int) -> np.ndarray:
        """Return the quarter that the state shows, once for each row; the first one where it is read at the start."""
        return np.full(rows, max(self.simulation.quarter - 1, 0))

    def end(self) -> dict[str, pd.DataFrame]:
        """Return all tables of what was simulated so far."""
        notes = [np.concatenate(arrays) for arrays in zip(*self._notes, strict=True)]
        found = {
            "indicators": self._with_own(indicators_frame(self.simulation, notes[0])),
            "phases": phases_frame(self.simulation, notes[0]),
            "spending": spending_frame(self.simulation, notes[1]),
        }
        if "firms" in self.records:
            found["firms"] = self._firms_frame()
        if "ties" in self.records:
            found["ties"] = self._ties_frame()
        if self._events is not None:
            found["events"] = self._events.frame()
        if self.probes is not None:
            found["probes"] = self.probes.frame(self.simulation, self._taken)
        return found

    def _with_own(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the table of indicators with those of the user's own behind."""
        if self.measures is None:
            return frame
        units = frame.attrs["units"] | self.measures.units()
        frame = frame.assign(**self.measures.columns(self._measured, len(self.simulation.state.clusters)))
        frame.attrs["units"] = units
        return frame

    def _yearly(self, columns: Arrays) -> dict[str, Any]:
        """Return the columns replicate, quarter, year and cluster of a yearly table, the year as a whole number."""
        found = when(self.simulation, columns.pop("owner"), columns.pop("quarter"))
        return found | {"year": np.floor(found["year"]).astype(np.int64)}

    def _firms_frame(self) -> pd.DataFrame:
        import pandas as pd

        columns = in_order(self._firms)
        quarter = columns["quarter"]
        found = self._segments(columns["owner"], columns.pop("segment"))
        found |= self._yearly(columns)
        found["firm"], found["parent"] = hex_ids(columns.pop("uid"), columns.pop("parent"))
        kinds = np.array([FIRM_KINDS.index(name) if name in FIRM_KINDS else -1 for name in KINDS])
        found["kind"] = pd.Categorical.from_codes(kinds[columns.pop("kind")], categories=FIRM_KINDS)
        found["age"] = (quarter - columns.pop("born")) / 4.0
        found["value_added"] = columns["wage_bill"] + columns["profit"]
        sales = columns["sales"]
        found["export_share"] = np.divide(columns["exports"], sales, out=np.zeros_like(sales), where=sales > 0.0)
        found |= {name: columns[name].astype(bool) for name in FIRM_FLAGS}
        found |= {name: columns[name] for name in FIRM_STATE}
        return labelled(pd.DataFrame(found), "firms.parquet")

    def _segments(self, owner: np.ndarray, segment: np.ndarray) -> dict[str, Any]:
        """Return the column of segments by name: each cluster has its own list, then the activity that it branched into."""
        import pandas as pd

        lists = [cluster.segments for cluster in self.simulation.scenario.place.clusters]
        names = list(dict.fromkeys([*(name for segments in lists for name in segments), RELATED]))
        code = np.full((len(lists), max(map(len, lists)) + 1), names.index(RELATED))
        for k, segments in enumerate(lists):
            code[k, : len(segments)] = [names.index(name) for name in segments]
        return {"segment": pd.Categorical.from_codes(code[owner % len(lists), segment], categories=names)}

    def _ties_frame(self) -> pd.DataFrame:
        import pandas as pd

        columns = in_order(self._ties)
        quarter = columns["quarter"]
        found = self._yearly(columns)
        found["a"], found["b"] = hex_ids(columns.pop("a"), columns.pop("b"))
        for name in ("a_kind", "b_kind"):
            found[name] = pd.Categorical.from_codes(columns.pop(name), categories=[*KINDS, OUTSIDE_NAME])
        layers = layer(columns["level"], columns["value"])
        found["level"] = pd.Categorical.from_codes(columns.pop("level"), categories=list(LEVELS), ordered=True)
        found["kind"] = pd.Categorical.from_codes(columns.pop("kind"), categories=list(TIE_KINDS))
        found["age"] = (quarter - columns.pop("since")) / 4.0
        found["trade_value"] = columns.pop("value")
        found["layer"] = pd.Categorical.from_codes(layers, categories=list(LAYERS))
        return labelled(pd.DataFrame(found | columns), "ties.parquet")
