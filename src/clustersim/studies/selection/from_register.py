"""Measures the criteria in a register of firms: one candidate for each activity, or for each cluster of an activity map."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from clustersim.core.errors import InputError, cut
from clustersim.core.words import LANGUAGES, N_, _
from clustersim.scenario.registers.activities import ActivityMap, read_map
from clustersim.scenario.registers.activity_codes import activity_name
from clustersim.scenario.registers.asking import Asked
from clustersim.scenario.registers.places import locate
from clustersim.scenario.registers.reading import refuse_doubts
from clustersim.scenario.registers.register import Register, read_register, refuse_idle
from clustersim.studies.selection.criteria import MORE, Criterion
from clustersim.studies.selection.facts import candidate_of, of_nation, read_facts, read_nation
from clustersim.studies.selection.measures import Measures, blank, column, ratio

YEARS = 5.0
_NOTHING = Asked()
SHOWN, ACTIVITY_MOST = 3, 40  # activities of no candidate that are named, the most frequent first; characters of each
OLDEST = 10.0  # percentile of founding years: a single old firm, or a slip, does not make experience

NEEDS = {
    "experience": N_("a column year founded"),
    "exports": N_("columns sales and exports, or --nation with exports"),
    "employment": N_("a column employees"),
    "domestic_value_added": N_("--facts with a column domestic_value_added"),
    "economic_weight": N_("a column sales"),
    "dynamism": N_("--before with an earlier register, or --facts with a column growth or world_growth"),
    "global_value_chain": N_("columns employees and foreign-owned"),
    "latent_potential": N_("--facts with a column world_growth, and a column year founded"),
    "tractor_firms_willing": N_("a column willing, or --facts with a column tractor_firms_willing"),
    "coordination_experience": N_("--facts with a column coordination_experience"),
    "guild_experience": N_("--facts with a column guild_experience"),
    "critical_mass": N_("firms"),
    "geographic_concentration": N_("--nation with employees, or places of firms"),
    "value_chain_links": N_("--activity-map with segments"),
    "non_local_demand": N_("a column exports"),
}


@dataclass(frozen=True)
class Tables:
    """What may stand beside the register: activity map, the nation's table, facts, an earlier register; and further criteria."""

    activity_map: Path | None = None
    nation: Path | None = None
    facts: Path | None = None
    before: Path | None = None
    years: float = YEARS
    criteria: dict[str, Criterion] = field(default_factory=dict)


class _Sums:
    """Sums over the firms of each candidate."""

    def __init__(self, register: Register, chart: ActivityMap | None, candidates: list[str] | None = None) -> None:
        activity = register.texts["activity"]
        names, place = np.unique(activity.astype(str), return_inverse=True)
        mapped = np.array([candidate_of(str(name), chart) for name in names], object)[place]
        if candidates is None:
            candidates = list(dict.fromkeys(sorted(name for name in mapped[register.used] if name)))
        position = {name: k for k, name in enumerate(candidates)}
        self.candidates = candidates
        self.code = np.where(register.used, [position.get(name, -1) for name in mapped], -1)
        self.left_out = activity[register.used & (self.code < 0)].astype(str).tolist()
        self.values = register.values

    def sum(self, values: np.ndarray, rows: np.ndarray | None = None) -> np.ndarray:
        """Return the sum by candidate over rows with a value; NaN for a candidate that has none."""
        known = (self.code >= 0) & ~np.isnan(values)
        known = known if rows is None else known & rows
        size = len(self.candidates)
        total = np.bincount(self.code[known], values[known], size)
        return np.where(np.bincount(self.code[known], minlength=size) > 0, total, np.nan)


