"""The tables of a result: how records become frames, and what every column means, with its unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from clustersim.core.words import _, speaking
from clustersim.model.indicators import INDICATORS
from clustersim.model.state import ACTORS, AGGLOMERATION, PHASES
from clustersim.results.reading import OUTSIDE_NAME

if TYPE_CHECKING:
    import pandas as pd

    from clustersim.scenario.model import Scenario
    from clustersim.simulation.engine import Simulation

_PHASE = list(INDICATORS).index("phase")
Columns = dict[str, tuple[str, str]]

# Columns of firms.parquet that are columns of the state, in this order.
FIRM_STATE = (
    "employees", "sales", "exports", "local_share", "dependence", "wage_bill", "profit", "margin", "cash", "debt",
    "assets", "productivity", "quality", "knowledge", "technology", "absorptive", "rd_share", "search", "belief",
    "climate", "x", "y",
)  # fmt: skip
FIRM_FLAGS = ("certified", "member", "innovated")

EVENTS = (
    "entry", "spinoff", "exit", "tie_formed", "tie_ended", "tie_climbed", "tie_dropped", "project_started",
    "project_ended", "association_founded", "association_closed", "stage_begun", "phase_changed", "money_interrupted",
    "shock",
)  # fmt: skip


def data_dictionary() -> dict[str, dict[str, Any]]:
    """Return what the rows of each file of a result stand for, and unit and meaning of its columns; in the language in force."""
    when: Columns = {
        "replicate": ("index", _("replicate, from 0")),
        "quarter": ("quarter", _("quarter of the run, from 0; the state is read at its end")),
        "year": ("year", _("start year + quarter / 4: the date at which the quarter begins")),
        "cluster": ("name", _("cluster, as the scenario names it")),
    }
    yearend: Columns = when | {"year": ("year", _("calendar year whose end is read (or the end of the run)"))}
    return {
        "indicators.parquet": {
            "rows": _("one for each replicate, cluster and quarter"),
            "columns": when
            | {"phase": ("name", _("life-cycle phase: {names}", names=" ".join(PHASES)))}
            | {name: (i.unit, _(i.label) + ": " + _(i.formula)) for name, i in INDICATORS.items() if name != "phase"},
        },
        "phases.parquet": {
            "rows": _("one for each change of phase"),
            "columns": when | {"from": ("name", _("phase until then")), "to": ("name", _("phase from then on"))},
        },
        "spending.parquet": {
            "rows": _("one for each replicate, cluster, quarter and instrument that spent money"),
            "columns": {"instrument": ("name", _("instrument of the programme")), "stage": ("name", _("stage of the programme"))}
            | when
            | {"public": ("kUSD", _("public money paid")), "private": ("kUSD", _("money that the association put beside it"))},
        },
        "firms.parquet": {
            "rows": _("one for each replicate, year and firm alive (with --records firms); from a register also for quarter 0"),
            "columns": yearend
            | {
                "firm": ("id", _("identity of the firm, the same in every table, for life")),
                "kind": ("name", _("tractor or sme")),
                "segment": ("name", _("segment of the value chain; 'related': an activity of the nation, branched into")),
                "age": ("years", _("age at the end of the quarter")),
                "value_added": ("kUSD/quarter", _("wage bill + operating profit")),
                "export_share": ("share", _("exports / sales")),
                "parent": ("id", _("firm that it spun off from, missing if none")),
            }
            | {name: (ACTORS[name].unit, _(ACTORS[name].doc)) for name in (*FIRM_STATE, *FIRM_FLAGS)},
        },
        "ties.parquet": {
            "rows": _("one for each replicate, year and live tie (with --records ties); from a register also for quarter 0"),
            "columns": yearend
            | {
                "a": ("id", _("first partner")),
                "b": ("id", _("second partner; 'outside' for a partner outside the cluster")),
                "a_kind": ("name", _("kind of actor of the first partner")),
                "b_kind": ("name", _("kind of actor of the second partner")),
                "level": ("name", _("acquaintance, information, commercial or strategic")),
                "kind": ("name", _("vertical, horizontal, institutional or external")),
                "trust_ab": ("1", _("trust of a in b, 0 to 1")),
                "trust_ba": ("1", _("trust of b in a, 0 to 1")),
                "age": ("years", _("years since the two met")),
                "trade_value": ("kUSD/quarter", _("trade over the tie, at list price")),
                "layer": ("name", _("contact, trade (at arm's length), advice (a asks b) or cooperation")),
            },
        },
        "events.parquet": {
            "rows": _("one for each event (with --records events)"),
            "columns": when
            | {
                "event": ("name", _("what happened: {names}", names=" ".join(EVENTS))),
                "firm": ("id", _("the firm, or the first partner of a tie")),
                "other": ("id", _("the parent of a spin-off, or the second partner of a tie")),
                "detail": ("name", _("kind of firm, tie, project, stage or shock")),
                "before": ("name", _("level, phase or state until then")),
                "after": ("name", _("level, phase, result or cause from then on")),
            },
        },
        "probes.parquet": {
            "rows": _("one for each replicate, cluster and quarter at which probes looked (only with probes, from Python)"),
            "columns": when,  # and one for each probe, by its name
        },
        "register.parquet": {
            "rows": _("one for each firm that the scenario takes from a table of firms (only then is there such a file)"),
            "columns": {
                "cluster": ("name", _("cluster, as the scenario names it")),
                "firm": ("id", _("identity of the firm in firms, ties and events")),
                "id": ("text", _("id of the firm in the register")),
                "segment": ("name", _("segment in the table; drawn if missing, like all that follows")),
                "tractor": ("flag", _("tractor firm at the start")),
                "employees": ("persons", _("employment in the table")),
                "sales": ("kUSD/year", _("sales in the table")),
                "exports": ("kUSD/year", _("exports in the table")),
                "year": ("year", _("year in which the firm was founded")),
                "certified": ("flag", _("1 certified, 0 not")),
                "member": ("flag", _("1 for a member of the cluster's association, 0 or missing for none")),
                "x": ("km", _("place, east of the cluster's centre")),
                "y": ("km", _("place, north of the cluster's centre")),
            },
        },
    }  # fmt: skip


with speaking("en"):
    DATA_DICTIONARY = data_dictionary()


def units(file: str) -> dict[str, str]:
    """Return the unit of each column of a file of a result."""
    return {name: unit for name, (unit, _meaning) in DATA_DICTIONARY[file]["columns"].items()}


def labelled(frame: pd.DataFrame, file: str) -> pd.DataFrame:
    """Return the frame with its columns in the order of the data dictionary, and their units in ``attrs["units"]``."""
    known = units(file)
    frame = frame[list(known)]
    frame.attrs["units"] = known
    return frame


def cluster_names(scenario: Scenario) -> list[str]:
    """Return the names of the scenario's clusters, in order."""
    return [cluster.name for cluster in scenario.place.clusters]


