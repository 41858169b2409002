"""Firms and ties of many places over years as arrays, made from the tables that ``--records firms,ties`` writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from clustersim.model.state import LEVELS

YEARS_MAX = 4096
FIRM_COLUMNS = ("employees", "age", "value_added", "productivity", "export_share", "sales")


@dataclass(frozen=True)
class Links:
    """Ties between firms, one row for each tie and year.

    Attributes
    ----------
    a, b : array of int
        Rows of the two firms in the panel, in the same year.
    level : array of int
        0 acquaintance, 1 information, 2 commercial, 3 strategic.
    trade : array of float
        Trade over the tie, kUSD/quarter.
    next : array of int
        Row of the same tie a year later; -1 if it is gone.
    """

    a: np.ndarray
    b: np.ndarray
    level: np.ndarray
    trade: np.ndarray
    next: np.ndarray


@dataclass(frozen=True)
class Panel:
    """Firms of many places over years, one row for each firm and year, ordered by place and year.

    A place is one cluster of one replicate of one scenario.

    Attributes
    ----------
    place, year, last : array of int
        Place; year since the start; last year that was recorded there.
    segment, firm, parent : array of int
        Segment of the value chain; identity, the same in all years; identity of the parent, -1 if none.
    next : array of int
        Row of the same firm a year later; -1 if it left.
    columns : dict of array
        Columns of firms.parquet.
    links : Links
        Ties between firms.
    """

    place: np.ndarray
    year: np.ndarray
    last: np.ndarray
    segment: np.ndarray
    firm: np.ndarray
    parent: np.ndarray
    next: np.ndarray
    columns: dict[str, np.ndarray]
    links: Links

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    @cached_property
    def cell(self) -> np.ndarray:
        """Number of the place and year of each firm, from 0."""
        return np.unique(self.place * YEARS_MAX + self.year, return_inverse=True)[1]

    @cached_property
    def industry(self) -> np.ndarray:
        """Number of the place, year and segment of each firm, from 0."""
        return np.unique(self.cell * (int(self.segment.max(initial=0)) + 1) + self.segment, return_inverse=True)[1]

    def later(self, years: int) -> np.ndarray:
        """Return the row of each firm some years later, -1 if it has left by then."""
        return _follow(self.next, years)

    def seen(self, years: int) -> np.ndarray:
        """Return which rows are followed for that many years more."""
        return self.year + years <= self.last

    def places(self) -> Iterator[Panel]:
        """Yield the panel of each place by itself."""
        numbers, begins = np.unique(self.place, return_index=True)
        ends = np.append(begins[1:], self.place.size)
        owner = self.place[self.links.a]
        for number, first, last in zip(numbers, begins, ends, strict=True):
            rows = slice(*np.searchsorted(owner, (number, number + 1)))
            yield self._cut(slice(first, last), rows)

    def _cut(self, firms: slice, ties: slice) -> Panel:
        """Return the panel of a run of rows that holds whole places."""

        links = self.links
        part = Links(
            links.a[ties] - firms.start, links.b[ties] - firms.start, links.level[ties], links.trade[ties],
            _moved(links.next[ties], -ties.start),
        )  # fmt: skip
        names = ("place", "year", "last", "segment", "firm", "parent")
        columns = {name: values[firms] for name, values in self.columns.items()}
        return Panel(
            **{name: getattr(self, name)[firms] for name in names}, next=_moved(self.next[firms], -firms.start),
            columns=columns, links=part,
        )  # fmt: skip


def _moved(numbers: np.ndarray, by: int) -> np.ndarray:
    """Return numbers of rows or firms raised by `by`; -1, which stands for none, stays."""
    return np.where(numbers >= 0, numbers + by, -1)


def _follow(step: np.ndarray, times: int) -> np.ndarray:
    """Return where one arrives from each row by following `step` some times; -1 where it ends before."""
    rows = np.arange(step.size)
    for _ in range(times):
        rows = np.where(rows >= 0, step[rows], -1)
    return rows


def _successors(order: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Return for each row the one that follows it in `order`, -1 where it is not the same thing."""
    found = np.full(order.size, -1, np.int64)
    found[order[:-1][same]] = order[1:][same]
    return found


