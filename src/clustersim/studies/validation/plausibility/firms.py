"""Sizes of firms, their growth, and the jobs that they create and destroy."""

from __future__ import annotations

import numpy as np

from clustersim.core.words import N_
from clustersim.studies.validation.plausibility import estimators as est
from clustersim.studies.validation.plausibility.item import Item, pooled
from clustersim.studies.validation.plausibility.panel import Panel


def tail(panel: Panel) -> float:
    """Return the exponent of the tail of employment above ten."""
    return est.tail_exponent(panel["employees"], 10.0)


def young_skewness(panel: Panel) -> float:
    """Return the skewness of log employment of young firms minus that of old ones."""
    size, age = np.log(panel["employees"]), panel["age"]
    return est.skewness(size[age < 5.0]) - est.skewness(size[age >= 20.0])


def micro_share(panel: Panel) -> float:
    """Return the share of firms below ten employees."""
    return float((panel["employees"] < 10.0).mean())


def large_share(panel: Panel) -> float:
    """Return the share of firms of 250 employees or more."""
    return float((panel["employees"] >= 250.0).mean())


def sme_jobs(panel: Panel) -> float:
    """Return the share of jobs in firms below 250 employees."""
    size = panel["employees"]
    return est.ratio(size[size < 250.0].sum(), size.sum())


