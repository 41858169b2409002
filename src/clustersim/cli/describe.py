"""What ``clustersim describe`` tells: parameters, indicators, instruments, rules, schema of scenarios, files of a result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

TOPICS = ("parameters", "indicators", "instruments", "rules", "schema", "results")


def parameters() -> list[dict[str, Any]]:
    """Return all declared parameters, one mapping each."""
    from clustersim.model.parameters import PARAMETERS

    return [
        {
            "mechanism": group, "name": name, "default": p.default, "unit": p.unit, "low": p.low, "high": p.high,
            "meaning": p.doc, "source": p.source,
        }
        for group, declared in PARAMETERS.items()
        for name, p in declared.items()
    ]  # fmt: skip


def indicators() -> list[dict[str, Any]]:
    """Return all indicators, one mapping each."""
    from clustersim.core.words import said_in
    from clustersim.model.indicators import INDICATORS

    return [
        {"name": name, "label": i.label, "etiqueta": said_in("es", i.label), "unit": i.unit, "formula": i.formula}
        for name, i in INDICATORS.items()
    ]


def _shown(default: Any) -> str:
    """Return a default as a reader would write it: a number, a list of names, or nothing."""
    if default is None:
        return ""
    if isinstance(default, bool):
        return str(default).lower()
    return ", ".join(default) if isinstance(default, tuple) else f"{default:g}"


def instruments() -> list[dict[str, Any]]:
    """Return all policy instruments, those of plugins included; see `clustersim.views.catalogue`."""
    from clustersim.views.catalogue import entries

    _load_installed()
    return entries()


def rules() -> list[dict[str, Any]]:
    """Return the rules that a programme may use now, all of them of plugins."""
    from clustersim.views.catalogue.rules import entries

    _load_installed()
    return entries()


def _load_installed() -> None:
    """Load what installed packages bring; say on stderr what cannot be used, and go on without it."""
    from clustersim.cli.terminal import console
    from clustersim.policy.plugins.installed import load_all

    for fault in load_all():
        console(error=True).print(str(fault), markup=False, soft_wrap=True)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file."""
    from clustersim.scenario.loading import scenario_json_schema

    _load_installed()
    return scenario_json_schema()


def results() -> dict[str, Any]:
    """Return the data dictionary: for each file of a result its rows and its columns with unit and meaning."""
    from clustersim.results.tables import DATA_DICTIONARY

    return {
        file: {
            "rows": said["rows"],
            "columns": [{"name": name, "unit": unit, "meaning": doc} for name, (unit, doc) in said["columns"].items()],
        }
        for file, said in DATA_DICTIONARY.items()
    }


def document(topic: str) -> Any:
    """Return what is to be told of a topic, as a JSON document."""
    return {
        "parameters": parameters,
        "indicators": indicators,
        "instruments": instruments,
        "rules": rules,
        "schema": schema,
        "results": results,
    }[topic]()


