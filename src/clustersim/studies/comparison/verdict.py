"""The verdict of a comparison: two plain sentences, and what they rest on, in English or Spanish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clustersim.core.numbers import money, percent, rate, signed_whole, to, whole, years
from clustersim.core.words import _, _n, speaking
from clustersim.studies.comparison.chances import always_or_never, bound, chance, simulations
from clustersim.studies.comparison.titles import option_title, quoted

if TYPE_CHECKING:
    from clustersim.studies.comparison.comparison import Comparison

LEAST = 30  # replicates from which bootstrap intervals are worth their name


@dataclass(frozen=True, slots=True)
class Verdict:
    """Two sentences and what they rest on.

    Attributes
    ----------
    sentences : tuple of str
        The answer, and how sure it is.
    rests_on : str
        Runs behind it, and what intervals do and do not show.
    best : str
        Name of the option that the sentences are about.
    """

    sentences: tuple[str, str]
    rests_on: str
    best: str


def best_of(comparison: Comparison) -> str:
    """Return the intervention with the largest mean difference in jobs."""
    found = comparison.answers["differences"]
    return max(comparison.interventions, key=lambda name: found[name]["jobs"]["estimate"])


def alternatives(comparison: Comparison) -> list[str]:
    """Return the interventions that differ in anything at all from the baseline and from those named before them."""
    same = {frozenset(pair) for pair in comparison.answers["same"]}
    found: list[str] = []
    for name in comparison.interventions:
        if not any(frozenset((name, other)) in same for other in (comparison.baseline, *found)):
            found.append(name)
    return found


def _jobs(value: float) -> str:
    """Return a number of jobs with its sign and its word."""
    return _n("{n} job", "{n} jobs", 1 if abs(value) == 1.0 else 2, n=signed_whole(value))


def _quoted(comparison: Comparison, name: str) -> str:
    return quoted(option_title(comparison, name))


def verdict(comparison: Comparison, lang: str | None = None) -> Verdict:
    """Return the verdict of a comparison.

    Parameters
    ----------
    comparison : Comparison
        A finished comparison.
    lang : str, optional
        "en" or "es"; the language in force if not given.
    """
    best = best_of(comparison)
    with speaking(lang):
        return Verdict((_answer(comparison, best), _sureness(comparison, best)), rests_on(comparison), best)


def _kind(comparison: Comparison, best: str) -> str:
    """Return which answer there is: "more", "fewer" or "unsure"; "one" and "same" where there is nothing to be unsure of."""
    chances = comparison.answers["chances"][best][comparison.baseline]
    if comparison.replicates == 1:
        return "one"
    if chances["ties"] == chances["of"]:
        return "same"
    return {1: "more", -1: "fewer", 0: "unsure"}[comparison.answers["differences"][best]["jobs"]["sign"]]


def _answer(comparison: Comparison, best: str) -> str:
    """Return the first sentence: how many jobs the best option brings, and for how much money."""
    found, kind, several = comparison.answers, _kind(comparison, best), len(alternatives(comparison))
    gain, before = found["differences"][best]["jobs"], found["options"][comparison.baseline]["jobs"]["mean"]
    said = {
        "base": _quoted(comparison, comparison.baseline),
        "best": _quoted(comparison, best) + (_(", the best of the {n} alternatives,", n=several) if several > 1 else ""),
        "jobs": _jobs(gain["estimate"]) if kind == "unsure" else whole(abs(gain["estimate"])),
        "years": years(comparison.quarters),
        "interval": to(signed_whole(gain["low"]), signed_whole(gain["high"])),
        "relative": _relative(gain["estimate"], before),
        "cost": _cost(found["money"][best], kind),
        "n": comparison.replicates,
    }
    if kind == "more":
        return _(
            "{jobs} more jobs than {base} after {years} ({relative}): that is what {best} brings on average (90\u00a0% interval "
            "{interval}){cost}.", **said,
        )  # fmt: skip
    if kind == "fewer":
        return _(
            "{jobs} fewer jobs than {base} after {years} ({relative}): that is what {best} costs on average (90\u00a0% interval "
            "{interval}){cost}.", **said,
        )  # fmt: skip
    if kind == "unsure":
        return _(
            "No sure difference in jobs between {best} and {base} after {years}: {jobs} on average, with a 90\u00a0% interval "
            "({interval}) that includes zero{cost}.", **said,
        )  # fmt: skip
    if kind == "one":
        return _(
            "No answer from a single simulation of each: after {years} {best} and {base} differ by {jobs} jobs, which may be "
            "chance{cost}.", **said,
        )  # fmt: skip
    return _("0 jobs of difference: {best} ends with exactly the jobs of {base} in all {n} simulations{cost}.", **said)


def _relative(gain: float, before: float) -> str:
    """Return a difference as a share of what there is without it; of nothing there is no share."""
    if before == 0.0:
        return _("from none")
    return ("+" if gain > 0.0 else "") + percent(gain / before)


def _cost(paid: dict[str, Any], kind: str) -> str:
    amount, per_million = paid["public_cost"]["estimate"], paid["jobs_per_million"]
    if abs(amount) < 1e-9:
        return ""
    if amount < 0.0:
        return _(", and with {amount} less of public money", amount=money(-amount))
    text = _(", for {amount} of public money", amount=money(amount))
    if kind == "more" and per_million is not None:
        text += _(", about {n} jobs per million USD", n=whole(per_million["estimate"]))
    return text


def _sureness(comparison: Comparison, best: str) -> str:
    """Return the second sentence: how sure the first is."""
    found, kind = comparison.answers, _kind(comparison, best)
    if kind == "same":
        identical = {best, comparison.baseline}
        if any(set(pair) == identical for pair in found["same"]):
            return _("For every outcome measured it makes no difference which of the two is chosen.")
        return _("Other outcomes differ; see the tables.")
    if kind == "one":
        return _("How likely that is to hold cannot be said from one simulation; ask for more with --replicates.")
    chances, risk = found["chances"][best][comparison.baseline], found["risk"]
    worst, wins, of = risk["options"][best]["worst_tenth_difference"], chances["wins"], chances["of"]
    said = {
        "runs": simulations(of, comparison.paired),
        "cases": _("them") if risk["cases"] == "replicates" else _("{n} uncertain worlds", n=risk["count"]),
        "worst": _("{n} fewer jobs", n=whole(-worst)) if worst < 0.0 else _("{n} more jobs", n=whole(worst)),
        "base": _quoted(comparison, comparison.baseline),
    }
    if not always_or_never(wins, of):
        return _(
            "The chance that it ends with more jobs is {chance}, from {runs}; in the worst tenth of {cases} it ends with {worst} "
            "than {base} on average.", chance=chance(wins, of), **said,
        )  # fmt: skip
    return _(
        "It ends with more jobs in {wins} of {runs}, so the chance of that is {bound}; in the worst tenth of {cases} it ends "
        "with {worst} than {base} on average.", wins=wins, bound=bound(wins, of), **said,
    )  # fmt: skip


def displacement_note(comparison: Comparison, option: str) -> str | None:
    """Return how many of an option's jobs may come at the expense of the rest of the country; None where there are none."""
    found = comparison.answers["displacement"]
    if found is None or comparison.answers["differences"][option]["jobs"]["sign"] <= 0:
        return None
    lost, net = found[option]["displaced_at_most"]["estimate"], found[option]["net_at_least"]["estimate"]
    if lost <= 0.0:
        return None
    if net <= 0.0:
        return _(
            "As many jobs may be lost by other firms of the country, which sell less at home: up to {lost} (an upper bound of "
            "displacement; see “Who gains”).", lost=whole(lost),
        )  # fmt: skip
    return _(
        "Up to {lost} of these jobs may be lost by other firms of the country, which sell less at home; at least {net} are "
        "left (an upper bound of displacement; see “Who gains”).", lost=whole(lost), net=whole(net),
    )  # fmt: skip


