"""Interactions of a sweep that is there, and the files that tell of them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from clustersim.core import arguments
from clustersim.core.errors import InputError
from clustersim.core.files import write
from clustersim.core.words import _
from clustersim.experiments.plan import Plan
from clustersim.experiments.reading import SweepResult, read_sweep
from clustersim.experiments.store import PLAN
from clustersim.results import manifest
from clustersim.results.exporting import write_frame
from clustersim.studies.synergy.interactions import Interactions, work_out
from clustersim.studies.synergy.values import values_of

NAME = "interactions"


def interactions(result: SweepResult | str | os.PathLike[str]) -> Interactions:
    """Return what the options of a sweep do together beyond the sum of each alone.

    Parameters
    ----------
    result : SweepResult, str or Path
        A sweep, or its folder. Its options must switch at least two levers and hold all four corners of a pair: neither, each
        alone, both, as a grid does.

    Returns
    -------
    Interactions
        Empty, with the reason in `why_none`, where the design holds no such corners.

    Raises
    ------
    InputError
        If there is no such sweep, it is not finished, or it is damaged.

    Notes
    -----
    All differences are taken within runs of the same world, seed and replicate, which share all chance. The band of each contrast
    is Student's t over these pairs, and holds with 95 % for all contrasts of its kind and outcome at once (Bonferroni).

    Examples
    --------
    >>> import tempfile
    >>> from clustersim import interactions, sweep
    >>> keys = {"institutions.government.coordination": [0.2, 0.8], "place.clusters.valley.trust": [0.3, 0.4]}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     found = interactions(sweep(
    ...         {"title": "Two", "scenarios": ["organic"], "replicates": 3, "years": 1, "levers": {"keys": keys}}, folder
    ...     ))
    >>> found.table.query("kind == 'pair' and outcome == 'employment'")["told"].tolist()
    ['none']
    """
    if not isinstance(result, SweepResult):
        if not isinstance(result, str | os.PathLike):
            raise arguments.refused("result", result, _("what sweep returned, or the folder of a sweep"))
        result = read_sweep(arguments.place(result, "result"))
    values = values_of(result.store)
    try:
        return work_out(result.plan, values, result.folder)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        if _sound(result.plan):
            raise
        said = _("is damaged: {reason}", reason=_("it does not hold together"))
        raise InputError(str(result.folder / PLAN), "", said) from error


def _sound(plan: Plan) -> bool:
    """Whether the scenarios of all options can be made."""
    try:
        for point in range(plan.points):
            plan.scenario(point)
    except (InputError, AttributeError, IndexError, KeyError, TypeError, ValueError):
        return False
    return True


def write_interactions(found: Interactions, extras: Callable[[Path], Iterable[Path]] | None = None) -> list[Path]:
    """Write the table as CSV and Parquet and all of it as JSON into the sweep's folder, with their hashes; return the files.

    They can be made again from the sweep at any time.

    Parameters
    ----------
    found : Interactions
        What was found; nothing is written where that is nothing.
    extras : callable, optional
        Called with a hidden folder, to add figures; returns the files that it made.
    """
    if found.folder is None or not found.found:
        return []
    with manifest.adding(found.folder) as place:
        made = [place / f"{NAME}.{ending}" for ending in ("csv", "parquet", "json")]
        for path in made[:2]:
            write_frame(found.table, path, path.suffix[1:])
        document = found.document() | {"files": manifest.FILES}
        write(made[2], json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
        made += extras(place) if extras is not None else ()
    return [found.folder / path.relative_to(place) for path in made]
