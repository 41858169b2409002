"""Cases for the oracle in which government acts: regimes, reforms, parties, levels, funders, and what is bought of it."""

from __future__ import annotations

from clustersim.model.state import DONOR
from oracle_cases import FOUND_SOON, FOUR, PAIR, SHOCKS, Case, bounded, scenario
from oracle_policy import alone, bills, evaluated, every_instrument, gates, mapped, targeted
from reference.government import REGIMES


def governed(**body) -> dict:
    return {"government": {"regime": "feedback", "coordination": 0.4, **body}}


def run_by(direction: str | None, coordination: str | None, execution: str, overhead: float = 0.1, **tender) -> dict:
    """Return the levels of a programme, by who has each of them."""
    levels = {"direction": direction, "coordination": coordination, "execution": execution}
    given = {name: {"run": run, "overhead": overhead * (k + 1)} for k, (name, run) in enumerate(levels.items()) if run}
    if tender:
        given["execution"]["tender"] = tender
    return given


# What is bought of government, and what it does for others.
BOUGHT = (
    {"use": "inter_agency_teams", "per_year": 60, "quarters": 12}, {"use": "cluster_departments", "per_year": 60, "quarters": 16},
    {"use": "institution_strengthening", "per_year": 60, "start": 2, "quarters": 14},
    {"use": "policy_dialogue", "per_year": 40, "start": 4, "quarters": 16},
)  # fmt: skip
USUAL = (
    {"use": "facilitator", "per_year": 160, "taper": 0.5}, {"use": "association_founding", "per_year": 60},
    {"use": "association_grant", "per_year": 200, "report": True}, {"use": "university_programme", "per_year": 80},
    {"use": "supplier_development", "per_year": 120, "cofinance": 0.3}, {"use": "rd_tax_credit", "per_year": 120, "quarters": 9},
    {"use": "project_cofinance", "per_year": 100, "taper": 1.0, "start": 3},
    {"use": "credit_guarantee", "per_year": 60, "quarters": 2, "start": 6},
)  # fmt: skip
FUNDERS = (
    {"name": "fund of the north", "kind": "donor", "share": 0.5, "until_year": 2},
    {"name": "treasury", "kind": "state", "share": 0.2},
    {"name": "bank of the south", "kind": "multilateral", "share": 0.3, "from_year": 1, "until_year": 4.1},
    {"name": "chamber", "kind": "private", "share": 0.1, "from_year": 3},
    {"name": "fund of the north", "kind": "donor", "share": 0.25, "from_year": 3.5, "until_year": 5},
)


def in_part_from_abroad(cluster) -> bool:
    return 0.0 < cluster.foreign_spending < cluster.public_spending


def short_of_funds(cluster) -> bool:
    """Whether some of the planned money has no funder."""
    return 0.0 < cluster.funded < 1.0


def given_by_several(cluster) -> bool:
    """Whether more than one donor has paid, each with a row."""
    rows = [actor for actor in cluster.institutions if actor.kind == DONOR]
    return len(rows) >= 2 and all(money > 0.0 for money in cluster.donated[: len(rows)])


def able(cluster) -> bool:
    """Whether the executor differs from the usual one."""
    return cluster.ability != 1.0


def under_way(cluster) -> bool:
    """Whether some money arrives at once and some later."""
    return cluster.own > 0.0 < cluster.arrives and cluster.wait > 0


def well_coordinated(cluster) -> bool:
    """Whether public bodies coordinate more than they would of themselves."""
    return cluster.coordinated > cluster.coordination + 0.1


def broken_off(cluster) -> bool:
    """Whether the programme has been ended for good."""
    return cluster.kept == 0.0


def shaken(cluster) -> bool:
    """Whether government is not what it was at the start."""
    return cluster.regime != REGIMES.index(cluster.model.given.institutions.government.regime)


