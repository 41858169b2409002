"""Contrasts over the corners of a design: each weighs options, and its mean over paired replicates is judged by one rule.

The rule: all contrasts of one kind for one outcome are looked at together, and a band of Student's t holds for all of them at
once with 95 % (Bonferroni: each leaves out 5 % over their number). A word is said only where that band leaves zero out, so that
words and bands never disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from clustersim.studies.synergy.factors import Design

LEVEL, POWER = 0.95, 0.80
EXACT = 1e-9  # of the largest value: what is smaller is how sums were rounded
TOLD = ("less", "none", "more")  # by sign, from -1
OFF, MEAN = "off", "mean"  # the other factors: at their first level, or averaged over all their combinations
KINDS = ("alone", "pair", "triple", "whole", "company")

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Contrast:
    """What is added up of which options.

    Attributes
    ----------
    kind : {"alone", "pair", "triple", "whole", "company"}
        The effect of one factor; what two, or three, do together beyond all that fewer of them do; what all do beyond the sum
        of each alone; what one adds to all others beyond what it does alone.
    parts : tuple of (int, int)
        Factors and the level of each that is held against its first one.
    others : {"off", "mean"}
        Where the other factors stand.
    weights : dict
        Weight of each option, by its number.
    """

    kind: str
    parts: tuple[tuple[int, int], ...]
    others: str
    weights: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Judged:
    """A contrast's mean, its band, the word for it, and how large it would have to be to be seen in four of five such designs."""

    estimate: float
    low: float
    high: float
    error: float
    p: float
    units: int
    seen_from: float
    told: str


def contrasts(design: Design) -> list[Contrast]:
    """Return all contrasts whose corners a design holds."""
    found = []
    for kind, order in (("alone", 1), ("pair", 2), ("triple", 3)):
        for chosen in combinations(range(len(design.factors)), order):
            for parts in _levels(design, chosen):
                backgrounds = list(_backgrounds(design, parts))
                off = [weights for others, weights in backgrounds if not any(others)]
                found += [Contrast(kind, parts, OFF, weights) for weights in off]
                if len(backgrounds) > 1 or (backgrounds and not off):
                    found.append(Contrast(kind, parts, MEAN, _mean([weights for _others, weights in backgrounds])))
    return found + list(_together(design))


def _levels(design: Design, chosen: Sequence[int]) -> Iterator[tuple[tuple[int, int], ...]]:
    """Yield the levels that are held against the first ones, every combination of them."""
    sizes = [len(design.factors[k].levels) - 1 for k in chosen]
    for place in np.ndindex(*sizes):
        yield tuple((factor, level + 1) for factor, level in zip(chosen, place, strict=True))


def _backgrounds(
    design: Design, parts: Sequence[tuple[int, int]]
) -> Iterator[tuple[tuple[int, ...], dict[int, float]]]:
    """Yield where the other factors stand, and weights of the corners, wherever all corners are there."""
    corners = [corner for corner in np.ndindex(*[2] * len(parts))]
    for levels in design.options:
        if any(levels[factor] for factor, _level in parts):
            continue
        weights = {}
        for corner in corners:
            there = list(levels)
            for (factor, level), up in zip(parts, corner, strict=True):
                there[factor] = level if up else 0
            option = design.options.get(tuple(there))
            if option is None:
                break
            weights[option] = float((-1) ** (len(parts) - sum(corner)))
        else:
            yield levels, weights


def _mean(several: Sequence[Mapping[int, float]]) -> dict[int, float]:
    found: dict[int, float] = {}
    for weights in several:
        for option, weight in weights.items():
            found[option] = found.get(option, 0.0) + weight / len(several)
    return found


def _together(design: Design) -> Iterator[Contrast]:
    """Yield the whole against the sum of each alone, and each in the company of all others: from three factors on."""
    count = len(design.factors)
    if count < 3:
        return
    tops = [len(factor.levels) - 1 for factor in design.factors]
    none, every = design.options.get((0,) * count), design.options.get(tuple(tops))
    if none is None or every is None:
        return
    alone = [design.options.get(tuple(top if k == one else 0 for k, top in enumerate(tops))) for one in range(count)]
    known = [option for option in alone if option is not None]
    if len(known) == count:
        yield Contrast("whole", tuple(enumerate(tops)), OFF, {every: 1.0, none: count - 1.0} | dict.fromkeys(known, -1.0))
    for one, by_itself in enumerate(alone):
        without = design.options.get(tuple(0 if k == one else top for k, top in enumerate(tops)))
        if without is not None and by_itself is not None:
            weights = {every: 1.0, without: -1.0, by_itself: -1.0, none: 1.0}
            yield Contrast("company", ((one, tops[one]),), OFF, weights)


def judge(contrasts: Sequence[Contrast], values: Array) -> list[Judged]:
    """Return what paired values say of contrasts that are looked at together.

    Parameters
    ----------
    contrasts : sequence of Contrast
        All contrasts of one family: their number widens the band of each.
    values : array (unit, option)
        An outcome; NaN where there is no run. A unit counts where it has all options of a contrast.

    Examples
    --------
    >>> import numpy as np
    >>> from clustersim.studies.synergy.contrasts import Contrast, judge
    >>> pair = Contrast("pair", ((0, 1), (1, 1)), "off", {0: 1.0, 1: -1.0, 2: -1.0, 3: 1.0})
    >>> judge([pair], np.array([[10.0, 12.0, 13.0, 18.0], [20.0, 22.5, 23.0, 28.5], [5.0, 7.0, 8.5, 13.0]]))[0].told
    'more'
    """
    scale = float(np.nanmax(np.abs(values), initial=0.0)) if values.size else 0.0
    return [_judged(_added(contrast, values), len(contrasts), scale) for contrast in contrasts]


def _added(contrast: Contrast, values: Array) -> Array:
    """Return the weighted sum of options in each unit that has all of them."""
    options = list(contrast.weights)
    sums = values[:, options] @ np.array([contrast.weights[option] for option in options])
    kept: Array = sums[np.isfinite(sums)]
    return kept


def _judged(sums: Array, looks: int, scale: float) -> Judged:
    nan, count = float("nan"), len(sums)
    if not count:
        return Judged(nan, nan, nan, nan, nan, 0, nan, "none")
    mean = float(sums.mean())
    if count == 1:
        return Judged(mean, nan, nan, nan, nan, 1, nan, "none")
    mean = 0.0 if abs(mean) <= EXACT * scale else mean
    spread = float(sums.std(ddof=1))
    error = 0.0 if spread <= EXACT * scale else spread / count**0.5
    reach = float(stdtrit(count - 1, 1.0 - (1.0 - LEVEL) / (2 * looks)))
    low, high = mean - reach * error, mean + reach * error
    if error > 0.0:
        p = min(1.0, 2.0 * looks * float(stdtr(count - 1, -abs(mean) / error)))
    else:
        p = 1.0 if mean == 0.0 else 0.0
    sign = int(low > 0.0) - int(high < 0.0)
    seen = (reach + float(stdtrit(count - 1, POWER))) * error
    return Judged(mean, low, high, error, p, count, seen, TOLD[sign + 1])


def units_for(judged: Judged, size: float) -> int | None:
    """Return how many units would show a contrast of this size in four of five designs; None where that cannot be said."""
    if not (judged.units > 1 and size > 0.0 and np.isfinite(judged.seen_from)):
        return None
    return max(2, int(np.ceil(judged.units * (judged.seen_from / size) ** 2)))
