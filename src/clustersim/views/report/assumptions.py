"""The last sections of a page: assumptions with their sources, what was run, and the command that makes it again."""

from __future__ import annotations

from typing import Any

from clustersim.core import numbers
from clustersim.core.errors import InputError
from clustersim.core.words import N_, _, language
from clustersim.model.gates import GATES
from clustersim.model.parameters import PARAMETERS
from clustersim.policy.instruments.base import EVALUATION
from clustersim.policy.plugins.record import brought
from clustersim.policy.rule import Rule
from clustersim.results.provenance import code_said, parameter_values
from clustersim.scenario.keys import locate, parse_key
from clustersim.scenario.model import Scenario
from clustersim.studies.comparison import Comparison
from clustersim.studies.comparison.titles import option_title, title
from clustersim.views.catalogue import label
from clustersim.views.figures.names import instrument
from clustersim.views.report.page import Block
from clustersim.views.report.tables import Table

LONGEST = 60  # characters of a value
TERMS = {
    "simulation": (
        N_("Simulation (replicate)"),
        N_(
            "One possible history of the place. The same number means the same random draws in every option, so that two "
            "options differ only by what the programme changes."
        ),
    ),
    "interval": (
        N_("90 % interval"),
        N_(
            "How well this number of simulations pins down an average (bootstrap over simulations). It shrinks with more "
            "simulations and does not say where a single history falls."
        ),
    ),
    "band": (N_("Band (10 to 90 %)"), N_("Where the middle 80 % of single histories fall.")),
    "model": (
        N_("What no band shows"),
        N_("Whether the model is right. It is for comparing options, not for forecasting."),
    ),
}


def of_comparison(c: Comparison) -> list[Block]:
    """Return the assumptions of a comparison."""
    base = c.option(c.baseline).scenario
    found = [lead()]
    for option in c.options:
        name = option_title(c, option.name)
        found.append(programme(option.scenario, name))
        changes = differing(base, option.scenario)
        if option.name != c.baseline and changes:
            heads = [_("Key"), option_title(c, c.baseline), name]
            caption = _("What “{option}” changes against “{base}”", option=name, base=option_title(c, c.baseline))
            found.append(Block("table", tables=[Table(caption, heads, changes, text=True)]))
    for option in c.options:
        found.append(sources(option.scenario, option_title(c, option.name)))
    return [*found, parameters(base)]


def of_run(scenario: Scenario) -> list[Block]:
    """Return the assumptions of one scenario."""
    name = title(scenario)
    return [lead(), programme(scenario, name), sources(scenario, name), parameters(scenario)]


def lead() -> Block:
    """Return the sentence that counts what is assumed."""
    listed = [p for declared in PARAMETERS.values() for p in declared.values()]
    assumed = sum(p.source == "assumed" for p in listed)
    text = _(
        "The forms of the model come from the literature; most values do not and are assumed. Of {n} parameters, {assumed} are "
        "assumed and {sourced} have a source. Sources of the model and of the scenarios are given in the language in which they "
        "were written.",
        n=len(listed),
        assumed=assumed,
        sourced=len(listed) - assumed,
    )
    return Block("text", text)


def programme(scenario: Scenario, name: str) -> Block:
    """Return a programme as a table of its instruments."""
    plan = scenario.programme
    if plan is None:
        return Block("text", _("The programme of “{option}”: none; the place is left to itself.", option=name))
    rows = []
    for stage, paid in plan.instruments():
        quarters = paid.quarters or plan.stages[stage].quarters
        when = _("quarters {first} to {last}", first=paid.start + 1, last=paid.start + quarters)
        when += _(", then tapering off") if paid.taper else ""
        use = str(paid.use)  # type: ignore[attr-defined]
        rows.append([instrument(use), plan.stages[stage].name.replace("_", " "), numbers.number(paid.per_year, 0), when])
    if (rule := plan.evaluation) is not None:
        when = _(
            "every {span}; the money is multiplied by {keep} where {what} has risen by less than {gain}",
            span=numbers.years(round(4 * rule.every_years)), what=_(GATES[rule.indicator]),
            keep=numbers.shortest(rule.keep), gain=numbers.shortest(rule.gain),
        )  # fmt: skip
        rows.append([instrument(EVALUATION), _("each"), numbers.number(rule.per_year, 0), when])
    if plan.rule is not None:
        rows.append(_rule(plan.rule))
    heads = [_("Instrument"), _("Stage"), _("Thousand USD a year"), _("When, after the stage begins")]
    caption = _("The programme of “{option}”", option=name)
    return Block("table", tables=[Table(caption, heads, rows, text=True)])


