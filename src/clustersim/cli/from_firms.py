"""``clustersim scenario from-firms``: builds a scenario from a firm register and says what was made of each row."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from clustersim.core.errors import InputError

LANGUAGES = ("en", "es")
TEXTS = {
    "title": ("Firms of {file}", "Empresas de {file}"),
    "rows": ("{rows} rows, {firms} firms used, {lost} rows not used, {blank} blank",
             "{rows} filas, {firms} empresas usadas, {lost} filas no usadas, {blank} vacías"),
    "read": ("Read as {encoding}, {separator}, decimal {decimal} (by {by}); starts in {year} ({year_by})",
             "Leído como {encoding}, {separator}, decimal {decimal} (por {by}); comienza en {year} ({year_by})"),
    "money": ("{column}: unit of money {unit}", "{column}: unidad de dinero {unit}"),
    "unclear": ("{column}: numbers that only this convention decides: {found}",
                "{column}: números que solo decide esa convención: {found}"),
    "unused": ("Columns that mean nothing here: {names}", "Columnas sin uso aquí: {names}"),
    "also": ("Columns not read, because another one of the same meaning is: {names}",
             "Columnas no leídas, porque se lee otra de igual significado: {names}"),
    "cluster": ("Cluster", "Clúster"),
    "tractors": ("Tractor firms", "Empresas tractoras"),
    "smes": ("SMEs", "Pymes"),
    "segments": ("Segments, upstream first", "Segmentos, aguas arriba primero"),
    "column": ("Column", "Columna"),
    "known": ("From the register", "Del registro"),
    "drawn": ("Drawn by the model", "Sorteado por el modelo"),
    "note": ("Remark (first case)", "Observación (primer caso)"),
    "count": ("Rows", "Filas"),
    "ties": ("{ties} ties from {rows} rows, {lost} rows not used, {remarks} remarks",
             "{ties} vínculos de {rows} filas, {lost} filas no usadas, {remarks} observaciones"),
    "grouped": ("{cluster}: grouped as 'other': {names}", "{cluster}: agrupadas como 'other': {names}"),
    "written": ("Written", "Escrito"),
    "next": ("Next", "Después"),
    # decisions
    "comma": ("comma", "coma"),
    "semicolon": ("semicolon", "punto y coma"),
    "tab": ("tab", "tabulador"),
    "point": ("point", "punto"),
    "numbers": ("the numbers themselves", "los propios números"),
    "separator": ("the separator", "el separador"),
    "latest founding": ("latest founding", "última fundación"),
    "today": ("today", "hoy"),
    "heading": ("as the heading says", "según el encabezado"),
    "usd": ("USD", "USD"),
    "kusd": ("thousands of USD", "miles de USD"),
    "musd": ("millions of USD", "millones de USD"),
    "usd (assumed)": ("USD (assumed)", "USD (supuesto)"),
}  # fmt: skip


def say(key: str, lang: str, **values: object) -> str:
    """Return a text in a language, its fields filled in; what has no text stands for itself."""
    if key not in TEXTS:
        return key
    return TEXTS[key][LANGUAGES.index(lang)].format(**values)


def run(
    firms: Path, ties: Path | None, activity_map: Path | None, out: Path | None, name: str | None, extends: str | None,
    start_year: int | None, money: str | None, decimal: str | None, ignore: Sequence[str], by_municipality: bool, force: bool,
    lang: str, as_json: bool,
) -> None:  # fmt: skip
    """Build, write and report."""
    from clustersim.cli.actions import print_json
    from clustersim.scenario.registers.building import build
    from clustersim.scenario.registers.columns import plain
    from clustersim.scenario.registers.report import summary
    from clustersim.scenario.registers.writing import check_outputs, outputs, write

    word = (plain(name or firms.stem) or "place")[:40]
    scenario = out or Path(f"{word if word[0].isalpha() else f'place_{word}'}.yaml")
    if scenario.suffix not in (".yaml", ".yml"):
        raise InputError("--out", "", f"{str(scenario)!r} must end in .yaml.")
    files = outputs(scenario, ties is not None)
    check_outputs(files, [path for path in (firms, ties, activity_map) if path is not None], force)
    found = build(
        firms, ties, activity_map, word, by_municipality, start_year=start_year, money=money, decimal=decimal, ignore=ignore
    )
    write(found, files, name or say("title", lang, file=firms.name), extends, lang)
    document = summary(found) | {"files": {kind: str(path) for kind, path in files.items()}}
    if as_json:
        print_json(document)
    else:
        _show(found, document, firms, lang)


def _show(found: Any, document: dict[str, Any], firms: Path, lang: str) -> None:
    from rich.text import Text

    from clustersim.cli.terminal import console, print_rows
    from clustersim.scenario.registers.report import label, remark

    out = console()

    def line(text: str) -> None:
        out.print(Text(text), soft_wrap=True)

    decisions = document["decisions"]
    line(f"{firms}: " + say("rows", lang, rows=document["rows"], firms=document["firms"], lost=document["not_used"],
                            blank=document["blank"]))  # fmt: skip
    words = {name: say(str(text), lang) for name, text in decisions.items()}
    line(say("read", lang, encoding=words["encoding"], separator=words["separator"], decimal=words["decimal"],
             by=words["decimal_by"], year=words["start_year"], year_by=words["start_year_by"]))  # fmt: skip
    for column in document["columns"]:
        if f"unit_{column}" in words:
            line(say("money", lang, column=label(column, lang), unit=words[f"unit_{column}"]))
        if f"unclear_{column}" in words:
            line(say("unclear", lang, column=label(column, lang), found=words[f"unclear_{column}"]))
    if document["columns_not_used"]:
        line(say("unused", lang, names=", ".join(document["columns_not_used"])))
    if document["columns_also"]:
        line(say("also", lang, names=", ".join(document["columns_also"])))
    rows = [(c["name"], f"{c['tractors']:,}", f"{c['smes']:,}", ", ".join(c["segments"])) for c in document["clusters"][:20]]
    print_rows(out, [say(key, lang) for key in ("cluster", "tractors", "smes", "segments")], rows, (1, 2))
    total = document["firms"]
    drawn = [(label(column, lang), f"{total - count:,}", f"{count:,}") for column, count in document["drawn"].items()]
    print_rows(out, [say(key, lang) for key in ("column", "known", "drawn")], drawn, (1, 2))
    notes = found.register.notes
    told = []
    for note in document["notes"]:
        code, column = note["code"], note["column"]
        told.append((remark(found, code, column, notes.example(code, column), lang), f"{note['rows']:,}"))
    if told:
        print_rows(out, [say("note", lang), say("count", lang)], told, (1,))
    for cluster in document["clusters"]:
        if cluster["grouped"]:
            line(say("grouped", lang, cluster=cluster["name"], names=", ".join(cluster["grouped"][:20])))
    if "ties" in document:
        ties = document["ties"]
        line(say("ties", lang, ties=ties["ties"], rows=ties["rows"], lost=ties["not_used"], remarks=ties["remarks"]))
    line(f"{say('written', lang)}: {', '.join(document['files'].values())}")
    line(f"{say('next', lang)}: clustersim run {shlex.quote(document['files']['scenario'])}")
