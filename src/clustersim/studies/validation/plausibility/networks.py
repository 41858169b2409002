"""The supplier network and the knowledge network inside a place."""

from __future__ import annotations

import numpy as np

from clustersim.core.words import N_
from clustersim.model.state import COMMERCIAL, INFORMATION
from clustersim.studies.validation.plausibility import estimators as est
from clustersim.studies.validation.plausibility.item import Item, pooled
from clustersim.studies.validation.plausibility.panel import Links, Panel


def supplies(panel: Panel) -> np.ndarray:
    """Return which ties are traded over."""
    return panel.links.trade > 0.0


def informs(panel: Panel) -> np.ndarray:
    """Return which ties exchange information, or more."""
    return panel.links.level >= INFORMATION


def degrees(panel: Panel, ties: np.ndarray) -> np.ndarray:
    """Return the number of partners of each firm over these ties."""
    firms, links = panel.place.size, panel.links
    return np.bincount(links.a[ties], minlength=firms) + np.bincount(links.b[ties], minlength=firms)


def kept(panel: Panel, ties: np.ndarray, years: int) -> float:
    """Return the share of these ties that are of the same kind some years later; ties of firms that leave count as lost."""
    links: Links = panel.links
    rows = np.flatnonzero(ties & panel.seen(years)[links.a])
    if rows.size < est.LEAST:
        return est.NAN
    at = rows
    for _ in range(years):
        at = np.where(at >= 0, links.next[at], -1)
    return float(ties[at[at >= 0]].sum() / rows.size)


def supply_tail(panel: Panel) -> float:
    """Return the exponent of the tail of trading partners, the tenth of trading firms with the most."""
    partners = degrees(panel, supplies(panel))
    return est.count_tail_exponent(partners[partners > 0], 0.1)


def degree_by_size(panel: Panel) -> float:
    """Return the correlation of log trading partners and log employment among trading firms, within place and year."""
    partners = degrees(panel, supplies(panel))
    rows = np.flatnonzero(partners > 0)
    if rows.size < est.LEAST:
        return est.NAN
    logs = (np.log(partners[rows]), np.log(panel["employees"][rows]))
    return est.correlation(*(est.centred(values, panel.cell[rows]) for values in logs))


def mixing(panel: Panel, ties: np.ndarray) -> float:
    """Return the correlation of partners over these ties at both of their ends."""
    partners, links = degrees(panel, ties), panel.links
    a, b = links.a[ties], links.b[ties]
    return est.assortativity(partners[a], partners[b], panel.cell[a])


def knowledge_partners(panel: Panel) -> float:
    """Return the mean number of partners of a firm with any, over ties of information or more."""
    partners = degrees(panel, informs(panel))
    return float(partners[partners > 0].mean()) if (partners > 0).sum() >= est.LEAST else est.NAN


def knowledge_clustering(panel: Panel) -> float:
    """Return the share of closed triples over density, of firms with any knowledge tie, mean over places and years.

    Every fifth year is enough: networks change slowly, and counting triples costs more than all else.
    """
    links = panel.links
    ties = np.flatnonzero(informs(panel) & (panel.year[links.a] % 5 == 0))
    cells = panel.cell[links.a[ties]]
    order = np.argsort(cells, kind="stable")
    found, begins = np.unique(cells[order], return_index=True)
    ratios = []
    for rows in np.split(ties[order], begins[1:]) if found.size else []:
        nodes, ends = np.unique(np.concatenate([links.a[rows], links.b[rows]]), return_inverse=True)
        closed, triples = est.triangles(nodes.size, ends[: rows.size], ends[rows.size :])
        if rows.size >= est.LEAST and triples > 0.0:
            ratios.append(closed / triples / (2.0 * rows.size / (nodes.size * (nodes.size - 1))))
    return float(np.mean(ratios)) if ratios else est.NAN


def knowledge_inequality(panel: Panel) -> float:
    """Return the Gini coefficient of knowledge partners among firms with any, mean over places and years."""
    partners = degrees(panel, informs(panel))
    rows = np.flatnonzero(partners > 0)
    if rows.size < est.LEAST:
        return est.NAN
    order = rows[np.argsort(panel.cell[rows], kind="stable")]
    parts = np.split(order, np.flatnonzero(np.diff(panel.cell[order])) + 1)
    return float(np.mean([est.gini(partners[part].astype(float)) for part in parts if part.size >= est.LEAST] or [est.NAN]))


def business_over_knowledge(panel: Panel) -> float:
    """Return ties with trade over ties of information or more."""
    return est.ratio(float(supplies(panel).sum()), float(informs(panel).sum()))


def returned(panel: Panel) -> float:
    """Return the share of directed knowledge ties that are returned: partners who cooperate ask one another."""
    level = panel.links.level
    both = 2.0 * float((level >= COMMERCIAL).sum())
    return est.ratio(both, both + float((level == INFORMATION).sum()))


