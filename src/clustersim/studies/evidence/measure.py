"""How a fact is measured: by what statistic, where and when; what comes of it, and whether that lies in the fact's range."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from clustersim.core.words import N_
from clustersim.studies.evidence.facts import Fact
from clustersim.studies.evidence.watching import Sample, Seen, Survey

LOW, MIDDLE, HIGH = 10, 50, 90  # percentiles of a band
DRAWS = 200
SAME = 0.01  # part of a fact's number by which a value without a band may differ and be the same number
REPLICATES, PLACES, FILES = "replicates", "places", "files"
BANDS = {
    REPLICATES: N_("10 to 90 % of replicates"), PLACES: N_("10 to 90 % when places are drawn anew"),
    FILES: N_("least and most of what is shipped"),
}  # fmt: skip
LIBRARY = "library"  # where a fact is measured that is of the places of all scenarios that the rule of the library takes


class Estimate(NamedTuple):
    """A value with its band; and, of a rank, what it is a rank among: shares by name, largest first."""

    low: float
    value: float
    high: float
    seen: tuple[tuple[str, float], ...] = ()


NOTHING = Estimate(np.nan, np.nan, np.nan)


@dataclass(frozen=True)
class Measure:
    """What of the model stands beside a fact.

    Attributes
    ----------
    how : str
        The statistic, with its window.
    where : str
        The scenario, `LIBRARY`, or the declaration that holds the value.
    band : str
        What the band is of: one of `BANDS`.
    take : callable
        Returns the estimate from a sample; what needs no run does not ask it for any.
    bears : str
        What must be known to judge the comparison, if anything.
    """

    how: str
    where: str
    band: str
    take: Callable[[Sample], Estimate]
    bears: str = ""


@dataclass(frozen=True)
class Apart:
    """Why nothing of the model can stand beside a fact."""

    reason: str


def over_replicates(where: str, how: str, statistic: Callable[[Seen], np.ndarray], bears: str = "") -> Measure:
    """Return the measure of a statistic that gives one number for each replicate of a scenario."""

    def take(sample: Sample) -> Estimate:
        return across(statistic(sample.of(where)))

    return Measure(how, where, REPLICATES, take, bears)


def across(values: np.ndarray) -> Estimate:
    """Return the median and the band of one number for each replicate; nothing where half of them have none.

    An infinite number is one that was not reached in the run, and counts as later, or more, than all others.

    Examples
    --------
    >>> across(np.array([1.0, 2.0, 3.0, np.inf, np.nan]))[:3]
    (1.0, 2.0, inf)
    """
    known = values[~np.isnan(values)]
    if 2 * known.size < values.size or not known.size:
        return NOTHING
    low, value, high = np.percentile(known, (LOW, MIDDLE, HIGH), method="inverted_cdf")
    return Estimate(float(low), float(value), float(high))


def over_places(how: str, statistic: Callable[[Survey, np.ndarray], float], bears: str = "") -> Measure:
    """Return the measure of a statistic over all initiatives of the library; it takes the survey and the weight of each look."""

    def take(sample: Sample) -> Estimate:
        survey = sample.survey
        draws = [statistic(survey, weight) for weight in drawn(survey)]
        low, high = np.nanpercentile(draws, (LOW, HIGH))
        return Estimate(float(low), statistic(survey, survey["weight"]), float(high))

    return Measure(how, LIBRARY, PLACES, take, bears)


def drawn(survey: Survey) -> list[np.ndarray]:
    """Return weights of the looks when as many places as there are were drawn anew, with all their looks, again and again."""
    rng = np.random.default_rng(7)
    place = survey["place"]
    times = (np.bincount(rng.integers(0, survey.places, survey.places), minlength=survey.places) for _ in range(DRAWS))
    return [survey["weight"] * count[place] for count in times]


def shipped(where: str, how: str, values: Callable[[], Sequence[float]], bears: str = "") -> Measure:
    """Return the measure of a number that is written in a file or a declaration, or of several of them."""

    def take(sample: Sample) -> Estimate:
        found = np.array(values(), float)
        return Estimate(float(found.min()), float(np.median(found)), float(found.max()))

    return Measure(how, where, FILES, take, bears)


def judge(fact: Fact, found: Estimate, band: str) -> tuple[bool | None, float]:
    """Return whether a fact is met, None where there is no value; and how far the model is from it, 0 where it is met.

    A fact with a range is met where the model's value lies in it, and all of the values that are shipped; one that is a number
    alone, where the number lies in the model's band, or where they are the same number.

    Examples
    --------
    >>> fact = Fact("a", "", 3.0, 2.0, 4.0, "", "", "", "check")
    >>> judge(fact, Estimate(1.0, 3.5, 9.0), REPLICATES), judge(fact, Estimate(1.0, 3.5, 9.0), FILES)
    ((True, 0.0), (False, 5.0))
    >>> alone = fact._replace(low=None, high=None)
    >>> judge(alone, Estimate(3.5, 3.7, 9.0), REPLICATES), judge(alone, Estimate(2.0, 2.1, 3.0), REPLICATES)
    ((False, 0.5), (True, 0.0))
    """
    if np.isnan(found.value):
        return None, float("nan")
    if fact.ranged:
        ends = (found.low, found.high) if band == FILES else (found.value, found.value)
        below = 0.0 if fact.low is None else fact.low - ends[0]
        above = 0.0 if fact.high is None else ends[1] - fact.high
    else:
        below, above = fact.value - found.high, found.low - fact.value
        if found.low == found.high and abs(below) <= SAME * abs(fact.value):
            return True, 0.0
    distance = max(below, above, 0.0)
    return distance == 0.0, float(distance)
