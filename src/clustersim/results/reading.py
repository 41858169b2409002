"""Reading rows off the state: which rows are alive, whose they are, and identities as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from clustersim.model.state import FREE, OUTSIDE

if TYPE_CHECKING:
    import pandas as pd

OUTSIDE_NAME = "outside"  # the partner of a tie that leads out of the cluster
Arrays = dict[str, np.ndarray]


def spans(first: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows ``first[k] … first[k] + count[k] - 1`` of all owners k, and the owner of each row."""
    owner = np.repeat(np.arange(count.size), count)
    begins = np.cumsum(count) - count
    return first[owner] + np.arange(owner.size) - begins[owner], owner


def live_firms(state: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of all firms alive, and the cluster of each."""
    rows, owner = spans(state.clusters.firms, state.clusters.last - state.clusters.firms)
    alive = state.actors.kind[rows] != FREE
    return rows[alive], owner[alive]


def live_ties(state: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of all live ties, and the cluster of each."""
    return spans(state.clusters.ties, state.clusters.tie_count)


def hex_ids(*columns: np.ndarray) -> list[pd.Categorical]:
    """Return columns of 64-bit identities as categories of 16 hex digits; 0 is missing, 1 is the outside."""
    import pandas as pd

    unique, codes = np.unique(np.concatenate(columns), return_inverse=True)
    digits = unique.astype(">u8").tobytes().hex()
    names = [digits[k : k + 16] for k in range(0, len(digits), 16)]
    names = [OUTSIDE_NAME if value == 1 else name for value, name in zip(unique.tolist(), names, strict=True)]
    if unique.size and unique[0] == 0:
        names, codes = names[1:], codes - 1
    edges = np.cumsum([column.size for column in columns])[:-1]
    return [pd.Categorical.from_codes(part, categories=names) for part in np.split(codes, edges)]


def partners(state: Any, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the identities of both partners of ties; 1 stands for a partner outside the cluster."""
    a, b = state.ties.a[rows], state.ties.b[rows]
    return state.actors.uid[a], np.where(b == OUTSIDE, np.uint64(1), state.actors.uid[b])


def in_order(parts: list[Arrays]) -> Arrays:
    """Return tables one below the other, ordered by cluster (its ``owner``) and quarter."""
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((whole["quarter"], whole["owner"]))
    return {name: column[order] for name, column in whole.items()}
