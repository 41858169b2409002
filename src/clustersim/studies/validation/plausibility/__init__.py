"""Plausibility: do the firms of the model look like those of published data? Measured and reported, never fitted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clustersim.studies.validation.plausibility import demography, firms, networks, performance
from clustersim.studies.validation.plausibility.item import Item
from clustersim.studies.validation.plausibility.sample import Sample

FULL, QUICK = 100, 25
ITEMS: tuple[Item, ...] = (*firms.ITEMS, *demography.ITEMS, *performance.ITEMS, *networks.ITEMS)


def compare(quick: bool = False, seed: int = 1, progress: Callable[[str], None] | None = None) -> list[dict[str, Any]]:
    """Measure all items on runs of the shipped scenarios.

    Parameters
    ----------
    quick : bool
        25 instead of 100 replicates of each scenario.
    seed : int
        Seed of all runs.
    progress : callable, optional
        Called with the id of each item before it is measured.

    Returns
    -------
    list of dict
        ``id, statement, value, low, high, published_low, published_high, source, from_memory, inside``, and more: see
        `Item.check`.
    """
    sample = Sample(QUICK if quick else FULL, seed)
    results = []
    for item in ITEMS:
        if progress is not None:
            progress(item.id)
        results.append(item.check(sample))
    return results
