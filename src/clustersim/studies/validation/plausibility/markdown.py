"""The items as Markdown tables for the documentation, which is in English: what is declared, and what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from clustersim.core.numbers import NONE, shortest
from clustersim.core.words import speaking
from clustersim.studies.validation.plausibility.item import Item


def span(low: float | None, high: float | None) -> str:
    """Return a range in words; a side that is None is open."""
    with speaking("en"):
        ends = ["" if end is None else shortest(end, 3) for end in (low, high)]
    if low is None:
        return f"{ends[1]} or less"
    return f"{ends[0]} or more" if high is None else f"{ends[0]} to {ends[1]}"


def declared_table(items: Sequence[Item]) -> str:
    """Return the table of what data show, with the published range and its source."""
    rows = ["| item | what data show | statistic | published range | source | how known | what in the model bears on it |"]
    rows.append("| --- | --- | --- | --- | --- | --- | --- |")
    rows += [
        f"| {item.id} | {item.statement} | {item.statistic} | {span(item.low, item.high)} | {item.source} | "
        f"{'read' if item.read else 'from memory, in part or whole'} | {item.bears} |"
        for item in items
    ]
    return "\n".join(rows)


def measured_table(results: Sequence[Mapping[str, Any]]) -> str:
    """Return the table of what the model gave beside the published range."""
    names = next((list(result["scenarios"]) for result in results if result["scenarios"]), [])
    heads = ["item", "what data show", "model [5 %, 95 %]", *(f"`{name}`" for name in names), "published range", "verdict"]
    rows = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    for result in results:
        rows.append(_measured(result, names))
    return "\n".join(rows)


def _measured(result: Mapping[str, Any], names: Sequence[str]) -> str:
    """Return the row of what the model gave for one item."""
    with speaking("en"):
        told = f"{shortest(result['value'], 3)} [{shortest(result['low'], 3)}, {shortest(result['high'], 3)}]"
        cells = [result["id"], result["statement"], told if np.isfinite(result["value"]) else NONE]
        cells += [shortest(result["scenarios"].get(name, float("nan")), 3) for name in names]
        cells.append(span(result["published_low"], result["published_high"]))
        outside = f"**outside** by {shortest(result['distance'], 3)}"
    cells.append({True: "inside", False: outside, None: "not comparable"}[result["inside"]])
    return f"| {' | '.join(cells)} |"
