"""Spread and persistence of productivity, exporters, and what the size of a place does for productivity."""

from __future__ import annotations

import numpy as np

from clustersim.core.words import N_
from clustersim.studies.validation.plausibility import estimators as est
from clustersim.studies.validation.plausibility.item import Item, across, pooled
from clustersim.studies.validation.plausibility.panel import Panel

EXPORTER = 0.01  # share of sales: a firm that has given up exports sells abroad less and less, but never nothing


def efficiency(panel: Panel) -> np.ndarray:
    """Return log output that an employee can make, less the mean of place, year and segment."""
    return est.centred(np.log(panel["productivity"]), panel.industry)


def labour_productivity(panel: Panel) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of firms with positive value added, and its log per employee less the mean of their industry."""
    rows = np.flatnonzero(panel["value_added"] > 0.0)
    return rows, est.centred(np.log(panel["value_added"][rows] / panel["employees"][rows]), panel.industry[rows])


def efficiency_spread(panel: Panel) -> float:
    """Return the 90th over the 10th percentile of output that an employee can make."""
    return est.quantile_ratio(efficiency(panel), 0.10, 0.90)


def labour_spread(panel: Panel) -> float:
    """Return the 75th over the 25th percentile of value added per employee."""
    return est.quantile_ratio(labour_productivity(panel)[1], 0.25, 0.75)


def persistence(panel: Panel) -> float:
    """Return the slope of a firm's relative efficiency on that of the year before."""
    level, rows = efficiency(panel), np.flatnonzero(panel.next >= 0)
    return est.slope(level[rows], level[panel.next[rows]]) if rows.size >= est.LEAST else est.NAN


def exporter_share(panel: Panel) -> float:
    """Return the share of firms that sell abroad."""
    return float((panel["export_share"] >= EXPORTER).mean())


def premium(logs: np.ndarray, sells: np.ndarray) -> float:
    """Return the mean of exporters minus that of the others, of logs that are centred on their industry."""
    if min(sells.sum(), (~sells).sum()) < est.LEAST:
        return est.NAN
    return float(logs[sells].mean() - logs[~sells].mean())


def size_premium(panel: Panel) -> float:
    """Return how much larger exporters are, in log points of employment."""
    return premium(est.centred(np.log(panel["employees"]), panel.industry), panel["export_share"] >= EXPORTER)


def labour_premium(panel: Panel) -> float:
    """Return how much more value an exporter's employee adds, in log points."""
    rows, logs = labour_productivity(panel)
    return premium(logs, panel["export_share"][rows] >= EXPORTER)


ITEMS = (
    Item(
        "S24",
        N_("Within industries the 90th percentile is about twice as productive as the 10th"),
        N_("90th over 10th percentile of output that an employee can make, within place, year and segment"),
        low=1.6,
        high=2.3,
        read=False,
        source="Syverson 2012, NBER Reporter 4 (read: almost twice; total factor productivity, US 4-digit industries); "
        "Syverson 2004, Review of Economics and Statistics 86:534 (mean and one standard deviation over industries, "
        "from memory)",
        bears=N_(
            "The spread at the start is an input; learning and imitation narrow it, innovation widens it. "
            "Capital is no factor of production here, and productivity has no error of measurement."
        ),
        measure=pooled(efficiency_spread),
    ),
    Item(
        "S25",
        N_("Labour productivity spreads more"),
        N_("75th over 25th percentile of value added per employee, within place, year and segment"),
        low=1.5,
        high=4.0,
        read=True,
        source="Cunningham et al. 2019, CES working paper 18-25R (read in Taylor 2019, Conversable Economist: 2.4 on "
        "average; about 1.5 in shoes and cement, 4 in computers)",
        bears=N_(
            "All firms of a place pay the same wage and work with the same technology of production; only efficiency and "
            "use of capacity differ."
        ),
        measure=pooled(labour_spread),
    ),
    Item(
        "S26",
        N_("Productivity differences persist, but fade"),
        N_("Slope of a firm's relative efficiency on that of the year before"),
        low=0.6,
        high=0.8,
        read=False,
        source="Syverson 2011, Journal of Economic Literature 49:326 (from memory)",
        bears=N_(
            "Efficiency is knowledge that is kept; it has no measurement error and no transitory shocks, which lower the "
            "slope in data."
        ),
        measure=pooled(persistence),
    ),
    Item(
        "S27",
        N_("A minority of manufacturing firms exports"),
        N_("Share of firms that sell 1% of sales or more abroad"),
        low=0.05,
        high=0.4,
        read=False,
        source="Bernard, Jensen, Redding & Schott 2007, Journal of Economic Perspectives 21:105 (0.18 overall, 0.05 to 0.38 "
        "by industry, from memory)",
        bears=N_("The Basque scenario is set up with an export pull of 0.75, to meet the export share of Basque clusters."),
        measure=pooled(exporter_share),
    ),
    Item(
        "S28",
        N_("Exporters are much larger"),
        N_("Mean log employment of exporters minus others, within place, year and segment"),
        low=0.8,
        high=2.2,
        read=False,
        source="Bernard et al. 2007 (0.97 to 1.19 in the US); Mayer & Ottaviano 2008, Intereconomics 43:135 (ratios of 2 to "
        "9 in Europe); both from memory",
        bears=N_("A fixed cost of export keeps small firms at home."),
        measure=pooled(size_premium),
    ),
    Item(
        "S29",
        N_("Exporters are more productive"),
        N_("Mean log value added per employee of exporters minus others, within place, year and segment"),
        low=0.03,
        high=0.35,
        read=False,
        source="Bernard et al. 2007 (0.11 to 0.26 in the US); International Study Group on Exports and Productivity 2008; "
        "both from memory",
        bears=N_("Only firms near enough to the frontier export."),
        measure=pooled(labour_premium),
    ),
    Item(
        "S30",
        N_("Larger places are more productive"),
        N_(
            "Slope of log value added per job on log jobs over places of `organic` with half, once, twice and four times the "
            "firms"
        ),
        low=0.015,
        high=0.07,
        read=False,
        source="Melo, Graham & Noland 2009, Regional Science and Urban Economics 39:332 (range from memory); Donovan et al. "
        "2021, Tinbergen Institute 21-026 (read: 0.027 to 0.064), and 2024, Journal of Economic Surveys 38:168 (read: "
        "0.015 to 0.039)",
        bears=N_("The elasticity of these studies is an input; congestion, selection and learning from partners come on top."),
        measure=across(lambda sample: sample.sizes, est.slope),
    ),
)
