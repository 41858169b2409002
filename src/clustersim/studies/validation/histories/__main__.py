"""Measures the items and prints the table of `docs/evidence.md`: ``python -m clustersim.studies.validation.histories``."""

from __future__ import annotations

import argparse

from clustersim.core.version import __version__
from clustersim.studies.validation.histories import FULL, QUICK, compare
from clustersim.studies.validation.plausibility.markdown import measured_table


def main() -> None:
    """Print what was measured, with version, seed and places."""
    parser = argparse.ArgumentParser(prog="python -m clustersim.studies.validation.histories", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"about {QUICK} instead of {FULL} places of each source")
    parser.add_argument("--seed", type=int, default=1, help="seed of all random draws")
    given = parser.parse_args()
    results = compare(given.quick, given.seed)
    print(f"clustersim {__version__}, seed {given.seed}, about {QUICK if given.quick else FULL} places of each source:\n")
    print(measured_table(results))


if __name__ == "__main__":
    main()
