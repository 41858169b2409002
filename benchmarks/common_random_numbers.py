"""Measure what common random numbers buy: variance of a difference from independent seeds over that from paired ones.

Prints a Markdown table; ``--write`` puts it into ``docs/comparison.md``. A ratio of 50 means that paired runs need a fiftieth
of the replicates for the same interval; about 1 means that pairing buys nothing.
"""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from clustersim import Simulation, __version__, load_scenario
from clustersim.model.indicators import INDICATORS
from clustersim.scenario.model import Scenario

PAGE = Path(__file__).parents[1] / "docs" / "comparison.md"
MARKS = "<!-- common random numbers -->", "<!-- end of common random numbers -->"
YEARS = (5, 10, 20, 40)
ROWS = (
    "employment", "firms", "sales", "exports", "productivity", "wage", "tractors", "small", "medium", "entries", "exits", "trust",
    "linked_share", "vision", "members", "projects_running", "formal", "knowledge", "diversity", "innovations", "external_ties",
)  # fmt: skip
COLUMN = {name: k for k, name in enumerate(INDICATORS)}
FEW = 0.01  # below this share of replicates with any difference a variance of it says nothing


def pairs() -> dict[str, tuple[Scenario, Scenario]]:
    """Return the pairs of options that are measured: a baseline and a programme for the same place."""
    return {
        "designed − no_policy": (load_scenario("no_policy"), load_scenario("designed")),
        "basque_machine_tools − without its programme": (
            load_scenario("basque_machine_tools", ["programme=null", "horizon.years=40"]),
            load_scenario("basque_machine_tools", ["horizon.years=40"]),
        ),
    }


def run(scenario: Scenario, seed: int, replicates: int) -> np.ndarray:
    """Return the indicators at the end of the measured years (year, replicate, indicator)."""
    record = Simulation(scenario, seed, range(replicates)).run(4 * max(YEARS), chunk=40).indicators
    return record[[4 * year - 1 for year in YEARS]]


def ratios(base: Scenario, option: Scenario, replicates: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the ratio of variances (year, indicator) and the share of paired replicates that differ at all."""
    without, paired = run(base, seed, replicates), run(option, seed, replicates)
    independent = run(option, seed + 1, replicates)
    together = (paired - without).var(axis=1, ddof=1)
    apart = (independent - without).var(axis=1, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return apart / together, (paired != without).mean(axis=1)


def cell(ratio: float, differing: float) -> str:
    """Return a ratio with two digits that count; a word where hardly any replicate differs."""
    if differing < FEW:
        return "same"
    return f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}"


def table(replicates: int, seed: int) -> str:
    """Return the Markdown table."""
    measured = {name: ratios(base, option, replicates, seed) for name, (base, option) in pairs().items()}
    heads = [f"{name}, year {year}" for name in measured for year in YEARS]
    lines = ["| indicator | " + " | ".join(heads) + " |", "| --- |" + " ---: |" * len(heads)]
    for row in ROWS:
        cells = [
            cell(float(ratio[k, COLUMN[row]]), float(differing[k, COLUMN[row]]))
            for ratio, differing in measured.values()
            for k in range(len(YEARS))
        ]
        lines.append(f"| `{row}` | " + " | ".join(cells) + " |")
    said = (
        "Variance of the difference from independent seeds over that from common random numbers; "
        f"{replicates} replicates, seeds {seed} and {seed + 1}, end of the year; clustersim {__version__}, measured "
        f"{datetime.now(UTC):%Y-%m-%d}. \"same\": fewer than {FEW:.0%} of the paired replicates differ at all."
    )
    return "\n".join([said, "", *lines])


def main() -> None:
    """Print the table, and write it into the page if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=f"put the table into docs/{PAGE.name}")
    given = parser.parse_args()
    text = table(given.replicates, given.seed)
    print(text)
    if given.write:
        page = PAGE.read_text(encoding="utf-8")
        first, last = (re.escape(mark) for mark in MARKS)
        inside = f"{MARKS[0]}\n{text}\n{MARKS[1]}"
        PAGE.write_text(re.sub(f"{first}.*?{last}", lambda _: inside, page, flags=re.S), encoding="utf-8")


if __name__ == "__main__":
    main()
