"""Finds the firms at the ends of ties, also where a spreadsheet has changed their ids: zeros lost, a point gained."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

_POINT = re.compile(r"(\d+)[.,]0+")


def bare(id_: str) -> str:
    """Return what a spreadsheet leaves of an id: no zeros before it, no point after it, no apostrophe.

    Examples
    --------
    >>> from clustersim.scenario.registers.ends import bare
    >>> bare("0102260858001"), bare("102260858001.0"), bare("P-07")
    ('102260858001', '102260858001', 'P-07')
    """
    text = id_.strip().lstrip("'")
    if (match := _POINT.fullmatch(text)) is not None:
        text = match[1]
    return text.lstrip("0") or "0" if text.isdecimal() else text


class Ends:
    """The firms that ties may have at their ends.

    Parameters
    ----------
    ids : collection of str
        Of the firms that are used.

    Examples
    --------
    >>> from clustersim.scenario.registers.ends import Ends
    >>> ends = Ends(["0123", "0456"])
    >>> ends.firm("123"), ends.firm("0456.0"), ends.firm("9")
    ('0123', '0456', None)
    """

    def __init__(self, ids: Collection[str]) -> None:
        self.ids = set(ids)
        self._of: dict[str, set[str]] = {}
        for id_ in self.ids:
            self._of.setdefault(bare(id_), set()).add(id_)

    def firm(self, written: str) -> str | None:
        """Return the firm that an id means: the one of that id, or the only one whose id a spreadsheet leaves like that."""
        if written in self.ids:
            return written
        fitting = self._of.get(bare(written), ())
        return next(iter(fitting)) if len(fitting) == 1 else None

    def several(self, written: str) -> bool:
        """Return whether an id could be that of more than one firm."""
        return written not in self.ids and len(self._of.get(bare(written), ())) > 1

    def count(self, written: Iterable[str]) -> int:
        """Return how many of some ids mean a firm."""
        return sum(self.firm(id_) is not None for id_ in written)

    def like(self, written: str) -> str:
        """Return an id of a firm, as an example to compare one with: of the same length where there is one."""
        return min(self.ids, key=lambda id_: (abs(len(id_) - len(written)), id_), default="")
