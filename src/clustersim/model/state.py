"""The state of a simulation: columns of actors and ties, one record for each cluster and each world.

Actors of all kinds share one id space. Each cluster owns a contiguous run of rows, institutions first, then firms, and a
contiguous run of tie rows; a world (one replicate) owns a run of clusters. A kernel therefore advances one cluster in
memory that fits the processor's cache, and clusters and replicates run side by side without touching each other.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from clustersim.core.schema import Variable, record_dtype
from clustersim.model.records import (
    CLUSTERS,
    GATES,
    PROGRAMME_ROWS,
    PROJECTS_MAX,
    RELATED_MAX,
    SEGMENTS_MAX,
    SHOCK_ROWS,
    SHOCKS,
    STAGE_ROWS,
    STAGES_MAX,
    WORLDS,
)

__all__ = ["CLUSTERS", "GATES", "PROGRAMME_ROWS", "PROJECTS_MAX", "RELATED_MAX", "SEGMENTS_MAX", "SHOCKS", "SHOCK_ROWS",
           "STAGES_MAX", "STAGE_ROWS", "WORLDS"]  # fmt: skip

# Kinds of actor. The first four rows of a cluster are always these institutions; universities follow, then firms.
GOVERNMENT, FACILITATOR, BANK, ASSOCIATION, UNIVERSITY, TECHNOLOGY_CENTRE, TRACTOR, SME = range(8)
KINDS = ("government", "facilitator", "bank", "association", "university", "technology_centre", "tractor", "sme")
FREE = -1

# Levels and kinds of tie. A tie marked ENDED is removed when the linkage step closes.
ENDED, ACQUAINTANCE, INFORMATION, COMMERCIAL, STRATEGIC = -1, 0, 1, 2, 3
LEVELS = ("acquaintance", "information", "commercial", "strategic")
VERTICAL, HORIZONTAL, INSTITUTIONAL, EXTERNAL = range(4)
TIE_KINDS = ("vertical", "horizontal", "institutional", "external")
OUTSIDE = -1  # the partner of an external tie
MEETINGS = 2  # places for a quarter's meetings by row, and so the ties that a quarter can add

AGGLOMERATION, CREATION, DEVELOPMENT, MATURITY, TRANSFORMATION, DECLINE, MUSEUM, RENAISSANCE, DISSOLVED = range(9)
PHASES = ("agglomeration", "creation", "development", "maturity", "transformation", "decline", "museum", "renaissance",
          "dissolved")  # fmt: skip

POTENTIAL, LATENT, CONSOLIDATED = range(3)  # what a cluster asks of a facilitator
NO_STAGE, TRUST, LINKAGES, VISION, ACTION = range(5)  # stages of clusterisation

EXIT_CAUSES = ("alive", "insolvency", "closure", "tractor_exit")

ACTORS = {
    "uid": Variable("u8", "id", "identity: keys the actor's draws, kept for life"),
    "parent": Variable("u8", "id", "identity of the firm it spun off from, 0 if none"),
    "kind": Variable("i1", "code", "kind of actor, -1 for a free row", empty=FREE),
    "segment": Variable("i1", "code", "segment of the value chain, upstream first"),
    "cause": Variable("i1", "code", "why the last owner of the row left"),
    "certified": Variable("i1", "flag", "holds an international certificate"),
    "member": Variable("i1", "flag", "member of the association"),
    "project": Variable("i1", "slot", "joint project it takes part in, -1 if none", empty=-1),
    "innovated": Variable("i1", "flag", "innovated in this quarter"),
    "born": Variable("i4", "quarter", "quarter of birth, negative if before the start"),
    "x": Variable("f8", "km", "place, east of the cluster's centre"),
    "y": Variable("f8", "km", "place, north of the cluster's centre"),
    "employees": Variable("f8", "persons", "employment"),
    "knowledge": Variable("f8", "log points", "knowledge level: log productivity that it can reach"),
    "technology": Variable("f8", "turn", "position on the circle of technologies, [0, 1)"),
    "absorptive": Variable("f8", "1", "absorptive capacity, 0 to 1"),
    "rd_share": Variable("f8", "share of sales", "R&D intensity that it aims at"),
    "productivity": Variable("f8", "kUSD/person/quarter", "output that an employee can make"),
    "quality": Variable("f8", "1", "quality of product and process, 0 to 1"),
    "cash": Variable("f8", "kUSD", "money held"),
    "debt": Variable("f8", "kUSD", "owed to the cluster's bank"),
    "assets": Variable("f8", "kUSD", "machines and buildings at book value"),
    "base": Variable("f8", "kUSD/quarter", "customer base: domestic final orders at the mean state of demand"),
    "export_share": Variable("f8", "share", "exports over final sales"),
    "local_share": Variable("f8", "share", "inputs bought from cluster firms over all inputs"),
    "sales": Variable("f8", "kUSD/quarter", "sales, final and to cluster buyers"),
    "exports": Variable("f8", "kUSD/quarter", "sales abroad"),
    "trade": Variable("f8", "kUSD/quarter", "sales to buyers in the cluster, after discounts"),
    "purchases": Variable("f8", "kUSD/quarter", "inputs bought from cluster suppliers"),
    "dependence": Variable("f8", "share", "largest cluster buyer's share of sales"),
    "wage_bill": Variable("f8", "kUSD/quarter", "wages paid"),
    "profit": Variable("f8", "kUSD/quarter", "operating profit after interest"),
    "margin": Variable("f8", "share", "profit over sales, smoothed"),
    "cost_saving": Variable("f8", "share", "part of input cost saved through joint purchase, fading"),
    "reach": Variable("f8", "1", "help from joint projects toward export, fading"),
    "search": Variable("f8", "1", "search effort: falls in complacency, rises in crisis", empty=1),
    "threshold": Variable("f8", "1", "trust at which it cooperates half of the time"),
    "wariness": Variable("f8", "1", "weight on a larger partner's power to harm"),
    "climate": Variable("f8", "1", "generalised trust: what it expects of a stranger"),
    "climate_start": Variable("f8", "1", "generalised trust that the place's history left"),
    "bond": Variable("f8", "1", "mean trust in its partners"),
    "belief": Variable("f8", "1", "belief that joint action succeeds, 0 to 1"),
    "log_size": Variable("f8", "1", "log of (1 + employees)"),
    "effect": Variable("f8", "1", "work space: sum over ties"),
    "weight": Variable("f8", "1", "work space: sum of weights over ties"),
    "contacts": Variable("f8", "1", "work space: contacts in this quarter"),
    "best": Variable("f8", "1", "work space: largest value over ties"),
    "outside": Variable("f8", "1", "work space: trusted weight of partners outside"),
    "degree": Variable("i4", "ties", "live ties, as listed in `by_actor`"),
    "taken": Variable("i4", "ties", "live ties, those just formed included"),
    "around": Variable("i4", "index", "where its ties begin in the list of ties by actor"),
    "root": Variable("i4", "row", "representative of its component of cooperating firms"),
    "top": Variable("i1", "level", "highest level among its ties inside the cluster, -1 if none", empty=-1),
}  # fmt: skip

TIES = {
    "a": Variable("i4", "row", "first actor"),
    "b": Variable("i4", "row", "second actor, -1 for a partner outside"),
    "uid": Variable("u8", "id", "identity of the pair: keys its draws"),
    "since": Variable("i4", "quarter", "quarter in which it formed"),
    "level": Variable("i1", "code", "0 acquaintance, 1 information, 2 commercial, 3 strategic", empty=ENDED),
    "kind": Variable("i1", "code", "0 vertical, 1 horizontal, 2 institutional, 3 external"),
    "last": Variable("i1", "code", "last interaction: 1 success, -1 failure, 0 none yet"),
    "trust_ab": Variable("f8", "1", "trust of a in b"),
    "trust_ba": Variable("f8", "1", "trust of b in a"),
    "fit": Variable("f8", "1", "cognitive fit of the two, inverted U in distance, 0 to 1"),
    "value": Variable("f8", "kUSD/quarter", "trade over the tie, at list price"),
    "target": Variable("f8", "turn", "technology position of an outside partner"),
    "home": Variable("i1", "slot", "related cluster of an outside partner, -1 for a partner abroad", empty=-1),
}

if TYPE_CHECKING:  # the columns are declared above, which static types cannot read
    Actors: TypeAlias = Any
    Ties: TypeAlias = Any
else:
    Actors = namedtuple("Actors", list(ACTORS))
    Ties = namedtuple("Ties", [*TIES, "by_actor"])
Meetings = namedtuple("Meetings", ["a", "b", "kind", "brokered", "priority", "order"])
Programme = namedtuple("Programme", ["rows", "stages", "shocks"])
Record = namedtuple("Record", ["indicators", "spending"])


def table(variables: dict[str, Variable], length: int) -> np.recarray:
    """Return `length` records of these variables, each field at its empty value."""
    records = np.zeros(length, record_dtype(variables)).view(np.recarray)
    for name, variable in variables.items():
        if variable.empty:
            records[name] = variable.empty
    return records


def columns(variables: dict[str, Variable], length: int) -> list[np.ndarray]:
    """Return one array for each variable, filled with its empty value.

    All lie in one block of memory, on borders of 64 bytes: the system can then use large pages for it, which saves the
    kernels much address translation (a quarter touches every column of a cluster).
    """
    sizes = [-(-length * np.dtype(v.dtype).itemsize // 64) * 64 for v in variables.values()]
    block = np.zeros(sum(sizes) + 64, np.uint8)
    at = -block.ctypes.data % 64
    parts = []
    for variable, size in zip(variables.values(), sizes, strict=True):
        part = block[at : at + length * np.dtype(variable.dtype).itemsize].view(variable.dtype)
        if variable.empty:
            part[:] = variable.empty
        parts.append(part)
        at += size
    return parts


def allocate_actors(rows: int) -> Actors:
    """Return actor columns of `rows` free rows."""
    return Actors(*columns(ACTORS, rows))


def allocate_ties(rows: int) -> Ties:
    """Return tie columns of `rows` ended ties, with the list of ties by actor (two places for each tie)."""
    return Ties(*columns(TIES, rows), np.zeros(2 * rows, np.int32))


def allocate_meetings(rows: int) -> Meetings:
    """Return the work space for the meetings of a quarter."""
    size = MEETINGS * rows
    return Meetings(
        np.zeros(size, np.int32), np.zeros(size, np.int32), np.zeros(size, np.int8), np.zeros(size, np.int8),
        np.zeros(size, np.uint64), np.zeros(size, np.int32),
    )  # fmt: skip
