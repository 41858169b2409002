"""Facts of worldwide surveys of initiatives, measured over the initiatives of the whole library (see `library`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from clustersim.core.words import N_
from clustersim.model.state import PROJECT_KINDS
from clustersim.studies.evidence.measure import HIGH, LIBRARY, LOW, NOTHING, PLACES, Apart, Estimate, Measure, drawn, over_places
from clustersim.studies.evidence.watching import Sample, Survey

MAINLY = 0.6  # part of an association's income from which a source is its main one; what has none is mixed
SMALL, LARGE = 20, 100  # members
DESIGNED = 2
LEAST = 0.01  # kUSD of yearly income below which an association has none
Statistic = Callable[[Survey, np.ndarray], float]


def mean(values: np.ndarray, weight: np.ndarray) -> float:
    """Return the weighted mean, NaN without any weight."""
    total = weight.sum()
    return float((values * weight).sum() / total) if total > 0.0 else float("nan")


def median(values: np.ndarray, weight: np.ndarray) -> float:
    """Return the weighted median, NaN without any weight.

    Examples
    --------
    >>> median(np.array([5.0, 1.0, 3.0]), np.array([1.0, 1.0, 5.0]))
    3.0
    """
    order = np.argsort(values)
    reached = np.cumsum(weight[order])
    if not reached.size or reached[-1] <= 0.0:
        return float("nan")
    return float(values[order][np.searchsorted(reached, 0.5 * reached[-1])])


def initiatives(name: str) -> Statistic:
    """Return the mean of a column over all initiatives."""
    return lambda survey, weight: mean(survey[name], weight)


def staffed(statistic: Callable[[np.ndarray, np.ndarray], float]) -> Statistic:
    """Return a statistic of the staff of associations."""
    return lambda survey, weight: statistic(survey["staff"], weight * (survey["formal"] > 0))


def with_members(least: float, below: float) -> Statistic:
    """Return the share of associations with members that have so many of them."""
    return lambda survey, weight: mean(
        (survey["members"] >= least) & (survey["members"] < below), weight * (survey["formal_membership"] > 0)
    )


def designed(survey: Survey, weight: np.ndarray) -> float:
    """Return the share of associations that the programme founded."""
    return mean(survey["entry_point"] == DESIGNED, weight * (survey["formal"] > 0))


def _parts(survey: Survey) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return whether a look is at an association with an income, and the part of the year's income from each source."""
    total = survey["income_public"] + survey["income_private"]
    there = (survey["formal"] > 0) & (total > LEAST)
    over = np.where(there, total, 1.0)
    sources = {
        "public": survey["income_public"] / over, "private": survey["income_private"] / over,
        "fees and services": (survey["income_fees"] + survey["income_services"]) / over,
        "foreign": survey["income_foreign"] / over,
    }  # fmt: skip
    return there, sources | {"home": sources["public"] - sources["foreign"]}


def income(source: str) -> Statistic:
    """Return the mean part of associations' income from a source."""

    def statistic(survey: Survey, weight: np.ndarray) -> float:
        there, parts = _parts(survey)
        return mean(parts[source], weight * there)

    return statistic


def mainly(*sources: str) -> Statistic:
    """Return the share of associations with a main source among these; with none of them, of those that have no main source."""

    def statistic(survey: Survey, weight: np.ndarray) -> float:
        there, parts = _parts(survey)
        asked = sources or ("home", "private", "foreign")
        main = np.logical_or.reduce([parts[source] >= MAINLY for source in asked])
        return mean(main if sources else ~main, weight * there)

    return statistic


def partners(survey: Survey, weight: np.ndarray) -> float:
    """Return the mean number of partners of running joint projects."""
    return mean(survey["project_partners"], weight * (survey["project_partners"] > 0))


def ranked(kind: str, least: float, below: float) -> Callable[[Sample], Estimate]:
    """Return what gives the rank of a kind among joint projects begun in associations of some age, 1 for the most frequent."""

    def take(sample: Sample) -> Estimate:
        survey = sample.survey
        of_age = (survey["formal"] > 0) & (survey["association_age"] >= least) & (survey["association_age"] < below)
        counts = np.stack([survey[f"started_{name}"] * of_age for name in PROJECT_KINDS])
        begun = counts @ survey["weight"]
        if begun.sum() <= 0.0:
            return NOTHING
        seen = sorted(zip(PROJECT_KINDS, (begun / begun.sum()).tolist(), strict=True), key=lambda one: -one[1])
        place = PROJECT_KINDS.index(kind) if kind else -1

        def rank(weight: np.ndarray) -> float:
            found = counts @ weight
            return float(1 + (found > found[place]).sum())

        if place < 0:
            return Estimate(*NOTHING[:3], tuple(seen))
        low, high = np.percentile([rank(weight) for weight in drawn(survey)], (LOW, HIGH), method="inverted_cdf")
        return Estimate(float(low), rank(survey["weight"]), float(high), tuple(seen))

    return take


