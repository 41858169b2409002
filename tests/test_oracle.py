"""The kernel against the oracle of `tests/reference`: side by side, quarter by quarter, every column of the state."""

from __future__ import annotations

import random

import pytest

from clustersim.parameters import PARAMETERS
from clustersim.scenario.loading import load_scenario
from clustersim.scenario.model import Scenario
from reference.compare import Comparison

QUARTERS = 40
SHOWN = 12


def scenario(*clusters: dict, **rest) -> Scenario:
    """Return a scenario; without clusters of one with 40 firms in three segments."""
    one = {
        "name": "alpha", "segments": ["parts", "machines", "services"], "tractors": 3, "smes": 37, "universities": 1,
        "technology_centres": 1, "tractor_segment": "machines",
    }  # fmt: skip
    places = [one | cluster for cluster in clusters or ({},)]
    return Scenario.model_validate({"title": "oracle", "place": {"clusters": places}, **rest})


def every_instrument() -> dict:
    """Return a programme of all instruments at once, in stages with gates, a lag, a budget, co-finance and tapers."""
    return {
        "announced": 0.5, "lag_quarters": 2, "budget": {"per_year": 2500},
        "stages": [
            {"name": "ground", "quarters": 5, "instruments": [
                {"use": "awareness_events", "per_year": 40, "taper": 0.5},
                {"use": "cluster_mapping", "per_year": 40},
                {"use": "facilitator", "per_year": 200, "quarters": 20, "taper": 0.3},
                {"use": "consensus_workshops", "per_year": 80, "start": 1},
            ]},
            {"name": "founding", "quarters": 4, "gate": {"indicator": "climate", "at_least": 0.3}, "instruments": [
                {"use": "association_founding", "per_year": 40},
                {"use": "facilitator", "per_year": 80},
                {"use": "network_incentives", "per_year": 60, "taper": 1.0},
            ]},
            {"name": "operation", "quarters": 25, "not_before": 12, "gate": {"indicator": "members", "at_least": 3},
             "instruments": [
                {"use": "association_grant", "per_year": 300, "taper": 0.6},
                {"use": "project_cofinance", "per_year": 120},
                {"use": "supplier_development", "per_year": 90, "cofinance": 0.2},
                {"use": "rd_tax_credit", "per_year": 200},
                {"use": "technology_centre", "per_year": 120, "start": 2},
                {"use": "university_programme", "per_year": 150, "cofinance": 0.1},
                {"use": "export_network", "per_year": 90, "cofinance": 0.3, "taper": 0.2},
                {"use": "cluster_brand", "per_year": 90},
                {"use": "fdi_attraction", "per_year": 250, "quarters": 12},
                {"use": "incubator", "per_year": 120},
                {"use": "credit_guarantee", "per_year": 80, "start": 1, "taper": 1.0},
             ]},
        ],
    }  # fmt: skip


def government(regime: str, orientation: str, coordination: float = 0.5) -> dict:
    return {"government": {"regime": regime, "orientation": orientation, "coordination": coordination}}


SHOCKS = {
    "shocks": [
        {"kind": "demand", "year": 1, "years": 2, "size": -0.3},
        {"kind": "demand", "year": 2.5, "years": 1, "size": 0.1},
        {"kind": "technology", "year": 3, "years": 1, "size": 0.2},
        {"kind": "competitor", "year": 4, "size": 0.15},
        {"kind": "political", "year": 2, "years": 4, "size": 0.4},
    ]
}  # fmt: skip
BOTH_HAZARDS = {"environment": {"technology_hazard": 0.05}, "programme": {"interruption_hazard": 0.1}}
LIVELY = {
    "demography": {"startup_rate": 0.03, "spinoff_rate": 0.01, "seed_loan": 0.3, "attraction_rate": 0.3, "settler_tractor": 0.4},
}  # fmt: skip


