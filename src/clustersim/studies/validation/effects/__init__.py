"""Effects: what each instrument does to the firms that it reaches, year by year, beside published effects where there are any."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clustersim.model.levers import FIRM_CHANNELS
from clustersim.studies.validation.effects import estimating
from clustersim.studies.validation.effects.firms import Firms, followed
from clustersim.studies.validation.effects.published import published
from clustersim.studies.validation.effects.trial import LAST, PAID, SCENARIO, TRIALS, Trial

FULL, QUICK = 200, 40


def measure(quick: bool = False, seed: int = 1, progress: Callable[[str], None] | None = None) -> dict[str, Any]:
    """Run each instrument at its usual dose and without it, and compare the firms that it reaches.

    Parameters
    ----------
    quick : bool
        40 instead of 200 replicates.
    seed : int
        Seed of all runs.
    progress : callable, optional
        Called with the name of each instrument before it is run.

    Returns
    -------
    dict
        ``scenario``, ``paid_years``, ``last_year``, ``replicates``; ``instruments``, what `tried` returns of each; ``published``,
        each published effect with the measured one: see `clustersim.studies.validation.effects.published.Published.beside`.
    """
    replicates = QUICK if quick else FULL
    without: dict[tuple[str, ...], Firms] = {}
    instruments = []
    for trial in TRIALS:
        if progress is not None:
            progress(trial.use)
        beside = tuple(str(paid["use"]) for paid in trial.beside)
        if beside not in without:
            without[beside] = followed(trial.scenario(), seed, replicates)
        instruments.append(tried(trial, without[beside], seed))
    series = {each["instrument"]: each["effects"] for each in instruments}
    return {
        "scenario": SCENARIO, "paid_years": PAID, "last_year": LAST, "replicates": replicates, "instruments": instruments,
        "published": [fact.beside(series[fact.instrument]) for fact in published()],
    }  # fmt: skip


def tried(trial: Trial, plain: Firms, seed: int, per_year: float | None = None) -> dict[str, Any]:
    """Run one instrument and compare the firms that it reaches with the same firms without it.

    Parameters
    ----------
    trial : Trial
        The instrument, and whom it is aimed at.
    plain : Firms
        The run without it, of ``trial.scenario()`` with the same seed; as many replicates are run.
    seed : int
        Of both runs.
    per_year : float, optional
        Its price, kUSD a year; the usual dose if not given.

    Returns
    -------
    dict
        ``instrument``; ``per_year``; ``beside``, what is paid in both runs; ``classes`` and ``segments`` that it is aimed at (no
        segments are all); ``single_firms``, whether it acts on single firms; ``firms``, how many are reached, and ``public``,
        public money of all years (kUSD), means over replicates; ``effects``: for each indicator a list of years, as
        `clustersim.studies.validation.effects.estimating.change` returns it, ``job_cost`` and, of what lowers the price of R&D,
        ``private_rd``.

    Examples
    --------
    >>> from clustersim.studies.validation.effects.trial import Trial
    >>> trial = Trial("facilitator")
    >>> found = tried(trial, followed(trial.scenario(), 1, 2), 1, per_year=0.0)
    >>> found["effects"]["sales"][8]["value"]
    0.0
    """
    price = trial.dose(plain) if per_year is None else per_year
    treated = followed(trial.scenario(price), seed, len(plain.employees))
    reached = plain.of(trial.classes, trial.segments)
    found = estimating.effects(treated, plain, reached)
    found[estimating.JOB_COST] = estimating.job_cost(treated, plain, reached)
    if "rd_support" in trial.channels:
        found[estimating.PRIVATE_RD] = estimating.private_rd(treated, plain, reached)
    return {
        "instrument": trial.use, "per_year": price, "beside": [paid["use"] for paid in trial.beside],
        "classes": list(trial.classes), "segments": None if trial.segments is None else list(trial.segments),
        "single_firms": not trial.channels.isdisjoint(FIRM_CHANNELS), "firms": float(reached.sum(axis=1).mean()),
        "public": float((treated.public - plain.public).sum(axis=0).mean()), "effects": found,
    }  # fmt: skip
