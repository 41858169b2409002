"""Entry, exit, survival and spin-offs."""

from __future__ import annotations

import numpy as np

from clustersim.core.words import N_
from clustersim.studies.validation.plausibility import estimators as est
from clustersim.studies.validation.plausibility.item import Item, across, pooled
from clustersim.studies.validation.plausibility.panel import Panel
from clustersim.studies.validation.plausibility.sample import Sample


def entry_rate(panel: Panel) -> float:
    """Return the share of firms that were born in the year."""
    return float((panel["age"] < 1.0).mean())


def exit_rate(panel: Panel) -> float:
    """Return the share of firms that are gone a year later."""
    followed = panel.seen(1)
    return est.ratio(float((followed & (panel.next < 0)).sum()), float(followed.sum()))


def survival(panel: Panel, years: int, of: np.ndarray | None = None) -> float:
    """Return the share of new firms (of those in `of`, if given) that live some years later."""
    new = (panel["age"] < 1.0) & panel.seen(years)
    if of is not None:
        new &= of
    return float((panel.later(years)[new] >= 0).mean()) if new.sum() >= est.LEAST else est.NAN


def exit_ratio(panel: Panel, risky: np.ndarray, safe: np.ndarray) -> float:
    """Return the exit rate of some firms over that of others."""
    gone, followed = panel.next < 0, panel.seen(1)
    groups = [gone[followed & group] for group in (risky, safe)]
    return est.ratio(*(group.mean() for group in groups)) if min(g.size for g in groups) >= est.LEAST else est.NAN


def young_exits(panel: Panel) -> float:
    """Return the exit rate of firms younger than five years over that of firms of ten or more."""
    return exit_ratio(panel, panel["age"] < 5.0, panel["age"] >= 10.0)


def small_exits(panel: Panel) -> float:
    """Return the exit rate of firms below ten employees over that of firms of ten or more."""
    return exit_ratio(panel, panel["employees"] < 10.0, panel["employees"] >= 10.0)


def entrant_size(panel: Panel) -> float:
    """Return the mean employment of firms born in the year over that of all others."""
    new, size = panel["age"] < 1.0, panel["employees"]
    return est.ratio(size[new].mean(), size[~new].mean()) if new.any() and not new.all() else est.NAN


