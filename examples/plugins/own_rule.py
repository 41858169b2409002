"""A rule of one's own, between the quarters of the Mesa model: in hard years an employers' pact tries to keep jobs. Made up.

Each January the SMEs that made a loss in the last quarter, and have cash for it, take back half of the jobs they lost within
the year. The same replicates run with the rule and without it, so that they differ only by the rule.

    python own_rule.py [REPLICATES]
"""

from __future__ import annotations

import sys

import numpy as np

from clustersim import ClusterModel
from clustersim.mesa_model import SME

YEARS, BACK = 8, 0.5


class WithPact(ClusterModel):
    """The model with the rule: what it writes is what `docs/mesa.md` says may be written, and nothing is drawn at random."""

    def __init__(self, *given, **options):
        super().__init__(*given, **options)
        self.jobs: dict[int, float] = {}  # a year ago, by identity: an actor's row may be taken by another, its uid never

    def step(self):
        if self.quarter % 4 == 0:
            self.before_year()
        super().step()

    def before_year(self):
        firms = self.agents_by_type[SME]
        for firm in firms:
            lost = self.jobs.get(firm.uid, firm.employees) - firm.employees
            if lost > 0.0 and firm.profit < 0.0 < firm.cash:
                firm.employees += BACK * lost
        self.jobs = {firm.uid: firm.employees for firm in firms}


def employment(kind: type[ClusterModel], replicate: int) -> float:
    """Return the jobs of the valley after some years."""
    model = kind("organic", replicate=replicate)
    for _ in range(4 * YEARS):
        model.step()
    return model.indicators["valley"]["employment"]


def main(replicates: int) -> None:
    """Print what the rule changes, replicate by replicate."""
    gains = [employment(WithPact, k) - employment(ClusterModel, k) for k in range(replicates)]
    low, middle, high = np.quantile(gains, (0.1, 0.5, 0.9))
    print(f"Jobs after {YEARS} years, with the pact less without it, {replicates} paired replicates:")
    print(f"10 % {low:+.1f}, median {middle:+.1f}, 90 % {high:+.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