def growth(panel: Panel) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of firms that stay for a year, and their log growth of employment less the mean of place and year."""
    rows = np.flatnonzero(panel.next >= 0)
    size = panel["employees"]
    return rows, est.centred(np.log(size[panel.next[rows]] / size[rows]), panel.cell[rows])


def growth_shape(panel: Panel) -> float:
    """Return the Subbotin exponent of yearly growth."""
    return est.subbotin_exponent(growth(panel)[1])


def growth_spread(panel: Panel) -> float:
    """Return the exponent with which the spread of growth falls with size."""
    rows, rates = growth(panel)
    return est.spread_exponent(panel["employees"][rows], rates)


def growth_memory(panel: Panel, least: float, most: float) -> float:
    """Return the correlation of growth in two years that follow each other, for firms of a size class."""
    rows, rates = growth(panel)
    rate = np.full(panel.place.size, np.nan)
    rate[rows] = rates
    size = panel["employees"][rows]
    rows = rows[(size >= least) & (size < most)]
    pairs = np.stack([rate[rows], rate[panel.next[rows]]])
    pairs = pairs[:, np.isfinite(pairs).all(axis=0)]
    return est.correlation(*pairs) if pairs.shape[1] >= est.LEAST else est.NAN


def small_lead(panel: Panel) -> float:
    """Return the mean growth of firms below ten employees that stay minus that of firms of fifty or more."""
    rows, rates = growth(panel)
    size = panel["employees"][rows]
    small, large = rates[size < 10.0], rates[size >= 50.0]
    return float(small.mean() - large.mean()) if min(small.size, large.size) >= est.LEAST else est.NAN


def job_flows(panel: Panel) -> tuple[float, float]:
    """Return jobs created and destroyed in a year over the mean of the jobs before and after (Davis & Haltiwanger)."""
    size, followed = panel["employees"], panel.seen(1)
    stays = panel.next >= 0
    change = size[panel.next[stays]] - size[stays]
    came = (panel["age"] < 1.0) & (panel.year > panel.year.min(initial=0))
    created = change[change > 0.0].sum() + size[came].sum()
    destroyed = -change[change < 0.0].sum() + size[followed & ~stays].sum()
    jobs = (size[followed].sum() + size[panel.year > panel.year.min(initial=0)].sum()) / 2.0
    return est.ratio(created, jobs), est.ratio(destroyed, jobs)


ITEMS = (
    Item(
        "S01",
        N_("The tail of firm sizes follows Zipf's law"),
        N_("Exponent of a Pareto tail of employment above ten employees (Hill)"),
        low=0.95,
        high=1.17,
        read=False,
        source="Axtell 2001, Science 293:1818 (abstract: inversely proportional; 1.06 and twice its standard error from memory)",
        bears=N_(
            "Scenarios begin with large tractor firms, which make the tail heavier; the other sizes are drawn from a log-normal."
        ),
        measure=pooled(tail),
    ),
    Item(
        "S02",
        N_("Sizes of young firms are more right-skewed than those of old ones, which come near the log-normal"),
        N_("Skewness of log employment: firms younger than 5 years minus firms of 20 years or more"),
        low=0.0,
        high=None,
        read=True,
        source="Cabral & Mata 2003, American Economic Review 93:1075 (abstract)",
        bears=N_("New firms are drawn from a log-normal, so the model does not start from a skewed size at birth."),
        measure=pooled(young_skewness),
    ),
    Item(
        "S03",
        N_("Most manufacturing firms are micro firms"),
        N_("Share of firms below ten employees"),
        low=0.6,
        high=0.9,
        read=False,
        source="Eurostat, structural business statistics, manufacturing by country (from memory); 0.918 in the EU's whole "
        "business economy in 2005 (Schmiemann 2008, Statistics in focus 31/2008, read)",
        bears=N_("Initial sizes and the size of entrants are inputs; the self-employed, many in registers, are not modelled."),
        measure=pooled(micro_share),
    ),
    Item(
        "S04",
        N_("Few manufacturing firms are large"),
        N_("Share of firms of 250 employees or more"),
        low=0.005,
        high=0.022,
        read=False,
        source="Eurostat, structural business statistics, manufacturing by country (from memory); 0.002 in the EU's whole "
        "business economy in 2005 (Schmiemann 2008, read)",
        bears=N_(
            "Scenarios begin with one tractor firm in about twenty firms: clusters with tractor firms, not a sample of all "
            "places."
        ),
        measure=pooled(large_share),
    ),
    Item(
        "S05",
        N_("SMEs hold about half to three quarters of manufacturing jobs"),
        N_("Share of jobs in firms below 250 employees"),
        low=0.45,
        high=0.77,
        read=False,
        source="Eurostat, structural business statistics, manufacturing by country (from memory); 0.671 in the EU's whole "
        "business economy in 2005 (Schmiemann 2008, read)",
        bears=N_("Follows the number and growth of tractor firms; span of control holds the largest back."),
        measure=pooled(sme_jobs),
    ),
    Item(
        "S06",
        N_("Growth rates are tent-shaped"),
        N_("Subbotin exponent of yearly log growth of employment, less the mean of place and year"),
        low=0.6,
        high=1.2,
        read=False,
        source="Bottazzi & Secchi 2006, RAND Journal of Economics 37:235 (working paper's abstract: Laplace, 1); Bottazzi, "
        "Coad, Jacoby & Secchi 2011, Applied Economics 43:103 (abstract: France below 1); ends from memory",
        bears=N_(
            "Orders have lumps of Laplace noise (an input); sums over four quarters and slow hiring bring them toward "
            "the normal."
        ),
        measure=pooled(growth_shape),
    ),
    Item(
        "S07",
        N_("Growth varies less the larger the firm"),
        N_("Exponent beta of the spread of yearly growth ~ size^-beta over ten classes of employment"),
        low=0.14,
        high=0.23,
        read=True,
        source="Amaral et al. 1997, Physica A 244:1 (abstract: 0.18 ± 0.03 employees, 0.20 ± 0.03 sales); Riccaboni et al. "
        "2008, PNAS 105:19595 (abstract: 0.14 to 0.2)",
        bears=N_(
            "The noise of orders falls with size as in the same studies (an input); lasting differences in fitness, "
            "which do not fall with size, and the floor of one employee flatten it."
        ),
        measure=pooled(growth_spread),
    ),
    Item(
        "S08",
        N_("Growth of micro and small firms tends to be undone in the next year"),
        N_("Correlation of growth in two following years, firms below ten employees"),
        low=None,
        high=0.0,
        read=True,
        source="Coad 2007, Review of Industrial Organization 31:69 (abstract)",
        bears=N_(
            "Hiring and dismissal spread each change over quarters, and jobs are divisible: there are no lumps that could "
            "be undone."
        ),
        measure=pooled(lambda panel: growth_memory(panel, 0.0, 10.0)),
    ),
    Item(
        "S09",
        N_("Growth of larger firms tends to go on in the next year"),
        N_("Correlation of growth in two following years, firms of fifty employees or more"),
        low=0.0,
        high=None,
        read=True,
        source="Coad 2007, Review of Industrial Organization 31:69 (abstract)",
        bears=N_("Partial adaptation of jobs and slow selection carry growth over."),
        measure=pooled(lambda panel: growth_memory(panel, 50.0, np.inf)),
    ),
    Item(
        "S10",
        N_("Small firms that survive grow faster than large ones"),
        N_("Mean yearly growth of firms below ten employees minus firms of fifty or more, those that stay"),
        low=0.0,
        high=None,
        read=True,
        source="Dunne, Roberts & Samuelson 1989, Quarterly Journal of Economics 104:671 (abstract)",
        bears=N_("Fitness, not youth, drives growth: new firms start with their customers, and know less than the others."),
        measure=pooled(small_lead),
    ),
    Item(
        "S11",
        N_("About a tenth of manufacturing jobs is newly created in a year"),
        N_("Jobs created by growing and new firms over mean jobs, a year"),
        low=0.06,
        high=0.133,
        read=False,
        source="Davis, Haltiwanger & Schuh 1996, US manufacturing 1973-88 (mean 0.091 and highest year 0.133 read in a "
        "summary of it; lowest year from memory); Stiglbauer et al. 2002: 0.09 in Austria (abstract)",
        bears=N_("Noise of orders is small beside that of real firms and hiring is slow; firms here, plants in the source."),
        measure=pooled(lambda panel: job_flows(panel)[0]),
    ),
    Item(
        "S12",
        N_("About a tenth of manufacturing jobs is destroyed in a year"),
        N_("Jobs lost by shrinking and leaving firms over mean jobs, a year"),
        low=0.06,
        high=0.156,
        read=False,
        source="Davis, Haltiwanger & Schuh 1996, US manufacturing 1973-88 (mean 0.103 and highest year 0.156 read in a "
        "summary of it; lowest year from memory); Stiglbauer et al. 2002: 0.09 in Austria (abstract)",
        bears=N_(
            "Noise of orders is small beside that of real firms, dismissal is slow and exits are small firms; plants in "
            "the source."
        ),
        measure=pooled(lambda panel: job_flows(panel)[1]),
    ),
)
