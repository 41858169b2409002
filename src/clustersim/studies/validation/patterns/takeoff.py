"""Patterns of trust, ties and take-off: P01, P02, P03, P04, P07."""

from __future__ import annotations

from datetime import date

import numpy as np

from clustersim.core.words import N_
from clustersim.model.state import DISSOLVED
from clustersim.studies.validation.lab import Laboratory, Values, advantage, bootstrap
from clustersim.studies.validation.pattern import Estimate, Pattern, facilitator

EARLY, TWENTY_YEARS = 11, 80


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


def facilitator_in_the_middle(lab: Laboratory, off: Values) -> Estimate:
    """P04: rise of the chance of take-off through a facilitator at middling trust, minus the largest rise elsewhere."""
    rise = {}
    for trust in (0.18, 0.31, 0.50):
        base = lab.run(trust=trust, off=off).developed(TWENTY_YEARS)
        helped = lab.run(trust=trust, off=off, programme=facilitator(10)).developed(TWENTY_YEARS)
        rise[trust] = helped.astype(float) - base
    return bootstrap(
        lambda who: float(rise[0.31][who].mean() - max(rise[0.18][who].mean(), rise[0.50][who].mean())), lab.replicates
    )


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
        {f"linkage.{what}_{level}": 0.0 for what in ("cost", "exposure") for level in (1, 2, 3)},
        N_("cost and exposure of ties: without them trust does not matter for climbing"),
        date(2026, 11, 20),
        N_("Three firms in ten: far above what chance between places gives."),
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
        {"linkage.climb": 0.0},
        N_("climbing of ties"),
        date(2026, 11, 20),
        N_("Half a quarter: time is counted in quarters, so that each step must come at least one later."),
    ),
    Pattern(
        "P04",
        N_("A facilitator raises the chance of take-off most at low-to-middling trust"),
        N_("Rise of the share that develops within 20 years at trust 0.31, minus the larger of the rises at 0.18 and 0.50"),
        N_("Paired by seed; a hump over initial trust leaves this difference positive."),
        0.05,
        facilitator_in_the_middle,
        {
            "trust.assurance": 0.0,
            "trust.mediation": 0.0,
            "meeting.assurance": 0.0,
            "meeting.brokered": 0.0,
            "joint_action.launch_help": 0.0,
        },
        N_("brokered meetings, assurance, mediation and help for projects"),
        date(2026, 11, 20),
        N_("Five places in a hundred more than at either end."),
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
        {"linkage.cost_2": 0.1, "linkage.cost_3": 0.1, "linkage.exposure_2": 0.25, "linkage.exposure_3": 0.25},
        N_("higher cost and exposure of higher levels"),
        date(2026, 11, 20),
        N_("Three years: a tie could climb the ladder in three quarters."),
    ),
)
