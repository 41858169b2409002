"""Small comparisons that the tests of comparisons and reports share; none of them is to be changed."""

from __future__ import annotations

import functools

from clustersim.scenario.model import Scenario
from clustersim.studies.comparison import Comparison, compare
from result_cases import scenario

REPLICATES = 6


def supported(**changes) -> Scenario:
    """Return a small world of two clusters with a programme."""
    return scenario(title="With help & <care>", **changes)


def alone(**changes) -> Scenario:
    """Return the same world without the programme."""
    return scenario(title="Left alone", programme=None, **changes)


@functools.cache
def small() -> Comparison:
    """Return a comparison of both, and of the first with itself, over 22 quarters."""
    return compare({"alone": alone(), "supported": supported(), "again": alone()}, replicates=REPLICATES, seed=5)


@functools.cache
def worlds() -> Comparison:
    """Return a comparison of both over uncertain worlds."""
    return compare({"alone": alone(), "supported": supported()}, replicates=4, seed=5, years=3, worlds=12)
