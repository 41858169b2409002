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

The faults that are known stand in a list with their figures. The test fails when another instrument joins them, and also when one
of them is mended and still stands here.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from clustersim.model.parameters import PARAMETERS
from clustersim.policy.instruments import INSTRUMENTS
from clustersim.scenario.loading import load_scenario
from clustersim.scenario.model import Scenario
from clustersim.studies.validation.lab import COLUMN, indicators_of

REPLICATES, YEARS, SEED = 40, 10, 1
INPUTS = 0.55  # share of sales, `market.inputs`
ABOVE, OFTEN = 1.05, 0.1  # relief over public money that is too much, and the part of replicates in which it may be rounding
IDLE = 0.02  # of the public money
GRANT = 200.0  # kUSD a year, of an instrument that has no effects of its own
FOUNDING = {"use": "association_founding", "per_year": 60.0}  # beside all others, so that who pays the association finds one

# Relief in the first paid quarter per unit of public money, mean over replicates.
FROM_NOWHERE = {
    "rd_tax_credit": 2.9,  # the price of all research falls by the whole share, whatever the programme pays
    "export_network": 1.13,  # the same of the fixed cost of export: as much as is paid in the mean, far more where many export
    "single_window": 29.2,  # overheads saved are thirty times what the window costs
}
# No profit and no value added in ten years, though all is paid.
FOR_NOTHING = {
    "joint_rd_grant",  # no consortium is ever formed at this dose
    "project_cofinance",
    "joint_purchasing",
    "technology_observatory",  # what it buys is an early signal of a change of technology, and here comes none
    "venture_fund",
}


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
    """Return what an instrument brings, against the same place with nothing but an association."""
    own = {"use": use, "per_year": dose(use)}
    beside = [] if use == FOUNDING["use"] else [tuple(FOUNDING.items())]
    here, there = told(*beside, tuple(own.items())), told(*beside)

    def more(indicator: str) -> np.ndarray:
        return here[:, :, COLUMN[indicator]] - there[:, :, COLUMN[indicator]]

    spent, profit = more("public_spending"), more("profit")
    first = (spent > 0.0).argmax(axis=0), np.arange(REPLICATES)
    relief = profit[first] - (1.0 - INPUTS) * more("sales")[first]
    return Paid(spent[first], relief, *(part.sum(axis=0) for part in (spent, profit, more("value_added"))))


@cache
def found(use: str) -> tuple[float, bool, bool]:
    """Return the mean relief per unit of public money, whether some comes from nowhere, and whether it is all for nothing."""
    told_ = books(use)
    nowhere = float((told_.relief > ABOVE * told_.first_money).mean()) > OFTEN
    spent = float(told_.money.mean())
    idle = all(abs(float(part.mean())) < IDLE * spent for part in (told_.profit, told_.value_added))
    return float(told_.relief.mean() / told_.first_money.mean()), nowhere, idle


@pytest.mark.slow
def test_the_sum_of_all_firms_books_tells_whose_money_comes_from_nowhere():
    assert plain().parameters.get("market", {}).get("inputs", PARAMETERS["market"]["inputs"].default) == INPUTS
    assert {use for use in INSTRUMENTS if found(use)[1]} == FROM_NOWHERE.keys()
    for use, relief in FROM_NOWHERE.items():
        assert found(use)[0] == pytest.approx(relief, rel=0.1), use


@pytest.mark.slow
def test_what_is_paid_for_nothing_is_known():
    assert {use for use in INSTRUMENTS if found(use)[2]} == FOR_NOTHING


@pytest.mark.slow
def test_all_others_give_at_most_what_they_are_paid():
    for use in INSTRUMENTS.keys() - FROM_NOWHERE.keys():
        assert found(use)[0] <= 1.0, use
