"""Writes the tables of the documentation from the declarations, and checks that they are up to date.

``python -m clustersim.views.documentation`` rewrites them; with ``--check`` it exits with status 1 if a file would change.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from clustersim.model.indicators import INDICATORS
from clustersim.model.levers import LEVERS
from clustersim.model.parameters import PARAMETERS
from clustersim.policy.instruments import INSTRUMENTS
from clustersim.policy.instruments.base import GRADES
from clustersim.scenario.reference import keys
from clustersim.studies.validation.patterns import PATTERNS
from clustersim.studies.validation.plausibility import ITEMS
from clustersim.studies.validation.plausibility.markdown import declared_table
from clustersim.views.catalogue import common, entries, facts, own
from clustersim.views.catalogue.words import FAMILIES

DOCS = Path(__file__).parents[3] / "docs"


def parameter_tables() -> str:
    """Return one Markdown table of parameters for each mechanism."""
    parts = []
    for group, declared in PARAMETERS.items():
        rows = [f"**{group}**\n", "| parameter | default | unit | range | meaning | source |"]
        rows.append("| --- | --- | --- | --- | --- | --- |")
        rows += [
            f"| `{name}` | {p.default:g} | {p.unit} | {p.low:g} to {p.high:g} | {p.doc} | {p.source} |"
            for name, p in declared.items()
        ]
        parts.append("\n".join(rows))
    return "\n\n".join(parts)


def indicator_table() -> str:
    """Return the Markdown table of indicators."""
    rows = ["| indicator | name | unit | formula |", "| --- | --- | --- | --- |"]
    rows += [f"| `{name}` | {i.label} | {i.unit} | {i.formula} |" for name, i in INDICATORS.items()]
    return "\n".join(rows)


def lever_table() -> str:
    """Return the Markdown table of policy channels."""
    rows = ["| channel | unit | meaning, and who reads it |", "| --- | --- | --- |"]
    return "\n".join(rows + [f"| `{name}` | {v.unit} | {v.meaning} ({', '.join(v.read_by)}) |" for name, v in LEVERS.items()])


def instrument_table() -> str:
    """Return the Markdown table of instruments."""
    rows = ["| instrument | what it does | moves | paid to | source |", "| --- | --- | --- | --- | --- |"]
    for name, kind in INSTRUMENTS.items():
        moves = ", ".join(
            f"`{e.channel}` by {e.strength:g} at {e.full_cost:g} kUSD a year per {e.per}" for e in kind.effects
        )
        doc = (kind.__doc__ or "").split("\n")[0]
        rows.append(f"| `{name}` | {doc} | {moves or 'money only'} | {kind.recipient} | {kind.source} |")
    return "\n".join(rows)


def grade_table() -> str:
    """Return the Markdown table of grades of evidence, with the number of instruments of each."""
    kinds: list[str] = [kind.grade for kind in INSTRUMENTS.values()]
    rows = ["| grade | meaning | significado | instruments |", "| --- | --- | --- | --- |"]
    return "\n".join(rows + [f"| {grade} | {en} | {es} | {kinds.count(grade)} |" for grade, (en, es) in GRADES.items()])


def common_table() -> str:
    """Return the Markdown table of the parameters that all instruments take."""
    return _parameters(common(entries()))


def _parameters(listed: list[dict[str, Any]]) -> str:
    rows = ["| parameter | default | range | meaning | significado |", "| --- | --- | --- | --- | --- |"]
    for p in listed:
        default = "required" if p["required"] else "" if p["default"] is None else p["default"]
        default = ", ".join(default) if isinstance(default, tuple) else str(default).lower()
        rows.append(f"| `{p['name']}` | {default} | {p['range']} | {p['meaning']} | {p['significado']} |")
    return "\n".join(rows)


def catalogue() -> str:
    """Return the catalogue of instruments: a heading for each family, a section for each instrument, in both languages."""
    parts, family = [], ""
    for entry in entries():
        if entry["family"] != family:
            family = entry["family"]
            parts.append("## " + " / ".join(FAMILIES[family]))
        parts.append(f"### {entry['label']} / {entry['etiqueta']}")
        parts.append(f"`{entry['name']}` · {entry['meaning']} / *{entry['descripcion']}*")
        parts.append("\n".join(f"- {head}: {text}" for head, text in facts(entry, "en")))
        if own(entry):
            parts.append(_parameters(own(entry)))
    return "\n\n".join(parts)


def pattern_table() -> str:
    """Return the Markdown table of patterns."""
    rows = ["| pattern | what must emerge | statistic | threshold | ablation |", "| --- | --- | --- | --- | --- |"]
    for p in PATTERNS:
        off = ", ".join(f"`{name}` = {value:g}" for name, value in p.off.items())
        rows.append(f"| {p.id} | {p.statement} | {p.statistic} | {p.threshold:g} | {p.mechanism}: {off} |")
    return "\n".join(rows)


def key_table() -> str:
    """Return the Markdown table of the keys of a scenario file."""
    rows = ["| key | allowed | default | meaning |", "| --- | --- | --- | --- |"]
    return "\n".join(rows + [f"| `{k.key}` | {k.allowed} | {k.default} | {k.meaning} |" for k in keys()])


TABLES: dict[str, Callable[[], str]] = {
    "parameters": parameter_tables,
    "indicators": indicator_table,
    "levers": lever_table,
    "instruments": instrument_table,
    "grades": grade_table,
    "common": common_table,
    "catalogue": catalogue,
    "patterns": pattern_table,
    "keys": key_table,
    "plausibility": lambda: declared_table(ITEMS),
}


def renew(text: str) -> str:
    """Return `text` with each marked table (``<!-- table: NAME -->`` to ``<!-- end -->``) written anew."""

    def fill(match: re.Match[str]) -> str:
        return f"<!-- table: {match[1]} -->\n{TABLES[match[1]]()}\n<!-- end -->"

    return re.sub(r"<!-- table: (\w+) -->\n.*?<!-- end -->", fill, text, flags=re.S)


def main(arguments: list[str]) -> int:
    """Rewrite or check every Markdown file of the documentation; return the exit status."""
    stale = []
    for path in sorted(DOCS.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        after = renew(text)
        if after != text:
            stale.append(path.name)
            if "--check" not in arguments:
                path.write_text(after, encoding="utf-8")
    if stale and "--check" in arguments:
        print(f"Out of date: {', '.join(stale)}. Run: python -m clustersim.views.documentation", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