def panel(firms: Any, ties: Any, since: int, start_year: float) -> Panel:
    """Return the panel of the tables firms.parquet and ties.parquet, without the years before `since`.

    Parameters
    ----------
    firms, ties : DataFrame
        As recorded.
    since : int
        First year to keep, counted from the start.
    start_year : float
        The scenario's.
    """
    import pandas as pd

    first = int(np.floor(start_year)) + since
    firms, ties = firms[firms["year"] >= first], ties[ties["year"] >= first]
    clusters = len(firms["cluster"].cat.categories)
    ids = firms["firm"].cat.categories
    place = firms["replicate"].to_numpy(np.int64) * clusters + firms["cluster"].cat.codes.to_numpy(np.int64)
    year = firms["year"].to_numpy(np.int64) - first + since
    code = firms["firm"].cat.codes.to_numpy(np.int64)
    order = np.lexsort((code, year, place))
    place, year, code, firms = place[order], year[order], code[order], firms.iloc[order]

    kinds = len(ids) + 1  # a firm's identity holds its place: the same firm lives in many replicates
    firm = place * kinds + code
    parent = firms["parent"].cat.set_categories(ids).cat.codes.to_numpy(np.int64)
    by_firm = np.lexsort((year, firm))
    same = (np.diff(firm[by_firm]) == 0) & (np.diff(year[by_firm]) == 1)

    owner = ties["replicate"].to_numpy(np.int64) * clusters + ties["cluster"].cat.codes.to_numpy(np.int64)
    when = ties["year"].to_numpy(np.int64) - first + since
    keys = firm[by_firm] * YEARS_MAX + year[by_firm]
    ends = []
    for name in ("a", "b"):
        found = pd.Index(ids).get_indexer(ties[name].cat.categories)[ties[name].cat.codes.to_numpy()]
        wanted = (owner * kinds + found) * YEARS_MAX + when
        at = np.minimum(np.searchsorted(keys, wanted), keys.size - 1)
        ends.append(np.where((found >= 0) & (keys[at] == wanted), by_firm[at], -1))
    kept = np.flatnonzero((ends[0] >= 0) & (ends[1] >= 0))
    kept = kept[np.lexsort((when[kept], owner[kept]))]
    a, b = ends[0][kept], ends[1][kept]
    low, high = np.minimum(firm[a], firm[b]), np.maximum(firm[a], firm[b])
    by_tie = np.lexsort((when[kept], high, low))
    again = (np.diff(low[by_tie]) == 0) & (np.diff(high[by_tie]) == 0) & (np.diff(when[kept][by_tie]) == 1)
    level = ties["level"].cat.set_categories(list(LEVELS)).cat.codes.to_numpy(np.int64)[kept]
    links = Links(a, b, level, ties["trade_value"].to_numpy(float)[kept], _successors(by_tie, again))
    return Panel(
        place, year, np.full(place.size, year.max(initial=0)), firms["segment"].cat.codes.to_numpy(np.int64), firm,
        np.where(parent >= 0, place * kinds + parent, -1), _successors(by_firm, same),
        {name: firms[name].to_numpy(float) for name in FIRM_COLUMNS}, links,
    )  # fmt: skip


def together(panels: list[Panel]) -> Panel:
    """Return panels as one; places, firms and segments of different panels stay apart."""
    parts, rows, ties, places, firms, segments = [], 0, 0, 0, 0, 0
    for each in panels:
        links = each.links
        parts.append(replace(
            each, place=each.place + places, firm=each.firm + firms, segment=each.segment + segments,
            parent=_moved(each.parent, firms), next=_moved(each.next, rows),
            links=Links(links.a + rows, links.b + rows, links.level, links.trade, _moved(links.next, ties)),
        ))  # fmt: skip
        rows, ties = rows + each.place.size, ties + links.a.size
        places, firms = places + int(each.place.max(initial=-1)) + 1, firms + int(each.firm.max(initial=-1)) + 1
        segments += int(each.segment.max(initial=-1)) + 1

    def joined(of: list[Any], name: str) -> np.ndarray:
        return np.concatenate([getattr(part, name) for part in of])

    names = ("place", "year", "last", "segment", "firm", "parent", "next")
    columns = {name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns}
    links = Links(*(joined([part.links for part in parts], name) for name in ("a", "b", "level", "trade", "next")))
    return Panel(**{name: joined(parts, name) for name in names}, columns=columns, links=links)
