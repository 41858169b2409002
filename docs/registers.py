"""Writes the table of registers that are known into docs/registers.md and its Spanish page: what a file of each layout gives.

The files lie in ``tests/scenario/registers/files``: some twelve firms each that do not exist, in the register's own headings and
codes. Run it after a change of a profile: ``python docs/registers.py``.
"""

from __future__ import annotations

from pathlib import Path

from clustersim.core.words import _, speaking
from clustersim.scenario.registers.plan import Plan, read_plan
from clustersim.scenario.registers.profiles.profiles import shipped

DOCS = Path(__file__).parent
FILES = DOCS.parent / "tests" / "scenario" / "registers" / "files"
BEGIN, END = "<!-- known: written by docs/registers.py -->", "<!-- end of the known -->"
PAGES = {"en": DOCS / "registers.md", "es": DOCS / "es" / "registros.md"}
HEADS = {
    "en": ("register", "country", "`--register`", "jobs", "sales", "exports", "activity", "place", "founded", "asks for",
        "read on its test file"),
    "es": ("registro", "país", "`--register`", "empleo", "ventas", "exportaciones", "actividad", "lugar", "fundación", "pide",
           "leído en su archivo de prueba"),
}  # fmt: skip
WORDS = {
    "en": {"number": "numbers", "class": "classes", "none": "–", "yes": "yes", "place": "coordinates", "town": "municipality",
           "doubt": "nothing", "nation": "table for `select --nation`", "read": "{firms} of {rows} rows"},
    "es": {"number": "números", "class": "clases", "none": "–", "yes": "sí", "place": "coordenadas", "town": "municipio",
           "doubt": "nada", "nation": "tabla para `select --nation`", "read": "{firms} de {rows} filas"},
}  # fmt: skip


def plans() -> dict[str, Plan]:
    """Return how the file of each layout of firms is read, without any option."""
    return {path.stem: read_plan(path) for path in sorted(FILES.iterdir()) if shipped()[path.stem].kind == "firms"}


def table(found: dict[str, Plan], lang: str) -> str:
    """Return the table in a language."""
    words = WORDS[lang]
    lines = [f"| {' | '.join(HEADS[lang])} |", f"|{' --- |' * len(HEADS[lang])}"]
    with speaking(lang):
        for name, profile in shipped().items():
            first = [profile.called(), profile.country or "", f"`{name}`"]
            if name in found:
                lines.append(f"| {' | '.join([*first, *cells(found[name], words)])} |")
            elif profile.kind == "nation":
                lines.append(f"| {' | '.join([*first, words['nation'], *[''] * 7])} |")
    return "\n".join(lines)


def cells(plan: Plan, words: dict[str, str]) -> list[str]:
    """Return what a layout gives, and what it asks for."""
    register, there = plan.build.register, plan.build.register.header.found

    def amount(name: str) -> str:
        return words["none"] if name not in there else words["class" if name in register.classes else "number"]

    exports = words["number"] if {"exports", "export_share"} & set(there) else words["none"]
    places = [words["place"]] if "latitude" in there or "x" in there else []
    places += [words["town"]] if "municipality" in there else []
    scheme = register.decisions.get("activity_scheme", _("text")) if "activity" in there else words["none"]
    asks = sorted({f"`--{answer.option.replace('_', '-')}`" for doubt in plan.doubts() for answer in doubt.answers})
    sales = amount("sales") + (
        f" ({register.known.money.currency})" if "sales" in there and register.known and register.known.money else ""
    )
    return [
        amount("employees"), sales, exports, scheme, ", ".join(places) or words["none"],
        words["yes"] if "year" in there else words["none"], ", ".join(asks) or words["doubt"],
        words["read"].format(firms=len(plan.build.rows), rows=len(register)),
    ]  # fmt: skip


def main() -> None:
    """Write the table between its marks in both pages."""
    found = plans()
    for lang, page in PAGES.items():
        before, _begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
        page.write_text(f"{before}{BEGIN}\n\n{table(found, lang)}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
