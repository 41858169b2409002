"""The tables of evidence as Markdown for the documentation, which is in English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from clustersim.core.words import speaking
from clustersim.studies.evidence import saying
from clustersim.studies.evidence.facts import CALIBRATE, CHECK, PARAMETER, USES
from clustersim.studies.evidence.measure import LIBRARY
from clustersim.studies.evidence.measuring import MEASURES
from clustersim.studies.evidence.result import Evidence, counted

HEADS = ("id", "fact", "of", "source", "published", "how it is measured, or why it is not", "model (10 to 90 %)", "verdict")
TITLES = {
    CHECK: "Facts to check, which nothing may be fitted to", CALIBRATE: "Facts that parameters may be calibrated to",
    PARAMETER: "Facts that fix or bound inputs",
}  # fmt: skip


def fact_tables(found: Evidence) -> str:
    """Return a table for each use of facts, with how many of them are met."""
    with speaking("en"):
        return "\n\n".join(_part(use, [one for one in found.results if one["use"] == use]) for use in sorted(USES, key=_order))


def _order(use: str) -> int:
    return list(TITLES).index(use)


def _part(use: str, results: Sequence[Mapping[str, Any]]) -> str:
    number = counted(results)
    said = "{met} met, {missed} missed, {not_comparable} not comparable".format(**number)
    rows = [(*declared(one), saying.model(one), _verdict(one)) for one in results]
    return f"**{TITLES[use]}** ({len(results)}: {said})\n\n{_table(rows)}"


def declared(one: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the cells of a fact that no run changes: all but what the model gives."""
    how = saying.measured(one)
    if one["where"] not in ("", LIBRARY):
        how = how.replace(f"({one['where']})", f"(`{one['where']}`)")
    how = " ".join(filter(None, (how, getattr(MEASURES[one["id"]], "bears", ""))))
    return (f"`{one['id']}`", one["quantity"], one["applies_to"], one["source"], saying.told_in_unit(one), how)


def _verdict(one: Mapping[str, Any]) -> str:
    said = saying.verdict(one)
    return f"**{said}**" if one["met"] is False else said


def _table(rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (HEADS, ["---"] * len(HEADS), *rows))
