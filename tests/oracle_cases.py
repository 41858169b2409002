"""Scenarios in which kernel and oracle are held against each other, and what each of them must bring about."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from clustersim.model.levers import FIRM_CHANNELS
from clustersim.model.parameters import PARAMETERS
from clustersim.scenario.model import Scenario
from oracle_policy import (
    EVALUATIONS,
    alone,
    bills,
    evaluated,
    every_instrument,
    gates,
    helped_on,
    layered,
    left_over,
    mapped,
    targeted,
)  # fmt: skip
from reference.entities import BILLS


def scenario(*clusters: dict, jobs: float | None = None, prices: float = 1.0, **rest) -> Scenario:
    """Return a scenario; without clusters of one with 40 firms in three segments."""
    one = {
        "name": "alpha", "segments": ["parts", "machines", "services"], "tractors": 3, "smes": 37, "universities": 1,
        "technology_centres": 1, "tractor_segment": "machines",
    }  # fmt: skip
    places = [one | cluster for cluster in clusters or ({},)]
    place = {"clusters": places, "nation_jobs": jobs, "price_level": prices}
    return Scenario.model_validate({"title": "oracle", "place": place, **rest})


def government(regime: str, orientation: str, coordination: float = 0.5, election_years: int | None = None) -> dict:
    body = {"regime": regime, "orientation": orientation, "coordination": coordination, "election_years": election_years}
    return {"government": body}


def bounded(*wished: dict) -> dict:
    """Return these parameters, joined, each moved into its declared range."""
    result: dict = {}
    for part in wished:
        for group, values in part.items():
            for name, value in values.items():
                declared = PARAMETERS[group][name]
                result.setdefault(group, {})[name] = min(max(value, declared.low), declared.high)
    return result


# Channels of which each firm gets its own part.
ON_FIRMS = (*FIRM_CHANNELS, "events", "paperwork", "training")

SHOCKS = {
    "shocks": [
        {"kind": "demand", "year": 1, "years": 2, "size": -0.3},
        {"kind": "demand", "year": 2.5, "years": 1, "size": 0.1},
        {"kind": "technology", "year": 3, "years": 1, "size": 0.2},
        {"kind": "competitor", "year": 4, "size": 0.15},
        {"kind": "political", "year": 2, "years": 4, "size": 0.4},
        {"kind": "tractor_exit", "year": 5, "size": 1},
    ]
}  # fmt: skip
EXITS = {
    "shocks": [
        {"kind": "tractor_exit", "year": 1, "size": 1.5},
        {"kind": "tractor_exit", "year": 2, "years": 3, "size": 1},
        {"kind": "tractor_exit", "year": 2, "size": 1},
        {"kind": "tractor_exit", "year": 4, "size": 5},
    ]
}
FORETOLD = {"shocks": [{"kind": "technology", "year": year, "size": size} for year, size in ((2, 0.1), (3, 0.2), (6, -0.4))]}
SWINGS = {
    "shocks": [
        {"kind": "technology", "year": 3, "size": 0.1},
        {"kind": "demand", "year": 4, "years": 6, "size": 0.5},
        {"kind": "demand", "year": 5, "size": 0.6},
    ]
}

BOTH_HAZARDS = {"environment": {"technology_hazard": 0.05}, "programme": {"interruption_hazard": 0.1}}
LIVELY = {
    "demography": {"startup_rate": 0.03, "spinoff_rate": 0.01, "seed_loan": 0.3, "attraction_rate": 0.3, "settler_tractor": 0.4},
}  # fmt: skip
FOUND_SOON = {"association": {"vision_gain": 0.3, "core_needed": 0.05, "vision_needed": 0.02, "founding_rate": 0.5}}
BUSY = FOUND_SOON | {
    "joint_action": {
        "launch": 1.0, "launch_help": 0.5, "attention": 1.0, "choice_spread": 0.5, "quarters_easy": 1, "quarters_hard": 2,
        "partners_min": 2, "cost_hard": 20,
    },
    "meeting": {"pipeline_rate": 0.05, "pipelines_max": 1},
}  # fmt: skip
# Phases that come early and often.
RESTLESS = FOUND_SOON | {
    "phase": {
        "stay": 0, "smoothing": 1, "museum_stay": 4, "museum_level": 0.9, "peak_leak": 0, "trend_memory": 0.25,
        "decline_depth": 1,
        "decline_trend": -0.1, "renaissance_rise": 1, "creation_firms": 3, "development_firms": 5, "development_core": 0.1,
        "development_vision": 0.05, "maturity_growth": 0.8, "maturity_core": 0.2, "maturity_pipelines": 0,
        "transformation_shift": 0.01,
    },
    "knowledge": {"pull": 0.05},
}  # fmt: skip
CARTEL = FOUND_SOON | {
    "conduct": {"trust": 0.3, "spread": 0.2, "openness": 1, "speed": 0.3}, "market": {"markup": 0.3},
}  # fmt: skip
# Large members pay nearly everything; seats follow fast.
CAPTURED = {
    "association": FOUND_SOON["association"]
    | {"fee_large": 10, "board_speed": 0.5, "capture": 1, "join_rate": 0.5, "join_bar": 0.5},
}  # fmt: skip
# Sums of fees too small for staff: associations close, and are founded anew.
POOR = {
    "association": FOUND_SOON["association"]
    | {"fee_micro": 0, "fee_small": 0, "fee_medium": 0, "fee_large": 0.01, "patience": 1},
}  # fmt: skip
TIGHT = {
    "population": {"cash": 0.1, "debt": 0.8},
    "finance": {"buffer": 2, "payout": 1, "caution": 60, "memory": 0.5, "leverage": 0.9},
    "demography": {"patience": 0, "closure": 0.1, "closure_size": 0, "liquidation": 0},
}  # fmt: skip
STEPPING_OUT = {
    "diversification": {"rate": 0.2, "advantage": 0, "market": 0.5},
    "meeting": {"pipeline_rate": 0.05, "pipelines_max": 10, "pipeline_trust": 0.9, "domestic": 1, "domestic_spread": 0.2,
                "attention": 12},
    "population": {"technology_spread": 0.3}, "nation": {"reach": 0.5}, "linkage": {"climb": 0.6, "peak": 0.4},
}  # fmt: skip

FOUR = (
    {"name": "north", "smes": 17, "trust": 0.5, "activity": 0.02},
    {"name": "east", "smes": 22, "segments": ["a", "b"], "tractor_segment": "a", "activity": 0.12, "tractors": 2},
    {"name": "south", "smes": 12, "trust": 0.45, "activity": 0.98, "universities": 2, "export_share": 0.6},
    {"name": "west", "smes": 27, "trust": 0.6, "activity": 0.4, "market_share": 0.3, "size_median": 30},
)
# Too few to count: a young industry's first firms.
SEED = {"tractors": 0, "smes": 5, "adoption": 0.05}
PAIR = ({"name": "north", "smes": 27, "trust": 0.4}, {"name": "south", "smes": 22, "trust": 0.4})
# One industry in two places: what befalls its markets befalls both.
SHARED = tuple(place | {"activity": 0.37} for place in PAIR)
# Equal activities, on either side of 0: who is nearest is settled by the index.
SEVEN = tuple(
    {
        "name": name, "smes": 6 + k, "tractors": k % 3, "activity": activity, "trust": 0.4 + 0.02 * (k % 4),
        "location_quotient": 1 + k % 2,
    }
    for k, (name, activity) in enumerate(zip("abcdefg", (0.0, 0.1, 0.1, 0.9, 0.1, 0.5, 0.25), strict=True))
)  # fmt: skip


class Case(NamedTuple):
    """A scenario, and what must come about in some cluster: a variable or indicator that leaves 0, or what a function says."""

    make: Callable[[], Scenario]
    expected: tuple[str | Callable, ...] = ()


def partly(channel: str) -> Callable:
    """Return what says whether some firm gets a part of what the cluster gets of a channel."""
    return lambda cluster: any(0.0 < firm.lever(channel) < 0.99 * cluster.levers[channel] for firm in cluster.firms)


def cut(cluster) -> bool:
    """Whether an evaluation has taken money."""
    return cluster.kept < 1.0


def ended(cluster) -> bool:
    """Whether an evaluation has ended the programme."""
    return cluster.kept == 0.0


def ventured(cluster) -> bool:
    """Whether firms have got equity: the venture fund holds less than the quarter brought."""
    brought = sum(row.public + row.private for row in cluster.plan if row.channel == "venture")
    return cluster.venture_fund < 0.99 * brought


def well_known(cluster) -> bool:
    """Whether a tenth of it is on the programme's map."""
    return cluster.mapped > 0.1


