"""Runs the experiments that come along and writes what they answer: a table and a picture for each, from all of their runs.

``python docs/answers/write.py [NAME ...]`` sweeps them into ``results/`` (what is there is not run again) and writes the marked
parts of ``README.md`` and the pictures. The sentences between are written by hand, after the numbers.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from clustersim import sweep
from clustersim.experiments.design import shipped_experiments
from clustersim.views.figures.style import settings

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SPANISH = {"learning_policy": ROOT / "docs" / "es" / "politica_que_aprende.md"}  # pages of their own, by experiment
RESAMPLES, LEVEL = 2000, 0.9
DEVELOPED = "reaches development"
# Of a nation: its clusters are added up; shares are those of its clusters.
CLUSTERS_DEVELOPED, PER_JOB = "clusters that reach development", "value added per job"
PUBLIC_SHARE = "public share"  # of all income of the association since the start
AT_YEAR = ", year "  # after the name of an outcome: at the end of that year, not of the horizon


class Shown(NamedTuple):
    """What is shown of an experiment: the option to compare with, and which outcomes (name, unit) at the end of the horizon."""

    baseline: str
    outcomes: tuple[str, ...]


UNITS = {DEVELOPED: "share of runs", "formal": "share of runs", "total_public_spending": "kUSD", "employment": "jobs",
         "innovations": "innovations/quarter", "productivity": "kUSD/person/quarter", "exports": "kUSD/quarter",
         "local_sourcing": "share", "trust": "1", "total_projects_succeeded": "projects", "credibility": "1",
         CLUSTERS_DEVELOPED: "share", PER_JOB: "kUSD/quarter", PUBLIC_SHARE: "share of income"}  # fmt: skip
NAMES = {"formal": "association alive", "total_public_spending": "public money", "employment": "jobs",
         "local_sourcing": "local sourcing", "total_projects_succeeded": "projects succeeded"}
USUAL = ("employment", DEVELOPED, "total_public_spending")
SHOWN = {
    "cofinance_and_exit": Shown("per_year=0, taper=0",
                                ("employment", "formal", "total_projects_succeeded", "total_public_spending")),
    "coordination_and_regime": Shown("coordination=0.1, regime=decentralised", USUAL),
    "existing_association": Shown("none, left alone",
                                  ("employment, year 10", "employment", "formal, year 10", "formal", "total_public_spending")),
    "facilitator_timing_and_length": Shown("no facilitator", USUAL),
    "launch_lag": Shown("lag_quarters=0", ("employment", DEVELOPED, "trust", "total_public_spending")),
    "learning_policy": Shown("fixed programme", ("employment", PER_JOB, CLUSTERS_DEVELOPED, "total_public_spending")),
    "openness_and_technology_shock": Shown("pipeline_rate=0", ("employment", "exports", "productivity")),
    "rd_support_and_links": Shown("no programme", ("employment", "innovations", "productivity", "total_public_spending")),
    "red_productiva_components": Shown("none", ("employment", PER_JOB, "total_public_spending")),
    "supplier_programme": Shown("per_year=0", ("employment", "local_sourcing", "total_public_spending")),
    "top_down_to_bottom_up": Shown("no programme", ("employment", "formal", DEVELOPED, "total_public_spending")),
    "who_begins": Shown("government", ("employment, year 10", "employment", "formal, year 10", "formal",
                                       f"{PUBLIC_SHARE}, year 10", PUBLIC_SHARE, "total_public_spending")),
}  # fmt: skip
# What the Spanish pages call all that.
WORDS = {
    "option": "opción", "jobs": "empleos", PER_JOB: "valor agregado por empleo", "kUSD/quarter": "kUSD/trimestre",
    CLUSTERS_DEVELOPED: "clústeres que llegan al desarrollo", "share": "proporción", "public money": "dinero público",
    "fixed programme": "programa fijo", "gaps, by statistics": "brechas, según estadísticas",
    "gaps, by associations": "brechas, según asociaciones", "stop or scale": "cortar o ampliar",
    "one by one, with lessons": "uno tras otro, con lecciones",
    "one by one, variants without lessons": "uno tras otro, variantes sin lecciones",
    "one by one, fixed mix": "uno tras otro, mezcla fija",
    "fixed mix that stop or scale found": "mezcla fija hallada por cortar o ampliar",
}


def runs(name: str) -> pd.DataFrame:
    """Return one row for each run of an experiment at the end of its horizon: scenario, option, world, replicate, outcomes."""
    result = sweep(name, ROOT / "results")
    frame = result.indicators
    if {"total_income_public", "total_income_private"} <= set(frame):
        public, private = frame["total_income_public"], frame["total_income_private"]
        frame = frame.assign(**{PUBLIC_SHARE: public / (public + private).where(lambda income: income > 0)})
    last = at_years(frame, SHOWN[name].outcomes)
    if "years_to_development" in last:
        last[DEVELOPED] = last["years_to_development"].notna().astype(float)
    if last["cluster"].nunique() > 1:
        last = nations(last)
    last["option"] = last["option"].astype(str)
    if last["scenario"].nunique() > 1:
        last["option"] = last["scenario"].astype(str) + ", " + last["option"]
    return last


def at_years(frame: pd.DataFrame, outcomes: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows at the end of the horizon, beside them the outcomes that are asked of an earlier year."""
    place = ["scenario", "option", "world", "seed", "replicate", "cluster"]
    last = frame[frame["quarter"] == frame["quarter"].max()].set_index(place)
    for outcome in outcomes:
        name, _, year = outcome.partition(AT_YEAR)
        if year:
            last[outcome] = frame[frame["quarter"] == 4 * int(year) - 1].set_index(place)[name]
    return last.reset_index()