def rests_on(comparison: Comparison) -> str:
    """Return what the verdict rests on, and what intervals show."""
    said = {
        "runs": simulations(comparison.replicates, None if comparison.paired else False), "seed": comparison.seed,
        "years": years(comparison.quarters), "rate": rate(comparison.discount),
    }  # fmt: skip
    if comparison.paired:
        text = _(
            "Rests on {runs} of each option that share their random draws (replicates; seed {seed}, {years}, money discounted "
            "at {rate} a year)", **said,
        )  # fmt: skip
    else:
        text = _(
            "Rests on {runs} of each option (replicates; seed {seed} and those that follow, {years}, money discounted at {rate} "
            "a year)", **said,
        )  # fmt: skip
    if comparison.world_count:
        text += _(
            ", and on {worlds} worlds with other parameters, {each} simulations in each",
            worlds=comparison.world_count, each=comparison.replicates_each,
        )  # fmt: skip
    else:
        text += _(", all with one set of parameters")
    sentences = [f"{text}."]
    if not comparison.paired:
        sentences.append(_(
            "The options begin with different places, so their simulations are not paired, and differences mix the programme "
            "with the place.",
        ))  # fmt: skip
    if later := [option for option in comparison.options if option.scenario.horizon.start_year != comparison.start_year]:
        begin = "; ".join(f"{_quoted(comparison, option.name)}: {option.scenario.horizon.start_year}" for option in later)
        sentences.append(_(
            "Calendar years are those of {first}, which begins in {year}; the others are put beside it from their own start "
            "({begin}).", first=_quoted(comparison, comparison.names[0]), year=comparison.start_year, begin=begin,
        ))  # fmt: skip
    if 1 < comparison.replicates < LEAST:
        sentences.append(_("With fewer than {least} simulations the intervals themselves are rough.", least=LEAST))
    sentences.append(_("Intervals and bands show chance between simulations, not uncertainty about the model itself."))
    return " ".join(sentences)
