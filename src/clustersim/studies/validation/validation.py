"""Validation: every pattern measured, with its ablation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from clustersim.studies.validation.lab import Laboratory
from clustersim.studies.validation.nulls import NULLS
from clustersim.studies.validation.patterns import PATTERNS

FULL, QUICK = 600, 200
MISSING: dict[str, str] = {}  # reasons by pattern; none is missing now


def validate(
    ids: Iterable[str] = (), quick: bool = False, seed: int = 1, progress: Callable[[str], None] | None = None
) -> list[dict[str, Any]]:
    """Measure patterns, each with and without the mechanism that should bring it about.

    Parameters
    ----------
    ids : iterable of str
        Patterns to measure, all if empty.
    quick : bool
        200 instead of 600 replicates.
    seed : int
        Seed of all runs.
    progress : callable, optional
        Called with the id of each pattern before it is measured.

    Returns
    -------
    list of dict
        What `Pattern.check` returns of each, null models included.
    """
    wanted = set(ids)
    lab = Laboratory(QUICK if quick else FULL, seed)
    nulls = [null(lab) for null in NULLS]
    results = []
    for pattern in PATTERNS:
        if wanted and pattern.id not in wanted:
            continue
        if progress is not None:
            progress(pattern.id)
        results.append(pattern.check(lab, nulls))
        lab.forget()
    return results
