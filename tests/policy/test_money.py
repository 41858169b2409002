"""Money from nowhere, and money for nothing: what each instrument at its usual dose brings to firms' books, against its cost.

The books (docs/odd.md, step of finance). A firm's profit is its sales less inputs bought, purchases, wages, research, overheads
and interest. In the first quarter in which an instrument is paid, firms are what they are in the twin without it: same seed, same
draws, same staff and technology. Two things alone can move the sum of their profits *there*: sales that the instrument brings at
once, of which inputs take their part, so that at most (1 - `market.inputs`) of them is left; and bills that somebody else pays.
So, kUSD for kUSD, summed over the firms of a cluster and paired by replicate,

    relief = change of profit - (1 - inputs) × change of sales

is at most the public money of that quarter. It is an identity, hence it must hold in each replicate and not in the mean alone;
what is above is a bill that nobody paid: money from nowhere. Later quarters cannot tell, for then firms have learnt, hired and
invested, and a gain of several times the money may be an honest return.

Money for nothing: over all ten years neither profit nor value added moves by two percent of what was spent.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from clustersim.model.parameters import PARAMETERS
from clustersim.policy.instruments import INSTRUMENTS
from clustersim.results import simulate
from clustersim.scenario.loading import load_scenario
from clustersim.scenario.model import Scenario
from clustersim.studies.validation.lab import COLUMN, indicators_of

REPLICATES, YEARS, SEED = 40, 10, 1
INPUTS = 0.55  # share of sales, `market.inputs`
ABOVE, OFTEN = 1.05, 0.1  # relief over public money that is too much, and the part of replicates in which it may be rounding
IDLE = 0.02  # of the public money
GRANT = 200.0  # kUSD a year, of an instrument that has no effects of its own
BODIES = {"coordination", "capability", "dialogue"}  # channels that act through what public bodies do besides
WORK = {"use": "facilitator", "per_year": 160.0}
FOUNDING = {"use": "association_founding", "per_year": 60.0}  # beside all others, so that who pays the association finds one


class Paid(NamedTuple):
    """What became of an instrument: arrays over replicates, kUSD more than in the twin."""

    first_money: np.ndarray  # public money of the first paid quarter
    relief: np.ndarray  # of that quarter
    money: np.ndarray  # of all years
    profit: np.ndarray
    value_added: np.ndarray


@cache
def plain() -> Scenario:
    """Return the place that is left alone."""
    return load_scenario("no_policy", [f"horizon.years={YEARS}"])


@cache
def told(*instruments: tuple[tuple[str, Any], ...]) -> np.ndarray:
    """Return the indicators of the place with instruments."""
    content = plain().model_dump(mode="json")
    paid = [dict(instrument) for instrument in instruments]
    if paid:
        content["programme"] = {"stages": [{"name": "all", "quarters": 4 * YEARS, "instruments": paid}]}
    return indicators_of(Scenario.model_validate(content), SEED, REPLICATES)


def dose(use: str) -> float:
    """Return what full effect costs a year in this place (kUSD)."""
    effects = INSTRUMENTS[use].effects
    if not effects:
        return GRANT
    firms = sum(cluster.tractors + cluster.smes for cluster in plain().place.clusters)
    jobs = float(told()[0, :, COLUMN["employment"]].mean())
    return effects[0].full_cost * {"cluster": 1.0, "hundred firms": firms / 100.0, "thousand jobs": jobs / 1000.0}[effects[0].per]


def books(use: str) -> Paid:
    """Return what an instrument brings, against the same place with nothing but an association, or work that it can better."""
    own = {"use": use, "per_year": dose(use)}
    beside = [] if use == FOUNDING["use"] else [tuple(FOUNDING.items())]
    beside += [tuple(WORK.items())] if BODIES >= {effect.channel for effect in INSTRUMENTS[use].effects} != set() else []
    here, there = told(*beside, tuple(own.items())), told(*beside)

    def more(indicator: str) -> np.ndarray:
        return here[:, :, COLUMN[indicator]] - there[:, :, COLUMN[indicator]]

    spent, profit = more("public_spending"), more("profit")
    first = (spent > 0.0).argmax(axis=0), np.arange(REPLICATES)
    relief = profit[first] - (1.0 - INPUTS) * more("sales")[first]
    return Paid(spent[first], relief, *(part.sum(axis=0) for part in (spent, profit, more("value_added"))))


class Found(NamedTuple):
    """What the books say of an instrument."""

    relief: float  # mean, per unit of public money in the first paid quarter
    nowhere: bool  # whether some of it comes from nowhere
    idle: bool  # whether all money is for nothing


@cache
def found(use: str) -> Found:
    """Return what the books say of an instrument."""
    told_ = books(use)
    nowhere = float((told_.relief > ABOVE * told_.first_money).mean()) > OFTEN
    spent = float(told_.money.mean())
    idle = all(abs(float(part.mean())) < IDLE * spent for part in (told_.profit, told_.value_added))
    return Found(float(told_.relief.mean() / told_.first_money.mean()), nowhere, idle)


@pytest.mark.slow
def test_no_instrument_brings_firms_more_at_once_than_it_is_paid():
    assert plain().parameters.get("market", {}).get("inputs", PARAMETERS["market"]["inputs"].default) == INPUTS
    assert {use for use in INSTRUMENTS if found(use).nowhere} == set()
    for use in INSTRUMENTS:
        assert found(use).relief <= 1.0, use


@pytest.mark.slow
def test_no_instrument_is_paid_for_nothing():
    assert {use for use in INSTRUMENTS if found(use).idle} == set()


@pytest.mark.slow
@pytest.mark.parametrize("use", ["rd_tax_credit", "single_window", "certification_support"])
def test_an_instrument_that_pays_bills_reaches_firms(use):
    """Not so `export_network`: who begins to export for it bears fixed costs at once, and sells later."""
    assert 0.05 < found(use).relief <= 1.0


@pytest.mark.slow
def test_a_grant_calls_for_consortia():
    """At its usual dose, at least one R&D consortium begins for a million USD."""
    content = plain().model_dump(mode="json")
    paid = [dict(FOUNDING), {"use": "joint_rd_grant", "per_year": dose("joint_rd_grant")}]
    content["programme"] = {"stages": [{"name": "all", "quarters": 4 * YEARS, "instruments": paid}]}
    scenario = Scenario.model_validate(content)
    events = simulate(scenario, seed=SEED, replicates=REPLICATES, records=("events",)).tables()["events"]
    begun = ((events["event"] == "project_started") & (events["detail"] == "research")).sum() / REPLICATES
    assert begun / (YEARS * dose("joint_rd_grant") / 1000.0) >= 1.0