def show(topic: str, lang: str = "en") -> None:
    """Print a topic as tables; `lang` is the language of the catalogue of instruments."""
    from clustersim.cli.terminal import console, print_rows

    out = console()

    def rows(title: str, headings: Sequence[str], lines: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
        out.print(f"\n{title}", style="bold", markup=False)
        print_rows(out, headings, lines, right)

    found = document(topic)
    lines: list[tuple[str, ...]]
    if topic == "parameters":
        for group in dict.fromkeys(p["mechanism"] for p in found):
            lines = [
                (p["name"], f"{p['default']:g}", f"{p['low']:g} – {p['high']:g}", p["unit"], p["meaning"], p["source"])
                for p in found
                if p["mechanism"] == group
            ]
            rows(group, ("Parameter", "Default", "Range", "Unit", "Meaning", "Source"), lines, (1, 2))
        out.print("Set one with --set parameters.MECHANISM.PARAMETER=VALUE.")
    elif topic == "indicators":
        lines = [(i["name"], i["label"], i["unit"], i["formula"]) for i in found]
        rows("Indicators", ("Column", "Name", "Unit", "Formula"), lines)
    elif topic == "instruments":
        _show_instruments(out, found, lang)
        _show_rules(out, document("rules"), lang)
    elif topic == "rules":
        _show_rules(out, found, lang)
        if not found:
            out.print("No rule is loaded: clustersim brings none. See docs/extending.md.", markup=False)
    elif topic == "results":
        for file, said in found.items():
            rows(f"{file}: {said['rows']}", ("Column", "Unit", "Meaning"),
                 [(c["name"], c["unit"], c["meaning"]) for c in said["columns"]])  # fmt: skip


def _show_instruments(out: Console, found: list[dict[str, Any]], lang: str) -> None:
    """Print the catalogue: each instrument with its facts, then what all take, then what the grades mean."""
    from rich.text import Text

    from clustersim.cli.terminal import print_rows
    from clustersim.views.catalogue import common, facts, grade_meaning, own
    from clustersim.views.catalogue.words import FAMILIES, GRADE, PARAMETERS, TEXTS

    place = lang == "es"

    def parameters(listed: list[dict[str, Any]]) -> list[tuple[str, ...]]:
        meanings = [PARAMETERS.get(p["name"], p["meaning"]) if place else p["meaning"] for p in listed]
        return [(p["name"], TEXTS["required"][place] if p["required"] else _shown(p["default"]), p["range"], meaning)
                for p, meaning in zip(listed, meanings, strict=True)]  # fmt: skip

    heads = [TEXTS[key][place] for key in ("parameter", "default", "range", "meaning")]
    family = ""
    for entry in found:
        if entry["family"] != family:
            family = entry["family"]
            out.print(f"\n{FAMILIES[family][place]}", style="bold underline", markup=False)
        first, second = (entry["etiqueta"], entry["label"]) if place else (entry["label"], entry["etiqueta"])
        out.print(Text.assemble("\n", (entry["name"], "bold"), f"   {first} · {second}"), soft_wrap=True)
        meaning = entry["descripcion"] if place and entry["descripcion"] else entry["meaning"]
        out.print(Text(f"  {meaning}"), soft_wrap=True)
        for head, text in facts(entry, lang):
            out.print(Text(f"  {head:<13} {text}"), soft_wrap=True)
        for name, default, values, meaning in parameters(own(entry)):
            out.print(Text(f"  {TEXTS['own'][place]}: {name} ({values}; {default}). {meaning}"), soft_wrap=True)
    out.print(f"\n{TEXTS['common'][place]}", style="bold", markup=False)
    print_rows(out, heads, parameters(common(found)))
    out.print(f"\n{TEXTS['grades'][place]}", style="bold", markup=False)
    for grade, names in GRADE.items():
        out.print(Text(f"  {names[place]:<13} {grade_meaning(grade, lang)}"), soft_wrap=True)


def _show_rules(out: Console, found: list[dict[str, Any]], lang: str) -> None:
    """Print the rules that are known, if any, each with what a programme may set."""
    from rich.text import Text

    from clustersim.views.catalogue.words import GRADE, TEXTS

    place = lang == "es"
    if found:
        out.print(f"\n{TEXTS['rules'][place]}", style="bold underline", markup=False)
    for rule in found:
        out.print(Text.assemble("\n", (rule["name"], "bold"), f"   {rule['etiqueta']}"), soft_wrap=True)
        out.print(Text(f"  {(place and rule['descripcion']) or rule['meaning']}"), soft_wrap=True)
        facts = (("grade", GRADE[rule["grade"]][place]), ("source", rule["source"]), ("plugin", rule["plugin"]))
        for key, text in facts:
            out.print(Text(f"  {TEXTS[key][place]:<13} {text}"), soft_wrap=True)
        for p in rule["parameters"]:
            default = TEXTS["required"][place] if p["required"] else p["default"]
            out.print(Text(f"  {p['name']} ({p['allowed']}; {default}). {p['meaning']}"), soft_wrap=True)
