"""The section on what would change the ranking: yardsticks, times, discount rates, and uncertain parameters."""

from __future__ import annotations

from typing import Any

from clustersim.studies.comparison import Comparison, units
from clustersim.studies.comparison import numbers as write
from clustersim.studies.comparison.titles import title
from clustersim.studies.comparison.verdict import alternatives
from clustersim.views.report.page import Block
from clustersim.views.report.tables import Table
from clustersim.views.report.words import say


def blocks(c: Comparison, lang: str) -> list[Block]:
    """Return the blocks of the section."""
    entries = c.answers["ranking"]
    rows = []
    for entry in entries:
        sure = {None: "no_interval", True: "surely", False: "not_surely"}[entry["sure"]]
        if len(entry["order"]) == 1:
            sure = "tie"
        rows.append([_yardstick(entry, lang), _order(c, entry, lang), say(sure, lang)])
    heads = [say(key, lang) for key in ("yardstick", "order", "sure")]
    found = [
        Block("text", say("ranking_lead", lang)),
        Block("text", _changes(c, entries, lang)),
        Block("table", tables=[Table(say("ranking_caption", lang), heads, rows, text=True)]),
    ]
    for option in alternatives(c) if c.answers["drivers"] else []:
        drivers = c.answers["drivers"][option]
        rows = [
            [d["parameter"], write.signed(d["correlation"], lang, 2), say("yes" if d["beyond_chance"] else "no", lang)]
            for d in drivers
        ]
        beyond = say("drivers_some" if any(d["beyond_chance"] for d in drivers) else "drivers_none", lang)
        name = title(c, option, lang)
        heads = [say(key, lang) for key in ("parameter", "correlation", "stands_out")]
        found += [
            Block("text", say("drivers_lead", lang, option=_quoted(name, lang), beyond=beyond)),
            Block("table", tables=[Table(say("drivers_caption", lang, option=name), heads, rows)]),
        ]
    return found


def _quoted(text: str, lang: str) -> str:
    return f"“{text}”" if lang == "en" else f"«{text}»"


def _yardstick(entry: dict[str, Any], lang: str) -> str:
    name, detail = entry["yardstick"], entry["detail"]
    if name in ("jobs_after", "job_years", "jobs", "worst_tenth", "jobs_in_worlds"):
        values = {} if detail is None else {"n": write.number(detail, lang, 0), "rate": write.percent(detail, lang)}
        return say(f"yard_{name}", lang, **values)
    return units.label(name, lang)


def _order(c: Comparison, entry: dict[str, Any], lang: str) -> str:
    """Return the options from first to last, equal ones joined."""
    return " > ".join(" = ".join(title(c, name, lang) for name in group) for group in entry["order"])


def _changes(c: Comparison, entries: list[dict[str, Any]], lang: str) -> str:
    """Return which yardsticks put another option first, and how surely."""
    leaders = entries[0]["order"][0]
    other = [entry for entry in entries[1:] if entry["order"][0] != leaders and entry["sure"] is not False]
    other = [entry for entry in other if len(entry["order"]) > 1]
    if not other:
        leader = " = ".join(_quoted(title(c, name, lang), lang) for name in leaders)
        return say("ranking_same", lang, leader=leader)
    listed = []
    for entry in other:
        first = " = ".join(_quoted(title(c, name, lang), lang) for name in entry["order"][0])
        sure = "" if entry["sure"] is None else f", {say('surely', lang)}"
        listed.append(f"{_yardstick(entry, lang)} ({first}{sure})")
    return say("ranking_changes", lang, which="; ".join(listed))
