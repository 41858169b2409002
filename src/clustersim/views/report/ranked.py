"""The section on what would change the ranking: yardsticks, times, discount rates, and uncertain parameters."""

from __future__ import annotations

from typing import Any

from clustersim.core.numbers import number, rate, signed
from clustersim.core.words import _
from clustersim.studies.comparison import Comparison, units
from clustersim.studies.comparison.titles import option_title, quoted
from clustersim.studies.comparison.verdict import alternatives
from clustersim.views.report.page import Block
from clustersim.views.report.tables import Table


def blocks(c: Comparison) -> list[Block]:
    """Return the blocks of the section."""
    entries = c.answers["ranking"]
    rows = [[_yardstick(entry), _order(c, entry), _sure(entry)] for entry in entries]
    heads = [_("Yardstick"), _("Order"), _("Is the leader sure?")]
    lead = _(
        "Who leads under other yardsticks, times and discount rates. “Surely” means that the 90 % interval of the difference "
        "between the first and the next lies above zero."
    )
    found = [
        Block("text", lead),
        Block("text", _changes(c, entries)),
        Block("table", tables=[Table(_("Order of the options by yardstick"), heads, rows, text=True)]),
    ]
    for option in alternatives(c) if c.answers["drivers"] else []:
        found += _drivers(option_title(c, option), c.answers["drivers"][option])
    return found


def _drivers(option: str, drivers: list[dict[str, Any]]) -> list[Block]:
    """Return the uncertain parameters that matter most to an option."""
    if any(driver["beyond_chance"] for driver in drivers):
        beyond = _("Those marked stand out from what chance gives among so many parameters.")
    else:
        beyond = _("None stands out from what chance gives among so many parameters; more worlds are needed.")
    lead = _(
        "Parameters whose value goes most with the difference in jobs of {option} over the uncertain worlds (rank correlation). "
        "{beyond}",
        option=quoted(option),
        beyond=beyond,
    )
    rows = [
        [driver["parameter"], signed(driver["correlation"], 2), _("yes") if driver["beyond_chance"] else _("no")]
        for driver in drivers
    ]
    heads = [_("Parameter"), _("Rank correlation"), _("Stands out")]
    caption = _("Parameters that matter most: {option}", option=option)
    return [Block("text", lead), Block("table", tables=[Table(caption, heads, rows)])]


def _sure(entry: dict[str, Any]) -> str:
    if len(entry["order"]) == 1:
        return _("equal")
    return _("no interval") if entry["sure"] is None else _("surely") if entry["sure"] else _("not surely")


def _yardstick(entry: dict[str, Any]) -> str:
    name, detail = entry["yardstick"], entry["detail"]
    if name == "jobs_after":
        return _("Jobs after {n} years", n=number(detail, 0))
    if name == "job_years":
        return _("Job-years discounted at {rate}", rate=rate(detail))
    if name == "worst_tenth":
        return _("Jobs in the worst tenth")
    if name == "jobs_in_worlds":
        return _("Jobs over the uncertain worlds")
    return units.label(name)


def _order(c: Comparison, entry: dict[str, Any]) -> str:
    """Return the options from first to last, equal ones joined."""
    return " > ".join(" = ".join(option_title(c, name) for name in group) for group in entry["order"])


def _changes(c: Comparison, entries: list[dict[str, Any]]) -> str:
    """Return which yardsticks put another option first, and how surely."""
    leaders = entries[0]["order"][0]
    other = [entry for entry in entries[1:] if entry["order"][0] != leaders and entry["sure"] is not False]
    other = [entry for entry in other if len(entry["order"]) > 1]
    if not other:
        leader = " = ".join(quoted(option_title(c, name)) for name in leaders)
        return _("No yardstick in this table surely puts another option before {leader}.", leader=leader)
    listed = []
    for entry in other:
        first = " = ".join(quoted(option_title(c, name)) for name in entry["order"][0])
        first = first if entry["sure"] is None else _("{option}, surely", option=first)
        listed.append(f"{_yardstick(entry)} ({first})")
    return _("The leader changes if the yardstick is: {which}.", which="; ".join(listed))
