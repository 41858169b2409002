"""A comparison as one JSON document: what was compared, its verdict in words, its answers, and the files that hold it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clustersim.core.words import language
from clustersim.results.storage import COMPARISON
from clustersim.studies.comparison.verdict import verdict

if TYPE_CHECKING:
    from clustersim.studies.comparison.comparison import Comparison


def describe(
    comparison: Comparison, folder: Path | None = None, figures: Sequence[str] = (), seconds: float | None = None,
    lang: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return what a comparison came to.

    Parameters
    ----------
    comparison : Comparison
        A finished comparison.
    folder : Path, optional
        Where it was written; its files are then named.
    figures : sequence of str, optional
        Pictures that were drawn of it.
    seconds : float, optional
        How long it took; what the comparison itself took if not given.
    lang : str, optional
        Language of the verdict; the one in force if not given.

    Returns
    -------
    dict
        What ``comparison.json`` holds, with the verdict, seconds and files.
    """
    said = verdict(comparison, lang or language())
    names = [] if folder is None else [COMPARISON, *sorted(path.name for path in folder.glob("*.parquet"))]
    taken = comparison.provenance.get("seconds") if seconds is None else seconds
    return comparison.provenance | {
        "seconds": None if taken is None else round(taken, 3), "folder": None if folder is None else str(folder),
        "files": [str(Path(folder or "") / name) for name in names], "figures": sorted(figures),
        "verdict": {"sentences": said.sentences, "rests_on": said.rests_on, "best": said.best},
        "answers": comparison.answers,
    }  # fmt: skip
