"""Measures every fact of the sources, and writes the tables of `evidence.md`, "Facts beside the model".

``python docs/evidence.py`` takes some minutes on one core; ``--quick`` has a fifth of the replicates.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from clustersim import evidence
from clustersim.studies.evidence import FULL, QUICK
from clustersim.studies.evidence.library import library
from clustersim.studies.evidence.markdown import fact_tables

PAGE = Path(__file__).with_name("evidence.md")
BEGIN, END = "<!-- written: facts -->\n", "\n<!-- end -->"


def main() -> None:
    """Measure, and write the marked part of the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} instead of {FULL} replicates of each scenario")
    parser.add_argument("--seed", type=int, default=1, help="seed of all random draws")
    given = parser.parse_args()

    def tell(done: int, total: int) -> None:
        print(f"\r{100 * done // total} %", end="", file=sys.stderr)

    found = evidence(quick=given.quick, seed=given.seed, progress=tell)
    said = (
        f"clustersim {found.version}, model code {found.model_code}, seed {found.seed}, {found.replicates} replicates of each "
        f"scenario. The library: {', '.join(f'`{name}`' for name in library())}."
    )
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest[rest.index(END) :]
    PAGE.write_text(f"{before}{BEGIN}{said}\n\n{fact_tables(found)}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
