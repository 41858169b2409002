"""Facts that inputs meet or should meet: numbers that stand in declarations of parameters and in shipped scenarios."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

import numpy as np

from clustersim.core.words import N_
from clustersim.model.indicators.structure import YOUNG
from clustersim.model.parameters import PARAMETERS
from clustersim.model.sizes import LARGE_FROM
from clustersim.model.units import YEAR
from clustersim.scenario.loading import load_scenario
from clustersim.scenario.model import Programme, Scenario
from clustersim.studies.evidence.library import library
from clustersim.studies.evidence.measure import LIBRARY, Apart, Measure, over_replicates, shipped
from clustersim.studies.evidence.watching import Seen

EXPERIENCED = 3 * YEAR  # quarters
YEARLY = 1.0
LATIN_AMERICA = ("ecuador_", "idb_", "peru_")  # how scenarios of real programmes there begin
LAGLESS = "idb_chile"


def parameter(dotted: str, how: str, of: Callable[[float], float] = float, bears: str = "") -> Measure:
    """Return the measure of a parameter's default, or of what follows from it."""
    group, name = dotted.split(".")
    return shipped(dotted, how, lambda: [of(PARAMETERS[group][name].default)], bears)


def programme_of(name: str) -> Programme:
    """Return the programme of a shipped scenario that has one."""
    programme = load_scenario(name).programme
    assert programme is not None
    return programme


def stage_months(scenario: str, stage: str) -> Callable[[], list[float]]:
    """Return what gives the months of a stage."""
    return lambda: [12.0 * years for years in stage_years(scenario, stage)()]


def stage_years(scenario: str, stage: str) -> Callable[[], list[float]]:
    """Return what gives the years of a stage."""
    return lambda: [found.quarters / YEAR for found in programme_of(scenario).stages if found.name == stage]


def programme_years(scenario: str) -> Callable[[], list[float]]:
    """Return what gives the years of a programme, all its stages together."""
    return lambda: [sum(stage.quarters for stage in programme_of(scenario).stages) / YEAR]


def launch_intervals() -> list[float]:
    """Return the years between rounds of the Basque programme."""
    selection = programme_of("basque_country").selection
    years = [each.year for each in selection.rounds] if selection is not None else []
    return [later - earlier for earlier, later in pairwise(years)]


def launch_lags() -> list[float]:
    """Return the lag of each shipped programme of Latin America, in years."""
    return [programme_of(name).lag_quarters / YEAR for name in library() if name.startswith(LATIN_AMERICA) and name != LAGLESS]


def sme_shares() -> list[float]:
    """Return the share of SMEs among firms at the start of each shipped scenario of Latin America."""
    found = []
    for name in library():
        if name.startswith(LATIN_AMERICA):
            clusters = load_scenario(name).place.clusters
            smes, tractors = (sum(getattr(each, kind) for each in clusters) for kind in ("smes", "tractors"))
            found.append(smes / (smes + tractors))
    return found


def _initiatives() -> Iterator[tuple[Scenario, Programme]]:
    """Yield scenario and programme of each place of the library that has a programme."""
    for name in library():
        scenario = load_scenario(name)
        if scenario.programme is not None:
            yield from [(scenario, scenario.programme)] * len(scenario.place.clusters)


def part_of_initiatives(what: Callable[[Programme], bool]) -> Callable[[], list[float]]:
    """Return what gives the share of the library's places with a programme whose programme is so."""

    def share() -> list[float]:
        found = [what(programme) for _scenario, programme in _initiatives()]
        return [sum(found) / len(found)]

    return share


def evaluated(programme: Programme) -> bool:
    """Return whether a programme is evaluated."""
    return programme.evaluation is not None


def yearly(programme: Programme) -> bool:
    """Return whether a programme measures every year: an evaluation, or a report on which payment depends."""
    return _reports(programme) or (programme.evaluation is not None and programme.evaluation.every_years <= YEARLY)


def measured(programme: Programme) -> bool:
    """Return whether a programme collects data at all."""
    return _reports(programme) or programme.evaluation is not None


def _reports(programme: Programme) -> bool:
    return any(getattr(use, "report", False) for stage in programme.stages for use in stage.instruments)


