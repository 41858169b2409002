"""Programmes for the comparisons with the oracle."""

from __future__ import annotations

import random

from clustersim.instruments import INSTRUMENTS

CLASSES = ("micro", "small", "medium", "large")


def every_instrument() -> dict:
    """Return a programme of all instruments at once, in stages with gates, a lag, a budget, co-finance, tapers and targets."""
    return {
        "announced": 0.5, "lag_quarters": 2, "budget": {"per_year": 4000},
        "stages": [
            {"name": "ground", "quarters": 5, "instruments": [
                {"use": "awareness_events", "per_year": 40, "taper": 0.5, "classes": ["micro", "small", "medium"]},
                {"use": "cluster_mapping", "per_year": 40},
                {"use": "competence_audit", "per_year": 20},
                {"use": "benchmarking", "per_year": 30, "classes": ["micro", "small"], "quarters": 30},
                {"use": "facilitator", "per_year": 200, "quarters": 20, "taper": 0.3},
                {"use": "consensus_workshops", "per_year": 80, "start": 1},
            ]},
            {"name": "founding", "quarters": 4, "gate": {"indicator": "climate", "at_least": 0.3}, "instruments": [
                {"use": "association_founding", "per_year": 40},
                {"use": "competitiveness_plan", "per_year": 90, "quarters": 20},
                {"use": "facilitator", "per_year": 80},
                {"use": "network_incentives", "per_year": 60, "taper": 1.0},
                {"use": "single_window", "per_year": 60, "quarters": 20},
            ]},
            {"name": "operation", "quarters": 25, "not_before": 8, "gate": {"indicator": "members", "at_least": 3},
             "instruments": [
                {"use": "association_grant", "per_year": 300, "taper": 0.6, "report": True, "until_private": 0.9},
                {"use": "project_cofinance", "per_year": 120},
                {"use": "joint_purchasing", "per_year": 40},
                {"use": "joint_rd_grant", "per_year": 160},
                {"use": "supplier_development", "per_year": 90, "cofinance": 0.2, "classes": ["small", "medium"]},
                {"use": "rd_tax_credit", "per_year": 200, "cofinance": 0.3},
                {"use": "technology_centre", "per_year": 120, "start": 2},
                {"use": "technology_observatory", "per_year": 120},
                {"use": "university_programme", "per_year": 150, "cofinance": 0.1},
                {"use": "shared_services_centre", "per_year": 100},
                {"use": "training_centre", "per_year": 90, "cofinance": 0.4},
                {"use": "standards", "per_year": 50, "classes": ["micro", "small"]},
                {"use": "certification_support", "per_year": 60, "cofinance": 0.2},
                {"use": "market_intelligence", "per_year": 40},
                {"use": "export_network", "per_year": 90, "cofinance": 0.3, "taper": 0.2},
                {"use": "public_procurement", "per_year": 90},
                {"use": "cluster_linkage", "per_year": 60},
                {"use": "cluster_brand", "per_year": 90},
                {"use": "fdi_attraction", "per_year": 250, "quarters": 12},
                {"use": "industrial_park", "per_year": 200},
                {"use": "competition_policy", "per_year": 20},
                {"use": "incubator", "per_year": 120},
                {"use": "venture_fund", "per_year": 100},
                {"use": "credit_guarantee", "per_year": 80, "start": 1, "taper": 1.0},
             ]},
        ],
    }  # fmt: skip


def targeted(reach: str) -> dict:
    """Return a programme from the first quarter on, generous, of instruments that reach some classes and one segment only."""
    firms = [
        ("benchmarking", 0), ("supplier_development", 0.5), ("rd_tax_credit", 0.3), ("training_centre", 1.0), ("standards", 0),
        ("certification_support", 0.2), ("market_intelligence", 0), ("export_network", 0.4), ("public_procurement", 0),
        ("shared_services_centre", 0.2), ("single_window", 0), ("venture_fund", 0), ("credit_guarantee", 0),
        ("awareness_events", 0),
    ]  # fmt: skip
    some = [["micro"], ["micro", "small"], ["small"], ["medium", "large"], list(CLASSES), ["large"]]
    many = [
        {"use": use, "per_year": 400, "cofinance": cofinance, "classes": some[k % 6], "segments": [reach] if k % 2 else None}
        for k, (use, cofinance) in enumerate(firms)
    ]
    # The same channels once more for others: masks are joined.
    more = [{"use": use, "per_year": 50, "start": 12, "quarters": 8} for use, _ in firms[1:5]]
    return {"stages": [{"name": "all at once", "quarters": 30, "instruments": many + more}]}


