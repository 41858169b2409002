"""What `evidence` returns: a row for each fact, in words, as a table and as a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from clustersim.core.numbers import number
from clustersim.core.words import _, _n
from clustersim.results.presenting import Block, Presented
from clustersim.studies.evidence import saying
from clustersim.studies.evidence.facts import PARAMETER

if TYPE_CHECKING:
    import pandas as pd


def counted(results: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return how many facts are met, missed and not comparable.

    Examples
    --------
    >>> counted([{"met": True}, {"met": False}, {"met": None}, {"met": True}])
    {'met': 2, 'missed': 1, 'not_comparable': 1}
    """
    verdicts = [found["met"] for found in results]
    return {"met": verdicts.count(True), "missed": verdicts.count(False), "not_comparable": verdicts.count(None)}


@dataclass(frozen=True, repr=False)
class Evidence(Presented):
    """Facts beside the model.

    Attributes
    ----------
    results : list of dict
        Of each fact ``id, quantity, unit, applies_to, source, use, fact, fact_low, fact_high``; of the model ``low, value,
        high``, ``how`` and ``where`` it is measured, what its ``band`` is of, ``seen`` (what a rank is among); ``met`` (None: not
        comparable), ``distance``, ``reason`` why nothing is compared, and what ``bears`` on the comparison.
    seed, replicates : int
        Of all runs.
    version, model_code : str
        Of clustersim, and the hash of what decides numbers.

    Examples
    --------
    >>> from clustersim import evidence
    >>> found = evidence(["board_private", "sme_limit_eu", "lq_strong"])
    >>> found.counted
    {'met': 2, 'missed': 0, 'not_comparable': 1}
    >>> found.table.set_index("id").loc["board_private", ["fact_low", "value", "fact_high"]].astype(float).tolist()
    [0.55, 0.61, 0.67]
    """

    results: list[dict[str, Any]]
    seed: int
    replicates: int
    version: str
    model_code: str

    @property
    def counted(self) -> dict[str, int]:
        """How many facts are met, missed and not comparable."""
        return counted(self.results)

    @property
    def table(self) -> pd.DataFrame:
        """The results, a row for each fact."""
        return self._table()

    @property
    def compared(self) -> list[dict[str, Any]]:
        """The facts that the model is compared with: those marked calibrate or check."""
        return [found for found in self.results if found["use"] != PARAMETER]

    @property
    def inputs(self) -> list[dict[str, Any]]:
        """The facts that fix or bound an input."""
        return [found for found in self.results if found["use"] == PARAMETER]

    def document(self) -> dict[str, Any]:
        """Return all as a document for JSON.

        Examples
        --------
        >>> from clustersim import evidence
        >>> sorted(evidence("board_private").document())
        ['counted', 'facts', 'model_code', 'replicates', 'seed', 'version']
        """
        return {
            "version": self.version, "model_code": self.model_code, "seed": self.seed, "replicates": self.replicates,
            "counted": {"compared": counted(self.compared), "inputs": counted(self.inputs)}, "facts": self.results,
        }  # fmt: skip

    def _heading(self) -> str:
        return _n("one fact of the sources", "{n} facts of the sources", len(self.results), n=number(len(self.results), 0))

    def _facts(self) -> list[str]:
        return [
            _("{n} met", n=self.counted["met"]), _("{n} missed", n=self.counted["missed"]),
            _("{n} not comparable", n=self.counted["not_comparable"]),
        ]  # fmt: skip

    def _numbers(self) -> tuple[Sequence[str], Iterable[Sequence[str]]]:
        heads = (_("Fact"), _("Source"), _("Published"), _("Model (10 to 90 %)"), _("Verdict"))
        rows = [
            (_(found["quantity"]), found["source"], saying.told(found), saying.model(found), saying.verdict(found))
            for found in self.results
        ]  # fmt: skip
        return heads, rows

    def _table(self) -> pd.DataFrame:
        import pandas as pd

        frame = pd.DataFrame([found | {"seen": ", ".join(f"{k} {v:.3f}" for k, v in found["seen"].items())}
                              for found in self.results])  # fmt: skip
        numbers = ["fact", "fact_low", "fact_high", "low", "value", "high", "distance"]
        return frame.astype(dict.fromkeys(numbers, float) | {"met": "boolean"})

    def _blocks(self) -> list[Block]:
        return [Block(self._table().astype({"met": float}), ("id",), {})]