def _rank(kind: str, how: str, least: float, below: float, bears: str) -> Measure:
    return Measure(how, LIBRARY, PLACES, ranked(kind, least, below), bears)


ONE_FORM = N_("An association of the model is a membership and a legal form at once, so that the two facts cannot differ much.")
NO_STRATEGY = N_("No kind of joint project of the model is about strategy; what is begun at that age stands beside the fact.")
TWO_SOURCES = N_("The cut is assumed: a main source gives 0.6 of the income or more, else the association is mixed.")
MEMBERS_OF = N_("Associations with members at the end of each year: share with so many of them")
MEASURES: Mapping[str, Measure | Apart] = {
    "staff_mean": over_places(N_("Staff of associations at the end of each year, mean"), staffed(mean)),
    "staff_median": over_places(N_("Staff of associations at the end of each year, median"), staffed(median)),
    "formal_membership": over_places(
        N_("Initiatives (an association, or facilitators at work) at the end of each year: share with an association of members"),
        initiatives("formal_membership"), ONE_FORM,
    ),
    "legal_entity": over_places(
        N_("Initiatives (an association, or facilitators at work) at the end of each year: share with an association"),
        initiatives("formal"), ONE_FORM,
    ),
    "members_under_20": over_places(MEMBERS_OF, with_members(0, SMALL)),
    "members_20_99": over_places(MEMBERS_OF, with_members(SMALL, LARGE)),
    "members_100_plus": over_places(MEMBERS_OF, with_members(LARGE, np.inf)),
    "trigger_public": over_places(
        N_("Associations at the end of each year: share that the programme founded"), designed,
        N_("An association of the model is founded by its programme or by firms; scenarios say which programmes found any."),
    ),
    "trigger_mixed": Apart(N_("An association of the model is founded by its programme or by firms, never by both or others.")),
    "income_fees_services": over_places(
        N_("Fees and services over a year's income of an association, mean"), income("fees and services"),
    ),
    "income_public": over_places(N_("Public money over a year's income of an association, mean"), income("public")),
    "main_source_public": over_places(
        N_("Associations by a year's income: share with local and national public money as main source"), mainly("home"),
        TWO_SOURCES,
    ),
    "main_source_mixed": over_places(
        N_("Associations by a year's income: share without a main source"), mainly(), TWO_SOURCES,
    ),
    "main_source_private": over_places(
        N_("Associations by a year's income: share with fees, services and sponsors as main source"), mainly("private"),
        TWO_SOURCES,
    ),
    "main_source_international": over_places(
        N_("Associations by a year's income: share with donors and multilaterals as main source"), mainly("foreign"), TWO_SOURCES,
    ),
    "main_source_university": Apart(N_("No university pays an association in the model.")),
    "priority_young": _rank(
        "promotion", N_("Rank of joint promotion among the kinds of joint projects begun in associations under 4 years old"),
        0, 4, N_("Identity and brand are read as joint promotion."),
    ),
    "priority_middle": _rank("", N_("Kinds of joint projects begun in associations of 5 to 9 years"), 5, 10, NO_STRATEGY),
    "priority_old": _rank(
        "research", N_("Rank of R&D consortia among the kinds of joint projects begun in associations of 10 years or more"),
        10, np.inf, N_("Innovation and R&D are read as R&D consortia."),
    ),
    "priority_purchasing": _rank(
        "purchase", N_("Rank of joint purchase among the seven kinds of joint projects begun in associations of any age"),
        0, np.inf, N_("The survey ranks ten aims and the model has seven kinds: the last place is compared with the last."),
    ),
    "board_appointed": Apart(N_("Seats on the board follow who pays; nobody appoints it in the model.")),
    "danish_network_firms": over_places(
        N_("Partners of joint projects that run at the end of each year, mean"), partners,
        N_("A network of firms is read as the partners of a joint project."),
    ),
    "danish_networks": Apart(N_("A count over a whole country; the scenarios hold a few of its places.")),
}  # fmt: skip
