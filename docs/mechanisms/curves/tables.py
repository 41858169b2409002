"""The tables of the pages: parameters from their declarations, costs from what the benchmark kept.

A page names the parameters that matter most, ``<!-- parameters: gain loss population.wariness -->``, and holds a line
``<!-- cost -->``; the index holds ``<!-- index -->``. What stands between such a line and ``<!-- end -->`` is written anew.
"""

from __future__ import annotations

import importlib
import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from clustersim.model.parameters import PARAMETERS

MECHANISMS = tuple(name for name in PARAMETERS if name != "population")
COLUMNS = ("alone", "programme")
MARKED = re.compile(r"<!-- (parameters|cost|index|measured)(?:: ([\w. ]+))? -->\n.*?<!-- end -->", re.S)


def parameter_table(group: str, names: list[str]) -> str:
    """Return the Markdown table of some parameters, by name in `group` or as ``group.name``.

    Raises
    ------
    KeyError
        If a page names a parameter that is not declared.
    """
    rows = ["| parameter | default | range | meaning |", "| --- | --- | --- | --- |"]
    for name in names:
        own, _, bare = name.rpartition(".")
        p = PARAMETERS[own or group][bare]
        unit = "" if p.unit == "1" else f" {p.unit}"
        rows.append(f"| [`{name}`](../odd.md#parameters) | {p.default:g}{unit} | {p.low:g} to {p.high:g} | {p.doc} |")
    return "\n".join(rows)


class Costs:
    """What ``benchmarks/mechanisms.py --write`` kept."""

    def __init__(self, folder: Path) -> None:
        self.kept = json.loads((folder / "cost.json").read_text(encoding="utf-8"))
        self.rows = self.kept["ns_per_firm_and_quarter"]
        self.whole = {column: sum(row[column] for row in self.rows.values()) for column in COLUMNS}

    def share(self, name: str, column: str) -> str:
        """Return a mechanism's cost and its share of a quarter."""
        value = self.rows[name][column]
        share = 100.0 * value / self.whole[column]
        return f"{value:.1f} ns ({share:.1f} %)" if value >= 0.05 else "under 0.1 ns (0.0 %)"

    def both(self, name: str) -> list[str]:
        """Return a mechanism's cost and share without and under a programme."""
        return [self.share(name, column) for column in COLUMNS]

    def sentence(self, name: str) -> str:
        """Return the cost of a mechanism in words."""
        alone, programme = self.both(name)
        told = f"**Cost** per firm and quarter (share of a quarter): {alone}; under a programme {programme}; "
        return textwrap.fill(f"{told}[how measured](README.md#cost).", 128)

    def measured(self) -> str:
        """Return where and how the costs were measured."""
        k, firms, untimed = self.kept, self.kept["firms"], self.kept["untimed"]
        told = (
            f"Measured on {k['date']} on {k['machine']}, on a machine shared with other work (load {k['load']:g} when it ended; "
            f"the median round took {k['median_over_least']['alone']:.2f} times the least): the least of {k['rounds']} rounds. "
            f"Mean number of firms: {firms['alone']} without, {firms['programme']} under a programme. The same quarters in one "
            f"call without clock took {untimed['alone']:.0f} and {untimed['programme']:.0f} ns per firm and quarter."
        )
        return textwrap.fill(told, 128)


def index(costs: Costs) -> str:
    """Return the table of all mechanisms with what the code says of each, and its cost."""
    rows = [("step", "mechanism", "what it does", "per firm and quarter", "under a programme"), ("---",) * 5]
    for name in MECHANISMS:
        told = (importlib.import_module(f"clustersim.model.mechanisms.{name}").__doc__ or "").split("\n")[0]
        when, _, what = told.partition(": ")
        step = when.partition(",")[0].removeprefix("Step ").lower()
        rows.append((step, f"[{name.replace('_', ' ')}]({name}.md)", what.rstrip("."), *costs.both(name)))
    rows.append(("17", "record", "the indicators of the quarter", *costs.both("record")))
    rows.append(("", "all", "", *(f"{costs.whole[column]:.0f} ns" for column in COLUMNS)))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def renewed(path: Path, costs: Costs) -> str:
    """Return a page with its marked parts written anew."""

    def fill(match: re.Match[str]) -> str:
        kind, names = match[1], (match[2] or "").split()
        head = f"<!-- {kind}: {match[2]} -->" if names else f"<!-- {kind} -->"
        body = {
            "parameters": lambda: parameter_table(path.stem, names), "cost": lambda: costs.sentence(path.stem),
            "index": lambda: index(costs), "measured": costs.measured,
        }[kind]()  # fmt: skip
        return f"{head}\n{body}\n<!-- end -->"

    return MARKED.sub(fill, path.read_text(encoding="utf-8"))


def stale(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield each page that is out of date, with what it should say."""
    costs = Costs(folder)
    for path in sorted(folder.glob("*.md")):
        text = renewed(path, costs)
        if text != path.read_text(encoding="utf-8"):
            yield path, text