CASES = {
    "localities without means": Case(
        lambda: scenario({"trust": 0.45}, programme=alone(*USUAL), institutions=governed(regime="decentralised", autonomy=0.4),
                         parameters={"government": {"wait_centre": 3, "centre_arrives": 0.7}}),
        (under_way, "members"),
    ),
    "feedback": Case(
        lambda: scenario({"trust": 0.45}, programme=alone(*USUAL), institutions=governed(autonomy=0.8),
                         parameters={"government": {"wait_feedback": 2, "known_feedback": 0.7}}),
        (under_way,),
    ),
    "the centre decides": Case(
        lambda: scenario(*PAIR, programme=bills() | {"budget": {"per_year": 300}}, institutions=governed(regime="centralised"),
                         parameters={"government": {"wait_centre": 1}}),
        ("arrives", "wait"),
    ),
    "every instrument, the money under way": Case(
        lambda: scenario({"trust": 0.4}, programme=every_instrument(), institutions=governed(autonomy=0.5, election_years=2),
                         parameters={"government": {"wait_feedback": 5}}),
        (under_way,),
    ),
    "reforms": Case(
        lambda: scenario(*PAIR, programme=alone(*USUAL), institutions=governed(reforms=[
            {"year": 4, "regime": "decentralised", "autonomy": 0.3}, {"year": 1.5, "regime": "centralised"},
            {"year": 0, "coordination": 0.2}, {"year": 4, "coordination": 0.95, "autonomy": 0.9},
            {"year": 7.3, "regime": "feedback"},
        ])),
        (shaken, under_way),
    ),
    "reforms without a programme": Case(
        lambda: scenario({"trust": 0.5}, institutions=governed(reforms=[{"year": 2, "coordination": 0.9}])), (),
    ),
    "coordination that is bought": Case(
        lambda: scenario({"trust": 0.45}, programme=alone(*BOUGHT, *USUAL), institutions=governed(),
                         parameters=bounded({"facilitation": {"turnover": 0.3, "inherited": 1}})),
        (well_coordinated, "capability", "heard", "rapport"),
    ),
    "coordination that is bought in the centre": Case(
        lambda: scenario(
            *FOUR, programme=alone(*BOUGHT, *USUAL) | {"lead": "mixed", "announced": 0.5}, jobs=9000,
            institutions=governed(regime="centralised", coordination=0.2, election_years=1, turnover=0.4),
            parameters=bounded(FOUND_SOON, {"government": {"known_centre": 0.5, "known_most": 1.4, "party_ends": 0.1}}),
        ),
        (well_coordinated, "heard"),
    ),
    "parties": Case(
        lambda: scenario(
            *PAIR, programme=alone(*BOUGHT, *USUAL), institutions=governed(election_years=2, turnover=0.8),
            parameters={"government": {"party_ends": 0.4, "party_teams": 0.9}, "programme": {"swing": 0.2}},
        ),
        ("teams",),
    ),
    "a party that ends what the other began": Case(
        lambda: scenario(
            {"trust": 0.4}, programme=evaluated("climate", announced=0.5), institutions=governed(election_years=1, turnover=1),
            parameters={"government": {"party_ends": 1}},
        ),
        (broken_off,),
    ),
    "levels": Case(
        lambda: scenario(
            {"trust": 0.4}, programme=gates(0.05) | {"levels": run_by("public", "mixed", "private")},
            institutions=governed(election_years=1), parameters=bounded(FOUND_SOON, {"facilitation": {"turnover": 0.2}}),
        ),
        ("overhead", "handovers", able, "interrupted"),
    ),
    "levels and stages with leads": Case(
        lambda: scenario(
            *PAIR, programme=mapped("north", levels=run_by(None, "private", "mixed", bidders=4, every_years=1.3)),
            institutions=governed(election_years=1), environment=SHOCKS,
        ),
        ("overhead", "handovers", able, "tender_every"),
    ),
    "execution alone": Case(
        lambda: scenario({"trust": 0.4}, programme=targeted("parts") | {"levels": run_by(None, None, "public", bidders=9)},
                         parameters={"government": {"executor_spread": 0.5, "tender_error": 3}}),
        ("overhead", able),
    ),
    "funders": Case(
        lambda: scenario({"trust": 0.45}, programme=alone(*USUAL) | {"funders": FUNDERS}, institutions=governed()),
        (in_part_from_abroad, short_of_funds, given_by_several),
    ),
    "funders who come late": Case(
        lambda: scenario(
            *FOUR, programme=evaluated("linked", announced=0.5) | {"selection": {"mode": "calls", "rounds": [
                {"year": 0, "clusters": 2}, {"year": 1.5, "clusters": 1}]}, "funders": [
                {"name": "one", "kind": "donor", "share": 1, "from_year": 1, "until_year": 3},
                {"name": "two", "kind": "multilateral", "share": 0.5, "from_year": 4},
            ]},
            institutions=governed(autonomy=0.5),
        ),
        ("foreign_spending", given_by_several),
    ),
    "all of it": Case(
        lambda: scenario(
            *FOUR, programme=alone(*BOUGHT, *USUAL) | {
                "funders": FUNDERS, "levels": run_by("mixed", "public", "private", bidders=3, every_years=2), "announced": 0.75,
            },
            institutions=governed(autonomy=0.5, election_years=2, turnover=0.5, reforms=[{"year": 3, "regime": "centralised"}]),
            parameters={"government": {"wait_feedback": 2, "party_ends": 0}},
        ),
        (in_part_from_abroad, "capability", under_way, able, shaken),
    ),
}  # fmt: skip
