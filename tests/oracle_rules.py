"""Cases for the oracle in which a rule that comes along steers the money of the programme."""

from __future__ import annotations

from oracle_cases import BUSY, FOUND_SOON, FOUR, PAIR, SEVEN, SHOCKS, Case, bounded, government, scenario
from oracle_policy import alone, evaluated, every_instrument, gates

GAP = {"use": "gap_driven", "every": 2, "focus": 2}
STAGED = {"use": "staged_experiment", "every": 3, "years_apart": 0.75, "explorers": 2, "learning": 3}
STOP = {"use": "stop_or_scale", "every": 2, "least_years": 1, "scale": 3, "keep": 0.1}
MIX = (
    {"use": "facilitator", "per_year": 160, "taper": 0.5}, {"use": "association_founding", "per_year": 60},
    {"use": "association_grant", "per_year": 200, "report": True, "until_private": 0.9},
    {"use": "university_programme", "per_year": 80, "cofinance": 0.1}, {"use": "training_centre", "per_year": 60, "start": 4},
    {"use": "cluster_linkage", "per_year": 40}, {"use": "credit_guarantee", "per_year": 60, "quarters": 10},
    {"use": "export_network", "per_year": 90, "cofinance": 0.3}, {"use": "industrial_park", "per_year": 60},
    {"use": "facilitator", "per_year": 40, "start": 6}, {"use": "joint_rd_grant", "per_year": 60},
)  # fmt: skip


def under(rule: dict, programme: dict | None = None, **more) -> dict:
    return (programme or alone(*MIX)) | {"rule": rule} | more


def moved(cluster) -> bool:
    """Whether some instrument has more money than it would have without the rule, and some less."""
    factors = [row.factor for row in cluster.plan]
    return min(factors, default=1.0) < 0.999 and max(factors, default=1.0) > 1.001


def learnt(cluster) -> bool:
    """Whether factors are other than those with which the first clusters try things out, but for what keeps the total."""
    most, first = 1.0 + cluster.model.given.programme.rule.variation, cluster.plan[0].factor
    return any(all(abs(row.factor - tried * first) > 1e-6 for tried in (1.0, most, 1.0 / most)) for row in cluster.plan)


def waiting(cluster) -> bool:
    """Whether its turn is still to come, while others are served."""
    return cluster.world.quarter < cluster.announced


def cofinanced() -> dict:
    """Return a programme in two stages, the second behind a gate, in which firms pay a part and some instruments end early."""
    more = [{"use": use, "per_year": 90, "quarters": 7} for use in ("venture_fund", "standards", "technology_observatory")]
    return {"stages": [
        {"name": "one", "quarters": 9, "instruments": [*MIX]},
        {"name": "two", "quarters": 16, "gate": {"indicator": "linked", "at_least": 0.02}, "instruments": [*more, *MIX[2:8]]},
    ]}  # fmt: skip


CASES = {
    "gaps": Case(lambda: scenario({"trust": 0.5}, programme=under(GAP)), (moved,)),
    "gaps that associations report": Case(
        lambda: scenario(
            *PAIR, programme=under(GAP | {"informed_by": "associations", "every": 1}), parameters=bounded(FOUND_SOON),
            institutions=government("feedback", "mixed", 0.6, 1), environment=SHOCKS,
        ),
        (moved, "formal"),
    ),
    "gaps, every instrument": Case(
        lambda: scenario(
            *FOUR, programme=under(GAP | {"focus": 3}, every_instrument()), institutions=government("feedback", "mixed", 0.6, 2),
        ),
        (moved, "interrupted"),
    ),
    "gaps and gates": Case(
        lambda: scenario({"trust": 0.6}, programme=under(GAP, gates(0.05)), parameters=bounded(BUSY)), (moved,),
    ),
    "gaps, evaluated": Case(
        lambda: scenario(*PAIR, programme=under(GAP | {"every": 1}, evaluated("linked")), parameters=bounded(FOUND_SOON)),
        (moved,),
    ),
    "one by one": Case(
        lambda: scenario(*SEVEN, programme=under(STAGED | {"outcome": "sales"}, budget={"per_year": 900, "shared": True})),
        (moved, learnt, waiting),
    ),
    "two by two": Case(
        lambda: scenario(
            *SEVEN, jobs=9000, programme=under(
                STAGED | {"at_a_time": 2, "variation": 0.5, "years_apart": 0.6, "explorers": 2, "every": 1}, announced=0.5,
                clusters=["b", "c", "d", "e", "g"],
            ),
        ),
        (moved, learnt, waiting),
    ),
    "one by one, chosen by calls": Case(
        lambda: scenario(*SEVEN, programme=under(STAGED | {"outcome": "employment"}, selection={"mode": "calls", "rounds": [
            {"year": 0, "clusters": 2}, {"year": 0.5, "clusters": ["a"]}, {"year": 1, "clusters": 3},
        ]})),
        (moved, waiting),
    ),
    "stop or scale": Case(lambda: scenario({"trust": 0.45}, programme=under(STOP)), (moved,)),
    "stop or scale, at once": Case(
        lambda: scenario(
            *PAIR, programme=under(STOP | {"every": 1, "least_years": 0.5, "keep": 0, "bar": 0.02}, cofinanced()),
            parameters=bounded(BUSY),
        ),
        (moved,),
    ),
    "stop or scale, money of many and for some, under way": Case(
        lambda: scenario(
            *PAIR, parameters=bounded(BUSY, {"government": {"wait_feedback": 3}}),
            programme=alone(
                *MIX, {"use": "standards", "per_year": 90, "target": "group"},
                {"use": "rd_tax_credit", "per_year": 90, "target": "members", "quarters": 12},
            ) | {"rule": STOP | {"every": 1, "keep": 0, "bar": 0.02}, "funders": [
                {"name": "one", "kind": "donor", "share": 0.8, "until_year": 3},
                {"name": "two", "kind": "state", "share": 0.6, "from_year": 4},
            ]},
            institutions={"government": {"regime": "feedback", "coordination": 0.4, "autonomy": 0, "reforms": [
                {"year": 2, "regime": "centralised"}, {"year": 5, "regime": "decentralised", "autonomy": 1},
            ]}},
        ),
        (moved, "formal"),
    ),
    "stop or scale, evaluated between elections": Case(
        lambda: scenario(
            *PAIR, programme=under(STOP | {"every": 1, "keep": 0}, evaluated("component", announced=0.5)), environment=SHOCKS,
            institutions=government("feedback", "mixed", 0.6, 1), parameters=bounded(FOUND_SOON, {"programme": {"swing": 0.6}}),
        ),
        (moved, "interrupted"),
    ),
}  # fmt: skip
