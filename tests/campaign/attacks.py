"""All attacks, by name, in the order in which they are done."""

from __future__ import annotations

from . import clusters, flips, full, fuzz, kills, places, registers, writers
from .attack import Attack

KINDS = ("run", "comparison", "sweep")

ATTACKS: dict[str, Attack] = {
    attack.name: attack
    for attack in (
        *(kills.Kills(kind) for kind in KINDS),
        *(kills.CommitPoints(kind) for kind in KINDS),
        *(kills.CommitPoints(kind, over=True) for kind in ("run", "comparison")),
        writers.Writers(),
        writers.Namespaces(),
        writers.Together(),
        writers.Clocks(),
        writers.LateFiles(),
        places.Places(),
        *(full.FullAtEachPoint(kind) for kind in KINDS),
        full.SmallDisk(),
        full.Limits(),
        *(flips.Flips(kind) for kind in KINDS),
        flips.FlipsInKept(),
        clusters.Dask(),
        clusters.Slurm(),
        fuzz.Scenarios(),
        fuzz.Experiments(),
        fuzz.Commands(),
        fuzz.Registers(),
        registers.Files(),
        registers.Plants(),
        fuzz.Folders(),
        fuzz.Rules(),
        fuzz.Plugins(),
    )
}