def when(simulation: Simulation, owner: np.ndarray, quarter: np.ndarray) -> dict[str, Any]:
    """Return the columns replicate, quarter, year and cluster for rows that belong to state clusters `owner`."""
    import pandas as pd

    names = cluster_names(simulation.scenario)
    return {
        "replicate": np.asarray(simulation.replicates, np.int64)[owner // len(names)],
        "quarter": quarter.astype(np.int64),
        "year": simulation.scenario.horizon.start_year + quarter / 4.0,
        "cluster": pd.Categorical.from_codes(owner % len(names), categories=names),
    }


def indicators_frame(simulation: Simulation, values: np.ndarray) -> pd.DataFrame:
    """Return indicators.parquet from an array (quarter, state cluster, indicator) that begins at quarter 0."""
    import pandas as pd

    quarters, clusters, count = values.shape
    rows = np.ascontiguousarray(values.transpose(1, 0, 2)).reshape(-1, count)
    owner = np.repeat(np.arange(clusters), quarters)
    columns = when(simulation, owner, np.tile(np.arange(quarters), clusters))
    columns["phase"] = pd.Categorical.from_codes(rows[:, _PHASE].astype(np.int8), categories=list(PHASES))
    columns |= {name: rows[:, k] for k, name in enumerate(INDICATORS) if k != _PHASE}
    return labelled(pd.DataFrame(columns), "indicators.parquet")


def phases_frame(simulation: Simulation, values: np.ndarray) -> pd.DataFrame:
    """Return phases.parquet from the same array: every change of phase, the first one from agglomeration."""
    import pandas as pd

    codes = values[:, :, _PHASE].T.astype(np.int8)
    before = np.concatenate([np.full((len(codes), 1), AGGLOMERATION, np.int8), codes[:, :-1]], axis=1)
    owner, quarter = np.nonzero(codes != before)
    columns = when(simulation, owner, quarter)
    columns["from"] = pd.Categorical.from_codes(before[owner, quarter], categories=list(PHASES))
    columns["to"] = pd.Categorical.from_codes(codes[owner, quarter], categories=list(PHASES))
    return labelled(pd.DataFrame(columns), "phases.parquet")


def spending_frame(simulation: Simulation, amounts: np.ndarray) -> pd.DataFrame:
    """Return spending.parquet from an array (quarter, programme row, public or private) that begins at quarter 0."""
    import pandas as pd

    programme = simulation.scenario.programme
    listed = programme.paid_for() if programme else []
    stages = [stage.name for stage in programme.stages] if programme else []
    names = sorted({name for _stage, name in listed})
    name_of = np.array([names.index(name) for _stage, name in listed], np.int64)
    stage_of = np.array([stage for stage, _name in listed], np.int64)
    clusters = simulation.state.clusters
    row_owner = np.repeat(np.arange(len(clusters)), clusters.rows_last - clusters.rows_first)
    quarter, row = np.nonzero(amounts.any(axis=2))
    number = simulation.state.plan.rows.instrument[row]
    sums = (
        pd.DataFrame({
            "owner": row_owner[row], "quarter": quarter, "number": number,
            "public": amounts[quarter, row, 0], "private": amounts[quarter, row, 1],
        }).groupby(["owner", "quarter", "number"], as_index=False).sum()
    )  # fmt: skip
    number = sums["number"].to_numpy()
    columns = when(simulation, sums["owner"].to_numpy(), sums["quarter"].to_numpy())
    columns["instrument"] = pd.Categorical.from_codes(name_of[number], categories=names)
    unique = list(dict.fromkeys(stages))
    stage_code = np.array([unique.index(stage) for stage in stages], np.int64)
    columns["stage"] = pd.Categorical.from_codes(stage_code[stage_of[number]], categories=unique)
    columns |= {"public": sums["public"].to_numpy(), "private": sums["private"].to_numpy()}
    return labelled(pd.DataFrame(columns), "spending.parquet")


def stack(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return the tables of batches as one: replicates in order, categories those of all, the same however batches were cut."""
    import pandas as pd
    from pandas.api.types import union_categoricals

    columns = {}
    for name in frames[0]:
        parts = [frame[name] for frame in frames]
        if isinstance(parts[0].dtype, pd.CategoricalDtype):
            whole = union_categoricals([part.array for part in parts])
            # Identities differ between batches; all else has the same categories everywhere.
            differ = any(len(part.cat.categories) != len(whole.categories) for part in parts)
            columns[name] = whole.reorder_categories(sorted(whole.categories, key=_identity)) if differ else whole
        else:
            columns[name] = np.concatenate([part.to_numpy() for part in parts])
    stacked = pd.DataFrame(columns)
    replicates = stacked["replicate"].to_numpy()
    if (np.diff(replicates) < 0).any():
        stacked = stacked.iloc[np.argsort(replicates, kind="stable")].reset_index(drop=True)
    stacked.attrs = dict(frames[0].attrs)
    return stacked


def _identity(name: str) -> tuple[bool, str]:
    """Return what identities are ordered by, as `hex_ids` orders them."""
    return name != OUTSIDE_NAME, name
