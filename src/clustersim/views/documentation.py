"""Writes the tables of the documentation from the declarations, and checks that they are up to date.

The pages below ``docs/es`` are in Spanish, all others in English; a table is named in a page, and says the same in both.
``python -m clustersim.views.documentation`` rewrites them; with ``--check`` it exits with status 1 if a file would change.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from clustersim.core.files import write
from clustersim.core.numbers import shortest, to
from clustersim.core.words import _, speaking
from clustersim.model.indicators import INDICATORS
from clustersim.model.levers import LEVERS
from clustersim.model.parameters import PARAMETERS
from clustersim.policy.instruments import INSTRUMENTS
from clustersim.policy.instruments.base import GRADES
from clustersim.scenario.reference import keys
from clustersim.studies.validation.histories import ITEMS as HISTORIES
from clustersim.studies.validation.patterns import PATTERNS
from clustersim.studies.validation.plausibility import ITEMS
from clustersim.studies.validation.plausibility.markdown import declared_table
from clustersim.views.catalogue import common, entries, facts, label, manual, meaning, own
from clustersim.views.catalogue.words import FAMILIES, RECIPIENT, grade

DOCS = Path(__file__).parents[3] / "docs"


def parameter_tables() -> str:
    """Return one Markdown table of parameters for each mechanism."""
    heads = (_("parameter"), _("default"), _("unit"), _("range"), _("meaning"), _("source"))
    parts = []
    for group, declared in PARAMETERS.items():
        rows = [(f"`{name}`", shortest(p.default), _(p.unit), to(shortest(p.low), shortest(p.high)), _(p.doc), _(p.source))
                for name, p in declared.items()]  # fmt: skip
        parts.append(f"**{group}**\n\n{_table(heads, rows)}")
    return "\n\n".join(parts)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows))


def indicator_table() -> str:
    """Return the Markdown table of indicators."""
    rows = [(f"`{name}`", _(i.label), _(i.unit), _(i.formula)) for name, i in INDICATORS.items()]
    return _table((_("indicator"), _("name"), _("unit"), _("formula")), rows)


def lever_table() -> str:
    """Return the Markdown table of policy channels."""
    rows = [(f"`{name}`", _(v.unit), f"{_(v.meaning)} ({', '.join(v.read_by)})") for name, v in LEVERS.items()]
    return _table((_("channel"), _("unit"), _("meaning, and who reads it")), rows)


def instrument_table() -> str:
    """Return the Markdown table of instruments."""
    rows = []
    for name, kind in INSTRUMENTS.items():
        moves = ", ".join(
            _("`{channel}` by {strength} at {cost} kUSD a year per {per}", channel=e.channel, strength=shortest(e.strength),
              cost=shortest(e.full_cost), per=_(e.per)) for e in kind.effects
        )  # fmt: skip
        rows.append((f"`{name}`", meaning(name), moves or _("money only"), _(RECIPIENT[kind.recipient]), _(kind.source)))
    return _table((_("instrument"), _("what it does"), _("moves"), _("paid to"), _("source")), rows)


def grade_table() -> str:
    """Return the Markdown table of grades of evidence, with the number of instruments of each."""
    kinds: list[str] = [kind.grade for kind in INSTRUMENTS.values()]
    rows = [(grade(name), _(said), str(kinds.count(name))) for name, said in GRADES.items()]
    return _table((_("grade"), _("meaning"), _("instruments")), rows)


def common_table() -> str:
    """Return the Markdown table of the parameters that all instruments take."""
    return _parameters(common(entries()))


def _parameters(listed: list[dict[str, Any]]) -> str:
    rows = []
    for p in listed:
        default = _("required") if p["required"] else "" if p["default"] is None else p["default"]
        default = ", ".join(default) if isinstance(default, tuple) else str(default).lower()
        rows.append((f"`{p['name']}`", default, p["range"], _(p["meaning"])))
    return _table((_("parameter"), _("default"), _("range"), _("meaning")), rows)


def catalogue() -> str:
    """Return the catalogue of instruments: a heading for each family, a section for each instrument, named in both languages."""
    parts, family = [], ""
    for entry in entries():
        if entry["family"] != family:
            family = entry["family"]
            parts.append(f"## {_(FAMILIES[family])}")
        use = entry["name"]
        parts.append("### " + " / ".join(dict.fromkeys((label(use), entry["label"], entry["etiqueta"]))))
        parts.append(f"`{use}` · {meaning(use)}")
        parts.append("\n".join(f"- {head}: {text}" for head, text in facts(entry)))
        if own(entry):
            parts.append(_parameters(own(entry)))
    return "\n\n".join(parts)


def manual_table() -> str:
    """Return one Markdown table for each place of the ILO manual."""
    parts = []
    for place, what in manual.PLACES.items():
        rows = [(one["item"], _(manual.KINDS[one["kind"]]), f"`{one['name']}`")
                for one in manual.entries() if one["place"] == f"ILO {place}"]  # fmt: skip
        heads = (_("In the manual"), _("Here"), _("Name"))
        parts.append(f"## ILO {place}: {_(what)}\n\n{_table(heads, rows)}")
    return "\n\n".join(parts)


def pattern_table() -> str:
    """Return the Markdown table of patterns."""
    heads = ("pattern", "what must emerge", "statistic", "threshold", "its reason", "set", "ablation")
    rows = ["| " + " | ".join(heads) + " |", "| --- " * len(heads) + "|"]
    for p in PATTERNS:
        off = ", ".join(f"`{name}` = {value:g}" for name, value in p.off.items())
        only = " (the only channel)" if p.only_channel else ""
        statement = f"{p.statement}. *Retired: {p.retired_why[0].lower()}{p.retired_why[1:]}*" if p.retired else p.statement
        rows.append(
            f"| {p.id} | {statement} | {p.statistic} | {p.threshold:g} | {p.threshold_why} | {p.threshold_set} "
            f"| {p.mechanism}: {off}{only} |"
        )
    return "\n".join(rows)


def key_table() -> str:
    """Return the Markdown table of the keys of a scenario file."""
    rows = [(f"`{k.key}`", k.allowed, k.default, k.meaning) for k in keys()]
    return _table((_("key"), _("allowed"), _("default"), _("meaning")), rows)


TABLES: dict[str, Callable[[], str]] = {
    "parameters": parameter_tables,
    "indicators": indicator_table,
    "levers": lever_table,
    "instruments": instrument_table,
    "grades": grade_table,
    "common": common_table,
    "catalogue": catalogue,
    "manual": manual_table,
    "patterns": pattern_table,
    "keys": key_table,
    "plausibility": lambda: declared_table(ITEMS),
    "histories": lambda: declared_table(HISTORIES),
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
        with speaking("es" if path.is_relative_to(DOCS / "es") else "en"):
            after = renew(text)
        if after != text:
            stale.append(path.name)
            if "--check" not in arguments:
                write(path, after)
    if stale and "--check" in arguments:
        print(f"Out of date: {', '.join(stale)}. Run: python -m clustersim.views.documentation", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