def gates(at_least: float) -> dict:
    """Return a programme of short stages, each behind another gate."""
    indicators = ("formal", "private", "linked", "component", "vision", "climate", "members")
    instruments = [
        [{"use": "association_grant", "per_year": 120, "until_private": 0.5}],
        [{"use": "association_grant", "per_year": 300, "report": True}],
        [{"use": "project_cofinance", "per_year": 200}],
        [{"use": "joint_purchasing", "per_year": 100}, {"use": "joint_rd_grant", "per_year": 300}],
        [{"use": "facilitator", "per_year": 160}],
        [{"use": "competition_policy", "per_year": 60}],
        [{"use": "venture_fund", "per_year": 100}],
    ]  # fmt: skip
    first = {"name": "ground", "quarters": 2, "instruments": [
        {"use": "association_founding", "per_year": 80}, {"use": "facilitator", "per_year": 160, "quarters": 24},
        {"use": "consensus_workshops", "per_year": 160, "quarters": 24},
    ]}  # fmt: skip
    later = [
        {
            "name": name, "quarters": 4, "instruments": use,
            "gate": {"indicator": name, "at_least": 3 if name == "members" else at_least},
        }
        for name, use in zip(indicators, instruments, strict=True)
    ]  # fmt: skip
    return {"stages": [first, *later]}


def left_over() -> dict:
    """Return a short programme that leaves money in all three funds."""
    uses = ("project_cofinance", "credit_guarantee", "venture_fund", "joint_rd_grant")
    instruments = [{"use": use, "per_year": 2000, "classes": ["medium"]} for use in uses]
    return {"stages": [{"name": "short", "quarters": 6, "instruments": instruments}]}


def anyhow(rng: random.Random, segments: list[str], names: list[str]) -> dict:
    """Return a programme with anything in it: instruments, targets, stages, gates, lead, selection, scale."""
    stages = []
    for k in range(rng.randint(1, 4)):
        gate = {"indicator": rng.choice(("climate", "linked", "vision", "component", "formal", "private")), "at_least": 0.05}
        instruments = [_any_instrument(rng, use, segments) for use in rng.sample(sorted(INSTRUMENTS), rng.randint(2, 20))]
        stages.append({
            "name": f"stage {k}", "quarters": rng.randint(1, 20), "not_before": rng.choice((0, 0, 6)),
            "gate": gate if rng.random() < 0.4 else None, "instruments": instruments,
        })  # fmt: skip
    programme: dict = {
        "announced": rng.choice((0, 0, 1.125)), "lag_quarters": rng.choice((0, 3)),
        "lead": rng.choice(("public", "mixed", "private")), "stages": stages,
    }  # fmt: skip
    if rng.random() < 0.5:
        programme["budget"] = {"per_year": rng.uniform(100, 6000), "shared": rng.random() < 0.5}
    if rng.random() < 0.5:
        programme["scale"] = {name: rng.uniform(0, 3) for name in rng.sample(names, rng.randint(1, len(names)))}
    if rng.random() < 0.3:
        programme["clusters"] = rng.sample(names, rng.randint(1, len(names)))
    if rng.random() < 0.3:
        rounds = [{"year": rng.uniform(0, 3), "clusters": 1} for _ in range(rng.randint(1, 3))]
        programme["selection"] = {"mode": rng.choice(("politics", "competitiveness", "calls")), "rounds": rounds}
    return programme


def _any_instrument(rng: random.Random, use: str, segments: list[str]) -> dict:
    instrument: dict = {
        "use": use, "per_year": rng.choice((0, rng.uniform(1, 100), rng.uniform(100, 1000))), "start": rng.choice((0, 0, 1, 5)),
        "quarters": rng.choice((None, None, 8)), "taper": rng.choice((0, 0, 0.5, 1)), "cofinance": rng.choice((0, 0, 0.3, 1)),
    }  # fmt: skip
    if rng.random() < 0.3:
        instrument["classes"] = rng.sample(CLASSES, rng.randint(1, 3))
    if rng.random() < 0.3:
        instrument["segments"] = rng.sample(segments, rng.randint(1, len(segments)))
    if rng.random() < 0.2:
        instrument["until_private"] = rng.uniform(0.3, 1)
    if use == "association_grant":
        instrument["report"] = rng.random() < 0.5
    return instrument
