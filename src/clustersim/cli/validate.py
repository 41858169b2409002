"""``clustersim validate``: measures patterns and plausibility, prints a table of each, leaves validation.json and pictures."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clustersim.core.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

FILE = "validation.json"
LANGUAGES = ("en", "es")
TEXTS = {
    "pattern": ("Pattern", "Patrón"),
    "statement": ("What must emerge", "Qué debe surgir"),
    "value": ("Value [5 %, 95 %]", "Valor [5 %, 95 %]"),
    "threshold": ("Threshold", "Umbral"),
    "verdict": ("Verdict", "Veredicto"),
    "ablation": ("Ablation", "Ablación"),
    "missing": ("not measured", "sin medir"),
    "below": (
        "the interval {interval} does not lie above the threshold {threshold}",
        "el intervalo {interval} no está por encima del umbral {threshold}",
    ),
    "undefined": (
        "the statistic has no value in most bootstrap samples",
        "el estadístico no tiene valor en la mayoría de las muestras bootstrap",
    ),
    "stays": (
        "without {mechanism} it stays: {interval} lies above the threshold {threshold}",
        "sin {mechanism} persiste: {interval} está por encima del umbral {threshold}",
    ),
    "sum": (
        "{n} measured with {replicates} replicates and seed {seed}: {shown} shown, {vanish} vanish without their mechanism.",
        "{n} medidos con {replicates} réplicas y semilla {seed}: {shown} se muestran, {vanish} desaparecen sin su mecanismo.",
    ),
    "written": ("Written", "Escrito"),
}


def say(key: str, lang: str, **values: object) -> str:
    """Return a text in a language, its fields filled in."""
    return TEXTS[key][LANGUAGES.index(lang)].format(**values)


def check_ids(given: Iterable[str], known: Sequence[str]) -> list[str]:
    """Return the ids in capitals, each once; raise `InputError` for one that there is not."""
    found: list[str] = []
    for text in given:
        id_ = text.strip().upper()
        if id_ not in known:
            number = re.fullmatch(r"P?0*(\d{1,2})", id_.replace("O", "0"))
            near = [f"P{int(number[1]):02d}"] if number else []
            near = [n for n in near if n in known] or difflib.get_close_matches(id_, known, 1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Allowed: {', '.join(known)}."
            raise InputError("--pattern", "", f"{text[:60]!r} is not a pattern", hint)
        if id_ not in found:
            found.append(id_)
    return found


def run(
    patterns: Iterable[str], quick: bool, seed: int, as_json: bool, out: Path, lang: str, compares: bool | None = None
) -> bool:
    """Measure patterns, write and print what was found; return whether all are shown and vanish when they must.

    `compares` says whether the firms are compared with published data as well; None: only if no pattern is named. What that
    finds does not change what is returned.
    """
    from clustersim.cli.actions import compile_if_cold, print_json
    from clustersim.cli.terminal import console
    from clustersim.core.version import __version__
    from clustersim.results.storage import check_writable
    from clustersim.studies.validation import plausibility, validation
    from clustersim.studies.validation.patterns import PATTERNS

    statements = {pattern.id: pattern.statement for pattern in PATTERNS}
    wanted = check_ids(patterns, sorted([*statements, *validation.MISSING]))
    if not 0 <= seed < 2**63:
        raise InputError("--seed", "", f"{seed} is not possible; allowed: a whole number from 0 to 2**63 - 1")
    check_writable(out)
    ids = [id_ for id_ in statements if not wanted or id_ in wanted]
    missing = {id_: why for id_, why in validation.MISSING.items() if not wanted or id_ in wanted}
    note = console(error=True)
    results: list[dict[str, Any]] = []
    compared: list[dict[str, Any]] = []
    compares = not wanted if compares is None else compares
    if ids or compares:
        compile_if_cold(note)
    if ids:
        results = _measure(note, ids, statements, lang, lambda told: validation.validate(ids, quick, seed, told))
    if compares:
        items = {item.id: item.statement for item in plausibility.ITEMS}
        compared = _measure(note, list(items), items, lang, lambda told: plausibility.compare(quick, seed, told))
    document = {
        "version": __version__, "seed": seed, "replicates": validation.QUICK if quick else validation.FULL, "patterns": results,
        "missing": missing, "plausibility_replicates": plausibility.QUICK if quick else plausibility.FULL,
        "plausibility": compared,
    }  # fmt: skip
    written = _write(out, document, lang)
    if as_json:
        print_json(document)
    else:
        _show(console(), document, written, lang)
    return bool(results) and all(result["passed"] and result["ablation_vanishes"] for result in results)


def _measure(
    note: Console, ids: Sequence[str], statements: Mapping[str, str], lang: str,
    work: Callable[[Callable[[str], None]], list[dict[str, Any]]],
) -> list[dict[str, Any]]:  # fmt: skip
    """Call ``work(progress)``, with a line for each pattern, or one that changes where somebody watches."""
    from clustersim.studies.validation.spanish import translate

    def line(id_: str) -> str:
        return f"{id_} ({ids.index(id_) + 1} / {len(ids)}): {translate(statements[id_], lang)}"

    if not note.is_terminal:
        return work(lambda id_: note.print(line(id_), markup=False, soft_wrap=True))
    with note.status("") as status:
        return work(lambda id_: status.update(line(id_)))


def _write(out: Path, document: dict[str, Any], lang: str) -> list[Path]:
    """Write the document and the pictures; a file takes the place of an older one when all of them are done."""
    from clustersim.cli.actions import json_text
    from clustersim.core.files import appearing_together
    from clustersim.views.figures.plausibility import draw_plausibility
    from clustersim.views.figures.validation import draw_validation

    out.mkdir(parents=True, exist_ok=True)
    with appearing_together(out) as place:
        made = [place / FILE]
        made[0].write_text(json_text(document) + "\n", encoding="utf-8")
        made += draw_validation(
            document["patterns"], document["missing"], place, document["seed"], document["replicates"], lang
        )
        if document["plausibility"]:
            made += draw_plausibility(
                document["plausibility"], place, document["seed"], document["plausibility_replicates"], lang
            )
    return [out / path.name for path in made]


def reasons(result: Mapping[str, Any], lang: str = "en") -> list[str]:
    """Return why a pattern is not shown, and why its ablation does not make it vanish; nothing if all is well."""
    from clustersim.studies.validation.spanish import translate
    from clustersim.views.figures.validation import interval, plain

    found = []
    told = {which: interval(result, which, lang) for which in ("", "ablated_")}
    threshold = plain(result["threshold"], lang)
    if not result["passed"]:
        undefined = told[""] == "–"
        found.append(say("undefined" if undefined else "below", lang, interval=told[""], threshold=threshold))
    if not result["ablation_vanishes"]:
        mechanism = translate(result["mechanism"], lang)
        found.append(say("stays", lang, mechanism=mechanism, interval=told["ablated_"], threshold=threshold))
    return found


def _show(out: Console, document: Mapping[str, Any], written: Sequence[Path], lang: str) -> None:
    from rich.text import Text

    from clustersim.cli.plausibility import show as show_plausibility
    from clustersim.cli.terminal import table
    from clustersim.studies.validation.spanish import translate
    from clustersim.views.figures.validation import interval, plain, verdicts
    from clustersim.views.figures.words import Words

    results, missing, words = document["patterns"], document["missing"], Words(lang)
    rows = {
        result["id"]: (
            translate(result["statement"], lang), interval(result, "", lang), plain(result["threshold"], lang),
            *verdicts(result, words),
        )
        for result in results
    }  # fmt: skip
    rows |= {id_: ("", "–", "–", say("missing", lang), "–") for id_ in missing}
    heads = (say(key, lang) for key in ("pattern", "statement", "value", "threshold", "verdict", "ablation"))
    shown = table(*heads, right=(3,))
    shown.columns[1].overflow = "fold"
    shown.columns[1].ratio = 1
    for place in (0, 3, 4, 5):
        shown.columns[place].no_wrap = True
    for id_ in sorted(rows):
        shown.add_row(id_, *(Text(cell) for cell in rows[id_]))
    out.print(shown)
    lines = [f"{result['id']}: {reason}." for result in results for reason in reasons(result, lang)]
    lines += [f"{id_}: {say('missing', lang)}: {translate(why, lang)}." for id_, why in missing.items()]
    lines.append(say(
        "sum", lang, n=len(results), replicates=document["replicates"], seed=document["seed"],
        shown=sum(r["passed"] for r in results), vanish=sum(r["ablation_vanishes"] for r in results),
    ))  # fmt: skip
    for line in lines:
        out.print(Text(line), soft_wrap=True)
    if document["plausibility"]:
        out.print()
        show_plausibility(out, document["plausibility"], document["plausibility_replicates"], lang)
    kinds = len({path.stem for path in written}) - 1
    out.print(Text(f"{say('written', lang)}: {written[0].parent} ({FILE}, {kinds} × PNG, SVG)"), soft_wrap=True)
