"""Scenarios that begin with a register of firms and ties, for the comparisons with the oracle."""

from __future__ import annotations

import csv
import random
import shutil
from pathlib import Path

import yaml

from clustersim.cli import command_line as cli
from clustersim.model.state import LEVELS
from clustersim.scenario.loading import load_scenario
from clustersim.scenario.model import Scenario
from oracle_anywhere import any_government, any_start, anyhow
from reference.government import REGIMES

EXAMPLE = Path(__file__).parents[1] / "examples" / "footwear"
SEGMENTS = {"north": ["hides", "soles", "shoes"], "south": ["cloth", "wear"]}
FIRM_COLUMNS = ("segment", "tractor", "employees", "sales", "exports", "year", "x", "y", "certified", "member")


def footwear(folder: Path, programme: str | None = None) -> Scenario:
    """Return the scenario that the example's register makes, with one of its programmes or none, its tables in this folder."""
    out = folder / "calzado.yaml"
    options = ["--ties", EXAMPLE / "vinculos.csv", "--activity-map", EXAMPLE / "actividades.csv", "--out", out]
    assert cli.main([str(word) for word in ("scenario", "from-firms", EXAMPLE / "empresas.csv", *options)]) == 0
    if programme is not None:
        out = Path(shutil.copy(EXAMPLE / f"{programme}.yaml", folder))
    return load_scenario(str(out))


def any_register(folder: Path, seed: int) -> Scenario:
    """Return a scenario of two clusters in one table, any of whose cells may be empty, with ties among those of each.

    There are shocks too, and sometimes a third cluster that no table lists.
    """
    rng = random.Random(seed)
    firms = [_any_firm(rng, name, k) for k in range(rng.randint(20, 70)) for name in rng.choices(list(SEGMENTS))]
    firms += [{"cluster": name, "id": f"Ñandú {name}", "tractor": 1} for name in SEGMENTS]
    rng.shuffle(firms)
    left_out = set(rng.sample(FIRM_COLUMNS, rng.choice((0, 0, 2, 6))))
    _write(folder / "firms.csv", ("cluster", "id", *(name for name in FIRM_COLUMNS if name not in left_out)), firms)
    ties = [tie for name in SEGMENTS for tie in _any_ties(rng, [firm["id"] for firm in firms if firm["cluster"] == name])]
    rng.shuffle(ties)
    _write(folder / "ties.csv", rng.choice((("a", "b"), ("a", "b", "level", "trust_ab", "trust_ba"))), ties)
    clusters = [
        {
            "name": name, "segments": segments, "trust": rng.uniform(0.2, 0.7), "firms": {"table": "firms.csv"},
            "tractor_segment": rng.choice((None, *segments)), "ties": {"table": "ties.csv"},
            "export_share": rng.choice((0, rng.uniform(0.1, 0.9))),
        } | any_start(rng, most=sum(firm["cluster"] == name for firm in firms))
        for name, segments in SEGMENTS.items()
    ]  # fmt: skip
    if "member" not in left_out:  # the table decides who is one
        for cluster in clusters:
            cluster.get("association", {}).pop("members", None)
    parameters = {
        "population": {"history": rng.choice((0, 4, 12)), "size_spread": rng.uniform(0.5, 1.5)},
        "market": {"export_cost": rng.choice((0, 5, 50))},
        "meeting": {"attention": rng.choice((1, 3, 12)), "attention_growth": rng.choice((0, 1))},
    }
    segments = [segment for names in SEGMENTS.values() for segment in names]
    policy = {"programme": anyhow(rng, segments, list(SEGMENTS))} if rng.random() < 0.7 else {}
    if not policy:  # a nation of which a register knows some clusters
        clusters.insert(rng.randint(0, 2), {"name": "drawn", "segments": ["one", "two"], "tractors": 2, "smes": 25})
    place = {"clusters": clusters, "price_level": rng.uniform(0.2, 2)}
    kinds = {"demand": -0.1, "technology": 0.1, "competitor": 0.1, "tractor_exit": 1}
    shocks = [
        {"kind": kind, "year": rng.choice((0, 0, 0.25, 1)), "years": rng.choice((0, 0.25, 1)), "size": size}
        for kind, size in kinds.items() if rng.random() < 0.5
    ]  # fmt: skip
    text = {"title": "register", "horizon": {"start_year": 2020}, "place": place, "parameters": parameters,
            "environment": {"shocks": shocks}} | policy  # fmt: skip
    body = {"regime": rng.choice(REGIMES), "election_years": rng.choice((None, 1))}
    text["institutions"] = {"government": body | any_government(rng, body["election_years"])}
    (folder / "place.yaml").write_text(yaml.safe_dump(text), encoding="utf-8")
    return load_scenario(str(folder / "place.yaml"))


def _any_firm(rng: random.Random, cluster: str, number: int) -> dict:
    sales = rng.lognormvariate(6.5, 1.5)
    cells = {
        "segment": rng.choice(SEGMENTS[cluster]), "tractor": rng.choice((0, 0, 0, 0, 1)),
        "employees": rng.choice((0.4, 1, round(rng.lognormvariate(2, 1.2), 1), round(rng.lognormvariate(5.5, 0.5)))),
        "sales": sales, "exports": rng.choice((0, 0.3 * sales, 0.97 * sales, sales)),
        "year": rng.choice((rng.randint(1950, 2019), 2020, 2021, rng.uniform(2000, 2019))), "x": rng.uniform(-20, 20),
        "y": rng.uniform(-20, 20), "certified": rng.choice((0, 1)), "member": rng.choice((0, 0, 1)),
    }  # fmt: skip
    return {"cluster": cluster, "id": f"{cluster[0]}{number:03d}"} | {
        name: value for name, value in cells.items() if rng.random() < 0.6
    }


def _any_ties(rng: random.Random, ids: list[str]) -> list[dict]:
    pairs = {tuple(sorted(rng.sample(ids, 2))) for _ in range(rng.randint(0, 2 * len(ids)))}
    ties = []
    for pair in sorted(pairs):
        a, b = rng.sample(pair, 2)
        cells = {"level": rng.choice(LEVELS), "trust_ab": rng.random(), "trust_ba": rng.random()}
        ties.append({"a": a, "b": b} | {name: value for name, value in cells.items() if rng.random() < 0.6})
    return ties


def _write(path: Path, columns: tuple[str, ...], rows: list[dict]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.DictWriter(stream, columns, restval="", extrasaction="ignore")
        table.writeheader()
        table.writerows(rows)