def turnover(sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    """Return entry and exit rates of the places."""
    return np.array([entry_rate(p) for p in sample.places]), np.array([exit_rate(p) for p in sample.places])


def spinoff_share(panel: Panel) -> float:
    """Return the share of spin-offs among new firms."""
    new = panel["age"] < 1.0
    return float((panel.parent[new] >= 0).mean()) if new.sum() >= est.LEAST else est.NAN


def spinoff_survival(panel: Panel) -> float:
    """Return five-year survival of spin-offs over that of other new firms."""
    child = panel.parent >= 0
    return est.ratio(survival(panel, 5, child), survival(panel, 5, ~child))


def better_parents(panel: Panel) -> float:
    """Return spin-offs per firm of the third with the highest productivity over those of the third with the lowest.

    A firm is ranked in its place and year; its spin-offs are those of the following year.
    """
    rank = np.empty(panel.place.size)
    order = np.lexsort((panel["productivity"], panel.cell))
    firms = np.bincount(panel.cell)
    rank[order] = (np.arange(order.size) - (np.cumsum(firms) - firms)[panel.cell[order]]) / firms[panel.cell[order]]
    new = np.flatnonzero((panel["age"] < 1.0) & (panel.parent >= 0))
    keys = panel.firm * (panel.year.max(initial=0) + 2) + panel.year
    by_key = np.argsort(keys)
    wanted = panel.parent[new] * (panel.year.max(initial=0) + 2) + panel.year[new] - 1
    at = np.minimum(np.searchsorted(keys[by_key], wanted), keys.size - 1)
    parents = by_key[at][keys[by_key][at] == wanted]  # a parent that was born in the same year, or left, has no row
    followed = panel.seen(1)
    rates = []
    for group in (rank >= 2.0 / 3.0, rank < 1.0 / 3.0):
        rates.append(est.ratio(float(group[parents].sum()), float((group & followed).sum())))
    return est.ratio(rates[0], rates[1]) if parents.size >= est.LEAST else est.NAN


ITEMS = (
    Item(
        "S13",
        N_("Yearly entry in industry is a few per cent to a tenth of firms"),
        N_("Firms born in the year over all firms"),
        low=0.03,
        high=0.1,
        read=False,
        source="Eurostat, business demography 2014: 0.09 in the business economy; Statistics Austria 2012: 0.055 in industry "
        "and construction; Bartelsman, Scarpetta & Schivardi 2005, Industrial and Corporate Change 14:365: entry and "
        "exit together 0.20 (all read); low end from memory",
        bears=N_("The rates of start-ups and spin-offs are inputs near the same figures."),
        measure=pooled(entry_rate),
    ),
    Item(
        "S14",
        N_("Yearly exit in industry is a few per cent to a tenth of firms"),
        N_("Firms gone a year later over all firms"),
        low=0.03,
        high=0.1,
        read=False,
        source="Eurostat, business demography 2014: about 0.09 in the business economy; Bartelsman, Scarpetta & Schivardi "
        "2005: entry and exit together 0.20 (both read); low end from memory",
        bears=N_("The hazard of closure is an input; insolvency comes from the books."),
        measure=pooled(exit_rate),
    ),
    Item(
        "S15",
        N_("Twenty to forty per cent of new firms fail within two years"),
        N_("Share of firms born in the year that live two years later"),
        low=0.6,
        high=0.8,
        read=True,
        source="Bartelsman, Scarpetta & Schivardi 2005, Industrial and Corporate Change 14:365 (abstract)",
        bears=N_(
            "The hazard of closure is an input, set for exits near the low end of registers; firms that come and go within "
            "a year are not seen."
        ),
        measure=pooled(lambda panel: survival(panel, 2)),
    ),
    Item(
        "S16",
        N_("About half of new firms live five years later"),
        N_("Share of firms born in the year that live five years later"),
        low=0.4,
        high=0.65,
        read=False,
        source="Eurostat, business demography 2014: 0.44 in the business economy; OECD 2017, Entrepreneurship at a Glance: "
        "higher in industry (both read); high end from memory",
        bears=N_(
            "The hazard of closure, and its fall with age, size, competitiveness and margin, are inputs."
        ),
        measure=pooled(lambda panel: survival(panel, 5)),
    ),
    Item(
        "S17",
        N_("Young firms exit more"),
        N_("Exit rate of firms younger than 5 years over that of firms of 10 years or more"),
        low=1.0,
        high=None,
        read=True,
        source="Dunne, Roberts & Samuelson 1989, Quarterly Journal of Economics 104:671 (abstract)",
        bears=N_("The hazard of closure falls with age: an input."),
        measure=pooled(young_exits),
    ),
    Item(
        "S18",
        N_("Small firms exit more"),
        N_("Exit rate of firms below ten employees over that of larger ones"),
        low=1.0,
        high=None,
        read=True,
        source="Dunne, Roberts & Samuelson 1989, Quarterly Journal of Economics 104:671 (abstract)",
        bears=N_("The hazard of closure falls with size: an input."),
        measure=pooled(small_exits),
    ),
    Item(
        "S19",
        N_("New firms are a fraction of the size of others"),
        N_("Mean employment of firms born in the year over that of all others"),
        low=0.15,
        high=0.6,
        read=False,
        source="Dunne, Roberts & Samuelson 1988, RAND Journal of Economics 19:495; Bartelsman, Scarpetta & Schivardi 2005 "
        "(from memory)",
        bears=N_("The size of entrants is an input; tractor firms lift the mean of the others."),
        measure=pooled(entrant_size),
    ),
    Item(
        "S20",
        N_("Where many firms enter, many exit"),
        N_("Correlation of mean entry and exit rates over places"),
        low=0.0,
        high=None,
        read=True,
        source="Brandt 2003, OECD workshop on SME statistics: highly correlated across industries (read)",
        bears=N_("Start-ups follow margins, jobs and markets; they do not push others out except through the market."),
        measure=across(turnover, est.correlation),
    ),
    Item(
        "S21",
        N_("A sixth to a third of new firms are spin-offs"),
        N_("Firms with a parent over firms born in the year"),
        low=0.167,
        high=0.333,
        read=True,
        source="Muendler, Rauch & Tocoian 2012, International Journal of Industrial Organization 30:447 (abstract; Brazil)",
        bears=N_("The rate of spin-offs beside that of start-ups is an input."),
        measure=pooled(spinoff_share),
    ),
    Item(
        "S22",
        N_("Spin-offs survive longer than other new firms"),
        N_("Five-year survival of spin-offs over that of other new firms"),
        low=1.0,
        high=None,
        read=True,
        source="Muendler, Rauch & Tocoian 2012, International Journal of Industrial Organization 30:447 (abstract)",
        bears=N_(
            "Spin-offs inherit part of the parent's lead in knowledge; founders who know the trade close less: an input."
        ),
        measure=pooled(spinoff_survival),
    ),
    Item(
        "S23",
        N_("Better firms have more spin-offs"),
        N_("Spin-offs per firm: the third with the highest productivity in its place and year over the third with the lowest"),
        low=1.0,
        high=None,
        read=True,
        source="Klepper 2007, Management Science 53:616 (abstract); Klepper 2001, working paper on the US automobile "
        "industry (abstract)",
        bears=N_("The chance of a spin-off rises with the parent's size and competitiveness: an input."),
        measure=pooled(better_parents),
    ),
)
