"""Measures what `coverage.md` says was measured for it, takes over what became of facts, and counts the answers.

``python docs/coverage_measures.py`` takes about a minute on one core and writes the marked parts of the page, whose rows are
written by hand; ``--count`` measures nothing.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from clustersim import load_scenario, simulate

PAGE, SPANISH, EVIDENCE = (Path(__file__).parent / name for name in ("coverage.md", "es/cobertura.md", "evidence.md"))
SOURCES = {"EC": 8, "PE": 8, "RP": 22, "DINI": 20, "ILO": 145}  # items of each, numbered from 1
WEIGHTS, ANSWERS = ("3", "2"), ("done", "partly", "not")
HEADS = {
    "en": ("source", "weight", "items", *ANSWERS, "all"),
    "es": ("fuente", "peso", "puntos", "hecho", "en parte", "no", "todos"),
}
REPLICATES, BAND = 200, 1.645  # a 90 % band, by the normal distribution
GAPS = ("education", "government", "firms", "market", "capital", "research", "clusters")
OUTWARD = {"cluster_linkage": 60, "technology_observatory": 40, "joint_rd_grant": 60}
BELOW = {"institutions.government.orientation": "bottom_up"}


class Row(NamedTuple):
    """One item of the page."""

    name: str
    place: str
    item: str
    weight: str
    answer: str
    where: str


def rows(text: str) -> list[Row]:
    """Return the items of the page, in order."""
    lines = re.findall(rf"^\| ((?:{'|'.join(SOURCES)})\d+ \|.*) \|$", text, flags=re.M)
    return [Row(*(cell.strip() for cell in line.split(" | "))) for line in lines]


def counts(text: str, lang: str = "en") -> str:
    """Return the table of how many items of each source and weight got which answer."""
    found = Counter((row.name.rstrip("0123456789"), row.weight, row.answer) for row in rows(text))
    *heads, every = HEADS[lang]
    lines = [f"| {' | '.join(heads)} |", "| --- | --- | ---: | ---: | ---: | ---: |"]
    totals = np.zeros(len(ANSWERS), dtype=int)
    for source, weight in [(source, weight) for source in SOURCES for weight in WEIGHTS]:
        each = np.array([found[source, weight, answer] for answer in ANSWERS])
        totals += each
        lines.append(f"| {source} | {weight} | {each.sum()} | {' | '.join(map(str, each))} |")
    return "\n".join([*lines, f"| {every} | | {totals.sum()} | {' | '.join(map(str, totals))} |"])


def facts() -> dict[str, str]:
    """Return what became of each fact of the sources, by its id, as the page of the evidence has it."""
    rows = re.findall(
        r"^\| `(\w+)` \|.*\| \**(met|missed|not comparable)[^|]*\|$", EVIDENCE.read_text(encoding="utf-8"), flags=re.M
    )
    return dict(rows)


def renewed(text: str) -> str:
    """Return the page with what is said of facts as the evidence has it now."""
    found = facts()

    def say(match: re.Match[str]) -> str:
        return f"`{match[1]}` {found.get(match[1], match[2])}"

    return re.sub(r"`(\w+)` (met|missed|not comparable)", say, text)


def run(scenario: str, values: dict[str, Any], years: int, replicates: int) -> pd.DataFrame:
    """Return the indicators of a run under seed 1."""
    return simulate(load_scenario(scenario, values), seed=1, replicates=replicates, years=years).indicators


def year_end(table: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the numbers of the last quarter of a year, by replicate."""
    return table[table.quarter == 4 * year - 1].set_index("replicate").select_dtypes("number")


def programme(instruments: dict[str, float], quarters: int, **more: Any) -> dict[str, Any]:
    """Return a programme of one stage: kUSD a year by instrument."""
    paid = [{"use": use, "per_year": money} for use, money in instruments.items()]
    return {"announced": 1, **more, "stages": [{"name": "tried", "quarters": quarters, "instruments": paid}]}


def band(values: pd.Series, digits: int) -> str:
    """Return a mean with its 90 % band."""
    return f"{values.mean():,.{digits}f} ± {BAND * values.std() / len(values) ** 0.5:,.{digits}f}"


def short_projects(replicates: int) -> str:
    """How many projects run at once where action teams begin (ILO annex 2: at least five)."""
    table = run("pipso_twelve_steps", {}, 8, replicates)
    most = table.groupby("replicate").projects_running.max()
    busiest = table.groupby("quarter").projects_running.mean()
    return (
        f"ILO25, five short projects at once. `pipso_twelve_steps`, first eight years: {busiest.max():.1f} run on the mean in "
        f"the busiest quarter (year {int(busiest.idxmax()) // 4 + 1}); five or more run in some quarter in "
        f"{100 * (most >= 5).mean():.0f} % of the replicates."
    )


def sector_or_cluster(replicates: int) -> str:
    """What subsidies to all firms bring beside a cluster programme of about the same cost."""
    subsidies = programme({"rd_tax_credit": 60, "export_network": 60, "certification_support": 40}, 40, lag_quarters=2)
    tried = {
        "subsidies": ("no_policy", {"programme": subsidies}),
        "`designed`": ("designed", {}),
        "`designed` from below": ("designed", BELOW),
    }
    without = run("no_policy", {}, 21, replicates)
    said = []
    for name, (scenario, values) in tried.items():
        table = run(scenario, values, 21, replicates)
        more = [band(year_end(table, year).employment - year_end(without, year).employment, 0) for year in (11, 21)]
        money = table.groupby("replicate").public_spending.sum().mean()
        said.append(f"{name} {more[0]} jobs after 11 years and {more[1]} after 21, for {money:,.0f} kUSD")
    return (
        "ILO36, sector or cluster. `rd_tax_credit` and `export_network` with 60, `certification_support` with 40 kUSD a year for "
        f"ten years to all firms of `no_policy`, against `designed`; differences to no policy: {'; '.join(said)}."
    )


