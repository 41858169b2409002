"""What the tests of scenarios share: a small scenario, files to write, and refusals to catch."""

from __future__ import annotations

from pathlib import Path

import pytest

from clustersim.core.errors import InputError
from clustersim.scenario.loading import load_scenario

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
    """Return what `load_scenario` says when it refuses."""
    with pytest.raises(InputError) as caught:
        load_scenario(name, overrides)
    return caught.value


def refused_by(call, *arguments):
    """Return the `InputError` that a call raises."""
    with pytest.raises(InputError) as caught:
        call(*arguments)
    return caught.value
