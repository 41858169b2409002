"""Whether a run fits this machine, said before it starts."""

from __future__ import annotations

from clustersim.core import machine
from clustersim.core.errors import InputError
from clustersim.model.indicators import INDICATORS
from clustersim.scenario.model import Scenario

BYTES_PER_FIRM = 1200
# On one core.
FIRM_QUARTERS_PER_SECOND = 1.5e6
MEMORY_SHARE_MAX = 0.6
DAYS_MAX = 7.0


def check_size(scenario: Scenario, replicates: int, horizon_quarters: int, file: str = "") -> None:
    """Refuse a run that does not fit the memory of this machine, or that would take more than a week.

    Parameters
    ----------
    scenario : Scenario
        A checked scenario.
    replicates : int
        Replicates that run together.
    horizon_quarters : int
        Quarters to run.
    file : str, optional
        File that an error names; the scenario's title if not given.

    Raises
    ------
    InputError
        With both estimates, when either is too large.
    """
    firms = sum(cluster.copies * (cluster.tractors + cluster.smes) for cluster in scenario.place.clusters)
    clusters = sum(cluster.copies for cluster in scenario.place.clusters)
    record = 8 * len(INDICATORS) * clusters * replicates * horizon_quarters
    memory = float(BYTES_PER_FIRM * firms * replicates + record)
    threads = min(machine.processors(), clusters * replicates)
    seconds = firms * replicates * horizon_quarters / (FIRM_QUARTERS_PER_SECOND * threads)
    there = machine.memory()
    if (there and memory > MEMORY_SHARE_MAX * there) or seconds > DAYS_MAX * 86400:
        has = f"; this machine has {_bytes(there)}, of which a run may take {MEMORY_SHARE_MAX:.0%}" if there else ""
        raise InputError(
            file or repr(scenario.title), "place.clusters",
            f"{firms} firms in {replicates} {'replicate' if replicates == 1 else 'replicates'} over {horizon_quarters} "
            f"quarters would need about {_bytes(memory)} of memory and {_duration(seconds)} of computing{has}, "
            f"and at most {DAYS_MAX:g} days.",
            "Take fewer firms, replicates or years.",
        )  # fmt: skip


def _bytes(size: float) -> str:
    for unit in ("kB", "MB", "GB"):
        size /= 1e3
        if size < 1e3:
            return f"{size:.3g} {unit}"
    return f"{size / 1e3:,.3g} TB" if size < 1e6 else f"{size / 1e3:,.0f} TB"


def _duration(seconds: float) -> str:
    for name, length in (("years", 365.25 * 86400), ("days", 86400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * length:
            return f"{seconds / length:,.0f} {name}"
    return f"{seconds:.0f} seconds"
