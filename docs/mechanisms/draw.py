"""Draws the pictures of the mechanisms by running their kernels, and keeps the tables of the pages in step with the code. ::

    python docs/mechanisms/draw.py                    # all pictures and tables
    python docs/mechanisms/draw.py trust market       # these pictures only
    python docs/mechanisms/draw.py --tables           # tables only
    python docs/mechanisms/draw.py --check            # exit status 1 if a table is out of date or a page or picture is missing
    python docs/mechanisms/draw.py --out FOLDER trust # the picture elsewhere
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ["NUMBA_DISABLE_JIT"] = "1"  # before clustersim is imported: single kernels are called from Python here

import numpy as np
from curves import books, firms, institutions, network, place, policy, tables
from curves.look import save

from clustersim.scenario.keys import did_you_mean
from clustersim.views.figures.style import settings

HERE = Path(__file__).parent
DRAWN = {
    draw.__name__: draw
    for draw in (
        policy.environment, policy.government, policy.programme, policy.facilitation, network.meeting, network.trust,
        network.linkage,
        institutions.association, institutions.joint_action, institutions.conduct, firms.knowledge, books.market, books.finance,
        books.demography, firms.complacency, firms.diversification, place.phase, place.nation,
    )
}  # fmt: skip


def faults() -> list[str]:
    """Return what is out of date or missing, one line each."""
    found = [f"{path.name}: out of date" for path, _ in tables.stale(HERE)]
    for name in tables.MECHANISMS:
        wanted = [f"{name}.md", *(f"images/{name}.{kind}" for kind in ("svg", "png"))]
        found += [f"{path}: missing" for path in wanted if not (HERE / path).exists()]
        found += [] if name in DRAWN else [f"{name}: no picture is declared in draw.py"]
    return found


def main(arguments: list[str]) -> int:
    """Do what the arguments say; return the exit status."""
    parser = argparse.ArgumentParser(description="Draw the pictures and renew the tables of docs/mechanisms.")
    parser.add_argument("names", nargs="*", metavar="MECHANISM", help="mechanisms to draw; all if none is named")
    parser.add_argument("--out", type=Path, default=HERE / "images", help="folder of the pictures")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--tables", action="store_true", help="renew the tables only")
    kind.add_argument("--check", action="store_true", help="change nothing; say what is out of date or missing")
    chosen = parser.parse_args(arguments)
    unknown = [name for name in chosen.names if name not in DRAWN]
    if unknown:
        hint = did_you_mean(unknown[0], DRAWN, f"One of: {', '.join(DRAWN)}.")
        print(f"{unknown[0]!r} is no mechanism. {hint}", file=sys.stderr)
        return 2
    if chosen.check:
        found = faults()
        print("".join(f"{fault}\n" for fault in found) + "Run: python docs/mechanisms/draw.py" if found else "in step",
              file=sys.stderr)  # fmt: skip
        return 1 if found else 0
    if not chosen.tables:
        np.seterr(over="ignore")  # the 64-bit words of the draws wrap around by design
        for name in chosen.names or DRAWN:
            with settings():
                save(DRAWN[name](), chosen.out, name)
            print(name)
    if not chosen.names:
        for path, text in tables.stale(HERE):
            path.write_text(text, encoding="utf-8")
            print(path.name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