def worded(outcome: str) -> tuple[str, str]:
    """Return what an outcome is called, and its unit."""
    name, at, year = outcome.partition(AT_YEAR)
    return NAMES.get(name, name) + at + year, UNITS[name]


def nations(last: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each run of a nation: its clusters added up, and the share of them that reached development."""
    runs = last.groupby(["scenario", "option", "world", "seed", "replicate"], sort=False, observed=True)
    found = runs[["employment", "value_added", "total_public_spending"]].sum()
    found[CLUSTERS_DEVELOPED], found[PER_JOB] = runs[DEVELOPED].mean(), found["value_added"] / found["employment"]
    return found.reset_index()


def compared(frame: pd.DataFrame, baseline: str, outcome: str) -> pd.DataFrame:
    """Return for each option the mean of an outcome and its paired difference to the baseline, with an interval over worlds.

    Replicates of a world share their draws with the same replicates under the baseline; worlds, the independent units, are
    resampled whole. With several scenarios each is compared with the baseline of its own.
    """
    rows, draw = [], np.random.default_rng(1)
    for option, part in frame.groupby("option", sort=False):
        own = f"{option.rpartition(', ')[0]}, {baseline}" if frame["scenario"].nunique() > 1 else baseline
        base = frame[frame["option"] == own].set_index(["seed", "world", "replicate"])[outcome]
        gap = part.set_index(["seed", "world", "replicate"])[outcome] - base
        worlds = gap.groupby("world").mean().dropna().to_numpy()  # a share of nothing is missing
        means = worlds[draw.integers(0, worlds.size, (RESAMPLES, worlds.size))].mean(axis=1)
        low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        rows.append({"option": option, "mean": part[outcome].mean(), "difference": worlds.mean(), "low": low, "high": high,
                     "better": float((worlds > 0).mean()), "same": option == own})  # fmt: skip
    return pd.DataFrame(rows)


def table(found: dict[str, pd.DataFrame], spanish: bool = False) -> str:
    """Return the Markdown table of an experiment, in English or Spanish."""
    word = WORDS.__getitem__ if spanish else str
    heads = [f"{word(name)} [{word(unit) if unit != 'kUSD' else unit}]" for name, unit in map(worded, found)]
    lines = [f"| {word('option')} | " + " | ".join(heads) + " |", "| --- |" + " ---: |" * len(heads)]
    options = next(iter(found.values()))["option"]
    for k, option in enumerate(options):
        lines.append(f"| {word(option)} | " + " | ".join(cell(part.iloc[k], spanish) for part in found.values()) + " |")
    return "\n".join(lines)


def cell(row: pd.Series, spanish: bool = False) -> str:
    """Return a mean, and in brackets the interval of its difference to the baseline."""
    numbers, to = [plain(row["mean"]), signed(row["low"]), signed(row["high"])], "to"
    if spanish:
        numbers, to = [number.translate(str.maketrans(",.", ".,")) for number in numbers], "a"
    return numbers[0] if row["same"] else f"{numbers[0]} ({numbers[1]} {to} {numbers[2]})"


def plain(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def signed(value: float) -> str:
    return "0" if abs(value) < 1e-9 else f"{value:+,.0f}" if abs(value) >= 100 else f"{value:+.2g}"


def picture(name: str, found: dict[str, pd.DataFrame]) -> None:
    """Draw the differences of each option to the baseline at the end, one panel for each outcome but money."""
    parts = {key: part[~part["same"]] for key, part in found.items()
             if key != "total_public_spending" and AT_YEAR not in key}  # fmt: skip
    count = len(next(iter(parts.values())))
    with settings():
        size = (3.2 * len(parts) + 2.2, 0.3 * count + 1.2)
        figure, axes = plt.subplots(1, len(parts), figsize=size, sharey=True, squeeze=False)
        for ax, (key, part) in zip(axes[0], parts.items(), strict=True):
            at = np.arange(count)[::-1]
            ax.axvline(0.0, color="0.6", linewidth=1)
            ax.hlines(at, part["low"], part["high"], color="#0072B2", linewidth=2)
            ax.plot(part["difference"], at, "o", color="#0072B2", markersize=5)
            ax.xaxis.set_major_locator(MaxNLocator(4))
            ax.set_xlabel(f"{NAMES.get(key, key)}: difference\n[{UNITS[key]}]")
        axes[0, 0].set_yticks(np.arange(count)[::-1], next(iter(parts.values()))["option"])
        figure.savefig(HERE / "images" / f"{name}.png", dpi=110, bbox_inches="tight")
        plt.close(figure)


OWN_PAGES = ("instrument_by_state",)  # too many options for one table


def main(names: list[str]) -> None:
    """Write the answers of these experiments, or of all."""
    (HERE / "images").mkdir(exist_ok=True)
    page = HERE / "README.md"
    for name in names or sorted(shipped_experiments()):
        if name in OWN_PAGES:
            import by_state  # beside this file

            by_state.answer(write)
            continue
        frame = runs(name)
        found = {outcome: compared(frame, SHOWN[name].baseline, outcome) for outcome in SHOWN[name].outcomes}
        picture(name, found)
        write(page, name, f"*{len(frame):,} runs.*\n\n{table(found)}")
        if name in SPANISH:
            write(SPANISH[name], name, f"*{len(frame):,} simulaciones.*\n\n{table(found, spanish=True)}".replace(",", ".", 1))
        print(name, flush=True)


def write(page: Path, name: str, text: str) -> None:
    """Write the marked part of a page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(f"<!-- written: {name} -->\n")
    after = rest[rest.index("<!-- end -->") :]
    page.write_text(f"{before}<!-- written: {name} -->\n{text}\n{after}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
