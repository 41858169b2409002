"""Patterns of programmes and institutions: P05, P06, P12, P13, P14, P16, P17, P25."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from clustersim.core.words import N_
from clustersim.model.state import DEVELOPMENT, RENAISSANCE
from clustersim.scenario.loading import load_scenario
from clustersim.studies.validation.lab import Laboratory, Values, bootstrap, with_values
from clustersim.studies.validation.pattern import Estimate, Pattern, facilitator
from clustersim.studies.validation.patterns.life_cycle import STAGE, TRUSTS, YOUNG

EMERGING: dict[str, Any] = {"tractors": 0, "smes": 12, STAGE: YOUNG, "years": 30}  # a small place of a young industry: P25
HELPED, MONEY = 40, 80.0  # quarters of each help, and kUSD a year: the cost of a facilitator


def relapse(lab: Laboratory, off: Values) -> Estimate:
    """P05: initiatives that end, and developed places that fall back, within eight years of support: three years minus seven."""
    ended, fallen = {}, {}
    pay: tuple[dict[str, Any], ...] = (
        {"use": "association_founding", "per_year": 60.0}, {"use": "association_grant", "per_year": 150.0},
        {"use": "consensus_workshops", "per_year": 80.0},
    )  # fmt: skip
    for years in (3, 7):
        programme, end, after = facilitator(years, 160.0, extra=pay), 4 * years, 4 * years + 32
        runs = [lab.run(trust=trust, off=off, programme=programme) for trust in (0.34, 0.37, 0.40)]
        formal, phase = (np.array([run[name] for run in runs]) for name in ("formal", "phase"))  # place, quarter, replicate
        ended[years] = np.where(formal[:, end] > 0, formal[:, after] == 0, np.nan)
        developed = (phase >= DEVELOPMENT) & (phase <= RENAISSANCE)  # not dissolved
        fallen[years] = np.where(developed[:, end], ~developed[:, after], np.nan)

    def weakest(who: np.ndarray) -> float:
        return min(float(np.nanmean(x[3][:, who]) - np.nanmean(x[7][:, who])) for x in (ended, fallen))

    return bootstrap(weakest, lab.replicates)


def public_share_falls(lab: Laboratory, off: Values) -> Estimate:
    """P06: fall of the public share of the association's income from its third year to its 22nd, Basque set-up."""
    scenario = with_values(load_scenario("basque_machine_tools"), off)
    share = lab.run_of(scenario)["public_share"]
    return bootstrap(lambda who: float(np.median(share[16, who]) - np.median(share[96:104, who])), lab.replicates)


def lag_costs(lab: Laboratory, off: Values) -> Estimate:
    """P12: vision five years after the first action, without a lag minus with a lag of three years."""
    workshops = ({"use": "consensus_workshops", "per_year": 80.0},)
    vision = {
        lag: lab.run(trust=0.31, off=off, programme=facilitator(5, 160.0, lag, workshops))["vision"][lag + 20] for lag in (0, 12)
    }
    return bootstrap(lambda who: float((vision[0] - vision[12])[who].mean()), lab.replicates)


def coordination_scales(lab: Laboratory, off: Values) -> Estimate:
    """P13: share that develops within 20 years with full coordination of public bodies, minus with none; same money."""
    developed = {
        level: lab.run(
            trust=0.30, off=off, programme=facilitator(8, 160.0),
            government={"coordination": level, "orientation": "bottom_up"},
        ).developed(80).astype(float)
        for level in (0.0, 1.0)
    }  # fmt: skip
    return bootstrap(lambda who: float((developed[1.0] - developed[0.0])[who].mean()), lab.replicates)