def measure(path: Path, tables: Tables, asked: Asked = _NOTHING) -> Measures:
    """Measure all criteria that a register and the tables beside it allow.

    Parameters
    ----------
    path : Path
        A register of firms.
    tables : Tables
        What stands beside it.
    asked : Asked
        What the user says of how to read the registers.

    Raises
    ------
    InputError
        If a file cannot be used, or no firm has an activity.
    """
    register = read_register(path, asked, ("activity",))
    refuse_idle(register)
    refuse_doubts({str(path): register.doubts})
    chart = read_map(tables.activity_map) if tables.activity_map else None
    sums = _Sums(register, chart)
    if not sums.candidates:
        raise InputError(str(path), "", _("has no firm of an activity that could be a candidate."))
    found = blank(sums.candidates, 1, False)
    found.add(tables.criteria)
    found.firms = sums.sum(np.ones(len(register)))
    scheme = register.decisions.get("activity_scheme", "")
    if chart is None and scheme:
        found.names = {code: {lang: activity_name(code, scheme, lang) for lang in LANGUAGES} for code in sums.candidates}
    for name, values in (_own(register, chart, sums) | _placed(register, sums)).items():
        found.values[0, :, column(name)] = values
        found.used[name] = "computed"
    if tables.nation:
        by_candidate, total, lost = read_nation(tables.nation, chart, asked)
        _compare_with_nation(found, sums, by_candidate, total)
        found.notes += [("nation_money", {"n": len(lost), "column": ", ".join(lost)})] if lost else []
    _add_facts(found, sums, chart, tables, asked)
    for k, (name, criterion) in enumerate(found.criteria.items()):
        if np.isnan(found.values[:, :, k]).all():
            found.missing[name] = criterion.needs or NEEDS.get(name, "")
            found.used.pop(name, None)
    if sums.left_out:
        which = [f'"{cut(name, ACTIVITY_MOST)}"' for name, _firms in Counter(sums.left_out).most_common()]
        said = ", ".join(which if len(which) <= SHOWN else [*which[:SHOWN], "…"])
        found.notes.append(("left_out", {"n": len(sums.left_out), "activities": said}))
    return found


def _own(register: Register, chart: ActivityMap | None, sums: _Sums) -> dict[str, np.ndarray]:
    """Return what the register alone tells."""
    values, one = register.values, np.ones(len(register))
    both = ~np.isnan(values["sales"]) & ~np.isnan(values["exports"])
    employees = sums.sum(values["employees"])
    sales = sums.sum(values["sales"])
    told = ~np.isnan(values["foreign"]) & ~np.isnan(values["employees"])
    said = ~np.isnan(values["exports"])
    found = {
        "experience": _experience(register, sums), "employment": employees, "critical_mass": sums.sum(one),
        "exports": ratio(sums.sum(values["exports"], both), sums.sum(values["sales"], both)),
        "economic_weight": ratio(sales, np.full(len(sales), np.nansum(sales))),
        "global_value_chain": ratio(sums.sum(values["employees"] * values["foreign"], told), sums.sum(values["employees"], told)),
        "non_local_demand": ratio(sums.sum((values["exports"] > 0.0) * one, said), sums.sum(one, said)),
    }  # fmt: skip
    if "willing" in register.header.found:
        willing = (np.nan_to_num(values["tractor"]) * np.nan_to_num(values["willing"])) > 0.0
        found["tractor_firms_willing"] = sums.sum(willing * one)
    if chart is not None:
        segments = [chart.find(activity) for activity in register.texts["activity"]]
        present: list[set[str]] = [set() for _ in sums.candidates]
        for code, meant in zip(sums.code, segments, strict=True):
            if code >= 0 and meant is not None and meant[0]:
                present[code].add(meant[0])
        found["value_chain_links"] = np.array([len(names) or np.nan for names in present], float)
    return found


def _experience(register: Register, sums: _Sums) -> np.ndarray:
    year = register.values["year"]
    found = np.full(len(sums.candidates), np.nan)
    known = np.flatnonzero((sums.code >= 0) & ~np.isnan(year))
    known = known[np.argsort(sums.code[known], kind="stable")]
    edges = np.searchsorted(sums.code[known], np.arange(len(found) + 1))
    for k in range(len(found)):
        own = year[known[edges[k] : edges[k + 1]]]
        if own.size:
            found[k] = register.start_year - np.percentile(own, OLDEST)
    return found


