"""Facts of the programme Red Productiva, measured on `ecuador_red_productiva` until the programme's last day."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from clustersim.core.words import N_
from clustersim.model.parameters import PARAMETERS
from clustersim.model.units import YEAR
from clustersim.scenario.loading import load_scenario
from clustersim.studies.evidence.measure import Apart, Measure, over_replicates, shipped
from clustersim.studies.evidence.watching import Seen

WHERE = "ecuador_red_productiva"
END = 2010.75
CALLED = ("footwear", "straw_hats")  # the places whose agencies seek investors of their own
OFFICERS = 14
MILLION = 1000.0  # kUSD
Statistic = Callable[[Seen], np.ndarray]


def total(indicator: str, unit: float = 1.0, places: tuple[str, ...] = ()) -> Statistic:
    """Return the sum of an indicator over quarters and clusters, or some clusters, in a larger unit."""

    def statistic(seen: Seen) -> np.ndarray:
        names = [cluster.name for cluster in seen.scenario.place.clusters]
        asked = [names.index(name) for name in places or names]
        return seen[indicator][: seen.until(END), :, asked].astype(float).sum(axis=(0, 2)) / unit

    return statistic


def standing(indicator: str, unit: float = 1.0, year: float = END) -> Statistic:
    """Return the sum of an indicator over clusters at the end, or at another date, in a larger unit."""
    return lambda seen: seen[indicator][seen.until(year) - 1].astype(float).sum(axis=-1) / unit


def approved_share(seen: Seen) -> np.ndarray:
    """Return money approved over money asked for."""
    asked, approved = (standing(name)(seen) for name in ("applied", "approved"))
    return np.divide(approved, asked, out=np.full(asked.shape, np.nan), where=asked > 0.0)


def _beside(how: str, statistic: Statistic, bears: str = "") -> Measure:
    return over_replicates(WHERE, how, statistic, bears)


def _files() -> float:
    """Return the files that the officers begin in a year."""
    return PARAMETERS["joint_action"]["pace"].default * OFFICERS * YEAR


MADE_UP = N_("The scenario's twelve places are made up around nine projects, so that sums over them follow assumed sizes.")
MEASURES: Mapping[str, Measure | Apart] = {
    "rp_smes_growing": _beside(
        N_("Firms below 50 employees with sales, jobs or productivity 5 % above a year before, at the end of 2009"),
        standing("growing_small", year=2010.0), MADE_UP,
    ),
    "rp_loans": _beside(N_("Loans that a guarantee backs, until September 2010"), total("loans_guaranteed"), MADE_UP),
    "rp_network_organisations": _beside(
        N_("Institutions and firms that are tied to each other or members, September 2010"), standing("network_organisations"),
        MADE_UP,
    ),
    "rp_projects_designed": shipped(
        "joint_action.pace", N_("Files that fourteen officers begin in a year"), lambda: [_files()],
    ),
    "rp_projects_value": shipped(
        "joint_action.file_value", N_("Files that fourteen officers begin in a year, at the money that a file asks for"),
        lambda: [_files() * PARAMETERS["joint_action"]["file_value"].default / MILLION],
    ),
    "rp_projects_approved": _beside(
        N_("Money that outside funds approved until September 2010"), standing("approved", MILLION), MADE_UP,
    ),
    "rp_approved_share": _beside(
        N_("Money that outside funds approved over money asked for, until September 2010"), approved_share,
        N_("The chance that a file is approved is an input set from the same report: the agreement is built in."),
    ),
    "rp_invest_attracted": _beside(
        N_("Machines and buildings that attraction called to the two places with investors of their own, until September 2010"),
        total("investment_called", MILLION, CALLED), MADE_UP,
    ),
    "rp_invest_sales": Apart(N_("Settlers are firms like others once they are there: their sales are not told apart.")),
    "rp_invest_national": Apart(N_("Investors of the national agency settle anywhere; the scenario holds twelve places.")),
    "rp_leverage": _beside(
        N_("Private money beside public money and into joint projects, until September 2010"),
        total("private_cofinance", MILLION), MADE_UP,
    ),
    "rp_agencies": shipped(WHERE, N_("Places of the scenario"), lambda: [len(load_scenario(WHERE).place.clusters)]),
}  # fmt: skip
