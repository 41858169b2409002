"""Facts of the Basque cluster policy, measured on `basque_country`; the last five years of a run are those of mature policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from clustersim.core.words import N_
from clustersim.model.units import YEAR
from clustersim.studies.evidence.measure import Apart, Measure, over_replicates
from clustersim.studies.evidence.watching import LOOKED_YEARS, MEMBERS, OTHERS, TRAITS, Seen

WHERE = "basque_country"
EURO = 1.1  # USD, assumed
MATURE = 10  # years from which an association is mature, assumed
MONTHS = 12 // YEAR  # in a quarter
Statistic = Callable[[Seen], np.ndarray]


def last(values: np.ndarray) -> np.ndarray:
    """Return the last five years of an array that begins with years."""
    return values[-LOOKED_YEARS:]


def _share(what: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Return by replicate how much of `there` is `what`, from arrays (year, replicate, cluster); NaN where nothing is there."""
    count = there.sum(axis=(0, 2))
    return np.divide((what & there).sum(axis=(0, 2)), count, out=np.full(count.shape, np.nan), where=count > 0)


def _over(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return by replicate the sum of one array (year, replicate, cluster) over that of another."""
    total = whole.sum(axis=(0, 2))
    return np.divide(part.sum(axis=(0, 2)), total, out=np.full(total.shape, np.nan), where=total > 0.0)


def _budget(seen: Seen) -> np.ndarray:
    """Return yearly income of associations in thousands of euro."""
    return last(seen.yearly("income_public") + seen.yearly("income_private")) / EURO


def budget_within(least: float, most: float) -> Statistic:
    """Return the share of associations with a yearly income above the one and up to the other (thousand euro)."""

    def statistic(seen: Seen) -> np.ndarray:
        budget = _budget(seen)
        return _share((budget > least) & (budget <= most), last(seen.ends("formal")) > 0)

    return statistic


def public_share(seen: Seen) -> np.ndarray:
    """Return public money over the income of mature associations."""
    mature = last(seen.ends("formal") * seen.ends("association_age")) >= MATURE
    public, private = (last(seen.yearly(f"income_{kind}")) * mature for kind in ("public", "private"))
    return _over(public, public + private)


def members(extreme: Callable[..., np.ndarray], beyond: float) -> Statistic:
    """Return the members of the smallest or the largest association in the last five years."""

    def statistic(seen: Seen) -> np.ndarray:
        there = last(seen.ends("formal")) > 0
        found = extreme(np.where(there, last(seen.ends("members")), beyond), axis=(0, 2))
        return np.where(there.any(axis=(0, 2)), found, np.nan)

    return statistic


def export_share(seen: Seen) -> np.ndarray:
    """Return exports over sales of all firms."""
    return _over(last(seen.yearly("exports")), last(seen.yearly("sales")))


def mature(seen: Seen) -> np.ndarray:
    """Return how many associations are mature at the end."""
    return ((seen["formal"][-1] > 0) & (seen["association_age"][-1] >= MATURE)).sum(axis=-1).astype(float)


def months_to_run(seen: Seen) -> np.ndarray:
    """Return months from the launch in a cluster to the quarter in which its association runs without a facilitator.

    That is one with a staff of one person or more; the quarter counts from its beginning. The median over the clusters that were
    launched, the lower one of an even number; infinite where it does not come.
    """
    launched = seen["programme_stage"] >= 0
    runs = launched & (seen["formal"] > 0) & (seen["staff"] >= 1.0) & (seen["facilitators"] <= 0.0)
    quarters = np.where(runs.any(axis=0), runs.argmax(axis=0) - launched.argmax(axis=0), np.inf)
    served = launched.any(axis=0)
    order = np.sort(np.where(served, MONTHS * quarters, np.nan), axis=-1)  # NaN comes last
    middle = np.maximum(served.sum(axis=-1) - 1, 0) // 2
    return np.where(served.any(axis=-1), np.take_along_axis(order, middle[:, None], axis=-1)[:, 0], np.nan)


def ahead(trait: str) -> Statistic:
    """Return how far members are ahead of other firms in a trait: mean over clusters and years that have both."""

    def statistic(seen: Seen) -> np.ndarray:
        sides = seen.sides[:, TRAITS.index(trait)]
        gap = sides[..., MEMBERS] - sides[..., OTHERS]
        known = np.isfinite(gap)
        count = known.sum(axis=(0, 2))
        total = np.where(known, gap, 0.0).sum(axis=(0, 2))
        return np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0)

    return statistic


def _beside(how: str, statistic: Statistic, bears: str = "") -> Measure:
    return over_replicates(WHERE, how, statistic, bears)


AHEAD = N_("Members and other firms of the clusters are compared as they are: better firms join, and joining makes better.")
MEASURES: Mapping[str, Measure | Apart] = {
    "self_running_months": _beside(
        N_("From the launch in a cluster until an association with a person or more works without a facilitator, median"),
        months_to_run,
        N_("When the facilitator leaves is a date of the scenario; whether the association can pay a person is not."),
    ),
    "basque_budget_500k": _beside(
        N_("Share of associations with a yearly income up to 500 thousand euro, last five years, at 1.1 USD a euro (assumed)"),
        budget_within(-np.inf, 500.0),
    ),
    "basque_budget_2m": _beside(
        N_("Share of associations with a yearly income above 2 million euro, last five years, at 1.1 USD a euro (assumed)"),
        budget_within(2000.0, np.inf),
    ),
    "basque_public_share_mature": _beside(
        N_("Public money over the income of associations of ten years or more, last five years"), public_share,
    ),
    "basque_members_min": _beside(N_("Fewest members of an association, last five years"), members(np.min, np.inf)),
    "basque_members_max": _beside(N_("Most members of an association, last five years"), members(np.max, -np.inf)),
    "basque_export_share": _beside(N_("Exports over sales of all firms, last five years"), export_share),
    "basque_associations": Apart(N_("The scenario holds the clusters of the priority list, not all that asked for recognition.")),
    "basque_mature": _beside(N_("Associations of ten years or more at the end"), mature),
    "cluster_exports": Apart(N_("Exports of the rest of the country are not in the model.")),
    "members_quality": _beside(
        N_("Mean quality of members less that of other firms, at the end of each of the last five years"), ahead("quality"),
        AHEAD,
    ),
    "members_exports": _beside(
        N_("Mean export share of members less that of other firms, at the end of each of the last five years"),
        ahead("export_share"), AHEAD,
    ),
    "members_innovation": _beside(
        N_("Share of members that innovate in a quarter less that of other firms, at the end of each of the last five years"),
        ahead("innovated"), AHEAD,
    ),
    "members_growth": _beside(
        N_("Mean yearly log growth of jobs of members less that of other firms, those that stay, last five years"),
        ahead("growth"), AHEAD,
    ),
}  # fmt: skip
