"""What the tests of instruments share: a small place and its twins, what became of them, and how each instrument is tried."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Set
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from clustersim.model.indicators import INDICATORS
from clustersim.model.state import FREE
from clustersim.policy.instruments import INSTRUMENTS
from clustersim.simulation.engine import Simulation
from clustersim.studies.validation.lab import Laboratory

REPLICATES, SMES, TRACTORS = 6, 40, 3
BEGIN, PAID, LEFT, BACK = 1, 8, 4, 2  # quarters before the money, with it, and after it; and of these until funds go back
END = BEGIN + PAID
AT = {name: k for k, name in enumerate(INDICATORS)}
ACCOUNTS = ("nation", "abroad", "project_fund", "guarantee_fund", "venture_fund", "outside_fund", "mutual_pool")
LAB = Laboratory(REPLICATES, seed=5)
PLACE = {"smes": SMES, "tractors": TRACTORS, "trust": 0.5, "radius_km": 5.0}
QUIET = {"market.noise": 0.0, "demography.closure": 0.0, "linkage.churn": 0.0, "programme.return_after": BACK}
GOVERNMENT = {"coordination": 1.0, "orientation": "bottom_up"}
WEAK = {"coordination": 0.3}


class Story:
    """What happened to the clusters of one variation, quarter by quarter: arrays of (quarter, replicate, …)."""

    def __init__(self, simulation: Simulation) -> None:
        quarters = [self.look(simulation, simulation.advance()) for _ in range(END + LEFT)]
        for name in quarters[0]:
            setattr(self, name, np.array([quarter[name] for quarter in quarters]))

    @staticmethod
    def look(simulation: Simulation, record: Any) -> dict[str, Any]:
        state = simulation.state
        rows = [slice(int(c.firms), int(c.last)) for c in state.clusters]
        firms = [[getattr(state.actors, name)[r] for name in ("kind", *COLUMNS)] for r in rows]
        cash = [state.actors.cash[c.first : c.room].tolist() for c in state.clusters]
        held = [[*own, *(float(c[name]) for name in ACCOUNTS)] for own, c in zip(cash, state.clusters, strict=True)]
        return {
            "indicators": record.indicators[0], "spending": record.spending[0].reshape(REPLICATES, -1, 2),
            "levers": state.clusters.levers.copy(), "money": [math.fsum(all_) for all_ in held],
            "size": [math.fsum(map(abs, all_)) for all_ in held], "jobs": state.clusters.employment_start.copy(),
            "partners": [c.project_partners[c.project_kind >= 0].sum() for c in state.clusters],
            "means": [[column[kind != FREE].mean() for column in columns] for kind, *columns in firms],
            "coming": [np.mean(np.abs((f[1 + TECHNOLOGY] - w.coming + 0.5) % 1.0 - 0.5)[f[0] != FREE])
                       for f, w in zip(firms, state.worlds, strict=True)],
        }  # fmt: skip

    def of(self, indicator: str) -> np.ndarray:
        return self.indicators[:, :, AT[indicator]]


Measure = Callable[[Story], np.ndarray]
COLUMNS = ("technology", "productivity", "base", "certified")
TECHNOLOGY = COLUMNS.index("technology")


def last(indicator: str) -> Measure:
    """Return the value of an indicator in the last quarter with money."""
    return lambda story: story.of(indicator)[END - 1]


def total(indicator: str) -> Measure:
    """Return the sum of an indicator over the quarters with money."""
    return lambda story: story.of(indicator)[BEGIN:END].sum(axis=0)


def mean(column: str) -> Measure:
    """Return the mean of a column over firms in the last quarter with money."""
    return lambda story: story.means[END - 1, :, COLUMNS.index(column)]


def partners(story: Story) -> np.ndarray:
    """Return the firms in joint projects, summed over the quarters with money."""
    return story.partners[BEGIN:END].sum(axis=0)


def coming(story: Story) -> np.ndarray:
    """Return the mean distance of technology to what is coming, in the last quarter with money."""
    return story.coming[END - 1]


class Trial(NamedTuple):
    """How an instrument is tried: what it must move and where to, and what switches that off."""

    measure: Measure
    sign: int
    off: dict[str, float]
    beside: tuple[str, ...] = ()
    times: float = 1.0  # of the cost of full effect
    change: Mapping[str, float] = MappingProxyType({})  # for all stories of the trial
    shocks: tuple[dict[str, Any], ...] = ()
    also: Set[str] = frozenset()  # indicators that show the money itself even then
    government: Mapping[str, Any] = MappingProxyType({})  # public bodies that are not as good as they could be


CLUB = ("association_founding",)
OPEN = {"association.designed_rate": 1.0, "association.join_rate": 0.5, "association.join_bar": 0.0}  # filled at once
BUSY = OPEN | {"population.belief": 0.4, "joint_action.launch": 9.0, "joint_action.choice_spread": 9.0,
               "joint_action.attention": 1.0}  # fmt: skip
NO_PROJECTS = {"joint_action.attention": 0.0}  # nobody hears of any: an open call changes who may take part, even if all is free
NO_SCHOOLS = {"meeting.institution_chance": 0.0, "knowledge.extension": 0.0, "knowledge.school_pull": 0.0}
NO_PLACE = {"demography.entrants_max": -1.0}  # no room for anybody new
SHIFT = ({"kind": "technology", "year": 4, "size": 0.25},)
SPENT = {"public_spending", "funds", "returned", "facilitators", "rapport"}  # what spending itself shows
HELD = {
    "association_cash", "income_public", "income_local", "income_national", "income_foreign", "public_share", "board_private",
    "board_large",
}  # fmt: skip

TRIALS = {
    "awareness_events": Trial(last("ties"), 1, {"meeting.event_bonus": 0.0, "trust.event_warmth": 0.0}),
    "cluster_mapping": Trial(last("vertical_ties"), 1, {"meeting.chain": 0.0}, times=5, also={"mapped"}),
    "competence_audit": Trial(last("vertical_ties"), 1, {"meeting.chain": 0.0}, times=5),
    "facilitator": Trial(last("ties"), 1, {
        "meeting.brokered": 0.0, "meeting.assurance": 0.0, "trust.assurance": 0.0, "trust.mediation": 0.0,
        "joint_action.launch_help": 0.0, "meeting.bridged": 0.0, "association.brand_told": 0.0, "association.raised": 0.0},
        change={"association.founding_rate": 0.0}),
    "consensus_workshops": Trial(last("vision"), 1, {"association.vision_workshops": 0.0}),
    "network_incentives": Trial(last("mean_level"), 1, {f"linkage.cost_{level}": 0.0 for level in (1, 2, 3)}),
    "benchmarking": Trial(last("search"), 1, {"complacency.benchmark": 0.0}),
    "cluster_linkage": Trial(last("external_ties"), 1, {"meeting.pipeline_rate": 0.0}),
    "association_founding": Trial(last("formal"), 1, {"association.designed_rate": 0.0}, change={"association.patience": 16.0}),
    "association_grant": Trial(last("staff"), 1, {"association.staff_max": 0.0, "association.capture": 0.0}, CLUB, change=OPEN,
                               also=HELD),
    "project_cofinance": Trial(partners, 1, NO_PROJECTS, CLUB, change=BUSY),
    "joint_purchasing": Trial(partners, 1, NO_PROJECTS, CLUB, change=BUSY | {
        "population.belief": 0.1, "joint_action.gain_hard": 0.0, "joint_action.choice_spread": 0.001}),
    "joint_rd_grant": Trial(total("research_running"), 1, NO_PROJECTS, CLUB, change=BUSY | {
        "population.belief": 0.25, "joint_action.gain_easy": 0.0, "joint_action.choice_spread": 0.001}),
    "competitiveness_plan": Trial(last("vision"), 1, {"association.vision_workshops": 0.0, "joint_action.planning": 0.0}),
    "technology_observatory": Trial(coming, -1, {"knowledge.pull": 0.0}, shocks=SHIFT),
    "shared_services_centre": Trial(last("quality"), 1, {"knowledge.service_speed": 0.0}, CLUB, change=OPEN),
    "supplier_development": Trial(last("quality"), 1, {
        "knowledge.supplier_speed": 0.0, "meeting.contract_rate": 0.0, "meeting.contract_attention": 0.0}),
    "rd_tax_credit": Trial(last("absorptive"), 1, {
        "knowledge.capacity_speed": 0.0, "knowledge.quality_speed": 0.0, "complacency.rd_share": 0.0}),
    "technology_centre": Trial(last("institutional_ties"), 1, NO_SCHOOLS, times=8),
    "university_programme": Trial(last("wage"), -1, {"market.wage_pressure": 0.0, **NO_SCHOOLS},
                                  also={"specialists", "gap_education"}),
    "export_network": Trial(last("export_share"), 1, {"market.export_cost": 0.0}),
    "cluster_brand": Trial(last("location_quotient"), 1, {"market.brand_weight": 0.0, "demography.attraction_rate": 0.0},
                           times=5),
    "fdi_attraction": Trial(total("entries"), 1, NO_PLACE, times=20),
    "incubator": Trial(total("entries"), 1, {
        "demography.startup_rate": 0.0, "demography.spinoff_rate": 0.0, "demography.closure": 0.0}, times=5),
    "credit_guarantee": Trial(last("credit"), 1, {
        "finance.collateral": 0.0, "finance.relationship": 0.0, "finance.caution": 0.0}, change={"population.debt": 0.0}),
    "certification_support": Trial(last("certified_share"), 1, {"knowledge.certificate_cost": 0.0},
                                   change={"knowledge.certificate": 0.3}),
    "market_intelligence": Trial(last("export_share"), 1, {"market.export_speed": 0.0}),
    "venture_fund": Trial(last("cash"), 1, {"finance.venture_age": -1e9, "demography.venture": 0.0}),
    "training_centre": Trial(last("specialists"), 1, {"market.trainees": 0.0, "knowledge.training_speed": 0.0}),
    "industrial_park": Trial(mean("productivity"), 1, {"market.congestion": 0.0, **NO_PLACE}),
    "single_window": Trial(last("profit"), 1, {"finance.paperwork": 0.0, "demography.easier": 0.0}),
    "competition_policy": Trial(last("collusion"), -1, {"conduct.speed": 0.0, "demography.easier": 0.0}, CLUB,
                                change=OPEN | {"conduct.trust": 0.3}),
    "public_procurement": Trial(last("sales"), 1, {"market.procurement_quality": 2.0}),
    "standards": Trial(last("quality"), 1, {"knowledge.quality_speed": 0.0}),
    "inter_agency_teams": Trial(last("coordination"), 1, {"government.team_reach": 0.0}, government=WEAK),
    "cluster_departments": Trial(last("coordination"), 1, {"government.team_reach": 0.0, "government.method_reach": 0.0},
                                 also={"capability"}, government=WEAK),
    "institution_strengthening": Trial(last("coordination"), 1, {"government.method_reach": 0.0}, also={"capability"},
                                       government=WEAK),
    "policy_dialogue": Trial(last("local_knowledge"), 1, {"government.known_most": 1.0}),
    "mutual_guarantee": Trial(last("credit"), 1, {"finance.dues": 0.0, "finance.caution": 0.0}, CLUB,
                              change=OPEN | {"population.debt": 0.0}),
    "enabling_public_goods": Trial(last("export_share"), 1, {"market.connected": 0.0, "market.norms": 0.0},
                                   also={"public_goods"}),
    "organised_suppliers": Trial(last("supplier_margin"), 1, {"market.organised": 0.0}, CLUB,
                                 change=OPEN | {"market.standard_tractor": 0.0}),
    "project_preparation": Trial(last("approved"), 1, {"joint_action.pace": 0.0, "demography.ideas": 0.0}, times=5),
    "action_teams": Trial(total("projects_started"), 1, {"joint_action.team_launch": 0.0}),
    "talent_attraction": Trial(last("wage"), -1, {"market.talents": 0.0}),
}  # fmt: skip


def scale(per: str, jobs: Any = 1000.0) -> Any:
    """Return how many units the cost of an effect is for in this place."""
    return {"cluster": 1.0, "hundred firms": (SMES + TRACTORS) / 100.0, "thousand jobs": jobs / 1000.0}[per]


def full_cost(use: str) -> float:
    """Return what full effect costs a year (kUSD), or a grant of some size."""
    effects = INSTRUMENTS[use].effects
    return effects[0].full_cost * scale(effects[0].per) if effects else 200.0


def given(use: str, money: float | None) -> list[dict[str, Any]]:
    """Return the instruments of a trial: those beside, and the one itself with `money` times its full cost a year, if any."""
    trial = TRIALS[use]
    listed = [{"use": other, "per_year": full_cost(other)} for other in trial.beside]
    if money is not None:
        listed.append({"use": use, "per_year": money * trial.times * full_cost(use)})
    return [{"start": BEGIN, "quarters": PAID, **instrument} for instrument in listed]


@cache
def told(use: str, money: float | None = 1.0, off: bool = False) -> Story:
    """Return the story of a small place with the instrument (money: times its full cost) or without it (None)."""
    trial = TRIALS[use]
    return tell(repr(given(use, money)), repr(QUIET | dict(trial.change) | (trial.off if off else {})),
                repr(trial.shocks), repr(GOVERNMENT | dict(trial.government)))  # fmt: skip


def simulate(
    instruments: list[dict[str, Any]], quarters: int, off: dict[str, float], shocks: tuple = (), government: Any = None
) -> Simulation:
    """Return the simulation of the small place with a programme of one stage."""
    programme = {"stages": [{"name": "s", "quarters": quarters, "instruments": instruments}]}
    return LAB.simulation(programme=programme, off=off, shocks=shocks, government=government or GOVERNMENT, **PLACE)


@cache
def tell(instruments: str, off: str, shocks: str, government: str) -> Story:
    return Story(simulate(eval(instruments), END + LEFT, eval(off), eval(shocks), eval(government)))