def competitors(replicates: int) -> str:
    """What is kept under a new competitor, with and without programmes."""
    shock = {"environment.shocks": [{"kind": "competitor", "year": 5, "size": 0.2}]}
    outward = programme(OUTWARD, 36, lag_quarters=20)
    tried = {
        "without a programme": ("no_policy", {}),
        "under `designed` from below": ("designed", BELOW),
        f"with {', '.join(f'`{use}`' for use in OUTWARD)} from year 6 on": ("no_policy", {"programme": outward}),
    }
    said = []
    for name, (scenario, values) in tried.items():
        with_it, without = (year_end(run(scenario, values | one, 15, replicates), 15).employment for one in (shock, {}))
        said.append(f"{name} {band(with_it / without, 3)}")
    return f"ILO40, a new competitor. 0.2 log points, from year 5 on for good; share of jobs kept in year 15: {'; '.join(said)}."


def obstacles(replicates: int) -> str:
    """How wide the gap of capital is among the seven."""
    said = []
    for scenario in ("no_policy", "designed"):
        table = run(scenario, {}, 20, replicates)
        widths = table[table.quarter >= 60][[f"gap_{gap}" for gap in GAPS]].mean().sort_values(ascending=False)
        said.append(f"`{scenario}`: " + ", ".join(f"{name.removeprefix('gap_')} {width:.2f}" for name, width in widths.items()))
    return f"ILO59, finance as the main obstacle. Mean width of the seven gaps in years 16 to 20. {'; '.join(said)}."


def complements(replicates: int) -> str:
    """Whether training does more where trust is high."""
    training = programme({"training_centre": 150}, 40)
    gains = {}
    for trust in (0.25, 0.45):
        options = ({"place.clusters.valley.trust": trust, "programme": one} for one in (None, training))
        off, on = (year_end(run("no_policy", values, 12, replicates), 12) for values in options)
        logs = {name: np.log(on[name] / off[name]) for name in ("employment", "sales")}
        gains[trust] = pd.DataFrame(logs | {"knowledge": on.knowledge - off.knowledge})
    more = gains[0.45] - gains[0.25]
    return (
        "ILO104, social and human capital. `no_policy` with `training_centre` at 150 kUSD a year for ten years, at trust 0.45 "
        f"against 0.25, year 12: knowledge gains {band(more.knowledge, 4)} log points more where trust is high, jobs "
        f"{band(more.employment, 4)}, sales {band(more.sales, 4)}."
    )


def what_rises(replicates: int) -> str:
    """What a programme changes in jobs, sales, exports, wages and innovation of the clusters that it serves."""

    def last_year(values: dict[str, Any]) -> pd.DataFrame:
        table = run("idb_southern_cone", values, 15, max(2, replicates // 4))
        last = table[table.quarter >= 56]
        sums = last.groupby("replicate")[["employment", "sales", "exports"]].sum()
        jobs, firms = (last[weight] for weight in ("employment", "firms"))
        by = last.replicate
        sums["wages"] = (last.wage * jobs).groupby(by).sum() / jobs.groupby(by).sum()
        sums["innovations per firm"] = (last.innovations * firms).groupby(by).sum() / firms.groupby(by).sum()
        return sums.rename(columns={"employment": "jobs"})

    more = 100 * np.log(last_year({}) / last_year({"programme": None}))
    said = ", ".join(f"{name} {band(more[name], 2)}" for name in more)
    return f"ILO76, what programmes raise. `idb_southern_cone`, ten clusters together, last year, in per cent: {said}."


def after_support(replicates: int) -> str:
    """Whether trade goes on, and new trade begins, after help to suppliers has ended."""
    names = ["trading_ties", "supplier_sales"]
    on, off = (
        run("ecuador_anchor_chains", values, 6, max(2, replicates // 4)).groupby(["quarter", "replicate"])[names].sum()
        for values in ({}, {"programme": None})
    )
    more = on - off
    times = {"in the last quarter of support": 8, "at the end, nearly four years later,": 23}
    said = [
        f"{when} {band(more.loc[quarter].trading_ties, 0)} ties with trade and {band(more.loc[quarter].supplier_sales, 0)} kUSD "
        "of sales to cluster buyers more than without"
        for when, quarter in times.items()
    ]
    return f"RP21, after support. `ecuador_anchor_chains`, nine chains together, a quarter of the replicates: {'; '.join(said)}."


MEASURES: tuple[Callable[[int], str], ...] = (
    after_support, short_projects, sector_or_cluster, competitors, obstacles, what_rises, complements,
)  # fmt: skip


def measured(replicates: int = REPLICATES) -> str:
    """Return what was measured for the page, as a list."""
    return "\n".join(f"- {measure(replicates)}" for measure in MEASURES)


def marked(text: str, name: str, new: str) -> str:
    """Return a page with another text in one of its marked parts."""
    begin, end = f"<!-- written: {name} -->\n", "\n<!-- end -->"
    before, _, rest = text.partition(begin)
    return f"{before}{begin}{new}{rest[rest.index(end) :]}"


def main() -> None:
    """Measure, count, and write both into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", action="store_true", help="measure nothing")
    text = renewed(PAGE.read_text(encoding="utf-8"))
    if not parser.parse_args().count:
        text = marked(text, "measured", measured())
    PAGE.write_text(marked(text, "counts", counts(text)), encoding="utf-8")
    spanish = marked(SPANISH.read_text(encoding="utf-8"), "counts", counts(text, "es"))
    SPANISH.write_text(spanish, encoding="utf-8")


if __name__ == "__main__":
    main()
