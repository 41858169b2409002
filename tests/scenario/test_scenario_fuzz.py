"""Whatever stands in a file or after `--set`, the answer is a scenario or an `InputError`."""

from __future__ import annotations

import copy

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from clustersim.core.errors import InputError
from clustersim.scenario.loading import load_scenario, problems, resolved, shipped_scenarios
from clustersim.scenario.model import Scenario
from scenario_cases import SMALL

KEYS = sorted(resolved("basque_machine_tools")["origins"])
BASQUE = yaml.safe_load(shipped_scenarios()["basque_machine_tools"].read_text("utf-8"))
WORDS = st.sampled_from(
    ["a", "title", "place", "clusters", "name", "extends", "programme", "stages", "use", "facilitator", "parameters",
     "trust", "sources", "place.clusters", "organic", "null", "~", "true", "no", "1e6", "010", ".nan", "-1", "<<", "=",
     "'", '"', "|", ">", "&a", "*a", "!!int", "{", "}", "[", "]", ": ", "- ", "? ", ", ", "\n", "\n  ", "\n    ", "#",
     "%YAML 1.1", "---", "...", "\t", "\\U99999999", "\x85", "\ufeff", "\u2028", "\U0001f600"]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(WORDS, max_size=40).map("".join),
    st.lists(WORDS, max_size=10).map(lambda words: SMALL + "".join(words)),
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), WORDS)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=6
)


def scenario_or_error(path, *overrides):
    """Load; anything but a scenario or an `InputError` fails the test."""
    try:
        assert isinstance(load_scenario(path, overrides), Scenario)
        assert problems(path, overrides) == []
        resolved(path, overrides)
    except InputError as error:
        assert str(error) and "\n\n" not in str(error)
        assert problems(path, overrides)


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz") / "fuzz.yaml"


FUZZ = settings(max_examples=300, deadline=None)


@FUZZ
@given(text=TEXTS)
def test_any_text_gives_a_scenario_or_an_input_error(fuzzed, text):
    fuzzed.write_bytes(text.encode("utf-8", "surrogatepass"))
    scenario_or_error(fuzzed)


@settings(max_examples=50, deadline=None)
@given(content=st.binary(max_size=100))
def test_any_bytes_give_a_scenario_or_an_input_error(fuzzed, content):
    fuzzed.write_bytes(content)
    scenario_or_error(fuzzed)


@FUZZ
@given(data=st.data(), value=VALUES)
def test_any_value_anywhere_gives_a_scenario_or_an_input_error(fuzzed, data, value):
    scenario = copy.deepcopy(BASQUE)
    node = scenario
    while True:
        part = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else list(range(len(node)))))
        inner = node[part]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        node = inner
    if isinstance(node, dict) and data.draw(st.booleans()):
        part = data.draw(WORDS)
    node[part] = value
    fuzzed.write_text(yaml.safe_dump(scenario, allow_unicode=True), "utf-8", "surrogatepass")
    scenario_or_error(fuzzed)


@FUZZ
@given(key=st.sampled_from(KEYS) | st.text(max_size=20), value=TEXTS | VALUES.map(str))
def test_any_override_gives_a_scenario_or_an_input_error(key, value):
    scenario_or_error("basque_machine_tools", f"{key}={value}")