def spread(cluster) -> bool:
    """Whether its products, new at the start, are known to a quarter of those who can use them."""
    return cluster.spec.adoption < 0.25 < cluster.adoption[0]


def branched(cluster) -> bool:
    """Whether firms hold a market of a related activity, beside the markets of a young industry of their own."""
    return cluster.branch >= 0 and cluster.held[cluster.branch] > 0.0 and cluster.adoption[0] < 1.0 == cluster.adoption[-1]


def unequal(cluster) -> bool:
    """Whether some firm gets less of a channel than the cluster, or nothing."""
    return any(firm.lever(channel) < 0.99 * lever for channel, lever in cluster.levers.items() for firm in cluster.firms)


def paid_in_part(channel: str) -> Callable:
    """Return what says whether the money for a bill pays some of the promised aid, and not all."""
    return lambda cluster: cluster.levers[channel] > 0.0 and 0.0 < cluster.part[BILLS.index(channel)] < 1.0


def paid_in_full(channel: str) -> Callable:
    """Return what says whether there is more money for a bill than firms claim."""
    k = BILLS.index(channel)
    return lambda cluster: cluster.granted[k] > 0.0 and cluster.part[k] == 1.0 and cluster.returned > 0.0


def potential(cluster) -> bool:
    """Whether facilitators broker meetings and speak for the place rather than build bridges."""
    return cluster.brokers == cluster.speakers > cluster.bridgers > 0.0