BUSY = {
    "joint_action": {
        "launch": 1.0, "launch_help": 0.5, "attention": 1.0, "choice_spread": 0.5, "quarters_easy": 1, "quarters_hard": 2,
        "partners_min": 2, "cost_hard": 20,
    },
    "association": {"vision_gain": 0.3, "core_needed": 0.05, "vision_needed": 0.02, "founding_rate": 0.5},
    "meeting": {"pipeline_rate": 0.05, "pipelines_max": 1},
}  # fmt: skip
# Phases that come early and often.
RESTLESS = {
    "phase": {
        "stay": 0, "smoothing": 1, "museum_stay": 4, "museum_level": 0.9, "peak_leak": 0, "trend_memory": 0.25,
        "decline_depth": 1,
        "decline_trend": -0.1, "renaissance_rise": 1, "creation_firms": 3, "development_firms": 5, "development_core": 0.1,
        "development_vision": 0.05, "maturity_growth": 0.8, "maturity_core": 0.2, "maturity_pipelines": 0,
        "transformation_shift": 0.01,
    },
    "association": {"vision_gain": 0.3, "core_needed": 0.05, "vision_needed": 0.02, "founding_rate": 0.5},
    "knowledge": {"pull": 0.05},
}  # fmt: skip
SWINGS = {
    "shocks": [
        {"kind": "technology", "year": 3, "size": 0.1},
        {"kind": "demand", "year": 4, "years": 6, "size": 0.5},
        {"kind": "demand", "year": 5, "size": 0.6},
    ]
}


def bounded(wished: dict) -> dict:
    """Return these parameters, each moved into its declared range."""
    return {
        group: {name: min(max(value, PARAMETERS[group][name].low), PARAMETERS[group][name].high) for name, value in part.items()}
        for group, part in wished.items()
    }


def scattered(seed: int) -> Scenario:
    """Return a scenario whose place, policy and parameters lie anywhere in their ranges."""
    rng = random.Random(seed)
    parameters: dict = {}
    for group, declared in PARAMETERS.items():
        for name, p in declared.items():
            if rng.random() < 0.5:
                value = rng.choice((p.low, p.high, rng.uniform(p.low, p.high), rng.uniform(p.low, p.high)))
                # The rules divide by the one; at 1 of the other, child and parent know the same up to rounding, and are compared.
                value = max(value, 0.01) if name == "export_cut" else min(value, 0.99) if name == "inheritance" else value
                parameters.setdefault(group, {})[name] = value
    segments = ["a", "b", "c", "d"][: rng.randint(1, 4)]
    place = {
        "segments": segments, "tractor_segment": rng.choice((None, *segments)), "tractors": rng.randint(0, 4),
        "smes": rng.randint(5, 60), "universities": rng.randint(0, 2), "technology_centres": rng.randint(0, 2),
        "trust": rng.uniform(0.05, 0.95), "radius_km": rng.uniform(8, 50), "export_share": rng.uniform(0, 0.9),
        "market_share": rng.uniform(0.01, 0.9),
    }  # fmt: skip
    policy = every_instrument() if rng.random() < 0.7 else None
    body = government(
        rng.choice(("decentralised", "feedback", "centralised")), rng.choice(("bottom_up", "mixed", "top_down")), rng.random()
    )
    shocks = SHOCKS if rng.random() < 0.5 else {}
    return scenario(place, environment=shocks, institutions=body, programme=policy, parameters=parameters)


def collapse() -> Scenario:
    return scenario({"smes": 27}, environment={"shocks": [{"kind": "demand", "year": 1, "size": -1.6}]})


CASES = {
    "low trust": lambda: scenario({"trust": 0.2}),
    "middling trust": lambda: scenario({"trust": 0.34}),
    "high trust": lambda: scenario({"trust": 0.6, "smes": 57}),
    "one segment, no school": lambda: scenario(
        {"segments": ["all"], "tractor_segment": None, "universities": 0, "technology_centres": 0, "trust": 0.5}
    ),
    "every instrument": lambda: scenario(
        {"trust": 0.4}, programme=every_instrument(), institutions=government("centralised", "top_down", 0.7)
    ),
    "every instrument, bottom up, no school": lambda: scenario(
        {"trust": 0.5, "universities": 0, "technology_centres": 0}, programme=every_instrument(),
        institutions=government("feedback", "bottom_up", 0.9),
    ),
    "shocks": lambda: scenario({"trust": 0.45}, environment=SHOCKS, programme=every_instrument()),
    "hazards": lambda: scenario({"trust": 0.45}, programme=every_instrument(), parameters=BOTH_HAZARDS),
    "two clusters": lambda: scenario(
        {"name": "north", "smes": 27, "trust": 0.5},
        {"name": "south", "smes": 32, "segments": ["a", "b"], "tractor_segment": "a"},
        environment=SHOCKS,
    ),
    "births": lambda: scenario({"trust": 0.5}, parameters=LIVELY, programme=every_instrument()),
    "collapse": collapse,
    "busy projects": lambda: scenario({"trust": 0.6}, parameters=bounded(BUSY), programme=every_instrument()),
    "restless phases": lambda: scenario({"trust": 0.6}, parameters=bounded(RESTLESS), environment=SWINGS),
    "few firms, eight segments": lambda: scenario(
        {"segments": list("abcdefgh"), "tractor_segment": "h", "smes": 6, "tractors": 1, "trust": 0.5}, parameters=LIVELY,
    ),
}  # fmt: skip


