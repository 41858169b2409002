"""`Comparison`: what was run for each option, and the answers worked out from it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from clustersim.results.unfinished import Kept
from clustersim.studies.comparison.answers import answer
from clustersim.studies.comparison.paired import PairedRuns
from clustersim.studies.comparison.provenance import comparison_hash


@dataclass
class Comparison(PairedRuns):
    """Options that ran side by side.

    Attributes
    ----------
    options : list of Option
        Name and scenario of each, in the order given.
    baseline : str
        Name of the option that the others are measured against.
    seed, replicates : int
        The common seed, and how many replicates each option ran.
    paired : bool
        Whether replicate k of all options shares its random draws.
    discount : float
        Discount rate a year.
    runs : DataFrame
        One row for each option and replicate: its outcomes (`clustersim.studies.comparison.OUTCOMES`).
    yearly : DataFrame
        One row for each option, replicate and year: indicators of the whole place.
    worlds : DataFrame, optional
        One row for each option and uncertain world: mean outcomes of its replicates.
    draws : dict
        Values of the uncertain parameters (world), by dotted name.
    replicates_each : int
        Replicates in each uncertain world.
    provenance : dict
        Versions, scenarios, seed and the command that makes it again.
    kept : Kept, optional
        Finished batches that lie beside the result-to-be; they go when it is written.
    """

    kept: Kept | None = field(default=None, repr=False, compare=False)

    @property
    def folder_name(self) -> str:
        """Name of the result's folder: the options, and a hash of all that the result depends on."""
        names = re.sub(r"[^A-Za-z0-9_-]+", "_", "-".join(self.names))[:80].strip("-_")
        return f"compare-{names}-{comparison_hash(self.provenance)}"

    @cached_property
    def answers(self) -> dict[str, Any]:
        """What the comparison answers, as one JSON object; see docs/comparison.md."""
        return answer(self)

    def document(self) -> dict[str, Any]:
        """Return what ``comparison.json`` holds."""
        return self.provenance | {"answers": self.answers}