def latent(cluster) -> bool:
    """Whether facilitators mediate first of all."""
    return cluster.mediators > cluster.bridgers == cluster.speakers > 0.0


def consolidated(cluster) -> bool:
    """Whether facilitators build bridges and push projects rather than broker meetings."""
    return cluster.bridgers == cluster.promoters > cluster.brokers > 0.0


def sponsored(cluster) -> bool:
    """Whether an association has members and somebody who raises money for it."""
    return cluster.formal and cluster.members > 0.0 and cluster.speakers > 0.0 and cluster.vision > 0.0


def brought_abroad(cluster) -> bool:
    """Whether bridges lead to schools or the bank, and outside, while facilitators work."""
    return cluster.bridgers > 0.0 and {tie.kind for tie in cluster.ties if tie.since == cluster.world.quarter - 1} >= {2, 3}


def well_advised(cluster) -> bool:
    """Whether some firm asks as many others as it can."""
    p = cluster.p.linkage
    return any(firm.asking >= p.advisers + p.advisers_growth * firm.log_size for firm in cluster.firms)


def at_arms_length(cluster) -> bool:
    """Whether there is trade without cooperation, and with it."""
    return {tie.level >= 2 for tie in cluster.ties if tie.value > 0.0} == {False, True}


def recommended(cluster) -> bool:
    return any(firm.referrals > 0.0 for firm in cluster.firms)


def some_without_research(cluster) -> bool:
    """Whether research is too small a thing for some firms only."""
    return {firm.rd_share > 0.0 for firm in cluster.firms} == {False, True}


def open_call(cluster) -> bool:
    """Whether firms act together though nobody organises them."""
    return cluster.projects_started and not cluster.formal and cluster.promoters == 0.0


def joined_from_outside(cluster) -> bool:
    """Whether a project has members and others among its partners."""
    return any(
        {firm.member for firm in cluster.firms if firm.project == slot} == {0, 1}
        for slot, kind in enumerate(cluster.project_kind) if kind >= 0
    )


def backed(cluster) -> bool:
    """Whether a spin-off has got money of the venture fund."""
    return cluster.backed > 0


def _served(**programme) -> Scenario:
    instruments = [{"use": "facilitator", "per_year": 240}, {"use": "project_cofinance", "per_year": 200}]
    stages = [{"name": "one", "quarters": 12, "instruments": instruments}]
    return scenario(*SEVEN, programme={"stages": stages} | programme, institutions=government("feedback", "mixed", 0.7, 1))


def _rounds(mode: str, **more) -> Scenario:
    calls = [{"year": 0, "clusters": 2}, {"year": 1.125, "clusters": 1}, {"year": 3, "clusters": 3}]
    return _served(selection={"mode": mode, "rounds": calls}, budget={"per_year": 900, "shared": True}, **more)


