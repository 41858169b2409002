"""Patterns of trust, ties and take-off: P01, P02, P03, P04, P07."""

from __future__ import annotations

from datetime import date

import numpy as np

from clustersim.core.words import N_
from clustersim.model.state import DISSOLVED
from clustersim.studies.validation.lab import Laboratory, Values, advantage, bootstrap
from clustersim.studies.validation.pattern import Estimate, Pattern, facilitator

EARLY, TWENTY_YEARS = 11, 80
LEVELS, DOSES = (0.22, 0.28, 0.34, 0.40, 0.46), (0, 1, 2)  # trust, and facilitators: P04


def uncertain_take_off(lab: Laboratory, off: Values) -> Estimate:
    """P01: how well trust after three years predicts take-off; one half where not some take off, some stay and some vanish."""
    run = lab.run(smes=14, tractors=1, trust=0.37, off=off)
    developed, trust = run.developed(TWENTY_YEARS), run["trust"][EARLY]
    vanished = (run["phase"] == DISSOLVED).any(axis=0)

    def predicts(who: np.ndarray) -> float:
        stayed = ~(developed[who] | vanished[who])
        if min(developed[who].mean(), vanished[who].mean(), stayed.mean()) < 0.05:
            return 0.5
        return advantage(trust[who], developed[who])

    return bootstrap(predicts, lab.replicates)


def without_networks(lab: Laboratory, off: Values) -> Estimate:
    """P02: cooperating firms of a trusting place minus those of a low-trust place, after 20 years."""
    low, high = (lab.run(trust=trust, off=off)["linked_share"][TWENTY_YEARS - 1] for trust in (0.20, 0.45))
    return bootstrap(lambda who: float(np.median(high[who]) - np.median(low[who])), lab.replicates)


def order_of_responses(lab: Laboratory, off: Values) -> Estimate:
    """P03: quarters between the times of half the response to a push of trust: the smallest of the three lags."""
    before, after = lab.pushed(0.15, 40, 60, trust=0.34, off=off)
    names = ("trust", "linked_share", "vision", "projects_running")
    effect = {name: after[name] - before[name] for name in names}

    def shortest_lag(who: np.ndarray) -> float:
        times = []
        for name in names:
            mean = np.convolve(effect[name][:, who].mean(axis=1), np.full(5, 0.2), mode="valid")
            times.append(float((mean >= 0.5 * mean.max()).argmax()) if mean.max() > 0.01 else np.nan)
        return float(np.min(np.diff(times)))

    return bootstrap(shortest_lag, lab.replicates)


def facilitator_where_trust_is_low(lab: Laboratory, off: Values) -> Estimate:
    """P04: how far the log odds of take-off per facilitator rise with a standard deviation less trust."""
    developed = np.array([
        [lab.run(trust=trust, years=20, off=off, programme=facilitator(10, 80.0 * dose) if dose else None)
         .developed(TWENTY_YEARS) for dose in DOSES] for trust in LEVELS
    ], float)  # fmt: skip
    return bootstrap(lambda who: -change_of_slope(developed[:, :, who].sum(axis=2), who.size), lab.replicates)


def change_of_slope(successes: np.ndarray, of: int) -> float:
    """Return the change of the slope of log odds on the dose with one standard deviation of the level.

    Parameters
    ----------
    successes : ndarray
        Successes by (level, dose), levels and doses at equal distances and doses from 0.
    of : int
        Trials of each.

    Examples
    --------
    Log odds in which level and dose only add up, though the shares near the floor rise by far less:

    >>> odds = np.exp([[-5.0, -4.0], [-2.0, -1.0], [0.0, 1.0]])
    >>> abs(change_of_slope(1e6 * odds / (1 + odds), 10**6)) < 0.001
    True
    """
    levels, doses = successes.shape
    z = np.repeat(np.arange(levels) - (levels - 1) / 2.0, doses)
    z, dose = z / z.std(), np.tile(np.arange(doses, dtype=float), levels)
    yes, no = successes.ravel() + 0.5, of - successes.ravel() + 0.5
    root = np.sqrt(1.0 / (1.0 / yes + 1.0 / no))
    basis = np.column_stack([np.repeat(np.eye(levels), doses, axis=0), dose, dose * z])
    return float(np.linalg.lstsq(basis * root[:, None], np.log(yes / no) * root, rcond=None)[0][-1])


