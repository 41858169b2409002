"""The page of answers: every experiment has its table and picture, and differences are paired within worlds."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clustersim.experiments.design import shipped_experiments
from clustersim.experiments.planning import make_plan

FOLDER = Path(__file__).parents[2] / "docs" / "answers"
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
WRITE = runpy.run_path(str(FOLDER / "write.py"))


@pytest.mark.parametrize("name", sorted(set(shipped_experiments()) - set(WRITE["OWN_PAGES"])))
def test_every_experiment_is_answered_from_all_its_runs(name):
    plan, said = make_plan(name)
    part = re.search(rf"<!-- written: {name} -->\n(.*?)<!-- end -->(.*?)(?=\n## |\Z)", PAGE, re.S)
    assert part and f"## {said.title}\n\n*{' '.join(said.question.split())}*" in PAGE
    lines = part[1].strip().splitlines()
    assert lines[0] == f"*{plan.runs:,} runs.*"
    options = [line.split(" | ")[0].removeprefix("| ") for line in lines[4:]]
    own = [option["name"] for option in plan.options]
    several = len(plan.scenarios) > 1
    assert sorted(options) == sorted(f"{s}, {option}" if several else option for s in plan.scenarios for option in own)
    assert WRITE["SHOWN"][name].baseline in own
    assert "**Answer.**" in part[2] and (FOLDER / "images" / f"{name}.png").stat().st_size > 5_000


@pytest.mark.parametrize("name", WRITE["OWN_PAGES"])
def test_an_experiment_with_too_many_options_has_pages_of_its_own(name):
    _plan, said = make_plan(name)
    part = PAGE.partition(f"## {said.title}\n\n*{' '.join(said.question.split())}*")[2].partition("\n## ")[0]
    assert f"({name}.md)" in part and "**Answer.**" in part
    assert f"\n*{' '.join(said.question.split())}*\n" in (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    assert (FOLDER / "images" / f"{name}.png").stat().st_size > 5_000


def frame(effect: float) -> pd.DataFrame:
    """Return runs of three worlds that differ by far more than the option does, with ten replicates each."""
    draw, rows = np.random.default_rng(3), []
    for world in range(3):
        for replicate in range(10):
            luck = 100.0 * world + draw.normal()
            rows += [{"scenario": "s", "option": option, "world": world, "seed": 1, "replicate": replicate, "jobs": luck + gain}
                     for option, gain in (("without", 0.0), ("with", effect + world))]  # fmt: skip
    return pd.DataFrame(rows)


def test_differences_are_paired_and_intervals_span_worlds():
    found = WRITE["compared"](frame(5.0), "without", "jobs").set_index("option")
    assert found.loc["without", ["difference", "low", "high"]].tolist() == [0.0, 0.0, 0.0] and found.loc["without", "same"]
    assert found.loc["with", "difference"] == pytest.approx(6.0)
    assert 5.0 <= found.loc["with", "low"] < 6.0 < found.loc["with", "high"] <= 7.0 + 1e-9
    assert found.loc["with", "better"] == 1.0


def test_each_scenario_has_a_baseline_of_its_own():
    one, other = frame(5.0), frame(-5.0).assign(scenario="t")
    both = pd.concat([one, other])
    both["option"] = both["scenario"] + ", " + both["option"]
    found = WRITE["compared"](both, "without", "jobs").set_index("option")
    assert found.loc["s, with", "difference"] == pytest.approx(6.0) and found.loc["t, with", "difference"] == pytest.approx(-4.0)


def test_outcomes_of_an_earlier_year_stand_beside_those_at_the_end():
    rows = [{"scenario": "s", "option": option, "world": 0, "seed": 1, "replicate": replicate, "cluster": "c", "quarter": quarter,
             "jobs": 1000.0 * quarter + 10.0 * replicate + len(option)}
            for quarter in (79, 3, 39) for replicate in (1, 0) for option in ("with", "without")]  # fmt: skip
    found = WRITE["at_years"](pd.DataFrame(rows), ("jobs", "jobs, year 10"))
    assert len(found) == 4 and (found["quarter"] == 79).all() and (found["jobs"] - found["jobs, year 10"] == 40_000.0).all()
