"""``clustersim select``: measures fifteen criteria for candidate activities, ranks them, and leaves tables and a figure."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "es")
SHOWN = 20
TEXTS = {
    "rank": ("Rank", "Puesto"),
    "band": ("10–90 %", "10–90 %"),
    "candidate": ("Candidate", "Candidato"),
    "score": ("Score", "Puntaje"),
    "known": ("Weight known", "Peso conocido"),
    "first": ("First in", "Primero en"),
    "criterion": ("Criterion", "Criterio"),
    "weight": ("Weight", "Peso"),
    "have": ("Candidates with a value", "Candidatos con valor"),
    "how": ("Formula, or what is missing", "Fórmula, o lo que falta"),
    "missing": ("missing: {what}", "falta: {what}"),
    "given": ("given", "dado"),
    "partly given": ("partly given; else: {formula}", "en parte dado; si no: {formula}"),
    "renormalised": (
        "{n} of {all} criteria are missing for all candidates; they count neither for nor against: each candidate's weights "
        "are spread over the criteria that it has (column Weight known).",
        "{n} de {all} criterios faltan para todos los candidatos; no cuentan ni a favor ni en contra: los pesos de cada "
        "candidato se reparten entre los criterios que tiene (columna Peso conocido).",
    ),
    "some": (
        "{n} candidates lack criteria that others have; their weights are spread in the same way.",
        "{n} candidatos carecen de criterios que otros tienen; sus pesos se reparten de la misma manera.",
    ),
    "sure": (
        "Bands: ranks under {draws} draws of weights around those set{sampled}. Scores compare candidates with each other only.",
        "Bandas: puestos con {draws} sorteos de pesos en torno a los fijados{sampled}. Los puntajes solo comparan candidatos "
        "entre sí.",
    ),
    "sampled": (", and the replicates of the run", ", y las réplicas de la corrida"),
    "alone": (
        "There is a single candidate: it can be measured, but not ranked.",
        "Hay un solo candidato: se puede medir, pero no ordenar.",
    ),
    "left_out": ("{n} firms are of no candidate.", "{n} empresas no son de ningún candidato."),
    "not_in_nation": (
        "{n} candidates do not stand in the nation's column {column}, such as {first}.",
        "{n} candidatos no figuran en la columna {column} de la nación, como {first}.",
    ),
    "more": ("{n} more candidates are in selection.csv.", "{n} candidatos más están en selection.csv."),
    "written": ("Written", "Escrito"),
}  # fmt: skip


def say(key: str, lang: str, **values: object) -> str:
    """Return a text in a language, its fields filled in."""
    return TEXTS[key][LANGUAGES.index(lang)].format(**values)


def run(
    table: Path, weights: Path | None, settings: Sequence[str], tables: dict[str, Any], options: dict[str, Any], out: Path | None,
    lang: str, as_json: bool,
) -> None:  # fmt: skip
    """Measure, rank, write and print."""
    from clustersim.cli.actions import print_json
    from clustersim.results.storage import check_writable
    from clustersim.studies.selection import from_register, from_result
    from clustersim.studies.selection.ranking import rank
    from clustersim.studies.selection.weights import read_weights

    chosen = read_weights(weights, settings)
    folder = out or Path("results") / f"selection-{table.stem}"
    check_writable(folder)
    if table.is_dir():
        measures = from_result.measure(table)
    else:
        measures = from_register.measure(table, from_register.Tables(**tables), **options)
    ranking = rank(measures, chosen)
    document = describe(ranking, lang)
    written = _write(folder, ranking, document, table.name, lang)
    if as_json:
        print_json(document | {"files": [str(path) for path in written]})
    else:
        _show(ranking, document, written, lang)


def describe(ranking: Any, lang: str) -> dict[str, Any]:
    """Return a ranking as a document: candidates in order with all that was measured, and the criteria with their weights."""
    from clustersim.core.version import __version__
    from clustersim.studies.selection.criteria import CRITERIA
    from clustersim.studies.selection.ranking import DRAWS

    measures = ranking.measures
    values = measures.median()
    low, high = _span(measures.values)
    candidates = [
        {
            "rank": place + 1, "candidate": measures.candidates[c], "score": _number(ranking.total[c]),
            "weight_known": round(float(ranking.covered[c]), 4), "rank_p10": float(ranking.low[c]),
            "rank_p50": float(ranking.middle[c]), "rank_p90": float(ranking.high[c]), "first_share": float(ranking.first[c]),
            "criteria": {
                name: {"value": _number(values[c, k]), "p10": _number(low[c, k]), "p90": _number(high[c, k]),
                       "score": _number(ranking.scores[c, k])}
                for k, name in enumerate(CRITERIA)
            },
        }
        for place, c in enumerate(ranking.order)
    ]  # fmt: skip
    criteria = [
        {
            "name": name, "label": c.label, "etiqueta": c.etiqueta, "kind": c.kind, "measure": c.measure, "unit": c.unit,
            "formula": c.run if measures.from_run else c.register, "source": c.source, "weight": float(ranking.weights[k]),
            "candidates": int((~(values[:, k] != values[:, k])).sum()), "used": measures.used.get(name),
            "missing": measures.missing.get(name),
        }
        for k, (name, c) in enumerate(CRITERIA.items())
    ]  # fmt: skip
    notes = [{"code": code} | fields for code, fields in measures.notes]
    return {
        "version": __version__, "samples": len(measures.values), "draws": DRAWS, "candidates": candidates, "criteria": criteria,
        "notes": notes, "sentences": sentences(ranking, lang),
    }  # fmt: skip


def sentences(ranking: Any, lang: str) -> list[str]:
    """Return what must be said beside the ranking."""
    import numpy as np

    from clustersim.studies.selection.criteria import CRITERIA
    from clustersim.studies.selection.ranking import DRAWS

    measures = ranking.measures
    there = ~np.isnan(ranking.scores)
    known = there.any(axis=0)
    lacking = int((~there[:, known].all(axis=1)).sum())
    found = [say("alone", lang)] if len(measures.candidates) == 1 else []
    if not known.all():
        found.append(say("renormalised", lang, n=int((~known).sum()), all=len(CRITERIA)))
    if lacking:
        found.append(say("some", lang, n=lacking))
    found += [say(code, lang, **fields) for code, fields in measures.notes]
    sampled = say("sampled", lang) if len(measures.values) > 1 else ""
    return [*found, say("sure", lang, draws=DRAWS, sampled=sampled)]


def _span(values: Any) -> Any:
    import numpy as np

    found = np.full((2, *values.shape[1:]), np.nan)
    some = ~np.isnan(values).all(axis=0)
    found[:, some] = np.nanpercentile(values[:, some], (10, 90), axis=0)
    return found


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _write(folder: Path, ranking: Any, document: dict[str, Any], whose: str, lang: str) -> list[Path]:
    """Write table, document and figure; each takes the place of an older one when all are done."""
    from clustersim.cli.actions import json_text
    from clustersim.core.files import appearing_together
    from clustersim.views.figures.selection import draw_selection

    folder.mkdir(parents=True, exist_ok=True)
    with appearing_together(folder) as place:
        with (place / "selection.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(_rows(document))
        (place / "selection.json").write_text(json_text(document) + "\n", encoding="utf-8")
        made = [place / "selection.csv", place / "selection.json", *draw_selection(ranking, place, whose, lang)]
    return [folder / path.name for path in made]


def _rows(document: dict[str, Any]) -> list[list[Any]]:
    """Return the ranked table: an empty cell is a missing value."""
    plain = ("rank", "candidate", "score", "weight_known", "rank_p10", "rank_p50", "rank_p90", "first_share")
    names = [c["name"] for c in document["criteria"]]
    rows: list[list[Any]] = [[*plain, *names, *(f"score_{name}" for name in names)]]
    for c in document["candidates"]:
        measured = [[c["criteria"][name][part] for name in names] for part in ("value", "score")]
        rows.append(["" if cell is None else cell for cell in (*(c[key] for key in plain), *measured[0], *measured[1])])
    return rows


def _show(ranking: Any, document: dict[str, Any], written: list[Path], lang: str) -> None:
    from rich.text import Text

    from clustersim.cli.terminal import console, number, print_rows
    from clustersim.studies.selection.spanish import translate

    out = console()
    rows = [
        (str(c["rank"]), f"{c['rank_p10']:.0f} – {c['rank_p90']:.0f}", c["candidate"], number(c["score"], lang),
         f"{c['weight_known']:.0%}", f"{c['first_share']:.0%}")
        for c in document["candidates"][:SHOWN]
    ]  # fmt: skip
    print_rows(out, [say(key, lang) for key in ("rank", "band", "candidate", "score", "known", "first")], rows, (0, 1, 3, 4, 5))
    total = len(document["candidates"])
    lines = []
    for c in document["criteria"]:
        formula = translate(c["formula"], lang)
        how = say("missing", lang, what=translate(c["missing"], lang)) if c["missing"] else formula
        if c["used"] in ("given", "partly given"):
            how = say(c["used"], lang, formula=formula or "–")
        lines.append((c["label" if lang == "en" else "etiqueta"], f"{c['weight']:g}", f"{c['candidates']} / {total}", how))
    print_rows(out, [say(key, lang) for key in ("criterion", "weight", "have", "how")], lines, (1, 2))
    if total > SHOWN:
        out.print(Text(say("more", lang, n=total - SHOWN)), soft_wrap=True)
    for sentence in document["sentences"]:
        out.print(Text(sentence), soft_wrap=True)
    out.print(Text(f"{say('written', lang)}: {', '.join(str(path) for path in written)}"), soft_wrap=True)
