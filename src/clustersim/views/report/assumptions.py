"""The last sections of a page: assumptions with their sources, what was run, and the command that makes it again."""

from __future__ import annotations

from typing import Any

from clustersim.core.errors import InputError
from clustersim.model.parameters import PARAMETERS
from clustersim.policy.instruments.base import EVALUATION
from clustersim.policy.plugins.record import brought
from clustersim.policy.rule import Rule
from clustersim.results.provenance import code_said, parameter_values
from clustersim.scenario.keys import locate, parse_key
from clustersim.scenario.model import Scenario
from clustersim.studies.comparison import Comparison
from clustersim.studies.comparison import numbers as write
from clustersim.studies.comparison.titles import in_language, title
from clustersim.views.catalogue import label
from clustersim.views.figures.words import Words
from clustersim.views.report.page import Block
from clustersim.views.report.tables import Table
from clustersim.views.report.words import say

LONGEST = 60  # characters of a value


def of_comparison(c: Comparison, lang: str) -> list[Block]:
    """Return the assumptions of a comparison."""
    base = c.option(c.baseline).scenario
    found = [lead(lang)]
    for option in c.options:
        name = title(c, option.name, lang)
        found.append(programme(option.scenario, name, lang))
        changes = differing(base, option.scenario)
        if option.name != c.baseline and changes:
            heads = [say("key", lang), title(c, c.baseline, lang), name]
            caption = say("differs", lang, option=name, base=title(c, c.baseline, lang))
            found.append(Block("table", tables=[Table(caption, heads, changes, text=True)]))
    for option in c.options:
        found.append(sources(option.scenario, title(c, option.name, lang), lang))
    return [*found, parameters(base, lang)]


def of_run(scenario: Scenario, lang: str) -> list[Block]:
    """Return the assumptions of one scenario."""
    name = in_language(scenario.title, lang)
    return [lead(lang), programme(scenario, name, lang), sources(scenario, name, lang), parameters(scenario, lang)]


def lead(lang: str) -> Block:
    """Return the sentence that counts what is assumed."""
    listed = [p for declared in PARAMETERS.values() for p in declared.values()]
    assumed = sum(p.source == "assumed" for p in listed)
    return Block("text", say("assumptions_lead", lang, n=len(listed), assumed=assumed, sourced=len(listed) - assumed))


def programme(scenario: Scenario, name: str, lang: str) -> Block:
    """Return a programme as a table of its instruments."""
    words = Words(lang)
    if scenario.programme is None:
        return Block("text", f"{say('programme_of', lang, option=name)}: {say('no_programme', lang)}")
    rows = []
    for stage, instrument in scenario.programme.instruments():
        quarters = instrument.quarters or scenario.programme.stages[stage].quarters
        when = say("quarters_span", lang, first=instrument.start + 1, last=instrument.start + quarters)
        when += say("tapers", lang) if instrument.taper else ""
        use = str(instrument.use)  # type: ignore[attr-defined]
        label = scenario.programme.stages[stage].name.replace("_", " ")
        rows.append([words.instrument(use), label, write.number(instrument.per_year, lang, 0), when])
    if (rule := scenario.programme.evaluation) is not None:
        numbers = {name: write.localise(f"{getattr(rule, name):g}", lang) for name in ("keep", "gain")}
        numbers["span"] = write.years(round(4 * rule.every_years), lang)
        when = say("evaluated_every", lang, what=say(f"gate_{rule.indicator}", lang), **numbers)
        rows.append([words.instrument(EVALUATION), say("each_stage", lang), write.number(rule.per_year, lang, 0), when])
    if scenario.programme.rule is not None:
        rows.append(_rule(scenario.programme.rule, lang))
    heads = [say(key, lang) for key in ("instrument", "stage", "per_year", "when")]
    return Block("table", tables=[Table(say("programme_of", lang, option=name), heads, rows, text=True)])


def _rule(rule: Rule, lang: str) -> list[str]:
    """Return the line of a rule of the user's."""
    said = rule.model_dump(mode="json")
    use, span = said.pop("use"), write.years(said.pop("every"), lang)
    values = "; ".join(f"{key}: {write.localise(shown(value), lang)}" for key, value in said.items()) or write.NONE
    return [label(use), say("each_stage", lang), write.NONE, say("steered", lang, span=span, values=values)]


def differing(base: Scenario, other: Scenario) -> list[list[str]]:
    """Return the values that differ, but for titles, sources and the programme, which has its own table."""
    found: list[list[str]] = []
    left, right = (scenario.model_dump(mode="json") for scenario in (base, other))
    for part in ("place", "environment", "institutions", "parameters"):
        _compare(left[part], right[part], part, found)
    return found


