"""`Comparison`: what was run for each option, and the answers worked out from it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from clustersim.core.numbers import number, years
from clustersim.core.words import _, _n
from clustersim.results.presenting import Block, Presented
from clustersim.results.unfinished import Kept
from clustersim.studies.comparison import units
from clustersim.studies.comparison.answers import answer
from clustersim.studies.comparison.outcomes import OUTCOMES, YEARLY
from clustersim.studies.comparison.paired import PairedRuns
from clustersim.studies.comparison.provenance import comparison_hash
from clustersim.studies.comparison.titles import option_title

if TYPE_CHECKING:
    import pandas as pd

SHOWN = ("jobs", "sales", "exports", "association_years", "public_cost")  # in notebooks


@dataclass(repr=False)
class Comparison(Presented, PairedRuns):
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

    Examples
    --------
    >>> from clustersim import compare
    >>> found = compare(["no_policy", "designed"], replicates=2, years=1)
    >>> found
    <Comparison No policy / Designed from above: 2 replicates of each, 1 year from 2000, seed 1>
    >>> found.interventions
    ['designed']
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

    def _heading(self) -> str:
        return " / ".join(option_title(self, name) for name in self.names)

    def _facts(self) -> list[str]:
        found = [
            _n("one replicate of each", "{n} replicates of each", self.replicates, n=number(self.replicates, 0)),
            _("{years} from {start}", years=years(self.quarters), start=self.start_year), _("seed {seed}", seed=self.seed),
        ]  # fmt: skip
        if self.world_count:
            found.append(_("{n} uncertain worlds", n=number(self.world_count, 0)))
        return found

    def _numbers(self) -> tuple[list[str], list[list[str]]]:
        """Return the mean of each outcome for each option; in brackets an option's difference to the baseline."""
        rows = []
        for name in SHOWN:
            row, base = [units.named(name)], float(self.outcome(self.baseline, name).mean())
            for option in self.names:
                mean = float(self.outcome(option, name).mean())
                change = "" if option == self.baseline else f" ({units.change(mean - base, name)})"
                row.append(f"{units.value(mean, name)}{change}")
            rows.append(row)
        return [_("Mean (difference to the baseline)"), *(option_title(self, name) for name in self.names)], rows

    def _table(self) -> pd.DataFrame:
        return self.runs

    def _blocks(self) -> list[Block]:
        outcomes = {name: said.unit for name, said in OUTCOMES.items()}
        return [
            Block(self.runs.drop(columns="seed"), ("option", "replicate"), outcomes),
            Block(self.yearly, ("option", "replicate", "year"), YEARLY, "yearly_"),
        ]