def ladder(lab: Laboratory, off: Values) -> Estimate:
    """P07: years between the first twentieth of ties at the level of information and the first at the strategic level."""
    run = lab.run(trust=0.37, off=off)
    first = []
    for level in ("information_ties", "commercial_ties", "strategic_ties"):
        reached = run[level] >= 0.05 * np.maximum(run["ties"], 1.0)
        first.append(np.where(reached.any(axis=0), reached.argmax(axis=0), run.record.shape[0]))
    ordered = (first[0] <= first[1]) & (first[1] <= first[2])
    years = np.where(ordered, (first[2] - first[0]) / 4.0, -1.0)
    return bootstrap(lambda who: float(np.median(years[who])), lab.replicates)


PATTERNS = (
    Pattern(
        "P01",
        N_("Among equal agglomerations some develop, some stay small, some vanish, and early trust predicts take-off"),
        N_(
            "Chance that a place that develops within 20 years had more trust after three than one that does not "
            "(one half if under 5 % develop, dissolve within 40 years, or do neither)"
        ),
        N_(
            "All replicates of a small place (15 firms) start alike but for chance: if their fates differ, and early trust ranks "
            "them, fate is uncertain and runs through trust."
        ),
        0.7,
        uncertain_take_off,
        {"trust.gain": 0.0, "trust.loss": 0.0, "trust.climate_learning": 0.0, "linkage.climb": 0.0},
        N_("learning of trust and climbing of ties"),
        date(2026, 11, 20),
        N_("Of ten pairs of places, early trust ranks seven right; a coin ranks five."),
    ),
    Pattern(
        "P02",
        N_("Low-trust places stay clusters without networks"),
        N_("Median share of cooperating firms at trust 0.45 minus that at 0.20, after 20 years"),
        N_("Both places have the same firms, market and agglomeration gains; only trust differs."),
        0.3,
        without_networks,
        {"population.threshold": -1.0},
        N_("conditional cooperation: firms cooperate whatever they trust; cost and exposure of ties stay"),
        date(2026, 11, 20),
        N_("Three firms in ten: hard to overlook; not taken from data."),
    ),
    Pattern(
        "P03",
        N_("Trust leads linkages, linkages lead vision, action follows"),
        N_(
            "Smallest lag (quarters) between the times at which trust, cooperating firms, vision and running projects first show "
            "half of their largest response to a push of trust"
        ),
        N_("The same replicates run with and without the push; the paired difference orders the responses without confounding."),
        0.5,
        order_of_responses,
        {"linkage.climb": 0.02},
        N_("quick climbing of ties, slowed to a twelfth; trust still feeds vision"),
        date(2026, 11, 20),
        N_("Half a quarter: time is counted in quarters, so that each step must come at least one later."),
    ),
    Pattern(
        "P04",
        N_("A facilitator raises the odds of take-off more where trust is low to middling than where it is high"),
        N_(
            "Log odds to develop within 20 years per facilitator (0, 1, 2) at five levels of trust (0.22 to 0.46): how far they "
            "rise with one standard deviation less trust"
        ),
        N_("Log odds have neither floor nor ceiling: an effect that only adds up with trust leaves this at 0."),
        0.2,
        facilitator_where_trust_is_low,
        {"trust.assurance": 0.0, "trust.mediation": 0.0, "meeting.assurance": 0.0},
        N_("what a facilitator does to trust: assurance and mediation; meetings and help for projects stay"),
        date(2026, 11, 28),
        N_("Odds that rise by a fifth more for a standard deviation less trust."),
    ),
    Pattern(
        "P07",
        N_("Firms exchange information first, trade next, do R&D together last"),
        N_(
            "Median years between the first 5 % of ties at the level of information and the first 5 % at the strategic level "
            "(minus one where the order is broken)"
        ),
        N_("The ladder allows one level a quarter; years between the levels come from trust that grows with use."),
        3.0,
        ladder,
        {"linkage.exposure_2": 0.25, "linkage.exposure_3": 0.25},
        N_("higher exposure of higher levels; they still cost more"),
        date(2026, 11, 20),
        N_("Three years: a tie could climb the ladder in three quarters."),
    ),
)