CASES = {
    "low trust": Case(lambda: scenario({"trust": 0.2})),
    "middling trust": Case(lambda: scenario({"trust": 0.34})),
    "high trust": Case(lambda: scenario({"trust": 0.6, "smes": 57}), ("collusion", "groups", "clustering")),
    "one segment, no school": Case(lambda: scenario(
        {"segments": ["all"], "tractor_segment": None, "universities": 0, "technology_centres": 0, "trust": 0.5}
    )),
    "every instrument": Case(
        lambda: scenario(
            {"trust": 0.4}, programme=every_instrument(), institutions=government("centralised", "top_down", 0.7),
            environment=FORETOLD,
        ),
        ("rapport", "brokers", "mediators", "promoters", "board_private", ventured, "displaced", "success"),
    ),
    "every instrument, bottom up, no school": Case(lambda: scenario(
        {"trust": 0.5, "universities": 0, "technology_centres": 0}, programme=every_instrument(),
        institutions=government("feedback", "bottom_up", 0.9),
    )),
    "targets": Case(lambda: scenario({"trust": 0.45}, programme=targeted("parts"), parameters=bounded(FOUND_SOON))),
    "targets that a cluster lacks": Case(lambda: scenario(
        {"name": "north", "trust": 0.4}, {"name": "south", "segments": ["a", "b"], "tractor_segment": "b"},
        programme=targeted("b") | {"scale": {"north": 0.5}, "lead": "mixed"},
    )),
    "layers": Case(
        lambda: scenario({"trust": 0.5, "smes": 57}, programme=layered("parts", "services")), tuple(map(partly, ON_FIRMS)),
    ),
    "layers, dear and cheap": Case(
        lambda: scenario(
            *FOUR, prices=1.7, programme=layered("machines", "a") | {"scale": {"north": 2}, "budget": {"per_year": 2500}},
            parameters=LIVELY,
        ),
        ("spinoffs", *map(partly, ON_FIRMS)),
    ),
    "mapped": Case(lambda: scenario(*PAIR, programme=mapped("north")), ("mapped",)),
    "mapped between elections": Case(
        lambda: scenario(
            *PAIR, programme=mapped("north", announced=0.25),  # so that stages begin in quarters of elections
            institutions=government("feedback", "mixed", 0.6, 1), environment=SHOCKS,
            parameters={"programme": {"swing": 0.9, "targeting": 1, "map_speed": 0.8}, "facilitation": {"turnover": 0.2}},
        ),
        ("mapped", "interrupted"),
    ),
    "gates": Case(
        lambda: scenario({"trust": 0.6}, programme=gates(0.05), parameters=bounded(BUSY)), ("board_private", "wins", "losses"),
    ),
    "gates that stay shut": Case(lambda: scenario({"trust": 0.3}, programme=gates(0.95))),
    "money left over": Case(
        lambda: scenario({"trust": 0.3}, programme=left_over(), parameters={"programme": {"return_after": 3}}),
        ("returned", "idle"),
    ),
    **{f"evaluated by {name}": Case(
        lambda name=name: scenario(
            {"trust": 0.25}, {"name": "beta", "trust": 0.5}, prices=0.4, programme=evaluated(name, scale={"beta": 1.5}),
            parameters=bounded(FOUND_SOON),
        ),
        (cut,),
    ) for name in EVALUATIONS},
    "evaluated between elections": Case(
        lambda: scenario(
            {"trust": 0.3}, *FOUR[:2], programme=evaluated("component", lead="mixed"), environment=SHOCKS,
            institutions=government("feedback", "mixed", 0.6, 1),
            parameters={"programme": {"swing": 0.9, "interruption_quarters": 3, "return_after": 1}},
        ),
        (cut, "interrupted", "returned"),
    ),
    "evaluated, chosen by calls": Case(
        lambda: _rounds("calls", evaluation={"indicator": "linked", "gain": 0.1, "per_year": 9}), (cut,),
    ),
    "elections": Case(
        lambda: scenario(
            {"trust": 0.45}, programme=every_instrument(), institutions=government("feedback", "mixed", 0.6, 1),
            parameters={"programme": {"swing": 0.9}},
        ),
        ("interrupted",),
    ),
    "elections, led by firms": Case(lambda: scenario(
        {"trust": 0.45}, programme=every_instrument() | {"lead": "private"}, environment=SHOCKS,
        institutions=government("decentralised", "mixed", 0.6, 2), parameters={"facilitation": {"turnover": 0.2}},
    )),
    "shocks": Case(lambda: scenario({"trust": 0.45}, environment=SHOCKS, programme=every_instrument())),
    "tractor exits": Case(lambda: scenario({"trust": 0.5, "tractors": 5}, environment=EXITS, programme=targeted("parts"))),
    "hazards": Case(lambda: scenario({"trust": 0.45}, programme=every_instrument(), parameters=BOTH_HAZARDS)),
    "two clusters": Case(lambda: scenario(
        {"name": "north", "smes": 27, "trust": 0.5},
        {"name": "south", "smes": 32, "segments": ["a", "b"], "tractor_segment": "a"},
        environment=SHOCKS,
    )),
    "nation": Case(
        lambda: scenario(
            *FOUR, jobs=9000, programme=every_instrument() | {"scale": {"east": 0.3, "west": 2}}, environment=SHOCKS,
        ),
        ("nation_share", "home_links"),
    ),
    "nation that is its clusters": Case(lambda: scenario(*FOUR, jobs=10, environment=EXITS), ("nation_share",)),
    "diversification": Case(
        lambda: scenario(*FOUR, parameters=bounded(STEPPING_OUT, LIVELY), environment=FORETOLD), ("diversified", "branch_share"),
    ),
    "diversification without room": Case(lambda: scenario(
        {"name": "full", "segments": list("abcdefgh"), "tractor_segment": "h", "activity": 0.1}, *FOUR[:2],
        parameters=bounded(STEPPING_OUT),
    )),
    "related by a whisker": Case(lambda: scenario(*SEVEN, parameters={"nation": {"reach": 0.1}}), ("home_links",)),
    "chosen by politics": Case(lambda: _rounds("politics", lead="mixed")),
    "chosen by competitiveness": Case(lambda: _rounds("competitiveness", clusters=["a", "c", "d", "f"], scale={"a": 3, "f": 0})),
    "chosen by calls": Case(lambda: _rounds("calls", announced=0.375, lead="private")),
    "named clusters, shared budget": Case(lambda: _served(clusters=["b", "e"], budget={"per_year": 300, "shared": True})),
    "births": Case(
        lambda: scenario({"trust": 0.5}, parameters=LIVELY, programme=every_instrument()), (ventured,),
    ),
    "collapse": Case(
        lambda: scenario({"smes": 27}, environment={"shocks": [{"kind": "demand", "year": 1, "size": -1.6}]}),
        ("written_off", "lost"),
    ),
    "tight credit": Case(
        lambda: scenario({"trust": 0.4}, parameters=bounded(TIGHT), programme=targeted("parts")),
        ("bad_debt", "lost", "gap_capital"),
    ),
    "busy projects": Case(
        lambda: scenario({"trust": 0.6}, parameters=bounded(BUSY), programme=every_instrument()), ("research_running", "wins"),
    ),
    "cartel": Case(
        lambda: scenario({"trust": 0.7}, parameters=bounded(CARTEL), programme=gates(0.05)), ("collusion",),
    ),
    "captured association": Case(lambda: scenario({"trust": 0.6, "tractors": 6}, parameters=bounded(CAPTURED)), ("board_large",)),
    "poor association": Case(lambda: scenario({"trust": 0.6}, parameters=bounded(POOR)), ("origin", "distress")),
    "restless phases": Case(lambda: scenario({"trust": 0.6}, parameters=bounded(RESTLESS), environment=SWINGS)),
    "seed": Case(lambda: scenario(SEED | {"trust": 0.4}), (spread, "entries", "variety")),
    "seed that breeds": Case(
        lambda: scenario(SEED | {"trust": 0.5, "location_quotient": 0.3}, parameters=bounded(LIVELY, {
            "demography": {"startup_growth": 40, "startup_strength": 1, "spinoff_quality": 6, "closure_experience": 1.5},
        })),
        (spread, "spinoffs"),
    ),
    "one industry, two places": Case(lambda: scenario(*SHARED, parameters={"market": {"industry_noise": 0.1}}), ("recipe",)),
    "one industry, two places, all at rest": Case(
        lambda: scenario(*SHARED, parameters={"market": {"industry_noise": 0, "place_noise": 0, "noise": 0}}),
    ),
    "restless places": Case(lambda: scenario(*FOUR, parameters={"market": {"place_noise": 0.1, "reluctance": 1}})),
    "strength draws start-ups": Case(
        lambda: scenario(
            {"name": "north", "location_quotient": 6}, {"name": "south", "location_quotient": 0.2}, jobs=3000,
            environment=SWINGS, parameters={"demography": {"startup_strength": 1, "startup_rate": 0.03}},
        ),
        ("entries",),
    ),
    "a lasting start": Case(
        lambda: scenario({"trust": 0.4, "market_share": 0.6}, parameters={
            "market": {"selection": 0.3}, "demography": {"closure": 0.1, "startup_floor": 0, "startup_rate": 0},
        }),
        ("exits",),
    ),
    "all alike": Case(lambda: scenario({"trust": 0.5}, parameters=bounded({
        "population": {"technology_spread": 0}, "knowledge": {"convergence": 0.3, "search": 0, "leap": 0, "variety": 1},
    }))),
    "young diversification": Case(
        lambda: scenario(
            *(place | {"adoption": adoption} for place, adoption in zip(FOUR, (0.1, 0.3, 0.02, 1))),
            parameters=bounded(STEPPING_OUT, LIVELY),
        ),
        (branched, "diversified"),
    ),
    "bills beyond the money": Case(
        lambda: scenario(
            {"trust": 0.5, "smes": 57, "export_share": 0.6}, prices=0.2, programme=bills(),
            institutions=government("feedback", "mixed", 0.9),
            parameters={"knowledge": {"certificate": 0.3, "certificate_cost": 20, "certificate_worth": 0.05}},
        ),
        (*map(paid_in_part, BILLS), some_without_research),
    ),
    "money beyond the bills": Case(
        lambda: scenario(*FOUR, prices=10, programme=bills() | {"scale": {"north": 3}}, parameters={
            "finance": {"paperwork": 0.01}, "knowledge": {"certificate_support": 0.3},
        }),
        tuple(map(paid_in_full, BILLS)),
    ),
    "dear research": Case(
        lambda: scenario(
            {"trust": 0.5}, prices=0.3, programme=bills(), parameters={"complacency": {"rd_price": 2, "rd_staff": 2}},
        ),
        (paid_in_part("rd_support"), some_without_research),
    ),
    "open calls": Case(
        lambda: scenario({"trust": 0.5}, programme=alone(
            {"use": "project_cofinance", "per_year": 120}, {"use": "joint_rd_grant", "per_year": 300, "start": 4},
        )),
        (open_call,),
    ),
    "open calls beside an association": Case(
        lambda: scenario({"trust": 0.6, "smes": 57}, parameters=bounded(FOUND_SOON), programme=alone(
            {"use": "association_founding", "per_year": 80}, {"use": "project_cofinance", "per_year": 200},
            {"use": "joint_purchasing", "per_year": 40},
        )),
        (joined_from_outside, "formal"),
    ),
    "ventures": Case(
        lambda: scenario(
            {"trust": 0.5, "smes": 57}, {"name": "beta", "trust": 0.4}, parameters=bounded(LIVELY),
            programme=alone({"use": "venture_fund", "per_year": 4000}, {"use": "incubator", "per_year": 300, "start": 8}),
        ),
        (backed, "venture_fund"),
    ),
    "observatory": Case(
        lambda: scenario(
            {"trust": 0.5}, environment=FORETOLD, programme=alone({"use": "technology_observatory", "per_year": 240}),
            parameters={"knowledge": {"watch": 3, "pull": 0.05}},
        ),
    ),
    "facilitators from first to last": Case(
        lambda: scenario({"trust": 0.33, "smes": 57, "tractors": 5}, programme=helped_on()),
        (potential, latent, consolidated, sponsored, brought_abroad, well_advised, at_arms_length, recommended),
    ),
    "facilitators who find few": Case(
        lambda: scenario(
            {"trust": 0.3, "smes": 17, "tractors": 6}, SEED | {"name": "beta"},
            programme=alone({"use": "facilitator", "per_year": 900}),
            parameters={"meeting": {"bridged": 6, "brokered": 6, "brokered_most": 0.5, "tractors_first": 0.9, "willing": 0.2}},
        ),
        (potential, brought_abroad),
    ),
    "trade at arm's length": Case(
        lambda: scenario({"trust": 0.3, "smes": 57}, parameters={
            "market": {"arms_length": 0.5, "haggling": 0.1, "surplus": 0.5, "local_half": 0.5, "first_base": 0.5},
            "meeting": {"referral": 0.05, "referral_fading": 0.02},
        }),
        (at_arms_length, recommended),
    ),
    "few firms, eight segments": Case(lambda: scenario(
        {"segments": list("abcdefgh"), "tractor_segment": "h", "smes": 6, "tractors": 1, "trust": 0.5}, parameters=LIVELY,
    )),
}  # fmt: skip