def private_commitment(lab: Laboratory, off: Values) -> Estimate:
    """P14: associations alive six years after the last public money, founded on commitment minus founded by decree."""
    pay: tuple[dict[str, Any], ...] = (
        {"use": "association_founding", "per_year": 60.0, "quarters": 8},
        {"use": "association_grant", "per_year": 150.0}, {"use": "facilitator", "per_year": 80.0},
    )  # fmt: skip
    decree = {"stages": [{"name": "all", "quarters": 32, "instruments": pay}]}
    bottom = {"stages": [
        {"name": "broker", "quarters": 8, "instruments": pay[2:]},
        {"name": "pay", "quarters": 24, "gate": {"indicator": "vision", "at_least": 0.12}, "instruments": pay},
    ]}  # fmt: skip
    alive = []
    for programme, orientation in ((bottom, "bottom_up"), (decree, "top_down")):
        run = lab.run(trust=0.31, off=off, programme=programme, government={"orientation": orientation})
        paid = run["income_public"] > 0
        last = np.where(paid.any(axis=0), paid.shape[0] - 1 - paid[::-1].argmax(axis=0), -1)
        known = (last >= 0) & (last + 24 < paid.shape[0])
        after = run["formal"][np.minimum(last + 24, paid.shape[0] - 1), np.arange(lab.replicates)]
        alive.append(np.where(known, after, np.nan))
    return bootstrap(lambda who: float(np.nanmean(alive[0][who]) - np.nanmean(alive[1][who])), lab.replicates)


def early_wins(lab: Laboratory, off: Values) -> Estimate:
    """P16: quarters with R&D consortia running in years 8 to 20, with minus without help to start projects in the first five."""
    running = []
    for help_ in (0.5, 0.0):
        run = lab.run(trust=0.42, programme=facilitator(5, 160.0), off={"joint_action.launch_help": help_, **off})
        running.append((run["research_running"][32:80] > 0).mean(axis=0))
    return bootstrap(lambda who: float((running[0] - running[1])[who].mean()), lab.replicates)


def research_needs_links(lab: Laboratory, off: Values) -> Estimate:
    """P17: gain in knowledge (log points) from public research where firms are linked, minus where they are not."""
    pay = ({"use": "technology_centre", "per_year": 500.0}, {"use": "joint_rd_grant", "per_year": 300.0})
    research = {"stages": [{"name": "research", "quarters": 80, "instruments": pay}]}
    gain = {}
    for trust in (0.20, 0.45):
        with_, without = (lab.run(trust=trust, off=off, programme=p, years=20)["knowledge"][79] for p in (research, None))
        gain[trust] = with_ - without
    return bootstrap(lambda who: float(gain[0.45][who].mean() - gain[0.20][who].mean()), lab.replicates)


def help_in_order(first: str, then: str) -> dict[str, Any]:
    """Return a programme that pays for one instrument and then for another: as long, and as much."""
    stages = [
        {"name": name, "quarters": HELPED, "instruments": ({"use": use, "per_year": MONEY},)}
        for name, use in (("early", first), ("late", then))
    ]
    return {"lag_quarters": 0, "stages": stages}


def gain_over(fits: np.ndarray, reverse: np.ndarray) -> float:
    """Return the mean gain in jobs of one order over that of the other; a mean gain of less than one job counts as one.

    Examples
    --------
    >>> gain_over(np.array([30.0, 14.0]), np.array([25.0, 15.0]))
    1.1
    >>> gain_over(np.array([-3.0]), np.array([-20.0])), gain_over(np.array([4.0]), np.array([-20.0]))
    (1.0, 4.0)
    """
    return max(float(fits.mean()), 1.0) / max(float(reverse.mean()), 1.0)


def help_fits_the_phase(lab: Laboratory, off: Values) -> Estimate:
    """P25: jobs gained by start-up help early and networking late, over those gained by the reverse order."""

    def jobs(programme: dict[str, Any] | None) -> np.ndarray:
        return np.mean(
            [lab.run(trust=trust, off=off, programme=programme, **EMERGING)["employment"].mean(axis=0) for trust in TRUSTS],
            axis=0, dtype=float,
        )  # fmt: skip

    fits, reverse = jobs(help_in_order("incubator", "facilitator")), jobs(help_in_order("facilitator", "incubator"))
    twin = jobs(None)
    return bootstrap(lambda who: gain_over((fits - twin)[who], (reverse - twin)[who]), lab.replicates)


