"""What ``clustersim describe`` tells: parameters, indicators, instruments, rules, schema of scenarios, files of a result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from clustersim.core.numbers import shortest
from clustersim.core.words import _, _c, language

if TYPE_CHECKING:
    from rich.console import Console

TOPICS = ("parameters", "indicators", "instruments", "rules", "schema", "results")


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


def document(topic: str) -> Any:
    """Return what is to be told of a topic, as a JSON document."""
    from clustersim.views.catalogue.declared import indicators, parameters, results

    return {
        "parameters": parameters,
        "indicators": indicators,
        "instruments": instruments,
        "rules": rules,
        "schema": schema,
        "results": results,
    }[topic]()


def show(topic: str) -> None:
    """Print a topic as tables."""
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
                (p["name"], shortest(p["default"]), f"{shortest(p['low'])} – {shortest(p['high'])}", _(p["unit"]), p["meaning"],
                 p["source"])
                for p in found
                if p["mechanism"] == group
            ]
            rows(group, ("Parameter", "Default", "Range", "Unit", "Meaning", "Source"), lines, (1, 2))
        out.print("Set one with --set parameters.MECHANISM.PARAMETER=VALUE.")
    elif topic == "indicators":
        lines = [(i["name"], _(i["label"]), _(i["unit"]), i["formula"]) for i in found]
        rows("Indicators", ("Column", "Name", "Unit", "Formula"), lines)
    elif topic == "instruments":
        _show_instruments(out, found)
        _show_rules(out, document("rules"))
    elif topic == "rules":
        _show_rules(out, found)
        if not found:
            out.print("No rule is loaded: clustersim brings none. See docs/extending.md.", markup=False)
    elif topic == "results":
        for file, said in found.items():
            rows(f"{file}: {said['rows']}", ("Column", "Unit", "Meaning"),
                 [(c["name"], _(c["unit"]), c["meaning"]) for c in said["columns"]])  # fmt: skip


def _show_instruments(out: Console, found: list[dict[str, Any]]) -> None:
    """Print the catalogue: each instrument with its facts, then what all take, then what the grades mean."""
    from rich.text import Text

    from clustersim.cli.terminal import print_rows
    from clustersim.policy.instruments.base import GRADES
    from clustersim.views.catalogue import common, facts, own
    from clustersim.views.catalogue.words import FAMILIES, grade

    def parameters(listed: list[dict[str, Any]]) -> list[tuple[str, ...]]:
        return [(p["name"], _("required") if p["required"] else _shown(p["default"]), p["range"], _(p["meaning"]))
                for p in listed]  # fmt: skip

    family = ""
    for entry in found:
        if entry["family"] != family:
            family = entry["family"]
            out.print(f"\n{_(FAMILIES[family])}", style="bold underline", markup=False)
        names, meaning = (entry["label"], entry["etiqueta"]), entry["meaning"]
        if language() == "es":
            names, meaning = names[::-1], entry["descripcion"] or meaning
        out.print(Text.assemble("\n", (entry["name"], "bold"), f"   {' · '.join(names)}"), soft_wrap=True)
        out.print(Text(f"  {meaning}"), soft_wrap=True)
        for head, text in facts(entry):
            out.print(Text(f"  {head:<13} {text}"), soft_wrap=True)
        for name, default, values, said in parameters(own(entry)):
            out.print(Text(f"  {_('Own parameter')}: {name} ({values}; {default}). {said}"), soft_wrap=True)
    out.print(f"\n{_('Every instrument takes')}", style="bold", markup=False)
    print_rows(out, [_("Parameter"), _("Default"), _("Range"), _("Meaning")], parameters(common(found)))
    out.print(f"\n{_('Grades of evidence')}", style="bold", markup=False)
    for name, meaning in GRADES.items():
        out.print(Text(f"  {grade(name):<13} {_(meaning)}"), soft_wrap=True)


def _show_rules(out: Console, found: list[dict[str, Any]]) -> None:
    """Print the rules that are known, if any, each with what a programme may set."""
    from rich.text import Text

    from clustersim.views.catalogue.words import grade

    if found:
        out.print(f"\n{_('Rules, which steer the money of a programme')}", style="bold underline", markup=False)
    for rule in found:
        out.print(Text.assemble("\n", (rule["name"], "bold"), f"   {rule['etiqueta']}"), soft_wrap=True)
        out.print(Text(f"  {(language() == 'es' and rule['descripcion']) or rule['meaning']}"), soft_wrap=True)
        facts = ((_("evidence"), grade(rule["grade"])), (_("source"), _(rule["source"])), (_c("plugin", "from"), rule["plugin"]))
        for head, text in facts:
            out.print(Text(f"  {head:<13} {text}"), soft_wrap=True)
        for p in rule["parameters"]:
            default = _("required") if p["required"] else p["default"]
            out.print(Text(f"  {p['name']} ({p['allowed']}; {default}). {_(p['meaning'])}"), soft_wrap=True)
