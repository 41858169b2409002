"""Every instrument of the catalogue is at work in a scenario or an experiment that comes along."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from clustersim.experiments.design import shipped_experiments
from clustersim.experiments.planning import make_plan
from clustersim.model.indicators import INDICATORS
from clustersim.model.state import PHASES
from clustersim.policy.instruments import INSTRUMENTS
from clustersim.scenario.loading import shipped_scenarios

EXPECTED = Path(__file__).parents[2] / "docs" / "answers" / "instrument_by_state.csv"


def said(data: Any) -> Iterator[str]:
    """Yield what stands under `use` anywhere in a file, also where it is set by a dotted key."""
    if isinstance(data, dict):
        for key, value in data.items():
            if str(key).rpartition(".")[2] == "use":
                yield str(value)
            yield from said(value)
    elif isinstance(data, list):
        for value in data:
            yield from said(value)


def used(files: dict[str, Path]) -> set[str]:
    """Return the instruments that files name."""
    return set(INSTRUMENTS) & {name for path in files.values() for name in said(yaml.safe_load(path.read_text(encoding="utf-8")))}


def test_every_instrument_is_used_somewhere():
    assert sorted(set(INSTRUMENTS) - used(shipped_scenarios()) - used(shipped_experiments())) == []


def test_the_experiment_by_state_tries_each_alone_at_one_dose():
    plan, _ = make_plan("instrument_by_state")
    names = [option["name"] for option in plan.options]
    assert sorted(names) == sorted(["no instrument", *INSTRUMENTS])
    for point, name in enumerate(names):
        programme = plan.scenario(point * plan.worlds).programme
        if name == "no instrument":
            assert programme is None
        else:
            (stage,) = programme.stages
            (instrument,) = stage.instruments
            assert (instrument.use, instrument.per_year, stage.quarters, programme.announced) == (name, 200, 20, 6)


def test_what_sources_expect_is_said_of_each_instrument():
    table = pd.read_csv(EXPECTED, keep_default_na=False)
    assert sorted(table["instrument"]) == sorted(INSTRUMENTS)
    assert set(table["purpose"]) <= set(INDICATORS) and (table["source"] != "").all()
    for basis, states in zip(table["basis"], table["states"], strict=True):
        named = set(filter(None, states.split("; ")))
        assert named <= set(PHASES) and bool(named) == (basis in ("named", "inferred"))
