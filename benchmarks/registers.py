"""Measure how a large register is read: time and memory of ``--dry-run`` and of making the scenario.

``python benchmarks/registers.py [--firms N]`` makes a directory of N establishments (200,000 if not said) in the 42 columns of
Mexico's DENUE, with invented firms, and reads it with the command as a user would. Only figures of an otherwise idle machine
mean anything.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "examples" / "directory"))
import make_data

COMMAND = [sys.executable, "-m", "clustersim", "scenario", "from-firms"]


def write(path: Path, firms: int) -> None:
    """Write a directory of so many firms, as the statistical office encodes its own."""
    make_data.FIRMS = firms
    with path.open("w", encoding="cp1252", newline="") as stream:
        table = csv.DictWriter(stream, make_data.HEADINGS, restval="", lineterminator="\r\n")
        table.writeheader()
        table.writerows(make_data.make_firms(random.Random(1)))


def measure(words: list[str], folder: Path) -> tuple[float, float, float]:
    """Return wall time and processor time in seconds, and the most memory in MB, of the command with these words."""
    start = time.perf_counter()
    process = subprocess.Popen([*COMMAND, *words], cwd=folder, stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"the command ended with {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000.0


def main() -> None:
    """Print what reading and making cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=200_000)
    firms = parser.parse_args().firms
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "denue.csv", firms)
        size = (folder / "denue.csv").stat().st_size / 1e6
        print(f"{firms:,} establishments, {len(make_data.HEADINGS)} columns, {size:.0f} MB of text")
        for what, words in {
            "read and planned": ["denue.csv", "--dry-run"], "scenario made": ["denue.csv", "--out", "place.yaml"],
        }.items():  # fmt: skip
            wall, processor, memory = measure(words, folder)
            print(f"{what:17} {wall:6.1f} s, {processor:6.1f} s of processor, at most {memory:,.0f} MB")


if __name__ == "__main__":
    main()