def compare(given: Scenario, seed: int, quarters: int = QUARTERS, replicate: int = 0) -> None:
    """Fail at the first quarter in which the two differ, and say where."""
    comparison = Comparison(given, seed, replicate)
    while not comparison.found and comparison.quarter < quarters - 1:
        comparison.advance()
    report(comparison)


def report(comparison: Comparison) -> None:
    """Fail if there is a difference, naming quarter, cluster, actor, variable and both values."""
    if comparison.found:
        lines = [f"{len(comparison.found)} differences (seed {comparison.seed}), first:"]
        pytest.fail("\n".join(lines + [str(difference) for difference in comparison.found[:SHOWN]]), pytrace=False)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", CASES)
def test_kernel_and_oracle_agree(name, seed):
    compare(CASES[name](), seed)


def test_another_replicate():
    compare(CASES["high trust"](), seed=7, quarters=12, replicate=5)


def set_cluster(comparison: Comparison, **values: float) -> None:
    """Give the (one) cluster these values, in the kernel and in the oracle."""
    for name, value in values.items():
        comparison.kernel.state.clusters[name][0] = value
        setattr(comparison.oracle.clusters[0], name, value)


@pytest.mark.parametrize("smes", [6, 12, 20])
def test_next_phase_from_anywhere(smes):
    """Put the cluster into any phase, with indicators on either side of every threshold, and compare what follows."""
    rng = random.Random(smes)
    inert = {"smoothing": 0.05, "trend_memory": 0.02, "reference_speed": 0.02}
    given = bounded(BUSY | {"demography": {"startup_floor": smes / 100, "closure": 0.01}, "phase": inert})
    comparison = Comparison(scenario({"trust": 0.7, "smes": smes}, parameters=given), seed=smes)
    cluster, p = comparison.oracle.clusters[0], comparison.oracle.world.parameters.phase

    def near(threshold: float) -> float:
        return threshold * rng.choice((0.5, 0.75, 0.85, 0.95, 1.05, 1.3))

    phases = set()
    while not comparison.found and comparison.quarter < 250:
        employment = (cluster.employment + 1.0) * rng.uniform(0.95, 1.05)
        set_cluster(
            comparison, phase=rng.choice((0, 1, 2, 2, 3, 3, 3, 4, 5, 5, 6, 7, 8)),
            phase_since=comparison.quarter + 1 - rng.choice((0, 3, 4, 15, 16, 16, 20)),
            smooth_employment=employment, peak=employment / near(rng.choice((p.museum_level, p.decline_depth))),
            trough=employment / near(p.renaissance_rise), trend=near(rng.choice((p.renaissance_trend, p.decline_trend))),
            employment_start=cluster.employment / near(p.maturity_growth),
            firms_start=cluster.firm_count / near(p.maturity_growth),
            smooth_linked=near(p.creation_linked),
            smooth_component=near(rng.choice((p.creation_core, p.development_core, p.maturity_core, 1.0))),
            smooth_vision=near(p.development_vision), smooth_pipelines=near(p.maturity_pipelines), smooth_gap=0.2,
            gap_then=0.2 + near(p.transformation_shift),
        )  # fmt: skip
        comparison.advance()
        phases.add(cluster.phase)
    report(comparison)
    assert smes < 20 or len(phases) == 9


SHIPPED = ("organic", "no_policy", "designed", "basque_country")


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios(name):
    compare(load_scenario(name), seed=1, quarters=24)


@pytest.mark.parametrize("seed", range(10))
def test_parameters_anywhere_in_their_ranges(seed):
    compare(scattered(seed), seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 40))
def test_more_parameters_anywhere(seed):
    compare(scattered(seed), seed)


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios_to_their_horizon(name):
    given = load_scenario(name)
    compare(given, seed=3, quarters=given.quarters)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 13))
@pytest.mark.parametrize("name", CASES)
def test_more_seeds(name, seed):
    compare(CASES[name](), seed, quarters=80)