def _compare(left: Any, right: Any, key: str, found: list[list[str]]) -> None:
    if isinstance(left, dict) and isinstance(right, dict):
        for part in dict.fromkeys([*left, *right]):
            _compare(left.get(part), right.get(part), f"{key}.{part}", found)
    elif left != right:
        found.append([key, shown(left), shown(right)])


def shown(value: Any) -> str:
    """Return a value of a scenario in a few characters."""
    if value is None:
        return write.NONE
    if isinstance(value, list):
        plain = not any(isinstance(item, dict) for item in value)
        text = ", ".join(shown(item) for item in value) if plain else f"[{len(value)}]"
    else:
        text = "…" if isinstance(value, dict) else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def sources(scenario: Scenario, name: str, lang: str) -> Block:
    """Return the values of a scenario that have a source, or are said to be assumed."""
    values = scenario.model_dump(mode="json")
    rows = []
    for key, source in scenario.sources.items():
        try:
            node: Any = values
            for part in locate(values, parse_key(key)):
                node = node[part]
            text = shown(node)
        except (InputError, KeyError, IndexError, TypeError):
            text = write.NONE
        rows.append([key, text, _source(source, lang)])
    heads = [say(key, lang) for key in ("key", "value", "source")]
    caption = say("scenario_sources", lang, option=name)
    return Block("details", caption, tables=[Table(caption, heads, rows, text=True)])


def _source(text: str, lang: str) -> str:
    """Return a source; the word "assumed" is the project's own and has its translation."""
    if lang == "en" or not text.startswith("assumed"):
        return text
    return say("assumed", lang) + text.removeprefix("assumed")


def parameters(scenario: Scenario, lang: str) -> Block:
    """Return all parameters with value, unit, range and source."""
    used = parameter_values(scenario)
    rows = [
        [
            f"{group}.{name}", _number(used[group][name], lang), p.unit, f"{_number(p.low, lang)} – {_number(p.high, lang)}",
            _source(p.source, lang) + (f"; {say('set_here', lang)}" if name in scenario.parameters.get(group, {}) else ""),
        ]
        for group, declared in PARAMETERS.items()
        for name, p in declared.items()
    ]  # fmt: skip
    heads = [say(key, lang) for key in ("parameter", "value", "unit", "range", "source")]
    table = Table(say("parameters_caption", lang), heads, rows, text=True)
    return Block("details", say("parameters_open", lang, n=len(rows)), tables=[table])


def _number(value: float, lang: str) -> str:
    text = f"{value:.6g}"
    return text if "e" in text else write.localise(text, lang)


def provenance(c: Comparison, lang: str) -> list[Block]:
    """Return how a comparison was made."""
    folder = f"results/{c.folder_name}"
    commands = [c.provenance["command"], f"clustersim report {folder}" + (" --lang es" if lang == "es" else "")]
    facts = made(c.provenance, lang)
    terms = [(say(f"term_{name}", lang), say(f"def_{name}", lang)) for name in ("simulation", "interval", "band")]
    rate = write.percent(c.discount, lang)
    terms.append((say("term_discount", lang), say("def_discount", lang, rate=rate)))
    terms.append((say("term_model", lang), say("def_model", lang)))
    return [
        Block("text", f"{say('command', lang)}, {say('command_report', lang)}:"),
        Block("code", "\n".join(commands)),
        *([] if all(option.file for option in c.options) else [Block("text", say("made_in_python", lang))]),
        Block("terms", pairs=facts),
        Block("heading", say("glossary", lang)),
        Block("terms", pairs=terms),
    ]


def made(said: dict[str, Any], lang: str) -> list[tuple[str, str]]:
    """Return what provenance says, as terms and values."""
    versions = ", ".join(f"{name} {version}" for name, version in said["versions"].items())
    facts = [
        (say("seed", lang), str(said["seed"])),
        (say("versions", lang), versions),
        (say("model_code", lang), code_said(said)[:16]),
        (say("machine", lang), say("machine_of", lang, **said["machine"] | {"memory": _memory(said["machine"]["memory"], lang)})),
    ]
    for plugin in said.get("plugins", ()):
        name = plugin.get("file") or f"{plugin['package']} {plugin['version']}"
        uses = ", ".join(brought(plugin))
        facts.append((say("plugin", lang), f"{name} ({plugin['sha256'][:16]}): {uses}"))
    if "started" in said:
        facts.append((say("made_on", lang), str(said["started"]).replace("T", " ").replace("+00:00", " UTC")))
        facts.append((say("seconds", lang), say("seconds_of", lang, n=write.number(said["seconds"], lang))))
    return facts


def _memory(text: str, lang: str) -> str:
    return text.replace("up to", "hasta") if lang == "es" else text
