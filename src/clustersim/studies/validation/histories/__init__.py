"""Histories: do places of the model move as published clusters do? Measured and reported, never fitted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clustersim.studies.validation.histories.items import ITEMS
from clustersim.studies.validation.histories.pool import Pool

FULL, QUICK = 200, 50


def compare(quick: bool = False, seed: int = 1, progress: Callable[[str], None] | None = None) -> list[dict[str, Any]]:
    """Measure all items on a pool of simulated places.

    Parameters
    ----------
    quick : bool
        About 50 instead of 200 places of each source.
    seed : int
        Seed of all runs.
    progress : callable, optional
        Called with the id of each item before it is measured.

    Returns
    -------
    list of dict
        As `clustersim.studies.validation.plausibility.compare` does: value, interval, published range and verdict of each;
        ``scenarios`` holds the value of each source of the pool.
    """
    pool = Pool(QUICK if quick else FULL, seed)
    results = []
    for item in ITEMS:
        if progress is not None:
            progress(item.id)
        results.append(item.check(pool))
    return results
