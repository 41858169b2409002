"""Whether a run fits this machine, said before it starts."""

from __future__ import annotations

from clustersim.core import machine
from clustersim.core.errors import InputError
from clustersim.core.numbers import localise, percent
from clustersim.core.words import N_, _, _n
from clustersim.model.indicators import INDICATORS
from clustersim.scenario.model import Scenario

BYTES_PER_FIRM = 1200
# On one core.
FIRM_QUARTERS_PER_SECOND = 1.5e6
MEMORY_SHARE_MAX = 0.6
DAYS_MAX = 7.0
# What the smallest run takes, compilation included: measured, and a tenth more. Most of the address space is never used.
SPACE_MIN, MEMORY_MIN = 2.8e9, 6e8


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
        needs = _n("{firms} firms in {n} replicate over {quarters} quarters would need about {memory} of memory and {time} of "
                   "computing",
                   "{firms} firms in {n} replicates over {quarters} quarters would need about {memory} of memory and {time} of "
                   "computing", replicates, firms=firms, quarters=horizon_quarters, memory=bytes_text(memory),
                   time=_duration(seconds))  # fmt: skip
        most = (
            _("this machine has {memory}, of which a run may take {share}, and at most {days} days",
              memory=bytes_text(there), share=percent(MEMORY_SHARE_MAX), days=f"{DAYS_MAX:g}")
            if there else _("a run may take at most {days} days", days=f"{DAYS_MAX:g}")
        )  # fmt: skip
        raise InputError(file or repr(scenario.titled()), "place.clusters", f"{needs}; {most}.",
                         _("Take fewer firms, replicates or years."))  # fmt: skip
    check_room()


def check_room() -> None:
    """Refuse to work where so little memory may be used that the system, or the compiler, would end the process without a word.

    Raises
    ------
    InputError
        With what is needed and what there is.
    """
    space, there = machine.address_space(), machine.memory()
    if space and space < SPACE_MIN:
        raise InputError("clustersim", "", _("needs about {needed} of address space; a limit of this process gives it {given}",
                                             needed=bytes_text(SPACE_MIN), given=bytes_text(space)),
                         _("Raise the limit: {command}", command="ulimit -v unlimited"))  # fmt: skip
    if there and there < MEMORY_MIN:
        raise InputError("clustersim", "", _("needs about {needed} of memory; this process may use {given}",
                                             needed=bytes_text(MEMORY_MIN), given=bytes_text(there)))  # fmt: skip


def check_fits(size: float, file: str) -> None:
    """Refuse a table that would take more than its share of the memory of this machine.

    Parameters
    ----------
    size : float
        Bytes that it would take.
    file : str
        How messages call the file.

    Raises
    ------
    InputError
        With both sizes.
    """
    there = machine.memory()
    if there and size > MEMORY_SHARE_MAX * there:
        said = _("would take about {size} of memory; this machine has {there}, of which a table may take {share}",
                 size=bytes_text(size), there=bytes_text(there), share=percent(MEMORY_SHARE_MAX))  # fmt: skip
        raise InputError(file, "", said)


def bytes_text(size: float) -> str:
    """Return a number of bytes as text, such as 1.5 GB."""
    for unit in ("kB", "MB", "GB"):
        size /= 1e3
        if size < 1e3:
            return f"{localise(f'{size:.3g}')} {unit}"
    return f"{localise(f'{size / 1e3:.3g}' if size < 1e6 else f'{size / 1e3:.0f}')} TB"


def _duration(seconds: float) -> str:
    spans = ((N_("{n} years"), 365.25 * 86400), (N_("{n} days"), 86400.0), (N_("{n} hours"), 3600.0), (N_("{n} minutes"), 60.0))
    text, length = next((span for span in spans if seconds >= 2 * span[1]), (N_("{n} seconds"), 1.0))
    return _(text, n=localise(f"{seconds / length:.0f}"))
