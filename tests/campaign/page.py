"""docs/reliability.md: what the campaign does, and the table of what it did and found, from its figures."""

from __future__ import annotations

import json
from typing import Any

from .attack import REPOSITORY, SOURCE
from .attacks import ATTACKS

FIGURES = REPOSITORY / "tests" / "campaign" / "figures.json"
PAGE = REPOSITORY / "docs" / "reliability.md"
BEGIN, END = "<!-- table: written by python -m tests.campaign --write -->", "<!-- end of the table -->"
HEADS = ("attack", "what is done", "cases", "lost", "silently wrong", "tracebacks", "left over", "words", "no end", "seconds",
         "of the long form")  # fmt: skip
KINDS = ("lost", "wrong", "traceback", "left", "words", "hung")
EXAMPLES = 2


def table(figures: dict[str, Any]) -> str:
    """Return the table, and below it what was not reached and examples of what was wrong."""
    lines = [f"| {' | '.join(HEADS)} |", f"|{'|'.join([' --- '] * 2 + [' ---: '] * (len(HEADS) - 2))}|"]
    notes, codes = [], set()
    for name, attack in ATTACKS.items():
        found = figures.get(name)
        if found is None or found["not"] or not found["next"]:
            notes.append(f"- `{name}` was not done: {found['not'] if found and found['not'] else 'no time was left for it'}.")
            continue
        codes.add(found["code"])
        faults = " | ".join(f"{found['faults'][kind]:,}" for kind in KINDS)
        total = attack.long if found.get("all") is None else min(attack.long, found["all"])
        share = f"{min(1.0, found['next'] / total):.0%}" if found["next"] * 100 >= total else "under 1%"
        what = attack.what[0].upper() + attack.what[1:]
        lines.append(f"| `{name}` | {what} | {found['next']:,} | {faults} | {found['seconds']:,.0f} | {share} |")
        notes += [f"- `{name}`, case {one['case']} ({one['kind']}): {cell(one['what'])}" for one in found["examples"][:EXAMPLES]]
    note = "One state of the code" if len(codes) == 1 else "States of the code"
    text = (
        "\n".join(lines)
        + f"\n\n{note}: {', '.join(f'`{code}`' for code in sorted(codes))} (hash of `{SOURCE.relative_to(REPOSITORY)}`)."
    )
    return text + ("\n\nNot done, and what was wrong:\n\n" + "\n".join(notes) if notes else "\n\nNothing was wrong.")


def cell(text: str) -> str:
    """Return a text in one line, short, without what marks tables."""
    return " ".join(text.split()).replace("|", "¦").replace("`", "'").replace("<", "‹")[:220]


def write_page(figures: dict[str, Any]) -> None:
    """Write the figures, and the table between its marks in the page."""
    figures = {name: figures[name] for name in ATTACKS if name in figures}
    figures = json.loads(json.dumps(figures).replace(f"{REPOSITORY}/", ""))  # messages name files where they lie here
    FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table(figures)}\n\n{END}{after}", "utf-8")
