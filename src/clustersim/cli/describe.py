"""``clustersim describe``: parameters, indicators, instruments, rules, schema of scenarios, files of a result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clustersim.cli.options import AsJson, PluginFiles, use_plugins
from clustersim.core.errors import InputError
from clustersim.core.words import _, _c, language

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

TOPICS = ("parameters", "indicators", "instruments", "rules", "manual", "schema", "results")


def describe(
    topic: Annotated[
        str, typer.Argument(metavar="TOPIC", help="parameters, indicators, instruments, rules, manual, schema or results")
    ],
    as_json: AsJson = False,
    plugin: PluginFiles = None,
) -> None:
    """Describe parameters, indicators, instruments, rules, what is here of the ILO manual, the scenario schema, or files."""
    from clustersim.cli.terminal import console, print_json
    from clustersim.scenario.keys import did_you_mean

    use_plugins(plugin)
    if topic not in TOPICS:
        hint = did_you_mean(topic, TOPICS, _("Allowed: {names}.", names=", ".join(TOPICS)))
        raise InputError("describe", "", _("{topic!r} is not a topic", topic=topic[:60]), hint)
    found = document(topic)
    if as_json or topic == "schema":
        print_json(found)
    else:
        shows: dict[str, Callable[[Console, Any], None]] = {
            "parameters": _show_parameters, "indicators": _show_indicators, "instruments": _show_instruments,
            "rules": _show_rules, "manual": _show_manual, "results": _show_results,
        }  # fmt: skip
        shows[topic](console(), found)


def document(topic: str) -> Any:
    """Return what is to be told of a topic, as a JSON document."""
    from clustersim.results import describing
    from clustersim.scenario.loading import scenario_json_schema
    from clustersim.views.catalogue import entries
    from clustersim.views.catalogue.manual import entries as manual
    from clustersim.views.catalogue.rules import entries as rules

    if topic in ("indicators", "instruments", "results", "rules", "schema"):
        _load_installed()
    return {
        "parameters": describing.parameters,
        "indicators": describing.indicators,
        "instruments": entries,
        "rules": rules,
        "manual": manual,
        "schema": scenario_json_schema,
        "results": describing.result_files,
    }[topic]()


def _load_installed() -> None:
    """Load what installed packages bring; say on stderr what cannot be used, and go on without it."""
    from clustersim.cli.terminal import console, say
    from clustersim.policy.plugins.installed import load_all

    for fault in load_all():
        say(console(error=True), str(fault))


def _titled(out: Console, title: str, heads: Sequence[str], lines: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
    from clustersim.cli.terminal import literal, print_rows

    out.print(literal(f"\n{title}", "bold"))
    print_rows(out, heads, lines, right)


def _show_parameters(out: Console, found: list[dict[str, Any]]) -> None:
    from clustersim.cli.terminal import say
    from clustersim.core.numbers import shortest

    heads = (_("Parameter"), _("Default"), _("Range"), _("Unit"), _("Meaning"), _("Source"))
    for group in dict.fromkeys(p["mechanism"] for p in found):
        lines = [
            (p["name"], shortest(p["default"]), f"{shortest(p['low'])} – {shortest(p['high'])}", _(p["unit"]), p["meaning"],
             p["source"])
            for p in found
            if p["mechanism"] == group
        ]  # fmt: skip
        _titled(out, group, heads, lines, (1, 2))
    say(out, _("Set one with --set parameters.MECHANISM.PARAMETER=VALUE."))


def _show_indicators(out: Console, found: list[dict[str, Any]]) -> None:
    lines = [(i["name"], i["label" if language() == "en" else "etiqueta"], _(i["unit"]), i["formula"]) for i in found]
    _titled(out, _("Indicators"), (_("Column"), _("Name"), _("Unit"), _("Formula")), lines)


def _show_results(out: Console, found: dict[str, Any]) -> None:
    heads = (_("Column"), _("Unit"), _("Meaning"))
    for file, said in found.items():
        lines = [(c["name"], _(c["unit"]), c["meaning"]) for c in said["columns"]]
        _titled(out, f"{file}: {said['rows']}", heads, lines)


def _shown(default: Any) -> str:
    """Return a default as a reader would write it: a number, a name, a list of names, or nothing."""
    if default is None or isinstance(default, str):
        return default or ""
    if isinstance(default, bool):
        return str(default).lower()
    return ", ".join(default) if isinstance(default, tuple) else f"{default:g}"


def _named(name: str, label: str) -> Text:
    """Return the line that an entry begins with, below an empty one."""
    from clustersim.cli.terminal import literal

    return literal("\n").append_text(literal(name, "bold")).append_text(literal(f"   {label}"))


def _show_instruments(out: Console, found: list[dict[str, Any]]) -> None:
    """Print the catalogue: each instrument with its facts, then what all take, then what the grades mean, then the rules."""
    from clustersim.cli.terminal import literal, print_rows, say
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
            out.print(literal(f"\n{_(FAMILIES[family])}", "bold underline"))
        name, meaning = entry["label"], entry["meaning"]
        if language() == "es":
            name, meaning = entry["etiqueta"], entry["descripcion"]
        out.print(_named(entry["name"], name), soft_wrap=True)
        say(out, f"  {meaning}")
        for head, text in facts(entry):
            say(out, f"  {head:<13} {text}")
        for name, default, values, said in parameters(own(entry)):
            say(out, f"  {_('Own parameter')}: {name} ({values}; {default}). {said}")
    out.print(literal("\n" + _("Every instrument takes"), "bold"))
    print_rows(out, (_("Parameter"), _("Default"), _("Range"), _("Meaning")), parameters(common(found)))
    out.print(literal("\n" + _("Grades of evidence"), "bold"))
    for name, meaning in GRADES.items():
        say(out, f"  {grade(name):<13} {_(meaning)}")
    _show_rules(out, document("rules"))


def _show_manual(out: Console, found: list[dict[str, str]]) -> None:
    """Print what of the ILO manual is found here, a table for each of its places."""
    from clustersim.views.catalogue.manual import KINDS, PLACES

    for place, what in PLACES.items():
        lines = [(one["item"], _(KINDS[one["kind"]]), one["name"]) for one in found if one["place"] == f"ILO {place}"]
        _titled(out, f"ILO {place}: {_(what)}", (_("In the manual"), _("Here"), _("Name")), lines)


def _show_rules(out: Console, found: list[dict[str, Any]]) -> None:
    """Print the rules that are known, each with what a programme may set."""
    from clustersim.cli.terminal import literal, say
    from clustersim.views.catalogue import label, meaning
    from clustersim.views.catalogue.words import grade

    out.print(literal("\n" + _("Rules, which steer the money of a programme"), "bold underline"))
    for rule in found:
        out.print(_named(rule["name"], label(rule["name"])), soft_wrap=True)
        say(out, f"  {meaning(rule['name'])}")
        facts = [(_("evidence"), grade(rule["grade"])), (_("source"), _(rule["source"]))]
        facts += [(_("money"), _("the planned total of the quarter stays; it is divided anew"))] if rule["keeps_total"] else []
        facts += [(_c("plugin", "from"), rule["plugin"])] if rule["plugin"] else []
        for head, text in facts:
            say(out, f"  {head:<13} {text}")
        for p in rule["parameters"]:
            default = _("required") if p["required"] else p["default"]
            say(out, f"  {p['name']} ({p['allowed']}; {default}). {_(p['meaning'])}")
