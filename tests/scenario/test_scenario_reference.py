"""The reference of scenario files: every key of the schema, with what it allows, and an example that works."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from clustersim.model.state import SHOCKS
from clustersim.scenario.loading import load_scenario
from clustersim.scenario.reference import keys

PAGE = Path(__file__).parents[2] / "docs" / "scenario_file.md"


def test_every_key_is_told_with_its_meaning():
    found = {key.key: key for key in keys()}
    assert all(key.meaning and key.allowed for key in found.values())
    assert found["place.clusters[].trust"][1:3] == ("number from 0 to 1", "0.34")
    assert found["place.clusters[].name"].default == "required"
    assert found["programme.selection.rounds[].clusters"].allowed == "whole number from 1 to 5,000 or list of text"
    assert found["environment.shocks[].kind"].allowed == ", ".join(f"`{kind}`" for kind in SHOCKS)
    assert found["programme.evaluation.keep"].allowed == "number from 0 to 1"
    assert "programme.stages[].instruments" in found and not any("instruments." in key for key in found)
    assert "parameters" in found and not any(key.startswith("parameters.") for key in found)


def test_the_example_of_the_page_is_a_programme(tmp_path):
    text = re.search(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    written = {"title": "T", "extends": "no_policy", **yaml.safe_load(text[1])}
    (tmp_path / "example.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    programme = load_scenario(tmp_path / "example.yaml").programme
    assert [stage.name for stage in programme.stages] == ["brokering", "joint_projects"]
    assert programme.evaluation.every_years == 2 and programme.paid_for()[-1] == (1, "evaluation")


def test_the_example_of_a_place_is_one(tmp_path):
    text = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[1]
    (tmp_path / "example.yaml").write_text(yaml.safe_dump({"title": "T", **yaml.safe_load(text)}), encoding="utf-8")
    leather = load_scenario(tmp_path / "example.yaml").place.clusters[0]
    assert (leather.type, leather.association.members, leather.research_share) == ("light", 25, 0.2)
