"""Cases for the oracle: targets of instruments, named winners, and what a place may say of its start."""

from __future__ import annotations

import csv
from pathlib import Path

import yaml

from clustersim.scenario.loading import load_scenario
from clustersim.scenario.model import Scenario
from oracle_cases import BUSY, FOUND_SOON, FOUR, LIVELY, PAIR, SEVEN, TIGHT, Case, bounded, government, scenario
from oracle_policy import FOR_FIRMS, alone, bills, every_instrument, mapped

TYPES = ("extractive", "light", "supplier_driven", "specialised_services", "tourism")
MERIT = {"every_years": 1, "winners": 6}
LOTTERY = {"every_years": 0.6, "winners": 4, "by": "lottery"}
AIMS = (
    {"target": "members"}, {"target": "group"}, {"target": "young", "younger_than": 5}, {"target": "winners", "call": MERIT},
    {"target": "winners", "call": LOTTERY}, {"target": "members", "classes": ["micro", "small"]}, {},
)  # fmt: skip
FOUNDED = (
    {"use": "association_founding", "per_year": 60}, {"use": "association_grant", "per_year": 200},
    {"use": "project_cofinance", "per_year": 120}, {"use": "facilitator", "per_year": 160},
)  # fmt: skip


def aimed(*aims: dict, uses: tuple[str, ...] = FOR_FIRMS, **more) -> dict:
    """Return a programme in which these instruments, in turn, have these aims."""
    instruments = [{"use": use, "per_year": 120} | aims[k % len(aims)] | more for k, use in enumerate(uses)]
    return alone(*FOUNDED, *instruments)


def reached(target: str):
    """Return what says whether an instrument for such firms reaches some of them, and not all."""
    return lambda cluster: any(
        aim.instrument.target == target and 0.0 < cluster.aim_firms[aim.number] < len(cluster.firms) for aim in cluster.aim_list
    )


def nobody(cluster) -> bool:
    """Whether an aim reaches nobody though its stage has begun."""
    return any(cluster.began[aim.stage] >= 0 and not cluster.aim_firms[aim.number] for aim in cluster.aim_list)


def twice(cluster) -> bool:
    """Whether some firm is within more than one aim."""
    return any(firm.targets & (firm.targets - 1) for firm in cluster.firms)


def old_association(cluster) -> bool:
    """Whether an association older than the start still stands."""
    return cluster.formal and cluster.founded < -1 and cluster.members > 0.0


def second_association(cluster) -> bool:
    """Whether another one was founded after the first had closed."""
    return cluster.origin == 3 and cluster.founded >= 0


def some_research(cluster) -> bool:
    """Whether some firms do research and others do not, from a scale that the place set."""
    return cluster.research_from >= 0.0 and {firm.rd_share > 0.0 for firm in cluster.firms} == {False, True}


def _chosen(mode: str, **more) -> Scenario:
    calls = [
        {"year": 0, "clusters": ["c", "a"]}, {"year": 0.5, "clusters": 1}, {"year": 1.1, "clusters": ["f"]},
        {"year": 2, "clusters": 2},
    ]  # fmt: skip
    return scenario(
        *SEVEN, institutions=government("decentralised", "mixed", 0.7),
        programme=alone({"use": "facilitator", "per_year": 240}, quarters=12)
        | {"selection": {"mode": mode, "rounds": calls}, "budget": {"per_year": 900, "shared": True}} | more,
    )  # fmt: skip


