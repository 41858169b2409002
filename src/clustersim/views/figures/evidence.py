"""The figure of evidence: the facts that the model is compared with, each on its own scale, and what the model gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from clustersim.core.words import _
from clustersim.studies.evidence import Evidence
from clustersim.views.figures.layout import made_with, save
from clustersim.views.figures.plausibility import beside
from clustersim.views.figures.style import styled


@styled
def evidence(found: Evidence, lang: str | None = None) -> Figure:
    """Draw all facts that have a value, one row each, numbered in their order: the fact, and the model's value and band.

    Parameters
    ----------
    found : Evidence
        What was measured.
    lang : str, optional
        "en" or "es"; the language in force if not given.

    Returns
    -------
    Figure
        The figure.
    """
    note = _(
        "Lines: from the 10th to the 90th percentile of replicates, or of places drawn anew for facts of many places; for inputs "
        "from the least to the most of what is shipped. A fact that is a number alone is met where the line reaches it."
    )
    note += " " + _("Intervals and bands show chance between simulations, not uncertainty about the model itself.")
    what = _("Each fact on its own scale: number or range of the source, and what the model gives")
    made = made_with(found.seed, found.replicates)
    return beside(list(_rows(found)), _("Facts of the sources beside the model"), note, made, what)


def _rows(found: Evidence) -> Iterator[dict[str, Any]]:
    """Yield the facts that have a value as rows of a figure of published data."""
    for number, one in enumerate(found.results, 1):
        if not np.isfinite(one["value"]):
            continue
        alone = one["fact_low"] is None and one["fact_high"] is None
        ends = (one["fact"], one["fact"]) if alone else (one["fact_low"], one["fact_high"])
        yield one | {
            "id": f"{number}", "statement": one["quantity"], "published_low": ends[0], "published_high": ends[1],
            "inside": one["met"], "from_memory": False, "scenarios": {},
        }  # fmt: skip


def draw_evidence(found: Evidence, folder: Path, lang: str | None = None) -> list[Path]:
    """Write the figure as PNG and SVG.

    Parameters
    ----------
    found : Evidence
        What was measured.
    folder : Path
        Where to write; it exists.
    lang : str, optional
        "en" or "es"; the language in force if not given.

    Returns
    -------
    list of Path
        The files; none where no fact has a value.
    """
    return save(evidence(found, lang), folder, "evidence") if any(_rows(found)) else []
