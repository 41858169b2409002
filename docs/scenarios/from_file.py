"""What a page says without a run: the story, the set-up and where the values come from, all read from the scenario's file."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

import yaml

from clustersim.instruments import INSTRUMENTS
from clustersim.policy.programme import Stage
from clustersim.scenario.loading import resolved, shipped_scenarios
from clustersim.scenario.model import Scenario

CITED = {"tractors": "tractor firms", "smes": "SMEs", "location_quotient": "location quotient", "trust": "trust",
         "export_share": "export share", "activity": "activity"}  # fmt: skip
REMARKS = ("title", "description", "translations", "seed", "replicates", "programme", "environment", "institutions")


def compact(name: str) -> Scenario:
    """Return a shipped scenario as its file and those that it extends say it, copies of clusters not written out."""
    about = resolved(name)
    stated = {group: {key: value for key, value in values.items() if about["origins"][f"parameters.{group}.{key}"] != "default"}
              for group, values in about["values"]["parameters"].items()}  # fmt: skip
    return Scenario.model_validate(about["values"] | {"parameters": stated})


def story(name: str) -> str:
    """Return the comment at the head of a scenario's file as Markdown, without the remark on money."""
    lines = []
    for line in shipped_scenarios()[name].read_text("utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line[1:])
    parts = []
    for blank, group in groupby(lines, key=lambda line: not line.strip()):
        text = list(group)
        if blank or text[0].startswith(" Money is in"):
            continue
        for command, piece in groupby(text, key=lambda line: line.startswith("   ")):
            words = "\n".join(line.strip() for line in piece)
            parts.append(f"```\n{words}\n```" if command else words)
    return "\n\n".join(parts)


def setup(name: str) -> str:
    """Return the tables of the set-up."""
    scenario = compact(name)
    extends = (yaml.safe_load(shipped_scenarios()[name].read_text("utf-8")) or {}).get("extends")
    government = scenario.institutions.government
    elections = f", elections every {government.election_years} years" if government.election_years else ""
    rows = [
        ("extends", f"[`{extends}`]({extends}.md)" if extends else "nothing"),
        ("horizon", f"{scenario.horizon.years:g} years from {scenario.horizon.start_year}"),
        ("replicates", f"{scenario.replicates} by default"),
        ("government", f"coordination {government.coordination:g}, {government.regime}, "
                       f"{government.orientation.replace('_', '-')}{elections}"
                       f"{''.join(map(_reform, government.reforms))}"),
        ("shocks", "; ".join(_shock(shock) for shock in scenario.environment.shocks) or "none"),
        ("programme", _programme(scenario)),
        ("parameters changed", ", ".join(f"`{group}.{key}` = {value:g}" for group, values in scenario.parameters.items()
                                         for key, value in values.items()) or "none"),
    ]  # fmt: skip
    parts = [_table(("", ""), rows), _clusters(scenario)]
    if scenario.programme:
        parts.append(_stages(scenario.programme.stages))
    return "\n\n".join(parts)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _shock(shock) -> str:
    lasting = f" for {shock.years:g} years" if shock.years else ""
    what = {"technology": f"technology turns by {shock.size:g} of the circle",
            "tractor_exit": f"the {shock.size:g} largest tractor firms of each cluster leave"}  # fmt: skip
    return f"{what.get(shock.kind, f'{shock.kind} by {shock.size:g}')} in year {shock.year:g}{lasting}"


def _reform(reform) -> str:
    changes = reform.model_dump(exclude={"year"}, exclude_none=True)
    return f"; from year {reform.year:g} " + ", ".join(f"{value}" if key == "regime" else f"{key} {value:g}"
                                                       for key, value in changes.items())  # fmt: skip


def _funder(funder) -> str:
    until = f" to {funder.until_year:g}" if funder.until_year else " on"
    return f"{funder.name.replace('_', ' ')} ({funder.kind}) {100 * funder.share:g} % from {funder.from_year:g}{until}"


def _programme(scenario: Scenario) -> str:
    programme = scenario.programme
    if programme is None:
        return "none"
    said = [f"led by {programme.lead} bodies" if programme.lead == "public" else f"{programme.lead} lead",
            f"announced in year {programme.announced:g}", f"{programme.lag_quarters} quarters from launch to action"]  # fmt: skip
    if programme.levels:
        named = {key: level for key in ("direction", "coordination", "execution") if (level := getattr(programme.levels, key))}
        said.append("levels: " + ", ".join(
            f"{key} {level.run}" + (f" at {100 * level.overhead:g} % of the money" if level.overhead else "")
            for key, level in named.items()))  # fmt: skip
    if evaluation := programme.evaluation:
        often = "each year" if evaluation.every_years == 1 else f"every {evaluation.every_years:g} years"
        cut = (f"where {evaluation.indicator} has risen by less than {evaluation.gain:g}, {100 * evaluation.keep:g} % of the "
               "money is paid") if evaluation.keep < 1 else "no finding cuts the money"  # fmt: skip
        said.append(f"evaluated {often} for {evaluation.per_year:g} kUSD a year, {cut}")
    if programme.budget:
        together = " for all clusters together" if programme.budget.shared else ""
        said.append(f"at most {programme.budget.per_year:,g} kUSD a year{together}")
    if programme.funders:
        said.append(f"paid, by years after that, by {', '.join(map(_funder, programme.funders))}")
    if programme.clusters:
        said.append(f"serves {', '.join(programme.clusters)}")
    if programme.selection:
        rounds = programme.selection.rounds
        if all(isinstance(one.clusters, int) for one in rounds):
            taken = " and ".join(f"{one.clusters} in year {one.year:g} of the programme" for one in rounds)
            said.append(f"takes {taken}, by {programme.selection.mode}")
        else:
            taken = ", ".join(f"{_taken(one.clusters)} in year {one.year:g}" for one in rounds)
            said.append(f"takes {taken} of the programme")
    if programme.scale:
        said.append("money of the stages times " + ", ".join(f"{v:.3g} ({k})" for k, v in programme.scale.items()))
    return "; ".join(said)


def _taken(clusters: int | tuple[str, ...]) -> str:
    return f"{clusters}" if isinstance(clusters, int) else " and ".join(f"`{name}`" for name in clusters)


def _clusters(scenario: Scenario) -> str:
    several = any(cluster.copies > 1 for cluster in scenario.place.clusters)
    head = ("cluster", *(("copies",) if several else ()), "segments", *CITED.values())
    rows = []
    for cluster in scenario.place.clusters:
        copies = (str(cluster.copies),) if several else ()
        numbers = (f"{getattr(cluster, key):g}" for key in CITED)
        rows.append((f"`{cluster.name}`", *copies, ", ".join(cluster.segments), *numbers))
    return _table(head, rows)


def _stages(stages: tuple[Stage, ...]) -> str:
    rows = []
    for stage in stages:
        when = [f"from quarter {stage.not_before}"] if stage.not_before else []
        if stage.gate:
            when.append(f"once {stage.gate.indicator} ≥ {stage.gate.at_least:g}")
        if stage.lead:
            when.append(f"{stage.lead} lead")
        alike: dict[tuple, list] = {}  # the same instrument in single clusters stands together
        for one in stage.instruments:
            alike.setdefault((one.use, len(one.clusters or ()) == 1 or id(one)), []).append(one)
        money = ", ".join(_instruments(group, stage.quarters) for group in alike.values())
        rows.append((stage.name.replace("_", " "), str(stage.quarters), ", ".join(when) or "at once", money))
    return _table(("stage", "quarters", "begins", "instruments, kUSD a year"), rows)


def _instruments(alike: list, quarters: int) -> str:
    """Return one instrument of a stage of so many quarters, or the same in several clusters, each with money of its own."""
    first = alike[0]
    name = next(name for name, kind in INSTRUMENTS.items() if type(first) is kind).replace("_", " ")
    money = sorted(instrument.per_year for instrument in alike)
    by = f", paid by {first.paid_by}" if first.paid_by == "firms" else ""
    notes = [f"{100 * first.cofinance:g} % private{by}"] if first.cofinance else []
    places = [place for instrument in alike for place in instrument.clusters or ()]
    if places:
        each = ", each with its own" if len(alike) > 1 else ""
        notes.append(places[0].replace("_", " ") if len(places) == 1 else f"{len(places)} clusters{each}")
    end = first.start + (first.quarters or quarters)
    if end > quarters:
        notes.append(f"quarters {first.start + 1} to {end}")
    amount = f"{money[0]:g}" if len(money) == 1 else f"{money[0]:.3g} to {money[-1]:.3g}"
    return f"{name} {amount}" + (f" ({', '.join(notes)})" if notes else "")


def assumed(name: str) -> str:
    """Return which values rest on a source, and which are assumed."""
    about = resolved(name)
    sources = about["sources"]
    stated = [key for key, origin in about["origins"].items() if origin != "default"]
    stated = [key for key in stated if key.split(".")[0] not in REMARKS or key.split(".")[0] in ("environment", "institutions")
              or key.startswith("programme.")]  # fmt: skip
    basis = {key: _basis(key, sources) for key in stated}
    firm = sorted({(source, text) for source, text in basis.values() if not text.startswith("assumed")}, key=_in_order)
    guessed = sum(text.startswith("assumed") for _, text in basis.values())
    partly = sum("assumed" in text for _, text in basis.values()) - guessed
    lead = (
        f"The scenario states {len(basis)} values, with those of what it extends: {len(basis) - partly - guessed} rest on a "
        f"source, {partly} stand below a source that gives the kind but not the number (an instrument, say, but not its money), "
        f"and {guessed} are assumed, as are all defaults marked so in [odd.md](../odd.md)."
    )
    rows = [(*_fact(about["values"], key), text) for key, text in firm]
    return "\n\n".join([lead, *([_table(("fact", "in the scenario", "place in the source"), rows)] if rows else [])])


def _in_order(cited: tuple[str, str]) -> list[tuple[int, str]]:
    """Return what sorts keys as they stand in the file: the tenth of a list behind the ninth."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"[.\[\]]+", cited[0])]


def _fact(values: dict[str, Any], key: str) -> tuple[str, str]:
    """Return what a key of a scenario is called, elements of lists by their names, and what the scenario says there."""
    said: Any = values
    named: list[str] = []
    for part in re.findall(r"[^.\[\]]+", key):
        if part.isdigit():
            said = said[int(part)]
            named[-1] += f".{said.get('name') or said.get('use') or part}"
        else:
            said = said[part]
            named.append(part)
    return f"`{'.'.join(named)}`", _said(said)


def _said(value: Any) -> str:
    """Return a value in few words; empty where it is more than that, and the set-up shows it."""
    if isinstance(value, dict):
        if "use" in value:
            return f"{value['use'].replace('_', ' ')}, {value['per_year']:g} kUSD a year" if "per_year" in value else value["use"]
        parts = {key.replace("_", " "): _said(one) for key, one in value.items()}
        return ", ".join(f"{key} {said}" for key, said in parts.items() if said)
    if isinstance(value, list | tuple):
        instruments = all(isinstance(one, dict) and "use" in one for one in value)
        said = [one["use"].replace("_", " ") if instruments else _said(one) for one in value]
        return ("; " if any(isinstance(one, dict) for one in value) and not instruments else ", ").join(dict.fromkeys(said))
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    return f"{value:g}" if isinstance(value, int | float) else str(value).replace("_", " ")


def _basis(key: str, sources: dict[str, str]) -> tuple[str, str]:
    """Return the most special source that covers a key, and what it says; what nobody cites is a remark of the file."""
    covering = [cited for cited in sources if key == cited or key.startswith((cited + ".", cited + "["))]
    return max(((c, sources[c]) for c in covering), key=lambda pair: len(pair[0]), default=("", "assumed"))
