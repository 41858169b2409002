"""Random scenarios and programmes, with anything in them, for the comparisons with the oracle."""

from __future__ import annotations

import random

from clustersim.model.levers import LEVERS
from clustersim.model.parameters import PARAMETERS
from clustersim.policy.instruments import INSTRUMENTS
from clustersim.scenario.model import Scenario
from oracle_cases import EXITS, FORETOLD, SHOCKS, government, scenario
from oracle_policy import CLASSES, FOR_FIRMS, OBSERVED
from reference.government import REGIMES
from reference.opening import TYPES


def scattered(seed: int) -> Scenario:
    """Return a scenario whose place, policy and parameters lie anywhere in their ranges."""
    rng = random.Random(seed)
    parameters: dict = {}
    for group, declared in PARAMETERS.items():
        for name, p in declared.items():
            if rng.random() < 0.5:
                value = rng.choice((p.low, p.high, rng.uniform(p.low, p.high), rng.uniform(p.low, p.high)))
                # At 1, child and parent know the same up to rounding, and are compared.
                value = min(value, 0.99) if name == "inheritance" else value
                parameters.setdefault(group, {})[name] = value
    segments = ["a", "b", "c", "d"][: rng.randint(1, 4)]
    names = ["one", "two", "three", "four", "five"][: rng.choice((1, 1, 2, 5))]
    places = [
        {
            "name": name, "segments": segments, "tractor_segment": rng.choice((None, *segments)), "tractors": rng.randint(0, 4),
            "smes": rng.randint(5, 60 // len(names) + 5), "universities": rng.randint(0, 2),
            "technology_centres": rng.randint(0, 2), "trust": rng.uniform(0.05, 0.95), "radius_km": rng.uniform(8, 50),
            "export_share": rng.choice((0, rng.uniform(0, 0.9))),
            "market_share": rng.uniform(0.01, 0.9), "activity": rng.uniform(0, 0.99), "location_quotient": rng.uniform(0.5, 5),
            "size_median": rng.choice((None, rng.uniform(1, 200))),
        } | any_start(rng)
        for name in names
    ]  # fmt: skip
    policy = anyhow(rng, segments, names) if rng.random() < 0.8 else None
    body = government(
        rng.choice(("decentralised", "feedback", "centralised")), rng.choice(("bottom_up", "mixed", "top_down")), rng.random(),
        rng.choice((None, 1, 4)),
    )  # fmt: skip
    body["government"] |= any_government(rng, body["government"]["election_years"])
    shocks = rng.choice(({}, SHOCKS, EXITS, FORETOLD))
    jobs = rng.choice((None, rng.uniform(100, 20000)))
    prices = rng.choice((1, rng.uniform(0.1, 5)))
    return scenario(
        *places, jobs=jobs, prices=prices, environment=shocks, institutions=body, programme=policy, parameters=parameters,
    )  # fmt: skip


def any_programme(seed: int) -> Scenario:
    """Return two clusters that live, under a programme with anything in it that begins without a gate and is evaluated.

    Where parameters lie anywhere, most clusters die early or politics stops most money; here there is some to see.
    """
    rng = random.Random(seed)
    segments, names = ["a", "b", "c"], ["one", "two"]
    places = [
        {"name": name, "segments": segments, "tractor_segment": "b", "smes": 35, "trust": rng.uniform(0.3, 0.6)}
        | any_start(rng) for name in names
    ]  # fmt: skip
    policy = anyhow(rng, segments, names) | {"evaluation": _any_evaluation(rng)}
    policy["stages"][0]["gate"] = None
    body = government("feedback", "mixed", rng.random(), rng.choice((None, 2)))
    body["government"] |= any_government(rng, body["government"]["election_years"])
    return scenario(*places, prices=rng.uniform(0.2, 3), institutions=body, programme=policy)


def anyhow(rng: random.Random, segments: list[str], names: list[str]) -> dict:
    """Return a programme with anything in it: instruments, targets, stages, gates, evaluation, leads, selection, scale."""
    stages = []
    for k in range(rng.randint(1, 4)):
        gate = {"indicator": rng.choice(("climate", "linked", "vision", "component", "formal", "private")), "at_least": 0.05}
        uses = rng.sample(sorted(INSTRUMENTS), rng.randint(2, 20))
        uses += rng.choices(FOR_FIRMS, k=rng.choice((0, 10)))  # some channels more than once
        uses += ["cluster_mapping"] * rng.randint(1, 3)  # a map serves all others
        instruments = [_any_instrument(rng, use, segments, names) for use in uses]
        stages.append({
            "name": f"stage {k}", "quarters": rng.randint(1, 20), "not_before": rng.choice((0, 0, 6)),
            "gate": gate if rng.random() < 0.4 else None, "lead": rng.choice((None, "public", "mixed", "private")),
            "instruments": instruments,
        })  # fmt: skip
    programme: dict = {
        "announced": rng.choice((0, 0, 1.125)), "lag_quarters": rng.choice((0, 3)),
        "lead": rng.choice(("public", "mixed", "private")), "stages": stages,
    }  # fmt: skip
    if rng.random() < 0.5:
        programme["budget"] = {"per_year": rng.uniform(100, 6000), "shared": rng.random() < 0.5}
    if rng.random() < 0.6:
        programme["evaluation"] = _any_evaluation(rng)
    if rng.random() < 0.5:
        programme["scale"] = {name: rng.uniform(0, 3) for name in rng.sample(names, rng.randint(1, len(names)))}
    if rng.random() < 0.3:
        programme["clusters"] = rng.sample(names, rng.randint(1, len(names)))
    if rng.random() < 0.3:
        rounds = [{"year": rng.uniform(0, 3), "clusters": 1} for _ in range(rng.randint(1, 3))]
        if rng.random() < 0.3:
            rounds[-1]["clusters"] = [rng.choice(programme.get("clusters", names))]
        programme["selection"] = {"mode": rng.choice(("politics", "competitiveness", "calls")), "rounds": rounds}
    _aim_anywhere(rng, programme)
    if rng.random() < 0.4:
        programme["levels"] = _any_levels(rng)
    if rng.random() < 0.7:
        programme["funders"] = _any_funders(rng)
    if rng.random() < 0.4:
        programme["rule"] = _any_rule(rng)
    return programme


def any_start(rng: random.Random, most: int = 5) -> dict:
    """Return what a place may say of its start, with at most so many members of an association."""
    start: dict = {}
    if rng.random() < 0.4:
        start["type"] = rng.choice(sorted(TYPES))
    if rng.random() < 0.2:
        start["research_share"] = rng.uniform(0.01, 1)
    if rng.random() < 0.2:
        start["research_intensity"] = rng.uniform(0, 0.1)
    if rng.random() < 0.3:
        stated = {
            "members": rng.choice((None, rng.randint(0, most))), "staff": rng.uniform(0, 10), "years": rng.uniform(0, 20),
            "vision": rng.random(), "money": rng.choice((None, rng.uniform(0, 1000))),
            "board_private": rng.choice((None, rng.random())),
        }  # fmt: skip
        start["association"] = stated
    return start


def any_government(rng: random.Random, election_years: int | None) -> dict:
    """Return what a government may be besides its regime and coordination."""
    reforms = [
        {"year": rng.uniform(0, 8), rng.choice(("coordination", "autonomy")): rng.random()} for _ in range(rng.randint(0, 2))
    ]  # fmt: skip
    reforms += [{"year": rng.uniform(0, 8), "regime": rng.choice(REGIMES)} for _ in range(rng.randint(0, 2))]
    return {
        "autonomy": rng.choice((1, rng.random())), "turnover": rng.random() if election_years else 0,
        "reforms": reforms if rng.random() < 0.5 else [],
    }  # fmt: skip


def _aim_anywhere(rng: random.Random, programme: dict) -> None:
    """Give some instruments that act on single firms a target."""
    can = [
        instrument for stage in programme["stages"] for instrument in stage["instruments"]
        if any(LEVERS[effect.channel].reach != "cluster" for effect in INSTRUMENTS[instrument["use"]].effects)
    ]  # fmt: skip
    for instrument in rng.sample(can, min(len(can), rng.choice((0, 3, 8)))):
        call = {
            "every_years": rng.uniform(0.25, 3), "winners": rng.randint(1, 20), "by": rng.choice(("merit", "lottery")),
        }  # fmt: skip
        instrument |= rng.choice((
            {"target": "members"}, {"target": "group"}, {"target": "young", "younger_than": rng.uniform(0.25, 20)},
            {"target": "winners", "call": call},
        ))  # fmt: skip


def _any_levels(rng: random.Random) -> dict:
    levels: dict = {
        name: {"run": rng.choice(("public", "mixed", "private")), "overhead": rng.uniform(0, 0.3)}
        for name in ("direction", "coordination", "execution") if name == "execution" or rng.random() < 0.6
    }  # fmt: skip
    if rng.random() < 0.6:
        levels["execution"]["tender"] = {"bidders": rng.randint(1, 9), "every_years": rng.uniform(0.25, 4)}
    return levels


def _any_funders(rng: random.Random) -> list[dict]:
    funders = []
    for name in rng.sample(("one", "two", "three", "four"), rng.randint(2, 4)):
        begin = rng.choice((0, rng.uniform(0, 4)))
        kind = rng.choice(("state", "donor", "multilateral", "private"))
        end = rng.choice((None, begin + rng.uniform(0.3, 4)))
        funders.append({"name": name, "kind": kind, "share": rng.uniform(0.05, 0.25), "from_year": begin, "until_year": end})
    return funders


def _any_rule(rng: random.Random) -> dict:
    return {"every": rng.randint(1, 6)} | rng.choice((
        {"use": "gap_driven", "focus": rng.uniform(0, 3), "informed_by": rng.choice(("statistics", "associations"))},
        {"use": "staged_experiment", "years_apart": rng.uniform(0.25, 1.5), "at_a_time": rng.randint(1, 2), "explorers": 2},
        {"use": "stop_or_scale", "bar": rng.uniform(0, 0.05), "scale": rng.uniform(1, 5), "keep": rng.random(), "least_years": 1},
    ))  # fmt: skip


def _any_evaluation(rng: random.Random) -> dict:
    return {
        "every_years": rng.choice((0.25, rng.uniform(0.25, 4))), "per_year": rng.uniform(1, 200),
        "indicator": rng.choice(OBSERVED), "gain": rng.choice((0, 0.01, 0.2, 5)), "keep": rng.choice((0, rng.random(), 1)),
    }  # fmt: skip


def _any_instrument(rng: random.Random, use: str, segments: list[str], names: list[str]) -> dict:
    instrument: dict = {
        "use": use, "per_year": rng.choice((0, rng.uniform(1, 100), rng.uniform(100, 1000))), "start": rng.choice((0, 0, 1, 5)),
        "quarters": rng.choice((None, None, 8)), "taper": rng.choice((0, 0, 0.5, 1)), "cofinance": rng.choice((0, 0, 0.3, 1)),
    }  # fmt: skip
    if rng.random() < 0.3:
        instrument["classes"] = rng.sample(CLASSES, rng.randint(1, 3))
    if rng.random() < 0.3:
        instrument["segments"] = rng.sample(segments, rng.randint(1, len(segments)))
    if rng.random() < 0.2:
        instrument["clusters"] = rng.sample(names, rng.randint(1, len(names)))
    if rng.random() < 0.2:
        instrument["until_private"] = rng.uniform(0.3, 1)
    if use == "association_grant":
        instrument["report"] = rng.random() < 0.5
    return instrument
