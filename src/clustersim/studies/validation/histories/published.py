"""What public data show of clusters' histories: the shipped table, and the range of a statistic in it.

The data are US Census Bureau, County Business Patterns 2017 to 2021: establishments and jobs of each county and industry (NAICS,
six digits) in March of each year; a work of the US government, in the public domain. They were read in a copy in ModelEarth's
repository community-timelines (commit 82431ac, without a licence file of its own). Counties of the states with an even FIPS
code are in the table; the others are kept for a later test. A cluster is a county and industry:

- D0: manufacturing, location quotient of establishments 2 or more, ten establishments or more in the base year;
- D1: the same with a quotient of 1 or more; D2: as D0 with 20 establishments or more; D3: as D0 with a quotient of 5 or more;
- D4: as D0 in all industries; M and A: manufacturing and all industries, with 3 to 5 establishments in 2017.

Growth is of logs, from one March to the next; ``robust`` is the interquartile range over 1.349; intervals resample counties.
Cells of fewer than three establishments are not published, and employment carries noise that the Bureau adds so that no firm can
be recognised: spreads of jobs are upper bounds.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

TABLE = Path(__file__).with_name("cluster_histories.csv")
SOURCE = "US Census Bureau, County Business Patterns 2017-2021 (counties of states with an even FIPS code)"
LEAST_PUBLISHED = 3  # establishments below which a cell is not published


class Fact(NamedTuple):
    """A statistic of clusters under one definition: its value, the ends of its interval, and its number of observations."""

    value: float
    low: float
    high: float
    n: int


@cache
def facts() -> Mapping[tuple[str, str], Fact]:
    """Return all facts by statistic and definition.

    Examples
    --------
    >>> facts()["jobs_growth_robust", "D0"]
    Fact(value=0.1141, low=0.1076, high=0.12, n=2196)
    """
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {
        (row["statistic"], row["definition"]): Fact(float(row["value"]), float(row["low"]), float(row["high"]), int(row["n"]))
        for row in rows
    }
    return MappingProxyType(found)


def span(statistic: str, *definitions: str) -> tuple[float, float]:
    """Return the lowest and highest end of a statistic's intervals under some definitions.

    Examples
    --------
    >>> span("jobs_growth_robust", "D0", "D1")
    (0.1076, 0.1202)
    """
    known = [facts()[statistic, definition] for definition in definitions]
    return min(fact.low for fact in known), max(fact.high for fact in known)
