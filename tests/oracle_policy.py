"""Programmes for the comparisons with the oracle."""

from __future__ import annotations

from typing import get_args

from clustersim.policy.programme import Observed

CLASSES = ("micro", "small", "medium", "large")
OBSERVED = get_args(Observed)
# Instruments of the channels that firms feel one by one.
FOR_FIRMS = (
    "benchmarking", "supplier_development", "rd_tax_credit", "training_centre", "standards", "certification_support",
    "market_intelligence", "export_network", "public_procurement", "shared_services_centre", "single_window", "venture_fund",
    "credit_guarantee", "awareness_events", "mutual_guarantee", "organised_suppliers",
)  # fmt: skip


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
                {"use": "mutual_guarantee", "per_year": 80},
                {"use": "enabling_public_goods", "per_year": 90, "cofinance": 0.1, "paid_by": "firms"},
                {"use": "organised_suppliers", "per_year": 40},
                {"use": "project_preparation", "per_year": 120},
                {"use": "action_teams", "per_year": 60, "taper": 0.5},
                {"use": "talent_attraction", "per_year": 60},
                {"use": "inter_agency_teams", "per_year": 60},
                {"use": "cluster_departments", "per_year": 60, "quarters": 12},
                {"use": "institution_strengthening", "per_year": 40},
                {"use": "policy_dialogue", "per_year": 20, "start": 3},
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
    # The same channels once more, for all, for some time.
    more = [{"use": use, "per_year": 50, "start": 12, "quarters": 8} for use, _ in firms[1:5]]
    return {"stages": [{"name": "all at once", "quarters": 30, "instruments": many + more}]}


def layered(first: str, last: str) -> dict:
    """Return a programme in which several instruments move each channel of firms: apart, overlapping, one within the other."""
    aims = (
        {"per_year": 150, "classes": ["micro"]},
        {"per_year": 90, "classes": ["micro", "small"], "segments": [first], "cofinance": 0.4},
        {"per_year": 60, "segments": [last], "start": 3, "taper": 0.5},
        {"per_year": 120, "classes": ["medium", "large"], "segments": [first, last], "quarters": 12},
        {"per_year": 40, "classes": ["small"], "segments": [last], "start": 10, "quarters": 6},
    )
    instruments = [{"use": use} | aim for use in FOR_FIRMS for aim in aims]
    return {"stages": [
        {"name": "layers", "quarters": 20, "instruments": instruments},
        {"name": "one layer", "quarters": 16, "instruments": [{"use": use} | aims[2] for use in FOR_FIRMS]},
    ]}  # fmt: skip


# What an evaluation reads, its least gain and what it leaves, so that each of them takes money from somebody.
EVALUATIONS = {
    "climate": {"gain": 0.1, "keep": 0.4, "every_years": 0.5},
    "linked": {"gain": 0.15, "keep": 0.25, "every_years": 1},
    "vision": {"gain": 0.3, "keep": 0.7, "every_years": 0.25},
    "members": {"gain": 8, "keep": 0.5, "every_years": 1},
    "component": {"gain": 0.1, "keep": 0, "every_years": 2},
    "formal": {"gain": 1, "keep": 0.6, "every_years": 0.6},
    "private": {"gain": 0.5, "keep": 0.3, "every_years": 1.4},
}


def evaluated(indicator: str, **rest) -> dict:
    """Return a programme under this evaluation, with a lag, a gate that delays, all funds, co-finance and a budget."""
    evaluation = EVALUATIONS[indicator] | {"indicator": indicator, "per_year": 60}
    return {
        "lag_quarters": 3, "budget": {"per_year": 900}, "evaluation": evaluation,
        "stages": [
            {"name": "ground", "quarters": 3, "gate": {"indicator": "climate", "at_least": 0.1}, "instruments": [
                {"use": "facilitator", "per_year": 160, "quarters": 30},
                {"use": "consensus_workshops", "per_year": 160, "quarters": 30, "taper": 0.5},
                {"use": "awareness_events", "per_year": 60, "classes": ["micro", "small"], "quarters": 20},
            ]},
            {"name": "together", "quarters": 12, "not_before": 5, "gate": {"indicator": "linked", "at_least": 0.15},
             "instruments": [
                {"use": "association_founding", "per_year": 60}, {"use": "association_grant", "per_year": 200},
                {"use": "supplier_development", "per_year": 120, "cofinance": 0.3, "classes": ["small"]},
                {"use": "supplier_development", "per_year": 60, "classes": ["micro"]},
                {"use": "project_cofinance", "per_year": 100}, {"use": "credit_guarantee", "per_year": 60},
             ]},
            {"name": "after", "quarters": 8, "instruments": [{"use": "venture_fund", "per_year": 100}]},
        ],
    } | rest  # fmt: skip


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


def mapped(*named: str, **rest) -> dict:
    """Return a programme that maps the named clusters, then all, then none, under a public, a private and its own, mixed lead."""
    usual = [
        {"use": "facilitator", "per_year": 160}, {"use": "cluster_brand", "per_year": 90},
        {"use": "supplier_development", "per_year": 120, "classes": ["micro", "small"]},
    ]  # fmt: skip
    only = {"clusters": list(named)}
    return {
        "lead": "mixed", "lag_quarters": 1,
        "stages": [
            {"name": "map", "quarters": 8, "lead": "public", "instruments": [
                {"use": "cluster_mapping", "per_year": 300, "quarters": 5} | only, *usual,
                {"use": "consensus_workshops", "per_year": 80} | only,
            ]},
            {"name": "use", "quarters": 8, "lead": "private", "instruments": [
                {"use": "cluster_mapping", "per_year": 12, "start": 3, "quarters": 4}, *usual,
            ]},
            {"name": "after", "quarters": 12, "instruments": usual},
        ],
    } | rest  # fmt: skip


def alone(*instruments: dict, quarters: int = 32) -> dict:
    """Return a programme of these instruments only, from the first quarter on."""
    return {"stages": [{"name": "only", "quarters": quarters, "instruments": list(instruments)}]}


def bills() -> dict:
    """Return a programme of the four instruments that pay a part of firms' bills, some of them for a part of the firms."""
    return alone(
        {"use": "rd_tax_credit", "per_year": 200}, {"use": "rd_tax_credit", "per_year": 60, "classes": ["micro", "small"]},
        {"use": "export_network", "per_year": 120, "cofinance": 0.3, "taper": 0.5},
        {"use": "certification_support", "per_year": 60, "classes": ["small", "medium", "large"]},
        {"use": "single_window", "per_year": 60, "start": 2, "quarters": 20}, {"use": "public_procurement", "per_year": 90},
    )  # fmt: skip


def helped_on() -> dict:
    """Return a programme that takes a place through all three states of facilitation, with tractor firms and their suppliers."""
    return alone(
        {"use": "facilitator", "per_year": 400}, {"use": "awareness_events", "per_year": 60},
        {"use": "supplier_development", "per_year": 300, "start": 4}, {"use": "consensus_workshops", "per_year": 160, "start": 6},
        {"use": "association_founding", "per_year": 80, "start": 8}, {"use": "network_incentives", "per_year": 60},
        {"use": "association_grant", "per_year": 300, "start": 8},
        quarters=40,
    )  # fmt: skip


def left_over() -> dict:
    """Return a short programme that leaves money in all three funds."""
    uses = ("project_cofinance", "credit_guarantee", "venture_fund", "joint_rd_grant")
    instruments = [{"use": use, "per_year": 2000, "classes": ["medium"]} for use in uses]
    return {"stages": [{"name": "short", "quarters": 6, "instruments": instruments}]}
