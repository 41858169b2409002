"""Evidence as files: a document, a table, and what else is to lie beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from clustersim.core.files import appearing_together
from clustersim.results.describing import json_text
from clustersim.results.exporting import write_frame
from clustersim.results.manifest import SEALS, seal
from clustersim.studies.evidence.result import Evidence

DOCUMENT, TABLE = "evidence.json", "evidence.csv"


def write_evidence(found: Evidence, folder: Path, extras: Callable[[Path], Iterable[Path]] | None = None) -> list[Path]:
    """Write evidence.json and evidence.csv; each takes the place of an older one when all are done.

    Parameters
    ----------
    found : Evidence
        What was measured.
    folder : Path
        Where to; made if it does not exist.
    extras : callable, optional
        Called with a hidden folder, to add pictures; returns the files that it made.

    Returns
    -------
    list of Path
        The files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with appearing_together(folder, last=SEALS["evidence"]) as place:
        made = [place / DOCUMENT, place / TABLE]
        made[0].write_text(json_text(found.document() | {"files": SEALS["evidence"]}) + "\n", encoding="utf-8")
        write_frame(found.table, made[1], "csv")
        made += extras(place) if extras is not None else ()
        made.append(seal(place, name=SEALS["evidence"]))
    return [folder / path.name for path in made]