KECSKEMET = "computed from the open data of Juhász & Lengyel 2018, Journal of Economic Geography 18:1203 (printing, Kecskemét)"
ITEMS = (
    Item(
        "S31",
        N_("About half to nine tenths of supply links survive a year"),
        N_("Share of ties with trade that have trade a year later"),
        low=0.45,
        high=0.93,
        read=True,
        source="Reisch, Borsos & Thurner 2025, arXiv 2503.20594 (abstract; Hungary: 0.45); Mizuno, Souma & Watanabe 2014, "
        "PLoS ONE 9:e100712 (abstract; Japan: 0.92 and 0.93)",
        bears=N_(
            "Trade at arm's length ends when two lose touch, cooperation for reasons outside it; single orders between "
            "strangers, which tax records hold, are not modelled."
        ),
        measure=pooled(lambda panel: kept(panel, supplies(panel), 1)),
    ),
    Item(
        "S32",
        N_("The number of trading partners has a heavy tail"),
        N_("Exponent of a Pareto tail of trading partners, top tenth of trading firms"),
        low=0.9,
        high=1.5,
        read=False,
        source="Mizuno, Souma & Watanabe 2014 (abstract: customers, 1); Fujiwara & Aoyama 2010, European Physical Journal B "
        "77:565 (abstract: scale-free; about 1.3, from memory)",
        bears=N_(
            "Capacity for partners has a heavy tail, but only ties inside one place are recorded: a national network has hubs "
            "with thousands of partners."
        ),
        measure=pooled(supply_tail),
    ),
    Item(
        "S33",
        N_("Larger firms have more trading partners"),
        N_("Correlation of log trading partners and log employment among trading firms, within place and year"),
        low=0.0,
        high=None,
        read=True,
        source="Fujiwara & Aoyama 2010, European Physical Journal B 77:565 (abstract); Bernard, Dhyne, Magerman, Manova & "
        "Moxnes 2022, Journal of Political Economy 130:1765 (working paper's abstract)",
        bears=N_("Capacity grows with size; tractor firms ask a higher quality, which fewer suppliers reach."),
        measure=pooled(degree_by_size),
    ),
    Item(
        "S34",
        N_("Firms with many trading partners trade with firms that have few"),
        N_("Correlation of trading partners at both ends of a tie with trade, within place and year"),
        low=None,
        high=0.0,
        read=True,
        source="Fujiwara & Aoyama 2010, European Physical Journal B 77:565; Chakraborty et al. 2017, arXiv 1706.00203 "
        "(abstracts)",
        bears=N_("Choice among few partners, the chain's segments, and triads that link partners of partners."),
        measure=pooled(lambda panel: mixing(panel, supplies(panel))),
    ),
    Item(
        "S35",
        N_("Firms of a cluster ask a handful to a dozen others for advice"),
        N_("Mean partners over ties of information or more, of firms that have any"),
        low=3.7,
        high=11.8,
        read=False,
        source=f"10.9 and 11.8 {KECSKEMET}; density 0.12 in Colchagua (Olavarría et al. 2008, read in a thesis) among about "
        "32 wineries (from memory)",
        bears=N_("A firm asks only so many others; rosters in surveys prompt for more partners."),
        measure=pooled(knowledge_partners),
    ),
    Item(
        "S36",
        N_("Knowledge ties are clustered"),
        N_("Share of closed triples over density, firms with any tie of information or more, every fifth year"),
        low=1.2,
        high=None,
        read=True,
        source=f"1.24 and 1.28 {KECSKEMET}",
        bears=N_("Choice favours partners of partners; a sparser network of more firms has a higher ratio by itself."),
        measure=pooled(knowledge_clustering),
    ),
    Item(
        "S37",
        N_("Knowledge ties are uneven"),
        N_("Gini coefficient of partners, firms with any tie of information or more"),
        low=0.22,
        high=None,
        read=True,
        source=f"0.22 and 0.24 {KECSKEMET}; uneven also in wine clusters (Giuliani 2007, Journal of Economic Geography 7:139, "
        "abstract)",
        bears=N_("The periphery asks the core; a sparser network is more uneven by chance alone."),
        measure=pooled(knowledge_inequality),
    ),
    Item(
        "S38",
        N_("Half to six tenths of knowledge ties are there three years later"),
        N_("Share of ties of information or more that are so three years later"),
        low=0.49,
        high=0.6,
        read=True,
        source=f"0.49 of directed ties, 0.60 of pairs {KECSKEMET}; one cluster, in a crisis",
        bears=N_(
            "Use strengthens trust, so that ties seldom fall back; they end for reasons outside them, with falling trust, or "
            "with exit."
        ),
        measure=pooled(lambda panel: kept(panel, informs(panel), 3)),
    ),
    Item(
        "S39",
        N_("Business ties are more pervasive than ties that carry knowledge"),
        N_("Ties with trade over ties of information or more"),
        low=1.0,
        high=None,
        read=True,
        source="Giuliani 2007, Journal of Economic Geography 7:139 (abstract: pervasive business networks, selective "
        "knowledge networks)",
        bears=N_("Trade at arm's length needs no trust; advice is asked of a few."),
        measure=pooled(business_over_knowledge),
    ),
    Item(
        "S40",
        N_("Advice is often not returned"),
        N_("Share of directed ties of information or more that are returned; partners from commerce on ask one another"),
        low=0.43,
        high=0.62,
        read=True,
        source=f"0.43 and 0.62 {KECSKEMET}",
        bears=N_("Below cooperation only one of two asks, from there on both: returned advice is as frequent as cooperation."),
        measure=pooled(returned),
    ),
    Item(
        "S41",
        N_("Who has few knowledge ties asks who has many"),
        N_("Correlation of knowledge partners at both ends of a tie of information or more, within place and year"),
        low=-0.3,
        high=-0.1,
        read=True,
        source=f"-0.2, with 0.1 for what one cluster can tell, {KECSKEMET}",
        bears=N_("Reach and standing decide whom one asks; triads and small places pull the other way."),
        measure=pooled(lambda panel: mixing(panel, informs(panel))),
    ),
)