PATTERNS = (
    Pattern(
        "P05",
        N_("Initiatives whose support ends after three years relapse more often than with support of seven"),
        N_(
            "Three years of support minus seven, eight years after its end: the smaller of the share of associations that have "
            "closed, and the share of developed places that have fallen back to an earlier phase"
        ),
        N_(
            "The same support in kind; only its length differs. Relapse counts only among those that had an association, or had "
            "developed, when support ended."
        ),
        0.02,
        relapse,
        {"association.staff_least": 0.0},
        N_("closure of associations that lack staff; they still close for lack of members, and vision and ties fade"),
        date(2026, 11, 20),
        N_("Two in a hundred: few places relapse at the levels of trust that are read; not taken from data."),
    ),
    Pattern(
        "P06",
        N_("The public share of an association's income falls with its age"),
        N_("Median public share of income in year 4 minus that in years 24 to 26, Basque set-up"),
        N_(
            "The grant is planned to taper to a constant; that the share falls on below it is due to fees that grow with members."
        ),
        0.2,
        public_share_falls,
        {f"association.fee_{size}": 0.0 for size in ("micro", "small", "medium", "large")},
        N_("fees and services"),
        date(2026, 11, 20),
        N_("A fifth of the income must have moved from public to private hands."),
        only_channel=True,
    ),
    Pattern(
        "P12",
        N_("A long lag between launch and action lowers vision"),
        N_("Vision five years after the first action: no lag minus three years of lag"),
        N_("Both places get the same support for the same time, counted from its begin."),
        0.005,
        lag_costs,
        {"programme.delay_loss": 0.0},
        N_("loss of credibility during the lag"),
        date(2026, 11, 20),
        N_("Half a point of vision on a scale of a hundred: small, so that any clear effect passes; not taken from data."),
        only_channel=True,
    ),
    Pattern(
        "P13",
        N_("Weak coordination between public bodies scales down what the same money achieves"),
        N_("Share that develops within 20 years: coordination 1 minus coordination 0"),
        N_("Money paid is the same in both; only delivery differs."),
        0.1,
        coordination_scales,
        {"programme.delivery_floor": 1.0},
        N_("losses of delivery without coordination"),
        date(2026, 11, 20),
        N_("Ten places in a hundred."),
        only_channel=True,
        retired=True,
        retired_why=N_("It is an identity of the programme's accounts: full coordination is none with more money."),
    ),
    Pattern(
        "P14",
        N_("Top-down initiatives survive the end of public money less often than ones with private commitment"),
        N_("Share of associations alive six years after the last public money: founded on vision minus founded by decree"),
        N_("The same instruments; one programme waits for vision before it founds and pays, the other does not."),
        0.1,
        private_commitment,
        {"association.politicisation": 0.0},
        N_("vision lost to politics; a top-down facilitator is still partial, and associations still close"),
        date(2026, 11, 20),
        N_("Ten associations in a hundred."),
    ),
    Pattern(
        "P16",
        N_("Small early projects make later R&D projects more likely"),
        N_(
            "Share of quarters with an R&D consortium running in years 8 to 20: with minus without a facilitator's help to start "
            "projects in the first five years"
        ),
        N_("The facilitator brokers in both and is gone by then; what is left of the early projects is belief."),
        0.01,
        early_wins,
        {"joint_action.learning": 0.0, "joint_action.witness": 0.0},
        N_("learning of belief from outcomes"),
        date(2026, 11, 20),
        N_("One quarter in a hundred."),
    ),
    Pattern(
        "P17",
        N_("Public research alone does little; with linked firms it does much"),
        N_(
            "Gain of mean knowledge (log points) after 20 years from a technology centre and grants for R&D consortia, at "
            "trust 0.45 minus at trust 0.20"
        ),
        N_("The same money; only how well firms are linked differs."),
        0.005,
        research_needs_links,
        {"joint_action.launch": 0.0},
        N_("R&D consortia; ties to the technology centre, and learning from partners, stay"),
        date(2026, 11, 20),
        N_("Half a percent of knowledge: small, so that any clear effect passes; not taken from data."),
    ),
    Pattern(
        "P25",
        N_("Help must fit the phase: start-ups first, networks later"),
        N_(
            "Jobs gained over 30 years in a small place of a young industry by an incubator in the first ten years and a "
            "facilitator in the next ten, over those gained by the reverse order; mean of three levels of trust; a gain of less "
            "than one job counts as one"
        ),
        N_(
            "The same instruments, the same money each year, and the same place without help as the measure of both. The price "
            "of start-up help is that of the firms at the start, so that it reaches more when it comes late: this works against "
            "the pattern."
        ),
        1.1,
        help_fits_the_phase,
        {"demography.startup_growth": 0.0},
        N_(
            "start-ups that rise while a product spreads; firms must still be there before they can be linked, and jobs still "
            "bring start-ups"
        ),
        date(2026, 11, 28),
        N_("A tenth more jobs for the same money."),
    ),
)
