"""Several rows of one firm: its years, its establishments, or the same row twice."""

from __future__ import annotations

import re

import numpy as np

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


def years_of(cells: np.ndarray) -> np.ndarray:
    """Return the year that each cell of a column of periods names, NaN for none.

    Examples
    --------
    >>> import numpy as np
    >>> from clustersim.scenario.registers.panel import years_of
    >>> years_of(np.array(["2023", "31/12/2024", ""], object))
    array([2023., 2024.,   nan])
    """
    read: dict[str, float] = {}
    for cell in set(cells.tolist()):
        found = _YEAR.findall(re.sub(r"[.,]0+$", "", cell)) or [
            cell[:4] for _ in (1,) if re.fullmatch(r"(?:19|20)\d{4}(?:\d\d)?", cell)
        ]
        read[cell] = float(found[0]) if len(set(found)) == 1 else np.nan
    return np.array([read[cell] for cell in cells.tolist()], float)


def groups_of(ids: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return for each of `rows` the first row of its id, and the rows of each id that has several."""
    first: dict[str, int] = {}
    members: dict[int, list[int]] = {}
    head = np.empty(rows.size, int)
    for k, row in enumerate(rows.tolist()):
        start = first.setdefault(ids[row], row)
        head[k] = start
        if start != row:
            members.setdefault(start, [start]).append(row)
    return head, [np.array(group) for group in members.values()]


def repeats_total(values: np.ndarray, groups: list[np.ndarray]) -> bool:
    """Whether each row of a firm gives its total: all known values of a firm are equal, in two firms or more."""
    told = [known for group in groups if (known := values[group][~np.isnan(values[group])]).size > 1]
    large = [known for known in told if known[0] > 1.0]  # establishments of one person each are no total
    return len(large) >= 2 and all(known.min() == known.max() for known in told) and len({known[0] for known in large}) > 1
