"""A selection as a document, in words and as a table: candidates in order with all that was measured."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from clustersim.core.cells import write_rows
from clustersim.core.files import appearing_together
from clustersim.core.numbers import number
from clustersim.core.version import __version__
from clustersim.core.words import N_, _, _n, said_in, speaking
from clustersim.results.describing import json_text
from clustersim.results.manifest import SEALS, seal
from clustersim.studies.selection.measures import FEW
from clustersim.studies.selection.ranking import DRAWS, Ranking

# What is to be said of the data, by the code that `Measures.notes` has: of one and of several.
NOTES = {
    "left_out": (
        N_("One firm is of no candidate; its activity is {activities}."),
        N_("{n} firms are of no candidate; their activities: {activities}."),
    ),
    "nation_money": (
        N_("The nation's column {column} is not read: its currency and the rate must be given."),
        N_("The nation's columns {column} are not read: their currency and the rate must be given."),
    ),
    "not_in_nation": (
        N_("One candidate does not stand in the nation's column {column}: {first}."),
        N_("{n} candidates do not stand in the nation's column {column}, such as {first}."),
    ),
}


def describe(ranking: Ranking, lang: str | None = None) -> dict[str, Any]:
    """Return a ranking as a document.

    Parameters
    ----------
    ranking : Ranking
        From `clustersim.studies.selection.ranking.rank`.
    lang : str, optional
        Language of the sentences; the one in force if not given.

    Returns
    -------
    dict
        ``candidates`` in order with score, rank and its band, and all that was measured; ``criteria`` with their weights and
        what is missing; ``sentences``: what must be said beside the ranking.
    """
    measures = ranking.measures
    values = measures.median()
    low, high = _span(measures.values)
    candidates = [
        {
            "rank": int(ranking.place[c]), "tied": bool(ranking.tied[c]), "candidate": measures.candidates[c],
            "name": measures.names.get(measures.candidates[c], {}).get("en", ""),
            "nombre": measures.names.get(measures.candidates[c], {}).get("es", ""), "uncertain": measures.uncertain(c),
            "score": _number(ranking.total[c]),
            "weight_known": round(float(ranking.covered[c]), 4), "rank_p10": float(ranking.low[c]),
            "rank_p50": float(ranking.middle[c]), "rank_p90": float(ranking.high[c]), "first_share": float(ranking.first[c]),
            "criteria": {
                name: {"value": _number(values[c, k]), "p10": _number(low[c, k]), "p90": _number(high[c, k]),
                       "score": _number(ranking.scores[c, k])}
                for k, name in enumerate(measures.criteria)
            },
        }
        for c in ranking.order.tolist()
    ]  # fmt: skip
    criteria = [
        {
            "name": name, "label": c.label, "etiqueta": said_in("es", c.label), "kind": c.kind, "measure": c.measure,
            "unit": c.unit, "better": "less" if c.less else "more", "formula": c.run if measures.from_run else c.register,
            "source": c.source,
            "weight": float(ranking.weights[k]),
            "candidates": int((~np.isnan(values[:, k])).sum()), "used": measures.used.get(name),
            "missing": measures.missing.get(name),
        }
        for k, (name, c) in enumerate(measures.criteria.items())
    ]  # fmt: skip
    notes = [{"code": code} | fields for code, fields in measures.notes]
    with speaking(lang):
        said = sentences(ranking)
    return {
        "version": __version__, "samples": len(measures.values), "draws": DRAWS, "candidates": candidates, "criteria": criteria,
        "notes": notes, "sentences": said,
    }  # fmt: skip


def sentences(ranking: Ranking) -> list[str]:
    """Return what must be said beside the ranking, in the language in force."""
    measures = ranking.measures
    there = ~np.isnan(ranking.scores)
    known = there.any(axis=0)
    lacking = int((~there[:, known].all(axis=1)).sum())
    found = []
    if len(measures.candidates) == 1:
        found.append(_("There is a single candidate: it can be measured, but not ranked."))
    if not known.all():
        found.append(_(
            "{n} of {all} criteria are missing for all candidates; they count neither for nor against: each candidate's weights "
            "are spread over the criteria that it has (column Weight known).",
            n=int((~known).sum()), all=len(measures.criteria),
        ))  # fmt: skip
    if lacking:
        found.append(_n(
            "One candidate lacks criteria that others have; its weights are spread in the same way.",
            "{n} candidates lack criteria that others have; their weights are spread in the same way.",
            lacking, n=number(lacking, 0),
        ))  # fmt: skip
    if scarce := sum(measures.uncertain(c) for c in range(len(measures.candidates))):
        found.append(_n(
            "One candidate has fewer than {few} firms and is marked with a star: a firm more or less changes its measures.",
            "{n} candidates have fewer than {few} firms and are marked with a star: a firm more or less changes their measures.",
            scarce, n=number(scarce, 0), few=FEW,
        ))  # fmt: skip
    if ranking.tied.any():
        found.append(_("Candidates of the same score share a rank, which is then written with an equals sign."))
    found += [_note(code, fields) for code, fields in measures.notes]
    if len(measures.values) > 1:
        found.append(_(
            "Bands: ranks under {draws} draws of weights around those set, and the replicates of the run. Scores compare "
            "candidates with each other only.", draws=number(DRAWS, 0),
        ))  # fmt: skip
    else:
        found.append(_(
            "Bands: ranks under {draws} draws of weights around those set. Scores compare candidates with each other only.",
            draws=number(DRAWS, 0),
        ))  # fmt: skip
    return found


def _note(code: str, fields: dict[str, Any]) -> str:
    one, many = NOTES[code]
    return _(one if fields["n"] == 1 else many, **fields | {"n": number(fields["n"], 0)})


def _span(values: np.ndarray) -> np.ndarray:
    found = np.full((2, *values.shape[1:]), np.nan)
    some = ~np.isnan(values).all(axis=0)
    found[:, some] = np.nanpercentile(values[:, some], (10, 90), axis=0)
    return found


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def rows(document: dict[str, Any]) -> list[list[Any]]:
    """Return the ranked table of a document: header and candidates; an empty cell is a missing value."""
    plain = ("rank", "tied", "candidate", "name", "nombre", "uncertain", "score", "weight_known", "rank_p10", "rank_p50",
             "rank_p90", "first_share")  # fmt: skip
    names = [c["name"] for c in document["criteria"]]
    found: list[list[Any]] = [[*plain, *names, *(f"score_{name}" for name in names)]]
    for c in document["candidates"]:
        measured = [[c["criteria"][name][part] for name in names] for part in ("value", "score")]
        cells = (*(c[key] for key in plain), *measured[0], *measured[1])
        found.append(["" if cell is None else int(cell) if isinstance(cell, bool) else cell for cell in cells])
    return found


def write_selection(
    document: dict[str, Any], folder: Path, extras: Callable[[Path], Iterable[Path]] | None = None
) -> list[Path]:
    """Write selection.csv and selection.json; each takes the place of an older one when all are done.

    Parameters
    ----------
    document : dict
        From `describe`.
    folder : Path
        Where to; made if it does not exist.
    extras : callable, optional
        Called with a hidden folder, to add figures; returns the files that it made.

    Returns
    -------
    list of Path
        The files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with appearing_together(folder, last=SEALS["selection"]) as place:
        made = [place / "selection.csv", place / "selection.json"]
        with made[0].open("w", encoding="utf-8", newline="") as stream:
            write_rows(stream, rows(document))
        made[1].write_text(json_text(document | {"files": SEALS["selection"]}) + "\n", encoding="utf-8")
        made += extras(place) if extras is not None else ()
        made.append(seal(place, name=SEALS["selection"]))
    return [folder / path.name for path in made]
