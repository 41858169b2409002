"""Pattern of the shape of networks: P21.

What it asks for, and why, was written down before it was measured (docs/validation.md).
"""

from __future__ import annotations

from datetime import date

import numpy as np
from scipy import stats

from clustersim.core.words import N_
from clustersim.model.state import INFORMATION, OUTSIDE, TRACTOR
from clustersim.simulation.engine import Simulation
from clustersim.studies.validation.lab import Laboratory, NoValue, Run, Values, bootstrap
from clustersim.studies.validation.pattern import Estimate, Pattern
from clustersim.studies.validation.patterns.life_cycle import SHIFT, SHIFT_YEAR, TRUSTS, counted, yearly

KEPT_YEARS = 5
TIES_LEAST, PLACES_LEAST = 10, 20  # knowledge ties of a place that is read, and such places
FEW_NETWORKS = N_("too few places have knowledge ties between firms with more partners and fewer")


def degree_correlation(a: np.ndarray, b: np.ndarray, place: np.ndarray, places: int) -> np.ndarray:
    """Return for each place the correlation of the degrees at both ends of its ties (Newman 2002).

    Parameters
    ----------
    a, b : array of int
        The two firms of each tie, no firm in two places.
    place : array of int
        Where each tie is.
    places : int
        Number of places.

    Returns
    -------
    ndarray
        NaN for a place with fewer than `TIES_LEAST` ties, or where all firms have the same number of them.

    Examples
    --------
    >>> around = np.arange(1, 13)
    >>> degree_correlation(np.zeros(12, int), around, np.zeros(12, int), 2).tolist()  # a star, and nothing
    [-1.0, nan]
    """
    degree = np.bincount(np.concatenate([a, b]))
    here, there = degree[a].astype(float), degree[b].astype(float)

    def mean(values: np.ndarray) -> np.ndarray:
        return np.bincount(place, values, places) / np.maximum(ties, 1)

    ties = np.bincount(place, minlength=places)
    middle = mean(here + there) / 2.0
    spread, joint = mean(here**2 + there**2) / 2.0 - middle**2, mean(here * there) - middle**2
    known = (ties >= TIES_LEAST) & (spread > 1e-9)
    return np.where(known, joint / np.where(known, spread, 1.0), np.nan)


def knowledge_mixing(simulation: Simulation, places: int) -> np.ndarray:
    """Return the degree correlation of each place's knowledge ties: those between firms at the level of information or above."""
    ties, kind, first = simulation.state.ties, simulation.state.actors.kind, simulation.state.clusters["first"]
    rows = np.flatnonzero((ties.level >= INFORMATION) & (ties.b != OUTSIDE))
    rows = rows[(kind[ties.a[rows]] >= TRACTOR) & (kind[ties.b[rows]] >= TRACTOR)]
    a, b = ties.a[rows], ties.b[rows]
    return degree_correlation(a, b, np.searchsorted(first, a, side="right") - 1, places)


def held_rank_correlation(x: np.ndarray, y: np.ndarray, held: np.ndarray) -> float:
    """Return the partial rank correlation of `x` and `y` with `held` held, within each row of the three arrays.

    Places (columns) without a value of `x` are left out. NaN where nothing differs.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> size, shape, luck = rng.normal(size=(3, 3, 500))
    >>> abs(held_rank_correlation(size + shape, size + luck, size)) < 0.1
    True
    >>> round(held_rank_correlation(shape, np.exp(shape), size), 6)
    1.0
    """
    ranks: list[list[np.ndarray]] = [[], [], []]
    for row in zip(x, y, held, strict=True):
        known = np.isfinite(row[0])
        for kept, values in zip(ranks, row, strict=True):
            kept.append(stats.rankdata(values[known]) / (known.sum() + 1.0) - 0.5)
    mine, other, size = (np.concatenate(parts) for parts in ranks)
    if not size.any():
        return float("nan")
    mine, other = (values - size * (values @ size) / (size @ size) for values in (mine, other))
    scale = float(np.sqrt((mine @ mine) * (other @ other)))
    return float(mine @ other) / scale if scale > 1e-9 else float("nan")


def shape_and_shift(lab: Laboratory, off: Values) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what P21 reads, arrays (level of trust, replicate): minus the degree correlation, jobs kept, and jobs before."""
    apart, kept, before = [], [], []
    for trust in TRUSTS:
        variation = {"years": SHIFT_YEAR + KEPT_YEARS, "trust": trust, "off": off}
        shaken = lab.simulation(shocks=(SHIFT,), **variation)
        shaken.advance(4 * SHIFT_YEAR)
        apart.append(-knowledge_mixing(shaken, lab.replicates))
        after = yearly(Run(shaken.advance(4 * KEPT_YEARS).indicators)["employment"])[-1]
        usual = yearly(lab.run(**variation)["employment"])
        kept.append(counted(after) / counted(usual[-1]))
        before.append(usual[SHIFT_YEAR - 1])
    return np.stack(apart), np.stack(kept), np.stack(before)


def disassortative(lab: Laboratory, off: Values) -> Estimate:
    """P21: rank correlation of minus the degree correlation of knowledge ties with jobs kept after a shift, size held."""
    columns = shape_and_shift(lab, off)
    if np.isfinite(columns[0]).sum() < PLACES_LEAST:
        raise NoValue(FEW_NETWORKS)
    return bootstrap(lambda who: held_rank_correlation(*(column[:, who] for column in columns)), lab.replicates)


PATTERNS = (
    Pattern(
        "P21",
        N_("Places whose knowledge network is disassortative keep more after a shift of technology"),
        N_(
            "Minus the correlation of degrees at both ends of knowledge ties just before a shift of technology, against jobs in "
            "the fifth year after it over those of the same place without it: Spearman's correlation over places within three "
            "levels of trust, jobs before the shift held"
        ),
        N_(
            "Places of one level of trust differ by chance alone, and each is compared with itself without the shift; ranks, so "
            "that a few places that collapse do not make the result."
        ),
        0.15,
        disassortative,
        {"knowledge.learning": 0.0, "knowledge.imitation": 0.0},
        N_("learning from partners and imitation of them; convergence, outside links, trade and joint projects stay"),
        date(2026, 11, 28),
        N_("A weak correlation, but one that 200 replicates at three levels of trust tell from none."),
    ),
)