def listed(folder: Path, member: bool = False) -> Scenario:
    """Return a register of two clusters of which instruments name some firms, with an association in one, research in both."""
    firms = [
        {"cluster": cluster, "id": f"{cluster} {k}", "employees": 3 + 7 * k % 61, "sales": 200 + 150 * k, "year": 1990 + k % 30,
         "tractor": int(k == 0), "member": int(member and k % 3 == 0)}
        for cluster in ("north", "south") for k in range(30)
    ]  # fmt: skip
    with (folder / "firms.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, list(firms[0]))
        table.writeheader()
        table.writerows(firms)
    some = [f"north {k}" for k in range(0, 30, 4)]
    programme = alone(
        {"use": "rd_tax_credit", "per_year": 90, "target": "named", "firms": [*some, "south 3"]},
        {"use": "supplier_development", "per_year": 90, "cofinance": 0.4, "target": "named", "firms": ["south 5", "south 6"]},
        {"use": "training_centre", "per_year": 40, "target": "named", "firms": [*some, "south 3"]},
        {"use": "benchmarking", "per_year": 40, "target": "named", "firms": ["south 3", *some]},
        {"use": "export_network", "per_year": 60, "target": "young", "younger_than": 9},
        {"use": "standards", "per_year": 60, "target": "members"},
        {"use": "shared_services_centre", "per_year": 60, "target": "members"},
    ) | {"clusters": ["north"], "announced": 0.5}  # fmt: skip
    clusters = [
        {"name": name, "segments": ["one", "two"], "trust": 0.5, "firms": {"table": "firms.csv"}, "research_share": share,
         "association": stated, "type": kind}
        for name, share, stated, kind in (
            ("north", 0.3, {"staff": 2, "years": 7.6}, "light"), ("south", 0.6, None, None),
        )
    ]  # fmt: skip
    text = {"title": "listed", "horizon": {"start_year": 2020}, "place": {"clusters": clusters}, "programme": programme}
    (folder / "place.yaml").write_text(yaml.safe_dump(text), encoding="utf-8")
    return load_scenario(str(folder / "place.yaml"))


CASES = {
    "aims of all kinds": Case(
        lambda: scenario({"trust": 0.6, "smes": 57}, parameters=bounded(BUSY), programme=aimed(*AIMS)),
        (*map(reached, ("members", "group", "young", "winners")), twice),
    ),
    "aims that firms pay for": Case(
        lambda: scenario(
            *FOUR, prices=1.7, parameters=bounded(LIVELY, FOUND_SOON),
            programme=aimed(*AIMS, cofinance=0.4) | {"budget": {"per_year": 2500}, "scale": {"north": 2}},
        ),
        (*map(reached, ("members", "young", "winners")), nobody),
    ),
    "aims within segments": Case(
        lambda: scenario(
            {"name": "north", "trust": 0.5}, {"name": "south", "segments": ["a", "parts"], "tractor_segment": "a"},
            parameters=bounded(BUSY), institutions=government("feedback", "mixed", 0.6, 1),
            programme=aimed(*(aim | {"segments": ["parts"], "taper": 0.5, "start": 2} for aim in AIMS)) | {"announced": 1},
        ),
        (*map(reached, ("members", "young", "winners")), nobody),
    ),
    "calls that merit decides": Case(
        lambda: scenario({"trust": 0.4}, parameters={"programme": {"call_error": 0}}, programme=alone(
            {"use": "venture_fund", "per_year": 300, "target": "winners", "call": MERIT | {"every_years": 0.25}},
            {"use": "rd_tax_credit", "per_year": 90, "target": "winners", "call": MERIT, "start": 3, "quarters": 9},
            {"use": "rd_tax_credit", "per_year": 90, "target": "winners", "call": MERIT | {"winners": 500}, "classes": ["micro"]},
            {"use": "credit_guarantee", "per_year": 90, "target": "winners", "call": MERIT | {"every_years": 3}},
        )),
        (reached("winners"), twice),
    ),
    "calls between elections": Case(
        lambda: scenario(
            *PAIR, programme=aimed({"target": "winners", "call": MERIT}, {"target": "group"}, uses=FOR_FIRMS[:6]),
            institutions=government("feedback", "mixed", 0.6, 1), parameters=bounded(BUSY, {"programme": {"swing": 0.9}}),
        ),
        ("interrupted", reached("winners"), reached("group")),
    ),
    "what firms share, for some": Case(
        lambda: scenario(
            {"trust": 0.6, "smes": 57}, parameters=bounded(TIGHT, FOUND_SOON, {"market": {"standard_tractor": 0, "surplus": 1}}),
            programme=alone(
                *FOUNDED, {"use": "mutual_guarantee", "per_year": 90, "target": "young", "younger_than": 20},
                {"use": "organised_suppliers", "per_year": 60, "target": "winners", "call": LOTTERY},
                {"use": "awareness_events", "per_year": 60, "target": "members"},
                {"use": "single_window", "per_year": 60, "target": "young", "younger_than": 8},
            ),
        ),
        ("mutual_pool", reached("young")),
    ),
    "aims in stages": Case(
        lambda: scenario(*PAIR, programme={"stages": [
            {"name": "one", "quarters": 6, "instruments": [{"use": "benchmarking", "per_year": 60} | AIMS[3]]},
            {"name": "two", "quarters": 9, "gate": {"indicator": "climate", "at_least": 0.2}, "instruments": [
                {"use": "benchmarking", "per_year": 60} | AIMS[4], {"use": "standards", "per_year": 60} | AIMS[2],
            ]},
        ], "evaluation": {"indicator": "linked", "gain": 0.1, "per_year": 9}}),
        (reached("winners"),),
    ),
    **{f"winners named, then {mode}": Case(lambda mode=mode: _chosen(mode)) for mode in ("politics", "competitiveness", "calls")},
    "winners named within named clusters": Case(lambda: _chosen("calls", clusters=["a", "c", "d", "f", "g"], announced=0.4)),
    **{f"type: {kind}": Case(
        lambda kind=kind: scenario(
            {"trust": 0.5, "type": kind, "export_share": 0.5}, {"name": "beta", "trust": 0.5}, programme=every_instrument(),
        ),
        ("factors",),
    ) for kind in TYPES},
    "types, side by side": Case(
        lambda: scenario(
            *(place | {"type": kind} for place, kind in zip(FOUR, TYPES)), programme=bills(), jobs=9000,
            parameters={"market": {"contract_most": 0.9, "surplus": 0.5}, "complacency": {"rd_staff": 2}},
        ),
        ("factors",),
    ),
    "an association at the start": Case(
        lambda: scenario({"trust": 0.5, "association": {}}, {"name": "beta", "trust": 0.3, "association": {
            "members": 12, "staff": 6, "years": 12.1, "vision": 0.6, "money": 4000, "board_private": 0.9,
        }}),
        (old_association,),
    ),
    "an association at the start that closes": Case(
        lambda: scenario(
            {"trust": 0.6, "association": {"members": 2, "staff": 0, "vision": 0.9, "money": 0, "years": 0.125}},
            {"name": "beta", "association": {"members": 0, "staff": 9}},
            parameters=bounded(FOUND_SOON, {
                "association": {"patience": 1, "join_rate": 0.01, "members_min": 6, "staff_speed": 1},
            }),
            programme=mapped("alpha"),
        ),
        (second_association,),
    ),
    "an association of all": Case(
        lambda: scenario({"trust": 0.5, "smes": 12, "association": {"members": 15, "vision": 0, "years": 0}},
                         parameters={"population": {"belief": 0.9}}),
        ("members",),
    ),
    "research of the place": Case(
        lambda: scenario(
            {"trust": 0.5, "research_share": 0.3}, {"name": "beta", "research_share": 1, "research_intensity": 0.08},
            {"name": "gamma", "research_intensity": 0.01, "type": "tourism"},
            {"name": "delta", "research_share": 0.001, "type": "light"}, {"name": "epsilon", "research_intensity": 0},
            programme=bills(), parameters=bounded(LIVELY),
        ),
        (some_research,),
    ),
}  # fmt: skip
