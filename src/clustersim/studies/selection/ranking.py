"""Ranks candidates: each criterion scaled from the worst candidate to the best, weighted; and how sure the ranks are.

What a candidate lacks counts neither for nor against it: its weights are spread over the criteria that it has, and the part of
all weights that it has is said beside its score. Ranks are computed again and again with weights drawn around those set
(each times an exponential draw, so that any may count for little or for much), and with the replicates of a run: a
rank is as sure as it stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from clustersim.core.numbers import number, percent, shortest, to
from clustersim.core.words import _, _n
from clustersim.results.presenting import Block, Presented
from clustersim.studies.selection.criteria import CRITERIA, Criterion
from clustersim.studies.selection.measures import Measures

if TYPE_CHECKING:
    import pandas as pd

DRAWS = 2000
SHOWN = 10  # candidates in notebooks
SEED = 20_240_101
MIDDLE = 0.5  # the score of all candidates where they do not differ
TELLS_APART = 9  # decimals of a score by which candidates are told apart; beyond them stands only how sums were rounded


@dataclass(frozen=True, repr=False)
class Ranking(Presented):
    """Candidates in order.

    Attributes
    ----------
    measures : Measures
        What was measured.
    weights : ndarray, shape (criteria,)
        As set.
    scores : ndarray, shape (candidates, criteria)
        0 for the worst candidate to 1 for the best, NaN where missing.
    total : ndarray, shape (candidates,)
        Weighted mean of a candidate's scores over the criteria that it has; NaN if it has none of weight.
    covered : ndarray, shape (candidates,)
        Part of all weights that belongs to criteria which the candidate has.
    order : ndarray of int
        Candidates from the first to the last.
    place : ndarray of int, shape (candidates,)
        Rank from 1; candidates of equal score share the better one.
    tied : ndarray of bool, shape (candidates,)
        Whether another candidate has the same rank.
    low, middle, high : ndarray, shape (candidates,)
        10th, 50th and 90th percentile of the rank, from 1, under drawn weights.
    first : ndarray, shape (candidates,)
        Share of drawn weights under which the candidate comes first.
    """

    measures: Measures
    weights: np.ndarray
    scores: np.ndarray
    total: np.ndarray
    covered: np.ndarray
    order: np.ndarray
    place: np.ndarray
    tied: np.ndarray
    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray
    first: np.ndarray

    def _heading(self) -> str:
        return ", ".join(self.measures.named(c) for c in self.order[:3])

    def _facts(self) -> list[str]:
        return [_n("one candidate", "{n} candidates", len(self.order), n=number(len(self.order), 0))]

    def _numbers(self) -> tuple[list[str], list[list[str]]]:
        heads = [_("Rank"), _("Candidate"), _("Score, 0 to 1"), _("Rank, 10–90 %"), _("Comes first in")]
        rows = [
            [written_rank(self, c), self.measures.named(c), number(float(self.total[c]), 2),
             to(shortest(float(self.low[c])), shortest(float(self.high[c]))), percent(float(self.first[c]))]
            for c in self.order[:SHOWN]
        ]  # fmt: skip
        return heads, rows

    def _table(self) -> pd.DataFrame:
        """Return one row for each candidate in order: its score, the band of its rank, and the median of each criterion."""
        import pandas as pd

        values, order = self.measures.median(), self.order
        columns: dict[str, Any] = {
            "candidate": [self.measures.candidates[c] for c in order], "rank": self.place[order], "score": self.total[order],
            "weight_known": self.covered[order], "rank_p10": self.low[order], "rank_p50": self.middle[order],
            "rank_p90": self.high[order], "first_share": self.first[order],
        }  # fmt: skip
        return pd.DataFrame(columns | {name: values[order, k] for k, name in enumerate(self.measures.criteria)})

    def _blocks(self) -> list[Block]:
        units = {name: criterion.unit for name, criterion in self.measures.criteria.items()}
        return [Block(self._table(), ("candidate",), units)]


def rank(measures: Measures, weights: dict[str, float]) -> Ranking:
    """Rank candidates under these weights of criteria; one that is not named has the weight with which it is declared."""
    chosen = np.array([weights.get(name, criterion.weight) for name, criterion in measures.criteria.items()])
    scores = scale(measures.median(), measures.criteria)
    total = weigh(scores, chosen)
    covered = (~np.isnan(scores) * chosen).sum(axis=1) / chosen.sum()
    ranks = _drawn_ranks(measures, chosen)
    low, middle, high = np.percentile(ranks, (10, 50, 90), axis=0)
    place = _places(total)
    order = np.argsort(place, kind="stable")
    tied = np.bincount(place)[place] > 1
    first = (ranks == 1).mean(axis=0)
    return Ranking(measures, chosen, scores, total, covered, order, place, tied, low, middle, high, first)


def _places(total: np.ndarray) -> np.ndarray:
    """Return ranks from 1 by these scores; equal ones share the better rank, and what has no score comes last."""
    known = -np.nan_to_num(np.round(total, TELLS_APART), nan=-1.0)
    return 1 + np.searchsorted(np.sort(known), known, side="left")


def written_rank(ranking: Ranking, candidate: int) -> str:
    """Return the rank of a candidate as it is shown: ``2=`` where others have the same score."""
    return f"{number(int(ranking.place[candidate]), 0)}{'=' if ranking.tied[candidate] else ''}"


def scale(values: np.ndarray, criteria: Mapping[str, Criterion] = CRITERIA) -> np.ndarray:
    """Return values (…, candidates, criteria) from 0 for the worst to 1 for the best candidate."""
    counts = np.array([criterion.counts for criterion in criteria.values()])
    values = values * np.array([-1.0 if criterion.less else 1.0 for criterion in criteria.values()])
    values = np.where(counts, np.log1p(np.where(counts, np.maximum(values, 0.0), 0.0)), values)
    some = ~np.isnan(values).all(axis=-2, keepdims=True)
    low = np.where(some, np.nanmin(np.where(some, values, 0.0), axis=-2, keepdims=True), np.nan)
    span = np.where(some, np.nanmax(np.where(some, values, 0.0), axis=-2, keepdims=True), np.nan) - low
    return np.where(span > 0.0, (values - low) / np.where(span > 0.0, span, 1.0), np.where(np.isnan(values), np.nan, MIDDLE))


def weigh(scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weighted mean over the criteria that each candidate has, NaN if their weights are all 0."""
    there = ~np.isnan(scores) * weights
    below = there.sum(axis=-1)
    above = (np.nan_to_num(scores) * there).sum(axis=-1)
    return np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0.0)


def _drawn_ranks(measures: Measures, weights: np.ndarray) -> np.ndarray:
    """Return ranks (draw, candidate) from 1, under drawn weights and replicates; ties share the better rank."""
    draw, further = np.random.default_rng(SEED), np.random.default_rng((SEED, 1))  # one more criterion leaves the draws of others
    sampled = scale(measures.values, measures.criteria)
    found = np.empty((DRAWS, len(measures.candidates)))
    for k in range(DRAWS):
        own = draw.exponential(size=len(CRITERIA))
        drawn = weights * np.concatenate([own, further.exponential(size=weights.size - own.size)])
        found[k] = _places(weigh(sampled[draw.integers(len(sampled))], drawn))
    return found
