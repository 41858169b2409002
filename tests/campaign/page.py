"""docs/reliability.md: what the campaign does, and the table of what it did and found; docs/registers.md: its plants."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from .attack import REPOSITORY, SOURCE, counted
from .attacks import ATTACKS

FIGURES = REPOSITORY / "tests" / "campaign" / "figures.json"
PAGE = REPOSITORY / "docs" / "reliability.md"
BEGIN, END = "<!-- table: written by python -m tests.campaign --write -->", "<!-- end of the table -->"
REGISTERS = REPOSITORY / "docs" / "registers.md"
PLANTS, PLANTS_END = "<!-- plants: written by python -m tests.campaign --write -->", "<!-- end of the plants -->"
HEADS = ("attack", "what is done", "cases", "of them on today's code", "lost", "silently wrong", "tracebacks", "left over",
         "words", "no end", "seconds", "of the long form")  # fmt: skip
KINDS = ("lost", "wrong", "traceback", "left", "words", "hung")
EXAMPLES = 2
PLACES = re.compile(r"(?:/[\w.+-]+)*/(?:case-\w+|site-packages|lib/python\d[\d.]*)/")


def table(figures: dict[str, Any]) -> str:
    """Return the table, and below it what was not reached and examples of what was wrong."""
    lines = [f"| {' | '.join(HEADS)} |", f"|{'|'.join([' --- '] * 2 + [' ---: '] * (len(HEADS) - 2))}|"]
    notes: list[str] = []
    states: Counter[str] = Counter({figures["code"]: 0})
    for name, attack in ATTACKS.items():
        found = figures["attacks"].get(name)
        cases = counted(found) if found else 0
        if found and found["again"]:
            which = ", ".join(map(str, found["again"]))
            notes.append(f"- `{name}`: what was wrong on an earlier state is still to be done again (cases {which}).")
        if found is None or found["not"] or not cases:
            notes.append(f"- `{name}` was not done: {found['not'] if found and found['not'] else 'no time was left for it'}.")
            continue
        states.update(found["states"])
        faults = " | ".join(f"{found['faults'][kind]:,}" for kind in KINDS)
        total = attack.long if found["all"] is None else min(attack.long, found["all"])
        share = f"{min(1.0, cases / total):.0%}" if cases * 100 >= total else "under 1%"
        what = attack.what[0].upper() + attack.what[1:]
        done = f"{cases:,} | {found['states'].get(figures['code'], 0):,}"
        lines.append(f"| `{name}` | {what} | {done} | {faults} | {found['seconds']:,.0f} | {share} |")
        notes += [f"- `{name}`, case {one['case']} ({one['kind']}): {cell(one['what'])}" for one in found["examples"][:EXAMPLES]]
    today, source = figures["code"], SOURCE.relative_to(REPOSITORY)
    earlier = [f"`{code}` ({cases:,} cases)" for code, cases in states.items() if code != today]
    text = "\n".join(lines) + f"\n\nToday's code: `{today}` (hash of `{source}`; {states[today]:,} cases)."
    text += f" Earlier states that count: {', '.join(earlier)}." if earlier else ""
    return text + ("\n\nNot done, and what was wrong:\n\n" + "\n".join(notes) if notes else "\n\nNothing was wrong.")


def plants(figures: dict[str, Any]) -> str:
    """Return the table of wrong cells in clean registers: of each kind how many were told, read rightly, or read wrongly."""
    found = figures["attacks"].get("register-plants")
    tally = found["tally"] if found else {}
    kinds = list(dict.fromkeys(name.rpartition(": ")[0] for name in tally))
    counts = {kind: [tally.get(f"{kind}: {verdict}", 0) for verdict in ("told", "right", "wrong")] for kind in sorted(kinds)}
    lines = [
        "| one wrong cell | cases | told | read rightly, or not known | wrong in silence |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    rows = [*counts.items(), ("**all**", [sum(column) for column in zip(*counts.values())] or [0, 0, 0])]
    lines += [f"| {kind} | {sum(three):,} | {' | '.join(f'{n:,}' for n in three)} |" for kind, three in rows]
    return "\n".join(lines)


def cell(text: str) -> str:
    """Return a text in one line, short, without what marks tables."""
    return " ".join(text.split()).replace("|", "¦").replace("`", "'").replace("<", "‹")[:220]


def nowhere(text: str) -> str:
    """Return a text without the places on this machine of the files that messages name."""
    return PLACES.sub("…/", text.replace(f"{REPOSITORY}/", ""))


def write_page(figures: dict[str, Any]) -> None:
    """Write the figures, and the table between its marks in the page."""
    figures = json.loads(nowhere(json.dumps(figures, ensure_ascii=False)))
    FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
    put(PAGE, BEGIN, END, table(figures))
    put(REGISTERS, PLANTS, PLANTS_END, plants(figures))


def put(path: Path, begin: str, end: str, text: str) -> None:
    """Put a text between two marks of a page."""
    before, _, rest = path.read_text("utf-8").partition(begin)
    path.write_text(f"{before}{begin}\n\n{text}\n\n{end}{rest.partition(end)[2]}", "utf-8")