def _rule(rule: Rule) -> list[str]:
    """Return the line of a rule."""
    said = rule.model_dump(mode="json")
    use, span = said.pop("use"), numbers.years(said.pop("every"))
    values = "; ".join(f"{key}: {_plain(value)}" for key, value in said.items()) or numbers.NONE
    steers = _("steers the money of the others every {span} ({values})", span=span, values=values)
    return [label(use), _("each"), numbers.NONE, steers]


def _plain(value: Any) -> str:
    """Return a setting: a number as the language writes it, anything else as it stands in the file."""
    return numbers.shortest(value) if isinstance(value, int | float) and not isinstance(value, bool) else shown(value)


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
        return numbers.NONE
    if isinstance(value, list):
        plain = not any(isinstance(item, dict) for item in value)
        text = ", ".join(shown(item) for item in value) if plain else f"[{len(value)}]"
    else:
        text = "…" if isinstance(value, dict) else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def sources(scenario: Scenario, name: str) -> Block:
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
            text = numbers.NONE
        rows.append([key, text, _source(source)])
    heads = [_("Key"), _("Value"), _("Source")]
    caption = _("Values of “{option}” and their sources", option=name)
    return Block("details", caption, tables=[Table(caption, heads, rows, text=True)])


def _source(text: str) -> str:
    """Return a source; the word "assumed" is the project's own and has its translation."""
    if not text.startswith("assumed"):
        return text
    return _("assumed") + text.removeprefix("assumed")


def parameters(scenario: Scenario) -> Block:
    """Return all parameters with value, unit, range and source."""
    used = parameter_values(scenario)
    rows = []
    for group, declared in PARAMETERS.items():
        for name, p in declared.items():
            value, low, high = (numbers.shortest(number) for number in (used[group][name], p.low, p.high))
            source = _source(p.source)
            if name in scenario.parameters.get(group, {}):
                source = _("{source}; set by the scenario", source=source)
            rows.append([f"{group}.{name}", value, _(p.unit), f"{low} – {high}", source])
    heads = [_("Parameter"), _("Value"), _("Unit"), _("Plausible range"), _("Source")]
    table = Table(_("Parameters of the model as they ran"), heads, rows, text=True)
    return Block("details", _("All {n} parameters with their sources", n=len(rows)), tables=[table])


def report_command(folder: str) -> str:
    """Return the command that writes this page again."""
    return f"clustersim report results/{folder}" + ("" if language() == "en" else f" --lang {language()}")


def glossary(*names: str) -> list[tuple[str, str]]:
    """Return terms and what they mean."""
    return [(_(term), _(meaning)) for term, meaning in (TERMS[name] for name in names)]


def provenance(c: Comparison) -> list[Block]:
    """Return how a comparison was made."""
    rate = numbers.rate(c.discount)
    discounting = _("Money and job-years count less the later they come: {rate} a year, from the start.", rate=rate)
    terms = [*glossary("simulation", "interval", "band"), (_("Discounting"), discounting), *glossary("model")]
    found = [
        Block("text", _("The command that makes this comparison again, and this page:")),
        Block("code", f"{c.provenance['command']}\n{report_command(c.folder_name)}"),
    ]
    if not all(option.file for option in c.options):
        remark = _(
            "Options that were made in Python have no file that the command could name; their scenarios are in comparison.json."
        )
        found.append(Block("text", remark))
    heading = Block("heading", _("How to read the numbers"))
    return [*found, Block("terms", pairs=made(c.provenance)), heading, Block("terms", pairs=terms)]


def made(said: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what provenance says, as terms and values."""
    versions = ", ".join(f"{name} {version}" for name, version in said["versions"].items())
    memory = str(said["machine"]["memory"])
    if memory.startswith("up to "):
        memory = _("up to {size}", size=memory.removeprefix("up to "))
    elif memory == "unknown":
        memory = _("unknown")
    machine = said["machine"] | {"memory": memory}
    facts = [
        (_("Seed"), str(said["seed"])),
        (_("Versions"), versions),
        (_("Model code (hash of its sources)"), code_said(said)[:16]),
        (_("Machine"), _("{system}, {architecture}, {processors} processors, memory {memory}", **machine)),
    ]
    for plugin in said.get("plugins", ()):
        name = plugin.get("file") or f"{plugin['package']} {plugin['version']}"
        uses = ", ".join(brought(plugin))
        facts.append((_("Plugin, hash of its code, what it brings"), f"{name} ({plugin['sha256'][:16]}): {uses}"))
    if "started" in said:
        facts.append((_("Made"), str(said["started"]).replace("T", " ").replace("+00:00", " UTC")))
        facts.append((_("Computing time"), _("{n} s", n=numbers.number(said["seconds"]))))
    return facts
