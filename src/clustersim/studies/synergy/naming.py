"""What parts, outcomes and their synergies are called, in the language in force."""

from __future__ import annotations

import math
from collections.abc import Mapping

from clustersim.core import numbers
from clustersim.core.handed import handed
from clustersim.core.words import N_, _
from clustersim.experiments.plan import Plan
from clustersim.model.indicators import INDICATORS
from clustersim.studies.comparison.outcomes import OUTCOMES
from clustersim.studies.synergy.contrasts import Judged
from clustersim.studies.synergy.factors import OFF, ON, Design, Factor

TOLD = {"more": N_("complements (more than the sum)"), "less": N_("substitutes (less than the sum)"),
        "none": N_("not told apart")}  # fmt: skip
# Where more is not better, or is a cost, only the amount is told.
PLAIN = {"more": N_("more than the sum"), "less": N_("less than the sum"), "none": N_("not told apart")}
NO_GOOD = ("public_spending", "private_cofinance", "foreign_spending", "returned", "exits", "projects_failed", "frontier_gap",
           "regime_gap", "displaced", "credit", "collusion", "concentration", "dependence")  # fmt: skip
UNITS = {"persons": N_("jobs"), "firms": N_("firms"), "years": N_("years"), "projects": N_("projects"), "ties": N_("ties"),
         "kUSD": N_("thousand USD"), "kUSD/quarter": N_("thousand USD a quarter"),
         "kUSD/person/quarter": N_("thousand USD per person and quarter"), "flag": N_("percentage points"),
         "share": N_("percentage points"), "share of sales": N_("percentage points"), "1": N_("points from 0 to 1")}  # fmt: skip
# What was changed in a programme that was taken apart, so that each part keeps its money.
CHANGED = {
    "rule": N_("The rule that steers the programme's money is left out in all corners."),
    "evaluation": N_("Evaluations cut no money in any corner."),
    "budget": N_("The budget binds: each instrument gets in every corner what is left for it when all run together."),
    "budget_left": N_("The budget holds in every corner: where it binds, parts that run together have less money than alone."),
}  # fmt: skip
SHARES = ("flag", "share", "share of sales")


def part(factor: Factor, level: int) -> str:
    """Return the name of a part in tables: a factor, with its level where that is not simply "on"."""
    if factor.levels == (OFF, ON):
        return factor.name
    return f"{factor.name} = {factor.levels[level]}"


def said(factor: Factor, level: int) -> str:
    """Return the name of a part as people say it: instruments by their label, all else as it is called in the file."""
    name = factor.name
    if factor.uses and name == " + ".join(factor.uses):
        name = " + ".join(handed("label")(use) for use in factor.uses)
    return name if factor.levels == (OFF, ON) else f"{name} = {factor.levels[level]}"


def outcome(name: str) -> str:
    """Return the name of an output."""
    if name in OUTCOMES and name.startswith("years_to_"):
        return _(OUTCOMES[name].label)
    if name.startswith("years_to_"):
        return _("Years to {phase}", phase=_(name.removeprefix("years_to_").capitalize()))
    if name.startswith("total_"):
        return _("{indicator}, total", indicator=_(INDICATORS[name.removeprefix("total_")].label))
    return _(INDICATORS[name].label)


def unit(kind: str) -> str:
    """Return a unit in words."""
    return _(UNITS[kind]) if kind in UNITS else _(kind)


def outcome_with_unit(name: str, kind: str) -> str:
    """Return the name of an output with its unit, where the name does not say it already."""
    return outcome(name) if kind in ("persons", "firms", "years", "projects", "ties") else f"{outcome(name)} ({unit(kind)})"


def told(name: str, word: str) -> str:
    """Return what a synergy in an outcome is called."""
    plain = name.removeprefix("total_")
    return _((PLAIN if plain in NO_GOOD or plain.startswith(("gap_", "years_to_")) else TOLD)[word])


def amount(value: float, kind: str, sign: bool = True, like: float | None = None) -> str:
    """Return an amount of an outcome, shares in percentage points, rounded as `like` is where it is given."""
    if not math.isfinite(value):
        return numbers.NONE
    factor = 100.0 if kind in SHARES else 1.0
    size = abs(factor * (value if like is None else like))
    decimals = (0 if size >= 9.95 else 1) if kind == "persons" else numbers.decimals_for(size)
    return (numbers.signed if sign else numbers.number)(factor * value, decimals)


def banded(judged: Judged, kind: str) -> str:
    """Return an estimate with its band."""
    estimate = amount(judged.estimate, kind)
    if not math.isfinite(judged.low):
        return estimate
    like = judged.estimate or judged.seen_from
    low, high = (amount(end, kind, like=like) for end in (judged.low, judged.high))
    return f"{estimate} ({numbers.to(low, high)})"


def why_none(plan: Plan, designs: Mapping[str, Design]) -> str:
    """Return why a sweep tells of no interactions."""
    keys = {key for option in plan.options for key in option["set"]}
    if len(plan.options) < 4 or max(len(keys), *(len(design.factors) for design in designs.values())) < 2:
        return _("Interactions are not for this design: they need at least two levers, and all four corners of a pair.")
    return _("Interactions are not for this design: no two levers have all four corners (neither, each alone, both), as where "
             "options are sampled; a grid has them all.")  # fmt: skip