def at_the_agenda(seen: Seen) -> np.ndarray:
    """Return the most joint projects that run at a time in the stage of the action agenda."""
    programme = seen.scenario.programme
    names = [stage.name for stage in programme.stages] if programme is not None else []
    there = seen["programme_stage"] == names.index("action_agenda")
    most = np.where(there, seen["projects_running"], -1.0).max(axis=(0, 2))
    return np.where(most >= 0.0, most, np.nan)


NO_PRIORITY = N_("A facilitator's hours follow the state of the cluster; no share of initiatives has a priority in the model.")
CHOSEN = N_("What is shipped is a choice of the scenarios, not an outcome of the model.")
MEASURES: Mapping[str, Measure | Apart] = {
    "network_building_years": shipped("oecd_sequence", N_("Length of the stage broker"), stage_years("oecd_sequence", "broker")),
    "board_private": parameter("association.board_start", N_("Private seats on the board of a new association")),
    "priority_firm_collaboration": Apart(NO_PRIORITY),
    "priority_research_collaboration": Apart(NO_PRIORITY),
    "priority_education_collaboration": Apart(NO_PRIORITY),
    "manager_experience": parameter(
        "facilitation.turnover", N_("Facilitators who stay three years, at this turnover"),
        lambda turnover: float((1.0 - turnover) ** EXPERIENCED),
        N_("The model's manager is the facilitator; turnover was set before this was computed."),
    ),
    "evaluated": shipped(
        LIBRARY, N_("Places with a programme: share whose programme is evaluated"), part_of_initiatives(evaluated), CHOSEN,
    ),
    "data_collected": shipped(
        LIBRARY, N_("Places with a programme: share with an evaluation, or a report on which payment depends"),
        part_of_initiatives(measured), CHOSEN,
    ),
    "data_yearly": shipped(
        LIBRARY, N_("Places with a programme: share with a yearly evaluation, or a report on which payment depends"),
        part_of_initiatives(yearly), CHOSEN,
    ),
    "tractor_study_months": shipped(
        "basque_country", N_("Length of the stage tractor_study"), stage_months("basque_country", "tractor_study"),
    ),
    "working_group_months": shipped(
        "basque_country", N_("Length of the stage working_groups"), stage_months("basque_country", "working_groups"),
    ),
    "cluster_interval_years": shipped("basque_country", N_("Time between rounds"), launch_intervals),
    "basque_policy_years": shipped(
        "basque_country", N_("From the announcement to the end of the run"),
        lambda: [load_scenario("basque_country").horizon.years - programme_of("basque_country").announced],
    ),
    "lac_launch_lag_max": shipped(
        "ecuador_*, idb_*, peru_*", N_("Lag of each programme; Chile left out as in the source"), launch_lags,
    ),
    "sme_share": shipped(
        "ecuador_*, idb_*, peru_*", N_("SMEs over firms at the start of each scenario; a tractor firm is no SME"), sme_shares,
    ),
    "sme_limit_eu": shipped("model.sizes", N_("Employees from which a firm is large"), lambda: [LARGE_FROM]),
    "young_firm_years": shipped("young_share", N_("Age up to which a firm counts as young"), lambda: [YOUNG / YEAR]),
    "lq_strong": Apart(N_("No rule of the model asks for a least location quotient; scenarios say the quotient of a place.")),
    "short_projects": over_replicates(
        "pipso_twelve_steps", N_("Most joint projects that run at a time during the stage action_agenda"), at_the_agenda,
        N_("Joint projects of any kind; the easiest last half a year."),
    ),
    "key_activities": Apart(N_("A strategy is one number in the model, its shared vision; it has no list of activities.")),
    "sponsor_years": shipped("pipso_twelve_steps", N_("Length of the programme"), programme_years("pipso_twelve_steps")),
    "simple_network_years": shipped("simple_network", N_("Length of the programme"), programme_years("simple_network")),
    "complex_network_years": shipped("complex_network", N_("Length of the programme"), programme_years("complex_network")),
    "cluster_project_years": shipped("cluster_project", N_("Length of the programme"), programme_years("cluster_project")),
}  # fmt: skip

