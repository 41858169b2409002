"""What the tests of scenarios share: a small scenario, files to write, and refusals to catch."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustersim.scenario import loading
from clustersim.scenario.loading import load_scenario
from language_cases import listed, told

SMALL = "title: T\nplace:\n  clusters:\n    - {name: one, smes: 5}\n    - {name: two}\n"


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write files into an empty working folder; returns the name of the last one."""
    monkeypatch.chdir(tmp_path)

    def _write(text, name="my.yaml"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return name

    return _write


def refused(name, *overrides):
    """Return what `load_scenario` says when it refuses; in Spanish it says the same."""
    return told(load_scenario, name, overrides)


def refused_by(call, *arguments):
    """Return the `InputError` that a call raises; in Spanish it says the same."""
    return told(call, *arguments)


def problems(name, overrides=()):
    """Return all that is wrong with a scenario; in Spanish it is the same."""
    return listed(loading.problems, name, overrides)
