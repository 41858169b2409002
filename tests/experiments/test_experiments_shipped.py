"""The experiments that come with clustersim: each tells its question, loads, and runs at a tiny size."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import yaml

from clustersim.experiments.design import load_experiment, shipped_experiments
from clustersim.experiments.execution import run_batch, value_columns
from clustersim.experiments.planning import make_plan
from clustersim.experiments.reading import read_sweep
from clustersim.experiments.sweeping import sweep
from clustersim.scenario.loading import load_scenario

FOLDER = Path(__file__).parents[2] / "experiments"
NAMES = sorted(shipped_experiments())
# Options that come out equal: alone, they make nothing arrive better, since there is nothing else.
ALIKE = {"instrument_by_state": {"inter_agency_teams", "cluster_departments", "institution_strengthening", "policy_dialogue"}}


def test_there_are_enough_and_all_are_in_the_table():
    assert len(NAMES) >= 8
    table = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in NAMES:
        plan, said = make_plan(name)
        row = next(line for line in table.splitlines() if line.startswith(f"| [{name}]("))
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert cells[1] == " ".join(said.question.split())
        assert cells[2:] == [str(len(plan.options) * len(plan.scenarios)), str(plan.worlds), f"{plan.runs:,}"]


@pytest.mark.parametrize("name", NAMES)
def test_each_tells_its_story_and_keeps_levers_and_worlds_apart(name):
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    story = re.match(r"(#.*\n)+", text)
    assert story is not None and len(story[0]) > 200
    said = load_experiment(name)[0]
    assert said.question.endswith("?") and said.levers is not None and said.uncertain is not None and said.replicates >= 10


@pytest.mark.parametrize("name", NAMES)
def test_each_runs_at_a_tiny_size(name, tmp_path):
    content = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    content |= {"replicates": 1, "years": 1}
    uncertain = content["uncertain"]
    uncertain |= {"options": uncertain["options"][:2]} if uncertain["method"] == "list" else {"points": 2}
    clusters = load_scenario(content["scenarios"][0]).place.clusters
    content.setdefault("set", {}).update({f"place.clusters.{cluster.name}.smes": 20 for cluster in clusters})
    path = tmp_path / f"{name}.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    done = sweep(path, tmp_path / "out", workers=1)
    assert done.missing == done.failed == 0
    assert len(read_sweep(tmp_path / "out" / name).indicators) == done.plan.runs * len(clusters)


@pytest.mark.parametrize("name", NAMES)
def test_options_differ_in_what_comes_out(name):
    plan, _ = make_plan(name)
    seen = [b""] * len(plan.options)
    for world in (plan.worlds // 2, *range(plan.worlds)):  # help that waits for an association does nothing where none comes
        for option in range(len(plan.options)):
            point = option * plan.worlds + world
            block, failures = run_batch(plan, point, np.arange(2) + point * plan.per_point)
            assert not failures and block.values.shape[1] == len(value_columns(plan))
            seen[option] += block.values.tobytes()
        if len(_alike(plan, seen)) == (name in ALIKE):
            break
    assert _alike(plan, seen) == ([ALIKE[name]] if name in ALIKE else [])


def _alike(plan, seen):
    """Return the names of the options that come out equal, together."""
    names: dict[bytes, set[str]] = {}
    for option, values in zip(plan.options, seen, strict=True):
        names.setdefault(values, set()).add(option["name"])
    return [group for group in names.values() if len(group) > 1]