def _placed(register: Register, sums: _Sums) -> dict[str, np.ndarray]:
    """Return firms per km² of each candidate's territory."""
    *_, territories = locate(register, sums.code, sums.candidates)
    radius = np.array([territories[name].radius or np.nan for name in sums.candidates])
    return {"geographic_concentration": sums.sum(np.ones(len(register))) / (np.pi * radius**2)}


def _compare_with_nation(
    found: Measures, sums: _Sums, by_candidate: dict[str, dict[str, float]], total: dict[str, float]
) -> None:
    for criterion, name in (("geographic_concentration", "employees"), ("exports", "exports"), ("economic_weight", "sales")):
        if name not in by_candidate:
            continue
        own = sums.sum(sums.values[name])
        theirs = np.array([of_nation(by_candidate[name], candidate) for candidate in sums.candidates])
        share = ratio(theirs, np.full(len(theirs), total[name]))
        here = ratio(own, np.full(len(own), np.nansum(own)))
        quotient = ratio(here, share) if name != "sales" else ratio(own, np.full(len(own), total[name]))
        found.values[0, :, column(criterion)] = quotient
        found.used[criterion] = "computed"
        lost = [c for c, value in zip(sums.candidates, theirs, strict=True) if np.isnan(value)]
        if lost and name != "sales":
            found.notes.append(("not_in_nation", {"column": name, "n": len(lost), "first": lost[0]}))


def _mean_of_known(parts: np.ndarray) -> np.ndarray:
    """Return the mean of what is known of each candidate; NaN where nothing is."""
    known = ~np.isnan(parts)
    return ratio(np.nan_to_num(parts).sum(axis=0), known.sum(axis=0).astype(float))


def _add_facts(found: Measures, sums: _Sums, chart: ActivityMap | None, tables: Tables, asked: Asked) -> None:
    named = {name: criterion for name, criterion in tables.criteria.items() if name not in MORE}
    facts = read_facts(tables.facts, sums.candidates, named) if tables.facts else {}
    found.add({name: criterion for name, criterion in MORE.items() if name in facts})
    growth = facts.get("growth", np.full(len(sums.candidates), np.nan))
    if tables.before:
        earlier = read_register(tables.before, asked, ("activity",))
        refuse_doubts({str(tables.before): earlier.doubts})
        then = _Sums(earlier, chart, sums.candidates)
        now = sums.sum(sums.values["employees"])
        own = ratio(now, then.sum(earlier.values["employees"])) ** (1.0 / tables.years) - 1.0
        growth = np.where(np.isnan(growth), own, growth)
    parts = [part for part in (growth, facts.get("world_growth")) if part is not None and not np.isnan(part).all()]
    if parts:
        found.values[0, :, column("dynamism")] = _mean_of_known(np.array(parts))
        found.used["dynamism"] = "computed"
    if "world_growth" in facts:
        experience = found.values[0, :, column("experience")]
        if not np.isnan(experience).all():
            small = 1.0 - experience / max(float(np.nanmax(experience)), 1.0)
            found.values[0, :, column("latent_potential")] = facts["world_growth"] * small
            found.used["latent_potential"] = "computed"
    if "indirect_jobs" in facts:
        found.values[0, :, column("employment")] += np.nan_to_num(facts["indirect_jobs"])
    if "technology" in facts:
        found.values[0, :, column("global_value_chain")] *= facts["technology"]
    for name in found.criteria:
        if name in facts:
            given = ~np.isnan(facts[name])
            found.values[0, given, found.column(name)] = facts[name][given]
            rest = ~np.isnan(found.values[0, :, found.column(name)]) & ~given
            found.used[name] = "partly given" if rest.any() else "given"
